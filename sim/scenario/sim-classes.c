#include "sim-classes.h"

#include "sim-scenario.h"

#include <glib.h>

enum { PROTOCOL = SIM_RECORD_API | SIM_RECORD_EVENTS | SIM_RECORD_MESSAGES | SIM_RECORD_HOPS };

const char *const sim_class_names[] = { "none", "summary", "api",      "events", "messages",
                                        "hops", "cache",   "protocol", "all",    NULL };

/* The summary is part of all that follow it. */
unsigned
sim_class_mask(unsigned i)
{
  static const unsigned masks[] = {
    0,
    0,
    SIM_RECORD_API,
    SIM_RECORD_EVENTS,
    SIM_RECORD_MESSAGES,
    SIM_RECORD_HOPS,
    SIM_RECORD_CACHE,
    PROTOCOL,
    PROTOCOL | SIM_RECORD_CACHE | SIM_RECORD_DATAGRAMS,
  };
  return masks[i] | (i > 0 ? SIM_RECORD_SUMMARY : 0);
}

static int
find(const char *word)
{
  for (int i = 0; sim_class_names[i] != NULL; i++)
    if (g_str_equal(sim_class_names[i], word))
      return i;
  return -1;
}

bool
sim_classes_from_text(const char *text, unsigned *ret, char **ret_word)
{
  g_auto(GStrv) words = g_strsplit_set(text, ", ", -1);
  unsigned classes = 0, n = 0, nones = 0;
  *ret_word = NULL;
  for (char **word = words; *word != NULL; word++) {
    if (**word == '\0')
      continue;
    int i = find(*word);
    if (i < 0) {
      *ret_word = g_strdup(*word);
      return false;
    }
    classes |= sim_class_mask((unsigned)i);
    nones += i == 0;
    n++;
  }
  if (n == 0 || (nones > 0 && n > 1)) {
    *ret_word = g_strdup(n == 0 ? "" : "none");
    return false;
  }
  *ret = classes;
  return true;
}
