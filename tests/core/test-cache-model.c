/* The route cache (drt-core/table/drt-cache.h) against a plain list: the slots, limits and ages of
 * mc-drt 5.4 (H35) written down once more, for random keys, operations and failures of memory. */
#include "drt-cache.h"

#include "drt-cache-private.h"
#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"
#include "test-ring.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>

static TestMemory memory;
static DrtStore store;
static DrtCache cache;
static DrtHandle evicted;

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

TestSuite(cache_model, .init = set_up, .fini = tear_down);

static uint64_t
half_of_level(unsigned level)
{
  uint64_t half = UINT64_C(1) << 63;
  for (; level > 0; level--)
    half /= 10;
  return half;
}

/* The model: a list without order, and rules written down once more. */
#define POOL 64
#define CENTRES 3
#define VARIANTS 3 /* two nodes, and the first with its addresses in another order */
typedef struct {
  bool in, pinned, proven;
  uint32_t variant; /* which of its handles */
  uint64_t heard;   /* the period */
} Known;

typedef struct {
  TestRandom random;
  uint64_t seed;
  uint32_t n; /* keys */
  DrtKey key[POOL];
  DrtHandle handle[POOL][VARIANTS];
  Known known[POOL];
  uint64_t now;
  DrtKey origin, centre[CENTRES];
  DrtCacheShape shape;
  uint64_t fail_after;     /* this take after the keys were made fails; 0: none */
  uint32_t without_memory; /* offers that failed for want of it */
  uint32_t shed;           /* entries */
} World;

static DrtCacheSlot
model_slot(const DrtCacheShape *shape, const DrtKey *key)
{
  DrtCacheSlot slot = { 0 };
  for (uint32_t i = 0; i < shape->centre_count; i++)
    if (test_ring_before(&shape->centres[i], &shape->centres[slot.centre], key))
      slot.centre = i;
  TestNumber up = test_ring_up(&shape->centres[slot.centre], key);
  slot.side = up.digit[0] < 128 ? DRT_ABOVE : DRT_BELOW;
  TestNumber distance = test_ring_dist(&shape->centres[slot.centre], key);
  uint64_t top = test_number_top(&distance);
  slot.level = shape->deepest;
  while (slot.level > 0 && top >= half_of_level(slot.level))
    slot.level--;
  while (slot.digit < 9 && top >= (slot.digit + 1u) * half_of_level(slot.level + 1u))
    slot.digit++;
  return slot;
}

static bool
competes(const World *world, uint32_t i)
{
  return world->known[i].in && !world->known[i].pinned;
}

static bool
in_slot(const World *world, const DrtCacheSlot *slot, uint32_t i)
{
  DrtCacheSlot other = model_slot(&world->shape, &world->key[i]);
  return slot->centre == other.centre && slot->side == other.side && slot->level == other.level &&
         slot->digit == other.digit;
}

static uint64_t
model_age(const World *world, uint32_t i)
{
  uint64_t age = world->now - world->known[i].heard;
  return age < DRT_CACHE_AGE_MAX ? age : DRT_CACHE_AGE_MAX;
}

/* Leaves the longest unheard of in @victims; their age. */
static uint64_t
keep_oldest(const World *world, bool victims[POOL])
{
  uint64_t oldest = 0;
  for (uint32_t k = 0; k < world->n; k++)
    if (victims[k] && model_age(world, k) > oldest)
      oldest = model_age(world, k);
  for (uint32_t k = 0; k < world->n; k++)
    victims[k] = victims[k] && model_age(world, k) == oldest;
  return oldest;
}

static uint32_t
model_limit(const World *world)
{
  return 20u * (world->shape.deepest + 1u) + (world->shape.spare ? 20 : 0);
}

/* What an offer of key @i without a pin, or unpinning it, must do; who may have to go for it. */
static DrtCacheVerdict
model_admit(const World *world, uint32_t i, bool ret_victims[POOL])
{
  uint32_t n = 0, competing = 0, occupants = 0;
  DrtCacheSlot slot = model_slot(&world->shape, &world->key[i]);
  for (uint32_t k = 0; k < world->n; k++) {
    n += world->known[k].in && k != i;
    competing += competes(world, k);
    ret_victims[k] = competes(world, k) && in_slot(world, &slot, k);
    occupants += ret_victims[k];
  }
  bool room = n < 10 || (competing < model_limit(world) && (occupants == 0 || world->shape.spare));
  for (uint32_t k = 0; k < world->n; k++)
    ret_victims[k] = !room && (occupants == 0 ? competes(world, k) : ret_victims[k]);
  uint64_t oldest = keep_oldest(world, ret_victims);
  return room || oldest > 2 ? DRT_CACHE_ADDED : DRT_CACHE_REFUSED;
}

