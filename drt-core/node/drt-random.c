/* The block function of ChaCha, four quarter rounds at a time in vector registers. */
#include "drt-random.h"

#include <string.h>

#define ROUNDS 8

typedef uint32_t Row __attribute__((vector_size(16)));

static inline Row
rotate(Row row, int bits)
{
  return row << bits | row >> (32 - bits);
}

static inline void
quarter_rounds(Row *a, Row *b, Row *c, Row *d)
{
  *a += *b;
  *d = rotate(*d ^ *a, 16);
  *c += *d;
  *b = rotate(*b ^ *c, 12);
  *a += *b;
  *d = rotate(*d ^ *a, 8);
  *c += *d;
  *b = rotate(*b ^ *c, 7);
}

static void
refill(DrtRandom *random)
{
  Row start[4] = { { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 } };
  memcpy(&start[1], random->key, sizeof random->key);
  start[3] = (Row){ (uint32_t)random->counter, (uint32_t)(random->counter >> 32), 0, 0 };
  Row a = start[0], b = start[1], c = start[2], d = start[3];
  for (int i = 0; i < ROUNDS; i += 2) {
    quarter_rounds(&a, &b, &c, &d);
    b = __builtin_shufflevector(b, b, 1, 2, 3, 0);
    c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
    d = __builtin_shufflevector(d, d, 3, 0, 1, 2);
    quarter_rounds(&a, &b, &c, &d);
    b = __builtin_shufflevector(b, b, 3, 0, 1, 2);
    c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
    d = __builtin_shufflevector(d, d, 1, 2, 3, 0);
  }
  Row out[4] = { a + start[0], b + start[1], c + start[2], d + start[3] };
  memcpy(random->block, out, sizeof random->block);
  random->counter++;
  random->used = 0;
}

void
drt_random_init(DrtRandom *random, const uint8_t key[DRT_RANDOM_KEY_LEN])
{
  *random = (DrtRandom){ .used = 16 };
  memcpy(random->key, key, DRT_RANDOM_KEY_LEN);
}

uint32_t
drt_random_u32(DrtRandom *random)
{
  if (random->used == 16)
    refill(random);
  return random->block[random->used++];
}

uint64_t
drt_random_u64(DrtRandom *random)
{
  uint64_t high = drt_random_u32(random);
  return high << 32 | drt_random_u32(random);
}

void
drt_random_bytes(DrtRandom *random, uint8_t *to, uint32_t n)
{
  while (n > 0) {
    uint32_t word = drt_random_u32(random), part = n < 4 ? n : 4;
    memcpy(to, &word, part);
    to += part;
    n -= part;
  }
}

/* Multiplication maps 32 bits on 0 to n - 1; the few that would make it uneven are drawn again. They
 * are fewer than n, so hardly ever is the division needed that tells them (Lemire, Fast Random Integer
 * Generation in an Interval). */
uint32_t
drt_random_below(DrtRandom *random, uint32_t n)
{
  uint64_t product = (uint64_t)drt_random_u32(random) * n;
  if ((uint32_t)product < n)
    for (uint32_t uneven = -n % n; (uint32_t)product < uneven;)
      product = (uint64_t)drt_random_u32(random) * n;
  return (uint32_t)(product >> 32);
}
