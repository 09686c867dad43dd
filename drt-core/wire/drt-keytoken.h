/* The key token before it is encrypted for one recipient: the content key of a confidential message
 * (PROTOCOL.md 3.15). On the wire a KEYTOKEN field holds its ciphertext. */
#pragma once
#include "drt-message.h"
#include "drt-reject.h"

#define DRT_KEYTOKEN_LEN 68
#define DRT_CONTENT_KEY_LEN 32
#define DRT_IV_LEN 16

typedef struct {
  uint8_t iv[DRT_IV_LEN];
  uint8_t key[DRT_CONTENT_KEY_LEN];
} DrtKeytoken;

/* Padding is ignored. Leaves *ret alone unless DRT_REJECT_NONE. */
DrtReject drt_keytoken_decode(DrtBytes bytes, DrtKeytoken *ret);
void drt_keytoken_encode(const DrtKeytoken *token, uint8_t to[DRT_KEYTOKEN_LEN]);
