/* The course of a run: what is to be done when, and what it all comes to. */
#include "sim-run.h"

#include "sim-run-private.h"

#include "sim-hash.h"

#include <string.h>

#define TELL_EVERY (G_USEC_PER_SEC / 4)
#define SOCKET_BUFFER (64u << 10)
#define QUEUE (256u << 10) /* bytes before an access link, if nobody says how many */
#define DEFAULT_LATENCY (50 * SIM_MILLISECOND)
#define DEFAULT_MTU 1500

/* ---- The heap of tasks. ---- */

static bool
before(const SimTask *a, const SimTask *b)
{
  if (a->at != b->at)
    return a->at < b->at;
  if (a->phase != b->phase)
    return a->phase < b->phase;
  return a->order != b->order ? a->order < b->order : a->count < b->count;
}

static void
push(SimRun *run, SimTask *task)
{
  GPtrArray *tasks = run->tasks;
  g_ptr_array_add(tasks, task);
  guint i = tasks->len - 1;
  for (; i > 0 && before(task, g_ptr_array_index(tasks, (i - 1) / 2)); i = (i - 1) / 2)
    tasks->pdata[i] = tasks->pdata[(i - 1) / 2];
  tasks->pdata[i] = task;
}

static SimTask *
first(const SimRun *run)
{
  return run->tasks->len == 0 ? NULL : g_ptr_array_index(run->tasks, 0);
}

static SimTask *
pop(SimRun *run)
{
  GPtrArray *tasks = run->tasks;
  SimTask *top = tasks->pdata[0], *last = tasks->pdata[tasks->len - 1];
  g_ptr_array_set_size(tasks, (gint)tasks->len - 1);
  guint i = 0, n = tasks->len;
  for (guint child; (child = 2 * i + 1) < n; i = child) {
    if (child + 1 < n && before(tasks->pdata[child + 1], tasks->pdata[child]))
      child++;
    if (!before(tasks->pdata[child], last))
      break;
    tasks->pdata[i] = tasks->pdata[child];
  }
  if (n > 0)
    tasks->pdata[i] = last;
  return top;
}

SimTask *
sim_run_add(SimRun *run, SimTime at, SimPhase phase, uint32_t order, SimTaskDo task)
{
  SimTask *made = g_new0(SimTask, 1);
  made->at = at;
  made->phase = phase;
  made->order = order;
  made->count = run->tasks_made++;
  made->run = task;
  push(run, made);
  return made;
}

void
sim_run_again(SimTask *task, SimTime at)
{
  task->at = at;
  task->again = true;
}

static void
free_task(SimTask *task)
{
  if (task->clear != NULL)
    task->clear(task->data);
  g_free(task);
}

/* ---- Making and ending it. ---- */

static void
on_event(void *data, uint32_t node, const DRT_EVENT_DATA *event)
{
  sim_run_judge_event(data, node, event);
}

static void
on_sent(void *data, SimPacket *packet)
{
  sim_run_judge_message(data, packet);
}

static void
on_search_ended(void *data, const SimSearch *search)
{
  sim_run_search_ended(data, search);
}

static SimGroup *
make_groups(SimRun *run)
{
  const SimScenario *scenario = run->scenario;
  SimGroup *groups = g_new0(SimGroup, scenario->group_count + 1);
  uint32_t next = 0;
  for (uint32_t i = 0; i < scenario->group_count; i++) {
    const SimGroupSpec *spec = &scenario->groups[i];
    groups[i] = (SimGroup){
      .first = next,
      .count = spec->count,
      .keys = spec->keys,
      .payload = spec->payload,
      .bootstrap = spec->bootstrap,
      .security = spec->derived_key ? SIM_SECURITY_DERIVED_KEY : SIM_SECURITY_NULL,
      .mode = spec->mode,
    };
    run->first_node[i] = next;
    next += spec->count;
  }
  return groups;
}

