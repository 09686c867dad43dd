/* The derived-key provider behind the API: whose certificate makes which key (drt-api 1.6, 8.2;
 * PROTOCOL.md 8.3, 8.4). */
#include "test-app.h"
#include "test-pki.h"

#include "drt-certificate.h"
#include "drt-decode.h"
#include "drt-port.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp apps[3];
static DRT_CERTIFICATE *root, *members[3];
static DRT_SECURITY_PROVIDER *providers[3];

static void
set_up(void)
{
  host = test_host_new(1, 3);
  root = test_pki_root();
  for (unsigned i = 0; i < 3; i++) {
    members[i] = test_pki_member(root, i);
    test_app_init(&apps[i], host, i);
  }
}

static void
tear_down(void)
{
  for (unsigned i = 0; i < 3; i++) {
    test_app_clear(&apps[i]);
    DrtDeleteDerivedKeySecurityProvider(providers[i]);
    DrtCertificateFree(members[i]);
    providers[i] = NULL;
  }
  DrtCertificateFree(root);
  test_host_free(host);
}

TestSuite(api_derived, .init = set_up, .fini = tear_down);

/* Application @i has a derived-key provider, and is open. */
static HRESULT
open_derived(unsigned i, PCCERT_CONTEXT local, DRT_SECURITY_MODE mode)
{
  test_host_enter(host, i);
  HRESULT hr = DrtCreateDerivedKeySecurityProvider(root, local, &providers[i]);
  if (hr != S_OK)
    return hr;
  apps[i].settings.pSecurityProvider = providers[i];
  apps[i].settings.eSecurityMode = mode;
  return test_app_open(&apps[i]);
}

static TestAppKey
key_of(PCCERT_CONTEXT certificate)
{
  TestAppKey key;
  DRT_DATA data = { 32, key.bytes };
  cr_assert(eq(i32, DrtCreateDerivedKey(certificate, &data), S_OK));
  return key;
}

/* The result of registering @key with @certificate on application 0. */
static HRESULT
try_certificate(TestAppKey key, DRT_CERTIFICATE *certificate)
{
  HDRT_REGISTRATION_CONTEXT handle;
  return test_app_try(&apps[0], key, "data", 4, certificate, &handle);
}

/* A032, A033 and their kind: registering the key of a certificate made like this. */
static HRESULT
try_order(TestPkiOrder order, PCCERT_CONTEXT issuer)
{
  DRT_CERTIFICATE *certificate = test_pki_issue(&order, issuer);
  TestAppKey key = key_of(members[0]);
  if (!order.elliptic && order.bits == 0)
    key = key_of(certificate);
  HRESULT hr = try_certificate(key, certificate);
  DrtCertificateFree(certificate);
  return hr;
}

/* B205 */
Test(api_derived, a_certificate_always_gives_the_same_key)
{
  TestAppKey first = key_of(members[0]), again = key_of(members[0]), other = key_of(members[1]);
  cr_expect(memcmp(first.bytes, again.bytes, 32) == 0);
  cr_expect(memcmp(first.bytes, other.bytes, 32) != 0);
}

/* B202, B030, B206, B207 */
Test(api_derived, a_key_works_with_its_certificate_alone)
{
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  cr_assert(eq(i32, open_derived(1, NULL, DRT_SECURE_RESOLVE), S_OK));
  DRT_CERTIFICATE *certificate = test_pki_member(root, 4);
  TestAppKey key = key_of(certificate);
  cr_assert(eq(i32, try_certificate(key, certificate), S_OK));
  DrtCertificateFree(certificate);
  HDRT_REGISTRATION_CONTEXT handle;
  cr_assert(eq(i32, test_app_try(&apps[1], key_of(members[1]), "x", 1, members[1], &handle), S_OK));
  cr_assert(test_app_until(&apps[0], DRT_ACTIVE, 60));
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(test_app_finds(&apps[1], key, false, "data"));
}

/* A034 */
Test(api_derived, another_key_than_that_of_the_certificate_is_refused)
{
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  cr_expect(eq(i32, try_certificate(key_of(members[1]), members[0]), DRT_E_INVALID_KEY));
  cr_expect(eq(i32, try_certificate(test_app_key(7), members[0]), DRT_E_INVALID_KEY));
}

