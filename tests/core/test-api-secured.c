/* The stronger modes behind the API, with providers of the test: what they are asked, what becomes of
 * it when they refuse, and who is let in (drt-api 8.1; PROTOCOL.md 8.1, 8.7). */
#include "test-app.h"
#include "test-pki.h"
#include "test-query.h"

#include "drt-decode.h"
#include "drt-port.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

enum { NODES = 3 };

static TestHost *host;
static TestApp apps[NODES];
static TestSecurity security[NODES];

static void
set_up(void)
{
  host = test_host_new(3, NODES + 1);
}

static void
tear_down(void)
{
  test_host_free(host);
}

TestSuite(api_secured, .init = set_up, .fini = tear_down);

static TestAppKey
key_of(uint32_t i)
{
  return test_app_key(0x1000 * (i + 1));
}

/* Machine @i with a recording provider, in this mode. */
static HRESULT
open_one(uint32_t i, DRT_SECURITY_MODE mode)
{
  test_app_init(&apps[i], host, i);
  test_security_init(&security[i]);
  test_app_use_security(&apps[i], &security[i]);
  apps[i].settings.eSecurityMode = mode;
  return test_app_open(&apps[i]);
}

static void
open_all(DRT_SECURITY_MODE mode)
{
  for (uint32_t i = 0; i < NODES; i++) {
    cr_assert(eq(i32, open_one(i, mode), S_OK));
    test_app_register(&apps[i], key_of(i), "data");
    test_host_run(host, SECOND);
  }
  for (uint32_t i = 0; i < NODES; i++)
    cr_assert(test_app_until(&apps[i], DRT_ACTIVE, 60));
  test_host_run(host, 30 * SECOND);
}

/* The next cloud has a host of its own: ports are given once. */
static void
close_all(void)
{
  for (uint32_t i = 0; i < NODES; i++) {
    test_app_clear(&apps[i]);
    test_security_clear(&security[i]);
  }
  tear_down();
  set_up();
}

/* B218b */
Test(api_secured, stronger_modes_use_credentials_and_signatures)
{
  static const TestSecurityCall used[] = { TEST_SECURITY_CREDENTIAL, TEST_SECURITY_SIGN,
                                           TEST_SECURITY_VALIDATE_CREDENTIAL,
                                           TEST_SECURITY_VERIFY };
  for (int mode = DRT_SECURE_MEMBERSHIP; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    open_all((DRT_SECURITY_MODE)mode);
    cr_expect(test_app_finds(&apps[0], key_of(2), false, "data"));
    for (int i = 0; i < NODES; i++)
      for (size_t k = 0; k < sizeof used / sizeof *used; k++)
        cr_expect(gt(u32, security[i].count[used[k]], 0), "mode %d, call %d", mode, (int)used[k]);
    close_all();
  }
}

/* B219 */
Test(api_secured, confidential_mode_seals)
{
  open_all(DRT_SECURE_CONFIDENTIALPAYLOAD);
  uint32_t sealed = security[2].count[TEST_SECURITY_ENCRYPT],
           opened = security[0].count[TEST_SECURITY_DECRYPT];
  cr_expect(test_app_finds(&apps[0], key_of(2), false, "data"));
  cr_expect(gt(u32, security[2].count[TEST_SECURITY_ENCRYPT], sealed));
  cr_expect(gt(u32, security[0].count[TEST_SECURITY_DECRYPT], opened));
  const TestSecurityRecord *last = test_security_last(&security[0], TEST_SECURITY_DECRYPT);
  cr_assert(last != NULL);
  cr_expect(ge(u32, last->buffers, 1));
  close_all();
}

/* B218a: and resolve mode none of both (B217 is where providers are). */
Test(api_secured, membership_mode_does_not)
{
  open_all(DRT_SECURE_MEMBERSHIP);
  cr_expect(test_app_finds(&apps[0], key_of(2), false, "data"));
  for (int i = 0; i < NODES; i++)
    cr_expect(security[i].count[TEST_SECURITY_ENCRYPT] == 0 &&
              security[i].count[TEST_SECURITY_DECRYPT] == 0);
  close_all();
}

