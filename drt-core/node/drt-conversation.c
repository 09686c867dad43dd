/* Synchronisation: SOLICIT, ADVERTISE, REQUEST (4.1 to 4.3, 7.3). */
#include "drt-node-private.h"

static DrtConversation *
conversation_at(const DrtNode *node, uint32_t number)
{
  return drt_slab_at(&node->pool->conversations, number);
}

static uint32_t
open_conversation(DrtNode *node)
{
  uint32_t number = drt_slab_take(&node->pool->conversations);
  if (number == 0)
    return 0;
  *conversation_at(node, number) = (DrtConversation){ .next = node->conversations };
  node->conversations = number;
  node->conversations_n++;
  return number;
}

static void
close_conversation(DrtNode *node, uint32_t number)
{
  uint32_t *link = &node->conversations;
  while (*link != number)
    link = &conversation_at(node, *link)->next;
  *link = conversation_at(node, number)->next;
  node->conversations_n--;
  drt_slab_give(&node->pool->conversations, number);
}

/* The start of a conversation, as initiator (4.1). The first key registered goes along (H21). */
bool
drt_node_solicit(DrtNode *node, const DrtEndpoint *to)
{
  uint32_t number = open_conversation(node);
  if (number == 0)
    return false;
  DrtConversation *conversation = conversation_at(node, number);
  conversation->initiator = true;
  conversation->peer = *to;
  drt_random_bytes(&node->random, conversation->nonce, DRT_NONCE_LEN);
  drt_security_hash_nonce(conversation->nonce, conversation->hashed_nonce);
  DrtMsg msg = drt_node_message(node, DRT_SOLICIT);
  memcpy(msg.solicit.hashed_nonce, conversation->hashed_nonce, DRT_HASH_LEN);
  if (node->locals != 0) {
    const DrtLocal *local = drt_node_local(node, node->locals);
    msg.solicit.route = (DrtRouteField){
      .present = true,
      .plain = drt_store_route(drt_node_store(node), local->route),
    };
  }
  drt_node_ask(node, &msg, to, DRT_HANDLE_NONE, DRT_FOR_CONVERSATION, number);
  return true;
}

static void
ended(DrtNode *node)
{
  if (node->discovery == 0)
    return;
  DrtDiscovery *discovery = drt_slab_at(&node->pool->discoveries, node->discovery);
  if (discovery->talking > 0)
    discovery->talking--;
  drt_node_discover_next(node);
}

void
drt_node_conversation_failed(DrtNode *node, uint32_t number)
{
  close_conversation(node, number);
  ended(node);
}

/* The ACK to our REQUEST has come. The FLOODs are right behind it, and the bootstrap is not over
 * before they had the time to arrive. */
void
drt_node_conversation_answered(DrtNode *node, uint32_t number)
{
  DrtConversation *conversation = conversation_at(node, number);
  conversation->done = true;
  conversation->expires = node->now + node->settings->retransmit;
}

void
drt_node_conversations_expire(DrtNode *node)
{
  for (uint32_t i = node->conversations; i != 0;) {
    DrtConversation *conversation = conversation_at(node, i);
    uint32_t next = conversation->next;
    bool initiator = conversation->initiator;
    if ((!initiator || conversation->done) && conversation->expires <= node->now) {
      close_conversation(node, i);
      if (initiator)
        ended(node);
    }
    i = next;
  }
}

void
drt_node_conversations_clear(DrtNode *node)
{
  while (node->conversations != 0) {
    drt_node_pending_forget(node, DRT_FOR_CONVERSATION, node->conversations);
    close_conversation(node, node->conversations);
  }
}

