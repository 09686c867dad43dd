/* Traces from the command line: written, killed, cut short, asked why, compared, swept. */
#include "test-recorded.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char *folder, *scenario, *db;

static const char text[] = "param N = 30\n"
                           "group n $N\n"
                           "network { loss 5% }\n"
                           "trace protocol\n"
                           "at 0s start n over 5s\n"
                           "from 20s to 55s search 10/s missing 10%\n"
                           "at 30s crash 20% of n\n"
                           "at 1min end\n"
                           "expect nodes.alive >= 10\n";

static void
make_files(void)
{
  folder = test_trace_folder();
  scenario = g_build_filename(folder, "small.drt", NULL);
  db = g_build_filename(folder, "small.db", NULL);
  cr_assert(g_file_set_contents(scenario, text, -1, NULL));
}

static void
remove_files(void)
{
  test_trace_folder_free(folder);
  g_free(scenario);
  g_free(db);
}

TestSuite(cli_trace, .init = make_files, .fini = remove_files, .timeout = 60);

static void
expect(TestRun run, int status, const char *out, const char *err)
{
  GRegexCompileFlags flags = G_REGEX_MULTILINE | G_REGEX_DOTALL;
  cr_expect(run.status == status, "status %d: %s%s", run.status, run.out, run.err);
  cr_expect(g_regex_match_simple(out, run.out, flags, 0), "no '%s' in\n%s", out, run.out);
  cr_expect(g_regex_match_simple(err, run.err, flags, 0), "no '%s' in\n%s", err, run.err);
  test_run_clear(&run);
}

static double
number(const char *sql)
{
  return test_recorded_number(db, sql);
}

static void
run_it(void)
{
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--quiet", NULL), 0, "held", "^$");
}

Test(cli_trace, the_run_says_what_it_was)
{
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--set", "N=31", "--seed",
                           "18446744073709551615", "--quiet", NULL),
         0, "held", "^$");
  cr_expect_eq(number("SELECT complete FROM run WHERE verdict = 'held' AND exit_code = 0 AND"
                      " seed = '18446744073709551615' AND nodes = 31 AND reached = 60e9 AND"
                      " classes = 'summary api events messages hops'"),
               1);
  cr_expect_eq(number("SELECT overridden FROM param WHERE name = 'N' AND value = '31'"), 1);
  cr_expect_eq(number("SELECT events = messages + wakes FROM (SELECT events,"
                      " (SELECT count(*) FROM message WHERE took IS NOT NULL) AS messages,"
                      " events - (SELECT count(*) FROM message WHERE took IS NOT NULL) AS wakes"
                      " FROM run) WHERE wakes > 0"),
               1);
}

Test(cli_trace, json_counts_the_rows)
{
  TestRun run = test_spawn_drtsim("run", scenario, "-o", db, "--json", "--quiet", NULL);
  g_autofree char *rows =
    g_strdup_printf("\"trace_rows\":%.0f,", number("SELECT trace_rows FROM run"));
  cr_expect(strstr(run.out, rows) != NULL, "no %s in %s", rows, run.out);
  g_autofree char *trajectory = test_recorded_text(db, "SELECT trajectory FROM run");
  cr_expect(strstr(run.out, trajectory) != NULL);
  test_run_clear(&run);
}

Test(cli_trace, classes_come_from_the_command_line_too)
{
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--trace", "api,hops", "--quiet", NULL), 0,
         "held", "^$");
  cr_expect_gt(number("SELECT count(*) FROM hop"), 0);
  cr_expect_eq(number("SELECT count(*) FROM message"), 0);
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--trace", "mesages", NULL), 2, "^$",
         "'--trace' wants classes .*did you mean 'messages'");
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--trace", "none,api", NULL), 2, "^$",
         "'none' alone");
  expect(test_spawn_drtsim("run", scenario, "--trace", "all", NULL), 2, "^$", "-o RUN.db");
  expect(test_spawn_drtsim("run", scenario, "-o", NULL), 2, "^$", "'-o' needs a value");
}

