#include "sim-record-kinds.h"

#include "drt-fragment.h"
#include "drt-reject.h"
#include "drt-trace.h"
#include "sim-oracle.h"

#include <glib.h>

typedef struct {
  int64_t id;
  const char *class, *name, *note;
} Kind;

static const Kind kinds[] = {
#define MESSAGE(type, number) { SIM_KIND_MESSAGE + (number), "message", #type, NULL },
  SIM_MESSAGE_TABLE(MESSAGE)
#undef MESSAGE
#define EVENT(kind, text, keys) { SIM_KIND_EVENT + SIM_EVENT_##kind, "event", text, NULL },
    SIM_EVENT_TABLE(EVENT)
#undef EVENT
#define LOSS(why, text, meaning) { SIM_KIND_LOSS + SIM_LOSS_##why, "loss", text, meaning },
      SIM_LOSS_TABLE(LOSS)
#undef LOSS
        { SIM_KIND_LIFE + SIM_NEWS_START, "life", "start", "for the first time, or again" },
  { SIM_KIND_LIFE + SIM_NEWS_STOP, "life", "stop", "gracefully" },
  { SIM_KIND_LIFE + SIM_NEWS_CRASH, "life", "crash", "without a word to anybody" },
  { SIM_KIND_LIFE + SIM_NEWS_FAULT, "life", "fault", "its transport failed for good" },
  { SIM_KIND_LIFE + SIM_NEWS_DISCONNECT, "life", "disconnect", "its addresses vanished" },
  { SIM_KIND_LIFE + SIM_NEWS_RECONNECT, "life", "reconnect", "its addresses are back" },
  { SIM_KIND_LIFE + SIM_NEWS_PAUSE, "life", "pause", "its process is frozen" },
  { SIM_KIND_LIFE + SIM_NEWS_RESUME, "life", "resume", "its process goes on" },
  { SIM_KIND_LIFE + SIM_NEWS_CLOCK, "life", "clock", "its clock drifts or has jumped" },
  { SIM_KIND_LIFE + SIM_NEWS_CERTIFICATE, "life", "certificate", "its certificates went bad" },
  { SIM_KIND_CALL + SIM_CALL_OPEN, "call", "DrtOpen", NULL },
  { SIM_KIND_CALL + SIM_CALL_CLOSE, "call", "DrtClose", NULL },
  { SIM_KIND_CALL + SIM_CALL_REGISTER, "call", "DrtRegisterKey", NULL },
  { SIM_KIND_CALL + SIM_CALL_UPDATE, "call", "DrtUpdateKey", NULL },
  { SIM_KIND_CALL + SIM_CALL_UNREGISTER, "call", "DrtUnregisterKey", NULL },
  { SIM_KIND_CALL + SIM_CALL_SEARCH, "call", "DrtStartSearch", NULL },
  { SIM_KIND_NOTE + SIM_NOTE_REJECTED, "note", "rejected", "malformed: dropped" },
  { SIM_KIND_NOTE + SIM_NOTE_IGNORED, "note", "ignored", "well-formed, but of no use" },
  { SIM_KIND_NOTE + SIM_NOTE_FRAGMENT, "note", "fragment", "a piece of a larger message" },
  { SIM_KIND_NOTE + SIM_NOTE_UNANSWERED, "note", "unanswered", "no answer after all repetitions" },
  { SIM_KIND_WAKE + DRT_TURN_TIMERS, "wake", "timer", "something was due" },
  { SIM_KIND_WAKE + DRT_TURN_MAINTENANCE, "wake", "maintenance", "of cache and leaf sets" },
  { SIM_KIND_PURPOSE + DRT_FOR_CONVERSATION, "purpose", "conversation",
    "joining, or comparing caches" },
  { SIM_KIND_PURPOSE + DRT_FOR_FLOOD, "purpose", "flood", "to tell a neighbour of an entry" },
  { SIM_KIND_PURPOSE + DRT_FOR_INTAKE, "purpose", "intake",
    "to prove an entry before it is cached" },
  { SIM_KIND_PURPOSE + DRT_FOR_PROBE, "purpose", "probe", "whether an entry is still there" },
  { SIM_KIND_PURPOSE + DRT_FOR_REVOKE, "purpose", "revoke",
    "whether an entry is gone, as was said" },
  { SIM_KIND_PURPOSE + DRT_FOR_RESOLVE, "purpose", "resolve",
    "a search of the node itself: for its place in the ring, or a gap in its cache" },
  { SIM_KIND_PURPOSE + DRT_FOR_AUDIT, "purpose", "audit", "whether a leaf set is right" },
  { SIM_KIND_PURPOSE + DRT_FOR_AUDIT + 1, "purpose", "search", "a search of an application" },
  { SIM_KIND_CACHE, "cache", "added", NULL },
  { SIM_KIND_CACHE + 1 + DRT_GONE_EVICTED, "cache", "evicted", "for a better one" },
  { SIM_KIND_CACHE + 1 + DRT_GONE_SILENT, "cache", "silent", "it did not answer" },
  { SIM_KIND_CACHE + 1 + DRT_GONE_DENIED, "cache", "denied",
    "its node says that it has no such key" },
  { SIM_KIND_CACHE + 1 + DRT_GONE_REVOKED, "cache", "revoked", "it was said to be gone, and is" },
  { SIM_KIND_CACHE + 1 + DRT_GONE_MOVED, "cache", "moved", "the key has another address now" },
  { SIM_KIND_OUTCOME + SIM_OUTCOME_KIND_NO_MORE, "outcome", "no-more", "it has all it could find" },
  { SIM_KIND_OUTCOME + SIM_OUTCOME_KIND_TIMEOUT, "outcome", "timeout", NULL },
  { SIM_KIND_OUTCOME + SIM_OUTCOME_KIND_FAULTED, "outcome", "faulted", "the instance failed" },
  { SIM_KIND_OUTCOME + SIM_OUTCOME_KIND_DIED, "outcome", "died", "the application was gone" },
  { SIM_KIND_SEARCH + SIM_MODE_EXACT, "search", "exact", NULL },
  { SIM_KIND_SEARCH + SIM_MODE_NEAREST, "search", "nearest", "to the target, of the whole ring" },
  { SIM_KIND_SEARCH + SIM_MODE_RANGE, "search", "range", "keys from least to most" },
#define FAULT(kind, text)                                                                          \
  {                                                                                                \
    SIM_KIND_FAULT + SIM_ACTION_##kind, "fault", text, NULL                                        \
  }
  FAULT(START, "start"),
  FAULT(STOP, "stop"),
  FAULT(CRASH, "crash"),
  FAULT(RESTART, "restart"),
  FAULT(FAULT, "fault"),
  FAULT(DISCONNECT, "disconnect"),
  FAULT(RECONNECT, "reconnect"),
  FAULT(PAUSE, "pause"),
  FAULT(RESUME, "resume"),
  FAULT(REGISTER, "register"),
  FAULT(UPDATE, "update"),
  FAULT(UNREGISTER, "unregister"),
  FAULT(SEARCH, "search"),
  FAULT(WORKLOAD, "workload"),
  FAULT(PARTITION, "partition"),
  FAULT(HEAL, "heal"),
  FAULT(CUT, "cut"),
  FAULT(JOIN, "join"),
  FAULT(HOLD, "hold"),
  FAULT(RELEASE, "release"),
  FAULT(LINK, "link"),
  FAULT(NETWORK, "network"),
  FAULT(CHURN, "churn"),
  FAULT(CHURN_TRACE, "churn-trace"),
  FAULT(CLOCK_DRIFT, "clock-drift"),
  FAULT(CLOCK_STEP, "clock-step"),
  FAULT(INJECT, "inject"),
  FAULT(FORGE_CLAIMS, "forge-claims"),
  FAULT(FORGE_FLOODS, "forge-floods"),
  FAULT(FORGE_REPLAYS, "forge-replays"),
  FAULT(CERTIFICATE, "certificate"),
  FAULT(MARK, "mark"),
  FAULT(END, "end"),
#undef FAULT
  { SIM_KIND_IGNORE + DRT_IGNORE_UNASKED, "ignore", "unasked", "an answer to no question" },
  { SIM_KIND_IGNORE + DRT_IGNORE_NOT_PUBLISHER, "ignore", "not-publisher",
    "a question to a node without keys" },
  { SIM_KIND_IGNORE + DRT_IGNORE_CONVERSATION, "ignore", "conversation",
    "no conversation, or the wrong nonce" },
  { SIM_KIND_IGNORE + DRT_IGNORE_CLOSED, "ignore", "closed", "the instance is not in a cloud" },
  { SIM_KIND_IGNORE + DRT_IGNORE_REVOKE, "ignore", "revoke", "a revocation that proves nothing" },
  { SIM_KIND_IGNORE + DRT_IGNORE_PROOF, "ignore", "proof", "its sender has not proven to belong" },
  { SIM_KIND_IGNORE + DRT_IGNORE_SEALED, "ignore", "sealed", "it could not be opened" },
  { SIM_KIND_FRAGMENT + DRT_FRAGMENT_WHOLE, "fragment", "whole",
    "the last piece that was missing" },
  { SIM_KIND_FRAGMENT + DRT_FRAGMENT_KEPT, "fragment", "kept", "more to come" },
  { SIM_KIND_FRAGMENT + DRT_FRAGMENT_REPEATED, "fragment", "repeated", "it was here already" },
  { SIM_KIND_FRAGMENT + DRT_FRAGMENT_MISFIT, "fragment", "misfit",
    "of the wrong size for its place" },
  { SIM_KIND_FRAGMENT + DRT_FRAGMENT_CONFLICT, "fragment", "conflict",
    "it contradicts the others" },
  { SIM_KIND_FRAGMENT + DRT_FRAGMENT_NO_ROOM, "fragment", "no-room",
    "no room for more messages in pieces" },
#define REJECT(name, text) { SIM_KIND_REJECT + DRT_REJECT_##name, "reject", #name, text },
  DRT_REJECTS(REJECT)
#undef REJECT
    { SIM_KIND_HOP + DRT_ADDRESS_FLAG_ACCEPTED, "hop", "accepted",
      "it helped, or proved the result" },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_REJECTED, "hop", "rejected", "it had nothing better" },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_UNREACHABLE, "hop", "unreachable", "it did not answer" },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_LOOP, "hop", "loop", "it named somebody who was asked before" },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_TOO_BUSY, "hop", "too-busy", NULL },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, "hop", "bad-validate-id",
    "it is not who it was said to be" },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, "hop", "suspect-unregistered",
    "it seems to have left" },
  { SIM_KIND_HOP + DRT_ADDRESS_FLAG_INQUIRE, "hop", "inquired", "it was asked to prove the key" },
};

