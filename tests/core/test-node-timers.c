/* When a node does what: each timer to the nanosecond, and what an early call does (nothing). */
#include "test-node.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>

#include "test-keys.h"

typedef struct {
  TestCluster *c;
  DrtNode *node;
  TestTap tap;
} Bench;

/* Node 0 alone; whatever it sends is caught and lost. */
static Bench
bench_open(uint64_t seed, bool publisher)
{
  Bench b = { .c = test_cluster_new(seed, 1) };
  test_cluster_open_at(b.c, 0, NULL, 0);
  test_cluster_run(b.c, 0);
  b.node = test_cluster_node(b.c, 0);
  b.node->maintain_at = 86400 * DRT_SECOND;
  if (publisher)
    test_node_publish(b.c, 0, 0x40);
  test_cluster_settings(b.c)->split_tests = 0;
  return b;
}

static void
bench_close(Bench *b)
{
  test_tap_free(&b->tap);
  test_cluster_free(b->c);
}

/* Any step, so that the host asks for the deadline again. */
static void
nudge(Bench *b)
{
  DrtMsg msg = test_node_message(DRT_ACK, 1);
  test_node_say(b->c, 99, 0, &msg);
}

static uint32_t
count(const TestTap *tap, DrtMsgType type)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < tap->n; i++)
    n += tap->at[i].bytes[7] == type;
  return n;
}

/* mc-drt 2.9, H8: sent at 0 s, the same bytes at 1 s, failed at 2 s. */
Test(node_timers, a_request_is_repeated_after_one_second_and_fails_after_two)
{
  Bench b = bench_open(1, false);
  DrtKey target = test_key_byte(0x61);
  test_node_know(b.c, 0, 0x60, 6);
  test_tap_start(&b.tap, b.c);
  test_cluster_run(b.c, 123);
  DrtTime start = test_cluster_now(b.c);
  uint32_t ticket = test_cluster_find(b.c, 0, &target);
  cr_expect(drt_node_deadline(b.node) == start + DRT_SECOND);
  test_cluster_run(b.c, DRT_SECOND - 1);
  cr_expect(b.tap.n == 1);
  test_cluster_run(b.c, 1);
  cr_assert(b.tap.n == 2);
  cr_expect(b.tap.at[0].n == b.tap.at[1].n &&
            memcmp(b.tap.at[0].bytes, b.tap.at[1].bytes, b.tap.at[0].n) == 0);
  cr_expect(b.tap.at[1].to == 6 && b.tap.at[1].at == start + DRT_SECOND);
  test_cluster_run(b.c, DRT_SECOND - 1);
  cr_expect(!test_cluster_result(b.c, ticket)->over && b.node->cache.n == 1);
  test_cluster_run(b.c, 1);
  cr_expect(test_cluster_result(b.c, ticket)->over && b.node->cache.n == 0 && b.tap.n == 2);
  bench_close(&b);
}

/* mc-drt 2.9, H30: a probe, whose datagram is not kept, is repeated byte for byte as well. */
Test(node_timers, a_probe_is_repeated_as_it_was)
{
  Bench b = bench_open(1, true);
  test_cluster_settings(b.c)->audit_lookups = 0;
  test_cluster_settings(b.c)->gap_slots = 20;
  test_node_know(b.c, 0, 0x60, 6);
  test_tap_start(&b.tap, b.c);
  b.node->maintain_at = test_cluster_now(b.c);
  nudge(&b);
  test_cluster_run(b.c, 0);
  cr_assert(b.tap.n == 1 && b.tap.at[0].bytes[7] == DRT_INQUIRE && b.tap.at[0].to == 6);
  b.node->maintain_at = 86400 * DRT_SECOND;
  test_cluster_run(b.c, DRT_SECOND);
  cr_assert(b.tap.n == 2);
  cr_expect(b.tap.at[0].n == b.tap.at[1].n && b.tap.at[1].to == 6 &&
            memcmp(b.tap.at[0].bytes, b.tap.at[1].bytes, b.tap.at[0].n) == 0);
  test_cluster_run(b.c, DRT_SECOND);
  cr_expect(b.tap.n == 2 && b.node->cache.n == 0);
  bench_close(&b);
}

