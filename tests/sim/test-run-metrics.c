/* Every metric of the language in a scenario where its value is known by construction. */
#include "test-run.h"

#include <criterion/criterion.h>
#include <glib.h>

static const struct {
  const char *name, *text, *expected;
} cases[] = {
  { "counts of nodes",
    "group n 6\n"
    "at 0s start n0..n4\n"
    "at 1min disconnect n1\n"
    "at 1min fault n2\n"
    "at 1min crash n3\n"
    "at 2min end\n"
    "expect nodes.alive == 4\n"
    "expect nodes.active == 2\n"
    "expect nodes.no-network == 1\n"
    "expect nodes.faulted == 1\n"
    "expect nodes.alone == 0\n"
    "expect keys.registered == 2\n",
    "7: held 4 at 2min\n"
    "8: held 2 at 2min\n"
    "9: held 1 at 2min\n"
    "10: held 1 at 2min\n"
    "11: held 0 at 2min\n"
    "12: held 2 at 2min\n"
    "exit 0\n" },
  { "alone and first",
    "group n 1\n"
    "at 0s start n\n"
    "at 1min end\n"
    "expect nodes.alone == 1\n"
    "expect keys.registered == 0\n"
    "expect ring.count == 0\n",
    "4: held 1 at 1min\n"
    "5: held 0 at 1min\n"
    "6: held 0 at 1min\n"
    "exit 0\n" },
  { "leaf sets of three",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min end\n"
    "expect leafset.exact == 100%\n"
    "expect leafset.nearest == 100%\n"
    "expect leafset.dead == 0%\n"
    "expect ring.count == 1\n"
    "expect cache.entries == 2\n"
    "expect cache.stale == 0%\n"
    "expect stale.age.max == 0s\n",
    "4: held 100% (12 of 12) at 1min\n"
    "5: held 100% (3 of 3) at 1min\n"
    "6: held 0% (0 of 12) at 1min\n"
    "7: held 1 at 1min\n"
    "8: held 2 at 1min\n"
    "9: held 0% (0 of 6) at 1min\n"
    "10: held 0s at 1min\n"
    "exit 0\n" },
  { "the dead are remembered until they are missed",
    "group n 3\n"
    "protocol { probes 0 }\n"
    "at 0s start n\n"
    "at 1min crash n2\n"
    "at 1min5s end\n"
    "expect at 1min1s leafset.dead == 1/2\n"
    "expect at 1min1s cache.stale == 1/2\n"
    "expect at 1min1s stale.age.max == 1s\n"
    "expect at 1min1s leafset.exact == 25%\n"
    "expect at 1min1s leafset.nearest == 0%\n",
    "6: held 50% (4 of 8) at 61s\n"
    "7: held 50% (2 of 4) at 61s\n"
    "8: held 1s at 61s\n"
    "9: held 25% (2 of 8) at 61s\n"
    "10: held 0% (0 of 2) at 61s\n"
    "exit 0\n" },
  { "several keys on a node",
    "group n 2 keys 3\n"
    "at 0s start n\n"
    "at 1min end\n"
    "expect keys.registered == 6\n"
    "expect cache.entries == 3\n"
    "expect leafset.exact == 100%\n"
    "expect ring.count == 1\n",
    "4: held 6 at 1min\n"
    "5: held 3 at 1min\n"
    "6: held 100% (36 of 36) at 1min\n"
    "7: held 1 at 1min\n"
    "exit 0\n" },
  { "a search takes a LOOKUP and an INQUIRE",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min3s search n0 for n1 -> n1\n"
    "at 2min end\n"
    "expect search.success == 100%\n"
    "expect search.correct == 100%\n"
    "expect search.latency.p50 == 200ms\n"
    "expect search.latency.p95 == 200ms\n"
    "expect search.latency.p99 == 200ms\n"
    "expect search.latency.max == 200ms\n"
    "expect search.hops.mean == 1\n"
    "expect search.hops.p95 == 1\n"
    "expect search.hops.max == 1\n"
    "expect search.timeouts == 0%\n",
    "5: held 100% (1 of 1) at 2min\n"
    "6: held 100% (1 of 1) at 2min\n"
    "7: held 200ms at 2min\n"
    "8: held 200ms at 2min\n"
    "9: held 200ms at 2min\n"
    "10: held 200ms at 2min\n"
    "11: held 1 at 2min\n"
    "12: held 1 at 2min\n"
    "13: held 1 at 2min\n"
    "14: held 0% (0 of 1) at 2min\n"
    "3: held found, served by n1, for n0 at 63200ms\n"
    "exit 0\n" },
  { "a search for a key that nobody has",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min3s search n0 for 0x5 -> not-found\n"
    "at 2min end\n"
    "expect search.correct == 100%\n"
    "expect search.success == 100%\n",
    "5: held 100% (1 of 1) at 2min\n"
    "6: undecided nothing to measure at 2min\n"
    "3: held not found (DRT_E_NO_MORE) by n0 at 63300ms\n"
    "exit 3\n" },
  { "joins",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min start n1\n"
    "at 2min end\n"
    "expect from 30s to 2min join.active.p50 <= 1s\n"
    "expect join.active.p95 <= 1min1s\n"
    "expect join.visible.p50 <= 1min2s\n"
    "expect join.visible.p95 <= 1min2s\n"
    "expect from 0s to 30s join.active.p50 <= 1s\n",
    "5: held 300ms at 2min\n"
    "6: held 60450ms at 2min\n"
    "7: held 1s at 2min\n"
    "8: held 61s at 2min\n"
    "9: undecided nothing to measure at 30s\n"
    "exit 3\n" },
  { "convergence",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 5min end\n"
    "expect at 1min converge.p50 <= 5s\n"
    "expect at 1min converge.p95 <= 5s\n"
    "expect at 1min converge.p100 <= 5s\n"
    "expect converge.p100 <= 1min\n"
    "expect converge.p50 == 2s\n",
    "5: held 1s at 1min\n"
    "6: held 1s at 1min\n"
    "7: held 1s at 1min\n"
    "8: held 2s at 5min\n"
    "9: held 2s at 5min\n"
    "exit 0\n" },
  { "messages and bytes",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min3s search n0 for n1\n"
    "at 2min end\n"
    "expect from 1min2s to 1min4s messages.per-node.INQUIRE == 0.25\n"
    "expect from 1min2s to 1min4s messages.per-node.AUTHORITY == 0.5\n"
    "expect from 1min2s to 1min4s messages.per-node == 1\n"
    "expect from 1min2s to 1min4s bytes.per-node.INQUIRE == 19\n"
    "expect from 1min2s to 1min4s bytes.per-node == 135\n"
    "expect from 1min2s to 1min4s messages.per-node.FLOOD == 0\n",
    "5: held 0.25/s at 64s\n"
    "6: held 0.5/s at 64s\n"
    "7: held 1/s at 64s\n"
    "8: held 19B/s at 64s\n"
    "9: held 135B/s at 64s\n"
    "10: held 0/s at 64s\n"
    "exit 0\n" },
  { "levels of a cache",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min end\n"
    "expect cache.levels == 1\n",
    "4: held 1 at 1min\n"
    "exit 0\n" },
};

Test(run_metrics, are_as_known)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_run_expect(cases[i].name, cases[i].text, cases[i].expected);
}
