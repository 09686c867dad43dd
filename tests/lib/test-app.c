#include "test-app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static void
must(HRESULT hr, const char *what)
{
  if (hr == S_OK)
    return;
  fprintf(stderr, "%s: 0x%08x\n", what, (unsigned)hr);
  abort();
}

void
test_app_init(TestApp *app, TestHost *host, uint32_t machine)
{
  static wchar_t prefix[] = L"test";
  SOCKADDR_STORAGE first = test_host_address(0, TEST_APP_PORT);
  SOCKET_ADDRESS_LIST list = {
    .iAddressCount = 1,
    .Address = { { (struct sockaddr *)&first, sizeof(SOCKADDR_STORAGE) } },
  };
  *app = (TestApp){ .host = host, .machine = machine };
  app->events = calloc(TEST_APP_EVENTS, sizeof *app->events);
  test_host_enter(host, machine);
  app->event = DrtEventCreate(FALSE, FALSE);
  must(DrtCreateIpv6UdpTransport(DRT_GLOBAL_SCOPE, 0, 300, &app->port, &app->transport),
       "no transport");
  must(DrtCreateNullSecurityProvider(&app->null_security), "no security provider");
  must(DrtCreateStaticBootstrapResolver(&list, &app->static_bootstrap), "no bootstrap provider");
  app->settings = (DRT_SETTINGS){
    .dwSize = sizeof app->settings,
    .cbKey = 32,
    .bProtocolMajorVersion = 6,
    .bProtocolMinorVersion = 0x65,
    .ulMaxRoutingAddresses = 4,
    .pwzDrtInstancePrefix = prefix,
    .hTransport = app->transport,
    .pSecurityProvider = app->null_security,
    .pBootstrapProvider = app->static_bootstrap,
    .eSecurityMode = DRT_SECURE_RESOLVE,
  };
}

void
test_app_use_security(TestApp *app, TestSecurity *security)
{
  DrtDeleteNullSecurityProvider(app->null_security);
  app->null_security = NULL;
  app->settings.pSecurityProvider = &security->provider;
}

void
test_app_use_bootstrap(TestApp *app, TestBootstrap *bootstrap)
{
  DrtDeleteStaticBootstrapResolver(app->static_bootstrap);
  app->static_bootstrap = NULL;
  app->settings.pBootstrapProvider = &bootstrap->provider;
}

HRESULT
test_app_open(TestApp *app)
{
  test_host_enter(app->host, app->machine);
  return DrtOpen(&app->settings, app->event, app, &app->drt);
}

void
test_app_close(TestApp *app)
{
  test_host_enter(app->host, app->machine);
  DrtClose(app->drt);
  app->drt = NULL;
}

void
test_app_clear(TestApp *app)
{
  test_app_close(app);
  DrtEventClose(app->event);
  DrtDeleteStaticBootstrapResolver(app->static_bootstrap);
  DrtDeleteNullSecurityProvider(app->null_security);
  if (app->transport != NULL)
    must(DrtDeleteIpv6UdpTransport(app->transport), "the transport cannot be deleted");
  free(app->events);
}

void
test_app_cloud(TestApp *apps, uint32_t n, TestHost *host)
{
  for (uint32_t i = 0; i < n; i++) {
    char number[2] = { (char)i, '\0' };
    HDRT_REGISTRATION_CONTEXT handle;
    test_app_init(&apps[i], host, i);
    must(test_app_open(&apps[i]), "an instance cannot be opened");
    must(test_app_try(&apps[i], test_app_key(16 * (i + 1)), number, 1, NULL, &handle),
         "a key cannot be registered");
    test_host_run(host, SECOND);
  }
  test_host_run(host, 5 * SECOND);
  for (uint32_t i = 0; i < n; i++) {
    if (n < 2 || test_app_until(&apps[i], DRT_ACTIVE, 60))
      continue;
    fprintf(stderr, "machine %u does not get active\n", i);
    abort();
  }
}

