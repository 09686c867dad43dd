/* What links do to single packets: latency, loss, copies, and that a fate depends on nothing else. */
#include "test-net.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MANY = 100000 };

static SimLinkChance chance;
static SimDistribution *constant, *uniform;

static void
set_up(void)
{
  sim_link_chance_init(&chance, 77);
  constant = sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT, .a = 50000000 });
  uniform =
    sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_UNIFORM, .a = 1000, .b = 3000 });
}

static void
tear_down(void)
{
  sim_distribution_free(constant);
  sim_distribution_free(uniform);
}

TestSuite(links, .init = set_up, .fini = tear_down);

/* @hits of MANY draws are a share of @p, to four standard deviations. */
static bool
is_share(uint32_t hits, double p)
{
  return fabs(hits - p * MANY) <= 4 * sqrt(p * (1 - p) * MANY) + 1e-9;
}

Test(links, a_chance_is_an_exact_ratio)
{
  cr_expect(sim_chance(0, 5) == SIM_CHANCE_NEVER);
  cr_expect(sim_chance(5, 5) == SIM_CHANCE_ALWAYS);
  cr_expect(sim_chance(1, 2) == UINT64_C(1) << 63);
  cr_expect(sim_chance(1, 3) == UINT64_MAX / 3);
  cr_expect(!sim_chance_hits(SIM_CHANCE_NEVER, 0));
  cr_expect(sim_chance_hits(SIM_CHANCE_ALWAYS, UINT64_MAX));
  cr_expect(sim_chance_hits(sim_chance(1, 2), (UINT64_C(1) << 63) - 1));
  cr_expect(!sim_chance_hits(sim_chance(1, 2), UINT64_C(1) << 63));
}

Test(links, constant_latency_is_constant)
{
  SimLink link = { .latency = constant };
  for (uint32_t i = 0; i < 1000; i++) {
    SimFate fate = sim_link_fate(&link, &chance, i % 7, i % 5, i, 1);
    cr_expect(!fate.lost && !fate.copied && fate.delay == 50000000, "packet %u", i);
  }
}

Test(links, drawn_latency_and_jitter_have_their_means)
{
  SimLink link = { .latency = uniform }, jittery = { .latency = uniform, .jitter = uniform };
  double sum = 0, both = 0;
  for (uint32_t i = 0; i < MANY; i++) {
    SimTime delay = sim_link_fate(&link, &chance, 1, 2, i, 1).delay;
    SimTime more = sim_link_fate(&jittery, &chance, 1, 2, i, 1).delay;
    if (delay < 1000 || delay > 3000 || more < delay + 1000 || more > delay + 3000)
      cr_assert_fail("packet %u: %ld and %ld", i, (long)delay, (long)more);
    sum += (double)delay;
    both += (double)more;
  }
  cr_expect(fabs(sum / MANY - 2000) < 4 * 577.4 / sqrt(MANY));
  cr_expect(fabs(both / MANY - 4000) < 4 * 816.5 / sqrt(MANY)); /* jitter is drawn apart */
}

Test(links, nothing_arrives_when_it_was_sent)
{
  SimDistribution *none = sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT });
  SimLink link = { .latency = none, .duplicate = SIM_CHANCE_ALWAYS };
  SimFate fate = sim_link_fate(&link, &chance, 0, 1, 0, 1);
  cr_expect(fate.delay == 1 && fate.copied && fate.copy_delay == 1);
  sim_distribution_free(none);
}

/* language.md: nodes at random points, T across. */
Test(links, the_plane_is_symmetric_and_bounded)
{
  SimLink link = { .latency_kind = SIM_LATENCY_PLANE, .across = 1000000 };
  double sum = 0;
  for (uint32_t a = 0; a < 300; a++)
    for (uint32_t b = 0; b < 300; b++) {
      SimTime there = sim_link_fate(&link, &chance, a, b, 1, 1).delay;
      if (there != sim_link_fate(&link, &chance, b, a, 9, 1).delay || there > 1414214)
        cr_assert_fail("from %u to %u: %ld", a, b, (long)there);
      if (a == b && there != 1)
        cr_assert_fail("%u lies %ld from itself", a, (long)there);
      sum += (double)there;
    }
  cr_expect(fabs(sum / 90000 - 521405) < 25000); /* the mean distance in a square */
}

