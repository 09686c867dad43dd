/* The oracle follows what changes; here everything is counted anew at every sample of random
 * scenarios, and must be the same. */
#include "sim-oracle.h"
#include "test-brute.h"
#include "test-random.h"
#include "test-world.h"

#include <criterion/criterion.h>

enum { NODES = 22 };

static const SimGroup groups[] = {
  { .first = 0, .count = 4, .keys = 1, .payload = 32 },
  { .first = 4, .count = 8, .keys = 1, .payload = 32 },
  { .first = 12, .count = 6, .keys = 3, .payload = 32 },
  { .first = 18, .count = 4, .keys = 0, .payload = 32 },
};

typedef struct {
  bool multiple, split, freeze; /* keys come and go too; partitions; pauses */
} Kind;

static void
random_register(SimWorld *world, TestRandom *random, uint32_t node)
{
  uint32_t other = test_random_below(random, NODES);
  if (test_random_once_in(random, 2) && sim_world_key_count(world, other) > 0) {
    SimKey key = *sim_world_key(world, other, 0); /* by two nodes now */
    sim_world_register(world, node, &key, NULL, 32);
  } else {
    sim_world_register(world, node, NULL, NULL, 32);
  }
}

static void
random_unregister(SimWorld *world, TestRandom *random, uint32_t node)
{
  uint32_t n = sim_world_key_count(world, node);
  if (n == 0)
    return;
  SimKey key = *sim_world_key(world, node, test_random_below(random, n));
  sim_world_unregister(world, node, &key);
}

static void
random_partition(SimWorld *world, TestRandom *random)
{
  uint16_t parts[NODES];
  for (uint32_t i = 0; i < NODES; i++)
    parts[i] = (uint16_t)(1 + test_random_below(random, 2));
  sim_net_partition(sim_world_net(world), parts);
}

/* What cannot be done is refused, which is fine here. */
static void
act(SimWorld *world, TestRandom *random, Kind kind)
{
  uint32_t node = test_random_below(random, NODES);
  switch (test_random_below(random, 16)) {
  case 0:
  case 1:
    sim_world_stop(world, node);
    break;
  case 2:
  case 3:
    sim_world_crash(world, node);
    break;
  case 4:
    sim_world_disconnect(world, node);
    break;
  case 5:
  case 6:
    sim_world_reconnect(world, node);
    break;
  case 7:
    if (test_random_once_in(random, 3))
      sim_world_fault(world, node);
    break;
  case 8:
    if (kind.multiple)
      random_register(world, random, node);
    break;
  case 9:
    if (kind.multiple)
      random_unregister(world, random, node);
    break;
  case 10:
    if (kind.split && test_random_once_in(random, 2))
      random_partition(world, random);
    else
      sim_net_heal(sim_world_net(world));
    break;
  case 11:
    if (kind.freeze)
      sim_world_pause(world, node);
    break;
  case 12:
    sim_world_resume(world, node);
    break;
  default:
    if (sim_world_life(world, node) == SIM_LIFE_UNBORN)
      sim_world_start(world, node);
    else
      sim_world_restart(world, node);
  }
}

static void
follow(uint64_t seed, Kind kind)
{
  TestRandom random = { seed };
  TestWorld *test = test_world_of(seed, groups, G_N_ELEMENTS(groups), NULL);
  SimWorld *world = test->world;
  SimOracle *oracle = sim_oracle_new(world);
  TestBrute *brute = test_brute_new(world);
  for (uint32_t i = 0; i < NODES; i++) {
    sim_world_start(world, i);
    test_world_run(test, test_random_below(&random, 2000) * SIM_MILLISECOND);
    g_autofree char *when = g_strdup_printf("seed %lu, start %u:", (unsigned long)seed, i);
    test_brute_compare(brute, oracle, when);
  }
  for (int step = 0; step < 250; step++) {
    act(world, &random, kind);
    if (!test_random_once_in(&random, 4))
      test_world_run(test, test_random_below(&random, 9000) * SIM_MILLISECOND);
    g_autofree char *when = g_strdup_printf("seed %lu, step %d:", (unsigned long)seed, step);
    test_brute_compare(brute, oracle, when);
  }
  sim_oracle_free(oracle);
  test_world_free(test);
  test_brute_free(brute);
}

Test(brute, nodes_that_come_and_go)
{
  for (uint64_t seed = 1; seed <= 6; seed++)
    follow(seed, (Kind){ false, false, false });
}

Test(brute, several_keys_and_shared_ones)
{
  for (uint64_t seed = 11; seed <= 16; seed++)
    follow(seed, (Kind){ true, false, false });
}

Test(brute, partitions)
{
  for (uint64_t seed = 21; seed <= 26; seed++)
    follow(seed, (Kind){ false, true, false });
}

Test(brute, everything_at_once)
{
  for (uint64_t seed = 31; seed <= 44; seed++)
    follow(seed, (Kind){ true, true, true });
}
