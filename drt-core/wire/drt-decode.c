/* Every decoder works on a local struct, so that a rejected message leaves no trace in *ret, but for
 * those two whose caller has no other use for it. */
#include "drt-decode.h"

#include "drt-reader.h"

static bool
is_known_field(uint32_t id)
{
  switch (id) {
  case DRT_F_HEADER:
  case DRT_F_ACKED:
  case DRT_F_ID:
  case DRT_F_TARGET:
  case DRT_F_VALIDATE:
  case DRT_F_FLAGS:
  case DRT_F_FLOOD_CONTROLS:
  case DRT_F_SOLICIT_CONTROLS:
  case DRT_F_LOOKUP_CONTROLS:
  case DRT_F_PAYLOAD:
  case DRT_F_ID_ARRAY:
  case DRT_F_CREDENTIAL:
  case DRT_F_WCHAR:
  case DRT_F_CLASSIFIER:
  case DRT_F_HASHED_NONCE:
  case DRT_F_NONCE:
  case DRT_F_SPLIT_CONTROLS:
    return true;
  default:
    return id >= DRT_F_ROUTE && id <= DRT_F_KEY_IDENTIFIER;
  }
}

DrtReject
drt_reader_misplaced(const DrtReader *r)
{
  if (r->id == DRT_READER_END)
    return DRT_REJECT_FIELD_MISSING;
  return is_known_field(r->id) ? DRT_REJECT_FIELD_ORDER : DRT_REJECT_FIELD_UNKNOWN;
}

/* A FIELD_ARRAY (3.5): its elements and their count, which must be within @min and @max. */
static const uint8_t *
read_array(DrtReader *r, DrtBytes bytes, uint16_t type, uint16_t entry, uint16_t min, uint16_t max,
           uint16_t *ret_n)
{
  if (bytes.n < DRT_ARRAY_LEN) {
    drt_reader_fail(r, DRT_REJECT_ARRAY_SHORT);
    return NULL;
  }
  uint16_t n = drt_load_be16(bytes.at);
  if (drt_load_be16(bytes.at + 4) != type)
    drt_reader_fail(r, DRT_REJECT_ARRAY_TYPE);
  else if (drt_load_be16(bytes.at + 6) != entry)
    drt_reader_fail(r, DRT_REJECT_ARRAY_ENTRY);
  else if (n < min || n > max)
    drt_reader_fail(r, DRT_REJECT_ARRAY_COUNT);
  else if (drt_load_be16(bytes.at + 2) != bytes.n || bytes.n != DRT_ARRAY_LEN + (uint32_t)n * entry)
    drt_reader_fail(r, DRT_REJECT_ARRAY_LENGTH);
  if (r->reject != DRT_REJECT_NONE)
    return NULL;
  *ret_n = n;
  return bytes.at + DRT_ARRAY_LEN;
}

static DrtKeyList
read_keys(DrtReader *r)
{
  DrtKeyList keys = { 0 };
  DrtBytes bytes = { 0 };
  bytes.at = drt_reader_need(r, DRT_F_ID_ARRAY, &bytes.n);
  if (bytes.at != NULL)
    keys.at = read_array(r, bytes, DRT_F_ID, DRT_KEY_LEN, 0, DRT_KEYS_MAX, &keys.n);
  return keys;
}

static DrtEndpointList
read_endpoints(DrtReader *r, DrtBytes bytes, uint16_t min)
{
  DrtEndpointList list = { 0 };
  list.at = (const DrtEndpoint *)read_array(r, bytes, DRT_F_ENDPOINT, DRT_ENDPOINT_LEN, min,
                                            DRT_PATH_MAX, &list.n);
  for (uint16_t i = 0; i < list.n; i++)
    if (drt_endpoint_port(&list.at[i]) < DRT_PORT_MIN)
      drt_reader_fail(r, DRT_REJECT_ENDPOINT_PORT);
  return list;
}

