/* What a trace says is what happened: its tables against each other, and against the oracle. */
#include "test-recorded.h"

#include "sim-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <sqlite3.h>

#define ALL                                                                                        \
  (SIM_RECORD_SUMMARY | SIM_RECORD_API | SIM_RECORD_EVENTS | SIM_RECORD_MESSAGES |                 \
   SIM_RECORD_HOPS | SIM_RECORD_CACHE | SIM_RECORD_DATAGRAMS)

/* Nothing happens at a whole second, when samples are taken. Some of everything: losses of several kinds, duplicates, held and waiting messages, calls that
 * fail, nodes that come and go. */
static const char busy[] =
  "seed 5\n"
  "let K = 0x6\n"
  "group anchor 2\n"
  "group peer 38\n"
  "network { latency lognormal 40ms 15ms; loss 2%; duplicate 2%; reorder 2% by 60ms }\n"
  "at 0s7ms start anchor\n"
  "at 1s7ms start peer over 10s\n"
  "from 30s to 3min50s search 10/s missing 20%\n"
  "at 40s7ms register peer1 key K -> S_OK\n"
  "at 41s7ms register peer1 key K -> DRT_E_DUPLICATE_KEY\n"
  "at 50s7ms search peer2 for 0x7 nearest\n"
  "at 51s7ms search peer3 for 0x7 range 0x5 0x9 max 3\n"
  "at 60s7ms crash peer10..peer14\n"
  "at 80s7ms partition 50% | rest\n"
  "at 110s7ms heal\n"
  "at 120s7ms pause peer1\n"
  "at 130s7ms resume peer1\n"
  "at 135s7ms hold peer2 -> all\n"
  "at 145s7ms release peer2 -> all\n"
  "at 150s7ms disconnect peer3\n"
  "at 170s7ms reconnect peer3\n"
  "at 180s7ms stop peer20..peer22\n"
  "at 190s7ms mark \"here\"\n"
  "at 200s7ms fault peer1\n"
  "at 4min end\n";

static TestRecorded trace;

static void
run_all(void)
{
  trace = test_recorded_run(busy, ALL);
}

static void
clear(void)
{
  test_recorded_clear(&trace);
}

TestSuite(record, .init = run_all, .fini = clear);

static double
number(const char *sql)
{
  return test_recorded_number(trace.path, sql);
}

static void
expect_none(const char *what, const char *sql)
{
  test_recorded_expect_none(trace.path, what, sql);
}

Test(record, the_file_is_sound)
{
  g_autofree char *check = test_recorded_text(trace.path, "PRAGMA integrity_check");
  cr_expect_str_eq(check, "ok");
  expect_none("foreign keys", "PRAGMA foreign_key_check");
  static const char *const tables[] = { "fault",        "life",    "mark",     "key",
                                        "registration", "search",  "call",     "event",
                                        "wake",         "message", "note",     "hop",
                                        "entry",        "cache",   "datagram", "sample" };
  for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", tables[i]);
    cr_expect_gt(number(sql), 0, "%s is empty", tables[i]);
  }
}

Test(record, every_view_can_be_read)
{
  for (int i = 0;; i++) {
    g_autofree char *next = g_strdup_printf(
      "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name LIMIT 1 OFFSET %d", i);
    g_autofree char *view = test_recorded_text(trace.path, next);
    if (view == NULL)
      break;
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", view);
    bool only_sweeps = g_str_equal(view, "v_sweep");
    cr_expect(number(sql) > 0 || only_sweeps, "%s is empty", view);
  }
}

Test(record, an_id_is_one_row_and_causes_come_before_effects)
{
  expect_none("ids", "SELECT id, count(*) FROM v_cause GROUP BY id HAVING count(*) > 1");
  expect_none("causes that are no rows",
              "SELECT a.* FROM v_cause a WHERE cause IS NOT NULL AND"
              " NOT EXISTS (SELECT 1 FROM v_cause b WHERE b.id = a.cause)");
  expect_none("causes that come later", "SELECT * FROM v_cause WHERE cause >= id");
  expect_none("effects before their causes",
              "SELECT a.* FROM v_cause a JOIN v_cause b ON b.id = a.cause"
              " WHERE a.at < b.at");
  expect_none("ids that do not grow with time",
              "SELECT * FROM (SELECT id, at, max(at) OVER (ORDER BY id) AS latest FROM v_cause"
              " WHERE at IS NOT NULL AND id NOT IN (SELECT id FROM message WHERE copy))"
              " WHERE at < latest");
}

