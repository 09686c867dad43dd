/* Leaf set: the five nearest keys above and the five nearest below a local key (PROTOCOL.md 5.2).
 *
 * Each side is ranked over the whole ring by its one-way distance, so in a cloud of few keys a key
 * stands on both sides (H33). The caller keeps out its own other keys. Members are handles of the
 * entry store, not counted here: whatever is in a leaf set is in the route cache too, which holds
 * it. The top 64 bits of every distance are kept, so nearly all questions are answered without
 * touching the store. Pure data: no allocation, the caller embeds it. */
#pragma once
#include "drt-store.h"

#define DRT_LEAFSET_SIDE 5

typedef enum { DRT_ABOVE, DRT_BELOW } DrtSide;

static inline DrtSide
drt_side_other(DrtSide side)
{
  return side == DRT_ABOVE ? DRT_BELOW : DRT_ABOVE;
}

typedef struct {
  DrtKey own;
  uint64_t reach[2][DRT_LEAFSET_SIDE]; /* by DrtSide: top 64 bits of the distances, ascending */
  DrtHandle leaf[2][DRT_LEAFSET_SIDE]; /* nearest first */
  uint8_t n[2];
} DrtLeafset;

/* What an insertion did, for the events of the application (DEC-11). */
typedef struct {
  bool added;        /* the entry was no member and is one now */
  DrtHandle removed; /* the member that is none any more, or DRT_HANDLE_NONE; never more than one */
} DrtLeafsetChange;

void drt_leafset_init(DrtLeafset *set, const DrtKey *own);
/* falls_in_a_leaf_set of 7.5: on some side there are fewer than five, or @key is nearer than the
 * farthest. So an entry with this key would be a member, if none is; whether one is, only
 * drt_leafset_find tells, as the farthest is not nearer than itself. False for the own key. */
bool drt_leafset_covers(const DrtLeafset *set, const DrtStore *store, const DrtKey *key);
/* Offers the entry. A known key changes nothing. O(DRT_LEAFSET_SIDE). */
DrtLeafsetChange drt_leafset_offer(DrtLeafset *set, const DrtStore *store, DrtHandle handle);
/* Takes the entry out of both sides; a place that falls free goes to the best of the other side,
 * so that each side always has the nearest of all members. False if it was on none. */
bool drt_leafset_remove(DrtLeafset *set, const DrtStore *store, DrtHandle handle);
/* Puts @now in the places of @was, an entry of the same key: its address changed (H38). */
void drt_leafset_replace(DrtLeafset *set, DrtHandle was, DrtHandle now);
/* The entry is a member. */
bool drt_leafset_has(const DrtLeafset *set, DrtHandle handle);
/* The member with this key, or DRT_HANDLE_NONE. */
DrtHandle drt_leafset_find(const DrtLeafset *set, const DrtStore *store, const DrtKey *key);
/* NULL, or the name of the broken invariant. */
const char *drt_leafset_check(const DrtLeafset *set, const DrtStore *store);

/* The nearest and the farthest member of a side, or DRT_HANDLE_NONE. */
static inline DrtHandle
drt_leafset_nearest(const DrtLeafset *set, DrtSide side)
{
  return set->n[side] == 0 ? DRT_HANDLE_NONE : set->leaf[side][0];
}

static inline DrtHandle
drt_leafset_farthest(const DrtLeafset *set, DrtSide side)
{
  return set->n[side] == 0 ? DRT_HANDLE_NONE : set->leaf[side][set->n[side] - 1];
}
