/* A search in time: hop by hop, its time-out to the millisecond, and what its event says (drt-api 1.3,
 * 7.5, 9). */
#include "test-query.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)
#define SMALL 5
#define LARGE 40

static TestHost *host;
static TestApp apps[LARGE + 1];
static uint32_t apps_n;
static TestQuery q;
static TestSearch search;
static TestAppResult result;

static void
build(uint32_t n)
{
  uint64_t tops[LARGE];
  for (uint32_t i = 0; i < n; i++)
    tops[i] = UINT64_MAX / n * i + 1000;
  apps_n = n;
  host = test_host_new(1, n + 1);
  test_query_cloud(apps, n, host, tops);
}

/* Machine i has the key 0x1000 * (i + 1) with the letter 'a' + i. */
static void
set_up(void)
{
  static const uint64_t tops[] = { 0x1000, 0x2000, 0x3000, 0x4000, 0x5000 };
  apps_n = SMALL;
  host = test_host_new(1, SMALL + 1);
  test_query_cloud(apps, SMALL, host, tops);
}

static void
tear_down(void)
{
  test_host_filter(host, NULL, NULL);
  test_app_cloud_clear(apps, apps_n);
  test_host_free(host);
}

TestSuite(api_search_time, .init = set_up, .fini = tear_down);
TestSuite(api_search_hops, .fini = tear_down);

/* A newcomer without keys in a large cloud has to ask its way. */
static TestApp *
newcomer(void)
{
  build(LARGE);
  TestApp *app = &apps[apps_n];
  test_app_init(app, host, apps_n++);
  cr_assert(eq(i32, test_app_open(app), S_OK));
  test_query_settle(app, 1);
  return app;
}

/* B133, B134, B135, B162: the hops are named, one at a time, and nothing happens between. */
Test(api_search_hops, an_iterative_search_shows_its_hops)
{
  TestApp *app = newcomer();
  uint32_t total = 0, most = 0;
  for (uint32_t at = 1; at < LARGE; at++) {
    TestAppKey target = test_app_key(UINT64_MAX / LARGE * at + 1000);
    uint32_t hops = 0;
    test_query_all(&q, 5)->fIterative = TRUE;
    cr_assert(eq(i32, test_search_start(&search, app, target, &q.info, 0xffffffff), S_OK));
    while (true) {
      cr_assert(eq(i32, test_search_next(&search, &result, 20000), S_OK));
      if (result.type != DRT_MATCH_INTERMEDIATE)
        break;
      hops++;
      bool known = false;
      for (uint32_t i = 0; i < LARGE; i++)
        known |= test_query_is(result.key, test_app_key(UINT64_MAX / LARGE * i + 1000));
      cr_expect(known);
      cr_expect(eq(u32, result.n, 0));
      cr_expect(result.context == app);
      cr_expect(not(DrtEventWait(search.event)));
      cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_SEARCH_IN_PROGRESS));
      if (hops == 1) {
        test_host_run(host, 3 * SECOND);
        cr_expect(not(DrtEventWait(search.event)));
        cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_SEARCH_IN_PROGRESS));
      }
      cr_expect(eq(i32, DrtContinueSearch(search.handle), S_OK));
      cr_expect(eq(i32, DrtContinueSearch(search.handle), DRT_E_SEARCH_IN_PROGRESS), "DEC-43");
    }
    cr_expect(test_query_is(result.key, target));
    cr_expect(eq(i32, (int)result.type, DRT_MATCH_EXACT));
    cr_expect(eq(u32, result.n, 1));
    cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
    cr_expect(eq(i32, DrtContinueSearch(search.handle), DRT_E_NO_MORE), "DEC-43");
    test_search_end(&search);
    total += hops;
    most = hops > most ? hops : most;
  }
  cr_expect(gt(u32, total, 0), "no search had more than one hop");
  cr_expect(lt(u32, most, 22));
}