static void
read_route(DrtReader *r, DrtBytes bytes, DrtRoute *route)
{
  if (bytes.n < DRT_ROUTE_FIXED_LEN) {
    drt_reader_fail(r, DRT_REJECT_ROUTE_SHORT);
    return;
  }
  route->key = drt_key_from_wire(bytes.at);
  route->major = bytes.at[32];
  route->minor = bytes.at[33];
  route->port = drt_load_be16(bytes.at + 34);
  route->address_count = bytes.at[37];
  route->addresses = bytes.at + DRT_ROUTE_FIXED_LEN;
  if (route->address_count < 1 || route->address_count > DRT_ROUTE_ADDRESSES_MAX)
    drt_reader_fail(r, DRT_REJECT_ROUTE_ADDRESSES);
  else if (bytes.n != DRT_ROUTE_FIXED_LEN + (uint32_t)DRT_ADDRESS_LEN * route->address_count)
    drt_reader_fail(r, DRT_REJECT_ROUTE_LENGTH);
}

/* The field if it is here; moves on. Absent: @at NULL. */
static inline DrtBytes
take(DrtReader *r, uint32_t id)
{
  DrtBytes bytes = { 0 };
  if (r->id == id)
    bytes.at = drt_reader_need(r, id, &bytes.n);
  return bytes;
}

/* The same for a field that has another id in confidential mode. */
static inline DrtBytes
take_sealable(DrtReader *r, DrtMode mode, uint32_t plain, uint32_t sealed)
{
  return take(r, mode == DRT_MODE_CONFIDENTIAL ? sealed : plain);
}

static inline void
take_route(DrtReader *r, DrtMode mode, DrtRouteField *field)
{
  DrtBytes bytes = take_sealable(r, mode, DRT_F_ROUTE, DRT_F_ENCRYPTED_ROUTE);
  if (bytes.at == NULL)
    return;
  field->present = true;
  if (mode == DRT_MODE_CONFIDENTIAL)
    field->sealed = bytes;
  else
    read_route(r, bytes, &field->plain);
}

static inline void
need_path(DrtReader *r, DrtMode mode, uint16_t min, DrtPathField *path)
{
  DrtBytes bytes = { 0 };
  if (mode == DRT_MODE_CONFIDENTIAL) {
    path->sealed.at = drt_reader_need(r, DRT_F_ENCRYPTED_ENDPOINT_ARRAY, &path->sealed.n);
    return;
  }
  bytes.at = drt_reader_need(r, DRT_F_ENDPOINT_ARRAY, &bytes.n);
  if (bytes.at != NULL)
    path->plain = read_endpoints(r, bytes, min);
}

static inline uint32_t
need_acked(DrtReader *r)
{
  const uint8_t *data = drt_reader_need_fixed(r, DRT_F_ACKED, 4);
  return data == NULL ? 0 : drt_load_be32(data);
}

static inline uint16_t
need_flags(DrtReader *r)
{
  const uint8_t *data = drt_reader_need_fixed(r, DRT_F_FLAGS, 2);
  return data == NULL ? 0 : drt_load_be16(data);
}

static inline void
need_key(DrtReader *r, uint32_t id, DrtKey *key)
{
  const uint8_t *data = drt_reader_need_fixed(r, id, DRT_KEY_LEN);
  if (data != NULL)
    *key = drt_key_from_wire(data);
}

static inline void
need_copy(DrtReader *r, uint32_t id, uint8_t *to, uint32_t n)
{
  const uint8_t *data = drt_reader_need_fixed(r, id, n);
  if (data != NULL)
    memcpy(to, data, n);
}

static void
need_proof(DrtReader *r, DrtMode mode, DrtProof *proof)
{
  if (mode == DRT_MODE_RESOLVE)
    return;
  proof->credential.at = drt_reader_need(r, DRT_F_CREDENTIAL, &proof->credential.n);
  proof->signature.at = drt_reader_need(r, DRT_F_SIGNATURE, &proof->signature.n);
  proof->key_identifier.at = drt_reader_need(r, DRT_F_KEY_IDENTIFIER, &proof->key_identifier.n);
}

/* SPLIT_CONTROLS and the raw slice behind it, which is not a field: the reader must not frame it,
 * so it is made to end here (4.3, 4.6). */
