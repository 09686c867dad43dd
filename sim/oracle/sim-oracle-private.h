/* The inside of the oracle, shared by its files. */
#pragma once
#include "sim-oracle.h"
#include "sim-ring.h"

#include "drt-node-private.h"

#include <glib.h>

#define SIM_LEAVES (2 * DRT_LEAFSET_SIDE)

/* A key that a running node has registered. In the ring once the node was ACTIVE with it. */
typedef struct SimOracleKey {
  SimRingKey ring;                               /* first: the ring hands it back */
  struct SimOracleKey *next;                     /* of the same node */
  struct SimOracleKey *next_stale;               /* of those to be looked at again */
  struct SimOracleKey *next_wrong, **link_wrong; /* of those whose nearest are not both right */
  SimTime registered;
  uint32_t place;                /* in the list of published keys */
  DrtHandle route;               /* its own entry, while it is served */
  DrtHandle members[SIM_LEAVES]; /* of its leaf set when it was last looked at */
  uint8_t member_count;
  uint8_t right, total; /* positions */
  bool nearest_right[2];
  bool nearest_counted, stale, unseen;
} SimOracleKey;

typedef struct {
  SimOracleKey *keys;
  SimTime started;
  uint32_t cached;    /* entries in its cache */
  uint16_t levels;    /* of its cache, when last counted */
  uint8_t key_count;  /* up to 255 */
  int8_t status;      /* of its last status event; -1 before the first */
  bool spoiled;       /* its certificates are bad: nobody may believe it */
  bool running, deaf; /* @deaf: its end has begun, and what it does is not counted */
  bool joined;        /* it was ACTIVE in this life */
  bool levels_stale;
} SimOracleNode;

/* An entry of the core's store, by its number there. A number that falls free stands for another
 * entry later; handles tell them apart, and one of an entry that is gone is that of a dead one. */
typedef struct {
  DrtHandle handle;
  uint32_t cached, members; /* caches and leaf-set positions that hold it */
  bool live;                /* the key is served there */
  bool crashed;             /* if not: its node has crashed */
  bool queued;              /* among the dead, by the time of its last death */
  SimTime died;
} SimOracleEntry;

typedef struct {
  DrtHandle handle;
  SimTime died;
} SimOracleDeath;

/* A search that runs: what was right when it began. */
typedef struct {
  uint64_t id;
  SimTime deadline;
  bool registered; /* there was a publisher of the target */
  bool exact;
  SimKey nearest; /* the published key nearest to the target in the range, if any */
  bool has_nearest;
  bool right; /* its first result was the right one */
} SimOracleRunning;

typedef struct {
  SimTime at; /* of the end */
  SimTime took;
} SimOracleJoin;

struct SimOracle {
  SimWorld *world;
  SimOracleListener listener;
  SimRing ring;
  SimOracleNode *nodes;
  GPtrArray *published; /* SimOracleKey in the ring, in no order: to draw from */
  SimOracleKey *stale_first, *wrong_first;
  GArray *unseen; /* SimOracleKey*: not yet where they belong in their neighbours' leaf sets */
  uint64_t right, total, nearest_right; /* over all keys in the ring */
  uint64_t members, dead_members, cached, stale_cached, levels;
  GArray *entries;      /* SimOracleEntry */
  GArray *levels_stale; /* nodes */
  GArray *returning;    /* nodes that were connected again and have not been ACTIVE since */
  GQueue dead;          /* SimOracleDeath, in their order */
  uint32_t alive, peak, by_status[DRT_FAULTED + 1], orphan;
  SimTime orphaned; /* when that was noticed */
  SimFlow flow;
  SimTime flow_since;                   /* alive nodes are counted up to here */
  GArray *searches;                     /* SimOracleSearch, by their ends */
  GHashTable *running;                  /* id to SimOracleRunning */
  GHashTable *ended_keys;               /* SimKey to when its last publisher ended */
  GArray *active_joins, *visible_joins; /* SimOracleJoin */
  SimTime disturbed, converged[3];      /* when 50, 95, 100 % were right again; or NEVER */
  bool connected;
  bool crashing;         /* what ends now ends by a crash */
  uint32_t arrived_from; /* the sender of the datagram being handled, */
  uint32_t arrived_type; /* and its type on the wire */
  SimViolation violations[SIM_INVARIANTS];
  uint32_t looked_at; /* the next node whose lists are checked */
};

