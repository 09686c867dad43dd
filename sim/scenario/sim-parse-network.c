/* Blocks, and the settings of the network in them. */
#include "sim-parse.h"

#include "sim-matrix.h"

#include <string.h>

/* ---- Blocks ---- */

static void
skip_setting(SimCursor *cursor)
{
  while (cursor->at->kind != SIM_TOKEN_END && cursor->at->kind != SIM_TOKEN_BREAK &&
         !sim_at_symbol(cursor, "}"))
    cursor->at++;
}

bool
sim_parse_block(SimCursor *cursor, bool (*setting)(SimCursor *cursor, void *data), void *data)
{
  if (!sim_take_symbol(cursor, "{"))
    return sim_expected(cursor, "'{'");
  while (!sim_take_symbol(cursor, "}")) {
    if (cursor->at->kind == SIM_TOKEN_BREAK) {
      cursor->at++;
      continue;
    }
    if (cursor->at->kind == SIM_TOKEN_END)
      return sim_expected(cursor, "'}'");
    bool good = setting(cursor, data);
    if (good && cursor->at->kind != SIM_TOKEN_BREAK && !sim_at_symbol(cursor, "}"))
      good = sim_expected(cursor, "';', '}' or the end of the line");
    if (!good) {
      cursor->bad = true;
      skip_setting(cursor);
    }
  }
  return true;
}

/* ---- Settings ---- */

typedef struct {
  SimParse *parse;
  const SimSource *source;
  const char *start; /* of @line */
  uint32_t line, wrong;
} Matrix;

static void
tell_matrix(void *data, uint32_t line, const char *message)
{
  Matrix *matrix = data;
  for (; matrix->line < line && strchr(matrix->start, '\n') != NULL; matrix->line++)
    matrix->start = strchr(matrix->start, '\n') + 1;
  if (matrix->wrong++ < SIM_MISTAKES_MAX)
    sim_source_mistake(matrix->source, matrix->parse->mistakes, matrix->start, line, 1, NULL,
                       g_strdup(message));
  else
    matrix->parse->left_off++;
}

/* Whoever runs the scenario reads it again; here it is looked at for its mistakes. */
static bool
check_matrix(SimParse *parse, const SimSource *source)
{
  Matrix told = { .parse = parse, .source = source, .start = source->text, .line = 1 };
  SimMatrix *matrix = sim_matrix_read(source->text, source->size, tell_matrix, &told);
  sim_matrix_free(matrix);
  return matrix != NULL;
}

static bool
parse_latency(SimCursor *cursor, SimNetworkSetting *to)
{
  const SimToken *token;
  if (sim_take_word(cursor, "plane")) {
    to->kind = SIM_NETWORK_PLANE;
    return sim_parse_period(cursor, &to->time);
  }
  if (!sim_take_word(cursor, "matrix"))
    return sim_parse_distribution(cursor, &to->distribution);
  to->kind = SIM_NETWORK_MATRIX;
  token = cursor->at;
  const char *name;
  if (!sim_parse_text(cursor, "the name of a file in quotes", &name))
    return false;
  to->path = sim_reader_resolve(cursor->parse, token->source, name);
  SimSource *source = sim_reader_open(cursor->parse, to->path, token);
  cursor->bad |= source == NULL || !check_matrix(cursor->parse, source);
  return true;
}

static bool
parse_burst(SimCursor *cursor, SimNetworkSetting *to)
{
  if (!sim_parse_ratio(cursor, &to->ratio))
    return false;
  if (!sim_take_word(cursor, "length"))
    return sim_expected(cursor, "'length'");
  return sim_parse_count(cursor, 1, 1000000, &to->count);
}

static bool
parse_reorder(SimCursor *cursor, SimNetworkSetting *to)
{
  if (!sim_parse_ratio(cursor, &to->ratio))
    return false;
  if (!sim_take_word(cursor, "by"))
    return sim_expected(cursor, "'by'");
  return sim_parse_period(cursor, &to->time);
}

