/* Each query of analysis/sql on a run that is small enough to be recomputed by hand. */
#include "analysis-error.h"
#include "analysis-table.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <string.h>

/* The columns of the answer that are asked for, '|' between them and a line for each row. */
static char *
answer(AnalysisTrace *trace, const char *query, const AnalysisParams *params, const char *columns)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AnalysisTable) table = analysis_table_query(trace, query, params, &error);
  if (table == NULL)
    cr_assert_fail("%s: %s", query, error->message);
  g_auto(GStrv) names = g_strsplit(columns, " ", -1);
  GString *text = g_string_new(NULL);
  for (unsigned row = 0; row < analysis_table_rows(table); row++)
    for (unsigned i = 0; names[i] != NULL; i++) {
      const char *cell = analysis_table_text(table, row, names[i]);
      g_string_append_printf(text, "%s%s", cell == NULL ? "-" : cell,
                             names[i + 1] == NULL ? "\n" : "|");
    }
  return g_string_free(text, FALSE);
}

typedef struct {
  const char *query, *columns;
  AnalysisParams params;
  const char *expected;
} Case;

static const Case of_a_run[] = {
  { "convergence",
    "at_s exact nearest alive",
    { 0 },
    /* 4 s is between two samples that are equal to it */
    "0.0|-|-|0\n1.0|0.0|0.0|2\n2.0|0.4|0.5|3\n3.0|1.0|1.0|3\n5.0|1.0|1.0|3\n6.0|0.4|0.5|2\n"
    "7.0|0.6|1.0|2\n8.0|0.95|1.0|2\n9.0|1.0|1.0|2\n10.0|1.0|1.0|2\n" },
  { "disturbances",
    "number began_s ended_s until_s what line count nodes lowest",
    { 0 },
    "1|0.0|1.0|5.0|start a0, start p over 1s|3|2|3|0.0\n2|5.0|5.0|10.0|crash p1|6|1|1|0.4\n" },
  /* 40 % at 2 s and all at 3 s, counted from 1 s; 40, 60, 95 and 100 % from 6 s to 9 s, from 5 s */
  { "disturbances", "to50_s to95_s to100_s", { 0 }, "2.0|2.0|2.0\n2.0|3.0|4.0\n" },
  { "marks", "at_s text", { 0 }, "4.0|measure\n" },
  { "rings", "at_s rings", { 0 }, "1.0|1\n2.0|3\n3.0|1\n5.0|1\n6.0|2\n7.0|2\n8.0|1\n10.0|1\n" },
  { "ring-splits", "number split_s merged_s most", { 0 }, "1|2.0|3.0|3\n2|6.0|8.0|2\n" },
  { "stale", "at_s stale age_s", { 0 }, "5.0|0.0|0.0\n6.0|0.25|1.0\n7.0|0.1|2.0\n10.0|0.05|5.0\n" },
  { "status",
    "at_s active alone no_network faulted starting down",
    { 0 },
    "0.0|0|0|0|0|0|4\n1.0|1|1|0|0|0|2\n2.0|3|0|0|0|0|1\n6.0|1|0|0|0|1|2\n7.0|2|0|0|0|0|2\n"
    "10.0|2|0|0|0|0|2\n" },
  { "searches",
    "at_s eligible success answered correct span_s",
    { 0 },
    "3.5|1|1.0|1|1.0|1.0\n4.5|1|1.0|1|1.0|1.0\n6.5|2|0.5|1|1.0|1.0\n" },
  { "searches",
    "at_s eligible success answered correct span_s",
    { .bins = 2 },
    "2.5|2|1.0|2|1.0|5.0\n7.5|2|0.5|1|1.0|5.0\n" },
  { "latency", "took_s share", { 0 }, "0.1|0.25\n0.2|0.5\n0.3|0.75\n0.4|1.0\n" },
  { "latency-quantiles", "n p50_s p95_s p99_s max_s", { 0 }, "4|0.2|0.4|0.4|0.4\n" },
  { "hops", "hops found empty", { 0 }, "1|1|0\n2|1|1\n3|1|0\n" },
  { "traffic",
    "at_s LOOKUP AUTHORITY FLOOD LOOKUP_bytes AUTHORITY_bytes",
    { 0 },
    "1.5|1.0|0|0|100.0|0\n3.5|2.0|0.5|0|200.0|150.0\n" },
  { "load-quantiles", "n p50 p99 max busiest", { 0 }, "3|2.0|4.0|4.0|p1\n" },
  { "load", "rate", { 0 }, "1.0\n2.0\n4.0\n" },
  { "load-time", "at_s nodes p50 p99 max", { 0 }, "6.5|2|1.0|3.0|3.0\n8.5|1|1.0|1.0|1.0\n" },
  { "search-counts",
    "searches finished running eligible found answered correct failed wrong hops",
    { 0 },
    "5|4|1|4|3|3|3|1|0|2.0\n" },
  { "searches-worst",
    "list id node started_s took_s outcome server hops asked silent",
    { .bins = 2 },
    "failed|202|a0|6.0|0.3|timeout|-|2|3|2\nslowest|203|p0|6.5|0.4|no-more|a0|3|3|0\n"
    "slowest|201|p0|4.0|0.2|no-more|a0|2|2|0\n" },
  { "search", "id node outcome results", { .search = 203 }, "203|p0|no-more|1\n" },
  { "search", "id node outcome results", { 0 }, "202|a0|timeout|0\n" },
  { "why-held", "messages hops", { 0 }, "1|1\n" },
  { "why-hops",
    "n node outcome took_s nearness",
    { .id = 202 },
    "1|p0|rejected unreachable|0.2|3\n2|p1|accepted|0.1|4\n" },
  { "sequence",
    "id at_s arrived_s src dst type bytes lost again outcome",
    { 0 },
    "400|6.0|-|a0|p0|LOOKUP|100|loss|0|rejected, unreachable\n"
    "401|6.1|6.15|a0|p0|LOOKUP|100|-|1|-\n402|6.15|-|p0|a0|AUTHORITY|300|loss|0|-\n"
    "403|6.2|-|a0|p1|LOOKUP|118|-|0|accepted\n" },
  { "sequence", "id", { .search = 203 }, "" },
  { "expectations",
    "verdict text value at_s line",
    { 0 },
    "failed|always ring.count == 1|3|2.0|9\n"
    "undecided|at 9s search.success > 0%|nothing to measure|9.0|10\n"
    "held|by 9s leafset.exact == 100%|100%|9.0|8\n" },
  /* At 4 s three keys at 1/8, 3/8 and 5/8, and everybody knows both neighbours. */
  { "ring",
    "node place next_place previous_place has_next_place has_previous_place gone right",
    { .at = 4, .has_at = true },
    "a0|0.125|0.375|0.625|0.375|0.625|0|1\np0|0.375|0.625|0.125|0.625|0.125|0|1\n"
    "p1|0.625|0.125|0.375|0.125|0.375|0|1\n" },
  /* In the end two keys are left; p0 still believes in the third. */
  { "ring",
    "node place next_place has_next_place has_previous_place gone right",
    { 0 },
    "a0|0.125|0.375|0.375|0.375|0|1\np0|0.375|0.125|0.625|0.125|1|0\n" },
  { "run",
    "id seed nodes reached_s verdict complete searches params overridden",
    { 0 },
    "1|18446744073709551615|4|10.0|failed|1|5|N = 3, life = 5min|life=5min\n" },
};

