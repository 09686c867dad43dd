/* The table is data: an INI file, inside the program as its scenarios are. */
#include "sim-validation.h"

#include "sim-cli-resources.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "/drtsim/validate/"

static void
free_row(gpointer data)
{
  SimRow *row = data;
  g_free(row->name);
  g_free(row->what);
  g_free(row->published);
  g_free(row->unit);
  g_free(row->scenario);
  g_free(row->metric);
  g_free(row->query);
  g_free(row->column);
  g_free(row->first);
  g_free(row->second);
  g_strfreev(row->set);
  g_strfreev(row->quick_set);
  g_free(row);
}

static void
free_experiment(gpointer data)
{
  SimExperiment *experiment = data;
  g_free(experiment->name);
  g_free(experiment->title);
  g_free(experiment->source);
  g_free(experiment->scenario);
  g_free(experiment->warm_up);
  g_ptr_array_free(experiment->rows, TRUE);
  g_free(experiment);
}

char *
sim_validation_text(const char *scenario)
{
  g_autofree char *path = g_strconcat(PREFIX, scenario, NULL);
  g_autoptr(GBytes) bytes =
    g_resource_lookup_data(sim_cli_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (bytes == NULL)
    g_error("there is no '%s' inside the program", path);
  gsize size;
  const char *text = g_bytes_get_data(bytes, &size);
  return g_strndup(text, size);
}

/* ---- Reading the table. ---- */

typedef struct {
  GKeyFile *file;
  const char *group;
} Group;

/* (transfer full), or NULL. */
static char *
text_of(const Group *group, const char *key)
{
  return g_key_file_get_string(group->file, group->group, key, NULL);
}

static char *
needed(const Group *group, const char *key)
{
  char *text = text_of(group, key);
  if (text == NULL)
    g_error("table.ini: [%s] has no '%s'", group->group, key);
  return text;
}

static bool
number_of(const Group *group, const char *key, double *ret)
{
  g_autofree char *text = text_of(group, key);
  if (text == NULL)
    return false;
  char *end;
  *ret = g_ascii_strtod(text, &end);
  if (*end != '\0' || end == text)
    g_error("table.ini: [%s] wants a number for '%s', not '%s'", group->group, key, text);
  return true;
}

static bool
seeds_of(const Group *group, const char *key, uint64_t ret[2])
{
  g_autofree char *text = text_of(group, key);
  if (text == NULL)
    return false;
  char *dots;
  ret[0] = g_ascii_strtoull(text, &dots, 10);
  if (!g_str_has_prefix(dots, "..") || (ret[1] = g_ascii_strtoull(dots + 2, NULL, 10)) < ret[0])
    g_error("table.ini: [%s] wants seeds such as 1..20 for '%s'", group->group, key);
  return true;
}

/* The two words of a value. */
static bool
words_of(const Group *group, const char *key, char **first, char **second)
{
  g_autofree char *text = text_of(group, key);
  if (text == NULL)
    return false;
  g_auto(GStrv) words = g_strsplit(text, " ", 2);
  if (g_strv_length(words) != 2)
    g_error("table.ini: [%s] wants two words for '%s'", group->group, key);
  *first = g_strdup(words[0]);
  *second = g_strdup(words[1]);
  return true;
}

/* "search.hops.mean", or "search.hops.mean #2". */
static bool
metric_of(const Group *group, SimRow *row)
{
  row->metric = text_of(group, "value");
  if (row->metric == NULL)
    return false;
  char *number = strstr(row->metric, " #");
  row->number = number == NULL ? 1 : (unsigned)g_ascii_strtoull(number + 2, NULL, 10);
  if (number != NULL)
    *number = '\0';
  return true;
}

static void
read_measure(const Group *group, SimRow *row)
{
  unsigned kinds = 0;
  if (metric_of(group, row)) {
    row->kind = SIM_ROW_EXPECTATION;
    kinds++;
  }
  if (words_of(group, "query", &row->query, &row->column)) {
    row->kind = SIM_ROW_QUERY;
    kinds++;
  }
  if (words_of(group, "rise", &row->first, &row->second) &&
      number_of(group, "factor", &row->factor)) {
    row->kind = SIM_ROW_RISE;
    kinds++;
  }
  if (seeds_of(group, "swarm", row->swarm) && seeds_of(group, "quick-swarm", row->quick_swarm)) {
    row->kind = SIM_ROW_SWARM;
    kinds++;
  }
  if (kinds != 1)
    g_error("table.ini: [%s] wants one of 'value', 'query', 'rise' and 'swarm'", group->group);
}

static SimRow *
read_row(const Group *group, const char *name, const char *scenario)
{
  SimRow *row = g_new0(SimRow, 1);
  row->name = g_strdup(name);
  row->what = needed(group, "what");
  row->published = needed(group, "published");
  row->unit = needed(group, "unit");
  read_measure(group, row);
  row->scenario = text_of(group, "scenario");
  if (row->scenario == NULL && row->kind != SIM_ROW_SWARM)
    row->scenario = g_strdup(scenario);
  row->has_least = number_of(group, "least", &row->least);
  row->has_most = number_of(group, "most", &row->most);
  row->set = g_key_file_get_string_list(group->file, group->group, "set", NULL, NULL);
  g_autofree char *quick = text_of(group, "quick");
  row->not_quick = g_strcmp0(quick, "no") == 0;
  if (!row->not_quick)
    row->quick_set = g_key_file_get_string_list(group->file, group->group, "quick", NULL, NULL);
  return row;
}

static SimExperiment *
read_experiment(const Group *group)
{
  SimExperiment *experiment = g_new0(SimExperiment, 1);
  experiment->name = g_strdup(group->group);
  experiment->title = needed(group, "title");
  experiment->source = needed(group, "source");
  experiment->warm_up = needed(group, "warm-up");
  experiment->scenario = text_of(group, "scenario");
  g_autofree char *compare = needed(group, "compare");
  experiment->direct = strcmp(compare, "direct") == 0;
  if (!experiment->direct && strcmp(compare, "shape") != 0)
    g_error("table.ini: [%s] compares 'direct' or 'shape', not '%s'", group->group, compare);
  experiment->rows = g_ptr_array_new_with_free_func(free_row);
  return experiment;
}

/* Rises stand behind the rows that they are made of. */
static void
check_row(const SimExperiment *experiment, const SimRow *row)
{
  bool scenario = row->kind == SIM_ROW_EXPECTATION || row->kind == SIM_ROW_QUERY;
  if (scenario && row->scenario == NULL)
    g_error("table.ini: [%s] needs a scenario", experiment->name);
  if (row->kind == SIM_ROW_RISE && (sim_experiment_row(experiment, row->first) == NULL ||
                                    sim_experiment_row(experiment, row->second) == NULL))
    g_error("table.ini: [%s %s] rises from and to rows above it", experiment->name, row->name);
}

/* "V4" is an experiment, "V4 1000" a row of the one above. */
static void
read_group(SimValidation *validation, const Group *group)
{
  const char *blank = strchr(group->group, ' ');
  if (blank == NULL) {
    g_ptr_array_add(validation->experiments, read_experiment(group));
    return;
  }
  g_autofree char *name = g_strndup(group->group, (gsize)(blank - group->group));
  GPtrArray *experiments = validation->experiments;
  SimExperiment *last = experiments->len == 0 ? NULL : experiments->pdata[experiments->len - 1];
  if (last == NULL || strcmp(last->name, name) != 0)
    g_error("table.ini: [%s] stands behind [%s]", group->group, name);
  SimRow *row = read_row(group, blank + 1, last->scenario);
  check_row(last, row);
  g_ptr_array_add(last->rows, row);
}

SimValidation *
sim_validation_new(void)
{
  SimValidation *validation = g_new0(SimValidation, 1);
  validation->experiments = g_ptr_array_new_with_free_func(free_experiment);
  g_autofree char *text = sim_validation_text("table.ini");
  g_autoptr(GKeyFile) file = g_key_file_new();
  g_autoptr(GError) error = NULL;
  if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, &error))
    g_error("table.ini: %s", error->message);
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  for (char **group = groups; *group != NULL; group++)
    read_group(validation, &(Group){ file, *group });
  return validation;
}

