/* Mistakes are collected in the order in which they are found, and shown in the order of files and
 * lines: some are only seen when everything has been read. */
#include "sim-mistake.h"

#include <stdbool.h>
#include <string.h>

/* A file of mistakes alone must not fill the memory; what is shown comes from the first of them. */
#define KEPT_MAX 2000

static void
mistake_free(gpointer data)
{
  SimMistake *mistake = data;
  g_free(mistake->file);
  g_free(mistake->message);
  g_free(mistake->near);
  g_free(mistake->text);
  g_free(mistake);
}

SimMistakes *
sim_mistakes_new(void)
{
  SimMistakes *mistakes = g_new0(SimMistakes, 1);
  mistakes->list = g_ptr_array_new_with_free_func(mistake_free);
  return mistakes;
}

void
sim_mistakes_free(SimMistakes *mistakes)
{
  if (mistakes == NULL)
    return;
  g_ptr_array_free(mistakes->list, TRUE);
  g_free(mistakes);
}

void
sim_mistakes_add(SimMistakes *mistakes, SimMistake mistake)
{
  SimMistake *own = g_memdup2(&mistake, sizeof mistake);
  if (mistakes->list->len < KEPT_MAX) {
    g_ptr_array_add(mistakes->list, own);
    return;
  }
  mistakes->left_off++;
  mistake_free(own);
}

static int
compare_numbers(uint32_t a, uint32_t b)
{
  return (a > b) - (a < b);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  const SimMistake *x = *(SimMistake *const *)a, *y = *(SimMistake *const *)b;
  int order = compare_numbers(x->file_number, y->file_number);
  if (order == 0)
    order = compare_numbers(x->line, y->line);
  if (order == 0)
    order = compare_numbers(x->column, y->column);
  return order != 0 ? order : strcmp(x->message, y->message);
}

static void
drop_repeated(GPtrArray *list)
{
  guint kept = 0;
  for (guint i = 0; i < list->len; i++) {
    if (kept > 0 && compare(&list->pdata[kept - 1], &list->pdata[i]) == 0) {
      mistake_free(list->pdata[i]);
      continue;
    }
    list->pdata[kept++] = list->pdata[i];
  }
  for (guint i = kept; i < list->len; i++)
    list->pdata[i] = NULL; /* moved or freed */
  g_ptr_array_set_free_func(list, NULL);
  g_ptr_array_set_size(list, (gint)kept);
  g_ptr_array_set_free_func(list, mistake_free);
}

void
sim_mistakes_finish(SimMistakes *mistakes)
{
  GPtrArray *list = mistakes->list;
  g_ptr_array_sort(list, compare);
  drop_repeated(list);
  if (list->len > SIM_MISTAKES_MAX) {
    mistakes->left_off += list->len - SIM_MISTAKES_MAX;
    g_ptr_array_set_size(list, SIM_MISTAKES_MAX);
  }
}

/* Text of somebody's file, for a terminal: what moves its cursor or its colours is not passed on. */
static void
append_plain(GString *to, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    g_string_append_unichar(to, c == '\t' || g_unichar_isprint(c) ? c : 0xfffd);
  }
}

/* Below the column: tabs stay tabs, so that the caret is in place however wide they are. */
static void
append_caret(GString *to, const SimMistake *mistake)
{
  const char *at = mistake->text;
  uint32_t column = mistake->shown > 0 ? mistake->shown : mistake->column;
  for (uint32_t i = 1; i < column; i++) {
    g_string_append_c(to, *at == '\t' ? '\t' : ' ');
    if (*at != '\0')
      at = g_utf8_next_char(at);
  }
  g_string_append(to, "^\n");
}

static void
append(GString *to, const SimMistake *mistake)
{
  append_plain(to, mistake->file);
  if (mistake->line > 0)
    g_string_append_printf(to, ":%u:%u", mistake->line, mistake->column);
  g_string_append(to, ": ");
  append_plain(to, mistake->message);
  if (mistake->near != NULL)
    g_string_append_printf(to, " (did you mean '%s'?)", mistake->near);
  g_string_append_c(to, '\n');
  if (mistake->text == NULL)
    return;
  append_plain(to, mistake->text);
  g_string_append_c(to, '\n');
  append_caret(to, mistake);
}

char *
sim_mistake_format(const SimMistake *mistake)
{
  GString *text = g_string_new(NULL);
  append(text, mistake);
  return g_string_free(text, FALSE);
}

char *
sim_mistakes_rest(const SimMistakes *mistakes)
{
  if (mistakes->left_off == 0)
    return NULL;
  return g_strdup_printf("%u more %s left off", mistakes->left_off,
                         mistakes->left_off == 1 ? "mistake is" : "mistakes are");
}

char *
sim_mistakes_format(const SimMistakes *mistakes)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < mistakes->list->len; i++)
    append(text, mistakes->list->pdata[i]);
  g_autofree char *rest = sim_mistakes_rest(mistakes);
  if (rest != NULL)
    g_string_append_printf(text, "%s.\n", rest);
  return g_string_free(text, FALSE);
}
