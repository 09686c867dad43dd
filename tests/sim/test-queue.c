/* The event queue against a plain sorted list: the total order, equal times, monotone time, all the
 * ways in which times can differ. */
#include "sim-queue.h"

#include <criterion/criterion.h>
#include <glib.h>

#include "test-random.h"

static SimEvent
event(SimTime time, uint32_t to, uint32_t from, uint32_t sequence)
{
  return (SimEvent){ .time = time, .to = to, .from = from, .sequence = sequence };
}

static bool
same(const SimEvent *a, const SimEvent *b)
{
  return a->time == b->time && a->to == b->to && a->from == b->from && a->sequence == b->sequence &&
         a->kind == b->kind && a->payload == b->payload;
}

/* design: time, then destination, source, the source's sequence number. */
Test(queue, orders_by_time_destination_source_and_sequence)
{
  const SimEvent ordered[] = {
    event(5, 9, 9, 9), event(6, 1, 9, 9), event(6, 2, 1, 9),
    event(6, 2, 2, 1), event(6, 2, 2, 2), event(7, 0, 0, 0),
  };
  const size_t n = G_N_ELEMENTS(ordered);
  size_t order[G_N_ELEMENTS(ordered)];
  for (size_t rotation = 0; rotation < n; rotation++) {
    SimQueue *queue = sim_queue_new();
    for (size_t i = 0; i < n; i++)
      order[i] = (i * 5 + rotation) % n; /* 5 and 6 share no factor: every order is a permutation */
    for (size_t i = 0; i < n; i++)
      sim_queue_push(queue, &ordered[order[i]]);
    for (size_t i = 0; i < n; i++) {
      SimEvent got;
      cr_expect(sim_queue_pop(queue, &got) && same(&got, &ordered[i]), "place %zu", i);
    }
    SimEvent got;
    cr_expect(!sim_queue_pop(queue, &got));
    cr_expect(sim_queue_peek(queue) == NULL);
    sim_queue_free(queue);
  }
}

Test(queue, keeps_what_an_event_carries)
{
  SimQueue *queue = sim_queue_new();
  SimEvent put = event(1, 2, 3, 4), got;
  put.kind = 77;
  put.payload = UINT64_C(0x123456789abcdef0);
  sim_queue_push(queue, &put);
  cr_expect(same(sim_queue_peek(queue), &put));
  cr_expect(sim_queue_pop(queue, &got) && same(&got, &put));
  sim_queue_free(queue);
}

static int
by_order(const void *a, const void *b)
{
  return sim_event_before(a, b) ? -1 : sim_event_before(b, a) ? 1 : 0;
}

/* How far ahead events are pushed: from the same nanosecond to days. */
static SimTime
ahead(TestRandom *random)
{
  switch (test_random_below(random, 6)) {
  case 0:
    return 0;
  case 1:
    return test_random_below(random, 4);
  case 2:
    return test_random_below(random, 1000000);
  case 3:
    return (SimTime)(test_random(random) % (uint64_t)(15 * SIM_SECOND));
  case 4:
    return SIM_SECOND;
  default:
    return (SimTime)(test_random(random) >> (2 + test_random_below(random, 40)));
  }
}

/* Pushes and pops at random; a sorted array says what must come. */
static void
against_model(uint64_t seed, uint32_t operations, uint32_t burst)
{
  TestRandom random = { seed };
  SimQueue *queue = sim_queue_new();
  GArray *model = g_array_new(FALSE, FALSE, sizeof(SimEvent));
  SimTime now = 0;
  uint32_t sequence = 0;
  for (uint32_t i = 0; i < operations; i++) {
    uint32_t pushes = test_random_below(&random, burst);
    for (uint32_t k = 0; k < pushes; k++) {
      SimTime delay = ahead(&random);
      if (delay > INT64_MAX - now)
        continue; /* beyond the end of time */
      SimEvent put = event(now + delay, test_random_below(&random, 5),
                           test_random_below(&random, 5), sequence++);
      sim_queue_push(queue, &put);
      g_array_append_val(model, put);
    }
    g_array_sort(model, by_order);
    uint32_t pops = test_random_below(&random, burst);
    for (uint32_t k = 0; k < pops && model->len > 0; k++) {
      SimEvent got;
      const SimEvent *expected = &g_array_index(model, SimEvent, 0);
      if (!sim_queue_pop(queue, &got) || !same(&got, expected))
        cr_assert_fail("seed %lu, operation %u", (unsigned long)seed, i);
      now = got.time;
      g_array_remove_index(model, 0);
    }
    const char *broken = sim_queue_check(queue);
    if (broken != NULL || sim_queue_count(queue) != model->len)
      cr_assert_fail("seed %lu, operation %u: %s", (unsigned long)seed, i, broken);
  }
  g_array_free(model, TRUE);
  sim_queue_free(queue);
}

Test(queue, agrees_with_a_sorted_list)
{
  for (uint64_t seed = 1; seed <= 100; seed++)
    against_model(seed, 60, 12);
  for (uint64_t seed = 1; seed <= 10; seed++)
    against_model(1000 + seed, 20, 300);
  against_model(2000, 12, 3000);
}

/* Timers of many nodes on a few instants, and packets between them: buckets of a few hundred, in which
 * most share their time. */
