#include "sim-source.h"

#include <string.h>

#define LINE_SHOWN_MAX 500 /* bytes of a line in a message */

/* Where the line ends, as far as it is text. */
static const char *
line_end(const SimSource *source, const char *line_start)
{
  const char *text_end = source->text + source->size;
  size_t left = (size_t)(text_end - line_start);
  const char *end = memchr(line_start, '\n', left);
  size_t size = end != NULL ? (size_t)(end - line_start) : left;
  if (size > 0 && line_start[size - 1] == '\r')
    size--;
  g_utf8_validate_len(line_start, size, &end);
  return end;
}

char *
sim_source_line(const SimSource *source, const char *line_start)
{
  size_t size = (size_t)(line_end(source, line_start) - line_start);
  const char *end;
  g_utf8_validate_len(line_start, MIN(size, LINE_SHOWN_MAX), &end);
  return g_strndup(line_start, (size_t)(end - line_start));
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

/* Characters of a line that are shown before and behind the column, if it is longer than both. */
#define AROUND ((glong)80)

/* Of a long line what is around @column, which is at *ret_shown then. (transfer full) */
static char *
line_around(const SimSource *source, const char *line_start, uint32_t column, uint32_t *ret_shown)
{
  const char *end = line_end(source, line_start);
  glong length = g_utf8_strlen(line_start, end - line_start);
  if (length <= 2 * AROUND)
    return g_strndup(line_start, (size_t)(end - line_start));
  glong at = MIN((glong)column - 1, length);
  glong from = MAX(0, at - AROUND), to = MIN(length, at + AROUND);
  const char *first = g_utf8_offset_to_pointer(line_start, from);
  const char *last = g_utf8_offset_to_pointer(first, to - from);
  *ret_shown = (uint32_t)(at - from + (from > 0 ? 3 : 0)) + 1;
  return g_strdup_printf("%s%.*s%s", from > 0 ? "..." : "", (int)(last - first), first,
                         to < length ? "..." : "");
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
    mistake.text = line_around(source, line_start, column, &mistake.shown);
  }
  sim_mistakes_add(mistakes, mistake);
}
