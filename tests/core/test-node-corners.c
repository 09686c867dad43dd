/* Corners of the rules: the last one that is let in, and what happens the second time. */
#include "test-node.h"

#include <criterion/criterion.h>
#include <string.h>

#include "test-keys.h"

typedef struct {
  TestCluster *c;
  DrtNode *node;
  TestTap tap;
} Bench;

static Bench b;

/* Node 0 has the key 40 and knows 20 and 60, of nodes 2 and 6. */
static void
set_up(void)
{
  b = (Bench){ .c = test_cluster_new(1, 1) };
  test_cluster_open_at(b.c, 0, NULL, 0);
  test_cluster_run(b.c, 0);
  b.node = test_cluster_node(b.c, 0);
  test_node_publish(b.c, 0, 0x40);
  test_node_know(b.c, 0, 0x20, 2);
  test_node_know(b.c, 0, 0x60, 6);
  test_tap_start(&b.tap, b.c);
  test_cluster_log_start(b.c);
}

static void
tear_down(void)
{
  test_tap_free(&b.tap);
  test_cluster_free(b.c);
}

TestSuite(node_corners, .init = set_up, .fini = tear_down);

static void
expect_said(const char *log, const char *what)
{
  const char *said = test_cluster_log(b.c);
  cr_expect(strcmp(said, log) == 0, "%s: said\n%sinstead of\n%s", what, said, log);
}

static DrtMsg
solicit(uint32_t id)
{
  uint8_t nonce[DRT_NONCE_LEN] = { 1 };
  DrtMsg msg = test_node_message(DRT_SOLICIT, id);
  drt_security_hash_nonce(nonce, msg.solicit.hashed_nonce);
  return msg;
}

/* mc-drt 4.1: there is a choice of twelve, made once. */
Test(node_corners, a_repeated_solicit_is_offered_the_same_keys)
{
  char first[256];
  for (uint8_t i = 1; i <= 10; i++)
    test_node_know(b.c, 0, (uint8_t)(0x80 + 8 * i), 10u + i);
  DrtMsg msg = solicit(1);
  test_node_say(b.c, 5, 0, &msg);
  strncpy(first, test_cluster_log(b.c), sizeof first - 1);
  first[sizeof first - 1] = '\0';
  for (uint32_t i = 2; i < 8; i++) {
    msg.id = i;
    test_node_say(b.c, 5, 0, &msg);
    expect_said(first, "again");
  }
}

/* mc-drt 4.1: one key from each fifth of the ring, and the fifths are turned at random, so that not all
 * newcomers begin with the same five. */
Test(node_corners, newcomers_are_offered_different_keys)
{
  bool offered[256] = { false };
  uint32_t different = 0;
  for (uint8_t i = 1; i <= 10; i++)
    test_node_know(b.c, 0, (uint8_t)(0x80 + 8 * i), 10u + i);
  for (uint32_t newcomer = 0; newcomer < 10; newcomer++) {
    DrtMsg msg = solicit(1);
    test_node_say(b.c, 30 + newcomer, 0, &msg);
    DrtKeyList keys = test_tap_find(&b.tap, DRT_ADVERTISE).advertise.keys;
    cr_assert(keys.n == 5);
    for (uint16_t i = 0; i < keys.n; i++) {
      uint8_t first = keys.at[(size_t)DRT_KEY_LEN * i];
      different += !offered[first];
      offered[first] = true;
    }
  }
  cr_expect(different > 5, "%u", different);
}

/* H14: the limit can be set lower than what a message may hold. */
Test(node_corners, a_request_is_served_up_to_the_limit)
{
  uint8_t wire[3 * DRT_KEY_LEN];
  static const uint8_t offered[] = { 0x20, 0x40, 0x60 };
  for (size_t i = 0; i < 3; i++) {
    DrtKey key = test_key_byte(offered[i]);
    drt_key_to_wire(&key, wire + DRT_KEY_LEN * i);
  }
  test_cluster_settings(b.c)->request_keys_max = 2;
  DrtMsg msg = solicit(1), request = test_node_message(DRT_REQUEST, 2);
  test_node_say(b.c, 5, 0, &msg);
  request.request.body.nonce[0] = 1;
  request.request.body.keys = (DrtKeyList){ wire, 3 };
  test_cluster_log(b.c);
  test_node_say(b.c, 5, 0, &request);
  expect_said("0 > 5 ACK\n0 > 5 FLOOD D validate 00 route 20 list 0\n"
              "0 > 5 FLOOD D validate 00 route 40 list 0\n",
              "two of three");
}

