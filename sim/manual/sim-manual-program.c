/* drtsim(1): a section about each command, as its help has it. */
#include "sim-manual-help.h"
#include "sim-manual-roff.h"
#include "sim-manual.h"

static void
option_names(GString *to, const SimManualOption *option)
{
  g_string_append(to, ".It ");
  for (unsigned i = 0; i < G_N_ELEMENTS(option->names) && option->names[i] != NULL; i++) {
    if (i > 0)
      g_string_append(to, " , ");
    /* The macro brings the first dash. */
    g_string_append_printf(to, "Fl %s", option->names[i][1] == '-' ? "\\-" : "");
    g_string_append(to, option->names[i] + (option->names[i][1] == '-' ? 2 : 1));
  }
  if (option->value != NULL)
    g_string_append_printf(to, " Ar %s", option->value);
  g_string_append_c(to, '\n');
}

static void
options(GString *to, const SimManualHelp *help)
{
  if (help->options->len == 0)
    return;
  g_string_append(to, ".Bl -tag -width Ds\n");
  for (guint i = 0; i < help->options->len; i++) {
    const SimManualOption *option = help->options->pdata[i];
    option_names(to, option);
    sim_manual_roff_text(to, option->text);
  }
  g_string_append(to, ".El\n");
}

/* All parts of a kind; whether there was one. */
static void
parts(GString *to, const SimManualHelp *help, SimManualKind kind, const char *title)
{
  for (guint i = 0; i < help->parts->len; i++) {
    const SimManualPart *part = help->parts->pdata[i];
    if (part->kind != kind)
      continue;
    g_string_append(to, ".Pp\n");
    if (title != NULL)
      g_string_append_printf(to, "%s\n", title);
    if (kind == SIM_MANUAL_LINES || kind == SIM_MANUAL_EXAMPLE)
      sim_manual_roff_literal(to, part->text);
    else
      sim_manual_roff_text(to, part->text);
  }
}

static void
usages(GString *to, const SimManualHelp *help)
{
  g_autoptr(GString) lines = g_string_new(NULL);
  for (guint i = 0; i < help->usages->len; i++)
    g_string_append_printf(lines, "%s\n", (char *)help->usages->pdata[i]);
  sim_manual_roff_literal(to, lines->str);
}

static void
command_section(GString *to, const SimCommand *command)
{
  g_autoptr(SimManualHelp) help = sim_manual_help_new(command);
  g_string_append_printf(to, ".Ss %s\n", command->name);
  usages(to, help);
  parts(to, help, SIM_MANUAL_TEXT, NULL);
  parts(to, help, SIM_MANUAL_LINES, NULL);
  options(to, help);
  parts(to, help, SIM_MANUAL_STATUS, "Exit status:");
  parts(to, help, SIM_MANUAL_EXAMPLE, "Example:");
}

void
sim_manual_program(GString *to, const char *date)
{
  sim_manual_roff_begin(to, date, "drtsim", "1",
                        "discrete-event simulator for the Distributed Routing Table");
  g_string_append(to,
                  ".Sh SYNOPSIS\n"
                  ".Nm\n.Ar command\n.Op Ar argument ...\n"
                  ".Nm\n.Ar file Ns .drt\n.Op Ar option ...\n"
                  ".Nm\n.Op Ar command\n.Fl \\-help\n"
                  ".Nm\n.Fl \\-version\n"
                  ".Sh DESCRIPTION\n"
                  ".Nm\n"
                  "simulates clouds of nodes that run the Distributed Routing Table (DRT), the\n"
                  "serverless key lookup of Windows, in virtual time and on a network that can be\n"
                  "made to misbehave.\n"
                  "What nodes there are, what happens to them and what has to be true is said by\n"
                  "a scenario;\n"
                  ".Xr drtsim-scenario 5\n"
                  "is the reference of its language.\n"
                  "The same scenario and the same seed give the same run, to the bit.\n"
                  ".Pp\n"
                  "A run may be written to a trace, one SQLite file that any tool can read.\n"
                  "Other commands draw it, compare it, and say why a search in it failed.\n"
                  ".Pp\n"
                  "A scenario file in place of a command is run, with a trace, a picture of how\n"
                  "the leaf sets converge and a report; the options are those of\n"
                  ".Cm run .\n"
                  "A word behind an option goes with it whether a blank or a\n"
                  ".Ql =\n"
                  "stands between; behind a\n"
                  ".Ql \\-\\-\n"
                  "all words are files.\n"
                  "Every command explains itself with\n"
                  ".Fl \\-help .\n"
                  ".Sh COMMANDS\n"
                  ".Bl -tag -width Ds -compact\n");
  const SimCommand *command;
  for (unsigned i = 0; (command = sim_command_at(i)) != NULL; i++) {
    g_string_append_printf(to, ".It Cm %s\n", command->name);
    sim_manual_roff_text(to, command->summary);
  }
  g_string_append(to, ".El\n");
  for (unsigned i = 0; (command = sim_command_at(i)) != NULL; i++)
    command_section(to, command);
  g_string_append(
    to, ".Sh ENVIRONMENT\n"
        ".Bl -tag -width Ds\n"
        ".It Ev XDG_CACHE_HOME\n"
        "Where the keys of simulated certificates are kept between runs; else\n"
        ".Pa ~/.cache .\n"
        ".El\n"
        ".Sh FILES\n"
        ".Bl -tag -width Ds\n"
        ".It Pa out/\n"
        "Traces, pictures and reports of scenarios that were given without a command,\n"
        "and what a swarm keeps.\n"
        ".It Pa ~/.cache/drtsim/keys\n"
        "Keys of simulated certificates; see\n"
        ".Cm cache .\n"
        ".El\n"
        ".Sh EXIT STATUS\n"
        "0 if it was done, 2 for a mistake on the command line or in a scenario, 4 if the\n"
        "work failed.\n"
        "Commands that run scenarios, or compare, have more, and say so above.\n"
        ".Sh SEE ALSO\n"
        ".Xr gnuplot 1 ,\n"
        ".Xr sqlite3 1 ,\n"
        ".Xr drtsim-scenario 5\n");
}