/* A058, A059 */
Test(api_derived, a_key_is_registered_once)
{
  cr_assert(eq(i32, open_derived(0, members[0], DRT_SECURE_RESOLVE), S_OK));
  cr_assert(eq(i32, open_derived(1, members[1], DRT_SECURE_RESOLVE), S_OK));
  TestAppKey key = key_of(members[0]);
  HDRT_REGISTRATION_CONTEXT first, second = &first;
  cr_assert(eq(i32, test_app_try(&apps[0], key, "one", 3, NULL, &first), S_OK));
  cr_expect(
    eq(i32, test_app_try(&apps[0], key, "two", 3, members[0], &second), DRT_E_DUPLICATE_KEY));
  cr_expect(second == NULL);
  cr_assert(eq(i32, test_app_try(&apps[1], key_of(members[1]), "x", 1, NULL, &second), S_OK));
  cr_assert(test_app_until(&apps[1], DRT_ACTIVE, 60));
  cr_expect(test_app_finds(&apps[1], key, false, "one"));
  test_host_enter(host, 0);
  DrtUnregisterKey(first);
  cr_expect(eq(i32, test_app_try(&apps[0], key, "three", 5, NULL, &first), S_OK));
}

/* DEC-56 */
Test(api_derived, without_any_certificate_no_key_is_registered)
{
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  cr_expect(eq(i32, try_certificate(key_of(members[0]), NULL), E_INVALIDARG));
}

