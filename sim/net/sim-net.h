/* The network: hosts with sockets, and datagrams on their way.
 *
 * A datagram is written once, into the packet that travels, and read there at its arrival. What is
 * under way sits in the event queue of the engine; the owner of the queue hands arrivals back with
 * sim_net_arrive(). The network knows nothing of what the bytes mean. */
#pragma once
#include "sim-link.h"
#include "sim-members.h"
#include "sim-memory.h"
#include "sim-queue.h"

#include <stddef.h>

#define SIM_ADDRESS_LEN 16
#define SIM_ENDPOINT_LEN 18 /* port and address, as on the wire */
#define SIM_PORT_FIRST 49152

/* Why a packet did not arrive: X(NAME, "name", what it means) */
#define SIM_LOSS_TABLE(X)                                                                          \
  X(LOSS, "loss", "by chance")                                                                     \
  X(BURST, "burst", "by chance, in a burst")                                                       \
  X(QUEUE, "queue", "no room before an access link")                                               \
  X(MTU, "mtu", "larger than the links carry")                                                     \
  X(PARTITION, "partition", "sender and receiver are in different parts")                          \
  X(CUT, "cut", "the way is cut")                                                                  \
  X(DISCONNECTED, "disconnected", "sender or receiver has no network")                             \
  X(ADDRESS, "address", "nobody has that address")                                                 \
  X(PORT, "port", "nobody listens at that port")                                                   \
  X(BUFFER, "buffer", "the socket buffer of a paused process is full")

typedef enum {
#define SIM_LOSS_ENUM(name, text, meaning) SIM_LOSS_##name,
  SIM_LOSS_TABLE(SIM_LOSS_ENUM)
#undef SIM_LOSS_ENUM
    SIM_LOSSES,
} SimLoss;

/* "loss", "burst", ... */
const char *sim_loss_name(SimLoss loss);

typedef struct {
  SimTime sent;
  uint64_t hash;     /* of the bytes */
  uint64_t trace;    /* the owner's business: what the packet is called in a trace */
  uint32_t from, to; /* hosts */
  uint32_t number;   /* the sender's count of packets */
  uint32_t n;
  uint16_t from_port, to_port;
  bool copy;     /* a duplicate */
  bool shaped;   /* past the access link of its receiver */
  bool buffered; /* in the receiver's socket: out of the network */
  uint8_t bytes[];
} SimPacket;

typedef struct SimSocket SimSocket;
struct SimSocket {
  void *owner; /* who listens; NULL: the socket is not in use */
  uint32_t host;
  uint16_t port;
  uint32_t alarm_sequence; /* of the event that is the alarm */
  SimTime wake_at;         /* when the owner wants to be woken, */
  SimTime wake_local;      /* and that time on the clock of its machine */
  SimTime alarm_at;        /* the event under way that will do it, not later; or NEVER */
  SimSocket *next;         /* of the same host */
};

/* What a host does not need unless something happens to it. */
typedef struct SimHostRare SimHostRare;

/* One host; hot fields first, a cache line and a half. */
typedef struct {
  SimSocket first;   /* most hosts have one socket */
  void *application; /* the owner's business */
  uint32_t sequence; /* events it has made */
  uint32_t packets;  /* datagrams it has sent */
  uint16_t part;     /* of a partition */
  uint16_t binds;    /* ports given out so far */
  bool disconnected, paused;
  bool signalled; /* the owner's business, as is the next */
  bool odd_clock, readdress;
  SimHostRare *rare; /* or NULL */
} SimHost;

/* Told of every packet, if wanted. */
typedef struct {
  void *data;
  void (*sent)(void *data, SimPacket *packet); /* may set @trace */
  void (*lost)(void *data, const SimPacket *packet, SimLoss why);
  void (*arrived)(void *data, const SimPacket *packet);
} SimNetWatch;

typedef struct {
  uint64_t sent, copied, delivered, bytes; /* bytes: of what was sent */
  uint64_t lost[SIM_LOSSES];
  uint64_t waiting; /* held on a way, or in the buffer of a paused process */
  uint64_t flying;  /* in the queue */
} SimNetCounts;

