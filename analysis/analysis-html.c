#include "analysis-html.h"

#include <string.h>

void
analysis_html_text(GString *to, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text == NULL ? "-" : text, -1);
  for (char *c = valid; *c != '\0'; c++)
    if ((guchar)*c < ' ' && *c != '\n' && *c != '\t')
      *c = ' '; /* no page may have them, escaped or not */
  g_autofree char *escaped = g_markup_escape_text(valid, -1);
  g_string_append(to, escaped);
}

void
analysis_html_format(GString *to, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  analysis_html_text(to, text);
}

void
analysis_html_element(GString *to, const char *tag, const char *class, const char *text)
{
  if (class == NULL)
    g_string_append_printf(to, "<%s>", tag);
  else
    g_string_append_printf(to, "<%s class=\"%s\">", tag, class);
  analysis_html_text(to, text);
  g_string_append_printf(to, "</%s>", tag);
}

void
analysis_html_figure(GString *to, const char *name, const char *value, const char *remark)
{
  g_string_append(to, "<div>");
  analysis_html_element(to, "dt", NULL, name);
  g_string_append(to, "<dd>");
  analysis_html_text(to, value);
  if (remark != NULL)
    analysis_html_element(to, "small", NULL, remark);
  g_string_append(to, "</dd></div>\n");
}

void
analysis_html_head(GString *to, const char *const *names)
{
  g_string_append(to, "<div class=\"wide\"><table><thead><tr>");
  for (; *names != NULL; names++) {
    bool number = **names == '>';
    analysis_html_element(to, "th", number ? "n" : NULL, *names + number);
  }
  g_string_append(to, "</tr></thead><tbody>\n");
}

char *
analysis_html_svg(GBytes *picture, const char *prefix, const char *title)
{
  size_t size;
  const char *data = g_bytes_get_data(picture, &size);
  GString *text = g_string_new_len(data, (gssize)size);
  const char *start = strstr(text->str, "<svg");
  if (start != NULL)
    g_string_erase(text, 0, start - text->str); /* the declaration of a document of its own */
  g_autofree char *name = g_markup_escape_text(title, -1);
  g_autofree char *titled = g_strdup_printf("<title>%s</title>", name);
  g_autofree char *id = g_strdup_printf(" id='%s", prefix);
  g_autofree char *other_id = g_strdup_printf(" id=\"%s", prefix);
  g_autofree char *reference = g_strdup_printf("href='#%s", prefix);
  g_autofree char *filter = g_strdup_printf("url(#%s", prefix);
  const struct {
    const char *from, *to;
  } edits[] = {
    { "<svg", "<svg role=\"img\"" },
    { " xmlns=\"http://www.w3.org/2000/svg\"", "" },
    { " xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "" },
    { "<title>Gnuplot</title>", titled },
    { "xlink:href", "href" },
    { "href='#", reference },
    { "url(#", filter },
    { " id='", id },
    { " id=\"", other_id },
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(edits); i++)
    g_string_replace(text, edits[i].from, edits[i].to, 0);
  return g_string_free(text, FALSE);
}
