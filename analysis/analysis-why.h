/* The question why: what a search did and what made it fail, or what has led to a row. */
#pragma once
#include "analysis-trace.h"

/* (transfer full) @what: "search", "event", "message" or any other table whose rows happen. NULL and
 * ANALYSIS_ERROR_ASKED if there is no such row. */
char *analysis_why(AnalysisTrace *trace, const char *what, int64_t id, GError **error);
