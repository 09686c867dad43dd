/* Searches, and whether their answers were right.
 *
 * The world moves while a search runs, so an answer is judged by what was true all through: a key
 * that was published when the search began and still, since then, when it ended, must be found; one
 * that nobody published in that time must not. In between neither is wrong. */
#include "sim-oracle-private.h"

static bool
is_exact(const SimQuery *query)
{
  return memcmp(&query->least, &query->most, sizeof query->least) == 0;
}

static bool
nearest(SimOracle *oracle, const SimQuery *query, SimKey *ret)
{
  DrtKey target = sim_oracle_drt_key(&query->target), least = sim_oracle_drt_key(&query->least),
         most = sim_oracle_drt_key(&query->most);
  SimRingKey *key = sim_ring_nearest(&oracle->ring, &target, &least, &most);
  if (key != NULL)
    *ret = sim_oracle_sim_key(&key->key);
  return key != NULL;
}

void
sim_oracle_search_started(void *data, const SimSearch *search)
{
  SimOracle *oracle = data;
  SimOracleRunning *running = g_new0(SimOracleRunning, 1);
  DrtKey target = sim_oracle_drt_key(&search->query.target);
  running->id = search->id;
  running->deadline = search->started + search->query.timeout_ms * SIM_MILLISECOND;
  running->exact = is_exact(&search->query);
  running->registered = sim_ring_find(&oracle->ring, &target) != NULL;
  running->has_nearest = nearest(oracle, &search->query, &running->nearest);
  g_hash_table_replace(oracle->running, &running->id, running);
}

/* When the last publisher of a key ended, if none is left; or -1. */
static SimTime
ended_at(const SimOracle *oracle, const SimKey *key)
{
  const SimTime *when = g_hash_table_lookup(oracle->ended_keys, key);
  return when == NULL ? -1 : *when;
}

/* Who proved to serve the key has no right to it, and had none when the search began. */
static bool
is_forged(SimOracle *oracle, const SimSearch *search, const SimKey *found)
{
  DrtKey key = sim_oracle_drt_key(found);
  return sim_oracle_key_of(oracle, search->server, &key) == NULL &&
         (sim_ring_find(&oracle->ring, &key) != NULL || ended_at(oracle, found) < search->started);
}

static bool
has_derived_keys(const SimOracle *oracle, uint32_t node)
{
  const SimWorld *world = oracle->world;
  return sim_world_group(world, sim_world_group_of(world, node))->security ==
         SIM_SECURITY_DERIVED_KEY;
}

void
sim_oracle_search_result(void *data, const SimSearch *search, const DRT_SEARCH_RESULT *result)
{
  SimOracle *oracle = data;
  SimOracleRunning *running = g_hash_table_lookup(oracle->running, &search->id);
  SimKey found = sim_key_from_api(result->registration.key.pb);
  DrtKey key = sim_oracle_drt_key(&found);
  bool served = sim_ring_find(&oracle->ring, &key) != NULL;
  if (!served && sim_oracle_key_of(oracle, search->server, &key) == NULL &&
      ended_at(oracle, &found) < search->started)
    sim_oracle_violated(oracle, SIM_INVARIANT_SERVED_AFTER_UNREGISTER, search->server,
                        "a search found a key that nobody had any more when it began");
  bool forged = is_forged(oracle, search, &found);
  /* A liar may well find its own lies. */
  if (forged && search->server != search->node && has_derived_keys(oracle, search->node))
    sim_oracle_violated(oracle, SIM_INVARIANT_FORGED_BINDING, search->server,
                        "a search found a key at a node that does not own it");
  if (running == NULL || search->results != 1)
    return;
  SimKey now_nearest;
  bool was = running->has_nearest && memcmp(&running->nearest, &found, sizeof found) == 0;
  bool is = nearest(oracle, &search->query, &now_nearest) &&
            memcmp(&now_nearest, &found, sizeof found) == 0;
  running->right =
    !forged && (running->exact ? memcmp(&found, &search->query.target, sizeof found) == 0
                               : search->query.any || was || is);
}

/* Whether somebody published the key from the beginning of the search to its end. */
static bool
published_all_through(SimOracle *oracle, const SimSearch *search)
{
  DrtKey target = sim_oracle_drt_key(&search->query.target);
  SimRingKey *first = sim_ring_find(&oracle->ring, &target), *at = first;
  if (first == NULL)
    return false;
  do {
    if (((SimOracleKey *)at)->registered <= search->started)
      return true;
    at = sim_ring_beside(&oracle->ring, at, DRT_ABOVE);
  } while (at != first && drt_key_equal(&at->key, &target));
  return false;
}

static bool
absent_all_through(SimOracle *oracle, const SimSearch *search)
{
  DrtKey target = sim_oracle_drt_key(&search->query.target);
  return sim_ring_find(&oracle->ring, &target) == NULL &&
         ended_at(oracle, &search->query.target) < search->started;
}

static void
count_hops(SimOracleSearch *over, const SimSearch *search)
{
  for (uint32_t i = 0; i < search->hop_count; i++) {
    if ((search->hops[i].flags & DRT_ADDRESS_FLAG_UNREACHABLE) != 0)
      over->unanswered++;
    over->lookups++;
    bool known = false;
    for (uint32_t k = 0; k < i && !known; k++)
      known = search->hops[k].node == search->hops[i].node;
    if (!known)
      over->hops++;
  }
}

void
sim_oracle_search_ended(void *data, const SimSearch *search)
{
  SimOracle *oracle = data;
  SimOracleRunning *running = g_hash_table_lookup(oracle->running, &search->id);
  if (running == NULL)
    return;
  SimOracleSearch over = { .started = search->started, .ended = search->ended };
  bool present = running->registered && published_all_through(oracle, search);
  bool absent = !running->registered && absent_all_through(oracle, search);
  over.finished = search->end == DRT_E_NO_MORE || search->end == DRT_E_TIMEOUT;
  over.found = search->results > 0;
  if (running->exact) {
    over.eligible = over.finished && present;
    over.answered = over.found || (search->end == DRT_E_NO_MORE && (present || absent));
    over.right = over.found ? running->right : absent;
  } else {
    SimKey now_nearest;
    bool has = nearest(oracle, &search->query, &now_nearest);
    over.eligible = over.finished && has && running->has_nearest;
    over.answered = over.found || (search->end == DRT_E_NO_MORE && has == running->has_nearest);
    over.right = over.found ? running->right : !has;
  }
  count_hops(&over, search);
  g_array_append_val(oracle->searches, over);
  g_hash_table_remove(oracle->running, &search->id);
}
