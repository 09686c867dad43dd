/* Machines and their applications: started and gone, calls and events, keys in the ring. */
#include "sim-record-private.h"

void
sim_record_news(void *data, uint32_t node, SimNews news)
{
  SimRecord *record = data;
  SimTime now = sim_world_now(record->world);
  if (news == SIM_NEWS_START)
    record->alive_since[node] = now;
  if ((news == SIM_NEWS_STOP || news == SIM_NEWS_CRASH) && record->alive_since[node] >= 0) {
    record->alive[node] += now - record->alive_since[node];
    record->alive_since[node] = -1;
  }
  int64_t cause = record->doing, id = sim_record_id(record);
  SimTraceLife *row = sim_trace_add(record->trace, SIM_TRACE_LIFE);
  *row = (SimTraceLife){
    .id = id,
    .run = 1,
    .at = now,
    .node = sim_record_node(record, node),
    .kind = SIM_KIND_LIFE + (int64_t)news,
    .cause = cause,
  };
  sim_record_set_cause(record, id); /* of what the node does now */
}

/* ---- Calls. What a call leads to has the call for its cause, where calls have rows. ---- */

void
sim_record_calling(void *data, uint32_t node, SimCall call)
{
  SimRecord *record = data;
  record->call.outer = record->cause;
  if ((record->classes & SIM_RECORD_API) != 0) {
    sim_record_cause(record); /* a timer gets its row before the call does */
    record->call.outer = record->cause;
    record->call.id = sim_record_id(record);
    sim_record_set_cause(record, record->call.id);
  }
  if (call == SIM_CALL_SEARCH)
    sim_record_search_calling(record, node);
}

void
sim_record_called(void *data, uint32_t node, SimCall call, const SimKey *key, HRESULT hr)
{
  SimRecord *record = data;
  if (call == SIM_CALL_SEARCH && hr != S_OK)
    sim_record_search_failed(record);
  record->cause = record->call.outer;
  if ((record->classes & SIM_RECORD_API) == 0)
    return;
  int64_t key_number = key == NULL ? SIM_TRACE_NULL : sim_record_key(record, key);
  SimTraceCall *row = sim_trace_add(record->trace, SIM_TRACE_CALL);
  *row = (SimTraceCall){
    .id = record->call.id,
    .at = sim_world_now(record->world),
    .node = sim_record_node(record, node),
    .kind = SIM_KIND_CALL + (int64_t)call,
    .key = key_number,
    .code = (int64_t)(uint32_t)hr,
    .cause = record->cause.id,
  };
}

/* ---- Events. ---- */

static SimEventKind
status_kind(DRT_STATUS status)
{
  switch (status) {
  case DRT_ACTIVE:
    return SIM_EVENT_STATUS_ACTIVE;
  case DRT_ALONE:
    return SIM_EVENT_STATUS_ALONE;
  case DRT_NO_NETWORK:
    return SIM_EVENT_STATUS_NO_NETWORK;
  case DRT_FAULTED:
    break;
  }
  return SIM_EVENT_STATUS_FAULTED;
}

static int64_t
key_of(SimRecord *record, const DRT_DATA *data)
{
  SimKey key = sim_key_from_api(data->pb);
  return sim_record_key(record, &key);
}

void
sim_record_event(void *data, uint32_t node, const DRT_EVENT_DATA *event)
{
  SimRecord *record = data;
  SimEventKind kind = SIM_EVENTS;
  int64_t key = SIM_TRACE_NULL, remote = SIM_TRACE_NULL;
  switch (event->type) {
  case DRT_EVENT_STATUS_CHANGED:
    kind = status_kind(event->statusChange.status);
    break;
  case DRT_EVENT_LEAFSET_KEY_CHANGED:
    kind = event->leafsetKeyChange.change == DRT_LEAFSET_KEY_ADDED ? SIM_EVENT_LEAFSET_ADDED
                                                                   : SIM_EVENT_LEAFSET_DELETED;
    key = key_of(record, &event->leafsetKeyChange.localKey);
    remote = key_of(record, &event->leafsetKeyChange.remoteKey);
    break;
  case DRT_EVENT_REGISTRATION_STATE_CHANGED:
    kind = SIM_EVENT_REGISTRATION_UNRESOLVABLE;
    key = key_of(record, &event->registrationStateChange.localKey);
    break;
  }
  int64_t cause = sim_record_cause(record);
  SimTraceEvent *row = sim_trace_add(record->trace, SIM_TRACE_EVENT);
  *row = (SimTraceEvent){
    .id = sim_record_id(record),
    .at = sim_world_now(record->world),
    .node = sim_record_node(record, node),
    .kind = SIM_KIND_EVENT + (int64_t)kind,
    .key = key,
    .remote = remote,
    .code = (int64_t)(uint32_t)event->hr,
    .cause = cause,
  };
}

/* ---- Keys in the ring. ---- */

static gpointer
registration_name(uint32_t node, int64_t key)
{
  return GSIZE_TO_POINTER((gsize)node << 32 | (gsize)key);
}

void
sim_record_published(void *data, uint32_t node, const SimKey *key, SimTime registered)
{
  SimRecord *record = data;
  int64_t number = sim_record_key(record, key), cause = sim_record_cause(record);
  int64_t id = sim_record_id(record);
  SimTraceRegistration *row = sim_trace_add(record->trace, SIM_TRACE_REGISTRATION);
  *row = (SimTraceRegistration){
    .id = id,
    .run = 1,
    .node = sim_record_node(record, node),
    .key = number,
    .registered = registered,
    .published = sim_world_now(record->world),
    .ended = SIM_TRACE_NULL,
    .cause = cause,
  };
  gpointer name = registration_name(node, number);
  GSList *open = g_hash_table_lookup(record->registrations, name); /* a node may have a key twice */
  g_hash_table_replace(record->registrations, name,
                       g_slist_prepend(open, GSIZE_TO_POINTER((gsize)id)));
}

void
sim_record_withdrawn(void *data, uint32_t node, const SimKey *key)
{
  SimRecord *record = data;
  gpointer name = registration_name(node, sim_record_key(record, key));
  GSList *open = g_hash_table_lookup(record->registrations, name);
  if (open == NULL)
    return;
  SimTraceRegistrationEnd *row = sim_trace_add(record->trace, SIM_TRACE_REGISTRATION_END);
  *row = (SimTraceRegistrationEnd){ .id = (int64_t)GPOINTER_TO_SIZE(open->data),
                                    .ended = sim_world_now(record->world) };
  open = g_slist_delete_link(open, open);
  if (open == NULL)
    g_hash_table_remove(record->registrations, name);
  else
    g_hash_table_replace(record->registrations, name, open);
}

void
sim_record_end_life(SimRecord *record)
{
  SimTime now = sim_world_now(record->world);
  for (uint32_t node = 0; node < sim_world_nodes(record->world); node++) {
    SimTime alive = record->alive[node];
    if (record->alive_since[node] >= 0)
      alive += now - record->alive_since[node];
    SimTraceNodeEnd *row = sim_trace_add(record->trace, SIM_TRACE_NODE_END);
    *row = (SimTraceNodeEnd){
      .id = sim_record_node(record, node),
      .alive = alive,
      .sent = sim_net_host(sim_world_net(record->world), node)->packets,
    };
  }
}
