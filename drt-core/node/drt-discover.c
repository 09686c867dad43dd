/* Finding the first peers: endpoints from the bootstrap, a few conversations at a time (7.2, H22). */
#include "drt-node-private.h"

static DrtDiscovery *
discovery_of(const DrtNode *node)
{
  return drt_slab_at(&node->pool->discoveries, node->discovery);
}

void
drt_node_discover(DrtNode *node)
{
  if (node->discovery != 0)
    return; /* one at a time */
  node->discovery = drt_slab_take(&node->pool->discoveries);
  if (node->discovery == 0) {
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return;
  }
  *discovery_of(node) = (DrtDiscovery){ .asked = true };
  DrtOutput *output = drt_outbox_push(node->out, DRT_OUT_BOOTSTRAP);
  output->bootstrap.wanted = true;
  output->bootstrap.max = (uint32_t)node->settings->bootstrap_endpoints;
}

/* The next conversations; the end of the round once nothing is left to try. */
void
drt_node_discover_next(DrtNode *node)
{
  if (node->discovery == 0)
    return;
  DrtDiscovery *discovery = discovery_of(node);
  while (discovery->queue_n > 0 && discovery->talking < node->settings->bootstrap_parallel &&
         node->cache.n < node->settings->bootstrap_enough) {
    DrtEndpoint to = discovery->queue[0];
    discovery->queue_n--;
    memmove(discovery->queue, discovery->queue + 1, discovery->queue_n * sizeof to);
    discovery->tried[discovery->tried_n++] = to;
    if (!drt_node_solicit(node, &to)) {
      drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
      return;
    }
    discovery->talking++;
  }
  bool enough = node->cache.n >= node->settings->bootstrap_enough;
  if ((discovery->queue_n == 0 && !discovery->asked && discovery->talking == 0) ||
      (enough && discovery->talking == 0))
    drt_node_discover_ended(node);
}

/* A bootstrap that has not ended within a whole maintenance period is not waited for any more. */
void
drt_node_discover_overdue(DrtNode *node)
{
  if (node->discovery == 0 || !discovery_of(node)->asked)
    return;
  DrtDiscovery *discovery = discovery_of(node);
  if (!discovery->overdue) {
    discovery->overdue = true;
    return;
  }
  drt_outbox_push(node->out, DRT_OUT_BOOTSTRAP)->bootstrap.wanted = false;
  discovery->asked = false;
  drt_node_discover_next(node);
}

/* The round is over. What was tried goes with the news of being ALONE, so the status comes first. */
void
drt_node_discover_ended(DrtNode *node)
{
  if (node->discovery == 0)
    return;
  if (node->intakes_n > 0 && node->local_n > 0)
    return; /* answers are on their way; the last of them ends the round */
  DrtDiscovery *discovery = discovery_of(node);
  if (discovery->asked)
    drt_outbox_push(node->out, DRT_OUT_BOOTSTRAP)->bootstrap.wanted = false;
  discovery->asked = false;
  discovery->queue_n = 0;
  drt_node_review_status(node);
  drt_slab_give(&node->pool->discoveries, node->discovery);
  node->discovery = 0;
}
