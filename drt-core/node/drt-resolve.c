/* The iterative search (7.8): ask a node for the next hop, validate the winner by an INQUIRE.
 *
 * All walks go through here: searches of the application, registrations, cache balancing and the
 * split test. What differs is where they start, what satisfies them, and who hears of the end. */
#include "drt-node-private.h"

DrtResolve *
drt_node_resolve(const DrtNode *node, uint32_t number)
{
  return drt_slab_at(&node->pool->resolves, number);
}

void
drt_node_prefetch_resolve(const DrtNode *node, uint32_t number)
{
  const char *r = (const char *)drt_node_resolve(node, number);
  for (size_t i = 0; i < offsetof(DrtResolve, front); i += 64)
    __builtin_prefetch(r + i);
}

static const DrtKey *
key_of(const DrtNode *node, DrtHandle route)
{
  return drt_store_key(&node->pool->store, route);
}

static DrtReason
reason_of(DrtResolveKind kind)
{
  static const DrtReason reasons[] = {
    [DRT_RESOLVE_APPLICATION] = DRT_REASON_APPLICATION,
    [DRT_RESOLVE_REGISTRATION] = DRT_REASON_REGISTRATION,
    [DRT_RESOLVE_CACHE] = DRT_REASON_CACHE,
    [DRT_RESOLVE_SPLIT] = DRT_REASON_SPLIT,
  };
  return reasons[kind];
}

void
drt_resolve_path_add(DrtResolve *r, const DrtEndpoint *endpoint)
{
  for (uint32_t i = 0; i < r->path_n; i++)
    if (drt_endpoint_equal(&r->path[i], endpoint))
      return;
  if (r->path_n < DRT_RESOLVE_PATH)
    r->path[r->path_n++] = *endpoint;
}

/* The first element of the path is one of our own endpoints. */
uint32_t
drt_resolve_new(DrtNode *node, DrtResolveKind kind, const DrtKey *target)
{
  if (node->local_n == 0 || node->resolves_n >= node->settings->resolves_max)
    return 0;
  uint32_t number = drt_slab_take(&node->pool->resolves);
  if (number == 0) {
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return 0;
  }
  DrtResolve *r = drt_node_resolve(node, number);
  memset(r, 0, offsetof(DrtResolve, given));
  r->next = node->resolves;
  r->kind = kind;
  r->spec.target = *target;
  r->spec.deadline = DRT_TIME_NEVER;
  drt_resolve_path_add(r, &node->local[0]);
  node->resolves = number;
  node->resolves_n++;
  node->waits_changed = true;
  return number;
}

void
drt_resolve_free(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  DrtStore *store = drt_node_store(node);
  drt_node_pending_forget(node, DRT_FOR_RESOLVE, number);
  for (uint32_t i = 0; i < r->stack_n; i++)
    drt_store_drop(store, r->stack[i].route);
  for (uint32_t i = 0; i < r->bests_n; i++)
    drt_store_drop(store, r->bests[i]);
  for (uint32_t i = 0; i < r->given_n; i++)
    drt_store_drop(store, r->given[i]);
  drt_around_clear(node, r);
  drt_store_drop(store, r->best);
  drt_store_drop(store, r->nearest);
  drt_store_drop(store, r->current.route);
  if (r->local != 0 && r->kind == DRT_RESOLVE_REGISTRATION &&
      drt_node_local(node, r->local)->resolve == number)
    drt_node_local(node, r->local)->resolve = 0;
  uint32_t *link = &node->resolves;
  while (*link != number)
    link = &drt_node_resolve(node, *link)->next;
  *link = r->next;
  node->resolves_n--;
  node->waits_changed = true;
  drt_slab_give(&node->pool->resolves, number);
}

void
drt_resolve_clear(DrtNode *node)
{
  while (node->resolves != 0)
    drt_resolve_free(node, node->resolves);
}

