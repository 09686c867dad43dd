/* What is cached where, and whether it is true: counted per entry of the core's store, which all
 * nodes share. */
#include "sim-oracle-private.h"

/* The entry of this handle, made anew if its number stood for another one: who still counts on that
 * one counts on a dead one. */
static SimOracleEntry *
entry_now(SimOracle *oracle, DrtHandle handle)
{
  SimOracleEntry *entry = sim_oracle_entry(oracle, handle);
  if (entry->handle == handle)
    return entry;
  if (entry->live) {
    oracle->dead_members += entry->members;
    oracle->stale_cached += entry->cached;
  }
  *entry = (SimOracleEntry){ .handle = handle };
  return entry;
}

/* The entry of this handle, or NULL if it is gone. */
static SimOracleEntry *
entry_then(SimOracle *oracle, DrtHandle handle)
{
  SimOracleEntry *entry = sim_oracle_entry(oracle, handle);
  return entry->handle == handle ? entry : NULL;
}

/* Most die later than all before; one that is cached again after it was forgotten has not. */
static void
note_death(SimOracle *oracle, SimOracleEntry *entry)
{
  SimOracleDeath *death = g_new(SimOracleDeath, 1);
  *death = (SimOracleDeath){ entry->handle, entry->died };
  entry->queued = true;
  GList *before = g_queue_peek_tail_link(&oracle->dead);
  while (before != NULL && ((SimOracleDeath *)before->data)->died > death->died)
    before = before->prev;
  if (before == NULL)
    g_queue_push_head(&oracle->dead, death);
  else
    g_queue_insert_after(&oracle->dead, before, death);
}

static void
count_cached(SimOracle *oracle, DrtHandle handle, int change)
{
  SimOracleEntry *entry = change > 0 ? entry_now(oracle, handle) : entry_then(oracle, handle);
  oracle->cached += (uint64_t)(int64_t)change;
  oracle->stale_cached += entry != NULL && entry->live ? 0 : (uint64_t)(int64_t)change;
  if (entry == NULL)
    return;
  entry->cached += (uint32_t)change;
  if (change > 0 && !entry->live && entry->died != 0 && !entry->queued)
    note_death(oracle, entry);
}

void
sim_oracle_levels_changed(SimOracle *oracle, uint32_t node)
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
  sim_oracle_levels_changed(oracle, node);
}

void
sim_oracle_cache_out(SimOracle *oracle, uint32_t node, DrtHandle handle)
{
  if (oracle->nodes[node].deaf)
    return;
  count_cached(oracle, handle, -1);
  sim_oracle_levels_changed(oracle, node);
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
  SimOracleEntry *entry = live ? entry_now(oracle, handle) : entry_then(oracle, handle);
  if (entry == NULL || entry->live == live)
    return;
  entry->live = live;
  entry->crashed = oracle->crashing;
  uint64_t sign = live ? (uint64_t)-1 : 1;
  oracle->stale_cached += sign * entry->cached;
  oracle->dead_members += sign * entry->members;
  if (live)
    return;
  entry->died = sim_world_now(oracle->world);
  note_death(oracle, entry);
}

void
sim_oracle_member(SimOracle *oracle, DrtHandle handle, int change)
{
  SimOracleEntry *entry = change > 0 ? entry_now(oracle, handle) : entry_then(oracle, handle);
  oracle->members += (uint64_t)(int64_t)change;
  oracle->dead_members += entry != NULL && entry->live ? 0 : (uint64_t)(int64_t)change;
  if (entry != NULL)
    entry->members += (uint32_t)change;
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
  SimOracleDeath *death;
  while ((death = g_queue_peek_head(&oracle->dead)) != NULL) {
    SimOracleEntry *entry = entry_then(oracle, death->handle);
    bool its_last = entry != NULL && entry->died == death->died;
    if (its_last && !entry->live && entry->cached > 0)
      return sim_world_now(oracle->world) - entry->died;
    if (its_last)
      entry->queued = false;
    g_free(g_queue_pop_head(&oracle->dead));
  }
  return 0;
}
