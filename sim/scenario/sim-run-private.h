/* The inside of a run, shared by the files sim-run-*.c. */
#pragma once
#include "sim-print.h"
#include "sim-run.h"

#include <glib.h>

/* What is to be done at a time, in this order at the same time. */
typedef enum { SIM_PHASE_SAMPLE, SIM_PHASE_ACTION, SIM_PHASE_END } SimPhase;

typedef struct SimTask SimTask;
typedef void (*SimTaskDo)(SimRun *run, SimTask *task);

/* Something to be done at a time. It may put itself back for later; else it is freed. */
struct SimTask {
  SimTime at;
  SimPhase phase;
  uint32_t order; /* in the file */
  uint64_t count; /* in the order of their making: the last word on the order */
  SimTaskDo run;
  const SimAction *action;
  void *data;           /* of the kind of action */
  GDestroyNotify clear; /* of @data */
  bool again;           /* put back with a new @at */
  bool statement;       /* carries out the statement; not what follows from it later */
};

/* How an expectation stands. */
typedef struct {
  const SimExpectation *expectation;
  bool decided, held;
  bool looked; /* it was measured, at @at */
  bool seen;   /* and there was something to measure */
  bool over;   /* its time has passed */
  SimMeasure value;
  SimTime at;     /* of @value; of the first violation once it is broken */
  SimTime opened; /* WITHIN: when the mark was passed, or NEVER */
  SimFlow from;   /* flows: at the beginning of the window */
  bool has_from;
  SimMembers first, second; /* sets of events and messages, if they do not change */
  uint64_t occurrences;
  SimTime first_at;
} SimExpected;

/* A cut or a hold, by its words. */
typedef struct {
  char *words;
  SimMembers from, to;
} SimWayMade;

/* A search whose outcome is expected. */
typedef struct {
  uint64_t id;
  const SimAction *action;
} SimAwaited;

struct SimRun {
  const SimScenario *scenario;
  SimRunOptions options;
  SimWorld *world;
  SimOracle *oracle;
  uint32_t *first_node; /* of each group */
  GPtrArray *tasks;     /* a heap of SimTask */
  uint64_t tasks_made;
  SimExpected *expected;
  GArray *results;                     /* SimResult */
  GHashTable *awaited;                 /* search id to SimAwaited */
  GArray *cuts, *holds;                /* SimWayMade */
  GPtrArray *distributions, *matrices; /* to be freed at the end */
  uint64_t searches_awaited, failures;
  bool ended, stopped, partitioned, lossy;
  SimTime last_sample;
  SimMistake mistake; /* @message NULL: none */
  GString *said;      /* of the mistake */
  gint64 told;        /* the wall clock when progress was told last */
  uint64_t fingerprint;
  const SimAction *at_hand; /* what is being carried out now */
};

/* sim-run.c */
SimTask *sim_run_add(SimRun *run, SimTime at, SimPhase phase, uint32_t order, SimTaskDo task);
void sim_run_again(SimTask *task, SimTime at);
/* One that an expectation wants. */
void sim_run_add_sample(SimRun *run, SimTime at);
/* The run cannot go on: the statement at @where cannot be carried out. */
__attribute__((format(printf, 3, 4))) void sim_run_fail(SimRun *run, const SimWhere *where,
                                                        const char *format, ...);
void sim_run_clear_result(gpointer result);
/* An action of the scenario has been carried out now: searches and marks are none. */
void sim_run_acted(SimRun *run);
void sim_run_add_result(SimRun *run, const SimWhere *where, char *text, SimJudgement judgement,
                        char *value, SimTime at);

/* sim-run-sets.c */
uint32_t sim_run_node(const SimRun *run, SimNodeRef ref);
/* Whether what is wanted can be done to a node. */
typedef bool (*SimCan)(const SimRun *run, uint32_t node);
bool sim_run_can_anything(const SimRun *run, uint32_t node);
#define SIM_UNABLE_FEW UINT32_MAX          /* there are some, but fewer than wanted */
#define SIM_UNABLE_NOBODY (UINT32_MAX - 1) /* there is nobody to draw from */
/* The members, drawn now from those that @can; who was named outright and cannot is told in
 * *ret_unable, or why there are too few (sim_world_nodes(): all is well). @taken: who is not in `rest`; or NULL. */
SimMembers sim_run_members(SimRun *run, const SimSet *set, SimCan can, const SimMembers *taken,
                           uint32_t *ret_unable);
/* As the members are at this instant; random ones are drawn once, at the first question. */
bool sim_run_is_member(SimRun *run, const SimSet *set, uint32_t node, SimMembers *drawn);

/* sim-run-network.c */
/* False if a file cannot be read: see @mistakes. */
bool sim_run_read_network(SimRun *run, const SimNetworkSetting *settings, uint32_t count,
                          SimLink *link, unsigned *ret_fields, SimMistakes *mistakes);

/* sim-run-actions.c, -calls.c, -load.c */
void sim_run_schedule(SimRun *run, uint32_t order, const SimAction *action);
void sim_run_do_call(SimRun *run, const SimAction *action);
void sim_run_do_search(SimRun *run, const SimAction *action);
void sim_run_search_ended(SimRun *run, const SimSearch *search);
void sim_run_end_searches(SimRun *run);
void sim_run_workload(SimRun *run, SimTask *task);
void sim_run_churn(SimRun *run, uint32_t order, const SimAction *action);
void sim_run_churn_trace(SimRun *run, uint32_t order, const SimAction *action);

/* sim-run-forge.c */
/* (transfer full) the nodes that may be told to lie. */
uint32_t *sim_run_liars(const SimRun *run, uint32_t nodes, uint32_t *ret_count);
void sim_run_forge(SimRun *run, uint32_t order, const SimAction *action);
void sim_run_spoil(SimRun *run, const SimAction *action);

/* sim-run-expect.c */
void sim_run_expect(SimRun *run);
/* A sample has just been taken. */
void sim_run_judge_sample(SimRun *run);
void sim_run_judge_mark(SimRun *run, const char *mark);
void sim_run_judge_action(SimRun *run);
void sim_run_judge_event(SimRun *run, uint32_t node, const DRT_EVENT_DATA *event);
void sim_run_judge_message(SimRun *run, const SimPacket *packet);
void sim_run_judge_end(SimRun *run);
bool sim_run_watches_messages(const SimRun *run);
