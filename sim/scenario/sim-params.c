/* A param is a row of tokens that takes the place of its name. */
#include "sim-parse.h"

#include "sim-suggest.h"

#include <string.h>

#define TOKENS_MAX 16 /* of a value: enough for a distribution or a set */
#define DEPTH_MAX 50  /* params in the values of params */

static SimParamValue *
find_or_add(SimParse *parse, const char *name)
{
  SimParamValue *param = g_hash_table_lookup(parse->params, name);
  if (param == NULL) {
    param = sim_arena_take(parse->arena, sizeof *param);
    param->name = name;
    g_hash_table_insert(parse->params, (gpointer)name, param);
    g_ptr_array_add(parse->param_order, param);
  }
  return param;
}

static bool
is_name(const char *word)
{
  return strchr(word, '.') == NULL;
}

static bool
may_be_in_value(const SimToken *token)
{
  static const char *const symbols[] = { "-", "+", "..", ",", NULL };
  return token->kind == SIM_TOKEN_WORD || token->kind == SIM_TOKEN_NUMBER ||
         token->kind == SIM_TOKEN_KEY || token->kind == SIM_TOKEN_TEXT ||
         token->kind == SIM_TOKEN_PARAM ||
         (token->kind == SIM_TOKEN_SYMBOL && g_strv_contains(symbols, token->text));
}

/* NAME = VALUE at the cursor; *ret_first and *ret_count are the value. */
static bool
parse_assignment(SimCursor *cursor, const SimToken **ret_name, const SimToken **ret_first,
                 uint32_t *ret_count)
{
  *ret_name = cursor->at;
  if (cursor->at->kind != SIM_TOKEN_WORD || !is_name(cursor->at->text))
    return sim_expected(cursor, "the name of a param");
  cursor->at++;
  if (!sim_take_symbol(cursor, "="))
    return sim_expected(cursor, "'='");
  *ret_first = cursor->at;
  while (may_be_in_value(cursor->at))
    cursor->at++;
  *ret_count = (uint32_t)(cursor->at - *ret_first);
  if (*ret_count == 0)
    return sim_expected(cursor, "a value");
  if (cursor->at->kind != SIM_TOKEN_END)
    return sim_expected(cursor, "the end of the line");
  if (*ret_count > TOKENS_MAX)
    return sim_parse_mistake(cursor->parse, *ret_first, NULL, "expected one value, found %u words",
                             *ret_count);
  return true;
}

static void
set_value(SimParse *parse, SimParamValue *param, const SimToken *first, uint32_t count)
{
  const SimToken *last = &first[count - 1];
  param->tokens = first;
  param->count = count;
  param->value =
    sim_arena_string(parse->arena, first->raw, (size_t)(last->raw + last->raw_size - first->raw));
}

static void
set_one(SimParse *parse, const char *option)
{
  SimSource *source = sim_arena_take(parse->arena, sizeof *source);
  g_autofree char *shown = g_utf8_make_valid(option, -1);
  source->name = sim_arena_own(parse->arena, g_strconcat("--set ", shown, NULL));
  source->text = sim_arena_string(parse->arena, option, strlen(option));
  source->size = strlen(option);
  source->is_option = true;
  g_autoptr(GArray) statements = g_array_new(FALSE, FALSE, sizeof(SimStatement));
  sim_lex(source, parse->arena, parse->mistakes, statements);
  if (statements->len != 1) {
    sim_source_mistake(source, parse->mistakes, source->text, 0, 0, NULL,
                       g_strdup("expected NAME=VALUE"));
    return;
  }
  const SimStatement *statement = &g_array_index(statements, SimStatement, 0);
  SimCursor cursor = { .parse = parse, .at = statement->tokens };
  const SimToken *name, *first = cursor.at;
  uint32_t count;
  if (statement->broken || !parse_assignment(&cursor, &name, &first, &count)) {
    parse->unsure_names = true;
    return;
  }
  SimParamValue *param = find_or_add(parse, name->text);
  param->overridden = true;
  param->token = name;
  set_value(parse, param, first, count);
}

void
sim_params_set(SimParse *parse)
{
  const char *const *sets = parse->options.sets;
  for (; sets != NULL && *sets != NULL; sets++)
    set_one(parse, *sets);
}

void
sim_params_declare(SimParse *parse, const SimStatement *statement)
{
  SimCursor cursor = { .parse = parse, .at = statement->tokens + 1 };
  const SimToken *name = cursor.at, *first = name;
  uint32_t count = 0;
  bool good = !statement->broken && parse_assignment(&cursor, &name, &first, &count);
  if (name->kind != SIM_TOKEN_WORD) {
    parse->unsure_names = true;
    return;
  }
  SimParamValue *param = find_or_add(parse, name->text);
  if (param->declared) {
    g_autofree char *where = sim_parse_first(param->token, name);
    sim_parse_mistake(parse, name, NULL, "the param '%s' is there twice, %s", name->text, where);
    return;
  }
  param->declared = true;
  param->token = name;
  if (param->overridden)
    return;
  param->broken = !good;
  if (good)
    set_value(parse, param, first, count);
}

