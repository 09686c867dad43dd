/* Where there are many disturbances, the slowest to heal are shown. */
#include "analysis-healing.h"

#include "analysis-text.h"

#include <math.h>

#define ROWS_MAX 8
#define SIZE 12.0
#define LINE 18.0
#define GAP 12.0 /* above the table */

/* Where the columns stand: of numbers the right edge, of words the left one. */
typedef struct {
  double number, at, what, what_width, lowest, to50, to95, to100;
} Columns;

static const Columns of_a_run = { 36, 120, 132, 420, 632, 716, 800, 884 };
static const Columns of_a_sweep = { 36, 120, 132, 330, 530, 614, 698, 884 };

char *
analysis_healing_text(double seconds, double sample_s)
{
  if (isnan(seconds))
    return g_strdup("not yet");
  if (seconds == 0)
    return g_strdup("at once");
  g_autofree char *time = analysis_text_time(MAX(seconds, sample_s));
  return seconds <= sample_s ? g_strconcat("≤ ", time, NULL) : g_steal_pointer(&time);
}

/* ---- Which rows. ---- */

/* Disturbances that did not heal come first, then the slowest. */
static double
slowness(const AnalysisTable *table, unsigned row)
{
  static const char *const columns[] = { "to50_s", "to95_s", "to100_s" };
  for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
    if (isnan(analysis_table_number(table, row, columns[i])))
      return INFINITY;
  return analysis_table_number(table, row, "to100_s");
}

/* Whether fewer than ROWS_MAX rows are slower than this one; of equal ones the first. */
static bool
is_shown(const AnalysisTable *table, unsigned row)
{
  unsigned before = 0;
  double own = slowness(table, row);
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double other = slowness(table, i);
    before += other > own || (other == own && i < row);
  }
  return before < ROWS_MAX;
}

double
analysis_healing_height(const AnalysisTable *disturbances)
{
  unsigned rows = analysis_table_rows(disturbances);
  if (rows == 0)
    return 0;
  return (1 + MIN(rows, ROWS_MAX) + (rows > ROWS_MAX)) * LINE + GAP;
}

/* ---- Drawing. ---- */

static void
cell(AnalysisDrawing *drawing, double x, double y, AnalysisAlign align, const char *text,
     const char *color)
{
  analysis_script_text(drawing->script, x, y, (AnalysisType){ SIZE, align, false, color }, text);
}

static void
head(AnalysisDrawing *drawing, const Columns *at, double y)
{
  bool sweep = at == &of_a_sweep;
  cell(drawing, at->at, y, ANALYSIS_RIGHT, "at", ANALYSIS_GREY);
  cell(drawing, at->what, y, ANALYSIS_LEFT,
       sweep ? "disturbance; medians of the runs" : "disturbance", ANALYSIS_GREY);
  cell(drawing, at->lowest, y, ANALYSIS_RIGHT, "fell to", ANALYSIS_GREY);
  cell(drawing, at->to50, y, ANALYSIS_RIGHT, "50 % after", ANALYSIS_GREY);
  cell(drawing, at->to95, y, ANALYSIS_RIGHT, "95 % after", ANALYSIS_GREY);
  cell(drawing, at->to100, y, ANALYSIS_RIGHT, sweep ? "100 % after (range)" : "100 % after",
       ANALYSIS_GREY);
}

/* (transfer full) "38 s", and of a sweep from which to which: "38 s (31 s to 52 s, 9 of 10)". */
static char *
last_text(const AnalysisTable *table, unsigned i, bool sweep, double sample_s)
{
  g_autofree char *median =
    analysis_healing_text(analysis_table_number(table, i, "to100_s"), sample_s);
  if (!sweep)
    return g_steal_pointer(&median);
  int64_t runs = analysis_table_integer(table, i, "runs"),
          healed = analysis_table_integer(table, i, "healed");
  double least_s = analysis_table_number(table, i, "to100_least_s"),
         most_s = analysis_table_number(table, i, "to100_most_s");
  g_autofree char *least = analysis_text_time(least_s);
  g_autofree char *most = analysis_text_time(most_s);
  g_autofree char *some = healed < runs
                            ? g_strdup_printf("%s%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                                              least_s < most_s ? ", " : "", healed, runs)
                            : g_strdup("");
  if (least_s < most_s)
    return g_strdup_printf("%s (%s to %s%s)", median, least, most, some);
  return *some == '\0' ? g_steal_pointer(&median) : g_strdup_printf("%s (%s)", median, some);
}

/* (transfer full) */
static char *
what_text(const AnalysisTable *table, unsigned i, bool sweep, double width)
{
  const char *variant = sweep ? analysis_table_text(table, i, "variant") : "", *rest;
  g_autofree char *all = g_strdup_printf("%s%s%s", variant, *variant == '\0' ? "" : ": ",
                                         analysis_table_text(table, i, "what"));
  g_autofree char *line = analysis_text_line(all, width / SIZE, &rest);
  return rest == NULL ? g_steal_pointer(&line) : g_strconcat(line, " …", NULL);
}

static void
row(AnalysisDrawing *drawing, const AnalysisTable *table, unsigned i, const Columns *at, double y)
{
  bool sweep = at == &of_a_sweep;
  double sample_s = analysis_table_number(drawing->run, 0, "sample_s");
  g_autofree char *began = analysis_text_time(analysis_table_number(table, i, "began_s"));
  g_autofree char *lowest = analysis_text_share(analysis_table_number(table, i, "lowest"));
  g_autofree char *what = what_text(table, i, sweep, at->what_width);
  g_autofree char *to50 =
    analysis_healing_text(analysis_table_number(table, i, "to50_s"), sample_s);
  g_autofree char *to95 =
    analysis_healing_text(analysis_table_number(table, i, "to95_s"), sample_s);
  g_autofree char *to100 = last_text(table, i, sweep, sample_s);
  cell(drawing, at->number, y, ANALYSIS_RIGHT, analysis_table_text(table, i, "number"), NULL);
  cell(drawing, at->at, y, ANALYSIS_RIGHT, began, NULL);
  cell(drawing, at->what, y, ANALYSIS_LEFT, what, NULL);
  cell(drawing, at->lowest, y, ANALYSIS_RIGHT, lowest, NULL);
  cell(drawing, at->to50, y, ANALYSIS_RIGHT, to50, NULL);
  cell(drawing, at->to95, y, ANALYSIS_RIGHT, to95, NULL);
  cell(drawing, at->to100, y, ANALYSIS_RIGHT, to100, NULL);
}

void
analysis_healing_draw(AnalysisDrawing *drawing, const AnalysisTable *disturbances, bool sweep,
                      double top)
{
  const Columns *at = sweep ? &of_a_sweep : &of_a_run;
  unsigned rows = analysis_table_rows(disturbances);
  if (rows == 0)
    return;
  double y = top + GAP + LINE / 2;
  head(drawing, at, y);
  for (unsigned i = 0; i < rows; i++)
    if (is_shown(disturbances, i))
      row(drawing, disturbances, i, at, y += LINE);
  if (rows <= ROWS_MAX)
    return;
  g_autofree char *more = g_strdup_printf("These are the %d slowest of %u rows.", ROWS_MAX, rows);
  cell(drawing, at->what, y + LINE, ANALYSIS_LEFT, more, ANALYSIS_GREY);
}
