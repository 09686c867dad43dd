/* Closing an instance (drt-api 1.1, DEC-14, DEC-15). */
#include "test-app.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

/* B062, B063 */
Test(api_close, ignores_what_is_no_instance)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  HDRT_REGISTRATION_CONTEXT key = test_app_register(&app, test_app_key(1), "x");
  DrtClose(NULL);
  DrtClose(&app);
  DrtClose((HDRT)UINTPTR_MAX);
  DrtClose((HDRT)((uintptr_t)app.drt + (UINT64_C(1) << 40)));
  DrtClose(key);
  DrtClose(app.transport);
  DrtClose(app.event);
  cr_expect(test_app_finds(&app, test_app_key(1), true, "x"));
  HDRT old = app.drt;
  test_app_close(&app);
  DrtClose(old);
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  DrtClose(old);
  cr_expect(test_app_until(&app, DRT_ALONE, 10));
  test_app_clear(&app);
  test_host_free(host);
}

/* B064: searches that run, and searches that are over with results in them. */
Test(api_close, ends_searches)
{
  TestHost *host = test_host_new(1, 2);
  TestApp apps[2];
  TestAppKey key = test_app_key(32);
  DRT_DATA target = { 32, key.bytes };
  HDRT_SEARCH_CONTEXT searches[2];
  HANDLE events[2];
  ULONG size;
  _Alignas(8) BYTE buffer[8192];
  test_app_cloud(apps, 2, host);
  test_host_enter(host, 0);
  for (int i = 0; i < 2; i++) {
    events[i] = DrtEventCreate(TRUE, FALSE);
    cr_assert(eq(
      i32, DrtStartSearch(apps[0].drt, &target, NULL, 5000, events[i], NULL, &searches[i]), S_OK));
    if (i == 0)
      test_host_run(host, SECOND);
    DrtEventReset(events[i]);
  }
  cr_assert(eq(i32, DrtGetSearchResultSize(searches[0], &size), S_OK));
  cr_assert(eq(i32, DrtGetSearchResultSize(searches[1], &size), DRT_E_SEARCH_IN_PROGRESS));
  test_app_close(&apps[0]);
  for (int i = 0; i < 2; i++) {
    cr_expect(eq(i32, DrtGetSearchResultSize(searches[i], &size), E_HANDLE));
    cr_expect(eq(i32, DrtGetSearchResult(searches[i], sizeof buffer, (DRT_SEARCH_RESULT *)buffer),
                 E_HANDLE));
    cr_expect(eq(i32, DrtGetSearchPathSize(searches[i], &size), E_HANDLE));
    cr_expect(
      eq(i32, DrtGetSearchPath(searches[i], sizeof buffer, (DRT_ADDRESS_LIST *)buffer), E_HANDLE));
    cr_expect(eq(i32, DrtContinueSearch(searches[i]), E_HANDLE));
    cr_expect(eq(i32, DrtEndSearch(searches[i]), E_HANDLE));
  }
  test_host_run(host, 30 * SECOND);
  for (int i = 0; i < 2; i++) {
    cr_expect(not(DrtEventWait(events[i])));
    DrtEventClose(events[i]);
  }
  test_app_cloud_clear(apps, 2);
  test_host_free(host);
}

