/* Ring arithmetic (drt-core/table/drt-key.h): the rules of mc-drt 7.0 on known numbers, the tie of
 * H33, the byte order of H1, and every function against schoolbook arithmetic on bytes. */
#include "drt-key.h"

#include "test-keys.h"
#include "test-random.h"
#include "test-ring.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>

#define ALL UINT64_MAX
#define TOP (UINT64_C(1) << 63)
#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool
equal(const DrtKey *a, const DrtKey *b)
{
  return memcmp(a, b, sizeof *a) == 0;
}

Test(key, travels_most_significant_byte_first)
{
  uint8_t wire[32], out[32];
  for (int i = 0; i < 32; i++)
    wire[i] = (uint8_t)(i + 1);
  DrtKey key = drt_key_from_wire(wire);
  cr_expect(eq(u64, key.w[0], UINT64_C(0x0102030405060708)), "H1");
  cr_expect(eq(u64, key.w[3], UINT64_C(0x191a1b1c1d1e1f20)), "H1");
  drt_key_to_wire(&key, out);
  cr_expect_arr_eq(out, wire, 32);
}

Test(key, is_least_significant_byte_first_in_the_api)
{
  uint8_t api[32], out[32];
  for (int i = 0; i < 32; i++)
    api[i] = (uint8_t)(i + 1);
  DrtKey key = drt_key_from_api(api);
  cr_expect(eq(u64, key.w[0], UINT64_C(0x201f1e1d1c1b1a19)));
  cr_expect(eq(u64, key.w[3], UINT64_C(0x0807060504030201)));
  drt_key_to_api(&key, out);
  cr_expect_arr_eq(out, api, 32);
}

static const struct {
  const char *name;
  DrtKey a, b, up, dist;
} distances[] = {
  { "no way from a key to itself", { { 7, 7, 7, 7 } }, { { 7, 7, 7, 7 } }, { { 0 } }, { { 0 } } },
  { "upwards is the plain difference",
    { { 0, 0, 0, 3 } },
    { { 0, 0, 0, 5 } },
    { { 0, 0, 0, 2 } },
    { { 0, 0, 0, 2 } } },
  { "the ring wraps at 2^256",
    { { ALL, ALL, ALL, ALL } },
    { { 0 } },
    { { 0, 0, 0, 1 } },
    { { 0, 0, 0, 1 } } },
  { "downwards is shorter",
    { { 0 } },
    { { ALL, ALL, ALL, ALL } },
    { { ALL, ALL, ALL, ALL } },
    { { 0, 0, 0, 1 } } },
  { "the point opposite is 2^255 away",
    { { 5, 0, 0, 1 } },
    { { TOP + 5, 0, 0, 1 } },
    { { TOP, 0, 0, 0 } },
    { { TOP, 0, 0, 0 } } },
  { "one before the point opposite",
    { { 0, 0, 0, 1 } },
    { { TOP, 0, 0, 0 } },
    { { TOP - 1, ALL, ALL, ALL } },
    { { TOP - 1, ALL, ALL, ALL } } },
  { "one past it, the other way is shorter",
    { { 0 } },
    { { TOP, 0, 0, 1 } },
    { { TOP, 0, 0, 1 } },
    { { TOP - 1, ALL, ALL, ALL } } },
  { "a borrow goes through all words",
    { { 0, 0, 0, 1 } },
    { { 1, 0, 0, 0 } },
    { { 0, ALL, ALL, ALL } },
    { { 0, ALL, ALL, ALL } } },
  { "9.5: from 40 00.. down to 10 00..01",
    { { TOP / 2, 0, 0, 0 } },
    { { TOP / 8, 0, 0, 1 } },
    { { TOP + TOP / 2 + TOP / 8, 0, 0, 1 } },
    { { TOP / 2 - TOP / 8 - 1, ALL, ALL, ALL } } },
  { "9.5: from F0 00.. up to 10 00..01",
    { { ALL << 60, 0, 0, 0 } },
    { { TOP / 8, 0, 0, 1 } },
    { { TOP / 4, 0, 0, 1 } },
    { { TOP / 4, 0, 0, 1 } } },
};

