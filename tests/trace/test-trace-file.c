/* The file of a trace: what it replaces, what it leaves alone, and what a disk that fails leaves. */
#define _POSIX_C_SOURCE 200809L /* seteuid */
#include "sim-trace.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

static char *folder, *path, *part;

static void
make_folder(void)
{
  folder = test_trace_folder();
  path = g_build_filename(folder, "run.db", NULL);
  part = g_strconcat(path, ".part", NULL);
}

static void
remove_folder(void)
{
  test_trace_folder_free(folder);
  g_free(path);
  g_free(part);
}

TestSuite(trace_file, .init = make_folder, .fini = remove_folder);

/* The first column of the first row as a text (transfer full); "?" if there is none. */
static char *
ask(const char *file, const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement = NULL;
  char *text = NULL;
  if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    text = g_strdup((const char *)sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return text == NULL ? g_strdup("?") : text;
}

static void
expect_answer(const char *file, const char *sql, const char *wanted)
{
  g_autofree char *found = ask(file, sql);
  cr_expect_str_eq(found, wanted, "%s of %s: '%s', not '%s'", sql, file, found, wanted);
}

static void
add_message(SimTrace *trace, int64_t id, int64_t cause)
{
  SimTraceMessage *message = sim_trace_add(trace, SIM_TRACE_MESSAGE);
  *message = (SimTraceMessage){ .id = id,
                                .at = id,
                                .src = 1,
                                .dst = SIM_TRACE_NULL,
                                .type = SIM_TRACE_NULL,
                                .took = SIM_TRACE_NULL,
                                .lost = SIM_TRACE_NULL,
                                .purpose = SIM_TRACE_NULL,
                                .key = SIM_TRACE_NULL,
                                .search = SIM_TRACE_NULL,
                                .cause = cause };
}

/* A small trace: a run, keys, and messages, some of which get their fate later. */
static void
fill(SimTrace *trace, int64_t rows)
{
  SimTraceRun *run = sim_trace_add(trace, SIM_TRACE_RUN);
  *run = (SimTraceRun){ .id = 1,
                        .scenario = g_strdup("x.drt"),
                        .text = g_strdup(""),
                        .seed = g_strdup("1"),
                        .replay = g_strdup(""),
                        .classes = g_strdup(""),
                        .version = g_strdup(""),
                        .host = g_strdup(""),
                        .started = g_strdup(""),
                        .nodes = 1,
                        .sample = 1,
                        .goal = 1 };
  SimTraceNode *node = sim_trace_add(trace, SIM_TRACE_NODE);
  *node =
    (SimTraceNode){ .id = 1, .run = 1, .number = 0, .name = g_strdup("n0"), .grp = g_strdup("n") };
  for (int64_t i = 1; i <= rows; i++) {
    add_message(trace, i, i > 1 ? i - 1 : SIM_TRACE_NULL);
    if (i % 10 != 0)
      continue;
    SimTraceMessageFate *fate = sim_trace_add(trace, SIM_TRACE_MESSAGE_FATE);
    *fate = (SimTraceMessageFate){ .id = i, .took = 7, .lost = SIM_TRACE_NULL };
  }
  sim_trace_flush(trace);
}

static bool
end(SimTrace *trace, bool complete, char **ret_file, GError **error)
{
  SimTraceEnd how = { .trajectory = "1",
                      .results = "2",
                      .verdict = complete ? "held" : "interrupted",
                      .complete = complete };
  return sim_trace_end(trace, &how, ret_file, NULL, error);
}

static void
write_trace(int64_t rows, bool complete, const char *where)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  cr_assert(trace != NULL, "%s", error->message);
  fill(trace, rows);
  cr_assert(end(trace, complete, &file, &error), "%s", error->message);
  cr_expect_str_eq(file, where);
}