Test(record, every_message_event_and_hop_names_its_cause)
{
  expect_none("messages", "SELECT * FROM v_message WHERE cause IS NULL");
  expect_none("events", "SELECT * FROM v_event WHERE cause IS NULL");
  expect_none("hops", "SELECT * FROM v_hop WHERE cause IS NULL");
  expect_none(
    "questions without a purpose",
    "SELECT * FROM v_message WHERE type IN ('LOOKUP', 'INQUIRE', 'SOLICIT', 'REQUEST') AND"
    " purpose IS NULL AND NOT copy");
  expect_none("what an arrival leads to happens when it arrives",
              "SELECT e.*, m.* FROM message e JOIN message m ON m.id = e.cause"
              " WHERE e.at <> m.at + m.took AND e.src = m.dst AND NOT e.copy");
}

Test(record, causes_end_where_the_scenario_or_a_timer_acts)
{
  expect_none(
    "roots", "SELECT * FROM v_cause WHERE cause IS NULL AND what NOT IN ('fault', 'mark', 'wake')");
}

/* Sent = arrived + lost + under way, and each fate is one. */
Test(record, each_message_has_one_fate)
{
  expect_none("two fates", "SELECT * FROM message WHERE took IS NOT NULL AND lost IS NOT NULL");
  expect_none("under way for too long",
              "SELECT * FROM message WHERE took IS NULL AND lost IS NULL AND at < 239e9");
  expect_none(
    "copies have an original",
    "SELECT c.* FROM message c LEFT JOIN message m ON m.id = c.cause AND m.src = c.src AND"
    " m.dst = c.dst AND m.bytes = c.bytes AND m.at = c.at WHERE c.copy AND m.id IS NULL");
  expect_none("bytes are as long as the message says",
              "SELECT * FROM message JOIN datagram ON message = id WHERE message.bytes <> "
              "length(datagram.bytes)");
  expect_none("messages without bytes",
              "SELECT * FROM message WHERE id NOT IN (SELECT message FROM datagram)");
  cr_expect_eq(number("SELECT count(*) FROM message WHERE NOT copy"),
               number("SELECT sum(sent) FROM node"));
  static const char *const reasons[] = { "loss", "partition", "port", "disconnected" };
  for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
    g_autofree char *sql =
      g_strdup_printf("SELECT count(*) FROM v_message WHERE lost = '%s'", reasons[i]);
    cr_expect_gt(number(sql), 0, "%s", reasons[i]);
  }
}

Test(record, what_was_held_arrives_at_its_release)
{
  cr_expect_gt(number("SELECT count(*) FROM v_message WHERE src = 'peer2' AND at_s > 135 AND"
                      " at_s < 140 AND arrived_s >= 145"),
               0);
  cr_expect_gt(number("SELECT count(*) FROM v_message WHERE dst = 'peer1' AND at_s > 120 AND"
                      " at_s < 125 AND arrived_s >= 130"),
               0);
}

Test(record, a_repetition_names_what_it_repeats)
{
  cr_expect_gt(number("SELECT count(*) FROM message a JOIN message b ON b.id = a.cause"
                      " WHERE a.src = b.src AND NOT a.copy"),
               0);
  expect_none(
    "repetitions are the same message again",
    "SELECT a.*, b.* FROM message a JOIN message b ON b.id = a.cause WHERE NOT a.copy AND a.src = "
    "b.src AND"
    " (a.dst <> b.dst OR a.type <> b.type OR a.bytes <> b.bytes OR a.search IS NOT b.search)");
}

Test(record, silence_is_noted_for_messages_that_were_not_answered)
{
  /* What a node does next follows from the silence: a walk from it passes the note. */
  cr_expect_gt(number("SELECT count(*) FROM message JOIN note ON note.id = message.cause JOIN kind"
                      " ON kind.id = note.kind WHERE kind.name = 'unanswered'"),
               0);
  cr_expect_gt(number("SELECT count(*) FROM v_note WHERE kind = 'unanswered'"), 0);
  expect_none("of questions by the same node",
              "SELECT note.* FROM note JOIN kind ON kind.id = note.kind JOIN message m"
              " ON m.id = note.cause WHERE kind.name = 'unanswered' AND m.src <> note.node");
}

