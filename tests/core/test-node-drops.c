/* What a node drops, refuses, ignores or forgets: each rule shows the drop, and that nothing else
 * has changed. One node has the key 40 and knows 20 and 60; all others are addresses that the test
 * speaks from. Outputs are compared as the text of the log. */
#include "test-node.h"

#include "drt-cpa.h"

#include <criterion/criterion.h>
#include <glib.h>

#include "test-keys.h"

typedef struct {
  TestCluster *c;
  DrtNode *node;
  TestTap tap;
  char *before;
} Bench;

static void
bench_open(Bench *b, bool publisher)
{
  *b = (Bench){ .c = test_cluster_new(1, 2) };
  test_cluster_open_at(b->c, 0, NULL, 0);
  test_cluster_run(b->c, 0);
  b->node = test_cluster_node(b->c, 0);
  b->node->maintain_at = 86400 * DRT_SECOND;
  if (publisher)
    test_node_publish(b->c, 0, 0x40);
  test_node_know(b->c, 0, 0x20, 2);
  test_node_know(b->c, 0, 0x60, 6);
  test_tap_start(&b->tap, b->c);
  test_cluster_log_start(b->c);
}

static void
bench_close(Bench *b)
{
  g_free(b->before);
  test_tap_free(&b->tap);
  test_cluster_free(b->c);
}

static void
remember(Bench *b)
{
  g_free(b->before);
  test_cluster_log(b->c);
  b->before = test_node_picture(b->node);
}

/* Since remember(): these messages, and not a trace inside. */
static void
expect_unchanged(Bench *b, const char *log, const char *what)
{
  char *now = test_node_picture(b->node);
  const char *said = test_cluster_log(b->c);
  cr_expect(strcmp(said, log) == 0, "%s: said\n%sinstead of\n%s", what, said, log);
  cr_expect(strcmp(now, b->before) == 0, "%s: now\n%sbefore\n%s", what, now, b->before);
  g_free(now);
}

static void
expect_said(Bench *b, const char *log, const char *what)
{
  const char *said = test_cluster_log(b->c);
  cr_expect(strcmp(said, log) == 0, "%s: said\n%sinstead of\n%s", what, said, log);
}

static bool
same_picture(const Bench *b)
{
  char *now = test_node_picture(b->node);
  bool same = strcmp(now, b->before) == 0;
  g_free(now);
  return same;
}

static DrtMsg
flood_of(DrtRoute route, uint32_t id, bool ack)
{
  static DrtEndpoint list;
  list = test_cluster_endpoint(7);
  DrtMsg msg = test_node_message(DRT_FLOOD, id);
  msg.flood.flags = ack ? 0 : DRT_FLOOD_NO_ACK;
  msg.flood.route = (DrtRouteField){ .present = true, .plain = route };
  msg.flood.flooded.plain = (DrtEndpointList){ &list, 1 };
  return msg;
}

static DrtMsg
lookup_for(uint8_t target, uint8_t validate, uint32_t id)
{
  static DrtEndpoint path;
  path = test_cluster_endpoint(9);
  DrtMsg msg = test_node_message(DRT_LOOKUP, id);
  msg.lookup.target = test_key_byte(target);
  msg.lookup.validate = test_key_byte(validate);
  msg.lookup.path.plain = (DrtEndpointList){ &path, 1 };
  return msg;
}

static DrtMsg
solicit_with(uint8_t nonce_byte, uint32_t id)
{
  uint8_t nonce[DRT_NONCE_LEN];
  memset(nonce, nonce_byte, sizeof nonce);
  DrtMsg msg = test_node_message(DRT_SOLICIT, id);
  drt_security_hash_nonce(nonce, msg.solicit.hashed_nonce);
  return msg;
}

/* @wire holds the keys. */
static DrtMsg
request_with(uint8_t nonce_byte, uint32_t id, const uint8_t *keys, uint16_t n, uint8_t *wire)
{
  DrtMsg msg = test_node_message(DRT_REQUEST, id);
  memset(msg.request.body.nonce, nonce_byte, DRT_NONCE_LEN);
  for (uint16_t i = 0; i < n; i++) {
    DrtKey key = test_key_byte(keys[i]);
    drt_key_to_wire(&key, wire + (size_t)DRT_KEY_LEN * i);
  }
  msg.request.body.keys = (DrtKeyList){ wire, n };
  return msg;
}

/* One well-formed message of every type that a healthy node would react to, or could. */
static uint32_t
all_types(DrtMsg *msgs, uint8_t *wire)
{
  static const uint8_t keys[] = { 0x40 };
  static const DrtAuthorityBody empty;
  uint32_t n = 0;
  msgs[n++] = solicit_with(1, 11);
  msgs[n] = test_node_message(DRT_ADVERTISE, 12);
  msgs[n++].advertise.keys = (DrtKeyList){ wire, 1 };
  msgs[n++] = request_with(1, 13, keys, 1, wire);
  msgs[n++] = flood_of(test_node_route(0x50, 5), 14, true);
  msgs[n] = test_node_message(DRT_INQUIRE, 15);
  msgs[n++].inquire.validate = test_key_byte(0x40);
  msgs[n] = test_node_message(DRT_AUTHORITY, 16);
  msgs[n++].authority.body = &empty;
  msgs[n++] = test_node_message(DRT_ACK, 17);
  msgs[n++] = lookup_for(0x60, 0x40, 18);
  return n;
}

