/* The parser as a whole: what is done in which order, and how it tells mistakes. */
#include "sim-parse.h"

#include "sim-suggest.h"

#include <stdarg.h>
#include <string.h>

#define FOUND_MAX 40 /* characters of what was found */

/* ---- Mistakes ---- */

bool
sim_parse_mistake(SimParse *parse, const SimToken *token, const char *near, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  char *message = g_strdup_vprintf(format, args);
  va_end(args);
  sim_source_mistake(token->source, parse->mistakes, token->line_start, token->line, token->column,
                     near, message);
  return false;
}

char *
sim_token_found(const SimToken *token)
{
  if (token->kind == SIM_TOKEN_END)
    return g_strdup(token->source->is_option ? "its end" : "the end of the line");
  if (token->kind == SIM_TOKEN_BREAK)
    return g_strdup(token->raw_size > 0 ? "';'" : "the end of the line");
  g_autofree char *raw = g_strndup(token->raw, token->raw_size);
  g_autofree char *start = g_utf8_substring(raw, 0, MIN(g_utf8_strlen(raw, -1), FOUND_MAX));
  const char *dots = strlen(start) < token->raw_size ? "..." : "";
  if (token->param != NULL)
    return g_strdup_printf("'%s%s' (the value of $%s)", start, dots, token->param);
  return token->kind == SIM_TOKEN_TEXT ? g_strdup_printf("the text %s%s", start, dots)
                                       : g_strdup_printf("'%s%s'", start, dots);
}

bool
sim_expected(SimCursor *cursor, const char *what)
{
  g_autofree char *found = sim_token_found(cursor->at);
  return sim_parse_mistake(cursor->parse, cursor->at, NULL, "expected %s, found %s", what, found);
}

bool
sim_expected_one_of(SimCursor *cursor, const char *what, const char *const *known)
{
  const char *near =
    cursor->at->kind == SIM_TOKEN_WORD ? sim_suggest(cursor->at->text, known) : NULL;
  g_autofree char *found = sim_token_found(cursor->at);
  return sim_parse_mistake(cursor->parse, cursor->at, near, "expected %s, found %s", what, found);
}

/* ---- Walking ---- */

bool
sim_at_symbol(const SimCursor *cursor, const char *symbol)
{
  return sim_token_is(cursor->at, SIM_TOKEN_SYMBOL, symbol);
}

bool
sim_at_word(const SimCursor *cursor, const char *word)
{
  return sim_token_is(cursor->at, SIM_TOKEN_WORD, word);
}

bool
sim_take_symbol(SimCursor *cursor, const char *symbol)
{
  if (!sim_at_symbol(cursor, symbol))
    return false;
  cursor->at++;
  return true;
}

bool
sim_take_word(SimCursor *cursor, const char *word)
{
  if (!sim_at_word(cursor, word))
    return false;
  cursor->at++;
  return true;
}

bool
sim_parse_choice(SimCursor *cursor, const char *what, const char *const *known, unsigned *ret_index)
{
  for (unsigned i = 0; known[i] != NULL; i++)
    if (sim_take_word(cursor, known[i])) {
      *ret_index = i;
      return true;
    }
  return sim_expected_one_of(cursor, what, known);
}

SimWhere
sim_parse_where(SimParse *parse, const SimToken *token)
{
  return sim_source_where(token->source, parse->arena, token->line_start, token->line,
                          token->column);
}

char *
sim_parse_first(const SimToken *before, const SimToken *token)
{
  if (before->source == token->source)
    return g_strdup_printf("first in line %u", before->line);
  if (g_str_equal(before->source->name, token->source->name) && before->line == token->line)
    return g_strdup("as this file is included twice");
  return g_strdup_printf("first in %s:%u", before->source->name, before->line);
}

bool
sim_parse_once(SimCursor *cursor, const char *what, const SimToken *token)
{
  const SimToken *before = g_hash_table_lookup(cursor->parse->given, what);
  if (before == NULL) {
    g_hash_table_insert(cursor->parse->given, (gpointer)what, (gpointer)token);
    return true;
  }
  cursor->bad = true;
  g_autofree char *first = sim_parse_first(before, token);
  return sim_parse_mistake(cursor->parse, token, NULL, "'%s' is there twice, %s", what, first);
}

/* ---- The whole ---- */

/* An action without its time is a statement, too, but not one that can be read. */
static bool
expected_statement(SimCursor *cursor)
{
  const SimToken *token = cursor->at;
  if (token->kind != SIM_TOKEN_WORD || sim_suggest(token->text, sim_statement_words) != NULL)
    return sim_expected_one_of(cursor, "a statement", sim_statement_words);
  const char *action = sim_action_near(token->text);
  if (action == NULL)
    return sim_expected(cursor, "a statement");
  g_autofree char *near = g_strconcat("at T ", action, NULL);
  return sim_parse_mistake(cursor->parse, token, near, "expected a statement, found '%s'",
                           token->text);
}

static bool
parse_known(SimCursor *cursor)
{
  bool known;
  if (sim_take_word(cursor, "network"))
    return sim_parse_network_block(cursor);
  if (sim_take_word(cursor, "protocol"))
    return sim_parse_protocol_block(cursor);
  if (sim_take_word(cursor, "expect"))
    return sim_parse_expect(cursor);
  if (sim_take_word(cursor, "allow"))
    return sim_parse_allow(cursor);
  if (sim_at_word(cursor, "at") || sim_at_word(cursor, "from") || sim_at_word(cursor, "every") ||
      sim_at_symbol(cursor, "+"))
    return sim_parse_timed(cursor);
  bool good = sim_parse_header(cursor, &known);
  if (known)
    return good;
  return expected_statement(cursor);
}

