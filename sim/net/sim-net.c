/* The way of a packet: sent, delayed or lost, arrived. */
#include "sim-net.h"

#include "sim-net-private.h"

#include "sim-hash.h"

#include <string.h>

#define PORTS (65536 - SIM_PORT_FIRST)

static const uint8_t prefix[SIM_ADDRESS_LEN - 4] = { 0x20, 0x01, 0x0d, 0xb8 };

const char *
sim_loss_name(SimLoss loss)
{
  static const char *const names[] = {
#define NAME(name, text, meaning) text,
    SIM_LOSS_TABLE(NAME)
#undef NAME
  };
  return names[loss];
}

SimNet *
sim_net_new(uint64_t seed, uint32_t hosts, SimQueue *queue, SimMemory *memory, uint32_t arrival)
{
  SimNet *net = g_new0(SimNet, 1);
  net->queue = queue;
  net->memory = memory;
  net->arrival = arrival;
  net->host_count = hosts;
  net->hosts = sim_memory_take(memory, 64, MAX(hosts, 1) * sizeof(SimHost));
  if (net->hosts == NULL)
    g_error("no memory for %u hosts", hosts);
  memset(net->hosts, 0, MAX(hosts, 1) * sizeof(SimHost));
  net->rules = g_array_new(FALSE, FALSE, sizeof(SimLinkRule));
  net->cuts = g_array_new(FALSE, FALSE, sizeof(SimWay));
  net->holds = g_array_new(FALSE, FALSE, sizeof(SimWay));
  sim_link_chance_init(&net->chance, seed);
  return net;
}

static void
free_rare(SimNet *net, SimHost *host)
{
  if (host->rare == NULL)
    return;
  SimPacket *packet;
  while ((packet = g_queue_pop_head(&host->rare->waiting)) != NULL)
    sim_net_done(net, packet);
  g_free(host->rare);
  host->rare = NULL;
}

void
sim_net_free(SimNet *net)
{
  if (net == NULL)
    return;
  for (uint32_t i = 0; i < net->host_count; i++) {
    SimHost *host = &net->hosts[i];
    free_rare(net, host);
    while (host->first.next != NULL) {
      SimSocket *socket = host->first.next;
      host->first.next = socket->next;
      g_free(socket);
    }
  }
  sim_net_clear_faults(net);
  sim_memory_give(net->memory, net->hosts, 64, MAX(net->host_count, 1) * sizeof(SimHost));
  g_array_free(net->rules, TRUE);
  g_array_free(net->cuts, TRUE);
  g_array_free(net->holds, TRUE);
  g_free(net);
}

SimHost *
sim_net_host(const SimNet *net, uint32_t number)
{
  return &net->hosts[number];
}

uint32_t
sim_net_hosts(const SimNet *net)
{
  return net->host_count;
}

const SimNetCounts *
sim_net_counts(const SimNet *net)
{
  return &net->counts;
}

size_t
sim_net_bytes(const SimNet *net)
{
  return net->host_count * sizeof(SimHost);
}

void
sim_net_watch(SimNet *net, const SimNetWatch *watch)
{
  net->watch = *watch;
}

SimHostRare *
sim_net_rare(SimNet *net, SimHost *host)
{
  (void)net;
  if (host->rare == NULL) {
    host->rare = g_new0(SimHostRare, 1);
    g_queue_init(&host->rare->waiting);
  }
  return host->rare;
}

/* Host 0 has the address 2001:db8::1. */
void
sim_net_address(uint32_t host, uint8_t to[SIM_ADDRESS_LEN])
{
  memcpy(to, prefix, sizeof prefix);
  for (int i = 0; i < 4; i++)
    to[12 + i] = (uint8_t)((host + 1) >> (24 - 8 * i));
}

uint32_t
sim_net_host_of(const SimNet *net, const uint8_t address[SIM_ADDRESS_LEN])
{
  if (memcmp(address, prefix, sizeof prefix) != 0)
    return net->host_count;
  uint32_t number = (uint32_t)address[12] << 24 | (uint32_t)address[13] << 16 |
                    (uint32_t)address[14] << 8 | address[15];
  return number >= 1 && number <= net->host_count ? number - 1 : net->host_count;
}

SimSocket *
sim_net_socket(const SimHost *host, uint16_t port)
{
  for (const SimSocket *socket = &host->first; socket != NULL; socket = socket->next)
    if (socket->owner != NULL && socket->port == port)
      return (SimSocket *)socket;
  return NULL;
}

