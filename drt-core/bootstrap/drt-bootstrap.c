#include "drt-bootstrap.h"

#include <string.h>

static HRESULT
attach(const PVOID context)
{
  DrtBootstrapBase *self = context;
  if (self->attached)
    return DRT_E_BOOTSTRAPPROVIDER_IN_USE;
  self->attached = true;
  return S_OK;
}

static VOID
detach(const PVOID context)
{
  DrtBootstrapBase *self = context;
  self->attached = false;
}

static HRESULT
init_resolve(const PVOID context, BOOL split, ULONG timeout, ULONG max,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  DrtBootstrapBase *self = context;
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

void *
drt_bootstrap_new(DrtMemory memory, size_t align, size_t size)
{
  DrtBootstrapBase *self = memory.take(memory.host, align, size);
  if (self == NULL)
    return NULL;
  memset(self, 0, size);
  self->memory = memory;
  self->align = align;
  self->size = size;
  self->provider = (DRT_BOOTSTRAP_PROVIDER){
    .pvContext = self,
    .Attach = attach,
    .Detach = detach,
    .InitResolve = init_resolve,
    .Register = publish,
    .Unregister = withdraw,
  };
  return self;
}

void
drt_bootstrap_free(DRT_BOOTSTRAP_PROVIDER *provider)
{
  if (provider == NULL)
    return;
  DrtBootstrapBase *self = provider->pvContext;
  DrtMemory memory = self->memory;
  memory.give(memory.host, self, self->align, self->size);
}
