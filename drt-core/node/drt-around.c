/* What comes after the nearest key: the next nearest, and the next (7.8).
 *
 * A search for several keys, or for a range that the nearest key is not in, goes outwards from its
 * target on both sides at once. A front on each says how far everybody is known, and who is the
 * nearest that we have heard of beyond. Whether somebody hides in the gap before that one is asked by a
 * LOOKUP for the middle of the gap, where any key of the gap is nearer than both ends: who serves the
 * key at an end has the neighbours of that key in its leaf set. An answer out of the gap makes it
 * smaller; any other one says that it is empty.
 *
 * The path would not do for this, because it names machines: it would hide all keys of a machine
 * behind the first one. What it hides here are machines that have not answered. */
#include "drt-node-private.h"

static const DrtKey *
key_of(const DrtNode *node, DrtHandle route)
{
  return drt_store_key(&node->pool->store, route);
}

static void
replace(DrtNode *node, DrtHandle *place, DrtHandle route)
{
  if (route != DRT_HANDLE_NONE)
    drt_store_hold(drt_node_store(node), route);
  drt_store_drop(drt_node_store(node), *place);
  *place = route;
}

/* From the target to @key on this side, all round the ring if need be. */
static DrtKey
way(const DrtResolve *r, DrtSide side, const DrtKey *key)
{
  return side == DRT_ABOVE ? drt_key_up(&r->spec.target, key) : drt_key_up(key, &r->spec.target);
}

/* The reverse. */
static DrtKey
place(const DrtResolve *r, DrtSide side, const DrtKey *way)
{
  return side == DRT_ABOVE ? drt_key_add(&r->spec.target, way) : drt_key_sub(&r->spec.target, way);
}

static bool
is_silent(DrtNode *node, const DrtResolve *r, DrtHandle route)
{
  DrtRoute entry = drt_store_route(drt_node_store(node), route);
  return drt_route_listens_in(&entry, r->path + 1, r->path_n - 1);
}

bool
drt_around_refused(const DrtNode *node, const DrtResolve *r, const DrtKey *key)
{
  for (uint32_t i = 0; i < r->refused_n; i++)
    if (drt_key_equal(key_of(node, r->refused[i]), key))
      return true;
  return false;
}

/* Neither side has come as far as this key. */
static bool
is_ahead(const DrtResolve *r, const DrtKey *key)
{
  DrtKey up = way(r, DRT_ABOVE, key), down = way(r, DRT_BELOW, key);
  return drt_key_less(&r->front[DRT_ABOVE].reach, &up) &&
         drt_key_less(&r->front[DRT_BELOW].reach, &down);
}

/* It is the next beyond a front if it is nearer than who is now. */
static void
offer_to(DrtNode *node, DrtResolve *r, DrtSide side, DrtHandle route)
{
  DrtFront *front = &r->front[side];
  const DrtKey *key = key_of(node, route);
  if (!is_ahead(r, key))
    return;
  if (front->next != DRT_HANDLE_NONE) {
    DrtKey to = way(r, side, key), next = way(r, side, key_of(node, front->next));
    if (!drt_key_less(&to, &next))
      return;
  }
  replace(node, &front->next, route);
  front->sure = false;
}

static void
offer(DrtNode *node, DrtResolve *r, DrtHandle route)
{
  offer_to(node, r, DRT_ABOVE, route);
  offer_to(node, r, DRT_BELOW, route);
}

/* Whom we know already: the next in the cache, whom the other side has heard of, and if they count, our
 * own keys. */
static void
offer_known(DrtNode *node, DrtResolve *r)
{
  DrtCacheFilter silent = { .path = r->path + 1, .path_count = r->path_n - 1 };
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtFront *front = &r->front[side];
    if (front->next != DRT_HANDLE_NONE && !is_ahead(r, key_of(node, front->next)))
      replace(node, &front->next, DRT_HANDLE_NONE); /* the other side has it */
    if (front->next != DRT_HANDLE_NONE && is_silent(node, r, front->next)) {
      replace(node, &front->next, DRT_HANDLE_NONE);
      front->sure = false;
    }
    DrtKey edge = place(r, side, &front->reach);
    DrtHandle cached = drt_cache_beside(&node->cache, &edge, side, &silent);
    if (cached != DRT_HANDLE_NONE)
      offer_to(node, r, side, cached);
    if (r->front[drt_side_other(side)].next != DRT_HANDLE_NONE)
      offer_to(node, r, side, r->front[drt_side_other(side)].next);
  }
  if (!r->spec.local_too)
    return;
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next)
    offer(node, r, drt_node_local(node, id)->route);
}

