/* What can happen to a machine: start, stop, crash, restart, fault, a pulled cable, a frozen
 * process; and that nobody can be told to do what makes no sense. */
#include "sim-world-private.h"
#include "test-world.h"

#include <criterion/criterion.h>

static const SimSocket *
socket_of(const TestWorld *world, uint32_t node)
{
  return &sim_net_host(sim_world_net(world->world), node)->first;
}

static void
expect_done(const char *error)
{
  cr_expect(error == NULL, "%s", error);
}

Test(life, nodes_that_start_find_one_another)
{
  TestWorld *world = test_world_new(1, 3, 1);
  cr_expect(sim_world_life(world->world, 0) == SIM_LIFE_UNBORN);
  cr_expect(sim_world_status(world->world, 0) == -1 && sim_world_key_count(world->world, 0) == 0);
  expect_done(sim_world_start(world->world, 0));
  cr_expect(sim_world_life(world->world, 0) == SIM_LIFE_RUNNING);
  cr_expect(sim_world_key_count(world->world, 0) == 1);
  test_world_run(world, SIM_SECOND);
  cr_expect(sim_world_status(world->world, 0) == DRT_ALONE);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  for (uint32_t i = 0; i < 3; i++)
    cr_expect(sim_world_status(world->world, i) == DRT_ACTIVE, "node %u", i);
  const SimSearch *search = test_world_search(world, 2, sim_world_key(world->world, 1, 0));
  cr_expect(search->end == DRT_E_NO_MORE && search->results == 1 && search->first_node == 1);
  test_world_free(world);
}

/* A node's keys are its own: neither who else there is nor when it starts changes them. */
Test(life, keys_come_from_the_nodes_own_stream)
{
  TestWorld *world = test_world_new(4, 9, 2);
  test_world_start(world, SIM_SECOND, 0);
  SimKey keys[2] = { *sim_world_key(world->world, 7, 0), *sim_world_key(world->world, 7, 1) };
  test_world_free(world);
  world = test_world_new(4, 20, 1);
  expect_done(sim_world_start(world->world, 7));
  cr_expect(memcmp(sim_world_key(world->world, 7, 0), &keys[0], sizeof keys[0]) == 0);
  cr_expect(sim_world_register(world->world, 7, NULL, NULL, 32) == S_OK);
  cr_expect(memcmp(sim_world_key(world->world, 7, 1), &keys[1], sizeof keys[1]) == 0);
  cr_expect(memcmp(&keys[0], &keys[1], sizeof keys[0]) != 0);
  test_world_free(world);
}

Test(life, who_stops_says_so)
{
  TestWorld *world = test_world_new(1, 4, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  SimKey key = *sim_world_key(world->world, 2, 0);
  uint64_t before = world->sent[2];
  expect_done(sim_world_stop(world->world, 2));
  cr_expect(world->sent[2] > before, "the revoke is flooded");
  cr_expect(sim_world_life(world->world, 2) == SIM_LIFE_STOPPED);
  cr_expect(sim_world_status(world->world, 2) == -1 &&
            sim_world_transport(world->world, 2) == NULL);
  cr_expect(sim_world_key_count(world->world, 2) == 1, "kept for a restart");
  test_world_run(world, 5 * SIM_SECOND);
  cr_expect(socket_of(world, 2)->owner == NULL, "its last words are said");
  const SimSearch *search = test_world_search(world, 0, &key);
  cr_expect(search->results == 0 && search->end == DRT_E_NO_MORE);
  test_world_free(world);
}

Test(life, who_crashes_says_nothing)
{
  TestWorld *world = test_world_new(1, 4, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  uint64_t before = world->sent[2];
  uint16_t port = socket_of(world, 2)->port;
  SimKey key = *sim_world_key(world->world, 2, 0);
  expect_done(sim_world_crash(world->world, 2));
  cr_expect(sim_world_life(world->world, 2) == SIM_LIFE_CRASHED);
  cr_expect(socket_of(world, 2)->owner == NULL);
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(world->sent[2] == before);
  cr_expect(sim_net_counts(sim_world_net(world->world))->lost[SIM_LOSS_PORT] > 0);
  expect_done(sim_world_restart(world->world, 2));
  cr_expect(socket_of(world, 2)->port != port, "a new port");
  cr_expect(memcmp(sim_world_key(world->world, 2, 0), &key, sizeof key) == 0, "the same key");
  test_world_run(world, 60 * SIM_SECOND);
  const SimSearch *search = test_world_search(world, 0, &key);
  cr_expect(search->results == 1 && search->first_node == 2);
  test_world_free(world);
}

Test(life, who_stops_can_start_again_at_once)
{
  TestWorld *world = test_world_new(1, 4, 2);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  for (int i = 0; i < 5; i++) {
    expect_done(sim_world_stop(world->world, 1));
    expect_done(sim_world_restart(world->world, 1));
    cr_expect(sim_world_transport(world->world, 1) != NULL);
  }
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 1) == DRT_ACTIVE);
  cr_expect(sim_net_host(sim_world_net(world->world), 1)->first.next == NULL ||
              socket_of(world, 1)->owner == NULL,
            "one socket is left");
  for (uint32_t i = 0; i < 2; i++) {
    SimKey key = *sim_world_key(world->world, 1, i);
    cr_expect(test_world_search(world, 3, &key)->first_node == 1, "key %u", i);
  }
  test_world_free(world);
}

