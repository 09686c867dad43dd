/* What comes first at one instant: datagrams and timers, samples and expectations, then actions. */
#include "test-run.h"

#include <criterion/criterion.h>
#include <glib.h>

static const struct {
  const char *name, *text, *expected;
} cases[] = {
  { "a datagram that arrives now is there before the sample",
    "network { latency 500ms }\n"
    "group n 2\n"
    "at 0s start n\n"
    "at 1min3s search n0 for n1 -> n1\n"
    "at 2min end\n"
    "expect at 1min5s search.latency.max <= 2s\n"
    "expect at 1min4999ms search.latency.max <= 2s\n",
    "6: held 2s at 65s\n"
    "7: undecided nothing to measure at 64999ms\n"
    "4: held found, served by n1, for n0 at 65s\n"
    "exit 3\n" },
  { "an expectation sees the world before the actions of its instant",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 1min restart n1\n"
    "at 2min crash n2\n"
    "at 2min end\n"
    "expect at 0s nodes.alive == 0\n"
    "expect at 1min nodes.alive == 3\n"
    "expect at 1min1ns nodes.alive == 3\n"
    "expect nodes.alive == 3\n",
    "7: held 0 at 0s\n"
    "8: held 3 at 1min\n"
    "9: held 3 at 60000000001ns\n"
    "10: held 3 at 2min\n"
    "exit 0\n" },
  { "actions follow one another as in the file, wherever their times stand",
    "group n 2\n"
    "at 1min register n1 key 0x5 -> S_OK\n"
    "at 0s start n\n"
    "at 1min unregister n1 key 0x5\n"
    "at 1min register n1 key 0x5 -> S_OK\n"
    "at 1min register n1 key 0x5 -> DRT_E_DUPLICATE_KEY\n"
    "at 2min end\n",
    "2: held S_OK at n1 at 1min\n"
    "5: held S_OK at n1 at 1min\n"
    "6: held DRT_E_DUPLICATE_KEY at n1 at 1min\n"
    "exit 0\n" },
  { "relative times count from the statement above",
    "group n 2\n"
    "at 10s start n\n"
    "+50s crash n1\n"
    "+1min restart n1\n"
    "+1min end\n"
    "expect at 59s nodes.alive == 2\n"
    "expect at 61s nodes.alive == 1\n"
    "expect at 121s nodes.alive == 2\n",
    "6: held 2 at 59s\n"
    "7: held 1 at 61s\n"
    "8: held 2 at 121s\n"
    "exit 0\n" },
  { "an event of an action comes before the next action",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min fault n1\n"
    "at 1min stop n1\n"
    "at 1min restart n1\n"
    "at 2min end\n"
    "expect from 1min to 1min event n1 status-faulted\n"
    "expect nodes.active == 2\n",
    "7: held it occurred 1 times at 1min\n"
    "8: held 2 at 2min\n"
    "exit 0\n" },
};

Test(run_order, at_one_instant)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_run_expect(cases[i].name, cases[i].text, cases[i].expected);
}