/* Onto the stack of next hops; holds @route. A full stack loses its oldest. */
static void
push(DrtNode *node, DrtResolve *r, DrtHandle route, uint8_t uses)
{
  drt_store_hold(drt_node_store(node), route);
  if (r->stack_n == DRT_RESOLVE_STACK) {
    drt_store_drop(drt_node_store(node), r->stack[0].route);
    r->stack_n--;
    memmove(r->stack, r->stack + 1, r->stack_n * sizeof *r->stack);
  }
  r->stack[r->stack_n++] = (DrtNextHop){ route, uses };
}

void
drt_resolve_push_hop(DrtNode *node, DrtResolve *r, DrtHandle route)
{
  push(node, r, route, 0);
}

/* The old best match goes on the stack of best matches. */
void
drt_resolve_set_best(DrtNode *node, DrtResolve *r, DrtHandle route)
{
  if (route == DRT_HANDLE_NONE || r->best == route)
    return;
  drt_store_hold(drt_node_store(node), route);
  if (r->best != DRT_HANDLE_NONE) {
    if (r->bests_n == DRT_RESOLVE_STACK) {
      drt_store_drop(drt_node_store(node), r->bests[0]);
      r->bests_n--;
      memmove(r->bests, r->bests + 1, r->bests_n * sizeof *r->bests);
    }
    r->bests[r->bests_n++] = r->best;
  }
  r->best = route;
}

static void
pop_best(DrtNode *node, DrtResolve *r)
{
  drt_store_drop(drt_node_store(node), r->best);
  r->best = r->bests_n > 0 ? r->bests[--r->bests_n] : DRT_HANDLE_NONE;
}

/* May be the answer at all: a search of the application has a range, and gives no key twice. */
static bool
acceptable(const DrtNode *node, const DrtResolve *r, const DrtKey *key)
{
  return r->kind != DRT_RESOLVE_APPLICATION || drt_search_accepts(node, r, key);
}

/* This match ends the walk (H34). */
static bool
early_match(const DrtNode *node, const DrtResolve *r, const DrtKey *key)
{
  if (!acceptable(node, r, key))
    return false;
  if (r->kind == DRT_RESOLVE_APPLICATION && r->spec.any)
    return true;
  switch (r->criteria) {
  case DRT_CRITERIA_EXACT:
  case DRT_CRITERIA_NEAREST:
    return drt_key_equal(key, &r->spec.target);
  case DRT_CRITERIA_PREFIX_128:
    return drt_key_common_prefix(key, &r->spec.target) >= 128;
  case DRT_CRITERIA_NEAREST_192:
    return drt_key_common_prefix(key, &r->spec.target) >= 192;
  case DRT_CRITERIA_UPPER_BITS:
    return drt_key_common_prefix(key, &r->spec.target) >= r->precision;
  }
  return false;
}

/* This match will do when the walk is over (H34, H44). */
static bool
final_match(const DrtNode *node, const DrtResolve *r, const DrtKey *key)
{
  if (r->kind == DRT_RESOLVE_SPLIT)
    return true;
  if (r->criteria == DRT_CRITERIA_NEAREST || r->criteria == DRT_CRITERIA_NEAREST_192)
    return acceptable(node, r, key);
  return early_match(node, r, key);
}

static DrtHop *
hop_for(DrtResolve *r, const DrtEndpoint *at)
{
  for (uint32_t i = 0; i < r->hops_n; i++)
    if (drt_endpoint_equal(&r->hops[i].at, at))
      return &r->hops[i];
  return NULL;
}

/* Each node is reported once, where it was first contacted. */
static void
note_contact(DrtNode *node, DrtResolve *r, const DrtEndpoint *at, DrtHandle route)
{
  if (hop_for(r, at) != NULL || r->hops_n == DRT_RESOLVE_HOPS)
    return;
  const DrtKey *key = key_of(node, route);
  r->hops[r->hops_n++] = (DrtHop){
    .at = *at,
    .nearness = (uint16_t)(drt_key_is_zero(key) ? 0 : drt_key_common_prefix(key, &r->spec.target)),
  };
}

