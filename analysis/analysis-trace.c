/* Nothing but the header of the file tells a trace from another database, so it is read first. */
#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC, pread */
#include "analysis-trace.h"

#include "analysis-error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct AnalysisTrace {
  char *path;
  sqlite3 *db;
  bool ours; /* the file says so, whether SQLite can read it or not */
  unsigned runs, unfinished;
};

#define HEADER_ID 68 /* where a database file has its application id, in four bytes */

G_DEFINE_QUARK(analysis - error - quark, analysis_error)

/* SQLite would make the file, or say "unable to open", whatever the reason is. */
static bool
check_file(const char *path, bool *ret_ours, GError **error)
{
  static const unsigned char ours[] = { ANALYSIS_APPLICATION_ID >> 24 & 0xff,
                                        ANALYSIS_APPLICATION_ID >> 16 & 0xff,
                                        ANALYSIS_APPLICATION_ID >> 8 & 0xff,
                                        ANALYSIS_APPLICATION_ID & 0xff };
  unsigned char id[sizeof ours];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (fd < 0 || fstat(fd, &about) != 0) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN, "cannot read '%s': %s", path,
                g_strerror(errno));
    if (fd >= 0)
      close(fd);
    return false;
  }
  *ret_ours = pread(fd, id, sizeof id, HEADER_ID) == sizeof id && memcmp(id, ours, sizeof id) == 0;
  close(fd);
  if (S_ISREG(about.st_mode))
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN, "'%s' is %s, not a trace", path,
              S_ISDIR(about.st_mode) ? "a folder" : "not a file");
  return false;
}

static bool
is_damage(sqlite3 *db)
{
  int code = sqlite3_errcode(db) & 0xff;
  return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}

/* The integer that @sql gives. False, and the reason of SQLite, if it gives none. */
static bool
ask(AnalysisTrace *trace, const char *sql, int64_t argument, int64_t *ret, GError **error)
{
  sqlite3_stmt *statement = NULL;
  bool good = sqlite3_prepare_v2(trace->db, sql, -1, &statement, NULL) == SQLITE_OK;
  if (good && sqlite3_bind_parameter_count(statement) > 0)
    good = sqlite3_bind_int64(statement, 1, argument) == SQLITE_OK;
  good = good && sqlite3_step(statement) == SQLITE_ROW;
  if (good)
    *ret = sqlite3_column_int64(statement, 0);
  else if (trace->ours && is_damage(trace->db))
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN,
                "'%s' is a trace of drtsim, but it is damaged: %s", trace->path,
                sqlite3_errmsg(trace->db));
  else if (sqlite3_errcode(trace->db) == SQLITE_NOTADB)
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN,
                "'%s' is not a trace of drtsim: it is no SQLite database", trace->path);
  else
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN, "cannot read '%s': %s", trace->path,
                sqlite3_errmsg(trace->db));
  sqlite3_finalize(statement);
  return good;
}

static bool
check_header(AnalysisTrace *trace, GError **error)
{
  int64_t id, version, pages;
  if (!ask(trace, "PRAGMA application_id", 0, &id, error) ||
      !ask(trace, "PRAGMA user_version", 0, &version, error) ||
      !ask(trace, "PRAGMA page_count", 0, &pages, error))
    return false;
  if (id != ANALYSIS_APPLICATION_ID) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN,
                "'%s' is not a trace of drtsim: it is %s", trace->path,
                pages == 0 ? "empty" : "another program's database");
    return false;
  }
  if (version != ANALYSIS_SCHEMA_VERSION) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN,
                "'%s' has version %" G_GINT64_FORMAT
                " of the trace's schema, this program reads version %d: run the scenario again",
                trace->path, version, ANALYSIS_SCHEMA_VERSION);
    return false;
  }
  return true;
}

