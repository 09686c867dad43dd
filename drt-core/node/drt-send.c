/* Messages out: encoded once, in the outbox. */
#include "drt-node-private.h"

#include "drt-encode.h"

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

DrtMsg
drt_node_message(const DrtNode *node, DrtMsgType type)
{
  return (DrtMsg){ .type = type, .major = node->major, .minor = node->minor };
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

bool
drt_node_send(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to)
{
  return send_sized(node, msg, to, drt_encoded_size(msg, node->mode));
}

void
drt_node_send_ack(DrtNode *node, const DrtEndpoint *to, uint32_t acked, bool unknown)
{
  DrtMsg msg = drt_node_message(node, DRT_ACK);
  msg.ack.acked = acked;
  msg.ack.flags = unknown ? DRT_ACK_UNKNOWN : 0;
  drt_node_send(node, &msg, to);
}

/* 4.6: whole if it fits into a fragment, which it nearly always does. */
void
drt_node_send_authority(DrtNode *node, const DrtEndpoint *to, uint32_t acked,
                        const DrtAuthorityBody *body)
{
  DrtMsg msg = drt_node_message(node, DRT_AUTHORITY);
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
  msg.id = fresh_id(node); /* one header for all fragments (2.8) */
  for (uint32_t i = 0; i < drt_fragment_count(size); i++) {
    /* The outbox may have moved since the last fragment. */
    DrtBytes whole = { node->out->bytes + offset, size };
    uint8_t copy[DRT_FRAGMENT_LEN];
    msg.authority.split = drt_fragment(whole, i);
    memcpy(copy, msg.authority.split.slice.at, msg.authority.split.slice.n);
    msg.authority.split.slice.at = copy;
    drt_node_send(node, &msg, to);
  }
}
