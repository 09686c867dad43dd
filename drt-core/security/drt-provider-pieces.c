#include "drt-provider-pieces.h"

#include <netinet/in.h>

#define HEAD 16u /* keeps what follows aligned */

void *
drt_piece_new(DrtMemory memory, size_t n)
{
  uint8_t *piece = memory.take(memory.host, HEAD, HEAD + n);
  if (piece == NULL)
    return NULL;
  memcpy(piece, &n, sizeof n);
  return piece + HEAD;
}

void
drt_piece_free(DrtMemory memory, void *piece)
{
  size_t n;
  if (piece == NULL)
    return;
  uint8_t *start = (uint8_t *)piece - HEAD;
  memcpy(&n, start, sizeof n);
  memory.give(memory.host, start, HEAD, HEAD + n);
}

HRESULT
drt_piece_copy(DrtMemory memory, const void *from, ULONG n, DRT_DATA *to)
{
  *to = (DRT_DATA){ 0 };
  if (n == 0)
    return S_OK;
  BYTE *piece = drt_piece_new(memory, n);
  if (piece == NULL)
    return E_OUTOFMEMORY;
  memcpy(piece, from, n);
  *to = (DRT_DATA){ n, piece };
  return S_OK;
}

uint32_t
drt_piece_endpoints(const SOCKET_ADDRESS_LIST *list, DrtEndpoint *to, uint32_t max)
{
  uint32_t n = 0;
  for (int i = 0; list != NULL && i < list->iAddressCount && n < max; i++) {
    struct sockaddr_in6 address;
    if (list->Address[i].iSockaddrLength < (int)sizeof address)
      continue;
    memcpy(&address, list->Address[i].lpSockaddr, sizeof address);
    memcpy(to[n].wire, &address.sin6_port, 2);
    memcpy(to[n].wire + 2, &address.sin6_addr, DRT_ADDRESS_LEN);
    n++;
  }
  return n;
}

SOCKET_ADDRESS_LIST *
drt_piece_addresses(DrtMemory memory, const DrtEndpoint *from, uint32_t n)
{
  size_t head = offsetof(SOCKET_ADDRESS_LIST, Address) + (n + 1) * sizeof(SOCKET_ADDRESS);
  SOCKET_ADDRESS_LIST *list = drt_piece_new(memory, head + n * sizeof(struct sockaddr_in6));
  if (list == NULL)
    return NULL;
  uint8_t *at = (uint8_t *)list + head;
  list->iAddressCount = (int)n;
  for (uint32_t i = 0; i < n; i++, at += sizeof(struct sockaddr_in6)) {
    struct sockaddr_in6 address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    memcpy(&address.sin6_port, from[i].wire, 2);
    memcpy(&address.sin6_addr, from[i].wire + 2, DRT_ADDRESS_LEN);
    memcpy(at, &address, sizeof address);
    list->Address[i].lpSockaddr = (struct sockaddr *)at;
    list->Address[i].iSockaddrLength = (int)sizeof address;
  }
  return list;
}
