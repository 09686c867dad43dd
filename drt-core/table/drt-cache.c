/* The sorted array, and which entries are kept. The searches are in drt-cache-search.c. */
#include "drt-cache.h"

#include "drt-cache-private.h"

#define ENTRY_BYTES (sizeof(DrtHandle) + sizeof(uint16_t) + sizeof(uint8_t))
#define CAPACITY_STEP 8u  /* entries, until an eighth is more */
#define PERIODS 64u       /* what six bits count */
#define SWEEP_PERIODS 32u /* how often old entries are held at DRT_CACHE_AGE_MAX */
#define MANTISSA_BITS 9

_Static_assert(DRT_CACHE_AGE_MAX + SWEEP_PERIODS < PERIODS, "no age wraps before the next sweep");

/* 15 bits that grow with @distance: its exponent, and 9 bits below the leading one. */
static uint32_t
logarithm(uint64_t distance)
{
  if (distance == 0)
    return 0;
  unsigned zeros = (unsigned)__builtin_clzll(distance);
  uint64_t below = distance << zeros << 1;
  return (63 - zeros) << MANTISSA_BITS | (uint32_t)(below >> (64 - MANTISSA_BITS));
}

/* The 16 bits of a key that is so far from the origin. */
static inline uint16_t
position_at(DrtSide side, uint64_t distance)
{
  const uint32_t middle = 1u << 15;
  return (uint16_t)(side == DRT_ABOVE ? middle + logarithm(distance)
                                      : middle - 1 - logarithm(distance));
}

/* How far the key is from the centre, the shorter way. */
static inline uint64_t
distance_to(const DrtKey *centre, const DrtKey *key, DrtSide *ret_side)
{
  uint64_t up = drt_key_sub_top(key, centre);
  *ret_side = up >> 63 == 0 ? DRT_ABOVE : DRT_BELOW;
  return up >> 63 == 0 ? up : drt_key_sub_top(centre, key);
}

/* The 16 bits of @key: they never run against the order on the ring that starts opposite of the
 * origin. */
static inline uint16_t
position_of(const DrtKey *origin, const DrtKey *key)
{
  DrtSide side;
  uint64_t distance = distance_to(origin, key, &side);
  return position_at(side, distance);
}

/* The full position: the distance from the point opposite of the origin. */
static DrtKey
full_position(const DrtKey *origin, const DrtKey *key)
{
  DrtKey position = drt_key_up(origin, key);
  position.w[0] ^= UINT64_C(1) << 63;
  return position;
}

/* The first entry of this position or a later one. Which half is next depends on nothing that a
 * processor could guess, so there is no branch for it. */
static uint32_t
first_at(const DrtCache *cache, uint16_t position)
{
  const uint16_t *from = cache->positions;
  for (uint32_t left = cache->n; left > 0;) {
    uint32_t half = (left + 1) / 2, before = from[half - 1] < position;
    from += half & (0 - before); /* as a product or a choice it is compiled to a branch */
    left -= half;
  }
  return (uint32_t)(from - cache->positions);
}

/* Where positions are equal the keys decide: hardly ever more than one, but many where a second centre
 * is far from the origin, so that they are searched by halves as well. @low is the first of them. */
