/* What happens in a run, as rows of a trace.
 *
 * It looks on, as a watcher of the world and a listener of the run, and changes nothing: a run is the
 * same with it and without it. Classes that are not wanted are not even looked at. */
#pragma once
#include "sim-run.h"
#include "sim-trace.h"

typedef struct SimRecord SimRecord;

/* What the table run says from the beginning. (transfer none) */
typedef struct {
  const char *scenario; /* as it was named */
  const char *replay;   /* the command that runs it again */
  const char *version;
  unsigned classes; /* SIM_RECORD_...; 0: the run and its expectations only */
} SimRecordOptions;

/* Before the run goes; it and the trace are to outlive the record. (transfer full) */
SimRecord *sim_record_new(SimTrace *trace, SimRun *run, const SimRecordOptions *options);
/* As SimRunListener has them. */
void sim_record_action(SimRecord *record, const SimAction *action, bool anew);
void sim_record_sample(SimRecord *record);
/* After the run has gone: what is known only now. */
void sim_record_finish(SimRecord *record);
void sim_record_free(SimRecord *record);
/* "summary api events". (transfer full) */
char *sim_record_classes(unsigned classes);
