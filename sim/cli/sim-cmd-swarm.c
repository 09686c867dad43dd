/* `drtsim swarm`: a scenario from each seed, run, judged, and kept if it fails. */
#include "sim-command.h"
#include "sim-interrupt.h"
#include "sim-suggest.h"
#include "sim-swarm-run.h"
#include "sim-usage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SEEDS 100        /* unless it is said */
#define SHRINK_RUNS 3000 /* at most, for one seed */

typedef struct {
  uint64_t seeds[2]; /* the first and the last */
  int jobs;
  gint64 time_us; /* of the wall clock, for new seeds; 0: until the last one */
  const char *folder;
  bool has_seeds, minimize, print;
} Arguments;

/* A seed under way. */
typedef struct {
  uint64_t seed;
  SimSwarmPlan *plan;
  char *path, *text;
} Turn;

typedef struct {
  const Arguments *arguments;
  uint64_t next;
  gint64 began;
  uint64_t runs, held, failed, undecided, troubled, events;
  bool broken; /* a file could not be written */
} Swarm;

typedef struct {
  Turn turn;
  SimChildReport report;
} Failure;

static const char *const options[] = { "--seeds", "--time", "--jobs", "--minimize",
                                       "--print", "--help", "-o",     NULL };

/* ---- One seed. ---- */

static void
clear_turn(Turn *turn)
{
  sim_swarm_free(turn->plan);
  g_free(turn->path);
  g_free(turn->text);
  *turn = (Turn){ 0 };
}

static void
clear_failure(gpointer data)
{
  Failure *failure = data;
  clear_turn(&failure->turn);
  sim_child_report_clear(&failure->report);
}

static bool
begin_turn(Swarm *swarm, Turn *turn, SimChild *child)
{
  turn->seed = swarm->next++;
  turn->plan = sim_swarm_draw(turn->seed);
  turn->text = sim_swarm_print(turn->plan, NULL);
  turn->path =
    g_strdup_printf("%s/swarm-%" G_GUINT64_FORMAT ".drt", swarm->arguments->folder, turn->seed);
  if (sim_swarm_run_start(child, turn->path, turn->text))
    return true;
  fprintf(stderr, "drtsim: cannot start a process: %s\n", g_strerror(errno));
  clear_turn(turn);
  return false;
}

static bool
keep(Swarm *swarm, const char *path, const char *text)
{
  g_autoptr(GError) error = NULL;
  if (g_mkdir_with_parents(swarm->arguments->folder, 0777) == 0 &&
      g_file_set_contents(path, text, -1, &error))
    return true;
  fprintf(stderr, "drtsim: cannot write '%s': %s\n", path,
          error != NULL ? error->message : g_strerror(errno));
  swarm->broken = true;
  return false;
}

static void
minimize(Swarm *swarm, Turn *turn, const SimChildReport *report)
{
  g_autofree char *reason = sim_swarm_run_reason(report);
  g_autofree char *path = g_strdup_printf("%s/swarm-%" G_GUINT64_FORMAT "-small.drt",
                                          swarm->arguments->folder, turn->seed);
  unsigned runs = sim_swarm_run_minimize(turn->plan, report, SHRINK_RUNS, swarm->arguments->jobs);
  g_autofree char *comment =
    g_strdup_printf("# Found by a swarm, seed %" G_GUINT64_FORMAT ", and made smaller in %u runs.\n"
                    "# It failed: %s\n",
                    turn->seed, runs, reason);
  g_autofree char *text = sim_swarm_print(turn->plan, comment);
  if (keep(swarm, path, text))
    printf("smaller     seed %" G_GUINT64_FORMAT ": %s: %u nodes, %u faults, %u runs\n", turn->seed,
           path, turn->plan->anchors + turn->plan->peers + turn->plan->guests,
           turn->plan->faults->len, runs);
  fflush(stdout);
}

