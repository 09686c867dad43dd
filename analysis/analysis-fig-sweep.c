/* Figures over the runs of a sweep. */
#include "analysis-figure.h"
#include "analysis-healing.h"
#include "analysis-series.h"
#include "analysis-text.h"

#include <math.h>
#include <string.h>

/* ---- Convergence: median and band. ---- */

#define VARIANTS_MAX 4

/* (transfer container) The different values of the column, in their order. */
static GPtrArray *
variants_of(const AnalysisTable *table)
{
  GPtrArray *variants = g_ptr_array_new();
  const char *last = NULL;
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    const char *variant = analysis_table_text(table, i, "variant");
    if (last == NULL || strcmp(variant, last) != 0)
      g_ptr_array_add(variants, (gpointer)variant);
    last = variant;
  }
  return variants;
}

/* The last median of a variant. */
static double
last_of(const AnalysisTable *table, const char *variant, const char *column)
{
  double last = 0;
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double value = analysis_table_number(table, i, column);
    if (strcmp(analysis_table_text(table, i, "variant"), variant) == 0 && !isnan(value))
      last = value;
  }
  return last;
}

/* Variants that differ in their params have a line each; otherwise both metrics have one. */
static void
sweep_labels(AnalysisDrawing *drawing, const AnalysisTable *table, const GPtrArray *variants,
             unsigned shown, const AnalysisPanel *panel)
{
  AnalysisLineLabel labels[VARIANTS_MAX];
  char *texts[VARIANTS_MAX] = { NULL };
  unsigned n = 0;
  if (shown == 1) {
    labels[n++] =
      (AnalysisLineLabel){ "leafset.exact", last_of(table, variants->pdata[0], "exact") / 1.04, 1 };
    labels[n++] = (AnalysisLineLabel){ "leafset.nearest",
                                       last_of(table, variants->pdata[0], "nearest") / 1.04, 2 };
  } else {
    static const int styles[VARIANTS_MAX] = { 1, 2, 4, 5 };
    for (unsigned i = 0; i < shown; i++) {
      texts[i] = analysis_text_cut(variants->pdata[i], 17);
      labels[n++] =
        (AnalysisLineLabel){ texts[i], last_of(table, variants->pdata[i], "exact") / 1.04,
                             styles[i] };
    }
  }
  analysis_page_line_labels(drawing, panel, labels, n);
  for (unsigned i = 0; i < VARIANTS_MAX; i++)
    g_free(texts[i]);
}

static void
sweep_about(AnalysisDrawing *drawing, const AnalysisTable *table, const GPtrArray *variants,
            unsigned shown)
{
  g_autofree char *which =
    shown < variants->len
      ? g_strdup_printf("; the first %u of %u combinations of params", shown, variants->len)
      : g_strdup("");
  drawing->all_runs = true;
  analysis_drawing_about(
    drawing, g_strdup_printf("Line: median of leafset.exact%s; band: 10th to 90th percentile of up "
                             "to %g runs%s",
                             shown == 1 ? " and leafset.nearest" : "",
                             analysis_table_max(table, "runs", 0), which));
}

bool
analysis_fig_convergence_sweep(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "convergence-sweep", error);
  g_autoptr(AnalysisTable) healing =
    table == NULL ? NULL : analysis_drawing_query(drawing, "disturbances-sweep", error);
  g_autoptr(AnalysisFlags) flags = healing == NULL ? NULL : analysis_flags_new(drawing, error);
  if (flags == NULL)
    return false;
  if (!analysis_table_has(table, "exact"))
    return analysis_drawing_nothing(drawing, "No leaf sets were measured.", ANALYSIS_HINT_SUMMARY);
  g_autoptr(GPtrArray) variants = variants_of(table);
  unsigned shown = MIN(variants->len, VARIANTS_MAX);
  for (unsigned i = 0; i < shown; i++) {
    g_autofree char *part = g_strdup_printf("%u", i + 1);
    analysis_drawing_data_text(drawing, part,
                               analysis_table_tsv_where(table, "variant", variants->pdata[i]));
  }
  analysis_drawing_data(drawing, "disturbances", healing);
  sweep_about(drawing, table, variants, shown);
  AnalysisSeries series;
  analysis_series_begin(drawing, title, flags, (const double[]){ 310 }, 1,
                        analysis_healing_height(healing), &series);
  analysis_script_number(drawing->script, "variants", shown);
  sweep_labels(drawing, table, variants, shown, &series.panels[0]);
  analysis_healing_draw(drawing, healing, true, series.below);
  return true;
}

/* ---- Hops against size. ---- */