static uint32_t
lower_bound_from(const DrtCache *cache, const DrtKey *key, uint16_t position, uint32_t low)
{
  if (low == cache->n || cache->positions[low] != position)
    return low;
  uint32_t high = low;
  for (uint32_t step = 1; high < cache->n && cache->positions[high] == position; step *= 2)
    high = cache->n - high > step ? high + step : cache->n;
  DrtKey full = full_position(&cache->origin, key);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    DrtKey other = full_position(&cache->origin, drt_cache_key(cache, middle));
    if (drt_key_less(&other, &full))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

uint32_t
drt_cache_lower_bound(const DrtCache *cache, const DrtKey *key)
{
  uint16_t position = position_of(&cache->origin, key);
  return lower_bound_from(cache, key, position, first_at(cache, position));
}

uint64_t
drt_cache_level_half(unsigned level)
{
  static const uint64_t halves[DRT_CACHE_LEVELS_MAX + 1] = {
    UINT64_C(9223372036854775808), UINT64_C(922337203685477580), UINT64_C(92233720368547758),
    UINT64_C(9223372036854775),    UINT64_C(922337203685477),    UINT64_C(92233720368547),
    UINT64_C(9223372036854),       UINT64_C(922337203685),       UINT64_C(92233720368),
    UINT64_C(9223372036),          UINT64_C(922337203),
  };
  return halves[level];
}

uint64_t
drt_cache_level_slot(unsigned level)
{
  return drt_cache_level_half(level + 1);
}

static uint32_t
nearest_centre(const DrtCacheShape *shape, const DrtKey *key)
{
  uint32_t nearest = 0;
  for (uint32_t i = 1; i < shape->centre_count; i++)
    if (drt_key_ranks_before(&shape->centres[i], &shape->centres[nearest], key))
      nearest = i;
  return nearest;
}

DrtCacheSlot
drt_cache_slot(const DrtCacheShape *shape, const DrtKey *key)
{
  drt_assert(shape->deepest < DRT_CACHE_LEVELS_MAX);
  DrtCacheSlot slot = { .centre = nearest_centre(shape, key) };
  uint64_t distance = distance_to(&shape->centres[slot.centre], key, &slot.side);
  while (slot.level < shape->deepest && distance < drt_cache_level_half(slot.level + 1u))
    slot.level++;
  uint64_t digit = distance / drt_cache_level_slot(slot.level);
  slot.digit = (uint8_t)(digit < 9 ? digit : 9); /* the rest of the divisions belongs to the last */
  return slot;
}

/* A slot as distances from its centre: to be compared with many keys without a division each. */
typedef struct {
  const DrtCacheShape *shape;
  DrtCacheSlot slot;
  uint64_t from, last;
  bool placed;          /* positions count from its centre, the only one: */
  uint16_t least, most; /* those of both ends, the lower one first */
} SlotRange;

static SlotRange
slot_range(const DrtCache *cache, const DrtCacheShape *shape, const DrtKey *key)
{
  SlotRange range = { .shape = shape, .slot = drt_cache_slot(shape, key) };
  uint64_t width = drt_cache_level_slot(range.slot.level);
  range.from = range.slot.digit * width;
  range.last = range.from + width - 1;
  if (range.slot.digit == 9)
    range.last = range.slot.level == 0 ? UINT64_MAX : drt_cache_level_half(range.slot.level) - 1;
  range.placed = shape->centre_count == 1 && drt_key_equal(&shape->centres[0], &cache->origin);
  bool above = range.slot.side == DRT_ABOVE;
  range.least = position_at(range.slot.side, above ? range.from : range.last);
  range.most = position_at(range.slot.side, above ? range.last : range.from);
  return range;
}

static bool
slot_has(const SlotRange *range, const DrtKey *key)
{
  DrtSide side;
  uint64_t distance = distance_to(&range->shape->centres[range->slot.centre], key, &side);
  return side == range->slot.side && distance >= range->from && distance <= range->last &&
         nearest_centre(range->shape, key) == range->slot.centre;
}

/* Its position tells, unless it is one that an end of the slot has as well. */
static bool
slot_has_entry(const DrtCache *cache, const SlotRange *range, uint32_t i)
{
  uint16_t position = cache->positions[i];
  if (!range->placed || position == range->least || position == range->most)
    return slot_has(range, drt_cache_key(cache, i));
  bool inside = position > range->least && position < range->most;
  drt_debug_assert(inside == slot_has(range, drt_cache_key(cache, i)));
  return inside;
}

static bool
slot_equal(const DrtCacheSlot *a, const DrtCacheSlot *b)
{
  return a->centre == b->centre && a->side == b->side && a->level == b->level &&
         a->digit == b->digit;
}

/* Six bits of age; they are right as long as no sweep is left out. */
static uint8_t
heard_age(const DrtCache *cache, uint32_t i)
{
  return (uint8_t)((cache->period - (cache->marks[i] & MARK_HEARD)) % PERIODS);
}

static void
set_heard(DrtCache *cache, uint32_t i, uint32_t period)
{
  cache->marks[i] = (uint8_t)((cache->marks[i] & ~MARK_HEARD) | period % PERIODS);
}

uint8_t
drt_cache_age(const DrtCache *cache, uint32_t i)
{
  uint8_t age = heard_age(cache, i);
  return age < DRT_CACHE_AGE_MAX ? age : DRT_CACHE_AGE_MAX;
}

void
drt_cache_touch(DrtCache *cache, uint32_t i)
{
  set_heard(cache, i, cache->period);
}

void
drt_cache_tick(DrtCache *cache)
{
  cache->period = (uint8_t)((cache->period + 1u) % PERIODS);
  if (cache->period % SWEEP_PERIODS != 0)
    return;
  for (uint32_t i = 0; i < cache->n; i++)
    if (heard_age(cache, i) > DRT_CACHE_AGE_MAX)
      set_heard(cache, i, cache->period + PERIODS - DRT_CACHE_AGE_MAX);
}

void
drt_cache_init(DrtCache *cache, DrtStore *store, const DrtKey *origin)
{
  *cache = (DrtCache){ .store = store, .origin = *origin };
}

static void
give_arrays(DrtCache *cache)
{
  DrtMemory *memory = &cache->store->memory;
  memory->give(memory->host, cache->handles, sizeof(DrtHandle), drt_cache_bytes(cache));
}

void
drt_cache_clear(DrtCache *cache)
{
  for (uint32_t i = 0; i < cache->n; i++)
    drt_store_drop(cache->store, cache->handles[i]);
  give_arrays(cache);
  drt_cache_init(cache, cache->store, &cache->origin);
}

static bool
grow(DrtCache *cache)
{
  DrtMemory *memory = &cache->store->memory;
  uint32_t eighth = cache->capacity / 8;
  uint32_t capacity = cache->capacity + (eighth > CAPACITY_STEP ? eighth : CAPACITY_STEP);
  /* The wider items come first, so each array is aligned whatever the capacity. */
  DrtHandle *handles = memory->take(memory->host, sizeof(DrtHandle), capacity * ENTRY_BYTES);
  if (handles == NULL)
    return false;
  uint16_t *positions = (uint16_t *)(handles + capacity);
  uint8_t *marks = (uint8_t *)(positions + capacity);
  if (cache->n > 0) {
    memcpy(handles, cache->handles, cache->n * sizeof *handles);
    memcpy(positions, cache->positions, cache->n * sizeof *positions);
    memcpy(marks, cache->marks, cache->n * sizeof *marks);
  }
  give_arrays(cache);
  cache->handles = handles;
  cache->positions = positions;
  cache->marks = marks;
  cache->capacity = capacity;
  return true;
}

/* Moves the entries from @from on to @to. */
static void
shift(DrtCache *cache, uint32_t from, uint32_t to)
{
  uint32_t behind = cache->n - from;
  memmove(&cache->handles[to], &cache->handles[from], behind * sizeof *cache->handles);
  memmove(&cache->positions[to], &cache->positions[from], behind * sizeof *cache->positions);
  memmove(&cache->marks[to], &cache->marks[from], behind * sizeof *cache->marks);
  cache->n = to + behind;
}

static void
insert(DrtCache *cache, DrtHandle handle, bool pin)
{
  const DrtKey *key = drt_store_key(cache->store, handle);
  uint32_t i = drt_cache_lower_bound(cache, key);
  shift(cache, i, i + 1);
  cache->handles[i] = handle;
  cache->positions[i] = position_of(&cache->origin, key);
  cache->marks[i] = (uint8_t)((pin ? MARK_PINNED : 0) | cache->period);
  cache->pinned += pin;
  drt_store_hold(cache->store, handle);
}

DrtHandle
drt_cache_remove(DrtCache *cache, uint32_t i)
{
  drt_assert(i < cache->n);
  DrtHandle handle = cache->handles[i];
  cache->pinned -= drt_cache_is_pinned(cache, i);
  shift(cache, i + 1, i);
  return handle;
}

static bool
has_at(const DrtCache *cache, uint32_t i, uint16_t position, const DrtKey *key)
{
  return i < cache->n && cache->positions[i] == position &&
         drt_key_equal(drt_cache_key(cache, i), key);
}

int32_t
drt_cache_find(const DrtCache *cache, const DrtKey *key)
{
  uint16_t position = position_of(&cache->origin, key);
  uint32_t i = first_at(cache, position);
  if (has_at(cache, i, position, key)) /* the only one there, nearly always */
    return (int32_t)i;
  i = lower_bound_from(cache, key, position, i);
  return has_at(cache, i, position, key) ? (int32_t)i : -1;
}

int32_t
drt_cache_index(const DrtCache *cache, DrtHandle handle)
{
  for (uint32_t i = 0; i < cache->n; i++)
    if (cache->handles[i] == handle)
      return (int32_t)i;
  return -1;
}

void
drt_cache_pin(DrtCache *cache, uint32_t i)
{
  cache->pinned += !drt_cache_is_pinned(cache, i);
  cache->marks[i] |= MARK_PINNED;
}

bool
drt_cache_is_pinned(const DrtCache *cache, uint32_t i)
{
  return (cache->marks[i] & MARK_PINNED) != 0;
}

void
drt_cache_set_proven(DrtCache *cache, uint32_t i, bool proven)
{
  cache->marks[i] = (uint8_t)((cache->marks[i] & ~MARK_PROVEN) | (proven ? MARK_PROVEN : 0));
}

bool
drt_cache_is_proven(const DrtCache *cache, uint32_t i)
{
  return (cache->marks[i] & MARK_PROVEN) != 0;
}

/* Of @a (or -1) and @b the one that was not heard of for longer. */
static int32_t
staler(const DrtCache *cache, int32_t a, uint32_t b)
{
  return a >= 0 && drt_cache_age(cache, (uint32_t)a) >= drt_cache_age(cache, b) ? a : (int32_t)b;
}

/* The unpinned entry of the slot that was not heard of for longest, or -1. The entries of a slot
 * lie together on the ring, on either side of where @key, which belongs to it, would be. */
static int32_t
slot_occupant(const DrtCache *cache, const DrtCacheShape *shape, const DrtKey *key)
{
  SlotRange slot = slot_range(cache, shape, key);
  uint32_t from = drt_cache_lower_bound(cache, key);
  int32_t stalest = -1;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    for (uint32_t step = 0; step < cache->n; step++) {
      uint32_t i = side == DRT_ABOVE ? from + step : from + cache->n - 1 - step;
      i -= i >= cache->n ? cache->n : 0;
      if (!slot_has_entry(cache, &slot, i))
        break;
      if (!drt_cache_is_pinned(cache, i))
        stalest = staler(cache, stalest, i);
    }
  }
  return stalest;
}