/* Who may be shed; nobody if there are not too many. */
static void
model_shed(const World *world, bool ret_victims[POOL])
{
  uint32_t competing = 0, sharing = 0;
  for (uint32_t k = 0; k < world->n; k++) {
    DrtCacheSlot slot = model_slot(&world->shape, &world->key[k]);
    ret_victims[k] = false;
    for (uint32_t j = 0; j < world->n; j++)
      ret_victims[k] |=
        j != k && competes(world, k) && competes(world, j) && in_slot(world, &slot, j);
    competing += competes(world, k);
    sharing += ret_victims[k];
  }
  for (uint32_t k = 0; k < world->n; k++)
    ret_victims[k] =
      competing > model_limit(world) && (sharing == 0 ? competes(world, k) : ret_victims[k]);
  keep_oldest(world, ret_victims);
}

static TestNumber
model_place(const World *world, const DrtKey *key)
{
  TestNumber place = test_ring_up(&world->origin, key);
  place.digit[0] ^= 0x80;
  return place;
}

static void
check_world(const World *world)
{
  const char *broken = drt_cache_check(&cache);
  test_must(broken == NULL, "%s, seed %" PRIu64, broken, world->seed);
  uint32_t n = 0, pinned = 0;
  for (uint32_t i = 0; i < world->n; i++) {
    const Known *known = &world->known[i];
    int32_t at = drt_cache_find(&cache, &world->key[i]);
    test_must((at >= 0) == known->in, "key %u, seed %" PRIu64, i, world->seed);
    for (uint32_t v = 0; v < VARIANTS; v++)
      test_must(drt_store_entry(&store, world->handle[i][v])->references ==
                  1u + (known->in && known->variant == v),
                "key %u, seed %" PRIu64, i, world->seed);
    if (!known->in)
      continue;
    n++;
    pinned += known->pinned;
    test_must(cache.handles[at] == world->handle[i][known->variant], "seed %" PRIu64, world->seed);
    test_must(drt_cache_is_pinned(&cache, (uint32_t)at) == known->pinned, "seed %" PRIu64,
              world->seed);
    test_must(drt_cache_is_proven(&cache, (uint32_t)at) == known->proven, "seed %" PRIu64,
              world->seed);
    test_must(drt_cache_age(&cache, (uint32_t)at) == model_age(world, i), "seed %" PRIu64,
              world->seed);
  }
  TestNumber last = { { 0 } };
  for (uint32_t at = 0; at < cache.n; at++) {
    TestNumber place = model_place(world, drt_cache_key(&cache, at));
    test_must(at == 0 || test_number_compare(&last, &place) < 0, "out of order, seed %" PRIu64,
              world->seed);
    last = place;
  }
  test_must(cache.n == n && cache.pinned == pinned, "seed %" PRIu64, world->seed);
}

/* Takes the evicted entry out of the model: it must be one of @victims, if there are any. */
static void
drop_evicted(World *world, const bool victims[POOL])
{
  bool any = false;
  for (uint32_t k = 0; k < world->n; k++)
    any |= victims[k];
  test_must(any == (evicted != DRT_HANDLE_NONE), "seed %" PRIu64, world->seed);
  if (!any)
    return;
  for (uint32_t k = 0; k < world->n; k++)
    if (world->known[k].in && world->handle[k][world->known[k].variant] == evicted) {
      test_must(victims[k], "the wrong one had to go, seed %" PRIu64, world->seed);
      world->known[k] = (Known){ 0 };
      drt_store_drop(&store, evicted);
      return;
    }
  cr_fatal("who had to go was not there, seed %" PRIu64, world->seed);
}

