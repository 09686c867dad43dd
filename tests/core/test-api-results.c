/* Taking results, continuing and ending searches, and the path of a result (drt-api 1.3). */
#include "test-query.h"

#include "drt-message.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define MACHINES 5
#define TYPE_AT 7 /* of a datagram */

static TestHost *host;
static TestApp apps[MACHINES];
static TestQuery q;
static TestSearch search;
static TestAppResult result;

/* Machine i has the key 0x1000 * (i + 1) with the letter 'a' + i. */
static void
set_up(void)
{
  static const uint64_t tops[MACHINES] = { 0x1000, 0x2000, 0x3000, 0x4000, 0x5000 };
  host = test_host_new(1, MACHINES);
  test_query_cloud(apps, MACHINES, host, tops);
  test_host_enter(host, 0);
}

static void
tear_down(void)
{
  test_host_filter(host, NULL, NULL);
  test_app_cloud_clear(apps, MACHINES);
  test_host_free(host);
}

TestSuite(api_results, .init = set_up, .fini = tear_down);

/* For exactly this key; without waiting for anything. */
static void
start(uint64_t top)
{
  cr_assert(eq(i32,
               test_search_start(&search, &apps[0], test_app_key(top),
                                 test_query_exactly(&q, test_app_key(top)), 5000),
               S_OK));
}

static HRESULT
size_of_next(ULONG *ret_size)
{
  return DrtGetSearchResultSize(search.handle, ret_size);
}

/* B150 */
Test(api_results, a_search_under_way_is_in_progress)
{
  ULONG size = 77;
  DRT_SEARCH_RESULT data;
  start(0x3000);
  cr_expect(eq(i32, size_of_next(&size), DRT_E_SEARCH_IN_PROGRESS));
  cr_expect(eq(u32, size, 0));
  cr_expect(
    eq(i32, DrtGetSearchResult(search.handle, sizeof data, &data), DRT_E_SEARCH_IN_PROGRESS));
  test_search_end(&search);
}

/* B151 */
Test(api_results, a_size_needs_a_place)
{
  start(0x3000);
  cr_expect(eq(i32, DrtGetSearchResultSize(search.handle, NULL), E_INVALIDARG));
  test_search_end(&search);
}

static void
expect_bad(HDRT_SEARCH_CONTEXT handle, const char *name)
{
  ULONG size = 77;
  DRT_SEARCH_RESULT data;
  DRT_ADDRESS_LIST path;
  cr_expect(eq(i32, DrtGetSearchResultSize(handle, &size), E_HANDLE), "%s", name);
  cr_expect(eq(u32, size, 0), "%s", name);
  cr_expect(eq(i32, DrtGetSearchResult(handle, sizeof data, &data), E_HANDLE), "%s", name);
  cr_expect(eq(i32, DrtContinueSearch(handle), E_HANDLE), "%s", name);
  size = 77;
  cr_expect(eq(i32, DrtGetSearchPathSize(handle, &size), E_HANDLE), "%s", name);
  cr_expect(eq(u32, size, 0), "%s", name);
  cr_expect(eq(i32, DrtGetSearchPath(handle, sizeof path, &path), E_HANDLE), "%s", name);
  cr_expect(eq(i32, DrtEndSearch(handle), E_HANDLE), "%s", name);
}

/* B152, B161, B164, B165 */
Test(api_results, a_handle_must_name_a_search)
{
  expect_bad(NULL, "NULL");
  expect_bad(apps[0].drt, "an instance");
  expect_bad(apps[0].event, "an event");
  expect_bad(&search, "a pointer");
  start(0x3000);
  HDRT_SEARCH_CONTEXT ended = search.handle;
  test_search_end(&search);
  expect_bad(ended, "ended");
  start(0x3000); /* in the same place of the table */
  expect_bad(ended, "ended, and another one begun");
  ended = search.handle;
  test_app_close(&apps[0]);
  expect_bad(ended, "its instance is closed");
  DrtEventClose(search.event);
}

