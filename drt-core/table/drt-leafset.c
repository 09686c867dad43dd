/* Distances wrap as unsigned numbers do, so the ring needs no special case at zero. */
#include "drt-leafset.h"

static DrtKey
one_way(const DrtLeafset *set, DrtSide side, const DrtKey *key)
{
  return side == DRT_ABOVE ? drt_key_up(&set->own, key) : drt_key_up(key, &set->own);
}

/* Its most significant word. */
static uint64_t
one_way_top(const DrtLeafset *set, DrtSide side, const DrtKey *key)
{
  return side == DRT_ABOVE ? drt_key_sub_top(key, &set->own) : drt_key_sub_top(&set->own, key);
}

/* -1, 0 or 1: how @distance compares with the distance of the @i-th member. The store is asked only
 * where 64 bits do not decide. */
static int
compare(const DrtLeafset *set, const DrtStore *store, DrtSide side, const DrtKey *distance,
        unsigned i)
{
  uint64_t reach = set->reach[side][i];
  if (distance->w[0] != reach)
    return distance->w[0] < reach ? -1 : 1;
  DrtKey member = one_way(set, side, drt_store_key(store, set->leaf[side][i]));
  if (drt_key_equal(distance, &member))
    return 0;
  return drt_key_less(distance, &member) ? -1 : 1;
}

/* Puts the entry where it belongs on one side. True if it was taken in; *ret_pushed_out is the
 * member that lost its place, if any. */
static bool
side_insert(DrtLeafset *set, const DrtStore *store, DrtSide side, DrtHandle handle,
            DrtHandle *ret_pushed_out)
{
  DrtKey distance = one_way(set, side, drt_store_key(store, handle));
  unsigned n = set->n[side], at = n;
  while (at > 0) {
    int order = compare(set, store, side, &distance, at - 1);
    if (order == 0)
      return false;
    if (order > 0)
      break;
    at--;
  }
  if (at == DRT_LEAFSET_SIDE)
    return false;
  if (n == DRT_LEAFSET_SIDE)
    *ret_pushed_out = set->leaf[side][--n];
  for (unsigned i = n; i > at; i--) {
    set->leaf[side][i] = set->leaf[side][i - 1];
    set->reach[side][i] = set->reach[side][i - 1];
  }
  set->leaf[side][at] = handle;
  set->reach[side][at] = distance.w[0];
  set->n[side] = (uint8_t)(n + 1);
  return true;
}

static bool
side_has(const DrtLeafset *set, DrtSide side, DrtHandle handle)
{
  for (unsigned i = 0; i < set->n[side]; i++)
    if (set->leaf[side][i] == handle)
      return true;
  return false;
}

static bool
side_remove(DrtLeafset *set, DrtSide side, DrtHandle handle)
{
  unsigned n = set->n[side], kept = 0;
  for (unsigned i = 0; i < n; i++) {
    if (set->leaf[side][i] == handle)
      continue;
    set->leaf[side][kept] = set->leaf[side][i];
    set->reach[side][kept] = set->reach[side][i];
    kept++;
  }
  set->n[side] = (uint8_t)kept;
  return kept < n;
}

void
drt_leafset_init(DrtLeafset *set, const DrtKey *own)
{
  *set = (DrtLeafset){ .own = *own };
}

bool
drt_leafset_covers(const DrtLeafset *set, const DrtStore *store, const DrtKey *key)
{
  if (drt_key_equal(key, &set->own))
    return false;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    if (set->n[side] < DRT_LEAFSET_SIDE)
      return true;
    uint64_t top = one_way_top(set, side, key), reach = set->reach[side][DRT_LEAFSET_SIDE - 1];
    if (top < reach)
      return true;
    DrtKey distance = one_way(set, side, key);
    if (top == reach && compare(set, store, side, &distance, DRT_LEAFSET_SIDE - 1) < 0)
      return true;
  }
  return false;
}

/* Of m members, m + 1 with the new one, the five first and the five last in ring order stay. That is
 * all of them up to ten, and of eleven all but one. So at most one member goes. */
