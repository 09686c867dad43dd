/* DrtUpdateKey: other data for a key that stays what it is (drt-api 1.2). */
#include "test-app.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static TestHost *host;
static TestApp apps[2];
static TestSecurity security; /* of machine 0 */
static HDRT_REGISTRATION_CONTEXT handle;
static TestAppKey key;
static int context;

static void
set_up(void)
{
  host = test_host_new(1, 2);
  key = test_app_key(1);
  for (uint32_t i = 0; i < 2; i++)
    test_app_init(&apps[i], host, i);
  test_security_init(&security);
  test_app_use_security(&apps[0], &security);
  for (uint32_t i = 0; i < 2; i++)
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
  cr_assert(eq(i32, test_app_try(&apps[0], key, "D1", 2, &context, &handle), S_OK));
  test_app_register(&apps[1], test_app_key(2), "x");
  for (uint32_t i = 0; i < 2; i++)
    cr_assert(test_app_until(&apps[i], DRT_ACTIVE, 60));
  test_host_run(host, 5 * SECOND);
  test_app_forget(&apps[0]);
  test_host_enter(host, 0);
}

static void
tear_down(void)
{
  for (uint32_t i = 0; i < 2; i++)
    test_app_clear(&apps[i]);
  test_security_clear(&security);
  test_host_free(host);
}

TestSuite(api_update, .init = set_up, .fini = tear_down);

/* B090, B097: as often as wanted, with the same handle; and without events. */
Test(api_update, later_searches_find_the_new_data)
{
  static const char *const words[] = { "D2", "something longer than that", "3" };
  cr_expect(test_app_finds(&apps[1], key, false, "D1"));
  for (int i = 0; i < 3; i++) {
    char bytes[64];
    strcpy(bytes, words[i]);
    DRT_DATA data = { (ULONG)strlen(bytes), (BYTE *)bytes };
    test_host_enter(host, 0);
    cr_expect(eq(i32, DrtUpdateKey(handle, &data), S_OK));
    memset(bytes, 'z', sizeof bytes);
    cr_expect(test_app_finds(&apps[1], key, false, words[i]));
    cr_expect(test_app_finds(&apps[0], key, true, words[i]));
  }
  cr_expect(eq(u32, test_app_read(&apps[0]), 0));
  cr_expect(eq(u32, security.count[TEST_SECURITY_REGISTER], 1));
  cr_expect(eq(u32, security.count[TEST_SECURITY_UNREGISTER], 0));
  for (size_t i = 0; i < security.records_n; i++)
    if (security.records[i].call == TEST_SECURITY_SECURE)
      cr_expect(eq(ptr, security.records[i].key_context, &context));
  DrtUnregisterKey(handle);
  const TestSecurityRecord *last = test_security_last(&security, TEST_SECURITY_UNREGISTER);
  cr_assert(ne(ptr, (void *)last, NULL));
  cr_expect(eq(ptr, last->key_context, &context));
}

/* B091, B092a, B093, B094 */
Test(api_update, refuses_odd_data)
{
  static BYTE bytes[5121];
  DRT_DATA rows[] = {
    { 5121, bytes }, { 0xffffffff, bytes }, { 0, bytes }, { 1, NULL }, { 0, NULL },
  };
  cr_expect(eq(i32, DrtUpdateKey(handle, NULL), E_INVALIDARG));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(eq(i32, DrtUpdateKey(handle, &rows[i]), E_INVALIDARG), "%zu", i);
  cr_expect(eq(i32, DrtUpdateKey(NULL, &rows[0]), E_INVALIDARG)); /* arguments before handles */
  cr_expect(test_app_finds(&apps[0], key, true, "D1"));
  cr_expect(test_app_finds(&apps[1], key, false, "D1"));
}

/* B092b */
Test(api_update, takes_5120_bytes)
{
  static BYTE bytes[5120];
  static TestAppFound found;
  DRT_DATA data = { 5120, bytes }, range = { 32, key.bytes };
  DRT_SEARCH_INFO info = { sizeof info, FALSE, TRUE, FALSE, 1, &range, &range };
  for (int i = 0; i < 5120; i++)
    bytes[i] = (BYTE)(i * 11 + 3);
  cr_expect(eq(i32, DrtUpdateKey(handle, &data), S_OK));
  for (int i = 0; i < 2; i++) {
    test_app_search(&apps[i], key, &info, 5000, &found);
    cr_assert(eq(u32, found.n, 1));
    cr_expect(eq(u32, found.results[0].n, 5120));
    cr_expect(eq(int, memcmp(found.results[0].data, bytes, 5120), 0));
  }
}

/* B095 */
Test(api_update, wants_the_handle_of_a_key)
{
  DRT_DATA data = { 2, (BYTE *)"D2" };
  HANDLE odd[] = {
    NULL, &data, apps[0].drt, apps[0].transport, apps[0].event, (HANDLE)UINTPTR_MAX
  };
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
    cr_expect(eq(i32, DrtUpdateKey(odd[i], &data), E_HANDLE), "%zu", i);
  cr_expect(test_app_finds(&apps[0], key, true, "D1"));
  HDRT_REGISTRATION_CONTEXT second = test_app_register(&apps[0], test_app_key(3), "x");
  DrtUnregisterKey(second);
  cr_expect(eq(i32, DrtUpdateKey(second, &data), E_HANDLE));
  test_app_close(&apps[0]);
  cr_expect(eq(i32, DrtUpdateKey(handle, &data), E_HANDLE));
}

/* B096: for data of each size of slab. */
Test(api_update, without_memory_the_old_data_stays)
{
  TestMemory *memory = test_host_memory(host);
  uint32_t failures = 0;
  for (ULONG n = 1; n <= 5120; n = 2 * n + 1) {
    static BYTE bytes[5120];
    HRESULT hr = E_OUTOFMEMORY;
    DRT_DATA data = { n, bytes }, old = { 2, (BYTE *)"D1" };
    for (size_t at = 1; hr != S_OK; at++) {
      memory->fail_at = memory->takes + at;
      hr = DrtUpdateKey(handle, &data);
      memory->fail_at = 0;
      if (hr == S_OK)
        break;
      failures++;
      cr_expect(eq(i32, hr, E_OUTOFMEMORY));
      cr_expect(test_app_finds(&apps[0], key, true, "D1"));
      cr_assert(lt(sz, at, 100));
    }
    cr_expect(eq(i32, DrtUpdateKey(handle, &old), S_OK));
  }
  cr_expect(failures > 0);
  cr_expect(test_app_finds(&apps[1], key, false, "D1"));
  test_app_read(&apps[0]);
  cr_expect(eq(int, test_app_status(&apps[0]), -1));
}
