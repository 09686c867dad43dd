/* ADVERTISE: the answer to our SOLICIT names keys (4.2, 7.3).
 *
 * It counts only from the node that was asked, with the hash of our nonce. Then all the keys are
 * requested, and the nonce shows that it was us who asked. No keys end the conversation. */
#include "drt-node-private.h"

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
  DrtConversation *conversation = drt_node_conversation(node, subject);
  if (memcmp(conversation->hashed_nonce, msg->advertise.hashed_nonce, DRT_HASH_LEN) != 0) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_CONVERSATION, msg->type);
    return;
  }
  drt_node_pending_remove(node, number);
  if (msg->advertise.keys.n == 0) { /* it is busy, or knows nothing */
    drt_node_conversation_failed(node, subject);
    return;
  }
  DrtMsg request;
  drt_node_message(node, DRT_REQUEST, &request);
  memcpy(request.request.body.nonce, conversation->nonce, DRT_NONCE_LEN);
  request.request.body.keys = msg->advertise.keys;
  drt_node_ask(node, &request, from, DRT_HANDLE_NONE, DRT_FOR_CONVERSATION, subject);
}
