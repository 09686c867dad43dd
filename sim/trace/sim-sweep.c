#include "sim-sweep.h"

#include "sim-trace-file.h"
#include "sim-trace-resources.h"
#include "sim-trace.h"

#include <gio/gio.h>
#include <string.h>

#define SHIFT_BITS 40 /* ids that a run may have, as schema.sql says */

struct SimSweep {
  SimTraceFile file;
};

static bool
fail(SimSweep *sweep, GError **error)
{
  sim_trace_file_error(sweep->file.db, sweep->file.file, "write", error);
  return false;
}

/* A parameter of a statement: a text, or else a number. */
typedef struct {
  const char *text;
  int64_t number;
} Value;

static bool
execute(SimSweep *sweep, const char *sql, const Value *values, int count)
{
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(sweep->file.db, sql, -1, &statement, NULL) != SQLITE_OK)
    return false;
  for (int i = 0; i < count; i++)
    if (values[i].text != NULL)
      sqlite3_bind_text(statement, i + 1, values[i].text, -1, SQLITE_TRANSIENT);
    else
      sqlite3_bind_int64(statement, i + 1, values[i].number);
  bool good = sqlite3_step(statement) == SQLITE_DONE;
  return sqlite3_finalize(statement) == SQLITE_OK && good;
}

static bool
say(SimSweep *sweep, const char *sql)
{
  return execute(sweep, sql, NULL, 0);
}

/* The first column of the first row as a text (transfer full), or NULL. */
static char *
ask(sqlite3 *db, const char *sql, const char *first, const char *second)
{
  sqlite3_stmt *statement = NULL;
  char *text = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  if (first != NULL)
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_TRANSIENT);
  if (second != NULL)
    sqlite3_bind_text(statement, 2, second, -1, SQLITE_TRANSIENT);
  if (sqlite3_step(statement) == SQLITE_ROW)
    text = g_strdup((const char *)sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return text;
}

/* Of a file that is not open for writing yet: what is refused is not touched. @data: the text. */
static bool
is_same(const void *data, sqlite3 *db, const char *path, GError **error)
{
  g_autofree char *known = ask(db, "SELECT text FROM sweep", NULL, NULL);
  if (g_strcmp0(known, data) == 0)
    return true;
  g_set_error(error, SIM_TRACE_ERROR, SIM_TRACE_ERROR_FOREIGN,
              known == NULL
                ? "'%s' is no sweep but the trace of a run: it is left as it is; choose "
                  "another name"
                : "'%s' is a sweep of another scenario, or of this one before it was "
                  "changed: it is left as it is; choose another name",
              path);
  return false;
}

/* The indexes grow with the runs, unlike those of a trace: rows of a run come in almost in their order,
 * so that this costs no more than one index at the end, when nothing else could be done beside it. */
static bool
begin(SimSweep *sweep, const char *text)
{
  return execute(sweep, "INSERT INTO sweep VALUES(1, ?)", &(Value){ .text = text }, 1) &&
         sim_trace_file_index(&sweep->file);
}

SimSweep *
sim_sweep_open(const char *path, const char *text, GError **error)
{
  SimSweep *sweep = g_new0(SimSweep, 1);
  bool is_new;
  SimTraceFileUse use = { .fits = is_same, .data = text };
  bool good = sim_trace_file_open_again(&sweep->file, path, &use, &is_new, error);
  if (good && is_new)
    good = begin(sweep, text) || fail(sweep, error);
  if (good)
    return sweep;
  sim_trace_file_clear(&sweep->file);
  g_free(sweep);
  return NULL;
}

/* One whose trace broke off has no status: it could not be written. */
int
sim_sweep_status(SimSweep *sweep, const char *point, uint64_t seed)
{
  static const char sql[] =
    "SELECT coalesce(exit_code, 4) FROM v_point JOIN run ON run.id = v_point.run"
    " WHERE point = ? AND v_point.seed = ?";
  g_autofree char *seed_text = g_strdup_printf("%" G_GUINT64_FORMAT, seed);
  g_autofree char *status = ask(sweep->file.db, sql, point, seed_text);
  return status == NULL ? -1 : (int)g_ascii_strtoll(status, NULL, 10);
}

static unsigned
count_runs(SimSweep *sweep, const char *sql, const char *argument)
{
  g_autofree char *runs = ask(sweep->file.db, sql, argument, NULL);
  return runs == NULL ? 0 : (unsigned)g_ascii_strtoull(runs, NULL, 10);
}

