/* A small application on the API: one instance on one machine of the host, with what it was opened
 * with, the events it has read, and searches in one call.
 *
 *   TestApp app;
 *   test_app_init(&app, host, 1);          null security; bootstrap: port 50000 of machine 0
 *   app.settings.ulMaxRoutingAddresses = 1;  whatever the test is about
 *   cr_assert(eq(i32, test_app_open(&app), S_OK));
 *   ...
 *   test_app_clear(&app);
 *
 * Each function enters the application's machine first. */
#pragma once
#include "test-host.h"
#include "test-providers.h"

#define TEST_APP_PORT 50000 /* what the host gives to the first transport of a machine */
#define TEST_APP_RESULTS 16
#define TEST_APP_EVENTS 1024

/* An event, free of its buffer. */
typedef struct {
  DRT_EVENT_TYPE type;
  HRESULT hr;
  PVOID context;
  uint32_t value; /* status, change or state */
  BYTE local[32], remote[32];
  uint32_t address_n;
  bool has_addresses; /* the pointer is not NULL */
  SOCKADDR_STORAGE addresses[20];
} TestAppEvent;

typedef struct {
  TestHost *host;
  uint32_t machine;
  DRT_SETTINGS settings;
  HANDLE event;
  HDRT_TRANSPORT transport;
  USHORT port;
  HDRT drt;                             /* NULL unless open */
  DRT_SECURITY_PROVIDER *null_security; /* NULL if the test brings its own */
  DRT_BOOTSTRAP_PROVIDER *static_bootstrap;
  uint32_t events_n;
  TestAppEvent *events; /* read so far */
} TestApp;

typedef struct {
  DRT_MATCH_TYPE type;
  PVOID context;
  BYTE key[32];
  ULONG n;
  BYTE data[DRT_MAX_PAYLOAD_SIZE];
} TestAppResult;

typedef struct {
  HRESULT start; /* of DrtStartSearch */
  HRESULT end;   /* what DrtGetSearchResultSize said at last */
  uint32_t n;
  TestAppResult results[TEST_APP_RESULTS];
} TestAppFound;

/* Makes event, transport and built-in providers; fills the settings; does not open. */
void test_app_init(TestApp *app, TestHost *host, uint32_t machine);
/* Providers of the test instead of the built-in ones; before opening. */
void test_app_use_security(TestApp *app, TestSecurity *security);
void test_app_use_bootstrap(TestApp *app, TestBootstrap *bootstrap);
/* DrtOpen with the settings and the event; its context is @app. */
HRESULT test_app_open(TestApp *app);
/* DrtClose, if open. */
void test_app_close(TestApp *app);
/* Closes and deletes everything; ends the test if the transport cannot be deleted. */
void test_app_clear(TestApp *app);
/* Several at once: machines 0 to n - 1, opened one after another, each with one key (test_app_key of
 * 16 * (machine + 1)) whose data is its machine number as one byte; run until all are ACTIVE. */
void test_app_cloud(TestApp *apps, uint32_t n, TestHost *host);
void test_app_cloud_clear(TestApp *apps, uint32_t n);

/* Reads all queued events; their number. */
uint32_t test_app_read(TestApp *app);
void test_app_forget(TestApp *app);
/* Events read that are of this kind; NULL, or the i-th of them. */
const TestAppEvent *test_app_event(const TestApp *app, DRT_EVENT_TYPE type, uint32_t i);
uint32_t test_app_count(const TestApp *app, DRT_EVENT_TYPE type);
/* Lets time pass until the last status read is this one, at most so many seconds. */
bool test_app_until(TestApp *app, DRT_STATUS status, uint32_t seconds);
/* The last status read, or -1. */
int test_app_status(const TestApp *app);
/* Events of leaf sets with these values. */
uint32_t test_app_leafset_count(const TestApp *app, DRT_LEAFSET_KEY_CHANGE_TYPE change,
                                const BYTE local[32], const BYTE remote[32]);

/* A key whose 64 most significant bits are @top and whose others are a fixed pattern. */
typedef struct {
  BYTE bytes[32];
} TestAppKey;
TestAppKey test_app_key(uint64_t top);
/* DrtRegisterKey with a text, or with bytes. */
HRESULT test_app_try(TestApp *app, TestAppKey key, const void *data, ULONG n, PVOID context,
                     HDRT_REGISTRATION_CONTEXT *ret_handle);
/* The same; ends the test if it fails. */
HDRT_REGISTRATION_CONTEXT test_app_register(TestApp *app, TestAppKey key, const char *text);

/* A search from start to end. */
void test_app_search(TestApp *app, TestAppKey target, const DRT_SEARCH_INFO *info, ULONG timeout,
                     TestAppFound *ret_found);
/* Exactly this key, within 5 s: its data is this text. @local_too: here counts as well. */
bool test_app_finds(TestApp *app, TestAppKey key, bool local_too, const char *text);
/* Exactly this key is found by nobody, and the search ends with DRT_E_NO_MORE. */
bool test_app_misses(TestApp *app, TestAppKey key, bool local_too);
