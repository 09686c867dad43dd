/* The command line as a whole: picks the command and looks after the exit status. */
#pragma once

/* Runs the program. Returns its exit status: 0 done, SIM_EXIT_USAGE or SIM_EXIT_FAILURE. */
int sim_cli_main(int argc, char **argv);
