/* Opening an instance: the checks of the settings in their order, attaching, failing (drt-api 1.1). */
#include "test-app.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

/* Opens with the settings as they are and expects this. */
static void
expect_open(TestApp *app, HRESULT hr, const char *name)
{
  int rubbish;
  app->drt = &rubbish;
  HRESULT is = test_app_open(app);
  cr_expect(eq(i32, is, hr), "%s", name);
  if (hr == S_OK) {
    cr_expect(ne(ptr, app->drt, NULL), "%s", name);
    test_app_close(app);
    test_host_run(app->host, 5 * SECOND);
  } else {
    cr_expect(eq(ptr, app->drt, NULL), "%s", name); /* B036 */
    app->drt = NULL;
  }
}

/* B010, B011, B012, B036 */
Test(api_open, wants_settings_of_the_right_size)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  cr_expect(eq(i32, DrtOpen(&app.settings, app.event, NULL, NULL), E_INVALIDARG));
  HDRT drt = &app;
  cr_expect(eq(i32, DrtOpen(NULL, app.event, NULL, &drt), DRT_E_INVALID_SETTINGS));
  cr_expect(eq(ptr, drt, NULL));
  static const DWORD sizes[] = { 0, sizeof(DRT_SETTINGS) - 1, sizeof(DRT_SETTINGS) + 1 };
  for (int i = 0; i < 3; i++) {
    app.settings.dwSize = sizes[i];
    expect_open(&app, DRT_E_INVALID_SETTINGS, "dwSize");
  }
  test_app_clear(&app);
  test_host_free(host);
}

/* B013, B014, B015, B016 */
Test(api_open, wants_known_sizes_of_keys_and_lists)
{
  static const struct {
    ULONG key, addresses;
    HRESULT hr;
  } rows[] = {
    { 8, 4, DRT_E_INVALID_KEY_SIZE },
    { 31, 4, DRT_E_INVALID_KEY_SIZE },
    { 33, 4, DRT_E_INVALID_KEY_SIZE },
    { 0, 4, DRT_E_INVALID_KEY_SIZE },
    { 32, 0, DRT_E_INVALID_MAX_ADDRESSES },
    { 32, 21, DRT_E_INVALID_MAX_ADDRESSES },
    { 32, 0xffffffff, DRT_E_INVALID_MAX_ADDRESSES },
    { 32, 1, S_OK },
    { 32, 4, S_OK },
    { 32, 5, S_OK },
    { 32, 20, S_OK },
  };
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char name[32];
    snprintf(name, sizeof name, "%u, %u", rows[i].key, rows[i].addresses);
    app.settings.cbKey = rows[i].key;
    app.settings.ulMaxRoutingAddresses = rows[i].addresses;
    expect_open(&app, rows[i].hr, name);
  }
  test_app_clear(&app);
  test_host_free(host);
}

/* B017, B018 */
Test(api_open, wants_a_transport_and_a_known_mode)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  app.settings.hTransport = NULL;
  expect_open(&app, DRT_E_INVALID_TRANSPORT_PROVIDER, "no transport");
  app.settings.hTransport = app.event;
  expect_open(&app, DRT_E_INVALID_TRANSPORT_PROVIDER, "another handle");
  app.settings.hTransport = app.transport;
  app.settings.eSecurityMode = (DRT_SECURITY_MODE)3;
  expect_open(&app, DRT_E_INVALID_SECURITY_MODE, "mode 3");
  app.settings.eSecurityMode = (DRT_SECURITY_MODE)-1;
  expect_open(&app, DRT_E_INVALID_SECURITY_MODE, "mode -1");
  test_app_clear(&app);
  test_host_free(host);
}

