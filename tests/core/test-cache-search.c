/* What the route cache finds (drt-core/table/drt-cache.h): the closest entries with a path and a
 * bound (mc-drt 7.0, H33), the neighbours of a key, walks, a spread over the ring, and gaps (7.11,
 * 9.5), by hand and against a plain list. */
#include "drt-cache.h"

#include "drt-cache-private.h"
#include "drt-leafset.h"
#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"
#include "test-ring.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FOUND_MAX 100

static TestMemory memory;
static DrtStore store;
static DrtCache cache;
static const uint64_t nothing_known[2];

static const DrtCacheShape shape = { .centres = &DRT_KEY_ZERO, .centre_count = 1, .deepest = 6 };

/* The gap of one level, of a walk that looks for those of all. */
static bool
level_gap(const DrtKey *centre, uint8_t level, uint32_t slots, const uint64_t known[2],
          DrtKey *ret_middle, unsigned *ret_precision)
{
  DrtCacheGap gaps[DRT_CACHE_LEVELS_MAX];
  drt_cache_gaps(&cache, centre, DRT_CACHE_LEVELS_MAX - 1, known, gaps);
  return drt_cache_gap_middle(&gaps[level], centre, level, slots, ret_middle, ret_precision);
}

static void
set_up(void)
{
  memory = (TestMemory){ 0 };
  drt_store_init(&store, test_memory(&memory));
  drt_cache_init(&cache, &store, &DRT_KEY_ZERO);
}

static void
tear_down(void)
{
  drt_cache_clear(&cache);
  drt_store_clear(&store);
  cr_expect(eq(sz, memory.pieces, (size_t)0), "nothing is leaked");
}

TestSuite(cache_search, .init = set_up, .fini = tear_down);

/* Puts a key in, pinned; its node has the number of its top byte unless said otherwise. */
static void
put(const DrtKey *key, uint32_t node)
{
  DrtHandle evicted, handle = test_intern(&store, key, node);
  DrtCacheVerdict verdict = drt_cache_offer(&cache, &shape, handle, true, &evicted);
  cr_assert(eq(int, (int)verdict, DRT_CACHE_ADDED));
  drt_store_drop(&store, handle);
}

/* The tables name keys by their first byte; a list ends with END. */
#define END 0xff
#define LIST_MAX 12

static void
put_bytes(const uint8_t *bytes)
{
  for (; *bytes != END; bytes++) {
    DrtKey key = test_key_byte(*bytes);
    put(&key, *bytes);
  }
}

static uint8_t
byte_of(DrtHandle handle)
{
  return handle == DRT_HANDLE_NONE ? END : (uint8_t)(drt_store_key(&store, handle)->w[0] >> 56);
}

static DrtEndpoint
endpoint_of(uint8_t byte)
{
  DrtKey key = test_key_byte(byte);
  TestRoute route;
  test_route_fill(&route, &key, 4000, byte, 1);
  return drt_route_endpoint(&route.route, 0);
}

static const struct {
  const char *name;
  uint8_t keys[LIST_MAX], target, path[3], bound; /* bound END: none */
  uint32_t max;
  uint8_t found[LIST_MAX];
} closest[] = {
  { "an empty cache", { END }, 0x40, { END }, END, 3, { END } },
  { "one entry", { 0x10, END }, 0x90, { END }, END, 3, { 0x10, END } },
  { "the target itself comes first",
    { 0x30, 0x40, 0x50, END },
    0x40,
    { END },
    END,
    1,
    { 0x40, END } },
  { "a tie goes to the key above (H33)",
    { 0x30, 0x50, END },
    0x40,
    { END },
    END,
    2,
    { 0x50, 0x30, END } },
  { "each distance from both sides",
    { 0x20, 0x30, 0x50, 0x60, END },
    0x40,
    { END },
    END,
    4,
    { 0x50, 0x30, 0x60, 0x20, END } },
  { "across zero", { 0x08, 0x20, 0xf0, END }, 0x00, { END }, END, 3, { 0x08, 0xf0, 0x20, END } },
  { "9.5: F0 before 40 seen from 10",
    { 0x40, 0xf0, END },
    0x10,
    { END },
    END,
    2,
    { 0xf0, 0x40, END } },
  { "the point opposite comes last, once",
    { 0x80, 0x10, 0xe0, END },
    0x00,
    { END },
    END,
    5,
    { 0x10, 0xe0, 0x80, END } },
  { "no more than asked for",
    { 0x10, 0x20, 0x30, END },
    0x00,
    { END },
    END,
    2,
    { 0x10, 0x20, END } },
  { "nothing asked for", { 0x10, 0x20, END }, 0x10, { END }, END, 0, { END } },
  { "who was asked already is passed over",
    { 0x10, 0x20, 0x30, END },
    0x00,
    { 0x10, 0x30, END },
    END,
    3,
    { 0x20, END } },
  { "even at the target", { 0x10, 0x20, END }, 0x10, { 0x10, END }, END, 3, { 0x20, END } },
  { "only what is strictly closer than the bound",
    { 0x10, 0x20, 0x30, END },
    0x00,
    { END },
    0x20,
    3,
    { 0x10, END } },
  { "a bound below counts alike",
    { 0x10, 0x20, 0xe1, END },
    0x00,
    { END },
    0xe0,
    3,
    { 0x10, 0xe1, END } },
  { "nothing is closer than the target", { 0x10, 0x20, END }, 0x10, { END }, 0x10, 3, { END } },
  { "the target is closer than anything else",
    { 0x10, 0x11, END },
    0x10,
    { END },
    0x11,
    3,
    { 0x10, END } },
  { "path and bound",
    { 0x10, 0x20, 0x30, 0x40, END },
    0x00,
    { 0x20, END },
    0x40,
    5,
    { 0x10, 0x30, END } },
};

