/* Every mistake is told with its place, what was expected and found, its line and a caret. */
#include "test-scenario.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

#define HEADER "group anchor 3\ngroup peer 20\nlet home = 0x6\n"
#define FOOTER "\nat 1h end\n"

/* The statement is line 4; nothing else is wrong. */
static const struct {
  const char *statement;
  unsigned column;
  const char *message;
} rows[] = {
  { "at 5 crash peer", 4, "expected a time with a unit, such as 15s, found '5'" },
  { "at 5mn crash peer", 4, "expected a unit of time (ns, us, ms, s, min, h, d), found '5mn'" },
  { "at 30s1min crash peer", 4,
    "expected larger units of time before smaller ones, found '30s1min'" },
  { "at 0.1ns crash peer", 4, "expected a time of whole nanoseconds, found '0.1ns'" },
  { "at 100000d crash peer", 4, "expected a time of at most 36 years, found '100000d'" },
  { "at 99999999999999999999s crash peer", 4,
    "expected a number of at most 18 digits, 9 of them behind the point, found "
    "'99999999999999999999s'" },
  { "at 1.2.3s crash peer", 4,
    "expected a unit of time (ns, us, ms, s, min, h, d), found '1.2.3s'" },
  { "at crash peer", 4, "expected a time such as 15s, found 'crash'" },
  { "at 5s", 6, "expected an action, found the end of the line" },
  { "at 5s crash", 12,
    "expected nodes (a group, a node, all, alive, 10%, 5 of ...), found the end of the line" },
  { "at 5s crash peeer", 13,
    "expected nodes, found the unknown name 'peeer' (did you mean 'peer'?)" },
  { "at 5s crash peer20", 13, "expected a node from peer0 to peer19, found 'peer20'" },
  { "at 5s crash peeer3", 13,
    "expected nodes, found the unknown name 'peeer3' (did you mean 'peer3'?)" },
  { "at 5s crash peer03", 13,
    "expected nodes, found the unknown name 'peer03' (did you mean 'peer3'?)" },
  { "at 5s crash home", 13, "expected nodes, found the key 'home'" },
  { "at 5s crash peer1..anchor2", 20, "expected a later node of the same group, found 'anchor2'" },
  { "at 5s crash peer5..peer2", 20, "expected a later node of the same group, found 'peer2'" },
  { "at 5s crash peer over 5s", 18, "expected the end of the line, found 'over'" },
  { "at 5s crash 5 peer", 15, "expected 'of', found 'peer'" },
  { "at 5s crash 0% of peer", 13, "expected a share above 0%, found '0%'" },
  { "at 5s crash 150% of peer", 13, "expected a ratio of at most 100%, found '150%'" },
  { "at 5s crash 0 of peer", 13, "expected a number from 1 to 4294967295, found '0'" },
  { "at 5s crash 1/0 of peer", 13, "expected a ratio that does not divide by 0, found '1/0'" },
  { "at 5s crash rest", 13,
    "expected nodes; only the last part of a partition can be 'rest', found 'rest'" },
  { "at 5s crash ring 0x5", 21, "expected '..', found the end of the line" },
  { "at 5s crash ring 0x5..", 23, "expected a key such as 0x80ff, found the end of the line" },
  { "at 5s crash peer,", 18,
    "expected nodes (a group, a node, all, alive, 10%, 5 of ...), found the end of the line" },
  { "at 5s start peer over", 22, "expected a time such as 15s, found the end of the line" },
  { "at 5s craash peer", 7, "expected an action, found 'craash' (did you mean 'crash'?)" },
  { "crash peer", 1, "expected a statement, found 'crash' (did you mean 'at T crash'?)" },
  { "partition peer | rest", 1,
    "expected a statement, found 'partition' (did you mean 'at T partition'?)" },
  { "startt peer", 1, "expected a statement, found 'startt' (did you mean 'at T start'?)" },
  { "at 5s register peer key 5", 25, "expected a key such as 0x80ff, found '5'" },
  { "at 5s register peer key 0x", 25, "expected a key of 1 to 64 hex digits, found '0x'" },
  { "at 5s register peer key 0xg0", 25, "expected a key of 1 to 64 hex digits, found '0xg0'" },
  { "at 5s register peer key 0x00000000000000000000000000000000000000000000000000000000000000001",
    25,
    "expected a key of 1 to 64 hex digits, found '0x00000000000000000000000000000000000000...'" },
  { "at 5s register peer key hoome", 25,
    "expected a key, found the unknown name 'hoome' (did you mean 'home'?)" },
  { "at 5s register peer key peer", 25, "expected a key, found 'peer'" },
  { "at 5s register peer key peer1", 25, "expected a key, found the node 'peer1'" },
  { "expect event peer leafset-added key anchor0", 37, "expected a key, found the node 'anchor0'" },
  { "expect message peer -> peer FLOOD revoke peer5", 42,
    "expected a key, found the node 'peer5'" },
  { "at 5s crash peer9999999999", 13,
    "expected a node from peer0 to peer19, found 'peer9999999999'" },
  { "at 5s crash ring 1..2", 18, "expected a key such as 0x80ff, found '1'" },
  { "at 5s crash 10% peer", 17, "expected 'of', found 'peer'" },
  { "at 5s crash 10% peer3", 17, "expected 'of', found 'peer3'" },
  { "at 5s crash\u00a0peer", 12, "unexpected character U+00A0" },
  { "title \u201cA cloud\u201d", 7, "unexpected character '\u201c' (did you mean '\"'?)" },
  { "expect ring.count => 1", 19,
    "expected one of == != < <= > >=, found '=>' (did you mean '>='?)" },
  { "expect ring.count =< 1", 19,
    "expected one of == != < <= > >=, found '=<' (did you mean '<='?)" },
  { "expect ring.count <> 1", 19,
    "expected one of == != < <= > >=, found '<>' (did you mean '!='?)" },
  { "expect messages.per-node.lookup < 5", 8,
    "expected a metric, 'event' or 'message', found 'messages.per-node.lookup' (did you mean "
    "'messages.per-node.LOOKUP'?)" },
  { "expect search.latency < 5s", 8,
    "expected a metric, 'event' or 'message', found 'search.latency' (did you mean "
    "'search.latency.p50'?)" },
  { "at 5s register peer payload 5", 29,
    "expected a size with a unit, such as 64B, 5kB or 1MiB, found '5'" },
  { "at 5s register peer payload 1MB", 29, "expected 0B to 65536B, found '1MB'" },
  { "at 5s register peer payload 5kb", 29,
    "expected a unit of size (B, kB, MB, GB, KiB, MiB, GiB), found '5kb'" },
  { "at 5s register peer payload 0.5B", 29, "expected a size of whole bytes, found '0.5B'" },
  { "at 5s register peer key 0x1 key 0x2", 29, "'key' is there twice" },
  { "at 5s register peer ->", 23,
    "expected a result such as S_OK or DRT_E_DUPLICATE_KEY, found the end of the line" },
  { "at 5s register peer -> DRT_E_DUPLICATEKEY", 24,
    "expected a result such as S_OK or DRT_E_DUPLICATE_KEY, found 'DRT_E_DUPLICATEKEY' (did you "
    "mean 'DRT_E_DUPLICATE_KEY'?)" },
  { "at 5s update peer key 0x1", 26, "expected 'payload', found the end of the line" },
  { "at 5s update peer -> S_OK", 19, "expected 'payload', found '->'" },
  { "at 5s unregister peer payload 5B", 23, "expected 'key' or '->', found 'payload'" },
  { "at 5s search peer", 18, "expected 'for', found the end of the line" },
  { "at 5s search peer for", 22, "expected a key or a node, found the end of the line" },
  { "at 5s search peer for peer", 23,
    "expected a key or a node, found the group 'peer' (did you mean 'peer0'?)" },
  { "at 5s search peer for nobody", 23,
    "expected a key or a node, found the unknown name 'nobody'" },
  { "at 5s search peer for 0x6 nearest range 0x1 0x2", 35, "expected either 'nearest' or 'range'" },
  { "at 5s search peer for 0x6 -> fund", 30,
    "expected 'found', 'not-found', a node or a result such as S_OK, found 'fund' (did you mean "
    "'found'?)" },
  { "at 5s search peer for 0x6 -> DRT_E_NOMORE", 30,
    "expected 'found', 'not-found', a node or a result such as S_OK, found 'DRT_E_NOMORE' (did you "
    "mean 'DRT_E_NO_MORE'?)" },
  { "at 5s register peer payload 6kB", 29,
    "expected 1B to 5120B, or '-> E_INVALIDARG' behind it, found '6kB'" },
  { "at 5s register peer payload \"\" key 0x1", 29,
    "expected 1B to 5120B, or '-> E_INVALIDARG' behind it, found the text \"\"" },
  { "at 5s search peer for 0x9 range 0xb 0x2", 33,
    "expected a range that has the key in it, or '-> DRT_E_INVALID_SEARCH_RANGE' behind it, found "
    "'0xb' to '0x2'" },
  { "at 5s search peer for home range 0x61 0x7 -> found", 34,
    "expected a range that has the key in it, or '-> DRT_E_INVALID_SEARCH_RANGE' behind it, found "
    "'0x61' to '0x7'" },
  { "at 5s search peer for 0x6 max 0", 31, "expected a number from 1 to 1000000, found '0'" },
  { "at 5s search peer for 0x6 timeout 0s", 35, "expected a time above 0, found '0s'" },
  { "at 5s search 50/s", 7, "expected 'from T1 to T2' before what lasts, found 'search'" },
  { "from 1s to 5s search 50/m", 22, "expected a rate such as 50/s or 1/min, found '50/m'" },
  { "from 1s to 5s search 50", 22, "expected a rate such as 50/s or 1/min, found '50'" },
  { "from 1s to 5s search 5%", 22, "expected a rate such as 50/s or 1/min, found '5%'" },
  { "from 1s to 5s crash peer", 15, "expected 'at T' before what happens at once, found 'crash'" },
  { "from 5s to 1s search 50/s", 12,
    "expected a window that ends after its start at 5s, found '1s'" },
  { "every 5s from 1s to 5s end", 24, "expected 'at T' before what happens once, found 'end'" },
  { "every 0s from 1s to 5s crash 1 of peer", 7, "expected a time above 0, found '0s'" },
  { "every 1ns from 1s to 50min crash 1 of peer", 7, "expected fewer than 10000000 repetitions" },
  { "every 1s crash 1 of peer", 10, "expected 'from', found 'crash'" },
  { "at 5s churn peer lifetime 5s downtime 5s", 7,
    "expected 'from T1 to T2' before what lasts, found 'churn'" },
  { "from 1s to 5s churn peer lifetime 5s", 37, "expected 'downtime', found the end of the line" },
  { "from 1s to 5s churn peer", 25, "expected 'lifetime' or 'trace', found the end of the line" },
  { "from 1s to 5s churn peer lifetime expnential 5s downtime 5s", 35,
    "expected a time or a distribution such as normal 40ms 5ms, found 'expnential' (did you mean "
    "'exponential'?)" },
  { "from 1s to 5s churn peer lifetime uniform 5s 1s downtime 5s", 46,
    "expected a time that is not less than the one before, found '1s'" },
  { "from 1s to 5s churn peer lifetime weibull 5s 1 downtime 5s", 43,
    "expected a number without a unit, such as 2 or 3.5, found '5s'" },
  { "from 1s to 5s churn peer lifetime weibull 0 1s downtime 5s", 43,
    "expected a shape above 0, at most 1000, with up to 6 decimals, found '0'" },
  { "at 5s partition peer", 21, "expected '|' and another part, found the end of the line" },
  { "at 5s partition rest | peer", 17, "expected 'rest' in the last part only" },
  { "at 5s heal", 1, "expected a partition before this heal, found none" },
  { "at 5s cut peer", 15, "expected '->' or '<->', found the end of the line" },
  { "at 5s cut peer - anchor", 16, "expected '->' or '<->', found '-'" },
  { "at 5s join peer -> anchor", 1,
    "expected a cut with the same words before this join, found none" },
  { "at 5s release peer -> anchor", 1,
    "expected a hold with the same words before this release, found none" },
  { "at 5s link peer -> anchor", 26,
    "expected a setting of the network, found the end of the line" },
  { "at 5s link peer -> anchor loss", 31,
    "expected a ratio such as 1% or 1/1000, found the end of the line" },
  { "at 5s link peer -> anchor speed 5", 27, "expected a setting of the network, found 'speed'" },
  { "at 5s network { }", 17, "expected a setting of the network, found none" },
  { "at 5s network { loss 5% latency 5s }", 25,
    "expected ';', '}' or the end of the line, found 'latency'" },
  { "at 5s clock peer", 17, "expected 'drift' or 'step', found the end of the line" },
  { "at 5s clock peer drift -100%", 24, "expected a drift above -100%, at most 100%, found '-'" },
  { "at 5s clock peer step", 22, "expected a time such as 15s, found the end of the line" },
  { "at 5s inject peer -> anchor0 hex \"00\"", 14,
    "expected a node, found the group 'peer' (did you mean 'peer0'?)" },
  { "at 5s inject peer0 -> anchor0 hex \"0\"", 35,
    "expected pairs of hex digits, such as \"00 1f\", found the text \"0\"" },
  { "at 5s inject peer0 -> anchor0 hex \"zz\"", 35,
    "expected pairs of hex digits, such as \"00 1f\", found the text \"zz\"" },
  { "at 5s inject peer0 -> anchor0 \"00\"", 31, "expected 'hex', found the text \"00\"" },
  { "at 5s forge peer0 lies", 19, "expected 'claims', 'floods' or 'replays', found 'lies'" },
  { "at 5s forge peer0 floods 0", 26, "expected a number from 1 to 1000000, found '0'" },
  { "at 5s forge peer0 claims everything", 26,
    "expected a key or a node, found the unknown name 'everything'" },
  { "at 5s certificate peer expird", 24,
    "expected 'expired', 'wrong-root' or 'revoked', found 'expird' (did you mean 'expired'?)" },
  { "at 5s mark", 11, "expected a text in quotes, found the end of the line" },
  { "at 5s mark measure", 12, "expected a text in quotes, found 'measure'" },
  { "at 2h crash peer", 1, "expected actions before the end at 1h, found a later one" },
  { "at 59min start peer over 2min", 1,
    "expected actions before the end at 1h, found one that goes on behind it" },
  { "every 5s from 2h to 3h crash 1 of peer", 1,
    "expected actions before the end at 1h, found a later one" },
  { "expect at 2h ring.count == 1", 1, "expected a time until the end at 1h, found 2h" },
  { "expect by 2h ring.count == 1", 1, "expected a time until the end at 1h, found 2h" },
  { "expect from 1s to 2h ring.count == 1", 1, "expected a time until the end at 1h, found 2h" },
  { "expect from 5s to 1s ring.count == 1", 19,
    "expected a window that ends after its start at 5s, found '1s'" },
  { "expect ring.cuont == 1", 8,
    "expected a metric, 'event' or 'message', found 'ring.cuont' (did you mean 'ring.count'?)" },
  { "expect ring.count = 1", 19,
    "expected one of == != < <= > >=, found '=' (did you mean '=='?)" },
  { "expect ring.count == 1%", 22,
    "expected a number without a unit, such as 2 or 3.5, found '1%'" },
  { "expect ring.count 1", 19, "expected one of == != < <= > >=, found '1'" },
  { "expect leafset.exact == 1", 25, "expected a ratio such as 1% or 1/1000, found '1'" },
  { "expect leafset.exact == 101%", 25, "expected a ratio of at most 100%, found '101%'" },
  { "expect search.latency.p95 < 5", 29, "expected a time with a unit, such as 15s, found '5'" },
  { "expect messages.per-node.LOKUP < 5", 8,
    "expected a metric, 'event' or 'message', found 'messages.per-node.LOKUP' (did you mean "
    "'messages.per-node.LOOKUP'?)" },
  { "expect messages.per-node < 5B/s", 28, "expected a rate such as 50/s or 1/min, found '5B/s'" },
  { "expect within 5s of \"nothing\" ring.count == 1", 1,
    "expected the text of a mark, found \"nothing\", which no mark says" },
  { "expect within 0s of \"nothing\" ring.count == 1", 15, "expected a time above 0, found '0s'" },
  { "expect at 5s event peer status-active", 8,
    "expected 'from T1 to T2', 'by T' or nothing before an event, found 'at'" },
  { "expect always no message peer -> peer ACK", 8,
    "expected 'from T1 to T2', 'by T' or nothing before a message, found 'always'" },
  { "expect no ring.count == 1", 11, "expected 'event' or 'message', found 'ring.count'" },
  { "expect event peer status-actve", 19,
    "expected a kind of event, found 'status-actve' (did you mean 'status-active'?)" },
  { "expect event peer status-active key 0x6", 33, "the event 'status-active' has no 'key'" },
  { "expect event peer registration-unresolvable local 0x6", 45,
    "the event 'registration-unresolvable' has no 'local'" },
  { "expect event peer leafset-added keys 0x6", 33,
    "expected 'key', 'local' or the end of the line, found 'keys'" },
  { "expect message peer ACK", 21, "expected '->', found 'ACK'" },
  { "expect message peer -> peer AKC", 29,
    "expected a type of message such as FLOOD, found 'AKC' (did you mean 'ACK'?)" },
  { "expect message peer -> peer ACK target 0x6", 33, "the message ACK has no 'target'" },
  { "expect message peer -> peer ACK flag 70000", 38,
    "expected a number from 0 to 65535, found '70000'" },
  { "expect message peer -> peer ACK flags 7", 33,
    "expected 'flag', 'revoke', 'entry', 'validate', 'target' or the end of the line, found "
    "'flags' (did you mean 'flag'?)" },
  { "expect", 7, "expected a metric, 'event' or 'message', found the end of the line" },
  { "allow invariant foo \"x\"", 17,
    "expected an invariant (ring-order, cache-unproven, served-after-unregister, low-port, "
    "pending-bounded, one-ring, state-machine, search-ends, forged-binding), found 'foo'" },
  { "allow invariant one-rng \"x\"", 17,
    "expected an invariant, found 'one-rng' (did you mean 'one-ring'?)" },
  { "allow invariant one-ring", 25, "expected a reason in quotes, found the end of the line" },
  { "allow one-ring \"x\"", 7, "expected 'invariant', found 'one-ring'" },
  { "allow invariant one-ring \"\"", 26, "expected a reason in quotes, found the text \"\"" },
  { "title Hello", 7, "expected a title in quotes, found 'Hello'" },
  { "title \"Hello", 7, "expected a '\"' at the end of this text, found the end of the line" },
  { "seed -1", 6, "expected a number, found '-'" },
  { "seed 18446744073709551616", 6, "expected a smaller number, found '18446744073709551616'" },
  { "sample 1s", 8, "expected 'every', found '1s'" },
  { "sample every 0s", 14, "expected a time above 0, found '0s'" },
  { "trace everything", 7, "expected a class of the trace, found 'everything'" },
  { "trace none api", 7, "expected 'none' alone, or no 'none'" },
  { "trace", 6, "expected a class of the trace, found the end of the line" },
  { "param = 5", 7, "expected the name of a param, found '='" },
  { "param X 5", 9, "expected '=', found '5'" },
  { "param X =", 10, "expected a value, found the end of the line" },
  { "param X = $X", 7, "the value of 'X' needs itself" },
  { "group x $Y", 9, "expected a param, found the unknown '$Y'" },
  { "group x $Yse", 9, "expected a param, found the unknown '$Yse'" },
  { "let x", 6, "expected '=', found the end of the line" },
  { "let x = 5", 9, "expected a key such as 0x80ff, found '5'" },
  { "let x = y", 9, "expected a key, found the unknown name 'y'" },
  { "let x = x", 9, "the key 'x' needs itself" },
  { "let x = peer", 9, "expected a key, found 'peer'" },
  { "let peer = 0x1", 5, "the name 'peer' is taken by the group of line 2" },
  { "let peer3 = 0x1", 5, "the name 'peer3' is taken by a node of the group of line 2" },
  { "group peer 5", 7, "the name 'peer' is taken by the group of line 2" },
  { "group home 5", 7, "the name 'home' is taken by the key of line 3" },
  { "group peer1 5", 7, "the name 'peer1' is taken by a node of the group of line 2" },
  { "group Peer 5", 7, "expected a name such as peer, in small letters, found 'Peer'" },
  { "group all 5", 7, "expected another name for the group: 'all' has a meaning of its own" },
  { "group x", 8, "expected a number, found the end of the line" },
  { "group x 0", 9, "expected a number from 1 to 100000000, found '0'" },
  { "group x 1.5", 9, "expected a whole number without a unit, found '1.5'" },
  { "group x 5 key 1", 11,
    "expected 'keys', 'payload', 'bootstrap', 'security' or 'mode', found 'key' (did you mean "
    "'keys'?)" },
  { "group x 5 keys 1 keys 2", 18, "'keys' is there twice" },
  { "group x 5 bootstrap peeer", 21,
    "expected a group, found the unknown name 'peeer' (did you mean 'peer'?)" },
  { "group x 5 bootstrap home", 21, "expected a group, found 'home'" },
  { "group x 5 payload 6kB", 19, "expected 1B to 5120B, found '6kB'" },
  { "group x 5 security none", 20, "expected 'null' or 'derived-key', found 'none'" },
  { "group x 5 mode resolv", 16,
    "expected 'resolve', 'membership' or 'confidential', found 'resolv' (did you mean "
    "'resolve'?)" },
  { "network { loss 1 }", 16, "expected a ratio such as 1% or 1/1000, found '1'" },
  { "network { loss 1%; lss 2% }", 20,
    "expected a setting of the network, found 'lss' (did you mean 'loss'?)" },
  { "network { loss 1%; loss 2% }", 20, "'loss' is there twice, first in line 4" },
  { "network { latency plane 0s }", 25, "expected a time above 0, found '0s'" },
  { "network { burst-loss 1% }", 25, "expected 'length', found '}'" },
  { "network { burst-loss 1% length 0 }", 32, "expected a number from 1 to 1000000, found '0'" },
  { "network { reorder 1% }", 22, "expected 'by', found '}'" },
  { "network { bandwidth 5B }", 21, "expected a rate of bytes such as 1MiB/s, found '5B'" },
  { "network { bandwidth 0B/s }", 21, "expected a rate above 0, found '0B/s'" },
  { "network { mtu 10 }", 15, "expected a number from 128 to 65575, found '10'" },
  { "network loss 1%", 9, "expected '{', found 'loss'" },
  { "network { loss 1% } loss 2%", 21, "expected the end of the line, found 'loss'" },
  { "protocol { maintenence 15s }", 12,
    "expected a timer or limit of the protocol, found 'maintenence' (did you mean "
    "'maintenance'?)" },
  { "protocol { maintenance 1ms }", 24, "expected 1s to 1d for 'maintenance', found '1ms'" },
  { "protocol { probes 201 }", 19, "expected 0 to 200 for 'probes', found '201'" },
  { "protocol { probes 5s }", 19, "expected a whole number without a unit, found '5s'" },
  { "protocol { crypto-cost sgn 5ms }", 24,
    "expected 'sign' or 'verify', found 'sgn' (did you mean 'sign'?)" },
  { "protocol { crypto-cost sign 5s }", 29, "expected a time of at most 1s, found '5s'" },
  { "include \"nothing.drt\"", 9, "cannot read 'nothing.drt': there is none" },
  { "include nothing.drt", 9, "expected the name of a file in quotes, found 'nothing.drt'" },
  { "language one", 10, "expected a number, found 'one'" },
  { "language", 9, "expected a number, found the end of the line" },
  { "at 5s crash peer § x", 18, "unexpected character '§'" },
  { "at 5s crash $ peer", 13, "expected the name of a param behind '$'" },
  { "at 5s crash . peer", 13, "unexpected character '.'" },
  { "at 5s \\ crash peer", 9, "expected the end of the line behind '\\'" },
  { "at 5s crash peer; at 6s crash peer", 17, "expected the end of the line, found ';'" },
  { "}", 1, "expected a statement, found '}'" },
  { "5", 1, "expected a statement, found '5'" },
  { "\"text\"", 1, "expected a statement, found the text \"text\"" },
  { ", x", 1, "expected a statement, found ','" },
  { "at 5s search peer for peer0 -> peer20", 32,
    "expected a node from peer0 to peer19, found 'peer20'" },
  { "at 5s search peer for peer0 -> peer", 32,
    "expected a node, found the group 'peer' (did you mean 'peer0'?)" },
  { "at 5s search peer for peer0 -> 0x5", 32,
    "expected 'found', 'not-found', a node or a result such as S_OK, found '0x5'" },
  { "expect by 5s", 13, "expected a metric, 'event' or 'message', found the end of the line" },
  { "group x$ 5", 8, "expected the name of a param behind '$'" },
  { "at 5s crash peer0.peer1", 13, "expected nodes, found the unknown name 'peer0.peer1'" },
  { "at 5s register peer payload", 28,
    "expected a size such as 64B, or a text in quotes, found the end of the line" },
  { "at 5s crash 10 % of peer", 16, "unexpected character '%'" },
  { "at 5s from 1s crash peer", 7, "expected an action, found 'from'" },
  { "at 5s crash 5of peer", 13, "expected a whole number without a unit, found '5of'" },
  { "seed 1__0", 6, "expected a whole number without a unit, found '1__0'" },
  { "seed 10_", 6, "expected a whole number without a unit, found '10_'" },
  { "at 1_ms crash peer", 4, "expected a unit of time (ns, us, ms, s, min, h, d), found '1_ms'" },
  { "at 5s inject peer0 -> anchor0 hex \"0 0\"", 35,
    "expected pairs of hex digits, such as \"00 1f\", found the text \"0 0\"" },
  { "at 5s clock peer drift 200%", 24, "expected a drift above -100%, at most 100%, found '200%'" },
  { "at 5s clock peer drift 5", 24, "expected a ratio such as 1% or 1/1000, found '5'" },
  { "expect within 5s \"x\" ring.count == 1", 18, "expected 'of', found the text \"x\"" },
  { "expect from 5s ring.count == 1", 16, "expected 'to', found 'ring.count'" },
  { "network { latency matrix \"none.csv\" }", 26, "cannot read 'none.csv': there is none" },
  { "from 1s to 5s churn peer trace \"none.csv\"", 32, "cannot read 'none.csv': there is none" },
  { "network { latency matrix 5 }", 26, "expected the name of a file in quotes, found '5'" },
  { "from 1s to 5s search 50/s missing 5", 35, "expected a ratio such as 1% or 1/1000, found '5'" },
  { "from 1s to 5s search 50/s from", 31,
    "expected nodes (a group, a node, all, alive, 10%, 5 of ...), found the end of the line" },
  { "at 5s crash 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 of 1 "
    "of 1 of peer",
    98, "expected fewer 'of' in a row, found '1'" },
  { "group x 5 payload 32", 19,
    "expected a size with a unit, such as 64B, 5kB or 1MiB, found '32'" },
  { "protocol { crypto-cost sign }", 29, "expected a time such as 15s, found '}'" },
  { "protocol { 5 }", 12, "expected a timer or limit of the protocol, found '5'" },
  { "protocol { maintenance }", 24, "expected a time such as 15s, found '}'" },
  { "protocol { maintenance 15 }", 24, "expected a time with a unit, such as 15s, found '15'" },
  { "at 5s register peer -> found", 24,
    "expected a result such as S_OK or DRT_E_DUPLICATE_KEY, found 'found'" },
  { "at 5s mark \"a\" \"b\"", 16, "expected the end of the line, found the text \"b\"" },
};

