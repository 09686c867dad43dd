/* What a search finds: exactly, nearest, several, any, in a range, hop by hop (drt-api 9). */
#include "test-query.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MACHINES 5

static TestHost *host;
static TestApp apps[MACHINES];
static TestQuery q;
static TestAppFound found;

/* Machine i has the key 0x1000 * (i + 1) with the letter 'a' + i. */
static void
set_up(void)
{
  static const uint64_t tops[MACHINES] = { 0x1000, 0x2000, 0x3000, 0x4000, 0x5000 };
  host = test_host_new(1, MACHINES + 1);
  test_query_cloud(apps, MACHINES, host, tops);
}

static void
tear_down(void)
{
  test_app_cloud_clear(apps, MACHINES);
  test_host_free(host);
}

TestSuite(api_search, .init = set_up, .fini = tear_down);
/* The cloud of these is their own. */
TestSuite(api_search_elsewhere);

static void
search(uint32_t machine, TestAppKey target, const DRT_SEARCH_INFO *info)
{
  test_app_search(&apps[machine], target, info, 10000, &found);
}

/* The results are these keys, given by their tops, in this order, and then nothing. */
static void
expect_found(const char *name, uint32_t n, const uint64_t *tops, DRT_MATCH_TYPE first,
             DRT_MATCH_TYPE others)
{
  cr_expect(eq(i32, found.start, S_OK), "%s", name);
  cr_expect(eq(i32, found.end, DRT_E_NO_MORE), "%s", name);
  cr_expect(eq(u32, found.n, n), "%s", name);
  for (uint32_t i = 0; i < n && i < found.n; i++) {
    cr_expect(test_query_is(found.results[i].key, test_app_key(tops[i])), "%s: result %u", name, i);
    cr_expect(eq(i32, (int)found.results[i].type, (int)(i == 0 ? first : others)), "%s: result %u",
              name, i);
    cr_expect(found.results[i].context == &found, "%s", name); /* B139 */
  }
}