Test(cli_trace, a_run_that_stops_is_marked)
{
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--until", "10s", "--quiet", NULL), 0, "",
         "");
  cr_expect_eq(number("SELECT complete FROM run WHERE reached = 10e9"), 0);
  g_assert(g_file_set_contents(scenario, "group n 2\nat 0s start n\nat 5s start n0\nat 9s end\n",
                               -1, NULL));
  expect(test_spawn_drtsim("run", scenario, "-o", db, "--quiet", NULL), 2, "",
         "cannot start n0: it is running");
  g_autofree char *problem = test_recorded_text(db, "SELECT problem FROM run WHERE NOT complete");
  cr_expect_str_eq(problem, "at 5s: cannot start n0: it is running");
}

Test(cli_trace, where_it_cannot_be_written_nothing_runs)
{
  g_autofree char *nowhere = g_build_filename(folder, "no", "x.db", NULL);
  expect(test_spawn_drtsim("run", scenario, "-o", nowhere, "--quiet", NULL), 4, "^$",
         "cannot create '\\S+x.db': No such file or directory");
  expect(test_spawn_drtsim("run", scenario, "-o", scenario, "--quiet", NULL), 4, "^$",
         "is there already and is not a trace");
  g_autofree char *left = NULL;
  g_assert(g_file_get_contents(scenario, &left, NULL, NULL));
  cr_expect_str_eq(left, text);
}

/* ---- Cut short. ---- */

static void
limit_size(gpointer data)
{
  (void)data;
  setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 600000, 600000 });
}

/* Exit status 4, what was written is readable, and an earlier trace is still there. */
Test(cli_trace, a_file_that_may_not_grow_ends_the_run_with_status_4)
{
  const char *argv[] = { g_getenv("DRTSIM_PROGRAM"),
                         "run",
                         scenario,
                         "-o",
                         db,
                         "--trace",
                         "all",
                         "--set",
                         "N=200",
                         "--quiet",
                         NULL };
  g_autofree char *out = NULL, *err = NULL;
  int status;
  cr_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, limit_size, NULL, &out, &err,
                         &status, NULL));
  cr_assert(WIFEXITED(status));
  cr_expect_eq(WEXITSTATUS(status), 4, "%s", err);
  cr_expect(g_regex_match_simple("of virtual time: cannot write '\\S+': .*\n.*marked incomplete",
                                 err, G_REGEX_DOTALL, 0),
            "%s", err);
  g_autofree char *check = test_recorded_text(db, "PRAGMA integrity_check");
  cr_expect_str_eq(check, "ok");
  cr_expect_eq(number("SELECT complete FROM run"), 0);
}

/* So long after this file is there; NULL: after its start. */
static int
kill_after(const char *begun, gulong us, int signal)
{
  const char *argv[] = { g_getenv("DRTSIM_PROGRAM"),
                         "run",
                         scenario,
                         "-o",
                         db,
                         "--trace",
                         "all",
                         "--set",
                         "N=2000",
                         "--quiet",
                         NULL };
  GPid pid;
  int status;
  cr_assert(g_spawn_async(NULL, (char **)argv, NULL,
                          G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                          NULL, NULL, &pid, NULL));
  for (int i = 0; begun != NULL && i < 3000 && !g_file_test(begun, G_FILE_TEST_EXISTS); i++)
    g_usleep(10000);
  g_usleep(us);
  kill(pid, signal);
  waitpid(pid, &status, 0);
  return status;
}

static void
remove_trace(void)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *file = g_strconcat(db, endings[i], NULL);
    g_unlink(file);
  }
}

