/* Reading events, and what leaf sets and registrations have to tell (drt-api 1.1, 7). */
#include "test-app.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define CLOUD 8

static TestHost *host;
static TestApp apps[CLOUD];

static void
open_app(uint32_t i)
{
  test_app_init(&apps[i], host, i);
  cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
}

static void
set_up(void)
{
  host = test_host_new(1, CLOUD);
  open_app(0);
}

static void
tear_down(void)
{
  for (uint32_t i = 0; i < CLOUD; i++)
    if (apps[i].host != NULL)
      test_app_clear(&apps[i]);
  test_host_free(host);
}

TestSuite(api_events, .init = set_up, .fini = tear_down);

/* Events of one leaf set that name one key. */
static uint32_t
added(uint32_t i, TestAppKey local, TestAppKey remote)
{
  return test_app_leafset_count(&apps[i], DRT_LEAFSET_KEY_ADDED, local.bytes, remote.bytes);
}

static uint32_t
deleted(uint32_t i, TestAppKey local, TestAppKey remote)
{
  return test_app_leafset_count(&apps[i], DRT_LEAFSET_KEY_DELETED, local.bytes, remote.bytes);
}

/* B070, B071, B072, B076 */
Test(api_events, odd_arguments_are_refused)
{
  ULONG size = 7;
  DRT_EVENT_DATA data;
  HDRT odd[] = { NULL, &size, apps[0].event, (HDRT)UINTPTR_MAX };
  cr_expect(eq(i32, DrtGetEventDataSize(apps[0].drt, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtGetEventData(apps[0].drt, 4096, NULL), E_INVALIDARG));
  cr_expect(eq(u32, test_app_read(&apps[0]), 1)); /* neither took it */
  cr_expect(eq(i32, DrtGetEventDataSize(apps[0].drt, &size), DRT_E_NO_MORE));
  cr_expect(eq(u32, size, 0));
  cr_expect(eq(i32, DrtGetEventData(apps[0].drt, sizeof data, &data), DRT_E_NO_MORE));
  cr_expect(eq(i32, DrtGetEventData(apps[0].drt, 0, &data), DRT_E_NO_MORE));
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    size = 7;
    cr_expect(eq(i32, DrtGetEventDataSize(odd[i], &size), E_HANDLE));
    cr_expect(eq(u32, size, 0));
    cr_expect(eq(i32, DrtGetEventData(odd[i], sizeof data, &data), E_HANDLE));
  }
}

static bool
within(const void *piece, size_t n, const void *buffer, size_t size)
{
  uintptr_t from = (uintptr_t)buffer, at = (uintptr_t)piece;
  return at >= from + sizeof(DRT_EVENT_DATA) && at + n <= from + size;
}

/* The oldest event into a buffer of exactly its size, after one that is too small; its kind. */
static DRT_EVENT_TYPE
read_exactly(TestApp *app)
{
  ULONG size = 0, again = 0;
  cr_assert(eq(i32, DrtGetEventDataSize(app->drt, &size), S_OK));
  cr_expect(eq(i32, DrtGetEventDataSize(app->drt, &again), S_OK));
  cr_expect(eq(u32, again, size));
  DRT_EVENT_DATA *data = malloc(size);
  memset(data, 0xa5, size);
  cr_expect(eq(i32, DrtGetEventData(app->drt, size - 1, data), DRT_E_INSUFFICIENT_BUFFER));
  cr_expect(eq(i32, DrtGetEventData(app->drt, 0, data), DRT_E_INSUFFICIENT_BUFFER));
  cr_assert(eq(i32, DrtGetEventData(app->drt, size, data), S_OK));
  DRT_EVENT_TYPE type = data->type;
  switch (type) {
  case DRT_EVENT_STATUS_CHANGED: {
    ULONG n = data->statusChange.bootstrapAddresses.cntAddress;
    const SOCKADDR_STORAGE *at = data->statusChange.bootstrapAddresses.pAddresses;
    cr_expect(n == 0 || within(at, n * sizeof *at, data, size));
    break;
  }
  case DRT_EVENT_LEAFSET_KEY_CHANGED:
    cr_expect(eq(u32, data->leafsetKeyChange.localKey.cb, 32));
    cr_expect(eq(u32, data->leafsetKeyChange.remoteKey.cb, 32));
    cr_expect(within(data->leafsetKeyChange.localKey.pb, 32, data, size));
    cr_expect(within(data->leafsetKeyChange.remoteKey.pb, 32, data, size));
    break;
  case DRT_EVENT_REGISTRATION_STATE_CHANGED:
    cr_expect(eq(u32, data->registrationStateChange.localKey.cb, 32));
    cr_expect(within(data->registrationStateChange.localKey.pb, 32, data, size));
    break;
  }
  free(data);
  return type;
}