void
test_app_cloud_clear(TestApp *apps, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    test_app_clear(&apps[i]);
}

static void
copy_key(BYTE to[32], const DRT_DATA *key)
{
  if (key->cb == 32)
    memcpy(to, key->pb, 32);
}

static void
keep_event(TestApp *app, const DRT_EVENT_DATA *data)
{
  if (app->events_n == TEST_APP_EVENTS)
    must(E_FAIL, "too many events for one test");
  TestAppEvent *event = &app->events[app->events_n++];
  *event = (TestAppEvent){ .type = data->type, .hr = data->hr, .context = data->pvContext };
  switch (data->type) {
  case DRT_EVENT_STATUS_CHANGED:
    event->value = data->statusChange.status;
    event->address_n = data->statusChange.bootstrapAddresses.cntAddress;
    event->has_addresses = data->statusChange.bootstrapAddresses.pAddresses != NULL;
    for (uint32_t i = 0; i < event->address_n; i++)
      event->addresses[i] = data->statusChange.bootstrapAddresses.pAddresses[i];
    break;
  case DRT_EVENT_LEAFSET_KEY_CHANGED:
    event->value = data->leafsetKeyChange.change;
    copy_key(event->local, &data->leafsetKeyChange.localKey);
    copy_key(event->remote, &data->leafsetKeyChange.remoteKey);
    break;
  case DRT_EVENT_REGISTRATION_STATE_CHANGED:
    event->value = data->registrationStateChange.state;
    copy_key(event->local, &data->registrationStateChange.localKey);
    break;
  }
}

uint32_t
test_app_read(TestApp *app)
{
  uint32_t n = 0;
  ULONG size;
  test_host_enter(app->host, app->machine);
  for (; DrtGetEventDataSize(app->drt, &size) == S_OK; n++) {
    DRT_EVENT_DATA *data = malloc(size);
    must(DrtGetEventData(app->drt, size, data), "an event cannot be read");
    keep_event(app, data);
    free(data);
  }
  return n;
}

void
test_app_forget(TestApp *app)
{
  test_app_read(app);
  app->events_n = 0;
}

const TestAppEvent *
test_app_event(const TestApp *app, DRT_EVENT_TYPE type, uint32_t i)
{
  for (uint32_t k = 0; k < app->events_n; k++)
    if (app->events[k].type == type && i-- == 0)
      return &app->events[k];
  return NULL;
}

uint32_t
test_app_count(const TestApp *app, DRT_EVENT_TYPE type)
{
  uint32_t n = 0;
  while (test_app_event(app, type, n) != NULL)
    n++;
  return n;
}

int
test_app_status(const TestApp *app)
{
  uint32_t n = test_app_count(app, DRT_EVENT_STATUS_CHANGED);
  return n == 0 ? -1 : (int)test_app_event(app, DRT_EVENT_STATUS_CHANGED, n - 1)->value;
}

bool
test_app_until(TestApp *app, DRT_STATUS status, uint32_t seconds)
{
  int64_t until = test_host_now(app->host) + seconds * SECOND;
  for (;;) {
    test_app_read(app);
    if (test_app_status(app) == (int)status)
      return true;
    if (test_host_now(app->host) >= until)
      return false;
    test_host_run(app->host, SECOND / 20);
  }
}

uint32_t
test_app_leafset_count(const TestApp *app, DRT_LEAFSET_KEY_CHANGE_TYPE change, const BYTE local[32],
                       const BYTE remote[32])
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < app->events_n; i++) {
    const TestAppEvent *event = &app->events[i];
    n += event->type == DRT_EVENT_LEAFSET_KEY_CHANGED && event->value == (uint32_t)change &&
         memcmp(event->local, local, 32) == 0 && memcmp(event->remote, remote, 32) == 0;
  }
  return n;
}

