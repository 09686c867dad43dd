/* Scenarios from texts in memory, run to their end, and what they come to as a text. */
#pragma once
#include "sim-run.h"

/* Runs the text as file "x.drt", and gives a line for each result, then the status:
 *   "5: held 2 at 1min\n7: failed it did not occur at 90s\nexit 1\n"
 * After a mistake in the run there is a line "x.drt:5:8: at 60s: ..." before the status. (transfer
 * full) */
char *test_run(const char *text);
/* The same with other options; the seed is that of the file where they have none. */
char *test_run_with(const char *text, const SimRunOptions *options);
/* Runs the text and compares; @name tells which case of a table it is. */
void test_run_expect(const char *name, const char *text, const char *expected);
