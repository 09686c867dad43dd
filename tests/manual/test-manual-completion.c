/* Completion, asked of the shells themselves: what they offer behind the beginning of a command line. */
#include "analysis-figure.h"
#include "sim-classes.h"
#include "sim-command.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>

/* Words are taken apart as bash does, '=' a word of its own; the last one is completed. The program that
 * is asked for views is the one of this build. */
static const char bash_script[] = ". \"$DRTSIM_MANUAL/drtsim\"\n"
                                  "line=${1//=/ = }\n"
                                  "read -ra COMP_WORDS <<<\"$line\"\n"
                                  "[[ $line != *' ' || $1 == *= ]] || COMP_WORDS+=('')\n"
                                  "COMP_WORDS[0]=$DRTSIM_PROGRAM\n"
                                  "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                  "_drtsim\n"
                                  "printf '%s\\n' \"${COMPREPLY[@]}\"\n";

typedef GHashTable *Ask(const char *line);

/* (transfer full) The lines of @run, which is cleared. */
static GHashTable *
lines_of(TestRun run, const char *line)
{
  GHashTable *offers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  cr_expect(run.status == 0, "'%s': status %d", line, run.status);
  cr_expect_str_empty(run.err, "'%s': %s", line, run.err);
  g_auto(GStrv) lines = g_strsplit(run.out, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_hash_table_add(offers, g_strdup(lines[i]));
  test_run_clear(&run);
  return offers;
}

static GHashTable *
ask_bash(const char *line)
{
  return lines_of(test_spawn((const char *[]){ "bash", "-c", bash_script, "bash", line, NULL }),
                  line);
}

static GHashTable *
ask_zsh(const char *line)
{
  g_autofree char *script =
    g_build_filename(g_getenv("DRTSIM_SOURCE"), "tests", "manual", "complete.zsh", NULL);
  return lines_of(
    test_spawn((const char *[]){ "zsh", script, g_getenv("DRTSIM_MANUAL"), line, NULL }), line);
}

/* ---- What both offer. ---- */

/* Exactly these, with blanks between them. */
static void
expect_offers(Ask *ask, const char *line, const char *wanted)
{
  g_autoptr(GHashTable) offers = ask(line);
  g_auto(GStrv) words = g_strsplit(wanted, " ", -1);
  unsigned count = 0;
  for (unsigned i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0')
      continue;
    cr_expect(g_hash_table_contains(offers, words[i]), "behind '%s' there is no %s", line,
              words[i]);
    count++;
  }
  cr_expect(g_hash_table_size(offers) == count, "%u offers behind '%s' instead of %u",
            g_hash_table_size(offers), line, count);
}

static void
expect_options(Ask *ask, const char *before)
{
  for (unsigned i = 0; sim_command_at(i) != NULL; i++) {
    const SimCommand *command = sim_command_at(i);
    g_autofree char *line = g_strdup_printf("drtsim %s %s", command->name, before);
    g_autoptr(GString) wanted = g_string_new(NULL);
    bool help = false;
    for (const char *const *option = command->options; option != NULL && *option != NULL;
         option++) {
      help |= strcmp(*option, "--help") == 0;
      if (g_str_has_prefix(*option, before))
        g_string_append_printf(wanted, "%s ", *option);
    }
    if (!help)
      g_string_append(wanted, "--help");
    expect_offers(ask, line, wanted->str);
  }
}

static void
expect_words(Ask *ask)
{
  g_autofree const char **commands = sim_command_names();
  g_autofree char *all = g_strjoinv(" ", (char **)commands);
  expect_offers(ask, "drtsim help ", all);
  g_autofree const char **figures = analysis_figure_names();
  g_autofree char *drawn = g_strjoinv(" ", (char **)figures);
  expect_offers(ask, "drtsim plot run.db ", drawn);
  expect_offers(ask, "drtsim plot run.db rings ser", "");
  expect_offers(ask, "drtsim plot run.db -o x --format ", "svg png pdf");
  expect_offers(ask, "drtsim plot run.db --format=", "svg png pdf");
  expect_offers(ask, "drtsim plot run.db --format=p", "png pdf");
  g_autofree char *classes = g_strjoinv(" ", (char **)sim_class_names);
  expect_offers(ask, "drtsim run --trace ", classes);
  expect_offers(ask, "drtsim why run.db ", "search: event: message:");
  expect_offers(ask, "drtsim -", "--help --version");
  expect_offers(ask, "drtsim run --seed ", "");
}

/* A folder with these files, in which the shell is asked. */
static char *
enter_folder(void)
{
  static const char *const names[] = { "ring.drt", "run.db", "notes.txt" };
  char *folder = test_trace_folder();
  for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    cr_assert(g_file_set_contents(path, "", 0, NULL));
  }
  g_autofree char *inner = g_build_filename(folder, "tour", NULL);
  cr_assert(g_mkdir(inner, 0777) == 0 && g_chdir(folder) == 0);
  return folder;
}