static uint16_t
free_port(SimHost *host)
{
  for (;;) {
    uint16_t port = (uint16_t)(SIM_PORT_FIRST + host->binds++ % PORTS);
    if (sim_net_socket(host, port) == NULL)
      return port;
  }
}

SimSocket *
sim_net_bind(SimNet *net, uint32_t number, uint16_t port, void *owner)
{
  SimHost *host = &net->hosts[number];
  if (port != 0 && sim_net_socket(host, port) != NULL)
    return NULL;
  SimSocket *socket = &host->first;
  if (socket->owner != NULL) {
    SimSocket *next = g_new0(SimSocket, 1);
    next->next = socket->next;
    socket->next = next;
    socket = next;
  }
  socket->owner = owner;
  socket->host = number;
  socket->port = port != 0 ? port : free_port(host);
  socket->wake_at = socket->wake_local = socket->alarm_at = SIM_TIME_NEVER;
  return socket;
}

void
sim_net_unbind(SimNet *net, SimSocket *socket)
{
  SimHost *host = &net->hosts[socket->host];
  socket->owner = NULL;
  if (socket == &host->first)
    return;
  SimSocket *before = &host->first;
  while (before->next != socket)
    before = before->next;
  before->next = socket->next;
  g_free(socket);
}

static SimPacket *
new_packet(SimNet *net, uint32_t n)
{
  SimPacket *packet = sim_memory_take(net->memory, 16, sizeof(SimPacket) + n);
  if (packet == NULL)
    return NULL;
  *packet = (SimPacket){ .n = n };
  return packet;
}

void
sim_net_done(SimNet *net, SimPacket *packet)
{
  sim_memory_give(net->memory, packet, 16, sizeof(SimPacket) + packet->n);
}

void
sim_net_lose(SimNet *net, SimPacket *packet, SimLoss why)
{
  net->counts.lost[why]++;
  if (net->watch.lost != NULL)
    net->watch.lost(net->watch.data, packet, why);
  sim_net_done(net, packet);
}

uint8_t *
sim_net_send_begin(SimNet *net, SimSocket *from, uint32_t n)
{
  SimPacket *packet = new_packet(net, n);
  if (packet == NULL)
    return NULL;
  packet->from = from->host;
  packet->from_port = from->port;
  net->begun = packet;
  return packet->bytes;
}

static void
send_packet(SimNet *net, SimTime now, SimPacket *packet, const uint8_t to[SIM_ENDPOINT_LEN])
{
  SimHost *host = &net->hosts[packet->from];
  packet->sent = now;
  packet->number = host->packets++;
  packet->to = sim_net_host_of(net, to + 2);
  packet->to_port = (uint16_t)(to[0] << 8 | to[1]);
  packet->hash = sim_hash_bytes(packet->bytes, packet->n);
  net->counts.sent++;
  net->counts.bytes += packet->n;
  if (net->watch.sent != NULL)
    net->watch.sent(net->watch.data, packet);
  SimLoss why;
  if (host->disconnected)
    sim_net_lose(net, packet, SIM_LOSS_DISCONNECTED);
  else if (packet->to == net->host_count)
    sim_net_lose(net, packet, SIM_LOSS_ADDRESS);
  else if (sim_net_separated(net, packet->from, packet->to, &why))
    sim_net_lose(net, packet, why);
  else if (!sim_net_holds(net, packet))
    sim_net_travel(net, now, packet);
}

void
sim_net_send_commit(SimNet *net, SimTime now, const uint8_t to[SIM_ENDPOINT_LEN])
{
  send_packet(net, now, net->begun, to);
}

void
sim_net_inject(SimNet *net, SimTime now, uint32_t from, uint16_t from_port,
               const uint8_t to[SIM_ENDPOINT_LEN], const uint8_t *bytes, uint32_t n)
{
  SimPacket *packet = new_packet(net, n);
  if (packet == NULL)
    return;
  packet->from = from;
  packet->from_port = from_port;
  memcpy(packet->bytes, bytes, n);
  send_packet(net, now, packet, to);
}

void
sim_net_fly(SimNet *net, SimTime at, SimHost *maker, SimPacket *packet)
{
  SimEvent event = {
    .time = at,
    .to = packet->to,
    .from = (uint32_t)(maker - net->hosts),
    .sequence = maker->sequence++,
    .kind = net->arrival,
    .payload = (uint64_t)(uintptr_t)packet,
  };
  net->counts.flying++;
  sim_queue_push(net->queue, &event);
}