/* B019, B020: all that follows pvContext is callbacks. */
Test(api_open, wants_every_callback_of_the_security_provider)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  TestSecurity security;
  test_app_init(&app, host, 0);
  test_security_init(&security);
  test_app_use_security(&app, &security);
  DRT_SECURITY_PROVIDER whole = security.provider;
  for (size_t at = sizeof(void *); at < sizeof whole; at += sizeof(void *)) {
    security.provider = whole;
    memset((char *)&security.provider + at, 0, sizeof(void *));
    expect_open(&app, DRT_E_INVALID_SECURITY_PROVIDER, "a callback is missing");
  }
  security.provider = whole;
  app.settings.pSecurityProvider = NULL;
  expect_open(&app, DRT_E_INVALID_SECURITY_PROVIDER, "no provider");
  cr_expect(eq(u32, security.count[TEST_SECURITY_ATTACH], 0));
  test_app_clear(&app);
  test_security_clear(&security);
  test_host_free(host);
}

/* B021, B022 */
Test(api_open, wants_every_callback_of_the_bootstrap_provider)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  TestBootstrap bootstrap;
  test_app_init(&app, host, 0);
  test_bootstrap_init(&bootstrap);
  test_app_use_bootstrap(&app, &bootstrap);
  DRT_BOOTSTRAP_PROVIDER whole = bootstrap.provider;
  for (size_t at = sizeof(void *); at < sizeof whole; at += sizeof(void *)) {
    bootstrap.provider = whole;
    memset((char *)&bootstrap.provider + at, 0, sizeof(void *));
    expect_open(&app, DRT_E_INVALID_BOOTSTRAP_PROVIDER, "a callback is missing");
  }
  bootstrap.provider = whole;
  app.settings.pBootstrapProvider = NULL;
  expect_open(&app, DRT_E_INVALID_BOOTSTRAP_PROVIDER, "no provider");
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_ATTACH], 0));
  test_app_clear(&app);
  test_bootstrap_clear(&bootstrap);
  test_host_free(host);
}

/* B023a, B023b */
Test(api_open, takes_a_prefix_of_128_characters)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  wchar_t prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 2];
  test_app_init(&app, host, 0);
  app.settings.pwzDrtInstancePrefix = prefix;
  for (int i = 0; i < DRT_MAX_INSTANCE_PREFIX_LEN + 1; i++)
    prefix[i] = L'x';
  prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 1] = L'\0';
  expect_open(&app, DRT_E_INVALID_INSTANCE_PREFIX, "129");
  prefix[DRT_MAX_INSTANCE_PREFIX_LEN] = L'\0';
  expect_open(&app, S_OK, "128");
  app.settings.pwzDrtInstancePrefix = NULL;
  expect_open(&app, S_OK, "none");
  test_app_clear(&app);
  test_host_free(host);
}

/* B024: everything is wrong, and is put right from the top of the table. */
Test(api_open, tells_the_earliest_fault)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app, other;
  TestSecurity security;
  TestBootstrap bootstrap;
  wchar_t prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 2];
  test_app_init(&app, host, 0);
  test_app_init(&other, host, 0);
  test_security_init(&security);
  test_bootstrap_init(&bootstrap);
  test_app_use_security(&app, &security);
  test_app_use_bootstrap(&app, &bootstrap);
  cr_assert(eq(i32, test_app_open(&other), S_OK));
  for (int i = 0; i < DRT_MAX_INSTANCE_PREFIX_LEN + 1; i++)
    prefix[i] = L'x';
  prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 1] = L'\0';
  app.settings = (DRT_SETTINGS){ .eSecurityMode = 7, .pwzDrtInstancePrefix = prefix };
  bootstrap.fail[TEST_BOOTSTRAP_ATTACH] = E_FAIL;
  security.fail[TEST_SECURITY_ATTACH] = E_NOTIMPL;
  expect_open(&app, DRT_E_INVALID_SETTINGS, "size");
  app.settings.dwSize = sizeof app.settings;
  expect_open(&app, DRT_E_INVALID_KEY_SIZE, "key");
  app.settings.cbKey = 32;
  expect_open(&app, DRT_E_INVALID_MAX_ADDRESSES, "addresses");
  app.settings.ulMaxRoutingAddresses = 1;
  expect_open(&app, DRT_E_INVALID_TRANSPORT_PROVIDER, "transport");
  app.settings.hTransport = other.transport;
  expect_open(&app, DRT_E_INVALID_SECURITY_MODE, "mode");
  app.settings.eSecurityMode = DRT_SECURE_RESOLVE;
  expect_open(&app, DRT_E_INVALID_SECURITY_PROVIDER, "security");
  app.settings.pSecurityProvider = &security.provider;
  expect_open(&app, DRT_E_INVALID_BOOTSTRAP_PROVIDER, "bootstrap");
  app.settings.pBootstrapProvider = &bootstrap.provider;
  expect_open(&app, DRT_E_INVALID_INSTANCE_PREFIX, "prefix");
  app.settings.pwzDrtInstancePrefix = NULL;
  expect_open(&app, E_FAIL, "bootstrap is attached first");
  bootstrap.fail[TEST_BOOTSTRAP_ATTACH] = S_OK;
  expect_open(&app, E_NOTIMPL, "then security");
  security.fail[TEST_SECURITY_ATTACH] = S_OK;
  expect_open(&app, DRT_E_TRANSPORTPROVIDER_IN_USE, "then the transport");
  app.settings.hTransport = app.transport;
  expect_open(&app, S_OK, "at last");
  test_app_clear(&app);
  test_app_clear(&other);
  test_security_clear(&security);
  test_bootstrap_clear(&bootstrap);
  test_host_free(host);
}

