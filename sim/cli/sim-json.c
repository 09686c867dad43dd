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
