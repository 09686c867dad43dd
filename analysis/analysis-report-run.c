/* Verdicts, key figures and disturbances of one run. */
#include "analysis-report-private.h"

#include "analysis-healing.h"
#include "analysis-text.h"

#include <math.h>
#include <string.h>

/* ---- Verdicts. ---- */

static const char *
sign_of(const char *verdict)
{
  return strcmp(verdict, "held") == 0     ? "✓ held"
         : strcmp(verdict, "failed") == 0 ? "✗ failed"
                                          : verdict;
}

static void
verdict_row(AnalysisReport *report, const AnalysisTable *table, unsigned i)
{
  const char *verdict = analysis_table_text(table, i, "verdict"),
             *file = analysis_table_text(table, i, "file");
  g_autofree char *at = analysis_text_time(analysis_table_number(table, i, "at_s"));
  g_autofree char *where =
    file == NULL ? g_strdup("an invariant")
                 : g_strdup_printf("%s:%s", file, analysis_table_text(table, i, "line"));
  g_string_append(report->page, "<tr>");
  analysis_html_element(report->page, "td", verdict, sign_of(verdict));
  g_string_append(report->page, "<td>");
  analysis_html_element(report->page, "code", NULL, analysis_table_text(table, i, "text"));
  g_string_append(report->page, "</td>");
  analysis_html_element(report->page, "td", NULL, analysis_table_text(table, i, "value"));
  analysis_html_element(report->page, "td", "n", at);
  analysis_html_element(report->page, "td", "soft", where);
  g_string_append(report->page, "</tr>\n");
}

bool
analysis_report_verdicts(AnalysisReport *report, GError **error)
{
  static const char *const names[] = { "verdict", "expectation", "found", ">at", "where", NULL };
  g_autoptr(AnalysisTable) table =
    analysis_table_query(report->trace, "expectations", &report->params, error);
  if (table == NULL)
    return false;
  g_string_append(report->page, "<h2 id=\"verdicts\">Verdicts</h2>\n");
  const char *problem = analysis_table_text(report->run, 0, "problem");
  if (problem != NULL)
    analysis_html_element(report->page, "p", "failed", problem);
  if (analysis_table_rows(table) == 0) {
    g_string_append(report->page,
                    "<p>Nothing was expected of this run, or it was not judged.</p>\n");
    return true;
  }
  analysis_html_head(report->page, names);
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    verdict_row(report, table, i);
  g_string_append(report->page, "</tbody></table></div>\n");
  return true;
}

/* ---- Key figures. ---- */

/* (transfer full) A value as its kind is written. */
static char *
value_text(const char *kind, double value)
{
  if (isnan(value))
    return g_strdup("-");
  if (strcmp(kind, "share") == 0)
    return analysis_text_share(value);
  if (strcmp(kind, "time") == 0)
    return analysis_text_time(value);
  if (strcmp(kind, "count") == 0)
    return analysis_text_count(llround(value));
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(number, sizeof number, "%.3g", value);
  if (strcmp(kind, "byte-rate") == 0) {
    g_autofree char *bytes = analysis_text_bytes(value);
    return g_strconcat(bytes, "/s", NULL);
  }
  return strcmp(kind, "rate") == 0 ? g_strconcat(number, "/s", NULL) : g_strdup(number);
}

static bool
find_metric(const AnalysisTable *metrics, const char *name, unsigned *ret_row)
{
  for (*ret_row = 0; *ret_row < analysis_table_rows(metrics); (*ret_row)++)
    if (strcmp(analysis_table_text(metrics, *ret_row, "metric"), name) == 0)
      return true;
  return false;
}

static void
metric_figures(AnalysisReport *report, const AnalysisTable *metrics)
{
  static const struct {
    const char *metric, *name, *remark;
  } shown[] = {
    { "leafset.exact", "leaf sets right", "leafset.exact, at the end" },
    { "leafset.nearest", "nearest neighbours right", "leafset.nearest, at the end" },
    { "ring.count", "rings", "ring.count, at the end" },
    { "search.success", "searches that succeeded", "search.success, whole run" },
    { "search.correct", "answers that were right", "search.correct, whole run" },
    { "search.timeouts", "questions never answered", "search.timeouts, whole run" },
    { "join.active.p50", "from start to active", "join.active.p50" },
    { "join.visible.p50", "from start to visible", "join.visible.p50" },
    { "messages.per-node", "messages a node", "messages.per-node, whole run" },
    { "bytes.per-node", "bytes a node", "bytes.per-node, whole run" },
    { "cache.entries", "cache entries a node", "cache.entries, at the end" },
    { "cache.stale", "stale cache entries", "cache.stale, at the end" },
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(shown); i++) {
    unsigned row;
    if (!find_metric(metrics, shown[i].metric, &row) ||
        analysis_table_text(metrics, row, "value") == NULL)
      continue;
    g_autofree char *value = value_text(analysis_table_text(metrics, row, "kind"),
                                        analysis_table_number(metrics, row, "value"));
    analysis_html_figure(report->page, shown[i].name, value, shown[i].remark);
  }
}

