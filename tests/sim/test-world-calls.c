/* What applications can be told to do: calls of drt.h with their results, and searches with their
 * ends. */
#include "sim-world-private.h"
#include "test-world.h"

#include <criterion/criterion.h>

static void
expect(HRESULT hr, HRESULT expected, const char *what)
{
  cr_expect(hr == expected, "%s: %08x, not %08x", what, (unsigned)hr, (unsigned)expected);
}

Test(calls, keys_are_registered_updated_and_unregistered_with_their_results)
{
  TestWorld *world = test_world_new(1, 3, 0);
  SimWorld *w = world->world;
  SimKey key = test_world_key(0x30), other = test_world_key(0x40);
  expect(sim_world_register(w, 0, &key, NULL, 32), E_HANDLE, "register before the start");
  expect(sim_world_update(w, 0, &key, "x", 1), E_HANDLE, "update before the start");
  expect(sim_world_unregister(w, 0, &key), E_HANDLE, "unregister before the start");
  cr_expect(sim_world_key_count(w, 0) == 0);
  test_world_start(world, SIM_SECOND, 20 * SIM_SECOND);
  expect(sim_world_register(w, 0, &key, "hello", 5), S_OK, "register");
  expect(sim_world_register(w, 0, &key, "hello", 5), DRT_E_DUPLICATE_KEY, "register twice");
  cr_expect(sim_world_key_count(w, 0) == 1, "a call that failed leaves nothing");
  expect(sim_world_register(w, 0, &other, NULL, 0), E_INVALIDARG, "register without a payload");
  expect(sim_world_register(w, 0, &other, NULL, DRT_MAX_PAYLOAD_SIZE + 1), E_INVALIDARG,
         "register with too much");
  expect(sim_world_register(w, 0, &other, NULL, DRT_MAX_PAYLOAD_SIZE), S_OK, "with the most");
  expect(sim_world_update(w, 0, &key, "good-bye", 8), S_OK, "update");
  expect(sim_world_update(w, 0, &key, NULL, DRT_MAX_PAYLOAD_SIZE + 1), E_INVALIDARG, "too much");
  expect(sim_world_unregister(w, 0, &key), S_OK, "unregister");
  expect(sim_world_unregister(w, 0, &key), E_HANDLE, "unregister twice");
  expect(sim_world_update(w, 0, &key, "x", 1), E_HANDLE, "update after that");
  cr_expect(sim_world_key_count(w, 0) == 1);
  sim_world_stop(w, 0);
  expect(sim_world_register(w, 0, &key, NULL, 32), E_HANDLE, "register after the stop");
  expect(sim_world_update(w, 0, &other, "x", 1), E_HANDLE, "update after the stop");
  expect(sim_world_unregister(w, 0, &other), E_HANDLE, "unregister after the stop");
  cr_expect(sim_world_key_count(w, 0) == 1, "kept for the restart");
  test_world_free(world);
}

typedef struct {
  char payload[64];
  ULONG n;
  uint32_t results, server;
} Seen;

static void
on_result(void *data, const SimSearch *search, const DRT_SEARCH_RESULT *result)
{
  Seen *seen = data;
  seen->n = result->registration.appData.cb;
  seen->results++;
  seen->server = search->server;
  memset(seen->payload, 0, sizeof seen->payload);
  memcpy(seen->payload, result->registration.appData.pb, MIN(seen->n, sizeof seen->payload - 1));
}

