/* AUTHORITY: the answer to a LOOKUP or an INQUIRE (4.6). */
#include "drt-secure.h"

/* A probe or a doubt was answered: with N the entry goes, else it has proven to be alive. */
static void
judge_entry(DrtNode *node, const DrtPending *pending, const DrtAuthorityBody *body)
{
  bool revoked = pending->purpose == DRT_FOR_REVOKE;
  if (body->flags & DRT_AUTHORITY_UNKNOWN)
    drt_node_forget_entry(node, pending->peer, revoked ? DRT_GONE_REVOKED : DRT_GONE_DENIED);
  else
    drt_node_heard(node, pending->peer);
}

void
drt_node_deliver(DrtNode *node, const DrtPending *pending, const DrtAuthorityBody *body)
{
  switch ((DrtPurpose)pending->purpose) {
  case DRT_FOR_RESOLVE:
    if (pending->type == DRT_LOOKUP)
      drt_resolve_lookup_answer(node, pending->subject, body, pending->sent);
    else
      drt_resolve_inquire_answer(node, pending->subject, body, pending->sent);
    break;
  case DRT_FOR_INTAKE:
    drt_node_intake_answer(node, pending->subject, body);
    break;
  case DRT_FOR_AUDIT:
    drt_audit_answer(node, pending->subject, body);
    break;
  case DRT_FOR_PROBE:
  case DRT_FOR_REVOKE:
    judge_entry(node, pending, body);
    break;
  case DRT_FOR_CONVERSATION:
  case DRT_FOR_FLOOD:
    drt_never("an AUTHORITY was matched to what no AUTHORITY answers");
  }
}

/* The request leaves the list first, so that whatever is asked next starts afresh. */
static void
take_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body)
{
  if (drt_node_pending(node, number)->deferred != DRT_BLOB_NONE) {
    drt_node_deferred_answer(node, number, body);
    return;
  }
  DrtPending pending = drt_node_pending_take(node, number);
  drt_node_deliver(node, &pending, body);
  drt_store_drop(drt_node_store(node), pending.peer);
}

/* Apart, because it takes much of the stack. */
static void
take_sealed_answer(DrtNode *node, uint32_t number, DrtAuthorityBody *body)
{
  DrtUndressed undressed;
  if (drt_node_undress_authority(node, body, &undressed))
    take_answer(node, number, body);
}

void
drt_recv_authority(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  uint32_t number;
  DrtPending *found = drt_node_pending_match(node, msg->authority.acked, from, &number);
  if (found == NULL || (found->type != DRT_LOOKUP && found->type != DRT_INQUIRE)) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_UNASKED, msg->type);
    return;
  }
  if (found->purpose == DRT_FOR_RESOLVE)
    drt_node_prefetch_resolve(node, found->subject); /* while the body is decoded */
  DrtBytes whole;
  DrtAuthorityBody body;
  if (!drt_node_put_together(node, msg, &msg->authority.split, from, &whole))
    return;
  DrtReject reject = drt_decode_authority_body_scratch(whole, node->mode, &body);
  if (reject != DRT_REJECT_NONE) {
    drt_outbox_trace(node->out, DRT_TRACE_REJECT, reject, msg->type);
    return;
  }
  if (node->mode == DRT_MODE_CONFIDENTIAL)
    take_sealed_answer(node, number, &body);
  else
    take_answer(node, number, &body);
}
