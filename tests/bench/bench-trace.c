/* How many rows a second the writer of a trace takes, by kind of row: the simulation does nothing but
 * make them. Beside it, in turn, the same rows by the fastest bulk insert: no journal, no other thread.
 *
 *   bench-trace [--tiny] [KIND...]     key, message, sample; all of them without any */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "sim-trace-resources.h"
#include "sim-trace.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  const char *name;
  SimTraceTable table;
  void (*fill)(void *words, int64_t i);
} Kind;

static void
fill_sample(void *words, int64_t i)
{
  *(SimTraceSample *)words =
    (SimTraceSample){ .run = 1, .at = i * 1000, .metric = i % 49, .num = i, .den = 1000 };
}

static void
fill_key(void *words, int64_t i)
{
  *(SimTraceKey *)words = (SimTraceKey){ .id = i + 1, .run = 1, .hex = "0123456789abcdef" };
}

static void
fill_message(void *words, int64_t i)
{
  *(SimTraceMessage *)words = (SimTraceMessage){ .id = i + 1,
                                                 .at = i * 100000,
                                                 .src = 1 + i % 2000,
                                                 .dst = 1 + i * 7 % 2000,
                                                 .type = 8,
                                                 .bytes = 96,
                                                 .took = 40000000,
                                                 .lost = SIM_TRACE_NULL,
                                                 .purpose = 87,
                                                 .key = 1 + i % 3000,
                                                 .search = SIM_TRACE_NULL,
                                                 .cause = i + 1 };
}

/* ---- The yardstick: the fastest bulk insert that was found before anything was built. ---- */

#define VALUES_ROWS 128

static void
say(sqlite3 *db, const char *sql)
{
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return;
  fprintf(stderr, "bench-trace: %s\n", sqlite3_errmsg(db));
  exit(1);
}

static void
say_resource(sqlite3 *db, const char *name)
{
  g_autoptr(GBytes) sql = g_resource_lookup_data(sim_trace_get_resource(), name, 0, NULL);
  say(db, g_bytes_get_data(sql, NULL));
}

static sqlite3_stmt *
prepare_values(sqlite3 *db, const SimTraceLayout *layout)
{
  g_autoptr(GString) sql = g_string_new(NULL);
  g_autofree char *names = g_strjoinv(",", (char **)layout->names);
  g_string_printf(sql, "INSERT INTO %s(%s) VALUES", layout->name, names);
  for (unsigned i = 0; i < VALUES_ROWS * layout->columns; i++)
    g_string_append(sql, i == 0 ? "(?" : i % layout->columns == 0 ? "),(?" : ",?");
  g_string_append_c(sql, ')');
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(db, sql->str, -1, &statement, NULL) != SQLITE_OK)
    say(db, sql->str); /* fails again, and says why */
  return statement;
}

static void
bind_row(sqlite3_stmt *statement, const SimTraceLayout *layout, unsigned row, const int64_t *words)
{
  int at = (int)(row * layout->columns);
  for (unsigned i = 0; i < layout->columns; i++) {
    char *text;
    memcpy(&text, &words[i], sizeof text);
    if (layout->kinds[i] == 't')
      sqlite3_bind_text(statement, ++at, text, -1, SQLITE_STATIC);
    else if (words[i] == SIM_TRACE_NULL)
      sqlite3_bind_null(statement, ++at);
    else
      sqlite3_bind_int64(statement, ++at, words[i]);
  }
}

