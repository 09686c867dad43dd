/* The parts that a node is made of, each on its own. */
#include "test-node.h"

#include "drt-cpa.h"

#include <criterion/criterion.h>
#include <glib.h>

#include "test-keys.h"

/* ChaCha with 8 rounds as its author describes it, word by word. */
static uint32_t
rotate(uint32_t word, int bits)
{
  return word << bits | word >> (32 - bits);
}

static void
quarter(uint32_t *x, int a, int b, int c, int d)
{
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

static void
chacha8(const uint8_t key[32], uint64_t counter, uint32_t out[16])
{
  uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, x[16];
  for (int i = 0; i < 8; i++)
    start[4 + i] = (uint32_t)key[4 * i] | (uint32_t)key[4 * i + 1] << 8 |
                   (uint32_t)key[4 * i + 2] << 16 | (uint32_t)key[4 * i + 3] << 24;
  start[12] = (uint32_t)counter;
  start[13] = (uint32_t)(counter >> 32);
  memcpy(x, start, sizeof x);
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 4; i++)
      quarter(x, i, i + 4, i + 8, i + 12);
    for (int i = 0; i < 4; i++)
      quarter(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (int i = 0; i < 16; i++)
    out[i] = x[i] + start[i];
}

Test(node_parts, the_generator_is_chacha8)
{
  /* The first bytes for an all-zero key and nonce, from the published vectors of ChaCha8. */
  static const uint8_t published[] = { 0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6 };
  uint8_t key[32] = { 0 };
  uint32_t block[16];
  chacha8(key, 0, block);
  cr_expect(memcmp(block, published, sizeof published) == 0);
  for (uint8_t seed = 0; seed < 20; seed++) {
    DrtRandom random;
    for (uint8_t i = 0; i < 32; i++)
      key[i] = (uint8_t)(seed * 37 + i * seed);
    drt_random_init(&random, key);
    for (uint64_t counter = 0; counter < 5; counter++) {
      chacha8(key, counter, block);
      for (int i = 0; i < 16; i++)
        cr_expect(drt_random_u32(&random) == block[i]);
    }
    random.counter = UINT32_MAX;
    for (uint64_t counter = UINT32_MAX; counter < UINT64_C(0x100000002); counter++) {
      chacha8(key, counter, block);
      for (int i = 0; i < 16; i += 2)
        cr_expect(drt_random_u64(&random) == ((uint64_t)block[i] << 32 | block[i + 1]));
    }
  }
}

Test(node_parts, random_bytes_are_as_many_as_asked_for)
{
  static const uint8_t key[32] = { 1 };
  for (uint32_t n = 0; n <= 70; n++) {
    DrtRandom random;
    uint8_t bytes[80];
    memset(bytes, 0x5a, sizeof bytes);
    drt_random_init(&random, key);
    drt_random_bytes(&random, bytes, n);
    for (uint32_t i = n; i < sizeof bytes; i++)
      cr_expect(bytes[i] == 0x5a);
  }
}

/* Chi-squared with n - 1 degrees of freedom, far in the tail of the distribution. */
Test(node_parts, below_is_even)
{
  static const uint8_t key[32] = { 2 };
  static const uint32_t sizes[] = { 1, 2, 3, 7, 10, 64, 100 };
  DrtRandom random;
  drt_random_init(&random, key);
  for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
    uint32_t n = sizes[k], draws = 1000 * n, counts[100] = { 0 };
    for (uint32_t i = 0; i < draws; i++) {
      uint32_t draw = drt_random_below(&random, n);
      cr_assert(draw < n);
      counts[draw]++;
    }
    double chi = 0;
    for (uint32_t i = 0; i < n; i++)
      chi += (counts[i] - 1000.0) * (counts[i] - 1000.0) / 1000.0;
    cr_expect(chi < n + 12 + 5 * n / 10.0, "%u: %f", n, chi);
  }
  /* Three quarters of the range: plain scaling would make a third of the numbers twice as likely. */
  uint32_t lower = 0;
  for (uint32_t i = 0; i < 30000; i++)
    lower += drt_random_below(&random, 0xc0000000) % 3 == 0;
  cr_expect(lower > 9500 && lower < 10500, "%u", lower);
}

