/* A trace, opened for reading. It is never written to. */
#pragma once
#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* What sim/trace/schema.sql says of itself. A test compares. */
#define ANALYSIS_APPLICATION_ID 0x64727473
#define ANALYSIS_SCHEMA_VERSION 1

typedef struct AnalysisTrace AnalysisTrace;

/* (transfer full) ANALYSIS_ERROR_OPEN: the file is missing, no database, none of ours, of another
 * schema version, or holds no run. */
AnalysisTrace *analysis_trace_open(const char *path, GError **error);
/* NULL is ignored. */
void analysis_trace_free(AnalysisTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnalysisTrace, analysis_trace_free)

const char *analysis_trace_path(const AnalysisTrace *trace);
/* (transfer none) */
sqlite3 *analysis_trace_db(AnalysisTrace *trace);
/* How many runs are in it: one, or those of a sweep. */
unsigned analysis_trace_runs(const AnalysisTrace *trace);
/* How many of them did not come to their end, or not yet. */
unsigned analysis_trace_unfinished(const AnalysisTrace *trace);
/* False, and an ANALYSIS_ERROR_ASKED that says which ones there are, without a run of that number. */
bool analysis_trace_check_run(AnalysisTrace *trace, int64_t run, GError **error);
/* The same for a param, of any run. */
bool analysis_trace_check_param(AnalysisTrace *trace, const char *name, GError **error);
/* The same for a search; @ret_run: the one that it is of. */
bool analysis_trace_check_search(AnalysisTrace *trace, int64_t search, int64_t *ret_run,
                                 GError **error);
