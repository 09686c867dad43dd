/* Route entries and endpoints: where a key is served (PROTOCOL.md 3.2, 3.3).
 *
 * Both keep addresses as the bytes of the wire, so that the path of a search and the addresses of
 * an entry go in and out of datagrams without conversion. */
#pragma once
#include "drt-key.h"

#include <stddef.h>

#define DRT_ADDRESS_LEN 16
#define DRT_ROUTE_ADDRESSES_MAX 20 /* accepted from others; a node lists at most 4 of its own */
#define DRT_PORT_MIN 1024

/* A UDP endpoint exactly as it travels: port (big-endian), then the IPv6 address. */
typedef struct {
  uint8_t wire[2 + DRT_ADDRESS_LEN];
} DrtEndpoint;

/* A route entry, seen: the key, and the node that publishes it. */
typedef struct {
  DrtKey key;
  const uint8_t *addresses; /* (transfer none) address_count * 16 bytes, network order */
  uint16_t port;
  uint8_t major, minor;  /* protocol version of the application */
  uint8_t address_count; /* 1 to 20 */
} DrtRoute;

static inline DrtEndpoint
drt_endpoint(uint16_t port, const uint8_t *address)
{
  DrtEndpoint endpoint = { { (uint8_t)(port >> 8), (uint8_t)port } };
  memcpy(endpoint.wire + 2, address, DRT_ADDRESS_LEN);
  return endpoint;
}

static inline uint16_t
drt_endpoint_port(const DrtEndpoint *endpoint)
{
  return (uint16_t)(endpoint->wire[0] << 8 | endpoint->wire[1]);
}

/* Strangers differ at the end of their addresses, hardly ever in the port and the first of the prefix. */
static inline bool
drt_endpoint_equal(const DrtEndpoint *a, const DrtEndpoint *b)
{
  const size_t end = sizeof a->wire - sizeof(uint64_t);
  return memcmp(a->wire + end, b->wire + end, sizeof(uint64_t)) == 0 &&
         memcmp(a->wire, b->wire, end) == 0;
}

/* The endpoint of the entry's @i-th address. */
static inline DrtEndpoint
drt_route_endpoint(const DrtRoute *route, size_t i)
{
  return drt_endpoint(route->port, route->addresses + DRT_ADDRESS_LEN * i);
}

/* The entry's node listens at @endpoint: same port, one of the addresses (H38). */
bool drt_route_listens_at(const DrtRoute *route, const DrtEndpoint *endpoint);

/* The entry's node listens at one of the @n endpoints of @list. */
bool drt_route_listens_in(const DrtRoute *route, const DrtEndpoint *list, size_t n);

/* Same key, same port, same set of addresses in whatever order (H38). Versions do not count. */
bool drt_route_same(const DrtRoute *a, const DrtRoute *b);
