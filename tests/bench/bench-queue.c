/* The event queue in the hold model: pop the first event, push one later; nanoseconds per pair, by
 * how many events are pending, for two mixes of delays.
 *
 *   bench-queue [--tiny]
 *
 * "exponential": the classic of the literature. "nodes": what clouds do; of ten events seven are
 * latencies of 20 to 200 ms, two repetitions after 1 s, one a timer of 15 s. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "sim-distribution.h"
#include "sim-queue.h"
#include "sim-random.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 3

static uint64_t
wall_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

typedef struct {
  SimDistribution *exponential, *latency;
  bool nodes;
} Mix;

static SimTime
delay(const Mix *mix, uint64_t random)
{
  if (!mix->nodes)
    return sim_distribution_at(mix->exponential, random);
  switch (random % 10) {
  case 0:
    return 15 * SIM_SECOND;
  case 1:
  case 2:
    return SIM_SECOND;
  default:
    return sim_distribution_at(mix->latency, random);
  }
}

/* Nanoseconds per pop and push with @pending events, over @holds of them. */
static double
hold(const Mix *mix, uint32_t pending, uint32_t holds)
{
  SimQueue *queue = sim_queue_new();
  SimRandom random = sim_random(1, SIM_RANDOM_WORKLOAD, pending, 0);
  for (uint32_t i = 0; i < pending; i++) {
    SimEvent event = { .time = delay(mix, sim_random_next(&random)), .to = i };
    sim_queue_push(queue, &event);
  }
  uint64_t start = 0;
  for (uint32_t i = 0; i < pending + holds; i++) {
    SimEvent event;
    if (i == pending) /* each event was renewed once: the queue has its shape */
      start = wall_ns();
    if (!sim_queue_pop(queue, &event))
      break;
    event.time += delay(mix, sim_random_next(&random));
    event.sequence++;
    sim_queue_push(queue, &event);
  }
  double ns = (double)(wall_ns() - start) / holds;
  sim_queue_free(queue);
  return ns;
}

int
main(int argc, char **argv)
{
  bool tiny = argc == 2 && strcmp(argv[1], "--tiny") == 0;
  if (argc > 1 && !tiny) {
    fprintf(stderr, "usage: bench-queue [--tiny]\n");
    return 2;
  }
  static const uint32_t sizes[] = { 1000, 10000, 100000, 1000000, 10000000 };
  SimDistributionSpec exponential = { .kind = SIM_EXPONENTIAL, .a = SIM_SECOND };
  SimDistributionSpec latency = { .kind = SIM_UNIFORM,
                                  .a = 20 * SIM_MILLISECOND,
                                  .b = 200 * SIM_MILLISECOND };
  Mix mix = { sim_distribution_new(&exponential), sim_distribution_new(&latency), false };
  printf("ns per pop and push, drawing the delay included\n%10s %12s %8s\n", "pending",
         "exponential", "nodes");
  for (int i = 0; i < (tiny ? 1 : 5); i++) {
    double best[2] = { 1e30, 1e30 };
    for (int nodes = 0; nodes < 2; nodes++)
      for (int round = 0; round < (tiny ? 1 : ROUNDS); round++) {
        mix.nodes = nodes == 1;
        double ns = hold(&mix, sizes[i], tiny ? 10000 : 3000000);
        best[nodes] = ns < best[nodes] ? ns : best[nodes];
      }
    printf("%10u %12.0f %8.0f\n", sizes[i], best[0], best[1]);
  }
  sim_distribution_free(mix.exponential);
  sim_distribution_free(mix.latency);
  return 0;
}
