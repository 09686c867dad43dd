/* What the route cache keeps (drt-core/table/drt-cache.h): slots (mc-drt 5.4, H35), the ten entries
 * of requirement 3, the hard limit, pinned entries, ages, the order of the array whatever the
 * origin, and memory that fails. All of it against a plain list: test-cache-model.c. */
#include "drt-cache.h"

#include "drt-cache-private.h"
#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <signal.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

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

TestSuite(cache, .init = set_up, .fini = tear_down);

static const DrtCacheShape shape_of_six = { .centres = &DRT_KEY_ZERO,
                                            .centre_count = 1,
                                            .deepest = 6 };

static uint64_t
half_of_level(unsigned level)
{
  uint64_t half = UINT64_C(1) << 63;
  for (; level > 0; level--)
    half /= 10;
  return half;
}

Test(cache, a_level_is_a_tenth_of_the_last)
{
  for (unsigned level = 0; level < DRT_CACHE_LEVELS_MAX; level++) {
    cr_expect(eq(u64, drt_cache_level_half(level), half_of_level(level)), "level %u", level);
    cr_expect(eq(u64, drt_cache_level_slot(level), half_of_level(level + 1)), "20 slots, level %u",
              level);
  }
}

/* Distances from the only centre, 2^256 being 1000000000 (nine zeros), to be plain to read. */
#define UNIT (UINT64_MAX / 1000000000)
static const struct {
  const char *name;
  uint64_t distance;
  DrtSide away;
  uint8_t deepest, level, digit;
  DrtSide side;
} slots[] = {
  { "the centre", 0, DRT_ABOVE, 6, 6, 0, DRT_ABOVE },
  { "a third of the ring", 333333333, DRT_ABOVE, 6, 0, 6, DRT_ABOVE },
  { "a third, below", 333333333, DRT_BELOW, 6, 0, 6, DRT_BELOW },
  { "nearly opposite", 499999999, DRT_ABOVE, 6, 0, 9, DRT_ABOVE },
  { "just past the point opposite", 500000001, DRT_ABOVE, 6, 0, 9, DRT_BELOW },
  { "just outside of level 1", 50000001, DRT_ABOVE, 6, 0, 1, DRT_ABOVE },
  { "just inside of level 1", 49999999, DRT_ABOVE, 6, 1, 9, DRT_ABOVE },
  { "in the first outer slot of level 1", 5000001, DRT_BELOW, 6, 1, 1, DRT_BELOW },
  { "inside of level 2", 4999999, DRT_BELOW, 6, 2, 9, DRT_BELOW },
  { "in an inner slot, there is no deeper level", 4999999, DRT_BELOW, 1, 1, 0, DRT_BELOW },
  { "level 0 only: an inner slot", 49999999, DRT_ABOVE, 0, 0, 0, DRT_ABOVE },
  { "level 0 only: the next", 50000001, DRT_ABOVE, 0, 0, 1, DRT_ABOVE },
  { "the edge of level 6", 499, DRT_ABOVE, 6, 6, 9, DRT_ABOVE },
  { "one step in", 51, DRT_ABOVE, 6, 6, 1, DRT_ABOVE },
  { "down to level 9", 1, DRT_ABOVE, 9, 8, 2, DRT_ABOVE },
};

Test(cache, a_key_belongs_to_the_deepest_level_that_contains_it)
{
  const DrtKey centres[] = { { { 0 } }, { { UINT64_MAX, 1, 2, 3 } }, { { 1, 2, 3, 4 } } };
  for (size_t c = 0; c < COUNT(centres); c++)
    for (size_t i = 0; i < COUNT(slots); i++) {
      DrtKey distance = { { slots[i].distance * UNIT, 0, 0, 0 } };
      DrtKey key = slots[i].away == DRT_ABOVE ? drt_key_add(&centres[c], &distance)
                                              : drt_key_sub(&centres[c], &distance);
      DrtCacheShape shape = { &centres[c], 1, slots[i].deepest, false };
      DrtCacheSlot slot = drt_cache_slot(&shape, &key);
      cr_expect(eq(u8, slot.level, slots[i].level), "H35: %s, centre %zu", slots[i].name, c);
      cr_expect(eq(u8, slot.digit, slots[i].digit), "H35: %s, centre %zu", slots[i].name, c);
      cr_expect(eq(int, (int)slot.side, (int)slots[i].side), "H35: %s, centre %zu", slots[i].name,
                c);
    }
}

