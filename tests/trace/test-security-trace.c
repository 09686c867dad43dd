/* What a trace of a secured run shows: CPAs that the openssl command line verifies, and no private
 * key anywhere. */
#define _GNU_SOURCE /* memmem */
#include "drt-certificate.h"
#include "drt-decode.h"

#include "sim-pki.h"
#include "test-spawn.h"
#include "test-trace.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <sqlite3.h>
#include <string.h>

enum { NODES = 6, SEED = 11, MAJOR = 6 };

static char *folder, *db;

static void
set_up(void)
{
  folder = test_trace_folder();
  db = g_build_filename(folder, "run.db", NULL);
  g_autofree char *cache = g_build_filename(folder, "cache", NULL);
  g_setenv("XDG_CACHE_HOME", cache, TRUE);
}

static void
tear_down(void)
{
  test_trace_folder_free(folder);
  g_free(db);
}

TestSuite(security_trace, .init = set_up, .fini = tear_down, .timeout = 120);

/* A run in this mode, with everything in its trace. What it printed. (transfer full) */
static char *
run_in(const char *mode)
{
  g_autofree char *text = g_strdup_printf("group n %d security derived-key mode %s\n"
                                          "at 0s start n over 3s\n"
                                          "from 20s to 30s search 1/s\n"
                                          "at 31s stop n1\n"
                                          "at 40s end\n"
                                          "expect nodes.alive >= 1\n",
                                          (int)NODES, mode);
  g_autofree char *path = g_build_filename(folder, "run.drt", NULL);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
  g_unlink(db);
  TestRun run = test_spawn_drtsim("run", path, "--seed", "11", "-o", db, "--trace", "all", NULL);
  cr_assert(eq(i32, run.status, 0), "%s%s", run.out, run.err);
  char *printed = g_strconcat(run.out, run.err, NULL);
  test_run_clear(&run);
  return printed;
}

static sqlite3 *
open_db(void)
{
  sqlite3 *open;
  cr_assert(eq(i32, sqlite3_open_v2(db, &open, SQLITE_OPEN_READONLY, NULL), SQLITE_OK));
  return open;
}

/* The next AUTHORITY that has a CPA and a chain, put together from its fragments, which are of one
 * answer and come one behind the other. False if there is none. */
static bool
next_authority(sqlite3_stmt *rows, GByteArray *whole, DrtAuthorityBody *body, int *ret_pieces)
{
  uint32_t id = 0;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    DrtMsg msg;
    const uint8_t *bytes = sqlite3_column_blob(rows, 0);
    size_t n = (size_t)sqlite3_column_bytes(rows, 0);
    cr_assert(eq(i32, drt_decode(bytes, n, MAJOR, DRT_MODE_RESOLVE, &msg), DRT_REJECT_NONE));
    if (msg.type != DRT_AUTHORITY)
      continue;
    const DrtSplit *split = &msg.authority.split;
    if (msg.id != id) {
      g_byte_array_set_size(whole, 0);
      *ret_pieces = 0;
    }
    id = msg.id;
    cr_assert(eq(u32, whole->len, split->offset));
    g_byte_array_append(whole, split->slice.at, split->slice.n);
    ++*ret_pieces;
    if (whole->len < split->size)
      continue;
    DrtBytes all = { whole->data, whole->len };
    cr_assert(eq(i32, drt_decode_authority_body(all, DRT_MODE_RESOLVE, body), DRT_REJECT_NONE));
    if (body->cpa.at != NULL && body->chain.at != NULL)
      return true;
  }
  return false;
}

static void
put(const char *name, const uint8_t *bytes, size_t n)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  cr_assert(g_file_set_contents(path, (const char *)bytes, (gssize)n, NULL));
}

static TestRun
shell(const char *lines)
{
  g_autofree char *script = g_strdup_printf("cd '%s'; %s", folder, lines);
  return test_spawn((const char *[]){ "sh", "-c", script, NULL });
}

