/* `drtsim bench` from outside: what it prints, and what it says of wrong options. */
#include "test-json.h"
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static TestRun
bench(const char *seed, const char *json)
{
  TestRun run = test_spawn_drtsim("bench", "cloud", "--nodes", "30", "--minutes", "3", "--seed",
                                  seed, json, NULL);
  cr_expect(run.status == 0, "status %d: %s", run.status, run.err);
  return run;
}

/* design.md, The program: these names at least. */
Test(cli_bench, json_is_one_object_with_the_names_of_a_run)
{
  TestRun run = bench("3", "--json");
  test_json_expect_run(run.out);
  cr_expect(strstr(run.out, "\"seed\":3,") != NULL);
  cr_expect(strstr(run.out, "\"verdict\":\"held\",\"exit_code\":0,\"virtual_s\":180,") != NULL);
  cr_expect(strstr(run.out, "\"nodes_peak\":30,") != NULL);
  cr_expect_str_empty(run.err);
  test_run_clear(&run);
}

static char *
text_after(const TestRun *run, const char *label)
{
  const char *at = strstr(run->out, label);
  cr_assert(at != NULL, "%s", label);
  return g_strndup(at + strlen(label), 16);
}

Test(cli_bench, the_seed_decides_the_run)
{
  TestRun one = bench("3", NULL), two = bench("3", NULL), other = bench("4", NULL),
          json = bench("3", "--json");
  g_autofree char *a = text_after(&one, "trajectory "), *b = text_after(&two, "trajectory "),
                  *c = text_after(&other, "trajectory "),
                  *d = text_after(&json, "\"fingerprint_trajectory\":\"");
  cr_expect(strcmp(a, b) == 0 && strcmp(a, c) != 0 && strcmp(a, d) == 0, "%s %s %s %s", a, b, c, d);
  cr_expect(strstr(one.out, "30 nodes, 3 virtual minutes, seed 3\n") == one.out);
  cr_expect(strstr(one.out, "leafset.exact: 100.0000 % settled") != NULL);
  test_run_clear(&one);
  test_run_clear(&two);
  test_run_clear(&other);
  test_run_clear(&json);
}

Test(cli_bench, the_smallest_cloud_works)
{
  TestRun run =
    test_spawn_drtsim("bench", "cloud", "--nodes", "2", "--minutes", "1", "--json", NULL);
  cr_expect(run.status == 0, "status %d: %s", run.status, run.err);
  test_json_expect(run.out);
  test_run_clear(&run);
}

/* @parts: what is to be in the object, ended by NULL. */
static void
expect_json(TestRun run, const char *const *parts)
{
  cr_expect(run.status == 0, "status %d: %s", run.status, run.err);
  test_json_expect(run.out);
  for (; *parts != NULL; parts++)
    cr_expect(strstr(run.out, *parts) != NULL, "%s is not in %s", *parts, run.out);
  cr_expect_str_empty(run.err);
  test_run_clear(&run);
}

/* Every message of the protocol is encoded and decoded; every event of the cloud is one of the rows. */
Test(cli_bench, core_measures_messages_and_events)
{
  static const char *const names[] = {
    "{\"messages\":[{\"name\":\"solicit\",\"bytes\":96,\"encode_ns\":",
    "\"advertise\"",
    "\"request\"",
    "\"flood\"",
    "\"inquire\"",
    "\"authority-hop\"",
    "\"ack\"",
    "{\"name\":\"lookup\",\"bytes\":258,",
    "\"nodes\":40,\"events\":[{\"name\":\"SOLICIT\",\"count\":",
    "{\"name\":\"timer, network\",\"count\":",
    NULL,
  };
  expect_json(test_spawn_drtsim("bench", "core", "--nodes", "40", "--json", NULL), names);
  TestRun run = test_spawn_drtsim("bench", "core", "--nodes", "40", NULL);
  cr_expect(strstr(run.out, "of 40 nodes that have settled") != NULL, "%s", run.out);
  static const char *const rows[] = { "\nINQUIRE ", "\nAUTHORITY ", "\nLOOKUP ",
                                      "\ntimer, network " };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    cr_expect(strstr(run.out, rows[i]) != NULL, "%s is not in %s", rows[i], run.out);
  test_run_clear(&run);
}

Test(cli_bench, trace_measures_every_class)
{
  static const char *const names[] = {
    "{\"nodes\":30,\"minutes\":1,\"classes\":[{\"name\":\"without\",\"wall_s\":",
    "{\"name\":\"none\",",
    "{\"name\":\"summary\",",
    "{\"name\":\"protocol\",",
    "{\"name\":\"all\",",
    NULL,
  };
  expect_json(
    test_spawn_drtsim("bench", "trace", "--nodes", "30", "--minutes", "1", "--json", NULL), names);
}