Test(key, measures_one_way_and_the_shorter_way)
{
  for (size_t i = 0; i < COUNT(distances); i++) {
    DrtKey up = drt_key_up(&distances[i].a, &distances[i].b);
    DrtKey dist = drt_key_dist(&distances[i].a, &distances[i].b);
    DrtKey back = drt_key_dist(&distances[i].b, &distances[i].a);
    cr_expect(equal(&up, &distances[i].up), "mc-drt 7.0, up: %s", distances[i].name);
    cr_expect(equal(&dist, &distances[i].dist), "mc-drt 7.0, dist: %s", distances[i].name);
    cr_expect(equal(&back, &dist), "dist is the same both ways: %s", distances[i].name);
  }
}

Test(key, f0_is_closer_than_40_to_10)
{
  DrtKey target = { { TOP / 8, 0, 0, 1 } };
  DrtKey k40 = test_key_byte(0x40), kf0 = test_key_byte(0xf0);
  cr_expect(drt_key_closer(&kf0, &k40, &target), "mc-drt 9.5");
  cr_expect(not(drt_key_closer(&k40, &kf0, &target)), "mc-drt 9.5");
}

static const struct {
  const char *name;
  int x, y; /* offsets from the target */
  bool closer, before;
} ranks[] = {
  { "nearer above", 1, 2, true, true },
  { "farther above", 2, 1, false, false },
  { "nearer below", -1, 2, true, true },
  { "farther below", -3, 2, false, false },
  { "a tie goes to the key above (H33)", 4, -4, false, true },
  { "and not to the key below (H33)", -4, 4, false, false },
  { "a key is not before itself", 4, 4, false, false },
  { "the target comes first", 0, 1, true, true },
  { "nothing is before the target", -1, 0, false, false },
};

Test(key, ranks_by_closeness_and_ties_go_above)
{
  const DrtKey targets[] = {
    { { 0 } }, { { ALL, ALL, ALL, ALL } }, { { TOP, 0, 0, 0 } }, { { 3, ALL, 0, 1 } }
  };
  for (size_t k = 0; k < COUNT(targets); k++)
    for (size_t i = 0; i < COUNT(ranks); i++) {
      DrtKey x = test_key_at(&targets[k], ranks[i].x), y = test_key_at(&targets[k], ranks[i].y);
      cr_expect(eq(int, drt_key_closer(&x, &y, &targets[k]), ranks[i].closer), "%s, target %zu",
                ranks[i].name, k);
      cr_expect(eq(int, drt_key_ranks_before(&x, &y, &targets[k]), ranks[i].before),
                "%s, target %zu", ranks[i].name, k);
    }
}

static const struct {
  const char *name;
  uint8_t x, a, b;
  bool between;
} arcs[] = {
  { "inside", 2, 1, 3, true },
  { "the lower end is outside", 1, 1, 3, false },
  { "the upper end is outside", 3, 1, 3, false },
  { "above", 4, 1, 3, false },
  { "across zero, high part", 0xff, 0xf0, 0x10, true },
  { "across zero, low part", 0, 0xf0, 0x10, true },
  { "across zero, outside", 0x80, 0xf0, 0x10, false },
  { "from a key to itself is no way at all", 2, 1, 1, false },
  { "not even for the key", 1, 1, 1, false },
};

Test(key, between_is_strict_and_upwards)
{
  for (size_t i = 0; i < COUNT(arcs); i++) {
    DrtKey x = test_key_byte(arcs[i].x), a = test_key_byte(arcs[i].a), b = test_key_byte(arcs[i].b);
    cr_expect(eq(int, drt_key_between(&x, &a, &b), arcs[i].between), "mc-drt 7.0: %s",
              arcs[i].name);
  }
}

Test(key, common_prefix_counts_every_bit)
{
  const DrtKey base = { { 0x0123456789abcdef, 0xfedcba9876543210, ALL, 0 } };
  cr_expect(eq(uint, drt_key_common_prefix(&base, &base), 256u), "mc-drt 7.0, pfx");
  for (unsigned bit = 0; bit < 256; bit++) {
    DrtKey other = base;
    other.w[bit / 64] ^= TOP >> bit % 64;
    test_must(drt_key_common_prefix(&base, &other) == bit, "bit %u is the first that differs", bit);
    other.w[3] ^= 1;
    test_must(drt_key_common_prefix(&base, &other) == (bit == 255 ? 256 : bit),
              "a later bit hides bit %u", bit);
  }
}

