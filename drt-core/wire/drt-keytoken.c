/* The twelve fixed bytes read as the head of a raw key blob: KDBM, version 1, 32 bytes of key. */
#include "drt-keytoken.h"

#include "drt-reader.h"

#define IV_AT 8
#define HEADER_AT 24
#define KEY_AT 36

static const uint8_t blob_header[KEY_AT - HEADER_AT] = {
  'K', 'D', 'B', 'M', 1, 0, 0, 0, DRT_CONTENT_KEY_LEN, 0, 0, 0
};

DrtReject
drt_keytoken_decode(DrtBytes bytes, DrtKeytoken *ret)
{
  if (bytes.n != DRT_KEYTOKEN_LEN)
    return DRT_REJECT_KEYTOKEN_LENGTH;
  if (drt_load_le16(bytes.at) != DRT_IV_LEN) /* little-endian: H19 */
    return DRT_REJECT_KEYTOKEN_IV_LENGTH;
  if (memcmp(bytes.at + HEADER_AT, blob_header, sizeof blob_header) != 0)
    return DRT_REJECT_KEYTOKEN_HEADER;
  memcpy(ret->iv, bytes.at + IV_AT, DRT_IV_LEN);
  memcpy(ret->key, bytes.at + KEY_AT, DRT_CONTENT_KEY_LEN);
  return DRT_REJECT_NONE;
}

void
drt_keytoken_encode(const DrtKeytoken *token, uint8_t to[DRT_KEYTOKEN_LEN])
{
  memset(to, 0, DRT_KEYTOKEN_LEN);
  to[0] = DRT_IV_LEN;
  memcpy(to + IV_AT, token->iv, DRT_IV_LEN);
  memcpy(to + HEADER_AT, blob_header, sizeof blob_header);
  memcpy(to + KEY_AT, token->key, DRT_CONTENT_KEY_LEN);
}