/* B136 */
Test(api_search_hops, other_searches_show_no_hops)
{
  TestApp *app = newcomer();
  uint32_t contacts = 0;
  for (uint32_t at = 1; at < LARGE; at++) {
    TestAppKey target = test_app_key(UINT64_MAX / LARGE * at + 1000);
    HRESULT end;
    uint32_t hops;
    test_search_start(&search, app, target, test_query_all(&q, 1), 20000);
    cr_expect(eq(u32, test_search_walk(&search, &result, &hops, &end), 1));
    cr_expect(eq(u32, hops, 0));
    cr_expect(test_query_is(result.key, target));
    DRT_ADDRESS_LIST *path = test_search_path(&search);
    contacts += path->AddressCount > 1;
    free(path);
    test_search_end(&search);
  }
  cr_expect(gt(u32, contacts, 0));
}

/* B134: a search that is not continued ends by its time-out, and only then. */
Test(api_search_hops, a_waiting_search_ends_by_its_time_out)
{
  TestApp *app = newcomer();
  bool waited = false;
  for (uint32_t at = 1; at < LARGE && !waited; at++) {
    test_query_all(&q, 1)->fIterative = TRUE;
    int64_t start = test_host_now(host);
    test_search_start(&search, app, test_app_key(UINT64_MAX / LARGE * at + 2000), &q.info, 7000);
    cr_assert(eq(i32, test_search_next(&search, &result, 20000), S_OK));
    if (result.type == DRT_MATCH_INTERMEDIATE) {
      waited = true;
      cr_expect(test_host_wait(host, search.event, 60000));
      cr_expect(eq(i64, test_host_now(host) - start, 7000 * MILLISECOND));
      cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_TIMEOUT));
      cr_expect(eq(i32, DrtContinueSearch(search.handle), DRT_E_TIMEOUT), "DEC-43");
    }
    test_search_end(&search);
  }
  cr_expect(waited);
}

static bool
lose_all(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  (void)from;
  (void)to;
  (void)bytes;
  (void)n;
  (void)data;
  return false;
}

/* B142: to the millisecond. */
Test(api_search_time, silent_peers_are_waited_for_until_the_time_out)
{
  static const ULONG milliseconds[] = { 1, 500, 999, 1500 };
  test_host_filter(host, lose_all, NULL);
  for (size_t i = 0; i < sizeof milliseconds / sizeof *milliseconds; i++) {
    int64_t start = test_host_now(host);
    test_search_start(&search, &apps[0], test_app_key(0x3000), NULL, milliseconds[i]);
    cr_expect(not(test_host_wait(host, search.event, milliseconds[i] - 1)));
    cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_SEARCH_IN_PROGRESS));
    cr_expect(test_host_wait(host, search.event, 60000));
    cr_expect(eq(i64, test_host_now(host) - start, milliseconds[i] * MILLISECOND));
    cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_TIMEOUT));
    cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_TIMEOUT));
    cr_expect(DrtEventWait(search.event));
    test_search_end(&search);
  }
}

/* DEC-42: a time-out of 0 is over at once, but local keys come first; the largest is none. */
Test(api_search_time, the_two_ends_of_time_outs)
{
  test_search_start(&search, &apps[0], test_app_key(0x3000), NULL, 0);
  cr_expect(DrtEventWait(search.event));
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_TIMEOUT));
  test_search_end(&search);
  test_query_exactly(&q, test_app_key(0x1000))->fAllowCurrentInstanceMatch = TRUE;
  test_search_start(&search, &apps[0], test_app_key(0x1000), &q.info, 0);
  cr_expect(eq(i32, test_search_take(&search, &result), S_OK));
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  test_search_end(&search);
  test_search_start(&search, &apps[0], test_app_key(0x3000), NULL, 0xffffffff);
  cr_expect(eq(i32, test_search_next(&search, &result, 5000), S_OK));
  test_search_end(&search);
  test_search_start(&search, &apps[0], test_app_key(0x3000), NULL, 0xfffffffe);
  cr_expect(eq(i32, test_search_next(&search, &result, 5000), S_OK));
  test_search_end(&search);
}

