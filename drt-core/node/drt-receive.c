/* The receive pipeline behind the decoder (2.10): each message to its file. */
#include "drt-node-private.h"

void
drt_node_dispatch(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  if (node->closing && msg->type != DRT_ACK && msg->type != DRT_INQUIRE) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_CLOSED, msg->type);
    return;
  }
  switch (msg->type) {
  case DRT_SOLICIT:
    drt_recv_solicit(node, msg, from);
    break;
  case DRT_ADVERTISE:
    drt_recv_advertise(node, msg, from);
    break;
  case DRT_REQUEST:
    drt_recv_request(node, msg, from);
    break;
  case DRT_FLOOD:
    drt_recv_flood(node, msg, from);
    break;
  case DRT_INQUIRE:
    drt_recv_inquire(node, msg, from);
    break;
  case DRT_AUTHORITY:
    drt_recv_authority(node, msg, from);
    break;
  case DRT_ACK:
    drt_recv_ack(node, msg, from);
    break;
  case DRT_LOOKUP:
    drt_recv_lookup(node, msg, from);
    break;
  }
}
