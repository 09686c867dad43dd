/* One scenario file, run from the command line: loaded, run, told about, summed up. */
#pragma once
#include "sim-run.h"

typedef struct {
  const char *path;
  const char *text;        /* what the file would say; NULL: there is one */
  const char *const *sets; /* "NAME=VALUE", ended by NULL */
  bool has_seed;
  uint64_t seed;
  SimTime until;       /* SIM_TIME_NEVER: its end */
  uint64_t events_max; /* stop after so many events; 0: not */
  uint8_t fill;        /* what fresh memory of the allocator is filled with; 0: nothing */
  bool stop_on_failure;
  bool quiet;        /* no progress */
  bool values;       /* for a child: print what every expectation found, see sim-job-values.h */
  const char *trace; /* the file of the trace; NULL: none is written */
  bool part;         /* the trace will be part of a sweep */
  bool has_classes;  /* else what the scenario says */
  unsigned classes;  /* SIM_RECORD_... */
} SimJob;

/* What is left of it. */
typedef struct {
  SimScenario *scenario; /* NULL: it could not be loaded, and why was told */
  SimRun *run;           /* likewise */
  SimMistakes
    *problems; /* what was told: mistakes of the scenario, or that its trace cannot be written */
  double wall_s;
  long rss_kib;
  char *trace; /* where it is; NULL: none was wanted, or it could not be begun */
  uint64_t trace_rows;
  int status;
} SimJobDone;

/* Runs it to its end. Mistakes and progress go to stderr, nothing to stdout. */
void sim_job_do(const SimJob *job, SimJobDone *done);
void sim_job_clear(SimJobDone *done);
/* The verdict for people, and the object of `--json`; on stdout. */
void sim_job_print_text(const SimJob *job, const SimJobDone *done);
void sim_job_print_json(const SimJob *job, const SimJobDone *done);
/* "held", "failed", "undecided", "interrupted", "mistake". (transfer none) */
const char *sim_job_verdict(int status);
/* The command that runs the same again, with every option that a run depends on. (transfer full) */
char *sim_job_replay(const SimJob *job, uint64_t seed);
