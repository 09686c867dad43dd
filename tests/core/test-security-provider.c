/* The derived-key provider, callback by callback: what it says of a key, what it believes of others,
 * whom it seals for (drt-api 8.1, 8.2; PROTOCOL.md 8.4 to 8.6); and what it does without memory. */
#include "drt-chain.h"
#include "drt-cpa.h"

#include "test-derived.h"
#include "test-host.h"
#include "test-pki.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static TestHost *host;
static DRT_CERTIFICATE *root, *members[2];
static TestDerived derived[2];
static BYTE keys[2][32], nonce_bytes[16] = { 9, 8, 7, 6 };
static DRT_DATA nonce = { 16, nonce_bytes };

static void
register_own(unsigned i)
{
  DRT_SECURITY_PROVIDER *p = derived[i].provider;
  DrtCryptoProfile profile = TEST_DERIVED_PROFILE;
  cr_assert(eq(i32, drt_derived_key(&profile, members[i], keys[i]), S_OK));
  DRT_REGISTRATION registration = { .key = { 32, keys[i] } };
  cr_assert(eq(i32, p->RegisterKey(p->pvContext, &registration, members[i]), S_OK));
}

static void
set_up(void)
{
  host = test_host_new(1, 1);
  root = test_pki_root();
  for (unsigned i = 0; i < 2; i++) {
    members[i] = test_pki_member(root, i);
    cr_assert(
      eq(i32, test_derived_init(&derived[i], &TEST_DERIVED_PROFILE, root, members[i]), S_OK));
    register_own(i);
  }
}

static void
tear_down(void)
{
  for (unsigned i = 0; i < 2; i++) {
    test_derived_clear(&derived[i]);
    DrtCertificateFree(members[i]);
  }
  DrtCertificateFree(root);
  test_host_free(host);
}

TestSuite(security_provider, .init = set_up, .fini = tear_down);

/* What member 0 says. */
typedef struct {
  DRT_DATA cpa, classifier, payload, chain;
} Packed;

static HRESULT
pack(DWORD flags, bool with_address, bool with_payload, Packed *ret)
{
  DRT_SECURITY_PROVIDER *p = derived[0].provider;
  DRT_DATA key = { 32, keys[0] }, payload = { 4, (BYTE *)"data" };
  SOCKADDR_STORAGE address = test_host_address(0, 50000);
  SOCKET_ADDRESS_LIST list = { .iAddressCount = 1,
                               .Address = { { (struct sockaddr *)&address, 28 } } };
  memset(ret, 0xa5, sizeof *ret);
  return p->SecureAndPackPayload(p->pvContext, members[0], 6, 7, flags, &key,
                                 with_payload ? &payload : NULL, with_address ? &list : NULL,
                                 &nonce, &ret->cpa, &ret->classifier,
                                 with_payload ? &ret->payload : NULL, &ret->chain);
}

static void
free_packed(Packed *packed, bool with_payload)
{
  test_derived_free(&derived[0], &packed->cpa);
  test_derived_free(&derived[0], &packed->classifier);
  test_derived_free(&derived[0], &packed->chain);
  if (with_payload)
    test_derived_free(&derived[0], &packed->payload);
}

Test(security_provider, what_one_says_the_other_believes)
{
  Packed packed;
  TestUnpacked got;
  cr_assert(eq(i32, pack(0, true, true, &packed), S_OK));
  cr_expect(eq(u32, packed.cpa.cb, 377));
  cr_expect(eq(u32, packed.classifier.cb, 0));
  cr_assert(eq(
    i32, test_derived_unpack(&derived[1], packed.cpa, &packed.chain, &nonce, &packed.payload, &got),
    S_OK));
  cr_expect(got.major == 6 && got.minor == 7 && got.flags == 0);
  cr_expect(memcmp(got.key.pb, keys[0], 32) == 0);
  cr_expect(got.payload.cb == 4 && memcmp(got.payload.pb, "data", 4) == 0);
  cr_expect(eq(i32, got.addresses->iAddressCount, 1));
  cr_expect(strcmp(got.public_key->Algorithm.pszObjId, "1.2.840.113549.1.1.1") == 0);
  cr_expect(eq(u32, got.public_key->PublicKey.cbData, 140));
  test_derived_unpacked_free(&derived[1], &got);
  free_packed(&packed, true);
}

