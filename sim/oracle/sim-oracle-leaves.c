/* Leaf sets beside the ideal ones. */
#include "sim-oracle-private.h"

void
sim_oracle_touch(SimOracle *oracle, SimOracleKey *key)
{
  if (key->stale)
    return;
  key->stale = true;
  key->next_stale = oracle->stale_first;
  oracle->stale_first = key;
}

static void
unlink_wrong(SimOracleKey *key)
{
  if (key->link_wrong == NULL)
    return;
  *key->link_wrong = key->next_wrong;
  if (key->next_wrong != NULL)
    key->next_wrong->link_wrong = key->link_wrong;
  key->link_wrong = NULL;
}

static void
link_wrong(SimOracle *oracle, SimOracleKey *key)
{
  key->next_wrong = oracle->wrong_first;
  key->link_wrong = &oracle->wrong_first;
  if (key->next_wrong != NULL)
    key->next_wrong->link_wrong = &key->next_wrong;
  oracle->wrong_first = key;
}

void
sim_oracle_discount(SimOracle *oracle, SimOracleKey *key)
{
  oracle->right -= key->right;
  oracle->total -= key->total;
  oracle->nearest_right -= key->nearest_counted;
  for (uint32_t i = 0; i < key->member_count; i++)
    sim_oracle_member(oracle, key->members[i], -1);
  key->right = key->total = key->member_count = 0;
  key->nearest_counted = false;
  unlink_wrong(key);
}

/* One side: how many of its positions are right. */
static void
look_at_side(SimOracle *oracle, SimOracleKey *key, const DrtStore *store, const DrtLeafset *leaves,
             DrtSide side)
{
  const SimRingKey *ideal[DRT_LEAFSET_SIDE];
  uint32_t wanted = sim_ring_ideal(&oracle->ring, &key->ring, side, ideal);
  uint32_t n = leaves == NULL ? 0 : leaves->n[side];
  for (uint32_t i = 0; i < n; i++) {
    DrtHandle member = leaves->leaf[side][i];
    bool right = i < wanted && drt_key_equal(drt_store_key(store, member), &ideal[i]->key);
    key->right += right;
    if (i == 0)
      key->nearest_right[side] = right;
    key->members[key->member_count++] = member;
    sim_oracle_member(oracle, member, 1);
  }
  if (n == 0)
    key->nearest_right[side] = wanted == 0;
  else if (wanted == 0)
    key->nearest_right[side] = false;
  key->total = (uint8_t)(key->total + MAX(wanted, n));
}

/* All neighbours that it had when it was looked at last have crashed since. Whether it finds back to
 * the others is luck: it may know some more of them, or not. */
static void
note_orphan(SimOracle *oracle, const SimOracleKey *key)
{
  for (uint32_t i = 0; i < key->member_count; i++) {
    const SimOracleEntry *entry = sim_oracle_entry(oracle, key->members[i]);
    if (entry->handle != key->members[i] || entry->live || !entry->crashed)
      return;
  }
  if (key->member_count == 0 || oracle->orphan != sim_world_nodes(oracle->world))
    return;
  oracle->orphan = key->ring.node;
  oracle->orphaned = sim_world_now(oracle->world);
}

static void
look_at(SimOracle *oracle, SimOracleKey *key)
{
  const DrtNode *node = sim_oracle_core(oracle, key->ring.node);
  const DrtLocal *local = node == NULL ? NULL : drt_node_find_local(node, &key->ring.key);
  const DrtLeafset *leaves = local == NULL ? NULL : &local->leaves;
  const DrtStore *store = node == NULL ? NULL : drt_node_store(node);
  note_orphan(oracle, key);
  sim_oracle_discount(oracle, key);
  look_at_side(oracle, key, store, leaves, DRT_ABOVE);
  look_at_side(oracle, key, store, leaves, DRT_BELOW);
  const char *broken = leaves == NULL ? NULL : drt_leafset_check(leaves, store);
  if (broken != NULL)
    sim_oracle_violated(oracle, SIM_INVARIANT_RING_ORDER, key->ring.node, "leaf set: %s", broken);
  oracle->right += key->right;
  oracle->total += key->total;
  key->nearest_counted = key->nearest_right[DRT_ABOVE] && key->nearest_right[DRT_BELOW];
  oracle->nearest_right += key->nearest_counted;
  if (!key->nearest_counted)
    link_wrong(oracle, key);
}

