/* RSA, AES and SHA-2 of the derived-key profile (PROTOCOL.md 3.10, 3.11, 3.15, 8.3, 8.6). Known
 * answers are from the openssl command line. */
#include "drt-crypto.h"

#include "test-pki-fixed.h"
#include "test-pki.h"

#include "drt-certificate.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <openssl/rsa.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const DrtCryptoProfile profile = { 1024, DRT_HASH_SHA2, DRT_HASH_SHA1 };
static DRT_CERTIFICATE *member;
static EVP_PKEY *key;

static void
set_up(void)
{
  member = test_pki_fixed(test_pki_fixed_member, test_pki_fixed_member_key, NULL);
  key = member->private_key;
}

static void
tear_down(void)
{
  DrtCertificateFree(member);
}

TestSuite(security_crypto, .init = set_up, .fini = tear_down);

static EVP_PKEY *
make_rsa(size_t bits, unsigned exponent)
{
  EVP_PKEY *made = NULL;
  BIGNUM *e = BN_new();
  BN_set_word(e, exponent);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
  cr_assert(EVP_PKEY_keygen_init(context) == 1 &&
            EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits) == 1 &&
            EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e) == 1 &&
            EVP_PKEY_generate(context, &made) == 1);
  EVP_PKEY_CTX_free(context);
  BN_free(e);
  return made;
}

