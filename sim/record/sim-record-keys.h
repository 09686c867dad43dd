/* The keys that have been spoken of, each with its number in the trace. */
#pragma once
#include "sim-world.h"

typedef struct {
  struct SimRecordKey *slots;
  uint32_t count, size; /* a power of two */
} SimRecordKeys;

void sim_record_keys_init(SimRecordKeys *keys);
void sim_record_keys_clear(SimRecordKeys *keys);
/* The number of the key, from 1; *ret_new: it was not there before. */
int64_t sim_record_keys_number(SimRecordKeys *keys, const SimKey *key, bool *ret_new);
