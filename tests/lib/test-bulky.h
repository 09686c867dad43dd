/* The null profile, but with credentials and chains of any length, so that messages of the secured
 * modes come in fragments; and it counts what it is asked, and refuses what it is told to. */
#pragma once
#include "drt-security.h"

#include <stdbool.h>

#define TEST_BULKY_MAX 16384

typedef struct {
  DrtSecurity security;
  uint32_t n;      /* of each credential and chain: bytes that are all the same */
  uint8_t mark;    /* this byte; another one is a stranger's */
  bool refuses[7]; /* pack, unpack, credential, sign, verify, seal, unseal */
  uint32_t count[7];
} TestBulky;

enum {
  TEST_BULKY_PACK,
  TEST_BULKY_UNPACK,
  TEST_BULKY_CREDENTIAL,
  TEST_BULKY_SIGN,
  TEST_BULKY_VERIFY,
  TEST_BULKY_SEAL,
  TEST_BULKY_UNSEAL,
};

/* @n: at most TEST_BULKY_MAX. 0: empty ones, as the null profile has. */
void test_bulky_init(TestBulky *bulky, uint32_t n);
