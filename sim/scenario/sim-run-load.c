/* What goes on for a while: searches by chance, and nodes that come and go. */
#include "sim-run-private.h"

#include <string.h>

/* ---- search RATE ---- */

typedef struct {
  SimRandom random;
  SimDistribution *pause;
  SimTime next;
} Workload;

static void
free_workload(gpointer data)
{
  Workload *workload = data;
  sim_distribution_free(workload->pause);
  g_free(workload);
}

static bool
can_search(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_RUNNING &&
         !sim_world_is_paused(run->world, node) &&
         sim_world_status(run->world, node) != DRT_FAULTED;
}

/* One that can, drawn evenly; sim_world_nodes() if there is none. Guesses first: nearly all can. */
static uint32_t
draw_searcher(SimRun *run, const SimSet *set, SimRandom *random)
{
  uint32_t n = sim_world_nodes(run->world);
  SimMembers nobody = { 0 };
  for (int i = 0; i < 64; i++) {
    uint32_t node = (uint32_t)sim_random_below(random, n);
    if (can_search(run, node) && (set == NULL || sim_run_is_member(run, set, node, &nobody))) {
      sim_members_clear(&nobody);
      return node;
    }
  }
  sim_members_clear(&nobody);
  uint32_t *able = g_new(uint32_t, n + 1);
  uint32_t count = 0;
  for (uint32_t node = 0; node < n; node++)
    if (can_search(run, node) && (set == NULL || sim_run_is_member(run, set, node, &nobody)))
      able[count++] = node;
  sim_members_clear(&nobody);
  uint32_t drawn = count == 0 ? n : able[sim_random_below(random, count)];
  g_free(able);
  return drawn;
}

static void
draw_key(SimRandom *random, SimKey *key)
{
  for (int i = 0; i < SIM_KEY_LEN; i += 8) {
    uint64_t word = sim_random_next(random);
    memcpy(key->bytes + i, &(uint64_t){ GUINT64_TO_BE(word) }, 8);
  }
}

static void
search_once(SimRun *run, const SimAction *action, Workload *workload)
{
  uint32_t node = draw_searcher(run, action->set, &workload->random);
  SimQuery query = { .results_max = 1, .timeout_ms = SIM_SEARCH_TIMEOUT / SIM_MILLISECOND };
  SimChance missing =
    sim_chance((uint64_t)action->workload.missing.num, (uint64_t)action->workload.missing.den);
  if (node == sim_world_nodes(run->world))
    return;
  if (sim_chance_hits(missing, sim_random_next(&workload->random)))
    draw_key(&workload->random, &query.target);
  else if (sim_oracle_random_key(run->oracle, &workload->random, &query.target) == NULL)
    return;
  query.least = query.most = query.target;
  sim_world_search(run->world, node, &query);
}

static SimTime
pause_of(Workload *workload)
{
  return sim_distribution_at(workload->pause, sim_random_next(&workload->random));
}

void
sim_run_workload(SimRun *run, SimTask *task)
{
  const SimAction *action = task->action;
  Workload *workload = task->data;
  if (workload == NULL) {
    __extension__ typedef __int128 Wide;
    Wide mean = (Wide)SIM_SECOND * action->workload.rate.den / action->workload.rate.num;
    workload = g_new0(Workload, 1);
    workload->random = sim_random(run->options.seed, SIM_RANDOM_WORKLOAD, action->stream, 0);
    workload->pause = sim_distribution_new(&(SimDistributionSpec){
      .kind = SIM_EXPONENTIAL, .a = mean > INT64_MAX / 64 ? INT64_MAX / 64 : (SimTime)mean });
    workload->next = action->from + pause_of(workload);
    task->data = workload;
    task->clear = free_workload;
    task->statement = false; /* from the next time on */
  }
  while (workload->next <= sim_world_now(run->world)) {
    search_once(run, action, workload);
    workload->next += pause_of(workload);
  }
  if (workload->next <= action->to)
    sim_run_again(task, workload->next);
}

/* ---- churn SET lifetime DIST downtime DIST ---- */

typedef struct {
  uint32_t node;
  bool away; /* it was we who sent it away */
  uint64_t draws;
} Churner;

typedef struct {
  SimDistribution *lifetime, *downtime;
  int users;
} ChurnLaw;

typedef struct {
  Churner churner;
  ChurnLaw *law;
} Churn;

static void
free_churn(gpointer data)
{
  Churn *churn = data;
  if (--churn->law->users == 0) {
    sim_distribution_free(churn->law->lifetime);
    sim_distribution_free(churn->law->downtime);
    g_free(churn->law);
  }
  g_free(churn);
}

