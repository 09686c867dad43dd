/* The credentials of other nodes, by key: what is needed to seal for them (8.6, H6).
 *
 * Only confidential clouds keep them. A chain gets here when its owner has proven its key. The table
 * is as large as what a node talks to; the one that was used longest ago makes room. */
#include "drt-node-private.h"

#define PEERS_MAX 192

typedef struct {
  DrtKey key;
  DrtInterned credential; /* one reference; NONE: an empty one, as the null profile has */
  uint32_t used;          /* when, counted in uses */
} Peer;

struct DrtPeers {
  uint32_t n, uses;
  Peer at[PEERS_MAX];
};

static Peer *
find(DrtPeers *peers, const DrtKey *key)
{
  for (uint32_t i = 0; peers != NULL && i < peers->n; i++)
    if (drt_key_equal(&peers->at[i].key, key))
      return &peers->at[i];
  return NULL;
}

static DrtPeers *
make(DrtNode *node)
{
  DrtMemory *memory = &node->pool->memory;
  if (node->peers == NULL)
    node->peers = memory->take(memory->host, _Alignof(DrtPeers), sizeof *node->peers);
  if (node->peers != NULL)
    node->peers->n = node->peers->uses = 0;
  return node->peers;
}

static Peer *
place_for(DrtNode *node, DrtPeers *peers)
{
  if (peers->n < PEERS_MAX)
    return &peers->at[peers->n++];
  Peer *oldest = &peers->at[0];
  for (uint32_t i = 1; i < peers->n; i++)
    if (peers->uses - peers->at[i].used > peers->uses - oldest->used)
      oldest = &peers->at[i];
  drt_intern_drop(&node->pool->interns, oldest->credential);
  return oldest;
}

void
drt_node_peer_learn(DrtNode *node, const DrtKey *key, DrtBytes credential)
{
  if (node->mode != DRT_MODE_CONFIDENTIAL)
    return;
  DrtInterned interned = DRT_INTERNED_NONE;
  DrtPeers *peers = node->peers != NULL ? node->peers : make(node);
  if (peers != NULL && credential.n > 0)
    interned = drt_intern(&node->pool->interns, credential.at, credential.n);
  if (peers == NULL || (credential.n > 0 && interned == DRT_INTERNED_NONE)) {
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return;
  }
  Peer *peer = find(peers, key);
  if (peer != NULL)
    drt_intern_drop(&node->pool->interns, peer->credential);
  else
    peer = place_for(node, peers);
  *peer = (Peer){ .key = *key, .credential = interned, .used = ++peers->uses };
}

bool
drt_node_peer_credential(DrtNode *node, const DrtKey *key, DrtBytes *ret)
{
  static const uint8_t nothing[1];
  Peer *peer = find(node->peers, key);
  if (peer == NULL)
    return false;
  peer->used = ++node->peers->uses;
  *ret = (DrtBytes){ nothing, 0 };
  if (peer->credential != DRT_INTERNED_NONE)
    ret->at = drt_intern_at(&node->pool->interns, peer->credential, &ret->n);
  return true;
}

void
drt_node_peers_clear(DrtNode *node)
{
  DrtMemory *memory = &node->pool->memory;
  if (node->peers == NULL)
    return;
  for (uint32_t i = 0; i < node->peers->n; i++)
    drt_intern_drop(&node->pool->interns, node->peers->at[i].credential);
  memory->give(memory->host, node->peers, _Alignof(DrtPeers), sizeof *node->peers);
  node->peers = NULL;
}
