/* The IPv6 UDP transport: a socket of the host that one instance at a time is attached to (1.5). */
#include "drt-api-private.h"

HRESULT
DrtCreateIpv6UdpTransport(DRT_SCOPE scope, ULONG dwScopeId, ULONG dwLocalityThreshold,
                          USHORT *pwPort, HDRT_TRANSPORT *phTransport)
{
  if (phTransport != NULL)
    *phTransport = NULL;
  if (pwPort == NULL || (*pwPort != 0 && *pwPort < DRT_PORT_MIN)) /* DEC-53 */
    return DRT_E_INVALID_PORT;
  if (phTransport == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  if (scope != DRT_GLOBAL_SCOPE && scope != DRT_SITE_LOCAL_SCOPE && scope != DRT_LINK_LOCAL_SCOPE)
    return DRT_E_INVALID_SCOPE;
  DrtLibrary *library = drt_port_library();
  if (library == NULL || !library->has_handles || library->shutting_down)
    return E_UNEXPECTED;
  DrtTransport *transport = drt_library_take(library, sizeof *transport);
  if (transport == NULL)
    return E_OUTOFMEMORY;
  transport->library = library;
  transport->machine = drt_port_machine();
  transport->port = *pwPort;
  transport->locality_threshold = dwLocalityThreshold;
  transport->handle = drt_handle_new(library, DRT_TYPE_TRANSPORT, transport);
  HRESULT hr = transport->handle == NULL
                 ? E_OUTOFMEMORY
                 : drt_port_bind(transport->machine, transport, scope, dwScopeId, &transport->port,
                                 &transport->socket);
  if (hr != S_OK) {
    if (transport->handle != NULL)
      drt_handle_free(library, transport->handle);
    drt_library_give(library, transport, sizeof *transport);
    return hr;
  }
  transport->next = library->transports;
  transport->link = &library->transports;
  if (transport->next != NULL)
    transport->next->link = &transport->next;
  library->transports = transport;
  *pwPort = transport->port;
  *phTransport = transport->handle;
  return S_OK;
}

/* The order of the checks is DEC-52. An instance that is still sending its last revokes keeps the
 * socket, not the handle. */
HRESULT
DrtDeleteIpv6UdpTransport(HDRT_TRANSPORT hTransport)
{
  DrtLibrary *library = drt_port_library();
  DrtTransport *transport =
    library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_TRANSPORT, hTransport);
  if (transport == NULL)
    return DRT_E_INVALID_TRANSPORT_PROVIDER;
  if (transport->in_callback)
    return DRT_E_TRANSPORT_EXECUTING_CALLBACK;
  if (transport->bound)
    return DRT_E_TRANSPORT_STILL_BOUND;
  if (transport->references > 0)
    return DRT_E_TRANSPORTPROVIDER_IN_USE;
  transport->deleted = true;
  drt_handle_free(library, hTransport);
  transport->handle = NULL;
  drt_transport_release(transport);
  return S_OK;
}
