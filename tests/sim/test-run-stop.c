/* Runs that stop before their end, and the statuses of all kinds of ends. */
#include "test-run.h"
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>

static void
expect_with(const SimRunOptions *options, const char *text, const char *expected)
{
  g_autofree char *found = test_run_with(text, options);
  cr_expect_str_eq(found, expected);
}

#define CLOUD                                                                                      \
  "group n 3\nat 0s start n\nat 1min crash n1\nat 3min end\n"                                      \
  "expect at 30s nodes.alive == 3\nexpect at 2min nodes.alive == 2\nexpect by 90s nodes.alive == " \
  "3\n"

Test(run_stop, until_stops_there_and_judges_what_it_has_seen)
{
  SimRunOptions options = { .until = 40 * SIM_SECOND };
  expect_with(&options, CLOUD,
              "5: held 3 at 30s\n6: undecided it was not measured until here at 40s\n7: held 3 at "
              "1s\nexit 3\n");
  options.until = 100 * SIM_SECOND;
  expect_with(
    &options, CLOUD,
    "5: held 3 at 30s\n6: undecided it was not measured until here at 100s\n7: failed 2 at 90s\n"
    "exit 1\n");
  options.until = 5 * 60 * SIM_SECOND; /* after the end: as if it was not there */
  expect_with(&options, CLOUD, "5: held 3 at 30s\n6: held 2 at 2min\n7: failed 2 at 90s\nexit 1\n");
}

Test(run_stop, what_is_over_before_until_is_decided)
{
  SimRunOptions options = { .until = 60 * SIM_SECOND };
  expect_with(&options,
              "group n 2\nat 0s start n\nat 3min end\n"
              "expect from 10s to 20s no event n status-faulted\n"
              "expect from 10s to 20s event n status-faulted\n"
              "expect from 10s to 2min event n status-faulted\n",
              "4: held it did not occur at 1min\n5: failed it did not occur at 1min\n"
              "6: undecided it did not occur at 1min\nexit 1\n");
}

/* Each is broken for good at another time: the run ends at the next sample, or at once. */
Test(run_stop, on_failure_as_soon_as_one_is_broken_for_good)
{
  static const struct {
    const char *expectation, *expected;
  } cases[] = {
    { "expect at 30s nodes.alive == 2\n", "4: failed 3 at 30s\nexit 1\n" },
    { "expect by 20s nodes.alive == 2\n", "4: failed 3 at 20s\nexit 1\n" },
    { "expect from 1s to 2h nodes.alive == 2\n", "4: failed 3 at 1s\nexit 1\n" },
    { "expect by 20s event n status-faulted\n", "4: failed it did not occur at 21s\nexit 1\n" },
    { "expect no event n0 status-active\n", "4: failed it occurred 1 times at 450ms\nexit 1\n" },
    { "expect at 30s nodes.alive == 3\n", "4: held 3 at 30s\nexit 0\n" },
  };
  SimRunOptions options = { .until = SIM_TIME_NEVER, .stop_on_failure = true };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text =
      g_strconcat("group n 3\nat 0s start n\nat 2h end\n", cases[i].expectation, NULL);
    g_autofree char *found = test_run_with(text, &options);
    cr_expect_str_eq(found, cases[i].expected);
  }
}

static bool
stop_at_once(void *data, const SimRun *run)
{
  (void)run;
  ++*(int *)data;
  return true;
}

Test(run_stop, an_interrupted_run_keeps_what_it_has_seen)
{
  int told = 0;
  SimRunOptions options = { .until = SIM_TIME_NEVER,
                            .listener = { .data = &told, .progress = stop_at_once } };
  g_autofree char *found = test_run_with("group n 2\nat 0s start n\nat 2h end\n", &options);
  cr_expect_str_eq(found, "exit 130\n");
  cr_expect_eq(told, 1);
}

/* 2 before 1, 1 before 3, 0 if all hold. */
Test(run_stop, the_worst_is_the_status)
{
  test_run_expect("failed and undecided",
                  "group n 2\nat 0s start n\nat 1min end\nexpect search.success == 100%\n"
                  "expect nodes.alive == 3\n",
                  "4: undecided nothing to measure at 1min\n5: failed 2 at 1min\nexit 1\n");
  test_run_expect("a mistake and failed",
                  "group n 2\nat 0s start n\nat 1min start n0\nat 2min end\n"
                  "expect at 30s nodes.alive == 3\n",
                  "5: failed 2 at 30s\nx.drt:3:1: at 1min: cannot start n0: it is running\n"
                  "exit 2\n");
  test_run_expect("nothing expected", "at 1min end\n", "exit 0\n");
}

Test(run_stop, another_seed_draws_others)
{
  static const char text[] = "group n 40\nat 0s start n\nat 1min crash 1 of n\nat 2min end\n"
                             "expect no event n0..n19 leafset-added key 0x0\n";
  SimScenario *scenario = test_scenario_good("seeds", text);
  uint64_t prints[3];
  for (uint64_t i = 0; i < 3; i++) {
    SimRunOptions options = { .seed = 1 + i / 2, .until = SIM_TIME_NEVER };
    g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
    SimRun *run = sim_run_new(scenario, &options, mistakes);
    sim_run_go(run);
    prints[i] = sim_world_fingerprint(sim_run_world(run));
    sim_run_free(run);
  }
  sim_scenario_free(scenario);
  cr_expect_eq(prints[0], prints[1]);
  cr_expect_neq(prints[0], prints[2]);
}
