/* Five tables of 1025 quantiles: of the whole, and of its lowest and highest 1024th, twice. */
#include "sim-distribution.h"

#include "sim-math.h"

#include <glib.h>
#include <stdbool.h>

#define STEPS 1024
#define STEP_BITS 10
#define TAILS 2
#define SMALLEST (1.0 / ((uint64_t)1 << 40)) /* the outermost quantile asked for */
#define TIME_MOST ((double)((int64_t)1 << 60))

struct SimDistribution {
  SimTime whole[STEPS + 1];
  SimTime low[TAILS][STEPS + 1]; /* low[0]: below 1/1024, low[1]: below 1/1024^2 */
  SimTime high[TAILS][STEPS + 1];
};

/* The quantile of @below; @above is 1 - below, given apart because it is precise where that is not. */
static double
quantile(const SimDistributionSpec *spec, double below, double above)
{
  double a = (double)spec->a, b = (double)spec->b;
  double shape = (double)spec->shape_millionths / 1e6;
  switch (spec->kind) {
  case SIM_CONSTANT:
    return a;
  case SIM_UNIFORM:
    return a + (b - a) * below;
  case SIM_NORMAL:
    return a + b * (below < above ? sim_normal_quantile(below) : -sim_normal_quantile(above));
  case SIM_LOGNORMAL: {
    double z = below < above ? sim_normal_quantile(below) : -sim_normal_quantile(above);
    return a == 0 ? 0 : a * sim_exp(z * sim_log(1 + b / a));
  }
  case SIM_EXPONENTIAL:
    return -a * sim_log(above);
  case SIM_WEIBULL:
    return a * sim_power(-sim_log(above), 1 / shape);
  case SIM_PARETO:
    return a * sim_power(above, -1 / shape);
  }
  return 0;
}

static SimTime
whole_time(double value)
{
  if (!(value > 0))
    return 0;
  return value < TIME_MOST ? (SimTime)(value + 0.5) : (SimTime)TIME_MOST;
}

static SimTime
entry(const SimDistributionSpec *spec, double tail, bool from_above)
{
  if (tail < SMALLEST)
    tail = SMALLEST;
  if (tail > 1 - SMALLEST)
    tail = 1 - SMALLEST;
  return whole_time(from_above ? quantile(spec, 1 - tail, tail) : quantile(spec, tail, 1 - tail));
}

SimDistribution *
sim_distribution_new(const SimDistributionSpec *spec)
{
  g_assert(spec->a >= 0 && spec->b >= 0);
  g_assert(spec->kind != SIM_UNIFORM || spec->b >= spec->a);
  g_assert((spec->kind != SIM_WEIBULL && spec->kind != SIM_PARETO) || spec->shape_millionths > 0);
  SimDistribution *d = g_new(SimDistribution, 1);
  for (int i = 0; i <= STEPS; i++) {
    double part = (double)i / STEPS;
    d->whole[i] = entry(spec, i <= STEPS / 2 ? part : 1 - part, i > STEPS / 2);
    for (int t = 0; t < TAILS; t++) {
      part /= STEPS;
      d->low[t][i] = entry(spec, part, false);
      d->high[t][STEPS - i] = entry(spec, part, true);
    }
  }
  return d;
}

void
sim_distribution_free(SimDistribution *distribution)
{
  g_free(distribution);
}

/* Between two neighbours of a table: the first bits choose them, the next 32 the place between. */
static SimTime
between(const SimTime table[STEPS + 1], uint64_t random)
{
  uint64_t step = random >> (64 - STEP_BITS);
  uint64_t part = random << STEP_BITS >> 32;
  SimTime low = table[step];
  uint64_t width = (uint64_t)(table[step + 1] - low);
  return low + (SimTime)((width >> 32) * part + ((width & 0xffffffff) * part >> 32));
}

bool
sim_distribution_is_constant(const SimDistribution *d)
{
  return d->low[TAILS - 1][0] == d->high[TAILS - 1][STEPS];
}

SimTime
sim_distribution_at(const SimDistribution *d, uint64_t random)
{
  const SimTime *table = d->whole;
  for (int t = 0; t < TAILS; t++) {
    uint64_t step = random >> (64 - STEP_BITS);
    if (step != 0 && step != STEPS - 1)
      break;
    if (t == 0)
      table = step == 0 ? d->low[0] : d->high[0];
    else if (table == d->low[0] && step == 0)
      table = d->low[1];
    else if (table == d->high[0] && step == STEPS - 1)
      table = d->high[1];
    else
      break;
    random <<= STEP_BITS;
  }
  return between(table, random);
}
