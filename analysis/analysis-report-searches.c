/* Searches worth a look, each with its story. */
#include "analysis-report-private.h"

#include "analysis-text.h"
#include "analysis-why-search.h"

#include <string.h>

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
  return server == NULL ? "nothing" : server;
}

static void
append_facts(GString *page, const AnalysisTable *table, unsigned i)
{
  g_autofree char *at = analysis_text_time(analysis_table_number(table, i, "started_s"));
  g_autofree char *took = analysis_text_time(analysis_table_number(table, i, "took_s"));
  g_autofree char *target = analysis_text_cut(analysis_table_text(table, i, "target"), 13);
  g_string_append(page, "<tr class=\"next\">");
  analysis_html_element(page, "td", "n", at);
  analysis_html_element(page, "td", NULL, analysis_table_text(table, i, "node"));
  g_string_append(page, "<td>");
  analysis_html_element(page, "code", NULL, target);
  g_string_append(page, "</td>");
  analysis_html_element(page, "td", "n", took);
  analysis_html_element(page, "td", "n", analysis_table_text(table, i, "hops"));
  analysis_html_element(page, "td", "n", analysis_table_text(table, i, "silent"));
  analysis_html_element(page, "td", NULL, analysis_table_text(table, i, "outcome"));
  analysis_html_element(page, "td", NULL, result_of(table, i));
  g_string_append(page, "</tr>\n");
}

/* What it came to is always seen; how it went, at a click. */
static bool
append_story(AnalysisReport *report, int64_t id, GError **error)
{
  GString *page = report->page;
  g_auto(AnalysisWhySearch) story = { 0 };
  if (!analysis_why_search_parts(report->trace, id, &story, error))
    return false;
  g_string_append(page, "<tr><td></td><td class=\"why\" colspan=\"7\">");
  g_strchomp(story.end);
  analysis_html_element(page, "pre", "end", story.end);
  if (*story.way != '\0') {
    g_autofree char *trace = shell_word(analysis_trace_path(report->trace));
    g_autofree char *command = g_strdup_printf("drtsim why %s search:%" G_GINT64_FORMAT, trace, id);
    g_string_append(page, "<details><summary>How it went <code>");
    analysis_html_text(page, command);
    g_string_append(page, "</code></summary><pre>");
    analysis_html_format(page, "%s\n%s", story.head, story.way);
    g_string_append(page, "</pre></details>");
  }
  g_string_append(page, "</td></tr>\n");
  return true;
}

/* The rows of @table that are of @list. */
static bool
append_list(AnalysisReport *report, const AnalysisTable *table, const char *list, GError **error)
{
  static const char *const names[] = { ">at",     "node",     "target",   ">took", ">hops",
                                       ">silent", "ended by", "found at", NULL };
  bool any = false;
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    if (strcmp(analysis_table_text(table, i, "list"), list) != 0)
      continue;
    if (!any)
      analysis_html_head(report->page, names);
    any = true;
    append_facts(report->page, table, i);
    if (!append_story(report, analysis_table_integer(table, i, "id"), error))
      return false;
  }
  g_string_append(report->page,
                  any ? "</tbody></table></div>\n" : "<p>None did, or none was recorded.</p>\n");
  return true;
}

/* What the stories cannot tell, since this trace does not hold it. */
static bool
append_gap(AnalysisReport *report, GError **error)
{
  g_autoptr(AnalysisTable) held =
    analysis_table_query(report->trace, "why-held", &report->params, error);
  if (held == NULL)
    return false;
  bool messages = analysis_table_integer(held, 0, "messages") > 0,
       hops = analysis_table_integer(held, 0, "hops") > 0;
  if (!messages)
    analysis_html_element(
      report->page, "p", "soft",
      hops
        ? "Recorded is whom each search asked, but not the messages: 'drtsim run --trace "
          "protocol' keeps them, and then this page tells which were lost, and why."
        : "Whom each search asked was not recorded: 'drtsim run --trace protocol' does, and then "
          "this page tells it.");
  return true;
}

static bool
append_lists(AnalysisReport *report, const AnalysisTable *table, GError **error)
{
  g_string_append(report->page, "<h2 id=\"searches-failed\">Searches that failed</h2>\n");
  if (analysis_table_rows(table) > 0 && !append_gap(report, error))
    return false;
  if (!append_list(report, table, "failed", error))
    return false;
  g_string_append(report->page, "<h2 id=\"searches-slowest\">The slowest searches that found "
                                "something</h2>\n");
  return append_list(report, table, "slowest", error);
}

bool
analysis_report_searches(AnalysisReport *report, GError **error)
{
  g_autoptr(AnalysisTable) table =
    analysis_table_query(report->trace, "searches-worst", &report->params, error);
  if (table == NULL)
    return false;
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    int64_t id = analysis_table_integer(table, i, "id");
    g_array_append_val(ids, id);
  }
  if (!analysis_why_search_take(report->trace, ids, error))
    return false;
  bool good = append_lists(report, table, error);
  analysis_why_search_put_back(report->trace);
  return good;
}
