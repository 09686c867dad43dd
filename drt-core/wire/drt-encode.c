/* The size functions mirror the writers line by line; every encoder asserts that they agree. */
#include "drt-encode.h"

#include "drt-writer.h"

#define SPLIT_LEN 8 /* SPLIT_CONTROLS with its head; a multiple of four stands before it */

static uint32_t
padded(uint32_t n)
{
  return (n + 3) & ~3u;
}

/* The end of a field with @n bytes of data that follows something of @before bytes. */
static uint32_t
after_field(uint32_t before, uint32_t n)
{
  return padded(before) + 4 + n;
}

static uint32_t
after_optional(uint32_t before, const DrtBytes *bytes)
{
  return bytes->at == NULL ? before : after_field(before, bytes->n);
}

static void
write_blob(DrtWriter *w, uint32_t id, const DrtBytes *bytes)
{
  drt_write_field(w, id, bytes->n);
  drt_write_bytes(w, bytes->at, bytes->n);
}

static void
write_optional(DrtWriter *w, uint32_t id, const DrtBytes *bytes)
{
  if (bytes->at != NULL)
    write_blob(w, id, bytes);
}

static inline void
write_array_head(DrtWriter *w, uint32_t n, uint32_t type, uint32_t entry)
{
  drt_write_be16(w, n);
  drt_write_be16(w, DRT_ARRAY_LEN + n * entry);
  drt_write_be16(w, type);
  drt_write_be16(w, entry);
}

uint32_t
drt_encoded_route_size(const DrtRoute *route)
{
  drt_assert(route->address_count >= 1 && route->address_count <= DRT_ROUTE_ADDRESSES_MAX);
  return DRT_ROUTE_FIXED_LEN + (uint32_t)DRT_ADDRESS_LEN * route->address_count;
}

static inline void
write_route(DrtWriter *w, const DrtRoute *route)
{
  drt_write_key(w, &route->key);
  *w->at++ = route->major;
  *w->at++ = route->minor;
  drt_write_be16(w, route->port);
  *w->at++ = 0;
  *w->at++ = route->address_count;
  drt_write_bytes(w, route->addresses, (size_t)DRT_ADDRESS_LEN * route->address_count);
}

static uint32_t
after_route(uint32_t before, const DrtRouteField *field, DrtMode mode)
{
  if (!field->present)
    return before;
  bool sealed = mode == DRT_MODE_CONFIDENTIAL;
  return after_field(before, sealed ? field->sealed.n : drt_encoded_route_size(&field->plain));
}

static inline void
write_route_field(DrtWriter *w, const DrtRouteField *field, DrtMode mode, uint32_t sealed_id)
{
  if (!field->present)
    return;
  if (mode == DRT_MODE_CONFIDENTIAL) {
    write_blob(w, sealed_id, &field->sealed);
    return;
  }
  drt_write_field(w, DRT_F_ROUTE, drt_encoded_route_size(&field->plain));
  write_route(w, &field->plain);
}

uint32_t
drt_encoded_path_size(const DrtEndpointList *list)
{
  drt_assert(list->n <= DRT_PATH_MAX);
  return DRT_ARRAY_LEN + (uint32_t)DRT_ENDPOINT_LEN * list->n;
}

static inline void
write_path(DrtWriter *w, const DrtEndpointList *list)
{
  write_array_head(w, list->n, DRT_F_ENDPOINT, DRT_ENDPOINT_LEN);
  drt_write_bytes(w, list->at, (size_t)DRT_ENDPOINT_LEN * list->n);
}

static uint32_t
after_path(uint32_t before, const DrtPathField *path, DrtMode mode)
{
  bool sealed = mode == DRT_MODE_CONFIDENTIAL;
  return after_field(before, sealed ? path->sealed.n : drt_encoded_path_size(&path->plain));
}

static inline void
write_path_field(DrtWriter *w, const DrtPathField *path, DrtMode mode)
{
  if (mode == DRT_MODE_CONFIDENTIAL) {
    write_blob(w, DRT_F_ENCRYPTED_ENDPOINT_ARRAY, &path->sealed);
    return;
  }
  drt_write_field(w, DRT_F_ENDPOINT_ARRAY, drt_encoded_path_size(&path->plain));
  write_path(w, &path->plain);
}

