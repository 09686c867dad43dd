/* The trace of a run from the command line: begun, kept, ended, and what went wrong told. */
#pragma once
#include "sim-job.h"

typedef struct SimJobTrace SimJobTrace;

/* NULL: it cannot be written, and why was told. (transfer full) */
SimJobTrace *sim_job_trace_begin(const SimJob *job, SimJobDone *done);
bool sim_job_trace_has_failed(SimJobTrace *trace);
void sim_job_trace_sample(SimJobTrace *trace);
void sim_job_trace_action(SimJobTrace *trace, const SimAction *action, bool anew);
/* Frees it. False: it could not be written to its end, and why was told. */
bool sim_job_trace_end(SimJobTrace *trace, const SimJob *job, SimJobDone *done);
