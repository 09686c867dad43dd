/* Everything optional is there half of the time, and every list has every length now and then. */
#include "test-wire.h"

#include <stdio.h>
#include <stdlib.h>

const DrtMsgType test_wire_types[TEST_WIRE_TYPES] = { DRT_SOLICIT, DRT_ADVERTISE, DRT_REQUEST,
                                                      DRT_FLOOD,   DRT_INQUIRE,   DRT_AUTHORITY,
                                                      DRT_ACK,     DRT_LOOKUP };

static bool
coin(TestRandom *random)
{
  return test_random_below(random, 2) == 1;
}

static DrtBytes
blob(TestRandom *random, TestWireSpace *space, uint32_t n)
{
  DrtBytes bytes = { space->bytes + space->used, n };
  for (uint32_t i = 0; i < n; i++)
    space->bytes[space->used++] = (uint8_t)test_random(random);
  return bytes;
}

/* Up to @max bytes, and none or all of them more often than chance has it. */
static DrtBytes
some_blob(TestRandom *random, TestWireSpace *space, uint32_t max)
{
  uint32_t n = test_random_below(random, max + 1);
  switch (test_random_below(random, 8)) {
  case 0:
    n = 0;
    break;
  case 1:
    n = max;
    break;
  }
  return blob(random, space, n);
}

static DrtKey
key(TestRandom *random)
{
  DrtKey key = { { test_random(random), test_random(random), test_random(random),
                   test_random(random) } };
  return test_random_once_in(random, 16) ? DRT_KEY_ZERO : key;
}

static uint16_t
port(TestRandom *random)
{
  return (uint16_t)(DRT_PORT_MIN + test_random_below(random, 65536 - DRT_PORT_MIN));
}

static DrtRouteField
route(TestRandom *random, TestWireSpace *space, DrtMode mode)
{
  DrtRouteField field = { .present = true };
  if (mode == DRT_MODE_CONFIDENTIAL) {
    field.sealed = some_blob(random, space, 80);
    return field;
  }
  uint8_t count = coin(random) ? 1 : (uint8_t)(1 + test_random_below(random, 20));
  field.plain = (DrtRoute){
    .key = key(random),
    .addresses = blob(random, space, (uint32_t)DRT_ADDRESS_LEN * count).at,
    .port = (uint16_t)test_random(random), /* a bad port spoils the entry, not the message */
    .major = (uint8_t)test_random(random),
    .minor = (uint8_t)test_random(random),
    .address_count = count,
  };
  return field;
}

static DrtRouteField
maybe_route(TestRandom *random, TestWireSpace *space, DrtMode mode)
{
  return coin(random) ? route(random, space, mode) : (DrtRouteField){ 0 };
}

static DrtPathField
path(TestRandom *random, TestWireSpace *space, DrtMode mode, uint16_t min)
{
  if (mode == DRT_MODE_CONFIDENTIAL)
    return (DrtPathField){ .sealed = some_blob(random, space, 400) };
  uint16_t n = (uint16_t)(min + test_random_below(random, DRT_PATH_MAX + 1u - min));
  DrtBytes bytes = blob(random, space, (uint32_t)DRT_ENDPOINT_LEN * n);
  for (uint16_t i = 0; i < n; i++) {
    uint8_t *endpoint = space->bytes + (bytes.at - space->bytes) + DRT_ENDPOINT_LEN * i;
    uint16_t number = port(random);
    endpoint[0] = (uint8_t)(number >> 8);
    endpoint[1] = (uint8_t)number;
  }
  return (DrtPathField){ .plain = { (const DrtEndpoint *)bytes.at, n } };
}

static DrtProof
proof(TestRandom *random, TestWireSpace *space, DrtMode mode)
{
  if (mode == DRT_MODE_RESOLVE)
    return (DrtProof){ 0 };
  return (DrtProof){ some_blob(random, space, 200), some_blob(random, space, 130),
                     some_blob(random, space, 168) };
}

static DrtKeyList
keys(TestRandom *random, TestWireSpace *space, uint32_t max)
{
  uint16_t n = (uint16_t)test_random_below(random, max + 1);
  return (DrtKeyList){ blob(random, space, (uint32_t)DRT_KEY_LEN * n).at, n };
}

