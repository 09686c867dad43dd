/* Expectations: looked at while it runs, judged at the end. */
#include "sim-run-private.h"
#include "sim-seen.h"

#include "sim-hash.h"

#include <string.h>

/* By multiplying crosswise: nothing is rounded. */
static bool
meets(SimMeasure value, SimOp op, SimRatio bound)
{
  __extension__ typedef __int128 Wide;
  Wide left = (Wide)value.of * bound.den, right = (Wide)bound.num * value.among;
  switch (op) {
  case SIM_OP_EQUAL:
    return left == right;
  case SIM_OP_NOT_EQUAL:
    return left != right;
  case SIM_OP_LESS:
    return left < right;
  case SIM_OP_LESS_EQUAL:
    return left <= right;
  case SIM_OP_GREATER:
    return left > right;
  case SIM_OP_GREATER_EQUAL:
    return left >= right;
  }
  return false;
}

char *
sim_run_value(SimMetric metric, SimMeasure value)
{
  if (value.among == 0)
    return g_strdup("nothing to measure");
  double number = (double)value.of / (double)value.among;
  switch (sim_metric_kind(metric)) {
  case SIM_METRIC_COUNT:
    return g_strdup_printf("%" G_GINT64_FORMAT, value.of / value.among);
  case SIM_METRIC_SHARE:
    return g_strdup_printf("%.4g%% (%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ")", 100 * number,
                           value.of, value.among);
  case SIM_METRIC_TIME: {
    GString *time = g_string_new(NULL);
    sim_print_time(time, value.of / value.among);
    return g_string_free(time, FALSE);
  }
  case SIM_METRIC_MEAN:
    return g_strdup_printf("%.4g", number);
  case SIM_METRIC_RATE:
    return g_strdup_printf("%.4g/s", number);
  case SIM_METRIC_BYTE_RATE:
    return g_strdup_printf("%.4gB/s", number);
  }
  return NULL;
}

/* A window from its beginning, or from that of the run, until now. */
static SimMeasure
measure(SimRun *run, const SimExpected *expected)
{
  const SimExpectation *expectation = expected->expectation;
  SimWindow window = { 0 };
  if (expected->has_from)
    window.from = expected->from;
  sim_oracle_flow(run->oracle, &window.to);
  return sim_oracle_measure(run->oracle, expectation->metric.metric, expectation->metric.type,
                            &window);
}

/* What is known of it now. @must: it has to hold now, or it is broken for good. */
static void
look(SimRun *run, SimExpected *expected, bool must)
{
  const SimExpectation *expectation = expected->expectation;
  SimMeasure value = measure(run, expected);
  bool meant = value.among != 0;
  bool held = meant && meets(value, expectation->metric.op, expectation->metric.value);
  expected->looked = true;
  if (must) {
    if (!meant && expected->seen)
      return; /* an earlier sample had something to measure */
    if (meant && !expected->seen)
      expected->held = true;
    expected->seen |= meant;
    if (expected->held || !meant) {
      expected->value = value;
      expected->at = sim_world_now(run->world);
    }
    expected->held &= held || !meant;
    if (meant && !held && !expected->decided) {
      expected->decided = true;
      expected->held = false;
      expected->value = value;
      expected->at = sim_world_now(run->world);
      run->failures++;
    }
    return;
  }
  if (expected->held)
    return;
  expected->seen |= meant;
  expected->held = held;
  expected->value = value;
  expected->at = sim_world_now(run->world);
}

/* A flow over a window is measured once, at its end. */
static void
judge_window(SimRun *run, SimExpected *expected, SimTime now)
{
  const SimExpectation *expectation = expected->expectation;
  const SimWhen *when = &expectation->when;
  bool flow = sim_metric_source(expectation->metric.metric) == SIM_METRIC_FLOW;
  if (now == when->from) {
    sim_oracle_flow(run->oracle, &expected->from);
    expected->has_from = true;
  }
  if (flow ? now == when->to : now >= when->from && now <= when->to)
    look(run, expected, true);
}

