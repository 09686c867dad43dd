#include "sim-record-keys.h"

#include <glib.h>
#include <string.h>

#define SIZE_FIRST 1024

/* Free if @number is 0. */
typedef struct SimRecordKey {
  SimKey key;
  uint32_t number;
} Slot;

void
sim_record_keys_init(SimRecordKeys *keys)
{
  *keys = (SimRecordKeys){ .slots = g_new0(Slot, SIZE_FIRST), .size = SIZE_FIRST };
}

void
sim_record_keys_clear(SimRecordKeys *keys)
{
  g_free(keys->slots);
}

/* Most keys are random; those of tests, like 60 00 00 ..., are few. */
static uint32_t
place_of(const SimRecordKeys *keys, const SimKey *key)
{
  uint64_t head, tail;
  memcpy(&head, key->bytes, sizeof head);
  memcpy(&tail, key->bytes + SIM_KEY_LEN - sizeof tail, sizeof tail);
  uint64_t hash = (head ^ tail) * 0x9e3779b97f4a7c15u;
  return (uint32_t)(hash >> 32) & (keys->size - 1);
}

static Slot *
find(const SimRecordKeys *keys, const SimKey *key)
{
  uint32_t i = place_of(keys, key);
  while (keys->slots[i].number != 0 && memcmp(&keys->slots[i].key, key, sizeof *key) != 0)
    i = (i + 1) & (keys->size - 1);
  return &keys->slots[i];
}

static void
grow(SimRecordKeys *keys)
{
  Slot *old = keys->slots;
  uint32_t size = keys->size;
  keys->size *= 2;
  keys->slots = g_new0(Slot, keys->size);
  for (uint32_t i = 0; i < size; i++)
    if (old[i].number != 0)
      *find(keys, &old[i].key) = old[i];
  g_free(old);
}

int64_t
sim_record_keys_number(SimRecordKeys *keys, const SimKey *key, bool *ret_new)
{
  Slot *slot = find(keys, key);
  *ret_new = slot->number == 0;
  if (slot->number != 0)
    return slot->number;
  if (2 * keys->count >= keys->size) {
    grow(keys);
    slot = find(keys, key);
  }
  *slot = (Slot){ .key = *key, .number = ++keys->count };
  return slot->number;
}
