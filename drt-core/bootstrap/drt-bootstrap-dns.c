/* One look-up at a time; that it finds nothing is no error (drt-api 8.3). */
#include "drt-bootstrap-dns.h"

#include <netinet/in.h>
#include <string.h>

#define ADDRESSES_MAX 20

typedef struct {
  DrtBootstrapBase base;
  void *machine;
  USHORT port;
  bool looking;
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback;
  PVOID callback_context;
  wchar_t name[];
} DnsProvider;

/* Ends the look-up under way with this many addresses. */
static void
finish(DnsProvider *self, const uint8_t (*addresses)[16], unsigned n)
{
  struct sockaddr_in6 storage[ADDRESSES_MAX];
  union {
    SOCKET_ADDRESS_LIST list;
    uint8_t bytes[sizeof(SOCKET_ADDRESS_LIST) + ADDRESSES_MAX * sizeof(SOCKET_ADDRESS)];
  } room;
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback = self->callback;
  PVOID context = self->callback_context;
  self->looking = false;
  if (n > self->base.max)
    n = self->base.max;
  if (n > ADDRESSES_MAX)
    n = ADDRESSES_MAX;
  room.list.iAddressCount = (int)n;
  for (unsigned i = 0; i < n; i++) {
    memset(&storage[i], 0, sizeof storage[i]);
    storage[i].sin6_family = AF_INET6;
    storage[i].sin6_port = (in_port_t)(self->port << 8 | self->port >> 8);
    memcpy(&storage[i].sin6_addr, addresses[i], 16);
    room.list.Address[i].lpSockaddr = (struct sockaddr *)&storage[i];
    room.list.Address[i].iSockaddrLength = (int)sizeof storage[i];
  }
  if (n > 0)
    callback(S_OK, context, &room.list, FALSE);
  callback(DRT_E_NO_MORE, context, NULL, FALSE);
}

static HRESULT
issue_resolve(const PVOID context, const PVOID callback_context,
              DRT_BOOTSTRAP_RESOLVE_CALLBACK callback, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve,
              BOOL *fatal)
{
  DnsProvider *self = context;
  (void)resolve;
  *fatal = FALSE;
  if (callback == NULL)
    return E_INVALIDARG;
  if (self->looking)
    return DRT_E_STILL_IN_USE;
  self->callback = callback;
  self->callback_context = callback_context;
  self->looking = true;
  if (!drt_port_lookup(self->machine, self, self->name))
    finish(self, NULL, 0);
  return S_OK;
}

void
drt_library_names(void *request, const uint8_t (*addresses)[16], unsigned n)
{
  DnsProvider *self = request;
  if (self->looking)
    finish(self, addresses, n);
}

static VOID
end_resolve(const PVOID context, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  DnsProvider *self = context;
  (void)resolve;
  if (self->looking)
    drt_port_lookup_cancel(self->machine, self);
  self->looking = false;
}

DRT_BOOTSTRAP_PROVIDER *
drt_bootstrap_dns_new(DrtMemory memory, void *machine, USHORT port, PCWSTR name)
{
  size_t n = 0;
  while (name[n] != L'\0')
    n++;
  size_t size = sizeof(DnsProvider) + (n + 1) * sizeof *name;
  DnsProvider *self = drt_bootstrap_new(memory, _Alignof(DnsProvider), size);
  if (self == NULL)
    return NULL;
  self->machine = machine;
  self->port = port;
  memcpy(self->name, name, (n + 1) * sizeof *name);
  self->base.provider.IssueResolve = issue_resolve;
  self->base.provider.EndResolve = end_resolve;
  return &self->base.provider;
}
