/* One run in a process of its own, so that several can go on at once, and none can harm another. */
#pragma once
#include "sim-job.h"

#include <glib.h>

typedef struct {
  int pid;
  int output;       /* a file that nobody else sees: what the child prints */
  gint64 began;     /* of the wall clock */
  const char *path; /* (transfer none) */
} SimChild;

/* What a child has to say. */
typedef struct {
  int status;
  bool reported; /* it came to its end; else it died, by @signal */
  int signal;
  uint64_t trajectory, results, events;
  double wall_s;
  char *text; /* what it printed (transfer none) */
} SimChildReport;

/* False if the system has no more processes or files; errno says why. */
bool sim_child_start(SimChild *child, const SimJob *job);
/* Waits for any child; its number in @children, or -1 if there is none. */
int sim_child_wait(SimChild *children, int count, SimChildReport *ret);
void sim_child_report_clear(SimChildReport *report);