static void
fill(TestRandom *random, uint8_t *to, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    to[i] = (uint8_t)test_random(random);
}

/* At most @room bytes for each of chain and payload. */
static void
make_body(TestRandom *random, DrtMode mode, TestWireSpace *space, uint32_t room,
          DrtAuthorityBody *body)
{
  *body = (DrtAuthorityBody){ .flags = (uint16_t)test_random(random) };
  if (coin(random))
    body->chain = some_blob(random, space, room);
  if (mode == DRT_MODE_CONFIDENTIAL && coin(random))
    body->keytoken = some_blob(random, space, 128);
  if (coin(random))
    body->classifier = blob(random, space, 2 * test_random_below(random, 20));
  if (coin(random))
    body->payload =
      blob(random, space,
           1 + test_random_below(random, room < DRT_PAYLOAD_MAX ? room : DRT_PAYLOAD_MAX));
  body->route = maybe_route(random, space, mode);
  if (coin(random))
    body->cpa = some_blob(random, space, 431 < room ? 431 : room);
}

void
test_wire_make_body(TestRandom *random, DrtMode mode, TestWireSpace *space, DrtAuthorityBody *body)
{
  space->used = 0;
  make_body(random, mode, space, 30000, body);
}

void
test_wire_make(TestRandom *random, DrtMsgType type, DrtMode mode, TestWireSpace *space, DrtMsg *msg)
{
  space->used = 0;
  memset(msg, 0, sizeof *msg);
  msg->type = type;
  msg->major = 6;
  msg->minor = (uint8_t)test_random(random);
  msg->id = (uint32_t)test_random(random);
  switch (type) {
  case DRT_SOLICIT:
    msg->solicit.route = maybe_route(random, space, DRT_MODE_RESOLVE);
    fill(random, msg->solicit.hashed_nonce, DRT_HASH_LEN);
    break;
  case DRT_ADVERTISE:
    msg->advertise.acked = (uint32_t)test_random(random);
    msg->advertise.keys = keys(random, space, DRT_KEYS_MAX);
    fill(random, msg->advertise.hashed_nonce, DRT_HASH_LEN);
    break;
  case DRT_REQUEST:
    fill(random, msg->request.body.nonce, DRT_NONCE_LEN);
    msg->request.body.keys =
      keys(random, space, mode == DRT_MODE_RESOLVE ? DRT_KEYS_MAX : DRT_KEYS_MAX / 2);
    msg->request.body.proof = proof(random, space, mode);
    break;
  case DRT_FLOOD:
    msg->flood.flags = (uint16_t)test_random(random);
    msg->flood.validate = key(random);
    if (mode == DRT_MODE_CONFIDENTIAL)
      msg->flood.keytoken = some_blob(random, space, 128);
    if (coin(random))
      msg->flood.revoke = some_blob(random, space, 431);
    msg->flood.route = maybe_route(random, space, mode);
    msg->flood.flooded = path(random, space, mode, 0);
    break;
  case DRT_INQUIRE:
    msg->inquire.flags = (uint16_t)test_random(random);
    msg->inquire.validate = key(random);
    msg->inquire.has_nonce = coin(random);
    if (msg->inquire.has_nonce)
      fill(random, msg->inquire.nonce, DRT_NONCE_LEN);
    msg->inquire.proof = proof(random, space, mode);
    break;
  case DRT_AUTHORITY:
    msg->authority.acked = (uint32_t)test_random(random);
    make_body(random, mode, space, 150, &space->body);
    msg->authority.body = &space->body;
    break;
  case DRT_ACK:
    msg->ack.acked = (uint32_t)test_random(random);
    msg->ack.flags = coin(random) ? DRT_ACK_UNKNOWN : 0;
    break;
  case DRT_LOOKUP: {
    static const uint8_t criteria[] = { 0, 1, 2, 4, 8 };
    msg->lookup.flags = (uint16_t)test_random(random);
    msg->lookup.precision = (uint16_t)test_random_below(random, 257);
    msg->lookup.criteria = criteria[test_random_below(random, 5)];
    msg->lookup.reason = (uint8_t)test_random(random);
    msg->lookup.target = key(random);
    msg->lookup.validate = key(random);
    if (mode == DRT_MODE_CONFIDENTIAL)
      msg->lookup.keytoken = some_blob(random, space, 128);
    msg->lookup.best = maybe_route(random, space, mode);
    msg->lookup.path = path(random, space, mode, 1);
    msg->lookup.proof = proof(random, space, mode);
    break;
  }
  }
}

