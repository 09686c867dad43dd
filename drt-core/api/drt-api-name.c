/* The name of an instance: prefix, process, counter (1.4, DEC-49). The core knows no process, so its
 * place in the name holds the number of the machine's library, which is 1. */
#include "drt-api-private.h"

#define NAME_MAX (DRT_MAX_INSTANCE_PREFIX_LEN + 24)

static uint32_t
put_number(wchar_t *to, uint32_t number)
{
  wchar_t digits[10];
  uint32_t n = 0;
  do {
    digits[n++] = (wchar_t)(L'0' + number % 10);
    number /= 10;
  } while (number > 0);
  for (uint32_t i = 0; i < n; i++)
    to[i] = digits[n - 1 - i];
  return n;
}

/* The terminator included. */
static uint32_t
build(const DrtInstance *instance, wchar_t name[NAME_MAX])
{
  uint32_t n = instance->prefix_n;
  if (n > 0)
    memcpy(name, instance->prefix, n * sizeof *name);
  name[n++] = L'_';
  name[n++] = L'1';
  name[n++] = L'_';
  n += put_number(name + n, instance->number);
  name[n++] = L'\0';
  return n;
}

HRESULT
DrtGetInstanceNameSize(HDRT hDrt, ULONG *pulcbInstanceNameSize)
{
  if (pulcbInstanceNameSize == NULL)
    return E_INVALIDARG;
  *pulcbInstanceNameSize = 0;
  HRESULT hr;
  wchar_t name[NAME_MAX];
  const DrtInstance *instance = drt_instance_get(hDrt, true, &hr);
  if (instance == NULL)
    return hr;
  *pulcbInstanceNameSize = build(instance, name) * (ULONG)sizeof *name;
  return S_OK;
}

HRESULT
DrtGetInstanceName(HDRT hDrt, ULONG ulcbInstanceNameSize, PWSTR pwzDrtInstanceName)
{
  if (pwzDrtInstanceName == NULL)
    return E_INVALIDARG;
  HRESULT hr;
  wchar_t name[NAME_MAX];
  const DrtInstance *instance = drt_instance_get(hDrt, true, &hr);
  if (instance == NULL)
    return hr;
  uint32_t n = build(instance, name);
  if (ulcbInstanceNameSize < n * sizeof *name)
    return DRT_E_INSUFFICIENT_BUFFER;
  memcpy(pwzDrtInstanceName, name, n * sizeof *name);
  return S_OK;
}
