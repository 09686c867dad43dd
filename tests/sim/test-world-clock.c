/* Clocks of machines: how they run, and that everything in a node goes by them. */
#include "sim-world-private.h"
#include "test-random.h"
#include "test-world.h"

#include <criterion/criterion.h>

/* sim_clock_when is the first time at which sim_clock_read shows it. */
Test(clock, when_is_the_first_time_that_shows_it)
{
  TestRandom random = { 3 };
  for (int i = 0; i < 20000; i++) {
    int64_t drift = (int64_t)test_random_below(&random, 1900000000) - 950000000;
    SimTime global = (SimTime)(test_random(&random) >> 12),
            local = (SimTime)(test_random(&random) >> 12);
    SimTime wanted =
      local + (SimTime)(test_random(&random) >> (14 + test_random_below(&random, 40)));
    SimClock clock = { global, local, drift, 0 };
    SimTime when = sim_clock_when(&clock, wanted);
    cr_assert(when >= global);
    SimClock at = clock, before = clock;
    if (sim_clock_read(&at, when) < wanted)
      cr_assert_fail("round %d: too early", i);
    if (when > global && sim_clock_read(&before, when - 1) >= wanted)
      cr_assert_fail("round %d: it was shown before", i);
  }
  SimClock clock = { 0, 0, -999999999, 0 };
  cr_expect(sim_clock_when(&clock, SIM_TIME_NEVER) == SIM_TIME_NEVER);
  cr_expect(sim_clock_when(&clock, SIM_TIME_NEVER - 5) == SIM_TIME_NEVER - 1);
}

/* What the clock of a machine shows. */
static SimTime
shown(const TestWorld *world, uint32_t node)
{
  SimTime now = sim_world_now(world->world);
  if (!sim_world_has_own_clock(world->world, node))
    return now;
  return sim_clock_read(sim_world_app(world->world, node)->clock, now);
}

Test(clock, never_runs_backwards)
{
  TestWorld *world = test_world_new(1, 1, 1);
  sim_world_start(world->world, 0);
  TestRandom random = { 8 };
  SimTime last = 0;
  for (int i = 0; i < 2000; i++) {
    if (test_random_once_in(&random, 10))
      sim_world_clock_step(world->world, 0, (SimTime)test_random_below(&random, 4000000) - 2000000);
    if (test_random_once_in(&random, 10))
      sim_world_clock_drift(world->world, 0,
                            (int64_t)test_random_below(&random, 1800000000) - 900000000);
    test_world_run(world, test_random_below(&random, 1000000));
    SimTime now = shown(world, 0);
    if (now < last)
      cr_assert_fail("step %d: %ld after %ld", i, (long)now, (long)last);
    last = now;
  }
  cr_expect(sim_world_has_own_clock(world->world, 0));
  test_world_free(world);
}

Test(clock, drift_and_step_show_on_the_machine_alone)
{
  TestWorld *world = test_world_new(1, 2, 1);
  test_world_start(world, 0, 10 * SIM_SECOND);
  sim_world_clock_drift(world->world, 0, 500000000);
  test_world_run(world, 10 * SIM_SECOND);
  cr_expect(shown(world, 0) == 25 * SIM_SECOND && shown(world, 1) == 20 * SIM_SECOND);
  sim_world_clock_step(world->world, 0, 3 * SIM_SECOND);
  cr_expect(shown(world, 0) == 28 * SIM_SECOND);
  sim_world_clock_drift(world->world, 0, -500000000);
  test_world_run(world, 10 * SIM_SECOND);
  cr_expect(shown(world, 0) == 33 * SIM_SECOND && shown(world, 1) == 30 * SIM_SECOND);
  sim_world_clock_step(world->world, 0, -2 * SIM_SECOND);
  test_world_run(world, 2 * SIM_SECOND);
  cr_expect(shown(world, 0) == 33 * SIM_SECOND, "it stands until it has caught up");
  test_world_run(world, 4 * SIM_SECOND);
  cr_expect(shown(world, 0) == 34 * SIM_SECOND);
  cr_expect(!sim_world_has_own_clock(world->world, 1));
  test_world_free(world);
}

/* How long a search of 10 s that nobody answers takes, if the clock is changed at its start. */
static SimTime
search_takes(int64_t drift, SimTime step)
{
  TestWorld *world = test_world_new(1, 3, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  static const uint16_t parts[] = { 1, 2, 3 };
  sim_net_partition(sim_world_net(world->world), parts);
  SimKey target = *sim_world_key(world->world, 1, 0);
  SimQuery query = { target, target, target, .results_max = 1, .timeout_ms = 1500 };
  cr_assert(sim_world_search(world->world, 0, &query) == S_OK);
  SimTime began = sim_world_now(world->world);
  if (drift != 0)
    sim_world_clock_drift(world->world, 0, drift);
  if (step != 0)
    sim_world_clock_step(world->world, 0, step);
  test_world_run(world, 60 * SIM_SECOND);
  cr_assert(world->searches->len == 1);
  const SimSearch *search = &g_array_index(world->searches, SimSearch, 0);
  cr_expect(search->end == DRT_E_TIMEOUT, "%08x", (unsigned)search->end);
  SimTime took = search->ended - began;
  test_world_free(world);
  return took;
}

Test(clock, timers_go_by_the_nodes_own)
{
  const SimTime whole = 1500 * SIM_MILLISECOND;
  SimTime plain = search_takes(0, 0), fast = search_takes(1000000000, 0),
          slow = search_takes(-500000000, 0), ahead = search_takes(0, SIM_SECOND),
          back = search_takes(0, -SIM_SECOND), far = search_takes(0, 9 * SIM_SECOND);
  cr_expect(plain == whole, "%ld", (long)plain);
  cr_expect(fast == whole / 2, "%ld", (long)fast);
  cr_expect(slow == 2 * whole, "%ld", (long)slow);
  cr_expect(ahead == whole - SIM_SECOND, "%ld", (long)ahead);
  cr_expect(back == whole + SIM_SECOND, "%ld", (long)back);
  cr_expect(far == 1, "%ld", (long)far); /* what is due is done a nanosecond from now */
}

Test(clock, a_wrong_clock_survives_a_restart)
{
  TestWorld *world = test_world_new(1, 2, 1);
  cr_expect(sim_world_clock_step(world->world, 0, SIM_SECOND) == NULL, "before its first start");
  test_world_start(world, 0, 10 * SIM_SECOND);
  sim_world_crash(world->world, 0);
  test_world_run(world, 10 * SIM_SECOND);
  sim_world_restart(world->world, 0);
  cr_expect(shown(world, 0) == 21 * SIM_SECOND);
  test_world_run(world, 30 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 0) == DRT_ACTIVE);
  test_world_free(world);
}
