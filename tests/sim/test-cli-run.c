/* `drtsim run`, `drtsim test` and `drtsim verify` from outside. */
#include "test-json.h"
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder, *good, *bad, *stops, *report, *golden;

static char *
make_file(const char *name, const char *text)
{
  char *path = g_build_filename(folder, name, NULL);
  cr_assert(text == NULL || g_file_set_contents(path, text, -1, NULL));
  return path;
}

#define CLOUD "param N = 3\ngroup n $N\nat 0s start n\nat 1min end\n"

static void
make_files(void)
{
  folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  good = make_file("a-good.drt", CLOUD "expect nodes.alive == 3\n");
  bad = make_file("b-bad.drt", CLOUD "expect nodes.alive == 4\n");
  stops = make_file("c-stops.drt", CLOUD "at 30s start n0\n");
  report = make_file("report.xml", NULL);
  golden = make_file("fingerprints.txt", NULL);
}

static void
remove_files(void)
{
  char *paths[] = { good, bad, stops, report, golden };
  for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_unlink(paths[i]);
    g_free(paths[i]);
  }
  g_rmdir(folder);
  g_free(folder);
}

TestSuite(cli_run, .init = make_files, .fini = remove_files);

/* @pattern is a regular expression for what goes to stdout. */
static void
expect_out(TestRun run, int status, const char *pattern)
{
  cr_expect(run.status == status, "status %d: %s%s", run.status, run.out, run.err);
  cr_expect(g_regex_match_simple(pattern, run.out, G_REGEX_MULTILINE | G_REGEX_DOTALL, 0),
            "no '%s' in\n%s", pattern, run.out);
  test_run_clear(&run);
}

Test(cli_run, says_what_held)
{
  expect_out(test_spawn_drtsim("run", good, "--quiet", NULL), 0,
             "^\\S+a-good.drt: held, 1 of 1 expectations; 1min in ");
  TestRun run = test_spawn_drtsim(good, NULL);
  cr_expect(g_str_has_prefix(run.err, "seed 1\n"), "%s", run.err);
  expect_out(run, 0, "held");
}

Test(cli_run, says_what_failed_where_and_how_to_do_it_again)
{
  expect_out(test_spawn_drtsim("run", "--seed", "7", "--set", "N=5", bad, "--quiet", NULL), 1,
             "^\\S+b-bad.drt:5: FAILED: expect nodes.alive == 4\n    found at 1min: 5\n"
             ".*seed 7; again: drtsim run \\S+b-bad.drt --seed 7 --set '?N=5'?\n");
}

/* What a run came to: its results, without the time that it took. (transfer full) */
static char *
outcome(const TestRun *run)
{
  const char *end = strstr(run->out, " in ");
  g_autofree char *results = end == NULL ? g_strdup(run->out) : g_strndup(run->out, end - run->out);
  return g_strdup_printf("%d %s", run->status, results);
}

/* It is there to be copied: whatever a run depends on is in it. */
Test(cli_run, the_command_that_does_it_again_does_it_again)
{
  static const char text[] = "param N = 3\nparam what = \"a b\"\ngroup n $N\nat 0s start n\n"
                             "at 30s crash n0\nat 1min end\nexpect at 10s nodes.alive == 9\n"
                             "expect nodes.alive == 2\n";
  static const char *const options[] = {
    "",
    "--seed 18446744073709551615",
    "--set N=5 --set what='\"it'\\''s\"'",
    "--until 20s",
    "--until 1500ms --seed=2",
    "--stop-on-failure",
    "--stop-on-failure --until=50s --set N=4",
  };
  g_autofree char *file = make_file("it's $ome.drt", text);
  for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
    g_autofree char *script = g_strdup_printf(
      "cd '%s' && \"$DRTSIM_PROGRAM\" run --quiet %s -- \"it's \\$ome.drt\"", folder, options[i]);
    TestRun once = test_spawn((const char *const[]){ "sh", "-c", script, NULL });
    const char *again = strstr(once.out, "again: drtsim ");
    cr_assert(once.status == 1 && again != NULL, "%s: %d %s%s", options[i], once.status, once.out,
              once.err);
    g_autofree char *repeat = g_strdup_printf("cd '%s' && \"$DRTSIM_PROGRAM\" %s", folder,
                                              again + strlen("again: drtsim "));
    TestRun twice = test_spawn((const char *const[]){ "sh", "-c", repeat, NULL });
    g_autofree char *first = outcome(&once), *second = outcome(&twice);
    cr_expect_str_eq(first, second, "%s: again: %s\n%s", options[i], repeat, twice.err);
    test_run_clear(&once);
    test_run_clear(&twice);
  }
  g_unlink(file);
  g_autofree char *dash = make_file("-x.drt", text);
  g_autofree char *script =
    g_strdup_printf("cd '%s' && \"$DRTSIM_PROGRAM\" run --quiet -- -x.drt", folder);
  expect_out(test_spawn((const char *const[]){ "sh", "-c", script, NULL }), 1,
             "again: drtsim run ./-x.drt --seed 1$");
  g_unlink(dash);
}

