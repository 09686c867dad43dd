/* Providers: making and deleting them, and what an instance asks of them (drt-api 1.6, 1.7, 8). */
#include "test-query.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp apps[4];
static TestSecurity security[4];
static TestBootstrap bootstrap;

static void
set_up(void)
{
  host = test_host_new(1, 4);
}

static void
tear_down(void)
{
  test_host_free(host);
}

TestSuite(api_providers, .init = set_up, .fini = tear_down);

/* A pointer to a certificate that is never followed. */
static PCCERT_CONTEXT
some_certificate(void)
{
  return (PCCERT_CONTEXT)(const void *)&host;
}

/* B200 */
Test(api_providers, the_null_provider_needs_a_place)
{
  DRT_SECURITY_PROVIDER *provider = NULL;
  cr_expect(eq(i32, DrtCreateNullSecurityProvider(NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCreateNullSecurityProvider(&provider), S_OK));
  cr_expect(provider != NULL);
  DrtDeleteNullSecurityProvider(provider);
}

/* B201, B204a, B204b, B204c, B204d. What lies behind these checks is still to come. */
Test(api_providers, derived_keys_check_their_arguments)
{
  BYTE bytes[32];
  DRT_SECURITY_PROVIDER *provider = &security[0].provider;
  DRT_DATA key = { 32, bytes }, smaller = { 31, bytes }, nowhere = { 32, NULL };
  PCCERT_CONTEXT certificate = some_certificate();
  cr_expect(
    eq(i32, DrtCreateDerivedKeySecurityProvider(NULL, certificate, &provider), E_INVALIDARG));
  cr_expect(provider == NULL);
  cr_expect(eq(i32, DrtCreateDerivedKeySecurityProvider(certificate, NULL, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCreateDerivedKey(NULL, &key), E_INVALIDARG));
  cr_expect(eq(i32, DrtCreateDerivedKey(certificate, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCreateDerivedKey(certificate, &nowhere), E_INVALIDARG));
  cr_expect(eq(i32, DrtCreateDerivedKey(certificate, &smaller), E_INVALIDARG));
}

/* B208 */
Test(api_providers, deleting_nothing_does_nothing)
{
  DrtDeleteNullSecurityProvider(NULL);
  DrtDeleteDerivedKeySecurityProvider(NULL);
  DrtDeleteDnsBootstrapResolver(NULL);
  DrtDeletePnrpBootstrapResolver(NULL);
  DrtDeleteStaticBootstrapResolver(NULL);
}

/* B209 */
Test(api_providers, bootstrap_resolvers_need_their_arguments)
{
  DRT_BOOTSTRAP_PROVIDER *provider = &bootstrap.provider;
  SOCKET_ADDRESS_LIST list = { .iAddressCount = -1 };
  cr_expect(eq(i32, DrtCreateDnsBootstrapResolver(50000, NULL, &provider), E_INVALIDARG));
  cr_expect(provider == NULL);
  cr_expect(eq(i32, DrtCreateDnsBootstrapResolver(50000, L"machine0", NULL), E_INVALIDARG));
  provider = &bootstrap.provider;
  cr_expect(eq(i32, DrtCreateStaticBootstrapResolver(NULL, &provider), E_INVALIDARG));
  cr_expect(provider == NULL);
  cr_expect(eq(i32, DrtCreateStaticBootstrapResolver(&list, &provider), E_INVALIDARG));
  list.iAddressCount = 0;
  cr_expect(eq(i32, DrtCreateStaticBootstrapResolver(&list, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCreateStaticBootstrapResolver(&list, &provider), S_OK));
  DrtDeleteStaticBootstrapResolver(provider);
}

/* B212 */
Test(api_providers, names_of_peers_have_a_length)
{
  DRT_BOOTSTRAP_PROVIDER *provider;
  wchar_t name[300];
  for (int i = 0; i < 300; i++)
    name[i] = L'n';
  name[299] = L'\0';
  static const struct {
    const char *what;
    int peer, cloud, identity; /* lengths, -1: NULL */
    HRESULT hr;
  } cases[] = {
    { "no name", -1, -1, -1, E_INVALIDARG },
    { "an empty name", 0, -1, -1, E_INVALIDARG },
    { "137", 137, -1, -1, E_NOTIMPL },
    { "138", 138, -1, -1, E_INVALIDARG },
    { "a cloud of 256", 10, 256, -1, E_NOTIMPL },
    { "a cloud of 257", 10, 257, -1, E_INVALIDARG },
    { "an identity of 137", 10, -1, 137, E_NOTIMPL },
    { "an identity of 138", 10, -1, 138, E_INVALIDARG },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const wchar_t *end = name + 299;
    PCWSTR peer = cases[i].peer < 0 ? NULL : end - cases[i].peer;
    PCWSTR cloud = cases[i].cloud < 0 ? NULL : end - cases[i].cloud;
    PCWSTR identity = cases[i].identity < 0 ? NULL : end - cases[i].identity;
    provider = &bootstrap.provider;
    cr_expect(
      eq(i32, DrtCreatePnrpBootstrapResolver(TRUE, peer, cloud, identity, &provider), cases[i].hr),
      "%s", cases[i].what);
    cr_expect(provider == NULL, "%s", cases[i].what);
  }
  cr_expect(
    eq(i32, DrtCreatePnrpBootstrapResolver(TRUE, name + 200, NULL, NULL, NULL), E_INVALIDARG));
}

/* Each kind with no memory for it, and the library going. */
Test(api_providers, without_memory_or_library_there_are_none)
{
  TestMemory *memory = test_host_memory(host);
  DrtLibrary *library = test_host_library(host);
  SOCKET_ADDRESS_LIST list = { .iAddressCount = 0 };
  for (int way = 0; way < 2; way++) {
    DRT_SECURITY_PROVIDER *null = &security[0].provider;
    DRT_BOOTSTRAP_PROVIDER *dns = &bootstrap.provider, *fixed = dns;
    HRESULT hr = way == 0 ? E_OUTOFMEMORY : E_UNEXPECTED;
    memory->fail_at = memory->takes + 1;
    memory->fail_on = way == 0;
    library->shutting_down = way == 1;
    cr_expect(eq(i32, DrtCreateNullSecurityProvider(&null), hr));
    cr_expect(eq(i32, DrtCreateDnsBootstrapResolver(50000, L"machine0", &dns), hr));
    cr_expect(eq(i32, DrtCreateStaticBootstrapResolver(&list, &fixed), hr));
    cr_expect(null == NULL && dns == NULL && fixed == NULL);
    memory->fail_at = 0;
    memory->fail_on = library->shutting_down = false;
  }
}

/* A DNS resolver in place of the static one of the application. */
static DRT_BOOTSTRAP_PROVIDER *
use_dns(TestApp *app, PCWSTR name)
{
  DRT_BOOTSTRAP_PROVIDER *dns;
  DrtDeleteStaticBootstrapResolver(app->static_bootstrap);
  app->static_bootstrap = NULL;
  cr_assert(eq(i32, DrtCreateDnsBootstrapResolver(TEST_APP_PORT, name, &dns), S_OK));
  app->settings.pBootstrapProvider = dns;
  return dns;
}

/* B210 */
Test(api_providers, a_name_that_is_not_found_leaves_us_alone)
{
  test_app_init(&apps[0], host, 0);
  DRT_BOOTSTRAP_PROVIDER *dns = use_dns(&apps[0], L"nobody");
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  cr_expect(test_app_until(&apps[0], DRT_ALONE, 60));
  test_host_run(host, 60 * SECOND);
  test_app_read(&apps[0]);
  cr_expect(eq(u32, test_app_count(&apps[0], DRT_EVENT_STATUS_CHANGED), 1));
  test_app_clear(&apps[0]);
  DrtDeleteDnsBootstrapResolver(dns);
}

/* B211; the name is copied, and the resolver is for one instance at a time. */
Test(api_providers, a_name_that_is_found_makes_us_active)
{
  wchar_t name[] = L"machine0";
  test_app_init(&apps[0], host, 0);
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  test_app_register(&apps[0], test_app_key(0x1000), "a");
  for (uint32_t i = 1; i < 3; i++)
    test_app_init(&apps[i], host, i);
  DRT_BOOTSTRAP_PROVIDER *dns = use_dns(&apps[1], name);
  memset(name, 0, sizeof name);
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60));
  apps[2].settings.pBootstrapProvider = dns;
  cr_expect(eq(i32, test_app_open(&apps[2]), DRT_E_BOOTSTRAPPROVIDER_IN_USE));
  test_app_close(&apps[1]);
  cr_expect(eq(i32, test_app_open(&apps[2]), S_OK));
  cr_expect(test_app_until(&apps[2], DRT_ACTIVE, 60));
  for (uint32_t i = 0; i < 3; i++)
    test_app_clear(&apps[i]);
  DrtDeleteDnsBootstrapResolver(dns);
}

/* The look-up is cancelled; what it would have brought comes to nobody. */
Test(api_providers, closing_ends_a_look_up)
{
  test_app_init(&apps[0], host, 0);
  DRT_BOOTSTRAP_PROVIDER *dns = use_dns(&apps[0], L"machine1");
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  test_app_clear(&apps[0]);
  DrtDeleteDnsBootstrapResolver(dns);
  test_host_run(host, 10 * SECOND);
}

/* The contract of the built-in resolvers themselves (8.3). */
Test(api_providers, built_in_resolvers_keep_the_contract)
{
  DRT_BOOTSTRAP_PROVIDER *both[2];
  SOCKET_ADDRESS_LIST list = { .iAddressCount = 0 };
  cr_assert(eq(i32, DrtCreateDnsBootstrapResolver(50000, L"nobody", &both[0]), S_OK));
  cr_assert(eq(i32, DrtCreateStaticBootstrapResolver(&list, &both[1]), S_OK));
  for (int i = 0; i < 2; i++) {
    DRT_BOOTSTRAP_PROVIDER *p = both[i];
    DRT_BOOTSTRAP_RESOLVE_CONTEXT context = NULL;
    BOOL fatal = TRUE;
    cr_expect(eq(i32, p->InitResolve(p->pvContext, FALSE, 1000, 10, &context, &fatal),
                 DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED));
    cr_expect(eq(i32, fatal, FALSE));
    cr_expect(eq(i32, p->Attach(p->pvContext), S_OK));
    cr_expect(eq(i32, p->Attach(p->pvContext), DRT_E_BOOTSTRAPPROVIDER_IN_USE));
    cr_expect(eq(i32, p->InitResolve(p->pvContext, FALSE, 1000, 10, NULL, &fatal), E_INVALIDARG));
    cr_expect(eq(i32, p->InitResolve(p->pvContext, FALSE, 1000, 10, &context, &fatal), S_OK));
    fatal = TRUE;
    cr_expect(eq(i32, p->IssueResolve(p->pvContext, NULL, NULL, context, &fatal), E_INVALIDARG));
    cr_expect(eq(i32, fatal, FALSE));
    cr_expect(eq(i32, p->Register(p->pvContext, &list), S_OK));
    p->Unregister(p->pvContext);
    p->EndResolve(p->pvContext, context);
    p->Detach(p->pvContext);
    cr_expect(eq(i32, p->Attach(p->pvContext), S_OK));
    p->Detach(p->pvContext);
  }
  DrtDeleteDnsBootstrapResolver(both[0]);
  DrtDeleteStaticBootstrapResolver(both[1]);
}

/* An instance on machine 0 with a key, and one on machine 1 that follows the script. */
static void
open_scripted(void)
{
  test_app_init(&apps[0], host, 0);
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  test_app_register(&apps[0], test_app_key(0x1000), "a");
  test_app_init(&apps[1], host, 1);
  test_bootstrap_init(&bootstrap);
  test_app_use_bootstrap(&apps[1], &bootstrap);
}

static void
close_scripted(void)
{
  test_app_clear(&apps[0]);
  test_app_clear(&apps[1]);
  test_bootstrap_clear(&bootstrap);
}

/* B213: answers at once from inside IssueResolve, keys that come and go, addresses too. */
Test(api_providers, a_bootstrap_provider_is_entered_once_at_a_time)
{
  open_scripted();
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[1], test_app_key(0x2000), "b");
  test_host_run(host, 30 * SECOND);
  test_host_connect(host, 1, false);
  test_host_run(host, 30 * SECOND);
  test_host_connect(host, 1, true);
  test_bootstrap_add(&bootstrap, test_host_address(0, TEST_APP_PORT));
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60));
  test_host_enter(host, 1);
  DrtUnregisterKey(handle);
  test_host_run(host, 30 * SECOND);
  cr_expect(gt(u32, bootstrap.count[TEST_BOOTSTRAP_ISSUE], 2));
  cr_expect(eq(u32, bootstrap.entered_twice, 0));
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_INIT], bootstrap.count[TEST_BOOTSTRAP_END]));
  close_scripted();
}

