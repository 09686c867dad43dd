/* The loop: the next event, its handler, and what the applications read afterwards. */
#include "sim-world.h"

#include "sim-world-private.h"

/* How far ahead of its event what it needs is fetched: the host and the packet first, then what is
 * found through them. A miss costs a tenth of a microsecond, an event two or three. */
#define AHEAD_HOST SIM_QUEUE_AHEAD
#define AHEAD_TRANSPORT 5
#define AHEAD_NODE 4
#define AHEAD_TABLES 3
#define AHEAD_DETAILS 1
#define SMALL_WORLD ((size_t)16 << 20) /* bytes that processors have in their caches: no details */

static _Thread_local SimWorld *current;

SimWorld *
sim_world_current(void)
{
  return current;
}

void
sim_key_to_api(const SimKey *key, uint8_t to[SIM_KEY_LEN])
{
  for (int i = 0; i < SIM_KEY_LEN; i++)
    to[i] = key->bytes[SIM_KEY_LEN - 1 - i];
}

SimKey
sim_key_from_api(const uint8_t *bytes)
{
  SimKey key;
  for (int i = 0; i < SIM_KEY_LEN; i++)
    key.bytes[i] = bytes[SIM_KEY_LEN - 1 - i];
  return key;
}

static void *
take(void *host, size_t align, size_t bytes)
{
  return sim_memory_take(host, align, bytes);
}

static void
give(void *host, void *piece, size_t align, size_t bytes)
{
  sim_memory_give(host, piece, align, bytes);
}

static void packet_sent(void *data, SimPacket *packet);
static void packet_lost(void *data, const SimPacket *packet, SimLoss why);
static void packet_arrived(void *data, const SimPacket *packet);

SimWorld *
sim_world_new(const SimWorldConfig *config)
{
  g_assert(current == NULL && config->group_count >= 1);
  SimWorld *world = g_new0(SimWorld, 1);
  current = world;
  world->seed = config->seed;
  world->groups = g_memdup2(config->groups, config->group_count * sizeof *world->groups);
  world->group_count = config->group_count;
  world->directories = g_new0(SimDirectory, config->group_count);
  for (uint32_t i = 0; i < config->group_count; i++) {
    g_assert(config->groups[i].first == world->nodes);
    world->nodes += config->groups[i].count;
    sim_directory_init(&world->directories[i], world, i);
  }
  world->memory = sim_memory_new();
  world->queue = sim_queue_new();
  world->net =
    sim_net_new(config->seed, world->nodes, world->queue, world->memory, SIM_EVENT_PACKET);
  sim_net_set_link(world->net, &config->link, ~0u);
  world->signalled = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  world->crypto_costs[DRT_CRYPTO_SIGN] = config->sign_cost;
  world->crypto_costs[DRT_CRYPTO_VERIFY] = config->verify_cost;
  world->costly = config->sign_cost > 0 || config->verify_cost > 0;
  for (uint32_t i = 0; i < config->liar_count; i++) {
    if (world->liars == NULL)
      world->liars = g_new0(bool, world->nodes);
    world->liars[config->liars[i]] = true;
  }
  world->library = drt_library_new((DrtMemory){ world->memory, take, give }, config->settings);
  if (world->library == NULL)
    g_error("no memory for the library");
  for (uint32_t i = 0; i < config->group_count && world->pki == NULL; i++)
    if (config->groups[i].security == SIM_SECURITY_DERIVED_KEY)
      world->pki = sim_pki_new(config->seed, config->key_bits == 0 ? 1024 : config->key_bits,
                               config->certificate_sha2);
  return world;
}

void
sim_world_free(SimWorld *world)
{
  if (world == NULL)
    return;
  world->watcher_count = 0;
  sim_net_watch(world->net, &(SimNetWatch){ 0 });
  drt_library_observe(world->library, 0);
  for (uint32_t i = 0; i < world->nodes; i++) {
    world->current = i;
    sim_app_vanish(world, i);
    sim_app_free(world, sim_world_app(world, i));
  }
  drt_library_free(world->library);
  sim_pki_free(world->pki);
  g_free(world->liars);
  SimEvent event;
  while (sim_queue_pop(world->queue, &event))
    if (event.kind == SIM_EVENT_PACKET)
      sim_net_done(world->net, (SimPacket *)(uintptr_t)event.payload);
  sim_net_free(world->net);
  sim_queue_free(world->queue);
  for (uint32_t i = 0; i < world->group_count; i++)
    sim_directory_clear(&world->directories[i]);
  g_array_free(world->signalled, TRUE);
  sim_memory_free(world->memory);
  g_free(world->directories);
  g_free(world->groups);
  g_free(world->room);
  g_free(world);
  current = NULL;
}

static void
packet_sent(void *data, SimPacket *packet)
{
  SimWorld *world = data;
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].sent != NULL)
      world->watchers[i].sent(world->watchers[i].data, packet);
}

