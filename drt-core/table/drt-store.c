/* A chained hash table over slab numbers. It doubles when there are as many entries as buckets, and
 * never shrinks: a cloud that was large once is likely to be so again. */
#include "drt-store.h"

#include <string.h>

#define INDEX_MASK ((1u << DRT_HANDLE_INDEX_BITS) - 1)
#define GENERATIONS 32u
#define BUCKETS_MIN 64u
#define ADDRESSES_FEW 4u

/* Keys of scenarios differ in few bits, so every word is mixed. Equal on every machine. */
static uint64_t
hash_route(const DrtRoute *route)
{
  uint64_t hash = route->port * UINT64_C(0x9e3779b97f4a7c15);
  for (int i = 0; i < 4; i++) {
    hash = (hash ^ route->key.w[i]) * UINT64_C(0xbf58476d1ce4e5b9);
    hash ^= hash >> 29;
  }
  hash = (hash ^ drt_load_be64(route->addresses + 8)) * UINT64_C(0x94d049bb133111eb);
  return hash ^ hash >> 32;
}

static uint16_t
mark_of(uint64_t hash)
{
  return (uint16_t)(hash >> 48);
}

static DrtStoreEntry *
entry_at(const DrtStore *store, uint32_t number)
{
  return drt_slab_item(&store->entries, number, sizeof(DrtStoreEntry));
}

static DrtHandle
handle_of(const DrtStoreEntry *entry, uint32_t number)
{
  return (DrtHandle)entry->generation << DRT_HANDLE_INDEX_BITS | number;
}

static DrtSlab *
blocks_for(DrtStore *store, uint8_t address_count)
{
  return address_count <= ADDRESSES_FEW ? &store->few : &store->many;
}

static const uint8_t *
entry_addresses(const DrtStore *store, const DrtStoreEntry *entry)
{
  if (entry->address_count == 1)
    return entry->address;
  return drt_slab_at(blocks_for((DrtStore *)store, entry->address_count), entry->block);
}

static DrtRoute
view(const DrtStore *store, const DrtStoreEntry *entry)
{
  return (DrtRoute){
    .key = entry->key,
    .addresses = entry_addresses(store, entry),
    .port = entry->port,
    .major = entry->major,
    .minor = entry->minor,
    .address_count = entry->address_count,
  };
}

static bool
equals(const DrtStore *store, const DrtStoreEntry *entry, const DrtRoute *route)
{
  return drt_key_equal(&entry->key, &route->key) && entry->port == route->port &&
         entry->major == route->major && entry->minor == route->minor &&
         entry->address_count == route->address_count &&
         memcmp(entry_addresses(store, entry), route->addresses,
                (size_t)DRT_ADDRESS_LEN * route->address_count) == 0;
}

static uint32_t
find_number(const DrtStore *store, const DrtRoute *route, uint64_t hash)
{
  if (store->buckets == NULL)
    return 0;
  uint32_t number = store->buckets[hash & (store->bucket_count - 1)];
  while (number != 0) {
    const DrtStoreEntry *entry = entry_at(store, number);
    if (entry->mark == mark_of(hash) && equals(store, entry, route))
      return number;
    number = entry->next;
  }
  return 0;
}

static bool
resize_buckets(DrtStore *store, uint32_t count)
{
  drt_assert(store->bucket_count == 0 || store->buckets != NULL);
  uint32_t *buckets =
    store->memory.take(store->memory.host, sizeof(uint32_t), count * sizeof(uint32_t));
  if (buckets == NULL)
    return false;
  memset(buckets, 0, count * sizeof(uint32_t));
  for (uint32_t i = 0; i < store->bucket_count; i++) {
    uint32_t number = store->buckets[i];
    while (number != 0) {
      DrtStoreEntry *entry = entry_at(store, number);
      uint32_t next = entry->next;
      DrtRoute route = view(store, entry);
      uint32_t *bucket = &buckets[hash_route(&route) & (count - 1)];
      entry->next = *bucket;
      *bucket = number;
      number = next;
    }
  }
  store->memory.give(store->memory.host, store->buckets, sizeof(uint32_t),
                     store->bucket_count * sizeof(uint32_t));
  store->buckets = buckets;
  store->bucket_count = count;
  return true;
}

/* Room for one more. A table that cannot grow works on with longer chains. */
static bool
make_room(DrtStore *store)
{
  if (store->buckets == NULL)
    return resize_buckets(store, BUCKETS_MIN);
  if (store->entries.live >= store->bucket_count && store->bucket_count < INDEX_MASK)
    resize_buckets(store, 2 * store->bucket_count);
  return true;
}

/* Copies the addresses into @entry. False if there is no memory for a block. */
static bool
keep_addresses(DrtStore *store, DrtStoreEntry *entry, const DrtRoute *route)
{
  uint8_t *to = entry->address;
  if (route->address_count > 1) {
    DrtSlab *blocks = blocks_for(store, route->address_count);
    entry->block = drt_slab_take(blocks);
    if (entry->block == 0)
      return false;
    to = drt_slab_at(blocks, entry->block);
  }
  memcpy(to, route->addresses, (size_t)DRT_ADDRESS_LEN * route->address_count);
  return true;
}