/* B214: a provider that goes on after its last word, at once or later, cannot fault us. */
Test(api_providers, late_callbacks_are_not_heard)
{
  open_scripted();
  bootstrap.talkative = true;
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  cr_expect(test_app_until(&apps[1], DRT_ALONE, 60));
  bootstrap.later = true;
  test_bootstrap_add(&bootstrap, test_host_address(0, TEST_APP_PORT));
  test_host_run(host, 30 * SECOND);
  cr_assert(bootstrap.waiting);
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback = bootstrap.callback;
  PVOID context = bootstrap.callback_context;
  test_bootstrap_answer(&bootstrap);
  cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60));
  callback(E_FAIL, context, NULL, TRUE);
  test_host_run(host, 30 * SECOND);
  test_app_read(&apps[1]);
  cr_expect(eq(i32, test_app_status(&apps[1]), DRT_ACTIVE));
  test_app_close(&apps[1]);
  callback(E_FAIL, context, NULL, TRUE);
  callback(S_OK, context, NULL, FALSE);
  test_host_run(host, 10 * SECOND);
  callback(E_FAIL, context, NULL, TRUE);
  callback(E_FAIL, NULL, NULL, TRUE);
  close_scripted();
}

/* B215: the scripted provider overwrites and frees each list when the callback is back. */
Test(api_providers, lists_of_addresses_are_copied)
{
  for (int later = 0; later < 2; later++) {
    open_scripted();
    bootstrap.later = later;
    test_bootstrap_add(&bootstrap, test_host_address(3, TEST_APP_PORT));
    test_bootstrap_add(&bootstrap, test_host_address(0, TEST_APP_PORT));
    cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
    test_host_run(host, SECOND);
    if (later)
      test_bootstrap_answer(&bootstrap);
    cr_expect(test_app_until(&apps[1], DRT_ACTIVE, 60), "%d", later);
    close_scripted();
  }
}