/* B073, B074, B075: for each kind of event; ALONE with addresses among them. */
Test(api_events, a_buffer_of_the_right_size_holds_everything)
{
  TestSecurity security;
  bool seen[3] = { false, false, false };
  test_app_init(&apps[1], host, 1);
  test_security_init(&security);
  test_app_use_security(&apps[1], &security);
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  test_app_register(&apps[1], test_app_key(2), "two");
  test_app_register(&apps[0], test_app_key(1), "one");
  cr_assert(not(test_app_until(&apps[0], DRT_NO_NETWORK, 30)));
  security.fail[TEST_SECURITY_SECURE] = E_FAIL;
  test_app_misses(&apps[0], test_app_key(2), false);
  ULONG size;
  while (DrtGetEventDataSize(apps[1].drt, &size) == S_OK)
    seen[read_exactly(&apps[1])] = true;
  cr_expect(seen[0] && seen[1] && seen[2]);
  TestBootstrap bootstrap;
  test_bootstrap_init(&bootstrap);
  test_bootstrap_add(&bootstrap, test_host_address(7, 50000));
  test_app_init(&apps[2], host, 2);
  test_app_use_bootstrap(&apps[2], &bootstrap);
  cr_assert(eq(i32, test_app_open(&apps[2]), S_OK));
  test_host_run(host, 10 * SECOND);
  cr_assert(eq(i32, DrtGetEventDataSize(apps[2].drt, &size), S_OK));
  cr_expect(gt(u32, size, sizeof(DRT_EVENT_DATA)));
  read_exactly(&apps[2]);
  test_app_close(&apps[1]);
  test_app_close(&apps[2]);
  test_security_clear(&security);
  test_bootstrap_clear(&bootstrap);
}

/* B077 */
Test(api_events, come_in_their_order)
{
  for (uint32_t i = 0; i < 100; i++)
    DrtUnregisterKey(test_app_register(&apps[0], test_app_key(i + 1), "x"));
  cr_assert(eq(u32, test_app_read(&apps[0]), 101));
  cr_expect(eq(int, apps[0].events[0].type, DRT_EVENT_STATUS_CHANGED));
  for (uint32_t i = 0; i < 100; i++) {
    TestAppKey key = test_app_key(i + 1);
    cr_expect(eq(int, memcmp(apps[0].events[i + 1].local, key.bytes, 32), 0));
  }
}

/* B080, B081, B084: two keys here, one newcomer there, who leaves; then one that goes silent. */
Test(api_events, leaf_sets_tell_who_comes_and_goes)
{
  TestAppKey here[2] = { test_app_key(10), test_app_key(20) }, there = test_app_key(30);
  for (int i = 0; i < 2; i++)
    test_app_register(&apps[0], here[i], "x");
  for (int silent = 0; silent < 2; silent++) {
    test_app_forget(&apps[0]);
    open_app(1);
    test_app_register(&apps[1], there, "x");
    test_host_run(host, 30 * SECOND);
    test_app_read(&apps[0]);
    for (int i = 0; i < 2; i++) {
      cr_expect(eq(u32, added(0, here[i], there), 1));
      cr_expect(eq(u32, deleted(0, here[i], there), 0));
    }
    test_app_read(&apps[1]);
    for (int i = 0; i < 2; i++)
      cr_expect(eq(u32, added(1, there, here[i]), 1));
    cr_expect(eq(u32, test_app_count(&apps[0], DRT_EVENT_LEAFSET_KEY_CHANGED), 2));
    if (silent)
      test_host_connect(host, 1, false);
    else
      test_app_close(&apps[1]);
    test_host_run(host, 120 * SECOND);
    test_app_read(&apps[0]);
    for (int i = 0; i < 2; i++)
      cr_expect(eq(u32, deleted(0, here[i], there), 1));
    cr_expect(eq(u32, test_app_count(&apps[0], DRT_EVENT_LEAFSET_KEY_CHANGED), 4));
    test_app_clear(&apps[1]);
    apps[1].host = NULL;
  }
}

/* B082, B083: the ring is full of keys of one neighbour, so that "farther" has a place to be. The
 * sixth above and the sixth below make no difference; a nearer one pushes the fifth out. */
Test(api_events, a_leaf_set_has_five_on_each_side)
{
  const uint64_t middle = UINT64_C(1) << 60, unit = UINT64_C(1) << 50;
  TestAppKey local = test_app_key(middle);
  test_app_register(&apps[0], local, "x");
  open_app(1);
  for (uint64_t i = 1; i <= 5; i++) {
    test_app_register(&apps[1], test_app_key(middle + 10 * i * unit), "above");
    test_app_register(&apps[1], test_app_key(middle - 10 * i * unit), "below");
  }
  test_host_run(host, 120 * SECOND);
  test_app_read(&apps[0]);
  for (uint64_t i = 1; i <= 5; i++) {
    cr_expect(eq(u32, added(0, local, test_app_key(middle + 10 * i * unit)), 1));
    cr_expect(eq(u32, added(0, local, test_app_key(middle - 10 * i * unit)), 1));
  }
  test_app_forget(&apps[0]);
  test_app_register(&apps[1], test_app_key(middle + 60 * unit), "sixth");
  test_app_register(&apps[1], test_app_key(middle - 60 * unit), "sixth");
  test_host_run(host, 60 * SECOND);
  cr_expect(test_app_finds(&apps[0], test_app_key(middle + 60 * unit), false, "sixth"));
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  test_app_register(&apps[1], test_app_key(middle + 5 * unit), "nearer");
  test_host_run(host, 60 * SECOND);
  cr_expect(eq(u32, test_app_read(&apps[0]), 2));
  cr_expect(eq(u32, added(0, local, test_app_key(middle + 5 * unit)), 1));
  cr_expect(eq(u32, deleted(0, local, test_app_key(middle + 50 * unit)), 1));
  cr_expect(eq(u32, apps[0].events[0].value, DRT_LEAFSET_KEY_ADDED));
  cr_expect(eq(u32, apps[0].events[1].value, DRT_LEAFSET_KEY_DELETED));
}

