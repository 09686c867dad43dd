/* `drtsim bench`: the numbers of the README, measured here. */
#include "sim-bench-cloud.h"
#include "sim-bench-core.h"
#include "sim-bench-trace.h"
#include "sim-command.h"
#include "sim-interrupt.h"
#include "sim-run.h"
#include "sim-suggest.h"
#include "sim-usage.h"
#include "sim-version.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LEAST_NODES 2
#define MOST_NODES 10000000

typedef enum { BENCH_ALL, BENCH_CLOUD, BENCH_CORE, BENCH_TRACE } Which;

typedef struct {
  Which which;
  uint64_t nodes, minutes, seed; /* of the first two, 0: what is usual for each */
  bool json;
  unsigned *ended; /* how many measurements */
} Arguments;

static const char *const benches[] = { "all", "cloud", "core", "trace", NULL };
static const char *const options[] = { "--nodes", "--minutes", "--seed", "--json", "--help", NULL };

/* ---- The parts. ---- */

static uint32_t
or_usual(uint64_t given, uint32_t usual)
{
  return given == 0 ? usual : (uint32_t)given;
}

/* What a measurement came to that did not @end. */
static int
status_of(const Arguments *arguments, bool end, int status)
{
  *arguments->ended += end;
  return end ? status : sim_interrupted() ? SIM_EXIT_INTERRUPTED : SIM_EXIT_FAILURE;
}

static bool
has_ended(int status)
{
  return status != SIM_EXIT_INTERRUPTED && status != SIM_EXIT_FAILURE;
}

static int
measure_cloud(const Arguments *arguments, uint32_t nodes, uint32_t minutes,
              SimBenchCloudResult *ret)
{
  SimBenchCloud bench = { .nodes = nodes, .minutes = minutes, .seed = arguments->seed };
  bool end = sim_bench_cloud_measure(&bench, ret);
  return status_of(arguments, end, ret->broken > 0 ? 1 : 0);
}

static int
cloud(const Arguments *arguments, GString *to)
{
  SimBenchCloudResult result;
  int status = measure_cloud(arguments, or_usual(arguments->nodes, 1000),
                             or_usual(arguments->minutes, 10), &result);
  if (has_ended(status))
    (arguments->json ? sim_bench_cloud_json : sim_bench_cloud_text)(to, &result);
  return status;
}

static int
core(const Arguments *arguments, GString *to)
{
  SimBenchCore result;
  bool end = sim_bench_core_measure(or_usual(arguments->nodes, 1000), arguments->seed, &result);
  if (end)
    (arguments->json ? sim_bench_core_json : sim_bench_core_text)(to, &result);
  return status_of(arguments, end, 0);
}

static int
trace(const Arguments *arguments, GString *to)
{
  SimBenchTrace result;
  bool end = sim_bench_trace_measure(or_usual(arguments->nodes, 1000),
                                     or_usual(arguments->minutes, 3), arguments->seed, &result);
  if (end)
    (arguments->json ? sim_bench_trace_json : sim_bench_trace_text)(to, &result);
  return status_of(arguments, end, 0);
}

/* ---- All of it. ---- */

/* What there is so far, so that nobody waits for it until all is done. */
static void
tell(const Arguments *arguments, GString *text)
{
  if (arguments->json)
    return;
  fputs(text->str, stdout);
  fflush(stdout);
  g_string_truncate(text, 0);
}

static void
cloud_row(GString *to, const SimBenchCloudResult *result)
{
  g_string_append_printf(
    to, "%8u %8u %12" PRIu64 " %12.0f %9.0f %14.0f %14.0f\n", result->bench.nodes,
    result->bench.minutes, result->events, (double)result->events / result->wall_s,
    1e9 * result->wall_s / (double)result->events, (double)result->used / result->bench.nodes,
    (double)result->rss_kib * 1024 / result->bench.nodes);
}

/* A small cloud and one ten times as large; the small one first, since the memory of a process does not shrink. */
static int
clouds(const Arguments *arguments, GString *to)
{
  uint32_t large = or_usual(arguments->nodes, 10000), small = MAX(large / 10, LEAST_NODES);
  const SimBenchCloud benches_of[] = { { .nodes = small, .minutes = 6 },
                                       { .nodes = large, .minutes = 3 } };
  int worst = 0, status = 0;
  g_string_append_printf(to, arguments->json ? "[" : "%8s %8s %12s %12s %9s %14s %14s\n", "nodes",
                         "minutes", "events", "events/s", "ns/event", "bytes a node", "resident");
  for (unsigned i = 0; i < G_N_ELEMENTS(benches_of); i++) {
    SimBenchCloudResult result;
    status = measure_cloud(arguments, benches_of[i].nodes,
                           or_usual(arguments->minutes, benches_of[i].minutes), &result);
    if (!has_ended(status))
      break;
    worst = MAX(worst, status);
    if (arguments->json && i > 0)
      g_string_append_c(to, ',');
    (arguments->json ? sim_bench_cloud_json : cloud_row)(to, &result);
    tell(arguments, to);
  }
  g_string_append(to, arguments->json ? "]" : "");
  return has_ended(status) ? worst : status;
}

