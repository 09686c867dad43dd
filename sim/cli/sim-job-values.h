/* What every expectation of a run found, as numbers: printed by a child, read by its parent. */
#pragma once
#include "sim-run.h"

#include <glib.h>

typedef struct {
  char *text; /* of the expectation: "expect from 6min to 16min search.success > 99.9%" */
  SimJudgement judgement;
  double of, among; /* @among 0: nothing was measured, or it is no metric */
  double at_s;
} SimJobValue;

/* On stdout, a line each. */
void sim_job_values_print(const SimRun *run);
/* Of SimJobValue, in the order of their printing; other lines are left out. (transfer full) */
GArray *sim_job_values_read(const char *text);
