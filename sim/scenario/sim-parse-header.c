/* Statements about the file as a whole, about names and about nodes. */
#include "sim-parse.h"

#include "sim-classes.h"
#include "sim-suggest.h"

#include <string.h>

void
sim_parse_language(SimParse *parse, const SimStatement *statement)
{
  SimCursor cursor = { .parse = parse, .at = &statement->tokens[1] };
  uint64_t version;
  if (statement->broken || cursor.at->kind != SIM_TOKEN_NUMBER ||
      (sim_count_from_text(cursor.at->text, &version) && version == SIM_LANGUAGE_VERSION))
    return; /* anything else that is wrong is told in its turn */
  /* What else is wrong with the file may be right in that version. */
  g_ptr_array_set_size(parse->mistakes->list, 0);
  g_autofree char *found = sim_token_found(cursor.at);
  sim_parse_mistake(parse, cursor.at, NULL,
                    "expected version %d of the language, the only one known here, found %s",
                    SIM_LANGUAGE_VERSION, found);
  parse->foreign = true;
}

static bool
parse_language(SimCursor *cursor)
{
  uint64_t version = 0;
  return sim_parse_count(cursor, SIM_LANGUAGE_VERSION, SIM_LANGUAGE_VERSION, &version);
}

static bool
parse_title(SimCursor *cursor)
{
  return sim_parse_text(cursor, "a title in quotes", &cursor->parse->scenario->title);
}

static bool
parse_seed(SimCursor *cursor)
{
  return sim_parse_count(cursor, 0, UINT64_MAX, &cursor->parse->scenario->seed);
}

static bool
parse_sample(SimCursor *cursor)
{
  if (!sim_take_word(cursor, "every"))
    return sim_expected(cursor, "'every'");
  return sim_parse_period(cursor, &cursor->parse->scenario->sample);
}

/* One unknown class hides no other. */
static bool
parse_trace(SimCursor *cursor)
{
  unsigned record = 0, n = 0;
  const SimToken *none = NULL;
  do {
    unsigned i;
    const SimToken *token = cursor->at;
    bool known = sim_parse_choice(cursor, "a class of the trace", sim_class_names, &i);
    if (!known && token->kind != SIM_TOKEN_WORD)
      return false;
    n++;
    cursor->bad |= !known;
    cursor->at = token + 1;
    if (!known)
      continue;
    none = i == 0 ? token : none;
    record |= sim_class_mask(i);
  } while (cursor->at->kind == SIM_TOKEN_WORD);
  if (none != NULL && n > 1)
    return sim_parse_mistake(cursor->parse, none, NULL, "expected 'none' alone, or no 'none'");
  cursor->parse->scenario->record = record;
  return true;
}

/* ---- Names ---- */

/* The name was made known before all else; what is wrong with it is told here. */
static SimName *
parse_new_name(SimCursor *cursor, const char *what, SimNameKind kind)
{
  const SimToken *token = cursor->at;
  bool word = token->kind == SIM_TOKEN_WORD;
  SimName *name = word ? sim_names_find(cursor->parse, token->text) : NULL;
  if (word && kind == SIM_NAME_GROUP && sim_names_is_reserved(token->text))
    sim_parse_mistake(cursor->parse, token, NULL,
                      "expected another name for the group: '%s' has a meaning of its own",
                      token->text);
  else if (name == NULL)
    sim_expected(cursor, what);
  else if (name->token == token) /* else it is there twice, which was told */
    cursor->at++;
  return name != NULL && name->token == token ? name : NULL;
}

static bool
parse_let(SimCursor *cursor)
{
  const SimToken *token = cursor->at;
  SimLet let = { .where = sim_parse_where(cursor->parse, token) };
  SimName *name = parse_new_name(cursor, "a name such as home", SIM_NAME_LET);
  if (name == NULL)
    return false;
  let.name = token->text;
  if (!sim_take_symbol(cursor, "="))
    return sim_expected(cursor, "'='");
  if (!sim_parse_key(cursor, &let.key))
    return false;
  g_array_index(cursor->parse->lets, SimLet, name->index) = let;
  return true;
}

/* ---- Groups ---- */