/* PROTOCOL.md 6: defaults in range, names unique and found, nothing out of range is set. */
Test(node_parts, settings_keep_their_ranges)
{
  DrtSettings settings;
  size_t n;
  const DrtSetting *list = drt_settings_list(&n);
  drt_settings_init(&settings);
  cr_assert(n * sizeof(int64_t) == sizeof settings);
  for (size_t i = 0; i < n; i++) {
    const DrtSetting *s = &list[i];
    cr_expect(s->least <= s->value && s->value <= s->most, "%s", s->name);
    cr_expect(drt_settings_get(&settings, s) == s->value && drt_settings_find(s->name) == s);
    cr_expect(s->source[0] != '\0' && s->offset == i * sizeof(int64_t), "%s", s->name);
    cr_expect(!drt_settings_set(&settings, s, s->least - 1), "%s", s->name);
    cr_expect(!drt_settings_set(&settings, s, s->most + 1), "%s", s->name);
    cr_expect(drt_settings_get(&settings, s) == s->value, "%s", s->name);
    cr_expect(drt_settings_set(&settings, s, s->least) &&
              drt_settings_get(&settings, s) == s->least);
    cr_expect(drt_settings_set(&settings, s, s->most) && drt_settings_get(&settings, s) == s->most);
  }
  cr_expect(drt_settings_find("") == NULL && drt_settings_find("maintenanc") == NULL &&
            drt_settings_find("maintenance-") == NULL);
  drt_settings_init(&settings);
  cr_expect(settings.maintenance == 15 * DRT_SECOND && settings.retransmit == DRT_SECOND);
}

/* What was put in stays, in its order, however often the arrays grow; a reset keeps their room. */
Test(node_parts, the_outbox_grows_and_keeps_its_content)
{
  TestMemory memory = { 0 };
  DrtOutbox out;
  drt_outbox_init(&out, test_memory(&memory));
  for (int round = 0; round < 2; round++) {
    drt_outbox_reset(&out);
    size_t takes = memory.takes;
    for (uint32_t i = 0; i < 1000; i++) {
      DrtOutput *output = drt_outbox_push(&out, DRT_OUT_SEND);
      uint8_t *bytes = drt_outbox_bytes(&out, i % 700, &output->send.offset);
      cr_assert(bytes != NULL && output->send.offset % 8 == 0);
      memset(bytes, (int)i, i % 700);
      output->send.n = i % 700;
    }
    for (uint32_t i = 0; i < 1000; i++)
      for (uint32_t k = 0; k < out.items[i].send.n; k++)
        cr_assert(out.bytes[out.items[i].send.offset + k] == (uint8_t)i);
    cr_expect(out.n == 1000 && !out.short_of_memory);
    cr_expect(round == 0 || memory.takes == takes);
  }
  drt_outbox_clear(&out);
  cr_expect(memory.pieces == 0);
}

/* Without memory outputs are lost and the outbox says so, but the last words have their place. */
Test(node_parts, the_outbox_keeps_room_for_last_words)
{
  TestMemory memory = { 0 };
  DrtOutbox out;
  uint32_t offset;
  drt_outbox_init(&out, test_memory(&memory));
  drt_outbox_push(&out, DRT_OUT_LEAFSET);
  memory.fail_at = 1, memory.fail_on = true;
  memory.takes = 1;
  for (uint32_t i = 0; i < 100; i++)
    cr_expect(drt_outbox_push(&out, DRT_OUT_LEAFSET) != NULL);
  cr_expect(out.short_of_memory && out.n < 64);
  cr_expect(drt_outbox_bytes(&out, 9000, &offset) == NULL);
  drt_outbox_push(&out, DRT_OUT_STATUS);
  drt_outbox_push(&out, DRT_OUT_CLOSED);
  cr_expect(out.items[out.n - 2].kind == DRT_OUT_STATUS);
  cr_expect(out.items[out.n - 1].kind == DRT_OUT_CLOSED);
  drt_outbox_reset(&out);
  cr_expect(!out.short_of_memory && out.n == 0);
  drt_outbox_clear(&out);
}

/* Byte strings of every size come back as they were, and their places are used again. */
/* What grows without bound meets the same end as without memory. */
Test(node_parts, a_blob_has_a_largest_size)
{
  TestMemory memory = { 0 };
  DrtBlobs blobs;
  drt_blobs_init(&blobs, test_memory(&memory));
  DrtBlob largest = drt_blob_take(&blobs, DRT_BLOB_LARGEST);
  cr_expect(largest != DRT_BLOB_NONE);
  cr_expect(drt_blob_take(&blobs, DRT_BLOB_LARGEST + 1) == DRT_BLOB_NONE);
  drt_blob_give(&blobs, largest);
  drt_blobs_clear(&blobs);
}

