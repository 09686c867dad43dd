/* SOLICIT: somebody new asks whom we know (4.1, 7.3).
 *
 * A node with keys remembers the hash of the asker's nonce for 15 s and advertises up to five keys,
 * spread over the ring; the same ones if the same SOLICIT comes again. Without keys, or with too many
 * conversations that are not served yet, it advertises none. The asker's own entry, if it sent one, is taken in. */
#include "drt-node-private.h"

static void
advertise(DrtNode *node, const DrtMsg *solicit, const DrtEndpoint *to, const DrtKey *keys,
          uint16_t n)
{
  uint8_t bytes[DRT_KEYS_MAX * DRT_KEY_LEN];
  for (uint16_t i = 0; i < n; i++)
    drt_key_to_wire(&keys[i], bytes + (size_t)DRT_KEY_LEN * i);
  DrtMsg msg;
  drt_node_message(node, DRT_ADVERTISE, &msg);
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
    DrtConversation *other = drt_node_conversation(node, i);
    i = other->next;
    if (other->initiator || memcmp(other->peer.wire + 2, from->wire + 2, DRT_ADDRESS_LEN) != 0)
      continue;
    same_source++;
    if (drt_endpoint_equal(&other->peer, from) &&
        memcmp(other->hashed_nonce, msg->solicit.hashed_nonce, DRT_HASH_LEN) == 0)
      return other;
  }
  bool room = same_source < node->settings->conversations_per_source ||
              drt_node_conversation_make_room(node, from->wire + 2);
  room = room && (node->conversations_n < node->settings->conversations_max ||
                  drt_node_conversation_make_room(node, NULL));
  if (!room)
    return NULL;
  uint32_t number = drt_node_conversation_open(node);
  if (number == 0)
    return NULL;
  DrtConversation *conversation = drt_node_conversation(node, number);
  conversation->peer = *from;
  memcpy(conversation->hashed_nonce, msg->solicit.hashed_nonce, DRT_HASH_LEN);
  return conversation;
}

/* Keys evenly spread over the ring; if the cache has too few, our own too (4.1). The same keys are
 * offered to a repeated SOLICIT. */
static void
choose_keys(DrtNode *node, DrtConversation *conversation)
{
  DrtKey offered[DRT_KEYS_MAX];
  uint32_t max = (uint32_t)node->settings->advertise_keys;
  DrtHandle entries[DRT_KEYS_MAX];
  uint32_t n = drt_cache_spread(&node->cache, drt_random_u64(&node->random), entries, max);
  for (uint32_t i = 0; i < n; i++)
    offered[i] = *drt_store_key(drt_node_store(node), entries[i]);
  for (uint32_t id = node->locals; id != 0 && n < max; id = drt_node_local(node, id)->next)
    offered[n++] = *drt_local_key(drt_node_local(node, id));
  if (n == 0)
    return;
  conversation->offered = drt_blob_copy(&node->pool->blobs, offered, n * sizeof *offered);
  if (conversation->offered == DRT_BLOB_NONE)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  else
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
  node->waits_changed = true;
  if (msg->solicit.route.present)
    conversation->validate = msg->solicit.route.plain.key;
  DrtKey offered[DRT_KEYS_MAX];
  uint16_t offered_n = drt_node_conversation_offered(node, conversation, offered);
  advertise(node, msg, from, offered, offered_n);
  if (msg->solicit.route.present)
    drt_node_intake(node, &msg->solicit.route.plain, from, NULL);
}
