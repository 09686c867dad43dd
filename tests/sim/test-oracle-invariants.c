/* Every invariant fires when its rule is broken, and is silent in a healthy cloud. */
#include "sim-oracle-private.h"
#include "sim-world-private.h"
#include "test-world.h"

#include <criterion/criterion.h>

typedef struct {
  TestWorld *test;
  SimWorld *world;
  SimOracle *oracle;
} Cloud;

static Cloud
new_cloud(void)
{
  Cloud cloud = { .test = test_world_new(1, 8, 1) };
  cloud.world = cloud.test->world;
  cloud.oracle = sim_oracle_new(cloud.world);
  test_world_start(cloud.test, 8 * SIM_SECOND, 60 * SIM_SECOND);
  sim_oracle_sample(cloud.oracle);
  return cloud;
}

/* Nothing but @broken was found broken, by @node. */
static void
expect_broken(Cloud *cloud, SimInvariant broken, uint32_t node)
{
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++) {
    const SimViolation *violation = sim_oracle_violation(cloud->oracle, i);
    if (i != broken) {
      cr_expect(violation->count == 0, "%s as well: %s", sim_invariant_name(i), violation->what);
      continue;
    }
    cr_expect(violation->count > 0 && violation->what != NULL, "%s", sim_invariant_name(i));
    cr_expect(violation->node == node, "%s: by node %u", sim_invariant_name(i), violation->node);
    cr_expect(violation->at <= sim_world_now(cloud->world));
  }
  sim_oracle_free(cloud->oracle);
  test_world_free(cloud->test);
}

static DrtNode *
core_of(const Cloud *cloud, uint32_t node)
{
  return (DrtNode *)drt_transport_node(sim_world_transport(cloud->world, node));
}

static DrtLocal *
local_of(const Cloud *cloud, uint32_t node)
{
  DrtKey key = drt_key_from_wire(sim_world_key(cloud->world, node, 0)->bytes);
  return drt_node_find_local(core_of(cloud, node), &key);
}

static void
touch(const Cloud *cloud, uint32_t node)
{
  sim_oracle_touch(cloud->oracle, cloud->oracle->nodes[node].keys);
}

Test(invariants, are_silent_in_a_healthy_cloud_and_in_a_disturbed_one)
{
  Cloud cloud = new_cloud();
  static const uint16_t parts[] = { 1, 1, 1, 1, 2, 2, 2, 2 };
  for (int round = 0; round < 3; round++) {
    SimKey key = *sim_world_key(cloud.world, 3, 0);
    test_world_search(cloud.test, 0, &key);
    sim_world_stop(cloud.world, 1);
    sim_world_crash(cloud.world, 2);
    sim_world_disconnect(cloud.world, 4);
    sim_net_partition(sim_world_net(cloud.world), parts);
    sim_oracle_disturbed(cloud.oracle, false);
    test_world_run(cloud.test, 100 * SIM_SECOND);
    sim_oracle_sample(cloud.oracle);
    sim_net_heal(sim_world_net(cloud.world));
    sim_oracle_disturbed(cloud.oracle, true);
    sim_world_restart(cloud.world, 1);
    sim_world_restart(cloud.world, 2);
    sim_world_reconnect(cloud.world, 4);
    for (int i = 0; i < 400; i++) {
      test_world_run(cloud.test, SIM_SECOND);
      sim_oracle_sample(cloud.oracle);
    }
  }
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++)
    cr_expect(sim_oracle_violation(cloud.oracle, i)->count == 0, "%s: %s", sim_invariant_name(i),
              sim_oracle_violation(cloud.oracle, i)->what);
  sim_oracle_free(cloud.oracle);
  test_world_free(cloud.test);
}

Test(invariants, ring_order_sees_two_members_in_the_wrong_order)
{
  Cloud cloud = new_cloud();
  DrtLeafset *leaves = &local_of(&cloud, 3)->leaves;
  DrtHandle first = leaves->leaf[DRT_ABOVE][0];
  leaves->leaf[DRT_ABOVE][0] = leaves->leaf[DRT_ABOVE][1];
  leaves->leaf[DRT_ABOVE][1] = first;
  touch(&cloud, 3);
  sim_oracle_sample(cloud.oracle);
  first = leaves->leaf[DRT_ABOVE][0]; /* mended, or the core would stop at it */
  leaves->leaf[DRT_ABOVE][0] = leaves->leaf[DRT_ABOVE][1];
  leaves->leaf[DRT_ABOVE][1] = first;
  expect_broken(&cloud, SIM_INVARIANT_RING_ORDER, 3);
}

