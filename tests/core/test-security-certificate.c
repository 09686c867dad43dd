/* Certificates as objects of the application: PEM and DER, keys and lists that fit or do not, renewal,
 * references (drt.h; drt-core/security/drt-certificate.h). */
#include "drt-certificate.h"

#include "drt-chain.h"

#include "test-pki-fixed.h"
#include "test-pki.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#define ROOT test_pki_fixed_root
#define ROOT_KEY test_pki_fixed_root_key
#define MEMBER test_pki_fixed_member
#define MEMBER_KEY test_pki_fixed_member_key
#define OTHER test_pki_fixed_other
#define OTHER_KEY test_pki_fixed_other_key
#define LIST test_pki_fixed_list

/* These texts, one behind the other, ended by NULL. */
static HRESULT
read_texts(PCCERT_CONTEXT issuer, DRT_CERTIFICATE **ret, const char *const *texts)
{
  char all[16384] = "";
  for (; *texts != NULL; texts++) {
    cr_assert(strlen(all) + strlen(*texts) < sizeof all);
    strcat(all, *texts);
  }
  *ret = (DRT_CERTIFICATE *)all; /* must not stay */
  HRESULT hr = DrtCertificateFromPem(all, (ULONG)strlen(all), issuer, ret);
  cr_assert(hr == S_OK ? *ret != NULL : *ret == NULL);
  return hr;
}

#define READ(issuer, ret, ...) read_texts(issuer, ret, (const char *[]){ __VA_ARGS__, NULL })

/* Whether this is taken at all. */
static HRESULT
taken(const char *const *texts)
{
  DRT_CERTIFICATE *certificate;
  HRESULT hr = read_texts(NULL, &certificate, texts);
  DrtCertificateFree(certificate);
  return hr;
}

#define TAKEN(...) taken((const char *[]){ __VA_ARGS__, NULL })

static void
expect_chain(DRT_CERTIFICATE *certificate, const char *end, int n)
{
  int count = 0;
  PCCERT_CONTEXT last = certificate;
  for (PCCERT_CONTEXT c = certificate; c != NULL; c = c->issuer, count++)
    last = c;
  DRT_CERTIFICATE *top = test_pki_fixed(end, "", NULL);
  cr_expect(eq(i32, count, n));
  cr_expect(X509_cmp(last->x509, top->x509) == 0);
  DrtCertificateFree(top);
}

/* Its own certificate first; the rest in any order. */
Test(security_certificate, is_read_with_all_that_belongs_to_it)
{
  static const char *const orders[][5] = {
    { MEMBER, ROOT, MEMBER_KEY, LIST, NULL }, { MEMBER, MEMBER_KEY, LIST, ROOT, NULL },
    { MEMBER, LIST, ROOT, MEMBER_KEY, NULL }, { MEMBER, LIST, MEMBER_KEY, ROOT, NULL },
    { MEMBER_KEY, MEMBER, LIST, ROOT, NULL }, { LIST, MEMBER_KEY, MEMBER, ROOT, NULL },
  };
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
    DRT_CERTIFICATE *certificate;
    cr_assert(eq(i32, read_texts(NULL, &certificate, orders[i]), S_OK), "order %zu", i);
    expect_chain(certificate, ROOT, 2);
    cr_expect(certificate->private_key != NULL);
    cr_expect(certificate->issuer->revoked != NULL);
    cr_expect(certificate->revoked == NULL);
    DrtCertificateFree(certificate);
  }
}

Test(security_certificate, other_texts_around_the_blocks_do_not_matter)
{
  cr_expect(
    eq(i32, TAKEN("Certificate:\n    Data:\n", MEMBER, "\n\nand then\n", ROOT, "end"), S_OK));
}

Test(security_certificate, a_certificate_that_does_not_belong_is_left_out)
{
  DRT_CERTIFICATE *certificate;
  cr_assert(eq(i32, READ(NULL, &certificate, MEMBER, OTHER, ROOT), S_OK));
  expect_chain(certificate, ROOT, 2);
  DrtCertificateFree(certificate);
  cr_assert(eq(i32, READ(NULL, &certificate, MEMBER, OTHER), S_OK));
  cr_expect(certificate->issuer == NULL);
  cr_expect(drt_chain_serialise(certificate).at != NULL);
  DrtCertificateFree(certificate);
}

Test(security_certificate, rubbish_is_refused)
{
  cr_expect(eq(i32, TAKEN(""), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN("rubbish"), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER_KEY), E_INVALIDARG), "no certificate");
  cr_expect(eq(i32, TAKEN(LIST), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER, "-----BEGIN CERTIFICATE-----\n"), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
               E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"),
               E_INVALIDARG));
  cr_expect(
    eq(i32, TAKEN(MEMBER, "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
       E_INVALIDARG));
  cr_expect(eq(i32,
               TAKEN(MEMBER, "-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n"),
               E_INVALIDARG),
            "a block of another kind");
  /* Cut off anywhere inside of it. */
  char text[4096];
  size_t n = strlen(MEMBER);
  for (size_t i = 0; i < n - 1; i++) {
    DRT_CERTIFICATE *certificate;
    memcpy(text, MEMBER, i);
    cr_expect(eq(i32, DrtCertificateFromPem(text, (ULONG)i, NULL, &certificate), E_INVALIDARG),
              "%zu", i);
    cr_expect(certificate == NULL);
  }
}

