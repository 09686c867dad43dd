#include "sim-record.h"

#include "sim-record-private.h"

#include "drt-trace.h"

int64_t
sim_record_cause(SimRecord *record)
{
  SimRecordCause *cause = &record->cause;
  if (!cause->wake)
    return cause->id;
  cause->wake = false;
  cause->id = sim_record_id(record);
  SimTraceWake *row = sim_trace_add(record->trace, SIM_TRACE_WAKE);
  *row = (SimTraceWake){
    .id = cause->id,
    .at = sim_world_now(record->world),
    .node = sim_record_node(record, cause->node),
    .kind = SIM_KIND_WAKE + cause->kind,
  };
  return cause->id;
}

void
sim_record_set_cause(SimRecord *record, int64_t id)
{
  record->cause = (SimRecordCause){ .id = id };
}

int64_t
sim_record_key(SimRecord *record, const SimKey *key)
{
  static const char digits[] = "0123456789abcdef";
  bool is_new;
  int64_t number = sim_record_keys_number(&record->keys, key, &is_new);
  if (!is_new)
    return number;
  char *hex = g_malloc(2 * SIM_KEY_LEN + 1);
  for (size_t i = 0; i < SIM_KEY_LEN; i++) {
    hex[2 * i] = digits[key->bytes[i] >> 4];
    hex[2 * i + 1] = digits[key->bytes[i] & 15];
  }
  hex[(size_t)2 * SIM_KEY_LEN] = '\0';
  SimTraceKey *row = sim_trace_add(record->trace, SIM_TRACE_KEY);
  *row = (SimTraceKey){ .id = number, .run = 1, .hex = hex };
  return number;
}

static void
on_woken(void *data, uint32_t node)
{
  SimRecord *record = data;
  record->cause = (SimRecordCause){ SIM_TRACE_NULL, record->wakes, node, DRT_TURN_TIMERS };
  record->arrived_search = SIM_TRACE_NULL;
}

/* Without the class messages nothing is known of a datagram but that it is not what came before. */
static void
on_arrived_unnamed(void *data, const SimPacket *packet)
{
  (void)packet;
  sim_record_set_cause(data, SIM_TRACE_NULL);
}

static SimWatcher
watcher_for(SimRecord *record)
{
  unsigned classes = record->classes;
  SimWatcher watcher = {
    .data = record,
    .news = sim_record_news,
    .calling = sim_record_calling,
    .called = sim_record_called,
    .search_started = sim_record_search_started,
    .search_ended = sim_record_search_ended,
    .observed = sim_record_observed,
  };
  if ((classes & SIM_RECORD_EVENTS) != 0)
    watcher.event = sim_record_event;
  if ((classes & SIM_RECORD_CACHE) != 0)
    watcher.observe_mask |= 1u << DRT_TRACE_CACHE_IN | 1u << DRT_TRACE_CACHE_OUT;
  if (record
        ->wakes) { /* else only what the scenario does can be a cause, and it says when it ends */
    watcher.arrived = on_arrived_unnamed;
    watcher.woken = on_woken;
    watcher.observe_mask |= 1u << DRT_TRACE_TURN;
  }
  if ((classes & SIM_RECORD_MESSAGES) != 0) {
    watcher.sent = sim_record_sent;
    watcher.lost = sim_record_lost;
    watcher.arrived = sim_record_arrived;
    watcher.observe_mask |= 1u << DRT_TRACE_REJECT | 1u << DRT_TRACE_IGNORE |
                            1u << DRT_TRACE_FRAGMENT | 1u << DRT_TRACE_RETRANSMIT |
                            1u << DRT_TRACE_UNANSWERED | 1u << DRT_TRACE_ASK;
  }
  return watcher;
}

SimRecord *
sim_record_new(SimTrace *trace, SimRun *run, const SimRecordOptions *options)
{
  SimRecord *record = g_new0(SimRecord, 1);
  record->trace = trace;
  record->run = run;
  record->world = sim_run_world(run);
  record->oracle = sim_run_oracle(run);
  record->classes = options->classes;
  record->wakes = (options->classes & (SIM_RECORD_API | SIM_RECORD_EVENTS | SIM_RECORD_MESSAGES |
                                       SIM_RECORD_CACHE)) != 0;
  record->cause.id = record->doing = record->arrived_search = SIM_TRACE_NULL;
  uint32_t n = sim_world_nodes(record->world);
  record->faults = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  sim_record_keys_init(&record->keys);
  record->registrations = g_hash_table_new(NULL, NULL);
  record->alive_since = g_new(SimTime, n);
  record->alive = g_new0(SimTime, n);
  for (uint32_t i = 0; i < n; i++)
    record->alive_since[i] = -1;
  record->searches =
    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, sim_record_free_search);
  record->tickets = g_hash_table_new(NULL, NULL);
  record->entries = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  sim_record_begin_run(record, options);
  if (record->classes == 0)
    return record;
  if ((record->classes & SIM_RECORD_MESSAGES) != 0)
    sim_record_begin_messages(record);
  sim_oracle_flow(record->oracle, &record->flow);
  SimWatcher watcher = watcher_for(record);
  sim_world_watch(record->world, &watcher);
  sim_oracle_listen(record->oracle,
                    &(SimOracleListener){ record, sim_record_published, sim_record_withdrawn });
  return record;
}

void
sim_record_finish(SimRecord *record)
{
  if (record->classes != 0) {
    sim_record_end_searches(record);
    sim_record_end_messages(record);
    sim_record_end_life(record);
  }
  sim_record_end_run(record);
  sim_trace_flush(record->trace);
}

static void
free_list(gpointer key, gpointer list, gpointer data)
{
  (void)key;
  (void)data;
  g_slist_free(list);
}

void
sim_record_free(SimRecord *record)
{
  if (record == NULL)
    return;
  sim_oracle_listen(record->oracle, &(SimOracleListener){ 0 });
  g_hash_table_destroy(record->faults);
  sim_record_keys_clear(&record->keys);
  g_hash_table_foreach(record->registrations, free_list, NULL);
  g_hash_table_destroy(record->registrations);
  g_free(record->alive_since);
  g_free(record->alive);
  g_hash_table_destroy(record->tickets);
  g_hash_table_destroy(record->searches);
  if (record->starting != NULL)
    sim_record_free_search(record->starting);
  g_hash_table_destroy(record->entries);
  g_free(record->flights);
  g_free(record->questions);
  g_free(record);
}
