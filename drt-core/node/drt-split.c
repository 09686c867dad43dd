/* Is the cloud in two? A search for a key of our own that starts at a node the bootstrap names, and
 * so perhaps in the other part (7.13). */
#include "drt-node-private.h"

/* One test on average in the whole cloud per period: with probability 1 / nodes (H43). */
void
drt_node_split_test(DrtNode *node)
{
  uint64_t nodes = drt_node_estimate(node);
  uint64_t tests = (uint64_t)node->settings->split_tests;
  if (node->locals_n == 0 || tests == 0)
    return;
  uint32_t among = nodes < UINT32_MAX ? (uint32_t)nodes : UINT32_MAX;
  if (drt_random_below(&node->random, among) >= tests)
    return;
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_BOOTSTRAP);
  output->bootstrap.wanted = true;
  output->bootstrap.split = true;
  output->bootstrap.max = 1;
}

static uint32_t
start_test(DrtNode *node, uint32_t local, DrtHandle first)
{
  DrtKey target = drt_key_next(drt_local_key(drt_node_local(node, local)));
  uint32_t number = drt_resolve_new(node, DRT_RESOLVE_SPLIT, &target);
  if (number == 0)
    return 0;
  DrtResolve *r = drt_node_resolve(node, number);
  r->local = local;
  drt_resolve_push_hop(node, r, first);
  drt_resolve_start(node, number);
  return number;
}

/* A next hop of which only the address is known: its key is zero (7.13). */
static DrtHandle
keyless(DrtNode *node, const DrtEndpoint *endpoint)
{
  DrtRoute route = {
    .addresses = endpoint->wire + 2,
    .port = drt_endpoint_port(endpoint),
    .major = node->major,
    .minor = node->minor,
    .address_count = 1,
  };
  DrtHandle handle = drt_store_intern(drt_node_store(node), &route);
  if (handle == DRT_HANDLE_NONE)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  return handle;
}

void
drt_node_split_bootstrap(DrtNode *node, const DrtEndpoint *found, uint32_t n)
{
  if (node->locals_n == 0)
    return;
  for (uint32_t i = 0; i < n; i++) {
    if (drt_node_is_own_endpoint(node, &found[i]))
      continue;
    /* Nothing can be sealed for somebody whose key is not known: the entries that a conversation
     * brings join the parts as well (H48). */
    if (node->mode == DRT_MODE_CONFIDENTIAL) {
      drt_node_solicit(node, &found[i]);
      return;
    }
    DrtHandle first = keyless(node, &found[i]);
    if (first == DRT_HANDLE_NONE)
      return;
    uint32_t pick = drt_random_below(&node->random, node->locals_n), id = node->locals;
    while (pick-- > 0)
      id = drt_node_local(node, id)->next;
    start_test(node, id, first);
    drt_store_drop(drt_node_store(node), first);
    return;
  }
}

/* Some cached key lies on the shorter arc from @b to @target (H44). */
static bool
somebody_between(const DrtNode *node, const DrtKey *b, const DrtKey *target)
{
  DrtKey up = drt_key_up(b, target);
  bool upwards = up.w[0] >> 63 == 0;
  DrtHandle next = drt_cache_beside(&node->cache, target, upwards ? DRT_BELOW : DRT_ABOVE, NULL);
  if (next == DRT_HANDLE_NONE)
    return false;
  const DrtKey *key = drt_store_key(&node->pool->store, next);
  return upwards ? drt_key_between(key, b, target) : drt_key_between(key, target, b);
}

typedef enum { WHOLE, BIGGER_PART, SMALLER_PART } Verdict;

/* The table of 7.13. */
static Verdict
judge(const DrtNode *node, const DrtKey *b, const DrtKey *target)
{
  if (drt_node_find_local(node, b) != NULL)
    return WHOLE;
  if (drt_cache_find(&node->cache, b) >= 0)
    return somebody_between(node, b, target) ? BIGGER_PART : WHOLE;
  DrtHandle nearest;
  if (drt_cache_closest(&node->cache, target, NULL, &nearest, 1) == 1 &&
      !drt_key_closer(b, drt_store_key(&node->pool->store, nearest), target))
    return BIGGER_PART;
  return SMALLER_PART;
}

/* Announces a key into the other part: the registration walk, begun at the node found (H45). */
static void
announce_from(DrtNode *node, uint32_t local, DrtHandle first)
{
  DrtLocal *subject = drt_node_local(node, local);
  if (subject->route == DRT_HANDLE_NONE || subject->resolve != 0)
    return;
  DrtKey target = drt_key_next(drt_local_key(subject));
  uint32_t number = drt_resolve_new(node, DRT_RESOLVE_REGISTRATION, &target);
  if (number == 0)
    return;
  subject->resolve = number;
  DrtResolve *r = drt_node_resolve(node, number);
  r->local = local;
  drt_resolve_set_best(node, r, subject->route);
  drt_resolve_push_hop(node, r, first);
  drt_resolve_start(node, number);
}

void
drt_node_split_judge(DrtNode *node, DrtResolve *r)
{
  DrtStore *store = drt_node_store(node);
  DrtHandle found = r->best;
  DrtRoute route = drt_store_route(store, found);
  Verdict verdict = judge(node, &route.key, &r->spec.target);
  uint32_t tested = r->local;
  if (verdict == WHOLE)
    return;
  drt_store_hold(store, found);
  drt_node_intake(node, &route, NULL, NULL);
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
    announce_from(node, id, found);
    if (verdict == SMALLER_PART && id != tested)
      start_test(node, id, found);
  }
  drt_store_drop(store, found);
}
