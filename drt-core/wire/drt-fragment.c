/* A completed entry has nothing missing and lives until the next call, so that the caller can read
 * it without copying. */
#include "drt-fragment.h"

#include <string.h>

uint32_t
drt_fragment_count(uint32_t size)
{
  drt_assert(size >= 1 && size <= DRT_SPLIT_SIZE_MAX);
  return (size + DRT_FRAGMENT_LEN - 1) / DRT_FRAGMENT_LEN;
}

/* The length of fragment @i of a whole of @size bytes. */
static uint32_t
fragment_length(uint32_t size, uint32_t i)
{
  uint32_t offset = i * DRT_FRAGMENT_LEN;
  return size - offset < DRT_FRAGMENT_LEN ? size - offset : DRT_FRAGMENT_LEN;
}

DrtSplit
drt_fragment(DrtBytes whole, uint32_t i)
{
  drt_assert(i < drt_fragment_count(whole.n));
  uint32_t offset = i * DRT_FRAGMENT_LEN;
  return (DrtSplit){
    .size = (uint16_t)whole.n,
    .offset = (uint16_t)offset,
    .slice = { whole.at + offset, fragment_length(whole.n, i) },
  };
}

static void
release(DrtReassembly *list, DrtReassemblyEntry *entry)
{
  list->memory.give(list->memory.host, entry->bytes, 1, entry->size);
  *entry = (DrtReassemblyEntry){ 0 };
}

static bool
same_key(const DrtFragmentKey *a, const DrtFragmentKey *b)
{
  return a->type == b->type && a->id == b->id && a->acked == b->acked &&
         drt_endpoint_equal(&a->from, &b->from);
}

static DrtReassemblyEntry *
find(DrtReassembly *list, const DrtFragmentKey *key)
{
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++)
    if (list->entries[i].bytes != NULL && same_key(&list->entries[i].key, key))
      return &list->entries[i];
  return NULL;
}

static DrtReassemblyEntry *
start(DrtReassembly *list, DrtTime now, const DrtFragmentKey *key, uint16_t size)
{
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++) {
    DrtReassemblyEntry *entry = &list->entries[i];
    if (entry->bytes != NULL)
      continue;
    uint8_t *bytes = list->memory.take(list->memory.host, 1, size);
    if (bytes == NULL)
      return NULL;
    *entry = (DrtReassemblyEntry){
      .key = *key,
      .expires = now + DRT_REASSEMBLY_LIFETIME,
      .bytes = bytes,
      .size = size,
      .missing = (uint32_t)((UINT64_C(1) << drt_fragment_count(size)) - 1),
    };
    return entry;
  }
  return NULL;
}

/* Entries whose time has come, and those that the last call handed out whole. */
static uint32_t
sweep(DrtReassembly *list, DrtTime now)
{
  uint32_t expired = 0;
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++) {
    DrtReassemblyEntry *entry = &list->entries[i];
    if (entry->bytes == NULL || (entry->missing != 0 && entry->expires > now))
      continue;
    expired += entry->missing != 0;
    release(list, entry);
  }
  return expired;
}

void
drt_reassembly_init(DrtReassembly *list, DrtMemory memory)
{
  *list = (DrtReassembly){ .memory = memory };
}

void
drt_reassembly_clear(DrtReassembly *list)
{
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++)
    if (list->entries[i].bytes != NULL)
      release(list, &list->entries[i]);
}

DrtFragmentVerdict
drt_reassembly_add(DrtReassembly *list, DrtTime now, const DrtFragmentKey *key,
                   const DrtSplit *split, DrtBytes *ret_whole)
{
  drt_assert(split->size >= 1 && split->size <= DRT_SPLIT_SIZE_MAX &&
             split->offset % DRT_FRAGMENT_LEN == 0);
  sweep(list, now);
  DrtReassemblyEntry *entry = find(list, key);
  if (split->offset + split->slice.n > split->size ||
      (entry != NULL && entry->size != split->size)) {
    if (entry != NULL)
      release(list, entry);
    return DRT_FRAGMENT_CONFLICT;
  }
  uint32_t i = split->offset / DRT_FRAGMENT_LEN;
  if (split->slice.n == 0 || split->slice.n != fragment_length(split->size, i))
    return DRT_FRAGMENT_MISFIT;
  if (split->slice.n == split->size) {
    *ret_whole = split->slice;
    return DRT_FRAGMENT_WHOLE;
  }
  if (entry == NULL)
    entry = start(list, now, key, split->size);
  if (entry == NULL)
    return DRT_FRAGMENT_NO_ROOM;
  if ((entry->missing & 1u << i) == 0)
    return DRT_FRAGMENT_REPEATED;
  memcpy(entry->bytes + split->offset, split->slice.at, split->slice.n);
  entry->missing &= ~(1u << i);
  if (entry->missing != 0)
    return DRT_FRAGMENT_KEPT;
  *ret_whole = (DrtBytes){ entry->bytes, entry->size };
  return DRT_FRAGMENT_WHOLE;
}

uint32_t
drt_reassembly_forget(DrtReassembly *list, uint32_t acked)
{
  uint32_t dropped = 0;
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++) {
    DrtReassemblyEntry *entry = &list->entries[i];
    if (entry->bytes == NULL || entry->key.type != DRT_AUTHORITY || entry->key.acked != acked)
      continue;
    dropped += entry->missing != 0;
    release(list, entry);
  }
  return dropped;
}

uint32_t
drt_reassembly_expire(DrtReassembly *list, DrtTime now)
{
  return sweep(list, now);
}

DrtTime
drt_reassembly_deadline(const DrtReassembly *list)
{
  DrtTime deadline = DRT_TIME_NEVER;
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++) {
    const DrtReassemblyEntry *entry = &list->entries[i];
    if (entry->bytes != NULL && entry->missing != 0 && entry->expires < deadline)
      deadline = entry->expires;
  }
  return deadline;
}

uint32_t
drt_reassembly_count(const DrtReassembly *list)
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++)
    count += list->entries[i].bytes != NULL;
  return count;
}

const char *
drt_reassembly_check(const DrtReassembly *list)
{
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++) {
    const DrtReassemblyEntry *entry = &list->entries[i];
    if (entry->bytes == NULL)
      continue;
    if (entry->size <= DRT_FRAGMENT_LEN || entry->size > DRT_SPLIT_SIZE_MAX)
      return "an entry of a size that is never split, or never allowed";
    if (((uint64_t)entry->missing >> drt_fragment_count(entry->size)) != 0)
      return "a fragment is missing that cannot exist";
    for (uint32_t k = 0; k < i; k++)
      if (list->entries[k].bytes != NULL && same_key(&list->entries[k].key, &entry->key))
        return "two entries for one whole";
  }
  return NULL;
}