static void
packet_lost(void *data, const SimPacket *packet, SimLoss why)
{
  SimWorld *world = data;
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].lost != NULL)
      world->watchers[i].lost(world->watchers[i].data, packet, why);
}

static void
packet_arrived(void *data, const SimPacket *packet)
{
  SimWorld *world = data;
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].arrived != NULL)
      world->watchers[i].arrived(world->watchers[i].data, packet);
}

void
sim_world_watch(SimWorld *world, const SimWatcher *watcher)
{
  g_assert(world->watcher_count < SIM_WATCHERS);
  world->watchers[world->watcher_count++] = *watcher;
  world->observe_mask |= watcher->observe_mask;
  drt_library_observe(world->library, world->observe_mask);
  SimNetWatch watch = { watcher->data, watcher->sent, watcher->lost, watcher->arrived };
  if (world->watcher_count > 1)
    watch = (SimNetWatch){ .data = world };
  for (uint32_t i = 0; i < world->watcher_count && world->watcher_count > 1; i++) {
    watch.sent = world->watchers[i].sent != NULL ? packet_sent : watch.sent;
    watch.lost = world->watchers[i].lost != NULL ? packet_lost : watch.lost;
    watch.arrived = world->watchers[i].arrived != NULL ? packet_arrived : watch.arrived;
  }
  sim_net_watch(world->net, &watch);
}

void
sim_world_tell_news(SimWorld *world, uint32_t node, SimNews news)
{
  sim_world_print(world, node, SIM_PRINT_NEWS + (uint32_t)news, 0);
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].news != NULL)
      world->watchers[i].news(world->watchers[i].data, node, news);
}

void
sim_world_tell_calling(SimWorld *world, uint32_t node, SimCall call)
{
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].calling != NULL)
      world->watchers[i].calling(world->watchers[i].data, node, call);
}

void
sim_world_tell_called(SimWorld *world, uint32_t node, SimCall call, const SimKey *key, HRESULT hr)
{
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].called != NULL)
      world->watchers[i].called(world->watchers[i].data, node, call, key, hr);
}

void *
sim_world_room(SimWorld *world, size_t n)
{
  if (n > world->room_n) {
    g_free(world->room);
    world->room = g_malloc(2 * n);
    world->room_n = 2 * n;
  }
  return world->room;
}

/* The application hears of what its processor still works on when that is done. */
static bool
read_later(SimWorld *world, uint32_t node)
{
  SimTime free_at = world->costly ? sim_secured_free_at(world, node) : world->now;
  if (free_at == world->now)
    return false;
  SimEvent event = {
    .time = free_at,
    .to = node,
    .from = node,
    .sequence = sim_world_host(world, node)->sequence++,
    .kind = SIM_EVENT_READ,
  };
  sim_queue_push(world->queue, &event);
  return true;
}

/* An application that reads its events may cause more, its own or, by a shared provider, another
 * one's: until all is quiet. */
void
sim_world_settle(SimWorld *world)
{
  for (guint i = 0; i < world->signalled->len; i++) {
    uint32_t node = g_array_index(world->signalled, uint32_t, i);
    sim_world_host(world, node)->signalled = false;
    world->current = node;
    if (!read_later(world, node))
      sim_app_read(world, node);
  }
  g_array_set_size(world->signalled, 0);
}

static void
deliver(SimWorld *world, const SimEvent *event)
{
  SimPacket *packet = (SimPacket *)(uintptr_t)event->payload;
  uint64_t content = packet->hash;
  SimTime free_at = world->costly ? sim_secured_free_at(world, event->to) : world->now;
  if (free_at > world->now) { /* it waits in the socket until the processor is free */
    SimEvent later = *event;
    later.time = free_at;
    sim_queue_push(world->queue, &later);
    return;
  }
  SimSocket *socket = sim_net_arrive(world->net, event);
  if (socket == NULL)
    return;
  sim_world_enter(world, socket);
  world->events++;
  sim_world_print(world, event->to, SIM_EVENT_PACKET, sim_hash_add(content, packet->from));
  uint8_t from[SIM_ENDPOINT_LEN] = { (uint8_t)(packet->from_port >> 8),
                                     (uint8_t)packet->from_port };
  sim_net_address(packet->from, from + 2);
  drt_transport_receive(socket->owner, from, packet->bytes, packet->n);
  sim_world_leave(world);
  sim_net_done(world->net, packet);
}

static const DrtTransport *
transport_ahead(const SimWorld *world, size_t i)
{
  const SimEvent *event = sim_queue_ahead(world->queue, i);
  return event == NULL ? NULL : sim_world_host(world, event->to)->first.owner;
}

