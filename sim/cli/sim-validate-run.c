/* Each run is a process of its own, as in a sweep. What it measured is what its expectations found; where
 * that does not say it, its trace is asked, and thrown away. */
#include "sim-validate-run.h"

#include "analysis-table.h"
#include "sim-child.h"
#include "sim-interrupt.h"
#include "sim-job-values.h"
#include "sim-swarm-run.h"
#include "sim-usage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "scenarios/validate/" /* as scenarios are called */

static const uint64_t full_seeds[] = { 1, 10 }, quick_seeds[] = { 1, 3 };

typedef struct {
  const SimExperiment *experiment; /* the first that wants it */
  const char *scenario;            /* NULL: one of a swarm */
  char **sets;
  uint64_t seed;
  bool traced;
  char *path, *text; /* of the scenario */
  char *trace;       /* its file */
} Run;

typedef struct {
  const SimValidateOptions *options;
  SimValidated *validated;
  GPtrArray *runs; /* Run */
  char *folder;    /* of traces */
  guint next, ended, failed;
  bool broken;
} Campaign;

static void
free_run(gpointer data)
{
  Run *run = data;
  g_strfreev(run->sets);
  g_free(run->path);
  g_free(run->text);
  g_free(run->trace);
  g_free(run);
}

static void
clear_outcome(gpointer data)
{
  SimRowResult *outcome = data;
  g_free(outcome->what);
  g_free(outcome->values);
  g_free(outcome->bound);
}

/* ---- What there is to run. ---- */

static void
seeds_of(const SimValidateOptions *options, const SimRow *row, uint64_t ret[2])
{
  const uint64_t *seeds = options->quick ? quick_seeds : full_seeds;
  if (row->kind == SIM_ROW_SWARM)
    seeds = options->quick ? row->quick_swarm : row->swarm;
  else if (options->has_seeds)
    seeds = options->seeds;
  ret[0] = seeds[0];
  ret[1] = seeds[1];
}

static bool
sets_equal(char **a, char **b)
{
  for (; *a != NULL && *b != NULL; a++, b++)
    if (strcmp(*a, *b) != 0)
      return false;
  return *a == NULL && *b == NULL;
}

/* Whether it is a run for a row with these params: rows, of several experiments even, may share it. */
static bool
is_of(const Run *run, const SimRow *row, char **sets)
{
  return g_strcmp0(run->scenario, row->scenario) == 0 && sets_equal(run->sets, sets);
}

static Run *
find_run(const Campaign *campaign, const SimRow *row, char **sets, uint64_t seed)
{
  for (guint i = 0; i < campaign->runs->len; i++) {
    Run *run = campaign->runs->pdata[i];
    if (is_of(run, row, sets) && run->seed == seed)
      return run;
  }
  return NULL;
}

static Run *
scenario_run(const SimExperiment *experiment, const char *scenario, char **sets, uint64_t seed)
{
  Run *run = g_new0(Run, 1);
  *run =
    (Run){ .experiment = experiment, .scenario = scenario, .seed = seed, .sets = g_strdupv(sets) };
  run->path = g_strconcat(FOLDER, scenario, NULL);
  run->text = sim_validation_text(scenario);
  return run;
}

static Run *
swarm_run(const SimExperiment *experiment, uint64_t seed)
{
  Run *run = g_new0(Run, 1);
  *run = (Run){ .experiment = experiment, .seed = seed, .sets = g_new0(char *, 1) };
  SimSwarmPlan *plan = sim_swarm_draw(seed);
  run->path = g_strdup_printf("swarm-%" G_GUINT64_FORMAT ".drt", seed);
  run->text = sim_swarm_print(plan, NULL);
  sim_swarm_free(plan);
  return run;
}

/* "$N nodes" with the params in their places. */
static char *
words_of(const SimRow *row, char **sets)
{
  g_autoptr(GString) words = g_string_new(row->what);
  for (; *sets != NULL; sets++) {
    const char *is = strchr(*sets, '=');
    g_autofree char *name = g_strdup_printf("$%.*s", (int)(is - *sets), *sets);
    g_string_replace(words, name, is + 1, 0);
  }
  return g_strdup(words->str);
}

