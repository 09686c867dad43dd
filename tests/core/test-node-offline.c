/* Losing the network (mc-drt 7.14): nothing may wait for answers that cannot come. */
#include "drt-node-private.h"

#include <criterion/criterion.h>

#include "test-cluster.h"
#include "test-keys.h"

static bool
nothing_waits(const DrtNode *node)
{
  return node->asked_n == 0 && node->resolves == 0 && node->audits == 0 && node->intakes_n == 0 &&
         node->conversations == 0;
}

/* A search without time-out ends at once, with DRT_E_NO_MORE in the words of the API (DEC-47). */
Test(offline, ends_what_waits_for_an_answer)
{
  TestCluster *cluster = test_cluster_new(1, 4);
  for (uint32_t i = 0; i < 4; i++) {
    DrtKey key = test_key_byte((uint8_t)(0x20 * (i + 1)));
    test_cluster_open(cluster, i);
    test_cluster_register(cluster, i, &key);
    test_cluster_run(cluster, 5 * DRT_SECOND);
  }
  DrtKey missing = test_key_byte(0x90);
  DrtSearchSpec spec = { .target = missing,
                         .least = missing,
                         .most = missing,
                         .results_max = 1,
                         .exact = true,
                         .deadline = DRT_TIME_NEVER };
  uint32_t ticket = test_cluster_search(cluster, 0, &spec);
  cr_expect(!test_cluster_result(cluster, ticket)->over);
  test_cluster_disconnect(cluster, 0);
  const TestSearch *search = test_cluster_result(cluster, ticket);
  cr_expect(search->over && search->end == DRT_SEARCH_NO_MORE && search->results == 0);
  cr_expect(nothing_waits(test_cluster_node(cluster, 0)));
  test_cluster_run(cluster, 60 * DRT_SECOND);
  cr_expect(nothing_waits(test_cluster_node(cluster, 0)));

  test_cluster_reconnect(cluster, 0);
  test_cluster_run(cluster, 60 * DRT_SECOND);
  TestRingReport ring = test_cluster_ring(cluster);
  cr_expect(ring.keys == 4 && ring.positions_wrong == 0);
  test_cluster_free(cluster);
}
