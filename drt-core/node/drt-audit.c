/* Leaf-set audit: asking neighbours for neighbours that we do not know (7.10, H37).
 *
 * A member is asked, by a LOOKUP for our own key, for the nearest node that is not in the path. The
 * path lists all members, so what comes back is unknown or no member. It may be no member because its
 * side is full of nearer ones while the other side, which reaches farther, still lacks one behind it:
 * so the member is asked again until its answers lie beyond both sides. Entries of the cache that
 * would come back just so go into the path at once.
 *
 * A path names machines: it hides all keys of a machine of which it lists one. So every other
 * maintenance looks into the gaps between members instead, one on each side: a member at an end of the
 * gap is asked for its middle, with nobody in the path but us. Any key of the gap is nearer to the
 * middle than its ends are, and a neighbour of the member. */
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

/* Our own endpoint and one of each member, then what else we know within their reach. */
static void
start_path(DrtNode *node, DrtAudit *audit, const DrtLocal *local)
{
  const DrtLeafset *leaves = &local->leaves;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    for (uint32_t i = 0; i < leaves->n[side]; i++) {
      DrtRoute route = drt_store_route(drt_node_store(node), leaves->leaf[side][i]);
      path_add_route(node, audit, &route);
    }
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
  DrtMsg msg;
  drt_node_message(node, DRT_LOOKUP, &msg);
  msg.lookup.flags = DRT_LOOKUP_ANY;
  msg.lookup.criteria = DRT_CRITERIA_EXACT;
  msg.lookup.reason = DRT_REASON_CACHE;
  msg.lookup.target = audit->gaps ? audit->middle[audit->members_n - 1] : *drt_local_key(local);
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

static uint32_t
id_of(const DrtNode *node, const DrtLocal *local)
{
  uint32_t id = node->locals;
  while (drt_node_local(node, id) != local)
    id = drt_node_local(node, id)->next;
  return id;
}

/* An audit that has nobody to ask yet; 0 if there is to be none. */
static uint32_t
new_audit(DrtNode *node, const DrtLocal *local, bool gaps)
{
  if (node->settings->audit_lookups == 0 || local->route == DRT_HANDLE_NONE || node->closing)
    return 0;
  uint32_t number = drt_slab_take(&node->pool->audits);
  if (number == 0) {
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return 0;
  }
  DrtAudit *audit = audit_at(node, number);
  *audit = (DrtAudit){
    .next = node->audits,
    .local = id_of(node, local),
    .left = (uint32_t)node->settings->audit_lookups,
    .gaps = gaps,
  };
  path_add(audit, &node->local[0]);
  node->audits = number;
  return number;
}

static void
add_member(DrtNode *node, DrtAudit *audit, DrtHandle member)
{
  drt_store_hold(drt_node_store(node), member);
  audit->members[audit->members_n++] = member;
}

static void
start(DrtNode *node, const DrtLocal *local, const DrtHandle *members, uint32_t n)
{
  uint32_t number = n == 0 ? 0 : new_audit(node, local, false);
  if (number == 0)
    return;
  DrtAudit *audit = audit_at(node, number);
  for (uint32_t i = 0; i < n; i++)
    add_member(node, audit, members[i]);
  start_path(node, audit, local);
  ask(node, number);
}

/* The middle of the way up from one key to another. */
static DrtKey
middle_of(const DrtKey *from, const DrtKey *to)
{
  DrtKey width = drt_key_up(from, to), half = drt_key_half(&width);
  return drt_key_add(from, &half);
}

/* One gap of each side, the one behind it in the next run. Who is at its outer end is asked, and in the
 * next round through all gaps who is at its inner end, unless that is us. */
static void
audit_gaps(DrtNode *node, const DrtLocal *local, uint32_t run)
{
  uint32_t number = new_audit(node, local, true);
  if (number == 0)
    return;
  DrtAudit *audit = audit_at(node, number);
  const DrtStore *store = drt_node_store(node);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    const DrtHandle *leaf = local->leaves.leaf[side];
    uint32_t n = local->leaves.n[side];
    if (n == 0)
      continue;
    uint32_t gap = run % n;
    const DrtKey *outer = drt_store_key(store, leaf[gap]);
    const DrtKey *inner = gap == 0 ? &local->leaves.own : drt_store_key(store, leaf[gap - 1]);
    audit->middle[audit->members_n] =
      side == DRT_ABOVE ? middle_of(inner, outer) : middle_of(outer, inner);
    add_member(node, audit, leaf[gap > 0 && run / n % 2 == 1 ? gap - 1 : gap]);
  }
  if (audit->members_n > 0)
    ask(node, number);
  else
    finish(node, number);
}

/* Once per member, though it may be on both sides. */
static void
add_once(DrtHandle *members, uint32_t *n, DrtHandle member)
{
  for (uint32_t i = 0; i < *n; i++)
    if (members[i] == member)
      return;
  members[(*n)++] = member;
}

void
drt_node_audit_all(DrtNode *node, const DrtLocal *local)
{
  DrtHandle members[2 * DRT_LEAFSET_SIDE];
  uint32_t n = 0;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    for (uint32_t i = 0; i < local->leaves.n[side]; i++)
      add_once(members, &n, local->leaves.leaf[side][i]);
  start(node, local, members, n);
}

void
drt_node_audit(DrtNode *node, DrtLocal *local)
{
  uint32_t run = local->audits++;
  if (run % 2 == 1) {
    audit_gaps(node, local, run / 2);
    return;
  }
  DrtHandle members[2];
  uint32_t n = 0;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    uint32_t count = local->leaves.n[side];
    if (count > 0)
      add_once(members, &n, local->leaves.leaf[side][drt_random_below(&node->random, count)]);
  }
  start(node, local, members, n);
}

void
drt_node_audit_side(DrtNode *node, const DrtLocal *local, DrtSide side)
{
  DrtHandle nearest = drt_leafset_nearest(&local->leaves, side);
  if (nearest != DRT_HANDLE_NONE)
    start(node, local, &nearest, 1);
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
  bool news = (body->flags & (DRT_AUTHORITY_UNKNOWN | DRT_AUTHORITY_BUSY)) == 0 &&
              body->route.present && drt_route_refusal(route, node->major) == DRT_REJECT_NONE &&
              !drt_node_is_own_route(node, route) &&
              !beyond_leaves(node, &local->leaves, &route->key);
  if (news)
    drt_node_intake(node, route, NULL, NULL);
  if (!news || audit->gaps || audit->left == 0 || audit->path_n == DRT_PATH_MAX) {
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
