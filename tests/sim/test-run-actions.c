/* Each action in a cloud of a few nodes, where what must follow is known. */
#include "test-run.h"

#include <criterion/criterion.h>
#include <glib.h>

static const struct {
  const char *name, *text, *expected;
} cases[] = {
  { "start begins at its instant, in the order of the numbers",
    "group n 4\nat 0s start n0\nat 1min start n over 30s\nat 3min end\n"
    "expect at 1min nodes.alive == 1\nexpect at 1min1ms nodes.alive == 2\n"
    "expect at 1min9999ms nodes.alive == 2\nexpect at 1min10001ms nodes.alive == 3\n"
    "expect at 1min20001ms nodes.alive == 4\nexpect nodes.active == 4\n",
    "5: held 1 at 1min\n6: held 2 at 60001ms\n7: held 2 at 69999ms\n8: held 3 at 70001ms\n"
    "9: held 4 at 80001ms\n10: held 4 at 3min\nexit 0\n" },
  { "stop says goodbye, crash does not",
    "group n 4\nat 0s start n\nat 1min stop n1\nat 2min crash n2\nat 3min end\n"
    "expect from 1min to 1min message n1 -> all FLOOD\n"
    "expect from 2min to 2min1s no message n2 -> all FLOOD\n"
    "expect at 1min1s keys.registered == 3\nexpect at 2min1s keys.registered == 2\n"
    "expect at 1min5s leafset.dead == 0%\nexpect at 2min1ms leafset.dead > 0%\n",
    "6: held it occurred 2 times at 1min\n"
    "7: held it did not occur at 3min\n"
    "8: held 3 at 61s\n"
    "9: held 2 at 121s\n"
    "10: held 0% (0 of 12) at 65s\n"
    "11: held 50% (4 of 8) at 120001ms\n"
    "exit 0\n" },
  { "stop over a time takes one after the other",
    "group n 4\nat 0s start n\nat 1min stop n1..n3 over 30s\nat 3min end\n"
    "expect at 1min nodes.alive == 4\nexpect at 61s nodes.alive == 3\n"
    "expect at 71s nodes.alive == 2\nexpect at 81s nodes.alive == 1\n",
    "5: held 4 at 1min\n6: held 3 at 61s\n7: held 2 at 71s\n8: held 1 at 81s\nexit 0\n" },
  { "restart has the same keys",
    "group n 3\nat 0s start n\nat 1min register n1 key 0x5 -> S_OK\nat 2min crash n1\n"
    "at 3min restart n1\nat 4min search n0 for 0x5 -> n1\nat 5min end\n"
    "expect at 2min30s keys.registered == 2\nexpect keys.registered == 4\n",
    "8: held 2 at 150s\n"
    "9: held 4 at 5min\n"
    "3: held S_OK at n1 at 1min\n"
    "6: held found, served by n1, for n0 at 240200ms\n"
    "exit 0\n" },
  { "fault is final until it is stopped, and its event comes at once",
    "group n 3\nat 0s start n\nat 1min fault n1\nat 1min register n1 -> DRT_E_FAULTED\n"
    "at 2min stop n1\nat 3min restart n1\nat 4min end\n"
    "expect from 1min to 1min event n1 status-faulted\nexpect at 90s nodes.faulted == 1\n"
    "expect at 90s nodes.active == 2\nexpect nodes.faulted == 0\nexpect nodes.active == 3\n",
    "8: held it occurred 1 times at 1min\n9: held 1 at 90s\n10: held 2 at 90s\n"
    "11: held 0 at 4min\n12: held 3 at 4min\n4: held DRT_E_FAULTED at n1 at 1min\nexit 0\n" },
  { "disconnect takes the network away, reconnect gives it back",
    "group n 3\nat 0s start n\nat 1min disconnect n1\nat 2min reconnect n1\nat 3min end\n"
    "expect from 1min to 1min event n1 status-no-network\n"
    "expect from 2min to 2min10s event n1 status-active\n"
    "expect at 90s nodes.no-network == 1\nexpect nodes.no-network == 0\n",
    "6: held it occurred 1 times at 1min\n"
    "7: held it occurred 1 times at 2min\n"
    "8: held 1 at 90s\n"
    "9: held 0 at 3min\n"
    "exit 0\n" },
  { "a paused node says nothing, and answers when it is resumed",
    "group n 2\nat 0s start n\nat 1min pause n1\nat 1min100ms search n0 for n1 -> found\n"
    "at 1min500ms resume n1\nat 2min end\n"
    "expect from 1min to 1min499ms no message n1 -> all AUTHORITY\n"
    "expect from 1min500ms to 1min501ms message n1 -> n0 AUTHORITY\n",
    "7: held it did not occur at 2min\n"
    "8: held it occurred 4 times at 60500000001ns\n"
    "4: held found, served by n1, for n0 at 60650000001ns\n"
    "exit 0\n" },
  { "register, update, unregister, and their codes",
    "let k = 0x5\ngroup n 3 keys 0\nat 0s start n\n"
    "at 1min register n1 key k payload \"a\" -> S_OK\n"
    "at 1min register n1 key k -> DRT_E_DUPLICATE_KEY\n"
    "at 2min update n1 key k payload \"b\" -> S_OK\n"
    "at 2min update n2 key k payload 9B -> E_HANDLE\n"
    "at 2min register n2 -> S_OK\nat 3min unregister n1 key k\nat 4min end\n"
    "expect at 2min1s keys.registered == 2\nexpect at 3min1s keys.registered == 1\n",
    "11: held 2 at 121s\n"
    "12: held 1 at 181s\n"
    "4: held S_OK at n1 at 1min\n"
    "5: held DRT_E_DUPLICATE_KEY at n1 at 1min\n"
    "6: held S_OK at n1 at 2min\n"
    "7: held E_HANDLE at n2 at 2min\n"
    "8: held S_OK at n2 at 2min\n"
    "exit 0\n" },
  { "calls of a group are made by those who can, and shares are drawn from them",
    "group n 4\nat 0s start n\nat 1min fault n3\nat 1min register n0, n1 key 0x5\n"
    "at 2min register n key 0x5\nat 3min unregister 3 of n key 0x5\nat 4min register 75% of n\n"
    "at 5min end\nexpect at 2min30s keys.registered == 6\nexpect at 3min30s keys.registered == 3\n"
    "expect keys.registered == 5\n",
    "9: held 6 at 150s\n10: held 3 at 210s\n11: held 5 at 5min\nexit 0\n" },
  { "a result that is written is one, whatever it is",
    "group n 2 keys 0\nat 0s start n\nat 1min unregister n1 -> E_HANDLE\n"
    "at 1min unregister n1 key 0x5 -> S_OK\nat 1min update n1 payload 5B -> E_HANDLE\n"
    "at 1min register n1 key 0x5 payload 0B -> E_INVALIDARG\n"
    "at 1min search n1 for 0x5 range 0x6 0x7 -> DRT_E_INVALID_SEARCH_RANGE\nat 2min end\n",
    "3: held E_HANDLE at n1 at 1min\n4: failed E_HANDLE at n1 at 1min\n"
    "5: held E_HANDLE at n1 at 1min\n6: held E_INVALIDARG at n1 at 1min\n"
    "7: held DrtStartSearch gave DRT_E_INVALID_SEARCH_RANGE at n1 at 1min\nexit 1\n" },
  { "searches end as they are expected to",
    "let k = 0x5\nlet no = 0x6\ngroup n 4\nat 0s start n\nat 1min register n1 key k\n"
    "at 2min search n0 for k -> found\nat 2min search n0 for k -> n1\n"
    "at 2min search n0 for no -> not-found\nat 2min search n0 for no -> DRT_E_NO_MORE\n"
    "at 2min search n0 for n2 -> n2\nat 2min search n2, n3 for k -> n1\n"
    "at 2min search n3 for 0x50 range k 0x500001 -> n1\nat 3min end\n",
    "6: held found, served by n1, for n0 at 120200ms\n"
    "7: held found, served by n1, for n0 at 120200ms\n"
    "10: held found, served by n2, for n0 at 120200ms\n"
    "11: held found, served by n1, for n2 at 120200ms\n"
    "11: held found, served by n1, for n3 at 120200ms\n"
    "12: held found, served by n1, for n3 at 120200ms\n"
    "8: held not found (DRT_E_NO_MORE) by n0 at 120500ms\n"
    "9: held not found (DRT_E_NO_MORE) by n0 at 120500ms\n"
    "exit 0\n" },
  { "searches that end otherwise have failed",
    "let k = 0x5\nlet no = 0x6\ngroup n 4\nat 0s start n\nat 1min register n1 key k\n"
    "at 2min search n0 for k -> not-found\nat 2min search n0 for k -> n2\n"
    "at 2min search n0 for no -> found\nat 2min search n0 for k -> DRT_E_TIMEOUT\n"
    "at 3min search n0 for no\nat 3min search n0 for no -> not-found\nat 3min end\n",
    "6: failed found, served by n1, for n0 at 120200ms\n"
    "7: failed found, served by n1, for n0 at 120200ms\n"
    "9: failed found, served by n1, for n0 at 120200ms\n"
    "8: failed not found (DRT_E_NO_MORE) by n0 at 120500ms\n"
    "11: failed the search was not over at the end at 3min\n"
    "exit 1\n" },
  { "a load searches so often, and for keys that nobody has",
    "group n 3\nat 0s start n\nfrom 1min to 2min search 50/s\n"
    "from 3min to 4min search 10/s from n1 missing 100%\nat 5min end\n"
    "expect from 1min to 2min10s search.success == 100%\n"
    "expect from 3min to 4min10s search.correct == 100%\n"
    "expect from 1min to 2min messages.per-node.LOOKUP >= 10\n"
    "expect from 1min to 2min messages.per-node.LOOKUP <= 12.5\n",
    "6: held 100% (3023 of 3023) at 130s\n"
    "7: held 100% (597 of 597) at 250s\n"
    "8: held 11.21/s at 2min\n"
    "9: held 11.21/s at 2min\n"
    "exit 0\n" },
  { "nothing passes between the parts of a partition until it is healed",
    "group n 4\nat 0s start n\nat 1min partition n0, n1 | rest\nat 5min heal\nat 10min end\n"
    "expect at 1min ring.count == 1\nexpect at 5min ring.count == 2\nexpect ring.count == 1\n"
    "expect at 5min cache.entries == 1\nexpect cache.entries == 3\n",
    "6: held 1 at 1min\n"
    "7: held 2 at 5min\n"
    "8: held 1 at 10min\n"
    "9: held 1 at 5min\n"
    "10: held 3 at 10min\n"
    "exit 0\n" },
  { "a cut goes one way",
    "group n 2\nat 0s start n\nat 1min cut n1 -> n0\nat 1min search n0 for n1 -> not-found\n"
    "at 1min search n1 for n0 -> not-found\nat 3min join n1 -> n0\nat 5min end\n"
    "expect from 1min to 1min2s message n0 -> n1 LOOKUP\n"
    "expect at 5min ring.count == 1\n",
    "8: held it occurred 7 times at 1min\n"
    "9: held 1 at 5min\n"
    "4: held not found (DRT_E_NO_MORE) by n0 at 62s\n"
    "5: held not found (DRT_E_NO_MORE) by n1 at 62s\n"
    "exit 0\n" },
  { "what is held arrives at the release",
    "group n 2\nat 0s start n\nat 1min3s hold n0 -> n1\nat 1min3s search n0 for n1 -> n1\n"
    "at 1min3900ms release n0 -> n1\nat 2min end\n"
    "expect from 1min3s to 1min3900ms no message n1 -> n0 AUTHORITY\n",
    "7: held it did not occur at 2min\n"
    "4: held found, served by n1, for n0 at 64050000001ns\n"
    "exit 0\n" },
  { "link and network change the latency from now on",
    "group n 2\nat 0s start n\nat 1min network latency 10ms\nat 1min search n0 for n1 -> n1\n"
    "at 2min link n0 <-> n1 latency 300ms\nat 2min search n0 for n1 -> n1\nat 3min end\n",
    "4: held found, served by n1, for n0 at 60040ms\n"
    "6: held found, served by n1, for n0 at 121200ms\n"
    "exit 0\n" },
  { "a clock that runs fast fires early",
    "group n 2\nprotocol { maintenance 1min; maintenance-small 1min; probes 1; split-tests 0 }\n"
    "at 0s start n\nat 1s clock n1 drift 100%\nat 4min end\n"
    "expect from 30s to 31s message n1 -> n0 INQUIRE\n"
    "expect from 30s to 59s no message n0 -> n1 INQUIRE\n",
    "6: held it occurred 1 times at 30500ms\n"
    "7: held it did not occur at 4min\n"
    "exit 0\n" },
  { "an injected datagram comes from its node",
    "group n 2\nat 0s start n\nat 1min3s inject n0 -> n1 hex \"0010000c 51010009 00000001 00180008 "
    "00000002\"\n"
    "at 2min end\nexpect from 1min3s to 1min3s message n0 -> n1 ACK\n"
    "expect from 1min3s to 1min4s no message n1 -> n0 AUTHORITY\n",
    "5: held it occurred 1 times at 63s\n"
    "6: held it did not occur at 2min\n"
    "exit 0\n" },
  { "every repeats, and not after its end",
    "group n 3\nat 0s start n\nevery 1min from 1min to 3min crash n1\n"
    "every 1min from 1min30s to 3min30s restart n1\nat 5min end\n"
    "expect at 1min1s nodes.alive == 2\nexpect at 1min31s nodes.alive == 3\n"
    "expect at 3min1s nodes.alive == 2\nexpect at 4min1s nodes.alive == 3\n",
    "6: held 2 at 61s\n7: held 3 at 91s\n8: held 2 at 181s\n9: held 3 at 241s\nexit 0\n" },
  { "churn by law: a constant lifetime and downtime",
    "group n 3\nat 0s start n\nfrom 1min to 3min churn n1 lifetime 30s downtime 20s silent 100%\n"
    "at 4min end\nexpect at 89s nodes.alive == 3\nexpect at 91s nodes.alive == 2\n"
    "expect at 109s nodes.alive == 2\nexpect at 111s nodes.alive == 3\n"
    "expect at 141s nodes.alive == 2\nexpect no message n1 -> all FLOOD revoke 0x0\n",
    "5: held 3 at 89s\n6: held 2 at 91s\n7: held 2 at 109s\n8: held 3 at 111s\n"
    "9: held 2 at 141s\n10: held it did not occur at 4min\nexit 0\n" },
  { "a share is rounded half up, and at least one",
    "group n 10\nat 0s start n\nat 1min crash 25% of n\nat 2min crash 1% of n\n"
    "at 3min crash 2 of n\nat 4min end\nexpect at 61s nodes.alive == 7\n"
    "expect at 121s nodes.alive == 6\nexpect at 181s nodes.alive == 4\n",
    "7: held 7 at 61s\n8: held 6 at 121s\n9: held 4 at 181s\nexit 0\n" },
  { "a part of a partition is drawn from those in no part before",
    "group n 12\nat 0s start n\nat 2min partition 1/3 | 1/3 | rest\nat 12min end\n"
    "expect ring.count == 3\nexpect cache.entries == 3\n",
    "5: held 3 at 12min\n"
    "6: held 3 at 12min\n"
    "exit 0\n" },
  { "a ring arc goes past zero",
    "group n 4 keys 0\nat 0s start n\nat 1s register n0 key 0xf\nat 1s register n1 key 0x1\n"
    "at 1s register n2 key 0x7\nat 1min crash ring 0xe..0x2\nat 2min end\n"
    "expect at 61s nodes.alive == 2\nexpect at 61s keys.registered == 1\n",
    "8: held 2 at 61s\n9: held 1 at 61s\nexit 0\n" },
};

Test(run_actions, do_what_they_say)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_run_expect(cases[i].name, cases[i].text, cases[i].expected);
}
