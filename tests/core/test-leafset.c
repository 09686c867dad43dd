/* The leaf set (drt-core/table/drt-leafset.h): five a side, each side ranked over the whole ring
 * (mc-drt 5.2, H33), what it covers (7.5), what an insertion pushes out (7.6), and removal, against
 * a plain list that is sorted anew each time. */
#include "drt-leafset.h"

#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"
#include "test-ring.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static TestMemory memory;
static DrtStore store;

static void
set_up(void)
{
  memory = (TestMemory){ 0 };
  drt_store_init(&store, test_memory(&memory));
}

static void
tear_down(void)
{
  drt_store_clear(&store);
  cr_expect(eq(sz, memory.pieces, (size_t)0));
}

TestSuite(leafset, .init = set_up, .fini = tear_down);

/* A key of the tables is its first byte; the list ends with 0, which is no key there. */
#define LIST_MAX 13
static const struct {
  const char *name;
  uint8_t own, offer[LIST_MAX], above[6], below[6];
} cases[] = {
  { "an empty set", 0x10, { 0 }, { 0 }, { 0 } },
  { "one key is on both sides (H33)", 0x10, { 0x20 }, { 0x20 }, { 0x20 } },
  { "two keys too, each in its order", 0x10, { 0x20, 0x08 }, { 0x20, 0x08 }, { 0x08, 0x20 } },
  { "the own key is no member", 0x10, { 0x10, 0x20 }, { 0x20 }, { 0x20 } },
  { "a key is not taken twice", 0x10, { 0x20, 0x20 }, { 0x20 }, { 0x20 } },
  { "the ring wraps at zero", 0xf0, { 0x10, 0xe0 }, { 0x10, 0xe0 }, { 0xe0, 0x10 } },
  { "five keys are on both sides",
    0x80,
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    { 0xd0, 0xc0, 0xb0, 0xa0, 0x90 } },
  { "of six, each side lacks the farthest",
    0x80,
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0 },
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    { 0xe0, 0xd0, 0xc0, 0xb0, 0xa0 } },
  { "ten keys: no key is on both sides",
    0x80,
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    { 0x70, 0x60, 0x50, 0x40, 0x30 } },
  { "twelve keys: the two farthest are out",
    0x80,
    { 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0 },
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    { 0x70, 0x60, 0x50, 0x40, 0x30 } },
  { "far ones first, nearer ones push them out",
    0x80,
    { 0xe0, 0xd0, 0xc0, 0xb0, 0xa0, 0x90, 0x81, 0x82 },
    { 0x81, 0x82, 0x90, 0xa0, 0xb0 },
    { 0xe0, 0xd0, 0xc0, 0xb0, 0xa0 } },
  { "the point opposite is on both sides",
    0x01,
    { 0x81, 0x11, 0xf1 },
    { 0x11, 0x81, 0xf1 },
    { 0xf1, 0x81, 0x11 } },
};

static DrtHandle
intern_byte(uint8_t first)
{
  DrtKey key = test_key_byte(first);
  return test_intern(&store, &key, first);
}

static void
expect_side(const DrtLeafset *set, DrtSide side, const uint8_t *bytes, const char *name)
{
  uint8_t n = 0;
  for (; bytes[n] != 0; n++)
    if (n < set->n[side])
      cr_expect(eq(u64, drt_store_key(&store, set->leaf[side][n])->w[0] >> 56, bytes[n]),
                "%s: side %d, member %u", name, side, n);
  cr_expect(eq(u8, set->n[side], n), "%s: members on side %d", name, side);
  DrtHandle nearest = drt_leafset_nearest(set, side), farthest = drt_leafset_farthest(set, side);
  cr_expect(eq(u32, nearest, n == 0 ? DRT_HANDLE_NONE : set->leaf[side][0]), "%s", name);
  cr_expect(eq(u32, farthest, n == 0 ? DRT_HANDLE_NONE : set->leaf[side][n - 1]), "%s", name);
}

static void
offer_bytes(DrtLeafset *set, const uint8_t *bytes)
{
  for (; *bytes != 0; bytes++)
    drt_leafset_offer(set, &store, intern_byte(*bytes));
}

