/* Rows stand in the order of the help text: work first, then help and version. */
#include "sim-command.h"

#include <glib.h>
#include <string.h>

static const SimCommand *const commands[] = {
  &sim_cmd_run,      &sim_cmd_test,  &sim_cmd_sweep,   &sim_cmd_plot,  &sim_cmd_report,
  &sim_cmd_export,   &sim_cmd_why,   &sim_cmd_diff,    &sim_cmd_index, &sim_cmd_verify,
  &sim_cmd_validate, &sim_cmd_swarm, &sim_cmd_bench,   &sim_cmd_check, &sim_cmd_protocol,
  &sim_cmd_cache,    &sim_cmd_help,  &sim_cmd_version,
};

const SimCommand *
sim_command_at(unsigned i)
{
  return i < G_N_ELEMENTS(commands) ? commands[i] : NULL;
}

const SimCommand *
sim_command_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
    if (strcmp(commands[i]->name, name) == 0)
      return commands[i];
  return NULL;
}

const char **
sim_command_names(void)
{
  const char **names = g_new0(const char *, G_N_ELEMENTS(commands) + 1);
  for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
    names[i] = commands[i]->name;
  return names;
}
