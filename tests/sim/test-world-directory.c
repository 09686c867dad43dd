/* The bootstrap provider of a group (language.md, Nodes): whom it names, and to whom. */
#include "sim-world-private.h"
#include "test-world.h"

#include <criterion/criterion.h>
#include <netinet/in.h>

typedef struct {
  const TestWorld *world;
  uint32_t n, nodes[20];
  uint16_t ports[20];
  bool over;
} Named;

static VOID
named(HRESULT hr, const PVOID context, SOCKET_ADDRESS_LIST *list, BOOL fatal)
{
  Named *answer = context;
  cr_expect(!fatal && !answer->over);
  answer->over = hr == DRT_E_NO_MORE;
  for (int i = 0; list != NULL && i < list->iAddressCount; i++) {
    const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)list->Address[i].lpSockaddr;
    answer->nodes[answer->n] =
      sim_net_host_of(sim_world_net(answer->world->world), address->sin6_addr.s6_addr);
    answer->ports[answer->n++] = ntohs(address->sin6_port);
  }
}

/* What the directory of @group answers @node. */
static Named
ask(const TestWorld *test, uint32_t group, uint32_t node, ULONG max)
{
  Named answer = { .world = test };
  SimWorld *world = test->world;
  DRT_BOOTSTRAP_PROVIDER *provider = &world->directories[group].provider;
  DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve;
  BOOL fatal;
  world->current = node;
  cr_expect(provider->InitResolve(provider->pvContext, FALSE, 1000, max, &resolve, &fatal) == S_OK);
  cr_expect(provider->IssueResolve(provider->pvContext, &answer, named, resolve, &fatal) == S_OK);
  provider->EndResolve(provider->pvContext, resolve);
  cr_expect(answer.over);
  return answer;
}

static bool
names(const Named *answer, uint32_t node)
{
  for (uint32_t i = 0; i < answer->n; i++)
    if (answer->nodes[i] == node)
      return true;
  return false;
}

static const SimGroup groups[] = {
  { .first = 0, .count = 3, .keys = 0, .payload = 32, .bootstrap = 0 },
  { .first = 3, .count = 3, .keys = 1, .payload = 32, .bootstrap = 0 },
  { .first = 6, .count = 2, .keys = 0, .payload = 32, .bootstrap = 1 },
};

Test(directory, the_first_group_is_listed_while_it_runs_and_others_while_they_publish)
{
  TestWorld *world = test_world_of(1, groups, 3, NULL);
  SimWorld *w = world->world;
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  Named first = ask(world, 0, 7, 10), second = ask(world, 1, 7, 10), third = ask(world, 2, 0, 10);
  cr_expect(first.n == 3 && names(&first, 0) && names(&first, 1) && names(&first, 2));
  cr_expect(second.n == 3 && names(&second, 3) && names(&second, 4) && names(&second, 5));
  cr_expect(third.n == 0, "nobody publishes there");
  SimKey key = test_world_key(0x40);
  cr_expect(sim_world_register(w, 6, &key, NULL, 32) == S_OK);
  third = ask(world, 2, 0, 10);
  cr_expect(third.n == 1 && third.nodes[0] == 6, "a publisher with its first key");
  cr_expect(sim_world_unregister(w, 6, &key) == S_OK);
  cr_expect(ask(world, 2, 0, 10).n == 0, "none with its last one gone");
  SimKey other = *sim_world_key(w, 4, 0);
  cr_expect(sim_world_unregister(w, 4, &other) == S_OK);
  second = ask(world, 1, 7, 10);
  cr_expect(second.n == 2 && !names(&second, 4));
  test_world_free(world);
}

