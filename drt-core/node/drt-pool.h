/* Memory that the instances of one thread share: the entry store, and slabs for what comes and goes.
 *
 * Shared is the room, never a meaning: nothing that one instance does here can be seen by another. */
#pragma once
#include "drt-blob.h"
#include "drt-intern.h"
#include "drt-store.h"

typedef struct {
  DrtMemory memory;
  DrtStore store;
  DrtBlobs blobs;
  DrtInterns interns;
  DrtSlab locals, pendings, intakes, conversations, resolves, audits, discoveries;
} DrtPool;

void drt_pool_init(DrtPool *pool, DrtMemory memory);
/* Gives all memory back; every instance must be gone. */
void drt_pool_clear(DrtPool *pool);
