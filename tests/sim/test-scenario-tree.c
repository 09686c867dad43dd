/* The tree of a scenario: values exact, names resolved, defaults in place. */
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#define HEADER "group anchor 3\ngroup peer 20\nlet home = 0x60ff\n"

/* A scenario with these statements behind the header. */
static SimScenario *
load(const char *statements)
{
  g_autofree char *text = g_strconcat(HEADER, statements, "\nat 1h end\n", NULL);
  return test_scenario_good(statements, text);
}

static void
expect_ratio(const char *name, SimRatio ratio, int64_t num, int64_t den)
{
  cr_expect(ratio.num == num && ratio.den == den, "%s: %ld/%ld", name, (long)ratio.num,
            (long)ratio.den);
}

Test(scenario_tree, has_defaults)
{
  SimScenario *s = test_scenario_good("short", "group a 2\nat 1s end\n");
  cr_expect_eq(s->language, 1);
  cr_expect_null(s->title);
  cr_expect_eq(s->seed, 1);
  cr_expect_eq(s->record, SIM_RECORD_SUMMARY);
  cr_expect_eq(s->sample, SIM_SECOND);
  cr_expect_eq(s->end, SIM_SECOND);
  cr_expect_eq(s->network_count + s->protocol_count + s->let_count + s->param_count, 0);
  cr_expect_eq(s->crypto_sign + s->crypto_verify, 0);
  const SimGroupSpec *group = &s->groups[0];
  cr_expect_str_eq(group->name, "a");
  cr_expect(group->count == 2 && group->keys == 1 && group->payload == 32 &&
            group->bootstrap == 0 && !group->derived_key && group->mode == DRT_SECURE_RESOLVE);
  cr_assert_eq(s->file_count, 1);
  cr_expect_str_eq(s->files[0].path, "x.drt");
  cr_expect_str_eq(s->files[0].text, "group a 2\nat 1s end\n");
  sim_scenario_free(s);
}

Test(scenario_tree, knows_groups_that_come_later)
{
  SimScenario *s = test_scenario_good(
    "any order", "at 1s end\nat 0s start b, a1, first\n"
                 "group first 1 bootstrap b\ngroup a 2\ngroup b 3 mode confidential\n");
  const SimSet *set = s->actions[1].set;
  cr_assert(set->kind == SIM_SET_LIST && set->member_count == 3);
  cr_expect(set->members[0]->kind == SIM_SET_GROUP && set->members[0]->group == 2);
  cr_expect(set->members[1]->kind == SIM_SET_NODES && set->members[1]->group == 1 &&
            set->members[1]->first == 1 && set->members[1]->last == 1);
  cr_expect(s->groups[0].bootstrap == 2 && s->groups[1].bootstrap == 0 &&
            s->groups[2].bootstrap == 0);
  cr_expect(s->groups[2].mode == DRT_SECURE_CONFIDENTIALPAYLOAD);
  sim_scenario_free(s);
}

