#include "sim-progress.h"

#include "sim-interrupt.h"
#include "sim-print.h"

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#define HEARTBEAT ((gint64)10 * G_USEC_PER_SEC)

void
sim_progress_begin(SimProgress *progress, bool quiet)
{
  *progress = (SimProgress){ .quiet = quiet, .terminal = isatty(STDERR_FILENO) != 0 };
  progress->began = progress->told = g_get_monotonic_time();
  sim_interrupt_catch();
}

static void
print_line(const SimProgress *progress, const SimRun *run, gint64 now)
{
  const SimWorld *world = sim_run_world(run);
  SimTime at = sim_world_now(world), goal = sim_run_goal(run);
  double done = goal > 0 ? (double)at / (double)goal : 1;
  double passed = (double)(now - progress->began) / G_USEC_PER_SEC;
  SimMeasure alive =
    sim_oracle_measure(sim_run_oracle(run), SIM_METRIC_NODES_ALIVE, SIM_MESSAGES, NULL);
  g_autoptr(GString) time = g_string_new(NULL);
  sim_print_time(time, at / SIM_SECOND * SIM_SECOND);
  fprintf(stderr,
          "%s%s, %.0f %%, %.0f events/s, %" G_GINT64_FORMAT " nodes, %zu pending, %.0f s left%s",
          progress->terminal ? "\r\033[K" : "", time->str, 100 * done,
          (double)sim_world_events(world) / passed, alive.of, sim_world_pending(world),
          done > 0 ? passed / done - passed : 0, progress->terminal ? "" : "\n");
}

bool
sim_progress_tell(void *data, const SimRun *run)
{
  SimProgress *progress = data;
  gint64 now = g_get_monotonic_time();
  bool due = progress->terminal || now - progress->told >= HEARTBEAT;
  if (!progress->quiet && due) {
    progress->told = now;
    progress->shown = true;
    print_line(progress, run, now);
  }
  return sim_interrupted();
}

void
sim_progress_end(SimProgress *progress)
{
  if (progress->shown && progress->terminal)
    fputs("\r\033[K", stderr);
}
