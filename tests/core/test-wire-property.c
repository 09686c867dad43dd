/* The promises of test-wire-kind.h on many bytes: random valid messages, every vector cut short at
 * each length and changed in each byte, and rubbish. All input lies in a piece of memory that is
 * exactly as long, so that a sanitizer sees a read behind its end. */
#include "drt-decode.h"
#include "drt-encode.h"
#include "drt-fragment.h"

#include "test-keys.h"
#include "test-memory.h"
#include "test-wire-vectors.h"
#include "test-wire.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdlib.h>

static const DrtMode modes[] = { DRT_MODE_RESOLVE, DRT_MODE_MEMBERSHIP, DRT_MODE_CONFIDENTIAL };

/* A copy in memory that is exactly as long. */
static uint8_t *
exact(const uint8_t *from, uint32_t n)
{
  uint8_t *copy = malloc(n);
  memcpy(copy, from, n);
  return copy;
}

/* What @bytes say, put together again where it was sent as a split body, is @made. */
static const char *
differ_received(const DrtMsg *made, DrtMode mode, DrtBytes bytes)
{
  DrtMsg got;
  DrtBytes whole;
  if (drt_decode(bytes.at, bytes.n, TEST_WIRE_MAJOR, mode, &got) != DRT_REJECT_NONE)
    return "message that is rejected";
  if (made->type == DRT_AUTHORITY) {
    DrtAuthorityBody body;
    whole = got.authority.split.slice;
    if (got.authority.split.size != whole.n || got.authority.split.offset != 0)
      return "split";
    if (got.authority.acked != made->authority.acked || got.id != made->id)
      return "id";
    if (drt_decode_authority_body(whole, mode, &body) != DRT_REJECT_NONE)
      return "body that is rejected";
    return test_wire_differ_body(&body, made->authority.body, mode);
  }
  if (made->type == DRT_REQUEST && mode != DRT_MODE_RESOLVE) {
    DrtRequestBody body;
    whole = got.request.split.slice;
    if (got.request.split.size != whole.n || got.request.split.offset != 0)
      return "split";
    if (drt_decode_request_body(whole, mode, &body) != DRT_REJECT_NONE)
      return "body that is rejected";
    return test_wire_differ_request(&body, &made->request.body, mode);
  }
  return test_wire_differ(&got, made, mode);
}

static void
try_made(uint64_t seed, DrtMsgType type, DrtMode mode)
{
  static TestWireSpace space;
  static uint8_t to[TEST_WIRE_ROOM];
  TestRandom random = { seed };
  DrtMsg made;
  test_wire_make(&random, type, mode, &space, &made);
  uint32_t n = drt_encoded_size(&made, mode);
  uint8_t *bytes = malloc(n);
  memset(bytes, 0x5a, n);
  test_must(drt_encode(&made, mode, bytes, n - 1) == 0, "type %d, mode %d, seed %d", (int)type,
            (int)mode, (int)seed);
  memset(to, 0x5a, n);
  test_must(memcmp(bytes, to, n) == 0, "wrote into too little room, type %d, mode %d, seed %d",
            (int)type, (int)mode, (int)seed);
  test_must(drt_encode(&made, mode, bytes, n) == n, "type %d, mode %d, seed %d", (int)type,
            (int)mode, (int)seed);
  const char *part = differ_received(&made, mode, (DrtBytes){ bytes, n });
  test_must(part == NULL, "another %s, type %d, mode %d, seed %d", part, (int)type, (int)mode,
            (int)seed);
  DrtReject reject;
  const char *broken = test_wire_check(TEST_WIRE_DATAGRAM, mode, (DrtBytes){ bytes, n }, &reject);
  test_must(broken == NULL, "%s, type %d, mode %d, seed %d", broken, (int)type, (int)mode,
            (int)seed);
  free(bytes);
}

