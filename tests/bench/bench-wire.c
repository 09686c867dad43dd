/* What a message costs on its way to bytes and back: nanoseconds for each, best of five; the messages are
 * those of sim/bench, as `drtsim bench core` measures them.
 *
 *   bench-wire [--tiny]
 *   bench-wire --list                    the names of the jobs
 *   bench-wire --only NAME --count N     one job, N times, untimed: for instructions.sh */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "sim-bench-messages.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 5

/* The size of the datagram. */
static uint32_t
run(unsigned i, bool decode, uint64_t count)
{
  if (!decode)
    return sim_bench_encode(i, count);
  const char *reject = sim_bench_decode(i, count);
  if (reject != NULL) {
    fprintf(stderr, "bench-wire: %s\n", reject);
    exit(1);
  }
  return 0;
}

static double
seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
best_ns(unsigned kind, bool decode, uint64_t count)
{
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = seconds();
    run(kind, decode, count);
    double ns = (seconds() - start) * 1e9 / (double)count;
    if (ns < best)
      best = ns;
  }
  return best;
}

static int
measure(uint64_t count)
{
  printf("%-16s %6s %12s %12s\n", "message", "bytes", "encode, ns", "decode, ns");
  for (unsigned kind = 0; sim_bench_message_name(kind) != NULL; kind++) {
    double encode = best_ns(kind, false, count), decode = best_ns(kind, true, count);
    printf("%-16s %6u %12.1f %12.1f\n", sim_bench_message_name(kind), run(kind, false, 1), encode,
           decode);
  }
  return 0;
}

/* "decode-lookup" */
static int
run_one(const char *name, uint64_t count)
{
  bool decode = strncmp(name, "decode-", 7) == 0;
  for (unsigned kind = 0; sim_bench_message_name(kind) != NULL; kind++)
    if ((decode || strncmp(name, "encode-", 7) == 0) &&
        strcmp(name + 7, sim_bench_message_name(kind)) == 0) {
      run(kind, decode, count);
      return 0;
    }
  fprintf(stderr, "bench-wire: no job %s; try --list\n", name);
  return 2;
}

int
main(int argc, char **argv)
{
  if (argc == 1)
    return measure(2000000);
  if (argc == 2 && strcmp(argv[1], "--tiny") == 0)
    return measure(1000);
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    for (unsigned kind = 0; sim_bench_message_name(kind) != NULL; kind++)
      printf("encode-%s\ndecode-%s\n", sim_bench_message_name(kind), sim_bench_message_name(kind));
    return 0;
  }
  if (argc == 5 && strcmp(argv[1], "--only") == 0 && strcmp(argv[3], "--count") == 0)
    return run_one(argv[2], strtoull(argv[4], NULL, 10));
  fputs("usage: bench-wire [--tiny | --list | --only NAME --count N]\n", stderr);
  return 2;
}
