/* Optimal string alignment distance over three rows of the table; words are short. */
#include "sim-suggest.h"

#include <glib.h>
#include <string.h>

#define WORD_MAX 64 /* longer words get no suggestion */

static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
  size_t rows[3][WORD_MAX + 1];
  size_t *older = rows[0], *old = rows[1], *now = rows[2];
  for (size_t j = 0; j <= b_len; j++)
    old[j] = j;
  for (size_t i = 1; i <= a_len; i++) {
    now[0] = i;
    for (size_t j = 1; j <= b_len; j++) {
      now[j] = MIN(MIN(old[j], now[j - 1]) + 1, old[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = MIN(now[j], older[j - 2] + 1);
    }
    size_t *spare = older;
    older = old;
    old = now;
    now = spare;
  }
  return old[b_len];
}

const char *
sim_suggest(const char *word, const char *const *known)
{
  size_t word_len = strlen(word);
  if (word_len > WORD_MAX)
    return NULL;
  const char *best = NULL;
  const char *longer = NULL; /* the first one that goes on behind it: a.b of a */
  size_t best_distance = MIN(3, word_len / 3) + 1;
  for (; *known != NULL; known++) {
    if (g_ascii_strcasecmp(word, *known) == 0)
      return *known;
    if (longer == NULL && g_str_has_prefix(*known, word) && (*known)[word_len] == '.')
      longer = *known;
    size_t known_len = strlen(*known);
    if (known_len > WORD_MAX)
      continue;
    size_t d = distance(word, word_len, *known, known_len);
    if (d < best_distance) {
      best = *known;
      best_distance = d;
    }
  }
  return best != NULL ? best : longer;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
sim_suggest_file(const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_path_get_basename(path);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  if (dir == NULL)
    return NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *entry = g_dir_read_name(dir); entry != NULL; entry = g_dir_read_name(dir))
    g_ptr_array_add(names, g_strdup(entry));
  g_ptr_array_sort(names, compare_names); /* the same suggestion on every machine */
  g_ptr_array_add(names, NULL);
  const char *near = sim_suggest(name, (const char *const *)names->pdata);
  if (near == NULL)
    return NULL;
  return strchr(path, '/') != NULL ? g_build_filename(folder, near, NULL) : g_strdup(near);
}
