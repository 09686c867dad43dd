/* Certificates of the application stand behind its keys; what comes from others is believed as far
 * as 8.4 says, and no further. Keys of the API are told apart by their certificate, which the caller
 * may let go of: a reference is held for as long as the key is registered. */
#include "drt-provider-derived.h"

#include "drt-chain.h"
#include "drt-provider-base.h"
#include "drt-provider-pieces.h"

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#define SIGNATURE_HEAD_LEN 2                     /* its length, little-endian (3.11) */
#define RSA_PARAMETERS ((const uint8_t *)"\5\0") /* DER NULL (H16) */
#define RSA_PARAMETERS_LEN 2
#define BUFFERS_MAX 8     /* in one call */
#define SEALED_MAX 65536u /* one buffer: more than any message can carry */

typedef struct {
  DrtProviderKey base;          /* first */
  DRT_CERTIFICATE *certificate; /* one reference */
} Key;

typedef struct {
  DrtProviderBase base; /* first */
  DrtDerivedConfig config;
  DRT_CERTIFICATE *root, *local; /* one reference each; local may be NULL */
  uint8_t trusted[32];         /* what answers about chains follow from besides the chain itself, */
  uint32_t trusted_generation; /* as of this generation of the root */
  uint8_t seed[32];            /* of content keys and padding */
  uint64_t drawn;              /* blocks taken from it */
} DerivedProvider;

static void
worked(const DerivedProvider *self, DrtCryptoWork work, uint32_t times)
{
  for (uint32_t i = 0; i < times; i++)
    drt_port_crypto(self->config.machine, work);
}

static HRESULT
give(DerivedProvider *self, const void *from, uint32_t n, DRT_DATA *to)
{
  return drt_piece_copy(self->config.memory, from, n, to);
}

static void
take_back(DerivedProvider *self, DRT_DATA *data)
{
  if (data == NULL)
    return;
  drt_piece_free(self->config.memory, data->pb);
  *data = (DRT_DATA){ 0 };
}

static void
draw(DerivedProvider *self, uint8_t *to, uint32_t n)
{
  while (n > 0) {
    uint8_t block[32], number[8];
    for (uint32_t i = 0; i < sizeof number; i++)
      number[i] = (uint8_t)(self->drawn >> 8 * i);
    self->drawn++;
    DrtBytes pieces[] = { { self->seed, sizeof self->seed }, { number, sizeof number } };
    drt_crypto_sha256(pieces, 2, block);
    uint32_t part = n < sizeof block ? n : (uint32_t)sizeof block;
    memcpy(to, block, part);
    OPENSSL_cleanse(block, sizeof block);
    to += part;
    n -= part;
  }
}

/* ---- Chains. ---- */

/* The root, its list of revoked certificates and the rules: all that a verdict depends on besides the
 * chain. */
static const uint8_t *
what_is_trusted(DerivedProvider *self)
{
  if (self->trusted_generation == self->root->generation + 1)
    return self->trusted;
  uint8_t *root = NULL, *list = NULL, *rules = (uint8_t *)&self->config.profile;
  int root_n = i2d_X509(self->root->x509, &root);
  int list_n = self->root->revoked == NULL ? 0 : i2d_X509_CRL(self->root->revoked, &list);
  DrtBytes pieces[] = { { root, root_n > 0 ? (uint32_t)root_n : 0 },
                        { list, list_n > 0 ? (uint32_t)list_n : 0 },
                        { rules, sizeof self->config.profile } };
  drt_crypto_sha256(pieces, 3, self->trusted);
  OPENSSL_free(root);
  OPENSSL_free(list);
  self->trusted_generation = self->root->generation + 1;
  return self->trusted;
}

/* The public key of a certificate, kept in it: libcrypto takes long to tell. Absent if it is not one
 * of the profile. */
