/* A bootstrap provider that looks up one host name, through the host (drt-api 1.7, 8.4). */
#pragma once
#include "drt-bootstrap.h"

/* Freed by drt_bootstrap_free. Copies the name. (transfer full), or NULL without memory. */
DRT_BOOTSTRAP_PROVIDER *drt_bootstrap_dns_new(DrtMemory memory, void *machine, USHORT port,
                                              PCWSTR name);
