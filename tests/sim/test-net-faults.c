/* What goes wrong on purpose: partitions, cuts, holds, frozen processes, pulled cables, and settings
 * for some links. */
#include "test-net.h"
#include "test-random.h"

#include <criterion/criterion.h>

#define NONE UINT32_MAX

static void
expect_tags(const TestNet *net, uint32_t host, const char *expected)
{
  g_autofree char *tags = test_net_tags(net, host);
  cr_expect(g_str_equal(tags, expected), "%u got '%s', not '%s'", host, tags, expected);
}

static uint64_t
lost(const TestNet *net, SimLoss why)
{
  return sim_net_counts(net->net)->lost[why];
}

Test(faults, later_rules_override_earlier_ones_field_by_field)
{
  TestNet net;
  test_net_init(&net, 1, 4, 1000);
  SimDistribution *slow =
    sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT, .a = 9000 });
  SimMembers first = test_members(4, 0, NONE, NONE), both = test_members(4, 1, 2, NONE),
             one = test_members(4, 1, NONE, NONE);
  SimLink link = { .latency = slow, .loss = SIM_CHANCE_ALWAYS };
  sim_net_add_rule(net.net, &first, &both, &link, SIM_LINK_LATENCY | SIM_LINK_LOSS);
  link.loss = SIM_CHANCE_NEVER;
  sim_net_add_rule(net.net, &first, &one, &link, SIM_LINK_LOSS);
  test_net_send(&net, 0, 1, 4); /* slow, not lossy any more */
  test_net_send(&net, 0, 2, 4); /* lossy */
  test_net_send(&net, 0, 3, 4); /* as all */
  test_net_send(&net, 1, 0, 4); /* the other way: as all */
  test_net_run(&net, 1000);
  expect_tags(&net, 3, "3");
  expect_tags(&net, 0, "4");
  test_net_run(&net, 9000);
  expect_tags(&net, 1, "1");
  cr_expect(lost(&net, SIM_LOSS_LOSS) == 1);
  sim_members_clear(&first);
  sim_members_clear(&both);
  sim_members_clear(&one);
  test_net_clear(&net);
  sim_distribution_free(slow);
}

Test(faults, a_partition_separates_its_parts_and_nobody_else)
{
  TestNet net;
  test_net_init(&net, 1, 5, 1000);
  static const uint16_t parts[] = { 1, 1, 2, 2, 0 };
  sim_net_partition(net.net, parts);
  uint32_t expected = 0;
  for (uint32_t from = 0; from < 5; from++)
    for (uint32_t to = 0; to < 5; to++) {
      test_net_send(&net, from, to, 4);
      expected += parts[from] != 0 && parts[to] != 0 && parts[from] != parts[to];
    }
  test_net_run(&net, 5000);
  cr_expect(lost(&net, SIM_LOSS_PARTITION) == expected && net.arrivals->len == 25 - expected);
  for (guint i = 0; i < net.arrivals->len; i++) {
    uint16_t a = parts[test_net_arrival(&net, i)->from], b = parts[test_net_arrival(&net, i)->to];
    cr_expect(a == b || a == 0 || b == 0);
  }
  test_net_clear(&net);
}

Test(faults, a_partition_takes_what_is_under_way_and_heals)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  static const uint16_t parts[] = { 1, 2 };
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 500);
  sim_net_partition(net.net, parts);
  test_net_run(&net, 2000);
  cr_expect(lost(&net, SIM_LOSS_PARTITION) == 1);
  sim_net_heal(net.net);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 5000);
  expect_tags(&net, 1, "2");
  test_net_clear(&net);
}

Test(faults, a_cut_is_one_way_and_undone_by_the_same_words)
{
  TestNet net;
  test_net_init(&net, 1, 4, 1000);
  SimMembers from = test_members(4, 0, 1, NONE), to = test_members(4, 2, NONE, NONE),
             other = test_members(4, 0, NONE, NONE);
  test_net_send(&net, 0, 2, 4); /* under way */
  sim_net_cut(net.net, &from, &to);
  test_net_send(&net, 1, 2, 4);
  test_net_send(&net, 2, 1, 4);
  test_net_send(&net, 3, 2, 4);
  test_net_run(&net, 2000);
  cr_expect(lost(&net, SIM_LOSS_CUT) == 2);
  expect_tags(&net, 1, "3");
  expect_tags(&net, 2, "4");
  cr_expect(!sim_net_join(net.net, &other, &to), "no such cut");
  cr_expect(!sim_net_join(net.net, &to, &from), "the other way");
  sim_net_cut(net.net, &from, &to);
  cr_expect(sim_net_join(net.net, &from, &to));
  test_net_send(&net, 0, 2, 4);
  test_net_run(&net, 4000);
  cr_expect(lost(&net, SIM_LOSS_CUT) == 3, "it was cut twice");
  cr_expect(sim_net_join(net.net, &from, &to));
  cr_expect(!sim_net_join(net.net, &from, &to));
  test_net_send(&net, 0, 2, 4);
  test_net_run(&net, 6000);
  expect_tags(&net, 2, "4 6");
  sim_members_clear(&from);
  sim_members_clear(&to);
  sim_members_clear(&other);
  test_net_clear(&net);
}

