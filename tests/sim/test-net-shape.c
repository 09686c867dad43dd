/* Access links: when packets leave and arrive, by hand. A packet of 52 bytes is one of 100 with its
 * headers, which at 1000 bytes a second takes 100 ms on each access link. */
#include "test-net.h"

#include <criterion/criterion.h>

#define MS SIM_MILLISECOND

static void
set_bandwidth(TestNet *net, uint64_t bandwidth, uint64_t queue)
{
  SimLink link = { .bandwidth = bandwidth, .queue = queue };
  sim_net_set_link(net->net, &link, SIM_LINK_BANDWIDTH | SIM_LINK_QUEUE);
}

static void
expect_arrival(const TestNet *net, guint i, SimTime at, uint32_t tag)
{
  const TestArrival *arrival = test_net_arrival(net, i);
  cr_expect(arrival->at == at && arrival->tag == tag, "%u: tag %u at %ld, not %u at %ld", i,
            arrival->tag, (long)arrival->at, tag, (long)at);
}

Test(shape, a_packet_pays_at_both_access_links)
{
  TestNet net;
  test_net_init(&net, 1, 3, 50 * MS);
  set_bandwidth(&net, 1000, 0);
  test_net_send(&net, 0, 1, 52); /* leaves 0 to 100 ms, comes at 150, is through at 250 */
  test_net_run(&net, SIM_SECOND);
  expect_arrival(&net, 0, 250 * MS, 1);
  test_net_clear(&net);
}

Test(shape, packets_of_one_sender_follow_one_another)
{
  TestNet net;
  test_net_init(&net, 1, 3, 50 * MS);
  set_bandwidth(&net, 1000, 0);
  test_net_send(&net, 0, 1, 52);     /* up: 0 to 100 */
  test_net_send(&net, 0, 2, 152);    /* up: 100 to 300 */
  test_net_send(&net, 0, 1, 2 + 50); /* up: 300 to 400 */
  test_net_run(&net, 2 * SIM_SECOND);
  expect_arrival(&net, 0, 250 * MS, 1);
  expect_arrival(&net, 1, 550 * MS, 3); /* at 450, and 100 more: host 1 comes before host 2 */
  expect_arrival(&net, 2, 550 * MS, 2);
  test_net_clear(&net);
}

Test(shape, packets_to_one_receiver_wait_for_its_access_link)
{
  TestNet net;
  test_net_init(&net, 1, 3, 50 * MS);
  set_bandwidth(&net, 1000, 0);
  test_net_send(&net, 0, 2, 52);
  test_net_send(&net, 1, 2, 52); /* both come at 150 ms; by the order of events, 0's first */
  test_net_run(&net, SIM_SECOND);
  expect_arrival(&net, 0, 250 * MS, 1);
  expect_arrival(&net, 1, 350 * MS, 2);
  test_net_clear(&net);
}

Test(shape, an_idle_link_starts_at_once)
{
  TestNet net;
  test_net_init(&net, 1, 2, 50 * MS);
  set_bandwidth(&net, 1000, 0);
  test_net_send(&net, 0, 1, 52);
  test_net_run(&net, 700 * MS);
  test_net_send(&net, 0, 1, 52);
  test_net_run(&net, 2 * SIM_SECOND);
  expect_arrival(&net, 1, 950 * MS, 2);
  test_net_clear(&net);
}

/* A queue of 250 bytes has room for two packets of 100; what is being sent shrinks as it leaves. */
Test(shape, a_full_queue_loses_what_comes)
{
  TestNet net;
  test_net_init(&net, 1, 2, 50 * MS);
  set_bandwidth(&net, 1000, 250);
  for (int i = 0; i < 4; i++)
    test_net_send(&net, 0, 1, 52);
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_QUEUE] == 2);
  test_net_run(&net, 49 * MS);
  test_net_send(&net, 0, 1, 52); /* 151 bytes wait */
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_QUEUE] == 3);
  test_net_run(&net, 50 * MS);
  uint32_t tag = test_net_send(&net, 0, 1, 52); /* 150 wait */
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_QUEUE] == 3);
  test_net_run(&net, SIM_SECOND);
  cr_expect(net.arrivals->len == 3);
  expect_arrival(&net, 2, 450 * MS, tag); /* up: 200 to 300; at 350; 100 more */
  test_net_clear(&net);
}