/* The gap before the next one, or before where the other side begins. Zero is the whole ring. False
 * if there is no room for a key in it. */
static bool
gap(const DrtNode *node, const DrtResolve *r, DrtSide side, DrtKey *ret_width)
{
  const DrtFront *front = &r->front[side];
  const DrtKey *other = &r->front[drt_side_other(side)].reach;
  DrtKey end = front->next != DRT_HANDLE_NONE ? way(r, side, key_of(node, front->next))
                                              : drt_key_sub(&DRT_KEY_ZERO, other);
  *ret_width = drt_key_sub(&end, &front->reach);
  bool all_round = drt_key_is_zero(&end);
  return (all_round || drt_key_less(&front->reach, &end)) &&
         !drt_key_equal(ret_width, &DRT_KEY_ONE);
}

/* Who knows the gap: whoever is at one of its ends; or else the nearest node that the walk has met. */
static DrtHandle
witness(DrtNode *node, const DrtResolve *r, DrtSide side)
{
  const DrtHandle ends[] = { r->front[side].at, r->front[side].next, r->nearest };
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    if (ends[i] == DRT_HANDLE_NONE)
      continue;
    const DrtKey *key = key_of(node, ends[i]);
    if (drt_node_find_local(node, key) == NULL && !drt_around_refused(node, r, key) &&
        !is_silent(node, r, ends[i]))
      return ends[i];
  }
  return DRT_HANDLE_NONE;
}

/* The nearer of the next ones on both sides, and how far it is. False if there is none. */
static bool
nearer_side(const DrtNode *node, const DrtResolve *r, DrtSide *ret_side, DrtKey *ret_way)
{
  bool found = false;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    if (r->front[side].next == DRT_HANDLE_NONE)
      continue;
    DrtKey next = way(r, side, key_of(node, r->front[side].next));
    if (found && !drt_key_less(&next, ret_way))
      continue;
    *ret_side = side;
    *ret_way = next;
    found = true;
  }
  return found;
}

/* Asks for the middle of a gap in which somebody nearer than @nearest may hide. */
static bool
ask(DrtNode *node, DrtResolve *r, DrtSide side, const DrtKey *nearest)
{
  DrtFront *front = &r->front[side];
  const DrtFront *other = &r->front[drt_side_other(side)];
  DrtKey width;
  if (front->next == DRT_HANDLE_NONE && other->next == DRT_HANDLE_NONE && other->sure)
    return false; /* it is the same gap, seen from behind */
  if (front->sure || (nearest != NULL && !drt_key_less(&front->reach, nearest)) ||
      !gap(node, r, side, &width))
    return false;
  DrtHandle asked = witness(node, r, side);
  if (asked == DRT_HANDLE_NONE)
    return false;
  DrtKey half = drt_key_half(&width);
  if (drt_key_is_zero(&width))
    half.w[0] = UINT64_C(1) << 63;
  DrtKey middle = drt_key_add(&front->reach, &half);
  r->probe = place(r, side, &middle);
  r->probe_side = side;
  drt_resolve_push_hop(node, r, asked);
  return true;
}

/* The front moves to its next one, which is the best match if it may be an answer. Else, beyond the
 * range, everything up to the other end of the range is of no interest. */
static void
advance(DrtNode *node, DrtResolve *r, DrtSide side)
{
  DrtFront *front = &r->front[side];
  const DrtKey *key = key_of(node, front->next);
  bool in_range = !drt_key_less(key, &r->spec.least) && !drt_key_less(&r->spec.most, key);
  if (drt_search_accepts(node, r, key))
    drt_resolve_set_best(node, r, front->next);
  front->reach = way(r, side, key);
  replace(node, &front->at, front->next);
  replace(node, &front->next, DRT_HANDLE_NONE);
  front->sure = false;
  if (in_range)
    return;
  DrtKey end = way(r, side, side == DRT_ABOVE ? &r->spec.least : &r->spec.most);
  front->reach = drt_key_sub(&end, &DRT_KEY_ONE);
  replace(node, &front->at, DRT_HANDLE_NONE);
}

