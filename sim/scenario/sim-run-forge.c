/* Nodes that lie, and certificates that go bad. What a lie is, is sim/world/sim-secured.c's business;
 * here is who lies, and when. */
#include "sim-run-private.h"

typedef struct {
  SimMembers members;
  SimTime began;
  uint64_t number; /* of the next lie of each of them */
} Lying;

static bool
is_running(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_RUNNING;
}

static bool
may_contain(const SimRun *run, const SimSet *set, uint32_t node)
{
  uint32_t base = run->first_node[set->group];
  switch (set->kind) {
  case SIM_SET_GROUP:
    return node >= base && node < base + run->scenario->groups[set->group].count;
  case SIM_SET_NODES:
    return node >= base + set->first && node <= base + set->last;
  case SIM_SET_SHARE:
  case SIM_SET_COUNT:
    return may_contain(run, set->of, node);
  case SIM_SET_LIST:
    for (uint32_t i = 0; i < set->member_count; i++)
      if (may_contain(run, set->members[i], node))
        return true;
    return false;
  case SIM_SET_ALL:
  case SIM_SET_ALIVE:
  case SIM_SET_REST:
  case SIM_SET_RING:
    break;
  }
  return true;
}

static bool
is_forge(SimActionKind kind)
{
  return kind == SIM_ACTION_FORGE_CLAIMS || kind == SIM_ACTION_FORGE_FLOODS ||
         kind == SIM_ACTION_FORGE_REPLAYS;
}

uint32_t *
sim_run_liars(const SimRun *run, uint32_t nodes, uint32_t *ret_count)
{
  GArray *liars = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  for (uint32_t node = 0; node < nodes; node++)
    for (uint32_t i = 0; i < run->scenario->action_count; i++) {
      const SimAction *action = &run->scenario->actions[i];
      if (is_forge(action->kind) && may_contain(run, action->set, node)) {
        g_array_append_val(liars, node);
        break;
      }
    }
  *ret_count = liars->len;
  return (uint32_t *)(void *)g_array_free(liars, FALSE);
}

/* Those who can; the run is stopped if somebody named outright cannot. */
static SimMembers
who(SimRun *run, const SimAction *action, SimCan can, const char *what)
{
  uint32_t unable;
  SimMembers members = sim_run_members(run, action->set, can, NULL, &unable);
  if (unable == SIM_UNABLE_FEW)
    sim_run_fail(run, &action->where,
                 "'%s' is wanted of more nodes than it can be applied to: those that run", what);
  else if (unable < members.hosts) {
    g_autofree char *name = sim_run_node_name(run, unable);
    sim_run_fail(run, &action->where, "cannot %s %s: it is not running", what, name);
  } else if (sim_members_count(&members) == 0)
    sim_run_fail(run, &action->where, "there is no node to %s: it wants nodes that run", what);
  return members;
}

/* Whose key is claimed: one that was named, a node's first one, or anybody's. */
static bool
claimed_key(SimRun *run, const SimAction *action, uint32_t liar, SimKey *ret)
{
  if (action->forge.random) {
    SimRandom random = sim_random(run->options.seed, SIM_RANDOM_CHOICE, action->stream, liar);
    for (int i = 0; i < 64; i++) {
      if (sim_oracle_random_key(run->oracle, &random, ret) == NULL)
        break;
      bool own = false;
      for (uint32_t k = 0; k < sim_world_key_count(run->world, liar); k++)
        own |= memcmp(sim_world_key(run->world, liar, k), ret, sizeof *ret) == 0;
      if (!own)
        return true;
    }
    sim_run_fail(run, &action->where, "nobody else has a key to claim");
    return false;
  }
  *ret = action->forge.key;
  if (!action->forge.for_node)
    return true;
  uint32_t node = sim_run_node(run, action->forge.node);
  if (sim_world_key_count(run->world, node) == 0) {
    g_autofree char *name = sim_run_node_name(run, node);
    sim_run_fail(run, &action->where, "%s has no key to claim", name);
    return false;
  }
  *ret = *sim_world_key(run->world, node, 0);
  return true;
}

static void
claim(SimRun *run, const SimAction *action)
{
  SimMembers members = who(run, action, is_running, "make a liar of");
  for (uint32_t node = 0; node < members.hosts && !run->stopped; node++) {
    SimKey key;
    if (!sim_members_has(&members, node) || !claimed_key(run, action, node, &key))
      continue;
    const char *error = sim_world_claim(run->world, node, &key);
    if (error == NULL)
      continue;
    g_autofree char *name = sim_run_node_name(run, node);
    sim_run_fail(run, &action->where, "%s cannot claim the key: %s", name, error);
  }
  sim_members_clear(&members);
}

static void
free_lying(gpointer data)
{
  Lying *lying = data;
  sim_members_clear(&lying->members);
  g_free(lying);
}

/* When lie @number is due: floods come so many a second, repetitions once a second. */
static SimTime
due(const SimAction *action, const Lying *lying, uint64_t number)
{
  __extension__ typedef __int128 Wide;
  uint64_t a_second = action->kind == SIM_ACTION_FORGE_FLOODS ? action->forge.floods : 1;
  return lying->began + (SimTime)((Wide)number * SIM_SECOND / a_second);
}

/* A liar that is not running keeps silent; after a restart it goes on. */
static void
lie_on(SimRun *run, SimTask *task)
{
  const SimAction *action = task->action;
  Lying *lying = task->data;
  while (due(action, lying, lying->number) <= sim_world_now(run->world)) {
    uint64_t stream = action->stream + lying->number++;
    for (uint32_t node = 0; node < lying->members.hosts; node++) {
      if (!sim_members_has(&lying->members, node))
        continue;
      if (action->kind == SIM_ACTION_FORGE_FLOODS)
        sim_world_flood_lie(run->world, node, stream);
      else
        sim_world_repeat_lie(run->world, node, stream);
    }
  }
  sim_run_again(task, due(action, lying, lying->number));
}

void
sim_run_forge(SimRun *run, uint32_t order, const SimAction *action)
{
  if (action->kind == SIM_ACTION_FORGE_CLAIMS) {
    claim(run, action);
    return;
  }
  Lying *lying = g_new0(Lying, 1);
  lying->members = who(run, action, is_running, "make a liar of");
  lying->began = sim_world_now(run->world);
  SimTask *task = sim_run_add(run, lying->began, SIM_PHASE_ACTION, order, lie_on);
  task->action = action;
  task->data = lying;
  task->clear = free_lying;
}

void
sim_run_spoil(SimRun *run, const SimAction *action)
{
  SimMembers members = sim_run_members(run, action->set, sim_run_can_anything, NULL, NULL);
  for (uint32_t node = 0; node < members.hosts && !run->stopped; node++) {
    if (!sim_members_has(&members, node))
      continue;
    const char *error = sim_world_spoil(run->world, node, (SimSpoil)action->certificate);
    if (error == NULL)
      continue;
    g_autofree char *name = sim_run_node_name(run, node);
    sim_run_fail(run, &action->where, "the certificates of %s cannot go bad: %s", name, error);
  }
  sim_members_clear(&members);
}
