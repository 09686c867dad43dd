/* Opening and closing an instance, and finding it again by its handle (1.1). */
#include "drt-api-private.h"

DrtInstance *
drt_instance_get(HDRT handle, bool may_be_faulted, HRESULT *ret_hr)
{
  DrtLibrary *library = drt_port_library();
  *ret_hr = E_UNEXPECTED;
  if (library == NULL || !library->has_handles) /* DEC-72 */
    return NULL;
  DrtInstance *instance = drt_handle_get(library, DRT_TYPE_INSTANCE, handle);
  *ret_hr = E_HANDLE;
  if (instance == NULL)
    return NULL;
  *ret_hr = E_UNEXPECTED;
  if (library->shutting_down || library->busy || instance->closing)
    return NULL;
  *ret_hr = E_FAIL;
  if (instance->node == NULL) /* a mistake of ours */
    return NULL;
  *ret_hr = DRT_E_FAULTED;
  if (!may_be_faulted && drt_node_status(instance->node) == DRT_NODE_FAULTED)
    return NULL;
  *ret_hr = S_OK;
  return instance;
}

DrtTime
drt_instance_now(DrtInstance *instance)
{
  return drt_port_now(instance->machine);
}

int
drt_instance_endpoints(const DrtInstance *instance, DrtEndpoint *to)
{
  uint8_t addresses[DRT_LOCAL_ADDRESSES_MAX][16];
  const DrtTransport *transport = instance->transport;
  int n = drt_port_addresses(transport->socket, addresses, DRT_LOCAL_ADDRESSES_MAX);
  for (int i = 0; i < n; i++)
    to[i] = drt_endpoint(transport->port, addresses[i]);
  return n;
}

static HRESULT
check_providers(const DRT_SETTINGS *settings)
{
  const DRT_SECURITY_PROVIDER *s = settings->pSecurityProvider;
  const DRT_BOOTSTRAP_PROVIDER *b = settings->pBootstrapProvider;
  if (s == NULL || s->Attach == NULL || s->Detach == NULL || s->RegisterKey == NULL ||
      s->UnregisterKey == NULL || s->ValidateAndUnpackPayload == NULL ||
      s->SecureAndPackPayload == NULL || s->FreeData == NULL || s->EncryptData == NULL ||
      s->DecryptData == NULL || s->GetSerializedCredential == NULL ||
      s->ValidateRemoteCredential == NULL || s->SignData == NULL || s->VerifyData == NULL)
    return DRT_E_INVALID_SECURITY_PROVIDER;
  if (b == NULL || b->Attach == NULL || b->Detach == NULL || b->InitResolve == NULL ||
      b->IssueResolve == NULL || b->EndResolve == NULL || b->Register == NULL ||
      b->Unregister == NULL)
    return DRT_E_INVALID_BOOTSTRAP_PROVIDER;
  return S_OK;
}

/* Characters before the terminator, or one more than the limit. */
static uint32_t
prefix_length(const wchar_t *prefix)
{
  uint32_t n = 0;
  while (prefix != NULL && n <= DRT_MAX_INSTANCE_PREFIX_LEN && prefix[n] != L'\0')
    n++;
  return n;
}

