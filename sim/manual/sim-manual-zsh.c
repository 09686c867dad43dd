/* Completion for zsh, by its _arguments: each command with what its help says. */
#include "sim-manual-help.h"
#include "sim-manual-word.h"
#include "sim-manual.h"

#include <string.h>

/* Inside of '...': a quote ends and begins again; what _arguments reads itself has a backslash. */
static void
quoted(GString *to, const char *text, const char *special)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '\'')
      g_string_append(to, "'\\''");
    else if (strchr(special, *c) != NULL)
      g_string_append_printf(to, "\\%c", *c);
    else
      g_string_append_c(to, *c);
  }
}

static void
action(GString *to, const SimManualWord *word)
{
  g_autofree char *words =
    word->kind == SIM_MANUAL_CLASSES ? sim_manual_word_classes() : sim_manual_word_choices(word);
  switch (word->kind) {
  case SIM_MANUAL_FILE:
    g_string_append(to, "_files");
    break;
  case SIM_MANUAL_FOLDER:
    g_string_append(to, "_files -/");
    break;
  case SIM_MANUAL_SCENARIO:
    g_string_append(to, "_files -g \"*.drt(-.)\"");
    break;
  case SIM_MANUAL_TRACE:
    g_string_append(to, "_files -g \"*.db(-.)\"");
    break;
  case SIM_MANUAL_CLASSES:
    g_string_append_printf(to, "_values -s , class %s", words);
    break;
  case SIM_MANUAL_VIEW:
    g_string_append(to, "_drtsim_views");
    break;
  case SIM_MANUAL_CHOICE:
    if (g_str_has_suffix(words, ":")) /* begins of words */
      g_string_append_printf(to, "compadd -S \"\" - %s", words);
    else
      g_string_append_printf(to, "(%s)", words);
    break;
  case SIM_MANUAL_ANYTHING:
    g_string_append_c(to, ' ');
    break;
  }
}

static void
option_row(GString *to, const SimManualOption *option)
{
  SimManualWord word;
  sim_manual_word_of_option(option->value, &word);
  for (unsigned i = 0; i < G_N_ELEMENTS(option->names) && option->names[i] != NULL; i++) {
    const char *name = option->names[i];
    bool wants = option->value != NULL;
    /* '*': those of a repeated value may be given again, and so may all; the program says if not. */
    g_string_append_printf(to, "      '*%s%s[", name, !wants ? "" : name[1] == '-' ? "=" : "+");
    quoted(to, option->text, "[]:\\");
    g_string_append_c(to, ']');
    if (wants) {
      g_string_append_c(to, ':');
      quoted(to, option->value, "[]:\\");
      g_string_append_c(to, ':');
      action(to, &word);
    }
    g_string_append(to, "' \\\n");
  }
  sim_manual_word_clear(&word);
}

static void
place_row(GString *to, const SimManualPlace *place, unsigned number)
{
  SimManualWord word;
  sim_manual_word_of_place(place->words, &word);
  if (place->repeats)
    g_string_append(to, "      '*:");
  else
    g_string_append_printf(to, "      '%u:", number);
  quoted(to, place->words->pdata[0], "[]:\\");
  g_string_append_c(to, ':');
  action(to, &word);
  g_string_append(to, "' \\\n");
  sim_manual_word_clear(&word);
}

static void
command_rows(GString *to, const SimCommand *command)
{
  g_autoptr(SimManualHelp) help = sim_manual_help_new(command);
  g_string_append_printf(to, "  %s)\n    _arguments -S \\\n", command->name);
  for (guint i = 0; i < help->options->len; i++)
    option_row(to, help->options->pdata[i]);
  for (guint i = 0; i < help->places->len; i++)
    place_row(to, help->places->pdata[i], i + 1);
  g_string_append(to, "      '--help[explain the command]'\n    ;;\n");
}

void
sim_manual_zsh(GString *to)
{
  g_string_append(to, "#compdef drtsim\n"
                      "# Completion of drtsim(1) for zsh, made from its help.\n"
                      "\n"
                      "# The views and tables of the trace, as it names them itself.\n"
                      "_drtsim_views() {\n"
                      "  local -a views\n"
                      "  views=(${${(f)\"$($service export ${(Q)line[1]} 2>/dev/null)\"}%% *})\n"
                      "  compadd -a views\n"
                      "}\n"
                      "\n"
                      "_drtsim_command() {\n"
                      "  case $1 in\n");
  const SimCommand *command;
  for (unsigned i = 0; (command = sim_command_at(i)) != NULL; i++)
    command_rows(to, command);
  g_string_append(to, "  esac\n"
                      "}\n"
                      "\n"
                      "_drtsim() {\n"
                      "  local curcontext=$curcontext state line\n"
                      "  local -a commands\n"
                      "  commands=(\n");
  for (unsigned i = 0; (command = sim_command_at(i)) != NULL; i++) {
    g_string_append_printf(to, "    '%s:", command->name);
    quoted(to, command->summary, ":\\");
    g_string_append(to, "'\n");
  }
  g_string_append(to, "  )\n"
                      "  _arguments -C '(- *)--help[explain the program]' \\\n"
                      "    '(- *)--version[print the version and the commit]' \\\n"
                      "    '1: :->first' '*:: :->rest'\n"
                      "  case $state in\n"
                      "  first)\n"
                      "    _describe command commands\n"
                      "    _files -g '*.drt(-.)'\n"
                      "    ;;\n"
                      "  rest)\n"
                      "    # A file in place of a command is run.\n"
                      "    if (( ! ${+commands[(r)$words[1]:*]} )); then\n"
                      "      words=(run $words) && (( CURRENT++ ))\n"
                      "    fi\n"
                      "    curcontext=${curcontext%:*}-$words[1]:\n"
                      "    _drtsim_command $words[1]\n"
                      "    ;;\n"
                      "  esac\n"
                      "}\n"
                      "\n"
                      "_drtsim \"$@\"\n");
}
