/* A security provider of the API behind the table that the node knows (8.1).
 *
 * The built-in null provider is recognised and called directly, because its answers need no memory.
 * For all others the arguments are translated, and every buffer that the provider made goes back
 * through its FreeData once. */
#include "drt-api-private.h"
#include "drt-provider-null.h"

#define ADDRESS_LIST_BYTES 4096
#define CREDENTIAL_MAX 24576

static void
give_back(const DRT_SECURITY_PROVIDER *provider, void *piece)
{
  if (piece != NULL)
    provider->FreeData(provider->pvContext, piece);
}

/* Copies what the provider made, and gives it back. False if it does not fit. */
static bool
collect(const DRT_SECURITY_PROVIDER *provider, DRT_DATA *data, DrtSecurityBuffer *to)
{
  bool fits = data->pb == NULL || to->at == NULL || data->cb <= to->room;
  if (fits && data->pb != NULL && to->at != NULL) {
    memcpy(to->at, data->pb, data->cb);
    to->n = data->cb;
  }
  give_back(provider, data->pb);
  return fits;
}

static int32_t
pack(void *self, const DrtSecurityStatement *statement, DrtSecurityPacked *packed)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  uint8_t key_bytes[DRT_KEY_LEN];
  _Alignas(SOCKADDR_STORAGE) uint8_t list_bytes[ADDRESS_LIST_BYTES];
  SOCKET_ADDRESS_LIST *list = (SOCKET_ADDRESS_LIST *)list_bytes;
  drt_key_to_api(&statement->key, key_bytes);
  drt_assert(drt_address_list_size(statement->address_count) <= sizeof list_bytes);
  drt_address_list_fill(list, statement->addresses, statement->address_count);
  DRT_DATA key = { DRT_KEY_LEN, key_bytes };
  DRT_DATA nonce = { DRT_NONCE_LEN, (BYTE *)statement->nonce };
  DRT_DATA payload = { statement->payload_n, (BYTE *)statement->payload };
  DRT_DATA cpa = { 0 }, classifier = { 0 }, secured = { 0 }, chain = { 0 };
  bool with_payload = statement->payload != NULL;
  instance->library->busy = true;
  HRESULT hr = provider->SecureAndPackPayload(
    provider->pvContext, statement->key_context, statement->major, statement->minor,
    statement->flags, &key, with_payload ? &payload : NULL,
    statement->address_count > 0 ? list : NULL, &nonce, &cpa, &classifier,
    with_payload ? &secured : NULL, statement->chain_wanted ? &chain : NULL);
  bool fits = false;
  if (!FAILED(hr)) {
    fits = collect(provider, &cpa, &packed->cpa);
    fits &= collect(provider, &classifier, &packed->classifier);
    fits &= collect(provider, &secured, &packed->payload);
    fits &= collect(provider, &chain, &packed->chain);
  }
  instance->library->busy = false;
  if (FAILED(hr))
    return hr;
  return fits ? 0 : DRT_E_INVALID_MESSAGE;
}

static void
take_addresses(const SOCKET_ADDRESS_LIST *list, DrtSecurityFacts *facts)
{
  for (int i = 0; list != NULL && i < list->iAddressCount; i++)
    if (facts->address_count < DRT_ROUTE_ADDRESSES_MAX &&
        drt_from_sockaddr(&list->Address[i], &facts->addresses[facts->address_count]))
      facts->address_count++;
}

static DRT_DATA
view(const uint8_t *at, uint32_t n)
{
  return (DRT_DATA){ n, (BYTE *)at };
}

static int32_t
unpack(void *self, const DrtSecurityClaim *claim, DrtSecurityFacts *facts)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  DRT_DATA cpa = view(claim->cpa, claim->cpa_n), chain = view(claim->chain, claim->chain_n);
  DRT_DATA classifier = view(claim->classifier, claim->classifier_n);
  DRT_DATA secured = view(claim->payload, claim->payload_n);
  DRT_DATA nonce = view(claim->nonce, DRT_NONCE_LEN);
  DRT_DATA key = { 0 }, payload = { 0 };
  CERT_PUBLIC_KEY_INFO *public_key = NULL;
  SOCKET_ADDRESS_LIST *list = NULL;
  DWORD flags = 0;
  facts->address_count = 0;
  instance->library->busy = true;
  HRESULT hr = provider->ValidateAndUnpackPayload(
    provider->pvContext, &cpa, claim->chain == NULL ? NULL : &chain,
    claim->classifier == NULL ? NULL : &classifier, claim->nonce == NULL ? NULL : &nonce,
    claim->payload == NULL ? NULL : &secured, &facts->major, &facts->minor, &key,
    claim->payload == NULL ? NULL : &payload, &public_key, &list, &flags);
  bool valid = !FAILED(hr) && key.pb != NULL && key.cb == DRT_KEY_LEN;
  if (valid) {
    facts->key = drt_key_from_api(key.pb);
    facts->flags = flags;
    take_addresses(list, facts);
  }
  if (!FAILED(hr)) {
    valid &= collect(provider, &payload, &facts->payload);
    give_back(provider, key.pb);
    give_back(provider, public_key);
    give_back(provider, list);
  }
  instance->library->busy = false;
  if (FAILED(hr))
    return hr;
  return valid ? 0 : DRT_E_INVALID_MESSAGE;
}

