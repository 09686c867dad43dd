#include "sim-bench-world.h"

#include <stdio.h>

SimBenchWorld *
sim_bench_world_new(uint32_t nodes, uint64_t seed)
{
  SimBenchWorld *made = g_new0(SimBenchWorld, 1);
  made->latency = sim_distribution_new(&(SimDistributionSpec){
    .kind = SIM_LOGNORMAL, .a = 40 * SIM_MILLISECOND, .b = 15 * SIM_MILLISECOND });
  SimGroup group = { .count = nodes, .keys = 1, .payload = 32 };
  made->world = sim_world_new(&(SimWorldConfig){
    .seed = seed,
    .groups = &group,
    .group_count = 1,
    .link = { .latency = made->latency, .mtu = 1500, .buffer = 64 << 10 },
  });
  return made;
}

void
sim_bench_world_free(SimBenchWorld *made)
{
  sim_world_free(made->world);
  sim_distribution_free(made->latency);
  g_free(made);
}

bool
sim_bench_world_start(SimWorld *world, uint32_t node)
{
  const char *error = sim_world_start(world, node);
  if (error != NULL)
    fprintf(stderr, "drtsim: node %u: %s\n", node, error);
  return error == NULL;
}
