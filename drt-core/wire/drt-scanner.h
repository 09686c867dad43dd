/* A cursor over packed bytes without field headers, private to the decoders of certified
 * structures. The first fault sticks, and everything read after it is zero. */
#pragma once
#include "drt-reader.h"

#include "drt-message.h"

typedef struct {
  const uint8_t *at;
  uint32_t left;
  DrtReject reject;
  DrtReject on_short; /* what running out of bytes is called here */
} DrtScanner;

static inline DrtScanner
drt_scanner(DrtBytes bytes, DrtReject on_short)
{
  return (DrtScanner){ .at = bytes.at, .left = bytes.n, .on_short = on_short };
}

static inline void
drt_scanner_fail(DrtScanner *s, DrtReject reject)
{
  if (s->reject == DRT_REJECT_NONE)
    s->reject = reject;
}

/* The next @n bytes; @at is NULL on a fault. */
static inline DrtBytes
drt_scan_bytes(DrtScanner *s, uint32_t n)
{
  if (s->left < n)
    drt_scanner_fail(s, s->on_short);
  if (s->reject != DRT_REJECT_NONE)
    return (DrtBytes){ 0 };
  DrtBytes bytes = { s->at, n };
  s->at += n;
  s->left -= n;
  return bytes;
}

static inline uint8_t
drt_scan_u8(DrtScanner *s)
{
  DrtBytes bytes = drt_scan_bytes(s, 1);
  return bytes.at == NULL ? 0 : bytes.at[0];
}

static inline uint16_t
drt_scan_be16(DrtScanner *s)
{
  DrtBytes bytes = drt_scan_bytes(s, 2);
  return bytes.at == NULL ? 0 : drt_load_be16(bytes.at);
}

static inline uint16_t
drt_scan_le16(DrtScanner *s)
{
  DrtBytes bytes = drt_scan_bytes(s, 2);
  return bytes.at == NULL ? 0 : drt_load_le16(bytes.at);
}

/* @value must be @wanted, or the structure is refused for @reject. */
static inline void
drt_scan_expect(DrtScanner *s, uint32_t value, uint32_t wanted, DrtReject reject)
{
  if (value != wanted)
    drt_scanner_fail(s, reject);
}

/* Nothing may be left. The verdict. */
static inline DrtReject
drt_scanner_finish(DrtScanner *s, DrtReject on_trailing)
{
  if (s->left > 0)
    drt_scanner_fail(s, on_trailing);
  return s->reject;
}
