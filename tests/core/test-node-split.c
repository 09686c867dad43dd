/* The test for a split (mc-drt 7.13, H43 to H45): what is concluded from the node found. */
#include "test-node.h"

#include <criterion/criterion.h>

#include "test-keys.h"

enum { FIRST = 50, FOUND = 60 };

typedef struct {
  TestCluster *c;
  TestTap tap;
  DrtOutbox out;
  TestMemory memory;
  uint32_t lookup; /* MessageID of the first LOOKUP */
} Bench;

/* Keys 40 and c0; 20 and 60 are known, and 50 if wanted. The test is one of 40, which depends on the
 * seed. */
static void
bench_open(Bench *b, bool with_50)
{
  for (uint64_t seed = 1;; seed++) {
    *b = (Bench){ .c = test_cluster_new(seed, 1) };
    DrtEndpoint found[2] = { test_cluster_endpoint(0), test_cluster_endpoint(FIRST) };
    drt_outbox_init(&b->out, test_memory(&b->memory));
    test_cluster_open_at(b->c, 0, NULL, 0);
    test_cluster_run(b->c, 0);
    test_node_publish(b->c, 0, 0x40);
    test_node_publish(b->c, 0, 0xc0);
    test_node_know(b->c, 0, 0x20, 2);
    test_node_know(b->c, 0, 0x60, 6);
    if (with_50)
      test_node_know(b->c, 0, 0x50, 5);
    drt_node_bootstrap(test_cluster_node(b->c, 0), 0, true, found, 2, true, &b->out);
    DrtMsg msg;
    const DrtOutput *output = &b->out.items[0];
    cr_assert(b->out.n == 1 && output->kind == DRT_OUT_SEND); /* our own endpoint is passed over */
    cr_assert(test_cluster_at(&output->send.to) == FIRST);
    cr_assert(drt_decode(b->out.bytes + output->send.offset, output->send.n, 6, DRT_MODE_RESOLVE,
                         &msg) == DRT_REJECT_NONE);
    cr_assert(msg.type == DRT_LOOKUP && msg.lookup.reason == DRT_REASON_SPLIT);
    cr_assert(drt_key_is_zero(&msg.lookup.validate) && msg.lookup.flags == DRT_LOOKUP_ANY);
    cr_assert(!msg.lookup.best.present && msg.lookup.target.w[3] == 1);
    test_tap_start(&b->tap, b->c);
    if (msg.lookup.target.w[0] >> 56 == 0x40) {
      b->lookup = msg.id;
      return;
    }
    drt_outbox_clear(&b->out);
    test_tap_free(&b->tap);
    test_cluster_free(b->c);
  }
}

static void
bench_close(Bench *b)
{
  drt_outbox_clear(&b->out);
  test_tap_free(&b->tap);
  test_cluster_free(b->c);
}

static const struct {
  const char *name;
  bool with_50;
  uint8_t found;
  uint32_t at;
  uint32_t walks, tests, intakes; /* that follow */
} rows[] = {
  { "cached, nobody between: whole", false, 0x60, 6, 0, 0, 0 },
  { "cached, somebody between: the larger part", true, 0x60, 6, 2, 0, 0 },
  { "cached on the other side, nobody between: whole", true, 0x20, 2, 0, 0, 0 },
  { "unknown and closer than all: the smaller part", false, 0x44, FOUND, 2, 1, 1 },
  { "unknown and farther: the larger part", false, 0x7f, FOUND, 2, 0, 1 },
};

Test(node_split, is_judged_by_who_was_found)
{
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Bench b;
    uint8_t cpa[400];
    bench_open(&b, rows[i].with_50);
    DrtRoute route = test_node_route(rows[i].found, rows[i].at);
    DrtAuthorityBody body = { .route = { .present = true, .plain = route } }, nothing = { 0 };
    test_node_answer(b.c, FIRST, 0, b.lookup, &body);
    DrtMsg lookup = test_tap_find(&b.tap, DRT_LOOKUP);
    cr_assert(b.tap.at[b.tap.n - 1].to == rows[i].at);
    test_node_answer(b.c, rows[i].at, 0, lookup.id, &nothing);
    DrtMsg inquire = test_tap_last(&b.tap, 0); /* whatever the best match is (H44) */
    cr_assert(inquire.type == DRT_INQUIRE && inquire.inquire.has_nonce);
    body = (DrtAuthorityBody){ .cpa = { cpa, test_node_cpa(rows[i].found, inquire.inquire.nonce,
                                                           rows[i].at, false, cpa, 400) } };
    /* The validation of the entry offered is no part of this test. */
    drt_node_intake_clear(test_cluster_node(b.c, 0));
    uint32_t before = b.tap.n, walks = 0, tests = 0, intakes = 0;
    test_node_answer(b.c, rows[i].at, 0, inquire.id, &body);
    for (uint32_t k = before; k < b.tap.n; k++) {
      DrtMsg msg = test_tap_last(&b.tap, b.tap.n - 1 - k);
      cr_expect(b.tap.at[k].to == rows[i].at, "%s", rows[i].name);
      walks += msg.type == DRT_LOOKUP && msg.lookup.reason == DRT_REASON_REGISTRATION;
      bool test = msg.type == DRT_LOOKUP && msg.lookup.reason == DRT_REASON_SPLIT;
      tests += test;
      cr_expect(!test || msg.lookup.target.w[0] >> 56 == 0xc0, "the other key, not the one tested");
      intakes += msg.type == DRT_INQUIRE;
    }
    cr_expect(walks == rows[i].walks && tests == rows[i].tests && intakes == rows[i].intakes,
              "%s: %u walks, %u tests, %u validations", rows[i].name, walks, tests, intakes);
    bench_close(&b);
  }
}

/* H43: no key, or no endpoint but ours: no test. */
Test(node_split, needs_a_key_and_somebody_else)
{
  TestMemory memory = { 0 };
  DrtOutbox out;
  DrtEndpoint own = test_cluster_endpoint(0), other = test_cluster_endpoint(5);
  TestCluster *c = test_cluster_new(1, 1);
  drt_outbox_init(&out, test_memory(&memory));
  test_cluster_open_at(c, 0, NULL, 0);
  test_cluster_run(c, 0);
  drt_node_bootstrap(test_cluster_node(c, 0), 0, true, &other, 1, true, &out);
  cr_expect(out.n == 0);
  test_node_publish(c, 0, 0x40);
  drt_node_bootstrap(test_cluster_node(c, 0), 0, true, &own, 1, true, &out);
  cr_expect(out.n == 0);
  drt_outbox_clear(&out);
  test_cluster_free(c);
}
