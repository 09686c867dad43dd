/* The world: simulated machines, each with an application that uses drt.h, on a virtual clock and a
 * virtual network.
 *
 * A node is a machine with one application, named by a number; groups are ranges of numbers. The
 * caller lets time pass and does things to nodes in between; watchers are told what happens. What a
 * world does is a function of its configuration and of these calls, to the bit. */
#pragma once
#include "drt-port.h" /* DrtTransport */
#include "drt.h"
#include "sim-net.h"

/* A key with its most significant byte first, so that memcmp() orders keys as the ring does. */
#define SIM_KEY_LEN 32
typedef struct {
  uint8_t bytes[SIM_KEY_LEN];
} SimKey;

/* As drt.h wants it: least significant byte first. */
void sim_key_to_api(const SimKey *key, uint8_t to[SIM_KEY_LEN]);
SimKey sim_key_from_api(const uint8_t *bytes);

typedef enum { SIM_SECURITY_NULL, SIM_SECURITY_DERIVED_KEY } SimSecurity;

typedef struct {
  uint32_t first, count; /* the numbers of its nodes */
  uint32_t keys;         /* that each registers when it starts for the first time */
  uint32_t payload;      /* bytes; 1 to DRT_MAX_PAYLOAD_SIZE */
  uint32_t bootstrap;    /* the group that answers when a node looks for others */
  SimSecurity security;
  DRT_SECURITY_MODE mode;
} SimGroup;

typedef struct {
  uint64_t seed;
  const SimGroup *groups; /* (transfer none) copied; their numbers follow one another from 0 */
  uint32_t group_count;   /* at least 1 */
  const void *settings;   /* (transfer none) copied: a DrtSettings, or NULL for the defaults */
  SimLink link;           /* of all links, at first */
  uint32_t key_bits;      /* of certificates; 0: 1024 */
  bool certificate_sha2;  /* they are signed with SHA-256, else with SHA-1 */
  SimTime sign_cost, verify_cost; /* what cryptography takes of a node's time */
  const uint32_t *liars;          /* (transfer none) copied: nodes that may be told to lie */
  uint32_t liar_count;
} SimWorldConfig;

typedef struct SimWorld SimWorld;

typedef enum { SIM_LIFE_UNBORN, SIM_LIFE_RUNNING, SIM_LIFE_STOPPED, SIM_LIFE_CRASHED } SimLife;

/* What an application searches. */
typedef struct {
  SimKey target, least, most; /* least <= target <= most; all equal: just this key */
  uint32_t results_max;       /* at least 1 */
  bool any;                   /* the first key found in the range will do */
  uint32_t timeout_ms;
  uint64_t context; /* the caller's business */
} SimQuery;

typedef struct {
  uint32_t node;  /* sim_world_nodes() if the address is nobody's */
  uint32_t flags; /* of DRT_ADDRESS_FLAGS */
  uint32_t latency_ms;
  uint32_t nearness;
} SimHop;

/* A search, running or over. */
typedef struct {
  uint64_t id;     /* (node + 1) << 32 | the node's count of searches */
  uint64_t ticket; /* what the node's instance calls it in what it reports (DRT_TRACE_ASK) */
  uint32_t node;
  SimQuery query;
  SimTime started, ended;
  HRESULT end;      /* DRT_E_NO_MORE: done; DRT_E_TIMEOUT; DRT_E_FAULTED; E_FAIL: the node died */
  uint32_t results; /* so far */
  SimKey first;     /* the first result's key, */
  uint32_t first_node; /* and the node that proved to serve it */
  uint32_t server;     /* the node that proved to serve the result at hand */
  const SimHop *hops;  /* of the result at hand, or of the end; valid inside the call alone */
  uint32_t hop_count;
} SimSearch;