/* B025: the n-th piece of memory fails, for every n until all goes well. */
Test(api_open, without_memory_leaves_nothing_attached)
{
  for (int on = 0; on < 2; on++) {
    bool opened = false;
    for (size_t n = 1; !opened; n++) {
      TestHost *host = test_host_new(1, 1);
      TestMemory *memory = test_host_memory(host);
      TestApp app;
      TestSecurity security;
      TestBootstrap bootstrap;
      test_app_init(&app, host, 0);
      test_security_init(&security);
      test_bootstrap_init(&bootstrap);
      test_app_use_security(&app, &security);
      test_app_use_bootstrap(&app, &bootstrap);
      size_t pieces = memory->pieces;
      memory->fail_at = memory->takes + n;
      memory->fail_on = on;
      HRESULT hr = test_app_open(&app);
      opened = hr == S_OK;
      if (!opened) {
        cr_expect(eq(i32, hr, E_OUTOFMEMORY), "%zu", n);
        cr_expect(eq(ptr, app.drt, NULL), "%zu", n);
        cr_expect(eq(u32, security.attached, 0), "%zu", n);
        cr_expect(eq(u32, bootstrap.attached, 0), "%zu", n);
        cr_expect(not(DrtEventWait(app.event)), "%zu", n);
        cr_expect(le(sz, memory->pieces, pieces + 4), "%zu",
                  n); /* slabs that stay with the library */
        memory->fail_at = 0;
        cr_expect(eq(i32, test_app_open(&app), S_OK), "%zu", n);
      } else {
        cr_expect(gt(sz, n, 3));
      }
      cr_expect(test_app_until(&app, DRT_ALONE, 1), "%zu", n);
      memory->fail_at = 0;
      test_app_clear(&app);
      test_security_clear(&security);
      test_bootstrap_clear(&bootstrap);
      test_host_free(host);
    }
  }
}