/* mc-drt 2.1, 2.10 step 2: whatever comes from a port below 1024. */
Test(node_drops, what_comes_from_a_low_port)
{
  Bench b;
  DrtMsg msgs[8];
  uint8_t wire[64];
  DrtEndpoint from = test_cluster_endpoint(5);
  bench_open(&b, true);
  remember(&b);
  from.wire[0] = 1023 >> 8, from.wire[1] = 1023 & 255;
  for (uint32_t i = 0, n = all_types(msgs, wire); i < n; i++)
    test_node_say_from(b.c, &from, 0, &msgs[i]);
  expect_unchanged(&b, "", "port 1023");
  from.wire[0] = 1024 >> 8, from.wire[1] = 0;
  test_node_say_from(b.c, &from, 0, &msgs[4]);
  cr_expect(b.tap.n == 1);
  bench_close(&b);
}

/* mc-drt 2.3, H2: another major version; another minor one does not matter. */
Test(node_drops, what_has_another_major_version)
{
  Bench b;
  DrtMsg msgs[8];
  uint8_t wire[64];
  bench_open(&b, true);
  remember(&b);
  for (uint32_t i = 0, n = all_types(msgs, wire); i < n; i++) {
    msgs[i].major = 7;
    test_node_say(b.c, 5, 0, &msgs[i]);
  }
  expect_unchanged(&b, "", "major 7");
  msgs[4].major = 6, msgs[4].minor = 99;
  test_node_say(b.c, 5, 0, &msgs[4]);
  expect_said(&b, "0 > 5 AUTHORITY\n", "minor 99");
  bench_close(&b);
}

/* mc-drt 2.10 step 3, 5.5: FAULTED, without network, not opened. */
Test(node_drops, everything_where_there_is_no_open_cloud)
{
  DrtMsg msgs[8];
  uint8_t wire[64];
  for (int state = 0; state < 2; state++) {
    Bench b;
    bench_open(&b, true);
    DrtOutbox out;
    TestMemory memory = { 0 };
    drt_outbox_init(&out, test_memory(&memory));
    if (state == 0)
      drt_node_fail(b.node, 0, -5, &out);
    else
      drt_node_readdress(b.node, 0, NULL, 0, &out);
    remember(&b);
    for (uint32_t i = 0, n = all_types(msgs, wire); i < n; i++)
      test_node_say(b.c, 5, 0, &msgs[i]);
    expect_unchanged(&b, "", state == 0 ? "FAULTED" : "NO_NETWORK");
    cr_expect(state == 1 || drt_node_deadline(b.node) == DRT_TIME_NEVER);
    drt_outbox_clear(&out);
    bench_close(&b);
  }
}

/* H39: on the way out INQUIRE is denied, and ACKs count; nothing else is heard. */
Test(node_drops, what_a_closing_node_need_not_hear)
{
  Bench b;
  DrtMsg msgs[8];
  uint8_t wire[64];
  bench_open(&b, true);
  test_cluster_close(b.c, 0);
  cr_expect(b.node->closing);
  remember(&b);
  for (uint32_t i = 0, n = all_types(msgs, wire); i < n; i++)
    test_node_say(b.c, 5, 0, &msgs[i]);
  expect_unchanged(&b, "0 > 5 AUTHORITY N\n", "closing");
  bench_close(&b);
}

/* H10: a node without keys. It cannot be asked for others, and holds no conversation. */
Test(node_drops, what_only_a_publisher_answers)
{
  Bench b;
  static const uint8_t keys[] = { 0x20 };
  uint8_t wire[64];
  bench_open(&b, false);
  remember(&b);
  DrtMsg lookup = lookup_for(0x60, 0x40, 1), solicit = solicit_with(1, 2);
  DrtMsg request = request_with(1, 3, keys, 1, wire), inquire = test_node_message(DRT_INQUIRE, 4);
  solicit.solicit.route = (DrtRouteField){ .present = true, .plain = test_node_route(0x50, 5) };
  inquire.inquire.validate = test_key_byte(0x40);
  test_node_say(b.c, 5, 0, &lookup);
  test_node_say(b.c, 5, 0, &request);
  expect_unchanged(&b, "", "LOOKUP and REQUEST");
  test_node_say(b.c, 5, 0, &solicit);
  expect_unchanged(&b, "0 > 5 ADVERTISE\n", "SOLICIT");
  test_node_say(b.c, 5, 0, &inquire);
  expect_unchanged(&b, "0 > 5 AUTHORITY N\n", "INQUIRE");
  DrtMsg flood = flood_of(test_node_route(0x20, 2), 5, true); /* H9: known, so only the ACK */
  flood.flood.validate = test_key_byte(0x40);
  test_node_say(b.c, 5, 0, &flood);
  expect_unchanged(&b, "0 > 5 ACK N\n", "FLOOD");
  bench_close(&b);
}

/* H23, 2.9: ACK, AUTHORITY and ADVERTISE from another address or port, under another id, or as the
 * answer to something else. */
Test(node_drops, answers_of_strangers)
{
  static const uint8_t wire[32];
  Bench b;
  bench_open(&b, true);
  DrtMsg flood = flood_of(test_node_route(0x50, 5), 1, false);
  DrtKey target = test_key_byte(0x61);
  DrtAuthorityBody denial = { .flags = DRT_AUTHORITY_UNKNOWN };
  test_cluster_unregister(b.c, 0, b.node->locals); /* revokes to 2 and 6 are pending */
  uint32_t revoke = test_tap_find(&b.tap, DRT_FLOOD).id;
  test_node_say(b.c, 7, 0, &flood);
  uint32_t inquire = test_tap_last(&b.tap, 0).id;
  test_cluster_find(b.c, 0, &target);
  uint32_t lookup = test_tap_last(&b.tap, 0).id;
  remember(&b);
  DrtEndpoint port = test_cluster_endpoint(6);
  port.wire[1]++;
  for (uint32_t kind = 0; kind < 4; kind++) {
    uint32_t ids[] = { revoke, inquire, lookup, revoke ^ inquire ^ lookup };
    DrtMsg ack = test_node_message(DRT_ACK, 9), authority = test_node_message(DRT_AUTHORITY, 9);
    DrtMsg advertise = test_node_message(DRT_ADVERTISE, 9);
    ack.ack.acked = authority.authority.acked = advertise.advertise.acked = ids[kind];
    ack.ack.flags = DRT_ACK_UNKNOWN;
    authority.authority.body = &denial;
    advertise.advertise.keys = (DrtKeyList){ wire, 1 };
    test_node_say(b.c, 8, 0, &ack);
    test_node_say(b.c, 8, 0, &authority);
    test_node_say_from(b.c, &port, 0, &ack);
    test_node_say_from(b.c, &port, 0, &authority);
    for (uint32_t from = 2; from <= 6; from++) {
      test_node_say(b.c, from, 0, &advertise);
      if (kind != 0)
        test_node_say(b.c, from, 0, &ack);
      if (kind == 0 || kind == 3)
        test_node_say(b.c, from, 0, &authority);
    }
    expect_unchanged(&b, "", "an answer of no use");
  }
  bench_close(&b);
}

