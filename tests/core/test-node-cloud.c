/* Whole clouds in virtual time against the figures of mc-drt 9.7: nodes that join one after another
 * find each other, leaf sets come out right, a fifth may crash, and a cloud cut in two becomes one
 * again. Every step of every node checks its invariants (drt_node_check) in debug builds. */
#include "test-cluster.h"

#include <criterion/criterion.h>

#include "test-keys.h"

#define PERIOD (15 * DRT_SECOND)

static DrtKey
random_key(TestRandom *random)
{
  DrtKey key;
  for (int i = 0; i < 4; i++)
    key.w[i] = test_random(random);
  return key;
}

/* @n nodes with a key each, @pause apart. */
static TestCluster *
grow_cloud(uint64_t seed, uint32_t n, DrtTime pause, DrtKey *keys)
{
  TestCluster *cluster = test_cluster_new(seed, n);
  TestRandom random = { seed + 1000 };
  for (uint32_t i = 0; i < n; i++) {
    keys[i] = random_key(&random);
    test_cluster_open(cluster, i);
    test_cluster_register(cluster, i, &keys[i]);
    test_cluster_run(cluster, pause);
  }
  return cluster;
}

/* Of @n searches by alive nodes for keys of alive nodes: how many were found, with the right
 * payload. */
static uint32_t
count_found(TestCluster *cluster, uint32_t nodes, const DrtKey *keys, uint32_t n,
            TestRandom *random)
{
  uint32_t tickets[300], owners[300], found = 0;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t from, to;
    do
      from = test_random_below(random, nodes);
    while (test_cluster_node(cluster, from) == NULL);
    do
      to = test_random_below(random, nodes);
    while (test_cluster_node(cluster, to) == NULL || to == from);
    owners[i] = to;
    tickets[i] = test_cluster_find(cluster, from, &keys[to]);
    test_cluster_run(cluster, 50 * DRT_MILLISECOND);
  }
  test_cluster_run(cluster, 12 * DRT_SECOND);
  for (uint32_t i = 0; i < n; i++) {
    const TestSearch *search = test_cluster_result(cluster, tickets[i]);
    uint32_t owner;
    memcpy(&owner, search->payload[0], sizeof owner);
    found += search->results == 1 && drt_key_equal(&search->key[0], &keys[owners[i]]) &&
             search->payload_n[0] == 8 && owner == owners[i];
  }
  return found;
}

static void
join_and_crash(uint64_t seed, uint32_t n)
{
  DrtKey *keys = calloc(n, sizeof *keys);
  TestRandom random = { seed };
  TestCluster *cluster = grow_cloud(seed, n, DRT_SECOND, keys);
  cr_expect(test_cluster_ring(cluster).nearest_wrong == 0, "%u nodes, seed %lu: neighbours", n,
            (unsigned long)seed);
  test_cluster_run(cluster, 8 * PERIOD);
  TestRingReport ring = test_cluster_ring(cluster);
  cr_expect(ring.keys == n && ring.rings == 1);
  cr_expect(ring.positions_wrong * 1000 <= ring.positions * 2,
            "%u nodes, seed %lu: %u of %u positions wrong", n, (unsigned long)seed,
            ring.positions_wrong, ring.positions);
  cr_expect(count_found(cluster, n, keys, 300, &random) == 300, "%u nodes, seed %lu", n,
            (unsigned long)seed);

  for (uint32_t crashed = 0; crashed < n / 5;) {
    uint32_t i = test_random_below(&random, n);
    if (test_cluster_node(cluster, i) == NULL)
      continue;
    test_cluster_crash(cluster, i);
    crashed++;
  }
  test_cluster_run(cluster, 8 * PERIOD);
  ring = test_cluster_ring(cluster);
  /* The audit leaves nothing behind (PROTOCOL.md 7.10): 0.05 % is room for bad luck. */
  cr_expect(ring.positions_wrong * 2000 <= ring.positions, "%u nodes, seed %lu: %u of %u wrong", n,
            (unsigned long)seed, ring.positions_wrong, ring.positions);
  cr_expect(ring.nearest_wrong * 100 < ring.keys,
            "%u nodes, seed %lu: %u keys with a wrong neighbour", n, (unsigned long)seed,
            ring.nearest_wrong);
  cr_expect(count_found(cluster, n, keys, 200, &random) >= 193, "%u nodes, seed %lu", n,
            (unsigned long)seed);
  test_cluster_free(cluster);
  free(keys);
}