/* The runs that a row needs. Several rows may be of the same ones. */
static void
plan_row(Campaign *campaign, const SimExperiment *experiment, const SimRow *row)
{
  uint64_t seeds[2];
  seeds_of(campaign->options, row, seeds);
  SimRowResult outcome = { .experiment = experiment, .row = row };
  outcome.runs = (unsigned)(seeds[1] - seeds[0] + 1);
  outcome.values = g_new0(SimMeasured, outcome.runs);
  g_auto(GStrv) sets = sim_row_sets(row, campaign->options->quick);
  outcome.what = words_of(row, sets);
  g_array_append_val(campaign->validated->outcomes, outcome);
  if (row->kind == SIM_ROW_RISE)
    return;
  for (uint64_t seed = seeds[0]; seed <= seeds[1]; seed++) {
    Run *run = find_run(campaign, row, sets, seed);
    if (run == NULL) {
      run = row->kind == SIM_ROW_SWARM ? swarm_run(experiment, seed)
                                       : scenario_run(experiment, row->scenario, sets, seed);
      g_ptr_array_add(campaign->runs, run);
    }
    run->traced |= row->kind == SIM_ROW_QUERY;
  }
}

static void
plan(Campaign *campaign)
{
  for (const SimExperiment *const *at = campaign->options->experiments; *at != NULL; at++)
    for (guint i = 0; i < (*at)->rows->len; i++) {
      const SimRow *row = (*at)->rows->pdata[i];
      if (!(campaign->options->quick && row->not_quick))
        plan_row(campaign, *at, row);
    }
}

/* ---- What a run says. ---- */

double
sim_validate_scale(const char *unit, bool nanoseconds)
{
  if (strcmp(unit, "%") == 0)
    return 100;
  return nanoseconds && strcmp(unit, "s") == 0 ? 1e-9 : 1;
}

static void
know(SimRowResult *outcome, unsigned i, double value)
{
  outcome->values[i] = (SimMeasured){ .known = true, .value = value };
}

/* The expectation of a row among what a run has found, or NULL. */
static const SimJobValue *
find_value(const GArray *values, const SimRow *row)
{
  g_autofree char *word = g_strdup_printf(" %s ", row->metric);
  unsigned number = 0;
  for (guint i = 0; i < values->len; i++) {
    const SimJobValue *value = &g_array_index(values, SimJobValue, i);
    if (strstr(value->text, word) != NULL && ++number == row->number)
      return value;
  }
  return NULL;
}

static void
take_expectation(SimRowResult *outcome, unsigned i, const GArray *values)
{
  const SimRow *row = outcome->row;
  const SimJobValue *value = find_value(values, row);
  if (value == NULL) {
    outcome->open++;
    return;
  }
  outcome->against += value->judgement == SIM_FAILED;
  outcome->open += value->judgement == SIM_UNDECIDED;
  if (outcome->bound == NULL)
    outcome->bound = g_strdup(strstr(value->text, row->metric) + strlen(row->metric) + 1);
  if (value->among == 0)
    return;
  know(outcome, i, value->of / value->among * sim_validate_scale(row->unit, true));
  if (strcmp(row->unit, "%") == 0) {
    outcome->of += value->of;
    outcome->among += value->among;
  }
}

static void
take_query(Campaign *campaign, SimRowResult *outcome, unsigned i, AnalysisTrace *trace)
{
  const SimRow *row = outcome->row;
  g_autoptr(GError) error = NULL;
  g_autoptr(AnalysisTable) table =
    analysis_table_query(trace, row->query, &(AnalysisParams){ 0 }, &error);
  if (table == NULL) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    campaign->broken = true;
    return;
  }
  if (analysis_table_rows(table) > 0 && analysis_table_text(table, 0, row->column) != NULL)
    know(outcome, i,
         analysis_table_number(table, 0, row->column) * sim_validate_scale(row->unit, false));
}