Test(calls, a_search_brings_the_payload_of_now)
{
  TestWorld *world = test_world_new(1, 4, 0);
  SimWorld *w = world->world;
  Seen seen = { 0 };
  sim_world_watch(w, &(SimWatcher){ .data = &seen, .search_result = on_result });
  SimKey key = test_world_key(0x30), own = test_world_key(0x80);
  test_world_start(world, SIM_SECOND, 20 * SIM_SECOND);
  for (uint32_t i = 0; i < 3; i++)
    expect(sim_world_register(w, i, NULL, NULL, 32), S_OK, "register");
  expect(sim_world_register(w, 1, &key, "hello", 5), S_OK, "register");
  test_world_run(world, 30 * SIM_SECOND);
  test_world_search(world, 3, &key);
  cr_expect(seen.n == 5 && strcmp(seen.payload, "hello") == 0 && seen.server == 1);
  expect(sim_world_update(w, 1, &key, "good-bye", 8), S_OK, "update");
  test_world_search(world, 3, &key);
  cr_expect(seen.n == 8 && strcmp(seen.payload, "good-bye") == 0);
  sim_world_crash(w, 1);
  sim_world_restart(w, 1);
  test_world_run(world, 60 * SIM_SECOND);
  test_world_search(world, 3, &key);
  cr_expect(seen.n == 8 && strcmp(seen.payload, "good-bye") == 0, "remembered for the restart");
  expect(sim_world_register(w, 3, &own, "mine", 4), S_OK, "register");
  const SimSearch *search = test_world_search(world, 3, &own);
  cr_expect(search->first_node == 3 && strcmp(seen.payload, "mine") == 0, "one's own instance");
  test_world_free(world);
}

Test(calls, a_search_has_an_id_hops_and_an_end)
{
  TestWorld *world = test_world_new(1, 12, 1);
  test_world_start(world, 10 * SIM_SECOND, 60 * SIM_SECOND);
  SimKey key = *sim_world_key(world->world, 4, 0), none = test_world_key(0x77);
  const SimSearch *search = test_world_search(world, 9, &key);
  cr_expect(search->id == (UINT64_C(10) << 32) && search->node == 9);
  cr_expect(search->end == DRT_E_NO_MORE && search->results == 1);
  cr_expect(memcmp(&search->first, &key, sizeof key) == 0 && search->first_node == 4);
  cr_expect(search->hop_count > 0 && search->hops[search->hop_count - 1].node == 4);
  cr_expect((search->hops[search->hop_count - 1].flags & DRT_ADDRESS_FLAG_INQUIRE) != 0);
  cr_expect(search->ended - search->started == 200 * SIM_MILLISECOND, "%ld",
            (long)(search->ended - search->started));
  search = test_world_search(world, 9, &none);
  cr_expect(search->id == (UINT64_C(10) << 32 | 1));
  cr_expect(search->end == DRT_E_NO_MORE && search->results == 0 && search->first_node == 12);
  test_world_free(world);
}

Test(calls, a_search_in_a_deaf_world_ends_by_its_timeout)
{
  TestWorld *world = test_world_new(1, 6, 1);
  test_world_start(world, 5 * SIM_SECOND, 60 * SIM_SECOND);
  SimKey key = *sim_world_key(world->world, 4, 0);
  static const uint16_t parts[] = { 1, 2, 3, 4, 5, 6 };
  sim_net_partition(sim_world_net(world->world), parts);
  SimQuery query = { key, key, key, .results_max = 1, .timeout_ms = 4200 };
  expect(sim_world_search(world->world, 0, &query), S_OK, "search");
  SimTime began = sim_world_now(world->world);
  test_world_run(world, 10 * SIM_SECOND);
  const SimSearch *search = &g_array_index(world->searches, SimSearch, 0);
  expect(search->end, DRT_E_TIMEOUT, "the end");
  cr_expect(search->ended == began + 4200 * SIM_MILLISECOND);
  test_world_free(world);
}

/* The four ways in which a node can end below its searches. */
Test(calls, searches_end_with_their_node_and_say_so)
{
  static const struct {
    const char *name;
    const char *(*action)(SimWorld *world, uint32_t node);
    HRESULT end;
  } ways[] = {
    { "stop", sim_world_stop, E_FAIL },
    { "crash", sim_world_crash, E_FAIL },
    { "fault", sim_world_fault, DRT_E_FAULTED },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
    TestWorld *world = test_world_new(1, 6, 1);
    test_world_start(world, 5 * SIM_SECOND, 60 * SIM_SECOND);
    SimKey key = *sim_world_key(world->world, 4, 0);
    SimQuery query = { key, key, key, .results_max = 1, .timeout_ms = 10000 };
    for (int k = 0; k < 3; k++)
      expect(sim_world_search(world->world, 0, &query), S_OK, ways[i].name);
    SimTime now = sim_world_now(world->world);
    cr_expect(ways[i].action(world->world, 0) == NULL);
    cr_expect(world->searches->len == 3, "%s: %u ends", ways[i].name, world->searches->len);
    for (guint k = 0; k < world->searches->len; k++) {
      const SimSearch *search = &g_array_index(world->searches, SimSearch, k);
      expect(search->end, ways[i].end, ways[i].name);
      cr_expect(search->ended == now && search->id == (UINT64_C(1) << 32 | k), "%s", ways[i].name);
    }
    test_world_run(world, 30 * SIM_SECOND);
    cr_expect(world->searches->len == 3, "%s: told once", ways[i].name);
    test_world_free(world);
  }
}

