#include "sim-manual-roff.h"

#include <stdbool.h>
#include <string.h>

#define WIDTH 78

/* What means something to roff stands for itself. */
static void
put_char(GString *to, char c)
{
  switch (c) {
  case '\\':
    g_string_append(to, "\\e");
    break;
  case '-':
    g_string_append(to, "\\-"); /* as it is typed, not as it is hyphenated */
    break;
  case '\'':
    g_string_append(to, "\\(aq");
    break;
  case '"':
    g_string_append(to, "\\(dq"); /* behind a macro it would hold words together */
    break;
  case '`':
    g_string_append(to, "\\(ga");
    break;
  case '^':
    g_string_append(to, "\\(ha");
    break;
  case '~':
    g_string_append(to, "\\(ti");
    break;
  default:
    g_string_append_c(to, c);
  }
}

/* At the beginning of a line a '.' is a macro's; a quote is escaped anyway. */
static void
begin_line(GString *to, char first)
{
  if (first == '.')
    g_string_append(to, "\\&");
}

void
sim_manual_roff_lines(GString *to, const char *lines)
{
  bool begins = true;
  for (const char *c = lines; *c != '\0'; c++) {
    if (begins)
      begin_line(to, *c);
    begins = *c == '\n';
    put_char(to, *c);
  }
  if (!begins)
    g_string_append_c(to, '\n');
}

static bool
ends_sentence(const char *c)
{
  return strchr(".!?", *c) != NULL && c[1] == ' ';
}

/* From @start on, so that no line is longer than WIDTH if blanks allow it. */
static void
fold(GString *to, gsize start)
{
  g_autofree char *text = g_strdup(to->str + start);
  g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
  g_string_truncate(to, start);
  for (unsigned i = 0; lines[i] != NULL; i++) {
    g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
    gsize column = 0;
    for (unsigned k = 0; words[k] != NULL; k++) {
      bool breaks = column > 0 && column + 1 + strlen(words[k]) > WIDTH;
      if (column > 0)
        g_string_append_c(to, breaks ? '\n' : ' ');
      if (breaks) {
        column = 0;
        begin_line(to, words[k][0]);
      }
      column += (column > 0) + strlen(words[k]);
      g_string_append(to, words[k]);
    }
    g_string_append_c(to, '\n');
  }
}

/* Behind a sentence. Blanks are skipped. */
static const char *
next_sentence(GString *to, const char *c)
{
  g_string_append_c(to, '\n');
  while (*c == ' ')
    c++;
  begin_line(to, *c);
  return c;
}

void
sim_manual_roff_text(GString *to, const char *text)
{
  gsize start = to->len;
  begin_line(to, *text);
  for (const char *c = text; *c != '\0';) {
    put_char(to, *c);
    c = ends_sentence(c) ? next_sentence(to, c + 1) : c + 1;
  }
  fold(to, start);
}

/* `code` at @c, as strong text. Behind it. */
static const char *
put_code(GString *to, const char *c)
{
  g_string_append(to, "\\fB");
  for (c++; *c != '`' && *c != '\0'; c++)
    put_char(to, *c);
  g_string_append(to, "\\fP");
  return *c == '\0' ? c : c + 1;
}

void
sim_manual_roff_markdown(GString *to, const char *text)
{
  bool strong = false;
  gsize start = to->len;
  begin_line(to, *text);
  for (const char *c = text; *c != '\0';) {
    if (*c == '`') {
      c = put_code(to, c);
    } else if (g_str_has_prefix(c, "**")) {
      strong = !strong;
      g_string_append(to, strong ? "\\fB" : "\\fP");
      c += 2;
    } else if (*c == '[') {
      c++; /* the text of a link is what remains of it */
    } else if (g_str_has_prefix(c, "](") && strchr(c, ')') != NULL) {
      c = strchr(c, ')') + 1;
    } else if (*c == '\\' && g_ascii_ispunct(c[1])) {
      put_char(to, c[1]);
      c += 2;
    } else {
      put_char(to, *c);
      c = ends_sentence(c) ? next_sentence(to, c + 1) : c + 1;
    }
  }
  fold(to, start);
}

void
sim_manual_roff_literal(GString *to, const char *lines)
{
  g_string_append(to, ".Bd -literal -offset indent\n");
  sim_manual_roff_lines(to, lines);
  g_string_append(to, ".Ed\n");
}

void
sim_manual_roff_begin(GString *to, const char *date, const char *name, const char *section,
                      const char *summary)
{
  g_autofree char *upper = g_ascii_strup(name, -1);
  g_string_append_printf(to, ".Dd %s\n.Dt %s %s\n.Os\n.Sh NAME\n.Nm %s\n.Nd ", date, upper, section,
                         name);
  sim_manual_roff_lines(to, summary);
}
