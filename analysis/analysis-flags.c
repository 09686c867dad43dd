/* Flags stand in two rows. One that does not fit with its name stands there with its number, and one
 * that does not fit at all is only a line: the data has all of them. */
#include "analysis-flags.h"

#include "analysis-text.h"

#include <math.h>
#include <string.h>

#define ROWS 2
#define ROW_HEIGHT 17.0
#define FLAG_SIZE 11.5

struct AnalysisFlags {
  AnalysisTable *disturbances, *marks;
};

/* One flag, and where it may stand: its line is at @x. */
typedef struct {
  double x;
  char *name, *number; /* a mark has no number */
} Flag;

static void
flag_clear(gpointer data)
{
  Flag *flag = data;
  g_free(flag->name);
  g_free(flag->number);
}

AnalysisFlags *
analysis_flags_new(AnalysisDrawing *drawing, GError **error)
{
  g_autoptr(AnalysisTable) disturbances = analysis_drawing_query(drawing, "disturbances", error);
  AnalysisTable *marks =
    disturbances == NULL ? NULL : analysis_drawing_query(drawing, "marks", error);
  if (marks == NULL)
    return NULL;
  AnalysisFlags *flags = g_new0(AnalysisFlags, 1);
  flags->disturbances = g_steal_pointer(&disturbances);
  flags->marks = marks;
  return flags;
}

void
analysis_flags_free(AnalysisFlags *flags)
{
  if (flags == NULL)
    return;
  analysis_table_free(flags->disturbances);
  analysis_table_free(flags->marks);
  g_free(flags);
}

const AnalysisTable *
analysis_flags_disturbances(const AnalysisFlags *flags)
{
  return flags->disturbances;
}

/* ---- Flags and lines. ---- */

static double
place(const AnalysisPanel *panel, double seconds, double to)
{
  return panel->left + (panel->right - panel->left) * seconds / to;
}

char *
analysis_flags_name(const AnalysisTable *table, unsigned row)
{
  g_auto(GStrv) kinds = g_strsplit(analysis_table_text(table, row, "kinds"), ", ", -1);
  bool more = false;
  for (unsigned i = 1; kinds[i] != NULL; i++)
    more = more || strcmp(kinds[i], kinds[0]) != 0;
  return g_strdup_printf("%s %s%s", analysis_table_text(table, row, "number"), kinds[0],
                         more ? " …" : "");
}

/* (transfer full) */
static GArray *
collect(const AnalysisFlags *flags, const AnalysisPanel *panel, double to)
{
  GArray *all = g_array_new(FALSE, TRUE, sizeof(Flag));
  g_array_set_clear_func(all, flag_clear);
  for (unsigned i = 0; i < analysis_table_rows(flags->disturbances); i++) {
    Flag flag = {
      .x = place(panel, analysis_table_number(flags->disturbances, i, "began_s"), to),
      .name = analysis_flags_name(flags->disturbances, i),
      .number = g_strdup(analysis_table_text(flags->disturbances, i, "number")),
    };
    g_array_append_val(all, flag);
  }
  for (unsigned i = 0; i < analysis_table_rows(flags->marks); i++) {
    g_autofree char *name = analysis_text_cut(analysis_table_text(flags->marks, i, "text"), 24);
    Flag flag = {
      .x = place(panel, analysis_table_number(flags->marks, i, "at_s"), to),
      .name = g_strdup_printf("“%s”", name),
    };
    g_array_append_val(all, flag);
  }
  return all;
}

static int
compare_flags(gconstpointer a, gconstpointer b)
{
  double left = ((const Flag *)a)->x, right = ((const Flag *)b)->x;
  return (left > right) - (left < right);
}

/* Writes @text at the line @x in a row that has room from @x on, or before it at the right edge.
 * False if no row has. */
static bool
put(AnalysisDrawing *drawing, const AnalysisPanel *panel, double *used, double x, const char *text)
{
  double width = analysis_text_width(text) * FLAG_SIZE + 8, right = ANALYSIS_PAGE_WIDTH - 4;
  double from = x + width <= right ? x : right - width;
  for (unsigned row = 0; row < ROWS; row++) {
    if (from < used[row])
      continue;
    double y = panel->top - 6 - (row + 0.5) * ROW_HEIGHT;
    analysis_script_text(drawing->script, from + (x == from ? 2 : 0), y,
                         (AnalysisType){ FLAG_SIZE, ANALYSIS_LEFT, false, NULL }, text);
    used[row] = from + width;
    return true;
  }
  return false;
}

static void
line(AnalysisDrawing *drawing, const AnalysisPanel *panel, double bottom, double x, int style)
{
  double page = analysis_script_height(drawing->script);
  g_autofree char *at = analysis_script_decimal(x / ANALYSIS_PAGE_WIDTH);
  g_autofree char *y0 = analysis_script_decimal(1 - (panel->top - 5) / page);
  g_autofree char *y1 = analysis_script_decimal(1 - bottom / page);
  analysis_script_add(
    drawing->script,
    "set arrow from screen %s, screen %s to screen %s, screen %s nohead ls %d %s\n", at, y0, at, y1,
    style, drawing->areas ? "front" : "back");
}

/* What lasted is grey as long as it did. */
static void
shade(const AnalysisFlags *flags, AnalysisDrawing *drawing, const AnalysisPanel *panel,
      double bottom, double to)
{
  double page = analysis_script_height(drawing->script);
  g_autofree char *y0 = analysis_script_decimal(1 - panel->top / page);
  g_autofree char *y1 = analysis_script_decimal(1 - bottom / page);
  for (unsigned i = 0; i < analysis_table_rows(flags->disturbances); i++) {
    double from = place(panel, analysis_table_number(flags->disturbances, i, "began_s"), to),
           until = place(panel, analysis_table_number(flags->disturbances, i, "ended_s"), to);
    if (until - from < 1)
      continue;
    g_autofree char *x0 = analysis_script_decimal(from / ANALYSIS_PAGE_WIDTH);
    g_autofree char *x1 = analysis_script_decimal(until / ANALYSIS_PAGE_WIDTH);
    analysis_script_add(drawing->script,
                        "set object rectangle from screen %s, screen %s to screen %s, screen %s "
                        "behind fillcolor rgb '#ebebeb' fillstyle solid noborder\n",
                        x0, y1, x1, y0);
  }
}

void
analysis_flags_draw(AnalysisFlags *flags, AnalysisDrawing *drawing, const AnalysisPanel *panel,
                    double bottom, double to)
{
  g_autoptr(GArray) all = collect(flags, panel, to);
  double used[ROWS] = { 0 };
  g_array_sort(all, compare_flags);
  shade(flags, drawing, panel, bottom, to);
  for (unsigned i = 0; i < all->len; i++) {
    const Flag *flag = &g_array_index(all, Flag, i);
    line(drawing, panel, bottom, flag->x, flag->number != NULL ? 20 : 21);
    if (!put(drawing, panel, used, flag->x, flag->name) && flag->number != NULL)
      put(drawing, panel, used, flag->x, flag->number);
  }
}
