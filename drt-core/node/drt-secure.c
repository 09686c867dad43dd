/* Signatures are over the Validate Key, or over the keys of a REQUEST, as they travel. What is sealed
 * in one message shares one content key. */
#include "drt-secure.h"

#include "drt-encode.h"

/* The plain texts of one message, and where their ciphertexts belong. */
typedef struct {
  uint32_t n;
  DrtBytes plain[DRT_SEALED_MAX];
  DrtBytes *place[DRT_SEALED_MAX];
} Sealing;

static bool
is_confidential(const DrtNode *node)
{
  return node->mode == DRT_MODE_CONFIDENTIAL;
}

static void
add(Sealing *sealing, DrtBytes plain, DrtBytes *place)
{
  if (plain.at == NULL)
    return;
  drt_assert(sealing->n < DRT_SEALED_MAX);
  sealing->plain[sealing->n] = plain;
  sealing->place[sealing->n++] = place;
}

/* A field that is there but empty is not one that is absent. */
static DrtBytes
present(const DrtSecurityBuffer *buffer)
{
  return (DrtBytes){ buffer->at, buffer->n };
}

/* ---- Out. ---- */

static bool
prove(DrtNode *node, DrtBytes what, DrtProof *proof, DrtDress *dress)
{
  const DrtSecurity *security = node->security;
  DrtSecurityBuffer credential = { .at = dress->credential, .room = sizeof dress->credential };
  DrtSecurityBuffer identifier = { .at = dress->identifier, .room = sizeof dress->identifier };
  DrtSecurityBuffer signature = { .at = dress->signature, .room = sizeof dress->signature };
  if (security->credential(security->self, &credential) != 0 ||
      security->sign(security->self, what, &identifier, &signature) != 0)
    return false;
  *proof = (DrtProof){ present(&credential), present(&signature), present(&identifier) };
  return true;
}

static bool
prove_key(DrtNode *node, const DrtKey *key, DrtProof *proof, DrtDress *dress)
{
  uint8_t bytes[DRT_KEY_LEN];
  drt_key_to_wire(key, bytes);
  return prove(node, (DrtBytes){ bytes, sizeof bytes }, proof, dress);
}

static bool
seal(DrtNode *node, DrtBytes to, const Sealing *sealing, DrtDress *dress, DrtBytes *ret_token)
{
  const DrtSecurity *security = node->security;
  DrtSecurityBuffer sealed[DRT_SEALED_MAX],
    token = { .at = dress->token, .room = sizeof dress->token };
  uint32_t used = 0;
  for (uint32_t i = 0; i < sealing->n; i++) {
    uint32_t room = sealing->plain[i].n + 256;
    drt_assert(used + room <= sizeof dress->sealed);
    sealed[i] = (DrtSecurityBuffer){ .at = dress->sealed + used, .room = room };
    used += room;
  }
  if (to.at == NULL ||
      security->seal(security->self, to, sealing->n, sealing->plain, sealed, &token) != 0)
    return false;
  for (uint32_t i = 0; i < sealing->n; i++)
    *sealing->place[i] = present(&sealed[i]);
  *ret_token = present(&token);
  return true;
}

static DrtBytes
plain_route(const DrtRouteField *field, DrtDress *dress)
{
  uint32_t n =
    field->present ? drt_encode_route(&field->plain, dress->plain, sizeof dress->plain) : 0;
  return (DrtBytes){ n == 0 ? NULL : dress->plain, n };
}

/* Behind the route entry, which is @after bytes long. */
static DrtBytes
plain_path(const DrtEndpointList *list, DrtDress *dress, uint32_t after)
{
  uint8_t *at = dress->plain + after;
  return (DrtBytes){ at, drt_encode_path(list, at, (uint32_t)sizeof dress->plain - after) };
}

static bool
seal_flood(DrtNode *node, DrtFlood *flood, DrtBytes to, DrtDress *dress)
{
  Sealing sealing = { 0 };
  DrtBytes route = plain_route(&flood->route, dress);
  add(&sealing, flood->revoke, &flood->revoke);
  add(&sealing, route, &flood->route.sealed);
  add(&sealing, plain_path(&flood->flooded.plain, dress, route.n), &flood->flooded.sealed);
  return seal(node, to, &sealing, dress, &flood->keytoken);
}

static bool
seal_lookup(DrtNode *node, DrtLookup *lookup, DrtBytes to, DrtDress *dress)
{
  Sealing sealing = { 0 };
  DrtBytes route = plain_route(&lookup->best, dress);
  add(&sealing, route, &lookup->best.sealed);
  add(&sealing, plain_path(&lookup->path.plain, dress, route.n), &lookup->path.sealed);
  return seal(node, to, &sealing, dress, &lookup->keytoken);
}

