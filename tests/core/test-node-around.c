/* How a search goes on behind the nearest key: whom it asks for what, question by question (7.8).
 *
 * Node 0 searches. Nobody else is there: the test reads each question and says the answer. "44 of 50@2"
 * is the LOOKUP with target 44.. to node 2, which is believed to have the key 50.. */
#include "test-node.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "test-keys.h"

typedef struct {
  TestCluster *c;
  DrtNode *node;
  TestTap tap;
  uint32_t seen, ticket;
  DrtMsg msg;  /* the question that waits for its answer */
  uint32_t to; /* to this node */
} Bench;

static Bench b;

static void
set_up(void)
{
  b = (Bench){ .c = test_cluster_new(1, 1) };
  test_cluster_open_at(b.c, 0, NULL, 0);
  test_cluster_run(b.c, 0);
  b.node = test_cluster_node(b.c, 0);
  b.node->maintain_at = 86400 * DRT_SECOND;
  test_tap_start(&b.tap, b.c);
  b.tap.lose = true;
}

static void
tear_down(void)
{
  test_tap_free(&b.tap);
  test_cluster_free(b.c);
}

TestSuite(node_around, .init = set_up, .fini = tear_down);

static void
search(uint8_t target, uint8_t least, uint8_t most, uint32_t wanted)
{
  DrtSearchSpec spec = {
    .target = test_key_byte(target),
    .least = test_key_byte(least),
    .most = test_key_byte(most),
    .results_max = wanted,
    .deadline = DRT_TIME_NEVER,
  };
  b.ticket = test_cluster_search(b.c, 0, &spec);
}

static void
search_all(uint8_t target, uint32_t wanted)
{
  search(target, 0, 0xff, wanted);
}

/* The one question of the search since the last call. Others validate what was offered. */
static const char *
question(void)
{
  static char text[256];
  uint32_t n = 0;
  *text = '\0';
  for (; b.seen < b.tap.n; b.seen++) {
    DrtMsg msg = test_tap_last(&b.tap, b.tap.n - 1 - b.seen);
    bool inquire = msg.type == DRT_INQUIRE && (msg.inquire.flags & DRT_INQUIRE_PAYLOAD) != 0;
    if (!inquire && msg.type != DRT_LOOKUP)
      continue;
    cr_expect(n++ == 0, "two questions at once");
    b.msg = msg;
    b.to = b.tap.at[b.seen].to;
    if (inquire) {
      snprintf(text, sizeof text, "%02x@%u", (unsigned)(msg.inquire.validate.w[0] >> 56), b.to);
      continue;
    }
    int at =
      snprintf(text, sizeof text, "%02x of %02x@%u", (unsigned)(msg.lookup.target.w[0] >> 56),
               (unsigned)(msg.lookup.validate.w[0] >> 56), b.to);
    for (uint16_t i = 1; i < msg.lookup.path.plain.n; i++)
      at += snprintf(text + at, sizeof text - (size_t)at, " not %u",
                     test_cluster_at(&msg.lookup.path.plain.at[i]));
  }
  return text;
}

static void
expect_question(const char *expected, int line)
{
  const char *is = question();
  cr_assert(strcmp(is, expected) == 0, "line %d: \"%s\", not \"%s\"", line, is, expected);
}
#define ASKS(expected) expect_question(expected, __LINE__)

/* The answer to the question: this key of that node (0: no route entry), with these flags. */
static void
say(uint8_t key, uint32_t at, uint16_t flags)
{
  DrtAuthorityBody body = { .flags = flags };
  if (key != 0)
    body.route = (DrtRouteField){ .present = true, .plain = test_node_route(key, at) };
  test_node_answer(b.c, b.to, 0, b.msg.id, &body);
}

static void
nobody(void)
{
  say(0, 0, 0);
}

static void
prove(void)
{
  uint8_t cpa[512];
  uint8_t key = (uint8_t)(b.msg.inquire.validate.w[0] >> 56);
  DrtAuthorityBody body = { 0 };
  uint32_t n = test_node_cpa(key, b.msg.inquire.nonce, b.to, false, cpa, sizeof cpa);
  body.cpa = (DrtBytes){ cpa, n };
  test_node_answer(b.c, b.to, 0, b.msg.id, &body);
}

