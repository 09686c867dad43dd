#include "sim-bench-messages.h"

#include "drt-decode.h"
#include "drt-encode.h"

#include <string.h>

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

/* The contents that messages point to. */
static void
fill(void)
{
  for (size_t i = 0; i < sizeof keys; i++)
    keys[i] = (uint8_t)(i * 7 + 1);
  memset(blob, 0x5a, sizeof blob);
  for (uint16_t i = 0; i < PATH; i++)
    path[i] = drt_endpoint((uint16_t)(50001 + i), blob);
}

const char *
sim_bench_message_name(unsigned i)
{
  return i < KINDS ? kinds[i].name : NULL;
}

uint32_t
sim_bench_encode(unsigned i, uint64_t count)
{
  fill();
  DrtMsg msg = kinds[i].make();
  for (uint64_t n = 0; n < count; n++) {
    datagram_n = drt_encode(&msg, DRT_MODE_RESOLVE, datagram, sizeof datagram);
    keep(datagram);
  }
  return datagram_n;
}

const char *
sim_bench_decode(unsigned i, uint64_t count)
{
  sim_bench_encode(i, 1);
  for (uint64_t n = 0; n < count; n++) {
    DrtMsg msg;
    DrtAuthorityBody body;
    DrtReject reject = drt_decode(datagram, datagram_n, MAJOR, DRT_MODE_RESOLVE, &msg);
    if (reject == DRT_REJECT_NONE && msg.type == DRT_AUTHORITY)
      reject = drt_decode_authority_body(msg.authority.split.slice, DRT_MODE_RESOLVE, &body);
    if (reject != DRT_REJECT_NONE)
      return drt_reject_text(reject);
    keep(&msg);
    keep(&body);
  }
  return NULL;
}
