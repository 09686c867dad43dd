/* Rows on their way from the simulation to the writer: a bounded ring of words with one producer and
 * one consumer. A row is a header and its columns, never broken at the end of the ring. What is
 * written becomes visible in portions, so that the two threads seldom touch the same cache line. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct SimTraceRing SimTraceRing;

/* @words: a power of two. (transfer full) */
SimTraceRing *sim_trace_ring_new(uint32_t words);
void sim_trace_ring_free(SimTraceRing *ring);

/* ---- The producer. ---- */

/* Room for a row; its columns are to be filled in before the next call of the producer. Waits while
 * the ring is full. */
int64_t *sim_trace_ring_add(SimTraceRing *ring, uint32_t table, uint32_t columns);
/* Makes all rows visible. */
void sim_trace_ring_flush(SimTraceRing *ring);
/* Likewise; and there will be no more. */
void sim_trace_ring_end(SimTraceRing *ring);
/* How often the producer has waited, and for how long in all. */
uint64_t sim_trace_ring_waits(const SimTraceRing *ring, gint64 *ret_us);

/* ---- The consumer. ---- */

typedef enum { SIM_TRACE_RING_ROW, SIM_TRACE_RING_EMPTY, SIM_TRACE_RING_ENDED } SimTraceRingTake;

/* The next row, valid until the next call. EMPTY: none came for @timeout_us. */
SimTraceRingTake sim_trace_ring_take(SimTraceRing *ring, gint64 timeout_us, uint32_t *ret_table,
                                     const int64_t **ret_columns);
