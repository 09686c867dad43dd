/* `drtsim help [COMMAND]`, and `drtsim --help`. */
#include "sim-command.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <stdio.h>

static void
print_program_help(void)
{
  fputs("drtsim: a discrete-event network simulator for the Distributed Routing Table (DRT),\n"
        "the serverless key lookup of Windows.\n"
        "\n"
        "Usage: drtsim COMMAND [ARGUMENT]...\n"
        "       drtsim --help | --version\n"
        "\n"
        "Commands:\n",
        stdout);
  const SimCommand *command;
  for (unsigned i = 0; (command = sim_command_at(i)) != NULL; i++)
    printf("  %-10s  %s\n", command->name, command->summary);
  fputs(
    "\n"
    "'drtsim COMMAND --help' explains one of them. 'drtsim FILE.drt' runs a scenario, draws its\n"
    "convergence and writes a report; scenarios/README.md, which is drtsim-scenario(5) where the\n"
    "program is installed, is the reference of their language.\n"
    "\n"
    "Example:\n"
    "  drtsim scenarios/tour/partition-heals.drt\n"
    "\n"
    "Exit status: 0 done, 2 a mistake on the command line or in a scenario, 4 the work failed;\n"
    "commands that run scenarios have more.\n",
    stdout);
}

static int
run(int argc, char **argv)
{
  if (argc > 2)
    return sim_usage_error(NULL, "'%s' takes at most one command, but '%s' follows '%s'", argv[0],
                           argv[2], argv[1]);
  if (argc < 2) {
    print_program_help();
    return 0;
  }
  const SimCommand *command = sim_command_find(argv[1]);
  if (command == NULL) {
    g_autofree const char **names = sim_command_names();
    return sim_usage_error(sim_suggest(argv[1], names), "no help for the unknown command '%s'",
                           argv[1]);
  }
  fputs(command->help, stdout);
  return 0;
}

const SimCommand sim_cmd_help = {
  .name = "help",
  .summary = "explain the program or one command",
  .help = "Usage: drtsim help [COMMAND]\n"
          "\n"
          "Lists the commands, or explains one of them.\n"
          "\n"
          "Example:\n"
          "  drtsim help version\n",
  .run = run,
};
