/* A program written as the sample of the Windows SDK is, on the names of Windows alone: open, wait
 * for ACTIVE, register, search, look at the path, unregister, close. Waiting is the one thing that
 * the host does for it. */
#include "drt.h"

#include "test-host.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define KEYSIZE 32

typedef struct DRT_CONTEXT {
  DRT_SETTINGS settings;
  HDRT hDrt;
  HANDLE eventHandle;
  int machine;
} DRT_CONTEXT;

static TestHost *g_host;

static DWORD
WaitForEvent(HANDLE hEvent, ULONG dwMilliseconds)
{
  return test_host_wait(g_host, hEvent, dwMilliseconds) ? 0 : 0x102;
}

static HRESULT
InitializeDrt(DRT_CONTEXT *Drt)
{
  USHORT port = 0;
  Drt->settings.dwSize = sizeof(DRT_SETTINGS);
  Drt->settings.cbKey = KEYSIZE;
  Drt->settings.ulMaxRoutingAddresses = 4;
  Drt->settings.bProtocolMajorVersion = 0x6;
  Drt->settings.bProtocolMinorVersion = 0x65;
  Drt->settings.eSecurityMode = DRT_SECURE_RESOLVE;
  Drt->settings.pwzDrtInstancePrefix = (PWSTR)L"Local_DRT";
  Drt->settings.hTransport = NULL;
  Drt->settings.pSecurityProvider = NULL;
  Drt->settings.pBootstrapProvider = NULL;

  test_host_enter(g_host, (uint32_t)Drt->machine);
  HRESULT hr =
    DrtCreateIpv6UdpTransport(DRT_GLOBAL_SCOPE, 0, 300, &port, &Drt->settings.hTransport);
  if (SUCCEEDED(hr))
    hr = DrtCreateNullSecurityProvider(&Drt->settings.pSecurityProvider);
  if (SUCCEEDED(hr))
    hr = DrtCreateDnsBootstrapResolver(50000, L"machine0", &Drt->settings.pBootstrapProvider);
  if (SUCCEEDED(hr)) {
    Drt->eventHandle = DrtEventCreate(FALSE, FALSE);
    hr = Drt->eventHandle == NULL ? E_OUTOFMEMORY : S_OK;
  }
  if (SUCCEEDED(hr))
    hr = DrtOpen(&Drt->settings, Drt->eventHandle, Drt, &Drt->hDrt);
  return hr;
}

/* One event per signal, as the sample's callback does. */
static BOOL
WaitForStatus(DRT_CONTEXT *Drt, DRT_STATUS status)
{
  BOOL fReached = FALSE;
  while (!fReached && WaitForEvent(Drt->eventHandle, 60000) == 0) {
    ULONG ulDrtEventDataLen = 0;
    test_host_enter(g_host, (uint32_t)Drt->machine);
    HRESULT hr = DrtGetEventDataSize(Drt->hDrt, &ulDrtEventDataLen);
    if (FAILED(hr))
      continue;
    DRT_EVENT_DATA *pEventData = (DRT_EVENT_DATA *)malloc(ulDrtEventDataLen);
    if (pEventData == NULL)
      return FALSE;
    hr = DrtGetEventData(Drt->hDrt, ulDrtEventDataLen, pEventData);
    if (SUCCEEDED(hr) && pEventData->pvContext == Drt &&
        pEventData->type == DRT_EVENT_STATUS_CHANGED)
      fReached = pEventData->statusChange.status == status;
    free(pEventData);
  }
  return fReached;
}

static HRESULT
RegisterKey(DRT_CONTEXT *Drt, BYTE *pbKey, BYTE *pbPayload, ULONG cbPayload,
            HDRT_REGISTRATION_CONTEXT *phRegistration)
{
  DRT_REGISTRATION registration;
  registration.key.cb = KEYSIZE;
  registration.key.pb = pbKey;
  registration.appData.cb = cbPayload;
  registration.appData.pb = pbPayload;
  test_host_enter(g_host, (uint32_t)Drt->machine);
  return DrtRegisterKey(Drt->hDrt, &registration, NULL, phRegistration);
}

/* The addresses contacted, and whether one of them was of use. */
static ULONG
DumpPath(HDRT_SEARCH_CONTEXT hSearchContext)
{
  ULONG ulPathSize = 0, cUseful = 0;
  if (FAILED(DrtGetSearchPathSize(hSearchContext, &ulPathSize)))
    return 0;
  DRT_ADDRESS_LIST *pAddresses = (DRT_ADDRESS_LIST *)malloc(ulPathSize);
  if (pAddresses != NULL && SUCCEEDED(DrtGetSearchPath(hSearchContext, ulPathSize, pAddresses)))
    for (ULONG i = 0; i < pAddresses->AddressCount; i++) {
      const struct sockaddr_in6 *pAddress =
        (const struct sockaddr_in6 *)&pAddresses->AddressList[i].socketAddress;
      cr_expect(eq(int, pAddress->sin6_family, AF_INET6));
      if (pAddresses->AddressList[i].flags & DRT_ADDRESS_FLAG_ACCEPTED)
        cUseful++;
    }
  free(pAddresses);
  return cUseful;
}

