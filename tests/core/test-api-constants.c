/* Names, numbers, layouts and signatures of drt.h. */
#include "drt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdbool.h>
#include <stddef.h>

/* Written down once more, from the documents of Windows. */
static const struct {
  const char *name;
  HRESULT hr;
  uint32_t value;
} results[] = {
  { "TIMEOUT", DRT_E_TIMEOUT, 0x80621001 },
  { "INVALID_KEY_SIZE", DRT_E_INVALID_KEY_SIZE, 0x80621002 },
  { "INVALID_CERT_CHAIN", DRT_E_INVALID_CERT_CHAIN, 0x80621004 },
  { "INVALID_MESSAGE", DRT_E_INVALID_MESSAGE, 0x80621005 },
  { "NO_MORE", DRT_E_NO_MORE, 0x80621006 },
  { "INVALID_MAX_ADDRESSES", DRT_E_INVALID_MAX_ADDRESSES, 0x80621007 },
  { "SEARCH_IN_PROGRESS", DRT_E_SEARCH_IN_PROGRESS, 0x80621008 },
  { "INVALID_KEY", DRT_E_INVALID_KEY, 0x80621009 },
  { "S_RETRY", DRT_S_RETRY, 0x00621010 },
  { "INVALID_MAX_ENDPOINTS", DRT_E_INVALID_MAX_ENDPOINTS, 0x80621011 },
  { "INVALID_SEARCH_RANGE", DRT_E_INVALID_SEARCH_RANGE, 0x80621012 },
  { "INVALID_PORT", DRT_E_INVALID_PORT, 0x80622000 },
  { "INVALID_TRANSPORT_PROVIDER", DRT_E_INVALID_TRANSPORT_PROVIDER, 0x80622001 },
  { "INVALID_SECURITY_PROVIDER", DRT_E_INVALID_SECURITY_PROVIDER, 0x80622002 },
  { "STILL_IN_USE", DRT_E_STILL_IN_USE, 0x80622003 },
  { "INVALID_BOOTSTRAP_PROVIDER", DRT_E_INVALID_BOOTSTRAP_PROVIDER, 0x80622004 },
  { "INVALID_ADDRESS", DRT_E_INVALID_ADDRESS, 0x80622005 },
  { "INVALID_SCOPE", DRT_E_INVALID_SCOPE, 0x80622006 },
  { "TRANSPORT_SHUTTING_DOWN", DRT_E_TRANSPORT_SHUTTING_DOWN, 0x80622007 },
  { "NO_ADDRESSES_AVAILABLE", DRT_E_NO_ADDRESSES_AVAILABLE, 0x80622008 },
  { "DUPLICATE_KEY", DRT_E_DUPLICATE_KEY, 0x80622009 },
  { "TRANSPORTPROVIDER_IN_USE", DRT_E_TRANSPORTPROVIDER_IN_USE, 0x8062200A },
  { "TRANSPORTPROVIDER_NOT_ATTACHED", DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED, 0x8062200B },
  { "SECURITYPROVIDER_IN_USE", DRT_E_SECURITYPROVIDER_IN_USE, 0x8062200C },
  { "SECURITYPROVIDER_NOT_ATTACHED", DRT_E_SECURITYPROVIDER_NOT_ATTACHED, 0x8062200D },
  { "BOOTSTRAPPROVIDER_IN_USE", DRT_E_BOOTSTRAPPROVIDER_IN_USE, 0x8062200E },
  { "BOOTSTRAPPROVIDER_NOT_ATTACHED", DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED, 0x8062200F },
  { "TRANSPORT_ALREADY_BOUND", DRT_E_TRANSPORT_ALREADY_BOUND, 0x80622101 },
  { "TRANSPORT_NOT_BOUND", DRT_E_TRANSPORT_NOT_BOUND, 0x80622102 },
  { "TRANSPORT_UNEXPECTED", DRT_E_TRANSPORT_UNEXPECTED, 0x80622103 },
  { "TRANSPORT_INVALID_ARGUMENT", DRT_E_TRANSPORT_INVALID_ARGUMENT, 0x80622104 },
  { "TRANSPORT_NO_DEST_ADDRESSES", DRT_E_TRANSPORT_NO_DEST_ADDRESSES, 0x80622105 },
  { "TRANSPORT_EXECUTING_CALLBACK", DRT_E_TRANSPORT_EXECUTING_CALLBACK, 0x80622106 },
  { "TRANSPORT_ALREADY_EXISTS", DRT_E_TRANSPORT_ALREADY_EXISTS_FOR_SCOPE, 0x80622107 },
  { "INVALID_SETTINGS", DRT_E_INVALID_SETTINGS, 0x80622108 },
  { "INVALID_SEARCH_INFO", DRT_E_INVALID_SEARCH_INFO, 0x80622109 },
  { "FAULTED", DRT_E_FAULTED, 0x8062210A },
  { "TRANSPORT_STILL_BOUND", DRT_E_TRANSPORT_STILL_BOUND, 0x8062210B },
  { "INSUFFICIENT_BUFFER", DRT_E_INSUFFICIENT_BUFFER, 0x8062210C },
  { "INVALID_INSTANCE_PREFIX", DRT_E_INVALID_INSTANCE_PREFIX, 0x8062210D },
  { "INVALID_SECURITY_MODE", DRT_E_INVALID_SECURITY_MODE, 0x8062210E },
  { "CAPABILITY_MISMATCH", DRT_E_CAPABILITY_MISMATCH, 0x8062210F },
};
#define RESULTS (sizeof results / sizeof *results)

