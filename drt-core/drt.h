/* The Distributed Routing Table, as an application sees it: the API of Windows, on portable types.
 *
 * Source that was written for drt.h of the Windows SDK compiles against this one. Names, values,
 * layouts and return codes are those of Windows (the numbered statements in
 * tests/core/statements.csv say which); what Windows leaves open is decided in PROTOCOL.md, "API".
 * Extra, and marked so: event objects, because there is no kernel to make them, and a bootstrap
 * provider from a fixed list.
 *
 * Keys are 32 bytes, least significant byte first (DEC-59). */
#pragma once
#include <stdint.h>
#include <sys/socket.h> /* struct sockaddr_storage: the type only */
#include <wchar.h>

/* Types of Windows with their fixed widths. */
typedef int32_t HRESULT;
typedef int32_t BOOL;
typedef uint8_t BYTE;
typedef uint16_t USHORT;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int32_t LONG;
typedef void *PVOID;
typedef wchar_t *PWSTR;
typedef const wchar_t *PCWSTR;
typedef void *HANDLE;
typedef struct sockaddr_storage SOCKADDR_STORAGE;
#define VOID void
#define WINAPI
#define CALLBACK
#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

typedef struct {
  struct sockaddr *lpSockaddr;
  int iSockaddrLength;
} SOCKET_ADDRESS;

typedef struct {
  int iAddressCount;
  SOCKET_ADDRESS Address[1]; /* iAddressCount of them */
} SOCKET_ADDRESS_LIST;

/* A certificate: DER, and its private key if it is one of ours. */
typedef struct DRT_CERTIFICATE DRT_CERTIFICATE;
typedef const DRT_CERTIFICATE *PCCERT_CONTEXT;

typedef struct {
  DWORD cbData;
  BYTE *pbData;
} CRYPT_OBJID_BLOB;

typedef struct {
  char *pszObjId;
  CRYPT_OBJID_BLOB Parameters;
} CRYPT_ALGORITHM_IDENTIFIER;

typedef struct {
  DWORD cbData;
  BYTE *pbData;
  DWORD cUnusedBits;
} CRYPT_BIT_BLOB;

typedef struct {
  CRYPT_ALGORITHM_IDENTIFIER Algorithm;
  CRYPT_BIT_BLOB PublicKey;
} CERT_PUBLIC_KEY_INFO;

/* Handles. NULL is never valid. */
typedef void *HDRT;
typedef void *HDRT_SEARCH_CONTEXT;
typedef void *HDRT_TRANSPORT;
typedef void *HDRT_REGISTRATION_CONTEXT;
typedef void *DRT_BOOTSTRAP_RESOLVE_CONTEXT;

/* Limits. */
#define DRT_PAYLOAD_REVOKED (1 << 0)
#define DRT_MIN_ROUTING_ADDRESSES 1
#define DRT_MAX_ROUTING_ADDRESSES 20
#define DRT_MAX_PAYLOAD_SIZE 5120
#define DRT_MAX_INSTANCE_PREFIX_LEN 128
#define DRT_LINK_LOCAL_ISATAP_SCOPEID 0xffffffff

/* Results. */
#define SUCCEEDED(hr) ((HRESULT)(hr) >= 0)
#define FAILED(hr) ((HRESULT)(hr) < 0)
#define S_OK ((HRESULT)0)
#define E_NOTIMPL ((HRESULT)0x80004001)
#define E_FAIL ((HRESULT)0x80004005)
#define E_UNEXPECTED ((HRESULT)0x8000ffff)
#define E_HANDLE ((HRESULT)0x80070006)
#define E_OUTOFMEMORY ((HRESULT)0x8007000e)
#define E_INVALIDARG ((HRESULT)0x80070057)

