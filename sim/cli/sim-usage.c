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
  if (ret[0] <= ret[1] && ret[1] - ret[0] < SIM_SEEDS_MAX)
    return true;
  if (ret[0] <= ret[1])
    sim_usage_error(NULL, "'--seeds' takes at most %u seeds, and '%s' is more", SIM_SEEDS_MAX,
                    text);
  else
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

/* The value of the option @name, which is @word, argv[@*i], or NULL if the command line ends there. */
static const char *
value_at(const char *name, const char *word, int argc, char **argv, int *i)
{
  size_t n = strlen(name);
  if (word[n] == '=')
    return word + n + 1;
  return *i + 1 < argc ? argv[++*i] : NULL;
}

/* Two names of one option. */
static const char *const outputs[] = { "-o", "--output", NULL };

/* The option @name at argv[@at], under its own name or the other one that it has; or NULL. */
static const char *
same_option(const char *name, const char *word)
{
  const char *const alone[] = { name, NULL };
  return sim_usage_option(word, g_strv_contains(outputs, name) ? outputs : alone);
}

/* What an earlier option of that name said, if that was something else and about the same, which is
 * what the first @n characters say. NULL: none did. */
static const char *
contradicted(const char *name, const char *value, size_t n, int before, char **argv)
{
  for (int k = 1; k < before; k++) {
    const char *word = argv[k], *found = word == NULL ? NULL : same_option(name, word);
    int at = k;
    const char *other = found == NULL ? NULL : value_at(found, word, before, argv, &at);
    if (other != NULL && strncmp(other, value, n) == 0 && strcmp(other, value) != 0)
      return other;
  }
  return NULL;
}

/* As sim_usage_value, but it may be there again with other values. */
static const char *
any_value(const char *name, int argc, char **argv, int *i)
{
  const char *value = value_at(name, argv[*i], argc, argv, i);
  if (value != NULL && *value != '\0')
    return value;
  sim_usage_error(NULL, "'%s' needs a value behind it%s", name,
                  value == NULL ? "" : ", not an empty one");
  return NULL;
}

static bool
is_alone(const char *name, const char *value, size_t n, int before, char **argv)
{
  const char *other = contradicted(name, value, n, before, argv);
  if (other != NULL)
    sim_usage_error(NULL, "'%s' is there twice, with '%s' and with '%s'", name, other, value);
  return other == NULL;
}

const char *
sim_usage_value(const char *name, int argc, char **argv, int *i)
{
  int before = *i;
  const char *value = any_value(name, argc, argv, i);
  if (value == NULL || !is_alone(name, value, 0, before, argv))
    return NULL;
  if (g_strv_contains(outputs, name) && strcmp(value, "-") == 0) {
    sim_usage_error(NULL, "'%s' needs the name of a file, not '-': standard output is /dev/stdout",
                    name);
    return NULL;
  }
  return value;
}

const char *
sim_usage_set(int argc, char **argv, int *i)
{
  int before = *i;
  const char *value = any_value("--set", argc, argv, i);
  const char *is = value == NULL ? NULL : strchr(value, '=');
  if (is == NULL)
    return value;
  if (is[1] != '"' && strchr(is, ',') != NULL) {
    sim_usage_error(NULL, "'--set %s' has several values: those are for 'drtsim sweep'", value);
    return NULL;
  }
  return is_alone("--set", value, (size_t)(is - value) + 1, before, argv) ? value : NULL;
}

const char *
sim_usage_sets(int argc, char **argv, int *i)
{
  return any_value("--set", argc, argv, i);
}
