/* A scenario as a tree: what a file says, checked as a whole, with every name and value resolved.
 *
 * Nothing in here needs a second look by whoever runs it: groups, nodes, keys and params exist,
 * values are in range, times are absolute, files were there. All memory belongs to the scenario. */
#pragma once
#include "drt-settings.h"
#include "drt.h"
#include "sim-distribution.h"
#include "sim-hresult-names.h"
#include "sim-invariant-names.h"
#include "sim-metric-names.h"
#include "sim-mistake.h"
#include "sim-time.h"
#include "sim-watch-names.h"
#include "sim-world.h" /* SimKey */

#include <stdbool.h>
#include <stddef.h>

/* The version of the language that this program reads. */
#define SIM_LANGUAGE_VERSION 1

/* What is so unless a scenario says something else. */
#define SIM_GROUP_PAYLOAD 32 /* bytes */
#define SIM_SEARCH_TIMEOUT (10 * SIM_SECOND)

/* ---- Values ---- */

/* Where something stands: for messages. */
typedef struct {
  const char *file;
  uint32_t line, column; /* from 1; columns are characters */
  const char *text;      /* the line, without its end */
} SimWhere;

/* Exact: lowest terms, @den at least 1. Rates are in events or bytes a second. */
typedef struct {
  int64_t num, den;
} SimRatio;

/* One node: a group, and a number in it. */
typedef struct {
  uint32_t group, number;
} SimNodeRef;

/* ---- Sets of nodes ---- */

typedef enum {
  SIM_SET_ALL,
  SIM_SET_ALIVE,
  SIM_SET_REST,  /* in a partition: who is in no part before */
  SIM_SET_GROUP, /* @group */
  SIM_SET_NODES, /* of @group, @first to @last */
  SIM_SET_SHARE, /* @share of @of, drawn */
  SIM_SET_COUNT, /* @count of @of, drawn */
  SIM_SET_RING,  /* alive nodes with a key from @low upwards to @high */
  SIM_SET_LIST,  /* @members together */
} SimSetKind;

typedef struct SimSet SimSet;
struct SimSet {
  SimSetKind kind;
  uint32_t group, first, last;
  uint32_t count;
  SimRatio share;
  const SimSet *of;
  /* SHARE, COUNT: the subject of its random stream. Made from what the statement says, so it is the
   * same whatever stands elsewhere in the file. */
  uint64_t stream;
  SimKey low, high; /* both included; the arc wraps if @high is the smaller one */
  const SimSet *const *members;
  uint32_t member_count;
};

/* ---- The network and the protocol ---- */

typedef enum {
  SIM_NETWORK_LATENCY,    /* distribution */
  SIM_NETWORK_PLANE,      /* time: across */
  SIM_NETWORK_MATRIX,     /* path */
  SIM_NETWORK_JITTER,     /* distribution */
  SIM_NETWORK_LOSS,       /* ratio */
  SIM_NETWORK_BURST_LOSS, /* ratio, count: mean length */
  SIM_NETWORK_DUPLICATE,  /* ratio */
  SIM_NETWORK_REORDER,    /* ratio, time: by */
  SIM_NETWORK_BANDWIDTH,  /* ratio: bytes a second */
  SIM_NETWORK_QUEUE,      /* count: bytes */
  SIM_NETWORK_MTU,        /* count: bytes */
} SimNetworkKind;

typedef struct {
  SimNetworkKind kind;
  SimWhere where;
  SimDistributionSpec distribution;
  SimRatio ratio;
  SimTime time;
  uint64_t count;
  const char *path; /* of the file, as it can be opened from here */
} SimNetworkSetting;

typedef struct {
  const DrtSetting *setting;
  SimWhere where;
  int64_t value; /* in range; nanoseconds or a count */
} SimProtocolSetting;

/* ---- Nodes ---- */

typedef struct {
  const char *name;
  SimWhere where;
  uint32_t count;
  uint32_t keys;
  uint32_t payload;
  uint32_t bootstrap; /* index of the group */
  bool derived_key;   /* else the null security provider */
  DRT_SECURITY_MODE mode;
} SimGroupSpec;

typedef struct {
  const char *name;
  SimWhere where;
  SimKey key;
} SimLet;

typedef struct {
  const char *name;
  SimWhere where;
  const char *value; /* as written */
  bool overridden;   /* by --set */
} SimParam;

/* ---- Actions ---- */

/* What a call is expected to give. */
typedef enum {
  SIM_OUTCOME_ANY,       /* nothing is said */
  SIM_OUTCOME_CODE,      /* @code */
  SIM_OUTCOME_FOUND,     /* searches: a result */
  SIM_OUTCOME_NOT_FOUND, /* ended without one */
  SIM_OUTCOME_NODE,      /* found, and served by @node */
} SimOutcomeKind;

typedef struct {
  SimOutcomeKind kind;
  HRESULT code;
  SimNodeRef node;
} SimOutcome;

