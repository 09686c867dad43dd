#define _POSIX_C_SOURCE 200809L /* S_ISSOCK */
#include "sim-trace-file.h"

#include "sim-trace-resources.h"
#include "sim-trace.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define APPLICATION_ID 0x64727473 /* as schema.sql has it */
#define BUSY_MS 2000              /* how long to wait for a reader to let go */

/* Measured: tests/bench/README.md. A write-ahead log, so that the trace can be read while it grows,
 * and so that a killed run leaves a file that any shell opens. Nothing is forced to the disk: what a
 * loss of power takes is run again. */
static const char pragmas[] = "PRAGMA page_size = 16384;"
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = OFF;"
                              "PRAGMA cache_size = -32768;";

static const char *const beside[] = { "-wal", "-shm", "-journal" };

void
sim_trace_file_error(sqlite3 *db, const char *file, const char *doing, GError **error)
{
  int code = sqlite3_errcode(db) & 0xff, system = sqlite3_system_errno(db);
  const char *why = sqlite3_errmsg(db);
  if (code == SQLITE_FULL || system == ENOSPC)
    why = "the disk is full";
  else if (system != 0 && (code == SQLITE_CANTOPEN || code == SQLITE_IOERR))
    why = g_strerror(system);
  else if (code == SQLITE_IOERR)
    why = "the file system takes no more";
  bool busy = code == SQLITE_BUSY || code == SQLITE_LOCKED;
  g_set_error(error, SIM_TRACE_ERROR, busy ? SIM_TRACE_ERROR_IN_USE : SIM_TRACE_ERROR_WRITE,
              busy ? "cannot %s '%s': another program is using it" : "cannot %s '%s': %s", doing,
              file, why);
}

static bool
execute(const SimTraceFile *file, const char *sql, const char *doing, GError **error)
{
  if (sqlite3_exec(file->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return true;
  sim_trace_file_error(file->db, file->file, doing, error);
  return false;
}

/* An integer that a statement gives, or -1. */
static int64_t
ask(sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement;
  int64_t value = -1;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
    return -1;
  if (sqlite3_step(statement) == SQLITE_ROW)
    value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

static void
remove_file(const char *path)
{
  g_unlink(path);
  for (unsigned i = 0; i < G_N_ELEMENTS(beside); i++) {
    g_autofree char *other = g_strconcat(path, beside[i], NULL);
    g_unlink(other);
  }
}

/* Nothing is in it, as a run leaves it that is killed in its first moment: nothing is lost with it. */
static bool
is_empty(sqlite3 *db)
{
  return ask(db, "PRAGMA application_id") == 0 &&
         ask(db, "SELECT count(*) FROM sqlite_schema") == 0;
}

/* Whether the header of the file names us, be it that SQLite can read the rest or not. */
static bool
names_us(const char *path)
{
  unsigned char header[72] = { 0 }; /* the application id is the last four bytes of these */
  FILE *stream = g_fopen(path, "rb");
  bool whole = stream != NULL && fread(header, sizeof header, 1, stream) == 1;
  if (stream != NULL)
    fclose(stream);
  uint32_t id = 0;
  for (unsigned i = 68; i < 72; i++)
    id = id << 8 | header[i];
  return whole && id == APPLICATION_ID;
}

/* What an open connection to an earlier file says: whether it is a trace that nobody works on, and
 * that @use is content with. Then it folds in what a killed run has left in its log. */
static bool
check_earlier(sqlite3 *db, const char *path, const SimTraceFileUse *use, GError **error)
{
  int64_t id = ask(db, "PRAGMA application_id");
  if (id == APPLICATION_ID && sqlite3_db_readonly(db, "main") == 1) {
    g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_WRITE,
                "'%s' is write-protected: it is left as it is", path);
    return false;
  }
  if (id == APPLICATION_ID && use != NULL && !use->fits(use->data, db, path, error))
    return false;
  if (id == APPLICATION_ID &&
      sqlite3_exec(db, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; ROLLBACK", NULL, NULL,
                   NULL) == SQLITE_OK)
    return true;
  int code = sqlite3_errcode(db) & 0xff;
  bool damaged = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
  if (code == SQLITE_BUSY || (id == APPLICATION_ID && !damaged)) {
    sim_trace_file_error(db, path, "replace", error);
    return false;
  }
  if (damaged && names_us(path)) {
    g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_FOREIGN,
                "'%s' is there already, a trace of drtsim that is damaged: it is left as it is; "
                "choose another name",
                path);
    return false;
  }
  g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_FOREIGN,
              "'%s' is there already and is not a trace of drtsim: it is left as it is; "
              "choose another name",
              path);
  return false;
}

