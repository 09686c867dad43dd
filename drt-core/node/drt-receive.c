/* The receive pipeline behind the decoder (2.10): each message to its file. */
#include "drt-secure.h"

static bool
fragments_ready(DrtNode *node)
{
  if (node->reassembly != NULL)
    return true;
  DrtMemory *memory = &node->pool->memory;
  node->reassembly = memory->take(memory->host, _Alignof(DrtReassembly), sizeof(DrtReassembly));
  if (node->reassembly == NULL)
    return false;
  drt_reassembly_init(node->reassembly, *memory);
  return true;
}

bool
drt_node_put_together(DrtNode *node, const DrtMsg *msg, const DrtSplit *split,
                      const DrtEndpoint *from, DrtBytes *ret_whole)
{
  if (split->slice.n == split->size) {
    *ret_whole = split->slice;
    return true;
  }
  if (!fragments_ready(node)) {
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return false;
  }
  uint32_t acked = msg->type == DRT_AUTHORITY ? msg->authority.acked : 0;
  DrtFragmentKey key = { msg->type, msg->id, acked, *from };
  DrtFragmentVerdict verdict =
    drt_reassembly_add(node->reassembly, node->now, &key, split, ret_whole);
  drt_outbox_trace(node->out, DRT_TRACE_FRAGMENT, verdict, msg->id);
  return verdict == DRT_FRAGMENT_WHOLE;
}

static void
dispatch(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
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

/* Apart, because it takes much of the stack. What was unsealed lives as long as the step. */
static void
dispatch_secured(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  DrtUndressed undressed;
  DrtMsg plain = *msg;
  if (drt_node_undress(node, &plain, &undressed))
    dispatch(node, &plain, from);
  node->asker = (DrtBytes){ 0 };
}

void
drt_node_dispatch(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  /* Who is closing has no profile any more: all it says is that it serves no key. */
  if (node->mode == DRT_MODE_RESOLVE || node->closing)
    dispatch(node, msg, from);
  else
    dispatch_secured(node, msg, from);
}
