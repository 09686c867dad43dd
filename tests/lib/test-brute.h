/* What the oracle counts as things change, counted anew from the nodes themselves: every key with
 * every other, every cache entry with every key. */
#pragma once
#include "sim-oracle.h"

typedef struct TestBrute TestBrute;

typedef struct {
  uint64_t right, total, nearest, published;
  uint64_t members, dead, cached, stale, levels, rings;
  SimTime oldest;               /* stale.age.max */
  uint32_t alive, by_status[4]; /* ACTIVE, ALONE, NO_NETWORK, FAULTED */
} TestCounts;

/* Follows the world from before its first start. (transfer full) */
TestBrute *test_brute_new(SimWorld *world);
/* After the world. */
void test_brute_free(TestBrute *brute);
TestCounts test_brute_count(TestBrute *brute);
/* Samples the oracle and fails the test if it has counted otherwise; @when says where. */
void test_brute_compare(TestBrute *brute, SimOracle *oracle, const char *when);
