/* The frame of every step, and what all jobs share: status, own endpoints, the deadline.
 *
 * A step begins by pointing the node at the outbox and ends by looking whether memory failed; in
 * between, the files of this room call each other freely. */
#include "drt-node.h"

#include "drt-node-private.h"

#define PREFETCHED_HANDLES 128u /* more than the cache of a node with one key has */
#define PREFETCHED_REQUESTS 2

void
drt_node_begin(DrtNode *node, DrtTime now, DrtOutbox *out)
{
  drt_outbox_reset(out);
  node->out = out;
  drt_assert(now >= node->now);
  node->now = now;
}

/* A fault ends all traffic and forgets all peers; keys stay registered until close (T9, DEC-61). */
static void
carry_out_fault(DrtNode *node)
{
  node->status = DRT_NODE_FAULTED;
  drt_node_intake_clear(node);
  drt_node_pending_clear(node);
  drt_node_conversations_clear(node);
  drt_resolve_clear(node);
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next)
    drt_audit_clear(node, id);
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_STATUS);
  output->status.status = DRT_NODE_FAULTED;
  output->status.fault = node->fault;
  output->status.cause = node->fault_cause;
}

static DrtTime
earlier(DrtTime a, DrtTime b)
{
  return a < b ? a : b;
}

static DrtTime
waits_due(const DrtNode *node)
{
  DrtTime due = DRT_TIME_NEVER;
  for (uint32_t i = node->conversations; i != 0;) {
    const DrtConversation *conversation = drt_node_conversation(node, i);
    if (!conversation->initiator || conversation->done)
      due = earlier(due, conversation->expires);
    i = conversation->next;
  }
  for (uint32_t i = node->resolves; i != 0; i = drt_node_resolve(node, i)->next)
    due = earlier(due, drt_node_resolve(node, i)->spec.deadline);
  return due;
}

/* Most steps leave them alone, and looking at them costs more than such a step. */
static void
find_waits_due(DrtNode *node)
{
  node->waits_due = waits_due(node);
  node->waits_changed = false;
}

DRT_SELDOM static void
follow_up(DrtNode *node)
{
  if (node->unannounced && node->status == DRT_NODE_ACTIVE && node->opened && !node->closing)
    drt_node_announce(node);
  if (node->out->short_of_memory)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  if (node->fault != DRT_FAULT_NONE && node->status != DRT_NODE_FAULTED)
    carry_out_fault(node);
  if (node->closing && node->asked_n == 0 && node->close_at != DRT_TIME_NEVER)
    node->close_at = node->now; /* nothing is waited for any more */
  if (node->waits_changed)
    find_waits_due(node);
}

/* Whatever the step was, it may have changed what we know of the cloud: the status follows, and keys
 * that wait to be announced are. */
void
drt_node_end(DrtNode *node)
{
  drt_node_review_status(node);
  if (node->unannounced || node->out->short_of_memory || node->fault != DRT_FAULT_NONE ||
      node->closing || node->waits_changed)
    follow_up(node);
  drt_debug_assert(drt_node_check(node) == NULL);
  node->out = NULL;
}

void
drt_node_fault(DrtNode *node, DrtFault fault, int32_t cause)
{
  if (node->fault != DRT_FAULT_NONE)
    return;
  node->fault = fault;
  node->fault_cause = cause;
}

DrtNode *
drt_node_new(const DrtNodeConfig *config)
{
  DrtMemory *memory = &config->pool->memory;
  DrtNode *node = memory->take(memory->host, _Alignof(DrtNode), sizeof *node);
  if (node == NULL)
    return NULL;
  *node = (DrtNode){
    .pool = config->pool,
    .settings = config->settings,
    .security = config->security,
    .mode = config->mode,
    .major = config->major,
    .minor = config->minor,
    .addresses_max = config->addresses_max,
    .status = DRT_NODE_ALONE,
    .maintain_at = DRT_TIME_NEVER,
    .close_at = DRT_TIME_NEVER,
    .asked_due = DRT_TIME_NEVER,
    .waits_due = DRT_TIME_NEVER,
    .now = INT64_MIN,
  };
  drt_random_init(&node->random, config->entropy);
  for (int i = 0; i < 4; i++)
    node->centre.w[i] = drt_random_u64(&node->random);
  drt_cache_init(&node->cache, &node->pool->store, &node->centre);
  return node;
}