/* SQLite reads and writes at any place of its file, which only a file lets it do. A device would look
 * empty, and be removed. */
static bool
is_file(const char *path, const GStatBuf *about, GError **error)
{
  if (S_ISREG(about->st_mode))
    return true;
  const char *kind = S_ISDIR(about->st_mode)    ? "a folder"
                     : S_ISFIFO(about->st_mode) ? "a pipe"
                     : S_ISSOCK(about->st_mode) ? "a socket"
                                                : "a device";
  g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_FOREIGN,
              "'%s' is %s, and a trace needs a file: it is left as it is; choose another name",
              path, kind);
  return false;
}

static bool
has_log(const char *path)
{
  g_autofree char *log = g_strconcat(path, beside[0], NULL);
  return g_file_test(log, G_FILE_TEST_EXISTS);
}

/* True if there is no file, or one of ours that may be replaced, or that @use (or NULL) wants. One
 * that is refused is left as it is, to the byte, and so is a log that a killed run left beside it. */
static bool
may_replace(const char *path, const char *vfs, const SimTraceFileUse *use, bool *ret_exists,
            GError **error)
{
  GStatBuf about;
  *ret_exists = g_stat(path, &about) == 0;
  if (!*ret_exists)
    return true;
  if (!is_file(path, &about, error))
    return false;
  sqlite3 *db;
  bool log = has_log(path);
  int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, vfs);
  bool good = false, empty = false;
  if (code != SQLITE_OK)
    sim_trace_file_error(db, path, "open", error);
  else if (!(empty = is_empty(db)))
    good = check_earlier(db, path, use, error);
  if (log && !good && !empty)
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close(db);
  if (!empty)
    return good;
  remove_file(path);
  *ret_exists = false;
  return true;
}

/* A file that cannot be written SQLite tries to read, and then says that there is none. What stood in
 * the way comes out when we try ourselves. */
static void
creation_error(const SimTraceFile *file, GError **error)
{
  FILE *created = g_fopen(file->file, "wx");
  if (created == NULL) {
    g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_WRITE, "cannot create '%s': %s", file->file,
                g_strerror(errno));
    return;
  }
  fclose(created);
  g_unlink(file->file);
  sim_trace_file_error(file->db, file->file, "create", error);
}

static bool
create(SimTraceFile *file, GError **error)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(file->file, &file->db, flags, file->vfs) != SQLITE_OK) {
    creation_error(file, error);
    return false;
  }
  sqlite3_extended_result_codes(file->db, 1);
  sqlite3_busy_timeout(file->db, BUSY_MS);
  g_autoptr(GBytes) schema = g_resource_lookup_data(
    sim_trace_get_resource(), "/drtsim/trace/schema.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (schema == NULL)
    return false;
  g_autofree char *sql =
    g_strdup_printf("BEGIN;%s;COMMIT;", (char *)g_bytes_get_data(schema, NULL));
  return execute(file, pragmas, "write", error) && execute(file, sql, "write", error);
}

/* Half a schema would be taken for a file that is not ours. */
static bool
create_whole(SimTraceFile *file, GError **error)
{
  if (create(file, error))
    return true;
  sqlite3_close(file->db);
  file->db = NULL;
  remove_file(file->file);
  return false;
}

/* Many runs took long, and one would take their place. */
static bool
is_no_sweep(const void *data, sqlite3 *db, const char *path, GError **error)
{
  (void)data;
  int64_t runs = ask(db, "SELECT count(*) FROM run WHERE EXISTS (SELECT * FROM sweep)");
  if (runs <= 0)
    return true;
  g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_FOREIGN,
              "'%s' is a sweep of %" G_GINT64_FORMAT
              " runs: it is left as it is; choose another name",
              path, runs);
  return false;
}