/* mc-drt 2.5 and 4.1 to 4.8 */
Test(wire_property, a_made_message_arrives_as_it_was)
{
  for (uint32_t m = 0; m < 3; m++)
    for (uint32_t t = 0; t < TEST_WIRE_TYPES; t++)
      for (uint64_t seed = 1; seed <= 400; seed++)
        try_made(seed, test_wire_types[t], modes[m]);
}

/* mc-drt 2.8: an AUTHORITY_BUFFER of any size, as datagrams and back, in random order. */
static void
try_split(uint64_t seed, DrtMode mode)
{
  static TestWireSpace space;
  static uint8_t buffer[TEST_WIRE_ROOM];
  TestRandom random = { seed };
  TestMemory memory = { 0 };
  DrtReassembly list;
  DrtAuthorityBody made, got;
  do
    test_wire_make_body(&random, mode, &space, &made);
  while (drt_encoded_authority_body_size(&made, mode) > DRT_SPLIT_SIZE_MAX);
  uint32_t n = drt_encode_authority_body(&made, mode, buffer, sizeof buffer);
  uint32_t count = drt_fragment_count(n), order[DRT_FRAGMENTS_MAX];
  for (uint32_t i = 0; i < count; i++) {
    uint32_t k = test_random_below(&random, i + 1);
    order[i] = order[k];
    order[k] = i;
  }
  drt_reassembly_init(&list, test_memory(&memory));
  for (uint32_t i = 0; i < count; i++) {
    static uint8_t datagram[DRT_SPLIT_BODY + DRT_FRAGMENT_LEN];
    DrtMsg sent = { .type = DRT_AUTHORITY, .major = TEST_WIRE_MAJOR, .id = 7 }, received;
    DrtBytes whole;
    sent.authority =
      (DrtAuthority){ .acked = 9, .split = drt_fragment((DrtBytes){ buffer, n }, order[i]) };
    uint32_t length = drt_encode(&sent, mode, datagram, sizeof datagram);
    test_must(drt_decode(datagram, length, TEST_WIRE_MAJOR, mode, &received) == DRT_REJECT_NONE,
              "seed %d", (int)seed);
    DrtFragmentKey key = { .type = received.type, .id = received.id };
    DrtFragmentVerdict verdict =
      drt_reassembly_add(&list, 0, &key, &received.authority.split, &whole);
    bool last = i + 1 == count;
    test_must(verdict == (last ? DRT_FRAGMENT_WHOLE : DRT_FRAGMENT_KEPT), "seed %d", (int)seed);
    if (!last)
      continue;
    test_must(whole.n == n && memcmp(whole.at, buffer, n) == 0, "seed %d", (int)seed);
    test_must(drt_decode_authority_body(whole, mode, &got) == DRT_REJECT_NONE, "seed %d",
              (int)seed);
    test_must(test_wire_differ_body(&made, &got, mode) == NULL, "seed %d", (int)seed);
  }
  drt_reassembly_clear(&list);
  test_must(memory.pieces == 0, "seed %d", (int)seed);
}

Test(wire_property, a_split_authority_arrives_as_it_was)
{
  for (uint32_t m = 0; m < 3; m++)
    for (uint64_t seed = 1; seed <= 100; seed++)
      try_split(seed, modes[m]);
}

/* One of the bytes that @vector is about, as one structure of each kind and in each mode. */
static void
try_bytes(const char *name, TestWireKind kind, DrtMode mode, DrtBytes bytes, uint32_t at, int value)
{
  DrtReject reject;
  const char *broken = test_wire_check(kind, mode, bytes, &reject);
  test_must(broken == NULL, "%s: %s (mode %d, at %u, value %d)", name, broken, (int)mode, at,
            value);
}

Test(wire_property, vectors_cut_short_are_refused_or_say_the_same)
{
  for (uint32_t i = 0; i < test_wire_vector_count; i++) {
    const TestWireVector *vector = &test_wire_vectors[i];
    uint8_t *bytes = test_wire_vector_bytes(vector);
    for (uint32_t n = 0; n < vector->n; n++) {
      uint8_t *cut = exact(bytes, n);
      for (uint32_t m = 0; m < 3; m++)
        try_bytes(vector->name, vector->kind, modes[m], (DrtBytes){ cut, n }, n, -1);
      free(cut);
    }
    free(bytes);
  }
}

