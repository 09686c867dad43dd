/* The experiments of the table, run with many seeds, and what came of them. */
#pragma once
#include "analysis-interval.h"
#include "sim-validation.h"

typedef struct {
  const SimValidation *validation;
  const SimExperiment *const *experiments; /* ended by NULL */
  bool quick, quiet, has_seeds;
  uint64_t
    seeds[2]; /* the first and the last; without @has_seeds those of the form, quick or not */
  int jobs;
} SimValidateOptions;

typedef enum { SIM_ROW_HELD, SIM_ROW_NOT_HELD, SIM_ROW_UNDECIDED } SimRowVerdict;

/* What a run says of a row, if it does. */
typedef struct {
  bool known;
  double value;
} SimMeasured;

/* A row of the table, measured. */
typedef struct {
  const SimExperiment *experiment;
  const SimRow *row;
  char *what;                /* in words */
  SimMeasured *values;       /* of each run, in the unit of the row */
  unsigned runs;             /* how many there are, */
  unsigned ended;            /* and how many have been taken in; fewer if it was interrupted */
  unsigned against;          /* runs in which the bound was not met, */
  unsigned open;             /* and in which that is not decided */
  double of, among;          /* of a share, all runs together; else 0 */
  char *bound;               /* "<= 3.5"; NULL: none */
  AnalysisInterval interval; /* of what was measured; n is 0 if nothing was */
  SimRowVerdict verdict;
} SimRowResult;

typedef struct {
  GArray *outcomes; /* SimRowResult */
  GPtrArray
    *troubles; /* lines of text: what did not hold in which run, and how to run that again */
  unsigned planned, runs; /* those that ended */
  double wall_s;
  int status; /* 0; 1: a bound was not met; 3: undecided; 4: something could not be run; 130 */
} SimValidated;

/* (transfer full) */
SimValidated *sim_validate_run(const SimValidateOptions *options);
void sim_validated_free(SimValidated *validated);
/* How many units of the unit of a row a measured quotient is: percents, seconds. */
double sim_validate_scale(const char *unit, bool nanoseconds);
