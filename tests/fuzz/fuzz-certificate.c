/* Any bytes as what an application reads from files: PEM with certificates, a key and a revocation
 * list, or one certificate in DER. What is taken can be used: serialised, derived from, checked,
 * renewed, and made a root or a local certificate of. */
#include "fuzz-target.h"

#include "drt-assert.h"
#include "drt-chain.h"

#include "test-derived.h"
#include "test-host.h"
#include "test-pki-fixed.h"

#include <string.h>

static DRT_CERTIFICATE *root;

static void
set_up(void)
{
  if (root != NULL)
    return;
  TestHost *host = test_host_new(1, 1);
  test_host_set_calendar(host, TEST_PKI_FIXED_NOW - TEST_HOST_EPOCH);
  root = test_pki_fixed(test_pki_fixed_root, test_pki_fixed_root_key, NULL);
}

/* A provider made of these either works or was refused with one of two codes. */
static void
provide(PCCERT_CONTEXT top, PCCERT_CONTEXT local)
{
  TestDerived derived;
  DRT_DATA credential = { 0 };
  HRESULT hr = test_derived_init(&derived, &TEST_DERIVED_PROFILE, top, local);
  drt_assert(hr == S_OK || hr == DRT_E_INVALID_CERT_CHAIN || hr == DRT_E_CAPABILITY_MISMATCH);
  drt_assert((hr == S_OK) == (derived.provider != NULL));
  if (hr == S_OK && local != NULL) {
    DRT_SECURITY_PROVIDER *p = derived.provider;
    drt_assert(p->GetSerializedCredential(p->pvContext, &credential) == S_OK);
    drt_assert(p->ValidateRemoteCredential(p->pvContext, &credential) == S_OK);
    test_derived_free(&derived, &credential);
  }
  test_derived_clear(&derived);
}

static void
use(DRT_CERTIFICATE *certificate)
{
  BYTE key[32];
  DrtCryptoProfile profile = TEST_DERIVED_PROFILE;
  drt_derived_key(&profile, certificate, key);
  drt_chain_serialise(certificate);
  provide(root, certificate);
  provide(certificate, NULL);
  provide(certificate, certificate);
  DRT_CERTIFICATE *other =
    test_pki_fixed(test_pki_fixed_member, test_pki_fixed_member_key, certificate);
  provide(certificate, other);
  if (DrtCertificateRenew(other, certificate) == S_OK)
    provide(root, other);
  DrtCertificateFree(other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  DRT_CERTIFICATE *certificate;
  set_up();
  if (size > 65536)
    return 0;
  for (int i = 0; i < 2; i++) {
    HRESULT hr =
      DrtCertificateFromPem((const char *)data, (ULONG)size, i == 0 ? NULL : root, &certificate);
    drt_assert((hr == S_OK) == (certificate != NULL));
    if (hr == S_OK)
      use(certificate);
    DrtCertificateFree(certificate);
  }
  if (DrtCertificateFromDer(data, (ULONG)size, &certificate) == S_OK)
    use(certificate);
  DrtCertificateFree(certificate);
  DRT_CERTIFICATE *issuer = test_pki_fixed(test_pki_fixed_root, test_pki_fixed_root_key, NULL);
  if (DrtCertificateRevoke(issuer, (const char *)data, (ULONG)size) == S_OK)
    use(issuer);
  DrtCertificateFree(issuer);
  return 0;
}