static bool
parse_bootstrap(SimCursor *cursor, SimGroupSpec *group)
{
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return sim_expected(cursor, "a group");
  SimName *name = sim_names_find(cursor->parse, cursor->at->text);
  if (name != NULL && name->kind != SIM_NAME_GROUP)
    return sim_expected(cursor, "a group");
  if (name != NULL)
    group->bootstrap = name->index;
  else
    sim_names_unknown(cursor, "a group", true, false);
  cursor->at++;
  return true;
}

static bool
parse_payload(SimCursor *cursor, SimGroupSpec *group)
{
  uint64_t size = 0;
  bool good = sim_parse_size(cursor, 1, DRT_MAX_PAYLOAD_SIZE, &size);
  group->payload = (uint32_t)size;
  return good;
}

static bool
parse_security(SimCursor *cursor, SimGroupSpec *group)
{
  static const char *const names[] = { "null", "derived-key", NULL };
  unsigned i;
  if (!sim_parse_choice(cursor, "'null' or 'derived-key'", names, &i))
    return false;
  group->derived_key = i == 1;
  return true;
}

static bool
parse_mode(SimCursor *cursor, SimGroupSpec *group)
{
  static const char *const names[] = { "resolve", "membership", "confidential", NULL };
  unsigned i;
  if (!sim_parse_choice(cursor, "'resolve', 'membership' or 'confidential'", names, &i))
    return false;
  group->mode = (DRT_SECURITY_MODE)i; /* in the order of the enum */
  return true;
}

static bool
parse_group_option(SimCursor *cursor, unsigned option, SimGroupSpec *group)
{
  switch (option) {
  case 0:
    return sim_parse_count32(cursor, 0, 1000, &group->keys);
  case 1:
    return parse_payload(cursor, group);
  case 2:
    return parse_bootstrap(cursor, group);
  case 3:
    return parse_security(cursor, group);
  default:
    return parse_mode(cursor, group);
  }
}

static bool
parse_group_options(SimCursor *cursor, SimGroupSpec *group)
{
  static const char *const names[] = { "keys", "payload", "bootstrap", "security", "mode", NULL };
  unsigned seen = 0;
  while (cursor->at->kind != SIM_TOKEN_END) {
    unsigned option;
    const SimToken *token = cursor->at;
    if (!sim_parse_choice(cursor, "'keys', 'payload', 'bootstrap', 'security' or 'mode'", names,
                          &option))
      return false;
    if ((seen & 1U << option) != 0)
      return sim_parse_mistake(cursor->parse, token, NULL, "'%s' is there twice", token->text);
    seen |= 1U << option;
    if (!parse_group_option(cursor, option, group))
      return false;
  }
  return true;
}

static bool
parse_group(SimCursor *cursor)
{
  const SimToken *token = cursor->at;
  SimGroupSpec group = { .where = sim_parse_where(cursor->parse, token),
                         .keys = 1,
                         .payload = SIM_GROUP_PAYLOAD,
                         .mode = DRT_SECURE_RESOLVE };
  SimName *name = parse_new_name(cursor, "a name such as peer, in small letters", SIM_NAME_GROUP);
  if (name == NULL)
    return false;
  group.name = token->text;
  if (!sim_parse_count32(cursor, 1, SIM_GROUP_COUNT_MAX, &group.count) ||
      !parse_group_options(cursor, &group))
    return false;
  g_array_index(cursor->parse->groups, SimGroupSpec, name->index) = group;
  return true;
}

bool
sim_parse_header(SimCursor *cursor, bool *ret_known)
{
  static const struct {
    const char *word;
    bool (*parse)(SimCursor *cursor);
    bool once;
  } rows[] = {
    { "language", parse_language, false }, { "title", parse_title, true },
    { "seed", parse_seed, true },          { "sample", parse_sample, true },
    { "trace", parse_trace, true },        { "let", parse_let, false },
    { "group", parse_group, false },
  };
  const SimToken *token = cursor->at;
  *ret_known = true;
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    if (!sim_take_word(cursor, rows[i].word))
      continue;
    if (rows[i].once && !sim_parse_once(cursor, rows[i].word, token))
      return false;
    return rows[i].parse(cursor);
  }
  *ret_known = false;
  return false;
}
