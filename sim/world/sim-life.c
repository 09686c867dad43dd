/* What can happen to a machine: start, stop, crash, and everything between. */
#include "sim-world-private.h"

static SimApp *
running(const SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  return app != NULL && app->life == SIM_LIFE_RUNNING ? app : NULL;
}

/* Opens the instance and registers the keys in the same instant; they are announced once the node
 * is ACTIVE. */
static const char *
begin(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  sim_directory_strike(world, node); /* where it was before it crashed */
  app->life = SIM_LIFE_RUNNING;
  sim_world_tell_news(world, node, SIM_NEWS_START);
  if (sim_app_open(world, node) != S_OK)
    return "DrtOpen has failed";
  if (app->group == 0)
    sim_directory_list(world, node);
  for (uint32_t i = 0; i < app->keys_n; i++)
    if (sim_app_register(world, node, &app->keys[i]) != S_OK && !sim_secured_is_bad(app))
      return "DrtRegisterKey has failed";
  sim_world_settle(world);
  return NULL;
}

const char *
sim_world_start(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_app_of(world, node);
  if (app->life != SIM_LIFE_UNBORN)
    return "it was started before: 'restart' starts it again";
  const SimGroup *group = &world->groups[app->group];
  for (uint32_t i = 0; i < group->keys; i++)
    sim_app_new_key(world, node, NULL, NULL, group->payload);
  return begin(world, node);
}

const char *
sim_world_restart(SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  if (app == NULL || app->life == SIM_LIFE_UNBORN)
    return "it was never started: 'start' starts it";
  if (app->life == SIM_LIFE_RUNNING)
    return "it is running";
  return begin(world, node);
}

/* Every key first, as a tidy program does; DrtClose would do it too. */
const char *
sim_world_stop(SimWorld *world, uint32_t node)
{
  SimApp *app = running(world, node);
  if (app == NULL)
    return "it is not running";
  if (sim_world_host(world, node)->paused)
    sim_world_resume(world, node); /* a frozen process cannot close anything */
  sim_world_tell_news(world, node, SIM_NEWS_STOP);
  world->current = node;
  for (uint32_t i = 0; i < app->keys_n; i++) {
    sim_world_tell_calling(world, node, SIM_CALL_UNREGISTER);
    DrtUnregisterKey(app->keys[i].handle);
    sim_world_tell_called(world, node, SIM_CALL_UNREGISTER, &app->keys[i].key, S_OK);
  }
  sim_app_close(world, node);
  sim_directory_strike(world, node);
  app->life = SIM_LIFE_STOPPED;
  app->status = -1;
  sim_world_settle(world);
  return NULL;
}

const char *
sim_world_crash(SimWorld *world, uint32_t node)
{
  SimApp *app = running(world, node);
  if (app == NULL)
    return "it is not running";
  sim_world_tell_news(world, node, SIM_NEWS_CRASH);
  sim_app_vanish(world, node);
  sim_net_forget_waiting(world->net, node);
  app->life = SIM_LIFE_CRASHED;
  app->status = -1;
  sim_world_settle(world);
  return NULL;
}

const char *
sim_world_fault(SimWorld *world, uint32_t node)
{
  if (running(world, node) == NULL)
    return "it is not running";
  DrtTransport *transport = sim_world_transport(world, node);
  world->current = node;
  sim_world_tell_news(world, node, SIM_NEWS_FAULT);
  drt_transport_fail(transport, DRT_E_TRANSPORT_UNEXPECTED);
  sim_world_settle(world);
  return NULL;
}

/* Old instances hear of it too. */
static void
readdress(SimWorld *world, SimHost *host)
{
  for (SimSocket *socket = &host->first; socket != NULL; socket = socket->next)
    if (socket->owner != NULL) {
      sim_world_enter(world, socket);
      drt_transport_readdress(socket->owner);
    }
  sim_world_leave(world);
}

static const char *
plug(SimWorld *world, uint32_t node, bool connected)
{
  SimHost *host = sim_world_host(world, node);
  if (host->disconnected != connected)
    return connected ? "it is connected" : "it is disconnected";
  sim_net_connect(world->net, node, connected);
  world->current = node;
  sim_world_tell_news(world, node, connected ? SIM_NEWS_RECONNECT : SIM_NEWS_DISCONNECT);
  if (!host->paused)
    readdress(world, host);
  host->readdress = host->paused;
  sim_world_settle(world);
  return NULL;
}

const char *
sim_world_disconnect(SimWorld *world, uint32_t node)
{
  return plug(world, node, false);
}

const char *
sim_world_reconnect(SimWorld *world, uint32_t node)
{
  return plug(world, node, true);
}

const char *
sim_world_pause(SimWorld *world, uint32_t node)
{
  if (running(world, node) == NULL)
    return "it is not running";
  if (sim_world_host(world, node)->paused)
    return "it is paused";
  sim_net_pause(world->net, node);
  sim_world_tell_news(world, node, SIM_NEWS_PAUSE);
  return NULL;
}

/* First the datagrams that have waited, then the timers that are late; both a nanosecond from now. */
const char *
sim_world_resume(SimWorld *world, uint32_t node)
{
  SimHost *host = sim_world_host(world, node);
  if (!host->paused)
    return "it is not paused";
  sim_net_resume(world->net, world->now, node);
  sim_timer_review(world, node);
  sim_world_tell_news(world, node, SIM_NEWS_RESUME);
  world->current = node;
  if (host->readdress)
    readdress(world, host);
  host->readdress = false;
  if (world->costly)
    sim_app_read(world, node); /* what it was frozen before it could hear */
  sim_world_settle(world);
  return NULL;
}

SimLife
sim_world_life(const SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  return app == NULL ? SIM_LIFE_UNBORN : (SimLife)app->life;
}

int
sim_world_status(const SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  return app == NULL ? -1 : app->status;
}

bool
sim_world_is_paused(const SimWorld *world, uint32_t node)
{
  return sim_world_host(world, node)->paused;
}

bool
sim_world_is_connected(const SimWorld *world, uint32_t node)
{
  return !sim_world_host(world, node)->disconnected;
}

bool
sim_world_has_own_clock(const SimWorld *world, uint32_t node)
{
  return sim_world_host(world, node)->odd_clock;
}

/* A node that was closed a moment ago may still have a socket for its last words: that is not it. */
DrtTransport *
sim_world_transport(const SimWorld *world, uint32_t node)
{
  const SimApp *app = running(world, node);
  if (app == NULL)
    return NULL;
  const SimSocket *socket = sim_net_socket(sim_world_host(world, node), app->port);
  return socket == NULL ? NULL : socket->owner;
}

void
sim_world_inject(SimWorld *world, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n)
{
  uint8_t endpoint[SIM_ENDPOINT_LEN];
  const SimApp *receiver = sim_world_app(world, to), *sender = sim_world_app(world, from);
  uint16_t port = receiver == NULL || receiver->port == 0 ? SIM_PORT_FIRST : receiver->port;
  endpoint[0] = (uint8_t)(port >> 8);
  endpoint[1] = (uint8_t)port;
  sim_net_address(to, endpoint + 2);
  sim_net_inject(world->net, world->now, from,
                 sender == NULL || sender->port == 0 ? SIM_PORT_FIRST : sender->port, endpoint,
                 bytes, n);
}
