/* What must be refused, and under which name: a row for each "if wrong" of mc-drt 2.3 to 4.8. And
 * what must be taken although it is odd. A row is a vector of tests/lib with one thing changed. */
#include "drt-decode.h"
#include "drt-encode.h"

#include "test-wire-vectors.h"
#include "test-wire.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#define ROWS(array) (sizeof(array) / sizeof *(array))
#define ROOM 65536

typedef struct {
  DrtReject expected;
  const char *what; /* the rule first */
  const char *base; /* name of the vector */
  uint32_t at;      /* where to change it */
  const char *over; /* bytes to put over what is there */
  uint32_t drop;    /* bytes to remove behind them */
  const char *put;  /* bytes to insert there */
} Row;

/* The bytes of @row, in a piece of memory that is exactly as long. */
static DrtBytes
apply(const Row *row)
{
  static uint8_t bytes[ROOM], part[ROOM];
  uint32_t n = test_wire_hex(test_wire_vector(row->base)->hex, bytes, ROOM);
  uint32_t over = row->over == NULL ? 0 : test_wire_hex(row->over, part, ROOM);
  uint32_t at = row->at + over;
  cr_assert(at + row->drop <= n, "%s", row->what);
  memcpy(bytes + row->at, part, over);
  uint32_t put = row->put == NULL ? 0 : test_wire_hex(row->put, part, ROOM);
  uint32_t rest = n - at - row->drop;
  uint8_t *exact = malloc(at + put + rest + (at + put + rest == 0));
  memcpy(exact, bytes, at);
  memcpy(exact + at, part, put);
  memcpy(exact + at + put, bytes + at + row->drop, rest);
  return (DrtBytes){ exact, at + put + rest };
}

/* With @body, what lies behind the first 28 bytes: the AUTHORITY_BUFFER or the secured REQUEST. */
static DrtReject
verdict(const Row *row, bool body)
{
  const TestWireVector *vector = test_wire_vector(row->base);
  DrtBytes bytes = apply(row), given = bytes;
  TestWireKind kind = vector->kind;
  if (body) {
    kind = bytes.at[7] == DRT_AUTHORITY ? TEST_WIRE_AUTHORITY_BODY : TEST_WIRE_REQUEST_BODY;
    given.n -= DRT_SPLIT_BODY;
    uint8_t *slice = malloc(given.n + (given.n == 0));
    memcpy(slice, bytes.at + DRT_SPLIT_BODY, given.n);
    free((void *)bytes.at);
    given.at = bytes.at = slice;
  }
  DrtReject reject = DRT_REJECT_COUNT;
  const char *broken = test_wire_check(kind, vector->mode, given, &reject);
  cr_expect(broken == NULL, "%s: %s", row->what, broken);
  free((void *)bytes.at);
  return reject;
}

static bool seen[DRT_REJECT_COUNT];

static void
try_rows(const Row *rows, size_t n, bool body)
{
  for (size_t i = 0; i < n; i++) {
    DrtReject got = verdict(&rows[i], body);
    seen[got] = true;
    cr_expect(got == rows[i].expected, "%s (%s): %s, not %s", rows[i].what, rows[i].base,
              drt_reject_name(got), drt_reject_name(rows[i].expected));
  }
}

#define REJECT(name) DRT_REJECT_##name

static const Row headers[] = {
  { REJECT(HEADER_SHORT), "2.3 nothing at all", "ack", 0, .drop = 20 },
  { REJECT(HEADER_SHORT), "2.3 eleven bytes", "ack", 11, .drop = 9 },
  { REJECT(HEADER_FIELD), "2.3 FieldID, low byte", "ack", 0, .over = "0011" },
  { REJECT(HEADER_FIELD), "2.3 FieldID, high byte", "ack", 0, .over = "0110" },
  { REJECT(HEADER_LENGTH), "2.3 Length 8: not counting its own head (H3)", "ack", 2,
    .over = "0008" },
  { REJECT(HEADER_LENGTH), "2.3 Length, high byte", "ack", 2, .over = "010c" },
  { REJECT(HEADER_IDENTIFIER), "2.3 Identifier", "ack", 4, .over = "52" },
  { REJECT(HEADER_VERSION), "2.3, H2 VersionMajor below", "ack", 5, .over = "05" },
  { REJECT(HEADER_VERSION), "2.3, H2 VersionMajor above", "ack", 5, .over = "07" },
  { REJECT(HEADER_TYPE), "2.4 type 0", "ack", 7, .over = "00" },
  { REJECT(HEADER_TYPE), "2.4 type 5", "ack", 7, .over = "05" },
  { REJECT(HEADER_TYPE), "2.4 type 6", "ack", 7, .over = "06" },
  { REJECT(HEADER_TYPE), "2.4 type 10", "ack", 7, .over = "0a" },
  { REJECT(HEADER_TYPE), "2.4 type 12", "ack", 7, .over = "0c" },
  { REJECT(HEADER_TYPE), "2.4 type 255", "ack", 7, .over = "ff" },
};