/* Each callback refuses from some moment on, in each mode: nothing breaks, no buffer is lost, and once it
 * works again so does the cloud. */
Test(api_secured, a_cloud_survives_each_refusal, .timeout = 240)
{
  for (int mode = 0; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    for (int call = TEST_SECURITY_UNREGISTER; call < TEST_SECURITY_CALLS; call++) {
      open_all((DRT_SECURITY_MODE)mode);
      security[1].fail[call] = E_FAIL;
      test_app_finds(&apps[0], key_of(1), false, "data");
      test_app_finds(&apps[1], key_of(2), false, "data");
      HDRT_REGISTRATION_CONTEXT handle = test_app_register(&apps[1], test_app_key(0x9000), "more");
      test_host_run(host, 60 * SECOND);
      test_host_enter(host, 1);
      DrtUnregisterKey(handle);
      test_host_run(host, 120 * SECOND);
      for (uint32_t i = 0; i < NODES; i++) {
        test_app_read(&apps[i]);
        cr_expect(ne(i32, test_app_status(&apps[i]), DRT_FAULTED), "mode %d, call %d", mode, call);
      }
      security[1].fail[call] = S_OK;
      for (uint32_t i = 0; i < NODES; i++)
        cr_expect(test_app_until(&apps[i], DRT_ACTIVE, 600), "mode %d, call %d, node %u", mode,
                  call, i);
      test_host_run(host, 60 * SECOND);
      cr_expect(test_app_finds(&apps[0], key_of(2), false, "data"), "mode %d, call %d", mode, call);
      close_all();
    }
  }
}

/* What is refused is not said or not believed, one callback after the other. */
Test(api_secured, what_a_refusal_means)
{
  static const struct {
    DRT_SECURITY_MODE mode;
    TestSecurityCall call;
    bool asker, asked; /* who cannot do its part: then nothing is found */
  } cases[] = {
    { DRT_SECURE_RESOLVE, TEST_SECURITY_SECURE, false, true },
    { DRT_SECURE_RESOLVE, TEST_SECURITY_VALIDATE, true, false },
    { DRT_SECURE_RESOLVE, TEST_SECURITY_SIGN, false, false },
    { DRT_SECURE_MEMBERSHIP, TEST_SECURITY_CREDENTIAL, true, false },
    { DRT_SECURE_MEMBERSHIP, TEST_SECURITY_SIGN, true, false },
    { DRT_SECURE_MEMBERSHIP, TEST_SECURITY_VALIDATE_CREDENTIAL, false, true },
    { DRT_SECURE_MEMBERSHIP, TEST_SECURITY_VERIFY, false, true },
    { DRT_SECURE_MEMBERSHIP, TEST_SECURITY_ENCRYPT, false, false },
    { DRT_SECURE_CONFIDENTIALPAYLOAD, TEST_SECURITY_SIGN, true, false },
    { DRT_SECURE_CONFIDENTIALPAYLOAD, TEST_SECURITY_VERIFY, false, true },
    { DRT_SECURE_CONFIDENTIALPAYLOAD, TEST_SECURITY_ENCRYPT, false, true },
    { DRT_SECURE_CONFIDENTIALPAYLOAD, TEST_SECURITY_DECRYPT, true, true },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (uint32_t who = 0; who < 2; who++) {
      open_all(cases[i].mode);
      security[who].fail[cases[i].call] = E_FAIL;
      bool fails = who == 0 ? cases[i].asker : cases[i].asked;
      TestAppFound found;
      test_app_search(&apps[0], key_of(1), NULL, 5000, &found);
      if (fails)
        cr_expect(eq(u32, found.n, 0), "case %zu, %u", i, who);
      else if (cases[i].call != TEST_SECURITY_ENCRYPT ||
               cases[i].mode != DRT_SECURE_CONFIDENTIALPAYLOAD) /* else it depends on its cache */
        cr_expect(eq(u32, found.n, 1), "case %zu, %u", i, who);
      security[who].fail[cases[i].call] = S_OK;
      close_all();
    }
  }
}