/* An entry comes in while nobody has vouched for it. */
Test(invariants, cache_unproven_sees_an_entry_without_a_proof)
{
  Cloud cloud = new_cloud();
  const DrtNode *node = core_of(&cloud, 2);
  cr_assert(node->cache.n > 0);
  DrtHandle entry = node->cache.handles[0];
  cloud.oracle->arrived_type = SIM_MESSAGE_FLOOD;
  for (uint32_t i = 0; i < cloud.world->watcher_count; i++) {
    const SimWatcher *watcher = &cloud.world->watchers[i];
    if (watcher->observed != NULL)
      watcher->observed(watcher->data, 2, DRT_TRACE_CACHE_IN, entry, 0);
  }
  expect_broken(&cloud, SIM_INVARIANT_CACHE_UNPROVEN, 2);
}

/* A result with a key that nobody has, served by somebody. */
Test(invariants, served_after_unregister_sees_a_key_that_is_gone)
{
  Cloud cloud = new_cloud();
  SimKey gone = *sim_world_key(cloud.world, 5, 0);
  sim_world_unregister(cloud.world, 5, &gone);
  test_world_run(cloud.test, 5 * SIM_SECOND);
  uint8_t api[SIM_KEY_LEN];
  sim_key_to_api(&gone, api);
  SimSearch search = { .id = 1,
                       .node = 0,
                       .started = sim_world_now(cloud.world),
                       .results = 1,
                       .server = 5,
                       .query = { .target = gone, .least = gone, .most = gone } };
  DRT_SEARCH_RESULT result = { .registration = { .key = { SIM_KEY_LEN, api } } };
  sim_oracle_search_result(cloud.oracle, &search, &result);
  expect_broken(&cloud, SIM_INVARIANT_SERVED_AFTER_UNREGISTER, 5);
}

/* A key found at a node that does not own it: with derived keys alone is that a broken promise. */
Test(invariants, forged_binding_sees_a_key_at_a_liar)
{
  Cloud cloud = new_cloud();
  SimKey claimed = *sim_world_key(cloud.world, 5, 0);
  uint8_t api[SIM_KEY_LEN];
  sim_key_to_api(&claimed, api);
  SimSearch search = { .id = 1, .started = sim_world_now(cloud.world), .results = 1, .server = 6 };
  DRT_SEARCH_RESULT result = { .registration = { .key = { SIM_KEY_LEN, api } } };
  sim_oracle_search_result(cloud.oracle, &search, &result);
  cr_expect(sim_oracle_violation(cloud.oracle, SIM_INVARIANT_FORGED_BINDING)->count == 0);
  cloud.world->groups[0].security = SIM_SECURITY_DERIVED_KEY;
  sim_oracle_search_result(cloud.oracle, &search, &result);
  cloud.world->groups[0].security = SIM_SECURITY_NULL;
  expect_broken(&cloud, SIM_INVARIANT_FORGED_BINDING, 6);
}

/* The same while the key went during the search is nobody's fault. */
Test(invariants, served_after_unregister_allows_what_was_under_way)
{
  Cloud cloud = new_cloud();
  SimKey gone = *sim_world_key(cloud.world, 5, 0);
  SimTime before = sim_world_now(cloud.world);
  sim_world_unregister(cloud.world, 5, &gone);
  uint8_t api[SIM_KEY_LEN];
  sim_key_to_api(&gone, api);
  SimSearch search = { .id = 1, .started = before, .results = 1, .server = 5 };
  DRT_SEARCH_RESULT result = { .registration = { .key = { SIM_KEY_LEN, api } } };
  sim_oracle_search_result(cloud.oracle, &search, &result);
  cr_expect(sim_oracle_violation(cloud.oracle, SIM_INVARIANT_SERVED_AFTER_UNREGISTER)->count == 0);
  sim_oracle_free(cloud.oracle);
  test_world_free(cloud.test);
}

Test(invariants, low_port_sees_a_datagram_to_a_system_port)
{
  Cloud cloud = new_cloud();
  uint8_t endpoint[SIM_ENDPOINT_LEN] = { 1023 >> 8, 1023 & 0xff };
  sim_net_address(4, endpoint + 2);
  sim_net_inject(sim_world_net(cloud.world), sim_world_now(cloud.world), 6, SIM_PORT_FIRST,
                 endpoint, endpoint, 10);
  endpoint[0] = 1024 >> 8;
  endpoint[1] = 1024 & 0xff;
  sim_net_inject(sim_world_net(cloud.world), sim_world_now(cloud.world), 6, SIM_PORT_FIRST,
                 endpoint, endpoint, 10);
  cr_expect(sim_oracle_violation(cloud.oracle, SIM_INVARIANT_LOW_PORT)->count == 1);
  expect_broken(&cloud, SIM_INVARIANT_LOW_PORT, 6);
}

