/* Statements as text. What is said is what the tree holds; what is the default is left out. */
#include "sim-print.h"

#include "sim-oracle.h"

/* ---- Actions ---- */

static void
append_word_and_time(GString *to, const char *word, SimTime time)
{
  g_string_append(to, word);
  sim_print_time(to, time);
}

static void
append_schedule(GString *to, const SimAction *action)
{
  if (action->schedule == SIM_SCHEDULE_AT) {
    append_word_and_time(to, "at ", action->from);
  } else {
    if (action->schedule == SIM_SCHEDULE_EVERY)
      append_word_and_time(to, "every ", action->period);
    append_word_and_time(to, action->schedule == SIM_SCHEDULE_EVERY ? " from " : "from ",
                         action->from);
    append_word_and_time(to, " to ", action->to);
  }
  g_string_append_c(to, ' ');
}

static void
append_outcome(GString *to, const SimScenario *scenario, const SimOutcome *outcome)
{
  if (outcome->kind == SIM_OUTCOME_ANY)
    return;
  g_string_append(to, " -> ");
  if (outcome->kind == SIM_OUTCOME_FOUND)
    g_string_append(to, "found");
  else if (outcome->kind == SIM_OUTCOME_NOT_FOUND)
    g_string_append(to, "not-found");
  else if (outcome->kind == SIM_OUTCOME_NODE)
    sim_print_node(to, scenario, outcome->node);
  else
    g_string_append(to, sim_hresult_name(outcome->code));
}

static void
append_call(GString *to, const SimScenario *scenario, const SimAction *action)
{
  if (action->call.has_key) {
    g_string_append(to, " key ");
    sim_print_key(to, &action->call.key);
  }
  if (action->call.payload.given) {
    g_string_append(to, " payload ");
    if (action->call.payload.text != NULL)
      sim_print_text(to, action->call.payload.text);
    else
      g_string_append_printf(to, "%uB", action->call.payload.size);
  }
  append_outcome(to, scenario, &action->call.outcome);
}

static void
append_search(GString *to, const SimScenario *scenario, const SimAction *action)
{
  g_string_append(to, " for ");
  if (action->search.for_node)
    sim_print_node(to, scenario, action->search.node);
  else
    sim_print_key(to, &action->search.key);
  if (action->search.mode == SIM_SEARCH_NEAREST)
    g_string_append(to, " nearest");
  if (action->search.mode == SIM_SEARCH_RANGE) {
    g_string_append(to, " range ");
    sim_print_key(to, &action->search.low);
    g_string_append_c(to, ' ');
    sim_print_key(to, &action->search.high);
  }
  if (action->search.results_max != 1)
    g_string_append_printf(to, " max %u", action->search.results_max);
  if (action->search.timeout != SIM_SEARCH_TIMEOUT)
    append_word_and_time(to, " timeout ", action->search.timeout);
  append_outcome(to, scenario, &action->search.outcome);
}

static void
append_workload(GString *to, const SimScenario *scenario, const SimAction *action)
{
  g_string_append(to, "search ");
  sim_print_rate(to, action->workload.rate, "");
  if (action->set != NULL) {
    g_string_append(to, " from ");
    sim_print_set(to, scenario, action->set);
  }
  if (action->workload.missing.num != 0) {
    g_string_append(to, " missing ");
    sim_print_ratio(to, action->workload.missing);
  }
}

static void
append_parts(GString *to, const SimScenario *scenario, const SimAction *action)
{
  g_string_append(to, "partition ");
  for (uint32_t i = 0; i < action->parts.count; i++) {
    g_string_append(to, i > 0 ? " | " : "");
    sim_print_set(to, scenario, action->parts.sets[i]);
  }
}

static void
append_settings(GString *to, const SimAction *action)
{
  bool block = action->network.count != 1;
  g_string_append(to, block ? " { " : " ");
  for (uint32_t i = 0; i < action->network.count; i++) {
    g_string_append(to, i > 0 ? "; " : "");
    sim_print_network_setting(to, &action->network.settings[i]);
  }
  g_string_append(to, block ? " }" : "");
}

static void
append_churn(GString *to, const SimAction *action)
{
  g_string_append(to, " lifetime ");
  sim_print_distribution(to, &action->churn.lifetime);
  g_string_append(to, " downtime ");
  sim_print_distribution(to, &action->churn.downtime);
  if (action->churn.silent.num != 0) {
    g_string_append(to, " silent ");
    sim_print_ratio(to, action->churn.silent);
  }
}

