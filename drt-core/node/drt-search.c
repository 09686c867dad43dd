/* Searches of the application on top of the walk: ranges, several results, hop by hop (drt-api 9).
 *
 * The first answer is what the walk finds. For more, or if the nearest key lies outside the range,
 * the search goes on outwards from there (drt-around.c). */
#include "drt-node-private.h"

static const DrtKey *
key_of(const DrtNode *node, DrtHandle route)
{
  return drt_store_key(&node->pool->store, route);
}

bool
drt_search_accepts(const DrtNode *node, const DrtResolve *r, const DrtKey *key)
{
  if (drt_key_less(key, &r->spec.least) || drt_key_less(&r->spec.most, key))
    return false;
  for (uint32_t i = 0; i < r->given_n; i++)
    if (drt_key_equal(key_of(node, r->given[i]), key))
      return false;
  return !drt_around_refused(node, r, key);
}

static uint32_t
find(const DrtNode *node, uint64_t ticket)
{
  for (uint32_t i = node->resolves; i != 0; i = drt_node_resolve(node, i)->next) {
    const DrtResolve *r = drt_node_resolve(node, i);
    if (r->kind == DRT_RESOLVE_APPLICATION && r->ticket == ticket)
      return i;
  }
  return 0;
}

/* Our own nearest key that may be an answer competes with what others have (7.8, start). */
static void
offer_local(DrtNode *node, DrtResolve *r)
{
  if (!r->spec.local_too)
    return;
  const DrtLocal *best = NULL;
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
    const DrtLocal *local = drt_node_local(node, id);
    const DrtKey *key = drt_local_key(local);
    if (!drt_search_accepts(node, r, key))
      continue;
    if (best == NULL || drt_key_ranks_before(key, drt_local_key(best), &r->spec.target))
      best = local;
  }
  if (best != NULL)
    drt_resolve_set_best(node, r, best->route);
}

static uint32_t
put_hops(DrtNode *node, const DrtResolve *r, uint32_t *ret_offset)
{
  uint32_t n = r->hops_n * (uint32_t)sizeof *r->hops;
  *ret_offset = 0;
  uint8_t *bytes = drt_outbox_bytes(node->out, n, ret_offset);
  if (bytes == NULL)
    return 0;
  memcpy(bytes, r->hops, n);
  return r->hops_n;
}

/* Without a local address there is nobody to ask: local keys at most, and the end (DEC-47). */
static void
search_offline(DrtNode *node, const DrtSearchSpec *spec, uint64_t ticket)
{
  DrtResolve r = { .kind = DRT_RESOLVE_APPLICATION, .spec = *spec };
  const DrtLocal *taken = NULL;
  for (uint32_t given = 0; spec->local_too && given < spec->results_max; given++) {
    const DrtLocal *best = NULL;
    for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
      const DrtLocal *local = drt_node_local(node, id);
      const DrtKey *key = drt_local_key(local);
      if (!drt_search_accepts(node, &r, key) || (spec->exact && !drt_key_equal(key, &spec->target)))
        continue;
      if (taken != NULL && !drt_key_ranks_before(drt_local_key(taken), key, &spec->target))
        continue;
      if (best == NULL || drt_key_ranks_before(key, drt_local_key(best), &spec->target))
        best = local;
    }
    if (best == NULL)
      break;
    taken = best;
    uint32_t offset;
    uint8_t *bytes = drt_outbox_bytes(node->out, best->payload_n, &offset);
    if (bytes == NULL)
      return;
    memcpy(bytes, drt_blob_at(&node->pool->blobs, best->payload), best->payload_n);
    DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_SEARCH_FOUND);
    output->found.ticket = ticket;
    output->found.key = *drt_local_key(best);
    output->found.local = true;
    output->found.offset = offset;
    output->found.n = best->payload_n;
  }
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_SEARCH_END);
  output->end.ticket = ticket;
  output->end.end = DRT_SEARCH_NO_MORE;
}

bool
drt_node_search(DrtNode *node, DrtTime now, const DrtSearchSpec *spec, uint64_t ticket,
                DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  if (node->local_n == 0) {
    search_offline(node, spec, ticket);
    drt_node_end(node);
    return true;
  }
  uint32_t number = drt_resolve_new(node, DRT_RESOLVE_APPLICATION, &spec->target);
  if (number == 0) {
    node->fault = DRT_FAULT_NONE; /* the call fails; the instance does not */
    drt_node_end(node);
    return false;
  }
  DrtResolve *r = drt_node_resolve(node, number);
  r->spec = *spec;
  r->ticket = ticket;
  r->criteria = spec->exact ? DRT_CRITERIA_EXACT : DRT_CRITERIA_NEAREST;
  if (spec->results_max > DRT_RESOLVE_GIVEN)
    r->spec.results_max = DRT_RESOLVE_GIVEN;
  offer_local(node, r);
  drt_resolve_start(node, number);
  drt_resolve_expire(node); /* a time-out of zero is over at once (DEC-42) */
  drt_node_end(node);
  return true;
}