static int32_t
credential(void *self, DrtSecurityBuffer *ret)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  DRT_DATA made = { 0 };
  instance->library->busy = true;
  HRESULT hr = provider->GetSerializedCredential(provider->pvContext, &made);
  bool fits = FAILED(hr) || collect(provider, &made, ret);
  instance->library->busy = false;
  if (FAILED(hr))
    return hr;
  return fits ? 0 : DRT_E_INVALID_MESSAGE;
}

static int32_t
sign(void *self, DrtBytes data, DrtSecurityBuffer *identifier, DrtSecurityBuffer *signature)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  DRT_DATA buffer = view(data.at, data.n), key = { 0 }, mark = { 0 };
  bool fits = false;
  instance->library->busy = true;
  HRESULT hr = provider->SignData(provider->pvContext, 1, &buffer, &key, &mark);
  if (!FAILED(hr)) {
    fits = collect(provider, &key, identifier);
    fits &= collect(provider, &mark, signature);
  }
  instance->library->busy = false;
  if (FAILED(hr))
    return hr;
  return fits ? 0 : DRT_E_INVALID_MESSAGE;
}

static int32_t
verify(void *self, DrtBytes data, const DrtProof *proof)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  DRT_DATA buffer = view(data.at, data.n);
  DRT_DATA theirs = view(proof->credential.at, proof->credential.n);
  DRT_DATA key = view(proof->key_identifier.at, proof->key_identifier.n);
  DRT_DATA mark = view(proof->signature.at, proof->signature.n);
  instance->library->busy = true;
  HRESULT hr = provider->ValidateRemoteCredential(provider->pvContext, &theirs);
  if (!FAILED(hr))
    hr = provider->VerifyData(provider->pvContext, 1, &buffer, &theirs, &key, &mark);
  instance->library->busy = false;
  return FAILED(hr) ? hr : 0;
}

static int32_t
seal(void *self, DrtBytes to, uint32_t n, const DrtBytes *plain, DrtSecurityBuffer *sealed,
     DrtSecurityBuffer *token)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  DRT_DATA theirs = view(to.at, to.n), from[DRT_SEALED_MAX], made[DRT_SEALED_MAX], key = { 0 };
  drt_assert(n <= DRT_SEALED_MAX);
  for (uint32_t i = 0; i < n; i++) {
    from[i] = view(plain[i].at, plain[i].n);
    made[i] = (DRT_DATA){ 0 };
  }
  bool fits = false;
  instance->library->busy = true;
  HRESULT hr = provider->EncryptData(provider->pvContext, &theirs, n, from, made, &key);
  if (!FAILED(hr)) {
    fits = collect(provider, &key, token);
    for (uint32_t i = 0; i < n; i++)
      fits &= collect(provider, &made[i], &sealed[i]);
  }
  instance->library->busy = false;
  if (FAILED(hr))
    return hr;
  return fits ? 0 : DRT_E_INVALID_MESSAGE;
}

static int32_t
unseal(void *self, DrtBytes token, void *key_context, uint32_t n, DrtSecurityBuffer *data)
{
  DrtInstance *instance = self;
  DRT_SECURITY_PROVIDER *provider = instance->security;
  DRT_DATA key = view(token.at, token.n), inside[DRT_SEALED_MAX];
  drt_assert(n <= DRT_SEALED_MAX);
  for (uint32_t i = 0; i < n; i++)
    inside[i] = view(data[i].at, data[i].n);
  instance->library->busy = true;
  HRESULT hr = provider->DecryptData(provider->pvContext, &key, key_context, n, inside);
  instance->library->busy = false;
  if (FAILED(hr))
    return hr;
  for (uint32_t i = 0; i < n; i++) {
    if (inside[i].pb != data[i].at || inside[i].cb > data[i].n)
      return DRT_E_INVALID_MESSAGE; /* it was to be done in place */
    data[i].n = inside[i].cb;
  }
  return 0;
}

void
drt_adapter_init(DrtInstance *instance)
{
  if (drt_null_provider_is(instance->security))
    instance->adapter = drt_security_null;
  else
    instance->adapter = (DrtSecurity){
      .self = instance,
      .pack = pack,
      .unpack = unpack,
      .credential = credential,
      .sign = sign,
      .verify = verify,
      .seal = seal,
      .unseal = unseal,
    };
}

int32_t
drt_adapter_check_credential(DrtInstance *instance)
{
  uint8_t bytes[CREDENTIAL_MAX];
  DrtSecurityBuffer credential = { .at = bytes, .room = sizeof bytes };
  const DrtSecurity *adapter = &instance->adapter;
  return adapter->credential(adapter->self, &credential);
}