Test(cache_search, closest_by_hand)
{
  for (size_t i = 0; i < COUNT(closest); i++) {
    drt_cache_clear(&cache);
    put_bytes(closest[i].keys);
    DrtEndpoint path[3];
    DrtKey target = test_key_byte(closest[i].target), bound = test_key_byte(closest[i].bound);
    DrtCacheFilter filter = { .path = path, .bound = closest[i].bound == END ? NULL : &bound };
    for (; closest[i].path[filter.path_count] != END; filter.path_count++)
      path[filter.path_count] = endpoint_of(closest[i].path[filter.path_count]);
    bool plain = filter.path_count == 0 && filter.bound == NULL;
    DrtHandle found[LIST_MAX + 1];
    uint32_t n = drt_cache_closest(&cache, &target, plain ? NULL : &filter, found, closest[i].max);
    found[n] = DRT_HANDLE_NONE;
    for (uint32_t k = 0; k <= n; k++) {
      cr_expect(eq(u8, byte_of(found[k]), closest[i].found[k]), "%s: place %u", closest[i].name, k);
      if (closest[i].found[k] == END)
        break;
    }
  }
}

static const struct {
  const char *name;
  uint8_t keys[LIST_MAX], key, path[3], above, below;
} besides[] = {
  { "an empty cache", { END }, 0x40, { END }, END, END },
  { "the only entry is on both sides", { 0x10, END }, 0x40, { END }, 0x10, 0x10 },
  { "the key itself is not beside it", { 0x40, END }, 0x40, { END }, END, END },
  { "its neighbours are", { 0x30, 0x40, 0x50, END }, 0x40, { END }, 0x50, 0x30 },
  { "a key that is not there", { 0x30, 0x50, END }, 0x40, { END }, 0x50, 0x30 },
  { "across zero", { 0x30, 0x50, END }, 0x00, { END }, 0x30, 0x50 },
  { "across the cut of the array, opposite of the origin",
    { 0x70, 0x90, END },
    0x80,
    { END },
    0x90,
    0x70 },
  { "past who has the flood (7.6)",
    { 0x20, 0x30, 0x50, 0x60, END },
    0x40,
    { 0x50, END },
    0x60,
    0x30 },
  { "all the way round", { 0x30, 0x50, END }, 0x40, { 0x50, END }, 0x30, 0x30 },
  { "nobody is left", { 0x30, 0x50, END }, 0x40, { 0x30, 0x50, END }, END, END },
};

Test(cache_search, beside_by_hand)
{
  for (size_t i = 0; i < COUNT(besides); i++) {
    drt_cache_clear(&cache);
    put_bytes(besides[i].keys);
    DrtEndpoint path[3];
    DrtKey key = test_key_byte(besides[i].key);
    DrtCacheFilter filter = { .path = path };
    for (; besides[i].path[filter.path_count] != END; filter.path_count++)
      path[filter.path_count] = endpoint_of(besides[i].path[filter.path_count]);
    cr_expect(eq(u8, byte_of(drt_cache_beside(&cache, &key, DRT_ABOVE, &filter)), besides[i].above),
              "above: %s", besides[i].name);
    cr_expect(eq(u8, byte_of(drt_cache_beside(&cache, &key, DRT_BELOW, &filter)), besides[i].below),
              "below: %s", besides[i].name);
  }
}

