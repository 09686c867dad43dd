/* `drtsim why RUN.db search:ID`: what has led to it. */
#include "analysis-index.h"
#include "analysis-why.h"
#include "sim-analysis.h"
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  const char *path, *what;
} Arguments;

static const char *const options[] = { "--help", NULL };
static const char *const tables[] = { "search", "event",        "message", "call", "life",
                                      "note",   "hop",          "cache",   "wake", "fault",
                                      "mark",   "registration", NULL };

static int
take_arguments(Arguments *arguments, int argc, char **argv)
{
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    char *word = argv[walk.at];
    if (walk.is_option)
      return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'why'", word);
    if (arguments->path == NULL)
      arguments->path = word;
    else if (arguments->what == NULL)
      arguments->what = word;
    else
      return sim_usage_error(NULL, "'why' takes one row, but '%s' follows '%s'", word,
                             arguments->what);
  }
  if (arguments->what == NULL)
    return sim_usage_error(NULL, "'why' needs a trace and what to explain, such as search:12");
  return 0;
}

/* "search:12". (transfer full) the first word; NULL, and said so, if it is none. */
static char *
split(const char *text, int64_t *ret_id)
{
  const char *colon = strchr(text, ':');
  uint64_t id;
  if (colon == NULL) {
    sim_usage_error(NULL, "'why' wants a row such as search:12, event:12 or message:12, not '%s'",
                    text);
    return NULL;
  }
  g_autofree char *table = g_strndup(text, (gsize)(colon - text));
  if (!g_strv_contains(tables, table)) {
    sim_usage_error(sim_suggest(table, tables),
                    "'why' explains a search, an event or a message, not a '%s'", table);
    return NULL;
  }
  if (!sim_usage_number(table, colon + 1, 1, INT64_MAX, &id))
    return NULL;
  *ret_id = (int64_t)id;
  return g_steal_pointer(&table);
}

/* Without them every step of the way is a look at the whole trace. */
static void
index_first(AnalysisTrace *trace, const char *path)
{
  g_autoptr(GError) error = NULL;
  unsigned missing = 0, added;
  if (!analysis_index_missing(trace, &missing, &error) || missing == 0)
    return;
  fprintf(stderr, "drtsim: adding indexes to '%s', only this first time\n", path);
  if (!analysis_index(path, &added, &error))
    fprintf(stderr, "drtsim: %s; going on without\n", error->message);
}

static int
run(int argc, char **argv)
{
  Arguments arguments = { 0 };
  int status = take_arguments(&arguments, argc, argv);
  if (status != 0 || arguments.what == NULL)
    return status;
  int64_t id;
  g_autofree char *table = split(arguments.what, &id);
  if (table == NULL)
    return SIM_EXIT_USAGE;
  g_autoptr(AnalysisTrace) trace = sim_analysis_open(arguments.path, &status);
  if (trace == NULL)
    return status;
  index_first(trace, arguments.path);
  GError *error = NULL;
  g_autofree char *story = analysis_why(trace, table, id, &error);
  if (story == NULL)
    return sim_analysis_failed(error);
  fputs(story, stdout);
  return 0;
}

const SimCommand sim_cmd_why = {
  .name = "why",
  .summary = "tell how a search, an event or a message came about",
  .help =
    "Usage: drtsim why TRACE search:ID\n"
    "       drtsim why TRACE event:ID | message:ID | TABLE:ID\n"
    "\n"
    "Of a search: whom it asked, when, what came back, what the search made of it, and what\n"
    "made it fail if it did. Of anything else: the chain of causes that led to it, from what\n"
    "the scenario did or a timer that came due, and what it led to itself. The ids are those\n"
    "of the trace's tables: 'drtsim export TRACE v_search' lists searches.\n"
    "\n"
    "Searches alone are in every trace. For the rest, run with --trace protocol.\n"
    "\n"
    "Example:\n"
    "  drtsim why run.db search:1204\n",
  .options = options,
  .run = run,
};
