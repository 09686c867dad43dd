/* Follows the world, and answers what is measured. */
#include "sim-oracle.h"

#include "sim-oracle-private.h"
#include "sim-seen.h"

DrtKey
sim_oracle_drt_key(const SimKey *key)
{
  return drt_key_from_wire(key->bytes);
}

SimKey
sim_oracle_sim_key(const DrtKey *key)
{
  SimKey made;
  drt_key_to_wire(key, made.bytes);
  return made;
}

SimOracleKey *
sim_oracle_key_of(const SimOracle *oracle, uint32_t node, const DrtKey *key)
{
  for (SimOracleKey *at = oracle->nodes[node].keys; at != NULL; at = at->next)
    if (drt_key_equal(&at->ring.key, key))
      return at;
  return NULL;
}

const char *
sim_metric_name(SimMetric metric)
{
  static const char *const names[] = {
#define NAME(name, text, kind, source) text,
    SIM_METRIC_TABLE(NAME)
#undef NAME
  };
  return names[metric];
}

SimMetricKind
sim_metric_kind(SimMetric metric)
{
  static const SimMetricKind kinds[] = {
#define KIND(name, text, kind, source) SIM_METRIC_##kind,
    SIM_METRIC_TABLE(KIND)
#undef KIND
  };
  return kinds[metric];
}

SimMetricSource
sim_metric_source(SimMetric metric)
{
  static const SimMetricSource sources[] = {
#define SOURCE(name, text, kind, source) SIM_METRIC_##source,
    SIM_METRIC_TABLE(SOURCE)
#undef SOURCE
  };
  return sources[metric];
}

/* Node time is counted up to now, with as many alive as there were. */
static void
count_node_time(SimOracle *oracle)
{
  SimTime now = sim_world_now(oracle->world);
  oracle->flow.node_time += (SimNodeTime)(uint64_t)(now - oracle->flow_since) * oracle->alive;
  oracle->flow_since = oracle->flow.at = now;
}

static void
set_status(SimOracle *oracle, SimOracleNode *node, int status)
{
  if (node->status >= 0)
    oracle->by_status[node->status]--;
  node->status = (int8_t)status;
  if (status >= 0)
    oracle->by_status[status]++;
}

static void
begin(SimOracle *oracle, SimOracleNode *node)
{
  count_node_time(oracle);
  oracle->alive++;
  oracle->peak = MAX(oracle->peak, oracle->alive);
  node->running = true;
  node->deaf = node->joined = false;
  node->cached = 0;
  node->started = sim_world_now(oracle->world);
}

/* Told before the instance goes, so that what it holds can still be seen. */
static void
end(SimOracle *oracle, uint32_t number)
{
  SimOracleNode *node = &oracle->nodes[number];
  sim_oracle_forget_keys(oracle, number);
  sim_oracle_cache_lost(oracle, number);
  count_node_time(oracle);
  oracle->alive--;
  node->running = false;
  set_status(oracle, node, -1);
}

static void
on_news(void *data, uint32_t number, SimNews news)
{
  SimOracle *oracle = data;
  SimOracleNode *node = &oracle->nodes[number];
  switch (news) {
  case SIM_NEWS_START:
    begin(oracle, node);
    break;
  case SIM_NEWS_STOP:
  case SIM_NEWS_CRASH:
    oracle->crashing = news == SIM_NEWS_CRASH;
    end(oracle, number);
    oracle->crashing = false;
    break;
  case SIM_NEWS_FAULT:
    sim_oracle_forget_keys(oracle, number);
    sim_oracle_cache_lost(oracle, number);
    break;
  case SIM_NEWS_DISCONNECT:
    sim_oracle_withdraw_all(oracle, number);
    break;
  case SIM_NEWS_RECONNECT:
    if (node->status == DRT_ACTIVE) /* it has slept through it */
      sim_oracle_publish_all(oracle, number);
    else
      g_array_append_val(oracle->returning, number);
    break;
  case SIM_NEWS_CERTIFICATE:
    node->spoiled = true;
    sim_oracle_withdraw_all(oracle, number);
    break;
  case SIM_NEWS_PAUSE:
  case SIM_NEWS_RESUME:
  case SIM_NEWS_CLOCK:
    break;
  }
  sim_oracle_disturbed(oracle, oracle->connected);
}

