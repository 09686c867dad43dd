/* Actions on nodes and on the network, each when its time has come. */
#include "sim-run-private.h"

#include <string.h>

static bool
is_running(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_RUNNING;
}

static bool
can_start(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_UNBORN;
}

static bool
can_restart(const SimRun *run, uint32_t node)
{
  SimLife life = sim_world_life(run->world, node);
  return life == SIM_LIFE_STOPPED || life == SIM_LIFE_CRASHED;
}

static bool
can_fault(const SimRun *run, uint32_t node)
{
  return is_running(run, node) && sim_world_status(run->world, node) != DRT_FAULTED;
}

static bool
can_disconnect(const SimRun *run, uint32_t node)
{
  return is_running(run, node) && sim_world_is_connected(run->world, node);
}

static bool
can_reconnect(const SimRun *run, uint32_t node)
{
  return !sim_world_is_connected(run->world, node);
}

static bool
can_pause(const SimRun *run, uint32_t node)
{
  return is_running(run, node) && !sim_world_is_paused(run->world, node);
}

static bool
can_resume(const SimRun *run, uint32_t node)
{
  return sim_world_is_paused(run->world, node);
}

typedef const char *(*Deed)(SimWorld *world, uint32_t node);

typedef struct {
  const char *verb;
  const char *wants; /* of nodes */
  SimCan can;
  Deed deed;
} NodeAction;

static const NodeAction node_actions[SIM_ACTIONS] = {
  [SIM_ACTION_START] = { "start", "were never started", can_start, sim_world_start },
  [SIM_ACTION_STOP] = { "stop", "run", is_running, sim_world_stop },
  [SIM_ACTION_CRASH] = { "crash", "run", is_running, sim_world_crash },
  [SIM_ACTION_RESTART] = { "restart", "were stopped or have crashed", can_restart,
                           sim_world_restart },
  [SIM_ACTION_FAULT] = { "fault", "run and are not faulted", can_fault, sim_world_fault },
  [SIM_ACTION_DISCONNECT] = { "disconnect", "run and are not disconnected", can_disconnect,
                              sim_world_disconnect },
  [SIM_ACTION_RECONNECT] = { "reconnect", "are disconnected", can_reconnect, sim_world_reconnect },
  [SIM_ACTION_PAUSE] = { "pause", "run and are not paused", can_pause, sim_world_pause },
  [SIM_ACTION_RESUME] = { "resume", "are paused", can_resume, sim_world_resume },
};

static void
say_unable(SimRun *run, const SimAction *action, uint32_t node)
{
  const char *verb = node_actions[action->kind].verb;
  if (node == SIM_UNABLE_NOBODY) {
    sim_run_fail(run, &action->where, "there is no node to %s: it wants nodes that %s", verb,
                 node_actions[action->kind].wants);
    return;
  }
  if (node == SIM_UNABLE_FEW) {
    sim_run_fail(run, &action->where,
                 "'%s' is wanted of more nodes than it can be applied to: those that %s", verb,
                 node_actions[action->kind].wants);
    return;
  }
  g_autofree char *name = sim_run_node_name(run, node);
  static const char *const lives[] = { "was never started", "is running", "was stopped",
                                       "has crashed" };
  const char *state = lives[sim_world_life(run->world, node)];
  if (sim_world_status(run->world, node) == DRT_FAULTED)
    state = "is faulted";
  else if (sim_world_is_paused(run->world, node))
    state = "is paused";
  else if (is_running(run, node) && !sim_world_is_connected(run->world, node))
    state = "is disconnected";
  else if (action->kind == SIM_ACTION_RECONNECT)
    state = "is connected";
  sim_run_fail(run, &action->where, "cannot %s %s: it %s", verb, name, state);
}

/* The members to whom it can be done; the run is stopped if it could not be done as it is said. */
static SimMembers
able_members(SimRun *run, const SimAction *action)
{
  uint32_t unable;
  SimMembers members =
    sim_run_members(run, action->set, node_actions[action->kind].can, NULL, &unable);
  if (unable != members.hosts)
    say_unable(run, action, unable);
  else if (sim_members_count(&members) == 0)
    say_unable(run, action, SIM_UNABLE_NOBODY);
  return members;
}