Test(node_parts, blobs_keep_what_they_are_given)
{
  TestMemory memory = { 0 };
  static const uint32_t sizes[] = { 1, 63, 64, 65, 128, 129, 1000, 4096, 5120, 65535, 65536 };
  static uint8_t bytes[65536];
  DrtBlobs blobs;
  DrtBlob blob[G_N_ELEMENTS(sizes)];
  drt_blobs_init(&blobs, test_memory(&memory));
  for (int round = 0; round < 3; round++) {
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
      memset(bytes, (int)(i + 1), sizes[i]);
      blob[i] = drt_blob_copy(&blobs, bytes, sizes[i]);
      cr_assert(blob[i] != DRT_BLOB_NONE);
    }
    cr_expect(drt_blobs_count(&blobs) == G_N_ELEMENTS(sizes));
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
      const uint8_t *at = drt_blob_at(&blobs, blob[i]);
      cr_expect(at[0] == i + 1 && at[sizes[i] - 1] == i + 1 && at[sizes[i] / 2] == i + 1);
      drt_blob_give(&blobs, blob[i]);
    }
    drt_blob_give(&blobs, DRT_BLOB_NONE);
    cr_expect(drt_blobs_count(&blobs) == 0);
  }
  memory.fail_at = memory.takes + 1, memory.fail_on = true;
  uint32_t n = 0;
  while (drt_blob_copy(&blobs, bytes, 1) != DRT_BLOB_NONE)
    n++;
  cr_expect(n > 0 && drt_blobs_count(&blobs) == n);
  drt_blobs_clear(&blobs);
  cr_expect(memory.pieces == 0);
}

/* mc-drt 7.12, 9.5, H42 */
Test(node_parts, the_cloud_is_as_large_as_the_gap_between_neighbours_says)
{
  static const struct {
    const char *name;
    uint8_t own[2], known[3];
    uint64_t nodes;
  } rows[] = {
    { "no key of ours: one more than the cache has", { 0, 0 }, { 0x20, 0x30, 0 }, 3 },
    { "nobody known", { 0x80, 0 }, { 0 }, 1 },
    { "a single neighbour", { 0x80, 0 }, { 0x20, 0, 0 }, 2 },
    { "the example: 70 and 90 around 80", { 0x80, 0 }, { 0x70, 0x90, 0 }, 16 },
    { "uneven sides", { 0x80, 0 }, { 0x7f, 0xbf, 0 }, 8 },
    { "across zero", { 0x01, 0 }, { 0xf1, 0x11, 0 }, 16 },
    { "two keys of ours: 16 and 4, 10 keys, 5 nodes", { 0x80, 0xd0 }, { 0x70, 0x90, 0xf0 }, 0 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    TestCluster *c = test_cluster_new(i, 1);
    test_cluster_open_at(c, 0, NULL, 0);
    for (int k = 0; k < 2; k++)
      if (rows[i].own[k] != 0)
        test_node_publish(c, 0, rows[i].own[k]);
    for (int k = 0; k < 3; k++)
      if (rows[i].known[k] != 0)
        test_node_know(c, 0, rows[i].known[k], 10u + (uint32_t)k);
    uint64_t nodes = drt_node_estimate(test_cluster_node(c, 0)), expected = rows[i].nodes;
    if (expected == 0) /* 512 / 32 and 512 / (f0 - 90 = 96), their mean, halved: (16 + 5.33) / 4 */
      expected = 5;
    cr_expect(nodes == expected, "%s: %lu", rows[i].name, (unsigned long)nodes);
    test_cluster_free(c);
  }
}

/* H42: neighbours so near that 2^32 nodes or more would follow do not count. */
Test(node_parts, an_estimate_beyond_four_billion_is_none)
{
  for (int shift = 30; shift <= 36; shift++) {
    TestCluster *c = test_cluster_new(1, 1);
    test_cluster_open_at(c, 0, NULL, 0);
    test_node_publish(c, 0, 0x80);
    DrtNode *node = test_cluster_node(c, 0);
    DrtKey half = { { UINT64_C(1) << (64 - shift), 0, 0, 0 } }, own = test_key_byte(0x80);
    DrtKey above = drt_key_add(&own, &half), below = drt_key_sub(&own, &half);
    test_node_know_key(c, 0, &above, 7);
    test_node_know_key(c, 0, &below, 8);
    uint64_t nodes = drt_node_estimate(node);
    cr_expect(nodes == (shift < 32 ? UINT64_C(1) << shift : 3), "2^%d: %lu", shift,
              (unsigned long)nodes);
    test_cluster_free(c);
  }
}

/* RFC 3484, section 6, rules 9 and 10: the longest prefix in common, else the first. */
Test(node_parts, the_nearest_address_is_chosen)
{
  static const struct {
    const char *name;
    uint8_t last[3][2]; /* bytes 8 and 9 of the addresses of the entry; ours has 0, 0 there */
    uint32_t chosen;
  } rows[] = {
    { "the first of equals", { { 0x80, 0 }, { 0xff, 0 }, { 0x80, 1 } }, 0 },
    { "one bit more", { { 0x80, 0 }, { 0x40, 0 }, { 0x80, 1 } }, 1 },
    { "the last", { { 0x20, 0 }, { 0x10, 0 }, { 0x00, 0x80 } }, 2 },
  };
  TestCluster *c = test_cluster_new(1, 1);
  test_cluster_open_at(c, 0, NULL, 0);
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    DrtEndpoint own = test_cluster_endpoint(0);
    uint8_t addresses[3 * DRT_ADDRESS_LEN];
    for (int k = 0; k < 3; k++) {
      memcpy(addresses + DRT_ADDRESS_LEN * k, own.wire + 2, DRT_ADDRESS_LEN);
      memcpy(addresses + DRT_ADDRESS_LEN * k + 8, rows[i].last[k], 2);
    }
    DrtRoute route = { .addresses = addresses, .port = 5000, .major = 6, .address_count = 3 };
    DrtEndpoint to = drt_node_choose_address(test_cluster_node(c, 0), &route);
    DrtEndpoint expected = drt_route_endpoint(&route, rows[i].chosen);
    cr_expect(drt_endpoint_equal(&to, &expected), "%s", rows[i].name);
  }
  test_cluster_free(c);
}

