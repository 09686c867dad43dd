#include "test-scenario.h"

#include <criterion/criterion.h>
#include <string.h>

static char *
read_file(void *data, const char *path, size_t *ret_size, GError **error)
{
  for (const TestFile *file = data; file->name != NULL; file++)
    if (strcmp(file->name, path) == 0) {
      *ret_size = strlen(file->text);
      return g_strdup(file->text);
    }
  g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is none");
  return NULL;
}

SimScenario *
test_scenario_load(const TestFile *files, const char *const *sets, char **ret_mistakes)
{
  SimScenarioOptions options = { .sets = sets, .read = read_file, .read_data = (void *)files };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load(files[0].name, &options, mistakes);
  *ret_mistakes = sim_mistakes_format(mistakes);
  cr_assert((scenario == NULL) == (mistakes->list->len > 0));
  return scenario;
}

SimScenario *
test_scenario_good(const char *name, const char *text)
{
  const TestFile files[] = { { "x.drt", text }, { NULL, NULL } };
  g_autofree char *mistakes = NULL;
  SimScenario *scenario = test_scenario_load(files, NULL, &mistakes);
  if (scenario == NULL)
    cr_assert_fail("%s:\n%s", name, mistakes);
  return scenario;
}

char *
test_scenario_mistakes(const char *text)
{
  const TestFile files[] = { { "x.drt", text }, { NULL, NULL } };
  char *mistakes;
  sim_scenario_free(test_scenario_load(files, NULL, &mistakes));
  return mistakes;
}
