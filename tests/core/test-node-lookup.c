/* What a publisher answers to a LOOKUP (mc-drt 7.9, H41): the node has the key 40. */
#include "test-node.h"

#include <criterion/criterion.h>

#include "test-keys.h"

typedef struct {
  TestCluster *c;
  TestTap tap;
} Bench;

/* Knows five on each side and, beyond them, 70, 80 and 90 on nodes 7, 8, 9. */
static void
bench_open(Bench *b, bool far)
{
  *b = (Bench){ .c = test_cluster_new(1, 1) };
  test_cluster_open_at(b->c, 0, NULL, 0);
  test_cluster_run(b->c, 0);
  test_node_publish(b->c, 0, 0x40);
  for (uint8_t i = 1; i <= 5 && far; i++) {
    test_node_know(b->c, 0, (uint8_t)(0x40 + i), 20u + i);
    test_node_know(b->c, 0, (uint8_t)(0x40 - i), 30u + i);
  }
  for (uint8_t i = 7; i <= 9 && far; i++)
    test_node_know(b->c, 0, (uint8_t)(0x10 * i), i);
  test_cluster_settings(b->c)->lookup_rate_max = 1000000;
  test_tap_start(&b->tap, b->c);
}

static void
bench_close(Bench *b)
{
  test_tap_free(&b->tap);
  test_cluster_free(b->c);
}

/* The flags and the key of the answer, which is 0 if there is none. */
static uint16_t
look_up(Bench *b, uint8_t target, uint8_t validate, uint16_t flags, const uint32_t *path,
        uint16_t n, uint8_t *ret_key)
{
  DrtEndpoint list[22];
  DrtMsg msg = test_node_message(DRT_LOOKUP, 1);
  DrtAuthorityBody body;
  list[0] = test_cluster_endpoint(99);
  for (uint16_t i = 0; i < n; i++)
    list[1 + i] = test_cluster_endpoint(path[i]);
  msg.lookup.target = test_key_byte(target);
  msg.lookup.validate = test_key_byte(validate);
  msg.lookup.flags = flags;
  msg.lookup.path.plain = (DrtEndpointList){ list, (uint16_t)(n + 1) };
  test_node_say(b->c, 99, 0, &msg);
  DrtMsg answer = test_tap_last(&b->tap, 0);
  cr_assert(drt_decode_authority_body(answer.authority.split.slice, DRT_MODE_RESOLVE, &body) ==
            DRT_REJECT_NONE);
  *ret_key = body.route.present ? (uint8_t)(body.route.plain.key.w[0] >> 56) : 0;
  return body.flags;
}

Test(node_lookup, gets_one_of_the_closest_three_by_weight)
{
  Bench b;
  bench_open(&b, true);
  uint32_t counts[256] = { 0 };
  uint8_t key;
  for (uint32_t i = 0; i < 7000; i++) {
    look_up(&b, 0x99, 0x40, 0, NULL, 0, &key);
    counts[key]++;
  }
  cr_expect(counts[0x90] + counts[0x80] + counts[0x70] == 7000);
  cr_expect(counts[0x90] > 3800 && counts[0x90] < 4200, "%u", counts[0x90]);
  cr_expect(counts[0x80] > 1800 && counts[0x80] < 2200, "%u", counts[0x80]);
  cr_expect(counts[0x70] > 850 && counts[0x70] < 1150, "%u", counts[0x70]);
  bench_close(&b);
}

Test(node_lookup, gets_the_closest_where_we_know_everybody)
{
  Bench b;
  bench_open(&b, true);
  uint8_t key;
  for (uint32_t i = 0; i < 200; i++) {
    look_up(&b, 0x80, 0x40, 0, NULL, 0, &key);
    cr_expect(key == 0x80, "the target itself");
    look_up(&b, 0x43, 0x40, 0, NULL, 0, &key);
    cr_expect(key == 0x43, "in a leaf set");
    look_up(&b, 0x40, 0x3f, DRT_LOOKUP_ANY, (const uint32_t[]){ 0 }, 1, &key);
    cr_expect(key == 0x41, "next to our own key, the one above first: %x", key);
  }
  bench_close(&b);
}

