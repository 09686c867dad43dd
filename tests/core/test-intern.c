/* Strings that are shared (drt-core/table/drt-intern.h): each is there once, counted, and gone with
 * its last reference; nothing is lost when the host has no memory. */
#include "drt-intern.h"

#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { STRINGS = 300, LONGEST = 3000 };

typedef struct {
  TestMemory memory;
  DrtBlobs blobs;
  DrtInterns interns;
} Room;

static void
open_room(Room *room)
{
  *room = (Room){ 0 };
  drt_blobs_init(&room->blobs, test_memory(&room->memory));
  drt_interns_init(&room->interns, test_memory(&room->memory), &room->blobs);
}

static void
close_room(Room *room)
{
  drt_interns_clear(&room->interns);
  drt_blobs_clear(&room->blobs);
  cr_expect(eq(sz, room->memory.pieces, (size_t)0));
}

/* String @i: many share their beginning, some their length. */
static uint32_t
string(uint32_t i, uint8_t *to)
{
  uint32_t n = 4 + i % 50 * 7;
  memset(to, (int)(i % 3), n);
  memcpy(to + n - 4, &i, 4);
  return n;
}

/* Against a table of references: same string, same number; other string, other number; content and
 * count hold, whatever comes and goes. */
Test(intern, agrees_with_a_model)
{
  Room room;
  TestRandom random = { .state = 5 };
  static uint32_t references[STRINGS];
  static DrtInterned numbers[STRINGS];
  uint8_t bytes[LONGEST];
  open_room(&room);
  for (int step = 0; step < 40000; step++) {
    uint32_t i = (uint32_t)(test_random(&random) % STRINGS), alive = 0;
    uint32_t n = string(i, bytes);
    /* It fills, empties, and fills again. */
    bool more = test_random(&random) % 8 < (step / 8000 % 2 == 0 ? 6 : 2);
    if (more) {
      DrtInterned number = drt_intern(&room.interns, bytes, n);
      test_must(number != DRT_INTERNED_NONE, "step %d", step);
      test_must(references[i] == 0 || number == numbers[i], "string %u twice", i);
      numbers[i] = number;
      references[i]++;
    } else if (references[i] > 0) {
      drt_intern_drop(&room.interns, numbers[i]);
      references[i]--;
    }
    uint32_t k = (uint32_t)(test_random(&random) % STRINGS), length;
    if (references[k] > 0) {
      const uint8_t *at = drt_intern_at(&room.interns, numbers[k], &length);
      test_must(length == string(k, bytes) && memcmp(at, bytes, length) == 0, "string %u", k);
      for (uint32_t j = 0; j < STRINGS; j++)
        test_must(j == k || references[j] == 0 || numbers[j] != numbers[k], "%u and %u", j, k);
    }
    for (uint32_t j = 0; j < STRINGS; j++)
      alive += references[j] > 0;
    test_must(room.interns.n == alive && drt_blobs_count(&room.blobs) == alive, "step %d", step);
  }
  for (uint32_t i = 0; i < STRINGS; i++)
    for (; references[i] > 0; references[i]--)
      drt_intern_drop(&room.interns, numbers[i]);
  cr_expect(eq(u32, room.interns.n, 0));
  cr_expect(eq(u32, drt_blobs_count(&room.blobs), 0));
  close_room(&room);
}

Test(intern, takes_strings_of_any_length)
{
  static uint8_t bytes[DRT_BLOB_LARGEST];
  static const uint32_t lengths[] = { 1, 64, 65, 1059, 24576, 65535, DRT_BLOB_LARGEST };
  Room room;
  open_room(&room);
  drt_intern_drop(&room.interns, DRT_INTERNED_NONE);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    uint32_t n;
    DrtInterned number = drt_intern(&room.interns, bytes, lengths[i]);
    cr_assert(number != DRT_INTERNED_NONE);
    drt_intern_at(&room.interns, number, &n);
    cr_expect(eq(u32, n, lengths[i]));
  }
  cr_expect(eq(u32, room.interns.n, (uint32_t)(sizeof lengths / sizeof *lengths)));
  close_room(&room);
}

/* The n-th piece of memory is refused, for every n: NONE, and all that was there still is. */
Test(intern, without_memory_nothing_is_lost)
{
  uint8_t bytes[LONGEST];
  for (size_t fail = 1; fail < 40; fail++) {
    Room room;
    DrtInterned numbers[200] = { 0 };
    open_room(&room);
    room.memory.fail_at = fail;
    for (uint32_t i = 0; i < 200; i++)
      numbers[i] = drt_intern(&room.interns, bytes, string(i, bytes));
    for (uint32_t i = 0; i < 200; i++) {
      uint32_t n;
      if (numbers[i] == DRT_INTERNED_NONE)
        continue;
      const uint8_t *at = drt_intern_at(&room.interns, numbers[i], &n);
      cr_expect(n == string(i, bytes) && memcmp(at, bytes, n) == 0, "take %zu, string %u", fail, i);
      drt_intern_drop(&room.interns, numbers[i]);
    }
    cr_expect(eq(u32, room.interns.n, 0));
    cr_expect(eq(u32, drt_blobs_count(&room.blobs), 0));
    close_room(&room);
  }
}
