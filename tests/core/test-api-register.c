/* Registering a key: arguments, every failure and what it leaves, copies, contexts (drt-api 1.2). */
#include "test-app.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp app;
static TestSecurity security;

/* One ALONE instance with the recording provider, its first events read. */
static void
set_up(void)
{
  host = test_host_new(1, 3);
  test_app_init(&app, host, 0);
  test_security_init(&security);
  test_app_use_security(&app, &security);
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  cr_assert(test_app_until(&app, DRT_ALONE, 10));
  test_app_forget(&app);
}

static void
tear_down(void)
{
  test_app_clear(&app);
  test_security_clear(&security);
  test_host_free(host);
}

TestSuite(api_register, .init = set_up, .fini = tear_down);

/* Registrations that the provider agreed to and was not told the end of. */
static uint32_t
kept_by(const TestSecurity *provider)
{
  uint32_t agreed = 0;
  for (size_t i = 0; i < provider->records_n; i++)
    agreed +=
      provider->records[i].call == TEST_SECURITY_REGISTER && provider->records[i].hr == S_OK;
  return agreed - provider->count[TEST_SECURITY_UNREGISTER];
}

static uint32_t
kept_by_provider(void)
{
  return kept_by(&security);
}

static DrtInstance *
instance_of(const TestApp *of)
{
  return drt_handle_get(test_host_library(of->host), DRT_TYPE_INSTANCE, of->drt);
}

/* A047, A048: a failing call leaves no handle, no event, no key, and nothing at the provider. */
static void
expect_refused(HDRT drt, DRT_REGISTRATION *registration, HRESULT hr, const char *name)
{
  HDRT_REGISTRATION_CONTEXT handle = &app;
  DrtInstance *instance = instance_of(&app);
  uint32_t kept = kept_by_provider();
  HRESULT is = DrtRegisterKey(drt, registration, NULL, &handle);
  cr_expect(eq(i32, is, hr), "%s", name);
  cr_expect(eq(ptr, handle, NULL), "%s", name);
  if (instance == NULL)
    return;
  ULONG size;
  bool quiet = DrtGetEventDataSize(app.drt, &size) != S_OK;
  cr_expect(quiet, "%s", name);
  cr_expect(eq(ptr, instance->registrations, NULL), "%s", name);
  if (instance->node != NULL)
    cr_expect(eq(u32, instance->node->locals_n, 0), "%s", name);
  cr_expect(eq(u32, kept_by_provider(), kept), "%s", name);
}

/* A002, A003 */
Test(api_register, gives_a_handle)
{
  HDRT_REGISTRATION_CONTEXT handle = NULL;
  cr_expect(eq(i32, test_app_try(&app, test_app_key(1), "x", 1, NULL, &handle), S_OK));
  cr_expect(ne(ptr, handle, NULL));
  cr_expect(test_app_finds(&app, test_app_key(1), true, "x"));
  cr_expect(eq(u32, test_app_read(&app), 0));
}

/* A004, A005, A006, A007: a second node makes the first one pack its payloads. */
Test(api_register, contexts_go_with_their_key)
{
  TestAppKey keys[2] = { test_app_key(1), test_app_key(2) };
  int contexts[2];
  HDRT_REGISTRATION_CONTEXT handles[2];
  TestApp other;
  for (int i = 0; i < 2; i++)
    cr_assert(eq(i32, test_app_try(&app, keys[i], "xyz", 3, &contexts[i], &handles[i]), S_OK));
  test_app_init(&other, host, 1);
  cr_assert(eq(i32, test_app_open(&other), S_OK));
  cr_assert(test_app_until(&other, DRT_ACTIVE, 30));
  for (int i = 0; i < 2; i++)
    cr_expect(test_app_finds(&other, keys[i], false, "xyz"));
  test_host_enter(host, 0);
  for (int i = 0; i < 2; i++)
    DrtUnregisterKey(handles[i]);
  uint32_t seen[2][TEST_SECURITY_CALLS] = { 0 };
  for (size_t r = 0; r < security.records_n; r++) {
    const TestSecurityRecord *record = &security.records[r];
    if (record->call != TEST_SECURITY_REGISTER && record->call != TEST_SECURITY_UNREGISTER &&
        record->call != TEST_SECURITY_SECURE)
      continue;
    int i = memcmp(record->key, keys[0].bytes, 32) == 0 ? 0 : 1;
    cr_expect(eq(ptr, record->key_context, &contexts[i]));
    seen[i][record->call]++;
  }
  for (int i = 0; i < 2; i++) {
    cr_expect(eq(u32, seen[i][TEST_SECURITY_REGISTER], 1));
    cr_expect(eq(u32, seen[i][TEST_SECURITY_UNREGISTER], 1));
    cr_expect(seen[i][TEST_SECURITY_SECURE] > 0);
  }
  test_app_clear(&other);
}

