/* The walk is written from the tables of mc-drt 2 to 4 alone. */
#include "test-wire-kind.h"

#include "drt-decode.h"
#include "drt-encode.h"

#include "test-wire.h"

DrtReject
test_wire_decode(TestWireKind kind, DrtMode mode, DrtBytes bytes, TestWireThing *ret)
{
  switch (kind) {
  case TEST_WIRE_DATAGRAM:
    return drt_decode(bytes.at, bytes.n, TEST_WIRE_MAJOR, mode, &ret->msg);
  case TEST_WIRE_AUTHORITY_BODY:
    return drt_decode_authority_body(bytes, mode, &ret->authority);
  case TEST_WIRE_REQUEST_BODY:
    return drt_decode_request_body(bytes, mode, &ret->request);
  case TEST_WIRE_ROUTE:
    return drt_decode_route(bytes, &ret->route);
  case TEST_WIRE_PATH:
    return drt_decode_path(bytes, &ret->path);
  case TEST_WIRE_CPA:
    return drt_cpa_decode(bytes, TEST_WIRE_MAJOR, DRT_CPA_SIZES, &ret->cpa);
  case TEST_WIRE_NULL_CPA:
    return drt_null_cpa_decode(bytes, TEST_WIRE_MAJOR, &ret->null_cpa);
  case TEST_WIRE_PUBLIC_KEY:
    return drt_public_key_decode(bytes, DRT_CPA_SIZES, &ret->public_key);
  case TEST_WIRE_KEYTOKEN:
    return drt_keytoken_decode(bytes, &ret->keytoken);
  case TEST_WIRE_KINDS:
    break;
  }
  return DRT_REJECT_COUNT;
}

uint32_t
test_wire_size(TestWireKind kind, DrtMode mode, const TestWireThing *thing)
{
  switch (kind) {
  case TEST_WIRE_DATAGRAM:
    return drt_encoded_size(&thing->msg, mode);
  case TEST_WIRE_AUTHORITY_BODY:
    return drt_encoded_authority_body_size(&thing->authority, mode);
  case TEST_WIRE_REQUEST_BODY:
    return drt_encoded_request_body_size(&thing->request, mode);
  case TEST_WIRE_ROUTE:
    return drt_encoded_route_size(&thing->route);
  case TEST_WIRE_PATH:
    return drt_encoded_path_size(&thing->path);
  case TEST_WIRE_CPA:
    return drt_cpa_size(&thing->cpa, DRT_CPA_SIZES);
  case TEST_WIRE_NULL_CPA:
    return drt_null_cpa_size(&thing->null_cpa);
  case TEST_WIRE_PUBLIC_KEY:
    return drt_public_key_size(&thing->public_key);
  case TEST_WIRE_KEYTOKEN:
    return DRT_KEYTOKEN_LEN;
  case TEST_WIRE_KINDS:
    break;
  }
  return 0;
}

uint32_t
test_wire_encode(TestWireKind kind, DrtMode mode, const TestWireThing *thing, uint8_t *to,
                 uint32_t room)
{
  switch (kind) {
  case TEST_WIRE_DATAGRAM:
    return drt_encode(&thing->msg, mode, to, room);
  case TEST_WIRE_AUTHORITY_BODY:
    return drt_encode_authority_body(&thing->authority, mode, to, room);
  case TEST_WIRE_REQUEST_BODY:
    return drt_encode_request_body(&thing->request, mode, to, room);
  case TEST_WIRE_ROUTE:
    return drt_encode_route(&thing->route, to, room);
  case TEST_WIRE_PATH:
    return drt_encode_path(&thing->path, to, room);
  case TEST_WIRE_CPA:
    return drt_cpa_encode(&thing->cpa, DRT_CPA_SIZES, to, room);
  case TEST_WIRE_NULL_CPA:
    return drt_null_cpa_encode(&thing->null_cpa, to, room);
  case TEST_WIRE_PUBLIC_KEY:
    return drt_public_key_encode(&thing->public_key, to, room);
  case TEST_WIRE_KEYTOKEN:
    if (room < DRT_KEYTOKEN_LEN)
      return 0;
    drt_keytoken_encode(&thing->keytoken, to);
    return DRT_KEYTOKEN_LEN;
  case TEST_WIRE_KINDS:
    break;
  }
  return 0;
}

static bool
same_bytes(const DrtBytes *a, const DrtBytes *b)
{
  return a->n == b->n && memcmp(a->at, b->at, a->n) == 0;
}

static bool
same_public_key(const DrtPublicKey *a, const DrtPublicKey *b)
{
  return same_bytes(&a->parameters, &b->parameters) && same_bytes(&a->data, &b->data);
}

static bool
same_path(const DrtEndpointList *a, const DrtEndpointList *b)
{
  return a->n == b->n && memcmp(a->at, b->at, (size_t)DRT_ENDPOINT_LEN * a->n) == 0;
}

static bool
same_route(const DrtRoute *a, const DrtRoute *b)
{
  return drt_key_equal(&a->key, &b->key) && a->port == b->port && a->major == b->major &&
         a->minor == b->minor && a->address_count == b->address_count &&
         memcmp(a->addresses, b->addresses, (size_t)DRT_ADDRESS_LEN * a->address_count) == 0;
}