/* The neighbours in whose leaf set the key belongs all have it. */
typedef struct {
  SimOracle *oracle;
  const SimOracleKey *key;
  bool everywhere;
} Seen;

static void
see(SimRingKey *neighbour, void *data)
{
  Seen *seen = data;
  if (!seen->everywhere || neighbour->node == seen->key->ring.node)
    return;
  const DrtNode *node = sim_oracle_core(seen->oracle, neighbour->node);
  const DrtLocal *local = node == NULL ? NULL : drt_node_find_local(node, &neighbour->key);
  seen->everywhere = local != NULL && drt_leafset_find(&local->leaves, drt_node_store(node),
                                                       &seen->key->ring.key) != DRT_HANDLE_NONE;
}

static void
look_for_unseen(SimOracle *oracle)
{
  for (guint i = oracle->unseen->len; i-- > 0;) {
    SimOracleKey *key = g_array_index(oracle->unseen, SimOracleKey *, i);
    Seen seen = { .oracle = oracle, .key = key, .everywhere = true };
    sim_ring_around(&oracle->ring, &key->ring, see, &seen);
    if (!seen.everywhere)
      continue;
    SimTime now = sim_world_now(oracle->world), began = oracle->nodes[key->ring.node].started;
    SimOracleJoin join = { .at = now, .took = now - MAX(began, key->registered) };
    g_array_append_val(oracle->visible_joins, join);
    key->unseen = false;
    g_array_remove_index_fast(oracle->unseen, i);
  }
}

void
sim_oracle_look(SimOracle *oracle)
{
  SimOracleKey *key = oracle->stale_first;
  oracle->stale_first = NULL;
  while (key != NULL) {
    SimOracleKey *next = key->next_stale;
    key->stale = false;
    if (key->ring.node == UINT32_MAX)
      g_slice_free(SimOracleKey, key);
    else if (key->ring.place != NULL)
      look_at(oracle, key);
    key = next;
  }
  look_for_unseen(oracle);
}

/* ---- How many rings there are. ----
 *
 * Two keys hang together if one has the other as its nearest on a side, if one node serves both, or
 * if they are one key that two nodes serve. Where the ring goes on from a key to the next one without
 * hanging together, there is a break, and what lies between two breaks hangs together. A key whose
 * nearest is a wrong one hangs together with that one. So only keys whose nearest are wrong are looked
 * at, and the nodes with several keys if there are breaks at all. */

static int
compare_breaks(gconstpointer a, gconstpointer b)
{
  const DrtKey *x = a, *y = b;
  return drt_key_equal(x, y) ? 0 : drt_key_less(x, y) ? -1 : 1;
}

static bool
are_one(const SimRingKey *a, const SimRingKey *b)
{
  return a->node == b->node || drt_key_equal(&a->key, &b->key);
}

#define SHARING 8 /* publishers of one key that are looked at */

/* The way to the next key on @side is known to somebody: to @key, or to one before it that passes over
 * @key on the way, since that is a key of its own node or its own key with another publisher. */
static bool
reaches(const SimOracle *oracle, const SimOracleKey *key, DrtSide side)
{
  const SimRingKey *at = &key->ring;
  for (uint32_t steps = 0; steps < oracle->ring.most_keys + SHARING; steps++) {
    bool passes = true;
    for (const SimRingKey *over = &key->ring; over != at && passes;
         over = sim_ring_beside(&oracle->ring, over, drt_side_other(side)))
      passes = are_one(at, over);
    if (passes && ((const SimOracleKey *)at)->nearest_right[side])
      return true;
    at = sim_ring_beside(&oracle->ring, at, drt_side_other(side));
    if (at == &key->ring)
      return false;
  }
  return false;
}

