/* What nodes send. */
#include "analysis-figure.h"
#include "analysis-series.h"
#include "analysis-text.h"

#include <math.h>
#include <string.h>

/* ---- By type. ---- */

/* The lowest of the stack first; the template has the same order and colours. */
static const struct {
  const char *messages, *bytes;
  AnalysisSwatch swatch;
} types[] = {
  { "LOOKUP", "LOOKUP_bytes", { "LOOKUP", "#08306b" } },
  { "AUTHORITY", "AUTHORITY_bytes", { "AUTHORITY", "#56b4e9" } },
  { "ACK", "ACK_bytes", { "ACK", "#d9d9d9" } },
  { "INQUIRE", "INQUIRE_bytes", { "INQUIRE", "#e69f00" } },
  { "FLOOD", "FLOOD_bytes", { "FLOOD", "#f0e442" } },
  { "SOLICIT", "SOLICIT_bytes", { "SOLICIT", "#009e73" } },
  { "ADVERTISE", "ADVERTISE_bytes", { "ADVERTISE", "#b0568a" } },
  { "REQUEST", "REQUEST_bytes", { "REQUEST", "#000000" } },
};

/* The highest sum of a row. */
static double
highest(const AnalysisTable *table, bool bytes)
{
  double most = 0;
  for (unsigned row = 0; row < analysis_table_rows(table); row++) {
    double sum = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
      sum += analysis_table_number(table, row, bytes ? types[i].bytes : types[i].messages);
    most = MAX(most, sum);
  }
  return most;
}

bool
analysis_fig_traffic(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "traffic", error);
  g_autoptr(AnalysisFlags) flags = table == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(drawing, "No messages were counted.", ANALYSIS_HINT_SUMMARY);
  analysis_drawing_data(drawing, NULL, table);
  const char *messages = analysis_table_text(drawing->run, 0, "messages");
  if (messages != NULL) {
    g_autofree char *n = analysis_text_count(g_ascii_strtoll(messages, NULL, 10));
    g_autofree char *bytes = analysis_text_bytes(analysis_table_number(drawing->run, 0, "bytes"));
    analysis_drawing_about(drawing, g_strdup_printf("%s messages, %s", n, bytes));
  }
  AnalysisSeries series;
  drawing->areas = true;
  analysis_series_begin(drawing, title, flags, (const double[]){ 190, 190 }, 2, 0, &series);
  double bytes = highest(table, true), unit = bytes > 5000 ? 1000 : 1;
  analysis_page_values(drawing, "messages", highest(table, false));
  analysis_script_number(drawing->script, "byte_unit", unit);
  analysis_script_string(drawing->script, "byte_name", unit > 1 ? "kB" : "bytes");
  analysis_page_values(drawing, "bytes", bytes / unit);
  AnalysisSwatch swatches[G_N_ELEMENTS(types)];
  unsigned n = 0;
  for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
    if (analysis_table_max(table, types[i].messages, 0) > 0)
      swatches[n++] = types[i].swatch;
  AnalysisPanel both = series.panels[0];
  both.bottom = series.panels[1].bottom;
  analysis_page_swatches(drawing, &both, swatches, n);
  return true;
}

/* ---- Over nodes. ---- */

static void
load_quantiles(AnalysisDrawing *drawing, const AnalysisPanel *panel, const AnalysisTable *table)
{
  static const struct {
    const char *column, *name;
    double share;
  } which[] = { { "p50", "p50", 0.50 }, { "p99", "p99", 0.99 }, { "max", "max", 1 } };
  AnalysisQuantile marks[G_N_ELEMENTS(which)];
  for (unsigned i = 0; i < G_N_ELEMENTS(which); i++) {
    double x = analysis_table_number(table, 0, which[i].column);
    char rate[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(rate, sizeof rate, "%.3g", x);
    marks[i] =
      (AnalysisQuantile){ g_strdup_printf("%s %s/s", which[i].name, rate), x, which[i].share };
  }
  analysis_page_quantiles(drawing, panel, marks, G_N_ELEMENTS(which));
  for (unsigned i = 0; i < G_N_ELEMENTS(which); i++)
    g_free(marks[i].text);
}

static void
load_over_time(AnalysisDrawing *drawing, const AnalysisTable *time, const AnalysisPanel *panel)
{
  double most = analysis_page_values(drawing, "time_rate", analysis_table_max(time, "max", 0));
  AnalysisLineLabel labels[] = {
    { "max", analysis_series_last(time, "max", most), 3 },
    { "p99", analysis_series_last(time, "p99", most), 2 },
    { "p50", analysis_series_last(time, "p50", most), 1 },
  };
  analysis_page_line_labels(drawing, panel, labels, G_N_ELEMENTS(labels));
  analysis_page_time(drawing, 0, analysis_table_number(drawing->run, 0, "reached_s"));
}

static void
load_about(AnalysisDrawing *drawing, const AnalysisTable *quantiles, bool has_time)
{
  g_autofree char *n = analysis_text_some(analysis_table_integer(quantiles, 0, "n"),
                                          "node that ran", "nodes that ran");
  g_autofree char *more = has_time ? g_strdup("") : g_strdup("; over time with --trace messages");
  analysis_drawing_about(drawing,
                         g_strdup_printf("%s; the busiest: %s%s", n,
                                         analysis_table_text(quantiles, 0, "busiest"), more));
}

bool
analysis_fig_load(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "load", error);
  g_autoptr(AnalysisTable) quantiles =
    table == NULL ? NULL : analysis_drawing_query(drawing, "load-quantiles", error);
  g_autoptr(AnalysisTable) time =
    quantiles == NULL ? NULL : analysis_drawing_query(drawing, "load-time", error);
  if (time == NULL)
    return false;
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(
      drawing, "What nodes sent is not known.",
      "It is written at the end of a run: this one has not come to its end, or no node ran.");
  analysis_drawing_data(drawing, NULL, table);
  bool has_time = analysis_table_rows(time) > 0;
  load_about(drawing, quantiles, has_time);
  double height = has_time ? 220 : 300,
         top = analysis_page_begin(drawing, title,
                                   8 + height + ANALYSIS_AXIS +
                                     (has_time ? 24 + 140 + ANALYSIS_AXIS : 0)) +
               8;
  AnalysisPanel panel = { ANALYSIS_PAGE_LEFT, top, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                          top + height };
  analysis_script_panel(drawing->script, "p1", panel.left, panel.top, panel.right, panel.bottom);
  analysis_page_values(drawing, "rate", analysis_table_max(table, "rate", 0));
  analysis_script_number(drawing->script, "has_time", has_time);
  load_quantiles(drawing, &panel, quantiles);
  if (has_time) {
    analysis_drawing_data(drawing, "time", time);
    panel.top = panel.bottom + ANALYSIS_AXIS + 24;
    panel.bottom = panel.top + 140;
    analysis_script_panel(drawing->script, "p2", panel.left, panel.top, panel.right, panel.bottom);
    load_over_time(drawing, time, &panel);
  }
  return true;
}