/* A008, A009 */
Test(api_register, copies_and_does_not_touch_what_it_is_given)
{
  TestAppKey key = test_app_key(1), bytes = key;
  char data[] = "data", same[] = "data";
  DRT_REGISTRATION registration = { { 32, bytes.bytes }, { 4, (BYTE *)data } };
  DRT_REGISTRATION before = registration;
  HDRT_REGISTRATION_CONTEXT handle;
  cr_assert(eq(i32, DrtRegisterKey(app.drt, &registration, NULL, &handle), S_OK));
  cr_expect(eq(int, memcmp(&registration, &before, sizeof before), 0));
  cr_expect(eq(int, memcmp(&bytes, &key, sizeof key), 0));
  cr_expect(eq(str, data, same));
  memset(&registration, 0xff, sizeof registration);
  memset(&bytes, 0xff, sizeof bytes);
  memset(data, 'z', 4);
  cr_expect(test_app_finds(&app, key, true, "data"));
}

/* A010, A011, A014, A015, A016, A017, A018, A024, A025, A026, A027, A028 */
Test(api_register, refuses_odd_keys_and_data)
{
  BYTE key[256] = { 1 }, data[1] = { 1 };
  static const struct {
    const char *name;
    ULONG key_n, data_n;
    bool key, data;
    HRESULT hr;
  } rows[] = {
    { "A011: no data", 32, 0, true, true, E_INVALIDARG },
    { "A014: 5121 bytes", 32, 5121, true, true, E_INVALIDARG },
    { "A015: 4 GiB", 32, 0xffffffff, true, true, E_INVALIDARG },
    { "A016: no pointer to data", 32, 1, true, false, E_INVALIDARG },
    { "A017: no pointer to the key", 32, 1, false, true, E_INVALIDARG },
    { "A018: no key at all", 0, 1, false, true, DRT_E_INVALID_KEY_SIZE },
    { "A024: 31 bytes", 31, 1, true, true, DRT_E_INVALID_KEY_SIZE },
    { "A025: 33 bytes", 33, 1, true, true, DRT_E_INVALID_KEY_SIZE },
    { "A026: 8 bytes", 8, 1, true, true, DRT_E_INVALID_KEY_SIZE },
    { "A027: 256 bytes", 256, 1, true, true, DRT_E_INVALID_KEY_SIZE },
    { "A028: no bytes", 0, 1, true, true, DRT_E_INVALID_KEY_SIZE },
    { "data before keys", 31, 0, true, true, E_INVALIDARG },
  };
  expect_refused(app.drt, NULL, E_INVALIDARG, "A010: nothing");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    DRT_REGISTRATION registration = { { rows[i].key_n, rows[i].key ? key : NULL },
                                      { rows[i].data_n, rows[i].data ? data : NULL } };
    expect_refused(app.drt, &registration, rows[i].hr, rows[i].name);
  }
  cr_expect(eq(u32, security.count[TEST_SECURITY_REGISTER], 0));
}

/* H11: zero is no key, and one that ends in a bit is. */
Test(api_register, refuses_the_key_zero)
{
  BYTE data[1] = { 1 }, key[32] = { 0 };
  DRT_REGISTRATION registration = { { sizeof key, key }, { sizeof data, data } };
  HDRT_REGISTRATION_CONTEXT handle;
  expect_refused(app.drt, &registration, E_INVALIDARG, "zero");
  cr_expect(eq(u32, security.count[TEST_SECURITY_REGISTER], 0));
  key[31] = 1;
  cr_expect(eq(i32, DrtRegisterKey(app.drt, &registration, NULL, &handle), S_OK));
}

