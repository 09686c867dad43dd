/* Calls that applications are told to make, and what is expected of them. */
#include "sim-run-private.h"

#include <string.h>

static bool
can_call(const SimRun *run, uint32_t node)
{
  return sim_world_life(run->world, node) == SIM_LIFE_RUNNING &&
         !sim_world_is_paused(run->world, node);
}

static char *
code_name(HRESULT code)
{
  const char *name = sim_hresult_name(code);
  return name != NULL ? g_strdup(name) : g_strdup_printf("0x%08x", (unsigned)code);
}

/* Judges what a call gave, if something was expected of it. */
static void
judge_call(SimRun *run, const SimAction *action, uint32_t node, HRESULT hr)
{
  if (action->call.outcome.kind != SIM_OUTCOME_CODE)
    return;
  g_autofree char *name = sim_run_node_name(run, node);
  g_autofree char *code = code_name(hr);
  sim_run_add_result(run, &action->where, g_strdup(action->text),
                     hr == action->call.outcome.code ? SIM_HELD : SIM_FAILED,
                     g_strdup_printf("%s at %s", code, name), sim_world_now(run->world));
}

static void
unregister(SimRun *run, const SimAction *action, uint32_t node)
{
  if (action->call.has_key) {
    judge_call(run, action, node, sim_world_unregister(run->world, node, &action->call.key));
    return;
  }
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
    for (uint32_t i = 0; i < sim_world_key_count(run->world, node); i++) {
      SimKey own = *sim_world_key(run->world, node, i);
      judge_call(run, action, node, sim_world_update(run->world, node, &own, payload->text, size));
    }
  }
}

static SimMembers
callers(SimRun *run, const SimAction *action, const char *verb)
{
  uint32_t unable;
  SimMembers members = sim_run_members(run, action->set, can_call, NULL, &unable);
  if (unable < members.hosts) {
    g_autofree char *name = sim_run_node_name(run, unable);
    const char *state = sim_world_is_paused(run->world, unable) ? "paused" : "not running";
    sim_run_fail(run, &action->where, "%s cannot %s: it is %s", name, verb, state);
  } else if (unable == UINT32_MAX || sim_members_count(&members) == 0) {
    sim_run_fail(run, &action->where, "there are not enough running nodes to %s", verb);
  }
  return members;
}

void
sim_run_do_call(SimRun *run, const SimAction *action)
{
  const char *verb = action->kind == SIM_ACTION_REGISTER ? "register a key"
                     : action->kind == SIM_ACTION_UPDATE ? "update a key"
                                                         : "unregister a key";
  SimMembers members = callers(run, action, verb);
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
  g_hash_table_remove(run->awaited, &awaited->id);
}

void
sim_run_do_search(SimRun *run, const SimAction *action)
{
  SimMembers members = callers(run, action, "search");
  SimQuery query;
  bool good = !run->stopped && make_query(run, action, &query);
  for (uint32_t node = 0; good && node < members.hosts; node++)
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
