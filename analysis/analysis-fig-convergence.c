/* How right the leaf sets are, with the wave of nodes that join below. */
#include "analysis-figure.h"
#include "analysis-healing.h"
#include "analysis-series.h"

bool
analysis_fig_convergence(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "convergence", error);
  g_autoptr(AnalysisFlags) flags = table == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (!analysis_table_has(table, "exact"))
    return analysis_drawing_nothing(drawing, "No leaf sets were measured.", ANALYSIS_HINT_SUMMARY);
  analysis_drawing_data(drawing, NULL, table);
  analysis_drawing_data(drawing, "disturbances", analysis_flags_disturbances(flags));
  AnalysisSeries series;
  analysis_series_begin(drawing, title, flags, (const double[]){ 290, 84 }, 2,
                        analysis_healing_height(analysis_flags_disturbances(flags)), &series);
  double most = analysis_page_values(drawing, "nodes", analysis_table_max(table, "alive", 0));
  AnalysisLineLabel labels[] = {
    { "leafset.exact", analysis_series_last(table, "exact", 1.04), 1 },
    { "leafset.nearest", analysis_series_last(table, "nearest", 1.04), 2 },
  };
  AnalysisLineLabel alive = { "nodes.alive", analysis_series_last(table, "alive", most), 3 };
  analysis_page_line_labels(drawing, &series.panels[0], labels, 2);
  analysis_page_line_labels(drawing, &series.panels[1], &alive, 1);
  analysis_healing_draw(drawing, analysis_flags_disturbances(flags), false, series.below);
  return true;
}
