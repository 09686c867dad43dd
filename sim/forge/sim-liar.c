/* Forged statements come in two kinds, taken in turn: the liar's own public key under the victim's
 * key, properly signed, and the victim's public key with a signature that cannot be good. Each has the
 * size of an honest one, so it is written over one that the honest provider has made. */
#include "sim-liar.h"

#include "drt-chain.h"
#include "drt-key.h"

#include <glib.h>
#include <string.h>

#define REMEMBERED 64
#define FORGED_MAX 4096 /* bytes of a statement */

typedef struct {
  BYTE key[SIM_LIAR_KEY_LEN];
  DRT_CERTIFICATE *victim; /* one reference, or NULL */
  DRT_DATA again;          /* what is said for it, if it is something heard */
  DRT_DATA chain;
} Claim;

typedef struct {
  BYTE key[SIM_LIAR_KEY_LEN];
  DRT_DATA statement, chain;
} Saying;

typedef struct {
  Saying at[REMEMBERED];
  uint32_t n;
} Memory;

struct SimLiar {
  DRT_SECURITY_PROVIDER provider; /* first: the table is the object */
  DRT_SECURITY_PROVIDER *honest;
  DRT_CERTIFICATE *own;
  BYTE own_key[SIM_LIAR_KEY_LEN];
  GArray *claims; /* Claim */
  bool listens;
  uint32_t told; /* forged statements so far */
  Memory heard[2];
};

static DRT_DATA
copy_data(const DRT_DATA *data)
{
  return data == NULL || data->pb == NULL ? (DRT_DATA){ 0 }
                                          : (DRT_DATA){ data->cb, g_memdup2(data->pb, data->cb) };
}

static void
clear_claim(gpointer data)
{
  Claim *claim = data;
  DrtCertificateFree(claim->victim);
  g_free(claim->again.pb);
  g_free(claim->chain.pb);
}

static Claim *
find(const SimLiar *liar, const BYTE *key)
{
  for (guint i = 0; i < liar->claims->len; i++) {
    Claim *claim = &g_array_index(liar->claims, Claim, i);
    if (memcmp(claim->key, key, SIM_LIAR_KEY_LEN) == 0)
      return claim;
  }
  return NULL;
}

bool
sim_liar_claims(const SimLiar *liar, const BYTE key[SIM_LIAR_KEY_LEN])
{
  return find(liar, key) != NULL;
}

void
sim_liar_claim(SimLiar *liar, const BYTE key[SIM_LIAR_KEY_LEN], PCCERT_CONTEXT victim)
{
  Claim claim = { .victim = victim == NULL ? NULL : drt_certificate_hold(victim) };
  memcpy(claim.key, key, SIM_LIAR_KEY_LEN);
  g_array_append_val(liar->claims, claim);
}

void
sim_liar_claim_again(SimLiar *liar, uint32_t i)
{
  Saying saying = liar->heard[false].at[i];
  Claim claim = { .again = copy_data(&saying.statement), .chain = copy_data(&saying.chain) };
  memcpy(claim.key, saying.key, SIM_LIAR_KEY_LEN);
  g_array_append_val(liar->claims, claim);
}

void
sim_liar_listen(SimLiar *liar)
{
  liar->listens = true;
}

uint32_t
sim_liar_heard(const SimLiar *liar, bool revokes)
{
  return MIN(liar->heard[revokes].n, REMEMBERED);
}

DRT_DATA
sim_liar_saying(const SimLiar *liar, bool revokes, uint32_t i, BYTE ret_key[SIM_LIAR_KEY_LEN])
{
  const Saying *saying = &liar->heard[revokes].at[i];
  memcpy(ret_key, saying->key, SIM_LIAR_KEY_LEN);
  return saying->statement;
}

static void
remember(SimLiar *liar, bool revoke, const DRT_DATA *key, const DRT_DATA *statement,
         const DRT_DATA *chain)
{
  Memory *memory = &liar->heard[revoke];
  Saying *saying = &memory->at[memory->n++ % REMEMBERED];
  g_free(saying->statement.pb);
  g_free(saying->chain.pb);
  if (key->pb != NULL)
    memcpy(saying->key, key->pb, SIM_LIAR_KEY_LEN);
  saying->statement = copy_data(statement);
  saying->chain = copy_data(chain);
}

