/* `drtsim validate`: published results, run again. */
#include "sim-command.h"
#include "sim-run.h"
#include "sim-suggest.h"
#include "sim-usage.h"
#include "sim-validate-print.h"

#include <stdio.h>
#include <string.h>

typedef enum { PRINT_TEXT, PRINT_MARKDOWN, PRINT_JSON } Form;

typedef struct {
  SimValidateOptions options;
  GPtrArray *chosen; /* SimExperiment */
  Form form;
  bool list;
} Arguments;

static const char *const words[] = { "--quick", "--seeds", "--jobs", "--markdown", "--json",
                                     "--list",  "--quiet", "--help", NULL };

static int
take_word(Arguments *arguments, const char *word)
{
  const SimValidation *validation = arguments->options.validation;
  const SimExperiment *experiment = sim_validation_find(validation, word);
  if (experiment == NULL) {
    g_autofree const char **names = sim_validation_names(validation);
    g_autofree char *upper = g_ascii_strup(word, -1);
    return sim_usage_error(
      sim_suggest(upper, names),
      "there is no experiment '%s'; 'drtsim validate --list' tells which there are", word);
  }
  if (!g_ptr_array_find(arguments->chosen, experiment, NULL))
    g_ptr_array_add(arguments->chosen, (gpointer)experiment);
  return 0;
}

static bool
take_flag(Arguments *arguments, const char *word)
{
  if (strcmp(word, "--quick") == 0)
    arguments->options.quick = true;
  else if (strcmp(word, "--quiet") == 0)
    arguments->options.quiet = true;
  else if (strcmp(word, "--markdown") == 0)
    arguments->form = PRINT_MARKDOWN;
  else if (strcmp(word, "--json") == 0)
    arguments->form = PRINT_JSON;
  else if (strcmp(word, "--list") == 0)
    arguments->list = true;
  else
    return false;
  return true;
}

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *word = argv[*i];
  if (take_flag(arguments, word))
    return 0;
  static const char *const with_value[] = { "--seeds", "--jobs", NULL };
  const char *name = sim_usage_option(word, with_value);
  if (name == NULL)
    return sim_usage_error(sim_suggest(word, words), "unknown option '%s' of 'validate'", word);
  const char *value = sim_usage_value(name, argc, argv, i);
  if (value == NULL)
    return SIM_EXIT_USAGE;
  bool good = true;
  if (strcmp(name, "--seeds") == 0)
    good = arguments->options.has_seeds = sim_usage_seeds(value, arguments->options.seeds);
  else
    good = sim_usage_jobs(value, &arguments->options.jobs);
  return good ? 0 : SIM_EXIT_USAGE;
}

static void
print_list(const SimValidation *validation)
{
  for (guint i = 0; i < validation->experiments->len; i++) {
    const SimExperiment *experiment = validation->experiments->pdata[i];
    printf("%-4s %-52s %s\n", experiment->name, experiment->title, experiment->source);
  }
}

static int
validate(Arguments *arguments)
{
  const SimValidation *validation = arguments->options.validation;
  bool all = arguments->chosen->len == 0;
  for (guint i = 0; all && i < validation->experiments->len; i++)
    g_ptr_array_add(arguments->chosen, validation->experiments->pdata[i]);
  g_ptr_array_add(arguments->chosen, NULL);
  arguments->options.experiments = (const SimExperiment *const *)arguments->chosen->pdata;
  SimValidated *validated = sim_validate_run(&arguments->options);
  int status = validated->status;
  g_autofree char *text = arguments->form == PRINT_JSON       ? sim_validate_json(validated)
                          : arguments->form == PRINT_MARKDOWN ? sim_validate_markdown(validated)
                                                              : sim_validate_text(validated);
  fputs(text, stdout);
  if (arguments->form == PRINT_MARKDOWN) { /* a page has no place for them */
    g_autofree char *troubles = sim_validate_troubles(validated);
    fputs(troubles, stderr);
  }
  sim_validated_free(validated);
  return status;
}

static int
run(int argc, char **argv)
{
  g_autoptr(SimValidation) validation = sim_validation_new();
  g_autoptr(GPtrArray) chosen = g_ptr_array_new();
  Arguments arguments = {
    .options = { .validation = validation, .jobs = sim_usage_jobs_usual() },
    .chosen = chosen,
  };
  int status = 0;
  for (SimUsageWalk walk = { 0 }; status == 0 && sim_usage_next(&walk, argc, argv);)
    status = walk.is_option ? take_option(&arguments, argc, argv, &walk.at)
                            : take_word(&arguments, argv[walk.at]);
  if (status != 0)
    return status;
  if (arguments.list) {
    print_list(validation);
    return 0;
  }
  return validate(&arguments);
}

const SimCommand sim_cmd_validate = {
  .name = "validate",
  .summary = "run published experiments again, and compare",
  .help =
    "Usage: drtsim validate [OPTION]... [EXPERIMENT]...\n"
    "\n"
    "Runs experiments that were published on this protocol and on others like it, all or those\n"
    "named, each with several seeds, and prints what was published beside what was measured, with\n"
    "its 95 % interval and a bound: that of the source where it is the same protocol, one of our\n"
    "own where it is not. scenarios/validate/README.md has the sources and the counting rules.\n"
    "\n"
    "  --quick        smaller clouds and three seeds: some minutes. Without it ten seeds\n"
    "  --seeds A..B   these seeds\n"
    "  --jobs J       so many runs at the same time (one for each processor)\n"
    "  --markdown     the table as the README has it\n"
    "  --json         one object, with the value of every run\n"
    "  --list         only tell which experiments there are\n"
    "  --quiet        no line for each run on stderr\n"
    "\n"
    "Exit status: 0 all bounds are met, 1 one is not, 3 undecided, 4 something could not be run,\n"
    "130 interrupted: rows that lack a run are undecided.\n"
    "\n"
    "Example:\n"
    "  drtsim validate --quick V1 V4\n",
  .options = words,
  .run = run,
};
