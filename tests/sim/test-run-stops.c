/* Actions that cannot be applied: never ignored, but told with their line and the virtual time. */
#include "test-run.h"

#include <criterion/criterion.h>
#include <glib.h>

static const struct {
  const char *name, *text, *expected;
} cases[] = {
  { "start what runs",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min start n1\n"
    "at 2min end\n"
    "expect nodes.alive == 2\n",
    "5: undecided it was not measured until here at 1min\n"
    "x.drt:3:1: at 1min: cannot start n1: it is running\n"
    "exit 2\n" },
  { "start what has crashed",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min crash n1\n"
    "at 2min start n1\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: cannot start n1: it has crashed\n"
    "exit 2\n" },
  { "start nobody",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min start n\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: there is no node to start: it wants nodes that were never started\n"
    "exit 2\n" },
  { "restart what runs",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min restart n1\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: cannot restart n1: it is running\n"
    "exit 2\n" },
  { "restart what was never started",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min restart n1\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: cannot restart n1: it was never started\n"
    "exit 2\n" },
  { "stop what was stopped",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min stop n1\n"
    "at 2min stop n1\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: cannot stop n1: it was stopped\n"
    "exit 2\n" },
  { "crash what was never started",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min crash n1\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: cannot crash n1: it was never started\n"
    "exit 2\n" },
  { "crash more than there are",
    "group n 4\n"
    "at 0s start n\n"
    "at 1min crash 5 of n\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: 'crash' is wanted of more nodes than it can be applied to: those that "
    "run\n"
    "exit 2\n" },
  { "crash a share of nobody",
    "group n 4\n"
    "at 1min crash 5% of n\n"
    "at 2min end\n",
    "x.drt:2:1: at 1min: there is no node to crash: it wants nodes that run\n"
    "exit 2\n" },
  { "crash an empty arc",
    "group n 1\n"
    "at 0s start n\n"
    "at 1min crash ring 0x0..0x0000000001\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: there is no node to crash: it wants nodes that run\n"
    "exit 2\n" },
  { "fault twice",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min fault n1\n"
    "at 2min fault n1\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: cannot fault n1: it is faulted\n"
    "exit 2\n" },
  { "disconnect twice",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min disconnect n1\n"
    "at 2min disconnect n1\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: cannot disconnect n1: it is disconnected\n"
    "exit 2\n" },
  { "reconnect what is connected",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min reconnect n1\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: cannot reconnect n1: it is connected\n"
    "exit 2\n" },
  { "pause twice",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min pause n1\n"
    "at 2min pause n1\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: cannot pause n1: it is paused\n"
    "exit 2\n" },
  { "resume what runs",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min resume n1\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: cannot resume n1: it is running\n"
    "exit 2\n" },
  { "call where nothing runs",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min register n1 key 0x5\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: n1 cannot register a key: it is not running\n"
    "exit 2\n" },
  { "update where nothing runs",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min update n1 key 0x5 payload 5B\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: n1 cannot update a key: it is not running\n"
    "exit 2\n" },
  { "unregister where nothing runs",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min unregister n1\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: n1 cannot unregister a key: it is not running\n"
    "exit 2\n" },
  { "search from what is paused",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min pause n1\n"
    "at 2min search n1 for n0\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: n1 cannot search: it is paused\n"
    "exit 2\n" },
  { "unregister what was never registered",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min unregister n1 key 0x99\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n1 cannot unregister a key: it does not have this key (E_HANDLE)\n"
    "exit 2\n" },
  { "unregister where nothing is registered",
    "group n 2 keys 0\n"
    "at 0s start n\n"
    "at 1min unregister n1\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n1 cannot unregister a key: it has no key (E_HANDLE)\n"
    "exit 2\n" },
  { "update what was never registered",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min update n1 key 0x99 payload \"x\"\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n1 cannot update a key: it does not have this key (E_HANDLE)\n"
    "exit 2\n" },
  { "update where nothing is registered",
    "group n 2 keys 0\n"
    "at 0s start n\n"
    "at 1min update n1 payload \"x\"\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n1 cannot update a key: it has no key (E_HANDLE)\n"
    "exit 2\n" },
  { "register twice",
    "group n 2\n"
    "at 0s start n\n"
    "every 1min from 1min to 3min register n1 key 0x5\n"
    "at 4min end\n",
    "x.drt:3:1: at 2min: n1 cannot register a key: it has this key already "
    "(DRT_E_DUPLICATE_KEY)\n"
    "exit 2\n" },
  { "register what is faulted",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min fault n1\n"
    "at 2min register n1\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: n1 cannot register a key: it is faulted (DRT_E_FAULTED)\n"
    "exit 2\n" },
  { "update what is faulted",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min fault n1\n"
    "at 2min update n1 payload 5B\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: n1 cannot update a key: it is faulted (DRT_E_FAULTED)\n"
    "exit 2\n" },
  { "search from what is faulted",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min fault n1\n"
    "at 2min search n1 for n0\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: n1 cannot search: it is faulted (DRT_E_FAULTED)\n"
    "exit 2\n" },
  { "search a range without the key of a node",
    "group n 2 keys 0\n"
    "at 0s start n\n"
    "at 1min register n0 key 0x6\n"
    "at 2min search n1 for n0 range 0x1 0x2\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: n1 cannot search: DrtStartSearch gave DRT_E_INVALID_SEARCH_RANGE\n"
    "exit 2\n" },
  { "what the security provider refuses",
    "group n 2 security derived-key\n"
    "at 0s start n\n"
    "at 1min register n key 0x6\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n0 cannot register a key: DrtRegisterKey gave DRT_E_INVALID_KEY\n"
    "exit 2\n" },
  { "calls of a group that nobody of it can make",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min fault n\n"
    "at 2min register n\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: there is no node to register a key: it wants nodes that run and are "
    "neither paused nor faulted\n"
    "exit 2\n" },
  { "calls of more than can make them",
    "group n 3\n"
    "at 0s start n\n"
    "at 1min register n0 key 0x5\n"
    "at 2min register 3 of n key 0x5\n"
    "at 3min end\n",
    "x.drt:4:1: at 2min: there are not enough nodes to register a key: it wants nodes that run, "
    "are "
    "neither paused nor faulted and do not have the key\n"
    "exit 2\n" },
  { "search for who has no key",
    "group n 2 keys 0\n"
    "at 0s start n\n"
    "at 1min search n1 for n0\n"
    "at 3min end\n",
    "x.drt:3:1: at 1min: n0 has no key that could be searched\n"
    "exit 2\n" },
  { "heal twice",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min partition n0 | rest\n"
    "every 1min from 2min to 3min heal\n"
    "at 4min end\n",
    "x.drt:4:1: at 3min: there is no partition to heal\n"
    "exit 2\n" },
  { "join twice",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min cut n0 -> n1\n"
    "every 1min from 2min to 3min join n0 -> n1\n"
    "at 4min end\n",
    "x.drt:4:1: at 3min: nothing was cut between n0 -> n1\n"
    "exit 2\n" },
  { "release twice",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min hold n0 -> n1\n"
    "every 1min from 2min to 3min release n0 -> n1\n"
    "at 4min end\n",
    "x.drt:4:1: at 3min: nothing was held between n0 -> n1\n"
    "exit 2\n" },
  { "parts of more than there are",
    "group n 4\n"
    "at 0s start n\n"
    "at 1min partition 3 of n | 2 of n | rest\n"
    "at 4min end\n",
    "x.drt:3:1: at 1min: there are not so many nodes as it wants\n"
    "exit 2\n" },
  { "cut an empty set",
    "group n 2\n"
    "at 1min cut ring 0x1..0x2 -> n1\n"
    "at 2min end\n",
    "x.drt:2:1: at 1min: one of its sets is empty\n"
    "exit 2\n" },
  { "inject to who was never there",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min inject n0 -> n1 hex \"00\"\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n1 has no port yet: it was never started\n"
    "exit 2\n" },
  { "churn nobody",
    "group n 2\n"
    "from 1min to 2min churn n lifetime 1min downtime 1min\n"
    "at 3min end\n",
    "x.drt:2:1: at 1min: there is no running node to come and go\n"
    "exit 2\n" },
  { "a liar that does not run",
    "group n 2\n"
    "at 0s start n0\n"
    "at 1min forge n1 replays\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: cannot make a liar of n1: it is not running\n"
    "exit 2\n" },
  { "a claim for the key of a node that has none",
    "group n 2 keys 0\n"
    "at 0s start n\n"
    "at 1min forge n0 claims n1\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: n1 has no key to claim\n"
    "exit 2\n" },
  { "certificates of a node without any",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min certificate n1 expired\n"
    "at 2min end\n",
    "x.drt:3:1: at 1min: the certificates of n1 cannot go bad: it has no certificates: its group "
    "is "
    "not 'security derived-key'\n"
    "exit 2\n" },
  { "nothing happens after the mistake",
    "group n 2\n"
    "at 0s start n\n"
    "at 1min start n1\n"
    "at 1min crash n0\n"
    "at 2min end\n"
    "expect at 1min nodes.alive == 2\n"
    "expect at 90s nodes.alive == 2\n",
    "6: held 2 at 1min\n"
    "7: undecided it was not measured until here at 1min\n"
    "x.drt:3:1: at 1min: cannot start n1: it is running\n"
    "exit 2\n" },
};

Test(run_stops, what_cannot_be_done_stops_the_run)
{
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    test_run_expect(cases[i].name, cases[i].text, cases[i].expected);
}