static DrtSettings
make_settings(const SimScenario *scenario)
{
  DrtSettings settings;
  drt_settings_init(&settings);
  for (uint32_t i = 0; i < scenario->protocol_count; i++)
    drt_settings_set(&settings, scenario->protocol[i].setting, scenario->protocol[i].value);
  return settings;
}

static bool
make_world(SimRun *run, SimMistakes *mistakes)
{
  const SimScenario *scenario = run->scenario;
  SimDistribution *latency =
    sim_distribution_new(&(SimDistributionSpec){ .kind = SIM_CONSTANT, .a = DEFAULT_LATENCY });
  g_ptr_array_add(run->distributions, latency);
  SimLink link = {
    .latency = latency, .mtu = DEFAULT_MTU, .queue = QUEUE, .buffer = SOCKET_BUFFER
  };
  unsigned fields;
  if (!sim_run_read_network(run, scenario->network, scenario->network_count, &link, &fields,
                            mistakes))
    return false;
  g_autofree SimGroup *groups = make_groups(run);
  DrtSettings settings = make_settings(scenario);
  uint32_t nodes = 0, liar_count;
  for (uint32_t i = 0; i < scenario->group_count; i++)
    nodes += scenario->groups[i].count;
  g_autofree uint32_t *liars = sim_run_liars(run, nodes, &liar_count);
  SimWorldConfig config = {
    .seed = run->options.seed,
    .groups = groups,
    .group_count = MAX(scenario->group_count, 1),
    .settings = &settings,
    .link = link,
    .key_bits = (uint32_t)settings.key_bits / 8 * 8,
    .certificate_sha2 = settings.certificate_hash == 2,
    .sign_cost = scenario->crypto_sign,
    .verify_cost = scenario->crypto_verify,
    .liars = liars,
    .liar_count = liar_count,
  };
  run->lossy = link.loss != SIM_CHANCE_NEVER || link.burst_loss != SIM_CHANCE_NEVER;
  run->world = sim_world_new(&config);
  run->oracle = sim_oracle_new(run->world);
  sim_oracle_disturbed(run->oracle, !run->lossy);
  sim_world_watch(run->world, &(SimWatcher){
                                .data = run,
                                .event = on_event,
                                .search_ended = on_search_ended,
                                .sent = sim_run_watches_messages(run) ? on_sent : NULL,
                              });
  return true;
}

void
sim_run_clear_result(gpointer data)
{
  SimResult *result = data;
  g_free(result->text);
  g_free(result->value);
}

static void
clear_way(gpointer data)
{
  SimWayMade *way = data;
  g_free(way->words);
  sim_members_clear(&way->from);
  sim_members_clear(&way->to);
}

static GArray *
new_ways(void)
{
  GArray *ways = g_array_new(FALSE, FALSE, sizeof(SimWayMade));
  g_array_set_clear_func(ways, clear_way);
  return ways;
}

static void
sample(SimRun *run, SimTask *task)
{
  SimTime now = sim_world_now(run->world);
  if (run->last_sample != now) { /* several may be wanted at one time */
    run->last_sample = now;
    sim_oracle_sample(run->oracle);
    sim_run_judge_sample(run);
    if (run->options.listener.sample != NULL)
      run->options.listener.sample(run->options.listener.data, run);
  }
  if (task->data != NULL) /* the regular one */
    sim_run_again(task, now + run->scenario->sample);
}

void
sim_run_add_sample(SimRun *run, SimTime at)
{
  sim_run_add(run, at, SIM_PHASE_SAMPLE, 1, sample);
}

static void
finish(SimRun *run, SimTask *task)
{
  (void)task;
  run->ended = true;
}