Test(record, calls_say_what_they_gave)
{
  cr_expect_eq(number("SELECT count(*) FROM v_call WHERE call = 'DrtRegisterKey' AND"
                      " result = 'DRT_E_DUPLICATE_KEY' AND node = 'peer1' AND key LIKE '6000%' AND"
                      " round(at_s) = 41"),
               1);
  cr_expect_eq(number("SELECT count(*) FROM v_call WHERE call = 'DrtOpen'"), 40);
  cr_expect_eq(number("SELECT count(*) FROM v_call WHERE call = 'DrtClose'"), 3);
  cr_expect_eq(number("SELECT count(*) FROM v_call WHERE call = 'DrtStartSearch'"),
               number("SELECT count(*) FROM search"));
}

Test(record, searches_are_told_with_whom_they_asked)
{
  cr_expect_eq(number("SELECT count(*) FROM v_search WHERE mode = 'nearest' AND node = 'peer2'"),
               1);
  cr_expect_eq(number("SELECT count(*) FROM v_search WHERE mode = 'range' AND results = 3"), 1);
  expect_none("hops", "SELECT s.id, asked, count(n) FROM search s LEFT JOIN hop ON search = s.id"
                      " GROUP BY s.id HAVING count(n) <> asked");
  expect_none("distinct hops",
              "SELECT s.id, hops, count(DISTINCT hop.node) FROM search s LEFT JOIN hop"
              " ON search = s.id GROUP BY s.id HAVING count(DISTINCT hop.node) <> hops");
  expect_none(
    "hops without a message",
    "SELECT hop.* FROM hop LEFT JOIN message m ON m.id = hop.cause AND m.search = hop.search"
    " AND m.dst = hop.node WHERE m.id IS NULL");
  expect_none("messages to others than the hops",
              "SELECT m.* FROM message m JOIN search s ON s.id = m.search WHERE m.src = s.node AND"
              " m.dst NOT IN (SELECT node FROM hop WHERE hop.search = s.id) AND s.outcome <>"
              " (SELECT id FROM kind WHERE name = 'died')");
  expect_none("answers of others",
              "SELECT m.* FROM message m JOIN search s ON s.id = m.search WHERE m.src <> s.node AND"
              " m.dst <> s.node");
}

/* Means over what never was an answer would be wrong. */
Test(record, only_answers_take_time)
{
  cr_expect_gt(number("SELECT count(*) FROM v_hop WHERE outcome = 'unreachable'"), 0);
  expect_none("times without an answer, answers without a time",
              "SELECT * FROM v_hop WHERE (took_s IS NULL) <>"
              " (outcome IN ('unreachable', 'unreachable inquired', 'inquired'))");
  expect_none("other hops than were asked",
              "SELECT s.id, asked, silent, count(n) FROM search s"
              " LEFT JOIN v_hop ON search = s.id GROUP BY s.id"
              " HAVING asked <> count(n) OR silent <>"
              " count(n) FILTER (WHERE v_hop.outcome LIKE '%unreachable%')");
}

Test(record, what_the_scenario_did_is_there)
{
  cr_expect_eq(number("SELECT count(*) FROM v_fault WHERE kind = 'crash' AND round(at_s) = 60"), 1);
  cr_expect_eq(number("SELECT count(*) FROM v_life JOIN fault ON fault.id = v_life.cause WHERE"
                      " v_life.kind = 'crash' AND round(v_life.at_s) = 60"),
               5);
  cr_expect_eq(number("SELECT count(*) FROM v_life WHERE kind = 'start'"), 40);
  cr_expect_eq(number("SELECT count(*) FROM v_fault WHERE kind = 'start'"), 2);
  cr_expect_eq(number("SELECT count(*) FROM mark WHERE text = 'here' AND at = 190007e6"), 1);
}

/* ---- The oracle's samples, made once more from the raw rows. ---- */

#define WINDOWS                                                                                    \
  "WITH at(t, before) AS (SELECT at, coalesce(lag(at) OVER (ORDER BY at), -1) FROM sample JOIN"    \
  " metric ON metric.id = metric WHERE name = 'nodes.alive'),"                                     \
  " lived(node, born, died) AS (SELECT node, at, coalesce((SELECT min(at) FROM v_life v JOIN life" \
  "  USING (id) WHERE life.node = b.node AND life.at > b.at AND v.kind IN ('stop', 'crash')), "    \
  "9e18)"                                                                                          \
  "  FROM life b JOIN kind ON kind.id = b.kind WHERE kind.name = 'start') "

Test(record, nodes_alive_is_who_was_started_and_did_not_leave)
{
  expect_none("nodes.alive", WINDOWS
              "SELECT t, num, (SELECT count(*) FROM lived WHERE born < t AND died >= t) AS n"
              " FROM at JOIN sample ON at = t JOIN metric ON metric.id = metric"
              " WHERE name = 'nodes.alive' AND num <> n");
}

