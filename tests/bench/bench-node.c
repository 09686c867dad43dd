/* What a node costs in a cloud that has settled: nanoseconds per received message by type, messages
 * per node and second while nobody wants anything, and bytes, by what they are for.
 *
 *   bench-node [--tiny] [--nodes N]
 *
 * The time of a step includes decoding, the answer and its encoding. The clock itself is part of it;
 * instructions, which are free of that, come from tests/bench/instructions-node.sh. */
#include "test-cluster.h"

#include "drt-node-private.h"
#include "test-random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERIODS 20

static const struct {
  DrtMsgType type;
  const char *name;
} types[] = {
  { DRT_SOLICIT, "SOLICIT" }, { DRT_ADVERTISE, "ADVERTISE" }, { DRT_REQUEST, "REQUEST" },
  { DRT_FLOOD, "FLOOD" },     { DRT_INQUIRE, "INQUIRE" },     { DRT_AUTHORITY, "AUTHORITY" },
  { DRT_ACK, "ACK" },         { DRT_LOOKUP, "LOOKUP" },
};
#define TYPES (sizeof types / sizeof *types)

static TestCluster *
make_cloud(uint32_t n, DrtKey *keys)
{
  TestCluster *cluster = test_cluster_new(1, n);
  TestRandom random = { 1001 };
  test_cluster_time_steps(cluster);
  for (uint32_t i = 0; i < n; i++) {
    for (int k = 0; k < 4; k++)
      keys[i].w[k] = test_random(&random);
    test_cluster_open(cluster, i);
    test_cluster_register(cluster, i, &keys[i]);
    test_cluster_run(cluster, DRT_SECOND);
  }
  return cluster;
}

static void
print_times(const TestCluster *cluster, const char *what)
{
  printf("%s:\n", what);
  for (size_t i = 0; i < TYPES; i++) {
    TestStepTime time = test_cluster_step_time(cluster, types[i].type);
    if (time.count > 0)
      printf("  %-10s %9lu received, %6.0f ns each\n", types[i].name, (unsigned long)time.count,
             (double)time.ns / (double)time.count);
  }
}

static void
print_rates(const TestCluster *cluster, const uint64_t *before, uint32_t n, double seconds)
{
  printf("messages per node and second while idle:\n");
  for (size_t i = 0; i < TYPES; i++) {
    uint64_t sent = test_cluster_sent(cluster, types[i].type) - before[i];
    printf("  %-10s %.4f\n", types[i].name, (double)sent / n / seconds);
  }
}

static void
print_bytes(TestCluster *cluster, uint32_t n)
{
  const DrtPool *pool = test_cluster_pool(cluster);
  size_t caches = 0, entries = 0;
  for (uint32_t i = 0; i < n; i++) {
    const DrtNode *node = test_cluster_node(cluster, i);
    caches += drt_cache_bytes(&node->cache);
    entries += node->cache.n;
  }
  size_t store = drt_store_bytes(&pool->store), all = test_cluster_bytes(cluster);
  size_t passing = drt_slab_bytes(&pool->pendings) + drt_slab_bytes(&pool->intakes) +
                   drt_slab_bytes(&pool->conversations) + drt_slab_bytes(&pool->resolves) +
                   drt_slab_bytes(&pool->audits) + drt_slab_bytes(&pool->discoveries);
  size_t blobs = 0;
  for (uint32_t i = 0; i < DRT_BLOB_CLASSES; i++)
    blobs += drt_slab_bytes(&pool->blobs.slabs[i]);
  printf("bytes per node: %.0f, of which\n", (double)all / n);
  printf("  node           %zu\n", sizeof(DrtNode));
  printf("  key, leaf set  %zu\n", sizeof(DrtLocal));
  printf("  route cache    %.0f (%.1f entries)\n", (double)caches / n, (double)entries / n);
  printf("  entry store    %.0f (shared, %u entries)\n", (double)store / n,
         drt_store_count(&pool->store));
  printf("  requests, searches, conversations: room for the busiest moment %.0f\n",
         (double)passing / n);
  printf("  datagrams to repeat, payloads: likewise %.0f\n", (double)blobs / n);
}

int
main(int argc, char **argv)
{
  uint32_t n = 1000;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--tiny") == 0) {
      n = 20;
    } else if (strcmp(argv[i], "--nodes") == 0 && i + 1 < argc && atoi(argv[i + 1]) > 1) {
      n = (uint32_t)atoi(argv[++i]);
    } else {
      fprintf(stderr, "usage: bench-node [--tiny] [--nodes N]\n");
      return 2;
    }
  }
#if DRT_DEBUG_CHECKS
  puts("(debug checks are on: times mean nothing)");
#endif
  DrtKey *keys = calloc(n, sizeof *keys);
  if (keys == NULL)
    return 1;
  TestCluster *cluster = make_cloud(n, keys);
  print_times(cluster, "while the nodes join");
  test_cluster_run(cluster, 10 * 15 * DRT_SECOND);
  uint64_t before[TYPES];
  for (size_t i = 0; i < TYPES; i++)
    before[i] = test_cluster_sent(cluster, types[i].type);
  test_cluster_time_steps(cluster);
  test_cluster_run(cluster, PERIODS * 15 * DRT_SECOND);
  print_times(cluster, "while idle");
  print_rates(cluster, before, n, PERIODS * 15.0);
  print_bytes(cluster, n);
  test_cluster_free(cluster);
  free(keys);
  return 0;
}
