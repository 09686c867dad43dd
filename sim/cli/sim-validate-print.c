#include "sim-validate-print.h"

#include "sim-json.h"
#include "sim-usage.h"

#include <string.h>

#define RULES                                                                                      \
  "A hop is a distinct node that was sent a LOOKUP or the INQUIRE at the end. Success is found / " \
  "issued, of keys that were registered all through the search; what failed counts. With none of " \
  "n "                                                                                             \
  "failed, the interval is the bound of 3/n."

/* ---- Numbers. ---- */

static int
digits_of(const char *unit, double value)
{
  if (strcmp(unit, "%") == 0)
    return ABS(value) >= 99 && ABS(value) < 100 ? 3 : 2;
  if (strcmp(unit, "B/s") == 0 || ABS(value) >= 100)
    return 0;
  return strcmp(unit, "s") == 0 && ABS(value) >= 10 ? 1 : 2;
}

/* "99.987 %", "3.46 hops". (transfer full) */
static char *
number(const char *unit, double value)
{
  bool whole = strcmp(unit, "%") == 0 && (value == 100 || value == 0);
  return g_strdup_printf("%.*f%s%s", whole ? 0 : digits_of(unit, value), value,
                         *unit == '\0' ? "" : " ", unit);
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

/* Of a share, what never happened: a failure, or success in a swarm. */
static bool
never(const SimRowResult *outcome)
{
  return outcome->among > 0 &&
         (outcome->row->kind == SIM_ROW_SWARM ? outcome->of == 0 : outcome->of == outcome->among);
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

static void
pad(GString *to, const char *text, glong width)
{
  g_string_append(to, text);
  for (glong n = g_utf8_strlen(text, -1); n < width; n++)
    g_string_append_c(to, ' ');
}

static void
text_row(GString *to, const SimRowResult *outcome)
{
  g_autofree char *value = measured(outcome), *between = interval(outcome),
                  *word = verdict(outcome);
  const char *const cells[] = {
    outcome->what,
    outcome->row->published,
    value,
    between,
    outcome->bound != NULL ? outcome->bound : "",
  };
  static const int widths[] = { 44, 22, 13, 24, 12 };
  g_string_append(to, "  ");
  for (size_t i = 0; i < G_N_ELEMENTS(cells); i++)
    pad(to, cells[i], widths[i]);
  g_string_append_printf(to, "%5u  %s\n", outcome->runs, word);
}

char *
sim_validate_text(const SimValidated *validated)
{
  GString *to = g_string_new(NULL);
  for (guint i = 0; i < validated->outcomes->len; i++) {
    const SimRowResult *outcome = outcome_at(validated, i);
    const SimExperiment *experiment = outcome->experiment;
    if (is_first(validated, i)) {
      g_string_append_printf(to, "%s%s: %s (%s%s)\n", i > 0 ? "\n" : "", experiment->name,
                             experiment->title, experiment->source,
                             experiment->direct ? "" : "; another overlay: the bound is ours");
      g_string_append_printf(to, "  not counted: %s\n  ", experiment->warm_up);
      pad(to, "", 44);
      pad(to, "published", 22);
      pad(to, "measured", 13);
      pad(to, "95 % interval", 24);
      g_string_append(to, "bound       seeds\n");
    }
    text_row(to, outcome);
  }
  for (guint i = 0; i < validated->troubles->len; i++)
    g_string_append_printf(to, "%s%s\n", i == 0 ? "\n" : "",
                           (const char *)validated->troubles->pdata[i]);
  g_string_append_printf(to, "\n%s\n%u runs in %.0f s\n", RULES, validated->runs,
                         validated->wall_s);
  return g_string_free(to, FALSE);
}

/* ---- For a README. ---- */

char *
sim_validate_markdown(const SimValidated *validated)
{
  GString *to =
    g_string_new("| # | experiment | published | measured | 95 % interval | bound | seeds | |\n"
                 "|---|---|---|---|---|---|---|---|\n");
  for (guint i = 0; i < validated->outcomes->len; i++) {
    const SimRowResult *outcome = outcome_at(validated, i);
    const SimExperiment *experiment = outcome->experiment;
    g_autofree char *value = measured(outcome), *between = interval(outcome),
                    *word = verdict(outcome);
    if (is_first(validated, i))
      g_string_append_printf(to, "| **%s** | **%s** (%s) | | | | | | %s |\n", experiment->name,
                             experiment->title, experiment->source,
                             experiment->direct ? "direct" : "shape");
    g_string_append_printf(to, "| | %s | %s | %s | %s | %s | %u | %s |\n", outcome->what,
                           outcome->row->published, value, between,
                           outcome->bound != NULL ? outcome->bound : "", outcome->runs, word);
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
  g_string_append_printf(to, ",\"seeds\":%u,\"verdict\":\"%s\",\"values\":[", outcome->runs,
                         verdicts[outcome->verdict]);
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
  g_string_append_printf(to, "{\"exit_code\":%d,\"runs\":%u,\"wall_s\":%.3f,\"rows\":[",
                         validated->status, validated->runs, validated->wall_s);
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