#define FACILITY_DRT 98
#define DRT_E_TIMEOUT ((HRESULT)0x80621001)
#define DRT_E_INVALID_KEY_SIZE ((HRESULT)0x80621002)
#define DRT_E_INVALID_CERT_CHAIN ((HRESULT)0x80621004)
#define DRT_E_INVALID_MESSAGE ((HRESULT)0x80621005)
#define DRT_E_NO_MORE ((HRESULT)0x80621006)
#define DRT_E_INVALID_MAX_ADDRESSES ((HRESULT)0x80621007)
#define DRT_E_SEARCH_IN_PROGRESS ((HRESULT)0x80621008)
#define DRT_E_INVALID_KEY ((HRESULT)0x80621009)
#define DRT_S_RETRY ((HRESULT)0x00621010)
#define DRT_E_INVALID_MAX_ENDPOINTS ((HRESULT)0x80621011)
#define DRT_E_INVALID_SEARCH_RANGE ((HRESULT)0x80621012)
#define DRT_E_INVALID_PORT ((HRESULT)0x80622000)
#define DRT_E_INVALID_TRANSPORT_PROVIDER ((HRESULT)0x80622001)
#define DRT_E_INVALID_SECURITY_PROVIDER ((HRESULT)0x80622002)
#define DRT_E_STILL_IN_USE ((HRESULT)0x80622003)
#define DRT_E_INVALID_BOOTSTRAP_PROVIDER ((HRESULT)0x80622004)
#define DRT_E_INVALID_ADDRESS ((HRESULT)0x80622005)
#define DRT_E_INVALID_SCOPE ((HRESULT)0x80622006)
#define DRT_E_TRANSPORT_SHUTTING_DOWN ((HRESULT)0x80622007)
#define DRT_E_NO_ADDRESSES_AVAILABLE ((HRESULT)0x80622008)
#define DRT_E_DUPLICATE_KEY ((HRESULT)0x80622009)
#define DRT_E_TRANSPORTPROVIDER_IN_USE ((HRESULT)0x8062200a)
#define DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED ((HRESULT)0x8062200b)
#define DRT_E_SECURITYPROVIDER_IN_USE ((HRESULT)0x8062200c)
#define DRT_E_SECURITYPROVIDER_NOT_ATTACHED ((HRESULT)0x8062200d)
#define DRT_E_BOOTSTRAPPROVIDER_IN_USE ((HRESULT)0x8062200e)
#define DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED ((HRESULT)0x8062200f)
#define DRT_E_TRANSPORT_ALREADY_BOUND ((HRESULT)0x80622101)
#define DRT_E_TRANSPORT_NOT_BOUND ((HRESULT)0x80622102)
#define DRT_E_TRANSPORT_UNEXPECTED ((HRESULT)0x80622103)
#define DRT_E_TRANSPORT_INVALID_ARGUMENT ((HRESULT)0x80622104)
#define DRT_E_TRANSPORT_NO_DEST_ADDRESSES ((HRESULT)0x80622105)
#define DRT_E_TRANSPORT_EXECUTING_CALLBACK ((HRESULT)0x80622106)
#define DRT_E_TRANSPORT_ALREADY_EXISTS_FOR_SCOPE ((HRESULT)0x80622107)
#define DRT_E_INVALID_SETTINGS ((HRESULT)0x80622108)
#define DRT_E_INVALID_SEARCH_INFO ((HRESULT)0x80622109)
#define DRT_E_FAULTED ((HRESULT)0x8062210a)
#define DRT_E_TRANSPORT_STILL_BOUND ((HRESULT)0x8062210b)
#define DRT_E_INSUFFICIENT_BUFFER ((HRESULT)0x8062210c)
#define DRT_E_INVALID_INSTANCE_PREFIX ((HRESULT)0x8062210d)
#define DRT_E_INVALID_SECURITY_MODE ((HRESULT)0x8062210e)
#define DRT_E_CAPABILITY_MISMATCH ((HRESULT)0x8062210f)

typedef enum drt_scope_tag {
  DRT_GLOBAL_SCOPE = 1,
  DRT_SITE_LOCAL_SCOPE = 2,
  DRT_LINK_LOCAL_SCOPE = 3,
} DRT_SCOPE;

typedef enum drt_status_tag {
  DRT_ACTIVE = 0,
  DRT_ALONE = 1,
  DRT_NO_NETWORK = 10,
  DRT_FAULTED = 20,
} DRT_STATUS;

typedef enum drt_match_type_tag {
  DRT_MATCH_EXACT = 0,
  DRT_MATCH_NEAR = 1,
  DRT_MATCH_INTERMEDIATE = 2,
} DRT_MATCH_TYPE;

typedef enum drt_leafset_key_change_type_tag {
  DRT_LEAFSET_KEY_ADDED = 0,
  DRT_LEAFSET_KEY_DELETED = 1,
} DRT_LEAFSET_KEY_CHANGE_TYPE;

