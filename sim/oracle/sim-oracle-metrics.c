/* One function for each family of metrics. */
#include "sim-oracle-private.h"

static SimMeasure
count(uint64_t n)
{
  return (SimMeasure){ (int64_t)n, 1 };
}

static SimMeasure
share(uint64_t of, uint64_t among)
{
  return (SimMeasure){ (int64_t)of, (int64_t)among };
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
  const int64_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

/* The value that @percent of all do not exceed. */
static SimMeasure
percentile(GArray *values, uint64_t percent)
{
  if (values->len == 0)
    return share(0, 0);
  g_array_sort(values, compare_times);
  uint64_t rank = (values->len * percent + 99) / 100;
  return count((uint64_t)g_array_index(values, int64_t, MAX(rank, 1) - 1));
}

typedef struct {
  SimTime from, to;
  bool ended_in;
} Span;

static bool
covers(const Span *span, const SimOracleSearch *search)
{
  return span->ended_in ? search->ended > span->from && search->ended <= span->to
                        : search->started >= span->from && search->ended <= span->to;
}

/* Searches are in the order of their ends: none before this one is in the span. */
static guint
first_search(const SimOracle *oracle, const Span *span)
{
  guint low = 0, high = oracle->searches->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(oracle->searches, SimOracleSearch, middle).ended < span->from)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

typedef int64_t (*SearchValue)(const SimOracleSearch *search);

static int64_t
latency_of(const SimOracleSearch *search)
{
  return search->ended - search->started;
}

static int64_t
hops_of(const SimOracleSearch *search)
{
  return search->hops;
}

static GArray *
values_of(const SimOracle *oracle, const Span *span, SearchValue value)
{
  GArray *values = g_array_new(FALSE, FALSE, sizeof(int64_t));
  for (guint i = first_search(oracle, span); i < oracle->searches->len; i++) {
    const SimOracleSearch *search = &g_array_index(oracle->searches, SimOracleSearch, i);
    int64_t one = value(search);
    if (search->finished && covers(span, search))
      g_array_append_val(values, one);
  }
  return values;
}

static SimMeasure
search_percentile(const SimOracle *oracle, const Span *span, SearchValue value, uint64_t percent)
{
  g_autoptr(GArray) values = values_of(oracle, span, value);
  return percentile(values, percent);
}

static SimMeasure
mean_hops(const SimOracle *oracle, const Span *span)
{
  g_autoptr(GArray) values = values_of(oracle, span, hops_of);
  int64_t sum = 0;
  for (guint i = 0; i < values->len; i++)
    sum += g_array_index(values, int64_t, i);
  return share((uint64_t)sum, values->len);
}

static SimMeasure
search_share(const SimOracle *oracle, const Span *span, SimMetric metric)
{
  uint64_t of = 0, among = 0;
  for (guint i = first_search(oracle, span); i < oracle->searches->len; i++) {
    const SimOracleSearch *search = &g_array_index(oracle->searches, SimOracleSearch, i);
    if (!covers(span, search))
      continue;
    if (metric == SIM_METRIC_SEARCH_SUCCESS) {
      among += search->eligible;
      of += search->eligible && search->found;
    } else if (metric == SIM_METRIC_SEARCH_CORRECT) {
      among += search->answered;
      of += search->answered && search->right;
    } else {
      among += search->lookups;
      of += search->unanswered;
    }
  }
  return share(of, among);
}

static SimMeasure
join_percentile(const GArray *joins, const Span *span, uint64_t percent)
{
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(int64_t));
  for (guint i = joins->len; i-- > 0;) { /* in the order of their times */
    const SimOracleJoin *join = &g_array_index(joins, SimOracleJoin, i);
    if (join->at < span->from)
      break;
    if (join->at <= span->to && (!span->ended_in || join->at > span->from))
      g_array_append_val(values, join->took);
  }
  return percentile(values, percent);
}

/* A second and node. Node time is in nanoseconds; the quotient is shortened until it fits. */
static SimMeasure
rate(uint64_t n, SimNodeTime node_time)
{
  SimNodeTime of = (SimNodeTime)n * SIM_SECOND;
  while (of > INT64_MAX || node_time > INT64_MAX) {
    of >>= 1;
    node_time >>= 1;
  }
  return (SimMeasure){ (int64_t)of, (int64_t)node_time };
}

static SimMeasure
flow_rate(const SimWindow *window, SimMetric metric, SimMessageType type)
{
  bool bytes = metric == SIM_METRIC_BYTES_PER_NODE;
  uint64_t before = bytes ? window->from.bytes[type] : window->from.messages[type];
  uint64_t after = bytes ? window->to.bytes[type] : window->to.messages[type];
  return rate(after - before, window->to.node_time - window->from.node_time);
}

