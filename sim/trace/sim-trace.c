/* The writer: a thread that gathers rows by table and writes them in large transactions. */
#include "sim-trace.h"

#include "sim-trace-batch.h"
#include "sim-trace-file.h"
#include "sim-trace-ring.h"

#include <stdatomic.h>
#include <string.h>

#define RING_WORDS (1u << 20)
#define COMMIT_EVERY G_USEC_PER_SEC /* what a kill or a full disk can take: so much time, */
#define COMMIT_ROWS 32768           /* or so many rows, */
#define COMMIT_FIRST 4096           /* the first ones come sooner */
#define LOOK_AT_CLOCK 1024          /* looked at after so many */

struct SimTrace {
  SimTraceFile file;
  SimTraceRing *ring;
  GThread *thread;
  /* The writer's own, until it has ended: */
  SimTraceBatch batches[SIM_TRACE_TABLES];
  bool in_transaction;
  gint64 committed;        /* when */
  uint64_t kept, underway; /* rows in transactions that have ended, and since then */
  GError *error;           /* the first */
  /* Both: */
  atomic_bool failed;
};

/* ---- The writer's thread. ---- */

static void
fail(SimTrace *trace)
{
  if (atomic_load(&trace->failed))
    return;
  sim_trace_file_error(trace->file.db, trace->file.file, "write", &trace->error);
  if (sqlite3_get_autocommit(trace->file.db) == 0)
    sqlite3_exec(trace->file.db, "ROLLBACK", NULL, NULL, NULL);
  atomic_store(&trace->failed, true);
}