void
drt_node_free(DrtNode *node)
{
  if (node == NULL)
    return;
  drt_node_intake_clear(node);
  drt_node_pending_clear(node);
  drt_node_conversations_clear(node);
  drt_resolve_clear(node);
  drt_node_free_locals(node);
  drt_cache_clear(&node->cache);
  drt_node_peers_clear(node);
  DrtMemory *memory = &node->pool->memory;
  if (node->discovery != 0)
    drt_slab_give(&node->pool->discoveries, node->discovery);
  if (node->reassembly != NULL) {
    drt_reassembly_clear(node->reassembly);
    memory->give(memory->host, node->reassembly, _Alignof(DrtReassembly), sizeof(DrtReassembly));
  }
  memory->give(memory->host, node->centres, _Alignof(DrtKey), node->centres_room * sizeof(DrtKey));
  memory->give(memory->host, node, _Alignof(DrtNode), sizeof *node);
}

/* 2.1, 7.1: at most four endpoints. */
static void
set_endpoints(DrtNode *node, const DrtEndpoint *local, uint32_t n)
{
  uint32_t max =
    node->addresses_max < DRT_LOCAL_ADDRESSES_MAX ? node->addresses_max : DRT_LOCAL_ADDRESSES_MAX;
  node->local_n = n < max ? n : max;
  if (node->local_n > 0)
    memcpy(node->local, local, node->local_n * sizeof *local);
}

void
drt_node_open(DrtNode *node, DrtTime now, const DrtEndpoint *local, uint32_t n, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  drt_assert(!node->opened);
  node->opened = true;
  set_endpoints(node, local, n);
  node->lookup_second = now;
  node->maintain_at = now + node->settings->maintenance_small;
  if (node->local_n > 0)
    drt_node_discover(node);
  drt_node_end(node);
}

/* The deadlines within a node fall due one by one, each in its own file. */
void
drt_node_wake(DrtNode *node, DrtTime now, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  if (node->status != DRT_NODE_FAULTED) {
    drt_node_pending_expire(node);
    if (node->waits_due <= now) /* else what happens comes from a silence that was told */
      drt_outbox_trace(out, DRT_TRACE_TURN, DRT_TURN_TIMERS, 0);
    drt_node_conversations_expire(node);
    drt_resolve_expire(node);
    if (node->reassembly != NULL)
      drt_reassembly_expire(node->reassembly, now);
    if (!node->closing && node->maintain_at <= now) {
      drt_outbox_trace(out, DRT_TRACE_TURN, DRT_TURN_MAINTENANCE, 0);
      drt_node_maintain(node);
    }
  }
  if (node->closing && node->close_at <= now) {
    node->close_at = DRT_TIME_NEVER;
    drt_node_pending_clear(node);
    drt_outbox_push(out, DRT_OUT_CLOSED);
  }
  drt_node_end(node);
}

void
drt_node_receive(DrtNode *node, DrtTime now, const DrtEndpoint *from, const uint8_t *bytes,
                 uint32_t n, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  DrtMsg msg;
  DrtReject reject = DRT_REJECT_SOURCE_PORT;
  if (drt_endpoint_port(from) >= DRT_PORT_MIN)
    reject = drt_decode_scratch(bytes, n, node->major, node->mode, &msg);
  if (reject != DRT_REJECT_NONE) {
    drt_outbox_trace(out, DRT_TRACE_REJECT, reject, n > 7 ? bytes[7] : 0);
  } else if (!node->opened || node->status == DRT_NODE_FAULTED ||
             node->status == DRT_NODE_NO_NETWORK) {
    drt_outbox_trace(out, DRT_TRACE_IGNORE, DRT_IGNORE_CLOSED, msg.type);
  } else {
    drt_node_dispatch(node, &msg, from);
  }
  drt_node_end(node);
}