static DrtBytes
own_public_key(const DrtCryptoProfile *profile, PCCERT_CONTEXT certificate)
{
  DRT_CERTIFICATE *keeper = (DRT_CERTIFICATE *)certificate;
  uint8_t data[DRT_PUBLIC_KEY_DATA_MAX];
  if (keeper->public_key == NULL) {
    uint32_t n = drt_crypto_public_key(profile, X509_get0_pubkey(keeper->x509), data);
    if (n > 0)
      keeper->public_key = OPENSSL_memdup(data, n);
    keeper->public_key_n = keeper->public_key == NULL ? 0 : n;
  }
  if (keeper->public_key_n != drt_crypto_sizes(profile).public_key)
    return (DrtBytes){ 0 }; /* asked for under another profile before */
  return (DrtBytes){ keeper->public_key, keeper->public_key_n };
}

/* What is known of the chain, at whatever time. */
static const DrtTrustEntry *
judge_chain(DerivedProvider *self, DrtBytes chain)
{
  DrtTrustEntry entry = { 0 };
  DrtBytes question[] = { { (const uint8_t *)"chain", 5 },
                          { what_is_trusted(self), sizeof self->trusted },
                          chain };
  drt_crypto_sha256(question, 3, entry.question);
  const DrtTrustEntry *known = drt_trust_recall(self->config.trust, entry.question);
  if (known == NULL) {
    DrtChainFacts facts = { 0 };
    entry.verdict = drt_chain_check(chain, self->root, &self->config.profile, &facts);
    entry.owner = facts.owner;
    entry.from = facts.from;
    entry.until = facts.until;
    entry.signatures = facts.signatures;
    uint8_t data[DRT_PUBLIC_KEY_DATA_MAX];
    entry.n = drt_crypto_public_key(&self->config.profile, facts.owner, data);
    entry.bytes = entry.n == 0 ? NULL : OPENSSL_memdup(data, entry.n);
    if (entry.bytes == NULL)
      entry.n = 0;
    known = drt_trust_remember(self->config.trust, &entry);
  }
  worked(self, DRT_CRYPTO_VERIFY, known->signatures);
  return known;
}

/* What is known of a chain that is good now; else NULL. Valid until the next question. */
static const DrtTrustEntry *
owner_of(DerivedProvider *self, DrtBytes chain)
{
  if (chain.at == NULL)
    return NULL;
  const DrtTrustEntry *known = judge_chain(self, chain);
  int64_t now = drt_port_calendar(self->config.machine);
  return known->verdict == 0 && known->from <= now && now <= known->until ? known : NULL;
}

static bool
has_public_key(const DrtTrustEntry *owner, DrtBytes data)
{
  return owner->n > 0 && owner->n == data.n && memcmp(owner->bytes, data.at, data.n) == 0;
}

/* A certificate of ours: its chain is good, and it can do what its owner has to. */
static HRESULT
check_own(DerivedProvider *self, DRT_CERTIFICATE *certificate)
{
  if (!certificate->has_store || owner_of(self, drt_chain_serialise(certificate)) == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  if (certificate->private_key == NULL ||
      (X509_get_key_usage(certificate->x509) & KU_KEY_ENCIPHERMENT) == 0 ||
      own_public_key(&self->config.profile, certificate).at == NULL)
    return DRT_E_CAPABILITY_MISMATCH; /* no AES key could be sent to it */
  return S_OK;
}

/* The validity of our own certificate and its issuers; what else could be wrong with them is for
 * others to find. */
static bool
is_in_time(const DerivedProvider *self, const DRT_CERTIFICATE *certificate)
{
  time_t now = (time_t)drt_port_calendar(self->config.machine);
  for (; certificate != NULL; certificate = certificate->issuer) {
    int from = ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate->x509), now);
    int until = ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate->x509), now);
    if ((from != 0 && from != -1) || (until != 0 && until != 1))
      return false; /* or it cannot be read: -2 */
  }
  return true;
}

HRESULT
drt_derived_key(const DrtCryptoProfile *profile, PCCERT_CONTEXT certificate, BYTE *to)
{
  uint8_t derived[DRT_KEY_LEN];
  DrtBytes data = own_public_key(profile, certificate);
  if (data.at == NULL || !drt_crypto_is_capable())
    return DRT_E_CAPABILITY_MISMATCH;
  drt_crypto_derive(data, derived);
  DrtKey key = drt_key_from_wire(derived);
  drt_key_to_api(&key, to);
  return S_OK;
}