Test(security_certificate, the_key_is_its_own_and_one)
{
  cr_expect(eq(i32, TAKEN(MEMBER, OTHER_KEY), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER, ROOT, ROOT_KEY), E_INVALIDARG), "that of its issuer");
  cr_expect(eq(i32, TAKEN(MEMBER, MEMBER_KEY, MEMBER_KEY), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER, MEMBER_KEY, OTHER_KEY), E_INVALIDARG));
}

/* The member's key, sealed with the password "x" by `openssl rsa -aes128 [-traditional]`. */
static char *
encrypted(bool pkcs8)
{
  DRT_CERTIFICATE *member = test_pki_fixed(MEMBER, MEMBER_KEY, NULL);
  BIO *bio = BIO_new(BIO_s_mem());
  char *text, *copy;
  int good = pkcs8
               ? PEM_write_bio_PKCS8PrivateKey(bio, member->private_key, EVP_aes_128_cbc(), "x", 1,
                                               NULL, NULL)
               : PEM_write_bio_PrivateKey_traditional(bio, member->private_key, EVP_aes_128_cbc(),
                                                      (unsigned char *)"x", 1, NULL, NULL);
  cr_assert(eq(i32, good, 1));
  long n = BIO_get_mem_data(bio, &text);
  copy = malloc((size_t)n + 1);
  memcpy(copy, text, (size_t)n);
  copy[n] = '\0';
  BIO_free(bio);
  DrtCertificateFree(member);
  return copy;
}

/* Nobody is asked for a password. */
Test(security_certificate, an_encrypted_key_is_refused)
{
  for (int pkcs8 = 0; pkcs8 < 2; pkcs8++) {
    char *key = encrypted(pkcs8);
    cr_expect(eq(i32, TAKEN(MEMBER, key), E_INVALIDARG), "%d: %.40s", pkcs8, key);
    free(key);
  }
}

Test(security_certificate, a_list_is_of_an_issuer_in_the_chain)
{
  DRT_CERTIFICATE *stranger = test_pki_root(), *theirs = test_pki_member(stranger, 0), *root;
  char *list = test_pki_revocation(stranger, theirs);
  cr_expect(eq(i32, TAKEN(MEMBER, ROOT, list), E_INVALIDARG));
  cr_expect(eq(i32, TAKEN(MEMBER, LIST), E_INVALIDARG), "the root is missing");
  cr_expect(eq(i32, TAKEN(ROOT, LIST, LIST), E_INVALIDARG), "two lists");
  cr_assert(eq(i32, READ(NULL, &root, ROOT, ROOT_KEY), S_OK));
  cr_expect(eq(i32, DrtCertificateRevoke(root, list, (ULONG)strlen(list)), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRevoke(root, "rubbish", 7), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRevoke(root, MEMBER, (ULONG)strlen(MEMBER)), E_INVALIDARG));
  cr_expect(root->revoked == NULL && root->generation == 0);
  cr_expect(eq(i32, DrtCertificateRevoke(root, LIST, (ULONG)strlen(LIST)), S_OK));
  cr_expect(eq(u32, root->generation, 1));
  DRT_CERTIFICATE *member = test_pki_fixed(MEMBER, MEMBER_KEY, root),
                  *other = test_pki_fixed(OTHER, OTHER_KEY, root);
  cr_expect(not(drt_certificate_is_revoked(root, member->x509)));
  cr_expect(drt_certificate_is_revoked(root, other->x509));
  free(list);
  DrtCertificateFree(stranger);
  DrtCertificateFree(theirs);
  DrtCertificateFree(root);
  DrtCertificateFree(member);
  DrtCertificateFree(other);
}

/* A list of that name, signed by another key. */
Test(security_certificate, a_list_is_signed_by_its_issuer)
{
  DRT_CERTIFICATE *impostor =
    test_pki_issue(&(TestPkiOrder){ .key = 1, .name = "same", .authority = true }, NULL);
  DRT_CERTIFICATE *root =
    test_pki_issue(&(TestPkiOrder){ .key = 2, .name = "same", .authority = true }, NULL);
  DRT_CERTIFICATE *member = test_pki_member(root, 3);
  char *list = test_pki_revocation(impostor, member);
  cr_expect(eq(i32, DrtCertificateRevoke(root, list, (ULONG)strlen(list)), E_INVALIDARG));
  free(list);
  DrtCertificateFree(impostor);
  DrtCertificateFree(root);
  DrtCertificateFree(member);
}