static void
offer(World *world, uint32_t i)
{
  bool victims[POOL] = { 0 }, pin = test_random_once_in(&world->random, 5);
  uint32_t variant = test_random_below(&world->random, VARIANTS);
  Known *known = &world->known[i];
  DrtCacheVerdict expected = DRT_CACHE_ADDED;
  if (known->in)
    expected =
      (known->variant == 1) == (variant == 1) ? DRT_CACHE_KNOWN : DRT_CACHE_REPLACED; /* H38 */
  else if (!pin)
    expected = model_admit(world, i, victims);
  bool needs_victim = false;
  for (uint32_t k = 0; k < world->n; k++)
    needs_victim |= victims[k];
  TestMemory before = memory;
  bool would = drt_cache_would_admit(&cache, &world->shape, &world->key[i]);
  test_must(known->in || pin || would == (expected == DRT_CACHE_ADDED), "seed %" PRIu64,
            world->seed);
  DrtCacheVerdict verdict =
    drt_cache_offer(&cache, &world->shape, world->handle[i][variant], pin, &evicted);
  if (verdict == DRT_CACHE_NO_MEMORY) {
    test_must(expected == DRT_CACHE_ADDED && !needs_victim && memory.takes == before.takes + 1 &&
                memory.pieces == before.pieces,
              "seed %" PRIu64, world->seed);
    expected = verdict;
    world->without_memory++;
  }
  test_must(verdict == expected, "%d instead of %d, seed %" PRIu64, verdict, expected, world->seed);
  if (verdict == DRT_CACHE_ADDED)
    drop_evicted(world, victims);
  else if (verdict == DRT_CACHE_REPLACED)
    drt_store_drop(&store, evicted);
  else
    test_must(evicted == DRT_HANDLE_NONE, "seed %" PRIu64, world->seed);
  if (verdict == DRT_CACHE_REFUSED || verdict == DRT_CACHE_NO_MEMORY)
    return;
  known->proven = verdict == DRT_CACHE_KNOWN && known->proven;
  known->pinned = pin || known->pinned;
  known->in = true;
  if (verdict != DRT_CACHE_KNOWN)
    known->variant = variant;
  known->heard = world->now;
}

static void
unpin(World *world, uint32_t i, uint32_t at)
{
  bool victims[POOL] = { 0 };
  bool stays = !world->known[i].pinned || model_admit(world, i, victims) == DRT_CACHE_ADDED;
  if (!stays)
    for (uint32_t k = 0; k < world->n; k++)
      victims[k] = k == i;
  world->known[i].pinned = false;
  drt_cache_unpin(&cache, &world->shape, at, &evicted);
  drop_evicted(world, victims);
}

static void
shed(World *world)
{
  if (test_random_once_in(&world->random, 3)) {
    drt_cache_unpin_all(&cache);
    for (uint32_t i = 0; i < world->n; i++)
      world->known[i].pinned = false;
  }
  do {
    bool victims[POOL];
    model_shed(world, victims);
    evicted = drt_cache_shed(&cache, &world->shape);
    world->shed += evicted != DRT_HANDLE_NONE;
    drop_evicted(world, victims);
  } while (evicted != DRT_HANDLE_NONE);
  test_must(cache.n - cache.pinned <= model_limit(world), "seed %" PRIu64, world->seed);
}

static void
change_entry(World *world, uint32_t i)
{
  int32_t at = drt_cache_find(&cache, &world->key[i]);
  Known *known = &world->known[i];
  if (at < 0)
    return;
  switch (test_random_below(&world->random, 4)) {
  case 0:
    if (test_random_once_in(&world->random, 3)) {
      known->pinned = true;
      drt_cache_pin(&cache, (uint32_t)at);
    } else {
      unpin(world, i, (uint32_t)at);
    }
    break;
  case 1:
    known->proven = test_random_once_in(&world->random, 2);
    drt_cache_set_proven(&cache, (uint32_t)at, known->proven);
    break;
  case 2:
    known->heard = world->now;
    drt_cache_touch(&cache, (uint32_t)at);
    break;
  default:
    drt_store_drop(&store, drt_cache_remove(&cache, (uint32_t)at));
    *known = (Known){ 0 };
  }
}