/* ---- Attaching and keys. ---- */

static Key *
find(DerivedProvider *self, const BYTE *bytes)
{
  return (Key *)*drt_provider_find(&self->base, bytes);
}

static void
forget(DerivedProvider *self, DrtProviderKey **link)
{
  DrtCertificateFree(((Key *)*link)->certificate);
  drt_provider_remove(&self->base, link, sizeof(Key));
}

static HRESULT
register_key(const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  DerivedProvider *self = context;
  DRT_CERTIFICATE *certificate = key_context != NULL ? key_context : self->local; /* DEC-56 */
  uint8_t derived[DRT_KEY_LEN];
  if (certificate == NULL)
    return E_INVALIDARG;
  HRESULT hr = check_own(self, certificate);
  if (hr == S_OK)
    hr = drt_derived_key(&self->config.profile, certificate, derived);
  if (hr != S_OK)
    return hr;
  if (memcmp(derived, registration->key.pb, DRT_KEY_LEN) != 0)
    return DRT_E_INVALID_KEY;
  if (find(self, derived) != NULL)
    return DRT_E_DUPLICATE_KEY;
  Key *key = (Key *)drt_provider_add(&self->base, derived, sizeof *key);
  if (key == NULL)
    return E_OUTOFMEMORY;
  key->certificate = drt_certificate_hold(certificate);
  return S_OK;
}

static HRESULT
unregister_key(const PVOID context, const DRT_DATA *data, PVOID key_context)
{
  DerivedProvider *self = context;
  (void)key_context;
  DrtProviderKey **link = drt_provider_find(&self->base, data->pb);
  if (*link == NULL)
    return E_INVALIDARG;
  forget(self, link);
  return S_OK;
}

/* ---- What we say. ---- */

/* Our public key as it travels. */
static DrtPublicKey
public_key(const DerivedProvider *self, const DRT_CERTIFICATE *certificate)
{
  return (DrtPublicKey){ .parameters = { RSA_PARAMETERS, RSA_PARAMETERS_LEN },
                         .data = own_public_key(&self->config.profile, certificate) };
}

/* 3.9, signed. Its length, or 0. */
static uint32_t
make_cpa(DerivedProvider *self, const DRT_CERTIFICATE *certificate, DrtCpa *cpa, uint8_t *to,
         uint32_t room)
{
  uint8_t signature[DRT_SIGNATURE_BYTES_MAX];
  const DrtCryptoProfile *profile = &self->config.profile;
  DrtCpaSizes sizes = drt_crypto_sizes(profile);
  cpa->public_key = public_key(self, certificate);
  if (cpa->public_key.data.n == 0)
    return 0;
  uint32_t n = drt_cpa_encode(cpa, sizes, to, room), signed_at = drt_cpa_signed_at(sizes);
  if (n == 0)
    return 0;
  DrtBytes body = { to + signed_at, n - signed_at };
  worked(self, DRT_CRYPTO_SIGN, 1);
  if (!drt_crypto_sign(profile, certificate->private_key, &body, 1, signature))
    return 0;
  cpa->signature = (DrtBytes){ signature, sizes.signature };
  n = drt_cpa_encode(cpa, sizes, to, room);
  cpa->signature = (DrtBytes){ 0 };
  return n;
}