/* 3.9: the signature is 128 bytes from 3 on and covers all from 131 on; the key stands at 137, the
 * public key's DER at 215. Whose it is the last of the two certificates says. */
static void
verify_with_openssl(const DrtAuthorityBody *body)
{
  static const char lines[] =
    "openssl pkcs7 -inform DER -in chain.der -print_certs >certs.pem &&"
    "awk '/BEGIN/ { n++ } { print >n \".pem\" }' certs.pem && test -f 2.pem && ! test -f 3.pem &&"
    "openssl x509 -in 2.pem -noout -pubkey >public.pem &&"
    "openssl rsa -pubin -in public.pem -RSAPublicKey_out -outform DER >public.der &&"
    "cmp public.der said.der && openssl dgst -sha256 -binary public.der | cmp - key.bin &&"
    "openssl dgst -sha256 -verify public.pem -signature signature.bin body.bin";
  const uint8_t *cpa = body->cpa.at;
  put("chain.der", body->chain.at, body->chain.n);
  put("signature.bin", cpa + 3, 128);
  put("body.bin", cpa + 131, body->cpa.n - 131);
  put("key.bin", cpa + 137, 32);
  put("said.der", cpa + 215, 140);
  TestRun run = shell(lines);
  cr_expect(eq(i32, run.status, 0), "%s%s", run.out, run.err);
  cr_expect(strstr(run.out, "Verified OK") != NULL);
  test_run_clear(&run);
  g_autofree uint8_t *other = g_memdup2(cpa + 131, body->cpa.n - 131);
  other[body->cpa.n - 132] ^= 1; /* of its last address */
  put("body.bin", other, body->cpa.n - 131);
  run = shell("openssl dgst -sha256 -verify public.pem -signature signature.bin body.bin");
  cr_expect(ne(i32, run.status, 0));
  test_run_clear(&run);
}

Test(security_trace, a_cpa_of_a_run_is_verified_by_openssl)
{
  g_free(run_in("resolve"));
  sqlite3 *open = open_db();
  sqlite3_stmt *rows;
  GByteArray *whole = g_byte_array_new();
  DrtAuthorityBody body;
  int verified = 0, pieces = 0, split = 0;
  cr_assert(eq(
    i32, sqlite3_prepare_v2(open, "SELECT bytes FROM datagram ORDER BY message", -1, &rows, NULL),
    SQLITE_OK));
  while (verified < 3 && next_authority(rows, whole, &body, &pieces)) {
    verify_with_openssl(&body);
    verified++;
    split += pieces > 1;
  }
  cr_expect(eq(i32, verified, 3));
  cr_expect(eq(i32, split, 3), "with its chain it takes more than one datagram");
  sqlite3_finalize(rows);
  sqlite3_close(open);
  g_byte_array_free(whole, TRUE);
}

/* A number of a key, and its name. */
typedef struct {
  const char *what;
  GBytes *bytes;
} Secret;

static void
add_secrets(GArray *secrets, DRT_CERTIFICATE *certificate, bool only_public)
{
  static const char *const numbers[] = {
    OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,   OSSL_PKEY_PARAM_RSA_FACTOR2,
    OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1
  };
  for (size_t i = 0; i < (only_public ? 1 : G_N_ELEMENTS(numbers)); i++) {
    BIGNUM *number = NULL;
    const char *name = only_public ? OSSL_PKEY_PARAM_RSA_N : numbers[i];
    uint8_t bytes[128];
    cr_assert(eq(i32, EVP_PKEY_get_bn_param(certificate->private_key, name, &number), 1));
    int n = BN_bn2bin(number, bytes);
    Secret secret = { name, g_bytes_new(bytes, n < 24 ? (gsize)n : 24) }; /* its first 24 bytes */
    g_array_append_val(secrets, secret);
    BN_clear_free(number);
  }
}

