#include "sim-usage.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>

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
