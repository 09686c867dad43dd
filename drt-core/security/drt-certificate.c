/* Making, renewing and letting go of certificates. PEM is read from memory: files are the
 * application's business. */
#include "drt-certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <string.h>

#define CHAIN_MAX 25 /* certificates, as in a CREDENTIAL (3.13) */

/* Everything that the blocks of a PEM text hold. */
typedef struct {
  X509 *certificates[CHAIN_MAX];
  uint32_t n;
  EVP_PKEY *private_key;
  X509_CRL *revoked;
} Bundle;

static DRT_CERTIFICATE *
new_certificate(X509 *x509, bool has_store)
{
  DRT_CERTIFICATE *certificate = OPENSSL_zalloc(sizeof *certificate);
  if (certificate == NULL)
    return NULL;
  certificate->references = 1;
  certificate->has_store = has_store;
  certificate->x509 = x509;
  X509_up_ref(x509);
  return certificate;
}

DRT_CERTIFICATE *
drt_certificate_hold(PCCERT_CONTEXT certificate)
{
  DRT_CERTIFICATE *held =
    (DRT_CERTIFICATE *)certificate; /* the count is not part of what it says */
  held->references++;
  return held;
}

static void
let_go_of_inside(DRT_CERTIFICATE *certificate)
{
  X509_free(certificate->x509);
  EVP_PKEY_free(certificate->private_key);
  OPENSSL_free(certificate->chain);
  OPENSSL_free(certificate->public_key);
  sk_X509_pop_free(certificate->chain_of, X509_free);
}

VOID
DrtCertificateFree(PCCERT_CONTEXT pCertificate)
{
  DRT_CERTIFICATE *certificate = (DRT_CERTIFICATE *)pCertificate;
  while (certificate != NULL && --certificate->references == 0) {
    DRT_CERTIFICATE *issuer = certificate->issuer; /* one reference to that goes with it */
    let_go_of_inside(certificate);
    X509_CRL_free(certificate->revoked);
    OPENSSL_free(certificate);
    certificate = issuer;
  }
}

HRESULT
DrtCertificateFromDer(const BYTE *pbEncoded, ULONG cbEncoded, DRT_CERTIFICATE **ppCertificate)
{
  if (ppCertificate != NULL)
    *ppCertificate = NULL;
  if (pbEncoded == NULL || ppCertificate == NULL)
    return E_INVALIDARG;
  const uint8_t *at = pbEncoded;
  X509 *x509 = d2i_X509(NULL, &at, (long)cbEncoded);
  if (x509 == NULL || at != pbEncoded + cbEncoded) {
    X509_free(x509);
    ERR_clear_error();
    return E_INVALIDARG;
  }
  *ppCertificate = new_certificate(x509, false);
  X509_free(x509);
  return *ppCertificate == NULL ? E_OUTOFMEMORY : S_OK;
}

/* A private key is never asked for a password: an encrypted one is refused. */
static int
no_password(char *to, int room, int writing, void *context)
{
  (void)to;
  (void)room;
  (void)writing;
  (void)context;
  return -1;
}

/* One block into the bundle. False if it is of another kind, or one too many. */
static bool
take_block(Bundle *bundle, const char *name, const uint8_t *bytes, long n)
{
  const uint8_t *at = bytes;
  if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_TRUSTED) == 0) {
    if (bundle->n == CHAIN_MAX)
      return false;
    X509 *x509 = d2i_X509(NULL, &at, n);
    if (x509 == NULL)
      return false;
    bundle->certificates[bundle->n++] = x509;
    return at == bytes + n || strcmp(name, PEM_STRING_X509) != 0; /* trust settings may follow */
  }
  if (strcmp(name, PEM_STRING_X509_CRL) == 0) {
    if (bundle->revoked != NULL)
      return false;
    bundle->revoked = d2i_X509_CRL(NULL, &at, n);
    return bundle->revoked != NULL && at == bytes + n;
  }
  if (strcmp(name, PEM_STRING_PKCS8INF) == 0 || strcmp(name, PEM_STRING_RSA) == 0 ||
      strcmp(name, PEM_STRING_ECPRIVATEKEY) == 0) {
    if (bundle->private_key != NULL)
      return false;
    bundle->private_key = d2i_AutoPrivateKey(NULL, &at, n);
    return bundle->private_key != NULL;
  }
  return strcmp(name, PEM_STRING_ECPARAMETERS) == 0; /* said once more in the key itself */
}

static bool
read_bundle(const char *pem, ULONG n, Bundle *bundle)
{
  BIO *bio = BIO_new_mem_buf(pem, (int)n);
  char *name, *header;
  uint8_t *bytes;
  long length;
  bool good = bio != NULL;
  while (good && PEM_read_bio(bio, &name, &header, &bytes, &length) == 1) {
    EVP_CIPHER_INFO cipher;
    good = PEM_get_EVP_CIPHER_INFO(header, &cipher) == 1 &&
           PEM_do_header(&cipher, bytes, &length, no_password, NULL) == 1 &&
           take_block(bundle, name, bytes, length);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(bytes, (size_t)length);
  }
  /* The end of the text is the one error that is none. */
  good = good && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  BIO_free(bio);
  ERR_clear_error();
  return good && bundle->n > 0;
}

static void
clear_bundle(Bundle *bundle)
{
  for (uint32_t i = 0; i < bundle->n; i++)
    X509_free(bundle->certificates[i]);
  EVP_PKEY_free(bundle->private_key);
  X509_CRL_free(bundle->revoked);
}

static bool
issued(X509 *issuer, X509 *subject)
{
  return X509_NAME_cmp(X509_get_subject_name(issuer), X509_get_issuer_name(subject)) == 0;
}

