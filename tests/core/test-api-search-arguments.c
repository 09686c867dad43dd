/* Starting a search: what is refused, with which code and what it leaves (drt-api 1.3). */
#include "test-query.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp apps[3];
static HANDLE event;

/* Machines 0 to 2 with the keys 0x1000, 0x2000 and 0x3000. */
static void
set_up(void)
{
  static const uint64_t tops[] = { 0x1000, 0x2000, 0x3000 };
  host = test_host_new(1, 3);
  test_query_cloud(apps, 3, host, tops);
  test_host_enter(host, 0);
  event = DrtEventCreate(TRUE, FALSE);
}

static void
tear_down(void)
{
  DrtEventClose(event);
  test_app_cloud_clear(apps, 3);
  test_host_free(host);
}

TestSuite(api_search_arguments, .init = set_up, .fini = tear_down);

typedef struct {
  HDRT drt;
  DRT_DATA *key;
  DRT_SEARCH_INFO *info;
  HANDLE event;
} Arguments;

static void
expect_refused(Arguments a, HRESULT hr, const char *name)
{
  HDRT_SEARCH_CONTEXT search = &host;
  size_t pieces = test_host_memory(host)->pieces;
  uint64_t sent = test_host_sent(host);
  cr_expect(eq(i32, DrtStartSearch(a.drt, a.key, a.info, 1000, a.event, NULL, &search), hr), "%s",
            name);
  cr_expect(search == NULL, "%s", name);
  cr_expect(eq(sz, test_host_memory(host)->pieces, pieces), "%s", name);
  cr_expect(eq(u64, test_host_sent(host), sent), "%s", name);
  cr_expect(not(DrtEventWait(event)), "%s", name);
}

/* Starts and ends a search with these arguments, which are good. */
static void
expect_taken(Arguments a, const char *name)
{
  HDRT_SEARCH_CONTEXT search = NULL;
  cr_expect(eq(i32, DrtStartSearch(a.drt, a.key, a.info, 1000, a.event, NULL, &search), S_OK), "%s",
            name);
  cr_expect(search != NULL, "%s", name);
  cr_expect(eq(i32, DrtEndSearch(search), S_OK), "%s", name);
}

/* B100 */
Test(api_search_arguments, a_search_needs_a_place_for_its_handle)
{
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  cr_expect(
    eq(i32, DrtStartSearch(apps[0].drt, &key, NULL, 1000, event, NULL, NULL), E_INVALIDARG));
}

