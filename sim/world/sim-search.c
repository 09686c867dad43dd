/* The searches of an application: started, polled when its event is set, ended. */
#include "sim-world-private.h"

#include <netinet/in.h>

HRESULT
sim_world_search(SimWorld *world, uint32_t node, const SimQuery *query)
{
  SimApp *app = sim_world_app(world, node);
  if (app == NULL)
    return E_HANDLE;
  uint8_t target[SIM_KEY_LEN], least[SIM_KEY_LEN], most[SIM_KEY_LEN];
  sim_key_to_api(&query->target, target);
  sim_key_to_api(&query->least, least);
  sim_key_to_api(&query->most, most);
  DRT_DATA key = { SIM_KEY_LEN, target };
  DRT_DATA from = { SIM_KEY_LEN, least }, to = { SIM_KEY_LEN, most };
  DRT_SEARCH_INFO info = {
    .dwSize = sizeof info,
    .fAllowCurrentInstanceMatch = TRUE,
    .fAnyMatchInRange = query->any,
    .cMaxEndpoints = query->results_max,
    .pMinimumKey = &from,
    .pMaximumKey = &to,
  };
  SimAppSearch *search = sim_memory_take(world->memory, 16, sizeof *search);
  if (search == NULL)
    return E_OUTOFMEMORY;
  *search = (SimAppSearch){
    .search = {
      .id = (uint64_t)(node + 1) << 32 | app->search_count,
      .node = node,
      .query = *query,
      .started = world->now,
      .end = DRT_E_SEARCH_IN_PROGRESS,
      .first_node = world->nodes,
    },
  };
  world->current = node;
  sim_world_tell_calling(world, node, SIM_CALL_SEARCH);
  HRESULT hr =
    DrtStartSearch(app->drt, &key, &info, query->timeout_ms, app->event, NULL, &search->handle);
  if (hr != S_OK) {
    sim_world_tell_called(world, node, SIM_CALL_SEARCH, &query->target, hr);
    sim_memory_give(world->memory, search, 16, sizeof *search);
    return hr;
  }
  search->search.ticket = drt_search_ticket(search->handle);
  app->search_count++;
  sim_world_print(world, node, SIM_PRINT_SEARCH, sim_hash_bytes(target, sizeof target));
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].search_started != NULL)
      world->watchers[i].search_started(world->watchers[i].data, &search->search);
  SimAppSearch **link = &app->searches;
  while (*link != NULL)
    link = &(*link)->next;
  *link = search;
  sim_world_settle(world);
  sim_world_tell_called(world, node, SIM_CALL_SEARCH, &query->target, S_OK);
  return S_OK;
}

/* The path so far. (transfer full): g_free */
static SimHop *
read_path(SimWorld *world, SimAppSearch *search)
{
  ULONG size;
  search->search.hops = NULL;
  search->search.hop_count = 0;
  if (DrtGetSearchPathSize(search->handle, &size) != S_OK)
    return NULL;
  g_autofree DRT_ADDRESS_LIST *list = g_malloc(size);
  if (DrtGetSearchPath(search->handle, size, list) != S_OK)
    return NULL;
  SimHop *hops = g_new(SimHop, list->AddressCount + 1);
  for (ULONG i = 0; i < list->AddressCount; i++) {
    const DRT_ADDRESS *from = &list->AddressList[i];
    struct sockaddr_in6 address;
    memcpy(&address, &from->socketAddress, sizeof address);
    hops[i] = (SimHop){
      .node = sim_net_host_of(world->net, address.sin6_addr.s6_addr),
      .flags = from->flags,
      .latency_ms = from->latency,
      .nearness = (uint32_t)from->nearness,
    };
  }
  search->search.hops = hops;
  search->search.hop_count = list->AddressCount;
  return hops;
}

/* Who serves the result: the last node that proved it; none, if it was our own instance. */
static uint32_t
server_of(const SimSearch *search)
{
  uint32_t proven = DRT_ADDRESS_FLAG_ACCEPTED | DRT_ADDRESS_FLAG_INQUIRE;
  for (uint32_t i = search->hop_count; i-- > 0;)
    if ((search->hops[i].flags & proven) == proven)
      return search->hops[i].node;
  return search->node;
}

static void
note_result(SimWorld *world, SimAppSearch *search, const DRT_SEARCH_RESULT *result)
{
  SimHop *hops = read_path(world, search);
  if (search->search.results++ == 0) {
    search->search.first = sim_key_from_api(result->registration.key.pb);
    search->search.first_node = server_of(&search->search);
  }
  search->search.server = server_of(&search->search);
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].search_result != NULL)
      world->watchers[i].search_result(world->watchers[i].data, &search->search, result);
  g_free(hops);
}

/* Tells of the end, and forgets it. */
static void
end(SimWorld *world, SimApp *app, SimAppSearch *search, HRESULT hr, bool alive)
{
  SimHop *hops = alive ? read_path(world, search) : NULL;
  search->search.ended = world->now;
  search->search.end = hr;
  if (alive)
    DrtEndSearch(search->handle);
  SimAppSearch **link = &app->searches;
  while (*link != search)
    link = &(*link)->next;
  *link = search->next;
  sim_world_print(world, search->search.node, SIM_PRINT_SEARCH_END,
                  sim_hash_add((uint64_t)(uint32_t)hr, search->search.id));
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].search_ended != NULL)
      world->watchers[i].search_ended(world->watchers[i].data, &search->search);
  g_free(hops);
  sim_memory_give(world->memory, search, 16, sizeof *search);
}

/* Takes what there is. S_OK never: IN_PROGRESS, or how it ended. */
static HRESULT
take_results(SimWorld *world, SimAppSearch *search)
{
  ULONG size;
  HRESULT hr;
  while ((hr = DrtGetSearchResultSize(search->handle, &size)) == S_OK) {
    DRT_SEARCH_RESULT *result = sim_world_room(world, size);
    hr = DrtGetSearchResult(search->handle, size, result);
    if (hr != S_OK)
      break;
    note_result(world, search, result);
  }
  return hr;
}

void
sim_app_poll_searches(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  SimAppSearch *search = app->searches, *next;
  for (; search != NULL; search = next) {
    next = search->next;
    HRESULT hr = take_results(world, search);
    if (hr != DRT_E_SEARCH_IN_PROGRESS)
      end(world, app, search, hr, true);
  }
}

void
sim_app_end_searches(SimWorld *world, uint32_t node, HRESULT hr, bool alive)
{
  SimApp *app = sim_world_app(world, node);
  while (app->searches != NULL)
    end(world, app, app->searches, hr, alive);
}
