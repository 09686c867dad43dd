/* Twenty senders share parts of their keys, so that each part must be compared. */
#include "test-fragment-model.h"

#include "drt-fragment.h"

#include "test-memory.h"

#include <string.h>

#define SENDERS 20 /* more than there are entries */
#define PIECE 1188u

typedef struct {
  bool used;
  uint16_t size;
  uint32_t missing;
  DrtTime expires;
} Whole;

typedef struct {
  TestMemory memory;
  DrtReassembly list;
  DrtTime now;
  Whole wholes[SENDERS];
} Run;

static const uint16_t sizes[] = { 1, 1187, 1188, 1189, 2376, 2377, 5000, 37347, 37348 };

/* What byte @i of the whole of @sender is. */
static uint8_t
content(uint32_t sender, uint32_t i)
{
  return (uint8_t)(sender * 31 + i * 7 + (i >> 8));
}

/* What a sender answers; 0: nothing, it sends a REQUEST. */
static uint32_t
acked_of(uint32_t sender)
{
  uint32_t which = sender >> 1 & 3;
  return which == 3 ? 0 : 100 + which;
}

static DrtFragmentKey
key_of(uint32_t sender)
{
  uint8_t address[DRT_ADDRESS_LEN] = { [15] = (uint8_t)(sender >> 4) };
  return (DrtFragmentKey){
    .type = acked_of(sender) == 0 ? DRT_REQUEST : DRT_AUTHORITY,
    .id = sender & 1,
    .acked = acked_of(sender),
    .from = drt_endpoint((uint16_t)(2000 + (sender >> 3 & 1)), address),
  };
}

static uint32_t
model_expire(Run *run)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < SENDERS; i++)
    if (run->wholes[i].used && run->wholes[i].expires <= run->now) {
      run->wholes[i].used = false;
      n++;
    }
  return n;
}

static uint32_t
model_forget(Run *run, uint32_t acked)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < SENDERS; i++)
    if (run->wholes[i].used && acked != 0 && acked_of(i) == acked) {
      run->wholes[i].used = false;
      n++;
    }
  return n;
}

static uint32_t
model_count(const Run *run)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < SENDERS; i++)
    n += run->wholes[i].used;
  return n;
}

static DrtTime
model_deadline(const Run *run)
{
  DrtTime deadline = INT64_MAX;
  for (uint32_t i = 0; i < SENDERS; i++)
    if (run->wholes[i].used && run->wholes[i].expires < deadline)
      deadline = run->wholes[i].expires;
  return deadline;
}

static DrtFragmentVerdict
model_add(Run *run, uint32_t sender, const DrtSplit *split, bool memory_fails)
{
  Whole *whole = &run->wholes[sender];
  uint32_t index = split->offset / PIECE, count = (split->size + PIECE - 1) / PIECE;
  if (split->offset + split->slice.n > split->size || (whole->used && whole->size != split->size)) {
    whole->used = false;
    return DRT_FRAGMENT_CONFLICT;
  }
  if (split->slice.n != (index + 1 < count ? PIECE : split->size - PIECE * (count - 1)))
    return DRT_FRAGMENT_MISFIT;
  if (count == 1)
    return DRT_FRAGMENT_WHOLE;
  if (!whole->used) {
    if (model_count(run) == 16 || memory_fails)
      return DRT_FRAGMENT_NO_ROOM;
    *whole = (Whole){ true, split->size, 0, run->now + 1000000000 };
    for (uint32_t i = 0; i < count; i++)
      whole->missing |= 1u << i;
  }
  if ((whole->missing & 1u << index) == 0)
    return DRT_FRAGMENT_REPEATED;
  whole->missing &= ~(1u << index);
  whole->used = whole->missing != 0;
  return whole->used ? DRT_FRAGMENT_KEPT : DRT_FRAGMENT_WHOLE;
}

/* A piece, from the bytes of its step. @slice has room for one. */
static DrtSplit
piece(const uint8_t *step, uint32_t sender, uint8_t *slice)
{
  uint16_t size = sizes[(step[3] >> 3) % (sizeof sizes / sizeof *sizes)];
  uint32_t index = step[2] % 33;
  if (step[0] & 0x40) /* most should fit */
    index %= (size + PIECE - 1) / PIECE;
  uint32_t offset = index * PIECE;
  uint32_t n = offset < size && size - offset < PIECE ? size - offset : PIECE;
  if ((step[3] & 7) == 0)
    n--;
  if ((step[3] & 7) == 1)
    n++;
  for (uint32_t i = 0; i < n; i++)
    slice[i] = content(sender, offset + i);
  return (DrtSplit){ size, (uint16_t)offset, { slice, n } };
}

static const char *
add(Run *run, const uint8_t *step)
{
  uint8_t slice[PIECE + 1];
  uint32_t sender = step[1] % SENDERS;
  DrtSplit split = piece(step, sender, slice);
  DrtFragmentKey key = key_of(sender);
  DrtBytes whole = { 0 };
  bool memory_fails = (step[0] & 0x30) == 0x30;
  run->memory.fail_at = memory_fails ? run->memory.takes + 1 : 0;
  model_expire(run);
  DrtFragmentVerdict wanted = model_add(run, sender, &split, memory_fails);
  if (drt_reassembly_add(&run->list, run->now, &key, &split, &whole) != wanted)
    return "another verdict";
  if (wanted != DRT_FRAGMENT_WHOLE)
    return NULL;
  if (whole.n != split.size)
    return "a whole of another size";
  for (uint32_t i = 0; i < whole.n; i++)
    if (whole.at[i] != content(sender, i))
      return "a whole of other bytes";
  return NULL;
}

static const char *
take_step(Run *run, const uint8_t *step)
{
  switch (step[0] % 8) {
  case 0:
    run->now += step[1] * INT64_C(15625000); /* 64 of them are a second */
    if (drt_reassembly_expire(&run->list, run->now) != model_expire(run))
      return "another number expired";
    return NULL;
  case 1: {
    uint32_t acked = 100 + step[1] % 5;
    if (drt_reassembly_forget(&run->list, acked) != model_forget(run, acked))
      return "another number forgotten";
    return NULL;
  }
  default:
    return add(run, step);
  }
}

const char *
test_fragment_run(const uint8_t *script, size_t size)
{
  Run run = { 0 };
  drt_reassembly_init(&run.list, test_memory(&run.memory));
  const char *broken = NULL;
  for (; broken == NULL && size >= 4; script += 4, size -= 4) {
    broken = take_step(&run, script);
    if (broken == NULL)
      broken = drt_reassembly_check(&run.list);
    if (broken == NULL && drt_reassembly_deadline(&run.list) != model_deadline(&run))
      broken = "another deadline";
  }
  drt_reassembly_clear(&run.list);
  return broken == NULL && run.memory.pieces != 0 ? "memory was kept" : broken;
}
