/* Hosts: addresses, ports, and what a watcher is told of every packet. */
#include "test-net.h"

#include <criterion/criterion.h>
#include <string.h>

Test(hosts, addresses_lead_back_to_their_hosts)
{
  TestNet net;
  test_net_init(&net, 1, 64, 1000);
  uint8_t address[SIM_ADDRESS_LEN];
  static const uint8_t first[SIM_ADDRESS_LEN] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
  sim_net_address(0, address);
  cr_expect(memcmp(address, first, sizeof first) == 0);
  for (uint32_t i = 0; i < 64; i++) {
    sim_net_address(i, address);
    cr_expect(sim_net_host_of(net.net, address) == i);
  }
  sim_net_address(64, address);
  cr_expect(sim_net_host_of(net.net, address) == 64, "there is no host 64");
  sim_net_address(UINT32_MAX, address); /* ::0 */
  cr_expect(sim_net_host_of(net.net, address) == 64);
  memcpy(address, first, sizeof first);
  address[5] = 1;
  cr_expect(sim_net_host_of(net.net, address) == 64, "another network");
  test_net_clear(&net);
}

Test(hosts, a_port_is_fresh_after_every_binding)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  uint16_t last = net.sockets[0]->port;
  cr_expect(last == SIM_PORT_FIRST && net.sockets[1]->port == SIM_PORT_FIRST);
  for (uint32_t i = 1; i < 65536 - SIM_PORT_FIRST; i++) {
    sim_net_unbind(net.net, net.sockets[0]);
    net.sockets[0] = sim_net_bind(net.net, 0, 0, &net);
    if (net.sockets[0]->port != SIM_PORT_FIRST + i)
      cr_assert_fail("port %u in round %u", net.sockets[0]->port, i);
  }
  sim_net_unbind(net.net, net.sockets[0]);
  net.sockets[0] = sim_net_bind(net.net, 0, 0, &net);
  cr_expect(net.sockets[0]->port == SIM_PORT_FIRST, "all others were given out");
  test_net_clear(&net);
}

Test(hosts, a_taken_port_is_refused_and_passed_over)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  cr_expect(sim_net_bind(net.net, 0, SIM_PORT_FIRST, &net) == NULL);
  SimSocket *second = sim_net_bind(net.net, 0, SIM_PORT_FIRST + 1, &net);
  cr_expect(second != NULL && second->port == SIM_PORT_FIRST + 1);
  SimSocket *third = sim_net_bind(net.net, 0, 0, &net);
  cr_expect(third != NULL && third->port == SIM_PORT_FIRST + 2, "free ports alone are given out");
  SimHost *host = sim_net_host(net.net, 0);
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST) == net.sockets[0]);
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST + 1) == second);
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST + 2) == third);
  sim_net_unbind(net.net, net.sockets[0]); /* the first one goes, the others stay */
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST) == NULL);
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST + 2) == third);
  sim_net_unbind(net.net, second);
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST + 1) == NULL);
  cr_expect(sim_net_socket(host, SIM_PORT_FIRST + 2) == third);
  cr_expect(sim_net_bind(net.net, 0, 80, &net) != NULL);
  test_net_clear(&net);
}

Test(hosts, a_datagram_arrives_as_it_was_sent)
{
  TestNet net;
  test_net_init(&net, 1, 3, 1000);
  uint32_t tag = test_net_send(&net, 2, 1, 700);
  test_net_run(&net, 999);
  cr_expect(net.arrivals->len == 0 && sim_net_counts(net.net)->flying == 1);
  test_net_run(&net, 1000);
  const TestArrival *arrival = test_net_arrival(&net, 0);
  cr_expect(arrival->at == 1000 && arrival->from == 2 && arrival->to == 1 && arrival->n == 700);
  cr_expect(arrival->tag == tag && !arrival->copy);
  const SimNetCounts *counts = sim_net_counts(net.net);
  cr_expect(counts->sent == 1 && counts->bytes == 700 && counts->delivered == 1);
  test_net_clear(&net);
}

