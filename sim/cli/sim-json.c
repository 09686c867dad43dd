#include "sim-json.h"

void
sim_json_string(GString *to, const char *text)
{
  if (text == NULL) {
    g_string_append(to, "null");
    return;
  }
  g_autofree char *valid = g_utf8_make_valid(text, -1); /* names of files may be any bytes */
  text = valid;
  g_string_append_c(to, '"');
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\')
      g_string_append_c(to, '\\');
    if (c < 0x20 || c == 0x7f)
      g_string_append_printf(to, "\\u%04x", c);
    else
      g_string_append_c(to, *text);
  }
  g_string_append_c(to, '"');
}

void
sim_json_mistake(GString *to, const SimMistake *mistake, const char *gap)
{
  g_string_append_printf(to, "{\"file\":%s", gap);
  sim_json_string(to, mistake->file);
  g_string_append_printf(to, ",%s\"line\":%s%u,%s\"column\":%s%u,%s\"message\":%s", gap, gap,
                         mistake->line, gap, gap, mistake->column, gap, gap);
  sim_json_string(to, mistake->message);
  g_string_append_printf(to, ",%s\"near\":%s", gap, gap);
  sim_json_string(to, mistake->near);
  g_string_append_c(to, '}');
}
