/* The worked examples of the protocol, message by message, in the order in which they are sent. A
 * line of a story is "from > to message"; keys are named by their first byte, nodes by number. A
 * message takes 50 ms to arrive. */
#include "test-node.h"

#include <criterion/criterion.h>
#include <glib.h>

#include "test-keys.h"

#define expect_story(cluster, text)                                                                \
  do {                                                                                             \
    const char *story = test_cluster_log(cluster);                                                 \
    cr_expect(strcmp(story, text) == 0, "\n--- got\n%s--- instead of\n%s", story, text);           \
  } while (0)

/* Nodes without a bootstrap: they know whom the test tells them of. */
static TestCluster *
open_alone(uint64_t seed, uint32_t n)
{
  TestCluster *c = test_cluster_new(seed, n);
  for (uint32_t i = 0; i < n; i++)
    test_cluster_open_at(c, i, NULL, 0);
  test_cluster_run(c, 0);
  for (uint32_t i = 0; i < n; i++)
    test_cluster_node(c, i)->maintain_at = 86400 * DRT_SECOND;
  return c;
}

/* The lines that contain @word. (transfer full) */
static char *
lines_with(const char *log, const char *word)
{
  GString *text = g_string_new(NULL);
  char **lines = g_strsplit(log, "\n", -1);
  for (uint32_t i = 0; lines[i] != NULL; i++)
    if (strstr(lines[i], word) != NULL)
      g_string_append_printf(text, "%s\n", lines[i]);
  g_strfreev(lines);
  return g_string_free(text, FALSE);
}

enum { Z = 0, OUTSIDERS = 100 }; /* addresses where nobody lives */

/* 9.1: 0 is the resolver Z; node 1 (10) knows 2 (70), 2a (60, node 4) and one more (50); node 2
 * knows nobody closer; 2a knows 3 (80), whose payload makes its answer two fragments. The leaf set
 * of node 1 is full and does not reach as far as 80, so its choice is by weights. */
static TestCluster *
dead_end(uint64_t seed)
{
  static uint8_t payload[2000];
  TestCluster *c = open_alone(seed, 6);
  memset(payload, 0x77, sizeof payload);
  test_node_publish(c, 1, 0x10);
  test_node_publish(c, 2, 0x70);
  DrtLocalId id = test_node_publish(c, 3, 0x80);
  drt_node_update(test_cluster_node(c, 3), id, payload, sizeof payload);
  test_node_publish(c, 4, 0x60);
  test_node_publish(c, 5, 0x50);
  test_node_know(c, Z, 0x10, 1);
  for (uint8_t i = 1; i <= 7; i++)
    test_node_know(c, Z, i, OUTSIDERS + i); /* eight in all, so A stays clear */
  for (uint8_t i = 1; i <= 5; i++) {
    test_node_know(c, 1, (uint8_t)(0x10 + i), OUTSIDERS + 0x10u + i);
    test_node_know(c, 1, (uint8_t)(0x10 - i), OUTSIDERS + 0x10u - i);
  }
  test_node_know(c, 1, 0x70, 2);
  test_node_know(c, 1, 0x60, 4);
  test_node_know(c, 1, 0x50, 5);
  test_node_know(c, 2, 0x10, 1);
  test_node_know(c, 4, 0x80, 3);
  test_node_know(c, 4, 0x70, 2);
  test_cluster_log_start(c);
  return c;
}