static void
count_turn(Swarm *swarm, const SimChildReport *report)
{
  swarm->runs++;
  swarm->events += report->events;
  if (report->status == SIM_EXIT_HELD)
    swarm->held++;
  else if (report->status == SIM_EXIT_UNDECIDED)
    swarm->undecided++;
  else if (report->status == SIM_EXIT_FAILED)
    swarm->failed++;
  else
    swarm->troubled++; /* a scenario with a mistake, or a run that died, is a failure of ours */
}

/* True if it failed. */
static bool
end_turn(Swarm *swarm, const Turn *turn, const SimChildReport *report)
{
  if (report->status == SIM_EXIT_INTERRUPTED)
    return false;
  count_turn(swarm, report);
  if (report->status == SIM_EXIT_HELD)
    return false;
  g_autofree char *reason = sim_swarm_run_reason(report);
  bool undecided = report->status == SIM_EXIT_UNDECIDED;
  if (undecided)
    printf("undecided   seed %" G_GUINT64_FORMAT ": %s\n", turn->seed, reason);
  else if (keep(swarm, turn->path, turn->text))
    printf("%-11s seed %" G_GUINT64_FORMAT ": %s: %s\n", sim_job_verdict(report->status),
           turn->seed, turn->path, reason);
  fflush(stdout);
  return !undecided;
}

/* ---- All of them. ---- */

static bool
goes_on(const Swarm *swarm)
{
  const Arguments *arguments = swarm->arguments;
  if (sim_interrupted() || swarm->broken || swarm->next > arguments->seeds[1] ||
      swarm->next < arguments->seeds[0])
    return false;
  return arguments->time_us == 0 || g_get_monotonic_time() - swarm->began < arguments->time_us;
}

/* Those that failed, and are to be made smaller, go to @failures. */
static bool
run_all(Swarm *swarm, GArray *failures)
{
  SimChild children[SIM_JOBS_MAX] = { 0 };
  Turn turns[SIM_JOBS_MAX] = { 0 };
  for (int busy = 0;;) {
    for (int i = 0; i < swarm->arguments->jobs && goes_on(swarm); i++) {
      if (children[i].pid != 0)
        continue;
      if (!begin_turn(swarm, &turns[i], &children[i]))
        return false;
      busy++;
    }
    if (busy == 0)
      return !swarm->broken;
    Failure failure = { 0 };
    int i = sim_child_wait(children, swarm->arguments->jobs, &failure.report);
    if (i < 0)
      return false;
    busy--;
    failure.turn = turns[i];
    turns[i] = (Turn){ 0 };
    if (end_turn(swarm, &failure.turn, &failure.report) && swarm->arguments->minimize)
      g_array_append_val(failures, failure);
    else
      clear_failure(&failure);
  }
}

static int
status_of(const Swarm *swarm, bool good)
{
  if (!good || swarm->troubled > 0)
    return SIM_EXIT_TROUBLE;
  if (sim_interrupted())
    return SIM_EXIT_INTERRUPTED;
  return swarm->failed > 0 ? SIM_EXIT_FAILED : swarm->undecided > 0 ? SIM_EXIT_UNDECIDED : 0;
}

static int
do_swarm(const Arguments *arguments)
{
  Swarm swarm = { .arguments = arguments,
                  .next = arguments->seeds[0],
                  .began = g_get_monotonic_time() };
  g_autoptr(GArray) failures = g_array_new(FALSE, FALSE, sizeof(Failure));
  g_array_set_clear_func(failures, clear_failure);
  bool good = run_all(&swarm, failures);
  for (guint i = 0; i < failures->len && !sim_interrupted() && good; i++) {
    Failure *failure = &g_array_index(failures, Failure, i);
    minimize(&swarm, &failure->turn, &failure->report);
  }
  good &= !swarm.broken;
  printf("%" G_GUINT64_FORMAT " seeds from %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT
         " held, %" G_GUINT64_FORMAT " failed, %" G_GUINT64_FORMAT " undecided, %" G_GUINT64_FORMAT
         " could not be run; %" G_GUINT64_FORMAT " events in %.1f s\n",
         swarm.runs, arguments->seeds[0], swarm.held, swarm.failed, swarm.undecided, swarm.troubled,
         swarm.events, (double)(g_get_monotonic_time() - swarm.began) / G_USEC_PER_SEC);
  return status_of(&swarm, good);
}

