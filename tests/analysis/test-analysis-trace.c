/* Opening a trace: what is refused, and why. */
#include "analysis-error.h"
#include "analysis-trace.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static void
expect_refused(const char *path, const char *part)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, &error);
  cr_assert_null(trace, "%s was opened", path);
  cr_expect(g_error_matches(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN));
  cr_expect(strstr(error->message, part) != NULL, "'%s' is not in: %s", part, error->message);
}

Test(analysis_trace, what_is_no_trace_is_refused_with_the_reason)
{
  char *folder = test_trace_folder();
  g_autofree char *text = g_build_filename(folder, "notes.txt", NULL);
  g_autofree char *missing = g_build_filename(folder, "missing.db", NULL);
  g_autofree char *empty = g_build_filename(folder, "empty.db", NULL);
  cr_assert(g_file_set_contents(text,
                                "This is no database, but it is longer than a header of one "
                                "would be, which has one hundred bytes, so they are read.\n",
                                -1, NULL));
  cr_assert(g_file_set_contents(empty, "", 0, NULL));
  expect_refused(text, "it is no SQLite database");
  expect_refused(missing, "No such file");
  expect_refused(folder, "is a folder");
  expect_refused("/dev/null", "not a file");
  expect_refused(empty, "it is empty");
  cr_expect(!g_file_test(missing, G_FILE_TEST_EXISTS)); /* looking makes no file */
  test_trace_folder_free(folder);
}

Test(analysis_trace, another_program_and_another_version_are_refused)
{
  char *folder = test_trace_folder();
  g_autofree char *other = test_trace_make(folder, "small", "PRAGMA application_id = 42");
  g_autofree char *newer = test_trace_make(folder, "small", "PRAGMA user_version = 7");
  g_autofree char *hollow = test_trace_make(folder, NULL, NULL);
  expect_refused(other, "another program's database");
  expect_refused(newer, "version 7 of the trace's schema, this program reads version 1");
  expect_refused(hollow, "no run is recorded");
  test_trace_folder_free(folder);
}

/* A trace that lost its first bytes, which SQLite needs, and one that lost its end. */
Test(analysis_trace, a_damaged_trace_is_called_so)
{
  char *folder = test_trace_folder();
  for (unsigned i = 0; i < 2; i++) {
    g_autofree char *path = test_trace_make(folder, "small", NULL);
    g_autofree char *data = NULL;
    size_t size;
    cr_assert(g_file_get_contents(path, &data, &size, NULL));
    if (i == 0)
      memcpy(data, "damaged!", 8);
    cr_assert(g_file_set_contents(path, data, (gssize)(i == 0 ? size : size / 2), NULL));
    expect_refused(path, "is a trace of drtsim, but it is damaged: ");
  }
  test_trace_folder_free(folder);
}

/* The numbers of sim/trace/schema.sql, which this room knows only as a file. */
Test(analysis_trace, the_schema_is_the_one_that_is_read)
{
  g_autofree char *schema = test_trace_read(g_getenv("DRTSIM_SOURCE"), "sim/trace/schema.sql");
  g_autofree char *id = g_strdup_printf("PRAGMA application_id = 0x%x;", ANALYSIS_APPLICATION_ID);
  g_autofree char *version = g_strdup_printf("PRAGMA user_version = %d;", ANALYSIS_SCHEMA_VERSION);
  cr_expect(strstr(schema, id) != NULL);
  cr_expect(strstr(schema, version) != NULL);
}

Test(analysis_trace, runs_are_counted_and_looked_for)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, "sweep", NULL);
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  cr_expect(analysis_trace_runs(trace) == 4);
  cr_expect(analysis_trace_unfinished(trace) == 1);
  cr_expect_str_eq(analysis_trace_path(trace), path);
  int64_t run = 0;
  cr_expect(analysis_trace_check_run(trace, 4, NULL));
  cr_expect(analysis_trace_check_search(trace, 104, &run, NULL));
  cr_expect(run == 2);
  g_autoptr(GError) no_run = NULL;
  g_autoptr(GError) no_search = NULL;
  cr_expect(!analysis_trace_check_run(trace, 5, &no_run));
  cr_expect(strstr(no_run->message, "its runs are 1 to 4") != NULL, "%s", no_run->message);
  cr_expect(!analysis_trace_check_search(trace, 1, &run, &no_search));
  cr_expect(strstr(no_search->message, "there is no search 1") != NULL, "%s", no_search->message);
  test_trace_folder_free(folder);
}

Test(analysis_trace, reading_changes_nothing)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, "small", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  size_t before_size, after_size;
  cr_assert(g_file_get_contents(path, &before, &before_size, NULL));
  cr_assert(g_chmod(path, 0444) == 0);
  AnalysisTrace *trace = analysis_trace_open(path, NULL);
  cr_assert_not_null(trace);
  analysis_trace_free(trace);
  cr_assert(g_file_get_contents(path, &after, &after_size, NULL));
  cr_expect(before_size == after_size && memcmp(before, after, after_size) == 0);
  test_trace_folder_free(folder);
}
