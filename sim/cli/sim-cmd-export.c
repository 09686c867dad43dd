/* `drtsim export RUN.db [VIEW]`: tables and views of a trace as CSV. */
#include "analysis-export.h"
#include "sim-analysis.h"
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *trace, *view, *output;
} Arguments;

static const char *const options[] = { "--help", "--output", "-o", NULL };

static int
take_word(Arguments *arguments, const char *word)
{
  if (arguments->trace == NULL)
    arguments->trace = word;
  else if (arguments->view == NULL)
    arguments->view = word;
  else
    return sim_usage_error(NULL, "'export' takes one view, but '%s' follows '%s'", word,
                           arguments->view);
  return 0;
}

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  static const char *const with_value[] = { "-o", "--output", NULL };
  const char *name = sim_usage_option(argv[*i], with_value);
  if (name == NULL)
    return sim_usage_error(sim_suggest(argv[*i], options), "unknown option '%s' of 'export'",
                           argv[*i]);
  arguments->output = sim_usage_value(name, argc, argv, i);
  return arguments->output == NULL ? SIM_EXIT_USAGE : 0;
}

static int
take_arguments(Arguments *arguments, int argc, char **argv)
{
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    int status = walk.is_option ? take_option(arguments, argc, argv, &walk.at)
                                : take_word(arguments, argv[walk.at]);
    if (status != 0)
      return status;
  }
  if (arguments->trace == NULL)
    return sim_analysis_missing("export");
  return 0;
}

static int
list(AnalysisTrace *trace, char **names)
{
  size_t width = 0;
  for (char **name = names; *name != NULL; name++)
    width = MAX(width, strlen(*name));
  for (char **name = names; *name != NULL; name++) {
    GError *error = NULL;
    g_autofree char *columns = analysis_export_columns(trace, *name, &error);
    if (columns == NULL)
      return sim_analysis_failed(error);
    printf("%-*s  %s\n", (int)width, *name, columns);
  }
  return 0;
}

static int
export_view(const Arguments *arguments, AnalysisTrace *trace, char **names)
{
  GError *error = NULL;
  if (!g_strv_contains((const char *const *)names, arguments->view)) {
    const char *near = sim_suggest(arguments->view, (const char *const *)names);
    sim_usage_error(near, "there is no view or table '%s'", arguments->view);
    fprintf(stderr, "'drtsim export %s' lists them.\n", arguments->trace);
    return SIM_EXIT_USAGE;
  }
  bool good = arguments->output == NULL
                ? analysis_export_to(trace, arguments->view, stdout, &error)
                : analysis_export_file(trace, arguments->view, arguments->output, &error);
  return good ? 0 : sim_analysis_failed(error);
}

static int
run(int argc, char **argv)
{
  Arguments arguments = { 0 };
  int status = take_arguments(&arguments, argc, argv);
  if (status != 0)
    return status;
  g_autoptr(AnalysisTrace) trace = sim_analysis_open(arguments.trace, &status);
  if (trace == NULL)
    return status;
  GError *error = NULL;
  g_auto(GStrv) names = analysis_export_names(trace, &error);
  if (names == NULL)
    return sim_analysis_failed(error);
  return arguments.view == NULL ? list(trace, names) : export_view(&arguments, trace, names);
}

const SimCommand sim_cmd_export = {
  .name = "export",
  .summary = "write a view or table of a trace as CSV",
  .help =
    "Usage: drtsim export [-o FILE] TRACE [VIEW]\n"
    "\n"
    "Writes the rows of VIEW, a view or a table, as CSV (RFC 4180) to stdout, the names of its\n"
    "columns first. Without VIEW it lists the views and tables with their columns. Views have\n"
    "names and seconds where tables have numbers and nanoseconds.\n"
    "\n"
    "  -o, --output FILE   write to FILE; what is there is replaced when all rows are written\n"
    "\n"
    "Example:\n"
    "  drtsim export run.db v_search -o searches.csv\n",
  .options = options,
  .run = run,
};