/* mc-drt 8.8: what is packed is unpacked again; another nonce and bytes that end early are not. */
Test(node_parts, the_null_profile_reads_what_it_writes)
{
  static const uint8_t payload[] = "payload";
  uint8_t cpa[600], copy[64], out[64], nonce[DRT_NONCE_LEN] = { 1, 2, 3 };
  DrtEndpoint addresses[6];
  for (uint32_t i = 0; i < 6; i++)
    addresses[i] = test_cluster_endpoint(i);
  for (uint32_t n = 0; n <= 6; n++) {
    DrtSecurityStatement statement = { .major = 6,
                                       .minor = 9,
                                       .flags = n == 0 ? DRT_PAYLOAD_FLAG_REVOKED : 0,
                                       .key = test_key_byte(0x33),
                                       .payload = payload,
                                       .payload_n = sizeof payload,
                                       .addresses = addresses,
                                       .address_count = n,
                                       .nonce = nonce };
    DrtSecurityPacked packed = { .cpa = { .at = cpa, .room = sizeof cpa },
                                 .payload = { .at = copy, .room = sizeof copy } };
    cr_assert(drt_security_null.pack(NULL, &statement, &packed) == 0);
    uint32_t kept = n < 4 ? n : 4;
    cr_expect(packed.cpa.n == 206 + 20 * kept && packed.payload.n == sizeof payload);
    DrtSecurityClaim claim = { .cpa = cpa,
                               .cpa_n = packed.cpa.n,
                               .payload = copy,
                               .payload_n = packed.payload.n,
                               .nonce = nonce };
    DrtSecurityFacts facts = { .payload = { .at = out, .room = sizeof out } };
    cr_assert(drt_security_null.unpack(NULL, &claim, &facts) == 0);
    cr_expect(facts.major == 6 && facts.minor == 9 && drt_key_equal(&facts.key, &statement.key));
    cr_expect(facts.flags == statement.flags && facts.address_count == kept);
    cr_expect(memcmp(facts.addresses, addresses, kept * sizeof *addresses) == 0);
    cr_expect(facts.payload.n == sizeof payload && memcmp(out, payload, sizeof payload) == 0);
    uint8_t other[DRT_NONCE_LEN] = { 1, 2, 4 };
    claim.nonce = other;
    cr_expect(drt_security_null.unpack(NULL, &claim, &facts) != 0);
    claim.nonce = nonce;
    for (claim.cpa_n = 0; claim.cpa_n < packed.cpa.n; claim.cpa_n++)
      cr_expect(drt_security_null.unpack(NULL, &claim, &facts) != 0);
    packed.cpa = (DrtSecurityBuffer){ .at = cpa, .room = packed.cpa.n - 1 };
    cr_expect(drt_security_null.pack(NULL, &statement, &packed) != 0);
    packed.cpa.room = sizeof cpa;
    packed.payload = (DrtSecurityBuffer){ .at = copy, .room = sizeof payload - 1 };
    cr_expect(drt_security_null.pack(NULL, &statement, &packed) != 0);
  }
}
