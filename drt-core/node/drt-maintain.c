/* The Maintenance Timer: bootstrap if alone, probe, audit, balance the cache, look for a split
 * (7.11). */
#include "drt-node-private.h"

#define PROBES_MAX 200

static void
probe(DrtNode *node, DrtHandle entry)
{
  if (drt_node_probing(node, entry))
    return;
  DrtRoute route = drt_store_route(drt_node_store(node), entry);
  DrtEndpoint to = drt_node_choose_address(node, &route);
  DrtMsg msg;
  drt_node_message(node, DRT_INQUIRE, &msg);
  msg.inquire.validate = route.key;
  if (node->mode == DRT_MODE_CONFIDENTIAL) { /* 4.5 */
    msg.inquire.flags = DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN;
    msg.inquire.has_nonce = true;
    drt_random_bytes(&node->random, msg.inquire.nonce, DRT_NONCE_LEN);
  }
  drt_node_ask(node, &msg, &to, entry, DRT_FOR_PROBE, 0);
}

static bool
is_silent_leaf(const DrtNode *node, uint32_t i)
{
  return drt_cache_is_pinned(&node->cache, i) &&
         drt_cache_age(&node->cache, i) >= node->settings->silent_periods;
}

/* Random entries; members of leaf sets that were silent for long come first (H30). */
static void
probe_some(DrtNode *node)
{
  const DrtCache *cache = &node->cache;
  uint32_t max = (uint32_t)node->settings->probes, n = 0;
  DrtHandle chosen[PROBES_MAX];
  for (uint32_t i = 0; i < cache->n && n < max; i++)
    if (is_silent_leaf(node, i))
      chosen[n++] = cache->handles[i];
  /* Selection sampling (Knuth, 3.4.2, S) over the others, in one pass and without a list. */
  uint32_t wanted = max - n, left = cache->n - n;
  for (uint32_t i = 0; i < cache->n && wanted > 0 && left > 0; i++) {
    if (is_silent_leaf(node, i))
      continue; /* chosen already, as there were places left */
    if (drt_random_below(&node->random, left) < wanted) {
      chosen[n++] = cache->handles[i];
      wanted--;
    }
    left--;
  }
  for (uint32_t i = 0; i < n; i++)
    __builtin_prefetch(drt_store_entry(drt_node_store(node), chosen[i]), 1);
  for (uint32_t i = 0; i < n; i++)
    probe(node, chosen[i]);
}

/* How far the leaf set reaches on each side: within it we know everybody. */
static void
known_reach(const DrtLocal *local, uint64_t ret[2])
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    uint8_t n = local->leaves.n[side];
    ret[side] = n == 0 ? 0 : local->leaves.reach[side][n - 1];
  }
}

static bool
balancing(const DrtNode *node, const DrtKey *middle)
{
  for (uint32_t i = node->resolves; i != 0; i = drt_node_resolve(node, i)->next) {
    const DrtResolve *r = drt_node_resolve(node, i);
    if (r->kind == DRT_RESOLVE_CACHE && drt_key_equal(&r->spec.target, middle))
      return true;
  }
  return false;
}

/* The widest gap of each level is filled by a search for its middle (H35). */
static void
balance(DrtNode *node, const DrtLocal *local)
{
  uint64_t known[2];
  known_reach(local, known);
  uint8_t deepest = drt_node_shape(node).deepest;
  DrtCacheGap gaps[DRT_CACHE_LEVELS_MAX];
  drt_cache_gaps(&node->cache, drt_local_key(local), deepest, known, gaps);
  for (uint8_t level = 0; level <= deepest; level++) {
    DrtKey middle;
    unsigned precision;
    if (!drt_cache_gap_middle(&gaps[level], drt_local_key(local), level,
                              (uint32_t)node->settings->gap_slots, &middle, &precision) ||
        balancing(node, &middle))
      continue;
    uint32_t number = drt_resolve_new(node, DRT_RESOLVE_CACHE, &middle);
    if (number == 0)
      return;
    DrtResolve *r = drt_node_resolve(node, number);
    r->criteria = DRT_CRITERIA_UPPER_BITS;
    r->precision = (uint16_t)precision;
    drt_resolve_start(node, number);
  }
}

/* A cloud that shrank, or the loss of a key, may have left more entries than the slots are for. */
static void
shed(DrtNode *node)
{
  DrtCacheShape shape = drt_node_shape(node);
  DrtHandle entry;
  while ((entry = drt_cache_shed(&node->cache, &shape)) != DRT_HANDLE_NONE)
    drt_node_evicted(node, entry);
}

static void
maintain_keys(DrtNode *node)
{
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    uint32_t next = local->next;
    drt_node_audit(node, local);
    balance(node, local);
    id = next;
  }
  drt_node_split_test(node);
}

void
drt_node_maintain(DrtNode *node)
{
  const DrtSettings *settings = node->settings;
  if (node->local_n > 0) {
    drt_cache_tick(&node->cache);
    shed(node);
    drt_node_discover_overdue(node);
    if (node->cache.n == 0)
      drt_node_discover(node);
    probe_some(node);
    if (node->cache.n > 0)
      maintain_keys(node);
  }
  bool small = node->cache.n <= settings->maintenance_small_max;
  node->maintain_at = node->now + (small ? settings->maintenance_small : settings->maintenance);
}
