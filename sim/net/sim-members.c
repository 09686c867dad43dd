#include "sim-members.h"

#include <glib.h>
#include <string.h>

static size_t
bytes_of(uint32_t hosts)
{
  return ((size_t)hosts + 63) / 64 * sizeof(uint64_t);
}

SimMembers
sim_members_new(uint32_t hosts)
{
  return (SimMembers){ g_malloc0(MAX(bytes_of(hosts), 1)), hosts };
}

SimMembers
sim_members_copy(const SimMembers *members)
{
  SimMembers copy = sim_members_new(members->hosts);
  memcpy(copy.words, members->words, bytes_of(members->hosts));
  return copy;
}

void
sim_members_clear(SimMembers *members)
{
  g_free(members->words);
  *members = (SimMembers){ 0 };
}

bool
sim_members_equal(const SimMembers *a, const SimMembers *b)
{
  return a->hosts == b->hosts && memcmp(a->words, b->words, bytes_of(a->hosts)) == 0;
}

uint32_t
sim_members_count(const SimMembers *members)
{
  uint32_t count = 0;
  for (size_t i = 0; i < bytes_of(members->hosts) / sizeof *members->words; i++)
    count += (uint32_t)__builtin_popcountll(members->words[i]);
  return count;
}
