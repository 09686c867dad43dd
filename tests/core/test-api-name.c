/* The name of an instance (drt-api 1.4). */
#include "test-app.h"

#include "drt-api-private.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static TestHost *host;
static TestApp apps[2];

static void
open_with(wchar_t *prefix)
{
  host = test_host_new(1, 2);
  for (uint32_t i = 0; i < 2; i++) {
    test_app_init(&apps[i], host, i);
    apps[i].settings.pwzDrtInstancePrefix = prefix;
    cr_assert(eq(i32, test_app_open(&apps[i]), S_OK));
  }
}

static void
tear_down(void)
{
  test_app_cloud_clear(apps, 2);
  test_host_free(host);
}

TestSuite(api_name, .fini = tear_down);

static ULONG
length(const wchar_t *text)
{
  ULONG n = 0;
  while (text[n] != L'\0')
    n++;
  return n;
}

/* The name, and its size checked. */
static void
read_name(const TestApp *app, wchar_t name[200])
{
  ULONG size = 0;
  cr_assert(eq(i32, DrtGetInstanceNameSize(app->drt, &size), S_OK));
  cr_assert(le(u32, size, 200 * sizeof *name));
  cr_assert(eq(i32, DrtGetInstanceName(app->drt, size, name), S_OK));
  cr_expect(eq(u32, size, (length(name) + 1) * sizeof *name));
}

/* B171, B173 */
Test(api_name, names_begin_with_the_prefix_and_differ)
{
  wchar_t prefix[] = L"X", names[2][200];
  open_with(prefix);
  prefix[0] = L'Y'; /* it was copied */
  for (int i = 0; i < 2; i++) {
    read_name(&apps[i], names[i]);
    cr_expect(eq(i32, names[i][0], L'X'));
    cr_expect(eq(i32, names[i][1], L'_'));
  }
  cr_expect(ne(u32,
               length(names[0]) == length(names[1]) &&
                 memcmp(names[0], names[1], length(names[0]) * sizeof(wchar_t)) == 0,
               1));
}

/* B171, DEC-49: no prefix, the longest one, and a counter of several digits. */
Test(api_name, a_prefix_has_0_to_128_characters)
{
  wchar_t prefix[DRT_MAX_INSTANCE_PREFIX_LEN + 1], name[200];
  for (int i = 0; i < DRT_MAX_INSTANCE_PREFIX_LEN; i++)
    prefix[i] = (wchar_t)(L'a' + i % 26);
  prefix[DRT_MAX_INSTANCE_PREFIX_LEN] = L'\0';
  open_with(prefix);
  read_name(&apps[0], name);
  cr_expect(memcmp(name, prefix, DRT_MAX_INSTANCE_PREFIX_LEN * sizeof *name) == 0);
  cr_expect(eq(i32, name[DRT_MAX_INSTANCE_PREFIX_LEN], L'_'));
  test_app_close(&apps[0]);
  test_host_run(host, INT64_C(10000000000));
  apps[0].settings.pwzDrtInstancePrefix = NULL;
  test_host_library(host)->names = UINT32_MAX - 1;
  cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
  read_name(&apps[0], name);
  cr_expect(eq(i32, name[0], L'_'));
  cr_expect(memcmp(name + length(name) - 10, L"4294967295", 10 * sizeof *name) == 0);
}

/* B172a, B172b, B172c */
Test(api_name, arguments_are_checked)
{
  wchar_t prefix[] = L"name", name[200];
  ULONG size;
  open_with(prefix);
  cr_assert(eq(i32, DrtGetInstanceNameSize(apps[0].drt, &size), S_OK));
  for (ULONG less = 0; less < size; less++) {
    name[0] = L'?';
    cr_expect(eq(i32, DrtGetInstanceName(apps[0].drt, less, name), DRT_E_INSUFFICIENT_BUFFER));
  }
  cr_expect(eq(i32, DrtGetInstanceNameSize(apps[0].drt, NULL), E_INVALIDARG));
  cr_expect(eq(i32, DrtGetInstanceName(apps[0].drt, size, NULL), E_INVALIDARG));
  HDRT closed = apps[1].drt;
  test_app_close(&apps[1]);
  const HDRT bad[] = { NULL, apps[0].transport, &size, closed };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ULONG none = 77;
    cr_expect(eq(i32, DrtGetInstanceNameSize(bad[i], &none), E_HANDLE), "%zu", i);
    cr_expect(eq(u32, none, 0), "%zu", i);
    cr_expect(eq(i32, DrtGetInstanceName(bad[i], size, name), E_HANDLE), "%zu", i);
  }
}
