/* Bytes that are known to be right (tests/lib/test-wire-vectors.c), in both directions: decoded to
 * the values that mc-drt 9.6 and the tables say, and encoded from structs that are built here. */
#include "drt-decode.h"
#include "drt-encode.h"

#include "test-keys.h"
#include "test-wire-vectors.h"
#include "test-wire.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

/* mc-drt 9.6: nodes A to D are 2001:db8::a to ::d, at these ports. */
static const uint8_t address_a[] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a };
static const uint8_t address_b[] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b };
static const uint8_t address_c[] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0c };
static const uint8_t address_d[] = { 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0d };
enum { PORT_A = 50001, PORT_B = 50002, PORT_C = 50003, PORT_D = 50004 };
static const uint8_t hashed_nonce[] = {
  0x56, 0x17, 0x8b, 0x86, 0xa5, 0x7f, 0xac, 0x22, 0x89, 0x9a,
  0x99, 0x64, 0x18, 0x5c, 0x2c, 0xc9, 0x6e, 0x7d, 0xa5, 0x89
};
static const uint8_t nonce_of_conversation[] = { 0, 1, 2,  3,  4,  5,  6,  7,
                                                 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t nonce_of_inquire[] = { 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
                                            0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf };

/* Valid until the next call. */
static DrtBytes
vector_bytes(const char *name)
{
  static uint8_t bytes[2048];
  return (DrtBytes){ bytes, test_wire_hex(test_wire_vector(name)->hex, bytes, sizeof bytes) };
}

/* The vector as a message, after a look at its header. Valid until the next call. */
static DrtMsg
decoded(const char *name, DrtMsgType type, uint32_t id)
{
  DrtMsg msg = { 0 };
  DrtBytes bytes = vector_bytes(name);
  DrtReject reject = drt_decode(bytes.at, bytes.n, 6, test_wire_vector(name)->mode, &msg);
  cr_assert(eq(str, (char *)drt_reject_name(reject), "NONE"), "%s", name);
  cr_expect(eq(int, (int)msg.type, (int)type), "%s", name);
  cr_expect(eq(u8, msg.major, 6), "%s", name);
  cr_expect(eq(u8, msg.minor, 0x65), "%s", name);
  cr_expect(eq(u32, msg.id, id), "%s", name);
  return msg;
}

static void
expect_bytes(const char *name, const char *what, const void *got, const void *wanted, size_t n)
{
  cr_expect(memcmp(got, wanted, n) == 0, "%s: %s", name, what);
}

static void
expect_route(const char *name, const DrtRouteField *field, uint8_t key, uint16_t port,
             const uint8_t *address)
{
  DrtKey wanted = test_key_byte(key);
  cr_assert(field->present, "%s", name);
  cr_expect(drt_key_equal(&field->plain.key, &wanted), "%s", name);
  cr_expect(eq(u8, field->plain.major, 6), "%s", name);
  cr_expect(eq(u8, field->plain.minor, 0x65), "%s", name);
  cr_expect(eq(u16, field->plain.port, port), "%s", name);
  cr_assert(eq(u8, field->plain.address_count, 1), "%s", name);
  expect_bytes(name, "address", field->plain.addresses, address, DRT_ADDRESS_LEN);
}

static void
expect_key(const char *name, const DrtKey *got, uint8_t first, uint8_t last)
{
  DrtKey wanted = test_key_byte(first);
  wanted.w[3] = last;
  cr_expect(drt_key_equal(got, &wanted), "%s", name);
}

static void
expect_path_of_one(const char *name, const DrtPathField *path, uint16_t port,
                   const uint8_t *address)
{
  DrtEndpoint wanted = drt_endpoint(port, address);
  cr_assert(eq(u16, path->plain.n, 1), "%s", name);
  cr_expect(drt_endpoint_equal(&path->plain.at[0], &wanted), "%s", name);
}

/* @thing, built by a test, is encoded to the bytes of the vector; its count is right, too. */
static void
expect_encodes_thing(const char *name, const TestWireThing *thing)
{
  const TestWireVector *vector = test_wire_vector(name);
  static uint8_t to[2048];
  DrtBytes wanted = vector_bytes(name);
  cr_expect(eq(u32, wanted.n, vector->n), "%s", name);
  cr_expect(eq(u32, test_wire_size(vector->kind, vector->mode, thing), vector->n), "%s", name);
  cr_assert(eq(u32, test_wire_encode(vector->kind, vector->mode, thing, to, sizeof to), vector->n),
            "%s", name);
  for (uint32_t i = 0; i < wanted.n; i++)
    if (to[i] != wanted.at[i])
      cr_fatal("%s: byte %u is %02x, not %02x", name, i, to[i], wanted.at[i]);
}

static void
expect_encodes(const char *name, const DrtMsg *msg)
{
  TestWireThing thing = { .msg = *msg };
  expect_encodes_thing(name, &thing);
}

static DrtMsg
message(DrtMsgType type, uint32_t id)
{
  return (DrtMsg){ .type = type, .major = 6, .minor = 0x65, .id = id };
}

static DrtRouteField
route_of(uint8_t key, uint16_t port, const uint8_t *address)
{
  return (DrtRouteField){ .present = true,
                          .plain = { test_key_byte(key), address, port, 6, 0x65, 1 } };
}

/* mc-drt 9.6, 4.1 */
Test(wire_vectors, solicit)
{
  DrtMsg got = decoded("solicit", DRT_SOLICIT, 0x11223344);
  expect_route("solicit", &got.solicit.route, 0x10, PORT_A, address_a);
  expect_bytes("solicit", "hashed nonce", got.solicit.hashed_nonce, hashed_nonce, DRT_HASH_LEN);

  DrtMsg built = message(DRT_SOLICIT, 0x11223344);
  built.solicit.route = route_of(0x10, PORT_A, address_a);
  memcpy(built.solicit.hashed_nonce, hashed_nonce, DRT_HASH_LEN);
  expect_encodes("solicit", &built);
}

/* mc-drt 9.6, 4.2 */
Test(wire_vectors, advertise)
{
  DrtMsg got = decoded("advertise", DRT_ADVERTISE, 0x55667788);
  cr_expect(eq(u32, got.advertise.acked, 0x11223344));
  cr_assert(eq(u16, got.advertise.keys.n, 2));
  DrtKey first = drt_key_list_get(&got.advertise.keys, 0);
  DrtKey second = drt_key_list_get(&got.advertise.keys, 1);
  expect_key("first key", &first, 0x40, 0);
  expect_key("second key", &second, 0x80, 0);
  expect_bytes("advertise", "hashed nonce", got.advertise.hashed_nonce, hashed_nonce, DRT_HASH_LEN);

  static const uint8_t keys[2 * DRT_KEY_LEN] = { [0] = 0x40, [32] = 0x80 };
  DrtMsg built = message(DRT_ADVERTISE, 0x55667788);
  built.advertise = (DrtAdvertise){ .acked = 0x11223344, .keys = { keys, 2 } };
  memcpy(built.advertise.hashed_nonce, hashed_nonce, DRT_HASH_LEN);
  expect_encodes("advertise", &built);
}

/* mc-drt 9.6, 4.3 */
Test(wire_vectors, request)
{
  DrtMsg got = decoded("request", DRT_REQUEST, 0x11223345);
  const DrtRequestBody *body = &got.request.body;
  expect_bytes("request", "nonce", body->nonce, nonce_of_conversation, DRT_NONCE_LEN);
  cr_assert(eq(u16, body->keys.n, 2));
  DrtKey first = drt_key_list_get(&body->keys, 0), second = drt_key_list_get(&body->keys, 1);
  expect_key("first key", &first, 0x40, 0);
  expect_key("second key", &second, 0x80, 0);

  static const uint8_t keys[2 * DRT_KEY_LEN] = { [0] = 0x40, [32] = 0x80 };
  DrtMsg built = message(DRT_REQUEST, 0x11223345);
  built.request.body.keys = (DrtKeyList){ keys, 2 };
  memcpy(built.request.body.nonce, nonce_of_conversation, DRT_NONCE_LEN);
  expect_encodes("request", &built);
}

/* mc-drt 9.6, 4.7 */
Test(wire_vectors, ack)
{
  DrtMsg got = decoded("ack", DRT_ACK, 0x55667789);
  cr_expect(eq(u32, got.ack.acked, 0x11223345));
  cr_expect(eq(u16, got.ack.flags, 0));

  DrtMsg built = message(DRT_ACK, 0x55667789);
  built.ack.acked = 0x11223345;
  expect_encodes("ack", &built);
}

/* mc-drt 9.6, 4.4 */
Test(wire_vectors, flood)
{
  DrtMsg got = decoded("flood", DRT_FLOOD, 0x5566778a);
  cr_expect(eq(u16, got.flood.flags, 0x0001), "D is set");
  expect_key("Validate Key", &got.flood.validate, 0x10, 0);
  cr_expect(got.flood.revoke.at == NULL && got.flood.keytoken.at == NULL);
  expect_route("flood", &got.flood.route, 0x80, PORT_C, address_c);
  expect_path_of_one("flood", &got.flood.flooded, PORT_B, address_b);

  DrtEndpoint b = drt_endpoint(PORT_B, address_b);
  DrtMsg built = message(DRT_FLOOD, 0x5566778a);
  built.flood = (DrtFlood){ .flags = DRT_FLOOD_NO_ACK,
                            .validate = test_key_byte(0x10),
                            .route = route_of(0x80, PORT_C, address_c),
                            .flooded = { .plain = { &b, 1 } } };
  expect_encodes("flood", &built);
}

/* mc-drt 9.6, 4.5 */
Test(wire_vectors, inquire)
{
  DrtMsg got = decoded("inquire", DRT_INQUIRE, 0x11223346);
  cr_expect(eq(u16, got.inquire.flags, 0x0014), "A and C are set");
  expect_key("Validate Key", &got.inquire.validate, 0x80, 0);
  cr_expect(got.inquire.has_nonce);
  expect_bytes("inquire", "nonce", got.inquire.nonce, nonce_of_inquire, DRT_NONCE_LEN);
  cr_expect(got.inquire.proof.credential.at == NULL, "resolve mode has no proofs");

  DrtMsg built = message(DRT_INQUIRE, 0x11223346);
  built.inquire = (DrtInquire){ .flags = DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN,
                                .validate = test_key_byte(0x80),
                                .has_nonce = true };
  memcpy(built.inquire.nonce, nonce_of_inquire, DRT_NONCE_LEN);
  expect_encodes("inquire", &built);
}

/* mc-drt 9.6, 4.6: the answer to an INQUIRE for a key that is not registered here */
Test(wire_vectors, authority_unknown)
{
  DrtMsg got = decoded("authority-unknown", DRT_AUTHORITY, 0x99aabbcc);
  cr_expect(eq(u32, got.authority.acked, 0x11223346));
  cr_expect(eq(u16, got.authority.split.size, 8));
  cr_expect(eq(u16, got.authority.split.offset, 0));
  cr_assert(eq(u32, got.authority.split.slice.n, 8));
  DrtAuthorityBody body;
  cr_assert(drt_decode_authority_body(got.authority.split.slice, DRT_MODE_RESOLVE, &body) ==
            DRT_REJECT_NONE);
  cr_expect(eq(u16, body.flags, 0x0001), "N is set");
  cr_expect(not(body.route.present));
  cr_expect(body.chain.at == NULL && body.keytoken.at == NULL && body.classifier.at == NULL &&
            body.payload.at == NULL && body.cpa.at == NULL);

  DrtAuthorityBody unknown = { .flags = DRT_AUTHORITY_UNKNOWN };
  DrtMsg built = message(DRT_AUTHORITY, 0x99aabbcc);
  built.authority = (DrtAuthority){ .acked = 0x11223346, .body = &unknown };
  expect_encodes("authority-unknown", &built);
}

/* mc-drt 9.6, 4.6: the answer to a LOOKUP */
Test(wire_vectors, authority_next_hop)
{
  DrtMsg got = decoded("authority-next-hop", DRT_AUTHORITY, 0x5566778b);
  cr_expect(eq(u32, got.authority.acked, 0x11223347));
  cr_expect(eq(u16, got.authority.split.size, 68));
  cr_expect(eq(u16, got.authority.split.offset, 0));
  DrtAuthorityBody body;
  cr_assert(drt_decode_authority_body(got.authority.split.slice, DRT_MODE_RESOLVE, &body) ==
            DRT_REJECT_NONE);
  cr_expect(eq(u16, body.flags, 0));
  expect_route("authority-next-hop", &body.route, 0xf0, PORT_D, address_d);

  DrtAuthorityBody hop = { .route = route_of(0xf0, PORT_D, address_d) };
  DrtMsg built = message(DRT_AUTHORITY, 0x5566778b);
  built.authority = (DrtAuthority){ .acked = 0x11223347, .body = &hop };
  expect_encodes("authority-next-hop", &built);
}

/* mc-drt 9.6, 4.8 */
Test(wire_vectors, lookup)
{
  DrtMsg got = decoded("lookup", DRT_LOOKUP, 0x11223347);
  const DrtLookup *lookup = &got.lookup;
  cr_expect(eq(u16, lookup->flags, 0x0002), "A is set");
  cr_expect(eq(u16, lookup->precision, 0));
  cr_expect(eq(u8, lookup->criteria, 0));
  cr_expect(eq(u8, lookup->reason, 1));
  expect_key("Target Key", &lookup->target, 0x10, 1);
  expect_key("Validate Key", &lookup->validate, 0x40, 0);
  expect_route("lookup", &lookup->best, 0x10, PORT_A, address_a);
  expect_path_of_one("lookup", &lookup->path, PORT_A, address_a);

  DrtEndpoint a = drt_endpoint(PORT_A, address_a);
  DrtMsg built = message(DRT_LOOKUP, 0x11223347);
  built.lookup = (DrtLookup){ .flags = DRT_LOOKUP_ANY,
                              .criteria = DRT_CRITERIA_EXACT,
                              .reason = DRT_REASON_REGISTRATION,
                              .target = test_key_byte(0x10),
                              .validate = test_key_byte(0x40),
                              .best = route_of(0x10, PORT_A, address_a),
                              .path = { .plain = { &a, 1 } } };
  built.lookup.target.w[3] = 1;
  expect_encodes("lookup", &built);
}

/* mc-drt 9.6, 4.7, H4: 26 bytes are sent, 28 are taken as well. */
Test(wire_vectors, ack_with_n)
{
  static const char *const names[] = { "ack-unknown", "ack-unknown-28" };
  static const uint32_t ids[] = { 0x99aabbcd, 0x11223344 };
  for (int i = 0; i < 2; i++) {
    DrtMsg got = decoded(names[i], DRT_ACK, ids[i]);
    cr_expect(eq(u32, got.ack.acked, 0x5566778c));
    cr_expect(eq(u16, got.ack.flags, DRT_ACK_UNKNOWN));
  }
  DrtMsg built = message(DRT_ACK, 0x99aabbcd);
  built.ack = (DrtAck){ .acked = 0x5566778c, .flags = DRT_ACK_UNKNOWN };
  expect_encodes("ack-unknown", &built);
}

/* Below: vectors of our own. Each has a builder, which makes what its bytes should say. */

static const uint8_t nothing[1];
#define EMPTY ((DrtBytes){ nothing, 0 })

/* What the builders point to. */
typedef struct {
  uint8_t bytes[DRT_KEYS_MAX * DRT_KEY_LEN];
  DrtEndpoint path[DRT_PATH_MAX];
  DrtAuthorityBody body;
  uint8_t cpa[512];
} Space;

/* 2001:db8::1 and so on */
static const uint8_t *
addresses(Space *space, uint32_t n)
{
  memset(space->bytes, 0, (size_t)DRT_ADDRESS_LEN * n);
  for (uint32_t i = 0; i < n; i++) {
    memcpy(space->bytes + DRT_ADDRESS_LEN * i, address_a, 4);
    space->bytes[DRT_ADDRESS_LEN * i + 15] = (uint8_t)(i + 1);
  }
  return space->bytes;
}

/* Ports 1024 to 1044, and the highest. */
static DrtEndpointList
path_of_22(Space *space)
{
  static uint8_t bytes[DRT_PATH_MAX][DRT_ADDRESS_LEN];
  for (uint32_t i = 0; i < DRT_PATH_MAX; i++) {
    memcpy(bytes[i], address_a, 4);
    bytes[i][15] = (uint8_t)(i + 1);
    space->path[i] = drt_endpoint((uint16_t)(i == 21 ? 65535 : 1024 + i), bytes[i]);
  }
  return (DrtEndpointList){ space->path, DRT_PATH_MAX };
}

static DrtPathField
path_of_b(Space *space)
{
  space->path[0] = drt_endpoint(PORT_B, address_b);
  return (DrtPathField){ .plain = { space->path, 1 } };
}

static DrtKeyList
keys_from_1(Space *space, uint16_t n)
{
  memset(space->bytes, 0, (size_t)DRT_KEY_LEN * n);
  for (uint16_t i = 0; i < n; i++)
    space->bytes[DRT_KEY_LEN * i] = (uint8_t)(i + 1);
  return (DrtKeyList){ space->bytes, n };
}

static void
build_solicit_bare(Space *space, TestWireThing *thing)
{
  (void)space;
  thing->msg.type = DRT_SOLICIT;
  memcpy(thing->msg.solicit.hashed_nonce, hashed_nonce, DRT_HASH_LEN);
}

static void
build_advertise(Space *space, TestWireThing *thing, uint16_t n)
{
  thing->msg.type = DRT_ADVERTISE;
  thing->msg.advertise.acked = 0x01020304;
  thing->msg.advertise.keys = keys_from_1(space, n);
  memcpy(thing->msg.advertise.hashed_nonce, hashed_nonce, DRT_HASH_LEN);
}

static void
build_advertise_empty(Space *space, TestWireThing *thing)
{
  build_advertise(space, thing, 0);
}

static void
build_advertise_32_keys(Space *space, TestWireThing *thing)
{
  build_advertise(space, thing, 32);
}

static void
build_request_membership(Space *space, TestWireThing *thing)
{
  static const uint8_t c[] = { 0xc1, 0xc2, 0xc3, 0xc4, 0xc5 };
  static const uint8_t d[] = { 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6 }, e[] = { 0xe1, 0xe2, 0xe3 };
  DrtRequestBody *body = &thing->msg.request.body;
  thing->msg.type = DRT_REQUEST;
  memcpy(body->nonce, nonce_of_inquire, DRT_NONCE_LEN);
  memset(space->bytes, 0, 2 * DRT_KEY_LEN);
  space->bytes[0] = 0x40;
  space->bytes[32] = 0x80;
  body->keys = (DrtKeyList){ space->bytes, 2 };
  body->proof = (DrtProof){ { c, 5 }, { d, 6 }, { e, 3 } };
}

static void
build_request_fragment(Space *space, TestWireThing *thing)
{
  for (uint8_t i = 0; i < 12; i++)
    space->bytes[i] = 0xf0 + i;
  thing->msg.type = DRT_REQUEST;
  thing->msg.request.split = (DrtSplit){ 1200, 1188, { space->bytes, 12 } };
}

static void
build_inquire(TestWireThing *thing, uint16_t flags, uint8_t key, bool has_nonce)
{
  thing->msg.type = DRT_INQUIRE;
  thing->msg.inquire =
    (DrtInquire){ .flags = flags, .validate = test_key_byte(key), .has_nonce = has_nonce };
  if (has_nonce)
    memcpy(thing->msg.inquire.nonce, nonce_of_inquire, DRT_NONCE_LEN);
}

static void
build_inquire_bare(Space *space, TestWireThing *thing)
{
  (void)space;
  build_inquire(thing, 0, 0x80, false);
}

static void
build_inquire_membership(Space *space, TestWireThing *thing)
{
  (void)space;
  build_inquire(thing, DRT_INQUIRE_CPA | DRT_INQUIRE_PAYLOAD | DRT_INQUIRE_CHAIN, 0x80, true);
  thing->msg.inquire.proof = (DrtProof){ EMPTY, EMPTY, EMPTY };
}

static void
build_inquire_confidential(Space *space, TestWireThing *thing)
{
  static const uint8_t c[] = { 0xc1, 0xc2 }, d[] = { 0xd1 }, e[] = { 0xe1, 0xe2, 0xe3 };
  (void)space;
  build_inquire(thing, 0, 0, false);
  thing->msg.inquire.proof = (DrtProof){ { c, 2 }, { d, 1 }, { e, 3 } };
}

static void
build_flood_bare(Space *space, TestWireThing *thing)
{
  thing->msg.type = DRT_FLOOD;
  thing->msg.flood.flooded.plain = (DrtEndpointList){ space->path, 0 };
}

static void
build_flood_revoke(Space *space, TestWireThing *thing)
{
  thing->msg.type = DRT_FLOOD;
  thing->msg.flood.validate = test_key_byte(0x10);
  uint32_t n = test_wire_hex(test_wire_vector("cpa-revoke")->hex, space->cpa, sizeof space->cpa);
  thing->msg.flood.revoke = (DrtBytes){ space->cpa, n };
  thing->msg.flood.flooded = path_of_b(space);
}

static void
build_flood_confidential_a1(Space *space, TestWireThing *thing)
{
  static const uint8_t a[] = { 0xa1, 0xa2, 0xa3, 0xa4, 0xa5 };
  static const uint8_t c[] = { 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7 };
  static const uint8_t d[] = { 0xd1, 0xd2, 0xd3 };
  (void)space;
  thing->msg.type = DRT_FLOOD;
  thing->msg.flood = (DrtFlood){ .validate = test_key_byte(0x10),
                                 .keytoken = { a, 5 },
                                 .route = { .present = true, .sealed = { c, 7 } },
                                 .flooded = { .sealed = { d, 3 } } };
}

static void
build_flood_confidential(Space *space, TestWireThing *thing)
{
  static const uint8_t b[] = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6 };
  build_flood_confidential_a1(space, thing);
  thing->msg.flood.revoke = (DrtBytes){ b, 6 };
}

