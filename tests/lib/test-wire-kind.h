/* Everything that can be decoded and encoded, behind one set of functions, and the promises that
 * hold for all of it. Used by tests and by fuzzers: no Criterion in here. */
#pragma once
#include "drt-cpa.h"
#include "drt-keytoken.h"
#include "drt-message.h"
#include "drt-reject.h"

typedef enum {
  TEST_WIRE_DATAGRAM,
  TEST_WIRE_AUTHORITY_BODY,
  TEST_WIRE_REQUEST_BODY,
  TEST_WIRE_ROUTE,
  TEST_WIRE_PATH,
  TEST_WIRE_CPA,
  TEST_WIRE_NULL_CPA,
  TEST_WIRE_PUBLIC_KEY,
  TEST_WIRE_KEYTOKEN,
  TEST_WIRE_KINDS
} TestWireKind;

typedef union {
  DrtMsg msg;
  DrtAuthorityBody authority;
  DrtRequestBody request;
  DrtRoute route;
  DrtEndpointList path;
  DrtCpa cpa;
  DrtNullCpa null_cpa;
  DrtPublicKey public_key;
  DrtKeytoken keytoken;
} TestWireThing;

/* The major version that datagrams and CPAs must have here. */
#define TEST_WIRE_MAJOR 6
/* More than any encoder writes. */
#define TEST_WIRE_ROOM (1u << 17)

DrtReject test_wire_decode(TestWireKind kind, DrtMode mode, DrtBytes bytes, TestWireThing *ret);
uint32_t test_wire_size(TestWireKind kind, DrtMode mode, const TestWireThing *thing);
uint32_t test_wire_encode(TestWireKind kind, DrtMode mode, const TestWireThing *thing, uint8_t *to,
                          uint32_t room);
/* NULL if both say the same, else the name of the part that differs. */
const char *test_wire_differ_thing(TestWireKind kind, DrtMode mode, const TestWireThing *a,
                                   const TestWireThing *b);

/* Decodes any bytes and returns the name of the promise that was broken, or NULL:
 *
 * - a rejection has a name and leaves the output alone, to the byte;
 * - the size announced is the size written, and one byte less of room writes nothing;
 * - what was encoded again decodes to the same;
 * - its bytes are the given ones, but for padding and what the protocol tells to ignore. This is
 *   checked by a walk over both that knows nothing of the decoders.
 *
 * The slice of a split message is tried as a whole one as well. */
const char *test_wire_check(TestWireKind kind, DrtMode mode, DrtBytes bytes, DrtReject *ret_reject);