Test(key, next_wraps_and_carries)
{
  const DrtKey last = { { ALL, ALL, ALL, ALL } }, carry = { { 4, ALL, ALL, ALL } };
  DrtKey first = drt_key_next(&last), five = drt_key_next(&carry), expected = { { 5, 0, 0, 0 } };
  cr_expect(drt_key_is_zero(&first), "7.4: 2^256 - 1 is followed by 0");
  cr_expect(equal(&five, &expected), "7.4: a carry goes through all words");
  for (int i = 0; i < 4; i++) {
    DrtKey one = DRT_KEY_ZERO;
    one.w[i] = UINT64_C(1) << 17;
    cr_expect(not(drt_key_is_zero(&one)), "word %d counts", i);
    cr_expect(not(drt_key_equal(&one, &first)), "word %d counts", i);
  }
}

Test(key, half_rounds_down)
{
  const DrtKey odd = { { 1, 1, 1, 3 } }, half_of_odd = { { 0, TOP, TOP, TOP + 1 } };
  DrtKey half = drt_key_half(&odd);
  cr_expect(equal(&half, &half_of_odd));
}

static void
compare_pair(const DrtKey *a, const DrtKey *b, uint64_t seed)
{
  TestNumber na = test_number(a), nb = test_number(b);
  TestNumber sum = test_number_add(na, nb), rest = test_number_sub(na, nb);
  TestNumber up = test_ring_up(a, b), dist = test_ring_dist(a, b), half = test_number_half(na);
  DrtKey expected[] = { test_number_key(&sum), test_number_key(&rest), test_number_key(&up),
                        test_number_key(&dist), test_number_key(&half) };
  DrtKey got[] = { drt_key_add(a, b), drt_key_sub(a, b), drt_key_up(a, b), drt_key_dist(a, b),
                   drt_key_half(a) };
  for (size_t i = 0; i < COUNT(got); i++)
    test_must(equal(&got[i], &expected[i]), "function %zu, seed %" PRIu64, i, seed);
  int order = test_number_compare(&na, &nb);
  test_must(drt_key_less(a, b) == (order < 0), "seed %" PRIu64, seed);
  test_must(drt_key_equal(a, b) == (order == 0), "seed %" PRIu64, seed);
  unsigned prefix = 0;
  while (prefix < 256 &&
         (na.digit[prefix / 8] << prefix % 8 & 0x80) == (nb.digit[prefix / 8] << prefix % 8 & 0x80))
    prefix++;
  test_must(drt_key_common_prefix(a, b) == prefix, "seed %" PRIu64, seed);
  uint8_t wire[32];
  drt_key_to_wire(a, wire);
  test_must(memcmp(wire, na.digit, 32) == 0, "seed %" PRIu64, seed);
}

static void
compare_triple(const DrtKey *x, const DrtKey *y, const DrtKey *target, uint64_t seed)
{
  TestNumber dx = test_ring_dist(x, target), dy = test_ring_dist(y, target);
  test_must(drt_key_closer(x, y, target) == (test_number_compare(&dx, &dy) < 0), "seed %" PRIu64,
            seed);
  test_must(drt_key_ranks_before(x, y, target) == test_ring_before(x, y, target), "seed %" PRIu64,
            seed);
  TestNumber to_x = test_ring_up(y, x), to_end = test_ring_up(y, target), none = { { 0 } };
  bool inside = test_number_compare(&to_x, &none) > 0 && test_number_compare(&to_x, &to_end) < 0;
  test_must(drt_key_between(x, y, target) == inside, "seed %" PRIu64, seed);
}

Test(key, agrees_with_schoolbook_arithmetic)
{
  for (uint64_t seed = 0; seed < 400; seed++) {
    TestRandom random = { seed };
    DrtKey base = test_keys_base(&random);
    for (int i = 0; i < 100; i++) {
      DrtKey keys[3];
      for (int k = 0; k < 3; k++)
        keys[k] = test_keys_next(&random, (TestKeys)(seed % TEST_KEYS_KINDS), &base);
      compare_pair(&keys[0], &keys[1], seed);
      compare_triple(&keys[0], &keys[1], &keys[2], seed);
      compare_triple(&keys[0], &keys[1], &base, seed);
    }
  }
}
