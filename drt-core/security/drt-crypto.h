/* RSA, AES and SHA-2 as the derived-key profile uses them (PROTOCOL.md 3.10, 3.11, 3.15, 8.3), on
 * libcrypto. Everything here is pure: what is random is handed in. */
#pragma once
#include "drt-cpa.h"
#include "drt-keytoken.h"

#include <openssl/evp.h>

typedef enum { DRT_HASH_SHA1 = 1, DRT_HASH_SHA2 = 2 } DrtHash; /* SHA2: of 256 bits */

/* What the specification fixes, and what of it may be set (H17). */
typedef struct {
  uint32_t key_bits;        /* 1024 */
  DrtHash hash;             /* under CPAs and signed messages: SHA2 */
  DrtHash certificate_hash; /* under certificates: SHA1 */
} DrtCryptoProfile;

#define DRT_KEY_BITS_MAX 4096
#define DRT_SIGNATURE_BYTES_MAX (DRT_KEY_BITS_MAX / 8)
#define DRT_PUBLIC_KEY_DATA_MAX (DRT_SIGNATURE_BYTES_MAX + 32)
/* How many bytes a sealed buffer has more than the plain one, at most. */
#define DRT_SEAL_EXTRA 16
/* The parts of an AES key token that have to be random. */
#define DRT_WRAP_RANDOM_MAX DRT_SIGNATURE_BYTES_MAX

/* libcrypto has SHA-256 and AES: it may be set up without them. */
bool drt_crypto_is_capable(void);
DrtCpaSizes drt_crypto_sizes(const DrtCryptoProfile *profile);
/* The same for whoever looks on and does not know the profile: what the CPA itself claims. */
DrtCpaSizes drt_crypto_sizes_within(DrtBytes cpa);

/* The DER form of an RSA public key of the profile's size with the exponent 65537 (3.10). Its length,
 * or 0 if the key is another one. */
uint32_t drt_crypto_public_key(const DrtCryptoProfile *profile, const EVP_PKEY *key,
                               uint8_t to[DRT_PUBLIC_KEY_DATA_MAX]);
/* The other way round. (transfer full), or NULL. */
EVP_PKEY *drt_crypto_read_public_key(const DrtCryptoProfile *profile, DrtBytes data);
/* The key that goes with a public key: 32 bytes, most significant first (8.3, H46). */
void drt_crypto_derive(DrtBytes public_key_data, uint8_t ret[DRT_KEY_LEN]);
void drt_crypto_sha256(const DrtBytes *pieces, uint32_t n, uint8_t ret[32]);

/* @signature of key_bits / 8 bytes. False if libcrypto refuses. */
bool drt_crypto_sign(const DrtCryptoProfile *profile, EVP_PKEY *key, const DrtBytes *pieces,
                     uint32_t n, uint8_t *signature);
bool drt_crypto_verify(const DrtCryptoProfile *profile, EVP_PKEY *key, const DrtBytes *pieces,
                       uint32_t n, DrtBytes signature);

/* 3.15, H19: PKCS #1 v1.5, with padding from @random (key_bits / 8 bytes). The result has key_bits / 8
 * bytes. */
bool drt_crypto_wrap(const DrtCryptoProfile *profile, EVP_PKEY *key, const DrtKeytoken *token,
                     const uint8_t *random, uint8_t *to);
bool drt_crypto_unwrap(const DrtCryptoProfile *profile, EVP_PKEY *key, DrtBytes wrapped,
                       DrtKeytoken *ret);
/* AES-256-CBC with PKCS #7 padding; each buffer starts again from the IV (8.6). @to has room for @n +
 * DRT_SEAL_EXTRA, or @n bytes, and may be @from when unsealing. The length, or -1. */
int64_t drt_crypto_seal(const DrtKeytoken *token, const uint8_t *from, uint32_t n, uint8_t *to);
int64_t drt_crypto_unseal(const DrtKeytoken *token, const uint8_t *from, uint32_t n, uint8_t *to);
