/* The entry store (drt-core/table/drt-store.h): equal content has one handle, entries live as long
 * as somebody holds them, addresses come back byte by byte for every count from 1 to 20, and memory
 * that fails at any point loses nothing and leaks nothing. */
#include "drt-store.h"

#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <signal.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define INDEX_MASK ((1u << DRT_HANDLE_INDEX_BITS) - 1)

typedef struct {
  TestMemory memory;
  DrtStore store;
} Fixture;

static Fixture f;

static void
set_up(void)
{
  f.memory = (TestMemory){ 0 };
  drt_store_init(&f.store, test_memory(&f.memory));
}

static void
tear_down(void)
{
  drt_store_clear(&f.store);
  cr_expect(eq(sz, f.memory.pieces, (size_t)0), "nothing is leaked");
  cr_expect(eq(sz, f.memory.bytes, (size_t)0), "nothing is leaked");
}

TestSuite(store, .init = set_up, .fini = tear_down);

static bool
equal(const DrtRoute *a, const DrtRoute *b)
{
  return drt_key_equal(&a->key, &b->key) && a->port == b->port && a->major == b->major &&
         a->minor == b->minor && a->address_count == b->address_count &&
         memcmp(a->addresses, b->addresses, (size_t)DRT_ADDRESS_LEN * a->address_count) == 0;
}

Test(store, an_empty_store_knows_nothing)
{
  TestRoute route;
  DrtKey key = test_key_byte(1);
  test_route_fill(&route, &key, 4000, 1, 1);
  cr_expect(eq(u32, drt_store_find(&f.store, &route.route), DRT_HANDLE_NONE));
  cr_expect(eq(u32, drt_store_count(&f.store), 0u));
  cr_expect(eq(sz, drt_store_bytes(&f.store), (size_t)0));
  cr_expect_null(drt_store_check(&f.store));
  drt_store_drop(&f.store, DRT_HANDLE_NONE);
  cr_expect(eq(sz, f.memory.takes, (size_t)0), "no memory before the first entry");
}

Test(store, every_address_count_comes_back_unchanged)
{
  DrtHandle handles[DRT_ROUTE_ADDRESSES_MAX + 1];
  DrtKey key = test_key_byte(1);
  for (uint8_t n = 1; n <= DRT_ROUTE_ADDRESSES_MAX; n++) {
    TestRoute route;
    test_route_fill(&route, &key, 4000, n, n);
    handles[n] = drt_store_intern(&f.store, &route.route);
    cr_expect_null(drt_store_check(&f.store));
  }
  for (uint8_t n = 1; n <= DRT_ROUTE_ADDRESSES_MAX; n++) {
    TestRoute route;
    test_route_fill(&route, &key, 4000, n, n);
    DrtRoute kept = drt_store_route(&f.store, handles[n]);
    cr_expect(equal(&kept, &route.route), "%u addresses", n);
    cr_expect(drt_key_equal(drt_store_key(&f.store, handles[n]), &key));
  }
  cr_expect(eq(u32, f.store.few.live, 3u), "2 to 4 addresses are in small blocks");
  cr_expect(eq(u32, f.store.many.live, 16u), "5 to 20 in large ones");
  for (uint8_t n = 1; n <= DRT_ROUTE_ADDRESSES_MAX; n++)
    drt_store_drop(&f.store, handles[n]);
  cr_expect(eq(u32, f.store.few.live, 0u));
  cr_expect(eq(u32, f.store.many.live, 0u));
}

/* What is changed in a route of three addresses. */
static const struct {
  const char *name;
  size_t key_word, address_byte;
  uint16_t port;
  uint8_t major, minor, address_count;
  bool same;
} contents[] = {
  { "nothing", 0, 0, 0, 0, 0, 0, true },
  { "the port", 0, 0, 1, 0, 0, 0, false },
  { "the major version", 0, 0, 0, 1, 0, 0, false },
  { "the minor version", 0, 0, 0, 0, 1, 0, false },
  { "one address less", 0, 0, 0, 0, 0, 1, false },
  { "the first word of the key", 1, 0, 0, 0, 0, 0, false },
  { "the last word of the key", 4, 0, 0, 0, 0, 0, false },
  { "the first byte of the addresses", 0, 1, 0, 0, 0, 0, false },
  { "the last byte of the first address", 0, 16, 0, 0, 0, 0, false },
  { "the last byte of the last address", 0, 48, 0, 0, 0, 0, false },
};