/* B216a */
Test(api_providers, closing_ends_a_resolve_before_it_detaches)
{
  open_scripted();
  bootstrap.later = true;
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  cr_assert(bootstrap.waiting);
  test_app_close(&apps[1]);
  cr_assert(ge(u32, bootstrap.log_n, 2));
  cr_expect(eq(i32, (int)bootstrap.log[bootstrap.log_n - 2], TEST_BOOTSTRAP_END));
  cr_expect(eq(i32, (int)bootstrap.log[bootstrap.log_n - 1], TEST_BOOTSTRAP_DETACH));
  close_scripted();
}

/* B216b: with the first key, not with the second; and Unregister with the last. */
Test(api_providers, a_node_is_published_while_it_has_keys)
{
  open_scripted();
  cr_assert(eq(i32, test_app_open(&apps[1]), S_OK));
  test_host_run(host, 30 * SECOND);
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_REGISTER], 0));
  HDRT_REGISTRATION_CONTEXT first = test_app_register(&apps[1], test_app_key(0x2000), "b");
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_REGISTER], 1));
  cr_expect(eq(i32, bootstrap.published, 1));
  HDRT_REGISTRATION_CONTEXT second = test_app_register(&apps[1], test_app_key(0x3000), "c");
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_REGISTER], 1));
  test_host_enter(host, 1);
  DrtUnregisterKey(first);
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_UNREGISTER], 0));
  DrtUnregisterKey(second);
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_UNREGISTER], 1));
  test_app_register(&apps[1], test_app_key(0x2000), "b");
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_REGISTER], 2));
  test_app_close(&apps[1]);
  cr_expect(eq(u32, bootstrap.count[TEST_BOOTSTRAP_UNREGISTER], 2));
  close_scripted();
}

