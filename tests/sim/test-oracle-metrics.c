/* Metrics of searches, joins, convergence and traffic, on clouds where their values are known. */
#include "sim-oracle.h"
#include "test-world.h"

#include <criterion/criterion.h>

#define MS SIM_MILLISECOND

typedef struct {
  TestWorld *test;
  SimWorld *world;
  SimOracle *oracle;
} Cloud;

static Cloud
new_cloud(uint32_t nodes, uint32_t keys)
{
  Cloud cloud = { .test = test_world_new(1, nodes, keys) };
  cloud.world = cloud.test->world;
  cloud.oracle = sim_oracle_new(cloud.world);
  return cloud;
}

static void
free_cloud(Cloud *cloud)
{
  sim_oracle_free(cloud->oracle);
  test_world_free(cloud->test);
}

/* Lets time pass, with a sample ten times a second. */
static void
pass(Cloud *cloud, SimTime time)
{
  for (SimTime end = sim_world_now(cloud->world) + time; sim_world_now(cloud->world) < end;) {
    test_world_run(cloud->test, 100 * MS);
    sim_oracle_sample(cloud->oracle);
  }
}

static void
start(Cloud *cloud)
{
  for (uint32_t i = 0; i < sim_world_nodes(cloud->world); i++) {
    sim_world_start(cloud->world, i);
    pass(cloud, SIM_SECOND);
  }
  pass(cloud, 60 * SIM_SECOND);
}

static void
expect(const Cloud *cloud, SimMetric metric, const SimWindow *window, int64_t of, int64_t among)
{
  SimMeasure measure = sim_oracle_measure(cloud->oracle, metric, SIM_MESSAGES, window);
  cr_expect(measure.of == of && measure.among == among, "%s: %ld/%ld, not %ld/%ld",
            sim_metric_name(metric), (long)measure.of, (long)measure.among, (long)of, (long)among);
}

static SimWindow
window_from(const Cloud *cloud)
{
  SimWindow window = { 0 };
  sim_oracle_flow(cloud->oracle, &window.from);
  window.to = window.from;
  return window;
}

Test(metrics, have_names_of_their_own)
{
  for (SimMetric i = 0; i < SIM_METRICS; i++)
    for (SimMetric k = 0; k < i; k++)
      cr_expect(!g_str_equal(sim_metric_name(i), sim_metric_name(k)));
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++)
    for (SimInvariant k = 0; k < i; k++)
      cr_expect(!g_str_equal(sim_invariant_name(i), sim_invariant_name(k)));
}

Test(metrics, of_an_empty_world_are_zero_or_nothing)
{
  Cloud cloud = new_cloud(2, 1);
  sim_oracle_sample(cloud.oracle);
  expect(&cloud, SIM_METRIC_NODES_ALIVE, NULL, 0, 1);
  expect(&cloud, SIM_METRIC_RING_COUNT, NULL, 0, 1);
  expect(&cloud, SIM_METRIC_LEAFSET_EXACT, NULL, 0, 0);
  expect(&cloud, SIM_METRIC_SEARCH_SUCCESS, NULL, 0, 0);
  expect(&cloud, SIM_METRIC_SEARCH_LATENCY_P50, NULL, 0, 0);
  expect(&cloud, SIM_METRIC_MESSAGES_PER_NODE, NULL, 0, 0);
  expect(&cloud, SIM_METRIC_STALE_AGE_MAX, NULL, 0, 1);
  free_cloud(&cloud);
}

Test(metrics, of_searches_that_find)
{
  Cloud cloud = new_cloud(8, 1);
  start(&cloud);
  SimWindow window = window_from(&cloud);
  for (uint32_t i = 1; i < 8; i++) {
    SimKey key = *sim_world_key(cloud.world, i, 0);
    test_world_search(cloud.test, 0, &key); /* all are known: a LOOKUP and an INQUIRE, 200 ms */
  }
  sim_oracle_flow(cloud.oracle, &window.to);
  expect(&cloud, SIM_METRIC_SEARCH_SUCCESS, &window, 7, 7);
  expect(&cloud, SIM_METRIC_SEARCH_CORRECT, &window, 7, 7);
  expect(&cloud, SIM_METRIC_SEARCH_LATENCY_P50, &window, 200 * MS, 1);
  expect(&cloud, SIM_METRIC_SEARCH_LATENCY_P95, &window, 200 * MS, 1);
  expect(&cloud, SIM_METRIC_SEARCH_LATENCY_P99, &window, 200 * MS, 1);
  expect(&cloud, SIM_METRIC_SEARCH_LATENCY_MAX, &window, 200 * MS, 1);
  expect(&cloud, SIM_METRIC_SEARCH_HOPS_MEAN, &window, 7, 7); /* one node, asked twice */
  expect(&cloud, SIM_METRIC_SEARCH_HOPS_P95, &window, 1, 1);
  expect(&cloud, SIM_METRIC_SEARCH_HOPS_MAX, &window, 1, 1);
  expect(&cloud, SIM_METRIC_SEARCH_TIMEOUTS, &window, 0, 7);
  SimWindow before = { .to = window.from };
  expect(&cloud, SIM_METRIC_SEARCH_SUCCESS, &before, 0, 0);
  free_cloud(&cloud);
}

