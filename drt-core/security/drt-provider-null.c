#include "drt-provider-null.h"

#include "drt-cpa.h"
#include "drt-provider-base.h"
#include "drt-provider-pieces.h"
#include "drt-security.h"

static HRESULT
register_key(const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  DrtProviderBase *self = context;
  (void)key_context;
  if (*drt_provider_find(self, registration->key.pb) != NULL)
    return DRT_E_DUPLICATE_KEY;
  return drt_provider_add(self, registration->key.pb, sizeof(DrtProviderKey)) == NULL
           ? E_OUTOFMEMORY
           : S_OK;
}

static HRESULT
unregister_key(const PVOID context, const DRT_DATA *data, PVOID key_context)
{
  DrtProviderBase *self = context;
  (void)key_context;
  DrtProviderKey **link = drt_provider_find(self, data->pb);
  if (*link == NULL)
    return E_INVALIDARG;
  drt_provider_remove(self, link, sizeof(DrtProviderKey));
  return S_OK;
}

static HRESULT
secure_and_pack(const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags,
                const DRT_DATA *key, const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses,
                const DRT_DATA *nonce, DRT_DATA *secured_address, DRT_DATA *classifier,
                DRT_DATA *secured_payload, DRT_DATA *chain)
{
  DrtProviderBase *self = context;
  DrtEndpoint endpoints[DRT_CPA_SERVICES_MAX];
  uint8_t bytes[512];
  (void)key_context;
  DrtSecurityStatement statement = {
    .major = major,
    .minor = minor,
    .flags = flags,
    .key = drt_key_from_api(key->pb),
    .addresses = endpoints,
    .address_count = drt_piece_endpoints(addresses, endpoints, DRT_CPA_SERVICES_MAX),
    .nonce = nonce->pb,
  };
  DrtSecurityPacked packed = { .cpa = { .at = bytes, .room = sizeof bytes } };
  if (classifier != NULL)
    *classifier = (DRT_DATA){ 0 };
  if (chain != NULL)
    *chain = (DRT_DATA){ 0 };
  if (secured_payload != NULL)
    *secured_payload = (DRT_DATA){ 0 };
  *secured_address = (DRT_DATA){ 0 };
  if (drt_security_null.pack(NULL, &statement, &packed) != 0)
    return E_FAIL;
  HRESULT hr = drt_piece_copy(self->memory, bytes, packed.cpa.n, secured_address);
  if (hr == S_OK && payload != NULL && secured_payload != NULL)
    hr = drt_piece_copy(self->memory, payload->pb, payload->cb, secured_payload);
  if (hr != S_OK) {
    drt_provider_free_data(context, secured_address->pb);
    *secured_address = (DRT_DATA){ 0 };
  }
  return hr;
}

static HRESULT
validate_and_unpack(const PVOID context, DRT_DATA *secured_address, DRT_DATA *chain,
                    DRT_DATA *classifier, DRT_DATA *nonce, DRT_DATA *secured_payload, BYTE *major,
                    BYTE *minor, DRT_DATA *key, DRT_DATA *payload,
                    CERT_PUBLIC_KEY_INFO **public_key, SOCKET_ADDRESS_LIST **addresses,
                    DWORD *flags)
{
  DrtProviderBase *self = context;
  (void)chain;
  (void)classifier;
  DrtSecurityClaim claim = {
    .cpa = secured_address->pb,
    .cpa_n = secured_address->cb,
    .nonce = nonce == NULL ? NULL : nonce->pb,
  };
  DrtSecurityFacts facts = { 0 };
  uint8_t key_bytes[DRT_KEY_LEN];
  *key = (DRT_DATA){ 0 };
  if (payload != NULL)
    *payload = (DRT_DATA){ 0 };
  if (public_key != NULL)
    *public_key = NULL;
  if (addresses != NULL)
    *addresses = NULL;
  if ((nonce != NULL && nonce->cb != DRT_NONCE_LEN) ||
      drt_security_null.unpack(NULL, &claim, &facts) != 0)
    return DRT_E_INVALID_MESSAGE;
  *major = facts.major;
  *minor = facts.minor;
  *flags = facts.flags;
  drt_key_to_api(&facts.key, key_bytes);
  HRESULT hr = drt_piece_copy(self->memory, key_bytes, DRT_KEY_LEN, key);
  if (hr == S_OK && payload != NULL && secured_payload != NULL)
    hr = drt_piece_copy(self->memory, secured_payload->pb, secured_payload->cb, payload);
  if (hr == S_OK && addresses != NULL) {
    *addresses = drt_piece_addresses(self->memory, facts.addresses, facts.address_count);
    hr = *addresses == NULL ? E_OUTOFMEMORY : S_OK;
  }
  if (hr == S_OK)
    return S_OK;
  drt_provider_free_data(context, key->pb);
  *key = (DRT_DATA){ 0 };
  if (payload != NULL) {
    drt_provider_free_data(context, payload->pb);
    *payload = (DRT_DATA){ 0 };
  }
  return hr;
}

