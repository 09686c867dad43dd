#include "test-recorded.h"

#include "test-scenario.h"

#include "sim-record.h"
#include "sim-run.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

static void
on_sample(void *data, const SimRun *run)
{
  (void)run;
  sim_record_sample(*(SimRecord **)data);
}

static void
on_action(void *data, const SimRun *run, const SimAction *action, bool anew)
{
  (void)run;
  sim_record_action(*(SimRecord **)data, action, anew);
}

TestRecorded
test_recorded_run(const char *text, unsigned classes)
{
  g_autofree char *folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  TestRecorded made = { .path = g_build_filename(folder, "run.db", NULL) };
  g_autoptr(GError) error = NULL;
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  g_autofree char *file = NULL;
  SimScenario *scenario = test_scenario_good("traced", text);
  SimRecord *record = NULL;
  SimRunOptions options = {
    .seed = scenario->seed,
    .until = SIM_TIME_NEVER,
    .listener = { .data = &record, .sample = on_sample, .action = on_action },
  };
  SimRun *run = sim_run_new(scenario, &options, mistakes);
  SimTrace *trace = sim_trace_new(made.path, NULL, &error);
  cr_assert(run != NULL && trace != NULL);
  record = sim_record_new(
    trace, run,
    &(SimRecordOptions){ .scenario = "x.drt", .replay = "", .version = "", .classes = classes });
  sim_run_go(run);
  const SimMistake *mistake = sim_run_mistake(run);
  cr_assert(mistake == NULL, "%s", mistake == NULL ? "" : mistake->message);
  sim_record_finish(record);
  made.trajectory = sim_world_fingerprint(sim_run_world(run));
  made.results = sim_run_fingerprint(run);
  cr_assert(sim_trace_end(trace,
                          &(SimTraceEnd){ .reached = sim_world_now(sim_run_world(run)),
                                          .trajectory = "",
                                          .results = "",
                                          .verdict = "held",
                                          .complete = true },
                          &file, NULL, &error),
            "%s", error->message);
  sim_record_free(record);
  sim_run_free(run);
  sim_scenario_free(scenario);
  return made;
}

void
test_recorded_clear(TestRecorded *trace)
{
  g_autofree char *folder = g_path_get_dirname(trace->path);
  g_unlink(trace->path);
  g_rmdir(folder);
  g_free(trace->path);
  *trace = (TestRecorded){ 0 };
}

static sqlite3_stmt *
prepare(const char *path, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement = NULL;
  /* As a shell does: a killed run may have left something to be taken back first. */
  cr_assert_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
    cr_assert_fail("%s\nin %s", sqlite3_errmsg(db), sql);
  return statement;
}

static void
finish(sqlite3_stmt *statement)
{
  sqlite3 *db = sqlite3_db_handle(statement);
  sqlite3_finalize(statement);
  sqlite3_close(db);
}

double
test_recorded_number(const char *path, const char *sql)
{
  sqlite3_stmt *statement = prepare(path, sql);
  cr_assert_eq(sqlite3_step(statement), SQLITE_ROW, "no row: %s", sql);
  cr_assert_neq(sqlite3_column_type(statement, 0), SQLITE_NULL, "NULL: %s", sql);
  double number = sqlite3_column_double(statement, 0);
  finish(statement);
  return number;
}

char *
test_recorded_text(const char *path, const char *sql)
{
  sqlite3_stmt *statement = prepare(path, sql);
  char *text = NULL;
  if (sqlite3_step(statement) == SQLITE_ROW)
    text = g_strdup((const char *)sqlite3_column_text(statement, 0));
  finish(statement);
  return text;
}

void
test_recorded_expect_none(const char *path, const char *what, const char *sql)
{
  sqlite3_stmt *statement = prepare(path, sql);
  int code = sqlite3_step(statement);
  g_autoptr(GString) row = g_string_new(NULL);
  for (int i = 0; code == SQLITE_ROW && i < sqlite3_column_count(statement); i++)
    g_string_append_printf(row, "%s = %s, ", sqlite3_column_name(statement, i),
                           (const char *)sqlite3_column_text(statement, i));
  cr_expect_eq(code, SQLITE_DONE, "%s: %s", what, row->str);
  finish(statement);
}
