/* The keys of an application: registered, updated, unregistered, and remembered for a restart. */
#include "sim-world-private.h"

#include "sim-random.h"

static SimKey
draw_key(SimWorld *world, uint32_t node, uint32_t number)
{
  SimRandom random = sim_random(world->seed, SIM_RANDOM_KEYS, node, number);
  SimKey key;
  for (int i = 0; i < SIM_KEY_LEN; i += 8) {
    uint64_t word = sim_random_next(&random);
    for (int k = 0; k < 8; k++)
      key.bytes[i + k] = (uint8_t)(word >> 8 * k);
  }
  return key;
}

/* What nobody has given: bytes that anyone can make again from seed and key. */
static void
draw_payload(SimWorld *world, const SimKey *key, uint8_t *to, uint32_t n)
{
  SimRandom random =
    sim_random(world->seed, SIM_RANDOM_PAYLOAD, sim_hash_bytes(key->bytes, SIM_KEY_LEN), 0);
  uint64_t word = 0;
  for (uint32_t i = 0; i < n; i++, word >>= 8) {
    if (i % 8 == 0)
      word = sim_random_next(&random);
    to[i] = (uint8_t)word;
  }
}

static void
set_payload(SimWorld *world, SimAppKey *key, const void *payload, uint32_t n)
{
  sim_memory_give(world->memory, key->payload, 16, key->payload_n);
  key->payload = NULL;
  key->payload_n = n;
  if (payload == NULL)
    return;
  key->payload = sim_memory_take(world->memory, 16, n);
  if (key->payload == NULL)
    g_error("no memory for a payload");
  memcpy(key->payload, payload, n);
}

SimAppKey *
sim_app_new_key(SimWorld *world, uint32_t node, const SimKey *key, const void *payload,
                uint32_t payload_n)
{
  SimApp *app = sim_app_of(world, node);
  if (app->keys_n == app->keys_room) {
    uint32_t room = app->keys_room == 0 ? 1 : 2 * app->keys_room;
    SimAppKey *keys = sim_memory_take(world->memory, 16, room * sizeof *keys);
    if (keys == NULL)
      g_error("no memory for another key");
    if (app->keys_n > 0)
      memcpy(keys, app->keys, app->keys_n * sizeof *keys);
    sim_memory_give(world->memory, app->keys, 16, app->keys_room * sizeof *keys);
    app->keys = keys;
    app->keys_room = room;
  }
  SimAppKey *made = &app->keys[app->keys_n++];
  bool derived = world->groups[app->group].security == SIM_SECURITY_DERIVED_KEY;
  *made = (SimAppKey){ .key = key != NULL ? *key
                              : derived   ? sim_secured_draw(world, node, app->keys_drawn)
                                          : draw_key(world, node, app->keys_drawn) };
  app->keys_drawn += key == NULL;
  set_payload(world, made, payload, payload_n);
  return made;
}

void
sim_app_forget_key(SimWorld *world, SimApp *app, SimAppKey *key)
{
  sim_memory_give(world->memory, key->payload, 16, key->payload_n);
  memmove(key, key + 1, (size_t)(&app->keys[app->keys_n] - (key + 1)) * sizeof *key);
  app->keys_n--;
}

static void
tell(SimWorld *world, uint32_t node, const SimKey *key, bool registered)
{
  sim_world_print(world, node, registered ? SIM_PRINT_REGISTER : SIM_PRINT_UNREGISTER,
                  sim_hash_bytes(key->bytes, SIM_KEY_LEN));
  for (uint32_t i = 0; i < world->watcher_count; i++)
    if (world->watchers[i].key != NULL)
      world->watchers[i].key(world->watchers[i].data, node, key, registered);
}

