/* Answers at once, from inside IssueResolve, as the contract allows (drt-api 8.3). */
#include "drt-bootstrap-static.h"

#include <string.h>

typedef struct {
  DRT_BOOTSTRAP_PROVIDER provider;
  DrtMemory memory;
  size_t size; /* of this piece of memory */
  ULONG max;   /* of the resolve under way */
  bool attached;
  SOCKADDR_STORAGE *storage;
  SOCKET_ADDRESS_LIST *list;
  int count; /* of addresses; the list says how many of them a resolve gets */
} StaticProvider;

static HRESULT
attach(const PVOID context)
{
  StaticProvider *self = context;
  if (self->attached)
    return DRT_E_BOOTSTRAPPROVIDER_IN_USE;
  self->attached = true;
  return S_OK;
}

static VOID
detach(const PVOID context)
{
  StaticProvider *self = context;
  self->attached = false;
}

static HRESULT
init_resolve(const PVOID context, BOOL split, ULONG timeout, ULONG max,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  StaticProvider *self = context;
  (void)split;
  (void)timeout;
  *fatal = FALSE;
  if (resolve == NULL)
    return E_INVALIDARG;
  if (!self->attached)
    return DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED;
  self->max = max;
  *resolve = self;
  return S_OK;
}

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
  self->list->iAddressCount = (ULONG)self->count < self->max ? self->count : (int)self->max;
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

static HRESULT
publish(const PVOID context, const SOCKET_ADDRESS_LIST *list)
{
  (void)context;
  (void)list;
  return S_OK;
}

static VOID
withdraw(const PVOID context)
{
  (void)context;
}

/* Everything is in one piece: the object, the list, the addresses. */
DRT_BOOTSTRAP_PROVIDER *
drt_bootstrap_static_new(DrtMemory memory, const SOCKET_ADDRESS_LIST *list)
{
  size_t n = (size_t)list->iAddressCount, align = _Alignof(SOCKADDR_STORAGE);
  size_t storage_at = (sizeof(StaticProvider) + align - 1) / align * align;
  size_t list_at = storage_at + n * sizeof(SOCKADDR_STORAGE);
  size_t size = list_at + offsetof(SOCKET_ADDRESS_LIST, Address) + (n + 1) * sizeof(SOCKET_ADDRESS);
  uint8_t *piece = memory.take(memory.host, align, size);
  if (piece == NULL)
    return NULL;
  memset(piece, 0, size);
  StaticProvider *self = (StaticProvider *)piece;
  self->memory = memory;
  self->size = size;
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
  self->provider = (DRT_BOOTSTRAP_PROVIDER){
    .pvContext = self,
    .Attach = attach,
    .Detach = detach,
    .InitResolve = init_resolve,
    .IssueResolve = issue_resolve,
    .EndResolve = end_resolve,
    .Register = publish,
    .Unregister = withdraw,
  };
  return &self->provider;
}

void
drt_bootstrap_static_free(DRT_BOOTSTRAP_PROVIDER *provider)
{
  if (provider == NULL)
    return;
  StaticProvider *self = provider->pvContext;
  DrtMemory memory = self->memory;
  memory.give(memory.host, self, _Alignof(SOCKADDR_STORAGE), self->size);
}
