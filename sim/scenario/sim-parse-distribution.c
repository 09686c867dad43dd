/* Distributions of times: a word, and what it needs. */
#include "sim-parse.h"

static const char *const kinds[] = { "constant",    "uniform", "normal", "lognormal",
                                     "exponential", "weibull", "pareto", NULL };

/* A plain number above 0, in millionths. */
static bool
parse_shape(SimCursor *cursor, int64_t *ret)
{
  const SimToken *token = cursor->at;
  SimRatio shape;
  if (!sim_parse_number(cursor, &shape))
    return false;
  if (shape.num > 0 && 1000000 % shape.den == 0 && shape.num <= 1000 * shape.den) {
    *ret = shape.num * (1000000 / shape.den);
    return true;
  }
  cursor->at = token;
  return sim_expected(cursor, "a shape above 0, at most 1000, with up to 6 decimals");
}

/* B of `uniform A B`. */
static bool
parse_upper(SimCursor *cursor, SimTime lower, SimTime *ret)
{
  const SimToken *token = cursor->at;
  if (!sim_parse_time(cursor, ret))
    return false;
  if (*ret >= lower)
    return true;
  cursor->at = token;
  return sim_expected(cursor, "a time that is not less than the one before");
}

bool
sim_parse_distribution(SimCursor *cursor, SimDistributionSpec *ret)
{
  *ret = (SimDistributionSpec){ .kind = SIM_CONSTANT };
  unsigned kind;
  if (cursor->at->kind == SIM_TOKEN_NUMBER) /* a time alone is constant */
    return sim_parse_time(cursor, &ret->a);
  if (!sim_parse_choice(cursor, "a time or a distribution such as normal 40ms 5ms", kinds, &kind))
    return false;
  ret->kind = (SimDistributionKind)kind; /* the words stand in the order of the enum */
  switch (ret->kind) {
  case SIM_CONSTANT:
  case SIM_EXPONENTIAL:
    return sim_parse_time(cursor, &ret->a);
  case SIM_UNIFORM:
    return sim_parse_time(cursor, &ret->a) && parse_upper(cursor, ret->a, &ret->b);
  case SIM_NORMAL:
  case SIM_LOGNORMAL:
    return sim_parse_time(cursor, &ret->a) && sim_parse_time(cursor, &ret->b);
  case SIM_WEIBULL:
  case SIM_PARETO:
    return parse_shape(cursor, &ret->shape_millionths) && sim_parse_time(cursor, &ret->a);
  }
  return false;
}