/* It is over with these results, in this order. */
static void
expect_over(const char *keys, int line)
{
  char text[256] = "";
  const TestSearch *result = test_cluster_result(b.c, b.ticket);
  for (uint32_t i = 0; i < result->results; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s%02x", i == 0 ? "" : " ",
             (unsigned)(result->key[i].w[0] >> 56));
  cr_expect(strcmp(text, keys) == 0, "line %d: \"%s\", not \"%s\"", line, text, keys);
  cr_expect(result->over && result->end == DRT_SEARCH_NO_MORE, "line %d", line);
  cr_expect(b.node->resolves_n == 0);
  expect_question("", line);
}
#define OVER(keys) expect_over(keys, __LINE__)

/* The middle of each gap, of whoever is at its near end; a gap that is not before the next answer is not
 * asked for, and one that is known to be empty not again. Node 2 has two keys. */
Test(node_around, gaps_are_asked_for_at_their_ends)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  test_node_know(b.c, 0, 0x70, 3);
  search_all(0x48, 3);
  ASKS("48 of 50@2");
  nobody();
  ASKS("50@2");
  prove();
  ASKS("44 of 50@2"); /* between 48 and 40 */
  nobody();
  ASKS("40@1");
  prove();
  ASKS("60 of 50@2"); /* between 50 and 70 */
  say(0x5c, 2, 0);
  ASKS("56 of 50@2"); /* between 50 and 5c */
  nobody();
  ASKS("d8 of 40@1"); /* from 40 round the ring to 70 */
  nobody();
  ASKS("5c@2");
  prove();
  OVER("50 40 5c");
}

/* There are no more: what is left of the ring is asked for once. */
Test(node_around, the_rest_of_the_ring_is_one_gap)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  search_all(0x48, 9);
  ASKS("48 of 50@2");
  nobody();
  ASKS("50@2");
  prove();
  ASKS("44 of 50@2");
  nobody();
  ASKS("40@1");
  prove();
  ASKS("c8 of 50@2");
  nobody();
  OVER("50 40");
}

/* It is the whole ring if the nearest is no answer, and nobody else is known, not even it. */
Test(node_around, all_of_the_ring_is_a_gap)
{
  DrtKey gone = test_key_byte(0x50);
  test_node_know(b.c, 0, 0x50, 2);
  search(0x48, 0x45, 0x4f, 1);
  ASKS("48 of 50@2");
  uint32_t at = (uint32_t)drt_cache_find(&b.node->cache, &gone);
  drt_store_drop(drt_node_store(b.node), drt_cache_remove(&b.node->cache, at));
  nobody();
  ASKS("c8 of 50@2");
  say(0x4a, 3, 0);
  ASKS("49 of 50@2");
  nobody();
  ASKS("c9 of 50@2"); /* from 48 down to 4a */
  nobody();
  ASKS("4a@3");
}

/* Nobody fits between a key and the next number. */
Test(node_around, there_is_nobody_between_neighbours)
{
  DrtKey next = test_key_byte(0x50);
  next.w[3] = 1;
  test_node_know(b.c, 0, 0x50, 2);
  test_node_know_key(b.c, 0, &next, 3);
  search_all(0x50, 2);
  ASKS("50 of 50@2");
  nobody();
  ASKS("50@2");
  prove();
  ASKS("d0 of 50@2"); /* below, down to the one above */
  nobody();
  ASKS("50@3");
}

/* A side that leaves the range goes on at its other end, so 70 and 30 are the last ones looked at. */
Test(node_around, what_is_outside_of_the_range_is_left_out)
{
  static const uint8_t outside[] = { 0x10, 0x20, 0x30, 0x50, 0x60, 0x70 };
  for (uint32_t i = 0; i < 6; i++)
    test_node_know(b.c, 0, outside[i], 1 + i);
  search(0x48, 0x40, 0x4f, 3);
  ASKS("48 of 50@4");
  nobody();
  ASKS("4c of 50@4");
  nobody();
  ASKS("3c of 50@4");
  nobody();
  OVER("");
}

