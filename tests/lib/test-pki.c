#include "test-pki.h"

#include "drt-certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test without certificates is worth nothing: whatever fails here ends it. */
static void
must(bool good, const char *what)
{
  if (good)
    return;
  fprintf(stderr, "test-pki: %s failed\n", what);
  abort();
}

static EVP_PKEY *
key_of(const TestPkiOrder *order)
{
  static EVP_PKEY *rsa[TEST_PKI_KEYS], *elliptic;
  EVP_PKEY **place = order->elliptic ? &elliptic : &rsa[order->key];
  unsigned bits = order->bits == 0 ? 1024 : order->bits;
  must(order->key < TEST_PKI_KEYS, "choosing a key");
  if (*place != NULL && !order->elliptic && EVP_PKEY_get_bits(*place) != (int)bits) {
    EVP_PKEY_free(*place);
    *place = NULL;
  }
  if (*place == NULL)
    *place = order->elliptic ? EVP_EC_gen("P-256") : EVP_RSA_gen(bits);
  must(*place != NULL, "making a key");
  return *place;
}

/* The form of MC-DRT's sample: UCS-2 with its final NUL. */
static X509_NAME *
name_of(const TestPkiOrder *order, bool root)
{
  unsigned char text[2 * 400];
  char plain[400];
  snprintf(plain, sizeof plain, "%s %u", root ? "root" : "member", order->key);
  if (order->name != NULL)
    snprintf(plain, sizeof plain, "%s", order->name);
  if (order->name_length > 0) {
    memset(plain, 'x', order->name_length);
    plain[order->name_length] = '\0';
  }
  int n = (int)strlen(plain) + 1;
  for (int i = 0; i < n; i++) {
    text[2 * i] = 0;
    text[2 * i + 1] = (unsigned char)plain[i];
  }
  X509_NAME *name = X509_NAME_new();
  X509_NAME_ENTRY *entry =
    X509_NAME_ENTRY_create_by_NID(NULL, NID_commonName, V_ASN1_BMPSTRING, text, 2 * n);
  must(name != NULL && entry != NULL && X509_NAME_add_entry(name, entry, -1, 0) == 1, "a name");
  X509_NAME_ENTRY_free(entry);
  return name;
}

static void
set_serial(X509 *x509, const TestPkiOrder *order)
{
  static unsigned number;
  int n = order->serial_bytes == 0 ? 16 : order->serial_bytes;
  unsigned char bytes[64] = { 0x40 };
  number++;
  memcpy(bytes + n - sizeof number, &number, sizeof number);
  bytes[0] = 0x40;
  BIGNUM *serial = BN_bin2bn(bytes, n, NULL);
  must(BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x509)) != NULL, "a serial number");
  BN_free(serial);
}

static void
extend(X509 *x509, int nid, const char *value)
{
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
  must(extension != NULL && X509_add_ext(x509, extension, -1) == 1, "an extension");
  X509_EXTENSION_free(extension);
}

static void
add_unknown_critical(X509 *x509)
{
  ASN1_OBJECT *object = OBJ_txt2obj("1.2.3.4.5", 1);
  ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
  must(ASN1_OCTET_STRING_set(value, (const unsigned char *)"?", 1) == 1, "a value");
  X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
  must(X509_add_ext(x509, extension, -1) == 1, "an extension");
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(value);
  ASN1_OBJECT_free(object);
}

static void
fill(X509 *x509, const TestPkiOrder *order, PCCERT_CONTEXT issuer)
{
  X509_NAME *name = name_of(order, issuer == NULL);
  must(X509_set_version(x509, order->version == 0 ? X509_VERSION_3 : order->version) == 1 &&
         X509_set_subject_name(x509, name) == 1 &&
         X509_set_issuer_name(x509, issuer == NULL ? name : X509_get_subject_name(issuer->x509)) ==
           1,
       "names");
  X509_NAME_free(name);
  set_serial(x509, order);
  ASN1_TIME_set(X509_getm_notBefore(x509),
                order->from == 0 ? TEST_PKI_NOW - TEST_PKI_DAY : order->from);
  ASN1_TIME_set(X509_getm_notAfter(x509),
                order->until == 0 ? TEST_PKI_NOW + 364 * TEST_PKI_DAY : order->until);
  must(X509_set_pubkey(x509, key_of(order)) == 1, "the public key");
  if (order->authority) {
    char value[64];
    int n = snprintf(value, sizeof value, "critical,CA:TRUE");
    if (order->path_length > 0)
      snprintf(value + n, sizeof value - (size_t)n, ",pathlen:%d", order->path_length - 1);
    extend(x509, NID_basic_constraints, value);
  }
  if (order->no_encipherment)
    extend(x509, NID_key_usage, "digitalSignature");
  if (order->critical)
    add_unknown_critical(x509);
}