Test(scenario_mistakes, are_told_one_by_one)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = g_strconcat(HEADER, rows[i].statement, FOOTER, NULL);
    g_autofree char *told = test_scenario_mistakes(text);
    g_autofree char *expected =
      g_strdup_printf("x.drt:4:%u: %s\n%s\n%*s^\n", rows[i].column, rows[i].message,
                      rows[i].statement, (int)rows[i].column - 1, "");
    cr_expect(strcmp(told, expected) == 0, "%s\ngave\n%snot\n%s", rows[i].statement, told,
              expected);
  }
}

/* Whole files, and all that is told of them. */
static const struct {
  const char *name, *text, *told;
} files[] = {
  { "no end", "group a 1\nat 1s start a\n", "x.drt:2:1: expected an end (at T end), found none\n" },
  { "nothing at all", "", "x.drt:1:1: expected an end (at T end), found none\n" },
  { "two ends", "at 1s end\nat 2s end\n",
    "x.drt:2:1: expected one end, found another; the first is in line 1\n"
    "at 2s end\n^\n" },
  { "an action at the instant of the end, but behind it", "group a 1\nat 1s end\nat 1s crash a\n",
    "x.drt:3:1: expected actions before the end at 1s, found a later one\n"
    "at 1s crash a\n^\n" },
  { "an end that could not be read is not missing", "at 5 end\n",
    "x.drt:1:4: expected a time with a unit, such as 15s, found '5'\n"
    "at 5 end\n   ^\n" },
  { "a group that could not be read is not unknown",
    "group peer five\nat 1s start peer, peer3\nat 1s end\n",
    "x.drt:1:12: expected a number, found 'five'\n"
    "group peer five\n           ^\n" },
  { "nor is one whose name could not be read", "group Peer 5\nat 1s start peer\nat 1s end\n",
    "x.drt:1:7: expected a name such as peer, in small letters, found 'Peer'\n"
    "group Peer 5\n      ^\n" },
  { "a partition that could not be read may be healed",
    "group a 2\nat 1s partition a |\nat 2s heal\nat 3s end\n",
    "x.drt:2:20: expected nodes (a group, a node, all, alive, 10%, 5 of ...), found the end of the "
    "line\n"
    "at 1s partition a |\n                   ^\n" },
  { "a mark that could not be read may be waited for",
    "at 1s mark x\nat 2s end\nexpect within 1s of \"x\" ring.count == 1\n",
    "x.drt:1:12: expected a text in quotes, found 'x'\n"
    "at 1s mark x\n           ^\n" },
  { "a param that could not be read is not unknown",
    "param N =\ngroup a $N\nat 1s start a\nat 1s end\n",
    "x.drt:1:10: expected a value, found the end of the line\n"
    "param N =\n         ^\n" },
  { "a heal too many", "group a 2\nat 1s partition a | rest\nat 2s heal\nat 3s heal\nat 4s end\n",
    "x.drt:4:1: expected a partition before this heal, found none\n"
    "at 3s heal\n^\n" },
  { "a heal before its partition, in time",
    "group a 2\nat 2s partition a | rest\nat 1s heal\nat 4s end\n",
    "x.drt:3:1: expected a partition before this heal, found none\n"
    "at 1s heal\n^\n" },
  { "a join with other words", "group a 2\nat 1s cut a0 -> a1\nat 2s join a1 -> a0\nat 4s end\n",
    "x.drt:3:1: expected a cut with the same words before this join, found none\n"
    "at 2s join a1 -> a0\n^\n" },
  { "a join of one way of two", "group a 2\nat 1s cut a0 <-> a1\nat 2s join a0 -> a1\nat 4s end\n",
    "x.drt:3:1: expected a cut with the same words before this join, found none\n"
    "at 2s join a0 -> a1\n^\n" },
  { "a mark with another text",
    "at 1s mark \"measure\"\nat 2s end\nexpect within 1s of \"mesure\" ring.count == 1\n",
    "x.drt:3:1: expected the text of a mark, found \"mesure\", which no mark says (did you mean "
    "'measure'?)\n"
    "expect within 1s of \"mesure\" ring.count == 1\n^\n" },
  { "a window behind a mark that goes on behind the end",
    "at 1s mark \"m\"\nat 2s end\nexpect within 2s of \"m\" ring.count == 1\n",
    "x.drt:3:1: expected a time until the end at 2s, found one that goes on behind it\n"
    "expect within 2s of \"m\" ring.count == 1\n^\n" },
  { "what a terminal would obey is not passed on to it",
    "at 5s crash \033[31mx\ntitle \033\nat 9s end\n",
    "x.drt:1:13: unexpected character U+001B\nat 5s crash \xef\xbf\xbd[31mx\n            ^\n"
    "x.drt:2:7: unexpected character U+001B\ntitle \xef\xbf\xbd\n      ^\n" },
  { "nor in what was found", "at 5s mark 5\"\033\"\nat 5s register \"\007\"\nat 9s end\n",
    "x.drt:1:12: expected a text in quotes, found '5'\nat 5s mark 5\"\xef\xbf\xbd\"\n           ^\n"
    "x.drt:2:16: expected nodes (a group, a node, all, alive, 10%, 5 of ...), found the text "
    "\"\xef\xbf\xbd\"\nat 5s register \"\xef\xbf\xbd\"\n               ^\n" },
  { "a group of nobody", "group a 0\nat 1s crash a0\nat 9s end\n",
    "x.drt:1:9: expected a number from 1 to 100000000, found '0'\ngroup a 0\n        ^\n" },
  { "times as people say them",
    "group a 1\nat 91500ms end\nat 2min start a\n"
    "expect at 7290s ring.count == 1\n",
    "x.drt:3:1: expected actions before the end at 1min31s500ms, found a later one\n"
    "at 2min start a\n^\n"
    "x.drt:4:1: expected a time until the end at 1min31s500ms, found 2h1min30s\n"
    "expect at 7290s ring.count == 1\n^\n" },
  { "an unknown name, and what only the whole file shows",
    "group a 2\nat 1min crash zz\nat 90s heal\nat 90s join a0 -> a1\nat 90s release a0 -> a1\n"
    "expect within 1min of \"zip\" ring.count == 1\n"
    "from 4min to 2h churn zz trace \"nofile.csv\"\n",
    "x.drt:2:15: expected nodes, found the unknown name 'zz'\nat 1min crash zz\n              ^\n"
    "x.drt:3:1: expected a partition before this heal, found none\nat 90s heal\n^\n"
    "x.drt:4:1: expected a cut with the same words before this join, found none\n"
    "at 90s join a0 -> a1\n^\n"
    "x.drt:5:1: expected a hold with the same words before this release, found none\n"
    "at 90s release a0 -> a1\n^\n"
    "x.drt:6:1: expected the text of a mark, found \"zip\", which no mark says\n"
    "expect within 1min of \"zip\" ring.count == 1\n^\n"
    "x.drt:7:23: expected nodes, found the unknown name 'zz'\n"
    "from 4min to 2h churn zz trace \"nofile.csv\"\n                      ^\n"
    "x.drt:7:32: cannot read 'nofile.csv': there is none\n"
    "from 4min to 2h churn zz trace \"nofile.csv\"\n                               ^\n"
    "x.drt:7:1: expected an end (at T end), found none\n" },
  { "what an action that could not be read may have been is not missing",
    "group a 2\nat 1s heall\nat 2s heal\nexpect within 1s of \"m\" ring.count == 1\n",
    "x.drt:2:7: expected an action, found 'heall' (did you mean 'heal'?)\nat 1s heall\n      ^\n" },
  { "nor what stands behind another one on its line", "group a 1\nat 1s start a; at 2s end\n",
    "x.drt:2:14: expected the end of the line, found ';'\nat 1s start a; at 2s end\n"
    "             ^\n" },
  { "all classes of a trace", "trace foo api apii\nat 1s end\n",
    "x.drt:1:7: expected a class of the trace, found 'foo'\ntrace foo api apii\n      ^\n"
    "x.drt:1:15: expected a class of the trace, found 'apii' (did you mean 'api'?)\n"
    "trace foo api apii\n              ^\n" },
  { "things said twice",
    "seed 1\ntitle \"a\"\nseed 2\ntitle \"b\"\nsample every 1s\nsample every 1s\ntrace none\ntrace "
    "all\nat 1s end\nallow invariant low-port \"x\"\nallow invariant low-port \"y\"\n",
    "x.drt:3:1: 'seed' is there twice, first in line 1\nseed 2\n^\n"
    "x.drt:4:1: 'title' is there twice, first in line 2\ntitle \"b\"\n^\n"
    "x.drt:6:1: 'sample' is there twice, first in line 5\nsample every 1s\n^\n"
    "x.drt:8:1: 'trace' is there twice, first in line 7\ntrace all\n^\n"
    "x.drt:11:17: 'low-port' is there twice, first in line 10\n"
    "allow invariant low-port \"y\"\n                ^\n" },
  { "a setting twice, in two blocks",
    "protocol { probes 1 }\nprotocol { probes 2\n probes 3 }\nat 1s end\n",
    "x.drt:2:12: 'probes' is there twice, first in line 1\nprotocol { probes 2\n           ^\n"
    "x.drt:3:2: 'probes' is there twice, first in line 1\n probes 3 }\n ^\n" },
  { "several in one block", "network {\n  loss 1\n  mtu 1kB\n  jiter 1ms; queue 5\n}\nat 1s end\n",
    "x.drt:2:8: expected a ratio such as 1% or 1/1000, found '1'\n  loss 1\n       ^\n"
    "x.drt:4:3: expected a setting of the network, found 'jiter' (did you mean 'jitter'?)\n"
    "  jiter 1ms; queue 5\n  ^\n"
    "x.drt:4:20: expected a size with a unit, such as 64B, 5kB or 1MiB, found '5'\n"
    "  jiter 1ms; queue 5\n                   ^\n" },
  { "a block that is not closed", "network {\n  loss 1%\ngroup a 1\nat 1s start a\nat 1s end\n",
    "x.drt:3:1: expected '}' for the block of line 1, found 'group'\ngroup a 1\n^\n" },
  { "a block that is not closed until the end", "at 1s end\nnetwork {\n  loss 1%\n",
    "x.drt:2:9: expected a '}' for this block, found the end of the file\nnetwork {\n        ^\n" },
  { "a block in a block", "network { { loss 1% } }\nat 1s end\n",
    "x.drt:1:11: expected a setting of the network, found '{'\n"
    "network { { loss 1% } }\n          ^\n"
    "x.drt:1:23: expected the end of the line, found '}'\n"
    "network { { loss 1% } }\n                      ^\n" },
  { "params",
    "param N = 5\nparam N = 6\nparam A = $B\nparam B = $A\ngroup a $M\ngroup b $A\nat 1s end\n",
    "x.drt:2:7: the param 'N' is there twice, first in line 1\nparam N = 6\n      ^\n"
    "x.drt:3:7: the value of 'A' needs itself\nparam A = $B\n      ^\n"
    "x.drt:5:9: expected a param, found the unknown '$M'\ngroup a $M\n        ^\n" },
  { "a param with a near name", "param Size = 5\ngroup a $Sise\nat 1s end\n",
    "x.drt:2:9: expected a param, found the unknown '$Sise' (did you mean '$Size'?)\n"
    "group a $Sise\n        ^\n" },
  { "a value of a param that does not fit", "param T = 5\nat $T end\n",
    "x.drt:2:4: expected a time with a unit, such as 15s, found '5' (the value of $T)\n"
    "at $T end\n   ^\n" },
  { "a param of many words", "param T = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\nat 1s end\n",
    "x.drt:1:11: expected one value, found 17 words\n"
    "param T = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n          ^\n" },
  { "params that double", "param A = 1 2 3 4 5 6 7 8\nparam B = $A $A $A $A\nat 1s end\n",
    "x.drt:2:7: expected one value, found 32 words\nparam B = $A $A $A $A\n      ^\n" },
  { "keys that go round", "let a = b\nlet b = c\nlet c = b\nat 1s end\n",
    "x.drt:1:9: the key 'a' needs itself\nlet a = b\n        ^\n"
    "x.drt:2:9: the key 'b' needs itself\nlet b = c\n        ^\n" },
  { "a group in the way of a node", "group a 200\ngroup a1 5\nat 1s end\n",
    "x.drt:2:7: the name 'a1' is taken by a node of the group of line 1\ngroup a1 5\n      ^\n" },
  { "columns are characters, and tabs stay",
    "title \"\xc3\xa4\xc3\xb6\" x\n\t\tgroup \xc3\xa4\nat 1s end\n",
    "x.drt:1:12: expected the end of the line, found 'x'\ntitle \"\xc3\xa4\xc3\xb6\" x\n           "
    "^\n"
    "x.drt:2:9: unexpected character '\xc3\xa4'\n\t\tgroup \xc3\xa4\n\t\t      ^\n" },
  { "joined lines have their own numbers", "at 1s \\\n  crsh\nat 1s end\n",
    "x.drt:2:3: expected an action, found 'crsh' (did you mean 'crash'?)\n  crsh\n  ^\n" },
  { "no UTF-8", "group a 1\ntitle \"\xff\"\nat 1s end\n",
    "x.drt:2:8: expected UTF-8, found the byte 0xff\ntitle \"\n       ^\n" },
  { "another version of the language, and what it may have", "group A 1\nlanguage 2\nat 5 $x\xff\n",
    "x.drt:2:10: expected version 1 of the language, the only one known here, found '2'\n"
    "language 2\n         ^\n" },
  { "no version at all", "language 1.5\nat 1s end\n",
    "x.drt:1:10: expected version 1 of the language, the only one known here, found '1.5'\n"
    "language 1.5\n         ^\n" },
  { "a line that is no text in a block", "network {\n  loss \xff 1%\n}\nat 1s end\n",
    "x.drt:2:8: expected UTF-8, found the byte 0xff\n  loss \n       ^\n" },
};