void
sim_validation_free(SimValidation *validation)
{
  if (validation == NULL)
    return;
  g_ptr_array_free(validation->experiments, TRUE);
  g_free(validation);
}

/* ---- Looking into it. ---- */

const SimExperiment *
sim_validation_find(const SimValidation *validation, const char *name)
{
  for (guint i = 0; i < validation->experiments->len; i++) {
    const SimExperiment *experiment = validation->experiments->pdata[i];
    if (g_ascii_strcasecmp(experiment->name, name) == 0)
      return experiment;
  }
  return NULL;
}

const char **
sim_validation_names(const SimValidation *validation)
{
  const char **names = g_new0(const char *, validation->experiments->len + 1);
  for (guint i = 0; i < validation->experiments->len; i++)
    names[i] = ((const SimExperiment *)validation->experiments->pdata[i])->name;
  return names;
}

const SimRow *
sim_experiment_row(const SimExperiment *experiment, const char *name)
{
  for (guint i = 0; i < experiment->rows->len; i++) {
    const SimRow *row = experiment->rows->pdata[i];
    if (strcmp(row->name, name) == 0)
      return row;
  }
  return NULL;
}

static int
compare_sets(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The one of @sets with the name of @set is no more. */
static void
replace_set(GPtrArray *sets, const char *set)
{
  size_t name = strcspn(set, "=") + 1;
  for (guint i = sets->len; i-- > 0;)
    if (strncmp(sets->pdata[i], set, name) == 0)
      g_ptr_array_remove_index(sets, i);
  g_ptr_array_add(sets, g_strdup(set));
}

char **
sim_row_sets(const SimRow *row, bool quick)
{
  GPtrArray *sets = g_ptr_array_new_with_free_func(g_free);
  for (char **set = row->set; set != NULL && *set != NULL; set++)
    replace_set(sets, *set);
  for (char **set = row->quick_set; quick && set != NULL && *set != NULL; set++)
    replace_set(sets, *set);
  g_ptr_array_sort(sets, compare_sets);
  g_ptr_array_add(sets, NULL);
  return (char **)g_ptr_array_free(sets, FALSE);
}
