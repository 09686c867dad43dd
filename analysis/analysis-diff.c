/* The rows of both are read side by side, without their ids: those depend on what is recorded. */
#include "analysis-diff.h"

#include "analysis-error.h"
#include "analysis-table.h"

#include <math.h>
#include <string.h>

/* What is compared: a view, the columns that a run is the same in, and when a row has them all. How
 * long something lasted is only known later: other tables tell of its end. */
typedef struct {
  const char *name, *columns, *time;
} Stream;

static const Stream streams[] = {
  { "fault", "at_s, kind, text", "at_s" },
  { "life", "at_s, node, kind", "at_s" },
  { "registration", "published_s, node, key", "published_s" },
  { "call", "at_s, node, call, key, result", "at_s" },
  { "event", "at_s, node, event, key, remote, result", "at_s" },
  { "message", "at_s, src, dst, type, bytes, arrived_s, lost, flags, key, revoke, copy",
    "coalesce(arrived_s, at_s)" },
  { "search", "started_s, node, mode, target, took_s, outcome, results, found, server",
    "started_s + coalesce(took_s, 0)" },
};

/* Where the rows of a stream first differ. */
typedef struct {
  const Stream *stream;
  double at;            /* NAN: nowhere */
  char *first, *second; /* the rows, NULL where there is none */
} Difference;

static void
clear_difference(Difference *difference)
{
  g_free(difference->first);
  g_free(difference->second);
  *difference = (Difference){ .at = NAN };
}

static sqlite3_stmt *
read_stream(AnalysisTrace *trace, const Stream *stream, GError **error)
{
  g_autofree char *sql = g_strdup_printf("SELECT %s, %s FROM v_%s ORDER BY id", stream->time,
                                         stream->columns, stream->name);
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(analysis_trace_db(trace), sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot read %s from '%s': %s",
              stream->name, analysis_trace_path(trace), sqlite3_errmsg(analysis_trace_db(trace)));
  return NULL;
}

static bool
is_empty(AnalysisTrace *trace, const char *table)
{
  g_autofree char *sql = g_strdup_printf("SELECT 1 FROM %s LIMIT 1", table);
  sqlite3_stmt *statement = NULL;
  bool empty =
    sqlite3_prepare_v2(analysis_trace_db(trace), sql, -1, &statement, NULL) != SQLITE_OK ||
    sqlite3_step(statement) != SQLITE_ROW;
  sqlite3_finalize(statement);
  return empty;
}

static bool
same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
  for (int i = 1; i < sqlite3_column_count(a); i++) {
    const char *x = (const char *)sqlite3_column_text(a, i);
    const char *y = (const char *)sqlite3_column_text(b, i);
    if (g_strcmp0(x, y) != 0)
      return false;
  }
  return true;
}

static char *
row_words(sqlite3_stmt *row)
{
  GString *words = g_string_new(NULL);
  for (int i = 1; i < sqlite3_column_count(row); i++) {
    const char *text = (const char *)sqlite3_column_text(row, i);
    if (text == NULL)
      continue;
    g_string_append_printf(words, "%s%s ", words->len > 0 ? ", " : "", sqlite3_column_name(row, i));
    g_string_append_printf(words, strlen(text) > 20 ? "%.16s..." : "%s", text);
  }
  return g_string_free(words, FALSE);
}

/* Takes @found if it is earlier than what is known. */
static void
note(Difference *known, const Stream *stream, sqlite3_stmt *a, sqlite3_stmt *b)
{
  double at = a == NULL   ? sqlite3_column_double(b, 0)
              : b == NULL ? sqlite3_column_double(a, 0)
                          : MIN(sqlite3_column_double(a, 0), sqlite3_column_double(b, 0));
  if (!isnan(known->at) && known->at <= at)
    return;
  clear_difference(known);
  *known = (Difference){ .stream = stream,
                         .at = at,
                         .first = a == NULL ? NULL : row_words(a),
                         .second = b == NULL ? NULL : row_words(b) };
}

/* Until the first difference. @end: only rows before that time, which the shorter run has reached. */
static bool
compare_stream(AnalysisTrace *traces[2], const Stream *stream, Difference *known, GError **error)
{
  sqlite3_stmt *a = read_stream(traces[0], stream, error);
  sqlite3_stmt *b = a == NULL ? NULL : read_stream(traces[1], stream, error);
  bool good = b != NULL, more = good;
  while (more) {
    int x = sqlite3_step(a), y = sqlite3_step(b);
    bool has_a = x == SQLITE_ROW, has_b = y == SQLITE_ROW;
    good = (has_a || x == SQLITE_DONE) && (has_b || y == SQLITE_DONE);
    more = good && has_a && has_b && same_row(a, b);
    if (good && !more && (has_a || has_b))
      note(known, stream, has_a ? a : NULL, has_b ? b : NULL);
  }
  if (!good && error != NULL && *error == NULL)
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot read %s: the file is damaged",
                stream->name);
  sqlite3_finalize(a);
  sqlite3_finalize(b);
  return good;
}