Test(faults, what_is_held_arrives_at_the_release_in_the_order_of_its_sending)
{
  TestNet net;
  test_net_init(&net, 1, 4, 1000);
  SimMembers from = test_members(4, 1, 2, NONE), to = test_members(4, 0, NONE, NONE);
  test_net_send(&net, 1, 0, 4); /* under way: not held any more */
  sim_net_hold(net.net, &from, &to);
  test_net_send(&net, 2, 0, 4);
  test_net_send(&net, 1, 0, 4);
  test_net_send(&net, 2, 0, 4);
  test_net_send(&net, 3, 0, 4);
  test_net_send(&net, 0, 1, 4);
  cr_expect(sim_net_counts(net.net)->waiting == 3);
  test_net_run(&net, 5000);
  expect_tags(&net, 0, "1 5");
  expect_tags(&net, 1, "6");
  cr_expect(!sim_net_release(net.net, net.now, &to, &from));
  cr_expect(sim_net_release(net.net, net.now, &from, &to));
  cr_expect(!sim_net_release(net.net, net.now, &from, &to));
  cr_expect(sim_net_counts(net.net)->waiting == 0);
  test_net_send(&net, 1, 0, 4);
  test_net_run(&net, 5001);
  expect_tags(&net, 0, "1 5 2 3 4");
  test_net_run(&net, 9000);
  expect_tags(&net, 0, "1 5 2 3 4 7");
  sim_members_clear(&from);
  sim_members_clear(&to);
  test_net_clear(&net);
}

Test(faults, a_network_that_ends_takes_what_was_held_along)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  SimMembers from = test_members(2, 0, NONE, NONE), to = test_members(2, 1, NONE, NONE);
  sim_net_hold(net.net, &from, &to);
  test_net_send(&net, 0, 1, 4);
  sim_net_pause(net.net, 0);
  test_net_send(&net, 1, 0, 4);
  test_net_run(&net, 5000);
  cr_expect(sim_net_counts(net.net)->waiting == 2);
  sim_members_clear(&from);
  sim_members_clear(&to);
  test_net_clear(&net); /* sees that no byte is missing */
}

/* language.md: datagrams queue up to the socket buffer, then drop. The buffer has 1000 bytes. */
Test(faults, a_frozen_process_reads_later_what_fits_its_buffer)
{
  TestNet net;
  test_net_init(&net, 1, 3, 1000);
  sim_net_pause(net.net, 0);
  test_net_send(&net, 2, 0, 500);
  test_net_run(&net, 100);
  test_net_send(&net, 1, 0, 500);
  test_net_run(&net, 200);
  test_net_send(&net, 1, 0, 4);
  test_net_run(&net, 5000);
  cr_expect(sim_net_counts(net.net)->waiting == 2 && lost(&net, SIM_LOSS_BUFFER) == 1);
  sim_net_resume(net.net, net.now, 0);
  test_net_send(&net, 1, 0, 4);
  test_net_run(&net, 5001);
  expect_tags(&net, 0, "1 2");
  test_net_run(&net, 9000);
  expect_tags(&net, 0, "1 2 4");
  test_net_clear(&net);
}

Test(faults, what_is_in_the_buffer_no_partition_takes)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  static const uint16_t parts[] = { 1, 2 };
  sim_net_pause(net.net, 1);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 2000);
  sim_net_partition(net.net, parts);
  sim_net_resume(net.net, net.now, 1);
  sim_net_connect(net.net, 1, false);
  test_net_run(&net, 3000);
  expect_tags(&net, 1, "1");
  test_net_clear(&net);
}

Test(faults, the_buffer_of_a_process_that_is_gone_is_lost)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  sim_net_pause(net.net, 1);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 2000);
  sim_net_forget_waiting(net.net, 1);
  cr_expect(lost(&net, SIM_LOSS_PORT) == 1 && sim_net_counts(net.net)->waiting == 0);
  test_net_conserves(&net);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 4000);
  expect_tags(&net, 1, "2"); /* who comes next is not frozen */
  test_net_clear(&net);
}

Test(faults, a_pulled_cable_takes_both_ways_and_what_is_under_way)
{
  TestNet net;
  test_net_init(&net, 1, 3, 1000);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 500);
  sim_net_connect(net.net, 1, false);
  test_net_send(&net, 1, 0, 4);
  cr_expect(lost(&net, SIM_LOSS_DISCONNECTED) == 1);
  test_net_send(&net, 2, 0, 4);
  test_net_run(&net, 3000);
  cr_expect(lost(&net, SIM_LOSS_DISCONNECTED) == 2);
  expect_tags(&net, 0, "3");
  sim_net_connect(net.net, 1, true);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 6000);
  expect_tags(&net, 1, "4");
  test_net_clear(&net);
}

