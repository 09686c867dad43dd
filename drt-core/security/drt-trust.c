#include "drt-trust.h"

#include <openssl/crypto.h>

#include <string.h>

#define ROOM_FIRST 64u
#define ROOM_MAX 65536u

void
drt_trust_init(DrtTrust *trust, DrtMemory memory)
{
  *trust = (DrtTrust){ .memory = memory };
}

static bool
is_empty(const DrtTrustEntry *entry)
{
  static const uint8_t none[DRT_QUESTION_LEN];
  return memcmp(entry->question, none, sizeof none) == 0;
}

static void
let_go(DrtTrustEntry *entry)
{
  EVP_PKEY_free(entry->owner);
  OPENSSL_free(entry->bytes);
  memset(entry, 0, sizeof *entry);
}

void
drt_trust_clear(DrtTrust *trust)
{
  for (uint32_t i = 0; i < trust->room; i++)
    let_go(&trust->entries[i]);
  let_go(&trust->spare);
  if (trust->entries != NULL)
    trust->memory.give(trust->memory.host, trust->entries, _Alignof(DrtTrustEntry),
                       trust->room * sizeof *trust->entries);
  trust->entries = NULL;
  trust->n = trust->room = 0;
}

/* The place of the question, or the empty one where it would be. */
static DrtTrustEntry *
find(DrtTrustEntry *entries, uint32_t room, const uint8_t *question)
{
  uint32_t at;
  memcpy(&at, question, sizeof at);
  for (;; at++) {
    DrtTrustEntry *entry = &entries[at & (room - 1)];
    if (is_empty(entry) || memcmp(entry->question, question, DRT_QUESTION_LEN) == 0)
      return entry;
  }
}

const DrtTrustEntry *
drt_trust_recall(const DrtTrust *trust, const uint8_t question[DRT_QUESTION_LEN])
{
  if (trust->room == 0)
    return NULL;
  const DrtTrustEntry *entry = find(trust->entries, trust->room, question);
  return is_empty(entry) ? NULL : entry;
}

/* Room for one more. At most three quarters of the places are taken. */
static bool
make_room(DrtTrust *trust)
{
  if (4 * (trust->n + 1) <= 3 * trust->room)
    return true;
  if (trust->room == ROOM_MAX)
    drt_trust_clear(trust);
  uint32_t room = trust->room == 0 ? ROOM_FIRST : 2 * trust->room;
  DrtTrustEntry *entries =
    trust->memory.take(trust->memory.host, _Alignof(DrtTrustEntry), room * sizeof *entries);
  if (entries == NULL)
    return false;
  memset(entries, 0, room * sizeof *entries);
  for (uint32_t i = 0; i < trust->room; i++)
    if (!is_empty(&trust->entries[i]))
      *find(entries, room, trust->entries[i].question) = trust->entries[i];
  if (trust->entries != NULL)
    trust->memory.give(trust->memory.host, trust->entries, _Alignof(DrtTrustEntry),
                       trust->room * sizeof *trust->entries);
  trust->entries = entries;
  trust->room = room;
  return true;
}

const DrtTrustEntry *
drt_trust_remember(DrtTrust *trust, const DrtTrustEntry *entry)
{
  DrtTrustEntry *place = &trust->spare;
  if (make_room(trust)) {
    place = find(trust->entries, trust->room, entry->question);
    trust->n += is_empty(place);
  }
  let_go(place);
  *place = *entry;
  return place;
}