/* A012, A013 */
Test(api_register, takes_1_to_5120_bytes)
{
  static BYTE data[5120];
  HDRT_REGISTRATION_CONTEXT handle;
  static TestAppFound found;
  for (int i = 0; i < 5120; i++)
    data[i] = (BYTE)(i * 7 + 1);
  for (int i = 0; i < 2; i++) {
    TestAppKey key = test_app_key(i + 1);
    ULONG n = i == 0 ? 1 : 5120;
    DRT_DATA range = { 32, key.bytes };
    DRT_SEARCH_INFO info = { sizeof info, FALSE, TRUE, FALSE, 1, &range, &range };
    cr_expect(eq(i32, test_app_try(&app, key, data, n, NULL, &handle), S_OK));
    test_app_search(&app, key, &info, 1000, &found);
    cr_assert(eq(u32, found.n, 1));
    cr_expect(eq(u32, found.results[0].n, n));
    cr_expect(eq(int, memcmp(found.results[0].data, data, n), 0));
  }
}

/* A019 */
Test(api_register, wants_a_place_for_the_handle)
{
  cr_expect(eq(i32, test_app_try(&app, test_app_key(1), "x", 1, NULL, NULL), E_INVALIDARG));
  cr_expect(eq(u32, security.count[TEST_SECURITY_REGISTER], 0));
  cr_expect(test_app_misses(&app, test_app_key(1), true));
}

/* A020, A021, A022, A023 */
Test(api_register, wants_the_handle_of_a_live_instance)
{
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  HDRT_SEARCH_CONTEXT search;
  DRT_DATA target = { 32, key.bytes };
  HDRT_REGISTRATION_CONTEXT other;
  expect_refused(NULL, &registration, E_HANDLE, "NULL");
  expect_refused(&key, &registration, E_HANDLE, "a pointer");
  expect_refused((HDRT)UINT64_C(0x123456789abcdef1), &registration, E_HANDLE, "a number");
  expect_refused((HDRT)UINT64_MAX, &registration, E_HANDLE, "all ones");
  expect_refused((HDRT)1, &registration, E_HANDLE, "the number of a place");
  cr_assert(eq(i32, DrtStartSearch(app.drt, &target, NULL, 1000, app.event, NULL, &search), S_OK));
  expect_refused(search, &registration, E_HANDLE, "a search");
  DrtEndSearch(search);
  expect_refused(app.transport, &registration, E_HANDLE, "a transport");
  expect_refused(app.event, &registration, E_HANDLE, "an event");
  other = test_app_register(&app, test_app_key(2), "x");
  HDRT_REGISTRATION_CONTEXT none = &key;
  cr_expect(eq(i32, DrtRegisterKey(other, &registration, NULL, &none), E_HANDLE));
  cr_expect(eq(ptr, none, NULL));
  DrtUnregisterKey(other);
  test_app_forget(&app);
  HDRT old = app.drt;
  test_app_close(&app);
  expect_refused(old, &registration, E_HANDLE, "closed");
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  cr_expect(ne(ptr, app.drt, old));
  test_app_forget(&app);
  expect_refused(old, &registration, E_HANDLE, "closed, and its place taken");
}

/* A029 */
Test(api_register, faulted_refuses)
{
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  drt_transport_fail(instance_of(&app)->transport, E_FAIL);
  cr_expect(test_app_until(&app, DRT_FAULTED, 1));
  expect_refused(app.drt, &registration, DRT_E_FAULTED, "faulted");
}

/* A030: by the built-in provider, which the recording one asks; and by the real one. */
Test(api_register, a_key_is_registered_once)
{
  TestApp other;
  HDRT_REGISTRATION_CONTEXT handle;
  test_app_register(&app, test_app_key(1), "first");
  cr_expect(
    eq(i32, test_app_try(&app, test_app_key(1), "x", 1, NULL, &handle), DRT_E_DUPLICATE_KEY));
  cr_expect(eq(ptr, handle, NULL));
  test_app_init(&other, host, 1);
  cr_assert(eq(i32, test_app_open(&other), S_OK));
  HDRT_REGISTRATION_CONTEXT first = test_app_register(&other, test_app_key(2), "first");
  cr_expect(
    eq(i32, test_app_try(&other, test_app_key(2), "x", 1, NULL, &handle), DRT_E_DUPLICATE_KEY));
  DrtUnregisterKey(first);
  cr_expect(eq(i32, test_app_try(&other, test_app_key(2), "x", 1, NULL, &handle), S_OK));
  test_app_clear(&other);
}