/* The least squares of the mean hops against the logarithm of the size. */
static bool
fit(const AnalysisTable *table, double *ret_base, double *ret_slope)
{
  double n = analysis_table_rows(table), x = 0, y = 0, xx = 0, xy = 0;
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double size = log2(analysis_table_number(table, i, "nodes")),
           hops = analysis_table_number(table, i, "mean");
    x += size;
    y += hops;
    xx += size * size;
    xy += size * hops;
  }
  double spread = n * xx - x * x;
  if (n < 2 || !(spread > 1e-9))
    return false;
  *ret_slope = (n * xy - x * y) / spread;
  *ret_base = (y - *ret_slope * x) / n;
  return true;
}

static void
size_about(AnalysisDrawing *drawing, const AnalysisTable *table)
{
  double searches = 0, base, slope;
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    searches += analysis_table_number(table, i, "searches");
  g_autofree char *n =
    analysis_text_some((int64_t)searches, "finished search", "finished searches");
  g_autofree char *line = fit(table, &base, &slope)
                            ? g_strdup_printf("; least squares: hops = %.2f %c %.2f log₂ N", base,
                                              slope < 0 ? '-' : '+', fabs(slope))
                            : g_strdup("");
  drawing->all_runs = true;
  analysis_drawing_about(drawing,
                         g_strdup_printf("%s; bars: least and greatest mean of a run%s", n, line));
}

/* Where N is on its logarithmic axis; a sweep of ten sizes has room for all of them. */
static void
size_axis(AnalysisDrawing *drawing, const AnalysisTable *table)
{
  unsigned rows = analysis_table_rows(table);
  double least = analysis_table_number(table, 0, "nodes"),
         most = analysis_table_number(table, rows - 1, "nodes");
  GString *tics = g_string_new("set xtics (");
  for (unsigned i = 0; i < rows; i++) {
    const char *nodes = analysis_table_text(table, i, "nodes");
    g_string_append_printf(tics, "%s\"%s\" %s", i > 0 ? ", " : "",
                           rows <= 10 || i == 0 || i == rows - 1 ? nodes : "", nodes);
  }
  g_string_append_c(tics, ')');
  analysis_script_string(drawing->script, "size_tics", tics->str);
  analysis_script_number(drawing->script, "size_from", least / 1.5);
  analysis_script_number(drawing->script, "size_to", most * 1.5);
  g_string_free(tics, TRUE);
}

bool
analysis_fig_hops_size(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "hops-size", error);
  if (table == NULL)
    return false;
  unsigned rows = analysis_table_rows(table);
  if (rows == 0)
    return analysis_drawing_nothing(drawing, "No search has ended.", ANALYSIS_HINT_SEARCHES);
  if (rows < 2)
    return analysis_drawing_nothing(
      drawing, "All runs have the same number of nodes: this figure is about several.",
      ANALYSIS_HINT_SWEEP);
  analysis_drawing_data(drawing, NULL, table);
  size_about(drawing, table);
  double top = analysis_page_begin(drawing, title, 340 + ANALYSIS_AXIS) + 8;
  AnalysisPanel panel = { ANALYSIS_PAGE_LEFT, top, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                          top + 330 };
  analysis_script_panel(drawing->script, "p1", panel.left, panel.top, panel.right, panel.bottom);
  size_axis(drawing, table);
  double largest = analysis_table_number(table, rows - 1, "nodes"),
         most = analysis_page_values(
           drawing, "hops", MAX(analysis_table_max(table, "p95", 1), log10(largest * 1.5)) * 1.05);
  AnalysisLineLabel labels[] = {
    { "mean", analysis_table_number(table, rows - 1, "mean") / most, 1 },
    { "p95", analysis_table_number(table, rows - 1, "p95") / most, 2 },
    { "log₁₀ N", log10(largest * 1.5) / most, 20 },
  };
  analysis_page_line_labels(drawing, &panel, labels, G_N_ELEMENTS(labels));
  return true;
}

/* ---- Success against a param. ---- */

static const char *
axis_name(const AnalysisTable *table)
{
  const char *unit = analysis_table_text(table, 0, "unit");
  return strcmp(unit, "time") == 0 ? " (time)" : strcmp(unit, "share") == 0 ? " (share)" : "";
}