static const struct {
  const char *name;
  bool far;
  uint8_t target, validate;
  uint16_t flags;
  uint32_t path[13];
  uint16_t path_n;
  uint16_t answer;
  uint8_t key;
} rows[] = {
  { "our own key, if it is closer than the Validate Key", true, 0x40, 0x20, 0, { 0 }, 0, 1, 0x40 },
  { "not our own key to who knows us by it", false, 0x50, 0x40, 0, { 0 }, 0, 0x200, 0 },
  { "our own key to who does not know us", false, 0x50, 0, 0, { 0 }, 0, 0x200, 0x40 },
  { "not our own key to who was here", false, 0x50, 0, 0, { 0 }, 1, 0x200, 0 },
  { "N and our key, though it is farther", false, 0x50, 0x4f, 0, { 0 }, 0, 0x201, 0x40 },
  { "nobody closer than the Validate Key", true, 0xa8, 0xa7, 0, { 0 }, 1, 1, 0 },
  { "with A somebody farther",
    true,
    0xa8,
    0xa7,
    DRT_LOOKUP_ANY,
    { 0, 7, 8, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35 },
    13,
    1,
    0x90 },
  { "nobody in the path", true, 0x43, 0x40, 0, { 23 }, 1, 0, 0x44 },
  { "no L for our own key", false, 0x40, 0x40, 0, { 0 }, 1, 0, 0 },
  { "L if a leaf set covers the target", true, 0x41, 0x40, 0, { 0, 21, 22 }, 3, 0x200, 0 },
};

Test(node_lookup, gets_what_the_rules_say)
{
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Bench b;
    bench_open(&b, rows[i].far);
    uint8_t key;
    uint16_t flags = look_up(&b, rows[i].target, rows[i].validate, rows[i].flags, rows[i].path,
                             rows[i].path_n, &key);
    cr_expect(key == rows[i].key && flags == rows[i].answer, "%s: %x, key %x", rows[i].name, flags,
              key);
    bench_close(&b);
  }
}

/* mc-drt 7.8 step 9: an entry that leads back to where we were is none, and the hop says so. */
Test(node_lookup, answers_that_lead_back_are_loops)
{
  TestCluster *c = test_cluster_new(1, 1);
  TestTap tap;
  DrtKey target = test_key_byte(0x70);
  test_cluster_open_at(c, 0, NULL, 0);
  test_cluster_run(c, 0);
  test_node_know(c, 0, 0x10, 10);
  test_tap_start(&tap, c);
  uint32_t ticket = test_cluster_find(c, 0, &target);
  DrtAuthorityBody body = { .route = { .present = true, .plain = test_node_route(0x20, 20) } };
  test_node_answer(c, 10, 0, test_tap_find(&tap, DRT_LOOKUP).id, &body);
  body.route.plain = test_node_route(0x30, 10); /* another key, but the same node */
  test_node_answer(c, 20, 0, test_tap_find(&tap, DRT_LOOKUP).id, &body);
  for (uint32_t i = 0; i < 8 && !test_cluster_result(c, ticket)->over; i++) {
    DrtAuthorityBody nothing = { 0 };
    uint32_t at = test_tap_find(&tap, DRT_LOOKUP).lookup.validate.w[0] >> 56 == 0x10 ? 10 : 20;
    test_node_answer(c, at, 0, test_tap_find(&tap, DRT_LOOKUP).id, &nothing);
  }
  const TestSearch *search = test_cluster_result(c, ticket);
  cr_assert(search->over && search->hops == 2);
  cr_expect(search->hop[1].flags & DRT_HOP_LOOP);
  cr_expect(!(search->hop[0].flags & DRT_HOP_LOOP));
  test_tap_free(&tap);
  test_cluster_free(c);
}
