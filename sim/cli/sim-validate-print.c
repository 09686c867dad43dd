#include "sim-validate-print.h"

#include "sim-json.h"
#include "sim-usage.h"

#include <string.h>

/* So that no table goes without it. */
#define RULES                                                                                      \
  "A hop is a distinct node that was sent a LOOKUP or the INQUIRE at the end. Success is found "   \
  "of\n"                                                                                           \
  "issued, for keys that were registered all through the search; what fails counts. Where none "   \
  "of\n"                                                                                           \
  "n searches failed, the interval is the bound of 3/n."

/* ---- Numbers. ---- */

/* What stands behind a number; counts of something say in words of what. */
static const char *
symbol_of(const char *unit)
{
  static const char *const symbols[] = { "%", "s", "/s", "B/s", NULL };
  return g_strv_contains(symbols, unit) ? unit : "";
}

static int
digits_of(const char *unit, double value)
{
  if (strcmp(unit, "%") == 0)
    return value == 0 || value == 100 ? 0 : value >= 99 && value < 100 ? 3 : 2;
  if (strcmp(unit, "B/s") == 0 || strcmp(unit, "count") == 0 || ABS(value) >= 100)
    return 0;
  return strcmp(unit, "s") == 0 && ABS(value) >= 10 ? 1 : 2;
}

/* "99.987 %", "3.46". (transfer full) */
static char *
number(const char *unit, double value)
{
  const char *symbol = symbol_of(unit);
  return g_strdup_printf("%.*f%s%s", digits_of(unit, value), value, *symbol == '\0' ? "" : " ",
                         symbol);
}

static char *
measured(const SimRowResult *outcome)
{
  if (outcome->interval.n == 0)
    return g_strdup("nothing");
  if (outcome->row->kind == SIM_ROW_SWARM)
    return g_strdup_printf("%.0f of %.0f", outcome->of, outcome->among);
  return number(outcome->row->unit, outcome->interval.mean);
}

/* None of so many searches has failed, or seeds of a swarm. Other shares are of things that hang
 * together, such as the places of leaf sets. */
static bool
never(const SimRowResult *outcome)
{
  const SimRow *row = outcome->row;
  if (outcome->among == 0)
    return false;
  if (row->kind == SIM_ROW_SWARM)
    return outcome->of == 0;
  return outcome->of == outcome->among && row->metric != NULL &&
         g_str_has_prefix(row->metric, "search.");
}

static char *
interval(const SimRowResult *outcome)
{
  if (outcome->interval.n == 0)
    return g_strdup("");
  double percent = 100 * analysis_interval_never(outcome->among);
  if (never(outcome) && outcome->row->kind == SIM_ROW_SWARM)
    return g_strdup_printf("<= %.2g %%", percent);
  if (never(outcome))
    return g_strdup_printf(">= %.*f %%", percent < 0.01 ? 4 : 2, 100 - percent);
  if (outcome->interval.n == 1)
    return g_strdup("one run");
  g_autofree char *low = number(outcome->row->unit, outcome->interval.low);
  /* A share has an end, which a mean's interval does not know. */
  bool share = outcome->among > 0;
  g_autofree char *high =
    number(outcome->row->unit, share ? MIN(outcome->interval.high, 100) : outcome->interval.high);
  char *blank = strchr(low, ' ');
  if (blank != NULL)
    *blank = '\0';
  return g_strdup_printf("%s .. %s", low, high);
}

/* A bound is met by each run, or by the mean of all. */
static char *
verdict(const SimRowResult *outcome)
{
  bool each = outcome->row->kind == SIM_ROW_EXPECTATION || outcome->row->kind == SIM_ROW_SWARM;
  switch (outcome->verdict) {
  case SIM_ROW_HELD:
    return g_strdup("held");
  case SIM_ROW_NOT_HELD:
    return each ? g_strdup_printf("NOT HELD in %u of %u", outcome->against, outcome->runs)
                : g_strdup("NOT HELD");
  case SIM_ROW_UNDECIDED:
    break;
  }
  return g_strdup("undecided");
}

