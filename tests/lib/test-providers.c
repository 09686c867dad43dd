/* Buffers that a provider hands out are listed until they come back, so that one that is kept, freed
 * twice or was never ours ends the test where it happens. */
#include "test-providers.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUBBISH 0xa5

typedef struct TestSecurityBuffer {
  struct TestSecurityBuffer *next;
  void *piece;
  bool ours; /* not of the null provider */
} Buffer;

static _Noreturn void
give_up(const char *what)
{
  fprintf(stderr, "%s\n", what);
  abort();
}

static void
hand_out(TestSecurity *s, void *piece, bool ours)
{
  if (piece == NULL)
    return;
  Buffer *buffer = calloc(1, sizeof *buffer);
  if (buffer == NULL)
    abort();
  *buffer = (Buffer){ s->out, piece, ours };
  s->out = buffer;
  s->buffers++;
}

static void
begin(TestSecurity *s, TestSecurityCall call)
{
  s->count[call]++;
  if (s->hook != NULL)
    s->hook(s, call, s->hook_data);
}

/* Keeps the record and says whether the callback is to fail with s->fail. */
static bool
refuses(TestSecurity *s, TestSecurityRecord record)
{
  bool for_key = record.call == TEST_SECURITY_REGISTER || record.call == TEST_SECURITY_SECURE;
  bool fails = s->fail[record.call] != S_OK;
  if (fails && for_key && s->fail_key != NULL)
    fails = memcmp(s->fail_key, record.key, 32) == 0;
  if (s->records_n == s->records_room) {
    s->records_room = 2 * s->records_room + 64;
    s->records = realloc(s->records, s->records_room * sizeof *s->records);
    if (s->records == NULL)
      abort();
  }
  record.hr = fails ? s->fail[record.call] : S_OK;
  s->records[s->records_n++] = record;
  return fails;
}

static HRESULT
finish(TestSecurity *s, HRESULT hr)
{
  s->records[s->records_n - 1].hr = hr;
  return hr;
}

static HRESULT
attach(const PVOID context)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_ATTACH);
  if (refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_ATTACH }))
    return s->fail[TEST_SECURITY_ATTACH];
  if (s->attached > 0 && !s->share)
    return finish(s, DRT_E_SECURITYPROVIDER_IN_USE);
  s->attached++;
  return S_OK;
}

static VOID
detach(const PVOID context)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_DETACH);
  refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_DETACH });
  if (s->attached == 0)
    give_up("a security provider was detached that was not attached");
  s->attached--;
}

static HRESULT
register_key(const PVOID context, const DRT_REGISTRATION *registration, PVOID key_context)
{
  TestSecurity *s = context;
  TestSecurityRecord record = { .call = TEST_SECURITY_REGISTER, .key_context = key_context };
  begin(s, TEST_SECURITY_REGISTER);
  memcpy(record.key, registration->key.pb, sizeof record.key);
  record.payload_n = registration->appData.cb;
  if (refuses(s, record))
    return s->fail[TEST_SECURITY_REGISTER];
  if (s->accept_duplicates)
    return S_OK;
  return finish(s, s->inner->RegisterKey(s->inner->pvContext, registration, key_context));
}

static HRESULT
unregister_key(const PVOID context, const DRT_DATA *key, PVOID key_context)
{
  TestSecurity *s = context;
  TestSecurityRecord record = { .call = TEST_SECURITY_UNREGISTER, .key_context = key_context };
  begin(s, TEST_SECURITY_UNREGISTER);
  memcpy(record.key, key->pb, sizeof record.key);
  if (refuses(s, record))
    return s->fail[TEST_SECURITY_UNREGISTER];
  if (s->accept_duplicates)
    return S_OK;
  return finish(s, s->inner->UnregisterKey(s->inner->pvContext, key, key_context));
}

static void
note_nonce(TestSecurityRecord *record, const DRT_DATA *nonce)
{
  record->has_nonce = nonce != NULL;
  if (nonce == NULL)
    return;
  record->nonce_n = nonce->cb;
  memcpy(record->nonce, nonce->pb, nonce->cb < 16 ? nonce->cb : 16);
}