HRESULT
sim_app_register(SimWorld *world, uint32_t node, SimAppKey *key)
{
  SimApp *app = sim_world_app(world, node);
  uint8_t key_bytes[SIM_KEY_LEN], drawn[DRT_MAX_PAYLOAD_SIZE];
  sim_key_to_api(&key->key, key_bytes);
  uint8_t *payload = key->payload;
  if (payload == NULL && key->payload_n <= sizeof drawn) {
    payload = drawn;
    draw_payload(world, &key->key, drawn, key->payload_n);
  }
  DRT_REGISTRATION registration = { { SIM_KEY_LEN, key_bytes }, { key->payload_n, payload } };
  world->current = node;
  sim_world_tell_calling(world, node, SIM_CALL_REGISTER);
  /* A key that no certificate of the node gives is tried with its first one: the provider says no. */
  DRT_CERTIFICATE *certificate = NULL;
  if (world->groups[app->group].security == SIM_SECURITY_DERIVED_KEY) {
    certificate = sim_secured_find(app, &key->key);
    if (certificate == NULL)
      certificate = sim_secured_local(world, node);
  }
  HRESULT hr = DrtRegisterKey(app->drt, &registration, certificate, &key->handle);
  if (hr == S_OK)
    tell(world, node, &key->key, true);
  sim_world_tell_called(world, node, SIM_CALL_REGISTER, &key->key, hr);
  return hr;
}

/* The key as the application knows it; the first one, if it has registered it twice. */
static SimAppKey *
find(SimApp *app, const SimKey *key)
{
  for (uint32_t i = 0; app != NULL && i < app->keys_n; i++)
    if (memcmp(app->keys[i].key.bytes, key->bytes, SIM_KEY_LEN) == 0)
      return &app->keys[i];
  return NULL;
}

HRESULT
sim_world_register(SimWorld *world, uint32_t node, const SimKey *key, const void *payload,
                   uint32_t payload_n)
{
  SimAppKey *made = sim_app_new_key(world, node, key, payload, payload_n);
  HRESULT hr = sim_app_register(world, node, made);
  if (hr != S_OK) {
    SimApp *app = sim_world_app(world, node);
    sim_app_forget_key(world, app, &app->keys[app->keys_n - 1]);
  }
  sim_world_settle(world);
  return hr;
}

HRESULT
sim_world_update(SimWorld *world, uint32_t node, const SimKey *key, const void *payload,
                 uint32_t payload_n)
{
  SimAppKey *known = find(sim_world_app(world, node), key);
  uint8_t drawn[DRT_MAX_PAYLOAD_SIZE];
  if (payload == NULL && payload_n <= sizeof drawn)
    draw_payload(world, key, drawn, payload_n);
  DRT_DATA data = { payload_n, payload != NULL ? (BYTE *)payload : drawn };
  if (known == NULL) /* it has no handle of such a key: the core says what that is */
    return DrtUpdateKey(NULL, &data);
  world->current = node;
  sim_world_tell_calling(world, node, SIM_CALL_UPDATE);
  HRESULT hr = DrtUpdateKey(known->handle, &data);
  if (hr == S_OK)
    set_payload(world, known, payload, payload_n);
  sim_world_settle(world);
  sim_world_tell_called(world, node, SIM_CALL_UPDATE, key, hr);
  return hr;
}

HRESULT
sim_world_unregister(SimWorld *world, uint32_t node, const SimKey *key)
{
  SimApp *app = sim_world_app(world, node);
  SimAppKey *known = find(app, key);
  if (known == NULL || known->handle == NULL)
    return E_HANDLE;
  world->current = node;
  sim_world_tell_calling(world, node, SIM_CALL_UNREGISTER);
  DrtUnregisterKey(known->handle);
  SimKey gone = known->key;
  sim_app_forget_key(world, app, known);
  tell(world, node, &gone, false);
  sim_world_settle(world);
  sim_world_tell_called(world, node, SIM_CALL_UNREGISTER, &gone, S_OK);
  return S_OK;
}

uint32_t
sim_world_key_count(const SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  return app == NULL ? 0 : app->keys_n;
}

const SimKey *
sim_world_key(const SimWorld *world, uint32_t node, uint32_t i)
{
  return &sim_world_app(world, node)->keys[i].key;
}
