/* Splitting and putting together AUTHORITY and secured REQUEST (PROTOCOL.md 2.8, H7).
 *
 * Reassembly is a bounded structure of a node: at most 16 wholes in the making, each at most 37348
 * bytes and one second old. Memory for a whole is taken from the host when its first fragment comes
 * and given back with it; datagrams that hold all of it never get here an entry. */
#pragma once
#include "drt-assert.h"
#include "drt-message.h"
#include "drt-time.h"

#define DRT_REASSEMBLY_MAX 16
#define DRT_REASSEMBLY_LIFETIME DRT_SECOND

/* How many fragments a whole of @size bytes makes. */
uint32_t drt_fragment_count(uint32_t size);
/* The @i-th of them. (transfer none) */
DrtSplit drt_fragment(DrtBytes whole, uint32_t i);

typedef enum {
  DRT_FRAGMENT_WHOLE,    /* complete: *ret_whole is all of it */
  DRT_FRAGMENT_KEPT,     /* stored, more to come */
  DRT_FRAGMENT_REPEATED, /* was here already */
  DRT_FRAGMENT_MISFIT,   /* not a piece of the size its place asks for: dropped */
  DRT_FRAGMENT_CONFLICT, /* beyond the size, or of another size: dropped, and the entry with it */
  DRT_FRAGMENT_NO_ROOM,  /* no entry free, or no memory: dropped */
} DrtFragmentVerdict;

/* What the pieces of one whole have in common. */
typedef struct {
  DrtMsgType type;
  uint32_t id;    /* MessageID of the datagrams */
  uint32_t acked; /* AUTHORITY: what it answers; REQUEST: 0 */
  DrtEndpoint from;
} DrtFragmentKey;

typedef struct {
  DrtFragmentKey key;
  DrtTime expires;
  uint8_t *bytes; /* NULL: the entry is free */
  uint16_t size;
  uint32_t missing; /* bit i: fragment i has not come */
} DrtReassemblyEntry;

typedef struct {
  DrtMemory memory;
  DrtReassemblyEntry entries[DRT_REASSEMBLY_MAX];
} DrtReassembly;

void drt_reassembly_init(DrtReassembly *list, DrtMemory memory);
/* Drops everything. */
void drt_reassembly_clear(DrtReassembly *list);
/* Takes one piece. On DRT_FRAGMENT_WHOLE, *ret_whole is valid until the next call on @list, and
 * whatever was stored for it is released by that call; a slice that is the whole is just passed
 * through. */
DrtFragmentVerdict drt_reassembly_add(DrtReassembly *list, DrtTime now, const DrtFragmentKey *key,
                                      const DrtSplit *split, DrtBytes *ret_whole);
/* Drops what answers the request @acked, whose retransmission timer has expired. Returns how many. */
uint32_t drt_reassembly_forget(DrtReassembly *list, uint32_t acked);
/* Drops what is older than a second. The number dropped. */
uint32_t drt_reassembly_expire(DrtReassembly *list, DrtTime now);
/* When the next entry expires, or DRT_TIME_NEVER. */
DrtTime drt_reassembly_deadline(const DrtReassembly *list);
/* Entries in use. */
uint32_t drt_reassembly_count(const DrtReassembly *list);
/* NULL, or the name of the broken invariant. */
const char *drt_reassembly_check(const DrtReassembly *list);