/* B153, B154, B155, B156 */
Test(api_results, a_result_needs_its_size)
{
  ULONG size, again;
  start(0x3000);
  cr_assert(test_host_wait(host, search.event, 5000));
  cr_assert(eq(i32, size_of_next(&size), S_OK));
  cr_expect(eq(u32, size, sizeof(DRT_SEARCH_RESULT) + 32 + 1));
  DRT_SEARCH_RESULT *data = malloc(size);
  for (ULONG less = 0; less < size; less++) {
    HRESULT hr = less < sizeof *data ? E_INVALIDARG : DRT_E_INSUFFICIENT_BUFFER;
    cr_expect(eq(i32, DrtGetSearchResult(search.handle, less, data), hr), "%u", less);
  }
  cr_expect(eq(i32, DrtGetSearchResult(search.handle, size, NULL), E_INVALIDARG));
  cr_expect(eq(i32, size_of_next(&again), S_OK));
  cr_expect(eq(u32, again, size));
  cr_assert(eq(i32, DrtGetSearchResult(search.handle, size, data), S_OK));
  const BYTE *buffer = (const BYTE *)data, *end = buffer + size;
  const DRT_REGISTRATION *registration = &data->registration;
  cr_expect(eq(u32, data->dwSize, sizeof *data));
  cr_expect(data->pvContext == &apps[0]);
  cr_assert(eq(u32, registration->key.cb, 32));
  cr_assert(eq(u32, registration->appData.cb, 1));
  cr_expect(registration->key.pb >= buffer + sizeof *data && registration->key.pb + 32 <= end);
  cr_expect(registration->appData.pb >= buffer + sizeof *data);
  cr_expect(registration->appData.pb + registration->appData.cb <= end);
  cr_expect(test_query_is(registration->key.pb, test_app_key(0x3000)));
  cr_expect(eq(u8, registration->appData.pb[0], 'c'));
  cr_expect(eq(i32, DrtGetSearchResult(search.handle, size, data), DRT_E_NO_MORE));
  cr_expect(eq(i32, size_of_next(&again), DRT_E_NO_MORE));
  cr_expect(eq(u32, again, 0));
  free(data);
  test_search_end(&search);
}

/* B156: three results, taken one by one. */
Test(api_results, results_queue_up)
{
  static const uint64_t tops[] = { 0x3000, 0x4000, 0x2000 };
  cr_assert(
    eq(i32, test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 3), 5000),
       S_OK));
  test_host_run(host, 5 * SECOND);
  for (int i = 0; i < 3; i++) {
    cr_assert(eq(i32, test_search_take(&search, &result), S_OK));
    cr_expect(test_query_is(result.key, test_app_key(tops[i])), "%d", i);
  }
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  test_search_end(&search);
}

/* B160 */
Test(api_results, only_iterative_searches_go_on_by_hand)
{
  start(0x3000);
  cr_expect(eq(i32, DrtContinueSearch(search.handle), E_UNEXPECTED));
  cr_assert(eq(i32, test_search_next(&search, &result, 5000), S_OK));
  cr_expect(eq(i32, DrtContinueSearch(search.handle), E_UNEXPECTED));
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  cr_expect(eq(i32, DrtContinueSearch(search.handle), E_UNEXPECTED));
  test_search_end(&search);
}

/* B163: right away, with a result queued, with all taken, after the end. Each time its memory and the
 * requests under way are given back, and the event rests. */
Test(api_results, a_search_can_be_ended_at_any_point)
{
  for (int point = 0; point < 5; point++) {
    size_t pieces = test_host_memory(host)->pieces;
    test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 3), 5000);
    if (point == 1)
      test_host_run(host, SECOND / 100);
    if (point == 2 || point == 3)
      cr_assert(test_host_wait(host, search.event, 5000));
    if (point == 3)
      cr_assert(eq(i32, test_search_take(&search, &result), S_OK));
    if (point == 4)
      test_host_run(host, 5 * SECOND);
    HANDLE event = search.event;
    cr_expect(eq(i32, DrtEndSearch(search.handle), S_OK), "%d", point);
    cr_expect(eq(i32, DrtEndSearch(search.handle), E_HANDLE), "%d", point);
    DrtEventReset(event);
    test_host_run(host, 10 * SECOND);
    cr_expect(not(DrtEventWait(event)), "%d", point);
    DrtEventClose(event);
    cr_expect(eq(sz, test_host_memory(host)->pieces, pieces), "%d", point);
  }
}

