/* Reads and writes the inside of nodes through their private header. */
#include "test-node.h"

#include "drt-assert.h"
#include "drt-cpa.h"
#include "drt-encode.h"

#include "test-keys.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define MAJOR 6

DrtLocalId
test_node_publish(TestCluster *c, uint32_t i, uint8_t first)
{
  DrtNode *node = test_cluster_node(c, i);
  DrtKey key = test_key_byte(first);
  DrtLocalId id = test_cluster_register(c, i, &key);
  drt_node_local(node, id)->announced = true;
  node->maintain_at = test_cluster_now(c) + 86400 * DRT_SECOND;
  return id;
}

void
test_node_know(TestCluster *c, uint32_t i, uint8_t first, uint32_t j)
{
  DrtKey key = test_key_byte(first);
  test_node_know_key(c, i, &key, j);
}

void
test_node_know_key(TestCluster *c, uint32_t i, const DrtKey *key, uint32_t j)
{
  DrtNode *node = test_cluster_node(c, i);
  DrtStore *store = drt_node_store(node);
  DrtRoute route = test_node_route(0, j);
  route.key = *key;
  DrtHandle entry = drt_store_intern(store, &route), evicted;
  DrtCacheShape shape = drt_node_shape(node);
  bool leaf = drt_node_in_leaf_range(node, &route.key);
  DrtCacheVerdict verdict = drt_cache_offer(&node->cache, &shape, entry, leaf, &evicted);
  drt_assert(verdict == DRT_CACHE_ADDED);
  drt_store_drop(store, evicted);
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
    DrtLeafset *leaves = &drt_node_local(node, id)->leaves;
    DrtLeafsetChange change = drt_leafset_offer(leaves, store, entry);
    if (change.removed != DRT_HANDLE_NONE) {
      int32_t at = drt_cache_find(&node->cache, drt_store_key(store, change.removed));
      drt_cache_unpin(&node->cache, &shape, (uint32_t)at, &evicted);
      drt_store_drop(store, evicted);
    }
  }
  drt_store_drop(store, entry);
  node->told = true;
  node->status = DRT_NODE_ACTIVE;
}

static unsigned
first(const DrtKey *key)
{
  return (unsigned)(key->w[0] >> 56);
}

static void
picture_handle(GString *text, const DrtNode *node, const char *what, DrtHandle handle)
{
  if (handle != DRT_HANDLE_NONE)
    g_string_append_printf(text, " %s %02x", what,
                           first(drt_store_key(&node->pool->store, handle)));
}

static void
picture_cache(GString *text, const DrtNode *node)
{
  for (uint32_t i = 0; i < node->cache.n; i++) {
    DrtRoute route = drt_store_route(&node->pool->store, node->cache.handles[i]);
    DrtEndpoint at = drt_route_endpoint(&route, 0);
    g_string_append_printf(text, "cache %02x %016lx at %u:%u age %u%s%s\n", first(&route.key),
                           (unsigned long)route.key.w[3], test_cluster_at(&at), route.port,
                           drt_cache_age(&node->cache, i),
                           drt_cache_is_pinned(&node->cache, i) ? " pinned" : "",
                           drt_cache_is_proven(&node->cache, i) ? " proven" : "");
  }
}

static void
picture_locals(GString *text, const DrtNode *node)
{
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next) {
    const DrtLocal *local = drt_node_local(node, id);
    g_string_append_printf(text, "key %02x", first(drt_local_key(local)));
    for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
      for (uint32_t i = 0; i < local->leaves.n[side]; i++)
        picture_handle(text, node, side == DRT_ABOVE ? "above" : "below",
                       local->leaves.leaf[side][i]);
    g_string_append_printf(text, "%s\n", local->resolve != 0 ? " walking" : "");
  }
}

