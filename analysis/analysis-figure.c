#include "analysis-figure.h"

#include <string.h>

static const AnalysisFigure figures[] = {
  { "convergence", "how right the leaf sets are, and how long each disturbance took to heal",
    "Convergence of leaf sets", "convergence", analysis_fig_convergence },
  { "convergence-sweep", "the same over the runs of a sweep: median and band",
    "Convergence of leaf sets, median of runs", "convergence-sweep",
    analysis_fig_convergence_sweep },
  { "recovery", "the same from the end of each disturbance on, over logarithmic time",
    "Recovery of leaf sets", "recovery", analysis_fig_recovery },
  { "rings", "how many separate rings there are, when they split and merged", "Separate rings",
    "rings", analysis_fig_rings },
  { "stale", "stale cache entries, and how old they get", "Stale cache entries", "stale",
    analysis_fig_stale },
  { "status", "nodes by status: active, alone, no network, faulted, starting, down",
    "Nodes by status", "status", analysis_fig_status },
  { "searches", "which share of searches succeeds, and of answers is right",
    "Success and correctness of searches", "searches", analysis_fig_searches },
  { "latency", "how long searches take: distribution, p50, p95, p99", "Latency of searches",
    "latency", analysis_fig_latency },
  { "hops", "how many nodes searches ask", "Hops of searches", "hops", analysis_fig_hops },
  { "hops-size", "hops against the number of nodes, over a sweep",
    "Hops against the number of nodes", "hops-size", analysis_fig_hops_size },
  { "success-session", "success of searches against session time or another param, over a sweep",
    "Success of searches", "success-session", analysis_fig_success_session },
  { "traffic", "messages and bytes that a node sends a second, by type", "Traffic of a node",
    "traffic", analysis_fig_traffic },
  { "load", "how evenly the messages are spread over the nodes", "Load of nodes", "load",
    analysis_fig_load },
  { "ring", "the ring at one time, with the wrong neighbours (--at T; class events)", "The ring",
    "ring", analysis_fig_ring },
  { "sequence", "the messages of one search (--search ID; class messages)",
    "Messages of one search", "sequence", analysis_fig_sequence },
};

const AnalysisFigure *
analysis_figure_at(unsigned i)
{
  return i < G_N_ELEMENTS(figures) ? &figures[i] : NULL;
}

const AnalysisFigure *
analysis_figure_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    if (strcmp(figures[i].name, name) == 0)
      return &figures[i];
  return NULL;
}

const char **
analysis_figure_names(void)
{
  const char **names = g_new0(const char *, G_N_ELEMENTS(figures) + 1);
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    names[i] = figures[i].name;
  return names;
}
