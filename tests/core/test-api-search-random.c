/* Searches in random clouds, compared with an answer over all keys that there are (drt-api 9).
 *
 * Every answer must be right: in small clouds, where everybody knows everybody, in larger ones, with
 * several keys on a machine, and with machines that died a moment ago. */
#include "test-query.h"

#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MACHINES_MAX 180
#define KEYS_MAX 8
#define ENTRIES_MAX (MACHINES_MAX * KEYS_MAX)

typedef struct {
  TestAppKey key;
  uint32_t machine;
} Entry;

typedef struct {
  uint64_t seed;
  TestRandom random;
  TestHost *host;
  TestApp apps[MACHINES_MAX];
  uint32_t machines, n;
  Entry entries[ENTRIES_MAX];
  bool dead[MACHINES_MAX];
  uint32_t searches, right;
} Cloud;

static Cloud cloud;

static TestAppKey
random_key(void)
{
  TestAppKey key;
  for (int i = 0; i < 32; i++)
    key.bytes[i] = (BYTE)test_random(&cloud.random);
  return key;
}

static int
compare(const TestAppKey *a, const TestAppKey *b)
{
  for (int i = 31; i >= 0; i--)
    if (a->bytes[i] != b->bytes[i])
      return a->bytes[i] < b->bytes[i] ? -1 : 1;
  return 0;
}

/* b - a on the ring. */
static TestAppKey
up(const TestAppKey *a, const TestAppKey *b)
{
  TestAppKey way;
  int borrow = 0;
  for (int i = 0; i < 32; i++) {
    int digit = b->bytes[i] - a->bytes[i] - borrow;
    borrow = digit < 0;
    way.bytes[i] = (BYTE)(digit + 256 * borrow);
  }
  return way;
}

/* @a is nearer to @target than @b, or as near and above it. */
static bool
nearer(const TestAppKey *target, const TestAppKey *a, const TestAppKey *b)
{
  TestAppKey a_up = up(target, a), a_down = up(a, target);
  TestAppKey b_up = up(target, b), b_down = up(b, target);
  bool a_above = compare(&a_up, &a_down) <= 0, b_above = compare(&b_up, &b_down) <= 0;
  int order = compare(a_above ? &a_up : &a_down, b_above ? &b_up : &b_down);
  return order < 0 || (order == 0 && a_above && !b_above);
}

/* The right answer: the first @wanted of all that live and may be one, nearest first. Their number. */
static uint32_t
answer(const TestQuery *q, const TestAppKey *target, uint32_t from, const Entry **ret)
{
  uint32_t n = 0, wanted = q->info.cMaxEndpoints;
  for (uint32_t i = 0; i < cloud.n; i++) {
    const Entry *entry = &cloud.entries[i];
    if (cloud.dead[entry->machine] ||
        (entry->machine == from && !q->info.fAllowCurrentInstanceMatch) ||
        compare(&entry->key, &q->least) < 0 || compare(&entry->key, &q->most) > 0)
      continue;
    uint32_t at = n;
    while (at > 0 && nearer(target, &entry->key, &ret[at - 1]->key))
      at--;
    memmove(ret + at + 1, ret + at, (n - at) * sizeof *ret);
    ret[at] = entry;
    n++;
  }
  return n < wanted ? n : wanted;
}

static void
build(uint64_t seed, uint32_t machines_min, uint32_t machines_max, uint32_t keys_max)
{
  memset(&cloud, 0, sizeof cloud);
  cloud.seed = cloud.random.state = seed;
  cloud.machines = machines_min + test_random_below(&cloud.random, machines_max - machines_min + 1);
  cloud.host = test_host_new(seed, cloud.machines);
  for (uint32_t i = 0; i < cloud.machines; i++) {
    test_app_init(&cloud.apps[i], cloud.host, i);
    cr_assert(eq(i32, test_app_open(&cloud.apps[i]), S_OK));
    uint32_t keys = 1 + test_random_below(&cloud.random, keys_max);
    for (; keys > 0; keys--) {
      Entry *entry = &cloud.entries[cloud.n++];
      *entry = (Entry){ random_key(), i };
      test_app_register(&cloud.apps[i], entry->key, "data");
    }
    test_host_run(cloud.host, SECOND);
  }
  test_query_settle(cloud.apps, cloud.machines);
  test_host_run(cloud.host, 60 * SECOND);
}

static void
tear_down(void)
{
  test_app_cloud_clear(cloud.apps, cloud.machines);
  test_host_free(cloud.host);
}

/* A target anywhere, or on a key; a range that is all, one key, or has two random ends. */
static TestAppKey
draw(TestQuery *q)
{
  TestAppKey target = random_key(), ends[2] = { random_key(), random_key() };
  if (test_random_once_in(&cloud.random, 4))
    target = cloud.entries[test_random_below(&cloud.random, cloud.n)].key;
  uint32_t kind = test_random_below(&cloud.random, 8);
  ULONG wanted =
    1 + test_random_below(&cloud.random, test_random_once_in(&cloud.random, 2) ? 8 : 1);
  if (kind == 0) {
    test_query(q, target, target, wanted);
  } else if (kind < 5) {
    test_query_all(q, wanted);
  } else {
    TestAppKey least = target, most = target;
    for (int i = 0; i < 2; i++) {
      if (compare(&ends[i], &least) < 0)
        least = ends[i];
      if (compare(&ends[i], &most) > 0)
        most = ends[i];
    }
    test_query(q, least, most, wanted);
    if (kind == 7) {
      q->info.fAnyMatchInRange = TRUE;
      q->info.cMaxEndpoints = 1;
    }
  }
  q->info.fAllowCurrentInstanceMatch = test_random_once_in(&cloud.random, 3);
  return target;
}

