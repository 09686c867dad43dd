/* Reassembly against a model that keeps every whole in plain arrays (mc-drt 2.8). Used by a test
 * and by a fuzzer: no Criterion in here. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Takes @script as steps of four bytes: what (a piece, time, a timer expiry), whose, which piece,
 * and how it is bent. NULL if all went as in the model, else the first difference. */
const char *test_fragment_run(const uint8_t *script, size_t size);
