/* What searches gave, and what they took. */
#include "analysis-figure.h"
#include "analysis-series.h"
#include "analysis-text.h"

#include <math.h>

static const char no_searches[] = "No search has ended.";

/* ---- Over time. ---- */

static double
least_of(const AnalysisTable *table, const char *column, double most)
{
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double value = analysis_table_number(table, i, column);
    if (value < most)
      most = value;
  }
  return most;
}

/* Most clouds are good: the axis begins where it shows the difference. */
static double
share_axis(AnalysisDrawing *drawing, double least)
{
  static const double begins[] = { 99.9, 99, 95, 90, 80, 50, 0 };
  unsigned i = 0;
  while (least * 100 < begins[i])
    i++;
  analysis_script_number(drawing->script, "share_from", begins[i]);
  analysis_script_number(drawing->script, "share_step", (100 - begins[i]) / 5);
  return begins[i] / 100;
}

static double
total(const AnalysisTable *table, const char *column)
{
  double sum = 0;
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    sum += analysis_table_number(table, i, column);
  return sum;
}

bool
analysis_fig_searches(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "searches", error);
  g_autoptr(AnalysisFlags) flags = table == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(drawing, no_searches, ANALYSIS_HINT_SEARCHES);
  analysis_drawing_data(drawing, NULL, table);
  g_autofree char *eligible = analysis_text_count((int64_t)total(table, "eligible"));
  g_autofree char *answered = analysis_text_count((int64_t)total(table, "answered"));
  g_autofree char *each = analysis_text_time(analysis_table_number(table, 0, "span_s"));
  analysis_drawing_about(drawing,
                         g_strdup_printf("%s searches for keys that were there, %s answers, in "
                                         "spans of %s",
                                         eligible, answered, each));
  AnalysisSeries series;
  analysis_series_begin(drawing, title, flags, (const double[]){ 240, 84 }, 2, 0, &series);
  double least = MIN(least_of(table, "success", 1), least_of(table, "correct", 1)),
         from = share_axis(drawing, least), span = (1 - from) * 1.04;
  double most = analysis_page_values(drawing, "count", analysis_table_max(table, "eligible", 0));
  AnalysisLineLabel labels[] = {
    { "search.success", (analysis_series_last(table, "success", 1) - from) / span, 1 },
    { "search.correct", (analysis_series_last(table, "correct", 1) - from) / span, 2 },
  };
  AnalysisLineLabel count = { "searches", analysis_series_last(table, "eligible", most), 3 };
  analysis_page_line_labels(drawing, &series.panels[0], labels, 2);
  analysis_page_line_labels(drawing, &series.panels[1], &count, 1);
  return true;
}

/* ---- Latency. ---- */

/* A node that looks for a key of its own needs no time, and a logarithm has no zero. */
static double
first_above_zero(const AnalysisTable *table)
{
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double took = analysis_table_number(table, i, "took_s");
    if (took > 0)
      return took;
  }
  return 0.001;
}

bool
analysis_fig_latency(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "latency", error);
  g_autoptr(AnalysisTable) quantiles =
    table == NULL ? NULL : analysis_drawing_query(drawing, "latency-quantiles", error);
  if (quantiles == NULL)
    return false;
  unsigned rows = analysis_table_rows(table);
  if (rows == 0)
    return analysis_drawing_nothing(drawing, no_searches, ANALYSIS_HINT_SEARCHES);
  analysis_drawing_data(drawing, NULL, table);
  g_autofree char *n = analysis_text_some(analysis_table_integer(quantiles, 0, "n"),
                                          "finished search", "finished searches");
  analysis_drawing_about(drawing, g_strdup(n));
  double top = analysis_page_begin(drawing, title, 340 + ANALYSIS_AXIS) + 8;
  AnalysisPanel panel = { ANALYSIS_PAGE_LEFT, top, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                          top + 330 };
  analysis_script_panel(drawing->script, "p1", panel.left, panel.top, panel.right, panel.bottom);
  analysis_page_log_time(drawing, "took", "x", first_above_zero(table),
                         analysis_table_number(table, rows - 1, "took_s"));
  static const struct {
    const char *column, *name;
    double share;
  } which[] = { { "p50_s", "p50", 0.50 }, { "p95_s", "p95", 0.95 }, { "p99_s", "p99", 0.99 } };
  AnalysisQuantile marks[G_N_ELEMENTS(which)];
  for (unsigned i = 0; i < G_N_ELEMENTS(which); i++) {
    double x = analysis_table_number(quantiles, 0, which[i].column);
    g_autofree char *time = analysis_text_time(x);
    marks[i] = (AnalysisQuantile){ g_strdup_printf("%s %s", which[i].name, time), MAX(x, 1e-6),
                                   which[i].share };
  }
  analysis_page_quantiles(drawing, &panel, marks, G_N_ELEMENTS(which));
  for (unsigned i = 0; i < G_N_ELEMENTS(which); i++)
    g_free(marks[i].text);
  return true;
}

/* ---- Hops. ---- */

/* The share above each bar. */
static void
bar_labels(AnalysisDrawing *drawing, const AnalysisTable *table, double all)
{
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double n = analysis_table_number(table, i, "found") + analysis_table_number(table, i, "empty");
    g_autofree char *share = analysis_text_share(n / all);
    g_autofree char *where =
      g_strdup_printf("first %s, first %.0f offset character 0, character 0.6",
                      analysis_table_text(table, i, "hops"), n);
    analysis_script_text_at(drawing->script, where,
                            (AnalysisType){ 11.5, ANALYSIS_CENTER, false, NULL },
                            n > 0 && n / all < 0.001 ? "< 0.1 %" : share);
  }
}

bool
analysis_fig_hops(AnalysisDrawing *drawing, const char *title, GError **error)
{
  static const AnalysisSwatch swatches[] = { { "found", "#9ecae1" },
                                             { "nothing found", "#333333" } };
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "hops", error);
  if (table == NULL)
    return false;
  unsigned rows = analysis_table_rows(table);
  if (rows == 0)
    return analysis_drawing_nothing(drawing, no_searches, ANALYSIS_HINT_SEARCHES);
  analysis_drawing_data(drawing, NULL, table);
  double all = total(table, "found") + total(table, "empty"), sum = 0, most = 0;
  for (unsigned i = 0; i < rows; i++) {
    double n = analysis_table_number(table, i, "found") + analysis_table_number(table, i, "empty");
    sum += n * analysis_table_number(table, i, "hops");
    most = MAX(most, n);
  }
  g_autofree char *n = analysis_text_some((int64_t)all, "finished search", "finished searches");
  g_autofree char *mean = analysis_script_decimal(round(sum / all * 100) / 100);
  analysis_drawing_about(drawing, g_strdup_printf("%s, %s hops on average", n, mean));
  double top = analysis_page_begin(drawing, title, 330 + ANALYSIS_AXIS) + 8;
  AnalysisPanel panel = { ANALYSIS_PAGE_LEFT, top, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                          top + 320 };
  analysis_script_panel(drawing->script, "p1", panel.left, panel.top, panel.right, panel.bottom);
  analysis_page_values(drawing, "count", most * 1.08);
  double last = analysis_table_number(table, rows - 1, "hops");
  analysis_script_number(drawing->script, "hops_to", MAX(last, 4) + 0.6);
  analysis_script_number(drawing->script, "hops_step", MAX(1, analysis_page_step(last, 16)));
  if (rows <= 14)
    bar_labels(drawing, table, all);
  analysis_page_swatches(drawing, &panel, swatches, total(table, "empty") > 0 ? 2 : 1);
  return true;
}
