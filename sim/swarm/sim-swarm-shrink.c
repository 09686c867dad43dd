/* The ways in which a plan can be made smaller. Whoever asks runs what comes out, and keeps it if it
 * still fails; so a way need not know why the plan fails, and may make one that is impossible. */
#include "sim-swarm.h"

static SimSwarmFault *
fault_at(const SimSwarmPlan *plan, guint i)
{
  return &g_array_index(plan->faults, SimSwarmFault, i);
}

/* ---- Fewer faults: halves, quarters and so on, at last one alone. ---- */

#define SIZES 6 /* 32, 16 .. 1 at a time */

static SimSwarmShrunk
drop_faults(SimSwarmPlan *plan, guint size, guint piece)
{
  guint n = plan->faults->len, from = piece * size;
  if (from >= n || (size > 1 && size >= n))
    return SIM_SWARM_SAME;
  g_array_remove_range(plan->faults, from, MIN(size, n - from));
  return SIM_SWARM_SMALLER;
}

/* ---- Fewer nodes: the last ones of a group. ---- */

static uint64_t
without(uint64_t bits, uint32_t first, uint32_t count)
{
  if (first >= 64)
    return bits;
  uint64_t below = bits & ((UINT64_C(1) << first) - 1);
  uint64_t above = count >= 64 - first ? 0 : bits >> (first + count);
  return below | above << first;
}

static void
drop_nodes(SimSwarmPlan *plan, uint32_t first, uint32_t count)
{
  for (guint i = plan->faults->len; i-- > 0;) {
    SimSwarmFault *fault = fault_at(plan, i);
    bool had = fault->others != 0;
    if (fault->kind == SIM_SWARM_CHURN || fault->kind == SIM_SWARM_LOSS ||
        fault->kind == SIM_SWARM_BURSTS || fault->kind == SIM_SWARM_COPIES ||
        fault->kind == SIM_SWARM_SLOW)
      continue; /* of nobody in particular */
    fault->members = without(fault->members, first, count);
    fault->others = without(fault->others, first, count);
    if (fault->members == 0 || (had && fault->others == 0))
      g_array_remove_index(plan->faults, i);
  }
}

static void
drop_churn(SimSwarmPlan *plan)
{
  for (guint i = plan->faults->len; i-- > 0;)
    if (fault_at(plan, i)->kind == SIM_SWARM_CHURN)
      g_array_remove_index(plan->faults, i);
}

/* @divisor: the share that goes; 0: one. */
static SimSwarmShrunk
fewer(SimSwarmPlan *plan, uint32_t *count, uint32_t base, uint32_t least, uint32_t divisor)
{
  if (*count <= least)
    return SIM_SWARM_SAME;
  uint32_t gone = divisor == 0 ? 1 : (*count - least) / divisor;
  if (gone == 0)
    return SIM_SWARM_SAME;
  drop_nodes(plan, base + *count - gone, gone);
  *count -= gone;
  if (plan->guests == 0)
    drop_churn(plan);
  return SIM_SWARM_SMALLER;
}

static SimSwarmShrunk
fewer_nodes(SimSwarmPlan *plan, uint32_t way)
{
  static const uint32_t divisors[] = { 1, 2, 4, 0 };
  uint32_t divisor = divisors[way % 4];
  if (way / 4 == 0)
    return fewer(plan, &plan->guests, plan->anchors + plan->peers, 0, divisor);
  if (way / 4 == 1)
    return fewer(plan, &plan->peers, plan->anchors, 1, divisor);
  return fewer(plan, &plan->anchors, 0, 1, divisor);
}

/* ---- A plainer cloud. ---- */

static SimSwarmShrunk
plainer(uint32_t *value, uint32_t plain)
{
  if (*value == plain)
    return SIM_SWARM_SAME;
  *value = plain;
  return SIM_SWARM_SMALLER;
}

static SimSwarmShrunk
plainer_time(SimTime *value, SimTime plain)
{
  if (*value == plain)
    return SIM_SWARM_SAME;
  *value = plain;
  return SIM_SWARM_SMALLER;
}

static SimSwarmShrunk
plainer_cloud(SimSwarmPlan *plan, uint32_t way)
{
  switch (way) {
  case 0:
    return plainer(&plan->keys, 1);
  case 1:
    return plainer(&plan->security, 0);
  case 2:
    return plainer(&plan->latency, 0);
  case 3:
    return plainer_time(&plan->maintenance, 15 * SIM_SECOND);
  default:
    return plainer_time(&plan->spread, 0);
  }
}

/* ---- Less of one fault. ---- */

enum { FEWER_MEMBERS = 14, LESS = 18 };