static bool
is_alone(const char *file)
{
  g_autofree char *wal = g_strconcat(file, "-wal", NULL);
  g_autofree char *journal = g_strconcat(file, "-journal", NULL);
  return !g_file_test(wal, G_FILE_TEST_EXISTS) && !g_file_test(journal, G_FILE_TEST_EXISTS);
}

Test(trace_file, all_rows_arrive_and_changes_come_after_them)
{
  write_trace(100000, true, path);
  expect_answer(path, "SELECT count(*) || ' ' || sum(took = 7) FROM message", "100000 10000");
  expect_answer(path, "SELECT sum(took IS NULL) FROM message WHERE id % 10 = 0", "0");
  expect_answer(path, "SELECT complete || verdict || trace_rows FROM run", "1held100002");
  expect_answer(path, "PRAGMA integrity_check", "ok");
  expect_answer(path, "PRAGMA foreign_key_check", "?");
  expect_answer(path, "PRAGMA user_version", "1");
  cr_expect(is_alone(path));
}

/* Rows without a gap between their ids are counted by SQLite: whatever comes between them, each row
 * has the id that it was given. */
Test(trace_file, ids_with_gaps_and_out_of_order_are_kept)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  cr_assert(trace != NULL, "%s", error->message);
  fill(trace, 1000);
  int64_t id = 2000, rows = 1000;
  for (int stretch = 0; stretch < 20; stretch++) {
    int64_t lowest = id, length = stretch * 97;
    for (int64_t i = 0; i < length; i++)
      add_message(trace, ++id, SIM_TRACE_NULL);
    add_message(trace, lowest, SIM_TRACE_NULL); /* behind those above it */
    rows += length + 1;
    id += 2;
  }
  cr_assert(end(trace, true, &file, &error), "%s", error->message);
  g_autofree char *all = g_strdup_printf("%" G_GINT64_FORMAT, rows);
  expect_answer(path, "SELECT count(*) FROM message", all);
  expect_answer(path, "SELECT count(*) FROM message WHERE at <> id", "0");
  expect_answer(path, "PRAGMA integrity_check", "ok");
}

Test(trace_file, columns_are_those_of_the_schema)
{
  write_trace(1, true, path);
  for (SimTraceTable table = 0; table < SIM_TRACE_TABLES; table++) {
    const SimTraceLayout *layout = sim_trace_layout(table);
    g_autoptr(GString) names = g_string_new(NULL);
    for (unsigned i = 0; i < layout->columns; i++)
      g_string_append_printf(names, "%s%s", i > 0 ? "," : "", layout->names[i]);
    if (layout->base != table)
      continue;
    g_autofree char *sql = g_strdup_printf(
      "SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('%s') LIMIT %u)",
      layout->name, layout->columns);
    expect_answer(path, sql, names->str);
  }
}

Test(trace_file, a_complete_trace_is_replaced_by_a_complete_one_alone)
{
  write_trace(10, true, path);
  write_trace(20, false, part);
  expect_answer(path, "SELECT count(*) FROM message", "10");
  expect_answer(part, "SELECT count(*) || complete FROM message, run", "200");
  write_trace(30, true, path);
  expect_answer(path, "SELECT count(*) FROM message", "30");
  cr_expect(!g_file_test(part, G_FILE_TEST_EXISTS));
}

Test(trace_file, an_incomplete_trace_is_replaced_by_any)
{
  write_trace(10, false, path);
  write_trace(20, false, path);
  expect_answer(path, "SELECT count(*) FROM message", "20");
}

static void
expect_refused(int code, const char *pattern)
{
  g_autoptr(GError) error = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  cr_assert(trace == NULL);
  cr_expect(g_error_matches(error, SIM_TRACE_ERROR, code), "%s", error->message);
  cr_expect(g_regex_match_simple(pattern, error->message, 0, 0), "%s", error->message);
}

