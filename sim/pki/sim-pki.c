/* X.509 by the rules of PROTOCOL.md 3.13, as the sample of the SDK makes them: version 3, a serial
 * number of 16 bytes, names in UCS-2 with their final NUL, good from a day before for a year. */
#include "sim-pki.h"

#include "sim-hash.h"
#include "sim-pki-private.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#define DAY INT64_C(86400)
#define SERIAL_LEN 16
/* Whose certificates are not those of a node. */
#define ROOT 0xffffffffu
#define STRANGER 0xfffffffeu

struct SimPki {
  uint64_t seed;
  uint32_t bits;
  const EVP_MD *hash;
  SimPkiCache *cache;
  EVP_PKEY *root_key, *stranger_key;
  X509 *root_x509, *stranger_x509;
  DRT_CERTIFICATE *root, *stranger; /* the stranger is made when it is first wanted */
  X509_CRL *revoked;                /* or NULL */
};

static void
must(bool good, const char *what)
{
  if (!good)
    g_error("a certificate cannot be made: %s", what);
}

static X509_NAME *
make_name(const char *text)
{
  uint8_t wide[128] = { 0 };
  size_t n = strlen(text) + 1;
  g_assert(2 * n <= sizeof wide);
  for (size_t i = 0; i < n; i++)
    wide[2 * i + 1] = (uint8_t)text[i];
  X509_NAME *name = X509_NAME_new();
  X509_NAME_ENTRY *entry =
    X509_NAME_ENTRY_create_by_NID(NULL, NID_commonName, V_ASN1_BMPSTRING, wide, (int)(2 * n));
  must(name != NULL && entry != NULL && X509_NAME_add_entry(name, entry, -1, 0) == 1, "its name");
  X509_NAME_ENTRY_free(entry);
  return name;
}

/* Different for each certificate, and the same in each run. */
static ASN1_INTEGER *
make_serial(const SimPki *pki, uint32_t node, uint32_t number, uint32_t kind)
{
  uint8_t bytes[SERIAL_LEN];
  uint64_t subject = (uint64_t)node << 32 | number;
  uint64_t words[] = { sim_hash_add(sim_hash_add(pki->seed, subject), kind), subject };
  for (int i = 0; i < SERIAL_LEN; i++)
    bytes[i] = (uint8_t)(words[i / 8] >> 8 * (i % 8));
  bytes[0] = (uint8_t)((bytes[0] & 0x3f) | 0x40); /* positive, and 16 bytes long */
  BIGNUM *value = BN_bin2bn(bytes, SERIAL_LEN, NULL);
  ASN1_INTEGER *serial = BN_to_ASN1_INTEGER(value, NULL);
  BN_free(value);
  must(serial != NULL, "its serial number");
  return serial;
}

typedef struct {
  uint32_t node, number;
  SimPkiKind kind;
  const char *name;
  int64_t from, until; /* seconds since 1970 */
  EVP_PKEY *key, *signer;
  X509 *issuer; /* NULL: itself */
} Order;

/* The root says that it may issue others, which 3.13 does not ask for and other tools do. */
static void
add_authority(X509 *x509)
{
  X509_EXTENSION *extension =
    X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");
  must(extension != NULL && X509_add_ext(x509, extension, -1) == 1, "its extension");
  X509_EXTENSION_free(extension);
}

static X509 *
make_x509(const SimPki *pki, const Order *order)
{
  X509 *x509 = X509_new();
  X509_NAME *name = make_name(order->name);
  ASN1_INTEGER *serial = make_serial(pki, order->node, order->number, (uint32_t)order->kind);
  const X509_NAME *issuer = order->issuer == NULL ? name : X509_get_subject_name(order->issuer);
  must(x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1 &&
         X509_set_subject_name(x509, name) == 1 && X509_set_issuer_name(x509, issuer) == 1 &&
         X509_set_serialNumber(x509, serial) == 1 &&
         ASN1_TIME_set(X509_getm_notBefore(x509), order->from) != NULL &&
         ASN1_TIME_set(X509_getm_notAfter(x509), order->until) != NULL &&
         X509_set_pubkey(x509, order->key) == 1,
       "its content");
  if (order->issuer == NULL)
    add_authority(x509);
  must(X509_sign(x509, order->signer, pki->hash) > 0, "its signature");
  ASN1_INTEGER_free(serial);
  X509_NAME_free(name);
  return x509;
}

/* The way into the core is PEM, as for any application. */
static DRT_CERTIFICATE *
wrap(X509 *x509, EVP_PKEY *key, PCCERT_CONTEXT issuer)
{
  BIO *bio = BIO_new(BIO_s_mem());
  char *text;
  DRT_CERTIFICATE *certificate;
  must(bio != NULL && PEM_write_bio_X509(bio, x509) == 1 &&
         PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1,
       "writing it");
  long n = BIO_get_mem_data(bio, &text);
  must(DrtCertificateFromPem(text, (ULONG)n, issuer, &certificate) == S_OK, "reading it");
  BIO_free(bio);
  return certificate;
}