/* As bytes, or as digits of either case. */
static bool
holds(const uint8_t *at, size_t n, const Secret *secret)
{
  gsize length;
  const uint8_t *wanted = g_bytes_get_data(secret->bytes, &length);
  if (memmem(at, n, wanted, length) != NULL)
    return true;
  char lower[49] = "", upper[49] = "";
  for (gsize i = 0; i < length; i++) {
    g_snprintf(lower + 2 * i, 3, "%02x", wanted[i]);
    g_snprintf(upper + 2 * i, 3, "%02X", wanted[i]);
  }
  return memmem(at, n, lower, 2 * length) != NULL || memmem(at, n, upper, 2 * length) != NULL;
}

/* How many of the secrets are somewhere in a value of a table. */
static unsigned
count_in_trace(const GArray *secrets)
{
  sqlite3 *open = open_db();
  sqlite3_stmt *tables, *rows;
  g_autofree bool *found = g_new0(bool, secrets->len);
  unsigned count = 0;
  cr_assert(eq(i32,
               sqlite3_prepare_v2(open, "SELECT name FROM sqlite_master WHERE type = 'table'", -1,
                                  &tables, NULL),
               SQLITE_OK));
  while (sqlite3_step(tables) == SQLITE_ROW) {
    g_autofree char *sql =
      g_strdup_printf("SELECT * FROM \"%s\"", (const char *)sqlite3_column_text(tables, 0));
    cr_assert(eq(i32, sqlite3_prepare_v2(open, sql, -1, &rows, NULL), SQLITE_OK));
    while (sqlite3_step(rows) == SQLITE_ROW)
      for (int c = 0; c < sqlite3_column_count(rows); c++) {
        int type = sqlite3_column_type(rows, c);
        if (type != SQLITE_TEXT && type != SQLITE_BLOB)
          continue;
        const uint8_t *at = sqlite3_column_blob(rows, c);
        size_t n = (size_t)sqlite3_column_bytes(rows, c);
        for (guint i = 0; i < secrets->len && n >= 24; i++)
          found[i] = found[i] || holds(at, n, &g_array_index(secrets, Secret, i));
      }
    sqlite3_finalize(rows);
  }
  sqlite3_finalize(tables);
  sqlite3_close(open);
  for (guint i = 0; i < secrets->len; i++)
    count += found[i];
  return count;
}

static void
clear_secret(void *secret)
{
  g_bytes_unref(((Secret *)secret)->bytes);
}

/* Everything of every node's key, and of the root's; the moduli are there, so the search works. */
Test(security_trace, no_private_key_is_in_a_trace)
{
  static const char *const modes[] = { "resolve", "membership", "confidential" };
  GArray *secrets = g_array_new(FALSE, FALSE, sizeof(Secret)),
         *moduli = g_array_new(FALSE, FALSE, sizeof(Secret));
  g_array_set_clear_func(secrets, clear_secret);
  g_array_set_clear_func(moduli, clear_secret);
  SimPki *pki = sim_pki_new(SEED, 1024, false);
  for (uint32_t i = 0; i < NODES; i++) {
    DRT_CERTIFICATE *certificate = sim_pki_issue(pki, i, 0, SIM_PKI_GOOD, 0);
    add_secrets(secrets, certificate, false);
    add_secrets(moduli, certificate, true);
    DrtCertificateFree(certificate);
  }
  PCCERT_CONTEXT root = sim_pki_root(pki);
  if (root->private_key != NULL)
    add_secrets(secrets, (DRT_CERTIFICATE *)root, false);
  for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
    g_autofree char *printed = run_in(modes[i]);
    cr_expect(eq(u32, count_in_trace(moduli), NODES), "%s", modes[i]);
    cr_expect(eq(u32, count_in_trace(secrets), 0), "%s", modes[i]);
    for (guint k = 0; k < secrets->len; k++)
      cr_expect(
        not(holds((uint8_t *)printed, strlen(printed), &g_array_index(secrets, Secret, k))));
  }
  sim_pki_free(pki);
  g_array_free(secrets, TRUE);
  g_array_free(moduli, TRUE);
}
