/* Levels are bytes of the time. At level l are the events whose time differs from the reference in
 * byte l and in no higher one; the reference is the start of the bucket opened last. A bucket of
 * a few hundred events is sorted into the bottom array; a larger one is spread over the levels below. All
 * moves are sequential reads and appends to chunks.
 *
 * The bottom array is sorted downwards, so that its last event is the first to go. It holds every
 * event before @limit; a new one that belongs there is inserted, or goes to a heap beside it if the
 * bottom is too long for that: when very many events fall on one nanosecond. */
#include "sim-queue.h"

#include <glib.h>
#include <string.h>

#define LEVELS 8
#define WAYS 256
#define CHUNK_EVENTS 15   /* 15 * 32 + 16: a chunk is eight cache lines less 16 bytes */
#define INSERT_AT_MOST 16 /* a larger bucket is laid out by counting, not sorted by insertion, */
#define SORT_AT_MOST 512  /* and one larger than that is spread first */
#define SHIFT_AT_MOST 32  /* who would have to pass more events of the bottom makes it narrower */
#define BOTTOM_ROOM 4096
/* So many are kept in the bottom for whoever looks ahead: one more is popped, and then the next that comes
 * in must not be nearer than the farthest place. */
#define AHEAD (SIM_QUEUE_AHEAD + 2)
#define NEAR_LEVEL 2 /* they are taken from levels up to this: 17 ms */
#define SLAB_CHUNKS 4096

typedef struct Chunk {
  struct Chunk *next;
  uint64_t padding; /* events at a multiple of 16 */
  SimEvent events[CHUNK_EVENTS];
} Chunk;

typedef struct {
  Chunk *first, *last;
  uint32_t count;
  uint32_t fill; /* of the last chunk */
} Bucket;

struct SimQueue {
  Bucket buckets[LEVELS][WAYS];
  uint64_t used[LEVELS][WAYS / 64]; /* which buckets have events */
  uint32_t levels;                  /* bit l: level l has events */
  uint32_t bottom_count;
  unsigned bottom_level; /* of the bucket whose events the bottom has */
  SimEvent *bottom;
  uint32_t bottom_room;
  uint32_t late_count, late_room;
  SimEvent *late; /* a binary heap, before @limit as well */
  uint64_t reference, limit;
  SimTime now; /* of the event popped last */
  size_t count;
  Chunk *free_chunks, *slab;
  size_t slab_left, chunks;
  GPtrArray *slabs;
};

SimQueue *
sim_queue_new(void)
{
  SimQueue *queue = g_new0(SimQueue, 1);
  queue->bottom = g_new(SimEvent, BOTTOM_ROOM);
  queue->bottom_room = BOTTOM_ROOM;
  queue->slabs = g_ptr_array_new_with_free_func(g_free);
  return queue;
}

void
sim_queue_free(SimQueue *queue)
{
  if (queue == NULL)
    return;
  g_ptr_array_unref(queue->slabs);
  g_free(queue->bottom);
  g_free(queue->late);
  g_free(queue);
}

static Chunk *
take_chunk(SimQueue *queue)
{
  Chunk *chunk = queue->free_chunks;
  if (chunk != NULL) {
    queue->free_chunks = chunk->next;
    __builtin_prefetch(queue->free_chunks, 1); /* for the next one who takes */
    return chunk;
  }
  if (queue->slab_left == 0) {
    queue->slab = g_new(Chunk, SLAB_CHUNKS);
    queue->slab_left = SLAB_CHUNKS;
    queue->chunks += SLAB_CHUNKS;
    g_ptr_array_add(queue->slabs, queue->slab);
  }
  queue->slab_left--;
  return queue->slab++;
}

static void
give_chunk(SimQueue *queue, Chunk *chunk)
{
  chunk->next = queue->free_chunks;
  queue->free_chunks = chunk;
}

/* Into its bucket. The time is not before the reference. */
static void
append(SimQueue *queue, const SimEvent *event)
{
  uint64_t time = (uint64_t)event->time;
  unsigned level = (63u - (unsigned)__builtin_clzll((time ^ queue->reference) | 1)) / 8;
  unsigned way = time >> (8 * level) & (WAYS - 1);
  Bucket *bucket = &queue->buckets[level][way];
  if (bucket->count == 0) {
    bucket->first = bucket->last = take_chunk(queue);
    bucket->first->next = NULL;
    bucket->fill = 0;
    queue->used[level][way / 64] |= UINT64_C(1) << way % 64;
    queue->levels |= 1u << level;
  } else if (bucket->fill == CHUNK_EVENTS) {
    Chunk *chunk = take_chunk(queue);
    chunk->next = NULL;
    bucket->last->next = chunk;
    bucket->last = chunk;
    bucket->fill = 0;
  }
  bucket->last->events[bucket->fill++] = *event;
  bucket->count++;
}