static void
note_outcome(DrtResolve *r, const DrtEndpoint *at, uint16_t flags, DrtTime latency)
{
  DrtHop *hop = hop_for(r, at);
  if (hop == NULL)
    return;
  hop->flags |= flags;
  if (latency >= 0)
    hop->latency_us = (uint32_t)(latency / 1000);
}

/* The walk is over without a match. */
static void
finish_empty(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  uint32_t local = r->local;
  switch (r->kind) {
  case DRT_RESOLVE_APPLICATION:
    drt_search_end(node, number, DRT_SEARCH_NO_MORE);
    break;
  case DRT_RESOLVE_REGISTRATION:
    drt_resolve_free(node, number);
    if (local != 0)
      drt_node_walk_done(node, drt_node_local(node, local));
    break;
  case DRT_RESOLVE_CACHE:
  case DRT_RESOLVE_SPLIT:
    drt_resolve_free(node, number);
    break;
  }
}

/* The best match is a key of our own: no need to ask anybody (H29). */
static void
finish_local(DrtNode *node, uint32_t number, const DrtLocal *local)
{
  DrtResolve *r = drt_node_resolve(node, number);
  if (r->kind != DRT_RESOLVE_APPLICATION) {
    finish_empty(node, number);
    return;
  }
  drt_search_found(node, number, local->route, drt_blob_at(&node->pool->blobs, local->payload),
                   local->payload_n, true);
}

static void
send_inquire(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  const DrtLocal *local = drt_node_find_local(node, key_of(node, r->best));
  if (local != NULL) {
    finish_local(node, number, local);
    return;
  }
  DrtRoute route = drt_store_route(drt_node_store(node), r->best);
  DrtEndpoint to = drt_node_choose_address(node, &route);
  drt_random_bytes(&node->random, r->nonce, DRT_NONCE_LEN);
  DrtMsg msg;
  drt_node_message(node, DRT_INQUIRE, &msg);
  msg.inquire.flags = DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN;
  if (r->kind == DRT_RESOLVE_APPLICATION)
    msg.inquire.flags |= DRT_INQUIRE_PAYLOAD;
  msg.inquire.validate = route.key;
  msg.inquire.has_nonce = true;
  memcpy(msg.inquire.nonce, r->nonce, DRT_NONCE_LEN);
  r->phase = DRT_PHASE_INQUIRE;
  r->asked = to;
  note_contact(node, r, &to, r->best);
  r->pending = drt_node_ask(node, &msg, &to, r->best, DRT_FOR_RESOLVE, number);
  note_outcome(r, &to, DRT_HOP_INQUIRED, -1);
}

/* FlaggedPath: our own endpoint and the 21 most recent (H36). */
static uint16_t
flagged_path(const DrtResolve *r, DrtEndpoint path[DRT_PATH_MAX])
{
  uint16_t n = 0;
  path[n++] = r->path[0];
  uint32_t first = r->path_n > DRT_PATH_MAX ? r->path_n - (DRT_PATH_MAX - 1) : 1;
  for (uint32_t i = first; i < r->path_n; i++)
    path[n++] = r->path[i];
  return n;
}

/* Steps 9 and 10: LOOKUP to the current next hop. */
static void
send_lookup(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  DrtStore *store = drt_node_store(node);
  DrtRoute hop = drt_store_route(store, r->current.route);
  DrtEndpoint to = drt_node_choose_address(node, &hop), path[DRT_PATH_MAX];
  DrtMsg msg;
  drt_node_message(node, DRT_LOOKUP, &msg);
  bool any = r->wide || node->cache.n < node->settings->small_cache || drt_key_is_zero(&hop.key);
  msg.lookup.flags = any ? DRT_LOOKUP_ANY : 0;
  msg.lookup.precision = r->criteria == DRT_CRITERIA_UPPER_BITS ? r->precision : 0;
  msg.lookup.criteria = (uint8_t)r->criteria;
  msg.lookup.reason = (uint8_t)reason_of(r->kind);
  msg.lookup.target = r->wide ? r->probe : r->spec.target;
  msg.lookup.validate = hop.key;
  if (r->best != DRT_HANDLE_NONE)
    msg.lookup.best = (DrtRouteField){ .present = true, .plain = drt_store_route(store, r->best) };
  msg.lookup.path.plain = (DrtEndpointList){ path, flagged_path(r, path) };
  r->phase = DRT_PHASE_LOOKUP;
  r->asked = to;
  r->current.uses++;
  note_contact(node, r, &to, r->current.route);
  r->pending = drt_node_ask(node, &msg, &to, r->current.route, DRT_FOR_RESOLVE, number);
}

