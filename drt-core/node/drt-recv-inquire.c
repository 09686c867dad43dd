/* INQUIRE: somebody wants to see that we publish a key (4.5). */
#include "drt-secure.h"

#define CLASSIFIER_MAX 1024

/* The profile cannot vouch for the key any more: the application hears of it once (drt-api 7.4). */
static void
unresolvable(DrtNode *node, DrtLocal *local, int32_t cause)
{
  if (local->unresolvable)
    return;
  local->unresolvable = true;
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_UNRESOLVABLE);
  output->unresolvable.local = *drt_local_key(local);
  output->unresolvable.cause = cause;
}

static DrtBytes
product(const DrtSecurityBuffer *buffer)
{
  return (DrtBytes){ buffer->n > 0 ? buffer->at : NULL, buffer->n };
}

static void
deny(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  DrtAuthorityBody body = { .flags = DRT_AUTHORITY_UNKNOWN };
  drt_node_send_authority(node, from, msg->id, &body);
}

void
drt_recv_inquire(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  static const uint8_t no_nonce[DRT_NONCE_LEN];
  const DrtInquire *inquire = &msg->inquire;
  DrtLocal *local = drt_node_find_local(node, &inquire->validate);
  if (local == NULL) {
    deny(node, msg, from);
    return;
  }
  uint8_t cpa[DRT_CPA_MAX], classifier[CLASSIFIER_MAX], payload[DRT_PAYLOAD_MAX + 256],
    chain[DRT_CHAIN_MAX];
  DrtAuthorityBody body = { 0 };
  if ((inquire->flags & (DRT_INQUIRE_CPA | DRT_INQUIRE_PAYLOAD | DRT_INQUIRE_CHAIN)) != 0) {
    bool with_payload = (inquire->flags & DRT_INQUIRE_PAYLOAD) != 0;
    DrtSecurityStatement statement = {
      .key_context = local->key_context,
      .major = node->major,
      .minor = node->minor,
      .key = inquire->validate,
      .payload = with_payload ? drt_blob_at(&node->pool->blobs, local->payload) : NULL,
      .payload_n = with_payload ? local->payload_n : 0,
      .addresses = node->local,
      .address_count = node->local_n,
      .nonce = inquire->has_nonce ? inquire->nonce : no_nonce,
      .chain_wanted = (inquire->flags & DRT_INQUIRE_CHAIN) != 0,
    };
    DrtSecurityPacked packed = {
      .cpa = { .at = cpa, .room = sizeof cpa },
      .classifier = { .at = classifier, .room = sizeof classifier },
      .payload = { .at = payload, .room = sizeof payload },
      .chain = { .at = chain, .room = sizeof chain },
    };
    int32_t failed = node->security->pack(node->security->self, &statement, &packed);
    if (failed != 0) {
      unresolvable(node, local, failed);
      deny(node, msg, from);
      return;
    }
    local->unresolvable = false;
    if (inquire->flags & DRT_INQUIRE_CPA)
      body.cpa = product(&packed.cpa);
    if (inquire->flags & DRT_INQUIRE_CHAIN)
      body.chain = product(&packed.chain);
    body.classifier = product(&packed.classifier);
    body.payload = product(&packed.payload);
  }
  drt_node_send_authority(node, from, msg->id, &body);
}