/* The name of a declared param that is close to @name, or NULL. */
static const char *
near_param(SimParse *parse, const char *name)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  for (guint i = 0; i < parse->param_order->len; i++) {
    const SimParamValue *param = parse->param_order->pdata[i];
    if (param->declared)
      g_ptr_array_add(known, (gpointer)param->name);
  }
  g_ptr_array_add(known, NULL);
  return sim_suggest(name, (const char *const *)known->pdata);
}

static bool
unknown(SimParse *parse, const SimToken *token)
{
  if (parse->unsure_names)
    return false;
  const char *near = near_param(parse, token->text);
  g_autofree char *dollar = near != NULL ? g_strconcat("$", near, NULL) : NULL;
  return sim_parse_mistake(parse, token, dollar, "expected a param, found the unknown '$%s'",
                           token->text);
}

static bool append_param(SimParse *parse, const SimToken *use, GArray *to);

static bool
append_tokens(SimParse *parse, const SimToken *tokens, uint32_t count, GArray *to)
{
  for (uint32_t i = 0; i < count; i++)
    if (tokens[i].kind != SIM_TOKEN_PARAM)
      g_array_append_val(to, tokens[i]);
    else if (!append_param(parse, &tokens[i], to))
      return false;
  return true;
}

/* The params in the value of @param are put in once. */
static bool
expand_value(SimParse *parse, SimParamValue *param)
{
  if (param->expanding) {
    param->broken = true;
    return sim_parse_mistake(parse, param->token, NULL, "the value of '%s' needs itself",
                             param->name);
  }
  if (parse->param_depth >= DEPTH_MAX) {
    param->broken = true;
    return sim_parse_mistake(parse, param->token, NULL, "more than %d params need one another",
                             DEPTH_MAX);
  }
  GArray *tokens = g_array_new(FALSE, FALSE, sizeof(SimToken));
  param->expanding = true;
  parse->param_depth++;
  param->broken |= !append_tokens(parse, param->tokens, param->count, tokens);
  parse->param_depth--;
  param->expanding = false;
  param->expanded = true;
  if (tokens->len > TOKENS_MAX && !param->broken) {
    sim_parse_mistake(parse, param->token, NULL, "expected one value, found %u words", tokens->len);
    param->broken = true;
  }
  param->count = tokens->len;
  param->tokens = sim_arena_steal(parse->arena, tokens);
  return !param->broken;
}

static bool
append_param(SimParse *parse, const SimToken *use, GArray *to)
{
  SimParamValue *param = g_hash_table_lookup(parse->params, use->text);
  if (param == NULL || !param->declared)
    return unknown(parse, use);
  if (param->broken || (!param->expanded && !expand_value(parse, param)))
    return false;
  for (uint32_t i = 0; i < param->count; i++) {
    SimToken token = param->tokens[i];
    token.line = use->line;
    token.column = use->column;
    token.source = use->source;
    token.line_start = use->line_start;
    token.param = param->name;
    g_array_append_val(to, token);
  }
  return true;
}

bool
sim_params_expand(SimParse *parse, SimStatement *statement)
{
  if (statement->broken)
    return false;
  bool any = false;
  for (uint32_t i = 0; i < statement->count; i++)
    any |= statement->tokens[i].kind == SIM_TOKEN_PARAM;
  if (!any)
    return true;
  GArray *tokens = g_array_new(FALSE, FALSE, sizeof(SimToken));
  statement->broken = !append_tokens(parse, statement->tokens, statement->count, tokens);
  if (statement->broken) {
    g_array_free(tokens, TRUE);
    return false;
  }
  statement->count = tokens->len;
  statement->tokens = sim_arena_steal(parse->arena, tokens);
  return true;
}

void
sim_params_finish(SimParse *parse)
{
  GArray *params = g_array_new(FALSE, FALSE, sizeof(SimParam));
  for (guint i = 0; i < parse->param_order->len; i++) {
    SimParamValue *value = parse->param_order->pdata[i];
    if (!value->declared && !parse->unsure_names)
      sim_parse_mistake(parse, value->token, near_param(parse, value->name),
                        "the file has no param '%s'", value->name);
    if (!value->declared || value->broken || (!value->expanded && !expand_value(parse, value)))
      continue;
    SimParam param = { .name = value->name,
                       .where = sim_parse_where(parse, value->token),
                       .value = value->value,
                       .overridden = value->overridden };
    g_array_append_val(params, param);
  }
  parse->scenario->param_count = params->len;
  parse->scenario->params = sim_arena_steal(parse->arena, params);
}