/* B001, B002, B003 */
Test(api_constants, results_have_the_values_of_windows)
{
  cr_expect(eq(sz, RESULTS, 42));
  cr_expect(eq(int, FACILITY_DRT, 98));
  for (size_t i = 0; i < RESULTS; i++) {
    cr_expect(eq(u32, (uint32_t)results[i].hr, results[i].value), "%s", results[i].name);
    cr_expect(eq(u32, (uint32_t)results[i].hr >> 16 & 0x1fff, 98), "%s", results[i].name);
    cr_expect(eq(int, results[i].hr < 0, results[i].hr != DRT_S_RETRY), "%s", results[i].name);
  }
  bool retry_is_no_failure = SUCCEEDED(DRT_S_RETRY);
  cr_expect(retry_is_no_failure);
  cr_expect(eq(u32, (uint32_t)E_INVALIDARG, 0x80070057));
  cr_expect(eq(u32, (uint32_t)E_OUTOFMEMORY, 0x8007000E));
  cr_expect(eq(u32, (uint32_t)E_HANDLE, 0x80070006));
  cr_expect(eq(u32, (uint32_t)E_UNEXPECTED, 0x8000FFFF));
  cr_expect(eq(u32, (uint32_t)E_FAIL, 0x80004005));
  cr_expect(eq(u32, (uint32_t)E_NOTIMPL, 0x80004001));
  cr_expect(eq(i32, S_OK, 0));
}

/* B004 */
Test(api_constants, enumerators_have_the_values_of_windows)
{
  static const struct {
    const char *name;
    int is, ought;
  } rows[] = {
    { "GLOBAL_SCOPE", DRT_GLOBAL_SCOPE, 1 },
    { "SITE_LOCAL_SCOPE", DRT_SITE_LOCAL_SCOPE, 2 },
    { "LINK_LOCAL_SCOPE", DRT_LINK_LOCAL_SCOPE, 3 },
    { "ACTIVE", DRT_ACTIVE, 0 },
    { "ALONE", DRT_ALONE, 1 },
    { "NO_NETWORK", DRT_NO_NETWORK, 10 },
    { "FAULTED", DRT_FAULTED, 20 },
    { "EXACT", DRT_MATCH_EXACT, 0 },
    { "NEAR", DRT_MATCH_NEAR, 1 },
    { "INTERMEDIATE", DRT_MATCH_INTERMEDIATE, 2 },
    { "ADDED", DRT_LEAFSET_KEY_ADDED, 0 },
    { "DELETED", DRT_LEAFSET_KEY_DELETED, 1 },
    { "STATUS_CHANGED", DRT_EVENT_STATUS_CHANGED, 0 },
    { "LEAFSET_KEY_CHANGED", DRT_EVENT_LEAFSET_KEY_CHANGED, 1 },
    { "REGISTRATION_STATE_CHANGED", DRT_EVENT_REGISTRATION_STATE_CHANGED, 2 },
    { "RESOLVE", DRT_SECURE_RESOLVE, 0 },
    { "MEMBERSHIP", DRT_SECURE_MEMBERSHIP, 1 },
    { "CONFIDENTIALPAYLOAD", DRT_SECURE_CONFIDENTIALPAYLOAD, 2 },
    { "UNRESOLVEABLE", DRT_REGISTRATION_STATE_UNRESOLVEABLE, 1 },
    { "ACCEPTED", DRT_ADDRESS_FLAG_ACCEPTED, 0x01 },
    { "REJECTED", DRT_ADDRESS_FLAG_REJECTED, 0x02 },
    { "UNREACHABLE", DRT_ADDRESS_FLAG_UNREACHABLE, 0x04 },
    { "LOOP", DRT_ADDRESS_FLAG_LOOP, 0x08 },
    { "TOO_BUSY", DRT_ADDRESS_FLAG_TOO_BUSY, 0x10 },
    { "BAD_VALIDATE_ID", DRT_ADDRESS_FLAG_BAD_VALIDATE_ID, 0x20 },
    { "SUSPECT_UNREGISTERED_ID", DRT_ADDRESS_FLAG_SUSPECT_UNREGISTERED_ID, 0x40 },
    { "INQUIRE", DRT_ADDRESS_FLAG_INQUIRE, 0x80 },
  };
  cr_expect(eq(sz, sizeof rows / sizeof *rows, 27));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(eq(int, rows[i].is, rows[i].ought), "%s", rows[i].name);
}

