#include "analysis-page.h"

#include "analysis-text.h"

#include <math.h>
#include <string.h>

#define TITLE_SIZE 17.0
#define SUBTITLE_SIZE 13.0
#define CAPTION_SIZE 10.5
#define LINE 1.4 /* from one line of text to the next, in sizes */
#define LINES_MAX 4

static const AnalysisType title_type = { TITLE_SIZE, ANALYSIS_LEFT, true, NULL };
static const AnalysisType subtitle_type = { SUBTITLE_SIZE, ANALYSIS_LEFT, false, NULL };
static const AnalysisType caption_type = { CAPTION_SIZE, ANALYSIS_LEFT, false, ANALYSIS_GREY };

/* @text in at most @max lines of the page, the last one cut if need be. */
static GPtrArray *
wrap(const char *text, double size, unsigned max)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
  double width = (ANALYSIS_PAGE_WIDTH - 2 * ANALYSIS_PAGE_SIDE) / size;
  while (text != NULL && lines->len < max) {
    const char *rest;
    g_autofree char *line = analysis_text_line(text, width, &rest);
    bool more = rest != NULL && lines->len + 1 == max;
    g_ptr_array_add(lines, more ? g_strconcat(line, " …", NULL) : g_steal_pointer(&line));
    text = rest;
  }
  return lines;
}

/* ---- The caption. ---- */

/* The seeds of a sweep: all if they are few, else from which to which they go. */
static void
append_all_seeds(AnalysisDrawing *drawing, GString *text)
{
  g_autoptr(AnalysisTable) runs =
    analysis_table_query(drawing->trace, "runs", &drawing->params, NULL);
  g_autoptr(GPtrArray) seeds = g_ptr_array_new();
  for (unsigned i = 0; runs != NULL && i < analysis_table_rows(runs); i++) {
    const char *seed = analysis_table_text(runs, i, "seed");
    if (!g_ptr_array_find_with_equal_func(seeds, seed, g_str_equal, NULL))
      g_ptr_array_add(seeds, (gpointer)seed);
  }
  if (seeds->len > 4) {
    g_string_append_printf(text, ", %u seeds, %s to %s", seeds->len, (char *)seeds->pdata[0],
                           (char *)seeds->pdata[seeds->len - 1]);
    return;
  }
  for (unsigned i = 0; i < seeds->len; i++)
    g_string_append_printf(text, "%s%s",
                           i > 0            ? ", "
                           : seeds->len > 1 ? ", seeds "
                                            : ", seed ",
                           (char *)seeds->pdata[i]);
}

static void
append_seeds(AnalysisDrawing *drawing, GString *text)
{
  unsigned runs = analysis_trace_runs(drawing->trace);
  if (drawing->all_runs) {
    g_autofree char *count = analysis_text_some(runs, "run", "runs");
    g_string_append(text, count);
    append_all_seeds(drawing, text);
    return;
  }
  g_string_append_printf(text, "seed %s", analysis_table_text(drawing->run, 0, "seed"));
  if (runs > 1)
    g_string_append_printf(text, " (run %" G_GINT64_FORMAT " of %u)", drawing->params.run, runs);
}

static void
append_run(AnalysisDrawing *drawing, GString *text)
{
  AnalysisTable *run = drawing->run;
  g_autofree char *nodes =
    analysis_text_some(analysis_table_integer(run, 0, "nodes"), "node", "nodes");
  g_autofree char *time = analysis_text_time(analysis_table_number(run, 0, "reached_s"));
  g_string_append_printf(text, ", %s, %s", nodes, time);
  const char *params = analysis_table_text(run, 0, "params");
  if (params != NULL)
    g_string_append_printf(text, " (%s)", params);
  if (analysis_table_integer(run, 0, "complete") == 0)
    g_string_append(text, ", incomplete: stopped before its end");
}

/* (transfer full) */
static char *
caption(AnalysisDrawing *drawing)
{
  GString *text = g_string_new(analysis_table_text(drawing->run, 0, "scenario"));
  g_string_append(text, ", ");
  append_seeds(drawing, text);
  if (!drawing->all_runs)
    append_run(drawing, text);
  if (drawing->picture_of != NULL)
    g_string_append_printf(text, ". %s", drawing->picture_of);
  g_string_append_printf(text, ". drtsim %s", analysis_table_text(drawing->run, 0, "version"));
  return g_string_free(text, FALSE);
}

