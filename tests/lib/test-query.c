/* Searches of the tests, on top of test-app. */
#include "test-query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static void
must(bool good, const char *what)
{
  if (good)
    return;
  fprintf(stderr, "%s\n", what);
  abort();
}

DRT_SEARCH_INFO *
test_query(TestQuery *q, TestAppKey least, TestAppKey most, ULONG results)
{
  q->least = least;
  q->most = most;
  q->minimum = (DRT_DATA){ 32, q->least.bytes };
  q->maximum = (DRT_DATA){ 32, q->most.bytes };
  q->info = (DRT_SEARCH_INFO){
    .dwSize = sizeof q->info,
    .cMaxEndpoints = results,
    .pMaximumKey = &q->maximum,
    .pMinimumKey = &q->minimum,
  };
  return &q->info;
}

DRT_SEARCH_INFO *
test_query_all(TestQuery *q, ULONG results)
{
  return test_query(q, test_query_number(0), test_query_number(-1), results);
}

DRT_SEARCH_INFO *
test_query_exactly(TestQuery *q, TestAppKey key)
{
  return test_query(q, key, key, 1);
}

TestAppKey
test_query_number(int64_t value)
{
  TestAppKey key;
  memset(key.bytes, value < 0 ? 0xff : 0, sizeof key.bytes);
  for (int i = 0; i < 8; i++)
    key.bytes[i] = (BYTE)((uint64_t)value >> 8 * i);
  return key;
}

TestAppKey
test_query_beside(TestAppKey key, int64_t add)
{
  TestAppKey step = test_query_number(add);
  unsigned carry = 0;
  for (int i = 0; i < 32; i++) {
    carry += (unsigned)key.bytes[i] + step.bytes[i];
    key.bytes[i] = (BYTE)carry;
    carry >>= 8;
  }
  return key;
}

bool
test_query_is(const BYTE bytes[32], TestAppKey key)
{
  return memcmp(bytes, key.bytes, 32) == 0;
}

void
test_query_open(TestApp *apps, uint32_t n, TestHost *host)
{
  for (uint32_t i = 0; i < n; i++) {
    test_app_init(&apps[i], host, i);
    must(test_app_open(&apps[i]) == S_OK, "an instance cannot be opened");
  }
}

void
test_query_settle(TestApp *apps, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++)
    must(test_app_until(&apps[i], DRT_ACTIVE, 60), "a machine does not get active");
}

void
test_query_cloud(TestApp *apps, uint32_t n, TestHost *host, const uint64_t *tops)
{
  for (uint32_t i = 0; i < n; i++) {
    test_app_init(&apps[i], host, i);
    must(test_app_open(&apps[i]) == S_OK, "an instance cannot be opened");
    char letter[2] = { (char)('a' + i), '\0' };
    test_app_register(&apps[i], test_app_key(tops[i]), letter);
    test_host_run(host, SECOND);
  }
  test_query_settle(apps, n);
  test_host_run(host, 30 * SECOND);
}

HRESULT
test_search_start(TestSearch *search, TestApp *app, TestAppKey target, const DRT_SEARCH_INFO *info,
                  ULONG timeout)
{
  DRT_DATA key = { 32, target.bytes };
  *search = (TestSearch){ .app = app };
  test_host_enter(app->host, app->machine);
  search->event = DrtEventCreate(TRUE, FALSE);
  return DrtStartSearch(app->drt, &key, info, timeout, search->event, app, &search->handle);
}

HRESULT
test_search_take(TestSearch *search, TestAppResult *result)
{
  ULONG size;
  HRESULT hr = DrtGetSearchResultSize(search->handle, &size);
  if (hr != S_OK)
    return hr;
  DRT_SEARCH_RESULT *data = malloc(size);
  hr = DrtGetSearchResult(search->handle, size, data);
  if (hr == S_OK) {
    memset(result, 0, sizeof *result);
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

HRESULT
test_search_next(TestSearch *search, TestAppResult *result, ULONG milliseconds)
{
  test_host_wait(search->app->host, search->event, milliseconds);
  return test_search_take(search, result);
}

uint32_t
test_search_walk(TestSearch *search, TestAppResult *result, uint32_t *hops, HRESULT *end)
{
  TestAppResult next;
  uint32_t n = 0;
  *hops = 0;
  while ((*end = test_search_next(search, &next, 60000)) == S_OK)
    if (next.type == DRT_MATCH_INTERMEDIATE) {
      ++*hops;
      must(DrtContinueSearch(search->handle) == S_OK, "a search cannot be continued");
    } else {
      *result = next;
      n++;
    }
  return n;
}

DRT_ADDRESS_LIST *
test_search_path(TestSearch *search)
{
  ULONG size;
  must(DrtGetSearchPathSize(search->handle, &size) == S_OK, "no size of a path");
  DRT_ADDRESS_LIST *path = malloc(size);
  must(DrtGetSearchPath(search->handle, size, path) == S_OK, "no path");
  return path;
}

void
test_search_end(TestSearch *search)
{
  must(DrtEndSearch(search->handle) == S_OK, "a search cannot be ended");
  DrtEventClose(search->event);
}