static void
make_root(SimPki *pki, uint32_t who, const char *name, EVP_PKEY **key, X509 **x509,
          DRT_CERTIFICATE **certificate)
{
  *key = sim_pki_key(sim_pki_cache_get(pki->cache, who, 0), pki->bits);
  Order order = {
    .node = who,
    .name = name,
    .from = SIM_EPOCH - DAY,
    .until = SIM_EPOCH + 364 * DAY,
    .key = *key,
    .signer = *key,
  };
  *x509 = make_x509(pki, &order);
  *certificate = wrap(*x509, *key, NULL);
}

SimPki *
sim_pki_new(uint64_t seed, uint32_t key_bits, bool sha2)
{
  SimPki *pki = g_new0(SimPki, 1);
  pki->seed = seed;
  pki->bits = key_bits;
  pki->hash = sha2 ? EVP_sha256() : EVP_sha1();
  pki->cache = sim_pki_cache_open(seed, key_bits);
  make_root(pki, ROOT, "drtsim root", &pki->root_key, &pki->root_x509, &pki->root);
  return pki;
}

void
sim_pki_free(SimPki *pki)
{
  if (pki == NULL)
    return;
  sim_pki_cache_close(pki->cache);
  DrtCertificateFree(pki->root);
  DrtCertificateFree(pki->stranger);
  X509_free(pki->root_x509);
  X509_free(pki->stranger_x509);
  EVP_PKEY_free(pki->root_key);
  EVP_PKEY_free(pki->stranger_key);
  X509_CRL_free(pki->revoked);
  g_free(pki);
}

PCCERT_CONTEXT
sim_pki_root(SimPki *pki)
{
  return pki->root;
}

DRT_CERTIFICATE *
sim_pki_issue(SimPki *pki, uint32_t node, uint32_t number, SimPkiKind kind, SimTime now)
{
  g_autofree char *name = g_strdup_printf("node %u key %u", node, number);
  bool strange = kind == SIM_PKI_STRANGE;
  if (strange && pki->stranger == NULL)
    make_root(pki, STRANGER, "another root", &pki->stranger_key, &pki->stranger_x509,
              &pki->stranger);
  EVP_PKEY *key = sim_pki_key(sim_pki_cache_get(pki->cache, node, number), pki->bits);
  Order order = {
    .node = node,
    .number = number,
    .kind = kind,
    .name = name,
    .from = SIM_EPOCH - DAY,
    .until = kind == SIM_PKI_EXPIRED ? SIM_EPOCH + now / SIM_SECOND - 1 : SIM_EPOCH + 364 * DAY,
    .key = key,
    .signer = strange ? pki->stranger_key : pki->root_key,
    .issuer = strange ? pki->stranger_x509 : pki->root_x509,
  };
  X509 *x509 = make_x509(pki, &order);
  DRT_CERTIFICATE *certificate = wrap(x509, key, strange ? pki->stranger : pki->root);
  X509_free(x509);
  EVP_PKEY_free(key);
  return certificate;
}

void
sim_pki_revoke(SimPki *pki, uint32_t node, uint32_t number)
{
  if (pki->revoked == NULL) {
    pki->revoked = X509_CRL_new();
    must(pki->revoked != NULL && X509_CRL_set_version(pki->revoked, 1) == 1 &&
           X509_CRL_set_issuer_name(pki->revoked, X509_get_subject_name(pki->root_x509)) == 1,
         "a revocation list");
  }
  X509_REVOKED *entry = X509_REVOKED_new();
  ASN1_INTEGER *serial = make_serial(pki, node, number, SIM_PKI_GOOD);
  ASN1_TIME *time = ASN1_TIME_set(NULL, SIM_EPOCH);
  must(entry != NULL && time != NULL && X509_REVOKED_set_serialNumber(entry, serial) == 1 &&
         X509_REVOKED_set_revocationDate(entry, time) == 1 &&
         X509_CRL_set1_lastUpdate(pki->revoked, time) == 1 &&
         X509_CRL_add0_revoked(pki->revoked, entry) == 1 && X509_CRL_sort(pki->revoked) == 1 &&
         X509_CRL_sign(pki->revoked, pki->root_key, pki->hash) > 0,
       "a revocation list");
  BIO *bio = BIO_new(BIO_s_mem());
  char *text;
  must(bio != NULL && PEM_write_bio_X509_CRL(bio, pki->revoked) == 1, "writing it");
  long n = BIO_get_mem_data(bio, &text);
  must(DrtCertificateRevoke(pki->root, text, (ULONG)n) == S_OK, "reading it");
  BIO_free(bio);
  ASN1_INTEGER_free(serial);
  ASN1_TIME_free(time);
}