/* The unpinned entry that was not heard of for longest, or -1. */
static int32_t
stalest_entry(const DrtCache *cache)
{
  int32_t stalest = -1;
  for (uint32_t i = 0; i < cache->n; i++)
    if (!drt_cache_is_pinned(cache, i))
      stalest = staler(cache, stalest, i);
  return stalest;
}

/* Of the unpinned entries (two at least) that share their slot with another one, the one that was
 * not heard of for longest, or -1. */
static int32_t
stalest_sharing(const DrtCache *cache, const DrtCacheShape *shape)
{
  int32_t stalest = -1, last = -1;
  DrtCacheSlot last_slot = { 0 };
  /* Entries of a slot follow each other; twice round, as the last is followed by the first. */
  for (uint32_t step = 0; step < 2 * cache->n; step++) {
    uint32_t i = step % cache->n;
    if (drt_cache_is_pinned(cache, i))
      continue;
    DrtCacheSlot slot = drt_cache_slot(shape, drt_cache_key(cache, i));
    if (last >= 0 && slot_equal(&slot, &last_slot))
      stalest = staler(cache, staler(cache, stalest, (uint32_t)last), i);
    last = (int32_t)i;
    last_slot = slot;
  }
  return stalest;
}

static uint32_t
limit(const DrtCacheShape *shape)
{
  drt_assert(shape->deepest < DRT_CACHE_LEVELS_MAX);
  return DRT_CACHE_SLOTS * (shape->deepest + 1u) + (shape->spare ? DRT_CACHE_SPARE : 0);
}