static void
send_to(TestNet *net, uint32_t host, uint16_t port)
{
  uint8_t endpoint[SIM_ENDPOINT_LEN] = { (uint8_t)(port >> 8), (uint8_t)port };
  sim_net_address(host, endpoint + 2);
  memset(sim_net_send_begin(net->net, net->sockets[0], 4), 0, 4);
  sim_net_send_commit(net->net, net->now, endpoint);
}

Test(hosts, what_nobody_listens_to_is_lost_and_says_why)
{
  TestNet net;
  test_net_init(&net, 1, 2, 1000);
  send_to(&net, 7, SIM_PORT_FIRST);
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_ADDRESS] == 1);
  send_to(&net, 1, SIM_PORT_FIRST + 9);
  test_net_run(&net, 5000);
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_PORT] == 1);
  send_to(&net, 1, SIM_PORT_FIRST); /* the socket is closed while the packet is under way */
  sim_net_unbind(net.net, net.sockets[1]);
  test_net_run(&net, 10000);
  cr_expect(sim_net_counts(net.net)->lost[SIM_LOSS_PORT] == 2);
  cr_expect(net.arrivals->len == 0);
  test_net_clear(&net);
}

Test(hosts, every_loss_has_a_name_of_its_own)
{
  for (SimLoss i = 0; i < SIM_LOSSES; i++)
    for (SimLoss k = 0; k < i; k++)
      cr_expect(strcmp(sim_loss_name(i), sim_loss_name(k)) != 0);
  cr_expect(strcmp(sim_loss_name(SIM_LOSS_PARTITION), "partition") == 0);
}

typedef struct {
  uint32_t sent, lost, arrived, marked;
  SimLoss why;
} Told;

static void
on_sent(void *data, SimPacket *packet)
{
  Told *told = data;
  packet->trace = 1000 + told->sent++;
}

static void
on_lost(void *data, const SimPacket *packet, SimLoss why)
{
  Told *told = data;
  told->lost++;
  told->why = why;
  told->marked += packet->trace >= 1000;
}

static void
on_arrived(void *data, const SimPacket *packet)
{
  Told *told = data;
  told->arrived++;
  told->marked += packet->trace >= 1000;
}

Test(hosts, a_watcher_is_told_of_every_packet)
{
  TestNet net;
  Told told = { 0 };
  test_net_init(&net, 1, 2, 1000);
  sim_net_watch(net.net, &(SimNetWatch){ &told, on_sent, on_lost, on_arrived });
  SimLink link = { .duplicate = SIM_CHANCE_ALWAYS };
  sim_net_set_link(net.net, &link, SIM_LINK_DUPLICATE);
  test_net_send(&net, 0, 1, 4);
  test_net_run(&net, 5000);
  cr_expect(told.sent == 1 && told.arrived == 2 && told.lost == 0, "a copy is not sent again");
  cr_expect(told.marked == 2, "a copy is called as its original is");
  cr_expect(test_net_arrival(&net, 0)->copy != test_net_arrival(&net, 1)->copy);
  send_to(&net, 5, 1);
  cr_expect(told.sent == 2 && told.lost == 1 && told.why == SIM_LOSS_ADDRESS && told.marked == 3);
  test_net_clear(&net);
}

/* As the test of a wire that somebody else plugs into: no socket is needed to send. */
Test(hosts, an_injected_datagram_comes_from_whom_it_says)
{
  TestNet net;
  test_net_init(&net, 1, 3, 1000);
  uint8_t endpoint[SIM_ENDPOINT_LEN] = { SIM_PORT_FIRST >> 8, SIM_PORT_FIRST & 0xff };
  static const uint8_t bytes[] = { 9, 0, 0, 0 };
  sim_net_address(1, endpoint + 2);
  sim_net_unbind(net.net, net.sockets[2]);
  sim_net_inject(net.net, 0, 2, 4242, endpoint, bytes, sizeof bytes);
  test_net_run(&net, 5000);
  cr_expect(test_net_arrival(&net, 0)->from == 2 && test_net_arrival(&net, 0)->tag == 9);
  test_net_clear(&net);
}
