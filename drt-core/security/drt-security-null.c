/* The null profile (8.8): the bytes of a CPA without any proof in them. For bring-up and tests. */
#include "drt-security.h"

#include "drt-cpa.h"

#define FAILED (-1)

static int32_t
copy_to(DrtSecurityBuffer *buffer, const uint8_t *from, uint32_t n)
{
  if (buffer->at == NULL || from == NULL)
    return 0;
  if (n > buffer->room)
    return FAILED;
  if (n > 0)
    memcpy(buffer->at, from, n);
  buffer->n = n;
  return 0;
}

static int32_t
pack(void *self, const DrtSecurityStatement *statement, DrtSecurityPacked *packed)
{
  (void)self;
  DrtNullCpa cpa = {
    .major = statement->major,
    .minor = statement->minor,
    .key = statement->key,
    .revoked = (statement->flags & DRT_PAYLOAD_FLAG_REVOKED) != 0,
  };
  memcpy(cpa.nonce, statement->nonce, DRT_NONCE_LEN);
  cpa.service_count =
    (uint8_t)(statement->address_count < DRT_CPA_SERVICES_MAX ? statement->address_count
                                                              : DRT_CPA_SERVICES_MAX);
  for (uint8_t i = 0; i < cpa.service_count; i++)
    cpa.services[i] = statement->addresses[i];
  packed->cpa.n = drt_null_cpa_encode(&cpa, packed->cpa.at, packed->cpa.room);
  if (packed->cpa.n == 0)
    return FAILED;
  return copy_to(&packed->payload, statement->payload, statement->payload_n);
}

static int32_t
unpack(void *self, const DrtSecurityClaim *claim, DrtSecurityFacts *facts)
{
  (void)self;
  DrtNullCpa cpa;
  DrtBytes bytes = { claim->cpa, claim->cpa_n };
  /* The version is the caller's to judge; here whatever it says is read. */
  if (claim->cpa_n == 0 || drt_null_cpa_decode(bytes, claim->cpa[0], &cpa) != DRT_REJECT_NONE ||
      (claim->nonce != NULL && memcmp(claim->nonce, cpa.nonce, DRT_NONCE_LEN) != 0))
    return FAILED;
  facts->major = cpa.major;
  facts->minor = cpa.minor;
  facts->flags = cpa.revoked ? DRT_PAYLOAD_FLAG_REVOKED : 0;
  facts->key = cpa.key;
  facts->address_count = cpa.service_count;
  memcpy(facts->addresses, cpa.services, cpa.service_count * sizeof *cpa.services);
  return copy_to(&facts->payload, claim->payload, claim->payload_n);
}

/* Credentials and signatures are empty, and only empty ones are taken (DEC-51). */
static int32_t
credential(void *self, DrtSecurityBuffer *ret)
{
  (void)self;
  ret->n = 0;
  return 0;
}

static int32_t
sign(void *self, DrtBytes data, DrtSecurityBuffer *identifier, DrtSecurityBuffer *signature)
{
  (void)self;
  (void)data;
  identifier->n = signature->n = 0;
  return 0;
}

static int32_t
verify(void *self, DrtBytes data, const DrtProof *proof)
{
  (void)self;
  (void)data;
  return proof->credential.n == 0 && proof->signature.n == 0 ? 0 : FAILED;
}

/* Nothing is hidden: what is sealed is what it was. */
static int32_t
seal(void *self, DrtBytes to, uint32_t n, const DrtBytes *plain, DrtSecurityBuffer *sealed,
     DrtSecurityBuffer *token)
{
  (void)self;
  (void)to;
  token->n = 0;
  for (uint32_t i = 0; i < n; i++)
    if (copy_to(&sealed[i], plain[i].at, plain[i].n) != 0)
      return FAILED;
  return 0;
}

static int32_t
unseal(void *self, DrtBytes token, void *key_context, uint32_t n, DrtSecurityBuffer *data)
{
  (void)self;
  (void)token;
  (void)key_context;
  (void)n;
  (void)data;
  return 0;
}

const DrtSecurity drt_security_null = {
  .pack = pack,
  .unpack = unpack,
  .credential = credential,
  .sign = sign,
  .verify = verify,
  .seal = seal,
  .unseal = unseal,
};
