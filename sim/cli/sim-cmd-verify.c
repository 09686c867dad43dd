/* `drtsim verify FILE`: the same run twice. */
#include "sim-child.h"
#include "sim-command.h"
#include "sim-interrupt.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FILL_ONE 0x55
#define FILL_OTHER 0xaa

static const char *const options[] = { "--seed", "--set", "--help", NULL };

/* One run of at most @events events, fresh memory filled with @fill, so that a use of it shows. */
static bool
run_once(SimJob job, uint64_t events, uint8_t fill, SimChildReport *report)
{
  SimChild child;
  job.events_max = events;
  job.fill = fill;
  if (!sim_child_start(&child, &job)) {
    fprintf(stderr, "drtsim: cannot start a process: %s\n", g_strerror(errno));
    return false;
  }
  return sim_child_wait(&child, 1, report) == 0;
}

/* Whether both go the same way for so many events. */
static bool
agree(const SimJob *job, uint64_t events, SimChildReport *a, SimChildReport *b)
{
  sim_child_report_clear(a);
  sim_child_report_clear(b);
  return run_once(*job, events, FILL_ONE, a) && run_once(*job, events, FILL_OTHER, b) &&
         a->trajectory == b->trajectory && a->events == b->events;
}

static const char *
last_line(const SimChildReport *report)
{
  const char *at = g_strrstr(report->text, "last: ");
  return at == NULL ? report->text : at + strlen("last: ");
}

/* The first event after which they differ: halving what is known to agree and to differ. */
static void
find_difference(const SimJob *job, uint64_t most)
{
  SimChildReport a = { 0 }, b = { 0 };
  uint64_t same = 0, differs = most;
  while (differs - same > 1 && !sim_interrupted()) {
    uint64_t middle = same + (differs - same) / 2;
    bool agreed = agree(job, middle, &a, &b);
    if (sim_interrupted())
      break; /* what was cut short says nothing */
    if (agreed)
      same = middle;
    else
      differs = middle;
  }
  if (!sim_interrupted())
    agree(job, differs, &a, &b);
  if (sim_interrupted())
    printf("not finished: the first difference is behind event %" PRIu64
           ", and not behind event %" PRIu64 "\n",
           same, differs);
  else
    printf("first difference: event %" PRIu64 "\n  once:  %s  again: %s", differs, last_line(&a),
           last_line(&b));
  sim_child_report_clear(&a);
  sim_child_report_clear(&b);
}

/* False: it cannot be done. One that was interrupted is not @done, and nothing is run after it. */
static bool
run_twice(const SimJob *job, SimChildReport *a, SimChildReport *b, unsigned *done)
{
  static const uint8_t fills[] = { FILL_ONE, FILL_OTHER };
  SimChildReport *const reports[] = { a, b };
  for (*done = 0; *done < 2 && !sim_interrupted(); ++*done) {
    if (!run_once(*job, 0, fills[*done], reports[*done]))
      return false;
    if (reports[*done]->status == SIM_EXIT_INTERRUPTED)
      break;
  }
  return true;
}

static int
verify(const SimJob *job)
{
  SimChildReport a = { 0 }, b = { 0 };
  unsigned done;
  int status = SIM_EXIT_TROUBLE;
  if (run_twice(job, &a, &b, &done) && done < 2) {
    printf("%s: not finished: %u of 2 runs\n", job->path, done);
    if (done > 0)
      printf("the first: %" PRIu64 " events, trajectory %016" PRIx64 ", results %016" PRIx64 "\n",
             a.events, a.trajectory, a.results);
    status = SIM_EXIT_INTERRUPTED;
  } else if (done == 2) {
    bool same = a.reported && b.reported && a.trajectory == b.trajectory &&
                a.results == b.results && a.status == b.status;
    if (a.status == SIM_EXIT_MISTAKE || a.status == SIM_EXIT_TROUBLE) {
      fputs(a.text, stderr);
      status = a.status;
    } else if (same) {
      printf("%s: the same twice: %" PRIu64 " events, trajectory %016" PRIx64
             ", results %016" PRIx64 "\n",
             job->path, a.events, a.trajectory, a.results);
      status = 0;
    } else {
      printf("%s: not the same twice: trajectory %016" PRIx64 " and %016" PRIx64
             ", results %016" PRIx64 " and %016" PRIx64 "\n",
             job->path, a.trajectory, b.trajectory, a.results, b.results);
      if (a.trajectory != b.trajectory)
        find_difference(job, MAX(a.events, b.events));
      status = sim_interrupted() ? SIM_EXIT_INTERRUPTED : SIM_EXIT_FAILED;
    }
  }
  sim_child_report_clear(&a);
  sim_child_report_clear(&b);
  return status;
}

static int
run(int argc, char **argv)
{
  g_autoptr(GPtrArray) sets = g_ptr_array_new();
  SimJob job = { .until = SIM_TIME_NEVER, .quiet = true };
  static const char *const with_value[] = { "--seed", "--set", NULL };
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    const char *word = argv[walk.at], *name = sim_usage_option(word, with_value), *value;
    if (!walk.is_option) {
      if (job.path != NULL)
        return sim_usage_error(NULL, "'verify' takes one scenario, but '%s' follows '%s'", word,
                               job.path);
      job.path = word;
    } else if (name == NULL) {
      return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'verify'", word);
    } else if (strcmp(name, "--set") == 0) {
      if ((value = sim_usage_set(argc, argv, &walk.at)) == NULL)
        return SIM_EXIT_USAGE;
      g_ptr_array_add(sets, (gpointer)value);
    } else if ((value = sim_usage_value(name, argc, argv, &walk.at)) == NULL) {
      return SIM_EXIT_USAGE;
    } else {
      job.has_seed = sim_usage_number("--seed", value, 0, UINT64_MAX, &job.seed);
      if (!job.has_seed)
        return SIM_EXIT_USAGE;
    }
  }
  if (job.path == NULL)
    return sim_usage_error(NULL, "'verify' needs a scenario file");
  g_ptr_array_add(sets, NULL);
  job.sets = (const char *const *)sets->pdata;
  sim_interrupt_catch();
  return verify(&job);
}

const SimCommand sim_cmd_verify = {
  .name = "verify",
  .summary = "run a scenario twice and compare the two",
  .help =
    "Usage: drtsim verify [--seed N] [--set NAME=VALUE]... FILE\n"
    "\n"
    "Runs the scenario twice in processes of their own, and compares every event and every\n"
    "result. Where they differ, it looks for the first event that does, and names it.\n"
    "\n"
    "  --seed N           another seed than the file's\n"
    "  --set NAME=VALUE   use VALUE for the param NAME\n"
    "\n"
    "Exit status: 0 both were the same, 1 they were not, 2 a mistake in the file, 4 internal\n"
    "trouble, 130 interrupted.\n"
    "\n"
    "Example:\n"
    "  drtsim verify scenarios/tour/partition-heals.drt\n",
  .options = options,
  .run = run,
};
