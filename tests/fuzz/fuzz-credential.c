/* Any bytes as what comes with a REQUEST, INQUIRE or LOOKUP: a chain in PKCS #7, a key identifier and
 * a signature, in any mixture of good ones and others. Whatever the input, a second question has the
 * same answer, and only the one chain and the one signature that are right are taken.
 *
 * The first byte says which of the three are ours, and whether the last certificate of the chain is
 * not the input but stands in it. */
#include "fuzz-target.h"

#include "drt-assert.h"
#include "drt-chain.h"

#include "test-derived.h"
#include "test-host.h"
#include "test-pki-fixed.h"

#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { GOOD_CHAIN = 1, GOOD_IDENTIFIER = 2, GOOD_SIGNATURE = 4, AS_MEMBER = 8 };

static DRT_CERTIFICATE *root, *member;

static void
set_up(void)
{
  if (root != NULL)
    return;
  TestHost *host = test_host_new(1, 1);
  test_host_set_calendar(host, TEST_PKI_FIXED_NOW - TEST_HOST_EPOCH);
  root = test_pki_fixed(test_pki_fixed_root, test_pki_fixed_root_key, NULL);
  member = test_pki_fixed(test_pki_fixed_member, test_pki_fixed_member_key, root);
}

/* A chain of the root and the certificate that these bytes are. (transfer full), or NULL */
static uint8_t *
chain_with(const uint8_t *data, size_t size, ULONG *ret_n)
{
  uint8_t *bytes = NULL;
  X509 *x509 = d2i_X509(NULL, &data, (long)size);
  PKCS7 *pkcs7 = PKCS7_new();
  PKCS7_set_type(pkcs7, NID_pkcs7_signed);
  PKCS7_content_new(pkcs7, NID_pkcs7_data);
  PKCS7_set_detached(pkcs7, 1);
  PKCS7_add_certificate(pkcs7, root->x509);
  int n = x509 != NULL && PKCS7_add_certificate(pkcs7, x509) == 1 ? i2d_PKCS7(pkcs7, &bytes) : 0;
  *ret_n = n > 0 ? (ULONG)n : 0;
  PKCS7_free(pkcs7);
  X509_free(x509);
  return bytes;
}

/* Two lengths of two bytes, for chain and identifier; the signature is what is left. */
static DRT_DATA
cut(const uint8_t **data, size_t *size, bool all)
{
  ULONG n = (ULONG)*size;
  if (!all && *size >= 2) {
    ULONG wanted = (ULONG)((*data)[0] | (*data)[1] << 8);
    *data += 2;
    *size -= 2;
    n = wanted < *size ? wanted : (ULONG)*size;
  }
  BYTE *copy = malloc(n + 1u); /* apart, so that a read behind its end is seen */
  if (copy == NULL)
    abort();
  memcpy(copy, *data, n);
  *data += n;
  *size -= n;
  return (DRT_DATA){ n, copy };
}

static bool
same(const DRT_DATA *a, const DRT_DATA *b)
{
  return a->cb == b->cb && (a->cb == 0 || memcmp(a->pb, b->pb, a->cb) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  TestDerived derived;
  BYTE text[] = "the key that is asked about";
  DRT_DATA buffer = { sizeof text, text }, credential, identifier, signature;
  set_up();
  if (size < 1 || size > 65536)
    return 0;
  uint8_t how = *data++;
  size--;
  drt_assert(test_derived_init(&derived, &TEST_DERIVED_PROFILE, root, member) == S_OK);
  DRT_SECURITY_PROVIDER *p = derived.provider;
  drt_assert(p->GetSerializedCredential(p->pvContext, &credential) == S_OK);
  drt_assert(p->SignData(p->pvContext, 1, &buffer, &identifier, &signature) == S_OK);
  DRT_DATA own[3] = { cut(&data, &size, (how & 7) == 6), cut(&data, &size, (how & 7) == 5),
                      cut(&data, &size, true) };
  DRT_DATA chain = how & GOOD_CHAIN ? credential : own[0], whole = { 0 };
  DRT_DATA name = how & GOOD_IDENTIFIER ? identifier : own[1];
  DRT_DATA mark = how & GOOD_SIGNATURE ? signature : own[2];
  if ((how & AS_MEMBER) && !(how & GOOD_CHAIN)) {
    whole.pb = chain_with(own[0].pb, own[0].cb, &whole.cb);
    if (whole.pb != NULL)
      chain = whole;
  }
  HRESULT valid = p->ValidateRemoteCredential(p->pvContext, &chain);
  drt_assert(valid == S_OK || valid == DRT_E_INVALID_CERT_CHAIN);
  drt_assert(p->ValidateRemoteCredential(p->pvContext, &chain) == valid);
  HRESULT hr = p->VerifyData(p->pvContext, 1, &buffer, &chain, &name, &mark);
  drt_assert(hr == S_OK || hr == DRT_E_INVALID_MESSAGE || hr == DRT_E_INVALID_CERT_CHAIN);
  drt_assert(p->VerifyData(p->pvContext, 1, &buffer, &chain, &name, &mark) == hr);
  /* The key identifier may say other parameters. The chain may be another form of the same. */
  drt_assert(hr != S_OK || (valid == S_OK && same(&mark, &signature)));
  DRT_DATA sealed, token;
  HRESULT made = p->EncryptData(p->pvContext, &chain, 1, &buffer, &sealed, &token);
  drt_assert((made == S_OK) == (valid == S_OK));
  test_derived_free(&derived, &sealed);
  test_derived_free(&derived, &token);
  for (int i = 0; i < 3; i++)
    free(own[i].pb);
  OPENSSL_free(whole.pb);
  test_derived_free(&derived, &credential);
  test_derived_free(&derived, &identifier);
  test_derived_free(&derived, &signature);
  test_derived_clear(&derived);
  return 0;
}