static DrtSplit
need_split(const uint8_t *bytes, size_t n, DrtReader *r)
{
  DrtSplit split = { 0 };
  const uint8_t *data = drt_reader_need_fixed(r, DRT_F_SPLIT_CONTROLS, 4);
  if (data == NULL)
    return split;
  split.size = drt_load_be16(data);
  split.offset = drt_load_be16(data + 2);
  split.slice = (DrtBytes){ bytes + DRT_SPLIT_BODY, (uint32_t)(n - DRT_SPLIT_BODY) };
  if (split.size == 0 || split.size > DRT_SPLIT_SIZE_MAX)
    drt_reader_fail(r, DRT_REJECT_SPLIT_SIZE);
  else if (split.offset % DRT_FRAGMENT_LEN != 0)
    drt_reader_fail(r, DRT_REJECT_SPLIT_OFFSET);
  else if (split.slice.n == 0 || split.slice.n > DRT_FRAGMENT_LEN)
    drt_reader_fail(r, DRT_REJECT_SPLIT_SLICE);
  return split;
}

/* Each message is cleared by its reader: the largest is six times as long as the most frequent.
 *
 * 4.1 */
static void
read_solicit(DrtReader *r, DrtSolicit *solicit)
{
  *solicit = (DrtSolicit){ 0 };
  take_route(r, DRT_MODE_RESOLVE, &solicit->route);
  need_copy(r, DRT_F_HASHED_NONCE, solicit->hashed_nonce, DRT_HASH_LEN);
}

/* 4.2 */
static void
read_advertise(DrtReader *r, DrtAdvertise *advertise)
{
  *advertise = (DrtAdvertise){ 0 };
  advertise->acked = need_acked(r);
  advertise->keys = read_keys(r);
  need_copy(r, DRT_F_HASHED_NONCE, advertise->hashed_nonce, DRT_HASH_LEN);
}

/* 4.3 */
static void
read_request_body(DrtReader *r, DrtMode mode, DrtRequestBody *body)
{
  need_copy(r, DRT_F_NONCE, body->nonce, DRT_NONCE_LEN);
  body->keys = read_keys(r);
  need_proof(r, mode, &body->proof);
}

/* 4.4. In confidential mode the route entry is sent under the plain id; both are taken (H6). */
static void
read_flood(DrtReader *r, DrtMode mode, DrtFlood *flood)
{
  *flood = (DrtFlood){ 0 };
  const uint8_t *controls = drt_reader_need_fixed(r, DRT_F_FLOOD_CONTROLS, 3);
  if (controls != NULL)
    flood->flags = drt_load_be16(controls);
  need_key(r, DRT_F_VALIDATE, &flood->validate);
  if (mode == DRT_MODE_CONFIDENTIAL)
    flood->keytoken.at = drt_reader_need(r, DRT_F_KEYTOKEN, &flood->keytoken.n);
  flood->revoke = take_sealable(r, mode, DRT_F_REVOKE_CPA, DRT_F_ENCRYPTED_CPA);
  if (mode == DRT_MODE_CONFIDENTIAL && r->id == DRT_F_ROUTE)
    r->id = DRT_F_ENCRYPTED_ROUTE;
  take_route(r, mode, &flood->route);
  need_path(r, mode, 0, &flood->flooded);
}

/* 4.5. The nonce goes with the A flag, but either is taken without the other (H28). */
static void
read_inquire(DrtReader *r, DrtMode mode, DrtInquire *inquire)
{
  *inquire = (DrtInquire){ 0 };
  inquire->flags = need_flags(r);
  need_key(r, DRT_F_VALIDATE, &inquire->validate);
  inquire->has_nonce = r->id == DRT_F_NONCE;
  if (inquire->has_nonce)
    need_copy(r, DRT_F_NONCE, inquire->nonce, DRT_NONCE_LEN);
  need_proof(r, mode, &inquire->proof);
}

/* 4.7 */
static void
read_ack(DrtReader *r, DrtAck *ack)
{
  *ack = (DrtAck){ 0 };
  ack->acked = need_acked(r);
  if (r->id == DRT_F_FLAGS)
    ack->flags = need_flags(r);
}

