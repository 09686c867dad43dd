/* Bytes drive a cloud of four nodes: who registers, withdraws, searches, goes offline, crashes or
 * closes, how much time passes, which datagram is garbled, repeated, or sent from elsewhere. Every
 * step of every node checks its invariants in debug builds, and nothing may be left at the end. */
#include "fuzz-target.h"

#include "drt-assert.h"
#include "drt-node-private.h"

#include "test-bulky.h"
#include "test-cluster.h"
#include "test-keys.h"

#include <stdlib.h>
#include <string.h>

enum { NODES = 4, KEEP = 32, LONGEST = 4096, OPERATIONS_MAX = 300 };

typedef struct {
  uint32_t from, to, n;
  uint8_t bytes[LONGEST];
} Kept;

typedef struct {
  const uint8_t *data;
  size_t size;
  TestCluster *c;
  DrtLocalId ids[NODES];
  uint32_t lives[NODES];
  Kept kept[KEEP];
  uint32_t kept_n;
  uint8_t lose; /* one in so many is lost; 0: none */
} Run;

static uint8_t
next(Run *run)
{
  if (run->size == 0)
    return 0;
  run->size--;
  return *run->data++;
}

static bool
keep(TestCluster *c, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  (void)c;
  Run *run = data;
  if (to < NODES && n <= LONGEST) {
    Kept *kept = &run->kept[run->kept_n % KEEP];
    kept->from = from;
    kept->to = to;
    kept->n = n;
    memcpy(kept->bytes, bytes, n);
    run->kept_n++;
  }
  return run->lose == 0 || run->kept_n % run->lose != 0;
}

static void
inject(Run *run, uint32_t to, uint32_t from, const uint8_t *bytes, uint32_t n)
{
  if (test_cluster_node(run->c, to) == NULL)
    return;
  DrtEndpoint endpoint = test_cluster_endpoint(from);
  uint8_t *copy = malloc(n + 1u); /* apart, so that a read behind its end is seen */
  if (copy == NULL)
    abort();
  memcpy(copy, bytes, n);
  test_cluster_inject(run->c, to, &endpoint, copy, n);
  free(copy);
}

/* One that was sent, again, with up to three bytes changed; perhaps cut, perhaps elsewhere. */
static void
garble(Run *run)
{
  if (run->kept_n == 0)
    return;
  uint32_t among = run->kept_n < KEEP ? run->kept_n : KEEP;
  Kept kept = run->kept[next(run) % among];
  uint8_t how = next(run);
  for (int i = how & 3; i > 0; i--) {
    uint32_t at = next(run) | (uint32_t)next(run) << 8;
    kept.bytes[at % kept.n] = next(run);
  }
  if (how & 4)
    kept.n = next(run) % kept.n + 1;
  if (how & 8)
    kept.to = next(run) % NODES;
  if (how & 16)
    kept.from = next(run) % (NODES + 4);
  inject(run, kept.to, kept.from, kept.bytes, kept.n);
}

static void
raw(Run *run)
{
  uint8_t to = next(run) % NODES, from = next(run) % (NODES + 4), n = next(run);
  uint32_t length = n < run->size ? n : (uint32_t)run->size;
  inject(run, to, from, run->data, length);
  run->data += length;
  run->size -= length;
}

static void
start(Run *run, uint32_t i)
{
  if (test_cluster_node(run->c, i) == NULL) {
    test_cluster_open(run->c, i);
    run->ids[i] = 0;
  }
}

static void
toggle_key(Run *run, uint32_t i)
{
  DrtKey key = test_key_byte(next(run));
  key.w[3] = next(run);
  if (run->ids[i] != 0) {
    test_cluster_unregister(run->c, i, run->ids[i]);
    run->ids[i] = 0;
  } else if (!drt_key_is_zero(&key)) {
    run->ids[i] = test_cluster_register(run->c, i, &key);
  }
}