static bool
execute(SimTrace *trace, const char *sql)
{
  if (sqlite3_exec(trace->file.db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return true;
  fail(trace);
  return false;
}

/* Changes come after the rows that they change. */
static void
write_batch(SimTrace *trace, SimTraceTable table)
{
  SimTraceBatch *batch = &trace->batches[table];
  SimTraceTable order[] = { batch->layout->base, table };
  for (unsigned i = order[0] == table; i < 2; i++) {
    if (atomic_load(&trace->failed) ||
        (!trace->in_transaction && !(trace->in_transaction = execute(trace, "BEGIN"))))
      return;
    if (sim_trace_batch_write(&trace->batches[order[i]]) != SQLITE_OK)
      fail(trace);
  }
}

static void
commit(SimTrace *trace)
{
  trace->committed = g_get_monotonic_time();
  for (SimTraceTable table = 0; table < SIM_TRACE_TABLES; table++)
    if (trace->batches[table].rows > 0)
      write_batch(trace, table);
  if (!trace->in_transaction || atomic_load(&trace->failed))
    return;
  trace->in_transaction = false;
  if (!execute(trace, "COMMIT"))
    return;
  trace->kept += trace->underway;
  trace->underway = 0;
}

static void
take_row(SimTrace *trace, SimTraceTable table, const int64_t *columns)
{
  SimTraceBatch *batch = &trace->batches[table];
  if (sim_trace_batch_is_full(batch))
    write_batch(trace, table);
  if (atomic_load(&trace->failed)) {
    sim_trace_row_free(sim_trace_layout(table), columns);
    return;
  }
  sim_trace_batch_add(batch, columns);
  trace->underway += batch->layout->base == table;
}

static gpointer
write_rows(gpointer data)
{
  SimTrace *trace = data;
  SimTraceRingTake taken;
  uint32_t table, rows = 0;
  const int64_t *columns;
  while ((taken = sim_trace_ring_take(trace->ring, COMMIT_EVERY, &table, &columns)) !=
         SIM_TRACE_RING_ENDED) {
    if (taken == SIM_TRACE_RING_EMPTY)
      commit(trace);
    else
      take_row(trace, table, columns);
    if (taken == SIM_TRACE_RING_ROW && table == SIM_TRACE_RUN)
      commit(trace); /* whatever comes, the file says what it is */
    rows++;
    bool early = rows == COMMIT_FIRST || rows == 2 * COMMIT_FIRST; /* of use on a small disk */
    if (early || rows % COMMIT_ROWS == 0 ||
        (rows % LOOK_AT_CLOCK == 0 && g_get_monotonic_time() - trace->committed > COMMIT_EVERY))
      commit(trace);
  }
  commit(trace);
  return NULL;
}

/* ---- The simulation's thread. ---- */

static bool
open_batches(SimTrace *trace, GError **error)
{
  for (SimTraceTable table = 0; table < SIM_TRACE_TABLES; table++) {
    if (sim_trace_batch_init(&trace->batches[table], trace->file.db, table) == SQLITE_OK)
      continue;
    sim_trace_file_error(trace->file.db, trace->file.file, "write", error);
    return false;
  }
  return true;
}

static void
free_trace(SimTrace *trace)
{
  for (SimTraceTable table = 0; table < SIM_TRACE_TABLES; table++)
    if (trace->batches[table].layout != NULL)
      sim_trace_batch_clear(&trace->batches[table]);
  sim_trace_file_clear(&trace->file);
  sim_trace_ring_free(trace->ring);
  g_clear_error(&trace->error);
  g_free(trace);
}

SimTrace *
sim_trace_new(const char *path, const char *vfs, GError **error)
{
  SimTrace *trace = g_new0(SimTrace, 1);
  trace->ring = sim_trace_ring_new(RING_WORDS);
  if (!sim_trace_file_open(&trace->file, path, vfs, error) || !open_batches(trace, error)) {
    free_trace(trace);
    return NULL;
  }
  trace->committed = g_get_monotonic_time();
  trace->thread = g_thread_new("trace", write_rows, trace);
  return trace;
}

void *
sim_trace_add(SimTrace *trace, SimTraceTable table)
{
  const SimTraceLayout *layout = sim_trace_layout(table);
  return sim_trace_ring_add(trace->ring, table, layout->columns);
}

void
sim_trace_flush(SimTrace *trace)
{
  sim_trace_ring_flush(trace->ring);
}

bool
sim_trace_has_failed(SimTrace *trace)
{
  return atomic_load(&trace->failed);
}

uint64_t
sim_trace_waits(const SimTrace *trace, gint64 *ret_us)
{
  return sim_trace_ring_waits(trace->ring, ret_us);
}

const char *
sim_trace_file(const SimTrace *trace)
{
  return trace->file.file;
}

/* ---- Its end. ---- */

static void
bind_text(sqlite3_stmt *statement, const char *name, const char *text)
{
  sqlite3_bind_text(statement, sqlite3_bind_parameter_index(statement, name), text, -1,
                    SQLITE_STATIC);
}

static void
bind_number(sqlite3_stmt *statement, const char *name, int64_t number)
{
  sqlite3_bind_int64(statement, sqlite3_bind_parameter_index(statement, name), number);
}

/* Also of a trace that has failed: what was taken back has left room for it, if the disk was full. */
static void
write_end(SimTrace *trace, const SimTraceEnd *end)
{
  bool good = !trace->failed;
  static const char sql[] =
    "UPDATE run SET reached = :reached, wall_s = :wall, events = :events, messages = :messages,"
    " bytes = :bytes, nodes_peak = :peak, peak_rss_bytes = :rss, trace_rows = :rows,"
    " trajectory = :trajectory, results = :results, verdict = :verdict, exit_code = :exit,"
    " problem = :problem, complete = :complete";
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(trace->file.db, sql, -1, &statement, NULL) != SQLITE_OK) {
    fail(trace);
    return;
  }
  bind_number(statement, ":reached", end->reached);
  sqlite3_bind_double(statement, sqlite3_bind_parameter_index(statement, ":wall"), end->wall_s);
  bind_number(statement, ":events", end->events);
  bind_number(statement, ":messages", end->messages);
  bind_number(statement, ":bytes", end->bytes);
  bind_number(statement, ":peak", end->nodes_peak);
  bind_number(statement, ":rss", end->peak_rss_bytes);
  bind_number(statement, ":rows", (int64_t)trace->kept);
  bind_text(statement, ":trajectory", end->trajectory);
  bind_text(statement, ":results", end->results);
  bind_text(statement, ":verdict", end->verdict);
  bind_number(statement, ":exit", end->exit_code);
  bind_text(statement, ":problem", good ? end->problem : trace->error->message);
  bind_number(statement, ":complete", good && end->complete);
  if (sqlite3_step(statement) != SQLITE_DONE)
    fail(trace);
  sqlite3_finalize(statement);
}

bool
sim_trace_end(SimTrace *trace, const SimTraceEnd *end, char **ret_file, uint64_t *ret_rows,
              GError **error)
{
  sim_trace_ring_end(trace->ring);
  g_thread_join(trace->thread);
  if (!trace->failed && !end->part && !sim_trace_file_index(&trace->file))
    fail(trace);
  write_end(trace, end);
  bool good = !trace->failed;
  if (ret_rows != NULL)
    *ret_rows = trace->kept;
  for (SimTraceTable table = 0; table < SIM_TRACE_TABLES; table++) {
    sim_trace_batch_clear(&trace->batches[table]); /* no statement may be open when it closes */
    trace->batches[table].layout = NULL;
  }
  bool closed = sim_trace_file_close(&trace->file, good && end->complete, good ? error : NULL);
  *ret_file = g_strdup(trace->file.file);
  if (!good && error != NULL)
    *error = g_steal_pointer(&trace->error);
  free_trace(trace);
  return good && closed;
}