static SimMembers
random_members(TestRandom *random, uint32_t hosts)
{
  SimMembers members = sim_members_new(hosts);
  for (uint32_t i = 0; i < hosts; i++)
    if (test_random_once_in(random, 3))
      sim_members_add(&members, i);
  return members;
}

typedef struct {
  SimMembers from[8], to[8];
  uint32_t n;
} Holds;

/* One thing that goes wrong, or right again. */
static void
disturb(TestNet *net, TestRandom *random, Holds *holds, uint32_t hosts)
{
  uint16_t parts[16];
  uint32_t host = test_random_below(random, hosts);
  switch (test_random_below(random, 10)) {
  case 0:
    for (uint32_t i = 0; i < hosts; i++)
      parts[i] = (uint16_t)test_random_below(random, 3);
    sim_net_partition(net->net, parts);
    break;
  case 1:
    sim_net_heal(net->net);
    break;
  case 2:
    sim_net_pause(net->net, host);
    break;
  case 3:
  case 4:
    sim_net_resume(net->net, net->now, host);
    break;
  case 5:
    sim_net_connect(net->net, host, test_random_once_in(random, 2));
    break;
  case 6:
    sim_net_forget_waiting(net->net, host);
    break;
  case 7:
    if (holds->n < 8) {
      holds->from[holds->n] = random_members(random, hosts);
      holds->to[holds->n] = random_members(random, hosts);
      sim_net_hold(net->net, &holds->from[holds->n], &holds->to[holds->n]);
      holds->n++;
    }
    break;
  default:
    if (holds->n > 0) {
      holds->n--;
      sim_net_release(net->net, net->now, &holds->from[holds->n], &holds->to[holds->n]);
      sim_members_clear(&holds->from[holds->n]);
      sim_members_clear(&holds->to[holds->n]);
    }
  }
}

/* Whatever goes wrong: sent + copies = delivered + lost + waiting + flying, checked at every step,
 * and in the end no byte is missing. */
Test(faults, packets_are_conserved)
{
  enum { HOSTS = 16 };
  for (uint64_t seed = 1; seed <= 20; seed++) {
    TestNet net;
    TestRandom random = { seed };
    Holds holds = { .n = 0 };
    test_net_init(&net, seed, HOSTS, 3000);
    SimLink link = { .loss = sim_chance(1, 20),
                     .duplicate = sim_chance(1, 10),
                     .burst_loss = sim_chance(1, 50),
                     .burst_length = 4,
                     .queue = 3000,
                     .mtu = 600,
                     .bandwidth = seed % 2 == 0 ? 100000000 : 0 };
    sim_net_set_link(net.net, &link,
                     SIM_LINK_LOSS | SIM_LINK_DUPLICATE | SIM_LINK_BURST | SIM_LINK_QUEUE |
                       SIM_LINK_MTU | SIM_LINK_BANDWIDTH);
    for (int i = 0; i < 3000; i++) {
      test_net_send(&net, test_random_below(&random, HOSTS), test_random_below(&random, HOSTS),
                    4 + test_random_below(&random, 600));
      if (test_random_once_in(&random, 10))
        disturb(&net, &random, &holds, HOSTS);
      test_net_conserves(&net);
      test_net_run(&net, net.now + test_random_below(&random, 2000));
    }
    const SimNetCounts *counts = sim_net_counts(net.net);
    static const SimLoss met[] = { SIM_LOSS_LOSS,      SIM_LOSS_BURST,        SIM_LOSS_MTU,
                                   SIM_LOSS_PARTITION, SIM_LOSS_DISCONNECTED, SIM_LOSS_BUFFER };
    for (size_t i = 0; i < G_N_ELEMENTS(met); i++)
      cr_expect(counts->lost[met[i]] > 0, "seed %lu: none lost by %s", (unsigned long)seed,
                sim_loss_name(met[i]));
    for (; holds.n > 0; holds.n--) {
      sim_members_clear(&holds.from[holds.n - 1]);
      sim_members_clear(&holds.to[holds.n - 1]);
    }
    test_net_clear(&net);
  }
}

Test(members, are_a_set)
{
  SimMembers members = sim_members_new(130), other = sim_members_new(130);
  cr_expect(sim_members_equal(&members, &other) && sim_members_count(&members) == 0);
  sim_members_add(&members, 0);
  sim_members_add(&members, 129);
  sim_members_add(&members, 129);
  cr_expect(sim_members_count(&members) == 2 && sim_members_has(&members, 129));
  cr_expect(!sim_members_has(&members, 64) && !sim_members_equal(&members, &other));
  SimMembers copy = sim_members_copy(&members);
  cr_expect(sim_members_equal(&members, &copy));
  SimMembers larger = sim_members_new(131);
  sim_members_add(&larger, 0);
  sim_members_add(&larger, 129);
  cr_expect(!sim_members_equal(&members, &larger), "of another number of hosts");
  sim_members_clear(&members);
  sim_members_clear(&other);
  sim_members_clear(&copy);
  sim_members_clear(&larger);
}