void
drt_store_init(DrtStore *store, DrtMemory memory)
{
  _Static_assert(sizeof(DrtStoreEntry) == 64, "an entry is one cache line");
  *store = (DrtStore){ .memory = memory };
  drt_slab_init(&store->entries, memory, sizeof(DrtStoreEntry), 64);
  drt_slab_init(&store->few, memory, DRT_ADDRESS_LEN * ADDRESSES_FEW, DRT_ADDRESS_LEN);
  drt_slab_init(&store->many, memory, DRT_ADDRESS_LEN * DRT_ROUTE_ADDRESSES_MAX, DRT_ADDRESS_LEN);
}

void
drt_store_clear(DrtStore *store)
{
  store->memory.give(store->memory.host, store->buckets, sizeof(uint32_t),
                     store->bucket_count * sizeof(uint32_t));
  drt_slab_clear(&store->entries);
  drt_slab_clear(&store->few);
  drt_slab_clear(&store->many);
  drt_store_init(store, store->memory);
}

DrtHandle
drt_store_intern(DrtStore *store, const DrtRoute *route)
{
  drt_assert(route->address_count >= 1 && route->address_count <= DRT_ROUTE_ADDRESSES_MAX);
  uint64_t hash = hash_route(route);
  uint32_t number = find_number(store, route, hash);
  if (number != 0) {
    entry_at(store, number)->references++;
    return handle_of(entry_at(store, number), number);
  }
  if (!make_room(store))
    return DRT_HANDLE_NONE;
  bool reused = store->entries.freed != 0;
  number = drt_slab_take(&store->entries);
  if (number == 0)
    return DRT_HANDLE_NONE;
  if (number > INDEX_MASK) {
    drt_slab_give(&store->entries, number);
    return DRT_HANDLE_NONE;
  }
  DrtStoreEntry *entry = entry_at(store, number);
  uint8_t generation = reused ? (uint8_t)((entry->generation + 1u) % GENERATIONS) : 0;
  if (!keep_addresses(store, entry, route)) {
    entry->generation = generation;
    drt_slab_give(&store->entries, number);
    return DRT_HANDLE_NONE;
  }
  uint32_t *bucket = &store->buckets[hash & (store->bucket_count - 1)];
  entry->key = route->key;
  entry->references = 1;
  entry->next = *bucket;
  entry->port = route->port;
  entry->mark = mark_of(hash);
  entry->major = route->major;
  entry->minor = route->minor;
  entry->address_count = route->address_count;
  entry->generation = generation;
  *bucket = number;
  return handle_of(entry, number);
}

DrtHandle
drt_store_find(const DrtStore *store, const DrtRoute *route)
{
  uint32_t number = find_number(store, route, hash_route(route));
  return number == 0 ? DRT_HANDLE_NONE : handle_of(entry_at(store, number), number);
}

void
drt_store_hold(DrtStore *store, DrtHandle handle)
{
  drt_store_entry(store, handle)->references++;
}

void
drt_store_free(DrtStore *store, DrtHandle handle)
{
  uint32_t number = handle & INDEX_MASK;
  DrtStoreEntry *entry = entry_at(store, number);
  DrtRoute route = view(store, entry);
  uint32_t *link = &store->buckets[hash_route(&route) & (store->bucket_count - 1)];
  while (*link != number)
    link = &entry_at(store, *link)->next;
  *link = entry->next;
  if (entry->address_count > 1)
    drt_slab_give(blocks_for(store, entry->address_count), entry->block);
  drt_slab_give(&store->entries, number);
}

DrtRoute
drt_store_route(const DrtStore *store, DrtHandle handle)
{
  return view(store, drt_store_entry(store, handle));
}

uint32_t
drt_store_count(const DrtStore *store)
{
  return store->entries.live;
}

size_t
drt_store_bytes(const DrtStore *store)
{
  return drt_slab_bytes(&store->entries) + drt_slab_bytes(&store->few) +
         drt_slab_bytes(&store->many) + store->bucket_count * sizeof(uint32_t);
}

static const char *
check_chain(const DrtStore *store, uint32_t bucket, uint32_t *ret_count)
{
  for (uint32_t number = store->buckets[bucket]; number != 0;
       number = entry_at(store, number)->next) {
    const DrtStoreEntry *entry = entry_at(store, number);
    DrtRoute route = view(store, entry);
    uint64_t hash = hash_route(&route);
    if (entry->references == 0)
      return "an entry in a chain has no owner";
    if ((hash & (store->bucket_count - 1)) != bucket || entry->mark != mark_of(hash))
      return "an entry is in the wrong chain";
    if (find_number(store, &route, hash) != number)
      return "two entries are equal";
    if (++*ret_count > store->entries.live)
      return "more entries in chains than alive";
  }
  return NULL;
}

const char *
drt_store_check(const DrtStore *store)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < store->bucket_count; i++) {
    const char *broken = check_chain(store, i, &count);
    if (broken != NULL)
      return broken;
  }
  return count == store->entries.live ? NULL : "an entry is in no chain";
}