static bool
do_to(SimRun *run, const SimAction *action, uint32_t node)
{
  const char *error = node_actions[action->kind].deed(run->world, node);
  if (error == NULL)
    return true;
  g_autofree char *name = sim_run_node_name(run, node);
  sim_run_fail(run, &action->where, "cannot %s %s: %s", node_actions[action->kind].verb, name,
               error);
  return false;
}

static void
do_to_all(SimRun *run, const SimAction *action)
{
  SimMembers members = able_members(run, action);
  for (uint32_t node = 0; node < members.hosts && !run->stopped; node++)
    if (sim_members_has(&members, node))
      do_to(run, action, node);
  sim_members_clear(&members);
}

/* ---- start SET over T ---- */

typedef struct {
  uint32_t *nodes, count, next;
  SimTime began;
} Spread;

static void
free_spread(gpointer data)
{
  Spread *spread = data;
  g_free(spread->nodes);
  g_free(spread);
}

static SimTime
turn(const Spread *spread, SimTime over)
{
  __extension__ typedef __int128 Wide;
  return spread->began + (SimTime)((Wide)over * spread->next / spread->count);
}

/* Whoever something else has happened to in the meantime is passed over. */
static void
do_spread(SimRun *run, SimTask *task)
{
  Spread *spread = task->data;
  const SimAction *action = task->action;
  while (spread->next < spread->count &&
         turn(spread, action->spread) <= sim_world_now(run->world) && !run->stopped) {
    uint32_t node = spread->nodes[spread->next++];
    if (node_actions[action->kind].can(run, node))
      do_to(run, action, node);
  }
  sim_run_acted(run);
  if (spread->next < spread->count)
    sim_run_again(task, turn(spread, action->spread));
}

static void
begin_spread(SimRun *run, uint32_t order, const SimAction *action)
{
  SimMembers members = able_members(run, action);
  Spread *spread = g_new0(Spread, 1);
  spread->nodes = g_new(uint32_t, sim_members_count(&members) + 1);
  spread->began = sim_world_now(run->world);
  for (uint32_t node = 0; node < members.hosts; node++)
    if (sim_members_has(&members, node))
      spread->nodes[spread->count++] = node;
  sim_members_clear(&members);
  SimTask *task = sim_run_add(run, spread->began, SIM_PHASE_ACTION, order, do_spread);
  task->action = action;
  task->data = spread;
  task->clear = free_spread;
}

/* ---- The network. ---- */

static void
tell_oracle(SimRun *run)
{
  bool whole = !run->partitioned && run->cuts->len == 0 && run->holds->len == 0 && !run->lossy;
  sim_oracle_disturbed(run->oracle, whole);
}

/* The members of a set that has to be somebody; the run is stopped if it is not. @taken: those in the
 * parts before, or NULL. */
static SimMembers
somebody(SimRun *run, const SimAction *action, const SimSet *set, const SimMembers *taken)
{
  uint32_t unable;
  SimMembers members = sim_run_members(run, set, sim_run_can_anything, taken, &unable);
  if (unable != members.hosts)
    sim_run_fail(run, &action->where, "there are not so many nodes as it wants");
  else if (sim_members_count(&members) == 0 && set->kind != SIM_SET_REST)
    sim_run_fail(run, &action->where, "one of its sets is empty");
  return members;
}

/* Part 0 is that of nodes in no part: they reach everybody. */
static void
partition(SimRun *run, const SimAction *action)
{
  uint32_t n = sim_world_nodes(run->world);
  uint16_t *parts = g_new0(uint16_t, n + 1);
  SimMembers taken = sim_members_new(n);
  for (uint32_t i = 0; i < action->parts.count; i++) {
    SimMembers members = somebody(run, action, action->parts.sets[i], &taken);
    for (uint32_t node = 0; node < n; node++) {
      if (!sim_members_has(&members, node) || sim_members_has(&taken, node))
        continue;
      parts[node] = (uint16_t)(i + 1);
      sim_members_add(&taken, node);
    }
    sim_members_clear(&members);
  }
  sim_members_clear(&taken);
  sim_net_partition(sim_world_net(run->world), parts);
  g_free(parts);
  run->partitioned = true;
  tell_oracle(run);
}