/* From the last disturbance; if it has not come to that yet, the time so far. */
static SimMeasure
converged(const SimOracle *oracle, int which)
{
  SimTime at = oracle->converged[which];
  SimTime until = at == SIM_TIME_NEVER ? sim_world_now(oracle->world) : at;
  return count((uint64_t)(until - oracle->disturbed));
}

SimMeasure
sim_oracle_measure(SimOracle *oracle, SimMetric metric, SimMessageType type,
                   const SimWindow *window)
{
  SimWindow all = { 0 };
  if (window == NULL) {
    sim_oracle_flow(oracle, &all.to);
    window = &all;
  }
  Span span = { window->from.at, window->to.at, window->ended_in };
  switch (metric) {
  case SIM_METRIC_NODES_ALIVE:
    return count(oracle->alive);
  case SIM_METRIC_NODES_ACTIVE:
    return count(oracle->by_status[DRT_ACTIVE]);
  case SIM_METRIC_NODES_ALONE:
    return count(oracle->by_status[DRT_ALONE]);
  case SIM_METRIC_NODES_NO_NETWORK:
    return count(oracle->by_status[DRT_NO_NETWORK]);
  case SIM_METRIC_NODES_FAULTED:
    return count(oracle->by_status[DRT_FAULTED]);
  case SIM_METRIC_KEYS_REGISTERED:
    return count(oracle->published->len);
  case SIM_METRIC_LEAFSET_EXACT:
    return share(oracle->right, oracle->total);
  case SIM_METRIC_LEAFSET_NEAREST:
    return share(oracle->nearest_right, oracle->published->len);
  case SIM_METRIC_LEAFSET_DEAD:
    return share(oracle->dead_members, oracle->members);
  case SIM_METRIC_RING_COUNT:
    return count(sim_oracle_rings(oracle));
  case SIM_METRIC_CACHE_ENTRIES:
    return share(oracle->cached, oracle->alive);
  case SIM_METRIC_CACHE_LEVELS:
    sim_oracle_count_levels(oracle);
    return share(oracle->levels, oracle->alive);
  case SIM_METRIC_CACHE_STALE:
    return share(oracle->stale_cached, oracle->cached);
  case SIM_METRIC_SEARCH_SUCCESS:
  case SIM_METRIC_SEARCH_CORRECT:
  case SIM_METRIC_SEARCH_TIMEOUTS:
    return search_share(oracle, &span, metric);
  case SIM_METRIC_SEARCH_LATENCY_P50:
    return search_percentile(oracle, &span, latency_of, 50);
  case SIM_METRIC_SEARCH_LATENCY_P95:
    return search_percentile(oracle, &span, latency_of, 95);
  case SIM_METRIC_SEARCH_LATENCY_P99:
    return search_percentile(oracle, &span, latency_of, 99);
  case SIM_METRIC_SEARCH_LATENCY_MAX:
    return search_percentile(oracle, &span, latency_of, 100);
  case SIM_METRIC_SEARCH_HOPS_MEAN:
    return mean_hops(oracle, &span);
  case SIM_METRIC_SEARCH_HOPS_P95:
    return search_percentile(oracle, &span, hops_of, 95);
  case SIM_METRIC_SEARCH_HOPS_MAX:
    return search_percentile(oracle, &span, hops_of, 100);
  case SIM_METRIC_JOIN_ACTIVE_P50:
    return join_percentile(oracle->active_joins, &span, 50);
  case SIM_METRIC_JOIN_ACTIVE_P95:
    return join_percentile(oracle->active_joins, &span, 95);
  case SIM_METRIC_JOIN_VISIBLE_P50:
    return join_percentile(oracle->visible_joins, &span, 50);
  case SIM_METRIC_JOIN_VISIBLE_P95:
    return join_percentile(oracle->visible_joins, &span, 95);
  case SIM_METRIC_CONVERGE_P50:
    return converged(oracle, 0);
  case SIM_METRIC_CONVERGE_P95:
    return converged(oracle, 1);
  case SIM_METRIC_CONVERGE_P100:
    return converged(oracle, 2);
  case SIM_METRIC_MESSAGES_PER_NODE:
  case SIM_METRIC_BYTES_PER_NODE:
    return flow_rate(window, metric, type);
  case SIM_METRIC_STALE_AGE_MAX:
    return count((uint64_t)sim_oracle_oldest_stale(oracle));
  case SIM_METRICS:
    break;
  }
  return share(0, 0);
}
