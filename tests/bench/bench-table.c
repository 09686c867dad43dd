/* What the tables of a node cost: nanoseconds per call, best of five, with caches that are hot and
 * with a thousand caches over a store that no processor cache holds; and bytes per node.
 *
 *   bench-table [--tiny]
 *
 * The cloud is keys at random, in a sorted list, so that the neighbours of a place are found at
 * once. A cache is filled as a node would in the long run: ten leaves pinned, and in each slot of
 * levels 0 to 6 around its key one entry, where the cloud has one. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "drt-cache.h"
#include "drt-leafset.h"

#include "drt-cache-private.h"
#include "test-memory.h"
#include "test-random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 5
#define DEEPEST 6
#define FIXED_BYTES (sizeof(DrtLeafset) + sizeof(DrtCache)) /* of a node, without entries */
#define FULL 130 /* entries of the caches that are timed */

static uint64_t blackhole; /* what was computed must not be optimized away */

typedef struct {
  TestMemory memory;
  DrtStore store;
  uint32_t n;
  DrtKey *key;       /* ascending */
  DrtHandle *handle; /* of the same place */
} Cloud;

typedef struct {
  DrtKey own;
  DrtLeafset leafset;
  DrtCache cache;
} Node;

static double
seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *
need(void *piece)
{
  if (piece == NULL) {
    fputs("bench-table: no memory\n", stderr);
    exit(1);
  }
  return piece;
}

static DrtKey
random_key(TestRandom *random)
{
  DrtKey key;
  for (int i = 0; i < 4; i++)
    key.w[i] = test_random(random);
  return key;
}

static int
by_key(const void *a, const void *b)
{
  return drt_key_less(a, b) ? -1 : drt_key_less(b, a);
}

static DrtRoute
route_of(const DrtKey *key, uint8_t address[DRT_ADDRESS_LEN])
{
  memcpy(address, key, DRT_ADDRESS_LEN);
  return (DrtRoute){ .key = *key, .addresses = address, .port = 4000, .address_count = 1 };
}

/* Interned in random order, as a simulation would: neighbours are not neighbours in memory. */
static void
cloud_make(Cloud *cloud, uint32_t n)
{
  TestRandom random = { n };
  uint8_t address[DRT_ADDRESS_LEN];
  *cloud = (Cloud){ .n = n };
  drt_store_init(&cloud->store, test_memory(&cloud->memory));
  cloud->key = need(malloc(n * sizeof *cloud->key));
  cloud->handle = need(malloc(n * sizeof *cloud->handle));
  for (uint32_t i = 0; i < n; i++) {
    cloud->key[i] = random_key(&random);
    DrtRoute route = route_of(&cloud->key[i], address);
    need(drt_store_intern(&cloud->store, &route) == DRT_HANDLE_NONE ? NULL : cloud);
  }
  qsort(cloud->key, n, sizeof *cloud->key, by_key);
  for (uint32_t i = 0; i < n; i++) {
    DrtRoute route = route_of(&cloud->key[i], address);
    cloud->handle[i] = drt_store_find(&cloud->store, &route);
  }
}

static void
cloud_free(Cloud *cloud)
{
  drt_store_clear(&cloud->store);
  free(cloud->key);
  free(cloud->handle);
}

/* The first key of the cloud at or above @key; its number of keys, if there is none. */
static uint32_t
cloud_at(const Cloud *cloud, const DrtKey *key)
{
  uint32_t low = 0, high = cloud->n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (drt_key_less(&cloud->key[middle], key))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
node_offer(const Cloud *cloud, Node *node, uint32_t i, bool pin)
{
  DrtHandle evicted;
  DrtCacheShape shape = { &node->own, 1, DEEPEST, false };
  if (drt_key_equal(&cloud->key[i], &node->own))
    return;
  drt_cache_offer(&node->cache, &shape, cloud->handle[i], pin, &evicted);
  drt_store_drop(node->cache.store, evicted);
}

/* The node that has the @own-th key of the cloud. */
static void
node_make(Cloud *cloud, Node *node, uint32_t own, TestRandom *random)
{
  node->own = cloud->key[own];
  drt_leafset_init(&node->leafset, &node->own);
  drt_cache_init(&node->cache, &cloud->store, &node->own);
  for (uint32_t i = 1; i <= DRT_LEAFSET_SIDE; i++) {
    uint32_t leaves[] = { (own + i) % cloud->n, (own + cloud->n - i) % cloud->n };
    for (int k = 0; k < 2; k++) {
      node_offer(cloud, node, leaves[k], true);
      drt_leafset_offer(&node->leafset, &cloud->store, cloud->handle[leaves[k]]);
    }
  }
  for (uint8_t level = 0; level <= DEEPEST; level++)
    for (int slot = -10; slot < 10; slot++)
      for (int tries = 0; tries < 2; tries++) {
        uint64_t width = drt_cache_level_slot(level);
        DrtKey offset = { { (uint64_t)slot * width + test_random(random) % width, 0, 0, 0 } };
        DrtKey place = drt_key_add(&node->own, &offset);
        node_offer(cloud, node, cloud_at(cloud, &place) % cloud->n, false);
      }
}

static void
node_clear(Node *node)
{
  drt_cache_clear(&node->cache);
}

typedef uint64_t (*Call)(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place);

static uint64_t
call_closest_1(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)cloud, (void)place;
  DrtHandle found[1];
  return drt_cache_closest(&node->cache, target, NULL, found, 1) + found[0];
}

