/* When an action happens. */
#include "sim-parse.h"

#include "sim-hash.h"
#include "sim-print.h"

#include <string.h>

#define REPEATS_MAX 10000000 /* of an `every`: more is a slip */

bool
sim_parse_instant(SimCursor *cursor, SimTime *ret)
{
  const SimToken *token = cursor->at;
  bool relative = sim_take_symbol(cursor, "+");
  if (!sim_parse_time(cursor, ret))
    return false;
  if (!relative)
    return true;
  *ret += cursor->parse->base;
  if (*ret <= SIM_PARSE_TIME_MAX)
    return true;
  cursor->at = token;
  return sim_expected(cursor, "a time within 36 years");
}

bool
sim_parse_window(SimCursor *cursor, SimTime *ret_from, SimTime *ret_to)
{
  if (!sim_take_word(cursor, "from"))
    return sim_expected(cursor, "'from'");
  if (!sim_parse_instant(cursor, ret_from))
    return false;
  if (!sim_take_word(cursor, "to"))
    return sim_expected(cursor, "'to'");
  const SimToken *token = cursor->at;
  if (!sim_parse_instant(cursor, ret_to))
    return false;
  if (*ret_to >= *ret_from)
    return true;
  g_autoptr(GString) start = g_string_new(NULL);
  sim_print_duration(start, *ret_from);
  cursor->bad = true;
  g_autofree char *found = sim_token_found(token);
  sim_parse_mistake(cursor->parse, token, NULL,
                    "expected a window that ends after its start at %s, found %s", start->str,
                    found);
  return true;
}

static bool
parse_every(SimCursor *cursor, SimAction *action)
{
  const SimToken *token = cursor->at;
  action->schedule = SIM_SCHEDULE_EVERY;
  if (!sim_parse_period(cursor, &action->period) ||
      !sim_parse_window(cursor, &action->from, &action->to))
    return false;
  if (action->to <= action->from || (action->to - action->from) / action->period < REPEATS_MAX)
    return true;
  cursor->bad = true;
  sim_parse_mistake(cursor->parse, token, NULL, "expected fewer than %d repetitions", REPEATS_MAX);
  return true;
}

static bool
parse_schedule(SimCursor *cursor, SimAction *action)
{
  if (sim_at_word(cursor, "from")) {
    action->schedule = SIM_SCHEDULE_LASTS;
    return sim_parse_window(cursor, &action->from, &action->to);
  }
  if (sim_take_word(cursor, "every"))
    return parse_every(cursor, action);
  sim_take_word(cursor, "at"); /* +T may stand alone */
  return sim_parse_instant(cursor, &action->from);
}

static uint64_t
times_said(SimParse *parse, const char *text)
{
  guint before = GPOINTER_TO_UINT(g_hash_table_lookup(parse->repeated, text));
  g_hash_table_insert(parse->repeated, (gpointer)text, GUINT_TO_POINTER(before + 1));
  return before;
}

/* A stream is named after what the statement says, so no other statement moves it. */
uint64_t
sim_parse_name_draws(SimParse *parse, const char *text)
{
  uint64_t hash = sim_hash_bytes(text, (uint32_t)strlen(text));
  uint64_t stream = sim_hash_add(hash, times_said(parse, text));
  for (guint i = 0; i < parse->draws->len; i++)
    ((SimSet *)parse->draws->pdata[i])->stream = sim_hash_add(stream, i + 1);
  return stream;
}

bool
sim_parse_timed(SimCursor *cursor)
{
  SimParse *parse = cursor->parse;
  SimAction action = { .where = sim_parse_where(parse, cursor->at) };
  g_ptr_array_set_size(parse->draws, 0);
  if (!parse_schedule(cursor, &action))
    return false;
  parse->base = action.from;
  if (!sim_parse_action(cursor, &action))
    return false;
  if (cursor->bad || cursor->at->kind != SIM_TOKEN_END)
    return true;
  action.text = sim_arena_own(parse->arena, sim_print_action(parse->scenario, &action));
  action.stream = sim_parse_name_draws(parse, action.text);
  g_array_append_val(parse->actions, action);
  return true;
}
