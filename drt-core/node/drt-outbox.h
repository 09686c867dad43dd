/* What one step did, as data: datagrams to send, news for the application, wishes to the host.
 *
 * A host keeps one outbox and hands it to every step of every instance; it grows to the largest
 * step and stays so, so that nothing is allocated per event. Outputs are in the order of their
 * cause. */
#pragma once
#include "drt-message.h"
#include "drt-port.h" /* DrtMemory */
#include "drt-time.h"
#include "drt-trace.h"

typedef enum {
  DRT_NODE_ACTIVE = 0,
  DRT_NODE_ALONE = 1,
  DRT_NODE_NO_NETWORK = 10,
  DRT_NODE_FAULTED = 20
} DrtNodeStatus;

typedef enum {
  DRT_OUT_SEND,
  DRT_OUT_STATUS,
  DRT_OUT_LEAFSET,
  DRT_OUT_UNRESOLVABLE,
  DRT_OUT_SEARCH_FOUND,
  DRT_OUT_SEARCH_HOP,
  DRT_OUT_SEARCH_END,
  DRT_OUT_BOOTSTRAP,
  DRT_OUT_PUBLISH,
  DRT_OUT_CLOSED,
  DRT_OUT_TRACE,
} DrtOutputKind;

/* How a search ended. */
typedef enum { DRT_SEARCH_NO_MORE, DRT_SEARCH_TIMEOUT } DrtSearchEnd;

/* Why an instance is FAULTED. */
typedef enum { DRT_FAULT_NONE, DRT_FAULT_NO_MEMORY, DRT_FAULT_HOST } DrtFault;

typedef struct {
  DrtOutputKind kind;
  union {
    struct {
      DrtEndpoint to;
      uint32_t offset, n; /* in the bytes of the outbox */
    } send;
    struct {
      DrtNodeStatus status;
      int32_t cause; /* FAULTED: the host's code, or 0 with @fault */
      DrtFault fault;
      uint32_t offset; /* ALONE: the bootstrap endpoints tried, in the bytes of the outbox */
      uint32_t n;
    } status;
    struct {
      bool added;
      DrtKey local, remote;
    } leafset;
    struct {
      DrtKey local;
      int32_t cause;
    } unresolvable;
    struct {
      uint64_t ticket;
      DrtKey key;
      bool local;           /* served by this very instance */
      uint32_t offset, n;   /* the payload, in the bytes of the outbox */
      uint32_t hops_offset; /* an array of DrtHop, in the bytes of the outbox */
      uint32_t hops;
    } found; /* SEARCH_FOUND; SEARCH_HOP: the node that is asked next */
    struct {
      uint64_t ticket;
      DrtSearchEnd end;
      uint32_t hops_offset, hops;
    } end;
    struct {
      bool wanted; /* or: no longer */
      bool split;  /* to find out whether the cloud is split */
      uint32_t max;
    } bootstrap;
    struct {
      bool published; /* this node now helps others: or no longer */
    } publish;
    struct {
      uint32_t id;
      uint64_t a, b;
    } trace;
  };
} DrtOutput;

/* One node that a search contacted (api DRT_ADDRESS). */
typedef struct {
  DrtEndpoint at;
  uint16_t flags;    /* DRT_HOP_... */
  uint16_t nearness; /* leading bits that its key shares with the target */
  uint32_t latency_us;
} DrtHop;

/* The values of DRT_ADDRESS_FLAGS. */
enum {
  DRT_HOP_ACCEPTED = 0x01,
  DRT_HOP_REJECTED = 0x02,
  DRT_HOP_UNREACHABLE = 0x04,
  DRT_HOP_LOOP = 0x08,
  DRT_HOP_TOO_BUSY = 0x10,
  DRT_HOP_BAD_VALIDATE_ID = 0x20,
  DRT_HOP_SUSPECT_UNREGISTERED = 0x40,
  DRT_HOP_INQUIRED = 0x80,
};

typedef struct {
  DrtMemory memory;
  DrtOutput *items;
  uint32_t n, capacity;
  uint8_t *bytes;
  uint32_t used, room;
  uint32_t trace_mask;  /* 1 << DrtTraceId: what the host wants to hear of */
  bool short_of_memory; /* something was lost: the step must end in a fault */
  DrtOutput spare;      /* what is written when there is no memory for more */
} DrtOutbox;

void drt_outbox_init(DrtOutbox *out, DrtMemory memory);
void drt_outbox_clear(DrtOutbox *out);
/* Empties it before a step. */
void drt_outbox_reset(DrtOutbox *out);
/* The next output, to be filled in. Never NULL: without memory it is a spare one that is lost. */
DrtOutput *drt_outbox_push(DrtOutbox *out, DrtOutputKind kind);
/* A datagram of @n bytes at @offset. */
void drt_outbox_send(DrtOutbox *out, const DrtEndpoint *to, uint32_t offset, uint32_t n);
/* Room for @end bytes in all. False without memory. */
bool drt_outbox_grow(DrtOutbox *out, uint32_t end);

/* Room for @n bytes and their offset, or NULL without memory. */
static inline uint8_t *
drt_outbox_bytes(DrtOutbox *out, uint32_t n, uint32_t *ret_offset)
{
  uint32_t start = (out->used + 7) & ~7u;
  bool has_room =
    out->bytes != NULL && start + n <= out->room; /* no bytes at all have a place, too */
  if (!has_room && !drt_outbox_grow(out, start + n))
    return NULL;
  out->used = start + n;
  *ret_offset = start;
  return out->bytes + start;
}

static inline void
drt_outbox_trace(DrtOutbox *out, DrtTraceId id, uint64_t a, uint64_t b)
{
  if ((out->trace_mask & 1u << id) == 0)
    return;
  DrtOutput *output = drt_outbox_push(out, DRT_OUT_TRACE);
  output->trace.id = id;
  output->trace.a = a;
  output->trace.b = b;
}
