/* What the core reports of itself, and what it means for the causes of what comes next. */
#include "sim-record-private.h"

#include "drt-trace.h"

/* The places that a question may have, the youngest first: an old one falls out at the end. */
static SimRecordQuestion *
places_of(SimRecord *record, uint32_t node, uint32_t number)
{
  uint32_t hash = (node * 0x9e3779b1u ^ number) * 0x85ebca6bu;
  return &record->questions[SIM_RECORD_WAYS * (size_t)(hash >> 8 & record->questions_mask)];
}

void
sim_record_keep_question(SimRecord *record, const SimRecordQuestion *question)
{
  SimRecordQuestion *places = places_of(record, question->node, question->number);
  for (int i = SIM_RECORD_WAYS - 1; i > 0; i--)
    places[i] = places[i - 1];
  places[0] = *question;
}

static const SimRecordQuestion *
asked(SimRecord *record, uint32_t node, uint32_t number)
{
  const SimRecordQuestion *places = places_of(record, node, number);
  for (int i = 0; i < SIM_RECORD_WAYS; i++)
    if (places[i].message != 0 && places[i].node == node && places[i].number == number)
      return &places[i];
  return NULL;
}

static void
add_note(SimRecord *record, uint32_t node, SimRecordNote kind, int64_t why, int64_t cause,
         int64_t id)
{
  SimTraceNote *row = sim_trace_add(record->trace, SIM_TRACE_NOTE);
  *row = (SimTraceNote){
    .id = id,
    .at = sim_world_now(record->world),
    .node = sim_record_node(record, node),
    .kind = SIM_KIND_NOTE + (int64_t)kind,
    .why = why,
    .cause = cause,
  };
}

static void
on_trouble(SimRecord *record, uint32_t node, SimRecordNote kind, int64_t why)
{
  int64_t cause = sim_record_cause(record);
  add_note(record, node, kind, why, cause, sim_record_id(record));
}

/* What follows follows from the silence. */
static void
on_unanswered(SimRecord *record, uint32_t node, uint32_t number)
{
  const SimRecordQuestion *question = asked(record, node, number);
  int64_t cause = question == NULL ? sim_record_cause(record) : question->message;
  int64_t id = sim_record_id(record);
  add_note(record, node, SIM_NOTE_UNANSWERED, SIM_TRACE_NULL, cause, id);
  sim_record_set_cause(record, id);
}

static void
on_ask(SimRecord *record, uint32_t node, uint32_t number, uint64_t what)
{
  uint64_t ticket = what >> 8;
  SimRecordSearch *search = ticket == 0 ? NULL : sim_record_search_of(record, node, ticket);
  int64_t purpose = ticket == 0 ? (int64_t)(what & 0xff) : DRT_FOR_AUDIT + 1;
  record->next = (SimRecordNext){
    .any = true,
    .node = node,
    .number = number,
    .purpose = SIM_KIND_PURPOSE + purpose,
    .search = search == NULL ? SIM_TRACE_NULL : search->id,
    .repeats = SIM_TRACE_NULL,
    .asks = search,
  };
}

static void
on_repeat(SimRecord *record, uint32_t node, uint32_t number)
{
  const SimRecordQuestion *question = asked(record, node, number);
  if (question == NULL)
    return;
  record->next = (SimRecordNext){
    .any = true,
    .node = node,
    .number = number,
    .purpose = question->purpose,
    .search = question->search,
    .repeats = question->message,
  };
}

void
sim_record_observed(void *data, uint32_t node, uint32_t id, uint64_t a, uint64_t b)
{
  SimRecord *record = data;
  switch ((DrtTraceId)id) {
  case DRT_TRACE_REJECT:
    on_trouble(record, node, SIM_NOTE_REJECTED, SIM_KIND_REJECT + (int64_t)a);
    break;
  case DRT_TRACE_IGNORE:
    on_trouble(record, node, SIM_NOTE_IGNORED, SIM_KIND_IGNORE + (int64_t)a);
    break;
  case DRT_TRACE_FRAGMENT:
    on_trouble(record, node, SIM_NOTE_FRAGMENT, SIM_KIND_FRAGMENT + (int64_t)a);
    break;
  case DRT_TRACE_CACHE_IN:
    sim_record_cache(record, node, (uint32_t)a, SIM_KIND_CACHE);
    break;
  case DRT_TRACE_CACHE_OUT:
    sim_record_cache(record, node, (uint32_t)a, SIM_KIND_CACHE + 1 + (int64_t)b);
    break;
  case DRT_TRACE_RETRANSMIT:
    on_repeat(record, node, (uint32_t)a);
    break;
  case DRT_TRACE_UNANSWERED:
    on_unanswered(record, node, (uint32_t)a);
    break;
  case DRT_TRACE_ASK:
    on_ask(record, node, (uint32_t)a, b);
    break;
  case DRT_TRACE_TURN:
    record->cause = (SimRecordCause){ SIM_TRACE_NULL, true, node, (int)a };
    break;
  }
}
