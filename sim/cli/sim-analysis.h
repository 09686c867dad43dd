/* What the commands that read traces share. */
#pragma once
#include "analysis-trace.h"

#include <stdbool.h>

/* (transfer full) The trace, opened; runs that are not complete are told on stderr. NULL, and said
 * why, if it cannot be read: *@ret_status is the exit status. */
AnalysisTrace *sim_analysis_open(const char *path, int *ret_status);
/* Prints what went wrong and returns the exit status for it. @error is freed. */
int sim_analysis_failed(GError *error);
/* Whether @word is the option @name, alone or with a '=' and a value behind it. */
bool sim_analysis_is_option(const char *word, const char *name);
/* The value of the option @name at argv[*@i]: behind '=', or the next word, and then *@i is that.
 * NULL, and said so, if there is none. (transfer none) */
const char *sim_analysis_value(const char *name, int argc, char **argv, int *i);