/* The object of the first certificate of the bundle, with those that issued it; NULL without memory. */
static DRT_CERTIFICATE *
build(Bundle *bundle, PCCERT_CONTEXT above)
{
  DRT_CERTIFICATE *first = NULL, **place = &first;
  bool used[CHAIN_MAX] = { false };
  for (uint32_t i = 0;;) {
    X509 *x509 = bundle->certificates[i];
    used[i] = true;
    *place = new_certificate(x509, true);
    if (*place == NULL) {
      DrtCertificateFree(first);
      return NULL;
    }
    if (issued(x509, x509))
      return first;
    place = &(*place)->issuer;
    uint32_t k = 0;
    while (k < bundle->n && (used[k] || !issued(bundle->certificates[k], x509)))
      k++;
    if (k == bundle->n) {
      if (above != NULL && issued(above->x509, x509))
        *place = drt_certificate_hold(above);
      return first;
    }
    i = k;
  }
}

typedef enum {
  LIST_FOREIGN, /* not signed by this certificate */
  LIST_OLDER,   /* than the one that is there, which stays: whoever is revoked remains so */
  LIST_TAKEN,
} ListVerdict;

static ListVerdict
take_list(DRT_CERTIFICATE *issuer, X509_CRL *list)
{
  if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer->x509)) != 0 ||
      X509_CRL_verify(list, X509_get0_pubkey(issuer->x509)) != 1)
    return LIST_FOREIGN;
  if (issuer->revoked != NULL && ASN1_TIME_compare(X509_CRL_get0_lastUpdate(list),
                                                   X509_CRL_get0_lastUpdate(issuer->revoked)) < 0)
    return LIST_OLDER;
  X509_CRL_free(issuer->revoked);
  X509_CRL_up_ref(list);
  issuer->revoked = list;
  issuer->generation++;
  return LIST_TAKEN;
}

/* False if nobody in the chain has signed it. */
static bool
place_list(DRT_CERTIFICATE *certificate, X509_CRL *list)
{
  for (; certificate != NULL; certificate = certificate->issuer)
    if (take_list(certificate, list) != LIST_FOREIGN)
      return true;
  return false;
}

HRESULT
DrtCertificateFromPem(const char *pPem, ULONG cbPem, PCCERT_CONTEXT pIssuer,
                      DRT_CERTIFICATE **ppCertificate)
{
  if (ppCertificate != NULL)
    *ppCertificate = NULL;
  if (pPem == NULL || cbPem > INT32_MAX || ppCertificate == NULL)
    return E_INVALIDARG;
  Bundle bundle = { 0 };
  HRESULT hr = E_INVALIDARG;
  DRT_CERTIFICATE *certificate = NULL;
  if (read_bundle(pPem, cbPem, &bundle) &&
      (bundle.private_key == NULL ||
       X509_check_private_key(bundle.certificates[0], bundle.private_key) == 1)) {
    certificate = build(&bundle, pIssuer);
    hr = certificate == NULL ? E_OUTOFMEMORY : S_OK;
    if (hr == S_OK && bundle.revoked != NULL && !place_list(certificate, bundle.revoked))
      hr = E_INVALIDARG;
  }
  if (hr == S_OK) {
    certificate->private_key = bundle.private_key;
    bundle.private_key = NULL;
    *ppCertificate = certificate;
  } else
    DrtCertificateFree(certificate);
  clear_bundle(&bundle);
  ERR_clear_error();
  return hr;
}

HRESULT
DrtCertificateRevoke(DRT_CERTIFICATE *pIssuer, const char *pPem, ULONG cbPem)
{
  if (pIssuer == NULL || pPem == NULL || cbPem > INT32_MAX)
    return E_INVALIDARG;
  BIO *bio = BIO_new_mem_buf(pPem, (int)cbPem);
  X509_CRL *list = bio == NULL ? NULL : PEM_read_bio_X509_CRL(bio, NULL, no_password, NULL);
  HRESULT hr = list != NULL && take_list(pIssuer, list) == LIST_TAKEN ? S_OK : E_INVALIDARG;
  X509_CRL_free(list);
  BIO_free(bio);
  ERR_clear_error();
  return hr;
}

bool
drt_certificate_is_revoked(const DRT_CERTIFICATE *issuer, X509 *certificate)
{
  X509_REVOKED *entry;
  return issuer->revoked != NULL &&
         X509_CRL_get0_by_cert(issuer->revoked, &entry, certificate) == 1;
}

HRESULT
DrtCertificateRenew(DRT_CERTIFICATE *pCertificate, PCCERT_CONTEXT pBy)
{
  if (pCertificate == NULL || pBy == NULL)
    return E_INVALIDARG;
  for (PCCERT_CONTEXT c = pBy; c != NULL; c = c->issuer)
    if (c == pCertificate)
      return E_INVALIDARG; /* it would be its own issuer */
  X509_up_ref(pBy->x509);
  if (pBy->private_key != NULL)
    EVP_PKEY_up_ref(pBy->private_key);
  DRT_CERTIFICATE *issuer = pBy->issuer == NULL ? NULL : drt_certificate_hold(pBy->issuer);
  DrtCertificateFree(pCertificate->issuer);
  let_go_of_inside(pCertificate);
  pCertificate->x509 = pBy->x509;
  pCertificate->private_key = pBy->private_key;
  pCertificate->issuer = issuer;
  pCertificate->has_store = pBy->has_store;
  pCertificate->chain = NULL;
  pCertificate->chain_of = NULL;
  pCertificate->chain_n = 0;
  pCertificate->public_key = NULL;
  pCertificate->public_key_n = 0;
  pCertificate->generation++;
  return S_OK;
}