Test(cache, a_key_belongs_to_its_nearest_centre)
{
  static const struct {
    uint8_t key;
    uint32_t centre;
  } nearest[] = {
    { 0x20, 0 }, { 0x2f, 0 }, { 0x30, 1 }, { 0x31, 1 }, { 0x40, 1 }, { 0x7f, 1 },
    { 0x80, 2 }, { 0xc0, 2 }, { 0xef, 2 }, { 0xf0, 0 }, { 0x00, 0 },
  };
  const DrtKey centres[] = { test_key_byte(0x20), test_key_byte(0x40), test_key_byte(0xc0) };
  DrtCacheShape shape = { centres, 3, 3, false };
  for (size_t i = 0; i < COUNT(nearest); i++) {
    DrtKey key = test_key_byte(nearest[i].key);
    cr_expect(eq(u32, drt_cache_slot(&shape, &key).centre, nearest[i].centre),
              "a tie goes to the centre above: %02x", nearest[i].key);
  }
}

static DrtHandle
intern_at(uint64_t top, uint32_t node)
{
  DrtKey key = { { top, 0, 0, 0 } };
  return test_intern(&store, &key, node);
}

/* Offers a key; the cache is the only owner afterwards. */
static DrtCacheVerdict
offer_at(const DrtCacheShape *shape, uint64_t top, bool pin)
{
  DrtHandle handle = intern_at(top, 1);
  DrtCacheVerdict verdict = drt_cache_offer(&cache, shape, handle, pin, &evicted);
  drt_store_drop(&store, handle);
  cr_assert_null(drt_cache_check(&cache));
  return verdict;
}

static uint32_t
index_of(uint64_t top)
{
  DrtKey key = { { top, 0, 0, 0 } };
  int32_t i = drt_cache_find(&cache, &key);
  cr_assert(ge(int, i, 0), "%" PRIx64 " is not there", top);
  return (uint32_t)i;
}

static void
tick(uint32_t periods)
{
  for (uint32_t i = 0; i < periods; i++)
    drt_cache_tick(&cache);
}

/* Keys in one slot, level 0, digit 5. */
#define SLOT_5 (UINT64_C(0x44) << 56)
static void
fill_one_slot(uint32_t n)
{
  for (uint64_t i = 0; i < n; i++)
    cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + i, false), DRT_CACHE_ADDED));
}

Test(cache, ten_entries_are_kept_whatever_their_slot)
{
  fill_one_slot(10);
  cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 10, false), DRT_CACHE_REFUSED),
            "5.4: ten by requirement 3, then one a slot");
  cr_expect(eq(int, (int)offer_at(&shape_of_six, UINT64_C(0x74) << 56, false), DRT_CACHE_ADDED),
            "another slot is free");
  cr_expect(eq(u32, cache.n, 11u));
}

Test(cache, tells_what_it_would_refuse)
{
  DrtKey same_slot = { { SLOT_5 + 10, 0, 0, 0 } }, elsewhere = test_key_byte(0x74);
  fill_one_slot(9);
  cr_expect(drt_cache_would_admit(&cache, &shape_of_six, &same_slot), "the tenth");
  offer_at(&shape_of_six, SLOT_5 + 9, false);
  cr_expect(not(drt_cache_would_admit(&cache, &shape_of_six, &same_slot)), "the eleventh");
  cr_expect(drt_cache_would_admit(&cache, &shape_of_six, &elsewhere), "another slot");
  tick(3);
  cr_expect(drt_cache_would_admit(&cache, &shape_of_six, &same_slot), "in place of a stale one");
  cr_expect(eq(u32, cache.n, 10u), "nobody came or went");
}

Test(cache, there_is_no_level_10, .signal = SIGABRT)
{
  DrtCacheShape shape = { &DRT_KEY_ZERO, 1, 10, false };
  drt_cache_slot(&shape, &DRT_KEY_ZERO);
}

Test(cache, a_shape_of_11_levels_is_seen_at_the_first_offer, .signal = SIGABRT)
{
  DrtCacheShape shape = { &DRT_KEY_ZERO, 1, 10, false };
  offer_at(&shape, 1, false);
}

Test(cache, a_slot_is_kept_for_two_periods)
{
  static const struct {
    uint32_t periods;
    DrtCacheVerdict verdict;
  } waits[] = { { 0, DRT_CACHE_REFUSED },
                { 1, DRT_CACHE_REFUSED },
                { 2, DRT_CACHE_REFUSED },
                { 3, DRT_CACHE_ADDED },
                { 200, DRT_CACHE_ADDED } };
  for (size_t i = 0; i < COUNT(waits); i++) {
    drt_cache_clear(&cache);
    fill_one_slot(10);
    tick(waits[i].periods);
    cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 10, false), (int)waits[i].verdict),
              "H35: %u periods", waits[i].periods);
    cr_expect(eq(u32, cache.n, 10u), "in place of another");
    drt_store_drop(&store, evicted);
  }
}

