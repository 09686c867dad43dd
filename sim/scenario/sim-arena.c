#include "sim-arena.h"

struct SimArena {
  GPtrArray *pieces;
  GStringChunk *strings;
};

SimArena *
sim_arena_new(void)
{
  SimArena *arena = g_new(SimArena, 1);
  arena->pieces = g_ptr_array_new_with_free_func(g_free);
  arena->strings = g_string_chunk_new(4096);
  return arena;
}

void
sim_arena_free(SimArena *arena)
{
  if (arena == NULL)
    return;
  g_ptr_array_free(arena->pieces, TRUE);
  g_string_chunk_free(arena->strings);
  g_free(arena);
}

void *
sim_arena_take(SimArena *arena, size_t size)
{
  void *piece = g_malloc0(size);
  g_ptr_array_add(arena->pieces, piece);
  return piece;
}

char *
sim_arena_string(SimArena *arena, const char *text, size_t size)
{
  return g_string_chunk_insert_len(arena->strings, text, (gssize)size);
}

char *
sim_arena_own(SimArena *arena, char *text)
{
  g_ptr_array_add(arena->pieces, text);
  return text;
}

void *
sim_arena_steal(SimArena *arena, GArray *array)
{
  void *piece = g_array_free(array, FALSE);
  g_ptr_array_add(arena->pieces, piece);
  return piece;
}