Test(cli_trace, a_killed_run_leaves_what_it_had_written)
{
  int begun = 0;
  for (gulong i = 0; i < 20; i++) {
    remove_trace();
    int status = kill_after(NULL, 5000 + 25000 * i, SIGKILL);
    cr_assert(WIFSIGNALED(status), "it was over after %lu ms", 5 + 25 * i);
    if (!g_file_test(db, G_FILE_TEST_EXISTS))
      continue;
    g_autofree char *check = test_recorded_text(db, "PRAGMA integrity_check");
    cr_expect_str_eq(check, "ok");
    test_recorded_expect_none(db, "foreign keys", "PRAGMA foreign_key_check");
    g_autofree char *table =
      test_recorded_text(db, "SELECT 1 FROM sqlite_schema WHERE name = 'run'");
    g_autofree char *complete =
      table == NULL ? NULL : test_recorded_text(db, "SELECT complete FROM run");
    cr_expect(complete == NULL || g_str_equal(complete, "0"));
    begun += complete != NULL;
  }
  cr_expect_gt(begun, 5);
  expect(test_spawn_drtsim("export", db, "v_run", NULL), 0, "small.drt", "did not come to its end");
}

Test(cli_trace, an_earlier_trace_outlives_a_killed_run_and_an_interrupted_one)
{
  run_it();
  double rows = number("SELECT trace_rows FROM run");
  g_autofree char *part = g_strconcat(db, ".part", NULL);
  g_autofree char *log = g_strconcat(db, ".part-wal", NULL);
  kill_after(log, 300000, SIGKILL);
  cr_expect_eq(number("SELECT trace_rows FROM run WHERE complete"), rows);
  cr_assert(g_unlink(log) == 0);
  int status = kill_after(log, 300000, SIGINT);
  cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 130);
  cr_expect_eq(number("SELECT trace_rows FROM run WHERE complete"), rows);
  g_autofree char *verdict =
    test_recorded_text(part, "SELECT verdict FROM run WHERE NOT complete AND reached > 0");
  cr_expect_str_eq(verdict, "interrupted");
  run_it();
  cr_expect(!g_file_test(part, G_FILE_TEST_EXISTS));
}

/* ---- Asked. ---- */

static char *
row(const char *sql)
{
  g_autofree char *id = test_recorded_text(db, sql);
  cr_assert(id != NULL, "%s", sql);
  return g_steal_pointer(&id);
}

Test(cli_trace, why_tells_the_story_of_a_search)
{
  run_it();
  g_autofree char *found =
    row("SELECT 'search:' || id FROM v_search WHERE results = 1 AND hops = 2");
  expect(
    test_spawn_drtsim("why", db, found, NULL), 0,
    "^search:\\d+ of n\\d+ for [0-9a-f]{64} \\(exact\\)\n  because n\\d+ calls DrtStartSearch.*"
    "  because the scenario \\(line 6\\).*LOOKUP to n\\d+, arrived after.*AUTHORITY back.*"
    "INQUIRE to n\\d+.*= accepted inquired.*found after \\d+ ms \\(no-more\\)",
    "adding indexes");
  cr_expect_gt(number("SELECT count(*) FROM sqlite_schema WHERE name = 'message_by_cause'"), 0);
  g_autofree char *missing =
    row("SELECT 'search:' || id FROM v_search WHERE results = 0 AND outcome = 'no-more'"
        " AND target NOT IN (SELECT key FROM v_registration)");
  expect(test_spawn_drtsim("why", db, missing, NULL), 0,
         "NOT FOUND after .*nobody had that key while it ran, or before", "^$");
}

Test(cli_trace, why_walks_from_cause_to_cause)
{
  run_it();
  g_autofree char *event =
    row("SELECT 'event:' || e.id FROM v_event e JOIN message m ON m.id = e.cause"
        " WHERE event = 'leafset-added' LIMIT 1");
  expect(test_spawn_drtsim("why", db, event, NULL), 0,
         "^how it came to that:\n.*->.*\n.*reads the event leafset-added", "");
  g_autofree char *repeated =
    row("SELECT 'message:' || a.id FROM message a JOIN message b ON b.id = a.cause"
        " WHERE a.src = b.src AND b.lost IS NOT NULL LIMIT 1");
  expect(test_spawn_drtsim("why", db, repeated, NULL), 0, "lost: loss", "^$");
}