/* All values of all bytes, in the mode of the vector; a few of them in the other modes. */
Test(wire_property, vectors_with_a_changed_byte_are_refused_or_say_the_same)
{
  for (uint32_t i = 0; i < test_wire_vector_count; i++) {
    const TestWireVector *vector = &test_wire_vectors[i];
    uint8_t *bytes = test_wire_vector_bytes(vector);
    for (uint32_t at = 0; at < vector->n; at++) {
      uint8_t right = bytes[at];
      for (int value = 0; value < 256; value++) {
        bytes[at] = (uint8_t)value;
        for (uint32_t m = 0; m < 3; m++)
          if (modes[m] == vector->mode || value % 64 == 1)
            try_bytes(vector->name, vector->kind, modes[m], (DrtBytes){ bytes, vector->n }, at,
                      value);
      }
      bytes[at] = right;
    }
    free(bytes);
  }
}

/* The bodies of split messages, which a datagram with an oversized Length would hide. */
Test(wire_property, bodies_with_a_changed_byte_are_refused_or_say_the_same)
{
  static const char *const names[] = { "authority-full", "authority-confidential", "authority-cpa",
                                       "request-membership" };
  for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
    const TestWireVector *vector = test_wire_vector(names[i]);
    uint8_t *datagram = test_wire_vector_bytes(vector);
    TestWireKind kind =
      datagram[7] == DRT_AUTHORITY ? TEST_WIRE_AUTHORITY_BODY : TEST_WIRE_REQUEST_BODY;
    uint32_t n = vector->n - DRT_SPLIT_BODY;
    for (uint32_t at = 0; at < n; at++) {
      uint8_t *bytes = exact(datagram + DRT_SPLIT_BODY, n), *cut = exact(bytes, at);
      for (uint32_t m = 0; m < 3; m++)
        try_bytes(names[i], kind, modes[m], (DrtBytes){ cut, at }, at, -1);
      for (int value = 0; value < 256; value++) {
        bytes[at] = (uint8_t)value;
        try_bytes(names[i], kind, vector->mode, (DrtBytes){ bytes, n }, at, value);
      }
      free(bytes);
      free(cut);
    }
    free(datagram);
  }
}

/* Several changes at once, in random messages: bytes, a piece removed, a piece doubled. */
static void
try_bent(uint64_t seed)
{
  static TestWireSpace space;
  static uint8_t to[TEST_WIRE_ROOM];
  TestRandom random = { seed };
  DrtMsg made;
  DrtMode mode = modes[seed % 3];
  test_wire_make(&random, test_wire_types[seed % TEST_WIRE_TYPES], mode, &space, &made);
  uint32_t n = drt_encode(&made, mode, to, sizeof to);
  for (uint32_t changes = test_random_below(&random, 4); changes > 0; changes--)
    to[test_random_below(&random, n)] = (uint8_t)test_random(&random);
  uint32_t from = 4 * test_random_below(&random, n / 4), length = 4 * test_random_below(&random, 8);
  if (length > n - from)
    length = n - from;
  switch (test_random_below(&random, 3)) {
  case 0:
    memmove(to + from, to + from + length, n - from - length);
    n -= length;
    break;
  case 1:
    memmove(to + from + length, to + from, n - from);
    n += length;
    break;
  }
  uint8_t *bytes = exact(to, n);
  DrtReject reject;
  for (uint32_t m = 0; m < 3; m++) {
    const char *broken =
      test_wire_check(TEST_WIRE_DATAGRAM, modes[m], (DrtBytes){ bytes, n }, &reject);
    test_must(broken == NULL, "%s, seed %d", broken, (int)seed);
  }
  free(bytes);
}

Test(wire_property, bent_messages_are_refused_or_say_the_same)
{
  for (uint64_t seed = 1; seed <= 40000; seed++)
    try_bent(seed);
}