/* What happens to nodes, for those who look on: told before it happens. */
typedef enum {
  SIM_NEWS_START,
  SIM_NEWS_STOP,
  SIM_NEWS_CRASH,
  SIM_NEWS_FAULT,
  SIM_NEWS_DISCONNECT,
  SIM_NEWS_RECONNECT,
  SIM_NEWS_PAUSE,
  SIM_NEWS_RESUME,
  SIM_NEWS_CLOCK,
  SIM_NEWS_CERTIFICATE,
} SimNews;

/* A call of drt.h that an application makes. */
typedef enum {
  SIM_CALL_OPEN,
  SIM_CALL_CLOSE,
  SIM_CALL_REGISTER,
  SIM_CALL_UPDATE,
  SIM_CALL_UNREGISTER,
  SIM_CALL_SEARCH,
} SimCall;

/* Any of the functions may be NULL. They look on; they may not act on the world. */
typedef struct {
  void *data;
  /* A timer of the node has come due, and is handled now. */
  void (*woken)(void *data, uint32_t node);
  /* Before a call, and after all that it led to. @key NULL: it is about none. */
  void (*calling)(void *data, uint32_t node, SimCall call);
  void (*called)(void *data, uint32_t node, SimCall call, const SimKey *key, HRESULT hr);
  void (*news)(void *data, uint32_t node, SimNews news);
  /* DrtRegisterKey or DrtUnregisterKey has been called with success. */
  void (*key)(void *data, uint32_t node, const SimKey *key, bool registered);
  /* The application has read an event; the pointers in @event die after the call. */
  void (*event)(void *data, uint32_t node, const DRT_EVENT_DATA *event);
  void (*search_started)(void *data, const SimSearch *search);
  void (*search_result)(void *data, const SimSearch *search, const DRT_SEARCH_RESULT *result);
  void (*search_ended)(void *data, const SimSearch *search);
  void (*sent)(void *data, SimPacket *packet);
  void (*lost)(void *data, const SimPacket *packet, SimLoss why);
  void (*arrived)(void *data, const SimPacket *packet);
  /* What the core reports of itself (DrtTraceId), for the classes in @observe_mask. */
  uint32_t observe_mask;
  void (*observed)(void *data, uint32_t node, uint32_t id, uint64_t a, uint64_t b);
} SimWatcher;

/* (transfer full) One world at a time in a thread. */
SimWorld *sim_world_new(const SimWorldConfig *config);
/* Ends it without a word to anybody. NULL is ignored. */
void sim_world_free(SimWorld *world);
/* Adds a watcher, for good. (transfer none) */
void sim_world_watch(SimWorld *world, const SimWatcher *watcher);

/* Handles all that happens up to and at this time; then it is that time. */
void sim_world_run(SimWorld *world, SimTime until);
/* The next event, if there is one not after @until. False: there is none, and time stands. */
bool sim_world_step(SimWorld *world, SimTime until);
SimTime sim_world_now(const SimWorld *world);
uint32_t sim_world_nodes(const SimWorld *world);
uint32_t sim_world_groups(const SimWorld *world);
uint32_t sim_world_group_of(const SimWorld *world, uint32_t node);
const SimGroup *sim_world_group(const SimWorld *world, uint32_t group);
DRT_SECURITY_MODE sim_world_mode_of(const SimWorld *world, uint32_t node);
SimNet *sim_world_net(const SimWorld *world);
SimLife sim_world_life(const SimWorld *world, uint32_t node);
/* The status that its application last heard of; -1 before the first. */
int sim_world_status(const SimWorld *world, uint32_t node);
bool sim_world_is_paused(const SimWorld *world, uint32_t node);
bool sim_world_is_connected(const SimWorld *world, uint32_t node);
/* Its clock may differ from the world's. */
bool sim_world_has_own_clock(const SimWorld *world, uint32_t node);
/* A clock that is put back stands still until it has caught up with itself: when the last has. */
SimTime sim_world_clocks_right(const SimWorld *world);
/* The core's transport of a running node, or NULL. */
DrtTransport *sim_world_transport(const SimWorld *world, uint32_t node);
/* What happens now is done by an instance that its node has closed, or left behind by a restart: it
 * says its last words. */
