/* Splitting and reassembly (mc-drt 2.8, H7): sizes by hand, every verdict, what is forgotten and
 * when, and random runs against a model that keeps every whole in plain arrays. */
#include "drt-fragment.h"

#include "test-fragment-model.h"
#include "test-memory.h"
#include "test-random.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>

/* What byte @i of the whole of @sender is. */
static uint8_t
content(uint32_t sender, uint32_t i)
{
  return (uint8_t)(sender * 31 + i * 7 + (i >> 8));
}

/* Valid until the next call. */
static DrtBytes
whole_of(uint32_t sender, uint32_t size)
{
  static uint8_t bytes[DRT_SPLIT_SIZE_MAX];
  for (uint32_t i = 0; i < size; i++)
    bytes[i] = content(sender, i);
  return (DrtBytes){ bytes, size };
}

static DrtFragmentKey
key_of(uint32_t sender)
{
  static const uint8_t address[DRT_ADDRESS_LEN];
  return (DrtFragmentKey){ .type = DRT_AUTHORITY,
                           .id = 1000 + sender,
                           .acked = 2000 + sender,
                           .from = drt_endpoint((uint16_t)(3000 + sender), address) };
}

typedef struct {
  TestMemory memory;
  DrtReassembly list;
  DrtTime now;
  DrtBytes whole; /* of the last verdict WHOLE */
} Bench;

static void
bench_init(Bench *bench)
{
  *bench = (Bench){ 0 };
  drt_reassembly_init(&bench->list, test_memory(&bench->memory));
}

static void
bench_close(Bench *bench)
{
  cr_expect(drt_reassembly_check(&bench->list) == NULL);
  drt_reassembly_clear(&bench->list);
  cr_expect(eq(sz, bench->memory.pieces, 0));
  cr_expect(eq(u32, drt_reassembly_count(&bench->list), 0));
}

static DrtFragmentVerdict
add_key(Bench *bench, const DrtFragmentKey *key, uint32_t sender, uint32_t size, uint32_t i)
{
  DrtSplit split = drt_fragment(whole_of(sender, size), i);
  return drt_reassembly_add(&bench->list, bench->now, key, &split, &bench->whole);
}

static DrtFragmentVerdict
add(Bench *bench, uint32_t sender, uint32_t size, uint32_t i)
{
  DrtFragmentKey key = key_of(sender);
  return add_key(bench, &key, sender, size, i);
}

static void
expect_whole(const Bench *bench, uint32_t sender, uint32_t size)
{
  DrtBytes wanted = whole_of(sender, size);
  cr_assert(eq(u32, bench->whole.n, size));
  cr_expect(memcmp(bench->whole.at, wanted.at, size) == 0, "whole of %u bytes", size);
}

static const struct {
  uint32_t size, count, last; /* last: length of the last fragment */
} splits[] = {
  { 1, 1, 1 },         { 1187, 1, 1187 }, { 1188, 1, 1188 },  { 1189, 2, 1 },
  { 1893, 2, 705 },    { 2000, 2, 812 },  { 2376, 2, 1188 },  { 2377, 3, 1 },
  { 36828, 31, 1188 }, { 36829, 32, 1 },  { 37348, 32, 520 },
};

/* mc-drt 2.8: 1188 bytes in each fragment but the last. */
Test(fragment, splits_as_counted_by_hand)
{
  for (size_t k = 0; k < sizeof splits / sizeof *splits; k++) {
    uint32_t size = splits[k].size, count = splits[k].count;
    DrtBytes whole = whole_of(1, size);
    cr_assert(eq(u32, drt_fragment_count(size), count), "%u", size);
    for (uint32_t i = 0; i < count; i++) {
      DrtSplit split = drt_fragment(whole, i);
      cr_expect(eq(u16, split.size, size), "%u", size);
      cr_expect(eq(u16, split.offset, 1188 * i), "%u", size);
      cr_expect(eq(u32, split.slice.n, i + 1 < count ? 1188 : splits[k].last), "%u", size);
      cr_expect(split.slice.at == whole.at + 1188 * i, "%u", size);
    }
  }
}

/* H7: size 0 and sizes above 37348 do not exist. */
Test(fragment, of_nothing_is_a_mistake_of_ours, .signal = SIGABRT)
{
  drt_fragment_count(0);
}

