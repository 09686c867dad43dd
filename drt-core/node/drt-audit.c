/* Leaf-set audit: asking neighbours for neighbours that we do not know (7.10, H37).
 *
 * A member is asked, by a LOOKUP for our own key, for the nearest node that is not in the path. The
 * path lists all members, so what comes back is unknown or no member. It may be no member because its
 * side is full of nearer ones while the other side, which reaches farther, still lacks one behind it:
 * so the member is asked again until its answers lie beyond both sides. Entries of the cache that
 * would come back just so go into the path at once. */
#include "drt-node-private.h"

#define PATH_SPARE 6 /* room in the path for what comes back */

static DrtAudit *
audit_at(const DrtNode *node, uint32_t number)
{
  return drt_slab_at(&node->pool->audits, number);
}

static void
finish(DrtNode *node, uint32_t number)
{
  DrtAudit *audit = audit_at(node, number);
  while (audit->members_n > 0)
    drt_store_drop(drt_node_store(node), audit->members[--audit->members_n]);
  uint32_t *link = &node->audits;
  while (*link != number)
    link = &audit_at(node, *link)->next;
  *link = audit->next;
  drt_slab_give(&node->pool->audits, number);
}

void
drt_audit_clear(DrtNode *node, uint32_t local)
{
  for (uint32_t i = node->audits; i != 0;) {
    uint32_t next = audit_at(node, i)->next;
    if (audit_at(node, i)->local == local) {
      drt_node_pending_forget(node, DRT_FOR_AUDIT, i);
      finish(node, i);
    }
    i = next;
  }
}

static void
path_add(DrtAudit *audit, const DrtEndpoint *endpoint)
{
  for (uint32_t i = 0; i < audit->path_n; i++)
    if (drt_endpoint_equal(&audit->path[i], endpoint))
      return;
  if (audit->path_n < DRT_PATH_MAX)
    audit->path[audit->path_n++] = *endpoint;
}

/* Some other member hides this one in a path, as it listens there. */
static bool
shares_endpoint(const DrtRoute *routes, const DrtHandle *members, uint32_t n, uint32_t member)
{
  for (uint32_t i = 0; i < n; i++) {
    DrtEndpoint at = drt_route_endpoint(&routes[i], 0);
    if (members[i] != members[member] && drt_route_listens_at(&routes[member], &at))
      return true;
  }
  return false;
}

/* No node as far from our key as this distance can be missing in its leaf set: it is farther than both
 * sides reach. They reach one way, in a small cloud more than half of the ring, while answers come in
 * the order of the shorter way. False while a side is short, which anybody may complete. */
static bool
reach_of_leaves(const DrtNode *node, const DrtLeafset *leaves, DrtKey *ret)
{
  const DrtStore *store = &node->pool->store;
  *ret = DRT_KEY_ZERO;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    if (leaves->n[side] < DRT_LEAFSET_SIDE)
      return false;
    const DrtKey *farthest = drt_store_key(store, drt_leafset_farthest(leaves, side));
    DrtKey reach =
      side == DRT_ABOVE ? drt_key_up(&leaves->own, farthest) : drt_key_up(farthest, &leaves->own);
    if (drt_key_less(ret, &reach))
      *ret = reach;
  }
  return true;
}

static bool
beyond_leaves(const DrtNode *node, const DrtLeafset *leaves, const DrtKey *key)
{
  DrtKey reach, distance = drt_key_dist(&leaves->own, key);
  return reach_of_leaves(node, leaves, &reach) && drt_key_less(&reach, &distance);
}

static void
path_add_route(DrtNode *node, DrtAudit *audit, const DrtRoute *route)
{
  DrtEndpoint at = drt_node_choose_address(node, route);
  path_add(audit, &at);
}

/* One endpoint of each member. In every other run, members with several keys on one node are left out,
 * so that their other keys are offered. True if some were. */
static bool
path_add_members(DrtNode *node, DrtAudit *audit, const DrtLocal *local)
{
  const DrtLeafset *leaves = &local->leaves;
  bool all = local->audits % 2 == 0;
  DrtHandle members[2 * DRT_LEAFSET_SIDE];
  DrtRoute routes[2 * DRT_LEAFSET_SIDE];
  uint32_t n = 0;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    for (uint32_t i = 0; i < leaves->n[side]; i++)
      members[n++] = leaves->leaf[side][i];
  for (uint32_t i = 0; i < n; i++)
    routes[i] = drt_store_route(drt_node_store(node), members[i]);
  bool left_out = false;
  for (uint32_t i = 0; i < n; i++) {
    bool hides = !all && shares_endpoint(routes, members, n, i);
    left_out |= hides;
    if (!hides)
      path_add_route(node, audit, &routes[i]);
  }
  return left_out;
}

/* Our own endpoint and those of members, then what else we know within their reach. Where nodes have
 * several keys, that would hide a missing key behind one that is farther, on the other side, for good: so
 * not in the runs that look for such. */
static void
start_path(DrtNode *node, DrtAudit *audit, const DrtLocal *local)
{
  const DrtLeafset *leaves = &local->leaves;
  path_add(audit, &node->local[0]);
  if (path_add_members(node, audit, local))
    return;
  DrtKey reach;
  DrtHandle near[DRT_PATH_MAX];
  DrtCacheFilter filter = { .within = reach_of_leaves(node, leaves, &reach) ? &reach : NULL };
  uint32_t n = drt_cache_closest(&node->cache, &leaves->own, &filter, near, DRT_PATH_MAX);
  for (uint32_t i = 0; i < n && audit->path_n < DRT_PATH_MAX - PATH_SPARE; i++) {
    DrtRoute route = drt_store_route(drt_node_store(node), near[i]);
    if (!drt_leafset_has(leaves, near[i]))
      path_add_route(node, audit, &route);
  }
}