bool sim_world_is_last_words(const SimWorld *world);
uint64_t sim_world_seed(const SimWorld *world);
/* Datagrams handled and timers fired. */
uint64_t sim_world_events(const SimWorld *world);
/* What entered the trajectory last, in words. (transfer full): g_free */
char *sim_world_last(const SimWorld *world);
/* Events that are to come. */
size_t sim_world_pending(const SimWorld *world);
/* The fingerprint of the trajectory so far: a sum over all events. */
uint64_t sim_world_fingerprint(const SimWorld *world);
/* Bytes in use for nodes, packets and pending events. */
size_t sim_world_bytes(const SimWorld *world);

/* ---- What can be done to a node. NULL: done; else why it cannot be done (transfer none). ---- */

const char *sim_world_start(SimWorld *world, uint32_t node);   /* never started */
const char *sim_world_restart(SimWorld *world, uint32_t node); /* stopped or crashed */
const char *sim_world_stop(SimWorld *world, uint32_t node);
const char *sim_world_crash(SimWorld *world, uint32_t node);
const char *sim_world_fault(SimWorld *world, uint32_t node);
const char *sim_world_disconnect(SimWorld *world, uint32_t node);
const char *sim_world_reconnect(SimWorld *world, uint32_t node);
const char *sim_world_pause(SimWorld *world, uint32_t node);
const char *sim_world_resume(SimWorld *world, uint32_t node);
/* The node's clock runs by @parts in 10^9 fast (or slow) from now on; it jumps by @step. */
const char *sim_world_clock_drift(SimWorld *world, uint32_t node, int64_t parts);
const char *sim_world_clock_step(SimWorld *world, uint32_t node, SimTime step);

/* The certificates of the node, those it has and those it will get, are bad from now on. */
typedef enum { SIM_SPOIL_EXPIRED, SIM_SPOIL_WRONG_ROOT, SIM_SPOIL_REVOKED } SimSpoil;
const char *sim_world_spoil(SimWorld *world, uint32_t node, SimSpoil how);

/* ---- Lies, of the nodes in SimWorldConfig.liars. ---- */

/* It registers a key that it does not own, and answers for it. */
const char *sim_world_claim(SimWorld *world, uint32_t node, const SimKey *key);
/* One false route entry to a random node; or some of what it has heard of others, once more, and it
 * listens from now on. @number is different each time. False: the node is not running. */
bool sim_world_flood_lie(SimWorld *world, uint32_t node, uint64_t number);
bool sim_world_repeat_lie(SimWorld *world, uint32_t node, uint64_t number);

/* ---- What its application can be told to do: calls of drt.h and their results. ---- */

/* @key NULL: a fresh one from the node's own stream. @payload NULL: @payload_n bytes of it. */
HRESULT sim_world_register(SimWorld *world, uint32_t node, const SimKey *key, const void *payload,
                           uint32_t payload_n);
/* Of a key that is not registered: E_HANDLE, as for the dead handle that it is. */
HRESULT sim_world_update(SimWorld *world, uint32_t node, const SimKey *key, const void *payload,
                         uint32_t payload_n);
HRESULT sim_world_unregister(SimWorld *world, uint32_t node, const SimKey *key);
HRESULT sim_world_search(SimWorld *world, uint32_t node, const SimQuery *query);
/* Keys that the node has registered, or will register when it is restarted. */
uint32_t sim_world_key_count(const SimWorld *world, uint32_t node);
const SimKey *sim_world_key(const SimWorld *world, uint32_t node, uint32_t i);
/* A datagram as if sent by the first node (from the port of its first socket) to the second. */
void sim_world_inject(SimWorld *world, uint32_t from, uint32_t to, const uint8_t *bytes,
                      uint32_t n);
