/* Keys, and arithmetic on the ring of 2^256 keys (PROTOCOL.md 7.0).
 *
 * A key is four 64-bit words, the most significant first, so that all arithmetic is plain unsigned
 * arithmetic and 2^256 - 1 is followed by 0 without a special case. Everything here is pure, inline
 * and a handful of instructions. The byte orders of the outside are converted here and nowhere
 * else: the wire sends the most significant byte first (H1), the Windows API stores it last
 * (DEC-59). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DRT_KEY_LEN 32
#define DRT_KEY_BITS 256

typedef struct {
  uint64_t w[4]; /* w[0] is the most significant */
} DrtKey;

#define DRT_KEY_ZERO ((DrtKey){ { 0, 0, 0, 0 } })
#define DRT_KEY_ONE ((DrtKey){ { 0, 0, 0, 1 } })

static inline uint64_t
drt_load_be64(const uint8_t *from)
{
  uint64_t word;
  memcpy(&word, from, 8);
  return __builtin_bswap64(word);
}

static inline void
drt_store_be64(uint8_t *to, uint64_t word)
{
  word = __builtin_bswap64(word);
  memcpy(to, &word, 8);
}

/* The 32 bytes of a datagram: most significant first. */
static inline DrtKey
drt_key_from_wire(const uint8_t *from)
{
  return (DrtKey){ { drt_load_be64(from), drt_load_be64(from + 8), drt_load_be64(from + 16),
                     drt_load_be64(from + 24) } };
}

static inline void
drt_key_to_wire(const DrtKey *key, uint8_t *to)
{
  for (size_t i = 0; i < 4; i++)
    drt_store_be64(to + 8 * i, key->w[i]);
}

/* The 32 bytes of a DRT_DATA of the Windows API: least significant first. */
static inline DrtKey
drt_key_from_api(const uint8_t *from)
{
  DrtKey key;
  for (size_t i = 0; i < 4; i++)
    key.w[i] = __builtin_bswap64(drt_load_be64(from + 8 * (3 - i)));
  return key;
}

static inline void
drt_key_to_api(const DrtKey *key, uint8_t *to)
{
  for (size_t i = 0; i < 4; i++)
    drt_store_be64(to + 8 * (3 - i), __builtin_bswap64(key->w[i]));
}

static inline bool
drt_key_equal(const DrtKey *a, const DrtKey *b)
{
  return ((a->w[0] ^ b->w[0]) | (a->w[1] ^ b->w[1]) | (a->w[2] ^ b->w[2]) | (a->w[3] ^ b->w[3])) ==
         0;
}

static inline bool
drt_key_is_zero(const DrtKey *key)
{
  return (key->w[0] | key->w[1] | key->w[2] | key->w[3]) == 0;
}

/* Plain unsigned comparison, not a distance. */
static inline bool
drt_key_less(const DrtKey *a, const DrtKey *b)
{
  if (a->w[0] != b->w[0])
    return a->w[0] < b->w[0];
  if (a->w[1] != b->w[1])
    return a->w[1] < b->w[1];
  if (a->w[2] != b->w[2])
    return a->w[2] < b->w[2];
  return a->w[3] < b->w[3];
}

/* One word of a difference. gcc makes a chain of borrows of its own built-in only. */
static inline unsigned char
drt_word_sub(unsigned char borrow, uint64_t a, uint64_t b, uint64_t *ret)
{
#if defined(__x86_64__) && !defined(__clang__)
  unsigned long long rest;
  borrow = __builtin_ia32_sbb_u64(borrow, a, b, &rest);
  *ret = rest;
  return borrow;
#else
  uint64_t part;
  bool under = __builtin_sub_overflow(a, b, &part);
  under |= __builtin_sub_overflow(part, (uint64_t)borrow, ret);
  return under;
#endif
}