static void
ask(DrtNode *node, uint32_t number)
{
  DrtAudit *audit = audit_at(node, number);
  DrtStore *store = drt_node_store(node);
  const DrtLocal *local = drt_node_local(node, audit->local);
  DrtHandle member = audit->members[audit->members_n - 1];
  DrtRoute route = drt_store_route(store, member);
  DrtEndpoint to = drt_node_choose_address(node, &route);
  DrtMsg msg = drt_node_message(node, DRT_LOOKUP);
  msg.lookup.flags = DRT_LOOKUP_ANY;
  msg.lookup.criteria = DRT_CRITERIA_EXACT;
  msg.lookup.reason = DRT_REASON_CACHE;
  msg.lookup.target = *drt_local_key(local);
  msg.lookup.validate = route.key;
  msg.lookup.best =
    (DrtRouteField){ .present = true, .plain = drt_store_route(store, local->route) };
  msg.lookup.path.plain = (DrtEndpointList){ audit->path, (uint16_t)audit->path_n };
  audit->left--;
  drt_node_ask(node, &msg, &to, member, DRT_FOR_AUDIT, number);
}

/* Done with this member; the next one, or the end. */
static void
next_member(DrtNode *node, uint32_t number)
{
  DrtAudit *audit = audit_at(node, number);
  drt_store_drop(drt_node_store(node), audit->members[--audit->members_n]);
  if (audit->members_n == 0) {
    finish(node, number);
    return;
  }
  audit->left = (uint32_t)node->settings->audit_lookups;
  ask(node, number);
}

static void
start(DrtNode *node, uint32_t local_id, const DrtHandle *members, uint32_t n)
{
  DrtLocal *local = drt_node_local(node, local_id);
  if (n == 0 || node->settings->audit_lookups == 0 || local->route == DRT_HANDLE_NONE ||
      node->closing)
    return;
  uint32_t number = drt_slab_take(&node->pool->audits);
  if (number == 0) {
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return;
  }
  DrtAudit *audit = audit_at(node, number);
  *audit = (DrtAudit){
    .next = node->audits,
    .local = local_id,
    .left = (uint32_t)node->settings->audit_lookups,
  };
  for (uint32_t i = 0; i < n; i++) {
    drt_store_hold(drt_node_store(node), members[i]);
    audit->members[audit->members_n++] = members[i];
  }
  start_path(node, audit, local);
  local->audits++;
  node->audits = number;
  ask(node, number);
}

static uint32_t
id_of(const DrtNode *node, const DrtLocal *local)
{
  uint32_t id = node->locals;
  while (drt_node_local(node, id) != local)
    id = drt_node_local(node, id)->next;
  return id;
}

/* Once per member, though it may be on both sides. */
static void
add_member(DrtHandle *members, uint32_t *n, DrtHandle member)
{
  for (uint32_t i = 0; i < *n; i++)
    if (members[i] == member)
      return;
  members[(*n)++] = member;
}

void
drt_node_audit(DrtNode *node, DrtLocal *local, bool all)
{
  DrtHandle members[2 * DRT_LEAFSET_SIDE];
  uint32_t n = 0;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    uint32_t count = local->leaves.n[side];
    if (all)
      for (uint32_t i = 0; i < count; i++)
        add_member(members, &n, local->leaves.leaf[side][i]);
    else if (count > 0)
      add_member(members, &n, local->leaves.leaf[side][drt_random_below(&node->random, count)]);
  }
  start(node, id_of(node, local), members, n);
}

void
drt_node_audit_side(DrtNode *node, DrtLocal *local, DrtSide side)
{
  DrtHandle nearest = drt_leafset_nearest(&local->leaves, side);
  if (nearest != DRT_HANDLE_NONE)
    start(node, id_of(node, local), &nearest, 1);
}

void
drt_audit_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body)
{
  DrtAudit *audit = audit_at(node, number);
  const DrtLocal *local = drt_node_local(node, audit->local);
  DrtHandle member = audit->members[audit->members_n - 1];
  const DrtRoute *route = &body->route.plain;
  if (body->flags & DRT_AUTHORITY_UNKNOWN)
    drt_node_forget_entry(node, member, DRT_GONE_DENIED);
  else
    drt_node_heard(node, member);
  bool more = (body->flags & (DRT_AUTHORITY_UNKNOWN | DRT_AUTHORITY_BUSY)) == 0 &&
              body->route.present && drt_route_refusal(route, node->major) == DRT_REJECT_NONE &&
              !drt_node_is_own_route(node, route) &&
              !beyond_leaves(node, &local->leaves, &route->key);
  if (more)
    drt_node_intake(node, route, NULL, NULL);
  if (!more || audit->left == 0 || audit->path_n == DRT_PATH_MAX) {
    next_member(node, number);
    return;
  }
  path_add_route(node, audit, route);
  ask(node, number);
}

void
drt_audit_unanswered(DrtNode *node, uint32_t number)
{
  DrtAudit *audit = audit_at(node, number);
  drt_node_forget_entry(node, audit->members[audit->members_n - 1], DRT_GONE_SILENT);
  next_member(node, number);
}