static DrtLookup *
build_lookup(TestWireThing *thing)
{
  thing->msg.type = DRT_LOOKUP;
  thing->msg.lookup = (DrtLookup){ .precision = 128,
                                   .criteria = DRT_CRITERIA_UPPER_BITS,
                                   .reason = DRT_REASON_CACHE,
                                   .target = test_key_byte(0x40),
                                   .validate = test_key_byte(0x80) };
  return &thing->msg.lookup;
}

static void
build_lookup_bare(Space *space, TestWireThing *thing)
{
  build_lookup(thing)->path = path_of_b(space);
}

static void
build_lookup_22(Space *space, TestWireThing *thing)
{
  DrtLookup *lookup = build_lookup(thing);
  lookup->best = route_of(0x80, PORT_C, addresses(space, 20));
  lookup->best.plain.address_count = 20;
  lookup->path.plain = path_of_22(space);
}

static void
build_lookup_membership(Space *space, TestWireThing *thing)
{
  static const uint8_t e[] = { 0xe1 };
  DrtLookup *lookup = build_lookup(thing);
  lookup->path = path_of_b(space);
  lookup->proof = (DrtProof){ EMPTY, EMPTY, { e, 1 } };
}

static void
build_lookup_confidential(Space *space, TestWireThing *thing)
{
  static const uint8_t a[] = { 0xa1, 0xa2, 0xa3, 0xa4 }, b[] = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5 };
  static const uint8_t c[] = { 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6 }, d[] = { 0xd1 };
  static const uint8_t e[] = { 0xe1, 0xe2 };
  (void)space;
  DrtLookup *lookup = build_lookup(thing);
  lookup->keytoken = (DrtBytes){ a, 4 };
  lookup->best = (DrtRouteField){ .present = true, .sealed = { b, 5 } };
  lookup->path.sealed = (DrtBytes){ c, 6 };
  lookup->proof = (DrtProof){ { d, 1 }, { e, 2 }, EMPTY };
}

