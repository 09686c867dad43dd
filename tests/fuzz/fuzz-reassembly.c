/* Any bytes as a run of fragments, passing time and timer expiries: all as in the model. */
#include "fuzz-target.h"

#include "drt-assert.h"

#include "test-fragment-model.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  drt_assert(test_fragment_run(data, size) == NULL);
  return 0;
}
