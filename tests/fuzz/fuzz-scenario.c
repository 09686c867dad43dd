/* Any bytes as a scenario: mistakes that are told, or a scenario that reads back from its own print
 * as the same. What stands behind a line "%%" is the content of every other file that it reads. */
#include "fuzz-target.h"

#include "sim-scenario.h"

#include "drt-assert.h"

#include <string.h>

#define SPLIT "%%\n"

typedef struct {
  const char *main_file, *other_file;
  size_t main_size, other_size;
} Input;

static char *
read_file(void *data, const char *path, size_t *ret_size, GError **error)
{
  const Input *input = data;
  (void)error;
  bool main_file = strcmp(path, "x.drt") == 0;
  const char *text = main_file ? input->main_file : input->other_file;
  *ret_size = main_file ? input->main_size : input->other_size;
  char *copy = g_malloc(*ret_size + 1);
  memcpy(copy, text, *ret_size);
  copy[*ret_size] = '\0';
  return copy;
}

static SimScenario *
load(Input *input)
{
  SimScenarioOptions options = { .read = read_file, .read_data = input };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load("x.drt", &options, mistakes);
  g_autofree char *told = sim_mistakes_format(mistakes);
  drt_assert((scenario == NULL) == (mistakes->list->len > 0));
  drt_assert((scenario == NULL) == (*told != '\0'));
  drt_assert(mistakes->list->len <= SIM_MISTAKES_MAX);
  return scenario;
}

static void
check_round_trip(const SimScenario *scenario, const Input *input)
{
  g_autofree char *once = sim_scenario_print(scenario);
  Input printed = *input;
  printed.main_file = once;
  printed.main_size = strlen(once);
  SimScenario *again = load(&printed);
  drt_assert(again != NULL);
  g_autofree char *twice = sim_scenario_print(again);
  drt_assert(strcmp(once, twice) == 0);
  drt_assert(scenario->action_count == again->action_count);
  for (uint32_t i = 0; i < scenario->action_count; i++)
    drt_assert(scenario->actions[i].stream == again->actions[i].stream);
  sim_scenario_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Input input = { .main_file = (const char *)data, .main_size = size, .other_file = "" };
  g_autofree char *text = g_strndup((const char *)data, size); /* up to the first NUL */
  char *split = strstr(text, SPLIT);
  if (split != NULL) {
    input.main_size = (size_t)(split - text);
    input.other_file = (const char *)data + input.main_size + strlen(SPLIT);
    input.other_size = size - input.main_size - strlen(SPLIT);
  }
  SimScenario *scenario = load(&input);
  if (scenario != NULL)
    check_round_trip(scenario, &input);
  sim_scenario_free(scenario);
  return 0;
}
