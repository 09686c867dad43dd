/* The inside of a node, shared by the files of this room and read by the oracle.
 *
 * Grouped by file: a function is declared under the name of the file that defines it. */
#pragma once
#include "drt-cache.h"
#include "drt-decode.h"
#include "drt-fragment.h"
#include "drt-node.h"

/* A registered key (5.2). */
typedef struct {
  _Alignas(64) DrtLeafset leaves; /* three cache lines with what follows */
  DrtHandle route; /* our own entry for it, one reference; NONE without a local address */
  DrtBlob payload;
  uint32_t payload_n;
  uint32_t next;
  uint32_t resolve;  /* the registration walk under way, or 0 */
  bool announced;    /* the walk was started after the last change of addresses */
  bool unresolvable; /* told the application that the profile cannot vouch for it any more */
  uint8_t audits;    /* at maintenance so far, modulo 256: what the next one looks at */
  void *key_context;
} DrtLocal;

/* A cache line. */
typedef struct {
  _Alignas(64) uint32_t id; /* MessageID */
  uint32_t subject;
  DrtHandle peer; /* the node asked: an answer may come from any of its addresses; one reference */
  DrtBlob
    bytes; /* the datagram, to be repeated as it is; NONE for a probe that can be made again */
  DrtTime due, sent;
  DrtEndpoint to;  /* where it was sent */
  uint16_t n;      /* of the datagram */
  uint8_t purpose; /* DrtPurpose */
  uint8_t type;    /* DrtMsgType */
  uint8_t left;    /* transmissions */
  uint16_t deferred_n;
  DrtBlob deferred; /* what is sent once this INQUIRE has brought the credential to seal it for */
} DrtPending;

/* What is asked most of the list: kept side by side, so that going through it touches no request. */
typedef struct {
  uint32_t id, number; /* of the DrtPending */
  DrtHandle probed;    /* its peer, if it is a probe; else NONE */
  uint32_t validated;  /* of an intake: drt_asked_mark() of its key; else 0 */
} DrtAsked;

/* Some bits of a key, never 0: who looks for a key meets hardly ever another one with them. */
static inline uint32_t
drt_asked_mark(const DrtKey *key)
{
  return (uint32_t)(key->w[0] >> 32) | 1;
}

/* A route entry being validated (7.5): the subject of the request that waits for the answer of its node,
 * as long as that does. */
typedef struct {
  DrtHandle route; /* one reference */
  bool need_cpa;
  bool flooded; /* it came by FLOOD: from @sender, who told @list_n others */
  uint8_t nonce[DRT_NONCE_LEN];
  DrtEndpoint sender;
  DrtBlob list;
  uint16_t list_n;
} DrtIntake;

/* A synchronisation (7.3), one side of it. */
typedef struct {
  uint32_t next;
  DrtEndpoint peer;
  bool initiator;
  bool done;                    /* responder: REQUEST was served; kept to repeat the ACK (H24).
                initiator: REQUEST was answered; kept until the FLOODs must have come */
  uint8_t nonce[DRT_NONCE_LEN]; /* initiator */
  uint8_t hashed_nonce[DRT_HASH_LEN];
  DrtTime expires;   /* responder; initiator once done */
  DrtKey validate;   /* responder: key of the SOLICIT's route entry, or zero (H25) */
  uint8_t offered_n; /* responder: keys advertised, */
  DrtBlob offered;   /* and the keys: few conversations have many */
} DrtConversation;

/* The bootstrap under way (7.2). */
typedef struct {
  DrtEndpoint tried[20], queue[20];
  uint32_t tried_n, queue_n;
  uint32_t talking; /* conversations started and not ended */
  bool asked;       /* the host has not said that it is done */
  bool overdue;     /* nor had it at the last maintenance */
} DrtDiscovery;

/* Why a search runs. */
typedef enum {
  DRT_RESOLVE_APPLICATION,
  DRT_RESOLVE_REGISTRATION,
  DRT_RESOLVE_CACHE,
  DRT_RESOLVE_SPLIT,
} DrtResolveKind;