/* Machines 0 to n - 1 with recording providers, in one mode, with a key each. */
static void
open_recorded(uint32_t n, DRT_SECURITY_MODE mode)
{
  for (uint32_t i = 0; i < n; i++) {
    test_app_init(&apps[i], host, i);
    test_security_init(&security[i]);
    test_app_use_security(&apps[i], &security[i]);
    apps[i].settings.eSecurityMode = mode;
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    test_app_register(&apps[i], test_app_key(0x1000 * (i + 1)), "data");
    test_host_run(host, SECOND);
  }
}

static void
close_recorded(uint32_t n)
{
  for (uint32_t i = 0; i < n; i++) {
    test_app_clear(&apps[i]);
    test_security_clear(&security[i]);
  }
}

/* B217, B221, B222, B223 */
Test(api_providers, what_resolve_mode_asks_of_a_provider)
{
  open_recorded(3, DRT_SECURE_RESOLVE);
  test_query_settle(apps, 3);
  test_host_run(host, 30 * SECOND);
  cr_expect(test_app_finds(&apps[0], test_app_key(0x3000), false, "data"));
  for (int i = 0; i < 3; i++) {
    const TestSecurity *s = &security[i];
    static const TestSecurityCall never[] = {
      TEST_SECURITY_CREDENTIAL, TEST_SECURITY_VALIDATE_CREDENTIAL,
      TEST_SECURITY_SIGN,       TEST_SECURITY_VERIFY,
      TEST_SECURITY_ENCRYPT,    TEST_SECURITY_DECRYPT
    };
    for (size_t k = 0; k < sizeof never / sizeof *never; k++)
      cr_expect(eq(u32, s->count[never[k]], 0), "call %d", (int)never[k]);
    cr_expect(gt(u32, s->count[TEST_SECURITY_SECURE], 0));
    cr_expect(gt(u32, s->count[TEST_SECURITY_VALIDATE], 0));
    cr_expect(gt(u32, s->count[TEST_SECURITY_FREE], 0));
    cr_expect(eq(sz, s->buffers, 0));
    for (size_t k = 0; k < s->records_n; k++) {
      const TestSecurityRecord *record = &s->records[k];
      if (record->call == TEST_SECURITY_SECURE)
        cr_expect(record->has_nonce && record->nonce_n == 16);
      if (record->call == TEST_SECURITY_VALIDATE && record->has_nonce)
        cr_expect(eq(u32, record->nonce_n, 16));
      if (record->call == TEST_SECURITY_SECURE)
        cr_expect(eq(u32, record->flags, 0));
    }
  }
  close_recorded(3);
}

