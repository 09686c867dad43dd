/* How large is the cloud? From the distance between the two nearest neighbours (7.12).
 *
 * In fixed point with 64 bits behind the point, so that every machine comes to the same number. */
#include "drt-node-private.h"

#define ESTIMATE_LIMIT (UINT64_C(1) << 32) /* estimates beyond it are ignored */

__extension__ typedef unsigned __int128 Fixed; /* 64.64 */

/* 2 * 2^256 / (B - A), with the distances from the own key to both cut to their top 64 bits, which the
 * leaf set has: 2 * 2^64 / width. 0: ignore. */
static Fixed
estimate_of(const DrtLocal *local)
{
  const DrtLeafset *leaves = &local->leaves;
  DrtHandle below = drt_leafset_nearest(leaves, DRT_BELOW);
  DrtHandle above = drt_leafset_nearest(leaves, DRT_ABOVE);
  if (below == DRT_HANDLE_NONE || above == DRT_HANDLE_NONE)
    return 0;
  if (below == above)
    return (Fixed)2 << 64; /* a single neighbour */
  uint64_t width = leaves->reach[DRT_BELOW][0] + leaves->reach[DRT_ABOVE][0];
  if (width == 0)
    return 0;
  /* 2 * 2^64 / width, times 2^64; the quotient of 2^128 - 1 is one too small if width divides 2^128. */
  Fixed estimate = ~(Fixed)0 / width;
  if (estimate >> 64 >= ESTIMATE_LIMIT / 2)
    return 0;
  estimate += ~(Fixed)0 - estimate * width == width - 1;
  return estimate >> 64 < ESTIMATE_LIMIT / 2 ? 2 * estimate : 0;
}

uint64_t
drt_node_estimate(const DrtNode *node)
{
  Fixed sum = 0;
  uint64_t count = 0;
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
    Fixed estimate = estimate_of(drt_node_local(node, id));
    sum += estimate;
    count += estimate != 0;
  }
  if (count == 0)
    return 1u + node->cache.n;
  uint64_t nodes = (uint64_t)(sum >> 64) / (count * node->locals_n);
  return nodes > 0 ? nodes : 1;
}
