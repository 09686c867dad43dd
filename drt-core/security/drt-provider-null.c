#include "drt-provider-null.h"

#include "drt-cpa.h"
#include "drt-provider-pieces.h"
#include "drt-security.h"

typedef struct Key {
  struct Key *next;
  uint8_t bytes[DRT_KEY_LEN];
} Key;

typedef struct {
  DRT_SECURITY_PROVIDER provider; /* first: the table is the object */
  DrtMemory memory;
  Key *keys;
  bool attached;
} NullProvider;

static void
free_data(const PVOID context, PVOID pv)
{
  NullProvider *self = context;
  drt_piece_free(self->memory, pv);
}

static HRESULT
attach(const PVOID context)
{
  NullProvider *self = context;
  if (self->attached)
    return DRT_E_SECURITYPROVIDER_IN_USE;
  self->attached = true;
  return S_OK;
}

static VOID
detach(const PVOID context)
{
  NullProvider *self = context;
  self->attached = false;
}

static Key **
find(NullProvider *self, const DRT_DATA *key)
{
  Key **link = &self->keys;
  while (*link != NULL && memcmp((*link)->bytes, key->pb, DRT_KEY_LEN) != 0)
    link = &(*link)->next;
  return link;
}

static HRESULT
register_key(const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  NullProvider *self = context;
  (void)key_context;
  if (*find(self, &registration->key) != NULL)
    return DRT_E_DUPLICATE_KEY;
  Key *key = self->memory.take(self->memory.host, _Alignof(Key), sizeof *key);
  if (key == NULL)
    return E_OUTOFMEMORY;
  memcpy(key->bytes, registration->key.pb, DRT_KEY_LEN);
  key->next = self->keys;
  self->keys = key;
  return S_OK;
}

static HRESULT
unregister_key(const PVOID context, const DRT_DATA *data, PVOID key_context)
{
  NullProvider *self = context;
  (void)key_context;
  Key **link = find(self, data), *key = *link;
  if (key == NULL)
    return E_INVALIDARG;
  *link = key->next;
  self->memory.give(self->memory.host, key, _Alignof(Key), sizeof *key);
  return S_OK;
}

static HRESULT
secure_and_pack(const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags,
                const DRT_DATA *key, const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses,
                const DRT_DATA *nonce, DRT_DATA *secured_address, DRT_DATA *classifier,
                DRT_DATA *secured_payload, DRT_DATA *chain)
{
  NullProvider *self = context;
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
    free_data(context, secured_address->pb);
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
  NullProvider *self = context;
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
  free_data(context, key->pb);
  *key = (DRT_DATA){ 0 };
  if (payload != NULL) {
    free_data(context, payload->pb);
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
  NullProvider *self = context;
  HRESULT hr = S_OK;
  (void)credential;
  *token = (DRT_DATA){ 0 };
  for (DWORD i = 0; i < n; i++)
    encrypted[i] = (DRT_DATA){ 0 };
  for (DWORD i = 0; i < n && hr == S_OK; i++)
    hr = drt_piece_copy(self->memory, buffers[i].pb, buffers[i].cb, &encrypted[i]);
  for (DWORD i = 0; i < n && hr != S_OK; i++) {
    free_data(context, encrypted[i].pb);
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
  NullProvider *self = memory.take(memory.host, _Alignof(NullProvider), sizeof *self);
  if (self == NULL)
    return NULL;
  *self = (NullProvider){
    .memory = memory,
    .provider = {
      .pvContext = self,
      .Attach = attach,
      .Detach = detach,
      .RegisterKey = register_key,
      .UnregisterKey = unregister_key,
      .ValidateAndUnpackPayload = validate_and_unpack,
      .SecureAndPackPayload = secure_and_pack,
      .FreeData = free_data,
      .EncryptData = encrypt,
      .DecryptData = decrypt,
      .GetSerializedCredential = get_credential,
      .ValidateRemoteCredential = validate_credential,
      .SignData = sign,
      .VerifyData = verify,
    },
  };
  return &self->provider;
}

void
drt_null_provider_free(DRT_SECURITY_PROVIDER *provider)
{
  if (provider == NULL)
    return;
  NullProvider *self = provider->pvContext;
  while (self->keys != NULL) {
    Key *key = self->keys;
    self->keys = key->next;
    self->memory.give(self->memory.host, key, _Alignof(Key), sizeof *key);
  }
  DrtMemory memory = self->memory;
  memory.give(memory.host, self, _Alignof(NullProvider), sizeof *self);
}

bool
drt_null_provider_is(const DRT_SECURITY_PROVIDER *provider)
{
  return provider->pvContext == provider && provider->SecureAndPackPayload == secure_and_pack &&
         provider->ValidateAndUnpackPayload == validate_and_unpack;
}
