/* A cursor over the fields of a message (PROTOCOL.md 2.5), private to the decoders.
 *
 * The cursor stands on one field, already framed: its id, and its data inside the bounds. The first
 * fault sticks; after it no field is found any more, so a decoder reads straight on and looks at
 * @reject once, at its end. */
#pragma once
#include "drt-reject.h"
#include "drt-wire-ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *base; /* fields start at multiples of four from here */
  size_t next, end;
  const uint8_t *data; /* of the field stood on */
  uint32_t n;
  uint32_t id; /* DRT_READER_END behind the last field, or after a fault */
  DrtReject reject;
} DrtReader;

#define DRT_READER_END UINT32_MAX

static inline uint16_t
drt_load_be16(const uint8_t *from)
{
  return (uint16_t)(from[0] << 8 | from[1]);
}

static inline uint32_t
drt_load_be32(const uint8_t *from)
{
  return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static inline uint16_t
drt_load_le16(const uint8_t *from)
{
  return (uint16_t)(from[1] << 8 | from[0]);
}

static inline void
drt_reader_fail(DrtReader *r, DrtReject reject)
{
  if (r->reject == DRT_REJECT_NONE)
    r->reject = reject;
  r->id = DRT_READER_END;
}

/* Frames the next field. Padding behind the last one may be missing, all of it (H4). */
static inline void
drt_reader_advance(DrtReader *r)
{
  size_t left = r->end - r->next;
  r->id = DRT_READER_END;
  if (left == 0)
    return;
  if (left < 4) {
    drt_reader_fail(r, DRT_REJECT_FIELD_SHORT);
    return;
  }
  const uint8_t *field = r->base + r->next;
  uint32_t head = drt_load_be32(field); /* id and length */
  uint32_t length = head & 0xffff, padded = (length + 3) & ~3u;
  if (length < 4 || length > left) {
    drt_reader_fail(r, length < 4 ? DRT_REJECT_FIELD_LENGTH : DRT_REJECT_FIELD_OVERRUN);
    return;
  }
  if (padded > left) {
    if (length != left) {
      drt_reader_fail(r, DRT_REJECT_FIELD_PADDING);
      return;
    }
    padded = length;
  }
  r->id = head >> 16;
  r->data = field + 4;
  r->n = length - 4;
  r->next += padded;
}

/* Not returned but filled in: its fields are written one by one, and would be copied in larger pieces at
 * once, which a processor does not like. */
static inline void
drt_reader_start(DrtReader *r, const uint8_t *base, size_t start, size_t end)
{
  r->base = base;
  r->next = start;
  r->end = end;
  r->data = NULL;
  r->n = 0;
  r->reject = DRT_REJECT_NONE;
  drt_reader_advance(r);
}

/* The reason why the field stood on is not the one that must be here. */
DrtReject drt_reader_misplaced(const DrtReader *r);

/* The data of a field that must be here, with its length; moves on. NULL on a fault. */
static inline const uint8_t *
drt_reader_need(DrtReader *r, uint32_t id, uint32_t *ret_n)
{
  if (r->id != id) {
    drt_reader_fail(r, drt_reader_misplaced(r));
    return NULL;
  }
  const uint8_t *data = r->data;
  *ret_n = r->n;
  drt_reader_advance(r);
  return data;
}

/* The data of a field that must be here with exactly @n bytes; moves on. NULL on a fault. */
static inline const uint8_t *
drt_reader_need_fixed(DrtReader *r, uint32_t id, uint32_t n)
{
  if (r->id == id && r->n != n) {
    drt_reader_fail(r, DRT_REJECT_FIELD_SIZE);
    return NULL;
  }
  return drt_reader_need(r, id, &n);
}

/* Nothing may follow. The verdict on the whole. */
static inline DrtReject
drt_reader_finish(DrtReader *r)
{
  if (r->id != DRT_READER_END)
    drt_reader_fail(r, drt_reader_misplaced(r));
  return r->reject;
}
