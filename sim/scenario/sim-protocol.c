#include "sim-protocol.h"

#include "sim-print.h"

char *
sim_protocol_value(const DrtSetting *setting, int64_t value)
{
  GString *text = g_string_new(NULL);
  switch (setting->unit) {
  case DRT_SETTING_TIME:
    sim_print_time(text, value);
    break;
  case DRT_SETTING_COUNT:
    g_string_append_printf(text, "%" G_GINT64_FORMAT, value);
    break;
  }
  return g_string_free(text, FALSE);
}

SimProtocolRow
sim_protocol_row(size_t i)
{
  /* Not of the core: the time that cryptography takes here. */
  static const DrtSetting own[] = {
    { "crypto-cost sign", "drtsim: what a signature takes", DRT_SETTING_TIME, 0, 0, DRT_SECOND, 0 },
    { "crypto-cost verify", "drtsim: what checking one takes", DRT_SETTING_TIME, 0, 0, DRT_SECOND,
      0 },
  };
  size_t count;
  const DrtSetting *list = drt_settings_list(&count);
  if (i >= count + G_N_ELEMENTS(own))
    return (SimProtocolRow){ 0 };
  const DrtSetting *setting = i < count ? &list[i] : &own[i - count];
  return (SimProtocolRow){ .name = setting->name,
                           .source = setting->source,
                           .value = sim_protocol_value(setting, setting->value),
                           .least = sim_protocol_value(setting, setting->least),
                           .most = sim_protocol_value(setting, setting->most) };
}

void
sim_protocol_row_clear(SimProtocolRow *row)
{
  g_free(row->value);
  g_free(row->least);
  g_free(row->most);
  *row = (SimProtocolRow){ 0 };
}
