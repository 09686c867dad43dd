/* What came of scenarios that were tested: lines, TAP, JUnit. */
#pragma once
#include "sim-child.h"

typedef struct {
  const char *path;
  bool done;
  SimChildReport report;
  const char *changed; /* how it differs from its known fingerprints; NULL: it does not */
} SimTested;

/* The exit status that the run would have, with its fingerprints taken into account. */
int sim_tested_status(const SimTested *tested);
/* @number: from 1. */
void sim_report_line(const SimTested *tested, guint number, bool tap);
/* How many held, and how many were not run to their ends. */
void sim_report_sum(const SimTested *tested, guint count);
/* The same for TAP, if some were not. */
void sim_report_bail_out(const SimTested *tested, guint count);
/* Of those that ended. */
bool sim_report_junit(const char *file, const SimTested *tested, guint count, GError **error);
