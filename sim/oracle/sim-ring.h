/* The ideal ring: every published key in order, and what each leaf set ought to be.
 *
 * Kept as keys come and go: a change costs the logarithm of their number and a few neighbours. Keys
 * are compared as the ring orders them. A key may be published by several nodes; as a place on the
 * ring it counts once, and a node's own other keys are no members of its leaf sets (H33). */
#pragma once
#include "drt-leafset.h"

#include <glib.h>

typedef struct {
  DrtKey key;
  uint32_t node;
  GTreeNode *place; /* in the ring; NULL: not in it */
} SimRingKey;

typedef struct {
  GTree *tree;        /* of SimRingKey, by key, then node */
  uint32_t most_keys; /* that one node has had here at once: how far a change reaches */
} SimRing;

void sim_ring_init(SimRing *ring);
void sim_ring_clear(SimRing *ring);
uint32_t sim_ring_count(const SimRing *ring);
/* (transfer none): the key stays the caller's, and must stay where it is. */
void sim_ring_add(SimRing *ring, SimRingKey *key);
void sim_ring_remove(SimRing *ring, SimRingKey *key);
/* The first one in the order of the ring; NULL if it is empty. */
SimRingKey *sim_ring_first(const SimRing *ring);
/* The next one up or down, around the ring. */
SimRingKey *sim_ring_beside(const SimRing *ring, const SimRingKey *key, DrtSide side);
/* Any publisher of this key, or NULL. */
SimRingKey *sim_ring_find(const SimRing *ring, const DrtKey *key);
/* The published key nearest to @target from @least to @most, ties to the key above; or NULL. */
SimRingKey *sim_ring_nearest(const SimRing *ring, const DrtKey *target, const DrtKey *least,
                             const DrtKey *most);
/* The ideal leaf set of @key on one side, nearest first. Its length, at most DRT_LEAFSET_SIDE. */
uint32_t sim_ring_ideal(const SimRing *ring, const SimRingKey *key, DrtSide side,
                        const SimRingKey *ret[DRT_LEAFSET_SIDE]);
/* Calls @visit for each key whose ideal leaf set has @key in it, or would have if it were there. */
void sim_ring_around(const SimRing *ring, const SimRingKey *key,
                     void (*visit)(SimRingKey *neighbour, void *data), void *data);