typedef enum { DRT_PHASE_LOOKUP, DRT_PHASE_INQUIRE, DRT_PHASE_WAITING } DrtPhase;

#define DRT_RESOLVE_STACK 64
#define DRT_RESOLVE_PATH 64
#define DRT_RESOLVE_HOPS 64
#define DRT_RESOLVE_GIVEN 32 /* results of one search */
#define DRT_RESOLVE_REFUSED 8

typedef struct {
  DrtHandle route; /* one reference */
  uint8_t uses;
} DrtNextHop;

/* How far a search has come on one side of its target (7.8). */
typedef struct {
  DrtKey reach;   /* the way to it from the target; whoever lies on it is known */
  DrtHandle at;   /* who serves the key there; one reference, or NONE */
  DrtHandle next; /* the nearest known beyond; likewise */
  bool sure;      /* there is nobody before it */
} DrtFront;

/* 5.3 */
typedef struct {
  uint32_t next;
  DrtResolveKind kind;
  DrtPhase phase;
  DrtCriteria criteria;
  uint16_t precision;
  uint32_t local;   /* registration, split: the key it is about */
  uint32_t pending; /* the request outstanding, or 0 */
  uint64_t ticket;
  DrtSearchSpec spec; /* target, range, deadline; zero but the target for our own walks */
  uint32_t given_n, stack_n, bests_n, path_n, hops_n, refused_n; /* of the lists below */
  DrtHandle best;                                                /* one reference, or NONE */
  DrtHandle nearest;  /* the node nearest to the target of all that answered; likewise */
  DrtNextHop current; /* whose LOOKUP is outstanding */
  DrtEndpoint asked;  /* where the request outstanding went */
  uint8_t suspicious, useful;
  uint8_t failed; /* best matches that did not prove themselves, of a search */
  uint8_t nonce[DRT_NONCE_LEN];
  bool fell_away; /* who was asked last was silent, busy, or is another by now */
  bool wide; /* the nearest is known: looking for the next nearest; what follows is about that */
  DrtFront front[2]; /* by DrtSide */
  DrtSide probe_side;
  DrtKey probe; /* the middle of a gap on that side: the LOOKUP's target */
  DrtHandle refused[DRT_RESOLVE_REFUSED]; /* denied by who should have them; one reference each */

  /* The long lists. A new search does not clear them: they are the most of it. */
  DrtHandle given[DRT_RESOLVE_GIVEN]; /* results so far; each one reference */
  DrtNextHop stack[DRT_RESOLVE_STACK];
  DrtHandle bests[DRT_RESOLVE_STACK]; /* earlier best matches; each one reference */
  DrtEndpoint path[DRT_RESOLVE_PATH];
  DrtHop hops[DRT_RESOLVE_HOPS];
} DrtResolve;

/* Whose credentials are known (8.6). */
typedef struct DrtPeers DrtPeers;

/* A leaf-set audit of one local key (7.10). */
typedef struct {
  uint32_t next;
  uint32_t local;
  DrtHandle members[2 * DRT_LEAFSET_SIDE]; /* to be asked, the last first; each one reference */
  uint32_t members_n;
  uint32_t left; /* LOOKUPs for the member asked now */
  bool gaps;     /* each is asked for the middle of a gap, not for our own key */
  DrtKey middle[2];
  DrtEndpoint path[DRT_PATH_MAX];
  uint32_t path_n;
} DrtAudit;

struct DrtNode {
  DrtPool *pool;
  const DrtSettings *settings;
  const DrtSecurity *security;
  DrtOutbox *out; /* of the step under way */
  DrtTime now;    /* of the step under way */
  DrtMode mode;
  uint8_t major, minor, addresses_max;
  DrtNodeStatus status;
  bool told;         /* the first status was put out (DEC-18) */
  bool told_offline; /* the last status put out was NO_NETWORK */
  bool opened, closing;
  DrtFault fault;
  int32_t fault_cause;

  DrtEndpoint local[DRT_LOCAL_ADDRESSES_MAX];
  uint32_t local_n;

