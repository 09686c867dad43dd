/* A world for tests, and what its applications have heard. */
#pragma once
#include "sim-world.h"

#include <glib.h>

typedef struct {
  SimTime at;
  uint32_t node;
  int type;   /* DRT_EVENT_TYPE */
  int status; /* of a status event */
} TestEvent;

typedef struct {
  SimWorld *world;
  SimDistribution *latency;
  GArray *events;           /* TestEvent */
  GArray *news;             /* SimNews, as told */
  GArray *searches;         /* SimSearch, by their ends; hops are those of the end, kept */
  GPtrArray *hops;          /* what these point to */
  uint64_t *sent, *arrived; /* by node */
} TestWorld;

/* One group of @nodes with @keys each, or @groups; constant latency of 50 ms. */
TestWorld *test_world_new(uint64_t seed, uint32_t nodes, uint32_t keys);
TestWorld *test_world_of(uint64_t seed, const SimGroup *groups, uint32_t count,
                         const void *settings);
void test_world_free(TestWorld *world);
/* Starts all that were never started, evenly over @over, and lets @settle more pass. */
void test_world_start(TestWorld *world, SimTime over, SimTime settle);
void test_world_run(TestWorld *world, SimTime more);
/* Runs until that many searches have ended; fails the test after a minute. */
const SimSearch *test_world_search(TestWorld *world, uint32_t node, const SimKey *target);
/* The time of the last event of @node with this status; -1 if there is none. */
SimTime test_world_heard(const TestWorld *world, uint32_t node, int status);
/* A key with this first byte and zeros. */
SimKey test_world_key(uint8_t first);
