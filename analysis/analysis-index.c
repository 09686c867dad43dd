#include "analysis-index.h"

#include "analysis-error.h"
#include "analysis-resources.h"

#include <gio/gio.h>
#include <string.h>

#define BUSY_MS 5000 /* somebody may be reading */

static char *
read_sql(GError **error)
{
  g_autoptr(GBytes) sql = g_resource_lookup_data(
    analysis_get_resource(), "/drtsim/analysis/sql/index.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  return sql == NULL ? NULL : g_strdup(g_bytes_get_data(sql, NULL));
}

static unsigned
wanted(const char *sql)
{
  unsigned n = 0;
  for (const char *at = sql; (at = strstr(at, "CREATE INDEX")) != NULL; at++)
    n++;
  return n;
}

static bool
refuse(sqlite3 *db, const char *path, GError **error)
{
  bool busy = (sqlite3_errcode(db) & 0xff) == SQLITE_BUSY;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_WRITE, "cannot add indexes to '%s': %s", path,
              busy ? "another program is using it" : sqlite3_errmsg(db));
  return false;
}

/* How many of them there are. */
static bool
count(sqlite3 *db, const char *path, unsigned *ret, GError **error)
{
  static const char sql[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND"
                            " sql LIKE 'CREATE INDEX%' AND tbl_name IN ('message', 'note',"
                            " 'event', 'call', 'cache')";
  sqlite3_stmt *statement = NULL;
  bool good = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
  if (good)
    *ret = (unsigned)sqlite3_column_int(statement, 0);
  else
    refuse(db, path, error);
  sqlite3_finalize(statement);
  return good;
}

bool
analysis_index_missing(AnalysisTrace *trace, unsigned *ret, GError **error)
{
  unsigned there;
  g_autofree char *sql = read_sql(error);
  if (sql == NULL || !count(analysis_trace_db(trace), analysis_trace_path(trace), &there, error))
    return false;
  *ret = wanted(sql) - MIN(wanted(sql), there);
  return true;
}

/* The statements, and how many indexes are there before; NULL if the file is no trace. */
static char *
look(const char *path, unsigned *ret_there, GError **error)
{
  g_autoptr(AnalysisTrace) trace = analysis_trace_open(path, error);
  if (trace == NULL || !count(analysis_trace_db(trace), path, ret_there, error))
    return NULL;
  return read_sql(error);
}

/* All of them or none: a half-finished index is taken back by SQLite's journal. */
bool
analysis_index(const char *path, unsigned *ret_added, GError **error)
{
  unsigned before = 0, after = 0;
  g_autofree char *sql = look(path, &before, error);
  if (sql == NULL)
    return false;
  sqlite3 *db = NULL;
  bool good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
  g_autofree char *all = g_strdup_printf("PRAGMA cache_size = -262144; PRAGMA threads = 2; "
                                         "BEGIN IMMEDIATE; %s COMMIT;",
                                         sql);
  if (good) {
    sqlite3_busy_timeout(db, BUSY_MS);
    good = sqlite3_exec(db, all, NULL, NULL, NULL) == SQLITE_OK;
  }
  good = good ? count(db, path, &after, error) : refuse(db, path, error);
  sqlite3_close(db);
  *ret_added = after - MIN(before, after);
  return good;
}
