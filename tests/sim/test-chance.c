/* Random streams and distributions against their own statistics, and against libm, which the engine
 * itself does not use. */
#include "sim-distribution.h"
#include "sim-math.h"
#include "sim-random.h"

#include <criterion/criterion.h>
#include <math.h>

/* Philox 2x64 with ten rounds, as its authors give it: counter and key all zero, all ones, and
 * digits of pi. Our key is the key and the counter's upper half. */
Test(random, is_philox)
{
  static const struct {
    uint64_t key, high, low, expected;
  } cases[] = {
    { 0, 0, 0, UINT64_C(0xca00a0459843d731) },
    { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_C(0x65b021d60cd8310f) },
    { UINT64_C(0xa4093822299f31d0), UINT64_C(0x13198a2e03707344), UINT64_C(0x243f6a8885a308d3),
      UINT64_C(0x0a5e742c2997341c) },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    SimRandom random = { .key = { cases[i].key, cases[i].high } };
    cr_expect(sim_random_at(&random, cases[i].low) == cases[i].expected, "row %zu: %lx", i,
              (unsigned long)sim_random_at(&random, cases[i].low));
  }
}

Test(random, streams_depend_on_every_part_of_their_name)
{
  SimRandom base = sim_random(1, SIM_RANDOM_LOSS, 2, 3);
  SimRandom others[] = { sim_random(2, SIM_RANDOM_LOSS, 2, 3), sim_random(1, SIM_RANDOM_KEYS, 2, 3),
                         sim_random(1, SIM_RANDOM_LOSS, 3, 3),
                         sim_random(1, SIM_RANDOM_LOSS, 2, 2) };
  SimRandom again = sim_random(1, SIM_RANDOM_LOSS, 2, 3);
  cr_expect(sim_random_next(&base) == sim_random_next(&again));
  for (size_t i = 0; i < 4; i++)
    cr_expect(sim_random_at(&base, 0) != sim_random_at(&others[i], 0), "row %zu", i);
}

Test(random, a_draw_here_moves_none_there)
{
  SimRandom one = sim_random(7, SIM_RANDOM_LOSS, 1, 0),
            other = sim_random(7, SIM_RANDOM_LOSS, 1, 0);
  for (int i = 0; i < 5; i++)
    sim_random_next(&one);
  cr_expect(sim_random_next(&one) == sim_random_at(&other, 5));
}

/* Chi square over 64 bins, for the top and the bottom bits of streams of neighbouring names. */
Test(random, is_even)
{
  enum { BINS = 64, DRAWS = 64000 };
  for (int shift = 0; shift <= 58; shift += 58) {
    uint32_t counts[BINS] = { 0 };
    for (uint64_t subject = 0; subject < DRAWS / 10; subject++) {
      SimRandom random = sim_random(1, SIM_RANDOM_LATENCY, subject, subject + 1);
      for (int i = 0; i < 10; i++)
        counts[sim_random_next(&random) >> shift & (BINS - 1)]++;
    }
    double chi = 0;
    for (int i = 0; i < BINS; i++)
      chi += pow(counts[i] - DRAWS / (double)BINS, 2) / (DRAWS / (double)BINS);
    cr_expect(chi > 30 && chi < 115, "bits from %d: chi square %f of 63 degrees", shift, chi);
  }
}

Test(random, below_is_even_and_in_range)
{
  uint32_t counts[7] = { 0 };
  SimRandom random = sim_random(3, SIM_RANDOM_CHOICE, 0, 0);
  for (int i = 0; i < 70000; i++) {
    uint64_t value = sim_random_below(&random, 7);
    cr_assert(value < 7);
    counts[value]++;
  }
  for (int i = 0; i < 7; i++)
    cr_expect(counts[i] > 9600 && counts[i] < 10400, "%d came %u times", i, counts[i]);
}

Test(math, agrees_with_libm)
{
  for (double x = 1e-12; x < 1e12; x *= 1.37) {
    cr_expect(fabs(sim_log(x) - log(x)) <= 1e-15 * (1 + fabs(log(x))), "log %g", x);
    cr_expect(fabs(sim_power(x, 0.37) / pow(x, 0.37) - 1) < 1e-13, "power %g", x);
  }
  for (double x = -600; x < 600; x += 0.37)
    cr_expect(fabs(sim_exp(x) / exp(x) - 1) < 1e-13, "exp %g", x);
  /* The quantile undoes the distribution function. */
  for (double p = 1e-9; p < 1; p = p < 0.01 ? p * 3 : p + 0.01)
    cr_expect(fabs(0.5 * erfc(-sim_normal_quantile(p) / sqrt(2)) / p - 1) < 1e-12, "p %g", p);
}

static double
cumulative(const SimDistributionSpec *spec, double t)
{
  double a = (double)spec->a, b = (double)spec->b, shape = (double)spec->shape_millionths / 1e6;
  switch (spec->kind) {
  case SIM_CONSTANT:
    return t >= a;
  case SIM_UNIFORM:
    return (t - a) / (b - a);
  case SIM_NORMAL:
    return 0.5 * erfc(-(t - a) / b / sqrt(2));
  case SIM_LOGNORMAL:
    return 0.5 * erfc(-log(t / a) / log(1 + b / a) / sqrt(2));
  case SIM_EXPONENTIAL:
    return 1 - exp(-t / a);
  case SIM_WEIBULL:
    return 1 - exp(-pow(t / a, shape));
  case SIM_PARETO:
    return t <= a ? 0 : 1 - pow(a / t, shape);
  }
  return 0;
}

