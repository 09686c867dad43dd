/* The eight messages as structs (PROTOCOL.md 4).
 *
 * Lists and blobs are views of bytes in wire form: a decoded message points into its datagram and
 * is valid as long as that is; a message to be encoded points wherever its maker keeps the bytes.
 * Nothing here owns memory. A blob that is absent has @at NULL; one that is present and empty has
 * @at set and @n 0. */
#pragma once
#include "drt-route.h"
#include "drt-wire-ids.h"

typedef struct {
  const uint8_t *at; /* (transfer none) */
  uint32_t n;
} DrtBytes;

typedef struct {
  const uint8_t *at; /* (transfer none) n keys of 32 bytes */
  uint16_t n;
} DrtKeyList;

typedef struct {
  const DrtEndpoint *at; /* (transfer none) */
  uint16_t n;
} DrtEndpointList;

/* Who sent it: in membership and confidential mode, in REQUEST, INQUIRE and LOOKUP. */
typedef struct {
  DrtBytes credential, signature, key_identifier;
} DrtProof;

/* One fragment, or all, of something that may be split (2.8). */
typedef struct {
  uint16_t size;   /* of the whole */
  uint16_t offset; /* of the slice in it */
  DrtBytes slice;
} DrtSplit;

/* A route entry, in clear or sealed. */
typedef struct {
  bool present;
  DrtRoute plain;  /* resolve and membership mode */
  DrtBytes sealed; /* confidential mode: ciphertext */
} DrtRouteField;

/* A list of endpoints, in clear or sealed. */
typedef struct {
  DrtEndpointList plain;
  DrtBytes sealed;
} DrtPathField;

typedef struct {
  DrtRouteField route; /* of a local key; always in clear, in every mode */
  uint8_t hashed_nonce[DRT_HASH_LEN];
} DrtSolicit;

typedef struct {
  uint32_t acked;
  DrtKeyList keys;
  uint8_t hashed_nonce[DRT_HASH_LEN];
} DrtAdvertise;

/* What a REQUEST asks for; in the secured modes this is what may be split. */
typedef struct {
  uint8_t nonce[DRT_NONCE_LEN];
  DrtKeyList keys;
  DrtProof proof; /* secured modes; the signature covers the bytes of the keys */
} DrtRequestBody;

typedef struct {
  DrtSplit split;      /* secured modes */
  DrtRequestBody body; /* resolve mode; when encoding in a secured mode: if the slice is absent */
} DrtRequest;

typedef struct {
  uint16_t flags; /* DRT_FLOOD_NO_ACK */
  DrtKey validate;
  DrtBytes keytoken; /* confidential mode */
  DrtBytes revoke;   /* an encoded revoke CPA; ciphertext in confidential mode */
  DrtRouteField route;
  DrtPathField flooded;
} DrtFlood;

typedef struct {
  uint16_t flags; /* DRT_INQUIRE_... */
  DrtKey validate;
  bool has_nonce;
  uint8_t nonce[DRT_NONCE_LEN];
  DrtProof proof;
} DrtInquire;

/* The AUTHORITY_BUFFER: what may be split (4.6). */
typedef struct {
  uint16_t flags; /* DRT_AUTHORITY_... */
  DrtBytes chain;
  DrtBytes keytoken;   /* confidential mode */
  DrtBytes classifier; /* UTF-16 units, little-endian; ciphertext in confidential mode */
  DrtBytes payload;    /* ciphertext in confidential mode */
  DrtRouteField route;
  DrtBytes cpa; /* ciphertext in confidential mode */
} DrtAuthorityBody;

typedef struct {
  uint32_t acked;
  DrtSplit split;
  const DrtAuthorityBody *body; /* encoding only, (transfer none): if the slice is absent */
} DrtAuthority;

typedef struct {
  uint32_t acked;
  uint16_t flags; /* DRT_ACK_UNKNOWN; 0 is sent as no field */
} DrtAck;

typedef struct {
  uint16_t flags; /* DRT_LOOKUP_ANY */
  uint16_t precision;
  uint8_t criteria, reason;
  DrtKey target, validate;
  DrtBytes keytoken; /* confidential mode (H6) */
  DrtRouteField best;
  DrtPathField path;
  DrtProof proof;
} DrtLookup;

typedef struct {
  DrtMsgType type;
  uint8_t major, minor;
  uint32_t id;
  union {
    DrtSolicit solicit;
    DrtAdvertise advertise;
    DrtRequest request;
    DrtFlood flood;
    DrtInquire inquire;
    DrtAuthority authority;
    DrtAck ack;
    DrtLookup lookup;
  };
} DrtMsg;

static inline DrtKey
drt_key_list_get(const DrtKeyList *list, uint32_t i)
{
  return drt_key_from_wire(list->at + (size_t)DRT_KEY_LEN * i);
}