typedef enum drt_event_type_tag {
  DRT_EVENT_STATUS_CHANGED = 0,
  DRT_EVENT_LEAFSET_KEY_CHANGED = 1,
  DRT_EVENT_REGISTRATION_STATE_CHANGED = 2,
} DRT_EVENT_TYPE;
#define DRT_EVENT_LEAFSET_KEY_CHANGE DRT_EVENT_LEAFSET_KEY_CHANGED /* as some pages spell it */

typedef enum drt_security_mode_tag {
  DRT_SECURE_RESOLVE = 0,
  DRT_SECURE_MEMBERSHIP = 1,
  DRT_SECURE_CONFIDENTIALPAYLOAD = 2,
} DRT_SECURITY_MODE;

typedef enum drt_registration_state_tag {
  DRT_REGISTRATION_STATE_UNRESOLVEABLE = 1,
} DRT_REGISTRATION_STATE;

typedef enum drt_address_flags_tag {
  DRT_ADDRESS_FLAG_ACCEPTED = 0x01,
  DRT_ADDRESS_FLAG_REJECTED = 0x02,
  DRT_ADDRESS_FLAG_UNREACHABLE = 0x04,
  DRT_ADDRESS_FLAG_LOOP = 0x08,
  DRT_ADDRESS_FLAG_TOO_BUSY = 0x10,
  DRT_ADDRESS_FLAG_BAD_VALIDATE_ID = 0x20,
  DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID = 0x40,
  DRT_ADDRESS_FLAG_INQUIRE = 0x80,
} DRT_ADDRESS_FLAGS;

typedef struct drt_data_tag {
  ULONG cb;
  BYTE *pb;
} DRT_DATA, *PDRT_DATA;
typedef const DRT_DATA *PCDRT_DATA;

typedef struct drt_registration_tag {
  DRT_DATA key;     /* 32 bytes */
  DRT_DATA appData; /* 1 to DRT_MAX_PAYLOAD_SIZE bytes */
} DRT_REGISTRATION, *PDRT_REGISTRATION;
typedef const DRT_REGISTRATION *PCDRT_REGISTRATION;

/* Security providers (drt-api 8.1). Every callback must be there. */
typedef struct drt_security_provider_tag DRT_SECURITY_PROVIDER, *PDRT_SECURITY_PROVIDER;
typedef const DRT_SECURITY_PROVIDER *PCDRT_SECURITY_PROVIDER;
struct drt_security_provider_tag {
  PVOID pvContext; /* the first argument of every callback */
  HRESULT (*Attach)(const PVOID pvContext);
  VOID (*Detach)(const PVOID pvContext);
  HRESULT(*RegisterKey)
  (const PVOID pvContext, const DRT_REGISTRATION *pRegistration, PVOID pvKeyContext);
  HRESULT (*UnregisterKey)(const PVOID pvContext, const DRT_DATA *pKey, PVOID pvKeyContext);
  HRESULT(*ValidateAndUnpackPayload)
  (const PVOID pvContext, DRT_DATA *pSecuredAddressPayload, DRT_DATA *pCertChain,
   DRT_DATA *pClassifier, DRT_DATA *pNonce, DRT_DATA *pSecuredPayload, BYTE *pbProtocolMajor,
   BYTE *pbProtocolMinor, DRT_DATA *pKey, DRT_DATA *pPayload, CERT_PUBLIC_KEY_INFO **ppPublicKey,
   SOCKET_ADDRESS_LIST **ppAddressList, DWORD *pdwFlags);
  HRESULT(*SecureAndPackPayload)
  (const PVOID pvContext, PVOID pvKeyContext, BYTE bProtocolMajor, BYTE bProtocolMinor,
   DWORD dwFlags, const DRT_DATA *pKey, const DRT_DATA *pPayload,
   const SOCKET_ADDRESS_LIST *pAddressList, const DRT_DATA *pNonce,
   DRT_DATA *pSecuredAddressPayload, DRT_DATA *pClassifier, DRT_DATA *pSecuredPayload,
   DRT_DATA *pCertChain);
  void (*FreeData)(const PVOID pvContext, PVOID pv);
  HRESULT(*EncryptData)
  (const PVOID pvContext, const DRT_DATA *pRemoteCredential, DWORD dwBuffers,
   DRT_DATA *pDataBuffers, DRT_DATA *pEncryptedBuffers, DRT_DATA *pKeyToken);
  HRESULT(*DecryptData)
  (const PVOID pvContext, DRT_DATA *pKeyToken, const PVOID pvKeyContext, DWORD dwBuffers,
   DRT_DATA *pData);
  HRESULT (*GetSerializedCredential)(const PVOID pvContext, DRT_DATA *pSelfCredential);
  HRESULT (*ValidateRemoteCredential)(const PVOID pvContext, DRT_DATA *pRemoteCredential);
  HRESULT(*SignData)
  (const PVOID pvContext, DWORD dwBuffers, DRT_DATA *pDataBuffers, DRT_DATA *pKeyIdentifier,
   DRT_DATA *pSignature);
  HRESULT(*VerifyData)
  (const PVOID pvContext, DWORD dwBuffers, DRT_DATA *pDataBuffers, DRT_DATA *pRemoteCredentials,
   DRT_DATA *pKeyIdentifier, DRT_DATA *pSignature);
};

