/* Searches, and the results that wait for the application (1.3, 9). */
#include "drt-api-private.h"

#define TIMEOUT_NONE 0xffffffffu

/* Rows 4 to 9 of the table of DrtStartSearch; fills the range. */
static HRESULT
check_range(const DRT_SEARCH_INFO *info, const DrtKey *target, DrtSearchSpec *spec)
{
  const DRT_DATA *least = info->pMinimumKey, *most = info->pMaximumKey;
  if ((least == NULL) != (most == NULL))
    return E_INVALIDARG;
  if (least == NULL) { /* the whole key space (DEC-39) */
    spec->most = drt_key_sub(&DRT_KEY_ZERO, &DRT_KEY_ONE);
    return S_OK;
  }
  if (least->pb == NULL || most->pb == NULL)
    return E_INVALIDARG;
  if (least->cb != DRT_KEY_LEN || most->cb != DRT_KEY_LEN)
    return DRT_E_INVALID_KEY_SIZE;
  spec->least = drt_key_from_api(least->pb);
  spec->most = drt_key_from_api(most->pb);
  if (drt_key_less(target, &spec->least) || drt_key_less(&spec->most, target)) /* DEC-38 */
    return DRT_E_INVALID_SEARCH_RANGE;
  spec->exact = drt_key_equal(&spec->least, &spec->most);
  return S_OK;
}

static HRESULT
check_search(const DRT_DATA *key, const DRT_SEARCH_INFO *info, DrtSearchSpec *spec)
{
  if (key == NULL || key->pb == NULL)
    return E_INVALIDARG;
  if (key->cb != DRT_KEY_LEN)
    return DRT_E_INVALID_KEY_SIZE;
  *spec = (DrtSearchSpec){ .target = drt_key_from_api(key->pb), .results_max = 1 };
  if (info == NULL) { /* DEC-39 */
    spec->least = spec->most = spec->target;
    spec->exact = true;
    return S_OK;
  }
  if (info->dwSize != sizeof *info)
    return DRT_E_INVALID_SEARCH_INFO;
  if (info->cMaxEndpoints == 0 || (info->fAnyMatchInRange && info->cMaxEndpoints > 1)) /* DEC-35 */
    return DRT_E_INVALID_MAX_ENDPOINTS;
  spec->iterative = info->fIterative != FALSE;
  spec->any = info->fAnyMatchInRange != FALSE;
  spec->local_too = info->fAllowCurrentInstanceMatch != FALSE;
  spec->results_max = spec->iterative ? 1 : info->cMaxEndpoints; /* DEC-36 */
  return check_range(info, &spec->target, spec);
}

static DrtTime
deadline_after(DrtInstance *instance, ULONG timeout)
{
  if (timeout == TIMEOUT_NONE)
    return DRT_TIME_NEVER;
  return drt_instance_now(instance) + (DrtTime)timeout * DRT_MILLISECOND;
}

HRESULT
DrtStartSearch(HDRT hDrt, DRT_DATA *pKey, const DRT_SEARCH_INFO *pInfo, ULONG timeout,
               HANDLE hEvent, const PVOID pvContext, HDRT_SEARCH_CONTEXT *hSearchContext)
{
  if (hSearchContext == NULL)
    return E_INVALIDARG;
  *hSearchContext = NULL;
  DrtSearchSpec spec;
  HRESULT hr = check_search(pKey, pInfo, &spec);
  if (hr != S_OK)
    return hr;
  DrtInstance *instance = drt_instance_get(hDrt, false, &hr);
  if (instance == NULL && (hr == E_HANDLE || hr == E_UNEXPECTED))
    return hr;
  DrtLibrary *library = drt_port_library();
  if (hEvent == NULL || drt_handle_get(library, DRT_TYPE_EVENT, hEvent) == NULL) /* DEC-29 */
    return E_HANDLE;
  if (instance == NULL)
    return hr;
  DrtSearch *search = drt_library_take(library, sizeof *search);
  if (search == NULL)
    return E_OUTOFMEMORY;
  search->instance = instance;
  search->event = hEvent;
  search->context = pvContext;
  search->ticket = ++instance->tickets;
  search->spec = spec;
  search->spec.deadline = deadline_after(instance, timeout);
  search->handle = drt_handle_new(library, DRT_TYPE_SEARCH, search);
  search->next = instance->searches;
  instance->searches = search;
  if (search->handle == NULL || !drt_node_search(instance->node, drt_instance_now(instance),
                                                 &search->spec, search->ticket, &library->out)) {
    drt_search_free(search);
    return E_OUTOFMEMORY;
  }
  *hSearchContext = search->handle;
  drt_instance_carry(instance);
  return S_OK;
}

