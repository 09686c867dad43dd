/* The Pending List: requests that wait for an answer, and their repetition (2.9).
 *
 * All wait equally long, so the list in the order of asking is in the order of due times. */
#include "drt-node-private.h"

#define ROOM_FIRST 4 /* requests, in a blob of 64 bytes; then it doubles */

DrtPending *
drt_node_pending(const DrtNode *node, uint32_t number)
{
  return drt_slab_at(&node->pool->pendings, number);
}

DrtPending *
drt_node_pending_at(const DrtNode *node, uint32_t i)
{
  return drt_node_pending(node, node->asked[i].number);
}

/* Most of the time a node waits for nothing, and one that has just joined has asked far more than it
 * will for the rest of its life. */
static void
give_room(DrtNode *node)
{
  drt_blob_give(&node->pool->blobs, node->asked_blob);
  node->asked_blob = DRT_BLOB_NONE;
  node->asked = NULL;
  node->asked_room = 0;
}

static bool
make_room(DrtNode *node)
{
  if (node->asked_n < node->asked_room)
    return true;
  uint32_t room = node->asked_room == 0 ? ROOM_FIRST : 2 * node->asked_room;
  DrtBlobs *blobs = &node->pool->blobs;
  DrtBlob blob = drt_blob_take(blobs, room * sizeof(DrtAsked));
  if (blob == DRT_BLOB_NONE)
    return false;
  DrtAsked *asked = (DrtAsked *)(void *)drt_blob_at(blobs, blob);
  if (node->asked_n > 0)
    memcpy(asked, node->asked, node->asked_n * sizeof *asked);
  drt_blob_give(blobs, node->asked_blob);
  node->asked_blob = blob;
  node->asked = asked;
  node->asked_room = room;
  return true;
}

static void
note_due(DrtNode *node)
{
  node->asked_due = node->asked_n == 0 ? DRT_TIME_NEVER : drt_node_pending_at(node, 0)->due;
}

/* There is room. */
static void
append(DrtNode *node, const DrtAsked *asked)
{
  DrtPending *pending = drt_node_pending(node, asked->number);
  pending->due = node->now + node->settings->retransmit;
  node->asked[node->asked_n++] = *asked;
  if (node->asked_n == 1)
    node->asked_due = pending->due;
}

static void
take_out(DrtNode *node, uint32_t i)
{
  node->asked_n--;
  memmove(node->asked + i, node->asked + i + 1, (node->asked_n - i) * sizeof *node->asked);
  if (i == 0)
    note_due(node);
}

static bool
id_in_use(const DrtNode *node, uint32_t id)
{
  for (uint32_t i = 0; i < node->asked_n; i++)
    if (node->asked[i].id == id)
      return true;
  return false;
}

static void
trace_ask(const DrtNode *node, uint32_t id, DrtPurpose purpose, uint32_t subject)
{
  if ((node->out->trace_mask & 1u << DRT_TRACE_ASK) == 0)
    return;
  uint64_t ticket = 0;
  if (purpose == DRT_FOR_RESOLVE) {
    const DrtResolve *r = drt_node_resolve(node, subject);
    ticket = r->kind == DRT_RESOLVE_APPLICATION ? r->ticket : 0;
  }
  drt_outbox_trace(node->out, DRT_TRACE_ASK, id, ticket << 8 | (uint64_t)purpose);
}

/* A copy of the datagrams that were put out since @first: one, or the pieces of a long REQUEST, which
 * lie one behind the other. NONE if the profile had nothing to say, or without memory. */
static DrtBlob
copy_sent(DrtNode *node, uint32_t first, uint32_t *ret_n)
{
  const DrtOutbox *out = node->out;
  *ret_n = 0;
  if (out->n == first)
    return DRT_BLOB_NONE;
  uint32_t start = out->items[first].send.offset;
  const DrtOutput *last = &out->items[out->n - 1];
  *ret_n = last->send.offset + last->send.n - start;
  return drt_blob_copy(&node->pool->blobs, out->bytes + start, *ret_n);
}

/* Most requests of a quiet cloud are probes, and hardly any is repeated: they are not kept, as they can be
 * said again from their key. Not in the other modes, where there is a nonce in them. */