/* mc-drt 9.1, 7.8, H36: node 2 has nothing to offer and is not asked again, but node 1 is. */
Test(node_stories, a_search_backs_out_of_a_dead_end)
{
  TestCluster *c = dead_end(1);
  DrtKey target = test_key_byte(0x80);
  uint32_t ticket = test_cluster_find(c, Z, &target);
  test_cluster_run(c, DRT_SECOND);
  expect_story(c, "0 > 1 LOOKUP target 80 validate 10 path 0\n"
                  "1 > 0 AUTHORITY route 70\n"
                  "0 > 2 INQUIRE validate 70 A C\n"
                  "0 > 2 LOOKUP target 80 validate 70 path 0,1\n"
                  "2 > 0 AUTHORITY cpa 70\n"
                  "2 > 0 AUTHORITY L\n"
                  "0 > 1 LOOKUP target 80 validate 10 path 0,1,2\n"
                  "1 > 0 AUTHORITY route 60\n"
                  "0 > 4 INQUIRE validate 60 A C\n"
                  "0 > 4 LOOKUP target 80 validate 60 path 0,1,2\n"
                  "4 > 0 AUTHORITY cpa 60\n"
                  "4 > 0 AUTHORITY route 80\n"
                  "0 > 3 INQUIRE validate 80 A C\n"
                  "0 > 3 INQUIRE validate 80 A X C\n"
                  "3 > 0 AUTHORITY cpa 80\n"
                  "3 > 0 AUTHORITY part 0+1188\n"
                  "3 > 0 AUTHORITY part 1188+1054\n");
  const TestSearch *search = test_cluster_result(c, ticket);
  cr_expect(search->over && search->results == 1 && search->payload_n[0] == 2000);
  cr_expect(search->hops == 4);
  test_cluster_free(c);
}

static bool
lose_once(TestCluster *c, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  (void)c, (void)from, (void)to;
  bool *lost = data;
  if (bytes[7] != DRT_AUTHORITY || (bytes[26] | bytes[27]) == 0 || n == 0 || *lost)
    return true;
  *lost = true;
  return false;
}

/* mc-drt 2.8, 2.9, 9.1 row 11: the second fragment is lost; the INQUIRE is repeated after exactly
 * one second, and the fragments of the first answer do not mix with those of the second. */
Test(node_stories, a_lost_fragment_costs_one_second)
{
  TestCluster *c = open_alone(1, 2);
  static uint8_t payload[2000];
  bool lost = false;
  DrtKey target = test_key_byte(0x80);
  DrtLocalId id = test_node_publish(c, 1, 0x80);
  drt_node_update(test_cluster_node(c, 1), id, payload, sizeof payload);
  test_node_know(c, 0, 0x80, 1);
  test_cluster_filter(c, lose_once, &lost);
  test_cluster_log_start(c);
  uint32_t ticket = test_cluster_find(c, 0, &target);
  test_cluster_run(c, 201 * DRT_MILLISECOND);
  expect_story(c, "0 > 1 LOOKUP target 80 validate 80 path 0\n"
                  "1 > 0 AUTHORITY\n"
                  "0 > 1 INQUIRE validate 80 A X C\n"
                  "1 > 0 AUTHORITY part 0+1188\n"
                  "1 > 0 AUTHORITY part 1188+1054\n");
  cr_expect(lost && drt_reassembly_count(test_cluster_node(c, 0)->reassembly) == 1);
  test_cluster_run(c, 899 * DRT_MILLISECOND - 1);
  expect_story(c, "");
  test_cluster_run(c, 1);
  expect_story(c, "0 > 1 INQUIRE validate 80 A X C\n");
  cr_expect(drt_reassembly_count(test_cluster_node(c, 0)->reassembly) == 0);
  test_cluster_run(c, 100 * DRT_MILLISECOND);
  expect_story(c, "1 > 0 AUTHORITY part 0+1188\n"
                  "1 > 0 AUTHORITY part 1188+1054\n");
  cr_expect(test_cluster_result(c, ticket)->results == 1);
  test_cluster_free(c);
}

/* Nodes 1 to @n - 1 as open_alone makes them, and node 0 with a bootstrap that names @peers. */
static TestCluster *
open_newcomer(uint32_t n, const uint32_t *peers, uint32_t peers_n)
{
  TestCluster *c = test_cluster_new(1, n);
  for (uint32_t i = 1; i < n; i++) {
    test_cluster_open_at(c, i, NULL, 0);
    test_cluster_run(c, 0);
    test_cluster_node(c, i)->maintain_at = 86400 * DRT_SECOND;
  }
  test_cluster_open_at(c, 0, peers, peers_n);
  test_cluster_node(c, 0)->maintain_at = 86400 * DRT_SECOND;
  test_cluster_log_start(c);
  return c;
}

