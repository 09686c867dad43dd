/* The bootstrap provider of a group: who can be asked for a first contact.
 *
 * Its list has the running publishers of the group, as their own calls of Register say, and every
 * running node of the first group, whether it publishes or not. A stopped node is struck off; a
 * crashed one stays, with the port that it had, until it is restarted. A resolve is answered at
 * once with up to ten of them, drawn from a stream of the asking node's own, unless that node has
 * no network. Partitions do not matter: the directory is outside of the simulated network. */
#include "sim-world-private.h"

#include "sim-random.h"

#include <netinet/in.h>

#define NAMED_MAX 10

static HRESULT
attach(const PVOID context)
{
  (void)context; /* any number of instances share it */
  return S_OK;
}

static VOID
detach(const PVOID context)
{
  (void)context;
}

static HRESULT
init_resolve(const PVOID context, BOOL split, ULONG timeout, ULONG max,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  (void)context;
  (void)split;
  (void)timeout;
  *fatal = FALSE;
  *resolve = (DRT_BOOTSTRAP_RESOLVE_CONTEXT)(uintptr_t)max;
  return S_OK;
}

static bool
contains(const uint32_t *list, uint32_t n, uint32_t value)
{
  for (uint32_t i = 0; i < n; i++)
    if (list[i] == value)
      return true;
  return false;
}

/* Places in the list, each at most once, evenly drawn (Floyd's way), the asking node's left out. */
static uint32_t
draw(SimWorld *world, const SimDirectory *directory, uint32_t max, uint32_t places[NAMED_MAX])
{
  SimApp *app = sim_world_app(world, world->current);
  uint32_t n = directory->listed->len, drawn = 0;
  SimRandom random = sim_random(world->seed, SIM_RANDOM_BOOTSTRAP, world->current, app->bootstraps);
  app->bootstraps++;
  uint32_t own = app->group == directory->group && app->listed != 0 ? app->listed - 1 : n;
  uint32_t others = own < n ? n - 1 : n;
  for (uint32_t i = others > max ? others - max : 0; i < others; i++) {
    uint32_t place = (uint32_t)sim_random_below(&random, i + 1);
    places[drawn] = contains(places, drawn, place) ? i : place;
    drawn++;
  }
  for (uint32_t i = 0; i < drawn; i++)
    places[i] += places[i] >= own;
  return drawn;
}

static HRESULT
issue_resolve(const PVOID context, const PVOID callback_context,
              DRT_BOOTSTRAP_RESOLVE_CALLBACK callback, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve,
              BOOL *fatal)
{
  const SimDirectory *directory = context;
  SimWorld *world = directory->world;
  uint32_t places[NAMED_MAX], max = (uint32_t)(uintptr_t)resolve;
  struct sockaddr_in6 addresses[NAMED_MAX];
  _Alignas(SOCKET_ADDRESS_LIST)
    uint8_t bytes[sizeof(SOCKET_ADDRESS_LIST) + NAMED_MAX * sizeof(SOCKET_ADDRESS)];
  SOCKET_ADDRESS_LIST *found = (SOCKET_ADDRESS_LIST *)bytes;
  *fatal = FALSE;
  uint32_t n = sim_world_host(world, world->current)->disconnected
                 ? 0
                 : draw(world, directory, MIN(max, NAMED_MAX), places);
  for (uint32_t i = 0; i < n; i++) {
    const SimListed *listed = &g_array_index(directory->listed, SimListed, places[i]);
    memset(&addresses[i], 0, sizeof addresses[i]);
    addresses[i].sin6_family = AF_INET6;
    memcpy(&addresses[i].sin6_port, listed->endpoint, 2);
    memcpy(&addresses[i].sin6_addr, listed->endpoint + 2, SIM_ADDRESS_LEN);
    found->Address[i].lpSockaddr = (struct sockaddr *)&addresses[i];
    found->Address[i].iSockaddrLength = (int)sizeof addresses[i];
  }
  found->iAddressCount = (int)n;
  if (n > 0)
    callback(S_OK, callback_context, found, FALSE);
  callback(DRT_E_NO_MORE, callback_context, NULL, FALSE);
  return S_OK;
}

static VOID
end_resolve(const PVOID context, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  (void)context;
  (void)resolve;
}

/* A publisher is listed with its own group, whichever group it bootstraps from. */
static HRESULT
publish(const PVOID context, const SOCKET_ADDRESS_LIST *addresses)
{
  const SimDirectory *directory = context;
  (void)addresses; /* of its one socket, which we know */
  sim_directory_list(directory->world, directory->world->current);
  return S_OK;
}

/* The first group's nodes are named as long as they run. */
static VOID
withdraw(const PVOID context)
{
  const SimDirectory *directory = context;
  SimWorld *world = directory->world;
  if (sim_world_app(world, world->current)->group != 0)
    sim_directory_strike(world, world->current);
}

void
sim_directory_init(SimDirectory *directory, SimWorld *world, uint32_t group)
{
  *directory = (SimDirectory){
    .world = world,
    .group = group,
    .listed = g_array_new(FALSE, FALSE, sizeof(SimListed)),
    .provider = {
      .pvContext = directory,
      .Attach = attach,
      .Detach = detach,
      .InitResolve = init_resolve,
      .IssueResolve = issue_resolve,
      .EndResolve = end_resolve,
      .Register = publish,
      .Unregister = withdraw,
    },
  };
}

void
sim_directory_clear(SimDirectory *directory)
{
  g_array_free(directory->listed, TRUE);
}

void
sim_directory_list(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  SimListed listed = { .node = node };
  if (app->listed != 0)
    return;
  listed.endpoint[0] = (uint8_t)(app->port >> 8);
  listed.endpoint[1] = (uint8_t)app->port;
  sim_net_address(node, listed.endpoint + 2);
  GArray *list = world->directories[app->group].listed;
  g_array_append_val(list, listed);
  app->listed = list->len;
}

/* The last one takes the place. */
void
sim_directory_strike(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  if (app->listed == 0)
    return;
  GArray *list = world->directories[app->group].listed;
  uint32_t place = app->listed - 1;
  const SimListed *last = &g_array_index(list, SimListed, list->len - 1);
  sim_world_app(world, last->node)->listed = app->listed;
  app->listed = 0;
  g_array_remove_index_fast(list, place);
}
