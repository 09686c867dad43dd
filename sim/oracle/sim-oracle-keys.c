/* Keys that come and go: served from their registration by a running node on, published once it was
 * ACTIVE. */
#include "sim-oracle-private.h"

static void
touch(SimRingKey *neighbour, void *data)
{
  sim_oracle_touch(data, (SimOracleKey *)neighbour);
}

/* The handle of the node's own entry for the key: what others hold if they hold the truth. */
static DrtHandle
route_of(const SimOracle *oracle, const SimOracleKey *key)
{
  const DrtNode *node = sim_oracle_core(oracle, key->ring.node);
  const DrtLocal *local = node == NULL ? NULL : drt_node_find_local(node, &key->ring.key);
  return local == NULL ? DRT_HANDLE_NONE : local->route;
}

/* Others may know a key before it is published: a newcomer says who it is when it asks for the first
 * time (7.3). */
static void
serve(SimOracle *oracle, SimOracleKey *key)
{
  if (key->route != DRT_HANDLE_NONE || oracle->nodes[key->ring.node].spoiled)
    return;
  key->route = route_of(oracle, key);
  sim_oracle_entry_live(oracle, key->route, true);
}

static void
stop_serving(SimOracle *oracle, SimOracleKey *key)
{
  sim_oracle_entry_live(oracle, key->route, false);
  key->route = DRT_HANDLE_NONE;
}

static void
publish(SimOracle *oracle, SimOracleKey *key)
{
  if (key->ring.place != NULL || oracle->nodes[key->ring.node].spoiled)
    return;
  serve(oracle, key);
  sim_ring_add(&oracle->ring, &key->ring);
  key->place = oracle->published->len;
  g_ptr_array_add(oracle->published, key);
  sim_ring_around(&oracle->ring, &key->ring, touch, oracle);
  sim_oracle_touch(oracle, key);
  key->unseen = true;
  g_array_append_val(oracle->unseen, key);
  if (oracle->listener.published != NULL) {
    SimKey published = sim_oracle_sim_key(&key->ring.key);
    oracle->listener.published(oracle->listener.data, key->ring.node, &published, key->registered);
  }
}

static void
forget_unseen(SimOracle *oracle, SimOracleKey *key)
{
  for (guint i = 0; key->unseen && i < oracle->unseen->len; i++)
    if (g_array_index(oracle->unseen, SimOracleKey *, i) == key) {
      g_array_remove_index_fast(oracle->unseen, i);
      key->unseen = false;
    }
}

static void
withdraw(SimOracle *oracle, SimOracleKey *key)
{
  stop_serving(oracle, key);
  if (key->ring.place == NULL)
    return;
  sim_oracle_discount(oracle, key);
  sim_ring_around(&oracle->ring, &key->ring, touch, oracle);
  sim_ring_remove(&oracle->ring, &key->ring);
  SimOracleKey *last = g_ptr_array_index(oracle->published, oracle->published->len - 1);
  last->place = key->place;
  g_ptr_array_remove_index_fast(oracle->published, key->place);
  forget_unseen(oracle, key);
  if (oracle->listener.withdrawn != NULL) {
    SimKey withdrawn = sim_oracle_sim_key(&key->ring.key);
    oracle->listener.withdrawn(oracle->listener.data, key->ring.node, &withdrawn);
  }
  if (sim_ring_find(&oracle->ring, &key->ring.key) == NULL) {
    SimKey *gone = g_new(SimKey, 1);
    SimTime *when = g_new(SimTime, 1);
    *gone = sim_oracle_sim_key(&key->ring.key);
    *when = sim_world_now(oracle->world);
    g_hash_table_replace(oracle->ended_keys, gone, when);
  }
}

void
sim_oracle_register(SimOracle *oracle, uint32_t node, const SimKey *sim_key)
{
  SimOracleNode *at = &oracle->nodes[node];
  SimOracleKey *key = g_slice_new0(SimOracleKey);
  key->ring = (SimRingKey){ .key = sim_oracle_drt_key(sim_key), .node = node };
  key->registered = sim_world_now(oracle->world);
  key->next = at->keys;
  at->keys = key;
  if (at->key_count < UINT8_MAX)
    at->key_count++;
  oracle->ring.most_keys = MAX(oracle->ring.most_keys, at->key_count);
  sim_oracle_levels_changed(oracle, node);
  if (at->status == DRT_ACTIVE)
    publish(oracle, key);
  else
    serve(oracle, key);
}

static void
forget(SimOracle *oracle, SimOracleKey **link)
{
  SimOracleKey *key = *link;
  withdraw(oracle, key);
  *link = key->next;
  if (key->stale) /* the list of these is not searched: the key is freed when its turn comes */
    key->ring.node = UINT32_MAX;
  else
    g_slice_free(SimOracleKey, key);
}

void
sim_oracle_unregister(SimOracle *oracle, uint32_t node, const SimKey *sim_key)
{
  DrtKey key = sim_oracle_drt_key(sim_key);
  SimOracleNode *at = &oracle->nodes[node];
  for (SimOracleKey **link = &at->keys; *link != NULL; link = &(*link)->next)
    if (drt_key_equal(&(*link)->ring.key, &key)) {
      forget(oracle, link);
      at->key_count--;
      sim_oracle_levels_changed(oracle, node);
      return;
    }
}

void
sim_oracle_serve_all(SimOracle *oracle, uint32_t node)
{
  for (SimOracleKey *key = oracle->nodes[node].keys; key != NULL; key = key->next)
    serve(oracle, key);
}

void
sim_oracle_publish_all(SimOracle *oracle, uint32_t node)
{
  for (SimOracleKey *key = oracle->nodes[node].keys; key != NULL; key = key->next)
    publish(oracle, key);
}

void
sim_oracle_withdraw_all(SimOracle *oracle, uint32_t node)
{
  for (SimOracleKey *key = oracle->nodes[node].keys; key != NULL; key = key->next)
    withdraw(oracle, key);
}

void
sim_oracle_forget_keys(SimOracle *oracle, uint32_t node)
{
  SimOracleNode *at = &oracle->nodes[node];
  while (at->keys != NULL)
    forget(oracle, &at->keys);
  at->key_count = 0;
}