/* mc-drt 7.3, 7.5, 4.1 to 4.3: keys are offered, asked for, and delivered without an ACK each; no
 * entry is kept before its own node has proven it. The solicitor's entry is validated likewise. */
Test(node_stories, a_newcomer_synchronises)
{
  static const uint32_t peers[] = { 1 };
  TestCluster *c = open_newcomer(4, peers, 1);
  for (uint32_t i = 1; i < 4; i++)
    test_node_publish(c, i, (uint8_t)(0x40 * i));
  test_node_know(c, 1, 0x80, 2);
  test_node_know(c, 1, 0xc0, 3);
  test_node_know(c, 2, 0x40, 1);
  test_node_know(c, 2, 0xc0, 3);
  test_node_know(c, 3, 0x40, 1);
  test_node_know(c, 3, 0x80, 2);
  test_cluster_run(c, 199 * DRT_MILLISECOND);
  expect_story(c, "0 > 1 SOLICIT\n"
                  "1 > 0 ADVERTISE keys c0,80,40\n"
                  "0 > 1 REQUEST keys c0,80,40\n"
                  "1 > 0 ACK\n"
                  "1 > 0 FLOOD D validate 00 route c0 list 1\n"
                  "1 > 0 FLOOD D validate 00 route 80 list 1\n"
                  "1 > 0 FLOOD D validate 00 route 40 list 1\n");
  cr_expect(test_cluster_node(c, 0)->cache.n == 0);
  test_cluster_run(c, 2 * DRT_MILLISECOND);
  expect_story(c, "0 > 3 INQUIRE validate c0 A C\n"
                  "0 > 2 INQUIRE validate 80 A C\n"
                  "0 > 1 INQUIRE validate 40 A C\n");
  test_cluster_run(c, 100 * DRT_MILLISECOND);
  expect_story(c, "3 > 0 AUTHORITY cpa c0\n"
                  "2 > 0 AUTHORITY cpa 80\n"
                  "1 > 0 AUTHORITY cpa 40\n");
  cr_expect(test_cluster_node(c, 0)->cache.n == 3);
  test_cluster_free(c);
}

/* mc-drt 7.3, 4.1 step 5: a publisher that solicits is validated by whom it solicited, and its key
 * is the Validate Key of the FLOODs (H25). */
Test(node_stories, a_publisher_introduces_itself_when_it_synchronises)
{
  static const uint32_t peers[] = { 1 };
  TestCluster *c = open_newcomer(2, peers, 1);
  test_node_publish(c, 1, 0x40);
  test_node_publish(c, 0, 0x08);
  test_cluster_run(c, 3 * DRT_SECOND);
  expect_story(c, "0 > 1 SOLICIT route 08\n"
                  "1 > 0 ADVERTISE keys 40\n"
                  "1 > 0 INQUIRE validate 08 A C\n"
                  "0 > 1 REQUEST keys 40\n"
                  "0 > 1 AUTHORITY cpa 08\n"
                  "1 > 0 ACK\n"
                  "1 > 0 FLOOD D validate 08 route 40 list 1\n"
                  "1 > 0 FLOOD validate 08 route 40 list 1\n"
                  "0 > 1 INQUIRE validate 40 A C\n"
                  "0 > 1 ACK\n"
                  "1 > 0 AUTHORITY cpa 40\n"
                  "0 > 1 FLOOD validate 40 route 08 list 0\n"
                  "1 > 0 ACK\n");
  cr_expect_str_eq(test_node_leaves(c, 0, 0x08), "40 | 40");
  cr_expect_str_eq(test_node_leaves(c, 1, 0x40), "08 | 08");
  test_cluster_free(c);
}

/* mc-drt 7.2, H22: ten endpoints at most, our own left out, two conversations at a time; each dead
 * one takes two seconds. The status comes with the end, and tells what was tried. */
