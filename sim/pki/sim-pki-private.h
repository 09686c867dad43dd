/* Shared by the files of this room. */
#pragma once
#include "sim-pki.h"

#include <openssl/evp.h>

/* drt-side of it: sim-pki-key.c. The two primes of a key, each of @bits / 16 bytes. */
typedef struct {
  uint8_t p[256], q[256];
} SimPrimes;

/* Finds the primes of key @number of @node, as a function of the arguments. */
SimPrimes sim_pki_find(uint64_t seed, uint32_t bits, uint32_t node, uint32_t number);
/* (transfer full) */
EVP_PKEY *sim_pki_key(const SimPrimes *primes, uint32_t bits);

/* sim-pki-cache.c: primes that were found, by node and number. */
typedef struct SimPkiCache SimPkiCache;

SimPkiCache *sim_pki_cache_open(uint64_t seed, uint32_t bits);
/* Writes what is new. */
void sim_pki_cache_close(SimPkiCache *cache);
/* (transfer none), found if it was not there. */
const SimPrimes *sim_pki_cache_get(SimPkiCache *cache, uint32_t node, uint32_t number);