Test(store, equal_content_has_one_handle)
{
  for (size_t i = 0; i < COUNT(contents); i++) {
    TestRoute a, b;
    DrtKey key = test_key_byte(1);
    test_route_fill(&a, &key, 4000, 1, 3);
    if (contents[i].key_word > 0)
      key.w[contents[i].key_word - 1] ^= 2;
    test_route_fill(&b, &key, (uint16_t)(4000 + contents[i].port), 1,
                    (uint8_t)(3 - contents[i].address_count));
    b.route.major = (uint8_t)(b.route.major + contents[i].major);
    b.route.minor = (uint8_t)(b.route.minor + contents[i].minor);
    if (contents[i].address_byte > 0)
      b.addresses[contents[i].address_byte - 1] ^= 0x10;
    DrtHandle first = drt_store_intern(&f.store, &a.route);
    DrtHandle second = drt_store_intern(&f.store, &b.route);
    cr_expect(eq(int, first == second, contents[i].same), "differs in %s", contents[i].name);
    cr_expect(eq(u32, drt_store_find(&f.store, &b.route), second), "differs in %s",
              contents[i].name);
    cr_expect(eq(u32, drt_store_count(&f.store), contents[i].same ? 1u : 2u));
    drt_store_drop(&f.store, first);
    drt_store_drop(&f.store, second);
    cr_expect(eq(u32, drt_store_count(&f.store), 0u));
  }
}

Test(store, an_entry_lives_until_its_last_owner_leaves)
{
  DrtKey key = test_key_byte(1);
  DrtHandle handle = test_intern(&f.store, &key, 1);
  cr_expect(eq(u32, test_intern(&f.store, &key, 1), handle));
  drt_store_hold(&f.store, handle);
  for (int owners = 3; owners > 0; owners--) {
    cr_expect(eq(u32, drt_store_count(&f.store), 1u), "%d owners", owners);
    drt_store_drop(&f.store, handle);
    cr_expect_null(drt_store_check(&f.store));
  }
  cr_expect(eq(u32, drt_store_count(&f.store), 0u));
}

Test(store, a_reused_place_has_another_handle)
{
  DrtHandle last = DRT_HANDLE_NONE;
  for (uint32_t i = 0; i < 100; i++) {
    DrtKey key = test_key_byte((uint8_t)i);
    DrtHandle handle = test_intern(&f.store, &key, i);
    cr_expect(eq(u32, handle & INDEX_MASK, 1u), "the place is reused");
    cr_expect(ne(u32, handle, last), "the handle is not");
    last = handle;
    drt_store_drop(&f.store, handle);
  }
}

#if DRT_DEBUG_CHECKS
Test(store, a_dead_handle_is_caught, .signal = SIGABRT)
{
  DrtKey key = test_key_byte(1);
  DrtHandle handle = test_intern(&f.store, &key, 1);
  drt_store_drop(&f.store, handle);
  drt_store_key(&f.store, handle);
}

Test(store, a_dead_handle_is_caught_when_its_place_is_reused, .signal = SIGABRT)
{
  DrtKey key = test_key_byte(1);
  DrtHandle handle = test_intern(&f.store, &key, 1);
  drt_store_drop(&f.store, handle);
  test_intern(&f.store, &key, 2);
  drt_store_hold(&f.store, handle);
}
#endif

Test(store, a_route_needs_an_address, .signal = SIGABRT)
{
  TestRoute route;
  DrtKey key = test_key_byte(1);
  test_route_fill(&route, &key, 4000, 1, 0);
  drt_store_intern(&f.store, &route.route);
}

Test(store, a_route_has_at_most_twenty_addresses, .signal = SIGABRT)
{
  TestRoute route;
  DrtKey key = test_key_byte(1);
  test_route_fill(&route, &key, 4000, 1, 20);
  route.route.address_count = 21;
  drt_store_intern(&f.store, &route.route);
}

Test(store, buckets_double_with_the_entries)
{
  for (uint32_t i = 0; i < 1000; i++) {
    DrtKey key = { { 0, 0, 0, i } };
    test_intern(&f.store, &key, 1);
  }
  cr_expect(eq(u32, f.store.bucket_count, 1024u));
  uint32_t used = 0;
  for (uint32_t i = 0; i < f.store.bucket_count; i++)
    used += f.store.buckets[i] != 0;
  cr_expect(gt(u32, used, 500u), "keys that differ in few bits are spread: %u chains", used);
  cr_expect_null(drt_store_check(&f.store));
  cr_expect(eq(sz, drt_store_bytes(&f.store), f.memory.bytes));
}

