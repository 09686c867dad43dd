/* Field after field into a buffer known to be large enough, private to the encoders. */
#pragma once
#include "drt-assert.h"
#include "drt-message.h"

typedef struct {
  uint8_t *base; /* fields start at multiples of four from here */
  uint8_t *at;
} DrtWriter;

static inline void
drt_write_be16(DrtWriter *w, uint32_t value)
{
  drt_debug_assert(value <= UINT16_MAX);
  w->at[0] = (uint8_t)(value >> 8);
  w->at[1] = (uint8_t)value;
  w->at += 2;
}

static inline void
drt_write_be32(DrtWriter *w, uint32_t value)
{
  value = __builtin_bswap32(value);
  memcpy(w->at, &value, 4);
  w->at += 4;
}

static inline void
drt_write_le16(DrtWriter *w, uint32_t value)
{
  drt_debug_assert(value <= UINT16_MAX);
  w->at[0] = (uint8_t)value;
  w->at[1] = (uint8_t)(value >> 8);
  w->at += 2;
}

static inline void
drt_write_bytes(DrtWriter *w, const void *from, size_t n)
{
  if (n > 0)
    memcpy(w->at, from, n);
  w->at += n;
}

static inline void
drt_write_key(DrtWriter *w, const DrtKey *key)
{
  drt_key_to_wire(key, w->at);
  w->at += DRT_KEY_LEN;
}

/* Zeros up to the next multiple of four. */
static inline void
drt_write_padding(DrtWriter *w)
{
  while ((w->at - w->base) % 4 != 0)
    *w->at++ = 0;
}

/* The head of a field with @n bytes of data, at the next multiple of four. The zeros before it may lie
 * where it will be. */
static inline void
drt_write_field(DrtWriter *w, uint32_t id, size_t n)
{
  drt_assert(n + 4 <= UINT16_MAX);
  memset(w->at, 0, 4);
  w->at += (size_t)(w->base - w->at) % 4;
  drt_write_be32(w, id << 16 | (uint32_t)(n + 4));
}