Test(node_stories, the_bootstrap_tries_two_at_a_time)
{
  static const uint32_t peers[] = { 21, 22, 0, 23, 24, 25, 26, 27, 28, 29 };
  TestCluster *c = open_newcomer(1, peers, 10);
  DrtOutput event;
  test_cluster_run(c, 2 * DRT_SECOND - 1);
  expect_story(c, "0 > 21 SOLICIT\n"
                  "0 > 22 SOLICIT\n"
                  "0 > 21 SOLICIT\n"
                  "0 > 22 SOLICIT\n");
  test_cluster_run(c, 1);
  expect_story(c, "0 > 23 SOLICIT\n"
                  "0 > 24 SOLICIT\n");
  test_cluster_run(c, 8 * DRT_SECOND - 1);
  cr_expect(!test_cluster_event(c, 0, &event));
  test_cluster_run(c, 1);
  cr_expect(test_cluster_event(c, 0, &event) && event.status.status == DRT_NODE_ALONE);
  cr_expect(event.status.n == 9);
  cr_expect(test_cluster_sent(c, DRT_SOLICIT) == 18);
  test_cluster_free(c);
}

/* mc-drt 7.2, H22: five entries are enough; the other endpoints are not bothered. */
Test(node_stories, the_bootstrap_stops_at_five_entries)
{
  static const uint32_t peers[] = { 1, 20, 2, 3, 4, 5 };
  TestCluster *c = open_newcomer(6, peers, 6);
  for (uint32_t i = 1; i < 6; i++)
    test_node_publish(c, i, (uint8_t)(0x20 * i));
  for (uint32_t i = 2; i < 6; i++)
    test_node_know(c, 1, (uint8_t)(0x20 * i), i);
  test_cluster_run(c, 4 * DRT_SECOND);
  char *solicits = lines_with(test_cluster_log(c), "0 > ");
  cr_expect(test_cluster_node(c, 0)->cache.n == 5);
  cr_expect(test_cluster_node(c, 0)->discovery == 0);
  cr_expect(strstr(solicits, "0 > 2 SOLICIT") == NULL && strstr(solicits, "0 > 5 SOLICIT") == NULL,
            "%s", solicits);
  g_free(solicits);
  test_cluster_free(c);
}

/* mc-drt 9.2, 7.4, 7.8, H29, H37: the walk looks for key + 1 with our own entry as the best match,
 * finds nothing, and is followed by the audit. Node 1 validates the newcomer and spreads the news. */
Test(node_stories, a_registration_is_a_walk_towards_the_next_key)
{
  TestCluster *c = open_alone(1, 3);
  test_node_publish(c, 1, 0x40);
  test_node_publish(c, 2, 0x80);
  test_node_know(c, 1, 0x80, 2);
  test_node_know(c, 2, 0x40, 1);
  test_node_know(c, 0, 0x40, 1);
  test_cluster_log_start(c);
  DrtKey key = test_key_byte(0x60);
  test_cluster_register(c, 0, &key);
  test_cluster_run(c, 60 * DRT_MILLISECOND);
  expect_story(c, "0 > 1 LOOKUP target 60 validate 40 best 60 path 0\n"
                  "1 > 0 INQUIRE validate 60 A C\n"
                  "1 > 0 AUTHORITY route 80\n");
  test_cluster_run(c, DRT_SECOND);
  expect_story(c, "0 > 1 AUTHORITY cpa 60\n"
                  "0 > 2 INQUIRE validate 80 A C\n"
                  "0 > 2 LOOKUP target 60 validate 80 best 60 path 0,1\n"
                  "1 > 2 FLOOD validate 80 route 60 list 1,2\n"
                  "1 > 0 FLOOD validate 60 route 40 list 1\n"
                  "2 > 0 AUTHORITY cpa 80\n"
                  "2 > 0 INQUIRE validate 60 A C\n"
                  "2 > 0 AUTHORITY L\n"
                  "2 > 1 ACK\n"
                  "0 > 1 ACK\n"
                  "0 > 1 FLOOD validate 40 route 80 list 0,1\n"
                  "0 > 2 FLOOD validate 80 route 60 list 0\n"
                  "0 > 2 AUTHORITY cpa 60\n"
                  "0 > 1 LOOKUP target 60 validate 40 best 60 path 0,1,2\n"
                  "1 > 0 ACK\n"
                  "2 > 0 ACK\n"
                  "2 > 1 FLOOD validate 40 route 60 list 2,1\n"
                  "2 > 0 FLOOD validate 60 route 80 list 2\n"
                  "1 > 0 AUTHORITY L\n"
                  "1 > 2 ACK\n"
                  "0 > 2 ACK\n"
                  "0 > 1 LOOKUP target 60 validate 40 best 60 path 0,2,1\n"
                  "1 > 0 AUTHORITY L\n"
                  "0 > 2 LOOKUP target 60 validate 80 best 60 path 0,2,1\n"
                  "2 > 0 AUTHORITY L\n");
  cr_expect(test_cluster_ring(c).positions_wrong == 0);
  test_cluster_free(c);
}

