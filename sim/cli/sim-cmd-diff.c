/* `drtsim diff A.db B.db`: where two runs first differ. */
#include "analysis-diff.h"
#include "sim-analysis.h"
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <stdio.h>

static int
compare(const char *first, const char *second)
{
  int status;
  bool same = false;
  g_autoptr(AnalysisTrace) a = sim_analysis_open(first, &status);
  if (a == NULL)
    return status;
  g_autoptr(AnalysisTrace) b = sim_analysis_open(second, &status);
  if (b == NULL)
    return status;
  GError *error = NULL;
  g_autofree char *text = analysis_diff(a, b, &same, &error);
  if (text == NULL)
    return sim_analysis_failed(error);
  fputs(text, stdout);
  return same ? 0 : 1;
}

static const char *const options[] = { "--help", NULL };

static int
run(int argc, char **argv)
{
  const char *paths[2];
  int count = 0;
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    char *word = argv[walk.at];
    if (walk.is_option)
      return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'diff'", word);
    if (count == 2)
      return sim_usage_error(NULL, "'diff' takes two traces, but '%s' follows", word);
    paths[count++] = word;
  }
  if (count < 2)
    return sim_usage_error(NULL, "'diff' needs two traces, such as 'drtsim run FILE -o RUN.db' "
                                 "writes");
  return compare(paths[0], paths[1]);
}

const SimCommand sim_cmd_diff = {
  .name = "diff",
  .summary = "compare two traces: where they first differ, and all metrics",
  .help =
    "Usage: drtsim diff A.db B.db\n"
    "\n"
    "Says at which virtual time, and in what, two runs first differ, and prints all metrics\n"
    "of both side by side. It compares what both traces have recorded: with --trace protocol\n"
    "the first difference is that of a single message or event.\n"
    "\n"
    "Exit status: 0 they are the same run, 1 they differ, 2 a mistake on the command line\n"
    "or a file that is no trace.\n"
    "\n"
    "Example:\n"
    "  drtsim diff before.db after.db\n",
  .options = options,
  .run = run,
};