static const Case of_a_sweep[] = {
  { "runs",
    "run seed variant verdict complete reached_s",
    { 0 },
    "1|1|N=2 life=5min|held|1|3.0\n2|2|N=2 life=5min|failed|1|3.0\n3|1|N=8 life=1h|held|1|3.0\n"
    "4|2|N=8 life=1h|unfinished|0|-\n" },
  { "convergence-sweep",
    "variant at_s runs exact_low exact exact_high",
    { 0 },
    "N=2 life=5min|1.0|2|0.2|0.2|0.4\nN=2 life=5min|2.0|2|0.6|0.6|0.8\n"
    "N=2 life=5min|3.0|2|1.0|1.0|1.0\nN=8 life=1h|1.0|2|0.1|0.1|0.3\n"
    "N=8 life=1h|2.0|1|0.5|0.5|0.5\nN=8 life=1h|3.0|1|0.9|0.9|0.9\n" },
  /* 20, 80, 100 % and 40, 60, 100 % of the first, 10, 50, 90 % of the third run */
  { "disturbances-sweep",
    "variant number what runs lowest to50_s to95_s to100_s to100_least_s healed",
    { 0 },
    "N=2 life=5min|1|start n|2|0.2|2.0|3.0|3.0|3.0|2\nN=8 life=1h|1|start n|1|0.1|2.0|-|-|-|0\n" },
  /* Run 1: (1 + 1 + 3) / 3, run 2: 2; run 3: (4 + 4 + 2 + 2) / 4. */
  { "hops-size",
    "nodes runs searches least most p95 max",
    { 0 },
    "2|2|4|1.66666666666667|2.0|3|3\n8|1|4|3.0|3.0|4|4\n" },
  { "success-session",
    "name value x unit run eligible found success",
    { 0 },
    "N|2|2.0|number|1|3|3|1.0\nN|2|2.0|number|2|1|1|1.0\nN|8|8.0|number|3|4|3|0.75\n" },
  { "success-session",
    "name value x unit run",
    { .x = "life" },
    "life|5min|300.0|time|1\nlife|5min|300.0|time|2\nlife|1h|3600.0|time|3\n" },
  { "success-session",
    "value x unit run",
    { .x = "loss" },
    "1%|0.01|share|1\n1%|0.01|share|2\n1%|0.01|share|3\n" },
  { "convergence", "at_s exact", { .run = 2 }, "1.0|0.4\n2.0|0.6\n3.0|1.0\n" },
  { "run", "id seed verdict reached_s", { .run = 4 }, "4|2|unfinished|1.0\n" },
};

