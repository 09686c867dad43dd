/* Item 0 is never handed out, so that 0 can mean "none" everywhere. */
#include "drt-slab.h"

static uint32_t
items_of(uint32_t chunk)
{
  return 1u << (31 - chunk);
}

static size_t
chunk_bytes(const DrtSlab *slab, uint32_t chunk)
{
  return (size_t)items_of(chunk) * slab->item_size;
}

/* From the table to the piece of memory, and back: the numbers of the items before this chunk lie
 * between the two. */
static uintptr_t
bias(const DrtSlab *slab, uint32_t chunk)
{
  return (uintptr_t)(items_of(chunk) - DRT_SLAB_FIRST) * slab->item_size;
}

void
drt_slab_init(DrtSlab *slab, DrtMemory memory, uint32_t item_size, uint32_t item_align)
{
  drt_assert(item_size >= sizeof(uint32_t) && item_size % item_align == 0);
  *slab = (DrtSlab){ .memory = memory, .item_size = item_size, .item_align = item_align };
  slab->next = 1;
}

void
drt_slab_clear(DrtSlab *slab)
{
  for (uint32_t i = DRT_SLAB_CHUNKS; i-- > 0 && slab->chunk[i] != 0;) {
    void *piece = (void *)(slab->chunk[i] + bias(slab, i));
    slab->memory.give(slab->memory.host, piece, slab->item_align, chunk_bytes(slab, i));
  }
  drt_slab_init(slab, slab->memory, slab->item_size, slab->item_align);
}

DRT_SELDOM uint32_t
drt_slab_take_new(DrtSlab *slab)
{
  uint32_t number = slab->next;
  uint32_t chunk = drt_slab_chunk(number);
  if (chunk < DRT_SLAB_LAST)
    return 0;
  if (slab->chunk[chunk] == 0) {
    void *piece = slab->memory.take(slab->memory.host, slab->item_align, chunk_bytes(slab, chunk));
    if (piece == NULL)
      return 0;
    slab->chunk[chunk] = (uintptr_t)piece - bias(slab, chunk);
  }
  slab->next++;
  slab->live++;
  return number;
}

void
drt_slab_give(DrtSlab *slab, uint32_t number)
{
  drt_assert(number != 0 && number < slab->next);
  memcpy(drt_slab_at(slab, number), &slab->freed, sizeof slab->freed);
  slab->freed = number;
  slab->live--;
}

size_t
drt_slab_bytes(const DrtSlab *slab)
{
  size_t bytes = 0;
  for (uint32_t i = DRT_SLAB_CHUNKS; i-- > 0 && slab->chunk[i] != 0;)
    bytes += chunk_bytes(slab, i);
  return bytes;
}
