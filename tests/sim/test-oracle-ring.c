/* The ideal ring against plain arrays: random keys, keys close together, several keys of a node, one
 * key of several nodes. */
#include "sim-ring.h"
#include "test-keys.h"
#include "test-random.h"

#include <criterion/criterion.h>

enum { KEYS_MAX = 60, NODES_MAX = 30 };

typedef struct {
  uint64_t seed;
  TestRandom random;
  SimRing ring;
  SimRingKey keys[KEYS_MAX]; /* those with a place are in the ring */
  uint32_t per_node[NODES_MAX], nodes;
  DrtKey base;
} Model;

static bool
is_there(const Model *model, const DrtKey *key, uint32_t node)
{
  for (uint32_t i = 0; i < KEYS_MAX; i++)
    if (model->keys[i].place != NULL && model->keys[i].node == node &&
        drt_key_equal(&model->keys[i].key, key))
      return true;
  return false;
}

static void
add_key(Model *model, uint32_t i)
{
  SimRingKey *key = &model->keys[i];
  do {
    key->node = test_random_below(&model->random, model->nodes);
    key->key = test_keys_next(
      &model->random, test_random_once_in(&model->random, 3) ? TEST_KEYS_TIGHT : TEST_KEYS_ANYWHERE,
      &model->base);
    if (test_random_once_in(&model->random, 4)) /* that of another node */
      key->key = model->keys[test_random_below(&model->random, KEYS_MAX)].key;
  } while (is_there(model, &key->key, key->node));
  model->per_node[key->node]++;
  model->ring.most_keys = MAX(model->ring.most_keys, model->per_node[key->node]);
  sim_ring_add(&model->ring, key);
}

static void
remove_key(Model *model, uint32_t i)
{
  model->per_node[model->keys[i].node]--;
  sim_ring_remove(&model->ring, &model->keys[i]);
}

/* The keys that others publish besides @own, each once, by their one-way distance. */
static uint32_t
plain_ideal(const Model *model, const SimRingKey *own, DrtSide side, DrtKey ret[DRT_LEAFSET_SIDE])
{
  uint32_t n = 0;
  DrtKey last = DRT_KEY_ZERO;
  while (n < DRT_LEAFSET_SIDE) {
    const SimRingKey *best = NULL;
    DrtKey best_way = DRT_KEY_ZERO;
    for (uint32_t i = 0; i < KEYS_MAX; i++) {
      const SimRingKey *key = &model->keys[i];
      if (key->place == NULL || key->node == own->node)
        continue;
      DrtKey way =
        side == DRT_ABOVE ? drt_key_sub(&key->key, &own->key) : drt_key_sub(&own->key, &key->key);
      if (drt_key_is_zero(&way) || !drt_key_less(&last, &way))
        continue;
      if (best == NULL || drt_key_less(&way, &best_way)) {
        best = key;
        best_way = way;
      }
    }
    if (best == NULL)
      break;
    ret[n++] = best->key;
    last = best_way;
  }
  return n;
}

static void
check_ideal(const Model *model, const SimRingKey *key)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    const SimRingKey *got[DRT_LEAFSET_SIDE];
    DrtKey wanted[DRT_LEAFSET_SIDE];
    uint32_t n = sim_ring_ideal(&model->ring, key, side, got);
    uint32_t plain = plain_ideal(model, key, side, wanted);
    if (n != plain)
      cr_assert_fail("%u, not %u on side %d, seed %lu", n, plain, side, (unsigned long)model->seed);
    for (uint32_t i = 0; i < n; i++)
      if (!drt_key_equal(&got[i]->key, &wanted[i]))
        cr_assert_fail("place %u on side %d, seed %lu", i, side, (unsigned long)model->seed);
  }
}

static bool
is_member(const Model *model, const SimRingKey *of, const DrtKey *key)
{
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++) {
    DrtKey wanted[DRT_LEAFSET_SIDE];
    uint32_t n = plain_ideal(model, of, side, wanted);
    for (uint32_t i = 0; i < n; i++)
      if (drt_key_equal(&wanted[i], key))
        return true;
  }
  return false;
}

static void
visit(SimRingKey *neighbour, void *data)
{
  g_hash_table_add(data, neighbour);
}

/* Those around are those whose ideal leaf set has the key. */
static void
check_around(const Model *model, const SimRingKey *key)
{
  g_autoptr(GHashTable) visited = g_hash_table_new(NULL, NULL);
  sim_ring_around(&model->ring, key, visit, visited);
  for (uint32_t i = 0; i < KEYS_MAX; i++) {
    const SimRingKey *other = &model->keys[i];
    if (other->place == NULL || other == key || other->node == key->node)
      continue;
    bool expected = is_member(model, other, &key->key);
    if (expected != g_hash_table_contains(visited, other))
      cr_assert_fail("key %u is %s, seed %lu", i, expected ? "missed" : "visited",
                     (unsigned long)model->seed);
  }
}

