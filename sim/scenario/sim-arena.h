/* Memory that lives as long as its scenario: pieces are taken one by one and go together. */
#pragma once

#include <glib.h>
#include <stddef.h>

typedef struct SimArena SimArena;

/* (transfer full) */
SimArena *sim_arena_new(void);
/* NULL is ignored. */
void sim_arena_free(SimArena *arena);
/* @size bytes of zeros; (transfer none), as all of these. */
void *sim_arena_take(SimArena *arena, size_t size);
/* A copy of @size bytes with a NUL behind. */
char *sim_arena_string(SimArena *arena, const char *text, size_t size);
/* Takes over a string of g_malloc(). */
char *sim_arena_own(SimArena *arena, char *text);
/* Takes over what is in @array, which ends. NULL if that is nothing. */
void *sim_arena_steal(SimArena *arena, GArray *array);
