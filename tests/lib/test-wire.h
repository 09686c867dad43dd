/* Messages for tests: random valid ones, a comparison by content, and bytes written as hex text. */
#pragma once
#include "drt-message.h"

#include "test-random.h"

/* Where the views of a made message point. */
typedef struct {
  uint8_t bytes[1u << 17];
  uint32_t used;
  DrtAuthorityBody body;
} TestWireSpace;

/* Fills @msg with a random valid message of @type for @mode, of version 6.x. AUTHORITY, and REQUEST
 * in the secured modes, come whole and short enough not to be split. @space is used from its
 * start. */
void test_wire_make(TestRandom *random, DrtMsgType type, DrtMode mode, TestWireSpace *space,
                    DrtMsg *msg);
/* A body of AUTHORITY of any allowed size, so most often one that must be split. */
void test_wire_make_body(TestRandom *random, DrtMode mode, TestWireSpace *space,
                         DrtAuthorityBody *body);

/* NULL if both say the same, else the name of the part that differs. */
const char *test_wire_differ(const DrtMsg *a, const DrtMsg *b, DrtMode mode);
const char *test_wire_differ_body(const DrtAuthorityBody *a, const DrtAuthorityBody *b,
                                  DrtMode mode);
const char *test_wire_differ_request(const DrtRequestBody *a, const DrtRequestBody *b,
                                     DrtMode mode);

/* Reads pairs of hex digits, spaces allowed; "5a*31" is that byte 31 times. The number of bytes;
 * ends the test on other text. */
uint32_t test_wire_hex(const char *text, uint8_t *to, uint32_t room);

/* The eight types, for loops. */
#define TEST_WIRE_TYPES 8
extern const DrtMsgType test_wire_types[TEST_WIRE_TYPES];
