/* `drtsim validate` from outside. */
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
expect_has(const char *text, const char *part)
{
  cr_expect(strstr(text, part) != NULL, "'%s' is not in:\n%s", part, text);
}

Test(cli_validate, lists_the_experiments)
{
  TestRun run = test_spawn_drtsim("validate", "--list", NULL);
  cr_expect(run.status == 0);
  for (int i = 1; i <= 13; i++) {
    char name[8];
    snprintf(name, sizeof name, "V%-3d ", i);
    expect_has(run.out, name);
  }
  test_run_clear(&run);
}

/* From the program alone: the scenarios are inside of it. */
Test(cli_validate, works_from_any_folder)
{
  cr_assert(chdir("/") == 0);
  TestRun run = test_spawn_drtsim("validate", "--quick", "--seeds", "7", "v5", NULL);
  cr_expect(run.status == 0, "%s%s", run.out, run.err);
  expect_has(run.out, "V5: Time for one node to join (P2P FAQ, Microsoft, 2005)");
  expect_has(run.out, "< 10s");
  expect_has(run.out, "held");
  expect_has(run.out, "1 runs in");
  expect_has(run.err, "1 of 1: V5");
  test_run_clear(&run);
}

Test(cli_validate, prints_markdown_and_json)
{
  TestRun markdown = test_spawn_drtsim("validate", "--quick", "--quiet", "--markdown", "--seeds",
                                       "1..2", "V5", NULL);
  cr_expect(markdown.status == 0);
  cr_expect_str_empty(markdown.err);
  expect_has(markdown.out, "| | published | measured | 95 % interval | bound | seeds | |\n");
  expect_has(markdown.out, "| 2 | held |\n");
  TestRun json =
    test_spawn_drtsim("validate", "--quick", "--quiet", "--json", "--seeds", "1..2", "V5", NULL);
  expect_has(json.out, "{\"exit_code\":0,\"runs\":2,");
  expect_has(json.out, "\"experiment\":\"V5\",\"row\":\"active\"");
  expect_has(json.out, "\"verdict\":\"held\",\"values\":[0.");
  test_run_clear(&markdown);
  test_run_clear(&json);
}

/* Half an hour of work is not thrown away. */
Test(cli_validate, what_was_measured_before_an_interruption_is_told)
{
  g_autofree char *script =
    g_strdup_printf("'%s' validate --quick --quiet --jobs 1 --seeds 1..99 V5 & pid=$!; sleep 2; "
                    "kill -INT $pid; wait $pid",
                    g_getenv("DRTSIM_PROGRAM"));
  const char *const argv[] = { "sh", "-c", script, NULL };
  TestRun run = test_spawn(argv);
  cr_expect(run.status == 130, "status %d", run.status);
  expect_has(run.out, "not finished: ");
  expect_has(run.out, " of 99 runs in ");
  expect_has(run.out, " of 99  undecided\n");
  test_run_clear(&run);
}

Test(cli_validate, wrong_options_are_told_what_would_be_right)
{
  test_expect_usage_error(test_spawn_drtsim("validate", "--quik", NULL),
                          "unknown option '--quik' of 'validate' (did you mean '--quick'?)");
  test_expect_usage_error(
    test_spawn_drtsim("validate", "V44", NULL),
    "there is no experiment 'V44'; 'drtsim validate --list' tells which there are");
  test_expect_usage_error(test_spawn_drtsim("validate", "--seeds", "9..5", NULL), "not '9..5'");
  test_expect_usage_error(test_spawn_drtsim("validate", "--jobs", "0", NULL), "not '0'");
  test_expect_usage_error(test_spawn_drtsim("validate", "--seeds", NULL),
                          "'--seeds' needs a value behind it");
}
