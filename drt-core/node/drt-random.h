/* The generator inside an instance: ChaCha with 8 rounds, keyed once by the host's entropy.
 *
 * MessageIDs and nonces must not be guessable (PROTOCOL.md 2.3, H8), so a fast statistical
 * generator will not do; eight rounds cost about what one does. Equal keys give equal numbers. */
#pragma once
#include <stdint.h>

#define DRT_RANDOM_KEY_LEN 32

typedef struct {
  uint32_t key[8];
  uint64_t counter; /* of the next block */
  uint32_t block[16];
  uint32_t used; /* words of the block */
} DrtRandom;

void drt_random_init(DrtRandom *random, const uint8_t key[DRT_RANDOM_KEY_LEN]);
uint32_t drt_random_u32(DrtRandom *random);
uint64_t drt_random_u64(DrtRandom *random);
void drt_random_bytes(DrtRandom *random, uint8_t *to, uint32_t n);
/* 0 to @n - 1, evenly. @n at least 1. */
uint32_t drt_random_below(DrtRandom *random, uint32_t n);
