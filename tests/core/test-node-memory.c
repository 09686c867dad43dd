/* The n-th piece of memory is refused, for every n, through the life of a small cloud: the call
 * reports it, or the node ends FAULTED and says so; nothing leaks (test_cluster_free looks), and the
 * other nodes go on (mc-drt 5.5). */
#include "test-node.h"

#include <criterion/criterion.h>

#include "test-bulky.h"
#include "test-keys.h"

enum { NODES = 4 };

typedef struct {
  TestCluster *c;
  DrtLocalId id[NODES];
} Cloud;

/* A host asks nothing of a node that is FAULTED. */
static bool
well(const Cloud *cloud, uint32_t i)
{
  const DrtNode *node = test_cluster_node(cloud->c, i);
  return node != NULL && drt_node_status(node) != DRT_NODE_FAULTED;
}

static void
register_key(Cloud *cloud, uint32_t i)
{
  DrtKey key = test_key_byte((uint8_t)(0x40 * i + 0x10));
  if (!well(cloud, i))
    return;
  cloud->id[i] = test_cluster_register(cloud->c, i, &key);
  cr_assert(cloud->id[i] != 0 || test_cluster_memory(cloud->c)->fail_at != 0);
}

/* Open, register, join, search, unregister, close, one after the other; those who fell out are
 * passed over. */
static void
live(Cloud *cloud)
{
  TestCluster *c = cloud->c;
  uint32_t peers[NODES] = { 0, 1, 2, 3 };
  for (uint32_t i = 0; i < NODES; i++) {
    test_cluster_open_at(c, i, peers, i);
    register_key(cloud, i);
    test_cluster_run(c, 2 * DRT_SECOND);
  }
  test_cluster_run(c, 20 * DRT_SECOND);
  for (uint32_t i = 0; i < NODES; i++) {
    DrtKey key = test_key_byte((uint8_t)(0x40 * ((i + 1) % NODES) + 0x10));
    if (well(cloud, i))
      test_cluster_find(c, i, &key);
  }
  test_cluster_run(c, 5 * DRT_SECOND);
  if (cloud->id[1] != 0)
    test_cluster_unregister(c, 1, cloud->id[1]);
  test_cluster_run(c, 3 * DRT_SECOND);
}

static void
close_all(Cloud *cloud)
{
  for (uint32_t i = 0; i < NODES; i++)
    if (test_cluster_node(cloud->c, i) != NULL)
      test_cluster_close(cloud->c, i);
  test_cluster_run(cloud->c, 3 * DRT_SECOND);
  for (uint32_t i = 0; i < NODES; i++)
    cr_assert(test_cluster_node(cloud->c, i) == NULL, "node %u is not CLOSED after 3 s", i);
}

/* What the application of @i was told last; how often FAULTED. */
static uint32_t
count_faults(TestCluster *c, uint32_t i)
{
  uint32_t faults = 0;
  DrtOutput event;
  while (test_cluster_event(c, i, &event))
    if (event.kind == DRT_OUT_STATUS && event.status.status == DRT_NODE_FAULTED) {
      faults++;
      cr_assert(event.status.fault == DRT_FAULT_NO_MEMORY);
    }
  return faults;
}

static void
judge(Cloud *cloud, size_t n)
{
  uint32_t faulted = 0, absent = 0;
  for (uint32_t i = 0; i < NODES; i++) {
    const DrtNode *node = test_cluster_node(cloud->c, i);
    uint32_t told = count_faults(cloud->c, i);
    if (node == NULL) {
      absent++;
      continue;
    }
    bool is = drt_node_status(node) == DRT_NODE_FAULTED;
    faulted += is;
    cr_assert(told == is, "take %zu: node %u is %d, told %u times", n, i,
              (int)drt_node_status(node), told);
    if (is) {
      cr_assert(drt_node_deadline(node) == DRT_TIME_NEVER);
      cr_assert(node->asked_n == 0 && node->intakes_n == 0 && node->resolves_n == 0);
    }
  }
  /* One take failed, so at most one node fell out or one registration or search did. */
  cr_assert(faulted + absent <= 1, "take %zu: %u faulted, %u absent", n, faulted, absent);
}

