/* `drtsim bench trace`: what a trace costs a run, by how much goes into it. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_BENCH_TRACES 5

typedef struct {
  const char *name; /* "without", or the class */
  double wall_s;    /* the best of several rounds */
  uint64_t rows, bytes;
} SimBenchTraced;

typedef struct {
  uint32_t nodes, minutes;
  SimBenchTraced traced[SIM_BENCH_TRACES];
} SimBenchTrace;

/* False, and said why, if it cannot be run. */
bool sim_bench_trace_measure(uint32_t nodes, uint32_t minutes, uint64_t seed, SimBenchTrace *ret);
void sim_bench_trace_json(GString *to, const SimBenchTrace *trace);
void sim_bench_trace_text(GString *to, const SimBenchTrace *trace);
