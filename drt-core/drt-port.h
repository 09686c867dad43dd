/* The seam: what the world must give to the core.
 *
 * The core is compiled against these declarations and never defines them; whoever links the core
 * does (sim/world with virtual time and a virtual network). A port function never calls back into
 * the core, and the core never blocks in one. See drt-core/README.md, "The seam". */
#pragma once
#include <stddef.h>

/* A broken promise inside our own code: say where, and end the process. Bad input never leads here.
 * @what is the condition that did not hold. */
_Noreturn void drt_port_panic(const char *what, const char *file, int line);

/* Memory comes from the host in pieces that live long: chunks of slabs, tables that double. It is
 * handed down as a value, so that a test can let the n-th piece fail and a host of a million nodes
 * can use large pages. Sizes and alignments are given back at release. */
typedef struct {
  void *host; /* (transfer none) first argument of both functions */
  /* (transfer full) @bytes at a multiple of @align (a power of two), or NULL: the caller must cope. */
  void *(*take)(void *host, size_t align, size_t bytes);
  /* Takes back a piece of take(), with the sizes it was asked for. NULL is ignored. */
  void (*give)(void *host, void *piece, size_t align, size_t bytes);
} DrtMemory;
