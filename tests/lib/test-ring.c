#include "test-ring.h"

TestNumber
test_number(const DrtKey *key)
{
  TestNumber number;
  for (int i = 0; i < 32; i++)
    number.digit[i] = (uint8_t)(key->w[i / 8] >> (56 - 8 * (i % 8)));
  return number;
}

DrtKey
test_number_key(const TestNumber *number)
{
  DrtKey key = { { 0 } };
  for (int i = 0; i < 32; i++)
    key.w[i / 8] = key.w[i / 8] * 256 + number->digit[i];
  return key;
}

TestNumber
test_number_add(TestNumber a, TestNumber b)
{
  int carry = 0;
  for (int i = 31; i >= 0; i--) {
    int sum = a.digit[i] + b.digit[i] + carry;
    a.digit[i] = (uint8_t)(sum % 256);
    carry = sum / 256;
  }
  return a;
}

TestNumber
test_number_sub(TestNumber a, TestNumber b)
{
  int borrow = 0;
  for (int i = 31; i >= 0; i--) {
    int rest = a.digit[i] - b.digit[i] - borrow;
    borrow = rest < 0;
    a.digit[i] = (uint8_t)(rest + 256 * borrow);
  }
  return a;
}

TestNumber
test_number_half(TestNumber a)
{
  int rest = 0;
  for (int i = 0; i < 32; i++) {
    int value = 256 * rest + a.digit[i];
    a.digit[i] = (uint8_t)(value / 2);
    rest = value % 2;
  }
  return a;
}

int
test_number_compare(const TestNumber *a, const TestNumber *b)
{
  for (int i = 0; i < 32; i++)
    if (a->digit[i] != b->digit[i])
      return a->digit[i] - b->digit[i];
  return 0;
}

uint64_t
test_number_top(const TestNumber *number)
{
  uint64_t top = 0;
  for (int i = 0; i < 8; i++)
    top = top * 256 + number->digit[i];
  return top;
}

TestNumber
test_ring_up(const DrtKey *a, const DrtKey *b)
{
  return test_number_sub(test_number(b), test_number(a));
}

TestNumber
test_ring_dist(const DrtKey *a, const DrtKey *b)
{
  TestNumber up = test_ring_up(a, b), down = test_ring_up(b, a);
  return test_number_compare(&up, &down) < 0 ? up : down;
}

bool
test_ring_before(const DrtKey *x, const DrtKey *y, const DrtKey *target)
{
  TestNumber dx = test_ring_dist(x, target), dy = test_ring_dist(y, target);
  int order = test_number_compare(&dx, &dy);
  if (order != 0)
    return order < 0;
  TestNumber ux = test_ring_up(target, x), uy = test_ring_up(target, y);
  return test_number_compare(&ux, &uy) < 0;
}
