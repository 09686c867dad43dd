/* The two tables are made from the one list in the header. */
#include "drt-reject.h"

#include "drt-assert.h"

const char *
drt_reject_name(DrtReject reject)
{
  static const char *const names[] = { "NONE",
#define DRT_REJECT_NAME(name, text) #name,
                                       DRT_REJECTS(DRT_REJECT_NAME) };
  drt_assert(reject < DRT_REJECT_COUNT);
  return names[reject];
}

const char *
drt_reject_text(DrtReject reject)
{
  static const char *const texts[] = { "accepted",
#define DRT_REJECT_TEXT(name, text) text,
                                       DRT_REJECTS(DRT_REJECT_TEXT) };
  drt_assert(reject < DRT_REJECT_COUNT);
  return texts[reject];
}