static HRESULT
validate(const PVOID context, DRT_DATA *secured_address, DRT_DATA *chain, DRT_DATA *classifier,
         DRT_DATA *nonce, DRT_DATA *secured_payload, BYTE *major, BYTE *minor, DRT_DATA *key,
         DRT_DATA *payload, CERT_PUBLIC_KEY_INFO **public_key, SOCKET_ADDRESS_LIST **addresses,
         DWORD *flags)
{
  TestSecurity *s = context;
  TestSecurityRecord record = { .call = TEST_SECURITY_VALIDATE, .addresses = -1 };
  begin(s, TEST_SECURITY_VALIDATE);
  note_nonce(&record, nonce);
  record.has_payload = secured_payload != NULL;
  record.payload_n = secured_payload == NULL ? 0 : secured_payload->cb;
  if (refuses(s, record))
    return s->fail[TEST_SECURITY_VALIDATE];
  HRESULT hr = s->inner->ValidateAndUnpackPayload(s->inner->pvContext, secured_address, chain,
                                                  classifier, nonce, secured_payload, major, minor,
                                                  key, payload, public_key, addresses, flags);
  if (hr != S_OK)
    return finish(s, hr);
  TestSecurityRecord *made = &s->records[s->records_n - 1];
  memcpy(made->key, key->pb, sizeof made->key);
  made->major = *major;
  made->minor = *minor;
  made->flags = *flags;
  hand_out(s, key->pb, false);
  if (payload != NULL)
    hand_out(s, payload->pb, false);
  if (addresses != NULL)
    hand_out(s, *addresses, false);
  if (public_key != NULL) {
    *public_key = calloc(1, sizeof **public_key);
    hand_out(s, *public_key, true);
  }
  return S_OK;
}

static HRESULT
secure(const PVOID context, PVOID key_context, BYTE major, BYTE minor, DWORD flags,
       const DRT_DATA *key, const DRT_DATA *payload, const SOCKET_ADDRESS_LIST *addresses,
       const DRT_DATA *nonce, DRT_DATA *secured_address, DRT_DATA *classifier,
       DRT_DATA *secured_payload, DRT_DATA *chain)
{
  TestSecurity *s = context;
  TestSecurityRecord record = {
    .call = TEST_SECURITY_SECURE,
    .key_context = key_context,
    .major = major,
    .minor = minor,
    .flags = flags,
    .has_payload = payload != NULL,
    .payload_n = payload == NULL ? 0 : payload->cb,
    .addresses = addresses == NULL ? -1 : addresses->iAddressCount,
  };
  begin(s, TEST_SECURITY_SECURE);
  memcpy(record.key, key->pb, sizeof record.key);
  note_nonce(&record, nonce);
  if (refuses(s, record))
    return s->fail[TEST_SECURITY_SECURE];
  HRESULT hr = s->inner->SecureAndPackPayload(s->inner->pvContext, key_context, major, minor, flags,
                                              key, payload, addresses, nonce, secured_address,
                                              classifier, secured_payload, chain);
  if (hr != S_OK)
    return finish(s, hr);
  hand_out(s, secured_address->pb, false);
  if (classifier != NULL)
    hand_out(s, classifier->pb, false);
  if (secured_payload != NULL)
    hand_out(s, secured_payload->pb, false);
  if (chain != NULL)
    hand_out(s, chain->pb, false);
  return S_OK;
}

static void
free_data(const PVOID context, PVOID pv)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_FREE);
  if (pv == NULL)
    return;
  Buffer **link = &s->out, *buffer;
  while (*link != NULL && (*link)->piece != pv)
    link = &(*link)->next;
  if (*link == NULL)
    give_up("FreeData was called with what is not out");
  buffer = *link;
  *link = buffer->next;
  if (buffer->ours)
    free(pv);
  else
    s->inner->FreeData(s->inner->pvContext, pv);
  free(buffer);
  s->buffers--;
}

static HRESULT
encrypt(const PVOID context, const DRT_DATA *credential, DWORD n, DRT_DATA *data,
        DRT_DATA *encrypted, DRT_DATA *token)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_ENCRYPT);
  if (refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_ENCRYPT, .buffers = n }))
    return s->fail[TEST_SECURITY_ENCRYPT];
  HRESULT hr = s->inner->EncryptData(s->inner->pvContext, credential, n, data, encrypted, token);
  for (DWORD i = 0; i < n && hr == S_OK; i++)
    hand_out(s, encrypted[i].pb, false);
  if (hr == S_OK)
    hand_out(s, token->pb, false);
  return finish(s, hr);
}

static HRESULT
decrypt(const PVOID context, DRT_DATA *token, const PVOID key_context, DWORD n, DRT_DATA *data)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_DECRYPT);
  if (refuses(s, (TestSecurityRecord){
                   .call = TEST_SECURITY_DECRYPT, .key_context = key_context, .buffers = n }))
    return s->fail[TEST_SECURITY_DECRYPT];
  return finish(s, s->inner->DecryptData(s->inner->pvContext, token, key_context, n, data));
}

