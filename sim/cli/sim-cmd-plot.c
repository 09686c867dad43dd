/* `drtsim plot RUN.db [FIGURE]...`: pictures of a trace. */
#include "analysis-plot.h"
#include "sim-analysis.h"
#include "sim-command.h"
#include "sim-scenario.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *trace;
  GPtrArray *figures; /* of const AnalysisFigure */
  const char *output;
  bool has_format, keep, list;
  AnalysisFormat format;
  AnalysisParams params;
} Arguments;

static const char *const options[] = { "--at",   "--format", "--help",   "--keep",
                                       "--list", "--run",    "--search", "--output",
                                       "--x",    "-o",       NULL };
static const char *const formats[] = { "svg", "png", "pdf", NULL };

/* ---- The command line. ---- */

static int
take_format(Arguments *arguments, const char *value)
{
  for (unsigned i = 0; i < ANALYSIS_FORMATS; i++)
    if (strcmp(value, formats[i]) == 0) {
      arguments->format = (AnalysisFormat)i;
      arguments->has_format = true;
      return 0;
    }
  return sim_usage_error(sim_suggest(value, formats), "'--format' wants svg, png or pdf, not '%s'",
                         value);
}

static int
take_at(Arguments *arguments, const char *value)
{
  SimTime at;
  if (!sim_time_from_text(value, &at))
    return sim_usage_error(NULL, "'--at' wants a time such as 90s or 5min, not '%s'", value);
  arguments->params.at = (double)at / 1e9;
  arguments->params.has_at = true;
  return 0;
}

static int
take_number(const char *name, const char *value, int64_t *ret)
{
  uint64_t number;
  if (!sim_usage_number(name, value, 1, INT64_MAX, &number))
    return SIM_EXIT_USAGE;
  *ret = (int64_t)number;
  return 0;
}

static int
take_value(Arguments *arguments, const char *name, const char *value)
{
  if (value == NULL)
    return SIM_EXIT_USAGE;
  if (strcmp(name, "--format") == 0)
    return take_format(arguments, value);
  if (strcmp(name, "--at") == 0)
    return take_at(arguments, value);
  if (strcmp(name, "--run") == 0)
    return take_number(name, value, &arguments->params.run);
  if (strcmp(name, "--search") == 0)
    return take_number(name, g_str_has_prefix(value, "search:") ? value + 7 : value,
                       &arguments->params.search);
  if (strcmp(name, "--x") == 0)
    arguments->params.x = value;
  else
    arguments->output = value;
  return 0;
}

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  static const char *const with_value[] = { "--format", "--at",     "--run", "--search",
                                            "--x",      "--output", "-o",    NULL };
  const char *word = argv[*i];
  if (strcmp(word, "--keep") == 0)
    arguments->keep = true;
  else if (strcmp(word, "--list") == 0)
    arguments->list = true;
  else {
    const char *name = sim_usage_option(word, with_value);
    if (name != NULL)
      return take_value(arguments, name, sim_usage_value(name, argc, argv, i));
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'plot'", word);
  }
  return 0;
}

static int
take_word(Arguments *arguments, const char *word)
{
  if (arguments->trace == NULL) {
    arguments->trace = word;
    return 0;
  }
  const AnalysisFigure *figure = analysis_figure_find(word);
  if (figure == NULL) {
    g_autofree const char **names = analysis_figure_names();
    const char *near = sim_suggest(word, names);
    sim_usage_error(near, "there is no figure '%s'", word);
    fputs("'drtsim plot --list' names the figures.\n", stderr);
    return SIM_EXIT_USAGE;
  }
  g_ptr_array_add(arguments->figures, (gpointer)figure);
  return 0;
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
  if (arguments->trace == NULL && !arguments->list)
    return sim_analysis_missing("plot");
  if (arguments->figures->len == 0)
    g_ptr_array_add(arguments->figures, (gpointer)analysis_figure_at(0));
  return 0;
}

/* ---- Where the pictures go. ---- */

static bool
is_folder(const Arguments *arguments)
{
  return arguments->output != NULL &&
         (arguments->figures->len > 1 || g_str_has_suffix(arguments->output, "/") ||
          g_file_test(arguments->output, G_FILE_TEST_IS_DIR));
}

/* The ending of the output names the format, if no option does; an option does not make it a lie. */
static int
settle_format(Arguments *arguments)
{
  if (arguments->output == NULL || is_folder(arguments))
    return 0;
  const char *dot = strrchr(arguments->output, '.');
  if (dot == NULL || strchr(dot, '/') != NULL)
    return 0;
  for (unsigned i = 0; i < ANALYSIS_FORMATS; i++) {
    if (g_ascii_strcasecmp(dot + 1, formats[i]) != 0)
      continue;
    if (arguments->has_format && arguments->format != (AnalysisFormat)i)
      return sim_usage_error(NULL, "'%s' would be a picture of the format %s, not of '--format %s'",
                             arguments->output, formats[i], formats[arguments->format]);
    arguments->format = (AnalysisFormat)i;
    return 0;
  }
  if (arguments->has_format)
    return 0;
  return sim_usage_error(NULL,
                         "pictures are svg, png or pdf, and '%s' is none of them: "
                         "say which with '--format'",
                         arguments->output);
}

