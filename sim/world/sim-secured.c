/* What a node of a secured group has besides: certificates, the time that cryptography takes it, and,
 * if it is one of those that lie, its lying provider. */
#include "sim-world-private.h"

#include "sim-forge.h"
#include "sim-random.h"

#define CLAIMS_AGAIN 8 /* keys that one liar claims by repeating what it heard */
#define REPEATED 3     /* datagrams at a time */

typedef struct {
  SimKey key;
  uint32_t number;
  DRT_CERTIFICATE *certificate;
} Own;

struct SimSecured {
  GArray *owns; /* Own */
  SimLiar *liar;
  SimTime busy_until; /* the processor works on cryptography until then */
  uint32_t again;     /* keys claimed by repeating */
  SimPkiKind kind;
  bool revoked;
};

SimSecured *
sim_secured_of(SimApp *app)
{
  if (app->secured == NULL) {
    app->secured = g_new0(SimSecured, 1);
    app->secured->owns = g_array_new(FALSE, FALSE, sizeof(Own));
  }
  return app->secured;
}

void
sim_secured_free(SimApp *app)
{
  if (app->secured == NULL)
    return;
  for (guint i = 0; i < app->secured->owns->len; i++)
    DrtCertificateFree(g_array_index(app->secured->owns, Own, i).certificate);
  g_array_free(app->secured->owns, TRUE);
  sim_liar_free(app->secured->liar);
  g_free(app->secured);
}

/* The certificate of this number, made when it is first wanted. */
static Own *
own_at(SimWorld *world, uint32_t node, uint32_t number)
{
  SimSecured *secured = sim_secured_of(sim_app_of(world, node));
  for (guint i = 0; i < secured->owns->len; i++) {
    Own *own = &g_array_index(secured->owns, Own, i);
    if (own->number == number)
      return own;
  }
  Own made = {
    .number = number,
    .certificate = sim_pki_issue(world->pki, node, number, secured->kind, world->now),
  };
  uint8_t bytes[SIM_KEY_LEN];
  DRT_DATA data = { SIM_KEY_LEN, bytes };
  if (DrtCreateDerivedKey(made.certificate, &data) != S_OK)
    g_error("no key can be derived from a certificate of node %u", node);
  made.key = sim_key_from_api(bytes);
  if (secured->revoked)
    sim_pki_revoke(world->pki, node, number);
  g_array_append_val(secured->owns, made);
  return &g_array_index(secured->owns, Own, secured->owns->len - 1);
}

DRT_CERTIFICATE *
sim_secured_local(SimWorld *world, uint32_t node)
{
  return own_at(world, node, 0)->certificate;
}

SimKey
sim_secured_draw(SimWorld *world, uint32_t node, uint32_t number)
{
  return own_at(world, node, number)->key;
}

DRT_CERTIFICATE *
sim_secured_find(const SimApp *app, const SimKey *key)
{
  if (app == NULL || app->secured == NULL)
    return NULL;
  for (guint i = 0; i < app->secured->owns->len; i++) {
    const Own *own = &g_array_index(app->secured->owns, Own, i);
    if (memcmp(&own->key, key, sizeof *key) == 0)
      return own->certificate;
  }
  return NULL;
}

bool
sim_secured_is_bad(const SimApp *app)
{
  return app->secured != NULL && (app->secured->kind != SIM_PKI_GOOD || app->secured->revoked);
}

const char *
sim_world_spoil(SimWorld *world, uint32_t node, SimSpoil how)
{
  SimApp *app = sim_app_of(world, node);
  if (world->groups[app->group].security != SIM_SECURITY_DERIVED_KEY)
    return "it has no certificates: its group is not 'security derived-key'";
  SimSecured *secured = sim_secured_of(app);
  world->current = node;
  if (how == SIM_SPOIL_REVOKED)
    secured->revoked = true;
  else
    secured->kind = how == SIM_SPOIL_EXPIRED ? SIM_PKI_EXPIRED : SIM_PKI_STRANGE;
  for (guint i = 0; i < secured->owns->len; i++) {
    Own *own = &g_array_index(secured->owns, Own, i);
    if (how == SIM_SPOIL_REVOKED) {
      sim_pki_revoke(world->pki, node, own->number);
      continue;
    }
    DRT_CERTIFICATE *bad = sim_pki_issue(world->pki, node, own->number, secured->kind, world->now);
    DrtCertificateRenew(own->certificate, bad);
    DrtCertificateFree(bad);
  }
  sim_world_tell_news(world, node, SIM_NEWS_CERTIFICATE);
  return NULL;
}

