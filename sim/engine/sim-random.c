/* Philox takes a counter of 128 bits and a key of 64. The counter's upper half is the second half of
 * our key, so that streams lie apart even if their keys should meet. */
#include "sim-random.h"

#include <stddef.h>

#define MULTIPLIER UINT64_C(0xd2b74407b1ce6e93)
#define WEYL UINT64_C(0x9e3779b97f4a7c15)
#define ROUNDS 10

__extension__ typedef unsigned __int128 Wide;

static uint64_t
philox(uint64_t key, uint64_t high, uint64_t low, uint64_t *ret_high)
{
  for (int i = 0; i < ROUNDS; i++) {
    Wide product = (Wide)low * MULTIPLIER;
    low = (uint64_t)(product >> 64) ^ key ^ high;
    high = (uint64_t)product;
    key += WEYL;
  }
  if (ret_high != NULL)
    *ret_high = high;
  return low;
}

SimRandom
sim_random(uint64_t seed, SimRandomPurpose purpose, uint64_t subject, uint64_t object)
{
  SimRandom random = { .counter = 0 };
  uint64_t one = philox(seed, purpose, subject, &random.key[1]);
  random.key[0] = philox(one, random.key[1], object, &random.key[1]);
  return random;
}

uint64_t
sim_random_at(const SimRandom *random, uint64_t counter)
{
  return philox(random->key[0], random->key[1], counter, NULL);
}

uint64_t
sim_random_within(const SimRandom *random, uint64_t subject, uint64_t counter)
{
  return philox(random->key[0], random->key[1] ^ subject, counter, NULL);
}

uint64_t
sim_random_next(SimRandom *random)
{
  return sim_random_at(random, random->counter++);
}

/* The few numbers that would make it uneven are passed over. */
uint64_t
sim_random_below(SimRandom *random, uint64_t n)
{
  uint64_t uneven = -n % n;
  Wide product;
  do
    product = (Wide)sim_random_next(random) * n;
  while ((uint64_t)product < uneven);
  return (uint64_t)(product >> 64);
}
