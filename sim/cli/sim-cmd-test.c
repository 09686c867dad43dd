/* `drtsim test [PATH...]`: many scenarios, each in a process of its own. */
#include "sim-child.h"
#include "sim-command.h"
#include "sim-golden.h"
#include "sim-interrupt.h"
#include "sim-report.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  GPtrArray *paths; /* as given */
  GPtrArray *files; /* scenarios */
  int jobs;
  bool tap, update;
  const char *junit;
  const char *traces; /* the folder for a trace of each run, or NULL */
  bool has_classes;
  unsigned classes;
} Arguments;

static const char *const options[] = { "--jobs",   "--tap",   "--junit", "--update",
                                       "--traces", "--trace", "--help",  NULL };
/* Folders that are left out unless they are named: their runs take very long. */
static const char *const slow_folders[] = { "scale", "validate", NULL };

/* ---- Which files. ---- */

static int
compare_paths(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Scenarios go to @files, folders to @folders. */
static void
read_folder(const char *path, GPtrArray *files, GPtrArray *folders)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    char *inside = g_build_filename(path, name, NULL);
    bool folder = g_file_test(inside, G_FILE_TEST_IS_DIR);
    if (folder && !g_strv_contains(slow_folders, name))
      g_ptr_array_add(folders, inside);
    else if (!folder && g_str_has_suffix(name, ".drt"))
      g_ptr_array_add(files, inside);
    else
      g_free(inside);
  }
}

static void
add_folder(GPtrArray *files, const char *path)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(folders, g_strdup(path));
  for (guint i = 0; i < folders->len; i++)
    read_folder(folders->pdata[i], files, folders);
}

static int
add_path(GPtrArray *files, const char *path)
{
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return sim_usage_error(NULL, "there is no file or folder '%s'", path);
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    add_folder(files, path);
  else
    g_ptr_array_add(files, g_strdup(path));
  return 0;
}

/* ---- Running them. ---- */

/* Compares with what is known, or writes it down. */
static void
judge_golden(SimGolden *golden, const Arguments *arguments, SimTested *tested)
{
  const SimChildReport *report = &tested->report;
  uint64_t trajectory, results;
  if (report->status != SIM_EXIT_HELD)
    return;
  bool known = sim_golden_find(golden, tested->path, &trajectory, &results);
  bool same = known && trajectory == report->trajectory && results == report->results;
  if (arguments->update)
    sim_golden_set(golden, tested->path, report->trajectory, report->results);
  else if (known && !same)
    tested->changed =
      trajectory != report->trajectory ? "its trajectory is another one" : "its results are others";
}

/* (transfer full) Where the trace of a scenario goes: "a/b.drt" is "a-b.db" in the folder. */
static char *
trace_of(const Arguments *arguments, const char *path)
{
  if (arguments->traces == NULL)
    return NULL;
  g_autofree char *name = g_strdelimit(g_strdup(path), "/", '-');
  if (g_str_has_suffix(name, ".drt"))
    name[strlen(name) - 4] = '\0';
  return g_strdup_printf("%s/%s.db", arguments->traces, name);
}

static bool
start_next(const Arguments *arguments, guint *next, SimChild *child)
{
  const char *path = arguments->files->pdata[*next];
  g_autofree char *trace = trace_of(arguments, path);
  SimJob job = { .path = path,
                 .until = SIM_TIME_NEVER,
                 .quiet = true,
                 .trace = trace,
                 .has_classes = arguments->has_classes,
                 .classes = arguments->classes };
  (*next)++;
  if (sim_child_start(child, &job))
    return true;
  fprintf(stderr, "drtsim: cannot start a process: %s\n", g_strerror(errno));
  return false;
}

/* What was interrupted has come to nothing; what ended while it waited for those before it has. */
static void
print_rest(const Arguments *arguments, const SimTested *tested, guint printed)
{
  for (guint i = printed; i < arguments->files->len; i++)
    if (tested[i].done)
      sim_report_line(&tested[i], i + 1, arguments->tap);
}

/* Lines are printed in the order of the files, each as soon as all before it are there. */
static bool
run_all(const Arguments *arguments, SimGolden *golden, SimTested *tested)
{
  SimChild children[SIM_JOBS_MAX] = { 0 };
  guint numbers[SIM_JOBS_MAX];
  guint next = 0, printed = 0, count = arguments->files->len;
  int busy = 0;
  for (;;) {
    for (int i = 0; i < arguments->jobs && next < count && !sim_interrupted(); i++) {
      if (children[i].pid != 0)
        continue;
      numbers[i] = next;
      if (!start_next(arguments, &next, &children[i]))
        return false;
      busy++;
    }
    if (busy == 0)
      break;
    SimChildReport report;
    int i = sim_child_wait(children, arguments->jobs, &report);
    if (i < 0)
      return false;
    busy--;
    tested[numbers[i]].report = report;
    tested[numbers[i]].done = report.status != SIM_EXIT_INTERRUPTED || !sim_interrupted();
    judge_golden(golden, arguments, &tested[numbers[i]]);
    for (; printed < count && tested[printed].done; printed++)
      sim_report_line(&tested[printed], printed + 1, arguments->tap);
  }
  print_rest(arguments, tested, printed);
  return true;
}

