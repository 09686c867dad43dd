/* Questions to the route cache. All of them walk the sorted array away from a key. */
#include "drt-cache-private.h"

#define TAILS 64 /* a longer path is compared the long way */

/* A path, with the port and the last eight bytes of each of its endpoints as one number, which is
 * compared first. */
typedef struct {
  const DrtEndpoint *at;
  size_t count;
  uint64_t tails[TAILS];
} Path;

static uint64_t
tail_of(uint16_t port, const uint8_t *address)
{
  uint64_t tail;
  memcpy(&tail, address + DRT_ADDRESS_LEN - sizeof tail, sizeof tail);
  return tail ^ (uint64_t)port << 16;
}

static void
read_path(const DrtCacheFilter *filter, Path *path)
{
  path->at = filter == NULL ? NULL : filter->path;
  path->count = filter == NULL ? 0 : filter->path_count;
  for (size_t i = 0; i < path->count && i < TAILS; i++)
    path->tails[i] = tail_of(drt_endpoint_port(&path->at[i]), path->at[i].wire + 2);
}

/* For an entry with one address and a path of usual length. */
static bool
is_in_path(const DrtStoreEntry *entry, const Path *path)
{
  uint64_t tail = tail_of(entry->port, entry->address);
  for (size_t i = 0; i < path->count; i++)
    if (path->tails[i] == tail &&
        memcmp(entry->address, path->at[i].wire + 2, DRT_ADDRESS_LEN) == 0)
      return true;
  return false;
}

static bool
passes_path(const DrtCache *cache, DrtHandle handle, const Path *path)
{
  if (path->count == 0)
    return true;
  const DrtStoreEntry *entry = drt_store_entry(cache->store, handle);
  if (entry->address_count == 1 && path->count <= TAILS)
    return !is_in_path(entry, path);
  DrtRoute route = drt_store_route(cache->store, handle);
  return !drt_route_listens_in(&route, path->at, path->count);
}

/* A walk that leaves from the place of a key, where there may be an entry with this key. */
static DrtCacheWalk
walk_from(const DrtCache *cache, uint32_t at, bool present, DrtSide side)
{
  DrtCacheWalk walk = { .cache = cache, .side = side, .left = cache->n - present };
  if (side == DRT_ABOVE)
    walk.at = at + present >= cache->n ? 0 : at + present;
  else
    walk.at = (at == 0 ? cache->n : at) - 1;
  return walk;
}

static bool
is_at(const DrtCache *cache, uint32_t i, const DrtKey *key)
{
  return i < cache->n && drt_key_equal(drt_cache_key(cache, i), key);
}

DrtCacheWalk
drt_cache_walk(const DrtCache *cache, const DrtKey *key, DrtSide side)
{
  uint32_t at = drt_cache_lower_bound(cache, key);
  return walk_from(cache, at, is_at(cache, at, key), side);
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
  Path path;
  read_path(filter, &path);
  DrtHandle handle;
  while ((handle = drt_cache_walk_next(&walk)) != DRT_HANDLE_NONE)
    if (passes_path(cache, handle, &path))
      break;
  return handle;
}

static DrtKey
one_way(const DrtKey *from, DrtSide side, const DrtKey *to)
{
  return side == DRT_ABOVE ? drt_key_up(from, to) : drt_key_up(to, from);
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
  front->distance = one_way(target, front->walk.side, key);
}

/* Merges the walks upwards and downwards. Both see every entry, each first from its nearer side,
 * so the merge ends after n entries and never gives one twice. */
