/* A small cloud in virtual time: nodes, a wire with a delay between them, and nothing else.
 *
 * Drives the steps of drt-core/node by hand, without a simulator. Node i listens at one address of
 * its own. Everything that travels is the real datagram. Random numbers come from one seed. */
#pragma once
#include "drt-node.h"

#include "test-memory.h"
#include "test-random.h"

typedef struct TestCluster TestCluster;

/* A search that somebody made, and how it went. */
typedef struct {
  bool over;
  DrtSearchEnd end;
  uint32_t results, hops;  /* results so far; nodes contacted */
  DrtKey key[32];          /* of the results */
  uint8_t payload[32][64]; /* the first bytes of their payloads */
  uint32_t payload_n[32];
  uint32_t pauses; /* hops shown by an iterative search */
  DrtHop hop[64];
} TestSearch;

/* What may happen to a datagram on its way: return false to lose it. */
typedef bool (*TestClusterFilter)(TestCluster *cluster, uint32_t from, uint32_t to,
                                  const uint8_t *bytes, uint32_t n, void *data);

TestCluster *test_cluster_new(uint64_t seed, uint32_t nodes);
void test_cluster_free(TestCluster *cluster);
/* Mode and profile of all nodes; before the first is opened. Resolve mode and the null profile
 * otherwise. */
void test_cluster_secure(TestCluster *cluster, DrtMode mode, const DrtSecurity *security);
DrtSettings *test_cluster_settings(TestCluster *cluster);
DrtPool *test_cluster_pool(TestCluster *cluster);
/* Of all nodes and what they share: to count, and to fail. Without memory for the node itself,
 * test_cluster_open leaves its place empty. */
TestMemory *test_cluster_memory(TestCluster *cluster);
/* One-way delay: @least plus a random part below @spread. Default: 50 ms and none. */
void test_cluster_delay(TestCluster *cluster, DrtTime least, DrtTime spread);
void test_cluster_filter(TestCluster *cluster, TestClusterFilter filter, void *data);

/* Opens node @i; its bootstrap names up to ten random nodes that were opened before it. */
void test_cluster_open(TestCluster *cluster, uint32_t i);
/* The same; the bootstrap names just these. */
void test_cluster_open_at(TestCluster *cluster, uint32_t i, const uint32_t *peers, uint32_t n);
/* Registers a key with a payload of 8 bytes: the node's number and that of the registration. */
DrtLocalId test_cluster_register(TestCluster *cluster, uint32_t i, const DrtKey *key);
void test_cluster_unregister(TestCluster *cluster, uint32_t i, DrtLocalId id);
void test_cluster_close(TestCluster *cluster, uint32_t i);
/* The process is gone. */
void test_cluster_crash(TestCluster *cluster, uint32_t i);
/* No local address, or the old one again. */
void test_cluster_disconnect(TestCluster *cluster, uint32_t i);
void test_cluster_reconnect(TestCluster *cluster, uint32_t i);
/* Nothing passes between nodes of different parts. Part 0 at first. */
void test_cluster_part(TestCluster *cluster, uint32_t i, uint32_t part);
/* Hands node @i a datagram as if it came from @from. */
void test_cluster_inject(TestCluster *cluster, uint32_t i, const DrtEndpoint *from,
                         const uint8_t *bytes, uint32_t n);

/* Starts a search; the ticket to ask for it. */
uint32_t test_cluster_search(TestCluster *cluster, uint32_t i, const DrtSearchSpec *spec);
/* One exact search with ten seconds to spare. */
uint32_t test_cluster_find(TestCluster *cluster, uint32_t i, const DrtKey *key);
void test_cluster_continue(TestCluster *cluster, uint32_t i, uint32_t ticket);
const TestSearch *test_cluster_result(const TestCluster *cluster, uint32_t ticket);

/* Runs until this much time has passed. */
void test_cluster_run(TestCluster *cluster, DrtTime duration);
/* Handles the next event. False if there is none. */
bool test_cluster_step(TestCluster *cluster);
DrtTime test_cluster_now(const TestCluster *cluster);
DrtNode *test_cluster_node(const TestCluster *cluster, uint32_t i);
DrtEndpoint test_cluster_endpoint(uint32_t i);
/* The node that listens there, or UINT32_MAX. */
uint32_t test_cluster_at(const DrtEndpoint *endpoint);

/* What was sent since the last call: one line a message, names of nodes as @names has them. */
const char *test_cluster_log(TestCluster *cluster);
/* Log only from here on, and how: "0 > 1 LOOKUP target 60 validate 40". */
void test_cluster_log_start(TestCluster *cluster);
/* Datagrams sent so far by type. */
uint64_t test_cluster_sent(const TestCluster *cluster, DrtMsgType type);

/* How long the steps took so far that a received datagram of this type caused, and how many there
 * were. Only after test_cluster_time_steps. */
typedef struct {
  uint64_t ns, count;
} TestStepTime;
void test_cluster_time_steps(TestCluster *cluster);
TestStepTime test_cluster_step_time(const TestCluster *cluster, DrtMsgType type);
/* Bytes that the nodes and what they share have taken from the host. */
size_t test_cluster_bytes(const TestCluster *cluster);

/* Against the ideal ring of all keys that alive, connected nodes have registered. */
typedef struct {
  uint32_t keys;
  uint32_t positions, positions_wrong; /* of leaf sets */
  uint32_t nearest_wrong;              /* keys with a wrong neighbour on either side */
  uint32_t rings;                      /* components of the nearest-neighbour graph */
} TestRingReport;
TestRingReport test_cluster_ring(const TestCluster *cluster);

/* Events that node @i put out, oldest first, taken one at a time; false if there are no more. */
bool test_cluster_event(TestCluster *cluster, uint32_t i, DrtOutput *ret);
