/* A node laid open: what it knows and waits for as text, and messages of a test's own making.
 *
 * A test that wants a rule all to itself opens one node of a cluster; the other numbers are
 * addresses to speak from, and what is sent there is caught by the tap. */
#pragma once
#include "drt-node-private.h"

#include "test-cluster.h"

/* Node @i, which has just been opened, publishes the key with this first byte, and does not go and
 * announce it. Maintenance is put off for a day. */
DrtLocalId test_node_publish(TestCluster *cluster, uint32_t i, uint8_t key);
/* Node @i knows that @j publishes the key: in its cache and leaf sets, as if it were validated. */
void test_node_know(TestCluster *cluster, uint32_t i, uint8_t key, uint32_t j);
void test_node_know_key(TestCluster *cluster, uint32_t i, const DrtKey *key, uint32_t j);
/* Status, endpoints, cache, leaf sets, and every list. (transfer full) */
char *test_node_picture(const DrtNode *node);
/* The leaf set of the key: "05,04,03 | 07,08", nearest first, below and above. Valid until the next
 * call. */
const char *test_node_leaves(TestCluster *cluster, uint32_t i, uint8_t key);
bool test_node_caches(TestCluster *cluster, uint32_t i, uint8_t key);
/* Entries of a kind. */
uint32_t test_node_pendings(const DrtNode *node);

/* A message as the cluster's nodes write it, of this type and with this MessageID. */
DrtMsg test_node_message(DrtMsgType type, uint32_t id);
/* A route entry of version 6 for the key, served by node @j. Valid until the next sixteen calls. */
DrtRoute test_node_route(uint8_t key, uint32_t j);
/* Hands @msg to node @to as if it came from @from. */
void test_node_say(TestCluster *cluster, uint32_t from, uint32_t to, const DrtMsg *msg);
void test_node_say_from(TestCluster *cluster, const DrtEndpoint *from, uint32_t to,
                        const DrtMsg *msg);
/* Answers the INQUIRE or LOOKUP @id with @body. */
void test_node_answer(TestCluster *cluster, uint32_t from, uint32_t to, uint32_t id,
                      const DrtAuthorityBody *body);
/* A CPA of the null profile for the key, with @nonce (NULL: zero), served by @j. Its length. */
uint32_t test_node_cpa(uint8_t key, const uint8_t *nonce, uint32_t j, bool revoked, uint8_t *to,
                       uint32_t room);

/* Everything sent, kept. Set as the filter of the cluster. */
typedef struct {
  DrtTime at;
  uint32_t from, to, n;
  uint8_t bytes[1600];
} TestDatagram;

typedef struct {
  TestDatagram *at;
  uint32_t n, room;
  bool lose; /* nothing arrives */
} TestTap;

void test_tap_start(TestTap *tap, TestCluster *cluster);
void test_tap_free(TestTap *tap);
/* The @i-th from the end, decoded; 0 is the last. */
DrtMsg test_tap_last(const TestTap *tap, uint32_t i);
/* The last one of this type, decoded. */
DrtMsg test_tap_find(const TestTap *tap, DrtMsgType type);
