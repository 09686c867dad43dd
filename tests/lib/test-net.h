/* A small network for tests: hosts with a socket each, a clock, and what arrived. */
#pragma once
#include "sim-net.h"

#include <glib.h>

#define TEST_NET_HOSTS_MAX 64

typedef struct {
  SimTime at;
  uint32_t from, to, n;
  uint32_t tag; /* given by test_net_send, from 1 on */
  bool copy;
} TestArrival;

typedef struct {
  SimMemory *memory;
  SimQueue *queue;
  SimNet *net;
  SimTime now;
  SimDistribution *latency;
  SimSocket *sockets[TEST_NET_HOSTS_MAX];
  uint32_t tags;
  GArray *arrivals; /* TestArrival */
} TestNet;

/* Constant latency of @latency, nothing goes wrong, sockets may keep 1000 bytes. */
void test_net_init(TestNet *net, uint64_t seed, uint32_t hosts, SimTime latency);
void test_net_clear(TestNet *net);
/* Sends @n bytes (at least 4) now; returns their tag. */
uint32_t test_net_send(TestNet *net, uint32_t from, uint32_t to, uint32_t n);
/* Lets time pass, and checks that no packet has come from or gone to nowhere. */
void test_net_run(TestNet *net, SimTime until);
/* sent + copied = delivered + lost + waiting + flying; fails the test otherwise. */
void test_net_conserves(const TestNet *net);
uint64_t test_net_lost(const TestNet *net);
const TestArrival *test_net_arrival(const TestNet *net, guint i);
/* The tags of what has arrived at @to so far, in order: "1 3 2". (transfer full) */
char *test_net_tags(const TestNet *net, uint32_t to);
/* A set of one to three hosts; UINT32_MAX: no more. Free it with sim_members_clear(). */
SimMembers test_members(uint32_t hosts, uint32_t a, uint32_t b, uint32_t c);
