/* What expectations can watch for: events that an application gets, and datagrams by type and
 * field. */
#pragma once
#include "sim-world.h" /* SimKey */

/* X(ENUM, "name", keys): how many keys the event tells: none, the one registered here (KEY), or a
 * neighbour's besides (REMOTE) */
#define SIM_EVENT_TABLE(X)                                                                         \
  X(STATUS_ACTIVE, "status-active", NONE)                                                          \
  X(STATUS_ALONE, "status-alone", NONE)                                                            \
  X(STATUS_NO_NETWORK, "status-no-network", NONE)                                                  \
  X(STATUS_FAULTED, "status-faulted", NONE)                                                        \
  X(LEAFSET_ADDED, "leafset-added", REMOTE)                                                        \
  X(LEAFSET_DELETED, "leafset-deleted", REMOTE)                                                    \
  X(REGISTRATION_UNRESOLVABLE, "registration-unresolvable", KEY)

typedef enum { SIM_EVENT_KEYS_NONE, SIM_EVENT_KEYS_KEY, SIM_EVENT_KEYS_REMOTE } SimEventKeys;

typedef enum {
#define SIM_EVENT_ENUM(name, text, keys) SIM_EVENT_##name,
  SIM_EVENT_TABLE(SIM_EVENT_ENUM)
#undef SIM_EVENT_ENUM
    SIM_EVENTS,
} SimEventKind;

/* X(ENUM and name, number on the wire) */
#define SIM_MESSAGE_TABLE(X)                                                                       \
  X(SOLICIT, 0x01)                                                                                 \
  X(ADVERTISE, 0x02)                                                                               \
  X(REQUEST, 0x03)                                                                                 \
  X(FLOOD, 0x04)                                                                                   \
  X(INQUIRE, 0x07)                                                                                 \
  X(AUTHORITY, 0x08)                                                                               \
  X(ACK, 0x09)                                                                                     \
  X(LOOKUP, 0x0b)

typedef enum {
#define SIM_MESSAGE_ENUM(name, number) SIM_MESSAGE_##name,
  SIM_MESSAGE_TABLE(SIM_MESSAGE_ENUM)
#undef SIM_MESSAGE_ENUM
    SIM_MESSAGES, /* also: any type */
} SimMessageType;

/* X(ENUM, "name", the types that can have it, as a mask) */
#define SIM_FIELD_TABLE(X)                                                                         \
  X(FLAG, "flag",                                                                                  \
    1 << SIM_MESSAGE_FLOOD | 1 << SIM_MESSAGE_INQUIRE | 1 << SIM_MESSAGE_AUTHORITY |               \
      1 << SIM_MESSAGE_ACK | 1 << SIM_MESSAGE_LOOKUP)                                              \
  X(REVOKE, "revoke", 1 << SIM_MESSAGE_FLOOD)                                                      \
  X(ENTRY, "entry",                                                                                \
    1 << SIM_MESSAGE_SOLICIT | 1 << SIM_MESSAGE_ADVERTISE | 1 << SIM_MESSAGE_REQUEST |             \
      1 << SIM_MESSAGE_FLOOD | 1 << SIM_MESSAGE_AUTHORITY | 1 << SIM_MESSAGE_LOOKUP)               \
  X(VALIDATE, "validate",                                                                          \
    1 << SIM_MESSAGE_FLOOD | 1 << SIM_MESSAGE_INQUIRE | 1 << SIM_MESSAGE_LOOKUP)                   \
  X(TARGET, "target", 1 << SIM_MESSAGE_LOOKUP)

typedef enum {
#define SIM_FIELD_ENUM(name, text, types) SIM_FIELD_##name,
  SIM_FIELD_TABLE(SIM_FIELD_ENUM)
#undef SIM_FIELD_ENUM
    SIM_FIELDS,
} SimMessageField;

/* One field of a message, and the value that it is to have. */
typedef struct {
  SimMessageField field;
  uint32_t flags; /* FLAG: these bits are set */
  SimKey key;     /* the others */
} SimFieldMatch;
