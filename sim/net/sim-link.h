/* What a link does to datagrams: the settings of the network, and of single links.
 *
 * What happens to a packet is a function of (seed, link, the sender's packet number) and of these
 * settings, and of nothing else that goes on. */
#pragma once
#include "sim-distribution.h"
#include "sim-matrix.h"
#include "sim-random.h"

#include <stdbool.h>

#define SIM_HEADERS 48 /* bytes of IPv6 and UDP headers */

/* A probability as a bar for 64 random bits. */
typedef uint64_t SimChance;
#define SIM_CHANCE_NEVER UINT64_C(0)
#define SIM_CHANCE_ALWAYS UINT64_MAX

/* @of in @among, @of at most @among, @among at least 1. */
SimChance sim_chance(uint64_t of, uint64_t among);

static inline bool
sim_chance_hits(SimChance chance, uint64_t random)
{
  return random < chance || chance == SIM_CHANCE_ALWAYS;
}

typedef enum {
  SIM_LATENCY_DRAWN,  /* of each packet, from @latency */
  SIM_LATENCY_PLANE,  /* hosts lie at random in a square, @across from side to side */
  SIM_LATENCY_MATRIX, /* by the rows and columns of @matrix, hosts taking the rows in turn */
} SimLatencyKind;

/* All pointers (transfer none). */
typedef struct {
  SimLatencyKind latency_kind;
  const SimDistribution *latency;
  SimTime across;
  const SimMatrix *matrix;
  const SimDistribution *jitter; /* added to the latency; or NULL */
  SimChance loss;
  SimChance burst_loss; /* the share of packets lost in bursts */
  uint32_t burst_length;
  SimChance duplicate;
  SimChance reorder; /* these are @reorder_by late */
  SimTime reorder_by;
  uint64_t bandwidth; /* of access links, bytes a second; 0: without limit */
  uint64_t queue;     /* bytes that wait before an access link */
  uint32_t mtu;       /* with the 48 bytes of the IPv6 and UDP headers; 0: without limit */
  uint32_t buffer;    /* bytes that a socket keeps for a paused process */
} SimLink;

/* Which fields of a SimLink a rule for some links sets. */
typedef enum {
  SIM_LINK_LATENCY = 1 << 0,
  SIM_LINK_JITTER = 1 << 1,
  SIM_LINK_LOSS = 1 << 2,
  SIM_LINK_BURST = 1 << 3,
  SIM_LINK_DUPLICATE = 1 << 4,
  SIM_LINK_REORDER = 1 << 5,
  SIM_LINK_BANDWIDTH = 1 << 6,
  SIM_LINK_QUEUE = 1 << 7,
  SIM_LINK_MTU = 1 << 8,
  SIM_LINK_BUFFER = 1 << 9,
} SimLinkField;

/* Copies these fields. */
void sim_link_apply(SimLink *to, const SimLink *from, unsigned fields);

/* The random streams of all packets of a run. */
typedef struct {
  SimRandom latency, jitter, loss, burst, duplicate, reorder, copy, plane;
} SimLinkChance;

void sim_link_chance_init(SimLinkChance *chance, uint64_t seed);

/* What becomes of a packet that is allowed to travel. */
typedef struct {
  bool lost, burst; /* @burst: in a burst */
  bool copied;
  SimTime delay;      /* at least 1 ns */
  SimTime copy_delay; /* of the copy */
} SimFate;

/* @pieces: it is lost if any of them is. */
SimFate sim_link_fate(const SimLink *link, const SimLinkChance *chance, uint32_t from, uint32_t to,
                      uint32_t number, uint32_t pieces);
/* IPv6 packets that a datagram of @n bytes becomes; 0 if the links cannot carry it. The sender's IP
 * splits what is too large, as every host does; where links carry less than the 1280 bytes that IPv6
 * demands, they drop it. */
uint32_t sim_link_pieces(const SimLink *link, uint32_t n);
/* What all of them weigh with their headers. */
uint64_t sim_link_bytes(uint32_t n, uint32_t pieces);
