/* What goes wrong on purpose: partitions, cuts, holds, pauses, and settings for some links. */
#include "sim-net-private.h"

void
sim_net_set_link(SimNet *net, const SimLink *link, unsigned fields)
{
  sim_link_apply(&net->link, link, fields);
}

void
sim_net_add_rule(SimNet *net, const SimMembers *from, const SimMembers *to, const SimLink *link,
                 unsigned fields)
{
  SimLinkRule rule = { sim_members_copy(from), sim_members_copy(to), *link, fields };
  g_array_append_val(net->rules, rule);
}

SimLink
sim_net_link(const SimNet *net, uint32_t from, uint32_t to)
{
  SimLink link = net->link;
  for (guint i = 0; i < net->rules->len; i++) {
    const SimLinkRule *rule = &g_array_index(net->rules, SimLinkRule, i);
    if (sim_members_has(&rule->from, from) && sim_members_has(&rule->to, to))
      sim_link_apply(&link, &rule->link, rule->fields);
  }
  return link;
}

void
sim_net_partition(SimNet *net, const uint16_t *parts)
{
  net->partitioned = true;
  for (uint32_t i = 0; i < net->host_count; i++)
    net->hosts[i].part = parts[i];
}

void
sim_net_heal(SimNet *net)
{
  net->partitioned = false;
}

static bool
is_way(const SimWay *way, uint32_t from, uint32_t to)
{
  return sim_members_has(&way->from, from) && sim_members_has(&way->to, to);
}

bool
sim_net_separated(const SimNet *net, uint32_t from, uint32_t to, SimLoss *ret_why)
{
  if (net->partitioned) {
    uint16_t one = net->hosts[from].part, other = net->hosts[to].part;
    if (one != other && one != 0 && other != 0) {
      *ret_why = SIM_LOSS_PARTITION;
      return true;
    }
  }
  for (guint i = 0; i < net->cuts->len; i++)
    if (is_way(&g_array_index(net->cuts, SimWay, i), from, to)) {
      *ret_why = SIM_LOSS_CUT;
      return true;
    }
  return false;
}

static void
add_way(GArray *ways, const SimMembers *from, const SimMembers *to, GPtrArray *kept)
{
  SimWay way = { sim_members_copy(from), sim_members_copy(to), kept };
  g_array_append_val(ways, way);
}

/* The way made first of those with the same ends, or -1. */
static int
find_way(const GArray *ways, const SimMembers *from, const SimMembers *to)
{
  for (guint i = 0; i < ways->len; i++) {
    const SimWay *way = &g_array_index(ways, SimWay, i);
    if (sim_members_equal(&way->from, from) && sim_members_equal(&way->to, to))
      return (int)i;
  }
  return -1;
}

static void
remove_way(GArray *ways, guint i)
{
  SimWay *way = &g_array_index(ways, SimWay, i);
  sim_members_clear(&way->from);
  sim_members_clear(&way->to);
  g_array_remove_index(ways, i);
}

void
sim_net_cut(SimNet *net, const SimMembers *from, const SimMembers *to)
{
  add_way(net->cuts, from, to, NULL);
}

bool
sim_net_join(SimNet *net, const SimMembers *from, const SimMembers *to)
{
  int i = find_way(net->cuts, from, to);
  if (i >= 0)
    remove_way(net->cuts, (guint)i);
  return i >= 0;
}

void
sim_net_hold(SimNet *net, const SimMembers *from, const SimMembers *to)
{
  add_way(net->holds, from, to, g_ptr_array_new());
}

bool
sim_net_holds(SimNet *net, SimPacket *packet)
{
  for (guint i = 0; i < net->holds->len; i++) {
    SimWay *way = &g_array_index(net->holds, SimWay, i);
    if (!is_way(way, packet->from, packet->to))
      continue;
    g_ptr_array_add(way->kept, packet);
    net->counts.waiting++;
    return true;
  }
  return false;
}

/* What was held has travelled already: it arrives at once, at each receiver in the order in which it
 * was sent, so the events are the receiver's. */
bool
sim_net_release(SimNet *net, SimTime now, const SimMembers *from, const SimMembers *to)
{
  int i = find_way(net->holds, from, to);
  if (i < 0)
    return false;
  GPtrArray *kept = g_array_index(net->holds, SimWay, i).kept;
  for (guint k = 0; k < kept->len; k++) {
    SimPacket *packet = g_ptr_array_index(kept, k);
    net->counts.waiting--;
    sim_net_fly(net, now + 1, &net->hosts[packet->to], packet);
  }
  g_ptr_array_free(kept, TRUE);
  remove_way(net->holds, (guint)i);
  return true;
}

void
sim_net_pause(SimNet *net, uint32_t host)
{
  net->hosts[host].paused = true;
}

/* The packets are there already, so no fault of the network can take them any more. */
void
sim_net_resume(SimNet *net, SimTime now, uint32_t number)
{
  SimHost *host = &net->hosts[number];
  host->paused = false;
  SimPacket *packet;
  while (host->rare != NULL && (packet = g_queue_pop_head(&host->rare->waiting)) != NULL) {
    host->rare->waiting_bytes -= packet->n;
    net->counts.waiting--;
    packet->buffered = true;
    sim_net_fly(net, now + 1, host, packet);
  }
}

void
sim_net_forget_waiting(SimNet *net, uint32_t number)
{
  SimHost *host = &net->hosts[number];
  host->paused = false;
  SimPacket *packet;
  while (host->rare != NULL && (packet = g_queue_pop_head(&host->rare->waiting)) != NULL) {
    host->rare->waiting_bytes -= packet->n;
    net->counts.waiting--;
    sim_net_lose(net, packet, SIM_LOSS_PORT);
  }
}

void
sim_net_connect(SimNet *net, uint32_t host, bool connected)
{
  net->hosts[host].disconnected = !connected;
}

void
sim_net_clear_faults(SimNet *net)
{
  for (guint i = 0; i < net->rules->len; i++) {
    SimLinkRule *rule = &g_array_index(net->rules, SimLinkRule, i);
    sim_members_clear(&rule->from);
    sim_members_clear(&rule->to);
  }
  while (net->cuts->len > 0)
    remove_way(net->cuts, 0);
  while (net->holds->len > 0) {
    GPtrArray *kept = g_array_index(net->holds, SimWay, 0).kept;
    for (guint i = 0; i < kept->len; i++)
      sim_net_done(net, g_ptr_array_index(kept, i));
    g_ptr_array_free(kept, TRUE);
    remove_way(net->holds, 0);
  }
}