static void
on_key(void *data, uint32_t node, const SimKey *key, bool registered)
{
  SimOracle *oracle = data;
  if (registered)
    sim_oracle_register(oracle, node, key);
  else
    sim_oracle_unregister(oracle, node, key);
  sim_oracle_disturbed(oracle, oracle->connected);
}

static void
on_status(SimOracle *oracle, uint32_t number, DRT_STATUS status)
{
  SimOracleNode *node = &oracle->nodes[number];
  set_status(oracle, node, (int)status);
  if (status == DRT_ACTIVE) {
    sim_oracle_publish_all(oracle, number);
    SimTime now = sim_world_now(oracle->world);
    SimOracleJoin join = { .at = now, .took = now - node->started };
    if (!node->joined)
      g_array_append_val(oracle->active_joins, join);
    node->joined = true;
  } else if (status == DRT_NO_NETWORK) {
    sim_oracle_withdraw_all(oracle, number);
  } else if (status == DRT_FAULTED) {
    sim_oracle_forget_keys(oracle, number);
  }
}

static void
on_event(void *data, uint32_t number, const DRT_EVENT_DATA *event)
{
  SimOracle *oracle = data;
  sim_oracle_check_event(oracle, number, event);
  switch (event->type) {
  case DRT_EVENT_STATUS_CHANGED:
    on_status(oracle, number, event->statusChange.status);
    break;
  case DRT_EVENT_LEAFSET_KEY_CHANGED: {
    DrtKey local = drt_key_from_api(event->leafsetKeyChange.localKey.pb);
    SimOracleKey *key = sim_oracle_key_of(oracle, number, &local);
    if (key != NULL && key->ring.place != NULL)
      sim_oracle_touch(oracle, key);
    break;
  }
  case DRT_EVENT_REGISTRATION_STATE_CHANGED:
    break;
  }
}

static void
on_sent(void *data, SimPacket *packet)
{
  SimOracle *oracle = data;
  SimMessageType type = sim_seen_type(packet->bytes, packet->n);
  oracle->flow.messages[SIM_MESSAGES]++;
  oracle->flow.bytes[SIM_MESSAGES] += packet->n;
  if (type != SIM_MESSAGES) {
    oracle->flow.messages[type]++;
    oracle->flow.bytes[type] += packet->n;
  }
  if (packet->to_port < 1024)
    sim_oracle_violated(oracle, SIM_INVARIANT_LOW_PORT, packet->from, "to port %u",
                        packet->to_port);
}

static void
on_arrived(void *data, const SimPacket *packet)
{
  SimOracle *oracle = data;
  oracle->arrived_from = packet->from;
  oracle->arrived_type = sim_seen_type(packet->bytes, packet->n);
}

/* What comes into a cache comes in while the AUTHORITY is read that its own node has sent. */
static void
check_proof(SimOracle *oracle, uint32_t number, DrtHandle handle)
{
  const DrtNode *node = sim_oracle_core(oracle, number);
  if (node == NULL)
    return;
  DrtRoute route = drt_store_route(drt_node_store(node), handle);
  SimNet *net = sim_world_net(oracle->world);
  for (uint32_t i = 0; i < route.address_count; i++)
    if (sim_net_host_of(net, route.addresses + (size_t)i * SIM_ADDRESS_LEN) ==
          oracle->arrived_from &&
        oracle->arrived_type == SIM_MESSAGE_AUTHORITY)
      return;
  sim_oracle_violated(oracle, SIM_INVARIANT_CACHE_UNPROVEN, number,
                      "an entry was cached that its node had not vouched for");
}

/* A member of a leaf set may have another endpoint now, which no event tells. */
static void
touch_all(SimOracle *oracle, uint32_t node)
{
  for (SimOracleKey *key = oracle->nodes[node].keys; key != NULL; key = key->next)
    if (key->ring.place != NULL)
      sim_oracle_touch(oracle, key);
}

