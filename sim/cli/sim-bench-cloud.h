/* `drtsim bench cloud`: a cloud that grows, settles, loses a tenth of its nodes and is searched. */
#pragma once
#include "sim-bench-world.h"
#include "sim-oracle.h"

typedef struct {
  uint32_t nodes, minutes;
  uint64_t seed;
} SimBenchCloud;

/* One of the three thirds. */
typedef struct {
  const char *name;
  double wall_s;
  uint64_t events;
} SimBenchPart;

typedef struct {
  SimBenchCloud bench;
  SimBenchPart parts[3];
  SimMeasure exact_settled, exact_end;
  SimMeasure success, hops, latency;
  double virtual_s, wall_s;
  double sample_ms; /* of a sample of a cloud in which nothing has happened */
  long rss_kib;
  size_t used; /* bytes */
  uint64_t events, messages, bytes, trajectory;
  uint64_t broken; /* invariants, which was told */
} SimBenchCloudResult;

/* False, and said why, if it cannot be run. */
bool sim_bench_cloud_measure(const SimBenchCloud *bench, SimBenchCloudResult *ret);
/* The object that `run --json` prints, as far as it applies; without a line end. */
void sim_bench_cloud_json(GString *to, const SimBenchCloudResult *result);
void sim_bench_cloud_text(GString *to, const SimBenchCloudResult *result);
