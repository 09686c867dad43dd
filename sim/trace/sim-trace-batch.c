#include "sim-trace-batch.h"

#include <string.h>

#define ROOM 256 /* rows; more are not faster */

typedef struct {
  sqlite3_vtab base; /* first: SQLite knows no more of it */
  const SimTraceBatch *batch;
} Table;

typedef struct {
  sqlite3_vtab_cursor base; /* first, likewise */
  const SimTraceBatch *batch;
  unsigned row;
} Cursor;

static int
on_connect(sqlite3 *db, void *data, int argc, const char *const *argv, sqlite3_vtab **ret,
           char **error)
{
  (void)argc;
  (void)argv;
  (void)error;
  const SimTraceBatch *batch = data;
  g_autoptr(GString) sql = g_string_new("CREATE TABLE batch(");
  for (unsigned i = 0; i < batch->layout->columns; i++)
    g_string_append_printf(sql, "%s\"%s\"", i > 0 ? "," : "", batch->layout->names[i]);
  g_string_append_c(sql, ')');
  int code = sqlite3_declare_vtab(db, sql->str);
  if (code != SQLITE_OK)
    return code;
  Table *table = sqlite3_malloc(sizeof *table);
  if (table == NULL)
    return SQLITE_NOMEM;
  *table = (Table){ .batch = batch };
  *ret = &table->base;
  return SQLITE_OK;
}

static int
on_disconnect(sqlite3_vtab *table)
{
  sqlite3_free(table);
  return SQLITE_OK;
}

static int
on_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
  info->estimatedRows = ((Table *)table)->batch->room;
  return SQLITE_OK;
}

static int
on_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret)
{
  Cursor *cursor = sqlite3_malloc(sizeof *cursor);
  if (cursor == NULL)
    return SQLITE_NOMEM;
  *cursor = (Cursor){ .batch = ((Table *)table)->batch };
  *ret = &cursor->base;
  return SQLITE_OK;
}

static int
on_close(sqlite3_vtab_cursor *cursor)
{
  sqlite3_free(cursor);
  return SQLITE_OK;
}

static int
on_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc, sqlite3_value **argv)
{
  (void)number;
  (void)text;
  (void)argc;
  (void)argv;
  ((Cursor *)cursor)->row = 0;
  return SQLITE_OK;
}

static int
on_next(sqlite3_vtab_cursor *cursor)
{
  ((Cursor *)cursor)->row++;
  return SQLITE_OK;
}

static int
on_eof(sqlite3_vtab_cursor *base)
{
  const Cursor *cursor = (const Cursor *)base;
  return cursor->row >= cursor->batch->rows;
}

static void
give_pointer(sqlite3_context *context, char kind, int64_t word)
{
  gpointer pointer;
  memcpy(&pointer, &word, sizeof pointer);
  if (pointer == NULL) {
    sqlite3_result_null(context);
  } else if (kind == 't') {
    sqlite3_result_text(context, pointer, -1, SQLITE_STATIC);
  } else {
    gsize n;
    gconstpointer bytes = g_bytes_get_data(pointer, &n);
    sqlite3_result_blob64(context, bytes == NULL ? "" : bytes, n, SQLITE_STATIC);
  }
}

static int
on_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
  const Cursor *cursor = (const Cursor *)base;
  const SimTraceLayout *layout = cursor->batch->layout;
  int64_t word = cursor->batch->words[cursor->row * layout->columns + (unsigned)column];
  if (layout->kinds[column] != 'i')
    give_pointer(context, layout->kinds[column], word);
  else if (word == SIM_TRACE_NULL)
    sqlite3_result_null(context);
  else
    sqlite3_result_int64(context, word);
  return SQLITE_OK;
}

static int
on_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *ret)
{
  *ret = ((Cursor *)cursor)->row;
  return SQLITE_OK;
}

/* Without xCreate it is there in every database, under its own name. */
static const sqlite3_module module = {
  .xConnect = on_connect,
  .xBestIndex = on_best_index,
  .xDisconnect = on_disconnect,
  .xOpen = on_open,
  .xClose = on_close,
  .xFilter = on_filter,
  .xNext = on_next,
  .xEof = on_eof,
  .xColumn = on_column,
  .xRowid = on_rowid,
};

/* A batch of changes has the id of the row first, then its new values. */
static char *
statement_for(const SimTraceLayout *layout, const char *batch, bool adds)
{
  GString *sql = g_string_new(NULL);
  g_string_printf(sql, adds ? "INSERT INTO %s(" : "UPDATE %s SET ", layout->name);
  for (unsigned i = adds ? 0 : 1; i < layout->columns; i++) {
    const char *name = layout->names[i];
    if (adds)
      g_string_append_printf(sql, "%s\"%s\"", i > 0 ? "," : "", name);
    else
      g_string_append_printf(sql, "%s\"%s\"=b.\"%s\"", i > 1 ? "," : "", name, name);
  }
  if (adds)
    g_string_append_printf(sql, ") SELECT * FROM %s", batch);
  else
    g_string_append_printf(sql, " FROM %s AS b WHERE %s.id = b.id", batch, layout->name);
  return g_string_free(sql, FALSE);
}

int
sim_trace_batch_init(SimTraceBatch *batch, sqlite3 *db, SimTraceTable table)
{
  const SimTraceLayout *layout = sim_trace_layout(table);
  *batch = (SimTraceBatch){ .layout = layout, .room = ROOM };
  batch->words = g_new(int64_t, ROOM * layout->columns);
  g_autofree char *name = g_strdup_printf("batch_%u", (unsigned)table);
  int code = sqlite3_create_module(db, name, &module, batch);
  if (code != SQLITE_OK)
    return code;
  g_autofree char *sql = statement_for(layout, name, layout->base == table);
  return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &batch->statement, NULL);
}

static void
forget(SimTraceBatch *batch)
{
  if (strpbrk(batch->layout->kinds, "tb") != NULL)
    for (size_t i = 0; i < batch->rows; i++)
      sim_trace_row_free(batch->layout, batch->words + i * batch->layout->columns);
  batch->rows = 0;
}

void
sim_trace_batch_clear(SimTraceBatch *batch)
{
  forget(batch);
  sqlite3_finalize(batch->statement);
  g_free(batch->words);
}

void
sim_trace_batch_add(SimTraceBatch *batch, const int64_t *columns)
{
  size_t n = batch->layout->columns;
  memcpy(batch->words + batch->rows++ * n, columns, n * sizeof *columns);
}

int
sim_trace_batch_write(SimTraceBatch *batch)
{
  if (batch->rows == 0)
    return SQLITE_OK;
  int code = sqlite3_step(batch->statement);
  if (code == SQLITE_DONE)
    code = SQLITE_OK;
  int reset = sqlite3_reset(batch->statement);
  forget(batch);
  return code == SQLITE_OK ? reset : code;
}

void
sim_trace_row_free(const SimTraceLayout *layout, const int64_t *columns)
{
  for (unsigned i = 0; i < layout->columns; i++) {
    gpointer pointer;
    memcpy(&pointer, &columns[i], sizeof pointer);
    if (layout->kinds[i] == 't')
      g_free(pointer);
    else if (layout->kinds[i] == 'b' && pointer != NULL)
      g_bytes_unref(pointer);
  }
}