double
analysis_page_begin(AnalysisDrawing *drawing, const char *title, double content)
{
  const char *scenario = analysis_table_text(drawing->run, 0, "title");
  if (scenario == NULL || *scenario == '\0')
    scenario = analysis_table_text(drawing->run, 0, "scenario");
  g_autofree char *about = caption(drawing);
  g_autoptr(GPtrArray) subtitle = wrap(scenario, SUBTITLE_SIZE, 2),
                       bottom = wrap(about, CAPTION_SIZE, LINES_MAX);
  double top = 12 + TITLE_SIZE * LINE + subtitle->len * SUBTITLE_SIZE * LINE + 8,
         below = 14 + bottom->len * CAPTION_SIZE * LINE + 8, height = ceil(top + content + below);
  AnalysisScript *script = drawing->script;
  analysis_script_resize(script, height);
  double y = 12 + TITLE_SIZE * LINE / 2;
  analysis_script_text(script, ANALYSIS_PAGE_SIDE, y, title_type, title);
  y += (TITLE_SIZE + SUBTITLE_SIZE) * LINE / 2;
  for (unsigned i = 0; i < subtitle->len; i++, y += SUBTITLE_SIZE * LINE)
    analysis_script_text(script, ANALYSIS_PAGE_SIDE, y, subtitle_type, subtitle->pdata[i]);
  y = height - 8 - (bottom->len - 0.5) * CAPTION_SIZE * LINE;
  for (unsigned i = 0; i < bottom->len; i++, y += CAPTION_SIZE * LINE)
    analysis_script_text(script, ANALYSIS_PAGE_SIDE, y, caption_type, bottom->pdata[i]);
  return top;
}

void
analysis_page_nothing(AnalysisDrawing *drawing, const char *title)
{
  double top = analysis_page_begin(drawing, title, 150);
  g_autoptr(GPtrArray) missing = wrap(drawing->missing, 15, 3);
  g_autoptr(GPtrArray) hint = wrap(drawing->hint == NULL ? "" : drawing->hint, 13, 3);
  double y = top + 40, middle = ANALYSIS_PAGE_WIDTH / 2;
  for (unsigned i = 0; i < missing->len; i++, y += 15 * LINE)
    analysis_script_text(drawing->script, middle, y,
                         (AnalysisType){ 15, ANALYSIS_CENTER, false, NULL }, missing->pdata[i]);
  y += 8;
  for (unsigned i = 0; i < hint->len; i++, y += 13 * LINE)
    analysis_script_text(drawing->script, middle, y,
                         (AnalysisType){ 13, ANALYSIS_CENTER, false, ANALYSIS_GREY },
                         hint->pdata[i]);
}

/* ---- Axes. ---- */

double
analysis_page_step(double most, unsigned steps)
{
  if (!(most > 0))
    return 1;
  double raw = most / steps, power = pow(10, floor(log10(raw))), part = raw / power;
  return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 2.5 ? 2.5 : part <= 5 ? 5 : 10);
}

double
analysis_page_values(AnalysisDrawing *drawing, const char *prefix, double most)
{
  double step = analysis_page_step(most, 5), to = most > 0 ? ceil(most / step) * step : 1;
  g_autofree char *end = g_strdup_printf("%s_to", prefix);
  g_autofree char *by = g_strdup_printf("%s_step", prefix);
  analysis_script_number(drawing->script, end, to);
  analysis_script_number(drawing->script, by, step);
  return to;
}

void
analysis_page_time(AnalysisDrawing *drawing, double from, double to)
{
  static const struct {
    const char *name;
    double unit, up_to;
  } units[] = {
    { "ms", 0.001, 1 },       { "s", 1, 180 },          { "min", 60, 3 * 3600 },
    { "h", 3600, 72 * 3600 }, { "d", 86400, INFINITY },
  };
  unsigned i = 0;
  while (to - from > units[i].up_to)
    i++;
  double span = (to - from) / units[i].unit, step = analysis_page_step(span, 10);
  if (units[i].unit == 60 && step == 20) /* minutes have other round numbers */
    step = 15;
  analysis_script_number(drawing->script, "time_unit", units[i].unit);
  analysis_script_string(drawing->script, "time_name", units[i].name);
  analysis_script_number(drawing->script, "time_from", from / units[i].unit);
  analysis_script_number(drawing->script, "time_to", MAX(to / units[i].unit, step));
  analysis_script_number(drawing->script, "time_step", step);
}

