/* How the cloud is at each time: rings, stale entries, status of nodes. */
#include "analysis-figure.h"
#include "analysis-series.h"
#include "analysis-text.h"

#include <math.h>

/* ---- Rings. ---- */

#define SPLITS_MAX 6
#define SPLIT_LINE 18.0

static double
splits_height(const AnalysisTable *splits)
{
  unsigned rows = analysis_table_rows(splits);
  return (MIN(rows, SPLITS_MAX) + (rows > SPLITS_MAX)) * SPLIT_LINE + 10;
}

/* How long a split lasted, to choose by; one that did not end lasted longest. */
static double
length_of(const AnalysisTable *splits, unsigned row)
{
  double merged = analysis_table_number(splits, row, "merged_s");
  return isnan(merged) ? INFINITY : merged - analysis_table_number(splits, row, "split_s");
}

static bool
is_shown(const AnalysisTable *splits, unsigned row)
{
  unsigned before = 0;
  for (unsigned i = 0; i < analysis_table_rows(splits); i++) {
    double own = length_of(splits, row), other = length_of(splits, i);
    before += other > own || (other == own && i < row);
  }
  return before < SPLITS_MAX;
}

/* (transfer full) */
static char *
split_text(const AnalysisTable *splits, unsigned row)
{
  g_autofree char *at = analysis_text_time(analysis_table_number(splits, row, "split_s"));
  g_autofree char *most =
    analysis_text_some(analysis_table_integer(splits, row, "most"), "ring", "rings");
  if (analysis_table_text(splits, row, "merged_s") == NULL)
    return g_strdup_printf("Split at %s, into %s at most; not one ring again until the end", at,
                           most);
  g_autofree char *merged = analysis_text_time(analysis_table_number(splits, row, "merged_s"));
  g_autofree char *length = analysis_text_time(length_of(splits, row));
  return g_strdup_printf("Split at %s, into %s at most; one ring again at %s, after %s", at, most,
                         merged, length);
}

static void
write_splits(AnalysisDrawing *drawing, const AnalysisTable *splits, double top)
{
  const AnalysisType type = { 12, ANALYSIS_LEFT, false, NULL };
  double y = top + 10 + SPLIT_LINE / 2;
  unsigned rows = analysis_table_rows(splits);
  for (unsigned i = 0; i < rows; i++) {
    if (!is_shown(splits, i))
      continue;
    g_autofree char *text = split_text(splits, i);
    analysis_script_text(drawing->script, ANALYSIS_PAGE_LEFT, y, type, text);
    y += SPLIT_LINE;
  }
  if (rows <= SPLITS_MAX)
    return;
  g_autofree char *more =
    g_strdup_printf("These are the %d longest of %u splits.", SPLITS_MAX, rows);
  analysis_script_text(drawing->script, ANALYSIS_PAGE_LEFT, y,
                       (AnalysisType){ 12, ANALYSIS_LEFT, false, ANALYSIS_GREY }, more);
}

bool
analysis_fig_rings(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "rings", error);
  g_autoptr(AnalysisTable) splits =
    table == NULL ? NULL : analysis_drawing_query(drawing, "ring-splits", error);
  g_autoptr(AnalysisFlags) flags = splits == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (!analysis_table_has(table, "rings"))
    return analysis_drawing_nothing(drawing, "No rings were counted.", ANALYSIS_HINT_SUMMARY);
  analysis_drawing_data(drawing, NULL, table);
  analysis_drawing_data(drawing, "splits", splits);
  AnalysisSeries series;
  analysis_series_begin(drawing, title, flags, (const double[]){ 260 }, 1, splits_height(splits),
                        &series);
  double most = analysis_table_max(table, "rings", 1);
  bool logarithmic = most > 12;
  analysis_script_number(drawing->script, "logarithmic", logarithmic);
  analysis_script_number(drawing->script, "rings_to", logarithmic ? most * 1.5 : most + 0.6);
  double last = analysis_series_last(table, "rings", 1),
         height =
           logarithmic ? log(MAX(last, 1) / 0.7) / log(most * 1.5 / 0.7) : last / (most + 0.6);
  AnalysisLineLabel label = { "ring.count", height, 1 };
  analysis_page_line_labels(drawing, &series.panels[0], &label, 1);
  write_splits(drawing, splits, series.below);
  return true;
}

/* ---- Stale entries. ---- */

bool
analysis_fig_stale(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "stale", error);
  g_autoptr(AnalysisFlags) flags = table == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (!analysis_table_has(table, "stale"))
    return analysis_drawing_nothing(drawing, "No cache entries were measured.",
                                    ANALYSIS_HINT_SUMMARY);
  analysis_drawing_data(drawing, NULL, table);
  AnalysisSeries series;
  analysis_series_begin(drawing, title, flags, (const double[]){ 180, 150 }, 2, 0, &series);
  double share =
           analysis_page_values(drawing, "share", analysis_table_max(table, "stale", 0) * 100),
         age = analysis_table_max(table, "age_s", 0),
         unit = age > 3 * 3600 ? 3600
                : age > 180    ? 60
                               : 1;
  analysis_script_number(drawing->script, "age_unit", unit);
  analysis_script_string(drawing->script, "age_name",
                         unit == 3600 ? "h"
                         : unit == 60 ? "min"
                                      : "s");
  double age_to = analysis_page_values(drawing, "age", age / unit);
  AnalysisLineLabel labels[] = {
    { "cache.stale", analysis_series_last(table, "stale", share / 100), 1 },
    { "stale.age.max", analysis_series_last(table, "age_s", age_to * unit), 2 },
  };
  analysis_page_line_labels(drawing, &series.panels[0], &labels[0], 1);
  analysis_page_line_labels(drawing, &series.panels[1], &labels[1], 1);
  return true;
}

/* ---- Status. ---- */

/* As they lie on each other; the template has the same order and colours. */
static const struct {
  const char *column;
  AnalysisSwatch swatch;
} states[] = {
  { "active", { "active", "#9ecae1" } },         { "alone", { "alone", "#d55e00" } },
  { "no_network", { "no network", "#333333" } }, { "faulted", { "faulted", "#b0568a" } },
  { "starting", { "starting", "#f0e442" } },     { "down", { "not running", "#f2f2f2" } },
};

bool
analysis_fig_status(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "status", error);
  g_autoptr(AnalysisFlags) flags = table == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(drawing, "No nodes were counted.", ANALYSIS_HINT_SUMMARY);
  analysis_drawing_data(drawing, NULL, table);
  AnalysisSeries series;
  drawing->areas = true;
  analysis_series_begin(drawing, title, flags, (const double[]){ 300 }, 1, 0, &series);
  double nodes = analysis_table_number(drawing->run, 0, "nodes");
  analysis_script_number(drawing->script, "nodes_to", nodes);
  analysis_script_number(drawing->script, "nodes_step", analysis_page_step(nodes, 6));
  AnalysisSwatch shown[G_N_ELEMENTS(states)];
  unsigned n = 0;
  for (unsigned i = 0; i < G_N_ELEMENTS(states); i++)
    if (analysis_table_max(table, states[i].column, 0) > 0)
      shown[n++] = states[i].swatch;
  analysis_page_swatches(drawing, &series.panels[0], shown, n);
  return true;
}
