/* Chains as they travel, and each rule for the certificates in them (PROTOCOL.md 3.13, 8.4). */
#include "drt-chain.h"

#include "test-pki.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const DrtCryptoProfile profile = { 1024, DRT_HASH_SHA2, DRT_HASH_SHA1 };
static DRT_CERTIFICATE *root, *member, *branch, *leaf;

static void
set_up(void)
{
  root = test_pki_root();
  member = test_pki_member(root, 0);
  branch = test_pki_issue(&(TestPkiOrder){ .key = 1, .authority = true }, root);
  leaf = test_pki_issue(&(TestPkiOrder){ .key = 2 }, branch);
}

static void
tear_down(void)
{
  DrtCertificateFree(root);
  DrtCertificateFree(member);
  DrtCertificateFree(branch);
  DrtCertificateFree(leaf);
}

TestSuite(security_chain, .init = set_up, .fini = tear_down);

/* These certificates, in this order. (transfer full) */
static DrtBytes
pack(DRT_CERTIFICATE *const *certificates, int n)
{
  uint8_t *bytes = NULL;
  PKCS7 *pkcs7 = PKCS7_new();
  cr_assert(PKCS7_set_type(pkcs7, NID_pkcs7_signed) == 1 &&
            PKCS7_content_new(pkcs7, NID_pkcs7_data) == 1 && PKCS7_set_detached(pkcs7, 1) == 1);
  for (int i = 0; i < n; i++)
    cr_assert(PKCS7_add_certificate(pkcs7, certificates[i]->x509) == 1);
  int length = i2d_PKCS7(pkcs7, &bytes);
  cr_assert(length > 0);
  PKCS7_free(pkcs7);
  return (DrtBytes){ bytes, (uint32_t)length };
}

static bool
check(DrtBytes chain, const DRT_CERTIFICATE *top, const DrtCryptoProfile *by)
{
  DrtChainFacts facts = { 0 };
  int32_t hr = drt_chain_check(chain, top, by, &facts);
  cr_assert(hr == S_OK || (hr == DRT_E_INVALID_CERT_CHAIN && facts.owner == NULL));
  EVP_PKEY_free(facts.owner);
  return hr == S_OK;
}

static bool
good(DRT_CERTIFICATE *const *certificates, int n)
{
  DrtBytes bytes = pack(certificates, n);
  bool is = check(bytes, root, &profile);
  OPENSSL_free((void *)bytes.at);
  return is;
}

#define GOOD(...)                                                                                  \
  good((DRT_CERTIFICATE *[]){ __VA_ARGS__ },                                                       \
       (int)(sizeof((DRT_CERTIFICATE *[]){ __VA_ARGS__ }) / sizeof(DRT_CERTIFICATE *)))

Test(security_chain, the_root_comes_first_and_the_owner_last)
{
  cr_expect(GOOD(root));
  cr_expect(GOOD(root, member));
  cr_expect(GOOD(root, branch, leaf));
  cr_expect(not(good(NULL, 0)));
  cr_expect(not(GOOD(member)));
  cr_expect(not(GOOD(member, root)));
  cr_expect(not(GOOD(root, leaf, branch)));
  cr_expect(not(GOOD(leaf, branch, root)));
  cr_expect(not(GOOD(root, leaf)), "an issuer is left out");
  cr_expect(not(GOOD(branch, leaf)), "not our root");
  cr_expect(not(GOOD(root, root)));
  cr_expect(not(GOOD(root, root, member)));
  cr_expect(not(GOOD(root, member, root)));
  cr_expect(not(GOOD(root, member, member)));
  cr_expect(not(GOOD(root, branch, branch, leaf)));
  cr_expect(not(GOOD(root, member, branch)), "each is issued by the one before");
}

/* What drt_chain_serialise makes has that order, says whose it is, from when and until when. */
Test(security_chain, what_we_serialise_is_good)
{
  DRT_CERTIFICATE *all[] = { root, member, branch, leaf };
  for (size_t i = 0; i < COUNT(all); i++) {
    DrtChainFacts facts;
    DrtBytes chain = drt_chain_serialise(all[i]);
    cr_assert(chain.at != NULL);
    cr_assert(eq(i32, drt_chain_check(chain, root, &profile, &facts), S_OK));
    cr_expect(EVP_PKEY_eq(facts.owner, all[i]->private_key) == 1);
    cr_expect(eq(i64, facts.from, TEST_PKI_NOW - TEST_PKI_DAY));
    cr_expect(eq(i64, facts.until, TEST_PKI_NOW + 364 * TEST_PKI_DAY));
    cr_expect(eq(u32, facts.signatures, i == 0 ? 0 : i == 3 ? 2 : 1));
    EVP_PKEY_free(facts.owner);
    cr_expect(drt_chain_serialise(all[i]).at == chain.at, "it is kept");
  }
}

