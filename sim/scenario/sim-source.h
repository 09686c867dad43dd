/* A text that is being read: a file, or a value of the command line. */
#pragma once
#include "sim-arena.h"
#include "sim-scenario.h"

typedef struct {
  const char *name; /* what messages call it */
  const char *text; /* NUL behind it, and perhaps inside */
  size_t size;
  uint32_t number; /* in the order of reading */
  bool is_option;  /* no file: a mistake in it has no line */
} SimSource;

/* A place in it: @at points to the character, @line_start to the beginning of its line. */
SimWhere sim_source_where(const SimSource *source, SimArena *arena, const char *line_start,
                          uint32_t line, uint32_t column);
/* The line that starts there, as far as it is UTF-8 and not absurdly long. (transfer full) */
char *sim_source_line(const SimSource *source, const char *line_start);
/* Adds a mistake there; takes over @message. @near may be NULL. */
void sim_source_mistake(const SimSource *source, SimMistakes *mistakes, const char *line_start,
                        uint32_t line, uint32_t column, const char *near, char *message);