/* ---- The time that cryptography takes. ---- */

void
sim_secured_work(SimWorld *world, uint32_t node, SimTime cost)
{
  if (cost == 0)
    return;
  SimSecured *secured = sim_secured_of(sim_world_app(world, node));
  secured->busy_until = MAX(secured->busy_until, world->now) + cost;
}

SimTime
sim_secured_free_at(const SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  bool works = app != NULL && app->secured != NULL && app->secured->busy_until > world->now;
  return works ? app->secured->busy_until : world->now;
}

/* ---- Lies. ---- */

DRT_SECURITY_PROVIDER *
sim_secured_lie(SimWorld *world, uint32_t node)
{
  SimApp *app = sim_world_app(world, node);
  SimSecured *secured = sim_secured_of(app);
  bool derived = world->groups[app->group].security == SIM_SECURITY_DERIVED_KEY;
  uint8_t own_key[SIM_KEY_LEN] = { 0 };
  if (derived)
    sim_key_to_api(&own_at(world, node, 0)->key, own_key);
  sim_secured_unlie(app);
  secured->liar =
    sim_liar_new(app->security, derived ? sim_secured_local(world, node) : NULL, own_key);
  return sim_liar_provider(secured->liar);
}

void
sim_secured_unlie(SimApp *app)
{
  if (app->secured == NULL)
    return;
  sim_liar_free(app->secured->liar);
  app->secured->liar = NULL;
  app->secured->again = 0;
}

static SimLiar *
liar_of(const SimWorld *world, uint32_t node)
{
  const SimApp *app = sim_world_app(world, node);
  bool runs = app != NULL && app->life == SIM_LIFE_RUNNING && app->secured != NULL;
  return runs ? app->secured->liar : NULL;
}

/* A registration that nobody is told of: it makes no key right. */
static HRESULT
register_lie(SimWorld *world, uint32_t node, const BYTE *key)
{
  static const char text[] = "forged";
  HDRT_REGISTRATION_CONTEXT handle;
  SimKey named = sim_key_from_api(key);
  DRT_REGISTRATION registration = { { SIM_KEY_LEN, (BYTE *)key },
                                    { sizeof text - 1, (BYTE *)text } };
  world->current = node;
  sim_world_tell_calling(world, node, SIM_CALL_REGISTER);
  HRESULT hr = DrtRegisterKey(sim_world_app(world, node)->drt, &registration, NULL, &handle);
  sim_world_tell_called(world, node, SIM_CALL_REGISTER, &named, hr);
  sim_world_settle(world);
  return hr;
}

static DRT_CERTIFICATE *
owner_of(const SimWorld *world, const SimKey *key)
{
  for (uint32_t node = 0; node < world->nodes; node++) {
    DRT_CERTIFICATE *certificate = sim_secured_find(sim_world_app(world, node), key);
    if (certificate != NULL)
      return certificate;
  }
  return NULL;
}

const char *
sim_world_claim(SimWorld *world, uint32_t node, const SimKey *key)
{
  SimLiar *liar = liar_of(world, node);
  uint8_t bytes[SIM_KEY_LEN];
  if (liar == NULL)
    return "it is not running";
  sim_key_to_api(key, bytes);
  if (sim_liar_claims(liar, bytes))
    return "it claims that key already";
  sim_liar_claim(liar, bytes, owner_of(world, key));
  return register_lie(world, node, bytes) == S_OK ? NULL : "DrtRegisterKey has failed";
}

