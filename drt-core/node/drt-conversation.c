/* Conversations (7.3): a node asks another one for entries to start with.
 *
 * Here is what both sides share: the table of conversations, their beginning and their ends. What
 * follows from each message is in drt-recv-solicit.c, drt-recv-advertise.c and drt-recv-request.c. */
#include "drt-node-private.h"

DrtConversation *
drt_node_conversation(const DrtNode *node, uint32_t number)
{
  return drt_slab_at(&node->pool->conversations, number);
}

uint32_t
drt_node_conversation_open(DrtNode *node)
{
  uint32_t number = drt_slab_take(&node->pool->conversations);
  if (number == 0)
    return 0;
  *drt_node_conversation(node, number) = (DrtConversation){ .next = node->conversations };
  node->conversations = number;
  node->conversations_n++;
  node->waits_changed = true;
  return number;
}

uint16_t
drt_node_conversation_offered(const DrtNode *node, const DrtConversation *conversation,
                              DrtKey ret[DRT_KEYS_MAX])
{
  if (conversation->offered_n > 0)
    memcpy(ret, drt_blob_at(&node->pool->blobs, conversation->offered),
           conversation->offered_n * sizeof *ret);
  return conversation->offered_n;
}

static void
close_conversation(DrtNode *node, uint32_t number)
{
  uint32_t *link = &node->conversations;
  while (*link != number)
    link = &drt_node_conversation(node, *link)->next;
  *link = drt_node_conversation(node, number)->next;
  node->conversations_n--;
  node->waits_changed = true;
  if (drt_node_conversation(node, number)->offered_n > 0)
    drt_blob_give(&node->pool->blobs, drt_node_conversation(node, number)->offered);
  drt_slab_give(&node->pool->conversations, number);
}

/* The start of a conversation, as initiator (4.1). The first key registered goes along (H21). */
bool
drt_node_solicit(DrtNode *node, const DrtEndpoint *to)
{
  uint32_t number = drt_node_conversation_open(node);
  if (number == 0)
    return false;
  DrtConversation *conversation = drt_node_conversation(node, number);
  conversation->initiator = true;
  conversation->peer = *to;
  drt_random_bytes(&node->random, conversation->nonce, DRT_NONCE_LEN);
  drt_security_hash_nonce(conversation->nonce, conversation->hashed_nonce);
  DrtMsg msg;
  drt_node_message(node, DRT_SOLICIT, &msg);
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

bool
drt_node_conversation_make_room(DrtNode *node, const uint8_t *address)
{
  uint32_t oldest = 0;
  for (uint32_t i = node->conversations; i != 0; i = drt_node_conversation(node, i)->next) {
    const DrtConversation *other = drt_node_conversation(node, i);
    if (other->initiator || !other->done ||
        (address != NULL && memcmp(other->peer.wire + 2, address, DRT_ADDRESS_LEN) != 0))
      continue;
    if (oldest == 0 || other->expires < drt_node_conversation(node, oldest)->expires)
      oldest = i;
  }
  if (oldest != 0)
    close_conversation(node, oldest);
  return oldest != 0;
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
  DrtConversation *conversation = drt_node_conversation(node, number);
  conversation->done = true;
  node->waits_changed = true;
  conversation->expires = node->now + node->settings->retransmit;
}

void
drt_node_conversations_expire(DrtNode *node)
{
  for (uint32_t i = node->conversations; i != 0;) {
    DrtConversation *conversation = drt_node_conversation(node, i);
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
