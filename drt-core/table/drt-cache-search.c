/* Questions to the route cache. All of them walk the sorted array away from a key. */
#include "drt-cache-private.h"

#define BUCKETS 32
#define BUCKETS_PATH_MAX 64 /* a longer path is compared the long way */
#define FETCH_AROUND 3u     /* entries on each side */

/* A path, and which of its endpoints end in which bits: a bit for each, so that a question has one
 * candidate or none most of the time. */
typedef struct {
  const DrtEndpoint *at;
  size_t count;
  uint64_t buckets[BUCKETS];
} Path;

static unsigned
bucket_of(const uint8_t *address)
{
  return address[DRT_ADDRESS_LEN - 1] % BUCKETS;
}

static void
read_path(const DrtCacheFilter *filter, Path *path)
{
  path->at = filter == NULL ? NULL : filter->path;
  path->count = filter == NULL ? 0 : filter->path_count;
  if (path->count == 0 || path->count > BUCKETS_PATH_MAX)
    return;
  memset(path->buckets, 0, sizeof path->buckets);
  for (size_t i = 0; i < path->count; i++)
    path->buckets[bucket_of(path->at[i].wire + 2)] |= UINT64_C(1) << i;
}

/* For an entry with one address and a path of usual length. */
static inline bool
is_in_path(const DrtStoreEntry *entry, const Path *path)
{
  uint64_t candidates = path->buckets[bucket_of(entry->address)];
  for (; candidates != 0; candidates &= candidates - 1) {
    const DrtEndpoint *at = &path->at[__builtin_ctzll(candidates)];
    if (memcmp(entry->address, at->wire + 2, DRT_ADDRESS_LEN) == 0 &&
        drt_endpoint_port(at) == entry->port)
      return true;
  }
  return false;
}

static bool
listens_in_path(const DrtCache *cache, DrtHandle handle, const Path *path)
{
  DrtRoute route = drt_store_route(cache->store, handle);
  return drt_route_listens_in(&route, path->at, path->count);
}