/* What a key is registered with. */
typedef struct {
  bool given;       /* else what the group says */
  uint32_t size;    /* bytes */
  const char *text; /* @size bytes; NULL: from the node's own stream */
} SimPayload;

typedef enum {
  SIM_SEARCH_EXACT,
  SIM_SEARCH_NEAREST,
  SIM_SEARCH_RANGE,
} SimSearchMode;

typedef enum {
  SIM_CHURN_START,
  SIM_CHURN_STOP,
  SIM_CHURN_CRASH,
} SimChurnKind;

/* A line of a churn file. */
typedef struct {
  SimTime after; /* since the action's start; never less than in the line before */
  SimNodeRef node;
  SimChurnKind kind;
} SimChurnEvent;

typedef enum {
  SIM_CERTIFICATE_EXPIRED,
  SIM_CERTIFICATE_WRONG_ROOT,
  SIM_CERTIFICATE_REVOKED,
} SimCertificate;

/* Each with the members of SimAction that it uses. */
typedef enum {
  SIM_ACTION_START,         /* set, spread */
  SIM_ACTION_STOP,          /* set, spread */
  SIM_ACTION_CRASH,         /* set */
  SIM_ACTION_RESTART,       /* set */
  SIM_ACTION_FAULT,         /* set */
  SIM_ACTION_DISCONNECT,    /* set */
  SIM_ACTION_RECONNECT,     /* set */
  SIM_ACTION_PAUSE,         /* set */
  SIM_ACTION_RESUME,        /* set */
  SIM_ACTION_REGISTER,      /* set, call */
  SIM_ACTION_UPDATE,        /* set, call */
  SIM_ACTION_UNREGISTER,    /* set, call */
  SIM_ACTION_SEARCH,        /* set, search */
  SIM_ACTION_WORKLOAD,      /* set, workload; lasts */
  SIM_ACTION_PARTITION,     /* parts */
  SIM_ACTION_HEAL,          /* nothing */
  SIM_ACTION_CUT,           /* set, to, both_ways */
  SIM_ACTION_JOIN,          /* set, to, both_ways: those of the cut */
  SIM_ACTION_HOLD,          /* set, to, both_ways */
  SIM_ACTION_RELEASE,       /* set, to, both_ways: those of the hold */
  SIM_ACTION_LINK,          /* set, to, both_ways, network */
  SIM_ACTION_NETWORK,       /* network */
  SIM_ACTION_CHURN,         /* set, churn; lasts */
  SIM_ACTION_CHURN_TRACE,   /* set, trace; lasts */
  SIM_ACTION_CLOCK_DRIFT,   /* set, drift */
  SIM_ACTION_CLOCK_STEP,    /* set, step */
  SIM_ACTION_INJECT,        /* inject */
  SIM_ACTION_FORGE_CLAIMS,  /* forge: key */
  SIM_ACTION_FORGE_FLOODS,  /* forge: count a second */
  SIM_ACTION_FORGE_REPLAYS, /* forge */
  SIM_ACTION_CERTIFICATE,   /* set, certificate */
  SIM_ACTION_MARK,          /* mark */
  SIM_ACTION_END,           /* nothing */
  SIM_ACTIONS,
} SimActionKind;

typedef enum {
  SIM_SCHEDULE_AT,    /* @from */
  SIM_SCHEDULE_LASTS, /* @from to @to */
  SIM_SCHEDULE_EVERY, /* @from, @from + @period ... not after @to */
} SimScheduleKind;

typedef struct {
  SimActionKind kind;
  SimScheduleKind schedule;
  SimTime from, to, period;
  SimWhere where;
  const char *text; /* the whole statement in canonical form */
  uint64_t stream;  /* the subject of its random streams, as in SimSet */
  const SimSet *set, *to_set;
  bool both_ways;
  union {
    SimTime spread; /* 0: all at once */
    struct {
      bool has_key; /* else a fresh one; unregister: all keys of the node */
      SimKey key;
      SimPayload payload;
      SimOutcome outcome;
    } call;
    struct {
      bool for_node; /* the first key of @node, else @key */
      SimNodeRef node;
      SimKey key;
      SimSearchMode mode;
      SimKey low, high; /* RANGE */
      uint32_t results_max;
      SimTime timeout;
      SimOutcome outcome;
    } search;
    struct {
      SimRatio rate;    /* a second */
      SimRatio missing; /* the share of searches for keys that nobody has */
    } workload;         /* @set NULL: all alive nodes */
    struct {
      const SimSet *const *sets;
      uint32_t count;
    } parts;
    struct {
      const SimNetworkSetting *settings;
      uint32_t count;
    } network;
    struct {
      SimDistributionSpec lifetime, downtime;
      SimRatio silent; /* the share of leaves that are crashes */
    } churn;
    struct {
      const char *path;
      const SimChurnEvent *events;
      uint32_t count;
    } trace;
    SimRatio drift; /* above 0: fast; more than -1 */
    SimTime step;   /* may be negative */
    struct {
      SimNodeRef from, to;
      const uint8_t *bytes;
      uint32_t count;
    } inject;
    struct {
      bool random;   /* a key that somebody else has registered; else */
      bool for_node; /* the first key of @node, else @key */
      SimNodeRef node;
      SimKey key;
      uint32_t floods; /* false route entries a second */
    } forge;
    SimCertificate certificate;
    const char *mark;
  };
} SimAction;