Test(directory, a_stopped_node_is_struck_off_and_a_crashed_one_stays_until_it_restarts)
{
  TestWorld *world = test_world_of(1, groups, 3, NULL);
  SimWorld *w = world->world;
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  sim_world_stop(w, 0);
  sim_world_stop(w, 3);
  Named first = ask(world, 0, 7, 10), second = ask(world, 1, 7, 10);
  cr_expect(first.n == 2 && !names(&first, 0) && second.n == 2 && !names(&second, 3));
  uint16_t port = sim_world_app(w, 1)->port;
  sim_world_crash(w, 1);
  sim_world_crash(w, 4);
  test_world_run(world, 100 * SIM_SECOND);
  first = ask(world, 0, 7, 10);
  second = ask(world, 1, 7, 10);
  cr_expect(first.n == 2 && names(&first, 1) && second.n == 2 && names(&second, 4));
  sim_world_restart(w, 1);
  first = ask(world, 0, 7, 10);
  cr_expect(first.n == 2 && names(&first, 1) && names(&first, 2));
  for (uint32_t i = 0; i < first.n; i++)
    cr_expect(first.nodes[i] != 1 || first.ports[i] != port, "with its new port");
  sim_world_restart(w, 4);
  test_world_run(world, 60 * SIM_SECOND);
  second = ask(world, 1, 7, 10);
  cr_expect(second.n == 2 && names(&second, 4) && names(&second, 5));
  sim_world_restart(w, 0);
  first = ask(world, 0, 7, 10);
  cr_expect(first.n == 3);
  test_world_free(world);
}

Test(directory, names_the_old_port_of_a_crashed_node)
{
  TestWorld *world = test_world_of(1, groups, 3, NULL);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  uint16_t port = sim_world_app(world->world, 1)->port;
  sim_world_crash(world->world, 1);
  Named first = ask(world, 0, 7, 10);
  for (uint32_t i = 0; i < first.n; i++)
    cr_expect(first.nodes[i] != 1 || first.ports[i] == port);
  test_world_free(world);
}

Test(directory, nobody_is_named_to_itself_and_nobody_without_a_network_is_told)
{
  TestWorld *world = test_world_of(1, groups, 3, NULL);
  test_world_start(world, SIM_SECOND, 60 * SIM_SECOND);
  for (uint32_t i = 0; i < 3; i++) {
    Named first = ask(world, 0, i, 10);
    cr_expect(first.n == 2 && !names(&first, i), "node %u", i);
    Named second = ask(world, 1, 3 + i, 10);
    cr_expect(second.n == 2 && !names(&second, 3 + i), "node %u", 3 + i);
  }
  sim_world_disconnect(world->world, 7);
  cr_expect(ask(world, 0, 7, 10).n == 0);
  static const uint16_t parts[] = { 1, 1, 1, 1, 1, 1, 2, 2 };
  sim_net_partition(sim_world_net(world->world), parts);
  cr_expect(ask(world, 0, 6, 10).n == 3, "across partitions too");
  test_world_free(world);
}

/* At most ten, each once, and in the long run each equally often. */
Test(directory, up_to_ten_are_drawn_evenly)
{
  enum { NODES = 40, ASKED = 4000 };
  TestWorld *world = test_world_new(3, NODES, 0);
  test_world_start(world, SIM_SECOND, SIM_SECOND);
  uint32_t counts[NODES] = { 0 };
  for (int i = 0; i < ASKED; i++) {
    Named answer = ask(world, 0, 5, 20);
    if (answer.n != 10)
      cr_assert_fail("%u were named", answer.n);
    for (uint32_t k = 0; k < 10; k++) {
      counts[answer.nodes[k]]++;
      for (uint32_t m = 0; m < k; m++)
        if (answer.nodes[m] == answer.nodes[k])
          cr_assert_fail("%u twice", answer.nodes[k]);
    }
  }
  double mean = 10.0 * ASKED / (NODES - 1);
  for (uint32_t i = 0; i < NODES; i++)
    cr_expect(i == 5 ? counts[i] == 0 : counts[i] > mean * 0.87 && counts[i] < mean * 1.13,
              "node %u: %u times", i, counts[i]);
  cr_expect(ask(world, 0, 5, 3).n == 3, "no more than are asked for");
  test_world_free(world);
}

/* Whom a node is named does not depend on who else asks. */
Test(directory, draws_come_from_the_asking_nodes_own_stream)
{
  Named answers[2];
  for (int round = 0; round < 2; round++) {
    TestWorld *world = test_world_new(3, 40, 0);
    test_world_start(world, 0, 0);
    for (int i = 0; round == 1 && i < 7; i++)
      ask(world, 0, 6, 10);
    answers[round] = ask(world, 0, 5, 10);
    test_world_free(world);
  }
  cr_expect(memcmp(answers[0].nodes, answers[1].nodes, sizeof answers[0].nodes) == 0);
}