/* Who was silent on the way to the nearest is not named again, and not asked again. */
Test(node_around, who_is_silent_stays_in_the_path)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  search_all(0x4a, 2);
  ASKS("4a of 50@2");
  test_cluster_run(b.c, DRT_SECOND);
  ASKS("4a of 50@2");
  test_cluster_run(b.c, DRT_SECOND);
  ASKS("4a of 40@1 not 2");
  nobody();
  ASKS("40@1");
  prove();
  ASKS("c5 of 40@1 not 2");
  say(0x52, 2, 0); /* a liar: it was asked not to */
  OVER("40");
}

/* The same of who falls silent later: asked for a gap, or for its key. */
Test(node_around, who_falls_silent_is_passed_over)
{
  for (int asked = 0; asked < 2; asked++) {
    test_node_know(b.c, 0, 0x40, 1);
    test_node_know(b.c, 0, 0x50, 2);
    test_node_know(b.c, 0, 0x60, 3);
    search_all(0x4f, 2);
    ASKS("4f of 50@2");
    nobody();
    ASKS("50@2");
    prove();
    ASKS("58 of 50@2");
    nobody();
    ASKS("47 of 50@2");
    if (asked == 0) {
      test_cluster_run(b.c, DRT_SECOND);
      ASKS("47 of 50@2");
      test_cluster_run(b.c, DRT_SECOND);
      ASKS("47 of 40@1 not 2");
      nobody();
      ASKS("40@1");
    } else {
      nobody();
      ASKS("40@1");
      test_cluster_run(b.c, DRT_SECOND);
      ASKS("40@1");
      test_cluster_run(b.c, DRT_SECOND);
      ASKS("d0 of 60@3 not 1"); /* from 40 down to 60 */
      nobody();
      ASKS("60@3");
    }
    tear_down();
    set_up();
  }
}

/* A key that was denied is no answer, whoever names it; its machine may have others. */
Test(node_around, what_was_denied_is_not_offered_again)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  search_all(0x4c, 2);
  ASKS("4c of 50@2");
  nobody();
  ASKS("50@2");
  prove();
  ASKS("c8 of 50@2");
  say(0x20, 1, 0);
  ASKS("b8 of 50@2");
  nobody();
  ASKS("46 of 50@2");
  nobody();
  ASKS("40@1");
  say(0, 0, DRT_AUTHORITY_UNKNOWN);
  ASKS("30 of 20@1"); /* between 40 and 20, but not of 40 */
  say(0x40, 1, 0);
  ASKS("20@1");
  prove();
  OVER("50 20");
}

/* N to a LOOKUP: it does not have the key, and so does not know the gap. Somebody else is asked. */
Test(node_around, who_denies_a_key_knows_nothing_of_its_neighbours)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  search_all(0x4c, 2);
  ASKS("4c of 50@2");
  nobody();
  ASKS("50@2");
  prove();
  ASKS("c8 of 50@2");
  nobody();
  ASKS("46 of 50@2");
  say(0, 0, DRT_AUTHORITY_UNKNOWN);
  ASKS("46 of 40@1");
  nobody();
  ASKS("40@1");
}

/* B: the other end of the gap is asked; if that is busy, too, the gap counts as empty. */
Test(node_around, who_is_busy_is_not_waited_for)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  search_all(0x4c, 2);
  ASKS("4c of 50@2");
  nobody();
  ASKS("50@2");
  prove();
  ASKS("c8 of 50@2");
  nobody();
  ASKS("46 of 50@2");
  say(0, 0, DRT_AUTHORITY_BUSY);
  ASKS("46 of 40@1");
  say(0, 0, DRT_AUTHORITY_BUSY);
  ASKS("40@1");
  prove();
  OVER("50 40");
}

