#include "test-run.h"

#include "sim-print.h"
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <string.h>

static void
append_results(GString *to, const SimRun *run)
{
  static const char *const judgements[] = { "held", "failed", "undecided" };
  uint32_t count;
  const SimResult *results = sim_run_results(run, &count);
  for (uint32_t i = 0; i < count; i++) {
    g_string_append_printf(to, "%u: %s ", results[i].where.line, judgements[results[i].judgement]);
    if (results[i].where.line == 0) /* an invariant */
      g_string_append_printf(to, "%s: ", results[i].text);
    g_string_append_printf(to, "%s at ", results[i].value);
    sim_print_time(to, results[i].at);
    g_string_append_c(to, '\n');
  }
  const SimMistake *mistake = sim_run_mistake(run);
  if (mistake != NULL)
    g_string_append_printf(to, "%s:%u:%u: %s\n", mistake->file, mistake->line, mistake->column,
                           mistake->message);
  g_string_append_printf(to, "exit %d\n", sim_run_exit(run));
}

char *
test_run_with(const char *text, const SimRunOptions *options)
{
  SimScenario *scenario = test_scenario_good("scenario", text);
  SimRunOptions own = *options;
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  if (own.seed == 0)
    own.seed = scenario->seed;
  SimRun *run = sim_run_new(scenario, &own, mistakes);
  GString *told = g_string_new(NULL);
  if (run == NULL) {
    g_autofree char *all = sim_mistakes_format(mistakes);
    g_string_append(told, all);
  } else {
    sim_run_go(run);
    append_results(told, run);
  }
  sim_run_free(run);
  sim_scenario_free(scenario);
  return g_string_free(told, FALSE);
}

char *
test_run(const char *text)
{
  return test_run_with(text, &(SimRunOptions){ .until = SIM_TIME_NEVER });
}

void
test_run_expect(const char *name, const char *text, const char *expected)
{
  g_autofree char *found = test_run(text);
  cr_expect(strcmp(found, expected) == 0, "%s:\n%s\ngave\n%sand not\n%s", name, text, found,
            expected);
}