static void
drop_current(DrtNode *node, DrtResolve *r)
{
  drt_store_drop(drt_node_store(node), r->current.route);
  r->current = (DrtNextHop){ 0 };
}

/* It was no help: silent, busy, or another by now. */
static void
fall_away(DrtNode *node, DrtResolve *r)
{
  drop_current(node, r);
  r->fell_away = true;
}

/* Nobody on the stack: the nearest that was not asked is a start as good as any. So a walk survives that
 * the hops that it has are dead, busy, or others by now (H36). */
static void
ask_another(DrtNode *node, DrtResolve *r)
{
  DrtEndpoint asked[1 + DRT_RESOLVE_HOPS];
  DrtHandle nearest;
  if (r->kind == DRT_RESOLVE_SPLIT || r->hops_n == DRT_RESOLVE_HOPS)
    return;
  asked[0] = r->path[0];
  for (uint32_t i = 0; i < r->hops_n; i++)
    asked[i + 1] = r->hops[i].at;
  DrtCacheFilter filter = { .path = asked, .path_count = r->hops_n + 1 };
  if (drt_cache_closest(&node->cache, &r->spec.target, &filter, &nearest, 1) == 1)
    push(node, r, nearest, 0);
}

/* Nobody to go on with, though the walk has hardly begun, or has lost the one that it went back to, and
 * nothing that will do was found. */
static bool
at_a_loss(const DrtNode *node, const DrtResolve *r)
{
  if (r->wide || r->stack_n > 0)
    return false;
  if (r->useful == 0)
    return true;
  return r->fell_away &&
         (r->best == DRT_HANDLE_NONE || !final_match(node, r, key_of(node, r->best)));
}

/* Nobody is left to ask, or enough were asked. */
static bool
walked_out(const DrtNode *node, const DrtResolve *r)
{
  return r->stack_n == 0 || r->suspicious > node->settings->suspicious_max ||
         r->useful > node->settings->hops_max;
}

/* Steps 7 and 8: is it found, is it over, or who is next? */
static void
go_on(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  r->pending = 0;
  if (at_a_loss(node, r))
    ask_another(node, r);
  r->fell_away = false;
  bool over = !r->wide && walked_out(node, r);
  if (over && r->kind == DRT_RESOLVE_APPLICATION && drt_search_widen(node, r))
    over = false;
  if (r->wide)
    over = !drt_around_next(node, r);
  bool found = r->best != DRT_HANDLE_NONE &&
               (r->wide || (over ? final_match : early_match)(node, r, key_of(node, r->best)));
  if (found) {
    send_inquire(node, number);
    return;
  }
  if (over) {
    finish_empty(node, number);
    return;
  }
  r->current = r->stack[--r->stack_n];
  if (r->spec.iterative && r->hops_n > 0)
    drt_search_pause(node, r);
  else
    send_lookup(node, number);
}

void
drt_resolve_continue(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  if (r->current.route != DRT_HANDLE_NONE)
    send_lookup(node, number); /* the application has seen the hop */
  else
    go_on(node, number);
}

/* The start of 7.8; whoever made the resolve may have pushed a first hop or a best match. */
void
drt_resolve_start(DrtNode *node, uint32_t number)
{
  go_on(node, number);
}

/* Step 9 of the answer: the route entry leads back to where we have been, other than last. */
static bool
leads_back(const DrtResolve *r, const DrtRoute *route)
{
  return drt_route_listens_in(route, r->path, r->path_n - 1);
}

