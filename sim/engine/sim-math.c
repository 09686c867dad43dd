/* Series, after the argument was brought near the point where they converge fast. */
#include "sim-math.h"

#include <stdint.h>
#include <string.h>

#define LN2_HIGH                                                                                   \
  6.93147180369123816490e-01 /* the first 33 bits of ln 2, so that k * LN2_HIGH is exact */
#define LN2_LOW 1.90821492927058770002e-10
#define SQRT_HALF 0.70710678118654752440

static double
from_bits(uint64_t bits)
{
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static uint64_t
to_bits(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* x = 2^k * m with m in [sqrt 1/2, sqrt 2), and ln m = 2 artanh((m - 1) / (m + 1)). */
double
sim_log(double x)
{
  uint64_t bits = to_bits(x);
  int k = (int)(bits >> 52 & 0x7ff) - 1022;
  double m = from_bits((bits & 0xfffffffffffff) | UINT64_C(1022) << 52);
  if (m < SQRT_HALF) {
    m *= 2;
    k--;
  }
  double z = (m - 1) / (m + 1), square = z * z, term = z, sum = 0;
  for (int i = 1; i <= 39; i += 2) { /* |z| < 0.172, so the rest is below 1e-17 by far */
    sum += term / i;
    term *= square;
  }
  return k * LN2_HIGH + (k * LN2_LOW + 2 * sum);
}

/* x = k ln 2 + r with |r| <= ln 2 / 2. */
double
sim_exp(double x)
{
  double scaled = x / (LN2_HIGH + LN2_LOW);
  int k = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  double r = (x - k * LN2_HIGH) - k * LN2_LOW, term = 1, sum = 1;
  for (int i = 1; i <= 20; i++) {
    term *= r / i;
    sum += term;
  }
  return sum * from_bits((uint64_t)(1023 + k) << 52);
}

double
sim_power(double x, double y)
{
  return sim_exp(y * sim_log(x));
}

static double
polynomial(const double *coefficients, int n, double x)
{
  double value = 0;
  for (int i = n - 1; i >= 0; i--)
    value = value * x + coefficients[i];
  return value;
}

/* A square root by Newton's method: sqrt is exact by standard too, but its call may not be inlined. */
static double
root(double x)
{
  double r = sim_exp(0.5 * sim_log(x));
  for (int i = 0; i < 3; i++)
    r = 0.5 * (r + x / r);
  return r;
}

/* Algorithm AS 241 of Wichura (1988), PPND16: relative error about 1e-16. */
double
sim_normal_quantile(double p)
{
  static const double a[] = { 3.3871328727963666080e0,  1.3314166789178437745e+2,
                              1.9715909503065514427e+3, 1.3731693765509461125e+4,
                              4.5921953931549871457e+4, 6.7265770927008700853e+4,
                              3.3430575583588128105e+4, 2.5090809287301226727e+3 };
  static const double b[] = { 1.0,
                              4.2313330701600911252e+1,
                              6.8718700749205790830e+2,
                              5.3941960214247511077e+3,
                              2.1213794301586595867e+4,
                              3.9307895800092710610e+4,
                              2.8729085735721942674e+4,
                              5.2264952788528545610e+3 };
  static const double c[] = { 1.42343711074968357734e0,  4.63033784615654529590e0,
                              5.76949722146069140550e0,  3.64784832476320460504e0,
                              1.27045825245236838258e0,  2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4 };
  static const double d[] = { 1.0,
                              2.05319162663775882187e0,
                              1.67638483018380384940e0,
                              6.89767334985100004550e-1,
                              1.48103976427480074590e-1,
                              1.51986665636164571966e-2,
                              5.47593808499534494600e-4,
                              1.05075007164441684324e-9 };
  static const double e[] = { 6.65790464350110377720e0,  5.46378491116411436990e0,
                              1.78482653991729133580e0,  2.96560571828504891230e-1,
                              2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7 };
  static const double f[] = { 1.0,
                              5.99832206555887937690e-1,
                              1.36929880922735805310e-1,
                              1.48753612908506148525e-2,
                              7.86869131145613259100e-4,
                              1.84631831751005468180e-5,
                              1.42151175831644588870e-7,
                              2.04426310338993978564e-15 };
  double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    double r = 0.180625 - q * q;
    return q * polynomial(a, 8, r) / polynomial(b, 8, r);
  }
  double r = root(-sim_log(q < 0 ? p : 1 - p)), value;
  if (r <= 5) {
    r -= 1.6;
    value = polynomial(c, 8, r) / polynomial(d, 8, r);
  } else {
    r -= 5;
    value = polynomial(e, 8, r) / polynomial(f, 8, r);
  }
  return q < 0 ? -value : value;
}
