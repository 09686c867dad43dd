#include "sim-swarm-run.h"

#include "sim-usage.h"

#include <string.h>

bool
sim_swarm_run_start(SimChild *child, const char *path, const char *text)
{
  SimJob job = { .path = path, .text = text, .until = SIM_TIME_NEVER, .quiet = true };
  return sim_child_start(child, &job);
}

/* ---- What it says. ---- */

/* The first line that says what is wrong: "FILE:LINE: FAILED: expect ..." and what was found. */
char *
sim_swarm_run_reason(const SimChildReport *report)
{
  if (report->signal != 0)
    return g_strdup_printf("killed by signal %d", report->signal);
  g_auto(GStrv) lines = g_strsplit(report->text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix(*line, "undecided since "))
      return g_strdup(*line + strlen("undecided "));
  const char *mark = report->status == SIM_EXIT_FAILED ? "FAILED: " : "undecided: ";
  for (char **line = lines; *line != NULL; line++) {
    const char *at = strstr(*line, mark);
    if (at != NULL && line[1] != NULL)
      return g_strdup_printf("%s: %s", at + strlen(mark), g_strstrip(line[1]));
  }
  return g_strdup(lines[0] != NULL ? lines[0] : "");
}

/* What kind of failure it is: the signal, the invariant or the metric. (transfer full) */
static char *
kind_of(const SimChildReport *report)
{
  g_autofree char *reason = sim_swarm_run_reason(report);
  g_auto(GStrv) words = g_strsplit(reason, " ", -1);
  guint n = g_strv_length(words);
  if (n > 1 && strcmp(words[0], "invariant") == 0)
    return g_strdup(words[1]);
  for (guint i = 0; i + 1 < n; i++)
    if (strchr(words[i], '.') != NULL)
      return g_strdup(words[i]);
  return g_strdup(reason);
}

/* ---- Smaller. ---- */

typedef struct {
  SimSwarmPlan *plan;
  char *text, *kind;
  int status;
  uint32_t way;
} Attempt;

typedef struct {
  SimSwarmPlan *plan; /* the smallest so far */
  const char *kind;
  int status;
  unsigned runs, most;
  uint32_t way;
  bool done; /* there are no more ways */
} Shrinking;

static void
clear(Attempt *attempt)
{
  sim_swarm_free(attempt->plan);
  g_free(attempt->text);
  *attempt = (Attempt){ 0 };
}

/* The next way that makes a difference. */
static bool
next_attempt(Shrinking *shrinking, Attempt *attempt)
{
  while (!shrinking->done && shrinking->runs < shrinking->most) {
    *attempt = (Attempt){ .plan = sim_swarm_copy(shrinking->plan), .way = shrinking->way++ };
    SimSwarmShrunk shrunk = sim_swarm_shrink(attempt->plan, attempt->way);
    if (shrunk == SIM_SWARM_SMALLER) {
      attempt->text = sim_swarm_print(attempt->plan, NULL);
      return true;
    }
    shrinking->done = shrunk == SIM_SWARM_DONE;
    clear(attempt);
  }
  return false;
}

static bool
fails_alike(const Shrinking *shrinking, const SimChildReport *report)
{
  if (report->status != shrinking->status)
    return false;
  g_autofree char *kind = kind_of(report);
  return strcmp(kind, shrinking->kind) == 0;
}

/* Tries several ways at a time, and takes the first of them that still fails. True if one did. */
static bool
try_some(Shrinking *shrinking, int jobs)
{
  SimChild children[SIM_JOBS_MAX] = { 0 };
  Attempt attempts[SIM_JOBS_MAX] = { 0 };
  int started = 0, best = -1;
  while (started < jobs && next_attempt(shrinking, &attempts[started])) {
    Attempt *attempt = &attempts[started];
    if (!sim_swarm_run_start(&children[started], "smaller.drt", attempt->text)) {
      clear(attempt);
      break;
    }
    shrinking->runs++;
    started++;
  }
  for (int left = started; left > 0; left--) {
    SimChildReport report;
    int i = sim_child_wait(children, started, &report);
    if (i < 0)
      break;
    if (fails_alike(shrinking, &report) && (best < 0 || i < best))
      best = i;
    sim_child_report_clear(&report);
  }
  if (best >= 0) {
    sim_swarm_free(shrinking->plan);
    shrinking->plan = g_steal_pointer(&attempts[best].plan);
    shrinking->way = attempts[best].way; /* there may be more of the same */
    shrinking->done = false;
  }
  for (int i = 0; i < started; i++)
    clear(&attempts[i]);
  return best >= 0;
}

unsigned
sim_swarm_run_minimize(SimSwarmPlan *plan, const SimChildReport *report, unsigned most, int jobs)
{
  g_autofree char *kind = kind_of(report);
  Shrinking shrinking = {
    .plan = sim_swarm_copy(plan), .kind = kind, .status = report->status, .most = most
  };
  for (bool better = true; better && shrinking.runs < most;) {
    better = false;
    shrinking.way = 0;
    shrinking.done = false;
    while (!shrinking.done && shrinking.runs < most)
      better |= try_some(&shrinking, jobs);
  }
  g_array_free(plan->faults, TRUE);
  *plan = *shrinking.plan;
  g_free(shrinking.plan); /* what it holds has moved */
  return shrinking.runs;
}