static const SimRowResult *
outcome_at(const SimValidated *validated, guint i)
{
  return &g_array_index(validated->outcomes, SimRowResult, i);
}

static bool
is_first(const SimValidated *validated, guint i)
{
  return i == 0 || outcome_at(validated, i)->experiment != outcome_at(validated, i - 1)->experiment;
}

/* ---- For people. ---- */

enum { WHAT, PUBLISHED, MEASURED, INTERVAL, BOUND, SEEDS, VERDICT, COLUMNS };

/* The cells of a row. (transfer full) */
static char **
cells_of(const SimRowResult *outcome)
{
  char **cells = g_new0(char *, COLUMNS + 1);
  cells[WHAT] = g_strdup(outcome->what);
  cells[PUBLISHED] = g_strdup(outcome->row->published);
  cells[MEASURED] = measured(outcome);
  cells[INTERVAL] = interval(outcome);
  cells[BOUND] = g_strdup(outcome->bound != NULL ? outcome->bound : "");
  cells[SEEDS] = outcome->ended == outcome->runs
                   ? g_strdup_printf("%u", outcome->runs)
                   : g_strdup_printf("%u of %u", outcome->ended, outcome->runs);
  cells[VERDICT] = verdict(outcome);
  return cells;
}

static void
pad(GString *to, const char *text, glong width)
{
  g_string_append(to, text);
  for (glong n = g_utf8_strlen(text, -1); n < width; n++)
    g_string_append_c(to, ' ');
}

static void
widen(glong widths[COLUMNS], char *const *cells)
{
  for (int i = 0; i < COLUMNS; i++)
    widths[i] = MAX(widths[i], g_utf8_strlen(cells[i], -1));
}

static void
text_row(GString *to, const glong widths[COLUMNS], char *const *cells)
{
  g_string_append(to, "  ");
  for (int i = 0; i < SEEDS; i++)
    pad(to, cells[i], widths[i] + 2);
  g_string_append_printf(to, "%5s%s%s\n", cells[SEEDS], *cells[VERDICT] == '\0' ? "" : "  ",
                         cells[VERDICT]);
}

char *
sim_validate_troubles(const SimValidated *validated)
{
  GString *to = g_string_new(NULL);
  for (guint i = 0; i < validated->troubles->len; i++)
    g_string_append_printf(to, "%s\n", (const char *)validated->troubles->pdata[i]);
  return g_string_free(to, FALSE);
}

char *
sim_validate_text(const SimValidated *validated)
{
  static char *const heads[COLUMNS] = { "",      "published", "measured", "95 % interval",
                                        "bound", "seeds",     "" };
  GString *to = g_string_new(NULL);
  glong widths[COLUMNS] = { 0 };
  widen(widths, heads);
  for (guint i = 0; i < validated->outcomes->len; i++) {
    g_auto(GStrv) cells = cells_of(outcome_at(validated, i));
    widen(widths, cells);
  }
  for (guint i = 0; i < validated->outcomes->len; i++) {
    const SimExperiment *experiment = outcome_at(validated, i)->experiment;
    g_auto(GStrv) cells = cells_of(outcome_at(validated, i));
    if (is_first(validated, i)) {
      g_string_append_printf(to, "%s%s: %s (%s%s)\n  not counted: %s\n", i > 0 ? "\n" : "",
                             experiment->name, experiment->title, experiment->source,
                             experiment->direct ? "" : "; another overlay: the bound is ours",
                             experiment->warm_up);
      text_row(to, widths, heads);
    }
    text_row(to, widths, cells);
  }
  g_autofree char *troubles = sim_validate_troubles(validated);
  g_string_append_printf(to, "\n%s%s%s\n", troubles, *troubles == '\0' ? "" : "\n", RULES);
  if (validated->runs < validated->planned)
    g_string_append_printf(to, "not finished: %u of %u runs in %.0f s\n", validated->runs,
                           validated->planned, validated->wall_s);
  else
    g_string_append_printf(to, "%u runs in %.0f s\n", validated->runs, validated->wall_s);
  return g_string_free(to, FALSE);
}