Test(cache_search, a_bound_is_nothing_to_a_neighbour)
{
  put_bytes((const uint8_t[]){ 0x30, 0x50, END });
  DrtKey key = test_key_byte(0x40), bound = test_key_byte(0x41);
  DrtCacheFilter filter = { .bound = &bound };
  cr_expect(eq(u8, byte_of(drt_cache_beside(&cache, &key, DRT_ABOVE, &filter)), 0x50));
  cr_expect(eq(u8, byte_of(drt_cache_beside(&cache, &key, DRT_BELOW, &filter)), 0x30));
}

Test(cache_search, an_address_with_another_port_is_not_on_the_path)
{
  put_bytes((const uint8_t[]){ 0x10, END });
  DrtEndpoint path = endpoint_of(0x10);
  path.wire[1] ^= 1;
  DrtCacheFilter filter = { .path = &path, .path_count = 1 };
  DrtHandle found;
  cr_expect(eq(u32, drt_cache_closest(&cache, &DRT_KEY_ZERO, &filter, &found, 1), 1u), "H38");
}

Test(cache_search, a_walk_ends_after_a_round)
{
  put_bytes((const uint8_t[]){ 0x10, 0x40, 0x90, 0xc0, END });
  static const uint8_t from_40[2][4] = { { 0x90, 0xc0, 0x10, END }, { 0x10, 0xc0, 0x90, END } };
  static const uint8_t from_50[2][5] = { { 0x90, 0xc0, 0x10, 0x40, END },
                                         { 0x40, 0x10, 0xc0, 0x90, END } };
  DrtKey key_40 = test_key_byte(0x40), key_50 = test_key_byte(0x50);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtCacheWalk walk = drt_cache_walk(&cache, &key_40, side);
    for (int i = 0; i < 4; i++)
      cr_expect(eq(u8, byte_of(drt_cache_walk_next(&walk)), from_40[side][i]), "side %d", side);
    cr_expect(eq(u32, drt_cache_walk_next(&walk), DRT_HANDLE_NONE), "and it stays at its end");
    walk = drt_cache_walk(&cache, &key_50, side);
    for (int i = 0; i < 5; i++)
      cr_expect(eq(u8, byte_of(drt_cache_walk_next(&walk)), from_50[side][i]), "side %d", side);
  }
}

static const struct {
  const char *name;
  uint8_t keys[LIST_MAX];
  uint32_t max;
  uint8_t random; /* the first byte */
  uint8_t found[LIST_MAX];
} spreads[] = {
  { "an empty cache", { END }, 4, 0, { END } },
  { "all, if there are no more", { 0x10, 0x20, END }, 2, 0, { 0x10, 0x20, END } },
  { "nothing asked for", { 0x10, 0x20, END }, 0, 0, { END } },
  { "one of each quarter",
    { 0x10, 0x20, 0x50, 0x60, 0x90, 0xa0, 0xd0, 0xe0, END },
    4,
    0,
    { 0x10, 0x50, 0x90, 0xd0, END } },
  { "of quarters that start at 58",
    { 0x10, 0x20, 0x50, 0x60, 0x90, 0xa0, 0xd0, 0xe0, END },
    4,
    0x58,
    { 0x60, 0xa0, 0xe0, 0x20, END } },
  { "an empty quarter takes the next, once",
    { 0x10, 0x20, 0x90, 0xa0, 0xd0, END },
    4,
    0,
    { 0x10, 0x90, 0xa0, 0xd0, END } },
  { "and all of one heap are distinct",
    { 0x10, 0x11, 0x12, 0x13, END },
    3,
    0,
    { 0x10, 0x11, 0x12, END } },
};

Test(cache_search, spread_by_hand)
{
  for (size_t i = 0; i < COUNT(spreads); i++) {
    drt_cache_clear(&cache);
    put_bytes(spreads[i].keys);
    DrtHandle found[LIST_MAX + 1];
    uint32_t n = drt_cache_spread(&cache, (uint64_t)spreads[i].random << 56, found, spreads[i].max);
    found[n] = DRT_HANDLE_NONE;
    for (uint32_t k = 0; k <= n; k++) {
      cr_expect(eq(u8, byte_of(found[k]), spreads[i].found[k]), "%s: place %u", spreads[i].name, k);
      if (spreads[i].found[k] == END)
        break;
    }
  }
}