/* ---- The lies. ---- */

/* Over @statement, an honest one for our own key, so that it names @key. */
static void
forge(SimLiar *liar, const Claim *claim, DRT_DATA *statement)
{
  DrtCpa cpa;
  DrtBytes bytes = { statement->pb, statement->cb };
  DrtCpaSizes sizes = drt_crypto_sizes_within(bytes);
  uint32_t signed_at = drt_cpa_signed_at(sizes);
  if (bytes.n <= signed_at ||
      drt_cpa_decode(bytes, bytes.at[signed_at], sizes, &cpa) != DRT_REJECT_NONE)
    return;
  DrtCryptoProfile profile = { .key_bits = 8u * sizes.signature, .hash = DRT_HASH_SHA2 };
  uint8_t made[FORGED_MAX];
  uint8_t data[DRT_PUBLIC_KEY_DATA_MAX], signature[DRT_SIGNATURE_BYTES_MAX];
  cpa.key = drt_key_from_api(claim->key);
  bool as_victim = claim->victim != NULL && liar->told++ % 2 == 1;
  if (as_victim)
    cpa.public_key.data =
      (DrtBytes){ data,
                  drt_crypto_public_key(&profile, X509_get0_pubkey(claim->victim->x509), data) };
  if (cpa.public_key.data.n != sizes.public_key || statement->cb > sizeof made ||
      drt_cpa_encode(&cpa, sizes, made, statement->cb) != statement->cb)
    return;
  DrtBytes body = { made + signed_at, statement->cb - signed_at };
  if (!drt_crypto_sign(&profile, liar->own->private_key, &body, 1, signature))
    return;
  cpa.signature = (DrtBytes){ signature, sizes.signature };
  drt_cpa_encode(&cpa, sizes, made, statement->cb);
  memcpy(statement->pb, made, statement->cb);
}

/* What the honest provider would say for a key of its own, with other bytes in it. The room of the
 * buffer is kept, so that its maker can take it back. */
static void
put(DRT_DATA *to, const DRT_DATA *bytes)
{
  if (to == NULL || bytes->pb == NULL || bytes->cb > to->cb)
    return;
  memcpy(to->pb, bytes->pb, bytes->cb);
  to->cb = bytes->cb;
}

static HRESULT
secure_and_pack(const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags,
                const DRT_DATA *key, const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses,
                const DRT_DATA *nonce, DRT_DATA *secured_address, DRT_DATA *classifier,
                DRT_DATA *secured_payload, DRT_DATA *chain)
{
  SimLiar *liar = context;
  DRT_SECURITY_PROVIDER *honest = liar->honest;
  const Claim *claim = key->cb == SIM_LIAR_KEY_LEN ? find(liar, key->pb) : NULL;
  DRT_DATA own = { SIM_LIAR_KEY_LEN, liar->own_key };
  bool forged = claim != NULL && liar->own != NULL;
  HRESULT hr = honest->SecureAndPackPayload(honest->pvContext, key_context, major, minor, flags,
                                            forged ? &own : key, payload, addresses, nonce,
                                            secured_address, classifier, secured_payload, chain);
  if (FAILED(hr) || claim == NULL)
    return hr;
  if (claim->again.pb != NULL) {
    put(secured_address, &claim->again);
    put(chain, &claim->chain);
  } else if (forged) {
    forge(liar, claim, secured_address);
    if (claim->victim != NULL && liar->told % 2 == 0) {
      DrtBytes theirs = drt_chain_serialise(claim->victim);
      put(chain, &(DRT_DATA){ theirs.n, (BYTE *)theirs.at });
    }
  }
  return hr;
}

static HRESULT
register_key(const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  SimLiar *liar = context;
  if (sim_liar_claims(liar, registration->key.pb))
    return S_OK;
  return liar->honest->RegisterKey(liar->honest->pvContext, registration, key_context);
}

static HRESULT
unregister_key(const PVOID context, const DRT_DATA *key, PVOID key_context)
{
  SimLiar *liar = context;
  if (sim_liar_claims(liar, key->pb))
    return S_OK;
  return liar->honest->UnregisterKey(liar->honest->pvContext, key, key_context);
}