/* 40 entries in 64 chains: some share a chain. */
static void
fill_some(DrtHandle handles[40])
{
  for (uint32_t i = 0; i < 40; i++) {
    DrtKey key = test_key_byte((uint8_t)i);
    handles[i] = test_intern(&f.store, &key, i);
  }
  cr_assert_null(drt_store_check(&f.store));
}

static void
expect_fault(const char *name)
{
  const char *broken = drt_store_check(&f.store);
  cr_expect(test_same_text(broken, name), "'%s' instead of '%s'", broken, name);
}

Test(store, check_names_an_entry_without_owner)
{
  DrtHandle handles[40];
  fill_some(handles);
  drt_store_entry(&f.store, handles[7])->references = 0;
  expect_fault("an entry in a chain has no owner");
}

Test(store, check_names_an_entry_in_the_wrong_chain)
{
  DrtHandle handles[40];
  fill_some(handles);
  drt_store_entry(&f.store, handles[7])->port++;
  expect_fault("an entry is in the wrong chain");
}

Test(store, check_names_a_wrong_mark)
{
  DrtHandle handles[40];
  fill_some(handles);
  drt_store_entry(&f.store, handles[7])->mark ^= 1;
  expect_fault("an entry is in the wrong chain");
}

Test(store, check_names_two_equal_entries)
{
  DrtHandle handles[40];
  fill_some(handles);
  for (uint32_t i = 0; i < 40; i++) {
    DrtStoreEntry *entry = drt_store_entry(&f.store, handles[i]);
    if (entry->next == 0)
      continue;
    DrtStoreEntry *other = drt_slab_at(&f.store.entries, entry->next);
    other->key = entry->key;
    memcpy(other->address, entry->address, sizeof other->address);
    other->mark = entry->mark;
    expect_fault("two entries are equal");
    return;
  }
  cr_fail("no two entries share a chain");
}

Test(store, check_names_a_chain_that_holds_more_than_there_are)
{
  DrtHandle handles[40];
  fill_some(handles);
  f.store.entries.live--;
  expect_fault("more entries in chains than alive");
}

Test(store, check_names_a_ring_of_a_chain)
{
  DrtHandle handles[40];
  fill_some(handles);
  drt_store_entry(&f.store, handles[7])->next = handles[7] & INDEX_MASK;
  expect_fault("more entries in chains than alive");
}

Test(store, check_names_an_entry_outside_of_all_chains)
{
  DrtHandle handles[40];
  fill_some(handles);
  uint32_t *bucket = f.store.buckets;
  while (*bucket == 0)
    bucket++;
  *bucket = 0;
  expect_fault("an entry is in no chain");
}

/* The model: a list of routes that somebody holds. */
#define ROUTES 400
typedef struct {
  TestRoute route;
  DrtHandle handle;
  uint32_t owners;
} Held;

typedef struct {
  TestMemory memory;
  DrtStore store;
  TestRandom random;
  uint64_t seed;
  uint32_t n; /* routes that are drawn from */
  Held held[ROUTES];
} World;

/* Routes that are easily mistaken: each differs from the last in one respect, now and then. */
static void
make_routes(World *world, TestKeys kind)
{
  DrtKey base = test_keys_base(&world->random);
  for (uint32_t i = 0; i < world->n; i++) {
    DrtKey key = test_keys_next(&world->random, kind, &base);
    uint8_t count = (uint8_t)(1 + test_random_below(&world->random, DRT_ROUTE_ADDRESSES_MAX));
    if (test_random_once_in(&world->random, 2))
      count = 1;
    TestRoute *route = &world->held[i].route;
    test_route_fill(route, &key, (uint16_t)(4000 + i % 3), i / 2, count);
    if (i > 0 && test_random_once_in(&world->random, 3))
      route->route.key = world->held[i - 1].route.route.key;
    route->route.minor = (uint8_t)(i % 2);
  }
}

static Held *
equal_and_held(World *world, const Held *wanted)
{
  for (uint32_t i = 0; i < world->n; i++)
    if (world->held[i].owners > 0 && equal(&world->held[i].route.route, &wanted->route.route))
      return &world->held[i];
  return NULL;
}