/* Streams that only one of the traces has recorded say nothing of the runs. */
static bool
find_divergence(AnalysisTrace *traces[2], Difference *ret, GString *left_out, GError **error)
{
  for (unsigned i = 0; i < G_N_ELEMENTS(streams); i++) {
    bool none_a = is_empty(traces[0], streams[i].name),
         none_b = is_empty(traces[1], streams[i].name);
    if (none_a && none_b)
      continue;
    bool summary = i < 3 || strcmp(streams[i].name, "search") == 0;
    if (!summary && (none_a || none_b))
      g_string_append_printf(left_out, "%s%s", left_out->len > 0 ? ", " : "", streams[i].name);
    else if (!compare_stream(traces, &streams[i], ret, error))
      return false;
  }
  return true;
}

static void
append_run(GString *to, const char *letter, AnalysisTrace *trace, const AnalysisTable *run)
{
  const char *title = analysis_table_text(run, 0, "title");
  g_string_append_printf(
    to, "%s  %s: %s, seed %s, %s, %s events, trajectory %s\n", letter, analysis_trace_path(trace),
    title != NULL ? title : analysis_table_text(run, 0, "scenario"),
    analysis_table_text(run, 0, "seed"), analysis_table_text(run, 0, "verdict"),
    analysis_table_text(run, 0, "events"), analysis_table_text(run, 0, "trajectory"));
}

static void
append_divergence(GString *to, const Difference *difference, bool same_trajectory)
{
  if (isnan(difference->at)) {
    g_string_append(to, same_trajectory
                          ? "\nThey are the same run.\n"
                          : "\nThey differ, but not in anything that both traces tell: run both "
                            "with --trace protocol.\n");
    return;
  }
  g_string_append_printf(to, "\nThey first differ at %.9f s, in table %s:\n", difference->at,
                         difference->stream->name);
  g_string_append_printf(to, "A  %s\n", difference->first != NULL ? difference->first : "(no row)");
  g_string_append_printf(to, "B  %s\n",
                         difference->second != NULL ? difference->second : "(no row)");
}

static void
append_value(GString *to, double value)
{
  if (isnan(value))
    g_string_append_printf(to, " %14s", "-");
  else
    g_string_append_printf(to, " %14.6g", value);
}

/* True if there is any difference. */
static bool
append_metrics(GString *to, const AnalysisTable *a, const AnalysisTable *b)
{
  bool differ = false;
  g_string_append_printf(to, "\n%-30s %14s %14s %14s\n", "metric", "A", "B", "B - A");
  for (unsigned i = 0; i < analysis_table_rows(a); i++) {
    double x = analysis_table_number(a, i, "value"), y = analysis_table_number(b, i, "value");
    if (isnan(x) && isnan(y))
      continue;
    g_string_append_printf(to, "%-30s", analysis_table_text(a, i, "metric"));
    append_value(to, x);
    append_value(to, y);
    if (g_strcmp0(analysis_table_text(a, i, "value"), analysis_table_text(b, i, "value")) != 0) {
      append_value(to, y - x);
      differ = true;
    }
    g_string_append_c(to, '\n');
  }
  return differ;
}

static bool
one_run(AnalysisTrace *trace, GError **error)
{
  if (analysis_trace_runs(trace) == 1)
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_ASKED,
              "'%s' holds %u runs: 'diff' compares traces of one run each",
              analysis_trace_path(trace), analysis_trace_runs(trace));
  return false;
}

static char *
compare(AnalysisTrace *traces[2], AnalysisTable *runs[2], AnalysisTable *metrics[2], bool *ret_same,
        GError **error)
{
  g_autoptr(GString) left_out = g_string_new(NULL);
  Difference difference = { .at = NAN };
  if (!find_divergence(traces, &difference, left_out, error))
    return NULL;
  bool same_trajectory = g_strcmp0(analysis_table_text(runs[0], 0, "trajectory"),
                                   analysis_table_text(runs[1], 0, "trajectory")) == 0;
  GString *to = g_string_new(NULL);
  append_run(to, "A", traces[0], runs[0]);
  append_run(to, "B", traces[1], runs[1]);
  append_divergence(to, &difference, same_trajectory);
  if (left_out->len > 0)
    g_string_append_printf(to, "Not compared, since one trace has none: %s\n", left_out->str);
  bool differ = append_metrics(to, metrics[0], metrics[1]);
  *ret_same = same_trajectory && isnan(difference.at) && !differ;
  clear_difference(&difference);
  return g_string_free(to, FALSE);
}

char *
analysis_diff(AnalysisTrace *a, AnalysisTrace *b, bool *ret_same, GError **error)
{
  AnalysisTrace *traces[2] = { a, b };
  AnalysisTable *runs[2] = { NULL }, *metrics[2] = { NULL };
  bool good = true;
  for (int i = 0; i < 2 && good; i++) {
    AnalysisParams params = { 0 };
    good = one_run(traces[i], error) &&
           (runs[i] = analysis_table_query(traces[i], "run", &params, error)) != NULL &&
           (metrics[i] = analysis_table_query(traces[i], "run-metrics", &params, error)) != NULL;
  }
  char *text = good ? compare(traces, runs, metrics, ret_same, error) : NULL;
  for (int i = 0; i < 2; i++) {
    analysis_table_free(runs[i]);
    analysis_table_free(metrics[i]);
  }
  return text;
}
