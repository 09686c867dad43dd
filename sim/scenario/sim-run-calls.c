/* Calls that applications are told to make, and what is expected of them. */
#include "sim-run-private.h"

#include <string.h>

static const char *
verb(const SimAction *action)
{
  return action->kind == SIM_ACTION_REGISTER     ? "register a key"
         : action->kind == SIM_ACTION_UPDATE     ? "update a key"
         : action->kind == SIM_ACTION_UNREGISTER ? "unregister a key"
                                                 : "search";
}

static const char *
function(const SimAction *action)
{
  return action->kind == SIM_ACTION_REGISTER     ? "DrtRegisterKey"
         : action->kind == SIM_ACTION_UPDATE     ? "DrtUpdateKey"
         : action->kind == SIM_ACTION_UNREGISTER ? "DrtUnregisterKey"
                                                 : "DrtStartSearch";
}

/* Whether the file says what the call is to give. A refusal is then a result like any other. */
static bool
has_outcome(const SimAction *action)
{
  return action->kind == SIM_ACTION_SEARCH ? action->search.outcome.kind != SIM_OUTCOME_ANY
                                           : action->call.outcome.kind != SIM_OUTCOME_ANY;
}

static bool
has_key(const SimRun *run, uint32_t node, const SimKey *key)
{
  for (uint32_t i = 0; i < sim_world_key_count(run->world, node); i++)
    if (memcmp(sim_world_key(run->world, node, i), key, sizeof *key) == 0)
      return true;
  return false;
}

/* With what the state of a running node makes it refuse the call; *ret_why in words. */
static HRESULT
refusal(const SimRun *run, const SimAction *action, uint32_t node, const char **ret_why)
{
  bool any = action->kind == SIM_ACTION_SEARCH || !action->call.has_key;
  if (action->kind != SIM_ACTION_UNREGISTER && sim_world_status(run->world, node) == DRT_FAULTED) {
    *ret_why = "it is faulted";
    return DRT_E_FAULTED;
  }
  if (action->kind == SIM_ACTION_SEARCH || (action->kind == SIM_ACTION_REGISTER && any))
    return S_OK;
  bool there =
    any ? sim_world_key_count(run->world, node) > 0 : has_key(run, node, &action->call.key);
  if (there == (action->kind != SIM_ACTION_REGISTER))
    return S_OK;
  *ret_why = there ? "it has this key already"
             : any ? "it has no key"
                   : "it does not have this key";
  return there ? DRT_E_DUPLICATE_KEY : E_HANDLE;
}

static bool
can_call(const SimRun *run, uint32_t node)
{
  const char *why;
  if (sim_world_life(run->world, node) != SIM_LIFE_RUNNING || sim_world_is_paused(run->world, node))
    return false;
  return has_outcome(run->at_hand) || refusal(run, run->at_hand, node, &why) == S_OK;
}

static char *
code_name(HRESULT code)
{
  const char *name = sim_hresult_name(code);
  return name != NULL ? g_strdup(name) : g_strdup_printf("0x%08x", (unsigned)code);
}

/* A call of which nothing is expected has to work: a refusal that nobody sees would be an action that
 * was ignored. */
static void
refused(SimRun *run, const SimAction *action, uint32_t node, HRESULT hr)
{
  g_autofree char *name = sim_run_node_name(run, node);
  g_autofree char *code = code_name(hr);
  sim_run_fail(run, &action->where, "%s cannot %s: %s gave %s", name, verb(action),
               function(action), code);
}

/* Judges what a call gave. */
static void
judge_call(SimRun *run, const SimAction *action, uint32_t node, HRESULT hr)
{
  if (!has_outcome(action)) {
    if (hr != S_OK)
      refused(run, action, node, hr);
    return;
  }
  g_autofree char *name = sim_run_node_name(run, node);
  g_autofree char *code = code_name(hr);
  sim_run_add_result(run, &action->where, g_strdup(action->text),
                     hr == action->call.outcome.code ? SIM_HELD : SIM_FAILED,
                     g_strdup_printf("%s at %s", code, name), sim_world_now(run->world));
}

/* Without a key of its own, a call that is about one has no handle to give. */
static void
unregister(SimRun *run, const SimAction *action, uint32_t node)
{
  if (action->call.has_key) {
    judge_call(run, action, node, sim_world_unregister(run->world, node, &action->call.key));
    return;
  }
  if (sim_world_key_count(run->world, node) == 0)
    judge_call(run, action, node, E_HANDLE);
  while (sim_world_key_count(run->world, node) > 0) {
    SimKey key = *sim_world_key(run->world, node, 0);
    HRESULT hr = sim_world_unregister(run->world, node, &key);
    judge_call(run, action, node, hr);
    if (hr != S_OK)
      return;
  }
}