static void
check_world(World *world)
{
  uint32_t alive = 0, few = 0, many = 0;
  for (uint32_t i = 0; i < world->n; i++) {
    Held *held = &world->held[i];
    if (held->owners == 0)
      continue;
    alive++;
    few += held->route.route.address_count > 1 && held->route.route.address_count <= 4;
    many += held->route.route.address_count > 4;
    test_must(drt_store_entry(&world->store, held->handle)->references == held->owners,
              "seed %" PRIu64, world->seed);
  }
  const char *broken = drt_store_check(&world->store);
  test_must(broken == NULL, "%s, seed %" PRIu64, broken, world->seed);
  test_must(drt_store_count(&world->store) == alive, "seed %" PRIu64, world->seed);
  test_must(world->store.few.live == few, "a block is lost, seed %" PRIu64, world->seed);
  test_must(world->store.many.live == many, "a block is lost, seed %" PRIu64, world->seed);
  test_must(drt_store_bytes(&world->store) == world->memory.bytes, "seed %" PRIu64, world->seed);
}

static void
intern_one(World *world, Held *wanted)
{
  Held *known = equal_and_held(world, wanted);
  size_t pieces = world->memory.pieces, takes = world->memory.takes;
  DrtHandle handle = drt_store_intern(&world->store, &wanted->route.route);
  if (handle == DRT_HANDLE_NONE) {
    test_must(known == NULL, "a known entry needs no memory, seed %" PRIu64, world->seed);
    test_must(world->memory.pieces - pieces < world->memory.takes - takes,
              "refused without need, seed %" PRIu64, world->seed);
    return;
  }
  if (known == NULL) {
    for (uint32_t i = 0; i < world->n; i++)
      test_must(world->held[i].owners == 0 || world->held[i].handle != handle,
                "two entries have one handle, seed %" PRIu64, world->seed);
    known = wanted;
    known->handle = handle;
  }
  test_must(known->handle == handle, "equal content, other handle, seed %" PRIu64, world->seed);
  known->owners++;
}

static void
look_at(World *world, Held *wanted)
{
  Held *known = equal_and_held(world, wanted);
  DrtHandle found = drt_store_find(&world->store, &wanted->route.route);
  test_must(found == (known != NULL ? known->handle : DRT_HANDLE_NONE), "seed %" PRIu64,
            world->seed);
  if (known == NULL)
    return;
  DrtRoute kept = drt_store_route(&world->store, known->handle);
  test_must(equal(&kept, &wanted->route.route), "seed %" PRIu64, world->seed);
}

static void
random_operation(World *world, uint32_t upwards)
{
  Held *held = &world->held[test_random_below(&world->random, world->n)];
  if (test_random_below(&world->random, 8) < upwards) {
    intern_one(world, held);
  } else if (held->owners > 0 && test_random_once_in(&world->random, 4)) {
    drt_store_hold(&world->store, held->handle);
    held->owners++;
  } else if (held->owners > 0) {
    drt_store_drop(&world->store, held->handle);
    held->owners--;
  }
  look_at(world, &world->held[test_random_below(&world->random, world->n)]);
  check_world(world);
}

static void
run_world(World *world, uint64_t seed, uint32_t routes, uint32_t operations)
{
  world->random = (TestRandom){ seed };
  world->seed = seed;
  world->n = routes;
  memset(world->held, 0, sizeof world->held);
  drt_store_init(&world->store, test_memory(&world->memory));
  make_routes(world, (TestKeys)(seed % TEST_KEYS_KINDS));
  uint32_t upwards = 2 + test_random_below(&world->random, 5);
  for (uint32_t op = 0; op < operations; op++)
    random_operation(world, upwards);
  for (uint32_t i = 0; i < world->n; i++)
    look_at(world, &world->held[i]);
  drt_store_clear(&world->store);
  test_must(world->memory.pieces == 0 && world->memory.bytes == 0, "seed %" PRIu64, seed);
}

Test(store, agrees_with_a_plain_list)
{
  static World world;
  for (uint64_t seed = 0; seed < 250; seed++) {
    world.memory = (TestMemory){ 0 };
    run_world(&world, seed, seed % 3 == 0 ? 12 : 150, 250);
  }
}

/* Takes in a run of 500 operations: chunks of three slabs, and buckets. */
Test(store, loses_nothing_when_memory_fails)
{
  static World world;
  for (int fail_on = 0; fail_on < 2; fail_on++) {
    size_t n = 1;
    do {
      world.memory = (TestMemory){ .fail_at = n, .fail_on = fail_on };
      run_world(&world, 5, ROUTES, 500);
      cr_assert(lt(sz, n, (size_t)1000));
    } while (world.memory.takes >= n++);
    cr_expect(gt(sz, n, (size_t)8), "the run is long enough to grow: %zu takes", n - 1);
  }
}
