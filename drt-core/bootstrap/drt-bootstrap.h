/* What the bootstrap providers of this room have in common: they serve one instance each, remember how
 * many addresses a resolve may have, and need not be told of our own.
 *
 * A provider begins with this structure, and adds IssueResolve and EndResolve to its table. */
#pragma once
#include "drt-port.h"
#include "drt.h"

typedef struct {
  DRT_BOOTSTRAP_PROVIDER provider;
  DrtMemory memory;
  size_t align, size; /* of this piece of memory */
  ULONG max;          /* addresses of the resolve under way */
  bool attached;
} DrtBootstrapBase;

/* A piece of memory, all zero behind the base; NULL without memory. */
void *drt_bootstrap_new(DrtMemory memory, size_t align, size_t size);
/* Frees any of them. NULL is ignored. */
void drt_bootstrap_free(DRT_BOOTSTRAP_PROVIDER *provider);