static HRESULT
validate_and_unpack(const PVOID context, DRT_DATA *secured_address, DRT_DATA *chain,
                    DRT_DATA *classifier, DRT_DATA *nonce, DRT_DATA *secured_payload, BYTE *major,
                    BYTE *minor, DRT_DATA *key, DRT_DATA *payload,
                    CERT_PUBLIC_KEY_INFO **public_key, SOCKET_ADDRESS_LIST **addresses,
                    DWORD *flags)
{
  SimLiar *liar = context;
  HRESULT hr = liar->honest->ValidateAndUnpackPayload(
    liar->honest->pvContext, secured_address, chain, classifier, nonce, secured_payload, major,
    minor, key, payload, public_key, addresses, flags);
  if (!FAILED(hr) && liar->listens && key->pb != NULL)
    remember(liar, (*flags & DRT_PAYLOAD_REVOKED) != 0, key, secured_address, chain);
  return hr;
}

/* ---- In all else, the honest one. ---- */

#define HONEST(context) (((SimLiar *)(context))->honest)

static HRESULT
attach(const PVOID context)
{
  return HONEST(context)->Attach(HONEST(context)->pvContext);
}

static VOID
detach(const PVOID context)
{
  HONEST(context)->Detach(HONEST(context)->pvContext);
}

static void
free_data(const PVOID context, PVOID pv)
{
  HONEST(context)->FreeData(HONEST(context)->pvContext, pv);
}

static HRESULT
encrypt(const PVOID context, const DRT_DATA *credential, DWORD n, DRT_DATA *buffers,
        DRT_DATA *encrypted, DRT_DATA *token)
{
  return HONEST(context)->EncryptData(HONEST(context)->pvContext, credential, n, buffers, encrypted,
                                      token);
}

static HRESULT
decrypt(const PVOID context, DRT_DATA *token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  return HONEST(context)->DecryptData(HONEST(context)->pvContext, token, key_context, n, data);
}

static HRESULT
get_credential(const PVOID context, DRT_DATA *credential)
{
  return HONEST(context)->GetSerializedCredential(HONEST(context)->pvContext, credential);
}

static HRESULT
validate_credential(const PVOID context, DRT_DATA *credential)
{
  return HONEST(context)->ValidateRemoteCredential(HONEST(context)->pvContext, credential);
}

static HRESULT
sign(const PVOID context, DWORD n, DRT_DATA *buffers, DRT_DATA *identifier, DRT_DATA *signature)
{
  return HONEST(context)->SignData(HONEST(context)->pvContext, n, buffers, identifier, signature);
}

static HRESULT
verify(const PVOID context, DWORD n, DRT_DATA *buffers, DRT_DATA *credentials, DRT_DATA *identifier,
       DRT_DATA *signature)
{
  return HONEST(context)->VerifyData(HONEST(context)->pvContext, n, buffers, credentials,
                                     identifier, signature);
}

SimLiar *
sim_liar_new(DRT_SECURITY_PROVIDER *honest, PCCERT_CONTEXT own,
             const BYTE own_key[SIM_LIAR_KEY_LEN])
{
  SimLiar *liar = g_new0(SimLiar, 1);
  liar->honest = honest;
  liar->own = own == NULL ? NULL : drt_certificate_hold(own);
  memcpy(liar->own_key, own_key, SIM_LIAR_KEY_LEN);
  liar->claims = g_array_new(FALSE, FALSE, sizeof(Claim));
  g_array_set_clear_func(liar->claims, clear_claim);
  liar->provider = (DRT_SECURITY_PROVIDER){
    .pvContext = liar,
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
  };
  return liar;
}

void
sim_liar_free(SimLiar *liar)
{
  if (liar == NULL)
    return;
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < REMEMBERED; i++) {
      g_free(liar->heard[k].at[i].statement.pb);
      g_free(liar->heard[k].at[i].chain.pb);
    }
  g_array_free(liar->claims, TRUE);
  DrtCertificateFree(liar->own);
  g_free(liar);
}

DRT_SECURITY_PROVIDER *
sim_liar_provider(SimLiar *liar)
{
  return &liar->provider;
}