Test(record, traffic_is_the_messages_over_the_time_that_nodes_lived)
{
  expect_none(
    "messages.per-node", WINDOWS
    ", sums AS (SELECT t, num, den,"
    " (SELECT count(*) FROM message WHERE NOT copy AND message.at >= before AND message.at < t) AS "
    "n,"
    " (SELECT sum(bytes) FROM message WHERE NOT copy AND message.at >= before AND message.at < t)"
    "  AS bytes, (SELECT sum(max(0, min(died, t) - max(born, before))) FROM lived) AS time, name"
    " FROM at JOIN sample ON at = t JOIN metric ON metric.id = metric WHERE before >= 0 AND"
    " name IN ('messages.per-node', 'bytes.per-node'))"
    " SELECT *, 1e9 * n / time FROM sums WHERE abs(1.0 * num / den"
    "  - 1e9 * CASE name WHEN 'bytes.per-node' THEN bytes ELSE n END / time) > 1e-9");
}

/* A search for a key that somebody had from before it began until after its end must find it. */
Test(record, success_is_what_was_there_all_through_and_was_found)
{
  cr_expect_gt(number("SELECT count(*) FROM search WHERE eligible AND NOT results"), 0);
  expect_none(
    "eligible",
    "SELECT s.id, eligible FROM search s JOIN kind o ON o.id = outcome JOIN kind m ON m.id = mode"
    " WHERE m.name = 'exact' AND eligible <> (o.name IN ('no-more', 'timeout') AND EXISTS"
    " (SELECT 1 FROM registration r WHERE r.key = s.target AND published <= started AND"
    " coalesce(r.ended, 9e18) > s.ended))");
  expect_none(
    "search.success", WINDOWS
    ", sums AS (SELECT t, num, den,"
    " (SELECT count(*) FROM search WHERE ended > before AND ended <= t AND eligible) AS among,"
    " (SELECT count(*) FROM search WHERE ended > before AND ended <= t AND eligible AND results)"
    "  AS found FROM at JOIN sample ON at = t JOIN metric ON metric.id = metric"
    " WHERE name = 'search.success') SELECT * FROM sums WHERE num <> found OR den <> among");
}

Test(record, latencies_are_those_of_the_searches)
{
  expect_none(
    "search.latency.p50", WINDOWS
    ", ranked AS (SELECT t, s.ended - started AS took,"
    " row_number() OVER (PARTITION BY t ORDER BY s.ended - started) AS rank,"
    " count(*) OVER (PARTITION BY t) AS n"
    " FROM at JOIN search s ON s.ended > before AND s.ended <= t JOIN kind ON kind.id = outcome"
    " WHERE kind.name IN ('no-more', 'timeout'))"
    " SELECT t, took, num FROM ranked JOIN sample ON at = t JOIN metric ON metric.id = metric"
    " WHERE name = 'search.latency.p50' AND rank = (n + 1) / 2 AND num <> took");
}

Test(record, caches_are_what_came_in_and_did_not_leave)
{
  expect_none(
    "cache.entries",
    "WITH at(t) AS (SELECT DISTINCT at FROM sample WHERE at % 20000000000 = 0 AND at > 0 AND at < "
    "180e9),"
    " gone(node, t) AS (SELECT life.node, at FROM life JOIN kind ON kind.id = kind"
    "  WHERE name IN ('crash', 'stop', 'fault')),"
    " held AS (SELECT t, (SELECT sum(CASE kind.name WHEN 'added' THEN 1 ELSE -1 END) FROM cache"
    "  JOIN kind ON kind.id = kind WHERE cache.at <= t AND cache.node NOT IN"
    "  (SELECT node FROM gone WHERE gone.t < at.t)) AS n FROM at)"
    " SELECT held.t, n, num FROM held JOIN sample ON sample.at = t JOIN metric ON metric.id = "
    "metric"
    " WHERE name = 'cache.entries' AND n <> num");
}

/* Where every leaf set is full, its five keys above are the next five of its members upwards, and so
 * downwards: compared with the five next in the ring, place by place. */
