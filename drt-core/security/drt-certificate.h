/* Certificates of the application: the object behind PCCERT_CONTEXT (drt-api 0).
 *
 * An object is an X.509 certificate, the private key if it is one of ours, the object of its issuer,
 * and the revocation list that it issued itself. It is counted: providers hold what they need for as
 * long as they need it. What it holds can be exchanged for a renewed certificate at any time, so
 * nobody keeps anything of its inside but by @generation. */
#pragma once
#include "drt.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

struct DRT_CERTIFICATE {
  uint32_t references;
  uint32_t generation; /* how often what follows has changed */
  X509 *x509;
  EVP_PKEY *private_key;   /* or NULL */
  DRT_CERTIFICATE *issuer; /* one reference, or NULL */
  X509_CRL *revoked;       /* what it, as an issuer, has taken back; or NULL */
  bool has_store;          /* it came with all that is needed to check it */
  uint8_t *chain;          /* serialised up to the root (3.13), once asked for */
  uint32_t chain_n;
  uint8_t *public_key; /* as drt-crypto.h lays it out, once asked for */
  uint32_t public_key_n;
  STACK_OF(X509) * chain_of; /* what is in it: an issuer may be renewed */
};

/* One more reference. (transfer full) */
DRT_CERTIFICATE *drt_certificate_hold(PCCERT_CONTEXT certificate);
/* The issuer's list names the certificate. */
bool drt_certificate_is_revoked(const DRT_CERTIFICATE *issuer, X509 *certificate);
