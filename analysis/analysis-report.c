/* The page from top to bottom. It is XML, too, so that a parser can check it. */
#include "analysis-report.h"

#include "analysis-output.h"
#include "analysis-plot.h"
#include "analysis-report-private.h"
#include "analysis-resources.h"
#include "analysis-text.h"

#include <gio/gio.h>
#include <string.h>

static const char *const run_pictures[] = { "convergence", "recovery", "rings",   "searches",
                                            "latency",     "hops",     "traffic", "load",
                                            "status",      "stale",    "ring",    "sequence",
                                            NULL };
static const char *const sweep_pictures[] = { "convergence-sweep", "hops-size", "success-session",
                                              NULL };

/* ---- Head. ---- */

static void
append_head(AnalysisReport *report, const char *title)
{
  g_autoptr(GBytes) css =
    g_resource_lookup_data(analysis_get_resource(), "/drtsim/analysis/report/report.css",
                           G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert(css != NULL);
  size_t size;
  const char *text = g_bytes_get_data(css, &size);
  g_string_append(report->page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                                "<meta charset=\"utf-8\"/>\n"
                                "<meta name=\"viewport\" content=\"width=device-width\"/>\n");
  analysis_html_element(report->page, "title", NULL, title);
  g_string_append(report->page, "\n<style>\n");
  g_string_append_len(report->page, text, (gssize)size);
  g_string_append(report->page, "</style>\n</head>\n<body>\n");
}

static const char *
title_of(const AnalysisReport *report)
{
  const char *title = analysis_table_text(report->run, 0, "title");
  return title != NULL && *title != '\0' ? title : analysis_table_text(report->run, 0, "scenario");
}

static void
append_links(AnalysisReport *report, const char *const *links)
{
  g_string_append(report->page, "<nav>");
  for (; *links != NULL; links += 2)
    g_string_append_printf(report->page, "<a href=\"#%s\">%s</a>", links[0], links[1]);
  g_string_append(report->page, "</nav>\n");
}

/* What was run, in a sentence. */
static void
append_summary(AnalysisReport *report)
{
  AnalysisTable *run = report->run;
  g_autofree char *nodes =
    analysis_text_some(analysis_table_integer(run, 0, "nodes"), "node", "nodes");
  g_autofree char *time = analysis_text_time(analysis_table_number(run, 0, "reached_s"));
  g_string_append(report->page, "<p>");
  analysis_html_format(report->page, "%s, %s of virtual time", nodes, time);
  if (analysis_table_text(run, 0, "wall_s") != NULL) {
    g_autofree char *wall = analysis_text_time(analysis_table_number(run, 0, "wall_s"));
    analysis_html_format(report->page, " in %s", wall);
  }
  analysis_html_format(report->page, "; seed %s", analysis_table_text(run, 0, "seed"));
  if (analysis_table_text(run, 0, "params") != NULL)
    analysis_html_format(report->page, "; %s", analysis_table_text(run, 0, "params"));
  g_string_append(report->page, ".</p>\n");
  if (analysis_table_integer(run, 0, "complete") == 0) {
    g_autofree char *goal = analysis_text_time(analysis_table_number(run, 0, "goal_s"));
    g_string_append(report->page, "<p class=\"failed\">");
    analysis_html_format(report->page,
                         "This run did not come to its end, which is at %s: what follows is as far "
                         "as it came.",
                         goal);
    g_string_append(report->page, "</p>\n");
  }
}

/* ---- Pictures. ---- */

bool
analysis_report_pictures(AnalysisReport *report, const char *const *figures, GError **error)
{
  g_autoptr(GString) missing = g_string_new(NULL);
  g_string_append(report->page, "<h2 id=\"pictures\">Pictures</h2>\n");
  for (unsigned i = 0; figures[i] != NULL; i++) {
    const AnalysisFigure *figure = analysis_figure_find(figures[i]);
    g_autofree char *lacks = NULL;
    g_autoptr(GBytes) picture =
      analysis_plot_svg(report->trace, figure, &report->params, &lacks, error);
    if (picture == NULL)
      return false;
    if (lacks != NULL) {
      g_string_append(missing, "<li>");
      analysis_html_format(missing, "%s: %s", figure->name, lacks);
      g_string_append(missing, "</li>\n");
      continue;
    }
    g_autofree char *prefix = g_strdup_printf("f%u-", i + 1);
    g_autofree char *svg = analysis_html_svg(picture, prefix, figure->title);
    g_string_append_printf(report->page, "<figure id=\"figure-%s\">\n%s</figure>\n", figure->name,
                           svg);
  }
  if (missing->len > 0)
    g_string_append_printf(
      report->page,
      "<p class=\"soft\">Not shown, for want of data:</p>\n<ul class=\"soft\">\n"
      "%s</ul>\n",
      missing->str);
  return true;
}

/* ---- How to reproduce. ---- */

static void
append_row(AnalysisReport *report, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append(report->page, "<tr>");
  analysis_html_element(report->page, "th", NULL, name);
  g_string_append(report->page, "<td>");
  analysis_html_element(report->page, "code", NULL, value);
  g_string_append(report->page, "</td></tr>\n");
}

static void
append_reproduce(AnalysisReport *report)
{
  static const struct {
    const char *column, *name;
  } rows[] = {
    { "scenario", "scenario" },
    { "seed", "seed" },
    { "overridden", "--set" },
    { "version", "program" },
    { "host", "machine" },
    { "started", "started" },
    { "classes", "trace" },
    { "trajectory", "fingerprint of all that happened" },
    { "results", "fingerprint of the results" },
  };
  g_string_append(report->page, "<h2 id=\"reproduce\">How to reproduce</h2>\n<pre>");
  analysis_html_text(report->page, analysis_table_text(report->run, 0, "replay"));
  g_string_append(report->page, "</pre>\n<div class=\"wide\"><table><tbody>\n");
  for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
    append_row(report, rows[i].name, analysis_table_text(report->run, 0, rows[i].column));
  append_row(report, "database", analysis_trace_path(report->trace));
  g_string_append(report->page, "</tbody></table></div>\n<h2 id=\"scenario\">Scenario</h2>\n"
                                "<p class=\"soft\">As it was run: includes, params and defaults "
                                "are in place.</p>\n<pre>");
  analysis_html_text(report->page, analysis_table_text(report->run, 0, "text"));
  g_string_append(report->page, "</pre>\n");
}

/* ---- The two sorts of pages. ---- */

static void
append_verdict(AnalysisReport *report)
{
  const char *verdict = analysis_table_text(report->run, 0, "verdict");
  bool held = strcmp(verdict, "held") == 0, undecided = strcmp(verdict, "undecided") == 0;
  g_autofree char *text = g_strdup_printf("%s %s", held ? "✓" : undecided ? "?" : "✗", verdict);
  analysis_html_element(report->page, "p",
                        held        ? "verdict held"
                        : undecided ? "verdict undecided"
                                    : "verdict failed",
                        text);
  g_string_append_c(report->page, '\n');
}

static bool
run_page(AnalysisReport *report, GError **error)
{
  static const char *const links[] = {
    "verdicts",     "Verdicts",         "figures",  "Key figures", "disturbances",
    "Disturbances", "searches-failed",  "Searches", "pictures",    "Pictures",
    "reproduce",    "How to reproduce", NULL
  };
  append_head(report, title_of(report));
  analysis_html_element(report->page, "h1", NULL, title_of(report));
  append_summary(report);
  append_verdict(report);
  append_links(report, links);
  if (!analysis_report_verdicts(report, error) || !analysis_report_figures(report, error) ||
      !analysis_report_disturbances(report, error) || !analysis_report_searches(report, error) ||
      !analysis_report_pictures(report, run_pictures, error))
    return false;
  append_reproduce(report);
  return true;
}

static bool
sweep_page(AnalysisReport *report, GError **error)
{
  static const char *const links[] = { "runs",     "Runs",      "pictures",
                                       "Pictures", "reproduce", "How to reproduce",
                                       NULL };
  append_head(report, title_of(report));
  analysis_html_element(report->page, "h1", NULL, title_of(report));
  g_string_append(report->page, "<p>");
  analysis_html_format(report->page, "A sweep of %u runs.", analysis_trace_runs(report->trace));
  g_string_append(report->page, "</p>\n");
  append_links(report, links);
  if (!analysis_report_runs(report, error) ||
      !analysis_report_pictures(report, sweep_pictures, error))
    return false;
  g_string_append(report->page, "<p class=\"soft\">Below: the first run. ");
  analysis_html_text(report->page, "A page about one of them: drtsim report TRACE --run N.");
  g_string_append(report->page, "</p>\n");
  append_reproduce(report);
  return true;
}

char *
analysis_report_make(AnalysisTrace *trace, const AnalysisParams *params, GError **error)
{
  g_autoptr(GString) page = g_string_new(NULL);
  AnalysisReport report = { .trace = trace, .params = *params, .page = page };
  g_autoptr(AnalysisTable) run = analysis_table_query(trace, "run", params, error);
  if (run == NULL)
    return NULL;
  report.run = run;
  bool sweep = params->run == 0 && analysis_trace_runs(trace) > 1;
  if (!sweep)
    report.params.run = analysis_table_integer(run, 0, "id");
  if (!(sweep ? sweep_page(&report, error) : run_page(&report, error)))
    return NULL;
  g_string_append(page, "</body>\n</html>\n");
  return g_string_free(g_steal_pointer(&page), FALSE);
}

bool
analysis_report_write(const char *path, const char *page, GError **error)
{
  return analysis_output_write(path, page, strlen(page), error);
}