void
drt_node_bootstrap(DrtNode *node, DrtTime now, bool split, const DrtEndpoint *found, uint32_t n,
                   bool done, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  if (node->status == DRT_NODE_FAULTED || node->status == DRT_NODE_NO_NETWORK || node->closing) {
    drt_node_end(node);
    return;
  }
  if (split) {
    drt_node_split_bootstrap(node, found, n);
  } else if (node->discovery != 0) {
    DrtDiscovery *discovery = drt_slab_at(&node->pool->discoveries, node->discovery);
    for (uint32_t i = 0; i < n; i++) {
      if (drt_node_is_own_endpoint(node, &found[i]) ||
          discovery->tried_n + discovery->queue_n >= (uint32_t)node->settings->bootstrap_endpoints)
        continue;
      discovery->queue[discovery->queue_n++] = found[i];
    }
    if (done)
      discovery->asked = false;
    drt_node_discover_next(node);
  }
  drt_node_end(node);
}

/* Without an address nobody can answer: searches end with what they have, our own walks begin anew
 * when there is one again (7.14). */
static void
forget_requests(DrtNode *node)
{
  drt_node_intake_clear(node);
  drt_node_pending_clear(node);
  drt_node_conversations_clear(node);
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next)
    drt_audit_clear(node, id);
  while (node->resolves != 0)
    if (drt_node_resolve(node, node->resolves)->kind == DRT_RESOLVE_APPLICATION)
      drt_search_end(node, node->resolves, DRT_SEARCH_NO_MORE);
    else
      drt_resolve_free(node, node->resolves);
}

/* 7.14 */
void
drt_node_readdress(DrtNode *node, DrtTime now, const DrtEndpoint *local, uint32_t n, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  bool had = node->local_n > 0;
  bool same = n == node->local_n && (n == 0 || memcmp(local, node->local, n * sizeof *local) == 0);
  if (same || node->status == DRT_NODE_FAULTED || node->closing) {
    drt_node_end(node);
    return;
  }
  set_endpoints(node, local, n);
  drt_node_refresh_own_routes(node);
  if (node->local_n == 0) {
    if (node->told_offline) { /* it was back for too short a time to say so: nothing has changed */
      node->status = DRT_NODE_NO_NETWORK;
      node->told = true;
    }
    forget_requests(node);
    drt_node_discover_ended(node);
  } else if (!had) {
    node->told = false; /* one event with the state that the new bootstrap leads to (DEC-62) */
    node->status = DRT_NODE_ALONE;
    drt_node_discover(node);
  }
  drt_node_end(node);
}

void
drt_node_fail(DrtNode *node, DrtTime now, int32_t cause, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  drt_node_fault(node, DRT_FAULT_HOST, cause);
  drt_node_end(node);
}

void
drt_node_run_out(DrtNode *node, DrtTime now, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  drt_node_end(node);
}

/* 7.15. The revokes get the time of one repetition (H39). */
void
drt_node_close(DrtNode *node, DrtTime now, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  bool faulted = node->status == DRT_NODE_FAULTED;
  drt_resolve_clear(node);
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next)
    drt_audit_clear(node, id);
  for (uint32_t id = node->locals; id != 0 && !faulted; id = drt_node_local(node, id)->next)
    drt_node_revoke(node, drt_node_local(node, id));
  drt_node_free_locals(node);
  drt_node_intake_clear(node);
  drt_node_conversations_clear(node);
  for (uint32_t i = node->asked_n; i-- > 0;)
    if (drt_node_pending_at(node, i)->purpose != DRT_FOR_FLOOD)
      drt_node_pending_remove(node, node->asked[i].number);
  node->closing = true;
  node->close_at = node->asked_n == 0 ? now : now + node->settings->close_wait;
  node->maintain_at = DRT_TIME_NEVER;
  if (node->asked_n == 0) {
    node->close_at = DRT_TIME_NEVER;
    drt_outbox_push(out, DRT_OUT_CLOSED);
  }
  drt_node_end(node);
}

