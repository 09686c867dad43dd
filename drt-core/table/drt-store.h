/* The entry store: each route entry once per process, however many instances know it.
 *
 * Thousands of nodes cache the same entry, so it lives here, counted, and their tables hold a
 * 32-bit handle: a cache line of 64 bytes per entry with one address, more only where a node lists
 * more. Equal content gives the equal handle, so handles compare as entries do. What is in the
 * store, and which number an entry has, must never show in behaviour: never order or hash by
 * handle. One store serves one thread.
 *
 * A handle also carries five bits that change when its place is reused; debug builds check them at
 * every use and so catch a handle kept after its last reference was dropped. */
#pragma once
#include "drt-route.h"
#include "drt-slab.h"

typedef uint32_t DrtHandle;
#define DRT_HANDLE_NONE 0u
#define DRT_HANDLE_INDEX_BITS 27

/* Private to the store, public so that reading an entry is inline. */
typedef struct {
  DrtKey key;
  union {
    uint8_t address[DRT_ADDRESS_LEN]; /* the only address, */
    uint32_t block;                   /* or where the 2 to 4, or 5 to 20, are */
  };
  uint32_t references;
  uint32_t next; /* in the chain of the bucket */
  uint16_t port;
  uint16_t mark; /* 16 bits of the hash: most strangers in a chain are seen without their key */
  uint8_t major, minor;
  uint8_t address_count;
  uint8_t generation; /* the five bits of a handle to this entry */
} DrtStoreEntry;

typedef struct {
  DrtMemory memory;
  DrtSlab entries;
  DrtSlab few, many;     /* blocks of 4 and of 20 addresses */
  uint32_t *buckets;     /* first entry of each chain, 0: empty; NULL before the first entry */
  uint32_t bucket_count; /* a power of two */
} DrtStore;

void drt_store_init(DrtStore *store, DrtMemory memory);
/* Gives all memory back. Handles still held are dead. */
void drt_store_clear(DrtStore *store);
/* The handle of the entry equal to @route, made if need be; the caller owns one reference more.
 * DRT_HANDLE_NONE if the host has no memory. The address count must be 1 to 20. O(1). */
DrtHandle drt_store_intern(DrtStore *store, const DrtRoute *route);
/* The handle of the entry equal to @route, or DRT_HANDLE_NONE; no reference is added. O(1). */
DrtHandle drt_store_find(const DrtStore *store, const DrtRoute *route);
/* One more owner. */
void drt_store_hold(DrtStore *store, DrtHandle handle);
/* The last owner has let go of it. */
void drt_store_free(DrtStore *store, DrtHandle handle);
/* A view of the entry, valid while somebody holds it. */
DrtRoute drt_store_route(const DrtStore *store, DrtHandle handle);
/* Entries alive now. */
uint32_t drt_store_count(const DrtStore *store);
/* Bytes taken from the host. */
size_t drt_store_bytes(const DrtStore *store);
/* NULL, or the name of the broken invariant. O(entries). */
const char *drt_store_check(const DrtStore *store);

static inline DrtStoreEntry *
drt_store_entry(const DrtStore *store, DrtHandle handle)
{
  uint32_t number = handle & ((1u << DRT_HANDLE_INDEX_BITS) - 1);
  DrtStoreEntry *entry = drt_slab_item(&store->entries, number, sizeof *entry);
  drt_debug_assert(entry->references > 0 && entry->generation == handle >> DRT_HANDLE_INDEX_BITS);
  return entry;
}

/* (transfer none) Valid while somebody holds the entry. */
static inline const DrtKey *
drt_store_key(const DrtStore *store, DrtHandle handle)
{
  return &drt_store_entry(store, handle)->key;
}

/* One owner less; the last one frees the entry. DRT_HANDLE_NONE is ignored. */
static inline void
drt_store_drop(DrtStore *store, DrtHandle handle)
{
  if (handle == DRT_HANDLE_NONE)
    return;
  DrtStoreEntry *entry = drt_store_entry(store, handle);
  drt_assert(entry->references > 0);
  if (--entry->references == 0)
    drt_store_free(store, handle);
}