static const Row fields[] = {
  { REJECT(FIELD_SHORT), "2.5 one byte behind the last field", "ack", 20, .put = "00" },
  { REJECT(FIELD_SHORT), "2.5 three bytes behind the last field", "ack", 20, .put = "004000" },
  { REJECT(FIELD_LENGTH), "2.5 Length 3", "ack-unknown", 22, .over = "0003" },
  { REJECT(FIELD_LENGTH), "2.5 Length 0", "ack-unknown", 22, .over = "0000" },
  { REJECT(FIELD_LENGTH), "2.5 four zeros are a field of length 0", "ack", 20, .put = "00*4" },
  { REJECT(FIELD_OVERRUN), "2.5 one byte past the end", "ack-unknown", 22, .over = "0007" },
  { REJECT(FIELD_OVERRUN), "2.5 far past the end", "ack-unknown", 22, .over = "ffff" },
  { REJECT(FIELD_OVERRUN), "2.5 cut inside the last field", "solicit", 95, .drop = 1 },
  { REJECT(FIELD_PADDING), "2.5, H4 one of two bytes of padding", "ack-unknown", 26, .put = "00" },
  { REJECT(FIELD_MISSING), "2.5 header only", "solicit", 12, .drop = 84 },
  { REJECT(FIELD_MISSING), "4.1 ends behind the route entry", "solicit", 72, .drop = 24 },
  { REJECT(FIELD_MISSING), "4.2 ends behind the acked id", "advertise", 20, .drop = 100 },
  { REJECT(FIELD_MISSING), "4.2 ends behind the keys", "advertise", 96, .drop = 24 },
  { REJECT(FIELD_MISSING), "4.3 ends behind the nonce", "request", 32, .drop = 76 },
  { REJECT(FIELD_MISSING), "4.4 ends behind the controls", "flood", 20, .drop = 126 },
  { REJECT(FIELD_MISSING), "4.4 ends behind the Validate Key", "flood", 56, .drop = 90 },
  { REJECT(FIELD_MISSING), "4.4 ends before the endpoints", "flood", 116, .drop = 30 },
  { REJECT(FIELD_MISSING), "4.5 ends behind the flags", "inquire", 20, .drop = 56 },
  { REJECT(FIELD_MISSING), "4.6 ends behind the acked id", "authority-cpa", 20, .drop = 397 },
  { REJECT(FIELD_MISSING), "4.7 header only", "ack", 12, .drop = 8 },
  { REJECT(FIELD_MISSING), "4.8 ends behind the controls", "lookup", 24, .drop = 162 },
  { REJECT(FIELD_MISSING), "4.8 ends behind the target", "lookup", 60, .drop = 126 },
  { REJECT(FIELD_MISSING), "4.8 ends behind the Validate Key", "lookup", 96, .drop = 90 },
  { REJECT(FIELD_MISSING), "4.8 ends before the path", "lookup", 156, .drop = 30 },
  { REJECT(FIELD_MISSING), "4.3 secured: ends behind the flags", "request-membership", 20,
    .drop = 135 },
  { REJECT(FIELD_MISSING), "4.5 secured: no credential", "inquire-membership", 76, .drop = 12 },
  { REJECT(FIELD_MISSING), "4.5 secured: no signature", "inquire-membership", 80, .drop = 8 },
  { REJECT(FIELD_MISSING), "4.5 secured: no key identifier", "inquire-membership", 84, .drop = 4 },
  { REJECT(FIELD_MISSING), "4.8 secured: no credential", "lookup-membership", 128, .drop = 13 },
  { REJECT(FIELD_MISSING), "4.8 secured: no key identifier", "lookup-membership", 136, .drop = 5 },
  { REJECT(FIELD_ORDER), "4.1 the nonce is in clear", "solicit-bare", 12, .over = "0093 0018" },
  { REJECT(FIELD_ORDER), "4.1 a second route entry", "solicit", 72,
    .put = "009a 003a 10 00*31 0665 c351 0001 00*16 0000" },
  { REJECT(FIELD_ORDER), "4.2 the hashed nonce before the keys", "advertise", 20,
    .put = "0092 0018 00*20" },
  { REJECT(FIELD_ORDER), "4.2 no acked id", "advertise", 12, .drop = 8 },
  { REJECT(FIELD_ORDER), "4.2 no keys", "advertise", 20, .drop = 76 },
  { REJECT(FIELD_ORDER), "4.3 no nonce", "request", 12, .drop = 20 },
  { REJECT(FIELD_ORDER), "4.3 resolve mode: no flags in front", "request", 12,
    .put = "0040 0006 00*4" },
  { REJECT(FIELD_ORDER), "4.3 resolve mode: no proof behind", "request", 108, .put = "0080 0004" },
  { REJECT(FIELD_ORDER), "4.3 secured: no split controls", "request-membership", 20,
    .over = "0093" },
  { REJECT(FIELD_ORDER), "4.3 secured: no flags", "request-membership", 12, .drop = 8 },
  { REJECT(FIELD_ORDER), "4.4 resolve mode: no key token", "flood", 56, .put = "009f 0004" },
  { REJECT(FIELD_ORDER), "4.4 resolve mode: no sealed revoke CPA", "flood", 56,
    .put = "00a2 0004" },
  { REJECT(FIELD_ORDER), "4.4 resolve mode: no sealed route entry", "flood", 56, .over = "00a1" },
  { REJECT(FIELD_ORDER), "4.4 resolve mode: no sealed endpoints", "flood", 116, .over = "00a0" },
  { REJECT(FIELD_ORDER), "4.4 the revoke CPA behind the route entry", "flood", 116,
    .put = "009c 0004" },
  { REJECT(FIELD_ORDER), "4.4 no Validate Key", "flood", 20, .drop = 36 },
  { REJECT(FIELD_ORDER), "4.4 the flags of other messages", "flood", 12, .over = "0040" },
  { REJECT(FIELD_ORDER), "4.4 something behind the endpoints", "flood-bare", 68,
    .put = "009f 0004" },
  { REJECT(FIELD_ORDER), "4.4 sealed: no key token", "flood-confidential", 56, .drop = 12 },
  { REJECT(FIELD_ORDER), "4.4 sealed: revoke CPA in clear", "flood-confidential", 68,
    .over = "009c" },
  { REJECT(FIELD_ORDER), "4.4 sealed: endpoints in clear", "flood-confidential", 92,
    .over = "009e" },
  { REJECT(FIELD_ORDER), "4.5 no flags", "inquire", 12, .drop = 8 },
  { REJECT(FIELD_ORDER), "4.5 the target in place of the Validate Key", "inquire", 20,
    .over = "0038" },
  { REJECT(FIELD_ORDER), "4.5 the hashed nonce", "inquire", 56, .over = "0092" },
  { REJECT(FIELD_ORDER), "4.5 a second nonce", "inquire", 76, .put = "0093 0014 00*16" },
  { REJECT(FIELD_ORDER), "4.5 secured: signature before credential", "inquire-membership", 76,
    .put = "00a5 0004" },
  { REJECT(FIELD_ORDER), "4.6 no acked id", "authority-cpa", 12, .drop = 8 },
  { REJECT(FIELD_ORDER), "4.6 no split controls", "authority-cpa", 20, .over = "0040" },
  { REJECT(FIELD_ORDER), "4.7 a nonce behind it", "ack", 20, .put = "0093 0014 00*16" },
  { REJECT(FIELD_ORDER), "4.7 flags twice", "ack-unknown-28", 28, .put = "0040 0006 0001" },
  { REJECT(FIELD_ORDER), "4.8 Validate Key before the target", "lookup", 24, .over = "0039" },
  { REJECT(FIELD_ORDER), "4.8 no controls", "lookup", 12, .drop = 12 },
  { REJECT(FIELD_ORDER), "4.8 a second path", "lookup", 186,
    .put = "0000 009e 001e 0001 001a 009d 0012 0400 00*16" },
  { REJECT(FIELD_ORDER), "4.8 resolve mode: no proof", "lookup", 186, .put = "0000 0080 0004" },
  { REJECT(FIELD_ORDER), "4.8 resolve mode: no key token (H6)", "lookup", 96, .put = "009f 0004" },
  { REJECT(FIELD_ORDER), "4.8 sealed: no key token (H6)", "lookup-confidential", 96, .drop = 8 },
  { REJECT(FIELD_ORDER), "4.8 sealed: route entry under the plain id", "lookup-confidential", 104,
    .over = "009a" },
  { REJECT(FIELD_UNKNOWN), "2.5, H5 unknown field behind the last", "ack", 20, .put = "0041 0004" },
  { REJECT(FIELD_UNKNOWN), "H5 unknown field in the place of a known one", "inquire", 20,
    .over = "003a" },
  { REJECT(FIELD_UNKNOWN), "2.6 no field 0099", "flood", 56, .over = "0099" },
  { REJECT(FIELD_UNKNOWN), "2.6 no field 00a7", "inquire-membership", 84, .over = "00a7" },
  { REJECT(FIELD_UNKNOWN), "2.6 no field ffff", "ack", 12, .over = "ffff" },
  { REJECT(FIELD_SIZE), "2.6 acked id of 3 bytes", "ack", 14, .over = "0007" },
  { REJECT(FIELD_SIZE), "2.6 acked id of 8 bytes", "ack", 14, .over = "000c", .put = "00*4" },
  { REJECT(FIELD_SIZE), "3.8 flags of 3 bytes", "ack-unknown-28", 22, .over = "0007" },
  { REJECT(FIELD_SIZE), "3.8 flags of 1 byte", "inquire", 14, .over = "0005" },
  { REJECT(FIELD_SIZE), "2.6 hashed nonce of 16 bytes", "solicit-bare", 14, .over = "0014",
    .drop = 4 },
  { REJECT(FIELD_SIZE), "2.6 nonce of 20 bytes", "request", 14, .over = "0018", .put = "00*4" },
  { REJECT(FIELD_SIZE), "2.6 nonce of 15 bytes", "inquire", 58, .over = "0013" },
  { REJECT(FIELD_SIZE), "2.6 Validate Key of 31 bytes", "inquire", 22, .over = "0023" },
  { REJECT(FIELD_SIZE), "2.6 Target Key of 33 bytes", "lookup", 26, .over = "0025", .put = "00*4" },
  { REJECT(FIELD_SIZE), "4.4 flood controls of 4 bytes", "flood", 14, .over = "0008" },
  { REJECT(FIELD_SIZE), "4.4 flood controls of 2 bytes", "flood", 14, .over = "0006" },
  { REJECT(FIELD_SIZE), "4.8 lookup controls of 7 bytes", "lookup", 14, .over = "000b" },
  { REJECT(FIELD_SIZE), "3.7 split controls of 3 bytes", "authority-cpa", 22, .over = "0007" },
};