SimRun *
sim_run_new(const SimScenario *scenario, const SimRunOptions *options, SimMistakes *mistakes)
{
  SimRun *run = g_new0(SimRun, 1);
  run->scenario = scenario;
  run->options = *options;
  run->first_node = g_new0(uint32_t, scenario->group_count + 1);
  run->tasks = g_ptr_array_new();
  run->expected = g_new0(SimExpected, scenario->expectation_count + 1);
  run->results = g_array_new(FALSE, FALSE, sizeof(SimResult));
  g_array_set_clear_func(run->results, sim_run_clear_result);
  run->awaited = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  run->cuts = new_ways();
  run->holds = new_ways();
  run->distributions = g_ptr_array_new_with_free_func((GDestroyNotify)sim_distribution_free);
  run->matrices = g_ptr_array_new_with_free_func((GDestroyNotify)sim_matrix_free);
  run->last_sample = -1;
  if (!make_world(run, mistakes)) {
    sim_run_free(run);
    return NULL;
  }
  for (uint32_t i = 0; i < scenario->action_count; i++)
    sim_run_schedule(run, i, &scenario->actions[i]);
  SimTask *regular = sim_run_add(run, 0, SIM_PHASE_SAMPLE, 0, sample);
  regular->data = run; /* that there is some says that it is the regular one */
  SimTime end = sim_run_goal(run);
  sim_run_add_sample(run, end);
  sim_run_add(run, end, SIM_PHASE_END, 0, finish);
  for (uint32_t i = 0; i < scenario->expectation_count; i++) {
    const SimWhen *when = &scenario->expectations[i].when;
    run->expected[i].expectation = &scenario->expectations[i];
    run->expected[i].opened = SIM_TIME_NEVER;
    if (when->kind == SIM_WHEN_AT || when->kind == SIM_WHEN_FROM_TO)
      sim_run_add_sample(run, when->from);
    bool metric = scenario->expectations[i].kind == SIM_EXPECT_METRIC;
    if (when->kind == SIM_WHEN_FROM_TO || (when->kind == SIM_WHEN_BY && metric))
      sim_run_add_sample(run, when->to);
  }
  return run;
}

void
sim_run_free(SimRun *run)
{
  if (run == NULL)
    return;
  for (uint32_t i = 0; i < run->scenario->expectation_count; i++) {
    sim_members_clear(&run->expected[i].first);
    sim_members_clear(&run->expected[i].second);
  }
  for (guint i = 0; i < run->tasks->len; i++)
    free_task(g_ptr_array_index(run->tasks, i));
  g_ptr_array_free(run->tasks, TRUE);
  sim_oracle_free(run->oracle);
  sim_world_free(run->world);
  g_array_free(run->results, TRUE);
  g_hash_table_destroy(run->awaited);
  g_array_free(run->cuts, TRUE);
  g_array_free(run->holds, TRUE);
  g_ptr_array_free(run->distributions, TRUE);
  g_ptr_array_free(run->matrices, TRUE);
  g_free(run->mistake.message);
  g_free(run->mistake.file);
  g_free(run->mistake.text);
  g_free(run->expected);
  g_free(run->first_node);
  g_free(run);
}

/* ---- The course. ---- */

void
sim_run_fail(SimRun *run, const SimWhere *where, const char *format, ...)
{
  if (run->mistake.message != NULL)
    return;
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autoptr(GString) time = g_string_new(NULL);
  sim_print_duration(time, sim_world_now(run->world));
  run->mistake = (SimMistake){
    .file = g_strdup(where->file),
    .line = where->line,
    .column = where->column,
    .text = g_strdup(where->text),
    .message = g_strdup_printf("at %s: %s", time->str, message),
  };
  run->stopped = true;
}

void
sim_run_add_result(SimRun *run, const SimWhere *where, char *text, SimJudgement judgement,
                   char *value, SimTime at)
{
  SimResult result = { .text = text, .judgement = judgement, .value = value, .at = at };
  if (where != NULL)
    result.where = *where;
  g_array_append_val(run->results, result);
  run->failures += judgement == SIM_FAILED;
}

void
sim_run_acted(SimRun *run)
{
  sim_run_judge_action(run);
}