static void
parse_statement(SimParse *parse, const SimStatement *statement)
{
  const SimToken *first = &statement->tokens[0];
  SimCursor cursor = { .parse = parse, .at = first };
  bool good = !statement->broken && parse_known(&cursor);
  if (good && cursor.at->kind != SIM_TOKEN_END)
    good = sim_expected(&cursor, "the end of the line");
  if (!good || cursor.bad)
    parse->unsure_kinds |= sim_action_kinds(statement);
}

static void
parse_init(SimParse *parse, const SimScenarioOptions *options, SimMistakes *mistakes)
{
  memset(parse, 0, sizeof *parse);
  if (options != NULL)
    parse->options = *options;
  parse->mistakes = mistakes;
  parse->arena = sim_arena_new();
  parse->scenario = sim_arena_take(parse->arena, sizeof *parse->scenario);
  parse->scenario->arena = parse->arena;
  parse->sources = g_ptr_array_new();
  parse->opened = g_ptr_array_new();
  parse->statements = g_array_new(FALSE, FALSE, sizeof(SimStatement));
  parse->params = g_hash_table_new(g_str_hash, g_str_equal);
  parse->param_order = g_ptr_array_new();
  parse->names = g_hash_table_new(g_str_hash, g_str_equal);
  parse->name_order = g_ptr_array_new();
  parse->groups = g_array_new(FALSE, TRUE, sizeof(SimGroupSpec));
  parse->lets = g_array_new(FALSE, TRUE, sizeof(SimLet));
  parse->network = g_array_new(FALSE, TRUE, sizeof(SimNetworkSetting));
  parse->protocol = g_array_new(FALSE, TRUE, sizeof(SimProtocolSetting));
  parse->actions = g_array_new(FALSE, TRUE, sizeof(SimAction));
  parse->expectations = g_array_new(FALSE, TRUE, sizeof(SimExpectation));
  parse->allows = g_array_new(FALSE, TRUE, sizeof(SimAllow));
  parse->files = g_array_new(FALSE, TRUE, sizeof(SimScenarioFile));
  parse->given = g_hash_table_new(g_str_hash, g_str_equal);
  parse->repeated = g_hash_table_new(g_str_hash, g_str_equal);
  parse->draws = g_ptr_array_new();
}

/* What the scenario keeps is the arena's from here on. */
static void
parse_end(SimParse *parse)
{
  SimScenario *scenario = parse->scenario;
#define KEEP(field, count)                                                                         \
  scenario->count = parse->field->len;                                                             \
  scenario->field = sim_arena_steal(parse->arena, parse->field);
  KEEP(groups, group_count)
  KEEP(lets, let_count)
  KEEP(network, network_count)
  KEEP(protocol, protocol_count)
  KEEP(actions, action_count)
  KEEP(expectations, expectation_count)
  KEEP(allows, allow_count)
  KEEP(files, file_count)
#undef KEEP
  g_ptr_array_free(parse->sources, TRUE);
  g_ptr_array_free(parse->opened, TRUE);
  g_array_free(parse->statements, TRUE);
  g_hash_table_destroy(parse->params);
  g_ptr_array_free(parse->param_order, TRUE);
  g_hash_table_destroy(parse->names);
  g_ptr_array_free(parse->name_order, TRUE);
  g_hash_table_destroy(parse->given);
  g_hash_table_destroy(parse->repeated);
  g_ptr_array_free(parse->draws, TRUE);
}

static void
set_defaults(SimScenario *scenario)
{
  scenario->language = SIM_LANGUAGE_VERSION;
  scenario->seed = 1;
  scenario->record = SIM_RECORD_SUMMARY;
  scenario->sample = SIM_SECOND;
}

static void
parse_all(SimParse *parse)
{
  const SimMistakes *mistakes = parse->mistakes; /* too many of them are the end */
  for (guint i = 0; i < parse->statements->len; i++)
    sim_params_expand(parse, &g_array_index(parse->statements, SimStatement, i));
  sim_names_declare(parse);
  for (guint i = 0; i < parse->statements->len && mistakes->left_off == 0; i++)
    parse_statement(parse, &g_array_index(parse->statements, SimStatement, i));
  sim_params_finish(parse);
  sim_check(parse);
}

SimScenario *
sim_scenario_load(const char *path, const SimScenarioOptions *options, SimMistakes *mistakes)
{
  SimParse parse;
  guint before = mistakes->list->len;
  parse_init(&parse, options, mistakes);
  set_defaults(parse.scenario);
  sim_params_set(&parse);
  sim_reader_read(&parse, path);
  if (!parse.foreign)
    parse_all(&parse);
  parse_end(&parse);
  bool good = mistakes->list->len == before;
  mistakes->left_off += parse.left_off;
  sim_mistakes_finish(mistakes);
  if (good)
    return parse.scenario;
  sim_arena_free(parse.arena);
  return NULL;
}

void
sim_scenario_free(SimScenario *scenario)
{
  if (scenario != NULL)
    sim_arena_free(scenario->arena);
}

uint64_t
sim_scenario_node_count(const SimScenario *scenario)
{
  uint64_t count = 0;
  for (uint32_t i = 0; i < scenario->group_count; i++)
    count += scenario->groups[i].count;
  return count;
}