static const Row structures[] = {
  { REJECT(ARRAY_SHORT), "3.6 keys without preamble", "advertise-empty", 22, .over = "000b" },
  { REJECT(ARRAY_SHORT), "3.4 endpoints without preamble", "flood-bare", 58, .over = "0004",
    .drop = 8 },
  { REJECT(ARRAY_TYPE), "3.6 keys of another type", "request", 40, .over = "0031" },
  { REJECT(ARRAY_TYPE), "3.4 endpoints of another type", "lookup", 164, .over = "009e" },
  { REJECT(ARRAY_ENTRY), "3.6 keys of 16 bytes", "request", 42, .over = "0010" },
  { REJECT(ARRAY_ENTRY), "3.4 endpoints of 19 bytes", "lookup", 166, .over = "0013" },
  { REJECT(ARRAY_LENGTH), "3.5 ArrayLength without its preamble", "request", 38, .over = "0040" },
  { REJECT(ARRAY_LENGTH), "3.5 a key less than the field has", "request", 36, .over = "0001 0028" },
  { REJECT(ARRAY_LENGTH), "3.5 a key more than the field has", "request", 36, .over = "0003 0068" },
  { REJECT(ARRAY_LENGTH), "3.5 a key more by count alone", "request", 36, .over = "0003" },
  { REJECT(ARRAY_LENGTH), "3.4 ArrayLength", "lookup", 162, .over = "001b" },
  { REJECT(ARRAY_LENGTH), "3.4 Length", "flood", 118, .over = "0020 0001 001a 009d 0012",
    .put = "0000" },
  { REJECT(ARRAY_COUNT), "3.6, H14 33 keys", "advertise-32-keys", 22,
    .over = "042c 0021 0428 0030 0020", .put = "77*32" },
  { REJECT(ARRAY_COUNT), "3.6 2047 keys without a byte of them", "advertise-empty", 24,
    .over = "07ff" },
  { REJECT(ARRAY_COUNT), "3.4 LOOKUP with an empty path", "lookup-bare", 98,
    .over = "000c 0000 0008 009d 0012", .drop = 18 },
  { REJECT(ARRAY_COUNT), "3.4 LOOKUP with a path of 23", "lookup-22", 462,
    .over = "01aa 0017 01a6 009d 0012", .put = "0400 00*16" },
  { REJECT(ARRAY_COUNT), "3.4 FLOOD with 23 endpoints", "flood-bare", 60, .over = "0017" },
  { REJECT(ROUTE_SHORT), "3.2 37 bytes", "route-1", 37, .drop = 17 },
  { REJECT(ROUTE_SHORT), "3.2 nothing", "route-1", 0, .drop = 54 },
  { REJECT(ROUTE_SHORT), "3.2 in a SOLICIT", "solicit", 14, .over = "0029", .drop = 16 },
  { REJECT(ROUTE_ADDRESSES), "3.2, H12 no address", "route-1", 37, .over = "00" },
  { REJECT(ROUTE_ADDRESSES), "3.2, H12 no address, length fits", "route-1", 37, .over = "00" },
  { REJECT(ROUTE_ADDRESSES), "3.2, H12 21 addresses", "route-20", 37, .over = "15" },
  { REJECT(ROUTE_ADDRESSES), "3.2, H12 255 addresses", "lookup", 137, .over = "ff" },
  { REJECT(ROUTE_LENGTH), "3.2 an address less than counted", "route-1", 37, .over = "02" },
  { REJECT(ROUTE_LENGTH), "3.2 an address more than counted", "route-4", 37, .over = "03" },
  { REJECT(ROUTE_LENGTH), "3.2 one byte more", "route-1", 54, .put = "00" },
  { REJECT(ROUTE_LENGTH), "3.2 one byte less", "route-1", 53, .drop = 1 },
  { REJECT(ROUTE_LENGTH), "3.2 in a FLOOD", "flood", 97, .over = "02" },
  { REJECT(ENDPOINT_PORT), "3.3, H12 port 1023 in a path", "lookup", 168, .over = "03ff" },
  { REJECT(ENDPOINT_PORT), "3.3, H12 port 0 in a FLOOD", "flood", 128, .over = "0000" },
  { REJECT(ENDPOINT_PORT), "3.3, H12 port 1023 in the last of 22", "lookup-22", 850,
    .over = "03ff" },
  { REJECT(ENDPOINT_PORT), "3.17 port 1023 under the seal", "path-2", 26, .over = "03ff" },
  { REJECT(ARRAY_COUNT), "3.17 no endpoints under the seal", "path-2", 0,
    .over = "0000 0008 009d 0012", .drop = 36 },
  { REJECT(ARRAY_COUNT), "3.17 23 endpoints under the seal", "path-22", 0,
    .over = "0017 01a6 009d 0012", .put = "0400 00*16" },
  { REJECT(ARRAY_SHORT), "3.17 seven bytes under the seal", "path-2", 7, .drop = 37 },
  { REJECT(ARRAY_LENGTH), "3.17 bytes behind the endpoints", "path-2", 44, .put = "00" },
  { REJECT(ARRAY_LENGTH), "3.17 a byte of the endpoints missing", "path-2", 43, .drop = 1 },
  { REJECT(SPLIT_SIZE), "3.7, H7 size 0", "authority-cpa", 24, .over = "0000" },
  { REJECT(SPLIT_SIZE), "3.7 size 37349", "authority-fragment", 24, .over = "91e5" },
  { REJECT(SPLIT_SIZE), "3.7 secured REQUEST of size 0", "request-membership", 24, .over = "0000" },
  { REJECT(SPLIT_OFFSET), "3.7, H7 offset 1", "authority-fragment", 26, .over = "0001" },
  { REJECT(SPLIT_OFFSET), "3.7, H7 offset 1187", "authority-fragment", 26, .over = "04a3" },
  { REJECT(SPLIT_OFFSET), "3.7, H7 offset 1189 in a REQUEST", "request-fragment", 26,
    .over = "04a5" },
  { REJECT(SPLIT_SLICE), "2.8 an empty fragment", "authority-fragment", 28, .drop = 520 },
  { REJECT(SPLIT_SLICE), "2.8 a fragment of 1189", "authority-fragment", 548, .put = "00*669" },
  { REJECT(SPLIT_SLICE), "2.8 an empty REQUEST", "request-membership", 28, .drop = 127 },
  { REJECT(CRITERIA), "4.8, H31 criteria 3", "lookup", 20, .over = "03" },
  { REJECT(CRITERIA), "4.8, H31 criteria 5", "lookup", 20, .over = "05" },
  { REJECT(CRITERIA), "4.8, H31 criteria 7", "lookup", 20, .over = "07" },
  { REJECT(CRITERIA), "4.8, H31 criteria 9", "lookup", 20, .over = "09" },
  { REJECT(CRITERIA), "4.8, H31 criteria 16", "lookup", 20, .over = "10" },
  { REJECT(CRITERIA), "4.8, H31 criteria 128", "lookup", 20, .over = "80" },
};