/* Step 5: a closer one becomes the best match. */
static void
consider_best(DrtNode *node, DrtResolve *r, DrtHandle route)
{
  const DrtKey *key = key_of(node, route);
  if (acceptable(node, r, key) &&
      (r->best == DRT_HANDLE_NONE || drt_key_closer(key, key_of(node, r->best), &r->spec.target)))
    drt_resolve_set_best(node, r, route);
}

/* Steps 2 to 6. What became of the node that answered, seen from the walk. */
static void
judge_answerer(DrtNode *node, DrtResolve *r, const DrtAuthorityBody *body)
{
  bool zero = drt_key_is_zero(key_of(node, r->current.route));
  r->useful++;
  if (body->flags & DRT_AUTHORITY_SUSPECT)
    r->suspicious++;
  if (zero) { /* the first hop of a split test: its key is not known (H36) */
    drop_current(node, r);
    return;
  }
  if (body->flags & DRT_AUTHORITY_UNKNOWN) {
    drt_node_forget_entry(node, r->current.route, DRT_GONE_DENIED);
    drt_around_refuse(node, r, r->current.route);
    fall_away(node, r);
    return;
  }
  DrtRoute route = drt_store_route(drt_node_store(node), r->current.route);
  drt_node_heard(node, r->current.route);
  drt_node_intake(node, &route, NULL, NULL);
  if (r->wide)
    return;
  consider_best(node, r, r->current.route);
  if (r->nearest == DRT_HANDLE_NONE ||
      drt_key_closer(&route.key, key_of(node, r->nearest), &r->spec.target)) {
    drt_store_hold(drt_node_store(node), r->current.route);
    drt_store_drop(drt_node_store(node), r->nearest);
    r->nearest = r->current.route;
  }
}

/* The entry that the answer offers as the next hop, interned; or NONE. */
static DrtHandle
offered_hop(DrtNode *node, DrtResolve *r, const DrtAuthorityBody *body, uint16_t *ret_flags)
{
  const DrtRoute *route = &body->route.plain;
  *ret_flags = 0;
  if (!body->route.present || drt_route_refusal(route, node->major) != DRT_REJECT_NONE ||
      drt_node_is_own_route(node, route))
    return DRT_HANDLE_NONE;
  if (leads_back(r, route)) {
    *ret_flags = DRT_HOP_LOOP;
    return DRT_HANDLE_NONE;
  }
  DrtHandle handle = drt_store_intern(drt_node_store(node), route);
  if (handle == DRT_HANDLE_NONE)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  return handle;
}

/* Steps 8 and 10: which of the two, the node that answered and the one it offers, goes on the
 * stack. A node that offered nothing has nothing more to say (H36). */
static uint16_t
arrange_stack(DrtNode *node, DrtResolve *r, const DrtKey *asked, DrtHandle offered,
              bool offered_anything)
{
  bool farther = offered != DRT_HANDLE_NONE && !drt_key_is_zero(asked) &&
                 !drt_key_closer(key_of(node, offered), asked, &r->spec.target);
  bool small = node->cache.n < node->settings->small_cache;
  bool back = r->current.route != DRT_HANDLE_NONE && offered_anything &&
              r->current.uses < node->settings->uses_max && (!farther || small);
  if (back)
    push(node, r, r->current.route, r->current.uses);
  if (offered == DRT_HANDLE_NONE || (farther && !small))
    return DRT_HOP_REJECTED;
  push(node, r, offered, 0);
  return DRT_HOP_ACCEPTED;
}

