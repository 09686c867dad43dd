/* A swarm of small clouds: from each seed a cloud, a network and a plan of faults, as a scenario.
 *
 * Swarm testing (Groce et al., ISSTA 2012): in each plan whole kinds of faults are left out, so that
 * one kind cannot hide what another would show. A plan has two phases: faults, with the invariants
 * that every run checks; then all is healed, and after a while without any disturbance the cloud has
 * to be as if nothing had been. A plan is data, its text a scenario like any other: what a seed did
 * can be kept as a file, and does not need this code to be run again. */
#pragma once
#include "sim-time.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_SWARM_NODES 64 /* one bit each */

/* X(ENUM, weight: how many of it there are beside others, once it is not left out) */
#define SIM_SWARM_TABLE(X)                                                                         \
  X(CRASH, 4)      /* members, until they restart */                                               \
  X(STOP, 3)       /* members, until they restart */                                               \
  X(FAULT, 1)      /* members, until they are stopped; they restart behind that */                 \
  X(PAUSE, 3)      /* members, until they resume */                                                \
  X(DISCONNECT, 3) /* members, until they reconnect */                                             \
  X(PARTITION, 3)  /* members | others (if any) | rest, until it heals */                          \
  X(CUT, 3)        /* members -> others, or both ways, until they are joined */                    \
  X(HOLD, 2)       /* members -> others, or both ways, until released */                           \
  X(LINK, 2)       /* members -> all: loss, until it is none */                                    \
  X(LOSS, 2)       /* of the network, until it is none */                                          \
  X(BURSTS, 1)     /* likewise */                                                                  \
  X(COPIES, 1)     /* duplicates, and datagrams that are late */                                   \
  X(SLOW, 1)       /* latency, until it is as before */                                            \
  X(DRIFT, 1)      /* clocks of members, until they run right */                                   \
  X(STEP, 1)       /* clocks of members */                                                         \
  X(KEY, 3)        /* members register a key, until they take it back */                           \
  X(BARE, 1)       /* members take back all their keys, until they register a new one */           \
  X(UPDATE, 1)     /* members' payload */                                                          \
  X(CHURN, 2)      /* guests come and go */                                                        \
  X(GARBAGE, 1)    /* a datagram without sense, from the first member to the first of others */    \
  X(LIES, 2)       /* members claim keys, flood or replay, until they are stopped */

typedef enum {
#define SIM_SWARM_ENUM(name, weight) SIM_SWARM_##name,
  SIM_SWARM_TABLE(SIM_SWARM_ENUM)
#undef SIM_SWARM_ENUM
    SIM_SWARM_KINDS,
} SimSwarmKind;

typedef struct {
  SimSwarmKind kind;
  SimTime at, until;        /* SIM_TIME_NEVER: it is not undone */
  uint64_t members, others; /* a bit for each node: anchors first, then peers, then guests */
  uint32_t amount;          /* per cent, milliseconds, bytes: whatever the kind needs */
  bool both;                /* ways */
  uint64_t value;           /* drawn: a key, or bytes */
} SimSwarmFault;

typedef struct {
  uint64_t seed;
  uint32_t anchors, peers, guests; /* SIM_SWARM_NODES together at most */
  uint32_t keys;                   /* of each peer */
  uint32_t latency;                /* which of some */
  uint32_t security;               /* 0: null, else derived keys with mode - 1 */
  SimTime maintenance;
  SimTime spread; /* over which peers start */
  SimTime heal;   /* no fault is later, and each that can be undone is */
  GArray *faults; /* SimSwarmFault, in the order of their times */
} SimSwarmPlan;

/* The plan of a seed. (transfer full) */
SimSwarmPlan *sim_swarm_draw(uint64_t seed);
SimSwarmPlan *sim_swarm_copy(const SimSwarmPlan *plan);
/* NULL is ignored. */
void sim_swarm_free(SimSwarmPlan *plan);
/* The plan as a scenario. @comment: lines for its top, or NULL. (transfer full) */
char *sim_swarm_print(const SimSwarmPlan *plan, const char *comment);

typedef enum { SIM_SWARM_SMALLER, SIM_SWARM_SAME, SIM_SWARM_DONE } SimSwarmShrunk;
/* Makes the plan smaller in way number @way: fewer faults, nodes, members, less time. SAME if there is
 * nothing to be gained that way, DONE if there are no more ways. */
SimSwarmShrunk sim_swarm_shrink(SimSwarmPlan *plan, uint32_t way);
