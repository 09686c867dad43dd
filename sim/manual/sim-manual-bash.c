/* Completion for bash: three tables made from the help of all commands, and a function that uses them.
 * It needs nothing but bash itself. */
#include "sim-manual-help.h"
#include "sim-manual-word.h"
#include "sim-manual.h"

static void
word(GString *to, const SimManualWord *word)
{
  static const char *const kinds[] = {
    "", "file", "folder", "scenario", "trace", "classes", "view"
  };
  if (word->kind != SIM_MANUAL_CHOICE) {
    g_string_append(to, kinds[word->kind]);
    return;
  }
  g_autofree char *choices = sim_manual_word_choices(word);
  g_string_append_printf(to, "of %s", choices);
}

static void
row(GString *to, const char *pattern, const SimManualWord *what)
{
  g_string_append_printf(to, "  %s) kind='", pattern);
  word(to, what);
  g_string_append(to, "' ;;\n");
}

/* What an option has behind it, and nothing for one that stands alone. */
static void
option_rows(GString *to, const SimManualHelp *help)
{
  for (guint i = 0; i < help->options->len; i++) {
    const SimManualOption *option = help->options->pdata[i];
    if (option->value == NULL)
      continue;
    SimManualWord what;
    sim_manual_word_of_option(option->value, &what);
    g_autofree char *first = g_strdup_printf("%s:%s", help->command->name, option->names[0]);
    g_autofree char *both =
      option->names[1] == NULL
        ? g_strdup(first)
        : g_strdup_printf("%s | %s:%s", first, help->command->name, option->names[1]);
    row(to, both, &what);
    sim_manual_word_clear(&what);
  }
}

static void
place_rows(GString *to, const SimManualHelp *help)
{
  for (guint i = 0; i < help->places->len; i++) {
    const SimManualPlace *place = help->places->pdata[i];
    SimManualWord what;
    sim_manual_word_of_place(place->words, &what);
    g_autofree char *pattern = place->repeats
                                 ? g_strdup_printf("%s:*", help->command->name)
                                 : g_strdup_printf("%s:%u", help->command->name, i + 1);
    row(to, pattern, &what);
    sim_manual_word_clear(&what);
  }
}

static void
options_row(GString *to, const SimManualHelp *help)
{
  g_string_append_printf(to, "  %s) options='", help->command->name);
  for (guint i = 0; i < help->options->len; i++) {
    const SimManualOption *option = help->options->pdata[i];
    for (unsigned k = 0; k < G_N_ELEMENTS(option->names) && option->names[k] != NULL; k++)
      g_string_append_printf(to, "%s ", option->names[k]);
  }
  g_string_append(to, "--help' ;;\n");
}

/* A function that sets a variable by what its word is. */
static void
table(GString *to, const char *name, const char *variable,
      void (*rows)(GString *to, const SimManualHelp *help))
{
  g_string_append_printf(to, "%s() {\n  %s=''\n  case $1 in\n", name, variable);
  const SimCommand *command;
  for (unsigned i = 0; (command = sim_command_at(i)) != NULL; i++) {
    g_autoptr(SimManualHelp) help = sim_manual_help_new(command);
    rows(to, help);
  }
  g_string_append(to, "  *) return 1 ;;\n  esac\n}\n\n");
}

