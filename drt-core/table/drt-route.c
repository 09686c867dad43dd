/* Address lists are short (one address nearly always), so everything is a plain scan. */
#include "drt-route.h"

static bool
has_address(const DrtRoute *route, const uint8_t *address)
{
  uint64_t wanted[2], given[2];
  memcpy(wanted, address, sizeof wanted);
  for (size_t i = 0; i < route->address_count; i++) {
    memcpy(given, route->addresses + DRT_ADDRESS_LEN * i, sizeof given);
    if (((given[0] ^ wanted[0]) | (given[1] ^ wanted[1])) == 0)
      return true;
  }
  return false;
}

static bool
addresses_within(const DrtRoute *some, const DrtRoute *all)
{
  for (size_t i = 0; i < some->address_count; i++)
    if (!has_address(all, some->addresses + DRT_ADDRESS_LEN * i))
      return false;
  return true;
}

bool
drt_route_listens_at(const DrtRoute *route, const DrtEndpoint *endpoint)
{
  return drt_endpoint_port(endpoint) == route->port && has_address(route, endpoint->wire + 2);
}

bool
drt_route_listens_in(const DrtRoute *route, const DrtEndpoint *list, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (drt_route_listens_at(route, &list[i]))
      return true;
  return false;
}

bool
drt_route_same(const DrtRoute *a, const DrtRoute *b)
{
  return a->port == b->port && drt_key_equal(&a->key, &b->key) && addresses_within(a, b) &&
         addresses_within(b, a);
}