unsigned
sim_sweep_runs(SimSweep *sweep)
{
  return count_runs(sweep, "SELECT count(*) FROM run", NULL);
}

unsigned
sim_sweep_runs_with(SimSweep *sweep, const int *statuses, unsigned count)
{
  unsigned runs = 0;
  for (unsigned i = 0; i < count; i++) {
    g_autofree char *status = g_strdup_printf("%d", statuses[i]);
    runs += count_runs(
      sweep, "SELECT count(*) FROM run WHERE coalesce(exit_code, 4) = CAST(? AS INTEGER)", status);
  }
  return runs;
}

static int64_t
next_run(SimSweep *sweep)
{
  g_autofree char *last = ask(sweep->file.db, "SELECT coalesce(max(id), 0) FROM run", NULL, NULL);
  return last == NULL ? 1 : g_ascii_strtoll(last, NULL, 10) + 1;
}

/* The statements of merge.sql, one by one. */
static bool
merge(SimSweep *sweep, int64_t run)
{
  g_autoptr(GBytes) sql = g_resource_lookup_data(
    sim_trace_get_resource(), "/drtsim/trace/merge.sql", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  const char *at = g_bytes_get_data(sql, NULL);
  bool good = true;
  while (good && *at != '\0') {
    sqlite3_stmt *statement = NULL;
    good = sqlite3_prepare_v2(sweep->file.db, at, -1, &statement, &at) == SQLITE_OK;
    if (!good || statement == NULL) /* the rest is white space */
      break;
    int run_at = sqlite3_bind_parameter_index(statement, ":run");
    int shift_at = sqlite3_bind_parameter_index(statement, ":shift");
    if (run_at > 0)
      sqlite3_bind_int64(statement, run_at, run);
    if (shift_at > 0)
      sqlite3_bind_int64(statement, shift_at, (run - 1) << SHIFT_BITS);
    good = sqlite3_step(statement) == SQLITE_DONE;
    good = sqlite3_finalize(statement) == SQLITE_OK && good;
  }
  return good;
}

bool
sim_sweep_add(SimSweep *sweep, const char *trace, GError **error)
{
  int64_t run = next_run(sweep);
  if (!execute(sweep, "ATTACH ? AS part", &(Value){ .text = trace }, 1))
    return fail(sweep, error);
  bool good = say(sweep, "BEGIN") && merge(sweep, run) && say(sweep, "COMMIT");
  if (!good) {
    fail(sweep, error);
    sqlite3_exec(sweep->file.db, "ROLLBACK", NULL, NULL, NULL);
  }
  sqlite3_exec(sweep->file.db, "DETACH part", NULL, NULL, NULL);
  return good;
}

static bool
add_params(SimSweep *sweep, int64_t run, const char *const *sets)
{
  for (; *sets != NULL; sets++) {
    const char *is = strchr(*sets, '=');
    g_autofree char *name = g_strndup(*sets, (gsize)(is - *sets));
    if (!execute(sweep, "INSERT INTO param VALUES(?, ?, ?, 1)",
                 (Value[]){ { .number = run }, { .text = name }, { .text = is + 1 } }, 3))
      return false;
  }
  return true;
}

bool
sim_sweep_add_failed(SimSweep *sweep, const SimSweepFailure *failure, GError **error)
{
  static const char sql[] = "INSERT INTO run(id, scenario, text, seed, replay, classes, version, "
                            "host, started, nodes, sample,"
                            " goal, verdict, exit_code, problem) VALUES(?, ?, '', ?, ?, 'none', "
                            "'', '', '', 0, 0, 0, ?, ?, ?)";
  int64_t run = next_run(sweep);
  g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, failure->seed);
  const Value values[] = {
    { .number = run },
    { .text = failure->scenario },
    { .text = seed },
    { .text = failure->replay },
    { .text = failure->verdict },
    { .number = failure->exit_code },
    { .text = failure->problem },
  };
  bool good = say(sweep, "BEGIN") && execute(sweep, sql, values, G_N_ELEMENTS(values)) &&
              add_params(sweep, run, failure->sets) && say(sweep, "COMMIT");
  if (good)
    return true;
  fail(sweep, error);
  sqlite3_exec(sweep->file.db, "ROLLBACK", NULL, NULL, NULL);
  return false;
}

bool
sim_sweep_close(SimSweep *sweep, GError **error)
{
  bool good = sim_trace_file_index(&sweep->file) || fail(sweep, error);
  good = sim_trace_file_close(&sweep->file, false, good ? error : NULL) && good;
  sim_trace_file_clear(&sweep->file);
  g_free(sweep);
  return good;
}
