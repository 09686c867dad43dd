/* The numbers of the protocol: messages, fields, flags, sizes (PROTOCOL.md 2 to 4). */
#pragma once

typedef enum {
  DRT_SOLICIT = 0x01,
  DRT_ADVERTISE = 0x02,
  DRT_REQUEST = 0x03,
  DRT_FLOOD = 0x04,
  DRT_INQUIRE = 0x07,
  DRT_AUTHORITY = 0x08,
  DRT_ACK = 0x09,
  DRT_LOOKUP = 0x0b,
} DrtMsgType;

/* Field ids (2.6). An ENCRYPTED id replaces its plain one in confidential mode. */
enum {
  DRT_F_HEADER = 0x0010,
  DRT_F_ACKED = 0x0018,
  DRT_F_ID = 0x0030,
  DRT_F_TARGET = 0x0038,
  DRT_F_VALIDATE = 0x0039,
  DRT_F_FLAGS = 0x0040,
  DRT_F_FLOOD_CONTROLS = 0x0043,
  DRT_F_SOLICIT_CONTROLS = 0x0044,
  DRT_F_LOOKUP_CONTROLS = 0x0045,
  DRT_F_PAYLOAD = 0x005a,
  DRT_F_ID_ARRAY = 0x0060,
  DRT_F_CREDENTIAL = 0x0080,
  DRT_F_WCHAR = 0x0084,
  DRT_F_CLASSIFIER = 0x0085,
  DRT_F_HASHED_NONCE = 0x0092,
  DRT_F_NONCE = 0x0093,
  DRT_F_SPLIT_CONTROLS = 0x0098,
  DRT_F_ROUTE = 0x009a,
  DRT_F_CPA = 0x009b,
  DRT_F_REVOKE_CPA = 0x009c,
  DRT_F_ENDPOINT = 0x009d,
  DRT_F_ENDPOINT_ARRAY = 0x009e,
  DRT_F_KEYTOKEN = 0x009f,
  DRT_F_ENCRYPTED_ENDPOINT_ARRAY = 0x00a0,
  DRT_F_ENCRYPTED_ROUTE = 0x00a1,
  DRT_F_ENCRYPTED_CPA = 0x00a2,
  DRT_F_ENCRYPTED_CLASSIFIER = 0x00a3,
  DRT_F_ENCRYPTED_PAYLOAD = 0x00a4,
  DRT_F_SIGNATURE = 0x00a5,
  DRT_F_KEY_IDENTIFIER = 0x00a6,
};

/* Flag bits, on the big-endian integer (3.8, 4.4, 4.8). */
enum {
  DRT_INQUIRE_CPA = 0x0010,       /* A: please include the CPA */
  DRT_INQUIRE_PAYLOAD = 0x0008,   /* X: please include the extended payload */
  DRT_INQUIRE_CHAIN = 0x0004,     /* C: please include the certificate chain */
  DRT_AUTHORITY_SUSPECT = 0x0200, /* L: target unknown, though a leaf set covers it */
  DRT_AUTHORITY_BUSY = 0x0008,    /* B: too busy to serve the LOOKUP */
  DRT_AUTHORITY_UNKNOWN = 0x0001, /* N: the Validate Key is not registered here */
  DRT_ACK_UNKNOWN = 0x0001,       /* N: the same for a FLOOD */
  DRT_FLOOD_NO_ACK = 0x0001,      /* D: no ACK wanted */
  DRT_LOOKUP_ANY = 0x0002, /* A: accept nodes no closer to the target than the Validate Key */
};

/* What a LOOKUP must match (4.8). */
typedef enum {
  DRT_CRITERIA_EXACT = 0x00,
  DRT_CRITERIA_PREFIX_128 = 0x01,
  DRT_CRITERIA_NEAREST = 0x02,
  DRT_CRITERIA_NEAREST_192 = 0x04,
  DRT_CRITERIA_UPPER_BITS = 0x08,
} DrtCriteria;

/* Why a LOOKUP is made (4.8). Receivers ignore it. */
typedef enum {
  DRT_REASON_APPLICATION = 0,
  DRT_REASON_REGISTRATION = 1,
  DRT_REASON_CACHE = 2,
  DRT_REASON_SPLIT = 3,
} DrtReason;

/* The security mode of the cloud (1.4). */
typedef enum {
  DRT_MODE_RESOLVE = 0,
  DRT_MODE_MEMBERSHIP = 1,
  DRT_MODE_CONFIDENTIAL = 2,
} DrtMode;

enum {
  DRT_HEADER_LEN = 12,
  DRT_IDENTIFIER = 0x51,
  DRT_NONCE_LEN = 16,
  DRT_HASH_LEN = 20,
  DRT_ROUTE_FIXED_LEN = 38, /* a route entry without its addresses */
  DRT_ENDPOINT_LEN = 18,
  DRT_ARRAY_LEN = 8, /* the preamble of a FIELD_ARRAY */
  DRT_PATH_MAX = 22,
  DRT_KEYS_MAX = 32, /* in one ADVERTISE or REQUEST (H14) */
  DRT_PAYLOAD_MAX = 5120,
  DRT_SPLIT_BODY = 28,     /* where the split part of AUTHORITY, and of a secured REQUEST, starts */
  DRT_FRAGMENT_LEN = 1188, /* of every fragment but the last */
  DRT_FRAGMENTS_MAX = 32,
  DRT_SPLIT_SIZE_MAX = 0x91e4,
  DRT_DATAGRAM_MAX = 65507 /* what UDP can carry */
};