static DrtAuthorityBody *
build_authority(Space *space, TestWireThing *thing, uint16_t flags)
{
  thing->msg.type = DRT_AUTHORITY;
  thing->msg.authority.acked = 0x11223346;
  thing->msg.authority.body = &space->body;
  space->body = (DrtAuthorityBody){ .flags = flags };
  return &space->body;
}

static void
build_authority_cpa(Space *space, TestWireThing *thing)
{
  uint32_t n = test_wire_hex(test_wire_vector("cpa-1")->hex, space->cpa, sizeof space->cpa);
  build_authority(space, thing, 0)->cpa = (DrtBytes){ space->cpa, n };
}

static void
build_authority_full(Space *space, TestWireThing *thing)
{
  static const uint8_t a[] = { 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7 };
  static const uint8_t b[] = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5 }, c[] = { 0xc1, 0xc2 };
  static const uint8_t text[] = { 'D', 0, 'r', 0, 't', 0 };
  DrtAuthorityBody *body = build_authority(
    space, thing, DRT_AUTHORITY_SUSPECT | DRT_AUTHORITY_BUSY | DRT_AUTHORITY_UNKNOWN);
  body->chain = (DrtBytes){ a, 7 };
  body->classifier = (DrtBytes){ text, 6 };
  body->payload = (DrtBytes){ b, 5 };
  body->route = route_of(0x80, PORT_C, address_c);
  body->cpa = (DrtBytes){ c, 2 };
}