typedef struct SimNet SimNet;

/* @hosts of them, all connected, without sockets. @queue, @memory (transfer none). Packets arrive
 * as events of kind @arrival whose payload is the packet. (transfer full) */
SimNet *sim_net_new(uint64_t seed, uint32_t hosts, SimQueue *queue, SimMemory *memory,
                    uint32_t arrival);
/* NULL is ignored. Packets in the queue are left to the memory's end. */
void sim_net_free(SimNet *net);
SimHost *sim_net_host(const SimNet *net, uint32_t number);
uint32_t sim_net_hosts(const SimNet *net);
const SimNetCounts *sim_net_counts(const SimNet *net);
/* Bytes beyond the packets. */
size_t sim_net_bytes(const SimNet *net);
void sim_net_watch(SimNet *net, const SimNetWatch *watch);

/* The address of a host, and the host of an address: sim_net_hosts() if there is none. */
void sim_net_address(uint32_t host, uint8_t to[SIM_ADDRESS_LEN]);
uint32_t sim_net_host_of(const SimNet *net, const uint8_t address[SIM_ADDRESS_LEN]);

/* Binds a port: @port, or a free one if it is 0. NULL if it is taken. A freed port is not given out
 * again before all others were. */
SimSocket *sim_net_bind(SimNet *net, uint32_t host, uint16_t port, void *owner);
void sim_net_unbind(SimNet *net, SimSocket *socket);
SimSocket *sim_net_socket(const SimHost *host, uint16_t port);

/* Where to write a datagram of @n bytes; NULL without memory. One at a time. */
uint8_t *sim_net_send_begin(SimNet *net, SimSocket *from, uint32_t n);
/* Sends what was begun last. */
void sim_net_send_commit(SimNet *net, SimTime now, const uint8_t to[SIM_ENDPOINT_LEN]);
/* The event of a packet has come: the socket that gets it now (the packet goes back with
 * sim_net_done() afterwards), or NULL: it was lost, or waits. */
SimSocket *sim_net_arrive(SimNet *net, const SimEvent *event);
void sim_net_done(SimNet *net, SimPacket *packet);

/* ---- What goes wrong. Each takes hold at once, for packets under way too. ---- */

/* The settings of all links; and those of some, over what was set before. Durable things behind
 * pointers stay the caller's. */
void sim_net_set_link(SimNet *net, const SimLink *link, unsigned fields);
void sim_net_add_rule(SimNet *net, const SimMembers *from, const SimMembers *to,
                      const SimLink *link, unsigned fields);
/* Nothing passes between hosts of different parts; part 0 is that of hosts that reach everybody. */
void sim_net_partition(SimNet *net, const uint16_t *parts);
void sim_net_heal(SimNet *net);
/* Nothing passes from one set to the other until the same cut is undone. False if there is none. */
void sim_net_cut(SimNet *net, const SimMembers *from, const SimMembers *to);
bool sim_net_join(SimNet *net, const SimMembers *from, const SimMembers *to);
/* What is sent from one set to the other waits, and arrives when the same hold is undone. */
void sim_net_hold(SimNet *net, const SimMembers *from, const SimMembers *to);
bool sim_net_release(SimNet *net, SimTime now, const SimMembers *from, const SimMembers *to);
/* The process of the host is frozen: datagrams wait in its sockets, as many as fit. */
void sim_net_pause(SimNet *net, uint32_t host);
void sim_net_resume(SimNet *net, SimTime now, uint32_t host);
/* The process is gone, and with it what waited for it. */
void sim_net_forget_waiting(SimNet *net, uint32_t host);
void sim_net_connect(SimNet *net, uint32_t host, bool connected);
/* A datagram as if sent by that host from that port; the host need not be running. */
void sim_net_inject(SimNet *net, SimTime now, uint32_t from, uint16_t from_port,
                    const uint8_t to[SIM_ENDPOINT_LEN], const uint8_t *bytes, uint32_t n);
