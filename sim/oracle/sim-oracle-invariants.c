/* What must hold at every moment of every run. */
#include "sim-oracle-private.h"

#define QUIET_PERIODS 20 /* maintenance periods without a disturbance: then there is one ring */
#define LATE (2 * SIM_SECOND) /* a search may end this long after its time */
#define LOOKED_AT 256         /* nodes whose lists are counted at each sample, in turn */

const char *
sim_invariant_name(SimInvariant invariant)
{
  static const char *const names[] = {
#define NAME(name, text, meaning) text,
    SIM_INVARIANT_TABLE(NAME)
#undef NAME
  };
  return names[invariant];
}

const SimViolation *
sim_oracle_violation(const SimOracle *oracle, SimInvariant invariant)
{
  return &oracle->violations[invariant];
}

void
sim_oracle_violated(SimOracle *oracle, SimInvariant invariant, uint32_t node, const char *format,
                    ...)
{
  SimViolation *violation = &oracle->violations[invariant];
  if (violation->count++ > 0)
    return;
  va_list arguments;
  va_start(arguments, format);
  violation->what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  violation->at = sim_world_now(oracle->world);
  violation->node = node;
}

/* drt-api 6: which status may follow which; -1 is that of an instance without an event so far. */
static bool
may_follow(int from, DRT_STATUS to)
{
  if (from == DRT_FAULTED || from == (int)to)
    return false;
  return to == DRT_ACTIVE || to == DRT_ALONE || to == DRT_NO_NETWORK || to == DRT_FAULTED;
}

/* Unregistering tells of itself in every state (DEC-11, DEC-12). */
static bool
tells_of_unregistering(const DRT_EVENT_DATA *event)
{
  if (event->type != DRT_EVENT_LEAFSET_KEY_CHANGED ||
      event->leafsetKeyChange.change != DRT_LEAFSET_KEY_DELETED)
    return false;
  DrtKey local = drt_key_from_api(event->leafsetKeyChange.localKey.pb);
  DrtKey remote = drt_key_from_api(event->leafsetKeyChange.remoteKey.pb);
  return drt_key_equal(&local, &remote);
}

static const char *
type_name(DRT_EVENT_TYPE type)
{
  return type == DRT_EVENT_LEAFSET_KEY_CHANGED ? "leaf set" : "registration";
}

void
sim_oracle_check_event(SimOracle *oracle, uint32_t number, const DRT_EVENT_DATA *event)
{
  const SimOracleNode *node = &oracle->nodes[number];
  if (event->type == DRT_EVENT_STATUS_CHANGED) {
    if (!may_follow(node->status, event->statusChange.status))
      sim_oracle_violated(oracle, SIM_INVARIANT_STATE_MACHINE, number, "status %d after %d",
                          (int)event->statusChange.status, node->status);
  } else if (node->status == DRT_FAULTED && !tells_of_unregistering(event)) {
    sim_oracle_violated(oracle, SIM_INVARIANT_STATE_MACHINE, number, "a %s event after FAULTED",
                        type_name(event->type));
  }
}

/* What others have begun: our own are not theirs to limit (H14). */
static uint32_t
count_responses(const DrtNode *node)
{
  uint32_t n = 0;
  for (uint32_t i = node->conversations; i != 0; i = drt_node_conversation(node, i)->next)
    n += !drt_node_conversation(node, i)->initiator;
  return n;
}

static void
check_lists(SimOracle *oracle, uint32_t number)
{
  const DrtNode *node = sim_oracle_core(oracle, number);
  if (node == NULL)
    return;
  const DrtSettings *settings = node->settings;
  if ((node->conversations_n > settings->conversations_max &&
       count_responses(node) > settings->conversations_max) ||
      node->intakes_n > settings->intakes_max || node->resolves_n > settings->resolves_max)
    sim_oracle_violated(oracle, SIM_INVARIANT_PENDING_BOUNDED, number,
                        "%u conversations, %u entries to validate, %u resolves",
                        node->conversations_n, node->intakes_n, node->resolves_n);
}

static void
check_running(SimOracle *oracle)
{
  GHashTableIter iter;
  gpointer value;
  SimTime now = sim_world_now(oracle->world);
  g_hash_table_iter_init(&iter, oracle->running);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const SimOracleRunning *running = value;
    uint32_t node = (uint32_t)(running->id >> 32) - 1;
    if (now > running->deadline + LATE && !sim_world_is_paused(oracle->world, node) &&
        !sim_world_has_own_clock(oracle->world, node))
      sim_oracle_violated(oracle, SIM_INVARIANT_SEARCH_ENDS, node,
                          "a search runs %g s after its time",
                          (double)(now - running->deadline) / 1e9);
  }
}

/* Groups that bootstrap from one another are one cloud; those that do not may stay apart. */
static bool
one_cloud(const SimOracle *oracle)
{
  uint32_t groups = sim_world_groups(oracle->world);
  for (uint32_t i = 0; i < groups; i++)
    if (sim_world_group(oracle->world, i)->bootstrap != 0)
      return false;
  return true;
}

static void
check_quiet(SimOracle *oracle)
{
  SimTime period = 15 * SIM_SECOND;
  const DrtNode *node = sim_oracle_core(oracle, 0);
  if (node != NULL)
    period = node->settings->maintenance;
  SimTime disturbed = MAX(oracle->disturbed, sim_world_clocks_right(oracle->world));
  if (!oracle->connected || sim_world_now(oracle->world) < disturbed + QUIET_PERIODS * period)
    return;
  uint64_t rings = sim_oracle_rings(oracle);
  if (rings > 1 && one_cloud(oracle))
    sim_oracle_violated(oracle, SIM_INVARIANT_ONE_RING, 0, "%u rings", (unsigned)rings);
}

void
sim_oracle_check_state(SimOracle *oracle)
{
  uint32_t nodes = sim_world_nodes(oracle->world);
  for (uint32_t i = 0; i < MIN(LOOKED_AT, nodes); i++)
    check_lists(oracle, oracle->looked_at++ % nodes);
  check_running(oracle);
  check_quiet(oracle);
}
