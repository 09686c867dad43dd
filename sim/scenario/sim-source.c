#include "sim-source.h"

#include <string.h>

#define LINE_SHOWN_MAX 500 /* bytes of a line in a message */

char *
sim_source_line(const SimSource *source, const char *line_start)
{
  const char *text_end = source->text + source->size;
  size_t left = (size_t)(text_end - line_start);
  const char *end = memchr(line_start, '\n', left);
  size_t size = end != NULL ? (size_t)(end - line_start) : left;
  if (size > 0 && line_start[size - 1] == '\r')
    size--;
  const char *valid_end;
  g_utf8_validate_len(line_start, MIN(size, LINE_SHOWN_MAX), &valid_end);
  return g_strndup(line_start, (size_t)(valid_end - line_start));
}

SimWhere
sim_source_where(const SimSource *source, SimArena *arena, const char *line_start, uint32_t line,
                 uint32_t column)
{
  return (SimWhere){ .file = source->name,
                     .line = line,
                     .column = column,
                     .text = sim_arena_own(arena, sim_source_line(source, line_start)) };
}

void
sim_source_mistake(const SimSource *source, SimMistakes *mistakes, const char *line_start,
                   uint32_t line, uint32_t column, const char *near, char *message)
{
  SimMistake mistake = { .file = g_strdup(source->name),
                         .message = message,
                         .near = g_strdup(near),
                         .file_number = source->number };
  if (!source->is_option) {
    mistake.line = line;
    mistake.column = column;
    mistake.text = sim_source_line(source, line_start);
  }
  sim_mistakes_add(mistakes, mistake);
}
