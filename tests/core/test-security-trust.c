/* What was verified before (drt-core/security/drt-trust.h): an answer is as good as computing it
 * again, and costs virtual time all the same. */
#include "drt-chain.h"

#include "test-derived.h"
#include "test-host.h"
#include "test-pki.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define FULL 65536u /* places of the largest table */

static TestHost *host;
static DRT_CERTIFICATE *root, *members[2];

static void
set_up(void)
{
  host = test_host_new(1, 1);
  root = test_pki_root();
  for (unsigned i = 0; i < 2; i++)
    members[i] = test_pki_member(root, i);
}

static void
tear_down(void)
{
  DrtCertificateFree(root);
  for (unsigned i = 0; i < 2; i++)
    DrtCertificateFree(members[i]);
  test_host_free(host);
}

TestSuite(security_trust, .init = set_up, .fini = tear_down);

static DrtTrustEntry
entry(uint32_t number)
{
  DrtTrustEntry e = { .verdict = (int32_t)number, .n = 3, .bytes = OPENSSL_memdup("abc", 3) };
  memset(e.question, 0x11, sizeof e.question); /* all begin at one place */
  memcpy(e.question + 4, &number, sizeof number);
  uint32_t place = number * 2654435761u;
  if (number % 4 != 0)
    memcpy(e.question, &place, sizeof place);
  return e;
}

Test(security_trust, remembers_and_grows)
{
  TestMemory memory = { 0 };
  DrtTrust trust;
  drt_trust_init(&trust, test_memory(&memory));
  for (uint32_t i = 1; i <= 3000; i++) {
    DrtTrustEntry e = entry(i), none = entry(i + 100000);
    cr_assert(drt_trust_recall(&trust, e.question) == NULL, "%u", i);
    const DrtTrustEntry *kept = drt_trust_remember(&trust, &e);
    cr_assert(kept != NULL && kept->verdict == (int32_t)i);
    cr_assert(drt_trust_recall(&trust, none.question) == NULL);
    OPENSSL_free(none.bytes);
  }
  for (uint32_t i = 1; i <= 3000; i++) {
    DrtTrustEntry e = entry(i);
    const DrtTrustEntry *known = drt_trust_recall(&trust, e.question);
    cr_assert(known != NULL && known->verdict == (int32_t)i && memcmp(known->bytes, "abc", 3) == 0);
    OPENSSL_free(e.bytes);
  }
  cr_expect(le(u32, 4 * trust.n, 3 * trust.room));
  drt_trust_clear(&trust);
  cr_expect(eq(sz, memory.pieces, (size_t)0));
}

Test(security_trust, a_full_table_forgets)
{
  TestMemory memory = { 0 };
  DrtTrust trust;
  uint32_t most = 0, forgot = 0;
  drt_trust_init(&trust, test_memory(&memory));
  for (uint32_t i = 1; i <= 2 * FULL; i++) {
    DrtTrustEntry e = entry(4 * i + 1);
    uint32_t before = trust.n;
    const DrtTrustEntry *kept = drt_trust_remember(&trust, &e);
    cr_assert(kept->verdict == (int32_t)(4 * i + 1));
    cr_assert(le(u32, trust.room, FULL));
    forgot += trust.n < before;
    most = trust.n > most ? trust.n : most;
  }
  cr_expect(eq(u32, most, FULL / 4 * 3));
  cr_expect(eq(u32, forgot, 2));
  drt_trust_clear(&trust);
  cr_expect(eq(sz, memory.pieces, (size_t)0));
}

/* Then the newest answer is kept, and that is all; or all but those that found no place. */
Test(security_trust, lives_without_memory)
{
  TestMemory memory = { .fail_at = 1, .fail_on = true };
  DrtTrust trust;
  drt_trust_init(&trust, test_memory(&memory));
  for (uint32_t i = 1; i <= 100; i++) {
    DrtTrustEntry e = entry(i);
    cr_assert(drt_trust_remember(&trust, &e)->verdict == (int32_t)i);
    cr_assert(drt_trust_recall(&trust, e.question) == NULL);
  }
  memory.fail_at = memory.takes + 2;
  for (uint32_t i = 1; i <= 100; i++) {
    DrtTrustEntry e = entry(i);
    cr_assert(drt_trust_remember(&trust, &e)->verdict == (int32_t)i);
  }
  cr_expect(eq(u32, trust.n, 48)); /* three quarters of 64 */
  drt_trust_clear(&trust);
  cr_expect(eq(sz, memory.pieces, (size_t)0));
}

