/* REQUEST: who solicited us wants entries of the keys that we advertised (4.3, 7.3).
 *
 * The nonce must be the one whose hash came with the SOLICIT from the same endpoint. The REQUEST is
 * acknowledged, and each key that was offered and is still known goes out as a FLOOD that wants no
 * ACK. That happens once: a repeated REQUEST gets the ACK again, and nothing else (H24). */
#include "drt-secure.h"

/* Whoever has not solicited us can have no right nonce: nothing of what it sends is put together,
 * decrypted or verified. */
static bool
has_solicited(const DrtNode *node, const DrtEndpoint *from)
{
  for (uint32_t i = node->conversations; i != 0; i = drt_node_conversation(node, i)->next) {
    const DrtConversation *conversation = drt_node_conversation(node, i);
    if (!conversation->initiator && drt_endpoint_equal(&conversation->peer, from))
      return true;
  }
  return false;
}

static DrtConversation *
find_by_nonce(DrtNode *node, const uint8_t *nonce, const DrtEndpoint *from)
{
  uint8_t hash[DRT_HASH_LEN];
  bool hashed = false;
  for (uint32_t i = node->conversations; i != 0;) {
    DrtConversation *conversation = drt_node_conversation(node, i);
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
  DrtKey keys[DRT_KEYS_MAX];
  uint32_t n = drt_node_conversation_offered(node, conversation, keys);
  bool offered = false;
  for (uint32_t i = 0; i < n && !offered; i++)
    offered = drt_key_equal(&keys[i], key);
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
    DrtMsg msg;
    drt_node_message(node, DRT_FLOOD, &msg);
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
  if (!has_solicited(node, from)) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_CONVERSATION, msg->type);
    return;
  }
  DrtRequestBody body;
  if (!request_body(node, msg, from, &body) || !drt_node_undress_request(node, &body))
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
