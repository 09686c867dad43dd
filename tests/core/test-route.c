/* Routes and endpoints (drt-core/table/drt-route.h): endpoints compare port and address, a route is
 * its key, port and set of addresses (H38). */
#include "drt-route.h"

#include "test-keys.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(route, an_endpoint_is_as_it_travels)
{
  uint8_t address[16];
  for (int i = 0; i < 16; i++)
    address[i] = (uint8_t)(0xa0 + i);
  DrtEndpoint endpoint = drt_endpoint(0x1234, address);
  cr_expect(eq(u8, endpoint.wire[0], 0x12), "mc-drt 3.3: port first, most significant byte first");
  cr_expect(eq(u8, endpoint.wire[1], 0x34));
  cr_expect_arr_eq(endpoint.wire + 2, address, 16);
  cr_expect(eq(u16, drt_endpoint_port(&endpoint), 0x1234));
  cr_expect(eq(sz, sizeof endpoint, (size_t)18));
}

Test(route, endpoints_differ_by_any_byte)
{
  const uint8_t address[16] = { 0x20, 1 };
  DrtEndpoint endpoint = drt_endpoint(4000, address), other = endpoint;
  cr_expect(drt_endpoint_equal(&endpoint, &other));
  for (size_t i = 0; i < sizeof endpoint.wire; i++) {
    other = endpoint;
    other.wire[i] ^= 0x40;
    cr_expect(not(drt_endpoint_equal(&endpoint, &other)), "byte %zu", i);
  }
}

/* A route of few addresses: the letters name them. */
static void
make(TestRoute *route, uint8_t key, uint16_t port, const char *letters)
{
  DrtKey full = test_key_byte(key);
  test_route_fill(route, &full, port, 1, (uint8_t)strlen(letters));
  for (size_t i = 0; letters[i] != '\0'; i++)
    route->addresses[DRT_ADDRESS_LEN * i + 15] = (uint8_t)letters[i];
}

static const struct {
  const char *name;
  uint8_t key_a, key_b;
  uint16_t port_a, port_b;
  const char *a, *b;
  bool same;
} cases[] = {
  { "the same", 1, 1, 4000, 4000, "a", "a", true },
  { "another key", 1, 2, 4000, 4000, "a", "a", false },
  { "another port", 1, 1, 4000, 4001, "a", "a", false },
  { "another address", 1, 1, 4000, 4000, "a", "b", false },
  { "the order does not count", 1, 1, 4000, 4000, "abc", "cab", true },
  { "one more", 1, 1, 4000, 4000, "ab", "abc", false },
  { "one less", 1, 1, 4000, 4000, "abc", "ab", false },
  { "it is a set: one twice is still one", 1, 1, 4000, 4000, "aab", "ba", true },
  { "as long, but not the same set", 1, 1, 4000, 4000, "aab", "abc", false },
  { "twenty, turned round", 1, 1, 4000, 4000, "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba",
    true },
  { "twenty, the last differs", 1, 1, 4000, 4000, "abcdefghijklmnopqrst", "abcdefghijklmnopqrsu",
    false },
};

Test(route, same_means_key_port_and_address_set)
{
  for (size_t i = 0; i < COUNT(cases); i++) {
    TestRoute a, b;
    make(&a, cases[i].key_a, cases[i].port_a, cases[i].a);
    make(&b, cases[i].key_b, cases[i].port_b, cases[i].b);
    cr_expect(eq(int, drt_route_same(&a.route, &b.route), cases[i].same), "H38: %s", cases[i].name);
    cr_expect(eq(int, drt_route_same(&b.route, &a.route), cases[i].same), "H38, other way: %s",
              cases[i].name);
  }
}

Test(route, versions_do_not_count)
{
  TestRoute a, b;
  make(&a, 1, 4000, "a");
  make(&b, 1, 4000, "a");
  b.route.major = 2;
  b.route.minor = 7;
  cr_expect(drt_route_same(&a.route, &b.route));
}

Test(route, listens_where_port_and_address_agree)
{
  TestRoute route, other;
  make(&route, 1, 4000, "abc");
  make(&other, 1, 4001, "abcd");
  for (size_t i = 0; i < 3; i++) {
    DrtEndpoint right = drt_route_endpoint(&route.route, i);
    DrtEndpoint wrong_port = drt_route_endpoint(&other.route, i);
    cr_expect(drt_route_listens_at(&route.route, &right), "address %zu", i);
    cr_expect(not(drt_route_listens_at(&route.route, &wrong_port)), "H38: port, address %zu", i);
  }
  DrtEndpoint list[] = { drt_route_endpoint(&other.route, 0),
                         drt_endpoint(4000, other.addresses + 48),
                         drt_route_endpoint(&route.route, 2) };
  cr_expect(not(drt_route_listens_at(&route.route, &list[1])), "H38: address");
  cr_expect(drt_route_listens_in(&route.route, list, 3), "the last of a list counts");
  cr_expect(not(drt_route_listens_in(&route.route, list, 2)), "none of these");
  cr_expect(not(drt_route_listens_in(&route.route, list, 0)), "an empty list");
}

/* The model: a set of letters is a mask of bits. */
static uint32_t
mask_of(const char *letters)
{
  uint32_t mask = 0;
  for (; *letters != '\0'; letters++)
    mask |= 1u << (*letters - 'a');
  return mask;
}

Test(route, agrees_with_sets_of_bits)
{
  for (uint64_t seed = 0; seed < 300; seed++) {
    TestRandom random = { seed };
    for (int i = 0; i < 100; i++) {
      char letters[2][21] = { { 0 } };
      uint32_t kinds = 1 + test_random_below(&random, 22);
      uint16_t ports[2];
      TestRoute routes[2];
      for (int k = 0; k < 2; k++) {
        uint32_t n = 1 + test_random_below(&random, kinds < 20 ? kinds : 20);
        for (uint32_t j = 0; j < n; j++)
          letters[k][j] = (char)('a' + (int)test_random_below(&random, kinds));
        ports[k] = (uint16_t)(4000 + test_random_below(&random, 4) / 3);
        make(&routes[k], 1, ports[k], letters[k]);
      }
      bool same = ports[0] == ports[1] && mask_of(letters[0]) == mask_of(letters[1]);
      test_must(drt_route_same(&routes[0].route, &routes[1].route) == same, "seed %" PRIu64, seed);
      DrtEndpoint list[20];
      for (size_t j = 0; j < strlen(letters[1]); j++)
        list[j] = drt_route_endpoint(&routes[1].route, j);
      bool met = ports[0] == ports[1] && (mask_of(letters[0]) & mask_of(letters[1])) != 0;
      test_must(drt_route_listens_in(&routes[0].route, list, strlen(letters[1])) == met,
                "seed %" PRIu64, seed);
    }
  }
}
