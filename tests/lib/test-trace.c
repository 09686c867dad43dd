#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

char *
test_trace_folder(void)
{
  char *folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  cr_assert_not_null(folder);
  return folder;
}

/* With all that is in it. */
static void
remove_folder(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    if (g_unlink(inside) != 0)
      remove_folder(inside);
  }
  g_rmdir(path);
}

void
test_trace_folder_free(char *folder)
{
  remove_folder(folder);
  g_free(folder);
}

static void
run_sql(sqlite3 *db, const char *sql)
{
  char *problem = NULL;
  if (sqlite3_exec(db, sql, NULL, NULL, &problem) != SQLITE_OK)
    cr_assert_fail("%s", problem);
}

static void
run_file(sqlite3 *db, const char *path)
{
  g_autofree char *full = g_build_filename(g_getenv("DRTSIM_SOURCE"), path, NULL);
  g_autofree char *sql = NULL;
  if (!g_file_get_contents(full, &sql, NULL, NULL))
    cr_assert_fail("cannot read %s", full);
  run_sql(db, sql);
}

char *
test_trace_make(const char *folder, const char *rows, const char *more)
{
  static unsigned count;
  g_autofree char *name = g_strdup_printf("trace%u.db", count++);
  char *path = g_build_filename(folder, name, NULL);
  sqlite3 *db;
  cr_assert(g_getenv("DRTSIM_SOURCE") != NULL, "meson test sets DRTSIM_SOURCE");
  cr_assert(sqlite3_open(path, &db) == SQLITE_OK);
  run_sql(db, "PRAGMA synchronous = OFF");
  run_file(db, "sim/trace/schema.sql");
  if (rows != NULL) {
    g_autofree char *file = g_strdup_printf("tests/analysis/%s.sql", rows);
    run_file(db, file);
  }
  if (more != NULL)
    run_sql(db, more);
  cr_assert(sqlite3_close(db) == SQLITE_OK);
  return path;
}

char *
test_trace_read(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    cr_assert_fail("there is no %s", path);
  return text;
}