static uint64_t
call_closest_3(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)cloud, (void)place;
  DrtHandle found[3];
  return drt_cache_closest(&node->cache, target, NULL, found, 3) + found[0];
}

static uint64_t
call_find_miss(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)cloud, (void)place;
  return (uint64_t)drt_cache_find(&node->cache, target);
}

static uint64_t
call_find_hit(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)target;
  uint32_t i = (uint32_t)((uint64_t)place * node->cache.n / cloud->n);
  return (uint64_t)drt_cache_find(&node->cache,
                                  drt_store_key(&cloud->store, node->cache.handles[i]));
}

/* Nearly always refused: the slot is taken by a fresh entry. */
static uint64_t
call_offer(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)target;
  uint32_t n = node->cache.n;
  node_offer(cloud, node, place, false);
  return node->cache.n - n;
}

static uint64_t
call_covers(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)place;
  return drt_leafset_covers(&node->leafset, &cloud->store, target);
}

static uint64_t
call_leafset_offer(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)target;
  return drt_leafset_offer(&node->leafset, &cloud->store, cloud->handle[place]).added;
}

static uint64_t
call_intern(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)node, (void)target;
  uint8_t address[DRT_ADDRESS_LEN];
  DrtRoute route = route_of(&cloud->key[place], address);
  DrtHandle handle = drt_store_intern(&cloud->store, &route);
  drt_store_drop(&cloud->store, handle);
  return handle;
}

/* The loop alone, to be taken off. */
static uint64_t
call_nothing(Cloud *cloud, Node *node, const DrtKey *target, uint32_t place)
{
  (void)cloud, (void)node;
  return target->w[0] + place;
}

#define TARGETS 4096u
static double
measure(Cloud *cloud, Node *nodes, uint32_t node_count, uint32_t calls, Call call)
{
  static DrtKey target[TARGETS];
  static uint32_t place[TARGETS];
  TestRandom random = { 1 };
  double best = 1e9;
  for (uint32_t i = 0; i < TARGETS; i++) {
    target[i] = random_key(&random);
    place[i] = test_random_below(&random, cloud->n);
  }
  for (int round = 0; round < ROUNDS; round++) {
    double start = seconds();
    for (uint32_t i = 0, node = 0; i < calls; i++) {
      blackhole += call(cloud, &nodes[node], &target[i % TARGETS], place[i % TARGETS]);
      node = node + 1 == node_count ? 0 : node + 1;
    }
    double spent = seconds() - start;
    best = spent < best ? spent : best;
  }
  return best / calls * 1e9;
}

static const struct {
  const char *name;
  Call call;
} rows[] = {
  { "cache: closest, 1", call_closest_1 },
  { "cache: closest, 3", call_closest_3 },
  { "cache: find, hit", call_find_hit },
  { "cache: find, miss", call_find_miss },
  { "cache: offer", call_offer },
  { "leaf set: covers", call_covers },
  { "leaf set: offer", call_leafset_offer },
  { "store: intern and drop, hit", call_intern },
};
#define ROWS (sizeof rows / sizeof *rows)

/* One column of the table. */
static void
measure_all(uint32_t cloud_size, uint32_t node_count, uint32_t calls, double ret[ROWS],
            double *ret_entries)
{
  Cloud cloud;
  TestRandom random = { 2 };
  Node *nodes = need(calloc(node_count, sizeof *nodes));
  cloud_make(&cloud, cloud_size);
  *ret_entries = 0;
  for (uint32_t i = 0; i < node_count; i++) {
    node_make(&cloud, &nodes[i], test_random_below(&random, cloud_size), &random);
    while (nodes[i].cache.n < FULL)
      node_offer(&cloud, &nodes[i], test_random_below(&random, cloud_size), true);
  }
  double loop = measure(&cloud, nodes, node_count, calls, call_nothing);
  for (size_t i = 0; i < ROWS; i++)
    ret[i] = measure(&cloud, nodes, node_count, calls, rows[i].call) - loop;
  for (uint32_t i = 0; i < node_count; i++) {
    *ret_entries += (double)nodes[i].cache.n / node_count;
    node_clear(&nodes[i]);
  }
  cloud_free(&cloud);
  free(nodes);
}