Test(invariants, pending_bounded_sees_a_list_that_is_too_long)
{
  Cloud cloud = new_cloud();
  DrtNode *node = core_of(&cloud, 7);
  uint32_t n = node->intakes_n;
  node->intakes_n = (uint32_t)node->settings->intakes_max + 1;
  sim_oracle_sample(cloud.oracle);
  node->intakes_n = n;
  expect_broken(&cloud, SIM_INVARIANT_PENDING_BOUNDED, 7);
}

/* Half of the cloud is cut off, and nobody says so to the oracle. */
Test(invariants, one_ring_sees_two_in_a_quiet_cloud)
{
  Cloud cloud = new_cloud();
  static const uint16_t parts[] = { 1, 1, 1, 1, 2, 2, 2, 2 };
  sim_net_partition(sim_world_net(cloud.world), parts);
  for (int i = 0; i < 400; i++) {
    test_world_run(cloud.test, SIM_SECOND);
    sim_oracle_sample(cloud.oracle);
  }
  expect_broken(&cloud, SIM_INVARIANT_ONE_RING, 0);
}

static DRT_EVENT_DATA
status_event(DRT_STATUS status)
{
  DRT_EVENT_DATA event = { .type = DRT_EVENT_STATUS_CHANGED };
  event.statusChange.status = status;
  return event;
}

Test(invariants, state_machine_sees_what_follows_a_fault)
{
  Cloud cloud = new_cloud();
  sim_world_fault(cloud.world, 3);
  DRT_EVENT_DATA event = status_event(DRT_ACTIVE);
  sim_oracle_check_event(cloud.oracle, 3, &event);
  expect_broken(&cloud, SIM_INVARIANT_STATE_MACHINE, 3);
}

/* DEC-12: a key may be unregistered after the fault, and that is told; nothing else about keys is. */
Test(invariants, state_machine_knows_the_end_of_a_key)
{
  Cloud cloud = new_cloud();
  sim_world_fault(cloud.world, 3);
  uint8_t own[32] = { 1 }, other[32] = { 2 };
  DRT_EVENT_DATA event = { .type = DRT_EVENT_LEAFSET_KEY_CHANGED };
  event.leafsetKeyChange.change = DRT_LEAFSET_KEY_DELETED;
  event.leafsetKeyChange.localKey = event.leafsetKeyChange.remoteKey = (DRT_DATA){ 32, own };
  sim_oracle_check_event(cloud.oracle, 3, &event);
  cr_expect(sim_oracle_violation(cloud.oracle, SIM_INVARIANT_STATE_MACHINE)->count == 0);
  event.leafsetKeyChange.remoteKey = (DRT_DATA){ 32, other };
  sim_oracle_check_event(cloud.oracle, 3, &event);
  expect_broken(&cloud, SIM_INVARIANT_STATE_MACHINE, 3);
}

Test(invariants, state_machine_sees_a_status_that_is_told_twice)
{
  Cloud cloud = new_cloud();
  DRT_EVENT_DATA event = status_event(DRT_ACTIVE);
  sim_oracle_check_event(cloud.oracle, 2, &event);
  expect_broken(&cloud, SIM_INVARIANT_STATE_MACHINE, 2);
}

/* A search of which the end is never told. */
Test(invariants, search_ends_sees_one_that_does_not)
{
  Cloud cloud = new_cloud();
  SimSearch search = { .id = UINT64_C(6) << 32,
                       .node = 5,
                       .started = sim_world_now(cloud.world),
                       .query = { .timeout_ms = 1000 } };
  sim_oracle_search_started(cloud.oracle, &search);
  test_world_run(cloud.test, 3 * SIM_SECOND);
  sim_oracle_sample(cloud.oracle);
  cr_expect(sim_oracle_violation(cloud.oracle, SIM_INVARIANT_SEARCH_ENDS)->count == 0, "in time");
  test_world_run(cloud.test, SIM_SECOND);
  sim_oracle_sample(cloud.oracle);
  expect_broken(&cloud, SIM_INVARIANT_SEARCH_ENDS, 5);
}

/* design.md: a sample costs what has changed. Of three hundred nodes, one has. */
Test(sampling, looks_at_what_has_changed_alone)
{
  TestWorld *test = test_world_new(2, 300, 1);
  SimOracle *oracle = sim_oracle_new(test->world);
  test_world_start(test, 60 * SIM_SECOND, 120 * SIM_SECOND);
  sim_oracle_sample(oracle);
  cr_expect(oracle->stale_first == NULL && oracle->unseen->len == 0);
  sim_world_crash(test->world, 77);
  uint32_t touched = 0;
  for (const SimOracleKey *key = oracle->stale_first; key != NULL; key = key->next_stale)
    touched++;
  cr_expect(touched >= 10 && touched <= 12, "the five on either side: %u", touched);
  sim_oracle_free(oracle);
  test_world_free(test);
}