/* What `drtsim validate` asks of its runs. */
static const Case of_a_validation[] = {
  { "validate-hops", "one two three more mean", { 0 }, "0.25|0.5|0.0|0.25|3.25\n" },
  { "validate-recovery", "mostly_s fully_s worst", { 0 }, "10.0|20.0|0.75\n" },
  { "validate-stale", "stale valid", { 0 }, "0.2|0.8\n" },
  { "validate-joins", "inquire lookup flood per_search", { 0 }, "2.0|3.0|4.0|3.0\n" },
  { "validate-stretch", "stretch n", { 0 }, "4.0|2\n" },
  /* (1/32 + 5/128) / (1/4 + 3/8) */
  { "validate-levels", "most ratio level0 level1 level2", { 0 }, "2|0.1125|2.0|2.0|-\n" },
};

static void
check(const char *rows, const Case *cases, size_t n)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, rows, NULL);
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *got = answer(trace, cases[i].query, &cases[i].params, cases[i].columns);
    cr_expect_str_eq(got, cases[i].expected, "case %zu, %s:\n%swanted:\n%s", i, cases[i].query, got,
                     cases[i].expected);
  }
  test_trace_folder_free(folder);
}

Test(analysis_sql, answers_about_a_run_are_those_computed_by_hand)
{
  check("small", of_a_run, G_N_ELEMENTS(of_a_run));
}

Test(analysis_sql, answers_of_a_validation_are_those_computed_by_hand)
{
  check("validate", of_a_validation, G_N_ELEMENTS(of_a_validation));
}

Test(analysis_sql, answers_about_a_sweep_are_those_computed_by_hand)
{
  check("sweep", of_a_sweep, G_N_ELEMENTS(of_a_sweep));
}

/* What the shell does with a file: one statement, and parameters that nobody set are NULL. */
Test(analysis_sql, every_file_is_one_statement_with_a_comment_and_runs_on_any_trace)
{
  char *folder = test_trace_folder();
  g_autofree char *sql = g_build_filename(g_getenv("DRTSIM_SOURCE"), "analysis/sql", NULL);
  static const char *const rows[] = { "small", "sweep", NULL };
  for (unsigned k = 0; k < G_N_ELEMENTS(rows); k++) {
    g_autofree char *path = test_trace_make(folder, rows[k], NULL);
    g_autoptr(GDir) dir = g_dir_open(sql, 0, NULL);
    cr_assert_not_null(dir);
    sqlite3 *db;
    cr_assert(sqlite3_open(path, &db) == SQLITE_OK);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
      /* The indexes are several statements, and no question. */
      if (!g_str_has_suffix(name, ".sql") || strcmp(name, "index.sql") == 0)
        continue;
      g_autofree char *text = test_trace_read(sql, name);
      cr_expect(g_str_has_prefix(text, "-- "), "%s does not say what it is", name);
      sqlite3_stmt *statement = NULL;
      const char *rest = NULL;
      int status = sqlite3_prepare_v2(db, text, -1, &statement, &rest);
      cr_expect(status == SQLITE_OK, "%s: %s", name, sqlite3_errmsg(db));
      cr_expect(rest == NULL || strspn(rest, " \n") == strlen(rest), "%s goes on: %s", name, rest);
      while ((status = sqlite3_step(statement)) == SQLITE_ROW)
        continue;
      cr_expect(status == SQLITE_DONE, "%s: %s", name, sqlite3_errmsg(db));
      sqlite3_finalize(statement);
    }
    sqlite3_close(db);
  }
  test_trace_folder_free(folder);
}