Test(cache, the_one_not_heard_of_for_longest_has_to_go)
{
  fill_one_slot(10);
  tick(3);
  for (uint64_t i = 0; i < 10; i++)
    if (i != 7)
      drt_cache_touch(&cache, index_of(SLOT_5 + i));
  cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 10, false), DRT_CACHE_ADDED));
  cr_expect(eq(u64, drt_store_key(&store, evicted)->w[0], SLOT_5 + 7));
  cr_expect(eq(u32, drt_store_entry(&store, evicted)->references, 1u), "transfer full");
  drt_store_drop(&store, evicted);
}

Test(cache, pinned_entries_neither_compete_nor_go)
{
  for (uint64_t i = 0; i < 12; i++)
    offer_at(&shape_of_six, SLOT_5 + i, true);
  cr_expect(eq(u32, cache.n, 12u), "pinned: always kept");
  tick(70);
  cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 12, false), DRT_CACHE_ADDED));
  cr_expect(eq(u32, evicted, DRT_HANDLE_NONE), "the slot counts as free");
  cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 13, false), DRT_CACHE_REFUSED));
}

Test(cache, pinning_is_not_undone_by_an_offer)
{
  offer_at(&shape_of_six, 1, true);
  cr_expect(eq(int, (int)offer_at(&shape_of_six, 1, false), DRT_CACHE_KNOWN));
  cr_expect(drt_cache_is_pinned(&cache, 0));
  offer_at(&shape_of_six, 2, false);
  cr_expect(eq(int, (int)offer_at(&shape_of_six, 2, true), DRT_CACHE_KNOWN));
  cr_expect(drt_cache_is_pinned(&cache, index_of(2)));
  cr_expect(eq(u32, cache.pinned, 2u));
  drt_cache_pin(&cache, 0);
  cr_expect(eq(u32, cache.pinned, 2u), "pinned twice is pinned once");
}

/* Entries that need no slot, so that there are more than ten. */
static void
fill_elsewhere(uint32_t n)
{
  for (uint64_t i = 0; i < n; i++)
    cr_assert(
      eq(int, (int)offer_at(&shape_of_six, (i + 11) * half_of_level(1), true), DRT_CACHE_ADDED));
}

/* Unpins the entry, and says who had to go: the last digits of its key, or -1. */
static int
unpin_at(const DrtCacheShape *shape, uint64_t top)
{
  drt_cache_unpin(&cache, shape, index_of(top), &evicted);
  cr_assert_null(drt_cache_check(&cache));
  if (evicted == DRT_HANDLE_NONE)
    return -1;
  int digits = (int)(drt_store_key(&store, evicted)->w[0] & 0xff);
  cr_expect(eq(u32, drt_store_entry(&store, evicted)->references, 1u), "transfer full");
  drt_store_drop(&store, evicted);
  return digits;
}

/* The entry 1 of a slot is unpinned; what is said here of entry 2 decides. */
static const struct {
  const char *name;
  uint32_t others, ticks; /* entries elsewhere; periods since entry 2 was heard of */
  bool there, pinned;
  int gone;
} unpins[] = {
  { "nobody else has its slot", 12, 0, false, false, -1 },
  { "who is pinned does not compete", 12, 0, true, true, -1 },
  { "a fresh one has it", 12, 0, true, false, 1 },
  { "two periods are fresh", 12, 2, true, false, 1 },
  { "three are stale", 12, 3, true, false, 2 },
  { "of ten none goes", 8, 0, true, false, -1 },
  { "not even a stale one", 8, 3, true, false, -1 },
  { "of eleven one does", 9, 0, true, false, 1 },
  { "or the stale one", 9, 3, true, false, 2 },
};

