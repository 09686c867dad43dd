/* Time inside the core: signed nanoseconds of the host's clock. There is no second unit. */
#pragma once
#include <stdint.h>

typedef int64_t DrtTime;

#define DRT_TIME_NEVER INT64_MAX
#define DRT_MILLISECOND INT64_C(1000000)
#define DRT_SECOND (1000 * DRT_MILLISECOND)
