/* What the built-in providers hand out: buffers that FreeData takes back (drt-api 8.1). Each starts
 * behind its size, so that the host's memory can be given back as it was taken. */
#pragma once
#include "drt-port.h"
#include "drt-route.h"
#include "drt.h"

/* (transfer full), or NULL without memory. */
void *drt_piece_new(DrtMemory memory, size_t n);
/* NULL is ignored. */
void drt_piece_free(DrtMemory memory, void *piece);
/* A copy; nothing at all for no bytes. S_OK or E_OUTOFMEMORY. */
HRESULT drt_piece_copy(DrtMemory memory, const void *from, ULONG n, DRT_DATA *to);
/* The IPv6 endpoints among @list, at most @max; their number. */
uint32_t drt_piece_endpoints(const SOCKET_ADDRESS_LIST *list, DrtEndpoint *to, uint32_t max);
/* A list and its addresses in one piece, or NULL without memory. */
SOCKET_ADDRESS_LIST *drt_piece_addresses(DrtMemory memory, const DrtEndpoint *from, uint32_t n);