/* A032: each way in which a chain can be bad (3.13, 8.4). */
Test(api_derived, a_bad_chain_is_refused)
{
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  DRT_CERTIFICATE *stranger = test_pki_issue(&(TestPkiOrder){ .key = 10, .authority = true }, NULL);
  cr_expect(eq(i32, try_order((TestPkiOrder){ .key = 5 }, stranger), DRT_E_INVALID_CERT_CHAIN));
  DrtCertificateFree(stranger);
  const TestPkiOrder bad[] = {
    { .key = 5, .until = TEST_PKI_NOW - 1 },
    { .key = 5, .from = TEST_PKI_NOW + 3600 },
    { .key = 5, .broken_signature = true },
    { .key = 5, .sha2 = true },
    { .key = 5, .serial_bytes = 15 },
    { .key = 5, .serial_bytes = 20 },
    { .key = 5, .version = 1 },
    { .key = 5, .critical = true },
    { .key = 5, .unique_id = true },
    { .key = 5, .name_length = 256 },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    cr_expect(eq(i32, try_order(bad[i], root), DRT_E_INVALID_CERT_CHAIN), "case %zu", i);
  cr_expect(eq(i32, try_order((TestPkiOrder){ .key = 5, .name_length = 255 }, root), S_OK));
}

/* A032: a certificate of its own, without a store. */
Test(api_derived, a_certificate_without_a_store_is_refused)
{
  unsigned char der[] = { 0x30, 0x03, 0x02, 0x01, 0x00 };
  DRT_CERTIFICATE *certificate = members[0];
  cr_expect(eq(i32, DrtCertificateFromDer(der, sizeof der, &certificate), E_INVALIDARG));
  cr_expect(certificate == NULL);
  unsigned char *whole = NULL;
  int n = i2d_X509(members[0]->x509, &whole);
  cr_assert(eq(i32, DrtCertificateFromDer(whole, (ULONG)n, &certificate), S_OK));
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  cr_expect(eq(i32, try_certificate(key_of(members[0]), certificate), DRT_E_INVALID_CERT_CHAIN));
  OPENSSL_free(whole);
  DrtCertificateFree(certificate);
}

/* B203: libcrypto's algorithms are out of reach, as with a provider that has none of them. */
Test(api_derived, without_sha2_and_aes_there_are_no_derived_keys)
{
  BYTE bytes[32];
  DRT_DATA data = { 32, bytes };
  test_host_enter(host, 0);
  cr_assert(eq(i32, EVP_set_default_properties(NULL, "provider=none"), 1));
  cr_expect(eq(i32, DrtCreateDerivedKeySecurityProvider(root, NULL, &providers[0]),
               DRT_E_CAPABILITY_MISMATCH));
  cr_expect(providers[0] == NULL);
  cr_expect(eq(i32, DrtCreateDerivedKey(members[0], &data), DRT_E_CAPABILITY_MISMATCH));
  cr_assert(eq(i32, EVP_set_default_properties(NULL, ""), 1));
  cr_expect(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
}

/* A032: issuers in between, if they are allowed to. */
Test(api_derived, a_chain_may_be_longer)
{
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  DRT_CERTIFICATE *branch = test_pki_issue(&(TestPkiOrder){ .key = 9, .authority = true }, root);
  cr_expect(eq(i32, try_order((TestPkiOrder){ .key = 5 }, branch), S_OK));
  cr_expect(eq(i32, try_order((TestPkiOrder){ .key = 6 }, members[1]), DRT_E_INVALID_CERT_CHAIN));
  DrtCertificateFree(branch);
}

/* A033 */
Test(api_derived, a_certificate_that_cannot_take_an_aes_key_is_refused)
{
  cr_assert(eq(i32, open_derived(0, NULL, DRT_SECURE_RESOLVE), S_OK));
  cr_expect(eq(i32, try_order((TestPkiOrder){ .key = 5, .no_encipherment = true }, root),
               DRT_E_CAPABILITY_MISMATCH));
  cr_expect(
    eq(i32, try_order((TestPkiOrder){ .elliptic = true }, root), DRT_E_CAPABILITY_MISMATCH));
  cr_expect(eq(i32, try_order((TestPkiOrder){ .key = 5, .without_key = true }, root),
               DRT_E_CAPABILITY_MISMATCH));
  cr_expect(
    eq(i32, try_order((TestPkiOrder){ .key = 8, .bits = 2048 }, root), DRT_E_CAPABILITY_MISMATCH));
}

/* B029 */
Test(api_derived, the_stronger_modes_need_a_local_certificate)
{
  cr_expect(eq(i32, open_derived(0, NULL, DRT_SECURE_MEMBERSHIP), DRT_E_CAPABILITY_MISMATCH));
  cr_expect(
    eq(i32, open_derived(1, NULL, DRT_SECURE_CONFIDENTIALPAYLOAD), DRT_E_CAPABILITY_MISMATCH));
  cr_expect(eq(i32, open_derived(2, members[2], DRT_SECURE_MEMBERSHIP), S_OK));
}

/* 8.5 of the API: once the certificate has expired the key cannot be vouched for, and whoever has it
 * hears of that once. */
Test(api_derived, an_expired_certificate_makes_the_key_unresolvable)
{
  for (unsigned i = 0; i < 3; i++) {
    HDRT_REGISTRATION_CONTEXT handle;
    cr_assert(eq(i32, open_derived(i, members[i], DRT_SECURE_RESOLVE), S_OK));
    cr_assert(eq(i32, test_app_try(&apps[i], key_of(members[i]), "data", 4, NULL, &handle), S_OK));
  }
  for (unsigned i = 0; i < 3; i++)
    cr_assert(test_app_until(&apps[i], DRT_ACTIVE, 60));
  cr_assert(test_app_finds(&apps[2], key_of(members[1]), false, "data"));
  DRT_CERTIFICATE *expired =
    test_pki_issue(&(TestPkiOrder){ .key = 1, .until = TEST_PKI_NOW - 1 }, root);
  cr_assert(eq(i32, DrtCertificateRenew(members[1], expired), S_OK));
  cr_expect(test_app_misses(&apps[2], key_of(members[1]), false));
  test_app_read(&apps[1]);
  cr_expect(eq(u32, test_app_count(&apps[1], DRT_EVENT_REGISTRATION_STATE_CHANGED), 1));
  DRT_CERTIFICATE *renewed = test_pki_member(root, 1);
  cr_assert(eq(i32, DrtCertificateRenew(members[1], renewed), S_OK));
  test_host_run(host, 60 * SECOND);
  cr_expect(test_app_finds(&apps[2], key_of(members[1]), false, "data"));
  DrtCertificateFree(expired);
  DrtCertificateFree(renewed);
}

/* Three applications in this mode, each with its key, all ACTIVE. */
static void
open_cloud(DRT_SECURITY_MODE mode)
{
  for (unsigned i = 0; i < 3; i++) {
    HDRT_REGISTRATION_CONTEXT handle;
    cr_assert(eq(i32, open_derived(i, members[i], mode), S_OK));
    cr_assert(
      eq(i32, test_app_try(&apps[i], key_of(members[i]), "secret data", 11, NULL, &handle), S_OK));
  }
  for (unsigned i = 0; i < 3; i++)
    cr_assert(test_app_until(&apps[i], DRT_ACTIVE, 60));
}

/* 8.7 */
Test(api_derived, members_find_each_other)
{
  open_cloud(DRT_SECURE_MEMBERSHIP);
  for (unsigned i = 0; i < 3; i++)
    cr_expect(test_app_finds(&apps[i], key_of(members[(i + 1) % 3]), false, "secret data"));
}

/* B225: it has a certificate, but from another root; and nobody gets anything from it. */
Test(api_derived, an_unauthorised_node_gets_no_data)
{
  DRT_CERTIFICATE *other_root =
                    test_pki_issue(&(TestPkiOrder){ .key = 10, .authority = true }, NULL),
                  *stranger = test_pki_member(other_root, 2), *ours = root;
  for (int mode = DRT_SECURE_MEMBERSHIP; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    for (unsigned i = 0; i < 3; i++) {
      HDRT_REGISTRATION_CONTEXT handle;
      DRT_CERTIFICATE *own = i == 2 ? stranger : members[i];
      root = i == 2 ? other_root : ours;
      cr_assert(eq(i32, open_derived(i, own, (DRT_SECURITY_MODE)mode), S_OK));
      cr_assert(eq(i32, test_app_try(&apps[i], key_of(own), "data", 4, NULL, &handle), S_OK));
    }
    root = ours;
    for (unsigned i = 0; i < 2; i++)
      cr_assert(test_app_until(&apps[i], DRT_ACTIVE, 60));
    cr_expect(test_app_finds(&apps[0], key_of(members[1]), false, "data"));
    for (unsigned i = 0; i < 2; i++) {
      cr_expect(test_app_misses(&apps[2], key_of(members[i]), false));
      cr_expect(test_app_misses(&apps[i], key_of(stranger), false));
    }
    tear_down();
    set_up();
    ours = root;
  }
  DrtCertificateFree(other_root);
  DrtCertificateFree(stranger);
}

/* What an eavesdropper finds in the messages that are sealed: by 8.1 neither entries nor lists, so no
 * endpoint; no CPA, whose public key has the name of its algorithm in it. */
typedef struct {
  DrtMode mode;
  uint32_t messages, endpoints, keys;
} Ear;

static bool
contains(const uint8_t *bytes, uint32_t n, const void *wanted, uint32_t length)
{
  for (uint32_t i = 0; i + length <= n; i++)
    if (memcmp(bytes + i, wanted, length) == 0)
      return true;
  return false;
}

static bool
listen_in(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  static const uint8_t network[] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  Ear *ear = data;
  (void)from;
  (void)to;
  if (bytes[7] != DRT_FLOOD && bytes[7] != DRT_AUTHORITY && bytes[7] != DRT_LOOKUP)
    return true;
  ear->messages++;
  ear->endpoints += contains(bytes, n, network, sizeof network);
  /* A LOOKUP says in clear who signed it. */
  ear->keys += bytes[7] != DRT_LOOKUP && contains(bytes, n, "1.2.840.113549.1.1.1", 20);
  return true;
}

/* 8.1, 8.6 */
Test(api_derived, confidential_messages_show_no_endpoints_and_no_cpas)
{
  Ear ear = { 0 };
  test_host_filter(host, listen_in, &ear);
  open_cloud(DRT_SECURE_CONFIDENTIALPAYLOAD);
  test_host_run(host, 600 * SECOND);
  for (unsigned i = 0; i < 3; i++)
    cr_expect(test_app_finds(&apps[i], key_of(members[(i + 1) % 3]), false, "secret data"));
  test_app_close(&apps[0]);
  test_host_run(host, 10 * SECOND);
  cr_expect(gt(u32, ear.messages, 20));
  cr_expect(eq(u32, ear.endpoints, 0));
  cr_expect(eq(u32, ear.keys, 0));
  test_host_filter(host, NULL, NULL);
}

/* In membership mode both are seen, so the ear is not deaf. */
Test(api_derived, other_messages_do)
{
  Ear ear = { 0 };
  test_host_filter(host, listen_in, &ear);
  open_cloud(DRT_SECURE_MEMBERSHIP);
  cr_expect(gt(u32, ear.endpoints, 0));
  cr_expect(gt(u32, ear.keys, 0));
  test_host_filter(host, NULL, NULL);
}

static bool
sees_secret(uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  bool *seen = data;
  (void)from;
  (void)to;
  for (uint32_t i = 0; i + 11 <= n; i++)
    *seen = *seen || memcmp(bytes + i, "secret data", 11) == 0;
  return true;
}

/* B226, 8.6 */
Test(api_derived, confidential_data_does_not_travel_in_clear)
{
  bool seen = false;
  test_host_filter(host, sees_secret, &seen);
  open_cloud(DRT_SECURE_CONFIDENTIALPAYLOAD);
  for (unsigned i = 0; i < 3; i++)
    cr_expect(test_app_finds(&apps[i], key_of(members[(i + 1) % 3]), false, "secret data"));
  cr_expect(not(seen));
  test_host_filter(host, NULL, NULL);
}

/* The other side of B226: in membership mode it does, so that the test above sees what it looks for. */
Test(api_derived, other_data_does)
{
  bool seen = false;
  test_host_filter(host, sees_secret, &seen);
  open_cloud(DRT_SECURE_MEMBERSHIP);
  cr_expect(test_app_finds(&apps[0], key_of(members[1]), false, "secret data"));
  cr_expect(seen);
  test_host_filter(host, NULL, NULL);
}

/* A small life without any expectation: whoever falls out is passed over. The number of takes. */
static size_t
live_with(DRT_SECURITY_MODE mode, size_t fail_at, bool fail_on)
{
  TestMemory *memory = test_host_memory(host);
  HDRT_REGISTRATION_CONTEXT handle;
  TestAppKey key[3];
  for (unsigned i = 0; i < 3; i++)
    key[i] = key_of(members[i]);
  size_t before = memory->takes;
  memory->fail_at = fail_at == 0 ? 0 : before + fail_at;
  memory->fail_on = fail_on;
  for (unsigned i = 0; i < 3; i++)
    if (open_derived(i, members[i], mode) == S_OK)
      test_app_try(&apps[i], key[i], "data", 4, NULL, &handle);
  test_host_run(host, 60 * SECOND);
  for (unsigned i = 0; i < 3; i++) {
    HDRT_SEARCH_CONTEXT search;
    DRT_DATA target = { 32, key[(i + 1) % 3].bytes };
    test_host_enter(host, i);
    if (apps[i].drt != NULL &&
        DrtStartSearch(apps[i].drt, &target, NULL, 2000, apps[i].event, NULL, &search) == S_OK) {
      test_host_run(host, 3 * SECOND);
      DrtEndSearch(search);
    }
  }
  memory->fail_at = 0;
  for (unsigned i = 0; i < 3; i++)
    test_app_close(&apps[i]);
  test_host_run(host, 10 * SECOND);
  return memory->takes - before;
}

/* The n-th piece of memory is refused, or all from there on: nothing is lost (test_host_free looks). */
Test(api_derived, memory_may_run_out, .timeout = 240)
{
  for (int mode = 0; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    size_t takes = live_with((DRT_SECURITY_MODE)mode, 0, false);
    for (size_t n = 1; n <= takes; n += takes / 60 + 1)
      for (int on = 0; on < 2; on++) {
        tear_down();
        set_up();
        live_with((DRT_SECURITY_MODE)mode, n, on);
      }
    tear_down();
    set_up();
  }
}
