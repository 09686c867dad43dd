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

static char *
insertion(const SimTraceLayout *layout, const char *batch, unsigned from)
{
  g_autoptr(GString) names = g_string_new(NULL);
  for (unsigned i = from; i < layout->columns; i++)
    g_string_append_printf(names, "%s\"%s\"", i > from ? "," : "", layout->names[i]);
  return g_strdup_printf("INSERT INTO %s(%s) SELECT %s FROM %s", layout->name, names->str,
                         names->str, batch);
}

/* A batch of changes has the id of the row first, then its new values. */
static char *
change(const SimTraceLayout *layout, const char *batch)
{
  g_autoptr(GString) sets = g_string_new(NULL);
  for (unsigned i = 1; i < layout->columns; i++)
    g_string_append_printf(sets, "%s\"%s\"=b.\"%s\"", i > 1 ? "," : "", layout->names[i],
                           layout->names[i]);
  return g_strdup_printf("UPDATE %s SET %s FROM %s AS b WHERE %s.id = b.id", layout->name,
                         sets->str, batch, layout->name);
}

static int
prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret)
{
  return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);
}

static bool
has_ids(const SimTraceLayout *layout)
{
  return layout->kinds[0] == 'i' && g_str_equal(layout->names[0], "id");
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
  bool adds = layout->base == table;
  g_autofree char *sql = adds ? insertion(layout, name, 0) : change(layout, name);
  code = prepare(db, sql, &batch->statement);
  if (code != SQLITE_OK || !adds || !has_ids(layout))
    return code;
  /* SQLite need not look for the place of a row whose id it has counted itself: narrow rows take a
   * third less. */
  g_autofree char *counted = insertion(layout, name, 1);
  return prepare(db, counted, &batch->counted);
}

static void
forget(SimTraceBatch *batch)
{
  if (strpbrk(batch->layout->kinds, "tb") != NULL)
    for (size_t i = 0; i < batch->rows; i++)
      sim_trace_row_free(batch->layout, batch->words + i * batch->layout->columns);
  batch->rows = 0;
  batch->gaps = false;
}

void
sim_trace_batch_clear(SimTraceBatch *batch)
{
  forget(batch);
  sqlite3_finalize(batch->statement);
  sqlite3_finalize(batch->counted);
  g_free(batch->words);
}

void
sim_trace_batch_add(SimTraceBatch *batch, const int64_t *columns)
{
  size_t n = batch->layout->columns;
  memcpy(batch->words + batch->rows++ * n, columns, n * sizeof *columns);
  batch->gaps |= columns[0] != batch->largest + 1;
  batch->largest = MAX(batch->largest, columns[0]);
}

int
sim_trace_batch_write(SimTraceBatch *batch)
{
  if (batch->rows == 0)
    return SQLITE_OK;
  bool counts = batch->counted != NULL && !batch->gaps;
  sqlite3_stmt *statement = counts ? batch->counted : batch->statement;
  int code = sqlite3_step(statement);
  if (code == SQLITE_DONE)
    code = SQLITE_OK;
  int reset = sqlite3_reset(statement);
  if (code == SQLITE_OK)
    code = reset;
  if (code == SQLITE_OK && counts &&
      sqlite3_last_insert_rowid(sqlite3_db_handle(statement)) != batch->largest)
    code = SQLITE_INTERNAL; /* somebody else has written to this table */
  forget(batch);
  return code;
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