static inline SimOracleEntry *
sim_oracle_entry(SimOracle *oracle, DrtHandle handle)
{
  guint i = handle & ((1u << DRT_HANDLE_INDEX_BITS) - 1);
  if (i >= oracle->entries->len)
    g_array_set_size(oracle->entries, 2 * i + 64);
  return &g_array_index(oracle->entries, SimOracleEntry, i);
}

/* The node inside a running instance, or NULL. */
static inline const DrtNode *
sim_oracle_core(const SimOracle *oracle, uint32_t node)
{
  DrtTransport *transport = sim_world_transport(oracle->world, node);
  return transport == NULL ? NULL : drt_transport_node(transport);
}

/* sim-oracle.c */
DrtKey sim_oracle_drt_key(const SimKey *key);
SimKey sim_oracle_sim_key(const DrtKey *key);
SimOracleKey *sim_oracle_key_of(const SimOracle *oracle, uint32_t node, const DrtKey *key);

/* sim-oracle-keys.c: keys that come and go. */
void sim_oracle_register(SimOracle *oracle, uint32_t node, const SimKey *key);
void sim_oracle_unregister(SimOracle *oracle, uint32_t node, const SimKey *key);
void sim_oracle_serve_all(SimOracle *oracle, uint32_t node);
void sim_oracle_publish_all(SimOracle *oracle, uint32_t node);
void sim_oracle_withdraw_all(SimOracle *oracle, uint32_t node);
void sim_oracle_forget_keys(SimOracle *oracle, uint32_t node);

/* sim-oracle-leaves.c */
/* The leaf set of the key, or what it ought to be, has changed. */
void sim_oracle_touch(SimOracle *oracle, SimOracleKey *key);
/* Takes what the key counts out of all sums. */
void sim_oracle_discount(SimOracle *oracle, SimOracleKey *key);
void sim_oracle_look(SimOracle *oracle);
uint64_t sim_oracle_rings(SimOracle *oracle);

/* sim-oracle-caches.c */
void sim_oracle_cache_in(SimOracle *oracle, uint32_t node, DrtHandle handle);
void sim_oracle_cache_out(SimOracle *oracle, uint32_t node, DrtHandle handle);
/* The node's cache is about to go without a word. */
void sim_oracle_cache_lost(SimOracle *oracle, uint32_t node);
/* Its cache has, or the keys that its levels are counted from. */
void sim_oracle_levels_changed(SimOracle *oracle, uint32_t node);
void sim_oracle_entry_live(SimOracle *oracle, DrtHandle handle, bool live);
void sim_oracle_member(SimOracle *oracle, DrtHandle handle, int change);
void sim_oracle_count_levels(SimOracle *oracle);
SimTime sim_oracle_oldest_stale(SimOracle *oracle);

/* sim-oracle-searches.c */
void sim_oracle_search_started(void *data, const SimSearch *search);
void sim_oracle_search_result(void *data, const SimSearch *search, const DRT_SEARCH_RESULT *result);
void sim_oracle_search_ended(void *data, const SimSearch *search);

/* sim-oracle-invariants.c */
__attribute__((format(printf, 4, 5))) void sim_oracle_violated(SimOracle *oracle,
                                                               SimInvariant invariant,
                                                               uint32_t node, const char *format,
                                                               ...);
void sim_oracle_check_event(SimOracle *oracle, uint32_t node, const DRT_EVENT_DATA *event);
void sim_oracle_check_state(SimOracle *oracle);