Test(leafset, ranks_both_sides_over_the_whole_ring)
{
  for (size_t i = 0; i < COUNT(cases); i++) {
    DrtLeafset set;
    DrtKey own = test_key_byte(cases[i].own);
    drt_leafset_init(&set, &own);
    offer_bytes(&set, cases[i].offer);
    expect_side(&set, DRT_ABOVE, cases[i].above, cases[i].name);
    expect_side(&set, DRT_BELOW, cases[i].below, cases[i].name);
    const char *broken = drt_leafset_check(&set, &store);
    cr_expect_null(broken, "%s: %s", cases[i].name, broken);
  }
}

static const struct {
  const char *name;
  uint8_t offer[LIST_MAX], key;
  bool covered;
} covers[] = {
  { "anything, while a side is short", { 0x90, 0xa0, 0xb0, 0xc0 }, 0x20, true },
  { "but never the own key", { 0x90, 0xa0, 0xb0, 0xc0 }, 0x80, false },
  { "nearer than the farthest above",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0xc8,
    true },
  { "farther than all",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0xd8,
    false },
  { "nearer than the farthest below",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0x38,
    true },
  { "farther than all, below",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0x28,
    false },
  { "a member that is not the farthest",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0xc0,
    true },
  { "the farthest itself is not nearer",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0xd0,
    false },
};

Test(leafset, covers_what_is_nearer_than_the_farthest)
{
  for (size_t i = 0; i < COUNT(covers); i++) {
    DrtLeafset set;
    DrtKey own = test_key_byte(0x80), key = test_key_byte(covers[i].key);
    drt_leafset_init(&set, &own);
    offer_bytes(&set, covers[i].offer);
    cr_expect(eq(int, drt_leafset_covers(&set, &store, &key), covers[i].covered), "7.5: %s",
              covers[i].name);
  }
}

Test(leafset, tells_the_farthest_by_its_last_bit)
{
  DrtLeafset set;
  DrtKey own = { { 9, 9, 9, 9 } };
  drt_leafset_init(&set, &own);
  for (int i = 1; i <= 12; i++) {
    DrtKey key = test_key_at(&own, i % 2 == 0 ? 10 * i : -10 * i);
    drt_leafset_offer(&set, &store, test_intern(&store, &key, 1));
  }
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    int farthest = side == DRT_ABOVE ? 100 : -90, inwards = side == DRT_ABOVE ? -1 : 1;
    DrtKey inside = test_key_at(&own, farthest + inwards);
    DrtKey outside = test_key_at(&own, farthest - inwards);
    cr_expect(drt_leafset_covers(&set, &store, &inside), "side %d", side);
    cr_expect(not(drt_leafset_covers(&set, &store, &outside)), "side %d", side);
  }
}

Test(leafset, reports_who_was_pushed_out)
{
  DrtLeafset set;
  DrtKey own = test_key_byte(0x80);
  drt_leafset_init(&set, &own);
  offer_bytes(&set,
              (const uint8_t[]){ 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0 });
  DrtLeafsetChange change = drt_leafset_offer(&set, &store, intern_byte(0x88));
  cr_expect(change.added);
  cr_expect(eq(u32, change.removed, intern_byte(0xd0)), "the sixth above is out (7.6)");
  change = drt_leafset_offer(&set, &store, intern_byte(0x88));
  cr_expect(not(change.added), "a known key changes nothing");
  cr_expect(eq(u32, change.removed, DRT_HANDLE_NONE));
  change = drt_leafset_offer(&set, &store, intern_byte(0x10));
  cr_expect(not(change.added), "too far on both sides");
  cr_expect(eq(u32, change.removed, DRT_HANDLE_NONE));
}

Test(leafset, who_stays_on_the_other_side_is_not_reported)
{
  DrtLeafset set;
  DrtKey own = test_key_byte(0x80);
  drt_leafset_init(&set, &own);
  offer_bytes(&set, (const uint8_t[]){ 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0 });
  DrtLeafsetChange change = drt_leafset_offer(&set, &store, intern_byte(0x98));
  cr_expect(change.added);
  cr_expect(eq(u32, change.removed, DRT_HANDLE_NONE), "0xd0 is still below, 0x90 still above");
}

