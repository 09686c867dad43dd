/* The derived-key provider (drt-api 8.2): who publishes a key owns the certificate whose public key
 * it was derived from. */
#pragma once
#include "drt-certificate.h"
#include "drt-crypto.h"
#include "drt-trust.h"

typedef struct {
  DrtMemory memory;
  void *machine;   /* whose calendar and entropy are used, and who is told of the work */
  DrtTrust *trust; /* (transfer none), to outlive the provider */
  DrtCryptoProfile profile;
} DrtDerivedConfig;

/* @local may be NULL. S_OK or a failing HRESULT (drt-api 1.6). */
HRESULT drt_derived_provider_new(const DrtDerivedConfig *config, PCCERT_CONTEXT root,
                                 PCCERT_CONTEXT local, DRT_SECURITY_PROVIDER **ret);
/* NULL is ignored. */
void drt_derived_provider_free(DRT_SECURITY_PROVIDER *provider);
/* DrtCreateDerivedKey: 32 bytes in the order of the API. */
HRESULT drt_derived_key(const DrtCryptoProfile *profile, PCCERT_CONTEXT certificate, BYTE *to);
