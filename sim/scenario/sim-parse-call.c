/* Calls of the API: register, update, unregister and search, and what they are expected to give. */
#include "sim-parse.h"

#include "sim-print.h"
#include "sim-suggest.h"

#include <string.h>

#define PAYLOAD_MAX 65536 /* more than the API takes, so that its refusal can be tested */

/* [-> CODE] */
static bool
parse_code(SimCursor *cursor, SimOutcome *outcome)
{
  unsigned i;
  if (!sim_take_symbol(cursor, "->"))
    return true;
  if (!sim_parse_choice(cursor, "a result such as S_OK or DRT_E_DUPLICATE_KEY", sim_hresult_names,
                        &i))
    return false;
  outcome->kind = SIM_OUTCOME_CODE;
  outcome->code = sim_hresult_at(i);
  return true;
}

/* SIZE or "text" */
static bool
parse_payload(SimCursor *cursor, SimPayload *payload)
{
  payload->given = true;
  if (cursor->at->kind == SIM_TOKEN_TEXT) {
    const SimToken *token = cursor->at;
    sim_parse_text(cursor, "", &payload->text);
    size_t size = strlen(payload->text);
    payload->size = (uint32_t)size;
    if (size <= PAYLOAD_MAX)
      return true;
    cursor->at = token;
    return sim_expected(cursor, "at most 65536 bytes");
  }
  if (cursor->at->kind != SIM_TOKEN_NUMBER)
    return sim_expected(cursor, "a size such as 64B, or a text in quotes");
  uint64_t size = 0;
  bool good = sim_parse_size(cursor, 0, PAYLOAD_MAX, &size);
  payload->size = (uint32_t)size;
  return good;
}

/* A size that the API always refuses needs the refusal as its outcome: else nothing would happen. */
static void
check_payload(SimCursor *cursor, const SimAction *action, const SimToken *token)
{
  const SimPayload *payload = &action->call.payload;
  if (action->call.outcome.kind != SIM_OUTCOME_ANY || !payload->given ||
      (payload->size >= 1 && payload->size <= DRT_MAX_PAYLOAD_SIZE))
    return;
  g_autofree char *found = sim_token_found(token);
  cursor->bad = true;
  sim_parse_mistake(cursor->parse, token, NULL,
                    "expected 1B to %uB, or '-> E_INVALIDARG' behind it, found %s",
                    (unsigned)DRT_MAX_PAYLOAD_SIZE, found);
}

/* SET [key KEY] [payload ...] [-> CODE], the middle in any order. */
static bool
parse_call(SimCursor *cursor, SimAction *action, bool payload_ok)
{
  const SimToken *payload = NULL;
  if (!sim_parse_set(cursor, &action->set))
    return false;
  while (cursor->at->kind == SIM_TOKEN_WORD) {
    const SimToken *token = cursor->at;
    bool key = sim_take_word(cursor, "key");
    if (!key && (!payload_ok || !sim_take_word(cursor, "payload")))
      return sim_expected(cursor, payload_ok ? "'key', 'payload' or '->'" : "'key' or '->'");
    if (key ? action->call.has_key : action->call.payload.given)
      return sim_parse_mistake(cursor->parse, token, NULL, "'%s' is there twice", token->text);
    action->call.has_key |= key;
    if (!key)
      payload = cursor->at;
    if (key ? !sim_parse_key(cursor, &action->call.key)
            : !parse_payload(cursor, &action->call.payload))
      return false;
  }
  if (!parse_code(cursor, &action->call.outcome))
    return false;
  check_payload(cursor, action, payload);
  return true;
}

bool
sim_parse_register(SimCursor *cursor, SimAction *action)
{
  return parse_call(cursor, action, true);
}

bool
sim_parse_update(SimCursor *cursor, SimAction *action)
{
  const SimToken *from = cursor->at;
  if (!parse_call(cursor, action, true))
    return false;
  if (action->call.payload.given)
    return true;
  while (!sim_at_symbol(&(SimCursor){ .at = from }, "->") && from < cursor->at)
    from++;
  cursor->at = from;
  return sim_expected(cursor, "'payload'");
}

bool
sim_parse_unregister(SimCursor *cursor, SimAction *action)
{
  return parse_call(cursor, action, false);
}

/* ---- Searches ---- */

#define AN_OUTCOME "'found', 'not-found', a node or a result such as S_OK"

