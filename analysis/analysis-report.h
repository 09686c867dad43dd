/* A run, or a sweep, as one page of HTML that needs nothing else. */
#pragma once
#include "analysis-table.h"

/* (transfer full) The page about the run @params names; without one, of a trace of several runs: about
 * all of them. It needs gnuplot. */
char *analysis_report_make(AnalysisTrace *trace, const AnalysisParams *params, GError **error);
/* Writes a page into the file @path, which is replaced when all is there. */
bool analysis_report_write(const char *path, const char *page, GError **error);
