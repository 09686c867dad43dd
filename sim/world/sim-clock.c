/* A machine's own time, where it differs from the world's. */
#include "sim-world-private.h"

__extension__ typedef __int128 Wide;

#define BILLION INT64_C(1000000000)

SimTime
sim_clock_read(SimClock *clock, SimTime global)
{
  Wide passed = (Wide)(global - clock->global) * (BILLION + clock->drift) / BILLION;
  SimTime local = clock->local + (SimTime)passed;
  if (local > clock->last)
    clock->last = local;
  return clock->last; /* a step backwards: it stands still until it has caught up */
}

SimTime
sim_clock_when(const SimClock *clock, SimTime local)
{
  if (local == SIM_TIME_NEVER)
    return SIM_TIME_NEVER;
  Wide rate = BILLION + clock->drift;
  Wide global = clock->global + ((Wide)(local - clock->local) * BILLION + rate - 1) / rate;
  return global >= SIM_TIME_NEVER ? SIM_TIME_NEVER - 1 : (SimTime)global;
}

/* The clock so far, or one that shows the world's time. */
static SimClock *
clock_of(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_app_of(world, node);
  if (app->clock == NULL) {
    app->clock = g_new0(SimClock, 1);
    app->clock->global = app->clock->local = app->clock->last = world->now;
    sim_world_host(world, node)->odd_clock = true;
  }
  return app->clock;
}

/* Goes on from what it shows now. */
static void
rebase(SimClock *clock, SimTime now)
{
  Wide passed = (Wide)(now - clock->global) * (BILLION + clock->drift) / BILLION;
  clock->local += (SimTime)passed;
  clock->global = now;
}

/* Until then it stands still, and timers with it. */
static void
note_standing(SimWorld *world, const SimClock *clock)
{
  world->clocks_right = MAX(world->clocks_right, sim_clock_when(clock, clock->last));
}

SimTime
sim_world_clocks_right(const SimWorld *world)
{
  return world->clocks_right;
}

const char *
sim_world_clock_drift(SimWorld *world, uint32_t node, int64_t parts)
{
  if (parts <= -BILLION)
    return "a clock cannot stand still or run backwards";
  SimClock *clock = clock_of(world, node);
  rebase(clock, world->now);
  clock->drift = parts;
  note_standing(world, clock);
  sim_timer_review(world, node);
  sim_world_tell_news(world, node, SIM_NEWS_CLOCK);
  return NULL;
}

const char *
sim_world_clock_step(SimWorld *world, uint32_t node, SimTime step)
{
  SimClock *clock = clock_of(world, node);
  rebase(clock, world->now);
  clock->local += step;
  note_standing(world, clock);
  sim_timer_review(world, node);
  sim_world_tell_news(world, node, SIM_NEWS_CLOCK);
  return NULL;
}