Test(cli_run, params_can_be_set)
{
  expect_out(test_spawn_drtsim("run", "--quiet", "--set", "N=4", bad, NULL), 0, "held");
  TestRun run = test_spawn_drtsim("run", "--quiet", "--set", "M=4", bad, NULL);
  cr_expect_eq(run.status, 2);
  cr_expect_str_eq(run.err, "--set M=4: the file has no param 'M'\n");
  test_run_clear(&run);
}

Test(cli_run, a_mistake_in_the_run_is_told_with_its_line)
{
  TestRun run = test_spawn_drtsim("run", "--quiet", stops, NULL);
  cr_expect_eq(run.status, 2);
  cr_expect(strstr(run.err, "c-stops.drt:5:1: at 30s: cannot start n0: it is running\n") != NULL,
            "%s", run.err);
  test_run_clear(&run);
}

Test(cli_run, until_stops_before_the_end)
{
  expect_out(test_spawn_drtsim("run", "--quiet", "--until", "10s", good, NULL), 0,
             "held, 1 of 1 expectations; 10s in ");
  expect_out(test_spawn_drtsim("run", "--quiet", "--json", "--until=10s", good, NULL), 0,
             "\"complete\":false.*\"virtual_s\":10,");
  TestRun run = test_spawn_drtsim("run", "--until", "ten", good, NULL);
  cr_expect_eq(run.status, 2);
  test_run_clear(&run);
}

Test(cli_run, stops_on_failure)
{
  expect_out(test_spawn_drtsim("run", "--quiet", "--stop-on-failure", bad, NULL), 1, "failed");
}

Test(cli_run, json_has_its_names)
{
  static const char *const names[] = {
    "line",        "text",          "held",       "value",          "at_s",
    "nodes.alive", "leafset.exact", "ring.count", "search.success", NULL,
  };
  TestRun run = test_spawn_drtsim("run", "--quiet", "--json", bad, NULL);
  cr_expect_eq(run.status, 1);
  test_json_expect_run(run.out);
  test_json_expect_names(run.out, names);
  cr_expect(strstr(run.out, "\"verdict\":\"failed\",\"exit_code\":1") != NULL);
  cr_expect(strstr(run.out, "\"text\":\"expect nodes.alive == 4\",\"held\":false") != NULL);
  test_run_clear(&run);
}

/* Whoever reads it gets an object with the same names whatever the run came to, and why. */
Test(cli_run, json_is_one_object_for_mistakes_too)
{
  static const struct {
    const char *text, *options, *parts[4];
    int status;
  } cases[] = {
    { CLOUD, "", { "\"seed\":1,\"complete\":true,\"verdict\":\"held\"", ",\"problems\":[]," }, 0 },
    { CLOUD "at 30s crash x\nat 40s flub\n",
      "",
      { "\"seed\":null,\"complete\":false,\"verdict\":\"mistake\",\"exit_code\":2",
        "\"expectations\":[],\"problems\":[{\"file\":\"x.drt\",\"line\":5,\"column\":14,"
        "\"message\":",
        ",{\"file\":\"x.drt\",\"line\":6,\"column\":8," },
      2 },
    { CLOUD "at 30s start n0\n",
      "--seed 7",
      { "\"seed\":7,\"complete\":false,\"verdict\":\"mistake\"", "\"virtual_s\":30,",
        "\"problems\":[{\"file\":\"x.drt\",\"line\":5,\"column\":1,\"message\":\"at 30s: cannot "
        "start n0: it "
        "is running\",\"near\":" },
      2 },
    { CLOUD, "--set M=4", { "\"problems\":[{\"file\":", "the file has no param 'M'\"" }, 2 },
    { NULL, "--seed 7", { "\"seed\":7,", "No such file or directory\"" }, 2 },
    { CLOUD,
      "-o no/x.db",
      { "\"verdict\":\"trouble\",\"exit_code\":4,\"virtual_s\":null,",
        "\"problems\":[{\"file\":\"no/x.db\",\"line\":0,\"column\":0,\"message\":\"cannot create" },
      4 },
  };
  g_autofree char *file = make_file("x.drt", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_unlink(file);
    g_free(make_file("x.drt", cases[i].text));
    g_autofree char *script = g_strdup_printf(
      "cd '%s' && \"$DRTSIM_PROGRAM\" run x.drt --json --quiet %s", folder, cases[i].options);
    TestRun run = test_spawn((const char *const[]){ "sh", "-c", script, NULL });
    cr_expect_eq(run.status, cases[i].status, "case %zu: %d", i, run.status);
    test_json_expect_run(run.out);
    for (const char *const *part = cases[i].parts; *part != NULL; part++)
      cr_expect(strstr(run.out, *part) != NULL, "case %zu: no '%s' in %s", i, *part, run.out);
    cr_expect((run.status == 0) == (*run.err == '\0'), "case %zu: %s", i, run.err);
    test_run_clear(&run);
  }
  g_unlink(file);
}