  DrtCache cache;
  uint32_t locals, locals_n; /* list of DrtLocal, oldest first */
  DrtKey centre;             /* the only key, or a random one without keys */
  DrtKey *centres;           /* of two keys or more */
  uint32_t centres_room;

  DrtAsked *asked; /* the Pending List, in the order of due times; inside of a blob */
  DrtBlob asked_blob;
  uint32_t asked_n, asked_room;
  DrtTime asked_due;  /* when the first is due; NEVER: there is none */
  DrtTime waits_due;  /* likewise of conversations and resolves, */
  bool waits_changed; /* unless this says that it is to be found anew */
  bool unannounced;   /* there may be keys whose walk was not started yet */
  uint32_t intakes_n;
  uint32_t conversations, conversations_n;
  uint32_t resolves, resolves_n;
  uint32_t audits;
  uint32_t discovery;        /* or 0 */
  DrtReassembly *reassembly; /* or NULL */
  DrtPeers *peers;           /* confidential mode; or NULL */
  DrtBytes asker; /* of the step under way: the credential of who is to be answered, or absent */

  DrtTime maintain_at;
  DrtTime close_at;
  DrtTime lookup_second; /* the start of the second that @lookups counts */
  uint32_t lookups;
  DrtRandom random;
};

static inline DrtStore *
drt_node_store(const DrtNode *node)
{
  return &node->pool->store;
}

static inline DrtLocal *
drt_node_local(const DrtNode *node, uint32_t id)
{
  return drt_slab_at(&node->pool->locals, id);
}

static inline const DrtKey *
drt_local_key(const DrtLocal *local)
{
  return &local->leaves.own;
}

/* drt-node.c */
/* The frame of every step. */
void drt_node_begin(DrtNode *node, DrtTime now, DrtOutbox *out);
void drt_node_end(DrtNode *node);
void drt_node_fault(DrtNode *node, DrtFault fault, int32_t cause);
/* Puts the status out, if anything may be said of it now. */
void drt_node_change_status(DrtNode *node, DrtNodeStatus status);
bool drt_node_is_own_endpoint(const DrtNode *node, const DrtEndpoint *endpoint);
bool drt_node_is_own_route(const DrtNode *node, const DrtRoute *route);
/* The endpoint of @route to send to: the address nearest to one of ours (7.5). */
DrtEndpoint drt_node_choose_address(const DrtNode *node, const DrtRoute *route);
DrtCacheShape drt_node_shape(const DrtNode *node);

/* The status that follows from addresses and cache; puts it out if it changed. */
static inline void
drt_node_review_status(DrtNode *node)
{
  DrtNodeStatus status = node->local_n == 0  ? DRT_NODE_NO_NETWORK
                         : node->cache.n > 0 ? DRT_NODE_ACTIVE
                                             : DRT_NODE_ALONE;
  if (status != node->status || !node->told)
    drt_node_change_status(node, status);
}

/* drt-local.c */
DrtLocal *drt_node_find_local(const DrtNode *node, const DrtKey *key);
/* The local key nearest to @target, or NULL without keys. */
DrtLocal *drt_node_nearest_local(const DrtNode *node, const DrtKey *target);
/* @key falls into a leaf set (7.5). */
bool drt_node_in_leaf_range(const DrtNode *node, const DrtKey *key);
/* Makes the routes of our own keys anew after a change of addresses. */
void drt_node_refresh_own_routes(DrtNode *node);
/* Starts the walk of every key that was not announced yet, if we are ACTIVE (7.4). */
void drt_node_announce(DrtNode *node);
void drt_node_walk_done(DrtNode *node, DrtLocal *local);
void drt_node_free_locals(DrtNode *node);

/* drt-send.c */
/* Encodes @msg, with a fresh MessageID if @msg->id is 0, and sends it. False without memory. */
bool drt_node_send(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to);
/* An empty one of this type. Of the union only what belongs to the type is cleared: that is a fifth of it
 * most of the time. */
