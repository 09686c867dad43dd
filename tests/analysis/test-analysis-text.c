/* Numbers for people, and texts that keep apart. */
#include "analysis-healing.h"
#include "analysis-page.h"
#include "analysis-text.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void
expect_text(char *got, const char *wanted)
{
  cr_expect_str_eq(got, wanted, "'%s', not '%s'", got, wanted);
  g_free(got);
}

Test(analysis_text, times_have_the_unit_that_fits)
{
  expect_text(analysis_text_time(0), "0 s");
  expect_text(analysis_text_time(0.25), "250 ms");
  expect_text(analysis_text_time(0.0025), "2.5 ms");
  expect_text(analysis_text_time(2.5), "2.5 s");
  expect_text(analysis_text_time(12.34), "12.3 s");
  expect_text(analysis_text_time(60), "60 s");
  expect_text(analysis_text_time(120), "2 min");
  expect_text(analysis_text_time(200), "3 min 20 s");
  expect_text(analysis_text_time(5400), "90 min");
  expect_text(analysis_text_time(9000), "2 h 30 min");
  expect_text(analysis_text_time(NAN), "-");
}

Test(analysis_text, healing_tells_at_once_from_soon_and_from_not_yet)
{
  expect_text(analysis_healing_text(0, 1), "at once");
  expect_text(analysis_healing_text(0.5, 1), "≤ 1 s");
  expect_text(analysis_healing_text(1, 1), "≤ 1 s");
  expect_text(analysis_healing_text(38, 1), "38 s");
  expect_text(analysis_healing_text(NAN, 1), "not yet");
}

Test(analysis_text, counts_are_grouped)
{
  expect_text(analysis_text_count(0), "0");
  expect_text(analysis_text_count(999), "999");
  expect_text(analysis_text_count(1000), "1\302\240000");
  expect_text(analysis_text_count(5431000), "5\302\240431\302\240000");
  expect_text(analysis_text_count(-1000), "-1\302\240000");
  expect_text(analysis_text_some(1, "node", "nodes"), "1 node");
  expect_text(analysis_text_some(2, "node", "nodes"), "2 nodes");
  expect_text(analysis_text_bytes(310e6), "310 MB");
  expect_text(analysis_text_bytes(1500), "1.5 kB");
}

Test(analysis_text, a_share_is_all_only_if_it_is_all)
{
  expect_text(analysis_text_share(1), "100 %");
  expect_text(analysis_text_share(0.99999), "> 99.99 %");
  expect_text(analysis_text_share(0.9995), "99.95 %");
  expect_text(analysis_text_share(0.482), "48.2 %");
  expect_text(analysis_text_share(0), "0 %");
}

Test(analysis_text, cut_texts_stay_whole_characters)
{
  expect_text(analysis_text_cut("äöü", 3), "äöü");
  expect_text(analysis_text_cut("äöüß", 3), "äö…");
  expect_text(analysis_text_cut("a\nb", 9), "a b");
  expect_text(analysis_text_cut("a\377b", 9), "a\357\277\275b");
}

Test(analysis_text, lines_break_at_blanks_and_lose_nothing)
{
  const char *text = "one two three four five six seven eight nine ten", *at = text;
  GString *joined = g_string_new(NULL);
  while (at != NULL) {
    const char *rest;
    g_autofree char *line = analysis_text_line(at, 8, &rest);
    cr_expect(analysis_text_width(line) <= 8, "'%s'", line);
    g_string_append_printf(joined, "%s%s", line, rest == NULL ? "" : " ");
    cr_assert(rest == NULL || rest > at);
    at = rest;
  }
  cr_expect_str_eq(joined->str, text);
  g_string_free(joined, TRUE);
  const char *rest;
  expect_text(analysis_text_line("unbreakable", 3, &rest), "unbre");
  cr_expect_str_eq(rest, "akable");
}

/* Names of lines that end at the same place stand below each other and stay on the page. */
Test(analysis_text, spread_names_do_not_touch)
{
  double y[] = { 10, 10, 10, 95, 100 };
  analysis_page_spread(y, G_N_ELEMENTS(y), 16, 0, 100);
  for (unsigned i = 0; i < G_N_ELEMENTS(y); i++) {
    cr_expect(y[i] >= 0 && y[i] <= 100, "%g", y[i]);
    cr_expect(i == 0 || y[i] - y[i - 1] >= 16, "%g after %g", y[i], y[i - 1]);
  }
}

Test(analysis_text, steps_are_round)
{
  static const struct {
    double most;
    unsigned steps;
    double wanted;
  } cases[] = { { 10, 5, 2 }, { 1003, 5, 250 }, { 7, 5, 2 }, { 0.9, 5, 0.2 }, { 0, 5, 1 } };
  for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
    double got = analysis_page_step(cases[i].most, cases[i].steps);
    cr_expect(fabs(got - cases[i].wanted) < 1e-9, "%g: %g", cases[i].most, got);
  }
}

/* Nothing that a user wrote is a command to gnuplot. */
Test(analysis_text, quoted_texts_are_only_texts)
{
  expect_text(analysis_script_quote("plain"), "'plain'");
  expect_text(analysis_script_quote("it's"), "'it''s'");
  expect_text(analysis_script_quote("'quoted'"), "\"'\".'quoted'''");
  expect_text(analysis_script_quote("`id` $x @y\n\"z\" \\n"), "'`id` $x @y \"z\" \\n'");
  expect_text(analysis_script_quote(""), "''");
}