static uint32_t
after_proof(uint32_t before, const DrtProof *proof, DrtMode mode)
{
  if (mode == DRT_MODE_RESOLVE)
    return before;
  uint32_t size = after_field(before, proof->credential.n);
  size = after_field(size, proof->signature.n);
  return after_field(size, proof->key_identifier.n);
}

static void
write_proof(DrtWriter *w, const DrtProof *proof, DrtMode mode)
{
  if (mode == DRT_MODE_RESOLVE)
    return;
  write_blob(w, DRT_F_CREDENTIAL, &proof->credential);
  write_blob(w, DRT_F_SIGNATURE, &proof->signature);
  write_blob(w, DRT_F_KEY_IDENTIFIER, &proof->key_identifier);
}

static uint32_t
after_keys(uint32_t before, const DrtKeyList *keys)
{
  drt_assert(keys->n <= DRT_KEYS_MAX);
  return after_field(before, DRT_ARRAY_LEN + (uint32_t)DRT_KEY_LEN * keys->n);
}

static void
write_keys(DrtWriter *w, const DrtKeyList *keys)
{
  drt_write_field(w, DRT_F_ID_ARRAY, DRT_ARRAY_LEN + (size_t)DRT_KEY_LEN * keys->n);
  write_array_head(w, keys->n, DRT_F_ID, DRT_KEY_LEN);
  drt_write_bytes(w, keys->at, (size_t)DRT_KEY_LEN * keys->n);
}

static inline void
write_acked(DrtWriter *w, uint32_t acked)
{
  drt_write_field(w, DRT_F_ACKED, 4);
  drt_write_be32(w, acked);
}

static inline void
write_flags(DrtWriter *w, uint16_t flags)
{
  drt_write_field(w, DRT_F_FLAGS, 2);
  drt_write_be16(w, flags);
}

static inline void
write_key_field(DrtWriter *w, uint32_t id, const DrtKey *key)
{
  drt_write_field(w, id, DRT_KEY_LEN);
  drt_write_key(w, key);
}

static void
write_short_blob(DrtWriter *w, uint32_t id, const uint8_t *from, uint32_t n)
{
  drt_write_field(w, id, n);
  drt_write_bytes(w, from, n);
}

/* 4.1 */
static uint32_t
solicit_size(const DrtSolicit *solicit)
{
  uint32_t size = after_route(DRT_HEADER_LEN, &solicit->route, DRT_MODE_RESOLVE);
  return after_field(size, DRT_HASH_LEN);
}

static void
write_solicit(DrtWriter *w, const DrtSolicit *solicit)
{
  write_route_field(w, &solicit->route, DRT_MODE_RESOLVE, DRT_F_ROUTE);
  write_short_blob(w, DRT_F_HASHED_NONCE, solicit->hashed_nonce, DRT_HASH_LEN);
}

/* 4.2 */
static uint32_t
advertise_size(const DrtAdvertise *advertise)
{
  uint32_t size = after_field(DRT_HEADER_LEN, 4);
  return after_field(after_keys(size, &advertise->keys), DRT_HASH_LEN);
}

static void
write_advertise(DrtWriter *w, const DrtAdvertise *advertise)
{
  write_acked(w, advertise->acked);
  write_keys(w, &advertise->keys);
  write_short_blob(w, DRT_F_HASHED_NONCE, advertise->hashed_nonce, DRT_HASH_LEN);
}

/* 4.3. @before is where the nonce starts: a multiple of four. */
static uint32_t
after_request_body(uint32_t before, const DrtRequestBody *body, DrtMode mode)
{
  uint32_t size = after_keys(after_field(before, DRT_NONCE_LEN), &body->keys);
  return after_proof(size, &body->proof, mode);
}

static void
write_request_body(DrtWriter *w, const DrtRequestBody *body, DrtMode mode)
{
  write_short_blob(w, DRT_F_NONCE, body->nonce, DRT_NONCE_LEN);
  write_keys(w, &body->keys);
  write_proof(w, &body->proof, mode);
}

static uint32_t
request_size(const DrtRequest *request, DrtMode mode)
{
  if (mode == DRT_MODE_RESOLVE)
    return after_request_body(DRT_HEADER_LEN, &request->body, mode);
  if (request->split.slice.at != NULL)
    return DRT_SPLIT_BODY + request->split.slice.n;
  return after_request_body(DRT_SPLIT_BODY, &request->body, mode);
}

