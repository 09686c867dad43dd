/* Rows of one table, gathered and then inserted (or changed) by one statement: SQLite reads them as
 * a virtual table. As fast as statements with many rows of parameters, with less to bind, and any
 * number of rows will do. */
#pragma once
#include "sim-trace-tables.h"

#include <sqlite3.h>
#include <stdbool.h>

typedef struct {
  const SimTraceLayout *layout;
  int64_t *words;
  unsigned rows, room;
  sqlite3_stmt *statement;
  sqlite3_stmt *counted; /* where each id is the largest so far + 1; NULL without ids */
  int64_t largest;       /* id so far */
  bool gaps;             /* one of the rows gathered is not the next one */
} SimTraceBatch;

/* Returns a code of SQLite. To be cleared in any case. */
int sim_trace_batch_init(SimTraceBatch *batch, sqlite3 *db, SimTraceTable table);
void sim_trace_batch_clear(SimTraceBatch *batch);
/* Copies a row; its texts and bytes become the batch's. There must be room. */
void sim_trace_batch_add(SimTraceBatch *batch, const int64_t *columns);
static inline bool
sim_trace_batch_is_full(const SimTraceBatch *batch)
{
  return batch->rows == batch->room;
}
/* Carries out what was gathered, and forgets it in any case. A code of SQLite. */
int sim_trace_batch_write(SimTraceBatch *batch);
/* Frees the texts and bytes of a row. */
void sim_trace_row_free(const SimTraceLayout *layout, const int64_t *columns);
