/* Many runs of one scenario in one file: each is a trace of its own first, and then becomes a part of
 * the sweep, whole or not at all. So a sweep that was killed is there up to the last run, and goes on
 * from it. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct SimSweep SimSweep;

/* A run that came to nothing: its trace could not even be begun. (transfer none) */
typedef struct {
  const char *scenario, *replay, *problem;
  uint64_t seed;
  const char *const *sets; /* "NAME=VALUE", ended by NULL */
  const char *verdict;
  int exit_code;
} SimSweepFailure;

/* @text: what its runs have in common. A sweep that is there already goes on if it has the same.
 * (transfer full), or NULL. */
SimSweep *sim_sweep_open(const char *path, const char *text, GError **error);
/* The exit status of that run, or -1 if it is not there: @point as v_point has it. */
int sim_sweep_status(SimSweep *sweep, const char *point, uint64_t seed);
/* How many runs are there, and how many of them came to one of the @count exit statuses. */
unsigned sim_sweep_runs(SimSweep *sweep);
unsigned sim_sweep_runs_with(SimSweep *sweep, const int *statuses, unsigned count);
/* Takes in the trace of a run. */
bool sim_sweep_add(SimSweep *sweep, const char *trace, GError **error);
bool sim_sweep_add_failed(SimSweep *sweep, const SimSweepFailure *failure, GError **error);
/* It is freed in any case. */
bool sim_sweep_close(SimSweep *sweep, GError **error);
