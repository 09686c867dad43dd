/* Why a datagram, or a structure inside one, was not taken: one name for each way to be wrong.
 *
 * The protocol drops bad messages silently (PROTOCOL.md 2.5); we drop them just so, but count and
 * trace the reason. */
#pragma once

/* X(name, text) */
#define DRT_REJECTS(X)                                                                             \
  /* header, 2.3 */                                                                                \
  X(HEADER_SHORT, "shorter than the header")                                                       \
  X(HEADER_FIELD, "does not start with the header field")                                          \
  X(HEADER_LENGTH, "header length is not 12")                                                      \
  X(HEADER_IDENTIFIER, "header identifier is not 0x51")                                            \
  X(HEADER_VERSION, "protocol major version is not ours")                                          \
  X(HEADER_TYPE, "unknown message type")                                                           \
  X(SOURCE_PORT, "came from a port below 1024")                                                    \
  /* fields in general, 2.5 */                                                                     \
  X(FIELD_SHORT, "less than four bytes where a field should start")                                \
  X(FIELD_LENGTH, "field length below four")                                                       \
  X(FIELD_OVERRUN, "field runs past the end")                                                      \
  X(FIELD_PADDING, "ends inside the padding of a field")                                           \
  X(FIELD_MISSING, "ends before a required field")                                                 \
  X(FIELD_ORDER, "a known field where another one must be")                                        \
  X(FIELD_UNKNOWN, "unknown field")                                                                \
  X(FIELD_SIZE, "field of fixed length has another one")                                           \
  /* arrays, 3.4 to 3.6 and 3.18 */                                                                \
  X(ARRAY_SHORT, "array field shorter than its preamble")                                          \
  X(ARRAY_TYPE, "array of the wrong element type")                                                 \
  X(ARRAY_ENTRY, "array with the wrong entry length")                                              \
  X(ARRAY_LENGTH, "array length does not fit count and entry length")                              \
  X(ARRAY_COUNT, "array with too few or too many entries")                                         \
  /* structures of section 3 */                                                                    \
  X(ROUTE_SHORT, "route entry shorter than its fixed part")                                        \
  X(ROUTE_ADDRESSES, "route entry without addresses, or with more than 20")                        \
  X(ROUTE_LENGTH, "route entry length does not fit its address count")                             \
  X(ENDPOINT_PORT, "endpoint port below 1024")                                                     \
  X(SPLIT_SIZE, "split size is 0 or above 37348")                                                  \
  X(SPLIT_OFFSET, "split offset is no multiple of 1188")                                           \
  X(SPLIT_SLICE, "fragment is empty or longer than 1188")                                          \
  X(CRITERIA, "unknown resolve criteria")                                                          \
  X(PAYLOAD_SIZE, "extended payload is empty or above 5120 bytes")                                 \
  /* route entries that are well formed but of no use: the entry is ignored, 3.2 */                \
  X(ROUTE_KEY_ZERO, "route entry for key zero")                                                    \
  X(ROUTE_VERSION, "route entry of another major version")                                         \
  X(ROUTE_PORT, "route entry with a port below 1024")                                              \
  /* certified peer addresses and what is in them, 3.9 to 3.19 */                                  \
  X(CPA_SHORT, "CPA ends too early")                                                               \
  X(CPA_TRAILING, "bytes behind the CPA")                                                          \
  X(CPA_VERSION, "CPA of another protocol major version")                                          \
  X(CPA_PROFILE, "CPA of another security profile version")                                        \
  X(CPA_KEY_LENGTH, "CPA key length is not 32")                                                    \
  X(CPA_NONCE_LENGTH, "CPA nonce length is not 16")                                                \
  X(CPA_SIGNATURE_LENGTH, "CPA signature length is wrong")                                         \
  X(CPA_ALGORITHM, "CPA names another algorithm")                                                  \
  X(CPA_ADDRESS_LENGTH, "CPA service address length is not 18")                                    \
  X(CPA_ADDRESSES, "CPA with more than four service addresses")                                    \
  X(PUBLIC_KEY_SHORT, "public key structure ends too early")                                       \
  X(PUBLIC_KEY_TRAILING, "bytes behind the public key structure")                                  \
  X(PUBLIC_KEY_ALGORITHM, "public key of another algorithm")                                       \
  X(PUBLIC_KEY_LENGTH, "public key data is not 140 bytes")                                         \
  X(KEYTOKEN_LENGTH, "key token is not 68 bytes")                                                  \
  X(KEYTOKEN_IV_LENGTH, "key token IV length is not 16")                                           \
  X(KEYTOKEN_HEADER, "key token has the wrong key blob header")

typedef enum {
  DRT_REJECT_NONE, /* all is well */
#define DRT_REJECT_ENUM(name, text) DRT_REJECT_##name,
  DRT_REJECTS(DRT_REJECT_ENUM)
#undef DRT_REJECT_ENUM
    DRT_REJECT_COUNT
} DrtReject;

/* "FIELD_MISSING"; "NONE". (transfer none) */
const char *drt_reject_name(DrtReject reject);
/* The same as a short sentence without a full stop. (transfer none) */
const char *drt_reject_text(DrtReject reject);
