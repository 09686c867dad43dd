#include "sim-job.h"

#include "sim-job-trace.h"
#include "sim-print.h"
#include "sim-progress.h"
#include "sim-usage.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define LARGE 50000         /* nodes: what a run will take is told before */
#define BYTES_PER_NODE 3600 /* resident, as measured with a hundred thousand and a million */

static char *
read_text(void *data, const char *path, size_t *ret_size, GError **error)
{
  const SimJob *job = data;
  (void)path;
  (void)error;
  *ret_size = strlen(job->text);
  return g_strdup(job->text);
}

static void
tell_mistakes(const SimMistakes *mistakes)
{
  g_autofree char *text = sim_mistakes_format(mistakes);
  fputs(text, stderr);
}

static SimScenario *
load(const SimJob *job, SimMistakes *mistakes)
{
  SimScenarioOptions options = { .sets = job->sets };
  if (job->text != NULL) {
    options.read = read_text;
    options.read_data = (void *)job;
  }
  SimScenario *scenario = sim_scenario_load(job->path, &options, mistakes);
  if (scenario == NULL)
    tell_mistakes(mistakes);
  return scenario;
}

/* Who listens to the run. */
typedef struct {
  SimProgress progress;
  SimJobTrace *trace; /* or NULL */
} Ears;

static bool
on_progress(void *data, const SimRun *run)
{
  Ears *ears = data;
  bool stop = sim_progress_tell(&ears->progress, run);
  return stop || (ears->trace != NULL && sim_job_trace_has_failed(ears->trace));
}

static void
on_sample(void *data, const SimRun *run)
{
  const Ears *ears = data;
  (void)run;
  if (ears->trace != NULL)
    sim_job_trace_sample(ears->trace);
}

static void
on_action(void *data, const SimRun *run, const SimAction *action, bool anew)
{
  const Ears *ears = data;
  (void)run;
  if (ears->trace != NULL)
    sim_job_trace_action(ears->trace, action, anew);
}

static SimRun *
prepare(const SimJob *job, const SimScenario *scenario, Ears *ears, SimMistakes *mistakes)
{
  SimRunOptions options = {
    .seed = job->has_seed ? job->seed : scenario->seed,
    .until = job->until,
    .events_max = job->events_max,
    .stop_on_failure = job->stop_on_failure,
    .listener = {
      .data = ears,
      .progress = on_progress,
      .sample = job->trace != NULL ? on_sample : NULL,
      .action = job->trace != NULL ? on_action : NULL,
    },
  };
  SimRun *run = sim_run_new(scenario, &options, mistakes);
  if (run == NULL)
    tell_mistakes(mistakes);
  return run;
}

/* What the machine can still give, or -1. */
static double
free_bytes(void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/proc/meminfo", &text, NULL, NULL))
    return -1;
  const char *line = strstr(text, "MemAvailable:");
  return line == NULL ? -1 : 1024 * g_ascii_strtod(line + strlen("MemAvailable:"), NULL);
}

/* Before a run that may be too large for the machine. */
static void
tell_memory(const SimScenario *scenario)
{
  uint64_t nodes = sim_scenario_node_count(scenario);
  if (nodes < LARGE)
    return;
  double needed = (double)nodes * BYTES_PER_NODE, available = free_bytes();
  fprintf(stderr, "%" G_GUINT64_FORMAT " nodes will take about %.1f GB", nodes, needed / 1e9);
  if (available >= 0)
    fprintf(stderr, ", %.1f GB are free", available / 1e9);
  fputs(available >= 0 && needed > available ? ": not enough\n" : "\n", stderr);
}

/* What stopped the run, if something in the scenario did. */
static void
take_mistake(SimJobDone *done)
{
  const SimMistake *mistake = sim_run_mistake(done->run);
  if (mistake == NULL)
    return;
  SimMistake copy = *mistake;
  copy.file = g_strdup(mistake->file);
  copy.message = g_strdup(mistake->message);
  copy.near = g_strdup(mistake->near);
  copy.text = g_strdup(mistake->text);
  sim_mistakes_add(done->problems, copy);
  g_autofree char *text = sim_mistake_format(mistake);
  fputs(text, stderr);
}

void
sim_job_do(const SimJob *job, SimJobDone *done)
{
  *done = (SimJobDone){ .status = SIM_EXIT_USAGE, .problems = sim_mistakes_new() };
  done->scenario = load(job, done->problems);
  if (done->scenario == NULL)
    return;
  Ears ears = { .trace = NULL };
  sim_progress_begin(&ears.progress, job->quiet);
  gint64 began = g_get_monotonic_time();
  if (!job->quiet)
    tell_memory(done->scenario);
  done->run = prepare(job, done->scenario, &ears, done->problems);
  if (done->run == NULL)
    return;
  if (job->trace != NULL && (ears.trace = sim_job_trace_begin(job, done)) == NULL) {
    done->status = SIM_EXIT_TROUBLE;
    sim_run_free(done->run);
    done->run = NULL;
    return;
  }
  if (!job->quiet)
    fprintf(stderr, "seed %" G_GUINT64_FORMAT "\n", sim_run_seed(done->run));
  sim_run_go(done->run);
  sim_progress_end(&ears.progress);
  done->wall_s = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  done->rss_kib = usage.ru_maxrss;
  done->status = sim_run_exit(done->run);
  take_mistake(done);
  if (ears.trace != NULL && !sim_job_trace_end(ears.trace, job, done))
    done->status = SIM_EXIT_TROUBLE;
}

