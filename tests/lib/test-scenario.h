/* Scenarios from texts in memory. */
#pragma once
#include "sim-scenario.h"

typedef struct {
  const char *name, *text;
} TestFile;

/* Loads the first of @files (ended by a NULL name), which may read the others. @sets is what --set
 * says, ended by NULL, or NULL. NULL if there are mistakes; *ret_mistakes (transfer full) is how
 * they are told, or empty. */
SimScenario *test_scenario_load(const TestFile *files, const char *const *sets,
                                char **ret_mistakes);
/* One file "x.drt" that must be good: fails the test @name if it is not. */
SimScenario *test_scenario_good(const char *name, const char *text);
/* What is wrong with one file "x.drt"; empty if nothing is. (transfer full) */
char *test_scenario_mistakes(const char *text);