/* 8.4, one after the other. */
Test(security_provider, everything_about_a_cpa_is_checked)
{
  Packed packed;
  TestUnpacked got;
  BYTE other_nonce[16] = { 9, 8, 7, 5 };
  DRT_DATA wrong = { 16, other_nonce }, shorter = { 15, nonce_bytes }, none = { 0, NULL };
  cr_assert(eq(i32, pack(0, true, false, &packed), S_OK));
  DrtBytes bytes = drt_chain_serialise(members[1]);
  DRT_DATA theirs = { bytes.n, (BYTE *)bytes.at };
  const struct {
    DRT_DATA *chain, *nonce;
    HRESULT hr;
  } cases[] = {
    { &packed.chain, &nonce, S_OK },
    { &packed.chain, NULL, S_OK },
    { &packed.chain, &wrong, DRT_E_INVALID_MESSAGE },
    { &packed.chain, &shorter, DRT_E_INVALID_MESSAGE },
    { NULL, &nonce, DRT_E_INVALID_CERT_CHAIN },
    { &none, &nonce, DRT_E_INVALID_CERT_CHAIN },
    { &theirs, &nonce, DRT_E_INVALID_CERT_CHAIN },
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    HRESULT hr =
      test_derived_unpack(&derived[1], packed.cpa, cases[i].chain, cases[i].nonce, NULL, &got);
    cr_expect(eq(i32, hr, cases[i].hr), "case %zu", i);
    if (hr == S_OK)
      test_derived_unpacked_free(&derived[1], &got);
  }
  /* Any other byte, or any other length. Reserved ones that are not signed do not matter. */
  for (uint32_t i = 1; i < packed.cpa.cb; i++) {
    packed.cpa.pb[i] ^= 0x10;
    cr_expect(
      ne(i32, test_derived_unpack(&derived[1], packed.cpa, &packed.chain, NULL, NULL, &got), S_OK),
      "byte %u", i);
    packed.cpa.pb[i] ^= 0x10;
  }
  for (ULONG n = 0; n < packed.cpa.cb; n++) {
    DRT_DATA part = { n, packed.cpa.pb };
    cr_expect(eq(i32, test_derived_unpack(&derived[1], part, &packed.chain, NULL, NULL, &got),
                 DRT_E_INVALID_MESSAGE));
  }
  free_packed(&packed, false);
}

/* 8.5: neither address nor nonce; it needs no chain, but the key behind the key. */
Test(security_provider, a_revocation_is_signed_by_the_owner)
{
  Packed packed;
  TestUnpacked got;
  DrtCpa cpa;
  cr_assert(eq(i32, pack(DRT_PAYLOAD_REVOKED, true, false, &packed), S_OK));
  cr_expect(eq(u32, packed.cpa.cb, 359));
  cr_assert(eq(i32,
               drt_cpa_decode((DrtBytes){ packed.cpa.pb, packed.cpa.cb }, 6, DRT_CPA_SIZES, &cpa),
               DRT_REJECT_NONE));
  cr_expect(drt_cpa_is_revoke(&cpa));
  for (int with_chain = 0; with_chain < 2; with_chain++) {
    cr_assert(eq(i32,
                 test_derived_unpack(&derived[1], packed.cpa, with_chain ? &packed.chain : NULL,
                                     NULL, NULL, &got),
                 S_OK));
    cr_expect(eq(u32, got.flags, DRT_PAYLOAD_REVOKED));
    cr_expect(eq(i32, got.addresses->iAddressCount, 0));
    test_derived_unpacked_free(&derived[1], &got);
  }
  packed.cpa.pb[3 + 64] ^= 1;
  cr_expect(eq(i32, test_derived_unpack(&derived[1], packed.cpa, NULL, NULL, NULL, &got),
               DRT_E_INVALID_MESSAGE));
  free_packed(&packed, false);
}

/* It takes an address to say where a key is, and a certificate whose time has not come or is over
 * vouches for nothing: but its owner can take the key back. */
Test(security_provider, what_is_not_said)
{
  Packed packed;
  cr_expect(eq(i32, pack(0, false, true, &packed), E_INVALIDARG));
  cr_expect(packed.cpa.pb == NULL && packed.chain.pb == NULL && packed.payload.pb == NULL);
  test_host_set_calendar(host, 364 * TEST_PKI_DAY);
  cr_expect(eq(i32, pack(0, true, false, &packed), S_OK), "its last second");
  free_packed(&packed, false);
  test_host_set_calendar(host, 364 * TEST_PKI_DAY + 1);
  cr_expect(eq(i32, pack(0, true, false, &packed), DRT_E_INVALID_CERT_CHAIN));
  cr_expect(eq(i32, pack(DRT_PAYLOAD_REVOKED, true, false, &packed), S_OK));
  free_packed(&packed, false);
  test_host_set_calendar(host, -TEST_PKI_DAY);
  cr_expect(eq(i32, pack(0, true, false, &packed), S_OK), "its first second");
  free_packed(&packed, false);
  test_host_set_calendar(host, -TEST_PKI_DAY - 1);
  cr_expect(eq(i32, pack(0, true, false, &packed), DRT_E_INVALID_CERT_CHAIN));
}

