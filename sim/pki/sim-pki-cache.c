/* One file for each seed and key size: a head, the primes of each key, and the SHA-256 of all that. A
 * file that does not end with its own hash is as good as none. It is written beside its place and
 * renamed, so runs at the same time see a whole one, and the last of them wins: what it does not have
 * of another one's keys is found again one day. */
#include "sim-pki-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define HEAD "drtsim keys 1\n"
#define HEAD_LEN (sizeof HEAD - 1)
#define HASH_LEN 32

typedef struct {
  uint32_t node, number;
} Place;

struct SimPkiCache {
  uint64_t seed;
  uint32_t bits;
  char *path;
  GHashTable *primes; /* by Place */
  bool changed;
};

static guint
hash_place(gconstpointer data)
{
  const Place *place = data;
  return place->node * 2654435761u + place->number;
}

static gboolean
same_place(gconstpointer a, gconstpointer b)
{
  const Place *one = a, *other = b;
  return one->node == other->node && one->number == other->number;
}

char *
sim_pki_cache_folder(void)
{
  return g_build_filename(g_get_user_cache_dir(), "drtsim", "keys", NULL);
}

static size_t
record_len(const SimPkiCache *cache)
{
  return sizeof(Place) + 2 * (size_t)(cache->bits / 16);
}

static void
hash_of(const uint8_t *bytes, size_t n, uint8_t ret[HASH_LEN])
{
  GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
  gsize length = HASH_LEN;
  g_checksum_update(checksum, bytes, (gssize)n);
  g_checksum_get_digest(checksum, ret, &length);
  g_checksum_free(checksum);
}

static SimPrimes *
add(SimPkiCache *cache, uint32_t node, uint32_t number)
{
  Place *place = g_new(Place, 1);
  SimPrimes *primes = g_new0(SimPrimes, 1);
  *place = (Place){ node, number };
  g_hash_table_replace(cache->primes, place, primes);
  return primes;
}

/* Little-endian, whatever the machine. */
static uint32_t
read_number(const uint8_t *at)
{
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void
append_number(GByteArray *to, uint32_t number)
{
  uint8_t bytes[] = { (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
                      (uint8_t)(number >> 24) };
  g_byte_array_append(to, bytes, sizeof bytes);
}

/* What the file has and the table has not. */
static void
read_file(SimPkiCache *cache)
{
  g_autofree char *text = NULL;
  gsize n;
  uint8_t hash[HASH_LEN];
  if (!g_file_get_contents(cache->path, &text, &n, NULL) || n < HEAD_LEN + HASH_LEN ||
      memcmp(text, HEAD, HEAD_LEN) != 0 || (n - HEAD_LEN - HASH_LEN) % record_len(cache) != 0)
    return;
  const uint8_t *bytes = (const uint8_t *)text;
  hash_of(bytes, n - HASH_LEN, hash);
  if (memcmp(hash, bytes + n - HASH_LEN, HASH_LEN) != 0)
    return;
  uint32_t half = cache->bits / 16;
  for (size_t at = HEAD_LEN; at < n - HASH_LEN; at += record_len(cache)) {
    Place place = { read_number(bytes + at), read_number(bytes + at + 4) };
    if (g_hash_table_contains(cache->primes, &place))
      continue;
    SimPrimes *primes = add(cache, place.node, place.number);
    memcpy(primes->p, bytes + at + sizeof place, half);
    memcpy(primes->q, bytes + at + sizeof place + half, half);
  }
}

static void
write_file(SimPkiCache *cache)
{
  GHashTableIter iter;
  gpointer key, value;
  uint8_t hash[HASH_LEN];
  uint32_t half = cache->bits / 16;
  read_file(cache); /* what another run has found meanwhile */
  GByteArray *bytes = g_byte_array_new();
  g_byte_array_append(bytes, (const uint8_t *)HEAD, HEAD_LEN);
  g_hash_table_iter_init(&iter, cache->primes);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    const Place *place = key;
    const SimPrimes *primes = value;
    append_number(bytes, place->node);
    append_number(bytes, place->number);
    g_byte_array_append(bytes, primes->p, half);
    g_byte_array_append(bytes, primes->q, half);
  }
  hash_of(bytes->data, bytes->len, hash);
  g_byte_array_append(bytes, hash, HASH_LEN);
  g_autofree char *folder = sim_pki_cache_folder();
  /* A cache that cannot be written costs time and nothing else. */
  if (g_mkdir_with_parents(folder, 0700) == 0)
    g_file_set_contents_full(cache->path, (const char *)bytes->data, (gssize)bytes->len,
                             G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
  g_byte_array_free(bytes, TRUE);
}

SimPkiCache *
sim_pki_cache_open(uint64_t seed, uint32_t bits)
{
  SimPkiCache *cache = g_new0(SimPkiCache, 1);
  g_autofree char *folder = sim_pki_cache_folder();
  g_autofree char *name = g_strdup_printf("%u-%" G_GINT64_MODIFIER "x.keys", bits, (guint64)seed);
  cache->seed = seed;
  cache->bits = bits;
  cache->path = g_build_filename(folder, name, NULL);
  cache->primes = g_hash_table_new_full(hash_place, same_place, g_free, g_free);
  read_file(cache);
  return cache;
}

void
sim_pki_cache_close(SimPkiCache *cache)
{
  if (cache->changed)
    write_file(cache);
  g_hash_table_destroy(cache->primes);
  g_free(cache->path);
  g_free(cache);
}

const SimPrimes *
sim_pki_cache_get(SimPkiCache *cache, uint32_t node, uint32_t number)
{
  Place place = { node, number };
  SimPrimes *primes = g_hash_table_lookup(cache->primes, &place);
  if (primes != NULL)
    return primes;
  primes = add(cache, node, number);
  *primes = sim_pki_find(cache->seed, cache->bits, node, number);
  cache->changed = true;
  return primes;
}

/* Calls for each file of ours in the folder. */
static void
for_each(void (*function)(const char *path, void *data), void *data)
{
  g_autofree char *folder = sim_pki_cache_folder();
  GDir *dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_str_has_suffix(name, ".keys"))
      function(path, data);
  }
  if (dir != NULL)
    g_dir_close(dir);
}

typedef struct {
  uint64_t bytes;
  uint32_t files;
} Sum;

static void
add_size(const char *path, void *data)
{
  Sum *sum = data;
  GStatBuf status;
  if (g_stat(path, &status) != 0)
    return;
  sum->bytes += (uint64_t)status.st_size;
  sum->files++;
}

uint64_t
sim_pki_cache_size(uint32_t *ret_files)
{
  Sum sum = { 0 };
  for_each(add_size, &sum);
  *ret_files = sum.files;
  return sum.bytes;
}

static void
remove_one(const char *path, void *data)
{
  GError **error = data;
  if (g_unlink(path) != 0 && errno != ENOENT && *error == NULL)
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", path,
                g_strerror(errno));
}

bool
sim_pki_cache_clear(GError **error)
{
  GError *first = NULL;
  for_each(remove_one, &first);
  if (first == NULL)
    return true;
  g_propagate_error(error, first);
  return false;
}
