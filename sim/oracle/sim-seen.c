#include "sim-seen.h"

#include "drt-cpa.h"
#include "drt-crypto.h"
#include "drt-decode.h"

#define FLAGS_AT 4 /* of an AUTHORITY_BUFFER (4.6) */
#define TYPE_AT 7  /* where every message has its type (PROTOCOL.md 2.3) */

SimMessageType
sim_seen_type(const uint8_t *bytes, uint32_t n)
{
  /* How far each is before SIM_MESSAGES: zero, so none, for what is not in the table. */
  static const uint8_t before[16] = {
#define BEFORE(name, value) [value] = SIM_MESSAGES - SIM_MESSAGE_##name,
    SIM_MESSAGE_TABLE(BEFORE)
#undef BEFORE
  };
  uint8_t type = n > TYPE_AT ? bytes[TYPE_AT] : 0;
  return (SimMessageType)(SIM_MESSAGES - (type < sizeof before ? before[type] : 0));
}

/* Of one that comes in pieces, the first shows the flags. */
static void
read_authority(SimSeen *seen, DrtMode mode)
{
  const DrtSplit *split = &seen->msg.authority.split;
  if (split->offset != 0)
    return;
  if (split->slice.n == split->size) {
    seen->has_body = drt_decode_authority_body(split->slice, mode, &seen->body) == DRT_REJECT_NONE;
    return;
  }
  seen->has_body = split->slice.n >= FLAGS_AT + 2;
  if (seen->has_body)
    seen->body = (DrtAuthorityBody){
      .flags = (uint16_t)(split->slice.at[FLAGS_AT] << 8 | split->slice.at[FLAGS_AT + 1]),
    };
}

static void
read_request(SimSeen *seen, DrtMode mode)
{
  DrtRequest *request = &seen->msg.request;
  DrtRequestBody body;
  if (request->split.slice.n == request->split.size &&
      drt_decode_request_body(request->split.slice, mode, &body) == DRT_REJECT_NONE)
    request->body = body;
}

void
sim_seen_read(SimSeen *seen, DRT_SECURITY_MODE mode, const uint8_t *bytes, uint32_t n)
{
  DrtMode spoken = (DrtMode)mode; /* the values are the same */
  seen->type = SIM_MESSAGES;      /* then nothing else is looked at */
  seen->has_body = false;
  if (drt_decode(bytes, n, n > 5 ? bytes[5] : 0, spoken, &seen->msg) != DRT_REJECT_NONE)
    return;
  seen->type = sim_seen_type(bytes, n);
  if (seen->type == SIM_MESSAGE_AUTHORITY)
    read_authority(seen, spoken);
  if (seen->type == SIM_MESSAGE_REQUEST && mode != DRT_SECURE_RESOLVE)
    read_request(seen, spoken);
}

static bool
is_drt_key(const DrtKey *key, const SimKey *wanted)
{
  DrtKey other = drt_key_from_wire(wanted->bytes);
  return drt_key_equal(key, &other);
}

static bool
lists_key(const DrtKeyList *list, const SimKey *wanted)
{
  for (uint16_t i = 0; i < list->n; i++)
    if (memcmp(list->at + (size_t)i * DRT_KEY_LEN, wanted->bytes, DRT_KEY_LEN) == 0)
      return true;
  return false;
}

static bool
has_route(const DrtRouteField *route, const SimKey *wanted)
{
  return route->present && is_drt_key(&route->plain.key, wanted);
}

static bool
has_entry(const SimSeen *seen, const SimKey *key)
{
  const DrtMsg *msg = &seen->msg;
  switch (msg->type) {
  case DRT_SOLICIT:
    return has_route(&msg->solicit.route, key);
  case DRT_ADVERTISE:
    return lists_key(&msg->advertise.keys, key);
  case DRT_REQUEST:
    return lists_key(&msg->request.body.keys, key);
  case DRT_FLOOD:
    return has_route(&msg->flood.route, key);
  case DRT_LOOKUP:
    return has_route(&msg->lookup.best, key);
  case DRT_AUTHORITY:
    return seen->has_body && has_route(&seen->body.route, key);
  case DRT_INQUIRE:
  case DRT_ACK:
    break;
  }
  return false;
}

