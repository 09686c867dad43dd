/* Sets of nodes, as they are when an action happens. */
#include "sim-run-private.h"

#include <string.h>

uint32_t
sim_run_node(const SimRun *run, SimNodeRef ref)
{
  return run->first_node[ref.group] + ref.number;
}

char *
sim_run_node_name(const SimRun *run, uint32_t node)
{
  uint32_t group = sim_world_group_of(run->world, node);
  return g_strdup_printf("%s%u", run->scenario->groups[group].name, node - run->first_node[group]);
}

bool
sim_run_can_anything(const SimRun *run, uint32_t node)
{
  (void)run;
  (void)node;
  return true;
}

static bool
is_alive(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_RUNNING;
}

/* From @low upwards to @high, around the ring if need be. */
static bool
in_arc(const SimKey *key, const SimKey *low, const SimKey *high)
{
  bool above = memcmp(key->bytes, low->bytes, SIM_KEY_LEN) >= 0;
  bool below = memcmp(key->bytes, high->bytes, SIM_KEY_LEN) <= 0;
  return memcmp(low->bytes, high->bytes, SIM_KEY_LEN) <= 0 ? above && below : above || below;
}

static bool
has_key_in(const SimRun *run, uint32_t node, const SimSet *set)
{
  for (uint32_t i = 0; is_alive(run, node) && i < sim_world_key_count(run->world, node); i++)
    if (in_arc(sim_world_key(run->world, node, i), &set->low, &set->high))
      return true;
  return false;
}

/* Sets without chance. */
static bool
contains(const SimRun *run, const SimSet *set, uint32_t node)
{
  switch (set->kind) {
  case SIM_SET_ALL:
  case SIM_SET_REST:
    return true;
  case SIM_SET_ALIVE:
    return is_alive(run, node);
  case SIM_SET_GROUP:
    return sim_world_group_of(run->world, node) == set->group;
  case SIM_SET_NODES: {
    uint32_t base = run->first_node[set->group];
    return node >= base + set->first && node <= base + set->last;
  }
  case SIM_SET_RING:
    return has_key_in(run, node, set);
  case SIM_SET_LIST:
    for (uint32_t i = 0; i < set->member_count; i++)
      if (contains(run, set->members[i], node))
        return true;
    return false;
  case SIM_SET_SHARE:
  case SIM_SET_COUNT:
    break;
  }
  return false;
}

typedef struct {
  SimRun *run;
  SimCan can;
  const SimMembers *taken;
  uint32_t *unable;
  bool outright; /* not inside of a share */
} Draw;

static void gather(Draw *draw, const SimSet *set, SimMembers *to);

/* @n of those in @from, each with the same chance: the first n of a shuffle. */
static void
draw_some(SimRun *run, const SimSet *set, const SimMembers *from, uint32_t n, SimMembers *to)
{
  uint32_t count = 0;
  uint32_t *nodes = g_new(uint32_t, sim_members_count(from) + 1);
  for (uint32_t node = 0; node < from->hosts; node++)
    if (sim_members_has(from, node))
      nodes[count++] = node;
  SimRandom random = sim_random(run->options.seed, SIM_RANDOM_CHOICE, set->stream,
                                (uint64_t)sim_world_now(run->world));
  for (uint32_t i = 0; i < n && i < count; i++) {
    uint32_t other = i + (uint32_t)sim_random_below(&random, count - i);
    uint32_t node = nodes[other];
    nodes[other] = nodes[i];
    nodes[i] = node;
    sim_members_add(to, node);
  }
  g_free(nodes);
}

/* Those in @able who are in no part before. */
static SimMembers
who_are_left(const SimMembers *able, const SimMembers *taken)
{
  SimMembers left = sim_members_new(able->hosts);
  for (uint32_t node = 0; node < able->hosts; node++)
    if (sim_members_has(able, node) && (taken == NULL || !sim_members_has(taken, node)))
      sim_members_add(&left, node);
  return left;
}

/* A share of those to whom it can happen, rounded half up, at least one. The share of a part is one
 * of all, and drawn from those who are in no part before. */
static void
gather_some(Draw *draw, const SimSet *set, SimMembers *to)
{
  SimMembers able = sim_members_new(to->hosts);
  Draw inner = *draw;
  inner.outright = false;
  gather(&inner, set->of, &able);
  uint64_t among = sim_members_count(&able), n = set->count;
  if (set->kind == SIM_SET_SHARE)
    n = MAX((2 * among * (uint64_t)set->share.num + (uint64_t)set->share.den) /
              (2 * (uint64_t)set->share.den),
            1);
  SimMembers left = who_are_left(&able, draw->taken);
  uint32_t most = sim_members_count(&left);
  if (n > most && (set->kind == SIM_SET_COUNT || most == 0) && *draw->unable == to->hosts)
    *draw->unable = most == 0 ? SIM_UNABLE_NOBODY : SIM_UNABLE_FEW;
  draw_some(draw->run, set, &left, (uint32_t)n, to);
  sim_members_clear(&left);
  sim_members_clear(&able);
}

static void
gather_plain(Draw *draw, const SimSet *set, SimMembers *to)
{
  bool single = set->kind == SIM_SET_NODES;
  for (uint32_t node = 0; node < to->hosts; node++) {
    if (!contains(draw->run, set, node))
      continue;
    if (set->kind == SIM_SET_REST && draw->taken != NULL && sim_members_has(draw->taken, node))
      continue;
    if (draw->can(draw->run, node))
      sim_members_add(to, node);
    else if (single && draw->outright && *draw->unable == to->hosts)
      *draw->unable = node;
  }
}

static void
gather(Draw *draw, const SimSet *set, SimMembers *to)
{
  if (set->kind == SIM_SET_SHARE || set->kind == SIM_SET_COUNT) {
    gather_some(draw, set, to);
  } else if (set->kind == SIM_SET_LIST) {
    for (uint32_t i = 0; i < set->member_count; i++)
      gather(draw, set->members[i], to);
  } else {
    gather_plain(draw, set, to);
  }
}

SimMembers
sim_run_members(SimRun *run, const SimSet *set, SimCan can, const SimMembers *taken,
                uint32_t *ret_unable)
{
  uint32_t unable;
  Draw draw = { run, can, taken, ret_unable != NULL ? ret_unable : &unable, true };
  SimMembers members = sim_members_new(sim_world_nodes(run->world));
  *draw.unable = members.hosts;
  gather(&draw, set, &members);
  return members;
}

static bool
has_chance(const SimSet *set)
{
  if (set->kind == SIM_SET_SHARE || set->kind == SIM_SET_COUNT)
    return true;
  for (uint32_t i = 0; set->kind == SIM_SET_LIST && i < set->member_count; i++)
    if (has_chance(set->members[i]))
      return true;
  return false;
}

bool
sim_run_is_member(SimRun *run, const SimSet *set, uint32_t node, SimMembers *drawn)
{
  if (node >= sim_world_nodes(run->world))
    return false;
  if (!has_chance(set))
    return contains(run, set, node);
  if (drawn->words == NULL)
    *drawn = sim_run_members(run, set, sim_run_can_anything, NULL, NULL);
  return sim_members_has(drawn, node);
}
