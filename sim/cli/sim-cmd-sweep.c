/* `drtsim sweep FILE`: one scenario with many seeds and values, into one file. */
#include "sim-child.h"
#include "sim-command.h"
#include "sim-plan.h"
#include "sim-interrupt.h"
#include "sim-suggest.h"
#include "sim-sweep.h"
#include "sim-usage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define MOST_RUNS 1000000

typedef struct {
  const char *path, *output;
  SimPlan *plan;
  bool has_seeds, quiet;
  int jobs;
} Arguments;

/* A run that is under way, or has ended and waits for those before it. */
typedef struct {
  SimPlanned planned;
  char *trace; /* of its own, until it is part of the sweep */
  SimChildReport report;
  int status;       /* it came to that */
  bool known, done; /* @known: it was in the sweep already */
} Turn;

typedef struct {
  const Arguments *arguments;
  SimSweep *sweep;
  char *folder; /* for the traces of runs under way */
  Turn *turns;
  uint64_t count, next, taken; /* runs begun, and part of the sweep */
} Sweep;

static const char *const options[] = {
  "--seeds", "--set", "--jobs", "--quiet", "--help", "-o", NULL
};

/* What such a run came to says nothing of the scenario's expectations; the worst first. */
static const int not_run[] = { SIM_EXIT_TROUBLE, SIM_EXIT_MISTAKE };

static bool
could_not_be_run(int status)
{
  for (size_t i = 0; i < G_N_ELEMENTS(not_run); i++)
    if (status == not_run[i])
      return true;
  return false;
}

/* ---- One run. ---- */

static bool
begin_run(Sweep *sweep, SimChild *child)
{
  Turn *turn = &sweep->turns[sweep->next];
  turn->trace = g_strdup_printf("%s/run-%" G_GUINT64_FORMAT ".db", sweep->folder, sweep->next + 1);
  g_unlink(turn->trace);
  SimJob job = {
    .path = sweep->arguments->path,
    .sets = (const char *const *)turn->planned.sets,
    .has_seed = true,
    .seed = turn->planned.seed,
    .until = SIM_TIME_NEVER,
    .quiet = true,
    .trace = turn->trace,
    .part = true,
    .has_classes = true,
    .classes = SIM_RECORD_SUMMARY,
  };
  if (sim_child_start(child, &job))
    return true;
  fprintf(stderr, "drtsim: cannot start a process: %s\n", g_strerror(errno));
  return false;
}

static void
tell(const Sweep *sweep, const Turn *turn, const char *verdict)
{
  if (sweep->arguments->quiet)
    return;
  fprintf(stderr,
          "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ": seed %" G_GUINT64_FORMAT "%s%s: ",
          sweep->taken + 1, sweep->count, turn->planned.seed, *turn->planned.point ? ", " : "",
          turn->planned.point);
  if (turn->known)
    fputs("was there already\n", stderr);
  else
    fprintf(stderr, "%s, %.1f s\n", verdict, turn->report.wall_s);
}

/* Kept with its reason, so that it is not tried again, nor taken for something that never was. */
static bool
take_failure(Sweep *sweep, const Turn *turn, const char *verdict, GError **error)
{
  SimJob job = { .path = sweep->arguments->path,
                 .sets = (const char *const *)turn->planned.sets,
                 .until = SIM_TIME_NEVER };
  g_autofree char *replay = sim_job_replay(&job, turn->planned.seed);
  g_autofree char *died = turn->report.reported
                            ? g_strdup(turn->report.text)
                            : g_strdup_printf("the process died (signal %d)", turn->report.signal);
  fprintf(stderr, "drtsim: seed %" G_GUINT64_FORMAT " %s: %s\n", turn->planned.seed,
          turn->planned.point, g_strstrip(died));
  return sim_sweep_add_failed(sweep->sweep,
                              &(SimSweepFailure){
                                .scenario = sweep->arguments->path,
                                .replay = replay,
                                .problem = died,
                                .seed = turn->planned.seed,
                                .sets = (const char *const *)turn->planned.sets,
                                .verdict = verdict,
                                .exit_code = turn->report.status,
                              },
                              error);
}

/* A run that stopped before its end has a trace up to there, but its first line says why. */
static void
tell_why(const Turn *turn)
{
  g_autofree char *why = g_strndup(turn->report.text, strcspn(turn->report.text, "\n"));
  fprintf(stderr, "drtsim: seed %" G_GUINT64_FORMAT " %s: %s\n", turn->planned.seed,
          turn->planned.point, why);
}

static bool
take_run(Sweep *sweep, Turn *turn)
{
  g_autoptr(GError) error = NULL;
  if (!turn->known)
    turn->status = turn->report.status;
  const char *verdict = sim_job_verdict(turn->report.status);
  bool good = true;
  if (!turn->known && turn->report.reported && g_file_test(turn->trace, G_FILE_TEST_EXISTS)) {
    if (could_not_be_run(turn->status))
      tell_why(turn);
    good = sim_sweep_add(sweep->sweep, turn->trace, &error);
  } else if (!turn->known)
    good = take_failure(sweep, turn, verdict, &error);
  if (!good) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    return false;
  }
  tell(sweep, turn, verdict);
  if (turn->trace != NULL)
    g_unlink(turn->trace);
  return true;
}

