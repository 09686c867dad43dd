#include "sim-job-values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MARK "value "

void
sim_job_values_print(const SimRun *run)
{
  uint32_t count;
  const SimResult *results = sim_run_results(run, &count);
  for (uint32_t i = 0; i < count; i++)
    printf(MARK "%d %" PRId64 " %" PRId64 " %" PRId64 " %s\n", (int)results[i].judgement,
           results[i].measure.of, results[i].measure.among, (int64_t)results[i].at,
           results[i].text);
}

static void
clear_value(gpointer data)
{
  g_free(((SimJobValue *)data)->text);
}

static bool
read_line(const char *line, SimJobValue *ret)
{
  int judgement, length = 0;
  int64_t of, among, at;
  if (!g_str_has_prefix(line, MARK) ||
      sscanf(line, MARK "%d %" SCNd64 " %" SCNd64 " %" SCNd64 " %n", &judgement, &of, &among, &at,
             &length) != 4 ||
      length == 0)
    return false;
  *ret = (SimJobValue){
    .text = g_strdup(line + length),
    .judgement = (SimJudgement)judgement,
    .of = (double)of,
    .among = (double)among,
    .at_s = (double)at / (double)SIM_SECOND,
  };
  return true;
}

GArray *
sim_job_values_read(const char *text)
{
  GArray *values = g_array_new(FALSE, FALSE, sizeof(SimJobValue));
  g_array_set_clear_func(values, clear_value);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    SimJobValue value;
    if (read_line(*line, &value))
      g_array_append_val(values, value);
  }
  return values;
}
