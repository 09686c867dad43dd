/* What an instance does in each status, how it gets there, and who can see its keys (drt-api 6). */
#include "test-app.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp apps[3];
static TestBootstrap bootstrap; /* of machine 0, empty unless a test fills it */

static void
set_up(void)
{
  host = test_host_new(1, 4);
  for (uint32_t i = 0; i < 3; i++)
    test_app_init(&apps[i], host, i);
  test_bootstrap_init(&bootstrap);
  test_app_use_bootstrap(&apps[0], &bootstrap);
}

static void
tear_down(void)
{
  for (uint32_t i = 0; i < 3; i++)
    test_app_clear(&apps[i]);
  test_bootstrap_clear(&bootstrap);
  test_host_free(host);
}

TestSuite(api_states, .init = set_up, .fini = tear_down);

static void
open_all(uint32_t n)
{
  for (uint32_t i = 0; i < n; i++) {
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    test_host_run(host, SECOND);
  }
}

static void
fault(TestApp *app, HRESULT hr)
{
  drt_transport_fail(drt_handle_get(test_host_library(host), DRT_TYPE_TRANSPORT, app->transport),
                     hr);
}

/* The only event not read yet is this status. */
static void
expect_status(TestApp *app, DRT_STATUS status, HRESULT hr)
{
  app->events_n = 0;
  cr_expect(eq(u32, test_app_read(app), 1));
  const TestAppEvent *event = test_app_event(app, DRT_EVENT_STATUS_CHANGED, 0);
  cr_assert(ne(ptr, (void *)event, NULL));
  cr_expect(eq(u32, event->value, (uint32_t)status));
  cr_expect(eq(i32, event->hr, hr));
  if (status == DRT_ALONE)
    return;
  cr_expect(eq(u32, event->address_n, 0)); /* B043 */
  cr_expect(not(event->has_addresses));
}

/* A050, A052, A053, B041, B043: a key of an ALONE node is its own secret until it is ACTIVE. */
Test(api_states, a_key_registered_alone_is_found_once_active)
{
  TestBootstrap none;
  test_bootstrap_init(&none);
  test_app_use_bootstrap(&apps[1], &none);
  open_all(2);
  expect_status(&apps[0], DRT_ALONE, S_OK);
  cr_expect(eq(u32, apps[0].events[0].address_n, 0));
  cr_expect(not(apps[0].events[0].has_addresses));
  test_app_register(&apps[0], test_app_key(1), "one");
  cr_expect(test_app_finds(&apps[0], test_app_key(1), true, "one"));
  cr_expect(test_app_misses(&apps[1], test_app_key(1), false));
  test_bootstrap_add(&none, test_host_address(0, TEST_APP_PORT));
  test_app_register(&apps[1], test_app_key(2), "two");
  cr_expect(test_app_until(&apps[0], DRT_ACTIVE, 60));
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(test_app_finds(&apps[1], test_app_key(1), false, "one"));
  test_app_close(&apps[1]);
  test_bootstrap_clear(&none);
}

/* A049 */
Test(api_states, a_key_registered_active_is_found)
{
  open_all(2);
  test_app_register(&apps[0], test_app_key(1), "one");
  test_app_register(&apps[1], test_app_key(2), "two");
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  test_app_register(&apps[0], test_app_key(3), "three");
  cr_expect(test_app_finds(&apps[1], test_app_key(3), false, "three"));
}

/* A051, A054, B047, B048, B049: from no network at all to a member of the cloud. */
Test(api_states, a_key_registered_without_network_is_found_once_active)
{
  open_all(2);
  test_app_register(&apps[0], test_app_key(1), "one");
  test_app_register(&apps[1], test_app_key(2), "two");
  test_host_connect(host, 2, false);
  cr_assert(eq(i32, test_app_open(&apps[2]), S_OK));
  expect_status(&apps[2], DRT_NO_NETWORK, S_OK);
  test_app_register(&apps[2], test_app_key(3), "three");
  test_host_run(host, 30 * SECOND);
  cr_expect(eq(u32, test_app_read(&apps[2]), 0));
  cr_expect(test_app_misses(&apps[0], test_app_key(3), false));
  test_host_connect(host, 2, true);
  cr_assert(test_app_until(&apps[2], DRT_ACTIVE, 60));
  cr_expect(eq(u32, test_app_count(&apps[2], DRT_EVENT_STATUS_CHANGED), 2));
  cr_expect(test_app_finds(&apps[0], test_app_key(3), false, "three"));
  test_app_forget(&apps[2]);
  test_host_connect(host, 2, false);
  cr_expect(eq(u32, test_app_read(&apps[2]) > 0, 1));
  cr_expect(eq(int, test_app_status(&apps[2]), DRT_NO_NETWORK));
}