/* language.md: not-founds for keys that were not registered all through are right, and no share of
 * success; for keys that were they are neither. */
Test(metrics, of_searches_that_find_nothing)
{
  Cloud cloud = new_cloud(8, 1);
  start(&cloud);
  SimWindow window = window_from(&cloud);
  SimKey none = test_world_key(0x42), gone = *sim_world_key(cloud.world, 3, 0);
  test_world_search(cloud.test, 0, &none);
  sim_world_stop(cloud.world, 3);
  pass(&cloud, 5 * SIM_SECOND);
  test_world_search(cloud.test, 0, &gone);
  sim_oracle_flow(cloud.oracle, &window.to);
  expect(&cloud, SIM_METRIC_SEARCH_SUCCESS, &window, 0, 0);
  expect(&cloud, SIM_METRIC_SEARCH_CORRECT, &window, 2, 2);
  free_cloud(&cloud);
}

Test(metrics, of_searches_whose_answer_is_cut_off)
{
  Cloud cloud = new_cloud(8, 1);
  start(&cloud);
  static const uint16_t parts[] = { 1, 2, 2, 2, 2, 2, 2, 2 };
  SimWindow window = window_from(&cloud);
  sim_net_partition(sim_world_net(cloud.world), parts);
  SimKey key = *sim_world_key(cloud.world, 3, 0);
  const SimSearch *search = test_world_search(cloud.test, 0, &key);
  sim_oracle_flow(cloud.oracle, &window.to);
  cr_expect(search->end == DRT_E_TIMEOUT || search->end == DRT_E_NO_MORE);
  expect(&cloud, SIM_METRIC_SEARCH_SUCCESS, &window, 0, 1);
  /* A time-out is no answer; that there is no such key is a wrong one. */
  expect(&cloud, SIM_METRIC_SEARCH_CORRECT, &window, 0, search->end == DRT_E_NO_MORE);
  free_cloud(&cloud);
}

/* A search that its node does not survive is not finished, and no failure. */
Test(metrics, leave_out_searches_of_nodes_that_die)
{
  Cloud cloud = new_cloud(4, 1);
  start(&cloud);
  SimKey key = *sim_world_key(cloud.world, 3, 0);
  SimQuery query = { key, key, key, .results_max = 1, .timeout_ms = 10000 };
  sim_world_search(cloud.world, 0, &query);
  sim_world_crash(cloud.world, 0);
  pass(&cloud, SIM_SECOND);
  expect(&cloud, SIM_METRIC_SEARCH_SUCCESS, NULL, 0, 0);
  expect(&cloud, SIM_METRIC_SEARCH_LATENCY_P50, NULL, 0, 0);
  free_cloud(&cloud);
}

/* From the start to the event, to the nanosecond. */
Test(metrics, of_joins)
{
  Cloud cloud = new_cloud(2, 1);
  sim_world_start(cloud.world, 0);
  pass(&cloud, 7 * SIM_SECOND);
  SimWindow window = window_from(&cloud);
  sim_world_start(cloud.world, 1);
  SimTime began = sim_world_now(cloud.world);
  pass(&cloud, 60 * SIM_SECOND);
  sim_oracle_flow(cloud.oracle, &window.to);
  SimTime first = test_world_heard(cloud.test, 0, DRT_ACTIVE),
          second = test_world_heard(cloud.test, 1, DRT_ACTIVE) - began;
  cr_assert(first > 0 && second > 0);
  expect(&cloud, SIM_METRIC_JOIN_ACTIVE_P50, &window, MIN(first, second), 1);
  expect(&cloud, SIM_METRIC_JOIN_ACTIVE_P95, &window, MAX(first, second), 1);
  SimMeasure visible =
    sim_oracle_measure(cloud.oracle, SIM_METRIC_JOIN_VISIBLE_P50, SIM_MESSAGES, &window);
  cr_expect(visible.among == 1 && visible.of >= second && visible.of <= 20 * SIM_SECOND, "%ld",
            (long)visible.of);
  free_cloud(&cloud);
}

