/* What the files of the route cache share. */
#pragma once
#include "drt-cache.h"

/* A mark: pinned, proven, 6 bits of the period last heard of. */
#define MARK_PINNED 0x80u
#define MARK_PROVEN 0x40u
#define MARK_HEARD 0x3fu

/* The first entry at or above @key in that order; n if there is none. */
uint32_t drt_cache_lower_bound(const DrtCache *cache, const DrtKey *key);

/* Half the width of a level's arc, and the width of a slot, in units of 2^192 (the top word). */
uint64_t drt_cache_level_half(unsigned level);
uint64_t drt_cache_level_slot(unsigned level);

static inline const DrtKey *
drt_cache_key(const DrtCache *cache, uint32_t i)
{
  return drt_store_key(cache->store, cache->handles[i]);
}
