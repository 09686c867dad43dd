/* A message-sequence chart: nodes side by side, time downwards. Each thing that happens has a line of
 * its own, so that no label touches another; the times stand on the left. */
#include "analysis-figure.h"
#include "analysis-page.h"
#include "analysis-text.h"

#include <math.h>
#include <string.h>

#define NODES_MAX 12
#define MESSAGES_MAX 40
#define LEFT 110.0
#define RIGHT 60.0
#define SENT 27.0    /* the height of a line on which a message leaves */
#define ARRIVED 15.0 /* and of one on which it comes */

/* One line of the chart. */
typedef struct {
  double at, y;
  unsigned message;
  bool arrival;
} Moment;

typedef struct {
  AnalysisDrawing *drawing;
  const AnalysisTable *table;
  unsigned messages;  /* that are shown */
  GPtrArray *nodes;   /* names, in the order of appearance */
  GArray *moments;    /* in the order of time */
  double top, bottom; /* of the life lines */
  double began;
} Chart;

/* ---- Who and when. ---- */

static bool
find_node(const Chart *chart, const char *name, unsigned *ret)
{
  for (*ret = 0; *ret < chart->nodes->len; (*ret)++)
    if (strcmp(chart->nodes->pdata[*ret], name) == 0)
      return true;
  return false;
}

/* Messages are shown as long as there is room for all whom they are between. */
static void
collect_nodes(Chart *chart)
{
  static const char *const ends[] = { "src", "dst" };
  unsigned rows = MIN(analysis_table_rows(chart->table), MESSAGES_MAX), unused;
  for (chart->messages = 0; chart->messages < rows; chart->messages++)
    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
      const char *name = analysis_table_text(chart->table, chart->messages, ends[i]);
      if (name == NULL || find_node(chart, name, &unused))
        continue;
      if (chart->nodes->len == NODES_MAX)
        return;
      g_ptr_array_add(chart->nodes, (gpointer)name);
    }
}

static int
compare_moments(gconstpointer a, gconstpointer b)
{
  const Moment *left = a, *right = b;
  if (left->at != right->at)
    return left->at < right->at ? -1 : 1;
  if (left->arrival != right->arrival)
    return left->arrival ? -1 : 1;
  return left->message < right->message ? -1 : 1;
}

static double
collect_moments(Chart *chart)
{
  for (unsigned i = 0; i < chart->messages; i++) {
    Moment sent = { .at = analysis_table_number(chart->table, i, "at_s"), .message = i };
    Moment arrived = { .at = analysis_table_number(chart->table, i, "arrived_s"),
                       .message = i,
                       .arrival = true };
    g_array_append_val(chart->moments, sent);
    if (!isnan(arrived.at))
      g_array_append_val(chart->moments, arrived);
  }
  g_array_sort(chart->moments, compare_moments);
  double y = 14;
  for (unsigned i = 0; i < chart->moments->len; i++) {
    Moment *moment = &g_array_index(chart->moments, Moment, i);
    moment->y = y += moment->arrival ? ARRIVED : SENT;
  }
  return y + 20;
}

static double
y_of(const Chart *chart, unsigned message, bool arrival)
{
  for (unsigned i = 0; i < chart->moments->len; i++) {
    const Moment *moment = &g_array_index(chart->moments, Moment, i);
    if (moment->message == message && moment->arrival == arrival)
      return chart->top + moment->y;
  }
  return NAN;
}

static double
x_of(const Chart *chart, const char *name)
{
  unsigned i, n = chart->nodes->len;
  if (name == NULL || !find_node(chart, name, &i))
    return ANALYSIS_PAGE_WIDTH - RIGHT / 3;
  double width = ANALYSIS_PAGE_WIDTH - LEFT - RIGHT;
  return LEFT + width * (i + 0.5) / n;
}

/* ---- Drawing. ---- */

static void
arrow(Chart *chart, double x0, double y0, double x1, double y1, const char *look)
{
  double page = analysis_script_height(chart->drawing->script);
  g_autofree char *fx0 = analysis_script_decimal(x0 / ANALYSIS_PAGE_WIDTH);
  g_autofree char *fy0 = analysis_script_decimal(1 - y0 / page);
  g_autofree char *fx1 = analysis_script_decimal(x1 / ANALYSIS_PAGE_WIDTH);
  g_autofree char *fy1 = analysis_script_decimal(1 - y1 / page);
  analysis_script_add(chart->drawing->script,
                      "set arrow from screen %s, screen %s to screen %s, screen %s %s\n", fx0, fy0,
                      fx1, fy1, look);
}

static void
life_lines(Chart *chart)
{
  double room = (ANALYSIS_PAGE_WIDTH - LEFT - RIGHT) / chart->nodes->len;
  for (unsigned i = 0; i < chart->nodes->len; i++) {
    double x = x_of(chart, chart->nodes->pdata[i]);
    g_autofree char *name =
      analysis_text_cut(chart->nodes->pdata[i], (size_t)MAX(3, (room - 6) / 7.5));
    analysis_script_text(chart->drawing->script, x, chart->top - 12,
                         (AnalysisType){ 12.5, ANALYSIS_CENTER, false, NULL }, name);
    arrow(chart, x, chart->top, x, chart->bottom, "nohead ls 9 back");
  }
}

static void
times(Chart *chart)
{
  g_autofree char *last = NULL;
  for (unsigned i = 0; i < chart->moments->len; i++) {
    const Moment *moment = &g_array_index(chart->moments, Moment, i);
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(seconds, sizeof seconds, "%.3f", moment->at - chart->began);
    g_autofree char *text = g_strdup_printf("+%s s", seconds);
    if (g_strcmp0(text, last) == 0)
      continue;
    g_free(last);
    last = g_strdup(text);
    analysis_script_text(chart->drawing->script, LEFT - 30, chart->top + moment->y,
                         (AnalysisType){ 11, ANALYSIS_RIGHT, false, ANALYSIS_GREY }, text);
  }
}