/* A wake before the deadline does nothing at all, however often. */
Test(node_timers, an_early_wake_does_nothing)
{
  Bench b = bench_open(1, true);
  TestMemory memory = { 0 };
  DrtOutbox out;
  DrtKey target = test_key_byte(0x61);
  DrtMsg solicit = test_node_message(DRT_SOLICIT, 5);
  drt_outbox_init(&out, test_memory(&memory));
  test_node_know(b.c, 0, 0x60, 6);
  test_tap_start(&b.tap, b.c);
  test_cluster_find(b.c, 0, &target);
  test_node_say(b.c, 9, 0, &solicit);
  char *before = test_node_picture(b.node);
  DrtTime deadline = drt_node_deadline(b.node);
  for (DrtTime now = 0; now < deadline; now += DRT_SECOND / 10 - 1) {
    drt_node_wake(b.node, now, &out);
    cr_expect(out.n == 0 && drt_node_deadline(b.node) == deadline);
  }
  char *after = test_node_picture(b.node);
  cr_expect_str_eq(after, before);
  g_free(before), g_free(after);
  drt_outbox_clear(&out);
  bench_close(&b);
}

/* mc-drt 3.2.2, 4.1: 15 s, and again 15 s from a repeated SOLICIT on. */
Test(node_timers, a_conversation_ends_15_seconds_after_the_last_solicit)
{
  Bench b = bench_open(1, true);
  DrtMsg solicit = test_node_message(DRT_SOLICIT, 5);
  test_node_say(b.c, 9, 0, &solicit);
  test_cluster_run(b.c, 15 * DRT_SECOND - 1);
  cr_expect(b.node->conversations_n == 1);
  test_node_say(b.c, 9, 0, &solicit);
  test_cluster_run(b.c, 15 * DRT_SECOND - 1);
  cr_expect(b.node->conversations_n == 1);
  test_cluster_run(b.c, 1);
  cr_expect(b.node->conversations_n == 0);
  bench_close(&b);
}

/* mc-drt 7.11, note 1: 10 s with up to two entries, 15 s with more. Ten probes at most, each another
 * entry; all, if there are fewer. */
Test(node_timers, maintenance_probes_ten_entries)
{
  for (uint8_t entries = 1; entries <= 30; entries++) {
    Bench b = bench_open(entries, false);
    for (uint8_t i = 1; i <= entries; i++)
      test_node_know(b.c, 0, (uint8_t)(8 * i), 10u + i);
    uint32_t known = b.node->cache.n, seen = 0;
    test_tap_start(&b.tap, b.c);
    b.node->maintain_at = DRT_SECOND;
    nudge(&b);
    test_cluster_run(b.c, DRT_SECOND);
    cr_expect(b.tap.n == (known < 10 ? known : 10), "%u of %u", b.tap.n, known);
    for (uint32_t i = 0; i < b.tap.n; i++) {
      cr_expect((seen & 1u << (b.tap.at[i].to - 10)) == 0, "twice");
      seen |= 1u << (b.tap.at[i].to - 10);
      cr_expect(test_tap_last(&b.tap, i).inquire.flags == 0);
    }
    cr_expect(b.node->maintain_at == DRT_SECOND + (known <= 2 ? 10 : 15) * DRT_SECOND);
    bench_close(&b);
  }
}

/* H30: leaves that were silent for four periods come first, however many others there are. */
Test(node_timers, silent_leaves_are_probed_first)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    Bench b = bench_open(seed, true);
    test_cluster_settings(b.c)->audit_lookups = 0;
    test_cluster_settings(b.c)->gap_slots = 20;
    test_cluster_settings(b.c)->probes = 3;
    for (uint8_t i = 1; i <= 5; i++) {
      test_node_know(b.c, 0, (uint8_t)(0x40 + i), 10u + i);
      test_node_know(b.c, 0, (uint8_t)(0x40 - i), 20u + i);
    }
    for (uint8_t i = 0; i < 6; i++)
      test_node_know(b.c, 0, (uint8_t)(0x60 + 0x18 * i), 30u + i);
    for (uint32_t i = 0; i < 3; i++) /* the expiry itself is the fourth */
      drt_cache_tick(&b.node->cache);
    for (uint32_t i = 0; i < b.node->cache.n; i++) {
      const DrtKey *key = drt_store_key(drt_node_store(b.node), b.node->cache.handles[i]);
      unsigned first = (unsigned)(key->w[0] >> 56);
      if (first != 0x42 && first != 0x3d)
        drt_cache_touch(&b.node->cache, i);
    }
    test_tap_start(&b.tap, b.c);
    b.node->maintain_at = 0;
    nudge(&b);
    test_cluster_run(b.c, 0);
    uint32_t first_two = 0;
    for (uint32_t i = 0; i < b.tap.n; i++)
      first_two += b.tap.at[i].to == 12 || b.tap.at[i].to == 23;
    cr_expect(b.tap.n == 3 && first_two == 2, "seed %lu: %u", (unsigned long)seed, first_two);
    bench_close(&b);
  }
}

