/* The inside of the world, shared by its files. Grouped by file. */
#pragma once
#include "sim-world.h"

#include "drt-port.h"
#include "sim-liar.h"
#include "sim-pki.h"

#include "sim-hash.h"

#include <glib.h>
#include <string.h>

/* Kinds of events; */
enum { SIM_EVENT_PACKET, SIM_EVENT_WAKE, SIM_EVENT_READ };
/* and what else is part of the trajectory. */
enum {
  SIM_PRINT_NEWS = 0x100, /* and the SimNews */
  SIM_PRINT_REGISTER = 0x200,
  SIM_PRINT_UNREGISTER,
  SIM_PRINT_SEARCH = 0x300,
  SIM_PRINT_SEARCH_END,
};

#define SIM_WATCHERS 6
#define SIM_PROTOCOL_MAJOR 6
#define SIM_PROTOCOL_MINOR 0x65

/* What only nodes of secured groups, and those that lie, have. */
typedef struct SimSecured SimSecured;

/* A key of an application. */
typedef struct {
  SimKey key;
  uint8_t *payload; /* given by the caller; NULL: @payload_n bytes of the node's stream */
  uint32_t payload_n;
  HDRT_REGISTRATION_CONTEXT handle; /* NULL: not registered now */
} SimAppKey;

typedef struct SimAppSearch {
  struct SimAppSearch *next;
  HDRT_SEARCH_CONTEXT handle;
  SimSearch search;
} SimAppSearch;

/* A machine's own time: it was @local when the world's was @global, and runs on at its own rate. */
typedef struct {
  SimTime global, local;
  int64_t drift; /* parts in 10^9 */
  SimTime last;  /* told last: it never runs backwards */
} SimClock;

/* The application on a machine: what a program that uses drt.h would keep. */
typedef struct {
  HDRT drt;
  HDRT_TRANSPORT transport;
  HANDLE event;
  DRT_SECURITY_PROVIDER *security;
  SimAppKey *keys;
  SimAppSearch *searches;
  SimClock *clock; /* NULL: the world's */
  SimSecured *secured;
  uint32_t keys_n, keys_room;
  uint32_t keys_drawn;   /* from the node's stream */
  uint32_t search_count; /* started so far */
  uint32_t bootstraps;   /* drawn from the directory so far */
  uint32_t lives;        /* instances opened so far */
  uint32_t listed;       /* place in the directory of its group, plus one */
  uint16_t port;
  uint8_t group; /* no more than 255 of them */
  uint8_t life;  /* SimLife */
  int8_t status;
} SimApp;

/* Those of a group whom its bootstrap provider names. */
typedef struct {
  SimWorld *world;
  uint32_t group;
  GArray *listed; /* SimListed */
  DRT_BOOTSTRAP_PROVIDER provider;
} SimDirectory;

typedef struct {
  uint32_t node;
  uint8_t endpoint[SIM_ENDPOINT_LEN];
} SimListed;

struct SimWorld {
  uint64_t seed;
  SimTime now;
  SimTime clocks_right; /* when the last clock that was put back has caught up with itself */
  SimMemory *memory;
  SimQueue *queue;
  SimNet *net;
  DrtLibrary *library;
  SimPki *pki;             /* NULL: no group has certificates */
  SimTime crypto_costs[2]; /* by DrtCryptoWork; */
  bool costly;             /* one of them is not 0 */
  bool *liars;             /* by node, or NULL */
  uint32_t current;        /* the node in whose name code runs */
  bool entered;            /* an instance of @current runs, */
  uint16_t port;           /* the one on this port */
  uint32_t nodes;
  SimGroup *groups;
  uint32_t group_count;
  SimDirectory *directories; /* one for each group */
  GArray *signalled;         /* nodes whose event was set */
  uint64_t events, fingerprint;
  uint32_t last_node, last_kind; /* of the trajectory, */
  uint64_t last_content;         /* for whoever looks for a difference */
  SimWatcher watchers[SIM_WATCHERS];
  uint32_t watcher_count;
  uint32_t observe_mask;
  uint8_t *room; /* for events and results that are being read */
  size_t room_n;
};

static inline SimHost *
sim_world_host(const SimWorld *world, uint32_t node)
{
  return sim_net_host(world->net, node);
}

static inline SimApp *
sim_world_app(const SimWorld *world, uint32_t node)
{
  return sim_net_host(world->net, node)->application;
}

