/* `drtsim swarm` from outside. */
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

/* What a seed prints is what it runs: the same fingerprint, and the same verdict. */
Test(cli_swarm, what_is_printed_can_be_run)
{
  TestRun print = test_spawn_drtsim("swarm", "--seeds", "5", "--print", NULL);
  cr_expect(print.status == 0);
  expect_has(print.out, "title \"Swarm, seed 5\"\nseed 5\n");
  g_autofree char *folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename(folder, "five.drt", NULL);
  cr_assert(g_file_set_contents(file, print.out, -1, NULL));
  TestRun run = test_spawn_drtsim("run", "--quiet", file, NULL);
  TestRun swarm = test_spawn_drtsim("swarm", "--seeds", "5", "-o", folder, NULL);
  cr_expect(run.status == swarm.status, "%s%s", run.out, swarm.out);
  expect_has(swarm.out, "1 seeds from 5: 1 held, 0 failed, 0 undecided, 0 could not be run");
  test_run_clear(&print);
  test_run_clear(&run);
  test_run_clear(&swarm);
  g_unlink(file);
  g_rmdir(folder);
}

Test(cli_swarm, time_ends_it)
{
  TestRun run = test_spawn_drtsim("swarm", "--time", "1ms", "--jobs", "1", NULL);
  cr_expect(run.status == 0, "%s%s", run.out, run.err);
  expect_has(run.out, "seeds from 1: ");
  test_run_clear(&run);
}

Test(cli_swarm, wrong_options_are_told_what_would_be_right)
{
  test_expect_usage_error(test_spawn_drtsim("swarm", "--seed", "5", NULL),
                          "unknown option '--seed' of 'swarm' (did you mean '--seeds'?)");
  test_expect_usage_error(test_spawn_drtsim("swarm", "--seeds", "9..5", NULL), "not '9..5'");
  test_expect_usage_error(test_spawn_drtsim("swarm", "--time", "soon", NULL),
                          "'--time' wants a time such as 10min, not 'soon'");
  test_expect_usage_error(test_spawn_drtsim("swarm", "--jobs", "0", NULL), "not '0'");
  test_expect_usage_error(test_spawn_drtsim("swarm", "a.drt", NULL), "'swarm' takes no file");
  test_expect_usage_error(test_spawn_drtsim("swarm", "--print", "--seeds", "1..2", NULL),
                          "'--print' wants one seed");
}
