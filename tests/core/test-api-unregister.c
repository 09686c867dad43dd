/* Unregistering a key: at any time, by its owner alone, with one event here and one at the
 * neighbours (drt-api 1.2, DEC-11 to DEC-13). */
#include "test-app.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp apps[3];
static TestSecurity security; /* of machine 0 */

static void
set_up(void)
{
  host = test_host_new(1, 3);
  for (uint32_t i = 0; i < 3; i++)
    test_app_init(&apps[i], host, i);
  test_security_init(&security);
  test_app_use_security(&apps[0], &security);
}

static void
tear_down(void)
{
  for (uint32_t i = 0; i < 3; i++)
    test_app_clear(&apps[i]);
  test_security_clear(&security);
  test_host_free(host);
}

TestSuite(api_unregister, .init = set_up, .fini = tear_down);

static void
open_alone(void)
{
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  cr_assert(test_app_until(&apps[0], DRT_ALONE, 10));
  test_app_forget(&apps[0]);
}

/* Machines 0 to 2, each with the key 16 * (machine + 1); all ACTIVE, all events read. */
static void
open_cloud(HDRT_REGISTRATION_CONTEXT handles[3])
{
  for (uint32_t i = 0; i < 3; i++) {
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    handles[i] = test_app_register(&apps[i], test_app_key(16 * (i + 1)), "data");
    test_host_run(host, SECOND);
  }
  for (uint32_t i = 0; i < 3; i++)
    cr_assert(test_app_until(&apps[i], DRT_ACTIVE, 60));
  test_host_run(host, 10 * SECOND);
  for (uint32_t i = 0; i < 3; i++)
    test_app_forget(&apps[i]);
}

static void
fault(TestApp *app)
{
  drt_transport_fail(drt_handle_get(test_host_library(host), DRT_TYPE_TRANSPORT, app->transport),
                     E_FAIL);
}

/* Exactly one event waits, and says that @key is gone. */
static void
expect_one_event(TestApp *app, TestAppKey key)
{
  app->events_n = 0;
  cr_expect(eq(u32, test_app_read(app), 1));
  cr_expect(eq(u32, test_app_leafset_count(app, DRT_LEAFSET_KEY_DELETED, key.bytes, key.bytes), 1));
  cr_expect(eq(i32, app->events[0].hr, S_OK));
  cr_expect(eq(ptr, app->events[0].context, app));
}

/* A066, A069, A071, A072, A073, A074: ALONE; the event is there, and the key is not. */
Test(api_unregister, is_told_at_once_while_alone)
{
  TestAppKey key = test_app_key(1);
  open_alone();
  HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[0], key, "x");
  DrtEventReset(apps[0].event);
  DrtUnregisterKey(handle);
  cr_expect(DrtEventWait(apps[0].event));
  expect_one_event(&apps[0], key);
  cr_expect(test_app_misses(&apps[0], key, true));
  test_host_run(host, 30 * SECOND);
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
}

/* A067, A071, A072, A073: in every status. */
Test(api_unregister, a_key_goes_in_the_state_it_came)
{
  HDRT_REGISTRATION_CONTEXT handles[3];
  open_cloud(handles);
  TestAppKey key = test_app_key(33);
  HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[0], key, "active");
  test_host_run(host, 10 * SECOND);
  cr_expect(test_app_finds(&apps[2], key, false, "active"));
  test_app_forget(&apps[0]);
  test_host_enter(host, 0);
  DrtUnregisterKey(handle);
  expect_one_event(&apps[0], key);
  cr_expect(test_app_misses(&apps[0], key, true));
  test_host_run(host, 10 * SECOND);
  cr_expect(test_app_misses(&apps[2], key, false));
  test_host_connect(host, 0, false);
  handle = test_app_register(&apps[0], key, "no network");
  test_app_forget(&apps[0]);
  DrtUnregisterKey(handle);
  expect_one_event(&apps[0], key);
  cr_expect(test_app_misses(&apps[0], key, true));
  test_host_connect(host, 0, true);
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  test_host_run(host, 30 * SECOND);
  cr_expect(test_app_misses(&apps[2], key, false));
  cr_expect(test_app_finds(&apps[2], test_app_key(16), false, "data"));
}

