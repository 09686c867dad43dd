#include "analysis-script.h"

#include <glib.h>
#include <math.h>
#include <stdarg.h>

struct AnalysisScript {
  double width, height;
  GString *body;
};

AnalysisScript *
analysis_script_new(double width, double height)
{
  AnalysisScript *script = g_new0(AnalysisScript, 1);
  script->width = width;
  script->height = height;
  script->body = g_string_new(NULL);
  return script;
}

void
analysis_script_free(AnalysisScript *script)
{
  if (script == NULL)
    return;
  g_string_free(script->body, TRUE);
  g_free(script);
}

double
analysis_script_width(const AnalysisScript *script)
{
  return script->width;
}

double
analysis_script_height(const AnalysisScript *script)
{
  return script->height;
}

void
analysis_script_resize(AnalysisScript *script, double height)
{
  g_assert(script->body->len == 0); /* places are fractions of the page */
  script->height = height;
}

const char *
analysis_script_body(const AnalysisScript *script)
{
  return script->body->str;
}

char *
analysis_script_quote(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  const char *c = valid;
  /* Two quotes at the very beginning would be an empty text. */
  GString *quoted = g_string_new(*c == '\'' ? "\"'\".'" : "'");
  for (c += *c == '\''; *c != '\0'; c++) {
    if (*c == '\'')
      g_string_append_c(quoted, '\''); /* two of them are one, inside single quotes */
    g_string_append_c(quoted, (guchar)*c < ' ' ? ' ' : *c);
  }
  g_string_append_c(quoted, '\'');
  return g_string_free(quoted, FALSE);
}

char *
analysis_script_decimal(double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (isnan(value))
    return g_strdup("NaN");
  return g_strdup(g_ascii_formatd(text, sizeof text, "%.10g", value));
}

void
analysis_script_add(AnalysisScript *script, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_string_append_vprintf(script->body, format, args);
  va_end(args);
}

void
analysis_script_number(AnalysisScript *script, const char *name, double value)
{
  g_autofree char *text = analysis_script_decimal(value);
  analysis_script_add(script, "%s = %s\n", name, text);
}

void
analysis_script_string(AnalysisScript *script, const char *name, const char *value)
{
  g_autofree char *text = analysis_script_quote(value);
  analysis_script_add(script, "%s = %s\n", name, text);
}

void
analysis_script_text_at(AnalysisScript *script, const char *where, AnalysisType type,
                        const char *text)
{
  static const char *const aligns[] = { "left", "center", "right" };
  g_autofree char *marked = type.bold ? g_strdup_printf("{/:Bold %s}", text) : g_strdup(text);
  g_autofree char *quoted = analysis_script_quote(marked);
  g_autofree char *size = analysis_script_decimal(type.size);
  bool boxed = g_strcmp0(type.color, ANALYSIS_BOXED) == 0;
  analysis_script_add(script, "set label %s at %s %s font plain(%s) textcolor rgb '%s' front%s%s\n",
                      quoted, where, aligns[type.align], size,
                      type.color == NULL || boxed ? "black" : type.color,
                      type.bold ? "" : " noenhanced", boxed ? " boxed" : "");
}

void
analysis_script_text(AnalysisScript *script, double x, double y, AnalysisType type,
                     const char *text)
{
  g_autofree char *fx = analysis_script_decimal(x / script->width);
  g_autofree char *fy = analysis_script_decimal(1 - y / script->height);
  g_autofree char *where = g_strdup_printf("screen %s, screen %s", fx, fy);
  analysis_script_text_at(script, where, type, text);
}

void
analysis_script_panel(AnalysisScript *script, const char *prefix, double left, double top,
                      double right, double bottom)
{
  const struct {
    const char *name;
    double at;
  } edges[] = {
    { "left", left / script->width },
    { "right", right / script->width },
    { "top", 1 - top / script->height },
    { "bottom", 1 - bottom / script->height },
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(edges); i++) {
    g_autofree char *name = g_strdup_printf("%s_%s", prefix, edges[i].name);
    analysis_script_number(script, name, edges[i].at);
  }
}