Test(cache, an_unpinned_entry_competes_at_once)
{
  for (size_t i = 0; i < COUNT(unpins); i++) {
    drt_cache_clear(&cache);
    if (unpins[i].there)
      offer_at(&shape_of_six, SLOT_5 + 2, unpins[i].pinned);
    fill_elsewhere(unpins[i].others);
    tick(unpins[i].ticks);
    offer_at(&shape_of_six, SLOT_5 + 1, true);
    uint32_t n = cache.n, pinned = cache.pinned;
    drt_cache_set_proven(&cache, index_of(SLOT_5 + 1), true);
    cr_expect(eq(int, unpin_at(&shape_of_six, SLOT_5 + 1), unpins[i].gone), "5.4: %s",
              unpins[i].name);
    cr_expect(eq(u32, cache.n, n - (unpins[i].gone >= 0)), "%s", unpins[i].name);
    cr_expect(eq(u32, cache.pinned, pinned - 1), "%s", unpins[i].name);
    if (unpins[i].gone == 1)
      continue;
    uint32_t at = index_of(SLOT_5 + 1);
    cr_expect(not(drt_cache_is_pinned(&cache, at)), "%s", unpins[i].name);
    cr_expect(drt_cache_is_proven(&cache, at), "%s", unpins[i].name);
    cr_expect(eq(u8, drt_cache_age(&cache, at), 0), "%s", unpins[i].name);
    cr_expect(eq(int, unpin_at(&shape_of_six, SLOT_5 + 1), -1), "once is enough: %s",
              unpins[i].name);
  }
}

Test(cache, an_entry_is_no_younger_for_being_unpinned)
{
  fill_elsewhere(12);
  offer_at(&shape_of_six, SLOT_5 + 1, true);
  tick(7);
  cr_expect(eq(int, unpin_at(&shape_of_six, SLOT_5 + 1), -1));
  cr_expect(eq(u8, drt_cache_age(&cache, index_of(SLOT_5 + 1)), 7));
  cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 2, false), DRT_CACHE_ADDED));
  cr_expect(eq(u64, drt_store_key(&store, evicted)->w[0], SLOT_5 + 1), "so it has to go at once");
  drt_store_drop(&store, evicted);
}

Test(cache, of_several_unpinned_in_turn_one_has_the_slot)
{
  for (int downwards = 0; downwards < 2; downwards++) {
    drt_cache_clear(&cache);
    fill_elsewhere(10);
    for (uint64_t i = 1; i <= 5; i++)
      offer_at(&shape_of_six, SLOT_5 + i, true);
    int first = downwards ? 5 : 1, step = downwards ? -1 : 1;
    cr_expect(eq(int, unpin_at(&shape_of_six, SLOT_5 + (uint64_t)first), -1), "the first stays");
    for (int i = 1; i < 5; i++)
      cr_expect(
        eq(int, unpin_at(&shape_of_six, SLOT_5 + (uint64_t)(first + i * step)), first + i * step),
        "the others go");
    tick(3);
    cr_expect(eq(int, (int)offer_at(&shape_of_six, SLOT_5 + 6, true), DRT_CACHE_ADDED));
    cr_expect(eq(int, unpin_at(&shape_of_six, SLOT_5 + 6), first), "who was first is stale now");
  }
}

/* 5.4: the hard limit, for a node that moved on 500 times: each entry was a leaf once. */
Test(cache, who_was_a_leaf_does_not_break_the_limit)
{
  TestRandom random = { 5 };
  for (uint32_t i = 0; i < 500; i++) {
    uint64_t top = half_of_level(i % 8) / (1 + i / 8) + test_random_below(&random, 1000);
    offer_at(&shape_of_six, i % 2 == 0 ? top : -top, true);
    if (i % 50 == 0)
      tick(1);
  }
  uint32_t n = cache.n;
  cr_assert(gt(u32, n, 400u));
  for (uint32_t i = cache.n; i-- > 0;) {
    cr_assert(lt(u32, i, cache.n), "downwards, so there is one");
    drt_cache_unpin(&cache, &shape_of_six, i, &evicted);
    drt_store_drop(&store, evicted);
  }
  cr_expect(eq(u32, cache.pinned, 0u), "none was passed over");
  cr_expect(le(u32, cache.n, 140u), "20 for each of 7 levels");
  cr_expect(ge(u32, cache.n, 10u));
}

Test(cache, unpinning_keeps_to_the_limit)
{
  DrtCacheShape shape = { &DRT_KEY_ZERO, 1, 0, true };
  for (uint64_t i = 0; i < 40; i++)
    offer_at(&shape, SLOT_5 + 100 + i, false);
  tick(1);
  drt_cache_touch(&cache, index_of(SLOT_5 + 100));
  offer_at(&shape, 1, true);
  offer_at(&shape, 2, true);
  cr_expect(eq(int, unpin_at(&shape, 1), 1), "5.4: there are forty, and all are fresh");
  tick(2);
  cr_expect(ge(int, unpin_at(&shape, 2), 101), "in place of any that is stale");
  cr_expect(eq(u32, cache.n, 40u));
  drt_store_drop(&store, drt_cache_remove(&cache, index_of(2)));
  offer_at(&shape, SLOT_5 + 3, true);
  cr_expect(eq(int, unpin_at(&shape, SLOT_5 + 3), -1), "there is room, who cares for slots");
}