static void
build_authority_confidential(Space *space, TestWireThing *thing)
{
  static const uint8_t a[] = { 0xa1 }, b[] = { 0xb1, 0xb2, 0xb3, 0xb4, 0xb5 }, e[] = { 0xe1 };
  static const uint8_t c[] = { 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6 };
  static const uint8_t d[] = { 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7 };
  DrtAuthorityBody *body = build_authority(space, thing, 0);
  body->chain = (DrtBytes){ a, 1 };
  body->keytoken = (DrtBytes){ b, 5 };
  body->classifier = (DrtBytes){ c, 6 };
  body->payload = (DrtBytes){ d, 7 };
  body->route = (DrtRouteField){ .present = true, .sealed = EMPTY };
  body->cpa = (DrtBytes){ e, 1 };
}

static void
build_authority_34(Space *space, TestWireThing *thing)
{
  build_authority(space, thing, DRT_AUTHORITY_BUSY);
}

static void
build_authority_fragment(Space *space, TestWireThing *thing)
{
  thing->msg.type = DRT_AUTHORITY;
  memset(space->bytes, 0x5a, 520);
  space->bytes[0] = 0xf1;
  space->bytes[519] = 0xf2;
  thing->msg.authority =
    (DrtAuthority){ .acked = 0x11223346, .split = { 37348, 36828, { space->bytes, 520 } } };
}

