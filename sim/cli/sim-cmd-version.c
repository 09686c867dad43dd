/* `drtsim version`, and `drtsim --version`. */
#include "sim-command.h"
#include "sim-usage.h"
#include "sim-version.h"

#include <stdio.h>

static int
run(int argc, char **argv)
{
  if (argc > 1)
    return sim_usage_error(NULL, "'%s' takes no arguments, but '%s' follows", argv[0], argv[1]);
  printf("drtsim %s (commit %s)\n", sim_version, sim_version_commit);
  return 0;
}

const SimCommand sim_cmd_version = {
  .name = "version",
  .summary = "print the version and the commit it was built from",
  .help = "Usage: drtsim version\n"
          "\n"
          "Prints the version and the git commit. '-dirty' after the commit means that files were\n"
          "changed after it.\n"
          "\n"
          "Example:\n"
          "  drtsim --version\n",
  .run = run,
};
