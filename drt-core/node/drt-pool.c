/* The sizes of what a node keeps are in drt-node-private.h. */
#include "drt-pool.h"

#include "drt-node-private.h"

void
drt_pool_init(DrtPool *pool, DrtMemory memory)
{
  *pool = (DrtPool){ .memory = memory };
  drt_store_init(&pool->store, memory);
  drt_blobs_init(&pool->blobs, memory);
  drt_interns_init(&pool->interns, memory, &pool->blobs);
  drt_slab_init(&pool->locals, memory, sizeof(DrtLocal), _Alignof(DrtLocal));
  drt_slab_init(&pool->pendings, memory, sizeof(DrtPending), _Alignof(DrtPending));
  drt_slab_init(&pool->intakes, memory, sizeof(DrtIntake), 4);
  drt_slab_init(&pool->conversations, memory, sizeof(DrtConversation), 8);
  drt_slab_init(&pool->resolves, memory, sizeof(DrtResolve), 8);
  drt_slab_init(&pool->audits, memory, sizeof(DrtAudit), 4);
  drt_slab_init(&pool->discoveries, memory, sizeof(DrtDiscovery), 4);
}

void
drt_pool_clear(DrtPool *pool)
{
  drt_store_clear(&pool->store);
  drt_interns_clear(&pool->interns);
  drt_blobs_clear(&pool->blobs);
  drt_slab_clear(&pool->locals);
  drt_slab_clear(&pool->pendings);
  drt_slab_clear(&pool->intakes);
  drt_slab_clear(&pool->conversations);
  drt_slab_clear(&pool->resolves);
  drt_slab_clear(&pool->audits);
  drt_slab_clear(&pool->discoveries);
}