static const char machinery[] =
  "# Files that end so, and folders on the way to them.\n"
  "_drtsim_files() {\n"
  "  compopt -o filenames 2>/dev/null\n"
  "  mapfile -t COMPREPLY < <(\n"
  "    compgen -f -X \"!*$2\" -- \"$1\"\n"
  "    [[ -z $2 ]] || compgen -d -- \"$1\"\n"
  "  )\n"
  "}\n"
  "\n"
  "# The views and tables of the trace, as it names them itself.\n"
  "_drtsim_views() {\n"
  "  \"$1\" export \"$2\" 2>/dev/null | while read -r name _; do echo \"$name\"; done\n"
  "}\n"
  "\n"
  "# What is of kind $1 and begins with $2; $3 is the program, $4 the first word.\n"
  "_drtsim_offer() {\n"
  "  local before=\n"
  "  case $1 in\n"
  "  file) _drtsim_files \"$2\" '' ;;\n"
  "  folder) compopt -o filenames 2>/dev/null\n"
  "    mapfile -t COMPREPLY < <(compgen -d -- \"$2\") ;;\n"
  "  scenario) _drtsim_files \"$2\" .drt ;;\n"
  "  trace) _drtsim_files \"$2\" .db ;;\n"
  "  classes)\n"
  "    [[ $2 != *,* ]] || before=${2%,*},\n"
  "    mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$_drtsim_classes\" -- \"${2##*,}\") "
  ";;\n"
  "  view)\n"
  "    mapfile -t COMPREPLY < <(compgen -W \"$(_drtsim_views \"$3\" \"$4\")\" -- \"$2\") ;;\n"
  "  of\\ *)\n"
  "    [[ $1 != *: ]] || compopt -o nospace 2>/dev/null\n"
  "    mapfile -t COMPREPLY < <(compgen -W \"${1#of }\" -- \"$2\") ;;\n"
  "  esac\n"
  "}\n"
  "\n"
  "_drtsim() {\n"
  "  local options kind command= first= option= only_words= place=0 i=1 word\n"
  "  local word_now=${COMP_WORDS[COMP_CWORD]} IFS=$' \\t\\n'\n"
  "  COMPREPLY=()\n"
  "  # What stands before the word: the command, an option that wants a value, how many words.\n"
  "  while ((i < COMP_CWORD)); do\n"
  "    word=${COMP_WORDS[i++]}\n"
  "    if [[ $word == = ]]; then # bash takes --seed=3 for three words\n"
  "      continue\n"
  "    elif [[ -n $option ]]; then\n"
  "      option=\n"
  "    elif [[ -z $command && $word != -* ]]; then\n"
  "      command=$word\n"
  "      # A file in place of a command is run.\n"
  "      _drtsim_options \"$command\" || { command=run place=1; }\n"
  "    elif [[ $word == -- ]]; then\n"
  "      only_words=1\n"
  "    elif [[ -z $only_words && $word == -* ]]; then\n"
  "      ! _drtsim_value \"$command:$word\" || option=$word\n"
  "    else\n"
  "      ((++place > 1)) || first=$word\n"
  "    fi\n"
  "  done\n"
  "  [[ $word_now != = ]] || word_now=\n"
  "  if [[ -z $command && $word_now == -* ]]; then\n"
  "    mapfile -t COMPREPLY < <(compgen -W '--help --version' -- \"$word_now\")\n"
  "  elif [[ -z $command ]]; then\n"
  "    _drtsim_files \"$word_now\" .drt\n"
  "    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W \"$_drtsim_commands\" -- "
  "\"$word_now\")\n"
  "  elif [[ -n $option ]]; then\n"
  "    _drtsim_value \"$command:$option\"\n"
  "    _drtsim_offer \"$kind\" \"$word_now\" \"${COMP_WORDS[0]}\" \"$first\"\n"
  "  elif [[ -z $only_words && $word_now == -* ]]; then\n"
  "    _drtsim_options \"$command\"\n"
  "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word_now\")\n"
  "  elif _drtsim_place \"$command:$((place + 1))\"; then\n"
  "    _drtsim_offer \"$kind\" \"$word_now\" \"${COMP_WORDS[0]}\" \"$first\"\n"
  "  fi\n"
  "}\n"
  "complete -F _drtsim drtsim\n";

void
sim_manual_bash(GString *to)
{
  g_string_append(to, "# Completion of drtsim(1) for bash, made from its help.\n\n"
                      "_drtsim_commands='");
  for (unsigned i = 0; sim_command_at(i) != NULL; i++)
    g_string_append_printf(to, "%s%s", i > 0 ? " " : "", sim_command_at(i)->name);
  g_autofree char *classes = sim_manual_word_classes();
  g_string_append_printf(to, "'\n_drtsim_classes='%s'\n\n", classes);
  table(to, "_drtsim_options", "options", options_row);
  table(to, "_drtsim_value", "kind", option_rows);
  table(to, "_drtsim_place", "kind", place_rows);
  g_string_append(to, machinery);
}