/* In the order of the documented table (DEC-70, B024). */
static HRESULT
check_settings(const DrtLibrary *library, const DRT_SETTINGS *settings)
{
  if (settings == NULL || settings->dwSize != sizeof(DRT_SETTINGS))
    return DRT_E_INVALID_SETTINGS;
  if (settings->cbKey != DRT_KEY_LEN)
    return DRT_E_INVALID_KEY_SIZE;
  if (settings->ulMaxRoutingAddresses < DRT_MIN_ROUTING_ADDRESSES ||
      settings->ulMaxRoutingAddresses > DRT_MAX_ROUTING_ADDRESSES)
    return DRT_E_INVALID_MAX_ADDRESSES;
  if (drt_handle_get(library, DRT_TYPE_TRANSPORT, settings->hTransport) == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  if ((uint32_t)settings->eSecurityMode > DRT_SECURE_CONFIDENTIALPAYLOAD)
    return DRT_E_INVALID_SECURITY_MODE;
  HRESULT hr = check_providers(settings);
  if (hr != S_OK)
    return hr;
  if (prefix_length(settings->pwzDrtInstancePrefix) > DRT_MAX_INSTANCE_PREFIX_LEN)
    return DRT_E_INVALID_INSTANCE_PREFIX;
  return S_OK;
}

static void
detach(DrtInstance *instance)
{
  if (instance->transport != NULL) {
    instance->transport->attached = false;
    instance->transport->bound = false;
  }
  if (instance->security_attached)
    instance->security->Detach(instance->security->pvContext);
  if (instance->bootstrap_attached)
    instance->bootstrap->Detach(instance->bootstrap->pvContext);
  instance->security_attached = instance->bootstrap_attached = false;
}

/* Bootstrap, security, transport: the order of the IN_USE codes. A success code that is not S_OK,
 * DRT_S_RETRY, ends the call just so (DEC-26). */
static HRESULT
attach(DrtInstance *instance, DrtTransport *transport)
{
  HRESULT hr = instance->bootstrap->Attach(instance->bootstrap->pvContext);
  if (hr != S_OK)
    return hr;
  instance->bootstrap_attached = true;
  hr = instance->security->Attach(instance->security->pvContext);
  if (hr != S_OK)
    return hr;
  instance->security_attached = true;
  if (instance->mode != DRT_SECURE_RESOLVE) {
    hr = drt_adapter_check_credential(instance);
    if (hr != 0)
      return hr;
  }
  if (transport->shutting_down)
    return DRT_E_TRANSPORT_SHUTTING_DOWN;
  if (transport->attached || transport->instance != NULL)
    return DRT_E_TRANSPORTPROVIDER_IN_USE;
  if (transport->bound)
    return DRT_E_TRANSPORT_ALREADY_BOUND;
  transport->attached = transport->bound = true;
  transport->instance = instance;
  transport->node = instance->node;
  instance->transport = transport;
  return S_OK;
}

static DrtInstance *
new_instance(DrtLibrary *library, const DRT_SETTINGS *settings, PVOID context)
{
  DrtInstance *instance = drt_library_take(library, sizeof *instance);
  if (instance == NULL)
    return NULL;
  instance->library = library;
  instance->context = context;
  instance->machine = drt_port_machine();
  instance->security = settings->pSecurityProvider;
  instance->bootstrap = settings->pBootstrapProvider;
  instance->mode = settings->eSecurityMode;
  instance->major = settings->bProtocolMajorVersion;
  instance->minor = settings->bProtocolMinorVersion;
  instance->wake_at = DRT_TIME_NEVER;
  instance->prefix_n = prefix_length(settings->pwzDrtInstancePrefix);
  if (instance->prefix_n > 0) {
    size_t bytes = instance->prefix_n * sizeof *instance->prefix;
    instance->prefix = drt_library_take(library, bytes);
    if (instance->prefix != NULL)
      memcpy(instance->prefix, settings->pwzDrtInstancePrefix, bytes);
  }
  drt_adapter_init(instance);
  DrtNodeConfig config = {
    .pool = &library->pool,
    .settings = &library->settings,
    .security = &instance->adapter,
    .mode = (DrtMode)settings->eSecurityMode,
    .major = instance->major,
    .minor = instance->minor,
    .addresses_max = (uint8_t)settings->ulMaxRoutingAddresses,
  };
  drt_port_entropy(instance->machine, config.entropy, sizeof config.entropy);
  instance->node = drt_node_new(&config);
  instance->handle = drt_handle_new(library, DRT_TYPE_INSTANCE, instance);
  instance->next = library->instances;
  instance->link = &library->instances;
  if (instance->next != NULL)
    instance->next->link = &instance->next;
  library->instances = instance;
  bool named = instance->prefix_n == 0 || instance->prefix != NULL;
  if (instance->node != NULL && instance->handle != NULL && named)
    return instance;
  drt_instance_free(instance);
  return NULL;
}

HRESULT
DrtOpen(const DRT_SETTINGS *pSettings, HANDLE hEvent, const PVOID pvContext, HDRT *phDrt)
{
  if (phDrt == NULL)
    return E_INVALIDARG;
  *phDrt = NULL;
  DrtLibrary *library = drt_port_library();
  if (library == NULL || !library->has_handles || library->shutting_down)
    return E_UNEXPECTED;
  HRESULT hr = check_settings(library, pSettings);
  if (hr != S_OK)
    return hr;
  DrtTransport *transport = drt_handle_get(library, DRT_TYPE_TRANSPORT, pSettings->hTransport);
  DrtInstance *instance = new_instance(library, pSettings, pvContext);
  if (instance == NULL)
    return E_OUTOFMEMORY;
  hr = attach(instance, transport);
  if (hr != S_OK) {
    drt_instance_free(instance);
    return hr;
  }
  instance->number = ++library->names;
  DrtEndpoint endpoints[DRT_LOCAL_ADDRESSES_MAX];
  int n = drt_instance_endpoints(instance, endpoints);
  drt_node_open(instance->node, drt_instance_now(instance), endpoints, n > 0 ? (uint32_t)n : 0,
                &library->out);
  drt_instance_carry(instance);
  if (instance->node->fault == DRT_FAULT_NO_MEMORY) {
    drt_instance_free(instance);
    return E_OUTOFMEMORY;
  }
  *phDrt = instance->handle;
  instance->event = hEvent; /* not before it is sure that there is an instance */
  if (drt_instance_has_event(instance))
    drt_event_signal(library, hEvent, true);
  return S_OK;
}

static void
drop_events(DrtInstance *instance)
{
  while (instance->first_event != NULL) {
    DrtQueuedEvent *event = instance->first_event;
    instance->first_event = event->next;
    drt_library_give(instance->library, event, sizeof *event);
  }
  instance->last_event = NULL;
  instance->fault_untold = false;
}

/* Tells the provider that each key is gone; the revokes themselves are the node's. */
static void
drop_registrations(DrtInstance *instance)
{
  while (instance->registrations != NULL) {
    DrtRegistration *registration = instance->registrations;
    instance->registrations = registration->next;
    uint8_t bytes[DRT_KEY_LEN];
    drt_key_to_api(&registration->key, bytes);
    DRT_DATA key = { DRT_KEY_LEN, bytes };
    if (instance->security_attached)
      instance->security->UnregisterKey(instance->security->pvContext, &key, registration->context);
    drt_handle_free(instance->library, registration->handle);
    drt_library_give(instance->library, registration, sizeof *registration);
  }
}

/* The end of the instance itself, at once or when the last revoke is out. */
void
drt_instance_free(DrtInstance *instance)
{
  DrtLibrary *library = instance->library;
  *instance->link = instance->next;
  if (instance->next != NULL)
    instance->next->link = instance->link;
  instance->closing = true;
  drt_resolving_stop(instance);
  drt_search_drop_all(instance);
  drop_registrations(instance);
  drop_events(instance);
  detach(instance);
  drt_node_free(instance->node);
  if (instance->handle != NULL)
    drt_handle_free(library, instance->handle);
  DrtTransport *transport = instance->transport;
  if (transport != NULL) {
    drt_port_wake_at(transport->socket, DRT_TIME_NEVER);
    transport->instance = NULL;
    transport->node = NULL;
    drt_transport_release(transport);
  }
  drt_library_give(library, instance->prefix, instance->prefix_n * sizeof *instance->prefix);
  drt_library_give(library, instance, sizeof *instance);
}

/* All that the application can see ends here; what remains, without a handle, without providers,
 * is a node that repeats its revokes for at most two seconds (H39). */
VOID
DrtClose(HDRT hDrt)
{
  DrtLibrary *library = drt_port_library();
  DrtInstance *instance = library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_INSTANCE, hDrt);
  if (instance == NULL || library->busy || instance->closing || instance->delivering)
    return;
  drt_resolving_stop(instance);
  if (instance->announced)
    instance->bootstrap->Unregister(instance->bootstrap->pvContext);
  instance->announced = false;
  drt_search_drop_all(instance);
  drop_events(instance);
  instance->closing = true;
  drt_node_close(instance->node, drt_instance_now(instance), &library->out);
  if (!drt_instance_carry(instance))
    return;
  drop_registrations(instance);
  detach(instance);
  drt_handle_free(library, instance->handle);
  instance->handle = NULL;
  instance->event = NULL;
}