DrtTime
drt_node_deadline(const DrtNode *node)
{
  if (node->status == DRT_NODE_FAULTED)
    return node->close_at; /* it may have happened on the way out */
  DrtTime deadline = earlier(node->maintain_at, node->close_at);
  deadline = earlier(deadline, earlier(node->asked_due, node->waits_due));
  if (node->reassembly != NULL)
    deadline = earlier(deadline, drt_reassembly_deadline(node->reassembly));
  return deadline;
}

static inline void
prefetch(const void *piece, size_t bytes)
{
  for (size_t i = 0; i < bytes; i += 64)
    __builtin_prefetch((const char *)piece + i);
}

/* The list of requests, what a search in the cache goes through first, and the first key. */
void
drt_node_prefetch(const DrtNode *node)
{
  __builtin_prefetch(node->asked); /* NULL is as good: a hint is never wrong */
  prefetch(node->cache.positions, node->cache.n * sizeof *node->cache.positions);
  if (node->locals != 0)
    prefetch(drt_node_local(node, node->locals), sizeof(DrtLocal));
}

/* The rest of the cache, and the first requests: an answer is likely to be to one of them, and a timer to
 * be theirs. */
void
drt_node_prefetch_details(const DrtNode *node)
{
  const DrtCache *cache = &node->cache;
  uint32_t handles = cache->n < PREFETCHED_HANDLES ? cache->n : PREFETCHED_HANDLES;
  prefetch(cache->handles, handles * sizeof *cache->handles);
  __builtin_prefetch(cache->marks);
  for (uint32_t i = 0; i < node->asked_n && i < PREFETCHED_REQUESTS; i++)
    __builtin_prefetch(drt_node_pending_at(node, i));
}

DrtNodeStatus
drt_node_status(const DrtNode *node)
{
  return node->status;
}

static void
put_out_status(DrtNode *node, DrtNodeStatus status)
{
  node->status = status;
  node->told = true;
  node->told_offline = status == DRT_NODE_NO_NETWORK;
  uint32_t offset = 0, n = 0;
  if (status == DRT_NODE_ALONE && node->discovery != 0) {
    DrtDiscovery *discovery = drt_slab_at(&node->pool->discoveries, node->discovery);
    uint8_t *bytes = drt_outbox_bytes(node->out, sizeof discovery->tried, &offset);
    if (bytes != NULL) {
      n = discovery->tried_n;
      memcpy(bytes, discovery->tried, n * sizeof *discovery->tried);
    }
  }
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_STATUS);
  output->status.status = status;
  output->status.offset = offset;
  output->status.n = n;
}

/* The first status waits for the end of the first bootstrap round (DEC-18): until then the node is
 * ALONE without saying so. */
static bool
still_bootstrapping(const DrtNode *node)
{
  if (node->told || node->discovery == 0)
    return false;
  const DrtDiscovery *discovery = drt_slab_at(&node->pool->discoveries, node->discovery);
  return discovery->asked || discovery->queue_n > 0 || discovery->talking > 0 ||
         node->intakes_n > 0;
}

DRT_SELDOM void
drt_node_change_status(DrtNode *node, DrtNodeStatus status)
{
  if (node->status == DRT_NODE_FAULTED || !node->opened || node->closing)
    return;
  if (status != DRT_NODE_ALONE || !still_bootstrapping(node))
    put_out_status(node, status);
}

bool
drt_node_is_own_endpoint(const DrtNode *node, const DrtEndpoint *endpoint)
{
  for (uint32_t i = 0; i < node->local_n; i++)
    if (drt_endpoint_equal(&node->local[i], endpoint))
      return true;
  return false;
}

bool
drt_node_is_own_route(const DrtNode *node, const DrtRoute *route)
{
  return drt_route_listens_in(route, node->local, node->local_n);
}

