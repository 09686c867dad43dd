/* Route entries from others: nothing is cached before its node has answered an INQUIRE (7.5). */
#include "drt-node-private.h"

static DrtIntake *
intake_at(const DrtNode *node, uint32_t number)
{
  return drt_slab_at(&node->pool->intakes, number);
}

static bool
being_validated(const DrtNode *node, const DrtRoute *route)
{
  uint32_t mark = drt_asked_mark(&route->key);
  for (uint32_t i = 0; i < node->asked_n; i++) {
    if (node->asked[i].validated != mark)
      continue;
    const DrtIntake *intake = intake_at(node, drt_node_pending_at(node, i)->subject);
    DrtRoute other = drt_store_route(drt_node_store(node), intake->route);
    if (drt_route_same(&other, route))
      return true;
  }
  return false;
}

/* The entry is cached as it is. Hearing of it from others says nothing of its health; hearing it
 * from itself does (H38). */
static bool
known(DrtNode *node, const DrtRoute *route, const DrtEndpoint *from)
{
  int32_t i = drt_cache_find(&node->cache, &route->key);
  if (i < 0)
    return false;
  DrtRoute cached = drt_store_route(drt_node_store(node), node->cache.handles[i]);
  if (!drt_route_same(&cached, route))
    return false;
  if (from != NULL && drt_route_listens_at(route, from))
    drt_cache_touch(&node->cache, (uint32_t)i);
  return true;
}

static void
release(DrtNode *node, DrtIntake *intake)
{
  drt_blob_give(&node->pool->blobs, intake->list);
  drt_store_drop(drt_node_store(node), intake->route);
}

/* The caller has the content still. */
static DrtIntake
take_off(DrtNode *node, uint32_t number)
{
  DrtIntake intake = *intake_at(node, number);
  node->intakes_n--;
  drt_slab_give(&node->pool->intakes, number);
  return intake;
}

static void
inquire(DrtNode *node, uint32_t number)
{
  DrtIntake *intake = intake_at(node, number);
  DrtRoute route = drt_store_route(drt_node_store(node), intake->route);
  DrtEndpoint to = drt_node_choose_address(node, &route);
  DrtMsg msg;
  drt_node_message(node, DRT_INQUIRE, &msg);
  msg.inquire.flags = DRT_INQUIRE_CPA | DRT_INQUIRE_CHAIN; /* both always (H28) */
  msg.inquire.validate = route.key;
  msg.inquire.has_nonce = true;
  memcpy(msg.inquire.nonce, intake->nonce, DRT_NONCE_LEN);
  if (drt_node_ask(node, &msg, &to, intake->route, DRT_FOR_INTAKE, number) == 0) {
    DrtIntake unasked = take_off(node, number);
    release(node, &unasked);
  }
}

/* The cache would take it in, as far as it can be known before its node has answered (H35). */
static bool
is_wanted(const DrtNode *node, const DrtKey *key)
{
  if (drt_cache_find(&node->cache, key) >= 0) /* it has moved */
    return true;
  DrtCacheShape shape = drt_node_shape(node);
  return drt_cache_would_admit(&node->cache, &shape, key);
}

void
drt_node_intake(DrtNode *node, const DrtRoute *route, const DrtEndpoint *from,
                const DrtEndpointList *list)
{
  if (drt_route_refusal(route, node->major) != DRT_REJECT_NONE ||
      drt_node_find_local(node, &route->key) != NULL || drt_node_is_own_route(node, route) ||
      known(node, route, from) || node->intakes_n >= node->settings->intakes_max ||
      being_validated(node, route))
    return;
  bool need_cpa = drt_node_in_leaf_range(node, &route->key);
  if (!need_cpa && !is_wanted(node, &route->key))
    return; /* nobody need be asked */
  uint32_t number = drt_slab_take(&node->pool->intakes);
  DrtHandle handle = number == 0 ? DRT_HANDLE_NONE : drt_store_intern(drt_node_store(node), route);
  if (handle == DRT_HANDLE_NONE) {
    if (number != 0)
      drt_slab_give(&node->pool->intakes, number);
    drt_node_fault(node, DRT_FAULT_NO_MEMORY, 0);
    return;
  }
  DrtIntake *intake = intake_at(node, number);
  *intake = (DrtIntake){ .route = handle, .need_cpa = need_cpa };
  drt_random_bytes(&node->random, intake->nonce, DRT_NONCE_LEN);
  if (list != NULL) {
    intake->flooded = true;
    intake->sender = *from;
    if (list->n > 0) {
      intake->list = drt_blob_copy(&node->pool->blobs, list->at, list->n * sizeof *list->at);
      intake->list_n = intake->list == DRT_BLOB_NONE ? 0 : list->n;
    }
  }
  node->intakes_n++;
  inquire(node, number);
}