static void
change_all(World *world, const DrtKey *base, TestKeys kind)
{
  switch (test_random_below(&world->random, 5)) {
  case 0:
    world->origin = test_random_once_in(&world->random, 2)
                      ? test_keys_next(&world->random, kind, base)
                      : world->centre[test_random_below(&world->random, CENTRES)];
    drt_cache_rebase(&cache, &world->origin);
    break;
  case 1:
    world->shape.deepest = (uint8_t)(test_random_below(&world->random, 2) *
                                     test_random_below(&world->random, DRT_CACHE_LEVELS_MAX));
    world->shape.centre_count = 1 + test_random_below(&world->random, CENTRES);
    world->shape.spare = test_random_once_in(&world->random, 4);
    break;
  case 2:
    shed(world);
    break;
  default:
    for (uint32_t i = test_random_below(&world->random, 9) < 8 ? 2 : 150; i > 0; i--) {
      world->now++;
      drt_cache_tick(&cache);
    }
  }
}

static void
intern_variants(const DrtKey *key, DrtHandle ret[VARIANTS])
{
  for (uint32_t v = 0; v < VARIANTS; v++) {
    TestRoute route;
    test_route_fill(&route, key, 4000, v == 1 ? 2 : 1, 2);
    if (v == 2) {
      route.addresses[DRT_ADDRESS_LEN - 1] = 1;
      route.addresses[2 * DRT_ADDRESS_LEN - 1] = 0;
    }
    ret[v] = drt_store_intern(&store, &route.route);
  }
}

static void
run_world(World *world, uint64_t seed, uint32_t keys, uint32_t operations)
{
  world->random = (TestRandom){ seed };
  world->seed = seed;
  TestKeys kind = (TestKeys)(seed % TEST_KEYS_KINDS);
  DrtKey base = test_keys_base(&world->random);
  for (uint32_t tries = 0; tries < 2 * keys && world->n < keys; tries++) {
    DrtKey key = test_keys_next(&world->random, kind, &base);
    bool twice = false;
    for (uint32_t i = 0; i < world->n; i++)
      twice |= memcmp(&world->key[i], &key, sizeof key) == 0;
    if (twice)
      continue;
    world->key[world->n] = key;
    intern_variants(&key, world->handle[world->n++]);
  }
  for (uint32_t i = 0; i < CENTRES; i++)
    world->centre[i] = i == 0 ? base : test_keys_next(&world->random, (TestKeys)(i * 3), &base);
  world->shape =
    (DrtCacheShape){ world->centre, 1, (uint8_t)(seed % DRT_CACHE_LEVELS_MAX), seed % 7 == 0 };
  drt_cache_init(&cache, &store, &base);
  world->origin = base;
  memory.fail_at = world->fail_after == 0 ? 0 : memory.takes + world->fail_after;
  for (uint32_t op = 0; op < operations; op++) {
    uint32_t i = test_random_below(&world->random, world->n),
             what = test_random_below(&world->random, 12);
    if (what < 8)
      offer(world, i);
    else if (what < 11)
      change_entry(world, i);
    else
      change_all(world, &base, kind);
    check_world(world);
  }
  drt_cache_clear(&cache);
  for (uint32_t i = 0; i < world->n; i++)
    for (uint32_t v = 0; v < VARIANTS; v++)
      test_must(drt_store_entry(&store, world->handle[i][v])->references == 1, "seed %" PRIu64,
                seed);
}

Test(cache_model, agrees_with_a_plain_list)
{
  uint32_t shed_count = 0;
  for (uint64_t seed = 0; seed < 200; seed++) {
    static World world;
    memset(&world, 0, sizeof world);
    set_up();
    run_world(&world, seed, seed % 4 == 0 ? 1 + (uint32_t)(seed / 4 % 12) : POOL, 250);
    shed_count += world.shed;
    tear_down();
  }
  cr_expect(gt(u32, shed_count, 100u), "it happens");
  set_up();
}

Test(cache_model, agrees_with_a_plain_list_while_memory_fails)
{
  for (uint64_t n = 1; n <= 3; n++)
    for (uint64_t seed = 1; seed < 6; seed++) {
      static World world;
      memset(&world, 0, sizeof world);
      set_up();
      world.fail_after = n;
      memory.fail_on = seed % 2;
      run_world(&world, 3 * TEST_KEYS_KINDS * seed, POOL, 250);
      test_must(world.without_memory > 0, "take %" PRIu64 ", seed %" PRIu64, n, seed);
      tear_down();
    }
  set_up();
}
