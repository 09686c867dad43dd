/* Any bytes as a datagram and as the body of a split one, in each of the three security modes:
 * refused with a reason and without a trace, or what they say survives being encoded and decoded
 * again. */
#include "fuzz-target.h"

#include "drt-assert.h"

#include "test-wire-kind.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > DRT_DATAGRAM_MAX)
    return 0;
  DrtBytes bytes = { data, (uint32_t)size };
  for (TestWireKind kind = TEST_WIRE_DATAGRAM; kind <= TEST_WIRE_REQUEST_BODY; kind++)
    for (DrtMode mode = DRT_MODE_RESOLVE; mode <= DRT_MODE_CONFIDENTIAL; mode++) {
      DrtReject reject;
      drt_assert(test_wire_check(kind, mode, bytes, &reject) == NULL);
    }
  return 0;
}
