/* Memory for very many small things of few sizes: packets, instances, keys, tables.
 *
 * Pieces are cut from large blocks in 2 MiB pages, since at a million nodes every event would miss
 * the TLB otherwise, and go back to a list of their size. Nothing is remembered about a piece: who
 * gives it back says how large it was. Very large pieces come from the system and go back to it.
 * Built with AddressSanitizer, every piece is one of malloc's, so that it sees wrong uses. */
#pragma once
#include <stddef.h>

typedef struct SimMemory SimMemory;

/* (transfer full) Without memory the program ends, as GLib has it. */
SimMemory *sim_memory_new(void);
/* Gives the blocks back, and so every piece but the very large ones. NULL is ignored. */
void sim_memory_free(SimMemory *memory);
/* @bytes at a multiple of @align (a power of two, at most 4096), undefined content. NULL if the
 * system has no more. */
void *sim_memory_take(SimMemory *memory, size_t align, size_t bytes);
/* Takes back a piece of sim_memory_take(), with the sizes it was asked for. NULL is ignored. */
void sim_memory_give(SimMemory *memory, void *piece, size_t align, size_t bytes);
/* Bytes in pieces that are out; and bytes taken from the system, touched or not. */
size_t sim_memory_used(const SimMemory *memory);
size_t sim_memory_taken(const SimMemory *memory);
