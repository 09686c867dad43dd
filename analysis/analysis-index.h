/* The indexes that a run leaves out. */
#pragma once
#include "analysis-trace.h"

/* Adds those that are missing. *@ret_added: how many. False if the file cannot be written; it is as it
 * was then. */
bool analysis_index(const char *path, unsigned *ret_added, GError **error);
/* How many are missing. */
bool analysis_index_missing(AnalysisTrace *trace, unsigned *ret, GError **error);