static inline void
drt_node_message(const DrtNode *node, DrtMsgType type, DrtMsg *ret)
{
  ret->type = type;
  ret->major = node->major;
  ret->minor = node->minor;
  ret->id = 0;
  switch (type) {
  case DRT_SOLICIT:
    ret->solicit = (DrtSolicit){ 0 };
    break;
  case DRT_ADVERTISE:
    ret->advertise = (DrtAdvertise){ 0 };
    break;
  case DRT_REQUEST:
    ret->request = (DrtRequest){ 0 };
    break;
  case DRT_FLOOD:
    ret->flood = (DrtFlood){ 0 };
    break;
  case DRT_INQUIRE:
    ret->inquire = (DrtInquire){ 0 };
    break;
  case DRT_AUTHORITY:
    ret->authority = (DrtAuthority){ 0 };
    break;
  case DRT_ACK:
    ret->ack = (DrtAck){ 0 };
    break;
  case DRT_LOOKUP:
    ret->lookup = (DrtLookup){ 0 };
    break;
  }
}
void drt_node_send_ack(DrtNode *node, const DrtEndpoint *to, uint32_t acked, bool unknown);
void drt_node_send_authority(DrtNode *node, const DrtEndpoint *to, uint32_t acked,
                             const DrtAuthorityBody *body);

/* drt-peers.c */
/* The owner of @key has proven it with this chain, which may be empty. */
void drt_node_peer_learn(DrtNode *node, const DrtKey *key, DrtBytes credential);
/* False if it is not known. */
bool drt_node_peer_credential(DrtNode *node, const DrtKey *key, DrtBytes *ret);
void drt_node_peers_clear(DrtNode *node);

/* drt-defer.c */
/* The message has to be sealed, and for whom is not known yet. */
bool drt_node_must_defer(DrtNode *node, const DrtMsg *msg);
/* Asks for the credential first, and for @msg, in the name of the same purpose, once it has come. */
uint32_t drt_node_defer(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *to, DrtHandle peer,
                        DrtPurpose purpose, uint32_t subject);
void drt_node_deferred_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body);

/* drt-pending.c */
/* Sends @msg and puts it in the Pending List. Holds @peer. The entry, or 0 without memory. */
uint32_t drt_node_ask(DrtNode *node, DrtMsg *msg, const DrtEndpoint *to, DrtHandle peer,
                      DrtPurpose purpose, uint32_t subject);
/* The request answered by @from under @id, or NULL. */
DrtPending *drt_node_pending_match(const DrtNode *node, uint32_t id, const DrtEndpoint *from,
                                   uint32_t *ret_number);
void drt_node_pending_remove(DrtNode *node, uint32_t number);
/* Likewise, and the caller gets what it was, with its reference to the peer. What its handles of memory
 * meant is gone. */
DrtPending drt_node_pending_take(DrtNode *node, uint32_t number);
DrtPending *drt_node_pending(const DrtNode *node, uint32_t number);
/* Request @i of the list. */
DrtPending *drt_node_pending_at(const DrtNode *node, uint32_t i);
void drt_node_pending_expire(DrtNode *node);
/* Drops every request for this purpose and subject. */
void drt_node_pending_forget(DrtNode *node, DrtPurpose purpose, uint32_t subject);
void drt_node_pending_clear(DrtNode *node);
bool drt_node_probing(const DrtNode *node, DrtHandle peer);

/* drt-intake.c */
/* @from: who sent it. @list: the flooded list if it came by FLOOD, else NULL. */
void drt_node_intake(DrtNode *node, const DrtRoute *route, const DrtEndpoint *from,
                     const DrtEndpointList *list);
void drt_node_intake_answer(DrtNode *node, uint32_t intake, const DrtAuthorityBody *body);
void drt_node_intake_drop(DrtNode *node, uint32_t intake);
void drt_node_intake_clear(DrtNode *node);
/* The claim of @body is proven: for @key, with @nonce, served where @route says (8.4). */
bool drt_node_proves(DrtNode *node, const DrtAuthorityBody *body, const uint8_t *nonce,
                     const DrtRoute *route, DrtSecurityFacts *facts);