static bool
is_remade(const DrtNode *node, DrtPurpose purpose)
{
  return purpose == DRT_FOR_PROBE && node->mode == DRT_MODE_RESOLVE;
}

static void
probe_again(DrtNode *node, const DrtPending *pending)
{
  DrtMsg msg;
  drt_node_message(node, DRT_INQUIRE, &msg);
  msg.id = pending->id;
  msg.inquire.validate = *drt_store_key(drt_node_store(node), pending->peer);
  drt_outbox_trace(node->out, DRT_TRACE_RETRANSMIT, pending->id, pending->left - 1u);
  drt_node_send(node, &msg, &pending->to);
}

uint32_t
drt_node_ask(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to, DrtHandle peer, DrtPurpose purpose,
             uint32_t subject)
{
  if (node->mode == DRT_MODE_CONFIDENTIAL && drt_node_must_defer(node, msg))
    return drt_node_defer(node, msg, to, peer, purpose, subject);
  do
    msg->id = drt_random_u32(&node->random);
  while (msg->id == 0 || id_in_use(node, msg->id));
  trace_ask(node, msg->id, purpose, subject);
  uint32_t number = make_room(node) ? drt_slab_take(&node->pool->pendings) : 0;
  uint32_t first = node->out->n, n = 0;
  DrtBlob bytes = DRT_BLOB_NONE;
  /* What a profile refuses to say is waited for like an answer that does not come. */
  if (number != 0 && drt_node_send(node, msg, to) && !is_remade(node, purpose))
    bytes = copy_sent(node, first, &n);
  if (number == 0 || node->out->short_of_memory || (n > 0 && bytes == DRT_BLOB_NONE)) {
    if (number != 0)
      drt_slab_give(&node->pool->pendings, number);
    drt_blob_give(&node->pool->blobs, bytes);
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return 0;
  }
  *drt_node_pending(node, number) = (DrtPending){
    .id = msg->id,
    .subject = subject,
    .peer = peer,
    .to = *to,
    .purpose = (uint8_t)purpose,
    .type = (uint8_t)msg->type,
    .left = (uint8_t)(node->settings->transmissions - 1),
    .n = (uint16_t)n,
    .bytes = bytes,
    .sent = node->now,
  };
  if (peer != DRT_HANDLE_NONE)
    drt_store_hold(drt_node_store(node), peer);
  DrtAsked asked = {
    .id = msg->id,
    .number = number,
    .probed = purpose == DRT_FOR_PROBE ? peer : DRT_HANDLE_NONE,
    .validated = purpose == DRT_FOR_INTAKE ? drt_asked_mark(&msg->inquire.validate) : 0,
  };
  append(node, &asked);
  return number;
}

void
drt_node_pending_remove(DrtNode *node, uint32_t number)
{
  DrtPending *pending = drt_node_pending(node, number);
  uint32_t i = 0;
  while (node->asked[i].number != number)
    i++;
  take_out(node, i);
  if (node->asked_n == 0)
    give_room(node);
  drt_store_drop(drt_node_store(node), pending->peer);
  drt_blob_give(&node->pool->blobs, pending->bytes);
  drt_blob_give(&node->pool->blobs, pending->deferred);
  drt_slab_give(&node->pool->pendings, number);
}

DrtPending
drt_node_pending_take(DrtNode *node, uint32_t number)
{
  DrtPending *pending = drt_node_pending(node, number), taken = *pending;
  pending->peer = DRT_HANDLE_NONE;
  drt_node_pending_remove(node, number);
  return taken;
}

/* Answers must come from where the question went, or from another address of the same node (H23). */
static bool
may_answer(const DrtNode *node, const DrtPending *pending, const DrtEndpoint *from)
{
  if (drt_endpoint_equal(&pending->to, from))
    return true;
  if (pending->peer == DRT_HANDLE_NONE)
    return false;
  DrtRoute route = drt_store_route(&node->pool->store, pending->peer);
  return drt_route_listens_at(&route, from);
}