static void
advertise(DrtNode *node, const DrtMsg *solicit, const DrtEndpoint *to, const DrtKey *keys,
          uint16_t n)
{
  uint8_t bytes[DRT_KEYS_MAX * DRT_KEY_LEN];
  for (uint16_t i = 0; i < n; i++)
    drt_key_to_wire(&keys[i], bytes + (size_t)DRT_KEY_LEN * i);
  DrtMsg msg = drt_node_message(node, DRT_ADVERTISE);
  msg.advertise.acked = solicit->id;
  msg.advertise.keys = (DrtKeyList){ bytes, n };
  memcpy(msg.advertise.hashed_nonce, solicit->solicit.hashed_nonce, DRT_HASH_LEN);
  drt_node_send(node, &msg, to);
}

/* The responder's entry for this SOLICIT, a new one if need be, or NULL beyond the limits. */
static DrtConversation *
respond_to(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  uint32_t same_source = 0;
  for (uint32_t i = node->conversations; i != 0;) {
    DrtConversation *other = conversation_at(node, i);
    i = other->next;
    if (other->initiator || memcmp(other->peer.wire + 2, from->wire + 2, DRT_ADDRESS_LEN) != 0)
      continue;
    same_source++;
    if (drt_endpoint_equal(&other->peer, from) &&
        memcmp(other->hashed_nonce, msg->solicit.hashed_nonce, DRT_HASH_LEN) == 0)
      return other;
  }
  if (node->conversations_n >= node->settings->conversations_max ||
      same_source >= node->settings->conversations_per_source)
    return NULL;
  uint32_t number = open_conversation(node);
  if (number == 0)
    return NULL;
  DrtConversation *conversation = conversation_at(node, number);
  conversation->peer = *from;
  memcpy(conversation->hashed_nonce, msg->solicit.hashed_nonce, DRT_HASH_LEN);
  return conversation;
}

/* Keys evenly spread over the ring; if the cache has too few, our own too (4.1). The same keys are
 * offered to a repeated SOLICIT. */
static void
choose_keys(DrtNode *node, DrtConversation *conversation)
{
  uint32_t max = (uint32_t)node->settings->advertise_keys;
  DrtHandle entries[DRT_KEYS_MAX];
  uint32_t n = drt_cache_spread(&node->cache, drt_random_u64(&node->random), entries, max);
  for (uint32_t i = 0; i < n; i++)
    conversation->offered[i] = *drt_store_key(drt_node_store(node), entries[i]);
  for (uint32_t id = node->locals; id != 0 && n < max; id = drt_node_local(node, id)->next)
    conversation->offered[n++] = *drt_local_key(drt_node_local(node, id));
  conversation->offered_n = (uint8_t)n;
}

void
drt_recv_solicit(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  if (node->locals_n == 0) { /* H10 */
    advertise(node, msg, from, NULL, 0);
    return;
  }
  DrtConversation *conversation = respond_to(node, msg, from);
  if (conversation == NULL) {
    advertise(node, msg, from, NULL, 0);
    return;
  }
  if (conversation->expires == 0)
    choose_keys(node, conversation);
  conversation->expires = node->now + node->settings->conversation;
  if (msg->solicit.route.present)
    conversation->validate = msg->solicit.route.plain.key;
  advertise(node, msg, from, conversation->offered, conversation->offered_n);
  if (msg->solicit.route.present)
    drt_node_intake(node, &msg->solicit.route.plain, from, NULL);
}

void
drt_recv_advertise(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  uint32_t number;
  DrtPending *pending = drt_node_pending_match(node, msg->advertise.acked, from, &number);
  if (pending == NULL || pending->type != DRT_SOLICIT) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_UNASKED, msg->type);
    return;
  }
  uint32_t subject = pending->subject;
  DrtConversation *conversation = conversation_at(node, subject);
  if (memcmp(conversation->hashed_nonce, msg->advertise.hashed_nonce, DRT_HASH_LEN) != 0) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_CONVERSATION, msg->type);
    return;
  }
  drt_node_pending_remove(node, number);
  if (msg->advertise.keys.n == 0) { /* it is busy, or knows nothing */
    drt_node_conversation_failed(node, subject);
    return;
  }
  DrtMsg request = drt_node_message(node, DRT_REQUEST);
  memcpy(request.request.body.nonce, conversation->nonce, DRT_NONCE_LEN);
  request.request.body.keys = msg->advertise.keys;
  drt_node_ask(node, &request, from, DRT_HANDLE_NONE, DRT_FOR_CONVERSATION, subject);
}