/* ---- All of them. ---- */

static void
look_for(Sweep *sweep, Turn *turn)
{
  turn->status = sim_sweep_status(sweep->sweep, turn->planned.point, turn->planned.seed);
  turn->known = turn->status >= 0;
}

/* Those that have ended become part of the sweep in the order of the plan, whoever was faster. */
static bool
take_done(Sweep *sweep)
{
  for (; sweep->taken < sweep->count && sweep->turns[sweep->taken].done; sweep->taken++)
    if (!take_run(sweep, &sweep->turns[sweep->taken]))
      return false;
  return true;
}

static bool
start_some(Sweep *sweep, SimChild *children, uint64_t *numbers, int *busy)
{
  for (int i = 0; i < sweep->arguments->jobs; i++) {
    while (sweep->next < sweep->count && sweep->turns[sweep->next].known)
      sweep->turns[sweep->next++].done = true;
    if (children[i].pid != 0 || sweep->next == sweep->count || sim_interrupted())
      continue;
    numbers[i] = sweep->next;
    if (!begin_run(sweep, &children[i]))
      return false;
    sweep->next++;
    (*busy)++;
  }
  return true;
}

/* False: it cannot go on. Runs that an interruption has ended do not count. */
static bool
run_all(Sweep *sweep)
{
  SimChild children[SIM_JOBS_MAX] = { 0 };
  uint64_t numbers[SIM_JOBS_MAX];
  int busy = 0;
  bool good = start_some(sweep, children, numbers, &busy) && take_done(sweep);
  while (busy > 0) {
    SimChildReport report;
    int i = sim_child_wait(children, sweep->arguments->jobs, &report);
    if (i < 0)
      return false;
    busy--;
    Turn *turn = &sweep->turns[numbers[i]];
    turn->report = report;
    turn->done = report.status != SIM_EXIT_INTERRUPTED;
    /* The next run first: what has ended is taken in while that goes on. */
    good = good && start_some(sweep, children, numbers, &busy) && take_done(sweep);
  }
  return good;
}

/* Of the runs that were asked for, whenever they were run; 0 if they could be. */
static int
worst_of(const Sweep *sweep)
{
  for (size_t k = 0; k < G_N_ELEMENTS(not_run); k++)
    for (uint64_t i = 0; i < sweep->taken; i++)
      if (sweep->turns[i].status == not_run[k])
        return not_run[k];
  return 0;
}

static int
finish(Sweep *sweep, bool good)
{
  g_autoptr(GError) error = NULL;
  unsigned runs = sim_sweep_runs(sweep->sweep),
           failed = sim_sweep_runs_with(sweep->sweep, not_run, G_N_ELEMENTS(not_run));
  if (!sim_sweep_close(sweep->sweep, &error)) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    good = false;
  }
  for (uint64_t i = 0; i < sweep->count; i++)
    if (sweep->turns[i].trace != NULL)
      g_unlink(sweep->turns[i].trace);
  g_rmdir(sweep->folder);
  printf("%s: %u runs, %u of them could not be run\n", sweep->arguments->output, runs, failed);
  if (sweep->taken < sweep->count)
    printf("the same command goes on with the %" G_GUINT64_FORMAT " that are missing\n",
           sweep->count - sweep->taken);
  int worst = good ? worst_of(sweep) : SIM_EXIT_TROUBLE;
  return worst == 0 && sim_interrupted() ? SIM_EXIT_INTERRUPTED : worst;
}

/* A param that the scenario does not have would be a mistake in every run. */
static bool
has_params(const SimScenario *scenario, const SimPlan *plan)
{
  const char **names = g_new0(const char *, scenario->param_count + 1);
  bool good = true;
  for (uint32_t i = 0; i < scenario->param_count; i++)
    names[i] = scenario->params[i].name;
  for (guint i = 0; good && i < plan->names->len; i++) {
    const char *name = plan->names->pdata[i];
    good = g_strv_contains(names, name);
    if (!good)
      sim_usage_error(sim_suggest(name, names), "the scenario has no param '%s'", name);
  }
  g_free(names);
  return good;
}

static char *
common_text(const char *path, const SimPlan *plan)
{
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load(path, NULL, mistakes);
  if (scenario == NULL) {
    g_autofree char *text = sim_mistakes_format(mistakes);
    fputs(text, stderr);
    return NULL;
  }
  char *text = has_params(scenario, plan) ? sim_scenario_print(scenario) : NULL;
  sim_scenario_free(scenario);
  return text;
}