/* ---- Expectations ---- */

typedef enum {
  SIM_WHEN_NONE,    /* metrics: at the end; events and messages: any time */
  SIM_WHEN_AT,      /* @from */
  SIM_WHEN_FROM_TO, /* @from to @to, both included */
  SIM_WHEN_BY,      /* @to */
  SIM_WHEN_WITHIN,  /* not more than @to after @mark */
  SIM_WHEN_ALWAYS,
} SimWhenKind;

typedef struct {
  SimWhenKind kind;
  SimTime from, to;
  const char *mark;
} SimWhen;

typedef enum {
  SIM_OP_EQUAL,
  SIM_OP_NOT_EQUAL,
  SIM_OP_LESS,
  SIM_OP_LESS_EQUAL,
  SIM_OP_GREATER,
  SIM_OP_GREATER_EQUAL,
} SimOp;

typedef enum { SIM_EXPECT_METRIC, SIM_EXPECT_EVENT, SIM_EXPECT_MESSAGE } SimExpectKind;

typedef struct {
  SimExpectKind kind;
  SimWhen when;
  bool no; /* events and messages: none may occur */
  SimWhere where;
  const char *text; /* the whole statement in canonical form */
  union {
    struct {
      SimMetric metric;
      SimMessageType type; /* per-node metrics: of this type alone; else SIM_MESSAGES */
      SimOp op;
      SimRatio value; /* a number, a share, nanoseconds, or per second: by the metric's kind */
    } metric;
    struct {
      const SimSet *set;
      SimEventKind kind;
      bool has_key, has_local;
      SimKey key, local; /* leaf sets: the remote key, and that of our registration */
    } event;
    struct {
      const SimSet *from, *to;
      SimMessageType type;
      const SimFieldMatch *fields; /* all of them hold */
      uint32_t field_count;
    } message;
  };
} SimExpectation;

typedef struct {
  SimInvariant invariant;
  SimWhere where;
  const char *reason;
} SimAllow;

/* ---- The whole ---- */

/* What goes to the trace. SUMMARY is part of all the others. */
enum {
  SIM_RECORD_SUMMARY = 1 << 0,
  SIM_RECORD_API = 1 << 1,
  SIM_RECORD_EVENTS = 1 << 2,
  SIM_RECORD_MESSAGES = 1 << 3,
  SIM_RECORD_HOPS = 1 << 4,
  SIM_RECORD_CACHE = 1 << 5,
  SIM_RECORD_DATAGRAMS = 1 << 6, /* in `all` alone */
};

/* A file that was read, the main one first. */
typedef struct {
  const char *path;
  const char *text;
  size_t size;
} SimScenarioFile;

typedef struct SimScenario SimScenario;
struct SimScenario {
  uint32_t language;
  const char *title; /* or NULL */
  uint64_t seed;
  unsigned record; /* 0: the run and its expectations only */
  SimTime sample;
  SimTime crypto_sign, crypto_verify;
  SimTime end;
  const SimGroupSpec *groups; /* there may be none, as of anything here */
  const SimLet *lets;
  const SimParam *params;
  const SimNetworkSetting *network;   /* what differs from the default; each kind once */
  const SimProtocolSetting *protocol; /* likewise */
  const SimAction *actions;           /* in file order, SIM_ACTION_END among them */
  const SimExpectation *expectations; /* in file order */
  const SimAllow *allows;
  const SimScenarioFile *files;
  uint32_t group_count, let_count, param_count, network_count, protocol_count, action_count,
    expectation_count, allow_count, file_count;
  struct SimArena *arena;
};

/* Where file contents come from: (transfer full) NUL-terminated, NULL with @error set. */
typedef char *(*SimScenarioRead)(void *data, const char *path, size_t *ret_size, GError **error);

typedef struct {
  const char *const *sets; /* "NAME=VALUE" of --set, ended by NULL; or NULL */
  SimScenarioRead read;    /* NULL: the files of the machine */
  void *read_data;
} SimScenarioOptions;

/* Reads and checks @path and all that it includes. NULL if there is any mistake; they are added to
 * @mistakes. @options may be NULL. (transfer full) */
SimScenario *sim_scenario_load(const char *path, const SimScenarioOptions *options,
                               SimMistakes *mistakes);
/* NULL is ignored. */
void sim_scenario_free(SimScenario *scenario);
/* The scenario as a text that gives the same scenario when it is read: one file, params and
 * includes resolved, times absolute, everything in one spelling. (transfer full) */
char *sim_scenario_print(const SimScenario *scenario);

/* "90s", "1min30s". False if it is no time. */
bool sim_time_from_text(const char *text, SimTime *ret);
/* Nodes of all groups together. */
uint64_t sim_scenario_node_count(const SimScenario *scenario);