/* Attach, RegisterKey, and the credential that is asked for at once: whoever called hears it. */
Test(api_secured, the_caller_hears_of_a_refusal)
{
  HDRT_REGISTRATION_CONTEXT handle;
  for (int mode = 0; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    test_app_init(&apps[0], host, 0);
    test_security_init(&security[0]);
    test_app_use_security(&apps[0], &security[0]);
    apps[0].settings.eSecurityMode = (DRT_SECURITY_MODE)mode;
    security[0].fail[TEST_SECURITY_ATTACH] = DRT_E_SECURITYPROVIDER_IN_USE;
    cr_expect(eq(i32, test_app_open(&apps[0]), DRT_E_SECURITYPROVIDER_IN_USE));
    security[0].fail[TEST_SECURITY_ATTACH] = S_OK;
    security[0].fail[TEST_SECURITY_CREDENTIAL] = DRT_E_CAPABILITY_MISMATCH;
    HRESULT hr = test_app_open(&apps[0]);
    cr_expect(eq(i32, hr, mode == 0 ? S_OK : DRT_E_CAPABILITY_MISMATCH));
    cr_expect(eq(u32, security[0].attached, mode == 0 ? 1 : 0));
    security[0].fail[TEST_SECURITY_CREDENTIAL] = S_OK;
    if (mode != 0)
      cr_assert(eq(i32, test_app_open(&apps[0]), S_OK));
    security[0].fail[TEST_SECURITY_REGISTER] = DRT_E_INVALID_KEY;
    cr_expect(eq(i32, test_app_try(&apps[0], key_of(0), "x", 1, NULL, &handle), DRT_E_INVALID_KEY));
    security[0].fail[TEST_SECURITY_REGISTER] = S_OK;
    cr_expect(eq(i32, test_app_try(&apps[0], key_of(0), "x", 1, NULL, &handle), S_OK));
    test_app_clear(&apps[0]);
    test_security_clear(&security[0]);
  }
}

/* A provider may let a key be registered twice; both are served, in each mode. */
Test(api_secured, a_provider_may_accept_duplicate_keys)
{
  for (int mode = 0; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    HDRT_REGISTRATION_CONTEXT one, two;
    cr_assert(eq(i32, open_one(0, (DRT_SECURITY_MODE)mode), S_OK));
    security[0].accept_duplicates = true;
    cr_expect(eq(i32, test_app_try(&apps[0], key_of(0), "a", 1, NULL, &one), S_OK));
    HRESULT hr = test_app_try(&apps[0], key_of(0), "b", 1, NULL, &two);
    cr_expect(hr == S_OK || hr == DRT_E_DUPLICATE_KEY);
    cr_expect(eq(u32, security[0].count[TEST_SECURITY_REGISTER], 2));
    test_host_run(host, 10 * SECOND);
    test_app_clear(&apps[0]);
    cr_expect(eq(u32, security[0].count[TEST_SECURITY_UNREGISTER],
                 test_security_count_key(&security[0], TEST_SECURITY_UNREGISTER, key_of(0).bytes)));
    test_security_clear(&security[0]);
  }
}

/* The provider need not live longer than DrtClose takes: what comes afterwards, while revocations are
 * still under way, is no business of its. */
Test(api_secured, a_closed_instance_asks_nothing_of_its_provider)
{
  for (int mode = 0; mode <= DRT_SECURE_CONFIDENTIALPAYLOAD; mode++) {
    open_all((DRT_SECURITY_MODE)mode);
    test_app_close(&apps[1]);
    TestSecurity then = security[1];
    memset(&security[1].provider, 0, sizeof security[1].provider);
    for (int k = 0; k < 8; k++) {
      TestAppFound found;
      test_app_search(&apps[0], key_of(1), NULL, 1000, &found);
      cr_expect(eq(u32, found.n, 0));
    }
    test_host_run(host, 60 * SECOND);
    cr_expect(memcmp(then.count, security[1].count, sizeof then.count) == 0, "mode %d", mode);
    security[1].provider = then.provider;
    close_all();
  }
}
