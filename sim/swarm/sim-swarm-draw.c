/* Draws a plan. What is drawn must be possible: nobody restarts who runs, or is paused while away.
 * Faults of the same node that would stand in each other's way do not overlap. */
#include "sim-random.h"
#include "sim-swarm.h"

#define TENTH (100 * SIM_MILLISECOND) /* all times are so round */

typedef struct {
  SimSwarmPlan *plan;
  SimRandom random;
  unsigned kinds;                /* a bit for each that is not left out */
  SimTime busy[SIM_SWARM_NODES]; /* until when another fault has the node */
  SimTime parted;                /* until when there is a partition */
  bool churned;
  SimTime disturbed[SIM_SWARM_KINDS]; /* until when the network is */
} Draw;

static uint64_t
below(Draw *draw, uint64_t n)
{
  return sim_random_below(&draw->random, n);
}

static uint32_t
between(Draw *draw, uint32_t least, uint32_t most)
{
  return least + (uint32_t)below(draw, most - least + 1);
}

static bool
one_in(Draw *draw, uint64_t n)
{
  return below(draw, n) == 0;
}

/* Small ones are as likely as large ones: half of the draws are in the lower eighth. */
static SimTime
time_between(Draw *draw, SimTime least, SimTime most)
{
  uint64_t width = (uint64_t)((most - least) / TENTH) + 1;
  if (one_in(draw, 2))
    width = MAX(width / 8, 1);
  return least + (SimTime)below(draw, width) * TENTH;
}

static uint32_t
node_count(const SimSwarmPlan *plan)
{
  return plan->anchors + plan->peers + plan->guests;
}

