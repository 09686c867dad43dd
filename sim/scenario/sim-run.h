/* A scenario, run: its actions done at their times, its expectations judged.
 *
 * At one instant: first the datagrams and timers of the world, then a sample and the expectations
 * that look at it, then the actions in the order of the file. */
#pragma once
#include "sim-oracle.h"
#include "sim-scenario.h"

/* The exit status of a run (scenarios/README.md, "Results"). */
enum {
  SIM_EXIT_HELD = 0,
  SIM_EXIT_FAILED = 1,
  SIM_EXIT_MISTAKE = 2,
  SIM_EXIT_UNDECIDED = 3,
  SIM_EXIT_TROUBLE = 4,
  SIM_EXIT_INTERRUPTED = 130,
};

typedef enum { SIM_HELD, SIM_FAILED, SIM_UNDECIDED } SimJudgement;

/* What became of an expectation, of `-> CODE` on a call, or of a broken invariant. */
typedef struct {
  SimWhere where; /* line 0: of no place in the file */
  char *text;     /* what was expected */
  SimJudgement judgement;
  char *value;        /* what was found */
  SimMeasure measure; /* the same of a metric; else @among is 0 */
  SimTime at;         /* when it was first found to be broken; or the time of the value */
} SimResult;

typedef struct SimRun SimRun;

/* What is told while it runs. Any may be NULL. */
typedef struct {
  void *data;
  /* Now and then, at most a few times a second; true: stop here. */
  bool (*progress)(void *data, const SimRun *run);
  void (*sample)(void *data, const SimRun *run);
  /* Something is about to be done for an action: @anew, the statement is carried out (each time, if it
   * is repeated); else it goes on, as churn does. NULL: that was all for now. */
  void (*action)(void *data, const SimRun *run, const SimAction *action, bool anew);
} SimRunListener;

typedef struct {
  uint64_t seed;
  SimTime until;       /* stop here, before the end; SIM_TIME_NEVER: not */
  uint64_t events_max; /* stop after so many events of the world; 0: not */
  bool stop_on_failure;
  SimRunListener listener;
} SimRunOptions;

/* (transfer full); @scenario (transfer none), to outlive the run. NULL if a file that it names
 * cannot be read: they are added to @mistakes. */
SimRun *sim_run_new(const SimScenario *scenario, const SimRunOptions *options,
                    SimMistakes *mistakes);
/* Lets it run to its end. To be called once. */
void sim_run_go(SimRun *run);
/* NULL is ignored. */
void sim_run_free(SimRun *run);

SimWorld *sim_run_world(const SimRun *run);
SimOracle *sim_run_oracle(const SimRun *run);
const SimScenario *sim_run_scenario(const SimRun *run);
uint64_t sim_run_seed(const SimRun *run);
/* The end, or where --until stops it. */
SimTime sim_run_goal(const SimRun *run);
/* Expectations in the order of the file, then calls that were not as expected and broken
 * invariants in the order of their times. */
const SimResult *sim_run_results(const SimRun *run, uint32_t *ret_count);
/* It came to its end. */
bool sim_run_complete(const SimRun *run);
int sim_run_exit(const SimRun *run);
/* Why it could not go on: an action that cannot be applied. NULL: it could. (transfer none) */
const SimMistake *sim_run_mistake(const SimRun *run);
/* Metrics, values and verdicts as one number. */
uint64_t sim_run_fingerprint(const SimRun *run);
/* "99.5%", "2", "250ms", "nothing to measure". (transfer full) */
char *sim_run_value(SimMetric metric, SimMeasure value);
/* "peer3"; (transfer full) */
char *sim_run_node_name(const SimRun *run, uint32_t node);
