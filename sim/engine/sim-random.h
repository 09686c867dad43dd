/* Chance without a history: a number is a function of (seed, purpose, subject, counter).
 *
 * A stream is named by what it is for and whom it concerns, and keeps nothing but its counter, so one
 * more draw in one place moves no other, and a packet's fate can be asked for by its number alone.
 * The function is Philox 2x64 with ten rounds (Salmon et al., SC 2011): counter-based, and the same
 * on every machine. */
#pragma once
#include <stdint.h>

/* What a stream is for. New ones go to the end: a number here is part of every run. */
typedef enum {
  SIM_RANDOM_ENTROPY = 1, /* the seed of an instance */
  SIM_RANDOM_KEYS,        /* keys that nodes register */
  SIM_RANDOM_PAYLOAD,
  SIM_RANDOM_LATENCY, /* by link, counter: the sender's packet number */
  SIM_RANDOM_JITTER,
  SIM_RANDOM_LOSS,
  SIM_RANDOM_BURST,
  SIM_RANDOM_DUPLICATE,
  SIM_RANDOM_REORDER,
  SIM_RANDOM_PLANE,     /* where nodes lie */
  SIM_RANDOM_BOOTSTRAP, /* whom the bootstrap names */
  SIM_RANDOM_CHURN,
  SIM_RANDOM_WORKLOAD,
  SIM_RANDOM_CHOICE, /* members of a set */
  SIM_RANDOM_COPY,   /* latency of a duplicate */
  SIM_RANDOM_PRIMES, /* behind the keys of certificates */
  SIM_RANDOM_FORGE,  /* what a lying node says */
  SIM_RANDOM_SWARM,  /* scenarios from a seed */
} SimRandomPurpose;

typedef struct {
  uint64_t key[2]; /* from seed, purpose and subject */
  uint64_t counter;
} SimRandom;

/* The stream for @subject and @object (a link, say; 0 if there is none). */
SimRandom sim_random(uint64_t seed, SimRandomPurpose purpose, uint64_t subject, uint64_t object);
/* The number at @counter, whatever was drawn before. */
uint64_t sim_random_at(const SimRandom *random, uint64_t counter);
/* The number at @counter in the stream of @subject, one of the 2^64 inside this stream. As good as a
 * stream of its own, and a third of its cost: for what is asked once per packet. */
uint64_t sim_random_within(const SimRandom *random, uint64_t subject, uint64_t counter);
/* The next number. */
uint64_t sim_random_next(SimRandom *random);
/* 0 to @n - 1, evenly. @n at least 1. */
uint64_t sim_random_below(SimRandom *random, uint64_t n);