/* B066, B068: the last revokes are still on their way when the providers and the transport are gone. */
Test(api_close, lets_go_of_providers_and_transport)
{
  for (int faulted = 0; faulted < 2; faulted++) {
    TestHost *host = test_host_new(1, 2);
    TestApp apps[2];
    TestSecurity security;
    TestBootstrap bootstrap;
    for (uint32_t i = 0; i < 2; i++)
      test_app_init(&apps[i], host, i);
    test_security_init(&security);
    test_bootstrap_init(&bootstrap);
    test_bootstrap_add(&bootstrap, test_host_address(1, TEST_APP_PORT));
    test_app_use_security(&apps[0], &security);
    test_app_use_bootstrap(&apps[0], &bootstrap);
    for (uint32_t i = 0; i < 2; i++) {
      cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
      test_app_register(&apps[i], test_app_key(i + 1), "x");
    }
    cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
    test_host_run(host, 20 * SECOND);
    if (faulted)
      drt_transport_fail(
        drt_handle_get(test_host_library(host), DRT_TYPE_TRANSPORT, apps[0].transport), E_FAIL);
    bootstrap.log_n = 0;
    uint64_t sent = test_host_sent(host);
    test_app_close(&apps[0]);
    cr_expect(eq(int, test_host_sent(host) > sent, !faulted));
    cr_expect(eq(u32, security.count[TEST_SECURITY_DETACH], 1));
    cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_DETACH], 1));
    cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_UNREGISTER], 1));
    cr_expect(eq(int, bootstrap.log[bootstrap.log_n - 1], TEST_BOOTSTRAP_DETACH));
    cr_expect(eq(u32, bootstrap.entered_twice, 0));
    size_t calls = security.records_n;
    uint32_t logged = bootstrap.log_n;
    HDRT_TRANSPORT transport = apps[0].transport;
    cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(transport), S_OK));
    cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(transport), DRT_E_INVALID_TRANSPORT_PROVIDER));
    apps[0].transport = NULL;
    test_host_run(host, 60 * SECOND);
    cr_expect(eq(sz, security.records_n, calls));
    cr_expect(eq(u32, bootstrap.log_n, logged));
    cr_expect(eq(ptr, (void *)test_host_library(host)->transports->next, NULL));
    test_app_cloud_clear(apps, 2);
    test_security_clear(&security);
    test_bootstrap_clear(&bootstrap);
    test_host_free(host);
  }
}

/* B067 */
Test(api_close, leaves_the_event_object_alone)
{
  TestHost *host = test_host_new(1, 2);
  TestApp apps[2];
  test_app_cloud(apps, 2, host);
  test_app_register(&apps[0], test_app_key(1), "x");
  test_app_forget(&apps[0]);
  DrtEventReset(apps[0].event);
  test_app_close(&apps[0]);
  cr_expect(not(DrtEventWait(apps[0].event)));
  test_host_run(host, SECOND);
  test_host_connect(host, 0, false);
  test_host_connect(host, 0, true);
  test_host_run(host, 60 * SECOND);
  cr_expect(not(DrtEventWait(apps[0].event)));
  test_app_cloud_clear(apps, 2);
  test_host_free(host);
}

/* Calls from inside the callbacks of providers: nothing gets in, nothing breaks (DEC-68). */
typedef struct {
  TestApp *app;
  HDRT_REGISTRATION_CONTEXT key;
  HDRT_SEARCH_CONTEXT search;
  uint32_t calls;
} Intruder;

static void
intrude_on_step(TestSecurity *security, TestSecurityCall call, void *data)
{
  Intruder *intruder = data;
  HDRT drt = intruder->app->drt;
  DRT_DATA bytes = { 1, (BYTE *)"y" };
  TestAppKey key = test_app_key(77);
  DRT_DATA target = { 32, key.bytes };
  DRT_REGISTRATION registration = { target, bytes };
  HANDLE handle;
  ULONG size;
  (void)security;
  if (call != TEST_SECURITY_SECURE && call != TEST_SECURITY_VALIDATE && call != TEST_SECURITY_FREE)
    return;
  intruder->calls++;
  DrtClose(drt);
  DrtUnregisterKey(intruder->key);
  cr_expect(eq(i32, DrtUpdateKey(intruder->key, &bytes), E_UNEXPECTED));
  cr_expect(eq(i32, DrtRegisterKey(drt, &registration, NULL, &handle), E_UNEXPECTED));
  cr_expect(eq(i32, DrtGetEventDataSize(drt, &size), E_UNEXPECTED));
  cr_expect(eq(i32, DrtStartSearch(drt, &target, NULL, 1, intruder->app->event, NULL, &handle),
               E_UNEXPECTED));
  cr_expect(eq(i32, DrtContinueSearch(intruder->search), E_UNEXPECTED));
  cr_expect(eq(i32, DrtEndSearch(intruder->search), E_UNEXPECTED));
}