static void
judge_metric(SimRun *run, SimExpected *expected)
{
  SimTime now = sim_world_now(run->world);
  const SimWhen *when = &expected->expectation->when;
  if (expected->decided)
    return;
  switch (when->kind) {
  case SIM_WHEN_AT:
    if (now == when->from)
      look(run, expected, true);
    break;
  case SIM_WHEN_FROM_TO:
    judge_window(run, expected, now);
    break;
  case SIM_WHEN_ALWAYS:
    look(run, expected, true);
    break;
  case SIM_WHEN_BY:
    if (now <= when->to)
      look(run, expected, false);
    break;
  case SIM_WHEN_WITHIN:
    if (expected->opened != SIM_TIME_NEVER && now >= expected->opened &&
        now - expected->opened <= when->to)
      look(run, expected, false);
    break;
  case SIM_WHEN_NONE:
    if (now == sim_run_goal(run))
      look(run, expected, true);
    break;
  }
}

/* When nothing can happen any more that would make it true; NEVER if that is not before the end. */
static SimTime
last_chance(const SimExpected *expected)
{
  const SimExpectation *expectation = expected->expectation;
  const SimWhen *when = &expectation->when;
  switch (when->kind) {
  case SIM_WHEN_BY:
  case SIM_WHEN_FROM_TO:
    return when->to;
  case SIM_WHEN_WITHIN:
    return expected->opened == SIM_TIME_NEVER ? SIM_TIME_NEVER : expected->opened + when->to;
  case SIM_WHEN_AT:
    return when->from;
  case SIM_WHEN_ALWAYS:
  case SIM_WHEN_NONE:
    break;
  }
  return SIM_TIME_NEVER;
}

/* What has let its last chance pass is broken for good: there is no need to wait for the end. */
static void
close_windows(SimRun *run)
{
  SimTime now = sim_world_now(run->world);
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
    SimExpected *expected = &run->expected[i];
    const SimExpectation *expectation = expected->expectation;
    if (expected->over || now <= last_chance(expected))
      continue;
    expected->over = true;
    bool measured = expectation->kind == SIM_EXPECT_METRIC;
    run->failures += measured ? !expected->decided && expected->seen && !expected->held
                              : !expectation->no && expected->occurrences == 0;
  }
}

void
sim_run_judge_sample(SimRun *run)
{
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++)
    if (run->expected[i].expectation->kind == SIM_EXPECT_METRIC)
      judge_metric(run, &run->expected[i]);
  close_windows(run);
  SimMeasure exact = sim_oracle_measure(run->oracle, SIM_METRIC_LEAFSET_EXACT, SIM_MESSAGES, NULL);
  run->fingerprint += sim_hash_add(
    sim_hash_add((uint64_t)sim_world_now(run->world), (uint64_t)exact.of), (uint64_t)exact.among);
}

void
sim_run_judge_mark(SimRun *run, const char *mark)
{
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
    SimExpected *expected = &run->expected[i];
    const SimWhen *when = &expected->expectation->when;
    if (when->kind != SIM_WHEN_WITHIN || g_strcmp0(when->mark, mark) != 0 ||
        expected->opened != SIM_TIME_NEVER)
      continue;
    expected->opened = sim_world_now(run->world);
    sim_run_add_sample(run, expected->opened + when->to); /* its last chance */
  }
}

/* What was seen before an action says nothing: it has to hold after it. */
void
sim_run_judge_action(SimRun *run)
{
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
    SimExpected *expected = &run->expected[i];
    const SimWhen *when = &expected->expectation->when;
    if (expected->expectation->kind == SIM_EXPECT_METRIC && when->kind == SIM_WHEN_BY &&
        sim_world_now(run->world) < when->to)
      expected->held = expected->seen = expected->looked = false;
  }
}

/* ---- Events and messages. ---- */

static bool
in_window(const SimWhen *when, SimTime now)
{
  switch (when->kind) {
  case SIM_WHEN_FROM_TO:
    return now >= when->from && now <= when->to;
  case SIM_WHEN_AT:
    return now == when->from;
  case SIM_WHEN_BY:
    return now <= when->to;
  case SIM_WHEN_NONE:
  case SIM_WHEN_WITHIN:
  case SIM_WHEN_ALWAYS:
    break;
  }
  return true;
}

static void
occurred(SimRun *run, SimExpected *expected)
{
  if (expected->occurrences++ > 0)
    return;
  expected->first_at = sim_world_now(run->world);
  run->failures += expected->expectation->no;
}

