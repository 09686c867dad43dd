/* Keeping cache and leaf sets together, and telling others of new neighbours (7.6, 7.10).
 *
 * Invariant: each side of a leaf set is the five nearest entries of the cache on that side. Members
 * are pinned in the cache. */
#include "drt-node-private.h"

void
drt_node_event_leafset(DrtNode *node, const DrtLocal *local, bool added, const DrtKey *remote)
{
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_LEAFSET);
  output->leafset.added = added;
  output->leafset.local = *drt_local_key(local);
  output->leafset.remote = *remote;
}

static bool
is_leaf(const DrtNode *node, DrtHandle entry)
{
  for (uint32_t id = node->locals; id != 0;) {
    const DrtLocal *local = drt_node_local(node, id);
    if (drt_leafset_has(&local->leaves, entry))
      return true;
    id = local->next;
  }
  return false;
}

void
drt_node_review_pin(DrtNode *node, DrtHandle entry)
{
  int32_t i = drt_cache_find(&node->cache, drt_store_key(drt_node_store(node), entry));
  if (i < 0)
    return;
  if (is_leaf(node, entry)) {
    drt_cache_pin(&node->cache, (uint32_t)i);
    return;
  }
  DrtHandle evicted;
  DrtCacheShape shape = drt_node_shape(node);
  drt_cache_unpin(&node->cache, &shape, (uint32_t)i, &evicted);
  drt_node_evicted(node, evicted);
}

void
drt_node_evicted(DrtNode *node, DrtHandle entry)
{
  if (entry == DRT_HANDLE_NONE)
    return;
  drt_outbox_trace(node->out, DRT_TRACE_CACHE_OUT, entry, DRT_GONE_EVICTED);
  drt_store_drop(drt_node_store(node), entry);
}

/* Offers a cached entry to a leaf set: events and pins. It is pinned before the member that it
 * pushed out is not any more, so that it cannot be the one to make room. True if taken in. */
static bool
offer(DrtNode *node, DrtLocal *local, DrtHandle entry)
{
  DrtStore *store = drt_node_store(node);
  DrtLeafsetChange change = drt_leafset_offer(&local->leaves, store, entry);
  if (!change.added)
    return false;
  drt_node_review_pin(node, entry);
  drt_node_event_leafset(node, local, true, drt_store_key(store, entry));
  if (change.removed != DRT_HANDLE_NONE) {
    drt_node_event_leafset(node, local, false, drt_store_key(store, change.removed));
    drt_node_review_pin(node, change.removed);
  }
  return true;
}

static void
fill_side(DrtNode *node, DrtLocal *local, DrtSide side)
{
  DrtStore *store = drt_node_store(node);
  DrtHandle nearest[DRT_LEAFSET_SIDE];
  uint32_t n = 0;
  /* Offering one may cost another its place in the cache, so they are held, and looked up again. */
  DrtCacheWalk walk = drt_cache_walk(&node->cache, drt_local_key(local), side);
  for (DrtHandle entry;
       n < DRT_LEAFSET_SIDE && (entry = drt_cache_walk_next(&walk)) != DRT_HANDLE_NONE;) {
    drt_store_hold(store, entry);
    nearest[n++] = entry;
  }
  for (uint32_t i = 0; i < n; i++) {
    int32_t at = drt_cache_find(&node->cache, drt_store_key(store, nearest[i]));
    if (at >= 0 && node->cache.handles[at] == nearest[i])
      offer(node, local, nearest[i]);
    drt_store_drop(store, nearest[i]);
  }
}

void
drt_node_fill_leaves(DrtNode *node, DrtLocal *local)
{
  fill_side(node, local, DRT_ABOVE);
  fill_side(node, local, DRT_BELOW);
}

/* One leaf set loses a member; its sides are filled from the cache, and asked for more. */
static void
leaf_lost(DrtNode *node, DrtLocal *local, DrtHandle entry, const DrtKey *key)
{
  bool on_side[2];
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    on_side[side] = false;
    for (uint32_t i = 0; i < local->leaves.n[side]; i++)
      on_side[side] |= local->leaves.leaf[side][i] == entry;
  }
  if (!drt_leafset_remove(&local->leaves, drt_node_store(node), entry))
    return;
  drt_node_event_leafset(node, local, false, key);
  drt_node_fill_leaves(node, local);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    if (on_side[side])
      drt_node_audit_side(node, local, side);
}