static int
do_sweep(const Arguments *arguments)
{
  g_autofree char *text = common_text(arguments->path, arguments->plan);
  if (text == NULL)
    return SIM_EXIT_MISTAKE;
  g_autoptr(GError) error = NULL;
  Sweep sweep = { .arguments = arguments, .count = sim_plan_count(arguments->plan) };
  sweep.sweep = sim_sweep_open(arguments->output, text, &error);
  if (sweep.sweep == NULL) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    return SIM_EXIT_TROUBLE;
  }
  sweep.folder = g_strconcat(arguments->output, ".runs", NULL);
  sweep.turns = g_new0(Turn, sweep.count);
  bool good = g_mkdir_with_parents(sweep.folder, 0777) == 0;
  if (!good)
    fprintf(stderr, "drtsim: cannot create '%s': %s\n", sweep.folder, g_strerror(errno));
  for (uint64_t i = 0; i < sweep.count; i++) {
    sim_plan_at(arguments->plan, i, &sweep.turns[i].planned);
    look_for(&sweep, &sweep.turns[i]);
  }
  int status = finish(&sweep, good && run_all(&sweep));
  for (uint64_t i = 0; i < sweep.count; i++) {
    sim_planned_clear(&sweep.turns[i].planned);
    sim_child_report_clear(&sweep.turns[i].report);
    g_free(sweep.turns[i].trace);
  }
  g_free(sweep.turns);
  g_free(sweep.folder);
  return status;
}

/* ---- The command line. ---- */

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *word = argv[*i];
  if (strcmp(word, "--quiet") == 0) {
    arguments->quiet = true;
    return 0;
  }
  static const char *const with_value[] = { "--seeds", "--set", "--jobs", "-o", NULL };
  const char *name = sim_usage_option(word, with_value);
  if (name == NULL)
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'sweep'", word);
  const char *value = strcmp(name, "--set") == 0 ? sim_usage_sets(argc, argv, i)
                                                 : sim_usage_value(name, argc, argv, i);
  if (value == NULL)
    return SIM_EXIT_USAGE;
  bool good = true;
  if (strcmp(name, "-o") == 0)
    arguments->output = value;
  else if (strcmp(name, "--seeds") == 0)
    good = arguments->has_seeds = sim_usage_seeds(value, arguments->plan->seeds);
  else if (strcmp(name, "--set") == 0)
    good = sim_plan_set(arguments->plan, value);
  else
    good = sim_usage_jobs(value, &arguments->jobs);
  return good ? 0 : SIM_EXIT_USAGE;
}

static int
take_arguments(Arguments *arguments, int argc, char **argv)
{
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    int status = 0;
    if (walk.is_option)
      status = take_option(arguments, argc, argv, &walk.at);
    else if (arguments->path != NULL)
      status = sim_usage_error(NULL, "'sweep' takes one scenario, but '%s' follows '%s'",
                               argv[walk.at], arguments->path);
    else
      arguments->path = argv[walk.at];
    if (status != 0)
      return status;
  }
  if (arguments->path == NULL)
    return sim_usage_error(NULL, "'sweep' needs a scenario file");
  if (!arguments->has_seeds)
    return sim_usage_error(NULL, "'sweep' needs seeds, such as '--seeds 1..20'");
  uint64_t runs = sim_plan_count(arguments->plan);
  if (runs > MOST_RUNS)
    return sim_usage_error(NULL, "a sweep has at most %d runs, not %" G_GUINT64_FORMAT, MOST_RUNS,
                           runs);
  if (arguments->output == NULL)
    return sim_usage_error(NULL, "'sweep' needs a file for what it finds: '-o SWEEP.db'");
  return 0;
}

static int
run(int argc, char **argv)
{
  Arguments arguments = { .plan = sim_plan_new(), .jobs = sim_usage_jobs_usual() };
  int status = take_arguments(&arguments, argc, argv);
  if (status == 0) {
    sim_interrupt_catch();
    status = do_sweep(&arguments);
  }
  sim_plan_free(arguments.plan);
  return status;
}

const SimCommand sim_cmd_sweep = {
  .name = "sweep",
  .summary = "run a scenario with many seeds and params, into one trace",
  .help =
    "Usage: drtsim sweep FILE --seeds A..B [--set NAME=V1,V2...]... [--jobs J] -o SWEEP.db\n"
    "\n"
    "Runs the scenario in FILE with every seed from A to B, and with every combination of the\n"
    "values given for its params, each in a process of its own. All runs become parts of one\n"
    "file: samples, searches and what the scenario did (the class summary). Its views v_point\n"
    "and v_sweep have the runs and their means, deviations and 95 % intervals.\n"
    "\n"
    "A sweep that was interrupted or killed goes on where it was when the same command is given\n"
    "again; further seeds and values are added likewise. A run that cannot be carried out is\n"
    "kept with its reason.\n"
    "\n"
    "  --seeds A..B        the first and the last seed, or one\n"
    "  --set NAME=V1,V2    values for a param\n"
    "  --jobs J            so many at the same time (one for each processor)\n"
    "  -o SWEEP.db         where to\n"
    "  --quiet             no line for each run on stderr\n"
    "\n"
    "Exit status: 0 all runs are there, whatever they came to, 2 a mistake on the command line\n"
    "or in a run, 4 the file cannot be written or a run broke off, 130 interrupted.\n"
    "\n"
    "Example:\n"
    "  drtsim sweep scenarios/tour/partition-heals.drt --seeds 1..20 --set N=100,300 -o sweep.db\n",
  .options = options,
  .run = run,
};