static void
build_route(Space *space, TestWireThing *thing, uint8_t n)
{
  thing->route = route_of(0x80, PORT_C, addresses(space, n)).plain;
  thing->route.address_count = n;
}

static void
build_route_1(Space *space, TestWireThing *thing)
{
  (void)space;
  thing->route = route_of(0x80, PORT_C, address_c).plain;
}

static void
build_route_4(Space *space, TestWireThing *thing)
{
  build_route(space, thing, 4);
}

static void
build_route_20(Space *space, TestWireThing *thing)
{
  build_route(space, thing, 20);
}

static void
build_path_2(Space *space, TestWireThing *thing)
{
  space->path[0] = drt_endpoint(PORT_B, address_b);
  space->path[1] = drt_endpoint(1024, address_c);
  thing->path = (DrtEndpointList){ space->path, 2 };
}

static void
build_path_22(Space *space, TestWireThing *thing)
{
  thing->path = path_of_22(space);
}

/* An ack-unknown-28 is in ack_with_n above; CPAs and what is in them are in test-cpa.c. */
static const struct {
  const char *name;
  void (*build)(Space *space, TestWireThing *thing);
} built[] = {
  { "solicit-bare", build_solicit_bare },
  { "advertise-empty", build_advertise_empty },
  { "advertise-32-keys", build_advertise_32_keys },
  { "request-membership", build_request_membership },
  { "request-fragment", build_request_fragment },
  { "inquire-bare", build_inquire_bare },
  { "inquire-membership", build_inquire_membership },
  { "inquire-confidential", build_inquire_confidential },
  { "flood-bare", build_flood_bare },
  { "flood-revoke", build_flood_revoke },
  { "flood-confidential", build_flood_confidential },
  { "flood-confidential-a1", build_flood_confidential_a1 },
  { "lookup-bare", build_lookup_bare },
  { "lookup-22", build_lookup_22 },
  { "lookup-membership", build_lookup_membership },
  { "lookup-confidential", build_lookup_confidential },
  { "authority-cpa", build_authority_cpa },
  { "authority-full", build_authority_full },
  { "authority-confidential", build_authority_confidential },
  { "authority-34", build_authority_34 },
  { "authority-fragment", build_authority_fragment },
  { "route-1", build_route_1 },
  { "route-4", build_route_4 },
  { "route-20", build_route_20 },
  { "path-2", build_path_2 },
  { "path-22", build_path_22 },
};
#define BUILT_COUNT (sizeof built / sizeof *built)

