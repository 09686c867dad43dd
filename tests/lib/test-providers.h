/* Providers for tests of the API: one for security that records and fails on demand, one for the
 * bootstrap that follows a script.
 *
 * Both are embedded in the test and handed to DrtOpen as &x.provider. They do not call the API. */
#pragma once
#include "drt.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  TEST_SECURITY_ATTACH,
  TEST_SECURITY_DETACH,
  TEST_SECURITY_REGISTER,
  TEST_SECURITY_UNREGISTER,
  TEST_SECURITY_VALIDATE, /* ValidateAndUnpackPayload */
  TEST_SECURITY_SECURE,   /* SecureAndPackPayload */
  TEST_SECURITY_FREE,
  TEST_SECURITY_ENCRYPT,
  TEST_SECURITY_DECRYPT,
  TEST_SECURITY_CREDENTIAL, /* GetSerializedCredential */
  TEST_SECURITY_VALIDATE_CREDENTIAL,
  TEST_SECURITY_SIGN,
  TEST_SECURITY_VERIFY,
  TEST_SECURITY_CALLS,
} TestSecurityCall;

/* What a callback was called with; what it has no argument for is 0. */
typedef struct {
  TestSecurityCall call;
  HRESULT hr; /* that it returned */
  PVOID key_context;
  BYTE key[32];
  BYTE major, minor;
  DWORD flags; /* given, or found in what was validated */
  BYTE nonce[16];
  ULONG nonce_n, payload_n;
  bool has_nonce, has_payload;
  int addresses; /* in the list given, -1 without one */
  DWORD buffers;
} TestSecurityRecord;

typedef struct TestSecurity TestSecurity;
/* Called at the start of every callback. */
typedef void (*TestSecurityHook)(TestSecurity *security, TestSecurityCall call, void *data);

struct TestSecurity {
  DRT_SECURITY_PROVIDER provider;
  HRESULT fail[TEST_SECURITY_CALLS]; /* what a callback returns instead of doing its work */
  const BYTE *fail_key;   /* if set, RegisterKey and SecureAndPackPayload fail for this key alone */
  bool accept_duplicates; /* otherwise a key registered twice is refused, as built-in ones do */
  bool share;             /* a second Attach is no error */
  TestSecurityHook hook;
  void *hook_data;
  uint32_t count[TEST_SECURITY_CALLS];
  uint32_t attached; /* Attach without Detach */
  size_t buffers;    /* handed out and not given back */
  size_t records_n, records_room;
  TestSecurityRecord *records; /* FreeData is counted, not recorded */
  DRT_SECURITY_PROVIDER *inner;
  struct TestSecurityBuffer *out;
};

/* Wraps a null provider of its own; needs the host. */
void test_security_init(TestSecurity *security);
/* Ends the test if a buffer was not given back or an Attach has no Detach. */
void test_security_clear(TestSecurity *security);
/* The last record of a kind, or NULL; and the number of those that also have this key. */
const TestSecurityRecord *test_security_last(const TestSecurity *security, TestSecurityCall call);
uint32_t test_security_count_key(const TestSecurity *security, TestSecurityCall call,
                                 const BYTE key[32]);

typedef enum {
  TEST_BOOTSTRAP_ATTACH,
  TEST_BOOTSTRAP_DETACH,
  TEST_BOOTSTRAP_INIT,
  TEST_BOOTSTRAP_ISSUE,
  TEST_BOOTSTRAP_END,
  TEST_BOOTSTRAP_REGISTER,
  TEST_BOOTSTRAP_UNREGISTER,
  TEST_BOOTSTRAP_CALLS,
} TestBootstrapCall;

typedef struct TestBootstrap TestBootstrap;
typedef void (*TestBootstrapHook)(TestBootstrap *bootstrap, TestBootstrapCall call, void *data);

#define TEST_BOOTSTRAP_ADDRESSES 32
#define TEST_BOOTSTRAP_LOG 256

struct TestBootstrap {
  DRT_BOOTSTRAP_PROVIDER provider;
  /* The script. */
  bool later;                         /* IssueResolve waits for test_bootstrap_answer */
  HRESULT fail[TEST_BOOTSTRAP_CALLS]; /* what a callback returns instead of doing its work */
  bool fatal;                         /* fFatalError with that, and with end */
  HRESULT end;                        /* last word of an answer; DRT_E_NO_MORE unless changed */
  bool talkative;                     /* calls back again after its last word */
  bool share;                         /* a second Attach is no error */
  SOCKADDR_STORAGE addresses[TEST_BOOTSTRAP_ADDRESSES];
  int n;
  TestBootstrapHook hook;
  void *hook_data;
  /* What happened. */
  uint32_t count[TEST_BOOTSTRAP_CALLS], attached, resolves;
  uint32_t inside, entered_twice; /* methods running now; how often one began inside another */
  TestBootstrapCall log[TEST_BOOTSTRAP_LOG]; /* the first calls, in their order */
  uint32_t log_n;
  BOOL split; /* arguments of the last InitResolve */
  ULONG timeout, max;
  int published;                           /* addresses in the last Register */
  bool waiting;                            /* a resolve was issued and not yet answered or ended */
  DRT_BOOTSTRAP_RESOLVE_CALLBACK callback; /* of the last IssueResolve */
  PVOID callback_context;
};

void test_bootstrap_init(TestBootstrap *bootstrap);
/* Ends the test if an Attach has no Detach or a resolve no end. */
void test_bootstrap_clear(TestBootstrap *bootstrap);
void test_bootstrap_add(TestBootstrap *bootstrap, SOCKADDR_STORAGE address);
/* Answers the resolve under way as the script says. */
void test_bootstrap_answer(TestBootstrap *bootstrap);
/* One callback, with the addresses or with none. The list is gone as soon as it has returned. */
void test_bootstrap_call_back(TestBootstrap *bootstrap, HRESULT hr, bool with_addresses,
                              BOOL fatal);
