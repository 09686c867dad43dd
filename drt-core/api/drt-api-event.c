/* Event objects: what CreateEvent makes on Windows, as far as the DRT needs it (7.5). */
#include "drt-api-private.h"

HANDLE
DrtEventCreate(BOOL fManualReset, BOOL fInitialState)
{
  DrtLibrary *library = drt_port_library();
  if (library == NULL || !library->has_handles)
    return NULL;
  DrtEventObject *event = drt_library_take(library, sizeof *event);
  if (event == NULL)
    return NULL;
  *event = (DrtEventObject){
    .library = library,
    .machine = drt_port_machine(),
    .manual = fManualReset != FALSE,
    .set = fInitialState != FALSE,
  };
  HANDLE handle = drt_handle_new(library, DRT_TYPE_EVENT, event);
  if (handle == NULL)
    drt_library_give(library, event, sizeof *event);
  return handle;
}

static DrtEventObject *
find(HANDLE handle)
{
  DrtLibrary *library = drt_port_library();
  return library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_EVENT, handle);
}

static void
change(DrtEventObject *event, bool set)
{
  if (event->set == set)
    return;
  event->set = set;
  drt_port_signal(event->machine, event, set);
}

BOOL
DrtEventSet(HANDLE hEvent)
{
  DrtEventObject *event = find(hEvent);
  if (event != NULL)
    change(event, true);
  return event != NULL;
}

BOOL
DrtEventReset(HANDLE hEvent)
{
  DrtEventObject *event = find(hEvent);
  if (event != NULL)
    change(event, false);
  return event != NULL;
}

BOOL
DrtEventWait(HANDLE hEvent)
{
  DrtEventObject *event = find(hEvent);
  if (event == NULL || !event->set)
    return FALSE;
  if (!event->manual)
    change(event, false);
  return TRUE;
}

BOOL
DrtEventClose(HANDLE hEvent)
{
  DrtEventObject *event = find(hEvent);
  if (event == NULL)
    return FALSE;
  drt_handle_free(event->library, hEvent);
  drt_library_give(event->library, event, sizeof *event);
  return TRUE;
}

/* An event that its application has closed is nobody's any more: the handle says so. */
void
drt_event_signal(DrtLibrary *library, HANDLE handle, bool set)
{
  DrtEventObject *event = handle == NULL ? NULL : drt_handle_get(library, DRT_TYPE_EVENT, handle);
  if (event != NULL)
    change(event, set);
}