bool
drt_node_dress(DrtNode *node, DrtMsg *msg, DrtBytes to, DrtDress *dress)
{
  switch (msg->type) {
  case DRT_INQUIRE:
    return prove_key(node, &msg->inquire.validate, &msg->inquire.proof, dress);
  case DRT_REQUEST:
    return prove(
      node,
      (DrtBytes){ msg->request.body.keys.at, (uint32_t)DRT_KEY_LEN * msg->request.body.keys.n },
      &msg->request.body.proof, dress);
  case DRT_LOOKUP:
    return prove_key(node, &msg->lookup.validate, &msg->lookup.proof, dress) &&
           (!is_confidential(node) || seal_lookup(node, &msg->lookup, to, dress));
  case DRT_FLOOD:
    return !is_confidential(node) || seal_flood(node, &msg->flood, to, dress);
  case DRT_SOLICIT:
  case DRT_ADVERTISE:
  case DRT_ACK:
  case DRT_AUTHORITY:
    break; /* unprotected (8.1); an AUTHORITY is dressed before it is split */
  }
  return true;
}

/* The data of a CLASSIFIER field: the units behind their preamble, as with a list of endpoints. */
static DrtBytes
plain_classifier(DrtBytes units, uint8_t *to, uint32_t room)
{
  uint32_t n = units.n / 2, length = 8 + units.n;
  if (units.at == NULL || length > room)
    return (DrtBytes){ 0 };
  uint16_t preamble[] = { (uint16_t)n, (uint16_t)length, DRT_F_WCHAR, 2 };
  for (size_t i = 0; i < 4; i++) {
    to[2 * i] = (uint8_t)(preamble[i] >> 8);
    to[2 * i + 1] = (uint8_t)preamble[i];
  }
  memcpy(to + 8, units.at, units.n);
  return (DrtBytes){ to, length };
}

bool
drt_node_dress_authority(DrtNode *node, DrtAuthorityBody *body, DrtDress *dress)
{
  uint8_t classifier[1024 + 8];
  Sealing sealing = { 0 };
  if (!is_confidential(node))
    return true;
  add(&sealing, plain_classifier(body->classifier, classifier, sizeof classifier),
      &body->classifier);
  add(&sealing, body->payload, &body->payload);
  add(&sealing, plain_route(&body->route, dress), &body->route.sealed);
  add(&sealing, body->cpa, &body->cpa);
  return sealing.n == 0 || seal(node, node->asker, &sealing, dress, &body->keytoken);
}

/* ---- In. ---- */

static bool
refuse(DrtNode *node, DrtIgnore why, DrtMsgType type)
{
  drt_outbox_trace(node->out, DRT_TRACE_IGNORE, why, type);
  return false;
}

/* From here on answers are sealed for whoever has proven to belong. */
static bool
admit(DrtNode *node, DrtBytes what, const DrtProof *proof, DrtMsgType type)
{
  const DrtSecurity *security = node->security;
  if (security->verify(security->self, what, proof) != 0)
    return refuse(node, DRT_IGNORE_PROOF, type);
  node->asker = proof->credential;
  return true;
}

static bool
admit_key(DrtNode *node, const DrtKey *key, const DrtProof *proof, DrtMsgType type)
{
  uint8_t bytes[DRT_KEY_LEN];
  drt_key_to_wire(key, bytes);
  return admit(node, (DrtBytes){ bytes, sizeof bytes }, proof, type);
}

static bool
unseal_with(DrtNode *node, void *key_context, DrtBytes token, const Sealing *sealing,
            DrtUndressed *undressed, DrtSecurityBuffer *data)
{
  const DrtSecurity *security = node->security;
  uint32_t used = 0;
  for (uint32_t i = 0; i < sealing->n; i++) {
    uint32_t n = sealing->plain[i].n;
    if (n > sizeof undressed->bytes - used)
      return false;
    data[i] = (DrtSecurityBuffer){ .at = undressed->bytes + used, .n = n, .room = n };
    if (n > 0)
      memcpy(data[i].at, sealing->plain[i].at, n);
    used += n;
  }
  return security->unseal(security->self, token, key_context, sealing->n, data) == 0;
}

/* The places hold plain texts afterwards. What names a key of ours was sealed for the certificate of
 * that key, whatever else for that of our credential: the second way is for a FLOOD that answers our
 * REQUEST and names the key of our SOLICIT (H25). */
