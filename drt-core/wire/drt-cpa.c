/* The layout of the derived-key profile counts its lengths little-endian, that of the null profile
 * big-endian; addresses are the same 18 bytes in both. */
#include "drt-cpa.h"

#include "drt-scanner.h"
#include "drt-writer.h"

#define PROFILE_MAJOR 1
#define PROFILE_MINOR 0
#define SIGNATURE_HEAD_LEN 2
#define NULL_KEY_LEN 4 /* a dummy */
#define NULL_FLAG_REVOKED 1u

static const char rsa_encryption[] = "1.2.840.113549.1.1.1"; /* 20 characters (3.10) */
static const char null_algorithm[] = "0.0.0.0";
#define RSA_ENCRYPTION_LEN ((uint32_t)sizeof rsa_encryption - 1)
#define NULL_ALGORITHM_LEN ((uint32_t)sizeof null_algorithm - 1)

static DrtKey
scan_key(DrtScanner *s)
{
  DrtBytes bytes = drt_scan_bytes(s, DRT_KEY_LEN);
  return bytes.at == NULL ? DRT_KEY_ZERO : drt_key_from_wire(bytes.at);
}

static void
scan_nonce(DrtScanner *s, uint8_t *to)
{
  DrtBytes bytes = drt_scan_bytes(s, DRT_NONCE_LEN);
  if (bytes.at != NULL)
    memcpy(to, bytes.at, DRT_NONCE_LEN);
}

static void
scan_text(DrtScanner *s, const char *wanted, uint32_t n, DrtReject reject)
{
  DrtBytes bytes = drt_scan_bytes(s, n);
  if (bytes.at != NULL && memcmp(bytes.at, wanted, n) != 0)
    drt_scanner_fail(s, reject);
}

static void
check_ports(DrtScanner *s, const DrtEndpointList *services)
{
  for (uint16_t i = 0; i < services->n; i++)
    if (drt_endpoint_port(&services->at[i]) < DRT_PORT_MIN)
      drt_scanner_fail(s, DRT_REJECT_ENDPOINT_PORT);
}

/* 3.10. As part of a CPA more may follow, so the end is the caller's business. */
static DrtPublicKey
scan_public_key(DrtScanner *s, DrtCpaSizes sizes)
{
  DrtPublicKey key = { 0 };
  drt_scan_expect(s, drt_scan_u8(s), RSA_ENCRYPTION_LEN, DRT_REJECT_PUBLIC_KEY_ALGORITHM);
  uint16_t parameters_len = drt_scan_le16(s);
  drt_scan_expect(s, drt_scan_le16(s), sizes.public_key, DRT_REJECT_PUBLIC_KEY_LENGTH);
  drt_scan_u8(s); /* reserved */
  scan_text(s, rsa_encryption, RSA_ENCRYPTION_LEN, DRT_REJECT_PUBLIC_KEY_ALGORITHM);
  key.parameters = drt_scan_bytes(s, parameters_len);
  key.data = drt_scan_bytes(s, sizes.public_key);
  return key;
}

/* 3.12 */
static DrtEndpointList
scan_services(DrtScanner *s)
{
  DrtEndpointList services = { 0 };
  uint16_t n = drt_scan_le16(s);
  drt_scan_expect(s, drt_scan_le16(s), DRT_ENDPOINT_LEN, DRT_REJECT_CPA_ADDRESS_LENGTH);
  if (n > DRT_CPA_SERVICES_MAX)
    drt_scanner_fail(s, DRT_REJECT_CPA_ADDRESSES);
  DrtBytes bytes = drt_scan_bytes(s, (uint32_t)DRT_ENDPOINT_LEN * n);
  if (bytes.at == NULL)
    return services;
  services = (DrtEndpointList){ (const DrtEndpoint *)bytes.at, n };
  check_ports(s, &services);
  return services;
}

DrtReject
drt_cpa_decode(DrtBytes bytes, uint8_t major, DrtCpaSizes sizes, DrtCpa *ret)
{
  DrtCpa cpa = { 0 };
  DrtScanner s = drt_scanner(bytes, DRT_REJECT_CPA_SHORT);
  drt_scan_u8(&s); /* reserved */
  drt_scan_expect(&s, drt_scan_le16(&s), (uint32_t)SIGNATURE_HEAD_LEN + sizes.signature,
                  DRT_REJECT_CPA_SIGNATURE_LENGTH);
  cpa.signature = drt_scan_bytes(&s, sizes.signature);
  cpa.major = drt_scan_u8(&s);
  cpa.minor = drt_scan_u8(&s);
  drt_scan_expect(&s, cpa.major, major, DRT_REJECT_CPA_VERSION);
  drt_scan_expect(&s, drt_scan_u8(&s), PROFILE_MAJOR, DRT_REJECT_CPA_PROFILE);
  drt_scan_expect(&s, drt_scan_u8(&s), PROFILE_MINOR, DRT_REJECT_CPA_PROFILE);
  drt_scan_expect(&s, drt_scan_le16(&s), DRT_KEY_LEN, DRT_REJECT_CPA_KEY_LENGTH);
  cpa.key = scan_key(&s);
  drt_scan_expect(&s, drt_scan_le16(&s), DRT_NONCE_LEN, DRT_REJECT_CPA_NONCE_LENGTH);
  scan_nonce(&s, cpa.nonce);
  cpa.public_key = scan_public_key(&s, sizes);
  cpa.services = scan_services(&s);
  DrtReject reject = drt_scanner_finish(&s, DRT_REJECT_CPA_TRAILING);
  if (reject == DRT_REJECT_NONE)
    *ret = cpa;
  return reject;
}

