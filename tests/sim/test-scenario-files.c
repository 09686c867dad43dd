/* What a scenario takes from outside its file: other files, and the params of the command line. */
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

/* The scenario in the first of @files, which must be good. */
static SimScenario *
load(const TestFile *files, const char *const *sets)
{
  g_autofree char *mistakes = NULL;
  SimScenario *scenario = test_scenario_load(files, sets, &mistakes);
  if (scenario == NULL)
    cr_assert_fail("%s", mistakes);
  return scenario;
}

static void
expect_mistakes(const TestFile *files, const char *const *sets, const char *expected)
{
  g_autofree char *mistakes = NULL;
  SimScenario *scenario = test_scenario_load(files, sets, &mistakes);
  cr_expect_str_eq(mistakes, expected);
  sim_scenario_free(scenario);
}

/* ---- include ---- */

Test(scenario_files, are_included_in_place_relative_to_their_own_folder)
{
  const TestFile files[] = {
    { "a/main.drt", "at 1s start all\ninclude \"lib/cloud.drt\"\n+1s crash peer\nat 9s end\n" },
    { "a/lib/cloud.drt", "include \"../more.drt\"\ngroup peer 5\n+1s mark \"x\"\n" },
    { "a/lib/../more.drt", "seed 9\n" },
    { NULL, NULL },
  };
  SimScenario *s = load(files, NULL);
  cr_expect_eq(s->seed, 9);
  cr_expect_eq(s->file_count, 3);
  cr_expect_str_eq(s->actions[1].text, "at 2s mark \"x\"");
  cr_expect_str_eq(s->actions[2].text, "at 3s crash peer");
  cr_expect_str_eq(s->actions[1].where.file, "a/lib/cloud.drt");
  cr_expect_eq(s->actions[1].where.line, 3);
  sim_scenario_free(s);
}

Test(scenario_files, may_be_named_by_a_param)
{
  const TestFile files[] = { { "x.drt", "param F = \"a.drt\"\ninclude $F\nat 1s end\n" },
                             { "b.drt", "seed 5\n" },
                             { NULL, NULL } };
  SimScenario *s = load(files, (const char *const[]){ "F=\"b.drt\"", NULL });
  cr_expect_eq(s->seed, 5);
  sim_scenario_free(s);
}

Test(scenario_files, do_not_include_themselves)
{
  const TestFile self[] = { { "x.drt", "include \"./x.drt\"\nat 1s end\n" }, { NULL, NULL } };
  expect_mistakes(self, NULL,
                  "x.drt:1:9: this file includes itself\ninclude \"./x.drt\"\n        ^\n");
  const TestFile others[] = { { "x.drt", "include \"y.drt\"\nat 1s end\n" },
                              { "y.drt", "include \"z/z.drt\"\n" },
                              { "z/z.drt", "\n include \"../x.drt\"\n" },
                              { NULL, NULL } };
  expect_mistakes(others, NULL,
                  "z/z.drt:2:10: this file includes itself through others\n"
                  " include \"../x.drt\"\n         ^\n");
}

Test(scenario_files, that_are_included_twice_are_told_so)
{
  const TestFile files[] = {
    { "x.drt", "include \"y.drt\"\ninclude \"y.drt\"\nat 1s end\n" },
    { "y.drt", "network { loss 1% }\ngroup a 1\nparam N = 1\n" },
    { NULL, NULL },
  };
  expect_mistakes(files, NULL,
                  "y.drt:1:11: 'loss' is there twice, as this file is included twice\n"
                  "network { loss 1% }\n          ^\n"
                  "y.drt:2:7: the name 'a' is taken by a group, as this file is included twice\n"
                  "group a 1\n      ^\n"
                  "y.drt:3:7: the param 'N' is there twice, as this file is included twice\n"
                  "param N = 1\n      ^\n");
}

Test(scenario_files, in_a_long_row_are_told_how_many_may_be)
{
  TestFile files[62] = { { NULL, NULL } };
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
  for (unsigned i = 0; i < 60; i++) {
    g_ptr_array_add(texts, g_strdup_printf("%u.drt", i));
    files[i].name = texts->pdata[texts->len - 1];
    g_ptr_array_add(texts, g_strdup_printf("include \"%u.drt\"\n", i + 1));
    files[i].text = texts->pdata[texts->len - 1];
  }
  expect_mistakes(files, NULL,
                  "49.drt:1:9: expected at most 50 files that include one another, found one more\n"
                  "include \"50.drt\"\n        ^\n");
}

