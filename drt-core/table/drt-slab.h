/* Slab: many items of one size, named by 32-bit numbers, that never move.
 *
 * Each chunk holds twice as many items as the one before, so the table of chunks is a few cache lines
 * whatever the size, growing copies nothing, and an item's address is a product and an addition
 * away from its number. Number 0 is "none". Items that were given back are reused last in, first out. */
#pragma once
#include "drt-assert.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DRT_SLAB_FIRST 64u /* items in the first chunk */
#define DRT_SLAB_LAST 2u   /* the largest chunk, of half of all numbers */
#define DRT_SLAB_CHUNKS 26 /* the first one is the last of the table, see drt_slab_chunk() */

typedef struct {
  DrtMemory memory;
  uintptr_t
    chunk[DRT_SLAB_CHUNKS]; /* where item 0 would be if all items were of this chunk; or 0 */
  uint32_t item_size, item_align;
  uint32_t next;  /* the lowest number never handed out */
  uint32_t freed; /* head of the list of returned items; each starts with the next number */
  uint32_t live;  /* handed out and not returned */
} DrtSlab;

/* @item_size is at least 4 and a multiple of @item_align, a power of two. Takes no memory yet. */
void drt_slab_init(DrtSlab *slab, DrtMemory memory, uint32_t item_size, uint32_t item_align);
/* Gives all memory back; every item is gone. */
void drt_slab_clear(DrtSlab *slab);
/* Returns an item. O(1). */
void drt_slab_give(DrtSlab *slab, uint32_t number);
/* Bytes taken from the host. */
size_t drt_slab_bytes(const DrtSlab *slab);

/* The chunk of an item, its place in the table: it goes down while numbers go up, since that is one
 * instruction, and slabs are asked a dozen times in each event. */
static inline uint32_t
drt_slab_chunk(uint32_t number)
{
  return (uint32_t)__builtin_clz(number + DRT_SLAB_FIRST);
}

/* For a caller who knows the size of the items when compiled. */
static inline void *
drt_slab_item(const DrtSlab *slab, uint32_t number, size_t item_size)
{
  drt_debug_assert(item_size == slab->item_size);
  return (void *)(slab->chunk[drt_slab_chunk(number)] + number * item_size);
}

static inline void *
drt_slab_at(const DrtSlab *slab, uint32_t number)
{
  return drt_slab_item(slab, number, slab->item_size);
}

/* The next number that was never handed out, likewise. */
uint32_t drt_slab_take_new(DrtSlab *slab);

/* An item with undefined content, or 0 if the host has no memory. O(1). */
static inline uint32_t
drt_slab_take(DrtSlab *slab)
{
  uint32_t number = slab->freed;
  if (number == 0)
    return drt_slab_take_new(slab);
  memcpy(&slab->freed, drt_slab_at(slab, number), sizeof slab->freed);
  __builtin_prefetch(drt_slab_at(slab, slab->freed), 1); /* for the next one who takes */
  slab->live++;
  return number;
}
