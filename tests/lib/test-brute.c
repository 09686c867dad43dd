#include "test-brute.h"

#include "drt-node-private.h"

#include <criterion/criterion.h>
#include <glib.h>

typedef struct {
  DrtKey key;
  uint32_t node;
  bool published;
} Key;

/* A key that ended at an endpoint. */
typedef struct {
  DrtKey key;
  uint32_t node;
  uint16_t port;
  SimTime at;
} Death;

struct TestBrute {
  SimWorld *world;
  int *status;
  GArray *keys;   /* Key: of running nodes */
  GArray *deaths; /* Death */
};

static const DrtNode *
core_of(const TestBrute *brute, uint32_t node)
{
  DrtTransport *transport = sim_world_transport(brute->world, node);
  return transport == NULL ? NULL : drt_transport_node(transport);
}

static uint16_t
port_of(const TestBrute *brute, uint32_t node)
{
  const SimHost *host = sim_net_host(sim_world_net(brute->world), node);
  for (const SimSocket *socket = &host->first; socket != NULL; socket = socket->next)
    if (socket->owner != NULL && socket->owner == sim_world_transport(brute->world, node))
      return socket->port;
  return 0;
}

/* From the registration on, whether the cloud knows of it or not; and a node without a network, or
 * one that does not know yet that it has one again, serves nothing. */
static bool
is_served(const TestBrute *brute, const Key *key)
{
  const DrtNode *node = core_of(brute, key->node);
  return node != NULL && node->local_n > 0 && sim_world_is_connected(brute->world, key->node);
}

/* It is the end of a key that was served up to now. */
static void
note_death(TestBrute *brute, const Key *key)
{
  const DrtNode *node = core_of(brute, key->node);
  if (node == NULL || node->local_n == 0)
    return;
  Death death = { key->key, key->node, port_of(brute, key->node), sim_world_now(brute->world) };
  g_array_append_val(brute->deaths, death);
}

static void
publish_all(TestBrute *brute, uint32_t node, bool published)
{
  for (guint i = 0; i < brute->keys->len; i++) {
    Key *key = &g_array_index(brute->keys, Key, i);
    if (key->node != node)
      continue;
    if (!published)
      note_death(brute, key);
    key->published = published;
  }
}

static void
forget_all(TestBrute *brute, uint32_t node)
{
  publish_all(brute, node, false);
  for (guint i = brute->keys->len; i-- > 0;)
    if (g_array_index(brute->keys, Key, i).node == node)
      g_array_remove_index(brute->keys, i);
}

static void
on_news(void *data, uint32_t node, SimNews news)
{
  TestBrute *brute = data;
  if (news == SIM_NEWS_START || news == SIM_NEWS_STOP || news == SIM_NEWS_CRASH)
    brute->status[node] = -1;
  if (news == SIM_NEWS_STOP || news == SIM_NEWS_CRASH || news == SIM_NEWS_FAULT)
    forget_all(brute, node);
  if (news == SIM_NEWS_DISCONNECT)
    publish_all(brute, node, false);
  if (news == SIM_NEWS_RECONNECT && brute->status[node] == DRT_ACTIVE)
    publish_all(brute, node, true);
}

static void
on_key(void *data, uint32_t node, const SimKey *sim_key, bool registered)
{
  TestBrute *brute = data;
  Key key = { .key = drt_key_from_wire(sim_key->bytes), .node = node };
  if (registered) {
    g_array_append_val(brute->keys, key);
    g_array_index(brute->keys, Key, brute->keys->len - 1).published =
      brute->status[node] == DRT_ACTIVE;
    return;
  }
  for (guint i = 0; i < brute->keys->len; i++) {
    Key *at = &g_array_index(brute->keys, Key, i);
    if (at->node == node && drt_key_equal(&at->key, &key.key)) {
      note_death(brute, at);
      g_array_remove_index(brute->keys, i);
      return;
    }
  }
}

static void
on_event(void *data, uint32_t node, const DRT_EVENT_DATA *event)
{
  TestBrute *brute = data;
  if (event->type != DRT_EVENT_STATUS_CHANGED)
    return;
  brute->status[node] = (int)event->statusChange.status;
  if (event->statusChange.status == DRT_ACTIVE)
    publish_all(brute, node, true);
  else if (event->statusChange.status != DRT_ALONE)
    publish_all(brute, node, false);
}