/* Keys 10, 20, ... of nodes 1 to @n, and each knows all others. */
static TestCluster *
ring_of(uint32_t n)
{
  TestCluster *c = open_alone(1, n + 1);
  for (uint32_t i = 1; i <= n; i++)
    test_node_publish(c, i, (uint8_t)(0x10 * i));
  for (uint32_t i = 1; i <= n; i++)
    for (uint32_t k = 1; k <= n; k++)
      if (k != i)
        test_node_know(c, i, (uint8_t)(0x10 * k), k);
  test_cluster_log_start(c);
  return c;
}

/* mc-drt 9.3, 7.7, H15, H39, H40: the revoke runs outwards on both sides; whoever hears it asks
 * once and drops the key. The far ends get the entries that take the free place. */
Test(node_stories, a_key_is_withdrawn_from_a_ring_of_eleven)
{
  TestCluster *c = ring_of(11);
  DrtNode *node = test_cluster_node(c, 6);
  test_cluster_unregister(c, 6, node->locals);
  test_cluster_run(c, DRT_MILLISECOND);
  expect_story(c, "6 > 5 FLOOD validate 50 revoke 60 list 6\n"
                  "6 > 7 FLOOD validate 70 revoke 60 list 6\n"
                  "6 > 1 FLOOD validate 10 route 70 list 6\n"
                  "6 > 11 FLOOD validate b0 route 50 list 6\n");
  test_cluster_run(c, 49 * DRT_MILLISECOND);
  expect_story(c, "5 > 6 ACK\n"
                  "5 > 4 FLOOD validate 40 revoke 60 list 6,5,4\n"
                  "5 > 6 INQUIRE validate 60\n"
                  "7 > 6 ACK\n"
                  "7 > 8 FLOOD validate 80 revoke 60 list 6,7,8\n"
                  "7 > 6 INQUIRE validate 60\n"
                  "1 > 6 ACK\n"
                  "11 > 6 ACK\n");
  test_cluster_run(c, 3 * DRT_SECOND);
  char *revokes = lines_with(test_cluster_log(c), "revoke");
  cr_expect_str_eq(revokes, "4 > 3 FLOOD validate 30 revoke 60 list 6,5,4,3\n"
                            "8 > 9 FLOOD validate 90 revoke 60 list 6,7,8,9\n"
                            "3 > 2 FLOOD validate 20 revoke 60 list 6,5,4,3,2\n"
                            "9 > 10 FLOOD validate a0 revoke 60 list 6,7,8,9,10\n"
                            "2 > 1 FLOOD validate 10 revoke 60 list 6,5,4,3,2,1\n"
                            "10 > 11 FLOOD validate b0 revoke 60 list 6,7,8,9,10,11\n"
                            "1 > 11 FLOOD validate b0 revoke 60 list 6,5,4,3,2,1,11\n"
                            "11 > 1 FLOOD validate 10 revoke 60 list 6,7,8,9,10,11,1\n");
  g_free(revokes);
  for (uint32_t i = 1; i <= 11; i++)
    cr_expect(i == 6 || !test_node_caches(c, i, 0x60), "node %u still knows it", i);
  cr_expect_str_eq(test_node_leaves(c, 5, 0x50), "40,30,20,10,b0 | 70,80,90,a0,b0");
  cr_expect_str_eq(test_node_leaves(c, 1, 0x10), "b0,a0,90,80,70 | 20,30,40,50,70");
  cr_expect_str_eq(test_node_leaves(c, 11, 0xb0), "a0,90,80,70,50 | 10,20,30,40,50");
  cr_expect(test_cluster_ring(c).positions_wrong == 0 && test_node_pendings(node) == 0);
  test_cluster_free(c);
}