static bool
same_cpa(const DrtCpa *a, const DrtCpa *b)
{
  return a->major == b->major && a->minor == b->minor && drt_key_equal(&a->key, &b->key) &&
         memcmp(a->nonce, b->nonce, DRT_NONCE_LEN) == 0 &&
         same_public_key(&a->public_key, &b->public_key) && same_path(&a->services, &b->services) &&
         same_bytes(&a->signature, &b->signature);
}

static bool
same_null_cpa(const DrtNullCpa *a, const DrtNullCpa *b)
{
  return a->major == b->major && a->minor == b->minor && drt_key_equal(&a->key, &b->key) &&
         memcmp(a->nonce, b->nonce, DRT_NONCE_LEN) == 0 && a->revoked == b->revoked &&
         a->service_count == b->service_count &&
         memcmp(a->services, b->services, sizeof *a->services * a->service_count) == 0;
}

const char *
test_wire_differ_thing(TestWireKind kind, DrtMode mode, const TestWireThing *a,
                       const TestWireThing *b)
{
  bool same = false;
  switch (kind) {
  case TEST_WIRE_DATAGRAM:
    return test_wire_differ(&a->msg, &b->msg, mode);
  case TEST_WIRE_AUTHORITY_BODY:
    return test_wire_differ_body(&a->authority, &b->authority, mode);
  case TEST_WIRE_REQUEST_BODY:
    return test_wire_differ_request(&a->request, &b->request, mode);
  case TEST_WIRE_ROUTE:
    same = same_route(&a->route, &b->route);
    break;
  case TEST_WIRE_PATH:
    same = same_path(&a->path, &b->path);
    break;
  case TEST_WIRE_CPA:
    same = same_cpa(&a->cpa, &b->cpa);
    break;
  case TEST_WIRE_NULL_CPA:
    same = same_null_cpa(&a->null_cpa, &b->null_cpa);
    break;
  case TEST_WIRE_PUBLIC_KEY:
    same = same_public_key(&a->public_key, &b->public_key);
    break;
  case TEST_WIRE_KEYTOKEN:
    same = memcmp(&a->keytoken, &b->keytoken, sizeof a->keytoken) == 0;
    break;
  case TEST_WIRE_KINDS:
    break;
  }
  return same ? NULL : "content";
}

/* What a field is like once everything is zero that a receiver ignores (2.5, 3.2, 4.4, 4.8). */
static void
clear_ignored(uint32_t id, bool sealed, uint8_t *data)
{
  if (id == DRT_F_FLOOD_CONTROLS)
    data[2] = 0;
  else if (id == DRT_F_LOOKUP_CONTROLS)
    memset(data + 6, 0, 2);
  else if (id == DRT_F_ROUTE && !sealed)
    data[36] = 0;
}

static uint32_t
pad(uint8_t *to, uint32_t n)
{
  while (n % 4 != 0)
    to[n++] = 0;
  return n;
}

static uint32_t
canonical_fields(uint32_t type, bool sealed, DrtBytes from, uint32_t start, uint8_t *to)
{
  uint32_t n = start;
  memcpy(to, from.at, start);
  for (uint32_t at = start; at + 4 <= from.n;) {
    uint32_t id = (uint32_t)from.at[at] << 8 | from.at[at + 1];
    uint32_t length = (uint32_t)from.at[at + 2] << 8 | from.at[at + 3];
    const uint8_t *field = from.at + at;
    at += (length + 3) / 4 * 4;
    if (type == DRT_ACK && id == DRT_F_FLAGS && field[4] == 0 && field[5] == 0)
      continue; /* no flag set says as much as no field */
    if (type == DRT_FLOOD && sealed && id == DRT_F_ENCRYPTED_ROUTE)
      id = DRT_F_ROUTE; /* H6 */
    n = pad(to, n);
    memcpy(to + n, field, length);
    to[n + 1] = (uint8_t)id;
    clear_ignored(id, sealed, to + n + 4);
    n += length;
  }
  return n;
}

static uint32_t
canonical_datagram(DrtMode mode, DrtBytes from, uint8_t *to)
{
  uint32_t type = from.at[7];
  if (type == DRT_AUTHORITY || (type == DRT_REQUEST && mode != DRT_MODE_RESOLVE)) {
    memcpy(to, from.at, from.n);
    if (type == DRT_REQUEST)
      memset(to + 16, 0, 4); /* reserved in the place of flags and padding */
    return from.n;
  }
  bool sealed = mode == DRT_MODE_CONFIDENTIAL && type != DRT_SOLICIT;
  return canonical_fields(type, sealed, from, 12, to);
}

/* Padding follows every field but the CPA. */
static uint32_t
canonical_body(DrtMode mode, DrtBytes from, uint8_t *to)
{
  uint32_t n = canonical_fields(0, mode == DRT_MODE_CONFIDENTIAL, from, 0, to), last = 0;
  for (uint32_t at = 0; at < n;) {
    last = to[at + 1];
    at += ((uint32_t)to[at + 2] << 8 | to[at + 3]) + 3;
    at -= at % 4;
  }
  return last == DRT_F_CPA || last == DRT_F_ENCRYPTED_CPA ? n : pad(to, n);
}