/* A031, A046: every failure of the provider comes back as it is. */
Test(api_register, failures_of_the_provider_come_back)
{
  static const HRESULT words[] = { DRT_E_INVALID_CERT_CHAIN, DRT_E_CAPABILITY_MISMATCH,
                                   DRT_E_INVALID_KEY,        DRT_E_DUPLICATE_KEY,
                                   (HRESULT)0x80090016,      (HRESULT)0x8007274c };
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    security.fail[TEST_SECURITY_REGISTER] = words[i];
    expect_refused(app.drt, &registration, words[i], "provider");
    cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 0));
  }
  security.fail[TEST_SECURITY_REGISTER] = S_OK;
  cr_expect(test_app_misses(&app, key, true));
  test_app_register(&app, key, "x");
}

/* A035; that being without network is no such reason is A051. */
Test(api_register, no_address_in_scope)
{
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  test_host_scope(host, 0, false);
  expect_refused(app.drt, &registration, DRT_E_TRANSPORT_NO_DEST_ADDRESSES, "scope");
  test_host_scope(host, 0, true);
  test_app_register(&app, key, "x");
}

/* A036, A037, A038, A039, A040, A045 */
Test(api_register, broken_parts_are_named)
{
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  DrtInstance *instance = instance_of(&app);
  DrtTransport *transport = instance->transport;
  DrtNode *node = instance->node;
  transport->shutting_down = true;
  expect_refused(app.drt, &registration, DRT_E_TRANSPORT_SHUTTING_DOWN, "shutting down");
  transport->bound = false;
  expect_refused(app.drt, &registration, DRT_E_TRANSPORT_SHUTTING_DOWN, "and not bound");
  transport->shutting_down = false;
  expect_refused(app.drt, &registration, DRT_E_TRANSPORT_NOT_BOUND, "not bound");
  transport->attached = false;
  expect_refused(app.drt, &registration, DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, "not attached");
  instance->transport = NULL;
  expect_refused(app.drt, &registration, DRT_E_INVALID_TRANSPORT_PROVIDER, "none");
  instance->security_attached = false;
  expect_refused(app.drt, &registration, DRT_E_SECURITYPROVIDER_NOT_ATTACHED, "security");
  instance->security_attached = true;
  instance->transport = transport;
  transport->attached = transport->bound = true;
  instance->node = NULL;
  expect_refused(app.drt, &registration, E_FAIL, "no node");
  instance->node = node;
  test_app_register(&app, key, "x");
}

/* A041: the n-th piece of memory fails, for every n until all goes well. Slabs have room for some
 * items, so that instances are made afresh and filled up by a different number of keys. */
Test(api_register, without_memory_nothing_is_registered)
{
  TestAppKey key = test_app_key(0x1000);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  TestMemory *memory = test_host_memory(host);
  uint32_t failures = 0;
  for (uint32_t k = 0; k < 40; k++) {
    HDRT_REGISTRATION_CONTEXT handle;
    HRESULT hr = E_OUTOFMEMORY;
    DrtInstance *instance = instance_of(&app);
    for (size_t n = 1; hr != S_OK; n++) {
      handle = &app;
      memory->fail_at = memory->takes + n;
      hr = DrtRegisterKey(app.drt, &registration, NULL, &handle);
      memory->fail_at = 0;
      if (hr == S_OK)
        break;
      failures++;
      cr_expect(eq(i32, hr, E_OUTOFMEMORY));
      cr_expect(eq(ptr, handle, NULL));
      cr_expect(eq(u32, instance->node->locals_n, k));
      cr_expect(eq(u32, kept_by_provider(), k));
      cr_expect(eq(u32, test_app_read(&app), 0));
      cr_assert(lt(sz, n, 100));
    }
    cr_expect(eq(int, drt_node_status(instance->node), DRT_NODE_ALONE));
    cr_expect(eq(u32, instance->node->locals_n, k + 1));
    key = test_app_key(0x1001 + k);
  }
  cr_expect(ge(u32, failures, 40));
  cr_expect(eq(u32, test_app_read(&app), 0));
  for (uint32_t k = 0; k < 40; k += 13)
    cr_expect(not(test_app_misses(&app, test_app_key(0x1000 + k), true)));
}

/* A041, where the key is announced at once: to announce it is part of the call. Where memory fails as
 * late as that, the instance is FAULTED, too. */
