#include "sim-pictures.h"

#include "analysis-plot.h"
#include "analysis-report.h"
#include "sim-analysis.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define FOLDER "out"

static char *
without_ending(const char *path, const char *ending)
{
  size_t n = strlen(path), m = strlen(ending);
  return n > m && g_str_has_suffix(path, ending) ? g_strndup(path, n - m) : g_strdup(path);
}

char *
sim_pictures_trace(const char *scenario)
{
  g_autofree char *base = g_path_get_basename(scenario);
  g_autofree char *name = without_ending(base, ".drt");
  if (g_mkdir_with_parents(FOLDER, 0777) == 0)
    return g_strdup_printf(FOLDER "/%s.db", name);
  fprintf(stderr, "drtsim: cannot make the folder '" FOLDER "' for the trace: %s\n",
          g_strerror(errno));
  return NULL;
}

static bool
draw(AnalysisTrace *trace, const char *path, GError **error)
{
  g_autofree char *missing = NULL;
  AnalysisPlot plot = {
    .figure = analysis_figure_find("convergence"),
    .format = ANALYSIS_SVG,
    .path = path,
  };
  return analysis_plot_draw(trace, &plot, &missing, error);
}

static bool
report(AnalysisTrace *trace, const char *path, GError **error)
{
  g_autofree char *page = analysis_report_make(trace, &(AnalysisParams){ 0 }, error);
  return page != NULL && analysis_report_write(path, page, error);
}

bool
sim_pictures_make(const char *trace, FILE *to)
{
  g_autofree char *base = without_ending(trace, ".db");
  g_autofree char *picture = g_strconcat(base, ".svg", NULL);
  g_autofree char *page = g_strconcat(base, ".html", NULL);
  GError *error = NULL;
  fprintf(to, "trace   %s\n", trace);
  g_autoptr(AnalysisTrace) opened = analysis_trace_open(trace, &error);
  if (opened == NULL || !draw(opened, picture, &error)) {
    sim_analysis_failed(error);
    return false;
  }
  fprintf(to, "picture %s\n", picture);
  if (!report(opened, page, &error)) {
    sim_analysis_failed(error);
    return false;
  }
  fprintf(to, "report  %s\n", page);
  return true;
}