/* Bootstrap providers (drt-api 8.3). Never entered concurrently. Every callback must be there. */
typedef void (*DRT_BOOTSTRAP_RESOLVE_CALLBACK)(HRESULT hr, PVOID pvContext,
                                               SOCKET_ADDRESS_LIST *pAddresses, BOOL fFatalError);

typedef struct drt_bootstrap_provider_tag DRT_BOOTSTRAP_PROVIDER, *PDRT_BOOTSTRAP_PROVIDER;
typedef const DRT_BOOTSTRAP_PROVIDER *PCDRT_BOOTSTRAP_PROVIDER;
struct drt_bootstrap_provider_tag {
  PVOID pvContext;
  HRESULT (*Attach)(const PVOID pvContext);
  VOID (*Detach)(const PVOID pvContext);
  HRESULT(*InitResolve)
  (const PVOID pvContext, BOOL fSplitDetect, ULONG timeout, ULONG cMaxResults,
   DRT_BOOTSTRAP_RESOLVE_CONTEXT *ResolveContext, BOOL *fFatalError);
  HRESULT(*IssueResolve)
  (const PVOID pvContext, const PVOID pvCallbackContext, DRT_BOOTSTRAP_RESOLVE_CALLBACK callback,
   DRT_BOOTSTRAP_RESOLVE_CONTEXT ResolveContext, BOOL *fFatalError);
  VOID (*EndResolve)(const PVOID pvContext, DRT_BOOTSTRAP_RESOLVE_CONTEXT ResolveContext);
  HRESULT (*Register)(const PVOID pvContext, const SOCKET_ADDRESS_LIST *pAddressList);
  VOID (*Unregister)(const PVOID pvContext);
};

typedef struct drt_settings_tag {
  DWORD dwSize;
  ULONG cbKey; /* 32 */
  BYTE bProtocolMajorVersion;
  BYTE bProtocolMinorVersion;
  ULONG ulMaxRoutingAddresses;
  PWSTR pwzDrtInstancePrefix;
  HDRT_TRANSPORT hTransport;
  DRT_SECURITY_PROVIDER *pSecurityProvider;
  DRT_BOOTSTRAP_PROVIDER *pBootstrapProvider;
  DRT_SECURITY_MODE eSecurityMode;
} DRT_SETTINGS, *PDRT_SETTINGS;
typedef const DRT_SETTINGS *PCDRT_SETTINGS;

typedef struct drt_search_info_tag {
  DWORD dwSize;
  BOOL fIterative;
  BOOL fAllowCurrentInstanceMatch;
  BOOL fAnyMatchInRange;
  ULONG cMaxEndpoints;
  DRT_DATA *pMaximumKey;
  DRT_DATA *pMinimumKey;
} DRT_SEARCH_INFO, *PDRT_SEARCH_INFO;
typedef const DRT_SEARCH_INFO *PCDRT_SEARCH_INFO;

typedef struct drt_address_tag {
  SOCKADDR_STORAGE socketAddress;
  ULONG flags; /* of DRT_ADDRESS_FLAGS */
  LONG nearness;
  ULONG latency; /* milliseconds */
} DRT_ADDRESS, *PDRT_ADDRESS;

typedef struct drt_address_list_tag {
  ULONG AddressCount;
  DRT_ADDRESS AddressList[1]; /* AddressCount of them */
} DRT_ADDRESS_LIST, *PDRT_ADDRESS_LIST;
typedef const DRT_ADDRESS_LIST *PCDRT_ADDRESS_LIST;