/* A067, A068: registered in one of ALONE, ACTIVE and NO_NETWORK, unregistered in another. */
Test(api_unregister, a_key_goes_in_another_state)
{
  for (int from = 0; from < 3; from++)
    for (int to = 0; to < 3; to++) {
      TestAppKey key = test_app_key(100), other = test_app_key(200);
      HDRT_REGISTRATION_CONTEXT handle = NULL;
      cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
      for (int i = 0; i < 2; i++) {
        int state = i == 0 ? from : to;
        test_host_connect(host, 0, state != 2);
        if (state == 1 && apps[1].drt == NULL) {
          cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
          test_app_register(&apps[1], other, "other");
          test_app_register(&apps[0], test_app_key(300), "mine");
        } else if (state != 1) {
          test_app_close(&apps[1]);
        }
        static const DRT_STATUS statuses[] = { DRT_ALONE, DRT_ACTIVE, DRT_NO_NETWORK };
        cr_assert(test_app_until(&apps[0], statuses[state], 200), "%d to %d", from, to);
        test_host_enter(host, 0);
        if (i == 0) {
          handle = test_app_register(&apps[0], key, "x");
        } else {
          test_app_forget(&apps[0]);
          DrtUnregisterKey(handle);
          test_app_read(&apps[0]);
          cr_expect(
            eq(u32, test_app_leafset_count(&apps[0], DRT_LEAFSET_KEY_DELETED, key.bytes, key.bytes),
               1),
            "%d to %d", from, to);
        }
      }
      cr_expect(test_app_misses(&apps[0], key, true), "%d to %d", from, to);
      if (to == 1) {
        test_host_run(host, 20 * SECOND);
        cr_expect(test_app_misses(&apps[1], key, false), "%d to %d", from, to);
      }
      test_app_close(&apps[1]);
      test_app_close(&apps[0]);
      test_host_connect(host, 0, true);
      test_host_run(host, 10 * SECOND);
    }
}

/* A070, A078, A079, A080, A081: other keys, dead handles and foreign ones. */
Test(api_unregister, reaches_no_other_key)
{
  TestAppKey keys[2] = { test_app_key(1), test_app_key(2) };
  HDRT_REGISTRATION_CONTEXT first, second;
  HDRT_SEARCH_CONTEXT search;
  DRT_DATA target = { 32, keys[0].bytes };
  open_alone();
  first = test_app_register(&apps[0], keys[0], "one");
  second = test_app_register(&apps[0], keys[1], "two");
  DrtUnregisterKey(first);
  expect_one_event(&apps[0], keys[0]);
  cr_expect(test_app_finds(&apps[0], keys[1], true, "two"));
  test_host_enter(host, 1);
  cr_assert(
    eq(i32, DrtStartSearch(apps[0].drt, &target, NULL, 1000, apps[1].event, NULL, &search), S_OK));
  /* What this process could get hold of, and numbers of another process that look alike. */
  uintptr_t number = (uintptr_t)second;
  HANDLE wrong[] = {
    NULL,
    first,
    apps[0].drt,
    apps[0].transport,
    apps[0].event,
    search,
    &keys,
    (HANDLE)1,
    (HANDLE)UINTPTR_MAX,
    (HANDLE)(number & 0xffffffff),
    (HANDLE)(number + (UINT64_C(1) << 40)), /* the next life of the place */
    (HANDLE)(number + 1),
    (HANDLE)(number + 1000),
    (HANDLE)(number ^ UINT64_C(1) << 32),
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    DrtUnregisterKey(wrong[i]);
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  cr_expect(eq(i32, DrtEndSearch(search), S_OK));
  cr_expect(test_app_finds(&apps[0], keys[1], true, "two"));
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 1));
  HDRT_REGISTRATION_CONTEXT again = test_app_register(&apps[0], keys[0], "again");
  DrtUnregisterKey(first); /* its place may be taken by now */
  cr_expect(test_app_finds(&apps[0], keys[0], true, "again"));
  DrtUnregisterKey(again);
}