Test(cli_trace, why_says_what_is_wrong_with_a_question)
{
  run_it();
  expect(test_spawn_drtsim("why", db, "search:999999999", NULL), 2, "^$",
         "there is no search:999999999");
  expect(test_spawn_drtsim("why", db, "serch:1", NULL), 2, "^$", "did you mean 'search'");
  expect(test_spawn_drtsim("why", db, "12", NULL), 2, "^$", "such as search:12");
  expect(test_spawn_drtsim("why", db, NULL), 2, "^$", "needs a trace and what to explain");
  expect(test_spawn_drtsim("why", scenario, "search:1", NULL), 2, "^$", "is not a trace");
}

Test(cli_trace, index_is_added_once)
{
  run_it();
  expect(test_spawn_drtsim("index", db, NULL), 0, "small.db: 10 indexes added", "^$");
  expect(test_spawn_drtsim("index", db, NULL), 0, "small.db: 0 indexes added", "^$");
  g_autofree char *check = test_recorded_text(db, "PRAGMA integrity_check");
  cr_expect_str_eq(check, "ok");
}

Test(cli_trace, diff_finds_the_first_difference)
{
  run_it();
  g_autofree char *other = g_build_filename(folder, "other.db", NULL);
  expect(test_spawn_drtsim("run", scenario, "-o", other, "--trace", "summary", "--quiet", NULL), 0,
         "", "^$");
  expect(test_spawn_drtsim("diff", db, other, NULL), 0,
         "They are the same run.*Not compared, since one trace has none: call, event, message",
         "^$");
  g_autofree char *changed = g_strconcat(text, "at 40s crash n3\n", NULL);
  g_assert(g_file_set_contents(scenario, changed, -1, NULL));
  test_run_clear(&(TestRun){ 0 });
  TestRun run = test_spawn_drtsim("run", scenario, "-o", other, "--quiet", NULL);
  test_run_clear(&run);
  expect(test_spawn_drtsim("diff", db, other, NULL), 1,
         "They first differ at 40.000000000 s, in table (fault|life|call):\nA  .*\nB  .*crash",
         "^$");
  expect(test_spawn_drtsim("diff", db, NULL), 2, "^$", "needs two traces");
}

/* ---- Swept. ---- */

Test(cli_trace, a_sweep_is_all_its_runs)
{
  expect(
    test_spawn_drtsim("sweep", scenario, "--seeds", "1..3", "--set", "N=20,0,30", "-o", db, NULL),
    2, "small.db: 9 runs, 3 of them could not be run", "9 of 9: seed 3, N=30: held, .* s\n$");
  g_autofree char *points = test_recorded_text(
    db, "SELECT group_concat(run || ':' || seed || ':' || point || ':' || verdict) FROM v_point");
  cr_expect_str_eq(points,
                   "1:1:N=20:held,2:2:N=20:held,3:3:N=20:held,4:1:N=0:mistake,"
                   "5:2:N=0:mistake,6:3:N=0:mistake,7:1:N=30:held,8:2:N=30:held,9:3:N=30:held");
  test_recorded_expect_none(db, "foreign keys", "PRAGMA foreign_key_check");
  g_autofree char *check = test_recorded_text(db, "PRAGMA integrity_check");
  cr_expect_str_eq(check, "ok");
  cr_expect_eq(number("SELECT count(DISTINCT run) FROM sample"), 6);
  cr_expect_eq(number("SELECT count(*) FROM sqlite_schema WHERE name = 'sample_by_metric'"), 1);
  cr_expect_eq(number("SELECT count(*) FROM v_point WHERE problem LIKE '%found ''0''%'"), 3);
}

