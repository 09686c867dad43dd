/* A datagram as an onlooker sees it: its type, and what it says of keys. */
#pragma once
#include "sim-watch-names.h"

#include "drt-message.h"

typedef struct {
  SimMessageType type; /* SIM_MESSAGES: no message of ours */
  DrtMsg msg;          /* a view of the datagram's bytes */
  DrtAuthorityBody body;
  bool has_body;
} SimSeen;

/* What the header says it is; SIM_MESSAGES if that is none of ours. */
SimMessageType sim_seen_type(const uint8_t *bytes, uint32_t n);
/* In the clear: what is encrypted shows its type alone. */
void sim_seen_read(SimSeen *seen, DRT_SECURITY_MODE mode, const uint8_t *bytes, uint32_t n);
/* What a message is about, for traces. */
typedef struct {
  uint32_t flags;
  bool has_key, revoke; /* @revoke: it says that the key is gone */
  SimKey key; /* the target of a LOOKUP, the key to validate of an INQUIRE, else the entry */
} SimSeenAbout;

void sim_seen_about(const SimSeen *seen, SimSeenAbout *ret);
bool sim_seen_has(const SimSeen *seen, const SimFieldMatch *match);
