/* Timers and limits of the protocol, under the names that the core has for them. */
#include "sim-parse.h"

#include "sim-protocol.h"

static bool
parse_crypto_cost(SimCursor *cursor)
{
  static const char *const names[] = { "sign", "verify", NULL };
  static const char *const wholes[] = { "crypto-cost sign", "crypto-cost verify" };
  SimScenario *scenario = cursor->parse->scenario;
  const SimToken *token = cursor->at;
  unsigned i;
  if (!sim_parse_choice(cursor, "'sign' or 'verify'", names, &i))
    return false;
  sim_parse_once(cursor, wholes[i], token);
  const SimToken *value = cursor->at;
  SimTime *to = i == 0 ? &scenario->crypto_sign : &scenario->crypto_verify;
  if (!sim_parse_time(cursor, to))
    return false;
  if (*to <= SIM_CRYPTO_COST_MAX)
    return true;
  cursor->at = value;
  return sim_expected(cursor, "a time of at most 1s");
}

static bool
parse_value(SimCursor *cursor, const DrtSetting *setting, int64_t *ret)
{
  const SimToken *token = cursor->at;
  uint64_t count = 0;
  if (setting->unit == DRT_SETTING_TIME ? !sim_parse_time(cursor, ret)
                                        : !sim_parse_count(cursor, 0, INT64_MAX, &count))
    return false;
  if (setting->unit == DRT_SETTING_COUNT)
    *ret = (int64_t)count;
  if (*ret >= setting->least && *ret <= setting->most)
    return true;
  g_autofree char *least = sim_protocol_value(setting, setting->least);
  g_autofree char *most = sim_protocol_value(setting, setting->most);
  g_autofree char *what = g_strdup_printf("%s to %s for '%s'", least, most, setting->name);
  cursor->at = token;
  return sim_expected(cursor, what);
}

static bool
expected_setting(SimCursor *cursor)
{
  size_t count;
  const DrtSetting *list = drt_settings_list(&count);
  g_autofree const char **names = g_new0(const char *, count + 2);
  for (size_t i = 0; i < count; i++)
    names[i] = list[i].name;
  names[count] = "crypto-cost";
  return sim_expected_one_of(cursor, "a timer or limit of the protocol", names);
}

static bool
add_setting(SimCursor *cursor, void *data)
{
  (void)data;
  const SimToken *token = cursor->at;
  if (sim_take_word(cursor, "crypto-cost"))
    return parse_crypto_cost(cursor);
  SimProtocolSetting setting = { .where = sim_parse_where(cursor->parse, token) };
  if (token->kind == SIM_TOKEN_WORD)
    setting.setting = drt_settings_find(token->text);
  if (setting.setting == NULL)
    return expected_setting(cursor);
  cursor->at++;
  if (!parse_value(cursor, setting.setting, &setting.value))
    return false;
  sim_parse_once(cursor, setting.setting->name, token);
  g_array_append_val(cursor->parse->protocol, setting);
  return true;
}

bool
sim_parse_protocol_block(SimCursor *cursor)
{
  return sim_parse_block(cursor, add_setting, NULL);
}