/* H37: one LOOKUP goes out to one member of each side at every expiry. */
Test(node_timers, maintenance_audits_a_member_of_each_side)
{
  uint32_t asked = 0;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    Bench b = bench_open(seed, true);
    test_cluster_settings(b.c)->probes = 0;
    test_cluster_settings(b.c)->gap_slots = 20;
    for (uint8_t i = 1; i <= 5; i++) {
      test_node_know(b.c, 0, (uint8_t)(0x40 + i), 10u + i);
      test_node_know(b.c, 0, (uint8_t)(0x40 - i), 20u + i);
    }
    test_tap_start(&b.tap, b.c);
    b.node->maintain_at = 0;
    nudge(&b);
    test_cluster_run(b.c, 0);
    cr_assert(b.tap.n == 1); /* the second member follows when the first has answered */
    DrtMsg lookup = test_tap_last(&b.tap, 0);
    cr_expect(lookup.type == DRT_LOOKUP && lookup.lookup.flags == DRT_LOOKUP_ANY);
    cr_expect(lookup.lookup.reason == DRT_REASON_CACHE && lookup.lookup.path.plain.n == 11);
    DrtAuthorityBody nothing = { 0 };
    test_node_answer(b.c, b.tap.at[0].to, 0, lookup.id, &nothing);
    cr_assert(b.tap.n == 2);
    cr_expect((b.tap.at[0].to < 20) != (b.tap.at[1].to < 20), "one above and one below");
    asked |= 1u << (b.tap.at[0].to % 10) | 0x100u << (b.tap.at[1].to % 10);
    test_node_answer(b.c, b.tap.at[1].to, 0, test_tap_last(&b.tap, 0).id, &nothing);
    cr_expect(b.node->audits == 0 && b.node->asked_n == 0);
    bench_close(&b);
  }
  cr_expect(asked == (0x3eu | 0x3e00u), "any member, not always the same: %x", asked);
}

/* mc-drt 7.10, H37: a member that does not answer the audit in two seconds is a member no more. */
Test(node_timers, who_is_silent_to_an_audit_is_forgotten)
{
  Bench b = bench_open(1, true);
  test_cluster_settings(b.c)->probes = 0;
  test_cluster_settings(b.c)->gap_slots = 20;
  test_node_know(b.c, 0, 0x41, 11);
  test_node_know(b.c, 0, 0x3f, 21);
  test_tap_start(&b.tap, b.c);
  b.node->maintain_at = 0;
  nudge(&b);
  test_cluster_run(b.c, 0);
  cr_assert(b.tap.n == 1 && test_tap_last(&b.tap, 0).type == DRT_LOOKUP);
  uint8_t asked = b.tap.at[0].to == 11 ? 0x41 : 0x3f;
  test_cluster_run(b.c, 2 * DRT_SECOND - 1);
  cr_expect(test_node_caches(b.c, 0, asked));
  test_cluster_run(b.c, 1);
  cr_expect(!test_node_caches(b.c, 0, asked));
  bench_close(&b);
}

static uint32_t
registration_lookups(const Bench *b)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < b->tap.n; i++) {
    DrtMsg msg = test_tap_last(&b->tap, i);
    n += msg.type == DRT_LOOKUP && msg.lookup.reason == DRT_REASON_REGISTRATION;
  }
  return n;
}

/* mc-drt 7.14: a key is announced again when its node has another address; DEC-10: not when its payload is
 * another one, which whoever asks will see. */
