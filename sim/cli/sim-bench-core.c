#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "sim-bench-core.h"

#include "sim-bench-messages.h"
#include "sim-interrupt.h"
#include "sim-seen.h"
#include "sim-print.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define ROUNDS 5
#define REPEATS 40000    /* of a message in a round */
#define PERIODS_SETTLE 4 /* of maintenance, which is 15 s */
#define PERIODS 4        /* that are measured */
#define PERIOD (15 * SIM_SECOND)
#define MINUTE (60 * SIM_SECOND)
#define CLOCK_CALLS 1000

static double
now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

/* ---- Messages. ---- */

static bool
measure_message(unsigned i, SimBenchMessage *ret)
{
  *ret = (SimBenchMessage){ .name = sim_bench_message_name(i), .encode_ns = 1e9, .decode_ns = 1e9 };
  for (int round = 0; round < ROUNDS; round++) {
    double began = now_ns();
    ret->bytes = sim_bench_encode(i, REPEATS);
    double encoded = now_ns();
    const char *reject = sim_bench_decode(i, REPEATS);
    double decoded = now_ns();
    if (reject != NULL) {
      fprintf(stderr, "drtsim: our own %s is rejected: %s\n", ret->name, reject);
      return false;
    }
    ret->encode_ns = MIN(ret->encode_ns, (encoded - began) / REPEATS);
    ret->decode_ns = MIN(ret->decode_ns, (decoded - encoded) / REPEATS);
  }
  return true;
}

static bool
measure_messages(SimBenchCore *ret)
{
  for (unsigned i = 0; sim_bench_message_name(i) != NULL; i++) {
    g_assert(i < SIM_BENCH_MESSAGES_MAX);
    if (!measure_message(i, &ret->messages[i]))
      return false;
    ret->message_count = i + 1;
  }
  return true;
}

/* ---- Events. ---- */

/* What has arrived in the step at hand; SIM_MESSAGES: nothing. */
static void
arrived(void *data, const SimPacket *packet)
{
  SimMessageType *type = data;
  *type = sim_seen_type(packet->bytes, packet->n);
}

/* What a look at the clock costs, which is part of every step. */
static double
clock_ns(void)
{
  double began = now_ns(), last = began;
  for (int i = 0; i < CLOCK_CALLS; i++)
    last = now_ns();
  return (last - began) / CLOCK_CALLS;
}

/* Steps are timed one by one, and summed by what they began with. Between them nothing else is done. */
static void
measure_second(SimWorld *world, SimTime until, double clock, SimMessageType *type,
               SimBenchCore *ret)
{
  for (double began = now_ns(), ended; sim_world_step(world, until); began = ended) {
    ended = now_ns();
    ret->events[*type].count++;
    ret->events[*type].ns += ended - began - clock;
    *type = SIM_MESSAGES;
  }
}

static void
measure_steps(SimWorld *world, SimBenchCore *ret)
{
  SimMessageType type = SIM_MESSAGES;
  SimWatcher watcher = { .data = &type, .arrived = arrived };
  sim_world_watch(world, &watcher);
  double clock = clock_ns();
  SimTime now = sim_world_now(world), until = now + PERIODS * PERIOD;
  while (now < until && !sim_interrupted())
    measure_second(world, now += SIM_SECOND, clock, &type, ret);
  for (SimMessageType i = 0; i <= SIM_MESSAGES; i++)
    if (ret->events[i].count > 0)
      ret->events[i].ns /= (double)ret->events[i].count;
}

static bool
measure_events(uint32_t nodes, uint64_t seed, SimBenchCore *ret)
{
  SimBenchWorld *made = sim_bench_world_new(nodes, seed);
  bool good = true;
  ret->nodes = nodes;
  for (uint32_t i = 0; i < nodes && good && !sim_interrupted(); i++) {
    sim_world_run(made->world, (SimTime)i * MINUTE / nodes);
    good = sim_bench_world_start(made->world, i);
  }
  SimTime settled = MINUTE + PERIODS_SETTLE * PERIOD;
  for (SimTime now = MINUTE; good && now <= settled && !sim_interrupted(); now += SIM_SECOND)
    sim_world_run(made->world, now);
  if (good)
    measure_steps(made->world, ret);
  sim_bench_world_free(made);
  return good && !sim_interrupted();
}

bool
sim_bench_core_measure(uint32_t nodes, uint64_t seed, SimBenchCore *ret)
{
  *ret = (SimBenchCore){ 0 };
  return measure_messages(ret) && measure_events(nodes, seed, ret);
}

/* ---- What is printed. ---- */

static const char *
event_name(SimMessageType type)
{
  return type == SIM_MESSAGES ? "timer, network" : sim_message_word(type);
}

void
sim_bench_core_json(GString *to, const SimBenchCore *core)
{
  g_string_append(to, "{\"messages\":[");
  for (unsigned i = 0; i < core->message_count; i++) {
    const SimBenchMessage *message = &core->messages[i];
    g_string_append_printf(
      to, "%s{\"name\":\"%s\",\"bytes\":%u,\"encode_ns\":%.1f,\"decode_ns\":%.1f}",
      i > 0 ? "," : "", message->name, message->bytes, message->encode_ns, message->decode_ns);
  }
  g_string_append_printf(to, "],\"nodes\":%u,\"events\":[", core->nodes);
  for (SimMessageType i = 0; i <= SIM_MESSAGES; i++)
    g_string_append_printf(to, "%s{\"name\":\"%s\",\"count\":%" PRIu64 ",\"ns\":%.1f}",
                           i > 0 ? "," : "", event_name(i), core->events[i].count,
                           core->events[i].ns);
  g_string_append(to, "]}");
}

void
sim_bench_core_text(GString *to, const SimBenchCore *core)
{
  g_string_append_printf(to, "%-16s %8s %12s %12s\n", "message", "bytes", "encode, ns",
                         "decode, ns");
  for (unsigned i = 0; i < core->message_count; i++) {
    const SimBenchMessage *message = &core->messages[i];
    g_string_append_printf(to, "%-16s %8u %12.1f %12.1f\n", message->name, message->bytes,
                           message->encode_ns, message->decode_ns);
  }
  g_string_append_printf(to, "\n%-16s %8s %12s    of %u nodes that have settled, idle\n", "handled",
                         "share", "ns each", core->nodes);
  uint64_t all = 0;
  for (SimMessageType i = 0; i <= SIM_MESSAGES; i++)
    all += core->events[i].count;
  for (SimMessageType i = 0; i <= SIM_MESSAGES; i++)
    if (core->events[i].count > 0)
      g_string_append_printf(to, "%-16s %6.1f %% %12.0f\n", event_name(i),
                             100 * (double)core->events[i].count / (double)all, core->events[i].ns);
}