static void
picture_lists(GString *text, const DrtNode *node)
{
  for (uint32_t i = 0; i < node->asked_n; i++) {
    const DrtPending *pending = drt_node_pending_at(node, i);
    g_string_append_printf(text, "pending %08x type %u for %d left %u due %ld", pending->id,
                           pending->type, (int)pending->purpose, pending->left, (long)pending->due);
    picture_handle(text, node, "peer", pending->peer);
    g_string_append_c(text, '\n');
  }
  for (uint32_t i = 0; i < node->asked_n; i++) {
    if (drt_node_pending_at(node, i)->purpose != DRT_FOR_INTAKE)
      continue;
    const DrtIntake *intake =
      drt_slab_at(&node->pool->intakes, drt_node_pending_at(node, i)->subject);
    g_string_append(text, "intake");
    picture_handle(text, node, "of", intake->route);
    g_string_append_printf(text, "%s list %u\n", intake->need_cpa ? " need" : "", intake->list_n);
  }
  for (uint32_t i = node->conversations; i != 0;) {
    const DrtConversation *talk = drt_slab_at(&node->pool->conversations, i);
    g_string_append_printf(text, "conversation with %u %s%s until %ld offered %u\n",
                           test_cluster_at(&talk->peer), talk->initiator ? "ours" : "theirs",
                           talk->done ? " done" : "", (long)talk->expires, talk->offered_n);
    i = talk->next;
  }
  for (uint32_t i = node->resolves; i != 0; i = drt_node_resolve(node, i)->next) {
    const DrtResolve *r = drt_node_resolve(node, i);
    g_string_append_printf(text, "resolve kind %d phase %d stack %u bests %u path %u", (int)r->kind,
                           (int)r->phase, r->stack_n, r->bests_n, r->path_n);
    picture_handle(text, node, "best", r->best);
    picture_handle(text, node, "current", r->current.route);
    g_string_append_printf(text, " useful %u suspicious %u\n", r->useful, r->suspicious);
  }
  for (uint32_t i = node->audits; i != 0;) {
    const DrtAudit *audit = drt_slab_at(&node->pool->audits, i);
    g_string_append_printf(text, "audit members %u path %u\n", audit->members_n, audit->path_n);
    i = audit->next;
  }
}

char *
test_node_picture(const DrtNode *node)
{
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "status %d fault %d addresses %u%s%s\n", (int)node->status,
                         (int)node->fault, node->local_n, node->opened ? " open" : "",
                         node->closing ? " closing" : "");
  picture_cache(text, node);
  picture_locals(text, node);
  picture_lists(text, node);
  if (node->reassembly != NULL)
    g_string_append_printf(text, "fragments %u\n", drt_reassembly_count(node->reassembly));
  return g_string_free(text, FALSE);
}

const char *
test_node_leaves(TestCluster *c, uint32_t i, uint8_t key)
{
  static char text[128];
  DrtNode *node = test_cluster_node(c, i);
  DrtKey own = test_key_byte(key);
  const DrtLocal *local = drt_node_find_local(node, &own);
  GString *string = g_string_new(NULL);
  for (int side = DRT_BELOW; side >= (int)DRT_ABOVE; side--) {
    for (uint32_t k = 0; k < local->leaves.n[side]; k++)
      g_string_append_printf(string, "%s%02x", k == 0 ? "" : ",",
                             first(drt_store_key(&node->pool->store, local->leaves.leaf[side][k])));
    g_string_append(string, side == DRT_BELOW ? " | " : "");
  }
  g_strlcpy(text, string->str, sizeof text);
  g_string_free(string, TRUE);
  return text;
}

bool
test_node_caches(TestCluster *c, uint32_t i, uint8_t key)
{
  DrtKey wanted = test_key_byte(key);
  return drt_cache_find(&test_cluster_node(c, i)->cache, &wanted) >= 0;
}

uint32_t
test_node_pendings(const DrtNode *node)
{
  return node->asked_n;
}