/* A stream for each node and churn. */
static uint64_t
draw(const SimRun *run, const SimAction *action, Churner *churner)
{
  SimRandom random = sim_random(run->options.seed, SIM_RANDOM_CHURN, action->stream, churner->node);
  return sim_random_at(&random, churner->draws++);
}

static bool
leave(SimRun *run, const SimAction *action, Churner *churner)
{
  SimChance silent =
    sim_chance((uint64_t)action->churn.silent.num, (uint64_t)action->churn.silent.den);
  bool quietly = sim_chance_hits(silent, draw(run, action, churner));
  return (quietly ? sim_world_crash : sim_world_stop)(run->world, churner->node) == NULL;
}

/* Its time has come to leave or to come back. Where another action was faster, it takes the next
 * turn from there. */
static void
do_churn(SimRun *run, SimTask *task)
{
  Churn *churn = task->data;
  Churner *churner = &churn->churner;
  const SimAction *action = task->action;
  SimTime now = sim_world_now(run->world);
  if (now > action->to)
    return;
  bool running = sim_world_life(run->world, churner->node) == SIM_LIFE_RUNNING;
  bool acted = running != churner->away &&
               (churner->away ? sim_world_restart(run->world, churner->node) == NULL
                              : leave(run, action, churner));
  if (acted)
    sim_run_acted(run);
  churner->away = sim_world_life(run->world, churner->node) != SIM_LIFE_RUNNING;
  const SimDistribution *law = churner->away ? churn->law->downtime : churn->law->lifetime;
  SimTime next = now + sim_distribution_at(law, draw(run, action, churner)) + 1;
  if (next <= action->to)
    sim_run_again(task, next);
}

static bool
is_running(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_RUNNING;
}

void
sim_run_churn(SimRun *run, uint32_t order, const SimAction *action)
{
  SimMembers members = sim_run_members(run, action->set, is_running, NULL, NULL);
  ChurnLaw *law = g_new0(ChurnLaw, 1);
  law->lifetime = sim_distribution_new(&action->churn.lifetime);
  law->downtime = sim_distribution_new(&action->churn.downtime);
  law->users = 1;
  for (uint32_t node = 0; node < members.hosts; node++) {
    if (!sim_members_has(&members, node))
      continue;
    Churn *churn = g_new0(Churn, 1);
    churn->law = law;
    churn->churner.node = node;
    law->users++;
    SimTime lifetime = sim_distribution_at(law->lifetime, draw(run, action, &churn->churner)) + 1;
    SimTask *task =
      sim_run_add(run, sim_world_now(run->world) + lifetime, SIM_PHASE_ACTION, order, do_churn);
    task->action = action;
    task->data = churn;
    task->clear = free_churn;
  }
  if (sim_members_count(&members) == 0)
    sim_run_fail(run, &action->where, "there is no running node to come and go");
  sim_members_clear(&members);
  Churn *last = g_new0(Churn, 1); /* our own use of the law */
  last->law = law;
  free_churn(last);
}

/* ---- churn SET trace FILE ---- */

static void
do_churn_event(SimRun *run, SimTask *task)
{
  const SimAction *action = task->action;
  const SimChurnEvent *event = task->data;
  uint32_t node = sim_run_node(run, event->node);
  const char *error;
  switch (event->kind) {
  case SIM_CHURN_START:
    error = sim_world_life(run->world, node) == SIM_LIFE_UNBORN
              ? sim_world_start(run->world, node)
              : sim_world_restart(run->world, node);
    break;
  case SIM_CHURN_STOP:
    error = sim_world_stop(run->world, node);
    break;
  case SIM_CHURN_CRASH:
  default:
    error = sim_world_crash(run->world, node);
    break;
  }
  if (error != NULL) {
    static const char *const verbs[] = { "start", "stop", "crash" };
    g_autofree char *name = sim_run_node_name(run, node);
    sim_run_fail(run, &action->where, "%s: cannot %s %s: %s", action->trace.path,
                 verbs[event->kind], name, error);
  }
  sim_run_acted(run);
}

void
sim_run_churn_trace(SimRun *run, uint32_t order, const SimAction *action)
{
  SimTime now = sim_world_now(run->world);
  for (uint32_t i = 0; i < action->trace.count; i++) {
    const SimChurnEvent *event = &action->trace.events[i];
    if (now + event->after > action->to)
      break;
    SimTask *task = sim_run_add(run, now + event->after, SIM_PHASE_ACTION, order, do_churn_event);
    task->action = action;
    task->data = (void *)event;
  }
}