void
sim_job_clear(SimJobDone *done)
{
  sim_run_free(done->run);
  sim_scenario_free(done->scenario);
  g_free(done->trace);
  sim_mistakes_free(done->problems);
  *done = (SimJobDone){ 0 };
}

const char *
sim_job_verdict(int status)
{
  switch (status) {
  case SIM_EXIT_HELD:
    return "held";
  case SIM_EXIT_FAILED:
    return "failed";
  case SIM_EXIT_UNDECIDED:
    return "undecided";
  case SIM_EXIT_INTERRUPTED:
    return "interrupted";
  case SIM_EXIT_MISTAKE:
    return "mistake";
  default:
    return "trouble";
  }
}

char *
sim_job_replay(const SimJob *job, uint64_t seed)
{
  GString *command = g_string_new("drtsim run ");
  g_autofree char *path = g_shell_quote(job->path);
  bool plain = strpbrk(job->path, " '\"$\\()&;<>|*?[]#~`!") == NULL;
  if (job->path[0] == '-')
    g_string_append(command, "./"); /* no option */
  g_string_append(command, plain ? job->path : path);
  g_string_append_printf(command, " --seed %" G_GUINT64_FORMAT, seed);
  for (uint32_t i = 0; job->sets != NULL && job->sets[i] != NULL; i++) {
    g_autofree char *set = g_shell_quote(job->sets[i]);
    g_string_append_printf(command, " --set %s", set);
  }
  if (job->until != SIM_TIME_NEVER) {
    g_string_append(command, " --until ");
    sim_print_time(command, job->until);
  }
  if (job->stop_on_failure)
    g_string_append(command, " --stop-on-failure");
  return g_string_free(command, FALSE);
}

/* ---- For people. ---- */

static void
print_result(const SimResult *result)
{
  g_autoptr(GString) time = g_string_new(NULL);
  sim_print_time(time, result->at);
  const char *verdict = result->judgement == SIM_FAILED ? "FAILED" : "undecided";
  if (result->where.line > 0)
    printf("%s:%u: %s: %s\n", result->where.file, result->where.line, verdict, result->text);
  else
    printf("%s: %s\n", verdict, result->text);
  printf("    found at %s: %s\n", time->str, result->value);
}

/* Why failed expectations decide nothing. */
static void
print_orphan(const SimRun *run)
{
  SimTime at = sim_oracle_orphaned(sim_run_oracle(run));
  if (at == SIM_TIME_NEVER)
    return;
  g_autofree char *name = sim_run_node_name(run, sim_oracle_orphan(sim_run_oracle(run)));
  g_autoptr(GString) time = g_string_new(NULL);
  sim_print_time(time, at);
  printf("undecided since %s, when %s had lost its whole leaf set by crash\n", time->str, name);
}

void
sim_job_print_text(const SimJob *job, const SimJobDone *done)
{
  uint32_t count, held = 0;
  const SimResult *results = sim_run_results(done->run, &count);
  for (uint32_t i = 0; i < count; i++) {
    held += results[i].judgement == SIM_HELD;
    if (results[i].judgement != SIM_HELD)
      print_result(&results[i]);
  }
  if (done->status == SIM_EXIT_UNDECIDED)
    print_orphan(done->run);
  const SimWorld *world = sim_run_world(done->run);
  uint64_t events = sim_world_events(world);
  g_autoptr(GString) time = g_string_new(NULL);
  sim_print_time(time, sim_world_now(world) / SIM_MILLISECOND * SIM_MILLISECOND);
  printf("%s: %s, %u of %u expectations; %s in %.1f s, %" G_GUINT64_FORMAT
         " events, %.0f a second, %u nodes, %.0f bytes a node\n",
         job->path, sim_job_verdict(done->status), held, count, time->str, done->wall_s, events,
         (double)events / MAX(done->wall_s, 1e-9), sim_world_nodes(world),
         (double)sim_world_bytes(world) / MAX(sim_world_nodes(world), 1));
  if (done->status == SIM_EXIT_HELD)
    return;
  g_autofree char *replay = sim_job_replay(job, sim_run_seed(done->run));
  printf("seed %" G_GUINT64_FORMAT "; again: %s\n", sim_run_seed(done->run), replay);
}
