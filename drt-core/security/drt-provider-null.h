/* The null security provider as a table of the API: authenticates nothing, and refuses only a key
 * that is registered with it already (DEC-08). Serves one instance. */
#pragma once
#include "drt-port.h"
#include "drt.h"

/* (transfer full), or NULL without memory. */
DRT_SECURITY_PROVIDER *drt_null_provider_new(DrtMemory memory);
/* NULL is ignored. */
void drt_null_provider_free(DRT_SECURITY_PROVIDER *provider);
/* It is one of ours, unchanged: then its answers are those of drt_security_null. */
bool drt_null_provider_is(const DRT_SECURITY_PROVIDER *provider);