static HRESULT
credential_of(const PVOID context, DRT_DATA *credential)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_CREDENTIAL);
  if (refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_CREDENTIAL }))
    return s->fail[TEST_SECURITY_CREDENTIAL];
  HRESULT hr = s->inner->GetSerializedCredential(s->inner->pvContext, credential);
  if (hr == S_OK)
    hand_out(s, credential->pb, false);
  return finish(s, hr);
}

static HRESULT
validate_credential(const PVOID context, DRT_DATA *credential)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_VALIDATE_CREDENTIAL);
  if (refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_VALIDATE_CREDENTIAL }))
    return s->fail[TEST_SECURITY_VALIDATE_CREDENTIAL];
  return finish(s, s->inner->ValidateRemoteCredential(s->inner->pvContext, credential));
}

static HRESULT
sign(const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *identifier, DRT_DATA *signature)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_SIGN);
  if (refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_SIGN, .buffers = n }))
    return s->fail[TEST_SECURITY_SIGN];
  HRESULT hr = s->inner->SignData(s->inner->pvContext, n, data, identifier, signature);
  if (hr == S_OK) {
    hand_out(s, identifier->pb, false);
    hand_out(s, signature->pb, false);
  }
  return finish(s, hr);
}

static HRESULT
verify(const PVOID context, DWORD n, DRT_DATA *data, DRT_DATA *credentials, DRT_DATA *identifier,
       DRT_DATA *signature)
{
  TestSecurity *s = context;
  begin(s, TEST_SECURITY_VERIFY);
  if (refuses(s, (TestSecurityRecord){ .call = TEST_SECURITY_VERIFY, .buffers = n }))
    return s->fail[TEST_SECURITY_VERIFY];
  return finish(
    s, s->inner->VerifyData(s->inner->pvContext, n, data, credentials, identifier, signature));
}

void
test_security_init(TestSecurity *s)
{
  *s = (TestSecurity){
    .provider = {
      .pvContext = s,
      .Attach = attach,
      .Detach = detach,
      .RegisterKey = register_key,
      .UnregisterKey = unregister_key,
      .ValidateAndUnpackPayload = validate,
      .SecureAndPackPayload = secure,
      .FreeData = free_data,
      .EncryptData = encrypt,
      .DecryptData = decrypt,
      .GetSerializedCredential = credential_of,
      .ValidateRemoteCredential = validate_credential,
      .SignData = sign,
      .VerifyData = verify,
    },
  };
  if (DrtCreateNullSecurityProvider(&s->inner) != S_OK)
    give_up("there is no null provider to wrap");
}

void
test_security_clear(TestSecurity *s)
{
  if (s->buffers != 0)
    give_up("a buffer of the security provider was not given back");
  if (s->attached != 0)
    give_up("the security provider is still attached");
  DrtDeleteNullSecurityProvider(s->inner);
  free(s->records);
}

const TestSecurityRecord *
test_security_last(const TestSecurity *s, TestSecurityCall call)
{
  for (size_t i = s->records_n; i > 0; i--)
    if (s->records[i - 1].call == call)
      return &s->records[i - 1];
  return NULL;
}

uint32_t
test_security_count_key(const TestSecurity *s, TestSecurityCall call, const BYTE key[32])
{
  uint32_t n = 0;
  for (size_t i = 0; i < s->records_n; i++)
    n += s->records[i].call == call && memcmp(s->records[i].key, key, 32) == 0;
  return n;
}

static void
enter(TestBootstrap *b, TestBootstrapCall call)
{
  b->count[call]++;
  if (b->log_n < TEST_BOOTSTRAP_LOG)
    b->log[b->log_n++] = call;
  if (b->inside++ > 0)
    b->entered_twice++;
  if (b->hook != NULL)
    b->hook(b, call, b->hook_data);
}

static HRESULT
leave(TestBootstrap *b, HRESULT hr)
{
  b->inside--;
  return hr;
}

static HRESULT
bootstrap_attach(const PVOID context)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_ATTACH);
  if (b->fail[TEST_BOOTSTRAP_ATTACH] != S_OK)
    return leave(b, b->fail[TEST_BOOTSTRAP_ATTACH]);
  if (b->attached > 0 && !b->share)
    return leave(b, DRT_E_BOOTSTRAPPROVIDER_IN_USE);
  b->attached++;
  return leave(b, S_OK);
}

static VOID
bootstrap_detach(const PVOID context)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_DETACH);
  if (b->attached == 0 || b->resolves > 0)
    give_up("a bootstrap provider was detached too early or too often");
  b->attached--;
  leave(b, S_OK);
}

