/* Expectations, and invariants that are taken back. */
#include "sim-parse.h"

#include "sim-oracle.h"
#include "sim-print.h"
#include "sim-suggest.h"

#include <string.h>

/* ---- When ---- */

/* @when of a metric; what may not stand with events and messages is told later. */
static bool
parse_within(SimCursor *cursor, SimWhen *when)
{
  when->kind = SIM_WHEN_WITHIN;
  if (!sim_parse_period(cursor, &when->to)) /* a sample at the instant of the mark is before it */
    return false;
  if (!sim_take_word(cursor, "of"))
    return sim_expected(cursor, "'of'");
  return sim_parse_text(cursor, "the text of a mark in quotes", &when->mark);
}

static bool
parse_when(SimCursor *cursor, SimWhen *when)
{
  SimTime *base = &cursor->parse->base;
  if (sim_at_word(cursor, "from")) {
    when->kind = SIM_WHEN_FROM_TO;
    if (!sim_parse_window(cursor, &when->from, &when->to))
      return false;
    *base = when->from;
  } else if (sim_take_word(cursor, "at")) {
    when->kind = SIM_WHEN_AT;
    if (!sim_parse_instant(cursor, &when->from))
      return false;
    *base = when->from;
  } else if (sim_take_word(cursor, "by")) {
    when->kind = SIM_WHEN_BY;
    if (!sim_parse_instant(cursor, &when->to))
      return false;
    *base = when->to;
  } else if (sim_take_word(cursor, "within")) {
    return parse_within(cursor, when);
  } else if (sim_take_word(cursor, "always")) {
    when->kind = SIM_WHEN_ALWAYS;
  }
  return true;
}

/* ---- Metrics ---- */

static const SimMetricKind metric_kinds[] = {
#define METRIC_KIND(name, text, kind, source) SIM_METRIC_##kind,
  SIM_METRIC_TABLE(METRIC_KIND)
#undef METRIC_KIND
};

static bool
is_per_node(SimMetric metric)
{
  return metric == SIM_METRIC_MESSAGES_PER_NODE || metric == SIM_METRIC_BYTES_PER_NODE;
}

static bool
find_metric(const char *word, SimMetric *ret_metric, SimMessageType *ret_type)
{
  for (unsigned i = 0; i < SIM_METRICS; i++) {
    const char *name = sim_metric_name((SimMetric)i);
    *ret_metric = (SimMetric)i;
    *ret_type = SIM_MESSAGES;
    if (g_str_equal(word, name))
      return true;
    size_t size = strlen(name);
    if (!is_per_node((SimMetric)i) || strncmp(word, name, size) != 0 || word[size] != '.')
      continue;
    for (unsigned type = 0; type < SIM_MESSAGES; type++)
      if (g_str_equal(word + size + 1, sim_message_word((SimMessageType)type))) {
        *ret_type = (SimMessageType)type;
        return true;
      }
  }
  return false;
}

static bool
expected_metric(SimCursor *cursor)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
  static const char *const words[] = { "event", "message", "no", "at", "within", "always", "from" };
  for (unsigned i = 0; i < SIM_METRICS; i++) {
    const char *name = sim_metric_name((SimMetric)i);
    g_ptr_array_add(known, g_strdup(name));
    for (unsigned type = 0; is_per_node((SimMetric)i) && type < SIM_MESSAGES; type++)
      g_ptr_array_add(known, g_strconcat(name, ".", sim_message_word((SimMessageType)type), NULL));
  }
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    g_ptr_array_add(known, g_strdup(words[i]));
  g_ptr_array_add(known, NULL);
  return sim_expected_one_of(cursor, "a metric, 'event' or 'message'",
                             (const char *const *)known->pdata);
}

#define AN_OP "one of == != < <= > >="

/* As other languages write them, or nearly so. False: told. */
static bool
check_op(SimCursor *cursor)
{
  static const struct {
    const char *first, *second, *meant;
  } slips[] = { { "=", ">", ">=" }, { "=", "<", "<=" }, { "<", ">", "!=" }, { "=", NULL, "==" } };
  const SimToken *at = cursor->at;
  for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
    const char *second = slips[i].second;
    bool there = sim_at_symbol(cursor, slips[i].first) &&
                 (second == NULL || (sim_token_is(&at[1], SIM_TOKEN_SYMBOL, second) &&
                                     at[1].column == at->column + 1));
    if (there)
      return sim_parse_mistake(cursor->parse, at, slips[i].meant,
                               "expected " AN_OP ", found '%s%s'", slips[i].first,
                               second != NULL ? second : "");
  }
  return true;
}

