/* Every timer and limit of the protocol, by name (PROTOCOL.md 6).
 *
 * One table describes them all: what a scenario may set, what `drtsim protocol` prints, and the
 * defaults of every instance. Many instances share one DrtSettings. */
#pragma once
#include "drt-time.h"

#include <stdbool.h>
#include <stddef.h>

/* X(field, name, unit, default, least, most, source) */
#define DRT_SETTINGS_TABLE(X)                                                                      \
  X(maintenance, "maintenance", TIME, 15 * DRT_SECOND, DRT_SECOND, 86400 * DRT_SECOND,             \
    "MC-DRT 3.1.2, note 1")                                                                        \
  X(maintenance_small, "maintenance-small", TIME, 10 * DRT_SECOND, DRT_SECOND, 86400 * DRT_SECOND, \
    "MC-DRT note 1: while the cache is small")                                                     \
  X(maintenance_small_max, "maintenance-small-max", COUNT, 2, 0, 1000, "MC-DRT note 1")            \
  X(retransmit, "retransmit", TIME, DRT_SECOND, DRT_MILLISECOND, 60 * DRT_SECOND, "MC-DRT 3.1.2")  \
  X(transmissions, "transmissions", COUNT, 2, 1, 10, "MC-DRT 3.1.4.3: Retry Count")                \
  X(conversation, "conversation", TIME, 15 * DRT_SECOND, DRT_SECOND, 600 * DRT_SECOND,             \
    "MC-DRT 3.2.2")                                                                                \
  X(close_wait, "close-wait", TIME, 2 * DRT_SECOND, 0, 60 * DRT_SECOND, "H39")                     \
  X(probes, "probes", COUNT, 10, 0, 200, "MC-DRT 3.1.6.1")                                         \
  X(silent_periods, "silent-periods", COUNT, 4, 1, 31, "H30: such leaves are probed first")        \
  X(advertise_keys, "advertise-keys", COUNT, 5, 1, 32, "MC-DRT 3.2.5.3")                           \
  X(bootstrap_endpoints, "bootstrap-endpoints", COUNT, 10, 1, 20, "MC-DRT note 2, H22")            \
  X(bootstrap_parallel, "bootstrap-parallel", COUNT, 2, 1, 20, "H22")                              \
  X(bootstrap_enough, "bootstrap-enough", COUNT, 5, 1, 200, "H22: cache entries")                  \
  X(small_cache, "small-cache", COUNT, 8, 0, 200, "MC-DRT 3.1.4.4: below it the A flag is set")    \
  X(suspicious_max, "suspicious-max", COUNT, 6, 0, 100, "MC-DRT 3.1.4.4")                          \
  X(hops_max, "hops-max", COUNT, 22, 1, 100, "MC-DRT 3.1.4.4: useful hops")                        \
  X(uses_max, "uses-max", COUNT, 3, 1, 10, "MC-DRT 3.1.5.5.1: LOOKUPs to one node")                \
  X(lookup_rate_max, "lookup-rate-max", COUNT, 200, 1, 1000000, "H14: above it, too busy")         \
  X(conversations_max, "conversations-max", COUNT, 64, 1, 10000, "H14")                            \
  X(conversations_per_source, "conversations-per-source", COUNT, 4, 1, 10000, "H14")               \
  X(intakes_max, "intakes-max", COUNT, 128, 1, 10000, "H14: route entries being validated")        \
  X(resolves_max, "resolves-max", COUNT, 64, 1, 10000, "H14")                                      \
  X(request_keys_max, "request-keys-max", COUNT, 32, 1, 32, "H14")                                 \
  X(audit_lookups, "audit-lookups", COUNT, 10, 0, 100, "H37: to one member in one run; 0: none")   \
  X(gap_slots, "gap-slots", COUNT, 3, 1, 20, "H35: a wider gap is filled")                         \
  X(split_tests, "split-tests", COUNT, 1, 0, 1000000,                                              \
    "H43: expected tests of the whole cloud in one maintenance period; 0: none")                   \
  X(key_bits, "key-bits", COUNT, 1024, 1024, 4096, "3.11: RSA keys behind derived keys")           \
  X(signature_hash, "signature-hash", COUNT, 2, 1, 2, "H17: under CPAs; 1 is SHA-1, 2 SHA-256")    \
  X(certificate_hash, "certificate-hash", COUNT, 1, 1, 2, "3.13: 1 is SHA-1, 2 SHA-256")

typedef enum { DRT_SETTING_TIME, DRT_SETTING_COUNT } DrtSettingUnit;

typedef struct {
#define DRT_SETTING_FIELD(field, name, unit, value, least, most, source) int64_t field;
  DRT_SETTINGS_TABLE(DRT_SETTING_FIELD)
#undef DRT_SETTING_FIELD
} DrtSettings;

typedef struct {
  const char *name, *source;
  DrtSettingUnit unit;
  int64_t value, least, most; /* the default and its range */
  size_t offset;              /* of the int64_t in DrtSettings */
} DrtSetting;

/* All of them, in the order of the table. (transfer none) */
const DrtSetting *drt_settings_list(size_t *ret_count);
/* NULL if there is none of that name. */
const DrtSetting *drt_settings_find(const char *name);
void drt_settings_init(DrtSettings *settings);
/* False, and nothing changed, if @value is out of range. */
bool drt_settings_set(DrtSettings *settings, const DrtSetting *setting, int64_t value);
int64_t drt_settings_get(const DrtSettings *settings, const DrtSetting *setting);