static void
prefetch_step(const SimWorld *world, size_t ahead, unsigned step)
{
  const DrtTransport *transport = transport_ahead(world, ahead);
  if (transport != NULL)
    drt_transport_prefetch(transport, step);
}

/* A processor has some twenty misses under way at the most. So one half is asked for before the event is
 * handled, and the other one behind it. */
static void
look_ahead_before(const SimWorld *world)
{
  const SimEvent *event = sim_queue_ahead(world->queue, AHEAD_HOST);
  if (event != NULL) {
    const char *host = (const char *)sim_world_host(world, event->to);
    __builtin_prefetch(host);
    __builtin_prefetch(host + 64);
    const char *packet = (const char *)(uintptr_t)event->payload;
    for (int i = 0; event->kind == SIM_EVENT_PACKET && i < 256; i += 64)
      __builtin_prefetch(packet + i);
  }
  __builtin_prefetch(transport_ahead(world, AHEAD_TRANSPORT));
}

static void
look_ahead_behind(const SimWorld *world)
{
  prefetch_step(world, AHEAD_NODE, 0);
  prefetch_step(world, AHEAD_TABLES, 1);
  if (sim_memory_used(world->memory) > SMALL_WORLD)
    prefetch_step(world, AHEAD_DETAILS, 2);
}

/* It may have become busy again, be frozen (then it reads when it goes on), or be gone. */
static void
read_now(SimWorld *world, uint32_t node)
{
  world->current = node;
  if (!sim_world_host(world, node)->paused && !read_later(world, node))
    sim_app_read(world, node);
}

bool
sim_world_step(SimWorld *world, SimTime until)
{
  SimEvent event;
  if (!sim_queue_pop_until(world->queue, until, &event))
    return false;
  look_ahead_before(world);
  world->now = event.time;
  if (event.kind == SIM_EVENT_PACKET)
    deliver(world, &event);
  else if (event.kind == SIM_EVENT_WAKE)
    sim_timer_fire(world, &event);
  else
    read_now(world, event.to);
  if (world->signalled->len > 0)
    sim_world_settle(world);
  look_ahead_behind(world);
  return true;
}

void
sim_world_run(SimWorld *world, SimTime until)
{
  while (sim_world_step(world, until))
    continue;
  if (world->now < until)
    world->now = until;
}

SimTime
sim_world_now(const SimWorld *world)
{
  return world->now;
}

uint32_t
sim_world_nodes(const SimWorld *world)
{
  return world->nodes;
}

uint32_t
sim_world_groups(const SimWorld *world)
{
  return world->group_count;
}

uint32_t
sim_world_group_of(const SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  if (app != NULL)
    return app->group;
  uint32_t group = 0;
  while (node >= world->groups[group].first + world->groups[group].count)
    group++;
  return group;
}

const SimGroup *
sim_world_group(const SimWorld *world, uint32_t group)
{
  return &world->groups[group];
}

DRT_SECURITY_MODE
sim_world_mode_of(const SimWorld *world, uint32_t node)
{
  return world->groups[sim_world_group_of(world, node)].mode;
}

SimNet *
sim_world_net(const SimWorld *world)
{
  return world->net;
}

bool
sim_world_is_last_words(const SimWorld *world)
{
  if (!world->entered)
    return false;
  const SimApp *app = sim_world_app(world, world->current);
  return app->life != SIM_LIFE_RUNNING || app->port != world->port;
}

uint64_t
sim_world_seed(const SimWorld *world)
{
  return world->seed;
}

uint64_t
sim_world_events(const SimWorld *world)
{
  return world->events;
}

static const char *
name_of(uint32_t kind)
{
  static const char *const news[] = { "start",     "stop",  "crash",  "fault", "disconnect",
                                      "reconnect", "pause", "resume", "clock", "certificate" };
  switch (kind) {
  case SIM_EVENT_PACKET:
    return "datagram";
  case SIM_EVENT_WAKE:
    return "timer";
  case SIM_PRINT_REGISTER:
    return "register";
  case SIM_PRINT_UNREGISTER:
    return "unregister";
  case SIM_PRINT_SEARCH:
    return "search";
  case SIM_PRINT_SEARCH_END:
    return "end of a search";
  default:
    return news[kind - SIM_PRINT_NEWS];
  }
}

char *
sim_world_last(const SimWorld *world)
{
  return g_strdup_printf(
    "%s at node %u, %" G_GINT64_FORMAT " ns, content %016" G_GINT64_MODIFIER "x",
    name_of(world->last_kind), world->last_node, world->now, world->last_content);
}

size_t
sim_world_pending(const SimWorld *world)
{
  return sim_queue_count(world->queue);
}

uint64_t
sim_world_fingerprint(const SimWorld *world)
{
  return world->fingerprint;
}

size_t
sim_world_bytes(const SimWorld *world)
{
  return sim_memory_used(world->memory) + sim_queue_bytes(world->queue);
}