/* 3.10: 140 bytes of DER; 8.3: their SHA-256 is the key. */
Test(security_crypto, a_public_key_and_what_is_derived_from_it)
{
  static const uint8_t head[] = { 0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00 },
                       tail[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
  uint8_t data[DRT_PUBLIC_KEY_DATA_MAX], derived[DRT_KEY_LEN];
  cr_assert(eq(u32, drt_crypto_public_key(&profile, key, data), 140));
  cr_expect(memcmp(data, head, sizeof head) == 0);
  cr_expect(memcmp(data + 135, tail, sizeof tail) == 0);
  drt_crypto_derive((DrtBytes){ data, 140 }, derived);
  cr_expect(memcmp(derived, test_pki_fixed_derived, 32) == 0);
}

/* What the encoder of libcrypto makes is the same, for each size. */
Test(security_crypto, public_keys_are_those_of_libcrypto)
{
  static const size_t bits[] = { 1024, 1536, 2048, 3072, 4096 };
  for (size_t i = 0; i < COUNT(bits); i++) {
    DrtCryptoProfile p = { (uint32_t)bits[i], DRT_HASH_SHA2, DRT_HASH_SHA2 };
    uint8_t data[DRT_PUBLIC_KEY_DATA_MAX], *theirs = NULL;
    EVP_PKEY *made = make_rsa(bits[i], 65537);
    int n = i2d_PublicKey(made, &theirs);
    cr_expect(eq(i32, n, (int)drt_crypto_public_key(&p, made, data)));
    cr_expect(eq(i32, n, drt_crypto_sizes(&p).public_key));
    cr_expect(memcmp(data, theirs, (size_t)n) == 0);
    EVP_PKEY *again = drt_crypto_read_public_key(&p, (DrtBytes){ data, (uint32_t)n });
    cr_expect(again != NULL && EVP_PKEY_eq(again, made) == 1);
    EVP_PKEY_free(again);
    OPENSSL_free(theirs);
    EVP_PKEY_free(made);
  }
}

/* Another size, another exponent (the second is as long as 65537), another kind: none of ours. */
Test(security_crypto, other_keys_are_not_of_the_profile)
{
  EVP_PKEY *others[] = { make_rsa(1032, 65537),
                         make_rsa(1016, 65537),
                         make_rsa(2048, 65537),
                         make_rsa(1024, 65539),
                         make_rsa(1024, 3),
                         EVP_EC_gen("P-256"),
                         NULL };
  uint8_t data[DRT_PUBLIC_KEY_DATA_MAX];
  for (size_t i = 0; i < COUNT(others); i++) {
    cr_expect(eq(u32, drt_crypto_public_key(&profile, others[i], data), 0), "%zu", i);
    EVP_PKEY_free(others[i]);
  }
}

/* One key has one form, or it would have several derived keys. */
Test(security_crypto, a_public_key_is_read_in_its_one_form)
{
  uint8_t data[DRT_PUBLIC_KEY_DATA_MAX];
  uint32_t n = drt_crypto_public_key(&profile, key, data);
  for (uint32_t shorter = 0; shorter <= n; shorter++) {
    EVP_PKEY *read = drt_crypto_read_public_key(&profile, (DrtBytes){ data, n - shorter });
    bool whole = shorter == 0;
    cr_expect(whole == (read != NULL), "%u bytes less", shorter);
    EVP_PKEY_free(read);
  }
  for (uint32_t i = 0; i < n; i++) {
    uint8_t other[140], again[DRT_PUBLIC_KEY_DATA_MAX];
    memcpy(other, data, sizeof other);
    other[i] ^= 0x80;
    EVP_PKEY *read = drt_crypto_read_public_key(&profile, (DrtBytes){ other, n });
    cr_expect(read == NULL ||
                (drt_crypto_public_key(&profile, read, again) == n && memcmp(again, other, n) == 0),
              "byte %u", i);
    EVP_PKEY_free(read);
  }
}

/* 3.11: over the pieces one after the other; each byte of text and signature counts. */
Test(security_crypto, a_signature_is_of_these_bytes_by_this_key)
{
  uint8_t text[40] = "what is signed", mark[DRT_SIGNATURE_BYTES_MAX], again[128];
  DrtBytes pieces[] = { { text, 1 }, { text + 1, 0 }, { text + 1, 39 } }, whole = { text, 40 };
  DrtBytes signature = { mark, 128 };
  EVP_PKEY *other = make_rsa(1024, 65537);
  cr_assert(drt_crypto_sign(&profile, key, pieces, 3, mark));
  cr_expect(drt_crypto_verify(&profile, key, &whole, 1, signature));
  cr_expect(not(drt_crypto_verify(&profile, other, &whole, 1, signature)));
  cr_assert(drt_crypto_sign(&profile, key, &whole, 1, again));
  cr_expect(memcmp(mark, again, 128) == 0, "equal bytes have equal signatures");
  for (uint32_t i = 0; i < 40; i++) {
    text[i] ^= 1;
    cr_expect(not(drt_crypto_verify(&profile, key, &whole, 1, signature)), "text %u", i);
    text[i] ^= 1;
  }
  for (uint32_t i = 0; i < 128; i++) {
    mark[i] ^= 1;
    cr_expect(not(drt_crypto_verify(&profile, key, &whole, 1, signature)), "signature %u", i);
    mark[i] ^= 1;
  }
  for (uint32_t n = 0; n < 140; n++)
    cr_expect(drt_crypto_verify(&profile, key, &whole, 1, (DrtBytes){ mark, n }) == (n == 128));
  DrtCryptoProfile sha1 = { 1024, DRT_HASH_SHA1, DRT_HASH_SHA1 };
  cr_expect(not(drt_crypto_verify(&sha1, key, &whole, 1, signature)));
  cr_assert(drt_crypto_sign(&sha1, key, &whole, 1, mark));
  cr_expect(drt_crypto_verify(&sha1, key, &whole, 1, signature));
  EVP_PKEY_free(other);
}

/* A key of another size or kind signs nothing, and nothing is written behind the end. */
Test(security_crypto, other_keys_do_not_sign)
{
  EVP_PKEY *others[] = { make_rsa(2048, 65537), make_rsa(512, 65537), EVP_EC_gen("P-256") };
  uint8_t text[] = "text", mark[128];
  DrtBytes whole = { text, 4 };
  for (size_t i = 0; i < COUNT(others); i++) {
    cr_expect(not(drt_crypto_sign(&profile, others[i], &whole, 1, mark)), "%zu", i);
    EVP_PKEY_free(others[i]);
  }
}

static DrtKeytoken
some_token(void)
{
  DrtKeytoken token;
  for (uint8_t i = 0; i < 32; i++)
    token.key[i] = (uint8_t)(0x80 + i);
  for (uint8_t i = 0; i < 16; i++)
    token.iv[i] = (uint8_t)(0x40 + i);
  return token;
}

static bool
same_token(const DrtKeytoken *a, const DrtKeytoken *b)
{
  return memcmp(a->key, b->key, sizeof a->key) == 0 && memcmp(a->iv, b->iv, sizeof a->iv) == 0;
}

/* 3.15; libcrypto finds the same in it, so the padding is that of PKCS #1. */
Test(security_crypto, a_wrapped_token_is_unwrapped)
{
  DrtKeytoken token = some_token(), got = { 0 };
  uint8_t random[DRT_WRAP_RANDOM_MAX], wrapped[DRT_SIGNATURE_BYTES_MAX], theirs[128], plain[68];
  size_t n = sizeof theirs;
  for (size_t i = 0; i < sizeof random; i++)
    random[i] = (uint8_t)(i % 7); /* with zeros, which padding must not have */
  cr_assert(drt_crypto_wrap(&profile, key, &token, random, wrapped));
  cr_assert(drt_crypto_unwrap(&profile, key, (DrtBytes){ wrapped, 128 }, &got));
  cr_expect(same_token(&token, &got));
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  cr_assert(EVP_PKEY_decrypt_init(context) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
            EVP_PKEY_decrypt(context, theirs, &n, wrapped, 128) == 1);
  drt_keytoken_encode(&token, plain);
  cr_expect(eq(sz, n, sizeof plain));
  cr_expect(memcmp(theirs, plain, sizeof plain) == 0);
  EVP_PKEY_CTX_free(context);
}

/* The 128 bytes encrypted as they are. */
static void
encrypt_block(const uint8_t *block, uint8_t *to)
{
  size_t n = 128;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  cr_assert(EVP_PKEY_encrypt_init(context) == 1 &&
            EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
            EVP_PKEY_encrypt(context, to, &n, block, 128) == 1);
  EVP_PKEY_CTX_free(context);
}

static bool
unwraps(const uint8_t *block)
{
  DrtKeytoken got;
  uint8_t wrapped[128];
  encrypt_block(block, wrapped);
  return drt_crypto_unwrap(&profile, key, (DrtBytes){ wrapped, 128 }, &got);
}

/* Type 2, at least eight bytes that are not zero, a zero, and then the 68 bytes, no more or less. */
Test(security_crypto, every_wrong_padding_is_refused)
{
  DrtKeytoken token = some_token();
  uint8_t good[128] = { 0, 2 }, bad[128];
  memset(good + 2, 0x77, 57);
  good[59] = 0;
  drt_keytoken_encode(&token, good + 60);
  cr_assert(unwraps(good));
  for (int i = 0; i < 60; i++) {
    memcpy(bad, good, sizeof bad);
    bad[i] = i >= 2 && i < 59 ? 0 : bad[i] + 1;
    cr_expect(not(unwraps(bad)), "byte %d", i);
  }
  memcpy(bad, good, sizeof bad);
  bad[1] = 1;
  cr_expect(not(unwraps(bad)), "type 1");
  for (int i = 60; i < 96; i++) {
    bool padding = i >= 62 && i < 68, iv = i >= 68 && i < 84;
    memcpy(bad, good, sizeof bad);
    bad[i] ^= 1;
    cr_expect(unwraps(bad) == (padding || iv), "byte %d", i);
  }
  /* One byte of padding more or less, with a token that is as much shorter or longer. */
  memcpy(bad, good, sizeof bad);
  memmove(bad + 60, good + 59, 68);
  bad[59] = 0x77;
  cr_expect(not(unwraps(bad)), "a byte more");
  memcpy(bad, good, sizeof bad);
  memmove(bad + 58, good + 59, 69);
  cr_expect(not(unwraps(bad)), "a byte less");
}

Test(security_crypto, a_token_of_another_length_or_key_is_refused)
{
  DrtKeytoken token = some_token(), got;
  uint8_t random[DRT_WRAP_RANDOM_MAX] = { 0 }, wrapped[2 * DRT_SIGNATURE_BYTES_MAX] = { 0 };
  EVP_PKEY *other = make_rsa(1024, 65537), *larger = make_rsa(2048, 65537),
           *largest = make_rsa(4096, 65537), *elliptic = EVP_EC_gen("P-256");
  cr_assert(drt_crypto_wrap(&profile, key, &token, random, wrapped));
  for (uint32_t n = 0; n < 260; n++)
    cr_expect(drt_crypto_unwrap(&profile, key, (DrtBytes){ wrapped, n }, &got) == (n == 128));
  DrtBytes whole = { wrapped, 128 };
  cr_expect(not(drt_crypto_unwrap(&profile, other, whole, &got)));
  cr_expect(not(drt_crypto_unwrap(&profile, larger, whole, &got)));
  cr_expect(not(drt_crypto_unwrap(&profile, largest, whole, &got)));
  cr_expect(not(drt_crypto_unwrap(&profile, elliptic, whole, &got)));
  uint8_t to[128];
  cr_expect(not(drt_crypto_wrap(&profile, larger, &token, random, to)));
  cr_expect(not(drt_crypto_wrap(&profile, elliptic, &token, random, to)));
  memset(wrapped, 0xff, 128); /* not below the modulus */
  cr_expect(not(drt_crypto_unwrap(&profile, key, whole, &got)));
  EVP_PKEY_free(other);
  EVP_PKEY_free(larger);
  EVP_PKEY_free(largest);
  EVP_PKEY_free(elliptic);
}

/* 8.6: each buffer starts from the IV, so equal ones are equal; `openssl enc -aes-256-cbc -K 8081..9f
 * -iv 4041..4f` makes the same of "confidential". */
Test(security_crypto, a_buffer_is_sealed_from_the_iv)
{
  static const uint8_t known[16] = { 0x76, 0x22, 0x7c, 0x07, 0x78, 0x66, 0x7c, 0xec,
                                     0x1f, 0xaa, 0x6a, 0x7c, 0x07, 0xee, 0x72, 0x07 };
  DrtKeytoken token = some_token();
  uint8_t text[100], one[116], two[116], back[116];
  cr_assert(drt_crypto_seal(&token, (const uint8_t *)"confidential", 12, one) == 16);
  cr_expect(memcmp(one, known, 16) == 0);
  for (uint32_t i = 0; i < 100; i++)
    text[i] = (uint8_t)i;
  for (uint32_t n = 0; n <= 100; n++) {
    int64_t sealed = drt_crypto_seal(&token, text, n, one);
    cr_assert(sealed == n / 16 * 16 + 16, "%u", n);
    cr_assert(drt_crypto_seal(&token, text, n, two) == sealed);
    cr_expect(memcmp(one, two, (size_t)sealed) == 0);
    cr_assert(drt_crypto_unseal(&token, one, (uint32_t)sealed, back) == n);
    cr_expect(memcmp(back, text, n) == 0);
    cr_assert(drt_crypto_unseal(&token, two, (uint32_t)sealed, two) == n, "in place");
    cr_expect(memcmp(two, text, n) == 0);
  }
}

Test(security_crypto, what_was_not_sealed_is_not_unsealed)
{
  DrtKeytoken token = some_token(), other = token;
  uint8_t text[40] = "text", sealed[56], back[56];
  cr_assert(drt_crypto_seal(&token, text, 40, sealed) == 48);
  for (uint32_t n = 0; n < 48; n++)
    cr_expect(n == 16 || n == 32 || drt_crypto_unseal(&token, sealed, n, back) == -1, "%u", n);
  /* The padding is eight times 8: none of it may be another byte. The block before turns it. */
  for (uint32_t i = 24; i < 32; i++) {
    sealed[i] ^= 0x40;
    cr_expect(drt_crypto_unseal(&token, sealed, 48, back) == -1, "padding %u", i);
    sealed[i] ^= 0x40;
  }
  other.key[31] ^= 1;
  cr_expect(drt_crypto_unseal(&other, sealed, 48, back) == -1);
}
