/* Every statement of the language: what is read is what is meant, said in the one spelling of the
 * printer, and that reads back as the same. */
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#define HEADER                                                                                     \
  "language 1\n"                                                                                   \
  "group anchor 3\n"                                                                               \
  "group peer 20 keys 2\n"                                                                         \
  "let home = 0x60\n"
#define FOOTER "\nat 1h end\n"

typedef struct {
  const char *statement, *canonical;
} Row;

/* The text that the printer makes of it must read back as itself. */
static void
expect_round_trip(const char *name, const SimScenario *scenario)
{
  g_autofree char *once = sim_scenario_print(scenario);
  SimScenario *again = test_scenario_good(name, once);
  g_autofree char *twice = sim_scenario_print(again);
  cr_expect(strcmp(once, twice) == 0, "%s:\n%s\nbecame\n%s", name, once, twice);
  for (uint32_t i = 0; i < scenario->action_count; i++)
    cr_expect(scenario->actions[i].stream == again->actions[i].stream, "%s: stream", name);
  sim_scenario_free(again);
}

static void
expect_rows(const Row *rows, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    g_autofree char *text = g_strconcat(HEADER, rows[i].statement, FOOTER, NULL);
    SimScenario *scenario = test_scenario_good(rows[i].statement, text);
    g_autofree char *printed = sim_scenario_print(scenario);
    g_autofree char *line = g_strconcat("\n", rows[i].canonical, "\n", NULL);
    cr_expect(strstr(printed, line) != NULL, "%s: no line\n%s in\n%s", rows[i].statement,
              rows[i].canonical, printed);
    expect_round_trip(rows[i].statement, scenario);
    sim_scenario_free(scenario);
  }
}

#define EXPECT_ROWS(rows) expect_rows(rows, G_N_ELEMENTS(rows))

