/* Any bytes as the CPA of an AUTHORITY or of a revocation, through ValidateAndUnpackPayload.
 *
 * The first byte: signed anew with the member's key, so that what lies behind the signature is
 * reached; the member's chain, none, or another's; with the nonce that the CPA has, or not. What is
 * taken says what it said, and nobody but the owner can have it taken with a signature that he did
 * not make. */
#include "fuzz-target.h"

#include "drt-assert.h"
#include "drt-chain.h"
#include "drt-cpa.h"

#include "test-derived.h"
#include "test-host.h"
#include "test-pki-fixed.h"

#include <stdlib.h>
#include <string.h>

enum { SIGN = 1, CHAIN = 2, OTHER_CHAIN = 4, NONCE = 8, OTHER_NONCE = 16, PAYLOAD = 32 };
enum { SIGNED_AT = 131, NONCE_AT = 171 };

static DRT_CERTIFICATE *root, *member, *other;

static void
set_up(void)
{
  if (root != NULL)
    return;
  TestHost *host = test_host_new(1, 1);
  test_host_set_calendar(host, TEST_PKI_FIXED_NOW - TEST_HOST_EPOCH);
  root = test_pki_fixed(test_pki_fixed_root, test_pki_fixed_root_key, NULL);
  member = test_pki_fixed(test_pki_fixed_member, test_pki_fixed_member_key, root);
  other = test_pki_fixed(test_pki_fixed_other, test_pki_fixed_other_key, root);
}

static void
check_taken(const TestUnpacked *got, const DRT_DATA *cpa, uint8_t how)
{
  DrtCpa said;
  DrtBytes bytes = { cpa->pb, cpa->cb };
  drt_assert(drt_cpa_decode(bytes, cpa->pb[SIGNED_AT], DRT_CPA_SIZES, &said) == DRT_REJECT_NONE);
  drt_assert(got->key.cb == DRT_KEY_LEN && got->major == said.major && got->minor == said.minor);
  DrtKey key = drt_key_from_api(got->key.pb);
  drt_assert(drt_key_equal(&key, &said.key));
  bool revoke = drt_cpa_is_revoke(&said);
  drt_assert(got->flags == (revoke ? DRT_PAYLOAD_REVOKED : 0));
  drt_assert((said.services.n == 0) == revoke);
  drt_assert(got->addresses->iAddressCount == said.services.n);
  drt_assert(got->public_key->PublicKey.cbData == DRT_PUBLIC_KEY_DATA_LEN);
  drt_assert(revoke || (how & (CHAIN | OTHER_CHAIN)) != 0);
  for (int i = 0; i < 32 && (how & (CHAIN | OTHER_CHAIN)) == CHAIN; i++)
    drt_assert(got->key.pb[i] == test_pki_fixed_derived[31 - i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  TestDerived derived;
  TestUnpacked got;
  BYTE nonce_bytes[16] = { 1 }, text[] = "payload";
  set_up();
  if (size < 1 || size > 65536)
    return 0;
  uint8_t how = *data++;
  DRT_DATA cpa = { (ULONG)size - 1, malloc(size) }, payload = { sizeof text, text };
  DRT_DATA nonce = { 16, nonce_bytes };
  if (cpa.pb == NULL)
    abort();
  memcpy(cpa.pb, data, cpa.cb);
  if ((how & SIGN) && cpa.cb > SIGNED_AT) {
    DrtCryptoProfile profile = TEST_DERIVED_PROFILE;
    DrtBytes body = { cpa.pb + SIGNED_AT, cpa.cb - SIGNED_AT };
    drt_assert(drt_crypto_sign(&profile, member->private_key, &body, 1, cpa.pb + 3));
  }
  if (!(how & OTHER_NONCE) && cpa.cb >= NONCE_AT + 16)
    memcpy(nonce_bytes, cpa.pb + NONCE_AT, 16);
  DrtBytes serialised = drt_chain_serialise(how & OTHER_CHAIN ? other : member);
  DRT_DATA chain = { serialised.n, (BYTE *)serialised.at };
  drt_assert(test_derived_init(&derived, &TEST_DERIVED_PROFILE, root, NULL) == S_OK);
  HRESULT hr =
    test_derived_unpack(&derived, cpa, how & (CHAIN | OTHER_CHAIN) ? &chain : NULL,
                        how & NONCE ? &nonce : NULL, how & PAYLOAD ? &payload : NULL, &got);
  drt_assert(hr == S_OK || hr == DRT_E_INVALID_MESSAGE || hr == DRT_E_INVALID_CERT_CHAIN ||
             hr == DRT_E_INVALID_KEY);
  if (hr == S_OK) {
    check_taken(&got, &cpa, how);
    test_derived_unpacked_free(&derived, &got);
  }
  test_derived_clear(&derived);
  free(cpa.pb);
  return 0;
}