/* H14: the 200th LOOKUP in a second still has an answer. */
Test(node_corners, the_last_lookup_within_the_rate_is_answered)
{
  DrtEndpoint path = test_cluster_endpoint(9);
  DrtMsg msg = test_node_message(DRT_LOOKUP, 1);
  msg.lookup.target = test_key_byte(0x60);
  msg.lookup.validate = test_key_byte(0x40);
  msg.lookup.path.plain = (DrtEndpointList){ &path, 1 };
  for (uint32_t i = 1; i < 200; i++)
    test_node_say(b.c, 9, 0, &msg);
  test_cluster_log(b.c);
  test_node_say(b.c, 9, 0, &msg);
  expect_said("0 > 9 AUTHORITY route 60\n", "the 200th");
}

/* mc-drt 4.5, H28: the CPA only for A, the payload only for X. */
Test(node_corners, an_inquire_gets_what_it_asks_for)
{
  for (uint16_t flags = 0; flags < 4; flags++) {
    DrtMsg msg = test_node_message(DRT_INQUIRE, 1u + flags);
    DrtAuthorityBody body;
    msg.inquire.flags =
      (uint16_t)((flags & 1 ? DRT_INQUIRE_CPA : 0) | (flags & 2 ? DRT_INQUIRE_PAYLOAD : 0));
    msg.inquire.validate = test_key_byte(0x40);
    test_node_say(b.c, 5, 0, &msg);
    DrtMsg answer = test_tap_last(&b.tap, 0);
    cr_assert(drt_decode_authority_body(answer.authority.split.slice, DRT_MODE_RESOLVE, &body) ==
              DRT_REJECT_NONE);
    cr_expect((body.cpa.at != NULL) == ((flags & 1) != 0), "flags %u", flags);
    cr_expect((body.payload.at != NULL) == ((flags & 2) != 0), "flags %u", flags);
  }
}

static int32_t failing;

static int32_t
pack(void *self, const DrtSecurityStatement *statement, DrtSecurityPacked *packed)
{
  return failing != 0 ? failing : drt_security_null.pack(self, statement, packed);
}

/* drt-api 7.4: told once, and once more if it has worked in between. */
Test(node_corners, a_lost_registration_is_told_once_each_time)
{
  DrtSecurity fickle = drt_security_null;
  fickle.pack = pack;
  b.node->security = &fickle;
  for (uint32_t i = 0; i < 6; i++) {
    DrtOutput event;
    bool told = false;
    DrtMsg msg = test_node_message(DRT_INQUIRE, 1 + i);
    msg.inquire.flags = DRT_INQUIRE_CPA;
    msg.inquire.validate = test_key_byte(0x40);
    failing = i % 3 == 0 ? 0 : -1;
    test_node_say(b.c, 5, 0, &msg);
    while (test_cluster_event(b.c, 0, &event))
      told |= event.kind == DRT_OUT_UNRESOLVABLE;
    cr_expect(told == (i % 3 == 1), "inquire %u", i);
  }
  b.node->security = &drt_security_null;
}

/* H9: zero is no key that somebody could lack. */
Test(node_corners, a_flood_for_no_key_is_not_denied)
{
  DrtEndpoint list = test_cluster_endpoint(7);
  DrtMsg msg = test_node_message(DRT_FLOOD, 1);
  msg.flood.flooded.plain = (DrtEndpointList){ &list, 1 };
  test_node_say(b.c, 7, 0, &msg);
  expect_said("0 > 7 ACK\n", "zero");
  msg.flood.validate = test_key_byte(0x41);
  test_node_say(b.c, 7, 0, &msg);
  expect_said("0 > 7 ACK N\n", "another key");
}

static uint8_t
age_of(uint8_t key)
{
  DrtKey wanted = test_key_byte(key);
  return drt_cache_age(&b.node->cache, (uint32_t)drt_cache_find(&b.node->cache, &wanted));
}

