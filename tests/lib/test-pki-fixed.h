/* Certificates that are the same in every process, made once with the openssl command line: for
 * fuzzers, whose inputs must mean the same each time, and for known answers. Their keys are public
 * by being here.
 *
 * They are good from TEST_PKI_FIXED_NOW on, for decades. */
#pragma once
#include "drt.h"

#define TEST_PKI_FIXED_NOW INT64_C(1800000000) /* 2027-01-15 */

/* PEM texts. */
extern const char test_pki_fixed_root[], test_pki_fixed_root_key[];
extern const char test_pki_fixed_member[], test_pki_fixed_member_key[];
extern const char test_pki_fixed_other[], test_pki_fixed_other_key[];
/* The root's list, with the other one on it. */
extern const char test_pki_fixed_list[];
/* The key derived from the member's certificate, as `openssl rsa -RSAPublicKey_out -outform DER |
 * sha256sum` has it. */
extern const unsigned char test_pki_fixed_derived[32];

/* A certificate with its private key, from two texts. (transfer full), never NULL. */
DRT_CERTIFICATE *test_pki_fixed(const char *certificate, const char *key, PCCERT_CONTEXT issuer);
