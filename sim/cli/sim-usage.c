#include "sim-usage.h"

#include "sim-classes.h"
#include "sim-suggest.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
sim_usage_error(const char *near, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  if (near != NULL)
    fprintf(stderr, "drtsim: %s (did you mean '%s'?)\n", message, near);
  else
    fprintf(stderr, "drtsim: %s\n", message);
  fputs("'drtsim --help' lists what works.\n", stderr);
  return SIM_EXIT_USAGE;
}

bool
sim_usage_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *ret)
{
  if (text == NULL) {
    sim_usage_error(NULL, "'%s' wants a number", option);
    return false;
  }
  char *end;
  errno = 0;
  unsigned long long value = g_ascii_strtoull(text, &end, 10);
  if (!g_ascii_isdigit(text[0]) || *end != '\0' || errno != 0 || value < least || value > most) {
    sim_usage_error(
      NULL, "'%s' wants a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", not '%s'",
      option, least, most, text);
    return false;
  }
  *ret = value;
  return true;
}

bool
sim_usage_jobs(const char *text, int *ret)
{
  uint64_t jobs;
  if (!sim_usage_number("--jobs", text, 1, SIM_JOBS_MAX, &jobs))
    return false;
  *ret = (int)jobs;
  return true;
}

int
sim_usage_jobs_usual(void)
{
  return MIN((int)g_get_num_processors(), SIM_JOBS_MAX);
}

bool
sim_usage_seeds(const char *text, uint64_t ret[2])
{
  const char *dots = strstr(text, "..");
  g_autofree char *first = dots == NULL ? g_strdup(text) : g_strndup(text, (gsize)(dots - text));
  const char *last = dots == NULL ? first : dots + 2;
  if (!sim_usage_number("--seeds", first, 0, UINT64_MAX, &ret[0]) ||
      !sim_usage_number("--seeds", last, 0, UINT64_MAX, &ret[1]))
    return false;
  if (ret[0] <= ret[1] && ret[1] - ret[0] < UINT32_MAX)
    return true;
  sim_usage_error(NULL, "'--seeds' wants the first and the last, such as 1..20, not '%s'", text);
  return false;
}

bool
sim_usage_classes(const char *text, unsigned *ret)
{
  g_autofree char *word = NULL;
  if (sim_classes_from_text(text, ret, &word))
    return true;
  if (strcmp(word, "none") == 0) {
    sim_usage_error(NULL, "'--trace' takes 'none' alone, or no 'none'");
    return false;
  }
  g_autofree char *known = g_strjoinv(", ", (char **)sim_class_names);
  sim_usage_error(sim_suggest(word, sim_class_names),
                  "'--trace' wants classes such as 'messages,hops' (%s), not '%s'", known, word);
  return false;
}

bool
sim_usage_next(SimUsageWalk *walk, int argc, char **argv)
{
  if (++walk->at < argc && !walk->only_words && strcmp(argv[walk->at], "--") == 0) {
    walk->only_words = true;
    walk->at++;
  }
  if (walk->at >= argc)
    return false;
  const char *word = argv[walk->at];
  walk->is_option = !walk->only_words && word[0] == '-' && word[1] != '\0';
  return true;
}

bool
sim_usage_is_option(const char *word, const char *name)
{
  size_t n = strlen(name);
  return strncmp(word, name, n) == 0 && (word[n] == '\0' || word[n] == '=');
}

const char *
sim_usage_option(const char *word, const char *const *names)
{
  for (; *names != NULL; names++)
    if (sim_usage_is_option(word, *names))
      return *names;
  return NULL;
}

const char *
sim_usage_value(const char *name, int argc, char **argv, int *i)
{
  size_t n = strlen(name);
  if (argv[*i][n] == '=')
    return argv[*i] + n + 1;
  if (*i + 1 < argc)
    return argv[++*i];
  sim_usage_error(NULL, "'%s' needs a value behind it", name);
  return NULL;
}