void
drt_node_intake_drop(DrtNode *node, uint32_t number)
{
  DrtIntake intake = take_off(node, number);
  release(node, &intake);
  drt_node_discover_next(node);
}

void
drt_node_intake_clear(DrtNode *node)
{
  for (uint32_t i = node->asked_n; i-- > 0 && node->intakes_n > 0;) {
    const DrtPending *pending = drt_node_pending_at(node, i);
    if (pending->purpose != DRT_FOR_INTAKE)
      continue;
    DrtIntake intake = take_off(node, pending->subject);
    drt_node_pending_remove(node, node->asked[i].number);
    release(node, &intake);
  }
}

/* Every address of the entry, with its port, occurs among the facts (H38). */
static bool
addresses_match(const DrtRoute *route, const DrtSecurityFacts *facts)
{
  for (uint32_t i = 0; i < route->address_count; i++) {
    DrtEndpoint endpoint = drt_route_endpoint(route, i);
    bool found = false;
    for (uint32_t k = 0; k < facts->address_count && !found; k++)
      found = drt_endpoint_equal(&endpoint, &facts->addresses[k]);
    if (!found)
      return false;
  }
  return true;
}

bool
drt_node_proves(DrtNode *node, const DrtAuthorityBody *body, const uint8_t *nonce,
                const DrtRoute *route, DrtSecurityFacts *facts)
{
  if (body->cpa.at == NULL)
    return false;
  DrtSecurityClaim claim = {
    .cpa = body->cpa.at,
    .cpa_n = body->cpa.n,
    .chain = body->chain.at,
    .chain_n = body->chain.n,
    .classifier = body->classifier.at,
    .classifier_n = body->classifier.n,
    .payload = body->payload.at,
    .payload_n = body->payload.n,
    .nonce = nonce,
  };
  if (node->security->unpack(node->security->self, &claim, facts) != 0)
    return false;
  bool proven = facts->major == node->major && (facts->flags & DRT_PAYLOAD_FLAG_REVOKED) == 0 &&
                drt_key_equal(&facts->key, &route->key) && addresses_match(route, facts);
  if (proven)
    drt_node_peer_learn(node, &route->key, body->chain);
  return proven;
}

/* 7.5, on the AUTHORITY_BUFFER. Whether a proof is needed is asked once more: the key may have come
 * into the range of a leaf set since (H28). */
void
drt_node_intake_answer(DrtNode *node, uint32_t number, const DrtAuthorityBody *body)
{
  DrtIntake intake = take_off(node, number);
  DrtRoute route = drt_store_route(drt_node_store(node), intake.route);
  DrtSecurityFacts facts = { 0 };
  bool proven = false;
  bool useful =
    (body->flags & DRT_AUTHORITY_UNKNOWN) == 0 && drt_node_find_local(node, &route.key) == NULL;
  if (useful) {
    proven = drt_node_proves(node, body, intake.nonce, &route, &facts);
    useful = proven || (body->cpa.at == NULL && !intake.need_cpa &&
                        !drt_node_in_leaf_range(node, &route.key));
  }
  if (useful)
    drt_node_adopt(node, intake.route, proven, &intake);
  release(node, &intake);
  drt_node_discover_next(node);
}
