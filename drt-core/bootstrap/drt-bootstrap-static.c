/* Answers at once, from inside IssueResolve, as the contract allows (drt-api 8.3). */
#include "drt-bootstrap-static.h"

#include <string.h>

typedef struct {
  DrtBootstrapBase base;
  SOCKADDR_STORAGE *storage;
  SOCKET_ADDRESS_LIST *list;
  int count; /* of addresses; the list says how many of them a resolve gets */
} StaticProvider;

static HRESULT
issue_resolve(const PVOID context, const PVOID callback_context,
              DRT_BOOTSTRAP_RESOLVE_CALLBACK callback, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve,
              BOOL *fatal)
{
  StaticProvider *self = context;
  (void)resolve;
  *fatal = FALSE;
  if (callback == NULL)
    return E_INVALIDARG;
  ULONG max = self->base.max;
  self->list->iAddressCount = (ULONG)self->count < max ? self->count : (int)max;
  if (self->list->iAddressCount > 0)
    callback(S_OK, callback_context, self->list, FALSE);
  callback(DRT_E_NO_MORE, callback_context, NULL, FALSE);
  return S_OK;
}

static VOID
end_resolve(const PVOID context, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  (void)context;
  (void)resolve;
}

/* Everything is in one piece: the object, the list, the addresses. */
DRT_BOOTSTRAP_PROVIDER *
drt_bootstrap_static_new(DrtMemory memory, const SOCKET_ADDRESS_LIST *list)
{
  size_t n = (size_t)list->iAddressCount, align = _Alignof(SOCKADDR_STORAGE);
  size_t storage_at = (sizeof(StaticProvider) + align - 1) / align * align;
  size_t list_at = storage_at + n * sizeof(SOCKADDR_STORAGE);
  size_t size = list_at + offsetof(SOCKET_ADDRESS_LIST, Address) + (n + 1) * sizeof(SOCKET_ADDRESS);
  StaticProvider *self = drt_bootstrap_new(memory, align, size);
  if (self == NULL)
    return NULL;
  uint8_t *piece = (uint8_t *)self;
  self->storage = (SOCKADDR_STORAGE *)(piece + storage_at);
  self->list = (SOCKET_ADDRESS_LIST *)(piece + list_at);
  for (size_t i = 0; i < n; i++) {
    const SOCKET_ADDRESS *from = &list->Address[i];
    if (from->lpSockaddr == NULL || from->iSockaddrLength <= 0 ||
        (size_t)from->iSockaddrLength > sizeof(SOCKADDR_STORAGE))
      continue;
    SOCKET_ADDRESS *to = &self->list->Address[self->count];
    memcpy(&self->storage[self->count], from->lpSockaddr, (size_t)from->iSockaddrLength);
    to->lpSockaddr = (struct sockaddr *)&self->storage[self->count];
    to->iSockaddrLength = from->iSockaddrLength;
    self->count++;
  }
  self->base.provider.IssueResolve = issue_resolve;
  self->base.provider.EndResolve = end_resolve;
  return &self->base.provider;
}
