/* Certificates for tests, made to order with libcrypto: good ones by the rules of PROTOCOL.md 3.13,
 * and each kind of bad one.
 *
 * Keys come from a small set that is made once a process: making one takes longer than all else. */
#pragma once
#include "drt.h"

#include <stdbool.h>

/* The host's calendar begins here: 2026-01-01. */
#define TEST_PKI_NOW INT64_C(1767225600)
#define TEST_PKI_DAY INT64_C(86400)
#define TEST_PKI_KEYS 12

/* How a certificate is to be made; all zero is a good one for key 0. */
typedef struct {
  unsigned key;         /* which of the keys it is about, below TEST_PKI_KEYS */
  unsigned bits;        /* of an RSA key; 0: 1024 */
  bool elliptic;        /* an EC key instead */
  bool sha2;            /* signed with SHA-256 instead of SHA-1 */
  int serial_bytes;     /* 0: 16 */
  int version;          /* as in the field; 0: 2, which is v3 */
  int64_t from, until;  /* seconds since 1970; 0: a day ago, in a year */
  bool authority;       /* may issue certificates */
  int path_length;      /* of an authority: one more than it says; 0: it says none */
  bool no_encipherment; /* a key usage that does not let it take AES keys */
  bool critical;        /* an extension that nobody knows */
  bool unique_id;
  unsigned name_length; /* of the common name; 0: a short one */
  const char *name;     /* or NULL */
  bool broken_signature;
  bool without_key; /* the private key is not part of it */
} TestPkiOrder;

/* Issued by @issuer, or by itself if that is NULL. (transfer full), never NULL. */
DRT_CERTIFICATE *test_pki_issue(const TestPkiOrder *order, PCCERT_CONTEXT issuer);
/* A self-signed root, and a certificate for key @key from it. */
DRT_CERTIFICATE *test_pki_root(void);
DRT_CERTIFICATE *test_pki_member(PCCERT_CONTEXT root, unsigned key);
/* The issuer's list with this one certificate on it, as PEM. (transfer full), free() */
char *test_pki_revocation(PCCERT_CONTEXT issuer, PCCERT_CONTEXT revoked);
/* The same of another time than TEST_PKI_NOW, in seconds since 1970. */
char *test_pki_revocation_at(PCCERT_CONTEXT issuer, PCCERT_CONTEXT revoked, int64_t at);
