/* Two levels of assertion, both for our own mistakes only; bad input and bad peers get errors.
 *
 * drt_assert is compiled into every build: cheap preconditions and bounds.
 * drt_debug_assert is for whole-structure checks: only where DRT_DEBUG_CHECKS is 1. */
#pragma once
#include "drt-port.h"

#define drt_assert(cond)                                                                           \
  do {                                                                                             \
    if (__builtin_expect(!(cond), 0))                                                              \
      drt_port_panic(#cond, __FILE__, __LINE__);                                                   \
  } while (0)

/* Before a function that the usual way seldom calls: inside of its caller it would cost the caller registers
 * to save each time. */
#define DRT_SELDOM __attribute__((cold, noinline))

/* A place that cannot be reached if every caller keeps its promise. */
#define drt_never(what) drt_port_panic(what, __FILE__, __LINE__)

#ifndef DRT_DEBUG_CHECKS
#define DRT_DEBUG_CHECKS 0
#endif

#if DRT_DEBUG_CHECKS
#define drt_debug_assert(cond) drt_assert(cond)
#else
/* Not evaluated, but still compiled, so that it cannot rot. */
#define drt_debug_assert(cond) ((void)sizeof((cond) ? 1 : 0))
#endif
