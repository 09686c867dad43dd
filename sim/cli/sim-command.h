/* The table of commands: what `drtsim --help` lists and what the first word picks.
 *
 * A new command is a file sim-cmd-NAME.c and a row in sim-command.c. */
#pragma once

typedef struct {
  const char *name;
  const char *summary;        /* one line in `drtsim --help`, without a full stop */
  const char *help;           /* what `drtsim NAME --help` prints; ends with an example */
  const char *const *options; /* all that it takes, ended by NULL; NULL: none but --help */
  /* argv[0] is the name, --help is already dealt with. Returns the exit status. */
  int (*run)(int argc, char **argv);
} SimCommand;

/* The row called @name, or NULL. */
const SimCommand *sim_command_find(const char *name);
/* Row number @i in the order of the help text, or NULL after the last. */
const SimCommand *sim_command_at(unsigned i);
/* The names of all rows, ended by NULL. (transfer container): free with g_free. */
const char **sim_command_names(void);

/* One per sim-cmd-NAME.c. */
extern const SimCommand sim_cmd_bench;
extern const SimCommand sim_cmd_check;
extern const SimCommand sim_cmd_export;
extern const SimCommand sim_cmd_diff;
extern const SimCommand sim_cmd_cache;
extern const SimCommand sim_cmd_index;
extern const SimCommand sim_cmd_sweep;
extern const SimCommand sim_cmd_why;
extern const SimCommand sim_cmd_help;
extern const SimCommand sim_cmd_plot;
extern const SimCommand sim_cmd_protocol;
extern const SimCommand sim_cmd_report;
extern const SimCommand sim_cmd_run;
/* `drtsim FILE`: runs it, and makes what people want to see of it. */
int sim_cmd_run_file(int argc, char **argv);
extern const SimCommand sim_cmd_swarm;
extern const SimCommand sim_cmd_test;
extern const SimCommand sim_cmd_validate;
extern const SimCommand sim_cmd_verify;
extern const SimCommand sim_cmd_version;
