/* Events of an instance, read by the application one by one (1.1, 7). */
#include "drt-api-private.h"

/* Where the parts of an event lie in the one buffer of the application. */
typedef struct {
  size_t local, remote, addresses, size;
} Layout;

static size_t
aligned(size_t at, size_t align)
{
  return (at + align - 1) / align * align;
}

static Layout
layout_of(const DrtQueuedEvent *event)
{
  Layout layout = { .size = sizeof(DRT_EVENT_DATA) };
  if (event->type != DRT_EVENT_STATUS_CHANGED) {
    layout.local = layout.size;
    layout.size += DRT_KEY_LEN;
  }
  if (event->type == DRT_EVENT_LEAFSET_KEY_CHANGED) {
    layout.remote = layout.size;
    layout.size += DRT_KEY_LEN;
  }
  if (event->address_count > 0) {
    layout.addresses = aligned(layout.size, _Alignof(SOCKADDR_STORAGE));
    layout.size = layout.addresses + event->address_count * sizeof(SOCKADDR_STORAGE);
  }
  return layout;
}

bool
drt_instance_has_event(const DrtInstance *instance)
{
  return instance->first_event != NULL || instance->fault_untold;
}

/* The next event, queued or made up from what is left of it. */
static DrtQueuedEvent
next_event(const DrtInstance *instance)
{
  if (instance->first_event != NULL)
    return *instance->first_event;
  return (DrtQueuedEvent){
    .type = DRT_EVENT_STATUS_CHANGED,
    .hr = instance->fault,
    .change = DRT_FAULTED,
  };
}

static void
drop_event(DrtInstance *instance)
{
  DrtQueuedEvent *event = instance->first_event;
  if (event == NULL) {
    instance->fault_untold = false;
    return;
  }
  instance->first_event = event->next;
  if (instance->first_event == NULL)
    instance->last_event = NULL;
  drt_library_give(instance->library, event, sizeof *event);
}

HRESULT
DrtGetEventDataSize(HDRT hDrt, ULONG *pulEventDataLen)
{
  if (pulEventDataLen == NULL)
    return E_INVALIDARG;
  *pulEventDataLen = 0;
  HRESULT hr;
  DrtInstance *instance = drt_instance_get(hDrt, true, &hr);
  if (instance == NULL)
    return hr;
  if (!drt_instance_has_event(instance))
    return DRT_E_NO_MORE;
  DrtQueuedEvent event = next_event(instance);
  *pulEventDataLen = (ULONG)layout_of(&event).size;
  return S_OK;
}

static DRT_DATA
put_key(uint8_t *buffer, size_t at, const DrtKey *key)
{
  drt_key_to_api(key, buffer + at);
  return (DRT_DATA){ DRT_KEY_LEN, buffer + at };
}

static void
fill(const DrtInstance *instance, const DrtQueuedEvent *event, const Layout *layout,
     DRT_EVENT_DATA *data)
{
  uint8_t *buffer = (uint8_t *)data;
  memset(data, 0, sizeof *data);
  data->type = event->type;
  data->hr = event->hr;
  data->pvContext = instance->context;
  switch (event->type) {
  case DRT_EVENT_STATUS_CHANGED:
    data->statusChange.status = (DRT_STATUS)event->change;
    if (event->address_count == 0)
      break;
    data->statusChange.bootstrapAddresses.cntAddress = event->address_count;
    data->statusChange.bootstrapAddresses.pAddresses =
      (SOCKADDR_STORAGE *)(buffer + layout->addresses);
    for (uint32_t i = 0; i < event->address_count; i++)
      drt_to_sockaddr(&event->addresses[i], &data->statusChange.bootstrapAddresses.pAddresses[i]);
    break;
  case DRT_EVENT_LEAFSET_KEY_CHANGED:
    data->leafsetKeyChange.change = (DRT_LEAFSET_KEY_CHANGE_TYPE)event->change;
    data->leafsetKeyChange.localKey = put_key(buffer, layout->local, &event->local);
    data->leafsetKeyChange.remoteKey = put_key(buffer, layout->remote, &event->remote);
    break;
  case DRT_EVENT_REGISTRATION_STATE_CHANGED:
    data->registrationStateChange.state = (DRT_REGISTRATION_STATE)event->change;
    data->registrationStateChange.localKey = put_key(buffer, layout->local, &event->local);
    break;
  }
}

/* The signal stays as long as something is queued, so that one event may be read per signal
 * (DEC-30). */
HRESULT
DrtGetEventData(HDRT hDrt, ULONG ulEventDataLen, DRT_EVENT_DATA *pEventData)
{
  if (pEventData == NULL)
    return E_INVALIDARG;
  HRESULT hr;
  DrtInstance *instance = drt_instance_get(hDrt, true, &hr);
  if (instance == NULL)
    return hr;
  if (!drt_instance_has_event(instance))
    return DRT_E_NO_MORE;
  DrtQueuedEvent event = next_event(instance);
  Layout layout = layout_of(&event);
  if (ulEventDataLen < layout.size)
    return DRT_E_INSUFFICIENT_BUFFER;
  fill(instance, &event, &layout, pEventData);
  drop_event(instance);
  if (drt_instance_has_event(instance))
    drt_event_signal(instance->library, instance->event, true);
  return S_OK;
}
