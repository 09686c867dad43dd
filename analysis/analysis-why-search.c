/* Questions and answers in their order, then what it came to and why. */
#include "analysis-why-search.h"

#include "analysis-error.h"
#include "analysis-text.h"

#include <math.h>
#include <string.h>

static bool
is(const AnalysisTable *table, unsigned row, const char *column, const char *word)
{
  const char *text = analysis_table_text(table, row, column);
  return text != NULL && strcmp(text, word) == 0;
}

static bool
append_head(AnalysisTrace *trace, GString *to, const AnalysisTable *search, int64_t id,
            GError **error)
{
  g_string_append_printf(to, "search:%" G_GINT64_FORMAT " of %s for %s (%s)\n", id,
                         analysis_table_text(search, 0, "node"),
                         analysis_table_text(search, 0, "target"),
                         analysis_table_text(search, 0, "mode"));
  if (analysis_table_text(search, 0, "cause") == NULL)
    return true;
  int64_t cause = analysis_table_integer(search, 0, "cause");
  while (cause != 0) {
    g_autoptr(AnalysisTable) row =
      analysis_table_query(trace, "why-row", &(AnalysisParams){ .id = cause }, error);
    if (row == NULL)
      return false;
    if (analysis_table_rows(row) == 0)
      break;
    g_string_append_printf(to, "  because %s\n", analysis_table_text(row, 0, "words"));
    bool known = analysis_table_text(row, 0, "cause") != NULL;
    cause = known ? analysis_table_integer(row, 0, "cause") : 0;
  }
  return true;
}

static void
append_way(GString *to, const AnalysisTable *steps, unsigned i)
{
  const char *lost = analysis_table_text(steps, i, "lost");
  double took = analysis_table_number(steps, i, "took_s");
  if (lost != NULL)
    g_string_append_printf(to, "LOST (%s)", lost);
  else if (isnan(took))
    g_string_append(to, "still under way");
  else
    g_string_append_printf(to, "arrived after %.1f ms", 1e3 * took);
}

static void
append_step(GString *to, const AnalysisTable *steps, unsigned i, double started)
{
  double at = analysis_table_number(steps, i, "at_s");
  const char *outcome = analysis_table_text(steps, i, "outcome");
  g_string_append_printf(to, "  +%8.3f s  ", at - started);
  if (is(steps, i, "step", "ask"))
    g_string_append_printf(to, "%s to %s, ", analysis_table_text(steps, i, "type"),
                           analysis_table_text(steps, i, "dst"));
  else if (is(steps, i, "step", "again"))
    g_string_append(to, "  again, ");
  else if (is(steps, i, "step", "answer"))
    g_string_append_printf(to, "  %s back, ", analysis_table_text(steps, i, "type"));
  if (is(steps, i, "step", "silence"))
    g_string_append(to, "  no answer: given up");
  else
    append_way(to, steps, i);
  g_string_append_printf(to, "  [%s:%" G_GINT64_FORMAT "]",
                         is(steps, i, "step", "silence") ? "note" : "message",
                         analysis_table_integer(steps, i, "id"));
  if (outcome != NULL)
    g_string_append_printf(to, "  = %s", outcome);
  g_string_append_c(to, '\n');
}

/* How many messages of the search were lost, by reason. */
static void
append_losses(GString *to, const AnalysisTable *steps)
{
  g_autoptr(GHashTable) reasons = g_hash_table_new(g_str_hash, g_str_equal);
  unsigned lost = 0, silent = 0;
  for (unsigned i = 0; i < analysis_table_rows(steps); i++) {
    const char *reason = analysis_table_text(steps, i, "lost");
    silent += is(steps, i, "step", "silence");
    if (reason == NULL)
      continue;
    lost++;
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(reasons, reason));
    g_hash_table_replace(reasons, (gpointer)reason, GUINT_TO_POINTER(n + 1));
  }
  if (lost > 0) {
    g_autofree char *some = analysis_text_some(lost, "message was", "messages were");
    g_string_append_printf(to, "  - %s lost on the way:", some);
    GHashTableIter iter;
    gpointer reason, n;
    g_hash_table_iter_init(&iter, reasons);
    for (bool first = true; g_hash_table_iter_next(&iter, &reason, &n); first = false)
      g_string_append_printf(to, "%s %s %u", first ? "" : ",", (char *)reason, GPOINTER_TO_UINT(n));
    g_string_append_c(to, '\n');
  }
  if (silent > 0) {
    g_autofree char *some = analysis_text_some(silent, "question was", "questions were");
    g_string_append_printf(to, "  - %s not answered, after all repetitions\n", some);
  }
}

/* @asked: how many it is known to have asked. */
static void
append_reasons(GString *to, const AnalysisTable *search, const AnalysisTable *steps, unsigned asked)
{
  const char *publishers = analysis_table_text(search, 0, "publishers");
  const char *last = analysis_table_text(search, 0, "last_had");
  if (is(search, 0, "mode", "exact") && publishers == NULL)
    g_string_append_printf(to, "  - nobody had that key while it ran%s%s\n",
                           last == NULL ? ", or before" : ": ", last == NULL ? "" : last);
  else if (is(search, 0, "mode", "exact"))
    g_string_append_printf(
      to, "  - %s had that key%s%s\n", publishers,
      analysis_table_integer(search, 0, "all_through") > 0 ? " all through" : " part of the time",
      asked == 0                                                  ? ""
      : analysis_table_integer(search, 0, "asked_publisher") == 0 ? ", and was never asked"
                                                                  : ", and was asked");
  if (analysis_table_text(search, 0, "parted") != NULL)
    g_string_append_printf(to, "  - the network was in parts since %s\n",
                           analysis_table_text(search, 0, "parted"));
  append_losses(to, steps);
}

