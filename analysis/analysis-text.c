#include "analysis-text.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static char *
in_unit(double value, const char *unit)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double size = fabs(value);
  const char *format = size >= 100 || size == floor(size) ? "%.0f" : size >= 10 ? "%.1f" : "%.2g";
  if (size >= 1 && size < 10 && size != floor(size))
    format = "%.1f";
  g_ascii_formatd(text, sizeof text, format, value);
  return g_strdup_printf("%s %s", text, unit);
}

static char *
two_units(double value, const char *unit, const char *part)
{
  int64_t parts = (int64_t)llround(value * 60), whole = parts / 60, rest = parts % 60;
  if (rest == 0)
    return g_strdup_printf("%" G_GINT64_FORMAT " %s", whole, unit);
  return g_strdup_printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s", whole, unit, rest,
                         part);
}

char *
analysis_text_time(double seconds)
{
  if (isnan(seconds))
    return g_strdup("-");
  if (seconds == 0)
    return g_strdup("0 s");
  if (fabs(seconds) < 0.9995)
    return in_unit(seconds * 1000, "ms");
  if (fabs(seconds) < 99.5)
    return in_unit(seconds, "s");
  if (fabs(seconds) < 5970)
    return two_units(seconds / 60, "min", "s");
  return two_units(seconds / 3600, "h", "min");
}

char *
analysis_text_count(int64_t n)
{
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, n);
  GString *text = g_string_new(digits);
  size_t least = n < 0 ? 2 : 1;
  for (size_t at = text->len; at >= least + 3; at -= 3)
    g_string_insert(text, (gssize)(at - 3), "\302\240"); /* no line break in a number */
  return g_string_free(text, FALSE);
}

char *
analysis_text_bytes(double bytes)
{
  static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
  size_t i = 0;
  for (; bytes >= 999.5 && i + 1 < G_N_ELEMENTS(units); i++)
    bytes /= 1000;
  return in_unit(bytes, units[i]);
}

char *
analysis_text_share(double share)
{
  if (isnan(share))
    return g_strdup("-");
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double percent = share * 100;
  if (percent < 100 && percent > 99.995)
    return g_strdup("> 99.99 %");
  const char *format = percent == floor(percent) ? "%.0f" : percent > 99 ? "%.2f" : "%.1f";
  g_ascii_formatd(text, sizeof text, format, percent);
  return g_strdup_printf("%s %%", text);
}

char *
analysis_text_some(int64_t n, const char *one, const char *many)
{
  g_autofree char *count = analysis_text_count(n);
  return g_strdup_printf("%s %s", count, n == 1 ? one : many);
}

char *
analysis_text_cut(const char *text, size_t max)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  for (char *c = valid; *c != '\0'; c++)
    if ((guchar)*c < ' ' || *c == 127)
      *c = ' ';
  if ((size_t)g_utf8_strlen(valid, -1) <= max)
    return g_steal_pointer(&valid);
  g_autofree char *start = g_utf8_substring(valid, 0, (glong)max - 1);
  return g_strconcat(g_strchomp(start), "…", NULL);
}

/* Of Helvetica and DejaVu Sans, the wider; in classes, which is all that a layout needs. */
static double
width_of(gunichar character)
{
  if (character >= 0x1100 && g_unichar_iswide(character))
    return 1.05;
  if (character < 128 && strchr(" iljtfrI.,:;'|!()[]/", (int)character) != NULL)
    return 0.36;
  if (character < 128 && strchr("mwMW%@", (int)character) != NULL)
    return 0.95;
  return g_unichar_isupper(character) ? 0.7 : 0.6;
}

double
analysis_text_width(const char *text)
{
  double width = 0;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c))
    width += width_of(g_utf8_get_char(c));
  return width;
}

char *
analysis_text_line(const char *text, double width, const char **ret_rest)
{
  const char *c = text, *blank = NULL;
  double so_far = 0;
  for (; *c != '\0'; c = g_utf8_next_char(c)) {
    so_far += width_of(g_utf8_get_char(c));
    if (so_far > width)
      break;
    if (*c == ' ')
      blank = c;
  }
  *ret_rest = NULL;
  if (*c == '\0')
    return g_strdup(text);
  const char *end = blank != NULL ? blank : c == text ? g_utf8_next_char(c) : c;
  *ret_rest = blank != NULL ? blank + 1 : end;
  return g_strndup(text, (size_t)(end - text));
}
