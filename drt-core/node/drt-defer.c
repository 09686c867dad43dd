/* In confidential mode a LOOKUP or FLOOD is sealed for its recipient, whose credential may not be known
 * yet: a search meets nodes that were never validated. Then an INQUIRE goes first, and the message
 * itself waits, plain, beside that in the Pending List (H6). */
#include "drt-secure.h"

#include "drt-encode.h"

/* What waits: the nonce of the INQUIRE, and the datagram as it would be in resolve mode. */
#define WAITING_MAX (DRT_NONCE_LEN + DRT_CPA_MAX + 2048)

static const DrtKey *
recipient_key(const DrtMsg *msg)
{
  return msg->type == DRT_LOOKUP ? &msg->lookup.validate : &msg->flood.validate;
}

bool
drt_node_must_defer(DrtNode *node, const DrtMsg *msg)
{
  DrtBytes credential;
  return (msg->type == DRT_LOOKUP || msg->type == DRT_FLOOD) &&
         !drt_node_peer_credential(node, recipient_key(msg), &credential);
}

uint32_t
drt_node_defer(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *to, DrtHandle peer,
               DrtPurpose purpose, uint32_t subject)
{
  uint8_t waiting[WAITING_MAX];
  if (peer == DRT_HANDLE_NONE || drt_key_is_zero(recipient_key(msg)))
    return 0; /* nobody can be asked; a FLOOD to somebody unknown is left out */
  DrtMsg inquire;
  drt_node_message(node, DRT_INQUIRE, &inquire);
  inquire.inquire.flags = DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN;
  inquire.inquire.validate = *recipient_key(msg);
  inquire.inquire.has_nonce = true;
  drt_random_bytes(&node->random, inquire.inquire.nonce, DRT_NONCE_LEN);
  memcpy(waiting, inquire.inquire.nonce, DRT_NONCE_LEN);
  uint32_t n = drt_encode(msg, DRT_MODE_RESOLVE, waiting + DRT_NONCE_LEN,
                          (uint32_t)sizeof waiting - DRT_NONCE_LEN);
  drt_assert(n > 0);
  n += DRT_NONCE_LEN;
  uint32_t number = drt_node_ask(node, &inquire, to, peer, purpose, subject);
  if (number == 0)
    return 0;
  DrtPending *pending = drt_node_pending(node, number);
  pending->deferred = drt_blob_copy(&node->pool->blobs, waiting, n);
  pending->deferred_n = (uint16_t)n;
  if (pending->deferred == DRT_BLOB_NONE)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  return pending->deferred == DRT_BLOB_NONE ? 0 : number;
}

/* The node does not serve that key, or cannot prove it: what would have been its answer. */
static void
deny(DrtNode *node, const DrtPending *pending, DrtMsgType type)
{
  if (type == DRT_FLOOD) {
    drt_node_forget_entry(node, pending->peer, DRT_GONE_DENIED);
    return;
  }
  DrtAuthorityBody denied = { .flags = DRT_AUTHORITY_UNKNOWN };
  DrtPending lookup = *pending;
  lookup.type = DRT_LOOKUP;
  drt_node_deliver(node, &lookup, &denied);
}

void
drt_node_deferred_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body)
{
  uint8_t waiting[WAITING_MAX];
  DrtSecurityFacts facts = { 0 };
  DrtMsg msg;
  const DrtPending *waits = drt_node_pending(node, number);
  memcpy(waiting, drt_blob_at(&node->pool->blobs, waits->deferred), waits->deferred_n);
  DrtPending pending = drt_node_pending_take(node, number);
  DrtReject reject = drt_decode(waiting + DRT_NONCE_LEN, pending.deferred_n - DRT_NONCE_LEN,
                                node->major, DRT_MODE_RESOLVE, &msg);
  drt_assert(reject == DRT_REJECT_NONE);
  DrtRoute route = drt_store_route(drt_node_store(node), pending.peer);
  bool proven = (body->flags & DRT_AUTHORITY_UNKNOWN) == 0 &&
                drt_node_proves(node, body, waiting, &route, &facts);
  if (proven) {
    uint32_t asked = drt_node_ask(node, &msg, &pending.to, pending.peer,
                                  (DrtPurpose)pending.purpose, pending.subject);
    if (pending.purpose == DRT_FOR_RESOLVE)
      drt_node_resolve(node, pending.subject)->pending = asked;
  } else {
    deny(node, &pending, msg.type);
  }
  drt_store_drop(drt_node_store(node), pending.peer);
}