/* One tic for each value, as it was written, as long as they do not touch. */
static void
param_axis(AnalysisDrawing *drawing, const AnalysisTable *table, const AnalysisPanel *panel)
{
  unsigned rows = analysis_table_rows(table);
  double least = analysis_table_number(table, 0, "x"),
         most = analysis_table_number(table, rows - 1, "x");
  bool logarithmic = least > 0 && most / least > 20;
  double from = logarithmic ? log(least / 1.5) : least - (most - least) * 0.06,
         to = logarithmic ? log(most * 1.5) : most + (most - least) * 0.06, free_from = -1;
  if (!(to > from)) {
    from -= 1;
    to += 1;
  }
  GString *tics = g_string_new("set xtics (");
  const char *last = "";
  for (unsigned i = 0; i < rows; i++) {
    const char *value = analysis_table_text(table, i, "value");
    if (strcmp(value, last) == 0)
      continue;
    double x = analysis_table_number(table, i, "x"), at = logarithmic ? log(x) : x,
           place = (at - from) / (to - from) * (panel->right - panel->left),
           half = analysis_text_width(value) * 12 / 2;
    bool fits = place - half > free_from;
    g_autofree char *number = analysis_script_decimal(x);
    g_autofree char *text = analysis_script_quote(fits ? value : "");
    g_string_append_printf(tics, "%s%s %s", *last == '\0' ? "" : ", ", text, number);
    free_from = fits ? place + half + 6 : free_from;
    last = value;
  }
  g_string_append_c(tics, ')');
  analysis_script_string(drawing->script, "param_tics", tics->str);
  analysis_script_number(drawing->script, "param_log", logarithmic);
  analysis_script_number(drawing->script, "param_from", logarithmic ? exp(from) : from);
  analysis_script_number(drawing->script, "param_to", logarithmic ? exp(to) : to);
  g_string_free(tics, TRUE);
}

/* (transfer full) The pooled share of each value, for the line: x, success, searches. */
static char *
pooled(const AnalysisTable *table, double *ret_last)
{
  GString *text = g_string_new("# x\tsuccess\teligible\n");
  unsigned rows = analysis_table_rows(table);
  double found = 0, eligible = 0;
  for (unsigned i = 0; i < rows; i++) {
    found += analysis_table_number(table, i, "found");
    eligible += analysis_table_number(table, i, "eligible");
    double x = analysis_table_number(table, i, "x");
    if (i + 1 < rows && analysis_table_number(table, i + 1, "x") == x)
      continue;
    *ret_last = found / eligible;
    g_autofree char *at = analysis_script_decimal(x);
    g_autofree char *share = analysis_script_decimal(*ret_last);
    g_autofree char *n = analysis_script_decimal(eligible);
    g_string_append_printf(text, "%s\t%s\t%s\n", at, share, n);
    found = eligible = 0;
  }
  return g_string_free(text, FALSE);
}

static void
success_axis(AnalysisDrawing *drawing, const AnalysisTable *table, double last,
             const AnalysisPanel *panel)
{
  static const double begins[] = { 99.9, 99, 95, 90, 80, 50, 0 };
  double least = 1;
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    least = MIN(least, analysis_table_number(table, i, "success"));
  unsigned i = 0;
  while (least * 100 < begins[i])
    i++;
  analysis_script_number(drawing->script, "share_from", begins[i]);
  analysis_script_number(drawing->script, "share_step", (100 - begins[i]) / 5);
  AnalysisLineLabel label = { "search.success", (last * 100 - begins[i]) / (100 - begins[i]) / 1.04,
                              1 };
  analysis_page_line_labels(drawing, panel, &label, 1);
}

bool
analysis_fig_success_session(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "success-session", error);
  if (table == NULL)
    return false;
  if (analysis_table_rows(table) == 0 && drawing->params.x != NULL)
    return analysis_drawing_nothing(
      drawing, "No search counts, of keys that were there all through.", ANALYSIS_HINT_SEARCHES);
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(
      drawing,
      "No param differs between the runs, or no search counts: this figure is about several.",
      ANALYSIS_HINT_SWEEP);
  analysis_drawing_data(drawing, NULL, table);
  double last = 0, searches = 0;
  analysis_drawing_data_text(drawing, "line", pooled(table, &last));
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    searches += analysis_table_number(table, i, "eligible");
  g_autofree char *n = analysis_text_count((int64_t)searches);
  drawing->all_runs = true;
  analysis_drawing_about(
    drawing,
    g_strdup_printf("%s searches for keys that were there; points: runs, line: all searches"
                    " of the runs with that value",
                    n));
  double top = analysis_page_begin(drawing, title, 340 + ANALYSIS_AXIS) + 8;
  AnalysisPanel panel = { ANALYSIS_PAGE_LEFT, top, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                          top + 330 };
  analysis_script_panel(drawing->script, "p1", panel.left, panel.top, panel.right, panel.bottom);
  param_axis(drawing, table, &panel);
  success_axis(drawing, table, last, &panel);
  g_autofree char *name =
    g_strdup_printf("param %s%s", analysis_table_text(table, 0, "name"), axis_name(table));
  analysis_script_string(drawing->script, "param_name", name);
  return true;
}
