/* Registered keys: the Locally Registered Key List, and announcing a key by a walk towards key + 1
 * (7.4). */
#include "drt-node-private.h"

DrtLocal *
drt_node_find_local(const DrtNode *node, const DrtKey *key)
{
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    if (drt_key_equal(drt_local_key(local), key))
      return local;
    id = local->next;
  }
  return NULL;
}

DrtLocal *
drt_node_nearest_local(const DrtNode *node, const DrtKey *target)
{
  DrtLocal *nearest = NULL;
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    if (nearest == NULL ||
        drt_key_ranks_before(drt_local_key(local), drt_local_key(nearest), target))
      nearest = local;
    id = local->next;
  }
  return nearest;
}

bool
drt_node_in_leaf_range(const DrtNode *node, const DrtKey *key)
{
  for (uint32_t id = node->locals; id != 0;) {
    const DrtLocal *local = drt_node_local(node, id);
    if (drt_leafset_covers(&local->leaves, drt_node_store(node), key))
      return true;
    id = local->next;
  }
  return false;
}

/* Our own entry for a key, or NONE without a local address. */
static DrtHandle
make_route(DrtNode *node, const DrtKey *key)
{
  uint8_t addresses[DRT_LOCAL_ADDRESSES_MAX * DRT_ADDRESS_LEN];
  if (node->local_n == 0)
    return DRT_HANDLE_NONE;
  for (uint32_t i = 0; i < node->local_n; i++)
    memcpy(addresses + (size_t)DRT_ADDRESS_LEN * i, node->local[i].wire + 2, DRT_ADDRESS_LEN);
  DrtRoute route = {
    .key = *key,
    .addresses = addresses,
    .port = drt_endpoint_port(&node->local[0]),
    .major = node->major,
    .minor = node->minor,
    .address_count = (uint8_t)node->local_n,
  };
  DrtHandle handle = drt_store_intern(drt_node_store(node), &route);
  if (handle == DRT_HANDLE_NONE)
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
  return handle;
}

void
drt_node_refresh_own_routes(DrtNode *node)
{
  for (uint32_t id = node->locals; id != 0;) {
    DrtLocal *local = drt_node_local(node, id);
    drt_store_drop(drt_node_store(node), local->route);
    local->route = make_route(node, drt_local_key(local));
    local->announced = false;
    node->unannounced = true;
    id = local->next;
  }
}

/* The centres of the cache follow the keys: one is kept inside the node, more in a piece apart. */
static bool
set_centres(DrtNode *node)
{
  DrtMemory *memory = &node->pool->memory;
  if (node->locals_n > 1 && node->locals_n > node->centres_room) {
    uint32_t room = 2 * node->locals_n;
    DrtKey *centres = memory->take(memory->host, _Alignof(DrtKey), room * sizeof *centres);
    if (centres == NULL)
      return false;
    memory->give(memory->host, node->centres, _Alignof(DrtKey),
                 node->centres_room * sizeof *centres);
    node->centres = centres;
    node->centres_room = room;
  }
  uint32_t i = 0;
  for (uint32_t id = node->locals; id != 0; id = drt_node_local(node, id)->next, i++) {
    const DrtKey *key = drt_local_key(drt_node_local(node, id));
    if (i == 0)
      node->centre = *key;
    if (node->locals_n > 1)
      node->centres[i] = *key;
  }
  if (node->locals_n > 0 && !drt_key_equal(&node->cache.origin, &node->centre))
    drt_cache_rebase(&node->cache, &node->centre);
  return true;
}

static void
link_local(DrtNode *node, uint32_t id)
{
  uint32_t *link = &node->locals;
  while (*link != 0)
    link = &drt_node_local(node, *link)->next;
  *link = id;
  node->locals_n++;
}

static void
unlink_local(DrtNode *node, uint32_t id)
{
  uint32_t *link = &node->locals;
  while (*link != id)
    link = &drt_node_local(node, *link)->next;
  *link = drt_node_local(node, id)->next;
  node->locals_n--;
}

static void
free_local(DrtNode *node, uint32_t id)
{
  DrtLocal *local = drt_node_local(node, id);
  drt_audit_clear(node, id);
  if (local->resolve != 0)
    drt_resolve_free(node, local->resolve);
  for (uint32_t i = node->resolves; i != 0;) {
    DrtResolve *resolve = drt_node_resolve(node, i);
    uint32_t next = resolve->next;
    if (resolve->local == id)
      drt_resolve_free(node, i);
    i = next;
  }
  drt_store_drop(drt_node_store(node), local->route);
  drt_blob_give(&node->pool->blobs, local->payload);
  drt_slab_give(&node->pool->locals, id);
}

void
drt_node_free_locals(DrtNode *node)
{
  while (node->locals != 0) {
    uint32_t id = node->locals;
    unlink_local(node, id);
    free_local(node, id);
  }
  drt_cache_unpin_all(&node->cache);
}

/* A key of our own is nobody's entry any more: not in our cache, not in our leaf sets (H11). */
static void
drop_entry_of_key(DrtNode *node, const DrtKey *key)
{
  if (drt_cache_find(&node->cache, key) >= 0)
    drt_node_forget(node, key, DRT_GONE_MOVED);
}