typedef struct drt_search_result_tag {
  DWORD dwSize;
  DRT_MATCH_TYPE type;
  PVOID pvContext;
  DRT_REGISTRATION registration;
} DRT_SEARCH_RESULT, *PDRT_SEARCH_RESULT;
typedef const DRT_SEARCH_RESULT *PCDRT_SEARCH_RESULT;

typedef struct drt_event_data_tag {
  DRT_EVENT_TYPE type;
  HRESULT hr;
  PVOID pvContext;
  union {
    struct {
      DRT_LEAFSET_KEY_CHANGE_TYPE change;
      DRT_DATA localKey;
      DRT_DATA remoteKey;
    } leafsetKeyChange;
    struct {
      DRT_REGISTRATION_STATE state;
      DRT_DATA localKey;
    } registrationStateChange;
    struct {
      DRT_STATUS status;
      struct {
        ULONG cntAddress;
        SOCKADDR_STORAGE *pAddresses;
      } bootstrapAddresses;
    } statusChange;
  };
} DRT_EVENT_DATA, *PDRT_EVENT_DATA;
typedef const DRT_EVENT_DATA *PCDRT_EVENT_DATA;

/* Life cycle (drt-api 1.1). */
HRESULT WINAPI DrtOpen(const DRT_SETTINGS *pSettings, HANDLE hEvent, const PVOID pvContext,
                       HDRT *phDrt);
VOID WINAPI DrtClose(HDRT hDrt);
HRESULT WINAPI DrtGetEventDataSize(HDRT hDrt, ULONG *pulEventDataLen);
HRESULT WINAPI DrtGetEventData(HDRT hDrt, ULONG ulEventDataLen, DRT_EVENT_DATA *pEventData);

/* Keys (1.2). */
HRESULT WINAPI DrtRegisterKey(HDRT hDrt, DRT_REGISTRATION *pRegistration, PVOID pvKeyContext,
                              HDRT_REGISTRATION_CONTEXT *phKeyRegistration);
HRESULT WINAPI DrtUpdateKey(HDRT_REGISTRATION_CONTEXT hKeyRegistration, DRT_DATA *pAppData);
VOID WINAPI DrtUnregisterKey(HDRT_REGISTRATION_CONTEXT hKeyRegistration);

/* Searches (1.3). */
HRESULT WINAPI DrtStartSearch(HDRT hDrt, DRT_DATA *pKey, const DRT_SEARCH_INFO *pInfo,
                              ULONG timeout, HANDLE hEvent, const PVOID pvContext,
                              HDRT_SEARCH_CONTEXT *hSearchContext);
HRESULT WINAPI DrtContinueSearch(HDRT_SEARCH_CONTEXT hSearchContext);
HRESULT WINAPI DrtGetSearchResultSize(HDRT_SEARCH_CONTEXT hSearchContext,
                                      ULONG *pulSearchResultSize);
HRESULT WINAPI DrtGetSearchResult(HDRT_SEARCH_CONTEXT hSearchContext, ULONG ulSearchResultSize,
                                  DRT_SEARCH_RESULT *pSearchResult);
HRESULT WINAPI DrtGetSearchPathSize(HDRT_SEARCH_CONTEXT hSearchContext, ULONG *pulSearchPathSize);
HRESULT WINAPI DrtGetSearchPath(HDRT_SEARCH_CONTEXT hSearchContext, ULONG ulSearchPathSize,
                                DRT_ADDRESS_LIST *pSearchPath);
HRESULT WINAPI DrtEndSearch(HDRT_SEARCH_CONTEXT hSearchContext);

/* Instance name (1.4). */
HRESULT WINAPI DrtGetInstanceNameSize(HDRT hDrt, ULONG *pulcbInstanceNameSize);
HRESULT WINAPI DrtGetInstanceName(HDRT hDrt, ULONG ulcbInstanceNameSize, PWSTR pwzDrtInstanceName);

/* Transport (1.5). */
HRESULT WINAPI DrtCreateIpv6UdpTransport(DRT_SCOPE scope, ULONG dwScopeId,
                                         ULONG dwLocalityThreshold, USHORT *pwPort,
                                         HDRT_TRANSPORT *phTransport);
HRESULT WINAPI DrtDeleteIpv6UdpTransport(HDRT_TRANSPORT hTransport);