/* What is signed says who did; the signature is over the buffers one behind the other. */
Test(security_provider, a_signature_names_its_key)
{
  DRT_SECURITY_PROVIDER *p = derived[0].provider, *q = derived[1].provider;
  DRT_DATA texts[] = { { 3, (BYTE *)"one" }, { 0, NULL }, { 3, (BYTE *)"two" } }, identifier, mark,
           credential, theirs;
  cr_assert(eq(i32, p->GetSerializedCredential(p->pvContext, &credential), S_OK));
  cr_assert(eq(i32, q->GetSerializedCredential(q->pvContext, &theirs), S_OK));
  cr_assert(eq(i32, p->SignData(p->pvContext, 3, texts, &identifier, &mark), S_OK));
  cr_expect(eq(u32, identifier.cb, 168));
  cr_expect(mark.cb == 130 && mark.pb[0] == 130 && mark.pb[1] == 0);
  cr_expect(eq(i32, q->VerifyData(q->pvContext, 3, texts, &credential, &identifier, &mark), S_OK));
  cr_expect(eq(i32, q->VerifyData(q->pvContext, 3, texts, &theirs, &identifier, &mark),
               DRT_E_INVALID_MESSAGE));
  cr_expect(eq(i32, q->VerifyData(q->pvContext, 2, texts, &credential, &identifier, &mark),
               DRT_E_INVALID_MESSAGE));
  for (ULONG n = 0; n < 140; n++) {
    BYTE copy[140];
    memset(copy, 0, sizeof copy);
    memcpy(copy, mark.pb, 130);
    DRT_DATA part = { n, copy };
    cr_expect(n == 130 || q->VerifyData(q->pvContext, 3, texts, &credential, &identifier, &part) ==
                            DRT_E_INVALID_MESSAGE);
  }
  DRT_DATA many[9] = { 0 }, a, b;
  cr_expect(eq(i32, p->SignData(p->pvContext, 9, many, &a, &b), E_INVALIDARG));
  cr_expect(a.pb == NULL && b.pb == NULL);
  cr_expect(
    eq(i32, q->VerifyData(q->pvContext, 9, many, &credential, &identifier, &mark), E_INVALIDARG));
  test_derived_free(&derived[0], &identifier);
  test_derived_free(&derived[0], &mark);
  test_derived_free(&derived[0], &credential);
  test_derived_free(&derived[1], &theirs);
}

/* 8.6: for one recipient, in its own way each time. */
Test(security_provider, what_is_sealed_for_one_is_opened_by_no_other)
{
  DRT_SECURITY_PROVIDER *p = derived[0].provider, *q = derived[1].provider;
  DRT_DATA texts[] = { { 11, (BYTE *)"secret data" }, { 0, NULL } }, sealed[2], again[2], token,
           other, credential;
  cr_assert(eq(i32, q->GetSerializedCredential(q->pvContext, &credential), S_OK));
  cr_assert(eq(i32, p->EncryptData(p->pvContext, &credential, 2, texts, sealed, &token), S_OK));
  cr_assert(eq(i32, p->EncryptData(p->pvContext, &credential, 2, texts, again, &other), S_OK));
  cr_expect(token.cb == 128 && memcmp(token.pb, other.pb, 128) != 0);
  cr_expect(sealed[0].cb == 16 && memcmp(sealed[0].pb, again[0].pb, 16) != 0);
  cr_expect(eq(i32, p->DecryptData(p->pvContext, &token, NULL, 2, sealed), DRT_E_INVALID_MESSAGE));
  cr_expect(eq(i32, q->DecryptData(q->pvContext, &token, members[0], 2, again), E_INVALIDARG));
  cr_expect(eq(i32, q->DecryptData(q->pvContext, &other, members[1], 2, again), S_OK));
  cr_expect(again[0].cb == 11 && memcmp(again[0].pb, "secret data", 11) == 0);
  cr_expect(eq(u32, again[1].cb, 0));
  for (int i = 0; i < 2; i++) {
    test_derived_free(&derived[0], &sealed[i]);
    test_derived_free(&derived[0], &again[i]);
  }
  test_derived_free(&derived[0], &token);
  test_derived_free(&derived[0], &other);
  test_derived_free(&derived[1], &credential);
}

