/* drt-port.h on virtual time and the virtual network. A machine is a host of the network. */
#include "sim-world-private.h"

#include "sim-random.h"

#define E_IN_USE ((HRESULT)0x80072740) /* what Windows makes of WSAEADDRINUSE */

static uint32_t
number_of(const SimWorld *world, const void *machine)
{
  return (uint32_t)((const SimHost *)machine - sim_world_host(world, 0));
}

DrtLibrary *
drt_port_library(void)
{
  SimWorld *world = sim_world_current();
  return world == NULL ? NULL : world->library;
}

void *
drt_port_machine(void)
{
  SimWorld *world = sim_world_current();
  return sim_world_host(world, world->current);
}

int64_t
drt_port_now(void *machine)
{
  SimWorld *world = sim_world_current();
  const SimHost *host = machine;
  if (!host->odd_clock)
    return world->now;
  return sim_clock_read(((SimApp *)host->application)->clock, world->now);
}

int64_t
drt_port_calendar(void *machine)
{
  return SIM_EPOCH + drt_port_now(machine) / SIM_SECOND;
}

void
drt_port_crypto(void *machine, DrtCryptoWork work)
{
  SimWorld *world = sim_world_current();
  sim_secured_work(world, number_of(world, machine), world->crypto_costs[work]);
}

/* A function of seed, node and how many instances it has had: no draw elsewhere changes it. */
void
drt_port_entropy(void *machine, uint8_t *to, size_t n)
{
  SimWorld *world = sim_world_current();
  uint32_t node = number_of(world, machine);
  SimRandom random =
    sim_random(world->seed, SIM_RANDOM_ENTROPY, node, sim_app_of(world, node)->lives);
  for (size_t i = 0; i < n; i += 8) {
    uint64_t word = sim_random_next(&random);
    for (size_t k = 0; k < 8 && i + k < n; k++)
      to[i + k] = (uint8_t)(word >> 8 * k);
  }
}

int32_t
drt_port_bind(void *machine, DrtTransport *transport, unsigned scope, uint32_t scope_id,
              uint16_t *port, void **ret_socket)
{
  SimWorld *world = sim_world_current();
  (void)scope; /* every address is good in every scope */
  (void)scope_id;
  SimSocket *socket = sim_net_bind(world->net, number_of(world, machine), *port, transport);
  if (socket == NULL)
    return E_IN_USE;
  *port = socket->port;
  *ret_socket = socket;
  return S_OK;
}

void
drt_port_unbind(void *socket)
{
  sim_net_unbind(sim_world_current()->net, socket);
}

int
drt_port_addresses(void *socket_pointer, uint8_t (*to)[16], unsigned max)
{
  SimWorld *world = sim_world_current();
  const SimSocket *socket = socket_pointer;
  if (sim_world_host(world, socket->host)->disconnected || max == 0)
    return 0;
  sim_net_address(socket->host, to[0]);
  return 1;
}

uint8_t *
drt_port_send_begin(void *socket, uint32_t n)
{
  return sim_net_send_begin(sim_world_current()->net, socket, n);
}

void
drt_port_send_commit(void *socket, const uint8_t to[18], uint32_t n)
{
  SimWorld *world = sim_world_current();
  SimTime at = world->now;
  (void)n;
  if (world->costly) /* it leaves once the processor has done what it takes */
    at = sim_secured_free_at(world, ((const SimSocket *)socket)->host);
  sim_net_send_commit(world->net, at, to);
}

void
drt_port_wake_at(void *socket, int64_t at)
{
  sim_timer_set(sim_world_current(), socket, at);
}

/* The application reads once the core has come back. */
void
drt_port_signal(void *machine, void *event, bool set)
{
  SimWorld *world = sim_world_current();
  SimHost *host = machine;
  (void)event;
  if (!set || host->signalled)
    return;
  host->signalled = true;
  uint32_t node = number_of(world, machine);
  g_array_append_val(world->signalled, node);
}

/* No application here asks for a host name: groups bootstrap from their directory. */
bool
drt_port_lookup(void *machine, void *request, const wchar_t *name)
{
  (void)machine;
  (void)request;
  (void)name;
  return false;
}

void
drt_port_lookup_cancel(void *machine, void *request)
{
  (void)machine;
  (void)request;
}

void
drt_port_observe(void *machine, uint32_t id, uint64_t a, uint64_t b)
{
  SimWorld *world = sim_world_current();
  uint32_t node = number_of(world, machine);
  for (uint32_t i = 0; i < world->watcher_count; i++) {
    const SimWatcher *watcher = &world->watchers[i];
    if ((watcher->observe_mask >> id & 1) != 0)
      watcher->observed(watcher->data, node, id, a, b);
  }
}