static int
print_plans(const Arguments *arguments)
{
  if (arguments->seeds[0] != arguments->seeds[1])
    return sim_usage_error(NULL, "'--print' wants one seed, such as '--seeds 7'");
  SimSwarmPlan *plan = sim_swarm_draw(arguments->seeds[0]);
  g_autofree char *text = sim_swarm_print(plan, NULL);
  sim_swarm_free(plan);
  fputs(text, stdout);
  return 0;
}

/* ---- The command line. ---- */

static bool
take_time(Arguments *arguments, const char *value)
{
  SimTime time;
  if (sim_time_from_text(value, &time) && time > 0) {
    arguments->time_us = time / SIM_MICROSECOND;
    return true;
  }
  sim_usage_error(NULL, "'--time' wants a time such as 10min, not '%s'", value);
  return false;
}

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *word = argv[*i];
  if (strcmp(word, "--minimize") == 0)
    return (arguments->minimize = true, 0);
  if (strcmp(word, "--print") == 0)
    return (arguments->print = true, 0);
  static const char *const with_value[] = { "--seeds", "--jobs", "--time", "-o", NULL };
  const char *name = sim_usage_option(word, with_value);
  if (name == NULL)
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'swarm'", word);
  const char *value = sim_usage_value(name, argc, argv, i);
  if (value == NULL)
    return SIM_EXIT_USAGE;
  bool good = true;
  if (strcmp(name, "-o") == 0)
    arguments->folder = value;
  else if (strcmp(name, "--seeds") == 0)
    good = arguments->has_seeds = sim_usage_seeds(value, arguments->seeds);
  else if (strcmp(name, "--time") == 0)
    good = take_time(arguments, value);
  else
    good = sim_usage_jobs(value, &arguments->jobs);
  return good ? 0 : SIM_EXIT_USAGE;
}

static int
run(int argc, char **argv)
{
  Arguments arguments = { .seeds = { 1, SEEDS }, .folder = "out", .jobs = sim_usage_jobs_usual() };
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    int status = walk.is_option ? take_option(&arguments, argc, argv, &walk.at)
                                : sim_usage_error(NULL, "'swarm' takes no file, but there is '%s'",
                                                  argv[walk.at]);
    if (status != 0)
      return status;
  }
  if (!arguments.has_seeds && arguments.time_us > 0)
    arguments.seeds[1] = UINT64_MAX;
  if (arguments.print)
    return print_plans(&arguments);
  sim_interrupt_catch();
  return do_swarm(&arguments);
}

const SimCommand sim_cmd_swarm = {
  .name = "swarm",
  .summary = "draw scenarios of faults from seeds, run them, keep those that fail",
  .help =
    "Usage: drtsim swarm [OPTION]...\n"
    "\n"
    "Draws a small cloud, a network and a plan of faults from each seed, as a scenario. While the\n"
    "faults go on the invariants must hold; then all is healed, and after 30 quiet maintenance\n"
    "periods there must be one ring, with every leaf set exact and every search right.\n"
    "\n"
    "A seed that fails is told in a line, and its scenario written to a file that 'drtsim run'\n"
    "runs again. A seed where a node has lost its whole leaf set by crash, and the cloud does not\n"
    "find together again, is undecided: nobody can promise that it does.\n"
    "\n"
    "  --seeds A..B   the first and the last seed, or one (1..100)\n"
    "  --time T       no new seeds after so much time; without --seeds, from 1 on\n"
    "  --jobs J       so many at the same time (one for each processor)\n"
    "  --minimize     make what fails smaller, and write that to a file as well\n"
    "  --print        print the scenario of one seed instead of running it\n"
    "  -o FOLDER      where the files go (out)\n"
    "\n"
    "Exit status: 0 all held, 1 one failed, 3 one is undecided, 4 one could not be run, 130\n"
    "interrupted.\n"
    "\n"
    "Example:\n"
    "  drtsim swarm --seeds 1..20 --minimize\n",
  .options = options,
  .run = run,
};