/* Whether somebody wants it to stop here. */
static bool
told_to_stop(SimRun *run)
{
  if (run->options.listener.progress == NULL)
    return false;
  gint64 now = g_get_monotonic_time();
  if (now - run->told < TELL_EVERY)
    return false;
  run->told = now;
  return run->options.listener.progress(run->options.listener.data, run);
}

/* In pieces, so that progress can be told. */
static void
run_world(SimRun *run, SimTime until)
{
  uint64_t most = run->options.events_max;
  for (uint32_t n = 1; sim_world_step(run->world, until); n++)
    if ((n % 4096 == 0 && told_to_stop(run)) ||
        (most > 0 && sim_world_events(run->world) >= most)) {
      run->stopped = true;
      return;
    }
  sim_world_run(run->world, until);
}

static void
do_task(SimRun *run, SimTask *task)
{
  const SimRunListener *listener = &run->options.listener;
  bool tells = listener->action != NULL && task->action != NULL;
  task->again = false;
  if (tells)
    listener->action(listener->data, run, task->action, task->statement);
  task->run(run, task);
  if (tells)
    listener->action(listener->data, run, NULL, false);
  if (!task->again) {
    free_task(task);
    return;
  }
  task->count = run->tasks_made++;
  push(run, task);
}

void
sim_run_go(SimRun *run)
{
  while (!run->ended && !run->stopped) {
    SimTime next = first(run)->at;
    run_world(run, next);
    while (!run->ended && !run->stopped && first(run)->at == next)
      do_task(run, pop(run));
    if (told_to_stop(run))
      run->stopped = true;
    if (run->options.stop_on_failure && run->failures > 0)
      run->stopped = true;
  }
  sim_run_end_searches(run);
  sim_run_judge_end(run);
}

/* ---- What it comes to. ---- */

SimWorld *
sim_run_world(const SimRun *run)
{
  return run->world;
}

SimOracle *
sim_run_oracle(const SimRun *run)
{
  return run->oracle;
}

const SimScenario *
sim_run_scenario(const SimRun *run)
{
  return run->scenario;
}

uint64_t
sim_run_seed(const SimRun *run)
{
  return run->options.seed;
}

SimTime
sim_run_goal(const SimRun *run)
{
  return MIN(run->scenario->end, run->options.until);
}

const SimResult *
sim_run_results(const SimRun *run, uint32_t *ret_count)
{
  *ret_count = run->results->len;
  return (const SimResult *)(const void *)run->results->data;
}

bool
sim_run_complete(const SimRun *run)
{
  return run->ended && run->options.until >= run->scenario->end;
}

const SimMistake *
sim_run_mistake(const SimRun *run)
{
  return run->mistake.message == NULL ? NULL : &run->mistake;
}

int
sim_run_exit(const SimRun *run)
{
  if (run->mistake.message != NULL)
    return SIM_EXIT_MISTAKE;
  bool failed = false, undecided = false;
  for (guint i = 0; i < run->results->len; i++) {
    SimJudgement judgement = g_array_index(run->results, SimResult, i).judgement;
    failed |= judgement == SIM_FAILED;
    undecided |= judgement == SIM_UNDECIDED;
  }
  if (run->stopped && !(run->options.stop_on_failure && failed))
    return SIM_EXIT_INTERRUPTED;
  return failed ? SIM_EXIT_FAILED : undecided ? SIM_EXIT_UNDECIDED : SIM_EXIT_HELD;
}

uint64_t
sim_run_fingerprint(const SimRun *run)
{
  uint64_t hash = run->fingerprint;
  for (guint i = 0; i < run->results->len; i++) {
    const SimResult *result = &g_array_index(run->results, SimResult, i);
    hash = sim_hash_add(hash, sim_hash_bytes(result->text, (uint32_t)strlen(result->text)));
    hash = sim_hash_add(hash, sim_hash_bytes(result->value, (uint32_t)strlen(result->value)));
    hash = sim_hash_add(hash, (uint64_t)result->judgement << 62 ^ (uint64_t)result->at);
  }
  return hash;
}
