#include "sim-trace-ring.h"

#include <stdatomic.h>

#define SKIP UINT32_MAX /* instead of a table: go on at the beginning of the ring */
#define PORTION 4096    /* words that become visible, or free, at once */
#define LINE 64

/* Apart on purpose: no line of the cache is written by both threads. NOLINTNEXTLINE */
struct SimTraceRing {
  int64_t *words;
  uint32_t size;
  /* The producer's own. Counts of words run on and are masked when they are used. */
  _Alignas(LINE) uint64_t written, told, free_seen;
  uint64_t waits;
  gint64 waited_us;
  /* The consumer's own. */
  _Alignas(LINE) uint64_t read, freed, visible_seen;
  /* Both. */
  _Alignas(LINE) _Atomic uint64_t visible;
  _Alignas(LINE) _Atomic uint64_t free; /* words read and done with */
  atomic_bool producer_waits, consumer_waits, ended;
  GMutex mutex;
  GCond changed;
};

SimTraceRing *
sim_trace_ring_new(uint32_t words)
{
  g_assert((words & (words - 1)) == 0 && words >= 2 * PORTION);
  SimTraceRing *ring = g_aligned_alloc0(1, sizeof *ring, LINE);
  ring->words = g_new(int64_t, words);
  ring->size = words;
  g_mutex_init(&ring->mutex);
  g_cond_init(&ring->changed);
  return ring;
}

void
sim_trace_ring_free(SimTraceRing *ring)
{
  g_cond_clear(&ring->changed);
  g_mutex_clear(&ring->mutex);
  g_free(ring->words);
  g_aligned_free(ring);
}

/* Whoever waits has said so before it looked for the last time. */
static void
wake(SimTraceRing *ring, const atomic_bool *waits)
{
  atomic_thread_fence(memory_order_seq_cst);
  if (!atomic_load(waits))
    return;
  g_mutex_lock(&ring->mutex);
  g_cond_broadcast(&ring->changed);
  g_mutex_unlock(&ring->mutex);
}

void
sim_trace_ring_flush(SimTraceRing *ring)
{
  ring->told = ring->written;
  atomic_store_explicit(&ring->visible, ring->written, memory_order_release);
  wake(ring, &ring->consumer_waits);
}

void
sim_trace_ring_end(SimTraceRing *ring)
{
  sim_trace_ring_flush(ring);
  atomic_store(&ring->ended, true);
  wake(ring, &ring->consumer_waits);
}

static bool
has_room(SimTraceRing *ring, uint32_t n)
{
  if (ring->written + n - ring->free_seen <= ring->size)
    return true;
  ring->free_seen = atomic_load_explicit(&ring->free, memory_order_acquire);
  return ring->written + n - ring->free_seen <= ring->size;
}

static void
wait_for_room(SimTraceRing *ring, uint32_t n)
{
  if (has_room(ring, n))
    return;
  sim_trace_ring_flush(ring);
  gint64 began = g_get_monotonic_time();
  g_mutex_lock(&ring->mutex);
  atomic_store(&ring->producer_waits, true);
  atomic_thread_fence(memory_order_seq_cst);
  while (!has_room(ring, n))
    g_cond_wait(&ring->changed, &ring->mutex);
  atomic_store(&ring->producer_waits, false);
  g_mutex_unlock(&ring->mutex);
  ring->waits++;
  ring->waited_us += g_get_monotonic_time() - began;
}

int64_t *
sim_trace_ring_add(SimTraceRing *ring, uint32_t table, uint32_t columns)
{
  if (ring->written - ring->told >= PORTION)
    sim_trace_ring_flush(ring);
  uint32_t n = columns + 1, mask = ring->size - 1;
  uint32_t left = ring->size - ((uint32_t)ring->written & mask);
  if (left < n) {
    wait_for_room(ring, left);
    ring->words[ring->written & mask] = (int64_t)SKIP;
    ring->written += left;
  }
  wait_for_room(ring, n);
  int64_t *row = &ring->words[ring->written & mask];
  row[0] = (int64_t)((uint64_t)columns << 32 | table);
  ring->written += n;
  return row + 1;
}

uint64_t
sim_trace_ring_waits(const SimTraceRing *ring, gint64 *ret_us)
{
  *ret_us = ring->waited_us;
  return ring->waits;
}

static void
give_back(SimTraceRing *ring)
{
  ring->freed = ring->read;
  atomic_store_explicit(&ring->free, ring->read, memory_order_release);
  wake(ring, &ring->producer_waits);
}

static bool
is_empty(SimTraceRing *ring)
{
  if (ring->read != ring->visible_seen)
    return false;
  ring->visible_seen = atomic_load_explicit(&ring->visible, memory_order_acquire);
  return ring->read == ring->visible_seen;
}

static void
wait_for_rows(SimTraceRing *ring, gint64 until)
{
  g_mutex_lock(&ring->mutex);
  atomic_store(&ring->consumer_waits, true);
  atomic_thread_fence(memory_order_seq_cst);
  while (is_empty(ring) && !atomic_load(&ring->ended))
    if (!g_cond_wait_until(&ring->changed, &ring->mutex, until))
      break;
  atomic_store(&ring->consumer_waits, false);
  g_mutex_unlock(&ring->mutex);
}

SimTraceRingTake
sim_trace_ring_take(SimTraceRing *ring, gint64 timeout_us, uint32_t *ret_table,
                    const int64_t **ret_columns)
{
  if (ring->read - ring->freed >= PORTION)
    give_back(ring);
  uint32_t mask = ring->size - 1;
  const int64_t *row;
  do {
    if (is_empty(ring)) {
      give_back(ring);
      wait_for_rows(ring, g_get_monotonic_time() + timeout_us);
      /* Looked at first: once the end is told, all rows are visible. */
      bool ended = atomic_load(&ring->ended);
      if (is_empty(ring))
        return ended ? SIM_TRACE_RING_ENDED : SIM_TRACE_RING_EMPTY;
    }
    row = &ring->words[ring->read & mask];
    if ((uint32_t)row[0] == SKIP)
      ring->read += ring->size - (ring->read & mask);
  } while ((uint32_t)row[0] == SKIP);
  *ret_table = (uint32_t)row[0];
  *ret_columns = row + 1;
  ring->read += 1 + ((uint64_t)row[0] >> 32);
  return SIM_TRACE_RING_ROW;
}