/* mc-drt 7.7: with a single neighbour there is nothing to repair, and one revoke is enough. */
Test(node_stories, the_second_of_two_leaves_with_one_message)
{
  TestCluster *c = ring_of(2);
  test_cluster_unregister(c, 2, test_cluster_node(c, 2)->locals);
  test_cluster_run(c, 3 * DRT_SECOND);
  expect_story(c, "2 > 1 FLOOD validate 10 revoke 20 list 2\n"
                  "1 > 2 ACK\n"
                  "1 > 2 INQUIRE validate 20\n"
                  "2 > 1 AUTHORITY N\n");
  cr_expect(!test_node_caches(c, 1, 0x20));
  test_cluster_free(c);
}

/* mc-drt 9.4, 7.6, H13, H26: A to L are 10 to c0 on nodes 1 to 12, Y is 68 on 13, X is 6c on 14.
 * One outsider, d0 on 15, closes the ring. Everybody knows just the own leaf set. X shows up at Y. */
static TestCluster *
flood_ring(void)
{
  static const uint8_t ring[] = { 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x68,
                                  0x70, 0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0 };
  static const uint32_t nodes[] = { 1, 2, 3, 4, 5, 6, 13, 7, 8, 9, 10, 11, 12, 15 };
  enum { N = 14 };
  TestCluster *c = open_alone(1, 16);
  for (uint32_t i = 0; i < N; i++)
    test_node_publish(c, nodes[i], ring[i]);
  for (uint32_t i = 0; i < N; i++)
    for (uint32_t k = 1; k <= 5; k++) {
      test_node_know(c, nodes[i], ring[(i + k) % N], nodes[(i + k) % N]);
      test_node_know(c, nodes[i], ring[(i + N - k) % N], nodes[(i + N - k) % N]);
    }
  test_node_publish(c, 14, 0x6c);
  test_cluster_log_start(c);
  return c;
}