static void
append_hops(GString *to, const AnalysisTable *hops)
{
  for (unsigned i = 0; i < analysis_table_rows(hops); i++) {
    const char *node = analysis_table_text(hops, i, "node");
    const char *outcome = analysis_table_text(hops, i, "outcome");
    double took_s = analysis_table_number(hops, i, "took_s");
    g_autofree char *took = analysis_text_time(took_s);
    g_string_append_printf(to, "  %2u. %s, %s bits like the target: %s%s%s\n", i + 1,
                           node == NULL ? "an address of nobody" : node,
                           analysis_table_text(hops, i, "nearness"),
                           outcome == NULL ? "no outcome" : outcome,
                           took_s > 0 ? ", answer after " : ", no answer", took_s > 0 ? took : "");
  }
}

static void
append_end(GString *to, const AnalysisTable *search, const AnalysisTable *steps, unsigned asked)
{
  const char *outcome = analysis_table_text(search, 0, "outcome");
  g_autofree char *took = analysis_text_time(analysis_table_number(search, 0, "took_s"));
  g_autofree char *nodes =
    analysis_text_some(analysis_table_integer(search, 0, "hops"), "node", "nodes");
  bool found = analysis_table_integer(search, 0, "results") > 0;
  if (outcome == NULL) {
    g_string_append(to, "it was still running when the run ended\n");
    return;
  }
  g_string_append_printf(to, "%s after %s (%s), having asked %s", found ? "found" : "NOT FOUND",
                         took, outcome, nodes);
  if (found)
    g_string_append_printf(to, ": %s at %s", analysis_table_text(search, 0, "found"),
                           analysis_table_text(search, 0, "server"));
  g_string_append_c(to, '\n');
  bool wrong = analysis_table_integer(search, 0, "answered") > 0 &&
               analysis_table_integer(search, 0, "correct") == 0;
  if (found && wrong)
    g_string_append(to, "  - another key was the right answer\n");
  if (!found || wrong)
    append_reasons(to, search, steps, asked);
}

bool
analysis_why_search_parts(AnalysisTrace *trace, int64_t id, AnalysisWhySearch *ret, GError **error)
{
  AnalysisParams params = { .id = id };
  g_autoptr(AnalysisTable) search = analysis_table_query(trace, "why-search", &params, error);
  if (search == NULL)
    return false;
  g_autoptr(AnalysisTable) steps = analysis_table_query(trace, "why-steps", &params, error);
  if (steps == NULL)
    return false;
  g_autoptr(AnalysisTable) hops = analysis_table_query(trace, "why-hops", &params, error);
  g_autoptr(GString) head = g_string_new(NULL);
  if (hops == NULL || !append_head(trace, head, search, id, error))
    return false;
  double started = analysis_table_number(search, 0, "started_s");
  g_string_append_printf(head, "  from %.6f s on:\n", started);
  g_autoptr(GString) way = g_string_new(NULL);
  for (unsigned i = 0; i < analysis_table_rows(steps); i++)
    append_step(way, steps, i, started);
  if (analysis_table_rows(steps) == 0)
    append_hops(way, hops);
  g_autoptr(GString) end = g_string_new(NULL);
  append_end(end, search, steps, analysis_table_rows(steps) + analysis_table_rows(hops));
  ret->head = g_string_free(g_steal_pointer(&head), FALSE);
  ret->way = g_string_free(g_steal_pointer(&way), FALSE);
  ret->end = g_string_free(g_steal_pointer(&end), FALSE);
  return true;
}

void
analysis_why_search_clear(AnalysisWhySearch *story)
{
  g_clear_pointer(&story->head, g_free);
  g_clear_pointer(&story->way, g_free);
  g_clear_pointer(&story->end, g_free);
}

char *
analysis_why_search(AnalysisTrace *trace, int64_t id, GError **error)
{
  g_auto(AnalysisWhySearch) story = { 0 };
  if (!analysis_why_search_parts(trace, id, &story, error))
    return NULL;
  const char *unknown = "  whom it asked was not recorded: 'drtsim run --trace protocol' does\n";
  return g_strdup_printf("%s\n%s\n%s", story.head, *story.way == '\0' ? unknown : story.way,
                         story.end);
}

/* Queries find tables of the connection's own before those of the file. */
bool
analysis_why_search_take(AnalysisTrace *trace, const GArray *ids, GError **error)
{
  g_autoptr(GString) list = g_string_new(NULL);
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf(list, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                           g_array_index(ids, int64_t, i));
  g_autofree char *sql =
    g_strdup_printf("CREATE TEMP TABLE message AS SELECT * FROM main.message WHERE search IN (%s);"
                    "CREATE TEMP TABLE note AS SELECT * FROM main.note WHERE cause IN"
                    " (SELECT id FROM temp.message);",
                    list->str);
  sqlite3 *db = analysis_trace_db(trace);
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return true;
  g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_QUERY, "cannot read '%s': %s",
              analysis_trace_path(trace), sqlite3_errmsg(db));
  analysis_why_search_put_back(trace);
  return false;
}

void
analysis_why_search_put_back(AnalysisTrace *trace)
{
  sqlite3_exec(analysis_trace_db(trace),
               "DROP TABLE IF EXISTS temp.note; DROP TABLE IF EXISTS temp.message", NULL, NULL,
               NULL);
}
