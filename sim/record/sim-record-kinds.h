/* What the numbers of a trace mean: the table kind. Those of other tables stay below 128, which one
 * byte holds; they are not to change while the schema's version does not. */
#pragma once
#include "sim-scenario.h"
#include "sim-trace.h"

enum {
  SIM_KIND_MESSAGE = 0,    /* plus the number on the wire, from 1 */
  SIM_KIND_EVENT = 20,     /* plus SimEventKind */
  SIM_KIND_LOSS = 30,      /* plus SimLoss */
  SIM_KIND_LIFE = 50,      /* plus SimNews */
  SIM_KIND_CALL = 60,      /* plus SimCall */
  SIM_KIND_NOTE = 70,      /* plus SimRecordNote */
  SIM_KIND_WAKE = 80,      /* plus DrtTurn */
  SIM_KIND_PURPOSE = 84,   /* plus DrtPurpose; above them one more: a search of an application */
  SIM_KIND_CACHE = 94,     /* added; and above it, plus DrtGone */
  SIM_KIND_OUTCOME = 104,  /* plus SimRecordOutcome */
  SIM_KIND_SEARCH = 110,   /* plus SimRecordMode */
  SIM_KIND_FAULT = 128,    /* plus SimActionKind */
  SIM_KIND_IGNORE = 170,   /* plus DrtIgnore */
  SIM_KIND_FRAGMENT = 180, /* plus DrtFragmentVerdict */
  SIM_KIND_REJECT = 190,   /* plus DrtReject */
  SIM_KIND_HOP = 256,      /* plus a bit of DRT_ADDRESS_FLAGS */
};

/* Results of calls are unsigned, and far above all others in the table kind. */
#define SIM_KIND_HRESULT (INT64_C(1) << 32)

typedef enum {
  SIM_NOTE_REJECTED,
  SIM_NOTE_IGNORED,
  SIM_NOTE_FRAGMENT,
  SIM_NOTE_UNANSWERED,
} SimRecordNote;

typedef enum {
  SIM_OUTCOME_KIND_NO_MORE,
  SIM_OUTCOME_KIND_TIMEOUT,
  SIM_OUTCOME_KIND_FAULTED,
  SIM_OUTCOME_KIND_DIED,
} SimRecordOutcome;

typedef enum { SIM_MODE_EXACT, SIM_MODE_NEAREST, SIM_MODE_RANGE } SimRecordMode;

/* Rows of kind and metric. */
void sim_record_kinds(SimTrace *trace);
/* The number of a message on the wire; SIM_TRACE_NULL if it is none of ours. */
int64_t sim_record_message_kind(SimMessageType type);
/* The number of a metric in the trace: of one message type, if it is not SIM_MESSAGES. */
int64_t sim_record_metric_number(SimMetric metric, SimMessageType type);
