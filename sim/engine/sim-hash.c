/* Sixteen bytes a multiplication, read as little-endian numbers. */
#include "sim-hash.h"

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

uint64_t
sim_hash_bytes(const void *bytes, uint32_t n)
{
  const uint8_t *at = bytes;
  uint64_t hash = n;
  for (; n >= 16; n -= 16, at += 16)
    hash = sim_hash_fold(number(at) ^ hash ^ UINT64_C(0xa0761d6478bd642f),
                         number(at + 8) ^ UINT64_C(0xe7037ed1a0b428db));
  uint8_t rest[16] = { 0 };
  memcpy(rest, at, n);
  return sim_hash_fold(number(rest) ^ hash ^ UINT64_C(0xa0761d6478bd642f),
                       number(rest + 8) ^ UINT64_C(0x8ebc6af09c88c6e3));
}