Test(node_stories, news_of_a_newcomer_spread_in_waves)
{
  TestCluster *c = flood_ring();
  cr_expect_str_eq(test_node_leaves(c, 13, 0x68), "60,50,40,30,20 | 70,80,90,a0,b0");
  DrtMsg lookup = test_node_message(DRT_LOOKUP, 1);
  DrtEndpoint path = test_cluster_endpoint(14);
  lookup.lookup.target = lookup.lookup.validate = test_key_byte(0x68);
  lookup.lookup.best = (DrtRouteField){ .present = true, .plain = test_node_route(0x6c, 14) };
  lookup.lookup.path.plain = (DrtEndpointList){ &path, 1 };
  test_node_say(c, 14, 13, &lookup);
  test_cluster_run(c, 3 * DRT_SECOND);
  char *log = g_strdup(test_cluster_log(c));
  char *waves = lines_with(log, "route 6c"), *others = lines_with(log, "> 14 FLOOD");
  cr_expect_str_eq(waves, "13 > 7 FLOOD validate 70 route 6c list 13,7,6\n"
                          "13 > 6 FLOOD validate 60 route 6c list 13,7,6\n"
                          "7 > 8 FLOOD validate 80 route 6c list 13,7,6,8,5\n"
                          "7 > 5 FLOOD validate 50 route 6c list 13,7,6,8,5\n"
                          "6 > 8 FLOOD validate 80 route 6c list 13,7,6,8,5\n"
                          "6 > 5 FLOOD validate 50 route 6c list 13,7,6,8,5\n"
                          "14 > 13 FLOOD validate 68 route 6c list 14\n"
                          "8 > 9 FLOOD validate 90 route 6c list 13,7,6,8,5,9,4\n"
                          "8 > 4 FLOOD validate 40 route 6c list 13,7,6,8,5,9,4\n"
                          "5 > 9 FLOOD validate 90 route 6c list 13,7,6,8,5,9,4\n"
                          "5 > 4 FLOOD validate 40 route 6c list 13,7,6,8,5,9,4\n"
                          "14 > 7 FLOOD validate 70 route 6c list 14\n"
                          "14 > 6 FLOOD validate 60 route 6c list 14\n"
                          "9 > 10 FLOOD validate a0 route 6c list 13,7,6,8,5,9,4,10,1\n"
                          "9 > 1 FLOOD validate 10 route 6c list 13,7,6,8,5,9,4,10,1\n"
                          "4 > 12 FLOOD validate c0 route 6c list 13,7,6,8,5,9,4,12,3\n"
                          "4 > 3 FLOOD validate 30 route 6c list 13,7,6,8,5,9,4,12,3\n"
                          "14 > 8 FLOOD validate 80 route 6c list 14\n"
                          "14 > 5 FLOOD validate 50 route 6c list 14\n"
                          "10 > 11 FLOOD validate b0 route 6c list 13,7,6,8,5,9,4,10,1,11,2\n"
                          "10 > 2 FLOOD validate 20 route 6c list 13,7,6,8,5,9,4,10,1,11,2\n"
                          "14 > 9 FLOOD validate 90 route 6c list 14\n"
                          "3 > 11 FLOOD validate b0 route 6c list 13,7,6,8,5,9,4,12,3,11,2\n"
                          "3 > 2 FLOOD validate 20 route 6c list 13,7,6,8,5,9,4,12,3,11,2\n"
                          "14 > 4 FLOOD validate 40 route 6c list 14\n"
                          "11 > 12 FLOOD validate c0 route 6c list 13,7,6,8,5,9,4,10,1,11,2,12,3\n"
                          "11 > 3 FLOOD validate 30 route 6c list 13,7,6,8,5,9,4,10,1,11,2,12,3\n"
                          "14 > 10 FLOOD validate a0 route 6c list 14\n"
                          "14 > 3 FLOOD validate 30 route 6c list 14\n"
                          "14 > 11 FLOOD validate b0 route 6c list 14\n");
  cr_expect_str_eq(others, "13 > 14 FLOOD validate 6c route 68 list 13\n"
                           "7 > 14 FLOOD validate 6c route 70 list 7\n"
                           "6 > 14 FLOOD validate 6c route 60 list 6\n"
                           "8 > 14 FLOOD validate 6c route 80 list 8\n"
                           "5 > 14 FLOOD validate 6c route 50 list 5\n"
                           "9 > 14 FLOOD validate 6c route 90 list 9\n"
                           "4 > 14 FLOOD validate 6c route 40 list 4\n"
                           "10 > 14 FLOOD validate 6c route a0 list 10\n"
                           "3 > 14 FLOOD validate 6c route 30 list 3\n"
                           "11 > 14 FLOOD validate 6c route b0 list 11\n");
  g_free(waves), g_free(others), g_free(log);
  cr_expect_str_eq(test_node_leaves(c, 13, 0x68), "60,50,40,30,20 | 6c,70,80,90,a0");
  cr_expect_str_eq(test_node_leaves(c, 14, 0x6c), "68,60,50,40,30 | 70,80,90,a0,b0");
  cr_expect_str_eq(test_node_leaves(c, 1, 0x10), "d0,c0,b0,a0,90 | 20,30,40,50,60");
  cr_expect_str_eq(test_node_leaves(c, 12, 0xc0), "b0,a0,90,80,70 | d0,10,20,30,40");
  cr_expect(test_cluster_ring(c).positions_wrong == 0);
  test_cluster_free(c);
}

/* mc-drt 7.10, H30, H37: the next maintenance finds the neighbour silent; after two seconds the gap
 * is filled, and the nearest member of each side that lost is asked for more. */
