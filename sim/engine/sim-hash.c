/* Sixteen bytes a multiplication, read as little-endian numbers. */
#include "sim-hash.h"

#include <stdbool.h>

static uint64_t
number(const uint8_t *bytes)
{
  uint64_t value;
  memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  value = __builtin_bswap64(value);
#endif
  return value;
}

/* The @n bytes as a number of 16, with zeros behind them. */
static SimHashWide
few(const uint8_t *at, uint32_t n)
{
  uint8_t padded[16] = { 0 };
  memcpy(padded, at, n);
  return (SimHashWide)number(padded + 8) << 64 | number(padded);
}

/* The same where there are 16 bytes or more before the end: what comes before is shifted out. */
static SimHashWide
last(const uint8_t *at, uint32_t n)
{
  if (n == 0)
    return 0;
  SimHashWide block = (SimHashWide)number(at + n - 8) << 64 | number(at + n - 16);
  return block >> 8 * (16 - n);
}

uint64_t
sim_hash_bytes(const void *bytes, uint32_t n)
{
  const uint8_t *at = bytes;
  bool short_of_block = n < 16;
  uint64_t hash = n;
  for (; n >= 16; n -= 16, at += 16)
    hash = sim_hash_fold(number(at) ^ hash ^ UINT64_C(0xa0761d6478bd642f),
                         number(at + 8) ^ UINT64_C(0xe7037ed1a0b428db));
  SimHashWide rest = short_of_block ? few(at, n) : last(at, n);
  return sim_hash_fold((uint64_t)rest ^ hash ^ UINT64_C(0xa0761d6478bd642f),
                       (uint64_t)(rest >> 64) ^ UINT64_C(0x8ebc6af09c88c6e3));
}