static bool
lose_dead(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  (void)bytes;
  (void)n;
  (void)data;
  return !cloud.dead[from] && !cloud.dead[to];
}

/* Nobody notices before it asks them. */
static void
let_die(uint32_t n)
{
  for (; n > 0; n--)
    cloud.dead[test_random_below(&cloud.random, cloud.machines)] = true;
  test_host_filter(cloud.host, lose_dead, NULL);
}

static uint32_t
somebody(void)
{
  for (;;) {
    uint32_t machine = test_random_below(&cloud.random, cloud.machines);
    if (!cloud.dead[machine])
      return machine;
  }
}

/* What holds for every answer: each result may be one, nearest first, and none twice. */
static void
expect_sound(const TestQuery *q, const TestAppKey *target, uint32_t from, const TestAppFound *found)
{
  cr_expect(eq(i32, found->end, DRT_E_NO_MORE), "seed %u", (unsigned)cloud.seed);
  cr_expect(le(u32, found->n, q->info.cMaxEndpoints));
  for (uint32_t i = 0; i < found->n; i++) {
    const TestAppResult *result = &found->results[i];
    const Entry *entry = NULL;
    TestAppKey key, before;
    memcpy(key.bytes, result->key, 32);
    for (uint32_t k = 0; k < cloud.n; k++)
      if (compare(&cloud.entries[k].key, &key) == 0)
        entry = &cloud.entries[k];
    cr_assert(entry != NULL);
    cr_expect(q->info.fAllowCurrentInstanceMatch || entry->machine != from);
    cr_expect(compare(&key, &q->least) >= 0 && compare(&key, &q->most) <= 0);
    bool exact = compare(&key, target) == 0 || q->info.fAnyMatchInRange;
    cr_expect(eq(i32, (int)result->type, exact ? DRT_MATCH_EXACT : DRT_MATCH_NEAR));
    cr_expect(result->n == 4 && memcmp(result->data, "data", 4) == 0);
    if (i == 0)
      continue;
    memcpy(before.bytes, found->results[i - 1].key, 32);
    cr_expect(nearer(target, &before, &key), "seed %u: out of order, or twice",
              (unsigned)cloud.seed);
  }
}

static bool
is_right(const TestQuery *q, const TestAppFound *found, const Entry **expected, uint32_t n)
{
  if (found->n != n)
    return false;
  for (uint32_t i = 0; i < n && !q->info.fAnyMatchInRange; i++)
    if (!test_query_is(found->results[i].key, expected[i]->key))
      return false;
  return true;
}

/* Searches from everywhere. */
static void
search(uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    TestQuery q;
    TestAppFound found;
    const Entry *expected[ENTRIES_MAX + 1];
    uint32_t from = somebody();
    TestAppKey target = draw(&q);
    uint32_t n = answer(&q, &target, from, expected);
    test_app_search(&cloud.apps[from], target, &q.info, 60000, &found);
    expect_sound(&q, &target, from, &found);
    cloud.searches++;
    cloud.right += is_right(&q, &found, expected, n);
  }
}

static void
expect_right(void)
{
  cr_expect(eq(u32, cloud.right, cloud.searches), "seed %u", (unsigned)cloud.seed);
}

/* B120 to B132 */
Test(api_search_random, every_answer_is_right_with_one_key_on_each_machine)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    build(seed, 2, 20, 1);
    search(40);
    expect_right();
    tear_down();
  }
}

/* The second key of a machine is not hidden behind the first (7.8). */
Test(api_search_random, every_answer_is_right_with_several_keys_on_a_machine)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    build(seed, 2, 20, 3);
    search(40);
    expect_right();
    tear_down();
  }
}

/* Most keys share their machine with a nearer one. */
Test(api_search_random, every_answer_is_right_where_few_machines_have_many_keys)
{
  for (uint64_t seed = 1; seed <= 40; seed++) {
    build(seed, 2, 4, KEYS_MAX);
    search(40);
    expect_right();
    tear_down();
  }
}

/* Nobody knows everybody here: what lies between target and range has to be asked for. The leaf sets
 * need some audits until they are complete (7.10). */
Test(api_search_random, every_answer_is_right_in_a_large_cloud)
{
  for (uint64_t seed = 1; seed <= 4; seed++) {
    build(seed, 120, MACHINES_MAX, seed % 2 == 0 ? 1 : 3);
    test_host_run(cloud.host, 180 * SECOND);
    search(40);
    expect_right();
    tear_down();
  }
}

/* Up to two of at least five have died. Searched at once, while everybody still knows them. */
Test(api_search_random, every_answer_is_right_though_some_have_died)
{
  for (uint64_t seed = 1; seed <= 100; seed++) {
    build(seed, 5, 20, 3);
    let_die(2);
    search(4);
    expect_right();
    tear_down();
  }
}