Test(scenario_files, that_double_have_an_end)
{
  const TestFile files[] = {
    { "x.drt", "include \"1\"\ninclude \"1\"\nat 1s end\n" },
    { "1", "include \"2\"\ninclude \"2\"\n" },
    { "2", "include \"3\"\ninclude \"3\"\n" },
    { "3", "include \"4\"\ninclude \"4\"\n" },
    { "4", "include \"5\"\ninclude \"5\"\n" },
    { "5", "include \"6\"\ninclude \"6\"\n" },
    { "6", "include \"7\"\ninclude \"7\"\n" },
    { "7", "include \"8\"\ninclude \"8\"\n" },
    { "8", "include \"9\"\ninclude \"9\"\n" },
    { "9", "include \"10\"\ninclude \"10\"\n" },
    { "10", "# nothing\n" },
    { NULL, NULL },
  };
  g_autofree char *mistakes = NULL;
  cr_expect_null(test_scenario_load(files, NULL, &mistakes));
  cr_expect(strstr(mistakes, "expected at most 1000 files, found one more") != NULL, "%s",
            mistakes);
}

Test(scenario_files, that_are_not_there_make_no_other_name_unknown)
{
  const TestFile files[] = {
    { "x.drt", "include \"y.drt\"\nat 1s start peer\nat $T crash peer3\n" }, { NULL, NULL }
  };
  expect_mistakes(files, NULL,
                  "x.drt:1:9: cannot read 'y.drt': there is none\ninclude \"y.drt\"\n        ^\n");
  SimScenarioOptions options = { 0 };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  cr_expect_null(sim_scenario_load("no-such-folder/x.drt", &options, mistakes));
  g_autofree char *told = sim_mistakes_format(mistakes);
  cr_expect_str_eq(told,
                   "no-such-folder/x.drt: cannot read this file: No such file or directory\n");
}

Test(scenario_files, have_their_mistakes_in_the_order_of_reading)
{
  const TestFile files[] = { { "x.drt",
                               "seed x\ninclude \"y.drt\"\nsample 1s\nat 1s end\nseed 3\n" },
                             { "y.drt", "seed 2\n" },
                             { NULL, NULL } };
  expect_mistakes(files, NULL,
                  "x.drt:1:6: expected a number, found 'x'\nseed x\n     ^\n"
                  "x.drt:3:8: expected 'every', found '1s'\nsample 1s\n       ^\n"
                  "x.drt:5:1: 'seed' is there twice, first in line 1\nseed 3\n^\n"
                  "y.drt:1:1: 'seed' is there twice, first in x.drt:1\nseed 2\n^\n");
}

Test(scenario_files, of_another_version_are_told_wherever_they_are)
{
  const TestFile files[] = { { "x.drt", "seed x\ninclude \"y.drt\"\n" },
                             { "y.drt", "language 7\nfrobnicate\n" },
                             { NULL, NULL } };
  expect_mistakes(files, NULL,
                  "y.drt:1:10: expected version 1 of the language, the only one known here, found "
                  "'7'\nlanguage 7\n         ^\n");
}

/* ---- param and --set ---- */

#define PARAMS                                                                                     \
  "param N = 5\nparam T = 1min30s\nparam D = lognormal 40ms 15ms\nparam W = 10% of peer\n"         \
  "param NAME = peer\nparam K = 0x6\nparam P = $Q\nparam Q = 2%\nparam M = \"the mark\"\n"         \
  "param R = 5/s\nparam STEP = -5s\nparam B = 1MiB/s\nparam S = 64B\nparam INV = one-ring\n"       \
  "group $NAME $N keys $N payload $S\nlet k = $K\nnetwork { latency $D; loss $P; bandwidth $B }\n" \
  "at $T mark $M\nfrom $T to 5min search $R missing $Q\nat 2min crash $W\n"                        \
  "at 3min clock peer0..peer2 step $STEP\n+$T register peer0 key k payload $S\nat 1h end\n"        \
  "expect within $T of $M leafset.exact >= $Q\nallow invariant $INV $M\n"