static void
append_inject(GString *to, const SimScenario *scenario, const SimAction *action)
{
  g_string_append(to, "inject ");
  sim_print_node(to, scenario, action->inject.from);
  g_string_append(to, " -> ");
  sim_print_node(to, scenario, action->inject.to);
  g_string_append(to, " hex \"");
  for (uint32_t i = 0; i < action->inject.count; i++)
    g_string_append_printf(to, "%s%02x", i > 0 ? " " : "", action->inject.bytes[i]);
  g_string_append_c(to, '"');
}

static void
append_forge(GString *to, const SimScenario *scenario, const SimAction *action)
{
  if (action->kind == SIM_ACTION_FORGE_REPLAYS)
    g_string_append(to, " replays");
  else if (action->kind == SIM_ACTION_FORGE_FLOODS)
    g_string_append_printf(to, " floods %u", action->forge.floods);
  else {
    g_string_append(to, " claims ");
    if (action->forge.random)
      g_string_append(to, "random");
    else if (action->forge.for_node)
      sim_print_node(to, scenario, action->forge.node);
    else
      sim_print_key(to, &action->forge.key);
  }
}

/* What stands behind "WORD SET" or "WORD SET -> SET". */
static void
append_rest(GString *to, const SimScenario *scenario, const SimAction *action)
{
  static const char *const certificates[] = { "expired", "wrong-root", "revoked" };
  switch ((int)action->kind) { /* int: the others have nothing there */
  case SIM_ACTION_START:
  case SIM_ACTION_STOP:
    if (action->spread != 0)
      append_word_and_time(to, " over ", action->spread);
    break;
  case SIM_ACTION_REGISTER:
  case SIM_ACTION_UPDATE:
  case SIM_ACTION_UNREGISTER:
    append_call(to, scenario, action);
    break;
  case SIM_ACTION_SEARCH:
    append_search(to, scenario, action);
    break;
  case SIM_ACTION_LINK:
  case SIM_ACTION_NETWORK:
    append_settings(to, action);
    break;
  case SIM_ACTION_CHURN:
    append_churn(to, action);
    break;
  case SIM_ACTION_CHURN_TRACE:
    g_string_append(to, " trace ");
    sim_print_text(to, action->trace.path);
    break;
  case SIM_ACTION_CLOCK_DRIFT:
    g_string_append(to, " drift ");
    sim_print_ratio(to, action->drift);
    break;
  case SIM_ACTION_CLOCK_STEP:
    append_word_and_time(to, " step ", action->step);
    break;
  case SIM_ACTION_FORGE_CLAIMS:
  case SIM_ACTION_FORGE_FLOODS:
  case SIM_ACTION_FORGE_REPLAYS:
    append_forge(to, scenario, action);
    break;
  case SIM_ACTION_CERTIFICATE:
    g_string_append_printf(to, " %s", certificates[action->certificate]);
    break;
  case SIM_ACTION_MARK:
    g_string_append_c(to, ' ');
    sim_print_text(to, action->mark);
    break;
  default:
    break;
  }
}

static void
append_plain(GString *to, const SimScenario *scenario, const SimAction *action)
{
  static const char *const words[SIM_ACTIONS] = {
    "start",     "stop",   "crash",       "restart", "fault",      "disconnect", "reconnect",
    "pause",     "resume", "register",    "update",  "unregister", "search",     "search",
    "partition", "heal",   "cut",         "join",    "hold",       "release",    "link",
    "network",   "churn",  "churn",       "clock",   "clock",      "inject",     "forge",
    "forge",     "forge",  "certificate", "mark",    "end",
  };
  g_string_append(to, words[action->kind]);
  if (action->set != NULL) {
    g_string_append_c(to, ' ');
    sim_print_set(to, scenario, action->set);
  }
  if (action->to_set != NULL) {
    g_string_append(to, action->both_ways ? " <-> " : " -> ");
    sim_print_set(to, scenario, action->to_set);
  }
  append_rest(to, scenario, action);
}

