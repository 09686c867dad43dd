#include "analysis-series.h"

#include <math.h>

void
analysis_series_begin(AnalysisDrawing *drawing, const char *title, AnalysisFlags *flags,
                      const double *heights, unsigned n, double extra, AnalysisSeries *ret_series)
{
  double content = ANALYSIS_FLAGS_HEIGHT + ANALYSIS_AXIS + extra;
  g_assert(n > 0 && n <= ANALYSIS_SERIES_PANELS);
  for (unsigned i = 0; i < n; i++)
    content += heights[i] + (i > 0 ? ANALYSIS_SERIES_GAP : 0);
  double y = analysis_page_begin(drawing, title, content) + ANALYSIS_FLAGS_HEIGHT;
  for (unsigned i = 0; i < n; i++) {
    AnalysisPanel *panel = &ret_series->panels[i];
    *panel = (AnalysisPanel){ ANALYSIS_PAGE_LEFT, y, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                              y + heights[i] };
    g_autofree char *prefix = g_strdup_printf("p%u", i + 1);
    analysis_script_panel(drawing->script, prefix, panel->left, panel->top, panel->right,
                          panel->bottom);
    y += heights[i] + ANALYSIS_SERIES_GAP;
  }
  double to = MAX(analysis_table_number(drawing->run, 0, "reached_s"), 1e-9),
         bottom = ret_series->panels[n - 1].bottom;
  analysis_page_time(drawing, 0, to);
  analysis_flags_draw(flags, drawing, &ret_series->panels[0], bottom, to);
  ret_series->flags = flags;
  ret_series->below = bottom + ANALYSIS_AXIS;
}

double
analysis_series_last(const AnalysisTable *table, const char *column, double most)
{
  for (unsigned i = analysis_table_rows(table); i > 0; i--) {
    double value = analysis_table_number(table, i - 1, column);
    if (!isnan(value))
      return most > 0 ? value / most : 0;
  }
  return 0;
}
