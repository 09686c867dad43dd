/* The keys on their circle, each with the neighbours that its node believes in. */
#include "analysis-figure.h"
#include "analysis-page.h"
#include "analysis-text.h"

#include <math.h>

#define SIDE 520.0

/* The sides of a key: columns of what is right, of what its node has, and of where that is. */
static const char *const sides[][3] = { { "next", "has_next", "has_next_place" },
                                        { "previous", "has_previous", "has_previous_place" } };

/* A link that is wrong is a curve towards the middle, as deep as it is wide and always visible: a
 * Bezier curve with one control point. */
static void
append_curve(GString *to, double from, double until)
{
  double x0 = sin(2 * G_PI * from), y0 = cos(2 * G_PI * from), x2 = sin(2 * G_PI * until),
         y2 = cos(2 * G_PI * until), middle = hypot(x0 + x2, y0 + y2) / 2,
         depth = MAX(0.16, (1 - middle) * 1.3), scale = middle > 1e-6 ? (1 - depth) / middle : 0,
         x1 = (x0 + x2) / 2 * scale, y1 = (y0 + y2) / 2 * scale;
  for (unsigned i = 0; i <= 16; i++) {
    double t = i / 16.0, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
    g_autofree char *x = analysis_script_decimal(a * x0 + b * x1 + c * x2);
    g_autofree char *y = analysis_script_decimal(a * y0 + b * y1 + c * y2);
    g_string_append_printf(to, "%s\t%s\n", x, y);
  }
  g_string_append_c(to, '\n');
}

/* Links of one sort for the template: right ones as two places, wrong ones as curves. */
static char *
links(const AnalysisTable *table, bool right, unsigned *ret_n)
{
  GString *text = g_string_new(right ? "# place of the key, place of its neighbour\n"
                                     : "# x, y; a blank line between curves\n");
  *ret_n = 0;
  for (unsigned row = 0; row < analysis_table_rows(table); row++)
    for (unsigned side = 0; side < G_N_ELEMENTS(sides); side++) {
      const char *ideal = analysis_table_text(table, row, sides[side][0]),
                 *has = analysis_table_text(table, row, sides[side][1]),
                 *place = analysis_table_text(table, row, sides[side][2]);
      if (place == NULL || (g_strcmp0(ideal, has) == 0) != right)
        continue;
      (*ret_n)++;
      if (right)
        g_string_append_printf(text, "%s\t%s\n", analysis_table_text(table, row, "place"), place);
      else
        append_curve(text, analysis_table_number(table, row, "place"), g_ascii_strtod(place, NULL));
    }
  if (*ret_n == 0)
    g_string_append(text, "?\t?\n"); /* gnuplot does not like a file without numbers */
  return g_string_free(text, FALSE);
}

static unsigned
count(const AnalysisTable *table, const char *column)
{
  unsigned n = 0;
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    n += analysis_table_integer(table, i, column) != 0;
  return n;
}

static unsigned
without(const AnalysisTable *table, const char *column)
{
  unsigned n = 0;
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    n += analysis_table_text(table, i, column) == NULL;
  return n;
}

/* Beside the circle: what was found, in words and numbers. */
static void
legend(AnalysisDrawing *drawing, const AnalysisTable *table, double x, double y, unsigned wrong)
{
  const AnalysisType type = { 13, ANALYSIS_LEFT, false, NULL };
  unsigned keys = analysis_table_rows(table);
  double at = drawing->params.has_at ? drawing->params.at
                                     : analysis_table_number(drawing->run, 0, "reached_s");
  g_autofree char *time = analysis_text_time(at);
  g_autofree char *when = g_strdup_printf("At %s", time);
  g_autofree char *all = analysis_text_some(keys, "key", "keys");
  g_autofree char *good = g_strdup_printf("%u with both neighbours right", count(table, "right"));
  g_autofree char *bad = analysis_text_some(wrong, "wrong neighbour link", "wrong neighbour links");
  g_autofree char *gone = g_strdup_printf("%u to keys that are gone", count(table, "gone"));
  g_autofree char *none = g_strdup_printf("%u keys without neighbours", without(table, "has_next"));
  analysis_script_text(drawing->script, x, y, (AnalysisType){ 15, ANALYSIS_LEFT, true, NULL },
                       when);
  analysis_script_text(drawing->script, x, y += 28, type, all);
  analysis_script_text(drawing->script, x, y += 20, type, good);
  analysis_script_text(drawing->script, x, y += 20, type, bad);
  if (count(table, "gone") > 0)
    analysis_script_text(drawing->script, x, y += 20, type, gone);
  if (without(table, "has_next") > 0)
    analysis_script_text(drawing->script, x, y += 20, type, none);
  static const struct {
    const char *text;
    int style;
  } lines[] = { { "right link", 7 }, { "wrong link", 8 } };
  y += 16;
  for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
    y += 20;
    g_autofree char *x0 = analysis_script_decimal(x / ANALYSIS_PAGE_WIDTH);
    g_autofree char *x1 = analysis_script_decimal((x + 34) / ANALYSIS_PAGE_WIDTH);
    g_autofree char *fy = analysis_script_decimal(1 - y / analysis_script_height(drawing->script));
    analysis_script_add(
      drawing->script, "set arrow from screen %s, screen %s to screen %s, screen %s nohead ls %d\n",
      x0, fy, x1, fy, lines[i].style);
    analysis_script_text(drawing->script, x + 42, y, type, lines[i].text);
  }
  if (wrong > 0)
    analysis_script_text(drawing->script, x, y + 20, type, "in a square: a neighbour is wrong");
}

/* Nobody knows what the ring is after the end of the run. */
static bool
is_after_the_end(AnalysisDrawing *drawing)
{
  double end = analysis_table_number(drawing->run, 0, "reached_s");
  if (!drawing->params.has_at || drawing->params.at <= end)
    return false;
  g_autofree char *at = analysis_text_time(end);
  g_autofree char *missing = g_strdup_printf("The run was over before that time, at %s.", at);
  analysis_drawing_nothing(drawing, missing, "An earlier time: --at T, such as --at 1min.");
  return true;
}

bool
analysis_fig_ring(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) table = analysis_drawing_query(drawing, "ring", error);
  if (table == NULL)
    return false;
  if (is_after_the_end(drawing))
    return true;
  if (analysis_table_rows(table) == 0)
    return analysis_drawing_nothing(drawing, "No key was registered and published at that time.",
                                    "Another time: --at T, such as --at 5min.");
  if (!analysis_table_has(table, "has_next"))
    return analysis_drawing_nothing(
      drawing, "What leaf sets held at that time is not known.",
      "They follow from the events of the applications: drtsim run FILE -o RUN.db --trace events");
  unsigned right, wrong;
  analysis_drawing_data(drawing, NULL, table);
  analysis_drawing_data_text(drawing, "right", links(table, true, &right));
  analysis_drawing_data_text(drawing, "wrong", links(table, false, &wrong));
  double top = analysis_page_begin(drawing, title, SIDE);
  analysis_script_panel(drawing->script, "p1", 24, top, 24 + SIDE, top + SIDE);
  analysis_script_number(drawing->script, "wrong", wrong);
  analysis_script_number(drawing->script, "point", analysis_table_rows(table) > 300 ? 0.35 : 0.8);
  legend(drawing, table, 24 + SIDE + 40, top + 60, wrong);
  return true;
}