static char *
words_of(const SimRun *run, const SimAction *action)
{
  GString *words = g_string_new(NULL);
  sim_print_set(words, run->scenario, action->set);
  g_string_append(words, action->both_ways ? " <-> " : " -> ");
  sim_print_set(words, run->scenario, action->to_set);
  return g_string_free(words, FALSE);
}

static void
make_way(SimRun *run, const SimAction *action, GArray *ways,
         void (*make)(SimNet *net, const SimMembers *from, const SimMembers *to))
{
  SimNet *net = sim_world_net(run->world);
  SimWayMade way = { .words = words_of(run, action) };
  way.from = somebody(run, action, action->set, NULL);
  way.to = somebody(run, action, action->to_set, NULL);
  make(net, &way.from, &way.to);
  if (action->both_ways)
    make(net, &way.to, &way.from);
  g_array_append_val(ways, way);
  tell_oracle(run);
}

/* The one made last with the same words. */
static void
undo_way(SimRun *run, const SimAction *action, GArray *ways)
{
  SimNet *net = sim_world_net(run->world);
  SimTime now = sim_world_now(run->world);
  g_autofree char *words = words_of(run, action);
  for (guint i = ways->len; i-- > 0;) {
    SimWayMade *way = &g_array_index(ways, SimWayMade, i);
    if (strcmp(way->words, words) != 0)
      continue;
    for (int side = 0; side < (action->both_ways ? 2 : 1); side++) {
      const SimMembers *from = side == 0 ? &way->from : &way->to;
      const SimMembers *to = side == 0 ? &way->to : &way->from;
      if (ways == run->cuts)
        sim_net_join(net, from, to);
      else
        sim_net_release(net, now, from, to);
    }
    g_array_remove_index(ways, i);
    tell_oracle(run);
    return;
  }
  sim_run_fail(run, &action->where, "nothing was %s between %s", ways == run->cuts ? "cut" : "held",
               words);
}

static void
set_network(SimRun *run, const SimAction *action)
{
  SimLink link = { 0 };
  unsigned fields;
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  if (!sim_run_read_network(run, action->network.settings, action->network.count, &link, &fields,
                            mistakes)) {
    const SimMistake *mistake = g_ptr_array_index(mistakes->list, 0);
    sim_run_fail(run, &action->where, "%s:%u: %s", mistake->file, mistake->line, mistake->message);
    return;
  }
  SimNet *net = sim_world_net(run->world);
  if (action->kind == SIM_ACTION_NETWORK) {
    sim_net_set_link(net, &link, fields);
    if (fields & (SIM_LINK_LOSS | SIM_LINK_BURST))
      run->lossy = link.loss != SIM_CHANCE_NEVER || link.burst_loss != SIM_CHANCE_NEVER;
  } else {
    SimMembers from = somebody(run, action, action->set, NULL);
    SimMembers to = somebody(run, action, action->to_set, NULL);
    sim_net_add_rule(net, &from, &to, &link, fields);
    if (action->both_ways)
      sim_net_add_rule(net, &to, &from, &link, fields);
    sim_members_clear(&from);
    sim_members_clear(&to);
    run->lossy |= link.loss != SIM_CHANCE_NEVER || link.burst_loss != SIM_CHANCE_NEVER;
  }
  tell_oracle(run);
}

static void
set_clocks(SimRun *run, const SimAction *action)
{
  SimMembers members = somebody(run, action, action->set, NULL);
  for (uint32_t node = 0; node < members.hosts; node++) {
    if (!sim_members_has(&members, node))
      continue;
    if (action->kind == SIM_ACTION_CLOCK_STEP)
      sim_world_clock_step(run->world, node, action->step);
    else
      sim_world_clock_drift(run->world, node,
                            action->drift.num * INT64_C(1000000000) / action->drift.den);
  }
  sim_members_clear(&members);
}

static void
heal(SimRun *run, const SimAction *action)
{
  if (!run->partitioned)
    sim_run_fail(run, &action->where, "there is no partition to heal");
  run->partitioned = false;
  sim_net_heal(sim_world_net(run->world));
  tell_oracle(run);
}