Test(shape, a_full_queue_before_the_receiver_loses_too)
{
  TestNet net;
  test_net_init(&net, 1, 9, 50 * MS);
  set_bandwidth(&net, 1000, 250);
  for (uint32_t i = 1; i < 6; i++)
    test_net_send(&net, i, 0, 52);
  test_net_run(&net, SIM_SECOND);
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_QUEUE] == 3);
  g_autofree char *tags = test_net_tags(&net, 0);
  cr_expect(g_str_equal(tags, "1 2"), "%s", tags);
  test_net_clear(&net);
}

/* language.md: mtu SIZE, with the 48 bytes of the headers. Below the 1280 of IPv6 links drop what is
 * larger. */
Test(shape, a_packet_larger_than_a_small_mtu_is_lost)
{
  TestNet net;
  test_net_init(&net, 1, 2, 50 * MS);
  SimLink link = { .mtu = 1279 };
  sim_net_set_link(net.net, &link, SIM_LINK_MTU);
  test_net_send(&net, 0, 1, 1231);
  test_net_send(&net, 0, 1, 1232);
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_MTU] == 1);
  test_net_run(&net, SIM_SECOND);
  g_autofree char *tags = test_net_tags(&net, 1);
  cr_expect(g_str_equal(tags, "1"), "%s", tags);
  test_net_clear(&net);
}

/* Else the sender's IP splits it: 1452 bytes fill the 1500 of a link, and pieces carry 1448 of what
 * follows the header of IPv6 and their own. */
Test(shape, a_packet_larger_than_the_mtu_goes_in_pieces)
{
  SimLink link = { .mtu = 1500 };
  cr_expect(sim_link_pieces(&link, 1452) == 1);
  cr_expect(sim_link_pieces(&link, 1453) == 2);
  cr_expect(sim_link_pieces(&link, 2 * 1448 - 8) == 2);
  cr_expect(sim_link_pieces(&link, 2 * 1448 - 7) == 3);
  cr_expect(sim_link_bytes(1452, 1) == 1500);
  cr_expect(sim_link_bytes(1453, 2) == 1453 + 8 + 2 * 48);
}

/* Three pieces arrive together with the third power of the chance of one. */
Test(shape, a_packet_is_lost_with_any_of_its_pieces)
{
  SimDistribution *none = sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT });
  SimLink link = { .latency = none, .loss = sim_chance(1, 5) };
  SimLinkChance chance;
  sim_link_chance_init(&chance, 7);
  unsigned arrived[4] = { 0 };
  for (uint32_t i = 0; i < 20000; i++)
    for (uint32_t pieces = 1; pieces <= 3; pieces += 2)
      arrived[pieces] += !sim_link_fate(&link, &chance, 0, 1, i, pieces).lost;
  cr_expect(arrived[1] > 15700 && arrived[1] < 16300, "%u", arrived[1]);
  cr_expect(arrived[3] > 9900 && arrived[3] < 10580, "%u", arrived[3]);
  sim_distribution_free(none);
}

Test(shape, one_link_may_be_slow_alone)
{
  TestNet net;
  test_net_init(&net, 1, 4, 50 * MS);
  SimMembers from = test_members(4, 0, UINT32_MAX, UINT32_MAX),
             to = test_members(4, 1, 2, UINT32_MAX);
  SimLink slow = { .bandwidth = 1000 };
  sim_net_add_rule(net.net, &from, &to, &slow, SIM_LINK_BANDWIDTH);
  test_net_send(&net, 0, 3, 52);
  test_net_send(&net, 0, 1, 52);
  test_net_run(&net, SIM_SECOND);
  expect_arrival(&net, 0, 50 * MS, 1);
  expect_arrival(&net, 1, 250 * MS, 2);
  sim_members_clear(&from);
  sim_members_clear(&to);
  test_net_clear(&net);
}