/* Nobody hears of anything; LOOKUPs of machine 0 are counted. */
static bool
count_lookups(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  uint32_t *lookups = data;
  (void)to;
  *lookups += from == 0 && n >= 12 && bytes[TYPE_AT] == DRT_LOOKUP;
  return false;
}

/* B163, mc-drt 2.9: what it has asked is not repeated, and nobody else is asked. */
Test(api_results, a_search_that_was_ended_asks_no_more)
{
  for (int ended = 1; ended >= 0; ended--) {
    uint32_t lookups = 0;
    test_host_filter(host, count_lookups, &lookups);
    test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 3), 5000);
    cr_assert(eq(u32, lookups, 1));
    if (ended)
      test_search_end(&search);
    test_host_run(host, SECOND + SECOND / 2);
    cr_expect(ended ? lookups == 1 : lookups > 1, "%u", lookups);
    if (!ended)
      test_search_end(&search);
  }
}

static USHORT
port_of(const DRT_ADDRESS *address)
{
  struct sockaddr_in6 six;
  memcpy(&six, &address->socketAddress, sizeof six);
  return ntohs(six.sin6_port);
}

static bool
is_machine(const DRT_ADDRESS *address, uint32_t machine)
{
  SOCKADDR_STORAGE other = test_host_address(machine, port_of(address));
  return memcmp(&other, &address->socketAddress, sizeof(struct sockaddr_in6)) == 0;
}

/* B166, B168 */
Test(api_results, the_path_names_the_nodes_contacted)
{
  start(0x3000);
  cr_assert(eq(i32, test_search_next(&search, &result, 5000), S_OK));
  ULONG size;
  cr_assert(eq(i32, DrtGetSearchPathSize(search.handle, &size), S_OK));
  DRT_ADDRESS_LIST *path = test_search_path(&search);
  cr_assert(ge(u32, path->AddressCount, 1));
  cr_expect(eq(u32, size,
               offsetof(DRT_ADDRESS_LIST, AddressList) + path->AddressCount * sizeof(DRT_ADDRESS)));
  for (ULONG i = 0; i < path->AddressCount; i++) {
    const DRT_ADDRESS *address = &path->AddressList[i];
    cr_expect(eq(u16, address->socketAddress.ss_family, AF_INET6));
    cr_expect(eq(u16, port_of(address), TEST_APP_PORT));
    cr_expect(eq(u32, address->latency, 40)); /* there and back */
    cr_expect(ge(i32, address->nearness, 0));
    cr_expect(le(i32, address->nearness, 256));
  }
  const DRT_ADDRESS *last = &path->AddressList[path->AddressCount - 1];
  cr_expect(is_machine(last, 2));
  cr_expect(eq(i32, last->nearness, 256));
  cr_expect(ne(u32, last->flags & DRT_ADDRESS_FLAG_ACCEPTED, 0));
  cr_expect(ne(u32, last->flags & DRT_ADDRESS_FLAG_INQUIRE, 0));
  free(path);
  /* Asking again, and after the end, says the same. */
  path = test_search_path(&search);
  cr_expect(ge(u32, path->AddressCount, 1));
  free(path);
  cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
  path = test_search_path(&search);
  cr_expect(ge(u32, path->AddressCount, 1));
  free(path);
  test_search_end(&search);
}

/* A search that finds nothing has a path as well: of all that it has asked. */
Test(api_results, a_search_without_a_result_has_a_path)
{
  TestAppKey nobody = test_app_key(0x3001);
  test_search_start(&search, &apps[0], nobody, test_query_exactly(&q, nobody), 5000);
  cr_expect(eq(i32, test_search_next(&search, &result, 5000), DRT_E_NO_MORE));
  DRT_ADDRESS_LIST *path = test_search_path(&search);
  cr_expect(ge(u32, path->AddressCount, 1));
  free(path);
  test_search_end(&search);
}

