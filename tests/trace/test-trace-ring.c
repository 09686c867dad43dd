/* The ring between the simulation and the writer: nothing lost, nothing twice, in order. */
#include "sim-trace-ring.h"

#include <criterion/criterion.h>

#define WORDS 8192 /* the smallest */

typedef struct {
  SimTraceRing *ring;
  uint32_t rows, bad;
  bool slow;
} Reader;

/* Row i has i % 19 columns, all of them i. */
static gpointer
read_rows(gpointer data)
{
  Reader *reader = data;
  uint32_t table;
  const int64_t *columns;
  SimTraceRingTake taken;
  while ((taken = sim_trace_ring_take(reader->ring, 1000, &table, &columns)) !=
         SIM_TRACE_RING_ENDED) {
    if (taken == SIM_TRACE_RING_EMPTY)
      continue;
    bool good = table == reader->rows % 7;
    for (uint32_t i = 0; i < reader->rows % 19; i++)
      good &= columns[i] == (int64_t)reader->rows;
    reader->bad += !good;
    if (reader->slow && reader->rows % 1000 == 0)
      g_usleep(200);
    reader->rows++;
  }
  return NULL;
}

static void
pass(uint32_t rows, bool slow_reader, bool slow_writer)
{
  Reader reader = { .ring = sim_trace_ring_new(WORDS), .slow = slow_reader };
  GThread *thread = g_thread_new("reader", read_rows, &reader);
  for (uint32_t row = 0; row < rows; row++) {
    int64_t *columns = sim_trace_ring_add(reader.ring, row % 7, row % 19);
    for (uint32_t i = 0; i < row % 19; i++)
      columns[i] = row;
    if (slow_writer && row % 1000 == 0) {
      sim_trace_ring_flush(reader.ring);
      g_usleep(200);
    }
  }
  sim_trace_ring_end(reader.ring);
  g_thread_join(thread);
  cr_expect_eq(reader.rows, rows);
  cr_expect_eq(reader.bad, 0);
  gint64 us;
  cr_expect(!slow_reader || sim_trace_ring_waits(reader.ring, &us) > 0);
  sim_trace_ring_free(reader.ring);
}

Test(trace_ring, passes_all_rows_in_their_order)
{
  pass(1000000, false, false);
}

Test(trace_ring, a_slow_reader_makes_the_writer_wait)
{
  pass(300000, true, false);
}

Test(trace_ring, a_slow_writer_makes_the_reader_wait)
{
  pass(100000, false, true);
}

Test(trace_ring, few_rows_and_none)
{
  pass(0, false, false);
  pass(1, false, false);
  pass(3, false, false);
}
