#include "drt-crypto.h"

#include "drt-assert.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define EXPONENT 65537u
#define PADDING_MIN 11 /* PKCS #1 v1.5: 00 02, at least eight bytes that are not zero, 00 */

static uint32_t
modulus_len(const DrtCryptoProfile *profile)
{
  return profile->key_bits / 8;
}

/* Tag and length of a DER element with @n bytes of content. */
static uint32_t
der_head_len(uint32_t n)
{
  return n < 128 ? 2 : n < 256 ? 3 : 4;
}

/* SEQUENCE of two INTEGERs: the modulus with a zero before it, as its first bit is set; 65537. */
DrtCpaSizes
drt_crypto_sizes(const DrtCryptoProfile *profile)
{
  uint32_t modulus = modulus_len(profile) + 1;
  uint32_t content = der_head_len(modulus) + modulus + 5;
  return (DrtCpaSizes){ .signature = (uint16_t)modulus_len(profile),
                        .public_key = (uint16_t)(der_head_len(content) + content) };
}

DrtCpaSizes
drt_crypto_sizes_within(DrtBytes cpa)
{
  uint32_t claimed = cpa.n < 3 ? 0 : (uint32_t)(cpa.at[1] | cpa.at[2] << 8);
  DrtCryptoProfile profile = { .key_bits = claimed < 2 ? 0 : (claimed - 2) * 8 };
  return drt_crypto_sizes(&profile);
}

/* Tag and length of an element; returns what comes behind them. */
static uint8_t *
write_head(uint8_t *to, uint8_t tag, uint32_t n)
{
  *to++ = tag;
  if (n >= 256) {
    *to++ = 0x82;
    *to++ = (uint8_t)(n >> 8);
  } else if (n >= 128) {
    *to++ = 0x81;
  }
  *to++ = (uint8_t)n;
  return to;
}

/* An RSA key of the profile's size, whose first bit is set, with the exponent 65537. */
static bool
has_our_form(const DrtCryptoProfile *profile, const EVP_PKEY *key)
{
  BIGNUM *exponent = NULL;
  if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA ||
      EVP_PKEY_get_bits(key) != (int)profile->key_bits ||
      EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
    return false;
  bool fits = BN_is_word(exponent, EXPONENT);
  BN_free(exponent);
  return fits;
}

/* By hand: libcrypto's encoder takes half as long as a signature does. */
uint32_t
drt_crypto_public_key(const DrtCryptoProfile *profile, const EVP_PKEY *key,
                      uint8_t to[DRT_PUBLIC_KEY_DATA_MAX])
{
  static const uint8_t exponent[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
  BIGNUM *modulus = NULL;
  uint32_t n = modulus_len(profile);
  if (!has_our_form(profile, key) ||
      EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) != 1)
    return 0;
  uint8_t *at =
    write_head(to, 0x30, der_head_len(n + 1) + n + 1 + (uint32_t)sizeof exponent); /* SEQUENCE */
  at = write_head(at, 0x02, n + 1);                                                /* INTEGER */
  *at++ = 0;
  bool good = BN_bn2binpad(modulus, at, (int)n) == (int)n;
  BN_free(modulus);
  at += n;
  memcpy(at, exponent, sizeof exponent);
  at += sizeof exponent;
  drt_assert((uint32_t)(at - to) == drt_crypto_sizes(profile).public_key);
  return good ? (uint32_t)(at - to) : 0;
}

EVP_PKEY *
drt_crypto_read_public_key(const DrtCryptoProfile *profile, DrtBytes data)
{
  uint8_t again[DRT_PUBLIC_KEY_DATA_MAX];
  const uint8_t *at = data.at;
  if (data.n != drt_crypto_sizes(profile).public_key)
    return NULL;
  EVP_PKEY *key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)data.n);
  /* One key has one form: else it would have several derived keys. */
  if (key != NULL && drt_crypto_public_key(profile, key, again) == data.n &&
      memcmp(again, data.at, data.n) == 0)
    return key;
  EVP_PKEY_free(key);
  ERR_clear_error();
  return NULL;
}

bool
drt_crypto_is_capable(void)
{
  EVP_MD *hash = EVP_MD_fetch(NULL, "SHA256", NULL);
  EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
  bool capable = hash != NULL && cipher != NULL;
  EVP_MD_free(hash);
  EVP_CIPHER_free(cipher);
  ERR_clear_error();
  return capable;
}

void
drt_crypto_sha256(const DrtBytes *pieces, uint32_t n, uint8_t ret[32])
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
  for (uint32_t i = 0; i < n && good; i++)
    good = EVP_DigestUpdate(context, pieces[i].at, pieces[i].n) == 1;
  good = good && EVP_DigestFinal_ex(context, ret, NULL) == 1;
  EVP_MD_CTX_free(context);
  drt_assert(good); /* drt_crypto_is_capable: whoever begins has asked */
}

void
drt_crypto_derive(DrtBytes public_key_data, uint8_t ret[DRT_KEY_LEN])
{
  drt_crypto_sha256(&public_key_data, 1, ret);
}

