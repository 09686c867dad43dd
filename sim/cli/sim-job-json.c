/* The object that `--json` prints. */
#include "sim-job.h"
#include "sim-json.h"

#include <stdio.h>

/* Times are in seconds here. */
static double
unit_of(SimMetric metric)
{
  return sim_metric_kind(metric) == SIM_METRIC_TIME ? (double)SIM_SECOND : 1;
}

static void
append_metrics(GString *to, const SimRun *run)
{
  bool first = true;
  for (SimMetric metric = 0; metric < SIM_METRICS; metric++) {
    SimMeasure value = sim_oracle_measure(sim_run_oracle(run), metric, SIM_MESSAGES, NULL);
    g_string_append_printf(to, "%s\"%s\":", first ? "" : ",", sim_metric_name(metric));
    if (value.among == 0)
      g_string_append(to, "null");
    else
      g_string_append_printf(to, "%.10g", (double)value.of / (double)value.among / unit_of(metric));
    first = false;
  }
}

static void
append_expectations(GString *to, const SimRun *run)
{
  uint32_t count;
  const SimResult *results = sim_run_results(run, &count);
  static const char *const judgements[] = { "held", "failed", "undecided" };
  for (uint32_t i = 0; i < count; i++) {
    const SimResult *result = &results[i];
    g_string_append_printf(to, "%s{\"line\":%u,\"file\":", i > 0 ? "," : "", result->where.line);
    sim_json_string(to, result->where.file);
    g_string_append(to, ",\"text\":");
    sim_json_string(to, result->text);
    g_string_append_printf(to, ",\"held\":%s,\"judgement\":\"%s\",\"value\":",
                           result->judgement == SIM_HELD ? "true" : "false",
                           judgements[result->judgement]);
    sim_json_string(to, result->value);
    g_string_append_printf(to, ",\"at_s\":%.9g}", (double)result->at / SIM_SECOND);
  }
}

/* Of a run that was begun. */
static void
append_run(GString *to, const SimJobDone *done)
{
  const SimWorld *world = sim_run_world(done->run);
  const SimNetCounts *net = sim_net_counts(sim_world_net(world));
  uint64_t events = sim_world_events(world);
  g_string_append_printf(
    to,
    ",\"virtual_s\":%.9g,\"wall_s\":%.3f,\"events\":%" G_GUINT64_FORMAT
    ",\"events_per_s\":%.0f,\"messages\":%" G_GUINT64_FORMAT ",\"bytes\":%" G_GUINT64_FORMAT
    ",\"nodes_peak\":%u,\"bytes_per_node\":%.0f,\"peak_rss_bytes\":%ld,"
    "\"trace_rows\":%" G_GUINT64_FORMAT ",\"fingerprint_trajectory\":\"%016" G_GINT64_MODIFIER
    "x\",\"fingerprint_results\":\"%016" G_GINT64_MODIFIER "x\",\"metrics\":{",
    (double)sim_world_now(world) / SIM_SECOND, done->wall_s, events,
    (double)events / MAX(done->wall_s, 1e-9), net->sent, net->bytes,
    sim_oracle_peak(sim_run_oracle(done->run)),
    (double)sim_world_bytes(world) / MAX(sim_world_nodes(world), 1), done->rss_kib * 1024,
    done->trace_rows, sim_world_fingerprint(world), sim_run_fingerprint(done->run));
  append_metrics(to, done->run);
  g_string_append(to, "},\"expectations\":[");
  append_expectations(to, done->run);
  g_string_append_c(to, ']');
}

/* The same names where there was none. */
static void
append_no_run(GString *to)
{
  static const char *const names[] = { "virtual_s",
                                       "wall_s",
                                       "events",
                                       "events_per_s",
                                       "messages",
                                       "bytes",
                                       "nodes_peak",
                                       "bytes_per_node",
                                       "peak_rss_bytes",
                                       "trace_rows",
                                       "fingerprint_trajectory",
                                       "fingerprint_results" };
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    g_string_append_printf(to, ",\"%s\":null", names[i]);
  g_string_append(to, ",\"metrics\":{},\"expectations\":[]");
}

static void
append_seed(GString *to, const SimJob *job, const SimJobDone *done)
{
  if (done->run != NULL || done->scenario != NULL || job->has_seed)
    g_string_append_printf(to, "%" G_GUINT64_FORMAT,
                           done->run != NULL ? sim_run_seed(done->run)
                           : job->has_seed   ? job->seed
                                             : done->scenario->seed);
  else
    g_string_append(to, "null");
}

void
sim_job_print_json(const SimJob *job, const SimJobDone *done)
{
  g_autoptr(GString) to = g_string_new("{\"scenario\":");
  sim_json_string(to, job->path);
  g_string_append(to, ",\"seed\":");
  append_seed(to, job, done);
  bool complete = done->run != NULL && sim_run_complete(done->run);
  g_string_append_printf(to, ",\"complete\":%s,\"verdict\":\"%s\",\"exit_code\":%d",
                         complete ? "true" : "false", sim_job_verdict(done->status), done->status);
  if (done->run != NULL)
    append_run(to, done);
  else
    append_no_run(to);
  g_string_append(to, ",\"problems\":[");
  for (guint i = 0; done->problems != NULL && i < done->problems->list->len; i++) {
    g_string_append(to, i > 0 ? "," : "");
    sim_json_mistake(to, done->problems->list->pdata[i], "");
  }
  g_string_append_printf(to, "],\"problems_left_off\":%u}\n",
                         done->problems == NULL ? 0 : done->problems->left_off);
  fputs(to->str, stdout);
}