/* language.md: DRT_FAULTED at this instant, with its event before any later action; only stop. */
Test(life, a_fault_is_told_at_once_and_only_stop_helps)
{
  TestWorld *world = test_world_new(1, 4, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  SimKey own = *sim_world_key(world->world, 1, 0), other = test_world_key(9);
  SimTime now = sim_world_now(world->world);
  expect_done(sim_world_fault(world->world, 1));
  cr_expect(sim_world_status(world->world, 1) == DRT_FAULTED);
  cr_expect(test_world_heard(world, 1, DRT_FAULTED) == now);
  SimQuery query = { own, own, own, .results_max = 1, .timeout_ms = 1000 };
  cr_expect(sim_world_register(world->world, 1, &other, NULL, 32) == DRT_E_FAULTED);
  cr_expect(sim_world_search(world->world, 1, &query) == DRT_E_FAULTED);
  cr_expect(sim_world_key_count(world->world, 1) == 1);
  guint events = world->events->len;
  expect_done(sim_world_fault(world->world, 1));
  cr_expect(world->events->len == events, "told once");
  expect_done(sim_world_disconnect(world->world, 1));
  expect_done(sim_world_reconnect(world->world, 1));
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 1) == DRT_FAULTED);
  cr_expect(sim_world_restart(world->world, 1) != NULL, "it is still running");
  expect_done(sim_world_stop(world->world, 1));
  expect_done(sim_world_restart(world->world, 1));
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 1) == DRT_ACTIVE);
  test_world_free(world);
}

Test(life, a_pulled_cable_is_noticed_and_its_return_too)
{
  TestWorld *world = test_world_new(1, 4, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  SimTime now = sim_world_now(world->world);
  expect_done(sim_world_disconnect(world->world, 3));
  cr_expect(!sim_world_is_connected(world->world, 3));
  cr_expect(test_world_heard(world, 3, DRT_NO_NETWORK) == now);
  uint64_t arrived = world->arrived[3];
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(world->arrived[3] == arrived);
  expect_done(sim_world_reconnect(world->world, 3));
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 3) == DRT_ACTIVE);
  SimKey key = *sim_world_key(world->world, 3, 0);
  cr_expect(test_world_search(world, 0, &key)->first_node == 3);
  test_world_free(world);
}

/* A machine without a network can start a node, and plug the cable in afterwards. */
Test(life, a_node_may_start_without_a_network)
{
  TestWorld *world = test_world_new(1, 3, 1);
  expect_done(sim_world_disconnect(world->world, 2));
  test_world_start(world, SIM_SECOND, 30 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 2) == DRT_NO_NETWORK);
  cr_expect(world->sent[2] == 0);
  expect_done(sim_world_reconnect(world->world, 2));
  test_world_run(world, 30 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 2) == DRT_ACTIVE);
  test_world_free(world);
}

