/* The story of one search. */
#pragma once
#include "analysis-table.h"

/* (transfer full) */
char *analysis_why_search(AnalysisTrace *trace, int64_t id, GError **error);
/* A line about the first row of the answer of why-row. */
void analysis_why_line(GString *to, const AnalysisTable *row, int64_t id, unsigned depth);