Test(calls, searches_are_refused_where_they_make_no_sense)
{
  TestWorld *world = test_world_new(1, 3, 1);
  SimWorld *w = world->world;
  SimKey low = test_world_key(0x10), high = test_world_key(0x20);
  SimQuery query = { low, low, low, .results_max = 1, .timeout_ms = 10000 };
  expect(sim_world_search(w, 0, &query), E_HANDLE, "before the start");
  test_world_start(world, SIM_SECOND, 20 * SIM_SECOND);
  query.least = high;
  expect(sim_world_search(w, 0, &query), DRT_E_INVALID_SEARCH_RANGE, "an empty range");
  query.least = low;
  query.results_max = 0;
  expect(sim_world_search(w, 0, &query), DRT_E_INVALID_MAX_ENDPOINTS, "no results wanted");
  query.results_max = 1;
  sim_world_crash(w, 0);
  expect(sim_world_search(w, 0, &query), E_HANDLE, "after the crash");
  cr_expect(world->searches->len == 0);
  test_world_free(world);
}

/* A range with several results: each is told with the node that serves it. */
Test(calls, a_range_gives_what_is_in_it)
{
  TestWorld *world = test_world_new(1, 8, 0);
  SimWorld *w = world->world;
  Seen seen = { 0 };
  sim_world_watch(w, &(SimWatcher){ .data = &seen, .search_result = on_result });
  test_world_start(world, SIM_SECOND, 10 * SIM_SECOND);
  for (uint32_t i = 0; i < 8; i++) {
    SimKey key = test_world_key((uint8_t)(0x10 + 0x10 * i));
    expect(sim_world_register(w, i, &key, NULL, 32), S_OK, "register");
  }
  test_world_run(world, 60 * SIM_SECOND);
  SimQuery query = { test_world_key(0x40), test_world_key(0x30), test_world_key(0x60),
                     .results_max = 10, .timeout_ms = 20000 };
  expect(sim_world_search(w, 0, &query), S_OK, "search");
  test_world_run(world, 25 * SIM_SECOND);
  cr_expect(seen.results == 4, "0x30 to 0x60: %u", seen.results);
  const SimSearch *search = &g_array_index(world->searches, SimSearch, 0);
  cr_expect(search->first_node == 3 && search->results == 4, "0x40 is nearest");
  test_world_free(world);
}

static void
count_low_ports(void *data, SimPacket *packet)
{
  *(uint64_t *)data += packet->to_port < 1024;
}

/* A datagram that is no message changes nothing but the counts. */
Test(calls, what_is_injected_arrives)
{
  TestWorld *world = test_world_new(1, 3, 1);
  test_world_start(world, SIM_SECOND, 20 * SIM_SECOND);
  uint64_t arrived = world->arrived[1];
  static const uint8_t bytes[] = { 0, 0x10, 1 };
  sim_world_inject(world->world, 0, 1, bytes, sizeof bytes);
  sim_world_inject(world->world, 0, 1, bytes, 0);
  test_world_run(world, 50 * SIM_MILLISECOND);
  cr_expect(world->arrived[1] >= arrived + 2);
  test_world_free(world);
  world = test_world_new(1, 3, 1);
  uint64_t low = 0;
  sim_world_watch(world->world, &(SimWatcher){ .data = &low, .sent = count_low_ports });
  sim_world_inject(world->world, 0, 1, bytes, sizeof bytes); /* to and from nobody */
  cr_expect(low == 0, "never to a port that no node has");
  test_world_run(world, SIM_SECOND);
  cr_expect(sim_net_counts(sim_world_net(world->world))->lost[SIM_LOSS_PORT] == 1);
  test_world_free(world);
}