static bool
parse_op(SimCursor *cursor, SimOp *ret)
{
  if (!check_op(cursor))
    return false;
  for (unsigned i = 0; i <= SIM_OP_GREATER_EQUAL; i++)
    if (sim_take_symbol(cursor, sim_op_word((SimOp)i))) {
      *ret = (SimOp)i;
      return true;
    }
  return sim_expected(cursor, AN_OP);
}

/* A rate may be written as a number: it is per second anyway. */
static bool
parse_flow(SimCursor *cursor, SimMetricKind kind, SimRatio *ret)
{
  if (cursor->at->kind == SIM_TOKEN_NUMBER && strchr(cursor->at->text, '/') == NULL)
    return sim_parse_number(cursor, ret);
  return kind == SIM_METRIC_RATE ? sim_parse_rate(cursor, ret) : sim_parse_byte_rate(cursor, ret);
}

static bool
parse_value(SimCursor *cursor, SimMetricKind kind, SimRatio *ret)
{
  switch (kind) {
  case SIM_METRIC_COUNT:
  case SIM_METRIC_MEAN:
    return sim_parse_number(cursor, ret);
  case SIM_METRIC_SHARE:
    return sim_parse_ratio(cursor, ret);
  case SIM_METRIC_TIME: {
    SimTime time = 0;
    bool good = sim_parse_time(cursor, &time);
    *ret = sim_ratio(time, 1);
    return good;
  }
  case SIM_METRIC_RATE:
  case SIM_METRIC_BYTE_RATE:
    return parse_flow(cursor, kind, ret);
  }
  return false;
}

static bool
parse_metric(SimCursor *cursor, SimExpectation *to)
{
  to->kind = SIM_EXPECT_METRIC;
  if (cursor->at->kind != SIM_TOKEN_WORD ||
      !find_metric(cursor->at->text, &to->metric.metric, &to->metric.type))
    return expected_metric(cursor);
  cursor->at++;
  return parse_op(cursor, &to->metric.op) &&
         parse_value(cursor, metric_kinds[to->metric.metric], &to->metric.value);
}

/* ---- Events ---- */

static const SimEventKeys event_keys[] = {
#define EVENT_KEYS(name, text, keys) SIM_EVENT_KEYS_##keys,
  SIM_EVENT_TABLE(EVENT_KEYS)
#undef EVENT_KEYS
};

static bool
parse_event_kind(SimCursor *cursor, SimEventKind *ret)
{
  const char *names[SIM_EVENTS + 1] = { NULL };
  unsigned i;
  for (unsigned k = 0; k < SIM_EVENTS; k++)
    names[k] = sim_event_word((SimEventKind)k);
  if (!sim_parse_choice(cursor, "a kind of event", names, &i))
    return false;
  *ret = (SimEventKind)i;
  return true;
}

static bool
no_such_key(SimCursor *cursor, SimEventKind kind)
{
  return sim_parse_mistake(cursor->parse, cursor->at, NULL, "the event '%s' has no '%s'",
                           sim_event_word(kind), cursor->at->text);
}

static bool
parse_event(SimCursor *cursor, SimExpectation *to)
{
  to->kind = SIM_EXPECT_EVENT;
  if (!sim_parse_set(cursor, &to->event.set) || !parse_event_kind(cursor, &to->event.kind))
    return false;
  SimEventKeys keys = event_keys[to->event.kind];
  while (cursor->at->kind == SIM_TOKEN_WORD) {
    bool local = sim_at_word(cursor, "local");
    if (!local && !sim_at_word(cursor, "key"))
      return sim_expected(cursor, "'key', 'local' or the end of the line");
    if (keys == SIM_EVENT_KEYS_NONE || (local && keys != SIM_EVENT_KEYS_REMOTE))
      return no_such_key(cursor, to->event.kind);
    if (local ? to->event.has_local : to->event.has_key)
      return sim_parse_mistake(cursor->parse, cursor->at, NULL, "'%s' is there twice",
                               cursor->at->text);
    cursor->at++;
    if (!sim_parse_key(cursor, local ? &to->event.local : &to->event.key))
      return false;
    to->event.has_local |= local;
    to->event.has_key |= !local;
  }
  return true;
}

/* ---- Messages ---- */

static const unsigned field_types[] = {
#define FIELD_TYPES(name, text, types) types,
  SIM_FIELD_TABLE(FIELD_TYPES)
#undef FIELD_TYPES
};

static bool
parse_field(SimCursor *cursor, SimMessageType type, SimFieldMatch *to)
{
  const char *names[SIM_FIELDS + 1] = { NULL };
  const SimToken *token = cursor->at;
  unsigned i;
  for (unsigned k = 0; k < SIM_FIELDS; k++)
    names[k] = sim_field_word((SimMessageField)k);
  if (!sim_parse_choice(cursor,
                        "'flag', 'revoke', 'entry', 'validate', 'target' or the end of the line",
                        names, &i))
    return false;
  to->field = (SimMessageField)i;
  if ((field_types[i] & 1U << type) == 0)
    return sim_parse_mistake(cursor->parse, token, NULL, "the message %s has no '%s'",
                             sim_message_word(type), token->text);
  return to->field == SIM_FIELD_FLAG ? sim_parse_flags(cursor, &to->flags)
                                     : sim_parse_key(cursor, &to->key);
}

