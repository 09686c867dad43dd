/* The run as a whole: what it is, what the scenario did, what was measured, and what it came to. */
#include "sim-print.h"
#include "sim-record-private.h"

#include <sys/utsname.h>

static const struct {
  unsigned class;
  const char *name;
} class_names[] = {
  { SIM_RECORD_SUMMARY, "summary" },     { SIM_RECORD_API, "api" },
  { SIM_RECORD_EVENTS, "events" },       { SIM_RECORD_MESSAGES, "messages" },
  { SIM_RECORD_HOPS, "hops" },           { SIM_RECORD_CACHE, "cache" },
  { SIM_RECORD_DATAGRAMS, "datagrams" },
};

char *
sim_record_classes(unsigned classes)
{
  GString *names = g_string_new(classes == 0 ? "none" : NULL);
  for (unsigned i = 0; i < G_N_ELEMENTS(class_names); i++)
    if ((classes & class_names[i].class) != 0)
      g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", class_names[i].name);
  return g_string_free(names, FALSE);
}

static char *
host_words(void)
{
  struct utsname name;
  if (uname(&name) != 0)
    return g_strdup("unknown");
  return g_strdup_printf("%s %s %s, %u processors", name.sysname, name.release, name.machine,
                         g_get_num_processors());
}

static char *
now_words(void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  return g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
}

static void
add_nodes(SimRecord *record)
{
  const SimScenario *scenario = sim_run_scenario(record->run);
  uint32_t number = 0;
  for (uint32_t i = 0; i < scenario->group_count; i++)
    for (uint32_t k = 0; k < scenario->groups[i].count; k++, number++) {
      SimTraceNode *row = sim_trace_add(record->trace, SIM_TRACE_NODE);
      *row = (SimTraceNode){
        .id = sim_record_node(record, number),
        .run = 1,
        .number = number,
        .name = g_strdup_printf("%s%u", scenario->groups[i].name, k),
        .grp = g_strdup(scenario->groups[i].name),
      };
    }
}

void
sim_record_begin_run(SimRecord *record, const SimRecordOptions *options)
{
  const SimScenario *scenario = sim_run_scenario(record->run);
  sim_record_kinds(record->trace);
  SimTraceRun *row = sim_trace_add(record->trace, SIM_TRACE_RUN);
  *row = (SimTraceRun){
    .id = 1,
    .scenario = g_strdup(options->scenario),
    .title = g_strdup(scenario->title),
    .text = sim_scenario_print(scenario),
    .seed = g_strdup_printf("%" G_GUINT64_FORMAT, sim_run_seed(record->run)),
    .replay = g_strdup(options->replay),
    .classes = sim_record_classes(record->classes),
    .version = g_strdup(options->version),
    .host = host_words(),
    .started = now_words(),
    .nodes = sim_world_nodes(record->world),
    .sample = scenario->sample,
    .goal = sim_run_goal(record->run),
  };
  for (uint32_t i = 0; i < scenario->param_count; i++) {
    const SimParam *param = &scenario->params[i];
    SimTraceParam *param_row = sim_trace_add(record->trace, SIM_TRACE_PARAM);
    *param_row = (SimTraceParam){
      .run = 1,
      .name = g_strdup(param->name),
      .value = g_strdup(param->value),
      .overridden = param->overridden,
    };
  }
  if (record->classes != 0)
    add_nodes(record);
  sim_trace_flush(record->trace);
}

/* ---- What the scenario does. ---- */

static bool
disturbs(SimActionKind kind)
{
  return kind != SIM_ACTION_SEARCH && kind != SIM_ACTION_WORKLOAD;
}

static void
add_mark(SimRecord *record, const SimAction *action, int64_t id)
{
  SimTraceMark *row = sim_trace_add(record->trace, SIM_TRACE_MARK);
  *row = (SimTraceMark){
    .id = id, .run = 1, .at = sim_world_now(record->world), .text = g_strdup(action->mark)
  };
}

static void
add_fault(SimRecord *record, const SimAction *action, int64_t id)
{
  SimTraceFault *row = sim_trace_add(record->trace, SIM_TRACE_FAULT);
  *row = (SimTraceFault){
    .id = id,
    .run = 1,
    .at = sim_world_now(record->world),
    .kind = SIM_KIND_FAULT + (int64_t)action->kind,
    .file = g_strdup(action->where.file),
    .line = action->where.line,
    .text = g_strdup(action->text),
    .disturbs = disturbs(action->kind),
  };
}

/* The id of the row for what is done now: a new one if the statement is carried out anew. */
static int64_t
statement_row(SimRecord *record, const SimAction *action, bool anew)
{
  const int64_t *known = g_hash_table_lookup(record->faults, action);
  if (known != NULL && !anew)
    return *known;
  int64_t id = sim_record_id(record);
  if (action->kind == SIM_ACTION_MARK)
    add_mark(record, action, id);
  else
    add_fault(record, action, id);
  g_hash_table_replace(record->faults, (gpointer)action, g_memdup2(&id, sizeof id));
  return id;
}

void
sim_record_action(SimRecord *record, const SimAction *action, bool anew)
{
  if (record->classes == 0)
    return;
  record->arrived_search = SIM_TRACE_NULL;
  record->doing = action == NULL ? SIM_TRACE_NULL : statement_row(record, action, anew);
  sim_record_set_cause(record, record->doing);
}

/* ---- What is measured. ---- */

static void
add_sample(SimRecord *record, SimMetric metric, SimMessageType type, const SimWindow *window)
{
  SimMeasure value = sim_oracle_measure(record->oracle, metric, type, window);
  if (value.among == 0)
    return;
  SimTraceSample *row = sim_trace_add(record->trace, SIM_TRACE_SAMPLE);
  *row = (SimTraceSample){
    .run = 1,
    .at = sim_world_now(record->world),
    .metric = sim_record_metric_number(metric, type),
    .num = value.of,
    .den = value.among,
  };
}

void
sim_record_sample(SimRecord *record)
{
  if (record->classes == 0)
    return;
  SimWindow window = { .from = record->flow, .ended_in = true };
  sim_oracle_flow(record->oracle, &window.to);
  for (SimMetric metric = 0; metric < SIM_METRICS; metric++)
    add_sample(record, metric, SIM_MESSAGES, &window);
  for (SimMessageType type = 0; type < SIM_MESSAGES; type++) {
    add_sample(record, SIM_METRIC_MESSAGES_PER_NODE, type, &window);
    add_sample(record, SIM_METRIC_BYTES_PER_NODE, type, &window);
  }
  record->flow = window.to;
  if ((record->classes & SIM_RECORD_MESSAGES) != 0)
    sim_record_messages_sampled(record);
  sim_trace_flush(record->trace);
}

/* ---- What it came to. ---- */

void
sim_record_end_run(SimRecord *record)
{
  static const char *const verdicts[] = { "held", "failed", "undecided" };
  uint32_t count;
  const SimResult *results = sim_run_results(record->run, &count);
  for (uint32_t i = 0; i < count; i++) {
    const SimResult *result = &results[i];
    bool placed = result->where.line > 0;
    SimTraceExpectation *row = sim_trace_add(record->trace, SIM_TRACE_EXPECTATION);
    *row = (SimTraceExpectation){
      .id = sim_record_id(record),
      .run = 1,
      .file = placed ? g_strdup(result->where.file) : NULL,
      .line = placed ? result->where.line : SIM_TRACE_NULL,
      .text = g_strdup(result->text),
      .verdict = g_strdup(verdicts[result->judgement]),
      .value = g_strdup(result->value),
      .at = result->at,
    };
  }
}