Test(metrics, of_convergence_count_from_the_last_disturbance)
{
  Cloud cloud = new_cloud(12, 1);
  start(&cloud);
  expect(&cloud, SIM_METRIC_LEAFSET_EXACT, NULL, 120, 120);
  SimTime crash = sim_world_now(cloud.world);
  sim_world_crash(cloud.world, 5);
  sim_oracle_sample(cloud.oracle);
  expect(&cloud, SIM_METRIC_CONVERGE_P50, NULL, 0, 1);
  SimTime right = -1;
  while (right < 0) {
    test_world_run(cloud.test, 100 * MS);
    sim_oracle_sample(cloud.oracle);
    SimTime passed = sim_world_now(cloud.world) - crash;
    SimMeasure exact =
      sim_oracle_measure(cloud.oracle, SIM_METRIC_LEAFSET_EXACT, SIM_MESSAGES, NULL);
    cr_assert(passed < 300 * SIM_SECOND);
    cr_expect(exact.among == 110);
    if (exact.of == exact.among)
      right = passed;
    expect(&cloud, SIM_METRIC_CONVERGE_P100, NULL, passed, 1); /* so far */
  }
  pass(&cloud, 10 * SIM_SECOND);
  expect(&cloud, SIM_METRIC_CONVERGE_P100, NULL, right, 1);
  SimMeasure half = sim_oracle_measure(cloud.oracle, SIM_METRIC_CONVERGE_P50, SIM_MESSAGES, NULL);
  SimMeasure most = sim_oracle_measure(cloud.oracle, SIM_METRIC_CONVERGE_P95, SIM_MESSAGES, NULL);
  cr_expect(half.of <= most.of && most.of <= right);
  sim_oracle_disturbed(cloud.oracle, true);
  expect(&cloud, SIM_METRIC_CONVERGE_P100, NULL, 0, 1);
  free_cloud(&cloud);
}

/* A second and alive node: @n over @seconds of one node. */
static void
expect_rate(const Cloud *cloud, SimMetric metric, SimMessageType type, const SimWindow *window,
            double expected)
{
  SimMeasure measure = sim_oracle_measure(cloud->oracle, metric, type, window);
  double rate = measure.among == 0 ? 0 : (double)measure.of / (double)measure.among;
  cr_expect(rate > expected * 0.999999 - 1e-12 && rate < expected * 1.000001 + 1e-12,
            "%s %d: %g, not %g", sim_metric_name(metric), (int)type, rate, expected);
}

Test(metrics, of_traffic_are_by_second_and_alive_node)
{
  Cloud cloud = new_cloud(6, 1);
  start(&cloud);
  const SimNetCounts *counts = sim_net_counts(sim_world_net(cloud.world));
  SimWindow window = window_from(&cloud);
  uint64_t sent = counts->sent, bytes = counts->bytes;
  pass(&cloud, 10 * SIM_SECOND); /* six nodes */
  sim_world_crash(cloud.world, 2);
  pass(&cloud, 20 * SIM_SECOND); /* five */
  sim_oracle_flow(cloud.oracle, &window.to);
  sent = counts->sent - sent;
  bytes = counts->bytes - bytes;
  expect_rate(&cloud, SIM_METRIC_MESSAGES_PER_NODE, SIM_MESSAGES, &window, (double)sent / 160);
  expect_rate(&cloud, SIM_METRIC_BYTES_PER_NODE, SIM_MESSAGES, &window, (double)bytes / 160);
  double messages = 0;
  for (SimMessageType type = 0; type < SIM_MESSAGES; type++) {
    SimMeasure one = sim_oracle_measure(cloud.oracle, SIM_METRIC_MESSAGES_PER_NODE, type, &window);
    messages += 160 * (double)one.of / (double)one.among;
  }
  cr_expect(messages > (double)sent - 0.01 && messages < (double)sent + 0.01, "of all types");
  free_cloud(&cloud);
}

Test(metrics, publishers_and_random_keys_are_those_of_the_ring)
{
  Cloud cloud = new_cloud(4, 1);
  SimKey shared = test_world_key(0x50), key;
  SimRandom random = sim_random(1, SIM_RANDOM_WORKLOAD, 0, 0);
  uint32_t nodes[2];
  cr_expect(sim_oracle_random_key(cloud.oracle, &random, &key) == NULL);
  start(&cloud);
  cr_expect(sim_world_register(cloud.world, 1, &shared, NULL, 32) == S_OK);
  cr_expect(sim_world_register(cloud.world, 3, &shared, NULL, 32) == S_OK);
  cr_expect(sim_oracle_publishers(cloud.oracle, &shared, nodes, 2) == 2);
  cr_expect(nodes[0] == 1 && nodes[1] == 3);
  cr_expect(sim_oracle_publishers(cloud.oracle, &shared, nodes, 1) == 2);
  key = test_world_key(0x51);
  cr_expect(sim_oracle_publishers(cloud.oracle, &key, nodes, 2) == 0);
  uint32_t hits = 0;
  for (int i = 0; i < 6000; i++) {
    cr_assert(sim_oracle_random_key(cloud.oracle, &random, &key) == &key);
    hits += memcmp(&key, &shared, sizeof key) == 0;
  }
  cr_expect(hits > 1800 && hits < 2200, "two of six: %u", hits);
  expect(&cloud, SIM_METRIC_KEYS_REGISTERED, NULL, 6, 1);
  free_cloud(&cloud);
}