static bool
unseal(DrtNode *node, const DrtKey *validate, DrtBytes token, const Sealing *sealing,
       DrtUndressed *undressed)
{
  DrtSecurityBuffer data[DRT_SEALED_MAX];
  const DrtLocal *local = validate == NULL ? NULL : drt_node_find_local(node, validate);
  void *key_context = local == NULL ? NULL : local->key_context;
  if (!unseal_with(node, key_context, token, sealing, undressed, data) &&
      (key_context == NULL || !unseal_with(node, NULL, token, sealing, undressed, data)))
    return false;
  for (uint32_t i = 0; i < sealing->n; i++)
    *sealing->place[i] = present(&data[i]);
  return true;
}

/* The plain text of a sealed entry. */
static bool
open_route(DrtRouteField *field)
{
  return !field->present || drt_decode_route(field->sealed, &field->plain) == DRT_REJECT_NONE;
}

static bool
open_flood(DrtNode *node, DrtFlood *flood, DrtUndressed *undressed)
{
  Sealing sealing = { 0 };
  add(&sealing, flood->revoke, &flood->revoke);
  if (flood->route.present)
    add(&sealing, flood->route.sealed, &flood->route.sealed);
  add(&sealing, flood->flooded.sealed, &flood->flooded.sealed);
  return unseal(node, &flood->validate, flood->keytoken, &sealing, undressed) &&
         open_route(&flood->route) &&
         drt_decode_path(flood->flooded.sealed, &flood->flooded.plain) == DRT_REJECT_NONE;
}

static bool
open_lookup(DrtNode *node, DrtLookup *lookup, DrtUndressed *undressed)
{
  Sealing sealing = { 0 };
  if (lookup->best.present)
    add(&sealing, lookup->best.sealed, &lookup->best.sealed);
  add(&sealing, lookup->path.sealed, &lookup->path.sealed);
  return unseal(node, &lookup->validate, lookup->keytoken, &sealing, undressed) &&
         open_route(&lookup->best) &&
         drt_decode_path(lookup->path.sealed, &lookup->path.plain) == DRT_REJECT_NONE;
}

bool
drt_node_undress(DrtNode *node, DrtMsg *msg, DrtUndressed *undressed)
{
  if (msg->type == DRT_INQUIRE)
    return admit_key(node, &msg->inquire.validate, &msg->inquire.proof, msg->type);
  if (msg->type == DRT_LOOKUP &&
      !admit_key(node, &msg->lookup.validate, &msg->lookup.proof, msg->type))
    return false; /* H47 */
  if (!is_confidential(node))
    return true;
  bool good = true;
  if (msg->type == DRT_LOOKUP)
    good = open_lookup(node, &msg->lookup, undressed);
  else if (msg->type == DRT_FLOOD)
    good = open_flood(node, &msg->flood, undressed);
  return good || refuse(node, DRT_IGNORE_SEALED, msg->type);
}

bool
drt_node_undress_request(DrtNode *node, const DrtRequestBody *body)
{
  DrtBytes what = { body->keys.at, (uint32_t)DRT_KEY_LEN * body->keys.n };
  return node->mode == DRT_MODE_RESOLVE || admit(node, what, &body->proof, DRT_REQUEST);
}

/* The units of a classifier behind their preamble. */
static bool
open_classifier(DrtBytes *classifier)
{
  if (classifier->at == NULL)
    return true;
  if (classifier->n < 8 || classifier->n % 2 != 0)
    return false;
  *classifier = (DrtBytes){ classifier->at + 8, classifier->n - 8 };
  return true;
}

bool
drt_node_undress_authority(DrtNode *node, DrtAuthorityBody *body, DrtUndressed *undressed)
{
  Sealing sealing = { 0 };
  if (!is_confidential(node))
    return true;
  add(&sealing, body->classifier, &body->classifier);
  add(&sealing, body->payload, &body->payload);
  if (body->route.present)
    add(&sealing, body->route.sealed, &body->route.sealed);
  add(&sealing, body->cpa, &body->cpa);
  if (sealing.n == 0)
    return true;
  bool good =
    unseal(node, NULL, body->keytoken, &sealing, undressed) && open_route(&body->route) &&
    open_classifier(&body->classifier) &&
    (body->payload.at == NULL || (body->payload.n >= 1 && body->payload.n <= DRT_PAYLOAD_MAX));
  return good || refuse(node, DRT_IGNORE_SEALED, DRT_AUTHORITY);
}
