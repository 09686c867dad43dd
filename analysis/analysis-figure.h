/* The figures: their names, and how each is made. */
#pragma once
#include "analysis-drawing.h"

typedef struct {
  const char *name;
  const char *summary;  /* one line of `drtsim plot --list` */
  const char *title;    /* above the picture */
  const char *template; /* of analysis/plots, without the ending */
  /* Writes data and script. False and @error if the trace cannot be read. */
  bool (*prepare)(AnalysisDrawing *drawing, const char *title, GError **error);
} AnalysisFigure;

/* Row number @i in the order of --list, or NULL after the last. */
const AnalysisFigure *analysis_figure_at(unsigned i);
/* The figure called @name, or NULL. */
const AnalysisFigure *analysis_figure_find(const char *name);
/* (transfer container) The names of all, ended by NULL: free with g_free. */
const char **analysis_figure_names(void);

/* What gives most of them. */
#define ANALYSIS_HINT_SUMMARY "Samples are in every trace but those of 'drtsim run --trace none'."
#define ANALYSIS_HINT_SEARCHES "Searches are in every trace but those of 'drtsim run --trace none'."
#define ANALYSIS_HINT_SWEEP                                                                        \
  "'drtsim sweep FILE --seeds A..B --set PARAM=V1,V2 -o SWEEP.db' makes one."

/* One per figure, in analysis-fig-*.c. */
typedef bool AnalysisPrepare(AnalysisDrawing *drawing, const char *title, GError **error);
AnalysisPrepare analysis_fig_convergence;
AnalysisPrepare analysis_fig_convergence_sweep;
AnalysisPrepare analysis_fig_recovery;
AnalysisPrepare analysis_fig_rings;
AnalysisPrepare analysis_fig_stale;
AnalysisPrepare analysis_fig_status;
AnalysisPrepare analysis_fig_searches;
AnalysisPrepare analysis_fig_latency;
AnalysisPrepare analysis_fig_hops;
AnalysisPrepare analysis_fig_hops_size;
AnalysisPrepare analysis_fig_success_session;
AnalysisPrepare analysis_fig_traffic;
AnalysisPrepare analysis_fig_load;
AnalysisPrepare analysis_fig_ring;
AnalysisPrepare analysis_fig_sequence;
