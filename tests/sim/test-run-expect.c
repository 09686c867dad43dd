/* Every form of expectation, where it holds and where it does not: the value, the line, and the time. */
#include "test-run.h"

#include <criterion/criterion.h>
#include <glib.h>

static const struct {
  const char *name, *text, *expected;
} cases[] = {
  { "at looks once",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 2min end\n"
    "expect at 1min nodes.alive == 3\n"
    "expect at 1min1ns nodes.alive == 2\n"
    "expect at 1min nodes.alive == 2\n"
    "expect at 61s nodes.alive > 2\n",
    "5: held 3 at 1min\n"
    "6: held 2 at 60000000001ns\n"
    "7: failed 3 at 1min\n"
    "8: failed 2 at 61s\n"
    "exit 1\n" },
  { "a comparison is one of six",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min end\n"
    "expect nodes.alive == 3\n"
    "expect nodes.alive != 3\n"
    "expect nodes.alive < 3\n"
    "expect nodes.alive <= 3\n"
    "expect nodes.alive > 3\n"
    "expect nodes.alive >= 3\n"
    "expect nodes.alive != 2\n"
    "expect nodes.alive < 4\n"
    "expect nodes.alive > 2\n",
    "4: held 3 at 1min\n"
    "5: failed 3 at 1min\n"
    "6: failed 3 at 1min\n"
    "7: held 3 at 1min\n"
    "8: failed 3 at 1min\n"
    "9: held 3 at 1min\n"
    "10: held 3 at 1min\n"
    "11: held 3 at 1min\n"
    "12: held 3 at 1min\n"
    "exit 1\n" },
  { "from and to: every sample, with both ends",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 2min restart n1\n"
    "at 3min end\n"
    "expect from 1s to 1min nodes.alive == 3\n"
    "expect from 1s to 2min nodes.alive == 3\n"
    "expect from 1min1ms to 2min nodes.alive == 2\n"
    "expect from 1min to 2min nodes.alive == 2\n"
    "expect from 1min1ms to 3min nodes.alive == 2\n"
    "expect from 61500ms to 61500ms nodes.alive == 2\n",
    "6: held 3 at 1min\n"
    "7: failed 2 at 60001ms\n"
    "8: held 2 at 2min\n"
    "9: failed 3 at 1min\n"
    "10: failed 3 at 121s\n"
    "11: held 2 at 61500ms\n"
    "exit 1\n" },
  { "by: some sample after the last action",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 2min mark \"no action\"\n"
    "at 3min end\n"
    "expect by 30s nodes.active == 3\n"
    "expect by 2min30s nodes.alive == 2\n"
    "expect by 2min30s nodes.alive == 3\n"
    "expect by 1min nodes.alive == 3\n"
    "expect by 59s nodes.alive == 2\n",
    "6: held 3 at 1s\n"
    "7: held 2 at 61s\n"
    "8: failed 2 at 150s\n"
    "9: held 3 at 1s\n"
    "10: failed 3 at 59s\n"
    "exit 1\n" },
  { "by: T has a sample of its own, and what was before an action says nothing",
    "sample every 10s\n"
    "group n 3\n"
    "at 0s start n\n"
    "at 62s crash n1\n"
    "at 3min restart n1\n"
    "at 5min end\n"
    "expect by 65s nodes.alive == 2\n"
    "expect by 65s nodes.alive == 3\n"
    "expect by 62s nodes.alive == 3\n"
    "expect by 2s search.success == 100%\n",
    "7: held 2 at 65s\n"
    "8: failed 2 at 65s\n"
    "9: held 3 at 2s\n"
    "10: undecided nothing to measure at 2s\n"
    "exit 1\n" },
  { "by: a search is no action",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min search n0 for n1\n"
    "from 1min to 2min search 1/s\n"
    "at 3min end\n"
    "expect by 3min join.active.p50 <= 1s\n"
    "expect by 150s search.success == 100%\n",
    "6: held 300ms at 1s\n"
    "7: held 100% (2 of 2) at 61s\n"
    "exit 0\n" },
  { "within: some sample after the mark",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 1min mark \"crash\"\n"
    "at 2min restart n1\n"
    "at 2min mark \"back\"\n"
    "at 4min end\n"
    "expect within 30s of \"crash\" nodes.alive == 2\n"
    "expect within 30s of \"crash\" nodes.alive == 3\n"
    "expect within 30s of \"back\" nodes.active == 3\n"
    "expect within 10s of \"back\" nodes.alive == 2\n",
    "8: held 2 at 61s\n"
    "9: failed 2 at 90s\n"
    "10: held 3 at 121s\n"
    "11: failed 3 at 130s\n"
    "exit 1\n" },
  { "within: the last instant has a sample of its own",
    "sample every 1min\n"
    "group n 3\n"
    "at 0s start n\n"
    "at 62s mark \"m\"\n"
    "at 62s crash n1\n"
    "at 64s restart n1\n"
    "at 5min end\n"
    "expect within 1s of \"m\" nodes.alive == 2\n"
    "expect within 3s of \"m\" nodes.alive == 2\n",
    "8: held 2 at 63s\n"
    "9: held 2 at 63s\n"
    "exit 0\n" },
  { "always: every sample",
    "group n 3\n"
    "at 1s start n\n"
    "at 1min crash n1\n"
    "at 2min end\n"
    "expect always nodes.alive <= 3\n"
    "expect always nodes.alive >= 2\n"
    "expect always nodes.faulted == 0\n"
    "expect always leafset.dead == 0%\n",
    "5: held 2 at 2min\n"
    "6: failed 0 at 0s\n"
    "7: held 0 at 2min\n"
    "8: failed 50% (4 of 8) at 61s\n"
    "exit 1\n" },
  { "no window: the end",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 1min end\n"
    "expect nodes.alive == 3\n"
    "expect nodes.alive == 2\n",
    "5: held 3 at 1min\n"
    "6: failed 3 at 1min\n"
    "exit 1\n" },
  { "nothing to measure is undecided, and not held",
    "group n 3 keys 0\n"
    "at 0s start n\n"
    "at 1min end\n"
    "expect search.success == 100%\n"
    "expect at 30s search.latency.p50 < 1s\n"
    "expect leafset.exact == 100%\n"
    "expect nodes.alive == 3\n",
    "4: undecided nothing to measure at 1min\n"
    "5: undecided nothing to measure at 30s\n"
    "6: undecided nothing to measure at 1min\n"
    "7: held 3 at 1min\n"
    "exit 3\n" },
  { "shares and rates over a window are those of the window",
    "group n 3\n"
    "at 0s start n\n"
    "from 1min to 2min search 10/s\n"
    "from 3min to 4min search 10/s missing 100%\n"
    "at 5min end\n"
    "expect from 1min to 2min search.success == 100%\n"
    "expect from 2min30s to 3min search.success == 100%\n"
    "expect from 3min to 5min search.correct == 100%\n"
    "expect from 0s to 5min messages.per-node.REQUEST > 0\n"
    "expect from 1min to 5min messages.per-node.REQUEST == 0\n",
    "6: held 100% (576 of 576) at 2min\n"
    "7: undecided nothing to measure at 3min\n"
    "8: held 100% (602 of 602) at 5min\n"
    "9: held 0.003333/s at 5min\n"
    "10: held 0/s at 5min\n"
    "exit 3\n" },
  { "events: at least one, or none",
    "let k = 0x5\n"
    "let r = 0x9\n"
    "group n 2 keys 0\n"
    "at 0s start n\n"
    "at 10s register n0 key k\n"
    "at 20s register n1 key r\n"
    "at 1min unregister n1 key r\n"
    "at 2min end\n"
    "expect event n0 leafset-added key r\n"
    "expect event n0 leafset-added key r local k\n"
    "expect event n0 leafset-added key k\n"
    "expect event n0 leafset-added key r local r\n"
    "expect by 30s event n1 status-active\n"
    "expect by 1s event n1 status-active\n"
    "expect from 1min to 1min event n1 leafset-deleted key r local r\n"
    "expect from 1min1s to 2min event n1 leafset-deleted key r local r\n"
    "expect no event n0 status-faulted\n"
    "expect no event n0 leafset-added\n"
    "expect from 1min to 2min no event n leafset-added\n",
    "9: held it occurred 1 times at 20150ms\n"
    "10: held it occurred 1 times at 20150ms\n"
    "11: failed it did not occur at 2min\n"
    "12: failed it did not occur at 2min\n"
    "13: held it occurred 1 times at 10300ms\n"
    "14: failed it did not occur at 2min\n"
    "15: held it occurred 1 times at 1min\n"
    "16: failed it did not occur at 2min\n"
    "17: held it did not occur at 2min\n"
    "18: failed it occurred 1 times at 20150ms\n"
    "19: held it did not occur at 2min\n"
    "exit 1\n" },
  { "messages: types, sets and fields",
    "let k = 0x5\n"
    "let r = 0x9\n"
    "group n 3 keys 0\n"
    "at 0s start n\n"
    "at 10s register n0 key k\n"
    "at 20s register n1 key r\n"
    "at 1min search n2 for k\n"
    "at 2min unregister n1 key r\n"
    "at 3min end\n"
    "expect from 1min to 1min2s message n2 -> n0 INQUIRE validate k flag 0x14\n"
    "expect from 1min to 1min2s message n2 -> n0 INQUIRE validate r\n"
    "expect message n2 -> all LOOKUP\n"
    "expect message all -> n0 LOOKUP target k\n"
    "expect message n1 -> all FLOOD revoke r\n"
    "expect from 2min to 2min message n1 -> n0 FLOOD revoke r\n"
    "expect message n1 -> all FLOOD revoke k\n"
    "expect no message n0 -> all FLOOD revoke k\n"
    "expect no message n1 -> n0 FLOOD revoke r\n"
    "expect by 2min message n1 -> n0 FLOOD entry r\n"
    "expect by 1s message n0 -> n1 SOLICIT\n"
    "expect message n0 -> n0 SOLICIT\n",
    "10: held it occurred 1 times at 60100ms\n"
    "11: failed it did not occur at 3min\n"
    "12: held it occurred 1 times at 1min\n"
    "13: held it occurred 1 times at 1min\n"
    "14: held it occurred 1 times at 2min\n"
    "15: held it occurred 1 times at 2min\n"
    "16: failed it did not occur at 3min\n"
    "17: held it did not occur at 3min\n"
    "18: failed it occurred 1 times at 2min\n"
    "19: held it occurred 1 times at 20150ms\n"
    "20: failed it did not occur at 3min\n"
    "21: failed it did not occur at 3min\n"
    "exit 1\n" },
  { "a call that is not as expected",
    "let k = 0x5\n"
    "group n 2\n"
    "at 0s start n\n"
    "at 1min register n0 key k -> DRT_E_DUPLICATE_KEY\n"
    "at 1min register n0 key k -> S_OK\n"
    "at 2min end\n",
    "4: failed S_OK at n0 at 1min\n"
    "5: failed DRT_E_DUPLICATE_KEY at n0 at 1min\n"
    "exit 1\n" },
  { "an invariant is judged without being asked for",
    "protocol { split-tests 0 }\n"
    "group n 4\n"
    "at 0s start n\n"
    "at 1min partition n0, n1 | rest\n"
    "at 5min heal\n"
    "at 20min end\n"
    "expect ring.count == 2\n",
    "7: held 2 at 20min\n"
    "0: failed invariant one-ring: n0: 2 rings at 10min\n"
    "exit 1\n" },
  { "an invariant that is allowed is not",
    "protocol { split-tests 0 }\n"
    "group n 4\n"
    "at 0s start n\n"
    "at 1min partition n0, n1 | rest\n"
    "at 5min heal\n"
    "at 20min end\n"
    "allow invariant one-ring \"nobody looks for the other half\"\n"
    "expect ring.count == 2\n",
    "8: held 2 at 20min\n"
    "exit 0\n" },
  { "who loses all neighbours by crash leaves it undecided",
    "group n 7\n"
    "group far 1\n"
    "at 0s start n, far\n"
    "at 1min crash n\n"
    "at 5min end\n"
    "expect at 2min ring.count == 2\n"
    "expect at 2min nodes.alive == 1\n",
    "6: undecided 1 at 2min\n"
    "7: held 1 at 2min\n"
    "exit 3\n" },
  { "who is alive is no matter of leaf sets",
    "group n 7\n"
    "group far 1\n"
    "at 0s start n, far\n"
    "at 1min crash n\n"
    "at 2min register far0\n"
    "at 5min end\n"
    "expect at 3min nodes.alive == 2\n"
    "expect at 3min nodes.faulted == 2\n"
    "expect at 3min nodes.no-network == 2\n"
    "expect at 3min nodes.active == 2\n"
    "expect at 3min keys.registered == 2\n",
    "7: failed 1 at 3min\n"
    "8: failed 0 at 3min\n"
    "9: failed 0 at 3min\n"
    "10: undecided 0 at 3min\n"
    "11: undecided 1 at 3min\n" /* the other one has no neighbours to be published to */
    "exit 1\n" },
  { "what failed before it lost them has failed",
    "group n 7\n"
    "group far 1\n"
    "at 0s start n, far\n"
    "at 1min crash n\n"
    "at 5min end\n"
    "expect at 2min ring.count == 2\n"
    "expect always nodes.alive <= 7\n",
    "6: undecided 1 at 2min\n"
    "7: failed 8 at 1s\n"
    "exit 1\n" },
};

Test(run_expect, each_form_holds_and_fails)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_run_expect(cases[i].name, cases[i].text, cases[i].expected);
}