Test(trace_file, what_is_not_ours_is_left_alone)
{
  g_assert(g_file_set_contents(path, "my diary", -1, NULL));
  expect_refused(SIM_TRACE_ERROR_FOREIGN, "'\\S+run.db' is there already and is not a trace");
  g_autofree char *text = NULL;
  g_assert(g_file_get_contents(path, &text, NULL, NULL));
  cr_expect_str_eq(text, "my diary");
  g_unlink(path);
  g_free(ask(path, "SELECT 1"));
  sqlite3 *db;
  g_assert(sqlite3_open(path, &db) == SQLITE_OK);
  sqlite3_exec(db, "CREATE TABLE mine(x); INSERT INTO mine VALUES(5)", NULL, NULL, NULL);
  sqlite3_close(db);
  expect_refused(SIM_TRACE_ERROR_FOREIGN, "is not a trace");
  expect_answer(path, "SELECT x FROM mine", "5");
}

/* Its first bytes are gone, which SQLite needs, but not our name. */
Test(trace_file, a_damaged_trace_is_left_alone_and_called_so)
{
  write_trace(10, true, path);
  FILE *stream = fopen(path, "r+b");
  cr_assert(stream != NULL && fwrite("damaged!", 8, 1, stream) == 1 && fclose(stream) == 0);
  expect_refused(SIM_TRACE_ERROR_FOREIGN, "a trace of drtsim that is damaged: it is left as it is");
}

/* As a run leaves it that is killed in its first moment. */
Test(trace_file, an_empty_file_is_as_none)
{
  g_assert(g_file_set_contents(path, "", 0, NULL));
  write_trace(10, true, path);
  expect_answer(path, "SELECT count(*) FROM message", "10");
}

Test(trace_file, a_trace_in_use_is_left_alone)
{
  write_trace(10, true, path);
  sqlite3 *db;
  g_assert(sqlite3_open(path, &db) == SQLITE_OK);
  sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  expect_refused(SIM_TRACE_ERROR_IN_USE, "another program is using it");
  sqlite3_close(db);
}

Test(trace_file, two_runs_do_not_write_one_trace)
{
  g_autoptr(GError) error = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  cr_assert(trace != NULL);
  expect_refused(SIM_TRACE_ERROR_IN_USE, "another program is using it");
  g_autofree char *file = NULL;
  fill(trace, 10);
  cr_expect(end(trace, true, &file, &error));
  expect_answer(path, "SELECT count(*) FROM message", "10");
}

Test(trace_file, a_folder_that_is_missing_is_named)
{
  g_free(path);
  path = g_build_filename(folder, "no", "run.db", NULL);
  expect_refused(SIM_TRACE_ERROR_WRITE, "cannot create '\\S+/no/run.db': No such file");
}

/* A trace needs a file beside it, so the folder's word counts. Root, whom no folder stops, becomes
 * somebody else for a while. */
Test(trace_file, a_folder_that_takes_no_file_is_why)
{
  g_assert(g_chmod(folder, 0555) == 0);
  bool root = geteuid() == 0;
  cr_assert(!root || seteuid(65534) == 0);
  expect_refused(SIM_TRACE_ERROR_WRITE, "cannot create '\\S+/run.db': Permission denied");
  cr_assert(!root || seteuid(0) == 0);
  g_assert(g_chmod(folder, 0755) == 0);
}

Test(trace_file, it_can_be_read_while_it_grows)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  fill(trace, 100);
  g_autofree char *count = NULL;
  for (int i = 0; i < 100 && g_strcmp0(count, "100") != 0; i++) {
    g_usleep(50000);
    g_free(count);
    count = ask(path, "SELECT count(*) FROM message");
  }
  cr_expect_str_eq(count, "100");
  cr_expect(end(trace, true, &file, &error));
}

static gpointer
let_go(gpointer db)
{
  g_usleep(200000);
  sqlite3_close(db);
  return NULL;
}