/* Register when there is a key and an address, and again when they change; Unregister when either
 * is gone (DEC-73). A failure is not fatal. */
void
drt_instance_republish(DrtInstance *instance)
{
  DrtEndpoint endpoints[DRT_LOCAL_ADDRESSES_MAX];
  instance->unpublished = false;
  if (instance->closing || !instance->bootstrap_attached)
    return;
  const DrtNode *node = instance->node;
  bool wanted =
    instance->publishing && node->local_n > 0 && drt_node_status(node) != DRT_NODE_FAULTED;
  bool moved = node->local_n != instance->published_n ||
               memcmp(node->local, instance->published, node->local_n * sizeof *node->local) != 0;
  if (wanted == instance->announced && !(wanted && moved))
    return;
  instance->announced = wanted;
  if (!wanted) {
    instance->published_n = 0;
    instance->bootstrap->Unregister(instance->bootstrap->pvContext);
    return;
  }
  instance->published_n = node->local_n;
  memcpy(instance->published, node->local, node->local_n * sizeof *node->local);
  memcpy(endpoints, node->local, sizeof endpoints);
  _Alignas(SOCKADDR_STORAGE) uint8_t bytes[1024];
  drt_assert(drt_address_list_size(node->local_n) <= sizeof bytes);
  SOCKET_ADDRESS_LIST *list = (SOCKET_ADDRESS_LIST *)bytes;
  drt_address_list_fill(list, endpoints, node->local_n);
  instance->bootstrap->Register(instance->bootstrap->pvContext, list);
}
