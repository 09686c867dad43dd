#include "drt-chain.h"

#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#define CHAIN_MAX 25
#define SERIAL_LEN 16
#define NAME_MAX_CHARACTERS 255

/* What was serialised is still what stands above the certificate. */
static bool
is_current(const DRT_CERTIFICATE *certificate)
{
  int n = sk_X509_num(certificate->chain_of);
  const DRT_CERTIFICATE *c = certificate;
  for (; c != NULL && n > 0 && sk_X509_value(certificate->chain_of, n - 1) == c->x509; n--)
    c = c->issuer;
  return c == NULL && n == 0;
}

static bool
add(PKCS7 *pkcs7, STACK_OF(X509) * chain_of, X509 *x509)
{
  if (PKCS7_add_certificate(pkcs7, x509) != 1 || sk_X509_push(chain_of, x509) <= 0)
    return false;
  X509_up_ref(x509);
  return true;
}

static void
forget(DRT_CERTIFICATE *certificate)
{
  OPENSSL_free(certificate->chain);
  sk_X509_pop_free(certificate->chain_of, X509_free);
  certificate->chain = NULL;
  certificate->chain_of = NULL;
  certificate->chain_n = 0;
}

DrtBytes
drt_chain_serialise(DRT_CERTIFICATE *certificate)
{
  if (certificate->chain != NULL && is_current(certificate))
    return (DrtBytes){ certificate->chain, certificate->chain_n };
  forget(certificate);
  const DRT_CERTIFICATE *way[CHAIN_MAX];
  uint32_t n = 0;
  for (const DRT_CERTIFICATE *c = certificate; c != NULL && n < CHAIN_MAX; c = c->issuer)
    way[n++] = c;
  PKCS7 *pkcs7 = PKCS7_new();
  certificate->chain_of = sk_X509_new_null();
  bool good = pkcs7 != NULL && certificate->chain_of != NULL && way[n - 1]->issuer == NULL &&
              PKCS7_set_type(pkcs7, NID_pkcs7_signed) == 1 &&
              PKCS7_content_new(pkcs7, NID_pkcs7_data) == 1 && PKCS7_set_detached(pkcs7, 1) == 1;
  while (good && n > 0)
    good = add(pkcs7, certificate->chain_of, way[--n]->x509);
  int length = good ? i2d_PKCS7(pkcs7, &certificate->chain) : 0;
  certificate->chain_n = length > 0 ? (uint32_t)length : 0;
  PKCS7_free(pkcs7);
  ERR_clear_error();
  return (DrtBytes){ certificate->chain, certificate->chain_n };
}

/* Seconds since 1970. */
static bool
seconds(const ASN1_TIME *time, int64_t *ret)
{
  ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
  int days = 0, rest = 0;
  bool good = epoch != NULL && ASN1_TIME_diff(&days, &rest, epoch, time) == 1;
  ASN1_TIME_free(epoch);
  *ret = (int64_t)days * 86400 + rest;
  return good;
}

/* The common name and whatever else is in it: at most 255 characters (3.13). */
static bool
name_fits(const X509_NAME *name)
{
  for (int i = 0; i < X509_NAME_entry_count(name); i++) {
    const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
    uint8_t *utf8 = NULL;
    int n = ASN1_STRING_to_UTF8(&utf8, text), characters = 0;
    for (int k = 0; k < n; k++)
      characters += (utf8[k] & 0xc0) != 0x80 && utf8[k] != '\0';
    OPENSSL_free(utf8);
    if (n < 0 || characters > NAME_MAX_CHARACTERS)
      return false;
  }
  return true;
}

/* The form that 3.13 demands of each certificate. */
static bool
is_well_formed(const X509 *x509, const DrtCryptoProfile *profile)
{
  int algorithm = profile->certificate_hash == DRT_HASH_SHA1 ? NID_sha1WithRSAEncryption
                                                             : NID_sha256WithRSAEncryption;
  const ASN1_BIT_STRING *issuer_id, *subject_id;
  X509_get0_uids(x509, &issuer_id, &subject_id);
  return X509_get_version(x509) == X509_VERSION_3 && X509_get_signature_nid(x509) == algorithm &&
         ASN1_STRING_length(X509_get0_serialNumber(x509)) == SERIAL_LEN && issuer_id == NULL &&
         subject_id == NULL && name_fits(X509_get_subject_name(x509)) &&
         name_fits(X509_get_issuer_name(x509));
}

/* @issuer may issue certificates with @below more between them and the owner's, has issued @x509, and
 * has not taken it back. */
static bool
was_issued(X509 *x509, X509 *issuer, int below, const DRT_CERTIFICATE *root)
{
  bool by_root = X509_cmp(issuer, root->x509) == 0;
  long most = X509_get_pathlen(issuer);
  return (most < 0 || below <= most) &&
         X509_NAME_cmp(X509_get_subject_name(issuer), X509_get_issuer_name(x509)) == 0 &&
         (by_root || X509_check_ca(issuer) == 1) && !drt_certificate_is_revoked(root, x509) &&
         X509_verify(x509, X509_get0_pubkey(issuer)) == 1;
}

/* @below: certificates that come behind it. */
static bool
check_one(X509 *x509, X509 *issuer, int below, const DRT_CERTIFICATE *root,
          const DrtCryptoProfile *profile, DrtChainFacts *facts)
{
  int64_t from, until;
  if (!is_well_formed(x509, profile) || X509_get0_pubkey(x509) == NULL ||
      (X509_get_extension_flags(x509) & (EXFLAG_CRITICAL | EXFLAG_INVALID)) != 0 ||
      !seconds(X509_get0_notBefore(x509), &from) || !seconds(X509_get0_notAfter(x509), &until))
    return false;
  if (from > facts->from)
    facts->from = from;
  if (until < facts->until)
    facts->until = until;
  /* The first one, and no other, is the root that we trust, byte by byte (H46). */
  if ((X509_cmp(x509, root->x509) == 0) != (issuer == NULL))
    return false;
  if (issuer == NULL)
    return true;
  facts->signatures++;
  return was_issued(x509, issuer, below, root);
}

static bool
check_all(const STACK_OF(X509) * certificates, const DRT_CERTIFICATE *root,
          const DrtCryptoProfile *profile, DrtChainFacts *facts)
{
  int n = certificates == NULL ? 0 : sk_X509_num(certificates);
  if (n < 1 || n > CHAIN_MAX)
    return false;
  for (int i = 0; i < n; i++)
    if (!check_one(sk_X509_value(certificates, i),
                   i == 0 ? NULL : sk_X509_value(certificates, i - 1), n - 1 - i, root, profile,
                   facts))
      return false;
  facts->owner = X509_get_pubkey(sk_X509_value(certificates, n - 1));
  return facts->owner != NULL;
}

int32_t
drt_chain_check(DrtBytes chain, const DRT_CERTIFICATE *root, const DrtCryptoProfile *profile,
                DrtChainFacts *ret)
{
  DrtChainFacts facts = { .from = INT64_MIN, .until = INT64_MAX };
  const uint8_t *at = chain.at;
  PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, (long)chain.n);
  bool good = pkcs7 != NULL && at == chain.at + chain.n && PKCS7_type_is_signed(pkcs7) &&
              pkcs7->d.sign != NULL && check_all(pkcs7->d.sign->cert, root, profile, &facts);
  PKCS7_free(pkcs7);
  ERR_clear_error();
  if (!good)
    return DRT_E_INVALID_CERT_CHAIN;
  *ret = facts;
  return 0;
}
