/* Bytes known to be right: the examples of mc-drt 9.6, and more built by hand from its tables. */
#pragma once
#include "test-wire-kind.h"

typedef struct {
  const char *name;
  TestWireKind kind;
  DrtMode mode;
  uint32_t n;      /* counted by hand, from the tables as well */
  bool is_encoded; /* an encoder writes exactly this; else it is only accepted */
  const char *hex;
} TestWireVector;

extern const TestWireVector test_wire_vectors[];
extern const uint32_t test_wire_vector_count;

/* The vector of that name; ends the test if there is none. */
const TestWireVector *test_wire_vector(const char *name);
/* Its bytes, in a piece of memory that is exactly as long: to be freed. (transfer full) */
uint8_t *test_wire_vector_bytes(const TestWireVector *vector);