void
drt_node_forget(DrtNode *node, const DrtKey *key, DrtGone why)
{
  int32_t i = drt_cache_find(&node->cache, key);
  if (i < 0)
    return;
  DrtKey gone = *key; /* @key may lie in the entry itself */
  DrtHandle entry = drt_cache_remove(&node->cache, (uint32_t)i);
  drt_outbox_trace(node->out, DRT_TRACE_CACHE_OUT, entry, why);
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    id = local->next;
    leaf_lost(node, local, entry, &gone);
  }
  drt_store_drop(drt_node_store(node), entry);
}

void
drt_node_forget_entry(DrtNode *node, DrtHandle entry, DrtGone why)
{
  const DrtKey *key = drt_store_key(drt_node_store(node), entry);
  int32_t i = drt_cache_find(&node->cache, key);
  if (i >= 0 && node->cache.handles[i] == entry)
    drt_node_forget(node, key, why);
}

void
drt_node_flood(DrtNode *node, const DrtRoute *route, const DrtBytes *revoke, DrtHandle validate,
               const DrtEndpoint *to, const DrtEndpoint *list, uint32_t n)
{
  DrtMsg msg;
  drt_node_message(node, DRT_FLOOD, &msg);
  if (validate != DRT_HANDLE_NONE)
    msg.flood.validate = *drt_store_key(drt_node_store(node), validate);
  if (revoke != NULL)
    msg.flood.revoke = *revoke;
  if (route != NULL)
    msg.flood.route = (DrtRouteField){ .present = true, .plain = *route };
  msg.flood.flooded.plain = (DrtEndpointList){ list, (uint16_t)n };
  drt_node_ask(node, &msg, to, validate, DRT_FOR_FLOOD, 0);
}

static bool
list_has(const DrtEndpoint *list, uint32_t n, const DrtEndpoint *endpoint)
{
  for (uint32_t i = 0; i < n; i++)
    if (drt_endpoint_equal(&list[i], endpoint))
      return true;
  return false;
}

/* In the order in which they were told: the incoming list, we, the targets. If that is too long, its
 * oldest go, never we or the targets (H13). */
uint32_t
drt_node_flooded_list(const DrtNode *node, const DrtEndpoint *incoming, uint32_t incoming_n,
                      const DrtEndpoint *targets, uint32_t targets_n,
                      DrtEndpoint list[DRT_PATH_MAX])
{
  uint32_t n = 0, added = targets_n;
  added += !list_has(incoming, incoming_n, &node->local[0]);
  for (uint32_t i = 0; i < incoming_n; i++) {
    uint32_t left = incoming_n - i;
    bool ours = drt_endpoint_equal(&incoming[i], &node->local[0]);
    if (left + n + added <= DRT_PATH_MAX || ours)
      list[n++] = incoming[i];
  }
  if (!list_has(list, n, &node->local[0]))
    list[n++] = node->local[0];
  for (uint32_t i = 0; i < targets_n; i++)
    if (!list_has(list, n, &targets[i]))
      list[n++] = targets[i];
  return n;
}

/* 7.6, steps 2 and 3 */
static void
flood_on(DrtNode *node, DrtHandle entry, const DrtIntake *intake)
{
  DrtStore *store = drt_node_store(node);
  const DrtEndpoint *incoming = NULL;
  uint32_t incoming_n = intake->flooded ? intake->list_n : 0, n = 0;
  if (incoming_n > 0)
    incoming = (const DrtEndpoint *)drt_blob_at(&node->pool->blobs, intake->list);
  DrtRoute route = drt_store_route(store, entry);
  DrtCacheFilter filter = { .path = incoming, .path_count = incoming_n };
  DrtHandle peers[2];
  DrtEndpoint targets[2], list[DRT_PATH_MAX];
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtHandle peer = drt_cache_beside(&node->cache, &route.key, side, &filter);
    if (peer == DRT_HANDLE_NONE || (n == 1 && peer == peers[0]))
      continue;
    DrtRoute to = drt_store_route(store, peer);
    peers[n] = peer;
    targets[n++] = drt_node_choose_address(node, &to);
  }
  uint32_t list_n = drt_node_flooded_list(node, incoming, incoming_n, targets, n, list);
  for (uint32_t i = 0; i < n; i++)
    drt_node_flood(node, &route, NULL, peers[i], &targets[i], list, list_n);
}

/* A cached entry that listens at @endpoint, to name in a Validate Key; or NONE. */
static DrtHandle
entry_at(const DrtNode *node, const DrtEndpoint *endpoint)
{
  for (uint32_t i = 0; i < node->cache.n; i++) {
    DrtRoute route = drt_store_route(&node->pool->store, node->cache.handles[i]);
    if (drt_route_listens_at(&route, endpoint))
      return node->cache.handles[i];
  }
  return DRT_HANDLE_NONE;
}