/* Any key of the range will do, whoever else there is. */
static bool
take_any(DrtNode *node, DrtResolve *r)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    if (r->front[side].next != DRT_HANDLE_NONE &&
        drt_search_accepts(node, r, key_of(node, r->front[side].next))) {
      advance(node, r, side);
      return true;
    }
  return false;
}

void
drt_around_begin(DrtNode *node, DrtResolve *r)
{
  r->wide = true;
  r->path_n = 1;
  for (uint32_t i = 0; i < r->hops_n; i++)
    if (r->hops[i].flags & DRT_HOP_UNREACHABLE)
      drt_resolve_path_add(r, &r->hops[i].at);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    replace(node, &r->front[side].at, r->nearest);
  if (r->given_n > 0) { /* the walk has found the nearest of all */
    const DrtKey *key = key_of(node, r->given[0]);
    DrtKey up = way(r, DRT_ABOVE, key);
    DrtSide side = up.w[0] >> 63 ? DRT_BELOW : DRT_ABOVE;
    r->front[side].reach = way(r, side, key);
    replace(node, &r->front[DRT_ABOVE].at, r->given[0]);
    replace(node, &r->front[DRT_BELOW].at, r->given[0]);
  }
  for (uint32_t i = 0; i < r->bests_n; i++)
    offer(node, r, r->bests[i]);
  if (r->best != DRT_HANDLE_NONE)
    offer(node, r, r->best);
}

bool
drt_around_next(DrtNode *node, DrtResolve *r)
{
  bool spent =
    r->useful > node->settings->hops_max || r->suspicious > node->settings->suspicious_max;
  while (r->best == DRT_HANDLE_NONE) {
    offer_known(node, r);
    if (r->spec.any && take_any(node, r))
      return true;
    DrtSide side;
    DrtKey nearest;
    bool found = nearer_side(node, r, &side, &nearest);
    for (DrtSide asked = DRT_ABOVE; asked <= DRT_BELOW && !spent; asked++)
      if (ask(node, r, asked, found ? &nearest : NULL))
        return true;
    if (!found)
      return false;
    advance(node, r, side);
  }
  return true;
}

void
drt_around_refuse(DrtNode *node, DrtResolve *r, DrtHandle route)
{
  if (r->refused_n < DRT_RESOLVE_REFUSED)
    replace(node, &r->refused[r->refused_n++], route);
}

void
drt_around_unanswered(DrtNode *node, DrtResolve *r, DrtHandle asked)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    if (r->front[side].at == asked)
      replace(node, &r->front[side].at, DRT_HANDLE_NONE);
  if (r->nearest == asked)
    replace(node, &r->nearest, DRT_HANDLE_NONE);
}

/* What it knows is known without it, or not at all. */
void
drt_around_busy(DrtNode *node, DrtResolve *r, DrtHandle asked)
{
  DrtFront *front = &r->front[r->probe_side];
  if (front->at == asked)
    replace(node, &front->at, DRT_HANDLE_NONE);
  else
    front->sure = true;
}

uint16_t
drt_around_answer(DrtNode *node, DrtResolve *r, DrtHandle offered, bool denied)
{
  DrtFront *front = &r->front[r->probe_side];
  DrtHandle before = front->next;
  if (offered != DRT_HANDLE_NONE && !is_silent(node, r, offered))
    offer(node, r, offered);
  bool nearer = front->next != before;
  if (!nearer && !denied)
    front->sure = true;
  return nearer ? DRT_HOP_ACCEPTED : DRT_HOP_REJECTED;
}

void
drt_around_clear(DrtNode *node, DrtResolve *r)
{
  for (uint32_t i = 0; i < r->refused_n; i++)
    replace(node, &r->refused[i], DRT_HANDLE_NONE);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    replace(node, &r->front[side].at, DRT_HANDLE_NONE);
    replace(node, &r->front[side].next, DRT_HANDLE_NONE);
  }
}