/* B120 */
Test(api_search, a_key_of_another_node_is_found_exactly)
{
  for (uint32_t from = 0; from < MACHINES; from++)
    for (uint32_t at = 0; at < MACHINES; at++) {
      if (at == from)
        continue;
      uint64_t top = 0x1000 * (uint64_t)(at + 1);
      search(from, test_app_key(top), test_query_exactly(&q, test_app_key(top)));
      expect_found("exactly", 1, &top, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
      cr_expect(eq(u32, found.results[0].n, 1));
      cr_expect(eq(u8, found.results[0].data[0], (BYTE)('a' + at)));
    }
}

/* B121 */
Test(api_search, a_key_that_nobody_has_is_not_found)
{
  search(0, test_app_key(0x2001), test_query_exactly(&q, test_app_key(0x2001)));
  expect_found("nobody", 0, NULL, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
}

/* B122, B123 */
Test(api_search, keys_of_the_instance_itself_count_if_wanted)
{
  uint64_t own = 0x1000, next = 0x2000;
  cr_expect(test_app_misses(&apps[0], test_app_key(own), false));
  cr_expect(test_app_finds(&apps[0], test_app_key(own), true, "a"));
  search(0, test_app_key(0x1001), test_query_all(&q, 1));
  expect_found("nearest elsewhere", 1, &next, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
  test_query_all(&q, 1)->fAllowCurrentInstanceMatch = TRUE;
  search(0, test_app_key(0x1001), &q.info);
  expect_found("nearest here", 1, &own, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
  search(0, test_app_key(0x1801), &q.info);
  expect_found("local keys compete", 1, &next, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
}

/* B123: in the middle of several, and the last of them. */
Test(api_search, keys_of_the_instance_take_their_places)
{
  static const uint64_t middle[] = { 0x2000, 0x3000, 0x1000 };
  test_query_all(&q, 3)->fAllowCurrentInstanceMatch = TRUE;
  search(2, test_app_key(0x2001), &q.info);
  expect_found("second", 3, middle, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
  search(0, test_app_key(0x2001), &q.info);
  expect_found("third", 3, middle, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
  search(1, test_app_key(0x2001), &q.info);
  expect_found("first", 3, middle, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
}

/* B124: the second instance has a transport of its own on the same machine. */
Test(api_search, another_instance_of_the_process_is_remote)
{
  TestApp second;
  test_app_init(&second, host, 0);
  cr_assert(eq(i32, test_app_open(&second), S_OK));
  test_app_register(&second, test_app_key(0x7000), "here");
  cr_assert(test_app_until(&second, DRT_ACTIVE, 60));
  test_host_run(host, 10 * SECOND);
  cr_expect(test_app_finds(&apps[0], test_app_key(0x7000), false, "here"));
  cr_expect(test_app_finds(&second, test_app_key(0x1000), false, "a"));
  cr_expect(test_app_misses(&second, test_app_key(0x7000), false));
  test_app_clear(&second);
}

/* B125 */
Test(api_search, the_nearest_of_all_keys_is_found)
{
  static const struct {
    uint64_t target, nearest;
  } cases[] = {
    { 0x1001, 0x1000 }, { 0x17ff, 0x1000 }, { 0x1801, 0x2000 }, { 0x3333, 0x3000 },
    { 0x4fff, 0x5000 }, { 0x9000, 0x5000 }, { 0x0001, 0x1000 }, { 0x3000, 0x3000 },
  };
  for (uint32_t from = 0; from < MACHINES; from++)
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      if (cases[i].nearest == 0x1000 * (uint64_t)(from + 1))
        continue;
      bool exact = cases[i].target == cases[i].nearest;
      search(from, test_app_key(cases[i].target), test_query_all(&q, 1));
      expect_found("nearest", 1, &cases[i].nearest, exact ? DRT_MATCH_EXACT : DRT_MATCH_NEAR,
                   DRT_MATCH_NEAR);
    }
}

/* DEC-39: no range is the whole ring. */
Test(api_search, no_range_is_the_whole_ring)
{
  uint64_t nearest = 0x5000;
  test_query_all(&q, 1);
  q.info.pMinimumKey = q.info.pMaximumKey = NULL;
  search(0, test_app_key(0x5800), &q.info);
  expect_found("no range", 1, &nearest, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
}

/* A ring of its own: these keys on machines 1 and up, searched from machine 0 without keys. A node
 * without keys tells nobody of others, so all meet at machine 1. */
static void
cloud_of(const TestAppKey *keys, uint32_t n)
{
  SOCKADDR_STORAGE first = test_host_address(1, TEST_APP_PORT);
  SOCKET_ADDRESS_LIST list = {
    .iAddressCount = 1,
    .Address = { { (struct sockaddr *)&first, sizeof first } },
  };
  host = test_host_new(1, n + 1);
  for (uint32_t i = 0; i <= n; i++) {
    uint32_t machine = (i + 1) % (n + 1);
    TestApp *app = &apps[machine];
    test_app_init(app, host, machine);
    DrtDeleteStaticBootstrapResolver(app->static_bootstrap);
    cr_assert(eq(i32, DrtCreateStaticBootstrapResolver(&list, &app->static_bootstrap), S_OK));
    app->settings.pBootstrapProvider = app->static_bootstrap;
    cr_assert(eq(i32, test_app_open(app), S_OK));
    if (machine > 0)
      test_app_register(app, keys[machine - 1], "x");
    test_host_run(host, 3 * SECOND);
  }
  test_query_settle(apps, n + 1);
  test_host_run(host, 30 * SECOND);
}

static void
cloud_gone(uint32_t n)
{
  test_app_cloud_clear(apps, n + 1);
  test_host_free(host);
}

/* B126 */
Test(api_search_elsewhere, the_ring_wraps)
{
  TestAppKey keys[] = { test_query_number(5), test_query_number(-1), test_query_number(400) };
  cloud_of(keys, 3);
  search(0, test_query_number(1), test_query_all(&q, 1));
  cr_assert(eq(u32, found.n, 1));
  cr_expect(test_query_is(found.results[0].key, keys[1]));
  cr_expect(eq(i32, (int)found.results[0].type, DRT_MATCH_NEAR));
  search(0, test_query_number(-100), test_query_all(&q, 3));
  cr_assert(eq(u32, found.n, 3));
  cr_expect(test_query_is(found.results[0].key, keys[1]));
  cr_expect(test_query_is(found.results[1].key, keys[0]));
  cr_expect(test_query_is(found.results[2].key, keys[2]));
  cloud_gone(3);
}

/* B138: on both sides of the target, of zero, and of the opposite end of the ring. */
Test(api_search_elsewhere, on_a_tie_the_key_above_comes_first)
{
  TestAppKey half = test_query_number(0);
  half.bytes[31] = 0x80;
  TestAppKey keys[] = { test_query_number(900), test_query_number(1100), test_query_number(-100),
                        test_query_number(100) };
  cloud_of(keys, 4);
  search(0, test_query_number(1000), test_query_all(&q, 2));
  cr_assert(eq(u32, found.n, 2));
  cr_expect(test_query_is(found.results[0].key, keys[1]));
  cr_expect(test_query_is(found.results[1].key, keys[0]));
  search(0, test_query_number(0), test_query_all(&q, 2));
  cr_assert(eq(u32, found.n, 2));
  cr_expect(test_query_is(found.results[0].key, keys[3]));
  cr_expect(test_query_is(found.results[1].key, keys[2]));
  search(0, half, test_query_all(&q, 1));
  cr_assert(eq(u32, found.n, 1));
  cr_expect(test_query_is(found.results[0].key, keys[1]), "1100 is 2^255 - 1100 below");
  cloud_gone(4);
}

/* B127 */
Test(api_search, the_nearest_inside_a_range_is_found)
{
  static const struct {
    const char *name;
    uint64_t target, least, most, found;
  } cases[] = {
    { "the nearest is below the range", 0x2100, 0x2001, 0x6000, 0x3000 },
    { "the nearest is above the range", 0x2f00, 0x1800, 0x2fff, 0x2000 },
    { "two nearer ones are outside", 0x3500, 0x3400, 0x9000, 0x4000 },
    { "three are outside", 0x2fff, 0x0fff, 0x2fff, 0x2000 },
    { "the range begins at the key", 0x3000 - 1, 0x2000, 0x2fff, 0x2000 },
    { "far from the target", 0x4fff, 0x1000, 0x4fff, 0x4000 },
    { "nobody is in it", 0x2900, 0x2001, 0x2fff, 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint64_t expected = cases[i].found;
    search(0, test_app_key(cases[i].target),
           test_query(&q, test_app_key(cases[i].least), test_app_key(cases[i].most), 1));
    expect_found(cases[i].name, expected != 0, &expected, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
  }
}

/* B128, B129, B130 */
Test(api_search, several_keys_come_closest_first)
{
  static const struct {
    const char *name;
    uint32_t from;
    uint64_t target, least, most;
    ULONG wanted;
    uint32_t n;
    uint64_t tops[4];
  } cases[] = {
    { "three of four", 4, 0x2100, 0, UINT64_MAX, 3, 3, { 0x2000, 0x3000, 0x1000 } },
    { "all four", 4, 0x2100, 0, UINT64_MAX, 4, 4, { 0x2000, 0x3000, 0x1000, 0x4000 } },
    { "no more than there are",
      4,
      0x2100,
      0,
      UINT64_MAX,
      9,
      4,
      { 0x2000, 0x3000, 0x1000, 0x4000 } },
    { "two in the range", 4, 0x2100, 0x1800, 0x3800, 3, 2, { 0x2000, 0x3000 } },
    { "the nearest is outside", 4, 0x2100, 0x2001, 0x5000, 3, 2, { 0x3000, 0x4000 } },
    { "the target is one of them", 4, 0x3000, 0, UINT64_MAX, 3, 3, { 0x3000, 0x4000, 0x2000 } },
    { "from one side", 0, 0x0800, 0, UINT64_MAX, 3, 3, { 0x2000, 0x3000, 0x4000 } },
    { "from the other", 0, 0x8000, 0, UINT64_MAX, 3, 3, { 0x5000, 0x4000, 0x3000 } },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TestAppKey least = cases[i].least == 0 ? test_query_number(0) : test_app_key(cases[i].least);
    TestAppKey most =
      cases[i].most == UINT64_MAX ? test_query_number(-1) : test_app_key(cases[i].most);
    search(cases[i].from, test_app_key(cases[i].target),
           test_query(&q, least, most, cases[i].wanted));
    expect_found(cases[i].name, cases[i].n, cases[i].tops,
                 cases[i].target == cases[i].tops[0] ? DRT_MATCH_EXACT : DRT_MATCH_NEAR,
                 DRT_MATCH_NEAR);
  }
}

/* The nearest key, the third and the fifth are on one machine, and somebody else's between them. */
Test(api_search, keys_of_one_machine_come_in_their_places)
{
  static const uint64_t tops[] = { 0x3000, 0x3100, 0x2e00, 0x3400, 0x2900 };
  test_app_register(&apps[2], test_app_key(0x2e00), "c");
  test_app_register(&apps[2], test_app_key(0x2900), "c");
  test_app_register(&apps[3], test_app_key(0x3100), "d");
  test_app_register(&apps[3], test_app_key(0x3400), "d");
  test_host_run(host, 30 * SECOND);
  for (uint32_t from = 0; from < 2; from++) {
    search(from, test_app_key(0x3001), test_query_all(&q, 5));
    expect_found("five keys of two machines", 5, tops, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
  }
  search(0, test_app_key(0x2eff), test_query(&q, test_app_key(0x2800), test_app_key(0x2fff), 5));
  expect_found("two keys behind one outside", 2, (const uint64_t[]){ 0x2e00, 0x2900 },
               DRT_MATCH_NEAR, DRT_MATCH_NEAR);
}

/* Hop by hop, and the nearest key lies outside the range. */
Test(api_search, an_iterative_search_stays_in_its_range)
{
  TestSearch hops;
  TestAppResult result;
  uint32_t hops_n;
  HRESULT end;
  test_query(&q, test_app_key(0x2001), test_app_key(0x4800), 1)->fIterative = TRUE;
  cr_assert(
    eq(i32, test_search_start(&hops, &apps[4], test_app_key(0x2100), &q.info, 10000), S_OK));
  cr_expect(eq(u32, test_search_walk(&hops, &result, &hops_n, &end), 1));
  cr_expect(test_query_is(result.key, test_app_key(0x3000)));
  cr_expect(gt(u32, hops_n, 0));
  cr_expect(eq(i32, end, DRT_E_NO_MORE));
  test_search_end(&hops);
}

/* B131 */
Test(api_search, a_range_of_one_key_has_one_result)
{
  uint64_t top = 0x3000;
  test_query_exactly(&q, test_app_key(top))->cMaxEndpoints = 5;
  search(0, test_app_key(top), &q.info);
  expect_found("one key", 1, &top, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
}

/* B132 */
Test(api_search, any_key_of_a_range_will_do)
{
  static const struct {
    const char *name;
    uint64_t target, least, most;
    uint32_t n;
  } cases[] = {
    { "several in the range", 0x2800, 0x1800, 0x4800, 1 },
    { "one in the range, far from the target", 0x2100, 0x2080, 0x3fff, 1 },
    { "none", 0x2100, 0x2080, 0x2fff, 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TestAppKey least = test_app_key(cases[i].least), most = test_app_key(cases[i].most);
    test_query(&q, least, most, 1)->fAnyMatchInRange = TRUE;
    search(0, test_app_key(cases[i].target), &q.info);
    cr_expect(eq(i32, found.end, DRT_E_NO_MORE), "%s", cases[i].name);
    cr_expect(eq(u32, found.n, cases[i].n), "%s", cases[i].name);
    if (found.n != 1)
      continue;
    uint64_t top;
    memcpy(&top, found.results[0].key + 24, 8);
    cr_expect(ge(u64, top, cases[i].least), "%s", cases[i].name);
    cr_expect(le(u64, top, cases[i].most), "%s", cases[i].name);
    cr_expect(eq(i32, (int)found.results[0].type, DRT_MATCH_EXACT), "%s", cases[i].name);
  }
}

/* B137 */
Test(api_search, no_search_info_means_exactly_this_key_elsewhere)
{
  uint64_t top = 0x2000;
  search(0, test_app_key(top), NULL);
  expect_found("elsewhere", 1, &top, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
  search(1, test_app_key(top), NULL);
  expect_found("here", 0, NULL, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
  search(0, test_app_key(0x2001), NULL);
  expect_found("nobody", 0, NULL, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
}

/* B140 */
Test(api_search, data_comes_byte_for_byte)
{
  static const ULONG sizes[] = { 1, 2, 255, 1000, 1100, 1200, 1300, 2500, 4999, 5119, 5120 };
  BYTE data[DRT_MAX_PAYLOAD_SIZE];
  for (uint32_t i = 0; i < sizeof data; i++)
    data[i] = (BYTE)(i * 7 + i / 256);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    HDRT_REGISTRATION_CONTEXT handle;
    TestAppKey key = test_app_key(0x6000 + i);
    cr_assert(eq(i32, test_app_try(&apps[1], key, data, sizes[i], NULL, &handle), S_OK));
    test_host_run(host, 5 * SECOND);
    search(3, key, test_query_exactly(&q, key));
    cr_expect(eq(i32, found.end, DRT_E_NO_MORE), "%u", sizes[i]);
    cr_assert(eq(u32, found.n, 1), "%u", sizes[i]);
    cr_expect(eq(u32, found.results[0].n, sizes[i]));
    cr_expect(memcmp(found.results[0].data, data, sizes[i]) == 0, "%u", sizes[i]);
    test_host_enter(host, 1);
    DrtUnregisterKey(handle);
  }
}

/* Loses one datagram from machine 1 to machine 3: the one that this counts down to. */
static bool
lose_one(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  int *left = data;
  (void)bytes;
  (void)n;
  return from != 1 || to != 3 || --*left != 0;
}

/* B140: the largest data come in fragments. Whichever is lost, the question is asked again. */
Test(api_search, data_comes_though_a_fragment_is_lost)
{
  BYTE data[DRT_MAX_PAYLOAD_SIZE];
  HDRT_REGISTRATION_CONTEXT handle;
  TestAppKey key = test_app_key(0x6000);
  for (uint32_t i = 0; i < sizeof data; i++)
    data[i] = (BYTE)(i * 11 + i / 256);
  cr_assert(eq(i32, test_app_try(&apps[1], key, data, sizeof data, NULL, &handle), S_OK));
  test_host_run(host, 20 * SECOND);
  uint32_t late = 0;
  for (int nth = 1; nth <= 10; nth++) {
    int left = nth;
    int64_t start = test_host_now(host);
    test_host_filter(host, lose_one, &left);
    search(3, key, test_query_exactly(&q, key));
    cr_expect(eq(u32, found.n, 1), "datagram %d", nth);
    cr_expect(eq(u32, found.results[0].n, sizeof data), "datagram %d", nth);
    cr_expect(memcmp(found.results[0].data, data, sizeof data) == 0, "datagram %d", nth);
    late += test_host_now(host) - start >= SECOND;
    test_host_filter(host, NULL, NULL);
  }
  cr_expect(gt(u32, late, 3));
}

/* B141, B122: before, while and after somebody else is there; and without a network. */
Test(api_search_elsewhere, alone_a_search_ends_at_once)
{
  host = test_host_new(1, 1);
  test_query_open(apps, 1, host);
  test_app_register(&apps[0], test_app_key(0x1000), "a");
  test_app_register(&apps[0], test_app_key(0x2000), "b");
  for (int connected = 1; connected >= 0; connected--) {
    test_host_connect(host, 0, connected);
    cr_assert(test_app_until(&apps[0], connected ? DRT_ALONE : DRT_NO_NETWORK, 60));
    int64_t start = test_host_now(host);
    cr_expect(test_app_misses(&apps[0], test_app_key(0x3000), true));
    cr_expect(test_app_misses(&apps[0], test_app_key(0x1000), false));
    cr_expect(test_app_finds(&apps[0], test_app_key(0x1000), true, "a"));
    test_query_all(&q, 5)->fAllowCurrentInstanceMatch = TRUE;
    search(0, test_app_key(0x1900), &q.info);
    expect_found("both", 2, (const uint64_t[]){ 0x2000, 0x1000 }, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
    test_query(&q, test_app_key(0x1001), test_app_key(0x3000), 5)->fAllowCurrentInstanceMatch =
      TRUE;
    search(0, test_app_key(0x1100), &q.info);
    expect_found("range", 1, (const uint64_t[]){ 0x2000 }, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
    test_query(&q, test_app_key(0x1001), test_app_key(0x3000), 1)->fAllowCurrentInstanceMatch =
      TRUE;
    q.info.fAnyMatchInRange = TRUE;
    search(0, test_app_key(0x1100), &q.info);
    expect_found("any", 1, (const uint64_t[]){ 0x2000 }, DRT_MATCH_EXACT, DRT_MATCH_EXACT);
    test_query_all(&q, 5)->fAllowCurrentInstanceMatch = TRUE;
    q.info.fIterative = TRUE;
    search(0, test_app_key(0x1900), &q.info);
    expect_found("iterative", 1, (const uint64_t[]){ 0x2000 }, DRT_MATCH_NEAR, DRT_MATCH_NEAR);
    cr_expect(eq(i64, test_host_now(host), start));
  }
  test_app_clear(&apps[0]);
  test_host_free(host);
}