static bool
is_in_slot(const DrtCacheShape *shape, uint64_t top, const DrtKey *key)
{
  DrtKey place = { { top, 0, 0, 0 } };
  DrtCacheSlot one = drt_cache_slot(shape, &place), other = drt_cache_slot(shape, key);
  return one.side == other.side && one.level == other.level && one.digit == other.digit;
}

/* The last key is unregistered: of 20 entries in twenty slots and 110 in two of them 40 may stay,
 * and two that are pinned. */
Test(cache, sheds_what_is_too_many_but_not_the_spread)
{
  DrtKey centre = { { half_of_level(1) / 2, 0, 0, 0 } };
  DrtCacheShape none = { &centre, 1, 0, true };
  for (uint64_t slot = 1; slot <= 20; slot++)
    offer_at(&shape_of_six, slot * half_of_level(1), true);
  for (uint64_t i = 0; i < 110; i++) {
    offer_at(&shape_of_six, i % 2 == 0 ? SLOT_5 + i : i, true);
    tick(i % 8 == 0);
  }
  cr_expect(eq(u32, drt_cache_shed(&cache, &none), DRT_HANDLE_NONE), "pinned ones do not count");
  drt_cache_unpin_all(&cache);
  cr_expect(eq(u32, cache.n, 130u), "nobody goes by that");
  cr_expect(eq(u32, cache.pinned, 0u));
  cr_expect_null(drt_cache_check(&cache));
  drt_cache_pin(&cache, index_of(1));
  drt_cache_pin(&cache, index_of(SLOT_5));
  while ((evicted = drt_cache_shed(&cache, &none)) != DRT_HANDLE_NONE) {
    cr_expect(eq(u32, drt_store_entry(&store, evicted)->references, 1u), "transfer full");
    drt_store_drop(&store, evicted);
    cr_assert_null(drt_cache_check(&cache));
  }
  cr_expect(eq(u32, cache.n, 42u), "5.4");
  index_of(1);
  index_of(SLOT_5);
  index_of(SLOT_5 + 108); /* the youngest */
  for (uint64_t slot = 1; slot <= 20; slot++) {
    bool there = false;
    for (uint32_t i = 0; i < cache.n; i++)
      there |= is_in_slot(&none, slot * half_of_level(1), drt_cache_key(&cache, i));
    cr_expect(there, "5.4, requirement 3: nobody is left at %d twentieths", (int)slot);
  }
}

Test(cache, there_is_a_limit_of_twenty_for_each_level)
{
  DrtCacheShape shape = { &DRT_KEY_ZERO, 1, 0, false };
  fill_one_slot(10);
  for (uint64_t slot = 6; slot < 16; slot++)
    cr_expect(eq(int, (int)offer_at(&shape, slot * half_of_level(1) + 99, false), DRT_CACHE_ADDED),
              "slot %d is free", (int)slot);
  cr_expect(eq(int, (int)offer_at(&shape, 0, false), DRT_CACHE_REFUSED),
            "5.4: so is this one, but there are 20 for level 0, and all are fresh");
  cr_expect(eq(int, (int)offer_at(&shape, 0, true), DRT_CACHE_ADDED), "pinned ones do not count");
  tick(3);
  cr_expect(eq(int, (int)offer_at(&shape, half_of_level(1), false), DRT_CACHE_ADDED));
  cr_expect(ne(u32, evicted, DRT_HANDLE_NONE), "in place of any that is stale");
  cr_expect(eq(u32, cache.n, 21u));
  drt_store_drop(&store, evicted);
}

Test(cache, without_a_key_there_are_twenty_to_spare)
{
  DrtCacheShape shape = { &DRT_KEY_ZERO, 1, 0, true };
  for (uint64_t i = 0; i < 40; i++)
    cr_expect(eq(int, (int)offer_at(&shape, SLOT_5 + i, false), DRT_CACHE_ADDED), "5.4: %d",
              (int)i);
  cr_expect(eq(int, (int)offer_at(&shape, SLOT_5 + 40, false), DRT_CACHE_REFUSED));
}

