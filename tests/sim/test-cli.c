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

/* Runs it in a folder with a file x.drt that is no whole scenario. */
static TestRun
run_in_folder(const char *command)
{
  g_autofree char *folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  g_autofree char *script = g_strdup_printf("cd '%s' && echo 'language 1' > x.drt && "
                                            "\"$DRTSIM_PROGRAM\" %s; s=$?; rm -r '%s'; exit $s",
                                            folder, command, folder);
  return test_spawn((const char *const[]){ "sh", "-c", script, NULL });
}

/* None is taken for an option that is not there, and of two neither is dropped in silence. */
Test(cli, an_option_has_one_value_and_it_is_not_empty)
{
  static const struct {
    const char *command, *why;
  } cases[] = {
    { "run x.drt -o", "'-o' needs a value behind it\n" },
    { "run x.drt -o ''", "'-o' needs a value behind it, not an empty one" },
    { "run x.drt -o=", "'-o' needs a value behind it, not an empty one" },
    { "x.drt -o ''", "'-o' needs a value" },
    { "sweep x.drt --seeds 1 -o ''", "'-o' needs a value" },
    { "plot x.db -o ''", "'-o' needs a value" },
    { "run x.drt -o -", "'-o' needs the name of a file, not '-': standard output is /dev/stdout" },
    { "export x.db event --output=-", "'--output' needs the name of a file, not '-'" },
    { "plot x.db --output ''", "'--output' needs a value" },
    { "report x.db -o ''", "'-o' needs a value" },
    { "export x.db v_run -o ''", "'-o' needs a value" },
    { "swarm -o ''", "'-o' needs a value" },
    { "test x.drt --junit ''", "'--junit' needs a value" },
    { "test x.drt --traces ''", "'--traces' needs a value" },
    { "run x.drt --seed 1 --seed 2", "'--seed' is there twice, with '1' and with '2'" },
    { "run x.drt -o a.db -o=b.db", "'-o' is there twice, with 'a.db' and with 'b.db'" },
    { "report x.db -o a.html --output b.html", "is there twice, with 'a.html' and with 'b.html'" },
    { "run x.drt --set N=1 --set M=1 --set N=2", "twice, with 'N=1' and with 'N=2'" },
    { "verify x.drt --set N=1 --set N=2", "twice, with 'N=1' and with 'N=2'" },
    { "sweep x.drt --seeds 1..3 --seeds 3..4", "twice, with '1..3' and with '3..4'" },
    { "sweep x.drt --seeds 1 --set N=1 --set N=2 -o x.db", "have commas between them" },
    { "run x.drt --set N=1,2", "has several values: those are for 'drtsim sweep'" },
    { "check x.drt --set N=1,2", "has several values" },
    { "verify x.drt --set N=1,2", "has several values" },
    { "sweep x.drt --seeds 1..99999999999", "at most 4294967295 seeds, and '1..99999999999' is" },
    { "sweep x.drt --seeds 1..4000000000 -o x.db", "at most 1000000 runs, not 4000000000" },
    { "sweep x.drt --seeds 1..4000000000 --set A=1,2,3,4,5,6,7,8 --set B=1,2,3,4,5,6,7,8 "
      "--set C=1,2,3,4,5,6,7,8 --set D=1,2,3,4,5,6,7,8 -o x.db",
      "at most 1000000 runs" },
    { "swarm --seeds 3..1", "the first and the last, such as 1..20, not '3..1'" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_expect_usage_error(run_in_folder(cases[i].command), cases[i].why);
}

/* What says the same says nothing wrong, and a comma in a text separates nothing. */
Test(cli, an_option_may_be_repeated)
{
  static const char *const commands[] = { "run x.drt --seed 1 --seed=1",
                                          "run x.drt --set N=1 --set M=2 --set N=1",
                                          "check x.drt --set 'N=\"a,b\"'",
                                          "report x.db -o a --output a" };
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
    TestRun run = run_in_folder(commands[i]);
    cr_expect(run.status == 2 && strstr(run.err, "x.d") != NULL &&
                strstr(run.err, "twice") == NULL && strstr(run.err, "several") == NULL,
              "%s: %s", commands[i], run.err);
    test_run_clear(&run);
  }
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
