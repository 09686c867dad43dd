#include "sim-manual-help.h"

#include <string.h>

/* ---- Options. ---- */

static void
option_free(gpointer data)
{
  SimManualOption *option = data;
  g_free(option->names[0]);
  g_free(option->names[1]);
  g_free(option->value);
  g_free(option->text);
  g_free(option);
}

/* "-o, --output PATH": what stands before the text. */
static SimManualOption *
option_new(const char *head)
{
  SimManualOption *option = g_new0(SimManualOption, 1);
  g_auto(GStrv) words = g_strsplit(head, " ", -1);
  unsigned names = 0;
  for (unsigned i = 0; words[i] != NULL; i++) {
    if (words[i][0] != '-')
      option->value = g_strdup(words[i]);
    else if (names < G_N_ELEMENTS(option->names))
      option->names[names++] = g_strndup(words[i], strcspn(words[i], ","));
  }
  option->text = g_strdup("");
  return option;
}

static void
join(char **text, const char *more)
{
  char *joined = g_strjoin(**text == '\0' ? "" : " ", *text, more, NULL);
  g_free(*text);
  *text = joined;
}

/* Head and text are two blanks or more apart; what is indented further goes on with the text. */
static void
take_options(SimManualHelp *help, char **lines)
{
  SimManualOption *option = NULL;
  for (; *lines != NULL; lines++) {
    g_strchug(*lines);
    if (**lines == '-') {
      char *gap = strstr(*lines, "  ");
      g_autofree char *head =
        gap == NULL ? g_strdup(*lines) : g_strndup(*lines, (gsize)(gap - *lines));
      option = option_new(head);
      g_ptr_array_add(help->options, option);
      if (gap != NULL)
        join(&option->text, g_strchug(gap));
    } else if (option != NULL) {
      join(&option->text, *lines);
    }
  }
}

/* ---- Usages, and the places of words. ---- */

static void
place_free(gpointer data)
{
  SimManualPlace *place = data;
  g_ptr_array_unref(place->words);
  g_free(place);
}

static void
add_words(SimManualHelp *help, guint at, const char *token, bool repeats)
{
  while (help->places->len <= at) {
    SimManualPlace *fresh = g_new0(SimManualPlace, 1);
    fresh->words = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(help->places, fresh);
  }
  SimManualPlace *place = help->places->pdata[at];
  place->repeats |= repeats;
  g_auto(GStrv) words = g_strsplit(token, "|", -1);
  for (unsigned i = 0; words[i] != NULL; i++)
    if (!g_ptr_array_find_with_equal_func(place->words, words[i], g_str_equal, NULL))
      g_ptr_array_add(place->words, g_strdup(words[i]));
}

/* "drtsim plot [OPTION]... TRACE [FIGURE]..." without what begins with a '-', and the values of that,
 * which the options tell as well. */
static void
take_places(SimManualHelp *help, const char *usage)
{
  g_autoptr(GRegex) options =
    g_regex_new("\\[(OPTION|-[^]]*)\\](\\.\\.\\.)?|(^| )-\\S+( \\S+)?", 0, 0, NULL);
  g_autofree char *words = g_regex_replace_literal(options, usage, -1, 0, " ", 0, NULL);
  g_autoptr(GRegex) either = g_regex_new(" *\\| *", 0, 0, NULL);
  g_autofree char *joined = g_regex_replace_literal(either, words, -1, 0, "|", 0, NULL);
  g_auto(GStrv) tokens = g_strsplit(joined, " ", -1);
  guint at = 0, seen = 0;
  for (unsigned i = 0; tokens[i] != NULL; i++) {
    if (*tokens[i] == '\0')
      continue;
    if (seen == 1 && strcmp(tokens[i], help->command->name) != 0)
      return; /* `drtsim FILE`, which is no usage of the command */
    if (seen++ < 2)
      continue;
    bool repeats = g_str_has_suffix(tokens[i], "...");
    if (repeats)
      tokens[i][strlen(tokens[i]) - 3] = '\0';
    bool optional = *tokens[i] == '[';
    if (optional)
      tokens[i][strlen(tokens[i]) - 1] = '\0';
    add_words(help, at++, tokens[i] + optional, repeats);
  }
}

static void
take_usages(SimManualHelp *help, char **lines)
{
  for (; *lines != NULL; lines++) {
    char *usage = g_str_has_prefix(*lines, "Usage:") ? *lines + strlen("Usage:") : *lines;
    g_ptr_array_add(help->usages, g_strdup(g_strchug(usage)));
    take_places(help, help->usages->pdata[help->usages->len - 1]);
  }
}

/* ---- All paragraphs. ---- */

static void
part_free(gpointer data)
{
  SimManualPart *part = data;
  g_free(part->text);
  g_free(part);
}

static void
add_part(SimManualHelp *help, SimManualKind kind, char **lines, const char *between)
{
  for (char **line = lines; *line != NULL; line++)
    g_strchug(*line);
  SimManualPart *part = g_new0(SimManualPart, 1);
  part->kind = kind;
  part->text = g_strjoinv(between, lines);
  g_ptr_array_add(help->parts, part);
}

static void
take_paragraph(SimManualHelp *help, char **lines)
{
  static const char status[] = "Exit status: ";
  if (g_str_has_prefix(lines[0], "Usage:"))
    take_usages(help, lines);
  else if (g_str_has_prefix(lines[0], "  -"))
    take_options(help, lines);
  else if (g_str_has_prefix(lines[0], "Example"))
    add_part(help, SIM_MANUAL_EXAMPLE, lines + 1, "\n");
  else if (g_str_has_prefix(lines[0], "  "))
    add_part(help, SIM_MANUAL_LINES, lines, "\n");
  else if (g_str_has_prefix(lines[0], status)) {
    memmove(lines[0], lines[0] + strlen(status), strlen(lines[0] + strlen(status)) + 1);
    add_part(help, SIM_MANUAL_STATUS, lines, " ");
  } else
    add_part(help, SIM_MANUAL_TEXT, lines, " ");
}

SimManualHelp *
sim_manual_help_new(const SimCommand *command)
{
  SimManualHelp *help = g_new0(SimManualHelp, 1);
  help->command = command;
  help->usages = g_ptr_array_new_with_free_func(g_free);
  help->parts = g_ptr_array_new_with_free_func(part_free);
  help->options = g_ptr_array_new_with_free_func(option_free);
  help->places = g_ptr_array_new_with_free_func(place_free);
  g_auto(GStrv) paragraphs = g_strsplit(command->help, "\n\n", -1);
  for (unsigned i = 0; paragraphs[i] != NULL; i++) {
    g_auto(GStrv) lines = g_strsplit(g_strchomp(paragraphs[i]), "\n", -1);
    if (lines[0] != NULL)
      take_paragraph(help, lines);
  }
  return help;
}

void
sim_manual_help_free(SimManualHelp *help)
{
  g_ptr_array_unref(help->usages);
  g_ptr_array_unref(help->parts);
  g_ptr_array_unref(help->options);
  g_ptr_array_unref(help->places);
  g_free(help);
}
