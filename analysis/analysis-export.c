/* Rows go out as they are read: a trace may have more of them than memory. */
#include "analysis-export.h"

#include "analysis-error.h"
#include "analysis-output.h"

#include <string.h>

static void
set_query_error(AnalysisTrace *trace, const char *name, GError **error)
{
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot read %s from '%s': %s", name,
              analysis_trace_path(trace), sqlite3_errmsg(analysis_trace_db(trace)));
}

char **
analysis_export_names(AnalysisTrace *trace, GError **error)
{
  static const char sql[] = "SELECT name FROM sqlite_schema WHERE type IN ('view', 'table') "
                            "AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name";
  sqlite3_stmt *statement = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  int status = sqlite3_prepare_v2(analysis_trace_db(trace), sql, -1, &statement, NULL);
  while (status == SQLITE_OK || status == SQLITE_ROW) {
    status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
      g_ptr_array_add(names, g_strdup((const char *)sqlite3_column_text(statement, 0)));
  }
  if (status != SQLITE_DONE)
    set_query_error(trace, "the names of the tables", error);
  sqlite3_finalize(statement);
  g_ptr_array_add(names, NULL);
  return status == SQLITE_DONE ? (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE) : NULL;
}

static sqlite3_stmt *
select_all(AnalysisTrace *trace, const char *name, GError **error)
{
  sqlite3_stmt *statement = NULL;
  char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", name);
  if (sqlite3_prepare_v2(analysis_trace_db(trace), sql, -1, &statement, NULL) != SQLITE_OK)
    set_query_error(trace, name, error);
  sqlite3_free(sql);
  return statement;
}

char *
analysis_export_columns(AnalysisTrace *trace, const char *name, GError **error)
{
  sqlite3_stmt *statement = select_all(trace, name, error);
  if (statement == NULL)
    return NULL;
  GString *columns = g_string_new(NULL);
  for (int i = 0; i < sqlite3_column_count(statement); i++)
    g_string_append_printf(columns, "%s%s", i > 0 ? ", " : "", sqlite3_column_name(statement, i));
  sqlite3_finalize(statement);
  return g_string_free(columns, FALSE);
}

/* ---- Fields. ---- */

static void
write_text(FILE *to, const char *text, size_t size)
{
  if (size > 0 && strcspn(text, ",\"\r\n") == size && text[0] != ' ' && text[size - 1] != ' ') {
    fwrite(text, 1, size, to);
    return;
  }
  putc('"', to);
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '"')
      putc('"', to);
    putc(text[i], to);
  }
  putc('"', to);
}

static void
write_bytes(FILE *to, const unsigned char *bytes, size_t size)
{
  for (size_t i = 0; i < size; i++)
    fprintf(to, "%02x", bytes[i]);
}

static void
write_field(FILE *to, sqlite3_stmt *row, int column)
{
  int type = sqlite3_column_type(row, column);
  if (type == SQLITE_BLOB)
    write_bytes(to, sqlite3_column_blob(row, column), (size_t)sqlite3_column_bytes(row, column));
  else if (type != SQLITE_NULL) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    write_text(to, text, (size_t)sqlite3_column_bytes(row, column));
  }
}

static void
write_head(FILE *to, sqlite3_stmt *statement)
{
  for (int i = 0; i < sqlite3_column_count(statement); i++) {
    if (i > 0)
      putc(',', to);
    const char *name = sqlite3_column_name(statement, i);
    write_text(to, name, strlen(name));
  }
  fputs("\r\n", to);
}

bool
analysis_export_to(AnalysisTrace *trace, const char *name, FILE *to, GError **error)
{
  sqlite3_stmt *statement = select_all(trace, name, error);
  if (statement == NULL)
    return false;
  write_head(to, statement);
  int status = SQLITE_DONE;
  while (!ferror(to) && (status = sqlite3_step(statement)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
      if (i > 0)
        putc(',', to);
      write_field(to, statement, i);
    }
    fputs("\r\n", to);
  }
  bool good = ferror(to) || status == SQLITE_DONE;
  if (!good)
    set_query_error(trace, name, error);
  sqlite3_finalize(statement);
  return good;
}

bool
analysis_export_file(AnalysisTrace *trace, const char *name, const char *path, GError **error)
{
  AnalysisOutput *output = analysis_output_open(path, error);
  if (output == NULL)
    return false;
  bool read = analysis_export_to(trace, name, analysis_output_stream(output), error);
  return analysis_output_close(output, read, error);
}