/* Its chain is good, but no content key fits into its public key, or is too large for it. */
Test(security_provider, nothing_is_sealed_for_other_keys)
{
  static const TestPkiOrder orders[] = { { .key = 5, .bits = 2048 },
                                         { .key = 6, .bits = 4096 },
                                         { .elliptic = true } };
  DRT_SECURITY_PROVIDER *p = derived[0].provider;
  for (size_t i = 0; i < COUNT(orders); i++) {
    DRT_DATA text = { 4, (BYTE *)"text" }, sealed, token;
    DRT_CERTIFICATE *other = test_pki_issue(&orders[i], root);
    DrtBytes bytes = drt_chain_serialise(other);
    DRT_DATA credential = { bytes.n, (BYTE *)bytes.at };
    cr_expect(eq(i32, p->ValidateRemoteCredential(p->pvContext, &credential), S_OK));
    cr_expect(eq(i32, p->EncryptData(p->pvContext, &credential, 1, &text, &sealed, &token),
                 DRT_E_CAPABILITY_MISMATCH));
    cr_expect(sealed.pb == NULL && token.pb == NULL);
    DrtCertificateFree(other);
  }
}

/* A certificate that was renewed by one that cannot do its part: nothing comes of it, and no more. */
Test(security_provider, a_renewal_may_be_of_no_use)
{
  static const TestPkiOrder orders[] = { { .key = 5, .bits = 2048 },
                                         { .elliptic = true },
                                         { .key = 0, .without_key = true } };
  DRT_SECURITY_PROVIDER *p = derived[0].provider;
  for (size_t i = 0; i < COUNT(orders); i++) {
    Packed packed;
    DRT_DATA text = { 4, (BYTE *)"text" }, identifier, mark, token = { 128, keys[0] };
    BYTE bytes[128] = { 1 };
    DRT_CERTIFICATE *useless = test_pki_issue(&orders[i], root);
    token.pb = bytes;
    cr_assert(eq(i32, DrtCertificateRenew(members[0], useless), S_OK));
    cr_expect(ne(i32, pack(0, true, false, &packed), S_OK), "%zu", i);
    cr_expect(ne(i32, p->SignData(p->pvContext, 1, &text, &identifier, &mark), S_OK), "%zu", i);
    cr_expect(ne(i32, p->DecryptData(p->pvContext, &token, NULL, 0, NULL), S_OK), "%zu", i);
    DrtCertificateFree(useless);
  }
}

/* Each take of memory of each callback fails once: E_OUTOFMEMORY, nothing put out, nothing kept. */
Test(security_provider, without_memory_nothing_is_put_out)
{
  DRT_SECURITY_PROVIDER *p = derived[0].provider;
  Packed packed;
  cr_assert(eq(i32, pack(0, true, true, &packed), S_OK));
  for (int call = 0; call < 5; call++) {
    HRESULT hr = E_OUTOFMEMORY;
    for (size_t n = 1; hr != S_OK && n < 20; n++) {
      Packed made;
      TestUnpacked got;
      DRT_DATA text = { 4, (BYTE *)"text" }, a = { 0 }, b = { 0 };
      size_t before = derived[0].memory.pieces;
      derived[0].memory.fail_at = derived[0].memory.takes + n;
      switch (call) {
      case 0:
        hr = pack(0, true, true, &made);
        cr_expect(hr == S_OK || (made.cpa.pb == NULL && made.payload.pb == NULL &&
                                 made.chain.pb == NULL && made.classifier.pb == NULL));
        if (hr == S_OK)
          free_packed(&made, true);
        break;
      case 1:
        hr = test_derived_unpack(&derived[0], packed.cpa, &packed.chain, &nonce, &packed.payload,
                                 &got);
        if (hr == S_OK)
          test_derived_unpacked_free(&derived[0], &got);
        break;
      case 2:
        hr = p->GetSerializedCredential(p->pvContext, &a);
        break;
      case 3:
        hr = p->SignData(p->pvContext, 1, &text, &a, &b);
        break;
      default:
        hr = p->EncryptData(p->pvContext, &packed.chain, 1, &text, &a, &b);
        break;
      }
      derived[0].memory.fail_at = 0;
      cr_expect(hr == S_OK || hr == E_OUTOFMEMORY, "call %d, take %zu", call, n);
      cr_expect(hr == S_OK || (a.pb == NULL && b.pb == NULL), "call %d, take %zu", call, n);
      test_derived_free(&derived[0], &a);
      test_derived_free(&derived[0], &b);
      /* What is remembered may have found a place. */
      cr_expect(le(sz, derived[0].memory.pieces, before + 1), "call %d, take %zu", call, n);
    }
    cr_expect(eq(i32, hr, S_OK), "call %d", call);
  }
  free_packed(&packed, true);
}