static bool
parse_bandwidth(SimCursor *cursor, SimNetworkSetting *to)
{
  const SimToken *token = cursor->at;
  if (!sim_parse_byte_rate(cursor, &to->ratio))
    return false;
  if (to->ratio.num > 0)
    return true;
  cursor->at = token;
  return sim_expected(cursor, "a rate above 0");
}

/* Bytes that a packet has at most; here a plain number will do as well. */
static bool
parse_mtu(SimCursor *cursor, SimNetworkSetting *to)
{
  uint64_t least = 128, most = 65575;
  if (cursor->at->kind == SIM_TOKEN_NUMBER && sim_count_from_text(cursor->at->text, &to->count))
    return sim_parse_count(cursor, least, most, &to->count);
  return sim_parse_size(cursor, least, most, &to->count);
}

static bool
parse_setting(SimCursor *cursor, SimNetworkSetting *to)
{
  static const char *const names[] = { "latency", "jitter",    "loss",  "burst-loss", "duplicate",
                                       "reorder", "bandwidth", "queue", "mtu",        NULL };
  static const SimNetworkKind kinds[] = { SIM_NETWORK_LATENCY,   SIM_NETWORK_JITTER,
                                          SIM_NETWORK_LOSS,      SIM_NETWORK_BURST_LOSS,
                                          SIM_NETWORK_DUPLICATE, SIM_NETWORK_REORDER,
                                          SIM_NETWORK_BANDWIDTH, SIM_NETWORK_QUEUE,
                                          SIM_NETWORK_MTU };
  unsigned i;
  to->where = sim_parse_where(cursor->parse, cursor->at);
  if (!sim_parse_choice(cursor, "a setting of the network", names, &i))
    return false;
  to->kind = kinds[i];
  switch (to->kind) {
  case SIM_NETWORK_LATENCY:
  case SIM_NETWORK_PLANE:
  case SIM_NETWORK_MATRIX:
    return parse_latency(cursor, to);
  case SIM_NETWORK_JITTER:
    return sim_parse_distribution(cursor, &to->distribution);
  case SIM_NETWORK_LOSS:
  case SIM_NETWORK_DUPLICATE:
    return sim_parse_ratio(cursor, &to->ratio);
  case SIM_NETWORK_BURST_LOSS:
    return parse_burst(cursor, to);
  case SIM_NETWORK_REORDER:
    return parse_reorder(cursor, to);
  case SIM_NETWORK_BANDWIDTH:
    return parse_bandwidth(cursor, to);
  case SIM_NETWORK_QUEUE:
    return sim_parse_size(cursor, 1, UINT32_MAX, &to->count);
  case SIM_NETWORK_MTU:
    return parse_mtu(cursor, to);
  }
  return false;
}

static bool
add_to_block(SimCursor *cursor, void *data)
{
  (void)data;
  SimNetworkSetting setting = { 0 };
  const SimToken *token = cursor->at;
  if (!parse_setting(cursor, &setting))
    return false;
  sim_parse_once(cursor, token->text, token);
  g_array_append_val(cursor->parse->network, setting);
  return true;
}

bool
sim_parse_network_block(SimCursor *cursor)
{
  return sim_parse_block(cursor, add_to_block, NULL);
}

static bool
add_to_list(SimCursor *cursor, void *data)
{
  SimNetworkSetting setting = { 0 };
  if (!parse_setting(cursor, &setting))
    return false;
  g_array_append_val((GArray *)data, setting);
  return true;
}

bool
sim_parse_network_settings(SimCursor *cursor, const SimNetworkSetting **ret, uint32_t *ret_count)
{
  GArray *list = g_array_new(FALSE, TRUE, sizeof(SimNetworkSetting));
  bool good = sim_at_symbol(cursor, "{") ? sim_parse_block(cursor, add_to_list, list)
                                         : add_to_list(cursor, list);
  if (good && list->len == 0 && !cursor->bad)
    good = sim_parse_mistake(cursor->parse, cursor->at - 1, NULL,
                             "expected a setting of the network, found none");
  *ret_count = list->len;
  *ret = sim_arena_steal(cursor->parse->arena, list);
  return good;
}