/* 22 useful answers, then it has to do with who is known (H36). */
Test(node_around, a_gap_is_not_asked_for_endlessly)
{
  uint32_t lookups = 0;
  test_node_know(b.c, 0, 0x10, 1);
  test_node_know(b.c, 0, 0xf0, 2);
  search_all(0x10, 2);
  ASKS("10 of 10@1");
  nobody();
  ASKS("10@1");
  prove();
  for (; lookups < 40 && strstr(question(), " of ") != NULL; lookups++) {
    DrtRoute route = test_node_route(0, 3);
    route.key = b.msg.lookup.target; /* always somebody */
    DrtAuthorityBody body = { .route = { .present = true, .plain = route } };
    test_node_answer(b.c, b.to, 0, b.msg.id, &body);
  }
  cr_expect(lookups == 23, "%u", lookups);
  cr_expect(b.msg.type == DRT_INQUIRE);
}

/* The nearest to the target of LOOKUP among forty keys from 40 on, as a node would say it that knows
 * them all. */
static void
say_nearest(void)
{
  uint8_t nearest = 0x40;
  for (uint8_t i = 0x41; i < 0x68; i++) {
    DrtKey is = test_key_byte(nearest), next = test_key_byte(i);
    if (drt_key_closer(&next, &is, &b.msg.lookup.target))
      nearest = i;
  }
  say(nearest, nearest, 0);
}

/* No more than 32 results, whatever was asked for. */
Test(node_around, a_search_gives_32_results)
{
  test_node_know(b.c, 0, 0x40, 0x40);
  search_all(0x40, 1000);
  while (*question() != '\0')
    if (b.msg.type == DRT_INQUIRE)
      prove();
    else
      say_nearest();
  const TestSearch *result = test_cluster_result(b.c, b.ticket);
  cr_expect(result->over && result->results == 32, "%u", result->results);
  for (uint32_t i = 0; i < result->results; i++)
    cr_expect(result->key[i].w[0] >> 56 == 0x40 + i);
}

/* A search for any key in a range goes straight to the INQUIRE of one. */
Test(node_around, any_key_will_do)
{
  test_node_know(b.c, 0, 0x40, 1);
  test_node_know(b.c, 0, 0x50, 2);
  DrtSearchSpec spec = {
    .target = test_key_byte(0x4c),
    .least = test_key_byte(0x30),
    .most = test_key_byte(0x4f),
    .results_max = 1,
    .any = true,
    .deadline = DRT_TIME_NEVER,
  };
  b.ticket = test_cluster_search(b.c, 0, &spec);
  ASKS("4c of 50@2");
  nobody();
  ASKS("40@1");
  prove();
  OVER("40");
}

/* Up to six that do not prove themselves are passed over; the seventh ends the search (H29). */
Test(node_around, a_search_survives_six_failures)
{
  uint32_t denied = 0;
  for (uint8_t i = 0; i < 10; i++)
    test_node_know(b.c, 0, (uint8_t)(0x40 + i), 1u + i);
  search_all(0x40, 2);
  ASKS("40 of 40@1");
  nobody();
  ASKS("40@1");
  prove();
  while (*question() != '\0')
    if (b.msg.type == DRT_INQUIRE) {
      denied++;
      say(0, 0, DRT_AUTHORITY_UNKNOWN);
    } else {
      nobody();
    }
  cr_expect(denied == 7, "%u", denied);
  OVER("40");
}

/* mc-drt 7.8, step 4: a node that answers is validated, unless it is known already. */
Test(node_around, who_answers_is_validated)
{
  test_node_know(b.c, 0, 0x60, 2);
  search_all(0x48, 1);
  ASKS("48 of 60@2");
  say(0x50, 3, 0);
  ASKS("48 of 50@3 not 2");
  cr_assert(b.node->intakes_n == 1);
  const DrtPending *inquire = drt_node_pending_at(b.node, 0);
  uint32_t intake = inquire->subject;
  cr_assert(inquire->purpose == DRT_FOR_INTAKE);
  drt_node_pending_forget(b.node, DRT_FOR_INTAKE, intake);
  DrtOutbox out = { .memory = test_cluster_pool(b.c)->memory };
  b.node->out = &out;
  drt_node_intake_drop(b.node, intake); /* as if it had not answered in time */
  b.node->out = NULL;
  nobody();
  cr_expect(b.node->intakes_n == 1);
}