/* The same numbers as a run of its own has. */
Test(cli_trace, a_run_in_a_sweep_is_the_run)
{
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "4..5", "--quiet", "-o", db, NULL), 0,
         "2 runs, 0", "^$");
  g_autofree char *alone = g_build_filename(folder, "alone.db", NULL);
  expect(test_spawn_drtsim("run", scenario, "--seed", "5", "-o", alone, "--quiet", NULL), 0, "",
         "^$");
  static const char *const same[] = {
    "SELECT trajectory || results FROM run ORDER BY id DESC LIMIT 1",
    "SELECT sum(num * (at / 1000000000 + 1)) FROM sample WHERE run = (SELECT max(id) FROM run)",
    "SELECT group_concat(hex || name) FROM registration r JOIN key ON key.id = key JOIN node ON"
    " node.id = node WHERE r.run = (SELECT max(id) FROM run)",
    "SELECT group_concat(name || took_s || hops) FROM v_search s JOIN node ON node.name = s.node "
    "AND"
    " node.run = s.run WHERE s.run = (SELECT max(id) FROM run)",
  };
  for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
    g_autofree char *a = test_recorded_text(db, same[i]);
    g_autofree char *b = test_recorded_text(alone, same[i]);
    cr_expect(a != NULL && g_strcmp0(a, b) == 0, "%s", same[i]);
  }
}

Test(cli_trace, means_and_intervals_are_those_of_a_textbook)
{
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1..4", "--quiet", "-o", db, NULL), 0, "",
         "^$");
  double value[4], mean = 0, squares = 0;
  for (int i = 0; i < 4; i++) {
    g_autofree char *sql = g_strdup_printf(
      "SELECT value FROM v_metric WHERE run = %d AND metric = 'search.hops.mean'", i + 1);
    value[i] = number(sql);
    mean += value[i] / 4;
  }
  for (int i = 0; i < 4; i++)
    squares += (value[i] - mean) * (value[i] - mean);
#define SWEEP(column) "SELECT " column " FROM v_sweep WHERE metric = 'search.hops.mean'"
  cr_expect_float_eq(number(SWEEP("mean")), mean, 1e-12);
  cr_expect_float_eq(number(SWEEP("deviation * deviation")), squares / 3, 1e-12);
  /* t of three degrees of freedom is 3.182 */
  double half = number(SWEEP("(high - low) / 2"));
  cr_expect_float_eq(half * half, 3.182 * 3.182 * squares / 3 / 4, 1e-9);
}

Test(cli_trace, a_sweep_goes_on_where_it_was)
{
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1..2", "-o", db, NULL), 0, "2 runs", "");
  expect(
    test_spawn_drtsim("sweep", scenario, "--seeds", "1..4", "-o", db, NULL), 0, "4 runs",
    "^1 of 4: seed 1: was there already\n2 of 4: seed 2: was there already\n3 of 4: seed 3: held");
  g_assert(g_file_set_contents(scenario, "group n 2\nat 0s start n\nat 9s end\n", -1, NULL));
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1..2", "-o", db, NULL), 4, "^$",
         "is a sweep of another scenario");
}

/* The bytes of a file and of its log. (transfer full) */
static GBytes *
bytes_of(const char *path, const char *ending)
{
  g_autofree char *file = g_strconcat(path, ending, NULL);
  char *data = NULL;
  gsize size = 0;
  return g_file_get_contents(file, &data, &size, NULL) ? g_bytes_new_take(data, size)
                                                       : g_bytes_new_static("none", 4);
}

/* Refused with status 4, and "left as it is" is true to the byte. */
static void
expect_untouched(TestRun (*ask)(void), const char *why)
{
  static const char *const endings[] = { "", "-wal" };
  GBytes *before[G_N_ELEMENTS(endings)];
  for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
    before[i] = bytes_of(db, endings[i]);
  expect(ask(), 4, "^$", why);
  for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autoptr(GBytes) after = bytes_of(db, endings[i]);
    cr_expect(g_bytes_equal(before[i], after), "'%s' of it was changed: %s", endings[i], why);
    g_bytes_unref(before[i]);
  }
}

static TestRun
ask_sweep(void)
{
  return test_spawn_drtsim("sweep", scenario, "--seeds", "1..2", "-o", db, "--quiet", NULL);
}

static TestRun
ask_sweep_of_another(void)
{
  g_autofree char *other = g_build_filename(folder, "other.drt", NULL);
  g_assert(g_file_set_contents(other, "group n 2\nat 0s start n\nat 9s end\n", -1, NULL));
  return test_spawn_drtsim("sweep", other, "--seeds", "1..2", "-o", db, "--quiet", NULL);
}

