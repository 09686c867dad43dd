/* Distributions of times: latencies, lifetimes, pauses.
 *
 * A distribution is set up once, as a table of its quantiles; a draw maps 64 random bits on the table
 * and costs about ten instructions, whatever the kind. The two ends of the table are finer, down to a
 * probability of 2^-30, so tails are what they should be. Integers only where it is drawn from. */
#pragma once
#include "sim-time.h"

#include <stdbool.h>

typedef enum {
  SIM_CONSTANT,    /* a */
  SIM_UNIFORM,     /* from a to b */
  SIM_NORMAL,      /* mean a, standard deviation b; nothing below zero */
  SIM_LOGNORMAL,   /* median a; one in six lies above a + b (one standard deviation) */
  SIM_EXPONENTIAL, /* mean a */
  SIM_WEIBULL,     /* scale a, shape */
  SIM_PARETO,      /* minimum a, shape */
} SimDistributionKind;

typedef struct {
  SimDistributionKind kind;
  SimTime a, b;
  int64_t shape_millionths; /* Weibull, Pareto: more than 0 */
} SimDistributionSpec;

typedef struct SimDistribution SimDistribution;

/* (transfer full) All times must be 0 or more, and b at least a for SIM_UNIFORM. */
SimDistribution *sim_distribution_new(const SimDistributionSpec *spec);
/* NULL is ignored. */
void sim_distribution_free(SimDistribution *distribution);
/* It has one value, whatever the random bits: no need to draw any. */
bool sim_distribution_is_constant(const SimDistribution *distribution);
/* The value that these random bits stand for: never negative, growing with @random. */
SimTime sim_distribution_at(const SimDistribution *distribution, uint64_t random);