/* mc-drt 9.7: every search found; positions wrong at most 0.2 % after eight periods; after a fifth
 * crashed and eight more, under 1 % of the keys with a wrong neighbour. */
Test(node_cloud, of_30_joins_and_survives_the_crash_of_a_fifth)
{
  for (uint64_t seed = 1; seed <= 5; seed++)
    join_and_crash(seed, 30);
}

Test(node_cloud, of_200_joins_and_survives_the_crash_of_a_fifth)
{
  for (uint64_t seed = 1; seed <= 3; seed++)
    join_and_crash(seed, 200);
}

Test(node_cloud, of_1000_joins_and_survives_the_crash_of_a_fifth)
{
  join_and_crash(1, 1000);
}

/* Small clouds have no excuse at all: every position right once the joins are through (H33). */
Test(node_cloud, of_a_few_nodes_is_right_in_every_position)
{
  for (uint32_t n = 2; n <= 12; n++) {
    DrtKey keys[12];
    TestCluster *cluster = grow_cloud(n, n, DRT_SECOND, keys);
    test_cluster_run(cluster, 4 * PERIOD);
    TestRingReport ring = test_cluster_ring(cluster);
    cr_expect(ring.positions_wrong == 0 && ring.rings == 1, "%u nodes: %u of %u wrong", n,
              ring.positions_wrong, ring.positions);
    test_cluster_free(cluster);
  }
}

/* mc-drt 7.13, H43 to H45: 90 and 210 nodes, cut from one cloud, six minutes apart: one ring within
 * eight minutes after the cut is healed, every nearest neighbour right within twelve. */
Test(node_cloud, that_was_cut_in_two_becomes_one_ring_again)
{
  enum { NODES = 300, SMALLER = 90 };
  for (uint64_t seed = 1; seed <= 10; seed++) {
    DrtKey keys[NODES];
    TestRandom random = { seed + 5 };
    TestCluster *cluster = grow_cloud(seed, NODES, DRT_SECOND / 4, keys);
    test_cluster_run(cluster, 4 * PERIOD);
    uint32_t left = SMALLER;
    for (uint32_t i = 0; i < NODES; i++)
      if (test_random_below(&random, NODES - i) < left) {
        test_cluster_part(cluster, i, 1);
        left--;
      }
    test_cluster_run(cluster, 360 * DRT_SECOND);
    cr_expect(test_cluster_ring(cluster).rings == 2, "seed %lu: the cut made %u rings",
              (unsigned long)seed, test_cluster_ring(cluster).rings);
    for (uint32_t i = 0; i < NODES; i++)
      test_cluster_part(cluster, i, 0);
    test_cluster_run(cluster, 480 * DRT_SECOND);
    cr_expect(test_cluster_ring(cluster).rings == 1, "seed %lu: %u rings after eight minutes",
              (unsigned long)seed, test_cluster_ring(cluster).rings);
    test_cluster_run(cluster, 240 * DRT_SECOND);
    cr_expect(test_cluster_ring(cluster).nearest_wrong == 0,
              "seed %lu: %u keys with a wrong neighbour after twelve minutes", (unsigned long)seed,
              test_cluster_ring(cluster).nearest_wrong);
    test_cluster_free(cluster);
  }
}

/* The same seed is the same run: every counter of messages agrees. */
Test(node_cloud, with_one_seed_runs_twice_alike)
{
  static const DrtMsgType types[] = { DRT_SOLICIT, DRT_ADVERTISE, DRT_REQUEST, DRT_FLOOD,
                                      DRT_INQUIRE, DRT_AUTHORITY, DRT_ACK,     DRT_LOOKUP };
  uint64_t first[8];
  for (int run = 0; run < 2; run++) {
    DrtKey keys[60];
    TestCluster *cluster = grow_cloud(7, 60, DRT_SECOND, keys);
    test_cluster_run(cluster, 4 * PERIOD);
    for (int i = 0; i < 8; i++) {
      if (run == 0)
        first[i] = test_cluster_sent(cluster, types[i]);
      cr_expect(test_cluster_sent(cluster, types[i]) == first[i]);
    }
    test_cluster_free(cluster);
  }
}
