/* How right the leaf sets are, with the wave of nodes that join below. */
#include "analysis-figure.h"
#include "analysis-flags.h"

#include <math.h>

static const char missing[] = "No leaf sets were measured.";
static const char hint[] = "Samples come with --trace summary, which is the default.";

/* The last value of @column that is one. */
static double
last_of(const AnalysisTable *table, const char *column)
{
  for (unsigned i = analysis_table_rows(table); i > 0; i--) {
    double value = analysis_table_number(table, i - 1, column);
    if (!isnan(value))
      return value;
  }
  return 0;
}

bool
analysis_fig_convergence(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "convergence", error);
  g_autoptr(AnalysisFlags) flags = table == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (!analysis_table_has(table, "exact"))
    return analysis_drawing_nothing(drawing, missing, hint);
  analysis_drawing_data(drawing, NULL, table);
  analysis_drawing_data(drawing, "disturbances", analysis_flags_disturbances(flags));
  double top = analysis_page_begin(drawing, title,
                                   ANALYSIS_FLAGS_HEIGHT + 390 + ANALYSIS_AXIS +
                                     analysis_flags_table_height(flags));
  AnalysisPanel leaves = { ANALYSIS_PAGE_LEFT, top + ANALYSIS_FLAGS_HEIGHT,
                           ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                           top + ANALYSIS_FLAGS_HEIGHT + 290 };
  AnalysisPanel nodes = { leaves.left, leaves.bottom + 16, leaves.right, leaves.bottom + 100 };
  analysis_script_panel(drawing->script, "leaves", leaves.left, leaves.top, leaves.right,
                        leaves.bottom);
  analysis_script_panel(drawing->script, "nodes", nodes.left, nodes.top, nodes.right, nodes.bottom);
  double to = analysis_table_number(drawing->run, 0, "reached_s");
  analysis_page_time(drawing, 0, to);
  double most = analysis_page_values(drawing, "nodes", analysis_table_max(table, "alive", 0));
  AnalysisLineLabel labels[] = {
    { "leafset.exact", last_of(table, "exact") / 1.04, 1 },
    { "leafset.nearest", last_of(table, "nearest") / 1.04, 2 },
  };
  analysis_page_line_labels(drawing, &leaves, labels, 2);
  AnalysisLineLabel alive = { "nodes.alive", last_of(table, "alive") / most, 3 };
  analysis_page_line_labels(drawing, &nodes, &alive, 1);
  analysis_flags_draw(flags, drawing, &leaves, nodes.bottom, to);
  analysis_flags_table(flags, drawing, nodes.bottom + ANALYSIS_AXIS);
  return true;
}