/* drt-neighbours.c */
/* Stores a validated entry, and floods it if a leaf set takes it in (7.6). */
void drt_node_adopt(DrtNode *node, DrtHandle route, bool proven, const DrtIntake *intake);
/* Takes the entry with this key out of cache and leaf sets, and fills the gaps (7.10). */
void drt_node_forget(DrtNode *node, const DrtKey *key, DrtGone why);
/* The entry, if it is the cached one, has answered. */
void drt_node_heard(DrtNode *node, DrtHandle entry);
/* The cache has let this entry go for another one. NONE is ignored. */
void drt_node_evicted(DrtNode *node, DrtHandle entry);
/* Pins the entry, if cached, just if it is in a leaf set. */
void drt_node_review_pin(DrtNode *node, DrtHandle entry);
/* The same, only if the cached entry is this one. */
void drt_node_forget_entry(DrtNode *node, DrtHandle entry, DrtGone why);
/* Fills a leaf set from the cache (7.4, step 2); puts the events out. */
void drt_node_fill_leaves(DrtNode *node, DrtLocal *local);
void drt_node_event_leafset(DrtNode *node, const DrtLocal *local, bool added, const DrtKey *remote);
/* A FLOOD with our own list; @validate may be NONE. */
void drt_node_flood(DrtNode *node, const DrtRoute *route, const DrtBytes *revoke,
                    DrtHandle validate, const DrtEndpoint *to, const DrtEndpoint *list, uint32_t n);

/* The list of a FLOOD that goes on to @targets (7.6, step 3). Its length. */
uint32_t drt_node_flooded_list(const DrtNode *node, const DrtEndpoint *incoming,
                               uint32_t incoming_n, const DrtEndpoint *targets, uint32_t targets_n,
                               DrtEndpoint list[DRT_PATH_MAX]);

/* drt-revoke.c */
void drt_node_revoke(DrtNode *node, DrtLocal *local);
void drt_node_receive_revoke(DrtNode *node, const DrtFlood *flood);

/* drt-conversation.c */
DrtConversation *drt_node_conversation(const DrtNode *node, uint32_t number);
/* The keys that it advertised; their number. */
uint16_t drt_node_conversation_offered(const DrtNode *node, const DrtConversation *conversation,
                                       DrtKey ret[DRT_KEYS_MAX]);
/* A new one, all zero; 0 without memory. */
uint32_t drt_node_conversation_open(DrtNode *node);
/* Ends the oldest one that was served and is only kept to repeat its ACK: of this address, or of any if
 * it is NULL. False if there is none. */
bool drt_node_conversation_make_room(DrtNode *node, const uint8_t *address);
/* Starts one, as its initiator. */
bool drt_node_solicit(DrtNode *node, const DrtEndpoint *to);
void drt_node_conversation_failed(DrtNode *node, uint32_t conversation);
void drt_node_conversation_answered(DrtNode *node, uint32_t conversation);
void drt_node_conversations_expire(DrtNode *node);
void drt_node_conversations_clear(DrtNode *node);

/* drt-discover.c */
void drt_node_discover(DrtNode *node);
void drt_node_discover_next(DrtNode *node);
void drt_node_discover_ended(DrtNode *node);
void drt_node_discover_overdue(DrtNode *node);

/* drt-receive.c */
/* What the answer to a LOOKUP or INQUIRE is for: to whoever asked. */
void drt_node_deliver(DrtNode *node, const DrtPending *pending, const DrtAuthorityBody *body);
/* All of what @split is a piece of (2.8). False: more is to come, or it was dropped. */
bool drt_node_put_together(DrtNode *node, const DrtMsg *msg, const DrtSplit *split,
                           const DrtEndpoint *from, DrtBytes *ret_whole);
void drt_node_dispatch(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);