/* ---- For a README. ---- */

char *
sim_validate_markdown(const SimValidated *validated)
{
  GString *to = g_string_new("| | published | measured | 95 % interval | bound | seeds | |\n"
                             "|---|---|---|---|---|---|---|\n");
  for (guint i = 0; i < validated->outcomes->len; i++) {
    const SimExperiment *experiment = outcome_at(validated, i)->experiment;
    g_auto(GStrv) cells = cells_of(outcome_at(validated, i));
    if (is_first(validated, i))
      g_string_append_printf(to, "| **%s %s** | *%s* | | | | | %s |\n", experiment->name,
                             experiment->title, experiment->source,
                             experiment->direct ? "direct" : "shape");
    g_autofree char *row = g_strjoinv(" | ", cells);
    g_string_append_printf(to, "| %s |\n", row);
  }
  return g_string_free(to, FALSE);
}

/* ---- For programs. ---- */

static void
json_number(GString *to, const char *name, double value, bool known)
{
  if (known)
    g_string_append_printf(to, ",\"%s\":%.10g", name, value);
  else
    g_string_append_printf(to, ",\"%s\":null", name);
}

static void
json_text(GString *to, const char *name, const char *text)
{
  g_string_append_printf(to, ",\"%s\":", name);
  sim_json_string(to, text);
}

static void
json_row(GString *to, const SimRowResult *outcome)
{
  static const char *const verdicts[] = { "held", "failed", "undecided" };
  bool known = outcome->interval.n > 0;
  g_string_append_printf(to, "{\"experiment\":\"%s\"", outcome->experiment->name);
  json_text(to, "row", outcome->row->name);
  json_text(to, "title", outcome->experiment->title);
  json_text(to, "source", outcome->experiment->source);
  json_text(to, "compare", outcome->experiment->direct ? "direct" : "shape");
  json_text(to, "what", outcome->what);
  json_text(to, "published", outcome->row->published);
  json_text(to, "unit", outcome->row->unit);
  json_text(to, "bound", outcome->bound);
  json_number(to, "mean", outcome->interval.mean, known);
  json_number(to, "low", outcome->interval.low, known);
  json_number(to, "high", outcome->interval.high, known);
  json_number(to, "among", outcome->among, outcome->among > 0);
  bool none = never(outcome);
  json_number(to, "never", none ? 100 * analysis_interval_never(outcome->among) : 0, none);
  g_string_append_printf(to, ",\"seeds\":%u,\"ended\":%u,\"verdict\":\"%s\",\"values\":[",
                         outcome->runs, outcome->ended, verdicts[outcome->verdict]);
  for (unsigned i = 0; i < outcome->runs; i++) {
    g_string_append(to, i > 0 ? "," : "");
    if (outcome->values[i].known)
      g_string_append_printf(to, "%.10g", outcome->values[i].value);
    else
      g_string_append(to, "null");
  }
  g_string_append(to, "]}");
}

char *
sim_validate_json(const SimValidated *validated)
{
  GString *to = g_string_new(NULL);
  g_string_append_printf(to,
                         "{\"exit_code\":%d,\"runs\":%u,\"planned\":%u,\"wall_s\":%.3f,\"rows\":[",
                         validated->status, validated->runs, validated->planned, validated->wall_s);
  for (guint i = 0; i < validated->outcomes->len; i++) {
    g_string_append(to, i > 0 ? "," : "");
    json_row(to, outcome_at(validated, i));
  }
  g_string_append(to, "],\"troubles\":[");
  for (guint i = 0; i < validated->troubles->len; i++) {
    g_string_append(to, i > 0 ? "," : "");
    sim_json_string(to, validated->troubles->pdata[i]);
  }
  g_string_append(to, "]}\n");
  return g_string_free(to, FALSE);
}
