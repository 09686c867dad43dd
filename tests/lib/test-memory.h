/* The host's memory for tests: counts what is out, and fails when it is told to.
 *
 * Every piece comes filled with rubbish and remembers what it was asked for; giving it back with
 * another size or alignment, or twice, ends the test. */
#pragma once
#include "drt-port.h"

#include <stdbool.h>

typedef struct {
  size_t pieces, bytes; /* out now */
  size_t takes;         /* asked for so far, the ones that failed included */
  size_t fail_at;       /* this take fails, counted from 1; 0: none */
  bool fail_on;         /* and so do all after it */
} TestMemory;

/* The value that is handed to the core. @memory must outlive it. */
DrtMemory test_memory(TestMemory *memory);