Test(leafset, either_side_pushes_out_its_farthest)
{
  DrtLeafset set;
  DrtKey own = test_key_byte(0x80);
  drt_leafset_init(&set, &own);
  /* All members are about opposite: above reaches over zero, below does too. */
  offer_bytes(&set,
              (const uint8_t[]){ 0x10, 0x14, 0x18, 0x1c, 0x20, 0xe0, 0xe4, 0xe8, 0xec, 0xf0, 0 });
  DrtLeafsetChange change = drt_leafset_offer(&set, &store, intern_byte(0x90));
  cr_expect(eq(u32, change.removed, intern_byte(0xf0)));
  change = drt_leafset_offer(&set, &store, intern_byte(0x70));
  cr_expect(eq(u32, change.removed, intern_byte(0x10)));
}

static const struct {
  const char *name;
  uint8_t offer[LIST_MAX], gone, above[6], below[6];
} removals[] = {
  { "the only one", { 0x90 }, 0x90, { 0 }, { 0 } },
  { "of two", { 0x90, 0xa0 }, 0x90, { 0xa0 }, { 0xa0 } },
  { "of seven: both sides have the five that are left",
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0 },
    0xa0,
    { 0x90, 0xb0, 0xc0, 0xd0, 0xe0 },
    { 0xe0, 0xd0, 0xc0, 0xb0, 0x90 } },
  { "of eight: the place above goes to the next, known below",
    { 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0 },
    0x90,
    { 0xa0, 0xb0, 0xc0, 0xd0, 0xe0 },
    { 0xf0, 0xe0, 0xd0, 0xc0, 0xb0 } },
  { "of eleven: the nearest there is",
    { 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 },
    0xb0,
    { 0x90, 0xa0, 0xc0, 0xd0, 0x30 },
    { 0x70, 0x60, 0x50, 0x40, 0x30 } },
};

Test(leafset, a_place_that_falls_free_goes_to_the_best_of_the_other_side)
{
  for (size_t i = 0; i < COUNT(removals); i++) {
    DrtLeafset set;
    DrtKey own = test_key_byte(0x80);
    drt_leafset_init(&set, &own);
    offer_bytes(&set, removals[i].offer);
    cr_expect(drt_leafset_remove(&set, &store, intern_byte(removals[i].gone)));
    cr_expect(not(drt_leafset_remove(&set, &store, intern_byte(removals[i].gone))), "it is gone");
    expect_side(&set, DRT_ABOVE, removals[i].above, removals[i].name);
    expect_side(&set, DRT_BELOW, removals[i].below, removals[i].name);
    const char *broken = drt_leafset_check(&set, &store);
    cr_expect_null(broken, "%s: %s", removals[i].name, broken);
  }
}

Test(leafset, a_new_address_keeps_the_places)
{
  DrtLeafset set;
  DrtKey own = test_key_byte(0x80), key = test_key_byte(0xa0);
  drt_leafset_init(&set, &own);
  offer_bytes(&set, (const uint8_t[]){ 0x90, 0xa0, 0xb0, 0 });
  DrtHandle was = intern_byte(0xa0), now = test_intern(&store, &key, 7777);
  cr_expect(ne(u32, was, now));
  cr_expect(not(drt_leafset_offer(&set, &store, now).added), "the key is known (H38)");
  drt_leafset_replace(&set, was, now);
  cr_expect(not(drt_leafset_has(&set, was)));
  cr_expect(eq(u32, set.leaf[DRT_ABOVE][1], now));
  cr_expect(eq(u32, set.leaf[DRT_BELOW][1], now));
  cr_expect(eq(u32, drt_leafset_find(&set, &store, &key), now));
  cr_expect_null(drt_leafset_check(&set, &store));
}

/* Ten members, none on both sides. */
static void
fill_ten(DrtLeafset *set)
{
  DrtKey own = test_key_byte(0x80);
  drt_leafset_init(set, &own);
  offer_bytes(set,
              (const uint8_t[]){ 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0 });
  cr_assert_null(drt_leafset_check(set, &store));
}

static void
expect_fault(const DrtLeafset *set, const char *name)
{
  const char *broken = drt_leafset_check(set, &store);
  cr_expect(test_same_text(broken, name), "'%s' instead of '%s'", broken, name);
}

