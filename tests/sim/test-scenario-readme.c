/* The reference of the language, scenarios/README.md: its examples are read and run as they stand. */
#include "sim-run.h"
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* What an example that does not end by itself stands between. */
#define BEFORE "language 1\ngroup anchor 3\ngroup peer 100\nlet home = 0x6\n"
#define AFTER "at 1h end\n"
#define MATRIX "0,20000\n30000,0\n"
/* And, if it starts nobody, behind the first lines. */
#define STARTS "at 0s start anchor, peer\n"

static char *
read_page(void)
{
  const char *root = g_getenv("DRTSIM_SOURCE");
  if (root == NULL)
    cr_assert_fail("DRTSIM_SOURCE does not name the source folder; meson test sets it");
  g_autofree char *path = g_build_filename(root, "scenarios", "README.md", NULL);
  char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL), "cannot read %s", path);
  return text;
}

/* Calls @visit with each block that is fenced as drt, and the line it begins at. */
static unsigned
visit_examples(void (*visit)(const char *example, unsigned line))
{
  g_autofree char *page = read_page();
  g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
  g_autoptr(GString) example = NULL;
  unsigned n = 0, first = 0;
  for (unsigned i = 0; lines[i] != NULL; i++) {
    if (example == NULL && strcmp(lines[i], "```drt") == 0) {
      example = g_string_new(NULL);
      first = i + 2;
    } else if (example != NULL && g_str_has_prefix(lines[i], "```")) {
      visit(example->str, first);
      n++;
      g_string_free(g_steal_pointer(&example), TRUE);
    } else if (example != NULL) {
      g_string_append_printf(example, "%s\n", lines[i]);
    }
  }
  cr_expect_null(example, "the last block has no end");
  return n;
}

/* All its actions can be carried out. Only a run reads the matrix, so that is a real file. */
static void
expect_runs(const SimScenario *scenario, unsigned line)
{
  SimRunOptions options = { .seed = 1, .until = 12 * 60 * SIM_SECOND };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  g_autofree char *folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  g_autofree char *matrix = g_build_filename(folder, "king.csv", NULL);
  cr_assert(g_file_set_contents(matrix, MATRIX, -1, NULL) && g_chdir(folder) == 0);
  SimRun *run = sim_run_new(scenario, &options, mistakes);
  cr_expect(run != NULL, "scenarios/README.md, the example of line %u is refused", line);
  g_unlink(matrix);
  g_rmdir(folder);
  if (run == NULL)
    return;
  sim_run_go(run);
  const SimMistake *mistake = sim_run_mistake(run);
  cr_expect(mistake == NULL, "scenarios/README.md, the example of line %u:\n%s", line,
            mistake == NULL ? "" : mistake->message);
  sim_run_free(run);
}

static void
expect_good(const char *example, unsigned line)
{
  bool starts = strstr(example, " start ") != NULL;
  bool whole = g_regex_match_simple("^(at|\\+)[^\"#]* end\\s*$", example, G_REGEX_MULTILINE, 0);
  g_autofree char *text =
    whole ? g_strdup(example) : g_strconcat(BEFORE, starts ? "" : STARTS, example, AFTER, NULL);
  const TestFile files[] = {
    { "x.drt", text },
    { "cloud.drt", "group other 5\n" },
    { "king.csv", MATRIX },
    { "sessions.csv", "seconds,node,action\n0,peer1,stop\n5.5,peer1,start\n" },
    { NULL, NULL },
  };
  g_autofree char *mistakes = NULL;
  SimScenario *scenario = test_scenario_load(files, NULL, &mistakes);
  cr_expect(scenario != NULL, "scenarios/README.md, the example of line %u:\n%s", line, mistakes);
  if (scenario != NULL)
    expect_runs(scenario, line);
  sim_scenario_free(scenario);
}

Test(scenario_readme, has_examples_that_can_be_run)
{
  unsigned n = visit_examples(expect_good);
  cr_expect(n >= 30, "found %u", n);
}

/* No word of the language is left without an example. */
static GHashTable *seen;

static void
note_words(const char *example, unsigned line)
{
  (void)line;
  g_auto(GStrv) words = g_strsplit_set(example, " \t\n{};\"()", -1);
  for (char **word = words; *word != NULL; word++)
    g_hash_table_add(seen, g_strdup(*word));
}

Test(scenario_readme, has_an_example_of_every_statement)
{
  static const char *const words[] = {
    "language",   "title",     "seed",      "param",   "let",      "include",     "group",
    "network",    "protocol",  "sample",    "trace",   "at",       "from",        "every",
    "expect",     "allow",     "start",     "stop",    "crash",    "restart",     "fault",
    "disconnect", "reconnect", "pause",     "resume",  "register", "update",      "unregister",
    "search",     "partition", "heal",      "cut",     "join",     "hold",        "release",
    "link",       "churn",     "clock",     "inject",  "forge",    "certificate", "mark",
    "end",        "latency",   "plane",     "matrix",  "jitter",   "loss",        "burst-loss",
    "duplicate",  "reorder",   "bandwidth", "queue",   "mtu",      "crypto-cost", "event",
    "message",    "by",        "within",    "always",  "no",       "over",        "missing",
    "lifetime",   "silent",    "drift",     "step",    "claims",   "floods",      "replays",
    "nearest",    "range",     "max",       "timeout", "keys",     "payload",     "bootstrap",
    "security",   "mode",      "rest",      "ring",    "local",    "flag",        "revoke",
    "target",     "validate",
  };
  seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  visit_examples(note_words);
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    cr_expect(g_hash_table_contains(seen, words[i]), "no example of '%s'", words[i]);
  g_hash_table_destroy(seen);
}
