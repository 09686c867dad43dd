/* The certificates of a run: a root, one certificate for each key of each node, and bad ones.
 *
 * Keys and certificates are a function of the run's seed. RSA keys take long to find, so they are
 * kept between runs in the user's cache folder; without that, or with a damaged file in it, they are
 * found again. */
#pragma once
#include "drt.h"
#include "sim-time.h"

#include <glib.h>
#include <stdbool.h>

/* Virtual time 0, in seconds since 1970: 2026-01-01. Runs begin with that year, whenever they are
 * made. */
#define SIM_EPOCH INT64_C(1767225600)

typedef enum {
  SIM_PKI_GOOD,    /* for a year, from a day ago */
  SIM_PKI_EXPIRED, /* its time was over a second ago */
  SIM_PKI_STRANGE, /* from another root */
} SimPkiKind;

typedef struct SimPki SimPki;

/* @key_bits: of RSA keys; @sha2: certificates are signed with SHA-256, else with SHA-1. */
SimPki *sim_pki_new(uint64_t seed, uint32_t key_bits, bool sha2);
/* Keeps the keys that were found. NULL is ignored. */
void sim_pki_free(SimPki *pki);
/* (transfer none) */
PCCERT_CONTEXT sim_pki_root(SimPki *pki);
/* The certificate for a key of a node, at this time. (transfer full): DrtCertificateFree */
DRT_CERTIFICATE *sim_pki_issue(SimPki *pki, uint32_t node, uint32_t number, SimPkiKind kind,
                               SimTime now);
/* The root has taken this one back. */
void sim_pki_revoke(SimPki *pki, uint32_t node, uint32_t number);

/* The folder of kept keys. (transfer full): g_free */
char *sim_pki_cache_folder(void);
/* Bytes in it, and how many files. */
uint64_t sim_pki_cache_size(uint32_t *ret_files);
/* Removes them. */
bool sim_pki_cache_clear(GError **error);
