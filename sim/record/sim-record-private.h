/* The inside of a record, shared by its files. */
#pragma once
#include "sim-record-keys.h"
#include "sim-record-kinds.h"
#include "sim-record.h"

#include <glib.h>

/* What has led to what happens now. */
typedef struct {
  int64_t id; /* of a row; SIM_TRACE_NULL: nothing that is recorded */
  bool wake;  /* a timer of @node: it gets a row once it has led to something */
  uint32_t node;
  int kind; /* DrtTurn */
} SimRecordCause;

/* A search of an application that runs. */
typedef struct {
  uint64_t key; /* the world's number of it */
  int64_t id, cause;
  uint32_t node;
  uint64_t ticket;
  SimSearch begun; /* as it was when it began */
  GArray *asked;   /* SimRecordAsked */
} SimRecordSearch;

typedef struct {
  uint32_t node;
  int64_t message;
} SimRecordAsked;

/* A question whose answer may be wanted, by node and MessageID. */
typedef struct {
  uint32_t node, number;
  int64_t message, search, purpose;
} SimRecordQuestion;

/* What is known of the datagram that the core sends next. */
typedef struct {
  bool any;
  uint32_t node, number; /* the sender, and the MessageID */
  int64_t purpose;       /* SIM_TRACE_NULL: a repetition */
  int64_t search;        /* or SIM_TRACE_NULL */
  int64_t repeats;       /* the message, or SIM_TRACE_NULL */
  SimRecordSearch *asks;
} SimRecordNext;

#define SIM_RECORD_WAYS 8

struct SimRecord {
  SimTrace *trace;
  SimRun *run;
  SimWorld *world;
  SimOracle *oracle;
  unsigned classes;
  bool wakes;   /* whether timers have rows */
  int64_t last; /* id given out */
  SimRecordCause cause;
  int64_t doing; /* what the scenario does just now, or SIM_TRACE_NULL */
  SimFlow flow;  /* at the last sample */

  /* sim-record-run.c */
  GHashTable *faults; /* SimAction to the id of its last row */

  /* sim-record-life.c */
  SimRecordKeys keys;
  GHashTable *registrations; /* node and key to the id of the row that is open */
  SimTime *alive_since;      /* of each node; -1: it is not */
  SimTime *alive;            /* of each node, before that */
  struct {
    int64_t id;
    SimRecordCause outer;
  } call;

  /* sim-record-search.c */
  GHashTable *searches; /* by the world's number */
  GHashTable *tickets;  /* by node and ticket */
  SimRecordSearch *starting;

  /* sim-record-messages.c */
  struct SimRecordFlight *flights; /* a ring of messages whose fate is open, by their ids */
  uint32_t flights_size;
  uint64_t flights_first, flights_next;
  SimRecordQuestion *questions;
  uint32_t questions_mask; /* of sets of SIM_RECORD_WAYS */
  SimRecordNext next;
  uint32_t arrived_from;  /* the sender of the message that is handled, */
  int64_t arrived_search; /* and whose question it was */

  /* sim-record-cache.c */
  GHashTable *entries; /* handle to id */
  int64_t entries_count;
};

static inline int64_t
sim_record_id(SimRecord *record)
{
  return ++record->last;
}

/* Nodes are numbered from 1 in a trace. */
static inline int64_t
sim_record_node(const SimRecord *record, uint32_t node)
{
  return node < sim_world_nodes(record->world) ? (int64_t)node + 1 : SIM_TRACE_NULL;
}

/* sim-record.c */
/* The id of what has led to what happens now, or SIM_TRACE_NULL. */
int64_t sim_record_cause(SimRecord *record);
void sim_record_set_cause(SimRecord *record, int64_t id);
/* The number of a key; its row is written the first time. */
int64_t sim_record_key(SimRecord *record, const SimKey *key);

/* sim-record-run.c */
void sim_record_begin_run(SimRecord *record, const SimRecordOptions *options);
void sim_record_end_run(SimRecord *record);

/* sim-record-life.c */
void sim_record_news(void *data, uint32_t node, SimNews news);
void sim_record_calling(void *data, uint32_t node, SimCall call);
void sim_record_called(void *data, uint32_t node, SimCall call, const SimKey *key, HRESULT hr);
void sim_record_event(void *data, uint32_t node, const DRT_EVENT_DATA *event);
void sim_record_published(void *data, uint32_t node, const SimKey *key, SimTime registered);
void sim_record_withdrawn(void *data, uint32_t node, const SimKey *key);
void sim_record_end_life(SimRecord *record);

/* sim-record-search.c */
/* The call that starts a search is about to be made; or it has failed. */
void sim_record_search_calling(SimRecord *record, uint32_t node);
void sim_record_search_failed(SimRecord *record);
void sim_record_search_started(void *data, const SimSearch *search);
void sim_record_search_ended(void *data, const SimSearch *search);
/* Those that still run, at the end. */
void sim_record_end_searches(SimRecord *record);
/* The search of an instance that it calls by this ticket, or NULL. */
SimRecordSearch *sim_record_search_of(SimRecord *record, uint32_t node, uint64_t ticket);
void sim_record_free_search(gpointer search);

/* sim-record-messages.c */
void sim_record_begin_messages(SimRecord *record);
void sim_record_end_messages(SimRecord *record);
void sim_record_sent(void *data, SimPacket *packet);
void sim_record_lost(void *data, const SimPacket *packet, SimLoss why);
void sim_record_arrived(void *data, const SimPacket *packet);
/* Writes those that have waited for their fate for long. */
void sim_record_messages_sampled(SimRecord *record);

/* sim-record-notes.c */
void sim_record_observed(void *data, uint32_t node, uint32_t id, uint64_t a, uint64_t b);
/* Keeps a question that may be repeated, or stay without an answer, for a few seconds. */
void sim_record_keep_question(SimRecord *record, const SimRecordQuestion *question);

/* sim-record-cache.c */
void sim_record_cache(SimRecord *record, uint32_t node, uint32_t handle, int64_t kind);