DrtMsg
test_node_message(DrtMsgType type, uint32_t id)
{
  return (DrtMsg){ .type = type, .major = MAJOR, .id = id };
}

DrtRoute
test_node_route(uint8_t key, uint32_t j)
{
  static DrtEndpoint endpoints[16];
  static unsigned next;
  DrtEndpoint *endpoint = &endpoints[next++ % 16];
  *endpoint = test_cluster_endpoint(j);
  return (DrtRoute){
    .key = test_key_byte(key),
    .addresses = endpoint->wire + 2,
    .port = drt_endpoint_port(endpoint),
    .major = MAJOR,
    .minor = 0x65,
    .address_count = 1,
  };
}

void
test_node_say_from(TestCluster *c, const DrtEndpoint *from, uint32_t to, const DrtMsg *msg)
{
  uint32_t n = drt_encoded_size(msg, DRT_MODE_RESOLVE);
  uint8_t *bytes = g_malloc(n); /* exactly so long, for the sanitizer */
  drt_assert(drt_encode(msg, DRT_MODE_RESOLVE, bytes, n) == n);
  test_cluster_inject(c, to, from, bytes, n);
  g_free(bytes);
}

void
test_node_say(TestCluster *c, uint32_t from, uint32_t to, const DrtMsg *msg)
{
  DrtEndpoint endpoint = test_cluster_endpoint(from);
  test_node_say_from(c, &endpoint, to, msg);
}

void
test_node_answer(TestCluster *c, uint32_t from, uint32_t to, uint32_t id,
                 const DrtAuthorityBody *body)
{
  DrtMsg msg = test_node_message(DRT_AUTHORITY, id + 1);
  msg.authority.acked = id;
  msg.authority.body = body;
  test_node_say(c, from, to, &msg);
}

uint32_t
test_node_cpa(uint8_t key, const uint8_t *nonce, uint32_t j, bool revoked, uint8_t *to,
              uint32_t room)
{
  DrtNullCpa cpa = {
    .major = MAJOR,
    .minor = 0x65,
    .key = test_key_byte(key),
    .revoked = revoked,
    .service_count = revoked ? 0 : 1,
    .services = { test_cluster_endpoint(j) },
  };
  if (nonce != NULL)
    memcpy(cpa.nonce, nonce, DRT_NONCE_LEN);
  return drt_null_cpa_encode(&cpa, to, room);
}

static bool
tap(TestCluster *c, uint32_t from, uint32_t to, const uint8_t *bytes, uint32_t n, void *data)
{
  TestTap *self = data;
  if (self->n == self->room) {
    self->room = 2 * self->room + 64;
    self->at = g_realloc(self->at, self->room * sizeof *self->at);
  }
  TestDatagram *datagram = &self->at[self->n++];
  *datagram = (TestDatagram){ test_cluster_now(c), from, to, n, { 0 } };
  drt_assert(n <= sizeof datagram->bytes);
  memcpy(datagram->bytes, bytes, n);
  return !self->lose;
}

void
test_tap_start(TestTap *self, TestCluster *c)
{
  *self = (TestTap){ 0 };
  test_cluster_filter(c, tap, self);
}

void
test_tap_free(TestTap *self)
{
  g_free(self->at);
  *self = (TestTap){ 0 };
}

DrtMsg
test_tap_last(const TestTap *self, uint32_t i)
{
  DrtMsg msg;
  drt_assert(i < self->n);
  const TestDatagram *datagram = &self->at[self->n - 1 - i];
  drt_assert(drt_decode(datagram->bytes, datagram->n, MAJOR, DRT_MODE_RESOLVE, &msg) ==
             DRT_REJECT_NONE);
  return msg;
}

DrtMsg
test_tap_find(const TestTap *self, DrtMsgType type)
{
  for (uint32_t i = 0; i < self->n; i++)
    if (self->at[self->n - 1 - i].bytes[7] == type)
      return test_tap_last(self, i);
  drt_never("no such message was sent");
}