static void
call(SimRun *run, const SimAction *action, uint32_t node)
{
  const SimPayload *payload = &action->call.payload;
  uint32_t group = sim_world_group_of(run->world, node);
  uint32_t size = payload->given ? payload->size : sim_world_group(run->world, group)->payload;
  const SimKey *key = action->call.has_key ? &action->call.key : NULL;
  if (action->kind == SIM_ACTION_REGISTER) {
    judge_call(run, action, node, sim_world_register(run->world, node, key, payload->text, size));
  } else if (action->kind == SIM_ACTION_UNREGISTER) {
    unregister(run, action, node);
  } else if (key != NULL) {
    judge_call(run, action, node, sim_world_update(run->world, node, key, payload->text, size));
  } else {
    if (sim_world_key_count(run->world, node) == 0)
      judge_call(run, action, node, E_HANDLE);
    for (uint32_t i = 0; i < sim_world_key_count(run->world, node) && !run->stopped; i++) {
      SimKey own = *sim_world_key(run->world, node, i);
      judge_call(run, action, node, sim_world_update(run->world, node, &own, payload->text, size));
    }
  }
}

static void
say_unable(SimRun *run, const SimAction *action, uint32_t node)
{
  g_autofree char *name = sim_run_node_name(run, node);
  const char *why = NULL;
  if (sim_world_life(run->world, node) != SIM_LIFE_RUNNING)
    why = "not running";
  else if (sim_world_is_paused(run->world, node))
    why = "paused";
  if (why != NULL) {
    sim_run_fail(run, &action->where, "%s cannot %s: it is %s", name, verb(action), why);
    return;
  }
  g_autofree char *code = code_name(refusal(run, action, node, &why));
  sim_run_fail(run, &action->where, "%s cannot %s: %s (%s)", name, verb(action), why, code);
}

/* Of the nodes that are to make a call. */
static const char *
wants(const SimAction *action)
{
  bool any = action->kind == SIM_ACTION_SEARCH || !action->call.has_key;
  if (has_outcome(action))
    return "run and are not paused";
  if (action->kind == SIM_ACTION_SEARCH || (action->kind == SIM_ACTION_REGISTER && any))
    return "run and are neither paused nor faulted";
  if (action->kind == SIM_ACTION_REGISTER)
    return "run, are neither paused nor faulted and do not have the key";
  if (action->kind == SIM_ACTION_UPDATE)
    return any ? "run, are neither paused nor faulted and have a key"
               : "run, are neither paused nor faulted and have the key";
  return any ? "run, are not paused and have a key" : "run, are not paused and have the key";
}

/* The members who can; the run is stopped if it could not be done as it is said. */
static SimMembers
callers(SimRun *run, const SimAction *action)
{
  uint32_t unable;
  SimMembers members = sim_run_members(run, action->set, can_call, NULL, &unable);
  if (unable < members.hosts)
    say_unable(run, action, unable);
  else if (unable == SIM_UNABLE_FEW)
    sim_run_fail(run, &action->where, "there are not enough nodes to %s: it wants nodes that %s",
                 verb(action), wants(action));
  else if (unable == SIM_UNABLE_NOBODY || sim_members_count(&members) == 0)
    sim_run_fail(run, &action->where, "there is no node to %s: it wants nodes that %s",
                 verb(action), wants(action));
  return members;
}

void
sim_run_do_call(SimRun *run, const SimAction *action)
{
  SimMembers members = callers(run, action);
  for (uint32_t node = 0; node < members.hosts && !run->stopped; node++)
    if (sim_members_has(&members, node))
      call(run, action, node);
  sim_members_clear(&members);
}

/* ---- Searches. ---- */

static bool
make_query(SimRun *run, const SimAction *action, SimQuery *query)
{
  *query = (SimQuery){ .results_max = action->search.results_max,
                       .timeout_ms = (uint32_t)(action->search.timeout / SIM_MILLISECOND) };
  query->target = action->search.key;
  if (action->search.for_node) {
    uint32_t node = sim_run_node(run, action->search.node);
    if (sim_world_key_count(run->world, node) == 0) {
      g_autofree char *name = sim_run_node_name(run, node);
      sim_run_fail(run, &action->where, "%s has no key that could be searched", name);
      return false;
    }
    query->target = *sim_world_key(run->world, node, 0);
  }
  switch (action->search.mode) {
  case SIM_SEARCH_EXACT:
    query->least = query->most = query->target;
    break;
  case SIM_SEARCH_NEAREST:
    memset(&query->least, 0, sizeof query->least);
    memset(&query->most, 0xff, sizeof query->most);
    break;
  case SIM_SEARCH_RANGE:
    query->least = action->search.low;
    query->most = action->search.high;
    break;
  }
  return true;
}

