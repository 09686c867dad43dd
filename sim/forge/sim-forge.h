/* Datagrams that no honest node would send. */
#pragma once
#include "drt.h"

#include <stdint.h>

#define SIM_FORGE_MAX 2048

/* What every message begins with. */
typedef struct {
  uint8_t major, minor;
  uint32_t id;
  const uint8_t *sender; /* 18 bytes: the endpoint that the message calls its own */
} SimForgeHead;

/* A FLOOD that wants no ACK, with an entry for @key (most significant byte first) at this endpoint.
 * The length. */
uint32_t sim_forge_entry(const SimForgeHead *head, const uint8_t key[32],
                         const uint8_t endpoint[18], uint8_t to[SIM_FORGE_MAX]);
/* One with this revoke, which somebody else has made; 0 if it does not fit. */
uint32_t sim_forge_revoke(const SimForgeHead *head, DRT_DATA revoke, uint8_t to[SIM_FORGE_MAX]);