static void
expect_files(Ask *ask)
{
  char *folder = enter_folder();
  static const char *const scenarios[] = { "run",  "check",        "verify",      "sweep",
                                           "test", "run --seed 3", "check a.drt", "test a.drt" };
  for (unsigned i = 0; i < G_N_ELEMENTS(scenarios); i++) {
    g_autofree char *line = g_strdup_printf("drtsim %s ", scenarios[i]);
    expect_offers(ask, line, "ring.drt tour");
  }
  static const char *const traces[] = { "plot", "report", "export",   "why",   "index",
                                        "diff", "diff a", "sweep -o", "run -o" };
  for (unsigned i = 0; i < G_N_ELEMENTS(traces); i++) {
    g_autofree char *line = g_strdup_printf("drtsim %s ", traces[i]);
    expect_offers(ask, line, "run.db tour");
  }
  expect_offers(ask, "drtsim swarm -o ", "tour");
  expect_offers(ask, "drtsim export -o ", "ring.drt run.db notes.txt tour");
  expect_offers(ask, "drtsim ri", "ring.drt");
  expect_offers(ask, "drtsim ring.drt --u", "--until");
  g_chdir("/");
  test_trace_folder_free(folder);
}

static void
expect_views(Ask *ask)
{
  char *folder = test_trace_folder();
  g_autofree char *trace = test_trace_make(folder, "small", NULL);
  g_autofree char *line = g_strdup_printf("drtsim export %s v_s", trace);
  expect_offers(ask, line, "v_sample v_search v_sweep");
  test_trace_folder_free(folder);
}

/* ---- bash ---- */

Test(completion, bash_offers_every_option_of_every_command)
{
  expect_options(ask_bash, "-");
  expect_options(ask_bash, "--");
}

Test(completion, bash_offers_words)
{
  expect_words(ask_bash);
  expect_offers(ask_bash, "drtsim p", "plot protocol");
  expect_offers(ask_bash, "drtsim run --trace api,me", "api,messages");
  expect_offers(ask_bash, "drtsim run -- --", "");
  expect_offers(ask_bash, "drtsim version ", "");
}

Test(completion, bash_offers_files_of_the_right_kind)
{
  expect_files(ask_bash);
}

Test(completion, bash_offers_the_views_of_a_trace)
{
  expect_views(ask_bash);
}

/* Files in lines of bash are right even with blanks in them. */
Test(completion, bash_takes_names_with_blanks_as_one)
{
  char *folder = enter_folder();
  cr_assert(g_file_set_contents("two words.drt", "", 0, NULL));
  g_autoptr(GHashTable) offers = ask_bash("drtsim run t");
  cr_expect(g_hash_table_contains(offers, "two words.drt"));
  cr_expect(g_hash_table_size(offers) == 2);
  g_chdir("/");
  test_trace_folder_free(folder);
}

/* ---- zsh, which wants a terminal. ---- */

Test(completion, zsh_offers_every_option_of_every_command)
{
  expect_options(ask_zsh, "--");
  expect_offers(ask_zsh, "drtsim report -", "-o --output --run --help");
}

Test(completion, zsh_offers_words)
{
  expect_words(ask_zsh);
  expect_offers(ask_zsh, "drtsim p", "plot protocol");
  expect_offers(ask_zsh, "drtsim run --trace api,me", "messages");
}

Test(completion, zsh_offers_files_of_the_right_kind)
{
  expect_files(ask_zsh);
}

Test(completion, zsh_offers_the_views_of_a_trace)
{
  const char *program = g_getenv("DRTSIM_PROGRAM");
  g_autofree char *folder = g_path_get_dirname(program);
  g_autofree char *path = g_strconcat(folder, ":", g_getenv("PATH"), NULL);
  g_setenv("PATH", path, TRUE);
  expect_views(ask_zsh);
}
