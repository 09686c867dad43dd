/* Numbers that look random and are the same on every machine: splitmix64. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t state; /* the seed, at first */
} TestRandom;

uint64_t test_random(TestRandom *random);
/* 0 to @n - 1; @n at least 1. Not quite even, which is fine for tests. */
uint32_t test_random_below(TestRandom *random, uint32_t n);
/* True once in @n. */
bool test_random_once_in(TestRandom *random, uint32_t n);