/* DEC-46: nearness counts the bits that a node's key has in common with the target. */
Test(api_results, nearness_is_the_common_prefix)
{
  test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 1), 5000);
  cr_assert(eq(i32, test_search_next(&search, &result, 5000), S_OK));
  DRT_ADDRESS_LIST *path = test_search_path(&search);
  bool seen = false;
  for (ULONG i = 0; i < path->AddressCount; i++) {
    if (!is_machine(&path->AddressList[i], 2))
      continue;
    seen = true;
    cr_expect(eq(i32, path->AddressList[i].nearness, 63));
  }
  cr_expect(seen);
  free(path);
  test_search_end(&search);
}

/* B169: before any result, and of a key found here. */
Test(api_results, without_contacts_the_path_is_empty)
{
  ULONG size;
  DRT_ADDRESS_LIST path;
  for (int i = 0; i < 2; i++) {
    test_query_exactly(&q, test_app_key(0x1000))->fAllowCurrentInstanceMatch = TRUE;
    test_search_start(&search, &apps[0], test_app_key(0x1000), &q.info, 5000);
    if (i == 1)
      cr_assert(eq(i32, test_search_take(&search, &result), S_OK));
    cr_expect(eq(i32, DrtGetSearchPathSize(search.handle, &size), S_OK));
    cr_expect(eq(u32, size, sizeof path));
    memset(&path, 0xff, sizeof path);
    cr_expect(eq(i32, DrtGetSearchPath(search.handle, sizeof path, &path), S_OK));
    cr_expect(eq(u32, path.AddressCount, 0));
    test_search_end(&search);
  }
}

/* B170a, B170b */
Test(api_results, a_path_needs_its_size)
{
  ULONG size;
  test_search_start(&search, &apps[0], test_app_key(0x3001), test_query_all(&q, 3), 5000);
  test_host_run(host, 5 * SECOND);
  for (int i = 0; i < 3; i++)
    cr_assert(eq(i32, test_search_take(&search, &result), S_OK));
  cr_expect(eq(i32, DrtGetSearchPathSize(search.handle, NULL), E_INVALIDARG));
  cr_assert(eq(i32, DrtGetSearchPathSize(search.handle, &size), S_OK));
  cr_assert(gt(u32, size, sizeof(DRT_ADDRESS_LIST)));
  cr_expect(eq(i32, DrtGetSearchPath(search.handle, size, NULL), E_INVALIDARG));
  DRT_ADDRESS_LIST *path = malloc(size);
  cr_expect(eq(i32, DrtGetSearchPath(search.handle, sizeof *path - 1, path), E_INVALIDARG));
  cr_expect(
    eq(i32, DrtGetSearchPath(search.handle, sizeof *path, path), DRT_E_INSUFFICIENT_BUFFER));
  cr_expect(eq(i32, DrtGetSearchPath(search.handle, size - 1, path), DRT_E_INSUFFICIENT_BUFFER));
  cr_expect(eq(i32, DrtGetSearchPath(search.handle, size, path), S_OK));
  free(path);
  test_search_end(&search);
}

/* Loses all that goes to this machine. */
static bool
lose_to(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  const uint32_t *machine = data;
  (void)from;
  (void)bytes;
  (void)n;
  return to != *machine;
}

/* The flags of a machine in the path of the result taken last; 0 if it is not there. */
static ULONG
flags_of(uint32_t machine)
{
  ULONG flags = 0;
  DRT_ADDRESS_LIST *path = test_search_path(&search);
  for (ULONG i = 0; i < path->AddressCount; i++)
    if (is_machine(&path->AddressList[i], machine))
      flags = path->AddressList[i].flags;
  free(path);
  return flags;
}

/* B167: the nearest node is dead, which takes two LOOKUPs of a second. The next nearest knows it too,
 * but does not name it to somebody who was there. */