/* B101, B102, B103 */
Test(api_search_arguments, a_key_has_a_pointer_and_32_bytes)
{
  TestAppKey target = test_app_key(0x2000);
  BYTE longer[33] = { 0 };
  struct {
    const char *name;
    DRT_DATA key;
    HRESULT hr;
  } cases[] = {
    { "no pointer", { 32, NULL }, E_INVALIDARG },
    { "no pointer and another size: the pointer comes first", { 31, NULL }, E_INVALIDARG },
    { "31 bytes", { 31, target.bytes }, DRT_E_INVALID_KEY_SIZE },
    { "33 bytes", { 33, longer }, DRT_E_INVALID_KEY_SIZE },
    { "no bytes", { 0, target.bytes }, DRT_E_INVALID_KEY_SIZE },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_refused((Arguments){ apps[0].drt, &cases[i].key, NULL, event }, cases[i].hr,
                   cases[i].name);
  expect_refused((Arguments){ apps[0].drt, NULL, NULL, event }, E_INVALIDARG, "no key");
  expect_taken((Arguments){ apps[0].drt, &(DRT_DATA){ 32, target.bytes }, NULL, event }, "a key");
}

/* What a row does to a good search info for the range 0x1000 to 0x3000. */
static void
wrong_size(TestQuery *q)
{
  q->info.dwSize = sizeof q->info - 1;
}

static void
larger_size(TestQuery *q)
{
  q->info.dwSize = sizeof q->info + 1;
}

static void
no_results(TestQuery *q)
{
  q->info.cMaxEndpoints = 0;
}

static void
two_of_any(TestQuery *q)
{
  q->info.cMaxEndpoints = 2;
  q->info.fAnyMatchInRange = TRUE;
}

static void
no_maximum(TestQuery *q)
{
  q->info.pMaximumKey = NULL;
}

static void
no_minimum(TestQuery *q)
{
  q->info.pMinimumKey = NULL;
}

static void
minimum_without_pointer(TestQuery *q)
{
  q->minimum.pb = NULL;
}

static void
maximum_without_pointer(TestQuery *q)
{
  q->maximum.pb = NULL;
}

static void
short_minimum(TestQuery *q)
{
  q->minimum.cb = 16;
}

static void
short_maximum(TestQuery *q)
{
  q->maximum.cb = 16;
}

static void
one_other_key(TestQuery *q)
{
  q->most = q->least;
}

static void
range_above(TestQuery *q)
{
  q->least = test_app_key(0x2001);
}

static void
range_below(TestQuery *q)
{
  q->most = test_app_key(0x1fff);
}

/* Target between them, if the range could wrap, and not between them. */
static void
upside_down(TestQuery *q)
{
  q->least = test_app_key(0x3000);
  q->most = test_app_key(0x1000);
}

static void
upside_down_with_target_outside(TestQuery *q)
{
  q->least = test_app_key(0x1900);
  q->most = test_app_key(0x1800);
}

/* B104, B105, B106, B107a, B107b, B108a, B108b, B109, B110a, B110b */
Test(api_search_arguments, a_search_info_is_checked)
{
  static const struct {
    const char *name;
    void (*spoil)(TestQuery *q);
    HRESULT hr;
  } cases[] = {
    { "smaller structure", wrong_size, DRT_E_INVALID_SEARCH_INFO },
    { "larger structure", larger_size, DRT_E_INVALID_SEARCH_INFO },
    { "no results", no_results, DRT_E_INVALID_MAX_ENDPOINTS },
    { "two of any", two_of_any, DRT_E_INVALID_MAX_ENDPOINTS },
    { "minimum alone", no_maximum, E_INVALIDARG },
    { "maximum alone", no_minimum, E_INVALIDARG },
    { "minimum without pointer", minimum_without_pointer, E_INVALIDARG },
    { "maximum without pointer", maximum_without_pointer, E_INVALIDARG },
    { "short minimum", short_minimum, DRT_E_INVALID_KEY_SIZE },
    { "short maximum", short_maximum, DRT_E_INVALID_KEY_SIZE },
    { "one key that is not the target", one_other_key, DRT_E_INVALID_SEARCH_RANGE },
    { "target below the range", range_above, DRT_E_INVALID_SEARCH_RANGE },
    { "target above the range", range_below, DRT_E_INVALID_SEARCH_RANGE },
    { "minimum above maximum", upside_down, DRT_E_INVALID_SEARCH_RANGE },
    { "the same elsewhere", upside_down_with_target_outside, DRT_E_INVALID_SEARCH_RANGE },
  };
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TestQuery q;
    test_query(&q, test_app_key(0x1000), test_app_key(0x3000), 1);
    cases[i].spoil(&q);
    expect_refused((Arguments){ apps[0].drt, &key, &q.info, event }, cases[i].hr, cases[i].name);
  }
}

/* The ends of the range belong to it, and neither end is a range of its own kind. */
Test(api_search_arguments, a_target_may_be_an_end_of_its_range)
{
  TestQuery q;
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  expect_taken((Arguments){ apps[0].drt, &key, test_query(&q, target, target, 1), event }, "one");
  expect_taken(
    (Arguments){ apps[0].drt, &key, test_query(&q, target, test_app_key(0x3000), 1), event },
    "least");
  expect_taken(
    (Arguments){ apps[0].drt, &key, test_query(&q, test_app_key(0x1000), target, 1), event },
    "most");
  test_query_all(&q, 1);
  q.info.pMinimumKey = q.info.pMaximumKey = NULL;
  expect_taken((Arguments){ apps[0].drt, &key, &q.info, event }, "no range");
}