DrtLeafsetChange
drt_leafset_offer(DrtLeafset *set, const DrtStore *store, DrtHandle handle)
{
  DrtLeafsetChange change = { .removed = DRT_HANDLE_NONE };
  const DrtKey *key = drt_store_key(store, handle);
  if (drt_key_equal(key, &set->own) || drt_leafset_find(set, store, key) != DRT_HANDLE_NONE)
    return change;
  DrtHandle pushed_out[2] = { DRT_HANDLE_NONE, DRT_HANDLE_NONE };
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    change.added |= side_insert(set, store, side, handle, &pushed_out[side]);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    if (pushed_out[side] != DRT_HANDLE_NONE && !drt_leafset_has(set, pushed_out[side]))
      change.removed = pushed_out[side];
  return change;
}

/* In a small cloud the next of a side is a member already, on the other side. */
static void
side_refill(DrtLeafset *set, const DrtStore *store, DrtSide side)
{
  DrtSide other = drt_side_other(side);
  DrtHandle pushed_out;
  for (unsigned i = 0; i < set->n[other]; i++)
    side_insert(set, store, side, set->leaf[other][i], &pushed_out);
}

bool
drt_leafset_remove(DrtLeafset *set, const DrtStore *store, DrtHandle handle)
{
  bool above = side_remove(set, DRT_ABOVE, handle);
  bool below = side_remove(set, DRT_BELOW, handle);
  if (above)
    side_refill(set, store, DRT_ABOVE);
  if (below)
    side_refill(set, store, DRT_BELOW);
  return above || below;
}

void
drt_leafset_replace(DrtLeafset *set, DrtHandle was, DrtHandle now)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    for (unsigned i = 0; i < set->n[side]; i++)
      if (set->leaf[side][i] == was)
        set->leaf[side][i] = now;
}

bool
drt_leafset_has(const DrtLeafset *set, DrtHandle handle)
{
  return side_has(set, DRT_ABOVE, handle) || side_has(set, DRT_BELOW, handle);
}

DrtHandle
drt_leafset_find(const DrtLeafset *set, const DrtStore *store, const DrtKey *key)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtKey distance = one_way(set, side, key);
    for (unsigned i = 0; i < set->n[side]; i++)
      if (compare(set, store, side, &distance, i) == 0)
        return set->leaf[side][i];
  }
  return DRT_HANDLE_NONE;
}

static const char *
check_side(const DrtLeafset *set, const DrtStore *store, DrtSide side)
{
  if (set->n[side] > DRT_LEAFSET_SIDE)
    return "a side has more than five members";
  DrtKey last = DRT_KEY_ZERO; /* only the own key is at distance zero */
  for (unsigned i = 0; i < set->n[side]; i++) {
    DrtKey distance = one_way(set, side, drt_store_key(store, set->leaf[side][i]));
    if (drt_key_is_zero(&distance))
      return "the own key is a member";
    if (!drt_key_less(&last, &distance))
      return "a side is not sorted, or has a key twice";
    if (set->reach[side][i] != distance.w[0])
      return "a kept distance is not the member's";
    last = distance;
  }
  return NULL;
}

/* Ranking is over the whole ring, so a key that is missing on a side was beaten there. */
static const char *
check_missing(const DrtLeafset *set, const DrtStore *store, DrtSide side)
{
  DrtSide other = drt_side_other(side);
  for (unsigned i = 0; i < set->n[other]; i++) {
    DrtHandle handle = set->leaf[other][i];
    if (side_has(set, side, handle))
      continue;
    if (set->n[side] < DRT_LEAFSET_SIDE)
      return "a short side lacks a key that the other side knows";
    DrtKey distance = one_way(set, side, drt_store_key(store, handle));
    if (compare(set, store, side, &distance, DRT_LEAFSET_SIDE - 1) < 0)
      return "a side lacks a nearer key that the other side knows";
  }
  return NULL;
}

const char *
drt_leafset_check(const DrtLeafset *set, const DrtStore *store)
{
  const char *broken = NULL;
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW && broken == NULL; side++)
    broken = check_side(set, store, side);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW && broken == NULL; side++)
    broken = check_missing(set, store, side);
  return broken;
}
