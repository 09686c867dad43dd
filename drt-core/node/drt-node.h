/* A DRT node, sans I/O: inputs in, effects out, one deadline (PROTOCOL.md 7).
 *
 * Each input is one step: it takes the time, changes the node, and puts its effects into the
 * outbox, which it empties first. After every step the host carries the outputs out in their order
 * and asks for the deadline. A step cannot fail: where memory is short, the node ends FAULTED.
 * No call leaves the node but pure ones to the security profile. */
#pragma once
#include "drt-outbox.h"
#include "drt-pool.h"
#include "drt-random.h"
#include "drt-security.h"
#include "drt-settings.h"

#define DRT_LOCAL_ADDRESSES_MAX 4

typedef struct DrtNode DrtNode;

/* What a node is made of. All pointers (transfer none), to outlive the node. */
typedef struct {
  DrtPool *pool;
  const DrtSettings *settings;
  const DrtSecurity *security;
  DrtMode mode;
  uint8_t major, minor;  /* protocol version of the application */
  uint8_t addresses_max; /* published with a key */
  uint8_t entropy[DRT_RANDOM_KEY_LEN];
} DrtNodeConfig;

/* A registered key, for the life of its registration. 0 is none. */
typedef uint32_t DrtLocalId;

/* What to search, and how far (drt-api 9). Keys in plain order: least <= target <= most. */
typedef struct {
  DrtKey target, least, most;
  uint32_t results_max;
  bool exact;       /* only the target itself */
  bool any;         /* the first key found in the range will do */
  bool iterative;   /* stop at every hop until continued */
  bool local_too;   /* keys of this instance compete */
  DrtTime deadline; /* DRT_TIME_NEVER: none */
} DrtSearchSpec;

/* (transfer full), or NULL without memory. */
DrtNode *drt_node_new(const DrtNodeConfig *config);
/* Frees it at once, without a word to anybody. NULL is ignored. */
void drt_node_free(DrtNode *node);

/* 7.1: the node listens at these endpoints (possibly none) and starts to look for others. */
void drt_node_open(DrtNode *node, DrtTime now, const DrtEndpoint *local, uint32_t n,
                   DrtOutbox *out);
/* 2.10: a datagram has come. */
void drt_node_receive(DrtNode *node, DrtTime now, const DrtEndpoint *from, const uint8_t *bytes,
                      uint32_t n, DrtOutbox *out);
/* The deadline has come. Earlier calls do no harm. */
void drt_node_wake(DrtNode *node, DrtTime now, DrtOutbox *out);
/* 7.2: endpoints found by the bootstrap, or by the split test's one; @done: there will be no more. */
void drt_node_bootstrap(DrtNode *node, DrtTime now, bool split, const DrtEndpoint *found,
                        uint32_t n, bool done, DrtOutbox *out);
/* 7.14: the local endpoints are these now. */
void drt_node_readdress(DrtNode *node, DrtTime now, const DrtEndpoint *local, uint32_t n,
                        DrtOutbox *out);
/* 7.4. The id, or 0 without memory: then nothing was registered. */
DrtLocalId drt_node_register(DrtNode *node, DrtTime now, const DrtKey *key, const uint8_t *payload,
                             uint32_t n, void *key_context, DrtOutbox *out);
/* If memory has failed since, and with it the node: the key just registered was never there. */
bool drt_node_take_back(DrtNode *node, DrtLocalId id);
/* The payload is this now. False without memory: then it is what it was. */
bool drt_node_update(DrtNode *node, DrtLocalId id, const uint8_t *payload, uint32_t n);
/* 7.7 */
void drt_node_unregister(DrtNode *node, DrtTime now, DrtLocalId id, DrtOutbox *out);
/* 7.8: starts a search; its outputs carry @ticket. False without memory or beyond resolves-max. */
bool drt_node_search(DrtNode *node, DrtTime now, const DrtSearchSpec *spec, uint64_t ticket,
                     DrtOutbox *out);
/* An iterative search that waits goes on. False if it does not wait. */
bool drt_node_search_continue(DrtNode *node, DrtTime now, uint64_t ticket, DrtOutbox *out);
/* Ends a search without a word. */
void drt_node_search_stop(DrtNode *node, DrtTime now, uint64_t ticket, DrtOutbox *out);
/* The host's own fatal error: the node is FAULTED, with @cause. */
void drt_node_fail(DrtNode *node, DrtTime now, int32_t cause, DrtOutbox *out);
/* The host had no memory for an effect of the node: it is FAULTED. */
void drt_node_run_out(DrtNode *node, DrtTime now, DrtOutbox *out);
/* 7.15: unregisters every key and ends with DRT_OUT_CLOSED, at once or at a later deadline. */
void drt_node_close(DrtNode *node, DrtTime now, DrtOutbox *out);

/* When the node next wants drt_node_wake, or DRT_TIME_NEVER. */
DrtTime drt_node_deadline(const DrtNode *node);
DrtNodeStatus drt_node_status(const DrtNode *node);
/* Fetches the tables that the next step will look into; a hint. The node itself is at hand. */
void drt_node_prefetch(const DrtNode *node);
/* And later, when they have come, what is found through them. */
void drt_node_prefetch_details(const DrtNode *node);
/* NULL, or the name of the broken invariant. */
const char *drt_node_check(const DrtNode *node);