/* B005 */
Test(api_constants, limits_have_the_values_of_windows)
{
  cr_expect(eq(int, DRT_MIN_ROUTING_ADDRESSES, 1));
  cr_expect(eq(int, DRT_MAX_ROUTING_ADDRESSES, 20));
  cr_expect(eq(int, DRT_MAX_PAYLOAD_SIZE, 5120));
  cr_expect(eq(int, DRT_MAX_INSTANCE_PREFIX_LEN, 128));
  cr_expect(eq(int, DRT_PAYLOAD_REVOKED, 1));
  cr_expect(eq(u32, DRT_LINK_LOCAL_ISATAP_SCOPEID, 0xffffffff));
}

/* B006, B007: sizes where pointers have eight bytes, and the members that are easy to swap. */
Test(api_constants, structures_have_the_layout_of_windows)
{
  cr_expect(offsetof(DRT_SEARCH_INFO, pMaximumKey) < offsetof(DRT_SEARCH_INFO, pMinimumKey));
  cr_expect(eq(sz, offsetof(DRT_SEARCH_INFO, cMaxEndpoints), 16));
  cr_expect(eq(sz, offsetof(DRT_SEARCH_INFO, pMaximumKey), 24));
  cr_expect(eq(sz, sizeof(DRT_DATA), 16));
  cr_expect(eq(sz, sizeof(DRT_REGISTRATION), 32));
  cr_expect(eq(sz, sizeof(DRT_SETTINGS), 56));
  cr_expect(eq(sz, offsetof(DRT_SETTINGS, hTransport), 24));
  cr_expect(eq(sz, offsetof(DRT_SETTINGS, eSecurityMode), 48));
  cr_expect(eq(sz, sizeof(DRT_SEARCH_INFO), 40));
  cr_expect(eq(sz, sizeof(DRT_SEARCH_RESULT), 48));
  cr_expect(eq(sz, offsetof(DRT_SEARCH_RESULT, registration), 16));
  cr_expect(eq(sz, sizeof(DRT_ADDRESS), 144));
  cr_expect(eq(sz, offsetof(DRT_ADDRESS, flags), 128));
  cr_expect(eq(sz, sizeof(DRT_ADDRESS_LIST), 152));
  cr_expect(eq(sz, offsetof(DRT_ADDRESS_LIST, AddressList), 8));
  cr_expect(eq(sz, sizeof(DRT_EVENT_DATA), 56));
  cr_expect(eq(sz, offsetof(DRT_EVENT_DATA, leafsetKeyChange.localKey), 24));
  cr_expect(eq(sz, offsetof(DRT_EVENT_DATA, leafsetKeyChange.remoteKey), 40));
  cr_expect(eq(sz, offsetof(DRT_EVENT_DATA, statusChange.bootstrapAddresses.pAddresses), 32));
  cr_expect(eq(sz, sizeof(DRT_SECURITY_PROVIDER), 112));
  cr_expect(eq(sz, offsetof(DRT_SECURITY_PROVIDER, ValidateAndUnpackPayload), 40));
  cr_expect(eq(sz, offsetof(DRT_SECURITY_PROVIDER, VerifyData), 104));
  cr_expect(eq(sz, sizeof(DRT_BOOTSTRAP_PROVIDER), 64));
  cr_expect(eq(sz, offsetof(DRT_BOOTSTRAP_PROVIDER, Unregister), 56));
  cr_expect(eq(sz, sizeof(HRESULT), 4));
  cr_expect(eq(sz, sizeof(ULONG), 4));
  cr_expect(eq(sz, sizeof(BOOL), 4));
}

