/* One table for everything that has a handle. A handle is the number of a place, the generation of
 * that place and the type of what is there, so a stale, foreign or random value is seen to be one
 * and never followed (DEC-13). */
#include "drt-api-private.h"

#define GENERATION_MASK 0xffffffu /* 24 bits, above 8 of type and 32 of number */

static HANDLE
value_of(uint32_t number, const DrtHandleSlot *slot)
{
  uint64_t value =
    (uint64_t)(slot->generation & GENERATION_MASK) << 40 | (uint64_t)slot->type << 32 | number;
  return (HANDLE)(uintptr_t)value;
}

static DrtHandleSlot *
slot_of(const DrtLibrary *library, HANDLE handle)
{
  uint64_t value = (uintptr_t)handle;
  uint32_t number = (uint32_t)value;
  if (number == 0 || number >= library->handles.next)
    return NULL;
  DrtHandleSlot *slot = drt_slab_at(&library->handles, number);
  return slot->type != DRT_TYPE_NONE && value_of(number, slot) == handle ? slot : NULL;
}

/* The slab keeps its list of free items in their first bytes, where the object is; generation and
 * type survive there. */
HANDLE
drt_handle_new(DrtLibrary *library, DrtHandleType type, void *object)
{
  bool reused = library->handles.freed != 0;
  uint32_t number = drt_slab_take(&library->handles);
  if (number == 0)
    return NULL;
  DrtHandleSlot *slot = drt_slab_at(&library->handles, number);
  slot->generation = reused ? slot->generation + 1 : 1;
  slot->type = type;
  slot->object = object;
  return value_of(number, slot);
}

void *
drt_handle_get(const DrtLibrary *library, DrtHandleType type, HANDLE handle)
{
  const DrtHandleSlot *slot = slot_of(library, handle);
  return slot != NULL && slot->type == type ? slot->object : NULL;
}

void
drt_handle_free(DrtLibrary *library, HANDLE handle)
{
  DrtHandleSlot *slot = slot_of(library, handle);
  if (slot == NULL)
    return;
  slot->type = DRT_TYPE_NONE;
  drt_slab_give(&library->handles, (uint32_t)(uintptr_t)handle);
}
