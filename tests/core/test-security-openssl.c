/* Certificates as the openssl command line makes them, good and bad ones, through the API: as
 * drt-core/security/README.md says. */
#include "test-app.h"
#include "test-pki.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib.h>
#include <string.h>

#define SERIAL " -set_serial 0x400000000000000000000000000000"

static TestHost *host;
static TestApp app;
static DRT_SECURITY_PROVIDER *provider;
static char *folder;

/* Runs these lines in the folder. */
static char *
shell(const char *lines)
{
  g_autofree char *script = g_strdup_printf("set -e; cd '%s'; %s", folder, lines);
  TestRun run = test_spawn((const char *[]){ "sh", "-c", script, NULL });
  cr_assert(eq(i32, run.status, 0), "%s\n%s", lines, run.err);
  char *out = g_strdup(run.out);
  test_run_clear(&run);
  return out;
}

static void
quiet(const char *lines)
{
  g_free(shell(lines));
}

/* A root as the README makes it. */
static void
make_root(const char *name)
{
  g_autofree char *lines = g_strdup_printf(
    "openssl req -x509 -newkey rsa:1024 -sha1 -noenc -days 365" SERIAL "01 -subj /CN=%s"
    " -keyout %s.key -out %s.pem",
    name, name, name);
  quiet(lines);
}

/* A member of the root: how its key is made, how it is signed, and which serial number it has. */
static void
make_member(const char *root, const char *key, const char *sign, const char *serial, bool extended)
{
  g_autofree char *lines = g_strdup_printf(
    "openssl req -newkey %s -noenc -subj /CN=member -keyout member.key -out member.csr\n"
    "echo basicConstraints=CA:FALSE >member.ext\n"
    "openssl x509 -req -in member.csr -CA %s.pem -CAkey %s.key %s -days 300 %s %s -out member.pem\n"
    "cat member.pem %s.pem member.key >member-all.pem",
    key, root, root, sign, serial, extended ? "-extfile member.ext" : "", root);
  quiet(lines);
}

static void
make_good_member(const char *root)
{
  make_member(root, "rsa:1024", "-sha1", SERIAL "02", true);
}

static void
set_up(void)
{
  folder = test_trace_folder();
  host = test_host_new(1, 1);
  /* Certificates of the command line are good from now on. */
  test_host_set_calendar(host, g_get_real_time() / G_USEC_PER_SEC + 10 - TEST_HOST_EPOCH);
  test_app_init(&app, host, 0);
  make_root("root");
}

static void
tear_down(void)
{
  test_app_clear(&app);
  DrtDeleteDerivedKeySecurityProvider(provider);
  test_host_free(host);
  test_trace_folder_free(folder);
}

TestSuite(security_openssl, .init = set_up, .fini = tear_down, .timeout = 120);

static DRT_CERTIFICATE *
read_file(const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
  gsize n;
  DRT_CERTIFICATE *certificate;
  cr_assert(g_file_get_contents(path, &text, &n, NULL));
  cr_assert(eq(i32, DrtCertificateFromPem(text, (ULONG)n, NULL, &certificate), S_OK), "%s", name);
  return certificate;
}

/* Registering the key of member-all.pem in a cloud of root.pem. */
static HRESULT
try_member(void)
{
  HDRT_REGISTRATION_CONTEXT handle;
  TestAppKey key = { { 1 } };
  DRT_DATA data = { 32, key.bytes };
  DRT_CERTIFICATE *root = read_file("root.pem"), *member = read_file("member-all.pem");
  test_host_enter(host, 0);
  cr_assert(eq(i32, DrtCreateDerivedKeySecurityProvider(root, NULL, &provider), S_OK));
  app.settings.pSecurityProvider = provider;
  cr_assert(eq(i32, test_app_open(&app), S_OK));
  HRESULT derived = DrtCreateDerivedKey(member, &data);
  cr_assert(derived == S_OK || derived == DRT_E_CAPABILITY_MISMATCH);
  HRESULT hr = test_app_try(&app, key, "x", 1, member, &handle);
  DrtCertificateFree(root);
  DrtCertificateFree(member);
  return hr;
}

/* What comes of a member of the root that is made like this. */
static void
expect_member(const char *key, const char *sign, const char *serial, bool extended, HRESULT wanted)
{
  make_member("root", key, sign, serial, extended);
  cr_expect(eq(i32, try_member(), wanted));
}

/* B206 */
Test(security_openssl, a_good_certificate)
{
  make_good_member("root");
  cr_expect(eq(i32, try_member(), S_OK));
}

/* 8.3: SHA-256 of the public key in DER. */
Test(security_openssl, the_derived_key_is_the_hash_of_the_public_key)
{
  TestAppKey key;
  DRT_DATA data = { 32, key.bytes };
  GString *hex = g_string_new("");
  make_good_member("root");
  DRT_CERTIFICATE *member = read_file("member-all.pem");
  test_host_enter(host, 0);
  cr_assert(eq(i32, DrtCreateDerivedKey(member, &data), S_OK));
  for (int i = 31; i >= 0; i--)
    g_string_append_printf(hex, "%02x", key.bytes[i]);
  g_autofree char *out = shell("openssl rsa -in member.key -RSAPublicKey_out -outform DER |"
                               " openssl dgst -sha256 -r");
  cr_expect(g_str_has_prefix(out, hex->str), "%s, not %s", out, hex->str);
  g_string_free(hex, TRUE);
  DrtCertificateFree(member);
}