Test(cli_run, test_judges_a_folder)
{
  expect_out(test_spawn_drtsim("test", "--jobs", "2", folder, NULL), 2,
             "^held +\\S+ s +\\S+a-good.drt\nfailed .*b-bad.drt\n.*FAILED: expect nodes.alive == 4"
             ".*^mistake .*c-stops.drt\n.*1 of 3 scenarios held");
  expect_out(test_spawn_drtsim("test", good, bad, NULL), 1, "1 of 2 scenarios held");
  expect_out(test_spawn_drtsim("test", good, NULL), 0, "1 of 1 scenarios held");
}

Test(cli_run, test_writes_tap_and_junit)
{
  expect_out(test_spawn_drtsim("test", "--tap", "--junit", report, good, bad, NULL), 1,
             "\\ATAP version 13\n1\\.\\.2\nok 1 \\S* ?\\S+a-good.drt.*\nnot ok 2 .*b-bad.drt");
  g_autofree char *xml = NULL;
  cr_assert(g_file_get_contents(report, &xml, NULL, NULL));
  cr_expect(g_regex_match_simple("<testsuite[^>]* tests=\"2\"[^>]* failures=\"1\"", xml, 0, 0),
            "%s", xml);
  cr_expect(strstr(xml, "a-good.drt") != NULL && strstr(xml, "<failure") != NULL);
}

Test(cli_run, test_keeps_fingerprints)
{
  expect_out(test_spawn_drtsim("test", "--update", good, NULL), 0, "held");
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(golden, &text, NULL, NULL));
  cr_expect(
    g_regex_match_simple("^a-good.drt [0-9a-f]{16} [0-9a-f]{16}$", text, G_REGEX_MULTILINE, 0),
    "%s", text);
  expect_out(test_spawn_drtsim("test", good, NULL), 0, "held");
  g_free(make_file("a-good.drt", "group n 4\nat 0s start n\nat 1min end\n"));
  expect_out(test_spawn_drtsim("test", good, NULL), 1, "^changed .*its trajectory is another one");
  expect_out(test_spawn_drtsim("test", "--update", good, NULL), 0, "held");
  expect_out(test_spawn_drtsim("test", good, NULL), 0, "held");
}

/* A number that does not fit is a mistake for every command, not the largest one that does. */
Test(cli_run, a_seed_beyond_64_bits_is_refused)
{
  static const char *const commands[] = { "run", "verify" };
  for (int i = 0; i < 2; i++) {
    TestRun run = test_spawn_drtsim(commands[i], "--seed", "18446744073709551616", good, NULL);
    cr_expect_eq(run.status, 2);
    cr_expect(strstr(run.err, "'--seed' wants a number from 0 to 18446744073709551615") != NULL,
              "%s", run.err);
    test_run_clear(&run);
  }
}

Test(cli_run, verify_runs_it_twice)
{
  expect_out(test_spawn_drtsim("verify", good, NULL), 0, ": the same twice: [0-9]+ events, ");
  expect_out(test_spawn_drtsim("verify", bad, "--seed", "3", NULL), 0, ": the same twice: ");
  TestRun run = test_spawn_drtsim("verify", stops, NULL);
  cr_expect_eq(run.status, 2);
  cr_expect(strstr(run.err, "cannot start n0") != NULL, "%s", run.err);
  test_run_clear(&run);
}