static const Row header[] = {
  { "title \"A \\\"quoted\\\" # text with \\\\\"", "title \"A \\\"quoted\\\" # text with \\\\\"" },
  { "seed 18446744073709551615", "seed 18446744073709551615" },
  { "seed 7 # lucky", "seed 7" },
  { "", "seed 1" },
  { "", "sample every 1s" },
  { "", "trace summary" },
  { "", "group anchor 3" },
  { "", "group peer 20 keys 2" },
  { "", "let home = 0x6" },
  { "group x 1_000", "group x 1000" },
  { "group x 5 keys 0 payload 5kB bootstrap peer security derived-key mode confidential",
    "group x 5 keys 0 payload 5000B bootstrap peer security derived-key mode confidential" },
  { "group x 5 mode membership bootstrap anchor security null keys 1 payload 32B",
    "group x 5 mode membership" },
  { "group x 5 mode resolve payload 5KiB", "group x 5 payload 5120B" },
  { "let Away_2-x = home", "let Away_2-x = 0x6" },
  { "let a = b\nlet b = c\nlet c = 0xABCDEF", "let a = 0xabcdef" },
  { "let zero = 0x0", "let zero = 0x0" },
  { "let most = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "let most = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" },
  { "sample every 250ms", "sample every 250ms" },
  { "trace none", "trace none" },
  { "trace api hops", "trace api hops" },
  { "trace protocol", "trace api events messages hops" },
  { "trace summary cache", "trace cache" },
  { "trace all", "trace all" },
};

Test(scenario_statements, of_the_header)
{
  EXPECT_ROWS(header);
}

static const Row network[] = {
  { "network { latency lognormal 40ms 15ms }", "  latency lognormal 40ms 15ms" },
  { "network { latency constant 50ms }", "  latency constant 50ms" },
  { "network { latency 50ms }", "  latency constant 50ms" },
  { "network { latency uniform 10ms 20ms }", "  latency uniform 10ms 20ms" },
  { "network { latency normal 10ms 2ms }", "  latency normal 10ms 2ms" },
  { "network { latency exponential 10ms }", "  latency exponential 10ms" },
  { "network { latency weibull 0.38 42.4ms }", "  latency weibull 0.38 42400us" },
  { "network { latency pareto 1.5 10ms }", "  latency pareto 1.5 10ms" },
  { "network { latency plane 100ms }", "  latency plane 100ms" },
  { "network { jitter exponential 2ms }", "  jitter exponential 2ms" },
  { "network { loss 0.1% }", "  loss 0.1%" },
  { "network { loss 1/3 }", "  loss 1/3" },
  { "network { loss 100% }", "  loss 100%" },
  { "network { burst-loss 2% length 5 }", "  burst-loss 2% length 5" },
  { "network { duplicate 1/1000 }", "  duplicate 0.1%" },
  { "network { reorder 1% by 20ms }", "  reorder 1% by 20ms" },
  { "network { bandwidth 1MiB/s }", "  bandwidth 1048576B/s" },
  { "network { bandwidth 60kB/min }", "  bandwidth 1000B/s" },
  { "network { queue 64KiB }", "  queue 65536B" },
  { "network { mtu 1280B }", "  mtu 1280B" },
  { "network { mtu 1500 }", "  mtu 1500B" },
  { "network { loss 1%; jitter 1ms;; mtu 1kB; }", "  jitter constant 1ms" },
  { "network {\n\n  loss 1% # of all\n  mtu 1kB }", "  mtu 1000B" },
  { "network\n# what follows is a block\n{ loss 1%\n}", "  loss 1%" },
  { "network { }", "seed 1" },
  { "network { loss 1% }\nnetwork { mtu 1kB }", "  mtu 1000B" },
};

Test(scenario_statements, of_the_network)
{
  EXPECT_ROWS(network);
}

static const Row protocol[] = {
  { "protocol { maintenance 15s }", "  maintenance 15s" },
  { "protocol { maintenance 1min30s; probes 0 }", "  maintenance 90s" },
  { "protocol { maintenance 1min30s; probes 0 }", "  probes 0" },
  { "protocol {\n  crypto-cost sign 1.5ms\n  crypto-cost verify 40us\n}",
    "  crypto-cost sign 1500us" },
  { "protocol {\n  crypto-cost sign 1.5ms\n  crypto-cost verify 40us\n}",
    "  crypto-cost verify 40us" },
};

Test(scenario_statements, of_the_protocol)
{
  EXPECT_ROWS(protocol);
  size_t count;
  const DrtSetting *list = drt_settings_list(&count);
  for (size_t i = 0; i < count; i++) { /* each under its name, with both ends of its range */
    const char *unit = list[i].unit == DRT_SETTING_TIME ? "ns" : "";
    const int64_t values[] = { list[i].least, list[i].most, list[i].value };
    for (size_t k = 0; k < G_N_ELEMENTS(values); k++) {
      g_autofree char *text = g_strdup_printf("protocol { %s %" G_GINT64_FORMAT "%s }" FOOTER,
                                              list[i].name, values[k], unit);
      SimScenario *scenario = test_scenario_good(list[i].name, text);
      cr_assert_eq(scenario->protocol_count, 1);
      cr_expect(scenario->protocol[0].setting == &list[i] &&
                  scenario->protocol[0].value == values[k],
                "%s", text);
      sim_scenario_free(scenario);
    }
  }
}

static const Row when[] = {
  { "at 0s start peer", "at 0s start peer" },
  { "at 1.5s heal\nat 0s partition 50% | rest", "at 1500ms heal" },
  { "at 1h start peer", "at 1h start peer" },
  { "at 10s start peer\n+5s crash peer", "at 15s crash peer" },
  { "at 10s start peer\n\n# later\nat +5s crash peer", "at 15s crash peer" },
  { "+5s crash peer", "at 5s crash peer" },
  { "at 10s start peer\nfrom +5s to +10s search 1/s", "from 15s to 20s search 1/s" },
  { "from 5s to 10s search 1/s\n+1s crash peer", "at 6s crash peer" },
  { "at 10s start peer\nexpect at +5s ring.count == 1\n+5s crash peer", "at 20s crash peer" },
  { "at 10s start peer\nexpect ring.count == 1\n+5s crash peer", "at 15s crash peer" },
  { "every 1min from 0s to 1h crash 1 of peer", "every 1min from 0s to 1h crash 1 of peer" },
  { "every 90s from +1s to 2min mark \"x\"", "every 90s from 1s to 2min mark \"x\"" },
  { "at 250us crash peer", "at 250us crash peer" },
  { "at 40ms crash peer", "at 40ms crash peer" },
  { "at 1min30s crash peer", "at 90s crash peer" },
  { "at 0.5h1.5s crash peer", "at 1801500ms crash peer" },
  { "at 1_000ms crash peer", "at 1s crash peer" },
  { "at 3ns crash peer", "at 3ns crash peer" },
  { "at 5min \\\n   crash \\  \n peer", "at 5min crash peer" },
  { "at\t5min\tcrash\tpeer\r", "at 5min crash peer" },
};

Test(scenario_statements, of_time)
{
  EXPECT_ROWS(when);
}

static const Row sets[] = {
  { "at 1s crash all", "at 1s crash all" },
  { "at 1s crash alive", "at 1s crash alive" },
  { "at 1s crash peer3", "at 1s crash peer3" },
  { "at 1s crash peer0..peer9", "at 1s crash peer0..peer9" },
  { "at 1s crash peer4..peer4", "at 1s crash peer4" },
  { "at 1s crash 10% of peer", "at 1s crash 10% of peer" },
  { "at 1s crash 1/3 of peer", "at 1s crash 1/3 of peer" },
  { "at 1s crash 5 of peer", "at 1s crash 5 of peer" },
  { "at 1s crash 10%", "at 1s crash 10% of alive" },
  { "at 1s crash 0.5%", "at 1s crash 0.5% of alive" },
  { "at 1s crash ring 0x4..0x80ff", "at 1s crash ring 0x4..0x80ff" },
  { "at 1s crash ring home..0x5", "at 1s crash ring 0x6..0x5" },
  { "at 1s crash anchor,peer3 , peer7..peer8", "at 1s crash anchor, peer3, peer7..peer8" },
  { "at 1s crash 10% of anchor, 2 of peer0..peer9",
    "at 1s crash 10% of anchor, 2 of peer0..peer9" },
  { "at 1s crash 1 of 50% of peer", "at 1s crash 1 of 50% of peer" },
  { "at 1s crash 1 of ring 0x1..0x2", "at 1s crash 1 of ring 0x1..0x2" },
  { "group ring 2\nat 1s crash ring, ring1", "at 1s crash ring, ring1" },
  { "group of 2\nat 1s crash 1 of of", "at 1s crash 1 of of" },
  { "group a-b-2x 2\nat 1s cut a-b-2x0->a-b-2x1", "at 1s cut a-b-2x0 -> a-b-2x1" },
  { "group p1 2\nat 1s crash p11", "at 1s crash p11" },
};

Test(scenario_statements, of_sets)
{
  EXPECT_ROWS(sets);
}

static const Row actions[] = {
  { "at 1s start peer over 60s", "at 1s start peer over 1min" },
  { "at 1s stop 5 of peer over 10s", "at 1s stop 5 of peer over 10s" },
  { "at 1s stop peer", "at 1s stop peer" },
  { "at 1s crash peer", "at 1s crash peer" },
  { "at 1s restart peer3", "at 1s restart peer3" },
  { "at 1s fault peer3", "at 1s fault peer3" },
  { "at 1s disconnect 20%", "at 1s disconnect 20% of alive" },
  { "at 1s reconnect peer", "at 1s reconnect peer" },
  { "at 1s pause peer3", "at 1s pause peer3" },
  { "at 1s resume peer3", "at 1s resume peer3" },
  { "at 1s register peer3", "at 1s register peer3" },
  { "at 1s register peer3 key 0x60 payload 100B", "at 1s register peer3 key 0x6 payload 100B" },
  { "at 1s register peer3 payload \"hello\" key home -> S_OK",
    "at 1s register peer3 key 0x6 payload \"hello\" -> S_OK" },
  { "at 1s register peer3 -> DRT_E_DUPLICATE_KEY", "at 1s register peer3 -> DRT_E_DUPLICATE_KEY" },
  { "at 1s register peer3 payload 6kB -> E_INVALIDARG",
    "at 1s register peer3 payload 6000B -> E_INVALIDARG" },
  { "at 1s register peer3 payload \"\" -> E_INVALIDARG",
    "at 1s register peer3 payload \"\" -> E_INVALIDARG" },
  { "at 1s update peer3 key home payload 64B -> S_OK",
    "at 1s update peer3 key 0x6 payload 64B -> S_OK" },
  { "at 1s update peer payload \"new\"", "at 1s update peer payload \"new\"" },
  { "at 1s unregister peer3", "at 1s unregister peer3" },
  { "at 1s unregister peer3 key 0x1 -> E_HANDLE", "at 1s unregister peer3 key 0x1 -> E_HANDLE" },
  { "at 1s search peer3 for 0x6", "at 1s search peer3 for 0x6" },
  { "at 1s search peer3 for home -> found", "at 1s search peer3 for 0x6 -> found" },
  { "at 1s search 5 of peer for anchor0 nearest max 3 timeout 5s -> not-found",
    "at 1s search 5 of peer for anchor0 nearest max 3 timeout 5s -> not-found" },
  { "at 1s search peer3 for 0x6 range 0x5 0x7 -> peer4",
    "at 1s search peer3 for 0x6 range 0x5 0x7 -> peer4" },
  { "at 1s search peer3 for 0x6 timeout 10s max 1 -> DRT_E_TIMEOUT",
    "at 1s search peer3 for 0x6 -> DRT_E_TIMEOUT" },
  { "at 1s search 1/2 of peer for 0x6", "at 1s search 50% of peer for 0x6" },
  { "from 1s to 2s search 50/s", "from 1s to 2s search 50/s" },
  { "from 1s to 2s search 1/min from anchor missing 5%",
    "from 1s to 2s search 1/min from anchor missing 5%" },
  { "from 1s to 2s search 2/h missing 1/7", "from 1s to 2s search 2/h missing 1/7" },
  { "from 1s to 2s search 0.5/s", "from 1s to 2s search 0.5/s" },
  { "at 1s partition 50% | rest", "at 1s partition 50% of alive | rest" },
  { "at 1s partition anchor, peer0..peer4 | peer5 | 10% of rest",
    "at 1s partition anchor, peer0..peer4 | peer5 | 10% of rest" },
  { "at 1s partition peer | rest\nat 2s heal", "at 2s heal" },
  { "at 1s cut anchor -> peer", "at 1s cut anchor -> peer" },
  { "at 1s cut anchor0<->peer1", "at 1s cut anchor0 <-> peer1" },
  { "at 1s cut anchor <-> peer\nat 2s join anchor <-> peer", "at 2s join anchor <-> peer" },
  { "at 1s hold anchor -> peer\nat 2s release anchor -> peer", "at 2s release anchor -> peer" },
  { "at 1s link anchor -> peer loss 5%", "at 1s link anchor -> peer loss 5%" },
  { "at 1s link anchor <-> peer { latency 1s; loss 5% }",
    "at 1s link anchor <-> peer { latency constant 1s; loss 5% }" },
  { "at 1s network latency normal 100ms 10ms", "at 1s network latency normal 100ms 10ms" },
  { "at 1s network {\n  loss 5%\n  mtu 600B\n}", "at 1s network { loss 5%; mtu 600B }" },
  { "from 1s to 2s churn peer lifetime exponential 10min downtime constant 30s silent 20%",
    "from 1s to 2s churn peer lifetime exponential 10min downtime constant 30s silent 20%" },
  { "from 1s to 2s churn peer lifetime weibull 0.34 21.3min downtime 30s",
    "from 1s to 2s churn peer lifetime weibull 0.34 1278s downtime constant 30s" },
  { "at 1s clock peer3 drift 0.1%", "at 1s clock peer3 drift 0.1%" },
  { "at 1s clock peer3 drift -1/1000", "at 1s clock peer3 drift -0.1%" },
  { "at 1s clock peer3 drift +1/3", "at 1s clock peer3 drift 1/3" },
  { "at 1s clock peer3 step 5s", "at 1s clock peer3 step 5s" },
  { "at 1s clock peer3 step -1.5s", "at 1s clock peer3 step -1500ms" },
  { "at 1s inject peer3 -> anchor0 hex \"00 10 fF\"",
    "at 1s inject peer3 -> anchor0 hex \"00 10 ff\"" },
  { "at 1s inject peer3 -> anchor0 hex \"0010\"", "at 1s inject peer3 -> anchor0 hex \"00 10\"" },
  { "at 1s inject peer3 -> anchor0 hex \"\"", "at 1s inject peer3 -> anchor0 hex \"\"" },
  { "at 1s forge peer3 claims home", "at 1s forge peer3 claims 0x6" },
  { "at 1s forge peer3 floods 100", "at 1s forge peer3 floods 100" },
  { "at 1s forge peer3 replays", "at 1s forge peer3 replays" },
  { "at 1s forge 10% of peer claims peer4", "at 1s forge 10% of peer claims peer4" },
  { "at 1s forge peer claims random", "at 1s forge peer claims random" },
  { "at 1s certificate 5 of peer expired", "at 1s certificate 5 of peer expired" },
  { "at 1s certificate peer3 wrong-root", "at 1s certificate peer3 wrong-root" },
  { "at 1s certificate peer3 revoked", "at 1s certificate peer3 revoked" },
  { "at 1s mark \"measure\"", "at 1s mark \"measure\"" },
  { "", "at 1h end" },
};

Test(scenario_statements, of_actions)
{
  EXPECT_ROWS(actions);
}

static const Row expectations[] = {
  { "expect ring.count == 1", "expect ring.count == 1" },
  { "expect at 5min leafset.exact >= 99.5%", "expect at 5min leafset.exact >= 99.5%" },
  { "expect from 3min to 5min search.success >= 99.9%",
    "expect from 3min to 5min search.success >= 99.9%" },
  { "expect by 20min ring.count != 2", "expect by 20min ring.count != 2" },
  { "at 1s mark \"m\"\nexpect within 5min of \"m\" leafset.nearest == 100%",
    "expect within 5min of \"m\" leafset.nearest == 100%" },
  { "expect always nodes.faulted < 1", "expect always nodes.faulted < 1" },
  { "expect search.hops.mean <= 3.46", "expect search.hops.mean <= 3.46" },
  { "expect search.latency.p95 > 250ms", "expect search.latency.p95 > 250ms" },
  { "expect messages.per-node < 0.5", "expect messages.per-node < 0.5/s" },
  { "expect messages.per-node < 30/min", "expect messages.per-node < 0.5/s" },
  { "expect messages.per-node < 1/min", "expect messages.per-node < 1/min" },
  { "expect messages.per-node.LOOKUP >= 1/h", "expect messages.per-node.LOOKUP >= 1/h" },
  { "expect bytes.per-node < 750", "expect bytes.per-node < 750B/s" },
  { "expect bytes.per-node.FLOOD < 1.5kB/s", "expect bytes.per-node.FLOOD < 1500B/s" },
  { "expect leafset.dead <= 1/3", "expect leafset.dead <= 1/3" },
  { "expect event peer status-active", "expect event peer status-active" },
  { "expect no event all status-faulted", "expect no event all status-faulted" },
  { "expect by 5min event peer3 leafset-added key 0x60 local home",
    "expect by 5min event peer3 leafset-added key 0x6 local 0x6" },
  { "expect from 1s to 2s no event peer3 leafset-deleted local 0x7",
    "expect from 1s to 2s no event peer3 leafset-deleted local 0x7" },
  { "expect event peer3 registration-unresolvable key home",
    "expect event peer3 registration-unresolvable key 0x6" },
  { "expect message peer -> anchor SOLICIT", "expect message peer -> anchor SOLICIT" },
  { "expect from 1s to 2s no message peer->all FLOOD flag 1 revoke home",
    "expect from 1s to 2s no message peer -> all FLOOD flag 1 revoke 0x6" },
  { "expect by 2s message all -> all LOOKUP flag 0x2 target 0x1 validate 0x2 entry 0x3",
    "expect by 2s message all -> all LOOKUP flag 2 target 0x1 validate 0x2 entry 0x3" },
  { "allow invariant one-ring \"two clouds on purpose\"",
    "allow invariant one-ring \"two clouds on purpose\"" },
};

Test(scenario_statements, of_expectations)
{
  EXPECT_ROWS(expectations);
}

/* Names of tables: each of them can be said. */
static const char *const said[] = {
#define METRIC_COUNT "3"
#define METRIC_MEAN "3.5"
#define METRIC_SHARE "50%"
#define METRIC_TIME "5ms"
#define METRIC_RATE "5/s"
#define METRIC_BYTE_RATE "5B/s"
#define SAID_METRIC(name, text, kind, source) "expect " text " > " METRIC_##kind,
  SIM_METRIC_TABLE(SAID_METRIC)
#undef SAID_METRIC
#define SAID_EVENT(name, text, keys) "expect event all " text,
    SIM_EVENT_TABLE(SAID_EVENT)
#undef SAID_EVENT
#define SAID_MESSAGE(name, number) "expect message all -> all " #name,
      SIM_MESSAGE_TABLE(SAID_MESSAGE)
#undef SAID_MESSAGE
#define SAID_MESSAGE(name, number) "expect messages.per-node." #name " >= 5/s",
        SIM_MESSAGE_TABLE(SAID_MESSAGE)
#undef SAID_MESSAGE
#define SAID_MESSAGE(name, number) "expect bytes.per-node." #name " >= 5B/s",
          SIM_MESSAGE_TABLE(SAID_MESSAGE)
#undef SAID_MESSAGE
#define SAID_INVARIANT(name, text, meaning) "allow invariant " text " \"why\"",
            SIM_INVARIANT_TABLE(SAID_INVARIANT)
#undef SAID_INVARIANT
#define SAID_CODE(name) "at 1s register all -> " #name,
              SIM_HRESULT_TABLE(SAID_CODE)
#undef SAID_CODE
};

Test(scenario_statements, know_every_name_of_the_tables)
{
  for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
    const Row row = { said[i], said[i] };
    expect_rows(&row, 1);
  }
}