static void
add_kind(SimTrace *trace, const Kind *kind)
{
  SimTraceKind *row = sim_trace_add(trace, SIM_TRACE_KIND);
  *row = (SimTraceKind){
    .id = kind->id,
    .class = g_strdup(kind->class),
    .name = g_strdup(kind->name),
    .note = g_strdup(kind->note),
  };
}

static void
add_results(SimTrace *trace)
{
  static const struct {
    HRESULT code;
    const char *name;
  } codes[] = {
#define CODE(name) { name, #name },
    SIM_HRESULT_TABLE(CODE)
#undef CODE
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(codes); i++)
    add_kind(trace, &(Kind){ SIM_KIND_HRESULT + (int64_t)(uint32_t)codes[i].code, "hresult",
                             codes[i].name, NULL });
}

static void
add_metric(SimTrace *trace, SimMetric metric, SimMessageType type, const char *type_name)
{
  static const char *const kind_names[] = { "count", "mean", "share", "time", "rate", "byte-rate" };
  const char *name = sim_metric_name(metric);
  SimTraceMetric *row = sim_trace_add(trace, SIM_TRACE_METRIC);
  *row = (SimTraceMetric){
    .id = sim_record_metric_number(metric, type),
    .name = type_name == NULL ? g_strdup(name) : g_strdup_printf("%s.%s", name, type_name),
    .kind = g_strdup(kind_names[sim_metric_kind(metric)]),
    .flow = sim_metric_source(metric) == SIM_METRIC_FLOW,
  };
}