Test(cache, a_known_key_may_come_with_another_address)
{
  DrtHandle old = intern_at(5, 1), new = intern_at(5, 2);
  cr_expect(
    eq(int, (int)drt_cache_offer(&cache, &shape_of_six, old, true, &evicted), DRT_CACHE_ADDED));
  drt_cache_set_proven(&cache, 0, true);
  tick(3);
  cr_expect(
    eq(int, (int)drt_cache_offer(&cache, &shape_of_six, old, false, &evicted), DRT_CACHE_KNOWN));
  cr_expect(eq(u32, evicted, DRT_HANDLE_NONE));
  cr_expect(drt_cache_is_proven(&cache, 0));
  cr_expect(eq(u8, drt_cache_age(&cache, 0), 0), "it was heard of now");
  tick(2);
  cr_expect(
    eq(int, (int)drt_cache_offer(&cache, &shape_of_six, new, false, &evicted), DRT_CACHE_REPLACED));
  cr_expect(eq(u32, evicted, old), "H38");
  cr_expect(eq(u32, cache.handles[0], new));
  cr_expect(not(drt_cache_is_proven(&cache, 0)), "the new address proves nothing (7.5)");
  cr_expect(drt_cache_is_pinned(&cache, 0));
  cr_expect(eq(u8, drt_cache_age(&cache, 0), 0));
  drt_store_drop(&store, evicted);
  cr_expect(eq(u32, drt_store_entry(&store, old)->references, 1u));
  cr_expect(eq(u32, drt_store_entry(&store, new)->references, 2u));
}

/* An entry with two addresses, but for @change. */
static DrtHandle
intern_changed(const char *change)
{
  TestRoute route;
  DrtKey key = { { 5, 0, 0, 0 } };
  test_route_fill(&route, &key, 4000, 1, 3);
  route.route.address_count = 2;
  uint8_t *last = &route.addresses[DRT_ADDRESS_LEN - 1]; /* 0, 1 and 2 in the three of them */
  if (strcmp(change, "order") == 0) {
    last[0] = 1;
    last[DRT_ADDRESS_LEN] = 0;
  } else if (strcmp(change, "one twice") == 0) {
    last[2 * DRT_ADDRESS_LEN] = 0;
    route.route.address_count = 3;
  } else if (strcmp(change, "one other") == 0) {
    last[0] = 2;
  } else if (strcmp(change, "one more") == 0) {
    route.route.address_count = 3;
  } else if (strcmp(change, "one less") == 0) {
    route.route.address_count = 1;
  } else if (strcmp(change, "port") == 0) {
    route.route.port++;
  } else if (strcmp(change, "major") == 0) {
    route.route.major++;
  } else if (strcmp(change, "minor") == 0) {
    route.route.minor++;
  }
  return drt_store_intern(&store, &route.route);
}

Test(cache, only_the_order_of_addresses_may_differ)
{
  static const struct {
    const char *change;
    DrtCacheVerdict verdict;
  } changes[] = { { "nothing", DRT_CACHE_KNOWN },     { "order", DRT_CACHE_KNOWN },
                  { "one twice", DRT_CACHE_KNOWN },   { "one other", DRT_CACHE_REPLACED },
                  { "one more", DRT_CACHE_REPLACED }, { "one less", DRT_CACHE_REPLACED },
                  { "port", DRT_CACHE_REPLACED },     { "major", DRT_CACHE_REPLACED },
                  { "minor", DRT_CACHE_REPLACED } };
  for (size_t i = 0; i < COUNT(changes); i++) {
    const char *name = changes[i].change;
    DrtHandle cached = intern_changed("nothing"), offered = intern_changed(name);
    bool known = changes[i].verdict == DRT_CACHE_KNOWN;
    drt_cache_clear(&cache);
    drt_cache_offer(&cache, &shape_of_six, cached, true, &evicted);
    drt_cache_set_proven(&cache, 0, true);
    tick(3);
    DrtCacheVerdict verdict = drt_cache_offer(&cache, &shape_of_six, offered, false, &evicted);
    cr_expect(eq(int, (int)verdict, (int)changes[i].verdict), "H38: %s", name);
    cr_expect(eq(u32, cache.handles[0], known ? cached : offered), "%s: which one is kept", name);
    cr_expect(eq(u32, evicted, known ? DRT_HANDLE_NONE : cached), "%s", name);
    cr_expect(eq(int, drt_cache_is_proven(&cache, 0), known), "%s (7.5)", name);
    cr_expect(drt_cache_is_pinned(&cache, 0), "%s", name);
    cr_expect(eq(u8, drt_cache_age(&cache, 0), 0), "%s: it was heard of now", name);
    drt_store_drop(&store, evicted);
    drt_cache_clear(&cache);
    drt_store_drop(&store, cached);
    drt_store_drop(&store, offered);
    cr_expect(eq(u32, drt_store_count(&store), 0u), "%s: one reference each", name);
  }
}