/* mc-drt 4.2: ADVERTISE from another endpoint, with another id, with the wrong hash; without keys
 * the conversation is over. */
Test(node_drops, advertisements_that_were_not_solicited)
{
  static const uint32_t peers[] = { 5 };
  Bench b = { .c = test_cluster_new(1, 1) };
  uint8_t wire[32] = { 0x70 };
  test_tap_start(&b.tap, b.c);
  test_cluster_log_start(b.c);
  test_cluster_open_at(b.c, 0, peers, 1);
  test_cluster_run(b.c, 0);
  b.node = test_cluster_node(b.c, 0);
  DrtMsg solicit = test_tap_find(&b.tap, DRT_SOLICIT), msg = test_node_message(DRT_ADVERTISE, 9);
  msg.advertise.acked = solicit.id;
  msg.advertise.keys = (DrtKeyList){ wire, 1 };
  memcpy(msg.advertise.hashed_nonce, solicit.solicit.hashed_nonce, DRT_HASH_LEN);
  remember(&b);
  test_node_say(b.c, 6, 0, &msg);
  expect_unchanged(&b, "", "another endpoint");
  msg.advertise.acked ^= 1;
  test_node_say(b.c, 5, 0, &msg);
  expect_unchanged(&b, "", "another id");
  msg.advertise.acked ^= 1;
  msg.advertise.hashed_nonce[19] ^= 1;
  test_node_say(b.c, 5, 0, &msg);
  expect_unchanged(&b, "", "another hash");
  msg.advertise.hashed_nonce[19] ^= 1;
  msg.advertise.keys.n = 0;
  test_node_say(b.c, 5, 0, &msg);
  expect_said(&b, "", "no keys");
  cr_expect(b.node->conversations_n == 0 && b.node->asked_n == 0 && b.node->discovery == 0);
  bench_close(&b);
}

/* mc-drt 4.3, H24: another nonce, another sender, keys that were not offered; and the FLOODs are not
 * repeated with the ACK. */
Test(node_drops, requests_beyond_what_was_offered)
{
  static const uint8_t offered[] = { 0x20, 0x40 }, more[] = { 0x20, 0x30, 0x21, 0x60 };
  uint8_t wire[256];
  Bench b;
  bench_open(&b, true);
  DrtMsg solicit = solicit_with(1, 1);
  test_node_say(b.c, 5, 0, &solicit);
  expect_said(&b, "0 > 5 ADVERTISE keys 20,60,40\n", "SOLICIT");
  remember(&b);
  DrtMsg request = request_with(2, 2, offered, 2, wire);
  test_node_say(b.c, 5, 0, &request);
  expect_unchanged(&b, "", "another nonce");
  request = request_with(1, 3, offered, 2, wire);
  test_node_say(b.c, 6, 0, &request);
  expect_unchanged(&b, "", "another sender");
  request = request_with(1, 4, more, 4, wire);
  test_node_say(b.c, 5, 0, &request);
  expect_said(&b,
              "0 > 5 ACK\n0 > 5 FLOOD D validate 00 route 20 list 0\n"
              "0 > 5 FLOOD D validate 00 route 60 list 0\n",
              "two of four");
  remember(&b);
  test_node_say(b.c, 5, 0, &request);
  expect_unchanged(&b, "0 > 5 ACK\n", "repeated");
  test_cluster_run(b.c, 15 * DRT_SECOND);
  remember(&b);
  test_node_say(b.c, 5, 0, &request);
  expect_unchanged(&b, "", "after fifteen seconds");
  cr_expect(b.node->conversations_n == 0);
  bench_close(&b);
}

/* H24: keys that are cached but were not offered in this conversation. */
Test(node_drops, a_request_for_what_was_not_offered)
{
  uint8_t keys[9], wire[9 * DRT_KEY_LEN];
  Bench b;
  bench_open(&b, true);
  for (uint8_t i = 0; i < 6; i++)
    test_node_know(b.c, 0, (uint8_t)(0x80 + 0x10 * i), 10u + i);
  for (uint32_t i = 0; i < 8; i++)
    keys[i] =
      (uint8_t)(drt_store_key(drt_node_store(b.node), b.node->cache.handles[i])->w[0] >> 56);
  keys[8] = 0x40; /* ours, and not offered either: the cache has enough */
  DrtMsg solicit = solicit_with(1, 1), request = request_with(1, 2, keys, 9, wire);
  test_node_say(b.c, 5, 0, &solicit);
  DrtMsg advertise = test_tap_last(&b.tap, 0);
  cr_assert(advertise.advertise.keys.n == 5);
  test_node_say(b.c, 5, 0, &request);
  cr_assert(b.tap.n == 1 + 1 + 5);
  for (uint32_t i = 0; i < 5; i++) {
    DrtKey served = test_tap_last(&b.tap, i).flood.route.plain.key;
    bool offered = false;
    for (uint32_t k = 0; k < 5; k++) {
      DrtKey key = drt_key_list_get(&advertise.advertise.keys, k);
      offered |= drt_key_equal(&key, &served);
    }
    cr_expect(offered);
  }
  bench_close(&b);
}

