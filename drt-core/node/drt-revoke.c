/* Withdrawing a key, and passing on that others did (7.7, 8.5). */
#include "drt-node-private.h"

/* A revoke CPA of @local in the outbox's bytes. False if the profile makes none. */
static bool
make_revoke(DrtNode *node, const DrtLocal *local, uint8_t *to, uint32_t room, DrtBytes *ret)
{
  static const uint8_t no_nonce[DRT_NONCE_LEN];
  DrtSecurityStatement statement = {
    .key_context = local->key_context,
    .major = node->major,
    .minor = node->minor,
    .flags = DRT_PAYLOAD_FLAG_REVOKED,
    .key = *drt_local_key(local),
    .nonce = no_nonce,
  };
  DrtSecurityPacked packed = { .cpa = { .at = to, .room = room } };
  if (node->security->pack(node->security->self, &statement, &packed) != 0)
    return false;
  *ret = (DrtBytes){ packed.cpa.at, packed.cpa.n };
  return true;
}

/* One FLOOD to @peer: a revoke, or the entry that takes the free place. */
static void
tell(DrtNode *node, DrtHandle peer, const DrtBytes *revoke, DrtHandle entry)
{
  if (peer == DRT_HANDLE_NONE || peer == entry)
    return;
  DrtStore *store = drt_node_store(node);
  DrtRoute to = drt_store_route(store, peer), route;
  if (entry != DRT_HANDLE_NONE)
    route = drt_store_route(store, entry);
  DrtEndpoint endpoint = drt_node_choose_address(node, &to);
  drt_node_flood(node, entry == DRT_HANDLE_NONE ? NULL : &route, revoke, peer, &endpoint,
                 node->local, 1);
}

void
drt_node_revoke(DrtNode *node, DrtLocal *local)
{
  DrtHandle p1 = drt_leafset_nearest(&local->leaves, DRT_BELOW);
  DrtHandle p5 = drt_leafset_farthest(&local->leaves, DRT_BELOW);
  DrtHandle s1 = drt_leafset_nearest(&local->leaves, DRT_ABOVE);
  DrtHandle s5 = drt_leafset_farthest(&local->leaves, DRT_ABOVE);
  uint8_t bytes[DRT_CPA_MAX];
  DrtBytes revoke;
  if (node->local_n == 0 || (p1 == DRT_HANDLE_NONE && s1 == DRT_HANDLE_NONE) ||
      !make_revoke(node, local, bytes, sizeof bytes, &revoke))
    return;
  tell(node, p1, &revoke, DRT_HANDLE_NONE);
  if (s1 != p1)
    tell(node, s1, &revoke, DRT_HANDLE_NONE);
  if (s1 != DRT_HANDLE_NONE)
    tell(node, p5, NULL, s1);
  if (p1 != DRT_HANDLE_NONE)
    tell(node, s5, NULL, p1);
}

/* On to the nearest member on the far side of @local from @key (H40). */
static void
pass_on(DrtNode *node, DrtLocal *local, const DrtKey *key, const DrtFlood *flood)
{
  const DrtKey *own = drt_local_key(local);
  DrtKey up = drt_key_up(own, key), down = drt_key_up(key, own);
  DrtSide outwards = drt_key_less(&up, &down) ? DRT_BELOW : DRT_ABOVE;
  DrtHandle peer = drt_leafset_nearest(&local->leaves, outwards);
  if (peer == DRT_HANDLE_NONE || drt_key_equal(drt_store_key(drt_node_store(node), peer), key))
    return;
  DrtRoute route = drt_store_route(drt_node_store(node), peer);
  if (drt_route_listens_in(&route, flood->flooded.plain.at, flood->flooded.plain.n))
    return;
  DrtEndpoint to = drt_node_choose_address(node, &route), list[DRT_PATH_MAX];
  uint32_t n =
    drt_node_flooded_list(node, flood->flooded.plain.at, flood->flooded.plain.n, &to, 1, list);
  drt_node_flood(node, NULL, &flood->revoke, peer, &to, list, n);
}

/* Before the entry goes, its node is asked once: the revoke may be an old one, replayed (H15). */
static void
confirm(DrtNode *node, DrtHandle entry)
{
  DrtRoute route = drt_store_route(drt_node_store(node), entry);
  DrtEndpoint to = drt_node_choose_address(node, &route);
  DrtMsg msg;
  drt_node_message(node, DRT_INQUIRE, &msg);
  msg.inquire.validate = route.key;
  drt_node_ask(node, &msg, &to, entry, DRT_FOR_REVOKE, 0);
}

static bool
being_confirmed(const DrtNode *node, DrtHandle entry)
{
  for (uint32_t i = 0; i < node->asked_n; i++) {
    const DrtPending *pending = drt_node_pending_at(node, i);
    if (pending->purpose == DRT_FOR_REVOKE && pending->peer == entry)
      return true;
  }
  return false;
}

void
drt_node_receive_revoke(DrtNode *node, const DrtFlood *flood)
{
  DrtSecurityClaim claim = { .cpa = flood->revoke.at, .cpa_n = flood->revoke.n };
  DrtSecurityFacts facts = { 0 };
  if (node->security->unpack(node->security->self, &claim, &facts) != 0 ||
      facts.major != node->major || (facts.flags & DRT_PAYLOAD_FLAG_REVOKED) == 0) {
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_REVOKE, DRT_FLOOD);
    return;
  }
  int32_t i = drt_cache_find(&node->cache, &facts.key);
  if (i < 0)
    return;
  DrtHandle entry = node->cache.handles[i];
  if (being_confirmed(node, entry))
    return; /* a repetition, or the copy that came the other way round */
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    id = local->next;
    if (drt_leafset_has(&local->leaves, entry))
      pass_on(node, local, &facts.key, flood);
  }
  confirm(node, entry);
}