/* 2^250 is a 64th of the ring: a little more than three slots of level 1, whose arc is 3.2 of them
 * on each side. */
#define STEP (UINT64_C(1) << 58)

static void
put_steps(const DrtKey *centre, const double *steps, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    DrtKey key = *centre;
    key.w[0] += (uint64_t)(int64_t)(steps[i] * (double)STEP);
    put(&key, 1);
  }
}

Test(cache_search, a_gap_of_2_to_the_250_has_precision_7)
{
  static const double steps[] = { -3, -2.5, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2.5, 3 };
  static const DrtKey centres[] = { { { 0 } },
                                    { { UINT64_C(0x8123456789abcdef), 5, 6, 7 } },
                                    { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } } };
  for (size_t i = 0; i < COUNT(centres); i++)
    for (int mirrored = 0; mirrored < 2; mirrored++) {
      double placed[COUNT(steps)];
      for (size_t k = 0; k < COUNT(steps); k++)
        placed[k] = mirrored ? -steps[k] : steps[k];
      drt_cache_clear(&cache);
      put_steps(&centres[i], placed, COUNT(steps));
      DrtKey middle = DRT_KEY_ZERO, expected = centres[i];
      expected.w[0] += mirrored ? -2 * STEP : 2 * STEP;
      unsigned precision = 0;
      cr_expect(level_gap(&centres[i], 1, 3, nothing_known, &middle, &precision));
      cr_expect(eq(u32, precision, 7u), "mc-drt 9.5, centre %zu", i);
      cr_expect(drt_key_equal(&middle, &expected), "centre %zu", i);
    }
}

Test(cache_search, three_slots_are_no_gap)
{
  /* Level 3 around 0: all slots but some have an entry in their middle. */
  uint64_t slot = drt_cache_level_slot(3);
  for (int over = 0; over < 2; over++) {
    drt_cache_clear(&cache);
    for (uint64_t i = 1; i <= 10; i++)
      for (int side = 0; side < 2; side++) {
        DrtKey key = { { side == 0 ? i * slot : -(i * slot), 0, 0, 0 } };
        if (side == 1 || i < 4 || i > 5)
          put(&key, 1);
      }
    if (over) {
      DrtKey six = { { 6 * slot, 0, 0, 0 } }, later = { { 6 * slot, 0, 0, 1 } };
      drt_store_drop(&store, drt_cache_remove(&cache, (uint32_t)drt_cache_find(&cache, &six)));
      put(&later, 1);
    }
    DrtKey middle;
    unsigned precision;
    cr_expect(eq(int, level_gap(&DRT_KEY_ZERO, 3, 3, nothing_known, &middle, &precision), over),
              "7.11: wider than three slots, by %d", over);
  }
}

/* Level 0 around 80 hardly has a gap but the one from d0 to 30, wherever the array is cut. */
Test(cache_search, a_gap_of_the_whole_ring_may_lie_across_the_cut)
{
  put_bytes((const uint8_t[]){ 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, END });
  DrtKey centre = test_key_byte(0x80);
  for (int i = 0; i < 256; i++) {
    DrtKey middle = DRT_KEY_ONE, origin = test_key_byte((uint8_t)i);
    unsigned precision = 0;
    drt_cache_rebase(&cache, &origin);
    cr_expect(level_gap(&centre, 0, 3, nothing_known, &middle, &precision));
    cr_expect(drt_key_is_zero(&middle), "origin %02x", i);
    cr_expect(eq(u32, precision, 3u), "2^253 <= 30 00..., origin %02x", i);
  }
}

Test(cache_search, the_centre_ends_a_gap)
{
  put_bytes((const uint8_t[]){ 0x40, 0xc0, END });
  DrtKey centre = test_key_byte(0x90), middle;
  unsigned precision;
  cr_expect(level_gap(&centre, 0, 3, nothing_known, &middle, &precision));
  cr_expect(drt_key_is_zero(&middle), "from c0 to 40, not from 40 to c0");
  cr_expect(eq(u32, precision, 2u), "2^254 is half of it");
}