static void
on_observed(void *data, uint32_t node, uint32_t id, uint64_t a, uint64_t b)
{
  if (sim_world_is_last_words(((SimOracle *)data)->world)) /* of a cache that counts no more */
    return;
  if (id == DRT_TRACE_CACHE_IN) {
    check_proof(data, node, (DrtHandle)a);
    sim_oracle_cache_in(data, node, (DrtHandle)a);
  } else if (id == DRT_TRACE_CACHE_OUT) {
    sim_oracle_cache_out(data, node, (DrtHandle)a);
    if (b == DRT_GONE_MOVED)
      touch_all(data, node);
  }
}

static guint
hash_key(gconstpointer key)
{
  guint hash;
  memcpy(&hash, ((const SimKey *)key)->bytes, sizeof hash);
  return hash;
}

static gboolean
equal_keys(gconstpointer a, gconstpointer b)
{
  return memcmp(a, b, sizeof(SimKey)) == 0;
}

SimOracle *
sim_oracle_new(SimWorld *world)
{
  SimOracle *oracle = g_new0(SimOracle, 1);
  uint32_t n = sim_world_nodes(world);
  oracle->world = world;
  oracle->orphan = n;
  oracle->orphaned = SIM_TIME_NEVER;
  oracle->connected = true;
  oracle->nodes = g_new0(SimOracleNode, n);
  for (uint32_t i = 0; i < n; i++)
    oracle->nodes[i].status = -1;
  sim_ring_init(&oracle->ring);
  oracle->published = g_ptr_array_new();
  oracle->unseen = g_array_new(FALSE, FALSE, sizeof(SimOracleKey *));
  oracle->entries = g_array_new(FALSE, TRUE, sizeof(SimOracleEntry));
  oracle->levels_stale = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  oracle->returning = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  oracle->searches = g_array_new(FALSE, FALSE, sizeof(SimOracleSearch));
  oracle->running = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  oracle->ended_keys = g_hash_table_new_full(hash_key, equal_keys, g_free, g_free);
  oracle->active_joins = g_array_new(FALSE, FALSE, sizeof(SimOracleJoin));
  oracle->visible_joins = g_array_new(FALSE, FALSE, sizeof(SimOracleJoin));
  g_queue_init(&oracle->dead);
  sim_oracle_disturbed(oracle, true);
  sim_world_watch(world, &(SimWatcher){
                           .data = oracle,
                           .news = on_news,
                           .key = on_key,
                           .event = on_event,
                           .search_started = sim_oracle_search_started,
                           .search_result = sim_oracle_search_result,
                           .search_ended = sim_oracle_search_ended,
                           .sent = on_sent,
                           .arrived = on_arrived,
                           .observe_mask = 1u << DRT_TRACE_CACHE_IN | 1u << DRT_TRACE_CACHE_OUT,
                           .observed = on_observed,
                         });
  return oracle;
}

void
sim_oracle_free(SimOracle *oracle)
{
  if (oracle == NULL)
    return;
  for (uint32_t i = 0; i < sim_world_nodes(oracle->world); i++)
    sim_oracle_forget_keys(oracle, i);
  sim_oracle_look(oracle); /* frees those whose turn it was */
  for (int i = 0; i < SIM_INVARIANTS; i++)
    g_free(oracle->violations[i].what);
  sim_ring_clear(&oracle->ring);
  g_ptr_array_free(oracle->published, TRUE);
  g_array_free(oracle->unseen, TRUE);
  g_array_free(oracle->entries, TRUE);
  g_array_free(oracle->levels_stale, TRUE);
  g_array_free(oracle->returning, TRUE);
  g_array_free(oracle->searches, TRUE);
  g_hash_table_destroy(oracle->running);
  g_hash_table_destroy(oracle->ended_keys);
  g_array_free(oracle->active_joins, TRUE);
  g_array_free(oracle->visible_joins, TRUE);
  g_queue_clear_full(&oracle->dead, g_free);
  g_free(oracle->nodes);
  g_free(oracle);
}

void
sim_oracle_disturbed(SimOracle *oracle, bool connected)
{
  oracle->connected = connected;
  oracle->disturbed = sim_world_now(oracle->world);
  for (int i = 0; i < 3; i++)
    oracle->converged[i] = SIM_TIME_NEVER;
}

