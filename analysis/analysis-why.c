#include "analysis-why.h"

#include "analysis-error.h"
#include "analysis-why-search.h" /* and analysis-table.h */

#include <math.h>
#include <string.h>

#define CHAIN_MAX 1000 /* rows; a longer chain is cut, and says so */
#define INDENT_MAX 20  /* steps to the right */

/* One row of the chain. (transfer full), NULL if there is none of that id. */
static AnalysisTable *
row_of(AnalysisTrace *trace, int64_t id, GError **error)
{
  return analysis_table_query(trace, "why-row", &(AnalysisParams){ .id = id }, error);
}

void
analysis_why_line(GString *to, const AnalysisTable *row, int64_t id, unsigned depth)
{
  double at = analysis_table_number(row, 0, "at_s");
  if (isnan(at))
    g_string_append(to, "              ");
  else
    g_string_append_printf(to, "%12.6f s", at);
  g_string_append_printf(to, "  %*s%s  [%s:%" G_GINT64_FORMAT "]\n", (int)(2 * depth), "",
                         analysis_table_text(row, 0, "words"), analysis_table_text(row, 0, "what"),
                         id);
}

/* From the row back to what began it: ids, the row itself first. */
static GArray *
chain_of(AnalysisTrace *trace, int64_t id, GError **error)
{
  g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(int64_t));
  while (id != 0 && chain->len < CHAIN_MAX) {
    g_autoptr(AnalysisTable) row = row_of(trace, id, error);
    if (row == NULL)
      return NULL;
    if (analysis_table_rows(row) == 0) /* a class that was not recorded */
      break;
    g_array_append_val(chain, id);
    bool known = analysis_table_text(row, 0, "cause") != NULL;
    id = known ? analysis_table_integer(row, 0, "cause") : 0;
  }
  return g_steal_pointer(&chain);
}

static bool
append_chain(AnalysisTrace *trace, GString *to, const GArray *chain, GError **error)
{
  if (chain->len == CHAIN_MAX)
    g_string_append(to, "  ... what came before is left out\n");
  for (guint i = chain->len; i-- > 0;) {
    int64_t id = g_array_index(chain, int64_t, i);
    g_autoptr(AnalysisTable) row = row_of(trace, id, error);
    if (row == NULL)
      return false;
    analysis_why_line(to, row, id, MIN(chain->len - 1 - i, INDENT_MAX));
  }
  return true;
}

static bool
append_effects(AnalysisTrace *trace, GString *to, int64_t id, guint depth, GError **error)
{
  g_autoptr(AnalysisTable) effects =
    analysis_table_query(trace, "why-effects", &(AnalysisParams){ .id = id }, error);
  if (effects == NULL)
    return false;
  if (analysis_table_rows(effects) > 0)
    g_string_append(to, "\nwhat it led to:\n");
  for (unsigned i = 0; i < analysis_table_rows(effects); i++) {
    int64_t effect = analysis_table_integer(effects, i, "id");
    g_autoptr(AnalysisTable) row = row_of(trace, effect, error);
    if (row == NULL)
      return false;
    analysis_why_line(to, row, effect, MIN(depth, INDENT_MAX));
  }
  return true;
}

static char *
why_row(AnalysisTrace *trace, int64_t id, GError **error)
{
  g_autoptr(GArray) chain = chain_of(trace, id, error);
  if (chain == NULL)
    return NULL;
  g_autoptr(GString) to = g_string_new("how it came to that:\n");
  if (!append_chain(trace, to, chain, error) || !append_effects(trace, to, id, chain->len, error))
    return NULL;
  return g_string_free(g_steal_pointer(&to), FALSE);
}

char *
analysis_why(AnalysisTrace *trace, const char *what, int64_t id, GError **error)
{
  g_autoptr(AnalysisTable) row = row_of(trace, id, error);
  if (row == NULL)
    return NULL;
  const char *is = analysis_table_rows(row) == 0 ? NULL : analysis_table_text(row, 0, "what");
  if (is == NULL || strcmp(is, what) != 0) {
    g_autofree char *other =
      is == NULL ? g_strdup("no row")
                 : g_strdup_printf("%s %s", strcmp(is, "event") == 0 ? "an" : "a", is);
    g_set_error(error, ANALYSIS_ERROR, ANALYSIS_ERROR_ASKED,
                "there is no %s:%" G_GINT64_FORMAT " in '%s': %s has that id", what, id,
                analysis_trace_path(trace), other);
    return NULL;
  }
  return strcmp(what, "search") == 0 ? analysis_why_search(trace, id, error)
                                     : why_row(trace, id, error);
}
