/* What a search costs at least: hops in a cloud where every cache is as it should be.
 *
 *   hops-floor [--tiny] [NODES...]
 *
 * Nodes are points on a ring, each with its leaf set of 5 + 5. The caches hold, at each level (the arc of
 * a 10^v-th of the ring around the node, as many levels as are not empty):
 *
 *   20 random   twenty random nodes of the arc, as the bounds of V4 in scenarios/validate suppose
 *   slots       one random node of each of its twenty slots: H35 at its best
 *   half        one random node of every other slot and its neighbour: about as many as there are in a run, as
 *               7.11 searches only for what is wider than three slots
 *
 * and the next hop is the nearest to the target ("greedy"), or one of the nearest three with weights 4, 2, 1
 * where no leaf set covers the target (7.9, H41). A hop is a node that is asked, the one that has the key
 * included. This is arithmetic on keys: no time, no messages, nobody dead. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAVES 5
#define SLOTS 20
#define LEVELS 10
#define CACHE (2 * LEAVES + SLOTS * LEVELS)

typedef enum { RANDOM, SLOTTED, HALF, FILLINGS } Filling;

typedef struct {
  uint32_t n;
  uint64_t *keys;   /* ascending */
  uint32_t *caches; /* CACHE for each node */
  uint32_t *sizes;
} Cloud;

static uint64_t state;