static const EVP_MD *
digest(const DrtCryptoProfile *profile)
{
  return profile->hash == DRT_HASH_SHA1 ? EVP_sha1() : EVP_sha256();
}

bool
drt_crypto_sign(const DrtCryptoProfile *profile, EVP_PKEY *key, const DrtBytes *pieces, uint32_t n,
                uint8_t *signature)
{
  size_t length = modulus_len(profile);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool good = context != NULL && EVP_DigestSignInit(context, NULL, digest(profile), NULL, key) == 1;
  for (uint32_t i = 0; i < n && good; i++)
    good = EVP_DigestSignUpdate(context, pieces[i].at, pieces[i].n) == 1;
  good =
    good && EVP_DigestSignFinal(context, signature, &length) == 1 && length == modulus_len(profile);
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return good;
}

bool
drt_crypto_verify(const DrtCryptoProfile *profile, EVP_PKEY *key, const DrtBytes *pieces,
                  uint32_t n, DrtBytes signature)
{
  if (signature.n != modulus_len(profile))
    return false;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool good =
    context != NULL && EVP_DigestVerifyInit(context, NULL, digest(profile), NULL, key) == 1;
  for (uint32_t i = 0; i < n && good; i++)
    good = EVP_DigestVerifyUpdate(context, pieces[i].at, pieces[i].n) == 1;
  good = good && EVP_DigestVerifyFinal(context, signature.at, signature.n) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return good;
}

/* RSA without padding: a block of the size of the modulus. */
static bool
raw_rsa(const DrtCryptoProfile *profile, EVP_PKEY *key, bool private_key, const uint8_t *from,
        uint8_t *to)
{
  size_t n = modulus_len(profile);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  bool good = context != NULL;
  if (private_key)
    good = good && EVP_PKEY_decrypt_init(context) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
           EVP_PKEY_decrypt(context, to, &n, from, n) == 1;
  else
    good = good && EVP_PKEY_encrypt_init(context) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
           EVP_PKEY_encrypt(context, to, &n, from, n) == 1;
  EVP_PKEY_CTX_free(context);
  ERR_clear_error();
  return good && n == modulus_len(profile);
}

/* The padding is ours and not libcrypto's, whose random bytes would not be those of the run. */
bool
drt_crypto_wrap(const DrtCryptoProfile *profile, EVP_PKEY *key, const DrtKeytoken *token,
                const uint8_t *random, uint8_t *to)
{
  uint8_t block[DRT_SIGNATURE_BYTES_MAX];
  uint32_t n = modulus_len(profile), text_at = n - DRT_KEYTOKEN_LEN;
  drt_assert(n >= DRT_KEYTOKEN_LEN + PADDING_MIN);
  block[0] = 0;
  block[1] = 2;
  for (uint32_t i = 2; i < text_at - 1; i++)
    block[i] = random[i] == 0 ? 0xa5 : random[i];
  block[text_at - 1] = 0;
  drt_keytoken_encode(token, block + text_at);
  bool good = raw_rsa(profile, key, false, block, to);
  OPENSSL_cleanse(block, sizeof block);
  return good;
}

/* Whether the padding was right is not told apart from the rest, nor sooner. */
bool
drt_crypto_unwrap(const DrtCryptoProfile *profile, EVP_PKEY *key, DrtBytes wrapped,
                  DrtKeytoken *ret)
{
  uint8_t block[DRT_SIGNATURE_BYTES_MAX];
  uint32_t n = modulus_len(profile), text_at = n - DRT_KEYTOKEN_LEN, wrong = 0;
  if (wrapped.n != n || !raw_rsa(profile, key, true, wrapped.at, block))
    return false;
  wrong |= block[0];
  wrong |= block[1] ^ 2u;
  for (uint32_t i = 2; i < text_at - 1; i++)
    wrong |= block[i] == 0;
  wrong |= block[text_at - 1];
  DrtBytes text = { block + text_at, DRT_KEYTOKEN_LEN };
  bool good = (drt_keytoken_decode(text, ret) == DRT_REJECT_NONE) & (wrong == 0);
  OPENSSL_cleanse(block, sizeof block);
  return good;
}

static int64_t
run_cipher(const DrtKeytoken *token, bool seal, const uint8_t *from, uint32_t n, uint8_t *to)
{
  int done = 0, rest = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  bool good =
    context != NULL && n <= INT32_MAX - DRT_SEAL_EXTRA &&
    EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, token->key, token->iv, seal) == 1 &&
    EVP_CipherUpdate(context, to, &done, from, (int)n) == 1 &&
    EVP_CipherFinal_ex(context, to + done, &rest) == 1;
  EVP_CIPHER_CTX_free(context);
  ERR_clear_error();
  return good ? (int64_t)done + rest : -1;
}

int64_t
drt_crypto_seal(const DrtKeytoken *token, const uint8_t *from, uint32_t n, uint8_t *to)
{
  return run_cipher(token, true, from, n, to);
}

int64_t
drt_crypto_unseal(const DrtKeytoken *token, const uint8_t *from, uint32_t n, uint8_t *to)
{
  return n == 0 || n % DRT_SEAL_EXTRA != 0 ? -1 : run_cipher(token, false, from, n, to);
}