static bool
is_stale(const DrtCache *cache, int32_t i)
{
  return i >= 0 && drt_cache_age(cache, (uint32_t)i) > DRT_CACHE_FRESH_PERIODS;
}

/* Whether an entry with @key may compete beside @others entries, of which the unpinned ones compete
 * already, and *ret_victim: who has to go for it, or -1. */
static bool
admit(const DrtCache *cache, const DrtCacheShape *shape, const DrtKey *key, uint32_t others,
      int32_t *ret_victim)
{
  bool room = cache->n - cache->pinned < limit(shape);
  *ret_victim = -1;
  if (others < DRT_CACHE_MIN)
    return true;
  int32_t occupant = slot_occupant(cache, shape, key);
  if (room && (occupant < 0 || shape->spare))
    return true;
  *ret_victim = occupant >= 0 ? occupant : stalest_entry(cache);
  return is_stale(cache, *ret_victim);
}

bool
drt_cache_would_admit(const DrtCache *cache, const DrtCacheShape *shape, const DrtKey *key)
{
  int32_t victim;
  return admit(cache, shape, key, cache->n, &victim);
}

/* The same node with the same versions; its addresses may come in another order (H38). */
static bool
is_same(const DrtStore *store, DrtHandle a, DrtHandle b)
{
  if (a == b)
    return true;
  DrtRoute one = drt_store_route(store, a), other = drt_store_route(store, b);
  return one.major == other.major && one.minor == other.minor && drt_route_same(&one, &other);
}