/* B047, B048: from ALONE and back, with one event each. */
Test(api_states, no_network_follows_the_addresses)
{
  open_all(1);
  test_app_forget(&apps[0]);
  test_host_connect(host, 0, false);
  expect_status(&apps[0], DRT_NO_NETWORK, S_OK);
  test_host_run(host, 60 * SECOND);
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  test_host_connect(host, 0, true);
  test_host_run(host, 60 * SECOND);
  expect_status(&apps[0], DRT_ALONE, S_OK);
}

/* A055, A056, A057 */
Test(api_states, a_key_has_the_data_of_its_registration)
{
  HDRT_REGISTRATION_CONTEXT keys[3], again;
  open_all(2);
  for (int i = 0; i < 3; i++)
    keys[i] = test_app_register(&apps[0], test_app_key(i + 1), "D1");
  test_app_register(&apps[1], test_app_key(9), "x");
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
  for (int i = 0; i < 3; i++)
    cr_expect(test_app_finds(&apps[1], test_app_key(i + 1), false, "D1"));
  cr_expect(
    eq(i32, test_app_try(&apps[0], test_app_key(2), "D2", 2, NULL, &again), DRT_E_DUPLICATE_KEY));
  cr_expect(test_app_finds(&apps[1], test_app_key(2), false, "D1"));
  test_host_enter(host, 0);
  DrtUnregisterKey(keys[1]);
  again = test_app_register(&apps[0], test_app_key(2), "D2");
  test_host_run(host, 20 * SECOND);
  cr_expect(test_app_finds(&apps[1], test_app_key(2), false, "D2"));
  cr_expect(test_app_finds(&apps[0], test_app_key(2), true, "D2"));
}

/* A060, A061, A062: two instances publish one key; a third gets one of the two, whole. */
Test(api_states, two_instances_may_publish_one_key)
{
  open_all(3);
  test_app_register(&apps[0], test_app_key(1), "first data");
  test_app_register(&apps[1], test_app_key(1), "second");
  test_app_register(&apps[2], test_app_key(2), "x");
  cr_assert(test_app_until(&apps[2], DRT_ACTIVE, 60));
  test_host_run(host, 30 * SECOND);
  for (int i = 0; i < 20; i++) {
    bool first = test_app_finds(&apps[2], test_app_key(1), false, "first data");
    cr_expect(first || test_app_finds(&apps[2], test_app_key(1), false, "second"));
  }
}

/* A063, A064 */
Test(api_states, a_provider_may_accept_a_key_twice)
{
  TestSecurity security;
  HDRT_REGISTRATION_CONTEXT one, two;
  test_host_enter(host, 0);
  test_security_init(&security);
  security.accept_duplicates = true;
  test_app_use_security(&apps[0], &security);
  open_all(2);
  one = test_app_register(&apps[0], test_app_key(1), "one");
  two = test_app_register(&apps[0], test_app_key(1), "two");
  test_app_register(&apps[1], test_app_key(2), "x");
  cr_expect(ne(ptr, one, two));
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(not(test_app_misses(&apps[1], test_app_key(1), false)));
  test_host_enter(host, 0);
  DrtUnregisterKey(one);
  test_host_run(host, 20 * SECOND);
  cr_expect(test_app_finds(&apps[1], test_app_key(1), false, "two"));
  cr_expect(test_app_finds(&apps[0], test_app_key(1), true, "two"));
  test_host_enter(host, 0);
  DrtUnregisterKey(two);
  test_host_run(host, 20 * SECOND);
  cr_expect(test_app_misses(&apps[1], test_app_key(1), false));
  test_app_close(&apps[0]);
  test_security_clear(&security);
}

