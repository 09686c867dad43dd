/* ACK: a REQUEST or a FLOOD has arrived (2.9, 4.7). */
#include "drt-node-private.h"

void
drt_recv_ack(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  uint32_t number;
  DrtPending *pending = drt_node_pending_match(node, msg->ack.acked, from, &number);
  if (pending == NULL || (pending->type != DRT_REQUEST && pending->type != DRT_FLOOD)) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_UNASKED, msg->type);
    return;
  }
  uint32_t subject = pending->subject;
  bool flood = pending->type == DRT_FLOOD;
  if (flood && pending->peer != DRT_HANDLE_NONE) {
    if (msg->ack.flags & DRT_ACK_UNKNOWN)
      drt_node_forget_entry(node, pending->peer, DRT_GONE_DENIED); /* H9 */
    else
      drt_node_heard(node, pending->peer);
  }
  drt_node_pending_remove(node, number);
  if (!flood)
    drt_node_conversation_answered(node, subject);
}