/* H24: a key that was offered and is gone meanwhile. */
Test(node_drops, a_request_for_what_is_gone)
{
  static const uint8_t keys[] = { 0x20, 0x60 };
  uint8_t wire[64];
  Bench b;
  bench_open(&b, true);
  DrtMsg solicit = solicit_with(1, 1), request = request_with(1, 2, keys, 2, wire);
  test_node_say(b.c, 5, 0, &solicit);
  DrtAuthorityBody denial = { .flags = DRT_AUTHORITY_UNKNOWN };
  DrtKey target = test_key_byte(0x5f);
  test_cluster_find(b.c, 0, &target);
  test_node_answer(b.c, 6, 0, test_tap_find(&b.tap, DRT_LOOKUP).id, &denial);
  cr_expect(!test_node_caches(b.c, 0, 0x60));
  test_cluster_log(b.c);
  test_node_say(b.c, 5, 0, &request);
  expect_said(&b, "0 > 5 ACK\n0 > 5 FLOOD D validate 00 route 20 list 0\n", "one of two");
  bench_close(&b);
}

/* H14: 64 conversations, 4 of one address; then the ADVERTISE is empty. A repeated SOLICIT still
 * gets its keys. */
Test(node_drops, solicitors_beyond_the_limits)
{
  Bench b;
  bench_open(&b, true);
  for (uint32_t i = 0; i < 4; i++) {
    DrtMsg msg = solicit_with((uint8_t)i, i + 1);
    test_node_say(b.c, 5, 0, &msg);
  }
  remember(&b);
  DrtMsg fifth = solicit_with(9, 9), again = solicit_with(2, 9);
  fifth.solicit.route = (DrtRouteField){ .present = true, .plain = test_node_route(0x50, 5) };
  test_node_say(b.c, 5, 0, &fifth);
  expect_unchanged(&b, "0 > 5 ADVERTISE\n", "the fifth of one address");
  test_node_say(b.c, 5, 0, &again);
  expect_unchanged(&b, "0 > 5 ADVERTISE keys 20,60,40\n", "a repetition");
  fifth.solicit.route.present = false;
  for (uint32_t i = 4; i < 64; i++)
    test_node_say(b.c, i + 100, 0, &fifth);
  cr_expect(b.node->conversations_n == 64);
  remember(&b);
  test_node_say(b.c, 99, 0, &fifth);
  expect_unchanged(&b, "0 > 99 ADVERTISE\n", "the 65th");
  bench_close(&b);
}

static const uint8_t one_key[] = { 0x20 };

static void
solicit_and_be_offered(Bench *b, uint32_t from, uint8_t nonce, bool keys)
{
  DrtMsg msg = solicit_with(nonce, 1);
  test_cluster_log(b->c);
  test_node_say(b->c, from, 0, &msg);
  g_autofree char *offer =
    g_strdup_printf("0 > %u ADVERTISE%s\n", from, keys ? " keys 20,60,40" : "");
  expect_said(b, offer, "an offer");
}

static void
request_and_hear(Bench *b, uint32_t from, uint8_t nonce, const char *said)
{
  uint8_t wire[DRT_KEY_LEN];
  DrtMsg msg = request_with(nonce, 2, one_key, 1, wire);
  test_cluster_log(b->c);
  test_node_say(b->c, from, 0, &msg);
  expect_said(b, said, "a request");
}

/* H14, H24: conversations that were served are kept for a repeated ACK alone, and do not keep anybody out:
 * the oldest of them gives way. */
Test(node_drops, whoever_was_served_makes_room)
{
  Bench b;
  bench_open(&b, true);
  for (uint32_t i = 0; i < 64; i++) {
    solicit_and_be_offered(&b, 100 + i, (uint8_t)i, true);
    test_cluster_run(b.c, DRT_MILLISECOND);
  }
  request_and_hear(&b, 105, 5, "0 > 105 ACK\n0 > 105 FLOOD D validate 00 route 20 list 0\n");
  request_and_hear(&b, 103, 3, "0 > 103 ACK\n0 > 103 FLOOD D validate 00 route 20 list 0\n");
  solicit_and_be_offered(&b, 99, 99, true);
  cr_expect(b.node->conversations_n == 64);
  request_and_hear(&b, 103, 3, "");
  request_and_hear(&b, 105, 5, "0 > 105 ACK\n");
  request_and_hear(&b, 104, 4, "0 > 104 ACK\n0 > 104 FLOOD D validate 00 route 20 list 0\n");
  solicit_and_be_offered(&b, 98, 98, true);
  solicit_and_be_offered(&b, 97, 97, true);
  solicit_and_be_offered(&b, 96, 96, false);
  cr_expect(b.node->conversations_n == 64);
  bench_close(&b);
}

/* The same among the four of one address. */
Test(node_drops, whoever_was_served_makes_room_at_its_address)
{
  Bench b;
  bench_open(&b, true);
  solicit_and_be_offered(&b, 6, 1, true);
  request_and_hear(&b, 6, 1, "0 > 6 ACK\n0 > 6 FLOOD D validate 00 route 20 list 0\n");
  for (uint8_t nonce = 1; nonce <= 4; nonce++)
    solicit_and_be_offered(&b, 5, nonce, true);
  solicit_and_be_offered(&b, 5, 5, false);
  request_and_hear(&b, 5, 2, "0 > 5 ACK\n0 > 5 FLOOD D validate 00 route 20 list 0\n");
  solicit_and_be_offered(&b, 5, 5, true);
  request_and_hear(&b, 5, 2, "");
  request_and_hear(&b, 6, 1, "0 > 6 ACK\n");
  bench_close(&b);
}