static bool
same_bytes(const DrtBytes *a, const DrtBytes *b)
{
  if (a->at == NULL || b->at == NULL)
    return a->at == b->at;
  return a->n == b->n && memcmp(a->at, b->at, a->n) == 0;
}

static bool
same_route(const DrtRouteField *a, const DrtRouteField *b, DrtMode mode)
{
  if (!a->present || !b->present)
    return a->present == b->present;
  if (mode == DRT_MODE_CONFIDENTIAL)
    return same_bytes(&a->sealed, &b->sealed);
  const DrtRoute *x = &a->plain, *y = &b->plain;
  return drt_key_equal(&x->key, &y->key) && x->port == y->port && x->major == y->major &&
         x->minor == y->minor && x->address_count == y->address_count &&
         memcmp(x->addresses, y->addresses, (size_t)DRT_ADDRESS_LEN * x->address_count) == 0;
}

static bool
same_path(const DrtPathField *a, const DrtPathField *b, DrtMode mode)
{
  if (mode == DRT_MODE_CONFIDENTIAL)
    return same_bytes(&a->sealed, &b->sealed);
  return a->plain.n == b->plain.n &&
         (a->plain.n == 0 ||
          memcmp(a->plain.at, b->plain.at, (size_t)DRT_ENDPOINT_LEN * a->plain.n) == 0);
}

static bool
same_keys(const DrtKeyList *a, const DrtKeyList *b)
{
  return a->n == b->n && (a->n == 0 || memcmp(a->at, b->at, (size_t)DRT_KEY_LEN * a->n) == 0);
}

static bool
same_proof(const DrtProof *a, const DrtProof *b, DrtMode mode)
{
  return mode == DRT_MODE_RESOLVE ||
         (same_bytes(&a->credential, &b->credential) && same_bytes(&a->signature, &b->signature) &&
          same_bytes(&a->key_identifier, &b->key_identifier));
}

static bool
same_split(const DrtSplit *a, const DrtSplit *b)
{
  return a->size == b->size && a->offset == b->offset && same_bytes(&a->slice, &b->slice);
}

/* The first part that differs has its name returned. */
#define SAME(condition, name)                                                                      \
  do {                                                                                             \
    if (!(condition))                                                                              \
      return name;                                                                                 \
  } while (0)

const char *
test_wire_differ_body(const DrtAuthorityBody *a, const DrtAuthorityBody *b, DrtMode mode)
{
  SAME(a->flags == b->flags, "flags");
  SAME(same_bytes(&a->chain, &b->chain), "certificate chain");
  SAME(same_bytes(&a->keytoken, &b->keytoken), "key token");
  SAME(same_bytes(&a->classifier, &b->classifier), "classifier");
  SAME(same_bytes(&a->payload, &b->payload), "payload");
  SAME(same_route(&a->route, &b->route, mode), "route entry");
  SAME(same_bytes(&a->cpa, &b->cpa), "CPA");
  return NULL;
}

const char *
test_wire_differ_request(const DrtRequestBody *a, const DrtRequestBody *b, DrtMode mode)
{
  SAME(memcmp(a->nonce, b->nonce, DRT_NONCE_LEN) == 0, "nonce");
  SAME(same_keys(&a->keys, &b->keys), "keys");
  SAME(same_proof(&a->proof, &b->proof, mode), "proof");
  return NULL;
}

static const char *
differ_flood(const DrtFlood *a, const DrtFlood *b, DrtMode mode)
{
  SAME(a->flags == b->flags, "flags");
  SAME(drt_key_equal(&a->validate, &b->validate), "Validate Key");
  SAME(same_bytes(&a->keytoken, &b->keytoken), "key token");
  SAME(same_bytes(&a->revoke, &b->revoke), "revoke CPA");
  SAME(same_route(&a->route, &b->route, mode), "route entry");
  SAME(same_path(&a->flooded, &b->flooded, mode), "flooded list");
  return NULL;
}

