/* Every scenario of the suite, twice: the same events and the same results. Long ones for as many
 * events as show it. */
#include "sim-run.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#define EVENTS_MAX 30000

typedef struct {
  uint64_t trajectory, results, events;
} Prints;

static Prints
run_once(const SimScenario *scenario)
{
  SimRunOptions options = { .seed = scenario->seed,
                            .until = SIM_TIME_NEVER,
                            .events_max = EVENTS_MAX };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimRun *run = sim_run_new(scenario, &options, mistakes);
  cr_assert_not_null(run);
  sim_run_go(run);
  Prints prints = { sim_world_fingerprint(sim_run_world(run)), sim_run_fingerprint(run),
                    sim_world_events(sim_run_world(run)) };
  sim_run_free(run);
  return prints;
}

static void
expect_same_twice(const char *path)
{
  SimScenarioOptions options = { 0 };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load(path, &options, mistakes);
  cr_assert(scenario != NULL, "%s has a mistake", path);
  Prints once = run_once(scenario), again = run_once(scenario);
  cr_expect(memcmp(&once, &again, sizeof once) == 0, "%s is not the same twice", path);
  sim_scenario_free(scenario);
}

static unsigned
visit_folder(const char *folder)
{
  unsigned n = 0;
  const char *name, *root = g_getenv("DRTSIM_SOURCE");
  g_autofree char *path = g_build_filename(root, "scenarios", folder, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  cr_assert(dir != NULL, "cannot read %s", path);
  while ((name = g_dir_read_name(dir)) != NULL) {
    if (!g_str_has_suffix(name, ".drt"))
      continue;
    g_autofree char *file = g_build_filename(path, name, NULL);
    expect_same_twice(file);
    n++;
  }
  return n;
}

Test(run_twice, api_and_tour)
{
  cr_expect(visit_folder("api") + visit_folder("tour") >= 20);
}

Test(run_twice, faults)
{
  cr_expect(visit_folder("faults") >= 20);
}

Test(run_twice, churn_and_regress)
{
  cr_expect(visit_folder("churn") + visit_folder("regress") >= 6);
}