/* Known: what a leaf set of these keys around 00 reaches; what is left over. */
static const struct {
  const char *name;
  uint8_t keys[LIST_MAX];
  bool exact; /* the keys end in zeros; otherwise in random bits */
  bool gap;
} known_cases[] = {
  { "five keys: everything is known", { 0x2a, 0x54, 0x7e, 0xa8, 0xd2, END }, true, false },
  { "whatever their last bits", { 0x2a, 0x54, 0x7e, 0xa8, 0xd2, END }, false, false },
  { "what is above is known from below",
    { 0x01, 0x02, 0x03, 0x04, 0x05, 0x40, 0x80, END },
    true,
    false },
  { "whatever their last bits", { 0x01, 0x02, 0x03, 0x04, 0x05, 0x40, 0x80, END }, false, false },
  { "what is below is known from above",
    { 0x80, 0xc0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, END },
    true,
    false },
  { "both reach the same entry opposite",
    { 0x10, 0x20, 0x30, 0x40, 0x80, 0xc0, 0xd0, 0xe0, 0xf0, END },
    false,
    false },
  { "they do not meet",
    { 0x10, 0x20, 0x30, 0x38, 0x40, 0xc0, 0xc8, 0xd0, 0xe0, 0xf0, END },
    true,
    true },
  { "they do not meet",
    { 0x10, 0x20, 0x30, 0x38, 0x40, 0xc0, 0xc8, 0xd0, 0xe0, 0xf0, END },
    false,
    true },
};

Test(cache_search, what_the_leaf_set_knows_is_no_gap)
{
  for (size_t i = 0; i < COUNT(known_cases); i++)
    for (int o = 0; o < 256; o += 16) {
      DrtKey origin = test_key_byte((uint8_t)o), middle;
      TestRandom random = { i };
      DrtLeafset set;
      unsigned precision;
      drt_cache_clear(&cache);
      drt_cache_rebase(&cache, &origin);
      drt_leafset_init(&set, &DRT_KEY_ZERO);
      for (const uint8_t *byte = known_cases[i].keys; *byte != END; byte++) {
        DrtKey key = test_key_byte(*byte);
        for (int w = 1; w < 4 && !known_cases[i].exact; w++)
          key.w[w] = test_random(&random);
        put(&key, *byte);
      }
      for (uint32_t k = 0; k < cache.n; k++)
        drt_leafset_offer(&set, &store, cache.handles[k]);
      uint64_t known[2] = { set.reach[DRT_ABOVE][set.n[DRT_ABOVE] - 1],
                            set.reach[DRT_BELOW][set.n[DRT_BELOW] - 1] };
      cr_expect(
        eq(int, level_gap(&DRT_KEY_ZERO, 0, 3, known, &middle, &precision), known_cases[i].gap),
        "%s, origin %02x", known_cases[i].name, o);
      cr_expect(level_gap(&DRT_KEY_ZERO, 0, 3, nothing_known, &middle, &precision),
                "there is one for who knows nothing: %s", known_cases[i].name);
    }
}

Test(cache_search, an_empty_cache_has_gaps_around_a_centre_only)
{
  DrtKey centre = test_key_byte(0x80), middle;
  unsigned precision;
  cr_expect(not(level_gap(&centre, 0, 3, nothing_known, &middle, &precision)));
  for (uint8_t level = 1; level < DRT_CACHE_LEVELS_MAX; level++) {
    cr_expect(level_gap(&centre, level, 3, nothing_known, &middle, &precision));
    DrtKey distance = drt_key_up(&centre, &middle);
    cr_expect(eq(u64, distance.w[0], drt_cache_level_half(level) / 2), "level %u", level);
  }
}

/* The model: the keys in a list without order. */
#define POOL 64
typedef struct {
  TestRandom random;
  uint64_t seed;
  uint32_t n;
  DrtKey key[POOL], base;
  DrtHandle handle[POOL];
  DrtEndpoint endpoint[POOL];
  TestKeys kind;
} World;

static DrtKey
random_key(World *world)
{
  if (world->n > 0 && test_random_once_in(&world->random, 3))
    return world->key[test_random_below(&world->random, world->n)];
  return test_keys_next(&world->random,
                        test_random_once_in(&world->random, 4) ? TEST_KEYS_MIXED : world->kind,
                        &world->base);
}