Test(scenario_mistakes, of_whole_files)
{
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *told = test_scenario_mistakes(files[i].text);
    cr_expect(strcmp(told, files[i].told) == 0, "%s gave\n%snot\n%s", files[i].name, told,
              files[i].told);
  }
}

/* Of a long line what is around the caret. */
Test(scenario_mistakes, of_long_lines)
{
  g_autofree char *blanks = g_strnfill(1000, ' ');
  g_autofree char *text =
    g_strconcat("at 1s end\nseed", blanks, "x", blanks, "y\nseed z", blanks, "y\n", NULL);
  g_autofree char *told = test_scenario_mistakes(text);
  g_autofree char *expected =
    g_strdup_printf("x.drt:2:1005: expected a number, found 'x'\n...%80sx%79s...\n%83s^\n"
                    "x.drt:3:1: 'seed' is there twice, first in line 2\nseed z%74s...\n^\n",
                    "", "", "", "");
  cr_expect_str_eq(told, expected);
}

/* However deep a file nests what may nest, there is a bound. */
Test(scenario_mistakes, of_depth)
{
  g_autoptr(GString) text = g_string_new("param P0 = 1\n");
  for (unsigned i = 1; i < 100000; i++)
    g_string_append_printf(text, "param P%u = $P%u\n", i, i - 1);
  g_string_append(text, "group a $P99999\nat 1s end\n");
  g_autofree char *told = test_scenario_mistakes(text->str);
  cr_expect(g_str_has_prefix(told, "x.drt:") &&
              strstr(told, "more than 50 params need one another"),
            "%s", told);
  g_autoptr(GString) sets = g_string_new("group a 5\nat 1s end\nat 0s crash ");
  for (unsigned i = 0; i < 100000; i++)
    g_string_append(sets, "1 of ");
  g_string_append(sets, "a\n");
  g_autofree char *told_of_sets = test_scenario_mistakes(sets->str);
  cr_expect(strstr(told_of_sets, "expected fewer 'of' in a row") != NULL);
  g_autoptr(GString) braces = g_string_new("network ");
  for (unsigned i = 0; i < 100000; i++)
    g_string_append(braces, "{");
  g_autofree char *told_of_braces = test_scenario_mistakes(braces->str);
  cr_expect(strstr(told_of_braces, "expected a '}' for this block") != NULL);
}