Test(queue, takes_many_events_of_a_few_instants)
{
  enum { EVENTS = 400 };
  SimQueue *queue = sim_queue_new();
  for (uint32_t i = 0; i < EVENTS; i++) {
    SimEvent put = event(SIM_SECOND + i % 5 * SIM_MILLISECOND, i, 0, 0);
    sim_queue_push(queue, &put);
  }
  SimEvent last = event(0, 0, 0, 0), got;
  for (uint32_t i = 0; i < 20 * EVENTS; i++) {
    cr_assert(sim_queue_pop(queue, &got));
    if (!sim_event_before(&last, &got) || sim_queue_check(queue) != NULL)
      cr_assert_fail("event %u: %s", i, sim_queue_check(queue));
    last = got;
    SimEvent put = event(got.time + (i % 3 == 0 ? SIM_SECOND : SIM_MILLISECOND), got.to, 0, i);
    sim_queue_push(queue, &put);
  }
  cr_expect_eq(sim_queue_count(queue), EVENTS);
  sim_queue_free(queue);
}

/* A million nodes that start together: more events on one nanosecond than the bottom has room for,
 * and more of them pushed while they are handled. */
Test(queue, takes_very_many_events_of_one_nanosecond)
{
  enum { EVENTS = 20000 };
  SimQueue *queue = sim_queue_new();
  for (uint32_t i = 0; i < EVENTS; i++) {
    SimEvent put = event(1000, (i * 7919) % EVENTS, 0, 0);
    sim_queue_push(queue, &put);
  }
  SimEvent last = event(0, 0, 0, 0), got;
  for (uint32_t i = 0; i < 2 * EVENTS; i++) {
    cr_assert(sim_queue_pop(queue, &got));
    if (!sim_event_before(&last, &got))
      cr_assert_fail("event %u is out of order", i);
    last = got;
    if (got.from == 0) { /* each is followed by one for the same node at the same time */
      SimEvent put = event(1000, got.to, 1, 0);
      sim_queue_push(queue, &put);
    }
  }
  cr_expect(!sim_queue_pop(queue, &got));
  sim_queue_free(queue);
}

/* As a world does that lets time pass in steps: whatever is pushed between two of them, at the present
 * or later, comes in its order, and nothing comes early. */
static void
in_steps(uint64_t seed)
{
  TestRandom random = { seed };
  SimQueue *queue = sim_queue_new();
  GArray *model = g_array_new(FALSE, FALSE, sizeof(SimEvent));
  SimTime now = 0;
  for (uint32_t i = 0; i < 300; i++) {
    for (uint32_t k = test_random_below(&random, 200) / (1 + i % 7); k > 0; k--) {
      SimEvent put = event(now + ahead(&random) % (20 * SIM_SECOND), 0, 0, i << 16 | k);
      sim_queue_push(queue, &put);
      g_array_append_val(model, put);
    }
    g_array_sort(model, by_order);
    now += ahead(&random) % SIM_SECOND;
    SimEvent got;
    while (sim_queue_pop_until(queue, now, &got)) {
      if (model->len == 0 || !same(&got, &g_array_index(model, SimEvent, 0)) || got.time > now)
        cr_assert_fail("seed %lu, step %u", (unsigned long)seed, i);
      g_array_remove_index(model, 0);
    }
    if (model->len > 0 && g_array_index(model, SimEvent, 0).time <= now)
      cr_assert_fail("seed %lu, step %u: one is kept back", (unsigned long)seed, i);
    const char *broken = sim_queue_check(queue);
    if (broken != NULL || sim_queue_count(queue) != model->len)
      cr_assert_fail("seed %lu, step %u: %s", (unsigned long)seed, i, broken);
  }
  g_array_free(model, TRUE);
  sim_queue_free(queue);
}

Test(queue, gives_nothing_before_its_time)
{
  for (uint64_t seed = 1; seed <= 40; seed++)
    in_steps(seed);
}

Test(queue, shows_what_comes_next)
{
  SimQueue *queue = sim_queue_new();
  for (uint32_t i = 0; i < 10; i++) {
    SimEvent put = event(100 + i, i, 0, 0);
    sim_queue_push(queue, &put);
  }
  sim_queue_peek(queue);
  const SimEvent *next;
  uint32_t n = 0;
  for (; (next = sim_queue_ahead(queue, n)) != NULL; n++)
    cr_expect(next->to == n, "place %u", n);
  cr_expect(n >= 1 && n <= 10);
  sim_queue_free(queue);
}

/* What an event touches is fetched when it is seen at SIM_QUEUE_AHEAD: of events close together none may
 * come nearer unseen. */
Test(queue, shows_each_event_at_the_farthest_place)
{
  enum { EVENTS = 3000, NODES = 500 };
  SimQueue *queue = sim_queue_new();
  bool *seen = g_new0(bool, EVENTS + NODES);
  TestRandom random = { 7 };
  for (uint32_t i = 0; i < NODES; i++) {
    SimEvent put = event(test_random_below(&random, 20000000), 0, 0, i);
    sim_queue_push(queue, &put);
  }
  uint32_t missed = 0;
  for (uint32_t i = 0; i < EVENTS; i++) {
    SimEvent got;
    cr_assert(sim_queue_pop(queue, &got));
    const SimEvent *far = sim_queue_ahead(queue, SIM_QUEUE_AHEAD);
    if (far != NULL)
      seen[far->sequence] = true;
    /* Where a bucket of 17 ms ends, the next one is not opened before its time. */
    bool edge = (got.time - 2000000) >> 24 != got.time >> 24;
    if (i > 20 && !edge)
      missed += !seen[got.sequence];
    SimEvent put =
      event(got.time + 20000000 + test_random_below(&random, 5000000), 0, 0, NODES + i);
    sim_queue_push(queue, &put);
  }
  cr_expect_eq(missed, 0, "%u", missed);
  g_free(seen);
  sim_queue_free(queue);
}
