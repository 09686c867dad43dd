/* Certified peer addresses in both layouts, the public key and the key token inside them: the bytes
 * of mc-drt 3.9 to 3.12, 3.15, 3.19 with 8.8, in both directions. What must be refused is in
 * test-wire-reject.c. */
#include "drt-cpa.h"

#include "drt-keytoken.h"

#include "test-keys.h"
#include "test-wire-vectors.h"
#include "test-wire.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>

static const uint8_t nonce[] = { 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
                                 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf };
static const uint8_t parameters[] = { 5, 0 }; /* DER NULL: H16 */

/* Valid until the next call. */
static DrtBytes
vector_bytes(const char *name)
{
  static uint8_t bytes[512];
  return (DrtBytes){ bytes, test_wire_hex(test_wire_vector(name)->hex, bytes, sizeof bytes) };
}

/* The DER of mc-drt 3.10: a modulus of 128 bytes and the exponent 65537. */
static DrtBytes
public_key_data(void)
{
  static uint8_t data[DRT_PUBLIC_KEY_DATA_LEN];
  static const uint8_t head[] = { 0x30, 0x81, 0x89, 2, 0x81, 0x81, 0 }, tail[] = { 2, 3, 1, 0, 1 };
  memcpy(data, head, sizeof head);
  memset(data + 7, 0x5c, 128);
  data[7] = 0xc3;
  data[134] = 0x3c;
  memcpy(data + 135, tail, sizeof tail);
  return (DrtBytes){ data, sizeof data };
}

static DrtBytes
signature(void)
{
  static uint8_t bytes[DRT_CPA_SIGNATURE_LEN];
  memset(bytes, 0xe2, sizeof bytes);
  bytes[0] = 0xe1;
  bytes[127] = 0xe3;
  return (DrtBytes){ bytes, sizeof bytes };
}

/* Port 50003 at 2001:db8::@last. */
static DrtEndpoint
endpoint(uint8_t last)
{
  uint8_t address[DRT_ADDRESS_LEN] = { 0x20, 1, 0x0d, 0xb8 };
  address[15] = last;
  return drt_endpoint(50003, address);
}

static const struct {
  const char *name;
  bool revoke;
  uint8_t services[4];
  uint16_t n;
} cpas[] = {
  { "cpa-revoke", true, { 0 }, 0 },
  { "cpa-1", false, { 12 }, 1 },
  { "cpa-4", false, { 1, 2, 3, 4 }, 4 },
};

/* mc-drt 3.9 */
Test(cpa, is_laid_out_as_the_table_says)
{
  for (size_t i = 0; i < sizeof cpas / sizeof *cpas; i++) {
    const char *name = cpas[i].name;
    DrtEndpoint services[4];
    for (int k = 0; k < 4; k++)
      services[k] = endpoint(cpas[i].services[k]);
    TestWireThing built = { .cpa = { .major = 6,
                                     .minor = 0x65,
                                     .key = test_key_byte(0x80),
                                     .public_key = { { parameters, 2 }, public_key_data() },
                                     .services = { services, cpas[i].n },
                                     .signature = signature() } };
    if (!cpas[i].revoke)
      memcpy(built.cpa.nonce, nonce, DRT_NONCE_LEN);
    uint8_t to[512];
    DrtBytes wanted = vector_bytes(name);
    cr_expect(eq(u32, drt_cpa_size(&built.cpa, DRT_CPA_SIZES), 357 + 2 + 18u * cpas[i].n), "%s",
              name);
    cr_assert(eq(u32, drt_cpa_encode(&built.cpa, DRT_CPA_SIZES, to, sizeof to), wanted.n), "%s",
              name);
    cr_expect(memcmp(to, wanted.at, wanted.n) == 0, "%s", name);

    TestWireThing got;
    cr_assert(drt_cpa_decode(wanted, 6, DRT_CPA_SIZES, &got.cpa) == DRT_REJECT_NONE, "%s", name);
    cr_expect(test_wire_differ_thing(TEST_WIRE_CPA, DRT_MODE_RESOLVE, &got, &built) == NULL, "%s",
              name);
    cr_expect(eq(u8, got.cpa.minor, 0x65), "%s", name);
    cr_expect(eq(u16, got.cpa.services.n, cpas[i].n), "%s", name);
    cr_expect(eq(int, drt_cpa_is_revoke(&got.cpa), cpas[i].revoke), "%s", name);
  }
}