Test(leafset, check_names_each_fault)
{
  DrtLeafset good, set;
  fill_ten(&good);
  set = good;
  set.own = *drt_store_key(&store, set.leaf[DRT_ABOVE][0]);
  expect_fault(&set, "the own key is a member");
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtSide other = drt_side_other(side);
    set = good;
    set.n[side] = 6;
    expect_fault(&set, "a side has more than five members");
    set = good;
    set.leaf[side][2] = good.leaf[side][3];
    set.leaf[side][3] = good.leaf[side][2];
    set.reach[side][2] = good.reach[side][3];
    set.reach[side][3] = good.reach[side][2];
    expect_fault(&set, "a side is not sorted, or has a key twice");
    set = good;
    set.leaf[side][2] = set.leaf[side][1];
    set.reach[side][2] = set.reach[side][1];
    expect_fault(&set, "a side is not sorted, or has a key twice");
    set = good;
    set.reach[side][4]++;
    expect_fault(&set, "a kept distance is not the member's");
    set = good;
    set.n[side] = 4;
    expect_fault(&set, "a short side lacks a key that the other side knows");
    set = good; /* the second of the other side, where its fourth would be nearer */
    set.leaf[side][4] = good.leaf[other][1];
    set.reach[side][4] = -good.reach[other][1];
    expect_fault(&set, "a side lacks a nearer key that the other side knows");
  }
}

/* The model: the members of both sides, each sorted anew by one-way distance. */
#define KEYS 12
typedef struct {
  DrtKey own;
  uint32_t n[2], member[2][KEYS]; /* indices into the keys of the world */
} Model;

typedef struct {
  TestRandom random;
  uint64_t seed;
  uint32_t n;
  DrtKey key[KEYS];
  DrtHandle handle[KEYS];
  DrtLeafset set;
  Model model;
} World;

static TestNumber
model_distance(const World *world, DrtSide side, const DrtKey *key)
{
  return side == DRT_ABOVE ? test_ring_up(&world->model.own, key)
                           : test_ring_up(key, &world->model.own);
}

static bool
model_side_has(const Model *model, DrtSide side, uint32_t i)
{
  for (uint32_t k = 0; k < model->n[side]; k++)
    if (model->member[side][k] == i)
      return true;
  return false;
}

static bool
model_has(const Model *model, uint32_t i)
{
  return model_side_has(model, DRT_ABOVE, i) || model_side_has(model, DRT_BELOW, i);
}

/* The five best of @in (by index) on a side. */
static void
model_rank(World *world, DrtSide side, const bool in[KEYS])
{
  Model *model = &world->model;
  uint32_t n = 0, *member = model->member[side];
  for (uint32_t i = 0; i < world->n; i++)
    if (in[i])
      member[n++] = i;
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = i + 1; k < n; k++) {
      TestNumber a = model_distance(world, side, &world->key[member[i]]);
      TestNumber b = model_distance(world, side, &world->key[member[k]]);
      if (test_number_compare(&b, &a) < 0) {
        uint32_t swap = member[i];
        member[i] = member[k];
        member[k] = swap;
      }
    }
  model->n[side] = n < 5 ? n : 5;
}

/* Both sides again, with @i or without. */
static void
model_set(World *world, uint32_t i, bool with)
{
  bool in[KEYS];
  for (uint32_t k = 0; k < world->n; k++)
    in[k] = k == i ? with : model_has(&world->model, k);
  model_rank(world, DRT_ABOVE, in);
  model_rank(world, DRT_BELOW, in);
}

static bool
model_covers(const World *world, const DrtKey *key)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    TestNumber distance = model_distance(world, side, key), none = { { 0 } };
    if (test_number_compare(&distance, &none) == 0)
      return false;
    if (world->model.n[side] < 5)
      return true;
    TestNumber farthest = model_distance(world, side, &world->key[world->model.member[side][4]]);
    if (test_number_compare(&distance, &farthest) < 0)
      return true;
  }
  return false;
}