Test(scenario_params, stand_wherever_a_value_may)
{
  const TestFile files[] = { { "x.drt", PARAMS }, { NULL, NULL } };
  SimScenario *s = load(files, NULL);
  g_autofree char *printed = sim_scenario_print(s);
  cr_expect_str_eq(printed, "language 1\nseed 1\nlet k = 0x6\ngroup peer 5 keys 5 payload 64B\n"
                            "network {\n  latency lognormal 40ms 15ms\n  loss 2%\n"
                            "  bandwidth 1048576B/s\n}\nsample every 1s\ntrace summary\n"
                            "at 90s mark \"the mark\"\nfrom 90s to 5min search 5/s missing 2%\n"
                            "at 2min crash 10% of peer\nat 3min clock peer0..peer2 step -5s\n"
                            "at 270s register peer0 key 0x6 payload 64B\nat 1h end\n"
                            "expect within 90s of \"the mark\" leafset.exact >= 2%\n"
                            "allow invariant one-ring \"the mark\"\n");
  cr_expect_eq(s->param_count, 14);
  cr_expect_str_eq(s->params[3].name, "W");
  cr_expect_str_eq(s->params[3].value, "10% of peer");
  cr_expect(!s->params[3].overridden);
  sim_scenario_free(s);
}

Test(scenario_params, are_overridden)
{
  const TestFile files[] = { { "x.drt", PARAMS }, { NULL, NULL } };
  const char *const sets[] = { "N=7", "D=50ms", "N = 8", "M=\"other # text\"", NULL };
  SimScenario *s = load(files, sets);
  cr_expect_eq(s->groups[0].count, 8); /* the last one counts */
  cr_expect_eq(s->network[0].distribution.a, 50 * SIM_MILLISECOND);
  cr_expect_str_eq(s->actions[0].mark, "other # text");
  for (uint32_t i = 0; i < s->param_count; i++)
    if (strcmp(s->params[i].name, "N") == 0)
      cr_expect(s->params[i].overridden && strcmp(s->params[i].value, "8") == 0);
  sim_scenario_free(s);
}

Test(scenario_params, of_the_command_line_must_be_there_and_fit)
{
  const TestFile files[] = { { "x.drt", "param Number = 5\ngroup a $Number\nat 1s end\n" },
                             { NULL, NULL } };
  expect_mistakes(files, (const char *const[]){ "Numbr=5", NULL },
                  "--set Numbr=5: the file has no param 'Numbr' (did you mean 'Number'?)\n");
  expect_mistakes(files, (const char *const[]){ "Number", NULL },
                  "--set Number: expected '=', found its end\n");
  expect_mistakes(files, (const char *const[]){ "Number=", NULL },
                  "--set Number=: expected a value, found its end\n");
  expect_mistakes(files, (const char *const[]){ "", NULL }, "--set : expected NAME=VALUE\n");
  expect_mistakes(files, (const char *const[]){ "Number=\xff", NULL },
                  "--set Number=\xef\xbf\xbd: expected UTF-8, found the byte 0xff\n");
  expect_mistakes(files, (const char *const[]){ "Number=5s", NULL },
                  "x.drt:2:9: expected a whole number without a unit, found '5s' (the value of "
                  "$Number)\ngroup a $Number\n        ^\n");
}

/* A wrong default does not matter to who overrides it; a missing one would be a hole in the file. */
Test(scenario_params, that_are_overridden_need_no_good_default)
{
  const TestFile files[] = { { "x.drt", "param N = $M\ngroup a $N\nat 1s end\n" }, { NULL, NULL } };
  SimScenario *s = load(files, (const char *const[]){ "N=7", NULL });
  cr_expect_eq(s->groups[0].count, 7);
  sim_scenario_free(s);
}

/* ---- Churn files ---- */

#define CHURN "group peer 5\ngroup a 1\nfrom 1min to 2min churn peer trace \"c.csv\"\nat 1h end\n"

Test(scenario_churn, is_read_from_a_file)
{
  const TestFile files[] = {
    { "x.drt", CHURN },
    { "c.csv", "seconds,node,action\n# a comment\n2.5,peer1,stop\n\n0.000000001, peer0 ,start\r\n"
               "2.5,peer0,crash\n" },
    { NULL, NULL },
  };
  SimScenario *s = load(files, NULL);
  const SimAction *a = &s->actions[0];
  cr_expect_eq(a->kind, SIM_ACTION_CHURN_TRACE);
  cr_expect_str_eq(a->text, "from 1min to 2min churn peer trace \"c.csv\"");
  cr_assert_eq(a->trace.count, 3);
  const SimChurnEvent *e = a->trace.events;
  cr_expect(e[0].after == 1 && e[0].node.number == 0 && e[0].kind == SIM_CHURN_START);
  cr_expect(e[1].after == 2500 * SIM_MILLISECOND && e[1].node.number == 1 &&
            e[1].kind == SIM_CHURN_STOP);
  cr_expect(e[2].after == 2500 * SIM_MILLISECOND && e[2].node.number == 0 &&
            e[2].kind == SIM_CHURN_CRASH);
  sim_scenario_free(s);
}