/* B026, B027, B028: the built-in providers and transports serve one instance. */
Test(api_open, refuses_what_serves_another_instance)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app, other;
  test_app_init(&app, host, 0);
  test_app_init(&other, host, 0);
  DRT_SETTINGS settings = app.settings;
  cr_assert(eq(i32, test_app_open(&other), S_OK));
  app.settings.pBootstrapProvider = other.settings.pBootstrapProvider;
  expect_open(&app, DRT_E_BOOTSTRAPPROVIDER_IN_USE, "bootstrap");
  app.settings = settings;
  app.settings.pSecurityProvider = other.settings.pSecurityProvider;
  expect_open(&app, DRT_E_SECURITYPROVIDER_IN_USE, "security");
  app.settings = settings;
  app.settings.hTransport = other.transport;
  expect_open(&app, DRT_E_TRANSPORTPROVIDER_IN_USE, "transport");
  app.settings = settings;
  expect_open(&app, S_OK, "its own");
  test_app_read(&other);
  cr_expect(eq(int, test_app_status(&other), DRT_ALONE));
  DRT_BOOTSTRAP_PROVIDER *dns, *rest = other.settings.pBootstrapProvider;
  cr_assert(eq(i32, DrtCreateDnsBootstrapResolver(50000, L"machine0", &dns), S_OK));
  test_app_close(&other);
  other.settings.pBootstrapProvider = dns;
  cr_assert(eq(i32, test_app_open(&other), S_OK));
  app.settings.pBootstrapProvider = dns;
  expect_open(&app, DRT_E_BOOTSTRAPPROVIDER_IN_USE, "DNS");
  test_app_close(&other);
  other.settings.pBootstrapProvider = rest;
  DrtDeleteDnsBootstrapResolver(dns);
  test_app_clear(&app);
  test_app_clear(&other);
  test_host_free(host);
}

Test(api_open, tells_what_ails_the_transport)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  DrtTransport *transport =
    drt_handle_get(test_host_library(host), DRT_TYPE_TRANSPORT, app.transport);
  transport->shutting_down = true;
  expect_open(&app, DRT_E_TRANSPORT_SHUTTING_DOWN, "shutting down");
  transport->shutting_down = false;
  transport->bound = true;
  expect_open(&app, DRT_E_TRANSPORT_ALREADY_BOUND, "bound");
  transport->bound = false;
  expect_open(&app, S_OK, "well");
  test_app_clear(&app);
  test_host_free(host);
}

/* B031 */
Test(api_open, the_null_provider_serves_all_modes)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  for (int mode = 0; mode < 3; mode++) {
    app.settings.eSecurityMode = (DRT_SECURITY_MODE)mode;
    expect_open(&app, S_OK, "mode");
  }
  test_app_clear(&app);
  test_host_free(host);
}

/* B032, B039: whatever an Attach says but S_OK ends the call and undoes what was done. */
Test(api_open, an_attach_that_fails_undoes_the_others)
{
  static const HRESULT words[] = { E_FAIL, DRT_E_INVALID_CERT_CHAIN, DRT_E_CAPABILITY_MISMATCH,
                                   DRT_S_RETRY };
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  TestSecurity security;
  TestBootstrap bootstrap;
  test_app_init(&app, host, 0);
  test_security_init(&security);
  test_bootstrap_init(&bootstrap);
  test_app_use_security(&app, &security);
  test_app_use_bootstrap(&app, &bootstrap);
  for (uint32_t i = 0; i < 4; i++) {
    bootstrap.fail[TEST_BOOTSTRAP_ATTACH] = words[i];
    expect_open(&app, words[i], "bootstrap");
    cr_expect(eq(u32, security.count[TEST_SECURITY_ATTACH], i));
    cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_DETACH], i));
    bootstrap.fail[TEST_BOOTSTRAP_ATTACH] = S_OK;
    security.fail[TEST_SECURITY_ATTACH] = words[i];
    expect_open(&app, words[i], "security");
    cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_DETACH], i + 1));
    cr_expect(eq(u32, bootstrap.attached, 0));
    cr_expect(eq(u32, security.count[TEST_SECURITY_DETACH], 0));
    security.fail[TEST_SECURITY_ATTACH] = S_OK;
  }
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_INIT], 0));
  cr_expect(not(DrtEventWait(app.event)));
  expect_open(&app, S_OK, "well");
  test_app_clear(&app);
  test_security_clear(&security);
  test_bootstrap_clear(&bootstrap);
  test_host_free(host);
}

/* B033 */
Test(api_open, attaches_each_provider_once)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  TestSecurity security;
  TestBootstrap bootstrap;
  test_app_init(&app, host, 0);
  test_security_init(&security);
  test_bootstrap_init(&bootstrap);
  test_app_use_security(&app, &security);
  test_app_use_bootstrap(&app, &bootstrap);
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  cr_expect(eq(u32, security.count[TEST_SECURITY_ATTACH], 1));
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_ATTACH], 1));
  test_host_run(host, 100 * SECOND);
  cr_expect(eq(u32, security.count[TEST_SECURITY_ATTACH], 1));
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_ATTACH], 1));
  test_app_clear(&app);
  test_security_clear(&security);
  test_bootstrap_clear(&bootstrap);
  test_host_free(host);
}