/* The metrics of the language, as the page of the language names them. */
Test(scenario_statements, know_every_metric_of_the_language)
{
  static const char *const metrics[] = {
    "nodes.alive == 1",         "nodes.active == 1",
    "nodes.alone == 1",         "nodes.no-network == 1",
    "nodes.faulted == 1",       "keys.registered == 1",
    "leafset.exact == 1%",      "leafset.nearest == 1%",
    "leafset.dead == 1%",       "ring.count == 1",
    "cache.entries == 1.5",     "cache.levels == 1.5",
    "cache.stale == 1%",        "search.success == 1%",
    "search.correct == 1%",     "search.latency.p50 == 1s",
    "search.latency.p95 == 1s", "search.latency.p99 == 1s",
    "search.latency.max == 1s", "search.hops.mean == 1.5",
    "search.hops.p95 == 1",     "search.hops.max == 1",
    "search.timeouts == 1%",    "join.active.p50 == 1s",
    "join.active.p95 == 1s",    "join.visible.p50 == 1s",
    "join.visible.p95 == 1s",   "converge.p50 == 1s",
    "converge.p95 == 1s",       "converge.p100 == 1s",
    "messages.per-node == 1/s", "messages.per-node.ACK == 1/s",
    "bytes.per-node == 1B/s",   "bytes.per-node.INQUIRE == 1B/s",
    "stale.age.max == 1s",
  };
  for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++) {
    g_autofree char *text = g_strconcat("expect ", metrics[i], NULL);
    const Row row = { text, text };
    expect_rows(&row, 1);
  }
}