/* drt-recv-*.c */
void drt_recv_solicit(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_advertise(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_request(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_flood(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_inquire(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_authority(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_ack(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);
void drt_recv_lookup(DrtNode *node, const DrtMsg *msg, const DrtEndpoint *from);

/* drt-resolve.c */
DrtResolve *drt_node_resolve(const DrtNode *node, uint32_t number);
/* Fetches what an answer touches of it, but for the long lists. */
void drt_node_prefetch_resolve(const DrtNode *node, uint32_t number);
/* A new resolve, its stack and path started; 0 without memory or beyond the limit. */
uint32_t drt_resolve_new(DrtNode *node, DrtResolveKind kind, const DrtKey *target);
void drt_resolve_start(DrtNode *node, uint32_t number);
void drt_resolve_continue(DrtNode *node, uint32_t number);
void drt_resolve_lookup_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body,
                               DrtTime sent);
void drt_resolve_inquire_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body,
                                DrtTime sent);
void drt_resolve_unanswered(DrtNode *node, uint32_t number);
void drt_resolve_expire(DrtNode *node);
void drt_resolve_free(DrtNode *node, uint32_t number);
void drt_resolve_clear(DrtNode *node);
void drt_resolve_push_hop(DrtNode *node, DrtResolve *r, DrtHandle route);
void drt_resolve_set_best(DrtNode *node, DrtResolve *r, DrtHandle route);
void drt_resolve_path_add(DrtResolve *r, const DrtEndpoint *endpoint);

/* drt-around.c */
/* From now on the search looks for who comes after the nearest; that may have been given already. What
 * the walk has found else is not lost. */
void drt_around_begin(DrtNode *node, DrtResolve *r);
/* Either the best match is set, or somebody to be asked is on the stack. False: nobody is left. */
bool drt_around_next(DrtNode *node, DrtResolve *r);
/* The route that was offered may be NONE. @denied: who was asked does not have its key. The outcome. */
uint16_t drt_around_answer(DrtNode *node, DrtResolve *r, DrtHandle offered, bool denied);
void drt_around_busy(DrtNode *node, DrtResolve *r, DrtHandle asked);
void drt_around_unanswered(DrtNode *node, DrtResolve *r, DrtHandle asked);
/* This key is no answer, and nobody to ask. */
void drt_around_refuse(DrtNode *node, DrtResolve *r, DrtHandle route);
bool drt_around_refused(const DrtNode *node, const DrtResolve *r, const DrtKey *key);
void drt_around_clear(DrtNode *node, DrtResolve *r);

/* drt-search.c */
/* The application may be given this key: it is in the range, and was not given yet. */
bool drt_search_accepts(const DrtNode *node, const DrtResolve *r, const DrtKey *key);
/* The walk is over: true if the search goes on around the nearest node from now on. */
bool drt_search_widen(DrtNode *node, DrtResolve *r);
/* The last best match did not prove itself: true if a search looks for another one. */
bool drt_search_again(DrtNode *node, DrtResolve *r);
void drt_search_found(DrtNode *node, uint32_t number, DrtHandle route, const uint8_t *payload,
                      uint32_t n, bool local);
void drt_search_end(DrtNode *node, uint32_t number, DrtSearchEnd end);
/* An iterative search shows its next hop and waits. */
void drt_search_pause(DrtNode *node, DrtResolve *r);

/* drt-audit.c */
/* Over every member of @local's leaf set. */
void drt_node_audit_all(DrtNode *node, const DrtLocal *local);
/* At maintenance: over one random member of each side, and every other time over a gap of each. */
void drt_node_audit(DrtNode *node, DrtLocal *local);
/* Over the nearest member of this side. */
void drt_node_audit_side(DrtNode *node, const DrtLocal *local, DrtSide side);
void drt_audit_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body);
void drt_audit_unanswered(DrtNode *node, uint32_t number);
void drt_audit_clear(DrtNode *node, uint32_t local);

/* drt-maintain.c */
void drt_node_maintain(DrtNode *node);

/* drt-estimate.c */
/* How many nodes the cloud has (7.12), at least 1. */
uint64_t drt_node_estimate(const DrtNode *node);

/* drt-split.c */
void drt_node_split_test(DrtNode *node);
void drt_node_split_bootstrap(DrtNode *node, const DrtEndpoint *found, uint32_t n);
void drt_node_split_judge(DrtNode *node, DrtResolve *r);
