#include "test-derived.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
give_up(const char *what)
{
  fprintf(stderr, "%s\n", what);
  abort();
}

HRESULT
test_derived_init(TestDerived *derived, const DrtCryptoProfile *profile, PCCERT_CONTEXT root,
                  PCCERT_CONTEXT local)
{
  memset(derived, 0, sizeof *derived);
  DrtMemory memory = test_memory(&derived->memory);
  drt_trust_init(&derived->trust, memory);
  derived->config = (DrtDerivedConfig){
    .memory = memory,
    .machine = drt_port_machine(),
    .trust = &derived->trust,
    .profile = *profile,
  };
  return drt_derived_provider_new(&derived->config, root, local, &derived->provider);
}

void
test_derived_clear(TestDerived *derived)
{
  drt_derived_provider_free(derived->provider);
  drt_trust_clear(&derived->trust);
  if (derived->memory.pieces != 0)
    give_up("a derived-key provider has not given all memory back");
}

void
test_derived_free(TestDerived *derived, DRT_DATA *data)
{
  derived->provider->FreeData(derived->provider->pvContext, data->pb);
  *data = (DRT_DATA){ 0 };
}

HRESULT
test_derived_unpack(TestDerived *derived, DRT_DATA cpa, DRT_DATA *chain, DRT_DATA *nonce,
                    DRT_DATA *payload, TestUnpacked *ret)
{
  DRT_SECURITY_PROVIDER *p = derived->provider;
  memset(ret, 0xa5, sizeof *ret);
  HRESULT hr = p->ValidateAndUnpackPayload(p->pvContext, &cpa, chain, NULL, nonce, payload,
                                           &ret->major, &ret->minor, &ret->key, &ret->payload,
                                           &ret->public_key, &ret->addresses, &ret->flags);
  if (hr != S_OK && (ret->key.pb != NULL || ret->key.cb != 0 || ret->payload.pb != NULL ||
                     ret->payload.cb != 0 || ret->public_key != NULL || ret->addresses != NULL))
    give_up("a call that failed has put something out");
  return hr;
}

void
test_derived_unpacked_free(TestDerived *derived, TestUnpacked *unpacked)
{
  DRT_SECURITY_PROVIDER *p = derived->provider;
  test_derived_free(derived, &unpacked->key);
  test_derived_free(derived, &unpacked->payload);
  p->FreeData(p->pvContext, unpacked->public_key);
  p->FreeData(p->pvContext, unpacked->addresses);
}
