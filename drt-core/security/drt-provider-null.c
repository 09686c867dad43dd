/* Every buffer handed out starts behind its size, so that FreeData can give it back. */
#include "drt-provider-null.h"

#include "drt-cpa.h"
#include "drt-security.h"

#include <netinet/in.h>

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

#define PIECE_HEAD 16u

static void *
make(NullProvider *self, size_t n)
{
  uint8_t *piece = self->memory.take(self->memory.host, PIECE_HEAD, PIECE_HEAD + n);
  if (piece == NULL)
    return NULL;
  memcpy(piece, &n, sizeof n);
  return piece + PIECE_HEAD;
}

static void
free_data(const PVOID context, PVOID pv)
{
  NullProvider *self = context;
  size_t n;
  if (pv == NULL)
    return;
  uint8_t *piece = (uint8_t *)pv - PIECE_HEAD;
  memcpy(&n, piece, sizeof n);
  self->memory.give(self->memory.host, piece, PIECE_HEAD, PIECE_HEAD + n);
}

static HRESULT
copy_out(NullProvider *self, const void *from, ULONG n, DRT_DATA *to)
{
  *to = (DRT_DATA){ 0 };
  if (n == 0)
    return S_OK;
  BYTE *piece = make(self, n);
  if (piece == NULL)
    return E_OUTOFMEMORY;
  memcpy(piece, from, n);
  *to = (DRT_DATA){ n, piece };
  return S_OK;
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

static uint32_t
endpoints_of(const SOCKET_ADDRESS_LIST *list, DrtEndpoint *to, uint32_t max)
{
  uint32_t n = 0;
  for (int i = 0; list != NULL && i < list->iAddressCount && n < max; i++) {
    struct sockaddr_in6 address;
    if (list->Address[i].iSockaddrLength < (int)sizeof address)
      continue;
    memcpy(&address, list->Address[i].lpSockaddr, sizeof address);
    memcpy(to[n].wire, &address.sin6_port, 2);
    memcpy(to[n].wire + 2, &address.sin6_addr, DRT_ADDRESS_LEN);
    n++;
  }
  return n;
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
    .address_count = endpoints_of(addresses, endpoints, DRT_CPA_SERVICES_MAX),
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
  HRESULT hr = copy_out(self, bytes, packed.cpa.n, secured_address);
  if (hr == S_OK && payload != NULL && secured_payload != NULL)
    hr = copy_out(self, payload->pb, payload->cb, secured_payload);
  if (hr != S_OK) {
    free_data(context, secured_address->pb);
    *secured_address = (DRT_DATA){ 0 };
  }
  return hr;
}

/* A list and its addresses in one piece. */
static SOCKET_ADDRESS_LIST *
make_list(NullProvider *self, const DrtSecurityFacts *facts)
{
  uint32_t n = facts->address_count;
  size_t head = offsetof(SOCKET_ADDRESS_LIST, Address) + (n + 1) * sizeof(SOCKET_ADDRESS);
  SOCKET_ADDRESS_LIST *list = make(self, head + n * sizeof(struct sockaddr_in6));
  if (list == NULL)
    return NULL;
  uint8_t *at = (uint8_t *)list + head;
  list->iAddressCount = (int)n;
  for (uint32_t i = 0; i < n; i++, at += sizeof(struct sockaddr_in6)) {
    struct sockaddr_in6 address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    memcpy(&address.sin6_port, facts->addresses[i].wire, 2);
    memcpy(&address.sin6_addr, facts->addresses[i].wire + 2, DRT_ADDRESS_LEN);
    memcpy(at, &address, sizeof address);
    list->Address[i].lpSockaddr = (struct sockaddr *)at;
    list->Address[i].iSockaddrLength = (int)sizeof address;
  }
  return list;
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
  HRESULT hr = copy_out(self, key_bytes, DRT_KEY_LEN, key);
  if (hr == S_OK && payload != NULL && secured_payload != NULL)
    hr = copy_out(self, secured_payload->pb, secured_payload->cb, payload);
  if (hr == S_OK && addresses != NULL) {
    *addresses = make_list(self, &facts);
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
    hr = copy_out(self, buffers[i].pb, buffers[i].cb, &encrypted[i]);
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