static const char complete[] =
  "language 1\n"
  "title \"Half the cloud is cut off for five minutes\"\n"
  "seed 7\n"
  "param N = 1000\n"
  "\n"
  "group anchor 3                      # the nodes others bootstrap from\n"
  "group peer   $N keys 1\n"
  "\n"
  "network {\n"
  "  latency lognormal 40ms 15ms      # one way\n"
  "  loss 1%\n"
  "}\n"
  "protocol {\n"
  "  maintenance 15s\n"
  "}\n"
  "sample every 1s\n"
  "trace protocol\n"
  "\n"
  "at 0s               start anchor\n"
  "at 5s               start peer over 60s\n"
  "at 3min             mark \"measure\"\n"
  "from 3min to 30min  search 50/s\n"
  "at 5min             partition 50% | rest\n"
  "at 12min            heal\n"
  "at 21min            crash 10% of peer\n"
  "at 30min            end\n"
  "\n"
  "expect at 5min                 leafset.exact >= 99.5%\n"
  "expect from 3min to 5min       search.success >= 99.9%\n"
  "expect from 9min to 12min      ring.count == 2\n"
  "expect by 20min                ring.count == 1\n"
  "expect by 29min                leafset.nearest == 100%\n";

static const char complete_printed[] = "language 1\n"
                                       "title \"Half the cloud is cut off for five minutes\"\n"
                                       "seed 7\n"
                                       "group anchor 3\n"
                                       "group peer 1000\n"
                                       "network {\n"
                                       "  latency lognormal 40ms 15ms\n"
                                       "  loss 1%\n"
                                       "}\n"
                                       "protocol {\n"
                                       "  maintenance 15s\n"
                                       "}\n"
                                       "sample every 1s\n"
                                       "trace api events messages hops\n"
                                       "at 0s start anchor\n"
                                       "at 5s start peer over 1min\n"
                                       "at 3min mark \"measure\"\n"
                                       "from 3min to 30min search 50/s\n"
                                       "at 5min partition 50% of alive | rest\n"
                                       "at 12min heal\n"
                                       "at 21min crash 10% of peer\n"
                                       "at 30min end\n"
                                       "expect at 5min leafset.exact >= 99.5%\n"
                                       "expect from 3min to 5min search.success >= 99.9%\n"
                                       "expect from 9min to 12min ring.count == 2\n"
                                       "expect by 20min ring.count == 1\n"
                                       "expect by 29min leafset.nearest == 100%\n";

Test(scenario_statements, make_a_whole_scenario)
{
  SimScenario *scenario = test_scenario_good("complete", complete);
  g_autofree char *printed = sim_scenario_print(scenario);
  cr_expect_str_eq(printed, complete_printed);
  cr_expect_eq(sim_scenario_node_count(scenario), 1003);
  cr_expect_eq(scenario->end, 1800 * SIM_SECOND);
  expect_round_trip("complete", scenario);
  sim_scenario_free(scenario);
}