static void
insert_sorted(SimQueue *queue, const SimEvent *event)
{
  SimEvent *place = queue->bottom + queue->bottom_count++;
  for (; place > queue->bottom && sim_event_before(place - 1, event); place--)
    *place = place[-1];
  *place = *event;
}

static void
push_late(SimQueue *queue, const SimEvent *event)
{
  if (queue->late_count == queue->late_room) {
    queue->late_room = 2 * queue->late_room + 256;
    queue->late = g_renew(SimEvent, queue->late, queue->late_room);
  }
  uint32_t i = queue->late_count++;
  for (; i > 0 && sim_event_before(event, &queue->late[(i - 1) / 2]); i = (i - 1) / 2)
    queue->late[i] = queue->late[(i - 1) / 2];
  queue->late[i] = *event;
}

static void
drop_first_late(SimQueue *queue)
{
  SimEvent *late = queue->late, last = late[--queue->late_count];
  uint32_t i = 0;
  for (uint32_t child; (child = 2 * i + 1) < queue->late_count; i = child) {
    if (child + 1 < queue->late_count && sim_event_before(&late[child + 1], &late[child]))
      child++;
    if (!sim_event_before(&late[child], &last))
      break;
    late[i] = late[child];
  }
  if (queue->late_count > 0)
    late[i] = last;
}

/* A bucket of few events, opened whole, may get many more before its time is over. Then it is as if
 * it had been spread: the bottom keeps what belongs to the bucket of the level below that is under
 * way, and the rest goes back. */
static void
narrow(SimQueue *queue)
{
  uint64_t now = (uint64_t)queue->now, at = now > queue->reference ? now : queue->reference;
  unsigned shift = 8 * --queue->bottom_level;
  queue->reference = at >> shift << shift;
  queue->limit = queue->reference + (UINT64_C(1) << shift);
  uint32_t beyond = 0;
  while (beyond < queue->bottom_count && (uint64_t)queue->bottom[beyond].time >= queue->limit)
    append(queue, &queue->bottom[beyond++]);
  queue->bottom_count -= beyond;
  memmove(queue->bottom, queue->bottom + beyond, queue->bottom_count * sizeof *queue->bottom);
}

/* Its place in the bottom is behind many others. */
static bool
is_far(const SimQueue *queue, const SimEvent *event)
{
  return queue->bottom_count > SHIFT_AT_MOST && queue->bottom_level > 0 &&
         sim_event_before(&queue->bottom[queue->bottom_count - 1 - SHIFT_AT_MOST], event);
}

void
sim_queue_push(SimQueue *queue, const SimEvent *event)
{
  g_assert(event->time >= queue->now);
  queue->count++;
  while ((uint64_t)event->time < queue->limit && is_far(queue, event))
    narrow(queue);
  if ((uint64_t)event->time >= queue->limit)
    append(queue, event);
  else if (queue->bottom_count < BOTTOM_ROOM)
    insert_sorted(queue, event);
  else
    push_late(queue, event);
}

/* A bucket by its place. */
typedef struct {
  unsigned level, way;
  uint64_t start; /* of the time that it is for */
} Place;

/* The first bucket of the lowest level that has any. */
static Place
first_bucket(const SimQueue *queue)
{
  Place place = { .level = (unsigned)__builtin_ctz(queue->levels) };
  const uint64_t *used = queue->used[place.level];
  unsigned word = 0, shift = 8 * place.level;
  while (used[word] == 0)
    word++;
  place.way = 64 * word + (unsigned)__builtin_ctzll(used[word]);
  uint64_t above = shift + 8 < 64 ? queue->reference >> (shift + 8) << (shift + 8) : 0;
  place.start = above | (uint64_t)place.way << shift;
  return place;
}

/* What is in the bucket; it is empty afterwards. */
static Bucket
open_bucket(SimQueue *queue, Place place)
{
  uint64_t *used = queue->used[place.level], any = 0;
  used[place.way / 64] ^= UINT64_C(1) << place.way % 64;
  for (unsigned i = 0; i < WAYS / 64; i++)
    any |= used[i];
  if (any == 0)
    queue->levels &= ~(1u << place.level);
  Bucket bucket = queue->buckets[place.level][place.way];
  queue->buckets[place.level][place.way].count = 0;
  return bucket;
}

typedef void (*Put)(SimQueue *queue, const SimEvent *event);

static void
empty_bucket(SimQueue *queue, const Bucket *bucket, Put put)
{
  uint32_t left = bucket->count;
  for (Chunk *chunk = bucket->first; chunk != NULL;) {
    uint32_t here = left < CHUNK_EVENTS ? left : CHUNK_EVENTS;
    for (uint32_t i = 0; i < here; i++)
      put(queue, &chunk->events[i]);
    left -= here;
    Chunk *next = chunk->next;
    give_chunk(queue, chunk);
    chunk = next;
  }
}