/* Rows of the table come in their order: each argument is wrong in the row, and all after it. */
Test(api_search_arguments, the_first_wrong_argument_counts)
{
  TestQuery q;
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 31, target.bytes };
  test_query(&q, test_app_key(0x3000), test_app_key(0x1000), 0);
  q.info.dwSize = 0;
  q.info.pMaximumKey = NULL;
  q.minimum.cb = 16;
  Arguments a = { NULL, &key, &q.info, NULL };
  expect_refused(a, DRT_E_INVALID_KEY_SIZE, "the key's size");
  key.cb = 32;
  expect_refused(a, DRT_E_INVALID_SEARCH_INFO, "the info's size");
  q.info.dwSize = sizeof q.info;
  expect_refused(a, DRT_E_INVALID_MAX_ENDPOINTS, "the number of results");
  q.info.cMaxEndpoints = 1;
  expect_refused(a, E_INVALIDARG, "one end of the range");
  q.info.pMaximumKey = &q.maximum;
  expect_refused(a, DRT_E_INVALID_KEY_SIZE, "the size of an end");
  q.minimum.cb = 32;
  expect_refused(a, DRT_E_INVALID_SEARCH_RANGE, "the range");
  q.least = target;
  q.most = test_app_key(0x3000);
  expect_refused(a, E_HANDLE, "the instance");
  a.drt = apps[0].drt;
  expect_refused(a, E_HANDLE, "the event");
  a.event = event;
  expect_taken(a, "all good");
}

/* B111 */
Test(api_search_arguments, the_instance_must_be_open)
{
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  HDRT closed = apps[2].drt;
  expect_refused((Arguments){ NULL, &key, NULL, event }, E_HANDLE, "NULL");
  expect_refused((Arguments){ apps[0].transport, &key, NULL, event }, E_HANDLE, "a transport");
  expect_refused((Arguments){ &host, &key, NULL, event }, E_HANDLE, "a pointer");
  test_app_close(&apps[2]);
  expect_refused((Arguments){ closed, &key, NULL, event }, E_HANDLE, "closed");
}

/* B112 */
Test(api_search_arguments, a_search_needs_an_event)
{
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  HANDLE closed = DrtEventCreate(TRUE, FALSE);
  DrtEventClose(closed);
  expect_refused((Arguments){ apps[0].drt, &key, NULL, NULL }, E_HANDLE, "NULL");
  expect_refused((Arguments){ apps[0].drt, &key, NULL, closed }, E_HANDLE, "closed");
  expect_refused((Arguments){ apps[0].drt, &key, NULL, apps[0].drt }, E_HANDLE, "an instance");
}

/* B113. Whatever take of memory fails, the call says so and leaves nothing; the instance goes on. */
Test(api_search_arguments, without_memory_nothing_is_started)
{
  TestMemory *memory = test_host_memory(host);
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  HDRT_SEARCH_CONTEXT search;
  HRESULT hr = E_OUTOFMEMORY;
  uint32_t failed = 0;
  for (; hr != S_OK; failed++) {
    cr_assert(lt(u32, failed, 50));
    size_t pieces = memory->pieces;
    memory->fail_at = memory->takes + 1 + failed;
    memory->fail_on = true;
    search = &host;
    hr = DrtStartSearch(apps[0].drt, &key, NULL, 5000, event, NULL, &search);
    memory->fail_at = 0;
    memory->fail_on = false;
    if (hr == S_OK)
      break;
    cr_expect(eq(i32, hr, E_OUTOFMEMORY));
    cr_expect(search == NULL);
    cr_expect(eq(sz, memory->pieces, pieces));
    cr_expect(not(DrtEventWait(event)));
    test_app_forget(&apps[0]);
  }
  cr_expect(gt(u32, failed, 0));
  cr_expect(eq(i32, DrtEndSearch(search), S_OK));
  cr_expect(test_app_finds(&apps[0], target, false, "b"));
  cr_expect(eq(i32, DrtGetEventDataSize(apps[0].drt, &(ULONG){ 0 }), DRT_E_NO_MORE));
}