Test(node_timers, new_addresses_are_announced_and_new_payloads_are_not)
{
  Bench b = bench_open(1, true);
  TestMemory memory = { 0 };
  DrtOutbox out;
  test_node_know(b.c, 0, 0x60, 6);
  test_tap_start(&b.tap, b.c);
  cr_assert(drt_node_update(b.node, b.node->locals, (const uint8_t *)"new", 3));
  nudge(&b);
  test_cluster_run(b.c, 0);
  cr_expect(registration_lookups(&b) == 0);
  DrtEndpoint moved = test_cluster_endpoint(0);
  moved.wire[1]++; /* its port */
  drt_outbox_init(&out, test_memory(&memory));
  drt_node_readdress(b.node, test_cluster_now(b.c), &moved, 1, &out);
  DrtMsg lookup;
  uint32_t announced = 0;
  for (uint32_t i = 0; i < out.n; i++)
    announced += out.items[i].kind == DRT_OUT_SEND &&
                 drt_decode(out.bytes + out.items[i].send.offset, out.items[i].send.n,
                            b.node->major, b.node->mode, &lookup) == DRT_REJECT_NONE &&
                 lookup.type == DRT_LOOKUP && lookup.lookup.reason == DRT_REASON_REGISTRATION;
  cr_expect(announced == 1, "%u", announced);
  drt_outbox_clear(&out);
  bench_close(&b);
}

/* mc-drt 7.11, H35: who knows nobody in a wide stretch of a level looks for somebody in its middle, with as
 * many bits as make sure that it is in the stretch. */
Test(node_timers, maintenance_looks_into_the_widest_gap)
{
  Bench b = bench_open(1, true);
  test_cluster_settings(b.c)->probes = 0;
  test_cluster_settings(b.c)->audit_lookups = 0;
  for (uint8_t i = 1; i <= 5; i++) {
    test_node_know(b.c, 0, (uint8_t)(0x40 + i), 10u + i);
    test_node_know(b.c, 0, (uint8_t)(0x40 - i), 20u + i);
  }
  test_tap_start(&b.tap, b.c);
  b.node->maintain_at = 0;
  nudge(&b);
  test_cluster_run(b.c, 0);
  cr_assert(b.tap.n >= 1);
  DrtMsg lookup = test_tap_last(&b.tap, 0);
  cr_expect(lookup.type == DRT_LOOKUP && lookup.lookup.criteria == DRT_CRITERIA_UPPER_BITS);
  cr_expect(lookup.lookup.reason == DRT_REASON_CACHE && lookup.lookup.precision > 0);
  bool in_the_gap = false;
  for (uint32_t i = 0; i < b.tap.n; i++) {
    uint64_t top = test_tap_last(&b.tap, i).lookup.target.w[0] >> 56;
    in_the_gap |= top > 0x80 || top == 0;
  }
  cr_expect(in_the_gap, "on the other half of the ring");
  bench_close(&b);
}

/* H37: every other expiry looks into a gap of each side. The path hides nobody but us, so another key
 * of a member's node, which a run with the members in the path cannot see, is offered. */