static void
note_convergence(SimOracle *oracle)
{
  static const uint64_t shares[3] = { 50, 95, 100 };
  SimTime now = sim_world_now(oracle->world);
  for (int i = 0; i < 3; i++)
    if (oracle->converged[i] == SIM_TIME_NEVER && 100 * oracle->right >= shares[i] * oracle->total)
      oracle->converged[i] = now;
}

/* Who is back in the network serves its keys from its first message on, long before it is ACTIVE. */
static void
serve_returning(SimOracle *oracle)
{
  for (guint i = oracle->returning->len; i-- > 0;) {
    uint32_t number = g_array_index(oracle->returning, uint32_t, i);
    const SimOracleNode *node = &oracle->nodes[number];
    bool returns = node->running && sim_world_is_connected(oracle->world, number);
    if (returns)
      sim_oracle_serve_all(oracle, number);
    if (!returns || node->status == DRT_ACTIVE)
      g_array_remove_index_fast(oracle->returning, i);
  }
}

void
sim_oracle_sample(SimOracle *oracle)
{
  count_node_time(oracle);
  serve_returning(oracle);
  sim_oracle_look(oracle);
  note_convergence(oracle);
  sim_oracle_check_state(oracle);
}

void
sim_oracle_flow(SimOracle *oracle, SimFlow *ret)
{
  count_node_time(oracle);
  *ret = oracle->flow;
}

uint32_t
sim_oracle_orphan(const SimOracle *oracle)
{
  return oracle->orphan;
}

SimTime
sim_oracle_orphaned(const SimOracle *oracle)
{
  return oracle->orphaned;
}

void
sim_oracle_listen(SimOracle *oracle, const SimOracleListener *listener)
{
  oracle->listener = *listener;
}

const SimOracleSearch *
sim_oracle_last_search(const SimOracle *oracle)
{
  guint n = oracle->searches->len;
  return n == 0 ? NULL : &g_array_index(oracle->searches, SimOracleSearch, n - 1);
}

bool
sim_oracle_cached(const SimOracle *oracle, uint32_t node, uint32_t handle, SimKey *ret_key,
                  uint32_t *ret_server, uint16_t *ret_port)
{
  const DrtNode *core = sim_oracle_core(oracle, node);
  if (core == NULL)
    return false;
  DrtRoute route = drt_store_route(drt_node_store(core), handle);
  *ret_key = sim_oracle_sim_key(&route.key);
  *ret_server = sim_net_host_of(sim_world_net(oracle->world), route.addresses);
  *ret_port = route.port;
  return true;
}

uint32_t
sim_oracle_peak(const SimOracle *oracle)
{
  return oracle->peak;
}

uint32_t
sim_oracle_publishers(const SimOracle *oracle, const SimKey *sim_key, uint32_t *nodes, uint32_t max)
{
  DrtKey key = sim_oracle_drt_key(sim_key);
  SimRingKey *first = sim_ring_find(&oracle->ring, &key), *at = first;
  uint32_t n = 0;
  if (first == NULL)
    return 0;
  do {
    if (n < max)
      nodes[n] = at->node;
    n++;
    at = sim_ring_beside(&oracle->ring, at, DRT_ABOVE);
  } while (at != first && drt_key_equal(&at->key, &key));
  return n;
}

const SimKey *
sim_oracle_random_key(SimOracle *oracle, SimRandom *random, SimKey *ret)
{
  if (oracle->published->len == 0)
    return NULL;
  guint i = (guint)sim_random_below(random, oracle->published->len);
  const SimOracleKey *key = g_ptr_array_index(oracle->published, i);
  *ret = sim_oracle_sim_key(&key->ring.key);
  return ret;
}

size_t
sim_oracle_bytes(const SimOracle *oracle)
{
  return sim_world_nodes(oracle->world) * sizeof(SimOracleNode) +
         oracle->published->len * (sizeof(SimOracleKey) + 64) +
         oracle->entries->len * sizeof(SimOracleEntry) +
         oracle->searches->len * sizeof(SimOracleSearch);
}
