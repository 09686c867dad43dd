/* Network settings of the tree as settings of links. */
#include "sim-run-private.h"

static const SimDistribution *
keep_distribution(SimRun *run, const SimDistributionSpec *spec)
{
  SimDistribution *made = sim_distribution_new(spec);
  g_ptr_array_add(run->distributions, made);
  return made;
}

static const SimMatrix *
read_matrix(SimRun *run, const SimNetworkSetting *setting, SimMistakes *mistakes)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  uint32_t line = 0;
  char *message = NULL;
  SimMatrix *matrix = NULL;
  if (g_file_get_contents(setting->path, &text, &size, &error))
    matrix = sim_matrix_parse(text, size, &message, &line);
  else
    message = g_strdup(error->message);
  if (matrix == NULL) {
    SimMistake mistake = {
      .file = g_strdup(setting->path), .line = line, .message = message, .column = line > 0 ? 1 : 0
    };
    sim_mistakes_add(mistakes, mistake);
    return NULL;
  }
  g_ptr_array_add(run->matrices, matrix);
  return matrix;
}

static SimChance
chance_of(SimRatio ratio)
{
  return sim_chance((uint64_t)ratio.num, (uint64_t)ratio.den);
}

static bool
read_one(SimRun *run, const SimNetworkSetting *setting, SimLink *link, unsigned *fields,
         SimMistakes *mistakes)
{
  switch (setting->kind) {
  case SIM_NETWORK_LATENCY:
    link->latency_kind = SIM_LATENCY_DRAWN;
    link->latency = keep_distribution(run, &setting->distribution);
    *fields |= SIM_LINK_LATENCY;
    break;
  case SIM_NETWORK_PLANE:
    link->latency_kind = SIM_LATENCY_PLANE;
    link->across = setting->time;
    *fields |= SIM_LINK_LATENCY;
    break;
  case SIM_NETWORK_MATRIX:
    link->latency_kind = SIM_LATENCY_MATRIX;
    link->matrix = read_matrix(run, setting, mistakes);
    *fields |= SIM_LINK_LATENCY;
    return link->matrix != NULL;
  case SIM_NETWORK_JITTER:
    link->jitter = keep_distribution(run, &setting->distribution);
    *fields |= SIM_LINK_JITTER;
    break;
  case SIM_NETWORK_LOSS:
    link->loss = chance_of(setting->ratio);
    *fields |= SIM_LINK_LOSS;
    break;
  case SIM_NETWORK_BURST_LOSS:
    link->burst_loss = chance_of(setting->ratio);
    link->burst_length = (uint32_t)setting->count;
    *fields |= SIM_LINK_BURST;
    break;
  case SIM_NETWORK_DUPLICATE:
    link->duplicate = chance_of(setting->ratio);
    *fields |= SIM_LINK_DUPLICATE;
    break;
  case SIM_NETWORK_REORDER:
    link->reorder = chance_of(setting->ratio);
    link->reorder_by = setting->time;
    *fields |= SIM_LINK_REORDER;
    break;
  case SIM_NETWORK_BANDWIDTH: /* a fraction of a byte a second is none */
    link->bandwidth = (uint64_t)MAX(setting->ratio.num / setting->ratio.den, 1);
    *fields |= SIM_LINK_BANDWIDTH;
    break;
  case SIM_NETWORK_QUEUE:
    link->queue = setting->count;
    *fields |= SIM_LINK_QUEUE;
    break;
  case SIM_NETWORK_MTU:
    link->mtu = (uint32_t)setting->count;
    *fields |= SIM_LINK_MTU;
    break;
  }
  return true;
}

bool
sim_run_read_network(SimRun *run, const SimNetworkSetting *settings, uint32_t count, SimLink *link,
                     unsigned *ret_fields, SimMistakes *mistakes)
{
  bool good = true;
  *ret_fields = 0;
  for (uint32_t i = 0; i < count; i++)
    good = read_one(run, &settings[i], link, ret_fields, mistakes) && good;
  return good;
}