/* The rows that a table of @text has under @head, which begins one. */
static unsigned
rows_under(const char *text, const char *head)
{
  const char *at = strstr(text, head);
  unsigned rows = 0;
  cr_assert(at != NULL, "%s is not in %s", head, text);
  while ((at = strchr(at, '\n')) != NULL && at[1] != '\n' && at[1] != '\0') {
    at++;
    rows++;
  }
  return rows;
}

Test(cli_bench, without_a_word_it_measures_all)
{
  TestRun run = test_spawn_drtsim("bench", "--nodes", "30", "--minutes", "1", NULL);
  cr_expect(run.status == 0, "status %d: %s", run.status, run.err);
  cr_expect(g_str_has_prefix(run.out, "drtsim 0."), "%s", run.out);
  cr_expect(rows_under(run.out, "   nodes  minutes") == 2, "%s", run.out);
  cr_expect(rows_under(run.out, "message ") == 9, "%s", run.out);
  cr_expect(rows_under(run.out, "handled ") >= 4, "%s", run.out);
  cr_expect(rows_under(run.out, "trace ") == 5, "%s", run.out);
  test_run_clear(&run);
  static const char *const names[] = { "{\"version\":\"0.",
                                       "\"cloud\":[{\"scenario\":\"bench cloud\"",
                                       "\"nodes_peak\":3,",
                                       "\"nodes_peak\":30,",
                                       "\"core\":{",
                                       "\"trace\":{",
                                       NULL };
  expect_json(test_spawn_drtsim("bench", "all", "--nodes", "30", "--minutes", "1", "--json", NULL),
              names);
}

/* What was measured is not thrown away, and JSON stays JSON. */
Test(cli_bench, what_was_measured_before_an_interruption_is_told)
{
  static const struct {
    const char *command, *pattern;
    bool json;
  } cases[] = {
    { "cloud --nodes 3000 --minutes 100000", "\\Anot finished: 0 of 1\n\\z", false },
    { "core --nodes 1000000", "\\Anot finished: 0 of 1\n\\z", false },
    { "trace --nodes 3000 --minutes 100000", "\\Anot finished: 0 of 1\n\\z", false },
    { "cloud --nodes 3000 --minutes 100000 --json", "\\A{\"complete\":false}\n\\z", true },
    { "all --nodes 3000 --minutes 100000", "not finished: [01] of 4\n\\z", false },
    { "all --nodes 3000 --minutes 100000 --json",
      "\\A{\"version\":.*,\"cloud\":\\[.*\\],\"complete\":false}\n\\z", true },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *command = g_strdup_printf("\"$DRTSIM_PROGRAM\" bench %s", cases[i].command);
    TestRun run = test_spawn_interrupted(".", 2, command);
    cr_expect(run.status == 130, "%s: status %d", cases[i].command, run.status);
    cr_expect(g_regex_match_simple(cases[i].pattern, run.out, G_REGEX_DOTALL, 0), "%s: %s",
              cases[i].command, run.out);
    if (cases[i].json)
      test_json_expect(run.out);
    test_run_clear(&run);
  }
}

Test(cli_bench, wrong_options_are_told_what_would_be_right)
{
  test_expect_usage_error(test_spawn_drtsim("bench", "core", "cloud", NULL),
                          "'bench' measures one thing, but 'cloud' follows");
  test_expect_usage_error(test_spawn_drtsim("bench", "clod", NULL),
                          "there is no benchmark 'clod' (did you mean 'cloud'?)");
  test_expect_usage_error(test_spawn_drtsim("bench", "cloud", "--node", "5", NULL),
                          "unknown option '--node' of 'bench' (did you mean '--nodes'?)");
  test_expect_usage_error(test_spawn_drtsim("bench", "cloud", "--nodes", NULL),
                          "'--nodes' needs a value");
  static const struct {
    const char *option, *value, *part;
  } cases[] = {
    { "--nodes", "1", "'--nodes' wants a number from 2 to 10000000, not '1'" },
    { "--nodes", "10000001", "not '10000001'" },
    { "--nodes", "-5", "not '-5'" },
    { "--nodes", "12x", "not '12x'" },
    { "--nodes", "", "not an empty one" },
    { "--nodes", " 7", "not ' 7'" },
    { "--minutes", "0", "'--minutes' wants a number from 1 to 1000000, not '0'" },
    { "--seed", "18446744073709551616", "'--seed' wants a number from 0 to 18446744073709551615" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_expect_usage_error(
      test_spawn_drtsim("bench", "cloud", cases[i].option, cases[i].value, NULL), cases[i].part);
}
