/* The oracle: knows every key and every leaf set, and compares. It changes nothing.
 *
 * It follows the world as a watcher. What changed is noted when it changes and looked at when
 * somebody measures, so a measurement costs what has happened since the last one. */
#pragma once
#include "sim-invariant-names.h"
#include "sim-metric-names.h"
#include "sim-watch-names.h"
#include "sim-world.h"

typedef struct SimOracle SimOracle;

/* A number that has been measured: a quotient, so that a bound is met or not without rounding.
 * Times are nanoseconds in one. Nothing to measure: @among is 0. */
typedef struct {
  int64_t of, among;
} SimMeasure;

__extension__ typedef unsigned __int128 SimNodeTime;

/* What flows, so far: two of them make a window. */
typedef struct {
  SimTime at;
  uint64_t messages[SIM_MESSAGES + 1], bytes[SIM_MESSAGES + 1]; /* the last is for all types */
  SimNodeTime node_time;                                        /* nanoseconds, summed over nodes */
} SimFlow;

typedef struct {
  SimFlow from, to;
  /* What ended after @from.at counts, whenever it began; else searches that began in the window too. */
  bool ended_in;
} SimWindow;

/* How a search came out. */
typedef struct {
  SimTime started, ended;
  uint16_t hops, lookups, unanswered;
  bool found;
  bool eligible; /* counts for search.success */
  bool answered; /* counts for search.correct, */
  bool right;    /* and is correct */
  bool finished; /* counts for latencies and hops */
} SimOracleSearch;

/* Who wants to hear when the ideal ring changes. */
typedef struct {
  void *data;
  /* @registered: since when it has been. */
  void (*published)(void *data, uint32_t node, const SimKey *key, SimTime registered);
  void (*withdrawn)(void *data, uint32_t node, const SimKey *key);
} SimOracleListener;

/* The first time that an invariant was found broken, and how often since. */
typedef struct {
  uint64_t count;
  SimTime at;
  uint32_t node;
  char *what; /* (transfer none) */
} SimViolation;

/* (transfer full) The world must have no running nodes yet, and outlive the oracle. */
SimOracle *sim_oracle_new(SimWorld *world);
/* After the world has ended, or before anything else happens in it. NULL is ignored. */
void sim_oracle_free(SimOracle *oracle);
/* Looks at all that has changed, and checks the invariants that are about states. To be called at
 * every sample; measuring without it gives the state of the last one. */
void sim_oracle_sample(SimOracle *oracle);
/* @type: SIM_MESSAGES for all. @window NULL: from the beginning until now. */
SimMeasure sim_oracle_measure(SimOracle *oracle, SimMetric metric, SimMessageType type,
                              const SimWindow *window);
void sim_oracle_flow(SimOracle *oracle, SimFlow *ret);
/* The network was changed on purpose: convergence is counted from now. @connected: nothing keeps
 * any two nodes from talking now. */
void sim_oracle_disturbed(SimOracle *oracle, bool connected);
const SimViolation *sim_oracle_violation(const SimOracle *oracle, SimInvariant invariant);
const char *sim_metric_name(SimMetric metric);
SimMetricKind sim_metric_kind(SimMetric metric);
SimMetricSource sim_metric_source(SimMetric metric);
const char *sim_invariant_name(SimInvariant invariant);
/* The first node that has lost every member of a leaf set by their crashes; sim_world_nodes() if there
 * is none. What it does afterwards nobody can expect. */
uint32_t sim_oracle_orphan(const SimOracle *oracle);
/* When the first was noticed; SIM_TIME_NEVER if there is none. */
SimTime sim_oracle_orphaned(const SimOracle *oracle);
/* One listener at a time. (transfer none) */
void sim_oracle_listen(SimOracle *oracle, const SimOracleListener *listener);
/* The search that ended last; NULL before the first. Until the next one ends. */
const SimOracleSearch *sim_oracle_last_search(const SimOracle *oracle);
/* What an entry of a node's cache says: a key, and where it is served. False: it is not there. */
bool sim_oracle_cached(const SimOracle *oracle, uint32_t node, uint32_t handle, SimKey *ret_key,
                       uint32_t *ret_server, uint16_t *ret_port);
/* The most nodes that ran at the same time. */
uint32_t sim_oracle_peak(const SimOracle *oracle);
/* Nodes that serve this key now; how many there are, at most @max of them in @nodes. */
uint32_t sim_oracle_publishers(const SimOracle *oracle, const SimKey *key, uint32_t *nodes,
                               uint32_t max);
/* A published key, drawn evenly; NULL if there is none. */
const SimKey *sim_oracle_random_key(SimOracle *oracle, SimRandom *random, SimKey *ret);
/* Bytes in use. */
size_t sim_oracle_bytes(const SimOracle *oracle);
