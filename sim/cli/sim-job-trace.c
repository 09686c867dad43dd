#include "sim-job-trace.h"

#include "sim-print.h"
#include "sim-record.h"
#include "sim-version.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

struct SimJobTrace {
  SimTrace *trace;
  SimRecord *record;
  bool told;   /* that it could not be written */
  SimTime got; /* how far it was when that showed */
};

static void
add_problem(const SimJob *job, SimJobDone *done, const char *message)
{
  sim_mistakes_add(done->problems,
                   (SimMistake){ .file = g_strdup(job->trace), .message = g_strdup(message) });
}

SimJobTrace *
sim_job_trace_begin(const SimJob *job, SimJobDone *done)
{
  g_autoptr(GError) error = NULL;
  SimRun *run = done->run;
  SimTrace *file = sim_trace_new(job->trace, NULL, &error);
  if (file == NULL) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    add_problem(job, done, error->message);
    return NULL;
  }
  SimJobTrace *trace = g_new0(SimJobTrace, 1);
  g_autofree char *replay = sim_job_replay(job, sim_run_seed(run));
  g_autofree char *version = g_strdup_printf("%s (%s)", sim_version, sim_version_commit);
  SimRecordOptions options = {
    .scenario = job->path,
    .replay = replay,
    .version = version,
    .classes = job->has_classes ? job->classes : sim_run_scenario(run)->record,
  };
  trace->trace = file;
  trace->record = sim_record_new(file, run, &options);
  return trace;
}

bool
sim_job_trace_has_failed(SimJobTrace *trace)
{
  return sim_trace_has_failed(trace->trace);
}

void
sim_job_trace_sample(SimJobTrace *trace)
{
  sim_record_sample(trace->record);
}

void
sim_job_trace_action(SimJobTrace *trace, const SimAction *action, bool anew)
{
  sim_record_action(trace->record, action, anew);
}

static SimTraceEnd
end_of(const SimJobDone *done, bool failed)
{
  const SimRun *run = done->run;
  const SimWorld *world = sim_run_world(run);
  const SimNetCounts *net = sim_net_counts(sim_world_net(world));
  const SimMistake *mistake = sim_run_mistake(run);
  int status = failed ? SIM_EXIT_TROUBLE : done->status;
  return (SimTraceEnd){
    .reached = sim_world_now(world),
    .events = (int64_t)sim_world_events(world),
    .messages = (int64_t)net->sent,
    .bytes = (int64_t)net->bytes,
    .nodes_peak = sim_oracle_peak(sim_run_oracle(run)),
    .peak_rss_bytes = (int64_t)done->rss_kib * 1024,
    .wall_s = done->wall_s,
    .verdict = sim_job_verdict(status),
    .problem = mistake == NULL ? NULL : mistake->message,
    .exit_code = status,
    .complete = sim_run_complete(run) && !failed,
  };
}

/* A run that had to wait for its trace says so: its wall time is not that of the simulation. */
static void
tell_waits(const SimJobTrace *trace)
{
  gint64 us;
  uint64_t waits = sim_trace_waits(trace->trace, &us);
  if (us >= G_USEC_PER_SEC / 10)
    fprintf(stderr,
            "drtsim: the run waited %" G_GUINT64_FORMAT
            " times for the trace to be written, %.1f s in all\n",
            waits, (double)us / G_USEC_PER_SEC);
}

static void
tell_where(const SimJob *job, const SimJobDone *done)
{
  if (strcmp(done->trace, job->trace) != 0)
    fprintf(stderr,
            "drtsim: the run did not come to its end: its trace is '%s', and the earlier one in "
            "'%s' is kept\n",
            done->trace, job->trace);
}

bool
sim_job_trace_end(SimJobTrace *trace, const SimJob *job, SimJobDone *done)
{
  const SimWorld *world = sim_run_world(done->run);
  bool failed = sim_trace_has_failed(trace->trace);
  sim_record_finish(trace->record);
  if (!job->quiet)
    tell_waits(trace);
  g_autofree char *trajectory =
    g_strdup_printf("%016" G_GINT64_MODIFIER "x", sim_world_fingerprint(world));
  g_autofree char *results =
    g_strdup_printf("%016" G_GINT64_MODIFIER "x", sim_run_fingerprint(done->run));
  SimTraceEnd end = end_of(done, failed);
  end.trajectory = trajectory;
  end.results = results;
  end.part = job->part;
  g_autoptr(GError) error = NULL;
  bool good = sim_trace_end(trace->trace, &end, &done->trace, &done->trace_rows, &error);
  sim_record_free(trace->record);
  g_free(trace);
  if (good) {
    tell_where(job, done);
    return true;
  }
  g_autoptr(GString) time = g_string_new(NULL);
  sim_print_time(time, sim_world_now(world) / SIM_MILLISECOND * SIM_MILLISECOND);
  g_autofree char *problem =
    g_strdup_printf("at %s of virtual time: %s", time->str, error->message);
  fprintf(stderr, "drtsim: %s\n", problem);
  add_problem(job, done, problem);
  if (done->trace_rows > 0)
    fprintf(stderr,
            "drtsim: %" G_GUINT64_FORMAT " rows that were written before are in '%s', marked "
            "incomplete\n",
            done->trace_rows, done->trace);
  else
    fprintf(stderr, "drtsim: nothing could be kept of it\n");
  return false;
}
