/* Prints a page or a completion; the build does, and installs them: drtsim-manual WHICH [DATE [README]]. */
#include "sim-manual.h"

#include <stdio.h>
#include <string.h>

static int
usage(void)
{
  fputs("usage: drtsim-manual program DATE | language DATE README | bash | zsh\n", stderr);
  return 2;
}

int
main(int argc, char **argv)
{
  g_autoptr(GString) page = g_string_new(NULL);
  g_autofree char *readme = NULL;
  g_autoptr(GError) error = NULL;
  const char *which = argc > 1 ? argv[1] : "";
  if (strcmp(which, "program") == 0 && argc == 3) {
    sim_manual_program(page, argv[2]);
  } else if (strcmp(which, "language") == 0 && argc == 4) {
    if (!g_file_get_contents(argv[3], &readme, NULL, &error)) {
      fprintf(stderr, "drtsim-manual: %s\n", error->message);
      return 1;
    }
    sim_manual_language(page, argv[2], readme);
  } else if (strcmp(which, "bash") == 0 && argc == 2) {
    sim_manual_bash(page);
  } else if (strcmp(which, "zsh") == 0 && argc == 2) {
    sim_manual_zsh(page);
  } else {
    return usage();
  }
  return fputs(page->str, stdout) < 0 || fflush(stdout) != 0;
}