/* A032 */
Test(security_openssl, an_expired_certificate)
{
  make_good_member("root");
  test_host_set_calendar(host,
                         g_get_real_time() / G_USEC_PER_SEC - TEST_HOST_EPOCH + 301 * TEST_PKI_DAY);
  cr_expect(eq(i32, try_member(), DRT_E_INVALID_CERT_CHAIN));
}

/* A032 */
Test(security_openssl, a_certificate_of_tomorrow)
{
  make_good_member("root");
  DRT_CERTIFICATE *root = read_file("root.pem");
  test_host_set_calendar(host, g_get_real_time() / G_USEC_PER_SEC - TEST_HOST_EPOCH - 3600);
  test_host_enter(host, 0);
  cr_expect(
    eq(i32, DrtCreateDerivedKeySecurityProvider(root, NULL, &provider), DRT_E_INVALID_CERT_CHAIN));
  DrtCertificateFree(root);
}

/* A032 */
Test(security_openssl, the_wrong_root)
{
  make_root("stranger");
  make_good_member("stranger");
  cr_expect(eq(i32, try_member(), DRT_E_INVALID_CERT_CHAIN));
}

/* A032: the other root calls itself by the same name. */
Test(security_openssl, the_wrong_root_of_the_right_name)
{
  quiet("openssl req -x509 -newkey rsa:1024 -sha1 -noenc -days 365" SERIAL
        "01 -subj /CN=root -keyout stranger.key -out stranger.pem");
  make_good_member("stranger");
  quiet("cat member.pem root.pem member.key >member-all.pem");
  cr_expect(eq(i32, try_member(), DRT_E_INVALID_CERT_CHAIN));
}

/* A033 */
Test(security_openssl, an_elliptic_key)
{
  expect_member("ec -pkeyopt ec_paramgen_curve:prime256v1", "-sha1", SERIAL "02", true,
                DRT_E_CAPABILITY_MISMATCH);
}

/* A033 */
Test(security_openssl, a_key_of_2048_bits)
{
  expect_member("rsa:2048", "-sha1", SERIAL "02", true, DRT_E_CAPABILITY_MISMATCH);
}

/* A033: 65537 is the only exponent that fits. */
Test(security_openssl, another_exponent)
{
  expect_member("rsa:1024 -pkeyopt rsa_keygen_pubexp:65539", "-sha1", SERIAL "02", true,
                DRT_E_CAPABILITY_MISMATCH);
}

/* A032: what openssl takes by itself has 20 bytes. */
Test(security_openssl, a_serial_number_of_20_bytes)
{
  expect_member("rsa:1024", "-sha1", "-set_serial 0x4000000000000000000000000000000000000002", true,
                DRT_E_INVALID_CERT_CHAIN);
}

/* A032 */
Test(security_openssl, signed_with_sha256)
{
  expect_member("rsa:1024", "-sha256", SERIAL "02", true, DRT_E_INVALID_CERT_CHAIN);
}

/* A032: without any extension openssl makes X.509 v1. */
Test(security_openssl, version_1)
{
  expect_member("rsa:1024", "-sha1", SERIAL "02", false, DRT_E_INVALID_CERT_CHAIN);
}

/* A032: the list of `openssl ca -gencrl`, part of the root's file. */
Test(security_openssl, on_the_list_of_the_revoked)
{
  make_good_member("root");
  quiet("printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\ndefault_md=sha1\\n"
        "default_crl_days=30\\n' >ca.cnf\n"
        "printf 'R\\t401231235959Z\\t260101000000Z\\t40000000000000000000000000000002\\tunknown\\t"
        "/CN=member\\n' >index\n"
        "openssl ca -gencrl -config ca.cnf -cert root.pem -keyfile root.key -out root.crl\n"
        "cat root.crl >>root.pem");
  cr_expect(eq(i32, try_member(), DRT_E_INVALID_CERT_CHAIN));
}

/* The key of somebody else, and one with a password. */
Test(security_openssl, keys_that_are_of_no_use)
{
  DRT_CERTIFICATE *certificate;
  make_good_member("root");
  static const char *const lines[] = {
    "cat member.pem root.pem root.key",
    "openssl rsa -in member.key -aes128 -passout pass:x | cat member.pem root.pem -",
    "openssl rsa -in member.key -traditional -aes128 -passout pass:x | cat member.pem root.pem -",
  };
  for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *pem = shell(lines[i]);
    cr_expect(
      eq(i32, DrtCertificateFromPem(pem, (ULONG)strlen(pem), NULL, &certificate), E_INVALIDARG),
      "%s", lines[i]);
  }
}

/* Exactly what the README says, word by word. */
Test(security_openssl, the_readme_is_right)
{
  g_autofree char *path =
    g_build_filename(g_getenv("DRTSIM_SOURCE"), "drt-core", "security", "README.md", NULL);
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(path, &text, NULL, NULL));
  char *from = strstr(text, "```sh\n");
  cr_assert(from != NULL);
  char *until = strstr(from + 6, "```");
  cr_assert(until != NULL);
  *until = '\0';
  quiet(from + 6);
  cr_expect(eq(i32, try_member(), S_OK));
}
