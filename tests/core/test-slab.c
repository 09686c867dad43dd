/* The slab (drt-core/table/drt-slab.h): numbers from 1 on, items that never move and never overlap,
 * last in first out, chunks that double, and nothing lost when the host has no memory. */
#include "drt-slab.h"

#include "test-keys.h"
#include "test-memory.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <signal.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(slab, takes_no_memory_before_the_first_item)
{
  TestMemory memory = { 0 };
  DrtSlab slab;
  drt_slab_init(&slab, test_memory(&memory), 16, 8);
  cr_expect(eq(sz, memory.takes, (size_t)0));
  cr_expect(eq(sz, drt_slab_bytes(&slab), (size_t)0));
  drt_slab_clear(&slab);
  cr_expect(eq(u32, drt_slab_take(&slab), 1u), "number 0 means none");
  drt_slab_clear(&slab);
  cr_expect(eq(sz, memory.pieces, (size_t)0));
}

/* The n-th item opens a chunk of this many items. */
static const struct {
  uint32_t before; /* items taken before */
  size_t items;    /* in all chunks, afterwards */
} chunks[] = {
  { 0, 64 },
  { 62, 64 },
  { 63, 64 + 128 },
  { 190, 64 + 128 },
  { 191, 64 + 128 + 256 },
  { 446, 64 + 128 + 256 },
  { 447, 64 + 128 + 256 + 512 },
};

Test(slab, each_chunk_is_twice_the_last)
{
  for (size_t i = 0; i < COUNT(chunks); i++) {
    TestMemory memory = { 0 };
    DrtSlab slab;
    drt_slab_init(&slab, test_memory(&memory), 24, 8);
    for (uint32_t k = 0; k < chunks[i].before; k++)
      test_must(drt_slab_take(&slab) == k + 1, "item %u", k);
    cr_expect(eq(u32, drt_slab_take(&slab), chunks[i].before + 1));
    cr_expect(eq(sz, drt_slab_bytes(&slab), 24 * chunks[i].items), "after %u", chunks[i].before);
    cr_expect(eq(sz, memory.bytes, 24 * chunks[i].items), "after %u", chunks[i].before);
    drt_slab_clear(&slab);
    cr_expect(eq(sz, memory.pieces, (size_t)0));
  }
}

Test(slab, reuses_the_last_returned_first)
{
  TestMemory memory = { 0 };
  DrtSlab slab;
  drt_slab_init(&slab, test_memory(&memory), 4, 4);
  for (int i = 0; i < 5; i++)
    drt_slab_take(&slab);
  drt_slab_give(&slab, 2);
  drt_slab_give(&slab, 5);
  drt_slab_give(&slab, 3);
  const uint32_t expected[] = { 3, 5, 2, 6 };
  for (size_t i = 0; i < COUNT(expected); i++)
    cr_expect(eq(u32, drt_slab_take(&slab), expected[i]));
  cr_expect(eq(u32, slab.live, 6u));
  drt_slab_clear(&slab);
}

Test(slab, an_item_stays_where_it_is)
{
  TestMemory memory = { 0 };
  DrtSlab slab;
  drt_slab_init(&slab, test_memory(&memory), 64, 64);
  void *first = drt_slab_at(&slab, drt_slab_take(&slab));
  for (int i = 0; i < 1000; i++)
    drt_slab_take(&slab);
  cr_expect(eq(ptr, drt_slab_at(&slab, 1), first));
  drt_slab_clear(&slab);
}

Test(slab, refuses_a_number_it_never_gave, .signal = SIGABRT)
{
  TestMemory memory = { 0 };
  DrtSlab slab;
  drt_slab_init(&slab, test_memory(&memory), 4, 4);
  drt_slab_give(&slab, drt_slab_take(&slab) + 1);
}

