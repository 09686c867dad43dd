/* A chained hash table over slab numbers; it doubles when there are as many strings as buckets. */
#include "drt-intern.h"

#include "drt-assert.h"

#include <string.h>

#define BUCKETS_MIN 64u

typedef struct {
  uint64_t hash;
  uint32_t next, references, n;
  DrtBlob blob;
} String;

void
drt_interns_init(DrtInterns *interns, DrtMemory memory, DrtBlobs *blobs)
{
  *interns = (DrtInterns){ .blobs = blobs, .memory = memory };
  drt_slab_init(&interns->strings, memory, sizeof(String), _Alignof(String));
}

void
drt_interns_clear(DrtInterns *interns)
{
  drt_slab_clear(&interns->strings);
  if (interns->buckets != NULL)
    interns->memory.give(interns->memory.host, interns->buckets, _Alignof(uint32_t),
                         interns->room * sizeof *interns->buckets);
  interns->buckets = NULL;
  interns->room = interns->n = 0;
}

static String *
string_at(const DrtInterns *interns, uint32_t number)
{
  return drt_slab_at(&interns->strings, number);
}

/* FNV-1a: an attacker gains nothing from making chains long, as every string in it was verified. */
static uint64_t
hash_of(const uint8_t *bytes, uint32_t n)
{
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (uint32_t i = 0; i < n; i++)
    hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
  return hash ^ hash >> 32;
}

static bool
grow(DrtInterns *interns)
{
  if (interns->n < interns->room)
    return true;
  uint32_t room = interns->room == 0 ? BUCKETS_MIN : 2 * interns->room;
  DrtMemory *memory = &interns->memory;
  uint32_t *buckets = memory->take(memory->host, _Alignof(uint32_t), room * sizeof *buckets);
  if (buckets == NULL)
    return false;
  memset(buckets, 0, room * sizeof *buckets);
  for (uint32_t i = 0; i < interns->room; i++) {
    for (uint32_t number = interns->buckets[i]; number != 0;) {
      String *string = string_at(interns, number);
      uint32_t next = string->next, *head = &buckets[string->hash & (room - 1)];
      string->next = *head;
      *head = number;
      number = next;
    }
  }
  if (interns->buckets != NULL)
    memory->give(memory->host, interns->buckets, _Alignof(uint32_t),
                 interns->room * sizeof *buckets);
  interns->buckets = buckets;
  interns->room = room;
  return true;
}

DrtInterned
drt_intern(DrtInterns *interns, const uint8_t *bytes, uint32_t n)
{
  drt_assert(n >= 1 && n <= DRT_BLOB_LARGEST);
  uint64_t hash = hash_of(bytes, n);
  uint32_t number = interns->room == 0 ? 0 : interns->buckets[hash & (interns->room - 1)];
  for (; number != 0; number = string_at(interns, number)->next) {
    String *string = string_at(interns, number);
    if (string->hash == hash && string->n == n &&
        memcmp(drt_blob_at(interns->blobs, string->blob), bytes, n) == 0) {
      string->references++;
      return number;
    }
  }
  if (!grow(interns))
    return DRT_INTERNED_NONE;
  number = drt_slab_take(&interns->strings);
  DrtBlob blob = number == 0 ? DRT_BLOB_NONE : drt_blob_copy(interns->blobs, bytes, n);
  if (blob == DRT_BLOB_NONE) {
    if (number != 0)
      drt_slab_give(&interns->strings, number);
    return DRT_INTERNED_NONE;
  }
  uint32_t *head = &interns->buckets[hash & (interns->room - 1)];
  *string_at(interns, number) =
    (String){ .hash = hash, .next = *head, .references = 1, .n = n, .blob = blob };
  *head = number;
  interns->n++;
  return number;
}

void
drt_intern_drop(DrtInterns *interns, DrtInterned interned)
{
  if (interned == DRT_INTERNED_NONE)
    return;
  String *string = string_at(interns, interned);
  if (--string->references > 0)
    return;
  uint32_t *link = &interns->buckets[string->hash & (interns->room - 1)];
  while (*link != interned)
    link = &string_at(interns, *link)->next;
  *link = string->next;
  drt_blob_give(interns->blobs, string->blob);
  drt_slab_give(&interns->strings, interned);
  interns->n--;
}

const uint8_t *
drt_intern_at(const DrtInterns *interns, DrtInterned interned, uint32_t *ret_n)
{
  const String *string = string_at(interns, interned);
  *ret_n = string->n;
  return drt_blob_at(interns->blobs, string->blob);
}