static HRESULT
secure_and_pack(const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags,
                const DRT_DATA *key, const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses,
                const DRT_DATA *nonce, DRT_DATA *secured_address, DRT_DATA *classifier,
                DRT_DATA *secured_payload, DRT_DATA *chain)
{
  DerivedProvider *self = context;
  DrtEndpoint endpoints[DRT_CPA_SERVICES_MAX];
  uint8_t bytes[2 * DRT_PUBLIC_KEY_DATA_MAX + 512];
  (void)key_context;
  *secured_address = (DRT_DATA){ 0 };
  if (classifier != NULL)
    *classifier = (DRT_DATA){ 0 };
  if (secured_payload != NULL)
    *secured_payload = (DRT_DATA){ 0 };
  if (chain != NULL)
    *chain = (DRT_DATA){ 0 };
  const Key *own = key->cb == DRT_KEY_LEN ? find(self, key->pb) : NULL;
  if (own == NULL || nonce->cb != DRT_NONCE_LEN)
    return E_INVALIDARG;
  DrtCpa cpa = { .major = major, .minor = minor, .key = drt_key_from_api(key->pb) };
  /* A revoke says nothing but that: no address, no nonce (H15). It may come from an owner whose time
   * is over. */
  if ((flags & DRT_PAYLOAD_REVOKED) == 0) {
    if (!is_in_time(self, own->certificate))
      return DRT_E_INVALID_CERT_CHAIN;
    uint32_t n = drt_piece_endpoints(addresses, endpoints, DRT_CPA_SERVICES_MAX);
    if (n == 0)
      return E_INVALIDARG; /* it would read as a revoke */
    cpa.services = (DrtEndpointList){ endpoints, (uint16_t)n };
    memcpy(cpa.nonce, nonce->pb, DRT_NONCE_LEN);
  }
  uint32_t n = make_cpa(self, own->certificate, &cpa, bytes, sizeof bytes);
  if (n == 0)
    return E_FAIL;
  HRESULT hr = give(self, bytes, n, secured_address);
  if (hr == S_OK && payload != NULL && secured_payload != NULL)
    hr = give(self, payload->pb, payload->cb, secured_payload);
  if (hr == S_OK && chain != NULL) {
    DrtBytes whole = drt_chain_serialise(own->certificate);
    hr = whole.at == NULL ? DRT_E_INVALID_CERT_CHAIN : give(self, whole.at, whole.n, chain);
  }
  if (hr != S_OK) {
    take_back(self, secured_address);
    take_back(self, secured_payload);
  }
  return hr;
}

/* ---- What others say. ---- */

/* The public key that the CPA's signature is to be verified with (transfer full), or NULL: that of
 * the chain, or, for a revoke that comes without one, that of the CPA itself. A key that was derived
 * from it can only be revoked by who holds its private half. */
static EVP_PKEY *
signer_of(DerivedProvider *self, const DrtCpa *cpa, bool revoke, const DRT_DATA *chain)
{
  if (chain == NULL || chain->pb == NULL)
    return revoke ? drt_crypto_read_public_key(&self->config.profile, cpa->public_key.data) : NULL;
  const DrtTrustEntry *owner = owner_of(self, (DrtBytes){ chain->pb, chain->cb });
  if (owner == NULL || !has_public_key(owner, cpa->public_key.data))
    return NULL;
  EVP_PKEY_up_ref(owner->owner);
  return owner->owner;
}

