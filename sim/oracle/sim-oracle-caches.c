/* What is cached where, and whether it is true: counted per entry of the core's store, which all
 * nodes share. */
#include "sim-oracle-private.h"

static void
count_cached(SimOracle *oracle, DrtHandle handle, int change)
{
  SimOracleEntry *entry = sim_oracle_entry(oracle, handle);
  entry->cached += (uint32_t)change;
  oracle->cached += (uint64_t)(int64_t)change;
  oracle->stale_cached += entry->live ? 0 : (uint64_t)(int64_t)change;
}

static void
note_levels(SimOracle *oracle, uint32_t node)
{
  if (oracle->nodes[node].levels_stale)
    return;
  oracle->nodes[node].levels_stale = true;
  g_array_append_val(oracle->levels_stale, node);
}

void
sim_oracle_cache_in(SimOracle *oracle, uint32_t node, DrtHandle handle)
{
  if (oracle->nodes[node].deaf)
    return;
  count_cached(oracle, handle, 1);
  note_levels(oracle, node);
}

void
sim_oracle_cache_out(SimOracle *oracle, uint32_t node, DrtHandle handle)
{
  if (oracle->nodes[node].deaf)
    return;
  count_cached(oracle, handle, -1);
  note_levels(oracle, node);
}

void
sim_oracle_cache_lost(SimOracle *oracle, uint32_t node)
{
  const DrtNode *core = sim_oracle_core(oracle, node);
  if (core == NULL || oracle->nodes[node].deaf)
    return;
  for (uint32_t i = 0; i < core->cache.n; i++)
    count_cached(oracle, core->cache.handles[i], -1);
  oracle->levels -= oracle->nodes[node].levels;
  oracle->nodes[node].levels = 0;
  oracle->nodes[node].deaf = true;
}

void
sim_oracle_entry_live(SimOracle *oracle, DrtHandle handle, bool live)
{
  if (handle == DRT_HANDLE_NONE)
    return;
  SimOracleEntry *entry = sim_oracle_entry(oracle, handle);
  if (entry->live == live)
    return;
  entry->live = live;
  entry->crashed = oracle->crashing;
  uint64_t sign = live ? (uint64_t)-1 : 1;
  oracle->stale_cached += sign * entry->cached;
  oracle->dead_members += sign * entry->members;
  entry->died = sim_world_now(oracle->world);
  if (!live)
    g_queue_push_tail(&oracle->dead,
                      GUINT_TO_POINTER(handle & ((1u << DRT_HANDLE_INDEX_BITS) - 1)));
}

void
sim_oracle_member(SimOracle *oracle, DrtHandle handle, int change)
{
  SimOracleEntry *entry = sim_oracle_entry(oracle, handle);
  entry->members += (uint32_t)change;
  oracle->members += (uint64_t)(int64_t)change;
  oracle->dead_members += entry->live ? 0 : (uint64_t)(int64_t)change;
}

/* Levels that have an entry, of every cache that has changed. */
void
sim_oracle_count_levels(SimOracle *oracle)
{
  for (guint i = 0; i < oracle->levels_stale->len; i++) {
    uint32_t number = g_array_index(oracle->levels_stale, uint32_t, i);
    SimOracleNode *at = &oracle->nodes[number];
    const DrtNode *node = at->deaf ? NULL : sim_oracle_core(oracle, number);
    uint32_t found = 0;
    DrtCacheShape shape = node == NULL ? (DrtCacheShape){ 0 } : drt_node_shape(node);
    for (uint32_t k = 0; node != NULL && k < node->cache.n; k++) {
      const DrtKey *key = drt_store_key(drt_node_store(node), node->cache.handles[k]);
      found |= 1u << drt_cache_slot(&shape, key).level;
    }
    oracle->levels -= at->levels;
    at->levels = (uint16_t)__builtin_popcount(found);
    oracle->levels += at->levels;
    at->levels_stale = false;
  }
  g_array_set_size(oracle->levels_stale, 0);
}

/* The dead that nobody remembers are forgotten on the way. */
SimTime
sim_oracle_oldest_stale(SimOracle *oracle)
{
  while (!g_queue_is_empty(&oracle->dead)) {
    uint32_t number = GPOINTER_TO_UINT(g_queue_peek_head(&oracle->dead));
    const SimOracleEntry *entry = &g_array_index(oracle->entries, SimOracleEntry, number);
    if (!entry->live && entry->cached > 0)
      return sim_world_now(oracle->world) - entry->died;
    g_queue_pop_head(&oracle->dead);
  }
  return 0;
}