/* ---- Names of lines. ---- */

void
analysis_page_spread(double *y, unsigned n, double height, double top, double bottom)
{
  double least = top;
  for (unsigned i = 0; i < n; i++) {
    y[i] = MAX(y[i], least);
    least = y[i] + height;
  }
  double most = bottom;
  for (unsigned i = n; i > 0; i--) {
    y[i - 1] = MIN(y[i - 1], most);
    most = y[i - 1] - height;
  }
}

static int
compare_labels(gconstpointer a, gconstpointer b)
{
  double left = ((const AnalysisLineLabel *)a)->y, right = ((const AnalysisLineLabel *)b)->y;
  return (left < right) - (left > right);
}

void
analysis_page_line_labels(AnalysisDrawing *drawing, const AnalysisPanel *panel,
                          const AnalysisLineLabel *labels, unsigned n)
{
  const double size = 12, height = 16;
  AnalysisScript *script = drawing->script;
  AnalysisLineLabel *sorted = g_memdup2(labels, n * sizeof *labels);
  double *y = g_new(double, n + 1);
  qsort(sorted, n, sizeof *sorted, compare_labels);
  for (unsigned i = 0; i < n; i++)
    y[i] = panel->bottom - CLAMP(sorted[i].y, 0, 1) * (panel->bottom - panel->top);
  analysis_page_spread(y, n, height, panel->top + 2, panel->bottom - 2);
  for (unsigned i = 0; i < n; i++) {
    double from_y = panel->bottom - CLAMP(sorted[i].y, 0, 1) * (panel->bottom - panel->top),
           page = analysis_script_height(script);
    g_autofree char *x0 = analysis_script_decimal((panel->right + 2) / ANALYSIS_PAGE_WIDTH);
    g_autofree char *x1 = analysis_script_decimal((panel->right + 22) / ANALYSIS_PAGE_WIDTH);
    g_autofree char *y0 = analysis_script_decimal(1 - from_y / page);
    g_autofree char *y1 = analysis_script_decimal(1 - y[i] / page);
    analysis_script_add(
      script, "set arrow from screen %s, screen %s to screen %s, screen %s nohead ls %d\n", x0, y0,
      x1, y1, sorted[i].style);
    analysis_script_text(script, panel->right + 26, y[i],
                         (AnalysisType){ size, ANALYSIS_LEFT, false, NULL }, sorted[i].text);
  }
  g_free(y);
  g_free(sorted);
}

/* ---- Areas, quantiles, logarithms. ---- */

void
analysis_page_swatches(AnalysisDrawing *drawing, const AnalysisPanel *panel,
                       const AnalysisSwatch *swatches, unsigned n)
{
  const double height = 17, side = 11, left = panel->right + 18;
  double page = analysis_script_height(drawing->script),
         middle = (panel->top + panel->bottom) / 2 + (n - 1) * height / 2;
  for (unsigned i = 0; i < n; i++) {
    double y = middle - i * height;
    g_autofree char *x0 = analysis_script_decimal(left / ANALYSIS_PAGE_WIDTH);
    g_autofree char *x1 = analysis_script_decimal((left + side) / ANALYSIS_PAGE_WIDTH);
    g_autofree char *y0 = analysis_script_decimal(1 - (y + side / 2) / page);
    g_autofree char *y1 = analysis_script_decimal(1 - (y - side / 2) / page);
    analysis_script_add(drawing->script,
                        "set object rectangle from screen %s, screen %s to screen %s, screen %s "
                        "front fillcolor rgb '%s' fillstyle solid border lc rgb 'black'\n",
                        x0, y0, x1, y1, swatches[i].color);
    analysis_script_text(drawing->script, left + side + 6, y,
                         (AnalysisType){ 12, ANALYSIS_LEFT, false, NULL }, swatches[i].text);
  }
}

static int
compare_quantiles(gconstpointer a, gconstpointer b)
{
  double left = ((const AnalysisQuantile *)a)->share, right = ((const AnalysisQuantile *)b)->share;
  return (left < right) - (left > right);
}

