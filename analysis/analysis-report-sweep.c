/* The runs of a sweep. */
#include "analysis-report-private.h"

#include "analysis-text.h"

#include <string.h>

#define GOOD_MAX 50 /* runs that held: more of them tell nothing new */

static void
run_row(AnalysisReport *report, const AnalysisTable *table, unsigned i)
{
  const char *verdict = analysis_table_text(table, i, "verdict");
  g_autofree char *reached = analysis_text_time(analysis_table_number(table, i, "reached_s"));
  g_autofree char *wall = analysis_text_time(analysis_table_number(table, i, "wall_s"));
  g_string_append(report->page, "<tr>");
  analysis_html_element(report->page, "td", "n", analysis_table_text(table, i, "run"));
  analysis_html_element(report->page, "td", "n", analysis_table_text(table, i, "seed"));
  analysis_html_element(report->page, "td", NULL, analysis_table_text(table, i, "variant"));
  analysis_html_element(report->page, "td", verdict, verdict);
  analysis_html_element(report->page, "td", "n", reached);
  analysis_html_element(report->page, "td", "n", wall);
  const char *problem = analysis_table_text(table, i, "problem");
  analysis_html_element(report->page, "td", NULL, problem == NULL ? "" : problem);
  g_string_append(report->page, "</tr>\n");
}

bool
analysis_report_runs(AnalysisReport *report, GError **error)
{
  static const char *const names[] = { ">run",     ">seed", "params",  "verdict",
                                       ">reached", ">took", "problem", NULL };
  g_autoptr(AnalysisTable) table =
    analysis_table_query(report->trace, "runs", &report->params, error);
  if (table == NULL)
    return false;
  unsigned rows = analysis_table_rows(table), good = 0;
  for (unsigned i = 0; i < rows; i++)
    good += strcmp(analysis_table_text(table, i, "verdict"), "held") == 0;
  g_string_append(report->page, "<h2 id=\"runs\">Runs</h2>\n<p>");
  analysis_html_format(report->page, "%u of %u held.%s", good, rows,
                       good > GOOD_MAX ? " Only the others are listed." : "");
  g_string_append(report->page, "</p>\n");
  if (good == rows && good > GOOD_MAX)
    return true;
  analysis_html_head(report->page, names);
  for (unsigned i = 0; i < rows; i++)
    if (good <= GOOD_MAX || strcmp(analysis_table_text(table, i, "verdict"), "held") != 0)
      run_row(report, table, i);
  g_string_append(report->page, "</tbody></table></div>\n");
  return true;
}
