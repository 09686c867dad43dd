/* What happens: the table of actions, and those that are not calls of the API. */
#include "sim-parse.h"

#include "sim-suggest.h"

#include <string.h>

/* ---- Faults of nodes ---- */

static bool
parse_set(SimCursor *cursor, SimAction *action)
{
  return sim_parse_set(cursor, &action->set);
}

static bool
parse_spread(SimCursor *cursor, SimAction *action)
{
  if (!sim_parse_set(cursor, &action->set))
    return false;
  return !sim_take_word(cursor, "over") || sim_parse_time(cursor, &action->spread);
}

static bool
parse_clock(SimCursor *cursor, SimAction *action)
{
  static const char *const names[] = { "drift", "step", NULL };
  unsigned i;
  if (!sim_parse_set(cursor, &action->set) ||
      !sim_parse_choice(cursor, "'drift' or 'step'", names, &i))
    return false;
  action->kind = i == 0 ? SIM_ACTION_CLOCK_DRIFT : SIM_ACTION_CLOCK_STEP;
  if (i == 1)
    return sim_parse_signed_time(cursor, &action->step);
  const SimToken *token = cursor->at;
  if (!sim_parse_signed_ratio(cursor, &action->drift))
    return false;
  if (action->drift.num > -action->drift.den && action->drift.num <= action->drift.den)
    return true;
  cursor->at = token;
  return sim_expected(cursor, "a drift above -100%, at most 100%");
}

static bool
parse_certificate(SimCursor *cursor, SimAction *action)
{
  static const char *const names[] = { "expired", "wrong-root", "revoked", NULL };
  unsigned i;
  if (!sim_parse_set(cursor, &action->set) ||
      !sim_parse_choice(cursor, "'expired', 'wrong-root' or 'revoked'", names, &i))
    return false;
  action->certificate = (SimCertificate)i;
  return true;
}

/* ---- Faults of the network ---- */

static bool
uses_rest(const SimSet *set)
{
  bool uses = set->kind == SIM_SET_REST || (set->of != NULL && uses_rest(set->of));
  for (uint32_t i = 0; i < set->member_count && !uses; i++)
    uses = uses_rest(set->members[i]);
  return uses;
}

static bool
parse_partition(SimCursor *cursor, SimAction *action)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new();
  const SimToken *rest = NULL; /* a part before the last that takes all others */
  cursor->rest_ok = true;
  do {
    const SimSet *part = NULL;
    const SimToken *token = cursor->at;
    if (!sim_parse_set(cursor, &part))
      return false;
    g_ptr_array_add(parts, (gpointer)part);
    if (uses_rest(part) && (sim_at_symbol(cursor, "|") || parts->len == 1))
      rest = rest != NULL ? rest : token;
  } while (sim_take_symbol(cursor, "|"));
  if (parts->len < 2)
    return sim_expected(cursor, "'|' and another part");
  if (rest != NULL)
    return sim_parse_mistake(cursor->parse, rest, NULL, "expected 'rest' in the last part only");
  action->parts.sets = sim_parse_keep_sets(cursor->parse, parts);
  action->parts.count = parts->len;
  return true;
}

static bool
parse_nothing(SimCursor *cursor, SimAction *action)
{
  (void)cursor;
  (void)action;
  return true;
}

/* SET -> SET, or both ways. */
static bool
parse_way(SimCursor *cursor, SimAction *action)
{
  if (!sim_parse_set(cursor, &action->set))
    return false;
  action->both_ways = sim_take_symbol(cursor, "<->");
  if (!action->both_ways && !sim_take_symbol(cursor, "->"))
    return sim_expected(cursor, "'->' or '<->'");
  return sim_parse_set(cursor, &action->to_set);
}

static bool
parse_network(SimCursor *cursor, SimAction *action)
{
  return sim_parse_network_settings(cursor, &action->network.settings, &action->network.count);
}

static bool
parse_link(SimCursor *cursor, SimAction *action)
{
  return parse_way(cursor, action) && parse_network(cursor, action);
}