/* B040, B044: the newcomer finds a live node, which hears of it. */
Test(api_states, a_node_that_joins_makes_both_active)
{
  open_all(1);
  test_app_register(&apps[0], test_app_key(1), "one");
  test_host_run(host, 30 * SECOND);
  expect_status(&apps[0], DRT_ALONE, S_OK);
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  test_app_register(&apps[1], test_app_key(2), "two");
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 10));
  cr_expect(eq(u32, test_app_count(&apps[1], DRT_EVENT_STATUS_CHANGED), 1));
  cr_expect(test_app_until(&apps[0], DRT_ACTIVE, 10));
}

/* B042 */
Test(api_states, alone_tells_the_addresses_that_were_tried)
{
  SOCKADDR_STORAGE dead[2] = { test_host_address(2, 50009), test_host_address(3, 50000) };
  for (int i = 0; i < 2; i++)
    test_bootstrap_add(&bootstrap, dead[i]);
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  test_host_run(host, 10 * SECOND);
  expect_status(&apps[0], DRT_ALONE, S_OK);
  const TestAppEvent *event = &apps[0].events[0];
  cr_assert(eq(u32, event->address_n, 2));
  for (int i = 0; i < 2; i++)
    cr_expect(eq(int, memcmp(&event->addresses[i], &dead[i], sizeof *dead), 0));
}

/* B045 */
Test(api_states, bootstrapping_is_repeated_while_alone)
{
  TestBootstrap late;
  test_bootstrap_init(&late);
  test_app_use_bootstrap(&apps[1], &late);
  open_all(2);
  test_app_register(&apps[0], test_app_key(1), "one");
  test_host_run(host, 60 * SECOND);
  expect_status(&apps[1], DRT_ALONE, S_OK);
  cr_expect(late.count[TEST_BOOTSTRAP_INIT] > 2);
  cr_expect(eq(u32, late.count[TEST_BOOTSTRAP_END], late.count[TEST_BOOTSTRAP_INIT]));
  test_bootstrap_add(&late, test_host_address(0, TEST_APP_PORT));
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 30));
  test_app_close(&apps[1]);
  test_bootstrap_clear(&late);
}

/* B046 */
Test(api_states, the_last_of_a_cloud_is_alone)
{
  open_all(2);
  test_app_register(&apps[0], test_app_key(1), "one");
  test_app_register(&apps[1], test_app_key(2), "two");
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  test_app_close(&apps[1]);
  cr_expect(test_app_until(&apps[0], DRT_ALONE, 60));
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  test_app_register(&apps[1], test_app_key(2), "two");
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  test_host_connect(host, 1, false); /* without a word */
  cr_expect(test_app_until(&apps[0], DRT_ALONE, 120));
}

/* B050: memory that is out for good, and one piece that fails, at any point of a busy life. */
Test(api_memory, without_memory_in_the_background_it_is_faulted)
{
  uint32_t faults = 0;
  for (size_t n = 1; n < 120; n++) {
    TestHost *own = test_host_new(n, 2);
    TestApp two[2];
    TestMemory *memory = test_host_memory(own);
    for (uint32_t i = 0; i < 2; i++) {
      test_app_init(&two[i], own, i);
      cr_assert(eq(i32, test_app_open(&two[i]), S_OK));
      test_app_register(&two[i], test_app_key(i + 1), "x");
    }
    memory->fail_at = memory->takes + n / 2;
    memory->fail_on = n % 2;
    test_host_run(own, 40 * SECOND);
    memory->fail_at = 0;
    for (uint32_t i = 0; i < 2; i++) {
      test_app_read(&two[i]);
      DrtInstance *instance = drt_handle_get(test_host_library(own), DRT_TYPE_INSTANCE, two[i].drt);
      bool faulted = drt_node_status(instance->node) == DRT_NODE_FAULTED;
      faults += faulted;
      cr_expect(eq(int, test_app_status(&two[i]) == DRT_FAULTED, faulted), "%zu", n);
      if (faulted)
        cr_expect(eq(i32, two[i].events[two[i].events_n - 1].hr, E_OUTOFMEMORY), "%zu", n);
    }
    test_app_cloud_clear(two, 2);
    test_host_free(own);
  }
  cr_expect(faults > 20);
}

