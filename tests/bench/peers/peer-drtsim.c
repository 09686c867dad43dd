/* The same work for every simulator: N nodes, each sends one datagram of 96 bytes a virtual second to a
 * random node, 20 to 60 ms away. Here: the engine and the network that the port of the core is made
 * from. Prints datagrams that arrived a wall second, and resident bytes a node.
 *
 *   peer-drtsim N SECONDS */
#include "sim-net.h"
#include "sim-random.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { EVENT_PACKET, EVENT_TICK };

#define BYTES 96
#define PORT 50000

typedef struct {
  SimQueue *queue;
  SimNet *net;
  SimRandom random;
  uint32_t n;
  uint64_t arrived, checked;
  uint8_t payload[BYTES];
} World;

static void
tick_at(World *world, uint32_t node, SimTime at)
{
  SimEvent event = { .time = at,
                     .to = node,
                     .from = node,
                     .sequence = sim_net_host(world->net, node)->sequence++,
                     .kind = EVENT_TICK };
  sim_queue_push(world->queue, &event);
}

static void
send(World *world, uint32_t node, SimTime now)
{
  uint8_t to[SIM_ENDPOINT_LEN] = { PORT >> 8, PORT & 0xff };
  sim_net_address((uint32_t)sim_random_below(&world->random, world->n), to + 2);
  uint8_t *bytes = sim_net_send_begin(world->net, &sim_net_host(world->net, node)->first, BYTES);
  memcpy(bytes, world->payload, BYTES);
  sim_net_send_commit(world->net, now, to);
}

static void
run(World *world, SimTime end)
{
  SimEvent event;
  const SimEvent *first;
  while ((first = sim_queue_peek(world->queue)) != NULL && first->time < end) {
    sim_queue_pop(world->queue, &event);
    if (event.kind == EVENT_TICK) {
      send(world, event.to, event.time);
      tick_at(world, event.to, event.time + SIM_SECOND);
      continue;
    }
    SimPacket *packet = (SimPacket *)(uintptr_t)event.payload;
    if (sim_net_arrive(world->net, &event) == NULL)
      continue;
    world->arrived++;
    world->checked += packet->bytes[BYTES - 1]; /* somebody reads it */
    sim_net_done(world->net, packet);
  }
}

/* What is still under way goes back, too. */
static void
drain(World *world)
{
  SimEvent event;
  while (sim_queue_pop(world->queue, &event))
    if (event.kind == EVENT_PACKET)
      sim_net_done(world->net, (SimPacket *)(uintptr_t)event.payload);
}

int
main(int argc, char **argv)
{
  if (argc != 3) {
    fprintf(stderr, "usage: peer-drtsim N SECONDS\n");
    return 2;
  }
  World world = { .n = (uint32_t)atoi(argv[1]),
                  .random = sim_random(1, SIM_RANDOM_WORKLOAD, 0, 0) };
  memset(world.payload, 1, BYTES);
  SimMemory *memory = sim_memory_new();
  world.queue = sim_queue_new();
  world.net = sim_net_new(1, world.n, world.queue, memory, EVENT_PACKET);
  SimDistribution *latency = sim_distribution_new(&(SimDistributionSpec){
    .kind = SIM_UNIFORM, .a = 20 * SIM_MILLISECOND, .b = 60 * SIM_MILLISECOND });
  sim_net_set_link(world.net, &(SimLink){ .latency = latency, .mtu = 1500, .buffer = 65536 }, ~0u);
  for (uint32_t i = 0; i < world.n; i++) {
    sim_net_bind(world.net, i, PORT, &world);
    tick_at(&world, i, (SimTime)sim_random_below(&world.random, (uint64_t)SIM_SECOND));
  }
  gint64 began = g_get_monotonic_time();
  run(&world, atoi(argv[2]) * SIM_SECOND);
  double seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("drtsim %.0f datagrams/s %.0f bytes a node\n", (double)world.arrived / seconds,
         1024.0 * (double)usage.ru_maxrss / world.n);
  drain(&world);
  sim_net_free(world.net);
  sim_queue_free(world.queue);
  sim_distribution_free(latency);
  sim_memory_free(memory);
  return world.checked == world.arrived ? 0 : 1;
}