Test(cache, a_removed_entry_belongs_to_the_caller)
{
  fill_one_slot(3);
  drt_cache_pin(&cache, 1);
  DrtHandle handle = drt_cache_remove(&cache, 1);
  cr_expect(eq(u32, drt_store_entry(&store, handle)->references, 1u));
  cr_expect(eq(u32, cache.n, 2u));
  cr_expect(eq(u32, cache.pinned, 0u));
  cr_expect(eq(u64, drt_cache_key(&cache, 1)->w[0], SLOT_5 + 2));
  drt_store_drop(&store, handle);
  cr_expect_null(drt_cache_check(&cache));
}

Test(cache, there_is_no_entry_behind_the_last, .signal = SIGABRT)
{
  fill_one_slot(3);
  drt_cache_remove(&cache, 3);
}

Test(cache, ages_are_right_for_400_periods)
{
  for (uint32_t start = 0; start < 130; start++) {
    drt_cache_clear(&cache);
    tick(start);
    fill_one_slot(2);
    for (uint32_t age = 0; age < 400; age++) {
      test_must(drt_cache_age(&cache, 0) == (age < 31 ? age : 31), "start %u, age %u", start, age);
      if (age == 90)
        drt_cache_touch(&cache, 1);
      uint32_t other = age < 90 ? age : age - 90;
      test_must(drt_cache_age(&cache, 1) == (other < 31 ? other : 31), "start %u", start);
      tick(1);
    }
  }
}

Test(cache, marks_do_not_touch_each_other)
{
  fill_one_slot(2);
  for (int bits = 0; bits < 8; bits++) {
    if (bits & 1)
      drt_cache_pin(&cache, 0);
    else
      drt_cache_unpin(&cache, &shape_of_six, 0, &evicted);
    drt_cache_set_proven(&cache, 0, bits & 2);
    if (bits & 4)
      drt_cache_touch(&cache, 0);
    cr_expect(eq(int, drt_cache_is_pinned(&cache, 0), bits & 1));
    cr_expect(eq(int, drt_cache_is_proven(&cache, 0), (bits & 2) != 0));
    cr_expect(not(drt_cache_is_proven(&cache, 1)));
    cr_expect_null(drt_cache_check(&cache));
    tick(1);
    cr_expect(eq(int, drt_cache_age(&cache, 0), (bits & 4) ? 1 : bits + 1));
  }
}

/* An order of the array that starts at 0x80 (opposite of 0) is turned to start elsewhere. */
Test(cache, rebase_turns_the_array)
{
  static const struct {
    uint8_t origin, first;
  } turns[] = { { 0x00, 0x90 }, { 0x80, 0x10 }, { 0x90, 0x10 }, { 0x9f, 0x30 },
                { 0xa0, 0x30 }, { 0x10, 0x90 }, { 0x11, 0xb0 }, { 0x7f, 0x10 } };
  const uint8_t keys[] = { 0x10, 0x30, 0x50, 0x90, 0xb0, 0xd0 };
  for (size_t k = 0; k < COUNT(keys); k++)
    offer_at(&shape_of_six, (uint64_t)keys[k] << 56, k == 0);
  for (size_t i = 0; i < COUNT(turns); i++) {
    DrtKey origin = test_key_byte(turns[i].origin);
    drt_cache_rebase(&cache, &origin);
    cr_expect(eq(u64, drt_cache_key(&cache, 0)->w[0] >> 56, turns[i].first), "origin %02x",
              turns[i].origin);
    cr_expect_null(drt_cache_check(&cache));
    cr_expect(drt_cache_is_pinned(&cache, index_of(UINT64_C(0x10) << 56)), "marks go along");
  }
}

Test(cache, an_empty_cache_can_be_rebased_and_cleared)
{
  DrtKey origin = test_key_byte(7);
  drt_cache_rebase(&cache, &origin);
  drt_cache_clear(&cache);
  cr_expect(drt_key_equal(&cache.origin, &origin));
  cr_expect(eq(sz, drt_cache_bytes(&cache), (size_t)0));
  cr_expect_null(drt_cache_check(&cache));
  cr_expect(eq(int, drt_cache_find(&cache, &origin), -1));
}

