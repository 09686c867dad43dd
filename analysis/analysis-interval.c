#include "analysis-interval.h"

#include <glib.h>
#include <math.h>

/* 97.5 % of Student's distribution lie below, by degrees of freedom from 1 on. */
static const double student[] = {
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
  2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
  2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
};

/* Beyond the table as v_sweep of the trace has it: too wide by 0.01 at most. */
static double
quantile(unsigned n)
{
  return n - 1 <= G_N_ELEMENTS(student) ? student[n - 2] : 1.96 + 2.5 / n;
}

AnalysisInterval
analysis_interval(const double *values, unsigned n)
{
  g_assert(n > 0);
  double sum = 0, squares = 0;
  for (unsigned i = 0; i < n; i++)
    sum += values[i];
  double mean = sum / n;
  for (unsigned i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  double half = n > 1 ? quantile(n) * sqrt(squares / (n - 1) / n) : 0;
  return (AnalysisInterval){ .n = n, .mean = mean, .low = mean - half, .high = mean + half };
}

double
analysis_interval_never(double n)
{
  return n > 3 ? 3 / n : 1;
}
