/* The nine messages of mc-drt 9.6, and ACK with N, come first, as they stand there. In the others
 * the comments count the bytes. */
#include "test-wire-vectors.h"

#include "test-wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adjacent strings and macros, laid out as the bytes are: */
/* clang-format off */
#define KEY(first) first " 00*31 "                                              /* 32 */
#define ADDRESS(last) "20010db8 00*11 " last " "                                /* 16 */
#define ENDPOINT(port, last) port " " ADDRESS(last)                             /* 18 */
#define ROUTE(first, port, last) KEY(first) "0665 " port " 0001 " ADDRESS(last) /* 54 */
#define NONCE "a0a1a2a3 a4a5a6a7 a8a9aaab acadaeaf "                            /* 16 */
#define HASH "56178b86 a57fac22 899a9964 185c2cc9 6e7da589 "                    /* 20 */

#define HEADER(type) "0010000c 510665" type " 11223344 "               /* 12 */
#define HASHED_NONCE "0092 0018 " HASH                                 /* 24 */
#define NONCE_FIELD "0093 0014 " NONCE                                 /* 20 */
#define ACKED(id) "0018 0008 " id " "                                  /* 8 */
#define SPLIT(size, offset) "0098 0008 " size " " offset " "           /* 8 */
#define FLAGS(flags) "0040 0006 " flags " 0000 "                       /* 8 */
#define FLOOD_CONTROLS "0043 0007 0000 00 00 "                         /* 8 */
#define LOOKUP_CONTROLS "0045 000c 0000 0080 08 02 0000 "              /* 12 */
#define TARGET(first) "0038 0024 " KEY(first)                          /* 36 */
#define VALIDATE(first) "0039 0024 " KEY(first)                        /* 36 */
#define ROUTE_FIELD "009a 003a " ROUTE("80", "c353", "0c")             /* 58 */
#define PATH_1 "009e 001e 0001 001a 009d 0012 " ENDPOINT("c352", "0b") /* 30 */
#define PATH_0 "009e 000c 0000 0008 009d 0012 "                        /* 12 */

/* 22 endpoints, 396 bytes */
#define ENDPOINTS_22                                                                               \
  ENDPOINT("0400", "01") ENDPOINT("0401", "02") ENDPOINT("0402", "03") ENDPOINT("0403", "04")      \
  ENDPOINT("0404", "05") ENDPOINT("0405", "06") ENDPOINT("0406", "07") ENDPOINT("0407", "08")      \
  ENDPOINT("0408", "09") ENDPOINT("0409", "0a") ENDPOINT("040a", "0b") ENDPOINT("040b", "0c")      \
  ENDPOINT("040c", "0d") ENDPOINT("040d", "0e") ENDPOINT("040e", "0f") ENDPOINT("040f", "10")      \
  ENDPOINT("0410", "11") ENDPOINT("0411", "12") ENDPOINT("0412", "13") ENDPOINT("0413", "14")      \
  ENDPOINT("0414", "15") ENDPOINT("ffff", "16")

/* 20 addresses, 320 bytes */
#define ADDRESSES_4 ADDRESS("01") ADDRESS("02") ADDRESS("03") ADDRESS("04")
#define ADDRESSES_20                                                                               \
  ADDRESSES_4                                                                                      \
  ADDRESS("05") ADDRESS("06") ADDRESS("07") ADDRESS("08") ADDRESS("09") ADDRESS("0a")              \
  ADDRESS("0b") ADDRESS("0c") ADDRESS("0d") ADDRESS("0e") ADDRESS("0f") ADDRESS("10")              \
  ADDRESS("11") ADDRESS("12") ADDRESS("13") ADDRESS("14")
#define ROUTE_4 KEY("80") "0665 c353 0004 " ADDRESSES_4   /* 102 */
#define ROUTE_20 KEY("80") "0665 c353 0014 " ADDRESSES_20 /* 358 */