/* 7.6, step 4: the newcomer learns who counts it as a leaf, and so does who told us of it. */
static void
introduce(DrtNode *node, const DrtLocal *local, DrtHandle entry, const DrtIntake *intake)
{
  DrtStore *store = drt_node_store(node);
  DrtRoute own = drt_store_route(store, local->route), route = drt_store_route(store, entry);
  DrtEndpoint to = drt_node_choose_address(node, &route);
  drt_node_flood(node, &own, NULL, entry, &to, node->local, 1);
  if (intake->flooded && !drt_route_listens_at(&route, &intake->sender))
    drt_node_flood(node, &own, NULL, entry_at(node, &intake->sender), &intake->sender, node->local,
                   1);
}

/* The address of a known key has changed: the new entry takes the place of the old one (H38). */
static void
replace(DrtNode *node, DrtHandle was, DrtHandle entry)
{
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    drt_leafset_replace(&local->leaves, was, entry);
    id = local->next;
  }
  drt_outbox_trace(node->out, DRT_TRACE_CACHE_OUT, was, DRT_GONE_MOVED);
  drt_store_drop(drt_node_store(node), was);
}

/* Offers the new entry to every leaf set. The local key that took it in and is nearest to it, to
 * introduce; or NULL. */
static DrtLocal *
offer_to_all(DrtNode *node, DrtHandle entry)
{
  const DrtKey *key = drt_store_key(drt_node_store(node), entry);
  DrtLocal *nearest = NULL;
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    id = local->next;
    if (!offer(node, local, entry))
      continue;
    if (nearest == NULL || drt_key_ranks_before(drt_local_key(local), drt_local_key(nearest), key))
      nearest = local;
  }
  return nearest;
}

/* The nearest local key that counts this entry as a leaf, or NULL. */
static DrtLocal *
whose_leaf(const DrtNode *node, DrtHandle entry)
{
  const DrtKey *key = drt_store_key(&node->pool->store, entry);
  DrtLocal *nearest = NULL;
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    id = local->next;
    if (drt_leafset_has(&local->leaves, entry) &&
        (nearest == NULL ||
         drt_key_ranks_before(drt_local_key(local), drt_local_key(nearest), key)))
      nearest = local;
  }
  return nearest;
}

/* What follows when the cache has taken an entry in, or a leaf has new addresses (H38): both are
 * news that spread. */
static void
spread(DrtNode *node, DrtHandle entry, bool added, const DrtIntake *intake)
{
  DrtLocal *local = added ? offer_to_all(node, entry) : whose_leaf(node, entry);
  drt_node_review_pin(node, entry);
  if (local == NULL || node->local_n == 0)
    return;
  flood_on(node, entry, intake);
  introduce(node, local, entry, intake);
}

void
drt_node_adopt(DrtNode *node, DrtHandle entry, bool proven, const DrtIntake *intake)
{
  DrtKey key = *drt_store_key(drt_node_store(node), entry);
  DrtCacheShape shape = drt_node_shape(node);
  DrtHandle evicted;
  bool leaf = drt_node_in_leaf_range(node, &key);
  DrtCacheVerdict verdict = drt_cache_offer(&node->cache, &shape, entry, leaf, &evicted);
  if (verdict == DRT_CACHE_NO_MEMORY)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  if (verdict == DRT_CACHE_REFUSED || verdict == DRT_CACHE_NO_MEMORY)
    return;
  uint32_t at = (uint32_t)drt_cache_find(&node->cache, &key);
  if (proven || verdict != DRT_CACHE_KNOWN)
    drt_cache_set_proven(&node->cache, at, proven);
  if (verdict == DRT_CACHE_KNOWN) {
    /* The cached handle may be another one for the same addresses. */
    drt_node_review_pin(node, node->cache.handles[at]);
    return;
  }
  if (verdict == DRT_CACHE_REPLACED)
    replace(node, evicted, entry);
  else
    drt_node_evicted(node, evicted);
  drt_outbox_trace(node->out, DRT_TRACE_CACHE_IN, entry, 0); /* also in the place of another one */
  drt_node_review_status(node); /* ACTIVE comes before the events of the leaf sets */
  spread(node, entry, verdict == DRT_CACHE_ADDED, intake);
}

void
drt_node_heard(DrtNode *node, DrtHandle entry)
{
  int32_t i = drt_cache_index(&node->cache, entry);
  if (i >= 0)
    drt_cache_touch(&node->cache, (uint32_t)i);
}
