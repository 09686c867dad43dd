/* What the protocol asks of a security profile (PROTOCOL.md 8.2): pure, synchronous calls.
 *
 * The table is ours, not that of the Windows API: results go into buffers of the caller, so that the
 * built-in profiles allocate nothing. api/ puts an adapter behind it for providers of the
 * application. Every function returns 0 or the failing HRESULT of the provider. */
#pragma once
#include "drt-message.h"

#define DRT_PAYLOAD_FLAG_REVOKED 1u
#define DRT_SEALED_MAX 4  /* buffers in one message */
#define DRT_CPA_MAX 16384 /* a chain of 25 certificates is sent apart from it */

/* What goes into a CPA. */
typedef struct {
  void *key_context; /* (transfer none) as given at registration */
  uint8_t major, minor;
  uint32_t flags;
  DrtKey key;
  const uint8_t *payload; /* NULL: none wanted */
  uint32_t payload_n;
  const DrtEndpoint *addresses;
  uint32_t address_count;
  const uint8_t *nonce; /* 16 bytes */
  bool chain_wanted;
} DrtSecurityStatement;

/* Bytes the callee writes: at most @room of them. */
typedef struct {
  uint8_t *at; /* (transfer none) */
  uint32_t n, room;
} DrtSecurityBuffer;

/* The products of packing. @n stays 0 where there is none. */
typedef struct {
  DrtSecurityBuffer cpa, classifier, payload, chain;
} DrtSecurityPacked;

/* What came in an AUTHORITY or a FLOOD. @at NULL: absent. */
typedef struct {
  const uint8_t *cpa, *chain, *classifier, *payload;
  uint32_t cpa_n, chain_n, classifier_n, payload_n;
  const uint8_t *nonce; /* 16 bytes that must be inside, or NULL */
} DrtSecurityClaim;

/* What a valid claim says. */
typedef struct {
  uint8_t major, minor;
  uint32_t flags;
  DrtKey key;
  DrtEndpoint addresses[DRT_ROUTE_ADDRESSES_MAX];
  uint32_t address_count;
  DrtSecurityBuffer payload;
} DrtSecurityFacts;

typedef struct {
  void *self;
  int32_t (*pack)(void *self, const DrtSecurityStatement *statement, DrtSecurityPacked *packed);
  int32_t (*unpack)(void *self, const DrtSecurityClaim *claim, DrtSecurityFacts *facts);
  /* Membership and confidential mode (8.7): our credential; a signature over @data, and which key made
   * it; whether those of another node are good. */
  int32_t (*credential)(void *self, DrtSecurityBuffer *ret);
  int32_t (*sign)(void *self, DrtBytes data, DrtSecurityBuffer *identifier,
                  DrtSecurityBuffer *signature);
  int32_t (*verify)(void *self, DrtBytes data, const DrtProof *proof);
  /* Confidential mode (8.6): @n plain texts, at most DRT_SEALED_MAX, for the owner of @credential,
   * and back, in place. @key_context: that of the key it was sealed for; NULL: our credential's. */
  int32_t (*seal)(void *self, DrtBytes credential, uint32_t n, const DrtBytes *plain,
                  DrtSecurityBuffer *sealed, DrtSecurityBuffer *token);
  int32_t (*unseal)(void *self, DrtBytes token, void *key_context, uint32_t n,
                    DrtSecurityBuffer *data);
} DrtSecurity;

/* The null profile (8.8): authenticates nothing. */
extern const DrtSecurity drt_security_null;

/* SHA-1 of a nonce, which conversations are recognised by (4.1). */
void drt_security_hash_nonce(const uint8_t nonce[16], uint8_t ret_hash[20]);