/* B143: the nearest has answered, and then nobody does. What came is there first. */
Test(api_search_time, results_come_before_the_time_out)
{
  int64_t start = test_host_now(host);
  test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 3), 1500);
  cr_assert(test_host_wait(host, search.event, 1000));
  test_host_filter(host, lose_all, NULL);
  test_host_run(host, start + 1500 * MILLISECOND - 1 - test_host_now(host));
  cr_expect(DrtEventWait(search.event));
  test_host_run(host, 10 * SECOND);
  cr_expect(eq(i32, test_search_take(&search, &result), S_OK));
  cr_expect(test_query_is(result.key, test_app_key(0x3000)));
  cr_expect(DrtEventWait(search.event));
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_TIMEOUT));
  cr_expect(DrtEventWait(search.event));
  test_search_end(&search);
}

/* B144, B145: set by a result, reset when all is read, set again by the next one, set at the end. */
Test(api_search_time, the_event_says_that_there_is_something_to_read)
{
  HRESULT hr;
  uint32_t results = 0;
  test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 3), 20000);
  cr_expect(not(DrtEventWait(search.event)));
  do {
    cr_assert(test_host_wait(host, search.event, 20000));
    cr_expect(DrtEventWait(search.event), "reading the event does not reset it");
    hr = test_search_take(&search, &result);
    if (hr != S_OK)
      break;
    results++;
    hr = test_search_take(&search, &result);
    cr_expect(eq(i32, DrtEventWait(search.event), hr != DRT_E_SEARCH_IN_PROGRESS));
  } while (hr == DRT_E_SEARCH_IN_PROGRESS);
  cr_expect(eq(u32, results, 3));
  cr_expect(eq(i32, hr, DRT_E_NO_MORE));
  for (int i = 0; i < 3; i++) {
    cr_expect(DrtEventWait(search.event));
    cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  }
  test_search_end(&search);
}

/* B144: of several results queued, only the last one resets it. */
Test(api_search_time, the_event_stays_while_results_are_queued)
{
  test_query_all(&q, 4)->fAllowCurrentInstanceMatch = TRUE;
  test_host_enter(host, 0);
  test_app_register(&apps[0], test_app_key(0x1010), "second");
  test_host_run(host, 20 * SECOND);
  test_search_start(&search, &apps[0], test_app_key(0x1001), &q.info, 20000);
  test_host_run(host, 10 * SECOND);
  for (int i = 0; i < 4; i++) {
    cr_expect(DrtEventWait(search.event));
    cr_expect(eq(i32, test_search_take(&search, &result), S_OK), "%d", i);
  }
  cr_expect(DrtEventWait(search.event));
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  test_search_end(&search);
}

/* DEC-31: an event that resets itself is set once more for each thing that is left to read. */
Test(api_search_time, an_auto_reset_event_works_as_well)
{
  TestAppKey target = test_app_key(0x3001);
  DRT_DATA key = { 32, target.bytes };
  test_host_enter(host, 0);
  HANDLE event = DrtEventCreate(FALSE, FALSE);
  HDRT_SEARCH_CONTEXT handle;
  cr_assert(
    eq(i32, DrtStartSearch(apps[0].drt, &key, test_query_all(&q, 3), 20000, event, NULL, &handle),
       S_OK));
  search = (TestSearch){ &apps[0], event, handle };
  test_host_run(host, 10 * SECOND);
  for (int i = 0; i < 3; i++) {
    cr_expect(DrtEventWait(event), "%d", i);
    cr_expect(not(DrtEventWait(event)), "%d", i);
    cr_expect(eq(i32, test_search_take(&search, &result), S_OK), "%d", i);
  }
  cr_expect(DrtEventWait(event));
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  test_search_end(&search);
}
