/* What was verified before: in a cloud the same chains and signatures are judged again and again.
 *
 * A question is the SHA-256 of everything that the answer follows from, so an answer is as good as
 * computing it again; time is compared by whoever asks. One table serves all instances of a library.
 * It forgets everything when it is full. */
#pragma once
#include "drt-port.h"

#include <openssl/evp.h>

#define DRT_QUESTION_LEN 32

typedef struct {
  uint8_t question[DRT_QUESTION_LEN];
  int32_t verdict;     /* 0 or an HRESULT */
  uint32_t signatures; /* that had to be verified for it */
  int64_t from, until; /* a chain: when it is good, in seconds since 1970 */
  EVP_PKEY *owner;     /* a chain: its owner's public key, or NULL; one reference */
  uint8_t *bytes;      /* a signature that was made; of a chain, its owner's public key; or NULL */
  uint32_t n;
} DrtTrustEntry;

typedef struct {
  DrtMemory memory;
  DrtTrustEntry *entries; /* a hash table of @room places; an empty one has no question */
  uint32_t n, room;
  DrtTrustEntry spare; /* the newest, if there was no memory for a place */
} DrtTrust;

void drt_trust_init(DrtTrust *trust, DrtMemory memory);
void drt_trust_clear(DrtTrust *trust);
/* NULL if it is not known. Valid until the next drt_trust_remember. */
const DrtTrustEntry *drt_trust_recall(const DrtTrust *trust,
                                      const uint8_t question[DRT_QUESTION_LEN]);
/* Takes over what @entry holds. Never NULL. */
const DrtTrustEntry *drt_trust_remember(DrtTrust *trust, const DrtTrustEntry *entry);