Test(links, the_plane_keeps_the_triangle_inequality)
{
  SimLink link = { .latency_kind = SIM_LATENCY_PLANE, .across = 1000000 };
  for (uint32_t a = 0; a < 30; a++)
    for (uint32_t b = 0; b < 30; b++)
      for (uint32_t c = 0; c < 30; c++) {
        SimTime ab = sim_link_fate(&link, &chance, a, b, 0, 1).delay;
        SimTime bc = sim_link_fate(&link, &chance, b, c, 0, 1).delay;
        SimTime ac = sim_link_fate(&link, &chance, a, c, 0, 1).delay;
        if (ac > ab + bc + 2)
          cr_assert_fail("%u, %u, %u", a, b, c);
      }
}

Test(links, the_matrix_is_read_by_rows_and_taken_in_turn)
{
  char *error;
  uint32_t line;
  SimMatrix *matrix = sim_matrix_parse("0 5\n7 1\n", 8, &error, &line);
  SimLink link = { .latency_kind = SIM_LATENCY_MATRIX, .matrix = matrix };
  cr_expect(sim_link_fate(&link, &chance, 0, 1, 0, 1).delay == 5000);
  cr_expect(sim_link_fate(&link, &chance, 1, 0, 0, 1).delay == 7000);
  cr_expect(sim_link_fate(&link, &chance, 3, 2, 0, 1).delay == 7000);
  cr_expect(sim_link_fate(&link, &chance, 3, 5, 0, 1).delay == 1000);
  cr_expect(sim_link_fate(&link, &chance, 2, 4, 0, 1).delay == 1);
  sim_matrix_free(matrix);
}

Test(links, shares_of_loss_copies_and_reordering_are_as_set)
{
  static const struct {
    uint64_t of, among;
  } shares[] = { { 0, 1 }, { 1, 1000 }, { 1, 100 }, { 1, 3 }, { 9, 10 }, { 1, 1 } };
  for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
    SimChance set = sim_chance(shares[i].of, shares[i].among);
    double p = (double)shares[i].of / (double)shares[i].among;
    SimLink lossy = { .latency = constant, .loss = set };
    SimLink other = { .latency = constant, .duplicate = set, .reorder = set, .reorder_by = 9 };
    uint32_t lost = 0, copied = 0, late = 0;
    for (uint32_t k = 0; k < MANY; k++) {
      SimFate fate = sim_link_fate(&lossy, &chance, k % 11, k % 13, k, 1);
      lost += fate.lost && !fate.burst;
      fate = sim_link_fate(&other, &chance, k % 11, k % 13, k, 1);
      copied += fate.copied;
      late += fate.delay == 50000009;
    }
    cr_expect(is_share(lost, p), "loss %g: %u", p, lost);
    cr_expect(is_share(copied, p), "duplicate %g: %u", p, copied);
    cr_expect(is_share(late, p), "reorder %g: %u", p, late);
  }
}

/* language.md: burst-loss RATIO length N. */
Test(links, bursts_take_their_share_in_runs_of_their_length)
{
  SimLink link = { .latency = constant, .burst_loss = sim_chance(1, 20), .burst_length = 8 };
  uint32_t lost = 0, run = 0, runs = 0;
  for (uint32_t i = 0; i < MANY; i++) {
    SimFate fate = sim_link_fate(&link, &chance, 4, i % 9, i, 1); /* whomever they are for */
    if (fate.lost != fate.burst)
      cr_assert_fail("packet %u", i);
    lost += fate.lost;
    if (!fate.lost && run > 0) {
      if (run % 8 != 0)
        cr_assert_fail("a run of %u ends before packet %u", run, i);
      runs += run / 8;
    }
    run = fate.lost ? run + 1 : 0;
  }
  double blocks = MANY / 8.0;
  cr_expect(fabs(runs - blocks / 20) < 4 * sqrt(blocks / 20), "%u runs", runs);
  cr_expect(lost >= 8 * runs);
}

static bool
same_fate(SimFate a, SimFate b)
{
  return a.lost == b.lost && a.burst == b.burst && a.copied == b.copied && a.delay == b.delay &&
         a.copy_delay == b.copy_delay;
}

