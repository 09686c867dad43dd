/* `drtsim check` and `drtsim protocol` from outside. */
#include "drt-settings.h"
#include "test-spawn.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static char *folder, *good, *bad;

static void
make_files(void)
{
  folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  good = g_build_filename(folder, "good.drt", NULL);
  bad = g_build_filename(folder, "bad.drt", NULL);
  cr_assert(g_file_set_contents(good, "param N = 5\ngroup peer $N\nat 1s start peer\nat 90s end\n",
                                -1, NULL));
  cr_assert(g_file_set_contents(bad, "at 5 \"\t\xc3\xa4\"\nat 1s ende\n", -1, NULL));
}

static void
remove_files(void)
{
  g_unlink(good);
  g_unlink(bad);
  g_rmdir(folder);
  g_free(folder);
  g_free(good);
  g_free(bad);
}

TestSuite(cli_scenario, .init = make_files, .fini = remove_files);

static void
expect_run(TestRun run, int status, const char *out, const char *err)
{
  cr_expect_eq(run.status, status);
  cr_expect_str_eq(run.out, out);
  cr_expect_str_eq(run.err, err);
  test_run_clear(&run);
}

Test(cli_scenario, good_files_are_told_in_one_line_each)
{
  g_autofree char *out =
    g_strdup_printf("%s: good: 5 nodes, 2 actions, 0 expectations, ends at 90s\n", good);
  expect_run(test_spawn_drtsim("check", good, NULL), 0, out, "");
  g_autofree char *seven =
    g_strdup_printf("%s: good: 7 nodes, 2 actions, 0 expectations, ends at 90s\n", good);
  expect_run(test_spawn_drtsim("check", "--set", "N=7", good, NULL), 0, seven, "");
  expect_run(test_spawn_drtsim("check", "--set=N=7", "--", good, NULL), 0, seven, "");
}

Test(cli_scenario, mistakes_go_to_stderr_and_the_other_files_are_read)
{
  g_autofree char *out =
    g_strdup_printf("%s: good: 5 nodes, 2 actions, 0 expectations, ends at 90s\n", good);
  g_autofree char *err =
    g_strdup_printf("%s:1:4: expected a time with a unit, such as 15s, found '5'\n"
                    "at 5 \"\t\xc3\xa4\"\n   ^\n"
                    "%s:2:7: expected an action, found 'ende' (did you mean 'end'?)\n"
                    "at 1s ende\n      ^\n",
                    bad, bad);
  expect_run(test_spawn_drtsim("check", bad, good, NULL), 2, out, err);
}

Test(cli_scenario, mistakes_are_json_for_editors)
{
  expect_run(test_spawn_drtsim("check", "--json", good, NULL), 0, "[]\n", "");
  g_autofree char *out = g_strdup_printf(
    "[\n"
    "  {\"file\": \"%s\", \"line\": 1, \"column\": 4, \"message\": \"expected a time with a unit, "
    "such "
    "as 15s, found '5'\", \"near\": null},\n"
    "  {\"file\": \"%s\", \"line\": 2, \"column\": 7, \"message\": \"expected an action, found "
    "'ende'\", \"near\": \"end\"}\n"
    "]\n",
    bad, bad);
  expect_run(test_spawn_drtsim("check", good, bad, "--json", NULL), 2, out, "");
}

/* As in words, at most 20 of a file; an editor is told of the rest as well. */
Test(cli_scenario, what_json_leaves_off_is_told)
{
  g_autoptr(GString) many = g_string_new("");
  for (int i = 0; i < 23; i++)
    g_string_append(many, "what\n");
  g_autofree char *path = g_build_filename(folder, "many.drt", NULL);
  cr_assert(g_file_set_contents(path, many->str, -1, NULL));
  TestRun run = test_spawn_drtsim("check", "--json", path, NULL);
  g_autofree char *rest = g_strdup_printf(
    ",\n  {\"file\": \"%s\", \"line\": 0, \"column\": 0, \"message\": \"3 more mistakes are left "
    "off\", \"near\": null}\n]\n",
    path);
  cr_expect(g_str_has_suffix(run.out, rest), "%s", run.out);
  cr_expect_eq(run.status, 2);
  test_run_clear(&run);
  g_remove(path);
}

Test(cli_scenario, what_is_no_file_is_told)
{
  g_autofree char *none = g_build_filename(folder, "goood.drt", NULL);
  g_autofree char *err = g_strdup_printf(
    "%s: cannot read this file: No such file or directory (did you mean '%s'?)\n", none, good);
  expect_run(test_spawn_drtsim("check", none, NULL), 2, "", err);
  g_autofree char *is_folder =
    g_strdup_printf("%s: cannot read this file: it is a folder\n", folder);
  expect_run(test_spawn_drtsim("check", folder, NULL), 2, "", is_folder);
  expect_run(test_spawn_drtsim("check", "/dev/zero", NULL), 2, "",
             "/dev/zero: cannot read this file: it is not a file\n");
}

Test(cli_scenario, wrong_words_on_the_command_line_are_usage_errors)
{
#define HELP "\n'drtsim --help' lists what works.\n"
  expect_run(test_spawn_drtsim("check", NULL), 2, "", "drtsim: 'check' needs a scenario file" HELP);
  expect_run(test_spawn_drtsim("check", "--jsno", good, NULL), 2, "",
             "drtsim: unknown option '--jsno' of 'check' (did you mean '--json'?)" HELP);
  expect_run(test_spawn_drtsim("check", good, "--set", NULL), 2, "",
             "drtsim: '--set' needs a value behind it" HELP);
  expect_run(test_spawn_drtsim("check", good, "--set", "M=5", NULL), 2, "",
             "--set M=5: the file has no param 'M'\n");
  expect_run(test_spawn_drtsim("protocol", "--jsno", NULL), 2, "",
             "drtsim: 'protocol' takes no '--jsno' (did you mean '--json'?)" HELP);
}

Test(cli_scenario, protocol_lists_every_setting)
{
  TestRun table = test_spawn_drtsim("protocol", NULL);
  TestRun json = test_spawn_drtsim("protocol", "--json", NULL);
  cr_expect(table.status == 0 && json.status == 0);
  size_t count;
  const DrtSetting *list = drt_settings_list(&count);
  for (size_t i = 0; i < count; i++) {
    g_autofree char *row = g_strdup_printf("\n%s ", list[i].name);
    g_autofree char *member = g_strdup_printf("{\"name\": \"%s\", \"default\": ", list[i].name);
    cr_expect(strstr(table.out, row) != NULL, "no row for %s", list[i].name);
    cr_expect(strstr(table.out, list[i].source) != NULL, "no source of %s", list[i].name);
    cr_expect(strstr(json.out, member) != NULL, "no object for %s", list[i].name);
  }
  cr_expect(g_regex_match_simple("^maintenance +15s  1s \\.\\. 1d +MC-DRT", table.out,
                                 G_REGEX_MULTILINE, 0));
  cr_expect(strstr(json.out,
                   "{\"name\": \"probes\", \"default\": \"10\", \"least\": \"0\", \"most\": "
                   "\"200\", \"source\": \"MC-DRT 3.1.6.1\"}") != NULL);
  test_run_clear(&table);
  test_run_clear(&json);
}
