/* Route cache: the nodes that one instance knows, in ring order (PROTOCOL.md 5.4).
 *
 * One array sorted by position on the ring. An entry costs seven bytes here: its handle, 16 bits of
 * position, and a mark of two flags and when it was last heard of; the rest is in the entry store.
 * The array grows by an eighth, so with its slack an entry costs at most eight from 49 entries on.
 * The 16 bits are a logarithm of the distance from the origin, fine where the cache is dense, so a
 * search touches the store for the entry found and hardly for others.
 *
 * Which entries are worth keeping is decided by slots (H35). Around a centre (a local key), level v
 * is the arc of a 10^v-th of the ring; it is cut into 20 slots, and an entry belongs to the deepest
 * level whose arc contains it. The two innermost slots of a level are the next level, so a slot is
 * a side, the number of leading zeros of the distance as a decimal fraction, and its first digit.
 * An entry belongs to its nearest centre alone, so slots of neighbouring centres do not overlap.
 *
 * The cache owns one reference to every entry. It knows nothing of leaf sets: the caller pins
 * their members, and pinned entries are kept whatever their slot. So the hard limit of H35, twenty
 * entries a level and the leaf sets, is one of unpinned entries here. */
#pragma once
#include "drt-leafset.h" /* DrtSide */
#include "drt-store.h"

#define DRT_CACHE_LEVELS_MAX 10   /* levels 0 to 9 */
#define DRT_CACHE_SLOTS 20        /* per level */
#define DRT_CACHE_MIN 10          /* entries kept whatever their slot (5.4, requirement 3) */
#define DRT_CACHE_SPARE 20        /* beyond the slots, for an instance without keys */
#define DRT_CACHE_FRESH_PERIODS 2 /* an entry heard of that lately keeps its slot */
#define DRT_CACHE_AGE_MAX 31      /* periods; older is not told apart */

typedef struct {
  DrtStore *store;    /* (transfer none) */
  DrtKey origin;      /* positions count from here; the first centre, to be fine where it matters */
  DrtHandle *handles; /* sorted by position; one piece of memory with the two arrays below */
  uint16_t *positions;
  uint8_t *marks;
  uint32_t n, capacity, pinned;
  uint8_t period; /* the clock of "last heard": maintenance periods, modulo 64 */
} DrtCache;

/* What the slots are counted around. */
typedef struct {
  const DrtKey *centres; /* (transfer none) the local keys, or one random key if there are none */
  uint32_t centre_count; /* at least 1 */
  uint8_t deepest;       /* the deepest level kept, 0 to 9 (asserted) */
  bool spare;            /* no local key: keep up to 20 more, whatever their slot */
} DrtCacheShape;

/* Where an entry belongs. */
typedef struct {
  uint32_t centre;
  DrtSide side;
  uint8_t level, digit; /* digit 0 to 9: 0 only on the deepest level */
} DrtCacheSlot;

/* An entry is known if the same key, port, versions and addresses are cached, in whatever order the
 * addresses come (H38): the cached one stays, its handle and its marks, and the offered handle may
 * be another one, which leaf sets do not know. */
typedef enum {
  DRT_CACHE_ADDED,    /* it is in, *ret_evicted (if any) is out */
  DRT_CACHE_KNOWN,    /* it, or one that means the same, was there; it counts as heard of now */
  DRT_CACHE_REPLACED, /* its key was there otherwise: *ret_evicted is out, "proven" is taken back */
  DRT_CACHE_REFUSED,  /* its slot is taken by a fresh entry, or the cache is full of such */
  DRT_CACHE_NO_MEMORY, /* the host has none */
} DrtCacheVerdict;

/* What a search may return. Zeroed: everything. */
typedef struct {
  const DrtEndpoint *path; /* (transfer none) entries that listen at one of these are passed over */
  size_t path_count;
  const DrtKey *bound;  /* if not NULL: only keys strictly closer to the target than this one; */
  const DrtKey *within; /* else, if not NULL: only keys at this distance or a shorter one */
} DrtCacheFilter;

/* A stretch without an entry: one-way distances from a centre. */
typedef struct {
  DrtSide side;
  DrtKey from, width; /* no width: there is none */
} DrtCacheGap;

void drt_cache_init(DrtCache *cache, DrtStore *store, const DrtKey *origin);
/* Drops every entry and gives the memory back. */
void drt_cache_clear(DrtCache *cache);
/* Counts positions from another key from now on. O(n) plus a read of each entry. */
void drt_cache_rebase(DrtCache *cache, const DrtKey *origin);
/* Offers an entry that has just answered. The cache takes a reference of its own if it keeps it.
 * With @pin it is kept in any case. *ret_evicted (transfer full, to be dropped) is the entry that
 * had to go, or DRT_HANDLE_NONE. */
DrtCacheVerdict drt_cache_offer(DrtCache *cache, const DrtCacheShape *shape, DrtHandle handle,
                                bool pin, DrtHandle *ret_evicted);
/* Whether an entry with @key, which is not cached, would be kept if it were offered now without a
 * pin: who would be refused need not be asked to answer first. */