/* Two who follow each other closely are one; the same statement every second is one as well. */
Test(analysis_sql, disturbances_that_follow_closely_are_one)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(
    folder, "small",
    "INSERT INTO fault SELECT 500 + column1, 1, column1 * 1000000000, 11, 'small.drt', 7, "
    "'every 1s from 5s to 8s crash 1 of p', 1 FROM (VALUES (5), (6), (7), (8));"
    "INSERT INTO fault VALUES (600, 1, 7500000000, 10, 'small.drt', 9, 'at 7500ms start p1', 1)");
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  g_autofree char *got = answer(trace, "disturbances", &(AnalysisParams){ 0 },
                                "number began_s ended_s what count to100_s");
  cr_expect_str_eq(got,
                   "1|0.0|1.0|start a0, start p over 1s|2|2.0\n"
                   "2|5.0|8.0|crash p1, every 1s from 5s to 8s crash 1 of p, start p1|6|0.0\n");
  test_trace_folder_free(folder);
}

/* After a partition leaf sets are right for a while yet: healing counts from when they are not. */
Test(analysis_sql, what_decays_slowly_is_not_healed_at_once)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(
    folder, "small",
    "DELETE FROM fault WHERE at > 0; "
    "INSERT INTO fault VALUES (500, 1, 4000000000, 11, 'small.drt', 7, 'at 4s x', 1)");
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  static const char *const queries[] = { "disturbances", "disturbances-sweep" };
  for (unsigned i = 0; i < G_N_ELEMENTS(queries); i++) {
    g_autofree char *got =
      answer(trace, queries[i], &(AnalysisParams){ 0 }, "number what lowest to50_s to95_s to100_s");
    cr_expect_str_eq(got, "1|start a0, start p over 1s|0.0|2.0|2.0|2.0\n2|x|0.4|3.0|4.0|5.0\n");
  }
  test_trace_folder_free(folder);
}

/* A damaged or foreign file that slipped through is an error with a reason. */
Test(analysis_sql, a_table_that_is_missing_is_an_error)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, "small", "DROP TABLE mark");
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  g_autoptr(GError) error = NULL;
  cr_expect_null(analysis_table_query(trace, "marks", &(AnalysisParams){ 0 }, &error));
  cr_expect(g_error_matches(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY));
  cr_expect(strstr(error->message, "no such table: mark") != NULL, "%s", error->message);
  test_trace_folder_free(folder);
}

/* The language allows 1min30s, and a '_' between digits. */
Test(analysis_sql, params_are_read_as_the_language_writes_them)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(
    folder, "sweep",
    "INSERT INTO param VALUES (1, 'pause', '1min30s', 1), (2, 'pause', '1d2h0.5s', 1), "
    "(3, 'pause', '1_500ms', 1), (1, 'mixed', '5%', 1), (2, 'mixed', '2_000', 1),"
    "(3, 'mixed', 'nearest', 1)");
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  g_autofree char *pause =
    answer(trace, "success-session", &(AnalysisParams){ .x = "pause" }, "value x unit run");
  cr_expect_str_eq(pause, "1_500ms|1.5|time|3\n1min30s|90.0|time|1\n1d2h0.5s|93600.5|time|2\n");
  g_autofree char *mixed =
    answer(trace, "success-session", &(AnalysisParams){ .x = "mixed" }, "value x unit");
  cr_expect_str_eq(mixed, "nearest|0.0|number\n5%|0.05|share\n2_000|2000.0|number\n");
  test_trace_folder_free(folder);
}