/* Nodes are few, so an endpoint of a path stands for several entries. */
static void
make_world(World *world, uint64_t seed)
{
  *world = (World){ .random = { seed }, .seed = seed };
  world->kind = (TestKeys)(seed % TEST_KEYS_KINDS);
  world->base = test_keys_base(&world->random);
  uint32_t wanted = seed % 3 == 0 ? (uint32_t)(seed / 3 % 13) : POOL;
  drt_cache_init(&cache, &store, &world->base);
  for (uint32_t tries = 0; tries < 2 * wanted && world->n < wanted; tries++) {
    DrtKey key = test_keys_next(&world->random, world->kind, &world->base);
    if (drt_cache_find(&cache, &key) >= 0)
      continue;
    TestRoute route;
    uint32_t node = test_random_below(&world->random, 20);
    put(&key, node);
    test_route_fill(&route, &key, 4000, node, 1);
    world->key[world->n] = key;
    world->handle[world->n] = drt_store_find(&store, &route.route);
    world->endpoint[world->n++] = drt_route_endpoint(&route.route, 0);
  }
}

static bool
on_path(const World *world, uint32_t i, const DrtCacheFilter *filter)
{
  for (size_t k = 0; k < filter->path_count; k++)
    if (memcmp(&world->endpoint[i], &filter->path[k], sizeof filter->path[k]) == 0)
      return true;
  return false;
}

static DrtCacheFilter
random_filter(World *world, DrtEndpoint path[4], DrtKey *bound)
{
  DrtCacheFilter filter = { .path = path };
  if (world->n > 0 && test_random_once_in(&world->random, 2))
    for (; filter.path_count < 4 && !test_random_once_in(&world->random, 4); filter.path_count++)
      path[filter.path_count] = world->endpoint[test_random_below(&world->random, world->n)];
  *bound = random_key(world);
  if (test_random_once_in(&world->random, 2))
    filter.bound = bound;
  else if (test_random_once_in(&world->random, 2))
    filter.within = bound; /* as good a distance as a key */
  return filter;
}

/* The best of the list that is not taken yet, or -1. */
static int
next_closest(const World *world, const DrtKey *target, const DrtCacheFilter *filter,
             const bool taken[POOL])
{
  int best = -1;
  for (uint32_t i = 0; i < world->n; i++) {
    if (taken[i] || on_path(world, i, filter))
      continue;
    if (filter->bound != NULL) {
      TestNumber here = test_ring_dist(&world->key[i], target);
      TestNumber there = test_ring_dist(filter->bound, target);
      if (test_number_compare(&here, &there) >= 0)
        continue;
    } else if (filter->within != NULL) {
      TestNumber here = test_ring_dist(&world->key[i], target);
      TestNumber there = test_number(filter->within);
      if (test_number_compare(&here, &there) > 0)
        continue;
    }
    if (best < 0 || test_ring_before(&world->key[i], &world->key[best], target))
      best = (int)i;
  }
  return best;
}

static void
try_closest(World *world)
{
  DrtKey bound, target = random_key(world);
  DrtEndpoint path[4];
  DrtCacheFilter filter = random_filter(world, path, &bound);
  DrtHandle found[FOUND_MAX];
  uint32_t max = test_random_below(&world->random, test_random_once_in(&world->random, 4) ? 70 : 5);
  uint32_t n = drt_cache_closest(&cache, &target, &filter, found, max);
  bool taken[POOL] = { false };
  for (uint32_t k = 0; k < max; k++) {
    int best = next_closest(world, &target, &filter, taken);
    test_must((best >= 0) == (k < n), "%u of %u found, seed %" PRIu64, n, max, world->seed);
    if (best < 0)
      return;
    test_must(found[k] == world->handle[best], "place %u, seed %" PRIu64, k, world->seed);
    taken[best] = true;
  }
  test_must(n == max, "seed %" PRIu64, world->seed);
}

/* The next in one direction that is not taken yet and not @key, or -1. */
static int
next_beside(const World *world, const DrtKey *key, DrtSide side, const bool taken[POOL])
{
  int best = -1;
  TestNumber least = { { 0 } };
  for (uint32_t i = 0; i < world->n; i++) {
    TestNumber far =
      side == DRT_ABOVE ? test_ring_up(key, &world->key[i]) : test_ring_up(&world->key[i], key);
    if (taken[i] || memcmp(key, &world->key[i], sizeof *key) == 0)
      continue;
    if (best < 0 || test_number_compare(&far, &least) < 0) {
      best = (int)i;
      least = far;
    }
  }
  return best;
}