Test(scenario_mistakes, are_no_more_than_twenty)
{
  g_autoptr(GString) text = g_string_new("at 1s end\n");
  for (unsigned i = 0; i < 25; i++)
    g_string_append_printf(text, "at %u crash all\n", i);
  g_autofree char *told = test_scenario_mistakes(text->str);
  g_auto(GStrv) lines = g_strsplit(told, "\n", -1);
  cr_assert_eq(g_strv_length(lines), 3 * 20 + 2);
  cr_expect_str_eq(lines[0], "x.drt:2:4: expected a time with a unit, such as 15s, found '0'");
  cr_expect_str_eq(lines[3 * 19],
                   "x.drt:21:4: expected a time with a unit, such as 15s, found '19'");
  cr_expect_str_eq(lines[3 * 20], "5 more mistakes are left off.");
}

/* A NUL would end a string of C, not the file. */
static char *
read_nul(void *data, const char *path, size_t *ret_size, GError **error)
{
  static const char text[] = "group a 1\ntitle \"a\0b\"\nat 1 end\n";
  (void)data, (void)path, (void)error;
  *ret_size = sizeof text - 1;
  return g_memdup2(text, sizeof text);
}

Test(scenario_mistakes, nul_bytes_do_not_end_a_file)
{
  SimScenarioOptions options = { .read = read_nul };
  g_autoptr(SimMistakes) mistakes = sim_mistakes_new();
  cr_expect_null(sim_scenario_load("x.drt", &options, mistakes));
  g_autofree char *told = sim_mistakes_format(mistakes);
  cr_expect_str_eq(told, "x.drt:2:9: expected a text file, found a NUL byte\ntitle \"a\n        ^\n"
                         "x.drt:3:4: expected a time with a unit, such as 15s, found '1'\n"
                         "at 1 end\n   ^\n");
}