Test(record, leaf_sets_from_events_are_as_right_as_the_oracle_says, .timeout = 100)
{
  static const char sql[] =
    "CREATE TEMP TABLE at AS SELECT DISTINCT at AS t FROM sample WHERE at % 5000000000 = 0 AND"
    "  at BETWEEN 30e9 AND 149e9;"
    "CREATE TEMP TABLE ring AS SELECT t, key, node, row_number() OVER (PARTITION BY t ORDER BY "
    "hex) - 1"
    "  AS r, count(*) OVER (PARTITION BY t) AS n FROM at JOIN registration ON published < t AND"
    "  coalesce(ended, 9e18) >= t JOIN key ON key.id = key;"
    "CREATE TEMP TABLE member AS SELECT t, ring.key, ring.r, ring.n, remote, max(event.id) AS last"
    "  FROM ring JOIN event ON event.node = ring.node AND event.key = ring.key AND event.at <= t "
    "AND"
    "  remote IS NOT NULL GROUP BY t, ring.key, remote;"
    "DELETE FROM member WHERE last NOT IN (SELECT event.id FROM event JOIN kind ON kind.id = kind"
    "  WHERE kind.name = 'leafset-added');"
    "CREATE TEMP TABLE sorted AS SELECT t, m.key, r, n, remote, row_number() OVER (PARTITION BY t, "
    "m.key"
    "  ORDER BY o.hex < k.hex, o.hex) AS up, count(*) OVER (PARTITION BY t, m.key) AS members"
    "  FROM member m JOIN key k ON k.id = m.key JOIN key o ON o.id = m.remote;"
    "CREATE TEMP TABLE judged AS SELECT t, min(members) AS least, max(members) AS most, sum(EXISTS("
    "  SELECT 1 FROM ring WHERE ring.t = s.t AND ring.key = s.remote AND ring.r = "
    "  CASE WHEN up <= 5 THEN (s.r + up) % s.n ELSE (s.r - 11 + up + s.n) % s.n END)) AS exact"
    "  FROM sorted s GROUP BY t";
  sqlite3 *db;
  cr_assert_eq(sqlite3_open(trace.path, &db), SQLITE_OK);
  char *message = NULL;
  cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
  sqlite3_stmt *rows;
  cr_assert_eq(sqlite3_prepare_v2(db,
                                  "SELECT t, exact, num, den FROM judged JOIN sample ON at = t JOIN"
                                  " metric ON metric.id = metric WHERE name = 'leafset.exact' AND"
                                  " least = 10 AND most = 10",
                                  -1, &rows, NULL),
               SQLITE_OK);
  int compared = 0, imperfect = 0;
  for (; sqlite3_step(rows) == SQLITE_ROW; compared++) {
    cr_expect_eq(sqlite3_column_int64(rows, 1), sqlite3_column_int64(rows, 2),
                 "at %s: %s right by events, %s of %s by the oracle", sqlite3_column_text(rows, 0),
                 sqlite3_column_text(rows, 1), sqlite3_column_text(rows, 2),
                 sqlite3_column_text(rows, 3));
    imperfect += sqlite3_column_int64(rows, 2) < sqlite3_column_int64(rows, 3);
  }
  cr_expect_geq(compared, 5);
  cr_expect_geq(imperfect, 1);
  sqlite3_finalize(rows);
  sqlite3_close(db);
}

/* ---- Observing changes nothing. ---- */

Test(record, a_run_is_the_same_whatever_is_traced)
{
  static const unsigned classes[] = { 0, SIM_RECORD_SUMMARY,
                                      SIM_RECORD_SUMMARY | SIM_RECORD_MESSAGES };
  for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
    TestRecorded other = test_recorded_run(busy, classes[i]);
    cr_expect_eq(other.trajectory, trace.trajectory);
    cr_expect_eq(other.results, trace.results);
    g_autofree char *check = test_recorded_text(other.path, "PRAGMA integrity_check");
    cr_expect_str_eq(check, "ok");
    test_recorded_expect_none(other.path, "foreign keys", "PRAGMA foreign_key_check");
    test_recorded_clear(&other);
  }
}

Test(record, a_class_that_is_not_wanted_has_no_rows)
{
  static const char *const tables[] = { "call", "event", "wake",  "message", "note",
                                        "hop",  "entry", "cache", "datagram" };
  TestRecorded summary = test_recorded_run(busy, SIM_RECORD_SUMMARY);
  for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s", tables[i]);
    test_recorded_expect_none(summary.path, tables[i], sql);
  }
  cr_expect_gt(test_recorded_number(summary.path, "SELECT count(*) FROM search"), 0);
  test_recorded_clear(&summary);
  TestRecorded none = test_recorded_run(busy, 0);
  test_recorded_expect_none(none.path, "samples", "SELECT * FROM sample");
  test_recorded_expect_none(none.path, "faults", "SELECT * FROM fault");
  cr_expect_gt(test_recorded_number(none.path, "SELECT count(*) FROM expectation"), 0);
  test_recorded_clear(&none);
}
