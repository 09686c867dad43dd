/* Certified peer addresses, byte by byte: a signed statement that a key is served at some endpoints
 * (PROTOCOL.md 3.9 to 3.12, 3.19, 8.8). Two layouts: that of the derived-key profile, and the one
 * that the null profile uses for bring-up. Signatures are carried here, not made or checked.
 *
 * Decoders return DRT_REJECT_NONE and fill *ret, with views of the bytes given, or return why not
 * and leave *ret alone. Encoders return the length written, or 0 if @room is too small. */
#pragma once
#include "drt-message.h"
#include "drt-reject.h"

#define DRT_CPA_SIGNATURE_LEN 128   /* RSA-1024 */
#define DRT_CPA_SERVICES_MAX 4      /* service addresses */
#define DRT_PUBLIC_KEY_DATA_LEN 140 /* DER RSAPublicKey with a 1024-bit modulus */

/* The two lengths that follow from the size of the RSA key. */
typedef struct {
  uint16_t signature, public_key;
} DrtCpaSizes;
/* Those of the specification: 1024 bits. */
#define DRT_CPA_SIZES ((DrtCpaSizes){ DRT_CPA_SIGNATURE_LEN, DRT_PUBLIC_KEY_DATA_LEN })

/* 3.10; also what a KEY_IDENTIFIER field holds (3.14). */
typedef struct {
  DrtBytes parameters; /* of rsaEncryption: DER NULL (H16) */
  DrtBytes data;       /* 140 bytes */
} DrtPublicKey;

typedef struct {
  uint8_t major, minor; /* protocol version of the application */
  DrtKey key;
  uint8_t nonce[DRT_NONCE_LEN]; /* of the INQUIRE answered; zero in a revoke CPA (H15) */
  DrtPublicKey public_key;
  DrtEndpointList services; /* none in a revoke CPA (H15) */
  DrtBytes signature;       /* encoding: absent leaves zeros to be signed over */
} DrtCpa;

/* 8.8 */
typedef struct {
  uint8_t major, minor;
  DrtKey key;
  uint8_t nonce[DRT_NONCE_LEN];
  bool revoked;
  uint8_t service_count;
  DrtEndpoint
    services[DRT_CPA_SERVICES_MAX]; /* copies: on the wire each has its length before it */
} DrtNullCpa;

/* @major: ours; another one is refused (H2). */
DrtReject drt_cpa_decode(DrtBytes bytes, uint8_t major, DrtCpaSizes sizes, DrtCpa *ret);
uint32_t drt_cpa_encode(const DrtCpa *cpa, DrtCpaSizes sizes, uint8_t *to, uint32_t room);
/* 357 + parameters + 18 for each service address, with the sizes of the specification. */
uint32_t drt_cpa_size(const DrtCpa *cpa, DrtCpaSizes sizes);
/* Where the signed part begins: what comes before is the signature. */
uint32_t drt_cpa_signed_at(DrtCpaSizes sizes);
/* A revoke CPA: the nonce is zero and there is no service address (H15). */
bool drt_cpa_is_revoke(const DrtCpa *cpa);

DrtReject drt_public_key_decode(DrtBytes bytes, DrtCpaSizes sizes, DrtPublicKey *ret);
uint32_t drt_public_key_encode(const DrtPublicKey *key, uint8_t *to, uint32_t room);
/* 26 + parameters + data. */
uint32_t drt_public_key_size(const DrtPublicKey *key);

DrtReject drt_null_cpa_decode(DrtBytes bytes, uint8_t major, DrtNullCpa *ret);
uint32_t drt_null_cpa_encode(const DrtNullCpa *cpa, uint8_t *to, uint32_t room);
/* 206 + 20 for each service address. */
uint32_t drt_null_cpa_size(const DrtNullCpa *cpa);