/* What is wrong in the split part is found once it is whole. Offsets are still those of the
 * datagram. */
static const Row bodies[] = {
  { REJECT(FIELD_MISSING), "4.6 nothing", "authority-cpa", 28, .drop = 389 },
  { REJECT(FIELD_ORDER), "4.6 no flags", "authority-cpa", 28, .drop = 8 },
  { REJECT(FIELD_SIZE), "4.6 flags of 4 bytes", "authority-cpa", 30, .over = "0008" },
  { REJECT(FIELD_PADDING), "H4 one byte behind the flags", "authority-34", 34, .put = "00" },
  { REJECT(FIELD_ORDER), "4.6 the CPA before the route entry", "authority-full", 80,
    .put = "009b 0004" },
  { REJECT(FIELD_ORDER), "4.6 the payload before the classifier", "authority-full", 48,
    .put = "005a 0005 01 000000" },
  { REJECT(FIELD_ORDER), "4.6 the classifier before the chain", "authority-full", 36,
    .put = "0085 000c 0000 0008 0084 0002" },
  { REJECT(FIELD_ORDER), "4.6 something behind the CPA", "authority-full", 146,
    .put = "0000 009b 0004" },
  { REJECT(FIELD_ORDER), "4.6 a key token in resolve mode", "authority-full", 48,
    .put = "009f 0004" },
  { REJECT(FIELD_ORDER), "4.6 a sealed route entry in resolve mode", "authority-full", 80,
    .over = "00a1" },
  { REJECT(FIELD_ORDER), "4.6 sealed: the key token before the chain", "authority-confidential", 36,
    .put = "009f 0004" },
  { REJECT(FIELD_ORDER), "4.6 sealed: route entry in clear", "authority-confidential", 80,
    .over = "009a" },
  { REJECT(FIELD_ORDER), "4.6 sealed: payload in clear", "authority-confidential", 68,
    .over = "005a" },
  { REJECT(FIELD_ORDER), "4.6 sealed: classifier in clear", "authority-confidential", 56,
    .over = "0085" },
  { REJECT(FIELD_ORDER), "4.6 sealed: CPA in clear", "authority-confidential", 84, .over = "009b" },
  { REJECT(FIELD_ORDER), "4.6 a revoke CPA", "authority-cpa", 36, .over = "009c" },
  { REJECT(FIELD_UNKNOWN), "H5", "authority-full", 36, .over = "0081" },
  { REJECT(FIELD_OVERRUN), "2.5 CPA longer than the buffer", "authority-cpa", 38, .over = "017e" },
  { REJECT(ARRAY_SHORT), "3.18 no preamble", "authority-full", 50, .over = "000b", .drop = 8 },
  { REJECT(ARRAY_TYPE), "3.18 of another type", "authority-full", 56, .over = "0085" },
  { REJECT(ARRAY_ENTRY), "3.18 of bytes", "authority-full", 58, .over = "0001" },
  { REJECT(ARRAY_LENGTH), "3.18 one unit more", "authority-full", 52, .over = "0004" },
  { REJECT(ARRAY_LENGTH), "3.18 an odd byte", "authority-full", 50, .over = "0013" },
  { REJECT(PAYLOAD_SIZE), "3.16, H20 empty", "authority-full", 70, .over = "0004", .drop = 8 },
  { REJECT(PAYLOAD_SIZE), "3.16, H20 5121 bytes", "authority-full", 70, .over = "1405",
    .put = "00*5116" },
  { REJECT(ROUTE_ADDRESSES), "3.2 in an AUTHORITY", "authority-full", 121, .over = "00" },
  { REJECT(FIELD_ORDER), "4.3 secured: no nonce", "request-membership", 28, .drop = 20 },
  { REJECT(FIELD_MISSING), "4.3 secured: ends behind the nonce", "request-membership", 48,
    .drop = 107 },
  { REJECT(FIELD_MISSING), "4.3 secured: no proof", "request-membership", 124, .drop = 31 },
  { REJECT(FIELD_MISSING), "4.3 secured: no signature", "request-membership", 136, .drop = 19 },
  { REJECT(FIELD_MISSING), "4.3 secured: no key identifier", "request-membership", 148, .drop = 7 },
  { REJECT(FIELD_ORDER), "4.3 secured: signature before credential", "request-membership", 124,
    .over = "00a5" },
  { REJECT(FIELD_SHORT), "4.3 secured: a byte behind", "request-membership", 155, .put = "00 00" },
  { REJECT(FIELD_PADDING), "2.5 cut inside the padding", "request-membership", 135, .drop = 20 },
  { REJECT(ARRAY_ENTRY), "3.6", "request-membership", 58, .over = "0021" },
};