static void
judge_start(SimRun *run, const SimAction *action, uint32_t node, HRESULT hr)
{
  g_autofree char *name = sim_run_node_name(run, node);
  g_autofree char *code = code_name(hr);
  const SimOutcome *outcome = &action->search.outcome;
  bool held = outcome->kind == SIM_OUTCOME_CODE && outcome->code == hr;
  sim_run_add_result(run, &action->where, g_strdup(action->text), held ? SIM_HELD : SIM_FAILED,
                     g_strdup_printf("DrtStartSearch gave %s at %s", code, name),
                     sim_world_now(run->world));
}

static void
start_search(SimRun *run, const SimAction *action, uint32_t node, SimQuery query)
{
  const SimOutcome *outcome = &action->search.outcome;
  SimAwaited *awaited = g_new0(SimAwaited, 1);
  awaited->action = action;
  awaited->id = query.context = ++run->searches_awaited; /* 0: nobody waits for its outcome */
  if (outcome->kind == SIM_OUTCOME_ANY)
    query.context = 0;
  g_hash_table_replace(run->awaited, &awaited->id, awaited);
  HRESULT hr = sim_world_search(run->world, node, &query);
  bool over = outcome->kind == SIM_OUTCOME_ANY || hr != S_OK ||
              (outcome->kind == SIM_OUTCOME_CODE && outcome->code == S_OK);
  if (!over)
    return;
  if (outcome->kind != SIM_OUTCOME_ANY)
    judge_start(run, action, node, hr);
  else if (hr != S_OK)
    refused(run, action, node, hr);
  g_hash_table_remove(run->awaited, &awaited->id);
}

void
sim_run_do_search(SimRun *run, const SimAction *action)
{
  SimMembers members = callers(run, action);
  SimQuery query;
  bool good = !run->stopped && make_query(run, action, &query);
  for (uint32_t node = 0; good && node < members.hosts && !run->stopped; node++)
    if (sim_members_has(&members, node))
      start_search(run, action, node, query);
  sim_members_clear(&members);
}

static char *
describe(const SimRun *run, const SimSearch *search)
{
  g_autofree char *searcher = sim_run_node_name(run, search->node);
  if (search->results > 0) {
    g_autofree char *server = search->first_node < sim_world_nodes(run->world)
                                ? sim_run_node_name(run, search->first_node)
                                : g_strdup("nobody");
    return g_strdup_printf("found, served by %s, for %s", server, searcher);
  }
  g_autofree char *code = code_name(search->end);
  return g_strdup_printf("not found (%s) by %s", code, searcher);
}

static bool
as_expected(const SimRun *run, const SimOutcome *outcome, const SimSearch *search)
{
  switch (outcome->kind) {
  case SIM_OUTCOME_ANY:
    return true;
  case SIM_OUTCOME_CODE:
    return search->end == outcome->code;
  case SIM_OUTCOME_FOUND:
    return search->results > 0;
  case SIM_OUTCOME_NOT_FOUND:
    return search->results == 0 && (search->end == DRT_E_NO_MORE || search->end == DRT_E_TIMEOUT);
  case SIM_OUTCOME_NODE:
    return search->results > 0 && search->first_node == sim_run_node(run, outcome->node);
  }
  return false;
}

void
sim_run_search_ended(SimRun *run, const SimSearch *search)
{
  SimAwaited *awaited = g_hash_table_lookup(run->awaited, &search->query.context);
  if (awaited == NULL || search->query.context == 0)
    return;
  const SimAction *action = awaited->action;
  bool held = as_expected(run, &action->search.outcome, search);
  sim_run_add_result(run, &action->where, g_strdup(action->text), held ? SIM_HELD : SIM_FAILED,
                     describe(run, search), sim_world_now(run->world));
  g_hash_table_remove(run->awaited, &search->query.context);
}

static int
compare_ids(gconstpointer a, gconstpointer b)
{
  const SimAwaited *x = a, *y = b;
  return x->id < y->id ? -1 : x->id > y->id;
}

/* Whatever has not come to its end by now has failed, in the order of their beginnings. */
void
sim_run_end_searches(SimRun *run)
{
  g_autoptr(GList) left = g_list_sort(g_hash_table_get_values(run->awaited), compare_ids);
  for (GList *at = left; at != NULL; at = at->next) {
    const SimAwaited *awaited = at->data;
    sim_run_add_result(run, &awaited->action->where, g_strdup(awaited->action->text), SIM_FAILED,
                       g_strdup("the search was not over at the end"), sim_world_now(run->world));
  }
  g_hash_table_remove_all(run->awaited);
}
