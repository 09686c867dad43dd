/* "Did you mean ...?" (sim/scenario/sim-suggest.h). */
#include "sim-suggest.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static const char *const known[] = { "help", "version", "partition", "sweep", NULL };

static const struct {
  const char *name, *word, *expected;
} cases[] = {
  { "the word itself", "help", "help" },
  { "a character is missing", "hep", "help" },
  { "a character too many", "versiion", "version" },
  { "a wrong character", "sweap", "sweep" },
  { "two neighbours are swapped", "hlep", "help" },
  { "three slips in a long word", "prtitoin", "partition" },
  { "two slips in a short word are too many", "hxxp", NULL },
  { "four slips are too many in any word", "partxxxx", NULL },
  { "something else altogether", "zebra", NULL },
  { "two characters are too few to guess from", "he", NULL },
  { "nothing", "", NULL },
};

Test(suggest, finds_the_closest_known_word)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *got = sim_suggest(cases[i].word, known);
    cr_expect(g_strcmp0(got, cases[i].expected) == 0, "%s: '%s' gave '%s'", cases[i].name,
              cases[i].word, got != NULL ? got : "nothing");
  }
}

Test(suggest, prefers_the_first_of_equally_close_words)
{
  const char *const twins[] = { "cat", "bat", NULL };
  cr_expect_str_eq(sim_suggest("hat", twins), "cat");
}

Test(suggest, has_no_answer_without_known_words)
{
  const char *const none[] = { NULL };
  cr_expect_null(sim_suggest("help", none));
}

Test(suggest, gives_up_on_words_that_are_too_long)
{
  char longest[65 + 1], known_too[64 + 1];
  memset(longest, 'a', sizeof longest - 1);
  longest[65] = '\0';
  memset(known_too, 'a', sizeof known_too - 1);
  known_too[64] = '\0';
  const char *const list[] = { known_too, NULL };
  cr_expect_str_eq(sim_suggest(known_too, list), known_too);
  cr_expect_null(sim_suggest(longest, list));
}