static DrtConversation *
find_by_nonce(DrtNode *node, const uint8_t *nonce, const DrtEndpoint *from)
{
  uint8_t hash[DRT_HASH_LEN];
  bool hashed = false;
  for (uint32_t i = node->conversations; i != 0;) {
    DrtConversation *conversation = conversation_at(node, i);
    i = conversation->next;
    if (conversation->initiator || !drt_endpoint_equal(&conversation->peer, from))
      continue;
    if (!hashed)
      drt_security_hash_nonce(nonce, hash);
    hashed = true;
    if (memcmp(conversation->hashed_nonce, hash, DRT_HASH_LEN) == 0)
      return conversation;
  }
  return NULL;
}

/* The entry of @key if it was offered and is still ours or cached (H24). */
static bool
offered_route(const DrtNode *node, const DrtConversation *conversation, const DrtKey *key,
              DrtRoute *ret)
{
  bool offered = false;
  for (uint8_t i = 0; i < conversation->offered_n && !offered; i++)
    offered = drt_key_equal(&conversation->offered[i], key);
  if (!offered)
    return false;
  const DrtLocal *local = drt_node_find_local(node, key);
  int32_t cached = drt_cache_find(&node->cache, key);
  if (local == NULL && cached < 0)
    return false;
  DrtHandle handle = local != NULL ? local->route : node->cache.handles[cached];
  if (handle == DRT_HANDLE_NONE)
    return false;
  *ret = drt_store_route(&node->pool->store, handle);
  return true;
}

/* One FLOOD for each key, with D set: nobody waits for an ACK (7.3). */
static void
serve(DrtNode *node, const DrtConversation *conversation, const DrtKeyList *keys,
      const DrtEndpoint *to)
{
  uint16_t n = keys->n < node->settings->request_keys_max
                 ? keys->n
                 : (uint16_t)node->settings->request_keys_max;
  for (uint16_t i = 0; i < n; i++) {
    DrtKey key = drt_key_list_get(keys, i);
    DrtMsg msg = drt_node_message(node, DRT_FLOOD);
    if (!offered_route(node, conversation, &key, &msg.flood.route.plain))
      continue;
    msg.flood.route.present = true;
    msg.flood.flags = DRT_FLOOD_NO_ACK;
    msg.flood.validate = conversation->validate; /* H25 */
    msg.flood.flooded.plain = (DrtEndpointList){ node->local, 1 };
    drt_node_send(node, &msg, to);
  }
}

/* In the secured modes a REQUEST may be in pieces (4.3). */
static bool
request_body(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from, DrtRequestBody *ret)
{
  DrtBytes whole;
  if (node->mode == DRT_MODE_RESOLVE) {
    *ret = msg->request.body;
    return true;
  }
  if (!drt_node_put_together(node, msg, &msg->request.split, from, &whole))
    return false;
  DrtReject reject = drt_decode_request_body(whole, node->mode, ret);
  if (reject != DRT_REJECT_NONE)
    drt_outbox_trace(node->out, DRT_TRACE_REJECT, reject, msg->type);
  return reject == DRT_REJECT_NONE;
}

void
drt_recv_request(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  if (node->locals_n == 0) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_NOT_PUBLISHER, msg->type);
    return;
  }
  DrtRequestBody body;
  if (!request_body(node, msg, from, &body))
    return;
  DrtConversation *conversation = find_by_nonce(node, body.nonce, from);
  if (conversation == NULL) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_CONVERSATION, msg->type);
    return;
  }
  drt_node_send_ack(node, from, msg->id, false);
  if (conversation->done)
    return;
  conversation->done = true;
  serve(node, conversation, &body.keys, from);
}