static bool
count_runs(AnalysisTrace *trace, GError **error)
{
  int64_t runs, unfinished;
  if (!ask(trace, "SELECT count(*) FROM run", 0, &runs, error) ||
      !ask(trace, "SELECT count(*) FROM run WHERE NOT complete", 0, &unfinished, error))
    return false;
  trace->runs = (unsigned)runs;
  trace->unfinished = (unsigned)unfinished;
  if (runs > 0)
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN, "no run is recorded in '%s'",
              trace->path);
  return false;
}

AnalysisTrace *
analysis_trace_open(const char *path, GError **error)
{
  bool ours;
  if (!check_file(path, &ours, error))
    return NULL;
  g_autoptr(AnalysisTrace) trace = g_new0(AnalysisTrace, 1);
  trace->ours = ours;
  trace->path = g_strdup(path);
  if (sqlite3_open_v2(path, &trace->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_OPEN, "cannot open '%s': %s", path,
                trace->db == NULL ? "out of memory" : sqlite3_errmsg(trace->db));
    return NULL;
  }
  /* Somebody may be writing at this moment. */
  sqlite3_busy_timeout(trace->db, 2000);
  if (!check_header(trace, error) || !count_runs(trace, error))
    return NULL;
  return g_steal_pointer(&trace);
}

void
analysis_trace_free(AnalysisTrace *trace)
{
  if (trace == NULL)
    return;
  sqlite3_close(trace->db);
  g_free(trace->path);
  g_free(trace);
}

const char *
analysis_trace_path(const AnalysisTrace *trace)
{
  return trace->path;
}

sqlite3 *
analysis_trace_db(AnalysisTrace *trace)
{
  return trace->db;
}

unsigned
analysis_trace_runs(const AnalysisTrace *trace)
{
  return trace->runs;
}

unsigned
analysis_trace_unfinished(const AnalysisTrace *trace)
{
  return trace->unfinished;
}

bool
analysis_trace_check_run(AnalysisTrace *trace, int64_t run, GError **error)
{
  int64_t there, first, last;
  if (!ask(trace, "SELECT count(*) FROM run WHERE id = ?", run, &there, error) ||
      !ask(trace, "SELECT min(id) FROM run", 0, &first, error) ||
      !ask(trace, "SELECT max(id) FROM run", 0, &last, error))
    return false;
  if (there > 0)
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_ASKED,
              "there is no run %" G_GINT64_FORMAT " in '%s': its runs are %" G_GINT64_FORMAT
              " to %" G_GINT64_FORMAT,
              run, trace->path, first, last);
  return false;
}

bool
analysis_trace_check_param(AnalysisTrace *trace, const char *name, GError **error)
{
  static const char sql[] = "SELECT coalesce(sum(name = ?1), 0), group_concat(DISTINCT name)"
                            " FROM (SELECT name FROM param ORDER BY name)";
  sqlite3_stmt *statement = NULL;
  bool good = sqlite3_prepare_v2(trace->db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
  bool there = good && sqlite3_column_int64(statement, 0) > 0;
  const char *names = good ? (const char *)sqlite3_column_text(statement, 1) : NULL;
  if (!good)
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot read '%s': %s", trace->path,
                sqlite3_errmsg(trace->db));
  else if (!there)
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_ASKED, "there is no param '%s' in '%s': %s%s",
                name, trace->path, names == NULL ? "it has none" : "its params are ",
                names == NULL ? "" : names);
  sqlite3_finalize(statement);
  return there;
}

bool
analysis_trace_check_search(AnalysisTrace *trace, int64_t search, int64_t *ret_run, GError **error)
{
  int64_t run;
  if (!ask(trace, "SELECT coalesce((SELECT run FROM search WHERE id = ?), 0)", search, &run, error))
    return false;
  if (run == 0) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_ASKED,
                "there is no search %" G_GINT64_FORMAT
                " in '%s' ('drtsim export %s v_search' lists them)",
                search, trace->path, trace->path);
    return false;
  }
  *ret_run = run;
  return true;
}