/* The builder's thing, with the header that all vectors of our own have. */
static void
build(size_t i, Space *space, TestWireThing *thing)
{
  memset(thing, 0, sizeof *thing);
  if (test_wire_vector(built[i].name)->kind == TEST_WIRE_DATAGRAM)
    thing->msg = message(DRT_ACK, 0x11223344);
  built[i].build(space, thing);
}

Test(wire_vectors, hand_built_structs_encode_to_the_bytes)
{
  for (size_t i = 0; i < BUILT_COUNT; i++) {
    static Space space;
    TestWireThing thing;
    build(i, &space, &thing);
    if (test_wire_vector(built[i].name)->is_encoded)
      expect_encodes_thing(built[i].name, &thing);
  }
}

/* Split messages arrive as slices and are built as bodies. */
static const char *
differ_whole(DrtMode mode, const DrtMsg *got, const DrtMsg *wanted)
{
  DrtBytes slice =
    got->type == DRT_AUTHORITY ? got->authority.split.slice : got->request.split.slice;
  const DrtSplit *split = got->type == DRT_AUTHORITY ? &got->authority.split : &got->request.split;
  if (got->type != wanted->type || got->id != wanted->id || got->minor != wanted->minor)
    return "header";
  if (split->size != slice.n || split->offset != 0)
    return "split";
  if (got->type == DRT_REQUEST) {
    DrtRequestBody body;
    if (drt_decode_request_body(slice, mode, &body) != DRT_REJECT_NONE)
      return "body that is rejected";
    return test_wire_differ_request(&body, &wanted->request.body, mode);
  }
  DrtAuthorityBody body;
  if (got->authority.acked != wanted->authority.acked)
    return "Acked MessageID";
  if (drt_decode_authority_body(slice, mode, &body) != DRT_REJECT_NONE)
    return "body that is rejected";
  return test_wire_differ_body(&body, wanted->authority.body, mode);
}

