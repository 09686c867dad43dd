/* Any bytes as a key token and what was sealed with it, through DecryptData.
 *
 * The first byte: the token as it comes, a block of 128 bytes that is encrypted for us as it is
 * (any padding), or the right padding around any token. Nothing is ever longer than it was. */
#include "fuzz-target.h"

#include "drt-assert.h"
#include "drt-keytoken.h"

#include "test-derived.h"
#include "test-host.h"
#include "test-pki-fixed.h"

#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

enum { AS_IT_IS, AS_BLOCK, AS_TOKEN, AS_KEY, BLOCK = 128, BUFFERS = 4 };

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

static void
encrypt_block(const uint8_t *from, uint8_t *to)
{
  size_t n = BLOCK;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(X509_get0_pubkey(member->x509), NULL);
  drt_assert(EVP_PKEY_encrypt_init(context) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
             EVP_PKEY_encrypt(context, to, &n, from, BLOCK) == 1);
  EVP_PKEY_CTX_free(context);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  TestDerived derived;
  uint8_t block[BLOCK] = { 0, 2 }, how = size > 0 ? data[0] & 3 : 0;
  BYTE token_bytes[BLOCK];
  DRT_DATA token = { BLOCK, token_bytes }, buffers[BUFFERS];
  ULONG before[BUFFERS];
  set_up();
  if (size < 2 || size > 65536)
    return 0;
  uint8_t short_by = data[0] >> 2, n = data[1] % BUFFERS;
  data += 2;
  size -= 2;
  uint32_t at = how == AS_IT_IS || how == AS_BLOCK ? 0 : how == AS_TOKEN ? BLOCK - 68 : BLOCK - 32;
  for (uint32_t i = 2; i < BLOCK - 69; i++)
    block[i] = 0x55;
  static const DrtKeytoken empty;
  drt_keytoken_encode(&empty, block + BLOCK - 68);
  for (; at < BLOCK && size > 0; at++, size--)
    block[at] = *data++;
  if (how == AS_IT_IS)
    memcpy(token_bytes, block, BLOCK);
  else {
    block[0] &= 0x7f; /* below the modulus */
    encrypt_block(block, token_bytes);
  }
  token.cb -= short_by;
  for (uint8_t i = 0; i < n; i++) {
    before[i] = size > 0 ? *data++ : 0;
    size -= size > 0;
    if (before[i] > size)
      before[i] = (ULONG)size;
    buffers[i] = (DRT_DATA){ before[i], malloc(before[i] + 1u) };
    if (buffers[i].pb == NULL)
      abort();
    memcpy(buffers[i].pb, data, before[i]);
    data += before[i];
    size -= before[i];
  }
  drt_assert(test_derived_init(&derived, &TEST_DERIVED_PROFILE, root, member) == S_OK);
  DRT_SECURITY_PROVIDER *p = derived.provider;
  HRESULT hr = p->DecryptData(p->pvContext, &token, NULL, n, buffers);
  drt_assert(hr == S_OK || hr == DRT_E_INVALID_MESSAGE);
  for (uint8_t i = 0; i < n; i++) {
    drt_assert(buffers[i].cb <= before[i]);
    drt_assert(hr != S_OK || buffers[i].cb < before[i]);
    free(buffers[i].pb);
  }
  test_derived_clear(&derived);
  return 0;
}