bool
drt_node_search_continue(DrtNode *node, DrtTime now, uint64_t ticket, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  uint32_t number = find(node, ticket);
  bool waits = number != 0 && drt_node_resolve(node, number)->phase == DRT_PHASE_WAITING;
  if (waits)
    drt_resolve_continue(node, number);
  drt_node_end(node);
  return waits;
}

void
drt_node_search_stop(DrtNode *node, DrtTime now, uint64_t ticket, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  uint32_t number = find(node, ticket);
  if (number != 0)
    drt_resolve_free(node, number);
  drt_node_end(node);
}

void
drt_search_pause(DrtNode *node, DrtResolve *r)
{
  uint32_t hops_offset, hops = put_hops(node, r, &hops_offset);
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_SEARCH_HOP);
  output->found.ticket = r->ticket;
  output->found.key = *key_of(node, r->current.route);
  output->found.hops_offset = hops_offset;
  output->found.hops = hops;
  r->phase = DRT_PHASE_WAITING;
}

void
drt_search_end(DrtNode *node, uint32_t number, DrtSearchEnd end)
{
  DrtResolve *r = drt_node_resolve(node, number);
  uint32_t hops_offset, hops = put_hops(node, r, &hops_offset);
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_SEARCH_END);
  output->end.ticket = r->ticket;
  output->end.end = end;
  output->end.hops_offset = hops_offset;
  output->end.hops = hops;
  drt_resolve_free(node, number);
}

static void
clear_candidates(DrtNode *node, DrtResolve *r)
{
  DrtStore *store = drt_node_store(node);
  while (r->stack_n > 0)
    drt_store_drop(store, r->stack[--r->stack_n].route);
  while (r->bests_n > 0)
    drt_store_drop(store, r->bests[--r->bests_n]);
  drt_store_drop(store, r->best);
  r->best = DRT_HANDLE_NONE;
}

/* A best match does not end the search if the nearest node lies outside the range: the walk was not
 * after the nearest inside of it. */
bool
drt_search_widen(DrtNode *node, DrtResolve *r)
{
  if (r->wide || r->spec.exact || r->nearest == DRT_HANDLE_NONE)
    return false;
  bool found = r->best != DRT_HANDLE_NONE;
  if (found && (r->spec.any || drt_search_accepts(node, r, key_of(node, r->nearest))))
    return false;
  r->suspicious = 0;
  r->useful = 0;
  drt_around_begin(node, r);
  clear_candidates(node, r);
  return true;
}

bool
drt_search_again(DrtNode *node, DrtResolve *r)
{
  if (r->kind != DRT_RESOLVE_APPLICATION || r->spec.exact ||
      ++r->failed > node->settings->suspicious_max)
    return false;
  r->useful = 0;
  return true;
}

void
drt_search_found(DrtNode *node, uint32_t number, DrtHandle route, const uint8_t *payload,
                 uint32_t n, bool local)
{
  DrtResolve *r = drt_node_resolve(node, number);
  uint32_t offset, hops_offset, hops = put_hops(node, r, &hops_offset);
  uint8_t *bytes = drt_outbox_bytes(node->out, n, &offset);
  if (bytes == NULL)
    return;
  if (n > 0)
    memcpy(bytes, payload, n);
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_SEARCH_FOUND);
  output->found.ticket = r->ticket;
  output->found.key = *key_of(node, route);
  output->found.local = local;
  output->found.offset = offset;
  output->found.n = n;
  output->found.hops_offset = hops_offset;
  output->found.hops = hops;
  uint32_t wanted = r->spec.any || r->spec.iterative || r->spec.exact ? 1 : r->spec.results_max;
  drt_store_hold(drt_node_store(node), route);
  r->given[r->given_n++] = route;
  if (r->given_n >= wanted) {
    drt_search_end(node, number, DRT_SEARCH_NO_MORE);
    return;
  }
  r->suspicious = 0;
  r->useful = 0;
  if (!r->wide)
    drt_around_begin(node, r);
  clear_candidates(node, r);
  drt_resolve_continue(node, number);
}

void
drt_resolve_expire(DrtNode *node)
{
  for (uint32_t i = node->resolves; i != 0;) {
    uint32_t next = drt_node_resolve(node, i)->next;
    if (drt_node_resolve(node, i)->spec.deadline <= node->now)
      drt_search_end(node, i, DRT_SEARCH_TIMEOUT);
    i = next;
  }
}