/* mc-drt 3.2, 7.5, H11, H38: entries of no use, and those that are known already. */
Test(node_drops, route_entries_of_no_use)
{
  Bench b;
  bench_open(&b, true);
  struct {
    const char *name;
    DrtRoute route;
  } rows[] = {
    { "key zero", test_node_route(0, 5) },
    { "another major version", test_node_route(0x50, 5) },
    { "port below 1024", test_node_route(0x50, 5) },
    { "our own key", test_node_route(0x40, 5) },
    { "our own endpoint", test_node_route(0x50, 0) },
    { "known", test_node_route(0x20, 2) },
    { "known with another minor version", test_node_route(0x20, 2) },
  };
  rows[1].route.major = 5;
  rows[2].route.port = 1023;
  rows[6].route.minor = 0;
  remember(&b);
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    DrtMsg flood = flood_of(rows[i].route, 1, false);
    DrtMsg lookup = lookup_for(0x40, 0x40, 3);
    test_node_say(b.c, 9, 0, &flood);
    expect_unchanged(&b, "", rows[i].name);
    lookup.lookup.best = (DrtRouteField){ .present = true, .plain = rows[i].route };
    test_node_say(b.c, 9, 0, &lookup);
    cr_expect(same_picture(&b), "LOOKUP: %s", rows[i].name);
    test_cluster_log(b.c);
  }
  bench_close(&b);
}

/* H14: 128 at a time; one that is being validated is not validated twice (mc-drt 7.5). */
Test(node_drops, more_entries_than_can_be_validated)
{
  Bench b;
  bench_open(&b, true);
  for (uint32_t i = 0; i < 128; i++) {
    DrtRoute route = test_node_route(0x50, 100 + i);
    route.key.w[3] = i;
    DrtMsg msg = flood_of(route, 1, false);
    test_node_say(b.c, 9, 0, &msg);
    remember(&b);
    test_node_say(b.c, 9, 0, &msg);
    expect_unchanged(&b, "", "twice");
  }
  cr_expect(b.node->intakes_n == 128 && b.tap.n == 128);
  remember(&b);
  DrtMsg one_more = flood_of(test_node_route(0x51, 5), 1, false);
  test_node_say(b.c, 9, 0, &one_more);
  expect_unchanged(&b, "", "the 129th");
  test_cluster_run(b.c, 3 * DRT_SECOND);
  cr_expect(b.node->intakes_n == 0 && b.node->cache.n == 2);
  bench_close(&b);
}

/* A FLOOD brings 50 on node 5, which is asked; the INQUIRE. */
static DrtMsg
begin_validation(Bench *b, bool ack)
{
  DrtMsg msg = flood_of(test_node_route(0x50, 5), 1, ack);
  test_node_say(b->c, 7, 0, &msg);
  return test_tap_find(&b->tap, DRT_INQUIRE);
}

typedef enum {
  DENIED,
  SILENT,
  NO_CPA,
  OTHER_KEY,
  OTHER_NODE,
  REVOKED,
  OTHER_NONCE,
  OTHER_MAJOR
} Flaw;

static void
flawed_answer(Bench *b, const DrtMsg *inquire, Flaw flaw)
{
  uint8_t cpa[400], nonce[DRT_NONCE_LEN];
  memcpy(nonce, inquire->inquire.nonce, sizeof nonce);
  nonce[0] ^= flaw == OTHER_NONCE;
  uint32_t n = test_node_cpa(flaw == OTHER_KEY ? 0x51 : 0x50, nonce, flaw == OTHER_NODE ? 8 : 5,
                             false, cpa, sizeof cpa);
  if (flaw == REVOKED) { /* with the addresses of an ordinary one */
    DrtNullCpa fields;
    cr_assert(drt_null_cpa_decode((DrtBytes){ cpa, n }, 6, &fields) == DRT_REJECT_NONE);
    fields.revoked = true;
    n = drt_null_cpa_encode(&fields, cpa, sizeof cpa);
  }
  cpa[0] ^= flaw == OTHER_MAJOR;
  DrtAuthorityBody body = { .cpa = { cpa, n } };
  if (flaw == DENIED)
    body.flags = DRT_AUTHORITY_UNKNOWN;
  if (flaw == NO_CPA)
    body.cpa = (DrtBytes){ 0 };
  if (flaw == SILENT)
    test_cluster_run(b->c, 2 * DRT_SECOND);
  else
    test_node_answer(b->c, 5, 0, inquire->id, &body);
}

/* mc-drt 7.5, 8.4, H28, H38: an entry of leaf range that is not proven is forgotten. */
Test(node_drops, entries_that_are_not_proven)
{
  static const char *const names[] = {
    "N",        "silence",       "no CPA",       "another key", "other addresses",
    "a revoke", "another nonce", "another major"
  };
  for (Flaw flaw = DENIED; flaw <= OTHER_MAJOR; flaw++) {
    Bench b;
    bench_open(&b, true);
    remember(&b);
    DrtMsg inquire = begin_validation(&b, false);
    cr_expect(inquire.inquire.flags == (DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN));
    cr_expect(b.node->intakes_n == 1 && !test_node_caches(b.c, 0, 0x50));
    test_cluster_log(b.c);
    flawed_answer(&b, &inquire, flaw);
    expect_unchanged(&b, flaw == SILENT ? "0 > 5 INQUIRE validate 50 A C\n" : "", names[flaw]);
    bench_close(&b);
  }
}

/* mc-drt 7.5 step 3: outside of our leaf sets an answer is enough, but a CPA that comes must be
 * right. Node 0 has five neighbours on each side. */
