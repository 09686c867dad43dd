#include "sim-bench-trace.h"

#include "sim-classes.h"
#include "sim-job.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#define ROUNDS 2 /* all of them in turn, so that a busy machine is busy for all */

static const char *const classes[SIM_BENCH_TRACES] = { NULL, "none", "summary", "protocol", "all" };

static char *
scenario(uint32_t nodes, uint32_t minutes)
{
  return g_strdup_printf("language 1\n"
                         "group peer %u\n"
                         "network { latency lognormal 40ms 15ms }\n"
                         "at 0s start peer over %us\n"
                         "from %us to %us search %u/s\n"
                         "at %us end\n",
                         nodes, minutes * 20, minutes * 20, minutes * 60, nodes / 40 + 1,
                         minutes * 60);
}

/* One run. A trace is measured, and removed. */
static bool
run_once(const char *text, uint64_t seed, unsigned i, const char *folder, SimBenchTraced *ret)
{
  g_autofree char *path = g_build_filename(folder, "run.db", NULL);
  SimJob job = {
    .path = "bench trace",
    .text = text,
    .has_seed = true,
    .seed = seed,
    .until = SIM_TIME_NEVER,
    .quiet = true,
    .trace = classes[i] == NULL ? NULL : path,
    .has_classes = classes[i] != NULL,
  };
  g_autofree char *word = NULL;
  g_assert(classes[i] == NULL || sim_classes_from_text(classes[i], &job.classes, &word));
  SimJobDone done;
  gint64 began = g_get_monotonic_time();
  sim_job_do(&job, &done);
  double wall_s = (double)(g_get_monotonic_time() - began) / 1e6;
  ret->name = classes[i] == NULL ? "without" : classes[i];
  ret->wall_s = ret->wall_s == 0 ? wall_s : MIN(ret->wall_s, wall_s);
  ret->rows = done.trace_rows;
  struct stat about;
  ret->bytes = classes[i] != NULL && stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
  bool good =
    done.run != NULL && done.status != SIM_EXIT_TROUBLE && done.status != SIM_EXIT_INTERRUPTED;
  sim_job_clear(&done);
  g_unlink(path);
  return good;
}

bool
sim_bench_trace_measure(uint32_t nodes, uint32_t minutes, uint64_t seed, SimBenchTrace *ret)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("drtsim-bench-XXXXXX", &error);
  if (folder == NULL) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    return false;
  }
  g_autofree char *text = scenario(nodes, minutes);
  *ret = (SimBenchTrace){ .nodes = nodes, .minutes = minutes };
  bool good = true;
  for (unsigned round = 0; round < ROUNDS; round++)
    for (unsigned i = 0; i < SIM_BENCH_TRACES && good; i++)
      good = run_once(text, seed, i, folder, &ret->traced[i]);
  g_rmdir(folder);
  return good;
}

void
sim_bench_trace_json(GString *to, const SimBenchTrace *trace)
{
  g_string_append_printf(to, "{\"nodes\":%u,\"minutes\":%u,\"classes\":[", trace->nodes,
                         trace->minutes);
  for (unsigned i = 0; i < SIM_BENCH_TRACES; i++) {
    const SimBenchTraced *traced = &trace->traced[i];
    g_string_append_printf(
      to, "%s{\"name\":\"%s\",\"wall_s\":%.3f,\"rows\":%" PRIu64 ",\"bytes\":%" PRIu64 "}",
      i > 0 ? "," : "", traced->name, traced->wall_s, traced->rows, traced->bytes);
  }
  g_string_append(to, "]}");
}

void
sim_bench_trace_text(GString *to, const SimBenchTrace *trace)
{
  g_string_append_printf(to, "%-16s %8s %12s %12s %9s    of %u nodes, %u virtual minutes\n",
                         "trace", "s", "times", "rows", "MB", trace->nodes, trace->minutes);
  for (unsigned i = 0; i < SIM_BENCH_TRACES; i++) {
    const SimBenchTraced *traced = &trace->traced[i];
    g_string_append_printf(to, "%-16s %8.2f %12.2f %12" PRIu64 " %9.1f\n", traced->name,
                           traced->wall_s, traced->wall_s / trace->traced[0].wall_s, traced->rows,
                           (double)traced->bytes / 1e6);
  }
}
