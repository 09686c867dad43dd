/* Searches worth a look, each with its way and the command that tells its story. */
#include "analysis-report-private.h"

#include "analysis-text.h"

#include <string.h>

/* (transfer full) "peer3: accepted, 31 ms → peer9: silent" or NULL if no hops were recorded. */
static char *
way_of(AnalysisReport *report, int64_t search, GError **error)
{
  AnalysisParams params = report->params;
  params.search = search;
  g_autoptr(AnalysisTable) hops =
    analysis_table_query(report->trace, "search-hops", &params, error);
  if (hops == NULL || analysis_table_rows(hops) == 0)
    return NULL;
  GString *way = g_string_new(NULL);
  for (unsigned i = 0; i < analysis_table_rows(hops); i++) {
    const char *outcome = analysis_table_text(hops, i, "outcome");
    g_autofree char *took = analysis_text_time(analysis_table_number(hops, i, "took_s"));
    g_string_append_printf(way, "%s%s (%s%s%s)", i > 0 ? " → " : "",
                           analysis_table_text(hops, i, "node"), outcome == NULL ? "" : outcome,
                           outcome == NULL ? "" : ", ", took);
  }
  return g_string_free(way, FALSE);
}

/* (transfer full) As a shell takes it for one word. */
static char *
shell_word(const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum(*c) && strchr("/._-+=,:@%", *c) == NULL)
      return g_shell_quote(text);
  return g_strdup(text);
}

static const char *
result_of(const AnalysisTable *table, unsigned i)
{
  const char *server = analysis_table_text(table, i, "server");
  if (server != NULL)
    return server;
  return "nothing";
}

static bool
search_row(AnalysisReport *report, const AnalysisTable *table, unsigned i, GError **error)
{
  GError *trouble = NULL;
  int64_t id = analysis_table_integer(table, i, "id");
  g_autofree char *way = way_of(report, id, &trouble);
  if (trouble != NULL) {
    g_propagate_error(error, trouble);
    return false;
  }
  g_autofree char *at = analysis_text_time(analysis_table_number(table, i, "started_s"));
  g_autofree char *took = analysis_text_time(analysis_table_number(table, i, "took_s"));
  g_autofree char *target = analysis_text_cut(analysis_table_text(table, i, "target"), 13);
  g_autofree char *trace = shell_word(analysis_trace_path(report->trace));
  g_string_append(report->page, "<tr class=\"next\">");
  analysis_html_element(report->page, "td", "n", at);
  analysis_html_element(report->page, "td", NULL, analysis_table_text(table, i, "node"));
  g_string_append(report->page, "<td>");
  analysis_html_element(report->page, "code", NULL, target);
  g_string_append(report->page, "</td>");
  analysis_html_element(report->page, "td", "n", took);
  analysis_html_element(report->page, "td", "n", analysis_table_text(table, i, "hops"));
  analysis_html_element(report->page, "td", "n", analysis_table_text(table, i, "silent"));
  analysis_html_element(report->page, "td", NULL, analysis_table_text(table, i, "outcome"));
  analysis_html_element(report->page, "td", NULL, result_of(table, i));
  g_string_append(report->page, "</tr>\n<tr><td></td><td class=\"way\" colspan=\"7\">");
  if (way != NULL) {
    analysis_html_text(report->page, way);
    g_string_append(report->page, "<br/>");
  }
  g_autofree char *command = g_strdup_printf("drtsim why %s search:%" G_GINT64_FORMAT, trace, id);
  analysis_html_element(report->page, "code", NULL, command);
  g_string_append(report->page, "</td></tr>\n");
  return true;
}

bool
analysis_report_searches(AnalysisReport *report, const char *query, const char *title,
                         const char *none, GError **error)
{
  static const char *const names[] = { ">at",     "node",     "target",   ">took", ">hops",
                                       ">silent", "ended by", "found at", NULL };
  g_autoptr(AnalysisTable) table =
    analysis_table_query(report->trace, query, &report->params, error);
  if (table == NULL)
    return false;
  g_string_append_printf(report->page, "<h2 id=\"%s\">", query);
  analysis_html_text(report->page, title);
  g_string_append(report->page, "</h2>\n");
  if (analysis_table_rows(table) == 0) {
    analysis_html_element(report->page, "p", NULL, none);
    return true;
  }
  analysis_html_head(report->page, names);
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    if (!search_row(report, table, i, error))
      return false;
  g_string_append(report->page, "</tbody></table></div>\n");
  return true;
}
