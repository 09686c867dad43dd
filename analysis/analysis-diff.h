/* Two runs, compared: where they first differ, and what they came to. */
#pragma once
#include "analysis-trace.h"

/* (transfer full) The comparison as text; *@ret_same: they are the same run. NULL if a trace cannot be
 * read. */
char *analysis_diff(AnalysisTrace *a, AnalysisTrace *b, bool *ret_same, GError **error);
