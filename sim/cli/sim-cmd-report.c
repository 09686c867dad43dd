/* `drtsim report RUN.db`: a run as one page. */
#include "analysis-report.h"
#include "sim-analysis.h"
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *trace, *output;
  AnalysisParams params;
} Arguments;

static const char *const options[] = { "--help", "--output", "--run", "-o", NULL };

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *word = argv[*i];
  if (sim_usage_is_option(word, "--run")) {
    uint64_t run;
    const char *value = sim_usage_value("--run", argc, argv, i);
    if (value == NULL || !sim_usage_number("--run", value, 1, INT64_MAX, &run))
      return SIM_EXIT_USAGE;
    arguments->params.run = (int64_t)run;
    return 0;
  }
  if (!sim_usage_is_option(word, "-o") && !sim_usage_is_option(word, "--output"))
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'report'", word);
  arguments->output = sim_usage_value(word[1] == '-' ? "--output" : "-o", argc, argv, i);
  return arguments->output == NULL ? SIM_EXIT_USAGE : 0;
}

static int
take_arguments(Arguments *arguments, int argc, char **argv)
{
  int status = 0;
  for (SimUsageWalk walk = { 0 }; status == 0 && sim_usage_next(&walk, argc, argv);) {
    if (walk.is_option)
      status = take_option(arguments, argc, argv, &walk.at);
    else if (arguments->trace == NULL)
      arguments->trace = argv[walk.at];
    else
      status = sim_usage_error(NULL, "'report' takes one trace, but '%s' follows '%s'",
                               argv[walk.at], arguments->trace);
  }
  if (status != 0)
    return status;
  if (arguments->trace == NULL)
    return sim_analysis_missing("report");
  return 0;
}

/* (transfer full) TRACE.html, here. */
static char *
default_path(const char *trace)
{
  g_autofree char *base = g_path_get_basename(trace);
  if (g_str_has_suffix(base, ".db") && strlen(base) > 3)
    base[strlen(base) - 3] = '\0';
  return g_strconcat(base, ".html", NULL);
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
  if (arguments.params.run > 0 && !analysis_trace_check_run(trace, arguments.params.run, &error))
    return sim_analysis_failed(error);
  g_autofree char *path =
    arguments.output != NULL ? g_strdup(arguments.output) : default_path(arguments.trace);
  g_autofree char *page = analysis_report_make(trace, &arguments.params, &error);
  if (page == NULL || !analysis_report_write(path, page, &error))
    return sim_analysis_failed(error);
  printf("%s\n", path);
  return 0;
}

const SimCommand sim_cmd_report = {
  .name = "report",
  .summary = "write one page about a run: verdicts, figures, disturbances, searches",
  .help =
    "Usage: drtsim report [-o FILE.html] [--run N] TRACE\n"
    "\n"
    "Writes one page of HTML about the run, or the sweep, that is recorded in TRACE: what was\n"
    "run, the verdicts, key figures, disturbances and how long they took to heal, the searches\n"
    "that failed and the slowest ones with their stories as 'drtsim why' tells them, pictures,\n"
    "and how to run the same again. The page needs no other file and no network. Making it\n"
    "needs gnuplot (the Debian package gnuplot-nox).\n"
    "\n"
    "  -o, --output FILE.html   the page; without: TRACE.html in this folder. What is there is\n"
    "                           replaced\n"
    "  --run N                  of a sweep: only run N\n"
    "\n"
    "Example:\n"
    "  drtsim report run.db -o run.html\n",
  .options = options,
  .run = run,
};
