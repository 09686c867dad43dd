#include "test-bulky.h"

#include "drt-assert.h"

#include <string.h>

#define FAILED (-1)
#define TOKEN_LEN 128

static bool
refuses(TestBulky *bulky, int call)
{
  bulky->count[call]++;
  return bulky->refuses[call];
}

static int32_t
put(const TestBulky *bulky, DrtSecurityBuffer *to)
{
  if (to->at == NULL)
    return 0;
  if (bulky->n > to->room)
    return FAILED;
  memset(to->at, bulky->mark, bulky->n);
  to->n = bulky->n;
  return 0;
}

static bool
is_ours(const TestBulky *bulky, DrtBytes bytes)
{
  for (uint32_t i = 0; i < bytes.n; i++)
    if (bytes.at[i] != bulky->mark)
      return false;
  return bytes.n == bulky->n;
}

static int32_t
pack(void *self, const DrtSecurityStatement *statement, DrtSecurityPacked *packed)
{
  if (refuses(self, TEST_BULKY_PACK))
    return FAILED;
  int32_t failed = drt_security_null.pack(NULL, statement, packed);
  return failed != 0 || !statement->chain_wanted ? failed : put(self, &packed->chain);
}

static int32_t
unpack(void *self, const DrtSecurityClaim *claim, DrtSecurityFacts *facts)
{
  if (refuses(self, TEST_BULKY_UNPACK) ||
      (claim->nonce != NULL && !is_ours(self, (DrtBytes){ claim->chain, claim->chain_n })))
    return FAILED; /* a revocation comes without a chain */
  return drt_security_null.unpack(NULL, claim, facts);
}

static int32_t
credential(void *self, DrtSecurityBuffer *ret)
{
  return refuses(self, TEST_BULKY_CREDENTIAL) ? FAILED : put(self, ret);
}

static int32_t
sign(void *self, DrtBytes data, DrtSecurityBuffer *identifier, DrtSecurityBuffer *signature)
{
  return refuses(self, TEST_BULKY_SIGN) ? FAILED
                                        : drt_security_null.sign(NULL, data, identifier, signature);
}

static int32_t
verify(void *self, DrtBytes data, const DrtProof *proof)
{
  (void)data;
  return refuses(self, TEST_BULKY_VERIFY) || !is_ours(self, proof->credential) ||
             proof->signature.n != 0
           ? FAILED
           : 0;
}

/* Each byte is turned over, so that what is sealed can be told from what is not. */
static int32_t
seal(void *self, DrtBytes to, uint32_t n, const DrtBytes *plain, DrtSecurityBuffer *sealed,
     DrtSecurityBuffer *token)
{
  const TestBulky *bulky = self;
  if (refuses(self, TEST_BULKY_SEAL))
    return FAILED;
  drt_assert(is_ours(bulky, to));
  memset(token->at, bulky->mark, TOKEN_LEN);
  token->n = TOKEN_LEN;
  for (uint32_t i = 0; i < n; i++) {
    if (plain[i].n > sealed[i].room)
      return FAILED;
    for (uint32_t k = 0; k < plain[i].n; k++)
      sealed[i].at[k] = (uint8_t)~plain[i].at[k];
    sealed[i].n = plain[i].n;
  }
  return 0;
}

static int32_t
unseal(void *self, DrtBytes token, void *key_context, uint32_t n, DrtSecurityBuffer *data)
{
  (void)key_context;
  if (refuses(self, TEST_BULKY_UNSEAL) || token.n != TOKEN_LEN)
    return FAILED;
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < data[i].n; k++)
      data[i].at[k] = (uint8_t)~data[i].at[k];
  return 0;
}

void
test_bulky_init(TestBulky *bulky, uint32_t n)
{
  drt_assert(n <= TEST_BULKY_MAX);
  *bulky = (TestBulky){
    .n = n,
    .mark = 0xc5,
    .security = {
      .self = bulky,
      .pack = pack,
      .unpack = unpack,
      .credential = credential,
      .sign = sign,
      .verify = verify,
      .seal = seal,
      .unseal = unseal,
    },
  };
}
