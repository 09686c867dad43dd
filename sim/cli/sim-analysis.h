/* What the commands that read traces share. */
#pragma once
#include "analysis-trace.h"

#include <stdbool.h>

/* Says that @command wants a trace. The exit status for it. */
int sim_analysis_missing(const char *command);
/* (transfer full) The trace, opened; runs that are not complete are told on stderr. NULL, and said
 * why, if it cannot be read: *@ret_status is the exit status. */
AnalysisTrace *sim_analysis_open(const char *path, int *ret_status);
/* Prints what went wrong and returns the exit status for it. @error is freed. */
int sim_analysis_failed(GError *error);
