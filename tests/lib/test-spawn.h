/* Runs a program to its end and keeps what it printed. */
#pragma once

typedef struct {
  int status; /* the exit status; 128 + N if signal N ended it */
  char *out;  /* all of stdout and stderr, NUL-terminated */
  char *err;
} TestRun;

/* Runs @argv (ended by NULL, searched in PATH). Fails the test if it cannot be started. Empty it
 * with test_run_clear. */
TestRun test_spawn(const char *const *argv);
/* Runs the drtsim of this build with up to twelve arguments, the list ended by NULL. */
TestRun test_spawn_drtsim(const char *argument, ...);
/* Runs the shell command in @folder, and interrupts it after so many seconds as a terminal does: once,
 * with all that it has started. */
TestRun test_spawn_interrupted(const char *folder, unsigned seconds, const char *command);
void test_run_clear(TestRun *run);
/* It ended with status 2, printed nothing, and said this among other things on stderr. Cleared. */
void test_expect_usage_error(TestRun run, const char *part);