/* 4.8 */
static void
read_lookup(DrtReader *r, DrtMode mode, DrtLookup *lookup)
{
  *lookup = (DrtLookup){ 0 };
  const uint8_t *controls = drt_reader_need_fixed(r, DRT_F_LOOKUP_CONTROLS, 8);
  if (controls != NULL) {
    lookup->flags = drt_load_be16(controls);
    lookup->precision = drt_load_be16(controls + 2);
    lookup->criteria = controls[4];
    lookup->reason = controls[5];
    if (lookup->criteria > DRT_CRITERIA_UPPER_BITS ||
        (lookup->criteria & (lookup->criteria - 1)) != 0)
      drt_reader_fail(r, DRT_REJECT_CRITERIA);
  }
  need_key(r, DRT_F_TARGET, &lookup->target);
  need_key(r, DRT_F_VALIDATE, &lookup->validate);
  if (mode == DRT_MODE_CONFIDENTIAL)
    lookup->keytoken.at = drt_reader_need(r, DRT_F_KEYTOKEN, &lookup->keytoken.n);
  take_route(r, mode, &lookup->best);
  need_path(r, mode, 1, &lookup->path);
  need_proof(r, mode, &lookup->proof);
}

/* 2.3 */
static DrtReject
check_header(const uint8_t *bytes, size_t n, uint8_t major)
{
  if (n < DRT_HEADER_LEN)
    return DRT_REJECT_HEADER_SHORT;
  if (drt_load_be16(bytes) != DRT_F_HEADER)
    return DRT_REJECT_HEADER_FIELD;
  if (drt_load_be16(bytes + 2) != DRT_HEADER_LEN)
    return DRT_REJECT_HEADER_LENGTH;
  if (bytes[4] != DRT_IDENTIFIER)
    return DRT_REJECT_HEADER_IDENTIFIER;
  return bytes[5] == major ? DRT_REJECT_NONE : DRT_REJECT_HEADER_VERSION;
}

/* The part of a split message before its slice, and the slice. */
static DrtReject
decode_split(const uint8_t *bytes, size_t n, DrtMsg *msg)
{
  size_t head = n < DRT_SPLIT_BODY ? n : DRT_SPLIT_BODY;
  DrtReader r;
  drt_reader_start(&r, bytes, DRT_HEADER_LEN, head);
  if (msg->type == DRT_AUTHORITY) {
    msg->authority = (DrtAuthority){ .acked = need_acked(&r) };
    msg->authority.split = need_split(bytes, n, &r);
  } else {
    msg->request = (DrtRequest){ 0 };
    need_flags(&r); /* four reserved bytes in the place of flags and padding */
    msg->request.split = need_split(bytes, n, &r);
  }
  return drt_reader_finish(&r);
}

static DrtReject
decode_whole(const uint8_t *bytes, size_t n, DrtMode mode, DrtMsg *msg)
{
  DrtReader r;
  drt_reader_start(&r, bytes, DRT_HEADER_LEN, n);
  switch (msg->type) {
  case DRT_SOLICIT:
    read_solicit(&r, &msg->solicit);
    break;
  case DRT_ADVERTISE:
    read_advertise(&r, &msg->advertise);
    break;
  case DRT_REQUEST:
    msg->request = (DrtRequest){ 0 };
    read_request_body(&r, mode, &msg->request.body);
    break;
  case DRT_FLOOD:
    read_flood(&r, mode, &msg->flood);
    break;
  case DRT_INQUIRE:
    read_inquire(&r, mode, &msg->inquire);
    break;
  case DRT_ACK:
    read_ack(&r, &msg->ack);
    break;
  case DRT_LOOKUP:
    read_lookup(&r, mode, &msg->lookup);
    break;
  case DRT_AUTHORITY:
  default:
    return DRT_REJECT_HEADER_TYPE;
  }
  return drt_reader_finish(&r);
}

DrtReject
drt_decode_scratch(const uint8_t *bytes, size_t n, uint8_t major, DrtMode mode, DrtMsg *scratch)
{
  DrtReject reject = check_header(bytes, n, major);
  if (reject != DRT_REJECT_NONE)
    return reject;
  scratch->type = bytes[7];
  scratch->major = bytes[5];
  scratch->minor = bytes[6];
  scratch->id = drt_load_be32(bytes + 8);
  if (scratch->type == DRT_AUTHORITY || (scratch->type == DRT_REQUEST && mode != DRT_MODE_RESOLVE))
    return decode_split(bytes, n, scratch);
  return decode_whole(bytes, n, mode, scratch);
}

