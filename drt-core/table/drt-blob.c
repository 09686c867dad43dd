/* The size class is in the low four bits of a handle. */
#include "drt-blob.h"

#include <string.h>

static uint32_t
class_of(size_t n)
{
  drt_assert(n <= DRT_BLOB_LARGEST);
  return n <= 64 ? 0 : 32 - (uint32_t)__builtin_clz((uint32_t)(n - 1) / 64);
}

void
drt_blobs_init(DrtBlobs *blobs, DrtMemory memory)
{
  for (uint32_t i = 0; i < DRT_BLOB_CLASSES; i++)
    drt_slab_init(&blobs->slabs[i], memory, 64u << i, 64);
}

void
drt_blobs_clear(DrtBlobs *blobs)
{
  for (uint32_t i = 0; i < DRT_BLOB_CLASSES; i++)
    drt_slab_clear(&blobs->slabs[i]);
}

DrtBlob
drt_blob_take(DrtBlobs *blobs, size_t n)
{
  if (n >
      DRT_BLOB_LARGEST) /* as if there were no memory: what grows without bound ends in a fault */
    return DRT_BLOB_NONE;
  uint32_t size_class = class_of(n);
  uint32_t number = drt_slab_take(&blobs->slabs[size_class]);
  return number == 0 ? DRT_BLOB_NONE : number * 16 + size_class;
}

DrtBlob
drt_blob_copy(DrtBlobs *blobs, const void *from, size_t n)
{
  DrtBlob blob = drt_blob_take(blobs, n);
  if (blob != DRT_BLOB_NONE && n > 0)
    memcpy(drt_blob_at(blobs, blob), from, n);
  return blob;
}

void
drt_blob_give(DrtBlobs *blobs, DrtBlob blob)
{
  if (blob != DRT_BLOB_NONE)
    drt_slab_give(&blobs->slabs[blob % 16], blob / 16);
}

uint32_t
drt_blobs_count(const DrtBlobs *blobs)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < DRT_BLOB_CLASSES; i++)
    count += blobs->slabs[i].live;
  return count;
}
