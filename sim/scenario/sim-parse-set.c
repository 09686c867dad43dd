/* Sets of nodes. `of` reaches as far as the next comma. */
#include "sim-parse.h"

#include <string.h>

#define OF_MAX 16 /* 10% of 10% of ... */
#define A_SET "nodes (a group, a node, all, alive, 10%, 5 of ...)"

static SimSet *
new_set(SimCursor *cursor, SimSetKind kind)
{
  SimSet *set = sim_arena_take(cursor->parse->arena, sizeof *set);
  set->kind = kind;
  return set;
}

/* A group without node 0 does not exist, so the name with a 0 is the nearest node. */
static bool
expected_node(SimCursor *cursor, const char *what)
{
  SimName *name = sim_names_find(cursor->parse, cursor->at->text);
  g_autofree char *near = name->kind == SIM_NAME_GROUP ? g_strconcat(name->name, "0", NULL) : NULL;
  return sim_parse_mistake(cursor->parse, cursor->at, near, "expected %s, found the %s '%s'", what,
                           name->kind == SIM_NAME_GROUP ? "group" : "key", name->name);
}

bool
sim_parse_node(SimCursor *cursor, SimNodeRef *ret)
{
  SimName *group;
  memset(ret, 0, sizeof *ret);
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return sim_expected(cursor, "a node such as peer0");
  if (sim_names_find(cursor->parse, cursor->at->text) != NULL)
    return expected_node(cursor, "a node");
  if (!sim_names_node(cursor->parse, cursor->at->text, ret, &group))
    sim_names_unknown(cursor, "a node", true, false);
  cursor->at++;
  return true;
}

bool
sim_parse_key_or_node(SimCursor *cursor, bool *ret_is_node, SimKey *ret_key, SimNodeRef *ret_node)
{
  SimName *group;
  *ret_is_node = false;
  if (cursor->at->kind == SIM_TOKEN_KEY)
    return sim_parse_key(cursor, ret_key);
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return sim_expected(cursor, "a key or a node");
  SimName *name = sim_names_find(cursor->parse, cursor->at->text);
  if (name != NULL && name->kind == SIM_NAME_LET)
    return sim_parse_key(cursor, ret_key);
  if (name != NULL)
    return expected_node(cursor, "a key or a node");
  *ret_is_node = true;
  if (!sim_names_node(cursor->parse, cursor->at->text, ret_node, &group))
    sim_names_unknown(cursor, "a key or a node", true, true);
  cursor->at++;
  return true;
}

/* peer3, or peer3..peer9 */
static bool
parse_nodes(SimCursor *cursor, SimNodeRef first, const SimSet **ret)
{
  SimNodeRef last = first;
  cursor->at++;
  if (sim_take_symbol(cursor, "..")) {
    const SimToken *token = cursor->at;
    if (!sim_parse_node(cursor, &last))
      return false;
    if (!cursor->bad && (last.group != first.group || last.number < first.number)) {
      cursor->at = token;
      return sim_expected(cursor, "a later node of the same group");
    }
  }
  SimSet *set = new_set(cursor, SIM_SET_NODES);
  set->group = first.group;
  set->first = first.number;
  set->last = last.number;
  *ret = set;
  return true;
}

static bool
parse_name(SimCursor *cursor, const SimSet **ret)
{
  SimNodeRef node = { 0 };
  SimName *group;
  const char *word = cursor->at->text;
  SimName *name = sim_names_find(cursor->parse, word);
  if (name != NULL && name->kind == SIM_NAME_LET)
    return sim_parse_mistake(cursor->parse, cursor->at, NULL, "expected nodes, found the key '%s'",
                             word);
  if (name != NULL) {
    SimSet *set = new_set(cursor, SIM_SET_GROUP);
    set->group = name->index;
    *ret = set;
    cursor->at++;
    return true;
  }
  if (!sim_names_node(cursor->parse, word, &node, &group))
    sim_names_unknown(cursor, "nodes", true, false);
  return parse_nodes(cursor, node, ret);
}

/* `ring LO..HI`, where LO and HI are keys; a group may be called ring, too. */
static bool
at_arc(const SimCursor *cursor)
{
  if (!sim_at_word(cursor, "ring"))
    return false;
  const SimToken *next = &cursor->at[1];
  return next->kind == SIM_TOKEN_KEY ||
         ((next->kind == SIM_TOKEN_WORD || next->kind == SIM_TOKEN_NUMBER) &&
          sim_token_is(&next[1], SIM_TOKEN_SYMBOL, ".."));
}