DrtLocalId
drt_node_register(DrtNode *node, DrtTime now, const DrtKey *key, const uint8_t *payload, uint32_t n,
                  void *key_context, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  uint32_t id = drt_slab_take(&node->pool->locals);
  DrtBlob blob = id == 0 ? DRT_BLOB_NONE : drt_blob_copy(&node->pool->blobs, payload, n);
  DrtHandle route = blob == DRT_BLOB_NONE ? DRT_HANDLE_NONE : make_route(node, key);
  bool complete = blob != DRT_BLOB_NONE && (route != DRT_HANDLE_NONE || node->local_n == 0);
  if (complete) {
    *drt_node_local(node, id) = (DrtLocal){
      .payload = blob,
      .payload_n = n,
      .key_context = key_context,
      .route = route,
    };
    drt_leafset_init(&drt_node_local(node, id)->leaves, key);
    node->unannounced = true;
    link_local(node, id);
    complete = set_centres(node);
    if (!complete)
      unlink_local(node, id);
  }
  if (!complete) {
    node->fault = DRT_FAULT_NONE; /* the call fails; the instance does not (A041) */
    drt_store_drop(drt_node_store(node), route);
    drt_blob_give(&node->pool->blobs, blob);
    if (id != 0)
      drt_slab_give(&node->pool->locals, id);
    drt_node_end(node);
    return 0;
  }
  drop_entry_of_key(node, key);
  drt_node_fill_leaves(node, drt_node_local(node, id));
  if (node->locals_n == 1)
    drt_outbox_push(out, DRT_OUT_PUBLISH)->publish.published = true;
  drt_node_end(node);
  return id;
}

bool
drt_node_update(DrtNode *node, DrtLocalId id, const uint8_t *payload, uint32_t n)
{
  DrtLocal *local = drt_node_local(node, id);
  DrtBlob blob = drt_blob_copy(&node->pool->blobs, payload, n);
  if (blob == DRT_BLOB_NONE)
    return false;
  drt_blob_give(&node->pool->blobs, local->payload);
  local->payload = blob;
  local->payload_n = n;
  return true;
}

/* Entries that no leaf set holds any more compete for their slots again. Without keys all stay for
 * now: the next maintenance sheds what the smaller cache has no room for. */
static void
unpin_leaves(DrtNode *node, const DrtLeafset *gone)
{
  DrtStore *store = drt_node_store(node);
  if (node->locals_n == 0) {
    drt_cache_unpin_all(&node->cache);
    return;
  }
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    for (uint32_t i = 0; i < gone->n[side]; i++)
      drt_store_hold(store, gone->leaf[side][i]);
  for (DrtSide side = DRT_ABOVE; side <= DRT_BELOW; side++)
    for (uint32_t i = 0; i < gone->n[side]; i++) {
      drt_node_review_pin(node, gone->leaf[side][i]);
      drt_store_drop(store, gone->leaf[side][i]);
    }
}

void
drt_node_unregister(DrtNode *node, DrtTime now, DrtLocalId id, DrtOutbox *out)
{
  drt_node_begin(node, now, out);
  DrtLocal *local = drt_node_local(node, id);
  DrtKey key = *drt_local_key(local);
  DrtLeafset leaves = local->leaves;
  drt_node_event_leafset(node, local, false, &key); /* DEC-11: in every state */
  bool faulted = node->status == DRT_NODE_FAULTED;
  unlink_local(node, id);
  bool last = drt_node_find_local(node, &key) == NULL;
  if (!faulted && last)
    drt_node_revoke(node, local);
  free_local(node, id);
  set_centres(node);
  unpin_leaves(node, &leaves);
  if (node->locals_n == 0)
    drt_outbox_push(out, DRT_OUT_PUBLISH)->publish.published = false;
  drt_node_end(node);
}

/* Memory has failed on the way to announce the key. No event tells of it, and nobody else heard. */
bool
drt_node_take_back(DrtNode *node, DrtLocalId id)
{
  if (node->fault != DRT_FAULT_NO_MEMORY)
    return false;
  DrtLeafset leaves = drt_node_local(node, id)->leaves;
  unlink_local(node, id);
  free_local(node, id);
  set_centres(node);
  unpin_leaves(node, &leaves);
  return true;
}

/* The walk (7.4, step 3). The best match so far is our own entry, so every node on the way gets to
 * know it. */
static void
start_walk(DrtNode *node, uint32_t id)
{
  DrtLocal *local = drt_node_local(node, id);
  DrtKey target = drt_key_next(drt_local_key(local));
  if (local->resolve != 0)
    drt_resolve_free(node, local->resolve);
  local->resolve = 0;
  uint32_t number = drt_resolve_new(node, DRT_RESOLVE_REGISTRATION, &target);
  if (number == 0)
    return;
  local->announced = true;
  local->resolve = number;
  DrtResolve *resolve = drt_node_resolve(node, number);
  resolve->local = id;
  drt_resolve_set_best(node, resolve, local->route);
  drt_resolve_start(node, number);
}

void
drt_node_announce(DrtNode *node)
{
  node->unannounced = false;
  for (uint32_t id = node->locals; id != 0;) {
    const DrtLocal *local = drt_node_local(node, id);
    uint32_t next = local->next;
    if (!local->announced && local->route != DRT_HANDLE_NONE)
      start_walk(node, id);
    node->unannounced |= !drt_node_local(node, id)->announced;
    id = next;
  }
}

/* Nobody publishes key + 1, so a walk that found nothing has done its work (H29). */
void
drt_node_walk_done(DrtNode *node, DrtLocal *local)
{
  local->resolve = 0;
  drt_node_audit_all(node, local); /* H37 */
}
