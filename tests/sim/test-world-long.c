/* Millions of events, with packets conserved, nothing left over, and a healthy cloud at the end. */
#include "sim-oracle.h"
#include "test-random.h"
#include "test-world.h"

#include <criterion/criterion.h>

enum { NODES = 400 };

static void
expect_conserved(const SimWorld *world)
{
  const SimNetCounts *counts = sim_net_counts(sim_world_net(world));
  uint64_t lost = 0;
  for (int i = 0; i < SIM_LOSSES; i++)
    lost += counts->lost[i];
  if (counts->sent + counts->copied != counts->delivered + lost + counts->waiting + counts->flying)
    cr_assert_fail("packets are not conserved at %ld", (long)sim_world_now(world));
}

static void
churn(SimWorld *world, TestRandom *random)
{
  uint32_t node = test_random_below(random, NODES);
  if (sim_world_life(world, node) != SIM_LIFE_RUNNING)
    sim_world_restart(world, node);
  else if (test_random_once_in(random, 2))
    sim_world_crash(world, node);
  else
    sim_world_stop(world, node);
}

Test(long_run, millions_of_events_leave_a_healthy_cloud, .timeout = 300)
{
  TestRandom random = { 5 };
  TestWorld *test = test_world_new(5, NODES, 1);
  SimWorld *world = test->world;
  SimOracle *oracle = sim_oracle_new(world);
  test_world_start(test, 100 * SIM_SECOND, 0);
  while (sim_world_events(world) < 2000000) {
    churn(world, &random);
    SimKey key;
    SimRandom stream = sim_random(5, SIM_RANDOM_WORKLOAD, sim_world_events(world), 0);
    if (sim_oracle_random_key(oracle, &stream, &key) != NULL) {
      SimQuery query = { key, key, key, .results_max = 1, .timeout_ms = 10000 };
      sim_world_search(world, test_random_below(&random, NODES), &query);
    }
    test_world_run(test, 2 * SIM_SECOND);
    sim_oracle_sample(oracle);
    expect_conserved(world);
  }
  for (uint32_t i = 0; i < NODES; i++)
    if (sim_world_life(world, i) != SIM_LIFE_RUNNING)
      sim_world_restart(world, i);
  for (int i = 0; i < 200; i++) {
    test_world_run(test, 2 * SIM_SECOND);
    sim_oracle_sample(oracle);
  }
  SimMeasure exact = sim_oracle_measure(oracle, SIM_METRIC_LEAFSET_EXACT, SIM_MESSAGES, NULL);
  cr_expect(exact.of * 1000 >= exact.among * 999, "%ld of %ld", (long)exact.of, (long)exact.among);
  cr_expect(sim_oracle_measure(oracle, SIM_METRIC_RING_COUNT, SIM_MESSAGES, NULL).of == 1);
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++)
    cr_expect(sim_oracle_violation(oracle, i)->count == 0, "%s: %s", sim_invariant_name(i),
              sim_oracle_violation(oracle, i)->what);
  sim_oracle_free(oracle);
  test_world_free(test);
}