static void
search(Run *run, uint32_t i)
{
  uint8_t how = next(run);
  DrtKey ends[2] = { DRT_KEY_ZERO, { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } } };
  DrtSearchSpec spec = {
    .target = test_key_byte(next(run)),
    .least = ends[0],
    .most = ends[1],
    .results_max = 1u + how % 8,
    .exact = (how & 16) != 0,
    .any = (how & 32) != 0,
    .local_too = (how & 64) != 0,
    .iterative = (how & 128) != 0,
    .deadline = test_cluster_now(run->c) + (1 + how % 5) * DRT_SECOND,
  };
  spec.target.w[3] = how & 8 ? 0 : next(run);
  uint32_t ticket = test_cluster_search(run->c, i, &spec);
  test_cluster_run(run->c, 100 * DRT_MILLISECOND);
  for (int k = 0; spec.iterative && k < 4 && test_cluster_node(run->c, i) != NULL; k++) {
    test_cluster_continue(run->c, i, ticket);
    test_cluster_run(run->c, 100 * DRT_MILLISECOND);
  }
}

static void
toggle_network(Run *run, uint32_t i)
{
  if (test_cluster_node(run->c, i)->local_n > 0)
    test_cluster_disconnect(run->c, i);
  else
    test_cluster_reconnect(run->c, i);
}

static void
operate(Run *run)
{
  uint8_t what = next(run);
  uint32_t i = what >> 4 & 3;
  DrtNode *node = test_cluster_node(run->c, i);
  bool free_to_act = node != NULL && !node->closing;
  switch (what & 15) {
  case 0:
  case 1:
    test_cluster_run(run->c, (1 + next(run)) * 100 * DRT_MILLISECOND);
    break;
  case 2:
    test_cluster_run(run->c, next(run) * DRT_MILLISECOND);
    break;
  case 3:
    start(run, i);
    break;
  case 4:
    if (free_to_act)
      toggle_key(run, i);
    break;
  case 5:
    if (free_to_act)
      search(run, i);
    break;
  case 6:
    if (free_to_act)
      toggle_network(run, i);
    break;
  case 7:
    if (free_to_act)
      test_cluster_close(run->c, i);
    break;
  case 8:
    if (node != NULL)
      test_cluster_crash(run->c, i);
    break;
  case 9:
    run->lose = next(run) % 8;
    break;
  case 10:
    test_cluster_part(run->c, i, next(run) % 2);
    break;
  case 11:
    raw(run);
    break;
  default:
    garble(run);
    break;
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static Run run; /* large */
  TestBulky bulky;
  memset(&run, 0, sizeof run);
  run.data = data;
  run.size = size;
  /* The upper half: membership mode, then confidential mode, with credentials that make fragments. */
  uint8_t seed = next(&run);
  run.c = test_cluster_new(seed, NODES);
  test_bulky_init(&bulky, 32u * (seed % 0x40));
  if (seed >= 0x80)
    test_cluster_secure(run.c, seed < 0xc0 ? DRT_MODE_MEMBERSHIP : DRT_MODE_CONFIDENTIAL,
                        &bulky.security);
  test_cluster_filter(run.c, keep, &run);
  for (uint32_t i = 0; i < NODES; i++) {
    start(&run, i);
    DrtKey key = test_key_byte((uint8_t)(0x40 * i + 0x20));
    if (i != 3)
      run.ids[i] = test_cluster_register(run.c, i, &key);
    test_cluster_run(run.c, DRT_SECOND);
  }
  for (uint32_t i = 0; i < OPERATIONS_MAX && run.size > 0; i++)
    operate(&run);
  test_cluster_run(run.c, DRT_SECOND);
  for (uint32_t i = 0; i < NODES; i++) {
    const DrtNode *node = test_cluster_node(run.c, i);
    drt_assert(node == NULL || drt_node_check(node) == NULL);
  }
  test_cluster_free(run.c);
  return 0;
}
