/* Questions to the route cache. All of them walk the sorted array away from a key. */
#include "drt-cache-private.h"

static bool
passes_path(const DrtCache *cache, DrtHandle handle, const DrtCacheFilter *filter)
{
  if (filter == NULL || filter->path_count == 0)
    return true;
  DrtRoute route = drt_store_route(cache->store, handle);
  return !drt_route_listens_in(&route, filter->path, filter->path_count);
}

DrtCacheWalk
drt_cache_walk(const DrtCache *cache, const DrtKey *key, DrtSide side)
{
  DrtCacheWalk walk = { .cache = cache, .side = side, .left = cache->n };
  if (cache->n == 0)
    return walk;
  uint32_t at = drt_cache_lower_bound(cache, key);
  bool present = at < cache->n && drt_key_equal(drt_cache_key(cache, at), key);
  walk.left -= present;
  if (side == DRT_ABOVE)
    walk.at = (at + present) % cache->n;
  else
    walk.at = (at + cache->n - 1) % cache->n;
  return walk;
}

DrtHandle
drt_cache_walk_next(DrtCacheWalk *walk)
{
  if (walk->left == 0)
    return DRT_HANDLE_NONE;
  uint32_t n = walk->cache->n;
  DrtHandle handle = walk->cache->handles[walk->at];
  if (walk->side == DRT_ABOVE)
    walk->at = walk->at + 1 == n ? 0 : walk->at + 1;
  else
    walk->at = walk->at == 0 ? n - 1 : walk->at - 1;
  walk->left--;
  return handle;
}

DrtHandle
drt_cache_beside(const DrtCache *cache, const DrtKey *key, DrtSide side,
                 const DrtCacheFilter *filter)
{
  DrtCacheWalk walk = drt_cache_walk(cache, key, side);
  DrtHandle handle;
  while ((handle = drt_cache_walk_next(&walk)) != DRT_HANDLE_NONE)
    if (passes_path(cache, handle, filter))
      break;
  return handle;
}

/* One of the two walks of a closest-first search, with what it will give next. */
typedef struct {
  DrtCacheWalk walk;
  DrtHandle handle;
  DrtKey distance; /* one-way, in the direction of the walk */
} Front;

static void
advance(Front *front, const DrtKey *target)
{
  front->handle = drt_cache_walk_next(&front->walk);
  if (front->handle == DRT_HANDLE_NONE)
    return;
  const DrtKey *key = drt_store_key(front->walk.cache->store, front->handle);
  front->distance =
    front->walk.side == DRT_ABOVE ? drt_key_up(target, key) : drt_key_up(key, target);
}

/* Merges the walks upwards and downwards. Both see every entry, each first from its nearer side,
 * so the merge ends after n entries and never gives one twice. */
uint32_t
drt_cache_closest(const DrtCache *cache, const DrtKey *target, const DrtCacheFilter *filter,
                  DrtHandle *ret, uint32_t max)
{
  uint32_t found = 0, left = cache->n;
  const DrtKey *bound = filter == NULL ? NULL : filter->bound;
  int32_t exact = drt_cache_find(cache, target);
  if (exact >= 0) {
    left--;
    if (max > 0 && (bound == NULL || !drt_key_equal(bound, target)) &&
        passes_path(cache, cache->handles[exact], filter))
      ret[found++] = cache->handles[exact];
  }
  Front above = { .walk = drt_cache_walk(cache, target, DRT_ABOVE) };
  Front below = { .walk = drt_cache_walk(cache, target, DRT_BELOW) };
  DrtKey reach = bound == NULL ? DRT_KEY_ZERO : drt_key_dist(bound, target);
  advance(&above, target);
  advance(&below, target);
  for (; left > 0 && found < max; left--) {
    Front *nearer = drt_key_less(&below.distance, &above.distance) ? &below : &above;
    if (bound != NULL && !drt_key_less(&nearer->distance, &reach))
      break;
    if (passes_path(cache, nearer->handle, filter))
      ret[found++] = nearer->handle;
    advance(nearer, target);
  }
  return found;
}

uint32_t
drt_cache_spread(const DrtCache *cache, uint64_t random, DrtHandle *ret, uint32_t max)
{
  if (cache->n <= max) {
    if (cache->n > 0)
      memcpy(ret, cache->handles, cache->n * sizeof *ret);
    return cache->n;
  }
  for (uint32_t found = 0; found < max; found++) {
    /* The first entry at or above the start of the arc that was not chosen for an earlier arc. */
    DrtKey start = { { random + UINT64_MAX / max * found, 0, 0, 0 } };
    uint32_t i = drt_cache_lower_bound(cache, &start);
    for (uint32_t chosen = 0; chosen < found || i == cache->n;) {
      if (i == cache->n) {
        i = 0;
        chosen = 0;
      } else if (ret[chosen] == cache->handles[i]) {
        i++;
        chosen = 0;
      } else {
        chosen++;
      }
    }
    ret[found] = cache->handles[i];
  }
  return max;
}

