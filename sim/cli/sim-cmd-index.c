/* `drtsim index RUN.db`: the indexes that a run leaves out. */
#include "analysis-index.h"
#include "sim-analysis.h"
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <stdio.h>

static const char *const options[] = { "--help", NULL };

static int
run(int argc, char **argv)
{
  const char *path = NULL;
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    char *word = argv[walk.at];
    if (walk.is_option)
      return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'index'", word);
    if (path != NULL)
      return sim_usage_error(NULL, "'index' takes one trace, but '%s' follows '%s'", word, path);
    path = word;
  }
  if (path == NULL)
    return sim_analysis_missing("index");
  unsigned added;
  GError *error = NULL;
  gint64 began = g_get_monotonic_time();
  if (!analysis_index(path, &added, &error))
    return sim_analysis_failed(error);
  printf("%s: %u indexes added in %.1f s\n", path, added,
         (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC);
  return 0;
}

const SimCommand sim_cmd_index = {
  .name = "index",
  .summary = "add the indexes that a run leaves out",
  .help = "Usage: drtsim index TRACE\n"
          "\n"
          "Adds indexes for messages, events and the like to a trace, by cause, search, node and\n"
          "time, so that questions about one of them are answered at once. A run leaves them out,\n"
          "since keeping them would slow it down. The first 'drtsim why' adds them as well.\n"
          "\n"
          "Example:\n"
          "  drtsim index run.db\n",
  .options = options,
  .run = run,
};