/* When the access link has passed the packet on, or NEVER if too much is waiting before it. */
static SimTime
shape(SimTime now, SimTime *busy_until, const SimLink *link, uint64_t bytes)
{
  SimTime start = *busy_until > now ? *busy_until : now;
  uint64_t waiting =
    (uint64_t)(((SimHashWide)(uint64_t)(start - now) * link->bandwidth) / SIM_SECOND);
  if (link->queue != 0 && waiting + bytes > link->queue)
    return SIM_TIME_NEVER;
  *busy_until = start + (SimTime)(((SimHashWide)bytes * SIM_SECOND) / link->bandwidth);
  return *busy_until;
}

static void
fly_copy(SimNet *net, SimTime at, SimHost *host, const SimPacket *packet)
{
  SimPacket *copy = new_packet(net, packet->n);
  if (copy == NULL)
    return;
  memcpy(copy, packet, sizeof *packet + packet->n);
  copy->copy = true;
  net->counts.copied++;
  sim_net_fly(net, at, host, copy);
}

void
sim_net_travel(SimNet *net, SimTime now, SimPacket *packet)
{
  SimHost *host = &net->hosts[packet->from];
  SimLink own;
  const SimLink *link = &net->link;
  if (net->rules->len > 0) {
    own = sim_net_link(net, packet->from, packet->to);
    link = &own;
  }
  uint32_t pieces = sim_link_pieces(link, packet->n);
  if (pieces == 0) {
    sim_net_lose(net, packet, SIM_LOSS_MTU);
    return;
  }
  SimTime start = now;
  if (link->bandwidth != 0)
    start =
      shape(now, &sim_net_rare(net, host)->uplink_free, link, sim_link_bytes(packet->n, pieces));
  if (start == SIM_TIME_NEVER) {
    sim_net_lose(net, packet, SIM_LOSS_QUEUE);
    return;
  }
  SimFate fate =
    sim_link_fate(link, &net->chance, packet->from, packet->to, packet->number, pieces);
  if (fate.lost) {
    sim_net_lose(net, packet, fate.burst ? SIM_LOSS_BURST : SIM_LOSS_LOSS);
    return;
  }
  if (fate.copied)
    fly_copy(net, start + fate.copy_delay, host, packet);
  sim_net_fly(net, start + fate.delay, host, packet);
}

/* The packet has come to the receiver's access link. True if that delays or loses it. */
static bool
shape_arrival(SimNet *net, SimTime now, SimHost *host, SimPacket *packet)
{
  SimLink link = sim_net_link(net, packet->from, packet->to);
  if (link.bandwidth == 0 || packet->shaped)
    return false;
  packet->shaped = true;
  uint64_t bytes = sim_link_bytes(packet->n, sim_link_pieces(&link, packet->n));
  SimTime at = shape(now, &sim_net_rare(net, host)->downlink_free, &link, bytes);
  if (at == SIM_TIME_NEVER)
    sim_net_lose(net, packet, SIM_LOSS_QUEUE);
  else
    sim_net_fly(net, at > now ? at : now + 1, host, packet);
  return true;
}

/* A frozen process reads nothing: the packet waits for it, if there is room. */
static void
wait_for_process(SimNet *net, SimHost *host, SimPacket *packet)
{
  SimHostRare *rare = sim_net_rare(net, host);
  if (rare->waiting_bytes + packet->n > net->link.buffer) {
    sim_net_lose(net, packet, SIM_LOSS_BUFFER);
    return;
  }
  rare->waiting_bytes += packet->n;
  net->counts.waiting++;
  g_queue_push_tail(&rare->waiting, packet);
}

SimSocket *
sim_net_arrive(SimNet *net, const SimEvent *event)
{
  SimPacket *packet = (SimPacket *)(uintptr_t)event->payload;
  SimHost *host = &net->hosts[event->to];
  net->counts.flying--;
  SimLoss why;
  if (!packet->buffered) {
    if (host->disconnected) {
      sim_net_lose(net, packet, SIM_LOSS_DISCONNECTED);
      return NULL;
    }
    if (sim_net_separated(net, packet->from, packet->to, &why)) {
      sim_net_lose(net, packet, why);
      return NULL;
    }
    if ((net->link.bandwidth != 0 || net->rules->len > 0) &&
        shape_arrival(net, event->time, host, packet))
      return NULL;
  }
  SimSocket *socket = sim_net_socket(host, packet->to_port);
  if (socket == NULL) {
    sim_net_lose(net, packet, SIM_LOSS_PORT);
    return NULL;
  }
  if (host->paused) {
    wait_for_process(net, host, packet);
    return NULL;
  }
  net->counts.delivered++;
  if (net->watch.arrived != NULL)
    net->watch.arrived(net->watch.data, packet);
  return socket;
}
