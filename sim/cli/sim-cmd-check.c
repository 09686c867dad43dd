/* `drtsim check FILE...`: reads scenarios, runs nothing. */
#include "sim-command.h"
#include "sim-json.h"
#include "sim-print.h"
#include "sim-scenario.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  bool json;
  GPtrArray *files; /* of argv */
  GPtrArray *sets;
} Arguments;

static const char *const options[] = { "--json", "--set", "--help", NULL };

/* Takes the option at argv[*i], and its value. 0, or an exit status. */
static int
parse_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *option = argv[*i];
  if (strcmp(option, "--json") == 0) {
    arguments->json = true;
    return 0;
  }
  if (!sim_usage_is_option(option, "--set"))
    return sim_usage_error(sim_suggest(option, options), "unknown option '%s' of 'check'", option);
  const char *value = sim_usage_set(argc, argv, i);
  if (value == NULL)
    return SIM_EXIT_USAGE;
  g_ptr_array_add(arguments->sets, (gpointer)value);
  return 0;
}

static int
parse_arguments(Arguments *arguments, int argc, char **argv)
{
  int status = 0;
  for (SimUsageWalk walk = { 0 }; status == 0 && sim_usage_next(&walk, argc, argv);) {
    if (walk.is_option)
      status = parse_option(arguments, argc, argv, &walk.at);
    else
      g_ptr_array_add(arguments->files, argv[walk.at]);
  }
  if (status != 0)
    return status;
  if (arguments->files->len == 0)
    return sim_usage_error(NULL, "'check' needs a scenario file");
  return 0;
}

static void
print_good(const char *path, const SimScenario *scenario)
{
  g_autoptr(GString) end = g_string_new(NULL);
  sim_print_time(end, scenario->end);
  printf("%s: good: %" G_GUINT64_FORMAT " nodes, %u actions, %u expectations, ends at %s\n", path,
         sim_scenario_node_count(scenario), scenario->action_count, scenario->expectation_count,
         end->str);
}

static void
append_one(GString *to, const SimMistake *mistake)
{
  g_string_append(to, to->len > 0 ? ",\n  " : "\n  ");
  sim_json_mistake(to, mistake, " ");
}

static void
append_json(GString *to, const char *path, const SimMistakes *mistakes)
{
  for (guint i = 0; i < mistakes->list->len; i++)
    append_one(to, mistakes->list->pdata[i]);
  SimMistake rest = { .file = (char *)path, .message = sim_mistakes_rest(mistakes) };
  if (rest.message != NULL)
    append_one(to, &rest);
  g_free(rest.message);
}

/* Whether it is good. What is wrong goes to stderr, or to @json. */
static bool
check_file(const Arguments *arguments, const char *path, GString *json)
{
  SimScenarioOptions load = { .sets = (const char *const *)arguments->sets->pdata };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  SimScenario *scenario = sim_scenario_load(path, &load, mistakes);
  bool good = scenario != NULL;
  g_autofree char *text = sim_mistakes_format(mistakes);
  if (arguments->json)
    append_json(json, path, mistakes);
  else if (good)
    print_good(path, scenario);
  else
    fputs(text, stderr);
  sim_scenario_free(scenario);
  return good;
}

static int
run(int argc, char **argv)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new();
  g_autoptr(GPtrArray) sets = g_ptr_array_new();
  g_autoptr(GString) json = g_string_new(NULL);
  Arguments arguments = { .files = files, .sets = sets };
  int status = parse_arguments(&arguments, argc, argv);
  if (status != 0)
    return status;
  g_ptr_array_add(sets, NULL);
  for (guint i = 0; i < files->len; i++)
    if (!check_file(&arguments, files->pdata[i], json))
      status = SIM_EXIT_USAGE;
  if (arguments.json)
    printf("[%s%s]\n", json->str, json->len > 0 ? "\n" : "");
  return status;
}

const SimCommand sim_cmd_check = {
  .name = "check",
  .summary = "read scenario files and say what is wrong with them",
  .help =
    "Usage: drtsim check [--set NAME=VALUE]... [--json] FILE...\n"
    "\n"
    "Reads scenarios without running them. Each mistake is told with its place, the line and\n"
    "what may have been meant, at most 20 of a file.\n"
    "\n"
    "  --set NAME=VALUE   use VALUE for the param NAME\n"
    "  --json             print the mistakes as a JSON array, for editors: objects with\n"
    "                     file, line, column, message and near (or null); line 0: of no\n"
    "                     place, as that some were left off\n"
    "\n"
    "Exit status: 0 all files are good, 2 something is wrong with one of them.\n"
    "\n"
    "Example:\n"
    "  drtsim check scenarios/tour/*.drt\n"
    "  drtsim check --set N=100 --json ring.drt\n",
  .options = options,
  .run = run,
};
