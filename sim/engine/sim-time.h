/* Virtual time: signed nanoseconds from the start of the run. There is no second unit inside. */
#pragma once
#include <stdint.h>

typedef int64_t SimTime;

#define SIM_TIME_NEVER INT64_MAX
#define SIM_MICROSECOND INT64_C(1000)
#define SIM_MILLISECOND INT64_C(1000000)
#define SIM_SECOND INT64_C(1000000000)