TestBrute *
test_brute_new(SimWorld *world)
{
  TestBrute *brute = g_new0(TestBrute, 1);
  brute->world = world;
  brute->status = g_new(int, sim_world_nodes(world));
  for (uint32_t i = 0; i < sim_world_nodes(world); i++)
    brute->status[i] = -1;
  brute->keys = g_array_new(FALSE, FALSE, sizeof(Key));
  brute->deaths = g_array_new(FALSE, FALSE, sizeof(Death));
  sim_world_watch(
    world, &(SimWatcher){ .data = brute, .news = on_news, .key = on_key, .event = on_event });
  return brute;
}

void
test_brute_free(TestBrute *brute)
{
  g_free(brute->status);
  g_array_free(brute->keys, TRUE);
  g_array_free(brute->deaths, TRUE);
  g_free(brute);
}

/* ---- Leaf sets. ---- */

static uint32_t
ideal(const TestBrute *brute, const Key *own, DrtSide side, DrtKey ret[DRT_LEAFSET_SIDE])
{
  uint32_t n = 0;
  DrtKey last = DRT_KEY_ZERO;
  for (; n < DRT_LEAFSET_SIDE; n++) {
    const Key *best = NULL;
    DrtKey best_way = DRT_KEY_ZERO;
    for (guint i = 0; i < brute->keys->len; i++) {
      const Key *key = &g_array_index(brute->keys, Key, i);
      DrtKey way =
        side == DRT_ABOVE ? drt_key_sub(&key->key, &own->key) : drt_key_sub(&own->key, &key->key);
      if (!key->published || key->node == own->node || !drt_key_less(&last, &way))
        continue;
      if (best == NULL || drt_key_less(&way, &best_way)) {
        best = key;
        best_way = way;
      }
    }
    if (best == NULL)
      break;
    ret[n] = best->key;
    last = best_way;
  }
  return n;
}

/* The entry is true: its key is served at its endpoint. */
static bool
is_live(const TestBrute *brute, const DrtRoute *route)
{
  SimNet *net = sim_world_net(brute->world);
  for (guint i = 0; i < brute->keys->len; i++) {
    const Key *key = &g_array_index(brute->keys, Key, i);
    if (drt_key_equal(&key->key, &route->key) && is_served(brute, key) &&
        port_of(brute, key->node) == route->port && route->address_count > 0 &&
        sim_net_host_of(net, route->addresses) == key->node)
      return true;
  }
  return false;
}

static void
count_leaves(const TestBrute *brute, const Key *key, TestCounts *counts)
{
  const DrtNode *node = core_of(brute, key->node);
  const DrtLocal *local = node == NULL ? NULL : drt_node_find_local(node, &key->key);
  bool nearest = true;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtKey wanted[DRT_LEAFSET_SIDE];
    uint32_t n = ideal(brute, key, side, wanted), has = local == NULL ? 0 : local->leaves.n[side];
    counts->total += MAX(n, has);
    bool first = n == 0 && has == 0;
    for (uint32_t i = 0; i < has; i++) {
      DrtHandle handle = local->leaves.leaf[side][i];
      DrtRoute route = drt_store_route(drt_node_store(node), handle);
      bool right = i < n && drt_key_equal(&route.key, &wanted[i]);
      counts->right += right;
      first = i == 0 ? right : first;
      counts->members++;
      counts->dead += !is_live(brute, &route);
    }
    nearest = nearest && first;
  }
  counts->nearest += nearest;
}

/* ---- Rings: a plain union of sets. ---- */

static guint
root(guint *parent, guint i)
{
  while (parent[i] != i)
    i = parent[i];
  return i;
}

static bool
is_nearest_of(const TestBrute *brute, const Key *key, const Key *other)
{
  const DrtNode *node = core_of(brute, key->node);
  const DrtLocal *local = node == NULL ? NULL : drt_node_find_local(node, &key->key);
  for (DrtSide side = DRT_ABOVE; local != NULL && side <= DRT_BELOW; side++) {
    DrtHandle handle = drt_leafset_nearest(&local->leaves, side);
    if (handle != DRT_HANDLE_NONE &&
        drt_key_equal(drt_store_key(drt_node_store(node), handle), &other->key))
      return true;
  }
  return false;
}

static uint64_t
count_rings(const TestBrute *brute)
{
  guint n = brute->keys->len;
  g_autofree guint *parent = g_new(guint, n + 1);
  uint64_t rings = 0;
  for (guint i = 0; i < n; i++) {
    parent[i] = i;
    rings += g_array_index(brute->keys, Key, i).published;
  }
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++) {
      const Key *a = &g_array_index(brute->keys, Key, i), *b = &g_array_index(brute->keys, Key, k);
      if (i == k || !a->published || !b->published)
        continue;
      if (a->node != b->node && !drt_key_equal(&a->key, &b->key) && !is_nearest_of(brute, a, b))
        continue;
      guint x = root(parent, i), y = root(parent, k);
      rings -= x != y;
      parent[x] = y;
    }
  return rings;
}