Test(cache, grows_by_eight_and_then_by_an_eighth)
{
  static const uint32_t capacities[][2] = {
    { 1, 8 },   { 8, 8 },   { 9, 16 },  { 56, 56 },  { 57, 64 },   { 64, 64 },   { 65, 72 },
    { 72, 72 }, { 73, 81 }, { 82, 91 }, { 92, 102 }, { 103, 114 }, { 366, 410 }, { 411, 461 },
  };
  uint32_t n = 0;
  for (size_t i = 0; i < COUNT(capacities); i++) {
    for (; n < capacities[i][0]; n++) {
      offer_at(&shape_of_six, n * half_of_level(3), true);
      cr_expect(cache.n < 49 || drt_cache_bytes(&cache) <= 8 * (size_t)cache.n,
                "eight bytes an entry with all slack: %u entries", cache.n);
    }
    cr_expect(eq(sz, drt_cache_bytes(&cache), (size_t)7 * capacities[i][1]), "%u entries", n);
    cr_expect(eq(sz, memory.bytes, drt_store_bytes(&store) + drt_cache_bytes(&cache)));
  }
}

Test(cache, loses_nothing_when_it_cannot_grow)
{
  fill_one_slot(10);
  for (uint64_t i = 0; i < 6; i++)
    offer_at(&shape_of_six, i, true);
  DrtHandle handle = intern_at(77, 1);
  memory.fail_at = memory.takes + 1;
  cr_expect(eq(int, (int)drt_cache_offer(&cache, &shape_of_six, handle, true, &evicted),
               DRT_CACHE_NO_MEMORY));
  cr_expect(eq(u32, evicted, DRT_HANDLE_NONE));
  cr_expect(eq(u32, cache.n, 16u));
  cr_expect(eq(u32, drt_store_entry(&store, handle)->references, 1u), "no reference was taken");
  cr_expect_null(drt_cache_check(&cache));
  memory.fail_at = 0;
  cr_expect(
    eq(int, (int)drt_cache_offer(&cache, &shape_of_six, handle, true, &evicted), DRT_CACHE_ADDED));
  tick(3);
  memory.fail_at = memory.takes + 1;
  memory.fail_on = true;
  for (uint64_t i = 0; i < 15; i++)
    drt_cache_offer(&cache, &shape_of_six, cache.handles[i], true, &evicted);
  cr_expect(eq(u32, cache.n, 17u), "known entries need no memory");
}

Test(cache, a_full_array_takes_an_entry_in_place_of_another)
{
  fill_one_slot(10);
  for (uint64_t i = 0; i < 6; i++)
    offer_at(&shape_of_six, i, true);
  tick(3);
  DrtHandle handle = intern_at(SLOT_5 + 20, 1);
  memory.fail_at = memory.takes + 1;
  cr_expect(
    eq(int, (int)drt_cache_offer(&cache, &shape_of_six, handle, false, &evicted), DRT_CACHE_ADDED));
  cr_expect(ne(u32, evicted, DRT_HANDLE_NONE));
  drt_store_drop(&store, evicted);
}

static void
expect_fault(const char *name)
{
  const char *broken = drt_cache_check(&cache);
  cr_expect(test_same_text(broken, name), "'%s' instead of '%s'", broken, name);
}

Test(cache, check_names_each_fault)
{
  fill_one_slot(4);
  for (uint64_t i = 0; i < 4; i++)
    offer_at(&shape_of_six, i << 40, true);
  DrtCache good = cache;

  cache.n = cache.capacity + 1;
  expect_fault("more entries than room");
  cache = good;
  cache.pinned++;
  expect_fault("the count of pinned entries is wrong");
  cache = good;
  cache.marks[2] ^= MARK_PINNED;
  expect_fault("the count of pinned entries is wrong");
  cache.marks[2] ^= MARK_PINNED;
  cache.positions[2] ^= 1;
  expect_fault("a position is not the key's");
  cache.positions[2] ^= 1;
  cache.origin = test_key_byte(3);
  expect_fault("a position is not the key's");
  cache = good;

  /* The four of one slot agree in their position: only the keys tell their order. */
  uint32_t first = index_of(SLOT_5);
  DrtHandle handle = cache.handles[first];
  cache.handles[first] = cache.handles[first + 1];
  expect_fault("the keys are not sorted, or one is there twice");
  cache.handles[first + 1] = handle;
  expect_fault("the keys are not sorted, or one is there twice");
  cache.handles[first + 1] = cache.handles[first];
  cache.handles[first] = handle;
  expect_fault(NULL);
}