/* A001, A065, B008: that this compiles without a warning is the test. */
Test(api_constants, functions_have_the_signatures_of_windows)
{
  HRESULT (*const open)(const DRT_SETTINGS *, HANDLE, const PVOID, HDRT *) = DrtOpen;
  void (*const close)(HDRT) = DrtClose;
  HRESULT (*const event_size)(HDRT, ULONG *) = DrtGetEventDataSize;
  HRESULT (*const event_data)(HDRT, ULONG, DRT_EVENT_DATA *) = DrtGetEventData;
  HRESULT(*const reg)
  (HDRT, DRT_REGISTRATION *, PVOID, HDRT_REGISTRATION_CONTEXT *) = DrtRegisterKey;
  HRESULT (*const update)(HDRT_REGISTRATION_CONTEXT, DRT_DATA *) = DrtUpdateKey;
  void (*const unregister)(HDRT_REGISTRATION_CONTEXT) = DrtUnregisterKey;
  HRESULT(*const start)
  (HDRT, DRT_DATA *, const DRT_SEARCH_INFO *, ULONG, HANDLE, const PVOID, HDRT_SEARCH_CONTEXT *) =
    DrtStartSearch;
  HRESULT (*const go_on)(HDRT_SEARCH_CONTEXT) = DrtContinueSearch;
  HRESULT (*const result_size)(HDRT_SEARCH_CONTEXT, ULONG *) = DrtGetSearchResultSize;
  HRESULT (*const result)(HDRT_SEARCH_CONTEXT, ULONG, DRT_SEARCH_RESULT *) = DrtGetSearchResult;
  HRESULT (*const path_size)(HDRT_SEARCH_CONTEXT, ULONG *) = DrtGetSearchPathSize;
  HRESULT (*const path)(HDRT_SEARCH_CONTEXT, ULONG, DRT_ADDRESS_LIST *) = DrtGetSearchPath;
  HRESULT (*const end)(HDRT_SEARCH_CONTEXT) = DrtEndSearch;
  HRESULT (*const name_size)(HDRT, ULONG *) = DrtGetInstanceNameSize;
  HRESULT (*const name)(HDRT, ULONG, PWSTR) = DrtGetInstanceName;
  HRESULT(*const transport)
  (DRT_SCOPE, ULONG, ULONG, USHORT *, HDRT_TRANSPORT *) = DrtCreateIpv6UdpTransport;
  HRESULT (*const no_transport)(HDRT_TRANSPORT) = DrtDeleteIpv6UdpTransport;
  HRESULT(*const derived)
  (PCCERT_CONTEXT, PCCERT_CONTEXT, DRT_SECURITY_PROVIDER **) = DrtCreateDerivedKeySecurityProvider;
  HRESULT (*const derived_key)(PCCERT_CONTEXT, DRT_DATA *) = DrtCreateDerivedKey;
  void (*const no_derived)(DRT_SECURITY_PROVIDER *) = DrtDeleteDerivedKeySecurityProvider;
  HRESULT (*const null)(DRT_SECURITY_PROVIDER **) = DrtCreateNullSecurityProvider;
  void (*const no_null)(DRT_SECURITY_PROVIDER *) = DrtDeleteNullSecurityProvider;
  HRESULT(*const pnrp)
  (BOOL, PCWSTR, PCWSTR, PCWSTR, DRT_BOOTSTRAP_PROVIDER **) = DrtCreatePnrpBootstrapResolver;
  void (*const no_pnrp)(DRT_BOOTSTRAP_PROVIDER *) = DrtDeletePnrpBootstrapResolver;
  HRESULT (*const dns)(USHORT, PCWSTR, DRT_BOOTSTRAP_PROVIDER **) = DrtCreateDnsBootstrapResolver;
  void (*const no_dns)(DRT_BOOTSTRAP_PROVIDER *) = DrtDeleteDnsBootstrapResolver;
  bool all = open && close && event_size && event_data && reg && update && unregister && start &&
             go_on && result_size && result && path_size && path && end && name_size && name &&
             transport && no_transport && derived && derived_key && no_derived && null && no_null &&
             pnrp && no_pnrp && dns && no_dns;
  cr_expect(all);
}

/* A087 */
Test(api_constants, the_leaf_set_event_has_two_spellings)
{
  DRT_EVENT_TYPE type = DRT_EVENT_LEAFSET_KEY_CHANGE;
  cr_expect(eq(int, type, DRT_EVENT_LEAFSET_KEY_CHANGED));
  cr_expect(eq(int, type, 1));
}