static int
make_folder(const Arguments *arguments)
{
  if (!is_folder(arguments) || g_mkdir_with_parents(arguments->output, 0777) == 0)
    return 0;
  fprintf(stderr, "drtsim: cannot make the folder '%s': %s\n", arguments->output,
          g_strerror(errno));
  return SIM_EXIT_FAILURE;
}

/* (transfer full) RUN-FIGURE.svg, here or in the folder. */
static char *
path_of(const Arguments *arguments, const AnalysisFigure *figure)
{
  if (arguments->output != NULL && !is_folder(arguments))
    return g_strdup(arguments->output);
  g_autofree char *base = g_path_get_basename(arguments->trace);
  if (g_str_has_suffix(base, ".db") && strlen(base) > 3)
    base[strlen(base) - 3] = '\0';
  g_autofree char *name =
    g_strdup_printf("%s-%s.%s", base, figure->name, analysis_format_name(arguments->format));
  return arguments->output == NULL ? g_steal_pointer(&name)
                                   : g_build_filename(arguments->output, name, NULL);
}

/* ---- The work. ---- */

static int
draw(const Arguments *arguments, AnalysisTrace *trace, const AnalysisFigure *figure)
{
  g_autofree char *path = path_of(arguments, figure);
  AnalysisPlot plot = {
    .figure = analysis_plot_choose(trace, figure, &arguments->params),
    .params = arguments->params,
    .format = arguments->format,
    .path = path,
    .keep = arguments->keep,
  };
  g_autofree char *missing = NULL;
  GError *error = NULL;
  if (!analysis_plot_draw(trace, &plot, &missing, &error))
    return sim_analysis_failed(error);
  if (missing != NULL)
    fprintf(stderr, "drtsim: note: %s has nothing to show: %s\n", plot.figure->name, missing);
  printf("%s\n", path);
  return 0;
}

static int
check_asked(Arguments *arguments, AnalysisTrace *trace)
{
  GError *error = NULL;
  AnalysisParams *params = &arguments->params;
  int64_t run = params->run;
  if (params->search > 0 && !analysis_trace_check_search(trace, params->search, &run, &error))
    return sim_analysis_failed(error);
  if (params->run == 0)
    params->run = run;
  if (params->run > 0 && !analysis_trace_check_run(trace, params->run, &error))
    return sim_analysis_failed(error);
  if (params->x != NULL && !analysis_trace_check_param(trace, params->x, &error))
    return sim_analysis_failed(error);
  return 0;
}

static int
plot_all(Arguments *arguments)
{
  int status = settle_format(arguments);
  if (status != 0)
    return status;
  g_autoptr(AnalysisTrace) trace = sim_analysis_open(arguments->trace, &status);
  if (trace == NULL || (status = check_asked(arguments, trace)) != 0 ||
      (status = make_folder(arguments)) != 0)
    return status;
  for (unsigned i = 0; status == 0 && i < arguments->figures->len; i++)
    status = draw(arguments, trace, arguments->figures->pdata[i]);
  return status;
}

static int
list(void)
{
  const AnalysisFigure *figure;
  for (unsigned i = 0; (figure = analysis_figure_at(i)) != NULL; i++)
    printf("%-18s %s\n", figure->name, figure->summary);
  return 0;
}

static int
run(int argc, char **argv)
{
  g_autoptr(GPtrArray) figures = g_ptr_array_new();
  Arguments arguments = { .figures = figures };
  int status = take_arguments(&arguments, argc, argv);
  if (status != 0)
    return status;
  return arguments.list ? list() : plot_all(&arguments);
}

const SimCommand sim_cmd_plot = {
  .name = "plot",
  .summary = "draw figures of a trace: convergence, searches, traffic, ...",
  .help =
    "Usage: drtsim plot [OPTION]... TRACE [FIGURE]...\n"
    "       drtsim plot --list\n"
    "\n"
    "Draws figures of the run, or the sweep, that is recorded in TRACE, and prints the names\n"
    "of the pictures: TRACE-FIGURE.svg, in this folder. Without FIGURE it draws how the leaf\n"
    "sets converged. It needs gnuplot (the Debian package gnuplot-nox).\n"
    "\n"
    "  -o, --output PATH   the picture, or the folder for several; what is there is replaced\n"
    "  --format FORMAT     svg, png or pdf; the ending of PATH says it, too\n"
    "  --run N             of a sweep: only run N\n"
    "  --at T              of the figure ring: the ring at that virtual time (90s, 5min)\n"
    "  --search ID         of the figure sequence: that search\n"
    "  --x PARAM           of figures over a sweep: the param on the x axis\n"
    "  --keep              leave the gnuplot script and its data beside each picture, to\n"
    "                      change them and draw again with 'gnuplot TRACE-FIGURE.gp'\n"
    "  --list              name the figures, with a line each\n"
    "\n"
    "A figure for which the trace has no data says so, and which '--trace' gives it.\n"
    "\n"
    "Example:\n"
    "  drtsim plot run.db convergence latency --format png -o pictures/\n",
  .options = options,
  .run = run,
};
