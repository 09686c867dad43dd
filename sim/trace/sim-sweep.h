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
/* Whether that run is there: @point as v_point has it. */
bool sim_sweep_has(SimSweep *sweep, const char *point, uint64_t seed);
unsigned sim_sweep_runs(SimSweep *sweep);
/* Takes in the trace of a run. */
bool sim_sweep_add(SimSweep *sweep, const char *trace, GError **error);
bool sim_sweep_add_failed(SimSweep *sweep, const SimSweepFailure *failure, GError **error);
/* It is freed in any case. */
bool sim_sweep_close(SimSweep *sweep, GError **error);
