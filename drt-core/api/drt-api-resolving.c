/* Resolves of the bootstrap provider: its methods are called one after another, never from inside
 * one another, and whatever it calls back with is handed to the node between two steps (8.3).
 *
 * A provider that calls back too late names a resolve that is gone, and is not heard (DEC-68). */
#include "drt-api-private.h"

#define TIMEOUT_MS 10000
#define FOUND_MAX 20

typedef enum { WANTED, RUNNING, ENDED } Stage;

struct DrtResolving {
  struct DrtResolving *next;
  DrtInstance *instance;
  HANDLE handle; /* what the provider knows it by */
  DRT_BOOTSTRAP_RESOLVE_CONTEXT context;
  Stage stage;
  bool split, has_context;
  bool news, done; /* since the node was told; for good */
  bool fatal;
  HRESULT hr;
  uint32_t max, n;
  DrtEndpoint found[FOUND_MAX];
};

typedef struct DrtResolving Resolving;

static void
free_resolving(Resolving *resolving)
{
  DrtInstance *instance = resolving->instance;
  Resolving **link = &instance->resolving;
  while (*link != resolving)
    link = &(*link)->next;
  *link = resolving->next;
  drt_handle_free(instance->library, resolving->handle);
  drt_library_give(instance->library, resolving, sizeof *resolving);
}

void
drt_resolving_start(DrtInstance *instance, bool split, uint32_t max)
{
  Resolving *resolving = drt_library_take(instance->library, sizeof *resolving);
  HANDLE handle =
    resolving == NULL ? NULL : drt_handle_new(instance->library, DRT_TYPE_RESOLVING, resolving);
  if (handle == NULL) {
    drt_library_give(instance->library, resolving, sizeof *resolving);
    instance->out_of_memory = true;
    return;
  }
  resolving->instance = instance;
  resolving->handle = handle;
  resolving->split = split;
  resolving->max = max;
  Resolving **link = &instance->resolving;
  while (*link != NULL)
    link = &(*link)->next;
  *link = resolving;
}

/* The provider is told to stop, if it ever started; then the resolve is forgotten. */
static void
end(Resolving *resolving)
{
  DRT_BOOTSTRAP_PROVIDER *provider = resolving->instance->bootstrap;
  resolving->stage = ENDED;
  if (resolving->has_context)
    provider->EndResolve(provider->pvContext, resolving->context);
  resolving->has_context = false;
}

void
drt_resolving_stop(DrtInstance *instance)
{
  while (instance->resolving != NULL) {
    end(instance->resolving);
    free_resolving(instance->resolving);
  }
}

/* Copies what the provider brings; addresses of no use to us are left out. */
static void
callback(HRESULT hr, PVOID pvContext, SOCKET_ADDRESS_LIST *pAddresses, BOOL fFatalError)
{
  DrtLibrary *library = drt_port_library();
  Resolving *resolving =
    library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_RESOLVING, pvContext);
  if (resolving == NULL || resolving->done || resolving->stage == ENDED)
    return;
  resolving->news = true;
  for (int i = 0; pAddresses != NULL && SUCCEEDED(hr) && i < pAddresses->iAddressCount; i++)
    if (resolving->n < FOUND_MAX && resolving->n < resolving->max &&
        drt_from_sockaddr(&pAddresses->Address[i], &resolving->found[resolving->n]))
      resolving->n++;
  if (FAILED(hr)) {
    resolving->done = true;
    resolving->fatal = fFatalError != FALSE;
    resolving->hr = hr;
  }
  DrtInstance *instance = resolving->instance;
  if (!instance->carrying && !instance->delivering && drt_resolving_deliver(instance))
    drt_instance_carry(instance);
}

/* InitResolve and IssueResolve. What they fail with is like a callback with it. */
static void
launch(Resolving *resolving)
{
  DRT_BOOTSTRAP_PROVIDER *provider = resolving->instance->bootstrap;
  BOOL fatal = FALSE;
  resolving->stage = RUNNING;
  HRESULT hr = provider->InitResolve(provider->pvContext, resolving->split, TIMEOUT_MS,
                                     resolving->max, &resolving->context, &fatal);
  if (hr == S_OK) {
    resolving->has_context = true;
    hr = provider->IssueResolve(provider->pvContext, resolving->handle, callback,
                                resolving->context, &fatal);
  }
  if (hr == S_OK)
    return;
  resolving->news = resolving->done = true;
  resolving->fatal = FAILED(hr) && fatal;
  resolving->hr = hr;
}

/* Tells the node what one resolve has brought, in one step. */
static void
tell(Resolving *resolving)
{
  DrtInstance *instance = resolving->instance;
  DrtTime now = drt_instance_now(instance);
  DrtOutbox *out = &instance->library->out;
  bool split = resolving->split, done = resolving->done, fatal = resolving->fatal;
  HRESULT hr = resolving->hr;
  DrtEndpoint found[FOUND_MAX];
  uint32_t n = resolving->n;
  memcpy(found, resolving->found, sizeof found);
  resolving->n = 0;
  resolving->news = false;
  if (done) {
    end(resolving);
    free_resolving(resolving);
  }
  if (fatal)
    drt_node_fail(instance->node, now, hr, out);
  else
    drt_node_bootstrap(instance->node, now, split, found, n, done, out);
}

bool
drt_resolving_deliver(DrtInstance *instance)
{
  if (instance->closing)
    return false;
  instance->delivering = true;
  bool told = false;
  for (Resolving *resolving = instance->resolving; resolving != NULL && !told;) {
    Resolving *next = resolving->next;
    if (resolving->stage == WANTED)
      launch(resolving);
    told = resolving->news;
    if (told)
      tell(resolving);
    resolving = next;
  }
  instance->delivering = false;
  return told;
}
