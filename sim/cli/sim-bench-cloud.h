/* `drtsim bench cloud`: a cloud that grows, settles, loses a tenth of its nodes and is searched. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint32_t nodes, minutes;
  uint64_t seed;
  bool json;
} SimBenchCloud;

/* Runs it and prints what was measured. Returns the exit status. */
int sim_bench_cloud(const SimBenchCloud *bench);