Test(fragment, of_37349_bytes_is_a_mistake_of_ours, .signal = SIGABRT)
{
  drt_fragment_count(37349);
}

Test(fragment, beyond_the_last_is_a_mistake_of_ours, .signal = SIGABRT)
{
  drt_fragment(whole_of(1, 2376), 2);
}

/* The decoder has refused these, so they never come here. */
Test(fragment, reassembly_of_size_0_is_a_mistake_of_ours, .signal = SIGABRT)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey key = key_of(1);
  DrtSplit split = { 0, 0, whole_of(1, 1) };
  drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole);
}

Test(fragment, reassembly_of_size_37349_is_a_mistake_of_ours, .signal = SIGABRT)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey key = key_of(1);
  DrtSplit split = { 37349, 0, whole_of(1, 1188) };
  drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole);
}

Test(fragment, reassembly_at_an_odd_offset_is_a_mistake_of_ours, .signal = SIGABRT)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey key = key_of(1);
  DrtSplit split = { 2000, 1, whole_of(1, 1188) };
  drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole);
}

Test(fragment, come_together_in_any_order)
{
  static const uint32_t sizes[] = { 2000, 1893, 37348, 2376, 1189 };
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
    for (int backwards = 0; backwards < 2; backwards++) {
      Bench bench;
      bench_init(&bench);
      uint32_t count = drt_fragment_count(sizes[k]);
      for (uint32_t i = 0; i < count; i++) {
        DrtFragmentVerdict verdict = add(&bench, 1, sizes[k], backwards ? count - 1 - i : i);
        cr_expect(eq(int, verdict, i + 1 < count ? DRT_FRAGMENT_KEPT : DRT_FRAGMENT_WHOLE));
        cr_expect(drt_reassembly_check(&bench.list) == NULL);
      }
      expect_whole(&bench, 1, sizes[k]);
      cr_expect(eq(sz, bench.memory.takes, 1), "one piece of memory for each whole");
      bench_close(&bench);
    }
}

/* mc-drt 2.8: a payload as long as Size is whole, and takes no entry. */
Test(fragment, a_whole_datagram_passes_through)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey key = key_of(1);
  static const uint32_t sizes[] = { 1, 8, 1187, 1188 };
  for (size_t k = 0; k < 4; k++) {
    DrtSplit split = drt_fragment(whole_of(1, sizes[k]), 0);
    cr_expect(
      eq(int, drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole), DRT_FRAGMENT_WHOLE));
    cr_expect(bench.whole.at == split.slice.at && bench.whole.n == sizes[k], "not copied");
  }
  cr_expect(eq(sz, bench.memory.takes, 0));
  cr_expect(eq(i64, drt_reassembly_deadline(&bench.list), DRT_TIME_NEVER));
  bench_close(&bench);
}

/* H7 */
Test(fragment, repeats_are_ignored)
{
  Bench bench;
  bench_init(&bench);
  cr_expect(eq(int, add(&bench, 1, 3000, 0), DRT_FRAGMENT_KEPT));
  cr_expect(eq(int, add(&bench, 1, 3000, 0), DRT_FRAGMENT_REPEATED));
  cr_expect(eq(int, add(&bench, 1, 3000, 2), DRT_FRAGMENT_KEPT));
  cr_expect(eq(int, add(&bench, 1, 3000, 2), DRT_FRAGMENT_REPEATED));
  /* One with other content does not overwrite what is there. */
  DrtFragmentKey key = key_of(1);
  cr_expect(eq(int, add_key(&bench, &key, 9, 3000, 0), DRT_FRAGMENT_REPEATED));
  cr_expect(eq(int, add(&bench, 1, 3000, 1), DRT_FRAGMENT_WHOLE));
  expect_whole(&bench, 1, 3000);
  bench_close(&bench);
}

