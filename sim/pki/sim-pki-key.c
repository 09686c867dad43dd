/* RSA keys that are the same whenever and wherever they are made. libcrypto finds keys with its own
 * random numbers only, so the search for primes is here; the arithmetic is libcrypto's.
 *
 * The keys protect nothing but simulated nodes: a number that passes Fermat's test with three bases is
 * taken for a prime, which is wrong less often than memory fails. */
#include "sim-pki-private.h"

#include "sim-random.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#define EXPONENT 65537
#define SIEVE_MAX 4000

static void
must(bool good)
{
  if (!good)
    g_error("no memory for a key");
}

static const GArray *
small_primes(void)
{
  static GArray *primes;
  if (primes != NULL)
    return primes;
  primes = g_array_new(FALSE, FALSE, sizeof(BN_ULONG));
  for (BN_ULONG n = 3; n < SIEVE_MAX; n += 2) {
    bool prime = true;
    for (BN_ULONG d = 3; d * d <= n && prime; d += 2)
      prime = n % d != 0;
    if (prime)
      g_array_append_val(primes, n);
  }
  return primes;
}

static bool
passes_fermat(const BIGNUM *candidate, BN_CTX *context)
{
  static const BN_ULONG bases[] = { 2, 3, 5 };
  BN_CTX_start(context);
  BIGNUM *base = BN_CTX_get(context), *less = BN_CTX_get(context), *power = BN_CTX_get(context);
  must(power != NULL && BN_copy(less, candidate) != NULL && BN_sub_word(less, 1) == 1);
  bool passed = true;
  for (size_t i = 0; i < G_N_ELEMENTS(bases) && passed; i++) {
    must(BN_set_word(base, bases[i]) == 1 &&
         BN_mod_exp(power, base, less, candidate, context) == 1);
    passed = BN_is_one(power);
  }
  BN_CTX_end(context);
  return passed;
}

/* No small prime divides it, and it goes with the exponent. */
static bool
is_worth_a_test(const BIGNUM *candidate)
{
  const GArray *primes = small_primes();
  for (guint i = 0; i < primes->len; i++)
    if (BN_mod_word(candidate, g_array_index(primes, BN_ULONG, i)) == 0)
      return false;
  return BN_mod_word(candidate, EXPONENT) != 1;
}

/* The first prime from a random odd number on, its two highest bits set. */
static void
find_prime(SimRandom *random, uint32_t bytes, uint8_t *to, BN_CTX *context)
{
  for (uint32_t i = 0; i < bytes; i += 8) {
    uint64_t word = sim_random_next(random);
    for (uint32_t k = 0; k < 8 && i + k < bytes; k++)
      to[i + k] = (uint8_t)(word >> 8 * k);
  }
  to[0] |= 0xc0;
  to[bytes - 1] |= 1;
  BIGNUM *candidate = BN_bin2bn(to, (int)bytes, NULL);
  must(candidate != NULL);
  while (!is_worth_a_test(candidate) || !passes_fermat(candidate, context))
    must(BN_add_word(candidate, 2) == 1);
  BN_bn2binpad(candidate, to, (int)bytes);
  BN_free(candidate);
}

SimPrimes
sim_pki_find(uint64_t seed, uint32_t bits, uint32_t node, uint32_t number)
{
  SimPrimes primes = { 0 };
  BN_CTX *context = BN_CTX_new();
  must(context != NULL);
  SimRandom random = sim_random(seed, SIM_RANDOM_PRIMES, node, number);
  find_prime(&random, bits / 16, primes.p, context);
  find_prime(&random, bits / 16, primes.q, context);
  BN_CTX_free(context);
  return primes;
}

/* Everything else about the key follows from its primes. */
static OSSL_PARAM *
parts_of(BIGNUM *p, BIGNUM *q, BN_CTX *context)
{
  BN_CTX_start(context);
  BIGNUM *n = BN_CTX_get(context), *e = BN_CTX_get(context), *d = BN_CTX_get(context);
  BIGNUM *dp = BN_CTX_get(context), *dq = BN_CTX_get(context), *phi = BN_CTX_get(context);
  BIGNUM *p1 = BN_CTX_get(context), *q1 = BN_CTX_get(context), *inverse = BN_CTX_get(context);
  must(inverse != NULL && BN_sub(p1, p, BN_value_one()) == 1 &&
       BN_sub(q1, q, BN_value_one()) == 1 && BN_mul(n, p, q, context) == 1 &&
       BN_mul(phi, p1, q1, context) == 1 && BN_set_word(e, EXPONENT) == 1 &&
       BN_mod_inverse(d, e, phi, context) != NULL && BN_mod(dp, d, p1, context) == 1 &&
       BN_mod(dq, d, q1, context) == 1 && BN_mod_inverse(inverse, q, p, context) != NULL);
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
  must(build != NULL && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, d) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_FACTOR1, p) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_FACTOR2, q) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) == 1 &&
       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, inverse) == 1);
  OSSL_PARAM *parts = OSSL_PARAM_BLD_to_param(build);
  OSSL_PARAM_BLD_free(build);
  BN_CTX_end(context);
  must(parts != NULL);
  return parts;
}

EVP_PKEY *
sim_pki_key(const SimPrimes *primes, uint32_t bits)
{
  BN_CTX *context = BN_CTX_new();
  BIGNUM *p = BN_bin2bn(primes->p, (int)(bits / 16), NULL);
  BIGNUM *q = BN_bin2bn(primes->q, (int)(bits / 16), NULL);
  must(context != NULL && p != NULL && q != NULL);
  OSSL_PARAM *parts = parts_of(p, q, context);
  EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
  EVP_PKEY *key = NULL;
  must(maker != NULL && EVP_PKEY_fromdata_init(maker) == 1 &&
       EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, parts) == 1);
  EVP_PKEY_CTX_free(maker);
  OSSL_PARAM_free(parts);
  BN_free(p);
  BN_free(q);
  BN_CTX_free(context);
  return key;
}