Test(node_timers, every_other_audit_asks_for_the_middle_of_a_gap)
{
  Bench b = bench_open(1, true);
  test_cluster_settings(b.c)->probes = 0;
  test_cluster_settings(b.c)->gap_slots = 20;
  for (uint8_t i = 1; i <= 5; i++) {
    test_node_know(b.c, 0, (uint8_t)(0x40 + 4 * i), 10u + i);
    test_node_know(b.c, 0, (uint8_t)(0x40 - 4 * i), 20u + i);
  }
  DrtLocal *local = drt_node_local(b.node, b.node->locals);
  DrtAuthorityBody nothing = { 0 };
  /* From the first gap outwards; its outer end is asked, in the second round its inner end. */
  static const struct {
    uint8_t middle, ask;
  } wanted[] = { { 2, 1 }, { 6, 2 },  { 10, 3 }, { 14, 4 }, { 18, 5 }, { 2, 1 },
                 { 6, 1 }, { 10, 2 }, { 14, 3 }, { 18, 4 }, { 2, 1 },  { 6, 2 } };
  test_tap_start(&b.tap, b.c);
  for (uint32_t run = 0; run < sizeof wanted / sizeof *wanted; run++) {
    local->audits = (uint8_t)(2 * run + 1);
    b.tap.n = 0;
    b.node->maintain_at = 0;
    nudge(&b);
    test_cluster_run(b.c, 0);
    cr_assert(b.tap.n == 1);
    for (uint32_t side = 0; side < 2; side++) { /* the other side first: the last is asked first */
      DrtMsg lookup = test_tap_last(&b.tap, 0);
      bool below = side == 0;
      unsigned middle = 0x40u + (below ? -(unsigned)wanted[run].middle : wanted[run].middle);
      cr_expect(lookup.type == DRT_LOOKUP && lookup.lookup.flags == DRT_LOOKUP_ANY);
      cr_expect(lookup.lookup.target.w[0] >> 56 == (middle & 0xff), "run %u: %x", run,
                (unsigned)(lookup.lookup.target.w[0] >> 56));
      cr_expect(b.tap.at[b.tap.n - 1].to == (below ? 20u : 10u) + wanted[run].ask, "run %u", run);
      cr_expect(lookup.lookup.path.plain.n == 1 &&
                drt_endpoint_equal(&lookup.lookup.path.plain.at[0], &b.node->local[0]));
      uint32_t member = 20u - 10u * side + wanted[run].ask;
      cr_assert(b.tap.n == side + 1);
      test_node_answer(b.c, member, 0, lookup.id, &nothing);
      test_cluster_run(b.c, 0);
    }
    cr_expect(b.node->audits == 0 && b.node->asked_n == 0);
  }
  /* Node 21 has a second key, in the gap beyond its first one: it is asked to prove it. */
  local->audits = 3;
  b.tap.n = 0;
  b.node->maintain_at = 0;
  nudge(&b);
  test_cluster_run(b.c, 0);
  DrtMsg lookup = test_tap_last(&b.tap, 0);
  DrtAuthorityBody sister = { 0 };
  sister.route = (DrtRouteField){ .present = true, .plain = test_node_route(0x39, 21) };
  test_node_answer(b.c, 22, 0, lookup.id, &sister);
  test_cluster_run(b.c, 0);
  DrtMsg inquire = test_tap_find(&b.tap, DRT_INQUIRE);
  cr_expect(inquire.inquire.validate.w[0] >> 56 == 0x39);
  lookup = test_tap_find(&b.tap, DRT_LOOKUP);
  cr_expect(lookup.lookup.target.w[0] >> 56 == 0x46, "then the other side, and not 22 again");
  bench_close(&b);
}

/* mc-drt 7.13, H43: with probability 1 / nodes. Four nodes by the estimate; 4000 draws give 1000
 * tests, give or take 6 standard deviations of 27. */
Test(node_timers, one_split_test_per_period_in_the_whole_cloud)
{
  Bench b = bench_open(1, true);
  test_node_know(b.c, 0, 0x80, 8);
  test_node_know(b.c, 0, 0x00 + 1, 1);
  DrtLocal *local = drt_node_local(b.node, b.node->locals);
  test_cluster_settings(b.c)->split_tests = 1;
  cr_assert(drt_node_estimate(b.node) == 4 && local->leaves.n[DRT_ABOVE] == 2);
  TestMemory memory = { 0 };
  DrtOutbox out;
  drt_outbox_init(&out, test_memory(&memory));
  uint32_t tests = 0;
  for (uint32_t i = 0; i < 4000; i++) {
    drt_node_begin(b.node, test_cluster_now(b.c), &out);
    drt_node_split_test(b.node);
    tests += out.n;
    cr_expect(out.n == 0 ||
              (out.items[0].kind == DRT_OUT_BOOTSTRAP && out.items[0].bootstrap.split));
    drt_node_end(b.node);
  }
  cr_expect(tests > 1000 - 165 && tests < 1000 + 165, "%u", tests);
  drt_outbox_clear(&out);
  bench_close(&b);
}

/* mc-drt 7.15, H39: the revokes are repeated once; CLOSED after two seconds, or when all are
 * acknowledged, or at once if nobody has to know. */
