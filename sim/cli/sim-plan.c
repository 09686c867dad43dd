#include "sim-plan.h"

#include "sim-usage.h"

#include <string.h>

SimPlan *
sim_plan_new(void)
{
  SimPlan *plan = g_new0(SimPlan, 1);
  plan->names = g_ptr_array_new_with_free_func(g_free);
  plan->values = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
  return plan;
}

void
sim_plan_free(SimPlan *plan)
{
  g_ptr_array_free(plan->names, TRUE);
  g_ptr_array_free(plan->values, TRUE);
  g_free(plan);
}

/* One point would be two, and its means be taken over the same run twice. */
static bool
are_different(const char *text, char **values)
{
  for (char **value = values; *value != NULL; value++) {
    bool empty = **value == '\0';
    if (empty)
      sim_usage_error(NULL, "'--set %s' has a comma without a value beside it", text);
    for (char **other = values; !empty && other < value; other++)
      if (strcmp(*other, *value) == 0) {
        sim_usage_error(NULL, "'--set %s' has the value '%s' twice", text, *value);
        return false;
      }
    if (empty)
      return false;
  }
  return true;
}

bool
sim_plan_set(SimPlan *plan, const char *text)
{
  const char *is = strchr(text, '=');
  if (is == NULL || is == text || is[1] == '\0') {
    sim_usage_error(NULL, "'--set' wants a param and its values, such as N=100,1000, not '%s'",
                    text);
    return false;
  }
  char *name = g_strndup(text, (gsize)(is - text));
  guint at = 0;
  while (at < plan->names->len && strcmp(plan->names->pdata[at], name) < 0)
    at++;
  if (at < plan->names->len && strcmp(plan->names->pdata[at], name) == 0) {
    sim_usage_error(NULL, "'--set %s=...' is there twice: several values have commas between them",
                    name);
    g_free(name);
    return false;
  }
  char **values = g_strsplit(is + 1, ",", -1);
  g_ptr_array_insert(plan->names, (gint)at, name);
  g_ptr_array_insert(plan->values, (gint)at, values);
  return are_different(text, values);
}

uint64_t
sim_plan_count(const SimPlan *plan)
{
  uint64_t count = plan->seeds[1] - plan->seeds[0] + 1;
  for (guint i = 0; i < plan->values->len; i++)
    count *= MIN(g_strv_length(plan->values->pdata[i]), UINT64_MAX / count); /* or far too many */
  return count;
}

void
sim_plan_at(const SimPlan *plan, uint64_t i, SimPlanned *ret)
{
  uint64_t seeds = plan->seeds[1] - plan->seeds[0] + 1;
  ret->seed = plan->seeds[0] + i % seeds;
  uint64_t rest = i / seeds;
  ret->sets = g_new0(char *, plan->names->len + 1);
  for (guint k = plan->names->len; k-- > 0;) {
    char **values = plan->values->pdata[k];
    guint n = g_strv_length(values);
    ret->sets[k] = g_strdup_printf("%s=%s", (char *)plan->names->pdata[k], values[rest % n]);
    rest /= n;
  }
  ret->point = g_strjoinv(" ", ret->sets);
}

void
sim_planned_clear(SimPlanned *planned)
{
  g_strfreev(planned->sets);
  g_free(planned->point);
  *planned = (SimPlanned){ 0 };
}