static void
try_sides(World *world)
{
  DrtKey bound, key = random_key(world);
  DrtEndpoint path[4];
  DrtCacheFilter filter = random_filter(world, path, &bound);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    bool taken[POOL] = { false };
    DrtHandle beside = DRT_HANDLE_NONE;
    DrtCacheWalk walk = drt_cache_walk(&cache, &key, side);
    for (;;) {
      int next = next_beside(world, &key, side, taken);
      DrtHandle got = drt_cache_walk_next(&walk);
      test_must(got == (next < 0 ? DRT_HANDLE_NONE : world->handle[next]), "seed %" PRIu64,
                world->seed);
      if (next < 0)
        break;
      taken[next] = true;
      if (beside == DRT_HANDLE_NONE && !on_path(world, (uint32_t)next, &filter))
        beside = got;
    }
    test_must(drt_cache_beside(&cache, &key, side, &filter) == beside, "seed %" PRIu64,
              world->seed);
  }
}

static void
try_spread(World *world)
{
  DrtHandle found[FOUND_MAX];
  uint64_t random = test_random(&world->random);
  if (test_random_once_in(&world->random, 2))
    random = random_key(world).w[0];
  uint32_t max = test_random_below(&world->random, 24);
  uint32_t n = drt_cache_spread(&cache, random, found, max);
  test_must(n == (max < world->n ? max : world->n), "seed %" PRIu64, world->seed);
  bool chosen[POOL] = { false };
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < world->n; k++)
      if (found[i] == world->handle[k]) {
        test_must(!chosen[k], "twice, seed %" PRIu64, world->seed);
        chosen[k] = true;
      }
  for (uint32_t arc = 0; arc < max; arc++) {
    bool any = false, one = false;
    for (uint32_t k = 0; k < world->n; k++) {
      uint64_t place = (world->key[k].w[0] - random) / (UINT64_MAX / max);
      if (place == arc || (arc == max - 1 && place > arc)) {
        any = true;
        one |= chosen[k];
      }
    }
    test_must(one == any || (any && n == world->n), "arc %u of %u, seed %" PRIu64, arc, max,
              world->seed);
  }
}

/* A stretch of the model: from one offset above the centre to another; to == 0 is a full turn. */
typedef struct {
  TestNumber from, to;
} Stretch;

static bool
is_zero(const TestNumber *number)
{
  TestNumber zero = { { 0 } };
  return test_number_compare(number, &zero) == 0;
}

static int
by_offset(const void *a, const void *b)
{
  return test_number_compare(a, b);
}

/* All stretches of a level, those of the leaf set left out. */
static uint32_t
model_stretches(const World *world, const DrtKey *centre, uint8_t level, const DrtLeafset *set,
                Stretch ret[2 * POOL + 4])
{
  TestNumber zero = { { 0 } }, end[2], offsets[POOL + 2] = { { { 0 } } };
  uint32_t points = 1, n = 0; /* the centre is one */
  for (uint32_t i = 0; i < world->n; i++)
    if (memcmp(centre, &world->key[i], sizeof *centre) != 0)
      offsets[points++] = test_ring_up(centre, &world->key[i]);
  qsort(offsets, points, sizeof *offsets, by_offset);
  if (level == 0 && points == 1)
    return 0;
  DrtKey half = { { drt_cache_level_half(level), 0, 0, 0 } };
  TestNumber upper = test_number(&half), lower = test_number_sub(zero, upper);
  for (uint32_t i = 0; i < points; i++) {
    TestNumber from = offsets[i], to = i + 1 < points ? offsets[i + 1] : zero;
    bool full = is_zero(&to);
    if (level == 0) {
      ret[n++] = (Stretch){ from, to };
      continue;
    }
    if (test_number_compare(&from, &upper) < 0)
      ret[n++] = (Stretch){ from, !full && test_number_compare(&to, &upper) < 0 ? to : upper };
    if (full || test_number_compare(&to, &lower) > 0)
      ret[n++] = (Stretch){ test_number_compare(&from, &lower) > 0 ? from : lower, to };
  }
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtHandle farthest = drt_leafset_farthest(set, side);
    end[side] = farthest == DRT_HANDLE_NONE ? zero
                : side == DRT_ABOVE         ? test_ring_up(centre, drt_store_key(&store, farthest))
                                            : test_ring_up(drt_store_key(&store, farthest), centre);
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < n; i++) {
    TestNumber below = test_number_sub(zero, ret[i].from);
    bool known = (!is_zero(&ret[i].to) && test_number_compare(&ret[i].to, &end[DRT_ABOVE]) <= 0) ||
                 (!is_zero(&ret[i].from) && test_number_compare(&below, &end[DRT_BELOW]) <= 0);
    if (!known)
      ret[kept++] = ret[i];
  }
  return kept;
}