/* 3.10: 6 + 20 + 2 + 140 = 168 */
#define PUBLIC_KEY                                                                                 \
  "14 0200 8c00 00 312e322e3834302e3131333534392e312e312e31 0500 "                                 \
  "308189 02818100 c3 5c*126 3c 0203010001 "
/* 3.9 up to the service addresses: 1 + 130 + 4 + 34 + 18 + 168 = 355 */
#define CPA(nonce) "00 8200 e1 e2*126 e3 06 65 01 00 2000 " KEY("80") "1000 " nonce " " PUBLIC_KEY
#define CPA_REVOKE CPA("00*16") "0000 1200 "                 /* 359 */
#define CPA_1 CPA(NONCE) "0100 1200 " ENDPOINT("c353", "0c") /* 377 */
/* 431 */
#define CPA_4                                                                                      \
  CPA(NONCE) "0400 1200 " ENDPOINT("c353", "01") ENDPOINT("c353", "02")                            \
  ENDPOINT("c353", "03") ENDPOINT("c353", "04")
/* 3.19 and 8.8 up to the addresses: 4 + 34 + 129 + 17 + 4 + 6 + 7 + 4 = 205 */
#define NULL_CPA(nonce, flags)                                                                     \
  "06 65 01 00 0020 " KEY("80") "80 00*128 10 " nonce " " flags                                    \
  " 07 0000 0004 00 302e302e302e30 00000000 "
#define NULL_ADDRESS(last) "0012 " ENDPOINT("c353", last) /* 20 */