DrtCacheVerdict
drt_cache_offer(DrtCache *cache, const DrtCacheShape *shape, DrtHandle handle, bool pin,
                DrtHandle *ret_evicted)
{
  const DrtKey *key = drt_store_key(cache->store, handle);
  int32_t victim = -1, known = drt_cache_find(cache, key);
  *ret_evicted = DRT_HANDLE_NONE;
  if (known >= 0) {
    uint32_t i = (uint32_t)known;
    drt_cache_touch(cache, i);
    if (pin)
      drt_cache_pin(cache, i);
    if (is_same(cache->store, cache->handles[i], handle))
      return DRT_CACHE_KNOWN;
    *ret_evicted = cache->handles[i];
    cache->handles[i] = handle;
    drt_cache_set_proven(cache, i, false);
    drt_store_hold(cache->store, handle);
    return DRT_CACHE_REPLACED;
  }
  if (!pin && !admit(cache, shape, key, cache->n, &victim))
    return DRT_CACHE_REFUSED;
  if (victim < 0 && cache->n == cache->capacity && !grow(cache))
    return DRT_CACHE_NO_MEMORY;
  if (victim >= 0)
    *ret_evicted = drt_cache_remove(cache, (uint32_t)victim);
  insert(cache, handle, pin);
  drt_debug_assert(drt_cache_check(cache) == NULL);
  return DRT_CACHE_ADDED;
}

void
drt_cache_unpin(DrtCache *cache, const DrtCacheShape *shape, uint32_t i, DrtHandle *ret_evicted)
{
  *ret_evicted = DRT_HANDLE_NONE;
  if (!drt_cache_is_pinned(cache, i))
    return;
  int32_t victim;
  if (!admit(cache, shape, drt_cache_key(cache, i), cache->n - 1, &victim))
    victim = (int32_t)i;
  cache->marks[i] ^= MARK_PINNED;
  cache->pinned--;
  if (victim >= 0)
    *ret_evicted = drt_cache_remove(cache, (uint32_t)victim);
  drt_debug_assert(drt_cache_check(cache) == NULL);
}

void
drt_cache_unpin_all(DrtCache *cache)
{
  for (uint32_t i = 0; i < cache->n; i++)
    cache->marks[i] &= (uint8_t)~MARK_PINNED;
  cache->pinned = 0;
}

DrtHandle
drt_cache_shed(DrtCache *cache, const DrtCacheShape *shape)
{
  if (cache->n - cache->pinned <= limit(shape))
    return DRT_HANDLE_NONE;
  int32_t victim = stalest_sharing(cache, shape);
  return drt_cache_remove(cache, (uint32_t)(victim >= 0 ? victim : stalest_entry(cache)));
}

/* But for the positions. */
static void
reverse(DrtCache *cache, uint32_t from, uint32_t to)
{
  for (; from + 1 < to; from++, to--) {
    DrtHandle handle = cache->handles[from];
    uint8_t mark = cache->marks[from];
    cache->handles[from] = cache->handles[to - 1];
    cache->marks[from] = cache->marks[to - 1];
    cache->handles[to - 1] = handle;
    cache->marks[to - 1] = mark;
  }
}

void
drt_cache_rebase(DrtCache *cache, const DrtKey *origin)
{
  DrtKey opposite = *origin;
  opposite.w[0] ^= UINT64_C(1) << 63;
  uint32_t first = cache->n == 0 ? 0 : drt_cache_lower_bound(cache, &opposite) % cache->n;
  reverse(cache, 0, first);
  reverse(cache, first, cache->n);
  reverse(cache, 0, cache->n); /* now entry @first is in front */
  cache->origin = *origin;
  for (uint32_t i = 0; i < cache->n; i++)
    cache->positions[i] = position_of(origin, drt_cache_key(cache, i));
  drt_debug_assert(drt_cache_check(cache) == NULL);
}

size_t
drt_cache_bytes(const DrtCache *cache)
{
  return cache->capacity * ENTRY_BYTES;
}

const char *
drt_cache_check(const DrtCache *cache)
{
  uint32_t pinned = 0;
  if (cache->n > cache->capacity)
    return "more entries than room";
  for (uint32_t i = 0; i < cache->n; i++) {
    const DrtKey *key = drt_cache_key(cache, i);
    if (cache->positions[i] != position_of(&cache->origin, key))
      return "a position is not the key's";
    pinned += drt_cache_is_pinned(cache, i);
    if (i == 0)
      continue;
    DrtKey here = full_position(&cache->origin, key);
    DrtKey before = full_position(&cache->origin, drt_cache_key(cache, i - 1));
    if (!drt_key_less(&before, &here))
      return "the keys are not sorted, or one is there twice";
  }
  return pinned == cache->pinned ? NULL : "the count of pinned entries is wrong";
}
