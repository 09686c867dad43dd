/* Groups, nodes and keys share one name space. All of them are known before anything else is read,
 * because statements may stand in any order. */
#include "sim-parse.h"

#include "sim-suggest.h"

#include <string.h>

#define DIGITS_MAX 18 /* of a node's number: more than there are nodes, to say so */

static bool
is_let_name(const char *word)
{
  return g_ascii_isalpha(*word) && strchr(word, '.') == NULL;
}

static bool
is_group_name(const char *word)
{
  for (const char *at = word; *at != '\0'; at++)
    if (!g_ascii_islower(*at) && (at == word || (!g_ascii_isdigit(*at) && *at != '-')))
      return false;
  return true;
}

bool
sim_names_is_reserved(const char *word)
{
  return g_str_equal(word, "all") || g_str_equal(word, "alive") || g_str_equal(word, "rest");
}

static SimName *
add_name(SimParse *parse, SimNameKind kind, const SimToken *token)
{
  SimName *before = g_hash_table_lookup(parse->names, token->text);
  if (before != NULL) {
    const char *what = before->kind == SIM_NAME_GROUP ? "group" : "key";
    g_autofree char *first = sim_parse_first(before->token, token);
    if (before->token->source == token->source)
      sim_parse_mistake(parse, token, NULL, "the name '%s' is taken by the %s of line %u",
                        token->text, what, before->token->line);
    else
      sim_parse_mistake(parse, token, NULL, "the name '%s' is taken by a %s, %s", token->text, what,
                        first);
    before->broken = true; /* whichever is meant */
    return NULL;
  }
  SimName *name = sim_arena_take(parse->arena, sizeof *name);
  name->kind = kind;
  name->name = token->text;
  name->token = token;
  g_hash_table_insert(parse->names, (gpointer)name->name, name);
  g_ptr_array_add(parse->name_order, name);
  return name;
}

static void
declare_group(SimParse *parse, const SimStatement *statement)
{
  const SimToken *token = &statement->tokens[1];
  if (!is_group_name(token->text) || sim_names_is_reserved(token->text)) {
    parse->unsure_names = true; /* the statement's own parser says why */
    return;
  }
  SimName *name = add_name(parse, SIM_NAME_GROUP, token);
  if (name == NULL)
    return;
  uint64_t count;
  name->broken = statement->broken || token[1].kind != SIM_TOKEN_NUMBER ||
                 !sim_count_from_text(token[1].text, &count) || count < 1 ||
                 count > SIM_GROUP_COUNT_MAX;
  name->count = name->broken ? 0 : (uint32_t)count;
}

static void
declare_let(SimParse *parse, const SimStatement *statement)
{
  const SimToken *token = &statement->tokens[1];
  if (!is_let_name(token->text)) {
    parse->unsure_names = true;
    return;
  }
  SimName *name = add_name(parse, SIM_NAME_LET, token);
  if (name == NULL)
    return;
  name->broken =
    statement->broken || statement->count != 5 || !sim_token_is(&token[1], SIM_TOKEN_SYMBOL, "=");
  name->key = &token[2];
}

/* Follows `let A = B` to the key. Longer than there are names: it goes round. */
static void
resolve_let(SimParse *parse, SimName *let)
{
  SimName *at = let;
  for (guint steps = 0; !at->broken; steps++) {
    if (at->key->kind == SIM_TOKEN_KEY) {
      let->broken = !sim_key_from_text(at->key->text, &let->value);
      return; /* a wrong key is told by the statement's own parser */
    }
    SimName *next =
      at->key->kind == SIM_TOKEN_WORD ? g_hash_table_lookup(parse->names, at->key->text) : NULL;
    if (next == NULL || next->kind != SIM_NAME_LET)
      break;
    at = next;
    if (steps > parse->name_order->len) {
      sim_parse_mistake(parse, let->key, NULL, "the key '%s' needs itself", let->name);
      break;
    }
  }
  let->broken = true;
}

/* Sets *ret_group to the group that @name says, up to its digits; false if there is no such node. */
bool
sim_names_node(SimParse *parse, const char *name, SimNodeRef *ret_node, SimName **ret_group)
{
  *ret_group = NULL;
  size_t size = strlen(name);
  for (size_t digits = 1; digits <= DIGITS_MAX && digits < size; digits++) {
    const char *number = &name[size - digits];
    if (!g_ascii_isdigit(*number))
      break;
    if (*number == '0' && digits > 1)
      continue;
    g_autofree char *prefix = g_strndup(name, size - digits);
    SimName *group = g_hash_table_lookup(parse->names, prefix);
    if (group == NULL || group->kind != SIM_NAME_GROUP)
      continue;
    guint64 value = g_ascii_strtoull(number, NULL, 10);
    *ret_group = group;
    if (value < group->count || group->broken) {
      *ret_node = (SimNodeRef){ .group = group->index, .number = (uint32_t)value };
      return true;
    }
  }
  return false;
}

