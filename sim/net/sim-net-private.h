/* The inside of the network, shared by its files. */
#pragma once
#include "sim-net.h"

#include <glib.h>

struct SimHostRare {
  SimTime uplink_free, downlink_free; /* when the access link has sent, or got, all before */
  GQueue waiting;                     /* packets in the buffer of a paused process */
  uint64_t waiting_bytes;
};

typedef struct {
  SimMembers from, to;
  SimLink link;
  unsigned fields;
} SimLinkRule;

typedef struct {
  SimMembers from, to;
  GPtrArray *kept; /* of a hold: packets; NULL: a cut */
} SimWay;

struct SimNet {
  SimQueue *queue;
  SimMemory *memory;
  SimHost *hosts;
  uint32_t host_count;
  uint32_t arrival; /* kind of event */
  SimPacket *begun;
  SimSocket *begun_by;
  SimLink link;
  SimLinkChance chance;
  GArray *rules;        /* SimLinkRule, in the order of their making */
  GArray *cuts, *holds; /* SimWay */
  bool partitioned;
  SimNetCounts counts;
  SimNetWatch watch;
};

/* sim-net.c */
SimHostRare *sim_net_rare(SimNet *net, SimHost *host);
/* Ends a packet's way. */
void sim_net_lose(SimNet *net, SimPacket *packet, SimLoss why);
/* A packet that is allowed to travel does, or meets its fate. */
void sim_net_travel(SimNet *net, SimTime now, SimPacket *packet);
/* The packet arrives at that time. */
void sim_net_fly(SimNet *net, SimTime at, SimHost *maker, SimPacket *packet);

/* sim-net-faults.c */
/* The settings that count for this link. */
SimLink sim_net_link(const SimNet *net, uint32_t from, uint32_t to);
/* Whether a partition or a cut is between the two: *ret_why says which. */
bool sim_net_separated(const SimNet *net, uint32_t from, uint32_t to, SimLoss *ret_why);
/* Keeps the packet if a hold is on its way. */
bool sim_net_holds(SimNet *net, SimPacket *packet);
void sim_net_clear_faults(SimNet *net);