/* A075, A076 */
Test(api_unregister, neighbours_hear_of_it)
{
  HDRT_REGISTRATION_CONTEXT handles[3];
  TestAppKey keys[3] = { test_app_key(16), test_app_key(32), test_app_key(48) };
  open_cloud(handles);
  cr_assert(test_app_finds(&apps[0], keys[2], false, "data"));
  test_host_enter(host, 2);
  DrtUnregisterKey(handles[2]);
  test_host_run(host, 20 * SECOND);
  for (int i = 0; i < 2; i++) {
    test_app_read(&apps[i]);
    cr_expect(eq(
      u32, test_app_leafset_count(&apps[i], DRT_LEAFSET_KEY_DELETED, keys[i].bytes, keys[2].bytes),
      1));
    cr_expect(eq(u32, apps[i].events_n, 1));
    cr_expect(eq(i32, apps[i].events[0].hr, S_OK));
    cr_expect(test_app_misses(&apps[i], keys[2], false));
  }
  expect_one_event(&apps[2], keys[2]);
}

/* A077 */
Test(api_unregister, the_provider_hears_of_it_once)
{
  TestAppKey keys[2] = { test_app_key(1), test_app_key(2) };
  HDRT_REGISTRATION_CONTEXT handles[2];
  open_alone();
  for (int i = 0; i < 2; i++)
    handles[i] = test_app_register(&apps[0], keys[i], "x");
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 0));
  DrtUnregisterKey(handles[1]);
  DrtUnregisterKey(handles[1]);
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 1));
  cr_expect(
    eq(u32, test_security_count_key(&security, TEST_SECURITY_UNREGISTER, keys[1].bytes), 1));
  test_app_close(&apps[0]);
  for (int i = 0; i < 2; i++)
    cr_expect(
      eq(u32, test_security_count_key(&security, TEST_SECURITY_UNREGISTER, keys[i].bytes), 1));
}

/* A082, A083 */
Test(api_unregister, closing_unregisters_every_key)
{
  HDRT_REGISTRATION_CONTEXT handles[3], more[2];
  TestAppKey keys[3] = { test_app_key(16), test_app_key(20), test_app_key(24) };
  open_cloud(handles);
  for (int i = 0; i < 2; i++)
    more[i] = test_app_register(&apps[0], keys[i + 1], "data");
  test_host_run(host, 20 * SECOND);
  for (int i = 0; i < 3; i++)
    cr_assert(test_app_finds(&apps[1], keys[i], false, "data"));
  test_app_close(&apps[0]);
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 3));
  for (int i = 0; i < 3; i++)
    cr_expect(
      eq(u32, test_security_count_key(&security, TEST_SECURITY_UNREGISTER, keys[i].bytes), 1));
  DrtUnregisterKey(handles[0]);
  DrtUnregisterKey(more[0]);
  test_host_run(host, 30 * SECOND);
  for (int i = 0; i < 3; i++)
    cr_expect(test_app_misses(&apps[1], keys[i], false));
  DrtUnregisterKey(more[1]);
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 3));
  cr_expect(test_app_finds(&apps[1], test_app_key(48), false, "data"));
}

/* A084, A085 */
Test(api_unregister, closing_a_faulted_instance_unregisters_its_keys)
{
  HDRT_REGISTRATION_CONTEXT handles[3];
  open_cloud(handles);
  test_app_register(&apps[0], test_app_key(20), "more");
  fault(&apps[0]);
  cr_assert(test_app_until(&apps[0], DRT_FAULTED, 1));
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 0));
  test_app_close(&apps[0]);
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 2));
  cr_expect(eq(u32, security.attached, 0));
  test_host_run(host, 10 * SECOND);
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  cr_expect(test_app_until(&apps[0], DRT_ALONE, 60));
  cr_expect(test_app_misses(&apps[0], test_app_key(16), true));
  cr_expect(test_app_misses(&apps[0], test_app_key(20), true));
  test_app_register(&apps[0], test_app_key(16), "anew");
  cr_expect(test_app_finds(&apps[0], test_app_key(16), true, "anew"));
}

/* A086: the event is queued, nothing is sent (DEC-12). */
Test(api_unregister, faulted_releases_the_handle)
{
  HDRT_REGISTRATION_CONTEXT handles[3];
  open_cloud(handles);
  fault(&apps[0]);
  test_app_forget(&apps[0]);
  uint64_t sent = test_host_sent(host);
  DRT_DATA data = { 1, (BYTE *)"x" };
  test_host_enter(host, 0);
  DrtUnregisterKey(handles[0]);
  expect_one_event(&apps[0], test_app_key(16));
  cr_expect(eq(i32, DrtUpdateKey(handles[0], &data), E_HANDLE));
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 1));
  cr_expect(eq(u64, test_host_sent(host), sent));
  DrtUnregisterKey(handles[0]);
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
}