uint32_t
drt_cache_closest(const DrtCache *cache, const DrtKey *target, const DrtCacheFilter *filter,
                  DrtHandle *ret, uint32_t max)
{
  uint32_t found = 0, at = drt_cache_lower_bound(cache, target);
  bool present = is_at(cache, at, target);
  const DrtKey *bound = filter == NULL ? NULL : filter->bound;
  Path path;
  read_path(filter, &path);
  if (present && max > 0 && (bound == NULL || !drt_key_equal(bound, target)) &&
      passes_path(cache, cache->handles[at], &path))
    ret[found++] = cache->handles[at];
  Front above = { .walk = walk_from(cache, at, present, DRT_ABOVE) };
  Front below = { .walk = walk_from(cache, at, present, DRT_BELOW) };
  DrtKey reach = bound == NULL ? DRT_KEY_ZERO : drt_key_dist(bound, target);
  advance(&above, target);
  advance(&below, target);
  for (uint32_t left = cache->n - present; left > 0 && found < max; left--) {
    Front *nearer = drt_key_less(&below.distance, &above.distance) ? &below : &above;
    if (bound != NULL && !drt_key_less(&nearer->distance, &reach))
      break;
    if (passes_path(cache, nearer->handle, &path))
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

/* The widest stretch so far, in one-way distances from the centre. */
typedef struct {
  DrtSide side;
  DrtKey from, width;
} Gap;

/* Everybody within the stretch is known to the caller, who looked from the centre on this side, or
 * all the way round on the other. Where @to is zero, the stretch ends at the centre again. */
static bool
is_known(const DrtKey *from, const DrtKey *to, DrtSide side, const uint64_t known[2])
{
  DrtKey round = drt_key_sub(&DRT_KEY_ZERO, from);
  return (!drt_key_is_zero(to) && to->w[0] <= known[side]) ||
         (!drt_key_is_zero(from) && round.w[0] <= known[drt_side_other(side)]);
}

/* Looks at the stretches between neighbours on one side of @centre, as far as @end; zero is all the
 * way round. */
static void
widest_gap(const DrtCache *cache, const DrtKey *centre, DrtSide side, const DrtKey *end,
           const uint64_t known[2], Gap *widest)
{
  DrtCacheWalk walk = drt_cache_walk(cache, centre, side);
  DrtKey from = DRT_KEY_ZERO;
  for (bool ended = false; !ended;) {
    DrtHandle handle = drt_cache_walk_next(&walk);
    DrtKey to = *end;
    ended = handle == DRT_HANDLE_NONE;
    if (!ended) {
      DrtKey distance = one_way(centre, side, drt_store_key(cache->store, handle));
      ended = !drt_key_is_zero(end) && !drt_key_less(&distance, end);
      to = ended ? *end : distance;
    }
    DrtKey width = drt_key_sub(&to, &from);
    if (drt_key_less(&widest->width, &width) && !is_known(&from, &to, side, known))
      *widest = (Gap){ side, from, width };
    from = to;
  }
}

bool
drt_cache_gap(const DrtCache *cache, const DrtKey *centre, uint8_t level, uint32_t slots,
              const uint64_t known[2], DrtKey *ret_middle, unsigned *ret_precision)
{
  drt_assert(level < DRT_CACHE_LEVELS_MAX && slots <= DRT_CACHE_SLOTS);
  Gap widest = { 0 };
  if (level == 0) {
    widest_gap(cache, centre, DRT_ABOVE, &DRT_KEY_ZERO, known, &widest);
  } else {
    DrtKey half = { { drt_cache_level_half(level), 0, 0, 0 } };
    widest_gap(cache, centre, DRT_ABOVE, &half, known, &widest);
    widest_gap(cache, centre, DRT_BELOW, &half, known, &widest);
  }
  DrtKey narrow = { { slots * drt_cache_level_slot(level), 0, 0, 0 } };
  if (!drt_key_less(&narrow, &widest.width))
    return false;
  DrtKey half_width = drt_key_half(&widest.width);
  DrtKey offset = drt_key_add(&widest.from, &half_width);
  *ret_middle =
    widest.side == DRT_ABOVE ? drt_key_add(centre, &offset) : drt_key_sub(centre, &offset);
  /* The smallest p with 2^(256 - p) <= width / 2: one more than the leading zeros of width / 2. */
  *ret_precision = drt_key_common_prefix(&half_width, &DRT_KEY_ZERO) + 1;
  return true;
}
