/* drtsim-scenario(5): the reference of the language is scenarios/README.md, and this makes a page of it.
 * It knows of Markdown what that file uses: headings, paragraphs, fenced blocks and tables. */
#include "sim-manual-roff.h"
#include "sim-manual.h"

#include <stdbool.h>
#include <string.h>

/* What stands before is about the folder, not about the language. */
#define BEGINS "This page is the reference of language version"

typedef struct {
  GString *to;
  char **lines;
  unsigned at;
  bool begun; /* a section: what follows is set apart from what is there */
} Page;

static void
set_apart(Page *page)
{
  if (page->begun)
    g_string_append(page->to, ".Pp\n");
  page->begun = true;
}

static void
heading(Page *page)
{
  const char *line = page->lines[page->at++];
  bool section = g_str_has_prefix(line, "## ");
  g_autofree char *upper = g_ascii_strup(strchr(line, ' ') + 1, -1);
  g_string_append(page->to, section ? ".Sh " : ".Ss ");
  sim_manual_roff_lines(page->to, section ? upper : strchr(line, ' ') + 1);
  page->begun = false;
}

static void
fenced(Page *page)
{
  g_autoptr(GString) block = g_string_new(NULL);
  for (page->at++; page->lines[page->at] != NULL && !g_str_has_prefix(page->lines[page->at], "```");
       page->at++)
    g_string_append_printf(block, "%s\n", page->lines[page->at]);
  page->at += page->lines[page->at] != NULL;
  sim_manual_roff_literal(page->to, block->str);
  page->begun = true;
}

/* (transfer full) The cells of a row, ended by NULL. */
static GStrv
cells_of(const char *row)
{
  g_autofree char *inside = g_strndup(row + 1, strlen(row) - 2);
  /* A '|' inside of a cell has a backslash before it. */
  g_autoptr(GRegex) bar = g_regex_new("(?<!\\\\)\\|", 0, 0, NULL);
  GStrv cells = g_regex_split(bar, inside, 0);
  for (unsigned i = 0; cells[i] != NULL; i++)
    g_strstrip(cells[i]);
  return cells;
}

/* Two columns: a list of what the first one names. */
static void
list_row(Page *page, char **cells, bool head)
{
  if (head && *cells[1] == '\0')
    return;
  g_string_append(page->to, head ? ".It Em " : ".It ");
  sim_manual_roff_markdown(page->to, cells[0]);
  if (head)
    g_string_append(page->to, ".Em ");
  sim_manual_roff_markdown(page->to, cells[1]);
}

static void
table_row(Page *page, char **cells)
{
  for (unsigned i = 0; cells[i] != NULL; i++) {
    g_string_append(page->to, "T{\n");
    if (*cells[i] != '\0')
      sim_manual_roff_markdown(page->to, cells[i]);
    g_string_append(page->to, cells[i + 1] != NULL ? "T}\t" : "T}\n");
  }
}

static void
table(Page *page)
{
  g_auto(GStrv) head = cells_of(page->lines[page->at]);
  unsigned columns = g_strv_length(head);
  page->at += 2; /* and the line below it */
  if (columns == 2)
    g_string_append(page->to, ".Bl -tag -width Ds\n");
  else {
    set_apart(page);
    g_string_append(page->to, ".TS\nl lx lx.\n");
  }
  if (columns == 2)
    list_row(page, head, true);
  else
    table_row(page, head);
  for (; page->lines[page->at] != NULL && page->lines[page->at][0] == '|'; page->at++) {
    g_auto(GStrv) cells = cells_of(page->lines[page->at]);
    if (columns == 2)
      list_row(page, cells, false);
    else
      table_row(page, cells);
  }
  g_string_append(page->to, columns == 2 ? ".El\n" : ".TE\n");
}

static void
paragraph(Page *page)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (; page->lines[page->at] != NULL && *page->lines[page->at] != '\0'; page->at++)
    g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", page->lines[page->at]);
  set_apart(page);
  sim_manual_roff_markdown(page->to, text->str);
}

void
sim_manual_language(GString *to, const char *date, const char *readme)
{
  sim_manual_roff_begin(to, date, "drtsim-scenario", "5", "the language of drtsim scenario files");
  g_string_append(to,
                  ".Sh DESCRIPTION\n"
                  "A scenario says what nodes there are, what happens to them and when, and what\n"
                  "has to be true.\n"
                  ".Xr drtsim 1\n"
                  "runs it.\n");
  const char *begins = strstr(readme, BEGINS);
  g_assert(begins != NULL);
  g_auto(GStrv) lines = g_strsplit(begins, "\n", -1);
  Page page = { .to = to, .lines = lines, .begun = true };
  while (lines[page.at] != NULL) {
    const char *line = lines[page.at];
    if (*line == '\0')
      page.at++;
    else if (g_str_has_prefix(line, "## ") || g_str_has_prefix(line, "### "))
      heading(&page);
    else if (g_str_has_prefix(line, "```"))
      fenced(&page);
    else if (*line == '|')
      table(&page);
    else
      paragraph(&page);
  }
  g_string_append(to, ".Sh SEE ALSO\n.Xr drtsim 1\n");
}
