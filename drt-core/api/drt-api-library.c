/* The library: what instances share, and how the host calls in. */
#include "drt-api-private.h"

void *
drt_library_take(DrtLibrary *library, size_t bytes)
{
  DrtMemory *memory = &library->pool.memory;
  void *piece = memory->take(memory->host, 16, bytes);
  if (piece != NULL)
    memset(piece, 0, bytes);
  return piece;
}

void
drt_library_give(DrtLibrary *library, void *piece, size_t bytes)
{
  DrtMemory *memory = &library->pool.memory;
  memory->give(memory->host, piece, 16, bytes);
}

DrtLibrary *
drt_library_new(DrtMemory memory, const void *settings)
{
  DrtLibrary *library = memory.take(memory.host, _Alignof(DrtLibrary), sizeof *library);
  if (library == NULL)
    return NULL;
  memset(library, 0, sizeof *library);
  drt_pool_init(&library->pool, memory);
  drt_outbox_init(&library->out, memory);
  drt_trust_init(&library->trust, memory);
  drt_slab_init(&library->handles, memory, sizeof(DrtHandleSlot), 8);
  library->has_handles = true;
  if (settings != NULL)
    library->settings = *(const DrtSettings *)settings;
  else
    drt_settings_init(&library->settings);
  return library;
}

static void
free_transport(DrtTransport *transport)
{
  DrtLibrary *library = transport->library;
  *transport->link = transport->next;
  if (transport->next != NULL)
    transport->next->link = transport->link;
  drt_handle_free(library, transport->handle);
  drt_port_unbind(transport->socket);
  drt_library_give(library, transport, sizeof *transport);
}

void
drt_transport_release(DrtTransport *transport)
{
  if (transport->deleted && transport->instance == NULL)
    free_transport(transport);
}

/* Events that the application did not close are pieces of the table alone. */
static void
free_events(DrtLibrary *library)
{
  for (uint32_t i = 1; i < library->handles.next; i++) {
    DrtHandleSlot *slot = drt_slab_at(&library->handles, i);
    if (slot->type == DRT_TYPE_EVENT)
      drt_library_give(library, slot->object, sizeof(DrtEventObject));
  }
}

void
drt_library_free(DrtLibrary *library)
{
  if (library == NULL)
    return;
  library->shutting_down = true;
  while (library->instances != NULL)
    drt_instance_free(library->instances);
  while (library->transports != NULL)
    free_transport(library->transports);
  free_events(library);
  drt_outbox_clear(&library->out);
  drt_trust_clear(&library->trust);
  drt_slab_clear(&library->handles);
  DrtMemory memory = library->pool.memory;
  drt_pool_clear(&library->pool);
  memory.give(memory.host, library, _Alignof(DrtLibrary), sizeof *library);
}

void
drt_library_observe(DrtLibrary *library, uint32_t mask)
{
  library->out.trace_mask = mask;
}

void
drt_transport_receive(DrtTransport *transport, const uint8_t from[18], const uint8_t *bytes,
                      uint32_t n)
{
  DrtInstance *instance = transport->instance;
  if (instance == NULL)
    return;
  const DrtEndpoint *endpoint = (const DrtEndpoint *)from; /* these bytes, and nothing else */
  transport->in_callback = true;
  drt_node_receive(instance->node, drt_instance_now(instance), endpoint, bytes, n,
                   &instance->library->out);
  transport->in_callback = false;
  drt_instance_carry(instance);
}

void
drt_transport_wake(DrtTransport *transport)
{
  DrtInstance *instance = transport->instance;
  if (instance == NULL)
    return;
  instance->wake_at = DRT_TIME_NEVER;
  drt_node_wake(instance->node, drt_instance_now(instance), &instance->library->out);
  drt_instance_carry(instance);
}

void
drt_transport_readdress(DrtTransport *transport)
{
  DrtInstance *instance = transport->instance;
  if (instance == NULL || instance->closing)
    return;
  DrtEndpoint endpoints[DRT_LOCAL_ADDRESSES_MAX];
  int n = drt_instance_endpoints(instance, endpoints);
  instance->unpublished = true;
  drt_node_readdress(instance->node, drt_instance_now(instance), endpoints, n > 0 ? (uint32_t)n : 0,
                     &instance->library->out);
  drt_instance_carry(instance);
  drt_instance_republish(instance);
}

void
drt_transport_fail(DrtTransport *transport, int32_t hr)
{
  DrtInstance *instance = transport->instance;
  if (instance == NULL || instance->closing)
    return;
  drt_node_fail(instance->node, drt_instance_now(instance), hr, &instance->library->out);
  drt_instance_carry(instance);
}

/* The end of a process: what an instance would say at its end stays unsaid. Its providers are the
 * application's, and gone as well, or they are shared and must hear of it. */
void
drt_transport_vanish(DrtTransport *transport)
{
  transport->deleted = true;
  if (transport->instance != NULL)
    drt_instance_free(transport->instance); /* lets go of the transport, which was its last use */
  else
    free_transport(transport);
}

static void
prefetch(const void *piece, size_t bytes)
{
  for (size_t i = 0; i < bytes; i += 64)
    __builtin_prefetch((const char *)piece + i);
}

void
drt_transport_prefetch(const DrtTransport *transport, unsigned step)
{
  if (transport->node == NULL)
    return;
  if (step == 0) {
    prefetch(transport->instance, 128); /* the first 64, which may begin anywhere */
    prefetch(transport->node, sizeof *transport->node);
  } else if (step == 1) {
    drt_node_prefetch(transport->node);
  } else {
    drt_node_prefetch_details(transport->node);
  }
}

const void *
drt_transport_node(const DrtTransport *transport)
{
  return transport->node;
}
