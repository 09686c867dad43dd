/* Sizes up to 2048 go by steps of 16, then by powers of two up to 128 KiB, then to the system.
 *
 * A piece whose size is a multiple of 2^k starts at a multiple of 2^k (up to a page), so alignment
 * is had by rounding the size up to it. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, MADV_HUGEPAGE */
#include "sim-memory.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define STEP ((size_t)16)
#define STEPPED_MAX ((size_t)2048)
#define POOLED_MAX ((size_t)128 << 10)
#define CLASSES (STEPPED_MAX / STEP + 1 + 6) /* 0 is not used; 4, 8, ... 128 KiB at the end */
#define BLOCK ((size_t)32 << 20)
#define HUGE_PAGE ((size_t)2 << 20)

#if defined(__SANITIZE_ADDRESS__)
#define PLAIN true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PLAIN true
#endif
#endif
#ifndef PLAIN
#define PLAIN false
#endif

typedef struct Piece {
  struct Piece *next;
} Piece;

struct SimMemory {
  Piece *given[CLASSES];
  uint8_t *at, *end; /* the rest of the block being cut */
  GPtrArray *blocks;
  size_t used, taken;
};

/* What a piece of this size and alignment really takes. */
static size_t
size_of(size_t align, size_t bytes)
{
  size_t beyond = (align - 1) | (STEP - 1);
  size_t size = (MAX(bytes, 1) + beyond) & ~beyond;
  if (size <= STEPPED_MAX)
    return size;
  size_t power = 2 * STEPPED_MAX;
  while (power < size && power < POOLED_MAX)
    power *= 2;
  return MAX(power, size);
}

static size_t
class_of(size_t size)
{
  if (size <= STEPPED_MAX)
    return size / STEP;
  return STEPPED_MAX / STEP + (size_t)__builtin_ctzll(size / STEPPED_MAX);
}

static void *
map(size_t bytes)
{
  void *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED)
    return NULL;
  if (bytes >= HUGE_PAGE)
    (void)madvise(block, bytes, MADV_HUGEPAGE); /* a hint: without it all is only slower */
  return block;
}

static size_t
pages(size_t bytes)
{
  return (bytes + 4095) & ~(size_t)4095;
}

SimMemory *
sim_memory_new(void)
{
  SimMemory *memory = g_new0(SimMemory, 1);
  memory->blocks = g_ptr_array_new();
  return memory;
}

void
sim_memory_free(SimMemory *memory)
{
  if (memory == NULL)
    return;
  for (guint i = 0; i < memory->blocks->len; i++)
    munmap(g_ptr_array_index(memory->blocks, i), BLOCK + HUGE_PAGE);
  g_ptr_array_free(memory->blocks, TRUE);
  g_free(memory);
}

static bool
next_block(SimMemory *memory)
{
  uint8_t *block = map(BLOCK + HUGE_PAGE);
  if (block == NULL)
    return false;
  g_ptr_array_add(memory->blocks, block);
  memory->taken += BLOCK + HUGE_PAGE;
  uintptr_t start = ((uintptr_t)block + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
  memory->at = block + (start - (uintptr_t)block);
  memory->end = memory->at + BLOCK;
  return true;
}

static void *
cut(SimMemory *memory, size_t size)
{
  size_t align = MIN(size & (~size + 1), 4096);
  size_t skip = (size_t)(-(uintptr_t)memory->at & (align - 1));
  if (memory->at == NULL || (size_t)(memory->end - memory->at) < size + skip) {
    if (!next_block(memory))
      return NULL;
    skip = 0;
  }
  void *piece = memory->at + skip;
  memory->at += skip + size;
  return piece;
}

static void *
take_plain(SimMemory *memory, size_t align, size_t bytes)
{
  void *piece = NULL;
  if (posix_memalign(&piece, MAX(align, STEP), MAX(bytes, 1)) != 0)
    return NULL;
  memory->taken += bytes;
  return piece;
}

void *
sim_memory_take(SimMemory *memory, size_t align, size_t bytes)
{
  size_t size = size_of(align, bytes);
  void *piece;
  if (PLAIN) {
    piece = take_plain(memory, align, bytes);
  } else if (size > POOLED_MAX) {
    piece = map(pages(size));
    memory->taken += piece == NULL ? 0 : pages(size);
  } else {
    Piece **given = &memory->given[class_of(size)];
    piece = *given;
    if (piece != NULL) {
      *given = (*given)->next;
      __builtin_prefetch(*given, 1); /* for the next one who takes: where to go on is in there */
    } else {
      piece = cut(memory, size);
    }
  }
  memory->used += piece == NULL ? 0 : size;
  return piece;
}

void
sim_memory_give(SimMemory *memory, void *piece, size_t align, size_t bytes)
{
  if (piece == NULL)
    return;
  size_t size = size_of(align, bytes);
  memory->used -= size;
  if (PLAIN) {
    memory->taken -= bytes;
    free(piece);
  } else if (size > POOLED_MAX) {
    memory->taken -= pages(size);
    munmap(piece, pages(size));
  } else {
    Piece **given = &memory->given[class_of(size)];
    ((Piece *)piece)->next = *given;
    *given = piece;
  }
}

size_t
sim_memory_used(const SimMemory *memory)
{
  return memory->used;
}

size_t
sim_memory_taken(const SimMemory *memory)
{
  return memory->taken;
}