static void
take_swarm(SimRowResult *outcome, unsigned i, const SimChildReport *report)
{
  bool undecided = report->status == SIM_EXIT_UNDECIDED;
  bool failed = report->status != SIM_EXIT_HELD && !undecided;
  outcome->against += failed;
  outcome->open += undecided;
  outcome->of += undecided ? 0 : failed;
  outcome->among += !undecided;
  if (!undecided)
    know(outcome, i, failed ? 100 : 0);
}

static SimJob
job_of(const Run *run)
{
  return (SimJob){
    .path = run->path,
    .text = run->text,
    .sets = (const char *const *)run->sets,
    .has_seed = run->scenario != NULL,
    .seed = run->seed,
    .until = SIM_TIME_NEVER,
    .quiet = true,
    .values = true,
    .trace = run->trace,
    .part = true,
  };
}

static char *
replay_of(const Run *run)
{
  if (run->scenario == NULL)
    return g_strdup_printf("drtsim swarm --seeds %" G_GUINT64_FORMAT, run->seed);
  SimJob job = job_of(run);
  return sim_job_replay(&job, run->seed);
}

/* What did not hold, and how to see it again. */
static void
tell_trouble(Campaign *campaign, const Run *run, const SimChildReport *report)
{
  if (report->status == SIM_EXIT_HELD)
    return;
  g_autofree char *reason = sim_swarm_run_reason(report);
  g_autofree char *replay = replay_of(run);
  g_ptr_array_add(campaign->validated->troubles,
                  g_strdup_printf("%s %s: %s\n    again: %s", run->experiment->name,
                                  sim_job_verdict(report->status), reason, replay));
}

static AnalysisTrace *
open_trace(Campaign *campaign, const Run *run)
{
  if (run->trace == NULL)
    return NULL;
  g_autoptr(GError) error = NULL;
  AnalysisTrace *trace = analysis_trace_open(run->trace, &error);
  if (trace == NULL) {
    fprintf(stderr, "drtsim: %s\n", error->message);
    campaign->broken = true;
  }
  return trace;
}

static void
take_row(Campaign *campaign, SimRowResult *outcome, const Run *run, const SimChildReport *report,
         const GArray *values, AnalysisTrace *trace)
{
  uint64_t seeds[2];
  seeds_of(campaign->options, outcome->row, seeds);
  g_auto(GStrv) sets = sim_row_sets(outcome->row, campaign->options->quick);
  if (outcome->row->kind == SIM_ROW_RISE || run->seed < seeds[0] || run->seed > seeds[1] ||
      !is_of(run, outcome->row, sets))
    return;
  unsigned i = (unsigned)(run->seed - seeds[0]);
  outcome->ended++;
  if (outcome->row->kind == SIM_ROW_EXPECTATION)
    take_expectation(outcome, i, values);
  else if (outcome->row->kind == SIM_ROW_SWARM)
    take_swarm(outcome, i, report);
  else if (outcome->row->kind == SIM_ROW_QUERY && trace != NULL)
    take_query(campaign, outcome, i, trace);
}

static void
tell_progress(const Campaign *campaign, const Run *run, const SimChildReport *report)
{
  if (campaign->options->quiet)
    return;
  g_autofree char *sets = g_strjoinv(" ", run->sets);
  fprintf(stderr, "%u of %u: %s%s%s, seed %" G_GUINT64_FORMAT ": %s, %.1f s\n", campaign->ended,
          campaign->runs->len, run->experiment->name, *sets ? " " : "", sets, run->seed,
          sim_job_verdict(report->status), report->wall_s);
}