/* B085 */
Test(api_events, without_keys_there_are_none_of_leaf_sets)
{
  test_app_register(&apps[0], test_app_key(1), "x");
  open_app(1);
  open_app(2);
  test_app_register(&apps[2], test_app_key(2), "x");
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60));
  test_host_run(host, 60 * SECOND);
  test_app_close(&apps[2]);
  test_host_run(host, 60 * SECOND);
  test_app_read(&apps[1]);
  test_app_read(&apps[0]);
  cr_expect(eq(u32, test_app_count(&apps[1], DRT_EVENT_LEAFSET_KEY_CHANGED), 0));
  cr_expect(test_app_count(&apps[0], DRT_EVENT_LEAFSET_KEY_CHANGED) > 0);
}

/* B086: the least and the greatest key are next to each other; between them and the middle there
 * are more than five on each side. */
Test(api_events, the_key_space_is_a_ring)
{
  TestAppKey least = { { 1 } }, greatest;
  memset(&greatest, 0xff, sizeof greatest);
  test_app_register(&apps[0], least, "x");
  open_app(1);
  for (uint64_t i = 1; i <= 14; i++)
    test_app_register(&apps[1], test_app_key(i << 60), "x");
  test_host_run(host, 60 * SECOND);
  test_app_forget(&apps[0]);
  open_app(2);
  test_app_register(&apps[2], greatest, "x");
  test_host_run(host, 60 * SECOND);
  test_app_read(&apps[0]);
  test_app_read(&apps[2]);
  cr_expect(eq(u32, added(0, least, greatest), 1));
  cr_expect(eq(u32, added(2, greatest, least), 1));
  cr_expect(eq(u32, deleted(0, least, test_app_key(UINT64_C(10) << 60)), 1));
}

/* B087, B088, B089 */
Test(api_events, a_key_that_cannot_be_vouched_for_is_told_once)
{
  TestAppKey good = test_app_key(1), bad = test_app_key(2);
  TestSecurity security;
  test_app_init(&apps[1], host, 1);
  test_security_init(&security);
  test_app_use_security(&apps[1], &security);
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  test_app_register(&apps[0], test_app_key(9), "x");
  test_app_register(&apps[1], good, "good");
  HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[1], bad, "bad");
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  cr_assert(test_app_finds(&apps[0], bad, false, "bad"));
  test_app_forget(&apps[1]);
  security.fail[TEST_SECURITY_SECURE] = (HRESULT)0x80091234;
  security.fail_key = bad.bytes;
  for (int i = 0; i < 3; i++) {
    cr_expect(test_app_misses(&apps[0], bad, false));
    cr_expect(test_app_finds(&apps[0], good, false, "good"));
    test_host_run(host, 20 * SECOND);
  }
  test_app_read(&apps[1]);
  cr_assert(eq(u32, test_app_count(&apps[1], DRT_EVENT_REGISTRATION_STATE_CHANGED), 1));
  const TestAppEvent *event = test_app_event(&apps[1], DRT_EVENT_REGISTRATION_STATE_CHANGED, 0);
  cr_expect(eq(u32, event->value, 1));
  cr_expect(eq(u32, (uint32_t)event->hr, 0x80091234));
  cr_expect(eq(ptr, event->context, &apps[1]));
  cr_expect(eq(int, memcmp(event->local, bad.bytes, 32), 0));
  DRT_DATA data = { 3, (BYTE *)"new" };
  test_host_enter(host, 1);
  cr_expect(eq(i32, DrtUpdateKey(handle, &data), S_OK));
  test_app_forget(&apps[1]);
  DrtUnregisterKey(handle);
  test_app_read(&apps[1]);
  cr_expect(eq(u32, deleted(1, bad, bad), 1));
  cr_expect(eq(i32, DrtUpdateKey(handle, &data), E_HANDLE));
  cr_expect(eq(u32, test_security_count_key(&security, TEST_SECURITY_UNREGISTER, bad.bytes), 1));
  test_app_close(&apps[1]);
  test_security_clear(&security);
}