/* Its log stayed, and for ever if that somebody could only read. */
Test(trace_file, somebody_who_reads_to_the_end_leaves_no_log)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  fill(trace, 100);
  sqlite3 *db;
  g_assert(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
  g_assert(sqlite3_exec(db, "SELECT count(*) FROM message", NULL, NULL, NULL) == SQLITE_OK);
  GThread *reader = g_thread_new("reader", let_go, db);
  cr_expect(end(trace, true, &file, &error));
  g_thread_join(reader);
  cr_expect(is_alone(path));
}

/* ---- A disk that fails at the n-th write. ---- */

typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
} File;

static sqlite3_vfs faulty;
static sqlite3_vfs *real_vfs;
static int writes_left; /* then each one fails, */
static bool once;       /* or the next one alone */
static int fault;

static int
on_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
  int left = g_atomic_int_add(&writes_left, -1);
  if (left == 0 || (left < 0 && !once))
    return fault;
  sqlite3_file *real = ((File *)file)->real;
  return real->pMethods->xWrite(real, bytes, n, at);
}

#define PASS(name, parameters, ...)                                                                \
  static int pass_##name parameters                                                                \
  {                                                                                                \
    sqlite3_file *real = ((File *)file)->real;                                                     \
    return real->pMethods->x##name(__VA_ARGS__);                                                   \
  }
PASS(Read, (sqlite3_file * file, void *to, int n, sqlite3_int64 at), real, to, n, at)
PASS(Truncate, (sqlite3_file * file, sqlite3_int64 n), real, n)
PASS(Sync, (sqlite3_file * file, int flags), real, flags)
PASS(FileSize, (sqlite3_file * file, sqlite3_int64 *ret), real, ret)
PASS(Lock, (sqlite3_file * file, int level), real, level)
PASS(Unlock, (sqlite3_file * file, int level), real, level)
PASS(CheckReservedLock, (sqlite3_file * file, int *ret), real, ret)
PASS(FileControl, (sqlite3_file * file, int code, void *data), real, code, data)
PASS(ShmMap, (sqlite3_file * file, int i, int n, int grow, void volatile **ret), real, i, n, grow,
     ret)
PASS(ShmLock, (sqlite3_file * file, int offset, int n, int flags), real, offset, n, flags)
PASS(ShmUnmap, (sqlite3_file * file, int flag), real, flag)
PASS(SectorSize, (sqlite3_file * file), real)
PASS(DeviceCharacteristics, (sqlite3_file * file), real)

static int
pass_Close(sqlite3_file *file)
{
  sqlite3_file *real = ((File *)file)->real;
  int code = real->pMethods->xClose(real);
  g_free(real);
  return code;
}

static void
pass_ShmBarrier(sqlite3_file *file)
{
  sqlite3_file *real = ((File *)file)->real;
  real->pMethods->xShmBarrier(real);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = pass_Close,
  .xRead = pass_Read,
  .xWrite = on_write,
  .xTruncate = pass_Truncate,
  .xSync = pass_Sync,
  .xFileSize = pass_FileSize,
  .xLock = pass_Lock,
  .xUnlock = pass_Unlock,
  .xCheckReservedLock = pass_CheckReservedLock,
  .xFileControl = pass_FileControl,
  .xSectorSize = pass_SectorSize,
  .xDeviceCharacteristics = pass_DeviceCharacteristics,
  .xShmMap = pass_ShmMap,
  .xShmLock = pass_ShmLock,
  .xShmBarrier = pass_ShmBarrier,
  .xShmUnmap = pass_ShmUnmap,
};

static int
open_faulty(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
  (void)vfs;
  File *ours = (File *)file;
  ours->base.pMethods = NULL;
  ours->real = g_malloc0((gsize)real_vfs->szOsFile);
  int code = real_vfs->xOpen(real_vfs, name, ours->real, flags, ret_flags);
  if (code == SQLITE_OK)
    ours->base.pMethods = &methods;
  else
    g_free(ours->real);
  return code;
}

