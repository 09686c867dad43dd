/* SHA-1 is what the protocol fixes for nonces: recognition, not protection (4.1). */
#include "drt-security.h"

#include <openssl/sha.h>

void
drt_security_hash_nonce(const uint8_t nonce[16], uint8_t ret_hash[20])
{
  SHA1(nonce, 16, ret_hash);
}
