#include "sim-analysis.h"

#include "analysis-error.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <stdio.h>
#include <string.h>

int
sim_analysis_missing(const char *command)
{
  return sim_usage_error(NULL, "'%s' needs a trace, such as 'drtsim run FILE -o RUN.db' writes",
                         command);
}

AnalysisTrace *
sim_analysis_open(const char *path, int *ret_status)
{
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *near = sim_suggest_file(path);
    *ret_status = sim_usage_error(near, "there is no file '%s'", path);
    return NULL;
  }
  GError *error = NULL;
  AnalysisTrace *trace = analysis_trace_open(path, &error);
  if (trace == NULL) {
    *ret_status = sim_analysis_failed(error);
    return NULL;
  }
  unsigned runs = analysis_trace_runs(trace), unfinished = analysis_trace_unfinished(trace);
  if (runs == 1 && unfinished == 1)
    fprintf(stderr, "drtsim: note: the run in '%s' did not come to its end\n", path);
  else if (unfinished > 0)
    fprintf(stderr, "drtsim: note: %u of the %u runs in '%s' did not come to their end\n",
            unfinished, runs, path);
  return trace;
}

int
sim_analysis_failed(GError *error)
{
  bool usage = g_error_matches(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN) ||
               g_error_matches(error, ANALYSIS_ERROR, ANALYSIS_ERROR_ASKED);
  fprintf(stderr, "drtsim: %s\n", error->message);
  g_error_free(error);
  return usage ? SIM_EXIT_USAGE : SIM_EXIT_FAILURE;
}
