/* Three thirds: the nodes join one after another; the cloud settles; a tenth crashes at once, and
 * the rest is searched, by N/100 searches a second. Expectations are those of a healthy protocol. */
#include "sim-bench-cloud.h"

#include "sim-hash.h"
#include "sim-interrupt.h"
#include "sim-oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

typedef SimBenchPart Part;
typedef SimBenchCloudResult Result;

typedef struct {
  const SimBenchCloud *bench;
  SimWorld *world;
  SimOracle *oracle;
  double began; /* in seconds of the wall clock */
} Run;

static double
wall(void)
{
  return (double)g_get_monotonic_time() / 1e6;
}

static double
number(SimMeasure measure)
{
  return measure.among == 0 ? 0 : (double)measure.of / (double)measure.among;
}

/* Lets time pass, until an interruption; the oracle looks once a second. */
static void
run_until(Run *run, SimTime until)
{
  for (SimTime now = sim_world_now(run->world); now < until && !sim_interrupted();) {
    SimTime second = (now / SIM_SECOND + 1) * SIM_SECOND;
    now = MIN(second, until);
    sim_world_run(run->world, now);
    if (now == second)
      sim_oracle_sample(run->oracle);
  }
}

static bool
join(Run *run, SimTime until)
{
  uint32_t n = run->bench->nodes;
  for (uint32_t i = 0; i < n; i++) {
    run_until(run, (SimTime)((double)until / n * i));
    if (sim_interrupted() || !sim_bench_world_start(run->world, i))
      return false;
  }
  run_until(run, until);
  return true;
}

static uint32_t
random_alive(Run *run, SimRandom *random)
{
  uint32_t node;
  do
    node = (uint32_t)sim_random_below(random, run->bench->nodes);
  while (sim_world_life(run->world, node) != SIM_LIFE_RUNNING);
  return node;
}

static void
crash_tenth(Run *run)
{
  SimRandom random = sim_random(run->bench->seed, SIM_RANDOM_CHOICE, 0, 0);
  for (uint32_t i = 0; i < run->bench->nodes / 10; i++)
    sim_world_crash(run->world, random_alive(run, &random));
}

static void
search(Run *run, SimTime until)
{
  SimRandom random = sim_random(run->bench->seed, SIM_RANDOM_WORKLOAD, 0, 0);
  SimDistribution *pause = sim_distribution_new(
    &(SimDistributionSpec){ .kind = SIM_EXPONENTIAL, .a = 100 * SIM_SECOND / run->bench->nodes });
  SimTime at = sim_world_now(run->world);
  while ((at += sim_distribution_at(pause, sim_random_next(&random)) + 1) < until &&
         !sim_interrupted()) {
    run_until(run, at);
    SimQuery query = { .results_max = 1, .timeout_ms = 10000 };
    uint32_t node = random_alive(run, &random);
    if (sim_oracle_random_key(run->oracle, &random, &query.target) == NULL)
      continue;
    query.least = query.most = query.target;
    sim_world_search(run->world, node, &query);
  }
  run_until(run, until);
  sim_distribution_free(pause);
}

static void
end_part(Run *run, Part *part, const char *name, const Part *before, double *began)
{
  double now = wall();
  part->name = name;
  part->wall_s = now - *began;
  part->events = sim_world_events(run->world);
  for (; before < part; before++)
    part->events -= before->events;
  *began = now;
}

static double
quiet_sample(Run *run)
{
  sim_oracle_sample(run->oracle);
  double began = wall();
  sim_oracle_sample(run->oracle);
  sim_oracle_measure(run->oracle, SIM_METRIC_LEAFSET_EXACT, SIM_MESSAGES, NULL);
  sim_oracle_measure(run->oracle, SIM_METRIC_RING_COUNT, SIM_MESSAGES, NULL);
  return 1e3 * (wall() - began);
}

static bool
measure(Run *run, Result *result)
{
  SimTime third = (SimTime)run->bench->minutes * 20 * SIM_SECOND;
  double began = run->began;
  if (!join(run, third))
    return false;
  end_part(run, &result->parts[0], "join", result->parts, &began);
  run_until(run, 2 * third);
  if (sim_interrupted())
    return false;
  sim_oracle_sample(run->oracle);
  result->exact_settled =
    sim_oracle_measure(run->oracle, SIM_METRIC_LEAFSET_EXACT, SIM_MESSAGES, NULL);
  end_part(run, &result->parts[1], "settle", result->parts, &began);
  result->used = sim_world_bytes(run->world);
  crash_tenth(run);
  search(run, 3 * third);
  if (sim_interrupted())
    return false;
  sim_oracle_sample(run->oracle);
  end_part(run, &result->parts[2], "search", result->parts, &began);
  result->wall_s = wall() - run->began;
  result->exact_end = sim_oracle_measure(run->oracle, SIM_METRIC_LEAFSET_EXACT, SIM_MESSAGES, NULL);
  result->success = sim_oracle_measure(run->oracle, SIM_METRIC_SEARCH_SUCCESS, SIM_MESSAGES, NULL);
  result->hops = sim_oracle_measure(run->oracle, SIM_METRIC_SEARCH_HOPS_MEAN, SIM_MESSAGES, NULL);
  result->latency =
    sim_oracle_measure(run->oracle, SIM_METRIC_SEARCH_LATENCY_P50, SIM_MESSAGES, NULL);
  result->sample_ms = quiet_sample(run);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  result->rss_kib = usage.ru_maxrss;
  return true;
}

