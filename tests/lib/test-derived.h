/* A derived-key provider without an instance around it: its callbacks are called by hand.
 *
 * Needs a host for the calendar. Plain: may be used without Criterion. */
#pragma once
#include "drt-provider-derived.h"

#include "test-memory.h"

typedef struct {
  TestMemory memory;
  DrtTrust trust;
  DrtDerivedConfig config;
  DRT_SECURITY_PROVIDER *provider; /* NULL if it was refused */
} TestDerived;

/* The profile of the specification: 1024 bits, SHA-1 under certificates, SHA-256 elsewhere. */
#define TEST_DERIVED_PROFILE                                                                       \
  ((DrtCryptoProfile){ .key_bits = 1024, .hash = DRT_HASH_SHA2, .certificate_hash = DRT_HASH_SHA1 })

HRESULT test_derived_init(TestDerived *derived, const DrtCryptoProfile *profile,
                          PCCERT_CONTEXT root, PCCERT_CONTEXT local);
/* Ends the test if a piece of memory was not given back. */
void test_derived_clear(TestDerived *derived);
/* FreeData, if there is anything; the data is absent afterwards. */
void test_derived_free(TestDerived *derived, DRT_DATA *data);

/* What ValidateAndUnpackPayload has put out. */
typedef struct {
  BYTE major, minor;
  DWORD flags;
  DRT_DATA key, payload;
  CERT_PUBLIC_KEY_INFO *public_key;
  SOCKET_ADDRESS_LIST *addresses;
} TestUnpacked;

/* Absent arguments: NULL. Ends the test if a failing call leaves anything behind. */
HRESULT test_derived_unpack(TestDerived *derived, DRT_DATA cpa, DRT_DATA *chain, DRT_DATA *nonce,
                            DRT_DATA *payload, TestUnpacked *ret);
void test_derived_unpacked_free(TestDerived *derived, TestUnpacked *unpacked);