static SimEventKind
event_kind(const DRT_EVENT_DATA *event)
{
  switch (event->type) {
  case DRT_EVENT_STATUS_CHANGED:
    switch (event->statusChange.status) {
    case DRT_ACTIVE:
      return SIM_EVENT_STATUS_ACTIVE;
    case DRT_ALONE:
      return SIM_EVENT_STATUS_ALONE;
    case DRT_NO_NETWORK:
      return SIM_EVENT_STATUS_NO_NETWORK;
    case DRT_FAULTED:
      return SIM_EVENT_STATUS_FAULTED;
    }
    break;
  case DRT_EVENT_LEAFSET_KEY_CHANGED:
    return event->leafsetKeyChange.change == DRT_LEAFSET_KEY_ADDED ? SIM_EVENT_LEAFSET_ADDED
                                                                   : SIM_EVENT_LEAFSET_DELETED;
  case DRT_EVENT_REGISTRATION_STATE_CHANGED:
    return SIM_EVENT_REGISTRATION_UNRESOLVABLE;
  }
  return SIM_EVENTS;
}

static bool
is_key(const DRT_DATA *data, const SimKey *key)
{
  SimKey found = sim_key_from_api(data->pb);
  return memcmp(found.bytes, key->bytes, SIM_KEY_LEN) == 0;
}

static bool
event_matches(const SimExpectation *expectation, SimEventKind kind, const DRT_EVENT_DATA *event)
{
  if (kind != expectation->event.kind)
    return false;
  if (kind == SIM_EVENT_REGISTRATION_UNRESOLVABLE)
    return !expectation->event.has_key ||
           is_key(&event->registrationStateChange.localKey, &expectation->event.key);
  if (kind != SIM_EVENT_LEAFSET_ADDED && kind != SIM_EVENT_LEAFSET_DELETED)
    return true;
  return (!expectation->event.has_key ||
          is_key(&event->leafsetKeyChange.remoteKey, &expectation->event.key)) &&
         (!expectation->event.has_local ||
          is_key(&event->leafsetKeyChange.localKey, &expectation->event.local));
}

void
sim_run_judge_event(SimRun *run, uint32_t node, const DRT_EVENT_DATA *event)
{
  SimEventKind kind = event_kind(event);
  SimTime now = sim_world_now(run->world);
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
    SimExpected *expected = &run->expected[i];
    const SimExpectation *expectation = expected->expectation;
    if (expectation->kind == SIM_EXPECT_EVENT && in_window(&expectation->when, now) &&
        event_matches(expectation, kind, event) &&
        sim_run_is_member(run, expectation->event.set, node, &expected->first))
      occurred(run, expected);
  }
}

bool
sim_run_watches_messages(const SimRun *run)
{
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++)
    if (run->scenario->expectations[i].kind == SIM_EXPECT_MESSAGE)
      return true;
  return false;
}

static bool
message_matches(const SimExpectation *expectation, const SimSeen *seen)
{
  if (expectation->message.type != SIM_MESSAGES && expectation->message.type != seen->type)
    return false;
  for (uint32_t i = 0; i < expectation->message.field_count; i++)
    if (!sim_seen_has(seen, &expectation->message.fields[i]))
      return false;
  return true;
}

void
sim_run_judge_message(SimRun *run, const SimPacket *packet)
{
  SimSeen seen = { .type = SIM_MESSAGES };
  bool read = false;
  SimTime now = sim_world_now(run->world);
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
    SimExpected *expected = &run->expected[i];
    const SimExpectation *expectation = expected->expectation;
    if (expectation->kind != SIM_EXPECT_MESSAGE || !in_window(&expectation->when, now))
      continue;
    if (!read)
      sim_seen_read(&seen, sim_world_mode_of(run->world, packet->from), packet->bytes, packet->n);
    read = true;
    if (message_matches(expectation, &seen) &&
        sim_run_is_member(run, expectation->message.from, packet->from, &expected->first) &&
        sim_run_is_member(run, expectation->message.to, packet->to, &expected->second))
      occurred(run, expected);
  }
}

/* ---- The end. ---- */

/* What has not come yet may come after the time at which the run was stopped. */
static SimJudgement
judge_occurrences(const SimRun *run, const SimExpected *expected)
{
  bool no = expected->expectation->no;
  if (expected->occurrences > 0)
    return no ? SIM_FAILED : SIM_HELD;
  if (!expected->over && !sim_run_complete(run))
    return SIM_UNDECIDED;
  return no ? SIM_HELD : SIM_FAILED;
}