static int
by_order_downwards(const void *a, const void *b)
{
  return sim_event_before(a, b) ? 1 : sim_event_before(b, a) ? -1 : 0;
}

static void
append_bottom(SimQueue *queue, const SimEvent *event)
{
  queue->bottom[queue->bottom_count++] = *event;
}

/* Many events at one nanosecond: the bottom grows to hold them, and is sorted at once. */
static void
sort_large(SimQueue *queue, const Bucket *bucket)
{
  uint32_t room = queue->bottom_count + bucket->count;
  if (room > queue->bottom_room) {
    queue->bottom_room = room + BOTTOM_ROOM;
    queue->bottom = g_renew(SimEvent, queue->bottom, queue->bottom_room);
  }
  empty_bucket(queue, bucket, append_bottom);
  qsort(queue->bottom, queue->bottom_count, sizeof *queue->bottom, by_order_downwards);
}

/* The bits of the time below those that the events of a bucket share, as a place among @mask + 1. */
typedef struct {
  unsigned shift, mask;
} Digit;

static unsigned
digit_of(Digit digit, const SimEvent *event)
{
  return (unsigned)((uint64_t)event->time >> digit.shift) & digit.mask;
}

/* Each event to where it belongs by its digit, the latest first: counted, then laid out. Tells how many
 * share a digit at most. */
static uint32_t
lay_out(SimQueue *queue, const Bucket *bucket, Digit digit)
{
  uint16_t place[WAYS] = { 0 }, behind = 0, most = 0;
  uint32_t left = bucket->count;
  for (const Chunk *chunk = bucket->first; left > 0; chunk = chunk->next)
    for (uint32_t i = 0; i < CHUNK_EVENTS && left > 0; i++, left--)
      place[digit_of(digit, &chunk->events[i])]++;
  for (unsigned i = digit.mask + 1; i-- > 0;) {
    uint16_t here = place[i];
    place[i] = behind;
    behind = (uint16_t)(behind + here);
    most = here > most ? here : most;
  }
  left = bucket->count;
  for (const Chunk *chunk = bucket->first; left > 0; chunk = chunk->next)
    for (uint32_t i = 0; i < CHUNK_EVENTS && left > 0; i++, left--)
      queue->bottom[place[digit_of(digit, &chunk->events[i])]++] = chunk->events[i];
  bucket->last->next = queue->free_chunks; /* all of them at once */
  queue->free_chunks = bucket->first;
  queue->bottom_count = bucket->count;
  return most;
}

/* Those with the same digit are few most of the time, and sorted by insertion. For few events a byte
 * would be too long a table. */
static void
sort_many(SimQueue *queue, const Bucket *bucket, unsigned level)
{
  unsigned bits = bucket->count < WAYS / 2 ? 6 : 8;
  if (lay_out(queue, bucket, (Digit){ 8 * level - bits, (1u << bits) - 1 }) > SHIFT_AT_MOST) {
    qsort(queue->bottom, queue->bottom_count, sizeof *queue->bottom, by_order_downwards);
    return;
  }
  for (uint32_t i = 1; i < bucket->count; i++) {
    if (!sim_event_before(&queue->bottom[i - 1], &queue->bottom[i]))
      continue;
    SimEvent event = queue->bottom[i];
    queue->bottom_count = i;
    insert_sorted(queue, &event);
  }
  queue->bottom_count = bucket->count;
}

/* Behind the few that the bottom has still. */
static void
sort_small(SimQueue *queue, const Bucket *bucket, unsigned level)
{
  SimEvent before[AHEAD];
  uint32_t kept = queue->bottom_count;
  memcpy(before, queue->bottom, kept * sizeof *before);
  queue->bottom_count = 0;
  if (bucket->count <= INSERT_AT_MOST)
    empty_bucket(queue, bucket, insert_sorted);
  else
    sort_many(queue, bucket, level);
  memcpy(queue->bottom + queue->bottom_count, before, kept * sizeof *before);
  queue->bottom_count += kept;
}

/* The events of a bucket, all of them after those that the bottom has, to the bottom; or to the levels
 * below, if they are many. */
static void
take_bucket(SimQueue *queue, Place place)
{
  Bucket bucket = open_bucket(queue, place);
  queue->reference = queue->limit = place.start;
  if (bucket.count > SORT_AT_MOST && place.level > 0) {
    empty_bucket(queue, &bucket, append);
    return;
  }
  if (bucket.count > (place.level == 0 ? INSERT_AT_MOST : SORT_AT_MOST))
    sort_large(queue, &bucket);
  else
    sort_small(queue, &bucket, place.level);
  queue->bottom_level = place.level;
  queue->limit += UINT64_C(1) << (8 * place.level);
}