/* A running node other than this one; this one if there is none. */
static uint32_t
draw_other(const SimWorld *world, SimRandom *random, uint32_t node)
{
  for (int i = 0; i < 64; i++) {
    uint32_t other = (uint32_t)sim_random_below(random, world->nodes);
    const SimApp *app = sim_world_app(world, other);
    if (other != node && app != NULL && app->life == SIM_LIFE_RUNNING)
      return other;
  }
  return node;
}

static void
endpoint_of(const SimWorld *world, uint32_t node, uint8_t to[SIM_ENDPOINT_LEN])
{
  uint16_t port = sim_world_app(world, node)->port;
  to[0] = (uint8_t)(port >> 8);
  to[1] = (uint8_t)port;
  sim_net_address(node, to + 2);
}

/* The stream of a liar: one for each time it acts. */
static SimRandom
lies(SimWorld *world, uint32_t node, uint64_t time)
{
  return sim_random(world->seed, SIM_RANDOM_FORGE, node, time);
}

static SimForgeHead
head_of(SimRandom *random, const uint8_t *sender)
{
  return (SimForgeHead){
    .major = SIM_PROTOCOL_MAJOR,
    .minor = SIM_PROTOCOL_MINOR,
    .id = (uint32_t)sim_random_next(random) | 1u,
    .sender = sender,
  };
}

/* Half of the entries lead to the liar itself, half to somebody who does not know the key either. */
bool
sim_world_flood_lie(SimWorld *world, uint32_t node, uint64_t number)
{
  uint8_t own[SIM_ENDPOINT_LEN], endpoint[SIM_ENDPOINT_LEN], bytes[SIM_FORGE_MAX];
  SimKey key;
  if (liar_of(world, node) == NULL)
    return false;
  SimRandom random = lies(world, node, number);
  for (int i = 0; i < SIM_KEY_LEN; i++)
    key.bytes[i] = (uint8_t)sim_random_next(&random);
  endpoint_of(world, node, own);
  bool to_itself = sim_random_below(&random, 2) == 0;
  endpoint_of(world, to_itself ? node : draw_other(world, &random, node), endpoint);
  SimForgeHead head = head_of(&random, own);
  uint32_t n = sim_forge_entry(&head, key.bytes, endpoint, bytes);
  sim_world_inject(world, node, draw_other(world, &random, node), bytes, n);
  return true;
}

static void
repeat_revoke(SimWorld *world, uint32_t node, SimLiar *liar, SimRandom *random)
{
  uint8_t own[SIM_ENDPOINT_LEN], bytes[SIM_FORGE_MAX];
  BYTE key[SIM_KEY_LEN];
  uint32_t heard = sim_liar_heard(liar, true);
  if (heard == 0)
    return;
  endpoint_of(world, node, own);
  for (int i = 0; i < REPEATED; i++) {
    uint32_t which = (uint32_t)sim_random_below(random, heard);
    SimForgeHead head = head_of(random, own);
    uint32_t n = sim_forge_revoke(&head, sim_liar_saying(liar, true, which, key), bytes);
    if (n > 0)
      sim_world_inject(world, node, draw_other(world, random, node), bytes, n);
  }
}

bool
sim_world_repeat_lie(SimWorld *world, uint32_t node, uint64_t number)
{
  SimLiar *liar = liar_of(world, node);
  BYTE key[SIM_KEY_LEN];
  if (liar == NULL)
    return false;
  SimRandom random = lies(world, node, number);
  sim_liar_listen(liar);
  repeat_revoke(world, node, liar, &random);
  SimSecured *secured = sim_world_app(world, node)->secured;
  uint32_t heard = sim_liar_heard(liar, false);
  if (heard == 0 || secured->again == CLAIMS_AGAIN)
    return true;
  uint32_t which = (uint32_t)sim_random_below(&random, heard);
  sim_liar_saying(liar, false, which, key);
  SimKey named = sim_key_from_api(key);
  if (sim_liar_claims(liar, key) || sim_secured_find(sim_world_app(world, node), &named) != NULL)
    return true;
  secured->again++;
  sim_liar_claim_again(liar, which);
  register_lie(world, node, key);
  return true;
}