/* ---- Lies ---- */

static bool
read_hex(SimCursor *cursor, const char *text, SimAction *action)
{
  uint8_t *bytes = sim_arena_take(cursor->parse->arena, strlen(text) / 2 + 1);
  uint32_t n = 0;
  for (; *text != '\0'; text++) {
    if (*text == ' ' || *text == '\t')
      continue;
    int high = g_ascii_xdigit_value(text[0]);
    int low = high < 0 ? -1 : g_ascii_xdigit_value(text[1]);
    if (low < 0)
      return sim_expected(cursor, "pairs of hex digits, such as \"00 1f\"");
    bytes[n++] = (uint8_t)(high << 4 | low);
    text++;
  }
  action->inject.bytes = bytes;
  action->inject.count = n;
  return n <= SIM_DATAGRAM_MAX || sim_expected(cursor, "at most 65507 bytes");
}

static bool
parse_inject(SimCursor *cursor, SimAction *action)
{
  if (!sim_parse_node(cursor, &action->inject.from))
    return false;
  if (!sim_take_symbol(cursor, "->"))
    return sim_expected(cursor, "'->'");
  if (!sim_parse_node(cursor, &action->inject.to))
    return false;
  if (!sim_take_word(cursor, "hex"))
    return sim_expected(cursor, "'hex'");
  const SimToken *token = cursor->at;
  const char *text;
  if (!sim_parse_text(cursor, "bytes in quotes, such as \"00 1f\"", &text))
    return false;
  cursor->at = token;
  if (!read_hex(cursor, text, action))
    return false;
  cursor->at++;
  return true;
}

static bool
parse_forge(SimCursor *cursor, SimAction *action)
{
  static const char *const names[] = { "claims", "floods", "replays", NULL };
  unsigned i;
  if (!sim_parse_set(cursor, &action->set) ||
      !sim_parse_choice(cursor, "'claims', 'floods' or 'replays'", names, &i))
    return false;
  action->kind = SIM_ACTION_FORGE_CLAIMS + i;
  if (i == 0 && sim_take_word(cursor, "random"))
    return action->forge.random = true;
  if (i == 0)
    return sim_parse_key_or_node(cursor, &action->forge.for_node, &action->forge.key,
                                 &action->forge.node);
  return i == 2 || sim_parse_count32(cursor, 1, 1000000, &action->forge.floods);
}

/* ---- The run ---- */

static bool
parse_mark(SimCursor *cursor, SimAction *action)
{
  return sim_parse_text(cursor, "a text in quotes", &action->mark);
}

/* ---- The table ---- */

typedef struct {
  const char *word;
  SimActionKind kind; /* before the parser has seen more */
  bool (*parse)(SimCursor *cursor, SimAction *action);
} Row;

static const Row rows[] = {
  { "start", SIM_ACTION_START, parse_spread },
  { "stop", SIM_ACTION_STOP, parse_spread },
  { "crash", SIM_ACTION_CRASH, parse_set },
  { "restart", SIM_ACTION_RESTART, parse_set },
  { "fault", SIM_ACTION_FAULT, parse_set },
  { "disconnect", SIM_ACTION_DISCONNECT, parse_set },
  { "reconnect", SIM_ACTION_RECONNECT, parse_set },
  { "pause", SIM_ACTION_PAUSE, parse_set },
  { "resume", SIM_ACTION_RESUME, parse_set },
  { "register", SIM_ACTION_REGISTER, sim_parse_register },
  { "update", SIM_ACTION_UPDATE, sim_parse_update },
  { "unregister", SIM_ACTION_UNREGISTER, sim_parse_unregister },
  { "search", SIM_ACTION_SEARCH, sim_parse_search },
  { "partition", SIM_ACTION_PARTITION, parse_partition },
  { "heal", SIM_ACTION_HEAL, parse_nothing },
  { "cut", SIM_ACTION_CUT, parse_way },
  { "join", SIM_ACTION_JOIN, parse_way },
  { "hold", SIM_ACTION_HOLD, parse_way },
  { "release", SIM_ACTION_RELEASE, parse_way },
  { "link", SIM_ACTION_LINK, parse_link },
  { "network", SIM_ACTION_NETWORK, parse_network },
  { "churn", SIM_ACTION_CHURN, sim_parse_churn },
  { "clock", SIM_ACTION_CLOCK_DRIFT, parse_clock },
  { "inject", SIM_ACTION_INJECT, parse_inject },
  { "forge", SIM_ACTION_FORGE_CLAIMS, parse_forge },
  { "certificate", SIM_ACTION_CERTIFICATE, parse_certificate },
  { "mark", SIM_ACTION_MARK, parse_mark },
  { "end", SIM_ACTION_END, parse_nothing },
};

