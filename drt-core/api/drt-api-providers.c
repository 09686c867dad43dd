/* Making and deleting the built-in providers (1.6, 1.7). */
#include "drt-api-private.h"

#include "drt-bootstrap-dns.h"
#include "drt-bootstrap-static.h"
#include "drt-provider-derived.h"
#include "drt-provider-null.h"

#define PEER_NAME_MAX 137
#define CLOUD_NAME_MAX 256

static HRESULT
ready(DrtLibrary **ret_library)
{
  *ret_library = drt_port_library();
  bool usable = *ret_library != NULL && (*ret_library)->has_handles;
  return usable && !(*ret_library)->shutting_down ? S_OK : E_UNEXPECTED;
}

HRESULT
DrtCreateNullSecurityProvider(DRT_SECURITY_PROVIDER **ppSecurityProvider)
{
  if (ppSecurityProvider == NULL) /* DEC-24 */
    return E_INVALIDARG;
  *ppSecurityProvider = NULL;
  DrtLibrary *library;
  HRESULT hr = ready(&library);
  if (hr != S_OK)
    return hr;
  *ppSecurityProvider = drt_null_provider_new(library->pool.memory);
  return *ppSecurityProvider == NULL ? E_OUTOFMEMORY : S_OK;
}

VOID
DrtDeleteNullSecurityProvider(DRT_SECURITY_PROVIDER *pSecurityProvider)
{
  drt_null_provider_free(pSecurityProvider);
}

/* What the settings leave of the specification's profile (H17). */
static DrtCryptoProfile
profile_of(const DrtLibrary *library)
{
  const DrtSettings *settings = &library->settings;
  return (DrtCryptoProfile){
    .key_bits = (uint32_t)settings->key_bits / 8 * 8,
    .hash = settings->signature_hash == 1 ? DRT_HASH_SHA1 : DRT_HASH_SHA2,
    .certificate_hash = settings->certificate_hash == 1 ? DRT_HASH_SHA1 : DRT_HASH_SHA2,
  };
}

HRESULT
DrtCreateDerivedKeySecurityProvider(PCCERT_CONTEXT pRootCert, PCCERT_CONTEXT pLocalCert,
                                    DRT_SECURITY_PROVIDER **ppSecurityProvider)
{
  if (ppSecurityProvider != NULL)
    *ppSecurityProvider = NULL;
  if (pRootCert == NULL || ppSecurityProvider == NULL)
    return E_INVALIDARG;
  DrtLibrary *library;
  HRESULT hr = ready(&library);
  if (hr != S_OK)
    return hr;
  DrtDerivedConfig config = {
    .memory = library->pool.memory,
    .machine = drt_port_machine(),
    .trust = &library->trust,
    .profile = profile_of(library),
  };
  return drt_derived_provider_new(&config, pRootCert, pLocalCert, ppSecurityProvider);
}

HRESULT
DrtCreateDerivedKey(PCCERT_CONTEXT pLocalCert, DRT_DATA *pKey)
{
  if (pLocalCert == NULL || pKey == NULL || pKey->pb == NULL || pKey->cb != DRT_KEY_LEN)
    return E_INVALIDARG;
  DrtLibrary *library;
  HRESULT hr = ready(&library);
  if (hr != S_OK)
    return hr;
  DrtCryptoProfile profile = profile_of(library);
  return drt_derived_key(&profile, pLocalCert, pKey->pb);
}

VOID
DrtDeleteDerivedKeySecurityProvider(DRT_SECURITY_PROVIDER *pSecurityProvider)
{
  drt_derived_provider_free(pSecurityProvider);
}

/* Characters before the terminator, or one more than @max. */
static uint32_t
length(PCWSTR text, uint32_t max)
{
  uint32_t n = 0;
  while (n <= max && text[n] != L'\0')
    n++;
  return n;
}

static bool
too_long(PCWSTR text, uint32_t max)
{
  return text != NULL && length(text, max) > max;
}

/* PNRP is a service of Windows; what can be checked without it is (DEC-58). */
HRESULT
DrtCreatePnrpBootstrapResolver(BOOL fPublish, PCWSTR pwzPeerName, PCWSTR pwzCloudName,
                               PCWSTR pwzPublishingIdentity, DRT_BOOTSTRAP_PROVIDER **ppResolver)
{
  (void)fPublish;
  if (ppResolver != NULL)
    *ppResolver = NULL;
  if (ppResolver == NULL || pwzPeerName == NULL || pwzPeerName[0] == L'\0' ||
      too_long(pwzPeerName, PEER_NAME_MAX) || too_long(pwzCloudName, CLOUD_NAME_MAX) ||
      too_long(pwzPublishingIdentity, PEER_NAME_MAX))
    return E_INVALIDARG;
  return E_NOTIMPL;
}

VOID
DrtDeletePnrpBootstrapResolver(DRT_BOOTSTRAP_PROVIDER *pResolver)
{
  (void)pResolver; /* none can exist */
}

HRESULT
DrtCreateDnsBootstrapResolver(USHORT port, PCWSTR pwszAddress, DRT_BOOTSTRAP_PROVIDER **ppModule)
{
  if (ppModule != NULL)
    *ppModule = NULL;
  if (pwszAddress == NULL || ppModule == NULL)
    return E_INVALIDARG;
  DrtLibrary *library;
  HRESULT hr = ready(&library);
  if (hr != S_OK)
    return hr;
  *ppModule = drt_bootstrap_dns_new(library->pool.memory, drt_port_machine(), port, pwszAddress);
  return *ppModule == NULL ? E_OUTOFMEMORY : S_OK;
}

VOID
DrtDeleteDnsBootstrapResolver(DRT_BOOTSTRAP_PROVIDER *pResolver)
{
  drt_bootstrap_free(pResolver);
}

HRESULT
DrtCreateStaticBootstrapResolver(const SOCKET_ADDRESS_LIST *pAddresses,
                                 DRT_BOOTSTRAP_PROVIDER **ppModule)
{
  if (ppModule != NULL)
    *ppModule = NULL;
  if (pAddresses == NULL || ppModule == NULL || pAddresses->iAddressCount < 0)
    return E_INVALIDARG;
  DrtLibrary *library;
  HRESULT hr = ready(&library);
  if (hr != S_OK)
    return hr;
  *ppModule = drt_bootstrap_static_new(library->pool.memory, pAddresses);
  return *ppModule == NULL ? E_OUTOFMEMORY : S_OK;
}

VOID
DrtDeleteStaticBootstrapResolver(DRT_BOOTSTRAP_PROVIDER *pResolver)
{
  drt_bootstrap_free(pResolver);
}