/* [-> found | not-found | NODE | CODE] */
static bool
parse_outcome(SimCursor *cursor, SimOutcome *outcome)
{
  if (!sim_take_symbol(cursor, "->"))
    return true;
  if (sim_take_word(cursor, "found")) {
    outcome->kind = SIM_OUTCOME_FOUND;
    return true;
  }
  if (sim_take_word(cursor, "not-found")) {
    outcome->kind = SIM_OUTCOME_NOT_FOUND;
    return true;
  }
  for (unsigned i = 0; sim_hresult_names[i] != NULL; i++)
    if (sim_take_word(cursor, sim_hresult_names[i])) {
      *outcome = (SimOutcome){ .kind = SIM_OUTCOME_CODE, .code = sim_hresult_at(i) };
      return true;
    }
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return sim_expected(cursor, AN_OUTCOME);
  SimName *group;
  outcome->kind = SIM_OUTCOME_NODE;
  if (sim_names_node(cursor->parse, cursor->at->text, &outcome->node, &group)) {
    cursor->at++;
    return true;
  }
  static const char *const words[] = { "found", "not-found", NULL };
  bool upper = g_ascii_isupper(*cursor->at->text); /* no node is called like that */
  if (upper || sim_suggest(cursor->at->text, words) != NULL)
    return sim_expected_one_of(cursor, AN_OUTCOME, upper ? sim_hresult_names : words);
  return sim_parse_node(cursor, &outcome->node);
}

static bool
parse_search_option(SimCursor *cursor, unsigned option, SimAction *action, const SimToken **range)
{
  switch (option) {
  case 0:
    action->search.mode = SIM_SEARCH_NEAREST;
    return true;
  case 1:
    action->search.mode = SIM_SEARCH_RANGE;
    *range = cursor->at;
    return sim_parse_key(cursor, &action->search.low) &&
           sim_parse_key(cursor, &action->search.high);
  case 2:
    return sim_parse_count32(cursor, 1, 1000000, &action->search.results_max);
  default:
    return sim_parse_period(cursor, &action->search.timeout);
  }
}

static bool
parse_search_options(SimCursor *cursor, SimAction *action, const SimToken **range)
{
  static const char *const names[] = { "nearest", "range", "max", "timeout", NULL };
  unsigned seen = 0;
  while (cursor->at->kind == SIM_TOKEN_WORD) {
    const SimToken *token = cursor->at;
    unsigned option;
    if (!sim_parse_choice(cursor, "'nearest', 'range', 'max', 'timeout' or '->'", names, &option))
      return false;
    if ((seen & 1U << option) != 0)
      return sim_parse_mistake(cursor->parse, token, NULL, "'%s' is there twice", token->text);
    seen |= 1U << option;
    if ((seen & 3) == 3)
      return sim_parse_mistake(cursor->parse, token, NULL, "expected either 'nearest' or 'range'");
    if (!parse_search_option(cursor, option, action, range))
      return false;
  }
  return true;
}

/* DrtStartSearch refuses a range without the key that is looked for. */
static void
check_range(SimCursor *cursor, const SimAction *action, const SimToken *range)
{
  const SimKey *key = &action->search.key;
  if (range == NULL || cursor->bad || action->search.for_node ||
      action->search.outcome.kind == SIM_OUTCOME_CODE ||
      (memcmp(key, &action->search.low, sizeof *key) >= 0 &&
       memcmp(key, &action->search.high, sizeof *key) <= 0))
    return;
  g_autofree char *low = sim_token_found(range), *high = sim_token_found(range + 1);
  cursor->bad = true;
  sim_parse_mistake(cursor->parse, range, NULL,
                    "expected a range that has the key in it, or '-> DRT_E_INVALID_SEARCH_RANGE' "
                    "behind it, found %s to %s",
                    low, high);
}

/* search RATE [from SET] [missing RATIO] */
static bool
parse_workload(SimCursor *cursor, SimAction *action)
{
  action->kind = SIM_ACTION_WORKLOAD;
  action->workload.missing = sim_ratio(0, 1);
  if (!sim_parse_rate(cursor, &action->workload.rate))
    return false;
  if (sim_take_word(cursor, "from") && !sim_parse_set(cursor, &action->set))
    return false;
  return !sim_take_word(cursor, "missing") || sim_parse_ratio(cursor, &action->workload.missing);
}

bool
sim_parse_search(SimCursor *cursor, SimAction *action)
{
  bool number = cursor->at->kind == SIM_TOKEN_NUMBER;
  bool lasts = action->schedule == SIM_SCHEDULE_LASTS;
  if (sim_at_rate(cursor) ||
      (number && lasts && !sim_token_is(cursor->at + 1, SIM_TOKEN_WORD, "of")))
    return parse_workload(cursor, action);
  action->search.results_max = 1;
  action->search.timeout = SIM_SEARCH_TIMEOUT;
  if (!sim_parse_set(cursor, &action->set))
    return false;
  if (!sim_take_word(cursor, "for"))
    return sim_expected(cursor, "'for'");
  const SimToken *range = NULL;
  if (!sim_parse_key_or_node(cursor, &action->search.for_node, &action->search.key,
                             &action->search.node) ||
      !parse_search_options(cursor, action, &range) ||
      !parse_outcome(cursor, &action->search.outcome))
    return false;
  check_range(cursor, action, range);
  return true;
}