/* One transaction without any journal, many rows a statement, the index at the end. */
static void
insert_values(const char *path, const Kind *kind, int64_t rows)
{
  const SimTraceLayout *layout = sim_trace_layout(kind->table);
  sqlite3 *db;
  sqlite3_open(path, &db);
  say(db, "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
          "PRAGMA cache_size = -32768");
  say_resource(db, "/drtsim/trace/schema.sql");
  sqlite3_stmt *statement = prepare_values(db, layout);
  say(db, "BEGIN");
  for (int64_t i = 0; i + VALUES_ROWS <= rows; i += VALUES_ROWS) {
    for (unsigned row = 0; row < VALUES_ROWS; row++) {
      int64_t words[SIM_TRACE_COLUMNS];
      kind->fill(words, i + row);
      bind_row(statement, layout, row, words);
    }
    sqlite3_step(statement);
    if (sqlite3_reset(statement) != SQLITE_OK)
      say(db, "ROLLBACK; values");
  }
  say(db, "COMMIT");
  sqlite3_finalize(statement);
  say_resource(db, "/drtsim/trace/indexes.sql");
  sqlite3_close(db);
}

/* ---- What is measured. ---- */

static void
write_trace(const char *path, const Kind *kind, int64_t rows)
{
  g_autofree char *file = NULL;
  g_autoptr(GError) error = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  for (int64_t i = 0; trace != NULL && i < rows; i++) {
    void *words = sim_trace_add(trace, kind->table);
    kind->fill(words, i);
    if (kind->table == SIM_TRACE_KEY) /* the trace frees its texts */
      ((SimTraceKey *)words)->hex = g_strdup(((SimTraceKey *)words)->hex);
  }
  SimTraceEnd end = { .trajectory = "", .results = "", .verdict = "held", .complete = true };
  if (trace != NULL && sim_trace_end(trace, &end, &file, NULL, &error))
    return;
  fprintf(stderr, "bench-trace: %s\n", error->message);
  exit(1);
}

typedef struct {
  const char *name;
  void (*write)(const char *path, const Kind *kind, int64_t rows);
  double rows_s, own_s; /* at best */
  int64_t bytes;
} Way;

static double
cpu_s(clockid_t clock)
{
  struct timespec at;
  clock_gettime(clock, &at);
  return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void
measure(Way *way, const Kind *kind, int64_t rows)
{
  g_autofree char *folder = g_dir_make_tmp("drtsim-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "bench.db", NULL);
  double cpu = cpu_s(CLOCK_PROCESS_CPUTIME_ID);
  gint64 began = g_get_monotonic_time();
  way->write(path, kind, rows);
  double seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
  cpu = cpu_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  way->rows_s = MAX(way->rows_s, (double)rows / seconds);
  way->own_s = way->own_s == 0 ? cpu : MIN(way->own_s, cpu);
  GStatBuf about = { 0 };
  g_stat(path, &about);
  way->bytes = about.st_size;
  g_unlink(path);
  g_rmdir(folder);
}

static void
compare(const Kind *kind, int64_t rows, int rounds)
{
  Way ways[] = { { .name = "trace", .write = write_trace },
                 { .name = "bulk insert", .write = insert_values } };
  for (int round = 0; round < rounds; round++)
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
      measure(&ways[i], kind, rows);
  for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
    printf("%-8s %-12s %8.0f rows/s %6.0f ns of processor a row %6.1f bytes a row\n", kind->name,
           ways[i].name, ways[i].rows_s, 1e9 * ways[i].own_s / (double)rows,
           (double)ways[i].bytes / (double)rows);
  printf("%-8s the bulk insert is faster by %.2f\n", kind->name, ways[1].rows_s / ways[0].rows_s);
}

int
main(int argc, char **argv)
{
  static const Kind kinds[] = {
    { "key", SIM_TRACE_KEY, fill_key },
    { "message", SIM_TRACE_MESSAGE, fill_message },
    { "sample", SIM_TRACE_SAMPLE, fill_sample },
  };
  bool tiny = argc > 1 && strcmp(argv[1], "--tiny") == 0;
  const char *const *wanted = (const char *const *)argv + 1 + tiny;
  for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (wanted[0] == NULL || g_strv_contains(wanted, kinds[i].name))
      compare(&kinds[i], tiny ? 2048 : 2000 * 1024, tiny ? 1 : 3);
  return 0;
}
