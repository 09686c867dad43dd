/* Certificate chains as they travel (PROTOCOL.md 3.13): a PKCS #7 SignedData with nothing in it but
 * certificates, the root first and the owner's last.
 *
 * What is checked is a function of the bytes, the root and the time alone, so that the answer can be
 * remembered (drt-trust.h). Time is in seconds since 1970. */
#pragma once
#include "drt-certificate.h"
#include "drt-crypto.h"

/* A chain that is good from @from to @until. */
typedef struct {
  EVP_PKEY *owner; /* (transfer full) public key of the last certificate */
  int64_t from, until;
  uint32_t signatures; /* that had to be verified */
} DrtChainFacts;

/* The chain of @certificate, root first, in wire form; kept in it. Absent if there is no way to a
 * self-signed certificate, or no memory. */
DrtBytes drt_chain_serialise(DRT_CERTIFICATE *certificate);
/* 0 and *ret, or DRT_E_INVALID_CERT_CHAIN. The validity times are the caller's to compare. */
int32_t drt_chain_check(DrtBytes chain, const DRT_CERTIFICATE *root,
                        const DrtCryptoProfile *profile, DrtChainFacts *ret);
