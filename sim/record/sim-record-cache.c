/* Entries that come into caches and leave them. Many nodes cache the same entry, so it has a row. */
#include "sim-record-private.h"

static int64_t
entry_number(SimRecord *record, uint32_t node, uint32_t handle)
{
  const int64_t *known = g_hash_table_lookup(record->entries, GUINT_TO_POINTER(handle));
  if (known != NULL)
    return *known;
  SimKey key;
  uint32_t server;
  uint16_t port;
  if (!sim_oracle_cached(record->oracle, node, handle, &key, &server, &port))
    return SIM_TRACE_NULL;
  int64_t key_number = sim_record_key(record, &key), number = ++record->entries_count;
  SimTraceEntry *row = sim_trace_add(record->trace, SIM_TRACE_ENTRY);
  *row = (SimTraceEntry){
    .id = number, .key = key_number, .node = sim_record_node(record, server), .port = port
  };
  g_hash_table_replace(record->entries, GUINT_TO_POINTER(handle),
                       g_memdup2(&number, sizeof number));
  return number;
}

void
sim_record_cache(SimRecord *record, uint32_t node, uint32_t handle, int64_t kind)
{
  if ((record->classes & SIM_RECORD_CACHE) == 0 || sim_world_is_last_words(record->world))
    return;
  int64_t entry = entry_number(record, node, handle);
  if (entry == SIM_TRACE_NULL)
    return;
  int64_t cause = sim_record_cause(record);
  SimTraceCache *row = sim_trace_add(record->trace, SIM_TRACE_CACHE);
  *row = (SimTraceCache){
    .id = sim_record_id(record),
    .at = sim_world_now(record->world),
    .node = sim_record_node(record, node),
    .entry = entry,
    .kind = kind,
    .cause = cause,
  };
}