const TestWireVector test_wire_vectors[] = {
  { "solicit", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 96, true,
    "0010 000c 5106 6501 1122 3344 009a 003a 1000 0000 0000 0000 0000 0000 0000 0000"
    "0000 0000 0000 0000 0000 0000 0000 0000 0665 c351 0001 2001 0db8 0000 0000 0000"
    "0000 0000 000a 0000 0092 0018 5617 8b86 a57f ac22 899a 9964 185c 2cc9 6e7d a589" },
  { "advertise", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 120, true,
    "0010 000c 5106 6502 5566 7788 0018 0008 1122 3344 0060 004c 0002 0048 0030 0020"
    "4000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "8000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "0092 0018 5617 8b86 a57f ac22 899a 9964 185c 2cc9 6e7d a589" },
  { "request", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 108, true,
    "0010 000c 5106 6503 1122 3345 0093 0014 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f"
    "0060 004c 0002 0048 0030 0020 4000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "0000 0000 0000 0000 0000 0000 8000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "0000 0000 0000 0000 0000 0000" },
  { "ack", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 20, true,
    "0010 000c 5106 6509 5566 7789 0018 0008 1122 3345" },
  { "flood", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 146, true,
    "0010 000c 5106 6504 5566 778a 0043 0007 0001 0000 0039 0024 1000 0000 0000 0000"
    "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 009a 003a 8000 0000"
    "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0665 c353"
    "0001 2001 0db8 0000 0000 0000 0000 0000 000c 0000 009e 001e 0001 001a 009d 0012"
    "c352 2001 0db8 0000 0000 0000 0000 0000 000b" },
  { "inquire", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 76, true,
    "0010 000c 5106 6507 1122 3346 0040 0006 0014 0000 0039 0024 8000 0000 0000 0000"
    "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0093 0014 a0a1 a2a3"
    "a4a5 a6a7 a8a9 aaab acad aeaf" },
  { "authority-unknown", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 36, true,
    "0010 000c 5106 6508 99aa bbcc 0018 0008 1122 3346 0098 0008 0008 0000 0040 0006"
    "0001 0000" },
  { "lookup", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 186, true,
    "0010 000c 5106 650b 1122 3347 0045 000c 0002 0000 0001 0000 0038 0024 1000 0000"
    "0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0001 0039 0024"
    "4000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "009a 003a 1000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "0000 0000 0665 c351 0001 2001 0db8 0000 0000 0000 0000 0000 000a 0000 009e 001e"
    "0001 001a 009d 0012 c351 2001 0db8 0000 0000 0000 0000 0000 000a" },
  { "authority-next-hop", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 96, true,
    "0010 000c 5106 6508 5566 778b 0018 0008 1122 3347 0098 0008 0044 0000 0040 0006"
    "0000 0000 009a 003a f000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000"
    "0000 0000 0000 0000 0665 c354 0001 2001 0db8 0000 0000 0000 0000 0000 000d 0000" },
  { "ack-unknown", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 26, true,
    "0010 000c 5106 6509 99aa bbcd 0018 0008 5566 778c 0040 0006 0001" },

  /* 2.7, 4.1 */
  { "solicit-bare", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 36, true, HEADER("01") HASHED_NONCE },
  /* 4.2: 12 + 8 + 12 + 24 */
  { "advertise-empty", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 56, true,
    HEADER("02") ACKED("01020304") "0060 000c 0000 0008 0030 0020 " HASHED_NONCE },
  /* H14: 12 + 8 + (12 + 32 * 32) + 24 */
  { "advertise-32-keys", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 1080, true,
    HEADER("02") ACKED("01020304") "0060 040c 0020 0408 0030 0020 "
    KEY("01") KEY("02") KEY("03") KEY("04") KEY("05") KEY("06") KEY("07") KEY("08")
    KEY("09") KEY("0a") KEY("0b") KEY("0c") KEY("0d") KEY("0e") KEY("0f") KEY("10")
    KEY("11") KEY("12") KEY("13") KEY("14") KEY("15") KEY("16") KEY("17") KEY("18")
    KEY("19") KEY("1a") KEY("1b") KEY("1c") KEY("1d") KEY("1e") KEY("1f") KEY("20")
    HASHED_NONCE },
  /* 4.3: 28, then 20 + 76 + (4 + 5 + 3) + (4 + 6 + 2) + (4 + 3) = 127 */
  { "request-membership", TEST_WIRE_DATAGRAM, DRT_MODE_MEMBERSHIP, 155, true,
    HEADER("03") FLAGS("0000") SPLIT("007f", "0000") NONCE_FIELD
    "0060 004c 0002 0048 0030 0020 " KEY("40") KEY("80")
    "0080 0009 c1c2c3c4c5 000000 00a5 000a d1d2d3d4d5d6 0000 00a6 0007 e1e2e3" },
  /* 2.8: the second of two fragments of 1200 */
  { "request-fragment", TEST_WIRE_DATAGRAM, DRT_MODE_CONFIDENTIAL, 40, true,
    HEADER("03") FLAGS("0000") SPLIT("04b0", "04a4") "f0f1f2f3 f4f5f6f7 f8f9fafb" },
  /* 4.5: 12 + 8 + 36 */
  { "inquire-bare", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 56, true,
    HEADER("07") FLAGS("0000") VALIDATE("80") },
  /* 8.8: an empty proof is three fields of length 4. 76 + 12 */
  { "inquire-membership", TEST_WIRE_DATAGRAM, DRT_MODE_MEMBERSHIP, 88, true,
    HEADER("07") FLAGS("001c") VALIDATE("80") NONCE_FIELD "0080 0004 00a5 0004 00a6 0004" },
  /* 76 - 20 + (4 + 2 + 2) + (4 + 1 + 3) + (4 + 3) */
  { "inquire-confidential", TEST_WIRE_DATAGRAM, DRT_MODE_CONFIDENTIAL, 79, true,
    HEADER("07") FLAGS("0000") VALIDATE("00")
    "0080 0006 c1c2 0000 00a5 0005 d1 000000"
    "00a6 0007 e1e2e3" },
  /* H13: no endpoints, and nothing else either. 12 + 8 + 36 + 12 */
  { "flood-bare", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 68, true,
    HEADER("04") FLOOD_CONTROLS VALIDATE("00") PATH_0 },
  /* 9.6: 12 + 8 + 36 + (4 + 359 + 1) + 30 */
  { "flood-revoke", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 450, true,
    HEADER("04") FLOOD_CONTROLS VALIDATE("10") "009c 016b " CPA_REVOKE "00 " PATH_1 },
  /* H6: 56 + (4 + 5 + 3) + (4 + 6 + 2) + (4 + 7 + 1) + (4 + 3) */
  { "flood-confidential", TEST_WIRE_DATAGRAM, DRT_MODE_CONFIDENTIAL, 99, true,
    HEADER("04") FLOOD_CONTROLS VALIDATE("10")
    "009f 0009 a1a2a3a4a5 000000"
    "00a2 000a b1b2b3b4b5b6 0000"
    "009a 000b c1c2c3c4c5c6c7 00"
    "00a0 0007 d1d2d3" },
  /* H6: the other id of the route entry is accepted, not sent */
  { "flood-confidential-a1", TEST_WIRE_DATAGRAM, DRT_MODE_CONFIDENTIAL, 87, false,
    HEADER("04") FLOOD_CONTROLS VALIDATE("10")
    "009f 0009 a1a2a3a4a5 000000"
    "00a1 000b c1c2c3c4c5c6c7 00"
    "00a0 0007 d1d2d3" },
  /* 2.7: 96 + 30 */
  { "lookup-bare", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 126, true,
    HEADER("0b") LOOKUP_CONTROLS TARGET("40") VALIDATE("80") PATH_1 },
  /* 2.7: the largest of resolve mode. 96 + (4 + 358 + 2) + (12 + 396) */
  { "lookup-22", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 868, true,
    HEADER("0b") LOOKUP_CONTROLS TARGET("40") VALIDATE("80")
    "009a 016a " ROUTE_20 "0000 009e 0198 0016 0194 009d 0012 " ENDPOINTS_22 },
  /* H4: 96 + (30 + 2) + 4 + 4 + 5 */
  { "lookup-membership", TEST_WIRE_DATAGRAM, DRT_MODE_MEMBERSHIP, 141, true,
    HEADER("0b") LOOKUP_CONTROLS TARGET("40") VALIDATE("80") PATH_1
    "0000 0080 0004 00a5 0004 00a6 0005 e1" },
  /* H6: 96 + (4 + 4) + (4 + 5 + 3) + (4 + 6 + 2) + (4 + 1 + 3) + (4 + 2 + 2) + 4 */
  { "lookup-confidential", TEST_WIRE_DATAGRAM, DRT_MODE_CONFIDENTIAL, 148, true,
    HEADER("0b") LOOKUP_CONTROLS TARGET("40") VALIDATE("80")
    "009f 0008 a1a2a3a4"
    "00a1 0009 b1b2b3b4b5 000000"
    "00a0 000a c1c2c3c4c5c6 0000"
    "0080 0005 d1 000000"
    "00a5 0006 e1e2 0000 00a6 0004" },
  /* 9.6: 28 + 8 + 4 + 377; Size 389 */
  { "authority-cpa", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 417, true,
    HEADER("08") ACKED("11223346") SPLIT("0185", "0000") FLAGS("0000") "009b 017d " CPA_1 },
  /* 4.6: 28 + 8 + (4 + 7 + 1) + (12 + 6 + 2) + (4 + 5 + 3) + 60 + (4 + 2); Size 118 */
  { "authority-full", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 146, true,
    HEADER("08") ACKED("11223346") SPLIT("0076", "0000") FLAGS("0209")
    "0080 000b a1a2a3a4a5a6a7 00 0085 0012 0003 000e 0084 0002 4400 7200 7400 0000"
    "005a 0009 b1b2b3b4b5 000000 " ROUTE_FIELD "0000 009b 0006 c1c2" },
  /* 28 + 8 + (4 + 1 + 3) + (4 + 5 + 3) + (4 + 6 + 2) + (4 + 7 + 1) + 4 + (4 + 1); Size 61 */
  { "authority-confidential", TEST_WIRE_DATAGRAM, DRT_MODE_CONFIDENTIAL, 89, true,
    HEADER("08") ACKED("11223346") SPLIT("003d", "0000") FLAGS("0000")
    "0080 0005 a1 000000 009f 0009 b1b2b3b4b5 000000 00a3 000a c1c2c3c4c5c6 0000"
    "00a4 000b d1d2d3d4d5d6d7 00 00a1 0004 00a2 0005 e1" },
  /* H4: the padding behind the flags may be missing */
  { "authority-34", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 34, false,
    HEADER("08") ACKED("11223346") SPLIT("0006", "0000") "0040 0006 0008" },
  /* 2.8: the last of 32 fragments: 37348 - 31 * 1188 = 520 */
  { "authority-fragment", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 548, true,
    HEADER("08") ACKED("11223346") SPLIT("91e4", "8fdc") "f1 5a*518 f2" },
  /* H4 */
  { "ack-unknown-28", TEST_WIRE_DATAGRAM, DRT_MODE_RESOLVE, 28, false,
    HEADER("09") ACKED("5566778c") FLAGS("0001") },

  /* 3.2, 3.17, 3.9 to 3.12, 3.19 with 8.8, 3.15 */
  { "route-1", TEST_WIRE_ROUTE, DRT_MODE_RESOLVE, 54, true, ROUTE("80", "c353", "0c") },
  { "route-4", TEST_WIRE_ROUTE, DRT_MODE_RESOLVE, 102, true, ROUTE_4 },
  { "route-20", TEST_WIRE_ROUTE, DRT_MODE_RESOLVE, 358, true, ROUTE_20 },
  { "path-2", TEST_WIRE_PATH, DRT_MODE_RESOLVE, 44, true,
    "0002 002c 009d 0012 " ENDPOINT("c352", "0b") ENDPOINT("0400", "0c") },
  { "path-22", TEST_WIRE_PATH, DRT_MODE_RESOLVE, 404, true, "0016 0194 009d 0012 " ENDPOINTS_22 },
  { "cpa-revoke", TEST_WIRE_CPA, DRT_MODE_RESOLVE, 359, true, CPA_REVOKE },
  { "cpa-1", TEST_WIRE_CPA, DRT_MODE_RESOLVE, 377, true, CPA_1 },
  { "cpa-4", TEST_WIRE_CPA, DRT_MODE_RESOLVE, 431, true, CPA_4 },
  { "null-cpa-revoke", TEST_WIRE_NULL_CPA, DRT_MODE_RESOLVE, 206, true,
    NULL_CPA("00*16", "00000001") "00" },
  { "null-cpa-1", TEST_WIRE_NULL_CPA, DRT_MODE_RESOLVE, 226, true,
    NULL_CPA(NONCE, "00000000") "01" NULL_ADDRESS("0c") },
  { "null-cpa-4", TEST_WIRE_NULL_CPA, DRT_MODE_RESOLVE, 286, true,
    NULL_CPA(NONCE, "00000000") "04" NULL_ADDRESS("01") NULL_ADDRESS("02") NULL_ADDRESS("03")
    NULL_ADDRESS("04") },
  { "public-key", TEST_WIRE_PUBLIC_KEY, DRT_MODE_RESOLVE, 168, true, PUBLIC_KEY },
  { "keytoken", TEST_WIRE_KEYTOKEN, DRT_MODE_RESOLVE, 68, true,
    "1000 00*6 " NONCE "4b44424d 01000000 20000000 b1 b2*30 b3" },
};
/* clang-format on */
const uint32_t test_wire_vector_count = sizeof test_wire_vectors / sizeof *test_wire_vectors;

const TestWireVector *
test_wire_vector(const char *name)
{
  for (uint32_t i = 0; i < test_wire_vector_count; i++)
    if (strcmp(test_wire_vectors[i].name, name) == 0)
      return &test_wire_vectors[i];
  fprintf(stderr, "no vector of the name %s\n", name);
  abort();
}

uint8_t *
test_wire_vector_bytes(const TestWireVector *vector)
{
  uint8_t *bytes = malloc(vector->n);
  if (bytes == NULL || test_wire_hex(vector->hex, bytes, vector->n) != vector->n) {
    fprintf(stderr, "%s is not %u bytes long\n", vector->name, vector->n);
    abort();
  }
  return bytes;
}
