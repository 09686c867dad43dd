/* What the files of the route cache share. */
#pragma once
#include "drt-cache.h"

/* A tag: 23 bits of position, pinned, proven, 7 bits of the period last heard of. */
#define TAG_POSITION_SHIFT 9
#define TAG_PINNED (1u << 8)
#define TAG_PROVEN (1u << 7)
#define TAG_HEARD 0x7fu

/* The 23 bits of @key: they never run against the order on the ring that starts opposite of the
 * origin. */
uint32_t drt_cache_position(const DrtKey *origin, const DrtKey *key);

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
