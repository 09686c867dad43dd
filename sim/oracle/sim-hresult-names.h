/* The results of calls, as scenarios and traces call them. */
#pragma once
#include "drt.h"

/* X(NAME) */
#define SIM_HRESULT_TABLE(X)                                                                       \
  X(S_OK)                                                                                          \
  X(E_NOTIMPL)                                                                                     \
  X(E_FAIL)                                                                                        \
  X(E_UNEXPECTED)                                                                                  \
  X(E_HANDLE)                                                                                      \
  X(E_OUTOFMEMORY)                                                                                 \
  X(E_INVALIDARG)                                                                                  \
  X(DRT_E_TIMEOUT)                                                                                 \
  X(DRT_E_INVALID_KEY_SIZE)                                                                        \
  X(DRT_E_INVALID_CERT_CHAIN)                                                                      \
  X(DRT_E_INVALID_MESSAGE)                                                                         \
  X(DRT_E_NO_MORE)                                                                                 \
  X(DRT_E_INVALID_MAX_ADDRESSES)                                                                   \
  X(DRT_E_SEARCH_IN_PROGRESS)                                                                      \
  X(DRT_E_INVALID_KEY)                                                                             \
  X(DRT_S_RETRY)                                                                                   \
  X(DRT_E_INVALID_MAX_ENDPOINTS)                                                                   \
  X(DRT_E_INVALID_SEARCH_RANGE)                                                                    \
  X(DRT_E_INVALID_PORT)                                                                            \
  X(DRT_E_INVALID_TRANSPORT_PROVIDER)                                                              \
  X(DRT_E_INVALID_SECURITY_PROVIDER)                                                               \
  X(DRT_E_STILL_IN_USE)                                                                            \
  X(DRT_E_INVALID_BOOTSTRAP_PROVIDER)                                                              \
  X(DRT_E_INVALID_ADDRESS)                                                                         \
  X(DRT_E_INVALID_SCOPE)                                                                           \
  X(DRT_E_TRANSPORT_SHUTTING_DOWN)                                                                 \
  X(DRT_E_NO_ADDRESSES_AVAILABLE)                                                                  \
  X(DRT_E_DUPLICATE_KEY)                                                                           \
  X(DRT_E_TRANSPORTPROVIDER_IN_USE)                                                                \
  X(DRT_E_TRANSPORTPROVIDER_NOT_ATTACHED)                                                          \
  X(DRT_E_SECURITYPROVIDER_IN_USE)                                                                 \
  X(DRT_E_SECURITYPROVIDER_NOT_ATTACHED)                                                           \
  X(DRT_E_BOOTSTRAPPROVIDER_IN_USE)                                                                \
  X(DRT_E_BOOTSTRAPPROVIDER_NOT_ATTACHED)                                                          \
  X(DRT_E_TRANSPORT_ALREADY_BOUND)                                                                 \
  X(DRT_E_TRANSPORT_NOT_BOUND)                                                                     \
  X(DRT_E_TRANSPORT_UNEXPECTED)                                                                    \
  X(DRT_E_TRANSPORT_INVALID_ARGUMENT)                                                              \
  X(DRT_E_TRANSPORT_NO_DEST_ADDRESSES)                                                             \
  X(DRT_E_TRANSPORT_EXECUTING_CALLBACK)                                                            \
  X(DRT_E_TRANSPORT_ALREADY_EXISTS_FOR_SCOPE)                                                      \
  X(DRT_E_INVALID_SETTINGS)                                                                        \
  X(DRT_E_INVALID_SEARCH_INFO)                                                                     \
  X(DRT_E_FAULTED)                                                                                 \
  X(DRT_E_TRANSPORT_STILL_BOUND)                                                                   \
  X(DRT_E_INSUFFICIENT_BUFFER)                                                                     \
  X(DRT_E_INVALID_INSTANCE_PREFIX)                                                                 \
  X(DRT_E_INVALID_SECURITY_MODE)                                                                   \
  X(DRT_E_CAPABILITY_MISMATCH)