/* B222 */
Test(api_providers, a_revocation_is_packed_with_its_flag)
{
  TestAppKey key = test_app_key(0x7000);
  open_recorded(2, DRT_SECURE_RESOLVE);
  test_query_settle(apps, 2);
  HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[1], key, "gone");
  test_host_run(host, 10 * SECOND);
  test_host_enter(host, 1);
  DrtUnregisterKey(handle);
  const TestSecurityRecord *last = test_security_last(&security[1], TEST_SECURITY_SECURE);
  cr_assert(last != NULL);
  cr_expect(eq(u32, last->flags, DRT_PAYLOAD_REVOKED));
  cr_expect(test_query_is(last->key, key));
  test_host_run(host, 10 * SECOND);
  bool heard = false;
  for (size_t i = 0; i < security[0].records_n; i++)
    heard |= security[0].records[i].call == TEST_SECURITY_VALIDATE &&
             security[0].records[i].flags == DRT_PAYLOAD_REVOKED;
  cr_expect(heard);
  cr_expect(test_app_misses(&apps[0], key, false));
  close_recorded(2);
}

/* B218a */
Test(api_providers, membership_mode_uses_no_ciphers)
{
  open_recorded(2, DRT_SECURE_MEMBERSHIP);
  test_host_run(host, 60 * SECOND);
  for (int i = 0; i < 2; i++) {
    cr_expect(eq(u32, security[i].count[TEST_SECURITY_ENCRYPT], 0));
    cr_expect(eq(u32, security[i].count[TEST_SECURITY_DECRYPT], 0));
  }
  close_recorded(2);
}

