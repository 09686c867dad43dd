/* The parts of a report. Each appends to the page; false and the error if the trace cannot be read. */
#pragma once
#include "analysis-html.h"

typedef struct {
  AnalysisTrace *trace;
  AnalysisParams params; /* run is set, if the report is about one */
  AnalysisTable *run;    /* the answer of run.sql */
  GString *page;
} AnalysisReport;

/* analysis-report-run.c */
bool analysis_report_verdicts(AnalysisReport *report, GError **error);
bool analysis_report_figures(AnalysisReport *report, GError **error);
bool analysis_report_disturbances(AnalysisReport *report, GError **error);
/* analysis-report-searches.c */
bool analysis_report_searches(AnalysisReport *report, GError **error);
/* analysis-report-sweep.c */
bool analysis_report_runs(AnalysisReport *report, GError **error);
/* analysis-report.c: the pictures of figures, ended by NULL */
bool analysis_report_pictures(AnalysisReport *report, const char *const *figures, GError **error);
