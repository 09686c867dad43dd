/* A set of hosts, by number: what link rules, cuts and holds are about. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t *words;
  uint32_t hosts; /* numbers run from 0 to hosts - 1 */
} SimMembers;

/* (transfer full) Nobody yet. Its words go with g_free(). */
SimMembers sim_members_new(uint32_t hosts);
SimMembers sim_members_copy(const SimMembers *members);
void sim_members_clear(SimMembers *members);
bool sim_members_equal(const SimMembers *a, const SimMembers *b);
uint32_t sim_members_count(const SimMembers *members);

static inline void
sim_members_add(SimMembers *members, uint32_t host)
{
  members->words[host / 64] |= UINT64_C(1) << host % 64;
}

static inline bool
sim_members_has(const SimMembers *members, uint32_t host)
{
  return (members->words[host / 64] >> host % 64 & 1) != 0;
}