/* B114 */
Test(api_search_arguments, no_search_of_a_library_that_goes)
{
  DrtLibrary *library = test_host_library(host);
  TestAppKey target = test_app_key(0x2000);
  DRT_DATA key = { 32, target.bytes };
  library->shutting_down = true;
  expect_refused((Arguments){ apps[0].drt, &key, NULL, event }, E_UNEXPECTED, "shutting down");
  library->shutting_down = false;
  library->has_handles = false;
  HDRT_SEARCH_CONTEXT search = &host;
  cr_expect(
    eq(i32, DrtStartSearch(apps[0].drt, &key, NULL, 1000, event, NULL, &search), E_UNEXPECTED));
  cr_expect(search == NULL);
  library->has_handles = true;
  expect_taken((Arguments){ apps[0].drt, &key, NULL, event }, "in use");
}

/* B115 */
Test(api_search_arguments, the_arguments_are_copied)
{
  TestQuery q;
  TestAppKey target = test_app_key(0x2fff), found = test_app_key(0x3000);
  DRT_DATA key = { 32, target.bytes };
  HDRT_SEARCH_CONTEXT search;
  DRT_SEARCH_INFO *info = test_query(&q, test_app_key(0x2001), test_app_key(0x3fff), 1);
  cr_assert(eq(i32, DrtStartSearch(apps[0].drt, &key, info, 5000, event, NULL, &search), S_OK));
  memset(&target, 0, sizeof target);
  memset(&key, 0xff, sizeof key);
  memset(&q, 0xff, sizeof q);
  cr_assert(test_host_wait(host, event, 5000));
  TestAppResult result;
  TestSearch s = { &apps[0], event, search };
  cr_assert(eq(i32, test_search_take(&s, &result), S_OK));
  cr_expect(eq(i32, result.type, DRT_MATCH_NEAR));
  cr_expect(test_query_is(result.key, found));
  cr_expect(eq(i32, DrtEndSearch(search), S_OK));
}

/* B116 */
Test(api_search_arguments, ten_searches_at_once)
{
  TestSearch searches[10];
  TestQuery q;
  for (uint64_t i = 0; i < 10; i++)
    cr_assert(
      eq(i32,
         test_search_start(&searches[i], &apps[i % 3], test_app_key(0x1000 * (i % 4 + 1)),
                           test_query_exactly(&q, test_app_key(0x1000 * (i % 4 + 1))), 5000),
         S_OK));
  for (uint64_t i = 0; i < 10; i++) {
    TestAppResult result;
    uint32_t hops;
    HRESULT end;
    TestAppKey target = test_app_key(0x1000 * (i % 4 + 1));
    bool elsewhere = i % 4 < 3 && i % 4 != i % 3;
    uint32_t n = test_search_walk(&searches[i], &result, &hops, &end);
    cr_expect(eq(i32, end, DRT_E_NO_MORE), "%u", (unsigned)i);
    cr_expect(eq(u32, n, elsewhere), "%u", (unsigned)i);
    if (n == 1) {
      cr_expect(test_query_is(result.key, target), "%u", (unsigned)i);
      cr_expect(eq(u8, result.data[0], (BYTE)('a' + i % 4)), "%u", (unsigned)i);
      cr_expect(result.context == &apps[i % 3], "%u", (unsigned)i);
    }
    test_search_end(&searches[i]);
  }
}