Test(node_drops, unproven_entries_only_inside_leaf_sets)
{
  for (int wrong = 0; wrong < 2; wrong++) {
    Bench b;
    uint8_t cpa[400];
    bench_open(&b, true);
    for (uint8_t i = 1; i <= 5; i++) {
      test_node_know(b.c, 0, (uint8_t)(0x40 + i), 20u + i);
      test_node_know(b.c, 0, (uint8_t)(0x40 - i), 30u + i);
    }
    DrtMsg inquire = begin_validation(&b, false);
    DrtAuthorityBody body = { 0 };
    if (wrong)
      body.cpa = (DrtBytes){ cpa, test_node_cpa(0x51, inquire.inquire.nonce, 5, false, cpa, 400) };
    test_cluster_log(b.c);
    test_node_answer(b.c, 5, 0, inquire.id, &body);
    expect_said(&b, "", "no leaf, no news");
    cr_expect(test_node_caches(b.c, 0, 0x50) == !wrong);
    bench_close(&b);
  }
}

/* H28: a key that was outside of our leaf sets when it was asked, and is inside when it answers, has
 * to be proven after all. */
Test(node_drops, unproven_entries_that_have_become_leaves)
{
  Bench b;
  TestMemory memory = { 0 };
  DrtOutbox out;
  DrtAuthorityBody body = { 0 };
  DrtKey gone = test_key_byte(0x45);
  drt_outbox_init(&out, test_memory(&memory));
  bench_open(&b, true);
  for (uint8_t i = 1; i <= 5; i++) {
    test_node_know(b.c, 0, (uint8_t)(0x40 + i), 20u + i);
    test_node_know(b.c, 0, (uint8_t)(0x40 - i), 30u + i);
  }
  DrtMsg inquire = begin_validation(&b, false);
  drt_node_begin(b.node, 0, &out);
  drt_node_forget(b.node, &gone, DRT_GONE_SILENT);
  drt_node_end(b.node);
  cr_expect_str_eq(test_node_leaves(b.c, 0, 0x40), "3f,3e,3d,3c,3b | 41,42,43,44,60");
  test_node_answer(b.c, 5, 0, inquire.id, &body);
  cr_expect(!test_node_caches(b.c, 0, 0x50) && b.node->intakes_n == 0);
  drt_outbox_clear(&out);
  bench_close(&b);
}

/* mc-drt 7.5, H35: what the cache has no place for is not asked, unless it is a leaf. The slots of 45.80
 * and 46.00 are one; the first is a leaf, the second has the slot. */
Test(node_drops, entries_without_a_place_unless_they_are_leaves)
{
  static const uint8_t leaves[] = { 0x41, 0x42, 0x43, 0x44, 0x3f, 0x3e, 0x3d, 0x3c, 0x3b, 0x46 };
  Bench b;
  DrtKey fifth = { { UINT64_C(0x4580) << 48, 0, 0, 0 } };
  bench_open(&b, true);
  test_node_know_key(b.c, 0, &fifth, 19);
  for (uint32_t i = 0; i < G_N_ELEMENTS(leaves); i++)
    test_node_know(b.c, 0, leaves[i], 20 + i);
  cr_expect_str_eq(test_node_leaves(b.c, 0, 0x40), "3f,3e,3d,3c,3b | 41,42,43,44,45");
  remember(&b);
  DrtRoute route = test_node_route(0x46, 9);
  route.key.w[0] += UINT64_C(0x20) << 48;
  DrtMsg flood = flood_of(route, 1, false);
  test_node_say(b.c, 9, 0, &flood);
  expect_unchanged(&b, "", "no leaf");
  route.key.w[0] = UINT64_C(0x4533) << 48;
  flood = flood_of(route, 2, false);
  test_node_say(b.c, 9, 0, &flood);
  expect_said(&b, "0 > 9 INQUIRE validate 45 A C\n", "a leaf");
  bench_close(&b);
}

/* mc-drt 2.9, 7.10, H9: a FLOOD that is denied or not acknowledged costs its Validate Key its place;
 * one that is acknowledged does not. The leaf set is filled, the side that lost is audited. */
Test(node_drops, who_denies_or_ignores_a_flood)
{
  for (int answer = 0; answer < 3; answer++) {
    Bench b;
    uint8_t cpa[400];
    bench_open(&b, true);
    DrtMsg inquire = begin_validation(&b, false);
    DrtAuthorityBody body = { .cpa = { cpa, test_node_cpa(0x50, inquire.inquire.nonce, 5, false,
                                                          cpa, sizeof cpa) } };
    test_cluster_log(b.c);
    test_node_answer(b.c, 5, 0, inquire.id, &body);
    expect_said(&b,
                "0 > 6 FLOOD validate 60 route 50 list 7,0,6,2\n"
                "0 > 2 FLOOD validate 20 route 50 list 7,0,6,2\n"
                "0 > 5 FLOOD validate 50 route 40 list 0\n"
                "0 > 7 FLOOD validate 00 route 40 list 0\n",
                "a new leaf");
    cr_expect(b.tap.n == 5);
    for (uint32_t i = 0; i < 4; i++) {
      DrtMsg ack = test_node_message(DRT_ACK, 1);
      ack.ack.acked = test_tap_last(&b.tap, b.tap.n - 2 - i).id;
      ack.ack.flags = i == 0 && answer == 1 ? DRT_ACK_UNKNOWN : 0;
      if (i > 0 || answer < 2)
        test_node_say(b.c, b.tap.at[1 + i].to, 0, &ack);
    }
    if (answer == 1)
      expect_said(&b,
                  "0 > 5 LOOKUP target 40 validate 50 best 40 path 0,5,2\n"
                  "0 > 2 LOOKUP target 40 validate 20 best 40 path 0,5,2\n",
                  "N, on both sides");
    drt_audit_clear(b.node, b.node->locals);
    cr_expect(answer != 0 || b.node->asked_n == 0);
    test_cluster_run(b.c, 2 * DRT_SECOND - 1);
    cr_expect(test_node_caches(b.c, 0, 0x60) == (answer != 1));
    test_cluster_run(b.c, 1);
    cr_expect(test_node_caches(b.c, 0, 0x60) == (answer == 0), "answer %d", answer);
    cr_expect(test_node_caches(b.c, 0, 0x20));
    cr_expect(answer != 0 || strcmp(test_node_leaves(b.c, 0, 0x40), "20,60,50 | 50,60,20") == 0);
    bench_close(&b);
  }
}