static void
inject(SimRun *run, const SimAction *action)
{
  uint32_t receiver = sim_run_node(run, action->inject.to);
  if (sim_world_life(run->world, receiver) == SIM_LIFE_UNBORN) {
    g_autofree char *name = sim_run_node_name(run, receiver);
    sim_run_fail(run, &action->where, "%s has no port yet: it was never started", name);
    return;
  }
  sim_world_inject(run->world, sim_run_node(run, action->inject.from), receiver,
                   action->inject.bytes, action->inject.count);
}

/* ---- All of them. ---- */

static void
carry_out(SimRun *run, uint32_t order, const SimAction *action)
{
  switch (action->kind) {
  case SIM_ACTION_START:
  case SIM_ACTION_STOP:
    if (action->spread > 0) {
      begin_spread(run, order, action);
      break;
    }
    do_to_all(run, action);
    break;
  case SIM_ACTION_CRASH:
  case SIM_ACTION_RESTART:
  case SIM_ACTION_FAULT:
  case SIM_ACTION_DISCONNECT:
  case SIM_ACTION_RECONNECT:
  case SIM_ACTION_PAUSE:
  case SIM_ACTION_RESUME:
    do_to_all(run, action);
    break;
  case SIM_ACTION_REGISTER:
  case SIM_ACTION_UPDATE:
  case SIM_ACTION_UNREGISTER:
    sim_run_do_call(run, action);
    break;
  case SIM_ACTION_SEARCH:
    sim_run_do_search(run, action);
    break;
  case SIM_ACTION_PARTITION:
    partition(run, action);
    break;
  case SIM_ACTION_HEAL:
    heal(run, action);
    break;
  case SIM_ACTION_CUT:
    make_way(run, action, run->cuts, sim_net_cut);
    break;
  case SIM_ACTION_HOLD:
    make_way(run, action, run->holds, sim_net_hold);
    break;
  case SIM_ACTION_JOIN:
    undo_way(run, action, run->cuts);
    break;
  case SIM_ACTION_RELEASE:
    undo_way(run, action, run->holds);
    break;
  case SIM_ACTION_LINK:
  case SIM_ACTION_NETWORK:
    set_network(run, action);
    break;
  case SIM_ACTION_CHURN:
    sim_run_churn(run, order, action);
    break;
  case SIM_ACTION_CHURN_TRACE:
    sim_run_churn_trace(run, order, action);
    break;
  case SIM_ACTION_CLOCK_DRIFT:
  case SIM_ACTION_CLOCK_STEP:
    set_clocks(run, action);
    break;
  case SIM_ACTION_INJECT:
    inject(run, action);
    break;
  case SIM_ACTION_FORGE_CLAIMS:
  case SIM_ACTION_FORGE_FLOODS:
  case SIM_ACTION_FORGE_REPLAYS:
    sim_run_forge(run, order, action);
    break;
  case SIM_ACTION_CERTIFICATE:
    sim_run_spoil(run, action);
    break;
  case SIM_ACTION_MARK:
    sim_run_judge_mark(run, action->mark);
    break;
  case SIM_ACTION_WORKLOAD:
  case SIM_ACTION_END:
  case SIM_ACTIONS:
    break;
  }
}

static bool
is_quiet(SimActionKind kind)
{
  return kind == SIM_ACTION_SEARCH || kind == SIM_ACTION_WORKLOAD || kind == SIM_ACTION_MARK ||
         kind == SIM_ACTION_END;
}

static void
do_action(SimRun *run, SimTask *task)
{
  const SimAction *action = task->action;
  run->at_hand = action;
  carry_out(run, task->order, action);
  if (!is_quiet(action->kind))
    sim_run_acted(run);
  if (action->schedule == SIM_SCHEDULE_EVERY &&
      sim_world_now(run->world) + action->period <= action->to)
    sim_run_again(task, sim_world_now(run->world) + action->period);
}

void
sim_run_schedule(SimRun *run, uint32_t order, const SimAction *action)
{
  if (action->kind == SIM_ACTION_END || action->from > sim_run_goal(run))
    return;
  SimTaskDo deed = action->kind == SIM_ACTION_WORKLOAD ? sim_run_workload : do_action;
  SimTask *task = sim_run_add(run, action->from, SIM_PHASE_ACTION, order, deed);
  task->action = action;
  task->statement = true;
}
