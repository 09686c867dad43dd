/* Memory in pieces: where they lie, that they do not overlap, and what comes back. Under ASan every
 * piece is one of malloc's, so what is said of reuse and of blocks holds without it alone. */
#include "sim-memory.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdint.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define PLAIN true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PLAIN true
#endif
#endif
#ifndef PLAIN
#define PLAIN false
#endif

static const size_t sizes[] = { 0,    1,    15,   16,     17,     100,    2047,   2048,
                                2049, 4096, 4097, 100000, 131072, 131073, 1000000 };

Test(memory, pieces_lie_where_they_should_and_can_be_written_whole)
{
  SimMemory *memory = sim_memory_new();
  for (size_t align = 1; align <= 4096; align *= 2)
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
      uint8_t *piece = sim_memory_take(memory, align, sizes[i]);
      cr_expect(piece != NULL && (uintptr_t)piece % align == 0, "%zu bytes at %zu", sizes[i],
                align);
      memset(piece, 0xa5, sizes[i]);
      sim_memory_give(memory, piece, align, sizes[i]);
    }
  cr_expect(sim_memory_used(memory) == 0);
  sim_memory_free(memory);
}

Test(memory, a_piece_that_came_back_is_given_out_again)
{
  SimMemory *memory = sim_memory_new();
  void *first = sim_memory_take(memory, 16, 100);
  size_t taken = sim_memory_taken(memory);
  for (int i = 0; i < 1000000 && !PLAIN; i++) {
    sim_memory_give(memory, first, 16, 100);
    void *again = sim_memory_take(memory, 16, 97); /* of the same class */
    if (again != first)
      cr_assert_fail("another piece in round %d", i);
  }
  cr_expect(sim_memory_taken(memory) == taken);
  sim_memory_give(memory, first, 16, 100);
  sim_memory_free(memory);
}

Test(memory, very_large_pieces_go_back_to_the_system)
{
  SimMemory *memory = sim_memory_new();
  size_t before = sim_memory_taken(memory);
  void *piece = sim_memory_take(memory, 64, 5000000);
  cr_expect(sim_memory_taken(memory) >= before + 5000000);
  cr_expect(sim_memory_used(memory) >= 5000000);
  sim_memory_give(memory, piece, 64, 5000000);
  cr_expect(sim_memory_taken(memory) == before);
  sim_memory_give(memory, NULL, 64, 5000000);
  cr_expect(sim_memory_used(memory) == 0);
  sim_memory_free(memory);
  sim_memory_free(NULL);
}

typedef struct {
  uint8_t *at;
  size_t n, align;
  uint8_t fill;
} Piece;

static bool
is_whole(const Piece *piece)
{
  for (size_t i = 0; i < piece->n; i++)
    if (piece->at[i] != piece->fill)
      return false;
  return true;
}

Test(memory, pieces_never_overlap_whatever_comes_and_goes)
{
  enum { PIECES = 400 };
  TestRandom random = { 11 };
  SimMemory *memory = sim_memory_new();
  Piece pieces[PIECES] = { 0 };
  for (int i = 0; i < 40000; i++) {
    Piece *piece = &pieces[test_random_below(&random, PIECES)];
    if (!is_whole(piece))
      cr_assert_fail("a piece of %zu bytes was overwritten", piece->n);
    sim_memory_give(memory, piece->at, piece->align, piece->n);
    uint32_t bits = test_random_below(&random, 16);
    piece->n = test_random_below(&random, 1u << bits);
    piece->align = (size_t)1 << test_random_below(&random, 8);
    piece->fill = (uint8_t)test_random(&random);
    piece->at = sim_memory_take(memory, piece->align, piece->n);
    memset(piece->at, piece->fill, piece->n);
  }
  for (int i = 0; i < PIECES; i++)
    sim_memory_give(memory, pieces[i].at, pieces[i].align, pieces[i].n);
  cr_expect(sim_memory_used(memory) == 0);
  sim_memory_free(memory);
}