static void
maintain(Bench *b)
{
  DrtMsg nudge = test_node_message(DRT_ACK, 1);
  test_cluster_settings(b->c)->split_tests = 0;
  test_cluster_settings(b->c)->audit_lookups = 0;
  test_cluster_settings(b->c)->gap_slots = 20;
  b->node->maintain_at = test_cluster_now(b->c);
  test_node_say(b->c, 99, 0, &nudge);
  test_cluster_run(b->c, 0);
}

/* H30: probes ask for nothing but a sign of life; N or silence removes the entry. */
Test(node_drops, who_denies_or_ignores_a_probe)
{
  Bench b;
  bench_open(&b, false);
  test_node_know(b.c, 0, 0x80, 8);
  maintain(&b);
  expect_said(&b,
              "0 > 6 INQUIRE validate 60\n0 > 8 INQUIRE validate 80\n0 > 2 INQUIRE validate 20\n",
              "probes");
  DrtAuthorityBody denial = { .flags = DRT_AUTHORITY_UNKNOWN }, fine = { 0 };
  cr_expect(b.tap.n == 3);
  test_node_answer(b.c, 2, 0, test_tap_last(&b.tap, 0).id, &denial);
  test_node_answer(b.c, 6, 0, test_tap_last(&b.tap, 2).id, &fine);
  cr_expect(!test_node_caches(b.c, 0, 0x20) && test_node_caches(b.c, 0, 0x80));
  test_cluster_run(b.c, 2 * DRT_SECOND);
  cr_expect(test_node_caches(b.c, 0, 0x60) && !test_node_caches(b.c, 0, 0x80));
  bench_close(&b);
}

/* mc-drt 7.8, H36: N and silence take the entry out of the cache; B uses nothing of the answer and
 * holds nothing against the node. */
Test(node_drops, who_denies_or_ignores_a_lookup)
{
  for (int answer = 0; answer < 3; answer++) {
    Bench b;
    bench_open(&b, false);
    DrtKey other = test_key_byte(0x20), target = test_key_byte(0x61);
    uint32_t at = (uint32_t)drt_cache_find(&b.node->cache, &other); /* nobody else to go on with */
    drt_store_drop(drt_node_store(b.node), drt_cache_remove(&b.node->cache, at));
    uint32_t ticket = test_cluster_find(b.c, 0, &target);
    DrtMsg lookup = test_tap_find(&b.tap, DRT_LOOKUP);
    DrtAuthorityBody body = { .flags = answer == 0 ? DRT_AUTHORITY_UNKNOWN : DRT_AUTHORITY_BUSY };
    if (answer == 1)
      body.route = (DrtRouteField){ .present = true, .plain = test_node_route(0x61, 8) };
    remember(&b);
    if (answer < 2)
      test_node_answer(b.c, 6, 0, lookup.id, &body);
    else
      test_cluster_run(b.c, 2 * DRT_SECOND);
    cr_expect(test_node_caches(b.c, 0, 0x60) == (answer == 1), "answer %d", answer);
    cr_expect(test_cluster_result(b.c, ticket)->over && b.node->resolves_n == 0);
    uint16_t flags = test_cluster_result(b.c, ticket)->hop[0].flags;
    static const uint16_t expected[] = { DRT_HOP_BAD_VALIDATE_ID | DRT_HOP_REJECTED,
                                         DRT_HOP_TOO_BUSY, DRT_HOP_UNREACHABLE };
    cr_expect(flags == expected[answer], "answer %d: %x", answer, flags);
    expect_said(&b, answer == 2 ? "0 > 6 LOOKUP target 61 validate 60 path 0\n" : "", "no more");
    cr_expect(b.node->intakes_n == 0);
    bench_close(&b);
  }
}

static DrtMsg
revoke_of(uint8_t key, const uint8_t *cpa, uint32_t n)
{
  static DrtEndpoint list;
  list = test_cluster_endpoint(7);
  DrtMsg msg = test_node_message(DRT_FLOOD, key);
  msg.flood.flags = DRT_FLOOD_NO_ACK;
  msg.flood.revoke = (DrtBytes){ cpa, n };
  msg.flood.flooded.plain = (DrtEndpointList){ &list, 1 };
  return msg;
}

/* mc-drt 8.5, 7.7: a revoke for an unknown key, one that is none, one of another major version. */
Test(node_drops, revokes_of_no_use)
{
  Bench b;
  uint8_t cpa[400];
  bench_open(&b, true);
  remember(&b);
  uint32_t n = test_node_cpa(0x21, NULL, 2, true, cpa, sizeof cpa);
  DrtMsg msg = revoke_of(0x21, cpa, n);
  test_node_say(b.c, 7, 0, &msg);
  expect_unchanged(&b, "", "unknown key");
  n = test_node_cpa(0x20, NULL, 2, false, cpa, sizeof cpa);
  msg = revoke_of(0x20, cpa, n);
  test_node_say(b.c, 7, 0, &msg);
  expect_unchanged(&b, "", "an ordinary CPA");
  n = test_node_cpa(0x20, NULL, 2, true, cpa, sizeof cpa);
  cpa[0] = 7;
  msg = revoke_of(0x20, cpa, n);
  test_node_say(b.c, 7, 0, &msg);
  expect_unchanged(&b, "", "another major version");
  cpa[0] = 6;
  msg = revoke_of(0x20, cpa, n - 1);
  test_node_say(b.c, 7, 0, &msg);
  expect_unchanged(&b, "", "cut off");
  n = test_node_cpa(0x40, NULL, 0, true, cpa, sizeof cpa);
  msg = revoke_of(0x40, cpa, n);
  test_node_say(b.c, 7, 0, &msg);
  expect_unchanged(&b, "", "our own key");
  bench_close(&b);
}

