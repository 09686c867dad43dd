/* The one wake-up of each instance.
 *
 * It is moved far more often than it fires. So a later time changes a number alone: the event under
 * way comes too early then, and sends itself on. Only an earlier time costs another event; the one
 * it replaces finds that it is not the alarm any more. */
#include "sim-world-private.h"

static void
set_alarm(SimWorld *world, SimSocket *socket, SimTime at)
{
  SimHost *host = sim_world_host(world, socket->host);
  socket->alarm_at = at;
  socket->alarm_sequence = host->sequence++;
  SimEvent event = {
    .time = at,
    .to = socket->host,
    .from = socket->host,
    .sequence = socket->alarm_sequence,
    .kind = SIM_EVENT_WAKE,
    .payload = socket->port,
  };
  sim_queue_push(world->queue, &event);
}

/* @at: of the machine's clock. What is due is done a nanosecond from now, so that the order of
 * events at one time does not depend on who was handled first. */
void
sim_timer_set(SimWorld *world, SimSocket *socket, SimTime at)
{
  socket->wake_local = at;
  if (sim_world_host(world, socket->host)->odd_clock)
    at = sim_clock_when(sim_world_app(world, socket->host)->clock, at);
  if (at <= world->now)
    at = world->now + 1;
  socket->wake_at = at;
  if (at < socket->alarm_at)
    set_alarm(world, socket, at);
}

void
sim_timer_fire(SimWorld *world, const SimEvent *event)
{
  SimHost *host = sim_world_host(world, event->to);
  SimSocket *socket = sim_net_socket(host, (uint16_t)event->payload);
  if (socket == NULL || socket->alarm_sequence != event->sequence)
    return;
  socket->alarm_at = SIM_TIME_NEVER;
  if (host->paused || socket->wake_at == SIM_TIME_NEVER)
    return;
  if (socket->wake_at > world->now) {
    set_alarm(world, socket, socket->wake_at);
    return;
  }
  socket->wake_at = socket->wake_local = SIM_TIME_NEVER;
  sim_world_enter(world, socket);
  world->events++;
  sim_world_print(world, event->to, SIM_EVENT_WAKE, socket->port);
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].woken != NULL)
      world->watchers[i].woken(world->watchers[i].data, event->to);
  drt_transport_wake(socket->owner);
  sim_world_leave(world);
}

void
sim_timer_review(SimWorld *world, uint32_t node)
{
  for (SimSocket *socket = &sim_world_host(world, node)->first; socket; socket = socket->next)
    if (socket->owner != NULL && socket->wake_local != SIM_TIME_NEVER)
      sim_timer_set(world, socket, socket->wake_local);
}
