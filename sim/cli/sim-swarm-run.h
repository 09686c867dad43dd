/* One plan of a swarm, run; and one that fails, made smaller. */
#pragma once
#include "sim-child.h"
#include "sim-swarm.h"

/* Begins it in a process of its own; @path is what it will be called, @text what it says. Both are to
 * outlive the child's start. False if the system has no more processes. */
bool sim_swarm_run_start(SimChild *child, const char *path, const char *text);
/* In one line, what a run that did not hold has to say. (transfer full) */
char *sim_swarm_run_reason(const SimChildReport *report);
/* Makes @plan smaller for as long as something of the same kind fails, in at most @most runs, so many at
 * a time as there are @jobs. Returns the number of runs. */
unsigned sim_swarm_run_minimize(SimSwarmPlan *plan, const SimChildReport *report, unsigned most,
                                int jobs);