bool drt_cache_would_admit(const DrtCache *cache, const DrtCacheShape *shape, const DrtKey *key);
/* Takes entry @i out. (transfer full) */
DrtHandle drt_cache_remove(DrtCache *cache, uint32_t i);
/* The entry with this key, or -1. */
int32_t drt_cache_find(const DrtCache *cache, const DrtKey *key);
/* The place of this very entry, or -1. O(n), but it reads nothing but handles. */
int32_t drt_cache_index(const DrtCache *cache, DrtHandle handle);
/* Entry @i is kept whatever its slot, until it is unpinned. */
void drt_cache_pin(DrtCache *cache, uint32_t i);
bool drt_cache_is_pinned(const DrtCache *cache, uint32_t i);
/* Entry @i, if it is pinned, competes from now on, as if it were offered now: if another unpinned
 * entry has its slot, or the limit is reached, one of them has to go, and that is the other one if
 * it is stale, else @i itself. Of ten entries or fewer none goes. *ret_evicted (transfer full) is
 * who went, or DRT_HANDLE_NONE.
 *
 * Of several unpinned in turn, the first in a slot keeps it while it is fresh. Who goes was not
 * pinned, but it may be one that was unpinned a moment ago; the entries above it move down by one,
 * so a loop over indices that runs downwards meets each entry. */
void drt_cache_unpin(DrtCache *cache, const DrtCacheShape *shape, uint32_t i,
                     DrtHandle *ret_evicted);
/* Unpins all, and all stay. For an instance whose last key was unregistered: its shape allows far
 * fewer entries now, so unpinned one by one the former leaves would be the ones to go. Let
 * drt_cache_shed choose instead, at the next maintenance or at once. O(n). */
void drt_cache_unpin_all(DrtCache *cache);
/* When the shape shrinks (fewer levels, no key) there may be more unpinned entries than its limit.
 * Takes one of them out (transfer full), or gives DRT_HANDLE_NONE if there are none too many; to be
 * repeated until then. Those that share a slot go first, of these the one not heard of for longest:
 * what stays is spread over the ring, and it is at least twenty, more than requirement 3 wants.
 * O(n) slots, O(1) if there are none too many. */
DrtHandle drt_cache_shed(DrtCache *cache, const DrtCacheShape *shape);
/* A mark of the caller's on entry @i: its key was proven to belong to its node (7.5). */
void drt_cache_set_proven(DrtCache *cache, uint32_t i, bool proven);
bool drt_cache_is_proven(const DrtCache *cache, uint32_t i);
/* Entry @i has answered. */
void drt_cache_touch(DrtCache *cache, uint32_t i);
/* Periods since entry @i was heard of; DRT_CACHE_AGE_MAX stands for that many or more. */
uint8_t drt_cache_age(const DrtCache *cache, uint32_t i);
/* A maintenance period has passed. O(1), but O(n) once in 32. */
void drt_cache_tick(DrtCache *cache);
/* The slot of a key. O(centres). */
DrtCacheSlot drt_cache_slot(const DrtCacheShape *shape, const DrtKey *key);

/* The up to @max entries closest to @target that pass the filter, closest first, ties to the key
 * above (H33). The number found. O(log n + entries passed over). */
uint32_t drt_cache_closest(const DrtCache *cache, const DrtKey *target,
                           const DrtCacheFilter *filter, DrtHandle *ret, uint32_t max);
/* The first entry strictly above or below @key that is not passed over for its path, or
 * DRT_HANDLE_NONE. The bound of the filter does not count here. */
DrtHandle drt_cache_beside(const DrtCache *cache, const DrtKey *key, DrtSide side,
                           const DrtCacheFilter *filter);
/* Up to @max entries, one from each of @max equal arcs of the ring where there is one, the arcs
 * turned by @random. The number found: @max, or all if fewer. */
uint32_t drt_cache_spread(const DrtCache *cache, uint64_t random, DrtHandle *ret, uint32_t max);
/* Of each level up to @deepest the widest stretch without an entry inside its arc around @centre. The
 * centre, a local key, ends a stretch as an entry does. The two distances @known (by DrtSide, the
 * top 64 bits, so that the reach of a leaf set will do) are passed over: up to the entries there,
 * the caller knows that there is nobody else. O(n). */
void drt_cache_gaps(const DrtCache *cache, const DrtKey *centre, uint8_t deepest,
                    const uint64_t known[2], DrtCacheGap ret[DRT_CACHE_LEVELS_MAX]);
/* If the stretch is wider than @slots (at most 20) of the level: its middle, and the fewest leading
 * bits that keep a search inside it (7.11). */
bool drt_cache_gap_middle(const DrtCacheGap *gap, const DrtKey *centre, uint8_t level,
                          uint32_t slots, DrtKey *ret_middle, unsigned *ret_precision);

/* NULL, or the name of the broken invariant. O(n). */
const char *drt_cache_check(const DrtCache *cache);
/* Bytes of the host's memory beyond the struct. */
size_t drt_cache_bytes(const DrtCache *cache);

/* A walk over the entries in ring order, away from a key, each once, the key itself left out. */
typedef struct {
  const DrtCache *cache;
  DrtSide side;
  uint32_t at, left;
} DrtCacheWalk;

DrtCacheWalk drt_cache_walk(const DrtCache *cache, const DrtKey *key, DrtSide side);
/* The next entry, or DRT_HANDLE_NONE at the end. */
DrtHandle drt_cache_walk_next(DrtCacheWalk *walk);