/* 8.4. S_OK, or the first thing that is wrong. */
static HRESULT
check_cpa(DerivedProvider *self, DrtBytes bytes, const DRT_DATA *chain, const DRT_DATA *nonce,
          DrtCpa *ret)
{
  uint8_t derived[DRT_KEY_LEN];
  DrtCpaSizes sizes = drt_crypto_sizes(&self->config.profile);
  uint32_t signed_at = drt_cpa_signed_at(sizes);
  /* Whether the version is ours is for the caller to judge: here whatever it says is read. */
  if (bytes.n <= signed_at ||
      drt_cpa_decode(bytes, bytes.at[signed_at], sizes, ret) != DRT_REJECT_NONE)
    return DRT_E_INVALID_MESSAGE;
  bool revoke = drt_cpa_is_revoke(ret);
  if ((nonce != NULL && CRYPTO_memcmp(nonce->pb, ret->nonce, DRT_NONCE_LEN) != 0) ||
      (!revoke && ret->services.n == 0))
    return DRT_E_INVALID_MESSAGE;
  drt_crypto_derive(ret->public_key.data, derived);
  DrtKey key = drt_key_from_wire(derived);
  if (!drt_key_equal(&key, &ret->key))
    return DRT_E_INVALID_KEY;
  EVP_PKEY *signer = signer_of(self, ret, revoke, chain);
  if (signer == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  DrtBytes body = { bytes.at + signed_at, bytes.n - signed_at };
  worked(self, DRT_CRYPTO_VERIFY, 1);
  bool good = drt_crypto_verify(&self->config.profile, signer, &body, 1, ret->signature);
  EVP_PKEY_free(signer);
  return good ? S_OK : DRT_E_INVALID_MESSAGE;
}

/* The public key in the form of the API, in one piece. */
static CERT_PUBLIC_KEY_INFO *
make_public_key_info(DerivedProvider *self, const DrtPublicKey *key)
{
  static const char algorithm[] = "1.2.840.113549.1.1.1";
  CERT_PUBLIC_KEY_INFO *info = drt_piece_new(
    self->config.memory, sizeof *info + sizeof algorithm + key->parameters.n + key->data.n);
  if (info == NULL)
    return NULL;
  uint8_t *at = (uint8_t *)(info + 1);
  memcpy(at, algorithm, sizeof algorithm);
  uint8_t *parameters = at + sizeof algorithm, *data = parameters + key->parameters.n;
  if (key->parameters.n > 0)
    memcpy(parameters, key->parameters.at, key->parameters.n);
  memcpy(data, key->data.at, key->data.n);
  *info = (CERT_PUBLIC_KEY_INFO){
    .Algorithm = { .pszObjId = (char *)at, .Parameters = { key->parameters.n, parameters } },
    .PublicKey = { .cbData = key->data.n, .pbData = data },
  };
  return info;
}

static HRESULT
validate_and_unpack(const PVOID context, DRT_DATA *secured_address, DRT_DATA *chain,
                    DRT_DATA *classifier, DRT_DATA *nonce, DRT_DATA *secured_payload, BYTE *major,
                    BYTE *minor, DRT_DATA *key, DRT_DATA *payload,
                    CERT_PUBLIC_KEY_INFO **public_key_info, SOCKET_ADDRESS_LIST **addresses,
                    DWORD *flags)
{
  DerivedProvider *self = context;
  DrtCpa cpa;
  uint8_t key_bytes[DRT_KEY_LEN];
  (void)classifier;
  *key = (DRT_DATA){ 0 };
  if (payload != NULL)
    *payload = (DRT_DATA){ 0 };
  if (public_key_info != NULL)
    *public_key_info = NULL;
  if (addresses != NULL)
    *addresses = NULL;
  if (nonce != NULL && nonce->cb != DRT_NONCE_LEN)
    return DRT_E_INVALID_MESSAGE;
  HRESULT hr =
    check_cpa(self, (DrtBytes){ secured_address->pb, secured_address->cb }, chain, nonce, &cpa);
  if (hr != S_OK)
    return hr;
  *major = cpa.major;
  *minor = cpa.minor;
  *flags = drt_cpa_is_revoke(&cpa) ? DRT_PAYLOAD_REVOKED : 0;
  drt_key_to_api(&cpa.key, key_bytes);
  hr = give(self, key_bytes, DRT_KEY_LEN, key);
  if (hr == S_OK && payload != NULL && secured_payload != NULL)
    hr = give(self, secured_payload->pb, secured_payload->cb, payload);
  if (hr == S_OK && public_key_info != NULL) {
    *public_key_info = make_public_key_info(self, &cpa.public_key);
    hr = *public_key_info == NULL ? E_OUTOFMEMORY : S_OK;
  }
  if (hr == S_OK && addresses != NULL) {
    *addresses = drt_piece_addresses(self->config.memory, cpa.services.at, cpa.services.n);
    hr = *addresses == NULL ? E_OUTOFMEMORY : S_OK;
  }
  if (hr != S_OK) {
    take_back(self, key);
    take_back(self, payload);
    if (public_key_info != NULL) {
      drt_provider_free_data(context, *public_key_info);
      *public_key_info = NULL;
    }
  }
  return hr;
}

/* ---- Membership (8.7). ---- */

static HRESULT
get_credential(const PVOID context, DRT_DATA *credential)
{
  DerivedProvider *self = context;
  *credential = (DRT_DATA){ 0 };
  if (self->local == NULL)
    return DRT_E_CAPABILITY_MISMATCH; /* DEC-27 */
  DrtBytes chain = drt_chain_serialise(self->local);
  if (chain.at == NULL || !is_in_time(self, self->local))
    return DRT_E_INVALID_CERT_CHAIN;
  return give(self, chain.at, chain.n, credential);
}

static HRESULT
validate_credential(const PVOID context, DRT_DATA *credential)
{
  DerivedProvider *self = context;
  return owner_of(self, (DrtBytes){ credential->pb, credential->cb }) != NULL
           ? S_OK
           : DRT_E_INVALID_CERT_CHAIN;
}

/* The question whether these buffers are, or how they are to be, signed with this key. */
static HRESULT
ask_about(const DerivedProvider *self, const char *what, DrtBytes public_key_data, DWORD n,
          const DRT_DATA *buffers, DrtBytes signature, uint8_t ret[DRT_QUESTION_LEN])
{
  DrtBytes pieces[2 * BUFFERS_MAX + 4];
  uint32_t count = 0, lengths[BUFFERS_MAX];
  if (n > BUFFERS_MAX)
    return E_INVALIDARG;
  pieces[count++] = (DrtBytes){ (const uint8_t *)what, (uint32_t)strlen(what) };
  pieces[count++] =
    (DrtBytes){ (const uint8_t *)&self->config.profile, sizeof self->config.profile };
  pieces[count++] = public_key_data;
  for (DWORD i = 0; i < n; i++) {
    lengths[i] = buffers[i].cb;
    pieces[count++] = (DrtBytes){ (const uint8_t *)&lengths[i], sizeof lengths[i] };
    pieces[count++] = (DrtBytes){ buffers[i].pb, buffers[i].cb };
  }
  pieces[count++] = signature;
  drt_crypto_sha256(pieces, count, ret);
  return S_OK;
}

static void
to_pieces(DWORD n, const DRT_DATA *buffers, DrtBytes *to)
{
  for (DWORD i = 0; i < n; i++)
    to[i] = (DrtBytes){ buffers[i].pb, buffers[i].cb };
}

/* 3.11 and 3.14. Equal bytes have equal signatures, so that one made before does. */
static HRESULT
sign(const PVOID context, DWORD n, DRT_DATA *buffers, DRT_DATA *identifier, DRT_DATA *signature)
{
  DerivedProvider *self = context;
  uint8_t bytes[DRT_PUBLIC_KEY_DATA_MAX + 64];
  DrtBytes pieces[BUFFERS_MAX];
  DrtTrustEntry entry = { 0 };
  *identifier = *signature = (DRT_DATA){ 0 };
  if (self->local == NULL || self->local->private_key == NULL)
    return DRT_E_CAPABILITY_MISMATCH;
  DrtPublicKey key = public_key(self, self->local);
  HRESULT hr = ask_about(self, "sign", key.data, n, buffers, (DrtBytes){ 0 }, entry.question);
  if (hr != S_OK)
    return hr;
  const DrtTrustEntry *known = drt_trust_recall(self->config.trust, entry.question);
  worked(self, DRT_CRYPTO_SIGN, 1);
  if (known == NULL) {
    uint32_t length = drt_crypto_sizes(&self->config.profile).signature;
    uint8_t made[SIGNATURE_HEAD_LEN + DRT_SIGNATURE_BYTES_MAX];
    to_pieces(n, buffers, pieces);
    if (!drt_crypto_sign(&self->config.profile, self->local->private_key, pieces, n,
                         made + SIGNATURE_HEAD_LEN))
      return E_FAIL;
    entry.n = SIGNATURE_HEAD_LEN + length;
    made[0] = (uint8_t)entry.n;
    made[1] = (uint8_t)(entry.n >> 8);
    entry.bytes = OPENSSL_memdup(made, entry.n);
    if (entry.bytes == NULL)
      return E_OUTOFMEMORY;
    known = drt_trust_remember(self->config.trust, &entry);
  }
  hr = give(self, known->bytes, known->n, signature);
  if (hr == S_OK)
    hr = give(self, bytes, drt_public_key_encode(&key, bytes, sizeof bytes), identifier);
  if (hr != S_OK)
    take_back(self, signature);
  return hr;
}

static HRESULT
verify(const PVOID context, DWORD n, DRT_DATA *buffers, DRT_DATA *credentials, DRT_DATA *identifier,
       DRT_DATA *signature)
{
  DerivedProvider *self = context;
  const DrtCryptoProfile *profile = &self->config.profile;
  DrtCpaSizes sizes = drt_crypto_sizes(profile);
  DrtBytes pieces[BUFFERS_MAX], mark = { signature->pb, signature->cb };
  DrtPublicKey key;
  DrtTrustEntry entry = { 0 };
  if (mark.n != (uint32_t)SIGNATURE_HEAD_LEN + sizes.signature ||
      (mark.at[0] | mark.at[1] << 8) != (int)mark.n ||
      drt_public_key_decode((DrtBytes){ identifier->pb, identifier->cb }, sizes, &key) !=
        DRT_REJECT_NONE)
    return DRT_E_INVALID_MESSAGE;
  const DrtTrustEntry *owner = owner_of(self, (DrtBytes){ credentials->pb, credentials->cb });
  if (owner == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  if (!has_public_key(owner, key.data))
    return DRT_E_INVALID_MESSAGE;
  EVP_PKEY *verifier = owner->owner; /* the table holds it as long as nothing is remembered */
  HRESULT hr = ask_about(self, "verify", key.data, n, buffers, mark, entry.question);
  if (hr != S_OK)
    return hr;
  worked(self, DRT_CRYPTO_VERIFY, 1);
  const DrtTrustEntry *known = drt_trust_recall(self->config.trust, entry.question);
  if (known == NULL) {
    to_pieces(n, buffers, pieces);
    mark = (DrtBytes){ mark.at + SIGNATURE_HEAD_LEN, sizes.signature };
    bool good = drt_crypto_verify(profile, verifier, pieces, n, mark);
    entry.verdict = good ? S_OK : DRT_E_INVALID_MESSAGE;
    known = drt_trust_remember(self->config.trust, &entry);
  }
  return known->verdict;
}

/* ---- Confidentiality (8.6). ---- */

static HRESULT
seal_one(DerivedProvider *self, const DrtKeytoken *token, const DRT_DATA *from, DRT_DATA *to)
{
  if (from->cb > SEALED_MAX)
    return E_INVALIDARG;
  BYTE *piece = drt_piece_new(self->config.memory, (size_t)from->cb + DRT_SEAL_EXTRA);
  if (piece == NULL)
    return E_OUTOFMEMORY;
  int64_t n = drt_crypto_seal(token, from->pb, from->cb, piece);
  *to = (DRT_DATA){ n < 0 ? 0 : (ULONG)n, piece };
  return n < 0 ? E_FAIL : S_OK;
}

static HRESULT
encrypt(const PVOID context, const DRT_DATA *credential, DWORD n, DRT_DATA *buffers,
        DRT_DATA *encrypted, DRT_DATA *key_token)
{
  DerivedProvider *self = context;
  const DrtCryptoProfile *profile = &self->config.profile;
  uint8_t random[DRT_WRAP_RANDOM_MAX], wrapped[DRT_SIGNATURE_BYTES_MAX];
  uint32_t length = drt_crypto_sizes(profile).signature;
  DrtKeytoken token;
  *key_token = (DRT_DATA){ 0 };
  for (DWORD i = 0; i < n; i++)
    encrypted[i] = (DRT_DATA){ 0 };
  const DrtTrustEntry *owner = owner_of(self, (DrtBytes){ credential->pb, credential->cb });
  if (owner == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  draw(self, token.key, sizeof token.key);
  draw(self, token.iv, sizeof token.iv);
  draw(self, random, length);
  worked(self, DRT_CRYPTO_VERIFY, 1); /* wrapping costs what verifying does */
  HRESULT hr = drt_crypto_wrap(profile, owner->owner, &token, random, wrapped)
                 ? give(self, wrapped, length, key_token)
                 : DRT_E_CAPABILITY_MISMATCH;
  for (DWORD i = 0; i < n && hr == S_OK; i++)
    hr = seal_one(self, &token, &buffers[i], &encrypted[i]);
  OPENSSL_cleanse(&token, sizeof token);
  if (hr != S_OK) {
    take_back(self, key_token);
    for (DWORD i = 0; i < n; i++)
      take_back(self, &encrypted[i]);
  }
  return hr;
}

/* The private key for this key context: the caller gave it with a key, or it means our own. */
static EVP_PKEY *
private_key_for(const DerivedProvider *self, const void *key_context)
{
  const DRT_CERTIFICATE *certificate = NULL;
  if (key_context == NULL)
    certificate = self->local;
  for (const DrtProviderKey *key = self->base.keys; key != NULL && certificate == NULL;
       key = key->next)
    if (((const Key *)key)->certificate == key_context)
      certificate = ((const Key *)key)->certificate;
  return certificate == NULL ? NULL : certificate->private_key;
}

static HRESULT
decrypt(const PVOID context, DRT_DATA *key_token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  DerivedProvider *self = context;
  DrtKeytoken token;
  EVP_PKEY *key = private_key_for(self, key_context);
  if (key == NULL)
    return E_INVALIDARG;
  worked(self, DRT_CRYPTO_SIGN, 1); /* unwrapping costs what signing does */
  bool good = drt_crypto_unwrap(&self->config.profile, key,
                                (DrtBytes){ key_token->pb, key_token->cb }, &token);
  for (DWORD i = 0; i < n && good; i++) {
    int64_t length = drt_crypto_unseal(&token, data[i].pb, data[i].cb, data[i].pb);
    good = length >= 0;
    data[i].cb = good ? (ULONG)length : 0;
  }
  OPENSSL_cleanse(&token, sizeof token);
  return good ? S_OK : DRT_E_INVALID_MESSAGE;
}

/* ---- The provider itself. ---- */

/* The root signs itself and is good by the rules for all others; there is SHA-2 and AES. */
static HRESULT
check_root(DerivedProvider *self)
{
  if (!drt_crypto_is_capable())
    return DRT_E_CAPABILITY_MISMATCH;
  EVP_PKEY *key = X509_get0_pubkey(self->root->x509);
  if (!self->root->has_store || key == NULL || X509_verify(self->root->x509, key) != 1 ||
      owner_of(self, drt_chain_serialise(self->root)) == NULL)
    return DRT_E_INVALID_CERT_CHAIN;
  return S_OK;
}

HRESULT
drt_derived_provider_new(const DrtDerivedConfig *config, PCCERT_CONTEXT root, PCCERT_CONTEXT local,
                         DRT_SECURITY_PROVIDER **ret)
{
  DrtMemory memory = config->memory;
  DerivedProvider *self = memory.take(memory.host, _Alignof(DerivedProvider), sizeof *self);
  if (self == NULL)
    return E_OUTOFMEMORY;
  *self = (DerivedProvider){
    .config = *config,
    .root = drt_certificate_hold(root),
    .local = local == NULL ? NULL : drt_certificate_hold(local),
    .base = { .memory = memory, .table = {
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
    } },
  };
  drt_port_entropy(config->machine, self->seed, sizeof self->seed);
  HRESULT hr = check_root(self);
  if (hr == S_OK && local != NULL)
    hr = check_own(self, self->local);
  if (hr == S_OK)
    *ret = &self->base.table;
  else
    drt_derived_provider_free(&self->base.table);
  return hr;
}

void
drt_derived_provider_free(DRT_SECURITY_PROVIDER *provider)
{
  if (provider == NULL)
    return;
  DerivedProvider *self = provider->pvContext;
  DrtMemory memory = self->config.memory;
  while (self->base.keys != NULL)
    forget(self, &self->base.keys);
  DrtCertificateFree(self->root);
  DrtCertificateFree(self->local);
  OPENSSL_cleanse(self, sizeof *self);
  memory.give(memory.host, self, _Alignof(DerivedProvider), sizeof *self);
}