static void
take_run(Campaign *campaign, const Run *run, const SimChildReport *report)
{
  if (report->status == SIM_EXIT_INTERRUPTED)
    return;
  campaign->ended++;
  campaign->failed += report->status == SIM_EXIT_FAILED;
  if (!report->reported || report->status == SIM_EXIT_MISTAKE ||
      report->status == SIM_EXIT_TROUBLE) {
    fprintf(stderr, "drtsim: %s, seed %" G_GUINT64_FORMAT " could not be run: %s\n", run->path,
            run->seed, report->text);
    campaign->broken = true;
  }
  tell_progress(campaign, run, report);
  tell_trouble(campaign, run, report);
  g_autoptr(GArray) values = sim_job_values_read(report->text);
  g_autoptr(AnalysisTrace) trace = open_trace(campaign, run);
  GArray *outcomes = campaign->validated->outcomes;
  for (guint i = 0; i < outcomes->len; i++)
    take_row(campaign, &g_array_index(outcomes, SimRowResult, i), run, report, values, trace);
}

/* ---- All of them. ---- */

static bool
begin_run(Campaign *campaign, Run *run, SimChild *child)
{
  if (run->traced)
    run->trace = g_strdup_printf("%s/%u.db", campaign->folder, campaign->next);
  SimJob job = job_of(run);
  campaign->next++;
  if (sim_child_start(child, &job))
    return true;
  fprintf(stderr, "drtsim: cannot start a process: %s\n", g_strerror(errno));
  campaign->broken = true;
  return false;
}

static void
run_all(Campaign *campaign)
{
  SimChild children[SIM_JOBS_MAX] = { 0 };
  guint numbers[SIM_JOBS_MAX];
  for (int busy = 0;;) {
    for (int i = 0; i < campaign->options->jobs && campaign->next < campaign->runs->len; i++) {
      if (children[i].pid != 0 || sim_interrupted() || campaign->broken)
        continue;
      numbers[i] = campaign->next;
      busy += begin_run(campaign, campaign->runs->pdata[campaign->next], &children[i]);
    }
    if (busy == 0)
      return;
    SimChildReport report;
    int i = sim_child_wait(children, campaign->options->jobs, &report);
    if (i < 0)
      return;
    busy--;
    Run *run = campaign->runs->pdata[numbers[i]];
    take_run(campaign, run, &report);
    sim_child_report_clear(&report);
    if (run->trace != NULL)
      g_unlink(run->trace);
  }
}

/* ---- What it amounts to. ---- */

static SimRowResult *
find_outcome(const Campaign *campaign, const SimExperiment *experiment, const char *row)
{
  GArray *outcomes = campaign->validated->outcomes;
  for (guint i = 0; i < outcomes->len; i++) {
    SimRowResult *outcome = &g_array_index(outcomes, SimRowResult, i);
    if (outcome->experiment == experiment && strcmp(outcome->row->name, row) == 0)
      return outcome;
  }
  return NULL;
}

/* Seed by seed. In the quick form one of the two rows may be left out. */
static void
rise(const Campaign *campaign, SimRowResult *outcome)
{
  const SimRowResult *first = find_outcome(campaign, outcome->experiment, outcome->row->first);
  const SimRowResult *second = find_outcome(campaign, outcome->experiment, outcome->row->second);
  if (first == NULL || second == NULL)
    return;
  outcome->runs = MIN(outcome->runs, MIN(first->runs, second->runs));
  for (unsigned i = 0; i < outcome->runs; i++)
    if (first->values[i].known && second->values[i].known)
      know(outcome, i, (second->values[i].value - first->values[i].value) / outcome->row->factor);
}

static void
judge_mean(SimRowResult *outcome)
{
  const SimRow *row = outcome->row;
  double mean = outcome->interval.mean;
  if (row->has_least)
    outcome->bound = g_strdup_printf(">= %g%s", row->least, strcmp(row->unit, "%") == 0 ? "%" : "");
  if (row->has_most) {
    g_autofree char *least = outcome->bound;
    outcome->bound =
      g_strdup_printf("%s%s<= %g%s", least != NULL ? least : "", least != NULL ? ", " : "",
                      row->most, strcmp(row->unit, "%") == 0 ? "%" : "");
  }
  if (outcome->interval.n == 0)
    outcome->open++;
  else if ((row->has_least && mean < row->least) || (row->has_most && mean > row->most))
    outcome->against++;
}