/* A run of its own that is killed is told, and the others go on. */
Test(cli_run, test_survives_a_killed_run)
{
  g_autofree char *endless =
    make_file("b-bad.drt", "group n 300\nat 0s start n\nat 30d end\nsample every 1h\n");
  const char *program = g_getenv("DRTSIM_PROGRAM");
  g_autofree char *script = g_strdup_printf(
    "'%s' test --jobs 1 '%s' '%s' & pid=$!; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.3; "
    "child=$(cat /proc/$pid/task/$pid/children); [ -n \"$child\" ] && break; done; sleep 0.5; "
    "child=$(cat /proc/$pid/task/$pid/children); kill -9 $child; wait $pid",
    program, endless, good);
  const char *const argv[] = { "sh", "-c", script, NULL };
  TestRun run = test_spawn(argv);
  cr_expect(run.status == 4, "status %d:\n%s%s", run.status, run.out, run.err);
  cr_expect(strstr(run.out, "1 of 2 scenarios held") != NULL, "%s%s", run.out, run.err);
  test_run_clear(&run);
}

Test(cli_run, an_interrupted_run_keeps_its_results)
{
  g_autofree char *endless = make_file(
    "b-bad.drt",
    "group n 300\nat 0s start n\nat 30d end\nsample every 1h\nexpect at 0s nodes.alive == 0\n");
  const char *program = g_getenv("DRTSIM_PROGRAM");
  g_autofree char *script = g_strdup_printf(
    "'%s' run --quiet --json '%s' & pid=$!; sleep 1; kill -INT $pid; wait $pid", program, endless);
  const char *const argv[] = { "sh", "-c", script, NULL };
  expect_out(test_spawn(argv), 130,
             "\"complete\":false,\"verdict\":\"interrupted\".*\"held\":true");
}

static TestRun
interrupt(const char *arguments)
{
  g_autofree char *command = g_strdup_printf("\"$DRTSIM_PROGRAM\" %s", arguments);
  return test_spawn_interrupted(folder, 3, command);
}

/* What has ended is told, and what has not is not taken for it. */
Test(cli_run, an_interrupted_test_tells_what_it_has)
{
  static const char endless[] =
    "group n 300\nat 0s start n\nat 30d end\nsample every 1h\nexpect nodes.alive == 300\n";
  g_autofree char *last = make_file("z-last.drt", CLOUD);
  g_free(make_file("c-stops.drt", endless));
  expect_out(interrupt("test --jobs 2 a-good.drt c-stops.drt z-last.drt"), 130,
             "\\Aheld +\\S+ s  a-good.drt\nheld +\\S+ s  z-last.drt\n"
             "2 of 3 scenarios held, \\S+ s of runs\nnot finished: 2 of 3\n\\z");
  expect_out(interrupt("test --jobs 1 b-bad.drt c-stops.drt z-last.drt "
                       "--tap --junit report.xml"),
             130,
             "\\ATAP version 13\n1..3\nnot ok 1 - b-bad.drt .*\nBail out! interrupted: "
             "1 of 3 have ended\n\\z");
  g_autofree char *xml = NULL;
  cr_assert(g_file_get_contents(report, &xml, NULL, NULL));
  cr_expect(strstr(xml, "tests=\"1\" failures=\"1\"") != NULL && strstr(xml, "c-stops") == NULL,
            "%s", xml);
  g_unlink(last);
}

Test(cli_run, an_interrupted_verify_says_how_far_it_was)
{
  g_free(make_file("c-stops.drt", "group n 300\nat 0s start n\nat 30d end\nsample every 1h\n"));
  expect_out(interrupt("verify c-stops.drt"), 130,
             "\\Ac-stops.drt: not finished: 0 of 2 runs\n\\z");
}

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED true
#endif
#endif
#ifndef WATCHED
#define WATCHED false
#endif

/* A sanitizer takes terabytes of addresses for itself, so there is no limit that it could live with. */
Test(cli_run, what_does_not_fit_into_memory_is_told_and_no_crash, .disabled = WATCHED)
{
  g_autofree char *huge = make_file("b-bad.drt", "group n 4000000\nat 1s end\n");
  g_autofree char *script =
    g_strdup_printf("ulimit -v 400000; exec '%s' run '%s'", g_getenv("DRTSIM_PROGRAM"), huge);
  TestRun run = test_spawn((const char *const[]){ "sh", "-c", script, NULL });
  cr_expect(run.status == 4, "status %d:\n%s%s", run.status, run.out, run.err);
  cr_expect(
    g_regex_match_simple("^4000000 nodes will take about 14.4 GB.*\ndrtsim: .*(memory|allocate)",
                         run.err, G_REGEX_DOTALL, 0),
    "%s", run.err);
  test_run_clear(&run);
}
