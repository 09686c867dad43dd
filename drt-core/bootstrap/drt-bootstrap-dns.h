/* A bootstrap provider that looks up one host name, through the host (drt-api 1.7, 8.4). */
#pragma once
#include "drt-port.h"
#include "drt.h"

/* Copies the name. (transfer full), or NULL without memory. */
DRT_BOOTSTRAP_PROVIDER *drt_bootstrap_dns_new(DrtMemory memory, void *machine, USHORT port,
                                              PCWSTR name);
/* NULL is ignored. */
void drt_bootstrap_dns_free(DRT_BOOTSTRAP_PROVIDER *provider);