static bool
parse_message_type(SimCursor *cursor, SimMessageType *ret)
{
  const char *names[SIM_MESSAGES + 1] = { NULL };
  unsigned i;
  for (unsigned k = 0; k < SIM_MESSAGES; k++)
    names[k] = sim_message_word((SimMessageType)k);
  if (!sim_parse_choice(cursor, "a type of message such as FLOOD", names, &i))
    return false;
  *ret = (SimMessageType)i;
  return true;
}

static bool
parse_message(SimCursor *cursor, SimExpectation *to)
{
  to->kind = SIM_EXPECT_MESSAGE;
  if (!sim_parse_set(cursor, &to->message.from))
    return false;
  if (!sim_take_symbol(cursor, "->"))
    return sim_expected(cursor, "'->'");
  if (!sim_parse_set(cursor, &to->message.to) || !parse_message_type(cursor, &to->message.type))
    return false;
  GArray *fields = g_array_new(FALSE, FALSE, sizeof(SimFieldMatch));
  bool good = true;
  while (good && cursor->at->kind != SIM_TOKEN_END) {
    SimFieldMatch match = { 0 };
    good = parse_field(cursor, to->message.type, &match);
    g_array_append_val(fields, match);
  }
  to->message.field_count = fields->len;
  to->message.fields = sim_arena_steal(cursor->parse->arena, fields);
  return good;
}

/* ---- Statements ---- */

static bool
parse_watch(SimCursor *cursor, SimExpectation *to, const SimToken *when)
{
  bool known = to->when.kind == SIM_WHEN_NONE || to->when.kind == SIM_WHEN_FROM_TO ||
               to->when.kind == SIM_WHEN_BY;
  if (!known)
    return sim_parse_mistake(cursor->parse, when, NULL,
                             "expected 'from T1 to T2', 'by T' or nothing before %s, found '%s'",
                             sim_at_word(cursor, "event") ? "an event" : "a message", when->text);
  if (sim_take_word(cursor, "event"))
    return parse_event(cursor, to);
  if (sim_take_word(cursor, "message"))
    return parse_message(cursor, to);
  return sim_expected(cursor, "'event' or 'message'");
}

bool
sim_parse_expect(SimCursor *cursor)
{
  SimParse *parse = cursor->parse;
  const SimToken *when = cursor->at;
  SimExpectation expectation = { .where = sim_parse_where(parse, cursor->at - 1) };
  g_ptr_array_set_size(parse->draws, 0);
  if (!parse_when(cursor, &expectation.when))
    return false;
  expectation.no = sim_take_word(cursor, "no");
  bool watch = expectation.no || sim_at_word(cursor, "event") || sim_at_word(cursor, "message");
  if (watch ? !parse_watch(cursor, &expectation, when) : !parse_metric(cursor, &expectation))
    return false;
  if (cursor->bad || cursor->at->kind != SIM_TOKEN_END)
    return true;
  expectation.text =
    sim_arena_own(parse->arena, sim_print_expectation(parse->scenario, &expectation));
  sim_parse_name_draws(parse, expectation.text);
  g_array_append_val(parse->expectations, expectation);
  return true;
}

bool
sim_parse_allow(SimCursor *cursor)
{
  const char *names[SIM_INVARIANTS + 1] = { NULL };
  unsigned i;
  SimAllow allow = { .where = sim_parse_where(cursor->parse, cursor->at - 1) };
  for (unsigned k = 0; k < SIM_INVARIANTS; k++)
    names[k] = sim_invariant_name((SimInvariant)k);
  if (!sim_take_word(cursor, "invariant"))
    return sim_expected(cursor, "'invariant'");
  const SimToken *token = cursor->at;
  bool near = token->kind == SIM_TOKEN_WORD && sim_suggest(token->text, names) != NULL;
  g_autofree char *list = g_strjoinv(", ", (char **)names);
  g_autofree char *all = g_strdup_printf("an invariant (%s)", list);
  if (!sim_parse_choice(cursor, near ? "an invariant" : all, names, &i) ||
      !sim_parse_text(cursor, "a reason in quotes", &allow.reason))
    return false;
  if (*allow.reason == '\0') {
    cursor->at--;
    return sim_expected(cursor, "a reason in quotes");
  }
  allow.invariant = (SimInvariant)i;
  sim_parse_once(cursor, names[i], token);
  g_array_append_val(cursor->parse->allows, allow);
  return true;
}