Test(scenario_churn, tells_the_mistakes_of_its_file)
{
  const TestFile files[] = {
    { "x.drt", CHURN },
    { "c.csv",
      "1s,peer1,stop\n1,peer9,stop\n1,peer1,stopp\n1,peer1\n1,peer1,stop,5\n-1,peer1,stop\n" },
    { NULL, NULL },
  };
  expect_mistakes(files, NULL,
                  "c.csv:1:1: expected seconds such as 12.5, found '1s'\n1s,peer1,stop\n^\n"
                  "c.csv:2:3: expected a node, found 'peer9'\n1,peer9,stop\n  ^\n"
                  "c.csv:3:9: expected 'start', 'stop' or 'crash', found 'stopp' (did you mean "
                  "'stop'?)\n1,peer1,stopp\n        ^\n"
                  "c.csv:4:8: expected 'start', 'stop' or 'crash', found ''\n1,peer1\n       ^\n"
                  "c.csv:5:14: expected the end of the line, found '5'\n1,peer1,stop,5\n"
                  "             ^\n"
                  "c.csv:6:1: expected seconds such as 12.5, found '-1'\n-1,peer1,stop\n^\n");
}

/* A line that does not happen would be a fault that is ignored. */
Test(scenario_churn, has_no_lines_behind_its_window)
{
  const TestFile files[] = { { "x.drt", CHURN },
                             { "c.csv", "60,peer0,stop\n200,peer0,start\n60.5,peer1,stop\n" },
                             { NULL, NULL } };
  expect_mistakes(
    files, NULL,
    "c.csv:2:1: expected seconds of the window of this churn, which lasts 1min, found "
    "'200'\n200,peer0,start\n^\n"
    "c.csv:3:1: expected seconds of the window of this churn, which lasts 1min, found "
    "'60.5'\n60.5,peer1,stop\n^\n");
}

Test(scenario_churn, tells_how_many_mistakes_more)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (unsigned i = 0; i < 30; i++)
    g_string_append_printf(text, "%u,peer9,stop\n", i);
  const TestFile files[] = { { "x.drt", CHURN "seed x\n" },
                             { "c.csv", text->str },
                             { NULL, NULL } };
  g_autofree char *mistakes = NULL;
  cr_expect_null(test_scenario_load(files, NULL, &mistakes));
  cr_expect(g_str_has_prefix(mistakes, "x.drt:5:6: expected a number, found 'x'\n"), "%s",
            mistakes);
  cr_expect(g_str_has_suffix(mistakes, "18,peer9,stop\n   ^\n11 more mistakes are left off.\n"),
            "%s", mistakes);
}

Test(scenario_churn, is_about_nodes_of_its_set)
{
  const TestFile files[] = { { "x.drt", CHURN }, { "c.csv", "1,a0,stop\n" }, { NULL, NULL } };
  expect_mistakes(
    files, NULL,
    "c.csv:1:3: expected a node of the set of this churn, found 'a0'\n1,a0,stop\n  ^\n");
}

/* ---- Latency matrices ---- */

Test(scenario_matrix, is_looked_at)
{
  const TestFile good[] = { { "d/x.drt", "network { latency matrix \"m.csv\" }\nat 1s end\n" },
                            { "d/m.csv", "0,5\n5,0\n" },
                            { NULL, NULL } };
  SimScenario *s = load(good, NULL);
  cr_expect_eq(s->network[0].kind, SIM_NETWORK_MATRIX);
  cr_expect_str_eq(s->network[0].path, "d/m.csv");
  sim_scenario_free(s);
  const TestFile bad[] = { { "x.drt", "network { latency matrix \"m.csv\" }\nat 1s end\n" },
                           { "m.csv", "0,5\n5,x\n" },
                           { NULL, NULL } };
  g_autofree char *mistakes = NULL;
  cr_expect_null(test_scenario_load(bad, NULL, &mistakes));
  cr_expect(g_str_has_prefix(mistakes, "m.csv:2:1: expected "), "%s", mistakes);
  const TestFile worse[] = { { "x.drt", "network { latency matrix \"m.csv\" }\nat 1s end\n" },
                             { "m.csv", "0,5,1\n5,x\n0\n" },
                             { NULL, NULL } };
  expect_mistakes(worse, NULL,
                  "m.csv:2:1: expected a number, found 'x'\n5,x\n^\n"
                  "m.csv:3:1: expected 3 numbers as in the first row, found 1\n0\n^\n");
}