/* The narrowest of all: from the branch and until the leaf. */
Test(security_chain, it_is_good_as_long_as_all_are)
{
  DrtChainFacts facts;
  DRT_CERTIFICATE *a =
    test_pki_issue(&(TestPkiOrder){ .key = 3, .authority = true, .from = TEST_PKI_NOW + 5 }, root);
  DRT_CERTIFICATE *b = test_pki_issue(&(TestPkiOrder){ .key = 4, .until = TEST_PKI_NOW + 9 }, a);
  cr_assert(eq(i32, drt_chain_check(drt_chain_serialise(b), root, &profile, &facts), S_OK));
  cr_expect(eq(i64, facts.from, TEST_PKI_NOW + 5));
  cr_expect(eq(i64, facts.until, TEST_PKI_NOW + 9));
  EVP_PKEY_free(facts.owner);
  DrtCertificateFree(a);
  DrtCertificateFree(b);
}

/* 25 certificates and no more, in ours as in theirs. */
Test(security_chain, has_25_certificates_at_most)
{
  DRT_CERTIFICATE *all[26] = { root };
  for (unsigned i = 1; i < 26; i++)
    all[i] = test_pki_issue(&(TestPkiOrder){ .key = i % 5, .authority = true }, all[i - 1]);
  cr_expect(good(all, 24));
  cr_expect(good(all, 25));
  cr_expect(not(good(all, 26)));
  cr_expect(drt_chain_serialise(all[24]).at != NULL);
  cr_expect(drt_chain_serialise(all[25]).at == NULL);
  cr_expect(drt_chain_serialise(all[25]).at == NULL, "again");
  for (unsigned i = 1; i < 26; i++)
    DrtCertificateFree(all[i]);
}

/* 3.13, one rule each; the same for somebody in between. */
Test(security_chain, each_certificate_has_the_form)
{
  static const struct {
    TestPkiOrder order;
    bool good;
  } cases[] = {
    { { .key = 3 }, true },
    { { .key = 3, .version = 1 }, false },
    { { .key = 3, .version = 0 }, true },
    { { .key = 3, .sha2 = true }, false },
    { { .key = 3, .serial_bytes = 15 }, false },
    { { .key = 3, .serial_bytes = 17 }, false },
    { { .key = 3, .serial_bytes = 20 }, false },
    { { .key = 3, .unique_id = true }, false },
    { { .key = 3, .name_length = 255 }, true },
    { { .key = 3, .name_length = 256 }, false },
    { { .key = 3, .critical = true }, false },
    { { .key = 3, .broken_signature = true }, false },
    { { .key = 3, .bits = 2048 }, true }, /* whose key derives none is refused later */
    { { .elliptic = true }, true },
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    TestPkiOrder order = cases[i].order;
    DRT_CERTIFICATE *made = test_pki_issue(&order, root);
    cr_expect(GOOD(root, made) == cases[i].good, "case %zu", i);
    DrtCertificateFree(made);
    if (order.elliptic || order.unique_id || order.bits != 0)
      continue;
    order.authority = true;
    DRT_CERTIFICATE *between = test_pki_issue(&order, root),
                    *under = test_pki_issue(&(TestPkiOrder){ .key = 5 }, between);
    cr_expect(GOOD(root, between, under) == cases[i].good, "case %zu, in between", i);
    DrtCertificateFree(between);
    DrtCertificateFree(under);
  }
}

/* Who issues is a certificate authority, and for as many more as it says. */
Test(security_chain, issuers_may_issue)
{
  DRT_CERTIFICATE *under_member = test_pki_issue(&(TestPkiOrder){ .key = 3 }, member);
  cr_expect(not(GOOD(root, member, under_member)));
  DrtCertificateFree(under_member);
  for (int most = 0; most < 3; most++) {
    DRT_CERTIFICATE *a =
      test_pki_issue(&(TestPkiOrder){ .key = 3, .authority = true, .path_length = most + 1 }, root);
    DRT_CERTIFICATE *b = test_pki_issue(&(TestPkiOrder){ .key = 4, .authority = true }, a);
    DRT_CERTIFICATE *c = test_pki_issue(&(TestPkiOrder){ .key = 5, .authority = true }, b);
    DRT_CERTIFICATE *d = test_pki_issue(&(TestPkiOrder){ .key = 6 }, c);
    cr_expect(GOOD(root, a), "%d", most);
    cr_expect(GOOD(root, a, b), "%d: the owner does not count", most);
    cr_expect(GOOD(root, a, b, c) == (most >= 1), "%d", most);
    cr_expect(GOOD(root, a, b, c, d) == (most >= 2), "%d", most);
    DrtCertificateFree(a);
    DrtCertificateFree(b);
    DrtCertificateFree(c);
    DrtCertificateFree(d);
  }
}

/* Signed by a key of the same name, or by nobody that we know. */
Test(security_chain, a_root_of_the_same_name_is_another)
{
  DRT_CERTIFICATE *again = test_pki_root(); /* another serial number, the same key */
  DRT_CERTIFICATE *impostor =
    test_pki_issue(&(TestPkiOrder){ .key = 9, .name = "root 11", .authority = true }, NULL);
  DRT_CERTIFICATE *theirs = test_pki_member(impostor, 3);
  cr_expect(not(GOOD(again, member)));
  cr_expect(not(GOOD(impostor, theirs)));
  cr_expect(not(GOOD(root, theirs)));
  DrtCertificateFree(again);
  DrtCertificateFree(impostor);
  DrtCertificateFree(theirs);
}