static int
all(const Arguments *arguments, GString *to)
{
  static const struct {
    const char *name;
    int (*measure)(const Arguments *arguments, GString *to);
  } parts[] = { { "cloud", clouds }, { "core", core }, { "trace", trace } };
  int worst = 0;
  g_string_append_printf(
    to, arguments->json ? "{\"version\":\"%s (commit %s)\"" : "drtsim %s (commit %s)\n",
    sim_version, sim_version_commit);
  for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
    size_t before = to->len;
    if (arguments->json)
      g_string_append_printf(to, ",\"%s\":", parts[i].name);
    else
      g_string_append_c(to, '\n');
    size_t begun = to->len;
    int status = parts[i].measure(arguments, to);
    if (to->len == begun)
      g_string_truncate(to, before); /* a name without what it names */
    if (!has_ended(status))
      return status;
    worst = MAX(worst, status);
    tell(arguments, to);
  }
  g_string_append(to, arguments->json ? "}" : "");
  return worst;
}

/* What there is of a measurement that was interrupted, but not in the text, nobody can use. */
static void
print_end(const Arguments *arguments, GString *text)
{
  if (!arguments->json)
    printf("not finished: %u of %u\n", *arguments->ended, arguments->which == BENCH_ALL ? 4 : 1);
  else if (text->len == 0)
    fputs("{\"complete\":false}\n", stdout);
  else
    printf("%s,\"complete\":false}\n", text->str);
}

/* ---- The command line. ---- */

static bool
take_value(Arguments *arguments, const char *name, const char *value)
{
  if (strcmp(name, "--nodes") == 0)
    return sim_usage_number(name, value, LEAST_NODES, MOST_NODES, &arguments->nodes);
  if (strcmp(name, "--minutes") == 0)
    return sim_usage_number(name, value, 1, 1000000, &arguments->minutes);
  return sim_usage_number(name, value, 0, UINT64_MAX, &arguments->seed);
}

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  static const char *const with_value[] = { "--nodes", "--minutes", "--seed", NULL };
  const char *word = argv[*i];
  if (strcmp(word, "--json") == 0) {
    arguments->json = true;
    return 0;
  }
  const char *name = sim_usage_option(word, with_value);
  if (name == NULL)
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'bench'", word);
  const char *value = sim_usage_value(name, argc, argv, i);
  return value != NULL && take_value(arguments, name, value) ? 0 : SIM_EXIT_USAGE;
}

static int
take_word(Arguments *arguments, const char *word, unsigned *words)
{
  if ((*words)++ > 0)
    return sim_usage_error(NULL, "'bench' measures one thing, but '%s' follows", word);
  for (unsigned i = 0; benches[i] != NULL; i++)
    if (strcmp(benches[i], word) == 0) {
      arguments->which = (Which)i;
      return 0;
    }
  return sim_usage_error(sim_suggest(word, benches), "there is no benchmark '%s'", word);
}

static int
run(int argc, char **argv)
{
  unsigned words = 0, ended = 0;
  Arguments arguments = { .seed = 1, .ended = &ended };
  for (SimUsageWalk walk = { 0 }; sim_usage_next(&walk, argc, argv);) {
    int status = walk.is_option ? take_option(&arguments, argc, argv, &walk.at)
                                : take_word(&arguments, argv[walk.at], &words);
    if (status != 0)
      return status;
  }
  static int (*const measures[])(const Arguments *, GString *) = { all, cloud, core, trace };
  g_autoptr(GString) text = g_string_new(NULL);
  sim_interrupt_catch();
  int status = measures[arguments.which](&arguments, text);
  if (status == SIM_EXIT_INTERRUPTED)
    print_end(&arguments, text);
  else if (status != SIM_EXIT_FAILURE)
    printf("%s%s", text->str, arguments.json ? "\n" : "");
  return status;
}

const SimCommand sim_cmd_bench = {
  .name = "bench",
  .summary = "measure speed and memory on this machine",
  .help =
    "Usage: drtsim bench [all|cloud|core|trace] [OPTION]...\n"
    "\n"
    "cloud builds a cloud of N nodes (1000) in the first third of M virtual minutes (10), lets it\n"
    "settle in the second, crashes a tenth of it, and searches it N/100 times a second in the\n"
    "last third. It prints what that took, and how well the protocol did. The same seed (1) gives\n"
    "the same run, as the trajectory's fingerprint shows.\n"
    "\n"
    "core encodes and decodes one message of each kind again and again, then times every event of\n"
    "N nodes (1000) that have settled, by the message that was handled.\n"
    "\n"
    "trace runs N nodes (1000) for M minutes (3) without a trace, then with more and more in it.\n"
    "\n"
    "Without a word, or with 'all', it does all three, with clouds of 1000 nodes (6 minutes) and\n"
    "10000 (3 minutes), in about half a minute; with --nodes N, of N/10 and N.\n"
    "\n"
    "  --nodes N     how many\n"
    "  --minutes M   of virtual time\n"
    "  --seed S      of all runs\n"
    "  --json        print one JSON object instead of text\n"
    "\n"
    "Exit status: 0 done, 1 an invariant was broken, 2 a mistake on the command line, 4 a run "
    "failed,\n130 interrupted: what was measured before is told.\n"
    "\n"
    "Example:\n"
    "  drtsim bench cloud --nodes 10000 --minutes 6\n",
  .options = options,
  .run = run,
};