/* Rubbish, with a good header more often than not, and small values: plausible lengths. */
static void
try_rubbish(uint64_t seed)
{
  static const uint8_t header[] = { 0, 0x10, 0, 0x0c, 0x51, TEST_WIRE_MAJOR };
  TestRandom random = { seed };
  uint32_t n = test_random_below(&random, 120);
  uint8_t *bytes = malloc(n);
  for (uint32_t i = 0; i < n; i++)
    bytes[i] = (uint8_t)(test_random_once_in(&random, 2) ? test_random(&random)
                                                         : test_random_below(&random, 16));
  if (n >= 8 && !test_random_once_in(&random, 4)) {
    memcpy(bytes, header, sizeof header);
    bytes[7] = (uint8_t)test_wire_types[test_random_below(&random, TEST_WIRE_TYPES)];
  }
  DrtReject reject;
  for (TestWireKind kind = 0; kind < TEST_WIRE_KINDS; kind++)
    for (uint32_t m = 0; m < 3; m++) {
      const char *broken = test_wire_check(kind, modes[m], (DrtBytes){ bytes, n }, &reject);
      test_must(broken == NULL, "%s, kind %d, seed %d", broken, (int)kind, (int)seed);
    }
  free(bytes);
}

Test(wire_property, rubbish_is_refused_or_says_the_same)
{
  for (uint64_t seed = 1; seed <= 40000; seed++)
    try_rubbish(seed);
}

/* A mistake of ours must not become a datagram. */
static const uint8_t zeros[DRT_FRAGMENT_LEN + 1];

Test(wire_property, a_path_of_23_cannot_be_encoded, .signal = SIGABRT)
{
  static const DrtEndpoint path[DRT_PATH_MAX + 1];
  DrtMsg msg = { .type = DRT_LOOKUP };
  msg.lookup.path.plain = (DrtEndpointList){ path, DRT_PATH_MAX + 1 };
  drt_encoded_size(&msg, DRT_MODE_RESOLVE);
}

Test(wire_property, a_lookup_without_path_cannot_be_encoded, .signal = SIGABRT)
{
  DrtMsg msg = { .type = DRT_LOOKUP };
  drt_encoded_size(&msg, DRT_MODE_RESOLVE);
}

Test(wire_property, thirty_three_keys_cannot_be_encoded, .signal = SIGABRT)
{
  DrtMsg msg = { .type = DRT_ADVERTISE };
  msg.advertise.keys.n = DRT_KEYS_MAX + 1;
  drt_encoded_size(&msg, DRT_MODE_RESOLVE);
}

Test(wire_property, a_route_without_address_cannot_be_encoded, .signal = SIGABRT)
{
  DrtMsg msg = { .type = DRT_SOLICIT };
  msg.solicit.route.present = true;
  drt_encoded_size(&msg, DRT_MODE_RESOLVE);
}

Test(wire_property, a_fragment_of_1189_cannot_be_encoded, .signal = SIGABRT)
{
  static uint8_t to[2048];
  DrtMsg msg = { .type = DRT_AUTHORITY };
  msg.authority.split = (DrtSplit){ 2000, 0, { zeros, DRT_FRAGMENT_LEN + 1 } };
  drt_encode(&msg, DRT_MODE_RESOLVE, to, sizeof to);
}

Test(wire_property, a_body_that_must_be_split_cannot_be_encoded_whole, .signal = SIGABRT)
{
  static uint8_t to[2048];
  DrtAuthorityBody body = { .chain = { zeros, DRT_FRAGMENT_LEN } };
  DrtMsg msg = { .type = DRT_AUTHORITY };
  msg.authority.body = &body;
  drt_encode(&msg, DRT_MODE_RESOLVE, to, sizeof to);
}

Test(wire_property, an_empty_payload_cannot_be_encoded, .signal = SIGABRT)
{
  DrtAuthorityBody body = { .payload = { zeros, 0 } };
  drt_encoded_authority_body_size(&body, DRT_MODE_RESOLVE);
}