/* H15: both marks must be there, so neither a CPA for a nonce of zeros nor one without addresses is
 * a revocation. */
Test(cpa, revokes_with_zero_nonce_and_no_address_only)
{
  DrtEndpoint service = endpoint(1);
  DrtCpa cpa = { .services = { &service, 0 } };
  cr_expect(drt_cpa_is_revoke(&cpa));
  cpa.services.n = 1;
  cr_expect(not(drt_cpa_is_revoke(&cpa)));
  cpa.services.n = 0;
  for (int i = 0; i < DRT_NONCE_LEN; i++) {
    cpa.nonce[i] = 1;
    cr_expect(not(drt_cpa_is_revoke(&cpa)), "byte %d of the nonce", i);
    cpa.nonce[i] = 0;
  }
}

/* mc-drt 3.9, 3.11: an unsigned CPA has zeros where the signature goes; it covers what follows. */
Test(cpa, leaves_room_for_the_signature)
{
  static const uint8_t zero[DRT_CPA_SIGNATURE_LEN];
  uint8_t to[512];
  DrtBytes wanted = vector_bytes("cpa-1");
  DrtCpa cpa;
  cr_assert(drt_cpa_decode(wanted, 6, DRT_CPA_SIZES, &cpa) == DRT_REJECT_NONE);
  cpa.signature = (DrtBytes){ 0 };
  cr_assert(eq(u32, drt_cpa_encode(&cpa, DRT_CPA_SIZES, to, sizeof to), wanted.n));
  cr_expect(memcmp(to, wanted.at, 3) == 0);
  cr_expect(memcmp(to + 3, zero, sizeof zero) == 0);
  cr_expect(memcmp(to + drt_cpa_signed_at(DRT_CPA_SIZES),
                   wanted.at + drt_cpa_signed_at(DRT_CPA_SIZES),
                   wanted.n - drt_cpa_signed_at(DRT_CPA_SIZES)) == 0);
}

/* mc-drt 3.10 */
Test(cpa, public_key_is_laid_out_as_the_table_says)
{
  DrtBytes wanted = vector_bytes("public-key"), data = public_key_data();
  DrtPublicKey got;
  cr_assert(drt_public_key_decode(wanted, DRT_CPA_SIZES, &got) == DRT_REJECT_NONE);
  cr_assert(eq(u32, got.parameters.n, 2));
  cr_assert(eq(u32, got.data.n, 140));
  cr_expect(memcmp(got.parameters.at, parameters, 2) == 0);
  cr_expect(memcmp(got.data.at, data.at, 140) == 0);

  uint8_t to[256];
  DrtPublicKey built = { { parameters, 2 }, data };
  cr_expect(eq(u32, drt_public_key_size(&built), 168));
  cr_assert(eq(u32, drt_public_key_encode(&built, to, sizeof to), 168));
  cr_expect(memcmp(to, wanted.at, 168) == 0);
  built.parameters.n = 0;
  cr_expect(eq(u32, drt_public_key_size(&built), 166));
}

static const struct {
  const char *name;
  bool revoked;
  uint8_t services[4];
  uint8_t n;
} null_cpas[] = {
  { "null-cpa-revoke", true, { 0 }, 0 },
  { "null-cpa-1", false, { 12 }, 1 },
  { "null-cpa-4", false, { 1, 2, 3, 4 }, 4 },
};