static const struct {
  const char *name;
  SimDistributionSpec spec;
} distributions[] = {
  { "uniform", { SIM_UNIFORM, 10 * SIM_MILLISECOND, 90 * SIM_MILLISECOND, 0 } },
  { "normal", { SIM_NORMAL, 100 * SIM_MILLISECOND, 10 * SIM_MILLISECOND, 0 } },
  { "lognormal", { SIM_LOGNORMAL, 40 * SIM_MILLISECOND, 15 * SIM_MILLISECOND, 0 } },
  { "exponential", { SIM_EXPONENTIAL, 600 * SIM_SECOND, 0, 0 } },
  { "weibull, published fit", { SIM_WEIBULL, 1278 * SIM_SECOND, 0, 340000 } },
  { "weibull, steep", { SIM_WEIBULL, 60 * SIM_SECOND, 0, 3000000 } },
  { "pareto", { SIM_PARETO, 30 * SIM_SECOND, 0, 1500000 } },
};

/* Kolmogorov and Smirnov's distance of 200 000 draws from the distribution: 1.95 / sqrt(n) is passed
 * by chance once in a thousand; and the tails by their own count. */
Test(distribution, draws_what_it_says)
{
  enum { DRAWS = 200000 };
  for (size_t k = 0; k < sizeof distributions / sizeof *distributions; k++) {
    SimDistribution *d = sim_distribution_new(&distributions[k].spec);
    SimRandom random = sim_random(5, SIM_RANDOM_LATENCY, k, 0);
    static uint32_t bins[1000];
    memset(bins, 0, sizeof bins);
    uint32_t tail = 0;
    for (int i = 0; i < DRAWS; i++) {
      double p = cumulative(&distributions[k].spec,
                            (double)sim_distribution_at(d, sim_random_next(&random)));
      bins[p < 0 ? 0 : p >= 1 ? 999 : (int)(p * 1000)]++;
      tail += p > 0.9999;
    }
    double sum = 0, distance = 0;
    for (int i = 0; i < 1000; i++) {
      sum += bins[i] / (double)DRAWS;
      distance = fmax(distance, fabs(sum - (i + 1) / 1000.0));
    }
    cr_expect(distance < 1.95 / sqrt(DRAWS), "%s: distance %f", distributions[k].name, distance);
    cr_expect(tail >= 5 && tail <= 40, "%s: %u of 20 beyond the 9999th", distributions[k].name,
              tail);
    sim_distribution_free(d);
  }
}

/* At chosen bits the quantile itself must come out, to one part in a thousand, far into the tails. */
Test(distribution, has_the_right_quantiles)
{
  for (size_t k = 0; k < sizeof distributions / sizeof *distributions; k++) {
    SimDistribution *d = sim_distribution_new(&distributions[k].spec);
    SimTime last = 0;
    for (int power = 29; power >= -29; power--) {
      double tail = ldexp(1, power > 0 ? -power : power < 0 ? power : -1);
      uint64_t bits = power >= 0 ? (uint64_t)(tail * 0x1p63) * 2 : -(uint64_t)(tail * 0x1p63) * 2;
      SimTime value = sim_distribution_at(d, bits);
      cr_expect(value >= last, "%s: not growing at 2^%d", distributions[k].name, power);
      last = value;
      /* Values are whole nanoseconds: the quantile lies within one of them. */
      double below = cumulative(&distributions[k].spec, (double)value - 1);
      double above = cumulative(&distributions[k].spec, (double)value + 1);
      if (power < 0) {
        double swap = 1 - below;
        below = 1 - above;
        above = swap;
      }
      if (tail >= 0x1p-25 && value > 0)
        cr_expect(below <= tail * 1.002 && above >= tail * 0.998, "%s at 2^%d: %g to %g",
                  distributions[k].name, power, below / tail, above / tail);
    }
    sim_distribution_free(d);
  }
}

Test(distribution, constant_is_constant_and_normal_is_never_negative)
{
  SimDistributionSpec constant = { .kind = SIM_CONSTANT, .a = 50 * SIM_MILLISECOND };
  SimDistributionSpec wide = { .kind = SIM_NORMAL, .a = SIM_SECOND, .b = 10 * SIM_SECOND };
  SimDistribution *c = sim_distribution_new(&constant), *n = sim_distribution_new(&wide);
  SimRandom random = sim_random(9, SIM_RANDOM_JITTER, 0, 0);
  for (int i = 0; i < 10000; i++) {
    uint64_t bits = sim_random_next(&random);
    cr_assert(sim_distribution_at(c, bits) == 50 * SIM_MILLISECOND);
    cr_assert(sim_distribution_at(n, bits) >= 0);
  }
  cr_expect(sim_distribution_is_constant(c));
  cr_expect(!sim_distribution_is_constant(n));
  cr_expect(sim_distribution_at(n, 0) == 0);
  sim_distribution_free(c);
  sim_distribution_free(n);
}