static const Row *
find_row(const char *word)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    if (g_str_equal(rows[i].word, word))
      return &rows[i];
  return NULL;
}

/* Whether it stands in front of the action. */
static bool
is_of_schedule(const SimToken *token)
{
  static const char *const words[] = { "at", "from", "to", "every", NULL };
  return token->kind == SIM_TOKEN_WORD && g_strv_contains(words, token->text);
}

uint64_t
sim_action_kinds(const SimStatement *statement)
{
  const SimToken *at = statement->tokens, *end = at + statement->count;
  if (at->kind == SIM_TOKEN_WORD && !is_of_schedule(at) &&
      g_strv_contains(sim_statement_words, at->text))
    return 0;
  while (at < end && (at->kind != SIM_TOKEN_WORD || is_of_schedule(at)))
    at++;
  const Row *row = at < end ? find_row(at->text) : NULL;
  for (; at < end; at++)
    if (sim_token_is(at, SIM_TOKEN_SYMBOL, ";")) /* others behind it on the same line */
      return SIM_ANY_ACTION;
  return row == NULL ? SIM_ANY_ACTION : UINT64_C(1) << row->kind;
}

static void
list_words(const char *words[G_N_ELEMENTS(rows) + 1])
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    words[i] = rows[i].word;
  words[G_N_ELEMENTS(rows)] = NULL;
}

const char *
sim_action_near(const char *word)
{
  const char *words[G_N_ELEMENTS(rows) + 1];
  list_words(words);
  return sim_suggest(word, words);
}

static bool
expected_action(SimCursor *cursor)
{
  const char *words[G_N_ELEMENTS(rows) + 1];
  list_words(words);
  return sim_expected_one_of(cursor, "an action", words);
}

/* Some actions last, and the others happen at once. */
static void
check_schedule(SimCursor *cursor, const SimToken *token, const SimAction *action)
{
  bool lasts = action->kind == SIM_ACTION_WORKLOAD || action->kind == SIM_ACTION_CHURN ||
               action->kind == SIM_ACTION_CHURN_TRACE;
  const char *before = NULL;
  if (lasts && action->schedule != SIM_SCHEDULE_LASTS)
    before = "'from T1 to T2' before what lasts";
  else if (!lasts && action->schedule == SIM_SCHEDULE_LASTS)
    before = "'at T' before what happens at once";
  else if (action->kind == SIM_ACTION_END && action->schedule == SIM_SCHEDULE_EVERY)
    before = "'at T' before what happens once";
  if (before == NULL)
    return;
  cursor->bad = true;
  sim_parse_mistake(cursor->parse, token, NULL, "expected %s, found '%s'", before, token->text);
}

bool
sim_parse_action(SimCursor *cursor, SimAction *action)
{
  const SimToken *token = cursor->at;
  const Row *row = token->kind == SIM_TOKEN_WORD ? find_row(token->text) : NULL;
  if (row == NULL)
    return expected_action(cursor);
  cursor->at++;
  action->kind = row->kind;
  if (!row->parse(cursor, action))
    return false;
  check_schedule(cursor, token, action);
  return true;
}