/* The search, with *ret_hr set if it is of no use to the call. */
static DrtSearch *
find(HDRT_SEARCH_CONTEXT handle, bool may_be_faulted, HRESULT *ret_hr)
{
  DrtLibrary *library = drt_port_library();
  DrtSearch *search = library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_SEARCH, handle);
  *ret_hr = E_HANDLE;
  if (search == NULL)
    return NULL;
  *ret_hr = E_UNEXPECTED;
  if (library->busy) /* DEC-68 */
    return NULL;
  *ret_hr = DRT_E_FAULTED;
  if (!may_be_faulted && drt_node_status(search->instance->node) == DRT_NODE_FAULTED)
    return NULL;
  *ret_hr = S_OK;
  return search;
}

uint64_t
drt_search_ticket(const void *handle)
{
  DrtLibrary *library = drt_port_library();
  const DrtSearch *search =
    library == NULL ? NULL : drt_handle_get(library, DRT_TYPE_SEARCH, (HANDLE)handle);
  return search == NULL ? 0 : search->ticket;
}

static void
drop_result(DrtSearch *search, DrtQueuedResult *result)
{
  if (result != NULL)
    drt_library_give(search->instance->library, result, result->size);
}

void
drt_search_free(DrtSearch *search)
{
  DrtInstance *instance = search->instance;
  DrtSearch **link = &instance->searches;
  while (*link != search)
    link = &(*link)->next;
  *link = search->next;
  while (search->first != NULL) {
    DrtQueuedResult *result = search->first;
    search->first = result->next;
    drop_result(search, result);
  }
  drop_result(search, search->taken);
  if (search->handle != NULL)
    drt_handle_free(instance->library, search->handle);
  drt_library_give(instance->library, search, sizeof *search);
}

void
drt_search_drop_all(DrtInstance *instance)
{
  while (instance->searches != NULL)
    drt_search_free(instance->searches);
}

static uint8_t *
payload_of(DrtQueuedResult *result)
{
  return (uint8_t *)(result + 1) + result->hops * sizeof(DrtHop);
}

static DrtHop *
hops_of(DrtQueuedResult *result)
{
  return (DrtHop *)(result + 1);
}

static DRT_MATCH_TYPE
match_type(const DrtSearch *search, const DrtOutput *output)
{
  if (output->kind == DRT_OUT_SEARCH_HOP)
    return DRT_MATCH_INTERMEDIATE;
  bool exact = search->spec.any || drt_key_equal(&output->found.key, &search->spec.target);
  return exact ? DRT_MATCH_EXACT : DRT_MATCH_NEAR; /* DEC-40 */
}

static void
queue_result(DrtSearch *search, const DrtOutput *output)
{
  DrtInstance *instance = search->instance;
  const uint8_t *bytes = instance->library->out.bytes;
  size_t size = sizeof(DrtQueuedResult) + output->found.hops * sizeof(DrtHop) + output->found.n;
  DrtQueuedResult *result = drt_library_take(instance->library, size);
  if (result == NULL) {
    instance->out_of_memory = true;
    return;
  }
  result->size = size;
  result->type = match_type(search, output);
  result->key = output->found.key;
  result->payload_n = output->found.n;
  result->hops = output->found.hops;
  if (result->hops > 0)
    memcpy(hops_of(result), bytes + output->found.hops_offset, result->hops * sizeof(DrtHop));
  if (result->payload_n > 0)
    memcpy(payload_of(result), bytes + output->found.offset, result->payload_n);
  if (search->last != NULL)
    search->last->next = result;
  else
    search->first = result;
  search->last = result;
  drt_event_signal(instance->library, search->event, true);
}