static void
use_faulty_disk(void)
{
  real_vfs = sqlite3_vfs_find(NULL);
  faulty = *real_vfs;
  faulty.zName = "faulty";
  faulty.szOsFile = sizeof(File);
  faulty.xOpen = open_faulty;
  faulty.pNext = NULL;
  sqlite3_vfs_register(&faulty, 0);
}

/* All rows are there: only its place could not be taken. */
static bool
is_whole(const char *file)
{
  g_autofree char *count = ask(file, "SELECT count(*) FROM message");
  g_autofree char *indexes =
    ask(file, "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_by_%'");
  g_autofree char *verdict = ask(file, "SELECT verdict FROM run");
  return g_str_equal(count, "3000") && g_str_equal(indexes, "6") && g_str_equal(verdict, "held");
}

/* False once no write has failed. */
static bool
try_with_writes(int n, const char *earlier)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  g_atomic_int_set(&writes_left, n);
  SimTrace *trace = sim_trace_new(path, "faulty", &error);
  bool good = false;
  if (trace != NULL) {
    fill(trace, 3000);
    good = end(trace, true, &file, &error);
  }
  bool hit = g_atomic_int_get(&writes_left) < 0;
  g_atomic_int_set(&writes_left, G_MAXINT);
  cr_assert(good || hit, "without a fault: %s", error->message);
  cr_assert(good || error != NULL, "write %d: no error", n);
  if (!good && earlier != NULL)
    expect_answer(path, "SELECT count(*) || complete FROM message, run", earlier);
  if (file == NULL && trace != NULL)
    cr_assert_fail("write %d: where it is was not said", n);
  if (file != NULL && g_file_test(file, G_FILE_TEST_EXISTS)) {
    expect_answer(file, "PRAGMA integrity_check", "ok");
    expect_answer(file, "SELECT complete FROM run UNION ALL SELECT 0 LIMIT 1",
                  good || is_whole(file) ? "1" : "0");
  }
  return hit;
}

static void
fail_each_write(int code, bool with_earlier)
{
  use_faulty_disk();
  fault = code;
  int n = 0;
  for (bool hit = true; hit; n++) {
    g_unlink(path);
    if (with_earlier)
      write_trace(5, true, path);
    hit = try_with_writes(n, with_earlier ? "51" : NULL);
  }
  cr_expect_gt(n, 20);
}

Test(trace_file, each_write_fails_for_want_of_room, .timeout = 100)
{
  fail_each_write(SQLITE_FULL, false);
}

Test(trace_file, each_write_fails_and_the_earlier_trace_stays, .timeout = 100)
{
  fail_each_write(SQLITE_IOERR_WRITE, true);
}

/* What was taken back has left room, so the file can say what became of the run, and how many rows it has. */
Test(trace_file, a_full_disk_is_told_in_the_file)
{
  use_faulty_disk();
  fault = SQLITE_FULL;
  once = true;
  g_autoptr(GError) error = NULL;
  g_autofree char *file = NULL;
  g_atomic_int_set(&writes_left, 60);
  SimTrace *trace = sim_trace_new(path, "faulty", &error);
  cr_assert(trace != NULL);
  fill(trace, 100000);
  uint64_t rows = 0;
  SimTraceEnd how = { .trajectory = "1", .results = "2", .verdict = "trouble", .reached = 77 };
  cr_expect(!sim_trace_end(trace, &how, &file, &rows, &error));
  cr_expect(error != NULL && strstr(error->message, "the disk is full") != NULL);
  cr_expect(rows > 0 && rows < 100000, "%" G_GUINT64_FORMAT, rows);
  g_autofree char *kept = g_strdup_printf("%" G_GUINT64_FORMAT, rows);
  expect_answer(file, "SELECT trace_rows FROM run", kept);
  expect_answer(
    file,
    "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM node) + 1 = trace_rows"
    " FROM run",
    "1");
  expect_answer(file, "SELECT reached || verdict || complete FROM run", "77trouble0");
  expect_answer(file, "SELECT problem LIKE '%the disk is full' FROM run", "1");
}
