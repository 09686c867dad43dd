/* Messages as they are typical, to be encoded and decoded many times. Resolve mode: one address, five keys,
 * five nodes on the path. To decode AUTHORITY means the datagram and the AUTHORITY_BUFFER in it. */
#pragma once
#include <stdint.h>

/* "solicit", "authority-hop"...; NULL behind the last. */
const char *sim_bench_message_name(unsigned i);
/* Encodes message @i so many times, at least once. The size of its datagram. */
uint32_t sim_bench_encode(unsigned i, uint64_t count);
/* Decodes it so many times. NULL, or why it was rejected, which is a mistake of ours. */
const char *sim_bench_decode(unsigned i, uint64_t count);