/* A whole is gone with the next call: the same fragments again start anew. */
Test(fragment, a_completed_whole_lives_until_the_next_call)
{
  Bench bench;
  bench_init(&bench);
  add(&bench, 1, 2000, 0);
  cr_expect(eq(int, add(&bench, 1, 2000, 1), DRT_FRAGMENT_WHOLE));
  cr_expect(eq(i64, drt_reassembly_deadline(&bench.list), DRT_TIME_NEVER));
  expect_whole(&bench, 1, 2000);
  cr_expect(eq(int, add(&bench, 1, 2000, 0), DRT_FRAGMENT_KEPT));
  cr_expect(eq(u32, drt_reassembly_count(&bench.list), 1));
  cr_expect(eq(int, add(&bench, 1, 2000, 1), DRT_FRAGMENT_WHOLE));
  cr_expect(eq(u32, drt_reassembly_expire(&bench.list, 0), 0), "it is not counted as expired");
  cr_expect(eq(u32, drt_reassembly_count(&bench.list), 0));
  cr_expect(eq(sz, bench.memory.pieces, 0));
  bench_close(&bench);
}

/* mc-drt 2.8: payload length + Offset > Size drops the datagram and deletes the entry. */
Test(fragment, beyond_the_size_deletes_the_entry)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey key = key_of(1);
  add(&bench, 1, 2000, 0);
  DrtSplit split = { 2000, 1188, { whole_of(1, 1188).at, 813 } };
  cr_expect(
    eq(int, drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole), DRT_FRAGMENT_CONFLICT));
  cr_expect(eq(u32, drt_reassembly_count(&bench.list), 0));
  cr_expect(eq(sz, bench.memory.pieces, 0));
  /* Without an entry as well, and at offsets beyond the size. */
  cr_expect(
    eq(int, drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole), DRT_FRAGMENT_CONFLICT));
  split = (DrtSplit){ 2000, 2376, { whole_of(1, 1188).at, 1 } };
  cr_expect(
    eq(int, drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole), DRT_FRAGMENT_CONFLICT));
  split = (DrtSplit){ 100, 1188, { whole_of(1, 1188).at, 100 } };
  cr_expect(
    eq(int, drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole), DRT_FRAGMENT_CONFLICT),
    "as long as Size, but not at its start");
  split = (DrtSplit){ 37348, 64152, { whole_of(1, 1188).at, 1188 } };
  cr_expect(
    eq(int, drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole), DRT_FRAGMENT_CONFLICT),
    "offset and length are above 65535 together");
  bench_close(&bench);
}

/* mc-drt 2.8: another Size than the entry's does the same. */
Test(fragment, of_another_size_deletes_the_entry)
{
  static const uint32_t others[] = { 2001, 1999, 1188, 37348 };
  for (size_t k = 0; k < 4; k++) {
    Bench bench;
    bench_init(&bench);
    add(&bench, 1, 2000, 0);
    add(&bench, 2, 2000, 0);
    cr_expect(eq(int, add(&bench, 1, others[k], 0), DRT_FRAGMENT_CONFLICT), "%u", others[k]);
    cr_expect(eq(u32, drt_reassembly_count(&bench.list), 1), "only the one");
    cr_expect(eq(int, add(&bench, 1, 2000, 1), DRT_FRAGMENT_KEPT), "it starts anew");
    cr_expect(eq(int, add(&bench, 2, 2000, 1), DRT_FRAGMENT_WHOLE), "the other is unharmed");
    bench_close(&bench);
  }
}

/* mc-drt 2.8: only the last may be shorter. Such a piece is dropped, the entry stays. */
Test(fragment, a_piece_of_the_wrong_length_is_dropped)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey key = key_of(1);
  add(&bench, 1, 2000, 0);
  static const DrtSplit bad[] = {
    { 2000, 0, { NULL, 1187 } }, { 2000, 0, { NULL, 0 } },    { 2000, 1188, { NULL, 811 } },
    { 2000, 0, { NULL, 1189 } }, { 2000, 1188, { NULL, 0 } }, { 2000, 0, { NULL, 2000 } },
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    DrtSplit split = bad[k];
    split.slice.at = whole_of(1, 2000).at;
    DrtFragmentVerdict verdict = drt_reassembly_add(&bench.list, 0, &key, &split, &bench.whole);
    cr_expect(eq(int, verdict, DRT_FRAGMENT_MISFIT), "piece %zu", k);
    cr_expect(eq(u32, drt_reassembly_count(&bench.list), 1), "piece %zu", k);
  }
  cr_expect(eq(int, add(&bench, 1, 2000, 1), DRT_FRAGMENT_WHOLE));
  expect_whole(&bench, 1, 2000);
  bench_close(&bench);
}