/* An event of the trajectory: when, where, what and with which content. */
static inline void
sim_world_print(SimWorld *world, uint32_t node, uint32_t kind, uint64_t content)
{
  uint64_t hash = sim_hash_add((uint64_t)world->now, (uint64_t)kind << 32 | node);
  world->last_node = node;
  world->last_kind = kind;
  world->last_content = content;
  world->fingerprint += sim_hash_add(hash, content);
}

/* The instance on this socket is about to run. */
static inline void
sim_world_enter(SimWorld *world, const SimSocket *socket)
{
  world->current = socket->host;
  world->entered = true;
  world->port = socket->port;
}

static inline void
sim_world_leave(SimWorld *world)
{
  world->entered = false;
}

/* The running world of this thread, for the port functions, which name none. */
SimWorld *sim_world_current(void);

/* sim-world.c: what core calls have made of the applications' events is read. */
void sim_world_settle(SimWorld *world);
/* Room for @n bytes until the next call. */
void *sim_world_room(SimWorld *world, size_t n);
void sim_world_tell_news(SimWorld *world, uint32_t node, SimNews news);
/* Around a call of drt.h. */
void sim_world_tell_calling(SimWorld *world, uint32_t node, SimCall call);
void sim_world_tell_called(SimWorld *world, uint32_t node, SimCall call, const SimKey *key,
                           HRESULT hr);

/* sim-clock.c */
SimTime sim_clock_read(SimClock *clock, SimTime global);
/* The world's time at which the clock will show @local, rounded up. */
SimTime sim_clock_when(const SimClock *clock, SimTime local);

/* sim-timer.c */
void sim_timer_set(SimWorld *world, SimSocket *socket, SimTime at);
void sim_timer_fire(SimWorld *world, const SimEvent *event);
/* All of a node, after its process has waited or its clock has changed. */
void sim_timer_review(SimWorld *world, uint32_t node);

/* sim-secured.c */
SimSecured *sim_secured_of(SimApp *app);
void sim_secured_free(SimApp *app);
/* (transfer none) the node's credential in the secured modes. */
DRT_CERTIFICATE *sim_secured_local(SimWorld *world, uint32_t node);
/* The key of the node's certificate of this number. */
SimKey sim_secured_draw(SimWorld *world, uint32_t node, uint32_t number);
/* (transfer none) the certificate behind a key of the node, or NULL. */
DRT_CERTIFICATE *sim_secured_find(const SimApp *app, const SimKey *key);
bool sim_secured_is_bad(const SimApp *app);
/* Cryptography has kept the node's processor busy for this long. */
void sim_secured_work(SimWorld *world, uint32_t node, SimTime cost);
/* When the processor is free again; now, if it is. */
SimTime sim_secured_free_at(const SimWorld *world, uint32_t node);
/* (transfer none) the provider of the node's application, and the lies before it. */
DRT_SECURITY_PROVIDER *sim_secured_lie(SimWorld *world, uint32_t node);
void sim_secured_unlie(SimApp *app);

/* sim-app.c */
SimApp *sim_app_of(SimWorld *world, uint32_t node);
HRESULT sim_app_open(SimWorld *world, uint32_t node);
void sim_app_close(SimWorld *world, uint32_t node);
/* The process is gone: all that its application had is, but for its plans. */
void sim_app_vanish(SimWorld *world, uint32_t node);
void sim_app_read(SimWorld *world, uint32_t node);
void sim_app_free(SimWorld *world, SimApp *app);

/* sim-keys.c */
HRESULT sim_app_register(SimWorld *world, uint32_t node, SimAppKey *key);
SimAppKey *sim_app_new_key(SimWorld *world, uint32_t node, const SimKey *key, const void *payload,
                           uint32_t payload_n);
void sim_app_forget_key(SimWorld *world, SimApp *app, SimAppKey *key);

/* sim-search.c */
void sim_app_poll_searches(SimWorld *world, uint32_t node);
/* The process has closed or died: its searches end with @end. @alive: handles are still good. */
void sim_app_end_searches(SimWorld *world, uint32_t node, HRESULT end, bool alive);

/* sim-directory.c */
void sim_directory_init(SimDirectory *directory, SimWorld *world, uint32_t group);
void sim_directory_clear(SimDirectory *directory);
void sim_directory_list(SimWorld *world, uint32_t node);
void sim_directory_strike(SimWorld *world, uint32_t node);