static GArray *
find_breaks(SimOracle *oracle)
{
  GArray *breaks = g_array_new(FALSE, FALSE, sizeof(DrtKey));
  for (SimOracleKey *key = oracle->wrong_first; key != NULL; key = key->next_wrong) {
    if (key->nearest_right[DRT_ABOVE])
      continue;
    SimOracleKey *next = (SimOracleKey *)sim_ring_beside(&oracle->ring, &key->ring, DRT_ABOVE);
    if (!are_one(&key->ring, &next->ring) && !reaches(oracle, key, DRT_ABOVE) &&
        !reaches(oracle, next, DRT_BELOW))
      g_array_append_val(breaks, key->ring.key);
  }
  g_array_sort(breaks, compare_breaks);
  return breaks;
}

/* The pieces of the ring between breaks, and which of them hang together after all. */
typedef struct {
  GArray *breaks;
  uint32_t *parent;
  uint64_t rings;
} Pieces;

/* The piece that a key is in: pieces are numbered by the break at their upper end. */
static uint32_t
piece_of(const Pieces *pieces, const DrtKey *key)
{
  guint low = 0, high = pieces->breaks->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (drt_key_less(&g_array_index(pieces->breaks, DrtKey, middle), key))
      low = middle + 1;
    else
      high = middle;
  }
  low = low == pieces->breaks->len ? 0 : low;
  while (pieces->parent[low] != low)
    low = pieces->parent[low] = pieces->parent[pieces->parent[low]];
  return low;
}

static void
join(Pieces *pieces, const DrtKey *one, const DrtKey *other)
{
  uint32_t a = piece_of(pieces, one), b = piece_of(pieces, other);
  pieces->parent[a] = b;
  pieces->rings -= a != b;
}

static void
join_nearest(const SimOracle *oracle, Pieces *pieces, const SimOracleKey *key)
{
  const DrtNode *node = sim_oracle_core(oracle, key->ring.node);
  const DrtLocal *local = node == NULL ? NULL : drt_node_find_local(node, &key->ring.key);
  for (DrtSide side = DRT_ABOVE; local != NULL && side <= DRT_BELOW; side++) {
    DrtHandle nearest = drt_leafset_nearest(&local->leaves, side);
    if (key->nearest_right[side] || nearest == DRT_HANDLE_NONE)
      continue;
    const DrtKey *member = drt_store_key(drt_node_store(node), nearest);
    if (sim_ring_find(&oracle->ring, member) != NULL)
      join(pieces, &key->ring.key, member);
  }
}

static void
join_own(const SimOracle *oracle, Pieces *pieces, uint32_t node)
{
  const SimOracleKey *first = NULL;
  for (const SimOracleKey *key = oracle->nodes[node].keys; key != NULL; key = key->next) {
    if (key->ring.place == NULL)
      continue;
    if (first != NULL)
      join(pieces, &first->ring.key, &key->ring.key);
    first = key;
  }
}

uint64_t
sim_oracle_rings(SimOracle *oracle)
{
  if (sim_ring_count(&oracle->ring) <= 1)
    return sim_ring_count(&oracle->ring);
  g_autoptr(GArray) breaks = find_breaks(oracle);
  if (breaks->len <= 1)
    return 1;
  uint32_t *parent = g_new(uint32_t, breaks->len);
  for (guint i = 0; i < breaks->len; i++)
    parent[i] = i;
  Pieces pieces = { breaks, parent, breaks->len };
  for (SimOracleKey *key = oracle->wrong_first; key != NULL; key = key->next_wrong)
    join_nearest(oracle, &pieces, key);
  for (uint32_t i = 0; oracle->ring.most_keys > 1 && i < sim_world_nodes(oracle->world); i++)
    join_own(oracle, &pieces, i);
  g_free(parent);
  return pieces.rings;
}