/* Words cut short, at every place of a file that has everything: told, never a crash or a loop. */
Test(scenario_mistakes, of_any_beginning_of_a_file)
{
  static const char text[] =
    "language 1\ntitle \"t\"\nseed 1\nparam N = 5\nlet k = 0x6\ngroup a $N keys 1 payload 5B\n"
    "network { latency normal 5ms 1ms; burst-loss 1% length 5\n reorder 1% by 5ms }\n"
    "protocol { maintenance 15s; crypto-cost sign 1ms }\nsample every 1s\ntrace api\n"
    "at 0s start a over 5s\n+5s register a0 key k payload \"x\" -> S_OK\n"
    "from 1s to 2s search 5/s from a missing 5%\nat 3s search a1 for a2 range 0x1 0x2 max 5 -> "
    "found\n"
    "at 3s partition 5 of a | a0..a2, ring 0x1..0x2 | rest\nat 4s heal\nat 5s cut a0 <-> a1\n"
    "from 1s to 2s churn a lifetime weibull 0.5 5s downtime 1s silent 5%\n"
    "at 5s inject a0 -> a1 hex \"00\"\nat 6s end\nexpect by 5s leafset.exact >= 5%\n"
    "expect no event a leafset-added key k\nexpect message a -> all FLOOD revoke k\n"
    "allow invariant low-port \"why\"\n";
  for (size_t i = 0; i < sizeof text - 1; i++) {
    g_autofree char *part = g_strndup(text, i);
    g_autofree char *told = test_scenario_mistakes(part);
    cr_expect(*told != '\0' || strstr(part, "at 6s end") != NULL, "%s", part);
  }
}