static void
check_world(World *world)
{
  const char *broken = drt_leafset_check(&world->set, &store);
  test_must(broken == NULL, "%s, seed %" PRIu64, broken, world->seed);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    test_must(world->set.n[side] == world->model.n[side], "seed %" PRIu64, world->seed);
    for (uint32_t i = 0; i < world->model.n[side]; i++)
      test_must(world->set.leaf[side][i] == world->handle[world->model.member[side][i]],
                "seed %" PRIu64, world->seed);
  }
  for (uint32_t i = 0; i < world->n; i++) {
    bool member = model_has(&world->model, i);
    test_must(drt_leafset_has(&world->set, world->handle[i]) == member, "seed %" PRIu64,
              world->seed);
    DrtHandle found = drt_leafset_find(&world->set, &store, &world->key[i]);
    test_must(found == (member ? world->handle[i] : DRT_HANDLE_NONE), "seed %" PRIu64, world->seed);
    test_must(drt_leafset_covers(&world->set, &store, &world->key[i]) ==
                model_covers(world, &world->key[i]),
              "seed %" PRIu64, world->seed);
  }
}

static void
offer(World *world, uint32_t i)
{
  Model before = world->model;
  bool own = drt_key_equal(&world->key[i], &before.own);
  DrtLeafsetChange change = drt_leafset_offer(&world->set, &store, world->handle[i]);
  if (!own)
    model_set(world, i, true);
  bool added = !model_has(&before, i) && model_has(&world->model, i);
  test_must(change.added == added, "seed %" PRIu64, world->seed);
  DrtHandle removed = DRT_HANDLE_NONE;
  for (uint32_t k = 0; k < world->n; k++) {
    if (!model_has(&before, k) || model_has(&world->model, k))
      continue;
    test_must(removed == DRT_HANDLE_NONE, "never more than one, seed %" PRIu64, world->seed);
    removed = world->handle[k];
  }
  test_must(change.removed == removed, "seed %" PRIu64, world->seed);
}

static void
take_out(World *world, uint32_t i)
{
  bool was = model_has(&world->model, i);
  test_must(drt_leafset_remove(&world->set, &store, world->handle[i]) == was, "seed %" PRIu64,
            world->seed);
  model_set(world, i, false);
}

/* The entry gets another address, and with it another handle. */
static void
move_away(World *world, uint32_t i, uint32_t node)
{
  DrtHandle was = world->handle[i];
  world->handle[i] = test_intern(&store, &world->key[i], node);
  drt_leafset_replace(&world->set, was, world->handle[i]);
  drt_store_drop(&store, was);
}

/* Distinct keys, the own key among them now and then. */
static void
make_keys(World *world)
{
  TestKeys kind = (TestKeys)(world->seed % TEST_KEYS_KINDS);
  DrtKey base = test_keys_base(&world->random);
  world->model = (Model){ .own = test_keys_next(&world->random, kind, &base) };
  for (uint32_t tries = 0; tries < 40 && world->n < KEYS; tries++) {
    DrtKey key = test_keys_next(&world->random, kind, &base);
    bool known = false;
    for (uint32_t i = 0; i < world->n; i++)
      known |= memcmp(&key, &world->key[i], sizeof key) == 0;
    if (known)
      continue;
    world->key[world->n] = key;
    world->handle[world->n++] = test_intern(&store, &key, 1);
  }
  world->n = 1 + test_random_below(&world->random, world->n);
  drt_leafset_init(&world->set, &world->model.own);
}

Test(leafset, agrees_with_a_sorted_list)
{
  for (uint64_t seed = 0; seed < 400; seed++) {
    World world = { .random = { seed }, .seed = seed };
    make_keys(&world);
    for (uint32_t op = 0; op < 150; op++) {
      uint32_t i = test_random_below(&world.random, world.n);
      switch (test_random_below(&world.random, 8)) {
      case 0:
      case 1:
        take_out(&world, i);
        break;
      case 2:
        move_away(&world, i, op + 2);
        break;
      default:
        offer(&world, i);
      }
      check_world(&world);
    }
    /* Whoever was removed in between: offering everybody brings the five nearest of all back. */
    bool all[KEYS];
    for (uint32_t i = 0; i < world.n; i++) {
      offer(&world, i);
      all[i] = !drt_key_equal(&world.key[i], &world.model.own);
    }
    model_rank(&world, DRT_ABOVE, all);
    model_rank(&world, DRT_BELOW, all);
    check_world(&world);
  }
}