static int
status_of(const SimTested *tested, guint count)
{
  static const int order[] = { SIM_EXIT_TROUBLE, SIM_EXIT_MISTAKE, SIM_EXIT_INTERRUPTED,
                               SIM_EXIT_FAILED, SIM_EXIT_UNDECIDED };
  for (size_t k = 0; k < G_N_ELEMENTS(order); k++)
    for (guint i = 0; i < count; i++)
      if ((tested[i].done ? sim_tested_status(&tested[i]) : SIM_EXIT_INTERRUPTED) == order[k])
        return order[k];
  return 0;
}

static int
test(const Arguments *arguments)
{
  guint count = arguments->files->len;
  SimTested *tested = g_new0(SimTested, count + 1);
  for (guint i = 0; i < count; i++)
    tested[i].path = arguments->files->pdata[i];
  SimGolden *golden = sim_golden_new();
  if (arguments->tap)
    printf("TAP version 13\n1..%u\n", count);
  int status = run_all(arguments, golden, tested) ? status_of(tested, count) : SIM_EXIT_TROUBLE;
  g_autoptr(GError) error = NULL;
  if ((arguments->update && !sim_golden_save(golden, &error)) ||
      (arguments->junit != NULL && !sim_report_junit(arguments->junit, tested, count, &error))) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    status = SIM_EXIT_TROUBLE;
  }
  if (arguments->tap)
    sim_report_bail_out(tested, count);
  else
    sim_report_sum(tested, count);
  for (guint i = 0; i < count; i++)
    sim_child_report_clear(&tested[i].report);
  sim_golden_free(golden);
  g_free(tested);
  return status;
}

/* ---- The command line. ---- */

static int
take_option(Arguments *arguments, int argc, char **argv, int *i)
{
  const char *word = argv[*i];
  if (strcmp(word, "--tap") == 0) {
    arguments->tap = true;
    return 0;
  }
  if (strcmp(word, "--update") == 0) {
    arguments->update = true;
    return 0;
  }
  static const char *const with_value[] = { "--jobs", "--junit", "--traces", "--trace", NULL };
  const char *name = sim_usage_option(word, with_value);
  if (name == NULL)
    return sim_usage_error(sim_suggest(word, options), "unknown option '%s' of 'test'", word);
  const char *value = sim_usage_value(name, argc, argv, i);
  if (value == NULL)
    return SIM_EXIT_USAGE;
  if (strcmp(name, "--jobs") == 0)
    return sim_usage_jobs(value, &arguments->jobs) ? 0 : SIM_EXIT_USAGE;
  if (strcmp(name, "--trace") == 0)
    return (arguments->has_classes = sim_usage_classes(value, &arguments->classes))
             ? 0
             : SIM_EXIT_USAGE;
  if (strcmp(name, "--traces") == 0)
    arguments->traces = value;
  else
    arguments->junit = value;
  return 0;
}

static int
run(int argc, char **argv)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new();
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  Arguments arguments = { .paths = paths, .files = files, .jobs = sim_usage_jobs_usual() };
  int status = 0;
  for (SimUsageWalk walk = { 0 }; status == 0 && sim_usage_next(&walk, argc, argv);) {
    if (walk.is_option)
      status = take_option(&arguments, argc, argv, &walk.at);
    else
      g_ptr_array_add(paths, argv[walk.at]);
  }
  if (paths->len == 0)
    g_ptr_array_add(paths, "scenarios");
  for (guint i = 0; i < paths->len && status == 0; i++)
    status = add_path(files, paths->pdata[i]);
  if (status != 0)
    return status;
  if (arguments.has_classes && arguments.traces == NULL)
    return sim_usage_error(NULL,
                           "'--trace' says what to write: '--traces FOLDER' has to say where");
  if (arguments.traces != NULL && g_mkdir_with_parents(arguments.traces, 0777) != 0) {
    fprintf(stderr, "drtsim: cannot make the folder '%s': %s\n", arguments.traces,
            g_strerror(errno));
    return SIM_EXIT_TROUBLE;
  }
  if (files->len == 0)
    return sim_usage_error(NULL, "there is no scenario (*.drt) in '%s'", (char *)paths->pdata[0]);
  g_ptr_array_sort(files, compare_paths);
  sim_interrupt_catch();
  return test(&arguments);
}

const SimCommand sim_cmd_test = {
  .name = "test",
  .summary = "run many scenarios, judge them, compare fingerprints",
  .help =
    "Usage: drtsim test [OPTION]... [PATH]...\n"
    "\n"
    "Runs scenarios, and all in folders (the folder 'scenarios', if nothing is named; inside\n"
    "a folder 'scale' and 'validate' are left out, as they take long). Each must hold its\n"
    "expectations and do what it did before, as the fingerprints in the fingerprints.txt of\n"
    "its folder say.\n"
    "\n"
    "  --jobs J          so many at the same time (one for each processor)\n"
    "  --tap             print TAP instead of text\n"
    "  --junit FILE      write a JUnit report as well\n"
    "  --update          write the fingerprints anew\n"
    "  --traces FOLDER   keep a trace of each run in that folder\n"
    "  --trace CLASSES   what goes into them, as for 'drtsim run'\n"
    "\n"
    "Exit status: 0 all held; else that of the worst run: 4, 2, 130, 1, 3. Interrupted, it tells\n"
    "of the runs that have ended; those that have not count as 130.\n"
    "\n"
    "Example:\n"
    "  drtsim test scenarios/tour scenarios/faults --jobs 2\n",
  .options = options,
  .run = run,
};