static const Row cpas[] = {
  { REJECT(CPA_SHORT), "3.9 nothing", "cpa-1", 0, .drop = 377 },
  { REJECT(CPA_SHORT), "3.9 ends inside the signature", "cpa-1", 130, .drop = 247 },
  { REJECT(CPA_SHORT), "3.9 ends inside the key", "cpa-1", 168, .drop = 209 },
  { REJECT(CPA_SHORT), "3.9 ends inside the public key", "cpa-1", 354, .drop = 23 },
  { REJECT(CPA_SHORT), "3.12 ends before the addresses", "cpa-1", 355, .drop = 22 },
  { REJECT(CPA_SHORT), "3.12 ends inside an address", "cpa-4", 430, .drop = 1 },
  { REJECT(CPA_SHORT), "3.10 parameters longer than the CPA", "cpa-1", 188, .over = "ffff" },
  { REJECT(CPA_TRAILING), "3.9 a byte behind it", "cpa-1", 377, .put = "00" },
  { REJECT(CPA_TRAILING), "3.12 an address more than counted", "cpa-1", 355, .over = "0000" },
  { REJECT(CPA_VERSION), "3.9, H2 protocol major version", "cpa-1", 131, .over = "07" },
  { REJECT(CPA_PROFILE), "3.9 security profile major version", "cpa-1", 133, .over = "02" },
  { REJECT(CPA_PROFILE), "3.9 security profile minor version", "cpa-1", 134, .over = "01" },
  { REJECT(CPA_KEY_LENGTH), "3.9 key length 33", "cpa-1", 135, .over = "2100" },
  { REJECT(CPA_KEY_LENGTH), "3.9 key length big-endian", "cpa-1", 135, .over = "0020" },
  { REJECT(CPA_NONCE_LENGTH), "3.9 nonce length 15", "cpa-1", 169, .over = "0f00" },
  { REJECT(CPA_NONCE_LENGTH), "3.9 nonce length big-endian", "cpa-1", 169, .over = "0010" },
  { REJECT(CPA_SIGNATURE_LENGTH), "3.11 the data alone", "cpa-1", 1, .over = "8000" },
  { REJECT(CPA_SIGNATURE_LENGTH), "3.11 big-endian", "cpa-1", 1, .over = "0082" },
  { REJECT(PUBLIC_KEY_ALGORITHM), "3.10 size of the algorithm id", "cpa-1", 187, .over = "13" },
  { REJECT(PUBLIC_KEY_ALGORITHM), "3.10 algorithm id", "cpa-1", 212, .over = "32" },
  { REJECT(PUBLIC_KEY_LENGTH), "3.10 key of 139 bytes", "cpa-1", 190, .over = "8b00" },
  { REJECT(CPA_ADDRESS_LENGTH), "3.12 address length 19", "cpa-1", 357, .over = "1300" },
  { REJECT(CPA_ADDRESS_LENGTH), "3.12 address length big-endian", "cpa-1", 357, .over = "0012" },
  { REJECT(CPA_ADDRESS_LENGTH), "3.12 also without addresses", "cpa-revoke", 357, .over = "0000" },
  { REJECT(CPA_ADDRESSES), "3.12 five addresses", "cpa-4", 355, .over = "0500 1200",
    .put = "c353 00*16" },
  { REJECT(CPA_ADDRESSES), "3.12 256 addresses", "cpa-4", 355, .over = "0001" },
  { REJECT(ENDPOINT_PORT), "3.3 port 1023", "cpa-1", 359, .over = "03ff" },
  { REJECT(ENDPOINT_PORT), "3.3 port 0 of the fourth", "cpa-4", 413, .over = "0000" },
  { REJECT(PUBLIC_KEY_SHORT), "3.10 nothing", "public-key", 0, .drop = 168 },
  { REJECT(PUBLIC_KEY_SHORT), "3.10 a byte missing", "public-key", 167, .drop = 1 },
  { REJECT(PUBLIC_KEY_SHORT), "3.10 parameters longer than all", "public-key", 1, .over = "a800" },
  { REJECT(PUBLIC_KEY_TRAILING), "3.10 a byte behind it", "public-key", 168, .put = "00" },
  { REJECT(PUBLIC_KEY_TRAILING), "3.10 parameters not counted", "public-key", 1, .over = "0000" },
  { REJECT(PUBLIC_KEY_ALGORITHM), "3.10 algorithm id", "public-key", 6, .over = "32" },
  { REJECT(PUBLIC_KEY_LENGTH), "3.10 length big-endian", "public-key", 3, .over = "008c" },
  { REJECT(CPA_SHORT), "3.19 nothing", "null-cpa-1", 0, .drop = 226 },
  { REJECT(CPA_SHORT), "3.19 no address count", "null-cpa-revoke", 205, .drop = 1 },
  { REJECT(CPA_SHORT), "3.19 ends inside the address", "null-cpa-1", 225, .drop = 1 },
  { REJECT(CPA_SHORT), "3.19 an address less than counted", "null-cpa-1", 205, .over = "02" },
  { REJECT(CPA_TRAILING), "3.19 a byte behind it", "null-cpa-1", 226, .put = "00" },
  { REJECT(CPA_TRAILING), "3.19 an address more than counted", "null-cpa-4", 205, .over = "03" },
  { REJECT(CPA_VERSION), "8.8 protocol major version", "null-cpa-1", 0, .over = "05" },
  { REJECT(CPA_PROFILE), "8.8 security major version", "null-cpa-1", 2, .over = "00" },
  { REJECT(CPA_PROFILE), "8.8 security minor version", "null-cpa-1", 3, .over = "01" },
  { REJECT(CPA_KEY_LENGTH), "3.19 key length little-endian", "null-cpa-1", 4, .over = "2000" },
  { REJECT(CPA_SIGNATURE_LENGTH), "8.8 signature of 127 bytes", "null-cpa-1", 38, .over = "7f" },
  { REJECT(CPA_NONCE_LENGTH), "8.8 nonce of 17 bytes", "null-cpa-1", 167, .over = "11" },
  { REJECT(CPA_ALGORITHM), "8.8 algorithm id of 8 characters", "null-cpa-1", 188, .over = "08" },
  { REJECT(CPA_ALGORITHM), "8.8 algorithm 0.0.0.1", "null-cpa-1", 200, .over = "31" },
  { REJECT(CPA_ADDRESS_LENGTH), "8.8 an address of 28 bytes", "null-cpa-1", 206, .over = "001c" },
  { REJECT(CPA_ADDRESSES), "8.8 five addresses", "null-cpa-4", 205, .over = "05" },
  { REJECT(ENDPOINT_PORT), "3.3 port 1023 of the fourth", "null-cpa-4", 268, .over = "03ff" },
  { REJECT(KEYTOKEN_LENGTH), "3.15 67 bytes", "keytoken", 67, .drop = 1 },
  { REJECT(KEYTOKEN_LENGTH), "3.15 69 bytes", "keytoken", 68, .put = "00" },
  { REJECT(KEYTOKEN_LENGTH), "3.15 nothing", "keytoken", 0, .drop = 68 },
  { REJECT(KEYTOKEN_IV_LENGTH), "3.15, H19 big-endian", "keytoken", 0, .over = "0010" },
  { REJECT(KEYTOKEN_IV_LENGTH), "3.15 another cipher", "keytoken", 0, .over = "0800" },
  { REJECT(KEYTOKEN_HEADER), "3.15 magic", "keytoken", 24, .over = "4c" },
  { REJECT(KEYTOKEN_HEADER), "3.15 key of 16 bytes", "keytoken", 32, .over = "10" },
};

