/* The queue of pending events: values, in one total order, popped earliest first.
 *
 * The order is (time, destination, source, the source's own sequence number), so it does not depend
 * on who was pushed first, nor on how a run is split over threads. No two events may agree in all
 * four. Time never runs backwards: nothing may be pushed before the event popped last. That is what
 * the structure lives on. It is a radix queue: an event sits in a bucket named by the highest byte in
 * which its time differs from the present and by that byte, and moves to a lower level a few times at
 * most; only the events of the lowest bucket are sorted. Push and pop cost about the same from a
 * thousand to ten million events (tests/bench/README.md). */
#pragma once
#include "sim-time.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  SimTime time;
  uint32_t to;       /* destination: whom it concerns */
  uint32_t from;     /* source: who made it */
  uint32_t sequence; /* the source's own count */
  uint32_t kind;     /* the rest is the owner's business */
  uint64_t payload;
} SimEvent;

typedef struct SimQueue SimQueue;

/* (transfer full) Without memory the program ends, as GLib has it. */
SimQueue *sim_queue_new(void);
/* NULL is ignored. */
void sim_queue_free(SimQueue *queue);
/* Adds an event, not before the one popped last. */
void sim_queue_push(SimQueue *queue, const SimEvent *event);
/* Takes the first event. False if there is none. */
bool sim_queue_pop(SimQueue *queue, SimEvent *ret);
/* The same, but only if it is not after @until. */
bool sim_queue_pop_until(SimQueue *queue, SimTime until, SimEvent *ret);
/* The first event, not taken; NULL if there is none. Valid until the next call. */
const SimEvent *sim_queue_peek(SimQueue *queue);
/* The event that is known to come @i places after the first one, for fetching what it will touch;
 * NULL if finding it would cost something. Valid until the next call. After each pop the events that
 * have come into sight are at SIM_QUEUE_AHEAD or behind it, but for those just pushed: who looks there
 * each time misses none while events are close together. */
#define SIM_QUEUE_AHEAD 7
const SimEvent *sim_queue_ahead(const SimQueue *queue, size_t i);
size_t sim_queue_count(const SimQueue *queue);
/* Bytes taken from the system. */
size_t sim_queue_bytes(const SimQueue *queue);
/* NULL, or the name of the broken invariant. O(n). */
const char *sim_queue_check(const SimQueue *queue);

/* @a comes before @b. */
static inline bool
sim_event_before(const SimEvent *a, const SimEvent *b)
{
  if (__builtin_expect(a->time != b->time, 1))
    return a->time < b->time;
  if (a->to != b->to)
    return a->to < b->to;
  if (a->from != b->from)
    return a->from < b->from;
  return a->sequence < b->sequence;
}
