#include "sim-link.h"

#define IPV6_HEADER 40
#define UDP_HEADER 8
#define PIECE_HEADER 8 /* of each fragment */
#define IPV6_MTU_MIN 1280

__extension__ typedef unsigned __int128 Wide;

SimChance
sim_chance(uint64_t of, uint64_t among)
{
  return of >= among ? SIM_CHANCE_ALWAYS : (SimChance)(((Wide)of << 64) / among);
}

void
sim_link_apply(SimLink *to, const SimLink *from, unsigned fields)
{
  if (fields & SIM_LINK_LATENCY) {
    to->latency_kind = from->latency_kind;
    to->latency = from->latency;
    to->across = from->across;
    to->matrix = from->matrix;
  }
  if (fields & SIM_LINK_JITTER)
    to->jitter = from->jitter;
  if (fields & SIM_LINK_LOSS)
    to->loss = from->loss;
  if (fields & SIM_LINK_BURST) {
    to->burst_loss = from->burst_loss;
    to->burst_length = from->burst_length;
  }
  if (fields & SIM_LINK_DUPLICATE)
    to->duplicate = from->duplicate;
  if (fields & SIM_LINK_REORDER) {
    to->reorder = from->reorder;
    to->reorder_by = from->reorder_by;
  }
  if (fields & SIM_LINK_BANDWIDTH)
    to->bandwidth = from->bandwidth;
  if (fields & SIM_LINK_QUEUE)
    to->queue = from->queue;
  if (fields & SIM_LINK_MTU)
    to->mtu = from->mtu;
  if (fields & SIM_LINK_BUFFER)
    to->buffer = from->buffer;
}

void
sim_link_chance_init(SimLinkChance *chance, uint64_t seed)
{
  *chance = (SimLinkChance){
    .latency = sim_random(seed, SIM_RANDOM_LATENCY, 0, 0),
    .jitter = sim_random(seed, SIM_RANDOM_JITTER, 0, 0),
    .loss = sim_random(seed, SIM_RANDOM_LOSS, 0, 0),
    .burst = sim_random(seed, SIM_RANDOM_BURST, 0, 0),
    .duplicate = sim_random(seed, SIM_RANDOM_DUPLICATE, 0, 0),
    .reorder = sim_random(seed, SIM_RANDOM_REORDER, 0, 0),
    .copy = sim_random(seed, SIM_RANDOM_COPY, 0, 0),
    .plane = sim_random(seed, SIM_RANDOM_PLANE, 0, 0),
  };
}

static uint64_t
square_root(uint64_t square)
{
  uint64_t root = 0;
  for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1)
    if ((root | bit) * (root | bit) <= square)
      root |= bit;
  return root;
}

/* Coordinates have 31 bits, so the sum of two squares fits and no root is rounded twice. */
static SimTime
plane_latency(const SimLink *link, const SimRandom *plane, uint32_t from, uint32_t to)
{
  uint64_t a = sim_random_within(plane, from, 0), b = sim_random_within(plane, to, 0);
  int64_t dx = (int64_t)(a >> 33) - (int64_t)(b >> 33);
  int64_t dy = (int64_t)(a & 0x7fffffff) - (int64_t)(b & 0x7fffffff);
  uint64_t distance = square_root((uint64_t)(dx * dx) + (uint64_t)(dy * dy));
  return (SimTime)((Wide)distance * (Wide)link->across >> 31);
}

static SimTime
latency(const SimLink *link, const SimLinkChance *chance, const SimRandom *stream, uint32_t from,
        uint32_t to, uint64_t name, uint32_t number)
{
  switch (link->latency_kind) {
  case SIM_LATENCY_DRAWN:
    if (sim_distribution_is_constant(link->latency))
      return sim_distribution_at(link->latency, 0);
    return sim_distribution_at(link->latency, sim_random_within(stream, name, number));
  case SIM_LATENCY_PLANE:
    return plane_latency(link, &chance->plane, from, to);
  case SIM_LATENCY_MATRIX:
    return sim_matrix_at(link->matrix, from, to);
  }
  return 0;
}

/* A burst takes @burst_length packets in a row of the sender, whomever they are for, as an access
 * link that fails does. The packet's number says which row it is in, so nothing is remembered. */
static bool
in_burst(const SimLink *link, const SimLinkChance *chance, uint32_t from, uint32_t number)
{
  uint32_t length = link->burst_length > 0 ? link->burst_length : 1;
  return sim_chance_hits(link->burst_loss,
                         sim_random_within(&chance->burst, from, number / length));
}

uint32_t
sim_link_pieces(const SimLink *link, uint32_t n)
{
  if (link->mtu == 0 || n + SIM_HEADERS <= link->mtu)
    return 1;
  if (link->mtu < IPV6_MTU_MIN)
    return 0;
  uint32_t each = (link->mtu - IPV6_HEADER - PIECE_HEADER) / 8 * 8;
  return (n + UDP_HEADER + each - 1) / each;
}

uint64_t
sim_link_bytes(uint32_t n, uint32_t pieces)
{
  if (pieces <= 1)
    return (uint64_t)n + SIM_HEADERS;
  return (uint64_t)n + UDP_HEADER + (uint64_t)pieces * (IPV6_HEADER + PIECE_HEADER);
}

SimFate
sim_link_fate(const SimLink *link, const SimLinkChance *chance, uint32_t from, uint32_t to,
              uint32_t number, uint32_t pieces)
{
  SimFate fate = { 0 };
  uint64_t name = (uint64_t)from << 32 | to;
  if (link->burst_loss != SIM_CHANCE_NEVER && in_burst(link, chance, from, number)) {
    fate.lost = fate.burst = true;
    return fate;
  }
  for (uint64_t piece = 0; link->loss != SIM_CHANCE_NEVER && piece < pieces; piece++)
    if (sim_chance_hits(link->loss, sim_random_within(&chance->loss, name, number | piece << 32))) {
      fate.lost = true;
      return fate;
    }
  fate.delay = latency(link, chance, &chance->latency, from, to, name, number);
  if (link->jitter != NULL)
    fate.delay +=
      sim_distribution_at(link->jitter, sim_random_within(&chance->jitter, name, number));
  if (link->reorder != SIM_CHANCE_NEVER &&
      sim_chance_hits(link->reorder, sim_random_within(&chance->reorder, name, number)))
    fate.delay += link->reorder_by;
  if (fate.delay < 1)
    fate.delay = 1; /* nothing arrives at the time it was sent: the order of events needs that */
  fate.copied =
    link->duplicate != SIM_CHANCE_NEVER &&
    sim_chance_hits(link->duplicate, sim_random_within(&chance->duplicate, name, number));
  if (fate.copied) {
    fate.copy_delay = latency(link, chance, &chance->copy, from, to, name, number);
    if (fate.copy_delay < 1)
      fate.copy_delay = 1;
  }
  return fate;
}