static bool
is_split(const TestWireVector *vector, const DrtMsg *msg)
{
  return vector->kind == TEST_WIRE_DATAGRAM &&
         (msg->type == DRT_AUTHORITY || msg->type == DRT_REQUEST) &&
         strstr(vector->name, "-fragment") == NULL;
}

Test(wire_vectors, the_bytes_decode_to_hand_built_structs)
{
  for (size_t i = 0; i < BUILT_COUNT; i++) {
    static Space space;
    TestWireThing wanted, got;
    const TestWireVector *vector = test_wire_vector(built[i].name);
    build(i, &space, &wanted);
    DrtReject reject =
      test_wire_decode(vector->kind, vector->mode, vector_bytes(vector->name), &got);
    cr_assert(eq(str, (char *)drt_reject_name(reject), "NONE"), "%s", vector->name);
    const char *part = is_split(vector, &wanted.msg)
                         ? differ_whole(vector->mode, &got.msg, &wanted.msg)
                         : test_wire_differ_thing(vector->kind, vector->mode, &got, &wanted);
    cr_expect(part == NULL, "%s: another %s", vector->name, part);
  }
}

/* Every vector is used: here, in the tests above or in test-cpa.c. */
Test(wire_vectors, all_are_accepted_and_hold_the_promises)
{
  for (uint32_t i = 0; i < test_wire_vector_count; i++) {
    const TestWireVector *vector = &test_wire_vectors[i];
    uint8_t *bytes = test_wire_vector_bytes(vector);
    DrtReject reject;
    const char *broken =
      test_wire_check(vector->kind, vector->mode, (DrtBytes){ bytes, vector->n }, &reject);
    cr_expect(broken == NULL, "%s: %s", vector->name, broken);
    cr_expect(eq(str, (char *)drt_reject_name(reject), "NONE"), "%s", vector->name);
    free(bytes);
  }
}