Test(life, a_frozen_process_neither_reads_nor_acts)
{
  TestWorld *world = test_world_new(1, 4, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  uint64_t sent = world->sent[1], arrived = world->arrived[1];
  expect_done(sim_world_pause(world->world, 1));
  cr_expect(sim_world_is_paused(world->world, 1));
  test_world_run(world, 20 * SIM_SECOND);
  cr_expect(world->sent[1] == sent && world->arrived[1] == arrived);
  uint64_t waiting = sim_net_counts(sim_world_net(world->world))->waiting;
  cr_expect(waiting > 0, "datagrams queue up");
  expect_done(sim_world_resume(world->world, 1));
  test_world_run(world, 2);
  cr_expect(world->arrived[1] == arrived + waiting, "they are read first");
  cr_expect(world->sent[1] > sent, "answers and late timers");
  cr_expect(sim_net_counts(sim_world_net(world->world))->waiting == 0);
  test_world_run(world, 60 * SIM_SECOND);
  SimKey key = *sim_world_key(world->world, 1, 0);
  cr_expect(test_world_search(world, 0, &key)->first_node == 1);
  test_world_free(world);
}

Test(life, what_happens_to_a_frozen_process_is_noticed_when_it_runs_again)
{
  TestWorld *world = test_world_new(1, 4, 1);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  expect_done(sim_world_pause(world->world, 1));
  expect_done(sim_world_disconnect(world->world, 1));
  cr_expect(sim_world_status(world->world, 1) == DRT_ACTIVE, "it has not looked");
  test_world_run(world, 10 * SIM_SECOND);
  expect_done(sim_world_resume(world->world, 1));
  cr_expect(sim_world_status(world->world, 1) == DRT_NO_NETWORK);
  expect_done(sim_world_reconnect(world->world, 1));
  test_world_run(world, 60 * SIM_SECOND);
  expect_done(sim_world_pause(world->world, 1));
  expect_done(sim_world_stop(world->world, 1)); /* as a debugger that lets it go on first */
  cr_expect(!sim_world_is_paused(world->world, 1));
  expect_done(sim_world_restart(world->world, 1));
  expect_done(sim_world_pause(world->world, 1));
  expect_done(sim_world_crash(world->world, 1));
  cr_expect(!sim_world_is_paused(world->world, 1));
  cr_expect(sim_net_counts(sim_world_net(world->world))->waiting == 0);
  expect_done(sim_world_restart(world->world, 1));
  test_world_run(world, 60 * SIM_SECOND);
  cr_expect(sim_world_status(world->world, 1) == DRT_ACTIVE);
  test_world_free(world);
}

typedef const char *(*Action)(SimWorld *world, uint32_t node);

#define BEFORE "it was started before: 'restart' starts it again"
#define NEVER "it was never started: 'start' starts it"
#define NOT "it is not running"

/* What each node of the test below answers: never started, running, stopped, crashed, faulted,
 * paused. NULL: it is done, and not tried. */
static const struct {
  const char *name;
  Action action;
  const char *refusal[6];
} actions[] = {
  { "start", sim_world_start, { NULL, BEFORE, BEFORE, BEFORE, BEFORE, BEFORE } },
  { "restart",
    sim_world_restart,
    { NEVER, "it is running", NULL, NULL, "it is running", "it is running" } },
  { "stop", sim_world_stop, { NOT, NULL, NOT, NOT, NULL, NULL } },
  { "crash", sim_world_crash, { NOT, NULL, NOT, NOT, NULL, NULL } },
  { "fault", sim_world_fault, { NOT, NULL, NOT, NOT, NULL, NULL } },
  { "pause", sim_world_pause, { NOT, NULL, NOT, NOT, NULL, "it is paused" } },
  { "resume",
    sim_world_resume,
    { "it is not paused", "it is not paused", "it is not paused", "it is not paused",
      "it is not paused", NULL } },
  { "reconnect",
    sim_world_reconnect,
    { "it is connected", "it is connected", "it is connected", "it is connected", "it is connected",
      "it is connected" } },
};

Test(life, what_makes_no_sense_is_refused_and_says_why)
{
  TestWorld *world = test_world_new(1, 6, 1);
  for (uint32_t i = 1; i < 6; i++)
    expect_done(sim_world_start(world->world, i));
  test_world_run(world, 20 * SIM_SECOND);
  expect_done(sim_world_stop(world->world, 2));
  expect_done(sim_world_crash(world->world, 3));
  expect_done(sim_world_fault(world->world, 4));
  expect_done(sim_world_pause(world->world, 5));
  uint64_t fingerprint = sim_world_fingerprint(world->world);
  for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
    for (uint32_t node = 0; node < 6; node++) {
      const char *expected = actions[i].refusal[node];
      if (expected == NULL)
        continue;
      const char *error = actions[i].action(world->world, node);
      cr_expect(g_strcmp0(error, expected) == 0, "%s of node %u: '%s'", actions[i].name, node,
                error == NULL ? "done" : error);
    }
  cr_expect(sim_world_fingerprint(world->world) == fingerprint, "a refusal changes nothing");
  expect_done(sim_world_disconnect(world->world, 0));
  const char *error = sim_world_disconnect(world->world, 0);
  cr_expect(g_strcmp0(error, "it is disconnected") == 0, "%s", error);
  error = sim_world_clock_drift(world->world, 1, -1000000000);
  cr_expect(g_strcmp0(error, "a clock cannot stand still or run backwards") == 0, "%s", error);
  test_world_free(world);
}

Test(life, news_are_told_in_their_order)
{
  static const SimNews expected[] = {
    SIM_NEWS_START,     SIM_NEWS_PAUSE, SIM_NEWS_RESUME, SIM_NEWS_FAULT, SIM_NEWS_STOP,
    SIM_NEWS_START,     SIM_NEWS_CLOCK, SIM_NEWS_CRASH,  SIM_NEWS_START, SIM_NEWS_DISCONNECT,
    SIM_NEWS_RECONNECT, SIM_NEWS_PAUSE, SIM_NEWS_RESUME, SIM_NEWS_STOP,
  };
  TestWorld *world = test_world_new(1, 1, 1);
  SimWorld *w = world->world;
  expect_done(sim_world_start(w, 0));
  expect_done(sim_world_pause(w, 0));
  expect_done(sim_world_resume(w, 0));
  expect_done(sim_world_fault(w, 0));
  expect_done(sim_world_stop(w, 0));
  expect_done(sim_world_restart(w, 0));
  expect_done(sim_world_clock_step(w, 0, 5));
  expect_done(sim_world_crash(w, 0));
  expect_done(sim_world_restart(w, 0));
  expect_done(sim_world_disconnect(w, 0));
  expect_done(sim_world_reconnect(w, 0));
  expect_done(sim_world_pause(w, 0));
  expect_done(sim_world_stop(w, 0)); /* which lets it run on first */
  cr_expect(world->news->len == G_N_ELEMENTS(expected));
  cr_expect(memcmp(world->news->data, expected, sizeof expected) == 0);
  test_world_free(world);
}