char *
sim_print_action(const SimScenario *scenario, const SimAction *action)
{
  GString *text = g_string_new(NULL);
  append_schedule(text, action);
  switch ((int)action->kind) { /* int: the others are alike */
  case SIM_ACTION_WORKLOAD:
    append_workload(text, scenario, action);
    break;
  case SIM_ACTION_PARTITION:
    append_parts(text, scenario, action);
    break;
  case SIM_ACTION_INJECT:
    append_inject(text, scenario, action);
    break;
  default:
    append_plain(text, scenario, action);
    break;
  }
  return g_string_free(text, FALSE);
}

/* ---- Expectations ---- */

static void
append_when(GString *to, const SimWhen *when)
{
  switch (when->kind) {
  case SIM_WHEN_NONE:
    break;
  case SIM_WHEN_AT:
    append_word_and_time(to, " at ", when->from);
    break;
  case SIM_WHEN_FROM_TO:
    append_word_and_time(to, " from ", when->from);
    append_word_and_time(to, " to ", when->to);
    break;
  case SIM_WHEN_BY:
    append_word_and_time(to, " by ", when->to);
    break;
  case SIM_WHEN_WITHIN:
    append_word_and_time(to, " within ", when->to);
    g_string_append(to, " of ");
    sim_print_text(to, when->mark);
    break;
  case SIM_WHEN_ALWAYS:
    g_string_append(to, " always");
    break;
  }
}

static void
append_metric_value(GString *to, SimMetric metric, SimRatio value)
{
  static const SimMetricKind kinds[] = {
#define METRIC_KIND(name, text, kind, source) SIM_METRIC_##kind,
    SIM_METRIC_TABLE(METRIC_KIND)
#undef METRIC_KIND
  };
  switch (kinds[metric]) {
  case SIM_METRIC_COUNT:
  case SIM_METRIC_MEAN:
    sim_print_number(to, value);
    break;
  case SIM_METRIC_SHARE:
    sim_print_ratio(to, value);
    break;
  case SIM_METRIC_TIME:
    sim_print_time(to, value.num);
    break;
  case SIM_METRIC_RATE:
    sim_print_rate(to, value, "");
    break;
  case SIM_METRIC_BYTE_RATE:
    sim_print_rate(to, value, "B");
    break;
  }
}

static void
append_metric(GString *to, const SimExpectation *expectation)
{
  g_string_append_printf(to, " %s", sim_metric_name(expectation->metric.metric));
  if (expectation->metric.type != SIM_MESSAGES)
    g_string_append_printf(to, ".%s", sim_message_word(expectation->metric.type));
  g_string_append_printf(to, " %s ", sim_op_word(expectation->metric.op));
  append_metric_value(to, expectation->metric.metric, expectation->metric.value);
}

static void
append_event(GString *to, const SimScenario *scenario, const SimExpectation *expectation)
{
  g_string_append(to, " event ");
  sim_print_set(to, scenario, expectation->event.set);
  g_string_append_printf(to, " %s", sim_event_word(expectation->event.kind));
  if (expectation->event.has_key) {
    g_string_append(to, " key ");
    sim_print_key(to, &expectation->event.key);
  }
  if (expectation->event.has_local) {
    g_string_append(to, " local ");
    sim_print_key(to, &expectation->event.local);
  }
}

static void
append_message(GString *to, const SimScenario *scenario, const SimExpectation *expectation)
{
  g_string_append(to, " message ");
  sim_print_set(to, scenario, expectation->message.from);
  g_string_append(to, " -> ");
  sim_print_set(to, scenario, expectation->message.to);
  g_string_append_printf(to, " %s", sim_message_word(expectation->message.type));
  for (uint32_t i = 0; i < expectation->message.field_count; i++) {
    const SimFieldMatch *match = &expectation->message.fields[i];
    g_string_append_printf(to, " %s ", sim_field_word(match->field));
    if (match->field == SIM_FIELD_FLAG)
      g_string_append_printf(to, "%u", match->flags);
    else
      sim_print_key(to, &match->key);
  }
}

char *
sim_print_expectation(const SimScenario *scenario, const SimExpectation *expectation)
{
  GString *text = g_string_new("expect");
  append_when(text, &expectation->when);
  g_string_append(text, expectation->no ? " no" : "");
  switch (expectation->kind) {
  case SIM_EXPECT_METRIC:
    append_metric(text, expectation);
    break;
  case SIM_EXPECT_EVENT:
    append_event(text, scenario, expectation);
    break;
  case SIM_EXPECT_MESSAGE:
    append_message(text, scenario, expectation);
    break;
  }
  return g_string_free(text, FALSE);
}
