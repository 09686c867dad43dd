/* Socket addresses of the API to endpoints of the wire, and back. */
#include "drt-api-private.h"

#include <netinet/in.h>

void
drt_to_sockaddr(const DrtEndpoint *endpoint, SOCKADDR_STORAGE *to)
{
  struct sockaddr_in6 address;
  memset(&address, 0, sizeof address);
  memset(to, 0, sizeof *to);
  address.sin6_family = AF_INET6;
  memcpy(&address.sin6_port, endpoint->wire, 2);
  memcpy(&address.sin6_addr, endpoint->wire + 2, DRT_ADDRESS_LEN);
  memcpy(to, &address, sizeof address);
}

/* IPv4 comes as a mapped address (DEC-57). */
bool
drt_from_sockaddr(const SOCKET_ADDRESS *from, DrtEndpoint *to)
{
  struct sockaddr_in6 six;
  struct sockaddr_in four;
  uint16_t family;
  if (from->lpSockaddr == NULL || from->iSockaddrLength < (int)sizeof four)
    return false;
  memcpy(&four, from->lpSockaddr, sizeof four);
  family = four.sin_family;
  memset(to, 0, sizeof *to);
  if (family == AF_INET6 && from->iSockaddrLength >= (int)sizeof six) {
    memcpy(&six, from->lpSockaddr, sizeof six);
    memcpy(to->wire, &six.sin6_port, 2);
    memcpy(to->wire + 2, &six.sin6_addr, DRT_ADDRESS_LEN);
  } else if (family == AF_INET) {
    memcpy(to->wire, &four.sin_port, 2);
    to->wire[2 + 10] = to->wire[2 + 11] = 0xff;
    memcpy(to->wire + 2 + 12, &four.sin_addr, 4);
  } else {
    return false;
  }
  return drt_endpoint_port(to) >= DRT_PORT_MIN;
}

static size_t
list_head(uint32_t n)
{
  size_t head = offsetof(SOCKET_ADDRESS_LIST, Address) + n * sizeof(SOCKET_ADDRESS);
  size_t align = _Alignof(SOCKADDR_STORAGE);
  if (head < sizeof(SOCKET_ADDRESS_LIST))
    head = sizeof(SOCKET_ADDRESS_LIST);
  return (head + align - 1) / align * align;
}

size_t
drt_address_list_size(uint32_t n)
{
  return list_head(n) + n * sizeof(SOCKADDR_STORAGE);
}

void
drt_address_list_fill(SOCKET_ADDRESS_LIST *list, const DrtEndpoint *endpoints, uint32_t n)
{
  SOCKADDR_STORAGE *storage = (SOCKADDR_STORAGE *)((uint8_t *)list + list_head(n));
  list->iAddressCount = (int)n;
  for (uint32_t i = 0; i < n; i++) {
    drt_to_sockaddr(&endpoints[i], &storage[i]);
    list->Address[i].lpSockaddr = (struct sockaddr *)&storage[i];
    list->Address[i].iSockaddrLength = (int)sizeof(struct sockaddr_in6);
  }
}
