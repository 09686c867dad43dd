/* What the built-in providers have in common: the table, which instance has it, and the keys that are
 * registered with it (drt-api 8). */
#pragma once
#include "drt-port.h"
#include "drt-route.h"
#include "drt.h"

/* First in what a provider knows of a key. */
typedef struct DrtProviderKey {
  struct DrtProviderKey *next;
  uint8_t bytes[DRT_KEY_LEN];
} DrtProviderKey;

/* First in a provider: the context of its functions is this. */
typedef struct {
  DRT_SECURITY_PROVIDER table; /* first: the table is the object */
  DrtMemory memory;
  DrtProviderKey *keys;
  bool attached;
} DrtProviderBase;

/* Functions of the table. One instance at a time has the provider. */
HRESULT drt_provider_attach(const PVOID context);
VOID drt_provider_detach(const PVOID context);
VOID drt_provider_free_data(const PVOID context, PVOID pv);

/* What points to the key with these bytes; to NULL, if there is none. */
DrtProviderKey **drt_provider_find(DrtProviderBase *base, const BYTE *bytes);
/* A key of @n bytes in front of the others, zero but for what is above; NULL without memory. It is given back
 * by drt_provider_remove. */
DrtProviderKey *drt_provider_add(DrtProviderBase *base, const BYTE *bytes, size_t n);
void drt_provider_remove(DrtProviderBase *base, DrtProviderKey **link, size_t n);