/* The three that are left after @n failed still find each other. */
static void
others_go_on(Cloud *cloud, size_t n)
{
  TestCluster *c = cloud->c;
  uint32_t tickets[NODES][NODES];
  for (uint32_t pass = 0; pass < 2; pass++, test_cluster_run(c, 10 * DRT_SECOND))
    for (uint32_t i = 0; i < NODES; i++)
      for (uint32_t k = 0; k < NODES; k++) {
        const DrtNode *from = test_cluster_node(c, i), *to = test_cluster_node(c, k);
        if (i == k || from == NULL || to == NULL || drt_node_status(from) == DRT_NODE_FAULTED ||
            drt_node_status(to) == DRT_NODE_FAULTED || to->locals == 0 || from->cache.n == 0)
          continue;
        DrtKey key = test_key_byte((uint8_t)(0x40 * k + 0x10));
        if (pass == 0)
          tickets[i][k] = test_cluster_find(c, i, &key);
        else
          cr_assert(test_cluster_result(c, tickets[i][k])->results == 1,
                    "take %zu: node %u does not find %u", n, i, k);
      }
}

/* In this mode, with credentials that make fragments in the secured ones. */
static TestCluster *
new_cluster(DrtMode mode)
{
  static TestBulky bulky;
  TestCluster *c = test_cluster_new(1, NODES);
  test_bulky_init(&bulky, 2000);
  if (mode != DRT_MODE_RESOLVE)
    test_cluster_secure(c, mode, &bulky.security);
  return c;
}

static size_t
count_takes(DrtMode mode)
{
  Cloud cloud = { .c = new_cluster(mode) };
  live(&cloud);
  close_all(&cloud);
  size_t takes = test_cluster_memory(cloud.c)->takes;
  test_cluster_free(cloud.c);
  return takes;
}

/* Every take in resolve mode, a sample of them in the others. */
static void
refuse_one(DrtMode mode)
{
  size_t takes = count_takes(mode), step = mode == DRT_MODE_RESOLVE ? 1 : takes / 150 + 1;
  cr_assert(takes > 15);
  for (size_t n = 1; n <= takes; n += step) {
    Cloud cloud = { .c = new_cluster(mode) };
    test_cluster_memory(cloud.c)->fail_at = n;
    live(&cloud);
    test_cluster_memory(cloud.c)->fail_at = 0;
    judge(&cloud, n);
    test_cluster_run(cloud.c, 30 * DRT_SECOND);
    others_go_on(&cloud, n);
    close_all(&cloud);
    test_cluster_free(cloud.c);
  }
}

Test(node_memory, one_refusal_harms_one_node_at_most)
{
  refuse_one(DRT_MODE_RESOLVE);
}

Test(node_memory, one_refusal_harms_one_member_at_most)
{
  refuse_one(DRT_MODE_MEMBERSHIP);
}

Test(node_memory, one_refusal_harms_one_confidant_at_most)
{
  refuse_one(DRT_MODE_CONFIDENTIAL);
}

/* From the n-th on there is no memory at all: every node may fall, none may crash or hang. */
static void
refuse_all(DrtMode mode)
{
  size_t takes = count_takes(mode), step = mode == DRT_MODE_RESOLVE ? 1 : takes / 150 + 1;
  for (size_t n = 1; n <= takes; n += step) {
    Cloud cloud = { .c = new_cluster(mode) };
    test_cluster_memory(cloud.c)->fail_at = n;
    test_cluster_memory(cloud.c)->fail_on = true;
    live(&cloud);
    if (test_cluster_memory(cloud.c)->pieces > 3) /* the outbox is there: the end can be told */
      close_all(&cloud);
    test_cluster_free(cloud.c);
  }
}

Test(node_memory, no_memory_any_more_is_no_crash)
{
  for (DrtMode mode = DRT_MODE_RESOLVE; mode <= DRT_MODE_CONFIDENTIAL; mode++)
    refuse_all(mode);
}

/* A registration that fails leaves the node as it was. */
Test(node_memory, a_registration_without_memory_changes_nothing)
{
  for (size_t n = 1; n <= 12; n++) {
    TestCluster *c = test_cluster_new(1, 2);
    test_cluster_open_at(c, 0, NULL, 0);
    test_cluster_run(c, 0);
    char *before = test_node_picture(test_cluster_node(c, 0));
    TestMemory *memory = test_cluster_memory(c);
    memory->fail_at = memory->takes + n;
    DrtKey key = test_key_byte(0x10);
    DrtLocalId id = test_cluster_register(c, 0, &key);
    memory->fail_at = 0;
    char *after = test_node_picture(test_cluster_node(c, 0));
    if (id == 0)
      cr_expect_str_eq(after, before, "take %zu", n);
    free(before), free(after);
    test_cluster_free(c);
  }
}