uint32_t
drt_public_key_size(const DrtPublicKey *key)
{
  return 6 + RSA_ENCRYPTION_LEN + key->parameters.n + key->data.n;
}

uint32_t
drt_cpa_signed_at(DrtCpaSizes sizes)
{
  return 1u + SIGNATURE_HEAD_LEN + sizes.signature;
}

uint32_t
drt_cpa_size(const DrtCpa *cpa, DrtCpaSizes sizes)
{
  drt_assert(cpa->services.n <= DRT_CPA_SERVICES_MAX);
  return drt_cpa_signed_at(sizes) + 4 + 2 + DRT_KEY_LEN + 2 + DRT_NONCE_LEN +
         drt_public_key_size(&cpa->public_key) + 4 + (uint32_t)DRT_ENDPOINT_LEN * cpa->services.n;
}

static void
write_zeros(DrtWriter *w, size_t n)
{
  memset(w->at, 0, n);
  w->at += n;
}

static void
write_public_key(DrtWriter *w, const DrtPublicKey *key)
{
  *w->at++ = RSA_ENCRYPTION_LEN;
  drt_write_le16(w, key->parameters.n);
  drt_write_le16(w, key->data.n);
  *w->at++ = 0;
  drt_write_bytes(w, rsa_encryption, RSA_ENCRYPTION_LEN);
  drt_write_bytes(w, key->parameters.at, key->parameters.n);
  drt_write_bytes(w, key->data.at, key->data.n);
}

uint32_t
drt_cpa_encode(const DrtCpa *cpa, DrtCpaSizes sizes, uint8_t *to, uint32_t room)
{
  drt_assert(cpa->signature.at == NULL || cpa->signature.n == sizes.signature);
  drt_assert(cpa->public_key.data.n == sizes.public_key);
  uint32_t size = drt_cpa_size(cpa, sizes);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  *w.at++ = 0;
  drt_write_le16(&w, (uint32_t)SIGNATURE_HEAD_LEN + sizes.signature);
  if (cpa->signature.at == NULL)
    write_zeros(&w, sizes.signature);
  else
    drt_write_bytes(&w, cpa->signature.at, sizes.signature);
  *w.at++ = cpa->major;
  *w.at++ = cpa->minor;
  *w.at++ = PROFILE_MAJOR;
  *w.at++ = PROFILE_MINOR;
  drt_write_le16(&w, DRT_KEY_LEN);
  drt_write_key(&w, &cpa->key);
  drt_write_le16(&w, DRT_NONCE_LEN);
  drt_write_bytes(&w, cpa->nonce, DRT_NONCE_LEN);
  write_public_key(&w, &cpa->public_key);
  drt_write_le16(&w, cpa->services.n);
  drt_write_le16(&w, DRT_ENDPOINT_LEN);
  drt_write_bytes(&w, cpa->services.at, (size_t)DRT_ENDPOINT_LEN * cpa->services.n);
  drt_assert((size_t)(w.at - w.base) == size);
  return size;
}

bool
drt_cpa_is_revoke(const DrtCpa *cpa)
{
  static const uint8_t zero[DRT_NONCE_LEN];
  return cpa->services.n == 0 && memcmp(cpa->nonce, zero, DRT_NONCE_LEN) == 0;
}

DrtReject
drt_public_key_decode(DrtBytes bytes, DrtCpaSizes sizes, DrtPublicKey *ret)
{
  DrtScanner s = drt_scanner(bytes, DRT_REJECT_PUBLIC_KEY_SHORT);
  DrtPublicKey key = scan_public_key(&s, sizes);
  DrtReject reject = drt_scanner_finish(&s, DRT_REJECT_PUBLIC_KEY_TRAILING);
  if (reject == DRT_REJECT_NONE)
    *ret = key;
  return reject;
}

uint32_t
drt_public_key_encode(const DrtPublicKey *key, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_public_key_size(key);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  write_public_key(&w, key);
  drt_assert((size_t)(w.at - w.base) == size);
  return size;
}

static void
scan_null_services(DrtScanner *s, DrtNullCpa *cpa)
{
  uint8_t n = drt_scan_u8(s);
  if (n > DRT_CPA_SERVICES_MAX)
    drt_scanner_fail(s, DRT_REJECT_CPA_ADDRESSES);
  for (uint8_t i = 0; i < n; i++) {
    drt_scan_expect(s, drt_scan_be16(s), DRT_ENDPOINT_LEN, DRT_REJECT_CPA_ADDRESS_LENGTH);
    DrtBytes bytes = drt_scan_bytes(s, DRT_ENDPOINT_LEN);
    if (bytes.at == NULL)
      return;
    memcpy(&cpa->services[i], bytes.at, DRT_ENDPOINT_LEN);
    cpa->service_count = (uint8_t)(i + 1);
  }
  check_ports(s, &(DrtEndpointList){ cpa->services, cpa->service_count });
}