/* Whom a search without a result has asked, for its path: a piece like that of a result, as if taken.
 * The path is for debugging, so it is no fault if there is no memory for it. */
static void
keep_path(DrtSearch *search, const DrtOutput *output)
{
  const DrtLibrary *library = search->instance->library;
  if (search->taken != NULL || search->first != NULL || output->end.hops == 0)
    return;
  size_t size = sizeof(DrtQueuedResult) + output->end.hops * sizeof(DrtHop);
  DrtQueuedResult *trail = drt_library_take(search->instance->library, size);
  if (trail == NULL)
    return;
  trail->size = size;
  trail->hops = output->end.hops;
  memcpy(hops_of(trail), library->out.bytes + output->end.hops_offset, size - sizeof *trail);
  search->taken = trail;
}

static void
end_search(DrtSearch *search, const DrtOutput *output)
{
  keep_path(search, output);
  search->over = true;
  search->end = output->end.end == DRT_SEARCH_TIMEOUT ? DRT_E_TIMEOUT : DRT_E_NO_MORE;
  drt_event_signal(search->instance->library, search->event, true);
}

void
drt_search_deliver(DrtInstance *instance, const DrtOutput *output)
{
  bool end = output->kind == DRT_OUT_SEARCH_END;
  uint64_t ticket = end ? output->end.ticket : output->found.ticket;
  for (DrtSearch *search = instance->searches; search != NULL; search = search->next) {
    if (search->ticket != ticket)
      continue;
    if (end)
      end_search(search, output);
    else
      queue_result(search, output);
    return;
  }
}

void
drt_search_fault(DrtInstance *instance)
{
  for (DrtSearch *search = instance->searches; search != NULL; search = search->next) {
    search->over = true;
    search->end = DRT_E_FAULTED;
    drt_event_signal(instance->library, search->event, true);
  }
}

HRESULT
DrtContinueSearch(HDRT_SEARCH_CONTEXT hSearchContext)
{
  HRESULT hr;
  DrtSearch *search = find(hSearchContext, false, &hr);
  if (search == NULL)
    return hr;
  if (!search->spec.iterative)
    return E_UNEXPECTED;
  if (search->over)
    return search->end;
  DrtInstance *instance = search->instance;
  if (!drt_node_search_continue(instance->node, drt_instance_now(instance), search->ticket,
                                &instance->library->out))
    return DRT_E_SEARCH_IN_PROGRESS; /* DEC-43 */
  drt_instance_carry(instance);
  return S_OK;
}

static HRESULT
nothing_queued(const DrtSearch *search)
{
  return search->over ? search->end : DRT_E_SEARCH_IN_PROGRESS;
}

static size_t
result_size(const DrtQueuedResult *result)
{
  return sizeof(DRT_SEARCH_RESULT) + DRT_KEY_LEN + result->payload_n;
}

HRESULT
DrtGetSearchResultSize(HDRT_SEARCH_CONTEXT hSearchContext, ULONG *pulSearchResultSize)
{
  if (pulSearchResultSize == NULL)
    return E_INVALIDARG;
  *pulSearchResultSize = 0;
  HRESULT hr;
  DrtSearch *search = find(hSearchContext, false, &hr);
  if (search == NULL)
    return hr;
  if (search->first == NULL)
    return nothing_queued(search);
  *pulSearchResultSize = (ULONG)result_size(search->first);
  return S_OK;
}

static void
fill_result(const DrtSearch *search, DrtQueuedResult *result, DRT_SEARCH_RESULT *to)
{
  uint8_t *key = (uint8_t *)(to + 1), *payload = key + DRT_KEY_LEN;
  memset(to, 0, sizeof *to);
  to->dwSize = sizeof *to;
  to->type = result->type;
  to->pvContext = search->context;
  drt_key_to_api(&result->key, key);
  to->registration.key = (DRT_DATA){ DRT_KEY_LEN, key };
  if (result->payload_n == 0)
    return;
  memcpy(payload, payload_of(result), result->payload_n);
  to->registration.appData = (DRT_DATA){ result->payload_n, payload };
}