/* splitmix64 */
static uint64_t
draw(void)
{
  uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static uint32_t
below(uint32_t n)
{
  return (uint32_t)(draw() % n);
}

static int
compare(const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
  uint64_t up = b - a, down = a - b;
  return up < down ? up : down;
}

/* The first node at @key or above, as a number that may be n. */
static uint32_t
at_or_above(const Cloud *cloud, uint64_t key)
{
  uint32_t low = 0, high = cloud->n;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (cloud->keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* How many nodes there are from @from on, over @width, and *@first of them. */
static uint32_t
nodes_in(const Cloud *cloud, uint64_t from, uint64_t width, uint32_t *first)
{
  uint32_t a = at_or_above(cloud, from), b = at_or_above(cloud, from + width);
  *first = a % cloud->n;
  return from + width < from ? cloud->n - a + b : b - a;
}

static void
add(Cloud *cloud, uint32_t node, uint32_t other)
{
  uint32_t *cache = cloud->caches + (size_t)node * CACHE;
  if (other == node)
    return;
  for (uint32_t i = 0; i < cloud->sizes[node]; i++)
    if (cache[i] == other)
      return;
  cache[cloud->sizes[node]++] = other;
}

static void
add_some(Cloud *cloud, uint32_t node, uint64_t from, uint64_t width, uint32_t wanted)
{
  uint32_t first, n = nodes_in(cloud, from, width, &first);
  for (uint32_t i = 0; i < wanted && n > 0; i++)
    add(cloud, node, (first + below(n)) % cloud->n);
}

static void
fill(Cloud *cloud, uint32_t node, Filling filling)
{
  for (uint32_t i = 1; i <= LEAVES; i++) {
    add(cloud, node, (node + i) % cloud->n);
    add(cloud, node, (node + cloud->n - i % cloud->n) % cloud->n);
  }
  uint64_t half = UINT64_C(1) << 63;
  for (uint32_t level = 0, size = 1; size <= cloud->n && level < LEVELS; level++, size *= 10) {
    uint64_t from = cloud->keys[node] - half;
    uint64_t slot = half / (SLOTS / 2);
    if (filling == RANDOM)
      add_some(cloud, node, from, level == 0 ? UINT64_MAX : 2 * half, SLOTS);
    for (uint32_t i = 0; filling == SLOTTED && i < SLOTS; i++)
      add_some(cloud, node, from + i * slot, slot, 1);
    for (uint32_t i = 0; filling == HALF && i < SLOTS; i += 2)
      add_some(cloud, node, from + i * slot, 2 * slot, 1);
    half /= 10;
  }
}

/* Whether @target is within the leaf set of @node. */
static bool
covers(const Cloud *cloud, uint32_t node, uint64_t target)
{
  if (cloud->n <= 2 * LEAVES)
    return true;
  uint64_t low = cloud->keys[(node + cloud->n - LEAVES) % cloud->n];
  uint64_t high = cloud->keys[(node + LEAVES) % cloud->n];
  return target - low <= high - low;
}

/* The nearest three to @target that are nearer than @bound, nearest first; how many there are. */
static uint32_t
nearest(const Cloud *cloud, uint32_t node, uint64_t target, uint64_t bound, uint32_t ret[3])
{
  uint32_t n = 0;
  const uint32_t *cache = cloud->caches + (size_t)node * CACHE;
  for (uint32_t i = 0; i < cloud->sizes[node]; i++) {
    uint64_t from = distance(cloud->keys[cache[i]], target);
    if (from >= bound)
      continue;
    uint32_t at = n < 3 ? n++ : 3;
    for (; at > 0 && distance(cloud->keys[ret[at - 1]], target) > from; at--)
      if (at < 3)
        ret[at] = ret[at - 1];
    if (at < 3)
      ret[at] = cache[i];
  }
  return n;
}

static uint32_t
hops(const Cloud *cloud, uint32_t node, uint64_t target, bool weighted)
{
  uint32_t found[3], count = 1;
  if (nearest(cloud, node, target, UINT64_MAX, found) == 0)
    return 0;
  uint32_t at = found[0];
  while (cloud->keys[at] != target) {
    uint32_t n = nearest(cloud, at, target, distance(cloud->keys[at], target), found);
    if (n == 0)
      return 0; /* cannot be: leaf sets are right */
    uint32_t chosen = 0;
    if (weighted && !covers(cloud, at, target) && cloud->keys[found[0]] != target) {
      static const uint32_t sums[] = { 4, 6, 7 };
      uint32_t drawn = below(sums[n - 1]);
      while (drawn >= sums[chosen])
        chosen++;
    }
    at = found[chosen];
    count++;
  }
  return count;
}

static double
mean_hops(const Cloud *cloud, uint32_t searches, bool weighted)
{
  uint64_t sum = 0;
  for (uint32_t i = 0; i < searches; i++) {
    uint32_t from = below(cloud->n), to = below(cloud->n);
    if (from == to) {
      i--;
      continue;
    }
    sum += hops(cloud, from, cloud->keys[to], weighted);
  }
  return (double)sum / searches;
}

static void
measure(uint32_t n, uint32_t searches)
{
  static const char *const names[FILLINGS] = { "20 random", "slots", "half" };
  for (Filling filling = RANDOM; filling < FILLINGS; filling++) {
    Cloud cloud = { .n = n };
    cloud.keys = malloc(n * sizeof *cloud.keys);
    cloud.caches = malloc((size_t)n * CACHE * sizeof *cloud.caches);
    cloud.sizes = calloc(n, sizeof *cloud.sizes);
    if (cloud.keys == NULL || cloud.caches == NULL || cloud.sizes == NULL)
      abort();
    state = n;
    for (uint32_t i = 0; i < n; i++)
      cloud.keys[i] = draw();
    qsort(cloud.keys, n, sizeof *cloud.keys, compare);
    uint64_t entries = 0;
    for (uint32_t i = 0; i < n; i++) {
      fill(&cloud, i, filling);
      entries += cloud.sizes[i];
    }
    double greedy = mean_hops(&cloud, searches, false);
    double weighted = mean_hops(&cloud, searches, true);
    printf("%8u  %-10s %7.1f %8.2f %8.2f\n", n, names[filling], (double)entries / n, greedy,
           weighted);
    free(cloud.keys);
    free(cloud.caches);
    free(cloud.sizes);
  }
}

int
main(int argc, char **argv)
{
  static const uint32_t sizes[] = { 100, 1000, 2000, 10000 };
  bool tiny = argc > 1 && strcmp(argv[1], "--tiny") == 0;
  printf("   nodes  caches     entries   greedy    4:2:1\n");
  if (tiny)
    measure(50, 100);
  for (int i = 1; i < argc && !tiny; i++)
    measure((uint32_t)strtoul(argv[i], NULL, 10), 40000);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes && argc == 1; i++)
    measure(sizes[i], 40000);
  return 0;
}