/* mc-drt 3.19 and 8.8 */
Test(cpa, null_profile_is_laid_out_as_the_table_says)
{
  for (size_t i = 0; i < sizeof null_cpas / sizeof *null_cpas; i++) {
    const char *name = null_cpas[i].name;
    TestWireThing built = { .null_cpa = { .major = 6,
                                          .minor = 0x65,
                                          .key = test_key_byte(0x80),
                                          .revoked = null_cpas[i].revoked,
                                          .service_count = null_cpas[i].n } };
    for (int k = 0; k < null_cpas[i].n; k++)
      built.null_cpa.services[k] = endpoint(null_cpas[i].services[k]);
    if (!null_cpas[i].revoked)
      memcpy(built.null_cpa.nonce, nonce, DRT_NONCE_LEN);
    uint8_t to[512];
    DrtBytes wanted = vector_bytes(name);
    cr_expect(eq(u32, drt_null_cpa_size(&built.null_cpa), 206 + 20u * null_cpas[i].n), "%s", name);
    cr_assert(eq(u32, drt_null_cpa_encode(&built.null_cpa, to, sizeof to), wanted.n), "%s", name);
    cr_expect(memcmp(to, wanted.at, wanted.n) == 0, "%s", name);

    TestWireThing got;
    cr_assert(drt_null_cpa_decode(wanted, 6, &got.null_cpa) == DRT_REJECT_NONE, "%s", name);
    cr_expect(test_wire_differ_thing(TEST_WIRE_NULL_CPA, DRT_MODE_RESOLVE, &got, &built) == NULL,
              "%s", name);
    cr_expect(eq(int, got.null_cpa.revoked, null_cpas[i].revoked), "%s", name);
  }
}

/* mc-drt 3.15, H19: the length of the IV is little-endian. */
Test(cpa, key_token_is_laid_out_as_the_table_says)
{
  DrtBytes wanted = vector_bytes("keytoken");
  DrtKeytoken got, built;
  memcpy(built.iv, nonce, DRT_IV_LEN);
  memset(built.key, 0xb2, DRT_CONTENT_KEY_LEN);
  built.key[0] = 0xb1;
  built.key[31] = 0xb3;
  cr_assert(drt_keytoken_decode(wanted, &got) == DRT_REJECT_NONE);
  cr_expect(memcmp(got.iv, built.iv, DRT_IV_LEN) == 0);
  cr_expect(memcmp(got.key, built.key, DRT_CONTENT_KEY_LEN) == 0);
  uint8_t to[DRT_KEYTOKEN_LEN];
  drt_keytoken_encode(&built, to);
  cr_expect(memcmp(to, wanted.at, DRT_KEYTOKEN_LEN) == 0);
}

/* H2: the version is the application's, and a CPA of another one is of no use. */
Test(cpa, carries_the_version_of_the_application)
{
  uint8_t to[512];
  TestWireThing thing;
  cr_assert(drt_cpa_decode(vector_bytes("cpa-1"), 6, DRT_CPA_SIZES, &thing.cpa) == DRT_REJECT_NONE);
  thing.cpa.major = 7;
  DrtBytes bytes = { to, drt_cpa_encode(&thing.cpa, DRT_CPA_SIZES, to, sizeof to) };
  cr_expect(drt_cpa_decode(bytes, 6, DRT_CPA_SIZES, &thing.cpa) == DRT_REJECT_CPA_VERSION);
  cr_expect(drt_cpa_decode(bytes, 7, DRT_CPA_SIZES, &thing.cpa) == DRT_REJECT_NONE);
  cr_assert(drt_null_cpa_decode(vector_bytes("null-cpa-1"), 6, &thing.null_cpa) == DRT_REJECT_NONE);
  thing.null_cpa.major = 7;
  bytes.n = drt_null_cpa_encode(&thing.null_cpa, to, sizeof to);
  cr_expect(drt_null_cpa_decode(bytes, 6, &thing.null_cpa) == DRT_REJECT_CPA_VERSION);
  cr_expect(drt_null_cpa_decode(bytes, 7, &thing.null_cpa) == DRT_REJECT_NONE);
}

/* Asking for more addresses than the layout has is a mistake of ours. */
Test(cpa, of_five_addresses_cannot_be_made, .signal = SIGABRT)
{
  DrtCpa cpa = { .services = { .n = 5 } };
  drt_cpa_size(&cpa, DRT_CPA_SIZES);
}

Test(cpa, with_a_short_signature_cannot_be_made, .signal = SIGABRT)
{
  uint8_t to[512];
  DrtCpa cpa = { .public_key = { { parameters, 2 }, public_key_data() }, .signature = signature() };
  cpa.signature.n--;
  drt_cpa_encode(&cpa, DRT_CPA_SIZES, to, sizeof to);
}