Test(cli_trace, what_a_sweep_refuses_is_left_to_the_byte)
{
  run_it();
  expect_untouched(ask_sweep, "is no sweep but the trace of a run");
  g_autofree char *part = g_strconcat(db, ".part", NULL);
  g_autofree char *log = g_strconcat(db, ".part-wal", NULL);
  kill_after(log, 300000, SIGKILL); /* beside it: the trace is whole */
  expect_untouched(ask_sweep, "is no sweep but the trace of a run");
  g_autofree char *moved = g_strconcat(db, "-wal", NULL);
  cr_assert(g_rename(part, db) == 0 && g_rename(log, moved) == 0); /* now the killed one */
  expect_untouched(ask_sweep, "is no sweep but the trace of a run");
  remove_trace();
  expect(ask_sweep(), 0, "2 runs", "^$");
  expect_untouched(ask_sweep_of_another, "is a sweep of another scenario");
}

static TestRun
ask_run(void)
{
  return test_spawn_drtsim("run", scenario, "-o", db, "--quiet", NULL);
}

Test(cli_trace, a_run_takes_no_sweeps_place)
{
  expect(ask_sweep(), 0, "2 runs", "^$");
  expect_untouched(ask_run, "is a sweep of 2 runs: it is left as it is; choose another name");
}

/* A log beside it would keep who may not write there from reading it. */
Test(cli_trace, nothing_stays_beside_a_trace_that_was_finished)
{
  run_it();
  expect(test_spawn_drtsim("index", db, NULL), 0, "", "");
  expect(ask_sweep(), 4, "^$", "is no sweep");
  expect(test_spawn_drtsim("export", db, "v_run", NULL), 0, "small.drt", "^$");
  static const char *const endings[] = { "-wal", "-shm", "-journal", ".part" };
  for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
    g_autofree char *file = g_strconcat(db, endings[i], NULL);
    cr_expect(!g_file_test(file, G_FILE_TEST_EXISTS), "%s", endings[i]);
  }
}

/* Whatever was broken is told, in the same way by the command that goes on; an expectation that failed
 * is a result like others. */
Test(cli_trace, a_sweep_says_what_could_not_be_run)
{
#define GROUP "param N = 3\ngroup n $N\nat 0s start n\nat 9s end\n"
  static const struct {
    const char *text, *values, *err;
    int status, broken;
  } cases[] = {
    { GROUP "expect nodes.alive == 3\n", "N=3,4", "", 0, 0 },
    { GROUP "at 5s start n2\n", "N=3,4", "x.drt:5:1: at 5s: cannot start n2: it is running", 2, 4 },
    { GROUP "at 5s crash n2\n", "N=3,2", "expected a node from n0 to n1", 2, 2 },
    { GROUP, "N=0,x", "found 'x'", 2, 4 },
  };
  g_autofree char *file = g_build_filename(folder, "x.drt", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    remove_trace();
    g_assert(g_file_set_contents(file, cases[i].text, -1, NULL));
    g_autofree char *out = g_strdup_printf(": 4 runs, %d of them could", cases[i].broken);
    expect(test_spawn_drtsim("sweep", file, "--seeds", "1..2", "--set", cases[i].values, "-o", db,
                             "--quiet", NULL),
           cases[i].status, out, cases[i].err);
    expect(test_spawn_drtsim("sweep", file, "--seeds", "1..2", "--set", cases[i].values, "-o", db,
                             "--quiet", NULL),
           cases[i].status, out, "^$");
  }
}

Test(cli_trace, a_killed_sweep_goes_on)
{
  const char *argv[] = {
    g_getenv("DRTSIM_PROGRAM"), "sweep", scenario, "--seeds", "1..12", "-o", db, "--quiet", NULL
  };
  GPid pid;
  cr_assert(g_spawn_async(NULL, (char **)argv, NULL,
                          G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, &pid,
                          NULL));
  g_usleep(400000);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  g_usleep(500000); /* its runs end by themselves */
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1..12", "-o", db, "--quiet", NULL), 0,
         "12 runs, 0 of them", "^$");
  cr_expect_eq(number("SELECT count(*) FROM run WHERE complete"), 12);
  test_recorded_expect_none(db, "foreign keys", "PRAGMA foreign_key_check");
}

