/* Any bytes as each structure that lies inside a message: refused with a reason and without a
 * trace, or encoded again to something that says the same. */
#include "fuzz-target.h"

#include "drt-assert.h"

#include "test-wire-kind.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > DRT_DATAGRAM_MAX)
    return 0;
  DrtBytes bytes = { data, (uint32_t)size };
  for (TestWireKind kind = TEST_WIRE_ROUTE; kind < TEST_WIRE_KINDS; kind++) {
    DrtReject reject;
    drt_assert(test_wire_check(kind, DRT_MODE_RESOLVE, bytes, &reject) == NULL);
  }
  return 0;
}
