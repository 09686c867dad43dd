/* The program from outside: exit status, and what goes to stdout and what to stderr. */
#include "sim-command.h"
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static void
expect_has(const char *text, const char *part)
{
  cr_expect(strstr(text, part) != NULL, "'%s' is not in:\n%s", part, text);
}

static void
expect_output(TestRun run, const char *part)
{
  cr_expect(run.status == 0, "status %d", run.status);
  cr_expect_str_empty(run.err);
  expect_has(run.out, part);
  test_run_clear(&run);
}

Test(cli, help_lists_every_command)
{
  TestRun run = test_spawn_drtsim("--help", NULL);
  for (unsigned i = 0; sim_command_at(i) != NULL; i++) {
    g_autofree char *row =
      g_strdup_printf("  %-10s  %s\n", sim_command_at(i)->name, sim_command_at(i)->summary);
    expect_has(run.out, row);
  }
  expect_output(run, "Example:\n  drtsim ");
}

Test(cli, every_command_explains_itself_with_an_example)
{
  for (unsigned i = 0; sim_command_at(i) != NULL; i++) {
    const char *name = sim_command_at(i)->name;
    g_autofree char *usage = g_strdup_printf("Usage: drtsim %s", name);
    expect_output(test_spawn_drtsim(name, "--help", NULL), usage);
    expect_output(test_spawn_drtsim(name, "-h", NULL), "Example:\n  drtsim ");
    expect_output(test_spawn_drtsim("help", name, NULL), usage);
  }
}

Test(cli, without_arguments_it_helps)
{
  expect_output(test_spawn_drtsim(NULL), "Usage: drtsim COMMAND");
}

Test(cli, version_names_the_commit)
{
  expect_output(test_spawn_drtsim("--version", NULL), "drtsim 0.");
  expect_output(test_spawn_drtsim("version", NULL), " (commit ");
}

Test(cli, unknown_words_get_a_suggestion)
{
  test_expect_usage_error(test_spawn_drtsim("--hlep", NULL), "'--hlep' (did you mean '--help'?)");
  test_expect_usage_error(test_spawn_drtsim("versoin", NULL),
                          "'versoin' (did you mean 'version'?)");
  test_expect_usage_error(test_spawn_drtsim("help", "versoin", NULL), "(did you mean 'version'?)");
}

Test(cli, unknown_words_far_from_any_point_at_the_help)
{
  test_expect_usage_error(test_spawn_drtsim("--zzz", NULL),
                          "unknown option '--zzz'\n'drtsim --help'");
  test_expect_usage_error(test_spawn_drtsim("zebra", NULL),
                          "unknown command 'zebra'\n'drtsim --help'");
  test_expect_usage_error(test_spawn_drtsim("tests", NULL), "unknown command 'tests'");
}

Test(cli, arguments_too_many_are_errors)
{
  test_expect_usage_error(test_spawn_drtsim("--version", "x", NULL), "'x'");
  test_expect_usage_error(test_spawn_drtsim("version", "--all", NULL), "'--all'");
  test_expect_usage_error(test_spawn_drtsim("help", "version", "x", NULL), "'x'");
}

/* Behind a '--' all are words, and '=' goes before any value. */
Test(cli, every_command_reads_its_words_and_options_alike)
{
  static const char *const files[] = { "check", "diff",   "export", "index", "plot", "report",
                                       "run",   "verify", "test",   "why",   "sweep" };
  for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
    TestRun run = test_spawn_drtsim(files[i], "--", "--nowhere", NULL);
    cr_expect(run.status == 2 && strstr(run.err, "unknown option") == NULL, "%s: %s", files[i],
              run.err);
    test_run_clear(&run);
  }
  test_expect_usage_error(test_spawn_drtsim("verify", "--seed=x", "a.drt", NULL), "not 'x'");
  test_expect_usage_error(test_spawn_drtsim("sweep", "--jobs=0", "a.drt", NULL), "not '0'");
  test_expect_usage_error(test_spawn_drtsim("test", "--jobs=0", "a.drt", NULL), "not '0'");
  test_expect_usage_error(test_spawn_drtsim("verify", "--seed", NULL), "'--seed' needs a value");
}

Test(cli, a_file_is_a_scenario_and_looked_for_by_name)
{
  g_autofree char *folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename(folder, "ring.drt", NULL);
  g_autofree char *missing = g_build_filename(folder, "rnig.drt", NULL);
  g_autofree char *suggestion = g_strdup_printf("(did you mean '%s'?)", file);
  cr_assert(g_file_set_contents(file, "language 1\n", -1, NULL));

  test_expect_usage_error(test_spawn_drtsim(file, NULL), "expected an end");
  test_expect_usage_error(test_spawn_drtsim(missing, NULL), suggestion);
  test_expect_usage_error(test_spawn_drtsim(folder, NULL), "is a folder");
  test_expect_usage_error(test_spawn_drtsim("no-such-folder/x.drt", NULL), "there is no file");
  test_expect_usage_error(test_spawn_drtsim("ring.drtt", NULL), "there is no file");

  g_unlink(file);
  g_rmdir(folder);
}

Test(cli, output_that_cannot_be_written_is_a_failure)
{
  if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
    return; /* only Linux has it */
  const char *argv[] = { "sh", "-c", "exec \"$DRTSIM_PROGRAM\" --help >/dev/full", NULL };
  TestRun run = test_spawn(argv);
  cr_expect(run.status == 4, "status %d", run.status);
  expect_has(run.err, "cannot write the output");
  test_run_clear(&run);
}