Test(wire_reject, headers)
{
  try_rows(headers, ROWS(headers), false);
}

Test(wire_reject, fields)
{
  try_rows(fields, ROWS(fields), false);
}

Test(wire_reject, structures)
{
  try_rows(structures, ROWS(structures), false);
}

Test(wire_reject, whole_bodies)
{
  try_rows(bodies, ROWS(bodies), true);
}

Test(wire_reject, certified_structures)
{
  try_rows(cpas, ROWS(cpas), false);
}

/* What is odd and must be taken all the same. */
static const Row odd[] = {
  { REJECT(NONE), "2.3, H2 any VersionMinor", "ack", 6, .over = "ff" },
  { REJECT(NONE), "2.3 any MessageID", "ack", 8, .over = "00000000" },
  { REJECT(NONE), "2.5 padding that is not zero", "solicit", 70, .over = "ffff" },
  { REJECT(NONE), "2.5 padding behind flags that is not zero", "inquire", 18, .over = "ffff" },
  { REJECT(NONE), "2.5 padding behind an odd path that is not zero", "lookup-membership", 126,
    .over = "ffff" },
  { REJECT(NONE), "2.5 final padding of zeros", "flood", 146, .put = "0000" },
  { REJECT(NONE), "2.5 final padding of anything", "flood", 146, .put = "eeee" },
  { REJECT(NONE), "H4 final padding behind a path", "lookup", 186, .put = "0000" },
  { REJECT(NONE), "H4 three bytes of it", "lookup-membership", 141, .put = "000000" },
  { REJECT(NONE), "3.8 all reserved flags of INQUIRE", "inquire", 16, .over = "ffff" },
  { REJECT(NONE), "3.8 all reserved flags of ACK", "ack-unknown", 24, .over = "ffff" },
  { REJECT(NONE), "3.8 all flags of ACK clear", "ack-unknown", 24, .over = "0000" },
  { REJECT(NONE), "4.3 reserved bytes of a secured REQUEST", "request-membership", 16,
    .over = "ffffffff" },
  { REJECT(NONE), "4.4 all bits of the flood controls", "flood", 16, .over = "ffffffff" },
  { REJECT(NONE), "4.8 all bits of the lookup flags", "lookup", 16, .over = "ffff" },
  { REJECT(NONE), "4.8 reserved bytes of the controls", "lookup", 22, .over = "ffff" },
  { REJECT(NONE), "3.2 reserved flags of a route entry", "lookup", 136, .over = "ff" },
  { REJECT(NONE), "4.8, H31 unknown reason", "lookup", 21, .over = "04" },
  { REJECT(NONE), "4.8, H31 reason 255", "lookup", 21, .over = "ff" },
  { REJECT(NONE), "4.8 a precision beyond the key", "lookup", 18, .over = "ffff" },
  { REJECT(NONE), "H28 a nonce without A", "inquire", 16, .over = "0000" },
  { REJECT(NONE), "H28 A without a nonce", "inquire-bare", 16, .over = "0010" },
  { REJECT(NONE), "3.1 a Validate Key of zero", "inquire", 24, .over = "00*32" },
  { REJECT(NONE), "3.3 endpoint port 1024", "lookup", 168, .over = "0400" },
  { REJECT(NONE), "3.2 a route entry of port 0 spoils itself only", "lookup", 134, .over = "0000" },
  { REJECT(NONE), "3.2 a route entry of another version", "lookup", 132, .over = "ff" },
  { REJECT(NONE), "3.2, H11 a route entry for key zero", "lookup", 100, .over = "00" },
  { REJECT(NONE), "H13 FLOOD without endpoints", "flood", 118, .over = "000c 0000 0008 009d 0012",
    .drop = 18 },
  { REJECT(NONE), "4.4 a FLOOD without a route entry", "flood", 56, .drop = 60 },
  { REJECT(NONE), "4.8 criteria 1", "lookup", 20, .over = "01" },
  { REJECT(NONE), "4.8 criteria 2", "lookup", 20, .over = "02" },
  { REJECT(NONE), "4.8 criteria 4", "lookup", 20, .over = "04" },
  { REJECT(NONE), "4.8 criteria 8", "lookup", 20, .over = "08" },
  { REJECT(NONE), "3.7 the largest Size", "authority-34", 24, .over = "91e4" },
  { REJECT(NONE), "2.8 a fragment of 1188", "authority-fragment", 548, .put = "00*668" },
  { REJECT(NONE), "3.9 reserved byte of a CPA", "cpa-1", 0, .over = "ff" },
  { REJECT(NONE), "3.10 reserved byte of a public key", "cpa-1", 192, .over = "ff" },
  { REJECT(NONE), "3.10 no parameters", "public-key", 1,
    .over = "0000 8c00 00 312e322e3834302e3131333534392e312e312e31", .drop = 2 },
  { REJECT(NONE), "8.8 unknown flags", "null-cpa-1", 184, .over = "fffffffe" },
  { REJECT(NONE), "8.8 any signature: it proves nothing", "null-cpa-1", 39, .over = "ff*128" },
  { REJECT(NONE), "3.19 any unused bits", "null-cpa-1", 193, .over = "ff" },
  { REJECT(NONE), "3.15 padding that is not zero", "keytoken", 2, .over = "ff*6" },
};

