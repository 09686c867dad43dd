/* `drtsim bench core`: what messages cost on their way to bytes and back, and what it takes a settled cloud to
 * handle one, by type. */
#pragma once
#include "sim-bench-world.h"
#include "sim-watch-names.h"

#define SIM_BENCH_MESSAGES_MAX 16

typedef struct {
  const char *name;
  uint32_t bytes;
  double encode_ns, decode_ns; /* the best of several rounds */
} SimBenchMessage;

/* An event with all that it leads to at once: decoding, the node, its answers, their way into the network, and
 * the queue. */
typedef struct {
  uint64_t count;
  double ns;
} SimBenchEvent;

typedef struct {
  unsigned message_count;
  SimBenchMessage messages[SIM_BENCH_MESSAGES_MAX];
  uint32_t nodes;
  SimBenchEvent
    events[SIM_MESSAGES + 1]; /* by the type that arrived; the last: a timer, or the network's */
} SimBenchCore;

/* False, and said why, if it cannot be run. */
bool sim_bench_core_measure(uint32_t nodes, uint64_t seed, SimBenchCore *ret);
void sim_bench_core_json(GString *to, const SimBenchCore *core);
void sim_bench_core_text(GString *to, const SimBenchCore *core);