/* H40: the revoke is not sent to whom it has been already; the entry is asked all the same. */
Test(node_drops, a_revoke_that_the_next_one_has)
{
  Bench b;
  uint8_t cpa[400];
  bench_open(&b, true);
  DrtMsg msg = revoke_of(0x20, cpa, test_node_cpa(0x20, NULL, 2, true, cpa, sizeof cpa));
  DrtEndpoint list[2] = { test_cluster_endpoint(7), test_cluster_endpoint(6) };
  msg.flood.flooded.plain = (DrtEndpointList){ list, 2 };
  test_node_say(b.c, 7, 0, &msg);
  expect_said(&b, "0 > 2 INQUIRE validate 20\n", "not passed on");
  bench_close(&b);
}

/* H15: before a revoked entry goes, its node is asked. It stays if that answers, as it does if the
 * revoke was replayed; it goes with N, and with silence. */
Test(node_drops, entries_whose_node_confirms_the_revoke)
{
  for (int answer = 0; answer < 3; answer++) {
    Bench b;
    uint8_t cpa[400];
    bench_open(&b, true);
    remember(&b);
    DrtMsg msg = revoke_of(0x20, cpa, test_node_cpa(0x20, NULL, 2, true, cpa, sizeof cpa));
    test_node_say(b.c, 7, 0, &msg);
    expect_said(&b,
                "0 > 6 FLOOD validate 60 revoke 20 list 7,0,6\n"
                "0 > 2 INQUIRE validate 20\n",
                "passed on, and asked");
    DrtMsg ack = test_node_message(DRT_ACK, 1);
    ack.ack.acked = test_tap_find(&b.tap, DRT_FLOOD).id;
    test_node_say(b.c, 6, 0, &ack);
    uint32_t id = test_tap_find(&b.tap, DRT_INQUIRE).id;
    test_node_say(b.c, 7, 0, &msg);
    expect_said(&b, "", "the same again is nothing new");
    DrtAuthorityBody body = { .flags = answer == 1 ? DRT_AUTHORITY_UNKNOWN : 0 };
    if (answer < 2)
      test_node_answer(b.c, 2, 0, id, &body);
    else
      test_cluster_run(b.c, 2 * DRT_SECOND);
    cr_expect(test_node_caches(b.c, 0, 0x20) == (answer == 0), "answer %d", answer);
    if (answer == 0)
      expect_unchanged(&b, "", "a live key");
    bench_close(&b);
  }
}

/* H14: more than 200 LOOKUPs in a second are answered with B alone; the next second is a new one. */
Test(node_drops, lookups_beyond_the_rate)
{
  Bench b;
  bench_open(&b, true);
  DrtMsg msg = lookup_for(0x60, 0x40, 1);
  for (uint32_t i = 0; i < 200; i++)
    test_node_say(b.c, 9, 0, &msg);
  cr_expect(b.tap.n == 200);
  msg.lookup.best = (DrtRouteField){ .present = true, .plain = test_node_route(0x50, 5) };
  remember(&b);
  test_node_say(b.c, 9, 0, &msg);
  expect_unchanged(&b, "0 > 9 AUTHORITY B\n", "the 201st");
  test_cluster_run(b.c, DRT_SECOND - 1);
  test_node_say(b.c, 9, 0, &msg);
  expect_unchanged(&b, "0 > 9 AUTHORITY B\n", "the same second");
  msg.lookup.best.present = false;
  test_cluster_run(b.c, 1);
  test_node_say(b.c, 9, 0, &msg);
  expect_unchanged(&b, "0 > 9 AUTHORITY route 60\n", "the next second");
  bench_close(&b);
}

/* H38: a known key with another address is validated anew: kept on failure, replaced on success. */
Test(node_drops, new_addresses_that_are_not_proven)
{
  for (int success = 0; success < 2; success++) {
    Bench b;
    uint8_t cpa[400];
    bench_open(&b, true);
    remember(&b);
    DrtMsg flood = flood_of(test_node_route(0x20, 8), 1, false);
    test_node_say(b.c, 8, 0, &flood);
    expect_said(&b, "0 > 8 INQUIRE validate 20 A C\n", "validated");
    DrtMsg inquire = test_tap_find(&b.tap, DRT_INQUIRE);
    uint32_t n = test_node_cpa(0x20, inquire.inquire.nonce, success ? 8 : 2, false, cpa, 400);
    DrtAuthorityBody body = { .cpa = { cpa, n } };
    test_node_answer(b.c, 8, 0, inquire.id, &body);
    DrtKey key = test_key_byte(0x20);
    DrtHandle entry = b.node->cache.handles[drt_cache_find(&b.node->cache, &key)];
    DrtRoute route = drt_store_route(drt_node_store(b.node), entry);
    DrtEndpoint at = drt_route_endpoint(&route, 0);
    cr_expect(test_cluster_at(&at) == (success ? 8u : 2u));
    if (!success)
      expect_unchanged(&b, "", "not proven");
    else
      expect_said(&b,
                  "0 > 6 FLOOD validate 60 route 20 list 7,0,6\n"
                  "0 > 8 FLOOD validate 20 route 40 list 0\n",
                  "proven");
    cr_expect_str_eq(test_node_leaves(b.c, 0, 0x40), "20,60 | 60,20");
    bench_close(&b);
  }
}
