#include "test-net.h"

#include <criterion/criterion.h>
#include <string.h>

void
test_net_init(TestNet *net, uint64_t seed, uint32_t hosts, SimTime latency)
{
  *net = (TestNet){ .memory = sim_memory_new(), .queue = sim_queue_new() };
  net->arrivals = g_array_new(FALSE, FALSE, sizeof(TestArrival));
  net->latency = sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT, .a = latency });
  net->net = sim_net_new(seed, hosts, net->queue, net->memory, 5);
  SimLink link = { .latency = net->latency, .buffer = 1000 };
  sim_net_set_link(net->net, &link, ~0u);
  for (uint32_t i = 0; i < MIN(hosts, TEST_NET_HOSTS_MAX); i++)
    net->sockets[i] = sim_net_bind(net->net, i, 0, net);
}

void
test_net_clear(TestNet *net)
{
  SimEvent event;
  while (sim_queue_pop(net->queue, &event))
    sim_net_done(net->net, (SimPacket *)(uintptr_t)event.payload);
  sim_net_free(net->net);
  sim_queue_free(net->queue);
  cr_expect(sim_memory_used(net->memory) == 0, "%zu bytes were not given back",
            sim_memory_used(net->memory));
  sim_memory_free(net->memory);
  sim_distribution_free(net->latency);
  g_array_free(net->arrivals, TRUE);
}

uint32_t
test_net_send(TestNet *net, uint32_t from, uint32_t to, uint32_t n)
{
  uint8_t endpoint[SIM_ENDPOINT_LEN];
  uint16_t port = net->sockets[to]->port;
  endpoint[0] = (uint8_t)(port >> 8);
  endpoint[1] = (uint8_t)port;
  sim_net_address(to, endpoint + 2);
  uint8_t *bytes = sim_net_send_begin(net->net, net->sockets[from], n);
  uint32_t tag = ++net->tags;
  memset(bytes, 0, n);
  memcpy(bytes, &tag, sizeof tag);
  sim_net_send_commit(net->net, net->now, endpoint);
  return tag;
}

static void
take(TestNet *net, const SimEvent *event)
{
  net->now = event->time;
  SimPacket *packet = (SimPacket *)(uintptr_t)event->payload;
  if (sim_net_arrive(net->net, event) == NULL)
    return;
  TestArrival arrival = { event->time, packet->from, packet->to, packet->n, 0, packet->copy };
  memcpy(&arrival.tag, packet->bytes, sizeof arrival.tag);
  g_array_append_val(net->arrivals, arrival);
  sim_net_done(net->net, packet);
}

void
test_net_run(TestNet *net, SimTime until)
{
  const SimEvent *first;
  SimEvent event;
  while ((first = sim_queue_peek(net->queue)) != NULL && first->time <= until) {
    sim_queue_pop(net->queue, &event);
    take(net, &event);
  }
  net->now = MAX(net->now, until);
  test_net_conserves(net);
}

uint64_t
test_net_lost(const TestNet *net)
{
  uint64_t lost = 0;
  for (int i = 0; i < SIM_LOSSES; i++)
    lost += sim_net_counts(net->net)->lost[i];
  return lost;
}

void
test_net_conserves(const TestNet *net)
{
  const SimNetCounts *counts = sim_net_counts(net->net);
  uint64_t in = counts->sent + counts->copied;
  uint64_t out = counts->delivered + test_net_lost(net) + counts->waiting + counts->flying;
  if (in != out || counts->flying != sim_queue_count(net->queue))
    cr_assert_fail("%lu packets in, %lu out, %lu flying, %zu in the queue", (unsigned long)in,
                   (unsigned long)out, (unsigned long)counts->flying, sim_queue_count(net->queue));
}

const TestArrival *
test_net_arrival(const TestNet *net, guint i)
{
  if (i >= net->arrivals->len)
    cr_assert_fail("only %u packets have arrived", net->arrivals->len);
  return &g_array_index(net->arrivals, TestArrival, i);
}

char *
test_net_tags(const TestNet *net, uint32_t to)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < net->arrivals->len; i++) {
    const TestArrival *arrival = test_net_arrival(net, i);
    if (arrival->to == to)
      g_string_append_printf(text, "%s%u", text->len > 0 ? " " : "", arrival->tag);
  }
  return g_string_free(text, FALSE);
}

SimMembers
test_members(uint32_t hosts, uint32_t a, uint32_t b, uint32_t c)
{
  SimMembers members = sim_members_new(hosts);
  const uint32_t all[] = { a, b, c };
  for (int i = 0; i < 3; i++)
    if (all[i] != UINT32_MAX)
      sim_members_add(&members, all[i]);
  return members;
}