/* B051, B052, B053, B058: with the provider's word; and then it is never called again but to end. */
Test(api_states, a_fatal_error_of_the_bootstrap_is_a_fault)
{
  static const TestBootstrapCall calls[] = { TEST_BOOTSTRAP_INIT, TEST_BOOTSTRAP_ISSUE,
                                             TEST_BOOTSTRAP_CALLS };
  for (int later = 0; later < 2; later++)
    for (int i = 0; i < 3; i++) {
      HRESULT word = (HRESULT)(0x80071234 + i);
      uint32_t before = bootstrap.count[TEST_BOOTSTRAP_INIT];
      bootstrap.later = later;
      bootstrap.fatal = true;
      bootstrap.end = DRT_E_NO_MORE;
      memset(bootstrap.fail, 0, sizeof bootstrap.fail);
      if (calls[i] == TEST_BOOTSTRAP_CALLS)
        bootstrap.end = word;
      else
        bootstrap.fail[calls[i]] = word;
      cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
      if (bootstrap.waiting)
        test_bootstrap_answer(&bootstrap);
      expect_status(&apps[0], DRT_FAULTED, word);
      test_host_run(host, 60 * SECOND);
      cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_INIT], before + 1));
      cr_expect(eq(u32, bootstrap.resolves, 0));
      test_app_close(&apps[0]);
    }
}

/* B054: and the other places for an error that may heal. */
Test(api_states, another_error_of_the_bootstrap_is_tried_again)
{
  open_all(1);
  test_app_register(&apps[0], test_app_key(1), "x");
  static const TestBootstrapCall calls[] = { TEST_BOOTSTRAP_INIT, TEST_BOOTSTRAP_ISSUE,
                                             TEST_BOOTSTRAP_CALLS };
  for (int i = 0; i < 3; i++) {
    TestBootstrap moody;
    test_bootstrap_init(&moody);
    moody.fail[calls[i] % TEST_BOOTSTRAP_CALLS] = calls[i] == TEST_BOOTSTRAP_CALLS ? S_OK : E_FAIL;
    moody.end = calls[i] == TEST_BOOTSTRAP_CALLS ? E_FAIL : DRT_E_NO_MORE;
    DRT_BOOTSTRAP_PROVIDER *rest = apps[1].settings.pBootstrapProvider;
    apps[1].settings.pBootstrapProvider = &moody.provider;
    cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
    expect_status(&apps[1], DRT_ALONE, S_OK);
    test_host_run(host, 60 * SECOND);
    cr_expect(eq(u32, test_app_read(&apps[1]), 0));
    cr_expect(moody.count[TEST_BOOTSTRAP_INIT] > 2);
    memset(moody.fail, 0, sizeof moody.fail);
    moody.end = DRT_E_NO_MORE;
    test_bootstrap_add(&moody, test_host_address(0, TEST_APP_PORT));
    cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 30));
    test_app_close(&apps[1]);
    apps[1].settings.pBootstrapProvider = rest;
    test_bootstrap_clear(&moody);
  }
}

/* A bootstrap provider that says nothing keeps nobody waiting for ever. */
Test(api_states, a_silent_bootstrap_is_given_up)
{
  bootstrap.later = true;
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  cr_expect(test_app_until(&apps[0], DRT_ALONE, 60));
  cr_expect(bootstrap.count[TEST_BOOTSTRAP_END] > 0);
}