Test(api_close, nothing_gets_in_from_inside_a_step)
{
  TestHost *host = test_host_new(1, 2);
  TestApp apps[2];
  TestSecurity security;
  for (uint32_t i = 0; i < 2; i++)
    test_app_init(&apps[i], host, i);
  test_security_init(&security);
  test_app_use_security(&apps[0], &security);
  for (uint32_t i = 0; i < 2; i++)
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
  TestAppKey missing = test_app_key(9);
  DRT_DATA target = { 32, missing.bytes };
  DRT_SEARCH_INFO info = { .dwSize = sizeof info, .fIterative = TRUE, .cMaxEndpoints = 1 };
  HANDLE event = DrtEventCreate(TRUE, FALSE);
  Intruder intruder = { .app = &apps[0] };
  intruder.key = test_app_register(&apps[0], test_app_key(1), "one");
  cr_assert(
    eq(i32, DrtStartSearch(apps[0].drt, &target, &info, 0xffffffff, event, NULL, &intruder.search),
       S_OK));
  security.hook = intrude_on_step;
  security.hook_data = &intruder;
  test_app_register(&apps[1], test_app_key(2), "two");
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(test_app_finds(&apps[1], test_app_key(1), false, "one"));
  test_host_enter(host, 0);
  cr_expect(test_app_finds(&apps[0], test_app_key(2), false, "two"));
  cr_expect(intruder.calls > 10);
  security.hook = NULL;
  cr_expect(eq(i32, DrtEndSearch(intruder.search), S_OK));
  DrtEventClose(event);
  test_app_cloud_clear(apps, 2);
  test_security_clear(&security);
  test_host_free(host);
}

static void
close_from_bootstrap(TestBootstrap *bootstrap, TestBootstrapCall call, void *data)
{
  TestApp *app = data;
  (void)bootstrap;
  if (call == TEST_BOOTSTRAP_INIT || call == TEST_BOOTSTRAP_ISSUE || call == TEST_BOOTSTRAP_END)
    DrtClose(app->drt);
}

Test(api_close, not_from_inside_the_bootstrap_provider)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  TestBootstrap bootstrap;
  test_app_init(&app, host, 0);
  test_bootstrap_init(&bootstrap);
  test_app_use_bootstrap(&app, &bootstrap);
  bootstrap.hook = close_from_bootstrap;
  bootstrap.hook_data = &app;
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  test_host_run(host, 60 * SECOND);
  cr_expect(bootstrap.count[TEST_BOOTSTRAP_END] > 2);
  cr_expect(test_app_until(&app, DRT_ALONE, 1));
  bootstrap.hook = NULL;
  test_app_clear(&app);
  test_bootstrap_clear(&bootstrap);
  test_host_free(host);
}

/* A provider may use another instance: what the first had to send and to say is not lost. */
static void
use_another_instance(TestSecurity *security, TestSecurityCall call, void *data)
{
  TestApp *other = data;
  (void)security;
  if (call != TEST_SECURITY_UNREGISTER && call != TEST_SECURITY_DETACH)
    return;
  DrtUnregisterKey(test_app_register(other, test_app_key(call), "x"));
}

Test(api_close, providers_may_use_another_instance)
{
  TestHost *host = test_host_new(1, 2);
  TestApp apps[2];
  TestSecurity security;
  TestAppKey keys[2] = { test_app_key(100), test_app_key(200) }, own = test_app_key(300);
  HDRT_REGISTRATION_CONTEXT first = NULL;
  for (uint32_t i = 0; i < 2; i++)
    test_app_init(&apps[i], host, i);
  test_security_init(&security);
  test_app_use_security(&apps[0], &security);
  for (uint32_t i = 0; i < 2; i++) {
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    first = test_app_register(&apps[0], keys[i], "x");
  }
  test_app_register(&apps[1], own, "x");
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  test_host_run(host, 30 * SECOND);
  test_app_forget(&apps[0]);
  security.hook = use_another_instance;
  security.hook_data = &apps[1];
  test_app_forget(&apps[1]);
  DrtUnregisterKey(first);
  cr_expect(eq(u32, test_app_read(&apps[0]), 1));
  cr_expect(
    eq(u32, test_app_leafset_count(&apps[0], DRT_LEAFSET_KEY_DELETED, keys[1].bytes, keys[1].bytes),
       1));
  test_app_close(&apps[0]);
  test_host_run(host, SECOND / 2);
  test_app_read(&apps[1]);
  for (int i = 0; i < 2; i++)
    cr_expect(eq(
      u32, test_app_leafset_count(&apps[1], DRT_LEAFSET_KEY_DELETED, own.bytes, keys[i].bytes), 1));
  test_host_run(host, 10 * SECOND);
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  test_app_register(&apps[0], keys[0], "x");
  test_app_close(&apps[0]);
  cr_expect(eq(ptr, (void *)test_host_library(host)->instances->next, NULL));
  security.hook = NULL;
  test_app_cloud_clear(apps, 2);
  test_security_clear(&security);
  test_host_free(host);
}
