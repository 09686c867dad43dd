#include "sim-manual-word.h"

#include "analysis-figure.h"
#include "analysis-plot.h"
#include "sim-classes.h"
#include "sim-command.h"
#include "sim-validation.h"

#include <string.h>

static void
add(SimManualWord *word, const char *choice)
{
  if (word->choices == NULL)
    word->choices = g_ptr_array_new_with_free_func(g_free);
  word->kind = SIM_MANUAL_CHOICE;
  g_ptr_array_add(word->choices, g_strdup(choice));
}

static void
add_experiments(SimManualWord *word)
{
  g_autoptr(SimValidation) validation = sim_validation_new();
  g_autofree const char **names = sim_validation_names(validation);
  for (unsigned i = 0; names[i] != NULL; i++)
    add(word, names[i]);
}

/* Words that stand for one of a table of the program. False if @name is none of them. */
static bool
of_a_table(SimManualWord *word, const char *name)
{
  if (strcmp(name, "FIGURE") == 0)
    for (unsigned i = 0; analysis_figure_at(i) != NULL; i++)
      add(word, analysis_figure_at(i)->name);
  else if (strcmp(name, "FORMAT") == 0)
    for (unsigned i = 0; i < ANALYSIS_FORMATS; i++)
      add(word, analysis_format_name((AnalysisFormat)i));
  else if (strcmp(name, "COMMAND") == 0)
    for (unsigned i = 0; sim_command_at(i) != NULL; i++)
      add(word, sim_command_at(i)->name);
  else if (strcmp(name, "EXPERIMENT") == 0)
    add_experiments(word);
  else
    return false;
  return true;
}

static void
take(SimManualWord *word, const char *name, bool option)
{
  if (of_a_table(word, name))
    return;
  if (g_ascii_islower(name[0])) { /* stands for itself, or what begins so: search:ID */
    const char *colon = strchr(name, ':');
    g_autofree char *begin =
      colon == NULL ? g_strdup(name) : g_strndup(name, (gsize)(colon + 1 - name));
    add(word, begin);
  } else if (strcmp(name, "CLASSES") == 0) {
    word->kind = SIM_MANUAL_CLASSES;
  } else if (strcmp(name, "VIEW") == 0) {
    word->kind = SIM_MANUAL_VIEW;
  } else if (strcmp(name, "FOLDER") == 0) {
    word->kind = SIM_MANUAL_FOLDER;
  } else if (strcmp(name, "TRACE") == 0 || g_str_has_suffix(name, ".db")) {
    word->kind = SIM_MANUAL_TRACE;
  } else if (strcmp(name, "FILE") == 0 || strcmp(name, "PATH") == 0) {
    word->kind = option ? SIM_MANUAL_FILE : SIM_MANUAL_SCENARIO;
  } else if (g_str_has_prefix(name, "FILE.")) {
    word->kind = SIM_MANUAL_FILE;
  }
}

void
sim_manual_word_of_option(const char *value, SimManualWord *ret)
{
  *ret = (SimManualWord){ 0 };
  if (value != NULL)
    take(ret, value, true);
}

void
sim_manual_word_of_place(const GPtrArray *words, SimManualWord *ret)
{
  *ret = (SimManualWord){ 0 };
  for (guint i = 0; i < words->len; i++)
    take(ret, words->pdata[i], false);
}

void
sim_manual_word_clear(SimManualWord *word)
{
  if (word->choices != NULL)
    g_ptr_array_unref(word->choices);
  *word = (SimManualWord){ 0 };
}

char *
sim_manual_word_choices(const SimManualWord *word)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; word->choices != NULL && i < word->choices->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? " " : "", (char *)word->choices->pdata[i]);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
sim_manual_word_classes(void)
{
  return g_strjoinv(" ", (char **)sim_class_names);
}
