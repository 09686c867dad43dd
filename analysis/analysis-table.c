/* Cells are kept as text: that is how they leave again. The largest answer has a few thousand. */
#include "analysis-table.h"

#include "analysis-error.h"
#include "analysis-resources.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

struct AnalysisTable {
  unsigned columns;
  GPtrArray *names; /* of columns */
  GPtrArray *cells; /* row by row; NULL is NULL */
};

static void
bind(sqlite3_stmt *statement, const AnalysisParams *params)
{
  int run = sqlite3_bind_parameter_index(statement, ":run"),
      at = sqlite3_bind_parameter_index(statement, ":at"),
      search = sqlite3_bind_parameter_index(statement, ":search"),
      id = sqlite3_bind_parameter_index(statement, ":id"),
      x = sqlite3_bind_parameter_index(statement, ":x"),
      bins = sqlite3_bind_parameter_index(statement, ":bins");
  if (run > 0 && params->run > 0)
    sqlite3_bind_int64(statement, run, params->run);
  if (at > 0 && params->has_at)
    sqlite3_bind_double(statement, at, params->at);
  if (search > 0 && params->search > 0)
    sqlite3_bind_int64(statement, search, params->search);
  if (id > 0 && params->id > 0)
    sqlite3_bind_int64(statement, id, params->id);
  if (x > 0 && params->x != NULL)
    sqlite3_bind_text(statement, x, params->x, -1, SQLITE_TRANSIENT);
  if (bins > 0 && params->bins > 0)
    sqlite3_bind_int64(statement, bins, params->bins);
}

static AnalysisTable *
table_new(sqlite3_stmt *statement)
{
  AnalysisTable *table = g_new0(AnalysisTable, 1);
  table->columns = (unsigned)sqlite3_column_count(statement);
  table->names = g_ptr_array_new_with_free_func(g_free);
  table->cells = g_ptr_array_new_with_free_func(g_free);
  for (unsigned i = 0; i < table->columns; i++)
    g_ptr_array_add(table->names, g_strdup(sqlite3_column_name(statement, (int)i)));
  return table;
}

static AnalysisTable *
fetch(AnalysisTrace *trace, sqlite3_stmt *statement, const char *name, GError **error)
{
  AnalysisTable *table = table_new(statement);
  int status;
  while ((status = sqlite3_step(statement)) == SQLITE_ROW)
    for (unsigned i = 0; i < table->columns; i++)
      g_ptr_array_add(table->cells, g_strdup((const char *)sqlite3_column_text(statement, (int)i)));
  if (status == SQLITE_DONE)
    return table;
  analysis_table_free(table);
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot read %s from '%s': %s", name,
              analysis_trace_path(trace), sqlite3_errmsg(analysis_trace_db(trace)));
  return NULL;
}

AnalysisTable *
analysis_table_query(AnalysisTrace *trace, const char *name, const AnalysisParams *params,
                     GError **error)
{
  g_autofree char *path = g_strdup_printf("/drtsim/analysis/sql/%s.sql", name);
  g_autoptr(GBytes) sql =
    g_resource_lookup_data(analysis_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (sql == NULL)
    return NULL;
  sqlite3_stmt *statement = NULL;
  size_t size;
  const char *text = g_bytes_get_data(sql, &size);
  if (sqlite3_prepare_v2(analysis_trace_db(trace), text, (int)size, &statement, NULL) !=
      SQLITE_OK) {
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot ask '%s' for %s: %s",
                analysis_trace_path(trace), name, sqlite3_errmsg(analysis_trace_db(trace)));
    return NULL;
  }
  bind(statement, params);
  AnalysisTable *table = fetch(trace, statement, name, error);
  sqlite3_finalize(statement);
  return table;
}

void
analysis_table_free(AnalysisTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref(table->names);
  g_ptr_array_unref(table->cells);
  g_free(table);
}

unsigned
analysis_table_rows(const AnalysisTable *table)
{
  return table->columns == 0 ? 0 : table->cells->len / table->columns;
}

unsigned
analysis_table_columns(const AnalysisTable *table)
{
  return table->columns;
}

const char *
analysis_table_column_name(const AnalysisTable *table, unsigned column)
{
  return table->names->pdata[column];
}

unsigned
analysis_table_column(const AnalysisTable *table, const char *name)
{
  for (unsigned i = 0; i < table->columns; i++)
    if (strcmp(table->names->pdata[i], name) == 0)
      return i;
  g_error("the query has no column '%s'", name);
}

const char *
analysis_table_text(const AnalysisTable *table, unsigned row, const char *column)
{
  g_assert(row < analysis_table_rows(table));
  return table->cells->pdata[row * table->columns + analysis_table_column(table, column)];
}

double
analysis_table_number(const AnalysisTable *table, unsigned row, const char *column)
{
  const char *text = analysis_table_text(table, row, column);
  return text == NULL ? (double)NAN : g_ascii_strtod(text, NULL);
}

int64_t
analysis_table_integer(const AnalysisTable *table, unsigned row, const char *column)
{
  const char *text = analysis_table_text(table, row, column);
  return text == NULL ? 0 : g_ascii_strtoll(text, NULL, 10);
}

bool
analysis_table_has(const AnalysisTable *table, const char *column)
{
  for (unsigned i = 0; i < analysis_table_rows(table); i++)
    if (analysis_table_text(table, i, column) != NULL)
      return true;
  return false;
}

double
analysis_table_max(const AnalysisTable *table, const char *column, double least)
{
  for (unsigned i = 0; i < analysis_table_rows(table); i++) {
    double value = analysis_table_number(table, i, column);
    if (value > least) /* not for NAN */
      least = value;
  }
  return least;
}

/* A separator inside a cell would make two of it. */
static void
append_cell(GString *to, const char *cell)
{
  if (cell == NULL || *cell == '\0') {
    g_string_append_c(to, '?');
    return;
  }
  for (; *cell != '\0'; cell++)
    g_string_append_c(to, (guchar)*cell < ' ' ? ' ' : *cell);
}

char *
analysis_table_tsv_where(const AnalysisTable *table, const char *column, const char *value)
{
  GString *text = g_string_new("# ");
  for (unsigned i = 0; i < table->columns; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? "\t" : "", (char *)table->names->pdata[i]);
  g_string_append_c(text, '\n');
  for (unsigned row = 0; row < analysis_table_rows(table); row++) {
    if (column != NULL && g_strcmp0(analysis_table_text(table, row, column), value) != 0)
      continue;
    for (unsigned i = 0; i < table->columns; i++) {
      append_cell(text, table->cells->pdata[row * table->columns + i]);
      g_string_append_c(text, i + 1 < table->columns ? '\t' : '\n');
    }
  }
  return g_string_free(text, FALSE);
}

char *
analysis_table_tsv(const AnalysisTable *table)
{
  return analysis_table_tsv_where(table, NULL, NULL);
}