/* B220: every answer is rejected, as if its nonce were another one. */
Test(api_providers, an_answer_that_is_rejected_is_no_result)
{
  open_recorded(2, DRT_SECURE_RESOLVE);
  test_query_settle(apps, 2);
  test_host_run(host, 10 * SECOND);
  cr_expect(test_app_finds(&apps[0], test_app_key(0x2000), false, "data"));
  uint32_t asked = security[0].count[TEST_SECURITY_VALIDATE];
  security[0].fail[TEST_SECURITY_VALIDATE] = DRT_E_INVALID_MESSAGE;
  cr_expect(test_app_misses(&apps[0], test_app_key(0x2000), false));
  cr_expect(gt(u32, security[0].count[TEST_SECURITY_VALIDATE], asked));
  security[0].fail[TEST_SECURITY_VALIDATE] = S_OK;
  close_recorded(2);
}

/* B220: the null provider itself, asked with the nonce that was packed and with others. */
Test(api_providers, the_null_provider_knows_its_nonce)
{
  DRT_SECURITY_PROVIDER *p;
  BYTE nonce[16], other[16], text[] = "data";
  TestAppKey key = test_app_key(0x1234);
  DRT_DATA key_data = { 32, key.bytes }, payload = { 4, text }, right = { 16, nonce },
           wrong = { 16, other }, shorter = { 15, nonce };
  SOCKADDR_STORAGE address = test_host_address(3, 50001);
  SOCKET_ADDRESS_LIST list = {
    .iAddressCount = 1,
    .Address = { { (struct sockaddr *)&address, sizeof address } },
  };
  DRT_DATA secured = { 0 }, classifier = { 0 }, secured_payload = { 0 }, chain = { 0 };
  for (int i = 0; i < 16; i++)
    other[i] = nonce[i] = (BYTE)(i + 1);
  other[15]++;
  cr_assert(eq(i32, DrtCreateNullSecurityProvider(&p), S_OK));
  cr_assert(
    eq(i32,
       p->SecureAndPackPayload(p->pvContext, NULL, 6, 7, DRT_PAYLOAD_REVOKED, &key_data, &payload,
                               &list, &right, &secured, &classifier, &secured_payload, &chain),
       S_OK));
  const struct {
    DRT_DATA *nonce;
    HRESULT hr;
  } cases[] = { { &right, S_OK },
                { NULL, S_OK },
                { &wrong, DRT_E_INVALID_MESSAGE },
                { &shorter, DRT_E_INVALID_MESSAGE } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    BYTE major = 0, minor = 0;
    DWORD flags = 0;
    DRT_DATA got_key, got_payload;
    CERT_PUBLIC_KEY_INFO *public_key;
    SOCKET_ADDRESS_LIST *addresses;
    HRESULT hr = p->ValidateAndUnpackPayload(p->pvContext, &secured, NULL, NULL, cases[i].nonce,
                                             &secured_payload, &major, &minor, &got_key,
                                             &got_payload, &public_key, &addresses, &flags);
    cr_expect(eq(i32, hr, cases[i].hr), "%zu", i);
    if (hr != S_OK) {
      cr_expect(got_key.pb == NULL && got_payload.pb == NULL && addresses == NULL, "%zu", i);
      continue;
    }
    cr_expect(eq(u8, major, 6));
    cr_expect(eq(u8, minor, 7));
    cr_expect(eq(u32, flags, DRT_PAYLOAD_REVOKED));
    cr_expect(test_query_is(got_key.pb, key));
    cr_expect(got_payload.cb == 4 && memcmp(got_payload.pb, text, 4) == 0);
    cr_assert(eq(i32, addresses->iAddressCount, 1));
    cr_expect(memcmp(addresses->Address[0].lpSockaddr, &address, 28) == 0);
    p->FreeData(p->pvContext, got_key.pb);
    p->FreeData(p->pvContext, got_payload.pb);
    p->FreeData(p->pvContext, public_key);
    p->FreeData(p->pvContext, addresses);
  }
  p->FreeData(p->pvContext, secured.pb);
  p->FreeData(p->pvContext, classifier.pb);
  p->FreeData(p->pvContext, secured_payload.pb);
  p->FreeData(p->pvContext, chain.pb);
  DrtDeleteNullSecurityProvider(p);
}

