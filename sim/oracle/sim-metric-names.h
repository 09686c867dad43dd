/* What can be measured, by the names of scenarios and traces. */
#pragma once

/* What a value of the metric is, and how an expectation writes it. */
typedef enum {
  SIM_METRIC_COUNT,     /* 2 */
  SIM_METRIC_MEAN,      /* 3.5 */
  SIM_METRIC_SHARE,     /* 99.9% */
  SIM_METRIC_TIME,      /* 250ms */
  SIM_METRIC_RATE,      /* 0.5 or 30/min: a second */
  SIM_METRIC_BYTE_RATE, /* 750 or 1kB/s: bytes a second */
} SimMetricKind;

/* What a value over a window is made from. */
typedef enum {
  SIM_METRIC_STATE, /* how things are at an instant: each sample of the window counts */
  SIM_METRIC_FLOW,  /* what went on: the whole window is one measurement */
} SimMetricSource;

/* X(ENUM, "name", kind, source). New ones go to the end: the numbers are in traces. */
#define SIM_METRIC_TABLE(X)                                                                        \
  X(NODES_ALIVE, "nodes.alive", COUNT, STATE)                                                      \
  X(NODES_ACTIVE, "nodes.active", COUNT, STATE)                                                    \
  X(NODES_ALONE, "nodes.alone", COUNT, STATE)                                                      \
  X(NODES_NO_NETWORK, "nodes.no-network", COUNT, STATE)                                            \
  X(NODES_FAULTED, "nodes.faulted", COUNT, STATE)                                                  \
  X(KEYS_REGISTERED, "keys.registered", COUNT, STATE)                                              \
  X(LEAFSET_EXACT, "leafset.exact", SHARE, STATE)                                                  \
  X(LEAFSET_NEAREST, "leafset.nearest", SHARE, STATE)                                              \
  X(LEAFSET_DEAD, "leafset.dead", SHARE, STATE)                                                    \
  X(RING_COUNT, "ring.count", COUNT, STATE)                                                        \
  X(CACHE_ENTRIES, "cache.entries", MEAN, STATE)                                                   \
  X(CACHE_LEVELS, "cache.levels", MEAN, STATE)                                                     \
  X(CACHE_STALE, "cache.stale", SHARE, STATE)                                                      \
  X(SEARCH_SUCCESS, "search.success", SHARE, FLOW)                                                 \
  X(SEARCH_CORRECT, "search.correct", SHARE, FLOW)                                                 \
  X(SEARCH_LATENCY_P50, "search.latency.p50", TIME, FLOW)                                          \
  X(SEARCH_LATENCY_P95, "search.latency.p95", TIME, FLOW)                                          \
  X(SEARCH_LATENCY_P99, "search.latency.p99", TIME, FLOW)                                          \
  X(SEARCH_LATENCY_MAX, "search.latency.max", TIME, FLOW)                                          \
  X(SEARCH_HOPS_MEAN, "search.hops.mean", MEAN, FLOW)                                              \
  X(SEARCH_HOPS_P95, "search.hops.p95", COUNT, FLOW)                                               \
  X(SEARCH_HOPS_MAX, "search.hops.max", COUNT, FLOW)                                               \
  X(SEARCH_TIMEOUTS, "search.timeouts", SHARE, FLOW)                                               \
  X(JOIN_ACTIVE_P50, "join.active.p50", TIME, FLOW)                                                \
  X(JOIN_ACTIVE_P95, "join.active.p95", TIME, FLOW)                                                \
  X(JOIN_VISIBLE_P50, "join.visible.p50", TIME, FLOW)                                              \
  X(JOIN_VISIBLE_P95, "join.visible.p95", TIME, FLOW)                                              \
  X(CONVERGE_P50, "converge.p50", TIME, STATE)                                                     \
  X(CONVERGE_P95, "converge.p95", TIME, STATE)                                                     \
  X(CONVERGE_P100, "converge.p100", TIME, STATE)                                                   \
  X(MESSAGES_PER_NODE, "messages.per-node", RATE, FLOW)                                            \
  X(BYTES_PER_NODE, "bytes.per-node", BYTE_RATE, FLOW)                                             \
  X(STALE_AGE_MAX, "stale.age.max", TIME, STATE)

typedef enum {
#define SIM_METRIC_ENUM(name, text, kind, source) SIM_METRIC_##name,
  SIM_METRIC_TABLE(SIM_METRIC_ENUM)
#undef SIM_METRIC_ENUM
    SIM_METRICS,
} SimMetric;
