/* The manual says what the program does: its pages hold every command, option and word of the language,
 * and nothing else. */
#include "sim-classes.h"
#include "sim-manual-help.h"
#include "sim-manual-roff.h"
#include "sim-oracle.h"
#include "sim-print.h"
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <string.h>

/* (transfer full) A page as the build has made it. */
static char *
page(const char *name)
{
  const char *folder = g_getenv("DRTSIM_MANUAL");
  if (folder == NULL)
    cr_assert_fail("DRTSIM_MANUAL does not name the folder of the pages; meson test sets it");
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL), "cannot read %s", path);
  return text;
}

/* (transfer full) What a reader sees of the characters of a page. */
static char *
as_typed(const char *page)
{
  static const char *const escapes[][2] = {
    { "\\fB", "" },   { "\\fP", "" },   { "\\-", "-" },   { "\\&", "" },     { "\\(aq", "'" },
    { "\\(ga", "`" }, { "\\(ha", "^" }, { "\\(ti", "~" }, { "\\(dq", "\"" },
  };
  g_autoptr(GString) text = g_string_new(page);
  for (unsigned i = 0; i < G_N_ELEMENTS(escapes); i++)
    g_string_replace(text, escapes[i][0], escapes[i][1], 0);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static bool
is_letter(char c)
{
  return g_ascii_isalnum(c) || c == '-';
}

/* Whether @word is there as a word of its own. */
static bool
has_word(const char *text, const char *word)
{
  for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
    if ((at == text || !is_letter(at[-1])) && !is_letter(at[strlen(word)]))
      return true;
  return false;
}

/* ---- Commands and options. ---- */

/* (transfer full) All that @help lists, and --help, which all take. */
static GHashTable *
options_of_help(const SimManualHelp *help)
{
  GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add(set, g_strdup("--help"));
  for (guint i = 0; i < help->options->len; i++) {
    const SimManualOption *option = help->options->pdata[i];
    for (unsigned k = 0; k < G_N_ELEMENTS(option->names) && option->names[k] != NULL; k++)
      g_hash_table_add(set, g_strdup(option->names[k]));
  }
  return set;
}

static void
expect_options(const SimCommand *command, GHashTable *set, const char *where)
{
  unsigned taken = 0;
  for (const char *const *option = command->options; option != NULL && *option != NULL; option++) {
    cr_expect(g_hash_table_contains(set, *option), "%s of %s is not in %s", *option, command->name,
              where);
    taken += strcmp(*option, "--help") != 0;
  }
  g_hash_table_remove(set, "--help");
  cr_expect(g_hash_table_size(set) == taken, "%s has %u options of %s, which takes %u", where,
            g_hash_table_size(set), command->name, taken);
}

Test(manual, help_lists_the_options_that_a_command_takes)
{
  for (unsigned i = 0; sim_command_at(i) != NULL; i++) {
    g_autoptr(SimManualHelp) help = sim_manual_help_new(sim_command_at(i));
    g_autoptr(GHashTable) set = options_of_help(help);
    expect_options(sim_command_at(i), set, "the help");
  }
}

/* Behind it stands what no command takes, so nothing is done. */
Test(manual, a_command_takes_its_options)
{
  for (unsigned i = 0; sim_command_at(i) != NULL; i++) {
    const SimCommand *command = sim_command_at(i);
    for (const char *const *option = command->options; option != NULL && *option != NULL;
         option++) {
      if (strcmp(*option, "--help") == 0)
        continue;
      TestRun run = test_spawn_drtsim(command->name, *option, "--zzz", "--zzz", NULL);
      g_autofree char *quoted = g_strdup_printf("'%s'", *option);
      cr_expect(run.status == 2, "%s %s: status %d", command->name, *option, run.status);
      const char *unknown = strstr(run.err, "unknown");
      cr_expect(unknown == NULL || strstr(unknown, quoted) == NULL, "%s", run.err);
      test_run_clear(&run);
    }
  }
}

/* (transfer full) The options of the section about @command, as the page has them. */
static GHashTable *
options_of_page(const char *text, const char *command)
{
  GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add(set, g_strdup("--help"));
  g_autofree char *title = g_strdup_printf("\n.Ss %s\n", command);
  const char *section = strstr(text, title);
  cr_expect(section != NULL, "the page has no section about %s", command);
  if (section == NULL)
    return set;
  g_auto(GStrv) lines = g_strsplit(section + strlen(title), "\n", -1);
  for (unsigned i = 0; lines[i] != NULL && !g_str_has_prefix(lines[i], ".S"); i++) {
    if (!g_str_has_prefix(lines[i], ".It "))
      continue;
    g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
    for (unsigned k = 1; words[k] != NULL; k++)
      if (strcmp(words[k], "Fl") == 0 && words[k + 1] != NULL)
        g_hash_table_add(set, g_strconcat("-", words[k + 1], NULL));
  }
  return set;
}

Test(manual, the_page_has_every_command_with_its_options_and_no_other)
{
  g_autofree char *source = page("drtsim.1");
  g_autofree char *text = as_typed(source);
  unsigned commands = 0, sections = 0;
  for (; sim_command_at(commands) != NULL; commands++) {
    const SimCommand *command = sim_command_at(commands);
    g_autoptr(GHashTable) set = options_of_page(text, command->name);
    expect_options(command, set, "drtsim.1");
    cr_expect(strstr(text, command->summary) != NULL, "%s", command->summary);
  }
  for (const char *at = text; (at = strstr(at, "\n.Ss ")) != NULL; at++)
    sections++;
  cr_expect(sections == commands, "%u sections for %u commands", sections, commands);
}

/* What the places of a command line are follows from its usages. */
Test(manual, usages_are_understood)
{
  static const struct {
    const char *command, *places;
  } cases[] = {
    { "run", "FILE" },
    { "test", "PATH..." },
    { "sweep", "FILE" },
    { "plot", "TRACE FIGURE..." },
    { "export", "TRACE VIEW" },
    { "why", "TRACE search:ID|event:ID|message:ID|TABLE:ID" },
    { "diff", "A.db B.db" },
    { "verify", "FILE" },
    { "swarm", "" },
    { "bench", "all|cloud|core|trace" },
    { "check", "FILE..." },
    { "help", "COMMAND" },
    { "version", "" },
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(SimManualHelp) help = sim_manual_help_new(sim_command_find(cases[i].command));
    g_autoptr(GString) places = g_string_new(NULL);
    for (guint k = 0; k < help->places->len; k++) {
      const SimManualPlace *place = help->places->pdata[k];
      for (guint w = 0; w < place->words->len; w++)
        g_string_append_printf(places, "%s%s",
                               w > 0   ? "|"
                               : k > 0 ? " "
                                       : "",
                               (char *)place->words->pdata[w]);
      g_string_append(places, place->repeats ? "..." : "");
    }
    cr_expect_str_eq(places->str, cases[i].places, "%s: %s", cases[i].command, places->str);
  }
}

/* ---- The language. ---- */

/* A word in quotes in the sources of the parser is one that it knows. */
static void
expect_words_of(const char *text, const char *path)
{
  g_autofree char *source = NULL;
  cr_assert(g_file_get_contents(path, &source, NULL, NULL), "cannot read %s", path);
  g_autoptr(GRegex) words = g_regex_new("\"([a-z]+(-[a-z]+)*)\"", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  for (g_regex_match(words, source, 0, &match); g_match_info_matches(match);
       g_match_info_next(match, NULL)) {
    g_autofree char *word = g_match_info_fetch(match, 1);
    cr_expect(has_word(text, word), "%s knows '%s', and drtsim-scenario(5) does not", path, word);
  }
}

Test(manual, the_page_of_the_language_has_every_word_that_the_parser_knows)
{
  g_autofree char *source = page("drtsim-scenario.5");
  g_autofree char *text = as_typed(source);
  g_autofree char *folder = g_build_filename(g_getenv("DRTSIM_SOURCE"), "sim", "scenario", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  cr_assert_not_null(dir);
  unsigned files = 0;
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    if (!g_str_has_prefix(name, "sim-parse") || !g_str_has_suffix(name, ".c"))
      continue;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    expect_words_of(text, path);
    files++;
  }
  cr_expect(files > 8, "only %u files of the parser", files);
}

/* "search.latency.p95" may be written as ".p95" behind its family. */
static bool
has_metric(const char *text, const char *name)
{
  const char *last = strrchr(name, '.');
  if (has_word(text, name))
    return true;
  g_autofree char *family = g_strndup(name, (gsize)(last + 1 - name));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix(lines[i], family) && has_word(strchr(lines[i], ' '), last))
      return true;
  return false;
}

Test(manual, the_page_of_the_language_has_every_name_of_its_tables)
{
  g_autofree char *source = page("drtsim-scenario.5");
  g_autofree char *text = as_typed(source);
  for (SimMetric i = 0; i < SIM_METRICS; i++)
    cr_expect(has_metric(text, sim_metric_name(i)), "metric %s", sim_metric_name(i));
  for (SimInvariant i = 0; i < SIM_INVARIANTS; i++)
    cr_expect(has_word(text, sim_invariant_name(i)), "invariant %s", sim_invariant_name(i));
  for (SimMessageType i = 0; i < SIM_MESSAGES; i++)
    cr_expect(has_word(text, sim_message_word(i)), "message %s", sim_message_word(i));
  for (SimEventKind i = 0; i < SIM_EVENTS; i++)
    cr_expect(has_word(text, sim_event_word(i)), "event %s", sim_event_word(i));
  for (SimMessageField i = 0; i < SIM_FIELDS; i++)
    cr_expect(has_word(text, sim_field_word(i)), "field %s", sim_field_word(i));
  for (unsigned i = 0; sim_class_names[i] != NULL; i++)
    cr_expect(has_word(text, sim_class_names[i]), "class %s", sim_class_names[i]);
}

/* Nothing of scenarios/README.md behind the line where the page begins gets lost on the way. */
Test(manual, the_page_of_the_language_has_every_word_of_the_reference)
{
  g_autofree char *source = page("drtsim-scenario.5");
  g_autofree char *text = as_typed(source);
  g_autofree char *path =
    g_build_filename(g_getenv("DRTSIM_SOURCE"), "scenarios", "README.md", NULL);
  g_autofree char *readme = NULL;
  cr_assert(g_file_get_contents(path, &readme, NULL, NULL));
  const char *begins = strstr(readme, "This page is the reference");
  cr_assert_not_null(begins);
  g_autofree char *small = g_ascii_strdown(text, -1); /* titles are in capitals */
  g_autofree char *wanted = g_ascii_strdown(begins, -1);
  g_auto(GStrv) words = g_strsplit_set(wanted, " \n`|[]()*#\"\\", -1);
  for (unsigned i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && strcmp(words[i], "drt") != 0 && strspn(words[i], "-") == 0)
      cr_expect(strstr(small, words[i]) != NULL, "'%s' got lost", words[i]);
}

/* ---- What tools make of it. ---- */

/* Warnings of mandoc, but for those about pages of others that are not on this machine. */
Test(manual, pages_render_without_a_warning)
{
  static const char *const names[] = { "drtsim.1", "drtsim-scenario.5" };
  for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(g_getenv("DRTSIM_MANUAL"), names[i], NULL);
    TestRun run =
      test_spawn((const char *[]){ "mandoc", "-Tlint", "-Wwarning", "-I", "os=Any", path, NULL });
    cr_expect_str_empty(run.out, "%s", run.out);
    test_run_clear(&run);
    run = test_spawn((const char *[]){ "mandoc", "-Tutf8", path, NULL });
    cr_expect(run.status == 0 && strlen(run.out) > 4000, "%s: status %d", names[i], run.status);
    cr_expect(strstr(run.out, ".Ss") == NULL && strstr(run.out, "\\f") == NULL);
    test_run_clear(&run);
  }
}

/* What roff would read as its own stands for itself, and lines begin with no macro of chance. */
Test(manual, text_is_not_taken_for_roff)
{
  static const struct {
    const char *text, *roff;
  } cases[] = {
    { ".Sh is 'no' section", "\\&.Sh is \\(aqno\\(aq section\n" },
    { "One. .two! Three", "One.\n\\&.two!\nThree\n" },
    { "of \"mark\"", "of \\(dqmark\\(dq\n" },
    { "a\\b --set ~ ^ `", "a\\eb \\-\\-set \\(ti \\(ha \\(ga\n" },
  };
  for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) to = g_string_new(NULL);
    sim_manual_roff_text(to, cases[i].text);
    cr_expect_str_eq(to->str, cases[i].roff, "%s", to->str);
  }
  g_autoptr(GString) to = g_string_new(NULL);
  sim_manual_roff_markdown(to, "**Now** `drtsim -o`: [the page](x.md), `a|b`");
  cr_expect_str_eq(to->str, "\\fBNow\\fP \\fBdrtsim \\-o\\fP: the page, \\fBa|b\\fP\n", "%s",
                   to->str);
}