static void
write_split(DrtWriter *w, uint32_t size, uint32_t offset)
{
  drt_assert(size >= 1 && size <= DRT_SPLIT_SIZE_MAX && offset % DRT_FRAGMENT_LEN == 0);
  drt_write_field(w, DRT_F_SPLIT_CONTROLS, 4);
  drt_write_be16(w, size);
  drt_write_be16(w, offset);
}

static void
write_slice(DrtWriter *w, const DrtSplit *split)
{
  drt_assert(split->slice.n >= 1 && split->slice.n <= DRT_FRAGMENT_LEN);
  write_split(w, split->size, split->offset);
  drt_write_bytes(w, split->slice.at, split->slice.n);
}

/* Whoever builds something longer than a fragment must split it. */
static void
write_request(DrtWriter *w, const DrtRequest *request, DrtMode mode)
{
  if (mode == DRT_MODE_RESOLVE) {
    write_request_body(w, &request->body, mode);
    return;
  }
  write_flags(w, 0);
  if (request->split.slice.at != NULL) {
    write_slice(w, &request->split);
    return;
  }
  uint32_t size = drt_encoded_request_body_size(&request->body, mode);
  drt_assert(size <= DRT_FRAGMENT_LEN);
  write_split(w, size, 0);
  write_request_body(w, &request->body, mode);
}

/* 4.4 */
static uint32_t
flood_size(const DrtFlood *flood, DrtMode mode)
{
  uint32_t size = after_field(after_field(DRT_HEADER_LEN, 3), DRT_KEY_LEN);
  if (mode == DRT_MODE_CONFIDENTIAL)
    size = after_field(size, flood->keytoken.n);
  size = after_optional(size, &flood->revoke);
  size = after_route(size, &flood->route, mode);
  return after_path(size, &flood->flooded, mode);
}

static void
write_flood(DrtWriter *w, const DrtFlood *flood, DrtMode mode)
{
  bool sealed = mode == DRT_MODE_CONFIDENTIAL;
  drt_write_field(w, DRT_F_FLOOD_CONTROLS, 3);
  drt_write_be16(w, flood->flags);
  *w->at++ = 0;
  write_key_field(w, DRT_F_VALIDATE, &flood->validate);
  if (sealed)
    write_blob(w, DRT_F_KEYTOKEN, &flood->keytoken);
  write_optional(w, sealed ? DRT_F_ENCRYPTED_CPA : DRT_F_REVOKE_CPA, &flood->revoke);
  write_route_field(w, &flood->route, mode, DRT_F_ROUTE); /* the plain id even if sealed: H6 */
  write_path_field(w, &flood->flooded, mode);
}

/* 4.5 */
static uint32_t
inquire_size(const DrtInquire *inquire, DrtMode mode)
{
  uint32_t size = after_field(after_field(DRT_HEADER_LEN, 2), DRT_KEY_LEN);
  if (inquire->has_nonce)
    size = after_field(size, DRT_NONCE_LEN);
  return after_proof(size, &inquire->proof, mode);
}

static void
write_inquire(DrtWriter *w, const DrtInquire *inquire, DrtMode mode)
{
  write_flags(w, inquire->flags);
  write_key_field(w, DRT_F_VALIDATE, &inquire->validate);
  if (inquire->has_nonce)
    write_short_blob(w, DRT_F_NONCE, inquire->nonce, DRT_NONCE_LEN);
  write_proof(w, &inquire->proof, mode);
}

/* 4.6. All fields but the last kind, the CPA, are followed by their padding. */
static uint32_t
after_authority_body(uint32_t before, const DrtAuthorityBody *body, DrtMode mode)
{
  drt_assert(mode == DRT_MODE_CONFIDENTIAL || body->payload.at == NULL ||
             (body->payload.n >= 1 && body->payload.n <= DRT_PAYLOAD_MAX));
  uint32_t size = after_field(before, 2);
  size = after_optional(size, &body->chain);
  size = after_optional(size, &body->keytoken);
  if (body->classifier.at != NULL)
    size =
      after_field(size, (mode == DRT_MODE_CONFIDENTIAL ? 0 : DRT_ARRAY_LEN) + body->classifier.n);
  size = after_optional(size, &body->payload);
  size = padded(after_route(size, &body->route, mode));
  return after_optional(size, &body->cpa);
}