TestAppKey
test_app_key(uint64_t top)
{
  TestAppKey key;
  for (int i = 0; i < 24; i++)
    key.bytes[i] = (BYTE)(i + 1);
  for (int i = 0; i < 8; i++)
    key.bytes[24 + i] = (BYTE)(top >> 8 * i);
  return key;
}

HRESULT
test_app_try(TestApp *app, TestAppKey key, const void *data, ULONG n, PVOID context,
             HDRT_REGISTRATION_CONTEXT *ret_handle)
{
  DRT_REGISTRATION registration = { { 32, key.bytes }, { n, (BYTE *)data } };
  test_host_enter(app->host, app->machine);
  return DrtRegisterKey(app->drt, &registration, context, ret_handle);
}

HDRT_REGISTRATION_CONTEXT
test_app_register(TestApp *app, TestAppKey key, const char *text)
{
  HDRT_REGISTRATION_CONTEXT handle;
  must(test_app_try(app, key, text, (ULONG)strlen(text), NULL, &handle),
       "a key cannot be registered");
  return handle;
}

static HRESULT
take_result(HDRT_SEARCH_CONTEXT search, TestAppFound *found)
{
  ULONG size;
  HRESULT hr = DrtGetSearchResultSize(search, &size);
  if (hr != S_OK)
    return hr;
  DRT_SEARCH_RESULT *data = malloc(size);
  hr = DrtGetSearchResult(search, size, data);
  if (hr == S_OK && found->n < TEST_APP_RESULTS) {
    TestAppResult *result = &found->results[found->n++];
    result->type = data->type;
    result->context = data->pvContext;
    memcpy(result->key, data->registration.key.pb, 32);
    result->n = data->registration.appData.cb;
    if (result->n > 0)
      memcpy(result->data, data->registration.appData.pb, result->n);
  }
  free(data);
  return hr;
}

void
test_app_search(TestApp *app, TestAppKey target, const DRT_SEARCH_INFO *info, ULONG timeout,
                TestAppFound *found)
{
  DRT_DATA key = { 32, target.bytes };
  HDRT_SEARCH_CONTEXT search;
  found->n = 0;
  found->end = DRT_E_SEARCH_IN_PROGRESS;
  test_host_enter(app->host, app->machine);
  HANDLE event = DrtEventCreate(TRUE, FALSE);
  found->start = DrtStartSearch(app->drt, &key, info, timeout, event, found, &search);
  if (found->start == S_OK) {
    while (found->end == DRT_E_SEARCH_IN_PROGRESS &&
           test_host_wait(app->host, event, timeout + 1000)) {
      test_host_enter(app->host, app->machine);
      while ((found->end = take_result(search, found)) == S_OK)
        continue;
    }
    must(DrtEndSearch(search), "a search cannot be ended");
  }
  DrtEventClose(event);
}

static void
search_exactly(TestApp *app, TestAppKey key, bool local_too, TestAppFound *found)
{
  DRT_DATA range = { 32, key.bytes };
  DRT_SEARCH_INFO info = {
    .dwSize = sizeof info,
    .fAllowCurrentInstanceMatch = local_too,
    .cMaxEndpoints = 1,
    .pMaximumKey = &range,
    .pMinimumKey = &range,
  };
  test_app_search(app, key, &info, 5000, found);
}

bool
test_app_finds(TestApp *app, TestAppKey key, bool local_too, const char *text)
{
  TestAppFound found;
  search_exactly(app, key, local_too, &found);
  return found.start == S_OK && found.end == DRT_E_NO_MORE && found.n == 1 &&
         found.results[0].type == DRT_MATCH_EXACT &&
         memcmp(found.results[0].key, key.bytes, 32) == 0 && found.results[0].n == strlen(text) &&
         memcmp(found.results[0].data, text, found.results[0].n) == 0;
}

bool
test_app_misses(TestApp *app, TestAppKey key, bool local_too)
{
  TestAppFound found;
  search_exactly(app, key, local_too, &found);
  return found.start == S_OK && found.end == DRT_E_NO_MORE && found.n == 0;
}