static const char *
differ_inquire(const DrtInquire *a, const DrtInquire *b, DrtMode mode)
{
  SAME(a->flags == b->flags, "flags");
  SAME(drt_key_equal(&a->validate, &b->validate), "Validate Key");
  SAME(a->has_nonce == b->has_nonce, "presence of the nonce");
  SAME(!a->has_nonce || memcmp(a->nonce, b->nonce, DRT_NONCE_LEN) == 0, "nonce");
  SAME(same_proof(&a->proof, &b->proof, mode), "proof");
  return NULL;
}

static const char *
differ_lookup(const DrtLookup *a, const DrtLookup *b, DrtMode mode)
{
  SAME(a->flags == b->flags, "flags");
  SAME(a->precision == b->precision, "precision");
  SAME(a->criteria == b->criteria, "criteria");
  SAME(a->reason == b->reason, "reason");
  SAME(drt_key_equal(&a->target, &b->target), "Target Key");
  SAME(drt_key_equal(&a->validate, &b->validate), "Validate Key");
  SAME(same_bytes(&a->keytoken, &b->keytoken), "key token");
  SAME(same_route(&a->best, &b->best, mode), "best match");
  SAME(same_path(&a->path, &b->path, mode), "path");
  SAME(same_proof(&a->proof, &b->proof, mode), "proof");
  return NULL;
}

const char *
test_wire_differ(const DrtMsg *a, const DrtMsg *b, DrtMode mode)
{
  SAME(a->type == b->type, "type");
  SAME(a->major == b->major && a->minor == b->minor, "version");
  SAME(a->id == b->id, "MessageID");
  switch (a->type) {
  case DRT_SOLICIT:
    SAME(same_route(&a->solicit.route, &b->solicit.route, DRT_MODE_RESOLVE), "route entry");
    SAME(memcmp(a->solicit.hashed_nonce, b->solicit.hashed_nonce, DRT_HASH_LEN) == 0,
         "hashed nonce");
    return NULL;
  case DRT_ADVERTISE:
    SAME(a->advertise.acked == b->advertise.acked, "Acked MessageID");
    SAME(same_keys(&a->advertise.keys, &b->advertise.keys), "keys");
    SAME(memcmp(a->advertise.hashed_nonce, b->advertise.hashed_nonce, DRT_HASH_LEN) == 0,
         "hashed nonce");
    return NULL;
  case DRT_REQUEST:
    if (mode != DRT_MODE_RESOLVE)
      return same_split(&a->request.split, &b->request.split) ? NULL : "split";
    return test_wire_differ_request(&a->request.body, &b->request.body, mode);
  case DRT_FLOOD:
    return differ_flood(&a->flood, &b->flood, mode);
  case DRT_INQUIRE:
    return differ_inquire(&a->inquire, &b->inquire, mode);
  case DRT_AUTHORITY:
    SAME(a->authority.acked == b->authority.acked, "Acked MessageID");
    SAME(same_split(&a->authority.split, &b->authority.split), "split");
    return NULL;
  case DRT_ACK:
    SAME(a->ack.acked == b->ack.acked, "Acked MessageID");
    SAME(a->ack.flags == b->ack.flags, "flags");
    return NULL;
  case DRT_LOOKUP:
    return differ_lookup(&a->lookup, &b->lookup, mode);
  }
  return "a type that does not exist";
}

static int
hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint32_t
test_wire_hex(const char *text, uint8_t *to, uint32_t room)
{
  uint32_t n = 0;
  while (*text != '\0') {
    if (*text == ' ') {
      text++;
      continue;
    }
    int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
    unsigned long times = 1;
    const char *rest = text + 2;
    if (low >= 0 && *rest == '*') {
      char *end;
      times = strtoul(rest + 1, &end, 10);
      rest = end;
    }
    if (low < 0 || times > room - n) {
      fprintf(stderr, "bad hex in a test: %s\n", text);
      abort();
    }
    memset(to + n, high << 4 | low, times);
    n += (uint32_t)times;
    text = rest;
  }
  return n;
}