static HRESULT
init_resolve(const PVOID context, BOOL split, ULONG timeout, ULONG max,
             DRT_BOOTSTRAP_RESOLVE_CONTEXT *resolve, BOOL *fatal)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_INIT);
  b->split = split;
  b->timeout = timeout;
  b->max = max;
  *fatal = b->fail[TEST_BOOTSTRAP_INIT] != S_OK && b->fatal;
  if (b->fail[TEST_BOOTSTRAP_INIT] != S_OK)
    return leave(b, b->fail[TEST_BOOTSTRAP_INIT]);
  b->resolves++;
  *resolve = b;
  return leave(b, S_OK);
}

void
test_bootstrap_call_back(TestBootstrap *b, HRESULT hr, bool with_addresses, BOOL fatal)
{
  size_t n = with_addresses ? (size_t)b->n : 0;
  size_t head = sizeof(SOCKET_ADDRESS_LIST) + n * sizeof(SOCKET_ADDRESS);
  size_t size = head + n * sizeof(SOCKADDR_STORAGE);
  if (!with_addresses) {
    b->callback(hr, b->callback_context, NULL, fatal);
    return;
  }
  SOCKET_ADDRESS_LIST *list = malloc(head);
  SOCKADDR_STORAGE *storage = malloc(size - head + 1);
  if (list == NULL || storage == NULL)
    abort();
  list->iAddressCount = (int)n;
  for (size_t i = 0; i < n; i++) {
    storage[i] = b->addresses[i];
    list->Address[i].lpSockaddr = (struct sockaddr *)&storage[i];
    list->Address[i].iSockaddrLength = (int)sizeof(struct sockaddr_in6);
  }
  b->callback(hr, b->callback_context, list, fatal);
  memset(storage, RUBBISH, size - head);
  memset(list, RUBBISH, head);
  free(storage);
  free(list);
}

void
test_bootstrap_answer(TestBootstrap *b)
{
  b->waiting = false;
  if (b->n > 0)
    test_bootstrap_call_back(b, S_OK, true, FALSE);
  test_bootstrap_call_back(b, b->end, false, b->fatal);
  if (b->talkative) {
    test_bootstrap_call_back(b, S_OK, true, FALSE);
    test_bootstrap_call_back(b, E_FAIL, false, TRUE);
  }
}

static HRESULT
issue_resolve(const PVOID context, const PVOID callback_context,
              DRT_BOOTSTRAP_RESOLVE_CALLBACK callback, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve,
              BOOL *fatal)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_ISSUE);
  if (resolve != b)
    give_up("IssueResolve was called with a context that InitResolve did not give");
  *fatal = b->fail[TEST_BOOTSTRAP_ISSUE] != S_OK && b->fatal;
  if (b->fail[TEST_BOOTSTRAP_ISSUE] != S_OK)
    return leave(b, b->fail[TEST_BOOTSTRAP_ISSUE]);
  b->callback = callback;
  b->callback_context = callback_context;
  b->waiting = b->later;
  if (!b->later)
    test_bootstrap_answer(b);
  return leave(b, S_OK);
}

static VOID
end_resolve(const PVOID context, DRT_BOOTSTRAP_RESOLVE_CONTEXT resolve)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_END);
  if (resolve != b || b->resolves == 0)
    give_up("EndResolve was called without InitResolve");
  b->resolves--;
  b->waiting = false;
  leave(b, S_OK);
}

static HRESULT
publish(const PVOID context, const SOCKET_ADDRESS_LIST *list)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_REGISTER);
  b->published = list->iAddressCount;
  return leave(b, b->fail[TEST_BOOTSTRAP_REGISTER]);
}

static VOID
withdraw(const PVOID context)
{
  TestBootstrap *b = context;
  enter(b, TEST_BOOTSTRAP_UNREGISTER);
  leave(b, S_OK);
}

void
test_bootstrap_init(TestBootstrap *b)
{
  *b = (TestBootstrap){
    .end = DRT_E_NO_MORE,
    .provider = {
      .pvContext = b,
      .Attach = bootstrap_attach,
      .Detach = bootstrap_detach,
      .InitResolve = init_resolve,
      .IssueResolve = issue_resolve,
      .EndResolve = end_resolve,
      .Register = publish,
      .Unregister = withdraw,
    },
  };
}

void
test_bootstrap_clear(TestBootstrap *b)
{
  if (b->attached != 0 || b->resolves != 0)
    give_up("the bootstrap provider is still attached, or a resolve has no end");
}

void
test_bootstrap_add(TestBootstrap *b, SOCKADDR_STORAGE address)
{
  if (b->n == TEST_BOOTSTRAP_ADDRESSES)
    give_up("too many addresses for the bootstrap");
  b->addresses[b->n++] = address;
}
