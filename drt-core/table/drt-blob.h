/* Blobs: byte strings of 1 to 65536 bytes in slabs of a few sizes, named by 32-bit handles.
 *
 * What a node keeps for a short while (a datagram to repeat, the list of a flood) or in bulk
 * (payloads), without an allocation each. The caller remembers the length. */
#pragma once
#include "drt-slab.h"

typedef uint32_t DrtBlob;
#define DRT_BLOB_NONE 0u
#define DRT_BLOB_CLASSES 11 /* 64 << class bytes: 64 to 65536 */
#define DRT_BLOB_LARGEST (64u << (DRT_BLOB_CLASSES - 1))

typedef struct {
  DrtSlab slabs[DRT_BLOB_CLASSES];
} DrtBlobs;

void drt_blobs_init(DrtBlobs *blobs, DrtMemory memory);
void drt_blobs_clear(DrtBlobs *blobs);
/* Room for @n bytes, undefined content; DRT_BLOB_NONE if there is no memory. @n at most 65536. */
DrtBlob drt_blob_take(DrtBlobs *blobs, size_t n);
/* A copy of the @n bytes; DRT_BLOB_NONE if there is no memory. @n at most 65536. */
DrtBlob drt_blob_copy(DrtBlobs *blobs, const void *from, size_t n);
/* Releases it. DRT_BLOB_NONE is ignored. */
void drt_blob_give(DrtBlobs *blobs, DrtBlob blob);
/* Blobs alive. */
uint32_t drt_blobs_count(const DrtBlobs *blobs);

/* (transfer none) */
static inline uint8_t *
drt_blob_at(const DrtBlobs *blobs, DrtBlob blob)
{
  return drt_slab_at(&blobs->slabs[blob % 16], blob / 16);
}