Test(scenario_tree, keeps_ratios_and_rates_exact)
{
  static const struct {
    const char *rate;
    int64_t num, den;
  } rates[] = {
    { "50/s", 50, 1 },      { "1/min", 1, 60 },
    { "2/h", 1, 1800 },     { "0.25/ms", 250, 1 },
    { "1/d", 1, 86400 },    { "0/s", 0, 1 },
    { "3/us", 3000000, 1 }, { "0.000000001/s", 1, 1000000000 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
    g_autofree char *text = g_strdup_printf("from 0s to 1s search %s missing 0.1%%", rates[i].rate);
    SimScenario *s = load(text);
    expect_ratio(rates[i].rate, s->actions[0].workload.rate, rates[i].num, rates[i].den);
    expect_ratio("missing", s->actions[0].workload.missing, 1, 1000);
    cr_expect_null(s->actions[0].set);
    sim_scenario_free(s);
  }
}

Test(scenario_tree, keeps_keys_most_significant_byte_first)
{
  SimScenario *s = load("at 1s register peer key home\nat 1s register peer key 0x6\n"
                        "at 1s register peer");
  const uint8_t home[32] = { 0x60, 0xff }, six[32] = { 0x60 };
  cr_expect_arr_eq(s->actions[0].call.key.bytes, home, 32);
  cr_expect_arr_eq(s->actions[1].call.key.bytes, six, 32);
  cr_expect(s->actions[0].call.has_key && !s->actions[2].call.has_key);
  cr_expect_arr_eq(s->lets[0].key.bytes, home, 32);
  sim_scenario_free(s);
}

Test(scenario_tree, has_schedules_in_nanoseconds)
{
  SimScenario *s = load("at 1.5s crash peer\nfrom 1min to 2min search 1/s\n"
                        "every 250us from +1s to +2s crash 1 of peer");
  const SimAction *a = s->actions;
  cr_expect(a[0].schedule == SIM_SCHEDULE_AT && a[0].from == 1500 * SIM_MILLISECOND);
  cr_expect(a[1].schedule == SIM_SCHEDULE_LASTS && a[1].from == 60 * SIM_SECOND &&
            a[1].to == 120 * SIM_SECOND);
  cr_expect(a[2].schedule == SIM_SCHEDULE_EVERY && a[2].from == 61 * SIM_SECOND &&
            a[2].to == 62 * SIM_SECOND && a[2].period == 250 * SIM_MICROSECOND);
  sim_scenario_free(s);
}

Test(scenario_tree, says_where_things_stand)
{
  SimScenario *s = load("  at 1s \\\n crash peer # bang");
  cr_expect_str_eq(s->actions[0].where.file, "x.drt");
  cr_expect(s->actions[0].where.line == 4 && s->actions[0].where.column == 3);
  cr_expect_str_eq(s->actions[0].where.text, "  at 1s \\");
  cr_expect_str_eq(s->actions[0].text, "at 1s crash peer");
  sim_scenario_free(s);
}

Test(scenario_tree, has_distributions)
{
  SimScenario *s = load(
    "from 0s to 1s churn peer lifetime weibull 0.34 21.3min downtime pareto 1.5 2s silent 20%");
  const SimAction *a = s->actions;
  cr_expect(a->churn.lifetime.kind == SIM_WEIBULL && a->churn.lifetime.shape_millionths == 340000 &&
            a->churn.lifetime.a == 1278 * SIM_SECOND);
  cr_expect(a->churn.downtime.kind == SIM_PARETO && a->churn.downtime.shape_millionths == 1500000 &&
            a->churn.downtime.a == 2 * SIM_SECOND);
  expect_ratio("silent", a->churn.silent, 1, 5);
  sim_scenario_free(s);
}

Test(scenario_tree, has_calls_and_outcomes)
{
  SimScenario *s = load("at 1s register peer3 payload \"h\xc3\xa4\" -> DRT_E_DUPLICATE_KEY\n"
                        "at 1s update peer3 payload 2kB\n"
                        "at 1s search peer3 for peer4 nearest max 3 timeout 2s -> anchor2\n"
                        "at 1s search 0.5% for home -> S_OK\n");
  const SimAction *a = s->actions;
  cr_expect(a[0].call.payload.given && a[0].call.payload.size == 3 &&
            strcmp(a[0].call.payload.text, "h\xc3\xa4") == 0);
  cr_expect(a[0].call.outcome.kind == SIM_OUTCOME_CODE &&
            a[0].call.outcome.code == DRT_E_DUPLICATE_KEY);
  cr_expect(a[1].call.payload.size == 2000 && a[1].call.payload.text == NULL &&
            a[1].call.outcome.kind == SIM_OUTCOME_ANY);
  cr_expect(a[2].search.for_node && a[2].search.node.group == 1 && a[2].search.node.number == 4);
  cr_expect(a[2].search.mode == SIM_SEARCH_NEAREST && a[2].search.results_max == 3 &&
            a[2].search.timeout == 2 * SIM_SECOND);
  cr_expect(a[2].search.outcome.kind == SIM_OUTCOME_NODE && a[2].search.outcome.node.group == 0 &&
            a[2].search.outcome.node.number == 2);
  cr_expect(!a[3].search.for_node && a[3].search.mode == SIM_SEARCH_EXACT &&
            a[3].search.results_max == 1 && a[3].search.timeout == 10 * SIM_SECOND &&
            a[3].search.outcome.code == S_OK);
  cr_expect(a[3].set->kind == SIM_SET_SHARE && a[3].set->of->kind == SIM_SET_ALIVE);
  expect_ratio("0.5%", a[3].set->share, 1, 200);
  sim_scenario_free(s);
}

Test(scenario_tree, has_expectations)
{
  SimScenario *s = load("expect at 5min leafset.exact >= 99.5%\n"
                        "expect from 1s to 2s bytes.per-node.FLOOD < 60kB/min\n"
                        "expect search.latency.p95 <= 1.5s\n"
                        "expect by 2s no message peer -> peer3 LOOKUP flag 2 target home\n");
  const SimExpectation *e = s->expectations;
  cr_assert_eq(s->expectation_count, 4);
  cr_expect(e[0].when.kind == SIM_WHEN_AT && e[0].when.from == 300 * SIM_SECOND &&
            e[0].metric.metric == SIM_METRIC_LEAFSET_EXACT && e[0].metric.type == SIM_MESSAGES &&
            e[0].metric.op == SIM_OP_GREATER_EQUAL);
  expect_ratio("99.5%", e[0].metric.value, 199, 200);
  cr_expect(e[1].when.kind == SIM_WHEN_FROM_TO && e[1].metric.type == SIM_MESSAGE_FLOOD);
  expect_ratio("60kB/min", e[1].metric.value, 1000, 1);
  cr_expect_eq(e[2].when.kind, SIM_WHEN_NONE);
  expect_ratio("1.5s", e[2].metric.value, 1500 * SIM_MILLISECOND, 1);
  cr_expect(e[3].kind == SIM_EXPECT_MESSAGE && e[3].no && e[3].when.to == 2 * SIM_SECOND &&
            e[3].message.type == SIM_MESSAGE_LOOKUP && e[3].message.field_count == 2);
  cr_expect(e[3].message.fields[0].field == SIM_FIELD_FLAG && e[3].message.fields[0].flags == 2);
  cr_expect(e[3].message.fields[1].field == SIM_FIELD_TARGET &&
            e[3].message.fields[1].key.bytes[1] == 0xff);
  sim_scenario_free(s);
}

static uint64_t
draw_of(const SimScenario *s, const char *text)
{
  for (uint32_t i = 0; i < s->action_count; i++)
    if (strcmp(s->actions[i].text, text) == 0)
      return s->actions[i].set->stream;
  cr_assert_fail("no action '%s'", text);
  return 0;
}

/* Determinism: a draw more elsewhere moves no other. */
Test(scenario_tree, names_draws_after_what_their_statement_says)
{
  SimScenario *s = load("at 5s crash 10% of peer");
  SimScenario *more =
    load("title \"x\"\ngroup more 5\nat 1s pause 3 of peer\nat 5s crash 10% of more\n"
         "\nat 5s  crash 1/10 of peer # the same\nat 6s crash 10% of peer");
  const char *text = "at 5s crash 10% of peer";
  cr_expect_eq(draw_of(s, text), draw_of(more, text));
  cr_expect_neq(draw_of(more, text), draw_of(more, "at 6s crash 10% of peer"));
  cr_expect_neq(draw_of(more, text), draw_of(more, "at 5s crash 10% of more"));
  sim_scenario_free(s);
  sim_scenario_free(more);
}

Test(scenario_tree, draws_apart_in_one_statement_and_in_equal_ones)
{
  SimScenario *s = load("at 5s crash 5 of peer, 5 of peer\nat 5s crash 5 of peer, 5 of peer");
  const SimSet *first = s->actions[0].set, *second = s->actions[1].set;
  cr_expect_neq(first->members[0]->stream, first->members[1]->stream);
  cr_expect_neq(first->members[0]->stream, second->members[0]->stream);
  cr_expect_neq(s->actions[0].stream, s->actions[1].stream);
  sim_scenario_free(s);
}