DrtPending *
drt_node_pending_match(const DrtNode *node, uint32_t id, const DrtEndpoint *from,
                       uint32_t *ret_number)
{
  for (uint32_t i = 0; i < node->asked_n; i++) {
    if (node->asked[i].id != id)
      continue;
    *ret_number = node->asked[i].number;
    DrtPending *pending = drt_node_pending(node, *ret_number);
    return may_answer(node, pending, from) ? pending : NULL;
  }
  return NULL;
}

/* No answer in all that time: whoever asked is told. The entry is gone before, so that what it
 * asks next starts afresh. */
static void
give_up(DrtNode *node, uint32_t number)
{
  DrtPending pending = drt_node_pending_take(node, number);
  drt_outbox_trace(node->out, DRT_TRACE_UNANSWERED, pending.id, pending.type);
  switch ((DrtPurpose)pending.purpose) {
  case DRT_FOR_CONVERSATION:
    drt_node_conversation_failed(node, pending.subject);
    break;
  case DRT_FOR_FLOOD:
    if (pending.peer != DRT_HANDLE_NONE)
      drt_node_forget_entry(node, pending.peer, DRT_GONE_SILENT);
    break;
  case DRT_FOR_PROBE:
  case DRT_FOR_REVOKE:
    drt_node_forget_entry(node, pending.peer, DRT_GONE_SILENT);
    break;
  case DRT_FOR_INTAKE:
    drt_node_intake_drop(node, pending.subject);
    break;
  case DRT_FOR_RESOLVE:
    drt_resolve_unanswered(node, pending.subject);
    break;
  case DRT_FOR_AUDIT:
    drt_audit_unanswered(node, pending.subject);
    break;
  }
  drt_store_drop(drt_node_store(node), pending.peer);
}

/* The first of the list goes to its end. */
static void
repeat(DrtNode *node)
{
  DrtAsked asked = node->asked[0];
  DrtPending *pending = drt_node_pending(node, asked.number);
  uint32_t n = pending->n, offset, piece = n;
  if (n > 0) {
    uint8_t *bytes = drt_outbox_bytes(node->out, n, &offset);
    if (bytes == NULL)
      return;
    memcpy(bytes, drt_blob_at(&node->pool->blobs, pending->bytes), n);
    drt_outbox_trace(node->out, DRT_TRACE_RETRANSMIT, pending->id, pending->left - 1u);
    if (pending->type == DRT_REQUEST && node->mode != DRT_MODE_RESOLVE)
      piece = DRT_SPLIT_BODY + DRT_FRAGMENT_LEN;
    for (uint32_t at = 0; at < n; at += piece)
      drt_outbox_send(node->out, &pending->to, offset + at, n - at < piece ? n - at : piece);
  } else if (is_remade(node, (DrtPurpose)pending->purpose)) {
    probe_again(node, pending);
  }
  pending->left--;
  take_out(node, 0);
  append(node, &asked);
}

void
drt_node_pending_expire(DrtNode *node)
{
  while (node->asked_due <= node->now && node->status != DRT_NODE_FAULTED) {
    uint32_t number = node->asked[0].number;
    DrtPending *pending = drt_node_pending(node, number);
    if (node->reassembly != NULL)
      drt_reassembly_forget(node->reassembly, pending->id);
    if (pending->left > 0)
      repeat(node);
    else
      give_up(node, number);
    if (node->out->short_of_memory)
      return;
  }
}

void
drt_node_pending_forget(DrtNode *node, DrtPurpose purpose, uint32_t subject)
{
  for (uint32_t i = node->asked_n; i-- > 0;) {
    const DrtPending *pending = drt_node_pending_at(node, i);
    if (pending->purpose == purpose && pending->subject == subject)
      drt_node_pending_remove(node, node->asked[i].number);
  }
}

void
drt_node_pending_clear(DrtNode *node)
{
  while (node->asked_n > 0)
    drt_node_pending_remove(node, node->asked[node->asked_n - 1].number);
  give_room(node); /* of a request that could not be sent */
}

bool
drt_node_probing(const DrtNode *node, DrtHandle peer)
{
  for (uint32_t i = 0; i < node->asked_n; i++)
    if (node->asked[i].probed == peer)
      return true;
  return false;
}