/* The questions of a small cloud, asked of a provider that remembers and of one that cannot: same
 * answers, same bytes, same cost. */
Test(security_trust, makes_no_difference_but_time)
{
  TestDerived derived[2];
  for (int i = 0; i < 2; i++)
    cr_assert(
      eq(i32, test_derived_init(&derived[i], &TEST_DERIVED_PROFILE, root, members[0]), S_OK));
  DrtBytes chains[] = { drt_chain_serialise(members[0]),
                        drt_chain_serialise(members[1]),
                        drt_chain_serialise(root),
                        { (const uint8_t *)"rubbish", 7 } };
  for (int round = 0; round < 3; round++) {
    if (round == 2)
      test_host_set_calendar(host, 400 * TEST_PKI_DAY); /* all of them have expired */
    for (size_t k = 0; k < sizeof chains / sizeof *chains; k++) {
      DRT_DATA chain = { chains[k].n, (BYTE *)chains[k].at }, text = { 4, (BYTE *)"text" };
      HRESULT valid[2], good[2], bad[2];
      uint64_t cost[2];
      DRT_DATA signature[2], identifier[2];
      for (int i = 0; i < 2; i++) {
        DRT_SECURITY_PROVIDER *p = derived[i].provider;
        cost[i] = test_host_crypto(host, DRT_CRYPTO_VERIFY);
        valid[i] = p->ValidateRemoteCredential(p->pvContext, &chain);
        cr_assert(
          eq(i32, p->SignData(p->pvContext, 1, &text, &identifier[i], &signature[i]), S_OK));
        good[i] = p->VerifyData(p->pvContext, 1, &text, &chain, &identifier[i], &signature[i]);
        signature[i].pb[50] ^= 1;
        bad[i] = p->VerifyData(p->pvContext, 1, &text, &chain, &identifier[i], &signature[i]);
        signature[i].pb[50] ^= 1;
        cost[i] = test_host_crypto(host, DRT_CRYPTO_VERIFY) - cost[i];
        if (i == 1)
          drt_trust_clear(&derived[i].trust);
      }
      cr_expect(eq(i32, valid[0], valid[1]), "chain %zu, round %d", k, round);
      cr_expect(valid[0] == (round < 2 && k < 3 ? S_OK : DRT_E_INVALID_CERT_CHAIN));
      cr_expect(eq(i32, good[0], good[1]));
      cr_expect(good[0] == S_OK || round == 2 || k != 0);
      cr_expect(good[0] != S_OK || (round < 2 && k == 0));
      cr_expect(eq(i32, bad[0], bad[1]));
      cr_expect(bad[0] != S_OK);
      cr_expect(eq(u64, cost[0], cost[1]), "chain %zu, round %d", k, round);
      cr_expect(signature[0].cb == signature[1].cb &&
                memcmp(signature[0].pb, signature[1].pb, signature[0].cb) == 0);
      for (int i = 0; i < 2; i++) {
        test_derived_free(&derived[i], &signature[i]);
        test_derived_free(&derived[i], &identifier[i]);
      }
    }
  }
  for (int i = 0; i < 2; i++)
    test_derived_clear(&derived[i]);
}

/* A list of revoked certificates changes the question. */
Test(security_trust, a_revocation_is_not_overlooked)
{
  TestDerived derived;
  cr_assert(eq(i32, test_derived_init(&derived, &TEST_DERIVED_PROFILE, root, members[0]), S_OK));
  DRT_SECURITY_PROVIDER *p = derived.provider;
  DrtBytes bytes = drt_chain_serialise(members[1]);
  DRT_DATA chain = { bytes.n, (BYTE *)bytes.at };
  cr_expect(eq(i32, p->ValidateRemoteCredential(p->pvContext, &chain), S_OK));
  char *list = test_pki_revocation(root, members[1]);
  cr_assert(eq(i32, DrtCertificateRevoke(root, list, (ULONG)strlen(list)), S_OK));
  cr_expect(eq(i32, p->ValidateRemoteCredential(p->pvContext, &chain), DRT_E_INVALID_CERT_CHAIN));
  free(list);
  list = test_pki_revocation(root, members[0]);
  cr_assert(eq(i32, DrtCertificateRevoke(root, list, (ULONG)strlen(list)), S_OK));
  cr_expect(eq(i32, p->ValidateRemoteCredential(p->pvContext, &chain), S_OK));
  free(list);
  test_derived_clear(&derived);
}
