#include "test-random.h"

uint64_t
test_random(TestRandom *random)
{
  uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
  return mixed ^ mixed >> 31;
}

uint32_t
test_random_below(TestRandom *random, uint32_t n)
{
  return (uint32_t)((test_random(random) >> 32) * n >> 32);
}

bool
test_random_once_in(TestRandom *random, uint32_t n)
{
  return test_random_below(random, n) == 0;
}