static void
write_classifier(DrtWriter *w, const DrtBytes *units, DrtMode mode)
{
  if (units->at == NULL)
    return;
  if (mode == DRT_MODE_CONFIDENTIAL) {
    write_blob(w, DRT_F_ENCRYPTED_CLASSIFIER, units);
    return;
  }
  drt_assert(units->n % 2 == 0);
  drt_write_field(w, DRT_F_CLASSIFIER, DRT_ARRAY_LEN + units->n);
  write_array_head(w, units->n / 2, DRT_F_WCHAR, 2);
  drt_write_bytes(w, units->at, units->n);
}

static inline void
write_authority_body(DrtWriter *w, const DrtAuthorityBody *body, DrtMode mode)
{
  bool sealed = mode == DRT_MODE_CONFIDENTIAL;
  drt_assert(sealed || body->keytoken.at == NULL);
  write_flags(w, body->flags);
  write_optional(w, DRT_F_CREDENTIAL, &body->chain);
  write_optional(w, DRT_F_KEYTOKEN, &body->keytoken);
  write_classifier(w, &body->classifier, mode);
  write_optional(w, sealed ? DRT_F_ENCRYPTED_PAYLOAD : DRT_F_PAYLOAD, &body->payload);
  write_route_field(w, &body->route, mode, DRT_F_ENCRYPTED_ROUTE);
  drt_write_padding(w);
  write_optional(w, sealed ? DRT_F_ENCRYPTED_CPA : DRT_F_CPA, &body->cpa);
}

static uint32_t
authority_size(const DrtAuthority *authority, DrtMode mode)
{
  if (authority->split.slice.at != NULL)
    return DRT_SPLIT_BODY + authority->split.slice.n;
  return after_authority_body(DRT_SPLIT_BODY, authority->body, mode);
}

static void
write_authority(DrtWriter *w, const DrtAuthority *authority, DrtMode mode)
{
  write_acked(w, authority->acked);
  if (authority->split.slice.at != NULL) {
    write_slice(w, &authority->split);
    return;
  }
  DrtWriter head = *w;
  w->at += SPLIT_LEN; /* written when the size of the body is known: once it is written */
  const uint8_t *body = w->at;
  write_authority_body(w, authority->body, mode);
  drt_assert(w->at - body <= DRT_FRAGMENT_LEN);
  write_split(&head, (uint32_t)(w->at - body), 0);
}

/* 4.7. The padding behind the flags is left off (H4). */
static uint32_t
ack_size(const DrtAck *ack)
{
  uint32_t size = after_field(DRT_HEADER_LEN, 4);
  return ack->flags == 0 ? size : after_field(size, 2);
}

static void
write_ack(DrtWriter *w, const DrtAck *ack)
{
  write_acked(w, ack->acked);
  if (ack->flags != 0)
    write_flags(w, ack->flags);
}

/* 4.8 */
static uint32_t
lookup_size(const DrtLookup *lookup, DrtMode mode)
{
  drt_assert(mode == DRT_MODE_CONFIDENTIAL || lookup->path.plain.n >= 1);
  uint32_t size = after_field(DRT_HEADER_LEN, 8);
  size = after_field(after_field(size, DRT_KEY_LEN), DRT_KEY_LEN);
  if (mode == DRT_MODE_CONFIDENTIAL)
    size = after_field(size, lookup->keytoken.n);
  size = after_route(size, &lookup->best, mode);
  size = after_path(size, &lookup->path, mode);
  return after_proof(size, &lookup->proof, mode);
}

static void
write_lookup(DrtWriter *w, const DrtLookup *lookup, DrtMode mode)
{
  drt_assert(mode == DRT_MODE_CONFIDENTIAL || lookup->path.plain.n >= 1);
  drt_write_field(w, DRT_F_LOOKUP_CONTROLS, 8);
  drt_write_be16(w, lookup->flags);
  drt_write_be16(w, lookup->precision);
  *w->at++ = lookup->criteria;
  *w->at++ = lookup->reason;
  drt_write_be16(w, 0);
  write_key_field(w, DRT_F_TARGET, &lookup->target);
  write_key_field(w, DRT_F_VALIDATE, &lookup->validate);
  if (mode == DRT_MODE_CONFIDENTIAL)
    write_blob(w, DRT_F_KEYTOKEN, &lookup->keytoken);
  write_route_field(w, &lookup->best, mode, DRT_F_ENCRYPTED_ROUTE);
  write_path_field(w, &lookup->path, mode);
  write_proof(w, &lookup->proof, mode);
}

