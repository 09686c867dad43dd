/* What a message costs on its way to bytes and back: nanoseconds for each, best of five. Resolve
 * mode, with the content that is typical: one address, five keys, five nodes on the path.
 *
 *   bench-wire [--tiny]
 *   bench-wire --list                    the names of the jobs
 *   bench-wire --only NAME --count N     one job, N times, untimed: for instructions.sh
 *
 * To decode AUTHORITY means the datagram and the AUTHORITY_BUFFER in it. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "drt-decode.h"
#include "drt-encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 5
#define MAJOR 6
#define PATH 5
#define KEYS 5

static uint8_t keys[KEYS * DRT_KEY_LEN], blob[400];
static DrtEndpoint path[PATH];
static DrtAuthorityBody hop_body, cpa_body;

static DrtKey
key(uint64_t first)
{
  return (DrtKey){ { first << 56, 2, 3, 4 } };
}

static DrtRouteField
route(void)
{
  static const uint8_t address[DRT_ADDRESS_LEN] = { 0x20, 1, 0x0d, 0xb8, [15] = 1 };
  return (DrtRouteField){ .present = true, .plain = { key(0x80), address, 50001, MAJOR, 0, 1 } };
}

static DrtMsg
message(DrtMsgType type)
{
  return (DrtMsg){ .type = type, .major = MAJOR, .id = 0x11223344 };
}

static DrtMsg
solicit(void)
{
  DrtMsg msg = message(DRT_SOLICIT);
  msg.solicit.route = route();
  return msg;
}

static DrtMsg
advertise(void)
{
  DrtMsg msg = message(DRT_ADVERTISE);
  msg.advertise.keys = (DrtKeyList){ keys, KEYS };
  return msg;
}

static DrtMsg
request(void)
{
  DrtMsg msg = message(DRT_REQUEST);
  msg.request.body.keys = (DrtKeyList){ keys, KEYS };
  return msg;
}

static DrtMsg
flood(void)
{
  DrtMsg msg = message(DRT_FLOOD);
  msg.flood = (DrtFlood){ .validate = key(0x40), .route = route() };
  msg.flood.flooded.plain = (DrtEndpointList){ path, 1 };
  return msg;
}

static DrtMsg
inquire(void)
{
  DrtMsg msg = message(DRT_INQUIRE);
  msg.inquire = (DrtInquire){ .validate = key(0x40), .has_nonce = true };
  msg.inquire.flags = DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN;
  return msg;
}

static DrtMsg
authority_hop(void)
{
  DrtMsg msg = message(DRT_AUTHORITY);
  hop_body = (DrtAuthorityBody){ .route = route() };
  msg.authority = (DrtAuthority){ .acked = 1, .body = &hop_body };
  return msg;
}

static DrtMsg
authority_cpa(void)
{
  DrtMsg msg = message(DRT_AUTHORITY);
  cpa_body = (DrtAuthorityBody){ .cpa = { blob, 377 } };
  msg.authority = (DrtAuthority){ .acked = 1, .body = &cpa_body };
  return msg;
}

static DrtMsg
ack(void)
{
  DrtMsg msg = message(DRT_ACK);
  msg.ack.acked = 1;
  return msg;
}

static DrtMsg
lookup(void)
{
  DrtMsg msg = message(DRT_LOOKUP);
  msg.lookup = (DrtLookup){ .target = key(0x10), .validate = key(0x40), .best = route() };
  msg.lookup.path.plain = (DrtEndpointList){ path, PATH };
  return msg;
}

static const struct {
  const char *name;
  DrtMsg (*make)(void);
} kinds[] = {
  { "solicit", solicit },
  { "advertise", advertise },
  { "request", request },
  { "flood", flood },
  { "inquire", inquire },
  { "authority-hop", authority_hop },
  { "authority-cpa", authority_cpa },
  { "ack", ack },
  { "lookup", lookup },
};
#define KINDS (sizeof kinds / sizeof *kinds)

static uint8_t datagram[2048];
static uint32_t datagram_n;

/* What was computed must be there, and all must be computed again the next time. */
static inline void
keep(const void *what)
{
  __asm__ volatile("" : : "r"(what) : "memory");
}

static void
encode_often(const DrtMsg *msg, uint64_t count)
{
  for (uint64_t i = 0; i < count; i++) {
    datagram_n = drt_encode(msg, DRT_MODE_RESOLVE, datagram, sizeof datagram);
    keep(datagram);
  }
}

static void
decode_often(const DrtMsg *sent, uint64_t count)
{
  encode_often(sent, 1);
  for (uint64_t i = 0; i < count; i++) {
    DrtMsg msg;
    DrtAuthorityBody body;
    DrtReject reject = drt_decode(datagram, datagram_n, MAJOR, DRT_MODE_RESOLVE, &msg);
    if (reject == DRT_REJECT_NONE && msg.type == DRT_AUTHORITY)
      reject = drt_decode_authority_body(msg.authority.split.slice, DRT_MODE_RESOLVE, &body);
    if (reject != DRT_REJECT_NONE) {
      fprintf(stderr, "bench-wire: %s\n", drt_reject_text(reject));
      exit(1);
    }
    keep(&msg);
    keep(&body);
  }
}

static void
run(size_t kind, bool decode, uint64_t count)
{
  DrtMsg msg = kinds[kind].make();
  (decode ? decode_often : encode_often)(&msg, count);
}

static double
seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double
best_ns(size_t kind, bool decode, uint64_t count)
{
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = seconds();
    run(kind, decode, count);
    double ns = (seconds() - start) * 1e9 / (double)count;
    if (ns < best)
      best = ns;
  }
  return best;
}

static void
fill(void)
{
  for (size_t i = 0; i < sizeof keys; i++)
    keys[i] = (uint8_t)(i * 7 + 1);
  memset(blob, 0x5a, sizeof blob);
  for (uint16_t i = 0; i < PATH; i++)
    path[i] = drt_endpoint((uint16_t)(50001 + i), blob);
}

static int
measure(uint64_t count)
{
  printf("%-16s %6s %12s %12s\n", "message", "bytes", "encode, ns", "decode, ns");
  for (size_t kind = 0; kind < KINDS; kind++) {
    double encode = best_ns(kind, false, count), decode = best_ns(kind, true, count);
    printf("%-16s %6u %12.1f %12.1f\n", kinds[kind].name, datagram_n, encode, decode);
  }
  return 0;
}

/* "decode-lookup" */
static int
run_one(const char *name, uint64_t count)
{
  bool decode = strncmp(name, "decode-", 7) == 0;
  for (size_t kind = 0; kind < KINDS; kind++)
    if ((decode || strncmp(name, "encode-", 7) == 0) && strcmp(name + 7, kinds[kind].name) == 0) {
      run(kind, decode, count);
      return 0;
    }
  fprintf(stderr, "bench-wire: no job %s; try --list\n", name);
  return 2;
}

int
main(int argc, char **argv)
{
  fill();
  if (argc == 1)
    return measure(2000000);
  if (argc == 2 && strcmp(argv[1], "--tiny") == 0)
    return measure(1000);
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    for (size_t kind = 0; kind < KINDS; kind++)
      printf("encode-%s\ndecode-%s\n", kinds[kind].name, kinds[kind].name);
    return 0;
  }
  if (argc == 5 && strcmp(argv[1], "--only") == 0 && strcmp(argv[3], "--count") == 0)
    return run_one(argv[2], strtoull(argv[4], NULL, 10));
  fputs("usage: bench-wire [--tiny | --list | --only NAME --count N]\n", stderr);
  return 2;
}