/* design.md, Determinism: seed, link, packet number of the sender; and another seed another fate. */
Test(links, a_fate_is_a_function_of_seed_link_and_number)
{
  SimLink link = { .latency = uniform,
                   .jitter = uniform,
                   .loss = sim_chance(1, 10),
                   .duplicate = sim_chance(1, 10),
                   .reorder = sim_chance(1, 10),
                   .reorder_by = 7777 };
  SimLinkChance again, other;
  sim_link_chance_init(&again, 77);
  sim_link_chance_init(&other, 78);
  uint32_t differ = 0;
  for (uint32_t i = 1000; i-- > 0;) {
    SimFate fate = sim_link_fate(&link, &chance, 3, 4, i, 1);
    cr_expect(same_fate(fate, sim_link_fate(&link, &again, 3, 4, i, 1)), "packet %u", i);
    differ += !same_fate(fate, sim_link_fate(&link, &other, 3, 4, i, 1));
    differ += !same_fate(fate, sim_link_fate(&link, &chance, 4, 3, i, 1));
  }
  cr_expect(differ > 1900);
}

/* Times at which what host 0 sends to host 1 arrives, while others are silent or not. */
static GArray *
arrivals_with(bool others)
{
  TestNet net;
  TestRandom random = { 5 };
  test_net_init(&net, 9, 8, 1000);
  SimLink link = { .latency = uniform, .loss = sim_chance(1, 5), .duplicate = sim_chance(1, 5) };
  sim_net_set_link(net.net, &link, SIM_LINK_LATENCY | SIM_LINK_LOSS | SIM_LINK_DUPLICATE);
  for (uint32_t i = 0; i < 500; i++) {
    test_net_run(&net, i * 1000);
    test_net_send(&net, 0, 1, 20);
    for (uint32_t k = 0; others && k < 5; k++)
      test_net_send(&net, 1 + test_random_below(&random, 7), test_random_below(&random, 8), 30);
  }
  test_net_run(&net, SIM_SECOND);
  GArray *times = g_array_new(FALSE, FALSE, sizeof(SimTime));
  for (guint i = 0; i < net.arrivals->len; i++)
    if (test_net_arrival(&net, i)->from == 0)
      g_array_append_val(times, test_net_arrival(&net, i)->at);
  test_net_clear(&net);
  return times;
}

Test(links, what_others_send_changes_nothing)
{
  g_autoptr(GArray) alone = arrivals_with(false), among = arrivals_with(true);
  cr_expect(alone->len > 350 && alone->len == among->len);
  cr_expect(memcmp(alone->data, among->data, alone->len * sizeof(SimTime)) == 0);
}

/* Every field has its bit, and no bit takes another field along. */
Test(links, a_setting_changes_its_own_field_alone)
{
  SimLink from = { .latency_kind = SIM_LATENCY_PLANE,
                   .latency = uniform,
                   .across = 1,
                   .jitter = uniform,
                   .loss = 2,
                   .burst_loss = 3,
                   .burst_length = 4,
                   .duplicate = 5,
                   .reorder = 6,
                   .reorder_by = 7,
                   .bandwidth = 8,
                   .queue = 9,
                   .mtu = 10,
                   .buffer = 11 };
  for (unsigned bit = 0; bit < 10; bit++) {
    SimLink to = { 0 };
    sim_link_apply(&to, &from, 1u << bit);
    cr_expect((to.across != 0) == (bit == 0) && (to.latency != NULL) == (bit == 0), "bit %u", bit);
    cr_expect((to.jitter != NULL) == (bit == 1), "bit %u", bit);
    cr_expect((to.loss != 0) == (bit == 2), "bit %u", bit);
    cr_expect((to.burst_loss != 0) == (bit == 3) && (to.burst_length != 0) == (bit == 3));
    cr_expect((to.duplicate != 0) == (bit == 4), "bit %u", bit);
    cr_expect((to.reorder != 0) == (bit == 5) && (to.reorder_by != 0) == (bit == 5));
    cr_expect((to.bandwidth != 0) == (bit == 6), "bit %u", bit);
    cr_expect((to.queue != 0) == (bit == 7), "bit %u", bit);
    cr_expect((to.mtu != 0) == (bit == 8), "bit %u", bit);
    cr_expect((to.buffer != 0) == (bit == 9), "bit %u", bit);
  }
}