static void
check_clash(SimParse *parse, SimName *name)
{
  SimNodeRef node;
  SimName *group;
  if (!sim_names_node(parse, name->name, &node, &group) || group->broken)
    return;
  sim_parse_mistake(parse, name->token, NULL,
                    "the name '%s' is taken by a node of the group of line %u", name->name,
                    group->token->line);
  name->broken = true;
}

void
sim_names_declare(SimParse *parse)
{
  for (guint i = 0; i < parse->statements->len; i++) {
    const SimStatement *statement = &g_array_index(parse->statements, SimStatement, i);
    const SimToken *first = &statement->tokens[0];
    bool group = sim_token_is(first, SIM_TOKEN_WORD, "group");
    bool let = sim_token_is(first, SIM_TOKEN_WORD, "let");
    if (!group && !let) {
      parse->unsure_names |= statement->broken && first->kind != SIM_TOKEN_WORD;
      continue;
    }
    if (first[1].kind != SIM_TOKEN_WORD)
      parse->unsure_names = true;
    else if (group)
      declare_group(parse, statement);
    else
      declare_let(parse, statement);
  }
  uint32_t groups = 0, lets = 0;
  for (guint i = 0; i < parse->name_order->len; i++) {
    SimName *name = parse->name_order->pdata[i];
    name->index = name->kind == SIM_NAME_GROUP ? groups++ : lets++;
  }
  /* Their places are fixed from here on, so that a name can be told from an index. */
  g_array_set_size(parse->groups, groups);
  g_array_set_size(parse->lets, lets);
  parse->scenario->groups = (const SimGroupSpec *)(void *)parse->groups->data;
  for (guint i = 0; i < parse->name_order->len; i++) {
    SimName *name = parse->name_order->pdata[i];
    if (name->kind == SIM_NAME_GROUP)
      g_array_index(parse->groups, SimGroupSpec, name->index).name = name->name;
  }
  for (guint i = 0; i < parse->name_order->len; i++)
    check_clash(parse, parse->name_order->pdata[i]);
  for (guint i = 0; i < parse->name_order->len; i++) {
    SimName *name = parse->name_order->pdata[i];
    if (name->kind == SIM_NAME_LET)
      resolve_let(parse, name);
  }
}

SimName *
sim_names_find(SimParse *parse, const char *name)
{
  return g_hash_table_lookup(parse->names, name);
}

/* A name close to @word; of "peeer3", the node of the group that is close. (transfer full) */
static char *
near_name(SimParse *parse, const char *word, bool nodes, bool keys)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new();
  for (guint i = 0; i < parse->name_order->len; i++) {
    SimName *name = parse->name_order->pdata[i];
    if (name->kind == SIM_NAME_GROUP ? nodes : keys)
      g_ptr_array_add(known, (gpointer)name->name);
  }
  if (nodes) {
    g_ptr_array_add(known, (gpointer) "all");
    g_ptr_array_add(known, (gpointer) "alive");
  }
  g_ptr_array_add(known, NULL);
  const char *const *list = (const char *const *)known->pdata;
  size_t size = strlen(word);
  while (nodes && size > 0 && g_ascii_isdigit(word[size - 1]))
    size--;
  if (size > 0 && size < strlen(word)) {
    g_autofree char *prefix = g_strndup(word, size);
    const char *near = sim_suggest(prefix, list);
    const char *number = word + size;
    while (number[0] == '0' && number[1] != '\0')
      number++;
    g_autofree char *node = near != NULL ? g_strconcat(near, number, NULL) : NULL;
    SimNodeRef ref;
    SimName *group;
    if (node != NULL && sim_names_node(parse, node, &ref, &group))
      return g_steal_pointer(&node);
  }
  return g_strdup(sim_suggest(word, list));
}

void
sim_names_unknown(SimCursor *cursor, const char *what, bool nodes, bool keys)
{
  SimParse *parse = cursor->parse;
  const char *word = cursor->at->text;
  SimNodeRef node;
  SimName *group = NULL;
  cursor->bad = true;
  bool there = sim_names_node(parse, word, &node, &group);
  if (there && !nodes) {
    sim_parse_mistake(parse, cursor->at, NULL, "expected %s, found the node '%s'", what, word);
    return;
  }
  if (group != NULL && nodes) {
    sim_parse_mistake(parse, cursor->at, NULL, "expected a node from %s0 to %s%u, found '%s'",
                      group->name, group->name, group->count - 1, word);
    return;
  }
  if (parse->unsure_names)
    return;
  g_autofree char *near = near_name(parse, word, nodes, keys);
  sim_parse_mistake(parse, cursor->at, near, "expected %s, found the unknown name '%s'", what,
                    word);
}
