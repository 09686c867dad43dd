#include "test-keys.h"

#include "test-ring.h"

#include <string.h>

DrtKey
test_key_at(const DrtKey *base, int offset)
{
  DrtKey step = { { 0, 0, 0, (uint64_t)(offset < 0 ? -offset : offset) } };
  TestNumber a = test_number(base), b = test_number(&step);
  TestNumber sum = offset < 0 ? test_number_sub(a, b) : test_number_add(a, b);
  return test_number_key(&sum);
}

DrtKey
test_key_byte(uint8_t first)
{
  return (DrtKey){ { (uint64_t)first << 56, 0, 0, 0 } };
}

DrtKey
test_keys_base(TestRandom *random)
{
  switch (test_random_below(random, 4)) {
  case 0:
    return (DrtKey){ { 0, 0, 0, 0 } };
  case 1:
    return (DrtKey){ { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } };
  case 2:
    return test_key_byte(0x80);
  default:
    return test_keys_next(random, TEST_KEYS_ANYWHERE, NULL);
  }
}

/* Up to a tenth to the power of a level from the base, half of the time exactly on a border. */
static DrtKey
near_a_level(TestRandom *random, const DrtKey *base)
{
  uint64_t scale = UINT64_C(1) << 63;
  for (uint32_t level = test_random_below(random, 11); level > 0; level--)
    scale /= 10;
  DrtKey distance = { { scale, 0, 0, 0 } };
  if (test_random_once_in(random, 2))
    distance.w[0] = test_random(random) % scale;
  for (int i = 1; i < 4 && test_random_once_in(random, 2); i++)
    distance.w[i] = test_random(random);
  TestNumber a = test_number(base), b = test_number(&distance);
  TestNumber sum = test_random_once_in(random, 2) ? test_number_sub(a, b) : test_number_add(a, b);
  DrtKey key = test_number_key(&sum);
  return test_key_at(&key, (int)test_random_below(random, 3) - 1);
}

DrtKey
test_keys_next(TestRandom *random, TestKeys kind, const DrtKey *base)
{
  DrtKey key;
  if (kind == TEST_KEYS_MIXED)
    kind = (TestKeys)test_random_below(random, TEST_KEYS_MIXED);
  for (int i = 0; i < 4; i++)
    key.w[i] = test_random(random);
  switch (kind) {
  case TEST_KEYS_SHARE_64:
  case TEST_KEYS_SHARE_128:
  case TEST_KEYS_SHARE_192:
    for (int i = 0; i <= (int)(kind - TEST_KEYS_SHARE_64); i++)
      key.w[i] = base->w[i];
    return key;
  case TEST_KEYS_TIGHT:
    return test_key_at(base, (int)test_random_below(random, 17) - 8);
  case TEST_KEYS_OPPOSITE:
    key = *base;
    if (test_random_once_in(random, 2))
      key.w[0] ^= UINT64_C(1) << 63;
    return test_key_at(&key, (int)test_random_below(random, 5) - 2);
  case TEST_KEYS_LEVELS:
    return near_a_level(random, base);
  case TEST_KEYS_ANYWHERE:
  case TEST_KEYS_MIXED:
  case TEST_KEYS_KINDS:
  default:
    return key;
  }
}

void
test_route_fill(TestRoute *route, const DrtKey *key, uint16_t port, uint32_t node, uint8_t count)
{
  static const uint8_t prefix[] = { 0x20, 0x01, 0x0d, 0xb8 };
  memset(route->addresses, 0, sizeof route->addresses);
  for (uint8_t i = 0; i < count; i++) {
    uint8_t *address = route->addresses + DRT_ADDRESS_LEN * i;
    memcpy(address, prefix, sizeof prefix);
    for (int k = 0; k < 4; k++)
      address[11 + k] = (uint8_t)(node >> (24 - 8 * k));
    address[15] = i;
  }
  route->route = (DrtRoute){ .key = *key,
                             .addresses = route->addresses,
                             .port = port,
                             .major = 1,
                             .minor = 0,
                             .address_count = count };
}

DrtHandle
test_intern(DrtStore *store, const DrtKey *key, uint32_t node)
{
  TestRoute route;
  test_route_fill(&route, key, 4000, node, 1);
  return drt_store_intern(store, &route.route);
}

bool
test_same_text(const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}
