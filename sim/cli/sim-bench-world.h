/* The world that benchmarks run in: one group of nodes with a key each, 40 ms and more from one another. */
#pragma once
#include "sim-world.h"

#include <glib.h>

typedef struct {
  SimWorld *world;
  SimDistribution *latency;
} SimBenchWorld;

/* (transfer full) */
SimBenchWorld *sim_bench_world_new(uint32_t nodes, uint64_t seed);
void sim_bench_world_free(SimBenchWorld *made);
/* Starts a node. False, and said why, if it cannot be. */
bool sim_bench_world_start(SimWorld *world, uint32_t node);