DrtReject
drt_decode(const uint8_t *bytes, size_t n, uint8_t major, DrtMode mode, DrtMsg *ret)
{
  DrtMsg msg;
  DrtReject reject = drt_decode_scratch(bytes, n, major, mode, &msg);
  if (reject == DRT_REJECT_NONE)
    *ret = msg;
  return reject;
}

/* 3.18: an array of UTF-16 units. The view is of the units alone. */
static DrtBytes
read_classifier(DrtReader *r, DrtBytes bytes)
{
  uint16_t n = 0;
  const uint8_t *units = read_array(r, bytes, DRT_F_WCHAR, 2, 0, UINT16_MAX, &n);
  return (DrtBytes){ units, 2u * n };
}

DrtReject
drt_decode_authority_body_scratch(DrtBytes whole, DrtMode mode, DrtAuthorityBody *scratch)
{
  DrtReader r;
  drt_reader_start(&r, whole.at, 0, whole.n);
  bool sealed = mode == DRT_MODE_CONFIDENTIAL;
  *scratch = (DrtAuthorityBody){ .flags = need_flags(&r) };
  scratch->chain = take(&r, DRT_F_CREDENTIAL);
  if (sealed)
    scratch->keytoken = take(&r, DRT_F_KEYTOKEN);
  scratch->classifier = take_sealable(&r, mode, DRT_F_CLASSIFIER, DRT_F_ENCRYPTED_CLASSIFIER);
  if (!sealed && scratch->classifier.at != NULL)
    scratch->classifier = read_classifier(&r, scratch->classifier);
  scratch->payload = take_sealable(&r, mode, DRT_F_PAYLOAD, DRT_F_ENCRYPTED_PAYLOAD);
  if (!sealed && scratch->payload.at != NULL &&
      (scratch->payload.n < 1 || scratch->payload.n > DRT_PAYLOAD_MAX))
    drt_reader_fail(&r, DRT_REJECT_PAYLOAD_SIZE);
  take_route(&r, mode, &scratch->route);
  scratch->cpa = take_sealable(&r, mode, DRT_F_CPA, DRT_F_ENCRYPTED_CPA);
  return drt_reader_finish(&r);
}

DrtReject
drt_decode_authority_body(DrtBytes whole, DrtMode mode, DrtAuthorityBody *ret)
{
  DrtAuthorityBody body;
  DrtReject reject = drt_decode_authority_body_scratch(whole, mode, &body);
  if (reject == DRT_REJECT_NONE)
    *ret = body;
  return reject;
}

DrtReject
drt_decode_request_body(DrtBytes whole, DrtMode mode, DrtRequestBody *ret)
{
  DrtReader r;
  drt_reader_start(&r, whole.at, 0, whole.n);
  DrtRequestBody body = { 0 };
  read_request_body(&r, mode, &body);
  DrtReject reject = drt_reader_finish(&r);
  if (reject == DRT_REJECT_NONE)
    *ret = body;
  return reject;
}

DrtReject
drt_decode_route(DrtBytes bytes, DrtRoute *ret)
{
  DrtReader r = { 0 };
  DrtRoute route = { 0 };
  read_route(&r, bytes, &route);
  if (r.reject == DRT_REJECT_NONE)
    *ret = route;
  return r.reject;
}

DrtReject
drt_decode_path(DrtBytes bytes, DrtEndpointList *ret)
{
  DrtReader r = { 0 };
  DrtEndpointList list = read_endpoints(&r, bytes, 1);
  if (r.reject == DRT_REJECT_NONE)
    *ret = list;
  return r.reject;
}

DrtReject
drt_route_refusal(const DrtRoute *route, uint8_t major)
{
  if (drt_key_is_zero(&route->key))
    return DRT_REJECT_ROUTE_KEY_ZERO;
  if (route->major != major)
    return DRT_REJECT_ROUTE_VERSION;
  return route->port < DRT_PORT_MIN ? DRT_REJECT_ROUTE_PORT : DRT_REJECT_NONE;
}
