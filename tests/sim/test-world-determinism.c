/* The same seed gives the same run, to the bit: twice, in another process, with another fill of
 * fresh memory, watched or not, built by another compiler. */
#include "sim-oracle.h"
#include "test-random.h"
#include "test-spawn.h"
#include "test-world.h"

#include <criterion/criterion.h>
#include <string.h>

enum { NODES = 60 };

/* A run with a bit of everything. Its fingerprint changes with the behaviour of the protocol, in the
 * commit that changes that; never with the compiler, the machine or who looks on. */
#define GOLDEN UINT64_C(0x7149d18451806b71)

static void
disturb(SimWorld *world, TestRandom *random)
{
  uint32_t node = test_random_below(random, NODES);
  switch (test_random_below(random, 8)) {
  case 0:
    sim_world_stop(world, node);
    break;
  case 1:
    sim_world_crash(world, node);
    break;
  case 2:
    sim_world_pause(world, node);
    break;
  case 3:
    sim_world_resume(world, node);
    break;
  case 4:
    sim_world_clock_drift(world, node, (int64_t)test_random_below(random, 200000000) - 100000000);
    break;
  case 5:
    sim_world_register(world, node, NULL, NULL, 100);
    break;
  default:
    sim_world_restart(world, node);
  }
}

static void
look_for(SimWorld *world, TestRandom *random)
{
  uint32_t from = test_random_below(random, NODES), to = test_random_below(random, NODES);
  if (sim_world_key_count(world, to) == 0)
    return;
  SimKey key = *sim_world_key(world, to, 0);
  SimQuery query = { key, key, key, .results_max = 1, .timeout_ms = 10000 };
  sim_world_search(world, from, &query);
}

static SimDistribution *
new_latency(void)
{
  return sim_distribution_new(&(SimDistributionSpec){
    .kind = SIM_LOGNORMAL, .a = 40 * SIM_MILLISECOND, .b = 15 * SIM_MILLISECOND });
}

static uint64_t
run(uint64_t seed, bool watched, uint64_t *ret_events)
{
  static const SimGroup groups[] = {
    { .first = 0, .count = 5, .keys = 1, .payload = 32 },
    { .first = 5, .count = 45, .keys = 2, .payload = 32 },
    { .first = 50, .count = 10, .keys = 0, .payload = 32, .bootstrap = 1 },
  };
  SimDistribution *latency = new_latency();
  SimWorldConfig config = {
    .seed = seed,
    .groups = groups,
    .group_count = 3,
    .link = { .latency = latency,
              .mtu = 1500,
              .buffer = 64 << 10,
              .loss = sim_chance(1, 50),
              .duplicate = sim_chance(1, 100),
              .reorder = sim_chance(1, 30),
              .reorder_by = 100 * SIM_MILLISECOND },
  };
  TestRandom random = { 99 };
  SimWorld *world = sim_world_new(&config);
  SimOracle *oracle = watched ? sim_oracle_new(world) : NULL;
  for (uint32_t i = 0; i < NODES; i++) {
    sim_world_start(world, i);
    sim_world_run(world, sim_world_now(world) + SIM_SECOND);
  }
  for (int i = 0; i < 240; i++) {
    if (i % 4 == 0)
      disturb(world, &random);
    look_for(world, &random);
    sim_world_run(world, sim_world_now(world) + SIM_SECOND);
    if (oracle != NULL)
      sim_oracle_sample(oracle);
  }
  uint64_t fingerprint = sim_world_fingerprint(world);
  *ret_events = sim_world_events(world);
  sim_oracle_free(oracle);
  sim_world_free(world);
  sim_distribution_free(latency);
  return fingerprint;
}

Test(determinism, the_same_seed_gives_the_same_run_watched_or_not)
{
  uint64_t events[4];
  uint64_t one = run(1, false, &events[0]), two = run(1, false, &events[1]);
  void *between = g_malloc(12345); /* other addresses */
  uint64_t watched = run(1, true, &events[2]), other = run(2, false, &events[3]);
  g_free(between);
  cr_expect(one == two && events[0] == events[1]);
  cr_expect(one == watched && events[0] == events[2]);
  cr_expect(one != other);
}

Test(determinism, every_compiler_builds_the_same_run)
{
  uint64_t events, fingerprint = run(7, false, &events);
  cr_expect(fingerprint == GOLDEN, "0x%016lx after %lu events", (unsigned long)fingerprint,
            (unsigned long)events);
}

static char *
bench_fingerprint(void)
{
  TestRun done =
    test_spawn_drtsim("bench", "cloud", "--nodes", "60", "--minutes", "3", "--json", NULL);
  cr_assert(done.status == 0, "%s", done.err);
  const char *at = strstr(done.out, "\"fingerprint_trajectory\":\"");
  cr_assert(at != NULL);
  char *fingerprint = g_strndup(at + strlen("\"fingerprint_trajectory\":\""), 16);
  test_run_clear(&done);
  return fingerprint;
}

/* Each process has its own addresses, as the system lays them out, and here its own fill. */
Test(determinism, processes_agree_whatever_fresh_memory_holds)
{
  g_unsetenv("MALLOC_PERTURB_");
  g_autofree char *plain = bench_fingerprint(), *again = bench_fingerprint();
  g_setenv("MALLOC_PERTURB_", "165", TRUE);
  g_autofree char *filled = bench_fingerprint();
  g_setenv("MALLOC_PERTURB_", "90", TRUE);
  g_autofree char *other = bench_fingerprint();
  cr_expect(strcmp(plain, again) == 0, "%s, %s", plain, again);
  cr_expect(strcmp(plain, filled) == 0, "%s, %s", plain, filled);
  cr_expect(strcmp(plain, other) == 0, "%s, %s", plain, other);
}