static const Row odd_bodies[] = {
  { REJECT(NONE), "H4 no padding behind the flags", "authority-34", 0, .drop = 0 },
  { REJECT(NONE), "4.6 flags only", "authority-cpa", 36, .drop = 381 },
  { REJECT(NONE), "3.8 all reserved flags", "authority-cpa", 32, .over = "ffff" },
  { REJECT(NONE), "2.5 padding that is not zero", "authority-full", 34, .over = "ffff" },
  { REJECT(NONE), "4.6 no padding behind a last route entry", "authority-full", 138, .drop = 8 },
  { REJECT(NONE), "2.5 padding behind the CPA", "authority-full", 146, .put = "0000" },
  { REJECT(NONE), "3.16 a payload of one byte", "authority-full", 70, .over = "0005", .drop = 4 },
  { REJECT(NONE), "3.16 a payload of 5120", "authority-full", 70, .over = "1404",
    .put = "00*5112" },
  { REJECT(NONE), "4.6 an empty chain", "authority-full", 38, .over = "0004", .drop = 8 },
  { REJECT(NONE), "3.18 an empty classifier", "authority-full", 50,
    .over = "000c 0000 0008 0084 0002", .drop = 8 },
  { REJECT(NONE), "4.6 sealed: flags only", "authority-confidential", 36, .drop = 53 },
  { REJECT(NONE), "4.3 secured: final padding", "request-membership", 155, .put = "00" },
};

