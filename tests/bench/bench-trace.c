/* How many rows a second the writer of a trace takes, by kind of row: the simulation does nothing but
 * make them.
 *
 *   bench-trace [--tiny] */
#include "sim-trace.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
add_sample(SimTrace *trace, int64_t i)
{
  SimTraceSample *row = sim_trace_add(trace, SIM_TRACE_SAMPLE);
  *row = (SimTraceSample){ .run = 1, .at = i * 1000, .metric = i % 49, .num = i, .den = 1000 };
}

static void
add_key(SimTrace *trace, int64_t i)
{
  SimTraceKey *row = sim_trace_add(trace, SIM_TRACE_KEY);
  *row = (SimTraceKey){ .id = i + 1, .run = 1, .hex = g_strdup("0123456789abcdef") };
}

static void
add_message(SimTrace *trace, int64_t i)
{
  SimTraceMessage *row = sim_trace_add(trace, SIM_TRACE_MESSAGE);
  *row = (SimTraceMessage){ .id = i + 1,
                            .at = i * 100000,
                            .src = 1 + i % 2000,
                            .dst = 1 + i * 7 % 2000,
                            .type = 8,
                            .bytes = 96,
                            .took = 40000000,
                            .lost = SIM_TRACE_NULL,
                            .purpose = 87,
                            .key = 1 + i % 3000,
                            .search = SIM_TRACE_NULL,
                            .cause = i + 1 };
}

static void
measure(const char *name, void (*add)(SimTrace *trace, int64_t i), int64_t rows)
{
  g_autofree char *folder = g_dir_make_tmp("drtsim-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "bench.db", NULL);
  g_autofree char *file = NULL;
  g_autoptr(GError) error = NULL;
  SimTrace *trace = sim_trace_new(path, NULL, &error);
  gint64 began = g_get_monotonic_time();
  for (int64_t i = 0; trace != NULL && i < rows; i++)
    add(trace, i);
  SimTraceEnd end = { .trajectory = "", .results = "", .verdict = "held", .complete = true };
  if (trace == NULL || !sim_trace_end(trace, &end, &file, &error)) {
    fprintf(stderr, "bench-trace: %s\n", error->message);
    exit(1);
  }
  double seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
  GStatBuf about = { 0 };
  g_stat(path, &about);
  printf("%-8s %9.0f rows/s %7.0f ns a row %6.1f bytes a row, indexes included\n", name,
         (double)rows / seconds, 1e9 * seconds / (double)rows,
         (double)about.st_size / (double)rows);
  g_unlink(path);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  int64_t rows = argc > 1 && strcmp(argv[1], "--tiny") == 0 ? 2000 : 4000000;
  measure("key", add_key, rows);
  measure("message", add_message, rows);
  measure("sample", add_sample, rows);
  return 0;
}