/* B224a: one in each mode, on three machines. None gets to know another. */
Test(api_providers, instances_of_different_modes_do_not_meet)
{
  for (uint32_t i = 0; i < 3; i++) {
    test_app_init(&apps[i], host, i);
    apps[i].settings.eSecurityMode = (DRT_SECURITY_MODE)i;
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    test_app_register(&apps[i], test_app_key(0x1000 * (i + 1)), "data");
  }
  test_host_run(host, 120 * SECOND);
  for (uint32_t i = 0; i < 3; i++) {
    test_app_read(&apps[i]);
    cr_expect(eq(i32, test_app_status(&apps[i]), DRT_ALONE), "mode %u", i);
    cr_expect(test_app_misses(&apps[i], test_app_key(0x1000 * ((i + 1) % 3 + 1)), false));
  }
  for (uint32_t i = 0; i < 3; i++)
    test_app_clear(&apps[i]);
}

typedef struct {
  uint32_t n, others;
} Versions;

static bool
see_version(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  Versions *versions = data;
  (void)from;
  (void)to;
  versions->n++;
  versions->others += n < 12 || bytes[5] != 0x2a || bytes[6] != 0x17;
  return true;
}

/* B224b: of every kind of message, the fragments of a large answer included. */
Test(api_providers, packets_carry_the_version_of_the_application)
{
  Versions versions = { 0 };
  BYTE large[DRT_MAX_PAYLOAD_SIZE] = { 1 };
  HDRT_REGISTRATION_CONTEXT handle;
  TestAppFound found;
  TestQuery q;
  test_host_filter(host, see_version, &versions);
  for (uint32_t i = 0; i < 3; i++) {
    test_app_init(&apps[i], host, i);
    apps[i].settings.bProtocolMajorVersion = 0x2a;
    apps[i].settings.bProtocolMinorVersion = 0x17;
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
    cr_assert(
      eq(i32,
         test_app_try(&apps[i], test_app_key(0x1000 * (i + 1)), large, sizeof large, NULL, &handle),
         S_OK));
    test_host_run(host, SECOND);
  }
  test_query_settle(apps, 3);
  test_app_search(&apps[0], test_app_key(0x3000), test_query_all(&q, 2), 5000, &found);
  cr_expect(eq(u32, found.n, 2));
  for (uint32_t i = 0; i < 3; i++)
    test_app_clear(&apps[i]);
  test_host_run(host, 10 * SECOND);
  test_host_filter(host, NULL, NULL);
  cr_expect(gt(u32, versions.n, 50));
  cr_expect(eq(u32, versions.others, 0));
}