/* The dummy public key, of which only the form is checked: there is nothing behind it. */
static void
scan_null_key(DrtScanner *s)
{
  drt_scan_expect(s, drt_scan_u8(s), NULL_ALGORITHM_LEN, DRT_REJECT_CPA_ALGORITHM);
  uint16_t parameters_len = drt_scan_be16(s), key_len = drt_scan_be16(s);
  drt_scan_u8(s); /* unused bits */
  scan_text(s, null_algorithm, NULL_ALGORITHM_LEN, DRT_REJECT_CPA_ALGORITHM);
  drt_scan_bytes(s, parameters_len);
  drt_scan_bytes(s, key_len);
}

DrtReject
drt_null_cpa_decode(DrtBytes bytes, uint8_t major, DrtNullCpa *ret)
{
  DrtNullCpa cpa = { 0 };
  DrtScanner s = drt_scanner(bytes, DRT_REJECT_CPA_SHORT);
  cpa.major = drt_scan_u8(&s);
  cpa.minor = drt_scan_u8(&s);
  drt_scan_expect(&s, cpa.major, major, DRT_REJECT_CPA_VERSION);
  drt_scan_expect(&s, drt_scan_u8(&s), PROFILE_MAJOR, DRT_REJECT_CPA_PROFILE);
  drt_scan_expect(&s, drt_scan_u8(&s), PROFILE_MINOR, DRT_REJECT_CPA_PROFILE);
  drt_scan_expect(&s, drt_scan_be16(&s), DRT_KEY_LEN, DRT_REJECT_CPA_KEY_LENGTH);
  cpa.key = scan_key(&s);
  drt_scan_expect(&s, drt_scan_u8(&s), DRT_CPA_SIGNATURE_LEN, DRT_REJECT_CPA_SIGNATURE_LENGTH);
  drt_scan_bytes(&s, DRT_CPA_SIGNATURE_LEN);
  drt_scan_expect(&s, drt_scan_u8(&s), DRT_NONCE_LEN, DRT_REJECT_CPA_NONCE_LENGTH);
  scan_nonce(&s, cpa.nonce);
  uint32_t flags = (uint32_t)drt_scan_be16(&s) << 16;
  flags |= drt_scan_be16(&s);
  cpa.revoked = (flags & NULL_FLAG_REVOKED) != 0;
  scan_null_key(&s);
  scan_null_services(&s, &cpa);
  DrtReject reject = drt_scanner_finish(&s, DRT_REJECT_CPA_TRAILING);
  if (reject == DRT_REJECT_NONE)
    *ret = cpa;
  return reject;
}

uint32_t
drt_null_cpa_size(const DrtNullCpa *cpa)
{
  drt_assert(cpa->service_count <= DRT_CPA_SERVICES_MAX);
  return 4 + 2 + DRT_KEY_LEN + 1 + DRT_CPA_SIGNATURE_LEN + 1 + DRT_NONCE_LEN + 4 + 6 +
         NULL_ALGORITHM_LEN + NULL_KEY_LEN + 1 + (2u + DRT_ENDPOINT_LEN) * cpa->service_count;
}

uint32_t
drt_null_cpa_encode(const DrtNullCpa *cpa, uint8_t *to, uint32_t room)
{
  uint32_t size = drt_null_cpa_size(cpa);
  if (size > room)
    return 0;
  DrtWriter w = { to, to };
  *w.at++ = cpa->major;
  *w.at++ = cpa->minor;
  *w.at++ = PROFILE_MAJOR;
  *w.at++ = PROFILE_MINOR;
  drt_write_be16(&w, DRT_KEY_LEN);
  drt_write_key(&w, &cpa->key);
  *w.at++ = DRT_CPA_SIGNATURE_LEN;
  write_zeros(&w, DRT_CPA_SIGNATURE_LEN);
  *w.at++ = DRT_NONCE_LEN;
  drt_write_bytes(&w, cpa->nonce, DRT_NONCE_LEN);
  drt_write_be32(&w, cpa->revoked ? NULL_FLAG_REVOKED : 0);
  *w.at++ = NULL_ALGORITHM_LEN;
  drt_write_be16(&w, 0);
  drt_write_be16(&w, NULL_KEY_LEN);
  *w.at++ = 0;
  drt_write_bytes(&w, null_algorithm, NULL_ALGORITHM_LEN);
  write_zeros(&w, NULL_KEY_LEN);
  *w.at++ = cpa->service_count;
  for (uint8_t i = 0; i < cpa->service_count; i++) {
    drt_write_be16(&w, DRT_ENDPOINT_LEN);
    drt_write_bytes(&w, cpa->services[i].wire, DRT_ENDPOINT_LEN);
  }
  drt_assert((size_t)(w.at - w.base) == size);
  return size;
}
