/* Byte strings that many nodes keep: each is there once, and counted.
 *
 * Certificate chains of a confidential cloud, a kilobyte each, which every neighbour needs. As in
 * drt-store.h, what is shared is the room, never a meaning. */
#pragma once
#include "drt-blob.h"

typedef uint32_t DrtInterned;
#define DRT_INTERNED_NONE 0u

typedef struct {
  DrtBlobs *blobs; /* (transfer none) where the bytes are */
  DrtMemory memory;
  DrtSlab strings;
  uint32_t *buckets; /* heads of chains; a power of two, or NULL */
  uint32_t room, n;
} DrtInterns;

void drt_interns_init(DrtInterns *interns, DrtMemory memory, DrtBlobs *blobs);
void drt_interns_clear(DrtInterns *interns);
/* One reference to these 1 to 65536 bytes; NONE without memory. */
DrtInterned drt_intern(DrtInterns *interns, const uint8_t *bytes, uint32_t n);
/* Gives one reference back. NONE is ignored. */
void drt_intern_drop(DrtInterns *interns, DrtInterned interned);
/* (transfer none) */
const uint8_t *drt_intern_at(const DrtInterns *interns, DrtInterned interned, uint32_t *ret_n);