static HRESULT
PerformDrtSearch(DRT_CONTEXT *Drt, BYTE *pbKey, char *pszFound, ULONG cbFound)
{
  HDRT_SEARCH_CONTEXT hSearchContext = NULL;
  DRT_DATA key = { KEYSIZE, pbKey };
  BOOL fKeepSearching = TRUE;
  HRESULT hr;
  test_host_enter(g_host, (uint32_t)Drt->machine);
  HANDLE hSearchEvent = DrtEventCreate(TRUE, FALSE);
  hr = DrtStartSearch(Drt->hDrt, &key, NULL, 5000, hSearchEvent, NULL, &hSearchContext);
  while (SUCCEEDED(hr) && fKeepSearching && WaitForEvent(hSearchEvent, 6000) == 0) {
    ULONG ulSearchResultSize = 0;
    hr = DrtGetSearchResultSize(hSearchContext, &ulSearchResultSize);
    if (hr == DRT_E_SEARCH_IN_PROGRESS) {
      hr = S_OK;
      continue;
    }
    if (hr == DRT_E_NO_MORE) {
      hr = S_OK;
      break;
    }
    DRT_SEARCH_RESULT *pResult =
      FAILED(hr) ? NULL : (DRT_SEARCH_RESULT *)malloc(ulSearchResultSize);
    if (pResult == NULL)
      break;
    hr = DrtGetSearchResult(hSearchContext, ulSearchResultSize, pResult);
    if (SUCCEEDED(hr) && pResult->type == DRT_MATCH_EXACT &&
        pResult->registration.appData.cb < cbFound) {
      memcpy(pszFound, pResult->registration.appData.pb, pResult->registration.appData.cb);
      pszFound[pResult->registration.appData.cb] = '\0';
      cr_expect(DumpPath(hSearchContext) > 0);
    }
    free(pResult);
  }
  if (hSearchContext != NULL)
    DrtEndSearch(hSearchContext);
  DrtEventClose(hSearchEvent);
  return hr;
}

static void
CleanupDrt(DRT_CONTEXT *Drt)
{
  test_host_enter(g_host, (uint32_t)Drt->machine);
  if (Drt->hDrt != NULL)
    DrtClose(Drt->hDrt);
  if (Drt->eventHandle != NULL)
    DrtEventClose(Drt->eventHandle);
  DrtDeleteDnsBootstrapResolver(Drt->settings.pBootstrapProvider);
  DrtDeleteNullSecurityProvider(Drt->settings.pSecurityProvider);
  if (Drt->settings.hTransport != NULL)
    cr_expect(eq(i32, DrtDeleteIpv6UdpTransport(Drt->settings.hTransport), S_OK));
}

Test(api_sample, a_program_for_windows_runs)
{
  DRT_CONTEXT Drt[2];
  HDRT_REGISTRATION_CONTEXT hRegistration[2];
  BYTE key[2][KEYSIZE];
  char found[64] = "";
  memset(Drt, 0, sizeof Drt);
  g_host = test_host_new(1, 2);
  for (int i = 0; i < 2; i++) {
    char payload[] = "hello from machine 0";
    payload[sizeof payload - 2] = (char)('0' + i);
    memset(key[i], 0x40 + 0x30 * i, KEYSIZE);
    Drt[i].machine = i;
    cr_assert(eq(i32, InitializeDrt(&Drt[i]), S_OK));
    cr_assert(
      eq(i32, RegisterKey(&Drt[i], key[i], (BYTE *)payload, sizeof payload - 1, &hRegistration[i]),
         S_OK));
  }
  cr_assert(WaitForStatus(&Drt[0], DRT_ACTIVE));
  cr_assert(WaitForStatus(&Drt[1], DRT_ACTIVE));
  cr_expect(eq(i32, PerformDrtSearch(&Drt[0], key[1], found, sizeof found), S_OK));
  cr_expect(eq(str, found, "hello from machine 1"));
  cr_expect(eq(i32, PerformDrtSearch(&Drt[1], key[0], found, sizeof found), S_OK));
  cr_expect(eq(str, found, "hello from machine 0"));
  for (int i = 0; i < 2; i++) {
    test_host_enter(g_host, (uint32_t)i);
    DrtUnregisterKey(hRegistration[i]);
  }
  CleanupDrt(&Drt[0]);
  CleanupDrt(&Drt[1]);
  test_host_free(g_host);
}