static void
check_nearest(Model *model)
{
  DrtKey bounds[3];
  for (int i = 0; i < 3; i++)
    bounds[i] = test_random_once_in(&model->random, 2)
                  ? model->keys[test_random_below(&model->random, KEYS_MAX)].key
                  : test_keys_next(&model->random, TEST_KEYS_MIXED, &model->base);
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 2; k++)
      if (drt_key_less(&bounds[k + 1], &bounds[k])) {
        DrtKey swap = bounds[k];
        bounds[k] = bounds[k + 1];
        bounds[k + 1] = swap;
      }
  if (test_random_once_in(&model->random, 3)) {
    bounds[0] = DRT_KEY_ZERO;
    bounds[2] = drt_key_sub(&DRT_KEY_ZERO, &DRT_KEY_ONE);
  }
  const SimRingKey *best = NULL;
  for (uint32_t i = 0; i < KEYS_MAX; i++) {
    const SimRingKey *key = &model->keys[i];
    if (key->place == NULL || drt_key_less(&key->key, &bounds[0]) ||
        drt_key_less(&bounds[2], &key->key))
      continue;
    if (best == NULL || drt_key_ranks_before(&key->key, &best->key, &bounds[1]))
      best = key;
  }
  const SimRingKey *got = sim_ring_nearest(&model->ring, &bounds[1], &bounds[0], &bounds[2]);
  if ((got == NULL) != (best == NULL) || (got != NULL && !drt_key_equal(&got->key, &best->key)))
    cr_assert_fail("another nearest, seed %lu", (unsigned long)model->seed);
}

static void
check_order(const Model *model)
{
  uint32_t n = sim_ring_count(&model->ring);
  const SimRingKey *first = sim_ring_first(&model->ring), *at = first;
  for (uint32_t i = 0; i < n; i++) {
    const SimRingKey *next = sim_ring_beside(&model->ring, at, DRT_ABOVE);
    cr_assert(sim_ring_beside(&model->ring, next, DRT_BELOW) == at);
    if (next != first && drt_key_less(&next->key, &at->key))
      cr_assert_fail("out of order, seed %lu", (unsigned long)model->seed);
    at = next;
  }
  cr_assert(at == first);
}

Test(ring, is_what_plain_arrays_say)
{
  for (uint64_t seed = 1; seed <= 60; seed++) {
    Model model = { .seed = seed,
                    .random = { seed },
                    .nodes = 2 + (uint32_t)seed % (NODES_MAX - 1) };
    model.base = test_keys_base(&model.random);
    sim_ring_init(&model.ring);
    cr_assert(sim_ring_first(&model.ring) == NULL);
    check_nearest(&model);
    for (int step = 0; step < 120; step++) {
      uint32_t i = test_random_below(&model.random, KEYS_MAX);
      if (model.keys[i].place == NULL)
        add_key(&model, i);
      else
        remove_key(&model, i);
      SimRingKey *key = &model.keys[i];
      if (key->place != NULL) {
        check_around(&model, key);
        cr_assert(drt_key_equal(&sim_ring_find(&model.ring, &key->key)->key, &key->key));
      }
      check_nearest(&model);
      if (step % 10 == 0 && sim_ring_count(&model.ring) > 0) {
        check_order(&model);
        for (uint32_t k = 0; k < KEYS_MAX; k++)
          if (model.keys[k].place != NULL)
            check_ideal(&model, &model.keys[k]);
      }
    }
    sim_ring_clear(&model.ring);
  }
}

Test(ring, a_key_alone_has_no_neighbours)
{
  SimRing ring;
  sim_ring_init(&ring);
  SimRingKey keys[2] = { { .key = test_key_byte(5), .node = 1 },
                         { .key = test_key_byte(9), .node = 1 } };
  const SimRingKey *ideal[DRT_LEAFSET_SIDE];
  sim_ring_add(&ring, &keys[0]);
  cr_expect(sim_ring_ideal(&ring, &keys[0], DRT_ABOVE, ideal) == 0);
  cr_expect(sim_ring_beside(&ring, &keys[0], DRT_BELOW) == &keys[0]);
  ring.most_keys = 2;
  sim_ring_add(&ring, &keys[1]);
  cr_expect(sim_ring_ideal(&ring, &keys[0], DRT_ABOVE, ideal) == 0, "its node's own");
  DrtKey absent = test_key_byte(6);
  cr_expect(sim_ring_find(&ring, &absent) == NULL);
  sim_ring_clear(&ring);
}