Test(api_results, a_dead_node_is_unreachable)
{
  uint32_t dead = 2;
  test_host_filter(host, lose_to, &dead);
  int64_t begin = test_host_now(host);
  test_search_start(&search, &apps[0], test_app_key(0x3100), test_query_all(&q, 1), 20000);
  cr_assert(eq(i32, test_search_next(&search, &result, 20000), S_OK));
  cr_expect(ge(i64, test_host_now(host) - begin, 2 * SECOND));
  cr_expect(le(i64, test_host_now(host) - begin, 2 * SECOND + SECOND / 2));
  cr_expect(test_query_is(result.key, test_app_key(0x4000)));
  cr_expect(eq(u32, flags_of(2), DRT_ADDRESS_FLAG_UNREACHABLE));
  cr_expect(ne(u32, flags_of(3) & DRT_ADDRESS_FLAG_ACCEPTED, 0));
  cr_expect(not(flags_of(3) & DRT_ADDRESS_FLAG_UNREACHABLE));
  test_search_end(&search);
}

/* The second nearest is dead: the answer is the three nearest of those that live. */
Test(api_results, a_dead_node_is_passed_over)
{
  static const uint64_t tops[] = { 0x3000, 0x2000, 0x5000 };
  uint32_t dead = 3;
  test_host_filter(host, lose_to, &dead);
  test_search_start(&search, &apps[0], test_app_key(0x3700), test_query_all(&q, 3), 60000);
  for (int i = 0; i < 3; i++) {
    cr_assert(eq(i32, test_search_next(&search, &result, 60000), S_OK), "%d", i);
    cr_expect(test_query_is(result.key, test_app_key(tops[i])), "%d", i);
  }
  cr_expect(ne(u32, flags_of(3) & DRT_ADDRESS_FLAG_UNREACHABLE, 0));
  cr_expect(eq(i32, test_search_next(&search, &result, 60000), DRT_E_NO_MORE));
  test_search_end(&search);
}

/* A node answers 200 LOOKUPs in a second (H14), and declines the others. */
Test(api_results, a_busy_node_is_too_busy)
{
  TestSearch many[240];
  uint32_t busy = 0, results = 0;
  for (int i = 0; i < 240; i++) {
    static const uint32_t others[] = { 0, 1, 3, 4 };
    cr_assert(eq(i32,
                 test_search_start(&many[i], &apps[others[i % 4]], test_app_key(0x3100),
                                   test_query_all(&q, 1), 20000),
                 S_OK));
  }
  test_host_run(host, 5 * SECOND);
  for (int i = 0; i < 240; i++) {
    search = many[i];
    if (test_search_take(&search, &result) == S_OK) {
      results++;
      busy += (flags_of(2) & DRT_ADDRESS_FLAG_TOO_BUSY) != 0;
    }
    cr_expect(eq(i32, test_search_take(&search, &result), DRT_E_NO_MORE));
    test_search_end(&search);
  }
  cr_expect(eq(u32, results, 240));
  cr_expect(ge(u32, busy, 40));
  cr_expect(test_app_finds(&apps[0], test_app_key(0x3000), false, "c"));
}

/* Loses the FLOODs of machine 2, so that nobody hears of a revoke. */
static bool
lose_floods(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  (void)to;
  (void)data;
  return from != 2 || n < 12 || bytes[TYPE_AT] != DRT_FLOOD;
}

/* A node that does not have the key any more that it is asked by. */
Test(api_results, a_key_that_is_gone_is_a_bad_validate_id)
{
  HDRT_REGISTRATION_CONTEXT gone = test_app_register(&apps[2], test_app_key(0x3800), "gone");
  test_host_run(host, 20 * SECOND);
  cr_assert(test_app_finds(&apps[0], test_app_key(0x3800), false, "gone"));
  test_host_filter(host, lose_floods, NULL);
  test_host_enter(host, 2);
  DrtUnregisterKey(gone);
  test_search_start(&search, &apps[0], test_app_key(0x3810), test_query_all(&q, 1), 20000);
  cr_assert(eq(i32, test_search_next(&search, &result, 20000), S_OK));
  cr_expect(test_query_is(result.key, test_app_key(0x4000)));
  cr_expect(ne(u32, flags_of(2) & DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, 0));
  test_search_end(&search);
}
