/* The ring once more, as slow and plain as can be: what drt-key.h is compared with.
 *
 * A number has 32 digits of base 256, the most significant first, and is added and subtracted digit
 * by digit as at school. Nothing of drt-key.h is used but the layout of a key. */
#pragma once
#include "drt-key.h"

typedef struct {
  uint8_t digit[32];
} TestNumber;

TestNumber test_number(const DrtKey *key);
DrtKey test_number_key(const TestNumber *number);
/* Modulo 2^256. */
TestNumber test_number_add(TestNumber a, TestNumber b);
TestNumber test_number_sub(TestNumber a, TestNumber b);
TestNumber test_number_half(TestNumber a);
/* Less than, equal to or greater than 0, as a is to b. */
int test_number_compare(const TestNumber *a, const TestNumber *b);
/* The first eight digits as one number. */
uint64_t test_number_top(const TestNumber *number);

/* How far it is from @a to @b, upwards (mc-drt 7.0). */
TestNumber test_ring_up(const DrtKey *a, const DrtKey *b);
/* The shorter way. */
TestNumber test_ring_dist(const DrtKey *a, const DrtKey *b);
/* @x comes before @y in a list of the closest to @target; ties go to the key above (H33). */
bool test_ring_before(const DrtKey *x, const DrtKey *y, const DrtKey *target);