/* mc-drt 2.8: MessageID, source address and port; H7: Acked MessageID. Types do not mix either. */
Test(fragment, every_part_of_the_key_tells_wholes_apart)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey keys[6];
  for (int i = 0; i < 6; i++)
    keys[i] = key_of(1);
  keys[1].id++;
  keys[2].acked++;
  keys[3].from.wire[1]++;
  keys[4].from.wire[17]++;
  keys[5].type = DRT_REQUEST;
  for (uint32_t i = 0; i < 6; i++)
    cr_expect(eq(int, add_key(&bench, &keys[i], i, 2000, 0), DRT_FRAGMENT_KEPT), "key %u", i);
  for (uint32_t i = 0; i < 6; i++) {
    cr_expect(eq(int, add_key(&bench, &keys[i], i, 2000, 1), DRT_FRAGMENT_WHOLE), "key %u", i);
    expect_whole(&bench, i, 2000);
  }
  bench_close(&bench);
}

/* mc-drt 6, H14: 16 entries. */
Test(fragment, the_seventeenth_whole_is_dropped)
{
  Bench bench;
  bench_init(&bench);
  for (uint32_t i = 0; i < DRT_REASSEMBLY_MAX; i++)
    cr_expect(eq(int, add(&bench, i, 2000, 0), DRT_FRAGMENT_KEPT), "%u", i);
  cr_expect(eq(u32, drt_reassembly_count(&bench.list), 16));
  cr_expect(eq(int, add(&bench, 16, 2000, 0), DRT_FRAGMENT_NO_ROOM));
  DrtFragmentKey key = key_of(16);
  cr_expect(eq(int, add_key(&bench, &key, 16, 8, 0), DRT_FRAGMENT_WHOLE), "it needs no entry");
  cr_expect(eq(int, add(&bench, 7, 2000, 1), DRT_FRAGMENT_WHOLE));
  cr_expect(eq(int, add(&bench, 16, 2000, 0), DRT_FRAGMENT_KEPT), "in the place of number 7");
  cr_expect(eq(sz, bench.memory.bytes, 16 * 2000));
  bench_close(&bench);
}

/* mc-drt 2.8: none lives longer than a second, counted from its first fragment. */
Test(fragment, an_entry_ends_at_exactly_one_second)
{
  Bench bench;
  bench_init(&bench);
  bench.now = 5 * DRT_SECOND;
  add(&bench, 1, 5000, 0);
  bench.now += DRT_SECOND / 2;
  add(&bench, 1, 5000, 1);
  add(&bench, 2, 5000, 0);
  cr_expect(eq(i64, drt_reassembly_deadline(&bench.list), 6 * DRT_SECOND), "no new lease");
  cr_expect(eq(u32, drt_reassembly_expire(&bench.list, 6 * DRT_SECOND - 1), 0));
  cr_expect(eq(u32, drt_reassembly_count(&bench.list), 2));
  cr_expect(eq(u32, drt_reassembly_expire(&bench.list, 6 * DRT_SECOND), 1));
  cr_expect(eq(i64, drt_reassembly_deadline(&bench.list), 6 * DRT_SECOND + DRT_SECOND / 2));
  /* A fragment that comes too late finds no entry, even if nobody called expire. */
  bench.now = 6 * DRT_SECOND + DRT_SECOND / 2 - 1;
  cr_expect(eq(int, add(&bench, 2, 5000, 0), DRT_FRAGMENT_REPEATED));
  bench.now++;
  cr_expect(eq(int, add(&bench, 2, 5000, 0), DRT_FRAGMENT_KEPT));
  bench_close(&bench);
}