Test(node_timers, closing_takes_two_seconds_at_most)
{
  for (uint32_t acks = 0; acks <= 2; acks++) {
    Bench b = bench_open(1, true);
    test_node_know(b.c, 0, 0x20, 2);
    test_node_know(b.c, 0, 0x60, 6);
    test_tap_start(&b.tap, b.c);
    test_cluster_close(b.c, 0);
    cr_assert(count(&b.tap, DRT_FLOOD) == 2);
    for (uint32_t i = 0; i < acks; i++) {
      DrtMsg ack = test_node_message(DRT_ACK, 1);
      ack.ack.acked = test_tap_last(&b.tap, b.tap.n - 1 - i).id;
      test_node_say(b.c, b.tap.at[i].to, 0, &ack);
    }
    test_cluster_run(b.c, 0);
    cr_expect((test_cluster_node(b.c, 0) == NULL) == (acks == 2), "%u", acks);
    test_cluster_run(b.c, 2 * DRT_SECOND - 1);
    cr_expect((test_cluster_node(b.c, 0) == NULL) == (acks == 2), "%u", acks);
    test_cluster_run(b.c, 1);
    cr_expect(test_cluster_node(b.c, 0) == NULL);
    cr_expect(b.tap.n == 2 + 2 - acks, "%u", b.tap.n);
    bench_close(&b);
  }
  Bench b = bench_open(1, true);
  test_cluster_close(b.c, 0);
  cr_expect(test_cluster_node(b.c, 0) == NULL);
  bench_close(&b);
}

/* A node that becomes FAULTED on its way out still says CLOSED. */
Test(node_timers, a_fault_does_not_keep_a_node_from_closing)
{
  Bench b = bench_open(1, true);
  TestMemory memory = { 0 };
  DrtOutbox out;
  drt_outbox_init(&out, test_memory(&memory));
  test_node_know(b.c, 0, 0x20, 2);
  test_cluster_close(b.c, 0);
  drt_node_fail(b.node, test_cluster_now(b.c), -1, &out);
  cr_expect(drt_node_deadline(b.node) <= 2 * DRT_SECOND);
  test_cluster_run(b.c, 2 * DRT_SECOND);
  cr_expect(test_cluster_node(b.c, 0) == NULL);
  drt_outbox_clear(&out);
  bench_close(&b);
}

/* Nothing is due: never. */
Test(node_timers, there_is_no_deadline_where_nothing_is_due)
{
  Bench b = bench_open(1, false);
  b.node->maintain_at = DRT_TIME_NEVER;
  cr_expect(drt_node_deadline(b.node) == DRT_TIME_NEVER);
  test_node_know(b.c, 0, 0x20, 2);
  cr_expect(drt_node_deadline(b.node) == DRT_TIME_NEVER);
  DrtSearchSpec spec = { .target = test_key_byte(0x21),
                         .least = test_key_byte(0x21),
                         .most = test_key_byte(0x21),
                         .exact = true,
                         .results_max = 1,
                         .iterative = true,
                         .deadline = 500 };
  uint32_t ticket = test_cluster_search(b.c, 0, &spec);
  cr_expect(drt_node_deadline(b.node) == 500);
  test_cluster_run(b.c, 499);
  cr_expect(!test_cluster_result(b.c, ticket)->over);
  test_cluster_run(b.c, 1);
  cr_expect(test_cluster_result(b.c, ticket)->end == DRT_SEARCH_TIMEOUT);
  cr_expect(drt_node_deadline(b.node) == DRT_TIME_NEVER);
  bench_close(&b);
}

/* mc-drt 2.8: pieces that stay alone go when the request is repeated, at the latest after a second. */
Test(node_timers, pieces_of_an_answer_are_kept_a_second_at_most)
{
  Bench b = bench_open(1, false);
  DrtKey target = test_key_byte(0x61);
  uint8_t piece[DRT_FRAGMENT_LEN] = { 0 };
  test_node_know(b.c, 0, 0x60, 6);
  test_tap_start(&b.tap, b.c);
  test_cluster_find(b.c, 0, &target);
  test_cluster_run(b.c, DRT_SECOND / 2);
  DrtMsg msg = test_node_message(DRT_AUTHORITY, 7);
  msg.authority.acked = test_tap_find(&b.tap, DRT_LOOKUP).id;
  msg.authority.split = (DrtSplit){ 2000, 0, { piece, sizeof piece } };
  test_node_say(b.c, 6, 0, &msg);
  cr_expect(drt_reassembly_count(b.node->reassembly) == 1);
  test_cluster_run(b.c, DRT_SECOND / 2 - 1);
  cr_expect(drt_reassembly_count(b.node->reassembly) == 1);
  test_cluster_run(b.c, 1);
  cr_expect(drt_reassembly_count(b.node->reassembly) == 0);
  bench_close(&b);
}