static unsigned
common_bits(const uint8_t *a, const uint8_t *b)
{
  for (unsigned i = 0; i < DRT_ADDRESS_LEN; i++)
    if (a[i] != b[i])
      return 8 * i + (unsigned)__builtin_clz((unsigned)(a[i] ^ b[i])) - 24;
  return 8 * DRT_ADDRESS_LEN;
}

/* RFC 3484, section 6, as far as it applies to addresses of one scope and no preference of ours:
 * rule 9, the longest prefix in common, and rule 10, the order in which they came. */
DrtEndpoint
drt_node_choose_address(const DrtNode *node, const DrtRoute *route)
{
  uint32_t best = 0;
  unsigned best_bits = 0;
  for (uint32_t i = 0; i < route->address_count && route->address_count > 1; i++)
    for (uint32_t k = 0; k < node->local_n; k++) {
      unsigned bits =
        common_bits(route->addresses + (size_t)DRT_ADDRESS_LEN * i, node->local[k].wire + 2);
      if (bits > best_bits) {
        best = i;
        best_bits = bits;
      }
    }
  return drt_route_endpoint(route, best);
}

/* V = ceil(log10 N) (H35). */
static uint8_t
deepest_level(uint64_t nodes)
{
  uint8_t level = 0;
  for (uint64_t power = 1; power < nodes && level < DRT_CACHE_LEVELS_MAX - 1; power *= 10)
    level++;
  return level;
}

DrtCacheShape
drt_node_shape(const DrtNode *node)
{
  DrtCacheShape shape = { .centres = &node->centre, .centre_count = 1 };
  if (node->locals_n == 0) {
    shape.spare = true;
    return shape;
  }
  if (node->locals_n > 1) {
    shape.centres = node->centres;
    shape.centre_count = node->locals_n;
  }
  shape.deepest = deepest_level(drt_node_estimate(node));
  return shape;
}

static const char *
check_leaves(const DrtNode *node, const DrtLocal *local)
{
  const DrtStore *store = &node->pool->store;
  const char *broken = drt_leafset_check(&local->leaves, store);
  if (broken != NULL)
    return broken;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtCacheWalk walk = drt_cache_walk(&node->cache, drt_local_key(local), side);
    for (uint32_t i = 0; i < DRT_LEAFSET_SIDE; i++) {
      DrtHandle nearest = drt_cache_walk_next(&walk);
      DrtHandle leaf = i < local->leaves.n[side] ? local->leaves.leaf[side][i] : DRT_HANDLE_NONE;
      if (nearest != leaf)
        return "a leaf set is not the nearest of the cache";
    }
  }
  return NULL;
}

const char *
drt_node_check(const DrtNode *node)
{
  const char *broken = drt_cache_check(&node->cache);
  uint32_t locals = 0;
  for (uint32_t id = node->locals; id != 0 && broken == NULL; id = drt_node_local(node, id)->next) {
    broken = check_leaves(node, drt_node_local(node, id));
    locals++;
  }
  if (broken == NULL && locals != node->locals_n)
    broken = "the count of local keys is wrong";
  DrtTime last = INT64_MIN;
  uint32_t intakes = 0;
  for (uint32_t i = 0; i < node->asked_n && broken == NULL; i++) {
    const DrtPending *pending = drt_node_pending_at(node, i);
    intakes += pending->purpose == DRT_FOR_INTAKE;
    if (pending->due < last)
      broken = "the pending list is not in the order of due times";
    if (pending->id != node->asked[i].id)
      broken = "the pending list does not know a request's id";
    last = pending->due;
  }
  if (broken == NULL && intakes != node->intakes_n)
    broken = "the count of intakes is wrong";
  DrtTime first = node->asked_n == 0 ? DRT_TIME_NEVER : drt_node_pending_at(node, 0)->due;
  if (broken == NULL && node->asked_due != first)
    broken = "the pending list does not know when its first request is due";
  if (broken == NULL && !node->waits_changed && node->waits_due != waits_due(node))
    broken = "a conversation or a search is due at another time";
  return broken;
}