/* Keys that share @precision bits with @middle lie within the stretch, with one bit less they would
 * not have to. */
static void
check_precision(const World *world, const Stretch *stretch, const DrtKey *centre,
                const DrtKey *middle, unsigned precision)
{
  TestNumber width = test_number_sub(stretch->to, stretch->from);
  TestNumber offset = test_ring_up(centre, middle);
  TestNumber at = test_number(middle), half = test_number_half(width), block = { { 0 } };
  test_must(precision >= 1 && precision <= 256, "seed %" PRIu64, world->seed);
  if (precision > 1) {
    unsigned bit = precision - 2; /* a block of one bit less is this bit */
    block.digit[bit / 8] = (uint8_t)(0x80 >> bit % 8);
    test_must(test_number_compare(&block, &half) > 0, "too many bits, seed %" PRIu64, world->seed);
  }
  TestNumber low = at, high = at;
  for (unsigned bit = precision; bit < 256; bit++) {
    low.digit[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    high.digit[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
  }
  TestNumber down = test_number_sub(at, low), up = test_number_sub(high, at);
  TestNumber to_from = test_number_sub(offset, stretch->from);
  TestNumber to_to = test_number_sub(stretch->to, offset);
  test_must(test_number_compare(&down, &to_from) < 0, "outside below, seed %" PRIu64, world->seed);
  test_must(test_number_compare(&up, &to_to) < 0, "outside above, seed %" PRIu64, world->seed);
}

static void
try_gap(World *world)
{
  static Stretch stretches[2 * POOL + 4];
  DrtKey middle, centre = random_key(world);
  unsigned precision;
  uint8_t level = (uint8_t)test_random_below(&world->random, DRT_CACHE_LEVELS_MAX);
  DrtLeafset set;
  drt_leafset_init(&set, &centre);
  uint64_t known[2] = { 0, 0 };
  if (test_random_once_in(&world->random, 2))
    for (uint32_t i = 0; i < world->n; i++)
      drt_leafset_offer(&set, &store, world->handle[i]);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    known[side] = set.n[side] == 0 ? 0 : set.reach[side][set.n[side] - 1];
  uint32_t n = model_stretches(world, &centre, level, &set, stretches);
  TestNumber widest = { { 0 } };
  for (uint32_t i = 0; i < n; i++) {
    TestNumber width = test_number_sub(stretches[i].to, stretches[i].from);
    if (test_number_compare(&width, &widest) > 0)
      widest = width;
  }
  DrtKey three = { { 3 * drt_cache_level_slot(level), 0, 0, 0 } };
  TestNumber least = test_number(&three);
  bool gap = level_gap(&centre, level, 3, known, &middle, &precision);
  test_must(gap == (test_number_compare(&widest, &least) > 0), "level %u, seed %" PRIu64, level,
            world->seed);
  if (!gap)
    return;
  /* Of several that are equally wide any will do. */
  TestNumber offset = test_ring_up(&centre, &middle), half = test_number_half(widest);
  for (uint32_t i = 0; i < n; i++) {
    TestNumber width = test_number_sub(stretches[i].to, stretches[i].from);
    TestNumber up = test_number_sub(offset, stretches[i].from);
    TestNumber down = test_number_sub(stretches[i].to, offset);
    if (test_number_compare(&width, &widest) == 0 &&
        (test_number_compare(&up, &half) == 0 || test_number_compare(&down, &half) == 0)) {
      check_precision(world, &stretches[i], &centre, &middle, precision);
      return;
    }
  }
  cr_fatal("not in the middle of a widest gap, level %u, seed %" PRIu64, level, world->seed);
}

Test(cache_search, agrees_with_a_plain_list)
{
  static World world;
  for (uint64_t seed = 0; seed < 300; seed++) {
    set_up();
    make_world(&world, seed);
    for (int query = 0; query < 60; query++) {
      switch (test_random_below(&world.random, 12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        try_closest(&world);
        break;
      case 4:
        try_sides(&world);
        break;
      case 5:
      case 6:
        try_spread(&world);
        break;
      case 7: {
        DrtKey origin = random_key(&world);
        drt_cache_rebase(&cache, &origin);
        break;
      }
      default:
        try_gap(&world);
      }
      const char *broken = drt_cache_check(&cache);
      test_must(broken == NULL, "%s, seed %" PRIu64, broken, seed);
    }
    tear_down();
  }
  set_up();
}