/* Security providers (1.6). */
HRESULT WINAPI DrtCreateDerivedKeySecurityProvider(PCCERT_CONTEXT pRootCert,
                                                   PCCERT_CONTEXT pLocalCert,
                                                   DRT_SECURITY_PROVIDER **ppSecurityProvider);
HRESULT WINAPI DrtCreateDerivedKey(PCCERT_CONTEXT pLocalCert, DRT_DATA *pKey);
VOID WINAPI DrtDeleteDerivedKeySecurityProvider(DRT_SECURITY_PROVIDER *pSecurityProvider);
HRESULT WINAPI DrtCreateNullSecurityProvider(DRT_SECURITY_PROVIDER **ppSecurityProvider);
VOID WINAPI DrtDeleteNullSecurityProvider(DRT_SECURITY_PROVIDER *pSecurityProvider);

/* Bootstrap providers (1.7). */
HRESULT WINAPI DrtCreatePnrpBootstrapResolver(BOOL fPublish, PCWSTR pwzPeerName,
                                              PCWSTR pwzCloudName, PCWSTR pwzPublishingIdentity,
                                              DRT_BOOTSTRAP_PROVIDER **ppResolver);
VOID WINAPI DrtDeletePnrpBootstrapResolver(DRT_BOOTSTRAP_PROVIDER *pResolver);
HRESULT WINAPI DrtCreateDnsBootstrapResolver(USHORT port, PCWSTR pwszAddress,
                                             DRT_BOOTSTRAP_PROVIDER **ppModule);
VOID WINAPI DrtDeleteDnsBootstrapResolver(DRT_BOOTSTRAP_PROVIDER *pResolver);

/* Ours: a bootstrap that always names the same nodes. The list is copied. */
HRESULT WINAPI DrtCreateStaticBootstrapResolver(const SOCKET_ADDRESS_LIST *pAddresses,
                                                DRT_BOOTSTRAP_PROVIDER **ppModule);
VOID WINAPI DrtDeleteStaticBootstrapResolver(DRT_BOOTSTRAP_PROVIDER *pResolver);

/* Ours: certificates, which Windows has functions of its own for. A certificate is counted: whoever
 * made it lets go of it with DrtCertificateFree (NULL is ignored), while a provider that was given
 * one keeps it for as long as it needs it.
 *
 * FromPem reads the text of files in the form of openssl: first the certificate itself, then, in any
 * order, those that issued it, the private key (no password) and a revocation list. pIssuer may name
 * the issuer of the last of them. FromDer makes a certificate that stands alone, as one of Windows
 * without a certificate store does: no chain can be built from it. E_INVALIDARG: not readable, or the
 * private key is that of another certificate. */
HRESULT WINAPI DrtCertificateFromPem(const char *pPem, ULONG cbPem, PCCERT_CONTEXT pIssuer,
                                     DRT_CERTIFICATE **ppCertificate);
HRESULT WINAPI DrtCertificateFromDer(const BYTE *pbEncoded, ULONG cbEncoded,
                                     DRT_CERTIFICATE **ppCertificate);
VOID WINAPI DrtCertificateFree(PCCERT_CONTEXT pCertificate);
/* The object is this other certificate from now on, wherever it is in use. */
HRESULT WINAPI DrtCertificateRenew(DRT_CERTIFICATE *pCertificate, PCCERT_CONTEXT pBy);
/* The certificates that the issuer has revoked are those of this list (PEM), which it has signed.
 * E_INVALIDARG for a list that is older than the one it has. (FromPem leaves the newer one, too.) */
HRESULT WINAPI DrtCertificateRevoke(DRT_CERTIFICATE *pIssuer, const char *pPem, ULONG cbPem);

/* Ours: event objects, for the HANDLEs of DrtOpen and DrtStartSearch (drt-api 7.5). DrtEventWait
 * never blocks: it says whether the event is set now, and an event that is not manual-reset is reset
 * by that. A host that can let time pass builds its own waiting on it. Bad handles: FALSE. */
HANDLE WINAPI DrtEventCreate(BOOL fManualReset, BOOL fInitialState); /* NULL without memory */
BOOL WINAPI DrtEventSet(HANDLE hEvent);
BOOL WINAPI DrtEventReset(HANDLE hEvent);
BOOL WINAPI DrtEventWait(HANDLE hEvent); /* TRUE: it was set */
BOOL WINAPI DrtEventClose(HANDLE hEvent);