/* (transfer full) */
static char *
label_of(const AnalysisTable *table, unsigned i)
{
  const char *lost = analysis_table_text(table, i, "lost"),
             *outcome = analysis_table_text(table, i, "outcome"), *prefix = "";
  if (lost == NULL && analysis_table_text(table, i, "arrived_s") == NULL)
    lost = "under way at the end";
  else if (lost != NULL)
    prefix = "lost: ";
  return g_strdup_printf("%s, %s B%s%s%s%s%s%s%s", analysis_table_text(table, i, "type"),
                         analysis_table_text(table, i, "bytes"),
                         analysis_table_integer(table, i, "again") != 0 ? ", again" : "",
                         lost != NULL ? ", " : "", prefix, lost != NULL ? lost : "",
                         outcome != NULL ? " (" : "", outcome != NULL ? outcome : "",
                         outcome != NULL ? ")" : "");
}

static void
message(Chart *chart, unsigned i)
{
  const AnalysisTable *table = chart->table;
  const char *type = analysis_table_text(table, i, "type");
  bool answer = strcmp(type, "ACK") == 0 || strcmp(type, "AUTHORITY") == 0;
  double x0 = x_of(chart, analysis_table_text(table, i, "src")),
         x1 = x_of(chart, analysis_table_text(table, i, "dst")), y0 = y_of(chart, i, false),
         y1 = y_of(chart, i, true);
  bool came = !isnan(y1), to_right = x1 >= x0;
  const char *style = answer ? "ls 6" : "ls 3";
  g_autofree char *look = g_strdup_printf("head filled size screen 0.008, 20 %s", style);
  const char *lost = analysis_table_text(table, i, "lost");
  if (came) {
    arrow(chart, x0, y0, x1, y1, look);
  } else {
    double x = x0 + (x1 - x0) * 0.6;
    arrow(chart, x0, y0, x, y0 + 5, "nohead ls 2");
    analysis_script_text(
      chart->drawing->script, x, y0 + 5,
      (AnalysisType){ 15, ANALYSIS_CENTER, false, lost == NULL ? NULL : "#d55e00" },
      lost == NULL ? "…" : "×");
  }
  g_autofree char *label = label_of(table, i);
  double width = analysis_text_width(label) * 11, from = to_right ? x0 + 6 : x0 - 6;
  bool left_bound = to_right ? from + width < ANALYSIS_PAGE_WIDTH - 4 : from - width < 4;
  analysis_script_text(
    chart->drawing->script, left_bound == to_right ? from : x0 - (from - x0), y0 - 10,
    (AnalysisType){ 11, left_bound ? ANALYSIS_LEFT : ANALYSIS_RIGHT, false, ANALYSIS_BOXED },
    label);
}

/* ---- The page. ---- */

static void
about(Chart *chart, const AnalysisTable *search)
{
  g_autofree char *started = analysis_text_time(chart->began);
  g_autofree char *took = analysis_text_time(analysis_table_number(search, 0, "took_s"));
  const char *server = analysis_table_text(search, 0, "server");
  g_autofree char *end =
    server != NULL
      ? g_strdup_printf("found at %s", server)
      : g_strdup_printf("nothing found (%s)", analysis_table_text(search, 0, "outcome"));
  analysis_drawing_about(
    chart->drawing,
    g_strdup_printf("search:%s of %s for %.12s…, %s, from %s on, %s, %u of %u messages",
                    analysis_table_text(search, 0, "id"), analysis_table_text(search, 0, "node"),
                    analysis_table_text(search, 0, "target"), end, started, took, chart->messages,
                    analysis_table_rows(chart->table)));
}

static void
draw(Chart *chart, const AnalysisTable *search, const char *title)
{
  double height = collect_moments(chart);
  chart->began = analysis_table_number(search, 0, "started_s");
  about(chart, search);
  chart->top = analysis_page_begin(chart->drawing, title, height + 44) + 26;
  chart->bottom = chart->top + height;
  life_lines(chart);
  times(chart);
  for (unsigned i = 0; i < chart->messages; i++)
    message(chart, i);
  unsigned hidden = analysis_table_rows(chart->table) - chart->messages;
  if (hidden == 0)
    return;
  g_autofree char *more =
    analysis_text_some(hidden, "more message follows", "more messages follow");
  analysis_script_text(chart->drawing->script, LEFT, chart->bottom + 8,
                       (AnalysisType){ 12, ANALYSIS_LEFT, false, ANALYSIS_GREY }, more);
}

bool
analysis_fig_sequence(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "sequence", error);
  if (table == NULL)
    return false;
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(
      drawing, "The messages of this search, or of any, were not recorded.",
      "They come with: drtsim run FILE -o RUN.db --trace messages,hops");
  AnalysisParams params = drawing->params;
  params.search = analysis_table_integer(table, 0, "search");
  g_autoptr(AnalysisTable) search = analysis_table_query(drawing->trace, "search", &params, error);
  if (search == NULL)
    return false;
  analysis_drawing_data(drawing, NULL, table);
  g_autoptr(GPtrArray) nodes = g_ptr_array_new();
  g_autoptr(GArray) moments = g_array_new(FALSE, FALSE, sizeof(Moment));
  Chart chart = { .drawing = drawing, .table = table, .nodes = nodes, .moments = moments };
  collect_nodes(&chart);
  draw(&chart, search, title);
  return true;
}