Test(security_chain, who_was_revoked_is_out)
{
  char *list = test_pki_revocation(root, member);
  cr_assert(eq(i32, DrtCertificateRevoke(root, list, (ULONG)strlen(list)), S_OK));
  free(list);
  cr_expect(not(GOOD(root, member)));
  cr_expect(GOOD(root, branch, leaf));
  list = test_pki_revocation(root, branch);
  cr_assert(eq(i32, DrtCertificateRevoke(root, list, (ULONG)strlen(list)), S_OK));
  free(list);
  cr_expect(GOOD(root, member));
  cr_expect(not(GOOD(root, branch)));
  cr_expect(not(GOOD(root, branch, leaf)), "nor is who it has issued");
}

/* The settings key-bits and certificate-hash. */
Test(security_chain, the_profile_may_be_another)
{
  DrtCryptoProfile sha2 = { 2048, DRT_HASH_SHA2, DRT_HASH_SHA2 };
  DRT_CERTIFICATE *top = test_pki_issue(
    &(TestPkiOrder){ .key = 6, .bits = 2048, .sha2 = true, .authority = true }, NULL);
  DRT_CERTIFICATE *one =
                    test_pki_issue(&(TestPkiOrder){ .key = 7, .bits = 2048, .sha2 = true }, top),
                  *old = test_pki_issue(&(TestPkiOrder){ .key = 8, .bits = 2048 }, top);
  cr_expect(check(drt_chain_serialise(one), top, &sha2));
  cr_expect(not(check(drt_chain_serialise(old), top, &sha2)));
  cr_expect(not(check(drt_chain_serialise(one), top, &profile)));
  DrtCertificateFree(top);
  DrtCertificateFree(one);
  DrtCertificateFree(old);
}

/* Every byte is part of it: cut off anywhere, or with one more, it is none; what is changed somewhere
 * is bad, or as good, but then of the same owner. */
Test(security_chain, the_bytes_are_one_structure)
{
  DrtBytes chain = drt_chain_serialise(member);
  uint8_t *copy = malloc(chain.n + 1);
  memcpy(copy, chain.at, chain.n);
  copy[chain.n] = 0;
  for (uint32_t n = 0; n < chain.n; n++)
    cr_assert(not(check((DrtBytes){ copy, n }, root, &profile)), "%u of %u bytes", n, chain.n);
  cr_expect(not(check((DrtBytes){ copy, chain.n + 1 }, root, &profile)), "one more");
  for (uint32_t i = 0; i < chain.n; i++) {
    DrtChainFacts facts;
    copy[i] ^= 1;
    if (drt_chain_check((DrtBytes){ copy, chain.n }, root, &profile, &facts) == S_OK) {
      cr_assert(EVP_PKEY_eq(facts.owner, member->private_key) == 1, "byte %u", i);
      EVP_PKEY_free(facts.owner);
    }
    copy[i] ^= 1;
  }
  free(copy);
}

/* PKCS #7, but not signed data. */
Test(security_chain, other_kinds_of_content_are_no_chain)
{
  static const int kinds[] = { NID_pkcs7_data, NID_pkcs7_enveloped, NID_pkcs7_digest,
                               NID_pkcs7_encrypted, NID_pkcs7_signedAndEnveloped };
  for (size_t i = 0; i < COUNT(kinds); i++) {
    uint8_t *bytes = NULL;
    PKCS7 *pkcs7 = PKCS7_new();
    cr_assert(PKCS7_set_type(pkcs7, kinds[i]) == 1);
    int n = i2d_PKCS7(pkcs7, &bytes);
    if (n > 0)
      cr_expect(not(check((DrtBytes){ bytes, (uint32_t)n }, root, &profile)), "kind %zu", i);
    OPENSSL_free(bytes);
    PKCS7_free(pkcs7);
  }
  /* SignedData whose content is absent: only its name. */
  static const uint8_t hollow[] = { 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48,
                                    0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
  cr_expect(not(check((DrtBytes){ hollow, sizeof hollow }, root, &profile)));
}

/* An issuer that is renewed is another one in the chains below it; what is renewed by its own issuer
 * or by what it has issued would go round in circles. */
Test(security_chain, follows_renewals_above)
{
  DRT_CERTIFICATE *again = test_pki_issue(&(TestPkiOrder){ .key = 1, .authority = true }, root);
  DrtBytes before = drt_chain_serialise(leaf);
  uint8_t *copy = malloc(before.n);
  memcpy(copy, before.at, before.n);
  cr_expect(eq(i32, DrtCertificateRenew(branch, leaf), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRenew(root, leaf), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRenew(root, root), E_INVALIDARG));
  cr_assert(eq(i32, DrtCertificateRenew(branch, again), S_OK));
  DrtBytes after = drt_chain_serialise(leaf);
  cr_expect(after.n != before.n || memcmp(after.at, copy, after.n) != 0);
  cr_expect(check(after, root, &profile));
  cr_expect(GOOD(root, again, leaf));
  free(copy);
  DrtCertificateFree(again);
}