/* B055, B056, B057, B058, B059: and whoever waits for a search is woken. */
Test(api_states, faulted_is_final)
{
  TestAppKey key = test_app_key(1);
  DRT_DATA data = { 32, key.bytes };
  DRT_SEARCH_INFO info = { .dwSize = sizeof info, .fIterative = TRUE, .cMaxEndpoints = 1 };
  HDRT_SEARCH_CONTEXT search, other;
  ULONG size;
  _Alignas(8) BYTE buffer[8192];
  open_all(3);
  HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[0], key, "one");
  for (uint32_t i = 1; i < 3; i++)
    test_app_register(&apps[i], test_app_key(i + 1), "x");
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  test_host_run(host, 5 * SECOND);
  test_app_forget(&apps[0]);
  HANDLE event = DrtEventCreate(TRUE, FALSE);
  cr_assert(
    eq(i32, DrtStartSearch(apps[0].drt, &data, &info, 0xffffffff, event, NULL, &search), S_OK));
  cr_expect(not(DrtEventWait(event)));
  fault(&apps[0], E_NOTIMPL);
  expect_status(&apps[0], DRT_FAULTED, E_NOTIMPL);
  cr_expect(DrtEventWait(event));
  cr_expect(eq(i32, DrtGetSearchResultSize(search, &size), DRT_E_FAULTED));
  cr_expect(
    eq(i32, DrtGetSearchResult(search, sizeof buffer, (DRT_SEARCH_RESULT *)buffer), DRT_E_FAULTED));
  cr_expect(eq(i32, DrtContinueSearch(search), DRT_E_FAULTED));
  cr_expect(eq(i32, DrtGetSearchPathSize(search, &size), DRT_E_FAULTED));
  cr_expect(
    eq(i32, DrtGetSearchPath(search, sizeof buffer, (DRT_ADDRESS_LIST *)buffer), DRT_E_FAULTED));
  cr_expect(
    eq(i32, DrtStartSearch(apps[0].drt, &data, NULL, 1000, event, NULL, &other), DRT_E_FAULTED));
  cr_expect(eq(ptr, other, NULL));
  cr_expect(eq(i32, DrtUpdateKey(handle, &data), DRT_E_FAULTED));
  cr_expect(eq(i32, DrtEndSearch(search), S_OK));
  uint64_t sent = test_host_sent(host);
  test_app_close(&apps[1]);
  test_app_close(&apps[2]);
  test_host_connect(host, 0, false);
  test_host_run(host, 60 * SECOND);
  test_host_connect(host, 0, true);
  fault(&apps[0], E_FAIL);
  test_host_run(host, 60 * SECOND);
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  cr_expect(le(u64, test_host_sent(host), sent + 40)); /* the farewells of the others */
  cr_expect(
    eq(i32, DrtStartSearch(apps[0].drt, &data, NULL, 1000, event, NULL, &other), DRT_E_FAULTED));
  DrtEventClose(event);
}

/* B060 */
Test(api_states, a_status_is_not_told_twice)
{
  open_all(3);
  for (uint32_t i = 0; i < 3; i++)
    test_app_register(&apps[i], test_app_key(i + 1), "x");
  for (uint32_t round = 0; round < 40; round++) {
    test_host_connect(host, round % 3, round % 2 == 0);
    test_host_run(host, (1 + round % 7) * 5 * SECOND);
    for (uint32_t i = 0; i < 3; i++)
      test_app_read(&apps[i]);
  }
  for (uint32_t i = 0; i < 3; i++) {
    int last = -1;
    uint32_t n = test_app_count(&apps[i], DRT_EVENT_STATUS_CHANGED);
    cr_expect(n > 5);
    for (uint32_t k = 0; k < n; k++) {
      int status = (int)test_app_event(&apps[i], DRT_EVENT_STATUS_CHANGED, k)->value;
      cr_expect(ne(int, status, last));
      last = status;
    }
  }
}

/* B061 */
Test(api_states, one_event_can_be_read_per_signal)
{
  open_all(1);
  for (uint32_t i = 0; i < 2; i++)
    DrtUnregisterKey(test_app_register(&apps[0], test_app_key(i + 1), "x"));
  uint32_t signals = 0;
  _Alignas(8) BYTE buffer[4096];
  while (DrtEventWait(apps[0].event)) {
    signals++;
    cr_expect(eq(i32, DrtGetEventData(apps[0].drt, sizeof buffer, (DRT_EVENT_DATA *)buffer), S_OK));
  }
  cr_expect(eq(u32, signals, 3));
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
}