HRESULT
DrtGetSearchResult(HDRT_SEARCH_CONTEXT hSearchContext, ULONG ulSearchResultSize,
                   DRT_SEARCH_RESULT *pSearchResult)
{
  if (ulSearchResultSize < sizeof(DRT_SEARCH_RESULT) || pSearchResult == NULL) /* DEC-34 */
    return E_INVALIDARG;
  HRESULT hr;
  DrtSearch *search = find(hSearchContext, false, &hr);
  if (search == NULL)
    return hr;
  DrtQueuedResult *result = search->first;
  if (result == NULL)
    return nothing_queued(search);
  if (ulSearchResultSize < result_size(result))
    return DRT_E_INSUFFICIENT_BUFFER;
  fill_result(search, result, pSearchResult);
  search->first = result->next;
  if (search->first == NULL)
    search->last = NULL;
  drop_result(search, search->taken);
  search->taken = result;
  /* Reset when all is read and more may come; set again for an event that resets itself (DEC-31). */
  drt_event_signal(search->instance->library, search->event, search->first != NULL || search->over);
  return S_OK;
}

static uint32_t
path_hops(const DrtSearch *search)
{
  return search->taken == NULL ? 0 : search->taken->hops;
}

static size_t
path_size(uint32_t hops)
{
  size_t size = offsetof(DRT_ADDRESS_LIST, AddressList) + hops * sizeof(DRT_ADDRESS);
  return size < sizeof(DRT_ADDRESS_LIST) ? sizeof(DRT_ADDRESS_LIST) : size;
}

HRESULT
DrtGetSearchPathSize(HDRT_SEARCH_CONTEXT hSearchContext, ULONG *pulSearchPathSize)
{
  if (pulSearchPathSize == NULL)
    return E_INVALIDARG;
  *pulSearchPathSize = 0;
  HRESULT hr;
  DrtSearch *search = find(hSearchContext, false, &hr);
  if (search == NULL)
    return hr;
  *pulSearchPathSize = (ULONG)path_size(path_hops(search));
  return S_OK;
}

HRESULT
DrtGetSearchPath(HDRT_SEARCH_CONTEXT hSearchContext, ULONG ulSearchPathSize,
                 DRT_ADDRESS_LIST *pSearchPath)
{
  if (pSearchPath == NULL || ulSearchPathSize < sizeof(DRT_ADDRESS_LIST))
    return E_INVALIDARG;
  HRESULT hr;
  DrtSearch *search = find(hSearchContext, false, &hr);
  if (search == NULL)
    return hr;
  uint32_t n = path_hops(search);
  if (ulSearchPathSize < path_size(n))
    return DRT_E_INSUFFICIENT_BUFFER;
  memset(pSearchPath, 0, path_size(n));
  pSearchPath->AddressCount = n;
  for (uint32_t i = 0; i < n; i++) {
    const DrtHop *hop = &hops_of(search->taken)[i];
    DRT_ADDRESS *address = &pSearchPath->AddressList[i];
    drt_to_sockaddr(&hop->at, &address->socketAddress);
    address->flags = hop->flags;
    address->nearness = hop->nearness;
    address->latency = hop->latency_us / 1000;
  }
  return S_OK;
}

HRESULT
DrtEndSearch(HDRT_SEARCH_CONTEXT hSearchContext)
{
  HRESULT hr;
  DrtSearch *search = find(hSearchContext, true, &hr);
  if (search == NULL)
    return hr;
  DrtInstance *instance = search->instance;
  uint64_t ticket = search->ticket;
  bool running = !search->over;
  drt_search_free(search);
  if (running && drt_node_status(instance->node) != DRT_NODE_FAULTED) {
    drt_node_search_stop(instance->node, drt_instance_now(instance), ticket,
                         &instance->library->out);
    drt_instance_carry(instance);
  }
  return S_OK;
}
