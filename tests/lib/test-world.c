#include "test-world.h"

#include <criterion/criterion.h>
#include <string.h>

static void
on_news(void *data, uint32_t node, SimNews news)
{
  TestWorld *world = data;
  (void)node;
  g_array_append_val(world->news, news);
}

static void
on_event(void *data, uint32_t node, const DRT_EVENT_DATA *event)
{
  TestWorld *world = data;
  TestEvent heard = { sim_world_now(world->world), node, (int)event->type, -1 };
  if (event->type == DRT_EVENT_STATUS_CHANGED)
    heard.status = (int)event->statusChange.status;
  g_array_append_val(world->events, heard);
}

static void
on_search_ended(void *data, const SimSearch *search)
{
  TestWorld *world = data;
  SimSearch kept = *search;
  kept.hops = g_memdup2(search->hops, search->hop_count * sizeof *search->hops);
  g_ptr_array_add(world->hops, (void *)kept.hops);
  g_array_append_val(world->searches, kept);
}

static void
on_sent(void *data, SimPacket *packet)
{
  TestWorld *world = data;
  world->sent[packet->from]++;
}

static void
on_arrived(void *data, const SimPacket *packet)
{
  TestWorld *world = data;
  world->arrived[packet->to]++;
}

TestWorld *
test_world_of(uint64_t seed, const SimGroup *groups, uint32_t count, const void *settings)
{
  TestWorld *world = g_new0(TestWorld, 1);
  world->latency =
    sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT, .a = 50 * SIM_MILLISECOND });
  SimWorldConfig config = {
    .seed = seed,
    .groups = groups,
    .group_count = count,
    .settings = settings,
    .link = { .latency = world->latency, .mtu = 1500, .buffer = 64 << 10 },
  };
  world->world = sim_world_new(&config);
  world->events = g_array_new(FALSE, FALSE, sizeof(TestEvent));
  world->news = g_array_new(FALSE, FALSE, sizeof(SimNews));
  world->searches = g_array_new(FALSE, FALSE, sizeof(SimSearch));
  world->hops = g_ptr_array_new_with_free_func(g_free);
  world->sent = g_new0(uint64_t, sim_world_nodes(world->world));
  world->arrived = g_new0(uint64_t, sim_world_nodes(world->world));
  sim_world_watch(world->world, &(SimWatcher){ .data = world,
                                               .news = on_news,
                                               .event = on_event,
                                               .search_ended = on_search_ended,
                                               .sent = on_sent,
                                               .arrived = on_arrived });
  return world;
}

TestWorld *
test_world_new(uint64_t seed, uint32_t nodes, uint32_t keys)
{
  SimGroup group = { .count = nodes, .keys = keys, .payload = 32 };
  return test_world_of(seed, &group, 1, NULL);
}

void
test_world_free(TestWorld *world)
{
  sim_world_free(world->world);
  sim_distribution_free(world->latency);
  g_array_free(world->events, TRUE);
  g_array_free(world->news, TRUE);
  g_array_free(world->searches, TRUE);
  g_ptr_array_free(world->hops, TRUE);
  g_free(world->sent);
  g_free(world->arrived);
  g_free(world);
}

void
test_world_run(TestWorld *world, SimTime more)
{
  sim_world_run(world->world, sim_world_now(world->world) + more);
}

void
test_world_start(TestWorld *world, SimTime over, SimTime settle)
{
  uint32_t n = sim_world_nodes(world->world);
  for (uint32_t i = 0; i < n; i++) {
    if (sim_world_life(world->world, i) != SIM_LIFE_UNBORN)
      continue;
    const char *error = sim_world_start(world->world, i);
    if (error != NULL)
      cr_assert_fail("node %u: %s", i, error);
    test_world_run(world, over / n);
  }
  test_world_run(world, settle);
}

const SimSearch *
test_world_search(TestWorld *world, uint32_t node, const SimKey *target)
{
  guint before = world->searches->len;
  SimQuery query = { *target, *target, *target, .results_max = 1, .timeout_ms = 10000 };
  HRESULT hr = sim_world_search(world->world, node, &query);
  if (hr != S_OK)
    cr_assert_fail("DrtStartSearch at node %u: %08x", node, (unsigned)hr);
  for (int i = 0; i < 600 && world->searches->len == before; i++)
    test_world_run(world, 100 * SIM_MILLISECOND);
  if (world->searches->len == before)
    cr_assert_fail("a search at node %u has no end", node);
  return &g_array_index(world->searches, SimSearch, before);
}

SimTime
test_world_heard(const TestWorld *world, uint32_t node, int status)
{
  SimTime at = -1;
  for (guint i = 0; i < world->events->len; i++) {
    const TestEvent *event = &g_array_index(world->events, TestEvent, i);
    if (event->node == node && event->status == status)
      at = event->at;
  }
  return at;
}

SimKey
test_world_key(uint8_t first)
{
  return (SimKey){ { first } };
}
