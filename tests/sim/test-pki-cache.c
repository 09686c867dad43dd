/* Certificates of a run follow from its seed, and the cache of their keys is never more than that. */
#include "sim-pki.h"

#include "drt-certificate.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>

static char *folder; /* the user's cache folder here */

static void
set_up(void)
{
  folder = g_dir_make_tmp("drtsim-test-XXXXXX", NULL);
  cr_assert(folder != NULL && g_setenv("XDG_CACHE_HOME", folder, TRUE));
}

static void
tear_down(void)
{
  sim_pki_cache_clear(NULL);
  g_autofree char *keys = sim_pki_cache_folder(), *inner = g_path_get_dirname(keys);
  g_rmdir(keys);
  g_rmdir(inner);
  cr_expect(g_rmdir(folder) == 0, "something else was left in the cache folder");
  g_free(folder);
}

TestSuite(pki_cache, .init = set_up, .fini = tear_down);

/* The DER bytes of a certificate, in hex. */
static char *
print_certificate(uint64_t seed, uint32_t node, SimPkiKind kind)
{
  SimPki *pki = sim_pki_new(seed, 1024, false);
  DRT_CERTIFICATE *certificate = sim_pki_issue(pki, node, 0, kind, 0);
  uint8_t *der = NULL;
  int n = i2d_X509(certificate->x509, &der);
  char *text = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der, (gsize)n);
  OPENSSL_free(der);
  DrtCertificateFree(certificate);
  sim_pki_free(pki);
  return text;
}

/* The one file in the cache. */
static char *
cache_file(uint64_t seed)
{
  g_autofree char *keys = sim_pki_cache_folder();
  g_autofree char *name = g_strdup_printf("1024-%" G_GINT64_MODIFIER "x.keys", (guint64)seed);
  return g_build_filename(keys, name, NULL);
}

/* design.md, Determinism: the same seed, the same bytes, whether found or kept. */
Test(pki_cache, certificates_follow_from_the_seed)
{
  g_autofree char *found = print_certificate(7, 3, SIM_PKI_GOOD);
  g_autofree char *kept = print_certificate(7, 3, SIM_PKI_GOOD);
  g_autofree char *other_node = print_certificate(7, 4, SIM_PKI_GOOD);
  g_autofree char *other_seed = print_certificate(8, 3, SIM_PKI_GOOD);
  g_autofree char *expired = print_certificate(7, 3, SIM_PKI_EXPIRED);
  cr_expect(sim_pki_cache_clear(NULL));
  g_autofree char *again = print_certificate(7, 3, SIM_PKI_GOOD);
  cr_expect_str_eq(found, kept);
  cr_expect_str_eq(found, again);
  cr_expect_str_neq(found, other_node);
  cr_expect_str_neq(found, other_seed);
  cr_expect_str_neq(found, expired);
}

/* A file that is not whole counts as none, and is replaced. */
Test(pki_cache, a_damaged_file_is_made_anew)
{
  g_autofree char *right = print_certificate(7, 3, SIM_PKI_GOOD), *path = cache_file(7);
  g_autofree char *whole = NULL;
  gsize n;
  cr_assert(g_file_get_contents(path, &whole, &n, NULL));
  for (int damage = 0; damage < 4; damage++) {
    g_autofree char *bytes = g_memdup2(whole, n);
    bytes[n / 2] ^= damage == 0;
    bytes[0] ^= damage == 3;
    cr_assert(g_file_set_contents(path, bytes,
                                  (gssize)(damage == 1   ? n - 1
                                           : damage == 2 ? 0
                                                         : n),
                                  NULL));
    g_autofree char *now = print_certificate(7, 3, SIM_PKI_GOOD), *after = NULL;
    gsize after_n;
    cr_expect_str_eq(now, right, "damage %d", damage);
    cr_assert(g_file_get_contents(path, &after, &after_n, NULL));
    cr_expect(after_n == n, "damage %d: the file was not replaced", damage);
  }
}

/* Two runs at the same time: neither spoils what the other has written. */
Test(pki_cache, runs_at_the_same_time_keep_the_keys_of_both)
{
  SimPki *one = sim_pki_new(7, 1024, false), *other = sim_pki_new(7, 1024, false);
  DrtCertificateFree(sim_pki_issue(one, 1, 0, SIM_PKI_GOOD, 0));
  DrtCertificateFree(sim_pki_issue(other, 2, 0, SIM_PKI_GOOD, 0));
  sim_pki_free(one);
  uint32_t files;
  uint64_t first = sim_pki_cache_size(&files);
  sim_pki_free(other);
  uint64_t both = sim_pki_cache_size(&files);
  cr_expect(files == 1);
  cr_expect(both == first + 8 + 2 * 64, "the file grew by %" G_GUINT64_FORMAT, both - first);
}

/* Without a cache folder only time is lost. */
Test(pki_cache, a_folder_that_cannot_be_made_is_no_error)
{
  g_autofree char *right = print_certificate(7, 3, SIM_PKI_GOOD);
  cr_expect(sim_pki_cache_clear(NULL));
  g_autofree char *keys = sim_pki_cache_folder();
  cr_assert(g_rmdir(keys) == 0 && g_file_set_contents(keys, "in the way", -1, NULL));
  g_autofree char *now = print_certificate(7, 3, SIM_PKI_GOOD);
  cr_expect_str_eq(now, right);
  cr_assert(g_unlink(keys) == 0);
}

Test(pki_cache, clearing_removes_every_file)
{
  g_free(print_certificate(7, 3, SIM_PKI_GOOD));
  g_free(print_certificate(8, 3, SIM_PKI_GOOD));
  uint32_t files;
  cr_expect(sim_pki_cache_size(&files) > 0 && files == 2);
  cr_expect(sim_pki_cache_clear(NULL));
  cr_expect(sim_pki_cache_size(&files) == 0 && files == 0);
}