/* Half of a set, or one of its first members, taken away. */
static SimSwarmShrunk
fewer_members(uint64_t *set, uint32_t way)
{
  uint32_t n = (uint32_t)__builtin_popcountll(*set);
  uint32_t size = way < 2 ? n / 2 : 1, first = way < 2 ? way * (n / 2) : way - 2, at = 0;
  if (n < 2 || size == 0 || first >= n)
    return SIM_SWARM_SAME;
  uint64_t left = 0;
  for (uint32_t i = 0; i < SIM_SWARM_NODES; i++) {
    if ((*set >> i & 1) == 0)
      continue;
    if (at < first || at >= first + size)
      left |= UINT64_C(1) << i;
    at++;
  }
  *set = left;
  return SIM_SWARM_SMALLER;
}

static SimSwarmShrunk
less(SimSwarmPlan *plan, uint32_t way)
{
  SimSwarmFault *fault = fault_at(plan, way / LESS);
  way %= LESS;
  if (way < FEWER_MEMBERS / 2)
    return fewer_members(&fault->members, way);
  if (way < FEWER_MEMBERS)
    return fewer_members(&fault->others, way - FEWER_MEMBERS / 2);
  SimTime length = fault->until - fault->at;
  if (way == FEWER_MEMBERS && fault->until != SIM_TIME_NEVER && length >= 2 * SIM_SECOND) {
    fault->until = fault->at + length / 2 / SIM_SECOND * SIM_SECOND;
    return SIM_SWARM_SMALLER;
  }
  if (way == FEWER_MEMBERS + 1 && fault->at % SIM_SECOND != 0 &&
      (fault->until == SIM_TIME_NEVER || length > SIM_SECOND)) {
    fault->at += SIM_SECOND - fault->at % SIM_SECOND;
    return SIM_SWARM_SMALLER;
  }
  if (way == FEWER_MEMBERS + 2 && fault->until != SIM_TIME_NEVER &&
      fault->until % SIM_SECOND != 0 && length > SIM_SECOND) {
    fault->until -= fault->until % SIM_SECOND;
    return SIM_SWARM_SMALLER;
  }
  if (way == FEWER_MEMBERS + 3 && fault->kind == SIM_SWARM_PARTITION && fault->others != 0) {
    fault->others = 0;
    return SIM_SWARM_SMALLER;
  }
  return SIM_SWARM_SAME;
}

/* ---- Less time. ---- */

static SimTime
last_time(const SimSwarmPlan *plan)
{
  SimTime last = plan->spread + SIM_SECOND;
  for (guint i = 0; i < plan->faults->len; i++) {
    const SimSwarmFault *fault = fault_at(plan, i);
    last = MAX(last, fault->at);
    if (fault->until != SIM_TIME_NEVER)
      last = MAX(last, fault->until);
  }
  return (last + SIM_SECOND - 1) / SIM_SECOND * SIM_SECOND;
}

/* Everything from fault @way on happens earlier. */
static SimSwarmShrunk
sooner(SimSwarmPlan *plan, uint32_t way)
{
  SimTime before = plan->spread + SIM_SECOND;
  if (way > 0)
    before = fault_at(plan, way - 1)->at;
  SimTime gap = (fault_at(plan, way)->at - before) / 2 / SIM_SECOND * SIM_SECOND;
  if (gap <= 0)
    return SIM_SWARM_SAME;
  for (guint i = 0; i < plan->faults->len; i++) {
    SimSwarmFault *fault = fault_at(plan, i);
    if (i >= way)
      fault->at -= gap;
    if (fault->until != SIM_TIME_NEVER && fault->until - gap > fault->at)
      fault->until -= gap;
  }
  plan->heal = last_time(plan);
  return SIM_SWARM_SMALLER;
}

static SimSwarmShrunk
heal_sooner(SimSwarmPlan *plan)
{
  SimTime heal = last_time(plan);
  if (heal >= plan->heal)
    return SIM_SWARM_SAME;
  plan->heal = heal;
  return SIM_SWARM_SMALLER;
}

/* ---- All of them, the greediest first. ---- */

SimSwarmShrunk
sim_swarm_shrink(SimSwarmPlan *plan, uint32_t way)
{
  uint32_t pieces = 64;
  if (way < SIZES * pieces)
    return drop_faults(plan, 1U << (SIZES - 1 - way / pieces), way % pieces);
  way -= SIZES * pieces;
  if (way < 12)
    return fewer_nodes(plan, way);
  way -= 12;
  if (way < 5)
    return plainer_cloud(plan, way);
  way -= 5;
  if (way == 0)
    return heal_sooner(plan);
  way--;
  if (way < plan->faults->len * LESS)
    return less(plan, way);
  way -= plan->faults->len * LESS;
  return way < plan->faults->len ? sooner(plan, way) : SIM_SWARM_DONE;
}
