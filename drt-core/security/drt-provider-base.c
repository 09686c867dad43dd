#include "drt-provider-base.h"

#include "drt-provider-pieces.h"

#include <stdalign.h>
#include <stddef.h>

HRESULT
drt_provider_attach(const PVOID context)
{
  DrtProviderBase *base = context;
  if (base->attached)
    return DRT_E_SECURITYPROVIDER_IN_USE;
  base->attached = true;
  return S_OK;
}

VOID
drt_provider_detach(const PVOID context)
{
  DrtProviderBase *base = context;
  base->attached = false;
}

VOID
drt_provider_free_data(const PVOID context, PVOID pv)
{
  DrtProviderBase *base = context;
  drt_piece_free(base->memory, pv);
}

DrtProviderKey **
drt_provider_find(DrtProviderBase *base, const BYTE *bytes)
{
  DrtProviderKey **link = &base->keys;
  while (*link != NULL && memcmp((*link)->bytes, bytes, DRT_KEY_LEN) != 0)
    link = &(*link)->next;
  return link;
}

DrtProviderKey *
drt_provider_add(DrtProviderBase *base, const BYTE *bytes, size_t n)
{
  DrtProviderKey *key = base->memory.take(base->memory.host, alignof(max_align_t), n);
  if (key == NULL)
    return NULL;
  memset(key, 0, n);
  memcpy(key->bytes, bytes, DRT_KEY_LEN);
  key->next = base->keys;
  base->keys = key;
  return key;
}

void
drt_provider_remove(DrtProviderBase *base, DrtProviderKey **link, size_t n)
{
  DrtProviderKey *key = *link;
  *link = key->next;
  base->memory.give(base->memory.host, key, alignof(max_align_t), n);
}
