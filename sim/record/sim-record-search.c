/* Searches of applications, and whom they asked. */
#include "sim-record-private.h"

#include <string.h>

void
sim_record_free_search(gpointer data)
{
  SimRecordSearch *search = data;
  g_array_free(search->asked, TRUE);
  g_free(search);
}

void
sim_record_search_calling(SimRecord *record, uint32_t node)
{
  SimRecordSearch *search = g_new0(SimRecordSearch, 1);
  search->cause = sim_record_cause(record);
  search->id = sim_record_id(record);
  search->node = node;
  search->asked = g_array_new(FALSE, FALSE, sizeof(SimRecordAsked));
  record->starting = search;
  sim_record_set_cause(record, search->id);
}

void
sim_record_search_failed(SimRecord *record)
{
  sim_record_free_search(record->starting);
  record->starting = NULL;
}

static gpointer
ticket_name(uint32_t node, uint64_t ticket)
{
  return GSIZE_TO_POINTER((gsize)node << 32 | (gsize)(uint32_t)ticket);
}

/* Its first questions go out before the call that starts it returns. */
SimRecordSearch *
sim_record_search_of(SimRecord *record, uint32_t node, uint64_t ticket)
{
  SimRecordSearch *search = g_hash_table_lookup(record->tickets, ticket_name(node, ticket));
  if (search == NULL && record->starting != NULL && record->starting->node == node)
    search = record->starting;
  return search;
}

void
sim_record_search_started(void *data, const SimSearch *search)
{
  SimRecord *record = data;
  SimRecordSearch *started = record->starting;
  record->starting = NULL;
  started->key = search->id;
  started->ticket = search->ticket;
  started->begun = *search;
  g_hash_table_replace(record->searches, &started->key, started);
  g_hash_table_replace(record->tickets, ticket_name(search->node, search->ticket), started);
}

static SimRecordOutcome
outcome_of(HRESULT end)
{
  switch (end) {
  case DRT_E_NO_MORE:
    return SIM_OUTCOME_KIND_NO_MORE;
  case DRT_E_TIMEOUT:
    return SIM_OUTCOME_KIND_TIMEOUT;
  case DRT_E_FAULTED:
    return SIM_OUTCOME_KIND_FAULTED;
  default:
    return SIM_OUTCOME_KIND_DIED;
  }
}

static SimRecordMode
mode_of(const SimQuery *query)
{
  if (memcmp(&query->least, &query->most, sizeof query->least) == 0)
    return SIM_MODE_EXACT;
  for (unsigned i = 0; i < SIM_KEY_LEN; i++)
    if (query->least.bytes[i] != 0 || query->most.bytes[i] != 0xff)
      return SIM_MODE_RANGE;
  return SIM_MODE_NEAREST;
}

static void
add_search(SimRecord *record, const SimRecordSearch *known, const SimSearch *search)
{
  static const SimOracleSearch unjudged;
  bool over = search->end != DRT_E_SEARCH_IN_PROGRESS;
  const SimOracleSearch *judged = over ? sim_oracle_last_search(record->oracle) : &unjudged;
  SimRecordMode mode = mode_of(&search->query);
  bool found = search->results > 0;
  SimTraceSearch fields = {
    .id = known->id,
    .run = 1,
    .node = sim_record_node(record, search->node),
    .mode = SIM_KIND_SEARCH + (int64_t)mode,
    .target = sim_record_key(record, &search->query.target),
    .least = mode == SIM_MODE_RANGE ? sim_record_key(record, &search->query.least) : SIM_TRACE_NULL,
    .most = mode == SIM_MODE_RANGE ? sim_record_key(record, &search->query.most) : SIM_TRACE_NULL,
    .started = search->started,
    .ended = over ? search->ended : SIM_TRACE_NULL,
    .outcome = over ? SIM_KIND_OUTCOME + (int64_t)outcome_of(search->end) : SIM_TRACE_NULL,
    .results = search->results,
    .found = found ? sim_record_key(record, &search->first) : SIM_TRACE_NULL,
    .server = found ? sim_record_node(record, search->first_node) : SIM_TRACE_NULL,
    .eligible = judged->eligible,
    .answered = judged->answered,
    .correct = judged->answered && judged->right,
    .hops = judged->hops,
    .asked = judged->lookups,
    .silent = judged->unanswered,
    .cause = known->cause,
  };
  *(SimTraceSearch *)sim_trace_add(record->trace, SIM_TRACE_SEARCH) = fields;
}

/* The last message of the search to that node; or the search itself. */
static int64_t
asked_by(const SimRecordSearch *search, uint32_t node)
{
  for (guint i = search->asked->len; i-- > 0;)
    if (g_array_index(search->asked, SimRecordAsked, i).node == node)
      return g_array_index(search->asked, SimRecordAsked, i).message;
  return search->id;
}

/* Without an answer there is no time until it: 0 would be one. */
static int64_t
took(const SimHop *hop)
{
  bool answered =
    (hop->flags & ~(uint32_t)(DRT_ADDRESS_FLAG_UNREACHABLE | DRT_ADDRESS_FLAG_INQUIRE)) != 0;
  return answered ? hop->latency_ms * SIM_MILLISECOND : SIM_TRACE_NULL;
}

static void
add_hops(SimRecord *record, const SimRecordSearch *known, const SimSearch *search)
{
  for (uint32_t i = 0; i < search->hop_count; i++) {
    const SimHop *hop = &search->hops[i];
    SimTraceHop *row = sim_trace_add(record->trace, SIM_TRACE_HOP);
    *row = (SimTraceHop){
      .id = sim_record_id(record),
      .search = known->id,
      .n = i + 1,
      .node = sim_record_node(record, hop->node),
      .flags = hop->flags,
      .took = took(hop),
      .nearness = hop->nearness,
      .cause = asked_by(known, hop->node),
    };
  }
}

void
sim_record_search_ended(void *data, const SimSearch *search)
{
  SimRecord *record = data;
  SimRecordSearch *known = g_hash_table_lookup(record->searches, &search->id);
  if (known == NULL)
    return;
  add_search(record, known, search);
  if ((record->classes & SIM_RECORD_HOPS) != 0)
    add_hops(record, known, search);
  gpointer name = ticket_name(search->node, known->ticket);
  if (g_hash_table_lookup(record->tickets, name) == known)
    g_hash_table_remove(record->tickets, name);
  g_hash_table_remove(record->searches, &search->id);
}

void
sim_record_end_searches(SimRecord *record)
{
  GHashTableIter iter;
  gpointer search;
  g_hash_table_iter_init(&iter, record->searches);
  while (g_hash_table_iter_next(&iter, NULL, &search))
    add_search(record, search, &((SimRecordSearch *)search)->begun);
}