/* Over the runs that said something. */
static AnalysisInterval
interval_of(const SimRowResult *outcome)
{
  AnalysisInterval interval = { .n = 0 };
  double *known = g_new(double, outcome->runs + 1);
  unsigned n = 0;
  for (unsigned i = 0; i < outcome->runs; i++)
    if (outcome->values[i].known)
      known[n++] = outcome->values[i].value;
  if (n > 0)
    interval = analysis_interval(known, n);
  g_free(known);
  return interval;
}

static void
sum_up(const Campaign *campaign, SimRowResult *outcome)
{
  SimRowKind kind = outcome->row->kind;
  if (kind == SIM_ROW_RISE)
    rise(campaign, outcome);
  outcome->interval = interval_of(outcome);
  if (kind == SIM_ROW_RISE)
    outcome->ended = outcome->interval.n;
  if (kind == SIM_ROW_QUERY || kind == SIM_ROW_RISE)
    judge_mean(outcome);
  if (kind == SIM_ROW_SWARM)
    outcome->bound = g_strdup("== 0%");
  /* A seed of a swarm that decides nothing leaves the others as they are. */
  bool open = kind == SIM_ROW_SWARM ? outcome->interval.n == 0 : outcome->open > 0;
  open |= outcome->ended < outcome->runs;
  outcome->verdict = outcome->against > 0 ? SIM_ROW_NOT_HELD
                     : open               ? SIM_ROW_UNDECIDED
                                          : SIM_ROW_HELD;
}

static int
status_of(const Campaign *campaign)
{
  if (campaign->broken)
    return SIM_EXIT_TROUBLE;
  if (sim_interrupted())
    return SIM_EXIT_INTERRUPTED;
  int status = campaign->failed > 0 ? SIM_EXIT_FAILED : SIM_EXIT_HELD;
  GArray *outcomes = campaign->validated->outcomes;
  for (guint i = 0; i < outcomes->len; i++) {
    SimRowVerdict verdict = g_array_index(outcomes, SimRowResult, i).verdict;
    if (verdict == SIM_ROW_NOT_HELD)
      return SIM_EXIT_FAILED;
    if (verdict == SIM_ROW_UNDECIDED && status == SIM_EXIT_HELD)
      status = SIM_EXIT_UNDECIDED;
  }
  return status;
}

SimValidated *
sim_validate_run(const SimValidateOptions *options)
{
  SimValidated *validated = g_new0(SimValidated, 1);
  validated->outcomes = g_array_new(FALSE, FALSE, sizeof(SimRowResult));
  g_array_set_clear_func(validated->outcomes, clear_outcome);
  validated->troubles = g_ptr_array_new_with_free_func(g_free);
  Campaign campaign = { .options = options, .validated = validated };
  campaign.runs = g_ptr_array_new_with_free_func(free_run);
  g_autoptr(GError) error = NULL;
  campaign.folder = g_dir_make_tmp("drtsim-validate-XXXXXX", &error);
  if (campaign.folder == NULL) {
    fprintf(stderr, "drtsim: cannot make a folder for traces: %s\n", error->message);
    campaign.broken = true;
  }
  sim_interrupt_catch();
  gint64 began = g_get_monotonic_time();
  plan(&campaign);
  run_all(&campaign);
  for (guint i = 0; i < validated->outcomes->len; i++)
    sum_up(&campaign, &g_array_index(validated->outcomes, SimRowResult, i));
  validated->wall_s = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
  validated->planned = campaign.runs->len;
  validated->runs = campaign.ended;
  validated->status = status_of(&campaign);
  if (campaign.folder != NULL)
    g_rmdir(campaign.folder);
  g_free(campaign.folder);
  g_ptr_array_free(campaign.runs, TRUE);
  return validated;
}

void
sim_validated_free(SimValidated *validated)
{
  g_array_free(validated->outcomes, TRUE);
  g_ptr_array_free(validated->troubles, TRUE);
  g_free(validated);
}
