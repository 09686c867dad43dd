/* Messages out: encoded once, in the outbox. */
#include "drt-node-private.h"

#include "drt-encode.h"
#include "drt-secure.h"

/* MessageIDs are random and never 0, which stands for none (H8). */
static uint32_t
fresh_id(DrtNode *node)
{
  uint32_t id;
  do
    id = drt_random_u32(&node->random);
  while (id == 0);
  return id;
}

/* @n: what the message is long. */
static bool
send_sized(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to, uint32_t n)
{
  uint32_t offset;
  if (msg->id == 0)
    msg->id = fresh_id(node);
  uint8_t *bytes = drt_outbox_bytes(node->out, n, &offset);
  if (bytes == NULL)
    return false;
  drt_encode_sized(msg, node->mode, bytes, n);
  drt_outbox_send(node->out, to, offset, n);
  return true;
}

/* The @size bytes at @offset of the outbox, as pieces under one header (2.8). @split: that of @msg. */
static bool
send_pieces(DrtNode *node, DrtMsg *msg, DrtSplit *split, const DrtEndpoint *to, uint32_t offset,
            uint32_t size)
{
  bool sent = true;
  if (msg->id == 0)
    msg->id = fresh_id(node);
  for (uint32_t i = 0; i < drt_fragment_count(size) && sent; i++) {
    /* The outbox may have moved since the last piece. */
    DrtBytes whole = { node->out->bytes + offset, size };
    uint8_t copy[DRT_FRAGMENT_LEN];
    *split = drt_fragment(whole, i);
    memcpy(copy, split->slice.at, split->slice.n);
    split->slice.at = copy;
    sent = send_sized(node, msg, to, drt_encoded_size(msg, node->mode));
    split->slice = (DrtBytes){ 0 };
  }
  return sent;
}

/* A REQUEST that is too long for one datagram is split like an AUTHORITY (4.3). */
static bool
send_request(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to)
{
  const DrtRequestBody *body = &msg->request.body;
  uint32_t size = drt_encoded_request_body_size(body, node->mode), offset;
  if (size <= DRT_FRAGMENT_LEN)
    return send_sized(node, msg, to, drt_encoded_size(msg, node->mode));
  if (size > DRT_SPLIT_SIZE_MAX)
    return false; /* a profile made a credential that no REQUEST can carry */
  uint8_t *bytes = drt_outbox_bytes(node->out, size, &offset);
  if (bytes == NULL)
    return false;
  drt_encode_request_body(body, node->mode, bytes, size);
  return send_pieces(node, msg, &msg->request.split, to, offset, size);
}

/* Whom it is sealed for: who asked, or whose key it names. */
static DrtBytes
recipient(DrtNode *node, const DrtMsg *msg)
{
  DrtBytes credential = node->asker;
  if (msg->type == DRT_LOOKUP)
    drt_node_peer_credential(node, &msg->lookup.validate, &credential);
  else if (msg->type == DRT_FLOOD && (msg->flood.flags & DRT_FLOOD_NO_ACK) == 0)
    drt_node_peer_credential(node, &msg->flood.validate, &credential);
  return credential;
}

/* Apart, because it takes much of the stack. */
static bool
send_secured(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to)
{
  DrtDress dress;
  DrtMsg dressed = *msg;
  if (!drt_node_dress(node, &dressed, recipient(node, msg), &dress))
    return false;
  bool sent = msg->type == DRT_REQUEST
                ? send_request(node, &dressed, to)
                : send_sized(node, &dressed, to, drt_encoded_size(&dressed, node->mode));
  msg->id = dressed.id;
  return sent;
}

bool
drt_node_send(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to)
{
  if (node->mode != DRT_MODE_RESOLVE)
    return send_secured(node, msg, to);
  return send_sized(node, msg, to, drt_encoded_size(msg, node->mode));
}

void
drt_node_send_ack(DrtNode *node, const DrtEndpoint *to, uint32_t acked, bool unknown)
{
  DrtMsg msg;
  drt_node_message(node, DRT_ACK, &msg);
  msg.ack.acked = acked;
  msg.ack.flags = unknown ? DRT_ACK_UNKNOWN : 0;
  drt_node_send(node, &msg, to);
}

/* 4.6: whole if it fits into a fragment, which in resolve mode it nearly always does. */
static void
send_authority(DrtNode *node, const DrtEndpoint *to, uint32_t acked, const DrtAuthorityBody *body)
{
  DrtMsg msg;
  drt_node_message(node, DRT_AUTHORITY, &msg);
  msg.authority.acked = acked;
  uint32_t size = drt_encoded_authority_body_size(body, node->mode), offset;
  if (size <= DRT_FRAGMENT_LEN) {
    msg.authority.body = body;
    send_sized(node, &msg, to, DRT_SPLIT_BODY + size);
    return;
  }
  if (size > DRT_SPLIT_SIZE_MAX)
    return; /* a profile made a chain that no AUTHORITY can carry; the asker will time out */
  uint8_t *bytes = drt_outbox_bytes(node->out, size, &offset);
  if (bytes == NULL)
    return;
  drt_encode_authority_body(body, node->mode, bytes, size);
  send_pieces(node, &msg, &msg.authority.split, to, offset, size);
}

/* Apart, because it takes much of the stack. */
static void
send_sealed_authority(DrtNode *node, const DrtEndpoint *to, uint32_t acked,
                      const DrtAuthorityBody *body)
{
  DrtDress dress;
  DrtAuthorityBody dressed = *body;
  if (drt_node_dress_authority(node, &dressed, &dress))
    send_authority(node, to, acked, &dressed);
}

void
drt_node_send_authority(DrtNode *node, const DrtEndpoint *to, uint32_t acked,
                        const DrtAuthorityBody *body)
{
  if (node->mode == DRT_MODE_CONFIDENTIAL)
    send_sealed_authority(node, to, acked, body);
  else
    send_authority(node, to, acked, body);
}