/* libcrypto has no way to set one: it is put behind the public key of the finished certificate. */
static X509 *
with_unique_id(X509 *x509, EVP_PKEY *signer)
{
  unsigned char *der = NULL;
  X509 *plain = x509;
  int n = i2d_re_X509_tbs(plain, &der);
  must(n > 4 && der[0] == 0x30 && der[1] == 0x82, "the body of a certificate");
  unsigned char id[] = { 0x82, 0x02, 0x00, 0x01 }; /* [2] IMPLICIT BIT STRING: subjectUniqueID */
  size_t room = (size_t)n + sizeof id;
  unsigned char *body = malloc(room);
  memcpy(body, der, (size_t)n);
  memcpy(body + n, id, sizeof id);
  size_t content = room - 4;
  body[2] = (unsigned char)(content >> 8);
  body[3] = (unsigned char)content;
  /* The outer certificate around it. */
  unsigned char signature[512], outer[4096];
  size_t signature_n = sizeof signature;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  must(EVP_DigestSignInit(context, NULL, EVP_sha1(), NULL, signer) == 1 &&
         EVP_DigestSign(context, signature, &signature_n, body, room) == 1,
       "signing");
  EVP_MD_CTX_free(context);
  static const unsigned char algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                             0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00 };
  size_t at = 4;
  memcpy(outer + at, body, room);
  at += room;
  memcpy(outer + at, algorithm, sizeof algorithm);
  at += sizeof algorithm;
  must(signature_n == 128, "a signature of 1024 bits");
  outer[at++] = 0x03;
  outer[at++] = 0x81;
  outer[at++] = 129;
  outer[at++] = 0;
  memcpy(outer + at, signature, signature_n);
  at += signature_n;
  outer[0] = 0x30;
  outer[1] = 0x82;
  outer[2] = (unsigned char)((at - 4) >> 8);
  outer[3] = (unsigned char)(at - 4);
  const unsigned char *from = outer;
  X509 *made = d2i_X509(NULL, &from, (long)at);
  must(made != NULL, "a certificate with a unique id");
  free(body);
  OPENSSL_free(der);
  X509_free(plain);
  return made;
}

static void
break_signature(X509 *x509)
{
  const ASN1_BIT_STRING *signature;
  X509_get0_signature(&signature, NULL, x509);
  ((ASN1_BIT_STRING *)signature)->data[7] ^= 1;
}

DRT_CERTIFICATE *
test_pki_issue(const TestPkiOrder *order, PCCERT_CONTEXT issuer)
{
  X509 *x509 = X509_new();
  EVP_PKEY *signer = issuer == NULL ? key_of(order) : issuer->private_key;
  must(x509 != NULL && signer != NULL, "finding the issuer's key");
  fill(x509, order, issuer);
  must(X509_sign(x509, signer, order->sha2 ? EVP_sha256() : EVP_sha1()) > 0, "signing");
  if (order->unique_id)
    x509 = with_unique_id(x509, signer);
  if (order->broken_signature)
    break_signature(x509);
  BIO *bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_X509(bio, x509) == 1, "writing PEM");
  if (!order->without_key)
    must(PEM_write_bio_PrivateKey(bio, key_of(order), NULL, NULL, 0, NULL, NULL) == 1,
         "writing the key");
  char *text;
  long n = BIO_get_mem_data(bio, &text);
  DRT_CERTIFICATE *certificate = NULL;
  must(DrtCertificateFromPem(text, (ULONG)n, issuer, &certificate) == S_OK, "reading it back");
  BIO_free(bio);
  X509_free(x509);
  return certificate;
}

DRT_CERTIFICATE *
test_pki_root(void)
{
  return test_pki_issue(&(TestPkiOrder){ .key = TEST_PKI_KEYS - 1, .authority = true }, NULL);
}

DRT_CERTIFICATE *
test_pki_member(PCCERT_CONTEXT root, unsigned key)
{
  return test_pki_issue(&(TestPkiOrder){ .key = key }, root);
}

char *
test_pki_revocation(PCCERT_CONTEXT issuer, PCCERT_CONTEXT revoked)
{
  return test_pki_revocation_at(issuer, revoked, TEST_PKI_NOW);
}

char *
test_pki_revocation_at(PCCERT_CONTEXT issuer, PCCERT_CONTEXT revoked, int64_t at)
{
  X509_CRL *list = X509_CRL_new();
  X509_REVOKED *entry = X509_REVOKED_new();
  ASN1_TIME *now = ASN1_TIME_set(NULL, (time_t)at);
  must(X509_CRL_set_version(list, 1) == 1 &&
         X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer->x509)) == 1 &&
         X509_CRL_set1_lastUpdate(list, now) == 1 &&
         X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->x509)) == 1 &&
         X509_REVOKED_set_revocationDate(entry, now) == 1 &&
         X509_CRL_add0_revoked(list, entry) == 1 && X509_CRL_sort(list) == 1 &&
         X509_CRL_sign(list, issuer->private_key, EVP_sha1()) > 0,
       "a revocation list");
  BIO *bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_X509_CRL(bio, list) == 1, "writing PEM");
  char *text, *copy;
  long n = BIO_get_mem_data(bio, &text);
  copy = malloc((size_t)n + 1);
  memcpy(copy, text, (size_t)n);
  copy[n] = '\0';
  BIO_free(bio);
  ASN1_TIME_free(now);
  X509_CRL_free(list);
  return copy;
}