/* mc-drt 2.8: an expiry of the request's retransmission timer deletes what answers it. */
Test(fragment, what_answers_a_request_is_forgotten_with_it)
{
  Bench bench;
  bench_init(&bench);
  DrtFragmentKey keys[5];
  for (uint32_t i = 0; i < 5; i++)
    keys[i] = key_of(i);
  keys[0].acked = keys[1].acked = 77;
  keys[2].acked = 78;
  keys[3].acked = keys[3].id = 77;
  keys[3].type = DRT_REQUEST; /* answers nothing */
  keys[4].id = 77;
  for (uint32_t i = 0; i < 5; i++)
    add_key(&bench, &keys[i], i, 2000, 0);
  cr_expect(eq(u32, drt_reassembly_forget(&bench.list, 79), 0));
  cr_expect(eq(u32, drt_reassembly_forget(&bench.list, 77), 2));
  cr_expect(eq(u32, drt_reassembly_count(&bench.list), 3));
  for (uint32_t i = 2; i < 5; i++)
    cr_expect(eq(int, add_key(&bench, &keys[i], i, 2000, 1), DRT_FRAGMENT_WHOLE), "%u", i);
  cr_expect(eq(u32, drt_reassembly_forget(&bench.list, 2004), 0), "a completed one is no loss");
  bench_close(&bench);
}

/* Without memory the datagram is dropped, and nothing else happens. */
Test(fragment, no_memory_means_dropped)
{
  for (size_t n = 1; n <= 4; n++) {
    Bench bench;
    bench_init(&bench);
    bench.memory.fail_at = n;
    for (uint32_t i = 0; i < 3; i++) {
      bool fails = i + 1 == n;
      cr_expect(eq(int, add(&bench, i, 2000, 0), fails ? DRT_FRAGMENT_NO_ROOM : DRT_FRAGMENT_KEPT));
      cr_expect(eq(u32, drt_reassembly_count(&bench.list), i + !fails));
      if (fails) /* the sender's next try works */
        cr_expect(eq(int, add(&bench, i, 2000, 0), DRT_FRAGMENT_KEPT));
      cr_expect(drt_reassembly_check(&bench.list) == NULL);
    }
    cr_expect(eq(int, add(&bench, 1, 2000, 1), DRT_FRAGMENT_WHOLE));
    expect_whole(&bench, 1, 2000);
    bench_close(&bench);
  }
}

Test(fragment, clear_gives_everything_back)
{
  Bench bench;
  bench_init(&bench);
  add(&bench, 1, 37348, 0);
  add(&bench, 2, 2000, 0);
  add(&bench, 2, 2000, 1); /* whole, not yet released */
  cr_expect(eq(sz, bench.memory.pieces, 2));
  drt_reassembly_clear(&bench.list);
  cr_expect(eq(sz, bench.memory.pieces, 0));
  cr_expect(eq(int, add(&bench, 1, 2000, 0), DRT_FRAGMENT_KEPT), "still usable");
  bench_close(&bench);
}

Test(fragment, check_names_what_is_broken)
{
  Bench bench;
  bench_init(&bench);
  add(&bench, 1, 2000, 0);
  add(&bench, 2, 2000, 0);
  cr_assert(drt_reassembly_check(&bench.list) == NULL);
  bench.list.entries[0].missing = 4;
  cr_expect(drt_reassembly_check(&bench.list) != NULL);
  bench.list.entries[0].missing = 2;
  bench.list.entries[0].size = 1188;
  cr_expect(drt_reassembly_check(&bench.list) != NULL);
  bench.list.entries[0].size = 37349;
  cr_expect(drt_reassembly_check(&bench.list) != NULL);
  bench.list.entries[0].size = 2000;
  bench.list.entries[1].key = bench.list.entries[0].key;
  cr_expect(drt_reassembly_check(&bench.list) != NULL);
  bench.list.entries[1].key = key_of(2);
  bench_close(&bench);
}

/* Pieces of twenty wholes in random order, bent now and then, with passing time, timer expiries and
 * memory that fails. */
Test(fragment, random_runs_do_what_the_model_does)
{
  for (uint64_t seed = 1; seed <= 300; seed++) {
    static uint8_t script[4000];
    TestRandom random = { seed };
    for (size_t i = 0; i < sizeof script; i++)
      script[i] = (uint8_t)test_random(&random);
    if (seed % 2 == 0) /* few senders and hardly a bent piece, so that wholes get complete */
      for (size_t i = 0; i < sizeof script; i += 4) {
        script[i] |= 0x42;
        script[i + 1] %= 3;
        script[i + 3] |= 2;
      }
    const char *broken = test_fragment_run(script, sizeof script);
    cr_assert(broken == NULL, "%s, seed %d", broken, (int)seed);
  }
}
