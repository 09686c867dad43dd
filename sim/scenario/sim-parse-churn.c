/* Nodes that come and go: by distributions, or as a file says. */
#include "sim-parse.h"

#include "sim-print.h"
#include "sim-suggest.h"

#include <string.h>

/* ---- Churn files: "seconds,node,start|stop|crash" a line ---- */

typedef struct {
  SimParse *parse;
  const SimSource *source;
  const char *line_start;
  uint32_t line;
  uint32_t wrong;    /* lines */
  const SimSet *set; /* who may come and go; NULL: anybody */
  SimTime lasts;     /* how long the churn does */
  GArray *events;
} Reader;

static bool
wrong_field(Reader *reader, const char *field, const char *near, const char *what)
{
  if (reader->wrong++ >= SIM_MISTAKES_MAX) {
    reader->parse->left_off++;
    return false;
  }
  uint32_t column = (uint32_t)g_utf8_pointer_to_offset(reader->line_start, field) + 1;
  const char *end = field + strcspn(field, ",\r\n");
  g_autofree char *text = g_strndup(field, MIN((size_t)(end - field), 40));
  g_autofree char *found = g_utf8_make_valid(g_strstrip(text), -1);
  sim_source_mistake(reader->source, reader->parse->mistakes, reader->line_start, reader->line,
                     column, near, g_strdup_printf("expected %s, found '%s'", what, found));
  return false;
}

/* The field at *at, stripped, and *at behind its comma or at the line's end. (transfer full) */
static char *
next_field(const char **at)
{
  while (**at == ' ' || **at == '\t')
    (*at)++;
  const char *from = *at;
  size_t size = strcspn(from, ",\r\n");
  *at = from + size + (from[size] == ',' ? 1 : 0);
  return g_strchomp(g_strndup(from, size));
}

/* Behind the window a line would not happen. */
static bool
wrong_time(Reader *reader, const char *field)
{
  g_autoptr(GString) what = g_string_new("seconds of the window of this churn, which lasts ");
  sim_print_duration(what, reader->lasts);
  return wrong_field(reader, field, NULL, what->str);
}

/* False if the node is in the set at no time. */
static bool
may_have(const SimSet *set, SimNodeRef node)
{
  bool may = false;
  switch (set->kind) {
  case SIM_SET_GROUP:
    return set->group == node.group;
  case SIM_SET_NODES:
    return set->group == node.group && set->first <= node.number && node.number <= set->last;
  case SIM_SET_SHARE:
  case SIM_SET_COUNT:
    return may_have(set->of, node);
  case SIM_SET_LIST:
    for (uint32_t i = 0; i < set->member_count && !may; i++)
      may = may_have(set->members[i], node);
    return may;
  case SIM_SET_ALL:
  case SIM_SET_ALIVE:
  case SIM_SET_REST:
  case SIM_SET_RING:
    return true;
  }
  return true;
}

static bool
read_event(Reader *reader, SimChurnEvent *event)
{
  static const char *const kinds[] = { "start", "stop", "crash", NULL };
  const char *at = reader->line_start, *field = at;
  g_autofree char *seconds = next_field(&at);
  if (!sim_seconds_from_text(seconds, &event->after))
    return wrong_field(reader, field, NULL, "seconds such as 12.5");
  if (event->after > reader->lasts)
    return wrong_time(reader, field);
  field = at;
  g_autofree char *node = next_field(&at);
  SimName *group;
  if (!sim_names_node(reader->parse, node, &event->node, &group))
    return wrong_field(reader, field, NULL, "a node");
  if (reader->set != NULL && !may_have(reader->set, event->node))
    return wrong_field(reader, field, NULL, "a node of the set of this churn");
  field = at;
  g_autofree char *kind = next_field(&at);
  for (unsigned i = 0; kinds[i] != NULL; i++)
    if (g_str_equal(kind, kinds[i])) {
      event->kind = (SimChurnKind)i;
      return *at == '\r' || *at == '\n' || *at == '\0' ||
             wrong_field(reader, at, NULL, "the end of the line");
    }
  return wrong_field(reader, field, sim_suggest(kind, kinds), "'start', 'stop' or 'crash'");
}

static void
read_line(Reader *reader)
{
  const char *at = reader->line_start + strspn(reader->line_start, " \t\r");
  if (*at == '\n' || *at == '\0' || *at == '#')
    return;
  if (reader->line == 1 && g_str_has_prefix(at, "seconds,"))
    return; /* names of the columns */
  SimChurnEvent event = { 0 };
  if (read_event(reader, &event))
    g_array_append_val(reader->events, event);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
  const SimChurnEvent *x = a, *y = b;
  return (x->after > y->after) - (x->after < y->after);
}

/* What is no window, which was told, takes every line. */
static SimTime
lasts(const SimAction *action)
{
  bool window = action->schedule == SIM_SCHEDULE_LASTS && action->to >= action->from;
  return window ? action->to - action->from : SIM_PARSE_TIME_MAX;
}

static bool
read_file(SimParse *parse, const SimSource *source, const SimSet *set, SimAction *action)
{
  Reader reader = { .parse = parse,
                    .source = source,
                    .set = set,
                    .lasts = lasts(action),
                    .events = g_array_new(FALSE, FALSE, sizeof(SimChurnEvent)) };
  const char *end = source->text + source->size;
  for (const char *at = source->text; at < end;) {
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    reader.line++;
    reader.line_start = at;
    read_line(&reader);
    at = line_end != NULL ? line_end + 1 : end;
  }
  g_array_sort(reader.events, compare); /* stable: lines of one instant stay in order */
  action->trace.count = reader.events->len;
  action->trace.events = sim_arena_steal(parse->arena, reader.events);
  return reader.wrong == 0;
}

static bool
parse_trace(SimCursor *cursor, SimAction *action)
{
  const SimToken *token = cursor->at;
  const char *name;
  action->kind = SIM_ACTION_CHURN_TRACE;
  if (!sim_parse_text(cursor, "the name of a file in quotes", &name))
    return false;
  action->trace.path = sim_reader_resolve(cursor->parse, token->source, name);
  SimSource *source = sim_reader_open(cursor->parse, action->trace.path, token);
  const SimSet *set = cursor->bad ? NULL : action->set; /* else nobody knows the set */
  cursor->bad |= source == NULL || !read_file(cursor->parse, source, set, action);
  return true;
}

bool
sim_parse_churn(SimCursor *cursor, SimAction *action)
{
  if (!sim_parse_set(cursor, &action->set))
    return false;
  if (sim_take_word(cursor, "trace"))
    return parse_trace(cursor, action);
  if (!sim_take_word(cursor, "lifetime"))
    return sim_expected(cursor, "'lifetime' or 'trace'");
  if (!sim_parse_distribution(cursor, &action->churn.lifetime))
    return false;
  if (!sim_take_word(cursor, "downtime"))
    return sim_expected(cursor, "'downtime'");
  action->churn.silent = sim_ratio(0, 1);
  if (!sim_parse_distribution(cursor, &action->churn.downtime))
    return false;
  return !sim_take_word(cursor, "silent") || sim_parse_ratio(cursor, &action->churn.silent);
}