static inline DrtKey
drt_key_add(const DrtKey *a, const DrtKey *b)
{
  DrtKey sum;
  uint64_t carry = 0;
  for (int i = 3; i >= 0; i--) {
    uint64_t part;
    uint64_t over = __builtin_add_overflow(a->w[i], b->w[i], &part);
    over |= __builtin_add_overflow(part, carry, &sum.w[i]);
    carry = over;
  }
  return sum;
}

/* Without a loop, as in drt_key_less(): a key that is looped over lies in memory, where it is written word
 * by word and then read in larger pieces, and each such reading waits for the writing. */
static inline DrtKey
drt_key_sub(const DrtKey *a, const DrtKey *b)
{
  DrtKey rest;
  unsigned char borrow = drt_word_sub(0, a->w[3], b->w[3], &rest.w[3]);
  borrow = drt_word_sub(borrow, a->w[2], b->w[2], &rest.w[2]);
  borrow = drt_word_sub(borrow, a->w[1], b->w[1], &rest.w[1]);
  drt_word_sub(borrow, a->w[0], b->w[0], &rest.w[0]);
  return rest;
}

/* The most significant word of @a - @b: nearly always enough, and cheaper than all four. */
static inline uint64_t
drt_key_sub_top(const DrtKey *a, const DrtKey *b)
{
  for (int i = 1; i < 4; i++)
    if (a->w[i] != b->w[i])
      return a->w[0] - b->w[0] - (a->w[i] < b->w[i]);
  return a->w[0] - b->w[0];
}

/* key + 1: what a registration searches for (7.4). */
static inline DrtKey
drt_key_next(const DrtKey *key)
{
  return drt_key_add(key, &DRT_KEY_ONE);
}

/* The one-way distance going upwards from @a to @b. */
static inline DrtKey
drt_key_up(const DrtKey *a, const DrtKey *b)
{
  return drt_key_sub(b, a);
}

/* The shorter way between the two: "numerically closest" is meant by this one. */
static inline DrtKey
drt_key_dist(const DrtKey *a, const DrtKey *b)
{
  DrtKey up = drt_key_sub(b, a);
  return up.w[0] >> 63 ? drt_key_sub(a, b) : up;
}

/* @x is strictly closer to @target than @y. */
static inline bool
drt_key_closer(const DrtKey *x, const DrtKey *y, const DrtKey *target)
{
  DrtKey dx = drt_key_dist(x, target), dy = drt_key_dist(y, target);
  return drt_key_less(&dx, &dy);
}

/* A total order by closeness to @target: a tie goes to the key above it (H33). False for x == y. */
static inline bool
drt_key_ranks_before(const DrtKey *x, const DrtKey *y, const DrtKey *target)
{
  DrtKey dx = drt_key_dist(x, target), dy = drt_key_dist(y, target);
  if (!drt_key_equal(&dx, &dy))
    return drt_key_less(&dx, &dy);
  DrtKey ux = drt_key_up(target, x), uy = drt_key_up(target, y);
  return drt_key_less(&ux, &uy);
}

/* @x lies strictly inside the upward arc from @a to @b. */
static inline bool
drt_key_between(const DrtKey *x, const DrtKey *a, const DrtKey *b)
{
  DrtKey to_x = drt_key_up(a, x), to_b = drt_key_up(a, b);
  return !drt_key_is_zero(&to_x) && drt_key_less(&to_x, &to_b);
}

/* Equal leading bits, 0 to 256. */
static inline unsigned
drt_key_common_prefix(const DrtKey *a, const DrtKey *b)
{
  for (unsigned i = 0; i < 4; i++) {
    uint64_t differ = a->w[i] ^ b->w[i];
    if (differ != 0)
      return 64 * i + (unsigned)__builtin_clzll(differ);
  }
  return DRT_KEY_BITS;
}

/* floor(key / 2) */
static inline DrtKey
drt_key_half(const DrtKey *key)
{
  DrtKey half = { { key->w[0] >> 1, 0, 0, 0 } };
  for (int i = 1; i < 4; i++)
    half.w[i] = key->w[i] >> 1 | key->w[i - 1] << 63;
  return half;
}