static bool
parse_arc(SimCursor *cursor, const SimSet **ret)
{
  SimSet *set = new_set(cursor, SIM_SET_RING);
  *ret = set;
  cursor->at++;
  if (!sim_parse_key(cursor, &set->low))
    return false;
  if (!sim_take_symbol(cursor, ".."))
    return sim_expected(cursor, "'..'");
  return sim_parse_key(cursor, &set->high);
}

static bool parse_item(SimCursor *cursor, unsigned depth, const SimSet **ret);

static bool
at_nodes(const SimCursor *cursor)
{
  SimNodeRef node;
  SimName *group;
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return false;
  const SimName *name = sim_names_find(cursor->parse, cursor->at->text);
  return (name != NULL && name->kind == SIM_NAME_GROUP) ||
         sim_names_node(cursor->parse, cursor->at->text, &node, &group);
}

static bool
parse_share(SimCursor *cursor, unsigned depth, const SimSet **ret)
{
  SimSet *set = new_set(cursor, SIM_SET_SHARE);
  *ret = set;
  g_ptr_array_add(cursor->parse->draws, set);
  const SimToken *token = cursor->at;
  if (!sim_parse_ratio(cursor, &set->share))
    return false;
  if (set->share.num == 0) {
    cursor->at = token;
    return sim_expected(cursor, "a share above 0%");
  }
  if (sim_take_word(cursor, "of"))
    return parse_item(cursor, depth + 1, &set->of);
  if (at_nodes(cursor))
    return sim_expected(cursor, "'of'");
  set->of = new_set(cursor, SIM_SET_ALIVE);
  return true;
}

static bool
parse_some(SimCursor *cursor, unsigned depth, const SimSet **ret)
{
  SimSet *set = new_set(cursor, SIM_SET_COUNT);
  *ret = set;
  g_ptr_array_add(cursor->parse->draws, set);
  if (!sim_parse_count32(cursor, 1, UINT32_MAX, &set->count))
    return false;
  if (!sim_take_word(cursor, "of"))
    return sim_expected(cursor, "'of'");
  return parse_item(cursor, depth + 1, &set->of);
}

static bool
parse_item(SimCursor *cursor, unsigned depth, const SimSet **ret)
{
  if (depth > OF_MAX)
    return sim_expected(cursor, "fewer 'of' in a row");
  if (cursor->at->kind == SIM_TOKEN_NUMBER)
    return strpbrk(cursor->at->text, "%/") != NULL ? parse_share(cursor, depth, ret)
                                                   : parse_some(cursor, depth, ret);
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return sim_expected(cursor, A_SET);
  if (at_arc(cursor))
    return parse_arc(cursor, ret);
  if (sim_at_word(cursor, "rest") && !cursor->rest_ok)
    return sim_expected(cursor, "nodes; only the last part of a partition can be 'rest'");
  static const char *const words[] = { "all", "alive", "rest" };
  static const SimSetKind kinds[] = { SIM_SET_ALL, SIM_SET_ALIVE, SIM_SET_REST };
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (sim_take_word(cursor, words[i])) {
      *ret = new_set(cursor, kinds[i]);
      return true;
    }
  return parse_name(cursor, ret);
}

const SimSet *const *
sim_parse_keep_sets(SimParse *parse, const GPtrArray *sets)
{
  gpointer kept = g_memdup2(sets->pdata, sets->len * sizeof(gpointer));
  return (const SimSet *const *)(void *)sim_arena_own(parse->arena, kept);
}

bool
sim_parse_set(SimCursor *cursor, const SimSet **ret)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new();
  do {
    const SimSet *item = NULL;
    if (!parse_item(cursor, 0, &item))
      return false;
    g_ptr_array_add(items, (gpointer)item);
  } while (sim_take_symbol(cursor, ","));
  if (items->len == 1) {
    *ret = items->pdata[0];
    return true;
  }
  SimSet *set = new_set(cursor, SIM_SET_LIST);
  set->members = sim_parse_keep_sets(cursor->parse, items);
  set->member_count = items->len;
  *ret = set;
  return true;
}
