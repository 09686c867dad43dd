/* Fingerprints: 64-bit hashes whose sums stand for a run.
 *
 * The same on every machine. Not for secrets: a fingerprint shows a difference, not an attacker. */
#pragma once
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 SimHashWide;

/* Folds the 128-bit product, so every bit of both factors reaches every bit of the result. */
static inline uint64_t
sim_hash_fold(uint64_t a, uint64_t b)
{
  SimHashWide product = (SimHashWide)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* One more number. */
static inline uint64_t
sim_hash_add(uint64_t hash, uint64_t value)
{
  return sim_hash_fold(hash ^ UINT64_C(0x9e3779b97f4a7c15), value ^ UINT64_C(0xe7037ed1a0b428db));
}

/* Of @n bytes. */
uint64_t sim_hash_bytes(const void *bytes, uint32_t n);