Test(cli_trace, sweep_says_what_is_wrong)
{
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1", "--set", "M=1", "-o", db, NULL), 2,
         "^$", "the scenario has no param 'M'");
  expect(test_spawn_drtsim("sweep", scenario, "-o", db, NULL), 2, "^$", "needs seeds");
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1..2", NULL), 2, "^$", "-o SWEEP.db");
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "5..2", "-o", db, NULL), 2, "^$",
         "the first and the last, such as 1..20, not '5..2'");
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "x", "-o", db, NULL), 2, "^$", "'x'");
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1", "--set", "N", "-o", db, NULL), 2,
         "^$", "such as N=100,1000, not 'N'");
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1", "--set", "N=1", "--set", "N=2", "-o",
                           db, NULL),
         2, "^$", "twice");
  static const struct {
    const char *values, *why;
  } wrong[] = { { "N=4,4", "has the value '4' twice" },
                { "N=2,30,5,30", "has the value '30' twice" },
                { "N=2,,5", "a comma without a value" },
                { "N=2,", "a comma without a value" } };
  for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
    expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1", "--set", wrong[i].values, "-o", db,
                             NULL),
           2, "^$", wrong[i].why);
  expect(test_spawn_drtsim("sweep", scenario, "--seed", "1", NULL), 2, "^$",
         "did you mean '--seeds'");
}

/* ---- The short way. ---- */

/* It knows where to write, so that what to write needs no -o; nothing needs none anywhere. */
Test(cli_trace, classes_need_a_place_only_where_there_is_none)
{
  static const struct {
    const char *command;
    int status;
    const char *out, *err;
  } cases[] = {
    { "small.drt --trace messages --quiet", 0, "trace   out/small.db", "^$" },
    { "small.drt --trace none --quiet", 0, "trace   out/small.db", "" },
    { "run small.drt --trace none --quiet", 0, "held", "^$" },
    { "run small.drt --trace messages --quiet", 2, "^$", "'-o RUN.db' has to say where" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *script =
      g_strdup_printf("cd '%s' && \"$DRTSIM_PROGRAM\" %s", folder, cases[i].command);
    expect(test_spawn((const char *const[]){ "sh", "-c", script, NULL }), cases[i].status,
           cases[i].out, cases[i].err);
  }
}

Test(cli_trace, a_file_alone_gives_trace_picture_and_report)
{
  expect(test_spawn_drtsim(scenario, "-o", db, "--quiet", NULL), 0,
         "held.*\ntrace   \\S+small.db\npicture \\S+small.svg\nreport  \\S+small.html\n", "^$");
  static const char *const files[] = { "small.svg", "small.html" };
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(folder, files[i], NULL);
    g_autofree char *content = NULL;
    cr_assert(g_file_get_contents(path, &content, NULL, NULL), "%s", files[i]);
    cr_expect(strstr(content, "<svg") != NULL);
  }
}

/* What could not be run says nothing of how long a run is. */
Test(cli_trace, a_sweep_is_drawn_whatever_its_first_run_came_to)
{
  expect(test_spawn_drtsim("sweep", scenario, "--seeds", "1..2", "--set", "N=0,20", "--quiet", "-o",
                           db, NULL),
         2, "4 runs, 2", "");
  g_autofree char *picture = g_build_filename(folder, "sweep.svg", NULL);
  expect(test_spawn_drtsim("plot", db, "-o", picture, NULL), 0, "sweep.svg", "2 of the 4 runs");
  g_autofree char *svg = NULL;
  cr_assert(g_file_get_contents(picture, &svg, NULL, NULL));
  cr_expect(strstr(svg, "virtual time, min") != NULL || strstr(svg, "virtual time, s") != NULL);
  cr_expect(strstr(svg, "0.1.0") != NULL);
}