/* H30, H38: who acknowledges a FLOOD or answers a probe is alive. */
Test(node_corners, an_answer_makes_an_entry_young)
{
  DrtOutbox out = { .memory = test_cluster_pool(b.c)->memory };
  DrtKey keys[] = { test_key_byte(0x20), test_key_byte(0x60) };
  uint32_t ids[2];
  for (int i = 0; i < 3; i++)
    drt_cache_tick(&b.node->cache);
  b.node->out = &out;
  for (int i = 0; i < 2; i++) {
    DrtHandle entry = b.node->cache.handles[drt_cache_find(&b.node->cache, &keys[i])];
    DrtMsg msg;
    drt_node_message(b.node, i == 0 ? DRT_FLOOD : DRT_INQUIRE, &msg);
    DrtEndpoint to = test_cluster_endpoint(i == 0 ? 2 : 6);
    msg.flood.flooded.plain = (DrtEndpointList){ b.node->local, i == 0 };
    uint32_t number =
      drt_node_ask(b.node, &msg, &to, entry, i == 0 ? DRT_FOR_FLOOD : DRT_FOR_PROBE, 0);
    ids[i] = drt_node_pending(b.node, number)->id;
  }
  b.node->out = NULL;
  drt_outbox_clear(&out);
  cr_expect(age_of(0x20) == 3 && age_of(0x60) == 3);
  DrtMsg ack = test_node_message(DRT_ACK, 1);
  DrtAuthorityBody fine = { 0 };
  ack.ack.acked = ids[0];
  test_node_say(b.c, 2, 0, &ack);
  cr_expect(age_of(0x20) == 0 && age_of(0x60) == 3);
  test_node_answer(b.c, 6, 0, ids[1], &fine);
  cr_expect(age_of(0x60) == 0);
}

/* H14: 64 searches at once. */
Test(node_corners, a_node_makes_64_searches_at_once)
{
  DrtKey key = test_key_byte(0x21);
  for (uint32_t i = 0; i < 65; i++) {
    uint32_t ticket = test_cluster_find(b.c, 0, &key);
    cr_expect(test_cluster_result(b.c, ticket)->over == (i == 64), "search %u", i);
  }
  cr_expect(b.node->resolves_n == 64);
}

/* Begins the walk with an outbox of its own, and gives the LOOKUP that it sends. */
static DrtMsg
first_lookup(uint32_t number, DrtOutbox *out)
{
  DrtMsg msg;
  *out = (DrtOutbox){ .memory = test_cluster_pool(b.c)->memory };
  b.node->out = out;
  drt_resolve_start(b.node, number);
  cr_assert(out->n == 1 && out->items[0].kind == DRT_OUT_SEND);
  cr_assert(drt_decode(out->bytes + out->items[0].send.offset, out->items[0].send.n, b.node->major,
                       b.node->mode, &msg) == DRT_REJECT_NONE);
  cr_assert(msg.type == DRT_LOOKUP);
  return msg;
}

static void
end_walks(DrtOutbox *out)
{
  drt_resolve_clear(b.node);
  b.node->out = NULL;
  drt_outbox_clear(out);
}

/* mc-drt 3.1.4.4, H36: a path that has become too long for a LOOKUP keeps us and the 21 newest. */
Test(node_corners, a_long_path_travels_with_us_and_the_newest)
{
  DrtOutbox out;
  DrtKey target = test_key_byte(0x90);
  uint32_t number = drt_resolve_new(b.node, DRT_RESOLVE_CACHE, &target);
  for (uint32_t i = 1; i <= 30; i++) {
    DrtEndpoint endpoint = test_cluster_endpoint(100 + i);
    drt_resolve_path_add(drt_node_resolve(b.node, number), &endpoint);
  }
  DrtEndpointList path = first_lookup(number, &out).lookup.path.plain;
  cr_assert(path.n == DRT_PATH_MAX);
  cr_expect(drt_endpoint_equal(&path.at[0], &b.node->local[0]));
  for (uint32_t i = 1; i < DRT_PATH_MAX; i++) {
    DrtEndpoint endpoint = test_cluster_endpoint(100 + 30 - DRT_PATH_MAX + 1 + i);
    cr_expect(drt_endpoint_equal(&path.at[i], &endpoint), "%u", i);
  }
  end_walks(&out);
}

/* mc-drt 4.8: criteria 8 with the number of bits that must agree; with others there is none. */
Test(node_corners, a_lookup_says_how_many_bits_will_do)
{
  for (uint16_t precise = 0; precise <= 1; precise++) {
    DrtOutbox out;
    DrtKey target = test_key_byte(0x90);
    uint32_t number = drt_resolve_new(b.node, DRT_RESOLVE_CACHE, &target);
    DrtResolve *r = drt_node_resolve(b.node, number);
    r->criteria = precise ? DRT_CRITERIA_UPPER_BITS : DRT_CRITERIA_NEAREST;
    r->precision = 7;
    DrtLookup lookup = first_lookup(number, &out).lookup;
    cr_expect(lookup.criteria == (precise ? 8 : 2) && lookup.precision == (precise ? 7 : 0));
    end_walks(&out);
  }
}