/* The comparison that these tests rely on sees each difference: any byte that is not ignored. */
Test(wire_vectors, two_vectors_of_a_type_differ)
{
  static uint8_t other[2048];
  for (uint32_t i = 0; i < test_wire_vector_count; i++) {
    const TestWireVector *vector = &test_wire_vectors[i];
    DrtBytes bytes = vector_bytes(vector->name);
    TestWireThing a, b;
    test_wire_decode(vector->kind, vector->mode, bytes, &a);
    for (uint32_t k = 0; k < bytes.n; k++) {
      memcpy(other, bytes.at, bytes.n);
      other[k] ^= 1;
      DrtBytes changed = { other, bytes.n };
      if (test_wire_decode(vector->kind, vector->mode, changed, &b) != DRT_REJECT_NONE)
        continue;
      /* What is told to differ is encoded differently, and the other way round. */
      static uint8_t to_a[2048], to_b[2048];
      uint32_t n_a = test_wire_encode(vector->kind, vector->mode, &a, to_a, sizeof to_a);
      uint32_t n_b = test_wire_encode(vector->kind, vector->mode, &b, to_b, sizeof to_b);
      bool same = n_a == n_b && memcmp(to_a, to_b, n_a) == 0;
      bool said = test_wire_differ_thing(vector->kind, vector->mode, &a, &b) == NULL;
      cr_expect(same == said, "%s, byte %u", vector->name, k);
    }
  }
}
