/* The same curve as in convergence, from the end of each disturbance on: over a logarithmic time, where
 * a second and ten minutes have room beside each other. */
#include "analysis-figure.h"
#include "analysis-flags.h"
#include "analysis-healing.h"

#include <math.h>

#define LINES_MAX 6

static void
append_point(GString *to, double since, double exact)
{
  g_autofree char *x = analysis_script_decimal(since);
  g_autofree char *y = analysis_script_decimal(exact);
  g_string_append_printf(to, "%s\t%s\n", x, y);
}

/* How many samples lie in the time of the disturbance after its end; (transfer full) they themselves, in
 * seconds from its end. The query leaves out samples between equal ones: at both ends of the line they
 * are put back. */
static char *
curve(const AnalysisTable *leaves, const AnalysisTable *disturbances, unsigned row, double sample_s,
      unsigned *ret_n, double *ret_last)
{
  double ended = analysis_table_number(disturbances, row, "ended_s"),
         until = analysis_table_number(disturbances, row, "until_s"), since = 0;
  GString *text = g_string_new("# since_s\texact\n");
  *ret_n = 0;
  for (unsigned i = 0; i < analysis_table_rows(leaves); i++) {
    double at = analysis_table_number(leaves, i, "at_s"),
           exact = analysis_table_number(leaves, i, "exact");
    if (!(at > ended && at <= until) || isnan(exact))
      continue;
    if (*ret_n == 0 && at - ended > 1.5 * sample_s)
      append_point(text, sample_s, exact);
    append_point(text, since = at - ended, exact);
    (*ret_n)++;
    *ret_last = exact;
  }
  if (*ret_n > 0 && until - ended > since + 0.5 * sample_s)
    append_point(text, until - ended, *ret_last);
  return g_string_free(text, FALSE);
}

/* What never was wrong after its end has nothing to recover from. */
static bool
fell(const AnalysisTable *disturbances, unsigned row)
{
  const char *healed = analysis_table_text(disturbances, row, "to100_s");
  return healed == NULL || g_ascii_strtod(healed, NULL) > 0;
}

/* The data and names of at most LINES_MAX disturbances. Returns how many. */
static unsigned
collect(AnalysisDrawing *drawing, const AnalysisTable *leaves, const AnalysisTable *disturbances,
        AnalysisLineLabel *labels, double *ret_span)
{
  static const int styles[LINES_MAX] = { 1, 2, 3, 4, 5, 6 };
  double sample_s = analysis_table_number(drawing->run, 0, "sample_s");
  unsigned n = 0;
  *ret_span = 0;
  for (unsigned i = 0; i < analysis_table_rows(disturbances) && n < LINES_MAX; i++) {
    unsigned samples;
    double last = 0, span = analysis_table_number(disturbances, i, "until_s") -
                            analysis_table_number(disturbances, i, "ended_s");
    g_autofree char *text = curve(leaves, disturbances, i, sample_s, &samples, &last);
    if (samples == 0 || span < 2 * sample_s || !fell(disturbances, i))
      continue;
    g_autofree char *part = g_strdup_printf("%u", n + 1);
    analysis_drawing_data_text(drawing, part, g_steal_pointer(&text));
    labels[n] = (AnalysisLineLabel){ analysis_flags_name(disturbances, i), last / 1.04, styles[n] };
    n++;
    *ret_span = MAX(*ret_span, span);
  }
  return n;
}

static void
draw(AnalysisDrawing *drawing, const char *title, const AnalysisTable *disturbances,
     const AnalysisLineLabel *labels, unsigned n, double span)
{
  double top = analysis_page_begin(
                 drawing, title, 8 + 330 + ANALYSIS_AXIS + analysis_healing_height(disturbances)) +
               8;
  AnalysisPanel panel = { ANALYSIS_PAGE_LEFT, top, ANALYSIS_PAGE_WIDTH - ANALYSIS_PAGE_RIGHT,
                          top + 330 };
  analysis_script_panel(drawing->script, "p1", panel.left, panel.top, panel.right, panel.bottom);
  analysis_script_number(drawing->script, "lines", n);
  analysis_page_log_time(drawing, "since", "x", analysis_table_number(drawing->run, 0, "sample_s"),
                         span);
  analysis_page_line_labels(drawing, &panel, labels, n);
  analysis_healing_draw(drawing, disturbances, false, panel.bottom + ANALYSIS_AXIS);
}

bool
analysis_fig_recovery(AnalysisDrawing *drawing, const char *title, GError **error)
{
  g_autoptr(AnalysisTable) leaves = analysis_drawing_query(drawing, "convergence", error);
  g_autoptr(AnalysisTable) disturbances =
    leaves == NULL ? NULL : analysis_drawing_query(drawing, "disturbances", error);
  if (disturbances == NULL)
    return false;
  AnalysisLineLabel labels[LINES_MAX];
  double span;
  if (!analysis_table_has(leaves, "exact"))
    return analysis_drawing_nothing(drawing, "No leaf sets were measured.", ANALYSIS_HINT_SUMMARY);
  unsigned n = collect(drawing, leaves, disturbances, labels, &span);
  if (n == 0)
    return analysis_drawing_nothing(drawing,
                                    "After no disturbance of this run were leaf sets wrong.",
                                    "The whole run: drtsim plot TRACE convergence");
  analysis_drawing_data(drawing, "disturbances", disturbances);
  if (n == LINES_MAX)
    analysis_drawing_about(drawing,
                           g_strdup("The first six disturbances that made leaf sets wrong"));
  draw(drawing, title, disturbances, labels, n, span);
  for (unsigned i = 0; i < n; i++)
    g_free((char *)labels[i].text);
  return true;
}
