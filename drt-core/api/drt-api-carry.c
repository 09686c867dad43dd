/* Effects of a step, carried out: datagrams to the port, news to the queues of the application,
 * wishes to the bootstrap provider.
 *
 * Providers may answer at once, from inside our call to them. What they bring waits until the
 * effects at hand are carried out, because the next step empties the outbox. */
#include "drt-api-private.h"

static void
send_datagram(DrtInstance *instance, const DrtOutput *output)
{
  void *socket = instance->transport->socket;
  uint8_t *to = drt_port_send_begin(socket, output->send.n);
  if (to == NULL)
    return;
  memcpy(to, instance->library->out.bytes + output->send.offset, output->send.n);
  drt_port_send_commit(socket, output->send.to.wire, output->send.n);
}

void
drt_instance_queue_event(DrtInstance *instance, const DrtQueuedEvent *event)
{
  if (instance->closing)
    return;
  DrtQueuedEvent *queued = drt_library_take(instance->library, sizeof *queued);
  if (queued == NULL) {
    /* The news is lost, which only a fault may do; the fault itself needs no memory to be told. */
    instance->out_of_memory = true;
    if (event->type == DRT_EVENT_STATUS_CHANGED && event->change == DRT_NODE_FAULTED) {
      instance->fault_untold = true;
      instance->fault = event->hr;
      drt_event_signal(instance->library, instance->event, true);
    }
    return;
  }
  *queued = *event;
  queued->next = NULL;
  if (instance->last_event != NULL)
    instance->last_event->next = queued;
  else
    instance->first_event = queued;
  instance->last_event = queued;
  drt_event_signal(instance->library, instance->event, true);
}

static void
status_event(DrtInstance *instance, const DrtOutput *output)
{
  DrtQueuedEvent event = { .type = DRT_EVENT_STATUS_CHANGED };
  event.change = output->status.status;
  if (output->status.status == DRT_NODE_FAULTED)
    event.hr = output->status.fault == DRT_FAULT_NO_MEMORY ? E_OUTOFMEMORY : output->status.cause;
  event.address_count = output->status.n;
  if (output->status.n > 0)
    memcpy(event.addresses, instance->library->out.bytes + output->status.offset,
           output->status.n * sizeof *event.addresses);
  drt_instance_queue_event(instance, &event);
  if (output->status.status == DRT_NODE_FAULTED)
    drt_search_fault(instance);
}

static void
leafset_event(DrtInstance *instance, const DrtOutput *output)
{
  DrtQueuedEvent event = {
    .type = DRT_EVENT_LEAFSET_KEY_CHANGED,
    .change = output->leafset.added ? DRT_LEAFSET_KEY_ADDED : DRT_LEAFSET_KEY_DELETED,
    .local = output->leafset.local,
    .remote = output->leafset.remote,
  };
  drt_instance_queue_event(instance, &event);
}

static void
unresolvable_event(DrtInstance *instance, const DrtOutput *output)
{
  DrtQueuedEvent event = {
    .type = DRT_EVENT_REGISTRATION_STATE_CHANGED,
    .hr = output->unresolvable.cause,
    .change = DRT_REGISTRATION_STATE_UNRESOLVEABLE,
    .local = output->unresolvable.local,
  };
  drt_instance_queue_event(instance, &event);
}

/* Everything but a wish to the bootstrap provider: those come last, in their order. */
static void
carry_out(DrtInstance *instance, const DrtOutput *output, bool *closed)
{
  switch (output->kind) {
  case DRT_OUT_SEND:
    send_datagram(instance, output);
    break;
  case DRT_OUT_STATUS:
    instance->unpublished = true;
    status_event(instance, output);
    break;
  case DRT_OUT_LEAFSET:
    leafset_event(instance, output);
    break;
  case DRT_OUT_UNRESOLVABLE:
    unresolvable_event(instance, output);
    break;
  case DRT_OUT_SEARCH_FOUND:
  case DRT_OUT_SEARCH_HOP:
  case DRT_OUT_SEARCH_END:
    drt_search_deliver(instance, output);
    break;
  case DRT_OUT_BOOTSTRAP:
    if (instance->closing)
      break;
    if (output->bootstrap.wanted)
      drt_resolving_start(instance, output->bootstrap.split, output->bootstrap.max);
    else
      drt_resolving_stop(instance);
    break;
  case DRT_OUT_PUBLISH:
    instance->unpublished = true;
    instance->publishing = output->publish.published;
    break;
  case DRT_OUT_CLOSED:
    *closed = true;
    break;
  case DRT_OUT_TRACE:
    if (instance->closing) /* its machine may have opened the next one by now */
      break;
    drt_port_observe(instance->machine, output->trace.id, output->trace.a, output->trace.b);
    break;
  }
}

static void
set_wake(DrtInstance *instance)
{
  DrtTime deadline = drt_node_deadline(instance->node);
  if (deadline == instance->wake_at || instance->transport == NULL)
    return;
  instance->wake_at = deadline;
  drt_port_wake_at(instance->transport->socket, deadline);
}

bool
drt_instance_carry(DrtInstance *instance)
{
  bool closed = false;
  drt_assert(!instance->carrying);
  do {
    instance->carrying = true;
    DrtOutbox *out = &instance->library->out;
    for (uint32_t i = 0; i < out->n; i++)
      carry_out(instance, &out->items[i], &closed);
    instance->carrying = false;
    if (closed) {
      drt_instance_free(instance);
      return false;
    }
    if (instance->unpublished)
      drt_instance_republish(instance);
    if (instance->out_of_memory && !instance->closing) {
      instance->out_of_memory = false;
      drt_node_run_out(instance->node, drt_instance_now(instance), out);
      continue;
    }
    if (instance->resolving == NULL || !drt_resolving_deliver(instance))
      break;
  } while (true);
  set_wake(instance);
  return true;
}
