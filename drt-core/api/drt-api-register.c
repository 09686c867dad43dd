/* Registering, updating and unregistering keys (1.2). */
#include "drt-api-private.h"

/* Zero stands for "not known" in every message, so nobody could ever ask for it (H11). */
static bool
is_zero(const BYTE *key)
{
  DrtKey read = drt_key_from_api(key);
  return drt_key_is_zero(&read);
}

/* Rows 3 to 7 of the table of DrtRegisterKey. Size before pointer: DEC-02. */
static HRESULT
check_registration(const DRT_REGISTRATION *registration)
{
  if (registration->appData.cb < 1 || registration->appData.cb > DRT_MAX_PAYLOAD_SIZE ||
      registration->appData.pb == NULL)
    return E_INVALIDARG;
  if (registration->key.cb != DRT_KEY_LEN)
    return DRT_E_INVALID_KEY_SIZE;
  return registration->key.pb == NULL || is_zero(registration->key.pb) ? E_INVALIDARG : S_OK;
}

/* Rows 12 to 17. Being without a network is no reason to refuse (DEC-16). */
static HRESULT
check_attached(const DrtInstance *instance)
{
  DrtEndpoint endpoints[DRT_LOCAL_ADDRESSES_MAX];
  const DrtTransport *transport = instance->transport;
  if (!instance->security_attached)
    return DRT_E_SECURITYPROVIDER_NOT_ATTACHED;
  if (transport == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  if (!transport->attached)
    return DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED;
  if (transport->shutting_down)
    return DRT_E_TRANSPORT_SHUTTING_DOWN;
  if (!transport->bound)
    return DRT_E_TRANSPORT_NOT_BOUND;
  if (drt_instance_endpoints(instance, endpoints) < 0)
    return DRT_E_TRANSPORT_NO_DEST_ADDRESSES;
  return S_OK;
}

/* The provider has agreed; now the node and the handle. NULL without memory, and if that fails only
 * where an ACTIVE node announces the key, the instance is FAULTED besides. */
static DrtRegistration *
make_registration(DrtInstance *instance, const DRT_REGISTRATION *from, PVOID context)
{
  DrtLibrary *library = instance->library;
  DrtRegistration *registration = drt_library_take(library, sizeof *registration);
  if (registration == NULL)
    return NULL;
  registration->instance = instance;
  registration->context = context;
  registration->key = drt_key_from_api(from->key.pb);
  registration->handle = drt_handle_new(library, DRT_TYPE_REGISTRATION, registration);
  if (registration->handle != NULL)
    registration->local =
      drt_node_register(instance->node, drt_instance_now(instance), &registration->key,
                        from->appData.pb, from->appData.cb, context, &library->out);
  if (registration->local != 0) {
    registration->next = instance->registrations;
    instance->registrations = registration;
    drt_instance_carry(instance);
    if (!drt_node_take_back(instance->node, registration->local))
      return registration;
    instance->registrations = registration->next;
  }
  if (registration->handle != NULL)
    drt_handle_free(library, registration->handle);
  drt_library_give(library, registration, sizeof *registration);
  return NULL;
}

HRESULT
DrtRegisterKey(HDRT hDrt, DRT_REGISTRATION *pRegistration, PVOID pvKeyContext,
               HDRT_REGISTRATION_CONTEXT *phKeyRegistration)
{
  if (phKeyRegistration != NULL)
    *phKeyRegistration = NULL;
  if (pRegistration == NULL || phKeyRegistration == NULL)
    return E_INVALIDARG;
  HRESULT hr = check_registration(pRegistration);
  if (hr != S_OK)
    return hr;
  DrtInstance *instance = drt_instance_get(hDrt, false, &hr);
  if (instance == NULL)
    return hr;
  hr = check_attached(instance);
  if (hr != S_OK)
    return hr;
  DRT_SECURITY_PROVIDER *security = instance->security;
  hr = security->RegisterKey(security->pvContext, pRegistration, pvKeyContext);
  if (FAILED(hr))
    return hr;
  DrtRegistration *registration = make_registration(instance, pRegistration, pvKeyContext);
  if (registration == NULL) {
    security->UnregisterKey(security->pvContext, &pRegistration->key, pvKeyContext);
    return E_OUTOFMEMORY;
  }
  *phKeyRegistration = registration->handle;
  return S_OK;
}

static DrtRegistration *
find(HDRT_REGISTRATION_CONTEXT handle)
{
  DrtLibrary *library = drt_port_library();
  return library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_REGISTRATION, handle);
}

HRESULT
DrtUpdateKey(HDRT_REGISTRATION_CONTEXT hKeyRegistration, DRT_DATA *pAppData)
{
  if (pAppData == NULL || pAppData->cb < 1 || pAppData->cb > DRT_MAX_PAYLOAD_SIZE ||
      pAppData->pb == NULL) /* DEC-10 */
    return E_INVALIDARG;
  DrtRegistration *registration = find(hKeyRegistration);
  if (registration == NULL)
    return E_HANDLE;
  DrtInstance *instance = registration->instance;
  if (instance->library->busy) /* DEC-68 */
    return E_UNEXPECTED;
  if (drt_node_status(instance->node) == DRT_NODE_FAULTED) /* DEC-48 */
    return DRT_E_FAULTED;
  return drt_node_update(instance->node, registration->local, pAppData->pb, pAppData->cb)
           ? S_OK
           : E_OUTOFMEMORY;
}

VOID
DrtUnregisterKey(HDRT_REGISTRATION_CONTEXT hKeyRegistration)
{
  DrtRegistration *registration = find(hKeyRegistration);
  if (registration == NULL || registration->instance->library->busy) /* DEC-12 */
    return;
  DrtInstance *instance = registration->instance;
  DrtLibrary *library = instance->library;
  DrtRegistration **link = &instance->registrations;
  while (*link != registration)
    link = &(*link)->next;
  *link = registration->next;
  drt_node_unregister(instance->node, drt_instance_now(instance), registration->local,
                      &library->out);
  drt_handle_free(library, hKeyRegistration);
  drt_instance_carry(instance);
  uint8_t bytes[DRT_KEY_LEN];
  drt_key_to_api(&registration->key, bytes);
  DRT_DATA key = { DRT_KEY_LEN, bytes };
  instance->security->UnregisterKey(instance->security->pvContext, &key, registration->context);
  drt_library_give(library, registration, sizeof *registration);
}
