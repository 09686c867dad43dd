/* The list that travels with a FLOOD (mc-drt 7.6 step 3, 9.4, H13): oldest first, then we, then the
 * targets; at most 22, the oldest left out, never we or the targets. */
#include "drt-node-private.h"

#include <criterion/criterion.h>

#include "test-cluster.h"

static DrtEndpoint list[DRT_PATH_MAX], incoming[DRT_PATH_MAX], targets[2];

static uint32_t
told(uint32_t first, uint32_t n)
{
  DrtNode node = { .local_n = 1, .local = { test_cluster_endpoint(0) } };
  for (uint32_t i = 0; i < n; i++)
    incoming[i] = test_cluster_endpoint(first + i);
  targets[0] = test_cluster_endpoint(101);
  targets[1] = test_cluster_endpoint(102);
  return drt_node_flooded_list(&node, incoming, n, targets, 2, list);
}

static uint32_t
who(uint32_t i)
{
  return test_cluster_at(&list[i]);
}

Test(flooded_list, starts_with_us_where_a_key_is_new)
{
  cr_expect(told(0, 0) == 3);
  cr_expect(who(0) == 0 && who(1) == 101 && who(2) == 102);
}

/* mc-drt 9.4, wave 2: Y F G comes in, F adds E and H. */
Test(flooded_list, goes_on_with_the_targets_at_its_end)
{
  cr_expect(told(0, 3) == 5); /* we are in it already */
  cr_expect(who(0) == 0 && who(1) == 1 && who(2) == 2 && who(3) == 101 && who(4) == 102);
  cr_expect(told(1, 3) == 6); /* we are not */
  cr_expect(who(0) == 1 && who(3) == 0 && who(4) == 101 && who(5) == 102);
}

Test(flooded_list, loses_its_oldest_and_never_us_or_the_targets)
{
  cr_expect(told(1, 22) == DRT_PATH_MAX);
  cr_expect(who(0) == 4 && who(18) == 22, "%u to %u", who(0), who(18));
  cr_expect(who(19) == 0 && who(20) == 101 && who(21) == 102);
  cr_expect(told(0, 22) == DRT_PATH_MAX); /* we are the oldest */
  cr_expect(who(0) == 0 && who(1) == 3 && who(19) == 21 && who(20) == 101);
}

Test(flooded_list, names_nobody_twice)
{
  cr_expect(told(100, 3) == 4); /* 100, and both targets */
  cr_expect(who(0) == 100 && who(1) == 101 && who(2) == 102 && who(3) == 0);
}