void
sim_record_kinds(SimTrace *trace)
{
  for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
    add_kind(trace, &kinds[i]);
  add_results(trace);
  for (SimMetric metric = 0; metric < SIM_METRICS; metric++)
    add_metric(trace, metric, SIM_MESSAGES, NULL);
  static const char *const types[] = {
#define TYPE(type, number) #type,
    SIM_MESSAGE_TABLE(TYPE)
#undef TYPE
  };
  for (SimMessageType type = 0; type < SIM_MESSAGES; type++) {
    add_metric(trace, SIM_METRIC_MESSAGES_PER_NODE, type, types[type]);
    add_metric(trace, SIM_METRIC_BYTES_PER_NODE, type, types[type]);
  }
}

int64_t
sim_record_message_kind(SimMessageType type)
{
  static const int64_t numbers[] = {
#define NUMBER(type, number) SIM_KIND_MESSAGE + (number),
    SIM_MESSAGE_TABLE(NUMBER)
#undef NUMBER
      SIM_TRACE_NULL,
  };
  return numbers[type];
}

int64_t
sim_record_metric_number(SimMetric metric, SimMessageType type)
{
  if (type == SIM_MESSAGES)
    return 1 + (int64_t)metric;
  return 100 + 2 * (int64_t)type + (metric == SIM_METRIC_BYTES_PER_NODE);
}