/* mc-drt 3.1.4.4, H29: who was the best before is asked when the best denies its key. */
Test(node_corners, a_walk_goes_back_to_the_best_before)
{
  DrtOutbox out = { .memory = test_cluster_pool(b.c)->memory };
  DrtKey target = test_key_byte(0x41);
  b.node->out = &out;
  uint32_t number = drt_resolve_new(b.node, DRT_RESOLVE_SPLIT, &target);
  DrtResolve *r = drt_node_resolve(b.node, number);
  r->local = b.node->locals;
  DrtRoute before = test_node_route(0x60, 6), best = test_node_route(0x50, 5);
  DrtHandle handles[] = { drt_store_intern(drt_node_store(b.node), &before),
                          drt_store_intern(drt_node_store(b.node), &best) };
  for (size_t i = 0; i < 2; i++) {
    drt_resolve_set_best(b.node, r, handles[i]);
    drt_store_drop(drt_node_store(b.node), handles[i]);
  }
  drt_resolve_start(b.node, number);
  uint32_t id = drt_node_pending(b.node, r->pending)->id;
  cr_assert(test_cluster_at(&r->asked) == 5 && r->phase == DRT_PHASE_INQUIRE);
  b.node->out = NULL;
  drt_outbox_clear(&out);
  DrtAuthorityBody denied = { .flags = DRT_AUTHORITY_UNKNOWN };
  test_node_answer(b.c, 5, 0, id, &denied);
  cr_assert(b.node->resolves == number);
  cr_expect(test_cluster_at(&r->asked) == 6 && r->phase == DRT_PHASE_INQUIRE);
}

/* Among what was said, as the node audits its leaf set as well. */
static void
expect_among(const char *line, int round)
{
  const char *said = test_cluster_log(b.c);
  cr_expect(strstr(said, line) != NULL, "round %d: said\n%swithout\n%s", round, said, line);
}

/* The next of several rounds of a test begins where the first one did. */
static void
again(int round)
{
  if (round == 0)
    return;
  tear_down();
  set_up();
}

/* H36: nobody was there who has the key we know him by, so the walk goes on with the next of the cache. */
Test(node_corners, a_walk_goes_on_with_another_one)
{
  static const char *const next[] = {
    "0 > 2 LOOKUP target 61 validate 20 path 0,6\n",
    "0 > 2 LOOKUP target 61 validate 20 path 0\n",
    "0 > 2 LOOKUP target 61 validate 20 path 0,6\n",
  };
  for (int answer = 0; answer < 3; answer++) {
    again(answer);
    DrtKey target = test_key_byte(0x61);
    uint32_t ticket = test_cluster_find(b.c, 0, &target);
    DrtMsg lookup = test_tap_find(&b.tap, DRT_LOOKUP);
    DrtAuthorityBody body = { .flags = answer == 0 ? DRT_AUTHORITY_UNKNOWN : DRT_AUTHORITY_BUSY };
    test_cluster_log(b.c);
    if (answer < 2)
      test_node_answer(b.c, 6, 0, lookup.id, &body);
    else
      test_cluster_run(b.c, 2 * DRT_SECOND);
    expect_among(next[answer], answer);
    cr_expect(!test_cluster_result(b.c, ticket)->over);
  }
}

/* H36: the first hop has named another, who knows nobody nearer, and is not there any more when the walk comes
 * back to it. So the walk goes on with the next of the cache. */
Test(node_corners, a_walk_goes_on_when_its_first_hop_has_fallen_away)
{
  for (int answer = 0; answer < 3; answer++) {
    again(answer);
    DrtKey target = test_key_byte(0x68);
    uint32_t ticket = test_cluster_find(b.c, 0, &target);
    DrtAuthorityBody body = { .route = { .present = true, .plain = test_node_route(0x66, 9) } };
    test_node_answer(b.c, 6, 0, test_tap_last(&b.tap, 0).id, &body);
    body = (DrtAuthorityBody){ 0 };
    test_node_answer(b.c, 9, 0, test_tap_find(&b.tap, DRT_LOOKUP).id, &body);
    expect_said("0 > 6 LOOKUP target 68 validate 60 path 0\n"
                "0 > 9 INQUIRE validate 66 A C\n"
                "0 > 9 LOOKUP target 68 validate 66 path 0,6\n"
                "0 > 6 LOOKUP target 68 validate 60 path 0,6,9\n",
                "back to the first");
    body.flags = answer == 0 ? DRT_AUTHORITY_UNKNOWN : DRT_AUTHORITY_BUSY;
    if (answer < 2)
      test_node_answer(b.c, 6, 0, test_tap_last(&b.tap, 0).id, &body);
    else
      test_cluster_run(b.c, 2 * DRT_SECOND);
    expect_among("0 > 2 LOOKUP target 68 validate 20 path 0,6,9\n", answer);
    cr_expect(!test_cluster_result(b.c, ticket)->over);
  }
}

