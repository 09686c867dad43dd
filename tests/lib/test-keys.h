/* Keys and routes for tests, and an assertion for loops. */
#pragma once
#include "drt-store.h"

#include "test-random.h"

/* Where random keys lie. */
typedef enum {
  TEST_KEYS_ANYWHERE,
  TEST_KEYS_SHARE_64, /* that many leading bits with the base */
  TEST_KEYS_SHARE_128,
  TEST_KEYS_SHARE_192,
  TEST_KEYS_TIGHT,    /* at most 8 from the base, so that ties are the rule */
  TEST_KEYS_OPPOSITE, /* at most 2 from the base or from the point opposite of it */
  TEST_KEYS_LEVELS,   /* on the scale of a random level of the cache around the base */
  TEST_KEYS_MIXED,    /* one of the above each time */
  TEST_KEYS_KINDS,
} TestKeys;

DrtKey test_keys_next(TestRandom *random, TestKeys kind, const DrtKey *base);
/* A base: 0, 2^256 - 1, 2^255 or anywhere. */
DrtKey test_keys_base(TestRandom *random);
/* The key @offset above (below, if negative) @base. */
DrtKey test_key_at(const DrtKey *base, int offset);
/* The key with this first byte and zeros. */
DrtKey test_key_byte(uint8_t first);

typedef struct {
  DrtRoute route; /* its addresses are the ones below */
  uint8_t addresses[DRT_ADDRESS_LEN * DRT_ROUTE_ADDRESSES_MAX];
} TestRoute;

/* @count addresses, each with @node and its index in the last five bytes. Do not copy. */
void test_route_fill(TestRoute *route, const DrtKey *key, uint16_t port, uint32_t node,
                     uint8_t count);
/* Interns a route with one address for @node. */
DrtHandle test_intern(DrtStore *store, const DrtKey *key, uint32_t node);

/* Both NULL, or equal. */
bool test_same_text(const char *a, const char *b);

/* cr_assert for loops of millions: it is silent while all is well, where Criterion would report
 * every assertion that holds. The including file must include Criterion. */
#define test_must(cond, ...)                                                                       \
  do {                                                                                             \
    if (!(cond))                                                                                   \
      cr_fatal(#cond ": " __VA_ARGS__);                                                            \
  } while (0)
