/* Both arrays double. When the host has no memory for that, the step goes on with a spare output
 * and ends in a fault, so no caller needs an error path of its own. */
#include "drt-outbox.h"

#include "drt-assert.h"

#define ITEMS_MIN 64u
#define BYTES_MIN 8192u
#define LAST_WORDS                                                                                 \
  4u /* places kept for them: that the node is FAULTED or CLOSED must not be lost */

void
drt_outbox_init(DrtOutbox *out, DrtMemory memory)
{
  *out = (DrtOutbox){ .memory = memory };
}

void
drt_outbox_clear(DrtOutbox *out)
{
  DrtMemory *memory = &out->memory;
  memory->give(memory->host, out->items, _Alignof(DrtOutput), out->capacity * sizeof(DrtOutput));
  memory->give(memory->host, out->bytes, 8, out->room);
  drt_outbox_init(out, out->memory);
}

void
drt_outbox_reset(DrtOutbox *out)
{
  out->n = 0;
  out->used = 0;
  out->short_of_memory = false;
}

DRT_SELDOM static bool
grow_items(DrtOutbox *out)
{
  DrtMemory *memory = &out->memory;
  uint32_t capacity = out->capacity == 0 ? ITEMS_MIN : 2 * out->capacity;
  DrtOutput *items = memory->take(memory->host, _Alignof(DrtOutput), capacity * sizeof *items);
  if (items == NULL)
    return false;
  if (out->n > 0)
    memcpy(items, out->items, out->n * sizeof *items);
  memory->give(memory->host, out->items, _Alignof(DrtOutput), out->capacity * sizeof *items);
  out->items = items;
  out->capacity = capacity;
  return true;
}

static inline DrtOutput *
next_output(DrtOutbox *out, uint32_t kept)
{
  if (out->n + kept < out->capacity || grow_items(out))
    return &out->items[out->n++];
  out->short_of_memory = true;
  return &out->spare;
}

DrtOutput *
drt_outbox_push(DrtOutbox *out, DrtOutputKind kind)
{
  bool last = kind == DRT_OUT_STATUS || kind == DRT_OUT_CLOSED;
  DrtOutput *output = next_output(out, last ? 0 : LAST_WORDS);
  *output = (DrtOutput){ .kind = kind };
  return output;
}

void
drt_outbox_send(DrtOutbox *out, const DrtEndpoint *to, uint32_t offset, uint32_t n)
{
  DrtOutput *output = next_output(out, LAST_WORDS);
  output->kind = DRT_OUT_SEND;
  output->send.to = *to;
  output->send.offset = offset;
  output->send.n = n;
}

DRT_SELDOM bool
drt_outbox_grow(DrtOutbox *out, uint32_t end)
{
  DrtMemory *memory = &out->memory;
  uint32_t room = out->room == 0 ? BYTES_MIN : out->room;
  while (room < end)
    room *= 2;
  uint8_t *bytes = memory->take(memory->host, 8, room);
  if (bytes == NULL) {
    out->short_of_memory = true;
    return false;
  }
  if (out->bytes != NULL)
    memcpy(bytes, out->bytes, out->used);
  memory->give(memory->host, out->bytes, 8, out->room);
  out->bytes = bytes;
  out->room = room;
  return true;
}
