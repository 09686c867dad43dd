/* Logarithm, exponential and the quantiles of the normal distribution, the same to the bit on every
 * machine: only additions, multiplications and divisions of IEEE doubles, which are exact by
 * standard. libm is not. Used when a distribution is set up, never per event. */
#pragma once

/* ln x, for x > 0. */
double sim_log(double x);
/* e^x, for |x| < 700. */
double sim_exp(double x);
/* x^y, for x > 0. */
double sim_power(double x, double y);
/* The value below which a standard normal lies with probability p, 0 < p < 1. */
double sim_normal_quantile(double p);