/* A list that somebody has kept from before does not take a revocation back. */
Test(security_certificate, a_newer_list_stays)
{
  DRT_CERTIFICATE *root = test_pki_root(), *member = test_pki_member(root, 0),
                  *other = test_pki_member(root, 1);
  char *older = test_pki_revocation_at(root, other, TEST_PKI_NOW - 1),
       *newer = test_pki_revocation(root, member);
  cr_expect(eq(i32, DrtCertificateRevoke(root, newer, (ULONG)strlen(newer)), S_OK));
  cr_expect(eq(i32, DrtCertificateRevoke(root, older, (ULONG)strlen(older)), E_INVALIDARG));
  cr_expect(drt_certificate_is_revoked(root, member->x509));
  cr_expect(eq(i32, DrtCertificateRevoke(root, newer, (ULONG)strlen(newer)), S_OK), "the same");
  cr_expect(drt_certificate_is_revoked(root, member->x509));
  free(older);
  free(newer);
  DrtCertificateFree(root);
  DrtCertificateFree(member);
  DrtCertificateFree(other);
}

Test(security_certificate, der_is_one_certificate_without_a_store)
{
  DRT_CERTIFICATE *member = test_pki_fixed(MEMBER, MEMBER_KEY, NULL), *read;
  uint8_t *der = NULL;
  int n = i2d_X509(member->x509, &der);
  cr_assert(eq(i32, DrtCertificateFromDer(der, (ULONG)n, &read), S_OK));
  cr_expect(read->private_key == NULL && read->issuer == NULL && !read->has_store);
  cr_expect(X509_cmp(read->x509, member->x509) == 0);
  DrtCertificateFree(read);
  uint8_t *more = calloc(1, (size_t)n + 1);
  memcpy(more, der, (size_t)n);
  cr_expect(eq(i32, DrtCertificateFromDer(more, (ULONG)n + 1, &read), E_INVALIDARG));
  cr_expect(read == NULL);
  for (int i = 0; i < n; i++)
    cr_assert(eq(i32, DrtCertificateFromDer(der, (ULONG)i, &read), E_INVALIDARG));
  free(more);
  OPENSSL_free(der);
  DrtCertificateFree(member);
}

Test(security_certificate, arguments_that_are_missing)
{
  DRT_CERTIFICATE *member = test_pki_fixed(MEMBER, MEMBER_KEY, NULL), *read = member;
  BYTE byte = 0;
  cr_expect(eq(i32, DrtCertificateFromPem(NULL, 1, NULL, &read), E_INVALIDARG));
  cr_expect(read == NULL);
  cr_expect(eq(i32, DrtCertificateFromPem(MEMBER, 10, NULL, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateFromPem(MEMBER, 0x80000000u, NULL, &read), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateFromDer(NULL, 1, &read), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateFromDer(&byte, 1, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRevoke(NULL, LIST, 1), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRevoke(member, NULL, 1), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRevoke(member, LIST, 0x80000000u), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRenew(NULL, member), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRenew(member, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtCertificateRenew(member, member), E_INVALIDARG));
  DrtCertificateFree(NULL);
  DrtCertificateFree(member);
}

/* The object is the other one from then on: certificate, key, issuers, and all that follows. */
Test(security_certificate, a_renewed_one_is_the_other_one)
{
  DRT_CERTIFICATE *root = test_pki_fixed(ROOT, ROOT_KEY, NULL),
                  *member = test_pki_fixed(MEMBER, MEMBER_KEY, root),
                  *other = test_pki_fixed(OTHER, OTHER_KEY, root), *alone;
  cr_assert(eq(i32, READ(NULL, &alone, OTHER), S_OK));
  DrtBytes chain = drt_chain_serialise(member);
  cr_expect(chain.at != NULL);
  cr_assert(eq(i32, DrtCertificateRenew(member, other), S_OK));
  cr_expect(eq(u32, member->generation, 1));
  cr_expect(X509_cmp(member->x509, other->x509) == 0);
  cr_expect(EVP_PKEY_eq(member->private_key, other->private_key) == 1);
  DrtBytes now = drt_chain_serialise(member), theirs = drt_chain_serialise(other);
  cr_expect(now.n == theirs.n && memcmp(now.at, theirs.at, now.n) == 0);
  cr_assert(eq(i32, DrtCertificateRenew(member, alone), S_OK));
  cr_expect(member->issuer == NULL && member->private_key == NULL);
  DrtCertificateFree(other);
  DrtCertificateFree(alone);
  cr_expect(X509_get0_pubkey(member->x509) != NULL);
  DrtCertificateFree(member);
  DrtCertificateFree(root);
}

/* Whoever made it may let go in any order. */
Test(security_certificate, is_counted)
{
  DRT_CERTIFICATE *root = test_pki_fixed(ROOT, ROOT_KEY, NULL),
                  *member = test_pki_fixed(MEMBER, MEMBER_KEY, root);
  cr_expect(eq(u32, root->references, 2));
  DrtCertificateFree(root);
  cr_expect(drt_certificate_hold(member) == member);
  DrtCertificateFree(member);
  cr_expect(eq(u32, member->references, 1));
  expect_chain(member, ROOT, 2);
  DrtCertificateFree(member);
}