/* mc-drt 7.2, H22: a provider that has not ended at the second expiry is not waited for any more. */
Test(node_corners, a_bootstrap_is_waited_for_two_periods)
{
  DrtOutbox out = { .memory = test_cluster_pool(b.c)->memory };
  b.node->out = &out;
  cr_assert(b.node->discovery == 0);
  drt_node_discover(b.node);
  cr_assert(out.n == 1 && out.items[0].kind == DRT_OUT_BOOTSTRAP && out.items[0].bootstrap.wanted);
  drt_node_discover_overdue(b.node);
  cr_expect(out.n == 1 && b.node->discovery != 0);
  drt_node_discover_overdue(b.node);
  cr_assert(out.n == 2 && out.items[1].kind == DRT_OUT_BOOTSTRAP);
  cr_expect(!out.items[1].bootstrap.wanted && b.node->discovery == 0);
  b.node->out = NULL;
  drt_outbox_clear(&out);
}

/* H34: as many leading bits as asked for will do; one less will not. */
Test(node_corners, a_precise_match_has_just_so_many_bits)
{
  for (uint16_t precision = 3; precision <= 5; precision++) {
    DrtOutbox out = { .memory = test_cluster_pool(b.c)->memory };
    DrtKey target = test_key_byte(0x90);
    b.node->out = &out;
    uint32_t number = drt_resolve_new(b.node, DRT_RESOLVE_CACHE, &target);
    DrtResolve *r = drt_node_resolve(b.node, number);
    r->criteria = DRT_CRITERIA_UPPER_BITS;
    r->precision = precision;
    drt_resolve_start(b.node, number);
    uint32_t id = drt_node_pending(b.node, r->pending)->id, asked = test_cluster_at(&r->asked);
    b.node->out = NULL;
    drt_outbox_clear(&out);
    DrtAuthorityBody body = { .route = { .present = true, .plain = test_node_route(0x98, 9) } };
    test_node_answer(b.c, asked, 0, id, &body); /* 1001 0000 and 1001 1000: four bits */
    cr_expect((r->phase == DRT_PHASE_INQUIRE) == (precision <= 4), "precision %u", precision);
    b.node->out = &out;
    drt_resolve_clear(b.node);
    b.node->out = NULL;
  }
}

static void
flood_from(uint32_t from)
{
  DrtEndpoint list = test_cluster_endpoint(7);
  DrtMsg msg = test_node_message(DRT_FLOOD, from);
  msg.flood.flags = DRT_FLOOD_NO_ACK;
  msg.flood.route = (DrtRouteField){ .present = true, .plain = test_node_route(0x20, 2) };
  msg.flood.flooded.plain = (DrtEndpointList){ &list, 1 };
  test_node_say(b.c, from, 0, &msg);
}

/* H38: what others say of an entry that is known does not make it younger; what it says itself does. */
Test(node_corners, hearsay_does_not_make_an_entry_young)
{
  for (int i = 0; i < 3; i++)
    drt_cache_tick(&b.node->cache);
  flood_from(7);
  cr_expect(age_of(0x20) == 3);
  flood_from(2);
  cr_expect(age_of(0x20) == 0);
}

/* mc-drt 7.11: a probe that waits for its answer is not sent a second time by the next maintenance. */
Test(node_corners, an_entry_is_probed_once_at_a_time)
{
  DrtMsg nudge = test_node_message(DRT_ACK, 1); /* any step, so that the deadline is asked again */
  for (int i = 0; i < 3; i++) {
    b.node->maintain_at = test_cluster_now(b.c);
    test_node_say(b.c, 99, 0, &nudge);
    test_cluster_run(b.c, 0);
  }
  uint32_t probes = 0;
  for (uint32_t i = 0; i < b.node->asked_n; i++)
    probes += drt_node_pending_at(b.node, i)->purpose == DRT_FOR_PROBE;
  cr_expect(probes == 2, "%u", probes);
}
