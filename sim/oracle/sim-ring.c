#include "sim-ring.h"

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const SimRingKey *x = a, *y = b;
  (void)data;
  if (!drt_key_equal(&x->key, &y->key))
    return drt_key_less(&x->key, &y->key) ? -1 : 1;
  return x->node == y->node ? 0 : x->node < y->node ? -1 : 1;
}

static bool
same_key(const SimRingKey *a, const SimRingKey *b)
{
  return drt_key_equal(&a->key, &b->key);
}

void
sim_ring_init(SimRing *ring)
{
  *ring = (SimRing){ .tree = g_tree_new_full(compare, NULL, NULL, NULL), .most_keys = 1 };
}

void
sim_ring_clear(SimRing *ring)
{
  g_tree_unref(ring->tree);
}

uint32_t
sim_ring_count(const SimRing *ring)
{
  return (uint32_t)g_tree_nnodes(ring->tree);
}

void
sim_ring_add(SimRing *ring, SimRingKey *key)
{
  key->place = g_tree_insert_node(ring->tree, key, key);
}

void
sim_ring_remove(SimRing *ring, SimRingKey *key)
{
  g_tree_remove(ring->tree, key);
  key->place = NULL;
}

SimRingKey *
sim_ring_first(const SimRing *ring)
{
  GTreeNode *first = g_tree_node_first(ring->tree);
  return first == NULL ? NULL : g_tree_node_value(first);
}

SimRingKey *
sim_ring_beside(const SimRing *ring, const SimRingKey *key, DrtSide side)
{
  GTreeNode *place =
    side == DRT_ABOVE ? g_tree_node_next(key->place) : g_tree_node_previous(key->place);
  if (place == NULL)
    place = side == DRT_ABOVE ? g_tree_node_first(ring->tree) : g_tree_node_last(ring->tree);
  return g_tree_node_value(place);
}

SimRingKey *
sim_ring_find(const SimRing *ring, const DrtKey *key)
{
  SimRingKey wanted = { .key = *key, .node = 0 };
  GTreeNode *place = g_tree_lower_bound(ring->tree, &wanted);
  SimRingKey *found = place == NULL ? NULL : g_tree_node_value(place);
  return found != NULL && same_key(found, &wanted) ? found : NULL;
}

static bool
in_range(const DrtKey *key, const DrtKey *least, const DrtKey *most)
{
  return !drt_key_less(key, least) && !drt_key_less(most, key);
}

/* Nearest around the ring. A range is plain, so what it allows is a stretch around the target: the
 * nearest is the first allowed one up or down, or, if there is none on a side before the range ends,
 * the far end of the range, met the other way around. */
SimRingKey *
sim_ring_nearest(const SimRing *ring, const DrtKey *target, const DrtKey *least, const DrtKey *most)
{
  SimRingKey wanted = { .key = *target, .node = 0 };
  GTreeNode *up = g_tree_lower_bound(ring->tree, &wanted);
  GTreeNode *down = up == NULL ? g_tree_node_last(ring->tree) : g_tree_node_previous(up);
  SimRingKey low = { .key = *least, .node = 0 }, high = { .key = *most, .node = UINT32_MAX };
  GTreeNode *first = g_tree_lower_bound(ring->tree, &low);
  GTreeNode *beyond = g_tree_upper_bound(ring->tree, &high);
  GTreeNode *last = beyond == NULL ? g_tree_node_last(ring->tree) : g_tree_node_previous(beyond);
  GTreeNode *candidates[4] = { up, down, first, last };
  SimRingKey *best = NULL;
  for (int i = 0; i < 4; i++) {
    SimRingKey *key = candidates[i] == NULL ? NULL : g_tree_node_value(candidates[i]);
    if (key == NULL || !in_range(&key->key, least, most))
      continue;
    if (best == NULL || drt_key_ranks_before(&key->key, &best->key, target))
      best = key;
  }
  return best;
}

/* Around the ring until it is full or we are back: keys of the own node and keys that stand for the
 * same place are passed over. */
uint32_t
sim_ring_ideal(const SimRing *ring, const SimRingKey *key, DrtSide side,
               const SimRingKey *ret[DRT_LEAFSET_SIDE])
{
  uint32_t n = 0;
  const SimRingKey *at = sim_ring_beside(ring, key, side);
  for (; at != key && n < DRT_LEAFSET_SIDE; at = sim_ring_beside(ring, at, side)) {
    if (at->node == key->node || same_key(at, key) || (n > 0 && same_key(at, ret[n - 1])))
      continue;
    ret[n++] = at;
  }
  return n;
}

#define SEVERAL UINT32_MAX /* of the publishers of one place */

/* A neighbour is concerned if fewer than five places that others publish lie between. Its own keys
 * between do not count, so it may be some further away, as many as one node has. All publishers of
 * one key are one place, and those of @key itself have it already. */
static void
visit_side(const SimRing *ring, const SimRingKey *key, DrtSide side,
           void (*visit)(SimRingKey *neighbour, void *data), void *data)
{
  uint32_t reach = DRT_LEAFSET_SIDE + ring->most_keys, n = 0;
  uint32_t *nodes = g_new(uint32_t, reach + 1); /* the last is the place we are at */
  const SimRingKey *before = key;
  SimRingKey *at = sim_ring_beside(ring, key, side);
  for (; at != key; before = at, at = sim_ring_beside(ring, at, side)) {
    if (same_key(at, key))
      continue;
    bool same_place = same_key(at, before);
    if (!same_place && before != key && !same_key(before, key))
      n++;
    if (n >= reach)
      break;
    nodes[n] = same_place ? SEVERAL : at->node;
    uint32_t between = 0;
    for (uint32_t i = 0; i < n; i++)
      between += nodes[i] != at->node;
    if (between < DRT_LEAFSET_SIDE)
      visit(at, data);
  }
  g_free(nodes);
}

void
sim_ring_around(const SimRing *ring, const SimRingKey *key,
                void (*visit)(SimRingKey *neighbour, void *data), void *data)
{
  visit_side(ring, key, DRT_ABOVE, visit, data);
  visit_side(ring, key, DRT_BELOW, visit, data);
}
