/* Strangers who lie, repeat, flood and garble. Limits hold, and the cloud is right afterwards. */
#include "test-node.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdlib.h>

#include "test-keys.h"

/* Silent while all is well: Criterion would report every assertion of a long loop. */
#define must(cond, ...)                                                                            \
  do {                                                                                             \
    if (!(cond))                                                                                   \
      cr_assert_fail(#cond ": " __VA_ARGS__);                                                      \
  } while (0)

enum { NODES = 8, STRANGER = 200 };

/* Eight nodes with keys all around the ring that know each other. */
static TestCluster *
small_cloud(uint64_t seed)
{
  TestCluster *c = test_cluster_new(seed, NODES);
  for (uint32_t i = 0; i < NODES; i++) {
    DrtKey key = test_key_byte((uint8_t)(0x20 * i + 0x08));
    test_cluster_open(c, i);
    test_cluster_register(c, i, &key);
    test_cluster_run(c, DRT_SECOND);
  }
  test_cluster_run(c, 30 * DRT_SECOND);
  return c;
}

static void
expect_right(TestCluster *c, const char *after)
{
  uint32_t tickets[NODES];
  TestRingReport ring = test_cluster_ring(c);
  must(ring.positions_wrong == 0 && ring.rings == 1, "after %s: %u of %u wrong", after,
       ring.positions_wrong, ring.positions);
  for (uint32_t i = 0; i < NODES; i++) {
    DrtKey key = test_key_byte((uint8_t)(0x20 * ((i + 3) % NODES) + 0x08));
    tickets[i] = test_cluster_find(c, i, &key);
  }
  test_cluster_run(c, 12 * DRT_SECOND);
  for (uint32_t i = 0; i < NODES; i++) {
    must(test_cluster_result(c, tickets[i])->results == 1, "after %s: node %u", after, i);
    const char *broken = drt_node_check(test_cluster_node(c, i));
    must(broken == NULL, "%s", broken);
    must(drt_node_status(test_cluster_node(c, i)) == DRT_NODE_ACTIVE, "after %s", after);
  }
}

/* mc-drt 8.5, H15: revokes of live keys, replayed to everybody. */
Test(node_hostile, replayed_revokes_remove_nobody)
{
  TestCluster *c = small_cloud(1);
  for (uint32_t round = 0; round < 20; round++) {
    for (uint32_t i = 0; i < NODES; i++) {
      uint8_t cpa[400];
      DrtEndpoint list = test_cluster_endpoint(STRANGER);
      DrtMsg msg = test_node_message(DRT_FLOOD, round + 1);
      uint8_t key = (uint8_t)(0x20 * ((i + round) % NODES) + 0x08);
      msg.flood.revoke = (DrtBytes){ cpa, test_node_cpa(key, NULL, 0, true, cpa, sizeof cpa) };
      msg.flood.flooded.plain = (DrtEndpointList){ &list, 1 };
      test_node_say(c, STRANGER, i, &msg);
    }
    test_cluster_run(c, 300 * DRT_MILLISECOND);
  }
  test_cluster_run(c, 3 * DRT_SECOND);
  expect_right(c, "replayed revokes");
  test_cluster_free(c);
}

/* mc-drt 8.9: a thousand entries of one sender, half of them on live nodes that do not publish them,
 * half where nobody is. No more than 128 are looked into at a time, none is kept. */
Test(node_hostile, a_thousand_fake_entries_leave_no_trace)
{
  TestCluster *c = small_cloud(2);
  TestRandom random = { 5 };
  char *leaves = g_strdup(test_node_leaves(c, 0, 0x08));
  size_t bytes = test_cluster_bytes(c);
  for (uint32_t i = 0; i < 1000; i++) {
    DrtEndpoint list = test_cluster_endpoint(STRANGER);
    DrtRoute route = test_node_route(1, i % 2 == 0 ? i % NODES : 1000 + i);
    for (int k = 0; k < 4; k++)
      route.key.w[k] = test_random(&random);
    DrtMsg msg = test_node_message(DRT_FLOOD, i + 1);
    msg.flood.route = (DrtRouteField){ .present = true, .plain = route };
    msg.flood.flooded.plain = (DrtEndpointList){ &list, 1 };
    test_node_say(c, STRANGER, 0, &msg);
    must(test_cluster_node(c, 0)->intakes_n <= 128, "%u", test_cluster_node(c, 0)->intakes_n);
    must(test_cluster_node(c, 0)->cache.n == NODES - 1, "entry %u was kept", i);
    if (i % 10 == 9)
      test_cluster_run(c, 10 * DRT_MILLISECOND);
  }
  cr_expect_str_eq(test_node_leaves(c, 0, 0x08), leaves);
  test_cluster_run(c, 5 * DRT_SECOND);
  cr_expect(test_cluster_node(c, 0)->intakes_n == 0);
  cr_expect(test_cluster_bytes(c) < bytes + 256 * 1024, "%zu more", test_cluster_bytes(c) - bytes);
  expect_right(c, "fake entries");
  g_free(leaves);
  test_cluster_free(c);
}

/* mc-drt 8.9, H14: SOLICITs without end make 64 conversations, which end after 15 s. */
Test(node_hostile, solicits_without_end_hold_64_conversations)
{
  TestCluster *c = small_cloud(3);
  size_t bytes = test_cluster_bytes(c);
  for (uint32_t i = 0; i < 5000; i++) {
    DrtMsg msg = test_node_message(DRT_SOLICIT, i + 1);
    memcpy(msg.solicit.hashed_nonce, &i, sizeof i);
    test_node_say(c, STRANGER + i % 300, 0, &msg);
    must(test_cluster_node(c, 0)->conversations_n <= 64, "%u", i);
  }
  cr_expect(test_cluster_node(c, 0)->conversations_n == 64);
  test_cluster_run(c, 15 * DRT_SECOND);
  cr_expect(test_cluster_node(c, 0)->conversations_n == 0);
  cr_expect(test_cluster_bytes(c) < bytes + 256 * 1024);
  expect_right(c, "SOLICITs");
  test_cluster_free(c);
}

/* Datagrams that were sent, to be mutated. */
typedef struct {
  TestDatagram *at;
  uint32_t n, room;
} Album;

static bool
collect(TestCluster *c, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  (void)c;
  Album *album = data;
  if (to >= NODES || album->n == 4000 || n > sizeof album->at->bytes)
    return true;
  if (album->n == album->room) {
    album->room = 2 * album->room + 64;
    album->at = g_realloc(album->at, album->room * sizeof *album->at);
  }
  album->at[album->n] = (TestDatagram){ .from = from, .to = to, .n = n };
  memcpy(album->at[album->n++].bytes, bytes, n);
  return true;
}

static uint32_t
mutate(TestRandom *random, const TestDatagram *datagram, uint8_t *bytes, uint32_t room)
{
  uint32_t n = datagram->n;
  memcpy(bytes, datagram->bytes, n);
  for (uint32_t i = test_random_below(random, 4); i > 0; i--)
    bytes[test_random_below(random, n)] = (uint8_t)test_random(random);
  if (test_random_once_in(random, 8))
    n = test_random_below(random, n + 1);
  if (test_random_once_in(random, 16) && n < room)
    bytes[n++] = (uint8_t)test_random(random);
  return n;
}

/* Random bytes, and messages of this very cloud with some bytes changed, sent late, to others, or
 * from elsewhere. Every step checks the node. */
Test(node_hostile, garbled_and_random_datagrams_break_nothing)
{
  for (uint64_t seed = 1; seed <= 3; seed++) {
    Album album = { 0 };
    uint8_t bytes[1700];
    TestRandom random = { seed };
    TestCluster *c = small_cloud(seed);
    test_cluster_filter(c, collect, &album);
    test_cluster_run(c, 60 * DRT_SECOND);
    for (uint32_t i = 0; i < 10000; i++) {
      uint32_t from = test_random_below(&random, NODES), to = test_random_below(&random, NODES), n;
      if (test_random_once_in(&random, 10)) {
        n = test_random_below(&random, 200);
        for (uint32_t k = 0; k < n; k++)
          bytes[k] = (uint8_t)test_random(&random);
      } else {
        const TestDatagram *datagram = &album.at[test_random_below(&random, album.n)];
        n = mutate(&random, datagram, bytes, sizeof bytes);
        if (!test_random_once_in(&random, 4)) {
          from = datagram->from;
          to = datagram->to;
        }
      }
      DrtEndpoint endpoint = test_cluster_endpoint(from);
      uint8_t *exact = g_memdup2(bytes, n);
      test_cluster_inject(c, to, &endpoint, exact, n);
      g_free(exact);
      if (i % 4 == 0)
        test_cluster_run(c, 20 * DRT_MILLISECOND);
    }
    test_cluster_run(c, 120 * DRT_SECOND);
    expect_right(c, "garbled datagrams");
    g_free(album.at);
    test_cluster_free(c);
  }
}

/* A node of the test's own: every LOOKUP is answered with an entry that leads on and on. */
typedef struct {
  TestCluster *c;
  TestTap tap;
  uint32_t answered;
} Liar;

typedef enum { ITSELF, IN_CIRCLES, ALWAYS_CLOSER } Lie;

static bool
lie_once(Liar *liar, Lie lie)
{
  if (liar->answered == liar->tap.n)
    return false;
  const TestDatagram *datagram = &liar->tap.at[liar->answered++];
  DrtMsg msg;
  DrtAuthorityBody body = { 0 };
  if (datagram->from != 0 ||
      drt_decode(datagram->bytes, datagram->n, 6, DRT_MODE_RESOLVE, &msg) != DRT_REJECT_NONE ||
      (msg.type != DRT_LOOKUP && msg.type != DRT_INQUIRE))
    return true;
  if (msg.type == DRT_LOOKUP) {
    uint32_t next = lie == ITSELF       ? datagram->to
                    : lie == IN_CIRCLES ? 10 + liar->answered % 3
                                        : 10 + liar->answered;
    uint8_t key = lie == ALWAYS_CLOSER ? (uint8_t)(0x10 + liar->answered)
                  : lie == ITSELF      ? 0x10
                                       : (uint8_t)(0x10 + liar->answered % 3);
    DrtRoute route = test_node_route(key, next);
    if (lie == ALWAYS_CLOSER)
      route.key.w[0] |= 0xffff;
    body.route = (DrtRouteField){ .present = true, .plain = route };
  }
  test_node_answer(liar->c, datagram->to, 0, msg.id, &body);
  return true;
}

/* mc-drt 7.8: the walk is over after more than 22 useful answers, whatever they are. A node that
 * offers itself is the last of the path, so step 9 lets it pass. */
Test(node_hostile, a_search_among_liars_ends)
{
  for (Lie lie = ITSELF; lie <= ALWAYS_CLOSER; lie++) {
    Liar liar = { .c = test_cluster_new(1, 1) };
    test_cluster_open_at(liar.c, 0, NULL, 0);
    test_cluster_run(liar.c, 0);
    test_cluster_node(liar.c, 0)->maintain_at = 86400 * DRT_SECOND;
    test_node_know(liar.c, 0, 0x10, 10);
    test_tap_start(&liar.tap, liar.c);
    DrtKey target = test_key_byte(0x70);
    uint32_t ticket = test_cluster_find(liar.c, 0, &target), steps = 0, lookups = 0;
    while (lie_once(&liar, lie) && ++steps < 500)
      ;
    for (uint32_t i = 0; i < liar.tap.n; i++)
      lookups += liar.tap.at[i].bytes[7] == DRT_LOOKUP;
    cr_expect(test_cluster_result(liar.c, ticket)->over, "lie %d", (int)lie);
    cr_expect(test_cluster_result(liar.c, ticket)->results == 0);
    cr_expect(lookups <= 23, "lie %d: %u", (int)lie, lookups);
    cr_expect(lie != ALWAYS_CLOSER || lookups == 23);
    test_cluster_run(liar.c, 3 * DRT_SECOND);
    cr_expect(test_cluster_node(liar.c, 0)->asked_n == 0);
    test_tap_free(&liar.tap);
    test_cluster_free(liar.c);
  }
}

/* mc-drt 7.8: seven answers with L end the walk, however much closer they lead. */
Test(node_hostile, seven_suspicious_answers_end_a_search)
{
  TestCluster *c = test_cluster_new(1, 1);
  TestTap tap;
  test_cluster_open_at(c, 0, NULL, 0);
  test_cluster_run(c, 0);
  test_cluster_node(c, 0)->maintain_at = 86400 * DRT_SECOND;
  test_node_know(c, 0, 0x10, 10);
  test_tap_start(&tap, c);
  DrtKey target = test_key_byte(0x70);
  uint32_t ticket = test_cluster_find(c, 0, &target), answers = 0;
  for (uint32_t i = 0; i < 20 && !test_cluster_result(c, ticket)->over; i++, answers++) {
    DrtMsg lookup = test_tap_find(&tap, DRT_LOOKUP);
    DrtRoute route = test_node_route((uint8_t)(0x11 + i), 11 + i);
    DrtAuthorityBody body = { .flags = DRT_AUTHORITY_SUSPECT,
                              .route = { .present = true, .plain = route } };
    test_node_answer(c, 10 + i, 0, lookup.id, &body);
  }
  cr_expect(answers == 7, "%u", answers);
  test_tap_free(&tap);
  test_cluster_free(c);
}