Test(slab, refuses_number_zero, .signal = SIGABRT)
{
  TestMemory memory = { 0 };
  DrtSlab slab;
  drt_slab_init(&slab, test_memory(&memory), 4, 4);
  drt_slab_take(&slab);
  drt_slab_give(&slab, 0);
}

Test(slab, refuses_items_that_would_not_be_aligned, .signal = SIGABRT)
{
  TestMemory memory = { 0 };
  DrtSlab slab;
  drt_slab_init(&slab, test_memory(&memory), 12, 8);
}

#define ITEMS_MAX 900

/* The model: which numbers are out, and what was written into them. */
typedef struct {
  uint32_t number[ITEMS_MAX], written[ITEMS_MAX];
  uint32_t n, n_max;
} Model;

static void
fill(const DrtSlab *slab, uint32_t number, uint32_t with)
{
  uint8_t *item = drt_slab_at(slab, number);
  for (uint32_t i = 0; i < slab->item_size; i++)
    item[i] = (uint8_t)(with * 31 + i);
}

static bool
holds(const DrtSlab *slab, uint32_t number, uint32_t with)
{
  const uint8_t *item = drt_slab_at(slab, number);
  for (uint32_t i = 0; i < slab->item_size; i++)
    if (item[i] != (uint8_t)(with * 31 + i))
      return false;
  return (uintptr_t)item % slab->item_align == 0;
}

static void
take_one(DrtSlab *slab, Model *model, const TestMemory *memory, uint32_t with, uint64_t seed)
{
  size_t pieces = memory->pieces, takes = memory->takes;
  uint32_t number = drt_slab_take(slab);
  bool failed = memory->takes > takes && memory->pieces == pieces;
  test_must((number == 0) == failed, "seed %" PRIu64, seed);
  if (number == 0)
    return;
  for (uint32_t i = 0; i < model->n; i++)
    test_must(model->number[i] != number, "%u is out twice, seed %" PRIu64, number, seed);
  model->number[model->n] = number;
  model->written[model->n++] = with;
  model->n_max = model->n > model->n_max ? model->n : model->n_max;
  fill(slab, number, with);
}

static void
give_one(DrtSlab *slab, Model *model, uint32_t i, uint64_t seed)
{
  test_must(holds(slab, model->number[i], model->written[i]), "seed %" PRIu64, seed);
  drt_slab_give(slab, model->number[i]);
  model->n--;
  model->number[i] = model->number[model->n];
  model->written[i] = model->written[model->n];
}

Test(slab, items_are_distinct_whatever_the_order)
{
  static const uint32_t sizes[][2] = { { 4, 4 }, { 4, 1 }, { 24, 8 }, { 64, 64 }, { 320, 16 } };
  for (uint64_t seed = 0; seed < 200; seed++) {
    TestRandom random = { seed };
    TestMemory memory = { .fail_at = test_random_below(&random, 6) };
    DrtSlab slab;
    Model model = { .n = 0 };
    const uint32_t *size = sizes[seed % COUNT(sizes)];
    drt_slab_init(&slab, test_memory(&memory), size[0], size[1]);
    uint32_t upwards = 1 + test_random_below(&random, 5);
    for (uint32_t op = 0; op < 800; op++) {
      if (model.n == 0 || test_random_below(&random, 6) < upwards)
        take_one(&slab, &model, &memory, op, seed);
      else
        give_one(&slab, &model, test_random_below(&random, model.n), seed);
      test_must(slab.live == model.n, "seed %" PRIu64, seed);
      test_must(slab.next == model.n_max + 1, "a number is lost, seed %" PRIu64, seed);
      test_must(drt_slab_bytes(&slab) == memory.bytes, "seed %" PRIu64, seed);
    }
    for (uint32_t i = 0; i < model.n; i++)
      test_must(holds(&slab, model.number[i], model.written[i]), "seed %" PRIu64, seed);
    drt_slab_clear(&slab);
    test_must(memory.pieces == 0 && memory.bytes == 0, "seed %" PRIu64, seed);
  }
}
