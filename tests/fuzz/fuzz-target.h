/* What a fuzz target defines, under the name that libFuzzer looks for. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Does one thing with @size bytes at @data, which nobody may trust. Returns 0; a mistake that it
 * finds ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
