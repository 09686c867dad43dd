/* LOOKUP: somebody searches and asks us for the next hop (4.8, 7.9). */
#include "drt-node-private.h"

#define CANDIDATES 3

/* Too many in this second: the asker is told to go elsewhere (H14). */
static bool
too_busy(DrtNode *node)
{
  if (node->now - node->lookup_second >= DRT_SECOND) {
    node->lookup_second = node->now;
    node->lookups = 0;
  }
  return ++node->lookups > node->settings->lookup_rate_max;
}

/* Our own key nearest to the target, unless the asker has been here or it is no better than what
 * the asker knows us by (steps 3 and 4). */
static const DrtLocal *
local_candidate(const DrtNode *node, const DrtLookup *lookup, bool validate_not_local)
{
  for (uint16_t i = 0; i < lookup->path.plain.n; i++)
    if (drt_node_is_own_endpoint(node, &lookup->path.plain.at[i]))
      return NULL;
  const DrtLocal *local = drt_node_nearest_local(node, &lookup->target);
  if (!validate_not_local && !drt_key_is_zero(&lookup->validate) &&
      !drt_key_closer(drt_local_key(local), &lookup->validate, &lookup->target))
    return NULL;
  return local;
}

/* One of the closest three with weights 4, 2, 1; the closest if it is the target, or if a leaf set
 * of ours covers the target, because there we know everybody (H41). */
static DrtHandle
choose(DrtNode *node, const DrtLookup *lookup, const DrtHandle *found, uint32_t n, bool covered)
{
  static const uint32_t sums[CANDIDATES] = { 4, 6, 7 };
  drt_assert(n >= 1 && n <= CANDIDATES);
  if (covered || drt_key_equal(drt_store_key(drt_node_store(node), found[0]), &lookup->target))
    return found[0];
  uint32_t draw = drt_random_below(&node->random, sums[n - 1]);
  for (uint32_t i = 0; i < n - 1; i++)
    if (draw < sums[i])
      return found[i];
  return found[n - 1];
}

static void
answer(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  const DrtLookup *lookup = &msg->lookup;
  DrtStore *store = drt_node_store(node);
  bool not_local =
    !drt_key_is_zero(&lookup->validate) && drt_node_find_local(node, &lookup->validate) == NULL;
  const DrtLocal *local = local_candidate(node, lookup, not_local);
  bool all = (lookup->flags & DRT_LOOKUP_ANY) != 0 || drt_key_is_zero(&lookup->validate);
  DrtCacheFilter filter = {
    .path = lookup->path.plain.at,
    .path_count = lookup->path.plain.n,
    .bound = all ? NULL : &lookup->validate,
  };
  DrtHandle found[CANDIDATES];
  uint32_t n = drt_cache_closest(&node->cache, &lookup->target, &filter, found, CANDIDATES);
  bool ours = drt_node_find_local(node, &lookup->target) != NULL;
  bool covered = ours || drt_node_in_leaf_range(node, &lookup->target);
  DrtAuthorityBody body = { .flags = not_local ? DRT_AUTHORITY_UNKNOWN : 0 };
  if (n == 0 && covered && !ours)
    body.flags |= DRT_AUTHORITY_SUSPECT;
  DrtHandle next = n == 0 ? DRT_HANDLE_NONE : choose(node, lookup, found, n, covered);
  if (local != NULL &&
      (next == DRT_HANDLE_NONE ||
       !drt_key_closer(drt_store_key(store, next), drt_local_key(local), &lookup->target)))
    next = local->route;
  if (next != DRT_HANDLE_NONE)
    body.route = (DrtRouteField){ .present = true, .plain = drt_store_route(store, next) };
  drt_node_send_authority(node, from, msg->id, &body);
}

void
drt_recv_lookup(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from)
{
  if (node->locals_n == 0) { /* H10 */
    drt_outbox_trace(node->out, DRT_TRACE_IGNORE, DRT_IGNORE_NOT_PUBLISHER, msg->type);
    return;
  }
  if (too_busy(node)) {
    DrtAuthorityBody body = { .flags = DRT_AUTHORITY_BUSY };
    drt_node_send_authority(node, from, msg->id, &body);
    return;
  }
  if (msg->lookup.best.present)
    drt_node_intake(node, &msg->lookup.best.plain, from, NULL);
  answer(node, msg, from);
}