Test(node_stories, a_crashed_neighbour_is_noticed_at_maintenance)
{
  TestCluster *c = ring_of(3);
  DrtNode *node = test_cluster_node(c, 1);
  test_cluster_crash(c, 2);
  test_cluster_settings(c)->split_tests = 0;
  node->maintain_at = test_cluster_now(c);
  DrtMsg nudge = test_node_message(DRT_ACK, 1); /* any step, so that the deadline is asked again */
  test_node_say(c, 99, 1, &nudge);
  test_cluster_run(c, 2 * DRT_SECOND);
  expect_story(c, "1 > 2 INQUIRE validate 20\n"
                  "1 > 3 INQUIRE validate 30\n"
                  "1 > 2 LOOKUP target 10 validate 20 best 10 path 1,2,3\n"
                  "3 > 1 AUTHORITY\n"
                  "1 > 2 INQUIRE validate 20\n"
                  "1 > 2 LOOKUP target 10 validate 20 best 10 path 1,2,3\n"
                  "1 > 3 LOOKUP target 10 validate 30 best 10 path 1,3\n"
                  "1 > 3 LOOKUP target 10 validate 30 best 10 path 1,3\n"
                  "1 > 3 LOOKUP target 10 validate 30 best 10 path 1,2,3\n");
  cr_expect_str_eq(test_node_leaves(c, 1, 0x10), "30 | 30");
  test_cluster_free(c);
}

/* Answers the last LOOKUP of node 0 with an entry for @key on @j, or without one (@key 0). */
static void
answer_lookup(TestCluster *c, const TestTap *tap, uint8_t key, uint32_t j)
{
  DrtMsg lookup = test_tap_find(tap, DRT_LOOKUP);
  DrtAuthorityBody body = { 0 };
  uint32_t i = tap->n - 1;
  while (tap->at[i].bytes[7] != DRT_LOOKUP)
    i--;
  if (key != 0)
    body.route = (DrtRouteField){ .present = true, .plain = test_node_route(key, j) };
  test_node_answer(c, tap->at[i].to, 0, lookup.id, &body);
}

static uint32_t
count_lookups(const TestTap *tap, uint32_t to)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < tap->n; i++)
    n += tap->at[i].bytes[7] == DRT_LOOKUP && tap->at[i].to == to;
  return n;
}

/* mc-drt 7.8, UseCount: one node is asked three times in one search, and no fourth time. */
Test(node_stories, one_node_is_asked_three_times)
{
  TestCluster *c = open_alone(1, 1);
  TestTap tap;
  DrtKey target = test_key_byte(0x70);
  test_node_know(c, 0, 0x10, 10);
  test_tap_start(&tap, c);
  uint32_t ticket = test_cluster_find(c, 0, &target);
  for (uint8_t i = 0; i < 4 && !test_cluster_result(c, ticket)->over; i++) {
    answer_lookup(c, &tap, (uint8_t)(0x20 + i), 20u + i);
    answer_lookup(c, &tap, 0, 0);
  }
  cr_expect(test_cluster_result(c, ticket)->over && count_lookups(&tap, 10) == 3);
  test_tap_free(&tap);
  test_cluster_free(c);
}

/* mc-drt 7.8 steps 9 and 10, H36: with seven entries A is set and a farther node is a next hop; with
 * eight neither, and who offers such a node is not asked again. */
Test(node_stories, a_small_cache_makes_a_search_go_round)
{
  for (uint32_t entries = 7; entries <= 8; entries++) {
    TestCluster *c = open_alone(1, 1);
    TestTap tap;
    DrtKey target = test_key_byte(0x61);
    test_node_know(c, 0, 0x60, 6);
    for (uint8_t i = 1; i < entries; i++)
      test_node_know(c, 0, (uint8_t)(0x80 + i), 100u + i);
    test_tap_start(&tap, c);
    uint32_t ticket = test_cluster_find(c, 0, &target);
    cr_expect(test_tap_last(&tap, 0).lookup.flags == (entries < 8 ? DRT_LOOKUP_ANY : 0));
    answer_lookup(c, &tap, 0x20, 20);
    cr_expect(count_lookups(&tap, 20) == (entries < 8), "%u entries", entries);
    cr_expect(test_cluster_result(c, ticket)->over == (entries == 8));
    test_tap_free(&tap);
    test_cluster_free(c);
  }
}
