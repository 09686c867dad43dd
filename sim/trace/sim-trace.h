/* A trace: rows go in on the thread of the simulation, and to an SQLite file on another one.
 *
 * No row is lost: where the writer cannot keep up, the simulation waits. Once the file cannot be
 * written any more, rows are dropped, sim_trace_has_failed() says so, and the file keeps what was
 * written before and says that it is incomplete. */
#pragma once
#include "sim-trace-tables.h"

#include <stdbool.h>

typedef enum {
  SIM_TRACE_ERROR_FOREIGN, /* there is a file of that name, and it is no trace */
  SIM_TRACE_ERROR_IN_USE,  /* another program works on it */
  SIM_TRACE_ERROR_WRITE,   /* it cannot be written */
} SimTraceError;

#define SIM_TRACE_ERROR (g_quark_from_static_string("sim-trace"))

typedef struct SimTrace SimTrace;

/* What is known of a run when it is over: columns of the table run. */
typedef struct {
  int64_t reached, events, messages, bytes, nodes_peak, peak_rss_bytes;
  double wall_s;
  const char *trajectory, *results, *verdict; /* (transfer none), as is the next */
  const char *problem;                        /* or NULL */
  int exit_code;
  bool complete;
  bool part; /* of a sweep, which has the indexes: none here */
} SimTraceEnd;

/* Begins a trace that will be at @path in the end. An earlier trace there stays as it is until the
 * new one is complete. @vfs: SQLite's, or NULL for the usual one. (transfer full), or NULL. */
SimTrace *sim_trace_new(const char *path, const char *vfs, GError **error);
/* The next row of a table, to be filled in before the next call. A struct of sim-trace-tables.h. */
void *sim_trace_add(SimTrace *trace, SimTraceTable table);
/* Lets the writer have all rows so far. */
void sim_trace_flush(SimTrace *trace);
bool sim_trace_has_failed(SimTrace *trace);
/* How often the simulation has waited for the writer, and for how long. */
uint64_t sim_trace_waits(const SimTrace *trace, gint64 *ret_us);
/* The file that is being written: @path, or one beside it. (transfer none) */
const char *sim_trace_file(const SimTrace *trace);
/* Writes what is left and ends the trace; it is freed in any case. *ret_file (transfer full): where
 * it is now, since a run that did not come to its end does not replace one that did. *ret_rows, if not
 * NULL: how many are in it; those that changed others do not count. */
bool sim_trace_end(SimTrace *trace, const SimTraceEnd *end, char **ret_file, uint64_t *ret_rows,
                   GError **error);