void
analysis_page_quantiles(AnalysisDrawing *drawing, const AnalysisPanel *panel,
                        const AnalysisQuantile *quantiles, unsigned n)
{
  double page = analysis_script_height(drawing->script), height = panel->bottom - panel->top;
  AnalysisQuantile *sorted = g_memdup2(quantiles, n * sizeof *quantiles);
  double *y = g_new(double, n + 1);
  qsort(sorted, n, sizeof *sorted, compare_quantiles);
  for (unsigned i = 0; i < n; i++)
    y[i] = panel->bottom - sorted[i].share * height;
  analysis_page_spread(y, n, 16, panel->top, panel->bottom - 8);
  for (unsigned i = 0; i < n; i++) {
    g_autofree char *x = analysis_script_decimal(sorted[i].x);
    g_autofree char *share =
      analysis_script_decimal(1 - (panel->bottom - sorted[i].share * height) / page);
    g_autofree char *bottom = analysis_script_decimal(1 - panel->bottom / page);
    g_autofree char *right = analysis_script_decimal((panel->right + 2) / ANALYSIS_PAGE_WIDTH);
    g_autofree char *end = analysis_script_decimal((panel->right + 22) / ANALYSIS_PAGE_WIDTH);
    g_autofree char *end_y = analysis_script_decimal(1 - y[i] / page);
    analysis_script_add(
      drawing->script,
      "set arrow from first %s, screen %s to first %s, screen %s nohead ls 20\n"
      "set arrow from first %s, screen %s to screen %s, screen %s nohead ls 20\n"
      "set arrow from screen %s, screen %s to screen %s, screen %s nohead ls 20\n",
      x, bottom, x, share, x, share, right, share, right, share, end, end_y);
    analysis_script_text(drawing->script, panel->right + 26, y[i],
                         (AnalysisType){ 12, ANALYSIS_LEFT, false, NULL }, sorted[i].text);
  }
  g_free(y);
  g_free(sorted);
}

/* Times that people call round. A wide axis names only some of them. */
static const struct {
  double at;
  bool main;
} round_times[] = {
  { 1e-6, true },  { 1e-5, true },  { 1e-4, true },   { 1e-3, true },  { 2e-3, false },
  { 5e-3, false }, { 0.01, true },  { 0.02, false },  { 0.05, false }, { 0.1, true },
  { 0.2, false },  { 0.5, false },  { 1, true },      { 2, false },    { 5, false },
  { 10, true },    { 20, false },   { 60, true },     { 120, false },  { 300, false },
  { 600, true },   { 1200, false }, { 3600, true },   { 7200, false }, { 18000, false },
  { 36000, true }, { 86400, true }, { 864000, true },
};

void
analysis_page_log_time(AnalysisDrawing *drawing, const char *prefix, const char *axis, double least,
                       double most)
{
  const unsigned n = G_N_ELEMENTS(round_times);
  unsigned first = 0;
  while (first + 1 < n && round_times[first + 1].at <= least)
    first++;
  double from = MIN(round_times[first].at, least), to = MAX(most, from * 2);
  bool wide = to / from > 500, some = false;
  for (unsigned i = first; i < n && !wide; i++)
    if (round_times[i].at >= to) {
      to = round_times[i].at;
      break;
    }
  GString *tics = g_string_new(NULL);
  g_string_append_printf(tics, "set %stics (", axis);
  for (unsigned i = first; i < n && round_times[i].at <= to; i++) {
    if (wide && !round_times[i].main)
      continue;
    double at = round_times[i].at;
    g_autofree char *text = at == 60 ? g_strdup("1 min") : analysis_text_time(at);
    g_autofree char *place = analysis_script_decimal(round_times[i].at);
    g_string_append_printf(tics, "%s\"%s\" %s", some ? ", " : "", text, place);
    some = true;
  }
  g_string_append_c(tics, ')');
  g_autofree char *name = g_strdup_printf("%s_tics", prefix);
  g_autofree char *begin = g_strdup_printf("%s_from", prefix);
  g_autofree char *end = g_strdup_printf("%s_to", prefix);
  analysis_script_string(drawing->script, name, tics->str);
  analysis_script_number(drawing->script, begin, from);
  analysis_script_number(drawing->script, end, to);
  g_string_free(tics, TRUE);
}
