/* A bootstrap provider that always names the same nodes. Serves one instance. */
#pragma once
#include "drt-bootstrap.h"

/* Freed by drt_bootstrap_free. Copies the list. (transfer full), or NULL without memory. */
DRT_BOOTSTRAP_PROVIDER *drt_bootstrap_static_new(DrtMemory memory, const SOCKET_ADDRESS_LIST *list);