Test(api_register, without_memory_to_announce_nothing_is_registered)
{
  TestAppKey key = test_app_key(0x1800);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  TestMemory *memory = test_host_memory(host);
  uint32_t faults = 0;
  HRESULT hr = E_OUTOFMEMORY;
  test_app_register(&app, test_app_key(0x1000), "x");
  for (size_t n = 1; hr != S_OK; n++) {
    TestApp newcomer; /* slabs and queues have no room left over from the last one */
    TestSecurity own;
    HDRT_REGISTRATION_CONTEXT handle = &app;
    test_app_init(&newcomer, host, 1);
    test_security_init(&own);
    test_app_use_security(&newcomer, &own);
    cr_assert(eq(i32, test_app_open(&newcomer), S_OK));
    cr_assert(test_app_until(&newcomer, DRT_ACTIVE, 60));
    test_app_forget(&newcomer);
    DrtInstance *instance = instance_of(&newcomer);
    test_host_enter(host, 1);
    memory->fail_at = memory->takes + n;
    hr = DrtRegisterKey(newcomer.drt, &registration, NULL, &handle);
    memory->fail_at = 0;
    bool registered = hr == S_OK, listed = instance->registrations != NULL;
    bool faulted = drt_node_status(instance->node) == DRT_NODE_FAULTED;
    faults += faulted;
    cr_expect(eq(i32, hr, registered ? S_OK : E_OUTOFMEMORY), "take %zu", n);
    cr_expect(not(registered && faulted), "take %zu", n);
    cr_expect(eq(u32, instance->node->locals_n, registered), "take %zu", n);
    cr_expect(eq(u32, kept_by(&own), registered), "take %zu", n);
    cr_expect(eq(int, listed, registered), "take %zu", n);
    cr_expect(eq(int, handle != NULL, registered), "take %zu", n);
    test_app_read(&newcomer);
    cr_expect(eq(u32, test_app_count(&newcomer, DRT_EVENT_STATUS_CHANGED), faulted), "take %zu", n);
    cr_assert(lt(sz, n, 100));
    test_app_clear(&newcomer);
    test_security_clear(&own);
    test_host_run(host, 5 * SECOND);
  }
  cr_expect(ge(u32, faults, 1));
}

/* A042, A043, A044 */
Test(api_register, shutting_down_refuses)
{
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 32, key.bytes }, { 1, key.bytes } };
  DrtLibrary *library = test_host_library(host);
  DrtInstance *instance = instance_of(&app);
  HDRT_REGISTRATION_CONTEXT handle;
  bool *flags[] = { &library->has_handles, &library->shutting_down, &instance->closing };
  for (int i = 0; i < 3; i++) {
    *flags[i] = i != 0;
    handle = &key;
    cr_expect(eq(i32, DrtRegisterKey(app.drt, &registration, NULL, &handle), E_UNEXPECTED));
    cr_expect(eq(ptr, handle, NULL));
    *flags[i] = i == 0;
  }
  cr_expect(eq(u32, security.count[TEST_SECURITY_REGISTER], 0));
  cr_expect(test_app_misses(&app, key, true));
}

/* The worst of the rows above with others that come later: the order of the table. */
Test(api_register, tells_the_earliest_fault)
{
  TestAppKey key = test_app_key(1);
  DRT_REGISTRATION registration = { { 31, NULL }, { 0, NULL } };
  DrtLibrary *library = test_host_library(host);
  DrtInstance *instance = instance_of(&app);
  security.fail[TEST_SECURITY_REGISTER] = E_FAIL;
  drt_transport_fail(instance->transport, E_FAIL);
  test_app_forget(&app);
  instance->security_attached = false;
  library->has_handles = false;
  HDRT_REGISTRATION_CONTEXT handle;
  cr_expect(eq(i32, DrtRegisterKey(NULL, &registration, NULL, &handle), E_INVALIDARG));
  registration.appData = (DRT_DATA){ 1, key.bytes };
  cr_expect(eq(i32, DrtRegisterKey(NULL, &registration, NULL, &handle), DRT_E_INVALID_KEY_SIZE));
  registration.key = (DRT_DATA){ 32, key.bytes };
  cr_expect(eq(i32, DrtRegisterKey(NULL, &registration, NULL, &handle), E_UNEXPECTED));
  library->has_handles = library->shutting_down = true;
  cr_expect(eq(i32, DrtRegisterKey(NULL, &registration, NULL, &handle), E_HANDLE));
  cr_expect(eq(i32, DrtRegisterKey(app.drt, &registration, NULL, &handle), E_UNEXPECTED));
  library->shutting_down = false;
  expect_refused(app.drt, &registration, DRT_E_FAULTED, "faulted");
  instance->security_attached = true;
}
