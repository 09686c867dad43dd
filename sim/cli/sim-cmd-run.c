/* `drtsim run FILE`: one scenario, once. */
#include "sim-command.h"
#include "sim-job.h"
#include "sim-pictures.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <string.h>

typedef struct {
  SimJob job;
  bool json;
  GPtrArray *sets;
} Arguments;

static const char *const options[] = { "--seed",  "--set",   "--until",           "--json",
                                       "--quiet", "--trace", "--stop-on-failure", "--help",
                                       "-o",      NULL };

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *word = argv[*i], *value;
  SimJob *job = &arguments->job;
  if (strcmp(word, "--json") == 0)
    arguments->json = true;
  else if (strcmp(word, "--quiet") == 0)
    job->quiet = true;
  else if (strcmp(word, "--stop-on-failure") == 0)
    job->stop_on_failure = true;
  else if (sim_usage_is_option(word, "--seed"))
    return (value = sim_usage_value("--seed", argc, argv, i)) != NULL &&
               (job->has_seed = sim_usage_number("--seed", value, 0, UINT64_MAX, &job->seed))
             ? 0
             : SIM_EXIT_USAGE;
  else if (sim_usage_is_option(word, "--set")) {
    if ((value = sim_usage_set(argc, argv, i)) == NULL)
      return SIM_EXIT_USAGE;
    g_ptr_array_add(arguments->sets, (gpointer)value);
  } else if (sim_usage_is_option(word, "--until")) {
    if ((value = sim_usage_value("--until", argc, argv, i)) == NULL)
      return SIM_EXIT_USAGE;
    if (!sim_time_from_text(value, &job->until))
      return sim_usage_error(NULL, "'--until' wants a time such as 90s or 5min, not '%s'", value);
  } else if (sim_usage_is_option(word, "-o")) {
    return (job->trace = sim_usage_value("-o", argc, argv, i)) != NULL ? 0 : SIM_EXIT_USAGE;
  } else if (sim_usage_is_option(word, "--trace")) {
    return (value = sim_usage_value("--trace", argc, argv, i)) != NULL &&
               (job->has_classes = sim_usage_classes(value, &job->classes))
             ? 0
             : SIM_EXIT_USAGE;
  } else {
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'run'", word);
  }
  return 0;
}

static int
take_arguments(Arguments *arguments, int argc, char **argv, bool pictures)
{
  int status = 0;
  for (SimUsageWalk walk = { 0 }; status == 0 && sim_usage_next(&walk, argc, argv);) {
    if (walk.is_option)
      status = take_option(arguments, argc, argv, &walk.at);
    else if (arguments->job.path == NULL)
      arguments->job.path = argv[walk.at];
    else
      status = sim_usage_error(NULL, "'run' takes one scenario, but '%s' follows '%s'",
                               argv[walk.at], arguments->job.path);
  }
  if (status != 0)
    return status;
  if (arguments->job.path == NULL)
    return sim_usage_error(NULL, "'run' needs a scenario file");
  bool writes = arguments->job.has_classes && arguments->job.classes != 0;
  if (writes && arguments->job.trace == NULL && !pictures)
    return sim_usage_error(NULL, "'--trace' says what to write: '-o RUN.db' has to say where");
  return 0;
}

/* @pictures: make them, and a trace to make them from. */
static int
do_run(int argc, char **argv, bool pictures)
{
  g_autoptr(GPtrArray) sets = g_ptr_array_new();
  Arguments arguments = { .job = { .until = SIM_TIME_NEVER }, .sets = sets };
  int status = take_arguments(&arguments, argc, argv, pictures);
  if (status != 0)
    return status;
  g_ptr_array_add(sets, NULL);
  SimJob *job = &arguments.job;
  job->sets = (const char *const *)sets->pdata;
  g_autofree char *usual = NULL; /* where pictures are made from, if nothing else was said */
  SimJobDone done = { .status = SIM_EXIT_TROUBLE };
  if (pictures && job->trace == NULL) {
    usual = sim_pictures_trace(job->path);
    job->trace = usual;
  }
  if (!pictures || job->trace != NULL)
    sim_job_do(job, &done);
  status = done.status;
  if (arguments.json)
    sim_job_print_json(job, &done);
  else if (done.run != NULL)
    sim_job_print_text(job, &done);
  if (pictures && done.trace != NULL && status != SIM_EXIT_TROUBLE &&
      !sim_pictures_make(done.trace, arguments.json ? stderr : stdout))
    status = SIM_EXIT_TROUBLE;
  sim_job_clear(&done);
  return status;
}

static int
run(int argc, char **argv)
{
  return do_run(argc, argv, false);
}

int
sim_cmd_run_file(int argc, char **argv)
{
  return do_run(argc, argv, true);
}

const SimCommand sim_cmd_run = {
  .name = "run",
  .summary = "run a scenario and judge its expectations",
  .help =
    "Usage: drtsim run [OPTION]... FILE\n"
    "       drtsim FILE [OPTION]...\n"
    "\n"
    "Runs the scenario in FILE in virtual time, and says which of its expectations did not\n"
    "hold: where, what was found, since when, and how to run the same again. Without the\n"
    "word 'run' it also writes a trace (out/NAME.db, if -o does not say where), a picture of\n"
    "the convergence and a report beside it, and says where they are.\n"
    "\n"
    "  -o RUN.db           write a trace: an SQLite file with what happened\n"
    "  --trace CLASSES     what goes into it, instead of what the file says: none, summary,\n"
    "                      api, events, messages, hops, cache, protocol (api, events,\n"
    "                      messages, hops) or all; several with commas between them\n"
    "  --seed N            another seed than the file's\n"
    "  --set NAME=VALUE    use VALUE for the param NAME\n"
    "  --until T           stop at that virtual time (90s, 5min), before the end\n"
    "  --stop-on-failure   stop as soon as an expectation is broken for good\n"
    "  --json              print one JSON object instead of text; its problems are those of\n"
    "                      'drtsim check --json'\n"
    "  --quiet             no seed and no progress on stderr\n"
    "\n"
    "Exit status: 0 all expectations held, 1 one failed or an invariant was broken, 2 a\n"
    "mistake in the file or on the command line, 3 undecided, 4 the trace could not be\n"
    "written or internal trouble, 130 interrupted.\n"
    "\n"
    "Example:\n"
    "  drtsim run scenarios/tour/partition-heals.drt --seed 3 -o run.db\n",
  .options = options,
  .run = run,
};