Test(wire_reject, takes_what_is_only_odd)
{
  try_rows(odd, ROWS(odd), false);
  try_rows(odd_bodies, ROWS(odd_bodies), true);
}

/* mc-drt 3.2: such an entry is well formed, so the message lives, but it is of no use. */
static const struct {
  DrtReject expected;
  const char *what;
  uint32_t at;
  const char *over;
} refusals[] = {
  { REJECT(ROUTE_KEY_ZERO), "3.2, H11 key zero", 0, "00" },
  { REJECT(ROUTE_VERSION), "3.2, H2 other major version", 32, "07" },
  { REJECT(ROUTE_PORT), "3.2 port 1023", 34, "03ff" },
  { REJECT(ROUTE_PORT), "3.2 port 0", 34, "0000" },
  { REJECT(NONE), "3.2 port 1024", 34, "0400" },
  { REJECT(NONE), "3.2 any minor version", 33, "ff" },
  { REJECT(NONE), "3.2 a key with its last bit only", 0, "00*31 01" },
  { REJECT(NONE), "3.2 a good entry", 0, "80" },
};

static void
try_refusals(void)
{
  for (size_t i = 0; i < ROWS(refusals); i++) {
    Row row = {
      REJECT(NONE), refusals[i].what, "route-1", refusals[i].at, refusals[i].over, 0, NULL
    };
    DrtBytes bytes = apply(&row);
    DrtRoute route;
    cr_assert(drt_decode_route(bytes, &route) == DRT_REJECT_NONE, "%s", refusals[i].what);
    DrtReject got = drt_route_refusal(&route, 6);
    seen[got] = true;
    cr_expect(got == refusals[i].expected, "%s: %s", refusals[i].what, drt_reject_name(got));
    free((void *)bytes.at);
  }
}

Test(wire_reject, route_entries_are_ignored_one_by_one)
{
  try_refusals();
}

/* Every name is given for something: a name that nothing produces is a check that was forgotten.
 * Only the source port (2.1) is not in the bytes: the node looks at it, before it decodes. */
Test(wire_reject, every_reason_has_a_row)
{
  try_rows(headers, ROWS(headers), false);
  try_rows(fields, ROWS(fields), false);
  try_rows(structures, ROWS(structures), false);
  try_rows(bodies, ROWS(bodies), true);
  try_rows(cpas, ROWS(cpas), false);
  try_refusals();
  for (DrtReject reject = DRT_REJECT_NONE; reject < DRT_REJECT_COUNT; reject++)
    cr_expect(eq(int, seen[reject], reject != DRT_REJECT_SOURCE_PORT), "%s",
              drt_reject_name(reject));
}

Test(wire_reject, every_reason_has_a_name_and_a_text)
{
  for (DrtReject a = DRT_REJECT_NONE; a < DRT_REJECT_COUNT; a++) {
    cr_expect(gt(sz, strlen(drt_reject_name(a)), 0));
    cr_expect(gt(sz, strlen(drt_reject_text(a)), 0));
    for (DrtReject b = DRT_REJECT_NONE; b < a; b++)
      cr_expect(strcmp(drt_reject_text(a), drt_reject_text(b)) != 0, "%s", drt_reject_name(a));
  }
  cr_expect(eq(str, (char *)drt_reject_name(DRT_REJECT_NONE), "NONE"));
  cr_expect(eq(str, (char *)drt_reject_name(DRT_REJECT_KEYTOKEN_HEADER), "KEYTOKEN_HEADER"));
}

/* mc-drt 2.6: all ids there are, each behind a message that is complete without it. */
static const uint16_t known_ids[] = {
  0x0010, 0x0018, 0x0030, 0x0038, 0x0039, 0x0040, 0x0043, 0x0044, 0x0045, 0x005a,
  0x0060, 0x0080, 0x0084, 0x0085, 0x0092, 0x0093, 0x0098, 0x009a, 0x009b, 0x009c,
  0x009d, 0x009e, 0x009f, 0x00a0, 0x00a1, 0x00a2, 0x00a3, 0x00a4, 0x00a5, 0x00a6,
};

Test(wire_reject, tells_known_fields_in_the_wrong_place_from_unknown_ones)
{
  uint8_t bytes[40];
  uint32_t n = test_wire_hex(test_wire_vector("solicit-bare")->hex, bytes, sizeof bytes);
  cr_assert(eq(u32, n, 36));
  for (uint32_t id = 0; id <= UINT16_MAX; id++) {
    bytes[36] = (uint8_t)(id >> 8);
    bytes[37] = (uint8_t)id;
    bytes[38] = 0;
    bytes[39] = 4;
    bool known = false;
    for (size_t i = 0; i < ROWS(known_ids); i++)
      known = known || known_ids[i] == id;
    DrtMsg msg;
    DrtReject got = drt_decode(bytes, sizeof bytes, 6, DRT_MODE_RESOLVE, &msg);
    if (got != (known ? DRT_REJECT_FIELD_ORDER : DRT_REJECT_FIELD_UNKNOWN))
      cr_fatal("field %04x: %s", id, drt_reject_name(got));
  }
}

/* The major version is ours to choose; H2. */
Test(wire_reject, the_major_version_is_a_parameter)
{
  const TestWireVector *vector = test_wire_vector("ack");
  uint8_t *bytes = test_wire_vector_bytes(vector);
  DrtMsg msg;
  cr_expect(drt_decode(bytes, vector->n, 7, DRT_MODE_RESOLVE, &msg) == DRT_REJECT_HEADER_VERSION);
  bytes[5] = 7;
  cr_expect(drt_decode(bytes, vector->n, 7, DRT_MODE_RESOLVE, &msg) == DRT_REJECT_NONE);
  cr_expect(eq(u8, msg.major, 7));
  uint8_t again[20];
  cr_assert(eq(u32, drt_encode(&msg, DRT_MODE_RESOLVE, again, sizeof again), 20));
  cr_expect(eq(u8, again[5], 7));
  free(bytes);
}