static inline bool
passes_path(const DrtCache *cache, DrtHandle handle, const DrtStoreEntry *entry, const Path *path)
{
  if (path->count == 0)
    return true;
  if (entry->address_count == 1 && path->count <= BUCKETS_PATH_MAX)
    return !is_in_path(entry, path);
  return !listens_in_path(cache, handle, path);
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

/* For a walk whose side is known when compiled, so that it costs a few instructions a step. */
static inline DrtHandle
next_on(DrtCacheWalk *walk, DrtSide side)
{
  if (walk->left == 0)
    return DRT_HANDLE_NONE;
  uint32_t at = walk->at, n = walk->cache->n;
  if (side == DRT_ABOVE)
    walk->at = at + 1 == n ? 0 : at + 1;
  else
    walk->at = (at == 0 ? n : at) - 1;
  walk->left--;
  return walk->cache->handles[at];
}

DrtHandle
drt_cache_walk_next(DrtCacheWalk *walk)
{
  return walk->side == DRT_ABOVE ? next_on(walk, DRT_ABOVE) : next_on(walk, DRT_BELOW);
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
    if (passes_path(cache, handle, drt_store_entry(cache->store, handle), &path))
      break;
  return handle;
}

static DrtKey
one_way(const DrtKey *from, DrtSide side, const DrtKey *to)
{
  return side == DRT_ABOVE ? drt_key_up(from, to) : drt_key_up(to, from);
}

/* Its most significant word. */
static uint64_t
one_way_top(const DrtKey *from, DrtSide side, const DrtKey *to)
{
  return side == DRT_ABOVE ? drt_key_sub_top(to, from) : drt_key_sub_top(from, to);
}

/* One of the two walks of a closest-first search: where it stands. */
typedef struct {
  uint32_t at;
  DrtSide side;
  const DrtStoreEntry *entry;
  uint64_t top; /* of the one-way distance, in the direction of the walk */
} Front;

static inline void
stand(Front *front, const DrtCache *cache, const DrtKey *target)
{
  front->entry = drt_store_entry(cache->store, cache->handles[front->at]);
  front->top = one_way_top(target, front->side, &front->entry->key);
}

/* The walk upwards stands behind @at if the target is @present there, and that downwards before it. */
static inline void
stand_above(Front *front, const DrtCache *cache, uint32_t at, bool present, const DrtKey *target)
{
  front->at = at + present >= cache->n ? 0 : at + present;
  stand(front, cache, target);
}

static inline void
stand_below(Front *front, const DrtCache *cache, uint32_t at, const DrtKey *target)
{
  front->at = (at == 0 ? cache->n : at) - 1;
  stand(front, cache, target);
}

static bool
is_within(const Front *front, const DrtKey *target, const DrtKey *reach)
{
  if (front->top != reach->w[0])
    return front->top < reach->w[0];
  DrtKey distance = one_way(target, front->side, &front->entry->key);
  return drt_key_less(&distance, reach);
}

/* Where the top words do not decide. */
static bool
is_below_nearer(const Front *above, const Front *below, const DrtKey *target)
{
  DrtKey up = drt_key_up(target, &above->entry->key);
  DrtKey down = drt_key_up(&below->entry->key, target);
  return drt_key_less(&down, &up);
}

/* How far from the target a search may go, not included. No key is farther than half of the ring. */
static DrtKey
reach_of(const DrtCacheFilter *filter, const DrtKey *target)
{
  if (filter != NULL && filter->bound != NULL)
    return drt_key_dist(filter->bound, target);
  if (filter != NULL && filter->within != NULL && filter->within->w[0] >> 63 == 0)
    return drt_key_next(filter->within);
  return (DrtKey){ { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } };
}

/* A search looks at several entries around its place, one after another: it waits for all of them at once. */
static void
fetch_around(const DrtCache *cache, uint32_t at)
{
  uint32_t from = at < FETCH_AROUND ? 0 : at - FETCH_AROUND;
  for (uint32_t i = from; i < at + FETCH_AROUND && i < cache->n; i++)
    __builtin_prefetch(drt_store_entry(cache->store, cache->handles[i]));
}

/* Merges the walks upwards and downwards. Both see every entry, each first from its nearer side,
 * so the merge ends after n entries and never gives one twice. */
uint32_t
drt_cache_closest(const DrtCache *cache, const DrtKey *target, const DrtCacheFilter *filter,
                  DrtHandle *ret, uint32_t max)
{
  uint32_t found = 0, at = drt_cache_lower_bound(cache, target);
  fetch_around(cache, at);
  bool present = is_at(cache, at, target);
  DrtKey reach = reach_of(filter, target);
  Path path;
  read_path(filter, &path);
  if (present && max > 0 && !drt_key_is_zero(&reach) &&
      passes_path(cache, cache->handles[at], drt_store_entry(cache->store, cache->handles[at]),
                  &path))
    ret[found++] = cache->handles[at];
  uint32_t left = cache->n - present;
  if (left == 0)
    return found;
  Front above = { .side = DRT_ABOVE }, below = { .side = DRT_BELOW };
  stand_above(&above, cache, at, present, target);
  stand_below(&below, cache, at, target);
  for (; left > 0 && found < max; left--) {
    bool down =
      below.top < above.top || (below.top == above.top && is_below_nearer(&above, &below, target));
    const Front *nearer = down ? &below : &above;
    if (!is_within(nearer, target, &reach))
      break;
    DrtHandle handle = cache->handles[nearer->at];
    if (passes_path(cache, handle, nearer->entry, &path))
      ret[found++] = handle;
    if (down)
      stand_below(&below, cache, below.at, target);
    else
      stand_above(&above, cache, above.at, true, target);
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

/* Everybody within the stretch is known to the caller, who looked from the centre on this side, or
 * all the way round on the other. Where @to is zero, the stretch ends at the centre again. */
static bool
is_known(const DrtKey *from, const DrtKey *to, DrtSide side, const uint64_t known[2])
{
  DrtKey round = drt_key_sub(&DRT_KEY_ZERO, from);
  return (!drt_key_is_zero(to) && to->w[0] <= known[side]) ||
         (!drt_key_is_zero(from) && round.w[0] <= known[drt_side_other(side)]);
}

static void
keep_wider(DrtCacheGap *widest, DrtSide side, const DrtKey *from, const DrtKey *to,
           const uint64_t known[2])
{
  DrtKey width = drt_key_sub(to, from);
  if (drt_key_less(&widest->width, &width) && !is_known(from, to, side, known))
    *widest = (DrtCacheGap){ side, *from, width };
}

/* Looks at the stretches between neighbours on one side of @centre, outwards. Where the arc of a
 * level ends, the widest so far, or the one that is cut there, is that of the level. Level 0 is all
 * the way round, so one side has seen it all. */
static inline void
widen_gaps(const DrtCache *cache, const DrtKey *centre, DrtSide side, int deepest,
           const uint64_t known[2], DrtCacheGap *ret)
{
  DrtCacheWalk walk = drt_cache_walk(cache, centre, side);
  DrtHandle handle = next_on(&walk, side);
  const DrtKey *last = centre;
  uint64_t last_top = 0;
  DrtCacheGap widest = { .side = side };
  for (int level = deepest; level >= (side == DRT_ABOVE ? 0 : 1); level--) {
    DrtKey end = { { level > 0 ? drt_cache_level_half((unsigned)level) : 0, 0, 0, 0 } };
    for (; handle != DRT_HANDLE_NONE; handle = next_on(&walk, side)) {
      const DrtKey *key = drt_store_key(cache->store, handle);
      uint64_t top = one_way_top(centre, side, key);
      if (top >= end.w[0] && level > 0)
        break;
      if (top > known[side] && top - last_top >= widest.width.w[0]) { /* it may be wider */
        DrtKey from = one_way(centre, side, last), to = one_way(centre, side, key);
        keep_wider(&widest, side, &from, &to, known);
      }
      last = key;
      last_top = top;
    }
    DrtCacheGap cut = widest;
    DrtKey from = one_way(centre, side, last);
    keep_wider(&cut, side, &from, &end, known);
    if (drt_key_less(&ret[level].width, &cut.width))
      ret[level] = cut;
  }
}

void
drt_cache_gaps(const DrtCache *cache, const DrtKey *centre, uint8_t deepest,
               const uint64_t known[2], DrtCacheGap ret[DRT_CACHE_LEVELS_MAX])
{
  drt_assert(deepest < DRT_CACHE_LEVELS_MAX);
  memset(ret, 0, (deepest + 1u) * sizeof *ret);
  widen_gaps(cache, centre, DRT_ABOVE, deepest, known, ret);
  widen_gaps(cache, centre, DRT_BELOW, deepest, known, ret);
}

bool
drt_cache_gap_middle(const DrtCacheGap *gap, const DrtKey *centre, uint8_t level, uint32_t slots,
                     DrtKey *ret_middle, unsigned *ret_precision)
{
  drt_assert(slots <= DRT_CACHE_SLOTS);
  DrtKey narrow = { { slots * drt_cache_level_slot(level), 0, 0, 0 } };
  if (!drt_key_less(&narrow, &gap->width))
    return false;
  DrtKey half_width = drt_key_half(&gap->width);
  DrtKey offset = drt_key_add(&gap->from, &half_width);
  *ret_middle =
    gap->side == DRT_ABOVE ? drt_key_add(centre, &offset) : drt_key_sub(centre, &offset);
  /* The smallest p with 2^(256 - p) <= width / 2: one more than the leading zeros of width / 2. */
  *ret_precision = drt_key_common_prefix(&half_width, &DRT_KEY_ZERO) + 1;
  return true;
}