static void
print_bytes_line(double entries, double bytes, size_t most)
{
  printf(
    "  %.0f in the mean, %zu at most (aim: 1536); %.1f (aim: 8) for each entry beyond the store\n",
    bytes, most, (bytes - (double)FIXED_BYTES) / entries);
}

static void
print_bytes(uint32_t cloud_size, uint32_t node_count)
{
  Cloud cloud;
  TestRandom random = { 3 };
  double entries = 0, bytes = 0;
  size_t most = 0;
  cloud_make(&cloud, cloud_size);
  for (uint32_t i = 0; i < node_count; i++) {
    Node node;
    node_make(&cloud, &node, test_random_below(&random, cloud_size), &random);
    size_t all = FIXED_BYTES + drt_cache_bytes(&node.cache);
    entries += (double)node.cache.n / node_count;
    bytes += (double)all / node_count;
    most = all > most ? all : most;
    node_clear(&node);
  }
  printf("\nBytes of a node among %u: leaf set %zu + cache %zu + %.1f entries\n", cloud_size,
         sizeof(DrtLeafset), sizeof(DrtCache), entries);
  print_bytes_line(entries, bytes, most);
  printf("  store: %.1f for each entry with one address\n",
         (double)drt_store_bytes(&cloud.store) / cloud_size);
  cloud_free(&cloud);
}

/* A node that was there first and hears of everybody who comes: leaves are pinned, and when they are
 * pushed out they compete for their slots. */
static void
print_growth(uint32_t cloud_size, uint32_t node_count)
{
  Cloud cloud;
  double entries = 0, bytes = 0;
  size_t most = 0;
  cloud_make(&cloud, cloud_size);
  for (uint32_t i = 0; i < node_count; i++) {
    TestRandom random = { i };
    Node node = { .own = cloud.key[test_random_below(&random, cloud_size)] };
    drt_leafset_init(&node.leafset, &node.own);
    drt_cache_init(&node.cache, &cloud.store, &node.own);
    for (uint32_t k = 0; k < cloud_size; k++) {
      uint32_t other = test_random_below(&random, cloud_size);
      DrtLeafsetChange change = drt_leafset_offer(&node.leafset, &cloud.store, cloud.handle[other]);
      node_offer(&cloud, &node, other, change.added);
      if (change.removed != DRT_HANDLE_NONE) {
        const DrtKey *key = drt_store_key(&cloud.store, change.removed);
        DrtCacheShape shape = { &node.own, 1, DEEPEST, false };
        DrtHandle evicted;
        drt_cache_unpin(&node.cache, &shape, (uint32_t)drt_cache_find(&node.cache, key), &evicted);
        drt_store_drop(&cloud.store, evicted);
      }
    }
    size_t all = FIXED_BYTES + drt_cache_bytes(&node.cache);
    entries += (double)node.cache.n / node_count;
    bytes += (double)all / node_count;
    most = all > most ? all : most;
    node_clear(&node);
  }
  printf("\nBytes of a node that saw its cloud grow to %u: %.1f entries\n", cloud_size, entries);
  print_bytes_line(entries, bytes, most);
  cloud_free(&cloud);
}

int
main(int argc, char **argv)
{
  bool tiny = argc == 2 && strcmp(argv[1], "--tiny") == 0;
  if (argc > 1 && !tiny) {
    fputs("usage: bench-table [--tiny]\n", stderr);
    return 2;
  }
  uint32_t large = tiny ? 5000 : 1000000, calls = tiny ? 1000 : 1000000;
  double hot[ROWS], cold[ROWS], hot_entries, cold_entries;
  measure_all(1000, 1, calls, hot, &hot_entries);
  measure_all(large, tiny ? 10 : 4096, calls, cold, &cold_entries);
  printf("%-30s %16s %16s\n", "ns per call, best of five", "hot", "cold");
  printf("%-30s %16u %16u\n", "  entries in the store", 1000u, large);
  printf("%-30s %16u %16u\n", "  caches, in turn", 1u, tiny ? 10u : 4096u);
  printf("%-30s %16.1f %16.1f\n", "  entries in a cache", hot_entries, cold_entries);
  for (size_t i = 0; i < ROWS; i++)
    printf("%-30s %16.1f %16.1f\n", rows[i].name, hot[i], cold[i]);
#if DRT_DEBUG_CHECKS
  puts("  (with whole-structure checks: build without debug for times that mean something)");
#endif
  print_bytes(large, tiny ? 10 : 1000);
  print_growth(large, tiny ? 2 : 10);
  return blackhole == 42 ? 3 : 0;
}