static const DrtKey *
validate_key(const DrtMsg *msg)
{
  switch (msg->type) {
  case DRT_FLOOD:
    return &msg->flood.validate;
  case DRT_INQUIRE:
    return &msg->inquire.validate;
  case DRT_LOOKUP:
    return &msg->lookup.validate;
  case DRT_SOLICIT:
  case DRT_ADVERTISE:
  case DRT_REQUEST:
  case DRT_AUTHORITY:
  case DRT_ACK:
    break;
  }
  return NULL;
}

static uint32_t
flags_of(const SimSeen *seen)
{
  switch (seen->msg.type) {
  case DRT_FLOOD:
    return seen->msg.flood.flags;
  case DRT_INQUIRE:
    return seen->msg.inquire.flags;
  case DRT_AUTHORITY:
    return seen->has_body ? seen->body.flags : 0;
  case DRT_ACK:
    return seen->msg.ack.flags;
  case DRT_LOOKUP:
    return seen->msg.lookup.flags;
  case DRT_SOLICIT:
  case DRT_ADVERTISE:
  case DRT_REQUEST:
    break;
  }
  return 0;
}

/* A revoke CPA of the null profile, or of the derived-key one: the key that it says is gone. */
static bool
revoked_key(const DrtMsg *msg, DrtKey *ret)
{
  DrtNullCpa plain;
  DrtCpa derived;
  const DrtBytes *cpa = &msg->flood.revoke;
  if (msg->type != DRT_FLOOD || cpa->at == NULL)
    return false;
  if (drt_null_cpa_decode(*cpa, msg->major, &plain) == DRT_REJECT_NONE) {
    *ret = plain.key;
    return true;
  }
  if (drt_cpa_decode(*cpa, msg->major, drt_crypto_sizes_within(*cpa), &derived) != DRT_REJECT_NONE)
    return false;
  *ret = derived.key;
  return true;
}

static bool
revokes(const DrtMsg *msg, const SimKey *key)
{
  DrtKey revoked;
  return revoked_key(msg, &revoked) && is_drt_key(&revoked, key);
}

/* The entry that a message brings, or NULL. */
static const DrtKey *
entry_of(const SimSeen *seen)
{
  const DrtMsg *msg = &seen->msg;
  const DrtRouteField *route = NULL;
  if (msg->type == DRT_SOLICIT)
    route = &msg->solicit.route;
  else if (msg->type == DRT_FLOOD)
    route = &msg->flood.route;
  else if (msg->type == DRT_AUTHORITY && seen->has_body)
    route = &seen->body.route;
  return route != NULL && route->present ? &route->plain.key : NULL;
}

void
sim_seen_about(const SimSeen *seen, SimSeenAbout *ret)
{
  DrtKey revoked;
  const DrtKey *key = NULL;
  *ret = (SimSeenAbout){ 0 };
  if (seen->type == SIM_MESSAGES)
    return;
  ret->flags = flags_of(seen);
  ret->revoke = revoked_key(&seen->msg, &revoked);
  if (ret->revoke)
    key = &revoked;
  else if (seen->msg.type == DRT_LOOKUP)
    key = &seen->msg.lookup.target;
  else if (seen->msg.type == DRT_INQUIRE)
    key = &seen->msg.inquire.validate;
  else
    key = entry_of(seen);
  ret->has_key = key != NULL;
  if (key != NULL)
    drt_key_to_wire(key, ret->key.bytes);
}

bool
sim_seen_has(const SimSeen *seen, const SimFieldMatch *match)
{
  if (seen->type == SIM_MESSAGES)
    return false;
  switch (match->field) {
  case SIM_FIELD_FLAG:
    return (flags_of(seen) & match->flags) == match->flags;
  case SIM_FIELD_REVOKE:
    return revokes(&seen->msg, &match->key);
  case SIM_FIELD_ENTRY:
    return has_entry(seen, &match->key);
  case SIM_FIELD_VALIDATE: {
    const DrtKey *validate = validate_key(&seen->msg);
    return validate != NULL && is_drt_key(validate, &match->key);
  }
  case SIM_FIELD_TARGET:
    return seen->msg.type == DRT_LOOKUP && is_drt_key(&seen->msg.lookup.target, &match->key);
  case SIM_FIELDS:
    break;
  }
  return false;
}
