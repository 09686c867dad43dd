/* What must hold at every moment of every run, by name. */
#pragma once

/* X(ENUM, "name", what it says) */
#define SIM_INVARIANT_TABLE(X)                                                                     \
  X(RING_ORDER, "ring-order", "leaf sets are in the order of the ring, no key twice")              \
  X(CACHE_UNPROVEN, "cache-unproven", "nothing is cached without its INQUIRE round trip")          \
  X(SERVED_AFTER_UNREGISTER, "served-after-unregister", "no key is served after its end")          \
  X(LOW_PORT, "low-port", "no datagram goes to a port below 1024")                                 \
  X(PENDING_BOUNDED, "pending-bounded", "pending lists keep their bounds")                         \
  X(ONE_RING, "one-ring", "a quiet, connected, undisturbed cloud is one ring")                     \
  X(STATE_MACHINE, "state-machine", "the events of an instance are a path of its states")          \
  X(SEARCH_ENDS, "search-ends", "every search ends")                                               \
  X(FORGED_BINDING, "forged-binding", "with derived keys no search finds a key at a liar")

typedef enum {
#define SIM_INVARIANT_ENUM(name, text, meaning) SIM_INVARIANT_##name,
  SIM_INVARIANT_TABLE(SIM_INVARIANT_ENUM)
#undef SIM_INVARIANT_ENUM
    SIM_INVARIANTS,
} SimInvariant;