/* The first event is the last of the bottom or the first of the late ones. */
static bool
late_is_first(const SimQueue *queue)
{
  return queue->late_count > 0 &&
         (queue->bottom_count == 0 ||
          sim_event_before(&queue->late[0], &queue->bottom[queue->bottom_count - 1]));
}

/* Before it is empty, only from buckets that are near: a far one would make the bottom the place of
 * everything that is pushed until then. */
static bool
wants_refill(const SimQueue *queue)
{
  if (queue->late_count > 0 || queue->levels == 0)
    return false;
  bool near = (queue->levels & ((1u << (NEAR_LEVEL + 1)) - 1)) != 0;
  return queue->bottom_count == 0 || (queue->bottom_count < AHEAD && near);
}

/* The first event, or NULL if it is after @until. A bucket that begins later stays as it is: the
 * reference must not run ahead of the present, or the bottom would be the place of all that is pushed
 * until then. */
static const SimEvent *
first_until(SimQueue *queue, SimTime until)
{
  while (wants_refill(queue)) {
    Place place = first_bucket(queue);
    if (queue->bottom_count == 0 && place.start > (uint64_t)until)
      return NULL;
    take_bucket(queue, place);
  }
  if (queue->count == 0)
    return NULL;
  const SimEvent *first =
    late_is_first(queue) ? queue->late : &queue->bottom[queue->bottom_count - 1];
  return first->time <= until ? first : NULL;
}

const SimEvent *
sim_queue_peek(SimQueue *queue)
{
  return first_until(queue, SIM_TIME_NEVER);
}

bool
sim_queue_pop(SimQueue *queue, SimEvent *ret)
{
  return sim_queue_pop_until(queue, SIM_TIME_NEVER, ret);
}

bool
sim_queue_pop_until(SimQueue *queue, SimTime until, SimEvent *ret)
{
  const SimEvent *first = first_until(queue, until);
  if (first == NULL)
    return false;
  *ret = *first;
  if (first == queue->late)
    drop_first_late(queue);
  else
    queue->bottom_count--;
  queue->count--;
  queue->now = ret->time;
  return true;
}

const SimEvent *
sim_queue_ahead(const SimQueue *queue, size_t i)
{
  return i < queue->bottom_count ? &queue->bottom[queue->bottom_count - 1 - i] : NULL;
}

size_t
sim_queue_count(const SimQueue *queue)
{
  return queue->count;
}

size_t
sim_queue_bytes(const SimQueue *queue)
{
  return sizeof *queue + ((size_t)queue->bottom_room + queue->late_room) * sizeof(SimEvent) +
         queue->chunks * sizeof(Chunk);
}

static const char *
check_bucket(const SimQueue *queue, unsigned level, unsigned way)
{
  const Bucket *bucket = &queue->buckets[level][way];
  bool marked = (queue->used[level][way / 64] >> way % 64 & 1) != 0;
  if (marked != (bucket->count > 0))
    return "a bucket's mark is wrong";
  uint32_t left = bucket->count;
  for (const Chunk *chunk = bucket->count > 0 ? bucket->first : NULL; chunk != NULL && left > 0;
       chunk = chunk->next) {
    uint32_t here = left < CHUNK_EVENTS ? left : CHUNK_EVENTS;
    for (uint32_t i = 0; i < here; i++) {
      uint64_t time = (uint64_t)chunk->events[i].time;
      if (time < queue->limit)
        return "an event in a bucket belongs into the bottom";
      if ((time >> (8 * level) & (WAYS - 1)) != way)
        return "an event is in the wrong bucket";
      if (level < LEVELS - 1 && (time ^ queue->reference) >> (8 * level + 8) != 0)
        return "an event is on too low a level";
    }
    left -= here;
  }
  return left == 0 ? NULL : "a bucket has fewer events than it says";
}

const char *
sim_queue_check(const SimQueue *queue)
{
  size_t count = (size_t)queue->bottom_count + queue->late_count;
  for (uint32_t i = 1; i < queue->late_count; i++)
    if (!sim_event_before(&queue->late[(i - 1) / 2], &queue->late[i]))
      return "the heap of late events is out of order";
  for (uint32_t i = 1; i < queue->bottom_count; i++)
    if (!sim_event_before(&queue->bottom[i], &queue->bottom[i - 1]))
      return "the bottom is not sorted, or two events are equal";
  for (unsigned level = 0; level < LEVELS; level++)
    for (unsigned way = 0; way < WAYS; way++) {
      const char *broken = check_bucket(queue, level, way);
      if (broken != NULL)
        return broken;
      count += queue->buckets[level][way].count;
    }
  return count == queue->count ? NULL : "the count is wrong";
}