bool
sim_trace_file_open(SimTraceFile *file, const char *path, const char *vfs, GError **error)
{
  *file = (SimTraceFile){ .path = g_strdup(path), .vfs = g_strdup(vfs) };
  static const SimTraceFileUse use = { .fits = is_no_sweep };
  bool exists, left;
  if (!may_replace(path, vfs, &use, &exists, error))
    return false;
  file->file = exists ? g_strconcat(path, ".part", NULL) : g_strdup(path);
  if (exists) {
    if (!may_replace(file->file, vfs, NULL, &left, error))
      return false;
    remove_file(file->file);
  }
  return create_whole(file, error);
}

bool
sim_trace_file_open_again(SimTraceFile *file, const char *path, const SimTraceFileUse *use,
                          bool *ret_new, GError **error)
{
  *file = (SimTraceFile){ .path = g_strdup(path), .file = g_strdup(path) };
  bool exists;
  if (!may_replace(path, NULL, use, &exists, error))
    return false;
  *ret_new = !exists;
  if (!exists)
    return create_whole(file, error);
  if (sqlite3_open_v2(path, &file->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    sim_trace_file_error(file->db, path, "open", error);
    return false;
  }
  sqlite3_extended_result_codes(file->db, 1);
  sqlite3_busy_timeout(file->db, BUSY_MS);
  return execute(file, pragmas, "write", error);
}

bool
sim_trace_file_index(SimTraceFile *file)
{
  g_autoptr(GBytes) sql = g_resource_lookup_data(
    sim_trace_get_resource(), "/drtsim/trace/indexes.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  return sqlite3_exec(file->db, g_bytes_get_data(sql, NULL), NULL, NULL, NULL) == SQLITE_OK;
}

/* Of the trace at the wanted path: one that did not come to its end may be replaced by any. */
static bool
earlier_is_complete(const SimTraceFile *file)
{
  sqlite3 *db;
  int64_t incomplete = 0;
  if (sqlite3_open_v2(file->path, &db, SQLITE_OPEN_READONLY, file->vfs) == SQLITE_OK)
    incomplete = ask(db, "SELECT count(*) FROM run WHERE NOT complete");
  sqlite3_close(db);
  return incomplete == 0;
}

static bool
take_place(SimTraceFile *file, GError **error)
{
  if (g_rename(file->file, file->path) != 0) {
    g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_WRITE,
                "cannot rename '%s' to '%s': %s; the trace is whole where it is", file->file,
                file->path, g_strerror(errno));
    return false;
  }
  g_free(file->file);
  file->file = g_strdup(file->path);
  return true;
}

/* One file from now on, without a log beside it: what is renamed must be alone, and a log would stay
 * behind for ever where its last reader may only read. So those get some time to let go. */
static bool
put_log_away(sqlite3 *db)
{
  gint64 until = g_get_monotonic_time() + BUSY_MS * G_TIME_SPAN_MILLISECOND;
  int code;
  while (((code = sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL)) & 0xff) ==
           SQLITE_BUSY &&
         g_get_monotonic_time() < until)
    g_usleep(10000);
  return code == SQLITE_OK;
}

bool
sim_trace_file_close(SimTraceFile *file, bool whole, GError **error)
{
  bool waits = strcmp(file->file, file->path) != 0;
  bool replaces = waits && (whole || !earlier_is_complete(file));
  bool alone = put_log_away(file->db);
  if (!alone && replaces)
    sim_trace_file_error(file->db, file->file, "finish", error);
  sqlite3_close(file->db);
  file->db = NULL;
  if (replaces)
    return alone && take_place(file, error);
  return true;
}

void
sim_trace_file_clear(SimTraceFile *file)
{
  sqlite3_close(file->db);
  g_free(file->path);
  g_free(file->file);
  g_free(file->vfs);
  *file = (SimTraceFile){ 0 };
}