/* ---- Caches. ---- */

static SimTime
age_of(const TestBrute *brute, const DrtRoute *route)
{
  SimNet *net = sim_world_net(brute->world);
  for (guint i = brute->deaths->len; i-- > 0;) {
    const Death *death = &g_array_index(brute->deaths, Death, i);
    if (death->port == route->port && drt_key_equal(&death->key, &route->key) &&
        route->address_count > 0 && sim_net_host_of(net, route->addresses) == death->node)
      return sim_world_now(brute->world) - death->at;
  }
  return 0;
}

static void
count_cache(const TestBrute *brute, uint32_t number, TestCounts *counts)
{
  const DrtNode *node = core_of(brute, number);
  if (node == NULL || brute->status[number] == DRT_FAULTED)
    return;
  DrtCacheShape shape = drt_node_shape(node);
  uint32_t levels = 0;
  for (uint32_t i = 0; i < node->cache.n; i++) {
    DrtRoute route = drt_store_route(drt_node_store(node), node->cache.handles[i]);
    bool live = is_live(brute, &route);
    counts->cached++;
    counts->stale += !live;
    levels |= 1u << drt_cache_slot(&shape, &route.key).level;
    if (!live)
      counts->oldest = MAX(counts->oldest, age_of(brute, &route));
  }
  counts->levels += (uint64_t)__builtin_popcount(levels);
}

TestCounts
test_brute_count(TestBrute *brute)
{
  TestCounts counts = { .rings = count_rings(brute) };
  for (guint i = 0; i < brute->keys->len; i++) {
    const Key *key = &g_array_index(brute->keys, Key, i);
    if (!key->published)
      continue;
    counts.published++;
    count_leaves(brute, key, &counts);
  }
  static const int statuses[4] = { DRT_ACTIVE, DRT_ALONE, DRT_NO_NETWORK, DRT_FAULTED };
  for (uint32_t i = 0; i < sim_world_nodes(brute->world); i++) {
    if (sim_world_life(brute->world, i) != SIM_LIFE_RUNNING)
      continue;
    counts.alive++;
    for (int k = 0; k < 4; k++)
      counts.by_status[k] += sim_world_status(brute->world, i) == statuses[k];
    count_cache(brute, i, &counts);
  }
  return counts;
}

static void
compare(SimOracle *oracle, SimMetric metric, uint64_t of, uint64_t among, const char *when)
{
  SimMeasure measure = sim_oracle_measure(oracle, metric, SIM_MESSAGES, NULL);
  if (measure.of != (int64_t)of || measure.among != (int64_t)among)
    cr_assert_fail("%s %s: %ld/%ld, not %lu/%lu", when, sim_metric_name(metric), (long)measure.of,
                   (long)measure.among, (unsigned long)of, (unsigned long)among);
}

void
test_brute_compare(TestBrute *brute, SimOracle *oracle, const char *when)
{
  sim_oracle_sample(oracle);
  TestCounts counts = test_brute_count(brute);
  compare(oracle, SIM_METRIC_NODES_ALIVE, counts.alive, 1, when);
  compare(oracle, SIM_METRIC_NODES_ACTIVE, counts.by_status[0], 1, when);
  compare(oracle, SIM_METRIC_NODES_ALONE, counts.by_status[1], 1, when);
  compare(oracle, SIM_METRIC_NODES_NO_NETWORK, counts.by_status[2], 1, when);
  compare(oracle, SIM_METRIC_NODES_FAULTED, counts.by_status[3], 1, when);
  compare(oracle, SIM_METRIC_KEYS_REGISTERED, counts.published, 1, when);
  compare(oracle, SIM_METRIC_LEAFSET_EXACT, counts.right, counts.total, when);
  compare(oracle, SIM_METRIC_LEAFSET_NEAREST, counts.nearest, counts.published, when);
  compare(oracle, SIM_METRIC_LEAFSET_DEAD, counts.dead, counts.members, when);
  compare(oracle, SIM_METRIC_RING_COUNT, counts.rings, 1, when);
  compare(oracle, SIM_METRIC_CACHE_LEVELS, counts.levels, counts.alive, when);
  compare(oracle, SIM_METRIC_CACHE_ENTRIES, counts.cached, counts.alive, when);
  compare(oracle, SIM_METRIC_CACHE_STALE, counts.stale, counts.cached, when);
  compare(oracle, SIM_METRIC_STALE_AGE_MAX, (uint64_t)counts.oldest, 1, when);
}