static uint64_t
violations(const Run *run)
{
  uint64_t sum = 0;
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++) {
    const SimViolation *violation = sim_oracle_violation(run->oracle, i);
    sum += violation->count;
    if (violation->count > 0)
      fprintf(stderr,
              "drtsim: invariant %s broken %" PRIu64 " times, first at %.3f s by node %u: %s\n",
              sim_invariant_name(i), violation->count, (double)violation->at / 1e9, violation->node,
              violation->what);
  }
  return sum;
}

/* What the run came to, without how long it took. */
static uint64_t
fingerprint(const Result *result)
{
  const SimMeasure measures[] = { result->exact_settled, result->exact_end, result->success,
                                  result->hops, result->latency };
  uint64_t hash = sim_hash_add(0, result->broken);
  for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
    hash = sim_hash_add(sim_hash_add(hash, (uint64_t)measures[i].of), (uint64_t)measures[i].among);
  return hash;
}

bool
sim_bench_cloud_measure(const SimBenchCloud *bench, Result *ret)
{
  SimBenchWorld *made = sim_bench_world_new(bench->nodes, bench->seed);
  Run run = { .bench = bench, .world = made->world, .began = wall() };
  run.oracle = sim_oracle_new(run.world);
  *ret = (Result){ .bench = *bench };
  bool done = measure(&run, ret);
  ret->broken = violations(&run);
  ret->virtual_s = (double)sim_world_now(run.world) / 1e9;
  ret->events = sim_world_events(run.world);
  ret->messages = sim_net_counts(sim_world_net(run.world))->sent;
  ret->bytes = sim_net_counts(sim_world_net(run.world))->bytes;
  ret->trajectory = sim_world_fingerprint(run.world);
  sim_oracle_free(run.oracle);
  sim_bench_world_free(made);
  return done;
}

void
sim_bench_cloud_json(GString *to, const Result *result)
{
  g_string_append_printf(
    to,
    "{\"scenario\":\"bench cloud\",\"seed\":%" PRIu64 ",\"complete\":true,"
    "\"verdict\":\"%s\",\"exit_code\":%d,\"virtual_s\":%g,\"wall_s\":%.3f,"
    "\"events\":%" PRIu64 ",\"events_per_s\":%.0f,\"messages\":%" PRIu64 ",\"bytes\":%" PRIu64
    ",\"nodes_peak\":%u,\"bytes_per_node\":%.0f,\"peak_rss_bytes\":%ld,\"trace_rows\":0,"
    "\"fingerprint_trajectory\":\"%016" PRIx64 "\","
    "\"fingerprint_results\":\"%016" PRIx64 "\",\"parts\":{",
    result->bench.seed, result->broken == 0 ? "held" : "failed", result->broken == 0 ? 0 : 1,
    result->virtual_s, result->wall_s, result->events, (double)result->events / result->wall_s,
    result->messages, result->bytes, result->bench.nodes,
    (double)result->used / result->bench.nodes, result->rss_kib * 1024, result->trajectory,
    fingerprint(result));
  for (int i = 0; i < 3; i++)
    g_string_append_printf(to, "%s\"%s\":{\"wall_s\":%.3f,\"events\":%" PRIu64 "}",
                           i > 0 ? "," : "", result->parts[i].name, result->parts[i].wall_s,
                           result->parts[i].events);
  g_string_append_printf(
    to,
    "},\"metrics\":{\"leafset.exact.settled\":%.6f,\"leafset.exact\":%.6f,"
    "\"search.success\":%.6f,\"search.hops.mean\":%.3f,\"search.latency.p50\":%.6f,"
    "\"sample.quiet.ms\":%.3f},\"expectations\":[]}",
    number(result->exact_settled), number(result->exact_end), number(result->success),
    number(result->hops), number(result->latency) / 1e9, result->sample_ms);
}

void
sim_bench_cloud_text(GString *to, const Result *result)
{
  g_string_append_printf(to, "%u nodes, %u virtual minutes, seed %" PRIu64 "\n",
                         result->bench.nodes, result->bench.minutes, result->bench.seed);
  for (int i = 0; i < 3; i++) {
    const Part *part = &result->parts[i];
    g_string_append_printf(
      to, "  %-7s %9.2f s  %12" PRIu64 " events  %9.0f a second  %6.0f ns each\n", part->name,
      part->wall_s, part->events, (double)part->events / part->wall_s,
      1e9 * part->wall_s / (double)part->events);
  }
  g_string_append_printf(to, "  whole   %9.2f s  %12" PRIu64 " events  %9.0f a second\n",
                         result->wall_s, result->events, (double)result->events / result->wall_s);
  g_string_append_printf(to, "  bytes a node: %.0f in use, %.0f resident at most\n",
                         (double)result->used / result->bench.nodes,
                         (double)result->rss_kib * 1024 / result->bench.nodes);
  g_string_append_printf(to, "  leafset.exact: %.4f %% settled, %.4f %% at the end\n",
                         100 * number(result->exact_settled), 100 * number(result->exact_end));
  g_string_append_printf(to, "  search.success: %.4f %%, %.2f hops, median %.0f ms\n",
                         100 * number(result->success), number(result->hops),
                         number(result->latency) / 1e6);
  g_string_append_printf(to, "  a sample of the quiet cloud: %.3f ms\n", result->sample_ms);
  g_string_append_printf(to, "  trajectory %016" PRIx64 "\n", result->trajectory);
}
