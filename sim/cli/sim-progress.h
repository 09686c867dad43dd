/* How far a run has come: a line that is written over on a terminal, else one every ten seconds.
 * And the wish to stop, Ctrl-C. */
#pragma once
#include "sim-run.h"

typedef struct {
  bool quiet, terminal, shown;
  int64_t began, told; /* of the wall clock, in microseconds */
} SimProgress;

void sim_progress_begin(SimProgress *progress, bool quiet);
/* For SimRunListener. True once the user wants it to stop. */
bool sim_progress_tell(void *progress, const SimRun *run);
/* Clears the line. */
void sim_progress_end(SimProgress *progress);