/* Whether the life of nodes is all that it counts. Keys are more: they count once their node is ACTIVE,
 * and a node without neighbours is not. */
static bool
counts_lives(SimMetric metric)
{
  return metric == SIM_METRIC_NODES_ALIVE || metric == SIM_METRIC_NODES_FAULTED ||
         metric == SIM_METRIC_NODES_NO_NETWORK;
}

/* A node that has lost all its neighbours by crash may never find back: what fails from then on says
 * nothing of the protocol, if leaf sets have to do with it. */
static SimJudgement
judge_measured(const SimRun *run, const SimExpected *expected)
{
  if (!expected->seen)
    return SIM_UNDECIDED;
  if (expected->held)
    return SIM_HELD;
  if (!expected->decided && !expected->over && !sim_run_complete(run))
    return SIM_UNDECIDED;
  return expected->at >= sim_oracle_orphaned(run->oracle) &&
             !counts_lives(expected->expectation->metric.metric)
           ? SIM_UNDECIDED
           : SIM_FAILED;
}

static char *
describe_occurrences(const SimRun *run, const SimExpected *expected)
{
  (void)run;
  if (expected->occurrences == 0)
    return g_strdup("it did not occur");
  return g_strdup_printf("it occurred %" G_GUINT64_FORMAT " times", expected->occurrences);
}

static void
judge(SimRun *run, const SimExpected *expected)
{
  const SimExpectation *expectation = expected->expectation;
  bool measured = expectation->kind == SIM_EXPECT_METRIC;
  SimJudgement judgement =
    measured ? judge_measured(run, expected) : judge_occurrences(run, expected);
  char *value = !measured          ? describe_occurrences(run, expected)
                : expected->seen   ? sim_run_value(expectation->metric.metric, expected->value)
                : expected->looked ? g_strdup("nothing to measure")
                                   : g_strdup("it was not measured until here");
  SimTime at = measured && expected->looked             ? expected->at
               : !measured && expected->occurrences > 0 ? expected->first_at
                                                        : sim_world_now(run->world);
  sim_run_add_result(run, &expectation->where, g_strdup(expectation->text), judgement, value, at);
  if (measured && expected->seen)
    g_array_index(run->results, SimResult, run->results->len - 1).measure = expected->value;
}

static bool
is_allowed(const SimScenario *scenario, SimInvariant invariant)
{
  for (uint32_t i = 0; i < scenario->allow_count; i++)
    if (scenario->allows[i].invariant == invariant)
      return true;
  return false;
}

/* Rings that stay apart are a broken promise only if nobody had been left alone by crashes. */
static SimJudgement
judge_invariant(const SimRun *run, SimInvariant invariant, const SimViolation *violation)
{
  return invariant == SIM_INVARIANT_ONE_RING && violation->at >= sim_oracle_orphaned(run->oracle)
           ? SIM_UNDECIDED
           : SIM_FAILED;
}

static void
judge_invariants(SimRun *run)
{
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++) {
    const SimViolation *violation = sim_oracle_violation(run->oracle, i);
    if (violation->count == 0 || is_allowed(run->scenario, i))
      continue;
    g_autofree char *name = violation->node < sim_world_nodes(run->world)
                              ? sim_run_node_name(run, violation->node)
                              : g_strdup("nobody");
    sim_run_add_result(run, NULL, g_strdup_printf("invariant %s", sim_invariant_name(i)),
                       judge_invariant(run, i, violation),
                       g_strdup_printf("%s: %s", name, violation->what), violation->at);
  }
}

/* Results of expectations stand before those of calls, which were added on the way. */
void
sim_run_judge_end(SimRun *run)
{
  GArray *calls = run->results;
  run->results = g_array_new(FALSE, FALSE, sizeof(SimResult));
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++)
    judge(run, &run->expected[i]);
  g_array_append_vals(run->results, calls->data, calls->len);
  g_array_set_clear_func(calls, NULL); /* what they own has moved */
  g_array_free(calls, TRUE);
  g_array_set_clear_func(run->results, sim_run_clear_result);
  judge_invariants(run);
}