/* B034 */
Test(api_open, without_event_object_events_are_polled)
{
  TestHost *host = test_host_new(1, 1);
  TestApp app;
  test_app_init(&app, host, 0);
  cr_assert(eq(i32, DrtOpen(&app.settings, NULL, &app, &app.drt), S_OK));
  cr_expect(test_app_until(&app, DRT_ALONE, 10));
  HDRT_REGISTRATION_CONTEXT key = test_app_register(&app, test_app_key(1), "x");
  DrtUnregisterKey(key);
  cr_expect(eq(u32, test_app_read(&app), 1));
  test_app_clear(&app);
  test_host_free(host);
}

/* B035 */
Test(api_open, events_carry_the_context_of_the_instance)
{
  TestHost *host = test_host_new(1, 2);
  TestApp apps[2];
  test_app_cloud(apps, 2, host);
  test_app_close(&apps[1]);
  test_host_run(host, 60 * SECOND);
  test_host_connect(host, 0, false);
  for (int i = 0; i < 2; i++) {
    if (apps[i].drt != NULL)
      test_app_read(&apps[i]);
    cr_expect(ge(u32, apps[i].events_n, 2));
    for (uint32_t k = 0; k < apps[i].events_n; k++)
      cr_expect(eq(ptr, apps[i].events[k].context, &apps[i]));
  }
  cr_expect(test_app_count(&apps[0], DRT_EVENT_LEAFSET_KEY_CHANGED) > 0);
  test_app_cloud_clear(apps, 2);
  test_host_free(host);
}

/* B037 */
Test(api_open, settings_are_copied)
{
  TestHost *host = test_host_new(1, 2);
  TestApp apps[2];
  static const wchar_t name[] = L"abc";
  for (uint32_t i = 0; i < 2; i++) {
    test_app_init(&apps[i], host, i);
    DRT_SETTINGS *settings = malloc(sizeof *settings);
    wchar_t *prefix = malloc(sizeof name);
    memcpy(prefix, name, sizeof name);
    *settings = apps[i].settings;
    settings->pwzDrtInstancePrefix = prefix;
    cr_assert(eq(i32, DrtOpen(settings, apps[i].event, NULL, &apps[i].drt), S_OK));
    memset(settings, 0xa5, sizeof *settings);
    memset(prefix, 0xa5, sizeof name);
    free(settings);
    free(prefix);
    test_app_register(&apps[i], test_app_key(i + 1), "data");
  }
  cr_expect(test_app_until(&apps[0], DRT_ACTIVE, 30));
  cr_expect(test_app_finds(&apps[0], test_app_key(2), false, "data"));
  wchar_t read[64];
  cr_assert(eq(i32, DrtGetInstanceName(apps[0].drt, sizeof read, read), S_OK));
  cr_expect(eq(int, memcmp(read, name, 3 * sizeof *name), 0));
  test_app_cloud_clear(apps, 2);
  test_host_free(host);
}

/* B038: on one machine, which is one process. */
Test(api_open, two_instances_live_in_one_process)
{
  TestHost *host = test_host_new(1, 1);
  TestApp apps[2];
  for (uint32_t i = 0; i < 2; i++) {
    test_app_init(&apps[i], host, 0);
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    test_app_register(&apps[i], test_app_key(i + 1), i == 0 ? "first" : "second");
  }
  cr_expect(ne(u16, apps[0].port, apps[1].port));
  cr_expect(test_app_until(&apps[0], DRT_ACTIVE, 30));
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 30));
  cr_expect(test_app_finds(&apps[0], test_app_key(2), false, "second"));
  cr_expect(test_app_finds(&apps[1], test_app_key(1), false, "first"));
  test_app_cloud_clear(apps, 2);
  test_host_free(host);
}