void
drt_resolve_lookup_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body,
                          DrtTime sent)
{
  DrtResolve *r = drt_node_resolve(node, number);
  uint16_t flags = 0;
  if (body->flags & DRT_AUTHORITY_BUSY) { /* nothing else is used of it, nor held against it */
    note_outcome(r, &r->asked, DRT_HOP_TOO_BUSY, node->now - sent);
    if (r->wide)
      drt_around_busy(node, r, r->current.route);
    fall_away(node, r);
    go_on(node, number);
    return;
  }
  if (body->flags & DRT_AUTHORITY_UNKNOWN)
    flags |= DRT_HOP_BAD_VALIDATE_ID;
  if (body->flags & DRT_AUTHORITY_SUSPECT)
    flags |= DRT_HOP_SUSPECT_UNREGISTERED;
  if (!r->wide)
    drt_resolve_path_add(r, &r->asked);
  DrtKey asked_key = *key_of(node, r->current.route);
  judge_answerer(node, r, body);
  uint16_t loop;
  DrtHandle offered = offered_hop(node, r, body, &loop);
  if (offered != DRT_HANDLE_NONE)
    drt_node_intake(node, &body->route.plain, NULL, NULL);
  flags |= loop;
  flags |= r->wide ? drt_around_answer(node, r, offered, (flags & DRT_HOP_BAD_VALIDATE_ID) != 0)
                   : arrange_stack(node, r, &asked_key, offered, body->route.present);
  note_outcome(r, &r->asked, flags, node->now - sent);
  drop_current(node, r);
  if (!r->wide && offered != DRT_HANDLE_NONE && early_match(node, r, key_of(node, offered)))
    drt_resolve_set_best(node, r, offered); /* straight to its INQUIRE (H36) */
  drt_store_drop(drt_node_store(node), offered);
  go_on(node, number);
}

/* Step Q failed: the next best match, or the end (H29). */
static void
best_failed(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  pop_best(node, r);
  r->phase = DRT_PHASE_LOOKUP;
  if (r->best == DRT_HANDLE_NONE && r->stack_n == 0 && !drt_search_again(node, r))
    finish_empty(node, number);
  else
    go_on(node, number);
}

void
drt_resolve_inquire_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body,
                           DrtTime sent)
{
  DrtResolve *r = drt_node_resolve(node, number);
  DrtRoute route = drt_store_route(drt_node_store(node), r->best);
  uint8_t payload[DRT_PAYLOAD_MAX];
  DrtSecurityFacts facts = { .payload = { .at = payload, .room = sizeof payload } };
  note_outcome(r, &r->asked, 0, node->now - sent);
  if (body->flags & DRT_AUTHORITY_UNKNOWN) {
    note_outcome(r, &r->asked, DRT_HOP_BAD_VALIDATE_ID, -1);
    drt_node_forget_entry(node, r->best, DRT_GONE_DENIED);
    drt_around_refuse(node, r, r->best);
    best_failed(node, number);
    return;
  }
  if (!drt_node_proves(node, body, r->nonce, &route, &facts)) {
    note_outcome(r, &r->asked, DRT_HOP_REJECTED, -1);
    drt_around_refuse(node, r, r->best);
    best_failed(node, number);
    return;
  }
  drt_node_heard(node, r->best);
  note_outcome(r, &r->asked, DRT_HOP_ACCEPTED, -1);
  r->pending = 0;
  switch (r->kind) {
  case DRT_RESOLVE_APPLICATION:
    drt_search_found(node, number, r->best, facts.payload.at, facts.payload.n, false);
    break;
  case DRT_RESOLVE_SPLIT:
    drt_node_split_judge(node, r);
    drt_resolve_free(node, number);
    break;
  case DRT_RESOLVE_REGISTRATION:
  case DRT_RESOLVE_CACHE:
    finish_empty(node, number);
    break;
  }
}

/* The node asked is gone: it leaves the cache, and counts as no hop. In the path it is not named again,
 * with this or another key (H36). */
void
drt_resolve_unanswered(DrtNode *node, uint32_t number)
{
  DrtResolve *r = drt_node_resolve(node, number);
  r->pending = 0;
  note_outcome(r, &r->asked, DRT_HOP_UNREACHABLE, -1);
  drt_resolve_path_add(r, &r->asked);
  if (r->phase == DRT_PHASE_INQUIRE) {
    drt_node_forget_entry(node, r->best, DRT_GONE_SILENT);
    if (r->wide)
      drt_around_unanswered(node, r, r->best);
    best_failed(node, number);
    return;
  }
  drt_node_forget_entry(node, r->current.route, DRT_GONE_SILENT);
  if (r->wide)
    drt_around_unanswered(node, r, r->current.route);
  fall_away(node, r);
  go_on(node, number);
}