/* Credentials and signatures are empty, and only empty ones are taken (DEC-51). */
static HRESULT
get_credential(const PVOID context, DRT_DATA *credential)
{
  (void)context;
  *credential = (DRT_DATA){ 0 };
  return S_OK;
}

static HRESULT
validate_credential(const PVOID context, DRT_DATA *credential)
{
  (void)context;
  return credential->cb == 0 ? S_OK : DRT_E_INVALID_MESSAGE;
}

static HRESULT
sign(const PVOID context, DWORD n, DRT_DATA *buffers, DRT_DATA *identifier, DRT_DATA *signature)
{
  (void)context;
  (void)n;
  (void)buffers;
  *identifier = *signature = (DRT_DATA){ 0 };
  return S_OK;
}

static HRESULT
verify(const PVOID context, DWORD n, DRT_DATA *buffers, DRT_DATA *credentials, DRT_DATA *identifier,
       DRT_DATA *signature)
{
  (void)context;
  (void)n;
  (void)buffers;
  (void)credentials;
  (void)identifier;
  return signature->cb == 0 ? S_OK : DRT_E_INVALID_MESSAGE;
}

static HRESULT
encrypt(const PVOID context, const DRT_DATA *credential, DWORD n, DRT_DATA *buffers,
        DRT_DATA *encrypted, DRT_DATA *token)
{
  DrtProviderBase *self = context;
  HRESULT hr = S_OK;
  (void)credential;
  *token = (DRT_DATA){ 0 };
  for (DWORD i = 0; i < n; i++)
    encrypted[i] = (DRT_DATA){ 0 };
  for (DWORD i = 0; i < n && hr == S_OK; i++)
    hr = drt_piece_copy(self->memory, buffers[i].pb, buffers[i].cb, &encrypted[i]);
  for (DWORD i = 0; i < n && hr != S_OK; i++) {
    drt_provider_free_data(context, encrypted[i].pb);
    encrypted[i] = (DRT_DATA){ 0 };
  }
  return hr;
}

static HRESULT
decrypt(const PVOID context, DRT_DATA *token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  (void)context;
  (void)token;
  (void)key_context;
  (void)n;
  (void)data;
  return S_OK;
}

DRT_SECURITY_PROVIDER *
drt_null_provider_new(DrtMemory memory)
{
  DrtProviderBase *self = memory.take(memory.host, _Alignof(DrtProviderBase), sizeof *self);
  if (self == NULL)
    return NULL;
  *self = (DrtProviderBase){
    .memory = memory,
    .table = {
      .pvContext = self,
      .Attach = drt_provider_attach,
      .Detach = drt_provider_detach,
      .RegisterKey = register_key,
      .UnregisterKey = unregister_key,
      .ValidateAndUnpackPayload = validate_and_unpack,
      .SecureAndPackPayload = secure_and_pack,
      .FreeData = drt_provider_free_data,
      .EncryptData = encrypt,
      .DecryptData = decrypt,
      .GetSerializedCredential = get_credential,
      .ValidateRemoteCredential = validate_credential,
      .SignData = sign,
      .VerifyData = verify,
    },
  };
  return &self->table;
}

void
drt_null_provider_free(DRT_SECURITY_PROVIDER *provider)
{
  if (provider == NULL)
    return;
  DrtProviderBase *self = provider->pvContext;
  while (self->keys != NULL)
    drt_provider_remove(self, &self->keys, sizeof(DrtProviderKey));
  DrtMemory memory = self->memory;
  memory.give(memory.host, self, _Alignof(DrtProviderBase), sizeof *self);
}

bool
drt_null_provider_is(const DRT_SECURITY_PROVIDER *provider)
{
  return provider->pvContext == provider && provider->SecureAndPackPayload == secure_and_pack &&
         provider->ValidateAndUnpackPayload == validate_and_unpack;
}