uint32_t
drt_encoded_size(const DrtMsg *msg, DrtMode mode)
{
  switch (msg->type) {
  case DRT_SOLICIT:
    return solicit_size(&msg->solicit);
  case DRT_ADVERTISE:
    return advertise_size(&msg->advertise);
  case DRT_REQUEST:
    return request_size(&msg->request, mode);
  case DRT_FLOOD:
    return flood_size(&msg->flood, mode);
  case DRT_INQUIRE:
    return inquire_size(&msg->inquire, mode);
  case DRT_AUTHORITY:
    return authority_size(&msg->authority, mode);
  case DRT_ACK:
    return ack_size(&msg->ack);
  case DRT_LOOKUP:
    return lookup_size(&msg->lookup, mode);
  }
  drt_never("a message of an unknown type");
}

static void
write_message(DrtWriter *w, const DrtMsg *msg, DrtMode mode)
{
  drt_write_be32(w, (uint32_t)DRT_F_HEADER << 16 | DRT_HEADER_LEN);
  *w->at++ = DRT_IDENTIFIER;
  *w->at++ = msg->major;
  *w->at++ = msg->minor;
  *w->at++ = (uint8_t)msg->type;
  drt_write_be32(w, msg->id);
  switch (msg->type) {
  case DRT_SOLICIT:
    write_solicit(w, &msg->solicit);
    break;
  case DRT_ADVERTISE:
    write_advertise(w, &msg->advertise);
    break;
  case DRT_REQUEST:
    write_request(w, &msg->request, mode);
    break;
  case DRT_FLOOD:
    write_flood(w, &msg->flood, mode);
    break;
  case DRT_INQUIRE:
    write_inquire(w, &msg->inquire, mode);
    break;
  case DRT_AUTHORITY:
    write_authority(w, &msg->authority, mode);
    break;
  case DRT_ACK:
    write_ack(w, &msg->ack);
    break;
  case DRT_LOOKUP:
    write_lookup(w, &msg->lookup, mode);
    break;
  }
}

/* The end of every encoder: what was written is what was promised. */
static uint32_t
written(const DrtWriter *w, uint32_t size)
{
  drt_assert((size_t)(w->at - w->base) == size);
  return size;
}

void
drt_encode_sized(const DrtMsg *msg, DrtMode mode, uint8_t *to, uint32_t size)
{
  drt_assert(size <= DRT_DATAGRAM_MAX);
  DrtWriter w = { to, to };
  write_message(&w, msg, mode);
  written(&w, size);
}

uint32_t
drt_encode(const DrtMsg *msg, DrtMode mode, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_encoded_size(msg, mode);
  if (size > room)
    return 0;
  drt_encode_sized(msg, mode, to, size);
  return size;
}

uint32_t
drt_encoded_authority_body_size(const DrtAuthorityBody *body, DrtMode mode)
{
  return after_authority_body(0, body, mode);
}

uint32_t
drt_encode_authority_body(const DrtAuthorityBody *body, DrtMode mode, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_encoded_authority_body_size(body, mode);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  write_authority_body(&w, body, mode);
  return written(&w, size);
}

uint32_t
drt_encoded_request_body_size(const DrtRequestBody *body, DrtMode mode)
{
  return after_request_body(0, body, mode);
}

uint32_t
drt_encode_request_body(const DrtRequestBody *body, DrtMode mode, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_encoded_request_body_size(body, mode);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  write_request_body(&w, body, mode);
  return written(&w, size);
}

uint32_t
drt_encode_route(const DrtRoute *route, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_encoded_route_size(route);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  write_route(&w, route);
  return written(&w, size);
}

uint32_t
drt_encode_path(const DrtEndpointList *list, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_encoded_path_size(list);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  write_path(&w, list);
  return written(&w, size);
}
