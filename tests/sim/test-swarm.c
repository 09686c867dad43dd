/* Swarms: every plan is a good scenario, the seed decides it, and shrinking comes to an end. */
#include "sim-scenario.h"
#include "sim-swarm.h"

#include <criterion/criterion.h>
#include <string.h>

#define SEEDS 1000

static char *
read_text(void *data, const char *path, size_t *ret_size, GError **error)
{
  (void)path;
  (void)error;
  *ret_size = strlen(data);
  return g_strdup(data);
}

/* What is wrong with it, or NULL. */
static char *
mistakes_of(char *text)
{
  SimScenarioOptions options = { .read = read_text, .read_data = text };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load("swarm.drt", &options, mistakes);
  if (scenario == NULL)
    return sim_mistakes_format(mistakes);
  sim_scenario_free(scenario);
  return NULL;
}

Test(swarm, each_plan_is_a_good_scenario)
{
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    SimSwarmPlan *plan = sim_swarm_draw(seed);
    g_autofree char *text = sim_swarm_print(plan, "# A comment\n");
    g_autofree char *mistakes = mistakes_of(text);
    cr_expect(mistakes == NULL, "seed %u:\n%s", (unsigned)seed, mistakes);
    cr_expect(plan->anchors + plan->peers + plan->guests <= SIM_SWARM_NODES);
    cr_expect(plan->anchors >= 1 && plan->peers >= 1);
    sim_swarm_free(plan);
  }
}

Test(swarm, the_seed_decides_the_plan)
{
  GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (uint64_t seed = 0; seed < 50; seed++) {
    SimSwarmPlan *one = sim_swarm_draw(seed), *two = sim_swarm_draw(seed);
    g_autofree char *again = sim_swarm_print(two, NULL);
    char *text = sim_swarm_print(one, NULL);
    cr_expect_str_eq(text, again);
    cr_expect(g_hash_table_add(texts, text), "seed %u is like another", (unsigned)seed);
    sim_swarm_free(one);
    sim_swarm_free(two);
  }
  g_hash_table_destroy(texts);
}

/* All kinds come up, and in most plans some are left out. */
Test(swarm, kinds_of_faults_are_there_and_left_out)
{
  unsigned seen = 0, all = (1U << SIM_SWARM_KINDS) - 1;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    SimSwarmPlan *plan = sim_swarm_draw(seed);
    unsigned kinds = 0;
    for (guint i = 0; i < plan->faults->len; i++)
      kinds |= 1U << g_array_index(plan->faults, SimSwarmFault, i).kind;
    cr_expect(kinds != all, "seed %u", (unsigned)seed);
    seen |= kinds;
    sim_swarm_free(plan);
  }
  cr_expect(seen == all, "%x", seen);
}

/* As if everything failed: what is left is about nothing. */
Test(swarm, shrinking_ends_with_next_to_nothing)
{
  for (uint64_t seed = 1; seed <= 50; seed++) {
    SimSwarmPlan *plan = sim_swarm_draw(seed);
    unsigned steps = 0;
    for (uint32_t way = 0; steps < 10000;) {
      SimSwarmShrunk shrunk = sim_swarm_shrink(plan, way);
      if (shrunk == SIM_SWARM_DONE)
        break;
      if (shrunk == SIM_SWARM_SMALLER)
        steps++;
      else
        way++;
    }
    cr_expect(steps < 10000, "seed %u goes on", (unsigned)seed);
    cr_expect(plan->faults->len == 0 && plan->anchors == 1 && plan->peers == 1, "seed %u",
              (unsigned)seed);
    sim_swarm_free(plan);
  }
}

/* Each step alone leaves a text that can be read, though it may say what is impossible. */
Test(swarm, what_is_shrunk_can_be_printed)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    SimSwarmPlan *plan = sim_swarm_draw(seed);
    for (uint32_t way = 0;; way++) {
      SimSwarmPlan *copy = sim_swarm_copy(plan);
      SimSwarmShrunk shrunk = sim_swarm_shrink(copy, way);
      if (shrunk == SIM_SWARM_SMALLER) {
        g_autofree char *text = sim_swarm_print(copy, NULL);
        g_autofree char *mistakes = mistakes_of(text);
        cr_expect(mistakes == NULL, "seed %u, way %u:\n%s", (unsigned)seed, way, mistakes);
      }
      sim_swarm_free(copy);
      if (shrunk == SIM_SWARM_DONE)
        break;
    }
    sim_swarm_free(plan);
  }
}