static void
search_figures(AnalysisReport *report, const AnalysisTable *counts, const AnalysisTable *latency)
{
  int64_t searches = analysis_table_integer(counts, 0, "searches");
  g_autofree char *n = analysis_text_count(searches);
  g_autofree char *failed = analysis_text_count(analysis_table_integer(counts, 0, "failed"));
  g_autofree char *wrong = analysis_text_count(analysis_table_integer(counts, 0, "wrong"));
  g_autofree char *remark = g_strdup_printf("%s failed, %s answered wrongly", failed, wrong);
  if (searches == 0)
    return;
  analysis_html_figure(report->page, "searches", n, remark);
  static const struct {
    const char *column, *name;
  } shown[] = { { "p50_s", "latency, median" },
                { "p95_s", "latency, 95 %" },
                { "p99_s", "latency, 99 %" } };
  for (unsigned i = 0; i < G_N_ELEMENTS(shown); i++) {
    g_autofree char *time = analysis_text_time(analysis_table_number(latency, 0, shown[i].column));
    analysis_html_figure(report->page, shown[i].name, time, "of finished searches");
  }
  g_autofree char *hops = value_text("mean", analysis_table_number(counts, 0, "hops"));
  analysis_html_figure(report->page, "hops, mean", hops, "nodes asked in a finished search");
}

static void
run_figures(AnalysisReport *report)
{
  static const struct {
    const char *column, *name;
    bool bytes;
  } shown[] = { { "nodes_peak", "nodes at the same time", false },
                { "events", "events", false },
                { "messages", "messages", false },
                { "bytes", "in messages", true },
                { "peak_rss_bytes", "memory", true } };
  for (unsigned i = 0; i < G_N_ELEMENTS(shown); i++) {
    if (analysis_table_text(report->run, 0, shown[i].column) == NULL)
      continue;
    g_autofree char *value =
      shown[i].bytes ? analysis_text_bytes(analysis_table_number(report->run, 0, shown[i].column))
                     : analysis_text_count(analysis_table_integer(report->run, 0, shown[i].column));
    analysis_html_figure(report->page, shown[i].name, value, NULL);
  }
}

bool
analysis_report_figures(AnalysisReport *report, GError **error)
{
  g_autoptr(AnalysisTable) metrics =
    analysis_table_query(report->trace, "run-metrics", &report->params, error);
  g_autoptr(AnalysisTable) counts =
    metrics == NULL ? NULL
                    : analysis_table_query(report->trace, "search-counts", &report->params, error);
  g_autoptr(AnalysisTable) latency =
    counts == NULL
      ? NULL
      : analysis_table_query(report->trace, "latency-quantiles", &report->params, error);
  if (latency == NULL)
    return false;
  g_string_append(report->page, "<h2 id=\"figures\">Key figures</h2>\n<dl>\n");
  metric_figures(report, metrics);
  search_figures(report, counts, latency);
  run_figures(report);
  g_string_append(report->page, "</dl>\n");
  return true;
}

/* ---- Disturbances. ---- */

static void
convergence_cell(AnalysisReport *report, double seconds)
{
  double sample = analysis_table_number(report->run, 0, "sample_s");
  g_autofree char *text = analysis_healing_text(seconds, sample);
  analysis_html_element(report->page, "td", "n", text);
}

bool
analysis_report_disturbances(AnalysisReport *report, GError **error)
{
  static const char *const names[] = { ">no.",        ">at",         "disturbance",  ">fell to",
                                       ">50 % after", ">95 % after", ">100 % after", NULL };
  g_autoptr(AnalysisTable) table =
    analysis_table_query(report->trace, "disturbances", &report->params, error);
  if (table == NULL)
    return false;
  g_string_append(report->page, "<h2 id=\"disturbances\">Disturbances</h2>\n");
  if (analysis_table_rows(table) == 0) {
    g_string_append(report->page, "<p>None was recorded.</p>\n");
    return true;
  }
  g_string_append(
    report->page,
    "<p>How long it took, from the end of each disturbance, until that share of all "
    "leaf-set positions was right again; “at once”: it did not fall below; “not yet”: not "
    "before the next disturbance, or the end.</p>\n");
  analysis_html_head(report->page, names);
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    g_autofree char *at = analysis_text_time(analysis_table_number(table, i, "began_s"));
    g_autofree char *lowest = analysis_text_share(analysis_table_number(table, i, "lowest"));
    g_string_append(report->page, "<tr>");
    analysis_html_element(report->page, "td", "n", analysis_table_text(table, i, "number"));
    analysis_html_element(report->page, "td", "n", at);
    analysis_html_element(report->page, "td", NULL, analysis_table_text(table, i, "what"));
    analysis_html_element(report->page, "td", "n", lowest);
    convergence_cell(report, analysis_table_number(table, i, "to50_s"));
    convergence_cell(report, analysis_table_number(table, i, "to95_s"));
    convergence_cell(report, analysis_table_number(table, i, "to100_s"));
    g_string_append(report->page, "</tr>\n");
  }
  g_string_append(report->page, "</tbody></table></div>\n");
  return true;
}
