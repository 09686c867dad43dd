/* A bootstrap provider that always names the same nodes. Serves one instance. */
#pragma once
#include "drt-port.h"
#include "drt.h"

/* Copies the list. (transfer full), or NULL without memory. */
DRT_BOOTSTRAP_PROVIDER *drt_bootstrap_static_new(DrtMemory memory, const SOCKET_ADDRESS_LIST *list);
/* NULL is ignored. */
void drt_bootstrap_static_free(DRT_BOOTSTRAP_PROVIDER *provider);