/* 3.19 with the choices of 8.8: the signature is ignored, and so is the dummy key. */
static uint32_t
canonical_null_cpa(DrtBytes from, uint8_t *to)
{
  static const uint8_t dummy_key[] = { 7,   0,   0,   0,   4, 0, '0', '.', '0',
                                       '.', '0', '.', '0', 0, 0, 0,   0 };
  memcpy(to, from.at, 188);
  memset(to + 39, 0, 128);
  memset(to + 184, 0, 3);
  to[187] &= 1;
  memcpy(to + 188, dummy_key, sizeof dummy_key);
  uint32_t parameters = (uint32_t)from.at[189] << 8 | from.at[190];
  uint32_t key = (uint32_t)from.at[191] << 8 | from.at[192];
  uint32_t rest = 201 + parameters + key;
  memcpy(to + 205, from.at + rest, from.n - rest);
  return 205 + from.n - rest;
}

/* The bytes that an encoder should make of accepted bytes. */
static uint32_t
canonical(TestWireKind kind, DrtMode mode, DrtBytes from, uint8_t *to)
{
  switch (kind) {
  case TEST_WIRE_DATAGRAM:
    return canonical_datagram(mode, from, to);
  case TEST_WIRE_AUTHORITY_BODY:
    return canonical_body(mode, from, to);
  case TEST_WIRE_REQUEST_BODY:
    return canonical_fields(0, false, from, 0, to);
  case TEST_WIRE_NULL_CPA:
    return canonical_null_cpa(from, to);
  case TEST_WIRE_ROUTE:
  case TEST_WIRE_PATH:
  case TEST_WIRE_CPA:
  case TEST_WIRE_PUBLIC_KEY:
  case TEST_WIRE_KEYTOKEN:
  case TEST_WIRE_KINDS:
    break;
  }
  memcpy(to, from.at, from.n);
  if (kind == TEST_WIRE_ROUTE)
    to[36] = 0;
  if (kind == TEST_WIRE_CPA)
    to[0] = to[192] = 0;
  if (kind == TEST_WIRE_PUBLIC_KEY)
    to[5] = 0;
  if (kind == TEST_WIRE_KEYTOKEN)
    memset(to + 2, 0, 6);
  return from.n;
}

static bool
all_are(const void *bytes, size_t n, uint8_t value)
{
  const uint8_t *at = bytes;
  for (size_t i = 0; i < n; i++)
    if (at[i] != value)
      return false;
  return true;
}

static const char *
check_accepted(TestWireKind kind, DrtMode mode, DrtBytes bytes, const TestWireThing *thing)
{
  static uint8_t again[TEST_WIRE_ROOM], wanted[TEST_WIRE_ROOM];
  TestWireThing second;
  uint32_t n = test_wire_size(kind, mode, thing);
  if (n == 0 || n > TEST_WIRE_ROOM)
    return "the size is impossible";
  memset(again, 0x5a, n);
  if (test_wire_encode(kind, mode, thing, again, n - 1) != 0)
    return "encoded into too little room";
  if (!all_are(again, n, 0x5a))
    return "wrote although there was too little room";
  if (test_wire_encode(kind, mode, thing, again, n) != n)
    return "wrote another size than announced";
  if (test_wire_decode(kind, mode, (DrtBytes){ again, n }, &second) != DRT_REJECT_NONE)
    return "rejects what it encoded";
  if (test_wire_differ_thing(kind, mode, thing, &second) != NULL)
    return "says something else when encoded again";
  if (canonical(kind, mode, bytes, wanted) != n || memcmp(wanted, again, n) != 0)
    return "other bytes when encoded again";
  return NULL;
}

const char *
test_wire_check(TestWireKind kind, DrtMode mode, DrtBytes bytes, DrtReject *ret_reject)
{
  TestWireThing thing;
  memset(&thing, 0xa5, sizeof thing);
  DrtReject reject = test_wire_decode(kind, mode, bytes, &thing);
  *ret_reject = reject;
  if (reject >= DRT_REJECT_COUNT)
    return "a rejection without a name";
  if (reject != DRT_REJECT_NONE)
    return all_are(&thing, sizeof thing, 0xa5) ? NULL : "touched the output of what it rejected";
  const char *broken = check_accepted(kind, mode, bytes, &thing);
  if (broken != NULL || kind != TEST_WIRE_DATAGRAM)
    return broken;
  DrtReject ignored;
  if (thing.msg.type == DRT_AUTHORITY)
    return test_wire_check(TEST_WIRE_AUTHORITY_BODY, mode, thing.msg.authority.split.slice,
                           &ignored);
  if (thing.msg.type == DRT_REQUEST && mode != DRT_MODE_RESOLVE)
    return test_wire_check(TEST_WIRE_REQUEST_BODY, mode, thing.msg.request.split.slice, &ignored);
  return NULL;
}