static uint64_t
first_bits(uint32_t n)
{
  return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* Guests come and go by themselves, and nothing else is done to one. */
static uint64_t
steady(const SimSwarmPlan *plan)
{
  return first_bits(plan->anchors + plan->peers);
}

/* Some of @from: mostly one or a few, at times most of them, at times neighbours by number. */
static uint64_t
some_of(Draw *draw, uint64_t from)
{
  uint32_t n = (uint32_t)__builtin_popcountll(from);
  if (n == 0)
    return 0;
  uint32_t wanted = one_in(draw, 4) ? between(draw, 1, n) : between(draw, 1, MIN(n, 3));
  uint64_t chosen = 0;
  while (wanted > 0) {
    uint64_t bit = UINT64_C(1) << below(draw, 64);
    if ((from & bit) == 0 || (chosen & bit) != 0)
      continue;
    chosen |= bit;
    wanted--;
  }
  return chosen;
}

static uint64_t
idle(const Draw *draw, SimTime at)
{
  uint64_t nodes = steady(draw->plan);
  for (uint32_t i = 0; i < SIM_SWARM_NODES; i++)
    if (draw->busy[i] >= at)
      nodes &= ~(UINT64_C(1) << i);
  return nodes;
}

static void
occupy(Draw *draw, uint64_t nodes, SimTime until)
{
  for (uint32_t i = 0; i < SIM_SWARM_NODES; i++)
    if (nodes >> i & 1)
      draw->busy[i] = until;
}

/* The first anchor and the first peer are there in the end: the bootstrap has somebody to name, and
 * there is a ring. */
static uint64_t
lasting(const SimSwarmPlan *plan)
{
  return UINT64_C(1) | UINT64_C(1) << plan->anchors;
}

/* ---- One fault of each kind; no members: it does not come to it. ---- */

static void
draw_life(Draw *draw, SimSwarmFault *fault)
{
  fault->members = some_of(draw, idle(draw, fault->at));
  bool goes = (fault->kind == SIM_SWARM_CRASH || fault->kind == SIM_SWARM_STOP) &&
              (fault->members & lasting(draw->plan)) == 0;
  if (goes && one_in(draw, 4))
    fault->until = SIM_TIME_NEVER;
  SimTime free_again = fault->until;
  if (fault->kind == SIM_SWARM_FAULT) /* restarts a second after */
    free_again += 2 * SIM_SECOND;
  occupy(draw, fault->members, free_again);
}

static void
draw_partition(Draw *draw, SimSwarmFault *fault)
{
  if (draw->parted >= fault->at)
    return;
  uint64_t all = first_bits(node_count(draw->plan));
  fault->members = some_of(draw, all);
  if (one_in(draw, 3))
    fault->others = some_of(draw, all & ~fault->members);
  draw->parted = fault->until;
}

static void
draw_way(Draw *draw, SimSwarmFault *fault)
{
  uint64_t all = first_bits(node_count(draw->plan));
  fault->members = some_of(draw, all);
  fault->others = one_in(draw, 3) ? all : some_of(draw, all);
  fault->both = one_in(draw, 2);
}

/* At most one of a kind at a time, or the first would end the second. */
static void
draw_network(Draw *draw, SimSwarmFault *fault)
{
  static const uint32_t most[SIM_SWARM_KINDS] = { [SIM_SWARM_LINK] = 100,
                                                  [SIM_SWARM_LOSS] = 40,
                                                  [SIM_SWARM_BURSTS] = 20,
                                                  [SIM_SWARM_COPIES] = 30,
                                                  [SIM_SWARM_SLOW] = 900 };
  if (draw->disturbed[fault->kind] >= fault->at)
    return;
  draw->disturbed[fault->kind] = fault->until;
  fault->members = 1;
  if (fault->kind == SIM_SWARM_LINK)
    fault->members = some_of(draw, first_bits(node_count(draw->plan)));
  fault->amount = between(draw, 1, most[fault->kind]);
  fault->both = one_in(draw, 2);
}

static void
draw_clock(Draw *draw, SimSwarmFault *fault)
{
  fault->members = some_of(draw, first_bits(node_count(draw->plan)));
  fault->both = one_in(draw, 2); /* forwards or back */
  fault->amount = fault->kind == SIM_SWARM_DRIFT ? between(draw, 1, 20) : between(draw, 1, 600);
}

/* A node's own keys change: it has to be there at both ends, and nothing else may happen to them. */
static void
draw_keys(Draw *draw, SimSwarmFault *fault)
{
  uint64_t nodes = idle(draw, fault->at);
  if (fault->kind == SIM_SWARM_BARE)
    nodes &= ~UINT64_C(1); /* the first anchor's is what liars claim */
  fault->members = some_of(draw, nodes);
  if (fault->kind == SIM_SWARM_KEY && draw->plan->security == 0)
    fault->members &= -fault->members; /* one node: a key has one owner */
  if (fault->kind == SIM_SWARM_KEY && one_in(draw, 2))
    fault->until = SIM_TIME_NEVER;
  if (fault->kind == SIM_SWARM_KEY && draw->plan->security > 0)
    fault->until = SIM_TIME_NEVER; /* the keys follow from certificates: there is no name for it */
  fault->value = sim_random_next(&draw->random);
  fault->amount = between(draw, 0, 3); /* where on the ring; bytes of the payload */
  if (fault->kind == SIM_SWARM_UPDATE || fault->until == SIM_TIME_NEVER)
    return;
  occupy(draw, fault->members, fault->until);
}

static void
draw_churn(Draw *draw, SimSwarmFault *fault)
{
  if (draw->plan->guests == 0 || draw->churned)
    return;
  fault->members = 1;
  fault->amount = between(draw, 5, 120); /* seconds of a lifetime */
  fault->value = between(draw, 0, 4);    /* fifths that crash */
  draw->churned = true;                  /* once: behind it all of them may be away */
}

static void
draw_garbage(Draw *draw, SimSwarmFault *fault)
{
  uint64_t all = steady(draw->plan);
  fault->members = some_of(draw, all);
  fault->others = some_of(draw, all & ~fault->members);
  if (fault->others == 0 || fault->at <= draw->plan->spread)
    fault->members = 0; /* who was never started has no port */
  fault->amount = between(draw, 1, 80);
  fault->value = sim_random_next(&draw->random);
  fault->both = one_in(draw, 2); /* behind a good header */
}

/* Only proofs help against lies: without them nothing is promised. The liars are stopped for good, as
 * they would go on. */
static void
draw_lies(Draw *draw, SimSwarmFault *fault)
{
  if (draw->plan->security == 0)
    return;
  fault->members = some_of(draw, idle(draw, fault->at) & ~first_bits(draw->plan->anchors + 1));
  fault->amount = between(draw, 0, 2);
  fault->value = between(draw, 1, 5);
  occupy(draw, fault->members, SIM_TIME_NEVER);
}

static void
draw_fault(Draw *draw, SimSwarmFault *fault)
{
  switch (fault->kind) {
  case SIM_SWARM_CRASH:
  case SIM_SWARM_STOP:
  case SIM_SWARM_FAULT:
  case SIM_SWARM_PAUSE:
  case SIM_SWARM_DISCONNECT:
    draw_life(draw, fault);
    break;
  case SIM_SWARM_PARTITION:
    draw_partition(draw, fault);
    break;
  case SIM_SWARM_CUT:
  case SIM_SWARM_HOLD:
    draw_way(draw, fault);
    break;
  case SIM_SWARM_LINK:
  case SIM_SWARM_LOSS:
  case SIM_SWARM_BURSTS:
  case SIM_SWARM_COPIES:
  case SIM_SWARM_SLOW:
    draw_network(draw, fault);
    break;
  case SIM_SWARM_DRIFT:
  case SIM_SWARM_STEP:
    draw_clock(draw, fault);
    break;
  case SIM_SWARM_KEY:
  case SIM_SWARM_BARE:
  case SIM_SWARM_UPDATE:
    draw_keys(draw, fault);
    break;
  case SIM_SWARM_CHURN:
    draw_churn(draw, fault);
    break;
  case SIM_SWARM_GARBAGE:
    draw_garbage(draw, fault);
    break;
  case SIM_SWARM_LIES:
    draw_lies(draw, fault);
    break;
  case SIM_SWARM_KINDS:
    break;
  }
}

static SimSwarmKind
draw_kind(Draw *draw)
{
  static const uint32_t weights[] = {
#define WEIGHT(name, weight) weight,
    SIM_SWARM_TABLE(WEIGHT)
#undef WEIGHT
  };
  uint32_t sum = 0;
  for (uint32_t i = 0; i < SIM_SWARM_KINDS; i++)
    sum += (draw->kinds >> i & 1) * weights[i];
  uint32_t at = (uint32_t)below(draw, sum), i = 0;
  for (; at >= (draw->kinds >> i & 1) * weights[i]; i++)
    at -= (draw->kinds >> i & 1) * weights[i];
  return (SimSwarmKind)i;
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
  const SimTime *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

/* In the order of their times, as each looks at those before it. */
static void
draw_faults(Draw *draw)
{
  SimSwarmPlan *plan = draw->plan;
  SimTime times[40], first = plan->spread / 2 + SIM_SECOND;
  uint32_t n = between(draw, 1, one_in(draw, 3) ? G_N_ELEMENTS(times) : 12);
  for (uint32_t i = 0; i < n; i++)
    times[i] = first + (SimTime)below(draw, (uint64_t)((plan->heal - first) / TENTH)) * TENTH;
  qsort(times, n, sizeof times[0], compare_times);
  for (uint32_t i = 0; i < n; i++) {
    SimSwarmFault fault = { .kind = draw_kind(draw), .at = times[i] };
    fault.until = time_between(draw, fault.at + TENTH, plan->heal);
    draw_fault(draw, &fault);
    if (fault.members != 0)
      g_array_append_val(plan->faults, fault);
  }
}

static void
draw_cloud(Draw *draw)
{
  SimSwarmPlan *plan = draw->plan;
  uint32_t nodes = one_in(draw, 3) ? between(draw, 6, SIM_SWARM_NODES) : between(draw, 6, 24);
  plan->security = one_in(draw, 16) ? between(draw, 1, 3) : 0;
  if (plan->security > 0)
    nodes = MIN(nodes, 16); /* signatures take their time */
  plan->anchors = between(draw, 1, 4);
  plan->guests = one_in(draw, 3) ? between(draw, 1, nodes / 2 - 1) : 0;
  plan->guests = MIN(plan->guests, nodes - plan->anchors - 1);
  plan->peers = nodes - plan->anchors - plan->guests;
  plan->keys = one_in(draw, 4) && plan->security == 0 ? between(draw, 2, 4) : 1;
  plan->latency = between(draw, 0, 5);
  plan->maintenance = one_in(draw, 4) ? between(draw, 5, 30) * SIM_SECOND : 15 * SIM_SECOND;
  plan->spread = between(draw, 0, 60) * SIM_SECOND;
  plan->heal = plan->spread + between(draw, 60, 600) * SIM_SECOND;
}

SimSwarmPlan *
sim_swarm_draw(uint64_t seed)
{
  SimSwarmPlan *plan = g_new0(SimSwarmPlan, 1);
  Draw draw = { .plan = plan, .random = sim_random(seed, SIM_RANDOM_SWARM, 0, 0) };
  plan->seed = seed;
  plan->faults = g_array_new(FALSE, FALSE, sizeof(SimSwarmFault));
  for (uint32_t i = 0; i < SIM_SWARM_NODES; i++)
    draw.busy[i] = -1;
  for (uint32_t i = 0; i < SIM_SWARM_KINDS; i++)
    draw.disturbed[i] = -1;
  draw.parted = -1;
  draw_cloud(&draw);
  while (draw.kinds == 0)
    draw.kinds = (unsigned)below(&draw, 1U << SIM_SWARM_KINDS) &
                 (one_in(&draw, 2) ? (unsigned)below(&draw, 1U << SIM_SWARM_KINDS) : ~0U);
  /* A node starts within the spread: before its turn nothing can happen to it. */
  for (uint32_t i = 0; i < SIM_SWARM_NODES; i++)
    draw.busy[i] = plan->spread + SIM_SECOND;
  draw_faults(&draw);
  return plan;
}

SimSwarmPlan *
sim_swarm_copy(const SimSwarmPlan *plan)
{
  SimSwarmPlan *copy = g_memdup2(plan, sizeof *plan);
  copy->faults = g_array_copy(plan->faults);
  return copy;
}

void
sim_swarm_free(SimSwarmPlan *plan)
{
  if (plan == NULL)
    return;
  g_array_free(plan->faults, TRUE);
  g_free(plan);
}
