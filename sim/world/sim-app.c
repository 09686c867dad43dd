/* The application: opens an instance as any program would, and reads its events. */
#include "sim-world-private.h"

SimApp *
sim_app_of(SimWorld *world, uint32_t node)
{
  SimHost *host = sim_world_host(world, node);
  if (host->application != NULL)
    return host->application;
  SimApp *app = sim_memory_take(world->memory, 16, sizeof *app);
  if (app == NULL)
    g_error("no memory for another node");
  *app = (SimApp){ .status = -1 };
  while (node >= world->groups[app->group].first + world->groups[app->group].count)
    app->group++;
  host->application = app;
  return app;
}

void
sim_app_free(SimWorld *world, SimApp *app)
{
  if (app == NULL)
    return;
  while (app->keys_n > 0)
    sim_app_forget_key(world, app, &app->keys[app->keys_n - 1]);
  sim_memory_give(world->memory, app->keys, 16, app->keys_room * sizeof *app->keys);
  g_free(app->clock);
  sim_secured_free(app);
  sim_memory_give(world->memory, app, 16, sizeof *app);
}

static HRESULT
create_security(SimWorld *world, uint32_t node, SimApp *app)
{
  const SimGroup *group = &world->groups[app->group];
  if (group->security == SIM_SECURITY_NULL)
    return DrtCreateNullSecurityProvider(&app->security);
  bool member = group->mode != DRT_SECURE_RESOLVE;
  return DrtCreateDerivedKeySecurityProvider(
    sim_pki_root(world->pki), member ? sim_secured_local(world, node) : NULL, &app->security);
}

static HRESULT
open_instance(SimWorld *world, uint32_t node, SimApp *app)
{
  const SimGroup *group = &world->groups[app->group];
  app->port = 0;
  app->lives++;
  app->event = DrtEventCreate(FALSE, FALSE);
  if (app->event == NULL)
    return E_OUTOFMEMORY;
  HRESULT hr = create_security(world, node, app);
  if (hr == S_OK)
    hr = DrtCreateIpv6UdpTransport(DRT_GLOBAL_SCOPE, 0, 0, &app->port, &app->transport);
  if (hr != S_OK)
    return hr;
  DRT_SETTINGS settings = {
    .dwSize = sizeof settings,
    .cbKey = SIM_KEY_LEN,
    .bProtocolMajorVersion = SIM_PROTOCOL_MAJOR,
    .bProtocolMinorVersion = SIM_PROTOCOL_MINOR,
    .ulMaxRoutingAddresses = 4,
    .hTransport = app->transport,
    .pSecurityProvider =
      world->liars != NULL && world->liars[node] ? sim_secured_lie(world, node) : app->security,
    .pBootstrapProvider = &world->directories[group->bootstrap].provider,
    .eSecurityMode = group->mode,
  };
  return DrtOpen(&settings, app->event, (PVOID)(uintptr_t)node, &app->drt);
}

static void
drop_providers(const SimWorld *world, SimApp *app)
{
  bool derived = world->groups[app->group].security == SIM_SECURITY_DERIVED_KEY;
  sim_secured_unlie(app);
  if (app->event != NULL)
    DrtEventClose(app->event);
  if (derived)
    DrtDeleteDerivedKeySecurityProvider(app->security);
  else
    DrtDeleteNullSecurityProvider(app->security);
  app->event = NULL;
  app->security = NULL;
  app->drt = NULL;
  app->transport = NULL;
  for (uint32_t i = 0; i < app->keys_n; i++)
    app->keys[i].handle = NULL;
}

HRESULT
sim_app_open(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_app_of(world, node);
  world->current = node;
  app->status = -1;
  sim_world_tell_calling(world, node, SIM_CALL_OPEN);
  HRESULT hr = open_instance(world, node, app);
  sim_world_tell_called(world, node, SIM_CALL_OPEN, NULL, hr);
  if (hr == S_OK)
    return S_OK;
  if (app->transport != NULL)
    DrtDeleteIpv6UdpTransport(app->transport);
  drop_providers(world, app);
  return hr;
}

void
sim_app_close(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  world->current = node;
  sim_app_end_searches(world, node, E_FAIL, true);
  sim_world_tell_calling(world, node, SIM_CALL_CLOSE);
  DrtClose(app->drt);
  sim_world_tell_called(world, node, SIM_CALL_CLOSE, NULL, S_OK);
  DrtDeleteIpv6UdpTransport(app->transport);
  drop_providers(world, app);
}

void
sim_app_vanish(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  if (app == NULL)
    return;
  world->current = node;
  SimSocket *first = &sim_world_host(world, node)->first;
  while (first->next != NULL)
    drt_transport_vanish(first->next->owner);
  if (first->owner != NULL)
    drt_transport_vanish(first->owner);
  if (app->life == SIM_LIFE_RUNNING)
    sim_app_end_searches(world, node, E_FAIL, false);
  drop_providers(world, app);
}

static void
read_event(SimWorld *world, uint32_t node, const DRT_EVENT_DATA *event)
{
  SimApp *app = sim_world_app(world, node);
  if (event->type == DRT_EVENT_STATUS_CHANGED)
    app->status = (int8_t)event->statusChange.status;
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].event != NULL)
      world->watchers[i].event(world->watchers[i].data, node, event);
}

void
sim_app_read(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  if (app->drt == NULL)
    return;
  DrtEventWait(app->event);
  ULONG size;
  while (app->drt != NULL && DrtGetEventDataSize(app->drt, &size) == S_OK) {
    DRT_EVENT_DATA *event = sim_world_room(world, size);
    if (DrtGetEventData(app->drt, size, event) != S_OK)
      break;
    read_event(world, node, event);
  }
  if (app->searches != NULL)
    sim_app_poll_searches(world, node);
}
