/* Hashes that stand for a run: the same everywhere, and another one for another content. And the
 * streams inside a stream, of which packets draw. */
#include "sim-hash.h"
#include "sim-random.h"

#include <criterion/criterion.h>
#include <glib.h>

/* Fixed for good: fingerprints in files rest on these. */
Test(hash, is_the_same_on_every_machine)
{
  static const struct {
    const char *text;
    uint64_t hash;
  } cases[] = {
    { "", UINT64_C(0xe28f2b2061a2b984) },
    { "a", UINT64_C(0xcaf18d55f0bb9a36) },
    { "0123456789abcdef", UINT64_C(0xfcaeedd7f43c57bc) },
    { "0123456789abcdef0123456789abcdef0", UINT64_C(0x62eec591c84f9b17) },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    uint64_t hash = sim_hash_bytes(cases[i].text, (uint32_t)strlen(cases[i].text));
    cr_expect(hash == cases[i].hash, "row %zu: %016lx", i, (unsigned long)hash);
  }
  cr_expect(sim_hash_add(1, 2) == UINT64_C(0xede26bbdec1829b5), "%016lx",
            (unsigned long)sim_hash_add(1, 2));
}

/* Every bit and every length counts, and the content does not depend on where it lies. */
Test(hash, any_bit_changes_about_half_of_the_hash)
{
  uint8_t room[80];
  for (uint32_t n = 1; n <= 64; n++) {
    uint32_t changed = 0;
    memset(room, 0x5a, sizeof room);
    uint64_t whole = sim_hash_bytes(room, n);
    for (uint32_t bit = 0; bit < 8 * n; bit++) {
      room[bit / 8] ^= (uint8_t)(1u << bit % 8);
      changed += (uint32_t)__builtin_popcountll(whole ^ sim_hash_bytes(room, n));
      room[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    cr_expect(changed > 8 * n * 26 && changed < 8 * n * 38, "%u bytes: %u of %u", n,
              changed / n / 8, 64);
    cr_expect(whole != sim_hash_bytes(room, n + 1), "%u bytes and one more", n);
    cr_expect(whole == sim_hash_bytes(room + 7, n), "%u bytes elsewhere", n);
  }
}

Test(hash, a_sum_of_numbers_depends_on_their_order)
{
  uint64_t one = sim_hash_add(sim_hash_add(0, 1), 2), other = sim_hash_add(sim_hash_add(0, 2), 1);
  cr_expect(one != other);
  cr_expect(sim_hash_add(0, 0) != 0);
}

/* Neighbouring subjects and counters: chi square over 64 bins of either end of the number. */
Test(random_within, is_even_over_neighbouring_subjects)
{
  enum { BINS = 64, SUBJECTS = 800, COUNTERS = 80 };
  SimRandom stream = sim_random(3, SIM_RANDOM_LOSS, 0, 0);
  for (int shift = 0; shift <= 58; shift += 58) {
    uint32_t counts[BINS] = { 0 };
    for (uint64_t subject = 0; subject < SUBJECTS; subject++)
      for (uint64_t counter = 0; counter < COUNTERS; counter++)
        counts[sim_random_within(&stream, subject, counter) >> shift & (BINS - 1)]++;
    double square = 0, mean = (double)SUBJECTS * COUNTERS / BINS;
    for (int i = 0; i < BINS; i++)
      square += (counts[i] - mean) * (counts[i] - mean) / mean;
    cr_expect(square < 115, "%g at shift %d", square, shift); /* 63 degrees: once in 10,000 */
  }
}

Test(random_within, is_a_function_of_stream_subject_and_counter)
{
  SimRandom stream = sim_random(3, SIM_RANDOM_LOSS, 0, 0),
            other = sim_random(4, SIM_RANDOM_LOSS, 0, 0);
  uint64_t number = sim_random_within(&stream, 5, 6);
  sim_random_next(&stream);
  cr_expect(number == sim_random_within(&stream, 5, 6));
  cr_expect(number != sim_random_within(&stream, 6, 5));
  cr_expect(number != sim_random_within(&stream, 5, 7));
  cr_expect(number != sim_random_within(&other, 5, 6));
  cr_expect(sim_random_within(&stream, 0, 9) == sim_random_at(&stream, 9));
}
