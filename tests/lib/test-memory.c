/* A piece stands behind a header of its own, as far behind as its alignment asks. */
#include "test-memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIVE UINT64_C(0x616c697665616c69)
#define RUBBISH 0xa5

typedef struct {
  uint64_t alive;
  size_t align, bytes;
} Header;

static size_t
header_room(size_t align)
{
  return align < 64 ? 64 : align;
}

static void *
take(void *host, size_t align, size_t bytes)
{
  TestMemory *memory = host;
  memory->takes++;
  if (memory->fail_at != 0 &&
      (memory->takes == memory->fail_at || (memory->fail_on && memory->takes > memory->fail_at)))
    return NULL;
  size_t room = header_room(align);
  size_t whole = (room + bytes + room - 1) / room * room;
  uint8_t *block = aligned_alloc(room, whole);
  if (block == NULL)
    return NULL;
  memset(block, RUBBISH, whole);
  Header header = { ALIVE, align, bytes };
  memcpy(block + room - sizeof header, &header, sizeof header);
  memory->pieces++;
  memory->bytes += bytes;
  return block + room;
}

static void
give(void *host, void *piece, size_t align, size_t bytes)
{
  TestMemory *memory = host;
  if (piece == NULL)
    return;
  Header header;
  memcpy(&header, (uint8_t *)piece - sizeof header, sizeof header);
  if (header.alive != ALIVE || header.align != align || header.bytes != bytes) {
    fprintf(stderr, "given back as %zu bytes at %zu, taken as %zu at %zu\n", bytes, align,
            header.bytes, header.align);
    abort();
  }
  header.alive = 0;
  memcpy((uint8_t *)piece - sizeof header, &header, sizeof header);
  memory->pieces--;
  memory->bytes -= bytes;
  free((uint8_t *)piece - header_room(align));
}

DrtMemory
test_memory(TestMemory *memory)
{
  return (DrtMemory){ .host = memory, .take = take, .give = give };
}
