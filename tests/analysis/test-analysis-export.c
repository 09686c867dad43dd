/* CSV, read back by a parser that knows RFC 4180 and nothing else. */
#include "analysis-export.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* One record per element, one field per element of these. Fails the test at the first byte that the
 * grammar does not allow. */
static GPtrArray *
parse(const char *text)
{
  GPtrArray *records = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  const char *c = text;
  while (*c != '\0') {
    GPtrArray *record = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(records, record);
    for (;;) {
      GString *field = g_string_new(NULL);
      if (*c == '"') {
        for (c++; *c != '"' || c[1] == '"'; c++) {
          cr_assert(*c != '\0', "a quote is not closed");
          g_string_append_c(field, *c);
          c += *c == '"';
        }
        c++;
      } else {
        for (; strchr(",\r", *c) == NULL; c++) {
          cr_assert(*c != '"' && *c != '\n' && *c != '\0', "unquoted byte %d", *c);
          g_string_append_c(field, *c);
        }
      }
      g_ptr_array_add(record, g_string_free(field, FALSE));
      if (*c != ',')
        break;
      c++;
    }
    cr_assert(c[0] == '\r' && c[1] == '\n', "a record ends with %d %d", c[0], c[1]);
    c += 2;
  }
  return records;
}

static const char *
field(const GPtrArray *records, unsigned row, unsigned column)
{
  const GPtrArray *record = records->pdata[row];
  cr_assert(column < record->len);
  return record->pdata[column];
}

Test(analysis_export, every_view_and_table_comes_back_field_by_field)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, "small", NULL);
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  g_auto(GStrv) names = analysis_export_names(trace, NULL);
  cr_assert_not_null(names);
  cr_expect(g_str_has_prefix(names[0], "v_")); /* views first: they are for people */
  unsigned seen = 0;
  for (char **name = names; *name != NULL; name++, seen++) {
    g_autofree char *out = g_build_filename(folder, "out.csv", NULL);
    g_autoptr(GError) error = NULL;
    if (!analysis_export_file(trace, *name, out, &error))
      cr_assert_fail("%s: %s", *name, error->message);
    g_autofree char *text = test_trace_read(folder, "out.csv");
    g_autoptr(GPtrArray) records = parse(text);
    g_autofree char *columns = analysis_export_columns(trace, *name, NULL);
    g_auto(GStrv) heads = g_strsplit(columns, ", ", -1);
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", *name);
    sqlite3_stmt *statement = NULL;
    cr_assert(sqlite3_prepare_v2(analysis_trace_db(trace), sql, -1, &statement, NULL) == SQLITE_OK);
    for (unsigned i = 0; heads[i] != NULL; i++)
      cr_expect_str_eq(field(records, 0, i), heads[i]);
    unsigned row = 1;
    for (; sqlite3_step(statement) == SQLITE_ROW; row++)
      for (int i = 0; i < sqlite3_column_count(statement); i++) {
        if (sqlite3_column_type(statement, i) == SQLITE_BLOB)
          continue;
        const char *wanted = (const char *)sqlite3_column_text(statement, i);
        cr_expect_str_eq(field(records, row, (unsigned)i), wanted == NULL ? "" : wanted);
      }
    cr_expect(records->len == row, "%s: %u records, not %u", *name, records->len, row);
    sqlite3_finalize(statement);
  }
  cr_expect(seen > 20);
  test_trace_folder_free(folder);
}

Test(analysis_export, text_null_and_bytes_are_told_apart)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(
    folder, "small",
    "CREATE TABLE odd(a, b, c, d); INSERT INTO odd VALUES (NULL, '', ' x ', 'a,\"b\"');");
  TestRun odd = test_spawn_drtsim("export", path, "odd", NULL);
  cr_expect(odd.status == 0);
  cr_expect_str_eq(odd.out, "a,b,c,d\r\n,\"\",\" x \",\"a,\"\"b\"\"\"\r\n");
  test_run_clear(&odd);
  TestRun bytes = test_spawn_drtsim("export", path, "datagram", NULL);
  cr_expect_str_eq(bytes.out, "message,bytes\r\n400,00ff10\r\n");
  test_run_clear(&bytes);
  test_trace_folder_free(folder);
}

static void
expect_error(TestRun run, int status, const char *part)
{
  cr_expect(run.status == status, "status %d: %s", run.status, run.err);
  cr_expect_str_empty(run.out);
  cr_expect(strstr(run.err, part) != NULL, "'%s' is not in: %s", part, run.err);
  test_run_clear(&run);
}

Test(analysis_export, the_command_lists_and_suggests)
{
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, "small", NULL);
  g_autofree char *out = g_build_filename(folder, "run.csv", NULL);
  g_autofree char *nowhere = g_build_filename(folder, "no", "run.csv", NULL);
  TestRun list = test_spawn_drtsim("export", path, NULL);
  cr_expect(list.status == 0);
  cr_expect(strstr(list.out, "v_search") != NULL && strstr(list.out, "id, run, node") != NULL);
  test_run_clear(&list);
  TestRun good = test_spawn_drtsim("export", path, "v_run", "-o", out, NULL);
  cr_expect(good.status == 0 && *good.out == '\0', "%s", good.err);
  cr_expect(g_file_test(out, G_FILE_TEST_EXISTS));
  test_run_clear(&good);
  expect_error(test_spawn_drtsim("export", path, "v_serch", NULL), 2, "(did you mean 'v_search'?)");
  expect_error(test_spawn_drtsim("export", path, "v_run", "x", NULL), 2, "'x' follows 'v_run'");
  expect_error(test_spawn_drtsim("export", path, "--al", NULL), 2, "unknown option '--al'");
  expect_error(test_spawn_drtsim("export", path, "v_run", "-o", NULL), 2, "needs a value");
  expect_error(test_spawn_drtsim("export", NULL), 2, "needs a trace");
  expect_error(test_spawn_drtsim("export", path, "v_run", "-o", nowhere, NULL), 4, "cannot write");
  test_trace_folder_free(folder);
}

/* A file that cannot be finished leaves the old one, and nothing else. */
Test(analysis_export, a_full_disk_keeps_the_old_file)
{
  if (!g_file_test("/dev/full", G_FILE_TEST_EXISTS))
    return;
  char *folder = test_trace_folder();
  g_autofree char *path = test_trace_make(folder, "small", NULL);
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, NULL);
  FILE *full = fopen("/dev/full", "w");
  cr_assert(
    analysis_export_to(trace, "v_message", full, NULL)); /* the writer finds out at the flush */
  cr_expect(fflush(full) != 0);
  fclose(full);
  g_autofree char *command =
    g_strdup_printf("exec \"$DRTSIM_PROGRAM\" export '%s' key >/dev/full", path);
  TestRun run = test_spawn((const char *const[]){ "sh", "-c", command, NULL });
  expect_error(run, 4, "cannot write the output");
  test_trace_folder_free(folder);
}