/* The widest stretch so far. */
typedef struct {
  DrtKey from, width;
} Gap;

/* Looks at the stretch between two offsets from the start of the arc, unless it lies within what
 * the caller knows. */
static void
consider(Gap *widest, const DrtKey *from, const DrtKey *to, const DrtKey known[2])
{
  bool inside = !drt_key_less(from, &known[0]) && !drt_key_less(&known[1], to);
  DrtKey width = drt_key_sub(to, from);
  if (!inside && drt_key_less(&widest->width, &width))
    *widest = (Gap){ .from = *from, .width = width };
}

/* The part of the ring that drt_cache_gap looks at, in offsets from its lower end, so that nothing
 * wraps. A level's arc lies around the centre; level 0 is the whole ring, cut open at an entry. */
typedef struct {
  DrtKey low, centre, end; /* low is a key, the others are offsets from it */
} Arc;

static Arc
level_arc(const DrtCache *cache, const DrtKey *centre, uint8_t level)
{
  if (level == 0) {
    DrtKey low = cache->n > 0 ? *drt_cache_key(cache, 0) : *centre;
    return (Arc){ low, drt_key_up(&low, centre), drt_key_sub(&DRT_KEY_ZERO, &DRT_KEY_ONE) };
  }
  DrtKey half = { { drt_cache_level_half(level), 0, 0, 0 } };
  return (Arc){ drt_key_sub(centre, &half), half, drt_key_add(&half, &half) };
}

/* The offsets between which the caller knows everybody, held within the arc. */
static void
known_part(const Arc *arc, const uint64_t known[2], DrtKey ret[2])
{
  DrtKey below = { { known[DRT_BELOW], 0, 0, 0 } }, above = { { known[DRT_ABOVE], 0, 0, 0 } };
  DrtKey room = drt_key_sub(&arc->end, &arc->centre);
  ret[0] = drt_key_less(&arc->centre, &below) ? DRT_KEY_ZERO : drt_key_sub(&arc->centre, &below);
  ret[1] = drt_key_less(&room, &above) ? arc->end : drt_key_add(&arc->centre, &above);
}

static Gap
widest_gap(const DrtCache *cache, const Arc *arc, const DrtKey known[2])
{
  Gap widest = { 0 };
  DrtKey from = DRT_KEY_ZERO;
  bool centre_passed = false;
  uint32_t start = drt_cache_lower_bound(cache, &arc->low);
  for (uint32_t step = 0; step <= cache->n; step++) {
    DrtKey to = arc->end;
    if (step < cache->n)
      to = drt_key_up(&arc->low, drt_cache_key(cache, (start + step) % cache->n));
    if (drt_key_less(&arc->end, &to))
      to = arc->end;
    if (!centre_passed && drt_key_less(&arc->centre, &to)) {
      consider(&widest, &from, &arc->centre, known);
      from = arc->centre;
      centre_passed = true;
    }
    consider(&widest, &from, &to, known);
    from = to;
    if (drt_key_equal(&to, &arc->end))
      break;
  }
  return widest;
}

bool
drt_cache_gap(const DrtCache *cache, const DrtKey *centre, uint8_t level, const uint64_t known[2],
              DrtKey *ret_middle, unsigned *ret_precision)
{
  drt_assert(level < DRT_CACHE_LEVELS_MAX);
  Arc arc = level_arc(cache, centre, level);
  DrtKey inner[2];
  known_part(&arc, known, inner);
  Gap widest = widest_gap(cache, &arc, inner);
  DrtKey three_slots = { { 3 * drt_cache_level_slot(level), 0, 0, 0 } };
  if (!drt_key_less(&three_slots, &widest.width))
    return false;
  DrtKey half_width = drt_key_half(&widest.width);
  DrtKey offset = drt_key_add(&widest.from, &half_width);
  *ret_middle = drt_key_add(&arc.low, &offset);
  /* The smallest p with 2^(256 - p) <= width / 2: one more than the leading zeros of width / 2. */
  *ret_precision = drt_key_common_prefix(&half_width, &DRT_KEY_ZERO) + 1;
  return true;
}
